/* types.c - values, their promotion to a common element type (section 3 of docs/language.md), and
 * the pointwise operations on them. */
#include "eval.h"
#include "count.h"

#include <math.h>

/* ---- Messages ---- */

/* After an error: in which calls it happened, innermost first. */
static void call_notes(Elab *E, Span last)
{
    enum { LEVELS = 3 };
    int level = 0;
    for (Frame *f = E->frame; f && level < LEVELS; f = f->up) {
        bool same = f->call.start == last.start && f->call.end == last.end; /* a recursion */
        if (f->call.start != f->call.end && !same) {
            diag_note(E->diags, f->call, "in the call of %s here", f->name);
            level++;
        }
        last = f->call;
    }
}

Value fail(Elab *E, Span span, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *message = arena_vprintf(E->arena, fmt, args);
    va_end(args);
    diag_error(E->diags, span, "%s", message);
    call_notes(E, span);
    return (Value){.kind = VAL_ERROR};
}

Value fail_name(Elab *E, Span span, const char *message, const char *name,
                const char *const *names, int n, const char *otherwise)
{
    const char *close = diag_closest(E->arena, name, names, n);
    if (close)
        return fail(E, span, "%s; did you mean '%s'?", message, close);
    return fail(E, span, "%s%s", message, otherwise);
}

void note(Elab *E, Span span, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *message = arena_vprintf(E->arena, fmt, args);
    va_end(args);
    diag_note(E->diags, span, "%s", message);
}

const char *shape_says(Elab *E, Shape s)
{
    Text t = {.arena = E->arena};
    if (!s.rank)
        return "[]";
    shape_print(E->g, s, &t);
    return t.s;
}

const char *size_says(Elab *E, const Size *s)
{
    Text t = {.arena = E->arena};
    size_print(E->g->sizes, s, &t);
    return t.s;
}

const char *type_says(Elab *E, Value v)
{
    Dtype t = (Dtype)v.node->dtype;
    if (v.origin != FIXED && t == E->options->real)
        return "real";
    return dtype_name(t);
}

const char *value_says(Elab *E, Value v)
{
    switch (v.kind) {
    case VAL_TENSOR: {
        Text t = {.arena = E->arena};
        text_put(&t, type_says(E, v));
        shape_print(E->g, v.node->shape, &t);
        return t.s;
    }
    case VAL_TUPLE: return arena_printf(E->arena, "a tuple of %d", v.n);
    case VAL_FN: return "a function";
    case VAL_TEXT: return "a string";
    default: return "nothing";
    }
}

/* After an error about shapes that do not go together: where their open sizes were fixed. */
void note_sizes(Elab *E, Shape a, Shape b)
{
    enum { SHOWN = 3 };
    int shown = 0;
    for (int i = 0; i < E->opens.n && shown < SHOWN; i++) {
        bool in = false;
        for (int k = 0; k < a.rank; k++)
            in |= size_mentions(E->g->sizes, a.dim[k], E->opens.at[i].name);
        for (int k = 0; k < b.rank; k++)
            in |= size_mentions(E->g->sizes, b.dim[k], E->opens.at[i].name);
        if (in) {
            note(E, E->opens.at[i].span, "%s comes from here", E->opens.at[i].name);
            shown++;
        }
    }
}

/* ---- Making values ---- */

Value tensor(Elab *E, Node *n, Origin origin)
{
    Value v = {.kind = VAL_TENSOR, .origin = origin, .node = n};
    if (n->op == OP_SIZE)
        v.size = node_size(E->g, n);
    return v;
}

/* An integer known now. */
static bool is_integer(const Value *v)
{
    return v->kind == VAL_TENSOR && node_is_const(v->node) && v->node->dtype != T_BOOL &&
           !dtype_is_real((Dtype)v->node->dtype);
}

bool has_size(const Value *v)
{
    return v->kind == VAL_TENSOR && (v->size || is_integer(v));
}

