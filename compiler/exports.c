/* exports.c - the functions to be emitted: each request of an export is a function of its own,
 * with its own graph, that gives the value and the derivatives asked for. */
#include "diff.h"
#include "exports.h"
#include "names.h"
#include "pattern.h"
#include "parse.h"
#include "regions.h"
#include "rules.h"

/* ---- Parameters ---- */

static void bind_open(Elab *E, Scope *scope, const AstFunction *fn, const Ast *a);

/* The names in a size expression that nothing has bound are open sizes. */
static void bind_open_name(Elab *E, Scope *scope, const AstFunction *fn, const Ast *a)
{
    for (int i = 0; i < fn->nparam; i++)
        if (!strcmp(fn->param[i]->param.name, a->name)) {
            fail(E, a->span, "%s is an argument, known only at run time: it cannot be a size too",
                 a->name);
            scope_bind(E, scope, a->name, (Value){.kind = VAL_ERROR});
            return;
        }
    Global *global = global_find(E, a->name);
    if (global && global->kind != GLOBAL_FN) /* a function is no size: k(a[k]) has a size k */
        global_value(E, global);             /* notes an open dim where it first appears */
    else if (!scope_find(scope, a->name))
        scope_bind(E, scope, a->name, open_size(E, a->name, a->span));
}

static void bind_open(Elab *E, Scope *scope, const AstFunction *fn, const Ast *a)
{
    for (; a->kind == AST_BINARY; a = a->binary.left)
        bind_open(E, scope, fn, a->binary.right);
    if (a->kind == AST_NAME)
        bind_open_name(E, scope, fn, a);
    else if (a->kind == AST_UNARY)
        bind_open(E, scope, fn, a->unary.operand);
    else if (a->kind == AST_CALL)
        for (int i = 0; i < a->call.n; i++)
            bind_open(E, scope, fn, a->call.arg[i]);
}

/* In the order in which they are read, but plain names first where an expression needs them. */
static void bind_open_sizes(Elab *E, Scope *scope, const AstFunction *fn)
{
    for (int i = 0; i < fn->nparam; i++) {
        const Ast *type = fn->param[i]->param.type;
        for (int k = 0; type && k < type->type.n; k++)
            bind_open(E, scope, fn, type->type.dim[k]);
    }
}

static bool declare_params(Build *b)
{
    Elab *E = b->E;
    const AstFunction *fn = b->r->fn;
    bool good = true;
    Shape *shape = NEW_N(E->arena, Shape, fn->nparam + 1);
    bind_open_sizes(E, b->scope, fn);
    for (int i = 0; i < fn->nparam; i++) /* before the parameters' own names are bound */
        good &= param_shape(E, b->scope, fn->param[i], &shape[i]);
    for (int i = 0; i < fn->nparam; i++) {
        const Ast *p = fn->param[i];
        Dtype t;
        Origin origin;
        Shape s = shape[i];
        if (!good || !param_type(E, p, &t, &origin)) {
            scope_bind(E, b->scope, p->param.name, (Value){.kind = VAL_ERROR});
            good = false;
            continue;
        }
        for (int k = 0; k < i; k++)
            if (!strcmp(fn->param[k]->param.name, p->param.name)) {
                fail(E, p->param.name_span, "two parameters are called %s", p->param.name);
                good = false;
            }
        if (b->r->single && b->r->single[i]) {
            t = T_F32;
            origin = FIXED;
        }
        const char *name = safe_name(E->arena, p->param.name);
        if (!strcmp(name, "value")) /* that is the output */
            name = "value_";
        Node *n = graph_param(E->g, name, t, s, p->param.trainable, p->span);
        Value v = {.kind = VAL_TENSOR, .origin = origin, .node = n};
        scope_bind(E, b->scope, p->param.name, v);
        scope_own(b->scope, p->param.name)->at = p->param.name_span;
        vec_push(E->arena, &b->f->args, (Arg){.role = ARG_INPUT, .param = i});
    }
    return good;
}

/* ---- The value ---- */

