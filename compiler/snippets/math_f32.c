/* math_f32.c - elementary functions in single precision, pasted into emitted C.
 *
 * exp, log, round and sign are native; the others work in double inside
 * (gradc_wide_...), where short polynomials give more than the 30 bits that
 * rounding once to float asks for, and nothing over- or underflows. They are
 * branch-free as math_bits.c tells, but for huge arguments of sin, cos and tan. */
#define GRADC_MATH_F32_C
#ifndef GRADC_MATH_BITS_C
#include "math_bits.c"
#endif

/*@ snippet gradc_bitsf */
static inline uint32_t gradc_bitsf(float x)
{
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

/*@ snippet gradc_from_bitsf */
static inline float gradc_from_bitsf(uint32_t u)
{
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/*@ snippet gradc_pickf needs gradc_from_bitsf gradc_bitsf */
/* a where the mask is all ones, b where it is 0. */
static inline float gradc_pickf(uint32_t mask, float a, float b)
{
    return gradc_from_bitsf((gradc_bitsf(a) & mask) | (gradc_bitsf(b) & ~mask));
}

/*@ snippet gradc_lessf needs gradc_bitsf */
/* The mask of a < b, for a and b without a sign bit; a nan is above infinity. */
static inline uint32_t gradc_lessf(float a, float b)
{
    return 0 - ((gradc_bitsf(a) - gradc_bitsf(b)) >> 31);
}

/*@ snippet gradc_absf needs gradc_from_bitsf gradc_bitsf */
static inline float gradc_absf(float x)
{
    return gradc_from_bitsf(gradc_bitsf(x) & 0x7fffffffu);
}

/*@ snippet gradc_with_signf needs gradc_from_bitsf gradc_bitsf */
/* x >= 0 with the sign of s. */
static inline float gradc_with_signf(float x, float s)
{
    return gradc_from_bitsf(gradc_bitsf(x) | (gradc_bitsf(s) & 0x80000000u));
}

/*@ snippet gradc_signf needs gradc_absf gradc_pickf gradc_lessf gradc_with_signf */
static inline float gradc_signf(float x)
{
    const float a = gradc_absf(x);

    return gradc_pickf(gradc_lessf(a, 0x1p-149f) | gradc_lessf(INFINITY, a), x, gradc_with_signf(1.0f, x));
}

/*@ snippet gradc_roundf needs gradc_absf gradc_pickf gradc_lessf gradc_with_signf */
/* Half to even: adding 2^23 pushes the fraction out. */
static inline float gradc_roundf(float x)
{
    const float a = gradc_absf(x);
    const float r = (a + 8388608.0f) - 8388608.0f;

    return gradc_pickf(gradc_lessf(a, 8388608.0f), gradc_with_signf(r, x), x);
}

/*@ snippet gradc_expf needs gradc_absf gradc_lessf gradc_pickf gradc_with_signf gradc_bitsf gradc_from_bitsf */
/* As gradc_exp: r = x - k ln 2 by Cody & Waite, 1 + r + r^2 q(r), q minimax of degree 4
 * (2^-28), scaled by 2^k in two steps. Error 0.6 ulp (1 where the result is subnormal). */
static inline float gradc_expf(float x)
{
    const float m = gradc_absf(x);
    const uint32_t beyond = gradc_lessf(106.0f, m) & ~gradc_lessf(INFINITY, m);
    const float c = gradc_pickf(beyond, gradc_with_signf(106.0f, x), x);
    const float k = (c * 0x1.715476p+0f + 12582912.0f) - 12582912.0f;
    const float a = c - k * 0x1.62e4p-1f;
    const float b = k * 0x1.7f7d1cp-20f;
    const float r = a - b;
    const float rl = (a - r) - b;
    const float q = 0x1.0p-1f + r * (0x1.55548ep-3f + r * (0x1.55545cp-5f + r * (0x1.123b56p-7f
        + r * 0x1.6db4d4p-10f)));
    const float h = 1.0f + r;
    const float y = h + (((1.0f - h) + r) + (r * r * q + (rl + rl * r)));
    const uint32_t n = gradc_bitsf(k + (12582912.0f + 254.0f)) & 0x3ff; /* k + 254 */
    const uint32_t half = n >> 1;

    return y * gradc_from_bitsf(half << 23) * gradc_from_bitsf((n - half) << 23);
}

/*@ snippet gradc_logf needs gradc_absf gradc_lessf gradc_pickf gradc_bitsf gradc_from_bitsf */
/* As gradc_log: x = 2^k (1 + f), series in s = f / (2 + f). Error 0.9 ulp. */
static inline float gradc_logf(float x)
{
    const float m = gradc_absf(x);
    const uint32_t tiny = gradc_lessf(m, 0x1p-126f);
    const float z = gradc_pickf(tiny, m * 0x1p+25f, m);
    const uint32_t u = gradc_bitsf(z) + (0x3f800000u - 0x3f3504f3u);
    const float e = gradc_from_bitsf(0x4b000000u | (u >> 23));
    const float f = gradc_from_bitsf((u & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
    const float s = f / (2.0f + f);
    const float w = s * s;
    const float r = w * (0x1.55557ap-1f + w * (0x1.995eb4p-2f + w * 0x1.31e39cp-2f));
    const float half = 0.5f * f * f;
    const float k = e - gradc_pickf(tiny, 8388608.0f + 152.0f, 8388608.0f + 127.0f);
    const float a = k * 0x1.62e4p-1f;
    const float h = a + f;
    const float l = (a - h) + f;
    const float y = h + (l + (k * 0x1.7f7d1cp-20f + (s * (half + r) - half)));
    const float above = gradc_pickf(gradc_lessf(3.4028234663852886e38f, m), x, y);
    const uint32_t negative = 0 - (gradc_bitsf(x) >> 31);

    return gradc_pickf(gradc_lessf(m, 0x1p-149f), -INFINITY, gradc_pickf(negative, NAN, above));
}

/*@ snippet gradc_wide_expm1 needs gradc_clamp gradc_from_bits gradc_bits */
/* e^x = *power + *rest, e^x - 1 = return value, to 2^-32 of both, |x| cut to 200. */
static inline double gradc_wide_expm1(double x, double *power)
{
    const double c = gradc_clamp(x, 200.0);
    const double t = c * 0x1.71547652b82fep+0 + 6755399441055744.0;
    const double k = t - 6755399441055744.0;
    const double r = (c - k * 0x1.62e42fefa3800p-1) - k * 0x1.ef35793c76730p-45;
    const double s = gradc_from_bits((gradc_bits(k + (6755399441055744.0 + 1023.0)) & 0xfff) << 52);
    const double q = 0x1.0000000b9129bp-1 + r * (0x1.5555555a78ed4p-3 + r * (0x1.5554e9063586ep-5
        + r * (0x1.1110e0f238322p-7 + r * (0x1.6d43246b523b4p-10 + r * 0x1.a124f19fe89acp-13))));
    const double y = s * (r + r * r * q);

    *power = s + y;
    return (s - 1.0) + y;
}

/*@ snippet gradc_wide_exp needs gradc_wide_expm1 */
static inline double gradc_wide_exp(double x)
{
    double power;

    (void)gradc_wide_expm1(x, &power);
    return power;
}

/*@ snippet gradc_wide_log needs gradc_bits gradc_from_bits */
/* log x to 2^-36 for finite x > 0. */
static inline double gradc_wide_log(double x)
{
    const uint64_t u = gradc_bits(x) + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu);
    const double k = gradc_from_bits(0x4330000000000000u | (u >> 52)) - (4503599627370496.0 + 1023.0);
    const double f = gradc_from_bits((u & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu) - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;

    return k * 0x1.62e42fefa39efp-1 + s * (2.0 + z * (0x1.555554fd8bef7p-1 + z * (0x1.999a7aab3ce11p-2 + z * (0x1.2438cef028a55p-2
        + z * 0x1.e2f7c3009cea0p-3))));
}

/*@ snippet gradc_wide_log1p needs gradc_wide_log */
/* log(1 + x), the rounding of 1 + x put right. */
static inline double gradc_wide_log1p(double x)
{
    const double u = 1.0 + x;

    return gradc_wide_log(u) + (x - (u - 1.0)) / u;
}

/*@ snippet gradc_wide_edges needs gradc_abs gradc_pick gradc_less gradc_negative */
/* y = log x, put right where x is 0, negative, inf or nan. */
static inline double gradc_wide_edges(double x, double y)
{
    const double a = gradc_abs(x);
    const double above = gradc_pick(gradc_less(1.7976931348623157e308, a), x, y);

    return gradc_pick(gradc_less(a, 0x1p-1074), -INFINITY, gradc_pick(gradc_negative(x), NAN, above));
}

/*@ snippet gradc_wide_sqrt needs gradc_from_bits gradc_bits */
/* sqrt x to 2^-34, 0 for 0, by Newton's iteration for 1/sqrt x. x normal. */
static inline double gradc_wide_sqrt(double x)
{
    const double h = 0.5 * x;
    double y = gradc_from_bits(0x5fe6eb50c7b537a9u - (gradc_bits(x) >> 1));

    y = y * (1.5 - h * y * y);
    y = y * (1.5 - h * y * y);
    y = y * (1.5 - h * y * y);
    return x * y;
}

/*@ snippet gradc_sqrtf needs gradc_abs gradc_less gradc_wide_sqrt gradc_pick gradc_negative */
static inline float gradc_sqrtf(float x)
{
#if defined(__NO_MATH_ERRNO__) || !defined(__OPTIMIZE__)
    return (float)sqrt((double)x);
#else
    const double z = (double)x, a = gradc_abs(z);
    const uint64_t zero = gradc_less(a, 0x1p-1074);
    const double s = gradc_wide_sqrt(a);
    const double y = s + 0.5 * (a - s * s) / gradc_pick(zero, 1.0, s);
    const double r = gradc_pick(zero | gradc_less(1.7976931348623157e308, a), z, y);

    return (float)gradc_pick(gradc_negative(z) & ~zero, NAN, r);
#endif
}

/*@ snippet gradc_expm1f needs gradc_wide_expm1 gradc_pickf gradc_lessf gradc_absf */
static inline float gradc_expm1f(float x)
{
    double power;
    const float y = (float)gradc_wide_expm1((double)x, &power);

    return gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), x, y);
}

/*@ snippet gradc_log1pf needs gradc_wide_edges gradc_wide_log1p gradc_pickf gradc_lessf gradc_absf */
static inline float gradc_log1pf(float x)
{
    const double z = (double)x;
    const float y = (float)gradc_wide_edges(1.0 + z, gradc_wide_log1p(z));

    return gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), x, y);
}

