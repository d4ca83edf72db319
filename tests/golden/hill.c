/* Made by gradc from hill.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* a + b = s + *err exactly (Knuth). */
static inline double gradc_two_sum(double a, double b, double *err)
{
    const double s = a + b;
    const double t = s - a;
    *err = (a - (s - t)) + (b - t);
    return s;
}

/* a * b = p + *err up to 2^-105 p (Dekker, halves by mask). */
static inline double gradc_two_prod(double a, double b, double *err)
{
    const double p = a * b;
    const double ah = gradc_head(a), al = a - ah;
    const double bh = gradc_head(b), bl = b - bh;
    *err = ((ah * bh - p) + (ah * bl + al * bh)) + al * bl;
    return p;
}

/* Row j: 2^(32 j - 64) 2/pi less a multiple of 4, in seven pieces: multiples of 2^-24,
 * 2^-50, ... 2^-154, of 26 bits each, and a rest. */
static const double gradc_turn_table[33][7] = {
    {0, 0, 0x1.46p-65, -0x1.9f246cp-78,
        -0x1.bbead6p-104, -0x1.ec542p-135, 0x1.1f534ddc0db63p-156},
    {0, 0x1.45f3p-33, 0x1.b7272p-55, 0x1.054a7fp-78,
        0x1.3abe9p-107, -0x1.596448p-133, 0x1.b6c52b3278872p-161},
    {0x1.45f306p-1, 0x1.b9391p-26, 0x1.529fc2p-52, 0x1.d5f47dp-78,
        0x1.34ddc1p-104, -0x1.24eb54p-131, 0x1.93c439041fe51p-156},
    {-0x1.b1bbebp+0, 0x1.4fe13ap-27, 0x1.7d1f53p-52, 0x1.377037p-78,
        -0x1.3ad4cep-105, 0x1.e21c82p-131, 0x1.fe5163abdebbcp-160},
    {0x1.fc2758p+0, -0x1.70565ap-27, 0x1.dc0db6p-52, 0x1.4acc9ep-79,
        0x1.0e4108p-106, -0x1.ae9c4p-136, -0x1.421443a9e48dcp-156},
    {0x1.f534dep+0, -0x1.f924ecp-27, 0x1.5993c4p-52, 0x1.c821p-79,
        -0x1.ae9c54p-104, -0x1.0a21d4p-131, -0x1.e48db91c5bdb2p-156},
    {0x1.b6c52cp-1, -0x1.9b0ef2p-26, 0x1.041fe5p-52, 0x1.63abep-80,
        -0x1.443a9ep-104, -0x1.236e47p-130, -0x1.6f6c8b47fe6dbp-158},
    {0x1.3c439p+0, 0x1.07f946p-26, -0x1.c54214p-52, -0x1.0ea792p-78,
        -0x1.b7238cp-105, 0x1.09374cp-130, -0x1.ff9b6d115f62ep-156},
    {0x1.fe5164p+0, -0x1.508511p-26, 0x1.586dc8p-54, 0x1.1b8e91p-78,
        -0x1.b22d2p-104, 0x1.924bcp-134, -0x1.5f62e6de301e2p-156},
    {-0x1.0a21d8p-3, 0x1.86dc92p-26, -0x1.1c5bdbp-52, -0x1.168ffcp-79,
        -0x1.b6d116p-104, 0x1.3a324p-133, 0x1.cfe1deb1cb12ap-156},
    {0x1.b7246ep+0, 0x1.d2126ep-27, 0x1.2e0065p-52, -0x1.b4457ep-78,
        0x1.d1921dp-104, -0x1.e215p-136, 0x1.cb129a73ee882p-156},
    {-0x1.bdb22dp+0, -0x1.ff9b6cp-28, -0x1.115f63p-52, 0x1.921dp-80,
        -0x1.e214e3p-104, -0x1.3b5963p-130, -0x1.177dca0ad144cp-160},
    {0x1.924bcp-6, -0x1.5f62e8p-28, 0x1.21cfe2p-52, -0x1.0a71a8p-79,
        0x1.29a73fp-104, -0x1.77dcap-132, -0x1.5a28976f62cc7p-157},
    {-0x1.f62e6ep+0, 0x1.cfe1ep-28, -0x1.4e34edp-52, -0x1.963046p-78,
        0x1.046beap-105, 0x1.75da24p-131, 0x1.3a671c09ad17ep-158},
    {0x1.fc3bd6p-1, 0x1.cb129cp-28, -0x1.8c1178p-52, 0x1.1afa98p-79,
        -0x1.44bb7bp-104, -0x1.6638fcp-132, -0x1.94ba081bec66ep-156},
    {0x1.62534ep-1, 0x1.f74412p-27, -0x1.415a28p-53, -0x1.2edec6p-78,
        0x1.9c7027p-104, -0x1.2e8207p-130, 0x1.3991d63983534p-160},
    {-0x1.177dcap+0, -0x1.5a2898p-29, 0x1.213a68p-54, -0x1.c7eca6p-79,
        0x1.7df904p-106, 0x1.cc8eb2p-131, -0x1.9f2b3182d8defp-158},
    {0x1.2ebb45p+0, -0x1.ec598ep-26, -0x1.fb2974p-53, -0x1.037d9p-81,
        0x1.91d63ap-104, -0x1.f2b318p-130, -0x1.6c6f740e8840ep-157},
    {0x1.d338ep-1, 0x1.35a2fcp-27, -0x1.bec67p-56, 0x1.d63984p-80,
        -0x1.598c16p-105, -0x1.8dee82p-130, 0x1.77bf250763ff1p-157},
    {-0x1.4ba082p+0, 0x1.04e647p-26, 0x1.639835p-52, 0x1.9cfa4ep-79,
        0x1.08bf18p-105, -0x1.081b5fp-130, -0x1.3801da00087eap-158},
    {0x1.3991d6p+0, 0x1.cc1a9ap-27, -0x1.82d8ep-54, 0x1.17e2efp-78,
        0x1.f9283bp-104, 0x1.ff898p-132, -0x1.0fd33f8086877p-163},
    {0x1.83533ap+0, -0x1.6c6f78p-29, 0x1.f8bbep-52, -0x1.b5f138p-78,
        -0x1.dap-110, -0x1.0fd34p-131, 0x1.fde5e2316b415p-157},
    {0x1.3908cp-1, -0x1.d1081bp-26, -0x1.7c4ep-52, -0x1.da0008p-78,
        -0x1.fa67fp-104, -0x1.0d0ee8p-132, 0x1.6b414da3eda6dp-157},
    {-0x1.081b6p-2, 0x1.d8ffc4p-27, 0x1.7ffdep-52, 0x1.6603fcp-78,
        -0x1.a1dceap-105, 0x1.6829b4p-130, 0x1.f6d367ecf27cbp-156},
    {-0x1.c00edp-1, -0x1.0fd4p-35, 0x1.80fef3p-52, -0x1.dce948p-81,
        -0x1.f592e1p-104, 0x1.b4d9fbp-130, 0x1.e4f96136e9e8cp-157},
    {-0x1.0fd34p-3, 0x1.fde5ep-29, 0x1.18b5a1p-52, -0x1.64b825p-78,
        0x1.367ecfp-104, 0x1.3e584ep-131, -0x1.161738132c340p-157},
    {-0x1.0d0eep-4, -0x1.d297d6p-26, -0x1.2e092dp-52, 0x1.9fb3cap-78,
        -0x1.a7b248p-107, 0x1.3d18fep-130, -0x1.961a015d28ad8p-156},
    {-0x1.4beb26p-1, 0x1.f6d368p-28, -0x1.30d83p-56, -0x1.3d922cp-78,
        -0x1.738132p-105, -0x1.868057p-130, -0x1.28ad84538141ap-156},
    {-0x1.259302p-1, -0x1.86c1a8p-27, 0x1.36e9e8p-53, 0x1.8fd9a8p-78,
        -0x1.a015d3p-104, 0x1.d49eebp-130, 0x1.faf97c5ecf41dp-158},
    {-0x1.b069ecp-1, -0x1.22c2e7p-26, -0x1.32c34p-57, -0x1.5d28cp-84,
        0x1.27bac8p-104, -0x1.41a0e8p-132, -0x1.30be31821d6b6p-158},
    {-0x1.617382p-1, 0x1.9a798p-26, -0x1.5d28aep-52, 0x1.eeb1fbp-78,
        -0x1.a0e85p-108, 0x1.e839dp-131, -0x1.0eb5ada2b2809p-157},
    {-0x1.61a016p+0, 0x1.6ba93ep-27, -0x1.4e0508p-54, 0x1.7c5ecfp-78,
        0x1.0739f8p-104, -0x1.d6b5b4p-130, -0x1.59404a04ee073p-156},
    {0x1.7527bbp+0, -0x1.c0a0dp-27, -0x1.d0986p-53, 0x1.ce7de3p-78,
        -0x1.ad6d16p-104, 0x1.afed7fp-130, -0x1.dc0e545ef53fap-157},
};

