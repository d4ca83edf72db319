/* Made by gradc from rnn.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* x >= 0 with the sign of s. */
static inline double gradc_with_sign(double x, double s)
{
    return gradc_from_bits(gradc_bits(x) | (gradc_bits(s) & 0x8000000000000000u));
}

/* x, cut to [-limit, limit]; a nan stays. */
static inline double gradc_clamp(double x, double limit)
{
    const double a = gradc_abs(x);

    return gradc_pick(gradc_less(limit, a) & ~gradc_less(INFINITY, a), gradc_with_sign(limit, x), x);
}

/* (e^x - 1) / 4 = hi + lo, x clamped to [-60, 710.5]. With s = 2^(k-2) it is
 * (s - 1/4) + s r + s r^2 q(r); the first sum is made exactly. The quarter keeps
 * sinh and cosh from overflowing before their results do. */
static inline void gradc_expm1_parts(double x, double *hi, double *lo)
{
    const double c = gradc_clamp(x, gradc_pick(gradc_negative(x), 60.0, 710.5));
    const double t = c * 0x1.71547652b82fep+0 + 6755399441055744.0;
    const double k = t - 6755399441055744.0;
    const double s = gradc_from_bits((gradc_bits(k + (6755399441055744.0 + 1021.0)) & 0xfff) << 52);
    const double a = c - k * 0x1.62e42fefa3800p-1;
    const double b = k * 0x1.ef35793c76730p-45;
    const double r = a - b;
    const double rl = (a - r) - b;
    const double r2 = r * r;
    const double r4 = r2 * r2;
    const double q = ((0x1.0000000000000p-1 + r * 0x1.555555555555cp-3)
            + r2 * (0x1.555555555555ep-5 + r * 0x1.111111110ebb3p-7))
        + r4 * (((0x1.6c16c16c135d7p-10 + r * 0x1.a01a01b3bb1f9p-13)
            + r2 * (0x1.a01a01b440f32p-16 + r * 0x1.71ddef93c9a24p-19))
        + r4 * ((0x1.27e4bf57aaac3p-22 + r * 0x1.af6ccce91d186p-26)
            + r2 * 0x1.1f9db87011c43p-29));
    const double whole = s - 0.25;
    const double sr = s * r;
    const double h = whole + sr;
    const double l = ((whole - h) + sr) + s * (r2 * q + (rl + rl * r));

    *hi = h + l;
    *lo = (h - *hi) + l;
}

/* With t = e^(-2|x|) - 1: tanh |x| = -t / (t + 2), the quotient corrected by the
 * parts of t and of t + 2. Error 1.3 ulp. */
