/* values.h: what the tests of the examples' values share: memory that lives as long as an example,
 * arrays in the model's type and in double, comparisons, the reference cases.
 *
 * tests/cli/examples.sh builds every test here twice: REAL_f64, and REAL_f32 where the language's
 * `real` is float. HAVE_name stands for an example that compiled. Everything wanted is computed in
 * double from the very numbers passed. */
#ifndef VALUES_H
#define VALUES_H

#include "hand.h"
#include "../count.h"
#include "../npy.h"
#include "../uniform.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef REAL_f32
typedef float real;
static const double tolerance = 2e-4;     /* sums of thousands of rounded terms */
#else
typedef double real;
static const double tolerance = 1e-10;
#endif

static const char *name = "";             /* the example under test, for messages */

/* ---- memory: everything lives until the end of its example ---- */
enum { MOST = 256 };
static void *kept[MOST];
static int keeping;

static void *allocate(size_t bytes)
{
    void *p = keeping < MOST ? malloc(bytes ? bytes : 1) : NULL;
    if (!p) {
        fprintf(stderr, "no memory\n");
        exit(3);
    }
    memset(p, 0xff, bytes);               /* nan, so that what is not written shows */
    kept[keeping++] = p;
    return p;
}

static inline void forget(void)
{
    while (keeping > 0)
        free(kept[--keeping]);
}

/* A workspace of just this size: the sanitizer sees a byte more. work.h calls it. */
static inline void *scratch(size_t bytes)
{
    size_t room = (bytes + 63) / 64 * 64;
    void *p = aligned_alloc(64, room ? room : 64);
    if (!p || keeping == MOST) {
        fprintf(stderr, "no memory\n");
        exit(3);
    }
    memset(p, 0xff, bytes);
    kept[keeping++] = p;
    return p;
}

#include "work.h"

/* ---- arrays in the model's type and in double ---- */
typedef struct { real *r; double *d; int64_t n; } Array;

/* An output: n numbers to be written. */
static inline real *output(int64_t n)
{
    return allocate(sizeof(real) * (size_t)n);
}

static inline double *doubles(int64_t n)
{
    double *d = allocate(sizeof(double) * (size_t)n);
    memset(d, 0, sizeof(double) * (size_t)n);
    return d;
}

static inline Array array_of(const double *from, int64_t n)
{
    Array a = { output(n), doubles(n), n };
    for (int64_t i = 0; i < n; i++)
        a.d[i] = (double)(a.r[i] = (real)from[i]);
    return a;
}

/* n numbers in [-scale, scale) */
static inline Array random_array(int64_t n, double scale)
{
    Array a = { output(n), doubles(n), n };
    for (int64_t i = 0; i < n; i++)
        a.d[i] = (double)(a.r[i] = (real)(scale * uniform()));
    return a;
}

/* ---- checks ---- */
static void report(const char *what, double gap, double allowed)
{
    result(gap <= allowed, "%s (%s): %s: relative difference %.3g, allowed %.3g", name,
           sizeof(real) == 4 ? "f32" : "f64", what, gap, allowed);
}

static void check_within(const char *what, const real *got, const double *want, int64_t n,
                         double allowed)
{
    double top = 0, gap = 0;
    for (int64_t i = 0; i < n; i++) {
        if (isnan(got[i]))
            gap = INFINITY;
        gap = fmax(gap, fabs((double)got[i] - want[i]));
        top = fmax(top, fabs(want[i]));
    }
    report(what, gap / (top > 0 ? top : 1), allowed);
}

static inline void check(const char *what, const real *got, const double *want, int64_t n)
{
    check_within(what, got, want, n, tolerance);
}

static inline void check_one(const char *what, real got, double want)
{
    check_within(what, &got, &want, 1, tolerance);
}

static inline void check_code(int code)
{
    report("returns 0", code, 0);
}

/* ---- reference cases ---- */
/* An array of the current example's case, its shape in shape[] where wanted. */
static inline Array load(const char *array, int64_t *shape)
{
    Npy a;

    if (!npy_case(name, array, &a))
        exit(1);
    for (int i = 0; shape && i < a.rank; i++)
        shape[i] = a.shape[i];
    const Array out = array_of(a.data, a.count);
    npy_free(&a);
    return out;
}

static inline void check_case(const char *array, const real *got, int64_t n)
{
    Array want = load(array, NULL);
    Npy a;

    if (want.n != n || !npy_case(name, array, &a)) {
        report("size of the reference case", INFINITY, 0);
        return;
    }
    check(array, got, a.data, n);         /* as it is, not rounded to f32 */
    npy_free(&a);
}

#define RUN(example) (name = #example, test_##example(), forget())

#endif
