/* Made by gradc from lse.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

#define gradc_max_real 1.7976931348623157e308
#define gradc_max_realf 3.40282347e38f

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

/* The largest of r and x, nan if one is: in 16 lanes, then across them. */
static inline double gradc_largest(int64_t n, const double *x, double r)
{
    double s[16];
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

/* x * 2^k for integral |k| <= 2000, in two steps so that only the last one rounds. */
static inline double gradc_scale(double x, double k)
{
    const uint64_t n = gradc_bits(k + (6755399441055744.0 + 2046.0)) & 0xfff; /* k + 2046 */
    const uint64_t half = n >> 1;

    return x * gradc_from_bits(half << 52) * gradc_from_bits((n - half) << 52);
}

/* e^x = 2^k (hi + lo), |lo| < 2^-50, |x| cut to 750, where e^x is 0 or inf.
 * Cody & Waite: r = x - k ln 2 in two pieces, |r| <= ln 2 / 2, then
 * e^r = 1 + r + r^2 q(r), q minimax of degree 10 (2^-60). */
static inline void gradc_exp_parts(double x, double *k_out, double *hi, double *lo)
{
    const double c = gradc_clamp(x, 750.0);
    const double k = (c * 0x1.71547652b82fep+0 + 6755399441055744.0) - 6755399441055744.0;
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

    const double h = 1.0 + r;
    const double l = ((1.0 - h) + r) + (r2 * q + (rl + rl * r));

    *k_out = k;
    *hi = h + l;
    *lo = (h - *hi) + l;
}

/* Error 0.8 ulp (1.1 where the result is subnormal). */
static inline double gradc_exp(double x)
{
    double k, hi, lo;

    gradc_exp_parts(x, &k, &hi, &lo);
    return gradc_scale(hi, k);
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

/* lse: value of lse (lse.dg:3)
 * x [n]  -> value scalar
 * no workspace */
int lse(const double *x, int64_t n, double *value)
{
    double s_so_far = -(double)INFINITY;
    s_so_far = gradc_largest(n, x, s_so_far);
    const double s = s_so_far;
    const double t = fabs(s) <= gradc_max_real ? s : 0.0;  /* lse.dg:3 */
    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            strip[lane] = gradc_exp(x[i] - t);
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s_2 = gradc_sum_of(s_parts);
    *value = gradc_log(s_2) + t;
    return 0;
}

/* lse_grad: value and gradient of lse (lse.dg:3)
 * x [n]  -> value scalar  grad_x [n]
 * no workspace */
int lse_grad(const double *x, int64_t n, double *value, double *grad_x)
{
    double s_so_far = -(double)INFINITY;
    s_so_far = gradc_largest(n, x, s_so_far);
    const double s = s_so_far;
    const double t = fabs(s) <= gradc_max_real ? s : 0.0;  /* lse.dg:5 */
    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_2 = gradc_exp(x[i] - t);  /* lse.dg:3 */
            grad_x[i] = t_2;
        }
        gradc_sum(len, grad_x + i_0, s_parts);
    }
    const double s_2 = gradc_sum_of(s_parts);
    const double t_2 = 1.0 / s_2;  /* lse.dg:5 */
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        const double t_3 = grad_x[i];  /* lse.dg:3 */
        grad_x[i] = t_2 * t_3;
    }
    *value = gradc_log(s_2) + t;
    return 0;
}

#ifdef __cplusplus
}
#endif
