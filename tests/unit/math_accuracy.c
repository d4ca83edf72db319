/* math_accuracy.c - how far the elementary functions of the emitted C are from exact.
 *
 * MPFR is the oracle. Every function is tried at random points of all binades
 * of its domain, at random points of the range where it is interesting, and at
 * special values. Errors are in units of the last place of the exact result;
 * lgamma and its derivatives, which cross zero, in units of the last place of
 * max(|f|, 1). One line a function; exit 1 if a bound is broken.
 *
 *     math_accuracy [-n points] [-s seed] [name ...]
 */
#include "tests/count.h"

#include <float.h>
#include <math.h>
#include <mpfr.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../compiler/snippets/math_f32.c"
#include "../../compiler/snippets/math_f32_trig.c"
#include "../../compiler/snippets/math_f64.c"
#include "../../compiler/snippets/math_f64_special.c"
#include "../../compiler/snippets/math_f64_trig.c"
#include "../../compiler/snippets/math_gamma.c"

#define PRECISION 200

static uint64_t random_state = 88172645463325252u;
static long points = 1500;

static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state * 0x2545f4914f6cdd1du;
}

static double random_unit(void)
{
    return (double)(random_bits() >> 11) * 0x1p-53;
}

/* ---- exact values of what MPFR does not have ---- */

typedef int Exact(mpfr_t, const mpfr_t, mpfr_rnd_t);

static int exact_sigmoid(mpfr_t y, const mpfr_t x, mpfr_rnd_t rnd)
{
    mpfr_neg(y, x, rnd);
    mpfr_exp(y, y, rnd);
    mpfr_add_ui(y, y, 1, rnd);
    return mpfr_ui_div(y, 1, y, rnd);
}

static int exact_softplus(mpfr_t y, const mpfr_t x, mpfr_rnd_t rnd)
{
    if (mpfr_cmp_si(x, 1000) > 0) return mpfr_set(y, x, rnd);
    mpfr_exp(y, x, rnd);
    return mpfr_log1p(y, y, rnd);
}

static int exact_round(mpfr_t y, const mpfr_t x, mpfr_rnd_t rnd)
{
    (void)rnd;
    return mpfr_rint(y, x, MPFR_RNDN);
}

static int exact_sign(mpfr_t y, const mpfr_t x, mpfr_rnd_t rnd)
{
    return mpfr_set_si(y, mpfr_sgn(x), rnd);
}

static int exact_lgamma(mpfr_t y, const mpfr_t x, mpfr_rnd_t rnd)
{
    int sign;

    return mpfr_lgamma(y, &sign, x, rnd);
}

/* sum over k >= 0 of 1 / (x + k)^s: 60 and |x| terms one by one, then Euler and Maclaurin. */
static void hurwitz(mpfr_t sum, long s, const mpfr_t x0)
{
    static const long b_num[] = {1, -1, 1, -1, 5, -691, 7, -3617, 43867, -174611, 854513, -236364091, 8553103};
    static const long b_den[] = {6, 30, 42, 30, 66, 2730, 6, 510, 798, 330, 138, 2730, 6};
    mpfr_t x, term, power;
    long k;

    mpfr_inits2(2 * PRECISION, x, term, power, (mpfr_ptr)0);
    mpfr_set(x, x0, MPFR_RNDN);
    mpfr_set_zero(sum, 1);
    for (k = 0; mpfr_cmp_si(x, 120) < 0; k++) {
        mpfr_pow_si(term, x, -s, MPFR_RNDN);
        mpfr_add(sum, sum, term, MPFR_RNDN);
        mpfr_add_ui(x, x, 1, MPFR_RNDN);
    }
    mpfr_pow_si(power, x, -s, MPFR_RNDN); /* x^-s */
    mpfr_mul(term, power, x, MPFR_RNDN);
    mpfr_div_si(term, term, s - 1, MPFR_RNDN);
    mpfr_add(sum, sum, term, MPFR_RNDN);
    mpfr_div_ui(term, power, 2, MPFR_RNDN);
    mpfr_add(sum, sum, term, MPFR_RNDN);
    mpfr_mul_si(power, power, s, MPFR_RNDN); /* s (s+1) ... x^-s-2j+1 / (2j)! */
    mpfr_div(power, power, x, MPFR_RNDN);
    mpfr_div_ui(power, power, 2, MPFR_RNDN);
    for (k = 0; k < 13; k++) {
        mpfr_mul_si(term, power, b_num[k], MPFR_RNDN);
        mpfr_div_si(term, term, b_den[k], MPFR_RNDN);
        mpfr_add(sum, sum, term, MPFR_RNDN);
        mpfr_mul_si(power, power, (s + 2 * k + 1) * (s + 2 * k + 2), MPFR_RNDN);
        mpfr_div_si(power, power, (2 * k + 3) * (2 * k + 4), MPFR_RNDN);
        mpfr_div(power, power, x, MPFR_RNDN);
        mpfr_div(power, power, x, MPFR_RNDN);
    }
    mpfr_clears(x, term, power, (mpfr_ptr)0);
}

