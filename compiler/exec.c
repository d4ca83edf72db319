/* exec.c - statements, and what of them is decided at compile time; loops and branches that stay in
 * the C are in exec_loop.c and exec_branch.c. */
#include "eval.h"

void bind_name(Elab *E, Scope *scope, const char *name, Span at, Value v)
{
    if (v.kind == VAL_FN || v.kind == VAL_TEXT)
        v = fail(E, at, "%s cannot be stored: it can be passed to a function and called there",
                 value_says(E, v));
    if (is_tensor(v) && v.node->nin && !v.node->name)
        v.node->name = name;
    v.item = v.kind == VAL_TUPLE || (is_tensor(v) && v.item) ? v.item : NULL;
    scope_bind(E, scope, name, make_opaque(E, name, v));
    scope_own(scope, name)->at = at;
}

static void add_bound(Elab *E, const char *name, BoundNames *out)
{
    for (int i = 0; i < out->n; i++)
        if (!strcmp(out->at[i], name))
            return;
    vec_push(E->arena, out, name);
}

void bound_names(Elab *E, const Ast *a, BoundNames *out)
{
    switch (a ? a->kind : AST_ERROR) {
    case AST_BIND: add_bound(E, a->decl.name, out); break;
    case AST_BIND_TUPLE:
        for (int i = 0; i < a->bind.n; i++)
            add_bound(E, a->bind.target[i]->name, out);
        break;
    case AST_ASSIGN_INDEX: add_bound(E, a->assign.target->index.base->name, out); break;
    case AST_FOR:
    case AST_STATIC_FOR:
    case AST_WHILE: bound_names(E, a->loop.body, out); break;
    case AST_IF:
        bound_names(E, a->cond.yes, out);
        bound_names(E, a->cond.no, out);
        break;
    case AST_BLOCK:
        for (int i = 0; i < a->list.n; i++)
            bound_names(E, a->list.item[i], out);
        break;
    default: break;
    }
}

static void exec_bind_tuple(Elab *E, Scope *scope, const Ast *a)
{
    Value v = eval(E, scope, a->bind.value);
    if (v.kind != VAL_TUPLE && !is_error(v)) {
        if (is_tensor(v) && v.node->shape.rank && v.node->shape.dim[0]->is_const &&
            v.node->shape.dim[0]->value == a->bind.n) { /* the rows of a tensor, as in NumPy */
            Value *row = NEW_N(E->arena, Value, a->bind.n);
            for (int i = 0; i < a->bind.n; i++)
                row[i] = tensor(E, take_at(E->g, v.node, 0, size_int(E->g, i)), v.origin);
            v = value_tuple(E, a->bind.n, row);
        } else {
            v = fail(E, a->bind.value->span, "this is %s, not a tuple of %d", value_says(E, v),
                     a->bind.n);
        }
    }
    if (v.kind == VAL_TUPLE && v.n != a->bind.n)
        v = fail(E, a->span, "a tuple of %d for %d names", v.n, a->bind.n);
    for (int i = 0; i < a->bind.n; i++)
        bind_name(E, scope, a->bind.target[i]->name, a->bind.target[i]->span,
                  is_error(v) ? v : v.item[i]);
}

static void exec_assign(Elab *E, Scope *scope, const Ast *a)
{
    const Ast *target = a->assign.target, *base = target->index.base;
    Value x = eval_name(E, scope, base->name, base->span);
    Value v = eval(E, scope, a->assign.value);
    v = assign_index(E, scope, x, target, a->assign.op, a->op_span, v);
    bind_name(E, scope, base->name, base->span, v);
}

static void exec_static_for(Elab *E, Scope *scope, const Ast *a)
{
    const Ast *range = a->loop.range;
    int64_t from, to, step = 1;
    Value v[3] = {eval(E, scope, range->range.start), eval(E, scope, range->range.stop),
                  range->range.step ? eval(E, scope, range->range.step) : value_int(E, 1)};
    if (!want_int(E, v[0], range->range.start->span, &from, "the bound of a static for") ||
        !want_int(E, v[1], range->range.stop->span, &to, "the bound of a static for") ||
        !want_int(E, v[2], range->span, &step, "the step of a static for"))
        return;
    if (!step) {
        fail(E, range->span, "the step of a range is 0");
        return;
    }
    for (int64_t i = from; (step > 0 ? i < to : i > to) && !E->frame->returned; i += step) {
        int errors = E->diags->errors;
        scope_bind(E, scope, a->loop.index, value_int(E, i));
        exec_block(E, scope, a->loop.body);
        if (E->diags->errors > errors) /* every turn would say the same */
            return;
    }
}

