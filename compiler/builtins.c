/* builtins.c - calls of the functions that the language knows: parameters are bound by position
 * and by name as the table says, then the handler runs. The pointwise ones are rows of ops.def. */
#include "eval.h"
#include "walk.h"

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* ---- The pointwise rows of ops.def ---- */

static Value run_pointwise(Elab *E, Call *c)
{
    Op op = (Op)c->builtin->extra;
    return apply(E, op, c->span, op_table[op].arity, c->arg);
}

/* stop goes through tuples. */
static Value run_through(Elab *E, Call *c)
{
    if (c->arg[0].kind != VAL_TUPLE)
        return apply1(E, (Op)c->builtin->extra, c->span, c->arg[0]);
    Value *item = NEW_N(E->arena, Value, c->arg[0].n + 1);
    for (int i = 0; i < c->arg[0].n; i++) {
        Call one = *c;
        one.arg[0] = c->arg[0].item[i];
        if (is_error(item[i] = run_through(E, &one)))
            return bad();
    }
    return value_tuple(E, c->arg[0].n, item);
}

/* What is computed again is what the argument's own text has made; what it was made from was there
 * before. Goes through tuples. */
static Value run_checkpoint(Elab *E, Call *c)
{
    Value x = c->arg[0];
    if (x.kind == VAL_TUPLE) {
        Value *item = NEW_N(E->arena, Value, x.n + 1);
        for (int i = 0; i < x.n; i++) {
            Call one = *c;
            one.arg[0] = x.item[i];
            if (is_error(item[i] = run_checkpoint(E, &one)))
                return bad();
        }
        return value_tuple(E, x.n, item);
    }
    if (!want_tensor(E, x, c->at[0], "what is computed again"))
        return bad();
    Walk w = walk_ancestors(E->g, 1, &x.node, E->args_from);
    VEC(Node *) older = {0};
    for (int k = 0; k < w.n; k++)
        for (int i = 0; i < w.node[k]->nin; i++) {
            Node *in = w.node[k]->in[i];
            if (in->id < E->args_from && in->op != OP_CONST && in->op != OP_SIZE)
                vec_push(E->arena, &older, in);
        }
    Walk from = walk_nodes(E->g, older.n, older.at);
    E->g->here = c->span;
    x.node = checkpoint(E->g, x.node, from.n, from.node);
    return x;
}

/* polygamma(n, x): n is a constant. */
static Value run_polygamma(Elab *E, Call *c)
{
    int64_t n;
    Value order = c->arg[0];
    if (!is_tensor(order) || !node_is_const(order.node) ||
        const_value(order.node) != (double)(n = const_integer(order.node)) || n < 0)
        return is_error(order)
                   ? order
                   : fail(E, c->at[0], "the order of polygamma must be a constant, 0 or more");
    if (n == 0)
        return apply1(E, OP_DIGAMMA, c->span, c->arg[1]);
    return apply2(E, OP_POLYGAMMA, c->span, value_real(E, (double)n), c->arg[1]);
}

static Value run_cast(Elab *E, Call *c)
{
    Dtype t;
    Origin origin;
    if (!dtype_named(E, c->builtin->name, &t, &origin) ||
        !want_tensor(E, c->arg[0], c->at[0], "what is converted"))
        return bad();
    E->g->here = c->span;
    Node *x = c->arg[0].node;
    if (t == T_BOOL && x->dtype != T_BOOL) /* not zero */
        x = pw2(E->g, OP_NE, x, const_like(E->g, x, 0));
    if (t == T_I64 && has_size(&c->arg[0])) /* of i64(D*(D - 1)/2) too, whose operand is a real */
        x = size_node(E->g, size_of(E, &c->arg[0]));
    return tensor(E, cast(E->g, x, t), origin);
}

static Value run_select(Elab *E, Call *c)
{
    if (!want_tensor(E, c->arg[0], c->at[0], "a condition"))
        return bad();
    if (c->arg[0].node->dtype != T_BOOL)
        return fail(E, c->at[0], "a condition must be bool, not %s", value_says(E, c->arg[0]));
    return choose(E, c->span, c->arg[0], c->arg[1], c->arg[2]);
}

static Value run_clip(Elab *E, Call *c)
{
    Value x = c->arg[0];
    if (given(c->arg[1]))
        x = apply2(E, OP_MAX, c->span, x, c->arg[1]);
    if (given(c->arg[2]))
        x = apply2(E, OP_MIN, c->span, x, c->arg[2]);
    return x;
}

static Value run_size(Elab *E, Call *c)
{
    if (!want_tensor(E, c->arg[0], c->at[0], "the argument of size"))
        return bad();
    Shape s = c->arg[0].node->shape;
    if (!given(c->arg[1]))
        return value_size(E, shape_count(E->g, s));
    int axis;
    if (!want_axis(E, c->arg[1], c->at[1], s.rank, &axis))
        return bad();
    return value_size(E, s.dim[axis]);
}

