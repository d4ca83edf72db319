/* Made by gradc from arm.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* arm: value of arm (arm.dg:24)
 * q [7]  goal [3]  -> value scalar
 * 19 add, 13 sub, 39 mul, 7 sin, 7 cos
 * no workspace */
int arm(const double *q, const double *goal, double *value)
{
    const double q_6 = q[6];  /* arm.dg:24 */
    double sin_t, cos_t;
    gradc_sincos(q_6, &sin_t, &cos_t);
    const double p_0 = cos_t * 0.05 - sin_t * 0.0;
    const double p_1 = sin_t * 0.05 + cos_t * 0.0;
    const double q_5 = q[5];
    double sin_t_2, cos_t_2;
    gradc_sincos(q_5, &sin_t_2, &cos_t_2);
    const double p_0_2 = cos_t_2 * p_0 - sin_t_2 * -0.226;
    const double p_1_2 = sin_t_2 * p_0 + cos_t_2 * -0.226;
    const double p_2 = p_1 + 0.0;
    const double q_4 = q[4];
    double sin_t_3, cos_t_3;
    gradc_sincos(q_4, &sin_t_3, &cos_t_3);
    const double p_0_3 = cos_t_3 * p_0_2 - sin_t_3 * p_2;
    const double p_1_3 = sin_t_3 * p_0_2 + cos_t_3 * p_2;
    const double p_2_2 = 0.4 - p_1_2;
    const double q_3 = q[3];
    double sin_t_4, cos_t_4;
    gradc_sincos(q_3, &sin_t_4, &cos_t_4);
    const double p_0_4 = cos_t_4 * p_0_3 - sin_t_4 * p_2_2;
    const double p_1_4 = sin_t_4 * p_0_3 + cos_t_4 * p_2_2;
    const double p_2_3 = 0.0 - p_1_3;
    const double q_2 = q[2];
    double sin_t_5, cos_t_5;
    gradc_sincos(q_2, &sin_t_5, &cos_t_5);
    const double p_0_5 = cos_t_5 * p_0_4 + p_2_3 * sin_t_5;
    const double p_1_5 = sin_t_5 * p_0_4 - p_2_3 * cos_t_5;
    const double p_2_4 = p_1_4 + 0.4;
    const double q_1 = q[1];
    double sin_t_6, cos_t_6;
    gradc_sincos(q_1, &sin_t_6, &cos_t_6);
    const double p_0_6 = cos_t_6 * p_0_5 + p_2_4 * sin_t_6;
    const double p_1_6 = sin_t_6 * p_0_5 - p_2_4 * cos_t_6;
    const double p_2_5 = p_1_5 + 0.0;
    const double q_0 = q[0];
    double sin_t_7, cos_t_7;
    gradc_sincos(q_0, &sin_t_7, &cos_t_7);
    const double p_0_7 = cos_t_7 * p_0_6 - sin_t_7 * p_2_5;
    const double p_1_7 = sin_t_7 * p_0_6 + cos_t_7 * p_2_5;
    const double p_2_6 = 0.34 - p_1_6;
    const double t = p_0_7 - goal[0];
    const double t_2 = p_1_7 - goal[1];
    const double t_3 = p_2_6 - goal[2];
    const double t_4 = q_0 * q_0 + q_1 * q_1 + q_2 * q_2 + q_3 * q_3 + q_4 * q_4 + q_5 * q_5;
    *value = t * t + t_2 * t_2 + t_3 * t_3 + 0.001 * (t_4 + q_6 * q_6);
    return 0;
}

/* arm_grad: value and gradient of arm (arm.dg:24)
 * q [7]  goal [3]  -> value scalar  grad_q [7]
 * 3 neg, 35 add, 34 sub, 111 mul, 7 sin, 7 cos
 * no workspace */
int arm_grad(const double *q, const double *goal, double *value, double *grad_q)
{
    const double q_6 = q[6];  /* arm.dg:34 */
    double sin_t, cos_t;
    gradc_sincos(q_6, &sin_t, &cos_t);
    const double p_0 = cos_t * 0.05 - sin_t * 0.0;
    const double p_1 = sin_t * 0.05 + cos_t * 0.0;
    const double q_5 = q[5];
    double sin_t_2, cos_t_2;
    gradc_sincos(q_5, &sin_t_2, &cos_t_2);
    const double p_0_2 = cos_t_2 * p_0 - sin_t_2 * -0.226;
    const double p_1_2 = sin_t_2 * p_0 + cos_t_2 * -0.226;
    const double p_2 = p_1 + 0.0;
    const double q_4 = q[4];
    double sin_t_3, cos_t_3;
    gradc_sincos(q_4, &sin_t_3, &cos_t_3);
    const double p_0_3 = cos_t_3 * p_0_2 - sin_t_3 * p_2;
    const double p_1_3 = sin_t_3 * p_0_2 + cos_t_3 * p_2;
    const double p_2_2 = 0.4 - p_1_2;
    const double q_3 = q[3];
    double sin_t_4, cos_t_4;
    gradc_sincos(q_3, &sin_t_4, &cos_t_4);
    const double p_0_4 = cos_t_4 * p_0_3 - sin_t_4 * p_2_2;
    const double p_1_4 = sin_t_4 * p_0_3 + cos_t_4 * p_2_2;
    const double p_2_3 = 0.0 - p_1_3;
    const double q_2 = q[2];
    double sin_t_5, cos_t_5;
    gradc_sincos(q_2, &sin_t_5, &cos_t_5);
    const double p_0_5 = cos_t_5 * p_0_4 + p_2_3 * sin_t_5;
    const double p_1_5 = sin_t_5 * p_0_4 - p_2_3 * cos_t_5;
    const double p_2_4 = p_1_4 + 0.4;
    const double q_1 = q[1];
    double sin_t_6, cos_t_6;
    gradc_sincos(q_1, &sin_t_6, &cos_t_6);
    const double p_0_6 = cos_t_6 * p_0_5 + p_2_4 * sin_t_6;
    const double p_1_6 = sin_t_6 * p_0_5 - p_2_4 * cos_t_6;
    const double p_2_5 = p_1_5 + 0.0;
    const double q_0 = q[0];
    double sin_t_7, cos_t_7;
    gradc_sincos(q_0, &sin_t_7, &cos_t_7);
    const double p_0_7 = cos_t_7 * p_0_6 - sin_t_7 * p_2_5;
    const double p_1_7 = sin_t_7 * p_0_6 + cos_t_7 * p_2_5;
    const double p_2_6 = 0.34 - p_1_6;
    const double t = p_0_7 - goal[0];
    const double t_2 = p_1_7 - goal[1];
    const double t_3 = p_2_6 - goal[2];
    const double t_4 = 2.0 * t;
    const double t_5 = 2.0 * t_2;
    const double t_6 = t_5 * cos_t_7 - t_4 * sin_t_7;
    const double t_7 = t_5 * sin_t_7 + t_4 * cos_t_7;
    const double t_8 = (t_5 * p_0_6 - t_4 * p_2_5) * cos_t_7 - (t_5 * p_2_5 + t_4 * p_0_6) * sin_t_7;
    const double t_9 = t_3 * -2.0;
    const double t_10 = t_9 * cos_t_6 - t_7 * sin_t_6;
    const double t_11 = t_9 * sin_t_6 + t_7 * cos_t_6;
    const double t_12 = (t_9 * p_0_5 + t_7 * p_2_4) * cos_t_6 - (t_7 * p_0_5 - t_9 * p_2_4) * sin_t_6;
    const double t_13 = t_6 * cos_t_5 - t_11 * sin_t_5;
    const double t_14 = t_6 * sin_t_5 + t_11 * cos_t_5;
    const double t_15 = (t_6 * p_0_4 + t_11 * p_2_3) * cos_t_5 - (t_11 * p_0_4 - t_6 * p_2_3) * sin_t_5;
    const double t_16 = -(t_10 * cos_t_4) - t_14 * sin_t_4;
    const double t_17 = t_14 * cos_t_4 - t_10 * sin_t_4;
    const double t_18 = (-(t_10 * p_0_3) - t_14 * p_2_2) * cos_t_4 - (t_14 * p_0_3 - t_10 * p_2_2) * sin_t_4;
    const double t_19 = t_13 * sin_t_3 + t_17 * cos_t_3;
    const double t_20 = (t_13 * p_0_2 - t_17 * p_2) * cos_t_3 - (t_13 * p_2 + t_17 * p_0_2) * sin_t_3;
    const double t_21 = (-(t_16 * p_0) - t_19 * -0.226) * cos_t_2 - (t_16 * 0.226 + t_19 * p_0) * sin_t_2;
    const double t_22 = (t_13 * cos_t_3 - t_17 * sin_t_3) * 0.05 * cos_t - (t_19 * cos_t_2 - t_16 * sin_t_2) * 0.05 * sin_t;
    const double t_23 = q_0 * q_0 + q_1 * q_1 + q_2 * q_2 + q_3 * q_3 + q_4 * q_4 + q_5 * q_5;
    *value = t * t + t_2 * t_2 + t_3 * t_3 + 0.001 * (t_23 + q_6 * q_6);
    grad_q[0] = 0.002 * q_0 + t_8;
    grad_q[1] = 0.002 * q_1 + t_12;
    grad_q[2] = 0.002 * q_2 + t_15;
    grad_q[3] = 0.002 * q_3 + t_18;
    grad_q[4] = 0.002 * q_4 + t_20;
    grad_q[5] = 0.002 * q_5 + t_21;
    grad_q[6] = 0.002 * q_6 + t_22;
    return 0;
}

