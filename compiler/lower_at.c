/* lower_at.c - the value of one element of a tensor as an expression of scalars.
 *
 * Movement changes the index, pointwise operations pass it on, tensors in memory
 * end as LOADs. The recursion is bounded: lower.c puts a tensor into memory
 * before the chain of inlined operations gets deep. */
#include "lower.h"
#include "region.h"

#include <math.h>

/* ---- Elements made already, by node and index ---- */

typedef struct Entry {
    struct Entry *next;
    Node *node, *value;
    uint64_t hash;
    Node *idx[];
} Entry;

struct Memo {
    Entry **bucket;
    int nbucket, n;
};

static uint64_t hash_at(const Node *n, int rank, Node *const *idx)
{
    uint64_t h = (uint64_t)n->id * 0x9e3779b97f4a7c15u;
    for (int i = 0; i < rank; i++)
        h = (h ^ (uint64_t)idx[i]->id) * 0x100000001b3u + (h >> 31);
    return h;
}

static Entry *memo_find(Memo *m, uint64_t hash, const Node *n, int rank, Node *const *idx)
{
    for (Entry *e = m->bucket[hash % (uint64_t)m->nbucket]; e; e = e->next)
        if (e->hash == hash && e->node == n && (!rank || !memcmp(e->idx, idx, sizeof *idx * (size_t)rank)))
            return e;
    return NULL;
}

static void memo_add(Lower *L, uint64_t hash, Node *n, int rank, Node *const *idx, Node *value)
{
    Memo *m = L->memo;
    Arena *a = L->g->arena;
    if (m->n > 2 * m->nbucket) {
        Entry **old = m->bucket;
        int nold = m->nbucket;
        m->nbucket *= 4;
        m->bucket = NEW_N(a, Entry *, m->nbucket);
        for (int i = 0; i < nold; i++)
            for (Entry *e = old[i], *next; e; e = next) {
                next = e->next;
                e->next = m->bucket[e->hash % (uint64_t)m->nbucket];
                m->bucket[e->hash % (uint64_t)m->nbucket] = e;
            }
    }
    Entry *e = arena_alloc(a, sizeof *e + sizeof *idx * (size_t)rank);
    e->node = n;
    e->value = value;
    e->hash = hash;
    if (rank)
        memcpy(e->idx, idx, sizeof *idx * (size_t)rank);
    e->next = m->bucket[hash % (uint64_t)m->nbucket];
    m->bucket[hash % (uint64_t)m->nbucket] = e;
    m->n++;
}

void lower_at_begin(Lower *L, int step)
{
    L->memo = NEW(L->g->arena, Memo);
    L->memo->nbucket = 64;
    L->memo->bucket = NEW_N(L->g->arena, Entry *, 64);
    L->step = step;
}

/* ---- Index arithmetic ---- */

Node *index_add(Graph *g, Node *a, Node *b)
{
    if (node_is_const(a) && !const_integer(a))
        return b;
    if (node_is_const(b) && !const_integer(b))
        return a;
    if (node_is_const(a)) { /* constants last: `i + 1`; and (i + 1) + 1 is i + 2 */
        Node *t = a;
        a = b;
        b = t;
    }
    if (node_is_const(b) && a->op == OP_ADD && node_is_const(a->in[1]))
        return index_add(g, a->in[0], pw2(g, OP_ADD, a->in[1], b));
    if (node_is_const(b) && a->op == OP_SUB && node_is_const(a->in[1])) {
        int64_t k = const_integer(b) - const_integer(a->in[1]);
        return index_add(g, a->in[0], const_int(g, T_I64, k));
    }
    if (node_is_const(b) && const_integer(b) < 0)
        return pw2(g, OP_SUB, a, const_int(g, T_I64, -const_integer(b)));
    if (b->op == OP_NEG)
        return pw2(g, OP_SUB, a, b->in[0]);
    return pw2(g, OP_ADD, a, b);
}

