/* check_kink.c - where the derivative of an operation jumps or does not exist: the outcomes of
 * what it decides.
 *
 * For each such operation a node is built whose elements are discrete: the sign of relu's operand,
 * which element is the largest, a comparison itself. Two points with the same outcomes lie on one
 * smooth piece of the function. What is decided in the turns of a loop is collected by a wider copy of
 * the loop, a row a turn; that takes its time, and is only asked for where a kink has to be named. */
#include "check.h"

#include "compiler/ops.h"
#include "compiler/region.h"

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

typedef VEC(Outcome) OutcomeList;

static void find_inside(const Point *p, Node *loop, OutcomeList *list);

/* Those of the nodes of w for which `dep` holds (NULL: all), and which are not of `outside`. */
static void find_in(const Point *p, const Walk *w, const bool *dep, const Walk *outside, bool loops, OutcomeList *list)
{
    for (int k = 0; k < w->n; k++) {
        Node *n = w->node[k];
        if ((dep && !dep[k]) || (outside && walk_find(outside, n) >= 0))
            continue;
        Node *made = outcome_of(p->g, n);
        if (made)
            vec_push(p->arena, list, (Outcome){.node = made, .of = n});
        if (n->op == OP_FOR && loops)
            find_inside(p, n, list);
    }
}

/* By row of what the loop collects, whether it has had its turn. */
static Node *has_turn(Graph *g, const Region *r, Node *loop, Node *turns)
{
    Node *row = iota(g, r->bound);
    return r->reverse ? pw2(g, OP_GE, row, pw2(g, OP_SUB, loop_count(loop), turns)) : pw2(g, OP_LT, row, turns);
}

/* In the turns of a loop, and in the loops in them; how many turns there are, where a condition tells. */
static void find_inside(const Point *p, Node *loop, OutcomeList *list)
{
    enum { MOST = 1 << 20 }; /* elements that are worth remembering */
    Graph *g = p->g;
    const Region *r = region_of(g, loop);
    OutcomeList inner = {0};
    if (!r->bound)
        return;
    Node **root;
    int nroots = region_roots(g, r, &root), c = r->ncarried, m = r->ncollected;
    Walk captures = region_captures(g, r), w = walk_between(g, nroots, root, &captures);
    find_in(p, &w, NULL, &captures, true, &inner);
    Region wide = *r;
    Node **collected = NEW_N(g->arena, Node *, m + inner.n + 1);
    for (int k = 0; k < m + inner.n; k++)
        collected[k] = k < m ? r->collected[k] : inner.at[k - m].node;
    wide.collected = collected;
    wide.ncollected = m + inner.n;
    Node *made = for_loop(g, &wide, loop_count(loop), loop_init(loop)), *turns = part(g, made, region_turns(&wide));
    Node *there = has_turn(g, r, loop, turns);
    for (int k = 0; k < inner.n && inner.at[k].node->shape.rank < GRADC_MAX_RANK - 4; k++) {
        Node *rows = part(g, made, c + m + k), *own = there;
        while (own->shape.rank < rows->shape.rank)
            own = insert_axis(g, own, own->shape.rank);
        Outcome one = {.of = inner.at[k].of, .rows = point_count(p, there)};
        one.node = pw3(g, OP_SELECT, own, rows, zeros_like(g, rows));
        if (point_count(p, one.node) <= MOST)
            vec_push(p->arena, list, one);
    }
    if (r->cond)
        vec_push(p->arena, list, (Outcome){.node = turns, .of = r->cond});
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

void outcomes_find(Point *p, Node *observed, bool loops, Outcomes *o)
{
    Walk w = walk_ancestors(p->g, 1, &observed, 0);
    bool *dep = find_dependent(p, &w);
    OutcomeList found = {0};
    find_in(p, &w, dep, NULL, loops, &found);
    *o = (Outcomes){0};
    for (int k = 0; k < found.n; k++)
        vec_push(p->arena, &o->list, found.at[k]);
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
        Outcome *one = &o->list.at[k];
        for (int64_t i = 0; i < one->count; i++)
            if (code_of(p, one->node, i) != one->at_point[i]) {
                one->changed = i;
                return one;
            }
    }
    return NULL;
}
