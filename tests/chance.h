/* chance.h - random numbers of tests that are the same everywhere: splitmix64. */
#ifndef GRADC_TESTS_CHANCE_H
#define GRADC_TESTS_CHANCE_H

#include <stdint.h>

static uint64_t state; /* the seed, to begin with */

/* In [0, 1). */
static inline double chance(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static inline int below(int n)
{
    return n > 0 ? (int)(chance() * n) : 0;
}

#endif
