/* lower_unroll.c - which loop nests write out their short axes.
 *
 * The body of a map over n elements is tensors like [n], [n, 3] and [n, 2, 9]: one long axis, and
 * short fixed ones. As nests of their own they would pass arrays over the whole range from one to
 * the next. With the short axes written out they are all nests over n alone, which become one, and
 * what only its own turn reads is variables. That is worth it where tensors of different short axes
 * meet: where short axes are cut, joined or multiplied, or very short ones summed or repeated. What
 * is element by element all the way runs better as one loop along memory.
 *
 * So nodes that a turn could share, an operand being read at the same place of the long axes, are
 * united, and a set is written out where it has such a meeting and is not too long as text. */
#include "lower.h"
#include "region.h"

enum {
    FEW = 4,             /* elements that are no loop worth having */
    MOST_ELEMENTS = 5000, /* of all tensors of a turn: operations, at most */
    SMALL_PRODUCT = 256  /* multiplications of a product that is written out */
};

static bool is_one(const Size *s)
{
    return s->is_const && s->value == 1;
}

bool loops_over(const Lower *L, const Size *s, bool unrolled)
{
    return !is_one(s) && !(unrolled && small_axis(L, s));
}

bool same_space(const Lower *L, Shape a, Shape b, bool unrolled)
{
    int i = 0, j = 0;
    for (;;) {
        while (i < a.rank && !loops_over(L, a.dim[i], unrolled))
            i++;
        while (j < b.rank && !loops_over(L, b.dim[j], unrolled))
            j++;
        if (i == a.rank || j == b.rank)
            return i == a.rank && j == b.rank;
        if (a.dim[i++] != b.dim[j++])
            return false;
    }
}

/* The elements along the short axes, of all of them or of those in front of the next loop from axis
 * *i on, which *i becomes. */
static int64_t short_count(const Lower *L, Shape s, int *i)
{
    int64_t count = 1;
    for (; *i < s.rank && !loops_over(L, s.dim[*i], true); ++*i)
        count *= s.dim[*i]->value;
    return count;
}

static int64_t all_short(const Lower *L, Shape s)
{
    int64_t count = 1;
    for (int i = 0; i < s.rank; i++) {
        count *= short_count(L, s, &i);
        if (count > 4 * L->unroll)
            break;
    }
    return count;
}

bool can_unroll(const Lower *L, Shape s)
{
    bool loop = false;
    for (int i = 0; i < s.rank; i++)
        loop |= !small_axis(L, s.dim[i]);
    int64_t count = all_short(L, s);
    return loop && count >= 1 && count <= 4 * L->unroll;
}

bool reshapes_short(const Lower *L, const Node *n)
{
    Shape a = n->in[0]->shape, b = n->shape;
    if (!same_space(L, a, b, true))
        return false;
    for (int i = 0, j = 0;; i++, j++) {
        if (short_count(L, a, &i) != short_count(L, b, &j))
            return false;
        if (i >= a.rank && j >= b.rank)
            return true;
    }
}

bool keeps_place(const Lower *L, const Node *n, int k, bool unrolled)
{
    Shape s = n->in[k]->shape;
    if (n->op == OP_GATHER)
        return false;
    if (n->op == OP_RESHAPE && !reshape_only_ones(n))
        return unrolled && reshapes_short(L, n);
    if (!unrolled)
        return (op_info(n)->family == F_POINTWISE || n->op == OP_RESHAPE) && same_space(L, s, n->shape, false) && (n->op == OP_RESHAPE || shape_equal(s, n->shape));
    if (n->op == OP_SLICE || n->op == OP_PAD) {
        for (int i = 0; i < s.rank; i++) {
            bool loop = loops_over(L, n->shape.dim[i], true) || loops_over(L, s.dim[i], true);
            if (loop && (n->attr[2 * i] != size_int(L->g, 0)->id || move_step(n, i) != 1 || s.dim[i] != n->shape.dim[i]))
                return false;
        }
        return true;
    }
    if (n->op == OP_PERMUTE) {
        int last = -1;
        for (int i = 0; i < s.rank; i++)
            if (loops_over(L, n->shape.dim[i], true)) {
                if (n->attr[i] < last)
                    return false;
                last = (int)n->attr[i];
            }
        return true;
    }
    if (n->op == OP_CONTRACT) { /* its labels, where they are loops, in the order of the result */
        int at = -1;
        for (int i = 0; i < s.rank; i++) {
            if (!loops_over(L, s.dim[i], true))
                continue;
            int where = -1;
            for (int j = 0; j < n->shape.rank; j++)
                if (contract_labels(n, 2)[j] == contract_labels(n, k)[i])
                    where = j;
            if (where <= at)
                return false;
            at = where;
        }
    }
    return same_space(L, s, n->shape, true);
}

/* ---- Sets of nodes that one turn could compute ---- */