static bool name_taken(const Build *b, const char *name)
{
    for (int i = 0; i < b->f->outputs.n; i++)
        if (!strcmp(b->f->outputs.at[i].name, name))
            return true;
    const Graph *g = b->f->graph;
    for (int i = 0; i < g->params.n; i++)
        if (!strcmp(g->params.at[i].name, name))
            return true;
    for (int i = 0; i < b->E->opens.n; i++)
        if (!strcmp(b->E->opens.at[i].name, name))
            return true;
    return false;
}

Output *add_output(Build *b, const char *name, Node *n, const char *what)
{
    name = safe_name(b->E->arena, name);
    while (name_taken(b, name))
        name = arena_printf(b->E->arena, "%s_", name);
    vec_push(b->E->arena, &b->f->outputs, (Output){.name = name, .node = n, .what = what});
    return &b->f->outputs.at[b->f->outputs.n - 1];
}

/* Constants have met no type until here: reals become `real`. */
static Value settle(Elab *E, Value v)
{
    if (v.origin == FROM_CONST && dtype_is_real((Dtype)v.node->dtype))
        v.node = cast(E->g, v.node, E->options->real);
    return v;
}

static void flatten(Build *b, Value v, const char *name)
{
    Elab *E = b->E;
    if (v.kind == VAL_TUPLE) {
        for (int i = 0; i < v.n; i++)
            flatten(b, v.item[i], arena_printf(E->arena, "%s%d", name, i));
        return;
    }
    if (want_tensor(E, v, b->r->fn->name_span, "a result"))
        vec_push(E->arena, &b->parts, (Part){.name = name, .value = settle(E, v)});
}

/* The components of the result with their names: those of variables, else value0, value1 ... */
static bool take_parts(Build *b, Value v, const Ast *returned)
{
    bool named =
        returned && returned->kind == AST_TUPLE && v.kind == VAL_TUPLE && v.n == returned->list.n;
    if (is_error(v))
        return false;
    if (v.kind == VAL_TUPLE && !v.n)
        return fail(b->E, b->r->fn->name_span, "%s returns nothing: an empty tuple",
                    b->r->fn->name),
               false;
    if (v.kind != VAL_TUPLE || !named) {
        flatten(b, v, "value");
    } else {
        for (int i = 0; i < v.n; i++) {
            const Ast *item = returned->list.item[i];
            bool variable = item->kind == AST_NAME && name_is_bound(b->E, b->scope, item->name);
            const char *name = variable ? item->name : arena_printf(b->E->arena, "value%d", i);
            for (int k = 0; k < i && variable; k++) /* (a, a) */
                if (returned->list.item[k]->kind == AST_NAME &&
                    !strcmp(returned->list.item[k]->name, name))
                    name = arena_printf(b->E->arena, "value%d", i);
            flatten(b, v.item[i], name);
        }
    }
    return b->parts.n > 0;
}

void put_value(Build *b)
{
    for (int i = 0; i < b->parts.n; i++)
        add_output(b, b->parts.at[i].name, b->parts.at[i].value.node, "value");
}

/* ---- Derivatives ---- */

static bool is_real_param(const Build *b, int i)
{
    return dtype_is_real(b->f->graph->params.at[i].dtype);
}

static int find_param(const AstFunction *fn, const char *name)
{
    for (int i = 0; i < fn->nparam; i++)
        if (!strcmp(fn->param[i]->param.name, name))
            return i;
    return -1;
}

static bool named_target(Build *b, const Ast *a)
{
    Elab *E = b->E;
    const AstFunction *fn = b->r->fn;
    int i = find_param(fn, a->name);
    if (i < 0) {
        const char **names = NEW_N(E->arena, const char *, fn->nparam + 1);
        for (int k = 0; k < fn->nparam; k++)
            names[k] = fn->param[k]->param.name;
        const char *message = arena_printf(E->arena, "%s has no parameter '%s'", fn->name, a->name);
        fail_name(E, a->span, message, a->name, names, fn->nparam, "");
        return false;
    }
    if (!is_real_param(b, i)) {
        fail(E, a->span, "%s is %s, by which nothing can be differentiated", a->name,
             dtype_name(b->f->graph->params.at[i].dtype));
        return false;
    }
    for (int k = 0; k < b->targets.n; k++)
        if (b->targets.at[k] == i) {
            fail(E, a->span, "%s is named twice", a->name);
            return false;
        }
    vec_push(E->arena, &b->targets, i);
    return true;
}