/* x = q pi/2 + r + rl, |r| <= pi/4, for any finite x; *q is right modulo 4.
 * After Payne & Hanek. x = z 2^(32 j - 64) with z an integer in [2^52, 2^84), or j = 0;
 * so x 2/pi is z times row j modulo 4. With z in two parts zh + zl all products are
 * exact and so are the sums p0 ... p4 (zh t[0] is a multiple of 4). They are rid of
 * their integers and added up so that 2^-115 is kept: no double is nearer to a
 * multiple of pi/2 than 2^-62. */
static inline void gradc_quarter_turns_far(double x, double *q, double *r, double *rl)
{
    const double magic = 6755399441055744.0;     /* 1.5 2^52: rounds to integers */
    const double magic8 = 1729382256910270464.0; /* 1.5 2^60: to multiples of 2^8 */
    const double a = gradc_abs(x);
    const uint64_t j = ((gradc_bits(gradc_pick(gradc_less(0x1p-12, a), a, 0x1p-12)) >> 52) - 1011) >> 5;
    const double *const t = gradc_turn_table[j];
    const double z = x * gradc_from_bits((1087 - 32 * j) << 52);
    const double zh = gradc_head(z), zl = z - zh;
    const double p0 = zl * t[0] + zh * t[1];
    const double p1 = zl * t[1] + zh * t[2];
    const double p2 = zl * t[2] + zh * t[3];
    const double p3 = zl * t[3] + zh * t[4];
    const double p4 = zl * t[4] + zh * t[5];
    const double p5 = zl * t[5] + z * t[6];
    const double m0 = p0 - ((p0 + magic8) - magic8);
    const double k0 = (m0 + magic) - magic, k1 = (p1 + magic) - magic, k2 = (p2 + magic) - magic;
    double e1, e2, e3, e4, k3, s, v, p, pl;

    s = gradc_two_sum((m0 - k0) + (p1 - k1), p2 - k2, &e1);
    k3 = (s + magic) - magic;
    s = gradc_two_sum(s - k3, p3, &e2);
    v = gradc_two_sum(p4, e1 + e2, &e3);
    s = gradc_two_sum(s, v, &e4);
    e4 = e4 + (e3 + p5);
    p = gradc_two_prod(s, 0x1.921fb54442d18p+0, &pl);
    pl = pl + (s * 0x1.1a62633145c07p-54 + e4 * 0x1.921fb54442d18p+0);
    *q = (k0 + k1) + (k2 + k3);
    *r = p + pl;
    *rl = (p - *r) + pl;
}

