/* optimise.c - see optimise.h. Needs a graph with all derivatives taken; keeps its meaning, shapes
 * and types. */
#include "optimise.h"
#include "ops.h"
#include "region.h"

#include <math.h>

enum { MAX_POWER = 16 };

/* ---- Powers ---- */

/* a^n by squaring, n >= 1. */
static Node *power(Graph *g, Node *a, int n)
{
    Node *r = NULL;
    for (; n; n /= 2) {
        if (n % 2)
            r = r ? pw2(g, OP_MUL, r, a) : a;
        if (n > 1)
            a = pw2(g, OP_MUL, a, a);
    }
    return r;
}

static Node *expand_power(Graph *g, Node *a, Node *b, Shape s)
{
    double v;
    if (!node_uniform(b, &v) || v != floor(v) || fabs(v) > MAX_POWER)
        return NULL;
    if (v < 1 && (v == 0 || !dtype_is_real((Dtype)a->dtype)))
        return NULL;
    Node *r = power(g, a, (int)fabs(v));
    if (v < 0)
        r = pw2(g, OP_DIV, const_like(g, a, 1), r);
    return shape_equal(r->shape, s) ? r : expand(g, r, s);
}

/* ---- Contractions ---- */

static bool is_one(const Size *s)
{
    return s->is_const && s->value == 1;
}

/* The operand of a product without the axes that it is only broadcast along. live[i]: axis i of the
 * product varies in it. */
static Node *bare(Graph *g, Node *x, Shape s, bool *live)
{
    while (x->op == OP_EXPAND)
        x = x->in[0];
    int lead = s.rank - x->shape.rank;
    const Size *dim[MAX_RANK];
    int n = 0;
    for (int i = 0; i < s.rank; i++) {
        live[i] = i >= lead && !(is_one(x->shape.dim[i - lead]) && !is_one(s.dim[i]));
        if (live[i])
            dim[n++] = x->shape.dim[i - lead];
    }
    return reshape(g, x, shape_of(g, n, dim));
}

/* sum(a * b) where each operand has an axis of the result that the other lacks is a matrix
 * product. A sum over axes that both share entirely stays a reduction, which fuses. */
static Node *recognise(Graph *g, Node *sum)
{
    Node *p = sum->in[0];
    if (p->op != OP_MUL && p->op != OP_SCALE)
        return NULL;
    if (!dtype_is_real((Dtype)p->dtype))
        return NULL;
    bool live[2][MAX_RANK];
    Node *x[2];
    for (int k = 0; k < 2; k++)
        x[k] = bare(g, p->in[k], p->shape, live[k]);
    bool only[2] = {false, false};
    int label[2][MAX_RANK], n[2] = {0, 0}, out[MAX_RANK], nout = 0;
    for (int i = 0; i < p->shape.rank; i++) {
        bool kept = !reduces_axis(sum, i);
        if (kept) {
            if (!live[0][i] && !live[1][i])
                return NULL;
            only[0] |= live[0][i] && !live[1][i];
            only[1] |= live[1][i] && !live[0][i];
            out[nout++] = i;
        } else if (!live[0][i] || !live[1][i]) {
            return NULL; /* a sum of one operand alone: taken before the product it is cheaper */
        }
        for (int k = 0; k < 2; k++)
            if (live[k][i])
                label[k][n[k]++] = i;
    }
    if (!only[0] || !only[1])
        return NULL;
    return contract(g, x[0], label[0], x[1], label[1], nout, out);
}

/* The reverse: a contraction with no axis of its own on one side (a dot product, row by row), that
 * sums nothing (an outer product), or of integers, is a sum that fuses with what surrounds it. */
