/* linalg.c: LU, Cholesky and triangular systems, as pasted into emitted C.
 *
 * Matrices are contiguous, row-major, n x n; right-hand sides are n x nrhs. A batch is
 * the caller's loop. The algorithms are those of Golub and Van Loan (Matrix
 * Computations, chapters 3 and 4), ordered so that inner loops run along rows. What
 * costs n^3 goes through one routine, C -= A B on blocks of rows that stay in cache,
 * or through inner products of rows. The order of the additions depends on the sizes
 * only.
 *
 * Singular and indefinite matrices are no errors: they give inf and nan where LAPACK
 * would stop.
 *
 * This is the f64 text. The f32 text is made of it by whole-word replacement: double by
 * float, _f64 by _f32, fabs, sqrt, log by fabsf, sqrtf, logf. What stands above the
 * first snippet line is not emitted. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#ifndef GRADC_RESTRICT
#ifdef __cplusplus
#define GRADC_RESTRICT
#else
#define GRADC_RESTRICT restrict
#endif
#endif

/*@ snippet gradc_linalg_dot_f64 */
/* The inner product of two rows: 16 partial sums, one where they are short. */
static double gradc_linalg_dot_f64(int64_t n, const double *a, const double *b)
{
    double t[16], sum = 0;
    int64_t p = 0;

    if (n >= 16) {
        for (int q = 0; q < 16; q++)
            t[q] = 0;
        for (; p + 16 <= n; p += 16) {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC unroll 1
#endif
            for (int q = 0; q < 16; q++)
                t[q] += a[p + q] * b[p + q];
        }
        for (int half = 8; half > 0; half /= 2)
            for (int q = 0; q < half; q++)
                t[q] += t[q + half];
        sum = t[0];
    }
    for (; p < n; p++)
        sum += a[p] * b[p];
    return sum;
}

/*@ snippet gradc_linalg_minus_row_f64 */
/* c -= a B for one row: a[k] of any stride, rows of B[k, n] contiguous. */
static void gradc_linalg_minus_row_f64(int64_t n, int64_t k, const double *a, int64_t acs,
                                       const double *b, int64_t brs, double *GRADC_RESTRICT c)
{
    int64_t p = 0;

    for (; p + 4 <= k; p += 4) {
        const double *GRADC_RESTRICT b0 = b + p * brs;
        const double *GRADC_RESTRICT b1 = b0 + brs;
        const double *GRADC_RESTRICT b2 = b1 + brs;
        const double *GRADC_RESTRICT b3 = b2 + brs;
        const double *r = a + p * acs;
        const double a0 = r[0], a1 = r[acs], a2 = r[2 * acs], a3 = r[3 * acs];

        for (int64_t j = 0; j < n; j++)
            c[j] = c[j] - a0 * b0[j] - a1 * b1[j] - a2 * b2[j] - a3 * b3[j];
    }
    for (; p < k; p++) {
        const double *GRADC_RESTRICT b0 = b + p * brs;
        const double a0 = a[p * acs];

        for (int64_t j = 0; j < n; j++)
            c[j] -= a0 * b0[j];
    }
}

/*@ snippet gradc_linalg_minus_f64 needs gradc_linalg_minus_row_f64 */
/* C -= A B for A[m, k] of any strides and rows of B[k, n] and C[m, n] contiguous, in
 * pieces of 64 columns and four rows by four: sixteen products for twelve accesses to
 * memory. */
