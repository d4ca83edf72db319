/* math_f64_special.c - powers and error functions in double precision.
 *
 * See math_f64.c for the rules. */
#define GRADC_MATH_F64_SPECIAL_C
#ifndef GRADC_MATH_F64_C
#include "math_f64.c"
#endif

/*@ snippet gradc_erf_small */
/* erf x for |x| < 3/4: x times a minimax polynomial in x^2, 2^-60. */
static inline double gradc_erf_small(double x)
{
    const double z = x * x;
    const double z2 = z * z;
    const double z4 = z2 * z2;

    return x + x * (0.12837916709551256 + z * (((-0x1.812746b0379e3p-2 + z * 0x1.ce2f21a042624p-4)
            + z2 * (-0x1.b82ce3125d90cp-6 + z * 0x1.565bcd0460f23p-8))
        + z4 * (((-0x1.c02db150d0fffp-11 + z * 0x1.f9a2b5116648fp-14)
            + z2 * (-0x1.f4c6444e39b34p-17 + z * 0x1.b9135786c0dedp-20))
        + z4 * ((-0x1.566c786ceed26p-23 + z * 0x1.8ad003d324669p-27)))));
}

/*@ snippet gradc_erfc_parts needs gradc_two_prod gradc_two_sum gradc_exp_parts */
/* erfc a = 2^k (hi + lo) for 0 <= a <= 28. e^(a^2) (1 + 2a) erfc a lies in [1, 1.28]; it
 * is a minimax polynomial of degree 22 (2^-56) in t = (a - 4) / (a + 4), after
 * Schonfelder and Shepherd & Laframboise. The square is exact, so the exponential
 * keeps its accuracy. */
static inline void gradc_erfc_parts(double a, double *k, double *hi, double *lo)
{
    const double t = (a - 4.0) / (a + 4.0);
    const double t2 = t * t;
    const double t4 = t2 * t2;
    const double g = t * (((-0x1.1df1ad154a29cp-3 + t * 0x1.f7f5df66fd77ap-7)
            + t2 * (0x1.16ecefcfa5fe0p-4 + t * -0x1.9ddb23c3e8c73p-4))
        + t4 * (((0x1.7fee004df763ep-4 + t * -0x1.0fb06dfe56352p-4)
            + t2 * (0x1.3079edf9e6b11p-5 + t * -0x1.09623880e06afp-6))
        + t4 * (((0x1.49c67195d0aefp-8 + t * -0x1.8d4a9f9fa436bp-11)
            + t2 * (-0x1.a1de85e476c41p-13 + t * 0x1.3be0ce2982e5ap-13))
        + t4 * (((-0x1.9969af8b2b3e6p-16 + t * -0x1.78a7bd439c73cp-17)
            + t2 * (0x1.7fada6bb754dbp-18 + t * 0x1.4417758db8eb5p-22))
        + t4 * (((-0x1.bfdecdc132e0ep-21 + t * 0x1.0c66e57fd6311p-24)
            + t2 * (0x1.ec19aa0b6ae06p-24 + t * -0x1.0c9af8070238dp-27))
        + t4 * ((-0x1.cc63d91d86004p-27 + t * -0x1.d7c6fa411d98dp-30)))))));
    const double p = 0x1.3ba5916e9fd7fp+0 + g;
    const double pl = ((0x1.3ba5916e9fd7fp+0 - p) + g) - 0x1.a84d5a4f7b79bp-55;
    double e, el, dl, sl, ql, y, yl;
    const double s = gradc_two_prod(a, a, &sl);
    const double d = gradc_two_sum(1.0, 2.0 * a, &dl);
    const double q = p / d;

    gradc_exp_parts(-s, k, &e, &el);
    el = el - e * sl;
    ql = (pl - q * dl) / d;
    y = gradc_two_prod(q, e, &yl);
    *hi = y;
    *lo = yl + (q * el + ql * e);
}

/*@ snippet gradc_erfc needs gradc_abs gradc_clamp gradc_erfc_parts gradc_scale gradc_pick gradc_negative gradc_less gradc_erf_small */
/* 1 - erf x up to 0.6, else erfc |x| or 2 minus it. Error 1.8 ulp. */
static inline double gradc_erfc(double x)
{
    const double a = gradc_abs(x);
    const double c = gradc_clamp(a, 28.0);
    double k, hi, lo, y;

    gradc_erfc_parts(c, &k, &hi, &lo);
    y = gradc_scale(hi + lo, k);
    y = gradc_pick(gradc_negative(x), 2.0 - y, y);
    return gradc_pick(gradc_less(a, 0.6), 1.0 - gradc_erf_small(x), y);
}

/*@ snippet gradc_erf needs gradc_abs gradc_clamp gradc_erf_small gradc_erfc_parts gradc_scale gradc_pick gradc_less gradc_with_sign */
/* The polynomial up to 3/4, 1 - erfc |x| above. Error 1.1 ulp. */
static inline double gradc_erf(double x)
{
    const double a = gradc_abs(x);
    const double c = gradc_clamp(a, 6.0);
    const double small = gradc_erf_small(x);
    double k, hi, lo, y;

    gradc_erfc_parts(c, &k, &hi, &lo);
    y = 1.0 - gradc_scale(hi + lo, k);
    return gradc_pick(gradc_less(a, 0.75), small, gradc_with_sign(y, x));
}

/*@ snippet gradc_powi */
/* x^n by repeated squaring; for n < 0 the reciprocal, of x first where the power
 * would overflow or vanish. Error below |n| ulp, typically sqrt(|n|). */
