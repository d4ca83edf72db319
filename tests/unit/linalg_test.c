/* linalg_test.c: is the linear algebra that emitted C is given right? Factors are multiplied
 * out, solutions put in, both in long double; besides what singular, indefinite and empty
 * matrices give.
 *
 * Build: cc -I. -O2 tests/unit/linalg_test.c -lm. It includes the snippets, and itself once for
 * each element type. */
#ifndef REAL

#include "../../compiler/snippets/linalg.c"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wkeyword-macro"
#endif
#define double float
#define fabs fabsf
#define sqrt sqrtf
#define log logf
#define gradc_linalg_dot_f64 gradc_linalg_dot_f32
#define gradc_linalg_minus_f64 gradc_linalg_minus_f32
#define gradc_linalg_minus_row_f64 gradc_linalg_minus_row_f32
#define gradc_linalg_substitute_f64 gradc_linalg_substitute_f32
#define gradc_trisolve_f64 gradc_trisolve_f32
#define gradc_lu_f64 gradc_lu_f32
#define gradc_lu_solve_f64 gradc_lu_solve_f32
#define gradc_solve_f64 gradc_solve_f32
#define gradc_inv_f64 gradc_inv_f32
#define gradc_det_f64 gradc_det_f32
#define gradc_logdet_f64 gradc_logdet_f32
#define gradc_cholesky_f64 gradc_cholesky_f32
#include "../../compiler/snippets/linalg.c"
#undef double
#undef fabs
#undef sqrt
#undef log
#undef gradc_trisolve_f64
#undef gradc_lu_f64
#undef gradc_lu_solve_f64
#undef gradc_solve_f64
#undef gradc_inv_f64
#undef gradc_det_f64
#undef gradc_logdet_f64
#undef gradc_cholesky_f64

#include "tests/count.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 150, WIDEST = 90 };

static uint32_t seed = 1;

static int64_t below(int64_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (int64_t)(seed >> 8) % n;
}

/* Sizes: mostly small, some around the blocks of 32 and beyond. */
static int64_t some_size(void)
{
    switch (below(4)) {
    case 0: return below(6);
    case 1: return 28 + below(10);
    case 2: return below(MOST + 1);
    default: return below(34);
    }
}

static void check(const char *what, const char *type, int64_t n, int64_t nrhs, int good)
{
    result(good, "%s %s, n = %d, nrhs = %d", what, type, (int)n, (int)nrhs);
}

static void report(const char *group, const char *type, int before)
{
    printf("%s %-24s %d cases\n", type, group, passed + failed - before);
}

#define REAL double
#define EPSILON DBL_EPSILON
#define TYPE "f64"
#define T(name) name##_f64
#include "linalg_test.c"
#undef REAL
#undef EPSILON
#undef TYPE
#undef T
#define REAL float
#define EPSILON FLT_EPSILON
#define TYPE "f32"
#define T(name) name##_f32
#include "linalg_test.c"

int main(void)
{
    test_f64();
    test_f32();
    return sum_up();
}

#else

static void T(fill)(REAL *a, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        a[i] = (REAL)(below(20001) - 10000) / (REAL)8192;
}

/* Is |sum - want| small against the sum of the absolute terms, the largest elements and n? */
static int T(near)(long double sum, long double want, long double size, int64_t n)
{
    return fabsl(sum - want) <= 8 * (long double)(n + 4) * EPSILON * (size + fabsl(want));
}

/* Does T X = B hold backwards stably, row by row? */
static int T(solves)(int64_t n, int64_t nrhs, const REAL *t, int64_t rs, int64_t cs, int part,
                     const REAL *x, const REAL *b, long double growth)
{
    for (int64_t i = 0; i < n; i++) {
        for (int64_t c = 0; c < nrhs; c++) {
            long double sum = 0, size = 0;

            for (int64_t j = 0; j < n; j++) {
                long double term;

                if ((part < 0 && j > i) || (part > 0 && j < i))
                    continue;
                term = (long double)t[i * rs + j * cs] * x[j * nrhs + c];
                sum += term;
                size += fabsl(term);
            }
            if (!T(near)(sum, b[i * nrhs + c], size * growth, n))
                return 0;
        }
    }
    return 1;
}

static REAL T(a)[MOST * MOST], T(lu)[MOST * MOST], T(inverse)[MOST * MOST];
static REAL T(b)[MOST * MOST], T(x)[MOST * MOST];
static int64_t T(piv)[MOST];