/* (i + 1) - 1 is i. */
Node *index_tidy(Graph *g, Node *at)
{
    int64_t more = 0;
    Node *x = at;
    while (x->dtype == T_I64 && (x->op == OP_ADD || x->op == OP_SUB) && node_is_const(x->in[1])) {
        int64_t k = const_integer(x->in[1]);
        more += x->op == OP_ADD ? k : -k;
        x = x->in[0];
    }
    return x == at || x == at->in[0] ? at : index_add(g, x, const_int(g, T_I64, more));
}

Node *index_mul(Graph *g, Node *a, Node *b)
{
    for (int k = 0; k < 2; k++) {
        Node *c = k ? b : a, *x = k ? a : b;
        if (!node_is_const(c))
            continue;
        if (!const_integer(c))
            return c;
        if (const_integer(c) == 1)
            return x;
        if (const_integer(c) == -1)
            return pw1(g, OP_NEG, x);
    }
    if (node_is_const(b) && a->op == OP_ADD && node_is_const(a->in[1])) { /* (i * 2 + 1) * 3 is i * 6 + 3 */
        Node *more = pw2(g, OP_MUL, a->in[1], b);
        return index_add(g, index_mul(g, a->in[0], b), more);
    }
    if (node_size(g, b) && a->op == OP_MUL && node_size(g, a->in[1])) /* i * K * D is i * (K*D) */
        return index_mul(g, a->in[0], pw2(g, OP_MUL, a->in[1], b));
    return pw2(g, OP_MUL, a, b);
}

Node *flat_index(Graph *g, Shape s, Node *const *idx)
{
    Node *at = const_int(g, T_I64, 0);
    for (int i = 0; i < s.rank; i++)
        at = index_add(g, index_mul(g, at, size_node(g, s.dim[i])), idx[i]);
    return at;
}

/* ---- Views ---- */

static bool is_one(const Size *s)
{
    return s->is_const && s->value == 1;
}

bool reshape_only_ones(const Node *n)
{
    Shape a = n->in[0]->shape, b = n->shape;
    int i = 0, j = 0;
    for (;;) {
        while (i < a.rank && is_one(a.dim[i]))
            i++;
        while (j < b.rank && is_one(b.dim[j]))
            j++;
        if (i == a.rank || j == b.rank)
            return i == a.rank && j == b.rank;
        if (a.dim[i++] != b.dim[j++])
            return false;
    }
}

bool alias_of_memory(const Node *n)
{
    return n->op == OP_RESHAPE;
}

bool is_view(const Node *n)
{
    bool moves = n->op == OP_PERMUTE || n->op == OP_SLICE || n->op == OP_EXPAND || (n->op == OP_RESHAPE && reshape_only_ones(n));
    return moves && n->in[0]->shape.rank;
}

Node *view_base(Node *n)
{
    while (is_view(n))
        n = n->in[0];
    return n;
}

bool small_axis(const Lower *L, const Size *s)
{
    return s->is_const && s->value <= L->unroll;
}

bool is_small_shape(const Lower *L, Shape s)
{
    int64_t count = 1;
    for (int i = 0; i < s.rank; i++) {
        if (!small_axis(L, s.dim[i]))
            return false;
        count *= s.dim[i]->value;
        if (count > 16 * (int64_t)L->unroll)
            return false;
    }
    return true;
}

int buffer_of(Lower *L, Node *n)
{
    while (info_of(L, n)->buffer < 0 && n->op == OP_RESHAPE)
        n = n->in[0];
    return info_of(L, n)->buffer;
}

/* ---- Elements ---- */

static Node *load(Lower *L, int buffer, Node *at)
{
    int64_t attr = buffer;
    return graph_node(L->g, OP_LOAD, 1, &at, L->p->buffers.at[buffer].dtype, shape_scalar(), 1, &attr);
}