/* Of a file without exports: those that the value depends on by a path that has derivatives. */
static bool differentiable(Build *b, int i)
{
    Node *x = b->f->graph->params.at[i].node, *out;
    Value y = b->parts.at[0].value;
    return diff_vjp(b->E->g, y.node, NULL, 1, &x, false, &out).fault == DIFF_OK;
}

/* Named ones; else every `param`, else every real argument. */
bool find_targets(Build *b)
{
    const Ast *ast = b->r->ast;
    int n = b->r->fn->nparam;
    for (int i = 0; ast && i < ast->request.n; i++)
        if (!named_target(b, ast->request.target[i]))
            return false;
    for (int only = 1; only >= 0 && !b->targets.n; only--)
        for (int i = 0; i < n; i++)
            if (is_real_param(b, i) && (!only || b->r->fn->param[i]->param.trainable) &&
                (!b->r->implied || differentiable(b, i)))
                vec_push(b->E->arena, &b->targets, i);
    if (!b->targets.n && !b->r->implied)
        fail(b->E, b->r->span, "%s has no real argument to differentiate by", b->r->fn->name);
    return b->targets.n > 0;
}

Value new_input(Build *b, ArgRole role, int of, const char *name, Dtype t, Shape s)
{
    Elab *E = b->E;
    name = safe_name(E->arena, name);
    while (name_taken(b, name))
        name = arena_printf(E->arena, "%s_", name);
    Node *n = graph_param(E->g, name, t, s, false, b->r->span);
    vec_push(E->arena, &b->f->args, (Arg){.role = role, .param = E->g->params.n - 1, .of = of});
    return (Value){.kind = VAL_TENSOR, .origin = FIXED, .node = n};
}

/* The derivatives of one component of the result; `part` NULL where it is the only one. */
bool derive_part(Build *b, Derive *d, const char *part, Value *out, const Pattern **pattern)
{
    Elab *E = b->E;
    d->of = b->r->fn->name;
    if (part)
        d->of = arena_printf(E->arena, "%s of %s", part, b->r->fn->name);
    d->span = d->y_span = b->r->span;
    return pattern ? derive_sparse(E, d, out, pattern) : derive(E, d, out);
}

static const char *joined(Elab *E, const char *head, const char *part, const char *x)
{
    return part ? arena_printf(E->arena, "%s_%s_%s", head, part, x)
                : arena_printf(E->arena, "%s_%s", head, x);
}

bool want_scalar(Build *b)
{
    Elab *E = b->E;
    const char *what = derive_name(b->r->kind), *f = b->r->fn->name;
    Value y = b->parts.at[0].value;
    if (b->parts.n > 1) {
        fail(E, b->r->span,
             "%s wants a function that returns one real, and %s returns a tuple of %d", what, f,
             b->parts.n);
        return false;
    }
    if (!dtype_is_real((Dtype)y.node->dtype) || y.node->shape.rank) {
        fail(E, b->r->span, "%s wants a function that returns one real, and %s returns %s%s", what,
             f, value_says(E, y),
             b->r->kind == DERIVE_GRAD && y.node->shape.rank ? " (jacobian takes it)" : "");
        return false;
    }
    return true;
}

/* The inputs behind the others: a tangent for each target, or a cotangent for each real result. */
static Value *extra_inputs(Build *b, Derive *d, const Value *x)
{
    Elab *E = b->E;
    Value *v = NEW_N(E->arena, Value, b->targets.n + b->parts.n);
    if (d->kind == DERIVE_JVP || d->kind == DERIVE_HVP)
        for (int i = 0; i < d->n; i++)
            v[i] = new_input(b, ARG_TANGENT, b->targets.at[i],
                             arena_printf(E->arena, "tangent_%s", d->name[i]),
                             (Dtype)x[i].node->dtype, x[i].node->shape);
    for (int k = 0; d->kind == DERIVE_VJP && k < b->parts.n; k++) {
        Value y = b->parts.at[k].value;
        const char *name = b->parts.n > 1
                               ? arena_printf(E->arena, "cotangent_%s", b->parts.at[k].name)
                               : "cotangent";
        if (dtype_is_real((Dtype)y.node->dtype))
            v[k] = new_input(b, ARG_COTANGENT, k, name, (Dtype)y.node->dtype, y.node->shape);
    }
    return v;
}