/* LU multiplied out is A with its rows swapped; the sign is that of the swaps. */
static void T(test_lu)(void)
{
    const int before = passed + failed;

    for (int turn = 0; turn < 120; turn++) {
        const int64_t n = some_size();
        REAL *a = T(a), *lu = T(lu);
        int sign, good = 1, swaps = 1;

        T(fill)(a, n * n);
        if (turn % 5 == 4 && n > 1) /* singular: two equal columns */
            for (int64_t i = 0; i < n; i++)
                a[i * n + n - 1] = a[i * n];
        memcpy(lu, a, sizeof T(a));
        sign = T(gradc_lu)(n, lu, T(piv));
        for (int64_t k = 0; k < n; k++) {
            const int64_t other = T(piv)[k];

            good &= other >= k && other < n;
            swaps = other != k ? -swaps : swaps;
            for (int64_t j = 0; j < n; j++) {
                const REAL kept = a[k * n + j];

                a[k * n + j] = a[other * n + j];
                a[other * n + j] = kept;
            }
        }
        good &= sign == swaps;
        for (int64_t i = 0; i < n; i++) {
            for (int64_t j = 0; j < n; j++) {
                long double sum = 0, size = 0;

                for (int64_t p = 0; p <= i && p <= j; p++) {
                    const long double l = p == i ? 1 : lu[i * n + p], term = l * lu[p * n + j];

                    good &= p == i || fabsl(l) <= 1;
                    sum += term;
                    size += fabsl(term);
                }
                good &= T(near)(sum, a[i * n + j], size, n);
            }
        }
        check("lu", TYPE, n, 0, good);
    }
    report("lu", TYPE, before);
}

static void T(test_solve)(void)
{
    const int before = passed + failed;

    for (int turn = 0; turn < 160; turn++) {
        const int64_t n = some_size(), nrhs = turn % 2 ? 1 : below(WIDEST);
        const REAL *of = T(b);
        int good = 1;

        T(fill)(T(a), n * n);
        T(fill)(T(b), n * nrhs);
        memcpy(T(inverse), T(a), sizeof T(a));
        memcpy(T(x), T(b), sizeof T(b));
        if (turn % 3 == 0) /* in place */
            of = T(x);
        T(gradc_solve)(n, nrhs, T(a), of, T(x), T(lu), T(piv));
        good &= !memcmp(T(inverse), T(a), sizeof T(a));
        good &= T(solves)(n, nrhs, T(a), n, 1, 0, T(x), T(b), 30);
        check("solve", TYPE, n, nrhs, good);

        memset(T(b), 0, sizeof T(b));
        for (int64_t i = 0; i < n; i++)
            T(b)[i * n + i] = 1;
        if (turn % 2) {
            T(gradc_inv)(n, T(a), T(inverse), T(lu), T(piv));
        } else {
            memcpy(T(inverse), T(a), sizeof T(a));
            T(gradc_inv)(n, T(inverse), T(inverse), T(lu), T(piv));
        }
        check("inv", TYPE, n, n, T(solves)(n, n, T(a), n, 1, 0, T(inverse), T(b), 30));
    }
    report("solve, inv", TYPE, before);
}

static void T(test_triangles)(void)
{
    const int before = passed + failed;

    for (int turn = 0; turn < 240; turn++) {
        const int64_t n = some_size(), nrhs = turn % 3 ? below(WIDEST) : 1;
        const int lower = turn & 1, trans = turn >> 1 & 1;
        const int part = lower != trans ? -1 : 1;

        T(fill)(T(a), n * n);
        T(fill)(T(b), n * nrhs);
        for (int64_t i = 0; i < n; i++) {
            T(a)[i * n + i] += T(a)[i * n + i] < 0 ? -2 : 2;
            for (int64_t j = 0; j < n; j++) { /* tame it, and spoil the other triangle */
                if (j != i)
                    T(a)[i * n + j] /= (REAL)n;
                if (lower ? j > i : j < i)
                    memset(&T(a)[i * n + j], 0xff, sizeof(REAL));
            }
        }
        memcpy(T(x), T(b), sizeof T(b));
        T(gradc_trisolve)(n, nrhs, T(a), lower, trans, turn & 4 ? T(x) : T(b), T(x));
        check("trisolve", TYPE, n, nrhs,
              T(solves)(n, nrhs, T(a), trans ? 1 : n, trans ? n : 1, part, T(x), T(b), 1));
    }
    report("trisolve", TYPE, before);
}

static void T(test_cholesky)(void)
{
    const int before = passed + failed;

    for (int turn = 0; turn < 100; turn++) {
        const int64_t n = some_size();
        const int64_t wrong = turn % 4 == 3 && n > 0 ? below(n) : n;
        REAL *a = T(a), *l = T(x);
        int good = 1;

        T(fill)(a, n * n);
        for (int64_t i = 0; i < n; i++) { /* heavy diagonal; nan above it */
            a[i * n + i] = (REAL)(2 * n) + (REAL)1;
            for (int64_t j = i + 1; j < n; j++)
                memset(a + i * n + j, 0xff, sizeof *a);
        }
        if (wrong < n)
            a[wrong * n + wrong] = turn % 8 == 3 ? -1 : 0;
        memcpy(T(lu), a, sizeof T(a));
        memset(l, 0xff, sizeof T(x));
        T(gradc_cholesky)(n, a, l);
        for (int64_t i = 0; i < n; i++) {
            for (int64_t j = 0; j < n; j++) {
                long double sum = 0, size = 0;

                if (j > i) {
                    good &= l[i * n + j] == 0;
                } else if (j >= wrong) {
                    good &= l[i * n + j] != l[i * n + j];
                } else {
                    for (int64_t p = 0; p <= j; p++) {
                        const long double term = (long double)l[i * n + p] * l[j * n + p];

                        sum += term;
                        size += fabsl(term);
                    }
                    good &= T(near)(sum, a[i * n + j], size, n);
                }
            }
        }
        T(gradc_cholesky)(n, T(lu), T(lu));
        for (int64_t i = 0; wrong == n && i < n * n; i++)
            good &= T(lu)[i] == l[i];
        check("cholesky", TYPE, n, 0, good);
    }
    report("cholesky", TYPE, before);
}

