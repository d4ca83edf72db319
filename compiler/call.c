/* call.c - calls: of builtins, of derivatives, and of the model's functions, which are inlined.
 *
 * The names in the shapes of parameters are sizes. Plain names that nothing has bound yet are told
 * from the arguments first, whatever their order; then every expression must come out as the
 * argument's size. */
#include "eval.h"
#include "derive.h"

enum { MAX_DEPTH = 1000, MAX_STACK = 6 << 20 };

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

bool stack_is_deep(Elab *E)
{
    const char *here = __builtin_frame_address(0);
    return E->stack - here > MAX_STACK || here - E->stack > MAX_STACK;
}

/* ---- Parameters ---- */

bool param_type(Elab *E, const Ast *p, Dtype *out, Origin *origin)
{
    *out = E->options->real;
    *origin = FROM_REAL;
    const Ast *type = p->param.type;
    if (!type || !type->type.element || dtype_named(E, type->type.element, out, origin))
        return true;
    static const char *const names[] = {"real", "f32", "f64", "i32", "i64", "u8", "bool"};
    const char *name = type->type.element;
    fail_name(E, type->type.element_span, arena_printf(E->arena, "unknown element type '%s'", name),
              name, names, ARRAY_LEN(names), ": there are real, f32, f64, i32, i64, u8 and bool");
    return false;
}

static int dims_of(const Ast *p)
{
    return p->param.type ? p->param.type->type.n : 0;
}

/* The shape that a parameter declares; its names are bound already. */
bool param_shape(Elab *E, Scope *scope, const Ast *p, Shape *out)
{
    const Size *dim[MAX_RANK];
    int n = dims_of(p);
    if (n > MAX_AXES) {
        fail(E, p->span, "more than %d axes are not supported", MAX_AXES);
        return false;
    }
    for (int i = 0; i < n; i++) {
        const Ast *a = p->param.type->type.dim[i];
        if (!want_size(E, eval(E, scope, a), a->span, &dim[i], "a size in a shape"))
            return false;
        if (dim[i]->is_const && dim[i]->value < 0) {
            fail(E, a->span, "a size in a shape is %lld", (long long)dim[i]->value);
            return false;
        }
    }
    *out = shape_of(E->g, n, dim);
    return true;
}

/* x: f32 is a scalar; x alone, in a function that is called, anything. */
static bool check_rank(Elab *E, const AstFunction *fn, const Ast *p, Value v, Span at)
{
    int want = dims_of(p);
    if (!want_tensor(E, v, at,
                     arena_printf(E->arena, "the argument %s of %s", p->param.name,
                                  fn->name ? fn->name : "fn")))
        return false;
    if (v.node->shape.rank == want)
        return true;
    fail(E, at, "%s of %s has %d ax%s, and the argument is %s", p->param.name,
         fn->name ? fn->name : "fn", want, want == 1 ? "is" : "es", value_says(E, v));
    note(E, p->span, "%s is declared here", p->param.name);
    return false;
}

/* Names of sizes that stand alone take what the argument has. */
static void bind_sizes(Elab *E, Scope *scope, const Ast *p, Value v)
{
    for (int k = 0; k < dims_of(p); k++) {
        const Ast *a = p->param.type->type.dim[k];
        if (a->kind != AST_NAME || scope_find(scope, a->name))
            continue;
        const Global *global = global_find(E, a->name);
        if (global && global->kind != GLOBAL_FN)
            continue;
        scope_bind(E, scope, a->name, value_size(E, v.node->shape.dim[k]));
    }
}

/* ---- Sizes told by an expression: `x[2*n]` of 6 elements says n = 3 ---- */

enum { SOLVE_DEPTH = 100, SOLVE_TURNS = 100000 };

/* The first name in the size expression a that nothing binds. */
static const char *free_name(Elab *E, Scope *scope, const Ast *a, int depth)
{
    if (a->kind == AST_NAME)
        return name_is_bound(E, scope, a->name) ? NULL : a->name;
    if (a->kind != AST_BINARY || depth > SOLVE_DEPTH)
        return NULL;
    const char *name = free_name(E, scope, a->binary.left, depth + 1);
    return name ? name : free_name(E, scope, a->binary.right, depth + 1);
}

