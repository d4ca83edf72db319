/* mask.c - see mask.h. */
#include "mask.h"
#include "cond.h"
#include "ops.h"
#include "region.h"

static Node *strip(Node *n)
{
    return n->op == OP_EXPAND ? n->in[0] : n;
}

static bool is_zero(const Node *n)
{
    double v;
    return node_uniform(n, &v) && v == 0;
}

static bool is_one(const Size *s)
{
    return s->is_const && s->value == 1;
}

static bool is_single(Shape s)
{
    bool one = true;
    for (int k = 0; k < s.rank; k++)
        one &= is_one(s.dim[k]);
    return one;
}

Masked mask_split(Node *D)
{
    Node *n = strip(D);
    if (n->op != OP_SELECT || (!is_zero(n->in[1]) && !is_zero(n->in[2])))
        return (Masked){.x = D};
    Masked m = {.c = strip(n->in[0]), .neg = !is_zero(n->in[2])};
    m.x = n->in[m.neg ? 2 : 1];
    for (; m.c->op == OP_NOT; m.c = strip(m.c->in[0]))
        m.neg = !m.neg;
    return m;
}

Node *mask_join(Graph *g, Masked m, Shape s)
{
    if (!m.x || is_zero(m.x))
        return NULL;
    if (!m.c)
        return expand(g, m.x, s);
    if (is_single(m.c->shape)) /* a branch stays one */
        m.c = reshape(g, m.c, shape_scalar());
    Node *zero = const_like(g, m.x, 0);
    return expand(g, pw3(g, OP_SELECT, m.c, m.neg ? zero : m.x, m.neg ? m.x : zero), s);
}

static Node *condition(Graph *g, Masked m)
{
    return m.neg ? pw1(g, OP_NOT, m.c) : m.c;
}

/* The mask of m under that of (c, neg) as well, on m's x. */
static Masked both(Graph *g, Masked m, Node *c, bool neg)
{
    if (!m.c || m.c == c) {
        if (m.c && m.neg != neg)
            m.x = NULL;
        return (Masked){.x = m.x, .c = c, .neg = neg};
    }
    Node *inner = condition(g, (Masked){.c = c, .neg = neg}), *outer = condition(g, m);
    m.c = inner->shape.rank || is_harmless(g, inner) ? both_hold(g, inner, outer) : both_hold(g, outer, inner);
    m.neg = false;
    return m;
}

Node *mask_gate(Graph *g, Node *c, bool neg, Node *D)
{
    for (c = strip(c); c->op == OP_NOT; c = strip(c->in[0]))
        neg = !neg;
    return mask_join(g, both(g, mask_split(D), c, neg), D->shape);
}

Node *mask_within(Graph *g, Node *live, Node *D)
{
    Masked m = mask_split(D);
    Node *own = m.c ? condition(g, m) : NULL;
    if (!own || own == live || own->shape.rank || is_harmless(g, own))
        return mask_gate(g, live, false, D);
    return mask_join(g, (Masked){.x = m.x, .c = both_hold(g, live, own)}, D->shape);
}

Node *mask_scale(Graph *g, Node *D, Node *p)
{
    Masked m = mask_split(D), q = mask_split(p);
    if (is_zero(q.x))
        return NULL;
    if (!node_is_value(q.x, 1))
        m.x = pw2(g, OP_SCALE, m.x, q.x);
    if (!m.c && !q.c)
        return m.x;
    return mask_join(g, q.c ? both(g, m, q.c, q.neg) : m, D->shape);
}

/* c with its axes lined up with a tensor of rank `rank` that it broadcasts to. */
static Node *line_up(Graph *g, Node *c, int rank)
{
    Shape s = c->shape;
    while (s.rank < rank)
        s = shape_insert(g, s, 0, size_int(g, 1));
    return reshape(g, c, s);
}

