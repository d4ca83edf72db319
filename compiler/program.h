/* program.h - the level between graph and C: kernels over buffers.
 *
 * A Program computes one Function. It is a list of steps in order; a step is a
 * loop nest (no loops at all for straight-line scalars) or a call of a matrix
 * routine. The bodies of loop nests are again nodes of the graph, of rank 0:
 * arithmetic on LOAD (an element of a buffer at a flat index) and LOOP (a loop's
 * variable), built by the same constructors, so that the same rewriting and
 * sharing serve scalars, unrolled tensors and loops.
 *
 * The steps of a function, of a loop's turn and of each side of a branch are lists;
 * STEP_FOR and STEP_IF own lists. Steps are numbered over the whole function.
 *
 *   lower.c      which tensors get memory, which loop nests fuse, what they compute
 *   plan.c       which buffers share memory
 *   emit_*.c     C text
 */
#ifndef GRADC_PROGRAM_H
#define GRADC_PROGRAM_H

#include "model.h"

/* Memory of a tensor, row-major and contiguous. */
typedef enum Place { PLACE_INPUT, PLACE_OUTPUT, PLACE_CONSTANT, PLACE_WORK } Place;
typedef struct Buffer {
    Place place;
    int index;          /* of the parameter, the output or the constant array */
    Dtype dtype;
    const Size *count;  /* elements */
    const char *name;   /* in C */
    Node *node;         /* whose value it holds */
    int first, last;    /* steps that write it first and use it last */
    int slot;           /* PLACE_WORK: which piece of the workspace, or -1 */
    int host;           /* the output (a buffer) whose memory it lives in, or -1: PLACE_WORK, and PLACE_INPUT
                           where the nest that reads it last writes its new value */
    bool version;       /* the host is any buffer: the same memory before it was changed in place, or
                           (with `row`) all rows */
    bool rewritten;     /* the step that reads it last writes what replaces it */
    int list;           /* of steps, in which it gets its value */
    Node *row;          /* not NULL: it is that row of its host */
} Buffer;

typedef struct Loop {
    Node *var;          /* OP_LOOP: runs over [0, extent) */
    const Size *extent;
} Loop;

typedef enum ResultKind {
    RESULT_STORE,       /* buffer[at] = value, for every turn */
    RESULT_ADD,         /* buffer[at] += value; the buffer was cleared by an earlier step */
    RESULT_REDUCE,      /* op over the loops in `reduced`; into buffer[at], or a scalar (buffer < 0) */
    RESULT_ARG,         /* position of the extremum along the one reduced loop */
    RESULT_SCAN,        /* s = value2 * s + value along the innermost loop; buffer[at] = s */
    RESULT_CHECK,       /* value must be true, or the function returns `code` */
    RESULT_BREAK,       /* value must be true, or the loop around ends */
    RESULT_LET          /* value gets a name here: memory that it reads is about to change */
} ResultKind;
typedef struct Result {
    ResultKind kind;
    Op op;              /* REDUCE: OP_SUM ...; ARG: OP_ARGMAX, OP_ARGMIN */
    Node *node;         /* the graph node that it gives a value to */
    int buffer;
    Node *at;           /* flat index, an i64 expression of the loop variables not reduced */
    Node *value, *value2;
    uint32_t reduced;   /* bit k: loop k is reduced */
    bool rows;          /* REDUCE: into buffer[at + row], see Step.width */
    Node *position;     /* ARG: flat position along the reduced axes */
    int code;           /* CHECK: GRADC_E_... */
    bool ordered;       /* STORE: turns may write to the same place, and the last one counts */
} Result;

/* A strided matrix view of a buffer for a call: element (b, i, j) at
 * offset + batch strides + i*row + j*col. */
typedef struct View {
    int buffer;
    const Size *offset, *row, *col;
    const Size *batch[MAX_RANK];
} View;

/* A scalar that a loop or a branch gives its value. `node`, a placeholder, stands for it: in the
 * turns of a loop, and behind a branch. */