/*@ snippet gradc_log2f needs gradc_wide_edges gradc_wide_log */
static inline float gradc_log2f(float x)
{
    return (float)gradc_wide_edges((double)x, gradc_wide_log((double)x) * 1.4426950408889634);
}

/*@ snippet gradc_log10f needs gradc_wide_edges gradc_wide_log */
static inline float gradc_log10f(float x)
{
    return (float)gradc_wide_edges((double)x, gradc_wide_log((double)x) * 0.43429448190325182);
}

/*@ snippet gradc_sinhf needs gradc_absf gradc_wide_expm1 gradc_pickf gradc_lessf gradc_with_signf */
/* (t + t / (t + 1)) / 2, t = e^|x| - 1. */
static inline float gradc_sinhf(float x)
{
    double power;
    const float a = gradc_absf(x);
    const double t = gradc_wide_expm1((double)a, &power);
    const float y = gradc_pickf(gradc_lessf(a, 0x1p-30f), a, (float)(0.5 * (t + t / power)));

    return gradc_with_signf(y, x);
}

/*@ snippet gradc_coshf needs gradc_wide_exp gradc_abs */
static inline float gradc_coshf(float x)
{
    const double e = gradc_wide_exp(gradc_abs((double)x));

    return (float)(0.5 * (e + 1.0 / e));
}

