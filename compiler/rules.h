/* rules.h - the strings of ops.def (partial derivatives and rewrite rules), read once per
 * compilation and instantiated as graph nodes.
 *
 * A partial derivative is an expression of a, b, c (operands) and r (result). A rule is
 * `pattern -> replacement`, and several stand in one string between semicolons. Its single letters
 * bind any node, the same one twice only the same node; k and m bind uniform constants. Names are
 * operations of the table, internal ones too, or hooks (rules_hooks.c). Numbers take the element
 * type of the operands. A rule applies to integers where it is exact for them. */
#ifndef GRADC_RULES_H
#define GRADC_RULES_H

#include "ops.h"

typedef struct RuleSet RuleSet;

/* Nothing yet: the strings of an operation are read when it is first built. Graphs may share one
 * whose arena lives as long as they do. */
RuleSet *rules_new(Arena *);

/* The partial derivative of a pointwise node with respect to input i, as nodes (shape broadcasts
 * to n's shape); NULL where it is zero for every argument (a "0" in the table). */
Node *rules_partial(Graph *, Node *n, int i);

/* The rewrite of the pointwise operation op(in...) that is about to be built: a node equal to it,
 * or NULL when no rule applies. Called by pointwise(), never elsewhere. Rules marked "? " apply
 * only when g->fast_math; at level 0 there are only those of SCALE, which keep masks masked. */
Node *rules_rewrite(Graph *, Op, int nin, Node *const *in);

/* ---- For the tests: rule i of an operation ---- */
const char *rule_text(Graph *, Op, int i); /* NULL past the last */
bool rule_is_fast(Graph *, Op, int i);     /* "? " */
bool rule_is_integer(Graph *, Op, int i);  /* applies to integers too */
bool rule_mentions(Graph *, Op, int i, char letter);
/* The pattern or the replacement; letter[0] stands for a. Sums are over all axes. At level 0
 * nothing in it is rewritten. */
Node *rule_build(Graph *, Op, int i, bool replacement, Node *const *letter, Dtype);
/* What a rule lowers, where letter[0] is the measure of what a stands for; negative: not
 * measured. */
double rule_measure(Graph *, Op, int i, bool replacement, const double *letter);

#endif
