/* guard.h - what several branches share is guarded by what guards any of them. */
#ifndef GRADC_GUARD_H
#define GRADC_GUARD_H

#include "model.h"

/* What the lowering has found about nodes, in one try after the other. */
enum { MARK_ALONE = 1, MARK_COPY = 2, MARK_SOFT = 4, MARK_FAR = 8 };
typedef struct Marks {
    int before;       /* nodes that there are before the first try; 0: there has been none */
    VEC(uint8_t) of;  /* by id of a node as it is before guard_shared */
    VEC(int) origin;  /* by id of a node behind it: 1 + that of what it stands for; 0: itself */
    VEC(uint8_t) guarded; /* the same: what of it guard_shared has made */
    VEC(int) part;    /* by id as of `of`: which of several branches on one condition in one list it is in */
} Marks;
bool is_marked(const Marks *, const Node *, int mark);
/* Of a selection, a change of an array, a loop: its condition, or its number of turns, is a guard that
 * nothing asks for but what it guards; a weak one may hold where that is not wanted, too, and one within
 * others says nothing of the branches that all which reads it is in. */
enum { GUARD_MADE = 1, GUARD_WEAK = 2, GUARD_WITHIN = 4 };
bool is_guarded(const Marks *, const Node *, int how);
/* False: it was there already. */
bool add_mark(Graph *, Marks *, const Node *, int mark);
/* The part of its condition's branches that a selection or guarded change is in: 0 the first ones, n > 0
 * those that wait for part n - 1; what is MARK_ALONE has a negative one that is nobody else's. */
int branch_part(const Marks *, const Node *);
/* False: it was in that already. */
bool set_branch_part(Graph *, Marks *, const Node *, int part);

/* Whether a GATHER has indices that may be out of range, each a scalar and the same wherever it is
 * asked for: it may be checked apart from where it is read. */
bool checks_elsewhere(Graph *, const Node *);

/* Needs regions_prepare. A loop that is read on sides of different branches, and nowhere else, has no
 * turns where none of these sides is taken, and an array keeps its elements there; with `bounds` an element
 * is zero there, and its index not looked at, unless it checks_elsewhere. What is in different parts shares no branch, even on the same
 * condition. A loop that may have no turns for that reason gets MARK_SOFT. What is MARK_FAR changes an array
 * where its indices are in range and nowhere else, whatever stands around it. */
void guard_shared(Function *, bool bounds, Marks *);

#endif