/*@ snippet gradc_tanhf needs gradc_absf gradc_wide_expm1 gradc_clamp gradc_pickf gradc_lessf gradc_with_signf */
/* t / (t + 2), t = e^(2|x|) - 1. */
static inline float gradc_tanhf(float x)
{
    double power;
    const float a = gradc_absf(x);
    const double t = gradc_wide_expm1(gradc_clamp(2.0 * (double)a, 100.0), &power);
    const float y = gradc_pickf(gradc_lessf(a, 0x1p-30f), a, (float)(t / (t + 2.0)));

    return gradc_with_signf(y, x);
}

/*@ snippet gradc_sigmoidf needs gradc_wide_exp */
static inline float gradc_sigmoidf(float x)
{
    return (float)(1.0 / (1.0 + gradc_wide_exp(-(double)x)));
}

/*@ snippet gradc_softplusf needs gradc_wide_exp gradc_abs gradc_pick gradc_negative gradc_wide_log1p */
/* max(x, 0) + log1p(e^-|x|). */
static inline float gradc_softplusf(float x)
{
    const double z = (double)x;
    const double e = gradc_wide_exp(-gradc_abs(z));

    return (float)(gradc_pick(gradc_negative(z), 0.0, z) + gradc_wide_log1p(e));
}

/*@ snippet gradc_asinhf needs gradc_abs gradc_wide_log1p gradc_wide_sqrt gradc_pickf gradc_lessf gradc_absf gradc_with_signf */
static inline float gradc_asinhf(float x)
{
    const double a = gradc_abs((double)x);
    const double y = gradc_wide_log1p(a + a * a / (1.0 + gradc_wide_sqrt(a * a + 1.0)));
    const float z = gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), gradc_absf(x), (float)y);

    return gradc_pickf(gradc_lessf(3.4028234663852886e38f, gradc_absf(x)), x, gradc_with_signf(z, x));
}

