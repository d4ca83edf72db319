/* op_move.c - hooks of the movement operations. They are linear, so forward mode applies the
 * operation itself; the reverse of each is another movement, and the reverse of a broadcast a sum.
 */
#include "ops.h"

Node *reshape_vjp(Graph *g, Node *n, int i, Node *D)
{
    return reshape(g, D, n->in[i]->shape);
}

Node *permute_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    int inverse[MAX_RANK];
    for (int k = 0; k < n->shape.rank; k++)
        inverse[n->attr[k]] = k;
    return permute(g, D, inverse);
}

Node *expand_vjp(Graph *g, Node *n, int i, Node *D)
{
    return sum_to(g, D, n->in[i]->shape);
}

static void get_moves(Graph *g, const Node *n, const Size **start, int64_t *step)
{
    for (int k = 0; k < n->shape.rank; k++) {
        start[k] = move_start(g, n, k);
        step[k] = move_step(n, k);
    }
}

Node *slice_vjp(Graph *g, Node *n, int i, Node *D)
{
    const Size *start[MAX_RANK];
    int64_t step[MAX_RANK];
    get_moves(g, n, start, step);
    return pad(g, D, start, step, n->in[i]->shape);
}

Node *pad_vjp(Graph *g, Node *n, int i, Node *D)
{
    const Size *start[MAX_RANK];
    int64_t step[MAX_RANK];
    get_moves(g, n, start, step);
    return slice(g, D, start, step, n->in[i]->shape);
}

Node *concat_vjp(Graph *g, Node *n, int i, Node *D)
{
    int axis = (int)n->attr[0];
    int64_t fixed = 0; /* fixed sizes are summed as integers: this is done for every operand */
    const Size *start = size_int(g, 0);
    for (int k = 0; k < i; k++) {
        const Size *last = n->in[k]->shape.dim[axis];
        if (last->is_const)
            fixed += last->value;
        else
            start = size_add(g->sizes, start, last);
    }
    start = size_add(g->sizes, start, size_int(g, fixed));
    return slice_axis(g, D, axis, start, 1, n->in[i]->shape.dim[axis]);
}

Node *concat_jvp(Graph *g, Node *n, Node *const *t)
{
    Node **part = NEW_N(g->arena, Node *, n->nin);
    for (int k = 0; k < n->nin; k++)
        part[k] = t[k] ? t[k] : zeros_like(g, n->in[k]);
    return concat(g, n->nin, part, (int)n->attr[0]);
}

/* ---- Batching: an axis in front that is taken whole ---- */

Node *reshape_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    (void)batched;
    return reshape(g, in[0], shape_insert(g, n->shape, 0, count));
}

Node *permute_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    (void)batched, (void)count;
    int perm[MAX_RANK + 1] = {0};
    for (int k = 0; k < n->shape.rank; k++)
        perm[k + 1] = (int)n->attr[k] + 1;
    return permute(g, in[0], perm);
}

Node *expand_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    (void)batched;
    Shape s = n->in[0]->shape;
    for (int k = s.rank; k < n->shape.rank; k++)
        s = shape_insert(g, s, 0, size_int(g, 1));
    Node *x = reshape(g, in[0], shape_insert(g, s, 0, count));
    return expand(g, x, shape_insert(g, n->shape, 0, count));
}

static Node *move_batch(Graph *g, Node *n, Node *x, const Size *count)
{
    const Size *start[MAX_RANK + 1];
    int64_t step[MAX_RANK + 1];
    start[0] = size_int(g, 0);
    step[0] = 1;
    get_moves(g, n, start + 1, step + 1);
    Shape s = shape_insert(g, n->shape, 0, count);
    return n->op == OP_SLICE ? slice(g, x, start, step, s) : pad(g, x, start, step, s);
}

Node *slice_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    (void)batched;
    return move_batch(g, n, in[0], count);
}

Node *pad_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    (void)batched;
    return move_batch(g, n, in[0], count);
}

Node *concat_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    Node **part = NEW_N(g->arena, Node *, n->nin);
    for (int k = 0; k < n->nin; k++)
        part[k] = batched[k] ? in[k] : expand(g, in[k], shape_insert(g, in[k]->shape, 0, count));
    return concat(g, n->nin, part, (int)n->attr[0] + 1);
}
