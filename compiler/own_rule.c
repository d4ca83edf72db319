/* own_rule.c - fn f(x) = ... derivative (x, y, dy) = ...: the rule, evaluated for one call.
 *
 * The rule is a function of the arguments, the value and its cotangent. It gives the cotangents of
 * those arguments that are real, as a tuple where they are several. */
#include "eval.h"
#include "region.h"

static bool is_real(Value v)
{
    return is_tensor(v) && dtype_is_real((Dtype)v.node->dtype);
}

/* An integer where no type is declared, beside reals, counts as the real that it is. */
Value *rule_arguments(Elab *E, Scope *scope, const AstFunction *fn)
{
    Value *arg = NEW_N(E->arena, Value, fn->nparam + 1);
    bool some = false;
    for (int i = 0; i < fn->nparam; i++) {
        arg[i] = scope_own(scope, fn->param[i]->param.name)->value;
        some |= is_real(arg[i]);
    }
    for (int i = 0; i < fn->nparam && some; i++) {
        const Ast *type = fn->param[i]->param.type;
        bool free = !type || !type->type.element;
        if (free && is_tensor(arg[i]) && !is_real(arg[i]) && arg[i].node->dtype != T_BOOL)
            arg[i] = to_real(E, fn->param[i]->span, arg[i]);
    }
    return arg;
}

static Value place(Elab *E, const char *name, Value like, Node **out)
{
    *out = placeholder(E->g, (Dtype)like.node->dtype, like.node->shape);
    (*out)->name = name;
    return tensor(E, *out, like.origin == FIXED ? FIXED : FROM_REAL);
}

/* A result of the rule, shaped and typed as the argument that it is for. */
static bool fit(Elab *E, Span at, const char *name, Value like, Value v, Node **out)
{
    Shape both;
    const char *what = arena_printf(E->arena, "the cotangent of %s", name);
    if (!want_tensor(E, v, at, what))
        return false;
    if (!shape_broadcast(E->g, v.node->shape, like.node->shape, &both) ||
        !shape_equal(both, like.node->shape)) {
        fail(E, at, "%s has shape %s, and %s has %s", what, shape_says(E, v.node->shape), name,
             shape_says(E, like.node->shape));
        return false;
    }
    if (!adapt_to(E, at, &v, (Dtype)like.node->dtype, like.origin != FIXED, what))
        return false;
    *out = expand(E->g, v.node, like.node->shape);
    return true;
}

/* The rule called with placeholders: VAL_ERROR after a message. */
static Value call_rule(Elab *E, Scope *scope, const AstFunction *fn, const Value *arg, Value y,
                       Node **hole)
{
    NamedValue *in = NEW_N(E->arena, NamedValue, fn->nparam + 2);
    Closure c = {.name = fn->name ? fn->name : "fn", .fn = fn->derivative->fn, .scope = scope};
    int n = 0, first_check = E->checks.n;
    for (int i = 0; i < fn->nparam; i++) {
        const char *name = fn->param[i]->param.name;
        in[i].value = is_real(arg[i]) ? place(E, name, arg[i], &hole[n++]) : arg[i];
    }
    in[fn->nparam].value = place(E, "y", y, &hole[n++]);
    in[fn->nparam + 1].value = place(E, "dy", y, &hole[n]);
    for (int i = 0; i < fn->nparam + 2; i++)
        in[i].span = fn->derivative->span;
    Value v = call_model(E, &c, fn->derivative->span, fn->nparam + 2, in);
    E->checks.n = first_check; /* the value itself has them */
    return v;
}

Value with_rule(Elab *E, Scope *scope, const AstFunction *fn, const Value *arg, Value y)
{
    const AstFunction *rule = fn->derivative->fn;
    const char *name = fn->name ? fn->name : "fn";
    Span at = fn->derivative->span;
    int nx = 0, k = 0;
    for (int i = 0; i < fn->nparam; i++)
        nx += is_real(arg[i]);
    if (is_error(y))
        return y;
    if (rule->nparam != fn->nparam + 2)
        return fail(E, at, "this rule takes %d arguments, and must take %d: those of %s, its value, "
                           "and the cotangent of that", rule->nparam, fn->nparam + 2, name);
    if (!is_real(y))
        return fail(E, at, "a rule is stated for a function that returns one real tensor, and %s "
                           "returns %s", name, value_says(E, y));
    if (!nx)
        return y;
    E->g->here = at;
    Node *index = placeholder(E->g, T_I64, shape_scalar()), **hole = NEW_N(E->arena, Node *, nx + 2),
         **out = NEW_N(E->arena, Node *, nx + 1), **x = NEW_N(E->arena, Node *, nx + 1);
    Value v = call_rule(E, scope, fn, arg, y, hole);
    if (is_error(v))
        return v;
    if (v.kind == VAL_TUPLE ? v.n != nx : nx != 1)
        return fail(E, rule->body->span, "the rule of %s gives %s, for %d real argument%s", name,
                    value_says(E, v), nx, nx == 1 ? "" : "s");
    for (int i = 0; i < fn->nparam; i++) {
        if (!is_real(arg[i]))
            continue;
        x[k] = arg[i].node;
        if (!fit(E, rule->body->span, fn->param[i]->param.name, arg[i],
                 v.kind == VAL_TUPLE ? v.item[k] : v, &out[k]))
            return (Value){.kind = VAL_ERROR};
        k++;
    }
    Region r = {.index = index, .ncarried = nx + 2, .carried = hole, .next = hole,
                .ncollected = nx, .collected = out};
    E->g->here = at;
    return tensor(E, own(E->g, y.node, nx, x, &r), y.origin);
}