/*@ snippet gradc_acoshf needs gradc_wide_log1p gradc_wide_sqrt gradc_pick gradc_less gradc_abs gradc_negative */
static inline float gradc_acoshf(float x)
{
    const double z = (double)x, t = z - 1.0;
    const double y = gradc_wide_log1p(t + gradc_wide_sqrt(t * (t + 2.0)));
    const double w = gradc_pick(gradc_less(1.7976931348623157e308, gradc_abs(z)), z, y);

    return (float)gradc_pick(gradc_negative(z) | gradc_less(gradc_abs(z), 1.0), NAN, w);
}

/*@ snippet gradc_atanhf needs gradc_abs gradc_less gradc_pick gradc_wide_log1p gradc_pickf gradc_lessf gradc_absf gradc_with_signf */
static inline float gradc_atanhf(float x)
{
    const double a = gradc_abs((double)x);
    const uint64_t inside = gradc_less(a, 1.0);
    const double c = gradc_pick(inside, a, 0.5);
    const double y = 0.5 * gradc_wide_log1p(2.0 * c / (1.0 - c));
    const double z = gradc_pick(inside, y, gradc_pick(gradc_less(1.0, a), NAN, INFINITY));
    const float w = gradc_pickf(gradc_lessf(gradc_absf(x), 0x1p-30f), gradc_absf(x), (float)z);

    return gradc_with_signf(w, x);
}

/*@ snippet gradc_cbrtf needs gradc_abs gradc_from_bits gradc_bits gradc_absf gradc_lessf gradc_pickf gradc_with_signf */
/* The guess and the polynomial step of gradc_cbrt (2^-20), then Newton's. */
static inline float gradc_cbrtf(float x)
{
    const double z = gradc_abs((double)x);
    const double top = gradc_from_bits(0x4330000000000000u | (gradc_bits(z) >> 32)) - 4503599627370496.0;
    const double third = top * 0.33333333333333333 + (4503599627370496.0 + 715094163.0);
    const double g = gradc_from_bits(gradc_bits(third) << 32);
    const double w = g * g * (g / z) - 1.0;
    const double w2 = w * w;
    const double p = g + g * w * ((-0.33333333333333331 + w * 0.22222222222222221)
        + w2 * ((-0.1728395061728395 + w * 0.14403292181069959) - w2 * 0.12482853223593964));
    const double y = p - 0.33333333333333331 * (p - z / (p * p));
    const float a = gradc_absf(x);
    const uint32_t edge = gradc_lessf(a, 0x1p-149f) | gradc_lessf(3.4028234663852886e38f, a);

    return gradc_pickf(edge, x, gradc_with_signf((float)y, x));
}

/*@ snippet gradc_powf needs gradc_abs gradc_less gradc_negative gradc_wide_exp gradc_clamp gradc_wide_log gradc_pick gradc_with_sign */
/* e^(y log |x|), then the cases of C's Annex F. */
static inline float gradc_powf(float x, float y)
{
    const double ax = gradc_abs((double)x), ay = gradc_abs((double)y), v = (double)y;
    const double half = 0.5 * ay;
    const double whole_y = (ay + 4503599627370496.0) - 4503599627370496.0;
    const double whole_half = (half + 4503599627370496.0) - 4503599627370496.0;
    const uint64_t huge_y = ~gradc_less(ay, 4503599627370496.0);
    const uint64_t integral = huge_y | gradc_less(gradc_abs(whole_y - ay), 0x1p-1074);
    const uint64_t odd = integral & ~huge_y & ~gradc_less(gradc_abs(whole_half - half), 0x1p-1074);
    const uint64_t zero = gradc_less(ax, 0x1p-1074), huge = gradc_less(1.7976931348623157e308, ax);
    const uint64_t not_one = gradc_negative((double)x) | gradc_less(ax, 1.0) | gradc_less(1.0, ax);
    double r = gradc_wide_exp(gradc_clamp(v, 0x1p+80) * gradc_wide_log(ax));

    r = gradc_pick(zero | huge, gradc_pick(zero ^ gradc_negative(v), 0.0, INFINITY), r);
    r = gradc_pick(odd, gradc_with_sign(r, (double)x), r);
    r = gradc_pick(gradc_negative((double)x) & ~zero & ~huge & ~integral, NAN, r);
    r = gradc_pick(gradc_less(INFINITY, ax) | gradc_less(INFINITY, ay), (double)x + v, r);
    return (float)gradc_pick(gradc_less(ay, 0x1p-1074) | ~not_one, 1.0, r);
}

/*@ snippet gradc_powif */
/* x^n by repeated squaring, in double. */
static inline float gradc_powif(float x, int64_t n)
{
    uint64_t m = n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n;
    double y = 1.0, b = (double)x;

    for (; m != 0; m >>= 1) {
        if (m & 1) y = y * b;
        b = b * b;
    }
    return (float)(n < 0 ? 1.0 / y : y);
}