static Value run_rank(Elab *E, Call *c)
{
    if (!want_tensor(E, c->arg[0], c->at[0], "the argument of rank"))
        return bad();
    return value_int(E, c->arg[0].node->shape.rank);
}

static Value run_shape(Elab *E, Call *c)
{
    if (!want_tensor(E, c->arg[0], c->at[0], "the argument of shape"))
        return bad();
    Shape s = c->arg[0].node->shape;
    Value item[MAX_RANK];
    for (int i = 0; i < s.rank; i++)
        item[i] = value_size(E, s.dim[i]);
    return value_tuple(E, s.rank, item);
}

static const Builtin builtins_core[] = {
    {"stop", run_through, "x", OP_STOP},
    {"checkpoint", run_checkpoint, "x", 0},
    {"polygamma", run_polygamma, "n x", 0},
    {"select", run_select, "cond yes no", 0},
    {"scale", run_pointwise, "a b", OP_SCALE},
    {"clip", run_clip, "x low? high?", 0},
    {"size", run_size, "x axis?", 0},
    {"rank", run_rank, "x", 0},
    {"shape", run_shape, "x", 0},
    {"real", run_cast, "x", 0},
    {"f32", run_cast, "x", 0},
    {"f64", run_cast, "x", 0},
    {"i32", run_cast, "x", 0},
    {"i64", run_cast, "x", 0},
    {"u8", run_cast, "x", 0},
    {"bool", run_cast, "x", 0},
    {0},
};

static const Builtin *const tables[] = {
    builtins_core, builtins_reduce, builtins_shape, builtins_make, builtins_linalg,
    builtins_random, builtins_conv,
};

/* Rows of ops.def that are called as they stand. */
static const Builtin pointwise_rows[] = {
#define OP(id, ...) [OP_##id] = {.run = run_pointwise, .extra = OP_##id},
#include "ops.def"
#undef OP
};

static const Builtin *pointwise_builtin(const char *name)
{
    Op op = op_find(name);
    if (op == OP_COUNT || op_table[op].family != F_POINTWISE || op_table[op].flags & INTERNAL)
        return NULL;
    return ((name[0] | 32) >= 'a' && (name[0] | 32) <= 'z') ? &pointwise_rows[op] : NULL;
}

const Builtin *builtin_find(const char *name)
{
    for (int t = 0; t < ARRAY_LEN(tables); t++)
        for (const Builtin *b = tables[t]; b->name; b++)
            if (!strcmp(b->name, name))
                return b;
    return pointwise_builtin(name);
}

int builtin_names(Arena *a, const char *const **out)
{
    VEC(const char *) list = {0};
    for (int t = 0; t < ARRAY_LEN(tables); t++)
        for (const Builtin *b = tables[t]; b->name; b++)
            vec_push(a, &list, b->name);
    for (int op = 0; op < OP_COUNT; op++)
        if (pointwise_builtin(op_table[op].name))
            vec_push(a, &list, op_table[op].name);
    *out = list.at;
    return list.n;
}

/* ---- Binding arguments ---- */

typedef struct Param1 {
    const char *name;
    size_t n;
    bool optional, rest;
} Param1;

static int read_params(const Builtin *b, Param1 *out)
{
    int n = 0;
    const char *p = b->params                       ? b->params
                    : op_table[b->extra].arity == 1 ? "x"
                    : op_table[b->extra].arity == 2 ? "a b"
                                                    : "a b c";
    while (*p) {
        size_t len = strcspn(p, " ");
        Param1 q = {.name = p, .n = len};
        if (p[len - 1] == '?') {
            q.optional = true;
            q.n--;
        } else if (len > 3 && p[len - 1] == '.') {
            q.rest = true;
            q.n -= 3;
        }
        out[n++] = q;
        p += len + (p[len] == ' ');
    }
    return n;
}

static const char *name_of(const Builtin *b)
{
    return b->name ? b->name : op_table[b->extra].name;
}

static Value wrong_count(Elab *E, const Builtin *b, const Param1 *p, int np, Span span, int got)
{
    int least = 0, most = 0;
    for (int i = 0; i < np; i++) {
        least += !p[i].optional && !p[i].rest;
        most += !p[i].rest;
    }
    if (least == most)
        return fail(E, span, "%s takes %d argument%s, not %d", name_of(b), least,
                    least == 1 ? "" : "s", got);
    return fail(E, span, "%s takes %d to %d arguments, not %d", name_of(b), least, most, got);
}

static int find_param(const Param1 *p, int np, const char *name)
{
    for (int i = 0; i < np; i++)
        if (strlen(name) == p[i].n && !memcmp(name, p[i].name, p[i].n) && !p[i].rest)
            return i;
    return -1;
}

static Value unknown_keyword(Elab *E, const Builtin *b, const Param1 *p, int np,
                             const NamedValue *v)
{
    const char *names[BUILTIN_MAX_PARAMS];
    for (int i = 0; i < np; i++)
        names[i] = arena_strndup(E->arena, p[i].name, p[i].n);
    const char *message = arena_printf(E->arena, "%s has no argument '%s'", name_of(b), v->name);
    return fail_name(E, v->name_span, message, v->name, names, np, "");
}

