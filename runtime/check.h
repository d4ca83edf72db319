/* check.h - what the files of gradc_check share: a function at a point, evaluated in quad
 * precision while some of its inputs move.
 *
 *   check_point.c   evaluates nodes at the point, or beside it
 *   check_kink.c    where a branch is taken: which side, and whether a small step changes it
 *   check_probe.c   derivatives by differences of values
 *   check_mode.c    derivatives by forward and by reverse mode, at single directions
 *   check_judge.c   verdicts
 *   check.c         compares them all, element by element */
#ifndef GRADC_CHECK_H
#define GRADC_CHECK_H

#include "impl.h"
#include "interp.h"

/* The relative rounding error of a quad. */
#if GRADC_QUAD
#define QUAD_EPS 0x1p-112
#else
#include <float.h>
#define QUAD_EPS LDBL_EPSILON
#endif

static inline quad quad_abs(quad a)
{
    return a < 0 ? -a : a;
}
static inline quad quad_max(quad a, quad b)
{
    return a > b ? a : b;
}
static inline bool quad_finite(quad a)
{
    return a - a == 0;
}

/* Random numbers in [0, 1): splitmix64. */
double random_unit(uint64_t *state);

/* ---- check_point.c ---- */

/* A leaf that is no argument, and its elements: a tangent, a weight, the value of a stop. */
typedef struct Held {
    Node *leaf;
    quad *data;
} Held;

/* A direction in which arguments move: one element of one, or given tangents of several. */
typedef struct Move {
    int arg;
    int64_t element;
    quad **along; /* not NULL: by argument, NULL for one that stays; then `arg` is not used */
    quad scale;   /* a length along it at which the arguments change by about themselves */
} Move;

typedef struct Shift {
    const Move *move;
    quad by;
} Shift;

typedef struct Point {
    Arena *arena;    /* of what lives as long as the check */
    Arena **scratch; /* of the interpreter; made afresh when it has grown */
    Allocator allocator;
    jmp_buf *recover;
    Graph *g;
    const Function *f;
    const int64_t *sizes;
    void *const *in;
    quad **base;    /* by argument: its elements; NULL where it is not real */
    int64_t *count; /* by argument */
    bool *moved;    /* by argument: not at `base` now */
    VEC(Held) stops;
    Interp128 *run;
    const char *error; /* why an evaluation failed */
} Point;

void point_open(Point *);
/* Evaluates the roots with the arguments shifted; results are valid until the next run. */
bool point_run(Point *, int nroots, Node *const *roots, int nshift, const Shift *shift, int nheld,
               const Held *held);
int64_t point_count(const Point *, const Node *);
/* In the arena: the elements of a real node that the last run had among its roots. */
quad *point_copy(const Point *, const Node *);
/* The same operations with stop(x) in the place of x's value at the point, whatever moves. */
Node *point_freeze(Point *, Node *);
/* The units of one element and of tangents; `tangent` by argument. */
Move move_unit(const Point *, int arg, int64_t element);
Move move_along(const Point *, quad **tangent);
typedef struct Loops {
    bool some, with_stop; /* among the ancestors of a node; a stop in one of their bodies */
} Loops;
Loops point_loops(Point *, Node *root);
/* Roughly how long a run takes: operations on elements. */
double point_work(Point *, Node *root);

/* ---- check_kink.c ---- */

/* A node whose elements are discrete: they tell which side of a branch is taken, and change only
 * where the operation `of` has a kink, a jump or the edge of its domain. */
typedef struct Outcome {
    Node *node;
    const Node *of;
    int64_t rows; /* one for each turn of the outermost loop around; 0: in none */
    int64_t *at_point;
    int64_t count, changed; /* the element that was found to have changed */
} Outcome;

typedef struct Outcomes {
    VEC(Outcome) list;
    Node **root; /* all of them behind a first place for what is observed */
} Outcomes;

/* With `loops`, also those in the turns of loops. */
void outcomes_find(Point *, Node *observed, bool loops, Outcomes *);
/* After a run of `root`: the first that is not as at the point, or NULL. */
const Outcome *outcomes_changed(const Point *, const Outcomes *);

/* ---- check_probe.c ---- */

/* What is differentiated: a scalar, or a tensor whose elements are looked at together. */
typedef struct Observed {
    Node *node;
    int64_t count;
    int order; /* 1 or 2 */
    double work;
    Outcomes outcomes;
    /* check_mode.c: */
    int ntarget;
    int *target; /* arguments */
    Node *forward;
    Held *tangent[2]; /* by target; of each order */
    Node **reverse;   /* by target, of <weight, node> */
    Held weight;
} Observed;

/* A derivative of every element of what is observed, along one direction or two. */
typedef struct Probe {
    Move move[2];
    quad *value, *bound; /* by differences, and what they may be off by */
    const Outcome *kink; /* a branch that changes however small the step, or NULL */
    quad *left, *right;  /* then, for order 1: from both sides */
    quad step;           /* the one that was tried last, relative to the moves' scales */
    struct Table *table;
} Probe;

Probe *probe_new(Point *, const Observed *);
bool probe_run(Point *, const Observed *, Probe *);
/* One element by steps larger by a factor: where the function itself cancels, its rounding errors
 * are larger than its values tell, and small steps drown in them. False: a kink is crossed. */
bool probe_again(Point *, const Observed *, Probe *, int64_t row, double factor, quad *value,
                 quad *bound);
/* Differences from either side alone, of order 1; of order 2, roughly, both moves to one side. */
bool probe_sides(Point *, const Observed *, Probe *);
bool probe_corners(Point *, const Observed *, Probe *);
/* What decides otherwise beside the point, in the turns of a loop too; NULL: nothing that is known. */
const Outcome *probe_inside(Point *, const Observed *, const Probe *);

/* ---- check_mode.c ---- */

/* Builds the tangent and, where `reverse`, the adjoints. */
void modes_build(Point *, Observed *, bool reverse);
/* Forward mode along the moves of a probe: by element of what is observed; NULL: it has none. */
const quad *modes_forward(Point *, const Observed *, const Probe *);
/* Reverse mode for one row: false where there is none. Then point_real gives reverse[k]. */
bool modes_reverse(Point *, const Observed *, int64_t row);

/* ---- check_judge.c ---- */

/* An output of the function. */
typedef struct Result {
    Node *node;
    quad *exact;      /* elements of a real output, as the model says it, in quad precision */
    int64_t *integer; /* of another */
    int64_t count;
    quad most; /* the largest finite magnitude */
    bool noise_known;
    quad noise; /* what rounding does to it, by the interpreter in double; inf: too much */
} Result;

/* Of one element. */
typedef struct Numbers {
    quad got, exact, value, bound, forward, reverse;
    bool has_got, has_forward, has_reverse;
    const Outcome *kink;
    quad natural;  /* of what size such a derivative is to be expected: value by argument */
    quad at;       /* the value that is differentiated */
    bool unheld;   /* a stop that differences cannot hold still */
    int64_t terms; /* of a sum over elements: how many */
} Numbers;

gradc_verdict judge(Point *, Result *, const Numbers *, const char **why);
/* What was compiled against quad precision, alone. */
gradc_verdict judge_got(Point *, Result *, const Numbers *, const char **why);
quad result_noise(Point *, Result *);

#endif