static void gradc_linalg_minus_f64(int64_t m, int64_t n, int64_t k,
                                   const double *a, int64_t ars, int64_t acs,
                                   const double *b, int64_t brs, double *c, int64_t crs)
{
    const int64_t piece = 64;

    for (int64_t j0 = 0; j0 < n; j0 += piece) {
        const int64_t w = n - j0 < piece ? n - j0 : piece;
        int64_t i = 0;

        for (; i + 4 <= m; i += 4) {
            double *GRADC_RESTRICT c0 = c + i * crs + j0;
            double *GRADC_RESTRICT c1 = c0 + crs;
            double *GRADC_RESTRICT c2 = c1 + crs;
            double *GRADC_RESTRICT c3 = c2 + crs;
            int64_t p = 0;

            for (; p + 4 <= k; p += 4) {
                const double *GRADC_RESTRICT b0 = b + p * brs + j0;
                const double *GRADC_RESTRICT b1 = b0 + brs;
                const double *GRADC_RESTRICT b2 = b1 + brs;
                const double *GRADC_RESTRICT b3 = b2 + brs;
                const double *r0 = a + i * ars + p * acs;
                const double *r1 = r0 + ars, *r2 = r1 + ars, *r3 = r2 + ars;
                const double a00 = r0[0], a01 = r0[acs], a02 = r0[2 * acs], a03 = r0[3 * acs];
                const double a10 = r1[0], a11 = r1[acs], a12 = r1[2 * acs], a13 = r1[3 * acs];
                const double a20 = r2[0], a21 = r2[acs], a22 = r2[2 * acs], a23 = r2[3 * acs];
                const double a30 = r3[0], a31 = r3[acs], a32 = r3[2 * acs], a33 = r3[3 * acs];

                for (int64_t j = 0; j < w; j++) {
                    const double x0 = b0[j], x1 = b1[j], x2 = b2[j], x3 = b3[j];

                    c0[j] = c0[j] - a00 * x0 - a01 * x1 - a02 * x2 - a03 * x3;
                    c1[j] = c1[j] - a10 * x0 - a11 * x1 - a12 * x2 - a13 * x3;
                    c2[j] = c2[j] - a20 * x0 - a21 * x1 - a22 * x2 - a23 * x3;
                    c3[j] = c3[j] - a30 * x0 - a31 * x1 - a32 * x2 - a33 * x3;
                }
            }
            for (; p < k; p++) {
                const double *GRADC_RESTRICT b0 = b + p * brs + j0;
                const double *r0 = a + i * ars + p * acs;
                const double a00 = r0[0], a10 = r0[ars], a20 = r0[2 * ars], a30 = r0[3 * ars];

                for (int64_t j = 0; j < w; j++) {
                    c0[j] -= a00 * b0[j];
                    c1[j] -= a10 * b0[j];
                    c2[j] -= a20 * b0[j];
                    c3[j] -= a30 * b0[j];
                }
            }
        }
        for (; i < m; i++)
            gradc_linalg_minus_row_f64(w, k, a + i * ars, acs, b + j0, brs, c + i * crs + j0);
    }
}

/*@ snippet gradc_linalg_substitute_f64 needs gradc_linalg_dot_f64 gradc_linalg_minus_f64 */
/* Solves T X = B in place of B[n, nrhs], T being triangular with element (i, j) at
 * t[i*rs + j*cs]: from the first row on when T is lower, from the last when it is upper.
 * unit says that the diagonal is 1 and not stored. */
static void gradc_linalg_substitute_f64(int64_t n, int64_t nrhs,
                                        const double *t, int64_t rs, int64_t cs,
                                        int lower, int unit, double *x)
{
    const int64_t block = 32;

    if (nrhs == 1) {
        for (int64_t s = 0; s < n; s++) {
            const int64_t i = lower ? s : n - 1 - s;
            const int64_t from = lower ? 0 : i + 1; /* s elements are known from here on */

            if (cs == 1)
                x[i] -= gradc_linalg_dot_f64(s, t + i * rs + from, x + from);
            if (!unit)
                x[i] /= t[i * rs + i * cs];
            if (cs != 1 && s + 1 < n) {
                const int64_t to = lower ? i + 1 : 0; /* the unknown ones */
                const double *GRADC_RESTRICT column = t + to * rs + i * cs;
                double *GRADC_RESTRICT rest = x + to;
                const double known = x[i];

                for (int64_t j = 0; j < n - 1 - s; j++)
                    rest[j] -= column[j * rs] * known;
            }
        }
        return;
    }
    for (int64_t done = 0; done < n; done += block) {
        const int64_t size = n - done < block ? n - done : block;
        const int64_t first = lower ? done : n - done - size;
        const int64_t known = lower ? 0 : first + size;

        if (done > 0)
            gradc_linalg_minus_f64(size, nrhs, done, t + first * rs + known * cs, rs, cs,
                                   x + known * nrhs, nrhs, x + first * nrhs, nrhs);
        for (int64_t s = 0; s < size; s++) {
            const int64_t i = lower ? first + s : first + size - 1 - s;
            const int64_t from = lower ? first : i + 1;
            double *xi = x + i * nrhs;

            if (s > 0)
                gradc_linalg_minus_row_f64(nrhs, s, t + i * rs + from * cs, cs,
                                           x + from * nrhs, nrhs, xi);
            if (!unit) {
                const double pivot = t[i * rs + i * cs];

                for (int64_t j = 0; j < nrhs; j++)
                    xi[j] /= pivot;
            }
        }
    }
}

