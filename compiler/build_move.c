/* build_move.c - constructors of reductions and movement, with the simplifications that need only
 * the operand: identities, compositions, and what is known of constants and of concatenations. */
#include "ops.h"

/* ---- Reductions ---- */

bool reduces_axis(const Node *n, int axis)
{
    for (int i = 0; i < n->nattr; i++)
        if (n->attr[i] == axis)
            return true;
    return false;
}

static Dtype reduce_type(Op op, const Node *x)
{
    return op == OP_ARGMAX || op == OP_ARGMIN ? T_I64 : op == OP_ANY || op == OP_ALL ? T_BOOL : (Dtype)x->dtype;
}

Node *reduce(Graph *g, Op op, Node *x, int naxes, const int *axes)
{
    int64_t attr[MAX_RANK];
    const Size *dim[MAX_RANK];
    bool drop[MAX_RANK] = {false}, ones = true;
    int rank = 0, n = 0;
    for (int i = 0; i < naxes; i++)
        drop[axes[i]] = true;
    for (int i = 0; i < x->shape.rank; i++)
        if (drop[i]) {
            attr[n++] = i;
            ones &= x->shape.dim[i]->is_const && x->shape.dim[i]->value == 1;
        } else {
            dim[rank++] = x->shape.dim[i];
        }
    Shape s = shape_of(g, rank, dim);
    if (ones && op != OP_ARGMAX && op != OP_ARGMIN)
        return reshape(g, x, s);
    if (op == OP_SUM && node_is_value(x, 0))
        return expand(g, const_like(g, x, 0), s);
    return graph_node(g, op, 1, &x, reduce_type(op, x), s, n, attr);
}

Node *reduce_all(Graph *g, Op op, Node *x)
{
    int axes[MAX_RANK];
    for (int i = 0; i < x->shape.rank; i++)
        axes[i] = i;
    return reduce(g, op, x, x->shape.rank, axes);
}

/* ---- Reshape, permute, expand ---- */

Node *zeros(Graph *g, Dtype t, Shape s)
{
    return expand(g, const_real(g, t, 0), s);
}

Node *zeros_like(Graph *g, const Node *n)
{
    return zeros(g, (Dtype)n->dtype, n->shape);
}

Node *reshape(Graph *g, Node *x, Shape s)
{
    if (x->op == OP_RESHAPE)
        x = x->in[0];
    if (shape_equal(x->shape, s))
        return x;
    double v;
    if (node_uniform(x, &v))
        return expand(g, const_like(g, x, v), s);
    if (x->op == OP_ARRAY)
        return graph_node(g, OP_ARRAY, 0, NULL, (Dtype)x->dtype, s, 1, x->attr);
    return graph_node(g, OP_RESHAPE, 1, &x, (Dtype)x->dtype, s, 0, NULL);
}

Node *permute(Graph *g, Node *x, const int *perm)
{
    int rank = x->shape.rank;
    int64_t attr[MAX_RANK];
    const Size *dim[MAX_RANK];
    for (int i = 0; i < rank; i++)
        attr[i] = perm[i];
    if (x->op == OP_PERMUTE) {
        for (int i = 0; i < rank; i++)
            attr[i] = x->attr[perm[i]];
        x = x->in[0];
    }
    bool identity = true;
    for (int i = 0; i < rank; i++) {
        identity &= attr[i] == i;
        dim[i] = x->shape.dim[attr[i]];
    }
    if (identity)
        return x;
    Shape s = shape_of(g, rank, dim);
    double v;
    if (node_uniform(x, &v))
        return expand(g, const_like(g, x, v), s);
    return graph_node(g, OP_PERMUTE, 1, &x, (Dtype)x->dtype, s, rank, attr);
}

Node *expand(Graph *g, Node *x, Shape s)
{
    if (shape_equal(x->shape, s))
        return x;
    if (x->op == OP_EXPAND) /* broadcasting twice is broadcasting once */
        return expand(g, x->in[0], s);
    return graph_node(g, OP_EXPAND, 1, &x, (Dtype)x->dtype, s, 0, NULL);
}

Node *insert_axis(Graph *g, Node *x, int axis)
{
    return reshape(g, x, shape_insert(g, x->shape, axis, size_int(g, 1)));
}

