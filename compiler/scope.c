/* scope.c - names: scopes of functions and comprehensions, and what a name means. */
#include "eval.h"

#include <float.h>
#include <math.h>

static uint32_t hash_name(const char *s)
{
    uint32_t h = 2166136261u;
    while (*s)
        h = (h ^ (unsigned char)*s++) * 16777619u;
    return h;
}

Scope *scope_new(Elab *E, Scope *parent)
{
    Scope *s = NEW(E->arena, Scope);
    s->parent = parent;
    s->nbucket = 8;
    s->bucket = NEW_N(E->arena, Binding *, s->nbucket);
    return s;
}

Binding *scope_own(Scope *s, const char *name)
{
    uint32_t h = hash_name(name);
    for (Binding *b = s->bucket[h % (uint32_t)s->nbucket]; b; b = b->next)
        if (b->hash == h && !strcmp(b->name, name))
            return b;
    return NULL;
}

static void grow(Elab *E, Scope *s)
{
    int n = s->nbucket * 4;
    Binding **bucket = NEW_N(E->arena, Binding *, n);
    for (int i = 0; i < s->nbucket; i++)
        for (Binding *b = s->bucket[i], *next; b; b = next) {
            next = b->next;
            b->next = bucket[b->hash % (uint32_t)n];
            bucket[b->hash % (uint32_t)n] = b;
        }
    s->bucket = bucket;
    s->nbucket = n;
}

void scope_bind(Elab *E, Scope *s, const char *name, Value v)
{
    Binding *b = scope_own(s, name);
    if (!b) {
        if (s->n > s->nbucket)
            grow(E, s);
        b = NEW(E->arena, Binding);
        b->name = name;
        b->hash = hash_name(name);
        b->next = s->bucket[b->hash % (uint32_t)s->nbucket];
        s->bucket[b->hash % (uint32_t)s->nbucket] = b;
        s->n++;
    }
    b->value = v;
}

void scope_unbind(Scope *s, const char *name)
{
    Binding *b = scope_own(s, name);
    Binding **at = b ? &s->bucket[b->hash % (uint32_t)s->nbucket] : NULL;
    if (!b)
        return;
    while (*at != b)
        at = &(*at)->next;
    *at = b->next;
    s->n--;
}

Value *scope_find(Scope *s, const char *name)
{
    for (; s; s = s->parent) {
        Binding *b = scope_own(s, name);
        if (b)
            return &b->value;
    }
    return NULL;
}

bool name_is_bound(Elab *E, Scope *s, const char *name)
{
    return scope_find(s, name) || global_find(E, name);
}

static bool named_constant(Elab *E, const char *name, Value *out)
{
    static const struct {
        const char *name;
        double value;
    } constants[] = {{"pi", 3.14159265358979323846},
                     {"e", 2.71828182845904523536},
                     {"inf", (double)INFINITY},
                     {"nan", (double)NAN}};
    for (int i = 0; i < ARRAY_LEN(constants); i++)
        if (!strcmp(name, constants[i].name)) {
            *out = value_real(E, constants[i].value);
            return true;
        }
    if (strcmp(name, "eps") != 0)
        return false;
    *out = value_real(E, E->options->real == T_F32 ? (double)FLT_EPSILON : DBL_EPSILON);
    return true;
}

static Value unknown_name(Elab *E, Scope *scope, const char *name, Span span)
{
    static const char *const others[] = {
        "pi",  "e",        "inf",     "nan", "eps",          "grad",   "vjp",
        "jvp", "jacobian", "hessian", "hvp", "diag_hessian", "taylor", "load"};
    VEC(const char *) all = {0};
    for (Scope *s = scope; s; s = s->parent)
        for (int i = 0; i < s->nbucket; i++)
            for (Binding *b = s->bucket[i]; b; b = b->next)
                vec_push(E->arena, &all, b->name);
    for (int i = 0; i < E->nglobal_bucket; i++)
        for (Global *g = E->global[i]; g; g = g->next)
            vec_push(E->arena, &all, g->name);
    const char *const *builtin;
    int n = builtin_names(E->arena, &builtin);
    for (int i = 0; i < n; i++)
        vec_push(E->arena, &all, builtin[i]);
    for (int i = 0; i < ARRAY_LEN(others); i++)
        vec_push(E->arena, &all, others[i]);
    if (!strcmp(name, "None") || !strcmp(name, "newaxis"))
        return fail(E, span, "unknown name '%s': expand(x, 1) gives x an axis of size 1", name);
    return fail_name(E, span, arena_printf(E->arena, "unknown name '%s'", name), name, all.at, all.n,
                     "");
}

/* A builtin whose name the model has given to something else is still there with an underscore
 * behind, as in `fn softplus(x) = softplus_(x)`, which gradc show may have to write. */
static const Builtin *hidden_builtin(Elab *E, Scope *scope, const char *name)
{
    size_t n = strlen(name);
    if (n < 2 || name[n - 1] != '_')
        return NULL;
    const char *plain = arena_strndup(E->arena, name, n - 1);
    return name_is_bound(E, scope, plain) ? builtin_find(plain) : NULL;
}

void scope_lose(Elab *E, Scope *s, const char *name, const Ast *statement)
{
    Value constant;
    scope_unbind(s, name);
    if (name_is_bound(E, s, name) || builtin_find(name) || named_constant(E, name, &constant))
        return;
    scope_bind(E, s, name, (Value){.kind = VAL_LOST, .lost = statement});
}

static Value lost_name(Elab *E, const char *name, Span span, const Ast *statement)
{
    bool branch = statement->kind == AST_IF;
    Value v = branch ? fail(E, span, "%s is bound on one side of an if only, and not before it", name)
                     : fail(E, span, "%s is first bound inside a loop, and unknown behind it", name);
    bool index = statement->kind == AST_FOR && !strcmp(statement->loop.index, name);
    note(E, statement->op_span,
         index  ? "it is the index of this loop"
         : branch ? "bind it on both sides of this if, or before it"
                : "bind it before this loop, and it is carried from turn to turn");
    return v;
}

Value eval_name(Elab *E, Scope *scope, const char *name, Span span)
{
    Value *v = scope_find(scope, name), constant;
    if (v && v->kind == VAL_LOST)
        return lost_name(E, name, span, v->lost);
    if (v)
        return *v;
    Global *global = global_find(E, name);
    if (global)
        return global_value(E, global);
    const Builtin *b = builtin_find(name);
    if (!b)
        b = hidden_builtin(E, scope, name);
    if (b) {
        Closure *c = NEW(E->arena, Closure);
        *c = (Closure){.name = name, .builtin = b};
        return (Value){.kind = VAL_FN, .fn = c};
    }
    if (named_constant(E, name, &constant))
        return constant;
    return unknown_name(E, scope, name, span);
}
