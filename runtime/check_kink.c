/* check_kink.c - where the derivative of an operation jumps or does not exist: the outcomes of
 * what it decides.
 *
 * For each such operation a node is built whose elements are discrete: the sign of relu's operand,
 * which element is the largest, a comparison itself. Two points with the same outcomes lie on one
 * smooth piece of the function. */
#include "check.h"

#include "compiler/ops.h"
#include "compiler/walk.h"

static Node *sign_of(Graph *g, Node *a)
{
    return pw1(g, OP_SIGN, a);
}

/* Where a is the extremum that n found along its axes. */
static Node *attains(Graph *g, Node *n)
{
    Node *a = n->in[0], *r = n;
    for (int k = 0; k < a->shape.rank; k++)
        if (reduces_axis(n, k))
            r = insert_axis(g, r, k);
    return pw2(g, OP_EQ, a, r);
}

/* What the operation decides; NULL where it is smooth everywhere that it is defined. */
static Node *outcome_of(Graph *g, Node *n)
{
    Node *a = n->nin > 0 ? n->in[0] : NULL, *b = n->nin > 1 ? n->in[1] : NULL;
    if (!a || !(dtype_is_real((Dtype)a->dtype) || (b && dtype_is_real((Dtype)b->dtype))))
        return NULL;
    if (op_compares((Op)n->op))
        return n;
    switch ((Op)n->op) {
    case OP_FLOOR:
    case OP_CEIL:
    case OP_ROUND:
    case OP_TRUNC:
    case OP_SIGN:
    case OP_FLOORDIV:
    case OP_ARGMAX:
    case OP_ARGMIN:
    case OP_ARGSORT:
        return n;
    case OP_CAST:
        return dtype_is_real((Dtype)n->dtype) ? NULL : n;
    case OP_MOD:
        return pw2(g, OP_FLOORDIV, a, b);
    case OP_ABS:
    case OP_RELU:
    case OP_SQRT:
    case OP_CBRT:
    case OP_LOG:
    case OP_LOG2:
    case OP_LOG10:
    case OP_POW:
        return sign_of(g, a);
    case OP_DIV:
        return sign_of(g, b);
    case OP_LOG1P:
        return sign_of(g, pw2(g, OP_ADD, a, const_like(g, a, 1)));
    case OP_ACOSH:
        return sign_of(g, pw2(g, OP_SUB, a, const_like(g, a, 1)));
    case OP_ASIN:
    case OP_ACOS:
    case OP_ATANH: {
        Node *m = pw1(g, OP_ABS, a);
        return sign_of(g, pw2(g, OP_SUB, m, const_like(g, a, 1)));
    }
    case OP_LGAMMA:
    case OP_DIGAMMA: /* poles at 0, -1, -2 ... */
        return pw1(g, OP_FLOOR, pw2(g, OP_MIN, a, const_like(g, a, 1)));
    case OP_MAX:
    case OP_MIN:
        return sign_of(g, pw2(g, OP_SUB, a, b));
    case OP_HYPOT:
        return pw2(g, OP_EQ, n, const_like(g, n, 0));
    case OP_ATAN2: { /* jumps where a changes sign left of 0 */
        Node *left = pw2(g, OP_LE, b, const_like(g, b, 0));
        Node *side = sign_of(g, a);
        return pw3(g, OP_SELECT, left, side, const_like(g, a, 3));
    }
    case OP_MAXR:
    case OP_MINR:
        return attains(g, n);
    default:
        return NULL;
    }
}

/* By the index of w: whether it depends on a real argument. */
static bool *find_dependent(const Point *p, const Walk *w)
{
    bool *dep = NEW_N(p->arena, bool, w->n + 1);
    for (int k = 0; k < w->n; k++) {
        const Node *n = w->node[k];
        dep[k] = n->op == OP_PARAM && dtype_is_real((Dtype)n->dtype);
        for (int i = 0; i < n->nin && !dep[k]; i++)
            dep[k] = dep[walk_find(w, n->in[i])];
    }
    return dep;
}

static int64_t code_of(const Point *p, const Node *n, int64_t i)
{
    if (!dtype_is_real((Dtype)n->dtype))
        return interp128_integer(p->run, n)[i];
    quad v = interp128_real(p->run, n)[i];
    return v != v ? INT64_MIN : v > 1e18 ? INT64_MAX : v < -1e18 ? -INT64_MAX : (int64_t)v;
}

static bool run_all(Point *p, Node *observed, Outcomes *o)
{
    o->root = NEW_N(p->arena, Node *, o->list.n + 1);
    o->root[0] = observed;
    for (int k = 0; k < o->list.n; k++)
        o->root[k + 1] = o->list.at[k].node;
    return point_run(p, o->list.n + 1, o->root, 0, NULL, 0, NULL);
}

static void keep_those_that_run(Point *p, Outcomes *o)
{
    int n = 0;
    for (int k = 0; k < o->list.n; k++)
        if (point_run(p, 1, &o->list.at[k].node, 0, NULL, 0, NULL))
            o->list.at[n++] = o->list.at[k];
    o->list.n = n;
    p->error = NULL;
}

void outcomes_find(Point *p, Node *observed, Outcomes *o)
{
    Walk w = walk_ancestors(p->g, 1, &observed, 0);
    bool *dep = find_dependent(p, &w);
    *o = (Outcomes){0};
    for (int k = 0; k < w.n; k++) {
        Node *made = dep[k] ? outcome_of(p->g, w.node[k]) : NULL;
        if (made)
            vec_push(p->arena, &o->list, (Outcome){.node = made, .of = w.node[k]});
    }
    if (!run_all(p, observed, o)) { /* what is not taken may be out of range */
        keep_those_that_run(p, o);
        if (!run_all(p, observed, o))
            return;
    }
    for (int k = 0; k < o->list.n; k++) {
        Outcome *one = &o->list.at[k];
        one->count = point_count(p, one->node);
        one->at_point = NEW_N(p->arena, int64_t, one->count + 1);
        for (int64_t i = 0; i < one->count; i++)
            one->at_point[i] = code_of(p, one->node, i);
    }
}

const Outcome *outcomes_changed(const Point *p, const Outcomes *o)
{
    for (int k = 0; k < o->list.n; k++) {
        const Outcome *one = &o->list.at[k];
        for (int64_t i = 0; i < one->count; i++)
            if (code_of(p, one->node, i) != one->at_point[i])
                return one;
    }
    return NULL;
}
