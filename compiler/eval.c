/* eval.c - expressions: the tree in, a value out. */
#include "eval.h"

#include <stdio.h>

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* ---- Lists ---- */

static bool all_constant(int n, const Value *v)
{
    for (int i = 0; i < n; i++)
        if (v[i].node->op != OP_CONST && v[i].node->op != OP_ARRAY)
            return false;
    return true;
}

/* Constants of one type and shape as one array. */
static Node *constant_array(Elab *E, int n, const Value *v, Shape shape)
{
    Dtype t = (Dtype)v[0].node->dtype;
    int64_t each = shape_fixed_count(E->g, v[0].node->shape);
    double *real = NEW_N(E->arena, double, n * each + 1);
    int64_t *integer = NEW_N(E->arena, int64_t, n * each + 1);
    for (int i = 0; i < n; i++) {
        const Node *x = v[i].node;
        const Array *a = x->op == OP_ARRAY ? &E->g->arrays.at[x->attr[0]] : NULL;
        for (int64_t k = 0; k < each; k++)
            if (dtype_is_real(t))
                real[i * each + k] = a ? a->real[k] : const_value(x);
            else
                integer[i * each + k] = a ? a->integer[k] : const_integer(x);
    }
    return const_array(E->g, t, shape, real, integer);
}

Value value_join(Elab *E, Span span, int n, const Value *in)
{
    Origin origin;
    Value *v = NEW_N(E->arena, Value, n + 1);
    for (int i = 0; i < n; i++) {
        v[i] = in[i];
        if (!want_tensor(E, in[i], span, "an element of [...]"))
            return bad();
        if (!shape_equal(in[i].node->shape, in[0].node->shape))
            return fail(E, span, "the elements of [...] have shapes %s and %s",
                        shape_says(E, in[0].node->shape), shape_says(E, in[i].node->shape));
    }
    if (in[0].node->shape.rank > MAX_AXES)
        return fail(E, span, "more than %d axes are not supported", MAX_AXES);
    if (!promote(E, span, n, v, TO_COMPARE, &origin))
        return bad();
    E->g->here = span;
    Value r;
    if (all_constant(n, v)) {
        Shape s = shape_insert(E->g, v[0].node->shape, 0, size_int(E->g, n));
        r = tensor(E, constant_array(E, n, v, s), origin);
    } else {
        Node **part = NEW_N(E->arena, Node *, n);
        for (int i = 0; i < n; i++)
            part[i] = v[i].node;
        r = tensor(E, stack(E->g, n, part, 0), origin);
    }
    Value *copy = NEW_N(E->arena, Value, n);
    memcpy(copy, in, sizeof *in * (size_t)n);
    r.n = n;
    r.item = copy; /* where a shape is wanted, [n, 2] is one */
    return r;
}

static Value eval_items(Elab *E, Scope *scope, const Ast *a)
{
    Value *item = NEW_N(E->arena, Value, a->list.n + 1);
    bool good = true;
    for (int i = 0; i < a->list.n; i++) {
        item[i] = eval(E, scope, a->list.item[i]);
        good &= !is_error(item[i]);
    }
    if (!good)
        return bad();
    return a->kind == AST_LIST ? value_join(E, a->span, a->list.n, item)
                               : value_tuple(E, a->list.n, item);
}

/* ---- Operators ---- */

static Value eval_unary(Elab *E, Scope *scope, const Ast *a)
{
    Value v = eval(E, scope, a->unary.operand);
    return is_error(v) ? v : apply1(E, a->unary.op[0] == '-' ? OP_NEG : OP_NOT, a->op_span, v);
}

Value apply_operator(Elab *E, const char *op, Span span, Value left, Value right)
{
    if (is_error(left) || is_error(right))
        return bad();
    if (!strcmp(op, "@"))
        return matmul_value(E, span, left, right);
    return apply2(E, op_find(op), span, left, right);
}

/* `n == 1 or ...` decides itself where its left side does: so a recursion can end. */
static bool decided(const char *op, Value left)
{
    bool truth;
    if ((strcmp(op, "and") != 0 && strcmp(op, "or") != 0) || !known_truth(left, &truth))
        return false;
    return truth == !strcmp(op, "or");
}