Node *drop_axis(Graph *g, Node *x, int axis)
{
    return reshape(g, x, shape_remove(g, x->shape, axis));
}

Node *move_axis(Graph *g, Node *x, int from, int to)
{
    int perm[MAX_RANK], n = 0;
    for (int i = 0; i < x->shape.rank; i++)
        if (i != from)
            perm[n++] = i;
    for (int i = n; i > to; i--)
        perm[i] = perm[i - 1];
    perm[to] = from;
    return permute(g, x, perm);
}

Node *transpose_last(Graph *g, Node *x)
{
    return move_axis(g, x, x->shape.rank - 1, x->shape.rank - 2);
}

Node *sum_to(Graph *g, Node *x, Shape s)
{
    if (shape_equal(x->shape, s))
        return x;
    int axes[MAX_RANK], n = 0, lead = x->shape.rank - s.rank;
    for (int i = 0; i < x->shape.rank; i++)
        if (i < lead || s.dim[i - lead] != x->shape.dim[i])
            axes[n++] = i;
    return reshape(g, reduce(g, OP_SUM, x, n, axes), s);
}

/* ---- Slice and pad: attr is (start id, step) for every axis ---- */

const Size *move_start(const Graph *g, const Node *n, int axis)
{
    return size_at(g->sizes, (int)n->attr[2 * axis]);
}

int64_t move_step(const Node *n, int axis)
{
    return n->attr[2 * axis + 1];
}

static void put_move(int rank, const Size *const *start, const int64_t *step, int64_t *attr)
{
    for (int i = 0; i < rank; i++) {
        attr[2 * i] = start[i]->id;
        attr[2 * i + 1] = step[i];
    }
}

static bool takes_all(Shape whole, int rank, const Size *const *start, const int64_t *step, Shape part)
{
    for (int i = 0; i < rank; i++)
        if (start[i]->n || step[i] != 1 || part.dim[i] != whole.dim[i])
            return false;
    return true;
}

/* slice(slice(x)): start = outer * inner step + inner start */
static Node *slice_of_slice(Graph *g, Node *x, const Size *const *start, const int64_t *step, Shape s)
{
    const Size *begin[MAX_RANK];
    int64_t by[MAX_RANK];
    for (int i = 0; i < s.rank; i++) {
        int64_t inner = move_step(x, i);
        begin[i] = size_add(g->sizes, move_start(g, x, i), size_mul(g->sizes, start[i], size_int(g, inner)));
        by[i] = step[i] * inner;
    }
    return slice(g, x->in[0], begin, by, s);
}

/* A slice that reads only axes that the operand was broadcast along, or only one piece of a
 * concatenation, reads less. */
static Node *slice_of_expand(Graph *g, Node *x, const Size *const *start, const int64_t *step, Shape s)
{
    Node *y = x->in[0];
    int lead = s.rank - y->shape.rank;
    const Size *begin[MAX_RANK], *len[MAX_RANK];
    int64_t by[MAX_RANK];
    for (int i = 0; i < y->shape.rank; i++) {
        bool copied = y->shape.dim[i] != x->shape.dim[i + lead];
        begin[i] = copied ? size_int(g, 0) : start[i + lead];
        by[i] = copied ? 1 : step[i + lead];
        len[i] = copied ? size_int(g, 1) : s.dim[i + lead];
    }
    return expand(g, slice(g, y, begin, by, shape_of(g, y->shape.rank, len)), s);
}

static Node *slice_of_concat(Graph *g, Node *x, const Size *const *start, const int64_t *step, Shape s)
{
    int axis = (int)x->attr[0];
    Sizes *z = g->sizes;
    const Size *first = size_int(g, 0), *none[MAX_RANK];
    for (int k = 0; k < x->nin; k++) { /* one piece, which may be empty */
        const Size *len = x->in[k]->shape.dim[axis];
        for (int i = 0; i < s.rank; i++)
            none[i] = i == axis ? size_int(g, 0) : start[i];
        if (start[axis] == first && s.dim[axis] == len && step[axis] == 1)
            return slice(g, x->in[k], none, step, s);
        first = size_add(z, first, len);
    }
    if (!size_known_positive(z, s.dim[axis]))
        return NULL;
    const Size *last = size_add(z, start[axis], size_mul(z, size_int(g, step[axis]), size_sub(z, s.dim[axis], size_int(g, 1))));
    const Size *low = step[axis] > 0 ? start[axis] : last, *high = step[axis] > 0 ? last : start[axis];
    const Size *at = size_int(g, 0);
    for (int k = 0; k < x->nin; k++) {
        const Size *end = size_add(z, at, x->in[k]->shape.dim[axis]);
        if (size_known_ge(z, low, at) && size_known_positive(z, size_sub(z, end, high))) {
            const Size *begin[MAX_RANK];
            for (int i = 0; i < s.rank; i++)
                begin[i] = i == axis ? size_sub(z, start[i], at) : start[i];
            return slice(g, x->in[k], begin, step, s);
        }
        at = end;
    }
    return NULL;
}

