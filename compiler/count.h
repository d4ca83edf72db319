/* count.h - integers of a graph that are sizes by arguments of the function.
 *
 * An argument n may be negative, and max(n, 0) is a size (ATOM_ARGUMENT). It tells how long arrays
 * within a function are, as the tapes of loops of n turns, and so what its workspace depends on. The
 * shapes of what goes in and out are told by open sizes alone. */
#ifndef GRADC_COUNT_H
#define GRADC_COUNT_H

#include "graph.h"

/* max(n, 0) where n is an integer argument; else NULL. */
const Size *count_of_argument(const Graph *, const Node *n);
/* What an integer scalar is that is made of sizes and of max(n, 0) of arguments; else NULL. `narrow`: also
 * where it is computed in less than 64 bits, and may wrap before the size does. */
const Size *count_form(const Graph *, const Node *n, bool narrow);

#endif
