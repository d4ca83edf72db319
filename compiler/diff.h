/* diff.h - differentiation: appends derivative nodes to a graph.
 *
 * Reverse mode is Algorithms 6.5 and 6.6 of Goodfellow, Bengio and Courville,
 * Deep Learning (2016), section 6.5.6, without recursion on the C stack and in time and memory linear in the
 * edges of G', the part of the graph between the targets and z. What is built
 * are ordinary nodes, so that a derivative can be differentiated again. */
#ifndef GRADC_DIFF_H
#define GRADC_DIFF_H

#include "graph.h"

/* For tests of what checks derivatives: while graph->spoil is set, the derivative of one operation
 * comes out wrong by a factor; one that is zero comes out as that of the identity. */
typedef struct Spoil {
    Op op;
    bool reverse, forward; /* in which modes */
    double factor;
} Spoil;

/* Why a derivative does not exist. */
typedef enum DiffFault {
    DIFF_OK,
    DIFF_DISCONNECTED, /* y does not depend on x */
    DIFF_UNDEFINED     /* every path from x to y passes an operation without a derivative */
} DiffFault;

typedef struct DiffResult {
    DiffFault fault;
    int which;         /* index of the x at fault */
    Node *at;          /* DIFF_UNDEFINED: the operation that has no derivative */
    int npath;         /* DIFF_UNDEFINED: nodes from x to y by way of `at`, x first */
    Node **path;
} DiffResult;

/* out[k] = vector-Jacobian product u' dy/dx[k], shaped as x[k]. u is shaped as y; NULL means 1 and
 * wants a scalar y (a gradient). With `zeros_ok`, an x that y does not depend on gives zeros
 * instead of a fault. Element types of y and x are real (the caller has checked).
 * Paths through NODIFF operations contribute nothing where another, differentiable path from that
 * x exists; a sole path through one is a fault. */
DiffResult diff_vjp(Graph *, Node *y, Node *u, int n, Node *const *x, bool zeros_ok, Node **out);

/* The tangent of y for tangents v[k] of x[k] (shaped as x[k]). Faults as above: an x[k] on which y
 * does not depend is one unless zeros_ok. */
DiffResult diff_jvp(Graph *, Node *y, int n, Node *const *x, Node *const *v, bool zeros_ok,
                    Node **out);

/* The tangents of several results that are derivatives themselves: of one that has no derivative, zeros. */
void diff_tangents(Graph *, int ny, Node *const *y, int n, Node *const *x, Node *const *v, Node **out);

/* dy/dx: shape of y followed by shape of x. Reverse mode where y has no more elements than x,
 * forward otherwise (by count where sizes are fixed, else by degree; scalars y: reverse). */
DiffResult diff_jacobian(Graph *, Node *y, Node *x, bool zeros_ok, Node **out);
/* The element type of that: y's in forward mode, x's in reverse mode. */
Dtype diff_jacobian_type(Graph *, const Node *y, const Node *x);

/* d2z/dx dx' of scalar z: shape of x twice. The gradient, then forward mode over it. For several
 * x: out[i*n + j] is d2z/dx[i] dx[j]. */
DiffResult diff_hessian(Graph *, Node *z, int n, Node *const *x, bool zeros_ok, Node **out);

/* Hessian-vector products, out[k] shaped as x[k], H over all x together, without forming H. */
DiffResult diff_hvp(Graph *, Node *z, int n, Node *const *x, Node *const *v, bool zeros_ok,
                    Node **out);

/* The diagonal of the Hessian, shaped as x. */
DiffResult diff_diag_hessian(Graph *, Node *z, Node *x, bool zeros_ok, Node **out);

#endif
