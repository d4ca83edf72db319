/* region.c - loops as nodes; see region.h. */
#include "region.h"
#include "cond.h"
#include "ops.h"
#include "walk.h"

const Region *region_of(const Graph *g, const Node *loop)
{
    return g->regions.at[loop->attr[0]];
}

int region_roots(Graph *g, const Region *r, Node ***out)
{
    int n = 0;
    Node **root = NEW_N(g->arena, Node *, r->ncarried + r->ncollected + 1 + r->nchecks);
    for (int k = 0; k < r->ncarried; k++)
        root[n++] = r->next[k];
    for (int k = 0; k < r->ncollected; k++)
        root[n++] = r->collected[k];
    if (r->cond)
        root[n++] = r->cond;
    for (int k = 0; k < r->nchecks; k++)
        root[n++] = r->check[k];
    *out = root;
    return n;
}

Region region_with_roots(Graph *g, const Region *r, Node *const *roots)
{
    int n = r->ncarried + r->ncollected + (r->cond != NULL) + r->nchecks;
    Node **own = NEW_N(g->arena, Node *, n + 1);
    memcpy(own, roots, sizeof *own * (size_t)n);
    Region made = *r;
    made.next = own;
    made.collected = own + r->ncarried;
    made.check = own + n - r->nchecks;
    if (r->cond)
        made.cond = own[r->ncarried + r->ncollected];
    return made;
}

static int first_id(const Region *r)
{
    int first = r->index->id;
    for (int k = 0; k < r->ncarried; k++)
        if (r->carried[k]->id < first)
            first = r->carried[k]->id;
    return first;
}

void region_inside(const Region *r, const Walk *w, bool *inside)
{
    for (int k = -1; k < r->ncarried; k++) {
        int at = walk_find(w, k < 0 ? r->index : r->carried[k]);
        if (at >= 0)
            inside[at] = true;
    }
    for (int k = 0; k < w->n; k++)
        for (int i = 0; i < w->node[k]->nin && !inside[k]; i++) {
            int at = walk_find(w, w->node[k]->in[i]);
            inside[k] = at >= 0 && inside[at];
        }
}

/* What needs no place among the captures: it is the same text everywhere. */
static bool known_anywhere(const Node *n)
{
    return n->op == OP_CONST || n->op == OP_SIZE;
}

/* The outside nodes that the body reads, ascending ids: a node of the walk that is not inside and
 * is read by one that is, or is a root itself, or is older than the placeholders and read. */
Walk region_captures(Graph *g, const Region *r)
{
    Node **root;
    int nroots = region_roots(g, r, &root);
    Walk w = walk_ancestors(g, nroots, root, first_id(r));
    bool *inside = NEW_N(g->arena, bool, w.n + 1);
    VEC(Node *) list = {0};
    region_inside(r, &w, inside);
    for (int k = -nroots; k < w.n; k++) {
        Node *const *in = k < 0 ? &root[k + nroots] : w.node[k]->in;
        int nin = k < 0 ? 1 : inside[k] ? w.node[k]->nin : 0;
        for (int i = 0; i < nin; i++) {
            int at = walk_find(&w, in[i]);
            if ((at < 0 || !inside[at]) && !known_anywhere(in[i]))
                vec_push(g->arena, &list, in[i]);
        }
    }
    return walk_nodes(g, list.n, list.at);
}

static Region *keep_region(Graph *g, const Region *r)
{
    Node **root;
    Region *own = NEW(g->arena, Region);
    region_roots(g, r, &root);
    *own = region_with_roots(g, r, root);
    Node **carried = NEW_N(g->arena, Node *, r->ncarried + 1);
    int *code = NEW_N(g->arena, int, r->nchecks + 1);
    for (int k = 0; k < r->ncarried; k++)
        carried[k] = r->carried[k];
    for (int k = 0; k < r->nchecks; k++)
        code[k] = r->check_code[k];
    own->carried = carried;
    own->check_code = code;
    return own;
}

static bool same_region(const Region *a, const Region *b)
{
    bool same = a->index == b->index && a->ncarried == b->ncarried &&
                a->ncollected == b->ncollected && a->cond == b->cond && a->reverse == b->reverse &&
                a->bound == b->bound && a->turns == b->turns && a->nchecks == b->nchecks;
    for (int k = 0; k < a->ncarried && same; k++)
        same = a->carried[k] == b->carried[k] && a->next[k] == b->next[k];
    for (int k = 0; k < a->ncollected && same; k++)
        same = a->collected[k] == b->collected[k];
    for (int k = 0; k < a->nchecks && same; k++)
        same = a->check[k] == b->check[k] && a->check_code[k] == b->check_code[k];
    return same;
}