static inline double gradc_tanh(double x)
{
    const double a = gradc_abs(x);
    double t, tl, d, dl, q;

    gradc_expm1_parts(-2.0 * a, &t, &tl);
    d = 0.5 + t;
    dl = ((0.5 - d) + t) + tl;
    q = -t / d;
    q = q - (tl + q * dl) / d;
    return gradc_with_sign(gradc_pick(gradc_less(a, 0x1p-28), a, q), x);
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

/* rnn: value of rnn (rnn.dg:5)
 * x [T, D]  target [T, K]  U [H, D]  W [H, H]  b [H]  V [K, H]  -> value scalar
 * workspace: rnn_work(T, D, K, H) bytes */
int rnn(const double *x, const double *target, const double *U, const double *W, const double *b,
    const double *V, int64_t T, int64_t D, int64_t K, int64_t H, double *value, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [T, H] */
    const size_t offset1 = gradc_space(8*T*H);
    double *const h = (double *)(void *)(space + offset1);  /* [H] */
    const size_t offset2 = offset1 + gradc_space(8*H);
    double *const w_2 = (double *)(void *)(space + offset2);  /* [H] */
    const size_t offset3 = offset2 + gradc_space(8*H);
    double *const w_3 = (double *)(void *)(space + offset3);  /* [K] */
    const size_t offset4 = offset3 + gradc_space(8*K);
    void *const scratch = (void *)(space + offset4);

    gradc_gemm_f64(H, T, D, U, D, 1,
        x, 1, D, w, 1, H, 0, (double *)scratch);
    for (int64_t i_fill = 0; i_fill < H; i_fill++)
        h[i_fill] = 0.0;
    double loss = 0.0;
    for (int64_t t = 0; t < T; t++) {
        gradc_gemm_f64(H, 1, H, W, H, 1,
            h, 1, 0, w_2, 1, 0, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < H; i++) {
            const double h_2 = gradc_tanh(w_2[i] + w[t * H + i] + b[i]);  /* rnn.dg:9 */
            h[i] = h_2;
        }
        gradc_gemm_f64(K, 1, H, V, H, 1,
            h, 1, 0, w_3, 1, 0, 0, (double *)scratch);
        double s_parts[16] = {0};
        for (int64_t i_0 = 0; i_0 < K; i_0 += 256) {
            const int64_t len = K - i_0 < 256 ? K - i_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i = i_0 + lane;
                const double t_2 = w_3[i] - target[t * K + i];  /* rnn.dg:10 */
                strip[lane] = t_2 * t_2;
            }
            gradc_sum(len, strip, s_parts);
        }
        const double s = gradc_sum_of(s_parts);
        loss += s;
    }
    *value = loss / (double)(2*T);
    return 0;
}

size_t rnn_work(int64_t T, int64_t D, int64_t K, int64_t H)
{
    return gradc_space(8*T*H)
        + gradc_space(8*H)
        + gradc_space(8*H)
        + gradc_space(8*K)
        + gradc_larger(gradc_gemm_pack_f64(H, T, D) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(H, 1, H) * sizeof(double),
            gradc_gemm_pack_f64(K, 1, H) * sizeof(double)));
}

/* rnn_grad: value and gradient of rnn (rnn.dg:5)
 * x [T, D]  target [T, K]  U [H, D]  W [H, H]  b [H]  V [K, H]  -> value scalar  grad_U [H, D]
 * grad_W [H, H]  grad_b [H]  grad_V [K, H]
 * workspace: rnn_grad_work(T, D, K, H) bytes */
