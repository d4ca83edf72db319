/* math_f64.c - elementary functions in double precision, pasted into emitted C.
 *
 * Branch-free (see math_bits.c), and no fma is relied on, nor does one hurt: the
 * products that must be exact are of factors cut to 26 and 27 bits.
 *
 * Notation of the comments: u = 2^-53; "parts" are an unevaluated sum hi + lo
 * that holds more than 60 bits. Minimax coefficients are from our own Remez
 * runs; docs/elementary.md has the measured errors. */
#define GRADC_MATH_F64_C
#ifndef GRADC_MATH_BITS_C
#include "math_bits.c"
#endif

/*@ snippet gradc_head needs gradc_from_bits gradc_bits */
/* The first 26 bits of x: a product of two heads, or of a head and a rest, is exact. */
static inline double gradc_head(double x)
{
    return gradc_from_bits(gradc_bits(x) & 0xfffffffff8000000u);
}

/*@ snippet gradc_two_sum */
/* a + b = s + *err exactly (Knuth). */
static inline double gradc_two_sum(double a, double b, double *err)
{
    const double s = a + b;
    const double t = s - a;
    *err = (a - (s - t)) + (b - t);
    return s;
}

/*@ snippet gradc_two_prod needs gradc_head */
/* a * b = p + *err up to 2^-105 p (Dekker, halves by mask). */
static inline double gradc_two_prod(double a, double b, double *err)
{
    const double p = a * b;
    const double ah = gradc_head(a), al = a - ah;
    const double bh = gradc_head(b), bl = b - bh;
    *err = ((ah * bh - p) + (ah * bl + al * bh)) + al * bl;
    return p;
}

/*@ snippet gradc_scale needs gradc_bits gradc_from_bits */
/* x * 2^k for integral |k| <= 2000, in two steps so that only the last one rounds. */
static inline double gradc_scale(double x, double k)
{
    const uint64_t n = gradc_bits(k + (6755399441055744.0 + 2046.0)) & 0xfff; /* k + 2046 */
    const uint64_t half = n >> 1;

    return x * gradc_from_bits(half << 52) * gradc_from_bits((n - half) << 52);
}

/*@ snippet gradc_sqrt_parts needs gradc_from_bits gradc_bits gradc_head */
/* sqrt z = s + d to 2^-68 for normal z > 0, or 0 for 0. Newton's iteration for
 * 1/sqrt(z) from a guess on the bits (2^-35), then the exact residual of s = z y. */
static inline void gradc_sqrt_parts(double z, double *s_out, double *d)
{
    const double h = 0.5 * z;
    double y, s, sh, sl;

    y = gradc_from_bits(0x5fe6eb50c7b537a9u - (gradc_bits(z) >> 1));
    y = y * (1.5 - h * y * y);
    y = y * (1.5 - h * y * y);
    y = y * (1.5 - h * y * y);
    s = z * y;
    sh = gradc_head(s);
    sl = s - sh;
    *s_out = s;
    *d = 0.5 * y * (((z - sh * sh) - 2.0 * sh * sl) - sl * sl);
}

/*@ snippet gradc_sqrt needs gradc_abs gradc_less gradc_sqrt_parts gradc_pick gradc_negative */
/* Compilers do not vectorise libm's sqrt while it may set errno; this they do.
 * Error 0.5 ulp + 2^-14. */
static inline double gradc_sqrt(double x)
{
#if defined(__NO_MATH_ERRNO__) || !defined(__OPTIMIZE__)
    return sqrt(x);
#else
    const double a = gradc_abs(x);
    const uint64_t zero = gradc_less(a, 0x1p-1074);
    const uint64_t small = gradc_less(a, 0x1p-900), large = gradc_less(0x1p+900, a);
    double s, d;

    gradc_sqrt_parts(x * gradc_pick(small, 0x1p+200, gradc_pick(large, 0x1p-200, 1.0)), &s, &d);
    s = (s + d) * gradc_pick(small, 0x1p-100, gradc_pick(large, 0x1p+100, 1.0));
    s = gradc_pick(zero | gradc_less(1.7976931348623157e308, a), x, s);
    return gradc_pick(gradc_negative(x) & ~zero, NAN, s);
#endif
}