/* Equal regions are one, so that equal loops are one node. */
int64_t region_number(Graph *g, const Region *r)
{
    for (int k = g->regions.n - 1; k >= 0; k--)
        if (same_region(g->regions.at[k], r))
            return k;
    vec_push(g->arena, &g->regions, keep_region(g, r));
    return g->regions.n - 1;
}

Node *for_loop(Graph *g, const Region *r, Node *count, Node *const *init)
{
    int n = 0;
    Walk captures = region_captures(g, r);
    Node **in = NEW_N(g->arena, Node *, 1 + r->ncarried + captures.n);
    in[n++] = count;
    for (int k = 0; k < r->ncarried; k++)
        in[n++] = init[k];
    for (int k = 0; k < captures.n; k++)
        in[n++] = captures.node[k];
    Region own = *r;
    own.turns = count;
    int64_t attr = region_number(g, &own);
    return graph_node(g, OP_FOR, n, in, T_BOOL, shape_scalar(), 1, &attr);
}

Node *part(Graph *g, Node *loop, int k)
{
    const Region *r = region_of(g, loop);
    int64_t attr = k;
    if (k == region_turns(r)) {
        if (!r->cond && node_is_const(loop_count(loop)))
            return const_int(g, T_I64, const_integer(loop_count(loop)) > 0 ? const_integer(loop_count(loop)) : 0);
        return graph_node(g, OP_PART, 1, &loop, T_I64, shape_scalar(), 1, &attr);
    }
    if (k < r->ncarried) {
        bool none = node_is_const(loop_count(loop)) && const_integer(loop_count(loop)) <= 0;
        if (none || r->next[k] == r->carried[k]) /* it is what it was */
            return loop_init(loop)[k];
        return graph_node(g, OP_PART, 1, &loop, (Dtype)r->carried[k]->dtype, r->carried[k]->shape, 1, &attr);
    }
    const Node *c = r->collected[k - r->ncarried];
    return graph_node(g, OP_PART, 1, &loop, (Dtype)c->dtype, shape_insert(g, c->shape, 0, r->bound), 1, &attr);
}

Node *loop_rebuild(Graph *g, const Node *loop, Node *const *in)
{
    const Region *r = region_of(g, loop);
    int first = 1 + r->ncarried, n = 0;
    Node **from = NEW_N(g->arena, Node *, loop->nin), **to = NEW_N(g->arena, Node *, loop->nin), **root;
    for (int i = first; i < loop->nin; i++)
        if (in[i] != loop->in[i]) {
            from[n] = loop->in[i];
            to[n++] = in[i];
        }
    int nroots = region_roots(g, r, &root);
    if (n)
        substitute(g, nroots, root, n, from, to);
    Region made = region_with_roots(g, r, root);
    return for_loop(g, &made, in[0], in + 1);
}

bool loop_has_turn(Graph *g, const Node *loop)
{
    const Size *count = node_size(g, loop_count(loop));
    if (region_of(g, loop)->cond)
        return false;
    if (node_is_const(loop_count(loop)))
        return const_integer(loop_count(loop)) > 0;
    return count && size_known_ge(g->sizes, count, size_int(g, 1));
}

/* ---- Arrays changed in one place ---- */

static Node *changed(Graph *g, Op op, Node *base, Node *u, Node *guard, int nidx, Node *const *idx,
                     const int *axes)
{
    Node *in[MAX_RANK + 3] = {base, u};
    int64_t attr[MAX_RANK + 1] = {guard != NULL};
    int n = 2;
    if (guard && node_is_const(guard)) {
        if (!const_integer(guard))
            return base;
        attr[0] = 0;
        guard = NULL;
    }
    if (guard)
        in[n++] = guard;
    for (int k = 0; k < nidx; k++) {
        in[n++] = idx[k];
        attr[k + 1] = axes[k];
    }
    return graph_node(g, op, n, in, (Dtype)base->dtype, base->shape, nidx + 1, attr);
}

Node *put(Graph *g, Node *base, Node *u, Node *guard, int nidx, Node *const *idx, const int *axes)
{
    return changed(g, OP_PUT, base, u, guard, nidx, idx, axes);
}

