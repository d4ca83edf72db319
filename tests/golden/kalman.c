/* Made by gradc from kalman.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
 * keep nothing between calls and may be called by several threads at once.
 * Arrays are row-major; work is memory for the call, aligned as malloc's. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef GRADC_E_BOUNDS
#define GRADC_E_BOUNDS 1  /* an index was out of range (--check-bounds) */
#endif

/* The turns of the next loop do not depend on one another. */
#if defined(__GNUC__) && !defined(__clang__) && !defined(__TINYC__)
#define GRADC_IVDEP _Pragma("GCC ivdep")
#else
#define GRADC_IVDEP
#endif

#if defined(__cplusplus)
#define GRADC_RESTRICT
#else
#define GRADC_RESTRICT restrict
#endif

/* Bytes in the workspace for an array: whole cache lines. */
static inline size_t gradc_space(int64_t bytes)
{
    return ((size_t)bytes + 63) / 64 * 64;
}

static inline size_t gradc_larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Sums are kept in 16 parts, element i in part i mod 16: a fixed order that vectorises. */
static inline void gradc_sum(int64_t n, const double *x, double *part)
{
    double s[16];
    int64_t i = 0;
    for (int l = 0; l < 16; l++)
        s[l] = part[l];
    for (; i + 16 <= n; i += 16)
        for (int l = 0; l < 16; l++)
            s[l] += x[i + l];
    for (int l = 0; i < n; i++, l++)
        s[l] += x[i];
    for (int l = 0; l < 16; l++)
        part[l] = s[l];
}

static inline double gradc_sum_of(double *part)
{
    for (int half = 8; half > 0; half /= 2)
        for (int l = 0; l < half; l++)
            part[l] += part[l + half];
    return part[0];
}

