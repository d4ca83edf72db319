/* optimise.h - what is rewritten between differentiation and lowering.
 *
 * The constructors of graph.h have canonicalised every node as it was built;
 * what is left is what needs the whole graph: which products are contractions,
 * and powers as multiplications (a derivative wants to see the power). */
#ifndef GRADC_OPTIMISE_H
#define GRADC_OPTIMISE_H

#include "model.h"

/* Rewrites what the function's outputs are made of, and points them at the result. */
void optimise(Function *, const CompileOptions *);

#endif
