/* op_checkpoint.c - memory against time: what checkpoint(e) stores is what e is made from.
 *
 * A CHECKPOINT has e's value and, behind it, the values that were there before e. Its adjoint goes back
 * through a copy of e made of AGAIN nodes over these. They are the same values, but hash-consing
 * cannot tell the copy for the original, and they are there only when the adjoint is: so the
 * copy is computed in the backward pass, and what e needed in the forward pass is free before. */
#include "loop.h"
#include "ops.h"

Node *checkpoint(Graph *g, Node *x, int nfrom, Node *const *from)
{
    Node **in = NEW_N(g->arena, Node *, nfrom + 1);
    for (int k = 0; k < nfrom; k++) {
        if (from[k] == x)
            return x;
        in[k + 1] = from[k];
    }
    in[0] = x;
    return nfrom ? graph_node(g, OP_CHECKPOINT, nfrom + 1, in, (Dtype)x->dtype, x->shape, 0, NULL) : x;
}

Node *again(Graph *g, Node *x, Node *after)
{
    Node *in[2] = {x, after};
    enum { SMALL = 16 };
    int64_t count = shape_fixed_count(g, x->shape);
    double v;
    if (node_uniform(x, &v) || (count >= 0 && count <= SMALL)) /* takes no memory to speak of */
        return x;
    return graph_node(g, OP_AGAIN, 2, in, (Dtype)x->dtype, x->shape, 0, NULL);
}

void checkpoint_reverse(Graph *g, Node *n, Node *D, const bool *want, Node **out)
{
    int nfrom = n->nin - 1, nx = 0;
    Node *const *from = n->in + 1, *copy = n->in[0];
    Node **to = NEW_N(g->arena, Node *, nfrom), **x = NEW_N(g->arena, Node *, nfrom);
    Node **seed = NEW_N(g->arena, Node *, nfrom), **d = NEW_N(g->arena, Node *, nfrom);
    int *of = NEW_N(g->arena, int, nfrom);
    for (int k = 0; k < nfrom; k++) {
        to[k] = again(g, from[k], D);
        if (want[k + 1]) {
            of[nx] = k;
            x[nx++] = to[k];
        }
    }
    rebuild_between(g, 1, &copy, nfrom, from, to);
    Walk stops = walk_nodes(g, nfrom, to);
    diff_pull(g, 1, &copy, &D, nx, x, seed, &stops, d);
    for (int i = 0; i < n->nin; i++)
        out[i] = NULL;
    for (int k = 0; k < nx; k++)
        out[of[k] + 1] = d[k];
}

Node *checkpoint_vjp(Graph *g, Node *n, int i, Node *D) /* of the value alone: checkpoint_reverse */
{
    (void)g;
    (void)n;
    return i ? NULL : D;
}

Node *checkpoint_jvp(Graph *g, Node *n, Node *const *t)
{
    (void)g;
    (void)n;
    return t[0];
}

Node *checkpoint_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    Node *x = batched[0] ? in[0] : expand(g, in[0], shape_insert(g, n->shape, 0, count));
    return checkpoint(g, x, n->nin - 1, in + 1);
}

Node *again_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)g;
    (void)n;
    return i ? NULL : D;
}

Node *again_jvp(Graph *g, Node *n, Node *const *t)
{
    (void)g;
    (void)n;
    return t[0];
}

Node *again_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    (void)n;
    (void)batched;
    (void)count;
    return again(g, in[0], in[1]);
}