static inline double gradc_powi(double x, int64_t n)
{
    uint64_t m = n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n;
    const uint64_t m0 = m;
    double y = 1.0, b = x;

    for (; m != 0; m >>= 1) {
        if (m & 1) y = y * b;
        b = b * b;
    }
    if (n >= 0) return y;
    if (y > 0x1p-1022 || y < -0x1p-1022) {
        if (y - y == 0.0) return 1.0 / y;
    }
    b = 1.0 / x;
    y = 1.0;
    for (m = m0; m != 0; m >>= 1) {
        if (m & 1) y = y * b;
        b = b * b;
    }
    return y;
}

/*@ snippet gradc_log_long needs gradc_less gradc_pick gradc_bits gradc_from_bits gradc_two_prod */
/* log x = hi + lo to 2^-65 for x > 0, for pow. As gradc_log_parts, s = f / (2 + f), with
 * log(1+f) = 2s + 2s z, z = s^2 (1/3 + s^2 (1/5 + ...)): everything down to 1/3 in
 * two doubles, the tail from 1/5 on minimax in one. */
static inline void gradc_log_long(double x, double *hi, double *lo)
{
    const uint64_t tiny = gradc_less(x, 0x1p-1022);
    const double y = gradc_pick(tiny, x * 0x1p+54, x);
    const uint64_t u = gradc_bits(y) + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu);
    const double e = gradc_from_bits(0x4330000000000000u | (u >> 52))
        - gradc_pick(tiny, 4503599627370496.0 + 1077.0, 4503599627370496.0 + 1023.0);
    const double f = gradc_from_bits((u & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu) - 1.0;
    const double d = 2.0 + f;
    const double dl = (2.0 - d) + f;
    const double s = f / d;
    double pl, tl, zl, wl;
    const double p = gradc_two_prod(s, d, &pl);
    const double sl = (((f - p) - pl) - s * dl) / d;
    const double t = gradc_two_prod(s, s, &tl);
    const double t2 = t * t;
    const double t4 = t2 * t2;
    const double tail = t * (((0x1.9999999999996p-3 + t * 0x1.2492492493038p-3)
            + t2 * (0x1.c71c71c58004bp-4 + t * 0x1.745d183282840p-4))
        + t4 * (((0x1.3b1362a9597c6p-4 + t * 0x1.1120b787d60d8p-4)
            + t2 * (0x1.de3323e3b7820p-5 + t * 0x1.eb139e4506e3fp-5))));
    const double c = 0x1.5555555555555p-2 + tail;
    const double cl = ((0x1.5555555555555p-2 - c) + tail) + 0x1.5555555555555p-56;
    const double z = gradc_two_prod(t, c, &zl);
    const double a = e * 0x1.62e42fefa3800p-1, s2 = 2.0 * s;
    const double w = gradc_two_prod(s2, z, &wl);
    double h, l, g;

    tl = tl + s2 * sl;
    zl = zl + (t * cl + tl * c);
    wl = wl + (s2 * zl + 2.0 * sl * z);
    h = a + s2;
    l = (a - h) + s2;
    g = h + w;
    l = (((h - g) + w) + l) + ((2.0 * sl + wl) + e * 0x1.ef35793c76730p-45);
    *hi = g + l;
    *lo = (g - *hi) + l;
}

/*@ snippet gradc_pow needs gradc_abs gradc_clamp gradc_less gradc_negative gradc_log_long gradc_two_prod gradc_exp_parts gradc_pick gradc_scale gradc_with_sign */
/* e^(y log |x|), the logarithm and the product in two doubles; then the cases of C's
 * Annex F. Error 0.8 ulp (1.1 where the result is subnormal). */
static inline double gradc_pow(double x, double y)
{
    const double ax = gradc_abs(x), ay = gradc_abs(y);
    const double v = gradc_clamp(y, 0x1p+80); /* beyond it every power is 0, 1 or inf */
    const double half = 0.5 * ay;
    const double whole_y = (ay + 4503599627370496.0) - 4503599627370496.0;
    const double whole_half = (half + 4503599627370496.0) - 4503599627370496.0;
    const uint64_t integral = ~gradc_less(ay, 4503599627370496.0)
        | gradc_less(gradc_abs(whole_y - ay), 0x1p-1074);
    const uint64_t odd = integral & gradc_less(ay, 9007199254740992.0)
        & ~gradc_less(gradc_abs(whole_half - half), 0x1p-1074);
    const uint64_t zero = gradc_less(ax, 0x1p-1074), huge = gradc_less(1.7976931348623157e308, ax);
    const uint64_t not_one = gradc_negative(x) | gradc_less(ax, 1.0) | gradc_less(1.0, ax);
    double l, ll, p, pl, k, hi, lo, r;

    gradc_log_long(ax, &l, &ll);
    p = gradc_two_prod(v, l, &pl);
    pl = pl + v * ll;
    gradc_exp_parts(p, &k, &hi, &lo);
    pl = gradc_pick(gradc_less(gradc_abs(p), 800.0), pl, 0.0);
    r = gradc_scale(hi + (lo + hi * pl), k);
    r = gradc_pick(zero | huge, gradc_pick(zero ^ gradc_negative(y), 0.0, INFINITY), r);
    r = gradc_pick(odd, gradc_with_sign(r, x), r);
    r = gradc_pick(gradc_negative(x) & ~zero & ~huge & ~integral, NAN, r);
    r = gradc_pick(gradc_less(INFINITY, ax) | gradc_less(INFINITY, ay), x + y, r);
    return gradc_pick(gradc_less(ay, 0x1p-1074) | ~not_one, 1.0, r);
}
