/* graph.h - the intermediate representation: a graph of pure operations on tensors.
 *
 * A Node is an operation, its inputs, its attributes, an element type and a
 * shape; it never changes. Nodes are hash-consed: building the same operation on
 * the same inputs twice gives the same node, so a common subexpression exists
 * once. The constructors in this header first try the rewrite rules of the
 * operation (rules.h), then fold constants, then look the node up. A node's id
 * grows with its creation, so ascending id is a topological order and no pass
 * needs recursion.
 *
 * Conventions:
 * - Pointwise operations broadcast their operands by NumPy's rule, implicitly;
 *   the operands' element types are equal already (see op_type in ops.h).
 * - Reductions drop their axes (a RESHAPE puts size-1 axes back where asked).
 * - Integers held as attributes are 64-bit words; a size is held as its id.
 */
#ifndef GRADC_GRAPH_H
#define GRADC_GRAPH_H

#include "diag.h"
#include "size.h"

typedef enum Dtype { T_BOOL, T_U8, T_I32, T_I64, T_F32, T_F64 } Dtype;
static inline bool dtype_is_real(Dtype t)
{
    return t >= T_F32;
}
const char *dtype_name(Dtype);   /* "f64" */
const char *dtype_c(Dtype);      /* "double"; bool is uint8_t in memory */
int dtype_bytes(Dtype);

/* More axes than this are an error of the model (the elaborator says so). */
enum { MAX_RANK = 32 };

typedef struct Shape {
    int rank;
    const Size *const *dim; /* `rank` of them; NULL for rank 0 */
} Shape;

typedef enum Op {
#define OP(name, ...) OP_##name,
#include "ops.def"
#undef OP
    OP_COUNT
} Op;

typedef struct Node Node;
struct Node {
    int id;
    uint16_t op;   /* Op */
    uint8_t dtype; /* Dtype */
    uint8_t stage; /* 0: the model's own; k: appended by a k-th derivative. For drawings only */
    int nin, nattr;
    Node *const *in;
    const int64_t *attr;
    Shape shape;
    Span span;        /* where in the model it came from */
    const char *name; /* the model's name for it, or NULL */
    uint64_t hash;
    Node *next; /* in its bucket */
};

/* An argument of the function being compiled. */
typedef struct Param {
    const char *name;
    Dtype dtype;
    Shape shape;
    bool trainable; /* `param` */
    Span span;
    Node *node;
} Param;

/* The elements of a constant tensor, row-major: reals as double, others as int64_t. */
typedef struct Array {
    Dtype dtype;
    int64_t count;
    const double *real;
    const int64_t *integer;
} Array;

struct RuleSet;
struct Region;
struct Flow;
struct Outer;
struct Twin;
typedef struct Graph {
    Arena *arena;
    Diags *diags;
    Sizes *sizes;
    VEC(Node *) nodes; /* by id */
    VEC(Param) params;
    VEC(Array) arrays;
    VEC(struct Region *) regions; /* bodies of loops, region.h */
    VEC(struct Flow *) flows;     /* by region, NULL where not asked for yet: loop_flow.c */
    int in_loop;                  /* adjoints of loop bodies are being built: sums in place */
    const struct Outer *outer;    /* the loops whose bodies these are, innermost first: loop_diff.c */
    int pass;                     /* number of the tangents() that is running or has run last: diff.c */
    VEC(struct Twin *) twins;     /* placeholders of tangents, loop_diff.c */
    int mapping, mapped;          /* calls of batch() within each other, and the number of the outermost one */
    VEC(struct Image *) images;   /* placeholders of what loops carry, mapped: loop_batch.c */
    Node **bucket;
    int nbucket;
    VEC(int) harmless;     /* by node, see is_harmless */
    struct RuleSet *rules; /* the rewrite rules of ops.def, parsed; NULL: no rewriting */
    bool fast_math;        /* rewrites that may lose a nan, an inf or rounding are allowed */
    int level;             /* -O0, -O1, -O2: 0 rewrites nothing but what the meaning needs */
    int stage;             /* given to new nodes */
    struct Spoil *spoil;   /* tests: a derivative that is wrong on purpose (diff.h); else NULL */
    Span here;             /* given to new nodes */
} Graph;

Graph *graph_new(Arena *, Diags *);

