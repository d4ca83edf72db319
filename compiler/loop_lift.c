/* loop_lift.c - matrix products that need not run turn by turn.
 *
 * The gradient of a weight that every turn reads is a sum of outer products, one a turn, each of which
 * would read and write the whole of it. Where how many turns there are is a size, the factors
 * are collected instead, and one matrix product behind the loop makes the sum. In the same way a
 * product of what is known before the loop, as of all rows of an input, is taken before it. */
#include "batch.h"
#include "loop.h"
#include "ops.h"

static int degree(const Size *s)
{
    int most = 0;
    for (int k = 0; k < s->n; k++)
        most = s->term[k].n > most ? s->term[k].n : most;
    return most;
}

bool loop_is_smaller(Graph *g, const Node *a, const Node *b)
{
    const Size *na = shape_count(g, a->shape), *nb = shape_count(g, b->shape);
    return na != nb && (size_known_ge(g->sizes, nb, na) || degree(na) < degree(nb));
}

/* ---- Behind the loop ---- */

static bool inside(const Lift *l, const Node *n)
{
    int at = walk_find(&l->w, n);
    return at >= 0 && l->inside[at];
}

static Node *collect(Lift *l, Node *n)
{
    for (int k = 0; k < l->collected.n; k++)
        if (l->collected.at[k] == n)
            return l->stand_in.at[k];
    Node *stack = placeholder(l->g, (Dtype)n->dtype, shape_insert(l->g, n->shape, 0, l->r->bound));
    vec_push(l->g->arena, &l->collected, n);
    vec_push(l->g->arena, &l->stand_in, stack);
    return stack;
}

/* The rows of something outside, one a turn. */
static Node *rows_of(const Lift *l, Node *n)
{
    bool rows = n->op == OP_GATHER && n->nattr == 1 && n->attr[0] == 0 && n->in[1] == l->r->index &&
                !inside(l, n->in[0]) && n->in[0]->shape.dim[0] == l->r->bound;
    return rows ? n->in[0] : NULL;
}

/* n in all turns, with a new first axis. Movement costs nothing then either, and makes what is
 * collected smaller. */
static Node *stacked(Lift *l, Node *n)
{
    Graph *g = l->g;
    if (!inside(l, n))
        return expand(g, n, shape_insert(g, n->shape, 0, l->r->bound));
    Node *rows = rows_of(l, n);
    if (rows)
        return rows;
    if (n->op == OP_RESHAPE || n->op == OP_PERMUTE) {
        bool batched = true;
        Node *in = stacked(l, n->in[0]);
        return op_info(n)->batch(g, n, &in, &batched, l->r->bound);
    }
    return collect(l, n);
}

/* A product of two arrays that are both smaller than it. */
static bool is_outer(Graph *g, const Node *n)
{
    if ((n->op != OP_MUL && n->op != OP_SCALE) || n->shape.rank < 2)
        return false;
    return loop_is_smaller(g, n->in[0], n) && loop_is_smaller(g, n->in[1], n);
}

static Node *with_rank(Graph *g, Node *stack, int rank)
{
    Shape s = stack->shape;
    while (s.rank < rank + 1)
        s = shape_insert(g, s, 1, size_int(g, 1));
    return reshape(g, stack, s);
}

