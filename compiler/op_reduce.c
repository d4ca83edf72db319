/* op_reduce.c - hooks of the reductions: sum, prod, max and min over axes; any, all, argmax, argmin
 * have no derivative and are only batched. */
#include "ops.h"

/* The axes of a reduction, ascending. */
static int reduced_axes(const Node *n, int *axes)
{
    for (int i = 0; i < n->nattr; i++)
        axes[i] = (int)n->attr[i];
    return n->nattr;
}

/* A node shaped as the result, with the reduced axes back at size 1: it broadcasts over the
 * operand. */
static Node *keep_axes(Graph *g, const Node *n, Node *x)
{
    Shape s = n->in[0]->shape;
    const Size *dim[MAX_RANK];
    for (int i = 0; i < s.rank; i++)
        dim[i] = reduces_axis(n, i) ? size_int(g, 1) : s.dim[i];
    return reshape(g, x, shape_of(g, s.rank, dim));
}

Node *sum_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    return expand(g, keep_axes(g, n, D), n->in[0]->shape);
}

/* x moved by one along its last axis: result[i] = x[i - 1], or x[i + 1]; 0 comes in. */
static Node *shifted(Graph *g, Node *x, bool up)
{
    int last = x->shape.rank - 1;
    const Size *n = x->shape.dim[last], *start[MAX_RANK], *dim[MAX_RANK];
    int64_t step[MAX_RANK];
    for (int i = 0; i <= last; i++) {
        start[i] = size_int(g, i == last && up);
        step[i] = 1;
        dim[i] = i == last ? size_add(g->sizes, n, size_int(g, 1)) : x->shape.dim[i];
    }
    x = pad(g, x, start, step, shape_of(g, last + 1, dim)); /* one longer: right for n = 0 too */
    return slice_axis(g, x, last, size_int(g, !up), 1, n);
}

/* The product of what stands before (after) each element along the last axis, itself left out:
 * e_i = x_{i-1} e_{i-1}, e_0 = 1, a linear recurrence. */
static Node *product_before(Graph *g, Node *x, bool after)
{
    int axis = x->shape.rank - 1;
    const Size *n = x->shape.dim[axis];
    Node *end =
        after ? size_node(g, size_sub(g->sizes, n, size_int(g, 1))) : const_int(g, T_I64, 0);
    Node *at_end = pw2(g, OP_EQ, iota(g, n), end);
    Node *one = pw3(g, OP_SELECT, at_end, const_like(g, x, 1), const_like(g, x, 0));
    Node *before = shifted(g, x, !after);
    return linrec(g, before, expand(g, one, x->shape), axis, after);
}

/* The reduced axes last and flattened to one, or (undo) back again. */
static Node *flatten_reduced(Graph *g, const Node *n, Node *x, bool undo)
{
    Shape s = n->in[0]->shape;
    int perm[MAX_RANK], inverse[MAX_RANK], m = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < s.rank; i++)
            if (reduces_axis(n, i) == (pass == 1))
                perm[m++] = i;
    const Size *dim[MAX_RANK], *flat[MAX_RANK + 1], *count = size_int(g, 1);
    int kept = s.rank - n->nattr;
    for (int i = 0; i < s.rank; i++) {
        dim[i] = s.dim[perm[i]];
        inverse[perm[i]] = i;
        if (i < kept)
            flat[i] = dim[i];
        else
            count = size_mul(g->sizes, count, dim[i]);
    }
    flat[kept] = count;
    if (undo)
        return permute(g, reshape(g, x, shape_of(g, s.rank, dim)), inverse);
    return reshape(g, permute(g, x, perm), shape_of(g, kept + 1, flat));
}

/* Every element times the product of all others: no division, so zeros are no special case, at any
 * order and in linear time. */
Node *prod_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    Node *x = flatten_reduced(g, n, n->in[0], false);
    Node *left = product_before(g, x, false), *right = product_before(g, x, true);
    Node *others = pw2(g, OP_MUL, left, right), *each = sum_vjp(g, n, 0, D);
    return pw2(g, OP_SCALE, each, flatten_reduced(g, n, others, true));
}

/* The elements that attain the extremum share D evenly. Where the extremum is a nan, the nans do:
 * max and min give a nan only where there is one. */
Node *extremum_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    Node *x = n->in[0];
    int axes[MAX_RANK], naxes = reduced_axes(n, axes);
    Node *attains = pw2(g, OP_EQ, x, keep_axes(g, n, n));
    Node *mask = pw2(g, OP_OR, attains, pw1(g, OP_ISNAN, x));
    Node *ties =
        reduce(g, OP_SUM, cast(g, expand(g, mask, x->shape), (Dtype)x->dtype), naxes, axes);
    Node *share = keep_axes(g, n, pw2(g, OP_DIV, D, ties));
    return expand(g, pw3(g, OP_SELECT, mask, share, const_like(g, x, 0)), x->shape);
}

/* For r = f(x) where each element of x goes into one element of r: the partial derivatives are what
 * the reverse mode makes of ones, and the tangent is their sum with those of x as weights. */
Node *jvp_from_vjp(Graph *g, Node *n, Node *const *t)
{
    int axes[MAX_RANK], naxes = reduced_axes(n, axes);
    Node *ones = expand(g, const_like(g, n, 1), n->shape);
    Node *partial = op_info(n)->vjp(g, n, 0, ones), *zero = const_like(g, n, 0);
    Node *p = partial->op == OP_EXPAND ? partial->in[0] : partial;
    Node *x = p->op == OP_SELECT && node_is_value(p->in[2], 0)
                  ? pw3(g, OP_SELECT, p->in[0], pw2(g, OP_SCALE, t[0], p->in[1]), zero)
                  : pw2(g, OP_SCALE, t[0], partial);
    return reduce(g, OP_SUM, expand(g, x, n->in[0]->shape), naxes, axes);
}

Node *reduce_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    (void)batched, (void)count;
    int axes[MAX_RANK], naxes = reduced_axes(n, axes);
    for (int i = 0; i < naxes; i++)
        axes[i]++;
    return reduce(g, (Op)n->op, in[0], naxes, axes);
}
