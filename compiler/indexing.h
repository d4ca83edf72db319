/* indexing.h - what indexing needs of comprehensions. */
#ifndef GRADC_INDEXING_H
#define GRADC_INDEXING_H

#include "eval.h"

/* a - b of two integer scalars where it is a size, else NULL. */
const Size *index_difference(Elab *, Node *a, Node *b);

#endif