/* The sum of n over all turns, or NULL where it is better summed in the loop. */
static Node *summed(Lift *l, Node *n)
{
    Graph *g = l->g;
    if (n->op == OP_ADD || n->op == OP_SUB) {
        if (!shape_equal(n->in[0]->shape, n->shape) || !shape_equal(n->in[1]->shape, n->shape))
            return NULL;
        Node *a = summed(l, n->in[0]), *b = a ? summed(l, n->in[1]) : NULL;
        return b ? pw2(g, (Op)n->op, a, b) : NULL;
    }
    if (is_outer(g, n)) {
        int axis = 0;
        Node *a = with_rank(g, stacked(l, n->in[0]), n->shape.rank);
        Node *b = with_rank(g, stacked(l, n->in[1]), n->shape.rank);
        return reduce(g, OP_SUM, pw2(g, OP_MUL, a, b), 1, &axis);
    }
    if (n->op != OP_CONTRACT)
        return NULL;
    int la[MAX_RANK + 1] = {1000}, lb[MAX_RANK + 1] = {1000}, lo[MAX_RANK];
    for (int i = 0; i < n->in[0]->shape.rank; i++)
        la[i + 1] = (int)contract_labels(n, 0)[i];
    for (int i = 0; i < n->in[1]->shape.rank; i++)
        lb[i + 1] = (int)contract_labels(n, 1)[i];
    for (int i = 0; i < n->shape.rank; i++)
        lo[i] = (int)contract_labels(n, 2)[i];
    if (n->in[0]->shape.rank >= MAX_RANK || n->in[1]->shape.rank >= MAX_RANK)
        return NULL;
    Node *a = stacked(l, n->in[0]), *b = stacked(l, n->in[1]);
    return contract(g, a, la, b, lb, n->shape.rank, lo);
}

Lift lift_begin(Graph *g, const Region *r, int nroots, Node *const *root)
{
    Lift l = {.g = g, .r = r, .w = walk_ancestors(g, nroots, root, r->index->id)};
    l.inside = NEW_N(g->arena, bool, l.w.n + 1);
    region_inside(r, &l.w, l.inside);
    return l;
}

Node *lift_sum(Lift *l, Node *hole, Node *next)
{
    int before = l->collected.n;
    if (next->op != OP_ADD || next->in[0] == next->in[1])
        return NULL;
    Node *term = next->in[0] == hole ? next->in[1] : next->in[1] == hole ? next->in[0] : NULL;
    Node *sum = term && shape_equal(term->shape, hole->shape) ? summed(l, term) : NULL;
    if (!sum) {
        l->collected.n = before;
        l->stand_in.n = before;
    }
    return sum;
}

/* ---- Before the loop ---- */

/* By index in the walk: known before the loop, the number of the turn aside. */
static bool *known_before(const Region *r, const Walk *w, Graph *g)
{
    bool *carried = NEW_N(g->arena, bool, w->n + 1);
    for (int k = 0; k < r->ncarried; k++) {
        int at = walk_find(w, r->carried[k]);
        if (at >= 0)
            carried[at] = true;
    }
    for (int k = 0; k < w->n; k++)
        for (int i = 0; i < w->node[k]->nin && !carried[k]; i++) {
            int at = walk_find(w, w->node[k]->in[i]);
            carried[k] = at >= 0 && carried[at];
        }
    return carried;
}

void lift_products(Graph *g, const Region *r, const Node *count, int nroots, Node **root)
{
    if (!loop_is_exact(g, r, count))
        return;
    Walk captures = region_captures(g, r), w = walk_between(g, nroots, root, &captures);
    bool *carried = known_before(r, &w, g), *within = NEW_N(g->arena, bool, w.n + 1);
    VEC(Node *) found = {0};
    region_inside(r, &w, within);
    for (int k = 0; k < w.n; k++)
        if (w.node[k]->op == OP_CONTRACT && within[k] && !carried[k] && shape_count(g, w.node[k]->shape)->n)
            vec_push(g->arena, &found, w.node[k]);
    if (!found.n)
        return;
    Node **to = NEW_N(g->arena, Node *, found.n), *turn = iota(g, r->bound), *index = r->index;
    int axis = 0;
    for (int k = 0; k < found.n; k++)
        to[k] = found.at[k];
    batch(g, found.n, to, 1, &index, &turn, r->bound);
    for (int k = 0; k < found.n; k++)
        to[k] = gather(g, to[k], 1, &index, &axis);
    substitute(g, nroots, root, found.n, found.at, to);
}