static inline uint64_t gradc_bits(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static inline double gradc_from_bits(uint64_t u)
{
    double x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* a where the mask is all ones, b where it is 0. */
static inline double gradc_pick(uint64_t mask, double a, double b)
{
    return gradc_from_bits((gradc_bits(a) & mask) | (gradc_bits(b) & ~mask));
}

/* The mask of a < b, for a and b without a sign bit; a nan is above infinity. */
static inline uint64_t gradc_less(double a, double b)
{
    return 0 - ((gradc_bits(a) - gradc_bits(b)) >> 63);
}

/* The mask of the sign bit. */
static inline uint64_t gradc_negative(double x)
{
    return 0 - (gradc_bits(x) >> 63);
}

static inline double gradc_abs(double x)
{
    return gradc_from_bits(gradc_bits(x) & 0x7fffffffffffffffu);
}

/* log x = k ln 2 + f + t for x > 0: x = 2^k (1 + f), 1 + f in [sqrt(1/2), sqrt(2)].
 * fdlibm's series in s = f / (2 + f): log(1+f) = f - f^2/2 + s (f^2/2 + R(s^2)). */
static inline void gradc_log_parts(double x, double *k, double *f_out, double *t)
{
    const uint64_t tiny = gradc_less(x, 0x1p-1022);
    const double z = gradc_pick(tiny, x * 0x1p+54, x);
    const uint64_t u = gradc_bits(z) + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu);
    const double e = gradc_from_bits(0x4330000000000000u | (u >> 52));
    const double f = gradc_from_bits((u & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu) - 1.0;
    const double s = f / (2.0 + f);
    const double z2 = s * s;
    const double z4 = z2 * z2;
    const double r = z2 * ((0x1.5555555555592p-1 + z2 * 0x1.999999997fd3bp-2)
        + z4 * ((0x1.24924941f8abfp-2 + z2 * 0x1.c71c5202c7a84p-3)
        + z4 * ((0x1.746640596a400p-3 + z2 * 0x1.39a1934b9e4d1p-3) + z4 * 0x1.2f07063f8bd0ap-3)));
    const double half = 0.5 * f * f;

    *k = e - gradc_pick(tiny, 4503599627370496.0 + 1077.0, 4503599627370496.0 + 1023.0);
    *f_out = f;
    *t = s * (half + r) - half;
}

/* k ln 2 + f + t, rounded once. */
static inline double gradc_log_join(double k, double f, double t)
{
    const double a = k * 0x1.62e42fefa3800p-1;
    const double h = a + f;
    const double l = (a - h) + f;

    return h + (l + (k * 0x1.ef35793c76730p-45 + t));
}

/* y = log x, put right where x is 0, negative, inf or nan. */
static inline double gradc_log_edges(double x, double y)
{
    const double a = gradc_abs(x);
    const double above = gradc_pick(gradc_less(1.7976931348623157e308, a), x, y);

    return gradc_pick(gradc_less(a, 0x1p-1074), -INFINITY, gradc_pick(gradc_negative(x), NAN, above));
}

/* Error 0.8 ulp. */
static inline double gradc_log(double x)
{
    double k, f, t;

    gradc_log_parts(x, &k, &f, &t);
    return gradc_log_edges(x, gradc_log_join(k, f, t));
}

/* Matrix products. A block is KC deep; the copies of B (NC columns, 640 KiB in f64) and
 * of a transposed A (MC rows) stay in a second-level cache of 1 MiB together. */
#define GRADC_GEMM_KC 320
#define GRADC_GEMM_NC 256
#define GRADC_GEMM_MC 64
#define GRADC_GEMM_PAD 64

/* A register tile is MR rows by two vectors: 16 accumulators where there are 32
 * registers, 8 where there are 16. That covers the latency of two adders, and leaves
 * room for the elements of A that compilers load ahead. */
#if defined(__AVX512F__)
#define GRADC_GEMM_MR 8
#define GRADC_GEMM_VECTOR 64 /* bytes */
#elif defined(__AVX__)
#define GRADC_GEMM_MR 4
#define GRADC_GEMM_VECTOR 32
#elif defined(__aarch64__)
#define GRADC_GEMM_MR 8
#define GRADC_GEMM_VECTOR 16
#else
#define GRADC_GEMM_MR 4
#define GRADC_GEMM_VECTOR 16
#endif

/* Inlined into a caller the tiles lose their registers to it. */
#if defined(__GNUC__)
#define GRADC_GEMM_ALONE __attribute__((noinline))
#else
#define GRADC_GEMM_ALONE
#endif

/* Elements of scratch that gradc_gemm needs, the same on every machine:
 * min(k, 320) * (min(m + n, 320) + 64). */
static inline size_t gradc_gemm_pack_f64(int64_t m, int64_t n, int64_t k)
{
    const int64_t most = GRADC_GEMM_MC + GRADC_GEMM_NC;
    const int64_t wide = m + n < most ? m + n : most;
    const int64_t deep = k < GRADC_GEMM_KC ? k : GRADC_GEMM_KC;

    return (size_t)(deep * (wide + GRADC_GEMM_PAD));
}

/* With AVX-512 compilers prefer vectors of 32 bytes: ask for 64. (At -O1 clang warns that
 * it does not vectorise where it is asked to.) */
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpass-failed"
#endif
#if defined(__AVX512F__) && defined(__clang__)
#pragma clang attribute push(__attribute__((min_vector_width(512))), apply_to = function)
#elif defined(__AVX512F__) && defined(__GNUC__)
#pragma GCC push_options
#pragma GCC target("prefer-vector-width=512")
#endif

/* Rows of a tile to C, width being 2 VL or VL. */
static void gradc_gemm_put_f64(const double *GRADC_RESTRICT t, int64_t width,
                               double *GRADC_RESTRICT c, int64_t crs, int64_t ccs,
                               int64_t rows, int64_t cols, int add)
{
    enum { VL = GRADC_GEMM_VECTOR / (int)sizeof(double) };

    for (int64_t i = 0; i < rows; i++, t += width, c += crs) {
        int64_t j = 0;

        if (ccs == 1 && add) { /* whole vectors first */
            for (; j + VL <= cols; j += VL)
                for (int q = 0; q < VL; q++)
                    c[j + q] += t[j + q];
        } else if (ccs == 1) {
            for (; j + VL <= cols; j += VL)
                for (int q = 0; q < VL; q++)
                    c[j + q] = t[j + q];
        }
        for (; j < cols; j++)
            c[j * ccs] = add ? c[j * ccs] + t[j] : t[j];
    }
}

/* C[rows, cols] = (or +=) A B for one tile, rows <= MR and cols <= 2 VL. Row p of B is
 * 2 VL contiguous elements at b + p*brs. Rows of A past the last repeat it. */
GRADC_GEMM_ALONE
static void gradc_gemm_tile_f64(int64_t k,
                                const double *a, int64_t ars, int64_t acs,
                                const double *GRADC_RESTRICT b, int64_t brs,
                                double *c, int64_t crs, int64_t ccs,
                                int64_t rows, int64_t cols, int add)
{
    enum { VL = GRADC_GEMM_VECTOR / (int)sizeof(double), NR = 2 * VL };
    double t[GRADC_GEMM_MR * NR];
    const int64_t last = rows - 1;
    const double *GRADC_RESTRICT a0 = a;
    const double *GRADC_RESTRICT a1 = a + (last < 1 ? last : 1) * ars;
    const double *GRADC_RESTRICT a2 = a + (last < 2 ? last : 2) * ars;
    const double *GRADC_RESTRICT a3 = a + (last < 3 ? last : 3) * ars;
#if GRADC_GEMM_MR > 4
    const double *GRADC_RESTRICT a4 = a + (last < 4 ? last : 4) * ars;
    const double *GRADC_RESTRICT a5 = a + (last < 5 ? last : 5) * ars;
    const double *GRADC_RESTRICT a6 = a + (last < 6 ? last : 6) * ars;
    const double *GRADC_RESTRICT a7 = a + (last < 7 ? last : 7) * ars;
#endif

    for (int i = 0; i < GRADC_GEMM_MR * NR; i++)
        t[i] = 0;
    for (int64_t p = 0; p < k; p++) {
        const int64_t q = p * acs;

#if defined(__clang__)
#pragma clang loop vectorize_width(GRADC_GEMM_VECTOR / sizeof(double)) interleave_count(1)
#elif defined(__GNUC__)
#pragma GCC unroll 1
#endif
        for (int j = 0; j < VL; j++) {
            const double b0 = b[j], b1 = b[j + VL];

            t[j] += a0[q] * b0;
            t[j + VL] += a0[q] * b1;
            t[j + 2 * VL] += a1[q] * b0;
            t[j + 3 * VL] += a1[q] * b1;
            t[j + 4 * VL] += a2[q] * b0;
            t[j + 5 * VL] += a2[q] * b1;
            t[j + 6 * VL] += a3[q] * b0;
            t[j + 7 * VL] += a3[q] * b1;
#if GRADC_GEMM_MR > 4
            t[j + 8 * VL] += a4[q] * b0;
            t[j + 9 * VL] += a4[q] * b1;
            t[j + 10 * VL] += a5[q] * b0;
            t[j + 11 * VL] += a5[q] * b1;
            t[j + 12 * VL] += a6[q] * b0;
            t[j + 13 * VL] += a6[q] * b1;
            t[j + 14 * VL] += a7[q] * b0;
            t[j + 15 * VL] += a7[q] * b1;
#endif
        }
        b += brs;
    }
    gradc_gemm_put_f64(t, NR, c, crs, ccs, rows, cols, add);
}

/* The same for cols <= VL. */
GRADC_GEMM_ALONE
static void gradc_gemm_half_tile_f64(int64_t k,
                                     const double *a, int64_t ars, int64_t acs,
                                     const double *GRADC_RESTRICT b, int64_t brs,
                                     double *c, int64_t crs, int64_t ccs,
                                     int64_t rows, int64_t cols, int add)
{
    enum { VL = GRADC_GEMM_VECTOR / (int)sizeof(double) };
    double t[GRADC_GEMM_MR * VL];
    const int64_t last = rows - 1;
    const double *GRADC_RESTRICT a0 = a;
    const double *GRADC_RESTRICT a1 = a + (last < 1 ? last : 1) * ars;
    const double *GRADC_RESTRICT a2 = a + (last < 2 ? last : 2) * ars;
    const double *GRADC_RESTRICT a3 = a + (last < 3 ? last : 3) * ars;
#if GRADC_GEMM_MR > 4
    const double *GRADC_RESTRICT a4 = a + (last < 4 ? last : 4) * ars;
    const double *GRADC_RESTRICT a5 = a + (last < 5 ? last : 5) * ars;
    const double *GRADC_RESTRICT a6 = a + (last < 6 ? last : 6) * ars;
    const double *GRADC_RESTRICT a7 = a + (last < 7 ? last : 7) * ars;
#endif

    for (int i = 0; i < GRADC_GEMM_MR * VL; i++)
        t[i] = 0;
    for (int64_t p = 0; p < k; p++) {
        const int64_t q = p * acs;

#if defined(__clang__)
#pragma clang loop vectorize_width(GRADC_GEMM_VECTOR / sizeof(double)) interleave_count(1)
#elif defined(__GNUC__)
#pragma GCC unroll 1
#endif
        for (int j = 0; j < VL; j++) {
            t[j] += a0[q] * b[j];
            t[j + VL] += a1[q] * b[j];
            t[j + 2 * VL] += a2[q] * b[j];
            t[j + 3 * VL] += a3[q] * b[j];
#if GRADC_GEMM_MR > 4
            t[j + 4 * VL] += a4[q] * b[j];
            t[j + 5 * VL] += a5[q] * b[j];
            t[j + 6 * VL] += a6[q] * b[j];
            t[j + 7 * VL] += a7[q] * b[j];
#endif
        }
        b += brs;
    }
    gradc_gemm_put_f64(t, VL, c, crs, ccs, rows, cols, add);
}

#if defined(__AVX512F__) && defined(__clang__)
#pragma clang attribute pop
#elif defined(__AVX512F__) && defined(__GNUC__)
#pragma GCC pop_options
#endif
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/* Copies B[k, n] into panels of 2 VL columns, row after row; the last panel is filled up
 * with zeros, to VL columns if that is enough. */
static void gradc_gemm_copy_b_f64(int64_t k, int64_t n,
                                  const double *b, int64_t brs, int64_t bcs,
                                  double *GRADC_RESTRICT to)
{
    const int VL = GRADC_GEMM_VECTOR / (int)sizeof(double), NR = 2 * VL;

    for (int64_t j0 = 0; j0 < n; j0 += NR, b += NR * bcs) {
        const int64_t cols = n - j0 < NR ? n - j0 : NR;
        const int64_t width = cols > VL ? NR : VL;

        if (cols == NR && bcs == 1) {
            for (int64_t p = 0; p < k; p++, to += NR)
                for (int j = 0; j < NR; j++)
                    to[j] = b[p * brs + j];
        } else if (cols == NR) {
            for (int64_t p = 0; p < k; p++, to += NR)
                for (int j = 0; j < NR; j++)
                    to[j] = b[p * brs + j * bcs];
        } else {
            for (int64_t p = 0; p < k; p++, to += width) {
                for (int64_t j = 0; j < cols; j++)
                    to[j] = b[p * brs + j * bcs];
                for (int64_t j = cols; j < width; j++)
                    to[j] = 0;
            }
        }
    }
}

/* Copies A[m, k] into panels of MR rows, column after column; a column of A is read at
 * once. What the last panel lacks is never read. */
static void gradc_gemm_copy_a_f64(int64_t m, int64_t k,
                                  const double *a, int64_t ars, int64_t acs,
                                  double *GRADC_RESTRICT to)
{
    const int MR = GRADC_GEMM_MR;

    for (int64_t p = 0; p < k; p++, a += acs) {
        int64_t i = 0;

        for (; ars == 1 && i + MR <= m; i += MR)
            for (int r = 0; r < MR; r++)
                to[i * k + p * MR + r] = a[i + r];
        for (; i < m; i += MR)
            for (int r = 0; r < MR && i + r < m; r++)
                to[i * k + p * MR + r] = a[(i + r) * ars];
    }
}

/* The general way. B is copied unless its rows are contiguous and used by few tiles; A
 * is copied when it is not contiguous along k and used by many. k is cut evenly, that
 * no block is short. */
static void gradc_gemm_blocks_f64(int64_t m, int64_t n, int64_t k,
                                  const double *a, int64_t ars, int64_t acs,
                                  const double *b, int64_t brs, int64_t bcs,
                                  double *c, int64_t crs, int64_t ccs,
                                  int add, double *pack)
{
    const int64_t MR = GRADC_GEMM_MR, VL = GRADC_GEMM_VECTOR / (int)sizeof(double), NR = 2 * VL;
    const int64_t parts = (k + GRADC_GEMM_KC - 1) / GRADC_GEMM_KC;
    const int64_t deep = (k + parts - 1) / parts;
    const int copy_a = acs != 1 && n > 64;
    const int copy_b = bcs != 1 || m > 16;
    const int64_t high = copy_a ? GRADC_GEMM_MC : m;

    for (int64_t p = 0; p < k; p += deep) {
        const int64_t kc = k - p < deep ? k - p : deep;
        const int plus = add || p > 0;

        for (int64_t j = 0; j < n; j += GRADC_GEMM_NC) {
            const int64_t nc = n - j < GRADC_GEMM_NC ? n - j : GRADC_GEMM_NC;
            const double *bj = b + p * brs + j * bcs;
            double *rest = pack; /* where the copy of A goes */

            if (copy_b) {
                gradc_gemm_copy_b_f64(kc, nc, bj, brs, bcs, pack);
                rest = pack + (nc + NR - 1) / NR * NR * kc;
            } else if (nc % VL != 0) {
                const int64_t full = nc / NR * NR;

                gradc_gemm_copy_b_f64(kc, nc - full, bj + full, brs, bcs, pack);
                rest = pack + NR * kc;
            }
            for (int64_t i = 0; i < m; i += high) {
                const int64_t mc = m - i < high ? m - i : high;
                const double *ai = a + i * ars + p * acs;

                if (copy_a)
                    gradc_gemm_copy_a_f64(mc, kc, ai, ars, acs, rest);
                for (int64_t ir = 0; ir < mc; ir += MR) {
                    const int64_t rows = mc - ir < MR ? mc - ir : MR;
                    const double *at = copy_a ? rest + ir * kc : ai + ir * ars;
                    const int64_t at_rs = copy_a ? 1 : ars;
                    const int64_t at_cs = copy_a ? MR : acs;

                    for (int64_t jr = 0; jr < nc; jr += NR) {
                        const int64_t cols = nc - jr < NR ? nc - jr : NR;
                        const int there = !copy_b && cols % VL == 0;
                        const double *bt = there ? bj + jr : copy_b ? pack + jr * kc : pack;
                        const int64_t bt_rs = there ? brs : cols > VL ? NR : VL;
                        double *ct = c + (i + ir) * crs + (j + jr) * ccs;

                        if (cols > VL)
                            gradc_gemm_tile_f64(kc, at, at_rs, at_cs, bt, bt_rs,
                                                ct, crs, ccs, rows, cols, plus);
                        else
                            gradc_gemm_half_tile_f64(kc, at, at_rs, at_cs, bt, bt_rs,
                                                     ct, crs, ccs, rows, cols, plus);
                    }
                }
            }
        }
    }
}

/* Few rows of A, rows of B contiguous: a row of C is the sum of rows of B, gathered in
 * pieces that stay in the first-level cache, four rows of B a sweep. */
static void gradc_gemm_rows_f64(int64_t m, int64_t n, int64_t k,
                                const double *a, int64_t ars, int64_t acs,
                                const double *b, int64_t brs,
                                double *c, int64_t crs, int64_t ccs, int add)
{
    const int64_t piece = 512;
    double t[512];

    for (int64_t j0 = 0; j0 < n; j0 += piece) {
        const int64_t w = n - j0 < piece ? n - j0 : piece;

        for (int64_t i = 0; i < m; i++) {
            const double *ai = a + i * ars;
            double *ci = c + i * crs + j0 * ccs;
            int64_t p = 0;

            for (int64_t j = 0; j < w; j++)
                t[j] = 0;
            for (; p + 4 <= k; p += 4) {
                const double *b0 = b + p * brs + j0;
                const double *b1 = b0 + brs, *b2 = b1 + brs, *b3 = b2 + brs;
                const double x0 = ai[p * acs], x1 = ai[(p + 1) * acs];
                const double x2 = ai[(p + 2) * acs], x3 = ai[(p + 3) * acs];

                for (int64_t j = 0; j < w; j++)
                    t[j] = t[j] + x0 * b0[j] + x1 * b1[j] + x2 * b2[j] + x3 * b3[j];
            }
            for (; p < k; p++) {
                const double *b0 = b + p * brs + j0;
                const double x0 = ai[p * acs];

                for (int64_t j = 0; j < w; j++)
                    t[j] += x0 * b0[j];
            }
            if (add) {
                for (int64_t j = 0; j < w; j++)
                    ci[j * ccs] += t[j];
            } else if (ccs == 1) {
                for (int64_t j = 0; j < w; j++)
                    ci[j] = t[j];
            } else {
                for (int64_t j = 0; j < w; j++)
                    ci[j * ccs] = t[j];
            }
        }
    }
}

/* Few columns of B, A and B contiguous along k: inner products of four rows of A with a
 * column of B, each in 8 partial sums. Rows of A past the last repeat it. */
static void gradc_gemm_dots_f64(int64_t m, int64_t n, int64_t k,
                                const double *a, int64_t ars, const double *b, int64_t bcs,
                                double *c, int64_t crs, int64_t ccs, int add)
{
    for (int64_t i = 0; i < m; i += 4) {
        const int64_t last = m - i - 1;
        const double *a0 = a + i * ars;
        const double *a1 = a0 + (last < 1 ? last : 1) * ars;
        const double *a2 = a0 + (last < 2 ? last : 2) * ars;
        const double *a3 = a0 + (last < 3 ? last : 3) * ars;

        for (int64_t j = 0; j < n; j++) {
            const double *bj = b + j * bcs;
            double t[32], sum[4];
            int64_t p = 0;

            for (int q = 0; q < 32; q++)
                t[q] = 0;
            for (; p + 8 <= k; p += 8) {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC unroll 1
#endif
                for (int q = 0; q < 8; q++) {
                    t[q] += a0[p + q] * bj[p + q];
                    t[q + 8] += a1[p + q] * bj[p + q];
                    t[q + 16] += a2[p + q] * bj[p + q];
                    t[q + 24] += a3[p + q] * bj[p + q];
                }
            }
            for (int q = 0; p < k; p++, q++) {
                t[q] += a0[p] * bj[p];
                t[q + 8] += a1[p] * bj[p];
                t[q + 16] += a2[p] * bj[p];
                t[q + 24] += a3[p] * bj[p];
            }
            for (int r = 0; r < 4; r++) {
                const double *tr = t + 8 * r;

                sum[r] = ((tr[0] + tr[4]) + (tr[2] + tr[6])) + ((tr[1] + tr[5]) + (tr[3] + tr[7]));
            }
            for (int64_t r = 0; r <= last && r < 4; r++) {
                double *cr = c + (i + r) * crs + j * ccs;

                *cr = add ? *cr + sum[r] : sum[r];
            }
        }
    }
}

/* Very small products, and k = 0 and 1: nothing is worth preparing. */
static void gradc_gemm_plain_f64(int64_t m, int64_t n, int64_t k,
                                 const double *a, int64_t ars, int64_t acs,
                                 const double *b, int64_t brs, int64_t bcs,
                                 double *c, int64_t crs, int64_t ccs, int add)
{
    for (int64_t i = 0; i < m; i++) {
        const double *ai = a + i * ars;
        double *ci = c + i * crs;

        if (k == 1 && bcs == 1 && ccs == 1) {
            const double x = ai[0];

            if (add)
                for (int64_t j = 0; j < n; j++)
                    ci[j] += x * b[j];
            else
                for (int64_t j = 0; j < n; j++)
                    ci[j] = x * b[j];
            continue;
        }
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;

            for (int64_t p = 0; p < k; p++)
                sum += ai[p * acs] * b[p * brs + j * bcs];
            ci[j * ccs] = add ? ci[j * ccs] + sum : sum;
        }
    }
}

/* C = A B, or C += A B: A is m x k, B is k x n; rs and cs are the distances of rows and
 * of columns in elements, 0 to repeat one. C overlaps neither A nor B. pack is scratch
 * of gradc_gemm_pack_f64(m, n, k) elements. */
static void gradc_gemm_f64(int64_t m, int64_t n, int64_t k,
                           const double *a, int64_t ars, int64_t acs,
                           const double *b, int64_t brs, int64_t bcs,
                           double *c, int64_t crs, int64_t ccs, int add, double *pack)
{
    int turn;

    if (m <= 0 || n <= 0 || (k <= 0 && add))
        return;

    /* A stride that is never used may as well be 1. */
    if (m == 1)
        ars = crs = 1;
    if (n == 1)
        bcs = ccs = 1;
    if (k <= 1)
        acs = brs = 1;

    /* Turn to C' = B' A' where that makes the rows of B contiguous, or the vectors
     * longer, or the operand that must be transposed by a copy the smaller one. */
    if (k <= 1 || (ars == 1 && bcs == 1))
        turn = n < 8 && m > n && ars == 1;
    else if (bcs == 1)
        turn = 0;
    else
        turn = ars == 1 || (acs == 1 && brs == 1 && (n - m) * k > m * n);
    if (turn) {
        const double *t = a;
        const int64_t m0 = m, ars0 = ars, acs0 = acs, crs0 = crs;

        a = b, b = t;
        m = n, n = m0;
        ars = bcs, acs = brs;
        brs = acs0, bcs = ars0;
        crs = ccs, ccs = crs0;
    }

    if (k <= 1 || (m <= 4 && n <= 4 && k <= 8))
        gradc_gemm_plain_f64(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, add);
    else if (acs == 1 && brs == 1 && n < 8)
        gradc_gemm_dots_f64(m, n, k, a, ars, b, bcs, c, crs, ccs, add);
    else if (bcs == 1 && m <= 3)
        gradc_gemm_rows_f64(m, n, k, a, ars, acs, b, brs, c, crs, ccs, add);
    else
        gradc_gemm_blocks_f64(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, add, pack);
}

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
        for (; i < m; i++) {
            double *GRADC_RESTRICT c0 = c + i * crs + j0;
            int64_t p = 0;

            for (; p + 4 <= k; p += 4) {
                const double *GRADC_RESTRICT b0 = b + p * brs + j0;
                const double *GRADC_RESTRICT b1 = b0 + brs;
                const double *GRADC_RESTRICT b2 = b1 + brs;
                const double *GRADC_RESTRICT b3 = b2 + brs;
                const double *r0 = a + i * ars + p * acs;
                const double a00 = r0[0], a01 = r0[acs], a02 = r0[2 * acs], a03 = r0[3 * acs];

                for (int64_t j = 0; j < w; j++)
                    c0[j] = c0[j] - a00 * b0[j] - a01 * b1[j] - a02 * b2[j] - a03 * b3[j];
            }
            for (; p < k; p++) {
                const double *GRADC_RESTRICT b0 = b + p * brs + j0;
                const double a00 = a[i * ars + p * acs];

                for (int64_t j = 0; j < w; j++)
                    c0[j] -= a00 * b0[j];
            }
        }
    }
}

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
                gradc_linalg_minus_f64(1, nrhs, s, t + i * rs + from * cs, rs, cs,
                                       x + from * nrhs, nrhs, xi, nrhs);
            if (!unit) {
                const double pivot = t[i * rs + i * cs];

                for (int64_t j = 0; j < nrhs; j++)
                    xi[j] /= pivot;
            }
        }
    }
}

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
            gradc_linalg_minus_f64(1, right, i - k0, a + i * n + k0, n, 1,
                                   a + k0 * n + k1, n, a + i * n + k1, n);
        gradc_linalg_minus_f64(right, right, k1 - k0, a + k1 * n + k0, n, 1,
                               a + k0 * n + k1, n, a + k1 * n + k1, n);
    }
    return sign;
}

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

