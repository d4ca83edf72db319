/* builtins_make.c - functions that make tensors: zeros, eye, range, linspace, one_hot ... */
#include "eval.h"

#include <math.h>

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* To the type of `dtype=`, where it is given. */
static Value typed(Elab *E, Call *c, int at, Value v)
{
    Dtype t;
    Origin origin;
    if (is_error(v) || !given(c->arg[at]))
        return v;
    if (!want_dtype(E, c->arg[at], c->at[at], &t, &origin))
        return bad();
    return tensor(E, cast(E->g, v.node, t), origin);
}

/* zeros(2, 3) or zeros((2, 3)). */
static bool shape_of_call(Elab *E, Call *c, int n, Shape *s)
{
    if (given(c->arg[1]) && n)
        return fail(E, c->span, "%s is given its shape twice", c->builtin->name), false;
    Value v = n == 1 ? c->rest[0] : n ? value_tuple(E, n, c->rest) : c->arg[1];
    return want_shape(E, v, c->rest_at[0], s, "a size in a shape");
}

static Value run_fill(Elab *E, Call *c)
{
    Shape s;
    if (!shape_of_call(E, c, c->nrest, &s))
        return bad();
    Node *one = const_real(E->g, T_F64, c->builtin->extra);
    return typed(E, c, 2, tensor(E, expand(E->g, one, s), FROM_CONST));
}

static Value run_full(Elab *E, Call *c)
{
    Shape s, both;
    Value v = c->arg[1];
    if (!want_shape(E, c->arg[0], c->at[0], &s, "a size in a shape") ||
        !want_tensor(E, v, c->at[1], "the value"))
        return bad();
    if (!shape_broadcast(E->g, v.node->shape, s, &both) || !shape_equal(both, s))
        return fail(E, c->span, "shape %s does not broadcast to %s", shape_says(E, v.node->shape),
                    shape_says(E, s));
    return typed(E, c, 2, tensor(E, expand(E->g, v.node, s), v.origin));
}

static Value run_like(Elab *E, Call *c)
{
    if (!want_tensor(E, c->arg[0], c->at[0], "the argument"))
        return bad();
    Node *x = c->arg[0].node;
    Node *n = expand(E->g, const_like(E->g, x, c->builtin->extra), x->shape);
    return typed(E, c, 1, tensor(E, n, c->arg[0].origin));
}

static Value run_eye(Elab *E, Call *c)
{
    const Size *n, *m;
    int64_t k = 0;
    if (!want_size(E, c->arg[0], c->at[0], &n, "a size"))
        return bad();
    m = n;
    if ((given(c->arg[1]) && !want_size(E, c->arg[1], c->at[1], &m, "a size")) ||
        (given(c->arg[2]) && !want_int(E, c->arg[2], c->at[2], &k, "k")))
        return bad();
    Node *row = insert_axis(E->g, iota(E->g, n), 1), *column = iota(E->g, m);
    if (k)
        row = pw2(E->g, OP_ADD, row, const_int(E->g, T_I64, k));
    Dtype t = E->options->real;
    Origin origin;
    if (given(c->arg[3]) && !want_dtype(E, c->arg[3], c->at[3], &t, &origin))
        return bad();
    Node *on = pw2(E->g, OP_EQ, row, column);
    Node *r = pw3(E->g, OP_SELECT, on, const_int(E->g, t, 1), const_int(E->g, t, 0));
    const Size *dim[2] = {n, m};
    return typed(E, c, 3, tensor(E, expand(E->g, r, shape_of(E->g, 2, dim)), FROM_CONST));
}

/* How many of a, a + step, ... lie before b. Of open sizes it is taken that b is not before a. */
static const Size *range_count(Elab *E, const Size *a, const Size *b, int64_t step)
{
    Sizes *s = E->g->sizes;
    const Size *span = step > 0 ? size_sub(s, b, a) : size_sub(s, a, b);
    int64_t by = step > 0 ? step : -step;
    if (size_known_nonneg(s, size_sub(s, size_int(E->g, 0), span)))
        return size_int(E->g, 0);
    return by == 1
               ? span
               : size_floordiv(s, size_add(s, span, size_int(E->g, by - 1)), size_int(E->g, by));
}

static Value range_of_sizes(Elab *E, Span span, const Size *a, const Size *b, int64_t step)
{
    Value i = tensor(E, iota(E->g, range_count(E, a, b, step)), FROM_CONST);
    if (step != 1)
        i = apply2(E, OP_MUL, span, i, value_int(E, step));
    return a->n ? apply2(E, OP_ADD, span, i, value_size(E, a)) : i;
}