static long polygamma_order;

static int exact_polygamma(mpfr_t y, const mpfr_t x, mpfr_rnd_t rnd)
{
    mpfr_t sum;
    long k;

    if (polygamma_order == 0) return mpfr_digamma(y, x, rnd);
    mpfr_init2(sum, 2 * PRECISION);
    hurwitz(sum, polygamma_order + 1, x);
    for (k = 2; k <= polygamma_order; k++) mpfr_mul_si(sum, sum, k, rnd);
    if (polygamma_order % 2 == 0) mpfr_neg(sum, sum, rnd);
    mpfr_set(y, sum, rnd);
    mpfr_clear(sum);
    return 0;
}

static int exact_trigamma(mpfr_t y, const mpfr_t x, mpfr_rnd_t rnd)
{
    polygamma_order = 1;
    return exact_polygamma(y, x, rnd);
}

/* ---- errors ---- */

/* |got - exact| in units of the last place of exact, or of 1 where `floor_one`. */
static double ulps(double got, const mpfr_t exact, int single, int floor_one)
{
    const int digits = single ? 24 : 53;
    const long lowest = single ? -148 : -1073; /* exponent (MPFR's) of the least subnormal */
    const double largest = single ? 3.4028234663852886e38 : 1.7976931348623157e308;
    mpfr_t d;
    long e;
    double result;

    if (mpfr_nan_p(exact)) return isnan(got) ? 0.0 : INFINITY;
    if (isnan(got)) return INFINITY;
    if (mpfr_inf_p(exact)) return got == mpfr_get_d(exact, MPFR_RNDN) ? 0.0 : INFINITY;
    if (mpfr_zero_p(exact)) return floor_one ? fabs(got) * ldexp(1, digits - 1) : got == 0.0 ? 0.0 : INFINITY;
    e = mpfr_get_exp(exact);
    if (floor_one && e < 1) e = 1;
    e -= digits - 1; /* exponent of one unit */
    if (e < lowest) e = lowest;
    mpfr_init2(d, PRECISION);
    if (isinf(got)) { /* right if the exact value is within half a unit of overflow */
        mpfr_set_d(d, copysign(largest, got), MPFR_RNDN);
        mpfr_sub(d, exact, d, MPFR_RNDN);
        if (got < 0) mpfr_neg(d, d, MPFR_RNDN);
        mpfr_mul_2si(d, d, 1 - (single ? 128 - 23 : 1024 - 52), MPFR_RNDN);
        result = mpfr_get_d(d, MPFR_RNDN) > -1.5 ? 0.0 : INFINITY;
    } else {
        mpfr_d_sub(d, got, exact, MPFR_RNDN);
        mpfr_abs(d, d, MPFR_RNDN);
        mpfr_mul_2si(d, d, 1 - e, MPFR_RNDN);
        result = mpfr_get_d(d, MPFR_RNDN);
    }
    mpfr_clear(d);
    return result;
}