/*@ snippet gradc_sign needs gradc_abs gradc_pick gradc_less gradc_with_sign */
static inline double gradc_sign(double x)
{
    const double a = gradc_abs(x);

    return gradc_pick(gradc_less(a, 0x1p-1074) | gradc_less(INFINITY, a), x, gradc_with_sign(1.0, x));
}

/*@ snippet gradc_round needs gradc_abs gradc_pick gradc_less gradc_with_sign */
/* Half to even: adding 2^52 pushes the fraction out. */
static inline double gradc_round(double x)
{
    const double a = gradc_abs(x);
    const double r = (a + 4503599627370496.0) - 4503599627370496.0;

    return gradc_pick(gradc_less(a, 4503599627370496.0), gradc_with_sign(r, x), x);
}

/*@ snippet gradc_exp_parts needs gradc_clamp */
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

/*@ snippet gradc_exp needs gradc_exp_parts gradc_scale */
/* Error 0.8 ulp (1.1 where the result is subnormal). */
static inline double gradc_exp(double x)
{
    double k, hi, lo;

    gradc_exp_parts(x, &k, &hi, &lo);
    return gradc_scale(hi, k);
}

/*@ snippet gradc_expm1_parts needs gradc_clamp gradc_pick gradc_negative gradc_from_bits gradc_bits */
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

/*@ snippet gradc_expm1 needs gradc_expm1_parts gradc_pick gradc_less gradc_abs */
/* Error 0.9 ulp. */
static inline double gradc_expm1(double x)
{
    double hi, lo;

    gradc_expm1_parts(x, &hi, &lo);
    return gradc_pick(gradc_less(gradc_abs(x), 0x1p-54), x, 4.0 * hi);
}

/*@ snippet gradc_sinh needs gradc_abs gradc_expm1_parts gradc_pick gradc_less gradc_with_sign */
/* With E = e^|x| - 1: sinh |x| = (E + E / (E + 1)) / 2. Error 1.5 ulp. */
static inline double gradc_sinh(double x)
{
    const double a = gradc_abs(x);
    double e, el, w, y;

    gradc_expm1_parts(a, &e, &el);
    w = e / (4.0 * e + 1.0);
    y = e + (w + el * (1.0 + (1.0 - 4.0 * w) * (1.0 - 4.0 * w)));
    y = gradc_pick(gradc_less(a, 0x1p-28), a, 2.0 * y);
    return gradc_with_sign(gradc_pick(gradc_less(710.5, a), a * 0x1p+1023, y), x);
}

/*@ snippet gradc_cosh needs gradc_abs gradc_exp_parts gradc_scale */
/* 2 (e + 1 / (16 e)) with e = e^|x| / 4. Error 1.1 ulp. */
static inline double gradc_cosh(double x)
{
    const double a = gradc_abs(x);
    double k, hi, lo, e;

    gradc_exp_parts(a, &k, &hi, &lo);
    e = gradc_scale(hi, k - 2.0);
    return 2.0 * (e + 0.0625 / e);
}

/*@ snippet gradc_tanh needs gradc_abs gradc_expm1_parts gradc_with_sign gradc_pick gradc_less */
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

/*@ snippet gradc_sigmoid needs gradc_negative gradc_exp_parts gradc_abs gradc_scale gradc_clamp gradc_pick */
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

/*@ snippet gradc_log_parts needs gradc_less gradc_pick gradc_bits gradc_from_bits */
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

/*@ snippet gradc_log_join */
/* k ln 2 + f + t, rounded once. */
static inline double gradc_log_join(double k, double f, double t)
{
    const double a = k * 0x1.62e42fefa3800p-1;
    const double h = a + f;
    const double l = (a - h) + f;

    return h + (l + (k * 0x1.ef35793c76730p-45 + t));
}

/*@ snippet gradc_log_edges needs gradc_abs gradc_pick gradc_less gradc_negative */
/* y = log x, put right where x is 0, negative, inf or nan. */
static inline double gradc_log_edges(double x, double y)
{
    const double a = gradc_abs(x);
    const double above = gradc_pick(gradc_less(1.7976931348623157e308, a), x, y);

    return gradc_pick(gradc_less(a, 0x1p-1074), -INFINITY, gradc_pick(gradc_negative(x), NAN, above));
}