/* The same where the condition holds, zero and no look at the memory elsewhere. */
static Node *load_where(Lower *L, int buffer, Node *at, Node *ok)
{
    int64_t attr = buffer;
    Node *in[2] = {at, ok};
    if (!ok || node_is_const(ok))
        return load(L, buffer, at);
    return graph_node(L->g, OP_LOAD, 2, in, L->p->buffers.at[buffer].dtype, shape_scalar(), 1, &attr);
}

static bool all_const(int rank, Node *const *idx)
{
    for (int i = 0; i < rank; i++)
        if (!node_is_const(idx[i]))
            return false;
    return true;
}

static int64_t const_flat(Shape s, Node *const *idx)
{
    int64_t at = 0;
    for (int i = 0; i < s.rank; i++)
        at = at * s.dim[i]->value + const_integer(idx[i]);
    return at;
}

/* The index of an operand that is broadcast to a result of shape s. */
static void broadcast_index(Lower *L, Shape operand, Shape s, Node *const *idx, Node **out)
{
    int lead = s.rank - operand.rank;
    for (int i = 0; i < operand.rank; i++)
        out[i] = is_one(operand.dim[i]) ? const_int(L->g, T_I64, 0) : idx[i + lead];
}

static bool is_known_zero(const Node *n)
{
    return node_is_const(n) && dtype_is_real((Dtype)n->dtype) && const_value(n) == 0;
}

/* The sum or difference of two selections by one condition is one selection. */
static Node *selections_joined(Graph *g, Op op, Node *const *in)
{
    Node *side[2];
    if (in[0]->op != OP_SELECT || in[1]->op != OP_SELECT || in[0]->in[0] != in[1]->in[0])
        return NULL;
    for (int k = 0; k < 2; k++) {
        Node *a = in[0]->in[1 + k], *b = in[1]->in[1 + k];
        if (is_known_zero(b))
            side[k] = a;
        else if (is_known_zero(a))
            side[k] = op == OP_SUB ? pw1(g, OP_NEG, b) : b;
        else
            side[k] = pw2(g, op, a, b);
    }
    return pw3(g, OP_SELECT, in[0]->in[0], side[0], side[1]);
}

/* In a derivative a zero that is known, of either sign, is the absence of a path: it adds nothing,
 * and what it multiplies does not count. The value differs from IEEE's at most in the sign of 0. */
static Node *without_zeros(Graph *g, Op op, int nin, Node *const *in)
{
    bool zero[2] = {false, false};
    for (int k = 0; k < nin && k < 2; k++)
        zero[k] = is_known_zero(in[k]);
    switch (op) {
    case OP_NEG: return zero[0] ? const_like(g, in[0], 0) : NULL;
    case OP_ADD: return zero[0] ? in[1] : zero[1] ? in[0] : selections_joined(g, op, in);
    case OP_SUB: return zero[1] ? in[0] : zero[0] ? pw1(g, OP_NEG, in[1]) : selections_joined(g, op, in);
    case OP_DIV:
    case OP_SCALE: return zero[0] ? const_like(g, in[0], 0) : NULL;
    default: return NULL;
    }
}

Node *lower_broadcast(Lower *L, Node *x, Shape s, Node *const *idx)
{
    Node *at[MAX_RANK];
    broadcast_index(L, x->shape, s, idx, at);
    return lower_at(L, x, at);
}

static Node *at_pointwise(Lower *L, Node *n, Node *const *idx)
{
    Node *in[3], *at[MAX_RANK], *simple;
    for (int k = 0; k < n->nin; k++) {
        broadcast_index(L, n->in[k]->shape, n->shape, idx, at);
        in[k] = lower_at(L, n->in[k], at);
    }
    if (n->stage > 0 && (simple = without_zeros(L->g, (Op)n->op, n->nin, in)))
        return simple;
    return n->op == OP_CAST ? cast(L->g, in[0], (Dtype)n->dtype) : pointwise(L->g, (Op)n->op, n->nin, in);
}