/* By the expansion of its first row. */
static long double T(expand)(int64_t n, const REAL *a)
{
    REAL minor[36];
    long double sum = 0;

    if (n == 0)
        return 1;
    for (int64_t c = 0; c < n; c++) {
        REAL *m = minor;
        long double term;

        for (int64_t i = 1; i < n; i++)
            for (int64_t j = 0; j < n; j++)
                if (j != c)
                    *m++ = a[i * n + j];
        term = (long double)a[c] * T(expand)(n - 1, minor);
        sum += c % 2 ? -term : term;
    }
    return sum;
}

static void T(test_det)(void)
{
    const int before = passed + failed;

    for (int turn = 0; turn < 60; turn++) {
        const int64_t n = turn % 7;
        long double want, gap;
        REAL det, logdet;

        T(fill)(T(a), n * n);
        want = T(expand)(n, T(a));
        det = T(gradc_det)(n, T(a), T(lu), T(piv));
        logdet = T(gradc_logdet)(n, T(a), T(lu), T(piv));
        gap = 2000 * (long double)EPSILON;
        check("det", TYPE, n, 0, fabsl(det - want) <= gap);
        check("logdet", TYPE, n, 0,
              fabsl(logdet - logl(fabsl(want))) <= gap * (1 + 1 / fabsl(want)));
    }
    report("det, logdet", TYPE, before);
}

static void T(test_edges)(void)
{
    static const REAL singular[] = {1, 2, 2, 4}, one[] = {-4}, zero[] = {0};
    static const REAL swap[] = {0, 1, 1, 0}, nothing[1] = {0};
    static const REAL nothing_first[] = {0, 0, 0, 0, 2, 1, 0, 1, 2};
    const int before = passed + failed;
    const REAL large = (REAL)1 / (REAL)0.0625;
    REAL *lu = T(lu), *x = T(x);

    check("empty det", TYPE, 0, 0, T(gradc_det)(0, nothing, lu, T(piv)) == 1);
    check("empty logdet", TYPE, 0, 0, T(gradc_logdet)(0, nothing, lu, T(piv)) == 0);
    T(gradc_solve)(0, 3, nothing, nothing, x, lu, T(piv));
    T(gradc_inv)(0, nothing, x, lu, T(piv));
    T(gradc_cholesky)(0, nothing, x);
    T(gradc_trisolve)(0, 2, nothing, 1, 1, nothing, x);
    T(gradc_solve)(2, 0, swap, nothing, x, lu, T(piv));

    check("1x1 det", TYPE, 1, 0, T(gradc_det)(1, one, lu, T(piv)) == -4);
    T(gradc_inv)(1, one, x, lu, T(piv));
    check("1x1 inv", TYPE, 1, 0, x[0] == (REAL)-0.25);
    T(gradc_cholesky)(1, &large, x);
    check("1x1 cholesky", TYPE, 1, 0, x[0] == 4);
    T(gradc_cholesky)(1, zero, x);
    check("1x1 cholesky of 0", TYPE, 1, 0, x[0] != x[0]);

    check("det of a swap", TYPE, 2, 0, T(gradc_det)(2, swap, lu, T(piv)) == -1);
    check("singular det", TYPE, 2, 0, T(gradc_det)(2, singular, lu, T(piv)) == 0);
    check("singular logdet", TYPE, 2, 0,
          T(gradc_logdet)(2, singular, lu, T(piv)) == -(REAL)INFINITY);
    check("zero column", TYPE, 3, 0, T(gradc_det)(3, nothing_first, lu, T(piv)) == 0);
    T(gradc_inv)(2, singular, x, lu, T(piv));
    check("singular inv", TYPE, 2, 0, !isfinite(x[0]) && !isfinite(x[3]));
    T(gradc_solve)(1, 1, zero, one, x, lu, T(piv));
    check("divided by 0", TYPE, 1, 1, x[0] == -(REAL)INFINITY);
    report("edges", TYPE, before);
}

static void T(test)(void)
{
    T(test_lu)();
    T(test_solve)();
    T(test_triangles)();
    T(test_cholesky)();
    T(test_det)();
    T(test_edges)();
}

#endif
