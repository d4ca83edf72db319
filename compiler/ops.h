/* ops.h - what is known about each operation: one row of ops.def, expanded here. */
#ifndef GRADC_OPS_H
#define GRADC_OPS_H

#include "graph.h"

typedef enum Family {
    F_LEAF,      /* no inputs */
    F_POINTWISE, /* element by element, broadcasting */
    F_REDUCE,    /* op_reduce.c */
    F_MOVE,      /* op_move.c */
    F_INDEX,     /* op_index.c */
    F_CONTRACT,  /* op_contract.c */
    F_SCAN,      /* op_scan.c */
    F_LINALG,    /* op_linalg.c */
    F_CONTROL    /* loops and their results: region.h, op_loop.c; no hooks of the table */
} Family;

/* The element type of a pointwise result. */
typedef enum TypeRule {
    TY_SAME,    /* that of the operands (all equal) */
    TY_REAL,    /* the same, and it must be a real */
    TY_BOOL,    /* bool, whatever the operands are */
    TY_LOGIC,   /* bool of bools */
    TY_CHOOSE,  /* SELECT: bool, then two of one type, which is the result's */
    TY_OWN      /* set by the constructor */
} TypeRule;

enum OpFlags {
    COMMUTES = 1,    /* f(a, b) = f(b, a) */
    NODIFF = 2,      /* has no derivative: integers, comparisons */
    LINEAR = 4,      /* linear in each operand: forward mode applies the operation to a tangent */
    STOPS = 8,       /* has a derivative, and it is zero by decree: stop */
    INTERNAL = 16    /* not a name of the language: made by derivatives or by notation */
};

/* Hooks of structural operations. D is shaped as n; a contribution shaped as n->in[i] comes back,
 * or NULL for one that is zero. */
typedef Node *VjpHook(Graph *, Node *n, int i, Node *D);
/* t[i] is the tangent of n->in[i], NULL for zero; gives the tangent of n, or NULL. */
typedef Node *JvpHook(Graph *, Node *n, Node *const *t);
/* in[i] stands for n->in[i]; where batched[i], it has a new first axis of size `count`. Gives the
 * operation mapped over that axis, with the axis first. At least one input is batched. */
typedef Node *BatchHook(Graph *, Node *n, Node *const *in, const bool *batched,
                        const Size *count);

typedef struct OpInfo {
    const char *name;   /* in the language and in dumps: "tanh", "+" */
    int arity;          /* -1: any number */
    Family family;
    TypeRule type;
    unsigned flags;
    int cost;           /* rough time an element, in additions */
    const char *d[3];   /* partial derivatives in dg, of operands a, b, c and result r */
    const char *rules[8]; /* rewrite rules in dg: "pattern -> replacement"; "? " before one that
                             needs --fast-math */
    const char *c;      /* C for f64: %0 %1 %2 are operands; libm or gradc_ names get an f for f32 */
    const char *ci;     /* C for integers where it differs */
    VjpHook *vjp;
    JvpHook *jvp;
    BatchHook *batch;
} OpInfo;

extern const OpInfo op_table[OP_COUNT];
static inline const OpInfo *op_info(const Node *n)
{
    return &op_table[n->op];
}
/* < <= > >= == != */
static inline bool op_compares(Op op)
{
    return op_table[op].type == TY_BOOL && op_table[op].arity == 2;
}
Op op_find(const char *name); /* OP_COUNT where there is none of that name in the language */

#endif
