/* sparse_aligned.c - Jacobians of what is element-wise in shifted or gathered copies of x: residuals of
 * stencils, u[i-1], u[i], u[i+1].
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

/* The leaf that gives entry (row, column): the only one, or -1. */
static int leaf_of(const Leaves *l, int64_t row, int32_t column)
{
    int found = -1;
    for (int k = 0; k < l->node.n; k++) {
        const Pattern *p = &l->from[k];
        int32_t at = p->row_start[row];
        if (at == p->row_start[row + 1] || p->column[at] != column)
            continue;
        if (found >= 0)
            return -1;
        found = k;
    }
    return found;
}

/* The leaf of each entry of p; false where one has none, or more than one. */
static bool assign(const Leaves *l, const Pattern *p, int32_t *leaf)
{
    for (int k = 0; k < l->node.n; k++)
        for (int64_t i = 0; i < p->rows; i++)
            if (l->from[k].row_start[i + 1] - l->from[k].row_start[i] > 1)
                return false; /* an index of the run chooses */
    for (int64_t i = 0; i < p->rows; i++)
        for (int32_t e = p->row_start[i]; e < p->row_start[i + 1]; e++)
            if ((leaf[e] = leaf_of(l, i, p->column[e])) < 0)
                return false;
    return true;
}

/* Every row has its entries from the same leaves in the same order. */
static bool is_regular(const Pattern *p, const int32_t *leaf)
{
    int32_t n = p->row_start[1];
    for (int64_t i = 0; i < p->rows; i++)
        if (p->row_start[i + 1] - p->row_start[i] != n ||
            memcmp(leaf + p->row_start[i], leaf, sizeof *leaf * (size_t)n) != 0)
            return false;
    return true;
}

Node *sparse_aligned(Graph *g, Node *y, Node *x, const Pattern *p)
{
    enum { LEAVES = 64 };
    Leaves l = {.node = {0}};
    if (!p->count || !find_leaves(g, y, x, &l) || l.node.n > LEAVES)
        return NULL;
    int n = l.node.n;
    l.from = NEW_N(g->arena, Pattern, n);
    int32_t *leaf = NEW_N(g->arena, int32_t, p->count);
    if (!pattern_find(g, n, l.node.at, x, l.from) || !assign(&l, p, leaf))
        return NULL;
    Node *one = expand(g, const_like(g, y, 1), y->shape);
    Node **none = NEW_N(g->arena, Node *, n), **by = NEW_N(g->arena, Node *, n);
    Walk stops = walk_nodes(g, n, l.node.at);
    const Size *flat = size_int(g, p->rows);
    diff_pull(g, 1, &y, &one, n, l.node.at, none, &stops, by);
    for (int k = 0; k < n; k++)
        by[k] = by[k] ? expand(g, by[k], l.node.at[k]->shape) : zeros_like(g, l.node.at[k]);
    Dtype type = diff_jacobian_type(g, y, x);
    if (!is_regular(p, leaf)) {
        for (int k = 0; k < n; k++)
            by[k] = reshape(g, by[k], shape_of(g, 1, &flat));
        int64_t *place = NEW_N(g->arena, int64_t, p->count);
        for (int64_t i = 0; i < p->rows; i++)
            for (int32_t e = p->row_start[i]; e < p->row_start[i + 1]; e++)
                place[e] = leaf[e] * p->rows + i;
        return sparse_pick(g, type, n, by, p->count, place);
    }
    int width = p->row_start[1];
    Node **in_order = NEW_N(g->arena, Node *, width);
    const Size *all = size_int(g, p->count);
    for (int e = 0; e < width; e++)
        in_order[e] = cast(g, reshape(g, by[leaf[e]], y->shape), type);
    return reshape(g, stack(g, width, in_order, y->shape.rank), shape_of(g, 1, &all));
}
