/* sets.c - see sets.h. */
#include "sets.h"

typedef struct Set {
    int from, n;   /* runs: pairs of first index and end, from pool.at[from] on */
    int64_t count; /* indices in it */
    uint64_t hash;
} Set;

typedef struct Joined {
    int32_t a, b, is;
} Joined;

struct Sets {
    Arena *arena;
    int64_t most;
    bool full;
    VEC(int32_t) pool;
    VEC(Set) set;
    int32_t *bucket; /* a hash table of numbers; 0: an empty place */
    int nbucket;
    Joined *cache;   /* what was joined lately */
    VEC(int32_t) run; /* being made */
    uint64_t *bit;   /* by index; all zero between calls */
};

enum { CACHE = 1 << 14, POOL_MOST = 1 << 26 };

Sets *sets_new(Arena *a, int64_t most)
{
    Sets *s = NEW(a, Sets);
    s->arena = a;
    s->most = most;
    s->nbucket = 1024;
    s->bucket = NEW_N(a, int32_t, s->nbucket);
    s->cache = NEW_N(a, Joined, CACHE);
    s->bit = NEW_N(a, uint64_t, most / 64 + 1);
    vec_push(a, &s->set, (Set){0});
    return s;
}

bool sets_full(const Sets *s)
{
    return s->full;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    return (h ^ v) * 0x9e3779b97f4a7c15u;
}

static int place_of(const Sets *s, uint64_t hash)
{
    return (int)((hash >> 32 ^ hash) & (uint64_t)(s->nbucket - 1));
}

static void grow_buckets(Sets *s)
{
    s->nbucket *= 4;
    s->bucket = NEW_N(s->arena, int32_t, s->nbucket);
    for (int32_t k = 1; k < s->set.n; k++) {
        int at = place_of(s, s->set.at[k].hash);
        while (s->bucket[at])
            at = (at + 1) & (s->nbucket - 1);
        s->bucket[at] = k;
    }
}

/* The number of the set of the runs in s->run. */
static int32_t intern(Sets *s)
{
    int n = s->run.n;
    if (!n || s->full)
        return 0;
    uint64_t hash = 1;
    int64_t count = 0;
    for (int i = 0; i < n; i += 2) {
        hash = mix(hash, (uint64_t)(uint32_t)s->run.at[i] << 32 | (uint32_t)s->run.at[i + 1]);
        hash ^= hash >> 29;
        count += s->run.at[i + 1] - s->run.at[i];
    }
    int at = place_of(s, hash);
    for (; s->bucket[at]; at = (at + 1) & (s->nbucket - 1)) {
        const Set *old = &s->set.at[s->bucket[at]];
        if (old->hash == hash && old->n == n / 2 &&
            !memcmp(s->pool.at + old->from, s->run.at, sizeof *s->run.at * (size_t)n))
            return s->bucket[at];
    }
    if (s->pool.n > POOL_MOST - n) {
        s->full = true;
        return 0;
    }
    int32_t number = s->set.n;
    vec_push(s->arena, &s->set, (Set){.from = s->pool.n, .n = n / 2, .count = count, .hash = hash});
    for (int i = 0; i < n; i++)
        vec_push(s->arena, &s->pool, s->run.at[i]);
    s->bucket[at] = number;
    if (2 * s->set.n > s->nbucket)
        grow_buckets(s);
    return number;
}

/* A run behind, or overlapping the last one of, those in s->run. */
static void add_run(Sets *s, int32_t from, int32_t end)
{
    int n = s->run.n;
    if (n && from <= s->run.at[n - 1]) {
        if (end > s->run.at[n - 1])
            s->run.at[n - 1] = end;
        return;
    }
    vec_push(s->arena, &s->run, from);
    vec_push(s->arena, &s->run, end);
}

int32_t sets_one(Sets *s, int64_t index)
{
    s->run.n = 0;
    add_run(s, (int32_t)index, (int32_t)index + 1);
    return intern(s);
}

int32_t sets_join(Sets *s, int32_t a, int32_t b)
{
    if (a == b || !b)
        return a;
    if (!a)
        return b;
    if (a > b) {
        int32_t swap = a;
        a = b;
        b = swap;
    }
    Joined *known = &s->cache[mix((uint64_t)(uint32_t)a, (uint32_t)b) >> 40 & (CACHE - 1)];
    if (known->a == a && known->b == b)
        return known->is;
    const Set *x = &s->set.at[a], *y = &s->set.at[b];
    const int32_t *p = s->pool.at + x->from, *p_end = p + 2 * x->n;
    const int32_t *q = s->pool.at + y->from, *q_end = q + 2 * y->n;
    s->run.n = 0;
    while (p < p_end || q < q_end) {
        const int32_t **next = q == q_end || (p < p_end && *p <= *q) ? &p : &q;
        add_run(s, (*next)[0], (*next)[1]);
        *next += 2;
    }
    int32_t is = intern(s);
    *known = (Joined){a, b, is};
    return is;
}

/* Of many sets: by a mark at each index. */
static int32_t join_marked(Sets *s, int64_t n, const int32_t *set)
{
    int64_t low = s->most, high = 0;
    for (int64_t k = 0; k < n; k++) {
        const Set *x = &s->set.at[set[k]];
        if (!x->n || (k && set[k] == set[k - 1]))
            continue;
        const int32_t *run = s->pool.at + x->from;
        for (int i = 0; i < x->n; i++)
            for (int64_t j = run[2 * i]; j < run[2 * i + 1]; j++)
                s->bit[j / 64] |= (uint64_t)1 << (j % 64);
        low = run[0] < low ? run[0] : low;
        high = run[2 * x->n - 1] > high ? run[2 * x->n - 1] : high;
    }
    s->run.n = 0;
    for (int64_t w = low / 64; w <= high / 64 && low < high; w++) {
        for (int i = 0; i < 64 && s->bit[w]; i++)
            if (s->bit[w] >> i & 1)
                add_run(s, (int32_t)(64 * w + i), (int32_t)(64 * w + i + 1));
        s->bit[w] = 0;
    }
    return intern(s);
}

int32_t sets_join_all(Sets *s, int64_t n, const int32_t *set)
{
    enum { FEW = 8 };
    if (n > FEW)
        return join_marked(s, n, set);
    int32_t all = 0;
    for (int64_t k = 0; k < n; k++)
        all = sets_join(s, all, set[k]);
    return all;
}

int64_t sets_count(const Sets *s, int32_t set)
{
    return s->set.at[set].count;
}

void sets_list(const Sets *s, int32_t set, int32_t *out)
{
    const Set *x = &s->set.at[set];
    int64_t n = 0;
    for (int i = 0; i < x->n; i++)
        for (int32_t j = s->pool.at[x->from + 2 * i]; j < s->pool.at[x->from + 2 * i + 1]; j++)
            out[n++] = j;
}
