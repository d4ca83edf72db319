/* exports.h - inside elaboration: a function to be emitted while it is built. */
#ifndef GRADC_EXPORTS_H
#define GRADC_EXPORTS_H

#include "derive.h"

typedef struct Request {
    const AstFunction *fn;
    const Ast *ast; /* AST_REQUEST; NULL: the value alone, or the default gradient */
    bool value;     /* the value alone */
    bool train;     /* the training step */
    bool implied;   /* by a file without exports: what has no derivative is left out */
    DeriveKind kind;
    Span span;
    const bool *single; /* by parameter: a real scalar that is used as f32 alone */
} Request;

/* A component of the result. */
typedef struct Part {
    const char *name;
    Value value;
} Part;

typedef struct Build {
    Elab *E;
    Request *r;
    Function *f;
    Scope *scope;
    VEC(Part) parts;
    VEC(int) targets; /* parameters */
} Build;

/* Fail with messages, and then return false. */
bool build_settled(Build *, bool *single); /* the value, once it is known which reals are f32 in C */
bool build_value(Build *);                 /* in a graph of its own */
bool find_targets(Build *);
bool want_scalar(Build *);
/* `pattern`: of sparse ones, where their elements are; else NULL. */
bool derive_part(Build *, Derive *, const char *part, Value *out, const struct Pattern **pattern);
bool put_function(Build *, Model *, const char *name, Span);
bool finish_function(Build *, Model *, const char *name, Span name_span);
void put_value(Build *);
/* Its name may come out as another one, where it is taken. */
Output *add_output(Build *, const char *name, Node *, const char *what);
Derive export_targets(Build *);
/* One more argument, behind the others; `of` as in Arg. */
Value new_input(Build *, ArgRole, int of, const char *name, Dtype, Shape);
Graph *new_graph(Elab *);

/* train.c: the function that the options name, and its training step. */
void build_train(Elab *, Model *);

#endif
