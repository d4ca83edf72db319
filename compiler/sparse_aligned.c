/* sparse_aligned.c - Jacobians of what is element-wise in shifted or gathered copies of x: residuals of
 * stencils, u[i-1], u[i], u[i+1], and of small vectors of such, [f, g] for each i.
 *
 * Between such copies, the leaves, and y all operations keep the place of an element, so that one
 * reverse pass that ends at the leaves gives the derivative of each element of y by that element of each
 * leaf: all entries at the price of one product, where colours would take as many as there are leaves. */
#include "loop.h"
#include "ops.h"
#include "sparse_impl.h"

typedef struct Leaves {
    VEC(Node *) node;
    Pattern *from; /* by leaf: the element of x that each of its elements is */
} Leaves;

/* Whether derivatives go from operand i to n. */
static bool edge(Graph *g, const Node *n, int i)
{
    bool constant;
    return diff_edge(g, n, i, &constant);
}

/* Marks the nodes of w that depend on x, and those of them that are copies of its elements. */
static void mark_copies(Graph *g, const Walk *w, const Node *x, bool *dep, bool *copy)
{
    for (int k = 0; k < w->n; k++) {
        Node *n = w->node[k];
        bool moves = op_info(n)->family == F_MOVE || n->op == OP_GATHER;
        dep[k] = n == x;
        copy[k] = n == x || moves;
        for (int i = 0; i < n->nin && n != x; i++) {
            int at = walk_find(w, n->in[i]);
            if (at < 0 || !dep[at] || !edge(g, n, i))
                continue;
            dep[k] = true;
            copy[k] &= copy[at];
        }
    }
}

/* The copies that y is made of element by element; false where that is not how it is made. */
static bool find_leaves(Graph *g, Node *y, const Node *x, Leaves *l)
{
    Walk w = walk_ancestors(g, 1, &y, x->id);
    bool *dep = NEW_N(g->arena, bool, w.n + 1), *copy = NEW_N(g->arena, bool, w.n + 1);
    bool *wanted = NEW_N(g->arena, bool, w.n + 1);
    int64_t count = shape_fixed_count(g, y->shape);
    mark_copies(g, &w, x, dep, copy);
    if (!w.n || w.node[w.n - 1] != y)
        return false;
    wanted[w.n - 1] = true;
    for (int k = w.n - 1; k >= 0; k--) {
        Node *n = w.node[k];
        if (!wanted[k] || !dep[k])
            continue;
        if (shape_fixed_count(g, n->shape) != count)
            return false;
        if (copy[k]) {
            vec_push(g->arena, &l->node, n);
            continue;
        }
        if (op_info(n)->family != F_POINTWISE && n->op != OP_RESHAPE)
            return false;
        for (int i = 0; i < n->nin; i++) {
            int at = walk_find(&w, n->in[i]);
            if (at >= 0 && dep[at] && edge(g, n, i))
                wanted[at] = true;
        }
    }
    return l->node.n > 0;
}

/* The leaf whose element `place` is element `column` of x: the only one, or -1. */
static int leaf_of(const Leaves *l, int64_t place, int32_t column)
{
    int found = -1;
    for (int k = 0; k < l->node.n; k++) {
        const Pattern *p = &l->from[k];
        int32_t at = p->row_start[place];
        if (at == p->row_start[place + 1] || p->column[at] != column)
            continue;
        if (found >= 0)
            return -1;
        found = k;
    }
    return found;
}

/* ---- Pieces ---- */

/* y as a whole, or its slices along a short last axis, as a comprehension over small vectors gives
 * it: row i * n + c of the Jacobian is that of element i of piece c. */
typedef struct Pieces {
    int n, nleaves;
    Node **y;
    Shape shape; /* of each */
    Leaves *leaves;
    Node **by; /* the derivatives, by leaf of the first piece, of the second ... */
} Pieces;