/* kalman: value of kalman (kalman.dg:6)
 * z [T, M]  F [N, N]  G [M, N]  Q [N, N]  R [M, M]  m0 [N]  P0 [N, N]  -> value scalar
 * workspace: kalman_work(T, M, N) bytes */
int kalman(const double *z, const double *F, const double *G, const double *Q, const double *R,
    const double *m0, const double *P0, int64_t T, int64_t M, int64_t N, double *value,
    void *work)
{
    char *const space = (char *)work;
    double *const m = (double *)(void *)space;  /* [N] */
    const size_t offset1 = gradc_space(8*N);
    double *const P = (double *)(void *)(space + offset1);  /* [N, N] */
    const size_t offset2 = offset1 + gradc_space(8*N*N);
    double *const m_2 = (double *)(void *)(space + offset2);  /* [N] */
    const size_t offset3 = offset2 + gradc_space(8*N);
    double *const w = (double *)(void *)(space + offset3);  /* [N, N] */
    double *const P_2 = (double *)(void *)(space + offset3);  /* [N, N] */
    const size_t offset4 = offset3 + gradc_space(8*N*N);
    double *const w_2 = (double *)(void *)(space + offset4);  /* [N, N] */
    double *const w_10 = (double *)(void *)(space + offset4);  /* [N, N] */
    const size_t offset5 = offset4 + gradc_space(8*N*N);
    double *const w_3 = (double *)(void *)(space + offset5);  /* [M, N] */
    const size_t offset6 = offset5 + gradc_space(8*M*N);
    double *const w_4 = (double *)(void *)(space + offset6);  /* [M, M] */
    const size_t offset7 = offset6 + gradc_space(8*M*M);
    double *const S = (double *)(void *)(space + offset7);  /* [M, M] */
    const size_t offset8 = offset7 + gradc_space(8*M*M);
    double *const w_5 = (double *)(void *)(space + offset8);  /* [M] */
    double *const w_8 = (double *)(void *)(space + offset8);  /* [M, 1] */
    const size_t offset9 = offset8 + gradc_space(8*M);
    double *const e = (double *)(void *)(space + offset9);  /* [M] */
    const size_t offset10 = offset9 + gradc_space(8*M);
    double *const w_6 = (double *)(void *)(space + offset10);  /* [M, N] */
    const size_t offset11 = offset10 + gradc_space(8*M*N);
    double *const w_7 = (double *)(void *)(space + offset11);  /* scalar */
    const size_t offset12 = offset11 + gradc_space(8);
    double *const w_9 = (double *)(void *)(space + offset12);  /* [N] */
    const size_t offset13 = offset12 + gradc_space(8*N);
    double *const w_11 = (double *)(void *)(space + offset13);  /* [N, N] */
    const size_t offset14 = offset13 + gradc_space(8*N*N);
    void *const scratch = (void *)(space + offset14);

    GRADC_IVDEP
    for (int64_t i = 0; i < N; i++) {
        m[i] = m0[i];
    }
    GRADC_IVDEP
    for (int64_t i = 0; i < (N*N); i++) {
        P[i] = P0[i];
    }
    const double t = (double)M * gradc_log(6.283185307179586);  /* kalman.dg:16 */
    double total = 0.0;
    for (int64_t t_2 = 0; t_2 < T; t_2++) {
        gradc_gemm_f64(N, 1, N, F, N, 1,
            m, 1, 0, m_2, 1, 0, 0, (double *)scratch);
        gradc_gemm_f64(N, N, N, F, N, 1,
            P, N, 1, w, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(N, N, N, w, N, 1,
            F, 1, N, w_2, N, 1, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < (N*N); i++) {
            const double P_3 = w_2[i] + Q[i];  /* kalman.dg:12 */
            P_2[i] = P_3;
        }
        gradc_gemm_f64(M, N, N, G, N, 1,
            P_2, N, 1, w_3, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(M, M, N, w_3, N, 1,
            G, 1, N, w_4, M, 1, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < (M*M); i++) {
            const double S_2 = w_4[i] + R[i];  /* kalman.dg:13 */
            S[i] = S_2;
        }
        gradc_gemm_f64(M, 1, N, G, N, 1,
            m_2, 1, 0, w_5, 1, 0, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < M; i++) {
            const double e_2 = z[t_2 * M + i] - w_5[i];  /* kalman.dg:14 */
            e[i] = e_2;
        }
        gradc_solve_f64(M, N, S, w_3, w_6, (double *)(void *)((int64_t *)scratch + M), (int64_t *)scratch);
        *(w_7) = gradc_logdet_f64(M, S, (double *)(void *)((int64_t *)scratch + M), (int64_t *)scratch);
        gradc_solve_f64(M, 1, S, e, w_8, (double *)(void *)((int64_t *)scratch + M), (int64_t *)scratch);
        gradc_gemm_f64(N, 1, M, w_6, 1, N,
            e, 1, 0, w_9, 1, 0, 0, (double *)scratch);
        gradc_gemm_f64(N, N, M, w_6, 1, N,
            G, N, 1, w_10, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(N, N, N, w_10, N, 1,
            P_2, N, 1, w_11, N, 1, 0, (double *)scratch);
        double s_parts[16] = {0};
        for (int64_t i_0 = 0; i_0 < M; i_0 += 256) {
            const int64_t len = M - i_0 < 256 ? M - i_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i = i_0 + lane;
                strip[lane] = e[i] * w_8[i];
            }
            gradc_sum(len, strip, s_parts);
        }
        const double s = gradc_sum_of(s_parts);
        GRADC_IVDEP
        for (int64_t i = 0; i < N; i++) {
            const double m_3 = m_2[i] + w_9[i];  /* kalman.dg:17 */
            m[i] = m_3;
        }
        GRADC_IVDEP
        for (int64_t i = 0; i < (N*N); i++) {
            const double P_3 = P_2[i] - w_11[i];  /* kalman.dg:18 */
            P[i] = P_3;
        }
        total += w_7[0] + s + t;
    }
    *value = total * -0.5;
    return 0;
}

size_t kalman_work(int64_t T, int64_t M, int64_t N)
{
    (void)T;
    return gradc_space(8*N)
        + gradc_space(8*N*N)
        + gradc_space(8*N)
        + gradc_space(8*N*N)
        + gradc_space(8*N*N)
        + gradc_space(8*M*N)
        + gradc_space(8*M*M)
        + gradc_space(8*M*M)
        + gradc_space(8*M)
        + gradc_space(8*M)
        + gradc_space(8*M*N)
        + gradc_space(8)
        + gradc_space(8*N)
        + gradc_space(8*N*N)
        + gradc_larger(gradc_gemm_pack_f64(N, 1, N) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(N, N, N) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(M, N, N) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(M, M, N) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(M, 1, N) * sizeof(double),
            gradc_larger((size_t)(8*M*M + 8*M + 8),
            gradc_larger(gradc_gemm_pack_f64(N, 1, M) * sizeof(double),
            gradc_gemm_pack_f64(N, N, M) * sizeof(double))))))));
}