Node *mask_sum_to(Graph *g, Node *D, Shape s, bool keep)
{
    Masked m = mask_split(D);
    if (!keep || !m.c || shape_equal(D->shape, s))
        return sum_to(g, D, s);
    int rank = D->shape.rank, lead = rank - s.rank, axes[MAX_RANK], n = 0;
    Node *c = line_up(g, condition(g, m), rank);
    const Size *dim[MAX_RANK];
    for (int i = 0; i < rank; i++) {
        bool summed = i < lead || s.dim[i - lead] != D->shape.dim[i];
        if (summed && !is_one(c->shape.dim[i]))
            axes[n++] = i;
        if (i >= lead)
            dim[i - lead] = summed ? size_int(g, 1) : c->shape.dim[i];
    }
    /* a mask that does not vary along what is summed goes out of the sum as it is */
    Node *x = sum_to(g, n ? D : expand(g, m.x, D->shape), s);
    c = reshape(g, n ? reduce(g, OP_ANY, c, n, axes) : c, shape_of(g, s.rank, dim));
    return mask_join(g, (Masked){.x = x, .c = c}, s);
}

/* The axes of c (lined up with the result of contraction n) in those of operand i. Along an axis
 * that the adjoint sums over, whether any of it holds; *exact: c does not vary along these. */
static Node *through_contraction(Graph *g, const Node *n, int i, Node *c, bool *exact)
{
    Shape own = n->in[i]->shape;
    const int64_t *to = contract_labels(n, i), *from = contract_labels(n, 2);
    int perm[MAX_RANK], axes[MAX_RANK], m = 0, naxes = 0;
    bool used[MAX_RANK] = {false};
    const Size *dim[MAX_RANK];
    for (int k = 0; k < own.rank; k++) {
        dim[k] = size_int(g, 1);
        for (int j = 0; j < n->shape.rank; j++)
            if (from[j] == to[k]) {
                dim[k] = c->shape.dim[j];
                perm[m++] = j;
                used[j] = true;
            }
    }
    for (int j = 0; j < n->shape.rank; j++)
        if (!used[j]) {
            if (!is_one(c->shape.dim[j]))
                axes[naxes++] = m;
            perm[m++] = j;
        }
    *exact = !naxes;
    c = permute(g, c, perm);
    return reshape(g, naxes ? reduce(g, OP_ANY, c, naxes, axes) : c, shape_of(g, own.rank, dim));
}

/* c lined up with the result of reduction n, in the axes of its operand. */
static Node *through_reduction(Graph *g, const Node *n, Node *c)
{
    Shape s = c->shape;
    for (int k = 0; k < n->in[0]->shape.rank; k++)
        if (reduces_axis(n, k))
            s = shape_insert(g, s, k, size_int(g, 1));
    return reshape(g, c, s);
}

/* Whether a condition comes from the model and not from a derivative (relu'(x) = x > 0): those are
 * few, and worth the work of following them through sums. */
static bool of_model(const Node *c)
{
    const Node *todo[16];
    int top = 0;
    for (todo[top++] = c; top;) {
        const Node *n = todo[--top];
        bool logic = n->op == OP_AND || n->op == OP_OR || n->op == OP_NOT || n->op == OP_ANY ||
                     op_info(n)->family == F_MOVE;
        if (!n->stage || top + n->nin > 16)
            return true;
        for (int k = 0; k < n->nin && logic; k++)
            todo[top++] = n->in[k];
    }
    return false;
}

/* Where anything that c lets through is added up by the vjp of n, a sum without signs. */
static Node *through_sum(Graph *g, Node *n, int i, Node *c)
{
    Node *count = op_info(n)->vjp(g, n, i, cast(g, expand(g, c, n->shape), (Dtype)n->dtype));
    return count ? pw2(g, OP_GT, count, const_like(g, count, 0)) : NULL;
}

/* A contraction with a mask that varies along what is summed: what the other factor has where
 * nothing is let through may be nan. */
