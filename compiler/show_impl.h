/* show_impl.h - what the files of show share.
 *
 *   show.c       a file: functions, statements, names
 *   show_expr.c  one operation as an expression of the language
 *   show_dot.c   drawings */
#ifndef GRADC_SHOW_IMPL_H
#define GRADC_SHOW_IMPL_H

#include "ops.h"
#include "region.h"
#include "show.h"

/* From loosest to tightest, as the grammar binds. */
enum {
    DG_COND = 1,
    DG_OR,
    DG_AND,
    DG_NOT,
    DG_COMPARE,
    DG_ADD,
    DG_MUL,
    DG_UNARY,
    DG_POWER,
    DG_ATOM
};

/* Arrays are by node id. */
typedef struct Show {
    Arena *arena;
    Graph *g;
    bool *mark;     /* the outputs are made of it */
    int *uses;      /* edges from marked nodes, and outputs */
    uint8_t *level; /* the highest order of derivative that it is or depends on */
    Node **reader;  /* a node that reads it: the only one where uses is 1 */
    bool *output;
    bool *typed;       /* its text says its element type, which thus does not adapt */
    bool *single;      /* written inside the expression that reads it */
    bool *light;       /* hardly more than a name */
    const char **text; /* an expression or a variable's name */
    uint8_t *prec;
    const char *const *hidden; /* builtins whose names functions, arguments or sizes have taken */
    int nhidden;
} Show;

/* Counts and levels of what `roots` are made of. */
Show show_begin(Graph *, int nroots, Node *const *roots);
/* The marked nodes by (level, id), which is a topological order; their number. */
int show_order(const Show *, Node ***out);

/* The name of a file without its folders. */
const char *show_file(const char *path);
/* Whether the check is that of a while's own limit, which `limit` says; the limit. */
const Size *show_own_limit(const Graph *, const Region *, int check);

/* ---- show_expr.c ---- */
/* The operation as an expression over the texts of its inputs; fills text, prec and typed. */
void show_expression(Show *, Node *);
/* The same, where nothing beside it says the element type: `f64(3)`. */
const char *show_typed(Show *, Node *);
const char *show_number(Arena *, Dtype, double real, int64_t integer);
const char *show_size(Show *, const Size *, int *prec);
/* Whether a node is read as part of its reader's notation: the slice in `x[3]`, a sum that keeps
 * its axes. */
bool show_fused(Show *, const Node *reader, const Node *inner);

#endif
