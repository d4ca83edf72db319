/* emit.h - what the modules that write C share.
 *
 *   emit_c.c     a file: head, snippets, constant tables, prototypes, work functions
 *   emit_fn.c    a function: signature, workspace, steps
 *   emit_blocks.c loops and branches that own steps, and where expressions stand
 *   emit_loops.c a loop nest: hoisting, partial sums, stores
 *   emit_strips.c a loop nest as calls of compiled kernels, for libtcc
 *   emit_expr.c  scalar expressions: precedence, literals, naming */
#ifndef GRADC_EMIT_H
#define GRADC_EMIT_H

#include "ops.h"
#include "program.h"
#include "snippet.h"

/* Names in use in one C function, so that each is given once. */
typedef struct Names {
    Arena *arena;
    VEC(const char *) list;
    VEC(int) suffix;      /* next number to try behind list[i] */
    int *table, size;     /* hash table of indices + 1 */
} Names;
/* `base` or `base_2`, `base_3`...; no C or C++ keyword, no name of a libm function that is used. */
const char *name_unique(Names *, const char *base);
bool name_taken(const Names *, const char *);
void names_clear(Names *);

/* A function that a cut function calls and does not inline; `node`: one of its uses. */
typedef struct Called {
    const char *name;
    const Node *node;
} Called;

typedef struct Emit {
    Arena *arena;
    Graph *g;
    Program *p;
    const CompileOptions *o;
    Diags *diags;
    const char *path;      /* of the model, as comments name it */
    Text *out;             /* of the function's body */
    SnippetSet *snippets;
    Names names;           /* of the function's own block */
    Names inner;           /* of the loop nest being written */
    int nnodes;
    VEC(const char **) around; /* by depth of blocks: the texts as they were in front of the block */
    int nested;                /* of them in use */
    const char **text;     /* by node: its C expression, NULL while it is not there */
    uint8_t *prec;         /* of that text */
    Text filled;           /* the text being made */
    int *uses;             /* by node: references from other expressions and from results */
    uint8_t *depth;        /* by node: how many loops are around what it depends on */
    uint8_t *reader;       /* by node: the deepest of those that read it */
    Node **todo;           /* room for each node once */
    Node **listed;         /* room for the nodes of the steps to come (needed_nodes) */
    Node **sincos;         /* by node: the sine or cosine of it that has the larger id */
    /* With loops and branches that own steps (emit_blocks.c) */
    int *home;             /* by node: the list in which its text is made */
    bool *escapes;         /* by node: a block inside reads it, or memory that it reads changes */
    bool *unnamed;         /* by node: a variable gets its value */
    int *seen, now;        /* by node: the walk that has met it */
    VEC(Node *) wanted;
    const char **param;    /* C name of each parameter */
    const char **before;   /* of each updated scalar: the variable with its old value; else NULL */
    const char **buffer;   /* C name of each buffer */
    bool *buffer_used;
    bool *table_used;      /* constant tables that some piece reads */
    bool scratch_used;
    bool *size_used;       /* by index in function->sizes */
    bool *param_used;
    int indent;
    int line;              /* of the model, last named in a comment */
    /* Long functions are cut into pieces (emit_cut.c) */
    bool dry;              /* only finding out where the pieces begin */
    int statements;        /* in this piece */
    int piece;
    int npieces;           /* 1: the function is not cut */
    int *made_in;          /* by node: piece that its variable is made in, -1: it has none */
    const int *planned;    /* by node: made_in as the dry run found it, or NULL */
    int *read_in;          /* by node: last piece that reads it; of a dry run */
    int *cross;            /* by node: place in the array that carries it between pieces, -1: local */
    int ncross_real, ncross_int;
    bool near;             /* arguments of sin, cos, tan are known to be below 2^20 (emit_far.c) */
    const Node *outlined;  /* its function is to be called, not inlined */
    VEC(Called) called;
    VEC(Text) pieces;      /* their bodies */
    VEC(const char *) heads; /* what stands before each: unused arguments, workspace */
} Emit;

enum { PREC_COND = 2, PREC_LOGIC = 3, PREC_OR = 4, PREC_AND = 6, PREC_EQ = 8, PREC_REL = 9, PREC_ADD = 12, PREC_MUL = 13, PREC_UNARY = 14, PREC_ATOM = 16 };

/* ---- emit_expr.c ---- */
/* A name for use inside the present loop nest only; other nests may use it again. */
const char *inner_name(Emit *, const char *base);
/* A name of the function's block that does not clash with the nest's. */
const char *outer_name(Emit *, const char *base);
void emit_count_uses(Emit *);
/* Makes e->text of nodes[0..n) (ascending ids, inputs done already); those that deserve a name
 * become `const T name = ...;` lines at the present indentation. */
void emit_nodes(Emit *, int n, Node *const *nodes);
const char *emit_operand(Emit *, const Node *, int min_prec);
const char *emit_literal(Arena *, Dtype, double real, int64_t integer);
const char *emit_size(Emit *, const Size *, bool as_factor);
const char *element_of(Emit *, int buffer, const Node *at);
const char *scalar_type(Dtype); /* of a local variable */
void emit_line(Emit *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A variable of the function's block: `const T name = value;`, or a place in the arrays that carry
 * values from piece to piece. Returns the text that reads it. */
const char *emit_variable(Emit *, const Node *, const char *base, const char *value, const char *comment);

/* Nodes by their ids. */
void emit_sort_nodes(int n, Node **nodes);
/* Forgets the names behind the first n. */
void names_drop(Names *, int n);

/* ---- emit_blocks.c ---- */
/* Finds home, escapes, unnamed; uses are counted already. */
void emit_find_homes(Emit *);
/* STEP_FOR and STEP_IF. */
void emit_block(Emit *, const Step *);

/* ---- emit_cut.c ---- */
enum { CUT_ABOVE = 4000, PIECE_STATEMENTS = 256 };
/* Decides whether and where to cut: runs the emission without keeping its text. */
void emit_plan_pieces(Emit *, void (*steps)(Emit *));
/* Called before a statement of the function's own block. */
void emit_maybe_cut(Emit *);
/* A result of the present piece reads `n`. */
void emit_note_reader(Emit *, const Node *n);

/* ---- emit_loops.c ---- */
void emit_loops(Emit *, Step *, int step);
/* Nodes that the results of a step need and that have no text yet, ascending. */
int needed_nodes(Emit *, const Step *, Node ***out);

/* ---- emit_strips.c ---- */
/* The C is for a compiler that does not optimise; not in a function that is cut. */
static inline bool strips_wanted(const Emit *e)
{
    return e->o->strips && e->npieces == 1;
}
void emit_strip_fill(Emit *, int buffer, const char *literal); /* buffer = literal, everywhere */

/* ---- emit_fn.c ---- */
/* The steps of a list. */
void emit_list(Emit *, int list);
/* Ends the present piece: keeps its head. */
void emit_end_piece(Emit *);
bool program_needs_work(const Program *);
void emit_function(Arena *, const Model *, const CompileOptions *, Program *, SnippetSet *, Diags *, Text *out);
/* Comment and declarations for a header; after emit_function. */
void emit_prototype(const Program *, Text *out);

/* ---- emit_pattern.c ---- */
/* Tables of the patterns of a function's sparse outputs, and the functions that hand them out. */
void emit_patterns(const Function *, Text *out);
/* Those functions and the sizes, for a header. */
void emit_pattern_prototypes(const Function *, Text *out);

#endif