static Output *put_hessian(Build *b, const Derive *d, Node *n, int i, int j)
{
    Arena *a = b->E->arena;
    const char *x = d->name[i], *y = d->name[j];
    if (i == j)
        return add_output(b, arena_printf(a, "hess_%s", x), n,
                          arena_printf(a, "Hessian with respect to %s", x));
    return add_output(b, arena_printf(a, "hess_%s_%s", x, y), n,
                      arena_printf(a, "second derivative with respect to %s and %s", x, y));
}

/* Those of component `part` of the result, which is called `name` where it is not the only one;
 * -1: of all of them. */
static void put_derivative(Build *b, const Derive *d, int part, const char *name, const Value *out,
                           const Pattern *const *pattern)
{
    static const char *const head[DERIVE_COUNT] = {"grad", "vjp", "jvp",       "jac",
                                                   "hess", "hvp", "diag_hess", "taylor"};
    static const char *const what[DERIVE_COUNT] = {
        "gradient", "vector-Jacobian product", "Jacobian-vector product", "Jacobian",
        "Hessian",  "Hessian-vector product",  "diagonal of the Hessian", "",
    };
    Elab *E = b->E;
    bool square = d->kind == DERIVE_HESSIAN;
    for (int i = 0; i < d->n && (i == 0 || d->kind != DERIVE_JVP); i++)
        for (int j = i; j < (square ? d->n : i + 1); j++) {
            Output *o;
            if (square)
                o = put_hessian(b, d, out[i * d->n + j].node, i, j);
            else if (d->kind == DERIVE_JVP)
                o = add_output(b, name ? arena_printf(E->arena, "jvp_%s", name) : "jvp",
                               out[0].node, what[d->kind]);
            else
                o = add_output(
                    b, joined(E, head[d->kind], name, d->name[i]), out[i].node,
                    arena_printf(E->arena, "%s with respect to %s", what[d->kind], d->name[i]));
            o->derived = true;
            o->kind = d->kind;
            o->part = part;
            o->sparse = pattern ? pattern[square ? i * d->n + j : i] : NULL;
            if (o->sparse)
                o->what = arena_printf(E->arena, "nonzeros of the %s%s", o->sparse->lower ? "lower triangle of the " : "", o->what);
            o->by[0] = b->targets.at[i];
            o->by[1] = b->targets.at[j];
        }
}

/* vjp of a tuple: the sum over its components. */
static bool sum_vjp_parts(Build *b, Derive *d, const Value *cotangent, Value *out)
{
    Elab *E = b->E;
    bool zero = E->options->disconnected_zero;
    for (int i = 0; i < d->n; i++) {
        Node *sum = NULL, *x = d->x[i].node, *one;
        DiffResult r = {0};
        for (int k = 0; k < b->parts.n; k++) {
            Node *y = b->parts.at[k].value.node;
            if (!dtype_is_real((Dtype)y->dtype))
                continue;
            r = diff_vjp(E->g, y, cotangent[k].node, 1, &x, zero, &one);
            if (r.fault == DIFF_OK)
                sum = sum ? pw2(E->g, OP_ADD, sum, one) : one;
        }
        if (!sum)
            return fail(E, b->r->span,
                        "%s does not depend on %s (--disconnected=zero makes this derivative 0)",
                        b->r->fn->name, d->name[i]),
                   false;
        out[i] = tensor(E, sum, d->x[i].origin);
    }
    return true;
}

/* The targets with what derive() wants to know of them. */
Derive export_targets(Build *b)
{
    Elab *E = b->E;
    int n = b->targets.n;
    Value *x = NEW_N(E->arena, Value, n);
    const char **name = NEW_N(E->arena, const char *, n);
    Span *span = NEW_N(E->arena, Span, n);
    for (int i = 0; i < n; i++) {
        const Ast *p = b->r->fn->param[b->targets.at[i]];
        x[i] = scope_own(b->scope, p->param.name)->value;
        x[i].node = E->g->params.at[b->targets.at[i]].node;
        name[i] = p->param.name;
        span[i] = b->r->span;
    }
    return (Derive){.kind = b->r->kind, .n = n, .x = x, .name = name, .x_span = span};
}

