/* derive_expr.c - derivative expressions in the tree: which names they are taken by, and their
 * operands. */
#include "derive.h"

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* ---- The names that a body differentiates by ---- */

typedef struct Names {
    Elab *E;
    VEC(const char *) list;
} Names;

static void add_name(Names *names, const Ast *a)
{
    if (a->kind == AST_TUPLE)
        for (int i = 0; i < a->list.n; i++)
            add_name(names, a->list.item[i]);
    if (a->kind != AST_NAME)
        return;
    for (int i = 0; i < names->list.n; i++)
        if (!strcmp(names->list.at[i], a->name))
            return;
    vec_push(names->E->arena, &names->list, a->name);
}

static void collect(Names *names, const Ast *a);

static void collect_all(Names *names, int n, Ast *const *at)
{
    for (int i = 0; i < n; i++)
        collect(names, at[i]);
}

static void collect_call(Names *names, const Ast *a)
{
    const Ast *callee = a->call.callee;
    if (callee->kind == AST_NAME && derive_kind(callee->name) < DERIVE_COUNT)
        for (int i = 1; i < a->call.n; i++)
            add_name(names, a->call.arg[i]->kind == AST_NAMED_ARG ? a->call.arg[i]->decl.value
                                                                  : a->call.arg[i]);
    collect(names, callee);
    collect_all(names, a->call.n, a->call.arg);
}

static void collect_statement(Names *names, const Ast *a)
{
    switch (a->kind) {
    case AST_BIND_TUPLE: collect(names, a->bind.value); break;
    case AST_ASSIGN_INDEX:
        collect(names, a->assign.target);
        collect(names, a->assign.value);
        break;
    case AST_FOR:
    case AST_STATIC_FOR:
    case AST_WHILE:
        collect(names, a->loop.range);
        collect(names, a->loop.cond);
        collect(names, a->loop.body);
        break;
    case AST_ASSERT: collect(names, a->assert_.cond); break;
    default: break;
    }
}

static void collect(Names *names, const Ast *a)
{
    if (!a || stack_is_deep(names->E))
        return;
    while (a->kind == AST_BINARY) { /* a long spine, without recursion */
        collect(names, a->binary.right);
        a = a->binary.left;
    }
    switch (a->kind) {
    case AST_BLOCK:
    case AST_LIST:
    case AST_TUPLE: collect_all(names, a->list.n, a->list.item); break;
    case AST_NAMED_ARG:
    case AST_BIND: collect(names, a->decl.value); break;
    case AST_IF:
    case AST_TERNARY:
        collect(names, a->cond.cond);
        collect(names, a->cond.yes);
        collect(names, a->cond.no);
        break;
    case AST_RETURN:
    case AST_TRANSPOSE: collect(names, a->operand); break;
    case AST_UNARY: collect(names, a->unary.operand); break;
    case AST_CALL: collect_call(names, a); break;
    case AST_INDEX:
        collect(names, a->index.base);
        collect_all(names, a->index.n, a->index.item);
        break;
    case AST_SLICE:
    case AST_RANGE:
        collect(names, a->range.start);
        collect(names, a->range.stop);
        collect(names, a->range.step);
        break;
    case AST_COMPREHENSION:
        collect(names, a->comp.element);
        collect_all(names, a->comp.n, a->comp.clause);
        break;
    case AST_CLAUSE: collect(names, a->clause.range); break;
    case AST_FN_EXPR: collect(names, a->fn->body); break;
    default: collect_statement(names, a); break;
    }
}

void collect_targets(Elab *E, const Ast *body, int *n, const char *const **out)
{
    Names names = {.E = E};
    collect(&names, body);
    *n = names.list.n;
    *out = names.list.at;
}

/* ---- Operands ---- */

/* What is differentiated by: names, and tuples of names, flat. */
typedef struct Targets {
    VEC(Value) x;
    VEC(const char *) name;
    VEC(Span) span;
} Targets;

static bool add_target(Elab *E, const char *name, Span span, Value v, Targets *t)
{
    if (is_error(v))
        return false;
    if (v.kind == VAL_TUPLE) {
        for (int i = 0; i < v.n; i++)
            if (!add_target(E, arena_printf(E->arena, "%s[%d]", name, i), span, v.item[i], t))
                return false;
        return true;
    }
    vec_push(E->arena, &t->x, v);
    vec_push(E->arena, &t->name, name);
    vec_push(E->arena, &t->span, span);
    return true;
}

static bool read_target(Elab *E, Scope *scope, const Ast *a, Targets *t)
{
    if (a->kind == AST_TUPLE) {
        for (int i = 0; i < a->list.n; i++)
            if (!read_target(E, scope, a->list.item[i], t))
                return false;
        return true;
    }
    if (a->kind != AST_NAME) {
        fail(E, a->span, "a derivative is taken by a variable: give this expression a name first");
        return false;
    }
    return add_target(E, a->name, a->span, eval_name(E, scope, a->name, a->span), t);
}

/* Vectors of jvp and hvp: as many as targets. */
static bool read_vectors(Elab *E, Scope *scope, const Ast *a, int n, const Value **out)
{
    Value v = eval(E, scope, a), *one;
    if (is_error(v))
        return false;
    if (v.kind == VAL_TUPLE && v.n == n) {
        *out = v.item;
        return true;
    }
    if (v.kind == VAL_TUPLE || n != 1) {
        fail(E, a->span, "%d vector%s wanted, one for each variable, not %s", n, n == 1 ? "" : "s",
             value_says(E, v));
        return false;
    }
    one = NEW(E->arena, Value);
    *one = v;
    *out = one;
    return true;
}

