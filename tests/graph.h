/* graph.h - graphs that tests build by hand. */
#ifndef GRADC_TESTS_GRAPH_H
#define GRADC_TESTS_GRAPH_H

#include "compiler/rules.h"
#include "tests/heap.h"

/* With an empty text to be pointed into, and the rules of ops.def at this level (-O). */
static inline Graph *new_graph(Arena *a, int level)
{
    Diags *d = NEW(a, Diags);
    d->arena = a;
    diag_add_source(d, "test.dg", "", 0);
    Graph *g = graph_new(a, d);
    g->level = level;
    g->rules = rules_new(a);
    return g;
}

/* Inputs: [n], [n, n] and a scalar. */
static inline Node *vector_param(Graph *g, const char *name, Dtype t, const Size *n)
{
    return graph_param(g, name, t, shape_of(g, 1, &n), false, (Span){0});
}

static inline Node *square_param(Graph *g, const char *name, Dtype t, const Size *n)
{
    const Size *dim[2] = {n, n};
    return graph_param(g, name, t, shape_of(g, 2, dim), false, (Span){0});
}

static inline Node *scalar_param(Graph *g, const char *name, Dtype t)
{
    return graph_param(g, name, t, shape_scalar(), false, (Span){0});
}

#endif
