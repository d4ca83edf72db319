/* build_pointwise.c - constructors of pointwise operations: types, broadcasting, constant folding,
 * rewriting.
 *
 * Constants are folded only where IEEE arithmetic gives one right answer (+ - * / sqrt, rounding,
 * comparisons): a folded exp would make the emitted text depend on the machine's libm. */
#include "ops.h"
#include "region.h"
#include "rules.h"

#include <math.h>

static Dtype result_type(Op op, int nin, Node *const *in)
{
    switch (op_table[op].type) {
    case TY_BOOL:
    case TY_LOGIC: return T_BOOL;
    default: return (Dtype)in[nin - 1]->dtype;
    }
}

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return q - (a % b != 0 && (a < 0) != (b < 0));
}

/* None of the three holds where one operand is nan. */
static bool fold_compare(Op op, bool less, bool equal, bool greater, bool *r)
{
    switch (op) {
    case OP_LT: *r = less; return true;
    case OP_LE: *r = less || equal; return true;
    case OP_GT: *r = greater; return true;
    case OP_GE: *r = greater || equal; return true;
    case OP_EQ: *r = equal; return true;
    case OP_NE: *r = !equal; return true;
    default: return false;
    }
}

/* f32 arithmetic is folded in f64 and rounded once more: exact for + - * / sqrt. */
static bool fold_real(Op op, double a, double b, double *r)
{
    switch (op) {
    case OP_NEG: *r = -a; return true;
    case OP_ADD: *r = a + b; return true;
    case OP_SUB: *r = a - b; return true;
    case OP_SCALE:
    case OP_MUL: *r = a * b; return true;
    case OP_DIV: *r = a / b; return true;
    case OP_MAX: *r = a >= b || a != a ? a : b; return true;
    case OP_MIN: *r = a <= b || a != a ? a : b; return true;
    case OP_ABS: *r = fabs(a); return true;
    case OP_SIGN: *r = a > 0 ? 1 : a < 0 ? -1 : a; return true;
    case OP_FLOOR: *r = floor(a); return true;
    case OP_CEIL: *r = ceil(a); return true;
    case OP_TRUNC: *r = trunc(a); return true;
    case OP_ROUND: *r = nearbyint(a); return true;
    case OP_SQRT: *r = sqrt(a); return true;
    case OP_RELU: *r = a > 0 || a != a ? a : 0; return true;
    case OP_STOP: *r = a; return true;
    default: return false;
    }
}

/* Wraps like the emitted C does in two's complement. */
static bool fold_int(Op op, int64_t a, int64_t b, int64_t *r)
{
    uint64_t ua = (uint64_t)a, ub = (uint64_t)b;
    switch (op) {
    case OP_NEG: *r = (int64_t)(0 - ua); return true;
    case OP_ADD: *r = (int64_t)(ua + ub); return true;
    case OP_SUB: *r = (int64_t)(ua - ub); return true;
    case OP_SCALE:
    case OP_MUL: *r = (int64_t)(ua * ub); return true;
    case OP_MAX: *r = a > b ? a : b; return true;
    case OP_MIN: *r = a < b ? a : b; return true;
    case OP_ABS: *r = a < 0 ? (int64_t)(0 - ua) : a; return true;
    case OP_SIGN: *r = (a > 0) - (a < 0); return true;
    case OP_RELU: *r = a > 0 ? a : 0; return true;
    case OP_AND: *r = a & b; return true;
    case OP_OR: *r = a | b; return true;
    case OP_NOT: *r = !a; return true;
    case OP_STOP: *r = a; return true;
    case OP_FLOORDIV:
        if (!b || (a == INT64_MIN && b == -1))
            return false;
        *r = floor_div(a, b);
        return true;
    case OP_MOD:
        if (!b || b == -1)
            return false;
        *r = a - b * floor_div(a, b);
        return true;
    case OP_POW:
        if (b < 0 || b > 62)
            return false;
        for (*r = 1; b > 0; b--)
            *r = (int64_t)((uint64_t)*r * ua);
        return true;
    default: return false;
    }
}

