/* exec_loop.c - for and while that stay loops.
 *
 * The body is evaluated once, over placeholders: the number of the turn, and what is carried, which
 * is every name that the body binds and that was bound before. What a turn leaves in these names is
 * the region's `next`. Names first bound in the body are unknown behind it.
 *
 * What is carried has one shape and one element type. Where a literal was bound before (`s = 0`) its
 * type is what the body makes of it: when that is seen, the body is evaluated once more. */
#include "eval.h"
#include "indexing.h"
#include "region.h"

typedef struct Carried {
    const char *name;
    Value init; /* a tensor, or a tuple of them */
    Span at;    /* where it was bound */
} Carried;

typedef struct Loop {
    const Ast *ast;
    Scope *scope;
    BoundNames names;
    VEC(Carried) carried;
    Node *count, *index, *value; /* value: of the index variable; NULL of a while */
    const Size *bound;           /* NULL: not known; arguments may be in it */
    bool reverse;
    int first_hole, first_check, first_index;
    Value outer; /* what the index variable's name stood for, and where it was bound */
    bool outer_own;
} Loop;

/* ---- How many turns ---- */

/* The number of turns from `span`, which is how far the range reaches. */
static const Size *turns_of(Elab *E, const Size *span, int64_t by)
{
    Sizes *s = E->g->sizes;
    return by == 1 ? span : size_floordiv(s, size_add(s, span, size_int(E->g, by - 1)), size_int(E->g, by));
}

/* Never negative, as an axis must not be. */
static const Size *as_bound(Elab *E, const Size *turns)
{
    return size_known_nonneg(E->g->sizes, turns) ? turns : size_positive(E->g->sizes, turns);
}

/* high - low of integers; of n - 1 and -1 it is n. */
static Node *distance(Graph *g, Node *high, Node *low)
{
    if (!node_is_const(low) || (high->op != OP_ADD && high->op != OP_SUB) || !node_is_const(high->in[1]))
        return pw2(g, OP_SUB, high, low);
    int64_t own = const_integer(high->in[1]), sum = (high->op == OP_ADD ? own : -own) - const_integer(low);
    return sum ? pw2(g, OP_ADD, high->in[0], const_int(g, T_I64, sum)) : high->in[0];
}

/* start + step * index; a step of -1 is an index that runs down. */
static Node *index_value(Elab *E, Loop *l, Node *start, Node *stop, int64_t step)
{
    Graph *g = E->g;
    Node *at = l->index;
    if (step == -1) {
        l->reverse = true;
        start = pw2(g, OP_ADD, stop, const_int(g, T_I64, 1));
    } else if (step != 1) {
        at = pw2(g, OP_MUL, at, const_int(g, T_I64, step));
    }
    bool zero = node_is_const(start) && !const_integer(start);
    return zero ? at : pw2(g, OP_ADD, at, start);
}

static bool open_for(Elab *E, Loop *l)
{
    const Ast *range = l->ast->loop.range;
    Graph *g = E->g;
    Node *start, *stop;
    int64_t step = 1;
    Value from = eval(E, l->scope, range->range.start), to = eval(E, l->scope, range->range.stop);
    if (!integer_scalar(E, from, range->range.start->span, &start, "the bound of a for") ||
        !integer_scalar(E, to, range->range.stop->span, &stop, "the bound of a for"))
        return false;
    if (range->range.step && !want_int(E, eval(E, l->scope, range->range.step),
                                       range->range.step->span, &step, "the step of a for"))
        return false;
    if (!step) {
        fail(E, range->range.step->span, "the step of a range is 0");
        return false;
    }
    g->here = range->span;
    int64_t by = step > 0 ? step : -step;
    Node *low = step > 0 ? start : stop, *high = step > 0 ? stop : start;
    const Size *span = index_difference(E, high, low), *least, *most = NULL;
    if (span) {
        const Size *turns = turns_of(E, span, by);
        l->count = size_node(g, turns);
        l->bound = as_bound(E, turns);
    } else {
        Node *reach = distance(g, high, low);
        if (!index_bounds(E, reach, &least, &most) || !most)
            most = index_most(E, reach);
        if (most)
            l->bound = as_bound(E, turns_of(E, most, by));
        if (by != 1) {
            reach = pw2(g, OP_ADD, reach, const_int(g, T_I64, by - 1));
            reach = pw2(g, OP_FLOORDIV, reach, const_int(g, T_I64, by));
        }
        l->count = reach;
    }
    if (l->bound && l->bound->is_const && !l->bound->value) /* nobody would write what its turns keep */
        l->count = const_int(g, T_I64, 0);
    l->index = placeholder(g, T_I64, shape_scalar());
    l->index->name = l->ast->loop.index;
    l->value = index_value(E, l, start, stop, step);
    return true;
}