/* The value of a where `name` is `x`; NULL where that cannot be said. */
static const Size *size_where(Elab *E, Scope *scope, const Ast *a, const char *name, const Size *x,
                              int depth)
{
    Sizes *z = E->g->sizes;
    if (a->kind == AST_NAME && !strcmp(a->name, name))
        return x;
    if (a->kind == AST_NUMBER || (a->kind == AST_NAME && name_is_bound(E, scope, a->name))) {
        const Size *r;
        return want_size(E, eval(E, scope, a), a->span, &r, "a size in a shape") ? r : NULL;
    }
    if (a->kind != AST_BINARY || depth > SOLVE_DEPTH)
        return NULL;
    const Size *l = size_where(E, scope, a->binary.left, name, x, depth + 1);
    const Size *r = l ? size_where(E, scope, a->binary.right, name, x, depth + 1) : NULL;
    const char *op = a->binary.op;
    if (!r)
        return NULL;
    if (!strcmp(op, "+") || !strcmp(op, "-") || !strcmp(op, "*"))
        return *op == '+' ? size_add(z, l, r) : *op == '-' ? size_sub(z, l, r) : size_mul(z, l, r);
    if (!strcmp(op, "/"))
        return size_div(z, l, r);
    bool power = !strcmp(op, "^") && r->is_const && r->value >= 0 && r->value <= 4;
    return power ? size_pow(z, l, (int)r->value) : NULL;
}

/* The one size that makes a be `have`. */
static const Size *solve_size(Elab *E, Scope *scope, const Ast *a, const char *name,
                              const Size *have)
{
    Sizes *z = E->g->sizes;
    const Size *at0 = size_where(E, scope, a, name, size_const(z, 0), 0);
    const Size *at1 = at0 ? size_where(E, scope, a, name, size_const(z, 1), 0) : NULL;
    if (!at1)
        return NULL;
    const Size *x = size_div(z, size_sub(z, have, at0), size_sub(z, at1, at0));
    if (x && x->den == 1 && size_where(E, scope, a, name, x, 0) == have)
        return x;
    for (int64_t i = 1; i < SOLVE_TURNS && have->is_const; i++) {
        x = size_const(z, i);
        const Size *r = size_where(E, scope, a, name, x, 0);
        if (r == have)
            return x;
        if (!r || !r->is_const || (i > 1 && r->value > have->value))
            break; /* it grows: no larger size can do */
    }
    return NULL;
}

static void bind_solved(Elab *E, Scope *scope, const Ast *p, Value v)
{
    for (int k = 0; k < dims_of(p); k++) {
        const Ast *a = p->param.type->type.dim[k];
        const char *name = free_name(E, scope, a, 0);
        const Size *x = name ? solve_size(E, scope, a, name, v.node->shape.dim[k]) : NULL;
        if (x && !(x->is_const && x->value < 0))
            scope_bind(E, scope, name, value_size(E, x));
    }
}

static bool check_sizes(Elab *E, Scope *scope, const AstFunction *fn, const Ast *p, Value v,
                        Span at)
{
    for (int k = 0; k < dims_of(p); k++) {
        const Ast *a = p->param.type->type.dim[k];
        const Size *want, *have = v.node->shape.dim[k];
        const char *name = free_name(E, scope, a, 0);
        if (name) {
            Text text = {.arena = E->arena};
            ast_print(a, &text);
            fail(E, at, "axis %d of %s is %s, which does not tell %s in %s", k, p->param.name,
                 size_says(E, have), name, text.s);
            note(E, a->span, "it is declared here, in %s", fn->name ? fn->name : "fn");
            return false;
        }
        if (!want_size(E, eval(E, scope, a), a->span, &want, "a size in a shape"))
            return false;
        if (want == have)
            continue;
        Text text = {.arena = E->arena};
        ast_print(a, &text);
        const char *says = size_says(E, want);
        bool same = text.s && !strcmp(text.s, says);
        fail(E, at, "axis %d of %s must be %s%s%s, and is %s", k, p->param.name,
             text.s ? text.s : says, same ? "" : " = ", same ? "" : says, size_says(E, have));
        note(E, a->span, "it is declared here, in %s", fn->name ? fn->name : "fn");
        note_sizes(E, (Shape){.rank = 1, .dim = &want}, (Shape){.rank = 1, .dim = &have});
        return false;
    }
    return true;
}

/* The argument in the type of its parameter. `x[N]` without a word for the element type takes
 * any real: a helper serves f32 and f64 alike. */
static bool adapt_argument(Elab *E, const AstFunction *fn, const Ast *p, Value *v, Span at)
{
    Dtype t;
    Origin origin;
    if (!param_type(E, p, &t, &origin))
        return false;
    if (!p->param.type->type.element && dtype_is_real((Dtype)v->node->dtype) &&
        v->origin != FROM_CONST)
        return true;
    const char *what =
        arena_printf(E->arena, "%s of %s", p->param.name, fn->name ? fn->name : "fn");
    if (adapt_to(E, at, v, t, origin == FROM_REAL, what))
        return true;
    note(E, p->span, "%s is declared here", p->param.name);
    return false;
}

