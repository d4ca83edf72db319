/* interp.h - evaluates a graph node by node: slow, obvious, the reference for everything faster.
 *
 * There are two of it from one text (interp_impl.h). `interp_` computes in double and
 * rounds the nodes of type f32 to float; `interp128_` computes in quad precision and
 * rounds nothing, so that differences taken with it tell a derivative to 20 digits.
 *
 * Use: interp_new for the sizes of one call, interp_param for each argument, interp_run,
 * then the elements of any root. All memory comes from the arena. */
#ifndef GRADC_INTERP_H
#define GRADC_INTERP_H

#include "compiler/region.h"
#include "compiler/status.h"
#include "compiler/ops.h"

#include <limits.h> /* tells __GLIBC__ */


/* 113 bits of significand. glibc has the elementary functions for it in libm; elsewhere long
 * double must do (on most machines but x86 that is the same format). */
#if defined(__SIZEOF_FLOAT128__) && defined(__x86_64__) && defined(__GLIBC__)
#define GRADC_QUAD 1
__extension__ typedef __float128 quad;
#else
#define GRADC_QUAD 0
typedef long double quad;
#endif

/* A node is evaluated when it is wanted: of a selection by a scalar the side that is not taken is
 * not, and may be out of range. Loops run as region.h says.
 *
 * T_new: open size name[i] has value[i].
 * T_param: the elements of a parameter in the C layout of its type; copied.
 * T_set: the elements of a real parameter or placeholder; copied.
 * T_run: 0; otherwise T_error says why (a size without value, an index out of range ...).
 *   Evaluates what the roots want and nothing else; a parameter that is wanted and was not given
 *   is an error. T_code is then the STATUS_... that an emitted function would return, or -1.
 * T_count, T_real, T_integer: what the last run made of a node; T_real of a real one,
 *   T_integer of any other. They stay valid until the next run. */
#define INTERP_API(T, name, NUM)                                                                   \
    typedef struct T T;                                                                            \
    T *name##_new(Arena *, const Graph *, int nsize, const char *const *names,                     \
                  const int64_t *values);                                                          \
    void name##_param(T *, int param, const void *data);                                           \
    void name##_set(T *, const Node *leaf, const NUM *data);                                       \
    int name##_run(T *, int nroots, Node *const *roots);                                           \
    const char *name##_error(const T *);                                                           \
    int name##_code(const T *);                                                                    \
    int64_t name##_count(T *, const Node *);                                                       \
    const NUM *name##_real(const T *, const Node *);                                               \
    const int64_t *name##_integer(const T *, const Node *);                                        \
    /* One pointwise operation on real operands; comparisons and tests give 0 or 1. */             \
    NUM name##_pointwise(Op, NUM a, NUM b, NUM c);

INTERP_API(Interp, interp, double)
INTERP_API(Interp128, interp128, quad)

/* Functions that libm lacks, good to about 30 digits. */
quad quad_lgamma(quad);
quad quad_polygamma(int n, quad); /* n = 0: digamma */

#endif
