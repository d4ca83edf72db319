/* interp.c - the two instances of interp_impl.h, and the functions that libm lacks. */
#include "interp.h"

#include <limits.h>
#include <math.h>

/* ---- The functions of libm in quad precision ---- */

#if GRADC_QUAD
/* Declared here, not by <math.h>: clang knows the type but not glibc's declarations for it. */
#define QUAD1(f) quad f##f128(quad);
#define QUAD2(f) quad f##f128(quad, quad);
#define Q(f) f##f128
#else
#define QUAD1(f)
#define QUAD2(f)
#define Q(f) f##l
#endif

QUAD1(exp) QUAD1(expm1) QUAD1(log) QUAD1(log1p) QUAD1(log2) QUAD1(log10) QUAD1(sqrt) QUAD1(cbrt)
QUAD1(sin) QUAD1(cos) QUAD1(tan) QUAD1(asin) QUAD1(acos) QUAD1(atan) QUAD1(sinh) QUAD1(cosh)
QUAD1(tanh) QUAD1(asinh) QUAD1(acosh) QUAD1(atanh) QUAD1(erf) QUAD1(erfc) QUAD1(floor)
QUAD1(ceil) QUAD1(rint) QUAD1(trunc) QUAD1(fabs)
QUAD2(pow) QUAD2(atan2) QUAD2(hypot) QUAD2(fmod)

/* Bernoulli numbers B2, B4, ... B34. */
static const double bernoulli[][2] = {
    {1, 6}, {-1, 30}, {1, 42}, {-1, 30}, {5, 66}, {-691, 2730}, {7, 6}, {-3617, 510},
    {43867, 798}, {-174611, 330}, {854513, 138}, {-236364091, 2730}, {8553103, 6},
    {-23749461029, 870}, {8615841276005, 14322}, {-7709321041217, 510}, {2577687858367, 6},
};
/* From here on the terms above leave an error below 1e-40. */
enum { ASYMPTOTIC = 40 };

static quad bernoulli_number(int k) /* B2k */
{
    return (quad)bernoulli[k - 1][0] / (quad)bernoulli[k - 1][1];
}

static bool is_pole(quad x)
{
    return x <= 0 && x == Q(floor)(x) && x - x == 0;
}

/* Stirling's series, shifted up by the recurrence and, left of 0, reflected. */
quad quad_lgamma(quad x)
{
    const quad pi = 4 * Q(atan)(1);
    if (x != x || Q(fabs)(x) > Q(pow)(10, 4000))
        return x * x;
    if (is_pole(x))
        return (quad)INFINITY;
    if (x < 0)
        return Q(log)(pi / Q(fabs)(x * Q(sin)(pi * (x - Q(rint)(x))))) - quad_lgamma(-x);
    quad product = 1, sum = 0;
    for (; x < ASYMPTOTIC; x += 1)
        product *= x;
    for (int k = ARRAY_LEN(bernoulli); k >= 1; k--)
        sum = sum / (x * x) + bernoulli_number(k) / (2 * k * (2 * k - 1));
    return (x - 0.5) * Q(log)(x) - x + Q(log)(2 * pi) / 2 + sum / x - Q(log)(product);
}

/* The n-th derivative of the same. Upwards the recurrence is stable for all n. */
quad quad_polygamma(int n, quad x)
{
    const quad pi = 4 * Q(atan)(1);
    quad sign = n % 2 ? 1 : -1, factorial = 1, sum = 0, series = 0; /* factorial: n! */
    if (x != x || n < 0)
        return x - x;
    if (is_pole(x) && n == 0)
        return x == 0 ? -1 / x : (quad)NAN;
    if (is_pole(x))
        return n % 2 ? (quad)INFINITY : x == 0 ? -1 / x : (quad)NAN;
    if (n == 0 && x < -100)
        return quad_polygamma(0, 1 - x) - pi / Q(tan)(pi * (x - Q(floor)(x)));
    if (x < -1e5)
        return (quad)NAN; /* the recurrence would take forever */
    for (int k = 2; k <= n; k++)
        factorial *= k;
    for (; x < ASYMPTOTIC + 2 * n; x += 1)
        sum += sign * factorial / Q(pow)(x, n + 1);
    quad inv = 1 / x, power = n == 0 ? 1 : Q(pow)(inv, n), rising = factorial / (n ? n : 1);
    if (n == 0)
        sum += Q(log)(x) - inv / 2;
    else
        sum += sign * (rising * power + factorial * power * inv / 2);
    /* (2k + n - 1)! / (2k)! x^-(2k + n) */
    for (int k = 1; k <= ARRAY_LEN(bernoulli); k++) {
        rising = k == 1 ? factorial * (n + 1) / 2
                        : rising * (2 * k + n - 1) * (2 * k + n - 2) / (2 * k) / (2 * k - 1);
        power *= inv * inv;
        series += bernoulli_number(k) * rising * power;
    }
    return sum + (n == 0 ? -series : sign * series);
}

/* ---- Double ---- */

static double lgamma_of(double x)
{
    return (double)quad_lgamma(x);
}
static double polygamma_of(int n, double x)
{
    return (double)quad_polygamma(n, x);
}

#define NUM double
#define INTERP Interp
#define NAME(f) interp_##f
#define LOCAL(f) f##_double
#define M(f) f
#define LGAMMA lgamma_of
#define POLYGAMMA polygamma_of
#define ROUNDS_F32 1
#include "interp_impl.h"

/* ---- Quad ---- */

#define NUM quad
#define INTERP Interp128
#define NAME(f) interp128_##f
#define LOCAL(f) f##_quad
#define M(f) Q(f)
#define LGAMMA quad_lgamma
#define POLYGAMMA quad_polygamma
#define ROUNDS_F32 0
#include "interp_impl.h"
