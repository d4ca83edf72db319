/* sparse.h - Jacobians and Hessians as their nonzeros: a pattern found at compile time, and the values
 * from as few products as a colouring of it allows.
 *
 * The seed of a product has a 1 at every column (or row) of one colour. As no row has two of them, each
 * element of the product is one entry of the matrix. The products of all colours are one product
 * mapped over the colours (batch.h). */
#ifndef GRADC_SPARSE_H
#define GRADC_SPARSE_H

#include "diff.h"
#include "pattern.h"

typedef struct Sparse {
    Pattern *pattern; /* NULL: it, or what the products of its colours would take, is too large */
    Node *values;     /* [count], in the order of the pattern; of the dense one's type */
} Sparse;

/* dy/dx. By columns and forward mode, by rows and reverse mode, or the dense rows (columns) by the one and the rest by
 * the other: whichever needs fewer products. Sizes of y and x are fixed. Faults as in diff.h. */
DiffResult sparse_jacobian(Graph *, Node *y, Node *x, bool zeros_ok, Sparse *out);

/* d2z/dx dx' of a scalar z: out[i*n + i] for x[i] twice, the lower triangle; out[i*n + j] for j > i,
 * whole, x[i] by rows and x[j] by columns. Those below are left alone. */
DiffResult sparse_hessian(Graph *, Node *z, int n, Node *const *x, bool zeros_ok, Sparse *out);

#endif
