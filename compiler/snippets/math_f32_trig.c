/* math_f32_trig.c - circular and error functions in single precision.
 *
 * See math_f32.c. sin, cos and tan branch for |x| >= 2^20; the gradc_..._nearf
 * do not, and are for loops whose arguments are known to be smaller. */
#ifndef GRADC_MATH_F32_C
#include "math_f32.c"
#endif

/*@ snippet gradc_wide_turns_near */
/* x = q pi/2 + r for |x| < 2^20: the first product is exact. */
static inline double gradc_wide_turns_near(double x, double *q)
{
    const double k = (x * 0x1.45f306dc9c883p-1 + 6755399441055744.0) - 6755399441055744.0;

    *q = k;
    return (x - k * 0x1.921fb54400000p+0) - k * 0x1.0b4611a626331p-34;
}

/*@ snippet gradc_wide_turns_far needs gradc_bitsf */
/* The same for 2^20 <= |x| < inf after Payne & Hanek: x = m 2^e, m of 24 bits, times those
 * 96 bits of 2/pi that matter, in units of 2^-62 turns of pi/2. */
static inline double gradc_wide_turns_far(float x, double *q)
{
    static const uint32_t bits[8] = {0x00000000u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu};
    const uint32_t u = gradc_bitsf(x);
    const uint32_t e = ((u >> 23) & 0xff) - 150; /* x = m 2^e; e may be -3 */
    const uint64_t m = (u & 0x7fffff) | 0x800000;
    const uint32_t at = e + 30, word = at >> 5, shift = at & 31; /* drop `at` - 32 bits: multiples of 4 */
    const uint64_t w0 = ((uint64_t)bits[word] << 32) | bits[word + 1];
    const uint64_t w1 = ((uint64_t)bits[word + 2] << 32) | bits[word + 3];
    const uint64_t high = shift == 0 ? w0 : (w0 << shift) | (w1 >> (64 - shift));
    const uint64_t low = (w1 << shift) >> 32;
    const uint64_t p = m * high + ((m * low) >> 32); /* modulo 2^64, the unit 2^-62 */
    const uint64_t n = (p + 0x2000000000000000u) >> 62;
    const uint64_t f = p - (n << 62);
    const uint64_t minus = f >> 63;
    const double r = (double)(minus ? 0 - f : f) * 0x1.921fb54442d18p-62;
    const uint64_t negative = u >> 31;

    *q = negative ? -(double)n : (double)n;
    return (minus ^ negative) ? -r : r;
}

/*@ snippet gradc_wide_turns needs gradc_absf gradc_wide_turns_near gradc_wide_turns_far */
static inline double gradc_wide_turns(float x, double *q)
{
    const float a = gradc_absf(x);

    if (a < 0x1p+20f) return gradc_wide_turns_near((double)x, q);
    if (a <= 3.4028234663852886e38f) return gradc_wide_turns_far(x, q);
    *q = 0.0;
    return (double)(x - x);
}

/*@ snippet gradc_is_farf needs gradc_lessf gradc_absf */
/* 1 if |x| >= 2^20 or x is a nan: where gradc_sin_nearf and its like do not hold. */
static inline uint32_t gradc_is_farf(float x)
{
    return (gradc_lessf(gradc_absf(x), 0x1p+20f) & 1) ^ 1;
}

/*@ snippet gradc_wide_sine needs gradc_bits gradc_from_bits gradc_pick */
/* sin(r + q pi/2) for |r| <= pi/4, to 2^-28. */
static inline double gradc_wide_sine(double q, double r)
{
    const uint64_t n = gradc_bits(q + 6755399441055744.0);
    const double z = r * r;
    const double s = r + r * z * (-0x1.555545812f36bp-3 + z * (0x1.1107566d99229p-7 + z * -0x1.994b3efe86bd9p-13));
    const double c = (1.0 - 0.5 * z) + z * z * (0x1.55554aa3fddbcp-5 + z * (-0x1.6c0c81786e8acp-10 + z * 0x1.99ff4b839a0f1p-16));

    return gradc_from_bits(gradc_bits(gradc_pick(0 - (n & 1), c, s)) ^ ((n & 2) << 62));
}

/*@ snippet gradc_wide_tangent needs gradc_wide_sine */
static inline double gradc_wide_tangent(double q, double r)
{
    return gradc_wide_sine(q, r) / gradc_wide_sine(q + 1.0, r);
}

/*@ snippet gradc_sinf needs gradc_wide_turns gradc_pickf gradc_lessf gradc_absf gradc_wide_sine */
static inline float gradc_sinf(float x)
{
    double q;
    const double r = gradc_wide_turns(x, &q);

    return gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), x, (float)gradc_wide_sine(q, r));
}

/*@ snippet gradc_sin_nearf needs gradc_wide_turns_near gradc_pickf gradc_lessf gradc_absf gradc_wide_sine */
/* For |x| < 2^20 only. */
static inline float gradc_sin_nearf(float x)
{
    double q;
    const double r = gradc_wide_turns_near((double)x, &q);

    return gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), x, (float)gradc_wide_sine(q, r));
}

