/* builtins_random.c - random numbers that are functions of a key and of the place in the result:
 * uniform(key, shape), normal(key, shape), bernoulli(key, p, shape).
 *
 * Element i of a draw is made of random_bits(key, i) alone (the cipher Threefry-2x64 with 20 rounds:
 * Salmon, Moraes, Dror and Shaw, SC 2011), so that a draw can be made again, in any order, and is the
 * same on every machine. There is no state. */
#include "eval.h"

static const int64_t TWO_29 = (int64_t)1 << 29;

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* An integer, as i64. */
static bool want_integer(Elab *E, Value v, Span span, const char *what, Node **out)
{
    if (!want_tensor(E, v, span, what))
        return false;
    if (dtype_is_real((Dtype)v.node->dtype) || v.node->dtype == T_BOOL)
        return fail(E, span, "%s must be an integer, not %s", what, value_says(E, v)), false;
    E->g->here = span;
    *out = cast(E->g, v.node, T_I64);
    return true;
}

/* 53 random bits: what `gradc show` prints. */
static Value run_random_bits(Elab *E, Call *c)
{
    Node *key, *counter;
    Shape s;
    if (!want_integer(E, c->arg[0], c->at[0], "the key", &key) ||
        !want_integer(E, c->arg[1], c->at[1], "the counter", &counter))
        return bad();
    if (!shape_broadcast(E->g, key->shape, counter->shape, &s))
        return fail(E, c->span, "shapes %s and %s do not broadcast", shape_says(E, key->shape),
                    shape_says(E, counter->shape));
    E->g->here = c->span;
    return tensor(E, pw2(E->g, OP_RANDOM, key, counter), FIXED);
}

/* What is drawn: the key, the shape and the type of the result. */
typedef struct Draw {
    Node *key, *place; /* place: i64, the number of each element */
    Dtype type;
    Origin origin;
} Draw;

/* Arguments `shape` and `dtype` of the call, behind the key. */
static bool read_draw(Elab *E, Call *c, int shape, int dtype, Draw *d)
{
    Shape s;
    if (!want_integer(E, c->arg[0], c->at[0], "the key", &d->key))
        return false;
    if (d->key->shape.rank)
        return fail(E, c->at[0], "the key must be a scalar, not %s", value_says(E, c->arg[0])), false;
    if (!want_shape(E, c->arg[shape], c->at[shape], &s, "a size in a shape"))
        return false;
    d->type = E->options->real;
    d->origin = FROM_REAL;
    if (dtype && given(c->arg[dtype])) {
        if (!want_dtype(E, c->arg[dtype], c->at[dtype], &d->type, &d->origin))
            return false;
        if (!dtype_is_real(d->type))
            return fail(E, c->at[dtype], "%s gives reals, not %s", c->builtin->name, dtype_name(d->type)), false;
    }
    E->g->here = c->span;
    d->place = reshape(E->g, iota(E->g, shape_count(E->g, s)), s);
    return true;
}

/* In [0, 1), or with `above` in (0, 1]: a multiple of 2^-53, in f32 of 2^-24, exact. */
static Node *unit_reals(Elab *E, const Draw *d, Node *counter, bool above)
{
    Graph *g = E->g;
    Node *bits = pw2(g, OP_RANDOM, d->key, counter);
    double unit = 0x1p-53;
    if (d->type == T_F32) {
        bits = pw2(g, OP_FLOORDIV, bits, const_int(g, T_I64, TWO_29));
        unit = 0x1p-24;
    }
    if (above)
        bits = pw2(g, OP_ADD, bits, const_int(g, T_I64, 1));
    Node *u = cast(g, bits, d->type);
    return pw2(g, OP_MUL, u, const_real(g, d->type, unit));
}

static Value run_uniform(Elab *E, Call *c)
{
    Draw d;
    if (!read_draw(E, c, 1, 2, &d))
        return bad();
    return tensor(E, unit_reals(E, &d, d.place, false), d.origin);
}

/* Box and Muller (1958): sqrt(-2 log u) cos(2 pi v), two draws a number. */
static Value run_normal(Elab *E, Call *c)
{
    Draw d;
    if (!read_draw(E, c, 1, 2, &d))
        return bad();
    Graph *g = E->g;
    Node *two = const_int(g, T_I64, 2), *first = pw2(g, OP_MUL, d.place, two);
    Node *second = pw2(g, OP_ADD, first, const_int(g, T_I64, 1));
    Node *u = unit_reals(E, &d, first, true);
    Node *v = unit_reals(E, &d, second, false);
    Node *log_u = pw1(g, OP_LOG, u);
    Node *square = pw2(g, OP_MUL, log_u, const_real(g, d.type, -2));
    Node *radius = pw1(g, OP_SQRT, square);
    Node *angle = pw2(g, OP_MUL, v, const_real(g, d.type, 6.283185307179586));
    Node *cosine = pw1(g, OP_COS, angle);
    return tensor(E, pw2(g, OP_MUL, radius, cosine), d.origin);
}

/* true with probability p, which may be a tensor that broadcasts to the shape. */
static Value run_bernoulli(Elab *E, Call *c)
{
    Draw d;
    Shape both;
    if (!read_draw(E, c, 2, 0, &d))
        return bad();
    Value p = to_real(E, c->at[1], c->arg[1]);
    if (is_error(p))
        return p;
    if (!shape_broadcast(E->g, p.node->shape, d.place->shape, &both) ||
        !shape_equal(both, d.place->shape))
        return fail(E, c->at[1], "shape %s does not broadcast to %s", shape_says(E, p.node->shape),
                    shape_says(E, d.place->shape));
    d.type = T_F64; /* the same draw, whatever the type of p is */
    Node *chance = cast(E->g, p.node, T_F64);
    Node *u = unit_reals(E, &d, d.place, false);
    return tensor(E, pw2(E->g, OP_LT, u, chance), FIXED);
}

const Builtin builtins_random[] = {
    {"random_bits", run_random_bits, "key counter", 0},
    {"uniform", run_uniform, "key shape dtype?", 0},
    {"normal", run_normal, "key shape dtype?", 0},
    {"bernoulli", run_bernoulli, "key p shape", 0},
    {0},
};