/* Constants become sizes only where they are wanted as such: there may be very many. */
const Size *size_of(Elab *E, const Value *v)
{
    if (v->kind == VAL_TENSOR && !v->size && is_integer(v))
        return size_int(E->g, const_integer(v->node));
    return v->kind == VAL_TENSOR ? v->size : NULL;
}

Value value_size(Elab *E, const Size *s)
{
    return tensor(E, size_node(E->g, s), FROM_CONST);
}

Value value_int(Elab *E, int64_t v)
{
    return tensor(E, const_int(E->g, T_I64, v), FROM_CONST);
}

/* Constants stay double until they meet a type, so that 0.1 in an f64 expression is 0.1 whatever
 * `real` means. */
Value value_real(Elab *E, double v)
{
    return tensor(E, const_real(E->g, T_F64, v), FROM_CONST);
}

Value value_bool(Elab *E, bool v)
{
    return tensor(E, const_int(E->g, T_BOOL, v), FROM_CONST);
}

Value value_tuple(Elab *E, int n, const Value *item)
{
    Value *copy = NEW_N(E->arena, Value, n ? n : 1);
    for (int i = 0; i < n; i++)
        copy[i] = item[i];
    return (Value){.kind = VAL_TUPLE, .n = n, .item = copy};
}

bool is_tensor(Value v)
{
    return v.kind == VAL_TENSOR;
}

bool want_tensor(Elab *E, Value v, Span span, const char *what)
{
    if (v.kind == VAL_TENSOR)
        return true;
    if (v.kind != VAL_ERROR)
        fail(E, span, "%s must be a number or a tensor, not %s", what, value_says(E, v));
    return false;
}

/* ---- Promotion ---- */

static bool is_literal(Value v)
{
    return v.origin == FROM_CONST && node_is_const(v.node);
}

/* Whether the type of v yields to another one. */
static bool adapts(Value v)
{
    return v.origin == FROM_CONST || (v.origin == FROM_REAL && !v.node->shape.rank);
}

static bool literal_fits(Value v, Dtype t)
{
    int64_t i = const_integer(v.node);
    return t == T_I64 || (t == T_I32 && i >= INT32_MIN && i <= INT32_MAX) ||
           (t == T_U8 && i >= 0 && i <= UINT8_MAX);
}

/* The common integer type: the widest, where a literal that fits has no say. */
static Dtype integer_type(int n, const Value *v, Promote how)
{
    Dtype widest = T_BOOL;
    bool some = false;
    for (int i = 0; i < n; i++)
        if (!is_literal(v[i]) || v[i].node->dtype == T_BOOL) {
            if ((Dtype)v[i].node->dtype > widest)
                widest = (Dtype)v[i].node->dtype;
            some |= v[i].node->dtype != T_BOOL;
        }
    bool all_bool = true;
    for (int i = 0; i < n; i++)
        all_bool &= v[i].node->dtype == T_BOOL;
    if (all_bool)
        return how == TO_COMPARE ? T_BOOL : T_I64;
    if (!some)
        return T_I64;
    for (int i = 0; i < n; i++)
        if (is_literal(v[i]) && !literal_fits(v[i], widest))
            return T_I64;
    return widest;
}

/* The common real type. */
static bool real_type(Elab *E, Span span, int n, const Value *v, Promote how, Dtype *out)
{
    int fixed = -1, real = -1;
    bool literal = how != TO_REAL;
    for (int i = 0; i < n; i++) {
        bool is_real = dtype_is_real((Dtype)v[i].node->dtype);
        literal &= is_literal(v[i]);
        if (!is_real)
            continue;
        if (v[i].origin == FIXED || !adapts(v[i])) {
            if (fixed >= 0 && v[fixed].node->dtype != v[i].node->dtype) {
                fail(E, span, "%s and %s do not mix: convert one of them with f32(...) or f64(...)",
                     value_says(E, v[fixed]), value_says(E, v[i]));
                return false;
            }
            fixed = i;
        } else if (v[i].origin == FROM_REAL) {
            real = i;
        }
    }
    if (fixed >= 0)
        *out = (Dtype)v[fixed].node->dtype;
    else
        *out = real < 0 && literal ? T_F64 : E->options->real;
    return true;
}

