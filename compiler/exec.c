/* exec.c - statements. What is decided at compile time happens here; loops and branches that stay
 * in the C are not there yet, and say so. */
#include "eval.h"

static void bind_name(Elab *E, Scope *scope, const char *name, Span at, Value v)
{
    if (v.kind == VAL_FN || v.kind == VAL_TEXT)
        v = fail(E, at, "%s cannot be stored: it can be passed to a function and called there",
                 value_says(E, v));
    if (is_tensor(v) && v.node->nin && !v.node->name)
        v.node->name = name;
    v.item = v.kind == VAL_TUPLE || (is_tensor(v) && v.item) ? v.item : NULL;
    scope_bind(E, scope, name, make_opaque(E, name, v));
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

/* x[i] = v; of x[i] += v the part is read first. */
static void exec_assign(Elab *E, Scope *scope, const Ast *a)
{
    const Ast *target = a->assign.target, *base = target->index.base;
    Value x = eval_name(E, scope, base->name, base->span);
    Value v = eval(E, scope, a->assign.value);
    if (strcmp(a->assign.op, "=") != 0 && !is_error(v) && !is_error(x)) {
        Value old = eval_index(E, scope, target);
        v = is_error(old) ? old : apply_operator(E, a->assign.op, a->op_span, old, v);
    }
    bind_name(E, scope, base->name, base->span, assign_index(E, scope, x, target, v));
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
        fail(E, a->cond.cond->span, "an if on a value known only at run time is not supported yet");
        return;
    }
    const Ast *side = truth ? a->cond.yes : a->cond.no;
    if (side && side->kind == AST_IF)
        exec_if(E, scope, side);
    else if (side)
        exec_block(E, scope, side);
}

static void exec_assert(Elab *E, Scope *scope, const Ast *a)
{
    bool truth;
    Value c = eval(E, scope, a->assert_.cond);
    if (is_error(c))
        return;
    if (!is_tensor(c) || c.node->dtype != T_BOOL) {
        fail(E, a->assert_.cond->span, "a condition must be bool, not %s", value_says(E, c));
        return;
    }
    if (!known_truth(c, &truth))
        fail(E, a->assert_.cond->span,
             "an assert on a value known only at run time is not supported yet");
    else if (!truth)
        fail(E, a->assert_.cond->span,
             a->assert_.message ? "the assertion fails: %s" : "the assertion fails%s",
             a->assert_.message ? a->assert_.message : "");
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
    case AST_RETURN:
        E->frame->result = eval(E, scope, a->operand);
        E->frame->returned = true;
        E->frame->return_ast = a->operand;
        break;
    case AST_FOR: fail(E, a->op_span, "for is not supported yet: static for unrolls"); break;
    case AST_WHILE: fail(E, a->op_span, "while is not supported yet"); break;
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
