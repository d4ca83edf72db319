/* exec_branch.c - if on a condition known only at run time, early returns, and assertions.
 *
 * Both sides are evaluated, and each name that one of them binds becomes a selection by the
 * condition, a scalar: such a selection is lazy (region.h and the lowering), so that in the C it is
 * a branch. A `return` on one side is kept in the frame; behind the last statement the function's
 * value is chosen among those. Checks hold where their side is taken. */
#include "cond.h"
#include "eval.h"
#include "region.h"
#include "walk.h"

/* ---- Conditions ---- */

/* The index tensors of a gather are known to be in range. */
static bool indices_in_range(Elab *E, const Node *n)
{
    Sizes *s = E->g->sizes;
    for (int i = 1; i < n->nin; i++) {
        const Size *low, *high,
            *last = size_sub(s, n->in[0]->shape.dim[n->attr[i - 1]], size_int(E->g, 1));
        if (!index_interval(E, n->in[i], &low, &high) || !size_known_nonneg(s, low) ||
            !size_known_ge(s, last, high))
            return false;
    }
    return true;
}

/* Evaluating n where the model does not is safe: there is no index that may be out of range, no loop,
 * and no division by an integer that may be 0. */
static bool is_safe(Elab *E, Node *n)
{
    Walk w = walk_ancestors(E->g, 1, &n, 0);
    for (int i = 0; i < w.n; i++) {
        const Node *at = w.node[i];
        Family family = op_info(at)->family;
        bool divides = (at->op == OP_FLOORDIV || at->op == OP_MOD) && !dtype_is_real((Dtype)at->dtype);
        if (family == F_CONTROL || (family == F_INDEX && (at->op != OP_GATHER || !indices_in_range(E, at))) ||
            (divides && !node_is_const(at->in[1])))
            return false;
    }
    return true;
}

Node *lazy_and(Elab *E, Node *a, Node *b)
{
    if (node_is_const(a) || node_is_const(b) || is_safe(E, b))
        return pw2(E->g, OP_AND, a, b);
    return pw3(E->g, OP_SELECT, a, b, const_int(E->g, T_BOOL, 0));
}

Node *lazy_or(Elab *E, Node *a, Node *b)
{
    if (node_is_const(a) || node_is_const(b) || is_safe(E, b))
        return pw2(E->g, OP_OR, a, b);
    return pw3(E->g, OP_SELECT, a, const_int(E->g, T_BOOL, 1), b);
}

static Node *opposite(Elab *E, Node *c)
{
    return pw1(E->g, OP_NOT, c);
}

void guard_checks(Elab *E, int first, Node *cond)
{
    for (int i = first; i < E->checks.n; i++) {
        Node *off = opposite(E, cond);
        E->checks.at[i].cond = lazy_or(E, off, E->checks.at[i].cond);
    }
}

/* ---- assert ---- */

/* In a part of the model that a run may leave out, also behind an early return. */
static bool is_conditional(const Elab *E)
{
    for (const Frame *f = E->frame; f; f = f->up)
        if (f->early.n)
            return true;
    return E->conditional > 0;
}

void exec_assert(Elab *E, Scope *scope, const Ast *a)
{
    bool truth;
    Value c = eval(E, scope, a->assert_.cond);
    if (is_error(c))
        return;
    if (!is_tensor(c) || c.node->dtype != T_BOOL) {
        fail(E, a->assert_.cond->span, "a condition must be bool, not %s", value_says(E, c));
        return;
    }
    bool known = known_truth(c, &truth);
    if (known && !truth && !is_conditional(E)) {
        fail(E, a->assert_.cond->span,
             a->assert_.message ? "the assertion fails: %s" : "the assertion fails%s",
             a->assert_.message ? a->assert_.message : "");
    } else if (!known || !truth) {
        E->g->here = a->assert_.cond->span;
        vec_push(E->arena, &E->checks,
                 (Demand){.cond = reduce_all(E->g, OP_ALL, c.node),
                         .code = STATUS_ASSERT,
                         .message = a->assert_.message,
                         .span = a->assert_.cond->span});
    }
}

/* ---- Sides ---- */

/* What a side of a branch has come to. */
typedef struct Side {
    Node *cond;
    Value *value; /* of each name; VAL_LOST or VAL_NONE: not bound */
    Span *at;     /* where */
    bool returned;
    Value result;
    const Ast *return_ast;
} Side;

typedef struct Branch {
    const Ast *ast;
    BoundNames names;
    Value *before;  /* as seen in the scope; VAL_NONE: unknown */
    bool *own;      /* bound in the scope itself */
} Branch;