/* arm_hessian: value and Hessian of arm (arm.dg:24)
 * q [7]  goal [3]  -> value scalar  hess_q [7, 7]
 * 23 neg, 116 add, 167 sub, 548 mul, 7 sin, 7 cos
 * no workspace */
int arm_hessian(const double *q, const double *goal, double *value, double *hess_q)
{
    const double q_6 = q[6];  /* arm.dg:34 */
    double sin_t, cos_t;
    gradc_sincos(q_6, &sin_t, &cos_t);
    const double p_0 = cos_t * 0.05 - sin_t * 0.0;
    const double p_1 = sin_t * 0.05 + cos_t * 0.0;
    const double q_5 = q[5];
    double sin_t_2, cos_t_2;
    gradc_sincos(q_5, &sin_t_2, &cos_t_2);
    const double p_0_2 = cos_t_2 * p_0 - sin_t_2 * -0.226;
    const double p_1_2 = sin_t_2 * p_0 + cos_t_2 * -0.226;
    const double p_2 = p_1 + 0.0;
    const double q_4 = q[4];
    double sin_t_3, cos_t_3;
    gradc_sincos(q_4, &sin_t_3, &cos_t_3);
    const double p_0_3 = cos_t_3 * p_0_2 - sin_t_3 * p_2;
    const double p_1_3 = sin_t_3 * p_0_2 + cos_t_3 * p_2;
    const double p_2_2 = 0.4 - p_1_2;
    const double q_3 = q[3];
    double sin_t_4, cos_t_4;
    gradc_sincos(q_3, &sin_t_4, &cos_t_4);
    const double p_0_4 = cos_t_4 * p_0_3 - sin_t_4 * p_2_2;
    const double p_1_4 = sin_t_4 * p_0_3 + cos_t_4 * p_2_2;
    const double p_2_3 = 0.0 - p_1_3;
    const double q_2 = q[2];
    double sin_t_5, cos_t_5;
    gradc_sincos(q_2, &sin_t_5, &cos_t_5);
    const double p_0_5 = cos_t_5 * p_0_4 + p_2_3 * sin_t_5;
    const double p_1_5 = sin_t_5 * p_0_4 - p_2_3 * cos_t_5;
    const double p_2_4 = p_1_4 + 0.4;
    const double q_1 = q[1];
    double sin_t_6, cos_t_6;
    gradc_sincos(q_1, &sin_t_6, &cos_t_6);
    const double p_0_6 = cos_t_6 * p_0_5 + p_2_4 * sin_t_6;
    const double p_1_6 = sin_t_6 * p_0_5 - p_2_4 * cos_t_6;
    const double p_2_5 = p_1_5 + 0.0;
    const double q_0 = q[0];
    double sin_t_7, cos_t_7;
    gradc_sincos(q_0, &sin_t_7, &cos_t_7);
    const double p_0_7 = cos_t_7 * p_0_6 - sin_t_7 * p_2_5;
    const double p_1_7 = sin_t_7 * p_0_6 + cos_t_7 * p_2_5;
    const double p_2_6 = 0.34 - p_1_6;
    const double t = p_0_7 - goal[0];
    const double t_2 = p_1_7 - goal[1];
    const double t_3 = p_2_6 - goal[2];
    const double t_4 = 2.0 * t;
    const double t_5 = 2.0 * t_2;
    const double t_6 = t_5 * cos_t_7 - t_4 * sin_t_7;
    const double t_7 = t_5 * sin_t_7 + t_4 * cos_t_7;
    const double t_8 = t_3 * -2.0;
    const double t_9 = t_8 * cos_t_6 - t_7 * sin_t_6;
    const double t_10 = t_8 * sin_t_6 + t_7 * cos_t_6;
    const double t_11 = t_6 * cos_t_5 - t_10 * sin_t_5;
    const double t_12 = t_6 * sin_t_5 + t_10 * cos_t_5;
    const double t_13 = -(t_9 * cos_t_4) - t_12 * sin_t_4;
    const double t_14 = t_12 * cos_t_4 - t_9 * sin_t_4;
    const double t_15 = t_11 * sin_t_3 + t_14 * cos_t_3;
    const double t_16 = sin_t * -0.05;
    const double t_17 = cos_t * 0.05;
    const double t_18 = t_16 * cos_t_2;
    const double t_19 = -(sin_t_2 * p_0) - cos_t_2 * -0.226;
    const double t_20 = t_16 * sin_t_2;
    const double t_21 = cos_t_2 * p_0 + sin_t_2 * 0.226;
    const double t_22 = t_19 * cos_t_3;
    const double t_23 = -(sin_t_3 * p_0_2) - cos_t_3 * p_2;
    const double t_24 = t_18 * cos_t_3 - t_17 * sin_t_3;
    const double t_25 = t_19 * sin_t_3;
    const double t_26 = cos_t_3 * p_0_2 - sin_t_3 * p_2;
    const double t_27 = t_18 * sin_t_3 + t_17 * cos_t_3;
    const double t_28 = t_23 * cos_t_4;
    const double t_29 = -(sin_t_4 * p_0_3) - cos_t_4 * p_2_2;
    const double t_30 = t_22 * cos_t_4 + t_21 * sin_t_4;
    const double t_31 = t_24 * cos_t_4 + t_20 * sin_t_4;
    const double t_32 = t_23 * sin_t_4;
    const double t_33 = cos_t_4 * p_0_3 - sin_t_4 * p_2_2;
    const double t_34 = t_22 * sin_t_4 - t_21 * cos_t_4;
    const double t_35 = t_24 * sin_t_4 - t_20 * cos_t_4;
    const double t_36 = t_29 * cos_t_5;
    const double t_37 = cos_t_5 * p_2_3 - sin_t_5 * p_0_4;
    const double t_38 = t_28 * cos_t_5 - t_26 * sin_t_5;
    const double t_39 = t_30 * cos_t_5 - t_25 * sin_t_5;
    const double t_40 = t_31 * cos_t_5 - t_27 * sin_t_5;
    const double t_41 = t_29 * sin_t_5;
    const double t_42 = cos_t_5 * p_0_4 + sin_t_5 * p_2_3;
    const double t_43 = t_28 * sin_t_5 + t_26 * cos_t_5;
    const double t_44 = t_30 * sin_t_5 + t_25 * cos_t_5;
    const double t_45 = t_31 * sin_t_5 + t_27 * cos_t_5;
    const double t_46 = t_37 * cos_t_6;
    const double t_47 = cos_t_6 * p_2_4 - sin_t_6 * p_0_5;
    const double t_48 = t_36 * cos_t_6 + t_33 * sin_t_6;
    const double t_49 = t_38 * cos_t_6 + t_32 * sin_t_6;
    const double t_50 = t_39 * cos_t_6 + t_34 * sin_t_6;
    const double t_51 = t_40 * cos_t_6 + t_35 * sin_t_6;
    const double t_52 = (-(sin_t_7 * p_0_6) - cos_t_7 * p_2_5) * 2.0;
    const double t_53 = (cos_t_7 * p_0_6 - sin_t_7 * p_2_5) * 2.0;
    const double t_54 = t_47 * cos_t_7 * 2.0;
    const double t_55 = t_47 * sin_t_7 * 2.0;
    const double t_56 = (cos_t_6 * p_0_5 + sin_t_6 * p_2_4) * 2.0;
    const double t_57 = (t_46 * cos_t_7 - t_42 * sin_t_7) * 2.0;
    const double t_58 = (t_46 * sin_t_7 + t_42 * cos_t_7) * 2.0;
    const double t_59 = t_37 * sin_t_6 * 2.0;
    const double t_60 = (t_48 * cos_t_7 - t_41 * sin_t_7) * 2.0;
    const double t_61 = (t_48 * sin_t_7 + t_41 * cos_t_7) * 2.0;
    const double t_62 = (t_36 * sin_t_6 - t_33 * cos_t_6) * 2.0;
    const double t_63 = (t_49 * cos_t_7 - t_43 * sin_t_7) * 2.0;
    const double t_64 = (t_49 * sin_t_7 + t_43 * cos_t_7) * 2.0;
    const double t_65 = (t_38 * sin_t_6 - t_32 * cos_t_6) * 2.0;
    const double t_66 = (t_50 * cos_t_7 - t_44 * sin_t_7) * 2.0;
    const double t_67 = (t_50 * sin_t_7 + t_44 * cos_t_7) * 2.0;
    const double t_68 = (t_39 * sin_t_6 - t_34 * cos_t_6) * 2.0;
    const double t_69 = (t_51 * cos_t_7 - t_45 * sin_t_7) * 2.0;
    const double t_70 = (t_51 * sin_t_7 + t_45 * cos_t_7) * 2.0;
    const double t_71 = (t_40 * sin_t_6 - t_35 * cos_t_6) * 2.0;
    const double t_72 = t_53 * cos_t_7 - sin_t_7 * t_5 - (t_52 * sin_t_7 + cos_t_7 * t_4);
    const double t_73 = t_55 * cos_t_7 - t_54 * sin_t_7;
    const double t_74 = t_58 * cos_t_7 - t_57 * sin_t_7;
    const double t_75 = t_61 * cos_t_7 - t_60 * sin_t_7;
    const double t_76 = t_64 * cos_t_7 - t_63 * sin_t_7;
    const double t_77 = t_67 * cos_t_7 - t_66 * sin_t_7;
    const double t_78 = t_70 * cos_t_7 - t_69 * sin_t_7;
    const double t_79 = (t_53 * p_0_6 - t_52 * p_2_5) * cos_t_7 - sin_t_7 * (t_5 * p_0_6 - t_4 * p_2_5);
    const double t_80 = t_53 * sin_t_7 + cos_t_7 * t_5 + (t_52 * cos_t_7 - sin_t_7 * t_4);
    const double t_81 = t_55 * sin_t_7 + t_54 * cos_t_7;
    const double t_82 = t_58 * sin_t_7 + t_57 * cos_t_7;
    const double t_83 = t_61 * sin_t_7 + t_60 * cos_t_7;
    const double t_84 = t_64 * sin_t_7 + t_63 * cos_t_7;
    const double t_85 = t_67 * sin_t_7 + t_66 * cos_t_7;
    const double t_86 = t_70 * sin_t_7 + t_69 * cos_t_7;
    const double t_87 = (t_53 * p_2_5 + t_52 * p_0_6) * sin_t_7 + cos_t_7 * (t_5 * p_2_5 + t_4 * p_0_6);
    const double t_88 = t_80 * sin_t_6;
    const double t_89 = t_56 * cos_t_6 - sin_t_6 * t_8 - (t_81 * sin_t_6 + cos_t_6 * t_7);
    const double t_90 = t_59 * cos_t_6 - t_82 * sin_t_6;
    const double t_91 = t_62 * cos_t_6 - t_83 * sin_t_6;
    const double t_92 = t_65 * cos_t_6 - t_84 * sin_t_6;
    const double t_93 = t_68 * cos_t_6 - t_85 * sin_t_6;
    const double t_94 = t_71 * cos_t_6 - t_86 * sin_t_6;
    const double t_95 = (t_56 * p_0_5 + t_81 * p_2_4) * cos_t_6 - sin_t_6 * (t_8 * p_0_5 + t_7 * p_2_4);
    const double t_96 = t_80 * cos_t_6;
    const double t_97 = t_56 * sin_t_6 + cos_t_6 * t_8 + (t_81 * cos_t_6 - sin_t_6 * t_7);
    const double t_98 = t_59 * sin_t_6 + t_82 * cos_t_6;
    const double t_99 = t_62 * sin_t_6 + t_83 * cos_t_6;
    const double t_100 = t_65 * sin_t_6 + t_84 * cos_t_6;
    const double t_101 = t_68 * sin_t_6 + t_85 * cos_t_6;
    const double t_102 = t_71 * sin_t_6 + t_86 * cos_t_6;
    const double t_103 = (t_81 * p_0_5 - t_56 * p_2_4) * sin_t_6 + cos_t_6 * (t_7 * p_0_5 - t_8 * p_2_4);
    const double t_104 = t_80 * p_2_4 * cos_t_6 - t_80 * p_0_5 * sin_t_6;
    const double t_105 = t_72 * cos_t_5 - t_96 * sin_t_5;
    const double t_106 = t_73 * cos_t_5 - t_97 * sin_t_5;
    const double t_107 = t_74 * cos_t_5 - sin_t_5 * t_6 - (t_98 * sin_t_5 + cos_t_5 * t_10);
    const double t_108 = t_75 * cos_t_5 - t_99 * sin_t_5;
    const double t_109 = t_76 * cos_t_5 - t_100 * sin_t_5;
    const double t_110 = t_77 * cos_t_5 - t_101 * sin_t_5;
    const double t_111 = t_78 * cos_t_5 - t_102 * sin_t_5;
    const double t_112 = (t_74 * p_0_4 + t_98 * p_2_3) * cos_t_5 - sin_t_5 * (t_6 * p_0_4 + t_10 * p_2_3);
    const double t_113 = t_72 * sin_t_5 + t_96 * cos_t_5;
    const double t_114 = t_73 * sin_t_5 + t_97 * cos_t_5;
    const double t_115 = t_74 * sin_t_5 + cos_t_5 * t_6 + (t_98 * cos_t_5 - sin_t_5 * t_10);
    const double t_116 = t_75 * sin_t_5 + t_99 * cos_t_5;
    const double t_117 = t_76 * sin_t_5 + t_100 * cos_t_5;
    const double t_118 = t_77 * sin_t_5 + t_101 * cos_t_5;
    const double t_119 = t_78 * sin_t_5 + t_102 * cos_t_5;
    const double t_120 = (t_98 * p_0_4 - t_74 * p_2_3) * sin_t_5 + cos_t_5 * (t_10 * p_0_4 - t_6 * p_2_3);
    const double t_121 = (t_72 * p_0_4 + t_96 * p_2_3) * cos_t_5 - (t_96 * p_0_4 - t_72 * p_2_3) * sin_t_5;
    const double t_122 = (t_73 * p_0_4 + t_97 * p_2_3) * cos_t_5 - (t_97 * p_0_4 - t_73 * p_2_3) * sin_t_5;
    const double t_123 = t_88 * cos_t_4 - t_113 * sin_t_4;
    const double t_124 = -(t_89 * cos_t_4) - t_114 * sin_t_4;
    const double t_125 = -(t_90 * cos_t_4) - t_115 * sin_t_4;
    const double t_126 = sin_t_4 * t_9 - t_91 * cos_t_4 - (t_116 * sin_t_4 + cos_t_4 * t_12);
    const double t_127 = -(t_92 * cos_t_4) - t_117 * sin_t_4;
    const double t_128 = -(t_93 * cos_t_4) - t_118 * sin_t_4;
    const double t_129 = (-(t_91 * p_0_3) - t_116 * p_2_2) * cos_t_4 - sin_t_4 * (-(t_9 * p_0_3) - t_12 * p_2_2);
    const double t_130 = t_88 * sin_t_4 + t_113 * cos_t_4;
    const double t_131 = t_114 * cos_t_4 - t_89 * sin_t_4;
    const double t_132 = t_115 * cos_t_4 - t_90 * sin_t_4;
    const double t_133 = -(t_91 * sin_t_4) - cos_t_4 * t_9 + (t_116 * cos_t_4 - sin_t_4 * t_12);
    const double t_134 = t_117 * cos_t_4 - t_92 * sin_t_4;
    const double t_135 = t_118 * cos_t_4 - t_93 * sin_t_4;
    const double t_136 = t_119 * cos_t_4 - t_94 * sin_t_4;
    const double t_137 = (t_116 * p_0_3 - t_91 * p_2_2) * sin_t_4 + cos_t_4 * (t_12 * p_0_3 - t_9 * p_2_2);
    const double t_138 = (t_88 * p_0_3 - t_113 * p_2_2) * cos_t_4 - (t_88 * p_2_2 + t_113 * p_0_3) * sin_t_4;
    const double t_139 = (-(t_89 * p_0_3) - t_114 * p_2_2) * cos_t_4 - (t_114 * p_0_3 - t_89 * p_2_2) * sin_t_4;
    const double t_140 = (-(t_90 * p_0_3) - t_115 * p_2_2) * cos_t_4 - (t_115 * p_0_3 - t_90 * p_2_2) * sin_t_4;
    const double t_141 = t_109 * cos_t_3 - sin_t_3 * t_11 - (t_134 * sin_t_3 + cos_t_3 * t_14);
    const double t_142 = (t_109 * p_0_2 - t_134 * p_2) * cos_t_3 - sin_t_3 * (t_11 * p_0_2 - t_14 * p_2);
    const double t_143 = t_105 * sin_t_3 + t_130 * cos_t_3;
    const double t_144 = t_106 * sin_t_3 + t_131 * cos_t_3;
    const double t_145 = t_107 * sin_t_3 + t_132 * cos_t_3;
    const double t_146 = t_108 * sin_t_3 + t_133 * cos_t_3;
    const double t_147 = t_109 * sin_t_3 + cos_t_3 * t_11 + (t_134 * cos_t_3 - sin_t_3 * t_14);
    const double t_148 = t_110 * sin_t_3 + t_135 * cos_t_3;
    const double t_149 = (t_109 * p_2 + t_134 * p_0_2) * sin_t_3 + cos_t_3 * (t_11 * p_2 + t_14 * p_0_2);
    const double t_150 = (t_105 * p_0_2 - t_130 * p_2) * cos_t_3 - (t_105 * p_2 + t_130 * p_0_2) * sin_t_3;
    const double t_151 = (t_106 * p_0_2 - t_131 * p_2) * cos_t_3 - (t_106 * p_2 + t_131 * p_0_2) * sin_t_3;
    const double t_152 = (t_107 * p_0_2 - t_132 * p_2) * cos_t_3 - (t_107 * p_2 + t_132 * p_0_2) * sin_t_3;
    const double t_153 = (t_108 * p_0_2 - t_133 * p_2) * cos_t_3 - (t_108 * p_2 + t_133 * p_0_2) * sin_t_3;
    const double t_154 = (-(t_128 * p_0) - t_148 * -0.226) * cos_t_2 - sin_t_2 * (-(t_13 * p_0) - t_15 * -0.226);
    const double t_155 = -(t_128 * sin_t_2) - cos_t_2 * t_13 + (t_148 * cos_t_2 - sin_t_2 * t_15);
    const double t_156 = (t_111 * sin_t_3 + t_136 * cos_t_3) * cos_t_2 - (-(t_94 * cos_t_4) - t_119 * sin_t_4) * sin_t_2;
    const double t_157 = (t_128 * 0.226 + t_148 * p_0) * sin_t_2 + cos_t_2 * (t_13 * 0.226 + t_15 * p_0);
    const double t_158 = (-(t_123 * p_0) - t_143 * -0.226) * cos_t_2 - (t_123 * 0.226 + t_143 * p_0) * sin_t_2;
    const double t_159 = (-(t_124 * p_0) - t_144 * -0.226) * cos_t_2 - (t_124 * 0.226 + t_144 * p_0) * sin_t_2;
    const double t_160 = (-(t_125 * p_0) - t_145 * -0.226) * cos_t_2 - (t_125 * 0.226 + t_145 * p_0) * sin_t_2;
    const double t_161 = (-(t_126 * p_0) - t_146 * -0.226) * cos_t_2 - (t_126 * 0.226 + t_146 * p_0) * sin_t_2;
    const double t_162 = (-(t_127 * p_0) - t_147 * -0.226) * cos_t_2 - (t_127 * 0.226 + t_147 * p_0) * sin_t_2;
    const double t_163 = (t_111 * cos_t_3 - t_136 * sin_t_3) * 0.05 * cos_t - sin_t * ((t_11 * cos_t_3 - t_14 * sin_t_3) * 0.05);
    const double t_164 = t_156 * 0.05 * sin_t + cos_t * ((t_15 * cos_t_2 - t_13 * sin_t_2) * 0.05);
    const double t_165 = (t_105 * cos_t_3 - t_130 * sin_t_3) * 0.05 * cos_t - (t_143 * cos_t_2 - t_123 * sin_t_2) * 0.05 * sin_t;
    const double t_166 = (t_106 * cos_t_3 - t_131 * sin_t_3) * 0.05 * cos_t - (t_144 * cos_t_2 - t_124 * sin_t_2) * 0.05 * sin_t;
    const double t_167 = (t_107 * cos_t_3 - t_132 * sin_t_3) * 0.05 * cos_t - (t_145 * cos_t_2 - t_125 * sin_t_2) * 0.05 * sin_t;
    const double t_168 = (t_108 * cos_t_3 - t_133 * sin_t_3) * 0.05 * cos_t - (t_146 * cos_t_2 - t_126 * sin_t_2) * 0.05 * sin_t;
    const double t_169 = t_141 * 0.05 * cos_t - (t_147 * cos_t_2 - t_127 * sin_t_2) * 0.05 * sin_t;
    const double t_170 = (t_110 * cos_t_3 - t_135 * sin_t_3) * 0.05 * cos_t - t_155 * 0.05 * sin_t;
    const double t_171 = q_0 * q_0 + q_1 * q_1 + q_2 * q_2 + q_3 * q_3 + q_4 * q_4 + q_5 * q_5;
    *value = t * t + t_2 * t_2 + t_3 * t_3 + 0.001 * (t_171 + q_6 * q_6);
    hess_q[0] = 0.002 + (t_79 - t_87);
    hess_q[1] = t_104;
    hess_q[2] = t_121;
    hess_q[3] = t_138;
    hess_q[4] = t_150;
    hess_q[5] = t_158;
    hess_q[6] = t_165;
    hess_q[7] = t_104;
    hess_q[8] = 0.002 + (t_95 - t_103);
    hess_q[9] = t_122;
    hess_q[10] = t_139;
    hess_q[11] = t_151;
    hess_q[12] = t_159;
    hess_q[13] = t_166;
    hess_q[14] = t_121;
    hess_q[15] = t_122;
    hess_q[16] = 0.002 + (t_112 - t_120);
    hess_q[17] = t_140;
    hess_q[18] = t_152;
    hess_q[19] = t_160;
    hess_q[20] = t_167;
    hess_q[21] = t_138;
    hess_q[22] = t_139;
    hess_q[23] = t_140;
    hess_q[24] = 0.002 + (t_129 - t_137);
    hess_q[25] = t_153;
    hess_q[26] = t_161;
    hess_q[27] = t_168;
    hess_q[28] = t_150;
    hess_q[29] = t_151;
    hess_q[30] = t_152;
    hess_q[31] = t_153;
    hess_q[32] = 0.002 + (t_142 - t_149);
    hess_q[33] = t_162;
    hess_q[34] = t_169;
    hess_q[35] = t_158;
    hess_q[36] = t_159;
    hess_q[37] = t_160;
    hess_q[38] = t_161;
    hess_q[39] = t_162;
    hess_q[40] = 0.002 + (t_154 - t_157);
    hess_q[41] = t_170;
    hess_q[42] = t_165;
    hess_q[43] = t_166;
    hess_q[44] = t_167;
    hess_q[45] = t_168;
    hess_q[46] = t_169;
    hess_q[47] = t_170;
    hess_q[48] = 0.002 + (t_163 - t_164);
    return 0;
}