static void report(const char *name, double worst, double x, double y, int two, double limit)
{
    const int ok = worst <= limit;

    printf("math %s: max ulp %.3f at %a", name, worst, x);
    if (two) printf(", %a", y);
    printf(ok ? "\n" : "  FAILED, limit %g\n", limit);
    ok ? passed++ : failed++;
}

/* ---- functions of one argument ---- */

typedef struct {
    const char *name;
    double (*f)(double);
    float (*g)(float);
    Exact *exact;
    double from, to;   /* where the function is interesting: uniform points */
    double least, top; /* domain for points of all binades */
    double limit;      /* for f; g has half of it */
    int floor_one;
} Unary;

#define BOTH(name) gradc_##name, gradc_##name##f
#define ALL -DBL_MAX, DBL_MAX

static const Unary unary[] = {
    {"exp", BOTH(exp), mpfr_exp, -745, 710, -760, 720, 2, 0},
    {"expm1", BOTH(expm1), mpfr_expm1, -2, 2, -760, 720, 2, 0},
    {"log", BOTH(log), mpfr_log, 0.4, 2.5, 0, DBL_MAX, 2, 0},
    {"log1p", BOTH(log1p), mpfr_log1p, -0.999, 2, -1, DBL_MAX, 2, 0},
    {"log2", BOTH(log2), mpfr_log2, 0.4, 2.5, 0, DBL_MAX, 2, 0},
    {"log10", BOTH(log10), mpfr_log10, 0.4, 2.5, 0, DBL_MAX, 2, 0},
    {"cbrt", BOTH(cbrt), mpfr_cbrt, 0.9, 9, ALL, 2, 0},
    {"sqrt", BOTH(sqrt), mpfr_sqrt, 0.9, 5, 0, DBL_MAX, 2, 0},
    {"sin", BOTH(sin), mpfr_sin, -10, 10, ALL, 2, 0},
    {"cos", BOTH(cos), mpfr_cos, -10, 10, ALL, 2, 0},
    {"tan", BOTH(tan), mpfr_tan, -10, 10, ALL, 2, 0},
    {"sin_near", BOTH(sin_near), mpfr_sin, -10, 10, -1048575, 1048575, 2, 0},
    {"cos_near", BOTH(cos_near), mpfr_cos, -1e6, 1e6, -1048575, 1048575, 2, 0},
    {"tan_near", BOTH(tan_near), mpfr_tan, -1e6, 1e6, -1048575, 1048575, 2, 0},
    {"asin", BOTH(asin), mpfr_asin, -1, 1, -1, 1, 2, 0},
    {"acos", BOTH(acos), mpfr_acos, -1, 1, -1, 1, 2, 0},
    {"atan", BOTH(atan), mpfr_atan, -3, 3, ALL, 2, 0},
    {"sinh", BOTH(sinh), mpfr_sinh, -3, 3, -712, 712, 2, 0},
    {"cosh", BOTH(cosh), mpfr_cosh, -3, 3, -712, 712, 2, 0},
    {"tanh", BOTH(tanh), mpfr_tanh, -3, 3, ALL, 2, 0},
    {"asinh", BOTH(asinh), mpfr_asinh, -3, 3, ALL, 2, 0},
    {"acosh", BOTH(acosh), mpfr_acosh, 1, 4, 1, DBL_MAX, 2, 0},
    {"atanh", BOTH(atanh), mpfr_atanh, -1, 1, -1, 1, 2, 0},
    {"erf", BOTH(erf), mpfr_erf, -3, 3, ALL, 2, 0},
    {"erfc", BOTH(erfc), mpfr_erfc, -3, 27.2, -DBL_MAX, 28, 2, 0},
    {"sigmoid", BOTH(sigmoid), exact_sigmoid, -40, 40, -750, 750, 2, 0},
    {"softplus", BOTH(softplus), exact_softplus, -40, 40, -750, DBL_MAX, 2, 0},
    {"round", BOTH(round), exact_round, -10, 10, ALL, 0, 0},
    {"sign", BOTH(sign), exact_sign, -10, 10, ALL, 0, 0},
    {"lgamma", BOTH(lgamma), exact_lgamma, 0, 20, 0, 1e300, 8, 1},
    {"lgamma_neg", BOTH(lgamma), exact_lgamma, -30, 0, -1000, 0, 8, 1},
    {"digamma", BOTH(digamma), mpfr_digamma, 0, 20, 0, 1e10, 8, 1},
    {"digamma_neg", BOTH(digamma), mpfr_digamma, -30, 0, -1000, 0, 12, 1},
    {"trigamma", BOTH(trigamma), exact_trigamma, 0, 20, 0, 1e10, 8, 0},
    {"trigamma_neg", BOTH(trigamma), exact_trigamma, -30, 0, -1000, 0, 8, 0},
};

