/* pattern_impl.h - what the files of pattern.h share.
 *
 *   pattern.c        the walk, pointwise operations, reductions, contractions, linear algebra
 *   pattern_move.c   movement and indexing
 *   pattern_loop.c   loops
 *   pattern_known.c  values that are known at compile time
 */
#ifndef GRADC_PATTERN_IMPL_H
#define GRADC_PATTERN_IMPL_H

#include "ops.h"
#include "pattern.h"
#include "region.h"
#include "sets.h"

#include <math.h>

/* What is known of a node's elements: the set that each depends on, and its value. */
typedef struct Info Info;
struct Info {
    int64_t count; /* of elements; -1: a size is open, and then all elements are alike here */
    int32_t *set;  /* by element; NULL: `all` for each */
    int32_t all;
    double *value; /* by element, nan where it is not known; NULL: `every` for each */
    double every;
    Info *part;    /* of a loop: its results */
    int32_t *set_room; /* memory of its own, used again in the next turn of a loop */
    double *value_room;
    int64_t set_size, value_size;
};

/* The body of a loop: the nodes that its placeholders reach, in order. */
typedef struct Body {
    int n;
    Node **node;
    bool *in_place; /* by node: an update of an array that nothing reads any more */
    bool *moves;    /* by carried value: what is carried on is made so from what was carried */
    double work;    /* elements of a turn */
} Body;

typedef struct Scan {
    Graph *g;
    Arena *arena;
    Sets *sets;
    const Node *x;
    Info **info; /* by node */
    Body **body; /* by region */
    Pattern **rule; /* by region that is a rule of the model's own: of the cotangents by dy */
    VEC(int32_t) list;
    int64_t *offset[4]; /* scratch of box() */
    int64_t room[4];
    bool in_place; /* the node at hand is an update in place */
    double work;   /* elements gone through so far */
} Scan;

static inline int32_t set_at(const Info *i, int64_t k)
{
    return i->set ? i->set[k] : i->all;
}
static inline double value_at(const Info *i, int64_t k)
{
    return i->value ? i->value[k] : i->every;
}
static inline bool has_sets(const Info *i)
{
    return i->set || i->all;
}
static inline bool has_values(const Info *i)
{
    return i->value || i->every == i->every;
}

/* ---- pattern.c ---- */
Scan new_scan(Graph *, const Node *x);
bool take_rows(Scan *, const Node *y, Pattern *); /* false: too many entries */
/* Found before; of a constant, now; of what a rule reads from outside, nothing. */
Info *info_of(Scan *, Node *);
void scan_node(Scan *, Node *);  /* its inputs have been */
int32_t *new_sets(Scan *, Info *); /* by element, empty */
double *new_values(Scan *, Info *); /* by element, unknown */
void copy_info(Scan *, Info *to, const Info *from);
/* The same where `from` is not read again: its memory goes to `to`. */
void move_info(Info *to, Info *from);
int32_t join_info(Scan *, const Info *); /* of all elements */
bool has_edge(Scan *, const Node *, int i);
/* All elements by all elements of the operands. */
void join_operands(Scan *, Node *, Info *);
/* Lengths of a shape; false where one is open. */
bool fixed_dims(Shape, int64_t *dim);
void row_major(int rank, const int64_t *dim, int64_t *stride);
/* base + the sum of stride * position, for every position in row-major order. Valid until the next
 * call with that slot (0 .. 3). */
int64_t *box(Scan *, int slot, int rank, const int64_t *dim, int64_t base, const int64_t *stride);
/* out[to[k]] joined with from[k], for k < n; to[k] = -1: nowhere. */
void join_into(Scan *, int64_t n, const int64_t *to, const int32_t *from, int64_t nout, int32_t *out);

/* ---- pattern_move.c, pattern_loop.c ---- */
void scan_move(Scan *, Node *, Info *);
void scan_gather(Scan *, Node *, Info *);
void scan_scatter(Scan *, Node *, Info *); /* PUT and ADDTO too */
void scan_loop(Scan *, Node *, Info *);
void scan_own(Scan *, Node *, Info *);
/* in_place: updates may take the memory of what they update. */
void scan_body(Scan *, const Body *, bool in_place);
Body *body_of(Scan *, int64_t region);

/* ---- pattern_known.c ---- */
/* The value of a pointwise operation on values, nan where it is not known for certain: reals only
 * where no rounding and no contraction of the C compiler can make another number of it. */
double known_pointwise(const Node *, const double *a);
void known_leaf(Scan *, const Node *, Info *);

#endif