/* arange of real constants: start + i*step. */
static Value range_of_reals(Elab *E, Call *c, const Value *v)
{
    double x[3];
    for (int i = 0; i < 3; i++) {
        if (!is_tensor(v[i]) || !node_is_const(v[i].node))
            return fail(E, c->span,
                        "a range of reals wants constants; linspace(a, b, n) takes any");
        x[i] = const_value(v[i].node);
    }
    double count = ceil((x[1] - x[0]) / x[2]);
    if (!(count < 1e9))
        return fail(E, c->span, "this range does not end");
    Node *i = iota(E->g, size_int(E->g, count > 0 ? (int64_t)count : 0));
    Value r = apply2(E, OP_MUL, c->span, tensor(E, i, FROM_CONST), v[2]);
    return apply2(E, OP_ADD, c->span, r, v[0]);
}

static Value run_range(Elab *E, Call *c)
{
    const Size *size[2] = {0};
    int n = c->nrest;
    int64_t step = 1;
    if (n > 3)
        return fail(E, c->span, "range takes 1 to 3 arguments, not %d", n);
    Value v[3] = {value_int(E, 0), c->rest[0], value_int(E, 1)};
    for (int i = 0; i < n && n > 1; i++)
        v[i] = c->rest[i];
    if (given(c->arg[1]))
        v[2] = c->arg[1];
    bool real = false;
    for (int i = 0; i < 3; i++)
        real |= is_tensor(v[i]) && dtype_is_real((Dtype)v[i].node->dtype) && !has_size(&v[i]);
    if (real)
        return typed(E, c, 2, range_of_reals(E, c, v));
    if (!want_size(E, v[0], c->rest_at[0], &size[0], "the bound of a range") ||
        !want_size(E, v[1], n > 1 ? c->rest_at[1] : c->rest_at[0], &size[1],
                   "the bound of a range") ||
        !want_int(E, v[2], c->span, &step, "the step of a range"))
        return bad();
    if (!step)
        return fail(E, c->span, "the step of a range is 0");
    return typed(E, c, 2, range_of_sizes(E, c->span, size[0], size[1], step));
}

static Value run_linspace(Elab *E, Call *c)
{
    const Size *n;
    if (!want_size(E, c->arg[2], c->at[2], &n, "the number of points"))
        return bad();
    Value a = to_real(E, c->at[0], c->arg[0]), b = to_real(E, c->at[1], c->arg[1]);
    if (is_error(a) || is_error(b))
        return is_error(c->arg[0]) || is_error(c->arg[1])
                   ? bad()
                   : fail(E, c->span, "linspace wants numbers");
    if (n->is_const && n->value == 1) {
        const Size *one = size_int(E->g, 1);
        return typed(E, c, 3, tensor(E, expand(E->g, a.node, shape_of(E->g, 1, &one)), a.origin));
    }
    Span at = c->span;
    Value i = tensor(E, iota(E->g, n), FROM_CONST);
    Value last = apply2(E, OP_SUB, at, value_size(E, n), value_int(E, 1));
    Value parts = n->is_const ? last : apply2(E, OP_MAX, at, last, value_int(E, 1));
    Value step = apply2(E, OP_DIV, at, apply2(E, OP_SUB, at, b, a), parts);
    Value r = apply2(E, OP_ADD, at, apply2(E, OP_MUL, at, i, step), a);
    Value ends = apply2(E, OP_EQ, at, i, parts); /* the last point is b, not nearly b */
    return typed(E, c, 3, choose(E, at, ends, b, r));
}

static Value run_one_hot(Elab *E, Call *c)
{
    const Size *n;
    if (!want_tensor(E, c->arg[0], c->at[0], "the argument of one_hot") ||
        !want_size(E, c->arg[1], c->at[1], &n, "the number of classes"))
        return bad();
    Value y = c->arg[0];
    if (dtype_is_real((Dtype)y.node->dtype) || y.node->dtype == T_BOOL)
        return fail(E, c->at[0], "one_hot wants integers, not %s", value_says(E, y));
    y.node = insert_axis(E->g, y.node, y.node->shape.rank);
    y.size = NULL;
    y.item = NULL;
    Value on = apply2(E, OP_EQ, c->span, y, tensor(E, iota(E->g, n), FROM_CONST));
    if (is_error(on))
        return on;
    Dtype t = E->options->real;
    Origin origin;
    if (given(c->arg[2]) && !want_dtype(E, c->arg[2], c->at[2], &t, &origin))
        return bad();
    /* zeros and ones are exact in any type, so that this adapts like a constant */
    return typed(E, c, 2, tensor(E, cast(E->g, on.node, t), FROM_CONST));
}

const Builtin builtins_make[] = {
    {"zeros", run_fill, "x... shape? dtype?", 0}, {"ones", run_fill, "x... shape? dtype?", 1},
    {"full", run_full, "shape value dtype?", 0},  {"zeros_like", run_like, "x dtype?", 0},
    {"ones_like", run_like, "x dtype?", 1},       {"eye", run_eye, "n m? k? dtype?", 0},
    {"range", run_range, "x... step? dtype?", 0}, {"linspace", run_linspace, "a b n dtype?", 0},
    {"one_hot", run_one_hot, "y n dtype?", 0},    {0},
};