/* A point of the domain: every third uniform in [from, to], the others of all binades. */
static double next_point(const Unary *u, long i)
{
    for (;;) {
        double x;
        uint64_t b = random_bits();

        if (i % 3 == 0) return u->from + (u->to - u->from) * random_unit();
        if (i % 3 == 1) { /* within 2^-30 .. 2^30 */
            x = ldexp(1.0 + random_unit(), (int)(b % 60) - 30);
            if (b >> 63) x = -x;
        } else {
            memcpy(&x, &b, sizeof x);
        }
        if (x >= u->least && x <= u->top && !isinf(x)) return x;
    }
}

static double try_unary(const Unary *u, double x, int single)
{
    mpfr_t a, exact;
    double error;

    mpfr_init2(a, 53);
    mpfr_init2(exact, PRECISION);
    mpfr_set_d(a, x, MPFR_RNDN);
    u->exact(exact, a, MPFR_RNDN);
    error = ulps(single ? (double)u->g((float)x) : u->f(x), exact, single, u->floor_one);
    mpfr_clears(a, exact, (mpfr_ptr)0);
    return error;
}

static void test_unary(const Unary *u, int single)
{
    static const double edges[] = {0x1p-1074, 0x1.8p-1073, 0x1p-1022, 0x1.fffffffffffffp-1023, 0x1p-149,
        0x1p-126, 0x1p-54, 0x1p-53, 0x1p-28, 0x1p-27, 0x1p-24, 0.25, 0.34657359, 0.41421356237309503, 0.5,
        0.6875, 0.70710678118654746, 0.75, 0.78539816339744828, 1, 1.0397207708399179, 1.4142135623730951,
        1.5707963267948966, 2, 2.4142135623730949, 3, 3.1415926535897931, 4, 5, 6, 7, 8, 9, 10, 15, 22, 27.226017111108362,
        36, 40, 88.722839, 100, 103.97, 355, 708.39, 709.78271289338397, 710.47586007394386, 745.13321910194110, 1000, 100000,
        1048576, 4294967295.0, 4294967296.0, 0x1p+52, 0x1.0000000000001p+53, 1e22, 0x1.6ac5b262ca1ffp+849,
        6381956970095103.0 * 0x1p+797, 0x1.fffffep+127, 0x1.fffffffffffffp+1023};
    double worst = 0, where = 0;
    char name[40];
    long i;

    snprintf(name, sizeof name, "%s%s", u->name, single ? "f" : "");
    for (i = 0; i < points + (long)(2 * sizeof edges / sizeof *edges); i++) {
        double x = i < points ? next_point(u, i) : (i & 1 ? -1 : 1) * edges[(i - points) / 2], error;

        if (single) x = (double)(float)x;
        if (x < u->least || x > u->top || isinf(x)) continue;
        error = try_unary(u, x, single);
        if (!(error <= worst)) worst = error, where = x;
    }
    report(name, worst, where, 0, 0, single && !u->floor_one && u->limit < 8 ? u->limit / 2 : u->limit);
}

/* ---- functions of two arguments ---- */