/* What is differentiated, for messages: its name, or its text where that is short. */
static const char *called(Elab *E, const Ast *a)
{
    enum { SHORT = 32 };
    if (a->kind == AST_NAME)
        return a->name;
    const char *text = E->diags->sources.at[a->span.source].text + a->span.start;
    size_t n = a->span.end - a->span.start;
    if (n > SHORT || memchr(text, '\n', n))
        return "this expression";
    return arena_printf(E->arena, "%.*s", (int)n, text);
}

static Value as_tuple(Elab *E, int n, const Value *v, bool tuple)
{
    return n == 1 && !tuple ? v[0] : value_tuple(E, n, v);
}

static Value take(Elab *E, Derive *d, bool tuple)
{
    int n = d->n;
    Value *out = NEW_N(E->arena, Value, n * n + 1);
    if (d->y.kind == VAL_TUPLE && d->kind == DERIVE_JACOBIAN) { /* of each component */
        Value *part = NEW_N(E->arena, Value, d->y.n + 1);
        for (int i = 0; i < d->y.n; i++) {
            Derive one = *d;
            one.y = d->y.item[i];
            if (is_error(part[i] = take(E, &one, tuple)))
                return bad();
        }
        return value_tuple(E, d->y.n, part);
    }
    if (!derive(E, d, out))
        return bad();
    if (d->kind == DERIVE_JVP)
        return out[0];
    if (d->kind != DERIVE_HESSIAN || (n == 1 && !tuple))
        return as_tuple(E, n, out, tuple);
    Value *row = NEW_N(E->arena, Value, n);
    for (int i = 0; i < n; i++)
        row[i] = value_tuple(E, n, out + i * n);
    return value_tuple(E, n, row);
}

/* taylor(y, x, v, k): c_0 ... c_{k-1} of y(x + t v) = sum of c_j t^j, along a new first axis. */
static Value eval_taylor(Elab *E, Scope *scope, const Ast *a)
{
    enum { MOST = 64 };
    Ast *const *arg = a->call.arg;
    Derive d = {.kind = DERIVE_JVP, .span = a->span};
    Targets t = {0};
    int64_t k;
    if (a->call.n != 4)
        return fail(E, a->span, "taylor takes what is expanded, a variable, a direction and how "
                                "many coefficients, not %d argument%s",
                    a->call.n, a->call.n == 1 ? "" : "s");
    d.y = eval(E, scope, arg[0]);
    d.y_span = arg[0]->span;
    d.of = called(E, arg[0]);
    if (!read_target(E, scope, arg[1], &t) || is_error(d.y))
        return bad();
    d.n = t.x.n;
    d.x = t.x.at;
    d.name = t.name.at;
    d.x_span = t.span.at;
    if (!read_vectors(E, scope, arg[2], d.n, &d.v) ||
        !want_int(E, eval(E, scope, arg[3]), arg[3]->span, &k, "how many coefficients"))
        return bad();
    if (k < 1 || k > MOST)
        return fail(E, arg[3]->span, "taylor gives 1 to %d coefficients, not %lld", MOST, (long long)k);
    Value *c = NEW_N(E->arena, Value, k);
    double factorial = 1;
    c[0] = d.y;
    for (int j = 1; j < k; j++) {
        if (!derive(E, &d, &d.y))
            return bad();
        d.zeros = true; /* a polynomial ends */
        factorial *= j;
        c[j] = tensor(E, pw2(E->g, OP_MUL, d.y.node, const_like(E->g, d.y.node, 1 / factorial)), d.y.origin);
    }
    return value_join(E, a->span, (int)k, c);
}

Value eval_derivative(Elab *E, Scope *scope, const Ast *a)
{
    Derive d = {.kind = derive_kind(a->call.callee->name), .span = a->span};
    bool vectors = d.kind == DERIVE_VJP || d.kind == DERIVE_JVP || d.kind == DERIVE_HVP;
    int least = vectors ? 3 : 2, n = a->call.n;
    Targets t = {0};
    for (int i = 0; i < n; i++)
        if (a->call.arg[i]->kind == AST_NAMED_ARG)
            return fail(E, a->call.arg[i]->decl.name_span, "%s has no argument '%s'",
                        derive_name(d.kind), a->call.arg[i]->decl.name);
    if (d.kind == DERIVE_TAYLOR)
        return eval_taylor(E, scope, a);
    if (n < least)
        return fail(E, a->span, "%s takes %s, not %d argument%s", derive_name(d.kind),
                    vectors ? "what is differentiated, a variable and a vector"
                            : "what is differentiated and a variable",
                    n, n == 1 ? "" : "s");
    int last = vectors ? n - 1 : n;
    bool tuple = last > 2;
    d.y = eval(E, scope, a->call.arg[0]);
    d.y_span = a->call.arg[0]->span;
    d.of = called(E, a->call.arg[0]);
    for (int i = 1; i < last; i++) {
        tuple |= a->call.arg[i]->kind == AST_TUPLE;
        if (!read_target(E, scope, a->call.arg[i], &t))
            return bad();
    }
    if (is_error(d.y))
        return bad();
    d.n = t.x.n;
    d.x = t.x.at;
    d.name = t.name.at;
    d.x_span = t.span.at;
    if (vectors &&
        !read_vectors(E, scope, a->call.arg[n - 1], d.kind == DERIVE_VJP ? 1 : d.n, &d.v))
        return bad();
    return take(E, &d, tuple || d.n != 1);
}
