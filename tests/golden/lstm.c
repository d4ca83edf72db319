/* Made by gradc from lstm.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* 1 / (1 + e) or e / (1 + e) with e = e^-|x| in parts. Error 1.1 ulp. */
static inline double gradc_sigmoid(double x)
{
    const uint64_t left = gradc_negative(x);
    double k, hi, lo, s, d, dl, q, num;

    gradc_exp_parts(-gradc_abs(x), &k, &hi, &lo);
    s = gradc_scale(1.0, gradc_clamp(k, 200.0));
    d = 1.0 + s * hi;
    dl = ((1.0 - d) + s * hi) + s * lo;
    num = gradc_pick(left, hi, 1.0);
    q = num / d;
    q = q + (gradc_pick(left, lo, 0.0) - q * dl) / d;
    return gradc_scale(q, gradc_pick(left, k, 0.0));
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

/* lstm: value of lstm (lstm.dg:9)
 * main_params [2*L, 4*b]  extra_params [3, b]  state [2*L, b]  sequence [c, b]  -> value scalar
 * workspace: lstm_work(L, b, c) bytes */
int lstm(const double *main_params, const double *extra_params, const double *state,
    const double *sequence, int64_t L, int64_t b, int64_t c, double *value, void *work)
{
    char *const space = (char *)work;
    double *const s = (double *)(void *)space;  /* [2*L, b] */
    const size_t offset1 = gradc_space(16*L*b);
    double *const y = (double *)(void *)(space + offset1);  /* [b] */
    const size_t offset2 = offset1 + gradc_space(8*b);
    double *const cell = (double *)(void *)(space + offset2);  /* [b] */

    GRADC_IVDEP
    for (int64_t i = 0; i < (2*L*b); i++) {
        s[i] = state[i];
    }
    double total = 0.0;
    for (int64_t t = 0; t < c - 1; t++) {
        GRADC_IVDEP
        for (int64_t i = 0; i < b; i++) {
            const double y_2 = sequence[t * b + i] * extra_params[i];  /* lstm.dg:13 */
            y[i] = y_2;
        }
        for (int64_t i = 0; i < L; i++) {
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                const double t_2 = y[i_2];  /* lstm.dg:18 */
                const double t_3 = t_2 * main_params[2 * i * (4*b) + i_2] + main_params[(2 * i + 1) * (4*b) + i_2];
                const double forget = gradc_sigmoid(t_3);
                const double h = s[2 * i * b + i_2];  /* lstm.dg:17 */
                const double t_4 = h * main_params[2 * i * (4*b) + (i_2 + b)] + main_params[(2 * i + 1) * (4*b) + (i_2 + b)];  /* lstm.dg:19 */
                const double ingate = gradc_sigmoid(t_4);
                const double t_5 = h * main_params[2 * i * (4*b) + (i_2 + 3*b)] + main_params[(2 * i + 1) * (4*b) + (i_2 + 3*b)];  /* lstm.dg:21 */
                const double change = gradc_tanh(t_5);
                const double cell_2 = s[(2 * i + 1) * b + i_2] * forget + ingate * change;  /* lstm.dg:22 */
                const double t_6 = t_2 * main_params[2 * i * (4*b) + (i_2 + 2*b)] + main_params[(2 * i + 1) * (4*b) + (i_2 + 2*b)];  /* lstm.dg:20 */
                const double outgate = gradc_sigmoid(t_6);
                const double y_2 = outgate * gradc_tanh(cell_2);  /* lstm.dg:23 */
                cell[i_2] = cell_2;
                y[i_2] = y_2;
            }
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                s[2 * i * b + i_2] = y[i_2];
            }
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                s[(2 * i + 1) * b + i_2] = cell[i_2];
            }
        }
        double s_parts[16] = {0};
        for (int64_t i_0 = 0; i_0 < b; i_0 += 256) {
            const int64_t len = b - i_0 < 256 ? b - i_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i = i_0 + lane;
                const double p = y[i] * extra_params[b + i] + extra_params[2*b + i];  /* lstm.dg:27 */
                strip[lane] = gradc_exp(p);
            }
            gradc_sum(len, strip, s_parts);
        }
        const double s_2 = gradc_sum_of(s_parts);
        const double t_2 = gradc_log(s_2 + 2.0);  /* lstm.dg:28 */
        double s_parts_2[16] = {0};
        for (int64_t i_0 = 0; i_0 < b; i_0 += 256) {
            const int64_t len = b - i_0 < 256 ? b - i_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i = i_0 + lane;
                const double p = y[i] * extra_params[b + i] + extra_params[2*b + i];  /* lstm.dg:27 */
                const double p_2 = p - t_2;  /* lstm.dg:28 */
                strip[lane] = sequence[(t + 1) * b + i] * p_2;
            }
            gradc_sum(len, strip, s_parts_2);
        }
        const double s_3 = gradc_sum_of(s_parts_2);
        total += s_3;
    }
    *value = -total / (double)(b*c - b);
    return 0;
}