/*@ snippet gradc_log needs gradc_log_parts gradc_log_edges gradc_log_join */
/* Error 0.8 ulp. */
static inline double gradc_log(double x)
{
    double k, f, t;

    gradc_log_parts(x, &k, &f, &t);
    return gradc_log_edges(x, gradc_log_join(k, f, t));
}

/*@ snippet gradc_log2 needs gradc_log_parts gradc_head gradc_log_edges */
/* log(1+f) times 1/ln 2, the leading product exact. Error 0.8 ulp. */
static inline double gradc_log2(double x)
{
    double k, f, t, y, yh, yl, p, h, l;

    gradc_log_parts(x, &k, &f, &t);
    y = f + t;
    yh = gradc_head(y);
    yl = (f - yh) + t;
    p = yh * 0x1.7154760000000p+0;
    h = k + p;
    l = (k - h) + p;
    y = h + (l + (yl * 0x1.71547652b82fep+0 + yh * 0x1.4ae0bf85ddf44p-26));
    return gradc_log_edges(x, y);
}

/*@ snippet gradc_log10 needs gradc_log_parts gradc_head gradc_log_edges */
/* As log2. Error 0.8 ulp. */
static inline double gradc_log10(double x)
{
    double k, f, t, y, yh, yl, a, p, h, l;

    gradc_log_parts(x, &k, &f, &t);
    y = f + t;
    yh = gradc_head(y);
    yl = (f - yh) + t;
    a = k * 0x1.34413509f6000p-2;
    p = yh * 0x1.bcb7b10000000p-2;
    h = a + p;
    l = (a - h) + p;
    y = h + (l + ((yl * 0x1.bcb7b1526e50ep-2 + yh * 0x1.49b9438ca9aaep-28)
        + k * 0x1.9fef311f12b36p-42));
    return gradc_log_edges(x, y);
}

/*@ snippet gradc_log_sum needs gradc_two_sum gradc_log_parts gradc_log_join */
/* log(one + x + xl) + n ln 2 for one = 0 or 1, |xl| small against the sum. */
static inline double gradc_log_sum(double one, double x, double xl, double n)
{
    double c, k, f, t;
    const double u = gradc_two_sum(one, x, &c);

    gradc_log_parts(u, &k, &f, &t);
    return gradc_log_join(k + n, f, t + (c + xl) / u);
}

/*@ snippet gradc_log1p needs gradc_log_edges gradc_log_sum gradc_pick gradc_less gradc_abs */
/* Error 0.8 ulp. */
static inline double gradc_log1p(double x)
{
    const double y = gradc_log_edges(1.0 + x, gradc_log_sum(1.0, x, 0.0, 0.0));

    return gradc_pick(gradc_less(gradc_abs(x), 0x1p-54), x, y);
}

/*@ snippet gradc_softplus needs gradc_exp_parts gradc_abs gradc_scale gradc_clamp gradc_log_sum gradc_pick gradc_negative gradc_less */
/* max(x, 0) + log1p(e^-|x|), e^-|x| in parts. Error 1.2 ulp. */
static inline double gradc_softplus(double x)
{
    double k, hi, lo, e, el, y;

    gradc_exp_parts(-gradc_abs(x), &k, &hi, &lo);
    e = gradc_scale(hi, gradc_clamp(k, 200.0));
    el = gradc_scale(lo, gradc_clamp(k, 200.0));
    y = gradc_log_sum(1.0, e, el, 0.0) + gradc_pick(gradc_negative(x), 0.0, x);
    return gradc_pick(gradc_negative(x) & gradc_less(40.0, gradc_abs(x)), gradc_scale(hi, k), y);
}

/*@ snippet gradc_asinh needs gradc_abs gradc_less gradc_pick gradc_sqrt_parts gradc_log_sum gradc_with_sign */
/* log1p(a + a^2 / (1 + sqrt(a^2 + 1))), a = |x|; log 2a from 2^28 on. Error 1.0 ulp. */
static inline double gradc_asinh(double x)
{
    const double a = gradc_abs(x);
    const uint64_t big = gradc_less(0x1p+28, a);
    const double c = gradc_pick(big, 0x1p+28, a);
    double s, d, v, t, tl, y, z;

    gradc_sqrt_parts(c * c + 1.0, &s, &d);
    v = c * c / (1.0 + (s + d));
    t = c + v;
    tl = (c - t) + v;
    y = gradc_log_sum(gradc_pick(big, 0.0, 1.0), gradc_pick(big, a, t), gradc_pick(big, 0.0, tl),
        gradc_pick(big, 1.0, 0.0));
    z = gradc_pick(gradc_less(a, 0x1p-28), a, y);
    return gradc_pick(gradc_less(1.7976931348623157e308, a), x, gradc_with_sign(z, x));
}

