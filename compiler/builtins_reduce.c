/* builtins_reduce.c - reductions, and what is made of them: means, norms, softmax, scans, sorting. */
#include "eval.h"

#include <math.h>

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* Size 1 at the reduced axes of `whole`. */
static Value keep_axes(Elab *E, Value r, Shape whole, int n, const int *axes)
{
    const Size *dim[MAX_RANK];
    for (int i = 0; i < whole.rank; i++)
        dim[i] = whole.dim[i];
    for (int i = 0; i < n; i++)
        dim[axes[i]] = size_int(E->g, 1);
    return tensor(E, reshape(E->g, r.node, shape_of(E->g, whole.rank, dim)), r.origin);
}

/* As NumPy does: sums of small integers are i64; any and all take numbers as "not zero". */
static Value reduce_operand(Elab *E, Op op, Value x)
{
    Dtype t = (Dtype)x.node->dtype;
    if ((op == OP_SUM || op == OP_PROD) && t < T_I64)
        return tensor(E, cast(E->g, x.node, T_I64), x.origin);
    if ((op == OP_ANY || op == OP_ALL) && t != T_BOOL)
        return tensor(E, pw2(E->g, OP_NE, x.node, const_like(E->g, x.node, 0)), FIXED);
    if ((op == OP_MAXR || op == OP_MINR) && t == T_BOOL)
        return tensor(E, cast(E->g, x.node, T_I64), x.origin);
    return x;
}

Value reduce_value(Elab *E, Op op, Span span, Value x, int n, const int *axes, bool keep)
{
    if (!want_tensor(E, x, span, arena_printf(E->arena, "the argument of %s", op_table[op].name)))
        return bad();
    bool order = op == OP_MAXR || op == OP_MINR || op == OP_ARGMAX || op == OP_ARGMIN;
    Shape s = x.node->shape;
    for (int i = 0; order && i < n; i++)
        if (s.dim[axes[i]]->is_const && !s.dim[axes[i]]->value)
            return fail(E, span, "axis %d has no element to choose from: the shape is %s", axes[i],
                        shape_says(E, s));
    E->g->here = span;
    x = reduce_operand(E, op, x);
    Node *r = n || op == OP_ARGMAX || op == OP_ARGMIN ? reduce(E->g, op, x.node, n, axes) : x.node;
    Origin o = r->dtype == T_I64 && (op == OP_ARGMAX || op == OP_ARGMIN) ? FIXED : x.origin;
    Value v = tensor(E, r, o);
    return keep ? keep_axes(E, v, s, n, axes) : v;
}

/* ---- Arguments that most of them share: x axis? keep? ---- */

typedef struct Axes {
    int n, axes[MAX_RANK];
    bool keep;
} Axes;

static bool read_axes(Elab *E, Call *c, int at, Axes *out)
{
    out->keep = false;
    return want_tensor(E, c->arg[0], c->at[0], "the argument") &&
           want_axes(E, c->arg[at], c->at[at], c->arg[0].node->shape.rank, &out->n, out->axes) &&
           (!given(c->arg[at + 1]) ||
            want_bool(E, c->arg[at + 1], c->at[at + 1], &out->keep, "keep"));
}

static Value run_reduce(Elab *E, Call *c)
{
    Axes a;
    if (!read_axes(E, c, 1, &a))
        return bad();
    return reduce_value(E, (Op)c->builtin->extra, c->span, c->arg[0], a.n, a.axes, a.keep);
}

/* max and min: of one tensor, or element by element of two and more. */
static Value run_extremum(Elab *E, Call *c)
{
    bool max = c->builtin->extra == OP_MAXR;
    const Value *v = c->rest;
    int n = c->nrest;
    if (n == 1 && v->kind == VAL_TUPLE && v->n) {
        n = v->n;
        v = v->item;
    } else if (n == 1) {
        c->arg[0] = v[0];
        c->at[0] = c->rest_at[0];
        return run_reduce(E, c);
    }
    if (given(c->arg[1]) || given(c->arg[2]))
        return fail(E, c->span, "%s of several values works element by element and takes no axis",
                    c->builtin->name);
    Value r = v[0];
    for (int i = 1; i < n && !is_error(r); i++)
        r = apply2(E, max ? OP_MAX : OP_MIN, c->span, r, v[i]);
    return r;
}

static Value run_arg(Elab *E, Call *c)
{
    Axes a;
    Value x = c->arg[0];
    if (!read_axes(E, c, 1, &a))
        return bad();
    Op op = (Op)c->builtin->extra;
    if (a.n > 1 && given(c->arg[1]))
        return fail(E, c->at[1], "%s works along one axis, or over all", c->builtin->name);
    if (a.n == 1)
        return reduce_value(E, op, c->span, x, 1, a.axes, a.keep);
    const Size *count = shape_count(E->g, x.node->shape);
    Value flat = tensor(E, reshape(E->g, x.node, shape_of(E->g, 1, &count)), x.origin);
    int first = 0;
    Value r = reduce_value(E, op, c->span, flat, 1, &first, false);
    return a.keep && !is_error(r) ? keep_axes(E, r, x.node->shape, a.n, a.axes) : r;
}