/*@ snippet gradc_cosf needs gradc_wide_turns gradc_wide_sine */
static inline float gradc_cosf(float x)
{
    double q;
    const double r = gradc_wide_turns(x, &q);

    return (float)gradc_wide_sine(q + 1.0, r);
}

/*@ snippet gradc_cos_nearf needs gradc_wide_turns_near gradc_wide_sine */
/* For |x| < 2^20 only. */
static inline float gradc_cos_nearf(float x)
{
    double q;
    const double r = gradc_wide_turns_near((double)x, &q);

    return (float)gradc_wide_sine(q + 1.0, r);
}

/*@ snippet gradc_tanf needs gradc_wide_turns gradc_pickf gradc_lessf gradc_absf gradc_wide_tangent */
static inline float gradc_tanf(float x)
{
    double q;
    const double r = gradc_wide_turns(x, &q);

    return gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), x, (float)gradc_wide_tangent(q, r));
}

/*@ snippet gradc_tan_nearf needs gradc_wide_turns_near gradc_pickf gradc_lessf gradc_absf gradc_wide_tangent */
/* For |x| < 2^20 only. */
static inline float gradc_tan_nearf(float x)
{
    double q;
    const double r = gradc_wide_turns_near((double)x, &q);

    return gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), x, (float)gradc_wide_tangent(q, r));
}

/*@ snippet gradc_sincosf needs gradc_wide_turns gradc_pickf gradc_lessf gradc_absf gradc_wide_sine */
static inline void gradc_sincosf(float x, float *sine, float *cosine)
{
    double q;
    const double r = gradc_wide_turns(x, &q);

    *sine = gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), x, (float)gradc_wide_sine(q, r));
    *cosine = (float)gradc_wide_sine(q + 1.0, r);
}

/*@ snippet gradc_sincos_nearf needs gradc_wide_turns_near gradc_pickf gradc_lessf gradc_absf gradc_wide_sine */
static inline void gradc_sincos_nearf(float x, float *sine, float *cosine)
{
    double q;
    const double r = gradc_wide_turns_near((double)x, &q);

    *sine = gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), x, (float)gradc_wide_sine(q, r));
    *cosine = (float)gradc_wide_sine(q + 1.0, r);
}

/*@ snippet gradc_wide_angle needs gradc_less gradc_pick */
/* Angle of (x, y) for x, y >= 0, left: its mirror image. The polynomial is good to 1. */
static inline double gradc_wide_angle(double y, double x, uint64_t left)
{
    const uint64_t steep = gradc_less(x, y);
    const double t = gradc_pick(steep, x, y) / gradc_pick(steep, y, x);
    const double z = t * t;
    const double p = t + t * z * (-0x1.5555549887042p-2 + z * (0x1.99993e872f6d1p-3 + z * (-0x1.248a9bb9644dbp-3
        + z * (0x1.c6758ae9590aep-4 + z * (-0x1.702dde2e38dd4p-4 + z * (0x1.29bf99d8e76d1p-4
        + z * (-0x1.c01dea12fda94p-5 + z * (0x1.1c459a23c4f2cp-5 + z * (-0x1.0dd2a30df609bp-6
        + z * (0x1.478dc52cf7005p-8 + z * -0x1.74cda372f2c10p-11))))))))));
    const double a = gradc_pick(steep, 1.5707963267948966 - p, p);

    return gradc_pick(left, 3.1415926535897931 - a, a);
}

/*@ snippet gradc_atanf needs gradc_absf gradc_clamp gradc_pickf gradc_lessf gradc_wide_angle gradc_with_signf */
static inline float gradc_atanf(float x)
{
    const float a = gradc_absf(x);
    const double c = gradc_clamp((double)a, 0x1p+60);
    const float y = gradc_pickf(gradc_lessf(a, 0x1p-30f), a, (float)gradc_wide_angle(c, 1.0, 0));

    return gradc_with_signf(y, x);
}

/*@ snippet gradc_atan2f needs gradc_abs gradc_less gradc_pick gradc_wide_angle gradc_negative gradc_with_sign */
static inline float gradc_atan2f(float y, float x)
{
    const double ay = gradc_abs((double)y), ax = gradc_abs((double)x);
    const uint64_t y_inf = gradc_less(1.7976931348623157e308, ay);
    const uint64_t x_inf = gradc_less(1.7976931348623157e308, ax);
    const uint64_t zero = gradc_less(ax, 0x1p-1074) & gradc_less(ay, 0x1p-1074);
    const double v = gradc_pick(y_inf | x_inf, gradc_pick(y_inf, 1.0, 0.0), ay);
    const double h = gradc_pick(y_inf | x_inf, gradc_pick(x_inf, 1.0, 0.0), ax);
    const double w = gradc_wide_angle(v, gradc_pick(zero, 1.0, h), gradc_negative((double)x));
    const double angle = gradc_with_sign(w, (double)y);

    return (float)gradc_pick(gradc_less(INFINITY, ax) | gradc_less(INFINITY, ay), (double)x + (double)y, angle);
}

