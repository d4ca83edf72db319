/* model.h - what elaboration makes of a file: the functions to be emitted, each with its graph.
 *
 * elaborate.c gives names, types, shapes and meaning to the tree: it evaluates
 * the program once, abstractly, inlining every call, and the trace is the graph. */
#ifndef GRADC_MODEL_H
#define GRADC_MODEL_H

#include "ast.h"
#include "graph.h"
#include "status.h"

typedef struct CompileOptions {
    Dtype real;                     /* what `real` means: T_F64 or T_F32 */
    int ndefine;                    /* -D name=value */
    const char *const *define_name;
    const int64_t *define_value;
    int ninclude;                   /* -I folders, then the standard library's, in order */
    const char *const *include;
    int nexport;                    /* -e texts; where there are any, the file's own exports do not count */
    const char *const *export_;
    const char *train;              /* a function whose training step is wanted, or NULL */
    const char *optimizer;          /* the function that the step takes each param on by */
    bool disconnected_zero;         /* --disconnected=zero */
    bool fast_math, check_bounds, openmp, blas;
    bool strips;                    /* C for libtcc: inner loops are calls of runtime/kernels.h */
    bool products;                  /* matrix products are calls through gradc_blas_f64 and _f32, pointers
                                     * that who loads the code sets (runtime/blas.h) */
    int level;                      /* -O0 .. -O2 */
    int unroll;                     /* --unroll */
} CompileOptions;

/* What stands behind the `~` of a parameter: how its elements get their first values. */
typedef enum InitLaw {
    INIT_NONE,
    INIT_VALUE,          /* node[0] */
    INIT_NORMAL,         /* of mean 0 and standard deviation node[0] */
    INIT_UNIFORM,        /* from node[0] to node[1] */
    INIT_GLOROT_UNIFORM, /* these by the lengths of the parameter's axes: runtime/init.c */
    INIT_GLOROT_NORMAL,
    INIT_HE_NORMAL
} InitLaw;
typedef struct Init {
    InitLaw law;
    Node *node[2];     /* of the parameter's shape, made of sizes and constants alone */
    const char *text;  /* as the model has it */
} Init;

typedef enum ArgRole {
    ARG_INPUT,
    ARG_TANGENT,
    ARG_COTANGENT,
    ARG_STATE,  /* of an optimiser, for one param */
    ARG_SETTING /* of an optimiser: a learning rate ... */
} ArgRole;
typedef struct Arg {
    ArgRole role;
    int param;         /* index into graph->params: name, type, shape, trainable */
    Init init;         /* of a param */
    int of;            /* ARG_TANGENT: the argument that it is a direction of; ARG_COTANGENT: the
                          output that it weighs; ARG_STATE: the argument whose state it is */
    const char *called; /* ARG_STATE, ARG_SETTING: the optimiser's own name for it */
} Arg;

typedef enum DeriveKind {
    DERIVE_GRAD,
    DERIVE_VJP,
    DERIVE_JVP,
    DERIVE_JACOBIAN,
    DERIVE_HESSIAN,
    DERIVE_HVP,
    DERIVE_DIAG_HESSIAN,
    DERIVE_TAYLOR,
    DERIVE_COUNT
} DeriveKind;

typedef struct Output {
    const char *name;  /* value, grad_W1, ... unique in its function and no argument's name */
    Node *node;
    const char *what;  /* for the comment: "value", "gradient with respect to W1" ... */
    /* Of derivatives: */
    bool derived;
    DeriveKind kind;
    int part;          /* of which output; -1: of all that have a cotangent (a vjp) */
    const struct Pattern *sparse; /* where the elements of a sparse Jacobian or Hessian are (pattern.h) */
    int by[2];         /* with respect to which arguments: two of a Hessian, none of a jvp, where
                          the tangents tell it */
    /* Of updates: */
    bool updates;      /* written where the argument `param` lies, and no argument of its own */
    int param;         /* index into graph->params */
} Output;

/* A condition that every call has to meet; a call in which it fails returns the code. */
typedef struct Demand {
    Node *cond; /* a bool scalar */
    int code;   /* STATUS_... */
    const char *message; /* of the assertion, or NULL */
    Span span;
} Demand;

typedef struct Function {
    const char *name;  /* of the C function: loss_grad */
    const char *base;  /* of the function in the model: loss */
    const char *what;  /* "value and gradient" */
    Span span;         /* of the definition */
    Graph *graph;
    VEC(Arg) args;     /* in C order: inputs as declared, then tangents or the cotangent */
    VEC(const char *) sizes; /* open sizes in order of first appearance: the int64_t arguments */
    VEC(Output) outputs;     /* those with `updates` last */
    VEC(Demand) checks;       /* beside those in the bodies of loops; in order */
} Function;

/* The nodes that a function is made of: of its outputs, then the conditions of its checks; their
 * number. A pass puts what it has made of them in again. */
int function_roots(Arena *, const Function *, Node ***out);
void function_set_roots(Function *, Node *const *root);

typedef struct Model {
    const char *path;
    VEC(const char *) files;   /* what it was read from: itself, imports, arrays */
    VEC(Function *) functions; /* in order of emission */
} Model;

/* The output that param i of the function's graph is overwritten with, or -1. */
static inline int output_updating(const Function *f, int i)
{
    for (int k = 0; k < f->outputs.n; k++)
        if (f->outputs.at[k].updates && f->outputs.at[k].param == i)
            return k;
    return -1;
}

/* Errors go to diags; NULL when there were any. The file's tree is `file`; imports are read from
 * disk. */
Model *elaborate(Arena *, Diags *, const Ast *file, const CompileOptions *);

#endif