typedef struct {
    const char *name;
    double (*f)(double, double);
    float (*g)(float, float);
    int (*exact)(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);
} Binary;

static const Binary binary[] = {
    {"atan2", BOTH(atan2), mpfr_atan2},
    {"hypot", BOTH(hypot), mpfr_hypot},
    {"pow", BOTH(pow), mpfr_pow},
};

static void binary_point(const Binary *b, long i, double *x, double *y, int single)
{
    const int span = single ? 120 : 1000;
    const int pow_case = b->exact == mpfr_pow;

    *x = ldexp(1.0 + random_unit(), (int)(random_bits() % (uint64_t)(2 * span)) - span);
    if (pow_case) {
        if (i % 3 == 0) *x = 0.5 + random_unit();
        if (i % 3 == 1) *x = ldexp(*x, -ilogb(*x) + (int)(random_bits() % 8) - 4);
        *y = (2 * random_unit() - 1) * (single ? 104 : 745) / fabs(log(*x)); /* over the whole range of results */
        if (i % 5 == 0) *y = ldexp(*y, -(int)(random_bits() % 40));
        if (i % 7 == 0) *y = rint(*y), *x = -*x;
        return;
    }
    *y = *x * ldexp(0.5 + random_unit(), (int)(random_bits() % 9) - 4);
    if (i % 4 == 0) *y = ldexp(1.0 + random_unit(), (int)(random_bits() % (uint64_t)(2 * span)) - span);
    if (random_bits() & 1) *x = -*x;
    if (random_bits() & 1) *y = -*y;
}

static void test_binary(const Binary *b, int single)
{
    double worst = 0, wx = 0, wy = 0;
    char name[40];
    mpfr_t p, q, exact;
    long i;

    mpfr_inits2(53, p, q, (mpfr_ptr)0);
    mpfr_init2(exact, PRECISION);
    for (i = 0; i < 2 * points; i++) {
        double x, y, error;

        binary_point(b, i, &x, &y, single);
        if (single) x = (double)(float)x, y = (double)(float)y;
        mpfr_set_d(p, x, MPFR_RNDN);
        mpfr_set_d(q, y, MPFR_RNDN);
        b->exact(exact, p, q, MPFR_RNDN);
        error = ulps(single ? (double)b->g((float)x, (float)y) : b->f(x, y), exact, single, 0);
        if (!(error <= worst)) worst = error, wx = x, wy = y;
    }
    snprintf(name, sizeof name, "%s%s", b->name, single ? "f" : "");
    report(name, worst, wx, wy, 1, single ? 1 : 2);
    mpfr_clears(p, q, exact, (mpfr_ptr)0);
}

/* polygamma against the sum of the magnitudes it is made of: its zeros are not resolved. */
static void test_polygamma(long n, int negative)
{
    double worst = 0, where = 0;
    char name[40];
    mpfr_t a, exact;
    long i;

    mpfr_init2(a, 53);
    mpfr_init2(exact, PRECISION);
    for (i = 0; i < points / 3; i++) {
        const double x = negative ? -30 * random_unit()
            : i % 2 ? 30 * random_unit() : ldexp(1 + random_unit(), (int)(random_bits() % 40) - 20);
        double error, scale;

        mpfr_set_d(a, x, MPFR_RNDN);
        polygamma_order = n;
        exact_polygamma(exact, a, MPFR_RNDN);
        error = ulps(gradc_polygamma((double)n, x), exact, 0, n == 0);
        if (negative && n > 0 && n % 2 == 0) { /* terms of both signs: unit of the largest */
            scale = fabs(mpfr_get_d(exact, MPFR_RNDN));
            error = error * scale / fmax(scale, tgamma((double)n + 1) * pow(2, (double)n + 1));
        }
        if (!(error <= worst)) worst = error, where = x;
    }
    snprintf(name, sizeof name, "polygamma(%ld)%s", n, negative ? "_neg" : "");
    report(name, worst, where, 0, 0, 16);
    mpfr_clears(a, exact, (mpfr_ptr)0);
}