/* Operand n of what is sliced at `at` of the last axis of a shape of that rank, of length n: its own slice. */
static Node *slice_operand(Graph *g, Node *n, const Node *whole, int at)
{
    int last = n->shape.rank - 1;
    if (last < 0)
        return n;
    bool along = n->shape.dim[last] == whole->shape.dim[whole->shape.rank - 1];
    return take_at(g, n, last, size_int(g, along ? at : 0));
}

/* The slices of what is element-wise are made of the slices of its operands. */
static Node *slice_last(Graph *g, Node *y, int at)
{
    Walk w = walk_ancestors(g, 1, &y, 0);
    Node **image = NEW_N(g->arena, Node *, w.n + 1), *in[3];
    bool *wanted = NEW_N(g->arena, bool, w.n + 1);
    wanted[w.n - 1] = true;
    for (int k = w.n - 1; k >= 0; k--) { /* as far down as operations are element-wise in the whole shape */
        const Node *n = w.node[k];
        wanted[k] = wanted[k] && op_info(n)->family == F_POINTWISE && shape_equal(n->shape, y->shape);
        for (int i = 0; i < n->nin && wanted[k]; i++)
            wanted[walk_find(&w, n->in[i])] = true;
    }
    for (int k = 0; k < w.n; k++) {
        Node *n = w.node[k];
        if (!wanted[k])
            continue;
        for (int i = 0; i < n->nin; i++) {
            Node *own = image[walk_find(&w, n->in[i])];
            in[i] = own ? own : slice_operand(g, n->in[i], y, at);
        }
        image[k] = n->op == OP_CAST ? cast(g, in[0], (Dtype)n->dtype) : pointwise(g, (Op)n->op, n->nin, in);
        image[k] = expand(g, image[k], shape_remove(g, y->shape, y->shape.rank - 1));
    }
    return image[w.n - 1] ? image[w.n - 1] : slice_operand(g, y, y, at);
}

/* False: y has no short last axis. */
static bool find_pieces(Graph *g, Node *y, bool sliced, Pieces *c)
{
    enum { SHORT = 16 };
    while (y->op == OP_RESHAPE)
        y = y->in[0];
    int last = y->shape.rank - 1;
    if (sliced && (last < 0 || y->shape.dim[last]->value > SHORT || y->shape.dim[last]->value < 2))
        return false;
    *c = (Pieces){.n = sliced ? (int)y->shape.dim[last]->value : 1};
    c->shape = sliced ? shape_remove(g, y->shape, last) : y->shape;
    c->y = NEW_N(g->arena, Node *, c->n);
    c->leaves = NEW_N(g->arena, Leaves, c->n);
    for (int k = 0; k < c->n; k++)
        c->y[k] = sliced ? slice_last(g, y, k) : y;
    return true;
}

/* The leaves of every piece that depends on x at all. */
static bool find_all_leaves(Graph *g, Node *x, const Pattern *p, Pieces *c)
{
    enum { LEAVES = 128 };
    int64_t places = p->rows / c->n;
    for (int k = 0; k < c->n; k++) {
        Leaves *l = &c->leaves[k];
        bool some = false;
        for (int64_t i = 0; i < places && !some; i++)
            some = p->row_start[i * c->n + k] < p->row_start[i * c->n + k + 1];
        if (!some)
            continue;
        if (!find_leaves(g, c->y[k], x, l) || (c->nleaves += l->node.n) > LEAVES)
            return false;
        l->from = NEW_N(g->arena, Pattern, l->node.n);
        if (!pattern_find(g, l->node.n, l->node.at, x, l->from))
            return false;
        for (int m = 0; m < l->node.n; m++)
            for (int64_t i = 0; i < places; i++)
                if (l->from[m].row_start[i + 1] - l->from[m].row_start[i] > 1)
                    return false; /* an index of the run chooses */
    }
    return true;
}

/* The leaf of each entry of p, by its number in its piece; false where one has none, or more than one. */
static bool assign(const Pieces *c, const Pattern *p, int32_t *leaf)
{
    for (int64_t row = 0; row < p->rows; row++)
        for (int32_t e = p->row_start[row]; e < p->row_start[row + 1]; e++)
            if ((leaf[e] = leaf_of(&c->leaves[row % c->n], row / c->n, p->column[e])) < 0)
                return false;
    return true;
}

