/* sparse_impl.h - what sparse.c and sparse_aligned.c share. */
#ifndef GRADC_SPARSE_IMPL_H
#define GRADC_SPARSE_IMPL_H

#include "sparse.h"

/* The elements of `from`, tensors of one axis, one after the other, at the places: [count]. The array
 * `from` is used. */
Node *sparse_pick(Graph *, Dtype, int n, Node **from, int64_t count, const int64_t *place);

/* The entries of dy/dx where y is element-wise in copies of x; NULL where it is not. */
Node *sparse_aligned(Graph *, Node *y, Node *x, const Pattern *);

#endif