/* powi: every multiplication may add half a unit; the bound is that of repeated squaring. */
static void test_powi(void)
{
    double worst = 0, wx = 0, wn = 0;
    mpfr_t a, exact;
    long i;

    mpfr_init2(a, 53);
    mpfr_init2(exact, PRECISION);
    for (i = 0; i < points; i++) {
        const double x = (i % 2 ? -1 : 1) * (0.1 + 3 * random_unit());
        const long n = (long)(random_bits() % 41) - 20;
        double error;

        mpfr_set_d(a, x, MPFR_RNDN);
        mpfr_pow_si(exact, a, n, MPFR_RNDN);
        error = ulps(gradc_powi(x, n), exact, 0, 0) / fmax(1, (double)labs(n));
        if (!(error <= worst)) worst = error, wx = x, wn = (double)n;
    }
    report("powi (per exponent)", worst, wx, wn, 1, 1);
    mpfr_clears(a, exact, (mpfr_ptr)0);
}

static void test_sincos(void)
{
    long i;
    int bad = 0;

    for (i = 0; i < points * 10; i++) {
        const double x = ldexp(random_unit() - 0.5, (int)(random_bits() % 80) - 20);
        double s, c;

        gradc_sincos(x, &s, &c);
        bad += fabs(s - gradc_sin(x)) > 4e-16 * fabs(s) || fabs(c - gradc_cos(x)) > 4e-16 * fabs(c);
        bad += fabs(s * s + c * c - 1) > 1e-15;
    }
    report("sincos against sin and cos", bad, 0, 0, 0, 0);
}

/* ---- special values: what C's Annex F says ---- */

typedef struct {
    const char *name;
    double (*f)(double);
    float (*g)(float);
    double x, y;
} Special1;

typedef struct {
    const char *name;
    double (*f)(double, double);
    float (*g)(float, float);
    double x, y, z;
} Special2;

static int same(double a, double b)
{
    return isnan(b) ? isnan(a) : a == b && signbit(a) == signbit(b);
}