Node *slice(Graph *g, Node *x, const Size *const *start, const int64_t *step, Shape s)
{
    int rank = s.rank;
    Node *r;
    double v;
    if (takes_all(x->shape, rank, start, step, s))
        return x;
    if (node_uniform(x, &v))
        return expand(g, const_like(g, x, v), s);
    if (x->op == OP_SLICE)
        return slice_of_slice(g, x, start, step, s);
    if (x->op == OP_EXPAND)
        return slice_of_expand(g, x, start, step, s);
    if (x->op == OP_CONCAT && (r = slice_of_concat(g, x, start, step, s)))
        return r;
    int64_t attr[2 * MAX_RANK];
    put_move(rank, start, step, attr);
    if (x->op == OP_PAD && shape_equal(x->in[0]->shape, s) && !memcmp(x->attr, attr, sizeof *attr * 2 * (size_t)rank))
        return x->in[0];
    return graph_node(g, OP_SLICE, 1, &x, (Dtype)x->dtype, s, 2 * rank, attr);
}

Node *pad(Graph *g, Node *x, const Size *const *start, const int64_t *step, Shape s)
{
    int rank = s.rank;
    if (takes_all(s, rank, start, step, x->shape))
        return x;
    if (node_is_value(x, 0))
        return zeros(g, (Dtype)x->dtype, s);
    int64_t attr[2 * MAX_RANK];
    put_move(rank, start, step, attr);
    return graph_node(g, OP_PAD, 1, &x, (Dtype)x->dtype, s, 2 * rank, attr);
}

Node *slice_axis(Graph *g, Node *x, int axis, const Size *from, int64_t by, const Size *n)
{
    const Size *start[MAX_RANK], *dim[MAX_RANK];
    int64_t step[MAX_RANK];
    for (int i = 0; i < x->shape.rank; i++) {
        start[i] = i == axis ? from : size_int(g, 0);
        step[i] = i == axis ? by : 1;
        dim[i] = i == axis ? n : x->shape.dim[i];
    }
    return slice(g, x, start, step, shape_of(g, x->shape.rank, dim));
}

Node *take_at(Graph *g, Node *x, int axis, const Size *at)
{
    return drop_axis(g, slice_axis(g, x, axis, at, 1, size_int(g, 1)), axis);
}

/* ---- Concatenation ---- */

Node *concat(Graph *g, int n, Node *const *in, int axis)
{
    if (n == 1)
        return in[0];
    double v, w;
    bool uniform = node_uniform(in[0], &v);
    const Size *total = size_int(g, 0);
    for (int i = 0; i < n; i++) {
        total = size_add(g->sizes, total, in[i]->shape.dim[axis]);
        uniform = uniform && node_uniform(in[i], &w) && node_is_value(in[i], v);
    }
    const Size *dim[MAX_RANK];
    for (int i = 0; i < in[0]->shape.rank; i++)
        dim[i] = i == axis ? total : in[0]->shape.dim[i];
    Shape s = shape_of(g, in[0]->shape.rank, dim);
    if (uniform)
        return expand(g, const_like(g, in[0], v), s);
    int64_t attr = axis;
    return graph_node(g, OP_CONCAT, n, in, (Dtype)in[0]->dtype, s, 1, &attr);
}

Node *stack(Graph *g, int n, Node *const *in, int axis)
{
    Node **part = NEW_N(g->arena, Node *, n);
    for (int i = 0; i < n; i++)
        part[i] = insert_axis(g, in[i], axis);
    return concat(g, n, part, axis);
}
