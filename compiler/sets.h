/* sets.h - sets of indices, each kept once: equal sets have equal numbers.
 *
 * A set is a list of runs of neighbouring indices, so that what is dense, banded or triangular
 * stays small. Number 0 is the empty set. */
#ifndef GRADC_SETS_H
#define GRADC_SETS_H

#include "arena.h"

typedef struct Sets Sets;

/* Of indices 0 .. most-1. */
Sets *sets_new(Arena *, int64_t most);
/* True once they have taken more memory than they may (half a gigabyte); sets are wrong from there on. */
bool sets_full(const Sets *);

int32_t sets_one(Sets *, int64_t index);
int32_t sets_join(Sets *, int32_t a, int32_t b);
int32_t sets_join_all(Sets *, int64_t n, const int32_t *set);

int64_t sets_count(const Sets *, int32_t set);
/* Writes the indices in ascending order, sets_count of them. */
void sets_list(const Sets *, int32_t set, int32_t *out);

#endif