/* Each element of a piece has its entries from the same leaves in the same order. */
static bool is_regular(const Pieces *c, const Pattern *p, const int32_t *leaf)
{
    for (int64_t row = c->n; row < p->rows; row++) {
        int32_t e = p->row_start[row], like = p->row_start[row % c->n];
        int32_t n = p->row_start[row + 1] - e;
        if (n != p->row_start[row % c->n + 1] - like || memcmp(leaf + e, leaf + like, sizeof *leaf * (size_t)n) != 0)
            return false;
    }
    return true;
}

/* NULL where y is not to be had from such pieces; else by entry the leaf, by its number in its piece. */
static int32_t *find_entries(Graph *g, Node *y, Node *x, const Pattern *p, bool sliced, Pieces *c)
{
    int32_t *leaf = NEW_N(g->arena, int32_t, p->count + 1);
    bool found = find_pieces(g, y, sliced, c) && find_all_leaves(g, x, p, c) && assign(c, p, leaf);
    return found ? leaf : NULL;
}

/* The derivatives of the pieces by their leaves. */
static void pull(Graph *g, Pieces *c)
{
    int first = 0;
    c->by = NEW_N(g->arena, Node *, c->nleaves);
    for (int k = 0; k < c->n; k++) {
        const Leaves *l = &c->leaves[k];
        Node *y = c->y[k], *one = expand(g, const_like(g, y, 1), y->shape);
        Node **none = NEW_N(g->arena, Node *, l->node.n + 1), **by = c->by + first;
        Walk stops = walk_nodes(g, l->node.n, l->node.at);
        if (l->node.n)
            diff_pull(g, 1, &y, &one, l->node.n, l->node.at, none, &stops, by);
        for (int m = 0; m < l->node.n; m++) {
            by[m] = by[m] ? expand(g, by[m], l->node.at[m]->shape) : zeros_like(g, l->node.at[m]);
            by[m] = reshape(g, by[m], c->shape);
        }
        first += l->node.n;
    }
}

Node *sparse_aligned(Graph *g, Node *y, Node *x, const Pattern *p)
{
    Pieces c;
    int32_t *leaf = p->count ? find_entries(g, y, x, p, false, &c) : NULL;
    if (!leaf && p->count)
        leaf = find_entries(g, y, x, p, true, &c);
    if (!leaf)
        return NULL;
    int *first = NEW_N(g->arena, int, c.n); /* leaf of a piece among those of all */
    for (int k = 1; k < c.n; k++)
        first[k] = first[k - 1] + c.leaves[k - 1].node.n;
    pull(g, &c);
    Dtype type = diff_jacobian_type(g, y, x);
    const Size *count = size_int(g, p->count), *places = size_int(g, p->rows / c.n);
    if (!is_regular(&c, p, leaf)) {
        int64_t *place = NEW_N(g->arena, int64_t, p->count);
        for (int64_t row = 0; row < p->rows; row++)
            for (int32_t e = p->row_start[row]; e < p->row_start[row + 1]; e++)
                place[e] = (first[row % c.n] + leaf[e]) * places->value + row / c.n;
        for (int k = 0; k < c.nleaves; k++)
            c.by[k] = reshape(g, c.by[k], shape_of(g, 1, &places));
        return sparse_pick(g, type, c.nleaves, c.by, p->count, place);
    }
    int width = p->row_start[c.n]; /* entries of the rows of one place */
    Node **in_order = NEW_N(g->arena, Node *, width);
    for (int k = 0; k < c.n; k++)
        for (int32_t e = p->row_start[k]; e < p->row_start[k + 1]; e++)
            in_order[e] = cast(g, c.by[first[k] + leaf[e]], type);
    return reshape(g, stack(g, width, in_order, c.shape.rank), shape_of(g, 1, &count));
}
