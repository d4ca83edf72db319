/* instances.c - equal calls on equal arguments are one instance.
 *
 * Nodes are shared however often they are built, but building them takes time: without this, a
 * recursion with two calls at each depth would be elaborated 2^depth times, over a handful of
 * different submatrices. What a call gives is kept under its function, its arguments and where it
 * stands; a call that states checks is made anew, as each place has its own conditions for them. */
#include "eval.h"

enum { BUCKETS = 1024 };

struct Instance {
    const Graph *g;
    const AstFunction *fn;
    const Closure *closure; /* of a function expression, whose names are those of its place */
    int context, conditional;
    int n;
    const Value *arg;
    Value result;
    uint32_t hash;
    Instance *next; /* in its bucket */
};

static bool same_closure(const Closure *a, const Closure *b)
{
    return a == b || (!a->scope && !b->scope && a->fn == b->fn && a->builtin == b->builtin);
}

static bool same_value(const Value *a, const Value *b)
{
    if (a->kind != b->kind || a->origin != b->origin || a->node != b->node || a->size != b->size ||
        a->n != b->n || a->kind == VAL_TEXT)
        return false;
    if (a->kind == VAL_FN)
        return same_closure(a->fn, b->fn);
    for (int i = 0; i < a->n; i++)
        if (!same_value(&a->item[i], &b->item[i]))
            return false;
    return true;
}

static uint32_t mix(uint32_t h, uint32_t x)
{
    return (h ^ x) * 16777619u;
}

/* By numbers that do not depend on where things lie in memory. */
static uint32_t hash_call(const AstFunction *fn, int n, const Value *arg)
{
    uint32_t h = mix(2166136261u, fn->name_span.start);
    for (int i = 0; i < n; i++)
        h = mix(h, arg[i].node ? (uint32_t)arg[i].node->id : (uint32_t)arg[i].kind);
    return h;
}

static Instance call_of(const Elab *E, const Closure *c, int n, const Value *arg)
{
    return (Instance){.g = E->g, .fn = c->fn, .closure = c->scope ? c : NULL, .n = n, .arg = arg,
                      .context = E->context ? E->context->serial : 0,
                      .conditional = E->conditional, .hash = hash_call(c->fn, n, arg)};
}

static bool same_call(const Instance *a, const Instance *b)
{
    if (a->hash != b->hash || a->g != b->g || a->fn != b->fn || a->closure != b->closure ||
        a->context != b->context || a->conditional != b->conditional || a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++)
        if (!same_value(&a->arg[i], &b->arg[i]))
            return false;
    return true;
}

const Value *instance_find(const Elab *E, const Closure *c, int n, const Value *arg)
{
    if (!E->instance)
        return NULL;
    Instance call = call_of(E, c, n, arg);
    const Instance *i = E->instance[call.hash % BUCKETS];
    while (i && !same_call(i, &call))
        i = i->next;
    return i ? &i->result : NULL;
}

void instance_add(Elab *E, const Closure *c, int n, const Value *arg, Value result)
{
    if (!E->instance)
        E->instance = NEW_N(E->arena, Instance *, BUCKETS);
    Instance *i = NEW(E->arena, Instance);
    *i = call_of(E, c, n, arg);
    Value *kept = NEW_N(E->arena, Value, n + 1);
    for (int k = 0; k < n; k++)
        kept[k] = copy_value(E, arg[k]);
    i->arg = kept;
    i->result = copy_value(E, result);
    Instance **bucket = &E->instance[i->hash % BUCKETS];
    i->next = *bucket;
    *bucket = i;
}