static void unravel(Graph *g, Shape s, int64_t flat, Node **idx)
{
    for (int i = s.rank - 1; i >= 0; i--) {
        int64_t d = s.dim[i]->value;
        idx[i] = const_int(g, T_I64, d ? flat % d : 0);
        flat = d ? flat / d : 0;
    }
}

/* The index of the operand where the short axes alone are reshaped, and known: in an unrolled nest. */
static bool short_index(Lower *L, const Node *n, Node *const *idx, Node **at)
{
    Shape from = n->in[0]->shape, to = n->shape;
    if (!reshapes_short(L, n))
        return false;
    for (int i = 0, j = 0;; i++, j++) {
        int64_t flat = 0;
        for (; i < to.rank && !loops_over(L, to.dim[i], true); i++) {
            if (!node_is_const(idx[i]))
                return false;
            flat = flat * to.dim[i]->value + const_integer(idx[i]);
        }
        int first = j;
        while (j < from.rank && !loops_over(L, from.dim[j], true))
            j++;
        unravel(L->g, (Shape){.rank = j - first, .dim = from.dim + first}, flat, at + first);
        if (i == to.rank)
            return true;
        at[j] = idx[i];
    }
}

static Node *at_reshape(Lower *L, Node *n, Node *const *idx)
{
    Node *x = n->in[0], *at[MAX_RANK];
    Graph *g = L->g;
    if (reshape_only_ones(n)) {
        int j = 0;
        for (int i = 0; i < x->shape.rank; i++) {
            if (is_one(x->shape.dim[i])) {
                at[i] = const_int(g, T_I64, 0);
                continue;
            }
            while (is_one(n->shape.dim[j]))
                j++;
            at[i] = idx[j++];
        }
        return lower_at(L, x, at);
    }
    if (all_const(n->shape.rank, idx) && shape_fixed_count(g, n->shape) >= 0 && shape_fixed_count(g, x->shape) >= 0) {
        bool fixed = true;
        for (int i = 0; i < n->shape.rank; i++)
            fixed &= n->shape.dim[i]->is_const;
        if (fixed) {
            unravel(g, x->shape, const_flat(n->shape, idx), at);
            return lower_at(L, x, at);
        }
    }
    if (short_index(L, n, idx, at))
        return lower_at(L, x, at);
    Node *flat = flat_index(g, n->shape, idx);
    if (x->op == OP_IOTA)
        return flat;
    return load(L, buffer_of(L, x), flat);
}

/* `at` where the condition holds, an index that is in range elsewhere. */
static Node *index_where(Graph *g, Node *ok, Node *at)
{
    return pw3(g, OP_SELECT, ok, at, const_int(g, T_I64, 0));
}

/* A join inside a loop: the piece is found at run time. For what is too large to be written out and
 * too small, axis by axis, to be made in memory. */
static Node *at_concat_loop(Lower *L, Node *n, Node *const *idx)
{
    Graph *g = L->g;
    int axis = (int)n->attr[0];
    Node *moved[MAX_RANK], *value = NULL;
    Node *end = size_node(g, n->shape.dim[axis]);
    for (int k = n->nin - 1; k >= 0; k--) {
        Node *len = size_node(g, n->in[k]->shape.dim[axis]), *start = pw2(g, OP_SUB, end, len);
        if (node_is_value(len, 0))
            continue;
        Node *low = pw2(g, OP_GE, idx[axis], start);
        Node *ok = pw2(g, OP_AND, low, pw2(g, OP_LT, idx[axis], end));
        for (int i = 0; i < n->shape.rank; i++)
            moved[i] = i == axis ? index_where(g, ok, pw2(g, OP_SUB, idx[i], start)) : idx[i];
        end = start;
        Node *part = lower_at(L, n->in[k], moved);
        value = value ? pw3(g, OP_SELECT, ok, part, value) : part;
    }
    return value ? value : const_real(g, (Dtype)n->dtype, 0);
}