static Node *fold_constants(Graph *g, Op op, int nin, Node *const *in)
{
    for (int i = 0; i < nin; i++)
        if (!node_is_const(in[i]))
            return NULL;
    Dtype t = (Dtype)in[0]->dtype;
    bool truth;
    if (dtype_is_real(t)) {
        double a = const_value(in[0]), b = nin > 1 ? const_value(in[1]) : 0, r;
        if (nin == 2 && fold_compare(op, a < b, a == b, a > b, &truth))
            return const_int(g, T_BOOL, truth);
        if (op == OP_ISNAN || op == OP_ISINF || op == OP_ISFINITE)
            return const_int(g, T_BOOL, op == OP_ISNAN ? isnan(a) : op == OP_ISINF ? isinf(a) : isfinite(a));
        return nin <= 2 && fold_real(op, a, b, &r) ? const_real(g, t, r) : NULL;
    }
    int64_t a = const_integer(in[0]), b = nin > 1 ? const_integer(in[1]) : 0, r;
    if (nin == 2 && fold_compare(op, a < b, a == b, a > b, &truth))
        return const_int(g, T_BOOL, truth);
    return nin <= 2 && fold_int(op, a, b, &r) ? const_int(g, result_type(op, nin, in), r) : NULL;
}

/* An integer compared with itself; a real one may be nan. */
static Node *fold_same(Graph *g, Op op, int nin, Node *const *in)
{
    bool truth;
    if (nin != 2 || in[0] != in[1] || dtype_is_real((Dtype)in[0]->dtype) || !fold_compare(op, false, true, false, &truth))
        return NULL;
    return const_int(g, T_BOOL, truth);
}

/* Arithmetic of sizes stays a size. */
static Node *fold_sizes(Graph *g, Op op, int nin, Node *const *in)
{
    const Size *a = node_size(g, in[0]), *b = nin > 1 ? node_size(g, in[1]) : NULL, *r = NULL;
    if (!a || in[0]->dtype != T_I64 || nin > 2 || (nin == 2 && !b))
        return NULL;
    Sizes *s = g->sizes;
    switch (op) {
    case OP_NEG: r = size_sub(s, size_const(s, 0), a); break;
    case OP_ADD: r = size_add(s, a, b); break;
    case OP_SUB: r = size_sub(s, a, b); break;
    case OP_MUL: r = size_mul(s, a, b); break;
    case OP_FLOORDIV: r = size_floordiv(s, a, b); break;
    case OP_MOD: r = size_mod(s, a, b); break;
    case OP_POW: r = b->is_const && b->value >= 0 && b->value <= 8 ? size_pow(s, a, (int)b->value) : NULL; break;
    case OP_MAX: r = size_known_ge(s, a, b) ? a : size_known_ge(s, b, a) ? b : b->n == 0 ? size_positive(s, a) : NULL; break;
    case OP_MIN: r = size_known_ge(s, a, b) ? b : size_known_ge(s, b, a) ? a : NULL; break;
    case OP_EQ:
    case OP_NE:
        if (a == b)
            return const_int(g, T_BOOL, op == OP_EQ);
        if (size_sub(s, a, b)->is_const)
            return const_int(g, T_BOOL, op == OP_NE);
        return NULL;
    case OP_LT:
    case OP_GE:
        if (size_known_ge(s, a, b))
            return const_int(g, T_BOOL, op == OP_GE);
        if (size_known_positive(s, size_sub(s, b, a)))
            return const_int(g, T_BOOL, op == OP_LT);
        return NULL;
    case OP_GT:
    case OP_LE:
        if (size_known_ge(s, b, a))
            return const_int(g, T_BOOL, op == OP_LE);
        if (size_known_positive(s, size_sub(s, a, b)))
            return const_int(g, T_BOOL, op == OP_GT);
        return NULL;
    default: return NULL;
    }
    return r ? size_node(g, r) : NULL;
}

