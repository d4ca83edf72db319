/* op_index.c - hooks of gather and scatter, which are the adjoint of each other. Indices are
 * integers and have no derivative. */
#include "ops.h"

static void get_axes(const Node *n, int *axes)
{
    for (int k = 0; k < n->nattr; k++)
        axes[k] = (int)n->attr[k];
}

Node *gather_vjp(Graph *g, Node *n, int i, Node *D)
{
    int axes[MAX_RANK];
    get_axes(n, axes);
    return i ? NULL : scatter(g, D, n->nin - 1, n->in + 1, axes, n->in[0]->shape);
}

Node *scatter_vjp(Graph *g, Node *n, int i, Node *D)
{
    int axes[MAX_RANK];
    get_axes(n, axes);
    return i ? NULL : gather(g, D, n->nin - 1, n->in + 1, axes);
}

Node *gather_jvp(Graph *g, Node *n, Node *const *t)
{
    int axes[MAX_RANK];
    get_axes(n, axes);
    return t[0] ? gather(g, t[0], n->nin - 1, n->in + 1, axes) : NULL;
}

Node *scatter_jvp(Graph *g, Node *n, Node *const *t)
{
    int axes[MAX_RANK];
    get_axes(n, axes);
    return t[0] ? scatter(g, t[0], n->nin - 1, n->in + 1, axes, n->shape) : NULL;
}

/* The indices of a batched gather or scatter, where `whole` (the tensor that is indexed) is batched
 * too: its new axis is indexed by 0, 1, ... in step with the new axis of the index tensors. The
 * number of indices comes back. srank is the rank of the shape S that the indices broadcast to. */
static int batch_indices(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count,
                         int srank, bool whole, Node **idx, int *axes)
{
    int m = 0;
    if (whole) {
        const Size *dim[MAX_RANK + 1] = {count};
        for (int k = 0; k < srank; k++)
            dim[k + 1] = size_int(g, 1);
        idx[m] = reshape(g, iota(g, count), shape_of(g, srank + 1, dim));
        axes[m++] = 0;
    }
    for (int k = 1; k < n->nin; k++) {
        Shape s = n->in[k]->shape;
        for (int j = s.rank; j < srank; j++)
            s = shape_insert(g, s, 0, size_int(g, 1));
        idx[m] = batched[k] ? reshape(g, in[k], shape_insert(g, s, 0, count)) : in[k];
        axes[m++] = (int)n->attr[k - 1] + whole;
    }
    return m;
}

static bool any_index(const Node *n, const bool *batched)
{
    bool any = false;
    for (int k = 1; k < n->nin; k++)
        any |= batched[k];
    return any;
}

Node *gather_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    Node *idx[MAX_RANK + 1];
    int axes[MAX_RANK + 1], srank = n->shape.rank - (n->in[0]->shape.rank - n->nattr);
    if (any_index(n, batched)) {
        int m = batch_indices(g, n, in, batched, count, srank, batched[0], idx, axes);
        return gather(g, in[0], m, idx, axes);
    }
    /* the axis passes through, and comes out behind those of S */
    for (int k = 0; k < n->nattr; k++)
        axes[k] = (int)n->attr[k] + 1;
    return move_axis(g, gather(g, in[0], n->nin - 1, in + 1, axes), srank, 0);
}

Node *scatter_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    Node *idx[MAX_RANK + 1], *u = in[0];
    int axes[MAX_RANK + 1], srank = u->shape.rank - batched[0] - (n->shape.rank - n->nattr);
    Shape shape = shape_insert(g, n->shape, 0, count);
    if (any_index(n, batched)) {
        int m = batch_indices(g, n, in, batched, count, srank, true, idx, axes);
        if (!batched[0])
            u = expand(g, u, shape_insert(g, u->shape, 0, count));
        return scatter(g, u, m, idx, axes, shape);
    }
    for (int k = 0; k < n->nattr; k++)
        axes[k] = (int)n->attr[k] + 1;
    return scatter(g, move_axis(g, u, 0, srank), n->nin - 1, in + 1, axes, shape);
}