/* ---- Means and norms ---- */

static const Size *axes_count(Elab *E, Shape s, int n, const int *axes)
{
    const Size *count = size_int(E->g, 1);
    for (int i = 0; i < n; i++)
        count = size_mul(E->g->sizes, count, s.dim[axes[i]]);
    return count;
}

static Value mean_value(Elab *E, Span span, Value x, int n, const int *axes, bool keep)
{
    x = to_real(E, span, x);
    if (is_error(x))
        return x;
    Value count = value_size(E, axes_count(E, x.node->shape, n, axes));
    return apply2(E, OP_DIV, span, reduce_value(E, OP_SUM, span, x, n, axes, keep), count);
}

static Value run_mean(Elab *E, Call *c)
{
    Axes a;
    return read_axes(E, c, 1, &a) ? mean_value(E, c->span, c->arg[0], a.n, a.axes, a.keep) : bad();
}

/* Of the deviations from the mean, in two passes; divided by n - ddof, where ddof is 0. */
static Value run_var(Elab *E, Call *c)
{
    Axes a;
    if (!read_axes(E, c, 1, &a))
        return bad();
    Value x = to_real(E, c->span, c->arg[0]), by;
    if (is_error(x))
        return x;
    Value mean = mean_value(E, c->span, x, a.n, a.axes, true);
    Value off = apply2(E, OP_SUB, c->span, x, mean);
    Value sum =
        reduce_value(E, OP_SUM, c->span, apply2(E, OP_MUL, c->span, off, off), a.n, a.axes, a.keep);
    by = value_size(E, axes_count(E, x.node->shape, a.n, a.axes));
    if (given(c->arg[3]))
        by = apply2(E, OP_SUB, c->span, by, c->arg[3]);
    Value var = apply2(E, OP_DIV, c->span, sum, by);
    return c->builtin->extra ? apply1(E, OP_SQRT, c->span, var) : var;
}

/* The 2-norm. Where it is 0 its derivative is 0: the root is taken of 1 there. */
static Value run_norm(Elab *E, Call *c)
{
    Axes a;
    if (!read_axes(E, c, 1, &a))
        return bad();
    Value x = to_real(E, c->span, c->arg[0]);
    if (is_error(x))
        return x;
    Value ss =
        reduce_value(E, OP_SUM, c->span, apply2(E, OP_MUL, c->span, x, x), a.n, a.axes, a.keep);
    Value zero = apply2(E, OP_EQ, c->span, ss, value_real(E, 0));
    Value safe = choose(E, c->span, zero, value_real(E, 1), ss);
    return choose(E, c->span, zero, value_real(E, 0), apply1(E, OP_SQRT, c->span, safe));
}

/* ---- Softmax and log-sum-exp ---- */

/* The maximum, finite and without a derivative: what is subtracted so that nothing overflows. */
static Value shift_of(Elab *E, Span span, Value x, int n, const int *axes)
{
    Value m = apply1(E, OP_STOP, span, reduce_value(E, OP_MAXR, span, x, n, axes, true));
    return choose(E, span, apply1(E, OP_ISFINITE, span, m), m, value_real(E, 0));
}

static Value logsumexp_value(Elab *E, Span span, Value x, int n, const int *axes, bool keep)
{
    Value m = shift_of(E, span, x, n, axes);
    if (is_error(m))
        return m;
    Value e = apply1(E, OP_EXP, span, apply2(E, OP_SUB, span, x, m));
    Value r = apply1(E, OP_LOG, span, reduce_value(E, OP_SUM, span, e, n, axes, true));
    r = apply2(E, OP_ADD, span, r, m);
    if (keep || is_error(r))
        return r;
    Shape s = x.node->shape;
    for (int i = n - 1; i >= 0; i--)
        s = shape_remove(E->g, s, axes[i]);
    return tensor(E, reshape(E->g, r.node, s), r.origin);
}

static Value run_logsumexp(Elab *E, Call *c)
{
    Axes a;
    if (!read_axes(E, c, 1, &a))
        return bad();
    Value x = to_real(E, c->span, c->arg[0]);
    return is_error(x) ? x : logsumexp_value(E, c->span, x, a.n, a.axes, a.keep);
}