/* An operand that is only broadcast to the common shape is used as it was before: broadcasting is
 * implicit, and the pattern of a rule then sees what is computed. */
static Node *strip_expand(Graph *g, Node *n, int nin, Node *const *in, int self, Shape shape)
{
    if (n->op != OP_EXPAND)
        return n;
    Shape s = n->in[0]->shape;
    for (int i = 0; i < nin; i++)
        if (i != self && !shape_broadcast(g, s, in[i]->shape, &s))
            return n;
    return shape_equal(s, shape) ? n->in[0] : n;
}

static Node *shaped(Graph *g, Node *n, Shape s)
{
    return shape_equal(n->shape, s) ? n : expand(g, n, s);
}

/* expand(a) op expand(b) = expand(a op b): computed once for all the copies. */
static bool all_expanded(Graph *g, int nin, Node **in, Shape shape)
{
    Shape s = shape_scalar();
    bool some = false;
    Node *inner[3];
    for (int i = 0; i < nin; i++) {
        inner[i] = in[i]->op == OP_EXPAND ? in[i]->in[0] : in[i];
        some |= in[i]->op == OP_EXPAND;
        if (!shape_broadcast(g, s, inner[i]->shape, &s))
            return false;
    }
    if (!some || shape_equal(s, shape))
        return false;
    for (int i = 0; i < nin; i++)
        in[i] = inner[i];
    return true;
}

/* ---- Conditions ---- */

/* Whether the operation itself is, whatever its operands are. */
static bool has_no_harm(const Graph *g, const Node *n)
{
    Family family = op_info(n)->family;
    bool divides = (n->op == OP_FLOORDIV || n->op == OP_MOD) && !dtype_is_real((Dtype)n->dtype);
    if (family == F_CONTROL || (family == F_INDEX && n->op != OP_GATHER) || (divides && !node_is_const(n->in[1])))
        return false;
    for (int k = 1; k < n->nin && n->op == OP_GATHER; k++)
        if (!index_in_range(g, n->in[k], n->in[0]->shape.dim[n->attr[k - 1]]))
            return false;
    return true;
}

/* Kept by node: 1 yes; what says no is looked at again when there are more regions. */
bool is_harmless(Graph *g, const Node *n)
{
    VEC(const Node *) todo = {0};
    int no = -1 - g->regions.n;
    while (g->harmless.n < g->nodes.n)
        vec_push(g->arena, &g->harmless, 0);
    vec_push(g->arena, &todo, n);
    while (todo.n) {
        const Node *x = todo.at[todo.n - 1];
        int *known = &g->harmless.at[x->id], all = has_no_harm(g, x) ? 1 : no, before = todo.n;
        bool is_known = *known == 1 || *known == no;
        for (int k = 0; k < x->nin && all == 1 && !is_known; k++) {
            int in = g->harmless.at[x->in[k]->id];
            if (in == no)
                all = no;
            else if (in != 1)
                vec_push(g->arena, &todo, x->in[k]);
        }
        if (!is_known && all == 1 && todo.n > before)
            continue; /* operands first */
        if (!is_known)
            *known = all;
        todo.n = before - 1;
    }
    return g->harmless.at[n->id] == 1;
}

/* A selection within one by another scalar: neither is the condition of the inner one to be looked at
 * elsewhere, nor is what it guards to stand under two conditions that nobody can tell to be one. */
static bool is_nested(Graph *g, Node *const *in)
{
    for (int k = 1; k < 3; k++)
        if (in[k]->op == OP_SELECT && !in[0]->shape.rank && !in[k]->in[0]->shape.rank && in[k]->in[0] != in[0] && in[1] != in[2] &&
            (in[k]->shape.rank || !is_harmless(g, in[k])))
            return true;
    return false;
}