/* ---- Shapes ---- */
Shape shape_scalar(void);
Shape shape_of(Graph *, int rank, const Size *const *dim); /* copies the array */
bool shape_equal(Shape, Shape);
const Size *shape_count(Graph *, Shape); /* number of elements */
/* The number of elements where it is fixed, else -1. */
int64_t shape_fixed_count(Graph *, Shape);
/* NumPy's rule; false where the shapes do not go together. */
bool shape_broadcast(Graph *, Shape, Shape, Shape *out);
Shape shape_insert(Graph *, Shape, int axis, const Size *); /* a new axis before `axis` */
Shape shape_remove(Graph *, Shape, int axis);
Shape shape_concat(Graph *, Shape, Shape);
void shape_print(Graph *, Shape, Text *); /* `[N, 3]`; nothing for a scalar */
const Size *size_int(Graph *, int64_t);

/* ---- The one raw constructor: no rewriting, only hash-consing. Others are built on it. ---- */
Node *graph_node(Graph *, Op, int nin, Node *const *in, Dtype, Shape, int nattr,
                 const int64_t *attr);

/* ---- Leaves ---- */
Node *graph_param(Graph *, const char *name, Dtype, Shape, bool trainable, Span);
Node *const_real(Graph *, Dtype, double);       /* rank 0; rounded to the type */
Node *const_int(Graph *, Dtype, int64_t);       /* rank 0; any type, reals too; bool: 0 or 1 */
Node *const_like(Graph *, const Node *, double); /* rank 0, of that node's type */
Node *const_array(Graph *, Dtype, Shape, const double *real, const int64_t *integer);
Node *size_node(Graph *, const Size *);         /* i64 scalar with a size's value */
Node *iota(Graph *, const Size *n);             /* i64 [n]: 0, 1, ... */
/* A leaf of its own each time: an index variable of a comprehension, a seed of a derivative. It
 * is replaced (batch.h, substitute) before the graph is compiled. */
Node *placeholder(Graph *, Dtype, Shape);
bool node_is_const(const Node *);               /* OP_CONST: a scalar known now */
double const_value(const Node *);               /* as a double, any type */
int64_t const_integer(const Node *);
/* A constant scalar, or that constant expanded or reshaped to a tensor (what is_uniform finds). */
bool node_uniform(const Node *, double *value);
bool node_is_value(const Node *, double value); /* uniform, with that value (0 matches -0 not) */
const Size *node_size(const Graph *, const Node *); /* an integer scalar known as a size, or NULL */

/* ---- Pointwise; broadcasting; element types equal (SELECT: the last two) ---- */
Node *pointwise(Graph *, Op, int nin, Node *const *in);
Node *pw1(Graph *, Op, Node *);
Node *pw2(Graph *, Op, Node *, Node *);
Node *pw3(Graph *, Op, Node *, Node *, Node *);
/* Whether n may be computed where the model does not: there is no loop, no index that may be out of
 * range and no division by an integer that may be 0. */
bool is_harmless(Graph *, const Node *n);
Node *cast(Graph *, Node *, Dtype);

/* ---- Reductions: OP_SUM PROD MAXR MINR ANY ALL over `axes`; ARGMAX ARGMIN over one ---- */
Node *reduce(Graph *, Op, Node *, int naxes, const int *axes);
Node *reduce_all(Graph *, Op, Node *);
bool reduces_axis(const Node *, int axis);

/* ---- Movement ---- */
Node *reshape(Graph *, Node *, Shape);             /* same count, row-major order */
Node *permute(Graph *, Node *, const int *perm);   /* result axis i is operand axis perm[i] */
Node *expand(Graph *, Node *, Shape);              /* broadcast to a shape, NumPy's rule */
/* result[i] = x[start + step*i] on every axis; step may be negative; `shape` gives the lengths. */
Node *slice(Graph *, Node *, const Size *const *start, const int64_t *step, Shape shape);
/* The adjoint of slice: zeros of `shape` with x at [start + step*i]. */
Node *pad(Graph *, Node *, const Size *const *start, const int64_t *step, Shape shape);
const Size *move_start(const Graph *, const Node *, int axis); /* of a SLICE or PAD */
int64_t move_step(const Node *, int axis);
Node *concat(Graph *, int n, Node *const *in, int axis);
Node *insert_axis(Graph *, Node *, int axis);             /* of size 1 */
Node *drop_axis(Graph *, Node *, int axis);               /* of size 1 */
Node *move_axis(Graph *, Node *, int from, int to);
Node *slice_axis(Graph *, Node *, int axis, const Size *start, int64_t step, const Size *n);
Node *take_at(Graph *, Node *, int axis, const Size *at);  /* one element of an axis, dropped */
Node *stack(Graph *, int n, Node *const *in, int axis);    /* along a new axis */
Node *zeros_like(Graph *, const Node *);
Node *zeros(Graph *, Dtype, Shape);
Node *sum_to(Graph *, Node *, Shape); /* undo broadcasting: sum to the smaller shape */

