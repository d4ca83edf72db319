/* math_gamma.c - logarithm of the gamma function and its derivatives.
 *
 * These are scalar code with branches and loops: rarely asked for and never
 * cheap. In single precision they are computed in double, by the same snippets,
 * which is why they stand here and not in math_f32.c. */
#ifndef GRADC_MATH_F64_C
#include "math_f64.c"
#endif
#ifndef GRADC_MATH_F64_TRIG_C
#include "math_f64_trig.c"
#endif
#ifndef GRADC_MATH_F64_SPECIAL_C
#include "math_f64_special.c"
#endif

/*@ snippet gradc_lgamma_positive needs gradc_log */
/* x > 0. On [1, 3] it is (x-1)(x-2) P(x), minimax (2^-54), which keeps the zeros;
 * below 1 and up to 10 the recurrence leads there; then Stirling's series. */
static inline double gradc_lgamma_positive(double x)
{
    double t, p = 1.0, y;

    if (x >= 10.0) {
        const double r = 1.0 / x, z = r * r;
        const double tail = r * (0.083333333333333329 + z * (-0.0027777777777777779
            + z * (0.00079365079365079365 + z * (-0.00059523809523809529 + z * (0.00084175084175084171
            + z * (-0.0019175269175269176 + z * (0.00641025641025641 - z * 0.029550653594771242)))))));

        if (x > 1e306) return x * (gradc_log(x) - 1.0);
        return (x - 0.5) * (gradc_log(x) - 1.0) + (0.41893853320467278 + tail);
    }
    y = x;
    for (; y > 3.0; p = p * y) y = y - 1.0;
    t = x < 1.0 ? x - 1.0 : y - 2.0;
    y = 0x1.b0ee6072093cfp-2 + t * (-0x1.9ae6509ea10cdp-4 + t * (0x1.0e0c9df292cdfp-5 + t * (
        -0x1.95ce223a92c18p-7 + t * (0x1.4797485490729p-8 + t * (-0x1.145121fecdeebp-9 + t * (
        0x1.dfebcef24ad44p-11 + t * (-0x1.a96a3d8bb21ecp-12 + t * (0x1.7ed74f1d7d069p-13 + t * (
        -0x1.5c870eaf15753p-14 + t * (0x1.402c34b7e509fp-15 + t * (-0x1.2848c8c2c7210p-16 + t * (
        0x1.1414cca58d661p-17 + t * (-0x1.029d57c694a4ep-18 + t * (0x1.e10a8047a9906p-20 + t * (
        -0x1.c19068bf28f8ep-21 + t * (0x1.d2b0d2223d248p-22 + t * (-0x1.d4573212214bcp-23 + t * (
        0x1.b64d857a79ea9p-25 + t * (-0x1.b7319f42fc681p-27 + t * (0x1.d9e889b335d2ap-25 + t * (
        -0x1.2173300f8d41bp-25 + t * (-0x1.c6ae6e457b1a2p-27 + t * (0x1.35631056a4b87p-27 + t * (
        0x1.970577be3a103p-28 + t * (-0x1.c290eae556e1bp-29)))))))))))))))))))))))));
    if (x < 1.0) return x * t * y - gradc_log(x);
    y = (t + 1.0) * t * y;
    return x > 3.0 ? gradc_log(p) + y : y + 0.0; /* +0 at 1 and 2 */
}

/*@ snippet gradc_lgamma needs gradc_abs gradc_log gradc_lgamma_positive gradc_sin */
/* Left of 0 Euler's reflection. Error 5 ulp of max(|f|, 1). */
static inline double gradc_lgamma(double x)
{
    const double a = gradc_abs(x);
    double f;

    if (!(a <= 1.7976931348623157e308)) return a;
    if (a < 0x1p-60) return a == 0.0 ? INFINITY : -gradc_log(a);
    if (x > 0.0) return gradc_lgamma_positive(x);
    f = a - floor(a);
    if (f == 0.0) return INFINITY;
    if (f > 0.5) f = 1.0 - f;
    return (1.1447298858494002 - gradc_log(a * gradc_sin(3.1415926535897931 * f)))
        - gradc_lgamma_positive(a);
}

/*@ snippet gradc_digamma needs gradc_abs gradc_tan gradc_log */
/* Recurrence up to 10, then the asymptotic series; reflection left of 0. Error 9 ulp
 * of max(|f|, 1). */