Node *pointwise(Graph *g, Op op, int nin, Node *const *given)
{
    Node *in[3], *r;
    Shape shape = shape_scalar();
    for (int i = 0; i < nin; i++) {
        in[i] = given[i];
        shape_broadcast(g, shape, in[i]->shape, &shape); /* the elaborator has checked */
    }
    for (int i = 0; i < nin; i++)
        in[i] = strip_expand(g, in[i], nin, in, i, shape);
    all_expanded(g, nin, in, shape);
    if ((r = fold_sizes(g, op, nin, in)) || (r = fold_constants(g, op, nin, in)) || (r = fold_same(g, op, nin, in)))
        return shaped(g, r, shape);
    if (op == OP_SELECT && node_is_const(in[0]))
        return shaped(g, in[const_integer(in[0]) ? 1 : 2], shape);
    if (op == OP_SELECT && in[1] == in[2] && node_is_const(in[1])) /* libtcc 0.9.27 takes `c ? 0 : 0` for 1 where it jumps on it */
        return shaped(g, in[1], shape);
    if (g->rules && !(op == OP_SELECT && is_nested(g, in)) && (r = rules_rewrite(g, op, nin, in)))
        return shaped(g, r, shape);
    Shape own = shape_scalar();
    for (int i = 0; i < nin; i++)
        shape_broadcast(g, own, in[i]->shape, &own);
    return shaped(g, graph_node(g, op, nin, in, result_type(op, nin, in), own, 0, NULL), shape);
}

Node *pw1(Graph *g, Op op, Node *a)
{
    return pointwise(g, op, 1, &a);
}

Node *pw2(Graph *g, Op op, Node *a, Node *b)
{
    Node *in[2] = {a, b};
    return pointwise(g, op, 2, in);
}

Node *pw3(Graph *g, Op op, Node *a, Node *b, Node *c)
{
    Node *in[3] = {a, b, c};
    return pointwise(g, op, 3, in);
}

static Node *cast_array(Graph *g, Node *n, Dtype to)
{
    const Array *a = &g->arrays.at[n->attr[0]];
    if (!dtype_is_real(to) && dtype_is_real(a->dtype))
        return NULL;
    double *real = NULL;
    int64_t *integer = NULL;
    if (dtype_is_real(to)) {
        real = NEW_N(g->arena, double, a->count + 1);
        for (int64_t i = 0; i < a->count; i++) {
            real[i] = dtype_is_real(a->dtype) ? a->real[i] : (double)a->integer[i];
            if (to == T_F32)
                real[i] = (double)(float)real[i];
        }
    } else {
        integer = NEW_N(g->arena, int64_t, a->count + 1);
        for (int64_t i = 0; i < a->count; i++)
            integer[i] = const_integer(const_int(g, to, a->integer[i]));
    }
    return const_array(g, to, n->shape, real, integer);
}

Node *cast(Graph *g, Node *n, Dtype to)
{
    if (n->dtype == to)
        return n;
    if (node_is_const(n)) {
        if (dtype_is_real((Dtype)n->dtype)) {
            double v = const_value(n);
            if (dtype_is_real(to))
                return const_real(g, to, v);
            if (to == T_BOOL)
                return const_int(g, to, v != 0);
            double limit = to == T_I64 ? 9223372036854775808.0 : 2147483648.0;
            if (v >= -limit && v < limit) /* in range of any conversion but u8's, which wraps */
                return const_int(g, to, (int64_t)v);
        } else {
            return const_int(g, to, const_integer(n));
        }
    }
    Node *array = n->op == OP_ARRAY && to != T_BOOL ? cast_array(g, n, to) : NULL;
    if (array)
        return array;
    if (n->op == OP_EXPAND)
        return expand(g, cast(g, n->in[0], to), n->shape);
    /* widening and back again */
    if (n->op == OP_CAST && n->in[0]->dtype == to && n->dtype == T_F64 && to == T_F32)
        return n->in[0];
    return graph_node(g, OP_CAST, 1, &n, to, n->shape, 0, NULL);
}
