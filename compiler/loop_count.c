/* loop_count.c - how many turns a loop takes, beside what is known of it.
 *
 * The rows of a tape are as many as the bound of the turns. By sizes alone the bound is what a model
 * computes, as sizes do not wrap. By integer arguments (size_has_argument) it holds for the integers of
 * mathematics: where those of the model wrap there may be more turns, and what has rows stops before. */
#include "count.h"
#include "loop.h"
#include "ops.h"

bool loop_is_exact(const Graph *g, const Region *r, const Node *count)
{
    return r->bound && !r->cond && node_size(g, count) == r->bound;
}

/* The count is n, or n - 2, of an argument n: as many turns as max(n, 0), or max(max(n, 0) - 2, 0), says. */
bool loop_is_filled(const Graph *g, const Region *r, const Node *count)
{
    if (loop_is_exact(g, r, count))
        return true;
    int64_t less = 0;
    if (count->op == OP_ADD && node_is_const(count->in[1]) && const_integer(count->in[1]) < 0) {
        less = -const_integer(count->in[1]);
        count = count->in[0];
    } else if (count->op == OP_SUB && node_is_const(count->in[1]) && const_integer(count->in[1]) > 0) {
        less = const_integer(count->in[1]);
        count = count->in[0];
    }
    while (count->op == OP_CAST && !dtype_is_real((Dtype)count->in[0]->dtype) && count->dtype == T_I64)
        count = count->in[0];
    if (count->op != OP_PARAM || !r->bound || r->cond)
        return false;
    Sizes *s = g->sizes;
    const Size *n = count_of_argument(g, count);
    return n && r->bound == size_positive(s, size_sub(s, n, size_const(s, less)));
}

/* Whether what is said of n by what it is made of, that it is at most the bound, holds in 64 bits too: it
 * may only wrap to what is less; and (`back`) n - 1 does not wrap either. A placeholder that has a bound
 * is the index of a loop around, which is not negative; in a min it may be anything. */
typedef enum Back { NOT_BACK, BACK, BACK_IN_MIN } Back;
static bool never_wraps_up(const Graph *g, const Node *n, const Size *bound, Back back, int depth)
{
    enum { DEEP = 16 };
    const Node *a = n->nin ? n->in[0] : NULL, *b = n->nin > 1 ? n->in[1] : NULL;
    const Size *by = b ? node_size(g, b) : NULL;
    const Size *form = count_form(g, n, false);
    if (form && (!back || size_known_nonneg(g->sizes, form)))
        return true;
    if (n->op == OP_PART && n->attr[0] == region_turns(region_of(g, a))) /* of a while: it was counted */
        return node_size(g, loop_count(a)) != NULL;
    if (n->op == OP_PARAM || n->op == OP_HOLE)
        return !back || n->dtype != T_I64 || (n->op == OP_HOLE && back == BACK);
    if (!a || depth > DEEP || (n->dtype != T_I64 && n->op != OP_MIN && n->op != OP_MAX))
        return false;
    depth++;
    switch ((Op)n->op) {
    case OP_CAST: return !dtype_is_real((Dtype)a->dtype) && never_wraps_up(g, a, bound, back, depth);
    case OP_SELECT: return never_wraps_up(g, b, bound, back, depth) && never_wraps_up(g, n->in[2], bound, back, depth);
    case OP_MAX:
        if ((by && size_known_nonneg(g->sizes, by)) || (node_size(g, a) && size_known_nonneg(g->sizes, node_size(g, a))))
            back = NOT_BACK; /* it is not negative */
        return never_wraps_up(g, a, bound, back, depth) && never_wraps_up(g, b, bound, back, depth);
    case OP_MIN:
        if (!back && (count_form(g, a, false) == bound || count_form(g, b, false) == bound))
            return true;
        back = back ? BACK_IN_MIN : back;
        return never_wraps_up(g, a, bound, back, depth) && never_wraps_up(g, b, bound, back, depth);
    case OP_ADD:
    case OP_FLOORDIV: return by && size_known_nonneg(g->sizes, by) && never_wraps_up(g, a, bound, back, depth);
    case OP_SUB: /* of an index, or of what has 32 bits, nothing that a model writes */
        while (a->op == OP_CAST && a->dtype == T_I64)
            a = a->in[0];
        return by && by->is_const && ((a->op == OP_HOLE && back != BACK_IN_MIN) || (a->op == OP_PARAM && a->dtype != T_I64));
    default: return false;
    }
}

Node *loop_bounded(Graph *g, const Region *r, Node *count)
{
    if (!r->bound || !size_has_argument(g->sizes, r->bound) || never_wraps_up(g, count, r->bound, r->reverse ? BACK : NOT_BACK, 0))
        return count;
    bool rows = r->ncollected > 0;
    Walk captures = region_captures(g, r);
    for (int k = 0; k < captures.n && !rows; k++)
        for (int i = 0; i < captures.node[k]->shape.rank; i++)
            rows |= size_has_argument(g->sizes, captures.node[k]->shape.dim[i]);
    if (!rows)
        return count;
    Node *bound = size_node(g, r->bound);
    if (loop_is_filled(g, r, count))
        return bound;
    count = pw2(g, OP_MIN, count, bound);
    return r->reverse ? pw2(g, OP_MAX, count, const_int(g, T_I64, 0)) : count;
}