/*@ snippet gradc_acosh needs gradc_abs gradc_less gradc_pick gradc_sqrt_parts gradc_log_sum gradc_negative */
/* log1p(t + sqrt(2t + t^2)), t = x - 1; log 2x from 2^28 on. Error 1.0 ulp. */
static inline double gradc_acosh(double x)
{
    const double b = gradc_abs(x);
    const uint64_t big = gradc_less(0x1p+28, b);
    const double c = gradc_pick(big, 0x1p+28, b);
    const double t = c - 1.0;
    double s, d, a, al, y, z;

    gradc_sqrt_parts(2.0 * t + t * t, &s, &d);
    a = s + t;
    al = ((s - a) + t) + d;
    y = gradc_log_sum(gradc_pick(big, 0.0, 1.0), gradc_pick(big, x, a), gradc_pick(big, 0.0, al),
        gradc_pick(big, 1.0, 0.0));
    z = gradc_pick(gradc_less(1.7976931348623157e308, b), x, y);
    return gradc_pick(gradc_negative(x) | gradc_less(b, 1.0), NAN, z);
}

/*@ snippet gradc_atanh needs gradc_abs gradc_less gradc_pick gradc_log_sum gradc_with_sign */
/* log1p(2a / (1 - a)) / 2, a = |x|. Error 1.6 ulp. */
static inline double gradc_atanh(double x)
{
    const double a = gradc_abs(x);
    const uint64_t inside = gradc_less(a, 1.0);
    const double c = gradc_pick(inside, a, 0.5);
    const double d = 1.0 - c;
    const double dl = (1.0 - d) - c;
    const double q = 2.0 * c / d;
    const double y = 0.5 * gradc_log_sum(1.0, q, -q * dl / d, 0.0);
    const double z = gradc_pick(gradc_less(a, 0x1p-28), a, y);
    const double edge = gradc_pick(gradc_less(1.0, a), NAN, INFINITY);

    return gradc_with_sign(gradc_pick(inside, z, edge), x);
}

/*@ snippet gradc_cbrt needs gradc_abs gradc_less gradc_pick gradc_from_bits gradc_bits gradc_head gradc_with_sign */
/* The guess divides the logarithm, read off the bits, by three (5 %). One
 * polynomial step in w = y^3 / x - 1 makes it 2^-20, a step of Halley with the
 * square exact makes it 2^-60. Error 0.7 ulp. */
static inline double gradc_cbrt(double x)
{
    const double a = gradc_abs(x);
    const uint64_t tiny = gradc_less(a, 0x1p-1022);
    const double z = gradc_pick(tiny, a * 0x1p+54, a);
    /* The top 32 bits as a double, a third of them, and back to bits. */
    const double top = gradc_from_bits(0x4330000000000000u | (gradc_bits(z) >> 32)) - 4503599627370496.0;
    const double third = top * 0.33333333333333333 + (4503599627370496.0 + 715094163.0);
    const double g = gradc_from_bits(gradc_bits(third) << 32);
    const double w = g * g * (g / z) - 1.0;
    const double w2 = w * w;
    const double p = g + g * w * ((-0.33333333333333331 + w * 0.22222222222222221)
        + w2 * ((-0.1728395061728395 + w * 0.14403292181069959) - w2 * 0.12482853223593964));
    const double y = gradc_head(p + p * 0x1p-27);
    const double q = z / (y * y);
    const double c = y + y * ((q - y) / (y + y + q));
    const double r = c * gradc_pick(tiny, 0x1p-18, 1.0);
    const double s = gradc_with_sign(r, x);

    return gradc_pick(gradc_less(a, 0x1p-1074) | gradc_less(1.7976931348623157e308, a), x, s);
}
