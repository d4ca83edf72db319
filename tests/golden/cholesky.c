/* Made by gradc from cholesky.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* Nobody asks sqrt for errno: only without it do loops vectorise. */
#if defined(__GNUC__) && !defined(__cplusplus) && !defined(__TINYC__)
double sqrt(double) __attribute__((const));
float sqrtf(float) __attribute__((const));
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

/* factor: value of factor (cholesky.dg:5)
 * A [n, n]  -> value [n, n]
 * no workspace */
int factor(const double *A, int64_t n, double *value)
{
    for (int64_t i_fill = 0; i_fill < (n*n); i_fill++)
        value[i_fill] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) {
            double s = A[i * n + j];
            for (int64_t k = 0; k < j; k++) {
                s -= value[i * n + k] * value[j * n + k];
            }
            const double t = s / value[j * n + j];  /* cholesky.dg:7 */
            value[i * n + j] = t;
        }
        double d = A[i * n + i];
        for (int64_t k = 0; k < i; k++) {
            const double t = value[i * n + k];
            d -= t * t;
        }
        value[i * n + i] = sqrt(d);
    }
    return 0;
}

/* log_determinant: value of log_determinant (cholesky.dg:24)
 * A [n, n]  -> value scalar
 * workspace: log_determinant_work(n) bytes */
int log_determinant(const double *A, int64_t n, double *value, void *work)
{
    char *const space = (char *)work;
    double *const L = (double *)(void *)space;  /* [n, n] */

    for (int64_t i_fill = 0; i_fill < (n*n); i_fill++)
        L[i_fill] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) {
            double s = A[i * n + j];
            for (int64_t k = 0; k < j; k++) {
                s -= L[i * n + k] * L[j * n + k];
            }
            const double t = s / L[j * n + j];  /* cholesky.dg:26 */
            L[i * n + j] = t;
        }
        double d = A[i * n + i];
        for (int64_t k = 0; k < i; k++) {
            const double t = L[i * n + k];
            d -= t * t;
        }
        L[i * n + i] = sqrt(d);
    }
    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            strip[lane] = gradc_log(L[i * n + i]);
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    *value = 2.0 * s;
    return 0;
}

size_t log_determinant_work(int64_t n)
{
    return gradc_space(8*n*n);
}

/* log_determinant_grad: value and gradient of log_determinant (cholesky.dg:24)
 * A [n, n]  -> value scalar  grad_A [n, n]
 * workspace: log_determinant_grad_work(n) bytes */