typedef struct Variable {
    Node *node;
    Node *first, *next; /* FOR: before the loop, behind a turn. IF: where the condition holds, where not */
    Node *result;       /* FOR: stands for it behind the loop; or NULL */
} Variable;

/* A tensor in memory that a loop carries: buffers. */
typedef struct Kept {
    int now, next;      /* in a turn, and what the turn leaves: the same memory, or another */
    int result;         /* behind the loop; or -1 */
    bool swap;          /* now and next are two pieces of memory that change places; plan.c */
} Kept;

typedef struct StepList {
    int parent, owner;  /* the list around and the step that owns this one; -1: the function's own */
    bool turns;         /* of a loop */
    VEC(int) steps;     /* their numbers, in order */
} StepList;

typedef enum StepKind {
    STEP_LOOPS,
    STEP_FILL,
    STEP_GEMM,
    STEP_LINALG,
    STEP_COPY,
    STEP_FOR,
    STEP_IF
} StepKind;
typedef struct Step {
    StepKind kind;
    int list;
    /* STEP_LOOPS */
    int nloops;
    Loop loop[MAX_RANK];
    const Size *width; /* not NULL: the last loop runs over rows of this length, which results with
                          `rows` reduce one by one */
    VEC(Result) results;
    /* STEP_FILL: buffer = value, everywhere (an accumulation's start) */
    int buffer;
    double value;
    /* STEP_GEMM and STEP_LINALG: view[0..nviews), result first; loops over `batch`. STEP_COPY: the
     * whole of the second view's buffer into the first's */
    Op op;
    const Node *node;
    int nviews, nbatch;
    View view[3];
    const Size *batch[MAX_RANK];
    const Size *m, *n, *k; /* GEMM: sizes; LINALG: n x n matrices, m right-hand sides */
    /* STEP_FOR and STEP_IF */
    int body, other;    /* lists; `other`: where the condition does not hold */
    Node *index;        /* FOR: placeholder of the number of the turn */
    Node *count;        /* FOR; with `reverse` the index of the first turn, count - 1 */
    bool reverse;       /* FOR */
    Node *turns;        /* FOR: stands for how many turns there were; or NULL */
    Node *condition;    /* IF */
    VEC(Variable) vars;
    VEC(Kept) kept;
    VEC(int) tapes;     /* FOR: buffers that its turns fill row by row */
} Step;

typedef struct Program {
    Function *function;
    Graph *graph;
    const CompileOptions *options;
    VEC(Buffer) buffers;
    VEC(Step) steps;             /* of all lists */
    VEC(StepList) lists;         /* the first is the function's own */
    VEC(const Size *) slots;     /* bytes of each piece of workspace; plan.c */
    bool has_work;               /* the C function takes a workspace; emit_fn.c */
    VEC(int) counts;             /* arguments that the workspace depends on: indices of function->args; emit_fn.c */
    Text signature;              /* of the C function, behind its comment; emit_fn.c */
} Program;

/* The steps that compute a function's outputs. Memory from its graph's arena. What cannot be done in
 * place goes to the graph's diags. */
Program *lower(Function *, const CompileOptions *);
/* Steps in the order in which they stand in the text, what a step owns behind it; their number. */
int program_order(const Program *, int **out);
/* The buffer whose memory buffer b is. */
static inline int buffer_root(const Program *p, int b)
{
    while (p->buffers.at[b].host >= 0)
        b = p->buffers.at[b].host;
    return b;
}
/* Gives work buffers their slots. */
void plan(Program *);
/* How many lists are around this one; the innermost list that both are in. */
int list_depth(const Program *, int list);
int list_around(const Program *, int a, int b);

/* C text of all functions of a model; emit_header, after it: the declarations alone. */
void emit_c(const Model *, const CompileOptions *, Program *const *, int n, Text *out);
void emit_header(const Model *, Program *const *, int n, Text *out);

/* C behind that of emit_c, for calls at run time (emit_call.c): of function i `gradc_call_i`, which
 * takes arrays of pointers, and `gradc_work_i`, which takes those to inputs and the sizes, the bytes of
 * its workspace. */
void emit_calls(Program *const *, int n, Text *out);

#endif
