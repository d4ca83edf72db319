/* op_index.c - hooks of gather and scatter, which are the adjoint of each other, and of arrays
 * changed in one place. Indices are integers and have no derivative. */
#include "mask.h"
#include "ops.h"
#include "region.h"

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
 * number of indices comes back. The indices are the
 * inputs from `first` on, their axes stand in attr. srank is the rank of the shape S that the indices broadcast to. */
static int batch_indices_from(Graph *g, Node *n, int first, const int64_t *attr, Node *const *in,
                              const bool *batched, const Size *count, int srank, bool whole,
                              Node **idx, int *axes)
{
    int m = 0;
    if (whole) {
        const Size *dim[MAX_RANK + 1] = {count};
        for (int k = 0; k < srank; k++)
            dim[k + 1] = size_int(g, 1);
        idx[m] = reshape(g, iota(g, count), shape_of(g, srank + 1, dim));
        axes[m++] = 0;
    }
    for (int k = first; k < n->nin; k++) {
        Shape s = n->in[k]->shape;
        for (int j = s.rank; j < srank; j++)
            s = shape_insert(g, s, 0, size_int(g, 1));
        idx[m] = batched[k] ? reshape(g, in[k], shape_insert(g, s, 0, count)) : in[k];
        axes[m++] = (int)attr[k - first] + whole;
    }
    return m;
}

static int batch_indices(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count,
                         int srank, bool whole, Node **idx, int *axes)
{
    return batch_indices_from(g, n, 1, n->attr, in, batched, count, srank, whole, idx, axes);
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

/* ---- PUT and ADDTO ---- */

static int put_axes(const Node *n, int *axes)
{
    for (int k = 0; k < put_indices(n); k++)
        axes[k] = (int)n->attr[k + 1];
    return put_indices(n);
}

/* Whether an index takes no value twice, as far as its form tells: a scalar, or 0, 1, 2 ... shifted and
 * stretched. */
static bool is_unique(const Node *idx)
{
    for (;;) {
        bool shifts = (idx->op == OP_ADD || idx->op == OP_SUB) && !idx->in[1]->shape.rank;
        bool stretches = idx->op == OP_MUL && node_is_const(idx->in[1]) && const_integer(idx->in[1]);
        if (!idx->shape.rank || idx->op == OP_IOTA)
            return true;
        if (idx->op != OP_RESHAPE && !shifts && !stretches)
            return false;
        idx = idx->in[0];
    }
}

/* D where an element of u is the one that stays: of equal indices the last one does. */
static Node *last_ones(Graph *g, Node *n, const int *axes, Node *D)
{
    int nidx = put_indices(n), srank = n->in[1]->shape.rank - (n->shape.rank - nidx);
    bool unique = true;
    for (int k = 0; k < nidx; k++)
        unique &= is_unique(put_index(n)[k]);
    if (unique)
        return D;
    Shape s = n->in[1]->shape, own = s;
    own.rank = srank;
    Node *place = reshape(g, iota(g, shape_count(g, own)), own);
    const Size *dim[MAX_RANK];
    for (int k = 0; k < s.rank; k++)
        dim[k] = k < srank ? s.dim[k] : size_int(g, 1);
    place = expand(g, reshape(g, place, shape_of(g, s.rank, dim)), s);
    Node *none = expand(g, const_int(g, T_I64, -1), n->shape);
    Node *winner = put(g, none, place, NULL, nidx, put_index(n), axes);
    Node *won = gather(g, winner, nidx, put_index(n), axes);
    return pw3(g, OP_SELECT, pw2(g, OP_EQ, won, place), D, const_like(g, D, 0));
}

Node *put_vjp(Graph *g, Node *n, int i, Node *D)
{
    int axes[MAX_RANK], nidx = put_axes(n, axes);
    Node *guard = put_guard(n);
    if (i == 0 && n->op == OP_ADDTO)
        return D;
    if (i == 0)
        return put(g, D, zeros_like(g, n->in[1]), guard, nidx, put_index(n), axes);
    if (i > 1)
        return NULL;
    Node *at = gather(g, guard ? mask_known(g, guard, D) : D, nidx, put_index(n), axes);
    if (n->op == OP_PUT)
        at = last_ones(g, n, axes, at);
    return guard ? pw3(g, OP_SELECT, guard, at, const_like(g, at, 0)) : at;
}

Node *put_jvp(Graph *g, Node *n, Node *const *t)
{
    int axes[MAX_RANK], nidx = put_axes(n, axes);
    if (n->op == OP_ADDTO && !t[1])
        return t[0];
    Node *base = t[0] ? t[0] : zeros_like(g, n), *u = t[1] ? t[1] : zeros_like(g, n->in[1]);
    return n->op == OP_PUT ? put(g, base, u, put_guard(n), nidx, put_index(n), axes)
                           : add_to(g, base, u, put_guard(n), nidx, put_index(n), axes);
}

/* x is one value for each turn of the batch already, or becomes it. */
static Node *each(Graph *g, Node *x, bool batched, const Size *count)
{
    return batched ? x : expand(g, x, shape_insert(g, x->shape, 0, count));
}

/* [count] to [count, 1, ...] of that rank. */
static Node *flags_for(Graph *g, Node *flags, const Size *count, int rank)
{
    const Size *dim[MAX_RANK + 1] = {count};
    for (int k = 1; k < rank; k++)
        dim[k] = size_int(g, 1);
    return reshape(g, flags, shape_of(g, rank, dim));
}

/* A guard that differs from turn to turn: the places of those that do not pass get what they have.
 */
Node *put_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    Node *idx[MAX_RANK + 1], *own[MAX_RANK + 3], *guard = put_guard(n) ? in[2] : NULL;
    bool each_of[MAX_RANK + 3];
    int axes[MAX_RANK + 1], nidx = put_indices(n), first = 2 + (guard != NULL);
    int srank = n->in[1]->shape.rank - (n->shape.rank - nidx);
    bool guarded = guard && batched[2];
    for (int k = 0; k < n->nin; k++) {
        own[k] = in[k];
        each_of[k] = batched[k];
    }
    for (int k = first; k < n->nin && guarded; k++) {
        Node *i = each(g, in[k], batched[k], count);
        own[k] = pw3(g, OP_SELECT, flags_for(g, guard, count, i->shape.rank), i, const_like(g, i, 0));
        each_of[k] = true;
    }
    int m = batch_indices_from(g, n, first, n->attr + 1, own, each_of, count, srank, true, idx, axes);
    Node *base = each(g, in[0], batched[0], count), *u = each(g, in[1], batched[1], count);
    if (guarded) {
        Node *else_ = n->op == OP_PUT ? gather(g, base, m, idx, axes) : const_like(g, u, 0);
        u = pw3(g, OP_SELECT, flags_for(g, guard, count, u->shape.rank), u, else_);
        guard = NULL;
    }
    return n->op == OP_PUT ? put(g, base, u, guard, m, idx, axes)
                           : add_to(g, base, u, guard, m, idx, axes);
}