/* `i < n and x[i] > 0` of scalars: the right side is not looked at where the left one decides. */
static Value apply_lazily(Elab *E, const Ast *node, Value left, Value right)
{
    bool and = !strcmp(node->binary.op, "and");
    if ((!and && strcmp(node->binary.op, "or") != 0) || !is_tensor(left) || !is_tensor(right) ||
        left.node->dtype != T_BOOL || right.node->dtype != T_BOOL || left.node->shape.rank ||
        right.node->shape.rank || node_is_const(left.node) || node_is_const(right.node))
        return apply_operator(E, node->binary.op, node->op_span, left, right);
    E->g->here = node->op_span;
    Node *r = and ? lazy_and(E, left.node, right.node) : lazy_or(E, left.node, right.node);
    return tensor(E, r, FIXED);
}

/* Down the left operands in a loop: a sum may have 100,000 terms. */
static Value eval_binary(Elab *E, Scope *scope, const Ast *a)
{
    const Ast *first, *const *node;
    int n = ast_spine(E->arena, a, &first, &node);
    Value v = eval(E, scope, first);
    for (int i = 0; i < n; i++)
        if (!decided(node[i]->binary.op, v))
            v = apply_lazily(E, node[i], v, eval(E, scope, node[i]->binary.right));
    return v;
}

static Value eval_ternary(Elab *E, Scope *scope, const Ast *a)
{
    bool truth;
    Value c = eval(E, scope, a->cond.cond);
    if (is_error(c))
        return c;
    if (!is_tensor(c) || c.node->dtype != T_BOOL)
        return fail(E, a->cond.cond->span, "a condition must be bool, not %s", value_says(E, c));
    if (!c.node->shape.rank && known_truth(c, &truth))
        return eval(E, scope, truth ? a->cond.yes : a->cond.no);
    bool lazy = !c.node->shape.rank;
    int first = E->checks.n;
    E->conditional += lazy;
    Value yes = eval(E, scope, a->cond.yes);
    if (lazy)
        guard_checks(E, first, c.node);
    first = E->checks.n;
    Value no = eval(E, scope, a->cond.no);
    if (lazy && E->checks.n > first)
        guard_checks(E, first, pw1(E->g, OP_NOT, c.node));
    E->conditional -= lazy;
    return choose(E, a->op_span, c, yes, no);
}

/* a': the last two axes change places; a vector stays as it is. */
static Value eval_transpose(Elab *E, Scope *scope, const Ast *a)
{
    Value v = eval(E, scope, a->operand);
    if (!want_tensor(E, v, a->span, "what is transposed"))
        return bad();
    E->g->here = a->span;
    return v.node->shape.rank < 2 ? v : tensor(E, transpose_last(E->g, v.node), v.origin);
}

static Value eval_fn(Elab *E, Scope *scope, const Ast *a)
{
    Closure *c = NEW(E->arena, Closure);
    *c = (Closure){.name = "fn", .fn = a->fn, .scope = scope};
    return (Value){.kind = VAL_FN, .fn = c};
}

Value eval(Elab *E, Scope *scope, const Ast *a)
{
    switch (a->kind) {
    case AST_NUMBER:
        return a->number.is_int ? value_int(E, a->number.i) : value_real(E, a->number.value);
    case AST_BOOL: return value_bool(E, a->truth);
    case AST_NAME: return eval_name(E, scope, a->name, a->span);
    default: break;
    }
    if (stack_is_deep(E))
        return fail(E, a->span, "this is nested too deeply");
    switch (a->kind) {
    case AST_UNARY: return eval_unary(E, scope, a);
    case AST_BINARY: return eval_binary(E, scope, a);
    case AST_TERNARY: return eval_ternary(E, scope, a);
    case AST_CALL: return eval_call(E, scope, a);
    case AST_INDEX: return eval_index(E, scope, a);
    case AST_TRANSPOSE: return eval_transpose(E, scope, a);
    case AST_LIST:
    case AST_TUPLE: return eval_items(E, scope, a);
    case AST_COMPREHENSION: return eval_comprehension(E, scope, a, NULL, a->span);
    case AST_FN_EXPR: return eval_fn(E, scope, a);
    case AST_STRING:
        return fail(E, a->span, "a string stands only in import, load, assert and einsum");
    case AST_SLICE:
    case AST_RANGE: return fail(E, a->span, "a range stands only in an index or a loop");
    default: return fail(E, a->span, "this is not an expression");
    }
}
