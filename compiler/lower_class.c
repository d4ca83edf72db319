/* lower_class.c - what becomes of each tensor: a scalar expression, unrolled elements, computed where
 * it is used, or memory. A tensor is computed twice only where that costs less than a store and a
 * load. */
#include "lower.h"
#include "region.h"

enum {
    CHEAP = 4,       /* additions: about a load and a store */
    DEAR = 8,        /* computed once even where two uses read an element once each */
    MAX_DEPTH = 200, /* of inlined operations */
    SMALL_WORK = 2048, /* multiplications of an unrolled contraction */
    MOST_ELEMENTS = 5000, /* that a function writes out, where loops are an alternative */
    LEAST_UNROLL = 4      /* matrices of that size are written out all the same */
};

bool is_extremum_position(const Node *n)
{
    return n->op == OP_ARGMAX || n->op == OP_ARGMIN;
}

/* Reads its operands in an order of its own: they have to be in memory. */
static bool wants_memory(const Node *n, int operand)
{
    switch (op_info(n)->family) {
    case F_LINALG:
    case F_CONTRACT: return true;
    default: return n->op == OP_GATHER && operand == 0;
    }
}

/* A part of a large array that lies in memory anyway: an element of it is one of the array. */
static bool is_part_of_memory(Lower *L, Node *x)
{
    const Node *base = view_base(x);
    bool lies = base->op == OP_HOLE || base->op == OP_PARAM || is_put(base) || base->op == OP_PART;
    return base != x && lies && !unrolls(L, x) && !is_small_shape(L, base->shape);
}

/* A row (or an element of an axis, or of several) of an array, looked at where that lies: as good as the
 * array itself for whoever takes elements of it. */
static bool is_row(Lower *L, Node *x)
{
    if (is_part_of_memory(L, x))
        return true;
    for (int k = 1; k < x->nin; k++)
        if (x->in[k]->shape.rank)
            return false;
    return x->op == OP_GATHER && !unrolls(L, x);
}

static int64_t contract_work(Lower *L, const Node *n)
{
    int64_t work = shape_fixed_count(L->g, n->shape);
    for (int i = 0; i < n->in[0]->shape.rank && work > 0; i++) {
        bool summed = true;
        for (int k = 0; k < n->shape.rank; k++)
            summed &= contract_labels(n, 2)[k] != contract_labels(n, 0)[i];
        if (summed)
            work *= n->in[0]->shape.dim[i]->is_const ? n->in[0]->shape.dim[i]->value : SMALL_WORK;
        if (work > SMALL_WORK)
            return work;
    }
    return work;
}

/* Whether the elements of n can be written out one by one. */
bool unrolls(Lower *L, Node *n)
{
    if (!is_small_shape(L, n->shape))
        return false;
    switch (op_info(n)->family) {
    case F_LEAF: return true;
    case F_POINTWISE: return true;
    case F_MOVE:
        if (n->op == OP_PAD)
            for (int i = 0; i < n->shape.rank; i++)
                if (!move_start(L->g, n, i)->is_const)
                    return false;
        for (int k = 0; k < n->nin; k++)
            if (n->op != OP_SLICE && n->op != OP_EXPAND && n->op != OP_PERMUTE && !is_small_shape(L, n->in[k]->shape))
                return false;
        return true;
    case F_REDUCE: return is_small_shape(L, n->in[0]->shape) && (!is_extremum_position(n) || shape_fixed_count(L->g, n->in[0]->shape) > 0);
    case F_INDEX: return n->op == OP_GATHER;
    case F_CONTRACT: return is_small_shape(L, n->in[0]->shape) && is_small_shape(L, n->in[1]->shape) && contract_work(L, n) <= SMALL_WORK;
    case F_SCAN: return true;
    case F_CONTROL: return n->op == OP_PART && n->attr[0] < region_of(L->g, n->in[0])->ncarried;
    case F_LINALG: return (n->op == OP_CHOLESKY || n->op == OP_TRISOLVE) && n->in[0]->shape.dim[n->in[0]->shape.rank - 1]->value <= 6 && is_small_shape(L, n->in[0]->shape);
    }
    return false;
}

/* A reduction or contraction over few fixed elements may be written out inside another loop. */
static bool inlines_sum(const Node *n)
{
    int64_t count = 1;
    if (n->op == OP_CONTRACT) {
        for (int i = 0; i < n->in[0]->shape.rank; i++) {
            bool summed = true;
            for (int k = 0; k < n->shape.rank; k++)
                summed &= contract_labels(n, 2)[k] != contract_labels(n, 0)[i];
            if (summed && !n->in[0]->shape.dim[i]->is_const)
                return false;
            count *= summed ? n->in[0]->shape.dim[i]->value : 1;
        }
        return count <= 4;
    }
    if (is_extremum_position(n))
        return false;
    for (int i = 0; i < n->nattr; i++) {
        const Size *d = n->in[0]->shape.dim[n->attr[i]];
        if (!d->is_const)
            return false;
        count *= d->value;
    }
    return count <= 4;
}