bool promote(Elab *E, Span span, int n, Value *v, Promote how, Origin *origin)
{
    bool real = how == TO_REAL;
    *origin = FROM_CONST;
    for (int i = 0; i < n; i++)
        real |= dtype_is_real((Dtype)v[i].node->dtype);
    Dtype t;
    if (!real)
        t = integer_type(n, v, how);
    else if (!real_type(E, span, n, v, how, &t))
        return false;
    for (int i = 0; i < n; i++) {
        bool integer = !dtype_is_real((Dtype)v[i].node->dtype);
        Origin o = v[i].origin;
        if (real && integer && o == FIXED) /* an integer of the model turns into a `real` */
            o = FROM_REAL;
        if (o > *origin)
            *origin = o;
        if (v[i].node->dtype != t) {
            E->g->here = span;
            v[i].node = cast(E->g, v[i].node, t);
        }
    }
    return true;
}

Value to_real(Elab *E, Span span, Value v)
{
    Origin origin;
    if (!is_tensor(v) || !promote(E, span, 1, &v, TO_REAL, &origin))
        return (Value){.kind = VAL_ERROR};
    return tensor(E, v.node, origin);
}

Value convert(Elab *E, Value v, Dtype t)
{
    return tensor(E, cast(E->g, v.node, t), FIXED);
}

bool adapt_to(Elab *E, Span span, Value *v, Dtype t, bool is_real, const char *what)
{
    Dtype from = (Dtype)v->node->dtype;
    bool good = from == t;
    if (!good && dtype_is_real(t))
        good = !dtype_is_real(from) || adapts(*v);
    else if (!good && !dtype_is_real(from)) /* integers widen; literals fit or not */
        good = from < t ||
               (is_literal(*v) && from != T_BOOL && t != T_BOOL && literal_fits(*v, t)) ||
               (v->origin == FROM_CONST && from == T_I64 && t == T_I32);
    if (!good) {
        fail(E, span, "%s must be %s, not %s", what, is_real ? "real" : dtype_name(t),
             type_says(E, *v));
        return false;
    }
    E->g->here = span;
    const Size *size = v->size;
    *v = tensor(E, cast(E->g, v->node, t), is_real ? FROM_REAL : FIXED);
    v->size = size;
    return true;
}

/* ---- Pointwise operations ---- */

bool broadcast_shapes(Elab *E, Span span, int n, const Value *v, Shape *out)
{
    Shape s = shape_scalar();
    for (int i = 0; i < n; i++) {
        Shape before = s;
        if (!shape_broadcast(E->g, s, v[i].node->shape, &s)) {
            fail(E, span, "shapes %s and %s do not broadcast", shape_says(E, before),
                 shape_says(E, v[i].node->shape));
            note_sizes(E, before, v[i].node->shape);
            return false;
        }
    }
    *out = s;
    return true;
}

/* Arithmetic of integers known now; false where this is something else, or out of range. */
static bool integer_op(Op op, int n, const Value *v, int64_t *r, const char **bad)
{
    for (int i = 0; i < n; i++)
        if (!is_integer(&v[i]) || v[i].node->dtype != T_I64)
            return false;
    int64_t x = const_integer(v[0].node), y = n > 1 ? const_integer(v[1].node) : 0;
    bool over;
    switch (op) {
    case OP_NEG: over = __builtin_sub_overflow(0, x, r); break;
    case OP_ADD: over = __builtin_add_overflow(x, y, r); break;
    case OP_SUB: over = __builtin_sub_overflow(x, y, r); break;
    case OP_MUL: over = __builtin_mul_overflow(x, y, r); break;
    case OP_POW:
        if (y < 0)
            return false;
        *r = y > 0 && x == 0 ? 0 : x == -1 && y % 2 ? -1 : 1;
        over = false;
        for (int64_t k = 0; k < y && !over && (x > 1 || x < -1); k++)
            over = __builtin_mul_overflow(*r, x, r);
        break;
    default: return false;
    }
    if (over)
        *bad = "the result does not fit in 64 bits";
    return !over;
}