/* One turn more than the limit, which only a check takes: it fails where the condition still holds.
 */
static bool open_while(Elab *E, Loop *l)
{
    const Ast *a = l->ast;
    const Size *limit;
    Value v = eval(E, l->scope, a->loop.limit);
    if (!want_size(E, v, a->loop.limit->span, &limit, "the limit of a while"))
        return false;
    if (limit->is_const && limit->value < 0) {
        fail(E, a->loop.limit->span, "the limit of a while is %lld", (long long)limit->value);
        return false;
    }
    E->g->here = a->op_span;
    l->index = placeholder(E->g, T_I64, shape_scalar());
    l->bound = as_bound(E, size_add(E->g->sizes, limit, size_int(E->g, 1)));
    l->count = size_node(E->g, l->bound);
    vec_push(E->arena, &E->checks,
             (Demand){.cond = pw2(E->g, OP_LT, l->index, size_node(E->g, limit)),
                     .code = STATUS_LIMIT,
                     .span = a->loop.limit->span});
    return true;
}

/* ---- What is carried ---- */

static bool all_tensors(Value v)
{
    bool all = v.kind == VAL_TENSOR || v.kind == VAL_TUPLE;
    for (int i = 0; v.kind == VAL_TUPLE && i < v.n; i++)
        all = all && all_tensors(v.item[i]);
    return all;
}

static bool find_carried(Elab *E, Loop *l)
{
    bound_names(E, l->ast->loop.body, &l->names);
    for (int i = 0; i < l->names.n; i++) {
        const char *name = l->names.at[i];
        if (l->value && !strcmp(name, l->ast->loop.index)) {
            fail(E, l->ast->loop.index_span, "%s is the index of this loop, and its body binds it again", name);
            return false;
        }
        Value *v = scope_find(l->scope, name);
        Global *global = v ? NULL : global_find(E, name);
        Carried c = {.name = name};
        if (v) {
            const Binding *own = scope_own(l->scope, name);
            c.init = *v;
            c.at = own ? own->at : c.at;
        } else if (global && global->kind != GLOBAL_FN) {
            c.init = global_value(E, global);
            c.at = global->span;
        }
        if (is_error(c.init) ? v != NULL : all_tensors(c.init)) {
            c.init = copy_value(E, c.init);
            vec_push(E->arena, &l->carried, c);
        }
    }
    return true;
}

/* A placeholder for each tensor of v. */
static Value placeholders_for(Elab *E, const char *name, Value v)
{
    if (v.kind == VAL_TUPLE) {
        Value *item = NEW_N(E->arena, Value, v.n + 1);
        for (int i = 0; i < v.n; i++)
            item[i] = placeholders_for(E, name, v.item[i]);
        return value_tuple(E, v.n, item);
    }
    if (!is_tensor(v))
        return v;
    Node *p = placeholder(E->g, (Dtype)v.node->dtype, v.node->shape);
    p->name = name;
    return tensor(E, p, v.origin);
}

/* Whether v, bound before the loop or (`turn`) by a turn of it, takes the type of `to`. Literals do,
 * and scalars of type real beside f32; what a turn leaves is promoted from integer to real. */
static bool yields(Value v, Value to, bool turn)
{
    bool real = dtype_is_real((Dtype)v.node->dtype), to_real = dtype_is_real((Dtype)to.node->dtype);
    if (v.node->dtype == T_BOOL || to.node->dtype == T_BOOL || (real && !to_real))
        return false;
    if (!real && to_real)
        return turn || v.origin == FROM_CONST;
    if (v.origin == FROM_CONST)
        return real || node_is_const(v.node) || to.node->dtype > v.node->dtype;
    return real && v.origin == FROM_REAL && to.origin == FIXED && !v.node->shape.rank;
}

/* Makes what a turn leaves be of the type of what is carried, or changes the latter's; *again is
 * then set. False after a message. */
static bool settle(Elab *E, const Loop *l, const Carried *c, Value *init, Value *next, bool *again)
{
    if (is_error(*init) || is_error(*next))
        return false;
    if (init->kind == VAL_TUPLE && next->kind == VAL_TUPLE && init->n == next->n) {
        for (int i = 0; i < init->n; i++)
            if (!settle(E, l, c, (Value *)&init->item[i], (Value *)&next->item[i], again))
                return false;
        return true;
    }
    Graph *g = E->g;
    bool tensors = is_tensor(*init) && is_tensor(*next);
    if (tensors && shape_equal(init->node->shape, next->node->shape)) {
        Dtype a = (Dtype)init->node->dtype, b = (Dtype)next->node->dtype;
        if (a == b && next->origin <= init->origin)
            return true;
        bool first = yields(*init, *next, false), last = yields(*next, *init, true);
        if (a == b || (first && (!last || next->origin > init->origin))) {
            *init = tensor(E, cast(g, init->node, b), next->origin);
            return *again = true;
        }
        if (last) {
            next->node = cast(g, next->node, a);
            return true;
        }
    }
    const Binding *own = scope_own(l->scope, c->name);
    fail(E, own && own->at.start < own->at.end ? own->at : l->ast->op_span,
         "%s is carried from turn to turn, and changes from %s to %s", c->name,
         value_says(E, *init), value_says(E, *next));
    if (c->at.start < c->at.end)
        note(E, c->at, "%s is bound before the loop here", c->name);
    return false;
}

