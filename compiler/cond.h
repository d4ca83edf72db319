/* cond.h - conditions: bool scalars made by and, or and not of others, or lazily, as selections: the second
 * operand is looked at where the first one leaves it open alone. */
#ifndef GRADC_COND_H
#define GRADC_COND_H

#include "graph.h"

/* a and b; of scalars b is looked at where a holds alone, unless that makes no difference. */
Node *both_hold(Graph *, Node *a, Node *b);
/* Whether n is x and y (or, with `either`), together or lazily; *flip: it is `not x` there. */
bool cond_joins(const Node *n, bool either, Node **x, Node **y, bool *flip);
/* Where a holds (fails, with no), c does (fails, with neg): as far as their form tells. */
bool cond_implies(const Node *a, bool no, const Node *c, bool neg);
/* One is `not` the other. */
bool cond_opposite(const Node *a, const Node *b);
/* a and b are c and d, c and not d: *common is c, *by is d or not d as a has it. */
bool cond_sides(const Node *a, const Node *b, Node **by, Node **common);

#endif