static Value seen(Scope *scope, const char *name)
{
    const Value *v = scope_find(scope, name);
    return v ? *v : (Value){.kind = VAL_NONE};
}

static void set_names(Elab *E, Scope *scope, const Branch *b, const Value *value)
{
    for (int i = 0; i < b->names.n; i++)
        if (b->own[i] || value[i].kind != b->before[i].kind || value[i].node != b->before[i].node)
            scope_bind(E, scope, b->names.at[i], value[i]);
        else
            scope_unbind(scope, b->names.at[i]);
}

/* Runs a side (NULL: it is empty) where the names are bound as `start` says. Updates of what is in
 * `guarded` are guarded by its condition. */
static void run_side(Elab *E, Scope *scope, const Branch *b, const Ast *block, Node *cond,
                     const Value *start, const Value *guarded, Side *out)
{
    Frame *f = E->frame;
    int first_check = E->checks.n, first_early = f->early.n;
    Context context = {
        .up = E->context, .serial = ++E->ncontexts, .frame = f, .cond = cond, .names = &b->names, .before = guarded};
    *out = (Side){.cond = cond, .value = NEW_N(E->arena, Value, b->names.n + 1),
                  .at = NEW_N(E->arena, Span, b->names.n + 1)};
    set_names(E, scope, b, start);
    E->context = &context;
    E->conditional++;
    if (block && block->kind == AST_IF) { /* else if */
        Ast *list[1] = {(Ast *)block};
        Ast alone = *block;
        alone.kind = AST_BLOCK;
        alone.list.item = list;
        alone.list.n = 1;
        exec_block(E, scope, &alone);
    } else if (block) {
        exec_block(E, scope, block);
    }
    E->conditional--;
    E->context = context.up;
    out->returned = f->returned;
    out->result = f->result;
    out->return_ast = f->return_ast;
    f->returned = false;
    f->result.kind = VAL_NONE;
    for (int i = 0; i < b->names.n; i++) {
        const Binding *own = scope_own(scope, b->names.at[i]);
        out->value[i] = seen(scope, b->names.at[i]);
        if (own)
            out->at[i] = own->at;
    }
    for (int k = first_early; k < f->early.n; k++)
        f->early.at[k].cond = lazy_and(E, cond, f->early.at[k].cond);
    guard_checks(E, first_check, cond);
}

/* ---- What the sides agree on ---- */

/* c ? yes : no for a name or what is returned: one shape, one number of components. */
static Value merge(Elab *E, Span span, const char *what, Node *c, Value yes, Value no)
{
    if (is_error(yes) || is_error(no))
        return (Value){.kind = VAL_ERROR};
    if (yes.kind == VAL_TUPLE && no.kind == VAL_TUPLE && yes.n == no.n) {
        Value *item = NEW_N(E->arena, Value, yes.n + 1);
        for (int i = 0; i < yes.n; i++)
            if (is_error(item[i] = merge(E, span, what, c, yes.item[i], no.item[i])))
                return item[i];
        return value_tuple(E, yes.n, item);
    }
    if (is_tensor(yes) && is_tensor(no) && yes.node == no.node)
        return yes;
    if (!is_tensor(yes) || !is_tensor(no) || !shape_equal(yes.node->shape, no.node->shape))
        return fail(E, span, "%s is %s on one side of this if and %s on the other", what,
                    value_says(E, yes), value_says(E, no));
    Origin origin;
    Value both[2] = {yes, no};
    bool bools = yes.node->dtype == T_BOOL;
    if (bools != (no.node->dtype == T_BOOL))
        return fail(E, span, "%s is %s on one side of this if and %s on the other", what,
                    value_says(E, yes), value_says(E, no));
    if (!promote(E, span, 2, both, TO_COMPARE, &origin))
        return (Value){.kind = VAL_ERROR};
    if (origin == FROM_CONST && !dtype_is_real((Dtype)both[0].node->dtype))
        origin = FIXED;
    E->g->here = span;
    return tensor(E, pw3(E->g, OP_SELECT, c, both[0].node, both[1].node), origin);
}

static bool is_bound(Value v)
{
    return given(v) && v.kind != VAL_LOST;
}

/* Whether v is the array `before`, changed only by updates in place under the condition c. */
static bool updated_under(Elab *E, Value v, Value before, const Node *c)
{
    return is_tensor(v) && is_tensor(before) && v.node != before.node &&
           only_updated(E, v.node, before.node, c);
}

bool update_is_guarded(const Node *put, const Node *c)
{
    return !c || (put_guard(put) && cond_implies(put_guard(put), false, c, false));
}

