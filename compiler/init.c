/* init.c - the initial value behind the `~` of a parameter: a law that its elements are drawn by,
 * or an expression of sizes and constants. It is kept as nodes of the function's graph, which
 * nothing that is emitted depends on. */
#include "eval.h"

static const struct {
    const char *name;
    int args;
    InitLaw law;
} laws[] = {{"zeros", 0, INIT_VALUE},
            {"ones", 0, INIT_VALUE},
            {"glorot_uniform", 0, INIT_GLOROT_UNIFORM},
            {"glorot_normal", 0, INIT_GLOROT_NORMAL},
            {"he_normal", 0, INIT_HE_NORMAL},
            {"normal", 1, INIT_NORMAL},
            {"uniform", 2, INIT_UNIFORM}};

/* `zeros`, `normal(s)`; but `zeros(2)` is an expression. The row of the table, or -1. */
static int find_law(const Ast *a)
{
    const Ast *name = a->kind == AST_CALL ? a->call.callee : a;
    for (int k = 0; name->kind == AST_NAME && k < ARRAY_LEN(laws); k++)
        if (!strcmp(name->name, laws[k].name) && (a->kind == AST_NAME || laws[k].args))
            return k;
    return -1;
}

/* An argument that the node depends on, or NULL. */
static const char *find_argument(Elab *E, Node *n)
{
    bool *mark = NEW_N(E->arena, bool, E->g->nodes.n + 1);
    mark_ancestors(E->g, 1, &n, mark);
    for (int i = 0; i < E->g->params.n; i++)
        if (mark[E->g->params.at[i].node->id])
            return E->g->params.at[i].name;
    return NULL;
}

/* NULL after a message, or of an error before. */
static Node *fitted(Elab *E, Scope *scope, const Ast *a, const char *what, const Param *p)
{
    Shape both;
    Value v = eval(E, scope, a);
    if (!want_tensor(E, v, a->span, what))
        return NULL;
    const char *argument = find_argument(E, v.node);
    if (argument) {
        fail(E, a->span, "%s is made of sizes and constants; this depends on the argument %s", what,
             argument);
    } else if (!shape_broadcast(E->g, v.node->shape, p->shape, &both) ||
               !shape_equal(both, p->shape)) {
        fail(E, a->span, "%s of shape %s for a parameter of shape %s", what,
             shape_says(E, v.node->shape), shape_says(E, p->shape));
    } else if (dtype_is_real((Dtype)v.node->dtype) && !dtype_is_real((Dtype)p->dtype)) {
        fail(E, a->span, "%s of type %s for a parameter of type %s", what,
             dtype_name((Dtype)v.node->dtype), dtype_name((Dtype)p->dtype));
    } else {
        return expand(E->g, v.node, p->shape);
    }
    return NULL;
}

static void read_law(Elab *E, Scope *scope, const Ast *a, int k, const Param *p, Init *out)
{
    int n = a->kind == AST_CALL ? a->call.n : 0;
    if (n != laws[k].args) {
        fail(E, a->span, "%s takes %d argument%s here, not %d", laws[k].name, laws[k].args,
             laws[k].args == 1 ? "" : "s", n);
        return;
    }
    if (laws[k].law == INIT_VALUE) {
        Node *c = const_int(E->g, (Dtype)p->dtype, !strcmp(laws[k].name, "ones"));
        out->node[0] = expand(E->g, c, p->shape);
    } else if (!dtype_is_real((Dtype)p->dtype)) {
        fail(E, a->span, "%s draws reals, and %s is of type %s", laws[k].name, p->name,
             dtype_name((Dtype)p->dtype));
    }
    for (int i = 0; i < n; i++)
        out->node[i] = fitted(E, scope, a->call.arg[i], "the argument", p);
    out->law = laws[k].law;
}

Init read_init(Elab *E, Scope *scope, const Ast *a, const Param *p)
{
    Init init = {.law = INIT_NONE};
    if (!a)
        return init;
    int k = find_law(a);
    if (k >= 0) {
        read_law(E, scope, a, k, p, &init);
    } else {
        init.law = INIT_VALUE;
        init.node[0] = fitted(E, scope, a, "an initial value", p);
    }
    const Source *s = &E->diags->sources.at[a->span.source];
    init.text = arena_strndup(E->arena, s->text + a->span.start, a->span.end - a->span.start);
    return init;
}
