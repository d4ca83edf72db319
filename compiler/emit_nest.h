/* emit_nest.h - a loop nest while it is being written: emit_loops.c and emit_lanes.c. */
#ifndef GRADC_EMIT_NEST_H
#define GRADC_EMIT_NEST_H

#include "emit.h"

enum { NEST_STRIP = 256 }; /* turns of an innermost loop whose values stand in an array */

typedef enum AccKind {
    ACC_NONE,
    ACC_MEMORY, /* buffer[at] op= value in the innermost loop */
    ACC_PLAIN,  /* one variable */
    ACC_STRIP,  /* strips of values, partial sums */
    ACC_ROWS    /* strips of rows of values, each row reduced by itself */
} AccKind;

typedef struct Acc {
    AccKind kind;
    int start;          /* the first loop of the run of innermost reduced loops */
    const char *name;   /* the accumulator: a variable, or partial sums */
    const char *strip;  /* array of values */
    const char *row;    /* the same, where it is memory that the values are stored in anyway */
    const char *where;  /* ARG: variable of the position */
} Acc;

typedef struct Nest {
    Emit *e;
    Step *s;
    int step;
    int nodes;          /* those to be written, ascending */
    Node **node;
    Acc *acc;
    const char *var[MAX_RANK];
    bool strips;        /* the innermost loop runs in strips */
} Nest;

/* The innermost loop: `head` opens it, the line `index` (or NULL) begins its turns; results go into
 * strips at `lane`, or NULL. emit_far.c. */
void emit_turns(Nest *, const char *head, const char *index, const char *lane);
/* Whether it is to run in strips because of sines in a long body. */
bool emit_sines_apart(const Nest *);
/* What a turn of it does; the pragma before it, where its turns are independent. emit_loops.c */
void emit_body(Nest *, const char *lane);
void emit_ivdep(Nest *);

/* Writes a nest that sums powers; false, and nothing written, where it is none. The nodes outside the
 * loops stand already, and what is added to in memory has been cleared. */
bool emit_lanes(Nest *);
/* The same for a nest whose inner loops can be calls of strip kernels (emit_strips.c). */
bool emit_strips(Nest *);
/* ---- emit_loops.c ---- */
void emit_depth(Nest *, int depth); /* the nodes that depend on so many loops */
void emit_open_accumulators(Nest *, int depth);
void emit_close_accumulators(Nest *, int depth);
/* Reduces the rows in the strip of result k: `length` elements, the first the `first` of all. */
void emit_close_rows(Nest *, int k, const char *length, const char *first);
/* n is t^j with j the loop variable `inner`. */
bool emit_is_progression(const Node *n, const Node *inner);

#endif