/* ---- Indexing ----
 * gather: `axes` (ascending, nidx of them) of x are indexed by integer tensors of shapes that
 * broadcast to S. Result: S, then the other axes of x. An index must lie in [0, n).
 * scatter: its adjoint. zeros of `shape`, u (shaped S, then the rest) added at the indices. */
Node *gather(Graph *, Node *x, int nidx, Node *const *idx, const int *axes);
Node *scatter(Graph *, Node *u, int nidx, Node *const *idx, const int *axes, Shape shape);

/* ---- Contraction: einsum of two operands ----
 * Labels are small integers, no label twice in one operand; each label of the result stands in an
 * operand; a label that stands in one operand alone and not in the result is not allowed (sum it
 * first). */
Node *contract(Graph *, Node *a, const int *la, Node *b, const int *lb, int nout, const int *lo);
const int64_t *contract_labels(const Node *, int operand); /* 0, 1, or 2 for the result */
Node *matmul(Graph *, Node *a, Node *b); /* NumPy's, any rank; shapes are right already */

/* ---- Scans along one axis ----
 * linrec: s_i = a_i * s_{i-1} + b_i, s_{-1} = 0; backwards from the end with `reverse`. a and b
 * have the same shape. cumsum and cumprod are made of it. */
Node *cumsum(Graph *, Node *, int axis, bool reverse);
Node *linrec(Graph *, Node *a, Node *b, int axis, bool reverse);
Node *cumprod(Graph *, Node *, int axis);

/* ---- Sorting along one axis: stable, nan behind all other values. argsort: the places (i64) ---- */
Node *argsort(Graph *, Node *, int axis);
Node *sort(Graph *, Node *, int axis);

/* ---- Linear algebra; leading axes are batches and equal in both operands ---- */
Node *cholesky(Graph *, Node *);                 /* lower factor */
Node *trisolve(Graph *, Node *l, Node *b, bool lower, bool trans); /* op(L) x = b, b [.., n, m] */
Node *solve(Graph *, Node *a, Node *b);          /* b [.., n, m] */
Node *inverse(Graph *, Node *);
Node *det(Graph *, Node *);
Node *logdet(Graph *, Node *);                   /* log |det| */
Node *expm(Graph *, Node *, int blocks); /* of equal size on the diagonal, nothing below them; or 1 */
/* Factors in one tensor, each rows of n elements: qr of a[.., m, n], m >= n: Q[m], R[n]; eigh of the
 * lower triangle of a[.., n, n]: V[n], the row w; svd of a[.., m, n], m >= n: U[m], V'[n], the row s. */
Node *qr(Graph *, Node *);
Node *eigh(Graph *, Node *);
Node *svd(Graph *, Node *);
Node *matrix_rows(Graph *, Node *, const Size *from, const Size *n); /* of the last two axes */
Node *transpose_last(Graph *, Node *);           /* the last two axes */

/* ---- Memory against time (op_checkpoint.c) ----
 * checkpoint: x itself; reverse mode does not read what x was made of, but computes it again from
 * the nodes of `from`. again: x as it is to be read once `after` is there. */
Node *checkpoint(Graph *, Node *x, int nfrom, Node *const *from);
Node *again(Graph *, Node *x, Node *after);

/* ---- Whole graphs ---- */
/* A copy of the operation of `n` on other inputs of the same shapes and types, rewritten. */
Node *rebuild(Graph *, const Node *n, Node *const *in);
/* `roots` with node from[i] replaced by to[i] (same shape and type); in place. */
void substitute(Graph *, int nroots, Node **roots, int n, Node *const *from, Node *const *to);
/* The same where nothing behind from[] is looked at. */
void rebuild_between(Graph *, int nroots, Node **roots, int n, Node *const *from, Node *const *to);
/* Marks (by id) what the roots are made of; `mark` has graph->nodes.n entries, zeroed. */
void mark_ancestors(const Graph *, int nroots, Node *const *roots, bool *mark);

#endif