static bool bind_params(Elab *E, Scope *scope, const AstFunction *fn, Value *arg, const Span *at)
{
    for (int i = 0; i < fn->nparam; i++) {
        const Ast *p = fn->param[i];
        bool typed = p->param.type != NULL;
        if (typed && !check_rank(E, fn, p, arg[i], at[i]))
            return false;
        if (typed && !adapt_argument(E, fn, p, &arg[i], at[i]))
            return false;
        scope_bind(E, scope, p->param.name, arg[i]);
        scope_own(scope, p->param.name)->at = p->param.name_span;
    }
    for (int i = 0; i < fn->nparam; i++)
        bind_sizes(E, scope, fn->param[i], arg[i]);
    for (int i = 0; i < fn->nparam; i++)
        bind_solved(E, scope, fn->param[i], arg[i]);
    for (int i = 0; i < fn->nparam; i++)
        if (!check_sizes(E, scope, fn, fn->param[i], arg[i], at[i]))
            return false;
    return true;
}

/* ---- Calls of the model's functions ---- */

/* Arguments in the order of the parameters. */
static bool order_arguments(Elab *E, const AstFunction *fn, Span span, int n, const NamedValue *in,
                            Value *arg, Span *at)
{
    const char *name = fn->name ? fn->name : "fn";
    int next = 0;
    for (int i = 0; i < fn->nparam; i++)
        arg[i].kind = VAL_NONE;
    for (int i = 0; i < n; i++) {
        int k = in[i].name ? 0 : next++;
        while (in[i].name && k < fn->nparam && strcmp(fn->param[k]->param.name, in[i].name) != 0)
            k++;
        if (in[i].name && k == fn->nparam) {
            fail(E, in[i].name_span, "%s has no parameter '%s'", name, in[i].name);
            note(E, fn->name_span, "%s is declared here", name);
            return false;
        }
        if (k >= fn->nparam)
            continue;
        if (given(arg[k])) {
            fail(E, in[i].name_span, "the parameter '%s' of %s is given twice", in[i].name, name);
            return false;
        }
        if (is_error(in[i].value))
            return false;
        arg[k] = in[i].value;
        at[k] = in[i].span;
    }
    bool complete = n == fn->nparam;
    for (int i = 0; i < fn->nparam; i++)
        complete &= given(arg[i]);
    if (complete)
        return true;
    fail(E, span, "%s takes %d argument%s, not %d", name, fn->nparam, fn->nparam == 1 ? "" : "s",
         n);
    note(E, fn->name_span, "%s is declared here", name);
    return false;
}

Value run_body(Elab *E, Scope *scope, const AstFunction *fn, Frame *f)
{
    Value *arg = fn->derivative ? rule_arguments(E, scope, fn) : NULL;
    f->up = E->frame;
    f->scope = scope;
    f->hole_base = E->holes.n;
    f->first_check = E->checks.n;
    f->result.kind = VAL_NONE;
    collect_targets(E, fn->body, &f->ntargets, &f->targets);
    E->frame = f;
    for (int i = 0; i < fn->nparam && f->ntargets; i++) {
        Binding *b = scope_own(scope, fn->param[i]->param.name);
        b->value = make_opaque(E, b->name, b->value);
    }
    if (fn->body->kind == AST_BLOCK) {
        exec_block(E, scope, fn->body);
        f->result = returned_value(E, fn, f->result);
    } else {
        f->result = eval(E, scope, fn->body);
        f->return_ast = fn->body;
    }
    if (f->result.kind == VAL_FN || f->result.kind == VAL_TEXT)
        f->result = fail(E, f->return_ast ? f->return_ast->span : fn->name_span,
                         "%s cannot be returned", value_says(E, f->result));
    E->frame = f->up;
    Value y = resolve_holes(E, f->result, f->hole_base, f->first_check);
    return arg ? with_rule(E, scope, fn, arg, y) : y;
}

