/* op_scan.c - hooks of the scans. A linear recurrence s_i = a_i s_{i-1} + b_i differentiates to
 * linear recurrences, so scans stay linear in time at every order. */
#include "ops.h"

/* x moved by one along an axis: result[i] = x[i - 1] (or x[i + 1] with down); 0 comes in. The
 * padded axis is one longer, which is right for an empty one too. */
static Node *moved(Graph *g, Node *x, int axis, bool down)
{
    const Size *n = x->shape.dim[axis], *start[MAX_RANK], *dim[MAX_RANK];
    int64_t step[MAX_RANK];
    for (int i = 0; i < x->shape.rank; i++) {
        start[i] = size_int(g, i == axis && !down);
        step[i] = 1;
        dim[i] = i == axis ? size_add(g->sizes, n, size_int(g, 1)) : x->shape.dim[i];
    }
    x = pad(g, x, start, step, shape_of(g, x->shape.rank, dim));
    return slice_axis(g, x, axis, size_int(g, down), 1, n);
}

Node *cumsum_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    return cumsum(g, D, (int)n->attr[0], !n->attr[1]);
}

/* The adjoint of b: l_i = D_i + a_{i+1} l_{i+1}, a recurrence the other way; that of a_i is
 * l_i s_{i-1}. */
Node *linrec_vjp(Graph *g, Node *n, int i, Node *D)
{
    int axis = (int)n->attr[0];
    bool reverse = n->attr[1];
    Node *l = linrec(g, moved(g, n->in[0], axis, !reverse), D, axis, !reverse);
    return i ? l : pw2(g, OP_SCALE, l, moved(g, n, axis, reverse));
}

/* ds_i = a_i ds_{i-1} + (da_i s_{i-1} + db_i) */
Node *linrec_jvp(Graph *g, Node *n, Node *const *t)
{
    int axis = (int)n->attr[0];
    bool reverse = n->attr[1];
    Node *a = t[0] ? pw2(g, OP_SCALE, t[0], moved(g, n, axis, reverse)) : NULL;
    Node *b = a && t[1] ? pw2(g, OP_ADD, a, t[1]) : a ? a : t[1];
    return b ? linrec(g, n->in[0], b, axis, reverse) : NULL;
}

Node *scan_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    Node *x[2];
    int axis = (int)n->attr[0] + 1;
    for (int k = 0; k < n->nin; k++)
        x[k] = batched[k] ? in[k] : expand(g, in[k], shape_insert(g, in[k]->shape, 0, count));
    return n->op == OP_CUMSUM ? cumsum(g, x[0], axis, n->attr[1])
                              : linrec(g, x[0], x[1], axis, n->attr[1]);
}