static Node *at_concat(Lower *L, Node *n, Node *const *idx)
{
    int axis = (int)n->attr[0];
    if (!node_is_const(idx[axis]))
        return at_concat_loop(L, n, idx);
    int64_t at = const_integer(idx[axis]);
    Node *moved[MAX_RANK];
    for (int k = 0; k < n->nin; k++) {
        int64_t len = n->in[k]->shape.dim[axis]->value;
        if (at >= len) {
            at -= len;
            continue;
        }
        for (int i = 0; i < n->shape.rank; i++)
            moved[i] = i == axis ? const_int(L->g, T_I64, at) : idx[i];
        return lower_at(L, n->in[k], moved);
    }
    return const_real(L->g, (Dtype)n->dtype, 0); /* not reached: the index is in range */
}

/* As at_concat_loop: whether the element is one of the operand's is found at run time. */
static Node *at_pad_loop(Lower *L, Node *n, Node *const *idx)
{
    Graph *g = L->g;
    Node *x = n->in[0], *moved[MAX_RANK], *ok = NULL;
    for (int i = 0; i < n->shape.rank; i++) {
        int64_t step = move_step(n, i);
        Node *len = size_node(g, x->shape.dim[i]);
        bool whole = !move_start(g, n, i)->n && step == 1 && x->shape.dim[i] == n->shape.dim[i];
        moved[i] = idx[i];
        if (whole)
            continue;
        if (node_is_value(len, 0))
            return const_real(g, (Dtype)n->dtype, 0);
        Node *at = pw2(g, OP_SUB, idx[i], size_node(g, move_start(g, n, i)));
        Node *by = const_int(g, T_I64, step);
        moved[i] = step == 1 ? at : pw2(g, OP_FLOORDIV, at, by);
        Node *in = pw2(g, OP_GE, moved[i], const_int(g, T_I64, 0));
        in = pw2(g, OP_AND, in, pw2(g, OP_LT, moved[i], len));
        if (step != 1)
            in = pw2(g, OP_AND, in, pw2(g, OP_EQ, pw2(g, OP_MUL, moved[i], by), at));
        ok = ok ? pw2(g, OP_AND, ok, in) : in;
    }
    for (int i = 0; i < n->shape.rank && ok; i++)
        if (moved[i] != idx[i])
            moved[i] = index_where(g, ok, moved[i]);
    Node *v = lower_at(L, x, moved);
    return ok ? pw3(g, OP_SELECT, ok, v, const_real(g, (Dtype)n->dtype, 0)) : v;
}

/* Padded axes of constant index (small axes); zero outside. */
static Node *at_pad(Lower *L, Node *n, Node *const *idx)
{
    Node *x = n->in[0], *moved[MAX_RANK];
    for (int i = 0; i < n->shape.rank; i++) {
        const Size *start = move_start(L->g, n, i);
        int64_t step = move_step(n, i);
        if (!start->n && step == 1 && x->shape.dim[i] == n->shape.dim[i]) {
            moved[i] = idx[i];
            continue;
        }
        if (!node_is_const(idx[i]))
            return at_pad_loop(L, n, idx);
        int64_t at = const_integer(idx[i]) - start->value;
        if (at % step || at / step < 0 || at / step >= x->shape.dim[i]->value)
            return const_real(L->g, (Dtype)n->dtype, 0);
        moved[i] = const_int(L->g, T_I64, at / step);
    }
    return lower_at(L, x, moved);
}

void check_index(Lower *L, const Node *index, Node *at, const Size *n)
{
    Graph *g = L->g;
    if (!L->o->check_bounds || at->op == OP_LOOP || (!node_is_const(index) && index_in_range(g, index, n)))
        return;
    Node *low = pw2(g, OP_GE, at, const_int(g, T_I64, 0));
    Node *ok = pw2(g, OP_AND, low, pw2(g, OP_LT, at, size_node(g, n)));
    if (!node_is_const(ok))
        vec_push(g->arena, &L->checks, ok);
}

