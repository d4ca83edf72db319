/* rules.h - the strings of ops.def (partial derivatives and rewrite rules), read once per graph
 * and instantiated as graph nodes.
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

/* ---- For the tests: rule i of an operation ---- */
const char *rule_text(Graph *, Op, int i); /* NULL past the last */
bool rule_is_fast(Graph *, Op, int i);     /* "? " */
bool rule_mentions(Graph *, Op, int i, char letter);
/* The pattern or the replacement; letter[0] stands for a. Sums are over all axes. */
Node *rule_build(Graph *, Op, int i, bool replacement, Node *const *letter, Dtype);
/* What a rule lowers, where letter[0] is the measure of what a stands for; negative: not measured. */
double rule_measure(Graph *, Op, int i, bool replacement, const double *letter);

#endif
