/* Made by gradc from critical_point.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

static inline double gradc_max(double a, double b)
{
    return ((a >= b) | (a != a)) ? a : b;
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

/* The first 26 bits of x: a product of two heads, or of a head and a rest, is exact. */
static inline double gradc_head(double x)
{
    return gradc_from_bits(gradc_bits(x) & 0xfffffffff8000000u);
}

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

/* Scaled so that no square over- or underflows. Error 1.1 ulp. */
static inline double gradc_hypot(double x, double y)
{
    const double ax = gradc_abs(x), ay = gradc_abs(y);
    const uint64_t swap = gradc_less(ax, ay);
    const double top = gradc_pick(swap, ay, ax), low = gradc_pick(swap, ax, ay);
    const uint64_t large = gradc_less(0x1p+500, top), small = gradc_less(top, 0x1p-450);
    const double scale = gradc_pick(large, 0x1p-600, gradc_pick(small, 0x1p+600, 1.0));
    const double back = gradc_pick(large, 0x1p+600, gradc_pick(small, 0x1p-600, 1.0));
    const double t = top * scale, l = low * scale;
    const uint64_t x_inf = gradc_less(1.7976931348623157e308, ax) & ~gradc_less(INFINITY, ax);
    const uint64_t y_inf = gradc_less(1.7976931348623157e308, ay) & ~gradc_less(INFINITY, ay);
    double s, d, r;

    gradc_sqrt_parts(t * t + l * l, &s, &d);
    r = gradc_pick(gradc_less(INFINITY, ax) | gradc_less(INFINITY, ay), x + y, (s + d) * back);
    return gradc_pick(x_inf | y_inf, INFINITY, r);
}

/* critical_point: value of critical_point (critical_point.dg:19)
 * x [2]  -> slope [2]  least scalar  greatest scalar  minimum scalar  maximum scalar
 * saddle scalar  inconclusive scalar
 * 5 add, 2 sub, 20 mul, 2 max, 3 <, 2 >, 5 and, 2 or, 1 not, 4 abs, 1 hypot
 * no workspace */
int critical_point(const double *x, double *slope, double *least, double *greatest,
    uint8_t *minimum, uint8_t *maximum, uint8_t *saddle, uint8_t *inconclusive)
{
    const double x_0 = x[0];  /* critical_point.dg:28 */
    const double x_1 = x[1];
    const double t = x_0 * 6.0 * 0.3333333333333333;
    const double t_2 = x_1 * x_1;
    const double slope_1 = -0.3333333333333333 * (3.0 * t_2) + 0.2 * (5.0 * (t_2 * t_2));
    const double slope_0 = -1.0 + 0.3333333333333333 * (3.0 * (x_0 * x_0));
    const double t_3 = x_1 * 6.0 * -0.3333333333333333 + x_1 * t_2 * 20.0 * 0.2;
    const double m = (t + t_3) * 0.5;
    const double r = gradc_hypot((t - t_3) * 0.5, 0.0);
    const double least_2 = m - r;
    const double greatest_2 = m + r;
    const int critical = gradc_max(fabs(slope_0), fabs(slope_1)) < 1e-06;
    const double t_4 = gradc_max(fabs(least_2), fabs(greatest_2));
    const double zero = 1e-06 * t_4;
    const int minimum_2 = critical & (least_2 > zero);
    const double t_5 = t_4 * -1e-06;
    const int maximum_2 = critical & (greatest_2 < t_5);
    const int saddle_2 = (critical & (least_2 < t_5)) & (greatest_2 > zero);
    slope[0] = slope_0;
    slope[1] = slope_1;
    *least = least_2;
    *greatest = greatest_2;
    *minimum = (uint8_t)minimum_2;
    *maximum = (uint8_t)maximum_2;
    *saddle = (uint8_t)saddle_2;
    *inconclusive = (uint8_t)(critical & (!((minimum_2 | maximum_2) | saddle_2)));
    return 0;
}

#ifdef __cplusplus
}
#endif