static Node *masked_contraction(Graph *g, Node *n, int i, Node *D, Node *c, bool keep)
{
    bool exact;
    Node *other = n->in[1 - i], *in[2] = {n->in[0], n->in[1]}, like = *n;
    Node *held = through_contraction(g, n, 1 - i, c, &exact);
    in[1 - i] = mask_gate(g, held, false, other);
    like.in = in;
    D = op_info(n)->vjp(g, in[1 - i] ? &like : n, i, D);
    return keep && D ? mask_gate(g, through_contraction(g, n, i, c, &exact), false, D) : D;
}

Node *mask_vjp(Graph *g, Node *n, int i, Node *D, bool keep)
{
    const OpInfo *info = op_info(n);
    if (n->op == OP_EXPAND)
        return mask_sum_to(g, D, n->in[0]->shape, true);
    Masked m = mask_split(D);
    if (!m.c)
        return info->vjp(g, n, i, D);
    Shape own = n->in[i]->shape;
    Node *c = line_up(g, condition(g, m), n->shape.rank), *image = NULL;
    bool exact = true;
    if (is_single(c->shape))
        image = reshape(g, c, shape_scalar());
    else if (info->family == F_MOVE)
        image = info->vjp(g, n, i, expand(g, c, n->shape));
    else if (info->family == F_REDUCE)
        image = through_reduction(g, n, c);
    else if (info->family == F_CONTRACT)
        image = through_contraction(g, n, i, c, &exact);
    else if (keep && (n->op == OP_GATHER || n->op == OP_CUMSUM) && of_model(c)) {
        image = through_sum(g, n, i, c);
        exact = false;
    }
    if (!exact && info->family == F_CONTRACT)
        return of_model(c) ? masked_contraction(g, n, i, D, c, keep) : info->vjp(g, n, i, D);
    if (!image)
        return info->vjp(g, n, i, D);
    Node *x = info->vjp(g, n, i, exact ? expand(g, m.x, n->shape) : D);
    return x ? mask_join(g, (Masked){.x = x, .c = image}, own) : NULL;
}

/* ---- Sums ---- */

static Node *plain(Graph *g, const Adjoint *a, Shape s)
{
    Masked m = a->sum;
    if (a->closed)
        m.c = NULL;
    return mask_join(g, m, s);
}

/* a + D. In the body of a loop, where D is an array of zeros but for one place, it is added there:
 * the sum of a whole array in every turn would cost the square of its length. */
static Node *add(Graph *g, Node *a, Node *D)
{
    Node *r = g->in_loop ? add_in_place(g, a, D) : NULL;
    if (!r && g->in_loop)
        r = add_in_place(g, D, a);
    return r ? r : pw2(g, OP_ADD, a, D);
}

void adjoint_add(Graph *g, Adjoint *a, Node *D, bool keep)
{
    Node *by, *common;
    if (!D || is_zero(D))
        return;
    Masked m = mask_split(D), *sum = &a->sum;
    if (!sum->x || is_zero(sum->x)) { /* nothing so far, or what has cancelled out */
        *a = (Adjoint){.sum = m};
    } else if (sum->c && sum->c == m.c && sum->neg == m.neg) {
        sum->x = add(g, sum->x, m.x);
        a->closed = false;
    } else if (sum->c && sum->c == m.c) { /* c ? x : y, where one side is always zero */
        Node *x = pw3(g, OP_SELECT, m.c, m.neg ? sum->x : m.x, m.neg ? m.x : sum->x);
        *sum = (Masked){.x = expand(g, x, D->shape)};
        a->closed = false;
    } else if (sum->c && m.c && !sum->neg && !m.neg && !sum->c->shape.rank && cond_sides(sum->c, m.c, &by, &common)) { /* within a branch */
        *sum = (Masked){.x = expand(g, pw3(g, OP_SELECT, by, sum->x, m.x), D->shape), .c = common};
        for (; sum->c->op == OP_NOT; sum->c = sum->c->in[0])
            sum->neg = !sum->neg;
        a->closed = false;
    } else {
        Masked joint = {.x = add(g, plain(g, a, D->shape), D)};
        a->closed = sum->c && m.c && keep;
        if (a->closed) {
            Node *before = condition(g, *sum);
            joint.c = pw2(g, OP_OR, before, condition(g, m));
        }
        *sum = joint;
    }
}