Value call_builtin(Elab *E, const Builtin *b, Span span, int n, const NamedValue *arg)
{
    Param1 p[BUILTIN_MAX_PARAMS];
    int np = read_params(b, p), at = 0, positional = 0;
    Call *c = NEW(E->arena, Call);
    c->builtin = b;
    c->span = span;
    for (int i = 0; i < BUILTIN_MAX_PARAMS; i++) {
        c->arg[i].kind = VAL_NONE;
        c->at[i] = span;
    }
    for (int i = 0; i < n; i++)
        if (is_error(arg[i].value))
            return bad();
    bool rest = np && p[0].rest;
    if (rest) { /* all that stand by position */
        Value *all = NEW_N(E->arena, Value, n + 1);
        Span *where = NEW_N(E->arena, Span, n + 1);
        bool shape = false; /* zeros(shape=(2, 3)) */
        where[0] = span;
        for (int i = 0; i < n; i++)
            if (arg[i].name) {
                shape |= !strcmp(arg[i].name, "shape");
            } else {
                all[c->nrest] = arg[i].value;
                where[c->nrest++] = arg[i].span;
            }
        c->rest = all;
        c->rest_at = where;
        if (!c->nrest && !(shape && find_param(p, np, "shape") >= 0))
            return fail(E, span, "%s wants an argument", name_of(b));
    }
    for (int i = 0; i < n; i++) {
        positional += !arg[i].name;
        if (!arg[i].name && rest)
            continue;
        int k = arg[i].name ? find_param(p, np, arg[i].name) : at++;
        if (k < 0)
            return unknown_keyword(E, b, p, np, &arg[i]);
        if (k >= np)
            continue; /* counted below */
        if (given(c->arg[k]))
            return fail(E, arg[i].name_span, "the argument '%s' of %s is given twice", arg[i].name,
                        name_of(b));
        c->arg[k] = arg[i].value;
        c->at[k] = arg[i].span;
    }
    if (!rest && positional > np)
        return wrong_count(E, b, p, np, span, n);
    for (int k = 0; k < np; k++)
        if (!p[k].optional && !p[k].rest && !given(c->arg[k]))
            return positional == n ? wrong_count(E, b, p, np, span, n)
                                   : fail(E, span, "%s wants its argument '%.*s'", name_of(b),
                                          (int)p[k].n, p[k].name);
    E->g->here = span;
    return b->run(E, c);
}

/* ---- What arguments must be ---- */

static bool axis_in_range(Elab *E, int64_t at, Span span, int rank, int *axis)
{
    if (at < -rank || at >= rank) {
        fail(E, span, "axis %lld is out of range for rank %d", (long long)at, rank);
        return false;
    }
    *axis = (int)(at < 0 ? at + rank : at);
    return true;
}

bool want_axis(Elab *E, Value v, Span span, int rank, int *axis)
{
    int64_t at;
    return want_int(E, v, span, &at, "an axis") && axis_in_range(E, at, span, rank, axis);
}

bool want_axes(Elab *E, Value v, Span span, int rank, int *n, int *axes)
{
    bool has[MAX_RANK] = {false};
    int axis;
    *n = 0;
    if (!given(v)) {
        for (int i = 0; i < rank; i++)
            axes[(*n)++] = i;
        return true;
    }
    bool many = v.kind == VAL_TUPLE || (is_tensor(v) && v.item);
    int count = many ? v.n : 1;
    for (int i = 0; i < count; i++) {
        if (!want_axis(E, many ? v.item[i] : v, span, rank, &axis))
            return false;
        if (has[axis]) {
            fail(E, span, "axis %d is named twice", axis);
            return false;
        }
        has[axis] = true;
    }
    for (int i = 0; i < rank; i++)
        if (has[i])
            axes[(*n)++] = i;
    return true;
}

bool want_bool(Elab *E, Value v, Span span, bool *out, const char *what)
{
    if (known_truth(v, out))
        return true;
    if (!is_error(v))
        fail(E, span, "%s must be true or false", what);
    return false;
}

bool dtype_named(Elab *E, const char *name, Dtype *out, Origin *origin)
{
    *origin = FIXED;
    for (Dtype t = T_BOOL; t <= T_F64; t++)
        if (!strcmp(name, dtype_name(t))) {
            *out = t;
            return true;
        }
    if (strcmp(name, "real") != 0)
        return false;
    *out = E->options->real;
    *origin = FROM_REAL;
    return true;
}

bool want_dtype(Elab *E, Value v, Span span, Dtype *out, Origin *origin)
{
    if (v.kind == VAL_FN && v.fn->builtin && v.fn->builtin->name &&
        dtype_named(E, v.fn->builtin->name, out, origin))
        return true;
    if (!is_error(v))
        fail(E, span, "an element type must be real, f32, f64, i32, i64, u8 or bool");
    return false;
}
