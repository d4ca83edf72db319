/* indexing.h - what indexing, updates and comprehensions share. */
#ifndef GRADC_INDEXING_H
#define GRADC_INDEXING_H

#include "eval.h"

/* a - b of two integer scalars where it is a size, else NULL. */
const Size *index_difference(Elab *, Node *a, Node *b);

/* One index between the brackets, evaluated. */
typedef struct IndexItem {
    bool slice;
    Value start, stop, step; /* VAL_NONE where absent; of an index: start */
    Span span;
} IndexItem;

/* What the items say of x's axes: first a slice of all of it, then what is left to gather. */
typedef struct IndexPlan {
    const Size *start[MAX_RANK], *len[MAX_RANK];
    int64_t step[MAX_RANK];
    bool drop[MAX_RANK];    /* a known integer */
    Node *gather[MAX_RANK]; /* else NULL */
    bool moving[MAX_RANK];  /* a slice that is gathered: its axis stays where it is */
} IndexPlan;

/* The items of an AST_INDEX, one for each of its places. */
bool read_items(Elab *, Scope *, const Ast *index, IndexItem **out);
/* What an item (NULL: none, the whole axis) says of an axis of size n. */
bool plan_axis(Elab *, const IndexItem *, int axis, const Size *n, IndexPlan *);
Value index_items(Elab *, Value x, Span, int n, const IndexItem *);
/* Where the axes of the index tensors go among the axes that stay. */
int gathered_position(const IndexPlan *, int rank);

#endif