static void test_special_values(void)
{
    const Special1 one[] = {
#define S1(f, x, y) {#f, BOTH(f), x, y}
#define ODD(f) S1(f, 0.0, 0.0), S1(f, -0.0, -0.0), S1(f, NAN, NAN), S1(f, -NAN, NAN)
        S1(exp, -INFINITY, 0), S1(exp, INFINITY, INFINITY), S1(exp, NAN, NAN), S1(exp, -NAN, NAN), S1(exp, 0, 1),
        S1(exp, 1e30, INFINITY), S1(exp, -1e30, 0), ODD(expm1), S1(expm1, -INFINITY, -1),
        S1(expm1, INFINITY, INFINITY), S1(log, 0, -INFINITY), S1(log, -0.0, -INFINITY), S1(log, 1, 0),
        S1(log, INFINITY, INFINITY), S1(log, -INFINITY, NAN), S1(log, -1, NAN), S1(log, NAN, NAN), ODD(log1p),
        S1(log1p, -1, -INFINITY), S1(log1p, -2, NAN), S1(log1p, INFINITY, INFINITY), S1(log2, 0, -INFINITY),
        S1(log2, 8, 3), S1(log2, 0.125, -3), S1(log2, INFINITY, INFINITY), S1(log2, -1, NAN), S1(log2, NAN, NAN),
        S1(log10, 1000, 3), S1(log10, 0, -INFINITY), S1(log10, INFINITY, INFINITY), S1(log10, -1, NAN),
        ODD(cbrt), S1(cbrt, 27, 3), S1(cbrt, -8, -2), S1(cbrt, INFINITY, INFINITY), S1(cbrt, -INFINITY, -INFINITY),
        ODD(sqrt), S1(sqrt, 4, 2), S1(sqrt, -1, NAN), S1(sqrt, INFINITY, INFINITY), S1(sqrt, -INFINITY, NAN),
        ODD(sin), S1(sin, INFINITY, NAN), S1(sin, -INFINITY, NAN), S1(cos, 0, 1), S1(cos, INFINITY, NAN),
        S1(cos, NAN, NAN), ODD(tan), S1(tan, INFINITY, NAN), ODD(asin), S1(asin, 1.5, NAN), S1(asin, INFINITY, NAN),
        S1(acos, 1, 0), S1(acos, -1.5, NAN), S1(acos, NAN, NAN), ODD(atan), ODD(sinh), S1(sinh, INFINITY, INFINITY),
        S1(sinh, -INFINITY, -INFINITY), S1(cosh, 0, 1), S1(cosh, -INFINITY, INFINITY), S1(cosh, NAN, NAN), ODD(tanh),
        S1(tanh, INFINITY, 1), S1(tanh, -INFINITY, -1), ODD(asinh), S1(asinh, INFINITY, INFINITY),
        S1(asinh, -INFINITY, -INFINITY), S1(acosh, 1, 0), S1(acosh, 0.5, NAN), S1(acosh, -3, NAN), S1(acosh, NAN, NAN),
        S1(acosh, INFINITY, INFINITY), S1(acosh, -INFINITY, NAN), ODD(atanh), S1(atanh, 1, INFINITY),
        S1(atanh, -1, -INFINITY), S1(atanh, 2, NAN), S1(atanh, INFINITY, NAN), ODD(erf), S1(erf, INFINITY, 1),
        S1(erf, -INFINITY, -1), S1(erfc, INFINITY, 0), S1(erfc, -INFINITY, 2), S1(erfc, 0, 1), S1(erfc, NAN, NAN),
        S1(sigmoid, INFINITY, 1), S1(sigmoid, -INFINITY, 0), S1(sigmoid, 0, 0.5), S1(sigmoid, NAN, NAN),
        S1(sigmoid, -NAN, NAN), S1(softplus, INFINITY, INFINITY), S1(softplus, -INFINITY, 0), S1(softplus, NAN, NAN),
        S1(softplus, -NAN, NAN), ODD(round), S1(round, 0.5, 0), S1(round, 1.5, 2), S1(round, -2.5, -2), S1(round, -0.3, -0.0),
        S1(round, INFINITY, INFINITY), S1(round, -INFINITY, -INFINITY), ODD(sign), S1(sign, INFINITY, 1),
        S1(sign, -INFINITY, -1), S1(lgamma, 1, 0), S1(lgamma, 2, 0), S1(lgamma, 0, INFINITY), S1(lgamma, -3, INFINITY),
        S1(lgamma, INFINITY, INFINITY), S1(lgamma, -INFINITY, INFINITY), S1(lgamma, NAN, NAN),
        S1(digamma, 0, -INFINITY), S1(digamma, -0.0, INFINITY), S1(digamma, -2, NAN), S1(digamma, INFINITY, INFINITY),
        S1(digamma, -INFINITY, NAN), S1(digamma, NAN, NAN), S1(trigamma, 0, INFINITY), S1(trigamma, -4, INFINITY),
        S1(trigamma, INFINITY, 0), S1(trigamma, NAN, NAN)};
    const Special2 two[] = {
#define S2(f, x, y, z) {#f, BOTH(f), x, y, z}
        S2(atan2, 0.0, 1, 0.0), S2(atan2, -0.0, 1, -0.0), S2(atan2, 0.0, 0.0, 0.0), S2(atan2, -0.0, 0.0, -0.0),
        S2(atan2, INFINITY, NAN, NAN), S2(atan2, NAN, 1, NAN), S2(atan2, 1, INFINITY, 0.0), S2(atan2, -1, INFINITY, -0.0),
        S2(hypot, INFINITY, NAN, INFINITY), S2(hypot, NAN, -INFINITY, INFINITY), S2(hypot, NAN, 1, NAN),
        S2(hypot, 3, -4, 5), S2(hypot, 0, 0, 0), S2(hypot, 0, -7, 7), S2(pow, NAN, 0, 1), S2(pow, 1, NAN, 1),
        S2(pow, NAN, 1, NAN), S2(pow, 2, NAN, NAN), S2(pow, 0.0, 3, 0.0), S2(pow, -0.0, 3, -0.0), S2(pow, -0.0, 2, 0.0),
        S2(pow, 0.0, -3, INFINITY), S2(pow, -0.0, -3, -INFINITY), S2(pow, -0.0, -2.5, INFINITY),
        S2(pow, -1, INFINITY, 1), S2(pow, -1, -INFINITY, 1), S2(pow, 0.5, INFINITY, 0), S2(pow, 0.5, -INFINITY, INFINITY),
        S2(pow, 2, INFINITY, INFINITY), S2(pow, -2, -INFINITY, 0), S2(pow, -2, 0.5, NAN), S2(pow, -2, 3, -8),
        S2(pow, -2, 2, 4), S2(pow, INFINITY, 2, INFINITY), S2(pow, INFINITY, -2, 0), S2(pow, -INFINITY, 3, -INFINITY),
        S2(pow, -INFINITY, 2, INFINITY), S2(pow, -INFINITY, -3, -0.0), S2(pow, -INFINITY, 0.5, INFINITY),
        S2(pow, 2, 10000, INFINITY), S2(pow, -2, 10001, -INFINITY), S2(pow, 2, -10000, 0), S2(pow, 10, 3, 1000),
        S2(pow, -1, 1e20, 1), S2(pow, 0, INFINITY, 0), S2(pow, 0, -INFINITY, INFINITY), S2(pow, 5, 0, 1)};
    size_t i;
    int bad = 0;

    for (i = 0; i < sizeof one / sizeof *one; i++) {
        const Special1 *s = &one[i];
        const double y = s->f(s->x), z = (double)s->g((float)s->x);

        if (!same(y, s->y)) bad++, printf("math %s(%g) = %g, not %g\n", s->name, s->x, y, s->y);
        if (!same(z, (double)(float)s->y)) bad++, printf("math %sf(%g) = %g, not %g\n", s->name, s->x, z, s->y);
    }
    for (i = 0; i < sizeof two / sizeof *two; i++) {
        const Special2 *s = &two[i];
        const double y = s->f(s->x, s->y), z = (double)s->g((float)s->x, (float)s->y);

        if (!same(y, s->z)) bad++, printf("math %s(%g, %g) = %g, not %g\n", s->name, s->x, s->y, y, s->z);
        if (!same(z, (double)(float)s->z)) bad++, printf("math %sf(%g, %g) = %g, not %g\n", s->name, s->x, s->y, z, s->z);
    }
    report("special values (number wrong)", bad, 0, 0, 0, 0);
}