Node *element_index(Lower *L, Node *index, Node *const *at)
{
    return index_tidy(L->g, cast(L->g, lower_at(L, index, at), T_I64));
}

static Node *at_gather(Lower *L, Node *n, Node *const *idx)
{
    Node *x = n->in[0], *at[MAX_RANK], *sub[MAX_RANK];
    Graph *g = L->g;
    int nidx = n->nin - 1, srank = n->shape.rank - (x->shape.rank - nidx), rest = srank;
    Shape s = {.rank = srank, .dim = n->shape.dim};
    bool indexed[MAX_RANK] = {false};
    bool direct = (x->op == OP_GATHER && buffer_of(L, x) < 0) || x->op == OP_IOTA;
    Node *ok = NULL; /* there is an element: the array may be empty, and have none to read instead */
    for (int k = 0; k < nidx; k++) {
        Node *ix = n->in[k + 1];
        broadcast_index(L, ix->shape, s, idx, sub);
        at[n->attr[k]] = element_index(L, ix, sub);
        indexed[n->attr[k]] = true;
        const Size *len = x->shape.dim[n->attr[k]];
        if (L->o->check_bounds && !info_of(L, n)->deferred) {
            check_index(L, ix, at[n->attr[k]], len);
        } else if (!info_of(L, n)->wanted && !index_in_range(g, ix, len)) { /* out of range nobody wants it, but it is read */
            Node **i = &at[n->attr[k]], *low = pw2(g, OP_GE, *i, const_int(g, T_I64, 0));
            Node *in = pw2(g, OP_AND, low, pw2(g, OP_LT, *i, size_node(g, len)));
            if (direct || size_known_ge(g->sizes, len, size_int(g, 1)))
                *i = index_where(g, in, *i);
            else
                ok = ok ? pw2(g, OP_AND, ok, in) : in;
        }
    }
    for (int i = 0; i < x->shape.rank; i++)
        if (!indexed[i])
            at[i] = idx[rest++];
    if ((x->op == OP_GATHER || is_view(x) || all_const(x->shape.rank, at)) && buffer_of(L, x) < 0)
        return lower_at(L, x, at);
    if (x->op == OP_IOTA)
        return at[0];
    return load_where(L, buffer_of(L, x), flat_index(g, x->shape, at), ok);
}

static Node *at_move(Lower *L, Node *n, Node *const *idx)
{
    Graph *g = L->g;
    Node *x = n->in[0], *at[MAX_RANK];
    switch ((Op)n->op) {
    case OP_EXPAND: broadcast_index(L, x->shape, n->shape, idx, at); break;
    case OP_PERMUTE:
        for (int i = 0; i < n->shape.rank; i++)
            at[n->attr[i]] = idx[i];
        break;
    default: /* SLICE */
        for (int i = 0; i < n->shape.rank; i++)
            at[i] = index_add(g, index_mul(g, idx[i], const_int(g, T_I64, move_step(n, i))), size_node(g, move_start(g, n, i)));
        break;
    }
    return lower_at(L, x, at);
}

Node *lower_sum(Lower *L, const Node *n, Op op, Node *a, Node *b)
{
    Node *in[2] = {a, b}, *simple = n->stage > 0 && op == OP_ADD ? without_zeros(L->g, op, 2, in) : NULL;
    return simple ? simple : pw2(L->g, op, a, b);
}