static Node *as_reduction(Graph *g, const Node *n, Node *const *in)
{
    const int64_t *la = contract_labels(n, 0), *lb = contract_labels(n, 1), *lo = contract_labels(n, 2);
    int ra = in[0]->shape.rank, rb = in[1]->shape.rank, rank = n->shape.rank;
    int all[2 * MAX_RANK], nall = 0, axes[MAX_RANK], naxes = 0;
    bool own[2] = {false, false};
    for (int i = 0; i < rank; i++) {
        bool a = false, b = false;
        for (int k = 0; k < ra; k++)
            a |= la[k] == lo[i];
        for (int k = 0; k < rb; k++)
            b |= lb[k] == lo[i];
        own[0] |= a && !b;
        own[1] |= b && !a;
        all[nall++] = (int)lo[i];
    }
    for (int k = 0; k < ra; k++) {
        bool summed = true;
        for (int i = 0; i < rank; i++)
            summed &= lo[i] != la[k];
        if (summed) {
            axes[naxes++] = nall;
            all[nall++] = (int)la[k];
        }
    }
    if (nall > MAX_RANK || (naxes && dtype_is_real((Dtype)n->dtype) && (own[0] || own[1])))
        return NULL;
    Node *x[2];
    for (int k = 0; k < 2; k++) {
        const int64_t *l = k ? lb : la;
        int perm[MAX_RANK], r = 0;
        const Size *dim[MAX_RANK];
        for (int i = 0; i < nall; i++) {
            dim[i] = size_int(g, 1);
            for (int j = 0; j < in[k]->shape.rank; j++)
                if (l[j] == all[i]) {
                    perm[r++] = j;
                    dim[i] = in[k]->shape.dim[j];
                }
        }
        x[k] = reshape(g, permute(g, in[k], perm), shape_of(g, nall, dim));
    }
    Node *p = pw2(g, OP_MUL, x[0], x[1]);
    return naxes ? reduce(g, OP_SUM, p, naxes, axes) : p;
}

static bool all_small(const Node *n, int limit)
{
    int64_t count = 1;
    for (int i = 0; i < n->shape.rank; i++) {
        if (!n->shape.dim[i]->is_const || n->shape.dim[i]->value > limit)
            return false;
        count *= n->shape.dim[i]->value;
    }
    return count <= 16 * (int64_t)limit;
}

static Node *rewrite(Graph *g, const CompileOptions *o, Node *n, Node *const *in)
{
    Node *r = NULL;
    if (n->op == OP_STOP || n->op == OP_CHECKPOINT || n->op == OP_OWN) /* they have had their say */
        return in[0];
    if (n->op == OP_POW)
        r = expand_power(g, in[0], in[1], n->shape);
    if (n->op == OP_CONTRACT && !(all_small(in[0], o->unroll) && all_small(in[1], o->unroll) && all_small(n, o->unroll)))
        r = as_reduction(g, n, in);
    if (r)
        return r;
    r = rebuild(g, n, in);
    if (r->op == OP_SUM && o->level > 1) {
        Node *c = recognise(g, r);
        if (c)
            r = c;
    }
    return r;
}

static void optimise_roots(Graph *g, const CompileOptions *o, int nroots, Node **roots, const Walk *stops);

/* A loop on other inputs, its body rewritten; what it reads from outside has been already. */
static Node *optimise_loop(Graph *g, const CompileOptions *o, const Node *n, Node *const *in)
{
    Node *moved = loop_rebuild(g, n, in), **roots;
    const Region *r = region_of(g, moved);
    int first = 1 + r->ncarried, nroots = region_roots(g, r, &roots);
    Walk captures = walk_nodes(g, moved->nin - first, moved->in + first);
    optimise_roots(g, o, nroots, roots, &captures);
    Region made = region_with_roots(g, r, roots);
    return for_loop(g, &made, loop_count(moved), loop_init(moved));
}

/* Nothing is rewritten behind the nodes of `stops`. */
static void optimise_roots(Graph *g, const CompileOptions *o, int nroots, Node **roots, const Walk *stops)
{
    Walk w = stops ? walk_between(g, nroots, roots, stops) : walk_ancestors(g, nroots, roots, 0);
    Node **image = NEW_N(g->arena, Node *, w.n + 1);
    for (int i = 0; i < w.n; i++) {
        Node *n = w.node[i];
        image[i] = n;
        if (stops && walk_find(stops, n) >= 0)
            continue;
        Node *small[8], **in = n->nin <= 8 ? small : NEW_N(g->arena, Node *, n->nin);
        for (int k = 0; k < n->nin; k++)
            in[k] = image[walk_find(&w, n->in[k])];
        Span here = g->here;
        g->here = n->span;
        image[i] = n->op == OP_FOR ? optimise_loop(g, o, n, in) : rewrite(g, o, n, in);
        if (n->name && !image[i]->name && image[i]->op != OP_CONST)
            image[i]->name = n->name;
        g->here = here;
    }
    for (int i = 0; i < nroots; i++)
        roots[i] = image[walk_find(&w, roots[i])];
}

void optimise(Function *f, const CompileOptions *o)
{
    Node **roots;
    int n = function_roots(f->graph->arena, f, &roots);
    optimise_roots(f->graph, o, n, roots, NULL);
    function_set_roots(f, roots);
}
