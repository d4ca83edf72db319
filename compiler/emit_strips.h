/* emit_strips.h - a loop nest as calls of strip kernels, while it is being written: emit_strips.c and
 * emit_strip_plan.c. */
#ifndef GRADC_EMIT_STRIPS_H
#define GRADC_EMIT_STRIPS_H

#include "emit_nest.h"

/* Elements of a strip and the most rows in it: gradc_k_rows in runtime/kernels_memory.h. */
enum { STRIP_ELEMENTS = 512, STRIP_ROWS = 64 };

/* How often a value changes: once before the strips, with each row of a strip, with each element. */
typedef enum Level { LEVEL_SCALAR, LEVEL_ROW, LEVEL_ELEMENT } Level;

typedef enum InstKind {
    INST_OP,     /* a pointwise operation */
    INST_LOAD,   /* memory at an affine index */
    INST_GATHER, /* memory at the indices in in[0] */
    INST_IOTA,   /* an affine index itself */
    INST_REPEAT, /* in[0], a value a row, for each element */
    INST_FILL,   /* a scalar for each element */
    INST_POWERS, /* of in[0], a value a row or a scalar: to the place in the row */
    INST_SCAN    /* of in[0], with the factors in[1] or none */
} InstKind;

/* What makes a vector: `rows` values, or a strip of them. */
typedef struct Inst {
    InstKind kind;
    Level level;
    bool copy;      /* INST_LOAD: what stands there is overwritten before it is read */
    bool late;      /* a value a row that is made behind the strips */
    bool unused;    /* all that read it have turned out otherwise */
    Node *node;
    int result;     /* INST_SCAN: whose */
    int in[3];      /* instructions, or -1: a scalar, or no operand */
    int last;       /* the last instruction that reads it */
    int slot;       /* where it stands, -1: in memory */
    const char *at; /* that place in C */
} Inst;

/* An index as base + row * (row of the strip) + col * (place in the row). */
typedef struct Affine {
    bool good;
    const Size *row, *col;
} Affine;

/* How a result is written. */
typedef struct Written {
    int value, value2, position, at; /* instructions, or -1 */
    Affine affine;                   /* of the index; where it is not good, `at` has it */
    bool direct;                     /* its value is made where it belongs */
    bool by_row;                     /* one reduction a row */
    int out, state;                  /* by_row, SCAN: row slots */
} Written;

typedef struct Strips {
    Nest *t;
    Emit *e;
    bool blocked;      /* a strip is some rows of the last two loops, not a part of the last */
    int outer;         /* loops around the strips */
    Affine *affine;    /* by place in t->node, then the row's and the column's variable */
    int *made[3];      /* by level and place: instruction + 1 */
    VEC(Inst) list;
    VEC(Node *) scalars;
    VEC(const char *) address;
    Written *written;  /* by result */
    int slots, row_slots;
    const char *rows, *len, *n, *first; /* in C: rows and length of the strip, its elements, its place in the row */
    const char *strip, *row;            /* the arrays of slots */
} Strips;

/* Makes the instructions of a nest; false where something in it has no kernel. */
bool strips_plan(Strips *);
/* The kernel of a pointwise operation, "add_f64"; NULL where there is none. */
const char *strips_kernel(Arena *, const Node *);
Level strips_level(const Strips *, const Node *);
Affine strips_affine(const Strips *, const Node *);
/* "f64"; a bool is a u8. */
const char *strips_type(Dtype);

#endif