/* Arithmetic of sizes; NULL where the result is none. *bad: a text where it is an error. */
static const Size *size_op(Elab *E, Op op, int n, const Value *v, const char **bad)
{
    Sizes *s = E->g->sizes;
    for (int i = 0; i < n; i++)
        if (!has_size(&v[i]))
            return NULL;
    const Size *a = size_of(E, &v[0]), *b = n > 1 ? size_of(E, &v[1]) : NULL;
    switch (op) {
    case OP_NEG: return size_sub(s, size_const(s, 0), a);
    case OP_ADD: return size_add(s, a, b);
    case OP_SUB: return size_sub(s, a, b);
    case OP_MUL: return size_mul(s, a, b);
    case OP_DIV: return size_div(s, a, b);
    case OP_FLOORDIV:
    case OP_MOD:
        if (!b->n)
            *bad = op == OP_MOD ? "the remainder of a division by zero" : "a division by zero";
        return !b->n ? NULL : op == OP_MOD ? size_mod(s, a, b) : size_floordiv(s, a, b);
    case OP_POW:
        return b->is_const && b->value >= 0 && b->value <= 64 ? size_pow(s, a, (int)b->value)
                                                              : NULL;
    case OP_MAX: return size_add(s, b, size_positive(s, size_sub(s, a, b)));
    case OP_MIN: return size_sub(s, a, size_positive(s, size_sub(s, a, b)));
    case OP_ABS: return size_known_nonneg(s, a) ? a : a->is_const ? size_const(s, -a->value) : NULL;
    case OP_RELU: return size_positive(s, a);
    default: return NULL;
    }
}

/* A comparison of sizes that holds, or fails, for every value of the open ones. */
static bool size_compare(Elab *E, Op op, const Value *v, bool *truth)
{
    if (!has_size(&v[0]) || !has_size(&v[1]))
        return false;
    if (is_integer(&v[0]) && is_integer(&v[1])) {
        int64_t x = const_integer(v[0].node), y = const_integer(v[1].node);
        *truth = op == OP_EQ   ? x == y
                 : op == OP_NE ? x != y
                 : op == OP_LT ? x < y
                 : op == OP_LE ? x <= y
                 : op == OP_GT ? x > y
                               : x >= y;
        return true;
    }
    const Size *a = size_of(E, &v[0]), *b = size_of(E, &v[1]);
    Sizes *s = E->g->sizes;
    const Size *d = size_sub(s, a, b), *back = size_sub(s, b, a);
    bool ge = size_known_nonneg(s, d), le = size_known_nonneg(s, back);
    bool gt = size_known_positive(s, d), lt = size_known_positive(s, back);
    switch (op) {
    case OP_EQ:
    case OP_NE: *truth = (a == b) == (op == OP_EQ); return a == b || gt || lt || d->is_const;
    case OP_LT:
    case OP_GE: *truth = (op == OP_LT) == lt; return lt || ge;
    case OP_GT:
    case OP_LE: *truth = (op == OP_GT) == gt; return gt || le;
    default: return false;
    }
}

bool known_truth(Value v, bool *truth)
{
    if (v.kind != VAL_TENSOR || v.node->dtype != T_BOOL || !node_is_const(v.node))
        return false;
    *truth = const_integer(v.node) != 0;
    return true;
}

