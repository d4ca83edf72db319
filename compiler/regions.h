/* regions.h - puts the loops of a function in order once its derivatives are appended. */
#ifndef GRADC_REGIONS_H
#define GRADC_REGIONS_H

#include "model.h"

/* Needs a graph without placeholders outside of loops. Loops that run the same recurrence become one,
 * results that nobody reads and what is carried for them alone go, and every loop gets
 * placeholders, and so body nodes, of its own: each node but constants and sizes then belongs to
 * one region, the innermost one that it depends on. */
void regions_prepare(Function *);

#endif