/* A reduction over few elements, as a chain of scalar operations. */
static Node *at_reduce(Lower *L, Node *n, Node *const *idx)
{
    static const struct { Op reduce, scalar; } pair[] = {{OP_SUM, OP_ADD}, {OP_PROD, OP_MUL}, {OP_MAXR, OP_MAX}, {OP_MINR, OP_MIN}, {OP_ANY, OP_OR}, {OP_ALL, OP_AND}};
    Node *x = n->in[0], *at[MAX_RANK], *sum = NULL;
    Op op = OP_ADD;
    for (int i = 0; i < ARRAY_LEN(pair); i++)
        if (pair[i].reduce == n->op)
            op = pair[i].scalar;
    int64_t count = 1;
    for (int i = 0; i < n->nattr; i++)
        count *= x->shape.dim[n->attr[i]]->value;
    for (int64_t t = 0; t < count; t++) {
        int64_t rest = t;
        int j = n->shape.rank - 1;
        for (int i = x->shape.rank - 1; i >= 0; i--)
            if (reduces_axis(n, i)) {
                at[i] = const_int(L->g, T_I64, rest % x->shape.dim[i]->value);
                rest /= x->shape.dim[i]->value;
            } else {
                at[i] = idx[j--];
            }
        Node *v = lower_at(L, x, at);
        sum = sum ? lower_sum(L, n, op, sum, v) : v;
    }
    if (sum)
        return sum;
    double none = n->op == OP_PROD || n->op == OP_ALL ? 1 : n->op == OP_MAXR ? -(double)INFINITY : n->op == OP_MINR ? (double)INFINITY : 0;
    return const_real(L->g, (Dtype)n->dtype, none);
}

/* A contraction over few elements. A zero that is known now contributes nothing: that is what
 * makes the constant zeros and ones of rotation matrices disappear. */
static Node *at_contract(Lower *L, Node *n, Node *const *idx)
{
    Node *sum = NULL, *value[3 * MAX_RANK] = {NULL};
    const Size *extent[3 * MAX_RANK] = {NULL};
    int summed[MAX_RANK], nsummed = 0;
    for (int i = 0; i < n->shape.rank; i++)
        value[contract_labels(n, 2)[i]] = idx[i];
    int64_t count = 1;
    for (int i = 0; i < n->in[0]->shape.rank; i++) {
        int l = (int)contract_labels(n, 0)[i];
        if (!value[l]) {
            extent[l] = n->in[0]->shape.dim[i];
            count *= extent[l]->value;
            summed[nsummed++] = l;
        }
    }
    for (int64_t t = 0; t < count; t++) {
        int64_t rest = t;
        for (int i = nsummed - 1; i >= 0; i--) {
            value[summed[i]] = const_int(L->g, T_I64, rest % extent[summed[i]]->value);
            rest /= extent[summed[i]]->value;
        }
        Node *factor[2], *at[MAX_RANK];
        for (int k = 0; k < 2; k++) {
            for (int i = 0; i < n->in[k]->shape.rank; i++)
                at[i] = value[contract_labels(n, k)[i]];
            factor[k] = lower_at(L, n->in[k], at);
        }
        if (node_is_value(factor[0], 0) || node_is_value(factor[1], 0))
            continue;
        Node *v = pw2(L->g, OP_MUL, factor[0], factor[1]);
        sum = sum ? pw2(L->g, OP_ADD, sum, v) : v;
    }
    return sum ? sum : const_real(L->g, (Dtype)n->dtype, 0);
}

static Node *array_element(Graph *g, const Node *n, int64_t at)
{
    const Array *a = &g->arrays.at[n->attr[0]];
    return dtype_is_real(a->dtype) ? const_real(g, a->dtype, a->real[at]) : const_int(g, a->dtype, a->integer[at]);
}

