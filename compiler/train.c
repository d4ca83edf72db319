/* train.c - the training step: value and gradient of a function, and each of its params taken a
 * step on by an optimiser, which is a function of the model or of the standard library.
 *
 * What the optimiser returns are outputs that update arguments of the step: the param itself and
 * the states that belong to it. plan.c sees to it that they may lie in one memory. */
#include "exports.h"

/* An optimiser `fn f(w, g, states..., settings...)`. */
typedef struct Optimizer {
    Closure closure;
    int nstate, nsetting;
    Value *setting;
} Optimizer;

static const AstFunction *function_named(Elab *E, const char *name, const char *what)
{
    Global *g = global_find(E, name);
    if (g && g->kind == GLOBAL_FN)
        return g->decl->fn;
    const char *const *names;
    int n = function_names(E, &names);
    const char *close = diag_closest(E->arena, name, names, n);
    diag_error_nowhere(E->diags, "there is no function '%s' %s%s%s%s", name, what,
                       close ? "; did you mean '" : "", close ? close : "", close ? "'?" : "");
    return NULL;
}

/* How many values come behind the new param: the optimiser is called once with scalars, in a graph
 * of its own. -1 after messages. */
static int count_states(Elab *E, const Closure *c)
{
    const AstFunction *fn = c->fn;
    int errors = E->diags->errors;
    new_graph(E);
    NamedValue *arg = NEW_N(E->arena, NamedValue, fn->nparam + 1);
    for (int i = 0; i < fn->nparam; i++) {
        Node *n = graph_param(E->g, fn->param[i]->param.name, E->options->real, shape_scalar(),
                              false, fn->param[i]->span);
        arg[i] = (NamedValue){.span = fn->param[i]->span, .value = tensor(E, n, FROM_REAL)};
    }
    Value v = call_model(E, c, fn->name_span, fn->nparam, arg);
    if (is_error(v) || E->diags->errors > errors)
        return -1;
    return v.kind == VAL_TUPLE ? v.n - 1 : 0;
}

static bool find_optimizer(Elab *E, Optimizer *o)
{
    const char *name = E->options->optimizer ? E->options->optimizer : "sgd";
    if (!global_find(E, name) && !import_where_found(E, "optim"))
        return false;
    const AstFunction *fn = function_named(E, name, "to train with");
    if (!fn)
        return false;
    o->closure = (Closure){.name = name, .fn = fn};
    if (fn->nparam < 2)
        return fail(E, fn->name_span,
                    "an optimiser takes a parameter and its gradient: (w, g, ...)"),
               false;
    o->nstate = count_states(E, &o->closure);
    if (o->nstate < 0)
        return false;
    o->nsetting = fn->nparam - 2 - o->nstate;
    if (o->nsetting >= 0)
        return true;
    fail(E, fn->name_span,
         "%s returns %d values behind the new parameter, and takes only %d behind the gradient",
         name, o->nstate, fn->nparam - 2);
    return false;
}

static bool find_params(Build *b)
{
    Elab *E = b->E;
    const AstFunction *fn = b->r->fn;
    for (int i = 0; i < fn->nparam; i++)
        if (fn->param[i]->param.trainable && dtype_is_real(b->f->graph->params.at[i].dtype))
            vec_push(E->arena, &b->targets, i);
    if (!b->targets.n)
        fail(E, fn->name_span, "%s has no `param`: there is nothing to train", fn->name);
    return b->targets.n > 0;
}

static const char *parameter_name(const Optimizer *o, int i)
{
    return o->closure.fn->param[i]->param.name;
}

/* Settings are f32 where all params are. */
static void add_settings(Build *b, Optimizer *o)
{
    Elab *E = b->E;
    Dtype t = T_F32;
    for (int i = 0; i < b->targets.n; i++)
        if (E->g->params.at[b->targets.at[i]].dtype != T_F32)
            t = T_F64;
    o->setting = NEW_N(E->arena, Value, o->nsetting + 1);
    for (int i = 0; i < o->nsetting; i++) {
        const char *name = parameter_name(o, 2 + o->nstate + i);
        o->setting[i] = new_input(b, ARG_SETTING, -1, name, t, shape_scalar());
        o->setting[i].origin = t == T_F32 ? FIXED : FROM_REAL; /* 1 - rho in f32 too */
        b->f->args.at[b->f->args.n - 1].called = name;
    }
}