/*@ snippet gradc_trisolve_f64 needs gradc_linalg_substitute_f64 */
/* Solves L X = B, or L' X = B when trans, for b and x [n, nrhs]; reads only the lower
 * triangle of l, or the upper when lower is 0. x may be b. */
static void gradc_trisolve_f64(int64_t n, int64_t nrhs, const double *l, int lower, int trans,
                               const double *b, double *x)
{
    if (x != b)
        for (int64_t i = 0; i < n * nrhs; i++)
            x[i] = b[i];
    gradc_linalg_substitute_f64(n, nrhs, l, trans ? 1 : n, trans ? n : 1,
                                trans ? !lower : lower, 0, x);
}

/*@ snippet gradc_lu_f64 needs gradc_linalg_substitute_f64 */
/* P A = L U in place, by partial pivoting: step i swapped rows i and piv[i]. L has the
 * diagonal 1, which is not stored. Returns the sign of P, 1 or -1. A column without a
 * pivot leaves a zero on the diagonal. Panels of 32 columns are factored one after the
 * other, each followed by its update of what is right of it. */
static int gradc_lu_f64(int64_t n, double *a, int64_t *piv)
{
    const int64_t block = 32;
    int sign = 1;

    for (int64_t k0 = 0; k0 < n; k0 += block) {
        const int64_t k1 = n - k0 < block ? n : k0 + block;
        const int64_t right = n - k1;

        for (int64_t k = k0; k < k1; k++) {
            double *ak = a + k * n;
            int64_t best = k;

            for (int64_t i = k + 1; i < n; i++)
                if (fabs(a[i * n + k]) > fabs(a[best * n + k]))
                    best = i;
            piv[k] = best;
            if (best != k) {
                double *other = a + best * n;

                sign = -sign;
                for (int64_t j = 0; j < n; j++) {
                    const double kept = ak[j];

                    ak[j] = other[j];
                    other[j] = kept;
                }
            }
            if (ak[k] == 0)
                continue; /* so is the whole column */
            for (int64_t i = k + 1; i < n; i++) {
                double *GRADC_RESTRICT ai = a + i * n;
                const double *GRADC_RESTRICT row = ak;
                const double factor = ai[k] / row[k];

                ai[k] = factor;
                for (int64_t j = k + 1; j < k1; j++)
                    ai[j] -= factor * row[j];
            }
        }
        if (right == 0)
            break;
        for (int64_t i = k0 + 1; i < k1; i++)
            gradc_linalg_minus_row_f64(right, i - k0, a + i * n + k0, 1,
                                       a + k0 * n + k1, n, a + i * n + k1);
        gradc_linalg_minus_f64(right, right, k1 - k0, a + k1 * n + k0, n, 1,
                               a + k0 * n + k1, n, a + k1 * n + k1, n);
    }
    return sign;
}

