/* region.h - loops that stay loops.
 *
 * A FOR node runs a body `count` times. The body is ordinary nodes over
 * placeholders: `index`, the number of the turn, and `carried`, what the turn
 * before has left. Regions are open: a body refers to nodes outside as they are,
 * and a node belongs to the innermost region that it depends on, so what does not
 * depend on the turn stands outside without a pass that moves it.
 *
 * The outside nodes that a body reads, its captures, are inputs of the FOR node,
 * so that whoever walks a graph by inputs (ancestors, substitution) sees all that
 * a loop depends on and need not know of regions. Body nodes are reached through
 * the region alone.
 *
 *   i = reverse ? count - 1 - turn : turn
 *   stop where cond is there and does not hold (seen at the start of the turn)
 *   row i of each collected result = its value in this turn
 *   carried = next
 *
 * PART nodes take the results: 0 .. ncarried-1 what is carried behind the last turn,
 * then the collected values, [bound, ...], whose rows that had no turn are
 * undefined, then the number of turns taken (i64).
 *
 * Several loops may share index and placeholders: the loop that also collects what a backward
 * pass reads is made of the same body nodes as the loop itself, and regions_merge makes one of
 * them. When they are lowered each has placeholders of its own (regions_prepare). */
#ifndef GRADC_REGION_H
#define GRADC_REGION_H

#include "walk.h"

typedef struct Region {
    Node *index;              /* i64 placeholder */
    int ncarried, ncollected;
    Node *const *carried;     /* placeholders */
    Node *const *next;        /* values behind the turn, shaped and typed as carried */
    Node *const *collected;   /* values of the turn */
    Node *cond;               /* bool scalar, or NULL */
    bool reverse;
    const Size *bound;        /* count is at most that, and never more than 2^62; or NULL: not known.
                               * Where arguments are in it: loop_bounded */
    const Node *turns;        /* count: for_loop sees to that; NULL: no loop runs it */
    int nchecks;              /* conditions, bool scalars, that each turn has to meet */
    Node *const *check;
    const int *check_code;    /* GRADC_E_... that the function returns where one fails */
} Region;

/* A loop over a region; `init` are ncarried nodes shaped as carried. The region is copied. */
Node *for_loop(Graph *, const Region *, Node *count, Node *const *init);
/* Result k of a loop; simplified where it is known without running. */
Node *part(Graph *, Node *loop, int k);

const Region *region_of(const Graph *, const Node *loop);
static inline Node *loop_count(const Node *loop)
{
    return loop->in[0];
}
static inline Node *const *loop_init(const Node *loop)
{
    return loop->in + 1;
}
/* The index of the PART that is the number of turns taken. */
static inline int region_turns(const Region *r)
{
    return r->ncarried + r->ncollected;
}

/* All roots of the body: next, collected, cond, checks; their number. Memory of the graph's arena. */
int region_roots(Graph *, const Region *, Node ***out);
/* The region with those roots instead (same order and types). */
Region region_with_roots(Graph *, const Region *, Node *const *roots);
/* The outside nodes that the body reads, constants and sizes aside. */
Walk region_captures(Graph *, const Region *);
/* The region as an attribute of a node; equal ones have equal numbers. */
int64_t region_number(Graph *, const Region *);
/* The same loop with count, init and captures replaced: what rebuild does for FOR. */
Node *loop_rebuild(Graph *, const Node *loop, Node *const *in);

/* What the body is made of, by the walk over its roots: `inside` (by index in the walk) says that a
 * node depends on the placeholders. */
void region_inside(const Region *, const Walk *, bool *inside);

/* Whether the loop is known to have a turn. */
bool loop_has_turn(Graph *, const Node *loop);
/* Whether an index is a constant, or known to be one of n places in each turn of the loops that it depends
 * on; false: that is not known. (index_range.c) */
bool index_in_range(const Graph *, const Node *i, const Size *n);
/* Whether two scalar indices differ wherever both are known: i and i + 1. */
bool indices_differ(const Graph *, const Node *, const Node *);

/* y with a rule of its own for nx of the values that it is made of: see op_own.c. The region, which
 * no loop runs, has nx + 2 placeholders (the x, y, dy), which are its `next` too, and collects nx
 * cotangents. */
Node *own(Graph *, Node *y, int nx, Node *const *x, const Region *rule);
Node *own_rebuild(Graph *, const Node *, Node *const *in);
bool own_edge(const Node *, int i); /* operand i is one of the x */

/* Arrays changed in one place, as values: the base with u at, or added at, the indices (axes and
 * shapes as of scatter). Where `guard` (a bool scalar) is there and fails, the base itself and no
 * index is looked at. Of equal indices the last one counts (put) or all do (add_to). */
Node *put(Graph *, Node *base, Node *u, Node *guard, int nidx, Node *const *idx, const int *axes);
Node *add_to(Graph *, Node *base, Node *u, Node *guard, int nidx, Node *const *idx, const int *axes);
/* a + D by add_to where D is a scatter, or the embedding of a smaller array, or that under a scalar
 * condition; else NULL. */
Node *add_in_place(Graph *, Node *a, Node *D);
/* The parts of a PUT or ADDTO. */
static inline bool is_put(const Node *n)
{
    return n->op == OP_PUT || n->op == OP_ADDTO;
}
static inline Node *put_guard(const Node *n)
{
    return n->attr[0] ? n->in[2] : NULL;
}
static inline int put_indices(const Node *n) /* their number */
{
    return n->nattr - 1;
}
static inline Node *const *put_index(const Node *n)
{
    return n->in + 2 + (n->attr[0] != 0);
}

#endif
