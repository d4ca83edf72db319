/* colour.h - colourings of sparse matrices: which columns one product can give at once.
 *
 * The terms and the algorithms are those of Gebremedhin, Manne and Pothen, "What color is your
 * Jacobian? Graph coloring for computing derivatives", SIAM Review 47 (2005). */
#ifndef GRADC_COLOUR_H
#define GRADC_COLOUR_H

#include "pattern.h"

typedef struct Colours {
    int n;       /* how many there are */
    int32_t *of; /* by column; -1: none, it is in no product */
} Colours;

/* Columns of one colour have no row in common (Curtis, Powell and Reid 1974), greedily, in the given order and with
 * those of most neighbours first, whichever needs fewer. t is the transposed of p. Rows with skip[row] do not
 * count; columns that no other row has get no colour, or the only one. `skip` may be NULL. */
Colours colour_columns(Arena *, const Pattern *p, const Pattern *t, const bool *skip);

/* Of a symmetric matrix: neighbours differ, and no path of four has two colours (a star colouring), so
 * that every entry can be read off: H[i][j] is element i of the product by the colour of j where no
 * other column of that colour has an entry in row i, else element j of that by the colour of i. */
Colours colour_star(Arena *, const Pattern *p);

#endif
