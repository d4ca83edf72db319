/* Made by gradc from chain.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

#if defined(__cplusplus)
#define GRADC_RESTRICT
#else
#define GRADC_RESTRICT restrict
#endif

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

/* chain: value of chain (chain.dg:3)
 * w scalar  -> value scalar
 * 3 tanh
 * no workspace */
int chain(double w, double *value)
{
    const double x = gradc_tanh(w);  /* chain.dg:4 */
    const double y = gradc_tanh(x);  /* chain.dg:5 */
    const double z = gradc_tanh(y);  /* chain.dg:6 */
    *value = z;
    return 0;
}

/* chain_grad: value and gradient of chain (chain.dg:3)
 * w scalar  -> value scalar  grad_w scalar
 * 3 sub, 5 mul, 3 tanh
 * no workspace */
int chain_grad(double w, double *value, double *grad_w)
{
    const double x = gradc_tanh(w);  /* chain.dg:4 */
    const double y = gradc_tanh(x);  /* chain.dg:5 */
    const double z = gradc_tanh(y);  /* chain.dg:6 */
    *value = z;
    *grad_w = (1.0 - z * z) * (1.0 - y * y) * (1.0 - x * x);
    return 0;
}

#ifdef __cplusplus
}
#endif