/* The same for |x| < 2^20 pi/2 by Cody & Waite's subtraction of q pi/2 in three pieces
 * of 33 bits, whose products with q are exact, and a fourth. */
static inline void gradc_quarter_turns_near(double x, double *q, double *r, double *rl)
{
    const double magic = 6755399441055744.0;
    const double k = (x * 0x1.45f306dc9c883p-1 + magic) - magic;
    const double a = x - k * 0x1.921fb54400000p+0;
    const double b = k * 0x1.0b4611a600000p-34;
    const double c = k * 0x1.3198a2e000000p-69;
    const double h = a - b;
    const double hl = (a - h) - b;
    const double g = h - c;
    const double gl = ((h - g) - c) + (hl - k * 0x1.b839a252049c1p-104);

    *q = k;
    *r = g + gl;
    *rl = (g - *r) + gl;
}

/* The one or the other: a branch, because loads from a table are so slow in vector
 * code (24 ns against 3) that all arguments would pay for the huge ones. */
static inline void gradc_quarter_turns(double x, double *q, double *r, double *rl)
{
    if (gradc_abs(x) < 0x1p+20) gradc_quarter_turns_near(x, q, r, rl);
    else gradc_quarter_turns_far(x, q, r, rl);
}

/* 1 if |x| >= 2^20 or x is a nan: where gradc_sin_near and its like do not hold. */
static inline uint64_t gradc_is_far(double x)
{
    return (gradc_less(gradc_abs(x), 0x1p+20) & 1) ^ 1;
}