/* arm_newton: value of arm_newton (arm.dg:27)
 * q [7]  goal [3]  -> cost scalar  g [7]  H [7, 7]
 * 23 neg, 123 add, 174 sub, 569 mul, 7 sin, 7 cos
 * no workspace */
int arm_newton(const double *q, const double *goal, double *cost, double *g, double *H)
{
    const double q_6 = q[6];  /* arm.dg:30 */
    double sin_t, cos_t;
    gradc_sincos(q_6, &sin_t, &cos_t);
    const double p_0 = cos_t * 0.05 - sin_t * 0.0;
    const double p_1 = sin_t * 0.05 + cos_t * 0.0;
    const double q_5 = q[5];
    double sin_t_2, cos_t_2;
    gradc_sincos(q_5, &sin_t_2, &cos_t_2);
    const double p_0_2 = cos_t_2 * p_0 - sin_t_2 * -0.226;
    const double p_1_2 = sin_t_2 * p_0 + cos_t_2 * -0.226;
    const double p_2 = p_1 + 0.0;
    const double q_4 = q[4];
    double sin_t_3, cos_t_3;
    gradc_sincos(q_4, &sin_t_3, &cos_t_3);
    const double p_0_3 = cos_t_3 * p_0_2 - sin_t_3 * p_2;
    const double p_1_3 = sin_t_3 * p_0_2 + cos_t_3 * p_2;
    const double p_2_2 = 0.4 - p_1_2;
    const double q_3 = q[3];
    double sin_t_4, cos_t_4;
    gradc_sincos(q_3, &sin_t_4, &cos_t_4);
    const double p_0_4 = cos_t_4 * p_0_3 - sin_t_4 * p_2_2;
    const double p_1_4 = sin_t_4 * p_0_3 + cos_t_4 * p_2_2;
    const double p_2_3 = 0.0 - p_1_3;
    const double q_2 = q[2];
    double sin_t_5, cos_t_5;
    gradc_sincos(q_2, &sin_t_5, &cos_t_5);
    const double p_0_5 = cos_t_5 * p_0_4 + p_2_3 * sin_t_5;
    const double p_1_5 = sin_t_5 * p_0_4 - p_2_3 * cos_t_5;
    const double p_2_4 = p_1_4 + 0.4;
    const double q_1 = q[1];
    double sin_t_6, cos_t_6;
    gradc_sincos(q_1, &sin_t_6, &cos_t_6);
    const double p_0_6 = cos_t_6 * p_0_5 + p_2_4 * sin_t_6;
    const double p_1_6 = sin_t_6 * p_0_5 - p_2_4 * cos_t_6;
    const double p_2_5 = p_1_5 + 0.0;
    const double q_0 = q[0];
    double sin_t_7, cos_t_7;
    gradc_sincos(q_0, &sin_t_7, &cos_t_7);
    const double p_0_7 = cos_t_7 * p_0_6 - sin_t_7 * p_2_5;
    const double p_1_7 = sin_t_7 * p_0_6 + cos_t_7 * p_2_5;
    const double p_2_6 = 0.34 - p_1_6;
    const double t = p_0_7 - goal[0];
    const double t_2 = p_1_7 - goal[1];
    const double t_3 = p_2_6 - goal[2];
    const double t_4 = 2.0 * t;
    const double t_5 = 2.0 * t_2;
    const double t_6 = t_5 * p_0_6 - t_4 * p_2_5;
    const double t_7 = t_5 * cos_t_7 - t_4 * sin_t_7;
    const double t_8 = t_5 * p_2_5 + t_4 * p_0_6;
    const double t_9 = t_5 * sin_t_7 + t_4 * cos_t_7;
    const double g_0 = 0.002 * q_0 + (t_6 * cos_t_7 - t_8 * sin_t_7);
    const double t_10 = t_3 * -2.0;
    const double t_11 = t_10 * p_0_5 + t_9 * p_2_4;
    const double t_12 = t_10 * cos_t_6 - t_9 * sin_t_6;
    const double t_13 = t_9 * p_0_5 - t_10 * p_2_4;
    const double t_14 = t_10 * sin_t_6 + t_9 * cos_t_6;
    const double g_1 = 0.002 * q_1 + (t_11 * cos_t_6 - t_13 * sin_t_6);
    const double t_15 = t_7 * p_0_4 + t_14 * p_2_3;
    const double t_16 = t_7 * cos_t_5 - t_14 * sin_t_5;
    const double t_17 = t_14 * p_0_4 - t_7 * p_2_3;
    const double t_18 = t_7 * sin_t_5 + t_14 * cos_t_5;
    const double g_2 = 0.002 * q_2 + (t_15 * cos_t_5 - t_17 * sin_t_5);
    const double t_19 = -(t_12 * p_0_3) - t_18 * p_2_2;
    const double t_20 = -(t_12 * cos_t_4) - t_18 * sin_t_4;
    const double t_21 = t_18 * p_0_3 - t_12 * p_2_2;
    const double t_22 = t_18 * cos_t_4 - t_12 * sin_t_4;
    const double g_3 = 0.002 * q_3 + (t_19 * cos_t_4 - t_21 * sin_t_4);
    const double t_23 = t_16 * p_0_2 - t_22 * p_2;
    const double t_24 = t_16 * p_2 + t_22 * p_0_2;
    const double t_25 = t_16 * sin_t_3 + t_22 * cos_t_3;
    const double g_4 = 0.002 * q_4 + (t_23 * cos_t_3 - t_24 * sin_t_3);
    const double t_26 = -(t_20 * p_0) - t_25 * -0.226;
    const double t_27 = t_20 * 0.226 + t_25 * p_0;
    const double g_5 = 0.002 * q_5 + (t_26 * cos_t_2 - t_27 * sin_t_2);
    const double t_28 = (t_16 * cos_t_3 - t_22 * sin_t_3) * 0.05;
    const double t_29 = (t_25 * cos_t_2 - t_20 * sin_t_2) * 0.05;
    const double g_6 = 0.002 * q_6 + (t_28 * cos_t - t_29 * sin_t);
    const double t_30 = sin_t * -0.05;
    const double t_31 = cos_t * 0.05;
    const double t_32 = t_30 * cos_t_2;
    const double t_33 = -(sin_t_2 * p_0) - cos_t_2 * -0.226;
    const double t_34 = t_30 * sin_t_2;
    const double t_35 = cos_t_2 * p_0 + sin_t_2 * 0.226;
    const double t_36 = t_33 * cos_t_3;
    const double t_37 = -(sin_t_3 * p_0_2) - cos_t_3 * p_2;
    const double t_38 = t_32 * cos_t_3 - t_31 * sin_t_3;
    const double t_39 = t_33 * sin_t_3;
    const double t_40 = cos_t_3 * p_0_2 - sin_t_3 * p_2;
    const double t_41 = t_32 * sin_t_3 + t_31 * cos_t_3;
    const double t_42 = t_37 * cos_t_4;
    const double t_43 = -(sin_t_4 * p_0_3) - cos_t_4 * p_2_2;
    const double t_44 = t_36 * cos_t_4 + t_35 * sin_t_4;
    const double t_45 = t_38 * cos_t_4 + t_34 * sin_t_4;
    const double t_46 = t_37 * sin_t_4;
    const double t_47 = cos_t_4 * p_0_3 - sin_t_4 * p_2_2;
    const double t_48 = t_36 * sin_t_4 - t_35 * cos_t_4;
    const double t_49 = t_38 * sin_t_4 - t_34 * cos_t_4;
    const double t_50 = t_43 * cos_t_5;
    const double t_51 = cos_t_5 * p_2_3 - sin_t_5 * p_0_4;
    const double t_52 = t_42 * cos_t_5 - t_40 * sin_t_5;
    const double t_53 = t_44 * cos_t_5 - t_39 * sin_t_5;
    const double t_54 = t_45 * cos_t_5 - t_41 * sin_t_5;
    const double t_55 = t_43 * sin_t_5;
    const double t_56 = cos_t_5 * p_0_4 + sin_t_5 * p_2_3;
    const double t_57 = t_42 * sin_t_5 + t_40 * cos_t_5;
    const double t_58 = t_44 * sin_t_5 + t_39 * cos_t_5;
    const double t_59 = t_45 * sin_t_5 + t_41 * cos_t_5;
    const double t_60 = t_51 * cos_t_6;
    const double t_61 = cos_t_6 * p_2_4 - sin_t_6 * p_0_5;
    const double t_62 = t_50 * cos_t_6 + t_47 * sin_t_6;
    const double t_63 = t_52 * cos_t_6 + t_46 * sin_t_6;
    const double t_64 = t_53 * cos_t_6 + t_48 * sin_t_6;
    const double t_65 = t_54 * cos_t_6 + t_49 * sin_t_6;
    const double t_66 = (-(sin_t_7 * p_0_6) - cos_t_7 * p_2_5) * 2.0;
    const double t_67 = (cos_t_7 * p_0_6 - sin_t_7 * p_2_5) * 2.0;
    const double t_68 = t_61 * cos_t_7 * 2.0;
    const double t_69 = t_61 * sin_t_7 * 2.0;
    const double t_70 = (cos_t_6 * p_0_5 + sin_t_6 * p_2_4) * 2.0;
    const double t_71 = (t_60 * cos_t_7 - t_56 * sin_t_7) * 2.0;
    const double t_72 = (t_60 * sin_t_7 + t_56 * cos_t_7) * 2.0;
    const double t_73 = t_51 * sin_t_6 * 2.0;
    const double t_74 = (t_62 * cos_t_7 - t_55 * sin_t_7) * 2.0;
    const double t_75 = (t_62 * sin_t_7 + t_55 * cos_t_7) * 2.0;
    const double t_76 = (t_50 * sin_t_6 - t_47 * cos_t_6) * 2.0;
    const double t_77 = (t_63 * cos_t_7 - t_57 * sin_t_7) * 2.0;
    const double t_78 = (t_63 * sin_t_7 + t_57 * cos_t_7) * 2.0;
    const double t_79 = (t_52 * sin_t_6 - t_46 * cos_t_6) * 2.0;
    const double t_80 = (t_64 * cos_t_7 - t_58 * sin_t_7) * 2.0;
    const double t_81 = (t_64 * sin_t_7 + t_58 * cos_t_7) * 2.0;
    const double t_82 = (t_53 * sin_t_6 - t_48 * cos_t_6) * 2.0;
    const double t_83 = (t_65 * cos_t_7 - t_59 * sin_t_7) * 2.0;
    const double t_84 = (t_65 * sin_t_7 + t_59 * cos_t_7) * 2.0;
    const double t_85 = (t_54 * sin_t_6 - t_49 * cos_t_6) * 2.0;
    const double t_86 = t_67 * cos_t_7 - sin_t_7 * t_5 - (t_66 * sin_t_7 + cos_t_7 * t_4);
    const double t_87 = t_69 * cos_t_7 - t_68 * sin_t_7;
    const double t_88 = t_72 * cos_t_7 - t_71 * sin_t_7;
    const double t_89 = t_75 * cos_t_7 - t_74 * sin_t_7;
    const double t_90 = t_78 * cos_t_7 - t_77 * sin_t_7;
    const double t_91 = t_81 * cos_t_7 - t_80 * sin_t_7;
    const double t_92 = t_84 * cos_t_7 - t_83 * sin_t_7;
    const double t_93 = t_67 * sin_t_7 + cos_t_7 * t_5 + (t_66 * cos_t_7 - sin_t_7 * t_4);
    const double t_94 = t_69 * sin_t_7 + t_68 * cos_t_7;
    const double t_95 = t_72 * sin_t_7 + t_71 * cos_t_7;
    const double t_96 = t_75 * sin_t_7 + t_74 * cos_t_7;
    const double t_97 = t_78 * sin_t_7 + t_77 * cos_t_7;
    const double t_98 = t_81 * sin_t_7 + t_80 * cos_t_7;
    const double t_99 = t_84 * sin_t_7 + t_83 * cos_t_7;
    const double t_100 = (t_67 * p_0_6 - t_66 * p_2_5) * cos_t_7 - sin_t_7 * t_6 - ((t_67 * p_2_5 + t_66 * p_0_6) * sin_t_7 + cos_t_7 * t_8);
    const double H_0_0 = 0.002 + t_100;
    const double t_101 = t_93 * sin_t_6;
    const double t_102 = t_70 * cos_t_6 - sin_t_6 * t_10 - (t_94 * sin_t_6 + cos_t_6 * t_9);
    const double t_103 = t_73 * cos_t_6 - t_95 * sin_t_6;
    const double t_104 = t_76 * cos_t_6 - t_96 * sin_t_6;
    const double t_105 = t_79 * cos_t_6 - t_97 * sin_t_6;
    const double t_106 = t_82 * cos_t_6 - t_98 * sin_t_6;
    const double t_107 = t_85 * cos_t_6 - t_99 * sin_t_6;
    const double t_108 = t_93 * cos_t_6;
    const double t_109 = t_70 * sin_t_6 + cos_t_6 * t_10 + (t_94 * cos_t_6 - sin_t_6 * t_9);
    const double t_110 = t_73 * sin_t_6 + t_95 * cos_t_6;
    const double t_111 = t_76 * sin_t_6 + t_96 * cos_t_6;
    const double t_112 = t_79 * sin_t_6 + t_97 * cos_t_6;
    const double t_113 = t_82 * sin_t_6 + t_98 * cos_t_6;
    const double t_114 = t_85 * sin_t_6 + t_99 * cos_t_6;
    const double H_0_1 = t_93 * p_2_4 * cos_t_6 - t_93 * p_0_5 * sin_t_6;
    const double t_115 = (t_70 * p_0_5 + t_94 * p_2_4) * cos_t_6 - sin_t_6 * t_11 - ((t_94 * p_0_5 - t_70 * p_2_4) * sin_t_6 + cos_t_6 * t_13);
    const double H_1_1 = 0.002 + t_115;
    const double t_116 = t_86 * cos_t_5 - t_108 * sin_t_5;
    const double t_117 = t_87 * cos_t_5 - t_109 * sin_t_5;
    const double t_118 = t_88 * cos_t_5 - sin_t_5 * t_7 - (t_110 * sin_t_5 + cos_t_5 * t_14);
    const double t_119 = t_89 * cos_t_5 - t_111 * sin_t_5;
    const double t_120 = t_90 * cos_t_5 - t_112 * sin_t_5;
    const double t_121 = t_91 * cos_t_5 - t_113 * sin_t_5;
    const double t_122 = t_92 * cos_t_5 - t_114 * sin_t_5;
    const double t_123 = t_86 * sin_t_5 + t_108 * cos_t_5;
    const double t_124 = t_87 * sin_t_5 + t_109 * cos_t_5;
    const double t_125 = t_88 * sin_t_5 + cos_t_5 * t_7 + (t_110 * cos_t_5 - sin_t_5 * t_14);
    const double t_126 = t_89 * sin_t_5 + t_111 * cos_t_5;
    const double t_127 = t_90 * sin_t_5 + t_112 * cos_t_5;
    const double t_128 = t_91 * sin_t_5 + t_113 * cos_t_5;
    const double t_129 = t_92 * sin_t_5 + t_114 * cos_t_5;
    const double H_0_2 = (t_86 * p_0_4 + t_108 * p_2_3) * cos_t_5 - (t_108 * p_0_4 - t_86 * p_2_3) * sin_t_5;
    const double H_1_2 = (t_87 * p_0_4 + t_109 * p_2_3) * cos_t_5 - (t_109 * p_0_4 - t_87 * p_2_3) * sin_t_5;
    const double t_130 = (t_88 * p_0_4 + t_110 * p_2_3) * cos_t_5 - sin_t_5 * t_15 - ((t_110 * p_0_4 - t_88 * p_2_3) * sin_t_5 + cos_t_5 * t_17);
    const double H_2_2 = 0.002 + t_130;
    const double t_131 = t_101 * cos_t_4 - t_123 * sin_t_4;
    const double t_132 = -(t_102 * cos_t_4) - t_124 * sin_t_4;
    const double t_133 = -(t_103 * cos_t_4) - t_125 * sin_t_4;
    const double t_134 = sin_t_4 * t_12 - t_104 * cos_t_4 - (t_126 * sin_t_4 + cos_t_4 * t_18);
    const double t_135 = -(t_105 * cos_t_4) - t_127 * sin_t_4;
    const double t_136 = -(t_106 * cos_t_4) - t_128 * sin_t_4;
    const double t_137 = t_101 * sin_t_4 + t_123 * cos_t_4;
    const double t_138 = t_124 * cos_t_4 - t_102 * sin_t_4;
    const double t_139 = t_125 * cos_t_4 - t_103 * sin_t_4;
    const double t_140 = -(t_104 * sin_t_4) - cos_t_4 * t_12 + (t_126 * cos_t_4 - sin_t_4 * t_18);
    const double t_141 = t_127 * cos_t_4 - t_105 * sin_t_4;
    const double t_142 = t_128 * cos_t_4 - t_106 * sin_t_4;
    const double t_143 = t_129 * cos_t_4 - t_107 * sin_t_4;
    const double H_0_3 = (t_101 * p_0_3 - t_123 * p_2_2) * cos_t_4 - (t_101 * p_2_2 + t_123 * p_0_3) * sin_t_4;
    const double H_1_3 = (-(t_102 * p_0_3) - t_124 * p_2_2) * cos_t_4 - (t_124 * p_0_3 - t_102 * p_2_2) * sin_t_4;
    const double H_2_3 = (-(t_103 * p_0_3) - t_125 * p_2_2) * cos_t_4 - (t_125 * p_0_3 - t_103 * p_2_2) * sin_t_4;
    const double t_144 = (-(t_104 * p_0_3) - t_126 * p_2_2) * cos_t_4 - sin_t_4 * t_19 - ((t_126 * p_0_3 - t_104 * p_2_2) * sin_t_4 + cos_t_4 * t_21);
    const double H_3_3 = 0.002 + t_144;
    const double t_145 = t_120 * cos_t_3 - sin_t_3 * t_16 - (t_141 * sin_t_3 + cos_t_3 * t_22);
    const double t_146 = t_116 * sin_t_3 + t_137 * cos_t_3;
    const double t_147 = t_117 * sin_t_3 + t_138 * cos_t_3;
    const double t_148 = t_118 * sin_t_3 + t_139 * cos_t_3;
    const double t_149 = t_119 * sin_t_3 + t_140 * cos_t_3;
    const double t_150 = t_120 * sin_t_3 + cos_t_3 * t_16 + (t_141 * cos_t_3 - sin_t_3 * t_22);
    const double t_151 = t_121 * sin_t_3 + t_142 * cos_t_3;
    const double H_0_4 = (t_116 * p_0_2 - t_137 * p_2) * cos_t_3 - (t_116 * p_2 + t_137 * p_0_2) * sin_t_3;
    const double H_1_4 = (t_117 * p_0_2 - t_138 * p_2) * cos_t_3 - (t_117 * p_2 + t_138 * p_0_2) * sin_t_3;
    const double H_2_4 = (t_118 * p_0_2 - t_139 * p_2) * cos_t_3 - (t_118 * p_2 + t_139 * p_0_2) * sin_t_3;
    const double H_3_4 = (t_119 * p_0_2 - t_140 * p_2) * cos_t_3 - (t_119 * p_2 + t_140 * p_0_2) * sin_t_3;
    const double t_152 = (t_120 * p_0_2 - t_141 * p_2) * cos_t_3 - sin_t_3 * t_23 - ((t_120 * p_2 + t_141 * p_0_2) * sin_t_3 + cos_t_3 * t_24);
    const double H_4_4 = 0.002 + t_152;
    const double t_153 = -(t_136 * sin_t_2) - cos_t_2 * t_20 + (t_151 * cos_t_2 - sin_t_2 * t_25);
    const double t_154 = (t_122 * sin_t_3 + t_143 * cos_t_3) * cos_t_2 - (-(t_107 * cos_t_4) - t_129 * sin_t_4) * sin_t_2;
    const double H_0_5 = (-(t_131 * p_0) - t_146 * -0.226) * cos_t_2 - (t_131 * 0.226 + t_146 * p_0) * sin_t_2;
    const double H_1_5 = (-(t_132 * p_0) - t_147 * -0.226) * cos_t_2 - (t_132 * 0.226 + t_147 * p_0) * sin_t_2;
    const double H_2_5 = (-(t_133 * p_0) - t_148 * -0.226) * cos_t_2 - (t_133 * 0.226 + t_148 * p_0) * sin_t_2;
    const double H_3_5 = (-(t_134 * p_0) - t_149 * -0.226) * cos_t_2 - (t_134 * 0.226 + t_149 * p_0) * sin_t_2;
    const double H_4_5 = (-(t_135 * p_0) - t_150 * -0.226) * cos_t_2 - (t_135 * 0.226 + t_150 * p_0) * sin_t_2;
    const double t_155 = (-(t_136 * p_0) - t_151 * -0.226) * cos_t_2 - sin_t_2 * t_26 - ((t_136 * 0.226 + t_151 * p_0) * sin_t_2 + cos_t_2 * t_27);
    const double H_5_5 = 0.002 + t_155;
    const double t_156 = (t_122 * cos_t_3 - t_143 * sin_t_3) * 0.05 * cos_t - sin_t * t_28;
    const double H_0_6 = (t_116 * cos_t_3 - t_137 * sin_t_3) * 0.05 * cos_t - (t_146 * cos_t_2 - t_131 * sin_t_2) * 0.05 * sin_t;
    const double H_1_6 = (t_117 * cos_t_3 - t_138 * sin_t_3) * 0.05 * cos_t - (t_147 * cos_t_2 - t_132 * sin_t_2) * 0.05 * sin_t;
    const double H_2_6 = (t_118 * cos_t_3 - t_139 * sin_t_3) * 0.05 * cos_t - (t_148 * cos_t_2 - t_133 * sin_t_2) * 0.05 * sin_t;
    const double H_3_6 = (t_119 * cos_t_3 - t_140 * sin_t_3) * 0.05 * cos_t - (t_149 * cos_t_2 - t_134 * sin_t_2) * 0.05 * sin_t;
    const double H_4_6 = t_145 * 0.05 * cos_t - (t_150 * cos_t_2 - t_135 * sin_t_2) * 0.05 * sin_t;
    const double H_5_6 = (t_121 * cos_t_3 - t_142 * sin_t_3) * 0.05 * cos_t - t_153 * 0.05 * sin_t;
    const double H_6_6 = 0.002 + (t_156 - (t_154 * 0.05 * sin_t + cos_t * t_29));
    const double t_157 = q_0 * q_0 + q_1 * q_1 + q_2 * q_2 + q_3 * q_3 + q_4 * q_4 + q_5 * q_5;
    const double cost_2 = t * t + t_2 * t_2 + t_3 * t_3 + 0.001 * (t_157 + q_6 * q_6);
    *cost = cost_2;
    g[0] = g_0;
    g[1] = g_1;
    g[2] = g_2;
    g[3] = g_3;
    g[4] = g_4;
    g[5] = g_5;
    g[6] = g_6;
    H[0] = H_0_0;
    H[1] = H_0_1;
    H[2] = H_0_2;
    H[3] = H_0_3;
    H[4] = H_0_4;
    H[5] = H_0_5;
    H[6] = H_0_6;
    H[7] = H_0_1;
    H[8] = H_1_1;
    H[9] = H_1_2;
    H[10] = H_1_3;
    H[11] = H_1_4;
    H[12] = H_1_5;
    H[13] = H_1_6;
    H[14] = H_0_2;
    H[15] = H_1_2;
    H[16] = H_2_2;
    H[17] = H_2_3;
    H[18] = H_2_4;
    H[19] = H_2_5;
    H[20] = H_2_6;
    H[21] = H_0_3;
    H[22] = H_1_3;
    H[23] = H_2_3;
    H[24] = H_3_3;
    H[25] = H_3_4;
    H[26] = H_3_5;
    H[27] = H_3_6;
    H[28] = H_0_4;
    H[29] = H_1_4;
    H[30] = H_2_4;
    H[31] = H_3_4;
    H[32] = H_4_4;
    H[33] = H_4_5;
    H[34] = H_4_6;
    H[35] = H_0_5;
    H[36] = H_1_5;
    H[37] = H_2_5;
    H[38] = H_3_5;
    H[39] = H_4_5;
    H[40] = H_5_5;
    H[41] = H_5_6;
    H[42] = H_0_6;
    H[43] = H_1_6;
    H[44] = H_2_6;
    H[45] = H_3_6;
    H[46] = H_4_6;
    H[47] = H_5_6;
    H[48] = H_6_6;
    return 0;
}