static Node *compute_at(Lower *L, Node *n, Node *const *idx)
{
    switch ((Op)n->op) {
    case OP_IOTA: return idx[0];
    case OP_ARRAY: return array_element(L->g, n, const_flat(n->shape, idx));
    case OP_RESHAPE: return at_reshape(L, n, idx);
    case OP_CONCAT: return at_concat(L, n, idx);
    case OP_PAD: return at_pad(L, n, idx);
    case OP_GATHER: return at_gather(L, n, idx);
    case OP_AGAIN: return lower_at(L, n->in[0], idx);
    case OP_CONTRACT: return at_contract(L, n, idx);
    case OP_EXPAND:
    case OP_PERMUTE:
    case OP_SLICE: return at_move(L, n, idx);
    default: return op_info(n)->family == F_REDUCE ? at_reduce(L, n, idx) : at_pointwise(L, n, idx);
    }
}

static Node *at_leaf(Lower *L, Node *n, Node *const *idx)
{
    Graph *g = L->g;
    if (n->op == OP_IOTA)
        return idx[0];
    if (n->op == OP_ARRAY && all_const(n->shape.rank, idx)) {
        int64_t at = const_flat(n->shape, idx);
        if (at >= 0 && at < g->arrays.at[n->attr[0]].count)
            return array_element(g, n, at);
    }
    return load(L, info_of(L, n)->buffer, flat_index(g, n->shape, idx));
}

/* Element (0, 2) of the model's R is R_0_2. */
static void name_element(Lower *L, Node *n, int64_t at, Node *v)
{
    if (!n->name || !v || v->name || v->id < L->n || op_info(v)->family != F_POINTWISE)
        return;
    const char *name = n->name;
    int64_t idx[MAX_RANK];
    for (int i = n->shape.rank - 1; i >= 0; i--) {
        idx[i] = at % n->shape.dim[i]->value;
        at /= n->shape.dim[i]->value;
    }
    for (int i = 0; i < n->shape.rank; i++)
        name = arena_printf(L->g->arena, "%s_%d", name, (int)idx[i]);
    v->name = name;
}

/* An element of an unrolled tensor; all of them are made at once where the operation wants that. */
static Node *at_small(Lower *L, Node *n, Node *const *idx)
{
    Info *f = info_of(L, n);
    if (!shape_fixed_count(L->g, n->shape)) /* the loop around has no turns */
        return const_int(L->g, (Dtype)n->dtype, 0);
    if (!all_const(n->shape.rank, idx))
        return load(L, f->buffer, flat_index(L->g, n->shape, idx));
    int64_t at = const_flat(n->shape, idx);
    if (!f->element)
        f->element = NEW_N(L->g->arena, Node *, shape_fixed_count(L->g, n->shape) + 1);
    if (!f->element[at]) {
        Family family = op_info(n)->family;
        if (family == F_SCAN || family == F_LINALG || n->op == OP_ARGMAX || n->op == OP_ARGMIN)
            lower_small(L, n);
        else
            f->element[at] = compute_at(L, n, idx);
        name_element(L, n, at, f->element[at]);
    }
    return f->element[at];
}

Node *lower_at(Lower *L, Node *n, Node *const *idx)
{
    Info *f = info_of(L, n);
    int rank = n->shape.rank;
    switch ((Class)f->class) {
    case CLASS_SCALAR: return n;
    case CLASS_LEAF: return at_leaf(L, n, idx);
    case CLASS_SMALL: return at_small(L, n, idx);
    case CLASS_BUFFER:
        if (f->buffer < 0 && !n->shape.rank && f->step != L->step)
            return n; /* a reduced scalar: a variable in the C */
        if (f->step != L->step)
            return load(L, f->buffer, flat_index(L->g, n->shape, idx));
        break;
    default: break;
    }
    uint64_t hash = hash_at(n, rank, idx);
    Entry *e = memo_find(L->memo, hash, n, rank, idx);
    if (e)
        return e->value;
    Span here = L->g->here;
    L->g->here = n->span;
    Node *v = compute_at(L, n, idx);
    if (n->name && !v->name && v->id >= L->n)
        v->name = n->name;
    L->g->here = here;
    memo_add(L, hash, n, rank, idx, v);
    return v;
}