/* sin(r + rl) and cos(r + rl) for |r| <= pi/4, minimax polynomials of degree 13 and 14
 * (2^-57); each as a leading term and a rest. */
static inline void gradc_sin_cos_parts(double r, double rl, double *s, double *sl, double *c, double *cl)
{
    const double z = r * r;
    const double w = z * z;
    const double ps = (-0x1.5555555555549p-3 + z * 0x1.111111110f842p-7)
        + w * ((-0x1.a01a019c0a281p-13 + z * 0x1.71de3570fb5f5p-19)
        + w * (-0x1.ae5e60c251efcp-26 + z * 0x1.5d915d4c78e53p-33));
    const double pc = (0x1.555555555554cp-5 + z * -0x1.6c16c16c15140p-10)
        + w * ((0x1.a01a019cab75ap-16 + z * -0x1.27e4f80534821p-22)
        + w * (0x1.1ee9e89107a2fp-29 + z * -0x1.8facd1667e6c4p-37));
    const double half = 0.5 * z;

    *s = r;
    *sl = r * z * ps + (rl - half * rl);
    *c = 1.0 - half;
    *cl = ((1.0 - *c) - half) + (w * pc - r * rl);
}

/* sin(q pi/2 + ...) from sine and cosine of the rest. */
static inline double gradc_quadrant(double q, double s, double c)
{
    const uint64_t n = gradc_bits(q + 6755399441055744.0);
    const double y = gradc_pick(0 - (n & 1), c, s);

    return gradc_from_bits(gradc_bits(y) ^ ((n & 2) << 62));
}

/* Error 0.8 ulp, everywhere. */
static inline double gradc_sin(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_pick(gradc_less(gradc_abs(x), 0x1p-27), x, gradc_quadrant(q, s + sl, c + cl));
}

/* sin for |x| < 2^20 only. */
static inline double gradc_sin_near(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns_near(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_pick(gradc_less(gradc_abs(x), 0x1p-27), x, gradc_quadrant(q, s + sl, c + cl));
}

/* Both of one argument at the price of one. */
static inline void gradc_sincos(double x, double *sine, double *cosine)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    s = s + sl;
    c = c + cl;
    *sine = gradc_pick(gradc_less(gradc_abs(x), 0x1p-27), x, gradc_quadrant(q, s, c));
    *cosine = gradc_quadrant(q + 1.0, s, c);
}