/* ---- The body ---- */

/* Evaluates the body; the values that a turn leaves are in next. False after messages. */
static bool run_body_once(Elab *E, Loop *l, Value *now, Value *next, Node **cond)
{
    int errors = E->diags->errors;
    Context context = {.up = E->context, .serial = ++E->ncontexts, .frame = E->frame};
    for (int i = 0; i < l->carried.n; i++) {
        now[i] = placeholders_for(E, l->carried.at[i].name, l->carried.at[i].init);
        scope_bind(E, l->scope, l->carried.at[i].name, now[i]);
    }
    if (l->value)
        scope_bind(E, l->scope, l->ast->loop.index,
                   (Value){.kind = VAL_TENSOR, .origin = FROM_CONST, .node = l->value});
    E->context = &context;
    E->conditional++;
    *cond = NULL;
    if (l->ast->loop.cond) {
        Value c = eval(E, l->scope, l->ast->loop.cond);
        if (is_tensor(c) && c.node->dtype == T_BOOL && !c.node->shape.rank)
            *cond = c.node;
        else if (!is_error(c))
            fail(E, l->ast->loop.cond->span, "a condition must be bool, not %s", value_says(E, c));
    }
    exec_block(E, l->scope, l->ast->loop.body);
    E->conditional--;
    E->context = context.up;
    for (int i = 0; i < l->carried.n; i++)
        next[i] = copy_value(E, *scope_find(l->scope, l->carried.at[i].name));
    return E->diags->errors == errors;
}

/* Integer literals that are carried (`s = 0`) as reals; false where there is none. */
static bool literals_as_reals(Elab *E, Loop *l)
{
    bool some = false;
    for (int i = 0; i < l->carried.n; i++) {
        Value *v = &l->carried.at[i].init;
        if (is_tensor(*v) && v->origin == FROM_CONST && has_size(v) && v->node->dtype == T_I64) {
            *v = tensor(E, cast(E->g, v->node, T_F64), FROM_CONST);
            some = true;
        }
    }
    return some;
}

/* After an attempt with errors: it may be that the integer literals alone are wrong (`s = 0`, and
 * s is handed to what wants a real). Where they are not, the first messages stay. */
static bool retry_with_reals(Elab *E, Loop *l, Value *now, Value *next, Node **cond, int told,
                             int errors)
{
    Diags *d = E->diags;
    int count = d->list.n - told, first_errors = d->errors;
    if (!literals_as_reals(E, l))
        return false;
    Diag *first = NEW_N(E->arena, Diag, count + 1);
    memcpy(first, d->list.at + told, sizeof *first * (size_t)count);
    d->list.n = told;
    d->errors = errors;
    if (run_body_once(E, l, now, next, cond))
        return true;
    d->list.n = told;
    for (int i = 0; i < count; i++)
        vec_push(d->arena, &d->list, first[i]);
    d->errors = first_errors;
    return false;
}

static bool evaluate_body(Elab *E, Loop *l, Value *now, Value *next, Node **cond)
{
    enum { TRIES = 6 }; /* integer, real, a type, each with a new origin */
    int checks = E->checks.n, told = E->diags->list.n, errors = E->diags->errors;
    for (int t = 0; t < TRIES; t++) {
        bool again = false, good = run_body_once(E, l, now, next, cond);
        if (!good && t == 0) {
            E->checks.n = checks;
            E->holes.n = l->first_hole;
            good = retry_with_reals(E, l, now, next, cond, told, errors);
        }
        for (int i = 0, fine = good; i < l->carried.n && fine; i++)
            good &= settle(E, l, &l->carried.at[i], &l->carried.at[i].init, &next[i], &again);
        if (!good || !again)
            return good;
        E->checks.n = checks;
        E->holes.n = l->first_hole;
    }
    fail(E, l->ast->op_span, "the types of what this loop carries do not settle");
    return false;
}

/* ---- The loop as a node ---- */

static int flatten(Elab *E, int n, Value *v, Node ***out)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count = value_nodes(&v[i], NULL, count, false);
    *out = NEW_N(E->arena, Node *, count + 1);
    for (int i = 0, k = 0; i < n; i++)
        k = value_nodes(&v[i], *out, k, false);
    return count;
}