/* What the name is behind the branch; `start`: where `no` began. */
static void settle_name(Elab *E, Scope *scope, const Branch *b, int i, const Side *yes,
                        const Side *no, Value start)
{
    const char *name = b->names.at[i];
    Value y = yes->value[i], n = no->value[i];
    Span at = yes->at[i].start < yes->at[i].end ? yes->at[i] : no->at[i];
    if (yes->returned || no->returned || (!is_bound(y) && !is_bound(n))) {
        Value v = yes->returned ? n : no->returned || given(y) ? y : n;
        if (given(v))
            scope_bind(E, scope, name, v);
        else
            scope_unbind(scope, name);
    } else if (!is_bound(y) || !is_bound(n)) {
        scope_bind(E, scope, name, (Value){.kind = VAL_LOST, .lost = b->ast});
    } else if (updated_under(E, y, b->before[i], yes->cond) &&
               (y.node == n.node || updated_under(E, n, y, no->cond))) {
        bind_name(E, scope, name, at, n);
    } else if (updated_under(E, n, b->before[i], no->cond) && is_tensor(y) &&
               y.node == b->before[i].node) {
        bind_name(E, scope, name, at, n);
    } else {
        if (is_tensor(y) && is_tensor(n) && y.node == start.node) /* it is the same behind updates of the other side */
            y.node = first_updates(E, n.node, y.node, no->cond);
        bind_name(E, scope, name, at, merge(E, b->ast->op_span, name, yes->cond, y, n));
    }
}

/* Where the other side begins: an array that `yes` has first only updated under its condition is the same
 * there. Where it has gone on with it in a loop, the other side's updates are no part of that: *guarded
 * are the names whose updates its condition may guard. */
static Value *start_of_other(Elab *E, const Branch *b, const Side *yes, Value **guarded)
{
    Value *start = NEW_N(E->arena, Value, b->names.n + 1);
    *guarded = NEW_N(E->arena, Value, b->names.n + 1);
    for (int i = 0; i < b->names.n; i++) {
        Value y = yes->value[i], before = b->before[i];
        start[i] = (*guarded)[i] = before;
        if (yes->returned || !is_tensor(y) || !is_tensor(before) || y.node == before.node)
            continue;
        if (only_updated(E, y.node, before.node, yes->cond)) {
            start[i] = (*guarded)[i] = y;
            continue;
        }
        start[i].node = first_updates(E, y.node, before.node, yes->cond);
        (*guarded)[i] = (Value){.kind = VAL_NONE};
    }
    return start;
}

static void keep_return(Elab *E, Node *cond, const Side *side)
{
    vec_push(E->arena, &E->frame->early,
             (EarlyReturn){.cond = cond,
                           .value = side->result,
                           .span = side->return_ast->span,
                           .first_check = E->checks.n});
}

void exec_branch(Elab *E, Scope *scope, const Ast *a, Value cond)
{
    Branch b = {.ast = a};
    Side yes, no;
    Frame *f = E->frame;
    bound_names(E, a, &b.names);
    b.before = NEW_N(E->arena, Value, b.names.n + 1);
    b.own = NEW_N(E->arena, bool, b.names.n + 1);
    for (int i = 0; i < b.names.n; i++) {
        b.before[i] = seen(scope, b.names.at[i]);
        b.own[i] = scope_own(scope, b.names.at[i]) != NULL;
    }
    E->g->here = a->cond.cond->span;
    Node *c = cond.node, *not_c = opposite(E, c);
    Value *start, *guarded;
    run_side(E, scope, &b, a->cond.yes, c, b.before, b.before, &yes);
    start = start_of_other(E, &b, &yes, &guarded);
    run_side(E, scope, &b, a->cond.no, not_c, start, guarded, &no);
    if (yes.returned && no.returned) {
        f->result = merge(E, a->op_span, "what is returned", c, yes.result, no.result);
        f->returned = true;
        f->return_ast = no.return_ast;
        return;
    }
    for (int i = 0; i < b.names.n; i++)
        settle_name(E, scope, &b, i, &yes, &no, start[i]);
    if (yes.returned)
        keep_return(E, c, &yes);
    if (no.returned)
        keep_return(E, not_c, &no);
}

Value returned_value(Elab *E, const AstFunction *fn, Value last)
{
    Frame *f = E->frame;
    if (!given(last)) {
        last = fail(E, fn->name_span,
                    f->early.n ? "%s does not return a value where no condition of its ifs holds"
                               : "%s does not return a value",
                    f->name);
        return last;
    }
    for (int k = f->early.n - 1; k >= 0; k--) {
        const EarlyReturn *r = &f->early.at[k];
        Node *off = opposite(E, r->cond);
        guard_checks(E, r->first_check, off);
        last = merge(E, r->span, "what is returned", r->cond, r->value, last);
    }
    return last;
}