/* climb: value of climb (hill.dg:11)
 * x scalar  -> value [16, 2]
 * 30 add, 16 sub, 77 mul, 16 sin, 15 cos
 * no workspace */
int climb(double x, double *value)
{
    double sin_t, cos_t;
    gradc_sincos(x, &sin_t, &cos_t);  /* hill.dg:9 */
    const double x_2 = x + 0.03 * (x * -2.0 + 25.0 * cos_t);  /* hill.dg:16 */
    double sin_t_2, cos_t_2;
    gradc_sincos(x_2, &sin_t_2, &cos_t_2);  /* hill.dg:9 */
    const double x_3 = x_2 + 0.03 * (x_2 * -2.0 + 25.0 * cos_t_2);  /* hill.dg:16 */
    double sin_t_3, cos_t_3;
    gradc_sincos(x_3, &sin_t_3, &cos_t_3);  /* hill.dg:9 */
    const double x_4 = x_3 + 0.03 * (x_3 * -2.0 + 25.0 * cos_t_3);  /* hill.dg:16 */
    double sin_t_4, cos_t_4;
    gradc_sincos(x_4, &sin_t_4, &cos_t_4);  /* hill.dg:9 */
    const double x_5 = x_4 + 0.03 * (x_4 * -2.0 + 25.0 * cos_t_4);  /* hill.dg:16 */
    double sin_t_5, cos_t_5;
    gradc_sincos(x_5, &sin_t_5, &cos_t_5);  /* hill.dg:9 */
    const double x_6 = x_5 + 0.03 * (x_5 * -2.0 + 25.0 * cos_t_5);  /* hill.dg:16 */
    double sin_t_6, cos_t_6;
    gradc_sincos(x_6, &sin_t_6, &cos_t_6);  /* hill.dg:9 */
    const double x_7 = x_6 + 0.03 * (x_6 * -2.0 + 25.0 * cos_t_6);  /* hill.dg:16 */
    double sin_t_7, cos_t_7;
    gradc_sincos(x_7, &sin_t_7, &cos_t_7);  /* hill.dg:9 */
    const double x_8 = x_7 + 0.03 * (x_7 * -2.0 + 25.0 * cos_t_7);  /* hill.dg:16 */
    double sin_t_8, cos_t_8;
    gradc_sincos(x_8, &sin_t_8, &cos_t_8);  /* hill.dg:9 */
    const double x_9 = x_8 + 0.03 * (x_8 * -2.0 + 25.0 * cos_t_8);  /* hill.dg:16 */
    double sin_t_9, cos_t_9;
    gradc_sincos(x_9, &sin_t_9, &cos_t_9);  /* hill.dg:9 */
    const double x_10 = x_9 + 0.03 * (x_9 * -2.0 + 25.0 * cos_t_9);  /* hill.dg:16 */
    double sin_t_10, cos_t_10;
    gradc_sincos(x_10, &sin_t_10, &cos_t_10);  /* hill.dg:9 */
    const double x_11 = x_10 + 0.03 * (x_10 * -2.0 + 25.0 * cos_t_10);  /* hill.dg:16 */
    double sin_t_11, cos_t_11;
    gradc_sincos(x_11, &sin_t_11, &cos_t_11);  /* hill.dg:9 */
    const double x_12 = x_11 + 0.03 * (x_11 * -2.0 + 25.0 * cos_t_11);  /* hill.dg:16 */
    double sin_t_12, cos_t_12;
    gradc_sincos(x_12, &sin_t_12, &cos_t_12);  /* hill.dg:9 */
    const double x_13 = x_12 + 0.03 * (x_12 * -2.0 + 25.0 * cos_t_12);  /* hill.dg:16 */
    double sin_t_13, cos_t_13;
    gradc_sincos(x_13, &sin_t_13, &cos_t_13);  /* hill.dg:9 */
    const double x_14 = x_13 + 0.03 * (x_13 * -2.0 + 25.0 * cos_t_13);  /* hill.dg:16 */
    double sin_t_14, cos_t_14;
    gradc_sincos(x_14, &sin_t_14, &cos_t_14);  /* hill.dg:9 */
    const double x_15 = x_14 + 0.03 * (x_14 * -2.0 + 25.0 * cos_t_14);  /* hill.dg:16 */
    double sin_t_15, cos_t_15;
    gradc_sincos(x_15, &sin_t_15, &cos_t_15);  /* hill.dg:9 */
    const double x_16 = x_15 + 0.03 * (x_15 * -2.0 + 25.0 * cos_t_15);  /* hill.dg:16 */
    const double y = 25.0 * sin_t - x * x;  /* hill.dg:9 */
    const double y_2 = 25.0 * sin_t_2 - x_2 * x_2;
    const double y_3 = 25.0 * sin_t_3 - x_3 * x_3;
    const double y_4 = 25.0 * sin_t_4 - x_4 * x_4;
    const double y_5 = 25.0 * sin_t_5 - x_5 * x_5;
    const double y_6 = 25.0 * sin_t_6 - x_6 * x_6;
    const double y_7 = 25.0 * sin_t_7 - x_7 * x_7;
    const double y_8 = 25.0 * sin_t_8 - x_8 * x_8;
    const double y_9 = 25.0 * sin_t_9 - x_9 * x_9;
    const double y_10 = 25.0 * sin_t_10 - x_10 * x_10;
    const double y_11 = 25.0 * sin_t_11 - x_11 * x_11;
    const double y_12 = 25.0 * sin_t_12 - x_12 * x_12;
    const double y_13 = 25.0 * sin_t_13 - x_13 * x_13;
    const double y_14 = 25.0 * sin_t_14 - x_14 * x_14;
    const double y_15 = 25.0 * sin_t_15 - x_15 * x_15;
    value[0] = x;
    value[1] = y;
    value[2] = x_2;
    value[3] = y_2;
    value[4] = x_3;
    value[5] = y_3;
    value[6] = x_4;
    value[7] = y_4;
    value[8] = x_5;
    value[9] = y_5;
    value[10] = x_6;
    value[11] = y_6;
    value[12] = x_7;
    value[13] = y_7;
    value[14] = x_8;
    value[15] = y_8;
    value[16] = x_9;
    value[17] = y_9;
    value[18] = x_10;
    value[19] = y_10;
    value[20] = x_11;
    value[21] = y_11;
    value[22] = x_12;
    value[23] = y_12;
    value[24] = x_13;
    value[25] = y_13;
    value[26] = x_14;
    value[27] = y_14;
    value[28] = x_15;
    value[29] = y_15;
    value[30] = x_16;
    value[31] = 25.0 * gradc_sin(x_16) - x_16 * x_16;
    return 0;
}

/* hill: value of hill (hill.dg:22)
 * a scalar  b scalar  -> value [400, 2]
 * no workspace */
int hill(double a, double b, double *value)
{
    const double t = b - a;  /* hill.dg:23 */
    uint64_t far = 0;
    for (int64_t i = 0; i < 400; i++) {
        const double x = a + t * (double)i / 399.0;
        far |= gradc_is_far(x);
    }
    if (far == 0) {
        GRADC_IVDEP
        for (int64_t i = 0; i < 400; i++) {
            const double x_2 = a + t * (double)i / 399.0;
            value[i * 2] = x_2;
            value[i * 2 + 1] = 25.0 * gradc_sin_near(x_2) - x_2 * x_2;
        }
    } else {
        for (int64_t i = 0; i < 400; i++) {
            const double x_3 = a + t * (double)i / 399.0;
            value[i * 2] = x_3;
            value[i * 2 + 1] = 25.0 * gradc_sin(x_3) - x_3 * x_3;
        }
    }
    return 0;
}

#ifdef __cplusplus
}
#endif