static bool put_derivatives(Build *b)
{
    Elab *E = b->E;
    DeriveKind k = b->r->kind;
    bool products = k == DERIVE_VJP || k == DERIVE_JVP || k == DERIVE_JACOBIAN;
    if ((!products && !want_scalar(b)) || (!b->targets.n && !find_targets(b)))
        return false;
    int n = b->targets.n;
    Value *out = NEW_N(E->arena, Value, n * n + 1);
    const Pattern **pattern = NULL;
    if (b->r->ast && b->r->ast->request.sparse)
        pattern = NEW_N(E->arena, const Pattern *, n * n + 1);
    Derive d = export_targets(b);
    Value *v = extra_inputs(b, &d, d.x);
    bool good = true;
    if (k == DERIVE_VJP && b->parts.n > 1) {
        if (!sum_vjp_parts(b, &d, v, out))
            return false;
        put_derivative(b, &d, -1, NULL, out, NULL);
        return true;
    }
    int done = 0;
    for (int i = 0; i < b->parts.n && good; i++) {
        const char *part = b->parts.n > 1 ? b->parts.at[i].name : NULL;
        d.y = b->parts.at[i].value;
        d.v = v;
        if (part && !dtype_is_real((Dtype)d.y.node->dtype))
            continue;
        good = derive_part(b, &d, part, out, pattern);
        if (good)
            put_derivative(b, &d, i, part, out, pattern);
        done++;
    }
    if (!done)
        return fail(E, b->r->span, "%s returns nothing real to differentiate", b->r->fn->name),
               false;
    return good;
}

/* ---- One function ---- */

Graph *new_graph(Elab *E)
{
    Graph *g = graph_new(E->arena, E->diags);
    g->fast_math = E->options->fast_math;
    g->level = E->options->level;
    if (!E->rules)
        E->rules = rules_new(E->arena);
    g->rules = E->rules;
    E->g = g;
    E->opens.n = E->holes.n = E->indices.n = E->checks.n = 0;
    E->context = NULL;
    E->conditional = 0;
    E->frame = NULL;
    E->depth = 0;
    return g;
}

/* What has been demanded twice is checked once. */
static void take_checks(Build *b)
{
    const Elab *E = b->E;
    for (int i = 0; i < E->checks.n; i++) {
        int k = i;
        while (k > 0 && (E->checks.at[k - 1].cond != E->checks.at[i].cond || E->checks.at[k - 1].code != E->checks.at[i].code))
            k--;
        if (!k)
            vec_push(E->arena, &b->f->checks, E->checks.at[i]);
    }
}

/* The value of fn in a graph of its own; false after messages. */
bool build_value(Build *b)
{
    Elab *E = b->E;
    int errors = E->diags->errors;
    b->f = NEW(E->arena, Function);
    b->f->graph = new_graph(E);
    b->f->span = b->r->fn->span;
    b->f->base = b->r->fn->name;
    b->parts.n = b->targets.n = 0;
    b->scope = scope_new(E, NULL);
    bool good = declare_params(b);
    if (!good)
        return false;
    for (int i = 0; i < b->r->fn->nparam && good; i++)
        b->f->args.at[i].init =
            read_init(E, b->scope, b->r->fn->param[i]->param.init, &E->g->params.at[i]);
    Frame *frame = NEW(E->arena, Frame);
    frame->name = b->r->fn->name;
    Value v = run_body(E, b->scope, b->r->fn, frame);
    take_checks(b);
    if (!take_parts(b, v, frame->return_ast) || !good || E->diags->errors > errors)
        return false;
    if (sizes_overflowed(E->g->sizes))
        return fail(E, b->r->fn->name_span, "a size in %s does not fit in 64 bits", b->r->fn->name),
               false;
    return true;
}

