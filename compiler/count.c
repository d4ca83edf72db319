/* count.c - max(n, 0) of integer arguments, and what is made of it; see count.h. */
#include "count.h"
#include "ops.h"

const Size *count_of_argument(const Graph *g, const Node *n)
{
    const Param *p = n->op == OP_PARAM ? &g->params.at[n->attr[0]] : NULL;
    bool integer = p && !p->shape.rank && !dtype_is_real(p->dtype) && p->dtype != T_BOOL;
    return integer && !p->trainable ? size_argument(g->sizes, p->name, p->dtype != T_I64) : NULL;
}

static const Node *without_casts(const Node *n)
{
    while (n->op == OP_CAST && !dtype_is_real((Dtype)n->in[0]->dtype))
        n = n->in[0];
    return n;
}

static const Size *form(const Graph *g, const Node *n, bool narrow, int depth)
{
    enum { DEEP = 64 };
    Sizes *s = g->sizes;
    const Size *a = node_size(g, n), *b;
    if (a || n->nin < 1 || depth > DEEP)
        return a;
    const Node *x = n->in[0], *y = n->nin > 1 ? n->in[1] : NULL;
    if (n->op == OP_CAST && (narrow ? !dtype_is_real((Dtype)n->dtype) : n->dtype == T_I64) && !dtype_is_real((Dtype)x->dtype))
        return form(g, x, narrow, depth + 1);
    if (n->op == OP_MAX && node_is_const(x)) {
        x = y;
        y = n->in[0];
    }
    if (n->op == OP_MAX && node_size(g, y) == size_const(s, 0)) {
        a = count_of_argument(g, without_casts(x));
        return a ? a : (a = form(g, x, narrow, depth + 1)) ? size_positive(s, a) : NULL;
    }
    if (!narrow && n->dtype != T_I64)
        return NULL;
    if (n->op == OP_NEG)
        return (a = form(g, x, narrow, depth + 1)) ? size_sub(s, size_const(s, 0), a) : NULL;
    bool two = n->op == OP_ADD || n->op == OP_SUB || n->op == OP_MUL || n->op == OP_FLOORDIV;
    if (!two || !(a = form(g, x, narrow, depth + 1)) || !(b = form(g, y, narrow, depth + 1)))
        return NULL;
    return n->op == OP_ADD   ? size_add(s, a, b)
           : n->op == OP_SUB ? size_sub(s, a, b)
           : n->op == OP_MUL ? size_mul(s, a, b)
                             : size_floordiv(s, a, b);
}

const Size *count_form(const Graph *g, const Node *n, bool narrow)
{
    bool integer = !dtype_is_real((Dtype)n->dtype) && n->dtype != T_BOOL;
    return integer && !n->shape.rank ? form(g, n, narrow, 0) : NULL;
}