/* A sum inside another loop: what is known once all readers of n have been seen. */
bool is_written_out(const Node *n, const Info *f)
{
    Family family = op_info(n)->family;
    return (family == F_CONTRACT || family == F_REDUCE) && inlines_sum(n) && !f->memory && !f->output && (f->uses == 1 || !f->many);
}

/* A join along an axis that is not unrolled is made piece by piece in memory. */
bool joins_in_memory(Lower *L, const Node *n)
{
    if (n->op == OP_CONCAT)
        return !small_axis(L, n->shape.dim[n->attr[0]]);
    for (int i = 0; i < n->shape.rank; i++) {
        bool whole = !move_start(L->g, n, i)->n && move_step(n, i) == 1 && n->in[0]->shape.dim[i] == n->shape.dim[i];
        if (!whole && !(small_axis(L, n->shape.dim[i]) && move_start(L->g, n, i)->is_const && n->in[0]->shape.dim[i]->is_const))
            return true;
    }
    return false;
}

void need_memory(Lower *L, Node *n)
{
    while (n->op == OP_RESHAPE && n->in[0]->shape.rank) /* a scalar has no memory */
        n = n->in[0];
    info_of(L, n)->memory = true;
}

/* What a loop carries is scalars where it has few elements and nothing wants it in memory. Inner
 * loops come first. */
static void find_small(Lower *L)
{
    for (int id = 0; id < L->n; id++) {
        Node *n = L->g->nodes.at[id];
        if (n->op != OP_FOR || !L->info[id].uses)
            continue;
        const Region *r = region_of(L->g, n);
        for (int k = 0; k < r->ncarried; k++) {
            Node *now = r->carried[k], *next = r->next[k], *first = loop_init(n)[k];
            Info *f = info_of(L, now);
            bool inner = next->op == OP_PART && next->attr[0] < region_of(L->g, next->in[0])->ncarried &&
                         !info_of(L, region_of(L->g, next->in[0])->carried[next->attr[0]])->small;
            bool put = is_put(next);
            f->small = !now->shape.rank || (is_small_shape(L, now->shape) && !f->memory && !put && !inner);
            if (!f->small && first->op == OP_HOLE)
                info_of(L, first)->memory = true;
        }
    }
}

/* The loop's first values and what its turns leave. What the body reads is found there. */
static void use_loop(Lower *L, Node *n)
{
    Node **root;
    const Region *r = region_of(L->g, n);
    int nroots = region_roots(L->g, r, &root);
    for (int k = 0; k < nroots; k++)
        info_of(L, root[k])->uses++;
    for (int k = 0; k <= r->ncarried; k++)
        info_of(L, n->in[k])->uses++;
    info_of(L, r->index)->uses++;
    for (int k = 0; k < r->ncarried; k++)
        info_of(L, r->carried[k])->uses++;
}

/* Backwards: who reads whom, and how. */
void find_uses(Lower *L)
{
    for (int id = L->n - 1; id >= 0; id--) {
        Node *n = L->g->nodes.at[id];
        Info *f = &L->info[id];
        if (!f->uses)
            continue;
        if (n->op == OP_FOR) {
            use_loop(L, n);
            continue;
        }
        bool inlined = unrolls(L, n) || is_written_out(n, f);
        bool changed = is_put(n);
        if (changed && n->in[0]->op == OP_HOLE)
            need_memory(L, n->in[0]);
        for (int k = 0; k < n->nin; k++) {
            Node *x = n->in[k];
            Info *fx = info_of(L, x);
            fx->uses++;
            if (wants_memory(n, k) && !inlined && !(n->op == OP_GATHER && is_row(L, x)))
                need_memory(L, n->op == OP_CONTRACT ? view_base(x) : x); /* products take strides */
            bool read = n->op == OP_GATHER && k == 0 && !is_row(L, x);
            read |= n->op == OP_RESHAPE && !reshape_only_ones(n) && !unrolls(L, n);
            if (read && x->op != OP_IOTA) /* of that one the index is the value */
                need_memory(L, x);
            else if (n->op == OP_GATHER && k == 0 && is_part_of_memory(L, x))
                need_memory(L, view_base(x));
            /* unrolled, and read by a loop */
            if (unrolls(L, x) && !unrolls(L, n) && !changed && x->op != OP_IOTA && n->op != OP_FOR && x->shape.rank && shape_fixed_count(L->g, x->shape) > 1)
                fx->memory = true;
            if (changed && k >= 2 && x->shape.rank && unrolls(L, x) && !is_small_shape(L, n->in[1]->shape))
                fx->memory = true; /* where a loop puts to */
            /* an element read for many elements of the result */
            bool moved = op_info(n)->family == F_MOVE;
            if ((moved && f->many) || (n->op == OP_EXPAND) || (op_info(n)->family == F_POINTWISE && (f->many || x->shape.rank < n->shape.rank || !shape_equal(x->shape, n->shape))) || (n->op == OP_CONTRACT))
                fx->many = true;
        }
    }
    find_small(L);
}