/* `float decay`: a real scalar whose every use is a conversion to f32 is f32 to begin with. */
static bool find_singles(Build *b, bool *single)
{
    Graph *g = b->f->graph;
    bool *mark = NEW_N(b->E->arena, bool, g->nodes.n), some = false;
    Node **root = NEW_N(b->E->arena, Node *, b->parts.n);
    for (int i = 0; i < b->parts.n; i++)
        root[i] = b->parts.at[i].value.node;
    mark_ancestors(g, b->parts.n, root, mark);
    for (int i = 0; i < b->r->fn->nparam; i++) {
        Node *p = g->params.at[i].node;
        bool used = false, other = false;
        for (int k = 0; k < b->parts.n; k++)
            other |= root[k] == p;
        for (int id = 0; id < g->nodes.n; id++)
            for (int k = 0; mark[id] && k < g->nodes.at[id]->nin; k++)
                if (g->nodes.at[id]->in[k] == p) {
                    used = true;
                    other |= g->nodes.at[id]->op != OP_CAST || g->nodes.at[id]->dtype != T_F32;
                }
        bool real = p->dtype == T_F64 && !p->shape.rank && g->params.at[i].dtype == T_F64;
        const Ast *type = b->r->fn->param[i]->param.type;
        bool fixed = type && type->type.element && strcmp(type->type.element, "real") != 0;
        if (real && !fixed && used && !other && !single[i])
            some = single[i] = true;
    }
    return some;
}

static const char *what_of(const Request *r)
{
    if (r->train)
        return "training step";
    static const char *const what[DERIVE_COUNT] = {
        "value and gradient",
        "value and vector-Jacobian product",
        "value and Jacobian-vector product",
        "value and Jacobian",
        "value and Hessian",
        "value and Hessian-vector product",
        "value and diagonal of the Hessian",
        "",
    };
    return r->value ? "value" : what[r->kind];
}

/* A caller makes room for outputs by the sizes alone. */
static bool shapes_are_sizes(Build *b, Span span)
{
    for (int i = 0; i < b->f->outputs.n; i++) {
        const Output *o = &b->f->outputs.at[i];
        for (int k = 0; k < o->node->shape.rank; k++)
            if (size_has_argument(b->E->g->sizes, o->node->shape.dim[k]))
                return fail(b->E, span, "the shape of %s would be %s: that of an output follows from sizes, not from arguments",
                            o->name, shape_says(b->E, o->node->shape)),
                       false;
    }
    return true;
}

bool put_function(Build *b, Model *model, const char *name, Span span)
{
    Elab *E = b->E;
    Function *f = b->f;
    if (!shapes_are_sizes(b, span))
        return false;
    regions_prepare(f);
    f->name = safe_name(E->arena, name);
    f->what = what_of(b->r);
    for (int i = 0; i < E->opens.n; i++)
        vec_push(E->arena, &f->sizes, E->opens.at[i].name);
    for (int i = 0; i < model->functions.n; i++)
        if (!strcmp(model->functions.at[i]->name, f->name))
            return fail(E, span, "two functions would be called %s: name one with as", f->name),
                   false;
    vec_push(E->arena, &model->functions, f);
    return true;
}

/* The outputs of a function whose value is built. */
bool finish_function(Build *b, Model *model, const char *name, Span name_span)
{
    Elab *E = b->E;
    put_value(b);
    if (!b->r->value && !put_derivatives(b))
        return false;
    if (sizes_overflowed(E->g->sizes))
        return fail(E, b->r->fn->name_span, "a size in %s does not fit in 64 bits", b->r->fn->name),
               false;
    return put_function(b, model, name, name_span);
}

/* ---- Exports ---- */

static const AstFunction *exported_function(Elab *E, const Ast *a)
{
    Global *g = global_find(E, a->export_.name);
    if (g && g->kind == GLOBAL_FN)
        return g->decl->fn;
    const char *name = a->export_.name, *const *names;
    int n = function_names(E, &names);
    if (g)
        fail(E, a->export_.name_span, "%s is not a function", name);
    else
        fail_name(E, a->export_.name_span, arena_printf(E->arena, "unknown function '%s'", name),
                  name, names, n, "");
    return NULL;
}

