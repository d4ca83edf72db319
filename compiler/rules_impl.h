/* rules_impl.h - how rules.c holds a pattern, and what a hook of rules_hooks.c is given.
 *
 * A term is a partial derivative, a pattern or a replacement, read from ops.def. The
 * single letters a ... z but e are metavariables; of these k and m bind only uniform
 * constants, and r is the result in a partial derivative. */
#ifndef GRADC_RULES_IMPL_H
#define GRADC_RULES_IMPL_H

#include "rules.h"

enum { LETTERS = 26, MAX_VIEWS = 2 };

/* What a pattern was bound to. */
typedef struct Match {
    Node *letter[LETTERS];
    /* Reductions in the order of the pattern: the operation itself, and the node that stood in
     * the place of it, which may be a reshape of it (keep=true). */
    int nview;
    Node *reduction[MAX_VIEWS], *view[MAX_VIEWS];
} Match;

/* A part of a replacement that wants more than the table can say: the node for hook(arg...), or
 * NULL where the rule does not apply after all. */
typedef Node *RuleHook(Graph *, const Match *, Node *const *arg);
RuleHook *rule_hook_find(const char *name); /* NULL where there is none */

typedef enum TermKind { TERM_LETTER, TERM_NUMBER, TERM_OP, TERM_HOOK } TermKind;

typedef struct Term Term;
struct Term {
    TermKind kind;
    int letter;    /* TERM_LETTER: 0 is a */
    double number; /* TERM_NUMBER */
    Op op;         /* TERM_OP */
    RuleHook *hook;
    int narg;
    int swap;      /* TERM_OP that commutes, in a pattern: its bit in the trial of orders; or -1 */
    const Term *arg[3];
};

typedef struct TermRule {
    const Term *pattern, *replacement; /* replacement NULL: an expression, not a rule */
    bool fast;                         /* "? " in front */
} TermRule;

/* Reads one string of the table; false where it is no rule or expression of what the table knows
 * (a test reads the whole table). */
bool term_read(Arena *, const char *text, TermRule *);

#endif