/*@ snippet gradc_lu_solve_f64 needs gradc_linalg_substitute_f64 */
/* Solves A X = B in place of b[n, nrhs], with lu and piv of gradc_lu_f64. */
static void gradc_lu_solve_f64(int64_t n, int64_t nrhs, const double *lu, const int64_t *piv,
                               double *b)
{
    for (int64_t i = 0; i < n; i++) {
        double *bi = b + i * nrhs, *other = b + piv[i] * nrhs;

        for (int64_t j = 0; piv[i] != i && j < nrhs; j++) {
            const double kept = bi[j];

            bi[j] = other[j];
            other[j] = kept;
        }
    }
    gradc_linalg_substitute_f64(n, nrhs, lu, n, 1, 1, 1, b);
    gradc_linalg_substitute_f64(n, nrhs, lu, n, 1, 0, 0, b);
}

/*@ snippet gradc_solve_f64 needs gradc_lu_f64 gradc_lu_solve_f64 */
/* Solves A X = B, b and x [n, nrhs]; x may be b. scratch is n*n elements, piv is n. */
static void gradc_solve_f64(int64_t n, int64_t nrhs, const double *a, const double *b,
                            double *x, double *scratch, int64_t *piv)
{
    for (int64_t i = 0; i < n * n; i++)
        scratch[i] = a[i];
    if (x != b)
        for (int64_t i = 0; i < n * nrhs; i++)
            x[i] = b[i];
    (void)gradc_lu_f64(n, scratch, piv);
    gradc_lu_solve_f64(n, nrhs, scratch, piv, x);
}

/*@ snippet gradc_inv_f64 needs gradc_lu_f64 gradc_lu_solve_f64 */
/* X = inverse of A; x may be a. scratch is n*n elements, piv is n. */
static void gradc_inv_f64(int64_t n, const double *a, double *x, double *scratch, int64_t *piv)
{
    for (int64_t i = 0; i < n * n; i++)
        scratch[i] = a[i];
    for (int64_t i = 0; i < n * n; i++)
        x[i] = 0;
    for (int64_t i = 0; i < n; i++)
        x[i * n + i] = 1;
    (void)gradc_lu_f64(n, scratch, piv);
    gradc_lu_solve_f64(n, n, scratch, piv, x);
}

/*@ snippet gradc_det_f64 needs gradc_lu_f64 */
/* The determinant of A; 1 when n is 0. scratch is n*n elements, piv is n. */
static double gradc_det_f64(int64_t n, const double *a, double *scratch, int64_t *piv)
{
    double det;

    for (int64_t i = 0; i < n * n; i++)
        scratch[i] = a[i];
    det = gradc_lu_f64(n, scratch, piv) < 0 ? -1 : 1;
    for (int64_t i = 0; i < n; i++)
        det *= scratch[i * n + i];
    return det;
}

/*@ snippet gradc_logdet_f64 needs gradc_lu_f64 */
/* log |det A|: -inf for a singular A, 0 when n is 0. scratch is n*n elements, piv is n. */
static double gradc_logdet_f64(int64_t n, const double *a, double *scratch, int64_t *piv)
{
    double sum = 0;

    for (int64_t i = 0; i < n * n; i++)
        scratch[i] = a[i];
    (void)gradc_lu_f64(n, scratch, piv);
    for (int64_t i = 0; i < n; i++)
        sum += log(fabs(scratch[i * n + i]));
    return sum;
}

/*@ snippet gradc_cholesky_f64 needs gradc_linalg_dot_f64 */
/* A = L L', reading the lower triangle of a; the upper one of l becomes zero. l may be a.
 * Where A is not positive definite, l is nan from that column on. */
static void gradc_cholesky_f64(int64_t n, const double *a, double *l)
{
    for (int64_t i = 0; i < n; i++) {
        double *li = l + i * n;
        double pivot;

        for (int64_t j = 0; j < i; j++) {
            const double *lj = l + j * n;

            li[j] = (a[i * n + j] - gradc_linalg_dot_f64(j, li, lj)) / lj[j];
        }
        pivot = a[i * n + i] - gradc_linalg_dot_f64(i, li, li);
        li[i] = pivot > 0 ? sqrt(pivot) : (double)NAN;
        for (int64_t j = i + 1; j < n; j++)
            li[j] = 0;
    }
}