/* Whether one element, or a part at scalar indices, has been set to zero, at that place and nowhere else. */
static bool is_cleared(const Node *n, const Node *guard, int nidx, Node *const *idx, const int *axes)
{
    double v;
    if (n->op != OP_PUT || put_guard(n) != guard || put_indices(n) != nidx || !node_uniform(n->in[1], &v) || v != 0)
        return false;
    for (int k = 0; k < nidx; k++)
        if (put_index(n)[k] != idx[k] || n->attr[k + 1] != axes[k] || idx[k]->shape.rank)
            return false;
    return true;
}

Node *add_to(Graph *g, Node *base, Node *u, Node *guard, int nidx, Node *const *idx, const int *axes)
{
    if (node_is_value(u, 0))
        return base;
    if (g->stage && is_cleared(base, guard, nidx, idx, axes)) /* an adjoint that has moved on: the absence of a path */
        return changed(g, OP_PUT, base->in[0], expand(g, u, base->in[1]->shape), guard, nidx, idx, axes);
    return changed(g, OP_ADDTO, base, u, guard, nidx, idx, axes);
}

/* An embedding at one place of each axis that it does not fill. */
static Node *add_at_place(Graph *g, Node *a, Node *n, Node *guard, int nidx, const int *axes)
{
    Node *idx[MAX_RANK], *u = n->in[0];
    const Size *dim[MAX_RANK];
    int m = 0;
    for (int i = 0, k = 0; i < n->shape.rank; i++)
        if (k < nidx && axes[k] == i)
            idx[k++] = size_node(g, move_start(g, n, i));
        else
            dim[m++] = n->shape.dim[i];
    return add_to(g, a, reshape(g, u, shape_of(g, m, dim)), guard, nidx, idx, axes);
}

/* An embedding as indices of those axes that it does not fill. */
static Node *add_embedded(Graph *g, Node *a, Node *n, Node *guard)
{
    int rank = n->shape.rank, axes[MAX_RANK], perm[MAX_RANK], nidx = 0, m = 0;
    Node *idx[MAX_RANK], *u = n->in[0];
    bool place = true;
    for (int i = 0; i < rank; i++)
        if (move_start(g, n, i)->n || move_step(n, i) != 1 || u->shape.dim[i] != n->shape.dim[i]) {
            place &= u->shape.dim[i]->is_const && u->shape.dim[i]->value == 1;
            axes[nidx++] = i;
        }
    if (nidx && place)
        return add_at_place(g, a, n, guard, nidx, axes);
    for (int k = 0; k < nidx; k++) {
        const Size *dim[MAX_RANK];
        for (int j = 0; j < nidx; j++)
            dim[j] = j == k ? u->shape.dim[axes[k]] : size_int(g, 1);
        Node *at = pw2(g, OP_MUL, iota(g, dim[k]), const_int(g, T_I64, move_step(n, axes[k])));
        at = pw2(g, OP_ADD, at, size_node(g, move_start(g, n, axes[k])));
        idx[k] = reshape(g, at, shape_of(g, nidx, dim));
        perm[m++] = axes[k];
    }
    for (int i = 0; i < rank; i++) {
        bool indexed = false;
        for (int k = 0; k < nidx; k++)
            indexed |= axes[k] == i;
        if (!indexed)
            perm[m++] = i;
    }
    return nidx ? add_to(g, a, permute(g, u, perm), guard, nidx, idx, axes) : NULL;
}

Node *add_in_place(Graph *g, Node *a, Node *D)
{
    Node *guard = NULL;
    int axes[MAX_RANK];
    while (D->op == OP_SELECT && !D->in[0]->shape.rank && (node_is_value(D->in[1], 0) || node_is_value(D->in[2], 0))) {
        bool neg = node_is_value(D->in[1], 0);
        Node *c = neg ? pw1(g, OP_NOT, D->in[0]) : D->in[0];
        guard = guard ? both_hold(g, guard, c) : c;
        D = D->in[neg ? 2 : 1];
    }
    if (!shape_equal(a->shape, D->shape))
        return NULL;
    if (D->op == OP_PAD)
        return add_embedded(g, a, D, guard);
    if (D->op != OP_SCATTER)
        return NULL;
    for (int k = 0; k < D->nattr; k++)
        axes[k] = (int)D->attr[k];
    return add_to(g, a, D->in[0], guard, D->nattr, D->in + 1, axes);
}