static inline double gradc_digamma(double x)
{
    const double a = gradc_abs(x);
    double y = 0.0, f = 0.0, r, z;

    if (x == 0.0) return -1.0 / x;
    if (x < 0.0) {
        f = a - floor(a);
        if (!(f > 0.0)) return NAN; /* a pole of both signs; -inf */
        /* psi(-a) = psi(1 + a) + pi cot(pi f) = psi(a) + 1/a + pi cot(pi f) */
        if (f == 0.5) y = 0.0;
        else if (f > 0.5) y = -3.1415926535897931 / gradc_tan(3.1415926535897931 * (1.0 - f));
        else y = 3.1415926535897931 / gradc_tan(3.1415926535897931 * f);
        x = 1.0 + a;
    }
    for (r = 0.0; x < 10.0; x += 1.0) r += 1.0 / x;
    z = 1.0 / (x * x);
    f = z * (0.083333333333333329 + z * (-0.0083333333333333332 + z * (0.003968253968253968
        + z * (-0.0041666666666666666 + z * (0.0075757575757575760 + z * (-0.021092796092796094
        + z * (0.083333333333333329 - z * 0.44325980392156863)))))));
    return y + (((gradc_log(x) - 0.5 / x) - f) - r);
}

/*@ snippet gradc_hurwitz needs gradc_powi */
/* The sum over k >= 0 of (x + k)^-s for x > 0 and integral s >= 2: the first terms one
 * by one, last first, and the rest by Euler and Maclaurin. */
static inline double gradc_hurwitz(int64_t s, double x)
{
    static const double bernoulli[10] = {0.16666666666666666, -0.033333333333333333, 0.023809523809523808,
        -0.033333333333333333, 0.07575757575757576, -0.2531135531135531, 1.1666666666666667,
        -7.0921568627450977, 54.971177944862156, -529.12424242424242};
    const double n = (double)s, far = 10.0 + 2.0 * n;
    const double count = x < far ? ceil(far - x) : 0.0;
    const double b = x + count, p = gradc_powi(b, -s);
    double sum, k, term = p * n / b * 0.5;
    int j;

    sum = 0.0;
    for (j = 0; j < 10; j++) {
        sum += term * bernoulli[j];
        term = term * ((n + 2.0 * j + 1.0) / b) * ((n + 2.0 * j + 2.0) / b)
            / ((2.0 * j + 3.0) * (2.0 * j + 4.0));
    }
    sum = (sum + 0.5 * p) + p * (b / (n - 1.0));
    for (k = count - 1.0; k >= 0.0; k -= 1.0) sum += gradc_powi(x + k, -s);
    return sum;
}

/*@ snippet gradc_polygamma needs gradc_abs gradc_digamma gradc_hurwitz */
/* (-1)^(n+1) n! times the sum over k >= 0 of (x + k)^-(n+1), which left of 0 is split
 * at the nearest pole: with f = frac |x|, its terms are those of 1 - f upwards and,
 * with the sign of (-1)^(n+1), those from f to |x|. Error n + 5 ulp for x > 0;
 * left of 0 of the largest term, for even n have zeros there. */
static inline double gradc_polygamma(double n, double x)
{
    const double a = gradc_abs(x);
    const int64_t s = n >= 0.0 && n < 1e6 ? (int64_t)n + 1 : 1;
    const int odd = (s & 1) == 0; /* n is */
    double sum, f, k;

    if (x != x || !(n >= 0.0) || n != floor(n)) return NAN;
    if (n == 0.0) return gradc_digamma(x);
    if (n > 1e5) return odd ? INFINITY : -INFINITY;
    if (a > 1.7976931348623157e308) return x > 0.0 ? (odd ? 0.0 : -0.0) : NAN;
    f = a - floor(a);
    if (x <= 0.0 && f == 0.0) return odd ? INFINITY : x == 0.0 ? -INFINITY : NAN;
    if (x > 0.0) {
        sum = gradc_hurwitz(s, x);
    } else {
        sum = gradc_hurwitz(s, f) - gradc_hurwitz(s, a + 1.0);
        sum = gradc_hurwitz(s, 1.0 - f) + (odd ? sum : -sum);
    }
    for (k = 2.0; k <= n && k < 400.0; k += 1.0) sum *= k;
    return odd ? sum : -sum;
}

/*@ snippet gradc_trigamma needs gradc_polygamma */
static inline double gradc_trigamma(double x)
{
    return gradc_polygamma(1.0, x);
}

/*@ snippet gradc_lgammaf needs gradc_lgamma */
static inline float gradc_lgammaf(float x)
{
    return (float)gradc_lgamma((double)x);
}

/*@ snippet gradc_digammaf needs gradc_digamma */
static inline float gradc_digammaf(float x)
{
    return (float)gradc_digamma((double)x);
}

/*@ snippet gradc_polygammaf needs gradc_polygamma */
static inline float gradc_polygammaf(float n, float x)
{
    return (float)gradc_polygamma((double)n, (double)x);
}

/*@ snippet gradc_trigammaf needs gradc_polygamma */
static inline float gradc_trigammaf(float x)
{
    return (float)gradc_polygamma(1.0, (double)x);
}