/* `2^-1` and `n^-2`: of integers, and yet no integer. */
static bool leaves_integers(Op op, const Value *v)
{
    if (op != OP_POW || v[0].node->dtype >= T_F32 || v[1].node->dtype >= T_F32)
        return false;
    return node_is_const(v[1].node) && const_integer(v[1].node) < 0;
}

static Promote promotion_of(Op op, const Value *v)
{
    if (op == OP_DIV)
        return dtype_is_real((Dtype)v[0].node->dtype) ? TO_ARITHMETIC : TO_REAL;
    if (op_table[op].type == TY_REAL || leaves_integers(op, v))
        return TO_REAL;
    if (op == OP_EQ || op == OP_NE || op == OP_STOP)
        return TO_COMPARE;
    if (op == OP_ISNAN || op == OP_ISINF || op == OP_ISFINITE)
        return TO_REAL;
    return TO_ARITHMETIC;
}

static bool want_bools(Elab *E, Op op, Span span, int n, const Value *v)
{
    for (int i = 0; i < n; i++)
        if (v[i].node->dtype != T_BOOL) {
            fail(E, span, "%s wants bool, not %s", op_table[op].name, value_says(E, v[i]));
            return false;
        }
    return true;
}

Value apply(Elab *E, Op op, Span span, int n, const Value *arg)
{
    Value v[3] = {{.kind = VAL_NONE}};
    Shape shape;
    Origin origin = FROM_CONST;
    const char *bad = NULL;
    for (int i = 0; i < n; i++) {
        v[i] = arg[i];
        if (!want_tensor(E, v[i], span,
                         arena_printf(E->arena, "an operand of %s", op_table[op].name)))
            return (Value){.kind = VAL_ERROR};
    }
    if (!broadcast_shapes(E, span, n, v, &shape))
        return (Value){.kind = VAL_ERROR};
    int64_t integer;
    if (integer_op(op, n, v, &integer, &bad))
        return value_int(E, integer);
    const Size *size = bad ? NULL : size_op(E, op, n, v, &bad);
    if (bad)
        return fail(E, span, "%s", bad);
    if ((op == OP_FLOORDIV || op == OP_MOD) && node_is_const(v[1].node) &&
        !dtype_is_real((Dtype)v[0].node->dtype) && !dtype_is_real((Dtype)v[1].node->dtype) &&
        !const_integer(v[1].node))
        return fail(E, span, "a division by zero");
    bool truth;
    if (op_compares(op) && size_compare(E, op, v, &truth))
        return value_bool(E, truth);
    if (op_table[op].type == TY_LOGIC) {
        if (!want_bools(E, op, span, n, v))
            return (Value){.kind = VAL_ERROR};
        for (int i = 0; i < n; i++)
            origin = v[i].origin > origin ? v[i].origin : origin;
    } else if (!promote(E, span, n, v, promotion_of(op, v), &origin)) {
        return (Value){.kind = VAL_ERROR};
    }
    Node *in[3];
    for (int i = 0; i < n; i++)
        in[i] = v[i].node;
    E->g->here = span;
    Node *r = size && !dtype_is_real((Dtype)in[0]->dtype) && op != OP_DIV
                  ? size_node(E->g, size)
                  : pointwise(E->g, op, n, in);
    Value out = tensor(E, r, r->dtype == T_BOOL && origin != FROM_CONST ? FIXED : origin);
    if (size)
        out.size = size;
    return out;
}

Value apply1(Elab *E, Op op, Span span, Value a)
{
    return apply(E, op, span, 1, &a);
}

Value apply2(Elab *E, Op op, Span span, Value a, Value b)
{
    Value v[2] = {a, b};
    return apply(E, op, span, 2, v);
}