/* arm_position: value of arm_position (arm.dg:12)
 * q [7]  -> value [3]
 * 10 add, 10 sub, 28 mul, 7 sin, 7 cos
 * no workspace */
int arm_position(const double *q, double *value)
{
    const double q_6 = q[6];  /* arm.dg:17 */
    double sin_t, cos_t;
    gradc_sincos(q_6, &sin_t, &cos_t);
    const double p_0 = cos_t * 0.05 - sin_t * 0.0;
    const double p_1 = sin_t * 0.05 + cos_t * 0.0;
    const double q_5 = q[5];
    double sin_t_2, cos_t_2;
    gradc_sincos(q_5, &sin_t_2, &cos_t_2);
    const double p_0_2 = cos_t_2 * p_0 - sin_t_2 * -0.226;
    const double p_1_2 = sin_t_2 * p_0 + cos_t_2 * -0.226;
    const double p_2 = p_1 + 0.0;
    const double q_4 = q[4];
    double sin_t_3, cos_t_3;
    gradc_sincos(q_4, &sin_t_3, &cos_t_3);
    const double p_0_3 = cos_t_3 * p_0_2 - sin_t_3 * p_2;
    const double p_1_3 = sin_t_3 * p_0_2 + cos_t_3 * p_2;
    const double p_2_2 = 0.4 - p_1_2;
    const double q_3 = q[3];
    double sin_t_4, cos_t_4;
    gradc_sincos(q_3, &sin_t_4, &cos_t_4);
    const double p_0_4 = cos_t_4 * p_0_3 - sin_t_4 * p_2_2;
    const double p_1_4 = sin_t_4 * p_0_3 + cos_t_4 * p_2_2;
    const double p_2_3 = 0.0 - p_1_3;
    const double q_2 = q[2];
    double sin_t_5, cos_t_5;
    gradc_sincos(q_2, &sin_t_5, &cos_t_5);
    const double p_0_5 = cos_t_5 * p_0_4 + p_2_3 * sin_t_5;
    const double p_1_5 = sin_t_5 * p_0_4 - p_2_3 * cos_t_5;
    const double p_2_4 = p_1_4 + 0.4;
    const double q_1 = q[1];
    double sin_t_6, cos_t_6;
    gradc_sincos(q_1, &sin_t_6, &cos_t_6);
    const double p_0_6 = cos_t_6 * p_0_5 + p_2_4 * sin_t_6;
    const double p_1_6 = sin_t_6 * p_0_5 - p_2_4 * cos_t_6;
    const double p_2_5 = p_1_5 + 0.0;
    const double q_0 = q[0];
    double sin_t_7, cos_t_7;
    gradc_sincos(q_0, &sin_t_7, &cos_t_7);
    const double p_0_7 = cos_t_7 * p_0_6 - sin_t_7 * p_2_5;
    const double p_1_7 = sin_t_7 * p_0_6 + cos_t_7 * p_2_5;
    const double p_2_6 = 0.34 - p_1_6;
    value[0] = p_0_7;
    value[1] = p_1_7;
    value[2] = p_2_6;
    return 0;
}