static Value run_softmax(Elab *E, Call *c)
{
    int n, axes[MAX_RANK];
    if (!want_tensor(E, c->arg[0], c->at[0], "the argument") ||
        !want_axes(E, c->arg[1], c->at[1], c->arg[0].node->shape.rank, &n, axes))
        return bad();
    Value x = to_real(E, c->span, c->arg[0]);
    if (is_error(x))
        return x;
    Value off = apply2(E, OP_SUB, c->span, x, shift_of(E, c->span, x, n, axes));
    Value e = apply1(E, OP_EXP, c->span, off);
    Value sum = is_error(e) ? e : reduce_value(E, OP_SUM, c->span, e, n, axes, true);
    if (c->builtin->extra)
        return apply2(E, OP_SUB, c->span, off, apply1(E, OP_LOG, c->span, sum));
    return apply2(E, OP_DIV, c->span, e, sum);
}

/* ---- Scans ---- */

static Value run_scan(Elab *E, Call *c)
{
    Value x = c->arg[0];
    bool reverse = false;
    int axis = 0;
    if (!want_tensor(E, x, c->at[0], "the argument") ||
        (given(c->arg[2]) && !want_bool(E, c->arg[2], c->at[2], &reverse, "reverse")))
        return bad();
    if (!given(c->arg[1])) { /* flattened, as in NumPy */
        const Size *count = shape_count(E->g, x.node->shape);
        x = tensor(E, reshape(E->g, x.node, shape_of(E->g, 1, &count)), x.origin);
    } else if (!want_axis(E, c->arg[1], c->at[1], x.node->shape.rank, &axis)) {
        return bad();
    }
    x = reduce_operand(E, OP_SUM, x);
    if (c->builtin->extra == 0)
        return tensor(E, cumsum(E->g, x.node, axis, reverse), x.origin);
    if (!reverse)
        return tensor(E, cumprod(E->g, x.node, axis), x.origin);
    const Size *n = x.node->shape.dim[axis], *last = size_sub(E->g->sizes, n, size_int(E->g, 1));
    Node *back = cumprod(E->g, slice_axis(E->g, x.node, axis, last, -1, n), axis);
    return tensor(E, slice_axis(E->g, back, axis, last, -1, n), x.origin);
}

/* ---- Sorting: along the last axis where none is named, as in NumPy ---- */

static Value run_sort(Elab *E, Call *c)
{
    Value x = c->arg[0];
    int axis;
    if (!want_tensor(E, x, c->at[0], "the argument"))
        return bad();
    if (!x.node->shape.rank)
        return fail(E, c->at[0], "%s works along an axis, and its argument is a scalar",
                    c->builtin->name);
    axis = x.node->shape.rank - 1;
    if (given(c->arg[1]) && !want_axis(E, c->arg[1], c->at[1], x.node->shape.rank, &axis))
        return bad();
    return c->builtin->extra ? tensor(E, argsort(E->g, x.node, axis), FIXED)
                             : tensor(E, sort(E->g, x.node, axis), x.origin);
}

static Value run_linrec(Elab *E, Call *c)
{
    Value v[2] = {c->arg[0], c->arg[1]};
    bool reverse = false;
    int axis = 0;
    Shape s;
    Origin origin;
    if (!want_tensor(E, v[0], c->at[0], "the factor") ||
        !want_tensor(E, v[1], c->at[1], "the term") || !broadcast_shapes(E, c->span, 2, v, &s) ||
        !promote(E, c->span, 2, v, TO_ARITHMETIC, &origin))
        return bad();
    if (!s.rank)
        return fail(E, c->span, "linrec works along an axis, and its operands are scalars");
    if ((given(c->arg[2]) && !want_axis(E, c->arg[2], c->at[2], s.rank, &axis)) ||
        (given(c->arg[3]) && !want_bool(E, c->arg[3], c->at[3], &reverse, "reverse")))
        return bad();
    Node *a = expand(E->g, v[0].node, s), *b = expand(E->g, v[1].node, s);
    return tensor(E, linrec(E->g, a, b, axis, reverse), origin);
}

/* ---- Reductions of comprehensions: over the first n axes, where `mask` (shaped like them) says
 * which turns count ---- */

/* The value that changes nothing in a reduction. */
static Value identity_of(Elab *E, Op op, Value x)
{
    if (op == OP_ANY || op == OP_ALL)
        return value_bool(E, op == OP_ALL);
    if (op == OP_SUM || op == OP_PROD)
        return value_int(E, op == OP_PROD);
    bool low = op == OP_MAXR || op == OP_ARGMAX;
    if (dtype_is_real((Dtype)x.node->dtype))
        return tensor(
            E, const_real(E->g, (Dtype)x.node->dtype, low ? -(double)INFINITY : (double)INFINITY),
            x.origin);
    return tensor(E,
                  const_int(E->g, (Dtype)x.node->dtype,
                            low ? (x.node->dtype == T_I32 ? INT32_MIN : INT64_MIN)
                            : x.node->dtype == T_I32 ? INT32_MAX
                                                     : INT64_MAX),
                  x.origin);
}

