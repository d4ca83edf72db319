/* op_own.c - values whose function states its own rule: fn f(x) = ... derivative (x, y, dy) = ...
 *
 * An OWN node has the value y and, behind it, the x that the rule is for and what else the rule
 * reads. The rule is kept as a region (region.h) that no loop runs: its placeholders are the x, y
 * and dy, what it collects are the cotangents of the x. Reverse mode puts the node's inputs, the
 * node and its adjoint in their place. For forward mode the rule is transposed: it is linear in dy,
 * so the tangent is the gradient by dy of the sum of <cotangent of x, tangent of x>. Either is made
 * of the rule's own text, and so are the derivatives that follow. */
#include "batch.h"
#include "diff.h"
#include "ops.h"
#include "region.h"
#include "walk.h"

/* The number of x. */
static int own_count(const Node *n)
{
    return (int)n->attr[1];
}

static const Region *rule_of(const Graph *g, const Node *n)
{
    return g->regions.at[n->attr[0]];
}

Node *own(Graph *g, Node *y, int nx, Node *const *x, const Region *rule)
{
    Walk captures = region_captures(g, rule);
    Node **in = NEW_N(g->arena, Node *, 1 + nx + captures.n);
    int n = 0;
    in[n++] = y;
    for (int k = 0; k < nx; k++)
        in[n++] = x[k];
    for (int k = 0; k < captures.n; k++)
        in[n++] = captures.node[k];
    int64_t attr[2] = {region_number(g, rule), nx};
    return graph_node(g, OP_OWN, n, in, (Dtype)y->dtype, y->shape, 2, attr);
}

Node *own_rebuild(Graph *g, const Node *n, Node *const *in)
{
    int first = 1 + own_count(n), changed = 0;
    Node **from = NEW_N(g->arena, Node *, n->nin), **to = NEW_N(g->arena, Node *, n->nin), **root;
    for (int i = first; i < n->nin; i++)
        if (in[i] != n->in[i]) {
            from[changed] = n->in[i];
            to[changed++] = in[i];
        }
    int nroots = region_roots(g, rule_of(g, n), &root);
    if (changed)
        substitute(g, nroots, root, changed, from, to);
    Region rule = region_with_roots(g, rule_of(g, n), root);
    return own(g, in[0], own_count(n), in + 1, &rule);
}

bool own_edge(const Node *n, int i)
{
    return i > 0 && i <= own_count(n);
}

/* The cotangents of the x where that of n is D. */
static Node **cotangents(Graph *g, Node *n, Node *D)
{
    const Region *rule = rule_of(g, n);
    int nx = own_count(n);
    Node **to = NEW_N(g->arena, Node *, nx + 2), **root = NEW_N(g->arena, Node *, nx + 1);
    for (int k = 0; k < nx; k++) {
        to[k] = n->in[1 + k];
        root[k] = rule->collected[k];
    }
    to[nx] = n;
    to[nx + 1] = D;
    substitute(g, nx, root, nx + 2, rule->carried, to);
    return root;
}

Node *own_vjp(Graph *g, Node *n, int i, Node *D)
{
    return own_edge(n, i) ? cotangents(g, n, D)[i - 1] : NULL;
}

Node *own_jvp(Graph *g, Node *n, Node *const *t)
{
    Node *u = placeholder(g, (Dtype)n->dtype, n->shape), **c = cotangents(g, n, u), *sum = NULL, *r;
    for (int k = 0; k < own_count(n); k++) {
        if (!t[1 + k])
            continue;
        Node *term = reduce_all(g, OP_SUM, pw2(g, OP_MUL, c[k], t[1 + k]));
        sum = sum ? pw2(g, OP_ADD, sum, term) : term;
    }
    if (!sum || diff_vjp(g, sum, NULL, 1, &u, true, &r).fault != DIFF_OK)
        return NULL;
    Node *zero = zeros_like(g, u); /* what is left of dy in a rule that is not linear */
    substitute(g, 1, &r, 1, &u, &zero);
    return r;
}

Node *own_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    const Region *rule = rule_of(g, n);
    int nx = own_count(n), m = nx + 2, holes = m;
    Node **root = NEW_N(g->arena, Node *, nx + 1), **all = NEW_N(g->arena, Node *, nx + 1);
    Node **hole = NEW_N(g->arena, Node *, m + n->nin), **value = NEW_N(g->arena, Node *, m + n->nin);
    Node **carried = NEW_N(g->arena, Node *, m);
    for (int k = 0; k < m; k++) {
        hole[k] = rule->carried[k];
        value[k] = carried[k] = placeholder(g, (Dtype)hole[k]->dtype, shape_insert(g, hole[k]->shape, 0, count));
    }
    for (int k = 0; k < nx; k++)
        root[k] = rule->collected[k];
    for (int i = 1 + nx; i < n->nin; i++) {
        if (!batched[i])
            continue;
        hole[holes] = placeholder(g, (Dtype)n->in[i]->dtype, n->in[i]->shape);
        value[holes] = in[i];
        substitute(g, nx, root, 1, &n->in[i], &hole[holes]);
        holes++;
    }
    batch(g, nx, root, holes, hole, value, count);
    for (int k = 0; k <= nx; k++)
        all[k] = batched[k] ? in[k] : expand(g, in[k], shape_insert(g, in[k]->shape, 0, count));
    Region made = {.index = placeholder(g, T_I64, shape_scalar()),
                   .ncarried = m, .carried = carried, .next = carried, .ncollected = nx, .collected = root};
    return own(g, all[0], nx, all + 1, &made);
}