/* cond ? yes : no of tensors, element by element. */
Value choose(Elab *E, Span span, Value cond, Value yes, Value no)
{
    if (is_error(cond) || is_error(yes) || is_error(no))
        return (Value){.kind = VAL_ERROR};
    if (yes.kind == VAL_TUPLE && no.kind == VAL_TUPLE && yes.n == no.n) {
        Value *item = NEW_N(E->arena, Value, yes.n ? yes.n : 1);
        for (int i = 0; i < yes.n; i++)
            if (is_error(item[i] = choose(E, span, cond, yes.item[i], no.item[i])))
                return item[i];
        return value_tuple(E, yes.n, item);
    }
    if (!want_tensor(E, yes, span, "a side of ?:") || !want_tensor(E, no, span, "a side of ?:"))
        return (Value){.kind = VAL_ERROR};
    Value all[3] = {cond, yes, no};
    Shape shape;
    Origin origin;
    if (!broadcast_shapes(E, span, 3, all, &shape) ||
        !promote(E, span, 2, all + 1, TO_COMPARE, &origin))
        return (Value){.kind = VAL_ERROR};
    E->g->here = span;
    Node *r = pw3(E->g, OP_SELECT, cond.node, all[1].node, all[2].node);
    if (origin == FROM_CONST && cond.origin != FROM_CONST)
        origin = dtype_is_real((Dtype)r->dtype) ? FROM_CONST : FIXED;
    return tensor(E, r, origin);
}

/* ---- What a value must be ---- */

bool want_size(Elab *E, Value v, Span span, const Size **out, const char *what)
{
    if (has_size(&v)) {
        *out = size_of(E, &v);
        return true;
    }
    if (v.kind == VAL_TUPLE && v.n == 1)
        return want_size(E, v.item[0], span, out, what);
    if (v.kind == VAL_TENSOR && (*out = count_form(E->g, v.node, true)))
        return true;
    if (v.kind == VAL_TENSOR && v.node->dtype <= T_I64 && !v.node->shape.rank)
        fail(E, span, "%s must be known at compile time: a constant or an expression of sizes",
             what);
    else if (v.kind == VAL_TENSOR && !v.node->shape.rank)
        fail(E, span, "%s must be an integer, not %s%s", what, value_says(E, v),
             v.origin == FROM_CONST ? " (// divides and rounds down)" : "");
    else if (v.kind != VAL_ERROR)
        fail(E, span, "%s must be an integer, not %s", what, value_says(E, v));
    return false;
}

bool want_int(Elab *E, Value v, Span span, int64_t *out, const char *what)
{
    const Size *s;
    if (!want_size(E, v, span, &s, what))
        return false;
    if (!s->is_const) {
        fail(E, span, "%s must be a constant, and %s is an open size", what, size_says(E, s));
        return false;
    }
    *out = s->value;
    return true;
}

/* An int, a tuple or a list of sizes. */
bool want_sizes(Elab *E, Value v, Span span, Shape *out, const char *what)
{
    const Size *dim[MAX_RANK];
    if (v.kind == VAL_ERROR)
        return false;
    int n = v.n;
    bool list = v.kind == VAL_TUPLE || (v.kind == VAL_TENSOR && v.node->shape.rank == 1 && v.item);
    if (!list) {
        n = 1;
        if (!want_size(E, v, span, &dim[0], what))
            return false;
    }
    if (n > MAX_AXES) {
        fail(E, span, "a shape of %d axes: at most %d are supported", n, MAX_AXES);
        return false;
    }
    for (int i = 0; list && i < n; i++)
        if (!want_size(E, v.item[i], span, &dim[i], what))
            return false;
    *out = shape_of(E->g, n, dim);
    return true;
}

bool want_shape(Elab *E, Value v, Span span, Shape *out, const char *what)
{
    if (!want_sizes(E, v, span, out, what))
        return false;
    for (int i = 0; i < out->rank; i++)
        if (out->dim[i]->is_const && out->dim[i]->value < 0) {
            fail(E, span, "%s is %lld", what, (long long)out->dim[i]->value);
            return false;
        }
    return true;
}