int log_determinant_grad(const double *A, int64_t n, double *value, double *grad_A, void *work)
{
    char *const space = (char *)work;
    double *const L = (double *)(void *)space;  /* [n, n] */
    const size_t offset1 = gradc_space(8*n*n);
    double *const w = (double *)(void *)(space + offset1);  /* [n] */
    const size_t offset2 = offset1 + gradc_space(8*n);
    double *const w_2 = (double *)(void *)(space + offset2);  /* [n, max(n - 1, 0)] */
    const size_t offset3 = offset2 + gradc_space(8*n*((n - 1) > 0 ? (n - 1) : 0));
    double *const w_3 = (double *)(void *)(space + offset3);  /* [n, max(n - 1, 0)] */
    const size_t offset4 = offset3 + gradc_space(8*n*((n - 1) > 0 ? (n - 1) : 0));
    double *const w_4 = (double *)(void *)(space + offset4);  /* [n, max(n - 1, 0)] */
    const size_t offset5 = offset4 + gradc_space(8*n*((n - 1) > 0 ? (n - 1) : 0));
    double *const w_5 = (double *)(void *)(space + offset5);  /* [n, max(n - 1, 0), max(max(n - 1, 0) - 1, 0)] */
    const size_t offset6 = offset5 + gradc_space(8*n*((n - 1) > 0 ? (n - 1) : 0)*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0));
    double *const w_6 = (double *)(void *)(space + offset6);  /* [n, max(n - 1, 0), max(max(n - 1, 0) - 1, 0)] */
    const size_t offset7 = offset6 + gradc_space(8*n*((n - 1) > 0 ? (n - 1) : 0)*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0));
    double *const w_7 = (double *)(void *)(space + offset7);  /* [max(n - 1, 0)] */
    double *const w_15 = (double *)(void *)(space + offset7);  /* [max(n - 1, 0)] */
    const size_t offset8 = offset7 + gradc_space(8*((n - 1) > 0 ? (n - 1) : 0));
    double *const w_8 = (double *)(void *)(space + offset8);  /* [max(n - 1, 0)] */
    double *const w_16 = (double *)(void *)(space + offset8);  /* [max(n - 1, 0)] */
    const size_t offset9 = offset8 + gradc_space(8*((n - 1) > 0 ? (n - 1) : 0));
    double *const w_9 = (double *)(void *)(space + offset9);  /* [max(n - 1, 0), max(max(n - 1, 0) - 1, 0)] */
    double *const w_18 = (double *)(void *)(space + offset9);  /* [max(n - 1, 0), max(max(n - 1, 0) - 1, 0)] */
    const size_t offset10 = offset9 + gradc_space(8*((n - 1) > 0 ? (n - 1) : 0)*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0));
    double *const w_10 = (double *)(void *)(space + offset10);  /* [max(n - 1, 0), max(max(n - 1, 0) - 1, 0)] */
    double *const w_19 = (double *)(void *)(space + offset10);  /* [max(n - 1, 0), max(max(n - 1, 0) - 1, 0)] */
    const size_t offset11 = offset10 + gradc_space(8*((n - 1) > 0 ? (n - 1) : 0)*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0));
    double *const w_11 = (double *)(void *)(space + offset11);  /* [max(max(n - 1, 0) - 1, 0)] */
    double *const w_20 = (double *)(void *)(space + offset11);  /* [max(max(n - 1, 0) - 1, 0)] */
    const size_t offset12 = offset11 + gradc_space(8*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0));
    double *const w_12 = (double *)(void *)(space + offset12);  /* [max(max(n - 1, 0) - 1, 0)] */
    double *const w_21 = (double *)(void *)(space + offset12);  /* [max(max(n - 1, 0) - 1, 0)] */
    const size_t offset13 = offset12 + gradc_space(8*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0));
    double *const w_13 = (double *)(void *)(space + offset13);  /* [max(n - 1, 0)] */
    double *const w_17 = (double *)(void *)(space + offset13);  /* [max(n - 1, 0)] */
    const size_t offset14 = offset13 + gradc_space(8*((n - 1) > 0 ? (n - 1) : 0));
    double *const w_14 = (double *)(void *)(space + offset14);  /* [n, n] */

    for (int64_t i_fill = 0; i_fill < (n*n); i_fill++)
        L[i_fill] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) {
            double s = A[i * n + j];
            for (int64_t k = 0; k < j; k++) {
                const double t = L[j * n + k];  /* cholesky.dg:30 */
                const double t_2 = L[i * n + k];
                w_11[k] = t_2;
                w_12[k] = t;
                s -= t_2 * t;
            }
            const double t = L[j * n + j];
            const double t_2 = s / t;
            L[i * n + j] = t_2;
            w_7[j] = s;
            w_8[j] = t;
            const int64_t t_3 = j * ((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0);
            const int64_t end = ((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0);
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < end; i_2++) {
                w_9[t_3 + i_2] = w_11[i_2];
                w_10[t_3 + i_2] = w_12[i_2];
            }
        }
        double d = A[i * n + i];
        for (int64_t k = 0; k < i; k++) {
            const double t = L[i * n + k];
            w_13[k] = t;
            d -= t * t;
        }
        L[i * n + i] = sqrt(d);
        w[i] = d;
        const int64_t t = i * ((n - 1) > 0 ? (n - 1) : 0);
        const int64_t end = ((n - 1) > 0 ? (n - 1) : 0);
        GRADC_IVDEP
        for (int64_t i_2 = 0; i_2 < end; i_2++) {
            w_2[t + i_2] = w_13[i_2];
            w_3[t + i_2] = w_7[i_2];
            w_4[t + i_2] = w_8[i_2];
        }
        const int64_t t_2 = i * (((n - 1) > 0 ? (n - 1) : 0)*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0));
        const int64_t end_2 = (((n - 1) > 0 ? (n - 1) : 0)*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0));
        GRADC_IVDEP
        for (int64_t i_2 = 0; i_2 < end_2; i_2++) {
            w_5[t_2 + i_2] = w_9[i_2];
            w_6[t_2 + i_2] = w_10[i_2];
        }
    }
    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            strip[lane] = gradc_log(L[i * n + i]);
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    for (int64_t i_fill = 0; i_fill < (n*n); i_fill++)
        w_14[i_fill] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        w_14[i * n + i] += 2.0 / L[i * n + i];
    }
    for (int64_t i_fill = 0; i_fill < (n*n); i_fill++)
        grad_A[i_fill] = 0.0;
    for (int64_t i = n - 1; i >= 0; i--) {
        const double t = w_14[i * n + i];
        w_14[i * n + i] = 0.0;
        const int64_t t_2 = i * ((n - 1) > 0 ? (n - 1) : 0);  /* cholesky.dg:7 */
        const int64_t end = ((n - 1) > 0 ? (n - 1) : 0);
        GRADC_IVDEP
        for (int64_t i_2 = 0; i_2 < end; i_2++) {
            w_15[i_2] = w_2[t_2 + i_2];
            w_16[i_2] = w_3[t_2 + i_2];
            w_17[i_2] = w_4[t_2 + i_2];
        }
        const int64_t end_2 = ((n - 1) > 0 ? (n - 1) : 0);
        for (int64_t i_2 = 0; i_2 < end_2; i_2++) {
            const int64_t t_3 = (t_2 + i_2) * ((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0);
            const int64_t t_4 = i_2 * ((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0);  /* cholesky.dg:30 */
            const int64_t end_3 = ((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0);
            GRADC_IVDEP
            for (int64_t j = 0; j < end_3; j++) {
                w_18[t_4 + j] = w_5[t_3 + j];
                w_19[t_4 + j] = w_6[t_3 + j];
            }
        }
        const double t_3 = t * (0.5 / sqrt(w[i]));
        double s_2 = t_3;
        for (int64_t k = i - 1; k >= 0; k--) {
            w_14[i * n + k] += -(s_2 * (2.0 * w_15[k]));
        }
        for (int64_t j = i - 1; j >= 0; j--) {
            const double t_4 = w_14[i * n + j];
            w_14[i * n + j] = 0.0;
            const int64_t t_5 = j * ((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0);  /* cholesky.dg:8 */
            const int64_t end_4 = ((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0);
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < end_4; i_2++) {
                w_20[i_2] = w_18[t_5 + i_2];
                w_21[i_2] = w_19[t_5 + i_2];
            }
            const double t_6 = w_17[j];  /* cholesky.dg:30 */
            w_14[j * n + j] += t_4 * (-(w_16[j] / t_6) / t_6);
            const double t_7 = t_4 / t_6;
            grad_A[i * n + j] += t_7;
            double s_3 = t_7;
            for (int64_t k = j - 1; k >= 0; k--) {
                w_14[j * n + k] += -(s_3 * w_20[k]);
                w_14[i * n + k] += -(s_3 * w_21[k]);
            }
        }
        grad_A[i * n + i] += t_3;
    }
    *value = 2.0 * s;
    return 0;
}

size_t log_determinant_grad_work(int64_t n)
{
    return gradc_space(8*n*n)
        + gradc_space(8*n)
        + gradc_space(8*n*((n - 1) > 0 ? (n - 1) : 0))
        + gradc_space(8*n*((n - 1) > 0 ? (n - 1) : 0))
        + gradc_space(8*n*((n - 1) > 0 ? (n - 1) : 0))
        + gradc_space(8*n*((n - 1) > 0 ? (n - 1) : 0)*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0))
        + gradc_space(8*n*((n - 1) > 0 ? (n - 1) : 0)*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0))
        + gradc_space(8*((n - 1) > 0 ? (n - 1) : 0))
        + gradc_space(8*((n - 1) > 0 ? (n - 1) : 0))
        + gradc_space(8*((n - 1) > 0 ? (n - 1) : 0)*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0))
        + gradc_space(8*((n - 1) > 0 ? (n - 1) : 0)*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0))
        + gradc_space(8*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0))
        + gradc_space(8*((((n - 1) > 0 ? (n - 1) : 0) - 1) > 0 ? (((n - 1) > 0 ? (n - 1) : 0) - 1) : 0))
        + gradc_space(8*((n - 1) > 0 ? (n - 1) : 0))
        + gradc_space(8*n*n);
}

#ifdef __cplusplus
}
#endif