/*@ snippet gradc_wide_asin needs gradc_less gradc_pick gradc_wide_sqrt */
/* asin a for 0 <= a <= 1/2, or asin sqrt((1 - a) / 2) above. */
static inline double gradc_wide_asin(double a)
{
    const uint64_t big = gradc_less(0.5, a);
    const double z = gradc_pick(big, 0.5 - 0.5 * a, a * a);
    const double s = gradc_pick(big, gradc_wide_sqrt(z), a);

    return s + s * z * (0x1.55554c36e51eep-3 + z * (0x1.33388e93e0d62p-4 + z * (0x1.6cac3f7331976p-5
        + z * (0x1.04a63cc345e2cp-5 + z * (0x1.d7f3b2485f172p-7 + z * 0x1.33bb504d50f4ep-5)))));
}

/*@ snippet gradc_asinf needs gradc_abs gradc_wide_asin gradc_pick gradc_less gradc_with_signf gradc_pickf gradc_lessf gradc_absf */
static inline float gradc_asinf(float x)
{
    const double a = gradc_abs((double)x);
    const double p = gradc_wide_asin(a);
    const double y = gradc_pick(gradc_less(0.5, a), 1.5707963267948966 - 2.0 * p, p);
    const float w = (float)gradc_pick(gradc_less(1.0, a), NAN, y);

    return gradc_with_signf(gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), gradc_absf(x), w), x);
}

/*@ snippet gradc_acosf needs gradc_abs gradc_wide_asin gradc_negative gradc_pick gradc_less */
static inline float gradc_acosf(float x)
{
    const double a = gradc_abs((double)x);
    const double p = gradc_wide_asin(a);
    const uint64_t left = gradc_negative((double)x);
    const double outer = gradc_pick(left, 3.1415926535897931 - 2.0 * p, 2.0 * p);
    const double y = gradc_pick(gradc_less(0.5, a), outer, 1.5707963267948966 - gradc_pick(left, -p, p));

    return (float)gradc_pick(gradc_less(1.0, a), NAN, y);
}

/*@ snippet gradc_hypotf needs gradc_abs gradc_pick gradc_less gradc_wide_sqrt */
static inline float gradc_hypotf(float x, float y)
{
    const double ax = gradc_abs((double)x), ay = gradc_abs((double)y);
    const double z = ax * ax + ay * ay;
    const double r = gradc_pick(gradc_less(z, 0x1p-1000), 0.0, gradc_wide_sqrt(z));
    const double n = gradc_pick(gradc_less(INFINITY, ax) | gradc_less(INFINITY, ay), ax + ay, r);
    const uint64_t x_inf = gradc_less(1.7976931348623157e308, ax) & ~gradc_less(INFINITY, ax);
    const uint64_t y_inf = gradc_less(1.7976931348623157e308, ay) & ~gradc_less(INFINITY, ay);

    return (float)gradc_pick(x_inf | y_inf, INFINITY, n);
}

/*@ snippet gradc_wide_erfc needs gradc_wide_exp */
/* erfc a for 0 <= a <= 11: e^(-a^2) p(t) / (1 + 2a), t = (a - 3) / (a + 3), 2^-30. */
static inline double gradc_wide_erfc(double a)
{
    const double t = (a - 3.0) / (a + 3.0);
    const double p = 0x1.40c522db83699p+0 + t * (-0x1.15c0854f9a729p-3 + t * (-0x1.85a1964bf2c61p-5
        + t * (0x1.098379e50212dp-3 + t * (-0x1.e88919d50c102p-4 + t * (0x1.17c98a53d615dp-4
        + t * (-0x1.85be9f9b103cep-6 + t * (0x1.4aa9608a4d5dap-9 + t * (0x1.fdfba7970b4eap-10
        + t * (-0x1.7fd284c060867p-11 + t * (-0x1.623aac836fdb6p-13
        + t * 0x1.52c70ed9beb9dp-15))))))))));

    return gradc_wide_exp(-a * a) * p / (1.0 + 2.0 * a);
}

/*@ snippet gradc_erfcf needs gradc_wide_erfc gradc_clamp gradc_abs gradc_pick gradc_negative */
static inline float gradc_erfcf(float x)
{
    const double z = (double)x;
    const double y = gradc_wide_erfc(gradc_clamp(gradc_abs(z), 11.0));

    return (float)gradc_pick(gradc_negative(z), 2.0 - y, y);
}

/*@ snippet gradc_erff needs gradc_abs gradc_wide_erfc gradc_clamp gradc_pick gradc_less gradc_with_sign */
/* An odd polynomial (2^-29) up to 3/4. */
static inline float gradc_erff(float x)
{
    const double w = (double)x, a = gradc_abs(w), z = w * w;
    const double small = w * (1.1283791670955126 + z * (-0x1.81273db8cf8f9p-2 + z * (0x1.ce2b8e8f8e8c7p-4 + z * (-0x1.b7b60254a61ccp-6
        + z * (0x1.4f90318aacb7fp-8 + z * -0x1.63f2dece0c4d7p-11)))));
    const double y = 1.0 - gradc_wide_erfc(gradc_clamp(a, 11.0));

    return (float)gradc_pick(gradc_less(a, 0.75), small, gradc_with_sign(y, w));
}