/* The operations that would be written out. */
static int64_t written_out(Lower *L, int unroll)
{
    int64_t total = 0;
    L->unroll = unroll;
    for (int id = 0; id < L->n; id++) {
        Node *n = L->g->nodes.at[id];
        Family family = op_info(n)->family;
        if (!L->info[id].uses || family == F_MOVE || family == F_LEAF || !unrolls(L, n))
            continue;
        total += family == F_CONTRACT ? contract_work(L, n) : shape_fixed_count(L->g, family == F_REDUCE ? n->in[0]->shape : n->shape);
    }
    return total;
}

int shorter_unroll(Lower *L)
{
    int most = L->unroll, less = most;
    int64_t all = written_out(L, most), total = all;
    while (total > MOST_ELEMENTS && less > LEAST_UNROLL) {
        less = less / 2 > LEAST_UNROLL ? less / 2 : LEAST_UNROLL;
        total = written_out(L, less);
    }
    L->unroll = most;
    return total <= all / 2 ? less : most;
}

/* t^j with j running along an axis that t does not have: a product a step (emit_lanes.c). */
static bool is_progression(const Node *n)
{
    if (n->op != OP_POW)
        return false;
    const Node *j = n->in[1];
    while (j->op == OP_RESHAPE || j->op == OP_EXPAND)
        j = j->in[0];
    int last = n->shape.rank - 1, t_last = n->in[0]->shape.rank - 1;
    bool along_last = last >= 1 && (t_last < 0 || (n->in[0]->shape.dim[t_last]->is_const && n->in[0]->shape.dim[t_last]->value == 1));
    return along_last && j->op == OP_CAST && j->in[0]->op == OP_IOTA;
}

Class classify_node(Lower *L, Node *n, Info *f)
{
    Family family = op_info(n)->family;
    if (n->shape.rank == 0 && (n->op == OP_CONST || n->op == OP_SIZE || n->op == OP_PARAM))
        return CLASS_SCALAR;
    if (n->shape.rank == 0 && family == F_POINTWISE) {
        bool scalar = true;
        for (int k = 0; k < n->nin; k++) {
            Info *fx = info_of(L, n->in[k]);
            scalar &= fx->class == CLASS_SCALAR || (fx->class == CLASS_BUFFER && fx->buffer < 0 && !n->in[k]->shape.rank && op_info(n->in[k])->family == F_REDUCE);
        }
        if (scalar)
            return CLASS_SCALAR;
    }
    if (n->op == OP_HOLE)
        return !n->shape.rank ? CLASS_SCALAR : f->small ? CLASS_SMALL : CLASS_LEAF;
    if (family == F_LEAF)
        return n->op == OP_ARRAY && unrolls(L, n) && !f->memory ? CLASS_SMALL : CLASS_LEAF;
    if (unrolls(L, n))
        return CLASS_SMALL;
    if (n->op == OP_AGAIN) /* a copy, in its turn: what reads it comes after */
        return CLASS_BUFFER;
    int cost = is_progression(n) ? 2 : op_info(n)->cost;
    for (int k = 0; k < n->nin; k++) {
        Info *fx = info_of(L, n->in[k]);
        if (fx->class != CLASS_INLINE)
            continue;
        cost += fx->cost;
        if (fx->depth >= f->depth)
            f->depth = fx->depth + 1;
    }
    f->cost = cost;
    bool sum = family == F_REDUCE || family == F_CONTRACT;
    if (sum && is_written_out(n, f))
        return CLASS_INLINE;
    if (sum || family == F_SCAN || family == F_LINALG || n->op == OP_SCATTER)
        return CLASS_BUFFER;
    if ((n->op == OP_CONCAT || n->op == OP_PAD) && joins_in_memory(L, n))
        return CLASS_BUFFER;
    if (n->op == OP_RESHAPE && !reshape_only_ones(n))
        return CLASS_INLINE; /* the same memory under another shape */
    if (f->memory || f->output || f->depth > MAX_DEPTH)
        return CLASS_BUFFER;
    if (family == F_MOVE)
        return CLASS_INLINE;
    if ((f->many && cost > CHEAP) || (f->uses > 1 && cost >= DEAR))
        return CLASS_BUFFER;
    return CLASS_INLINE;
}