static void exec_if(Elab *E, Scope *scope, const Ast *a)
{
    bool truth;
    Value c = eval(E, scope, a->cond.cond);
    if (is_error(c))
        return;
    if (!is_tensor(c) || c.node->dtype != T_BOOL || c.node->shape.rank) {
        fail(E, a->cond.cond->span, "a condition must be bool, not %s", value_says(E, c));
        return;
    }
    if (!known_truth(c, &truth)) {
        exec_branch(E, scope, a, c);
        return;
    }
    const Ast *side = truth ? a->cond.yes : a->cond.no;
    if (side && side->kind == AST_IF)
        exec_if(E, scope, side);
    else if (side)
        exec_block(E, scope, side);
}

/* A loop at run time around this statement, in the same function. */
static bool in_loop(const Elab *E)
{
    const Context *c = E->context;
    while (c && c->frame == E->frame && c->cond)
        c = c->up;
    return c && c->frame == E->frame;
}

static void exec_return(Elab *E, Scope *scope, const Ast *a)
{
    Value v = eval(E, scope, a->operand);
    if (in_loop(E))
        v = fail(E, a->op_span, "return stands inside a loop: bind a name there, and return it "
                                "behind the loop");
    E->frame->result = v;
    E->frame->returned = true;
    E->frame->return_ast = a->operand;
}

static void exec(Elab *E, Scope *scope, const Ast *a)
{
    switch (a->kind) {
    case AST_BIND:
        bind_name(E, scope, a->decl.name, a->decl.value->span, eval(E, scope, a->decl.value));
        break;
    case AST_BIND_TUPLE: exec_bind_tuple(E, scope, a); break;
    case AST_ASSIGN_INDEX: exec_assign(E, scope, a); break;
    case AST_STATIC_FOR: exec_static_for(E, scope, a); break;
    case AST_IF: exec_if(E, scope, a); break;
    case AST_ASSERT: exec_assert(E, scope, a); break;
    case AST_BLOCK: exec_block(E, scope, a); break;
    case AST_RETURN: exec_return(E, scope, a); break;
    case AST_FOR: exec_for(E, scope, a); break;
    case AST_WHILE: exec_while(E, scope, a); break;
    default: fail(E, a->span, "this is not a statement"); break;
    }
}

/* After an error the statements behind it are still looked at; names that it left unbound are
 * poisoned, so that they are not called unknown. */
static void poison(Elab *E, Scope *scope, const Ast *a)
{
    const Value error = {.kind = VAL_ERROR};
    if (a->kind == AST_FOR || a->kind == AST_WHILE || a->kind == AST_STATIC_FOR) {
        poison(E, scope, a->loop.body);
    } else if (a->kind == AST_IF) {
        poison(E, scope, a->cond.yes);
        if (a->cond.no)
            poison(E, scope, a->cond.no);
    } else if (a->kind == AST_BLOCK) {
        for (int i = 0; i < a->list.n; i++)
            poison(E, scope, a->list.item[i]);
    } else if (a->kind == AST_BIND) {
        scope_bind(E, scope, a->decl.name, error);
    } else if (a->kind == AST_BIND_TUPLE) {
        for (int i = 0; i < a->bind.n; i++)
            scope_bind(E, scope, a->bind.target[i]->name, error);
    } else if (a->kind == AST_ASSIGN_INDEX) {
        scope_bind(E, scope, a->assign.target->index.base->name, error);
    } else if (a->kind == AST_RETURN) {
        E->frame->result = error;
        E->frame->return_ast = a->operand;
    }
}

void exec_block(Elab *E, Scope *scope, const Ast *block)
{
    for (int i = 0; i < block->list.n && !E->frame->returned; i++) {
        int errors = E->diags->errors;
        exec(E, scope, block->list.item[i]);
        if (E->diags->errors > errors && block->list.item[i]->kind != AST_RETURN)
            poison(E, scope, block->list.item[i]);
    }
}