Node *adjoint_total(Graph *g, const Adjoint *a, Shape s, bool keep)
{
    return a->closed && !keep ? plain(g, a, s) : mask_join(g, a->sum, s);
}

/* ---- Branches ---- */

static Node *live(Graph *g, Node *D, int depth)
{
    enum { DEEP = 12 };
    if (depth > DEEP)
        return NULL;
    if (D->op == OP_SELECT && !D->in[0]->shape.rank) {
        bool neg = is_zero(D->in[1]);
        if (neg || is_zero(D->in[2])) {
            Node *c = neg ? pw1(g, OP_NOT, D->in[0]) : D->in[0], *more = live(g, D->in[neg ? 2 : 1], depth + 1);
            return more ? both_hold(g, c, more) : c;
        }
    }
    if (D->op == OP_ADD || D->op == OP_SUB) {
        Node *a = live(g, D->in[0], depth + 1), *b = a ? live(g, D->in[1], depth + 1) : NULL;
        return a && b ? pw2(g, OP_OR, a, b) : NULL;
    }
    if (is_put(D)) {
        Node *a = live(g, D->in[0], depth + 1), *b = !a ? NULL : put_guard(D) ? put_guard(D) : live(g, D->in[1], depth + 1);
        return a && b ? pw2(g, OP_OR, a, b) : NULL;
    }
    bool passes = D->op == OP_NEG || D->op == OP_SCALE || D->op == OP_CAST || D->op == OP_SUM ||
                  op_info(D)->family == F_MOVE;
    return passes && D->nin && D->op != OP_CONCAT ? live(g, D->in[0], depth + 1) : NULL;
}

Node *mask_live(Graph *g, Node *D)
{
    return live(g, D, 0);
}

Node *mask_side(Graph *g, Node *c, bool neg, Node *D)
{
    Masked m = mask_split(D);
    Node *around = c->shape.rank || is_harmless(g, c) ? NULL : mask_live(g, D);
    if (!around || (m.c && around == condition(g, m)))
        return mask_gate(g, c, neg, D);
    return mask_join(g, (Masked){.x = m.x, .c = both_hold(g, around, neg ? pw1(g, OP_NOT, c) : c)}, D->shape);
}

/* *steps: how many nodes may still be looked at. */
static Node *known(Graph *g, const Node *c, Node *D, int *steps)
{
    Shape s = D->shape;
    bool sum = D->op == OP_ADD && D->stage, chosen = D->op == OP_SELECT && !D->in[0]->shape.rank;
    if ((!sum && !chosen) || --*steps < 0)
        return D;
    if (sum) {
        Node *a = known(g, c, D->in[0], steps), *b = known(g, c, D->in[1], steps);
        if (a == D->in[0] && b == D->in[1])
            return D;
        return is_zero(a) ? expand(g, b, s) : is_zero(b) ? expand(g, a, s) : pw2(g, OP_ADD, a, b);
    }
    if (cond_implies(c, false, D->in[0], false))
        return expand(g, known(g, c, D->in[1], steps), s);
    if (cond_implies(c, false, D->in[0], true))
        return expand(g, known(g, c, D->in[2], steps), s);
    Node *yes = known(g, c, D->in[1], steps), *no = known(g, c, D->in[2], steps);
    if (yes == no)
        return expand(g, yes, s);
    return yes == D->in[1] && no == D->in[2] ? D : pw3(g, OP_SELECT, D->in[0], yes, no);
}

Node *mask_known(Graph *g, const Node *c, Node *D)
{
    int steps = 100;
    return known(g, c, D, &steps);
}

Node *adjoint_sofar(Graph *g, const Adjoint *a, Shape s)
{
    return a->sum.x && !a->sum.c ? expand(g, a->sum.x, s) : NULL;
}
