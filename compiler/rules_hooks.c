/* rules_hooks.c - replacements of rewrite rules that need axes, the value of a constant,
 * or a look behind what they match.
 *
 * A rule of ops.def calls one by name: `log(sum(exp(a))) -> logsumexp(a)`. */
#include "rules_impl.h"

#include <float.h>
#include <math.h>

/* ---- Exponentials under a sum ---- */

static int reduced_axes(const Node *sum, int *axes)
{
    for (int i = 0; i < sum->nattr; i++)
        axes[i] = (int)sum->attr[i];
    return sum->nattr;
}

/* The result of a reduction of x along the axes of `sum`, which are kept with size 1. */
static Node *kept(Graph *g, Node *reduced, const Node *x, const Node *sum)
{
    const Size *dim[MAX_RANK];
    for (int i = 0; i < x->shape.rank; i++)
        dim[i] = reduces_axis(sum, i) ? size_int(g, 1) : x->shape.dim[i];
    return reshape(g, reduced, shape_of(g, x->shape.rank, dim));
}

/* x less something that does not exceed its maximum by far: the exponentials are safe already. */
static bool is_shifted(const Node *x)
{
    if (x->op != OP_SUB)
        return false;
    const Node *m = x->in[1];
    while (m->op == OP_RESHAPE || m->op == OP_EXPAND || m->op == OP_STOP)
        m = m->in[0];
    if (m->op == OP_SELECT)
        m = m->in[1];
    while (m->op == OP_RESHAPE || m->op == OP_EXPAND || m->op == OP_STOP)
        m = m->in[0];
    return m->op == OP_MAXR && m->in[0] == x->in[0];
}

/* The maximum over the axes of `sum` as a constant of the derivative, 0 where it is not finite:
 * inf - inf must not make a nan of a result that is inf. */
static Node *shift_of(Graph *g, Node *x, const Node *sum)
{
    int axes[MAX_RANK], n = reduced_axes(sum, axes);
    Node *m = reduce(g, OP_MAXR, x, n, axes);
    m = pw3(g, OP_SELECT, pw1(g, OP_ISFINITE, m), m, const_like(g, x, 0));
    return pw1(g, OP_STOP, m);
}

/* log(sum(exp(x))) = m + log(sum(exp(x - m))) */
static Node *logsumexp(Graph *g, const Match *match, Node *const *arg)
{
    Node *x = arg[0], *sum = match->reduction[0], *view = match->view[0];
    if (is_shifted(x))
        return NULL;
    int axes[MAX_RANK], n = reduced_axes(sum, axes);
    Node *m = shift_of(g, x, sum);
    Node *e = pw1(g, OP_EXP, pw2(g, OP_SUB, x, kept(g, m, x, sum)));
    Node *r = pw2(g, OP_ADD, pw1(g, OP_LOG, reduce(g, OP_SUM, e, n, axes)), m);
    return reshape(g, r, view->shape);
}

/* Whether a reduction of x, seen as `view`, meets the elements of x that it was made of when the
 * two are broadcast. */
static bool aligned(const Node *view, const Node *x, const Node *sum)
{
    int lead = x->shape.rank - view->shape.rank;
    for (int i = 0; i < x->shape.rank; i++) {
        const Size *d = i >= lead ? view->shape.dim[i - lead] : NULL;
        bool one = !d || (d->is_const && d->value == 1);
        if (reduces_axis(sum, i) ? !one : d != x->shape.dim[i])
            return false;
    }
    return lead >= 0;
}

/* exp(x)/sum(exp(x)) = exp(x - m)/sum(exp(x - m)) */
static Node *softmax(Graph *g, const Match *match, Node *const *arg)
{
    Node *x = arg[0], *sum = match->reduction[0];
    if (is_shifted(x) || !aligned(match->view[0], x, sum))
        return NULL;
    int axes[MAX_RANK], n = reduced_axes(sum, axes);
    Node *e = pw1(g, OP_EXP, pw2(g, OP_SUB, x, kept(g, shift_of(g, x, sum), x, sum)));
    return pw2(g, OP_DIV, e, kept(g, reduce(g, OP_SUM, e, n, axes), x, sum));
}

/* ---- Constants ---- */

static bool is_power_of_two(double v)
{
    int exponent;
    return isnormal(v) && fabs(frexp(v, &exponent)) == 0.5;
}

/* Whether v is a number of type t with all its bits. */
static bool is_safe(double v, int t)
{
    double low = t == T_F32 ? FLT_MIN : DBL_MIN, high = t == T_F32 ? FLT_MAX : DBL_MAX;
    return fabs(v) >= low && fabs(v) <= high;
}

/* k*m, where multiplying by the product rounds as multiplying by the one and then the other. */
static Node *merged(Graph *g, const Match *match, Node *const *arg)
{
    (void)match;
    double k, m;
    if (!node_uniform(arg[0], &k) || !node_uniform(arg[1], &m) || !is_safe(k * m, arg[0]->dtype))
        return NULL;
    if (!g->fast_math && !is_power_of_two(k) && !is_power_of_two(m))
        return NULL;
    return const_like(g, arg[0], k * m);
}

/* 1/k, where that is exact. */
static Node *reciprocal(Graph *g, const Match *match, Node *const *arg)
{
    (void)match;
    double k;
    if (!node_uniform(arg[0], &k) || !is_safe(1 / k, arg[0]->dtype))
        return NULL;
    return g->fast_math || is_power_of_two(k) ? const_like(g, arg[0], 1 / k) : NULL;
}

/* ---- Masked sums ---- */

static bool is_zero(const Node *n)
{
    double v;
    return node_uniform(n, &v) && v == 0;
}

static bool is_masked_sum(const Node *n)
{
    if (n->op != OP_ADD)
        return false;
    for (int i = 0; i < 2; i++)
        if (n->in[i]->op != OP_SELECT || (!is_zero(n->in[i]->in[1]) && !is_zero(n->in[i]->in[2])))
            return is_masked_sum(n->in[i]);
    return true;
}

/* (c ? a : 0) + (d ? b : 0), times x where it is not zero for certain. Where a or b is such a sum
 * itself the product goes around it as a whole: if it went to each term, what a chain of n maxima
 * has as its derivative would have 2^n of them. */
static Node *masked_product(Graph *g, const Match *match, Node *const *arg)
{
    (void)match;
    Node *first = arg[0], *second = arg[1], *x = arg[2];
    if (first->op != OP_SELECT || second->op != OP_SELECT)
        return NULL;
    if (is_masked_sum(first->in[1]) || is_masked_sum(second->in[1])) {
        Node *any = pw2(g, OP_OR, first->in[0], second->in[0]), *sum = pw2(g, OP_ADD, first, second);
        return pw3(g, OP_SELECT, any, pw2(g, OP_MUL, sum, x), const_like(g, sum, 0));
    }
    first = pw2(g, OP_SCALE, first, x);
    second = pw2(g, OP_SCALE, second, x);
    return pw2(g, OP_ADD, first, second);
}

static const struct {
    const char *name;
    RuleHook *hook;
} hooks[] = {
    {"logsumexp", logsumexp},
    {"softmax", softmax},
    {"merged", merged},
    {"reciprocal", reciprocal},
    {"masked_product", masked_product},
};

RuleHook *rule_hook_find(const char *name)
{
    for (int i = 0; i < ARRAY_LEN(hooks); i++)
        if (!strcmp(hooks[i].name, name))
            return hooks[i].hook;
    return NULL;
}
