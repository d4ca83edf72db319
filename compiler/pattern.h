/* pattern.h - which elements of a tensor each element of another depends on, by paths along which
 * every operation has a derivative: where a Jacobian may be other than zero.
 *
 * Sets of indices are handed along the graph, element by element, from x to y. Index tensors and
 * conditions that are known at compile time are followed, the turns of a loop gone through one by
 * one where their number is fixed. Otherwise the pattern is larger than it need be, never smaller:
 * a gather at indices of the run depends on all along its axes, a branch on both of its sides. */
#ifndef GRADC_PATTERN_H
#define GRADC_PATTERN_H

#include "graph.h"

/* A matrix of zeros and ones in compressed rows: columns of a row ascend. */
typedef struct Pattern {
    int64_t rows, columns, count;
    int32_t *row_start; /* rows + 1 of them, the last one is count */
    int32_t *column;
    bool lower; /* of a symmetric matrix, the part on and below the diagonal */
} Pattern;

enum { PATTERN_MOST = 1 << 26 }; /* entries, rows and columns */

/* of[k]: y[k] by x, whose elements are the rows and columns in row-major order; their sizes are fixed.
 * False: more than PATTERN_MOST entries, or than memory for the sets on the way. */
bool pattern_find(Graph *, int ny, Node *const *y, const Node *x, Pattern *of);

Pattern pattern_transposed(Arena *, const Pattern *);
/* The entries of a square pattern and their mirror images. */
Pattern pattern_symmetric(Arena *, const Pattern *);
/* Those on and below the diagonal. */
Pattern pattern_lower(Arena *, const Pattern *);

#endif
