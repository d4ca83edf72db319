/* batch.c - maps a graph over a new first axis; see batch.h. Ascending id is a topological order,
 * so one loop over what the roots are made of does it, and only what is newer than the first
 * placeholder can depend on one. */
#include "batch.h"
#include "loop.h"
#include "ops.h"
#include "walk.h"

/* Broadcasting lines axes up from the last one: an operand of lower rank than the result needs axes
 * of size 1 between its batch axis and its own. */
static Node *lift_operand(Graph *g, Node *x, Shape own, int rank, const Size *count)
{
    if (own.rank == rank)
        return x;
    for (int k = own.rank; k < rank; k++)
        own = shape_insert(g, own, 0, size_int(g, 1));
    return reshape(g, x, shape_insert(g, own, 0, count));
}

static Node *batch_node(Graph *g, Node *n, Node **in, const bool *batched, const Size *count)
{
    if (op_info(n)->family != F_POINTWISE)
        return op_info(n)->batch(g, n, in, batched, count);
    if (n->op == OP_CAST)
        return cast(g, in[0], (Dtype)n->dtype);
    for (int i = 0; i < n->nin; i++)
        if (batched[i])
            in[i] = lift_operand(g, in[i], n->in[i]->shape, n->shape.rank, count);
    return pointwise(g, (Op)n->op, n->nin, in);
}

/* The images of the nodes of w, NULL for those that depend on no hole. */
static Node **batch_all(Graph *g, const Walk *w, int nholes, Node *const *hole, Node *const *value,
                        const Size *count)
{
    enum { SMALL = 8 };
    Node **image = NEW_N(g->arena, Node *, w->n + 1), ***parts = NEW_N(g->arena, Node **, w->n + 1);
    Node *in_small[SMALL], **in = in_small;
    bool batched_small[SMALL], *batched = batched_small;
    int room = SMALL;
    for (int k = 0; k < nholes; k++) {
        int at = walk_find(w, hole[k]);
        if (at >= 0)
            image[at] = value[k];
    }
    for (int k = 0; k < w->n; k++) {
        Node *n = w->node[k];
        bool any = false;
        if (image[k] || !n->nin)
            continue;
        if (n->op == OP_PART) { /* its loop has given the images of all its results */
            int loop = walk_find(w, n->in[0]);
            image[k] = loop >= 0 && parts[loop] ? parts[loop][n->attr[0]] : NULL;
            continue;
        }
        if (n->nin > room) {
            room = n->nin;
            in = NEW_N(g->arena, Node *, room);
            batched = NEW_N(g->arena, bool, room);
        }
        for (int i = 0; i < n->nin; i++) {
            int at = walk_find(w, n->in[i]);
            batched[i] = at >= 0 && image[at];
            in[i] = batched[i] ? image[at] : n->in[i];
            any |= batched[i];
        }
        if (!any)
            continue;
        g->here = n->span;
        g->stage = n->stage;
        if (n->op == OP_FOR) {
            parts[k] = NEW_N(g->arena, Node *, region_turns(region_of(g, n)) + 1);
            loop_batch(g, n, in, batched, count, parts[k]);
            continue;
        }
        int before = g->nodes.n;
        image[k] =
            expand(g, batch_node(g, n, in, batched, count), shape_insert(g, n->shape, 0, count));
        if (image[k]->id >= before && n->name && !image[k]->name)
            image[k]->name = n->name;
    }
    return image;
}

void batch(Graph *g, int nroots, Node **roots, int nholes, Node *const *hole, Node *const *value,
           const Size *count)
{
    Span here = g->here;
    int stage = g->stage, first = g->nodes.n;
    for (int k = 0; k < nholes; k++)
        if (hole[k]->id < first)
            first = hole[k]->id;
    Walk w = walk_ancestors(g, nroots, roots, first);
    g->mapped += !g->mapping++;
    Node **image = batch_all(g, &w, nholes, hole, value, count);
    g->mapping--;
    g->here = here;
    g->stage = stage;
    for (int k = 0; k < nroots; k++) {
        int at = walk_find(&w, roots[k]);
        roots[k] = at >= 0 && image[at]
                       ? image[at]
                       : expand(g, roots[k], shape_insert(g, roots[k]->shape, 0, count));
    }
}