/* The mask, shaped to broadcast over the elements of x. */
static Value mask_over(Elab *E, Value x, Node *mask)
{
    while (mask->shape.rank < x.node->shape.rank)
        mask = insert_axis(E->g, mask, mask->shape.rank);
    return tensor(E, mask, FIXED);
}

static Value masked(Elab *E, Span span, Op op, Value x, Node *mask)
{
    return mask ? choose(E, span, mask_over(E, x, mask), x, identity_of(E, op, x)) : x;
}

/* The first n axes as one. */
static Node *merge_axes(Elab *E, Node *x, int n)
{
    const Size *dim[MAX_RANK];
    dim[0] = size_int(E->g, 1);
    for (int i = 0; i < x->shape.rank; i++)
        if (i < n)
            dim[0] = size_mul(E->g->sizes, dim[0], x->shape.dim[i]);
        else
            dim[i - n + 1] = x->shape.dim[i];
    return reshape(E->g, x, shape_of(E->g, x->shape.rank - n + 1, dim));
}

static Value masked_mean(Elab *E, Span span, Value x, int n, const int *axes, Node *mask)
{
    Node *over = expand(E->g, mask_over(E, x, mask).node, x.node->shape);
    Value turns = tensor(E, cast(E->g, over, T_I64), FROM_CONST);
    Value sum = reduce_value(E, OP_SUM, span, masked(E, span, OP_SUM, x, mask), n, axes, false);
    return apply2(E, OP_DIV, span, sum, reduce_value(E, OP_SUM, span, turns, n, axes, false));
}

Value reduce_named(Elab *E, const char *how, Span span, Value x, int n, Node *mask)
{
    static const struct {
        const char *name;
        Op op;
    } plain[] = {{"sum", OP_SUM}, {"prod", OP_PROD}, {"max", OP_MAXR},      {"min", OP_MINR},
                 {"any", OP_ANY}, {"all", OP_ALL},   {"argmax", OP_ARGMAX}, {"argmin", OP_ARGMIN}};
    int axes[MAX_RANK];
    for (int i = 0; i < n; i++)
        axes[i] = i;
    for (int i = 0; i < ARRAY_LEN(plain); i++)
        if (!strcmp(how, plain[i].name)) {
            Op op = plain[i].op;
            x = masked(E, span, op, reduce_operand(E, op, x), mask);
            if (is_error(x))
                return x;
            bool one = (op == OP_ARGMAX || op == OP_ARGMIN) && n > 1;
            if (one)
                x = tensor(E, merge_axes(E, x.node, n), x.origin);
            return reduce_value(E, op, span, x, one ? 1 : n, axes, false);
        }
    x = to_real(E, span, x);
    if (is_error(x))
        return x;
    if (!strcmp(how, "logsumexp"))
        return logsumexp_value(E, span, masked(E, span, OP_MAXR, x, mask), n, axes, false);
    return mask ? masked_mean(E, span, x, n, axes, mask) : mean_value(E, span, x, n, axes, false);
}

const Builtin builtins_reduce[] = {
    {"sum", run_reduce, "x axis? keep?", OP_SUM},
    {"prod", run_reduce, "x axis? keep?", OP_PROD},
    {"any", run_reduce, "x axis? keep?", OP_ANY},
    {"all", run_reduce, "x axis? keep?", OP_ALL},
    {"max", run_extremum, "x... axis? keep?", OP_MAXR},
    {"min", run_extremum, "x... axis? keep?", OP_MINR},
    {"max_of", run_reduce, "x axis? keep?", OP_MAXR},
    {"min_of", run_reduce, "x axis? keep?", OP_MINR},
    {"argmax", run_arg, "x axis? keep?", OP_ARGMAX},
    {"argmin", run_arg, "x axis? keep?", OP_ARGMIN},
    {"mean", run_mean, "x axis? keep?", 0},
    {"var", run_var, "x axis? keep? ddof?", 0},
    {"std", run_var, "x axis? keep? ddof?", 1},
    {"norm", run_norm, "x axis? keep?", 0},
    {"logsumexp", run_logsumexp, "x axis? keep?", 0},
    {"softmax", run_softmax, "x axis?", 0},
    {"log_softmax", run_softmax, "x axis?", 1},
    {"cumsum", run_scan, "x axis? reverse?", 0},
    {"cumprod", run_scan, "x axis? reverse?", 1},
    {"sort", run_sort, "x axis?", 0},
    {"argsort", run_sort, "x axis?", 1},
    {"linrec", run_linrec, "a b axis? reverse?", 0},
    {0},
};
