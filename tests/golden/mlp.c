/* Made by gradc from mlp.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

static inline float gradc_reluf(float a)
{
    return a <= 0 ? 0.0f : a;
}

#define gradc_max_real 1.7976931348623157e308
#define gradc_max_realf 3.40282347e38f

/* Sums are kept in 16 parts, element i in part i mod 16: a fixed order that vectorises. */
static inline void gradc_sumf(int64_t n, const float *x, float *part)
{
    float s[16];
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

static inline float gradc_sum_off(float *part)
{
    for (int half = 8; half > 0; half /= 2)
        for (int l = 0; l < half; l++)
            part[l] += part[l + half];
    return part[0];
}

/* The largest of r and x, nan if one is: in 16 lanes, then across them. */
static inline float gradc_largestf(int64_t n, const float *x, float r)
{
    float s[16];
    int64_t i = 0;
    if (n < 32) {
        for (; i < n; i++)
            r = ((r >= x[i]) | (r != r)) ? r : x[i];
        return r;
    }
    for (int l = 0; l < 16; l++)
        s[l] = r;
    for (; i + 16 <= n; i += 16)
        for (int l = 0; l < 16; l++)
            s[l] = ((s[l] >= x[i + l]) | (s[l] != s[l])) ? s[l] : x[i + l];
    for (int l = 0; i < n; i++, l++)
        s[l] = ((s[l] >= x[i]) | (s[l] != s[l])) ? s[l] : x[i];
    for (int l = 0; l < 16; l++)
        r = ((r >= s[l]) | (r != r)) ? r : s[l];
    return r;
}

static inline uint32_t gradc_bitsf(float x)
{
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static inline float gradc_from_bitsf(uint32_t u)
{
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* a where the mask is all ones, b where it is 0. */
static inline float gradc_pickf(uint32_t mask, float a, float b)
{
    return gradc_from_bitsf((gradc_bitsf(a) & mask) | (gradc_bitsf(b) & ~mask));
}

/* The mask of a < b, for a and b without a sign bit; a nan is above infinity. */
static inline uint32_t gradc_lessf(float a, float b)
{
    return 0 - ((gradc_bitsf(a) - gradc_bitsf(b)) >> 31);
}

static inline float gradc_absf(float x)
{
    return gradc_from_bitsf(gradc_bitsf(x) & 0x7fffffffu);
}

/* x >= 0 with the sign of s. */
static inline float gradc_with_signf(float x, float s)
{
    return gradc_from_bitsf(gradc_bitsf(x) | (gradc_bitsf(s) & 0x80000000u));
}

/* As gradc_exp: r = x - k ln 2 by Cody & Waite, 1 + r + r^2 q(r), q minimax of degree 4
 * (2^-28), scaled by 2^k in two steps. Error 0.6 ulp (1 where the result is subnormal). */
static inline float gradc_expf(float x)
{
    const float m = gradc_absf(x);
    const uint32_t beyond = gradc_lessf(106.0f, m) & ~gradc_lessf(INFINITY, m);
    const float c = gradc_pickf(beyond, gradc_with_signf(106.0f, x), x);
    const float k = (c * 0x1.715476p+0f + 12582912.0f) - 12582912.0f;
    const float a = c - k * 0x1.62e4p-1f;
    const float b = k * 0x1.7f7d1cp-20f;
    const float r = a - b;
    const float rl = (a - r) - b;
    const float q = 0x1.0p-1f + r * (0x1.55548ep-3f + r * (0x1.55545cp-5f + r * (0x1.123b56p-7f
        + r * 0x1.6db4d4p-10f)));
    const float h = 1.0f + r;
    const float y = h + (((1.0f - h) + r) + (r * r * q + (rl + rl * r)));
    const uint32_t n = gradc_bitsf(k + (12582912.0f + 254.0f)) & 0x3ff; /* k + 254 */
    const uint32_t half = n >> 1;

    return y * gradc_from_bitsf(half << 23) * gradc_from_bitsf((n - half) << 23);
}

/* As gradc_log: x = 2^k (1 + f), series in s = f / (2 + f). Error 0.9 ulp. */
static inline float gradc_logf(float x)
{
    const float m = gradc_absf(x);
    const uint32_t tiny = gradc_lessf(m, 0x1p-126f);
    const float z = gradc_pickf(tiny, m * 0x1p+25f, m);
    const uint32_t u = gradc_bitsf(z) + (0x3f800000u - 0x3f3504f3u);
    const float e = gradc_from_bitsf(0x4b000000u | (u >> 23));
    const float f = gradc_from_bitsf((u & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
    const float s = f / (2.0f + f);
    const float w = s * s;
    const float r = w * (0x1.55557ap-1f + w * (0x1.995eb4p-2f + w * 0x1.31e39cp-2f));
    const float half = 0.5f * f * f;
    const float k = e - gradc_pickf(tiny, 8388608.0f + 152.0f, 8388608.0f + 127.0f);
    const float a = k * 0x1.62e4p-1f;
    const float h = a + f;
    const float l = (a - h) + f;
    const float y = h + (l + (k * 0x1.7f7d1cp-20f + (s * (half + r) - half)));
    const float above = gradc_pickf(gradc_lessf(3.4028234663852886e38f, m), x, y);
    const uint32_t negative = 0 - (gradc_bitsf(x) >> 31);

    return gradc_pickf(gradc_lessf(m, 0x1p-149f), -INFINITY, gradc_pickf(negative, NAN, above));
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
static inline size_t gradc_gemm_pack_f32(int64_t m, int64_t n, int64_t k)
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
static void gradc_gemm_put_f32(const float *GRADC_RESTRICT t, int64_t width,
                               float *GRADC_RESTRICT c, int64_t crs, int64_t ccs,
                               int64_t rows, int64_t cols, int add)
{
    enum { VL = GRADC_GEMM_VECTOR / (int)sizeof(float) };

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
static void gradc_gemm_tile_f32(int64_t k,
                                const float *a, int64_t ars, int64_t acs,
                                const float *GRADC_RESTRICT b, int64_t brs,
                                float *c, int64_t crs, int64_t ccs,
                                int64_t rows, int64_t cols, int add)
{
    enum { VL = GRADC_GEMM_VECTOR / (int)sizeof(float), NR = 2 * VL };
    float t[GRADC_GEMM_MR * NR];
    const int64_t last = rows - 1;
    const float *GRADC_RESTRICT a0 = a;
    const float *GRADC_RESTRICT a1 = a + (last < 1 ? last : 1) * ars;
    const float *GRADC_RESTRICT a2 = a + (last < 2 ? last : 2) * ars;
    const float *GRADC_RESTRICT a3 = a + (last < 3 ? last : 3) * ars;
#if GRADC_GEMM_MR > 4
    const float *GRADC_RESTRICT a4 = a + (last < 4 ? last : 4) * ars;
    const float *GRADC_RESTRICT a5 = a + (last < 5 ? last : 5) * ars;
    const float *GRADC_RESTRICT a6 = a + (last < 6 ? last : 6) * ars;
    const float *GRADC_RESTRICT a7 = a + (last < 7 ? last : 7) * ars;
#endif

    for (int i = 0; i < GRADC_GEMM_MR * NR; i++)
        t[i] = 0;
    for (int64_t p = 0; p < k; p++) {
        const int64_t q = p * acs;

#if defined(__clang__)
#pragma clang loop vectorize_width(GRADC_GEMM_VECTOR / sizeof(float)) interleave_count(1)
#elif defined(__GNUC__)
#pragma GCC unroll 1
#endif
        for (int j = 0; j < VL; j++) {
            const float b0 = b[j], b1 = b[j + VL];

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
    gradc_gemm_put_f32(t, NR, c, crs, ccs, rows, cols, add);
}

/* The same for cols <= VL. */
GRADC_GEMM_ALONE
static void gradc_gemm_half_tile_f32(int64_t k,
                                     const float *a, int64_t ars, int64_t acs,
                                     const float *GRADC_RESTRICT b, int64_t brs,
                                     float *c, int64_t crs, int64_t ccs,
                                     int64_t rows, int64_t cols, int add)
{
    enum { VL = GRADC_GEMM_VECTOR / (int)sizeof(float) };
    float t[GRADC_GEMM_MR * VL];
    const int64_t last = rows - 1;
    const float *GRADC_RESTRICT a0 = a;
    const float *GRADC_RESTRICT a1 = a + (last < 1 ? last : 1) * ars;
    const float *GRADC_RESTRICT a2 = a + (last < 2 ? last : 2) * ars;
    const float *GRADC_RESTRICT a3 = a + (last < 3 ? last : 3) * ars;
#if GRADC_GEMM_MR > 4
    const float *GRADC_RESTRICT a4 = a + (last < 4 ? last : 4) * ars;
    const float *GRADC_RESTRICT a5 = a + (last < 5 ? last : 5) * ars;
    const float *GRADC_RESTRICT a6 = a + (last < 6 ? last : 6) * ars;
    const float *GRADC_RESTRICT a7 = a + (last < 7 ? last : 7) * ars;
#endif

    for (int i = 0; i < GRADC_GEMM_MR * VL; i++)
        t[i] = 0;
    for (int64_t p = 0; p < k; p++) {
        const int64_t q = p * acs;

#if defined(__clang__)
#pragma clang loop vectorize_width(GRADC_GEMM_VECTOR / sizeof(float)) interleave_count(1)
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
    gradc_gemm_put_f32(t, VL, c, crs, ccs, rows, cols, add);
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
static void gradc_gemm_copy_b_f32(int64_t k, int64_t n,
                                  const float *b, int64_t brs, int64_t bcs,
                                  float *GRADC_RESTRICT to)
{
    const int VL = GRADC_GEMM_VECTOR / (int)sizeof(float), NR = 2 * VL;

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
static void gradc_gemm_copy_a_f32(int64_t m, int64_t k,
                                  const float *a, int64_t ars, int64_t acs,
                                  float *GRADC_RESTRICT to)
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
static void gradc_gemm_blocks_f32(int64_t m, int64_t n, int64_t k,
                                  const float *a, int64_t ars, int64_t acs,
                                  const float *b, int64_t brs, int64_t bcs,
                                  float *c, int64_t crs, int64_t ccs,
                                  int add, float *pack)
{
    const int64_t MR = GRADC_GEMM_MR, VL = GRADC_GEMM_VECTOR / (int)sizeof(float), NR = 2 * VL;
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
            const float *bj = b + p * brs + j * bcs;
            float *rest = pack; /* where the copy of A goes */

            if (copy_b) {
                gradc_gemm_copy_b_f32(kc, nc, bj, brs, bcs, pack);
                rest = pack + (nc + NR - 1) / NR * NR * kc;
            } else if (nc % VL != 0) {
                const int64_t full = nc / NR * NR;

                gradc_gemm_copy_b_f32(kc, nc - full, bj + full, brs, bcs, pack);
                rest = pack + NR * kc;
            }
            for (int64_t i = 0; i < m; i += high) {
                const int64_t mc = m - i < high ? m - i : high;
                const float *ai = a + i * ars + p * acs;

                if (copy_a)
                    gradc_gemm_copy_a_f32(mc, kc, ai, ars, acs, rest);
                for (int64_t ir = 0; ir < mc; ir += MR) {
                    const int64_t rows = mc - ir < MR ? mc - ir : MR;
                    const float *at = copy_a ? rest + ir * kc : ai + ir * ars;
                    const int64_t at_rs = copy_a ? 1 : ars;
                    const int64_t at_cs = copy_a ? MR : acs;

                    for (int64_t jr = 0; jr < nc; jr += NR) {
                        const int64_t cols = nc - jr < NR ? nc - jr : NR;
                        const int there = !copy_b && cols % VL == 0;
                        const float *bt = there ? bj + jr : copy_b ? pack + jr * kc : pack;
                        const int64_t bt_rs = there ? brs : cols > VL ? NR : VL;
                        float *ct = c + (i + ir) * crs + (j + jr) * ccs;

                        if (cols > VL)
                            gradc_gemm_tile_f32(kc, at, at_rs, at_cs, bt, bt_rs,
                                                ct, crs, ccs, rows, cols, plus);
                        else
                            gradc_gemm_half_tile_f32(kc, at, at_rs, at_cs, bt, bt_rs,
                                                     ct, crs, ccs, rows, cols, plus);
                    }
                }
            }
        }
    }
}

/* Few rows of A, rows of B contiguous: a row of C is the sum of rows of B, gathered in
 * pieces that stay in the first-level cache, four rows of B a sweep. */
static void gradc_gemm_rows_f32(int64_t m, int64_t n, int64_t k,
                                const float *a, int64_t ars, int64_t acs,
                                const float *b, int64_t brs,
                                float *c, int64_t crs, int64_t ccs, int add)
{
    const int64_t piece = 512;
    float t[512];

    for (int64_t j0 = 0; j0 < n; j0 += piece) {
        const int64_t w = n - j0 < piece ? n - j0 : piece;

        for (int64_t i = 0; i < m; i++) {
            const float *ai = a + i * ars;
            float *ci = c + i * crs + j0 * ccs;
            int64_t p = 0;

            for (int64_t j = 0; j < w; j++)
                t[j] = 0;
            for (; p + 4 <= k; p += 4) {
                const float *b0 = b + p * brs + j0;
                const float *b1 = b0 + brs, *b2 = b1 + brs, *b3 = b2 + brs;
                const float x0 = ai[p * acs], x1 = ai[(p + 1) * acs];
                const float x2 = ai[(p + 2) * acs], x3 = ai[(p + 3) * acs];

                for (int64_t j = 0; j < w; j++)
                    t[j] = t[j] + x0 * b0[j] + x1 * b1[j] + x2 * b2[j] + x3 * b3[j];
            }
            for (; p < k; p++) {
                const float *b0 = b + p * brs + j0;
                const float x0 = ai[p * acs];

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
static void gradc_gemm_dots_f32(int64_t m, int64_t n, int64_t k,
                                const float *a, int64_t ars, const float *b, int64_t bcs,
                                float *c, int64_t crs, int64_t ccs, int add)
{
    for (int64_t i = 0; i < m; i += 4) {
        const int64_t last = m - i - 1;
        const float *a0 = a + i * ars;
        const float *a1 = a0 + (last < 1 ? last : 1) * ars;
        const float *a2 = a0 + (last < 2 ? last : 2) * ars;
        const float *a3 = a0 + (last < 3 ? last : 3) * ars;

        for (int64_t j = 0; j < n; j++) {
            const float *bj = b + j * bcs;
            float t[32], sum[4];
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
                const float *tr = t + 8 * r;

                sum[r] = ((tr[0] + tr[4]) + (tr[2] + tr[6])) + ((tr[1] + tr[5]) + (tr[3] + tr[7]));
            }
            for (int64_t r = 0; r <= last && r < 4; r++) {
                float *cr = c + (i + r) * crs + j * ccs;

                *cr = add ? *cr + sum[r] : sum[r];
            }
        }
    }
}

/* Very small products, and k = 0 and 1: nothing is worth preparing. */
static void gradc_gemm_plain_f32(int64_t m, int64_t n, int64_t k,
                                 const float *a, int64_t ars, int64_t acs,
                                 const float *b, int64_t brs, int64_t bcs,
                                 float *c, int64_t crs, int64_t ccs, int add)
{
    for (int64_t i = 0; i < m; i++) {
        const float *ai = a + i * ars;
        float *ci = c + i * crs;

        if (k == 1 && bcs == 1 && ccs == 1) {
            const float x = ai[0];

            if (add)
                for (int64_t j = 0; j < n; j++)
                    ci[j] += x * b[j];
            else
                for (int64_t j = 0; j < n; j++)
                    ci[j] = x * b[j];
            continue;
        }
        for (int64_t j = 0; j < n; j++) {
            float sum = 0;

            for (int64_t p = 0; p < k; p++)
                sum += ai[p * acs] * b[p * brs + j * bcs];
            ci[j * ccs] = add ? ci[j * ccs] + sum : sum;
        }
    }
}

/* C = A B, or C += A B: A is m x k, B is k x n; rs and cs are the distances of rows and
 * of columns in elements, 0 to repeat one. C overlaps neither A nor B. pack is scratch
 * of gradc_gemm_pack_f32(m, n, k) elements. */
static void gradc_gemm_f32(int64_t m, int64_t n, int64_t k,
                           const float *a, int64_t ars, int64_t acs,
                           const float *b, int64_t brs, int64_t bcs,
                           float *c, int64_t crs, int64_t ccs, int add, float *pack)
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
        const float *t = a;
        const int64_t m0 = m, ars0 = ars, acs0 = acs, crs0 = crs;

        a = b, b = t;
        m = n, n = m0;
        ars = bcs, acs = brs;
        brs = acs0, bcs = ars0;
        crs = ccs, ccs = crs0;
    }

    if (k <= 1 || (m <= 4 && n <= 4 && k <= 8))
        gradc_gemm_plain_f32(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, add);
    else if (acs == 1 && brs == 1 && n < 8)
        gradc_gemm_dots_f32(m, n, k, a, ars, b, bcs, c, crs, ccs, add);
    else if (bcs == 1 && m <= 3)
        gradc_gemm_rows_f32(m, n, k, a, ars, acs, b, brs, c, crs, ccs, add);
    else
        gradc_gemm_blocks_f32(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, add, pack);
}

/* loss: value of loss (mlp.dg:6)
 * x [N, D]  y [N]  W1 [D, H]  b1 [H]  W2 [H, K]  b2 [K]  decay scalar  -> value scalar
 * workspace: loss_work(N, D, H, K) bytes */
int loss(const float *x, const int32_t *y, const float *W1, const float *b1, const float *W2,
    const float *b2, float decay, int64_t N, int64_t D, int64_t H, int64_t K, float *value,
    void *work)
{
    char *const space = (char *)work;
    float *const w = (float *)(void *)space;  /* [N, H] */
    const size_t offset1 = gradc_space(4*N*H);
    float *const h = (float *)(void *)(space + offset1);  /* [N, H] */
    const size_t offset2 = offset1 + gradc_space(4*N*H);
    float *const w_2 = (float *)(void *)(space + offset2);  /* [N, K] */
    const size_t offset3 = offset2 + gradc_space(4*N*K);
    float *const u = (float *)(void *)(space + offset3);  /* [N, K] */
    const size_t offset4 = offset3 + gradc_space(4*N*K);
    float *const w_3 = (float *)(void *)(space + offset4);  /* [N] */
    const size_t offset5 = offset4 + gradc_space(4*N);
    float *const w_4 = (float *)(void *)(space + offset5);  /* [N] */
    const size_t offset6 = offset5 + gradc_space(4*N);
    void *const scratch = (void *)(space + offset6);

    gradc_gemm_f32(N, H, D, x, D, 1,
        W1, H, 1, w, H, 1, 0, (float *)scratch);
    for (int64_t i = 0; i < N; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < H; j++) {
            const float h_2 = gradc_reluf(w[i * H + j] + b1[j]);  /* mlp.dg:9 */
            h[i * H + j] = h_2;
        }
    }
    gradc_gemm_f32(N, K, H, h, H, 1,
        W2, K, 1, w_2, K, 1, 0, (float *)scratch);
    for (int64_t i = 0; i < N; i++) {
        float s_so_far = -(float)INFINITY;
        for (int64_t j_0 = 0; j_0 < K; j_0 += 256) {
            const int64_t len = K - j_0 < 256 ? K - j_0 : 256;
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t j = j_0 + lane;
                const float u_2 = w_2[i * K + j] + b2[j];  /* mlp.dg:10 */
                u[i * K + j] = u_2;
            }
            s_so_far = gradc_largestf(len, u + i * K + j_0, s_so_far);
        }
        w_3[i] = s_so_far;
    }
    for (int64_t i = 0; i < N; i++) {
        const float t = w_3[i];
        const float t_2 = fabsf(t) <= gradc_max_realf ? t : 0.0f;
        float s_parts[16] = {0};
        for (int64_t j_0 = 0; j_0 < K; j_0 += 256) {
            const int64_t len = K - j_0 < 256 ? K - j_0 : 256;
            float strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t j = j_0 + lane;
                strip[lane] = gradc_expf(u[i * K + j] - t_2);
            }
            gradc_sumf(len, strip, s_parts);
        }
        w_4[i] = gradc_sum_off(s_parts);
    }
    float s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < N; i_0 += 256) {
        const int64_t len = N - i_0 < 256 ? N - i_0 : 256;
        float strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const float t = w_3[i];
            const float t_2 = gradc_logf(w_4[i]) + (fabsf(t) <= gradc_max_realf ? t : 0.0f) - u[i * K + (int64_t)y[i]];
            strip[lane] = t_2;
        }
        gradc_sumf(len, strip, s_parts);
    }
    const float s = gradc_sum_off(s_parts);
    float s_parts_2[16] = {0};
    for (int64_t i_0 = 0; i_0 < (D*H); i_0 += 256) {
        const int64_t len = (D*H) - i_0 < 256 ? (D*H) - i_0 : 256;
        float strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const float t = W1[i];  /* mlp.dg:11 */
            strip[lane] = t * t;
        }
        gradc_sumf(len, strip, s_parts_2);
    }
    const float s_2 = gradc_sum_off(s_parts_2);
    float s_parts_3[16] = {0};
    for (int64_t i_0 = 0; i_0 < (H*K); i_0 += 256) {
        const int64_t len = (H*K) - i_0 < 256 ? (H*K) - i_0 : 256;
        float strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const float t = W2[i];
            strip[lane] = t * t;
        }
        gradc_sumf(len, strip, s_parts_3);
    }
    const float s_3 = gradc_sum_off(s_parts_3);
    *value = s / (float)N + decay * (s_2 + s_3);
    return 0;
}

size_t loss_work(int64_t N, int64_t D, int64_t H, int64_t K)
{
    return gradc_space(4*N*H)
        + gradc_space(4*N*H)
        + gradc_space(4*N*K)
        + gradc_space(4*N*K)
        + gradc_space(4*N)
        + gradc_space(4*N)
        + gradc_larger(gradc_gemm_pack_f32(N, H, D) * sizeof(float),
            gradc_gemm_pack_f32(N, K, H) * sizeof(float));
}

/* loss_grad: value and gradient of loss (mlp.dg:6)
 * x [N, D]  y [N]  W1 [D, H]  b1 [H]  W2 [H, K]  b2 [K]  decay scalar  -> value scalar
 * grad_W1 [D, H]  grad_b1 [H]  grad_W2 [H, K]  grad_b2 [K]
 * workspace: loss_grad_work(N, D, H, K) bytes */
int loss_grad(const float *x, const int32_t *y, const float *W1, const float *b1, const float *W2,
    const float *b2, float decay, int64_t N, int64_t D, int64_t H, int64_t K, float *value,
    float *grad_W1, float *grad_b1, float *grad_W2, float *grad_b2, void *work)
{
    char *const space = (char *)work;
    float *const w = (float *)(void *)space;  /* [N, H] */
    const size_t offset1 = gradc_space(4*N*H);
    float *const h = (float *)(void *)(space + offset1);  /* [N, H] */
    float *const w_10 = (float *)(void *)(space + offset1);  /* [N, H] */
    const size_t offset2 = offset1 + gradc_space(4*N*H);
    float *const w_2 = (float *)(void *)(space + offset2);  /* [N, K] */
    float *const w_4 = (float *)(void *)(space + offset2);  /* [N, K] */
    const size_t offset3 = offset2 + gradc_space(4*N*K);
    float *const u = (float *)(void *)(space + offset3);  /* [N, K] */
    float *const w_8 = (float *)(void *)(space + offset3);  /* [N, K] */
    const size_t offset4 = offset3 + gradc_space(4*N*K);
    float *const w_3 = (float *)(void *)(space + offset4);  /* [N] */
    const size_t offset5 = offset4 + gradc_space(4*N);
    float *const w_5 = (float *)(void *)(space + offset5);  /* [N, K] */
    const size_t offset6 = offset5 + gradc_space(4*N*K);
    float *const w_6 = (float *)(void *)(space + offset6);  /* [N] */
    const size_t offset7 = offset6 + gradc_space(4*N);
    float *const w_9 = (float *)(void *)(space + offset7);  /* [N, H] */
    const size_t offset8 = offset7 + gradc_space(4*N*H);
    void *const scratch = (void *)(space + offset8);

    gradc_gemm_f32(N, H, D, x, D, 1,
        W1, H, 1, w, H, 1, 0, (float *)scratch);
    for (int64_t i = 0; i < N; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < H; j++) {
            const float h_2 = gradc_reluf(w[i * H + j] + b1[j]);  /* mlp.dg:9 */
            h[i * H + j] = h_2;
        }
    }
    gradc_gemm_f32(N, K, H, h, H, 1,
        W2, K, 1, w_2, K, 1, 0, (float *)scratch);
    for (int64_t i = 0; i < N; i++) {
        float s_so_far = -(float)INFINITY;
        for (int64_t j_0 = 0; j_0 < K; j_0 += 256) {
            const int64_t len = K - j_0 < 256 ? K - j_0 : 256;
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t j = j_0 + lane;
                const float u_2 = w_2[i * K + j] + b2[j];  /* mlp.dg:10 */
                u[i * K + j] = u_2;
            }
            s_so_far = gradc_largestf(len, u + i * K + j_0, s_so_far);
        }
        w_3[i] = s_so_far;
    }
    for (int64_t i_fill = 0; i_fill < (N*K); i_fill++)
        w_4[i_fill] = 0.0f;
    const float t = (float)N;  /* mlp.dg:11 */
    const float t_2 = 1.0f / t;
    const float t_3 = -t_2;  /* mlp.dg:14 */
    for (int64_t i = 0; i < N; i++) {
        w_4[i * K + (int64_t)y[i]] += t_3;
    }
    for (int64_t i = 0; i < N; i++) {
        const float t_4 = w_3[i];
        const float t_5 = fabsf(t_4) <= gradc_max_realf ? t_4 : 0.0f;
        float s_parts[16] = {0};
        for (int64_t j_0 = 0; j_0 < K; j_0 += 256) {
            const int64_t len = K - j_0 < 256 ? K - j_0 : 256;
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t j = j_0 + lane;
                const float t_6 = gradc_expf(u[i * K + j] - t_5);
                w_5[i * K + j] = t_6;
            }
            gradc_sumf(len, w_5 + i * K + j_0, s_parts);
        }
        w_6[i] = gradc_sum_off(s_parts);
    }
    float s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < N; i_0 += 256) {
        const int64_t len = N - i_0 < 256 ? N - i_0 : 256;
        float strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const float t_4 = w_3[i];
            const float t_5 = gradc_logf(w_6[i]) + (fabsf(t_4) <= gradc_max_realf ? t_4 : 0.0f);
            strip[lane] = t_5 - u[i * K + (int64_t)y[i]];
        }
        gradc_sumf(len, strip, s_parts);
    }
    const float s = gradc_sum_off(s_parts);
    float s_parts_2[16] = {0};
    for (int64_t i_0 = 0; i_0 < (D*H); i_0 += 256) {
        const int64_t len = (D*H) - i_0 < 256 ? (D*H) - i_0 : 256;
        float strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const float t_4 = W1[i];  /* mlp.dg:11 */
            strip[lane] = t_4 * t_4;
        }
        gradc_sumf(len, strip, s_parts_2);
    }
    const float s_2 = gradc_sum_off(s_parts_2);
    float s_parts_3[16] = {0};
    for (int64_t i_0 = 0; i_0 < (H*K); i_0 += 256) {
        const int64_t len = (H*K) - i_0 < 256 ? (H*K) - i_0 : 256;
        float strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const float t_4 = W2[i];
            strip[lane] = t_4 * t_4;
        }
        gradc_sumf(len, strip, s_parts_3);
    }
    const float s_3 = gradc_sum_off(s_parts_3);
    for (int64_t i_2 = 0; i_2 < K; i_2++)
        grad_b2[i_2] = 0.0f;
    for (int64_t i = 0; i < N; i++) {
        const float t_4 = t_2 / w_6[i];
        GRADC_IVDEP
        for (int64_t j = 0; j < K; j++) {
            const float t_5 = w_4[i * K + j] + t_4 * w_5[i * K + j];
            w_8[i * K + j] = t_5;
            grad_b2[j] += t_5;
        }
    }
    gradc_gemm_f32(N, H, K, w_8, K, 1,
        W2, 1, K, w_9, H, 1, 0, (float *)scratch);
    gradc_gemm_f32(H, K, N, h, 1, H,
        w_8, K, 1, grad_W2, K, 1, 0, (float *)scratch);
    GRADC_IVDEP
    for (int64_t i = 0; i < (H*K); i++) {
        const float t_4 = grad_W2[i];  /* mlp.dg:10 */
        grad_W2[i] = decay * (2.0f * W2[i]) + t_4;
    }
    for (int64_t i_2 = 0; i_2 < H; i_2++)
        grad_b1[i_2] = 0.0f;
    for (int64_t i = 0; i < N; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < H; j++) {
            const float t_4 = w[i * H + j] + b1[j] > 0.0f ? w_9[i * H + j] : 0.0f;  /* mlp.dg:9 */
            w_10[i * H + j] = t_4;
            grad_b1[j] += t_4;
        }
    }
    gradc_gemm_f32(D, H, N, x, 1, D,
        w_10, H, 1, grad_W1, H, 1, 0, (float *)scratch);
    GRADC_IVDEP
    for (int64_t i = 0; i < (D*H); i++) {
        const float t_4 = grad_W1[i];
        grad_W1[i] = decay * (2.0f * W1[i]) + t_4;
    }
    *value = s / t + decay * (s_2 + s_3);
    return 0;
}

size_t loss_grad_work(int64_t N, int64_t D, int64_t H, int64_t K)
{
    return gradc_space(4*N*H)
        + gradc_space(4*N*H)
        + gradc_space(4*N*K)
        + gradc_space(4*N*K)
        + gradc_space(4*N)
        + gradc_space(4*N*K)
        + gradc_space(4*N)
        + gradc_space(4*N*H)
        + gradc_larger(gradc_gemm_pack_f32(N, H, D) * sizeof(float),
            gradc_larger(gradc_gemm_pack_f32(N, K, H) * sizeof(float),
            gradc_larger(gradc_gemm_pack_f32(N, H, K) * sizeof(float),
            gradc_larger(gradc_gemm_pack_f32(H, K, N) * sizeof(float),
            gradc_gemm_pack_f32(D, H, N) * sizeof(float)))));
}

#ifdef __cplusplus
}
#endif