Value call_model(Elab *E, const Closure *c, Span span, int n, const NamedValue *in)
{
    const AstFunction *fn = c->fn;
    const char *name = fn->name ? fn->name : "fn";
    if (E->endless && E->depth) /* two calls at each depth would make 2^depth of them */
        return bad();
    E->endless = E->depth >= MAX_DEPTH || stack_is_deep(E);
    if (E->endless)
        return fail(E, span, "recursion of %s does not end (depth %d)", name, E->depth);
    Value *arg = NEW_N(E->arena, Value, fn->nparam + 1);
    Span *at = NEW_N(E->arena, Span, fn->nparam + 1);
    if (!order_arguments(E, fn, span, n, in, arg, at))
        return bad();
    const Value *known = instance_find(E, c, fn->nparam, arg);
    if (known)
        return copy_value(E, *known);
    Value *given_arg = NEW_N(E->arena, Value, fn->nparam + 1);
    memcpy(given_arg, arg, sizeof *arg * (size_t)fn->nparam);
    int checks = E->checks.n;
    Scope *scope = scope_new(E, c->scope);
    if (!bind_params(E, scope, fn, arg, at))
        return bad();
    Frame *f = NEW(E->arena, Frame);
    f->name = name;
    f->call = span;
    E->depth++;
    Value v = run_body(E, scope, fn, f);
    E->depth--;
    if (!is_error(v) && E->checks.n == checks)
        instance_add(E, c, fn->nparam, given_arg, v);
    return v;
}

/* ---- Calls in the tree ---- */

static bool reduces(const char *name)
{
    static const char *const names[] = {"sum", "prod", "max",       "min",    "mean",
                                        "any", "all",  "logsumexp", "argmax", "argmin"};
    for (int i = 0; i < ARRAY_LEN(names); i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

/* concat([a, b]): the parts need not have one shape there, as in NumPy. */
static Value eval_parts(Elab *E, Scope *scope, const Ast *list)
{
    Value *item = NEW_N(E->arena, Value, list->list.n + 1);
    for (int i = 0; i < list->list.n; i++)
        if (is_error(item[i] = eval(E, scope, list->list.item[i])))
            return bad();
    return value_tuple(E, list->list.n, item);
}

static NamedValue *eval_arguments(Elab *E, Scope *scope, const Ast *a, bool parts)
{
    NamedValue *arg = NEW_N(E->arena, NamedValue, a->call.n + 1);
    for (int i = 0; i < a->call.n; i++) {
        const Ast *x = a->call.arg[i];
        bool named = x->kind == AST_NAMED_ARG;
        const Ast *value = named ? x->decl.value : x;
        arg[i].name = named ? x->decl.name : NULL;
        arg[i].name_span = named ? x->decl.name_span : x->span;
        arg[i].span = value->span;
        if (parts && i == 0 && value->kind == AST_LIST)
            arg[i].value = eval_parts(E, scope, value);
        else if (value->kind == AST_STRING)
            arg[i].value = (Value){.kind = VAL_TEXT, .text = value->text.s};
        else
            arg[i].value = eval(E, scope, value);
    }
    return arg;
}

static Value call_load(Elab *E, const Ast *a)
{
    if (a->call.n != 1 || a->call.arg[0]->kind != AST_STRING)
        return fail(E, a->span, "load wants the name of a .npy file");
    return load_npy(E, a->span, a->call.arg[0]->text.s);
}

static Value call_value(Elab *E, Scope *scope, const Ast *a, Value callee)
{
    if (is_error(callee))
        return callee;
    if (callee.kind != VAL_FN) {
        Text text = {.arena = E->arena};
        ast_print(a->call.callee, &text);
        return fail(E, a->call.callee->span, "%s is %s, not a function", text.s ? text.s : "this",
                    value_says(E, callee));
    }
    const Builtin *b = callee.fn->builtin;
    bool parts = b && b->name && (!strcmp(b->name, "concat") || !strcmp(b->name, "stack"));
    int from = E->g->nodes.n;
    NamedValue *arg = eval_arguments(E, scope, a, parts);
    E->args_from = from;
    if (b)
        return call_builtin(E, b, a->span, a->call.n, arg);
    for (int i = 0; i < a->call.n; i++)
        if (is_error(arg[i].value))
            return bad();
    return call_model(E, callee.fn, a->span, a->call.n, arg);
}

Value eval_call(Elab *E, Scope *scope, const Ast *a)
{
    const Ast *callee = a->call.callee;
    const char *name = callee->kind == AST_NAME ? callee->name : NULL;
    bool own = name && name_is_bound(E, scope, name);
    if (a->call.n && a->call.arg[0]->kind == AST_COMPREHENSION && a->call.arg[0]->comp.bare) {
        if (!own && name && reduces(name))
            return eval_comprehension(E, scope, a->call.arg[0], name, a->span);
        return fail(E, a->span,
                    "only sum, prod, max, min, mean, any, all, logsumexp, argmax and argmin take "
                    "a comprehension without brackets");
    }
    if (name && !own && derive_kind(name) < DERIVE_COUNT)
        return eval_derivative(E, scope, a);
    if (name && !own && !strcmp(name, "load"))
        return call_load(E, a);
    return call_value(E, scope, a, eval(E, scope, callee));
}
