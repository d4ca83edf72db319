/* Made by gradc from llsq.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* The sum of the first n of 32 lanes. */
static inline double gradc_lanes(int n, double *lane)
{
    for (int l = n; l < 32; l++)
        lane[l] = 0;
    for (int l = 0; l < 16; l++)
        lane[l] += lane[l + 16];
    for (int l = 0; l < 8; l++)
        lane[l] += lane[l + 8];
    return ((lane[0] + lane[4]) + (lane[1] + lane[5])) + ((lane[2] + lane[6]) + (lane[3] + lane[7]));
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

static inline double gradc_abs(double x)
{
    return gradc_from_bits(gradc_bits(x) & 0x7fffffffffffffffu);
}

/* x >= 0 with the sign of s. */
static inline double gradc_with_sign(double x, double s)
{
    return gradc_from_bits(gradc_bits(x) | (gradc_bits(s) & 0x8000000000000000u));
}

static inline double gradc_sign(double x)
{
    const double a = gradc_abs(x);

    return gradc_pick(gradc_less(a, 0x1p-1074) | gradc_less(INFINITY, a), x, gradc_with_sign(1.0, x));
}

/* llsq: value of llsq (llsq.dg:7)
 * x [m]  -> value scalar
 * workspace: llsq_work(m, n) bytes */
int llsq(const double *x, int64_t m, int64_t n, double *value, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [n] */
    const size_t offset1 = gradc_space(8*n);
    double *const fit = (double *)(void *)(space + offset1);  /* [n] */

    const double t = (double)(n - 1);  /* llsq.dg:8 */
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        w[i] = (double)(2 * i) / t;
    }
    for (int64_t i_0 = 0; i_0 < n; i_0 += 32) {
        const int len = (int)(n - i_0 < 32 ? n - i_0 : 32);
        double t_lanes[32];
        double sum[32];
        for (int lane = 0; lane < 32; lane++) {
            const int64_t i = i_0 + (lane < len ? lane : len - 1);
            const double t_2 = w[i] - 1.0;
            t_lanes[lane] = t_2;
            sum[lane] = 0;
        }
        if (m > 0) {
            const int64_t j = m - 1;
            (void)j;
            for (int lane = 0; lane < 32; lane++) {
                sum[lane] = x[j];
            }
        }
        for (int64_t j = m - 2; j >= 0; j--) {
            for (int lane = 0; lane < 32; lane++) {
                sum[lane] = sum[lane] * t_lanes[lane] + x[j];
            }
        }
        for (int lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            fit[i] = sum[lane];
        }
    }
    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_2 = w[i] - 1.0;
            const double t_3 = gradc_sign(t_2) - fit[i];  /* llsq.dg:10 */
            strip[lane] = t_3 * t_3;
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    *value = 0.5 * s;
    return 0;
}

size_t llsq_work(int64_t m, int64_t n)
{
    (void)m;
    return gradc_space(8*n)
        + gradc_space(8*n);
}

/* llsq_grad: value and gradient of llsq (llsq.dg:7)
 * x [m]  -> value scalar  grad_x [m]
 * workspace: llsq_grad_work(m, n) bytes */
int llsq_grad(const double *x, int64_t m, int64_t n, double *value, double *grad_x, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [n] */
    const size_t offset1 = gradc_space(8*n);
    double *const fit = (double *)(void *)(space + offset1);  /* [n] */
    const size_t offset2 = offset1 + gradc_space(8*n);
    double *const w_2 = (double *)(void *)(space + offset2);  /* [n] */

    const double t = (double)(n - 1);  /* llsq.dg:8 */
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        w[i] = (double)(2 * i) / t;
    }
    for (int64_t i_0 = 0; i_0 < n; i_0 += 32) {
        const int len = (int)(n - i_0 < 32 ? n - i_0 : 32);
        double t_lanes[32];
        double sum[32];
        for (int lane = 0; lane < 32; lane++) {
            const int64_t i = i_0 + (lane < len ? lane : len - 1);
            const double t_2 = w[i] - 1.0;
            t_lanes[lane] = t_2;
            sum[lane] = 0;
        }
        if (m > 0) {
            const int64_t j = m - 1;
            (void)j;
            for (int lane = 0; lane < 32; lane++) {
                sum[lane] = x[j];
            }
        }
        for (int64_t j = m - 2; j >= 0; j--) {
            for (int lane = 0; lane < 32; lane++) {
                sum[lane] = sum[lane] * t_lanes[lane] + x[j];
            }
        }
        for (int lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            fit[i] = sum[lane];
        }
    }
    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_2 = w[i] - 1.0;
            const double t_3 = gradc_sign(t_2) - fit[i];  /* llsq.dg:10 */
            w_2[i] = -t_3;
            strip[lane] = t_3 * t_3;
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    for (int64_t i_2 = 0; i_2 < m; i_2++)
        grad_x[i_2] = 0.0;
    for (int64_t i_0 = 0; i_0 < n; i_0 += 128) {
        const int len = (int)(n - i_0 < 128 ? n - i_0 : 128);
        double t_lanes[128];
        double product[128];
        for (int lane = 0; lane < (len + 31) / 32 * 32; lane++) {
            const int64_t i = i_0 + (lane < len ? lane : len - 1);
            const double t_2 = w_2[i];  /* llsq.dg:9 */
            const double t_3 = w[i] - 1.0;  /* llsq.dg:8 */
            t_lanes[lane] = lane < len ? t_3 : 0;
            product[lane] = lane < len ? t_2 : 0;
        }
        for (int64_t j = 0; j < m; j++) {
            double part[32] = {0};
            for (int block = 0; block < len; block += 32) {
                for (int lane = 0; lane < 32; lane++) {
                    part[lane] += product[block + lane];
                    product[block + lane] *= t_lanes[block + lane];
                }
            }
            grad_x[j] += gradc_lanes(32, part);
        }
    }
    *value = 0.5 * s;
    return 0;
}

size_t llsq_grad_work(int64_t m, int64_t n)
{
    (void)m;
    return gradc_space(8*n)
        + gradc_space(8*n)
        + gradc_space(8*n);
}

#ifdef __cplusplus
}
#endif
