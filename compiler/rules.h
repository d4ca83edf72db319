/* rules.h - the strings of ops.def (partial derivatives and rewrite rules), read once per graph
 * by the ordinary parser and instantiated as graph nodes.
 *
 * A partial derivative is an expression of a, b, c (operands) and r (result). A rule is
 * `pattern -> replacement`. In both, a name that is none of a, b, c, d, r is a function or a
 * constant (pi, e, inf, nan); numbers take the element type of the operands. */
#ifndef GRADC_RULES_H
#define GRADC_RULES_H

#include "ops.h"

typedef struct RuleSet RuleSet;

/* Parses every string of the table; all memory from the graph's arena. */
RuleSet *rules_new(Graph *);

/* The partial derivative of a pointwise node with respect to input i, as nodes (shape broadcasts
 * to n's shape); NULL where it is zero for every argument (a "0" in the table). */
Node *rules_partial(Graph *, Node *n, int i);

/* The rewrite of the pointwise operation op(in...) that is about to be built: a node equal to it,
 * or NULL when no rule applies. Called by pointwise(), never elsewhere. Rules marked "? " apply
 * only when g->fast_math; none when g->level is 0. */
Node *rules_rewrite(Graph *, Op, int nin, Node *const *in);

#endif