typedef struct Sets {
    Lower *L;
    int *parent;      /* by node: another one of its set, or itself */
    int64_t *elements; /* by root */
    bool *meets;      /* by root: tensors of different short axes */
} Sets;

static int root_of(Sets *s, int id)
{
    while (s->parent[id] != id)
        id = s->parent[id] = s->parent[s->parent[id]];
    return id;
}

static void unite(Sets *s, int a, int b)
{
    a = root_of(s, a);
    b = root_of(s, b);
    if (a == b)
        return;
    s->parent[b] = a;
    s->elements[a] += s->elements[b];
    s->meets[a] |= s->meets[b];
}

/* The multiplications of a product in one turn; -1 where it sums over a loop. */
static int64_t multiplications(const Lower *L, const Node *n)
{
    int64_t work = all_short(L, n->shape);
    for (int i = 0; i < n->in[0]->shape.rank; i++) {
        bool summed = true;
        for (int k = 0; k < n->shape.rank; k++)
            summed &= contract_labels(n, 2)[k] != contract_labels(n, 0)[i];
        const Size *d = n->in[0]->shape.dim[i];
        if (summed && !small_axis(L, d))
            return -1;
        work *= summed ? d->value : 1;
    }
    return work;
}

/* A product of small matrices of the turn, or with a very small one that is the same in all turns:
 * what is larger is faster as one product over the whole range. */
static bool is_small_product(const Lower *L, const Node *n)
{
    for (int k = 0; k < 2; k++) {
        Shape s = n->in[k]->shape;
        if (keeps_place(L, n, k, true))
            continue;
        for (int i = 0; i < s.rank; i++)
            if (!s.dim[i]->is_const || s.dim[i]->value > FEW)
                return false;
    }
    int64_t work = multiplications(L, n);
    return work >= 0 && work <= SMALL_PRODUCT;
}

bool written_in_turn(Lower *L, const Node *n)
{
    return info_of(L, n)->unrolled && n->op == OP_CONTRACT;
}

static bool takes_part(Lower *L, const Node *n)
{
    Family family = op_info(n)->family;
    if (family == F_CONTRACT && !is_small_product(L, n))
        return false;
    if (!info_of(L, n)->uses || !n->shape.rank || n->op == OP_AGAIN || n->op == OP_SCATTER)
        return false;
    bool good = family == F_POINTWISE || family == F_MOVE || n->op == OP_GATHER || family == F_REDUCE || family == F_CONTRACT;
    return good && can_unroll(L, n->shape);
}

/* Whether n and its operand k, read at the same place of the loops, have different short axes. */
static bool axes_meet(const Lower *L, const Node *n, int k)
{
    int64_t have = all_short(L, n->shape), read = all_short(L, n->in[k]->shape);
    switch ((Op)n->op) {
    case OP_CONCAT:
    case OP_CONTRACT: return true;
    case OP_SLICE:
    case OP_PAD: return have != read;
    case OP_RESHAPE: return !reshape_only_ones(n);
    default: return have != read && have <= FEW * read && read <= FEW * have;
    }
}

static int64_t elements_of(const Lower *L, const Node *n)
{
    Family family = op_info(n)->family;
    if (family == F_MOVE || n->op == OP_GATHER)
        return 0;
    if (family == F_CONTRACT)
        return multiplications(L, n);
    int64_t count = all_short(L, n->shape);
    for (int k = 0; k < n->nin && family != F_POINTWISE; k++) {
        int64_t read = all_short(L, n->in[k]->shape);
        count = read > count ? read : count;
    }
    return count;
}

void find_unrolled(Lower *L)
{
    Arena *a = L->g->arena;
    Sets s = {.L = L, .parent = NEW_N(a, int, L->n + 1), .elements = NEW_N(a, int64_t, L->n + 1), .meets = NEW_N(a, bool, L->n + 1)};
    for (int id = 0; id < L->n; id++) {
        const Node *n = L->g->nodes.at[id];
        s.parent[id] = id;
        if (!takes_part(L, n))
            continue;
        s.elements[id] = elements_of(L, n);
        for (int k = 0; k < n->nin; k++) {
            const Node *x = n->in[k];
            if (!takes_part(L, x) || info_of(L, x)->home != info_of(L, n)->home || !keeps_place(L, n, k, true))
                continue;
            unite(&s, id, x->id);
            s.meets[root_of(&s, id)] |= axes_meet(L, n, k);
        }
    }
    for (int id = 0; id < L->n; id++) {
        int r = root_of(&s, id);
        info_of(L, L->g->nodes.at[id])->unrolled = s.meets[r] && s.elements[r] <= MOST_ELEMENTS;
    }
    /* a scatter is a loop of its own, since its turns depend on each other: nothing is computed there */
    for (int id = 0; id < L->n; id++) {
        Node *n = L->g->nodes.at[id];
        if (n->op == OP_SCATTER && info_of(L, n)->uses && info_of(L, n->in[0])->unrolled)
            need_memory(L, n->in[0]);
    }
}
