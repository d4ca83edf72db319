/* batch.h - maps a graph over a new first axis (what JAX calls vmap).
 *
 * A comprehension is built from the batch of its body over its index variable,
 * a Jacobian from the batch of a product over the rows of the identity. */
#ifndef GRADC_BATCH_H
#define GRADC_BATCH_H

#include "graph.h"

/* Replaces roots[0..nroots) by their values for `count` values of the placeholders hole[k] at
 * once: value[k] has hole[k]'s shape behind a first axis of `count`. Every root gets that first
 * axis (a root that does not depend on a hole is expanded). Nodes that depend on no hole stay as
 * they are. Linear in the number of nodes; no recursion on the C stack. */
void batch(Graph *, int nroots, Node **roots, int nholes, Node *const *hole, Node *const *value,
           const Size *count);

#endif