/* arm_position_jacobian: value and Jacobian of arm_position (arm.dg:12)
 * q [7]  -> value [3]  jac_q [3, 7]
 * 6 neg, 28 add, 53 sub, 168 mul, 7 sin, 7 cos
 * no workspace */
int arm_position_jacobian(const double *q, double *value, double *jac_q)
{
    const double q_6 = q[6];  /* arm.dg:36 */
    double sin_t, cos_t;
    gradc_sincos(q_6, &sin_t, &cos_t);
    const double p_0 = cos_t * 0.05 - sin_t * 0.0;
    const double p_1 = sin_t * 0.05 + cos_t * 0.0;
    const double q_5 = q[5];
    double sin_t_2, cos_t_2;
    gradc_sincos(q_5, &sin_t_2, &cos_t_2);
    const double p_0_2 = cos_t_2 * p_0 - sin_t_2 * -0.226;
    const double p_1_2 = sin_t_2 * p_0 + cos_t_2 * -0.226;
    const double p_2 = p_1 + 0.0;
    const double q_4 = q[4];
    double sin_t_3, cos_t_3;
    gradc_sincos(q_4, &sin_t_3, &cos_t_3);
    const double p_0_3 = cos_t_3 * p_0_2 - sin_t_3 * p_2;
    const double p_1_3 = sin_t_3 * p_0_2 + cos_t_3 * p_2;
    const double p_2_2 = 0.4 - p_1_2;
    const double q_3 = q[3];
    double sin_t_4, cos_t_4;
    gradc_sincos(q_3, &sin_t_4, &cos_t_4);
    const double p_0_4 = cos_t_4 * p_0_3 - sin_t_4 * p_2_2;
    const double p_1_4 = sin_t_4 * p_0_3 + cos_t_4 * p_2_2;
    const double p_2_3 = 0.0 - p_1_3;
    const double q_2 = q[2];
    double sin_t_5, cos_t_5;
    gradc_sincos(q_2, &sin_t_5, &cos_t_5);
    const double p_0_5 = cos_t_5 * p_0_4 + p_2_3 * sin_t_5;
    const double p_1_5 = sin_t_5 * p_0_4 - p_2_3 * cos_t_5;
    const double p_2_4 = p_1_4 + 0.4;
    const double q_1 = q[1];
    double sin_t_6, cos_t_6;
    gradc_sincos(q_1, &sin_t_6, &cos_t_6);
    const double p_0_6 = cos_t_6 * p_0_5 + p_2_4 * sin_t_6;
    const double p_1_6 = sin_t_6 * p_0_5 - p_2_4 * cos_t_6;
    const double p_2_5 = p_1_5 + 0.0;
    const double q_0 = q[0];
    double sin_t_7, cos_t_7;
    gradc_sincos(q_0, &sin_t_7, &cos_t_7);
    const double p_0_7 = cos_t_7 * p_0_6 - sin_t_7 * p_2_5;
    const double p_1_7 = sin_t_7 * p_0_6 + cos_t_7 * p_2_5;
    const double p_2_6 = 0.34 - p_1_6;
    const double t = sin_t_7 * cos_t_6;
    const double t_2 = cos_t_7 * cos_t_6;
    const double t_3 = sin_t_7 * sin_t_6;
    const double t_4 = cos_t_7 * sin_t_6;
    const double t_5 = sin_t_6 * sin_t_5;
    const double t_6 = -(sin_t_7 * cos_t_5) - t_2 * sin_t_5;
    const double t_7 = cos_t_7 * cos_t_5 - t * sin_t_5;
    const double t_8 = sin_t_6 * cos_t_5;
    const double t_9 = t_2 * cos_t_5 - sin_t_7 * sin_t_5;
    const double t_10 = cos_t_7 * sin_t_5 + t * cos_t_5;
    const double t_11 = (t_2 * p_2_3 - sin_t_7 * p_0_4) * cos_t_5 - (sin_t_7 * p_2_3 + t_2 * p_0_4) * sin_t_5;
    const double t_12 = (cos_t_7 * p_0_4 + t * p_2_3) * cos_t_5 - (t * p_0_4 - cos_t_7 * p_2_3) * sin_t_5;
    const double t_13 = t_4 * cos_t_4 - t_9 * sin_t_4;
    const double t_14 = t_3 * cos_t_4 - t_10 * sin_t_4;
    const double t_15 = cos_t_6 * cos_t_4 + t_8 * sin_t_4;
    const double t_16 = t_4 * sin_t_4 + t_9 * cos_t_4;
    const double t_17 = t_3 * sin_t_4 + t_10 * cos_t_4;
    const double t_18 = cos_t_6 * sin_t_4 - t_8 * cos_t_4;
    const double t_19 = (t_4 * p_0_3 - t_9 * p_2_2) * cos_t_4 - (t_4 * p_2_2 + t_9 * p_0_3) * sin_t_4;
    const double t_20 = (t_3 * p_0_3 - t_10 * p_2_2) * cos_t_4 - (t_3 * p_2_2 + t_10 * p_0_3) * sin_t_4;
    const double t_21 = (cos_t_6 * p_0_3 + t_8 * p_2_2) * cos_t_4 - (cos_t_6 * p_2_2 - t_8 * p_0_3) * sin_t_4;
    const double t_22 = t_6 * sin_t_3 + t_16 * cos_t_3;
    const double t_23 = t_7 * sin_t_3 + t_17 * cos_t_3;
    const double t_24 = t_5 * sin_t_3 + t_18 * cos_t_3;
    const double t_25 = (t_6 * p_0_2 - t_16 * p_2) * cos_t_3 - (t_6 * p_2 + t_16 * p_0_2) * sin_t_3;
    const double t_26 = (t_7 * p_0_2 - t_17 * p_2) * cos_t_3 - (t_7 * p_2 + t_17 * p_0_2) * sin_t_3;
    const double t_27 = (t_5 * p_0_2 - t_18 * p_2) * cos_t_3 - (t_5 * p_2 + t_18 * p_0_2) * sin_t_3;
    const double t_28 = (-(t_13 * p_0) - t_22 * -0.226) * cos_t_2 - (t_13 * 0.226 + t_22 * p_0) * sin_t_2;
    const double t_29 = (-(t_14 * p_0) - t_23 * -0.226) * cos_t_2 - (t_14 * 0.226 + t_23 * p_0) * sin_t_2;
    const double t_30 = (-(t_15 * p_0) - t_24 * -0.226) * cos_t_2 - (t_15 * 0.226 + t_24 * p_0) * sin_t_2;
    const double t_31 = (t_6 * cos_t_3 - t_16 * sin_t_3) * 0.05 * cos_t - (t_22 * cos_t_2 - t_13 * sin_t_2) * 0.05 * sin_t;
    const double t_32 = (t_7 * cos_t_3 - t_17 * sin_t_3) * 0.05 * cos_t - (t_23 * cos_t_2 - t_14 * sin_t_2) * 0.05 * sin_t;
    const double t_33 = (t_5 * cos_t_3 - t_18 * sin_t_3) * 0.05 * cos_t - (t_24 * cos_t_2 - t_15 * sin_t_2) * 0.05 * sin_t;
    value[0] = p_0_7;
    value[1] = p_1_7;
    value[2] = p_2_6;
    jac_q[0] = -(p_2_5 * cos_t_7) - p_0_6 * sin_t_7;
    jac_q[1] = cos_t_7 * p_2_4 * cos_t_6 - cos_t_7 * p_0_5 * sin_t_6;
    jac_q[2] = t_11;
    jac_q[3] = t_19;
    jac_q[4] = t_25;
    jac_q[5] = t_28;
    jac_q[6] = t_31;
    jac_q[7] = p_0_6 * cos_t_7 - p_2_5 * sin_t_7;
    jac_q[8] = sin_t_7 * p_2_4 * cos_t_6 - sin_t_7 * p_0_5 * sin_t_6;
    jac_q[9] = t_12;
    jac_q[10] = t_20;
    jac_q[11] = t_26;
    jac_q[12] = t_29;
    jac_q[13] = t_32;
    jac_q[14] = 0.0;
    jac_q[15] = -(p_0_5 * cos_t_6) - p_2_4 * sin_t_6;
    jac_q[16] = sin_t_6 * p_0_4 * sin_t_5 - sin_t_6 * p_2_3 * cos_t_5;
    jac_q[17] = t_21;
    jac_q[18] = t_27;
    jac_q[19] = t_30;
    jac_q[20] = t_33;
    return 0;
}

#ifdef __cplusplus
}
#endif