/* kalman_grad: value and gradient of kalman (kalman.dg:6)
 * z [T, M]  F [N, N]  G [M, N]  Q [N, N]  R [M, M]  m0 [N]  P0 [N, N]  -> value scalar
 * grad_F [N, N]  grad_Q [N, N]  grad_R [M, M]
 * workspace: kalman_grad_work(T, M, N) bytes */
int kalman_grad(const double *z, const double *F, const double *G, const double *Q,
    const double *R, const double *m0, const double *P0, int64_t T, int64_t M, int64_t N,
    double *value, double *grad_F, double *grad_Q, double *grad_R, void *work)
{
    char *const space = (char *)work;
    double *const m = (double *)(void *)space;  /* [N] */
    double *const w_15 = (double *)(void *)space;  /* [N] */
    const size_t offset1 = gradc_space(8*N);
    double *const P = (double *)(void *)(space + offset1);  /* [N, N] */
    double *const w_16 = (double *)(void *)(space + offset1);  /* [N, N] */
    double *const w_44 = (double *)(void *)(space + offset1);  /* [N, N] */
    const size_t offset2 = offset1 + gradc_space(8*N*N);
    double *const w = (double *)(void *)(space + offset2);  /* [T, N] */
    const size_t offset3 = offset2 + gradc_space(8*T*N);
    double *const w_2 = (double *)(void *)(space + offset3);  /* [T, N, N] */
    const size_t offset4 = offset3 + gradc_space(8*T*N*N);
    double *const w_3 = (double *)(void *)(space + offset4);  /* [T, N, N] */
    const size_t offset5 = offset4 + gradc_space(8*T*N*N);
    double *const w_4 = (double *)(void *)(space + offset5);  /* [T, N, N] */
    const size_t offset6 = offset5 + gradc_space(8*T*N*N);
    double *const w_5 = (double *)(void *)(space + offset6);  /* [T, M, M] */
    const size_t offset7 = offset6 + gradc_space(8*T*M*M);
    double *const w_6 = (double *)(void *)(space + offset7);  /* [T, M] */
    const size_t offset8 = offset7 + gradc_space(8*T*M);
    double *const w_7 = (double *)(void *)(space + offset8);  /* [T, M, N] */
    const size_t offset9 = offset8 + gradc_space(8*T*M*N);
    double *const w_8 = (double *)(void *)(space + offset9);  /* [T, M, 1] */
    const size_t offset10 = offset9 + gradc_space(8*T*M);
    double *const w_9 = (double *)(void *)(space + offset10);  /* [T, N, N] */
    const size_t offset11 = offset10 + gradc_space(8*T*N*N);
    double *const w_10 = (double *)(void *)(space + offset11);  /* [T, M, M] */
    const size_t offset12 = offset11 + gradc_space(8*T*M*M);
    double *const m_2 = (double *)(void *)(space + offset12);  /* [N] */
    double *const w_37 = (double *)(void *)(space + offset12);  /* [N] */
    const size_t offset13 = offset12 + gradc_space(8*N);
    double *const P_2 = (double *)(void *)(space + offset13);  /* [N, N] */
    double *const w_17 = (double *)(void *)(space + offset13);  /* [N, N] */
    const size_t offset14 = offset13 + gradc_space(8*N*N);
    double *const w_11 = (double *)(void *)(space + offset14);  /* [M, N] */
    double *const w_21 = (double *)(void *)(space + offset14);  /* [M, N] */
    double *const w_39 = (double *)(void *)(space + offset14);  /* [M, N] */
    const size_t offset15 = offset14 + gradc_space(8*M*N);
    double *const S = (double *)(void *)(space + offset15);  /* [M, M] */
    double *const w_28 = (double *)(void *)(space + offset15);  /* [M, M] */
    double *const w_34 = (double *)(void *)(space + offset15);  /* [M, M] */
    const size_t offset16 = offset15 + gradc_space(8*M*M);
    double *const e = (double *)(void *)(space + offset16);  /* [M] */
    double *const e_2 = (double *)(void *)(space + offset16);  /* [M] */
    const size_t offset17 = offset16 + gradc_space(8*M);
    double *const w_12 = (double *)(void *)(space + offset17);  /* scalar */
    const size_t offset18 = offset17 + gradc_space(8);
    double *const w_13 = (double *)(void *)(space + offset18);  /* [N] */
    double *const w_38 = (double *)(void *)(space + offset18);  /* [N] */
    const size_t offset19 = offset18 + gradc_space(8*N);
    double *const w_14 = (double *)(void *)(space + offset19);  /* [N, N] */
    double *const w_19 = (double *)(void *)(space + offset19);  /* [N, N] */
    double *const w_41 = (double *)(void *)(space + offset19);  /* [N, N] */
    double *const w_42 = (double *)(void *)(space + offset19);  /* [N, N] */
    const size_t offset20 = offset19 + gradc_space(8*N*N);
    double *const w_18 = (double *)(void *)(space + offset20);  /* [T, N, N] */
    const size_t offset21 = offset20 + gradc_space(8*T*N*N);
    double *const w_20 = (double *)(void *)(space + offset21);  /* [N, N] */
    const size_t offset22 = offset21 + gradc_space(8*N*N);
    double *const w_22 = (double *)(void *)(space + offset22);  /* [N, N] */
    double *const w_43 = (double *)(void *)(space + offset22);  /* [N, N] */
    const size_t offset23 = offset22 + gradc_space(8*N*N);
    double *const P_3 = (double *)(void *)(space + offset23);  /* [N, N] */
    double *const w_24 = (double *)(void *)(space + offset23);  /* [N, N] */
    const size_t offset24 = offset23 + gradc_space(8*N*N);
    double *const w_27 = (double *)(void *)(space + offset24);  /* [M] */
    double *const w_36 = (double *)(void *)(space + offset24);  /* [M] */
    const size_t offset25 = offset24 + gradc_space(8*M);
    double *const w_23 = (double *)(void *)(space + offset25);  /* [N, N] */
    const size_t offset26 = offset25 + gradc_space(8*N*N);
    double *const w_25 = (double *)(void *)(space + offset26);  /* [N, M] */
    double *const w_33 = (double *)(void *)(space + offset26);  /* [M, N] */
    const size_t offset27 = offset26 + gradc_space(8*M*N);
    double *const w_26 = (double *)(void *)(space + offset27);  /* [M] */
    const size_t offset28 = offset27 + gradc_space(8*M);
    double *const w_29 = (double *)(void *)(space + offset28);  /* [M, 1] */
    const size_t offset29 = offset28 + gradc_space(8*M);
    double *const w_31 = (double *)(void *)(space + offset29);  /* [M, M] */
    const size_t offset30 = offset29 + gradc_space(8*M*M);
    double *const w_32 = (double *)(void *)(space + offset30);  /* [M, N] */
    double *const w_40 = (double *)(void *)(space + offset30);  /* [M, N] */
    const size_t offset31 = offset30 + gradc_space(8*M*N);
    double *const w_35 = (double *)(void *)(space + offset31);  /* [M, M] */
    const size_t offset32 = offset31 + gradc_space(8*M*M);
    void *const scratch = (void *)(space + offset32);

    GRADC_IVDEP
    for (int64_t i = 0; i < N; i++) {
        m[i] = m0[i];
    }
    GRADC_IVDEP
    for (int64_t i = 0; i < (N*N); i++) {
        P[i] = P0[i];
    }
    const double t = (double)M * gradc_log(6.283185307179586);  /* kalman.dg:16 */
    double total = 0.0;
    for (int64_t t_2 = 0; t_2 < T; t_2++) {
        double *const row = w_3 + t_2 * (N*N);
        double *const row_2 = w_4 + t_2 * (N*N);
        double *const row_3 = w_5 + t_2 * (M*M);
        double *const row_4 = w_6 + t_2 * M;
        double *const row_5 = w_7 + t_2 * (M*N);
        double *const row_6 = w_8 + t_2 * M;
        double *const row_7 = w_9 + t_2 * (N*N);
        double *const row_8 = w_10 + t_2 * (M*M);
        gradc_gemm_f64(N, 1, N, F, N, 1,
            m, 1, 0, m_2, 1, 0, 0, (double *)scratch);
        gradc_gemm_f64(N, N, N, F, N, 1,
            P, N, 1, row, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(N, N, N, row, N, 1,
            F, 1, N, row_2, N, 1, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < (N*N); i++) {
            const double P_4 = row_2[i] + Q[i];  /* kalman.dg:12 */
            const double t_3 = P[i];  /* kalman.dg:23 */
            P_2[i] = P_4;
            w_2[t_2 * (N*N) + i] = t_3;
        }
        gradc_gemm_f64(M, N, N, G, N, 1,
            P_2, N, 1, w_11, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(M, M, N, w_11, N, 1,
            G, 1, N, row_3, M, 1, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < (M*M); i++) {
            const double S_2 = row_3[i] + R[i];  /* kalman.dg:13 */
            S[i] = S_2;
        }
        gradc_gemm_f64(M, 1, N, G, N, 1,
            m_2, 1, 0, row_4, 1, 0, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < M; i++) {
            const double e_3 = z[t_2 * M + i] - row_4[i];  /* kalman.dg:14 */
            e[i] = e_3;
        }
        gradc_solve_f64(M, N, S, w_11, row_5, (double *)(void *)((int64_t *)scratch + M), (int64_t *)scratch);
        *(w_12) = gradc_logdet_f64(M, S, (double *)(void *)((int64_t *)scratch + M), (int64_t *)scratch);
        gradc_solve_f64(M, 1, S, e, row_6, (double *)(void *)((int64_t *)scratch + M), (int64_t *)scratch);
        gradc_gemm_f64(N, 1, M, row_5, 1, N,
            e, 1, 0, w_13, 1, 0, 0, (double *)scratch);
        gradc_gemm_f64(N, N, M, row_5, 1, N,
            G, N, 1, row_7, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(N, N, N, row_7, N, 1,
            P_2, N, 1, w_14, N, 1, 0, (double *)scratch);
        gradc_inv_f64(M, S, row_8, (double *)(void *)((int64_t *)scratch + M), (int64_t *)scratch);
        double s_parts[16] = {0};
        for (int64_t i_0 = 0; i_0 < M; i_0 += 256) {
            const int64_t len = M - i_0 < 256 ? M - i_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i = i_0 + lane;
                strip[lane] = e[i] * row_6[i];
            }
            gradc_sum(len, strip, s_parts);
        }
        const double s = gradc_sum_of(s_parts);
        GRADC_IVDEP
        for (int64_t i = 0; i < N; i++) {
            const double t_3 = m[i];  /* kalman.dg:23 */
            const double m_3 = m_2[i] + w_13[i];  /* kalman.dg:17 */
            w[t_2 * N + i] = t_3;
            m[i] = m_3;
        }
        GRADC_IVDEP
        for (int64_t i = 0; i < (N*N); i++) {
            const double P_4 = P_2[i] - w_14[i];  /* kalman.dg:18 */
            P[i] = P_4;
        }
        total += w_12[0] + s + t;
    }
    for (int64_t i_fill = 0; i_fill < N; i_fill++)
        w_15[i_fill] = 0.0;
    for (int64_t i_fill = 0; i_fill < (N*N); i_fill++)
        w_16[i_fill] = 0.0;
    for (int64_t i_fill = 0; i_fill < (N*N); i_fill++)
        w_17[i_fill] = 0.0;
    for (int64_t i_fill = 0; i_fill < (N*N); i_fill++)
        grad_Q[i_fill] = 0.0;
    for (int64_t i_fill = 0; i_fill < (M*M); i_fill++)
        grad_R[i_fill] = 0.0;
    double s = -0.5;
    for (int64_t t_2 = T - 1; t_2 >= 0; t_2--) {
        double *const row = w_18 + t_2 * (N*N);
        for (int64_t i = 0; i < N; i++) {
            GRADC_IVDEP
            for (int64_t j = 0; j < N; j++) {
                const double t_3 = w_16[i * N + j];
                const double P_4 = w_4[(t_2 * N + i) * N + j] + Q[i * N + j];  /* kalman.dg:12 */
                w_19[i * N + j] = -t_3;
                w_20[i * N + j] = w_2[(t_2 * N + i) * N + j];
                w_22[i * N + j] = w_9[(t_2 * N + i) * N + j];
                P_3[i * N + j] = P_4;
            }
        }
        for (int64_t i = 0; i < M; i++) {
            GRADC_IVDEP
            for (int64_t j = 0; j < N; j++) {
                w_21[i * N + j] = w_7[(t_2 * M + i) * N + j];
            }
        }
        GRADC_IVDEP
        for (int64_t i = 0; i < M; i++) {
            const double e_3 = z[t_2 * M + i] - w_6[t_2 * M + i];  /* kalman.dg:14 */
            e_2[i] = e_3;
            w_27[i] = e_3 * s;
        }
        gradc_gemm_f64(N, N, N, w_19, N, 1,
            P_3, 1, N, w_23, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(N, N, N, w_22, 1, N,
            w_19, N, 1, w_24, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(N, M, N, w_23, N, 1,
            G, 1, N, w_25, M, 1, 0, (double *)scratch);
        gradc_gemm_f64(M, 1, N, w_21, N, 1,
            w_15, 1, 0, w_26, 1, 0, 0, (double *)scratch);
        for (int64_t i = 0; i < M; i++) {
            GRADC_IVDEP
            for (int64_t j = 0; j < M; j++) {
                const double S_2 = w_5[(t_2 * M + j) * M + i] + R[j * M + i];  /* kalman.dg:13 */
                w_28[i * M + j] = S_2;
            }
        }
        gradc_solve_f64(M, 1, w_28, w_27, w_29, (double *)(void *)((int64_t *)scratch + M), (int64_t *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < M; i++) {
            w_36[i] = -(w_26[i] + s * w_8[t_2 * M + i] + w_29[i]);
        }
        for (int64_t i = 0; i < M; i++) {
            const double t_3 = w_29[i];  /* kalman.dg:16 */
            GRADC_IVDEP
            for (int64_t j = 0; j < M; j++) {
                w_31[i * M + j] = s * w_10[(t_2 * M + j) * M + i] - t_3 * w_8[t_2 * M + j];
            }
        }
        for (int64_t i = 0; i < M; i++) {
            const double t_3 = e_2[i];  /* kalman.dg:17 */
            GRADC_IVDEP
            for (int64_t j = 0; j < N; j++) {
                const double t_4 = w_15[j];
                w_32[i * N + j] = w_25[j * M + i] + t_4 * t_3;
            }
        }
        gradc_solve_f64(M, N, w_28, w_32, w_33, (double *)(void *)((int64_t *)scratch + M), (int64_t *)scratch);
        gradc_gemm_f64(M, M, N, w_33, N, 1,
            w_21, 1, N, w_34, M, 1, 0, (double *)scratch);
        for (int64_t i = 0; i < M; i++) {
            GRADC_IVDEP
            for (int64_t j = 0; j < M; j++) {
                const double t_3 = w_31[i * M + j] - w_34[i * M + j];  /* kalman.dg:15 */
                const double t_4 = grad_R[i * M + j];  /* kalman.dg:13 */
                w_35[i * M + j] = t_3;
                grad_R[i * M + j] = t_4 + t_3;
            }
        }
        gradc_gemm_f64(N, 1, M, G, 1, N,
            w_36, 1, 0, w_37, 1, 0, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < N; i++) {
            const double t_3 = w_15[i];  /* kalman.dg:14 */
            w_38[i] = t_3 + w_37[i];
        }
        gradc_gemm_f64(M, N, M, w_35, M, 1,
            G, N, 1, w_39, N, 1, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < (M*N); i++) {
            w_40[i] = w_33[i] + w_39[i];
        }
        gradc_gemm_f64(N, N, M, G, 1, N,
            w_40, N, 1, w_41, N, 1, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < (N*N); i++) {
            const double t_3 = w_16[i];  /* kalman.dg:18 */
            const double t_4 = t_3 + w_24[i] + w_41[i];  /* kalman.dg:13 */
            const double t_5 = grad_Q[i];  /* kalman.dg:12 */
            row[i] = t_4;
            grad_Q[i] = t_5 + t_4;
        }
        gradc_gemm_f64(N, N, N, row, N, 1,
            F, N, 1, w_42, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(N, N, N, w_42, N, 1,
            w_20, 1, N, w_43, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(N, N, N, F, 1, N,
            w_42, N, 1, w_16, N, 1, 0, (double *)scratch);
        gradc_gemm_f64(N, 1, N, F, 1, N,
            w_38, 1, 0, w_15, 1, 0, 0, (double *)scratch);
        for (int64_t i = 0; i < N; i++) {
            const double t_3 = w_38[i];  /* kalman.dg:11 */
            GRADC_IVDEP
            for (int64_t j = 0; j < N; j++) {
                const double t_4 = w_17[i * N + j];  /* kalman.dg:12 */
                w_17[i * N + j] = t_4 + w_43[i * N + j] + t_3 * w[t_2 * N + j];
            }
        }
    }
    gradc_gemm_f64(N, N, T*N, w_3, 1, N,
        w_18, N, 1, w_44, N, 1, 0, (double *)scratch);
    for (int64_t i = 0; i < N; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < N; j++) {
            grad_F[i * N + j] = w_17[i * N + j] + w_44[j * N + i];
        }
    }
    *value = total * -0.5;
    return 0;
}

size_t kalman_grad_work(int64_t T, int64_t M, int64_t N)
{
    return gradc_space(8*N)
        + gradc_space(8*N*N)
        + gradc_space(8*T*N)
        + gradc_space(8*T*N*N)
        + gradc_space(8*T*N*N)
        + gradc_space(8*T*N*N)
        + gradc_space(8*T*M*M)
        + gradc_space(8*T*M)
        + gradc_space(8*T*M*N)
        + gradc_space(8*T*M)
        + gradc_space(8*T*N*N)
        + gradc_space(8*T*M*M)
        + gradc_space(8*N)
        + gradc_space(8*N*N)
        + gradc_space(8*M*N)
        + gradc_space(8*M*M)
        + gradc_space(8*M)
        + gradc_space(8)
        + gradc_space(8*N)
        + gradc_space(8*N*N)
        + gradc_space(8*T*N*N)
        + gradc_space(8*N*N)
        + gradc_space(8*N*N)
        + gradc_space(8*N*N)
        + gradc_space(8*M)
        + gradc_space(8*N*N)
        + gradc_space(8*M*N)
        + gradc_space(8*M)
        + gradc_space(8*M)
        + gradc_space(8*M*M)
        + gradc_space(8*M*N)
        + gradc_space(8*M*M)
        + gradc_larger(gradc_gemm_pack_f64(N, 1, N) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(N, N, N) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(M, N, N) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(M, M, N) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(M, 1, N) * sizeof(double),
            gradc_larger((size_t)(8*M*M + 8*M + 8),
            gradc_larger(gradc_gemm_pack_f64(N, 1, M) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(N, N, M) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(N, M, N) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(M, N, M) * sizeof(double),
            gradc_gemm_pack_f64(N, N, T*N) * sizeof(double)))))))))));
}

#ifdef __cplusplus
}
#endif