int rnn_grad(const double *x, const double *target, const double *U, const double *W,
    const double *b, const double *V, int64_t T, int64_t D, int64_t K, int64_t H, double *value,
    double *grad_U, double *grad_W, double *grad_b, double *grad_V, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [T, H] */
    double *const w_7 = (double *)(void *)space;  /* [T, H] */
    const size_t offset1 = gradc_space(8*T*H);
    double *const h = (double *)(void *)(space + offset1);  /* [H] */
    double *const w_6 = (double *)(void *)(space + offset1);  /* [H] */
    const size_t offset2 = offset1 + gradc_space(8*H);
    double *const w_2 = (double *)(void *)(space + offset2);  /* [T, H] */
    const size_t offset3 = offset2 + gradc_space(8*T*H);
    double *const w_3 = (double *)(void *)(space + offset3);  /* [T, H] */
    const size_t offset4 = offset3 + gradc_space(8*T*H);
    double *const w_4 = (double *)(void *)(space + offset4);  /* [T, K] */
    const size_t offset5 = offset4 + gradc_space(8*T*K);
    double *const w_5 = (double *)(void *)(space + offset5);  /* [H] */
    double *const w_10 = (double *)(void *)(space + offset5);  /* [H] */
    const size_t offset6 = offset5 + gradc_space(8*H);
    double *const w_8 = (double *)(void *)(space + offset6);  /* [T, K] */
    const size_t offset7 = offset6 + gradc_space(8*T*K);
    void *const scratch = (void *)(space + offset7);

    gradc_gemm_f64(H, T, D, U, D, 1,
        x, 1, D, w, 1, H, 0, (double *)scratch);
    for (int64_t i_fill = 0; i_fill < H; i_fill++)
        h[i_fill] = 0.0;
    double loss = 0.0;
    for (int64_t t = 0; t < T; t++) {
        double *const row = w_4 + t * K;
        gradc_gemm_f64(H, 1, H, W, H, 1,
            h, 1, 0, w_5, 1, 0, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < H; i++) {
            const double h_2 = gradc_tanh(w_5[i] + w[t * H + i] + b[i]);  /* rnn.dg:9 */
            const double t_2 = h[i];  /* rnn.dg:15 */
            h[i] = h_2;
            w_2[t * H + i] = t_2;
            w_3[t * H + i] = h_2;
        }
        gradc_gemm_f64(K, 1, H, V, H, 1,
            h, 1, 0, row, 1, 0, 0, (double *)scratch);
        double s_parts[16] = {0};
        for (int64_t i_0 = 0; i_0 < K; i_0 += 256) {
            const int64_t len = K - i_0 < 256 ? K - i_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i = i_0 + lane;
                const double t_2 = row[i] - target[t * K + i];  /* rnn.dg:10 */
                strip[lane] = t_2 * t_2;
            }
            gradc_sum(len, strip, s_parts);
        }
        const double s = gradc_sum_of(s_parts);
        loss += s;
    }
    for (int64_t i_fill = 0; i_fill < H; i_fill++)
        w_6[i_fill] = 0.0;
    for (int64_t i_fill = 0; i_fill < H; i_fill++)
        grad_b[i_fill] = 0.0;
    const double t = (double)(2*T);  /* rnn.dg:12 */
    double s = 1.0 / t;
    for (int64_t t_2 = T - 1; t_2 >= 0; t_2--) {
        double *const row = w_7 + t_2 * H;
        double *const row_2 = w_8 + t_2 * K;
        GRADC_IVDEP
        for (int64_t i = 0; i < K; i++) {
            row_2[i] = s * (2.0 * (w_4[t_2 * K + i] - target[t_2 * K + i]));
        }
        gradc_gemm_f64(H, 1, K, V, 1, H,
            row_2, 1, 0, w_10, 1, 0, 0, (double *)scratch);
        GRADC_IVDEP
        for (int64_t i = 0; i < H; i++) {
            const double t_3 = w_3[t_2 * H + i];  /* rnn.dg:8 */
            const double t_4 = w_6[i];  /* rnn.dg:10 */
            const double t_5 = (t_4 + w_10[i]) * (1.0 - t_3 * t_3);  /* rnn.dg:9 */
            const double t_6 = grad_b[i];
            row[i] = t_5;
            grad_b[i] = t_6 + t_5;
        }
        gradc_gemm_f64(H, 1, H, W, 1, H,
            row, 1, 0, w_6, 1, 0, 0, (double *)scratch);
    }
    gradc_gemm_f64(H, D, T, w_7, 1, H,
        x, D, 1, grad_U, D, 1, 0, (double *)scratch);
    gradc_gemm_f64(H, H, T, w_7, 1, H,
        w_2, H, 1, grad_W, H, 1, 0, (double *)scratch);
    gradc_gemm_f64(K, H, T, w_8, 1, K,
        w_3, H, 1, grad_V, H, 1, 0, (double *)scratch);
    *value = loss / t;
    return 0;
}

size_t rnn_grad_work(int64_t T, int64_t D, int64_t K, int64_t H)
{
    return gradc_space(8*T*H)
        + gradc_space(8*H)
        + gradc_space(8*T*H)
        + gradc_space(8*T*H)
        + gradc_space(8*T*K)
        + gradc_space(8*H)
        + gradc_space(8*T*K)
        + gradc_larger(gradc_gemm_pack_f64(H, T, D) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(H, 1, H) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(K, 1, H) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(H, 1, K) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(H, D, T) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(H, H, T) * sizeof(double),
            gradc_gemm_pack_f64(K, H, T) * sizeof(double)))))));
}

#ifdef __cplusplus
}
#endif
