/* uniform.h - reproducible numbers of tests and benchmarks. */
#ifndef GRADC_TESTS_UNIFORM_H
#define GRADC_TESTS_UNIFORM_H

#include <stdint.h>

/* In [-1, 1), the same in every run: xorshift64*. */
static inline double uniform(void)
{
    static uint64_t s = 88172645463325252u;
    s ^= s >> 12;
    s ^= s << 25;
    s ^= s >> 27;
    return (double)(int64_t)(s * 2685821657736338717u) * 0x1p-63;
}

#endif
