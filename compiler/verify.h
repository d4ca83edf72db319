/* verify.h - what a legal graph is. */
#ifndef GRADC_VERIFY_H
#define GRADC_VERIFY_H

#include "graph.h"

/* Checks every node that the roots are made of: arity, element types, shapes and attributes as the
 * operation wants them; inputs older than the node; no placeholder left when `closed`. NULL when
 * all is well, else a sentence (in the graph's arena) that names the first node at fault. */
const char *verify_graph(Graph *, int nroots, Node *const *roots, bool closed);

#endif