size_t lstm_work(int64_t L, int64_t b, int64_t c)
{
    (void)c;
    return gradc_space(16*L*b)
        + gradc_space(8*b)
        + gradc_space(8*b);
}

/* lstm_grad: value and gradient of lstm (lstm.dg:9)
 * main_params [2*L, 4*b]  extra_params [3, b]  state [2*L, b]  sequence [c, b]  -> value scalar
 * grad_main_params [2*L, 4*b]  grad_extra_params [3, b]
 * workspace: lstm_grad_work(L, b, c) bytes */
int lstm_grad(const double *main_params, const double *extra_params, const double *state,
    const double *sequence, int64_t L, int64_t b, int64_t c, double *value,
    double *grad_main_params, double *grad_extra_params, void *work)
{
    char *const space = (char *)work;
    double *const s = (double *)(void *)space;  /* [2*L, b] */
    double *const w_20 = (double *)(void *)space;  /* [2*L, b] */
    const size_t offset1 = gradc_space(16*L*b);
    double *const w = (double *)(void *)(space + offset1);  /* [max(c - 1, 0), b] */
    const size_t offset2 = offset1 + gradc_space(8*b*((c - 1) > 0 ? (c - 1) : 0));
    double *const w_2 = (double *)(void *)(space + offset2);  /* [max(c - 1, 0), b] */
    const size_t offset3 = offset2 + gradc_space(8*b*((c - 1) > 0 ? (c - 1) : 0));
    double *const w_3 = (double *)(void *)(space + offset3);  /* [max(c - 1, 0)] */
    const size_t offset4 = offset3 + gradc_space(8*((c - 1) > 0 ? (c - 1) : 0));
    double *const w_4 = (double *)(void *)(space + offset4);  /* [max(c - 1, 0), L, b] */
    const size_t offset5 = offset4 + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0));
    double *const w_5 = (double *)(void *)(space + offset5);  /* [max(c - 1, 0), L, b] */
    const size_t offset6 = offset5 + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0));
    double *const w_6 = (double *)(void *)(space + offset6);  /* [max(c - 1, 0), L, b] */
    const size_t offset7 = offset6 + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0));
    double *const w_7 = (double *)(void *)(space + offset7);  /* [max(c - 1, 0), L, b] */
    const size_t offset8 = offset7 + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0));
    double *const w_8 = (double *)(void *)(space + offset8);  /* [max(c - 1, 0), L, b] */
    const size_t offset9 = offset8 + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0));
    double *const w_9 = (double *)(void *)(space + offset9);  /* [max(c - 1, 0), L, b] */
    const size_t offset10 = offset9 + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0));
    double *const w_10 = (double *)(void *)(space + offset10);  /* [max(c - 1, 0), L, b] */
    const size_t offset11 = offset10 + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0));
    double *const w_11 = (double *)(void *)(space + offset11);  /* [max(c - 1, 0), L, b] */
    const size_t offset12 = offset11 + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0));
    double *const y = (double *)(void *)(space + offset12);  /* [b] */
    double *const w_21 = (double *)(void *)(space + offset12);  /* [b] */
    const size_t offset13 = offset12 + gradc_space(8*b);
    double *const w_12 = (double *)(void *)(space + offset13);  /* [L, b] */
    double *const w_24 = (double *)(void *)(space + offset13);  /* [L, b] */
    const size_t offset14 = offset13 + gradc_space(8*L*b);
    double *const w_13 = (double *)(void *)(space + offset14);  /* [L, b] */
    double *const w_25 = (double *)(void *)(space + offset14);  /* [L, b] */
    const size_t offset15 = offset14 + gradc_space(8*L*b);
    double *const w_14 = (double *)(void *)(space + offset15);  /* [L, b] */
    double *const w_26 = (double *)(void *)(space + offset15);  /* [L, b] */
    const size_t offset16 = offset15 + gradc_space(8*L*b);
    double *const w_15 = (double *)(void *)(space + offset16);  /* [L, b] */
    double *const w_27 = (double *)(void *)(space + offset16);  /* [L, b] */
    const size_t offset17 = offset16 + gradc_space(8*L*b);
    double *const w_16 = (double *)(void *)(space + offset17);  /* [L, b] */
    double *const w_28 = (double *)(void *)(space + offset17);  /* [L, b] */
    const size_t offset18 = offset17 + gradc_space(8*L*b);
    double *const w_17 = (double *)(void *)(space + offset18);  /* [L, b] */
    double *const w_29 = (double *)(void *)(space + offset18);  /* [L, b] */
    const size_t offset19 = offset18 + gradc_space(8*L*b);
    double *const w_18 = (double *)(void *)(space + offset19);  /* [L, b] */
    double *const w_30 = (double *)(void *)(space + offset19);  /* [L, b] */
    const size_t offset20 = offset19 + gradc_space(8*L*b);
    double *const w_19 = (double *)(void *)(space + offset20);  /* [L, b] */
    double *const w_31 = (double *)(void *)(space + offset20);  /* [L, b] */
    const size_t offset21 = offset20 + gradc_space(8*L*b);
    double *const w_22 = (double *)(void *)(space + offset21);  /* [b] */
    const size_t offset22 = offset21 + gradc_space(8*b);
    double *const w_23 = (double *)(void *)(space + offset22);  /* [b] */
    const size_t offset23 = offset22 + gradc_space(8*b);
    double *const w_32 = (double *)(void *)(space + offset23);  /* [b] */
    const size_t offset24 = offset23 + gradc_space(8*b);
    double *const w_33 = (double *)(void *)(space + offset24);  /* [b] */
    const size_t offset25 = offset24 + gradc_space(8*b);
    double *const w_34 = (double *)(void *)(space + offset25);  /* [b] */
    const size_t offset26 = offset25 + gradc_space(8*b);
    double *const w_36 = (double *)(void *)(space + offset26);  /* [b] */
    const size_t offset27 = offset26 + gradc_space(8*b);
    double *const w_38 = (double *)(void *)(space + offset27);  /* [b] */
    const size_t offset28 = offset27 + gradc_space(8*b);
    double *const w_40 = (double *)(void *)(space + offset28);  /* [b] */
    const size_t offset29 = offset28 + gradc_space(8*b);
    double *const w_41 = (double *)(void *)(space + offset29);  /* [b] */
    const size_t offset30 = offset29 + gradc_space(8*b);
    double *const w_42 = (double *)(void *)(space + offset30);  /* [b] */
    const size_t offset31 = offset30 + gradc_space(8*b);
    double *const w_37 = (double *)(void *)(space + offset31);  /* [4*b] */
    const size_t offset32 = offset31 + gradc_space(32*b);
    double *const w_39 = (double *)(void *)(space + offset32);  /* [4*b] */

    GRADC_IVDEP
    for (int64_t i = 0; i < (2*L*b); i++) {
        s[i] = state[i];
    }
    double total = 0.0;
    for (int64_t t = 0; t < c - 1; t++) {
        double *const row = w_2 + t * b;
        GRADC_IVDEP
        for (int64_t i = 0; i < b; i++) {
            const double y_2 = sequence[t * b + i] * extra_params[i];  /* lstm.dg:13 */
            y[i] = y_2;
        }
        for (int64_t i = 0; i < L; i++) {
            double *const h = w_13 + i * b;
            double *const forget = w_14 + i * b;
            double *const ingate = w_15 + i * b;
            double *const outgate = w_16 + i * b;
            double *const change = w_17 + i * b;
            double *const row_2 = w_18 + i * b;
            double *const row_3 = w_19 + i * b;
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                const double h_2 = s[2 * i * b + i_2];  /* lstm.dg:17 */
                const double t_2 = y[i_2];  /* lstm.dg:18 */
                const double t_3 = t_2 * main_params[2 * i * (4*b) + i_2] + main_params[(2 * i + 1) * (4*b) + i_2];
                const double forget_2 = gradc_sigmoid(t_3);
                const double t_4 = h_2 * main_params[2 * i * (4*b) + (i_2 + b)] + main_params[(2 * i + 1) * (4*b) + (i_2 + b)];  /* lstm.dg:19 */
                const double ingate_2 = gradc_sigmoid(t_4);
                const double t_5 = t_2 * main_params[2 * i * (4*b) + (i_2 + 2*b)] + main_params[(2 * i + 1) * (4*b) + (i_2 + 2*b)];  /* lstm.dg:20 */
                const double outgate_2 = gradc_sigmoid(t_5);
                const double t_6 = h_2 * main_params[2 * i * (4*b) + (i_2 + 3*b)] + main_params[(2 * i + 1) * (4*b) + (i_2 + 3*b)];  /* lstm.dg:21 */
                const double change_2 = gradc_tanh(t_6);
                const double t_7 = s[(2 * i + 1) * b + i_2];  /* lstm.dg:22 */
                const double cell = t_7 * forget_2 + ingate_2 * change_2;
                const double t_8 = gradc_tanh(cell);  /* lstm.dg:23 */
                const double y_2 = outgate_2 * t_8;
                h[i_2] = h_2;
                forget[i_2] = forget_2;
                ingate[i_2] = ingate_2;
                outgate[i_2] = outgate_2;
                change[i_2] = change_2;
                row_2[i_2] = t_7;
                row_3[i_2] = t_8;
                w_12[i * b + i_2] = t_2;
                y[i_2] = y_2;
            }
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                const double y_2 = outgate[i_2] * row_3[i_2];
                s[2 * i * b + i_2] = y_2;
            }
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                const double cell = row_2[i_2] * forget[i_2] + ingate[i_2] * change[i_2];  /* lstm.dg:22 */
                s[(2 * i + 1) * b + i_2] = cell;
            }
        }
        double s_parts[16] = {0};
        for (int64_t i_0 = 0; i_0 < b; i_0 += 256) {
            const int64_t len = b - i_0 < 256 ? b - i_0 : 256;
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i = i_0 + lane;
                const double t_2 = y[i];  /* lstm.dg:27 */
                const double p = t_2 * extra_params[b + i] + extra_params[2*b + i];
                const double t_3 = gradc_exp(p);  /* lstm.dg:28 */
                row[i] = t_3;
                w[t * b + i] = t_2;
            }
            gradc_sum(len, row + i_0, s_parts);
        }
        const double s_2 = gradc_sum_of(s_parts);
        const double t_2 = gradc_log(s_2 + 2.0);
        double s_parts_2[16] = {0};
        for (int64_t i_0 = 0; i_0 < b; i_0 += 256) {
            const int64_t len = b - i_0 < 256 ? b - i_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i = i_0 + lane;
                const double p = y[i] * extra_params[b + i] + extra_params[2*b + i];  /* lstm.dg:27 */
                const double p_2 = p - t_2;  /* lstm.dg:28 */
                strip[lane] = sequence[(t + 1) * b + i] * p_2;
            }
            gradc_sum(len, strip, s_parts_2);
        }
        const double s_3 = gradc_sum_of(s_parts_2);
        w_3[t] = s_2;
        GRADC_IVDEP
        for (int64_t i = 0; i < (L*b); i++) {
            w_4[t * (L*b) + i] = w_12[i];
            w_5[t * (L*b) + i] = w_13[i];
            w_6[t * (L*b) + i] = w_14[i];
            w_7[t * (L*b) + i] = w_15[i];
            w_8[t * (L*b) + i] = w_16[i];
            w_9[t * (L*b) + i] = w_17[i];
            w_10[t * (L*b) + i] = w_18[i];
            w_11[t * (L*b) + i] = w_19[i];
        }
        total += s_3;
    }
    for (int64_t i_fill = 0; i_fill < (2*L*b); i_fill++)
        w_20[i_fill] = 0.0;
    for (int64_t i_fill = 0; i_fill < (8*L*b); i_fill++)
        grad_main_params[i_fill] = 0.0;
    for (int64_t i_fill = 0; i_fill < b; i_fill++)
        w_21[i_fill] = 0.0;
    for (int64_t i_fill = 0; i_fill < b; i_fill++)
        w_22[i_fill] = 0.0;
    for (int64_t i_fill = 0; i_fill < b; i_fill++)
        w_23[i_fill] = 0.0;
    const double t = (double)(b*c - b);  /* lstm.dg:31 */
    double s_2 = -(1.0 / t);
    for (int64_t t_2 = c - 2; t_2 >= 0; t_2--) {
        double s_parts[16] = {0};
        for (int64_t i_0 = 0; i_0 < b; i_0 += 256) {
            const int64_t len = b - i_0 < 256 ? b - i_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i = i_0 + lane;
                strip[lane] = -(s_2 * sequence[(t_2 + 1) * b + i]);
            }
            gradc_sum(len, strip, s_parts);
        }
        const double s_3 = gradc_sum_of(s_parts);
        for (int64_t i = 0; i < L; i++) {
            GRADC_IVDEP
            for (int64_t j = 0; j < b; j++) {
                w_24[i * b + j] = w_4[(t_2 * L + i) * b + j];
                w_25[i * b + j] = w_5[(t_2 * L + i) * b + j];
                w_26[i * b + j] = w_6[(t_2 * L + i) * b + j];
                w_27[i * b + j] = w_7[(t_2 * L + i) * b + j];
                w_28[i * b + j] = w_8[(t_2 * L + i) * b + j];
                w_29[i * b + j] = w_9[(t_2 * L + i) * b + j];
                w_30[i * b + j] = w_10[(t_2 * L + i) * b + j];
                w_31[i * b + j] = w_11[(t_2 * L + i) * b + j];
            }
        }
        const double t_3 = s_3 / (w_3[t_2] + 2.0);  /* lstm.dg:34 */
        GRADC_IVDEP
        for (int64_t i = 0; i < b; i++) {
            const double t_4 = s_2 * sequence[(t_2 + 1) * b + i] + t_3 * w_2[t_2 * b + i];  /* lstm.dg:28 */
            const double t_5 = w_22[i];  /* lstm.dg:27 */
            const double t_6 = w_23[i];
            w_32[i] = t_4 * extra_params[b + i];
            w_22[i] = t_5 + t_4 * w[t_2 * b + i];
            w_23[i] = t_6 + t_4;
        }
        for (int64_t i = L - 1; i >= 0; i--) {
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_33[i_2] = w_20[(2 * i + 1) * b + i_2];
            }
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_20[(2 * i + 1) * b + i_2] = 0.0;
            }
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                const double t_4 = w_32[i_2];  /* lstm.dg:24 */
                const double t_5 = t_4 + w_20[2 * i * b + i_2];
                const double t_6 = w_31[i * b + i_2];  /* lstm.dg:14 */
                const double t_7 = w_28[i * b + i_2];
                const double t_8 = t_5 * t_6 * (t_7 - t_7 * t_7);  /* lstm.dg:20 */
                const double t_9 = w_33[i_2] + t_5 * t_7 * (1.0 - t_6 * t_6);  /* lstm.dg:23 */
                const double t_10 = w_27[i * b + i_2];  /* lstm.dg:14 */
                const double t_11 = w_29[i * b + i_2];
                const double t_12 = t_9 * t_10 * (1.0 - t_11 * t_11);  /* lstm.dg:21 */
                const double t_13 = w_26[i * b + i_2];  /* lstm.dg:14 */
                const double t_14 = t_9 * w_30[i * b + i_2] * (t_13 - t_13 * t_13);  /* lstm.dg:18 */
                const double t_15 = t_8 * main_params[2 * i * (4*b) + (i_2 + 2*b)] + t_14 * main_params[2 * i * (4*b) + i_2];
                const double t_16 = t_9 * t_11 * (t_10 - t_10 * t_10);  /* lstm.dg:19 */
                const double t_17 = t_12 * main_params[2 * i * (4*b) + (i_2 + 3*b)] + t_16 * main_params[2 * i * (4*b) + (i_2 + b)];
                w_34[i_2] = t_8;
                w_36[i_2] = t_12;
                w_38[i_2] = t_14;
                w_32[i_2] = t_15;
                w_40[i_2] = t_9 * t_13;
                w_41[i_2] = t_16;
                w_42[i_2] = t_17;
            }
            for (int64_t i_fill = 0; i_fill < (4*b); i_fill++)
                w_37[i_fill] = 0.0;
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_37[i_2 + 3*b] = w_36[i_2];
            }
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_37[i_2 + 2*b] += w_34[i_2];
            }
            for (int64_t i_fill = 0; i_fill < (4*b); i_fill++)
                w_39[i_fill] = 0.0;
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_39[i_2 + 3*b] = w_36[i_2] * w_25[i * b + i_2];
            }
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_39[i_2 + 2*b] += w_34[i_2] * w_24[i * b + i_2];
            }
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_37[i_2 + b] += w_41[i_2];
            }
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_37[i_2] += w_38[i_2];
            }
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_39[i_2 + b] += w_41[i_2] * w_25[i * b + i_2];
            }
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_39[i_2] += w_38[i_2] * w_24[i * b + i_2];
            }
            GRADC_IVDEP
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_20[2 * i * b + i_2] = 0.0;
            }
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_20[(2 * i + 1) * b + i_2] += w_40[i_2];
            }
            for (int64_t i_2 = 0; i_2 < b; i_2++) {
                w_20[2 * i * b + i_2] += w_42[i_2];
            }
            for (int64_t i_2 = 0; i_2 < (4*b); i_2++) {
                grad_main_params[(2 * i + 1) * (4*b) + i_2] += w_37[i_2];
            }
            for (int64_t i_2 = 0; i_2 < (4*b); i_2++) {
                grad_main_params[2 * i * (4*b) + i_2] += w_39[i_2];
            }
        }
        GRADC_IVDEP
        for (int64_t i = 0; i < b; i++) {
            const double t_4 = w_21[i];  /* lstm.dg:13 */
            w_21[i] = t_4 + w_32[i] * sequence[t_2 * b + i];
        }
    }
    GRADC_IVDEP
    for (int64_t i = 0; i < b; i++) {
        grad_extra_params[i] = w_21[i];
        grad_extra_params[b + i] = w_22[i];
        grad_extra_params[2*b + i] = w_23[i];
    }
    *value = -total / t;
    return 0;
}

size_t lstm_grad_work(int64_t L, int64_t b, int64_t c)
{
    return gradc_space(16*L*b)
        + gradc_space(8*b*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*b*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*L*b*((c - 1) > 0 ? (c - 1) : 0))
        + gradc_space(8*b)
        + gradc_space(8*L*b)
        + gradc_space(8*L*b)
        + gradc_space(8*L*b)
        + gradc_space(8*L*b)
        + gradc_space(8*L*b)
        + gradc_space(8*L*b)
        + gradc_space(8*L*b)
        + gradc_space(8*L*b)
        + gradc_space(8*b)
        + gradc_space(8*b)
        + gradc_space(8*b)
        + gradc_space(8*b)
        + gradc_space(8*b)
        + gradc_space(8*b)
        + gradc_space(8*b)
        + gradc_space(8*b)
        + gradc_space(8*b)
        + gradc_space(8*b)
        + gradc_space(32*b)
        + gradc_space(32*b);
}

#ifdef __cplusplus
}
#endif