/* A value that is written where argument `arg` of the function lies. */
static bool put_update(Build *b, const Optimizer *o, int arg, Value v, const char *what)
{
    Elab *E = b->E;
    int param = b->f->args.at[arg].param;
    const Param *p = &E->g->params.at[param];
    Span at = o->closure.fn->name_span;
    if (!want_tensor(E, v, at, "a result of an optimiser"))
        return false;
    if (!adapt_to(E, at, &v, p->dtype, false, what))
        return false;
    if (!shape_equal(v.node->shape, p->shape)) {
        fail(E, at, "%s gives %s of shape %s, and %s has shape %s", o->closure.name, what,
             shape_says(E, v.node->shape), p->name, shape_says(E, p->shape));
        return false;
    }
    Output *out = add_output(b, arena_printf(E->arena, "%s_new", p->name), v.node, what);
    out->updates = true;
    out->param = param;
    return true;
}

/* Target number i by its gradient g; its states are the arguments from `state` on. */
static bool step_on(Build *b, const Optimizer *o, int i, Value g, int state)
{
    Elab *E = b->E;
    const AstFunction *fn = o->closure.fn;
    NamedValue *arg = NEW_N(E->arena, NamedValue, fn->nparam + 1);
    for (int k = 0; k < fn->nparam; k++)
        arg[k].span = fn->param[k]->span;
    arg[0].value = tensor(E, E->g->params.at[b->targets.at[i]].node, FIXED);
    arg[1].value = tensor(E, g.node, FIXED);
    for (int k = 0; k < o->nstate; k++) {
        Node *n = E->g->params.at[b->f->args.at[state + k].param].node;
        arg[2 + k].value = tensor(E, n, FIXED);
    }
    for (int k = 0; k < o->nsetting; k++)
        arg[2 + o->nstate + k].value = o->setting[k];
    Value v = call_model(E, &o->closure, fn->name_span, fn->nparam, arg);
    if (is_error(v))
        return false;
    bool tuple = v.kind == VAL_TUPLE;
    if ((tuple ? v.n - 1 : 0) != o->nstate) {
        fail(E, fn->name_span, "%s returns as many values for a scalar as for an array", fn->name);
        return false;
    }
    if (!put_update(b, o, b->targets.at[i], tuple ? v.item[0] : v, "the new parameter"))
        return false;
    for (int k = 0; k < o->nstate; k++)
        if (!put_update(b, o, state + k, v.item[1 + k], "a state"))
            return false;
    return true;
}

/* The gradient of what build_value has built, and the updates. */
static bool put_step(Build *b, Optimizer *o)
{
    Elab *E = b->E;
    if (!want_scalar(b) || !find_params(b))
        return false;
    int n = b->targets.n, first = b->f->args.n;
    Value *grad = NEW_N(E->arena, Value, n);
    Derive d = export_targets(b);
    d.y = b->parts.at[0].value;
    if (!derive_part(b, &d, NULL, grad, NULL))
        return false;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < o->nstate; k++) {
            const Param *p = &E->g->params.at[b->targets.at[i]];
            const char *own = parameter_name(o, 2 + k);
            new_input(b, ARG_STATE, b->targets.at[i], arena_printf(E->arena, "%s_%s", own, p->name),
                      p->dtype, p->shape);
            b->f->args.at[b->f->args.n - 1].called = own;
        }
    add_settings(b, o);
    put_value(b);
    for (int i = 0; i < n; i++)
        if (!step_on(b, o, i, grad[i], first + i * o->nstate))
            return false;
    return true;
}

static bool is_built(const Model *m, const char *base)
{
    for (int i = 0; i < m->functions.n; i++)
        if (!strcmp(m->functions.at[i]->name, base))
            return true;
    return false;
}

void build_train(Elab *E, Model *model)
{
    const AstFunction *fn = function_named(E, E->options->train, "to train");
    Optimizer o = {0};
    if (!fn || !find_optimizer(E, &o))
        return;
    bool *single = NEW_N(E->arena, bool, fn->nparam + 1);
    Request value = {.fn = fn, .value = true, .single = single, .span = fn->name_span};
    Build b = {.E = E, .r = &value};
    if (!build_settled(&b, single))
        return;
    if (!is_built(model, fn->name) && !finish_function(&b, model, fn->name, fn->name_span))
        return;
    Request r = {
        .fn = fn, .train = true, .single = single, .kind = DERIVE_GRAD, .span = fn->name_span};
    Build step = {.E = E, .r = &r};
    if (build_value(&step) && put_step(&step, &o))
        put_function(&step, model, arena_printf(E->arena, "%s_step", fn->name), fn->name_span);
}