static int wanted(const char *name, int count, char **names)
{
    int i;

    for (i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) return 1;
    return count == 0;
}

int main(int argc, char **argv)
{
    size_t i;
    long n;
    int at = 1;

    for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
        if (strcmp(argv[at], "-n") == 0) points = atol(argv[at + 1]);
        else if (strcmp(argv[at], "-s") == 0) random_state ^= (uint64_t)atol(argv[at + 1]) * 0x9e3779b97f4a7c15u;
    }
    argc -= at, argv += at;
    for (i = 0; i < sizeof unary / sizeof *unary; i++)
        if (wanted(unary[i].name, argc, argv)) {
            test_unary(&unary[i], 0);
            test_unary(&unary[i], 1);
        }
    for (i = 0; i < sizeof binary / sizeof *binary; i++)
        if (wanted(binary[i].name, argc, argv)) {
            test_binary(&binary[i], 0);
            test_binary(&binary[i], 1);
        }
    if (wanted("polygamma", argc, argv))
        for (n = 0; n <= 6; n++) {
            test_polygamma(n, 0);
            test_polygamma(n, 1);
        }
    if (wanted("powi", argc, argv)) test_powi();
    if (wanted("sincos", argc, argv)) test_sincos();
    if (wanted("special", argc, argv)) test_special_values();
    return sum_up();
}
