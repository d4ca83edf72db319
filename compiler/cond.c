/* cond.c - conditions, bool scalars, and what follows from their form; see cond.h. */
#include "cond.h"

Node *both_hold(Graph *g, Node *a, Node *b)
{
    if (a->shape.rank || b->shape.rank || node_is_const(a) || node_is_const(b) || is_harmless(g, b))
        return pw2(g, OP_AND, a, b);
    return pw3(g, OP_SELECT, a, b, const_int(g, T_BOOL, 0));
}

bool cond_joins(const Node *n, bool either, Node **x, Node **y, bool *flip)
{
    *flip = false;
    if (n->op == (either ? OP_OR : OP_AND)) {
        *x = n->in[0];
        *y = n->in[1];
        return true;
    }
    if (n->op != OP_SELECT || (!node_is_const(n->in[1]) && !node_is_const(n->in[2])))
        return false;
    int known = node_is_const(n->in[2]) ? 2 : 1;
    *x = n->in[0];
    *y = n->in[3 - known];
    *flip = either == (known == 2);
    return (const_integer(n->in[known]) != 0) == either;
}

/* *steps: how long it may still be looked for. */
static bool implies(const Node *a, bool no, const Node *c, bool neg, int *steps)
{
    Node *x, *y;
    bool flip;
    for (; a->op == OP_NOT; a = a->in[0])
        no = !no;
    for (; c->op == OP_NOT; c = c->in[0])
        neg = !neg;
    if (a == c)
        return no == neg;
    if (--*steps < 0)
        return false;
    if (cond_joins(c, neg, &x, &y, &flip))
        return implies(a, no, x, neg != flip, steps) && implies(a, no, y, neg, steps);
    if (cond_joins(a, no, &x, &y, &flip))
        return implies(x, no != flip, c, neg, steps) || implies(y, no, c, neg, steps);
    return cond_joins(c, !neg, &x, &y, &flip) && (implies(a, no, x, neg != flip, steps) || implies(a, no, y, neg, steps));
}

bool cond_implies(const Node *a, bool no, const Node *c, bool neg)
{
    int steps = 100; /* the conditions of long chains of branches are as long */
    return implies(a, no, c, neg, &steps);
}

bool cond_opposite(const Node *a, const Node *b)
{
    return (a->op == OP_NOT && a->in[0] == b) || (b->op == OP_NOT && b->in[0] == a);
}

bool cond_sides(const Node *a, const Node *b, Node **by, Node **common)
{
    Node *of_a[2], *of_b[2];
    bool flip[2];
    if (!cond_joins(a, false, &of_a[0], &of_a[1], &flip[0]) || !cond_joins(b, false, &of_b[0], &of_b[1], &flip[1]) || flip[0] || flip[1])
        return false;
    for (int i = 0; i < 2; i++) /* of what is looked at one behind the other, the first is the outer one */
        for (int k = 0; k < 2; k++)
            if (of_a[1 - i] == of_b[1 - k] && cond_opposite(of_a[i], of_b[k]) && (i || a->op == OP_AND) && (k || b->op == OP_AND)) {
                *by = of_a[i];
                *common = of_a[1 - i];
                return true;
            }
    return false;
}