static Node *make_loop(Elab *E, Loop *l, Value *now, Value *next, Node *cond)
{
    Node **hole, **root, **init;
    int n = flatten(E, l->carried.n, now, &hole), nchecks = E->checks.n - l->first_check;
    Value *before = NEW_N(E->arena, Value, l->carried.n + 1);
    for (int i = 0; i < l->carried.n; i++)
        before[i] = l->carried.at[i].init;
    flatten(E, l->carried.n, next, &root);
    flatten(E, l->carried.n, before, &init);
    Node **list = NEW_N(E->arena, Node *, n + 1), **check = NEW_N(E->arena, Node *, nchecks + 1);
    memcpy(list, root, sizeof *list * (size_t)n);
    list[n] = cond;
    resolve_nodes(E, l->first_hole, n + (cond != NULL), list, l->first_check);
    int *code = NEW_N(E->arena, int, nchecks + 1);
    for (int k = 0; k < nchecks; k++) {
        check[k] = E->checks.at[l->first_check + k].cond;
        code[k] = E->checks.at[l->first_check + k].code;
    }
    E->checks.n = l->first_check;
    Region r = {.index = l->index,
                .ncarried = n,
                .carried = hole,
                .next = list,
                .cond = list[n],
                .reverse = l->reverse,
                .bound = l->bound,
                .nchecks = nchecks,
                .check = check,
                .check_code = code};
    E->g->here = l->ast->op_span;
    return for_loop(E->g, &r, l->count, init);
}

static Value parts_for(Elab *E, Node *loop, Value init, int *k)
{
    if (init.kind == VAL_TUPLE) {
        Value *item = NEW_N(E->arena, Value, init.n + 1);
        for (int i = 0; i < init.n; i++)
            item[i] = parts_for(E, loop, init.item[i], k);
        return value_tuple(E, init.n, item);
    }
    Node *n = part(E->g, loop, (*k)++);
    return tensor(E, n, init.origin);
}

/* What stood there before, or nothing: the index variable is the loop's own. */
static void restore_index(Elab *E, Loop *l)
{
    if (!l->value)
        return;
    if (l->outer_own)
        scope_bind(E, l->scope, l->ast->loop.index, l->outer);
    else
        scope_lose(E, l->scope, l->ast->loop.index, l->ast);
}

static void exec_loop(Elab *E, Loop *l)
{
    Value *now = NEW_N(E->arena, Value, l->carried.n + 1), *next = NEW_N(E->arena, Value, l->carried.n + 1);
    Node *cond;
    int errors = E->diags->errors;
    if (l->value) {
        const Size *zero = size_int(E->g, 0), *most = l->bound ? size_sub(E->g->sizes, l->bound, size_int(E->g, 1)) : NULL;
        vec_push(E->arena, &E->indices,
                 (IndexVar){.hole = l->index,
                            .exact = true,
                            .low = zero,
                            .high = most && !size_has_argument(E->g->sizes, most) ? most : NULL,
                            .most = most});
    }
    bool good = evaluate_body(E, l, now, next, &cond);
    E->indices.n = l->first_index;
    restore_index(E, l);
    for (int i = 0; i < l->names.n; i++)
        scope_lose(E, l->scope, l->names.at[i], l->ast);
    if (!good || E->diags->errors > errors) {
        E->checks.n = l->first_check;
        E->holes.n = l->first_hole;
        for (int i = 0; i < l->names.n; i++)
            scope_bind(E, l->scope, l->names.at[i], (Value){.kind = VAL_ERROR});
        return;
    }
    Node *loop = make_loop(E, l, now, next, cond);
    int k = 0;
    for (int i = 0; i < l->carried.n; i++) {
        const Carried *c = &l->carried.at[i];
        bind_name(E, l->scope, c->name, c->at, parts_for(E, loop, c->init, &k));
    }
}

static Loop begin(Elab *E, Scope *scope, const Ast *a)
{
    return (Loop){.ast = a,
              .scope = scope,
              .first_hole = E->holes.n,
              .first_check = E->checks.n,
              .first_index = E->indices.n};
}

void exec_for(Elab *E, Scope *scope, const Ast *a)
{
    Loop l = begin(E, scope, a);
    if (!open_for(E, &l))
        return;
    const Binding *own = scope_own(scope, a->loop.index);
    l.outer_own = own != NULL;
    if (own)
        l.outer = own->value;
    if (find_carried(E, &l))
        exec_loop(E, &l);
}

void exec_while(Elab *E, Scope *scope, const Ast *a)
{
    Loop l = begin(E, scope, a);
    if (!open_while(E, &l))
        return;
    if (find_carried(E, &l))
        exec_loop(E, &l);
}