static bool read_request(Elab *E, const Ast *a, Request *r)
{
    static const char *const names[] = {"grad",    "vjp", "jvp",         "jacobian",
                                        "hessian", "hvp", "diag_hessian"};
    r->ast = a;
    r->span = a->span;
    r->kind = derive_kind(a->request.name);
    if (r->kind == DERIVE_COUNT) {
        const char *name = a->request.name;
        fail_name(E, a->request.name_span, arena_printf(E->arena, "unknown derivative '%s'", name),
                  name, names, ARRAY_LEN(names),
                  ": there are grad, vjp, jvp, jacobian, hessian and hvp");
        return false;
    }
    if (r->kind == DERIVE_TAYLOR)
        fail(E, a->request.name_span, "taylor wants a direction and a number: write it in a function, taylor(y, x, v, k)");
    else if (a->request.sparse && r->kind != DERIVE_JACOBIAN && r->kind != DERIVE_HESSIAN)
        fail(E, a->span, "only a jacobian or hessian can be sparse");
    else
        return true;
    return false;
}

/* The value of a function, elaborated until it is known which real scalars are f32 in C. */
bool build_settled(Build *b, bool *single)
{
    do {
        if (!build_value(b))
            return false;
    } while (find_singles(b, single));
    return true;
}

/* again: an export before this one has given the value. */
static void build_export(Elab *E, const AstFunction *fn, int n, Ast *const *request, Model *model,
                         Span name_span, bool again)
{
    bool *single = NEW_N(E->arena, bool, fn->nparam + 1);
    Request value = {.fn = fn, .value = true, .single = single, .span = fn->name_span};
    Build b = {.E = E, .r = &value};
    if (!build_settled(&b, single))
        return;
    if (!again)
        finish_function(&b, model, fn->name, name_span);
    for (int i = 0; i < n; i++) {
        const Ast *a = request[i];
        Request r = {.fn = fn, .single = single};
        Build one = {.E = E, .r = &r};
        if (!read_request(E, a, &r) || !build_value(&one))
            continue;
        const char *name = a->request.as
                               ? a->request.as
                               : arena_printf(E->arena, "%s_%s", fn->name, derive_name(r.kind));
        finish_function(&one, model, name, a->request.as ? a->request.as_span : a->span);
    }
}

/* A file without exports: its last function, with grad where it returns one real. */
static void build_default(Elab *E, const Ast *last, Model *model)
{
    const AstFunction *fn = last->fn;
    bool *single = NEW_N(E->arena, bool, fn->nparam + 1);
    Request r = {.fn = fn, .value = true, .single = single, .span = fn->name_span};
    Build b = {.E = E, .r = &r};
    if (!build_settled(&b, single) || !finish_function(&b, model, fn->name, fn->name_span))
        return;
    Value y = b.parts.at[0].value;
    if (b.parts.n > 1 || !dtype_is_real((Dtype)y.node->dtype) || y.node->shape.rank)
        return;
    Request grad = {
        .fn = fn, .implied = true, .single = single, .kind = DERIVE_GRAD, .span = fn->name_span};
    Build g = {.E = E, .r = &grad};
    if (build_value(&g) && find_targets(&g))
        finish_function(&g, model, arena_printf(E->arena, "%s_grad", fn->name), fn->name_span);
}

void build_exports(Elab *E, Model *model)
{
    const CompileOptions *o = E->options;
    if (o->train && !o->nexport)
        E->exports.n = 0;
    if (!E->exports.n && E->last_fn && !o->train) {
        build_default(E, E->last_fn, model);
    } else if (!E->exports.n && !o->train) {
        diag_error_nowhere(E->diags, "%s has no function", model->path);
    }
    for (int i = 0; i < E->exports.n; i++) {
        const Ast *a = E->exports.at[i];
        const AstFunction *fn = exported_function(E, a);
        bool again = false;
        for (int k = 0; k < i; k++)
            again |= !strcmp(E->exports.at[k]->export_.name, a->export_.name);
        if (fn)
            build_export(E, fn, a->export_.n, a->export_.request, model, a->export_.name_span,
                         again);
    }
    if (o->train)
        build_train(E, model);
}
