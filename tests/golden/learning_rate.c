/* Made by gradc from learning_rate.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* Error 0.8 ulp, everywhere. */
static inline double gradc_cos(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_quadrant(q + 1.0, s + sl, c + cl);
}

/* learning_rate: value of learning_rate (learning_rate.dg:24)
 * x scalar  -> rate_1 [16, 2]  rate_01 [16, 2]  rate_001 [16, 2]
 * 178 add, 180 sub, 120 mul, 178 cos
 * no workspace */
int learning_rate(double x, double *rate_1, double *rate_01, double *rate_001)
{
    const double t = 1.0 + gradc_cos(x);  /* learning_rate.dg:9 */
    const double x_2 = x - t;  /* learning_rate.dg:17 */
    const double x_3 = x_2 - (1.0 + gradc_cos(x_2));
    const double x_4 = x_3 - (1.0 + gradc_cos(x_3));
    const double x_5 = x_4 - (1.0 + gradc_cos(x_4));
    const double x_6 = x_5 - (1.0 + gradc_cos(x_5));
    const double x_7 = x_6 - (1.0 + gradc_cos(x_6));
    const double x_8 = x_7 - (1.0 + gradc_cos(x_7));
    const double x_9 = x_8 - (1.0 + gradc_cos(x_8));
    const double x_10 = x_9 - (1.0 + gradc_cos(x_9));
    const double x_11 = x_10 - (1.0 + gradc_cos(x_10));
    const double x_12 = x_11 - (1.0 + gradc_cos(x_11));
    const double x_13 = x_12 - (1.0 + gradc_cos(x_12));
    const double x_14 = x_13 - (1.0 + gradc_cos(x_13));
    const double x_15 = x_14 - (1.0 + gradc_cos(x_14));
    const double x_16 = x_15 - (1.0 + gradc_cos(x_15));
    const double x_17 = x_16 - (1.0 + gradc_cos(x_16));
    const double x_18 = x_17 - (1.0 + gradc_cos(x_17));
    const double x_19 = x_18 - (1.0 + gradc_cos(x_18));
    const double x_20 = x_19 - (1.0 + gradc_cos(x_19));
    const double x_21 = x_20 - (1.0 + gradc_cos(x_20));
    const double x_22 = x_21 - (1.0 + gradc_cos(x_21));
    const double x_23 = x_22 - (1.0 + gradc_cos(x_22));
    const double x_24 = x_23 - (1.0 + gradc_cos(x_23));
    const double x_25 = x_24 - (1.0 + gradc_cos(x_24));
    const double x_26 = x_25 - (1.0 + gradc_cos(x_25));
    const double x_27 = x_26 - (1.0 + gradc_cos(x_26));
    const double x_28 = x_27 - (1.0 + gradc_cos(x_27));
    const double x_29 = x_28 - (1.0 + gradc_cos(x_28));
    const double x_30 = x_29 - (1.0 + gradc_cos(x_29));
    const double x_31 = x_30 - (1.0 + gradc_cos(x_30));
    const double x_32 = x_31 - (1.0 + gradc_cos(x_31));
    const double x_33 = x_32 - (1.0 + gradc_cos(x_32));
    const double x_34 = x_33 - (1.0 + gradc_cos(x_33));
    const double x_35 = x_34 - (1.0 + gradc_cos(x_34));
    const double x_36 = x_35 - (1.0 + gradc_cos(x_35));
    const double x_37 = x_36 - (1.0 + gradc_cos(x_36));
    const double x_38 = x_37 - (1.0 + gradc_cos(x_37));
    const double x_39 = x_38 - (1.0 + gradc_cos(x_38));
    const double x_40 = x_39 - (1.0 + gradc_cos(x_39));
    const double x_41 = x_40 - (1.0 + gradc_cos(x_40));
    const double x_42 = x_41 - (1.0 + gradc_cos(x_41));
    const double x_43 = x_42 - (1.0 + gradc_cos(x_42));
    const double x_44 = x_43 - (1.0 + gradc_cos(x_43));
    const double x_45 = x_44 - (1.0 + gradc_cos(x_44));
    const double x_46 = x_45 - (1.0 + gradc_cos(x_45));
    const double x_47 = x_46 - (1.0 + gradc_cos(x_46));
    const double x_48 = x_47 - (1.0 + gradc_cos(x_47));
    const double x_49 = x_48 - (1.0 + gradc_cos(x_48));
    const double x_50 = x_49 - (1.0 + gradc_cos(x_49));
    const double x_51 = x_50 - (1.0 + gradc_cos(x_50));
    const double x_52 = x_51 - (1.0 + gradc_cos(x_51));
    const double x_53 = x_52 - (1.0 + gradc_cos(x_52));
    const double x_54 = x_53 - (1.0 + gradc_cos(x_53));
    const double x_55 = x_54 - (1.0 + gradc_cos(x_54));
    const double x_56 = x_55 - (1.0 + gradc_cos(x_55));
    const double x_57 = x_56 - (1.0 + gradc_cos(x_56));
    const double x_58 = x_57 - (1.0 + gradc_cos(x_57));
    const double x_59 = x_58 - (1.0 + gradc_cos(x_58));
    const double x_60 = x_59 - (1.0 + gradc_cos(x_59));
    const double x_61 = x_60 - (1.0 + gradc_cos(x_60));
    const double x_62 = x - 0.1 * t;
    const double x_63 = x_62 - 0.1 * (1.0 + gradc_cos(x_62));
    const double x_64 = x_63 - 0.1 * (1.0 + gradc_cos(x_63));
    const double x_65 = x_64 - 0.1 * (1.0 + gradc_cos(x_64));
    const double x_66 = x_65 - 0.1 * (1.0 + gradc_cos(x_65));
    const double x_67 = x_66 - 0.1 * (1.0 + gradc_cos(x_66));
    const double x_68 = x_67 - 0.1 * (1.0 + gradc_cos(x_67));
    const double x_69 = x_68 - 0.1 * (1.0 + gradc_cos(x_68));
    const double x_70 = x_69 - 0.1 * (1.0 + gradc_cos(x_69));
    const double x_71 = x_70 - 0.1 * (1.0 + gradc_cos(x_70));
    const double x_72 = x_71 - 0.1 * (1.0 + gradc_cos(x_71));
    const double x_73 = x_72 - 0.1 * (1.0 + gradc_cos(x_72));
    const double x_74 = x_73 - 0.1 * (1.0 + gradc_cos(x_73));
    const double x_75 = x_74 - 0.1 * (1.0 + gradc_cos(x_74));
    const double x_76 = x_75 - 0.1 * (1.0 + gradc_cos(x_75));
    const double x_77 = x_76 - 0.1 * (1.0 + gradc_cos(x_76));
    const double x_78 = x_77 - 0.1 * (1.0 + gradc_cos(x_77));
    const double x_79 = x_78 - 0.1 * (1.0 + gradc_cos(x_78));
    const double x_80 = x_79 - 0.1 * (1.0 + gradc_cos(x_79));
    const double x_81 = x_80 - 0.1 * (1.0 + gradc_cos(x_80));
    const double x_82 = x_81 - 0.1 * (1.0 + gradc_cos(x_81));
    const double x_83 = x_82 - 0.1 * (1.0 + gradc_cos(x_82));
    const double x_84 = x_83 - 0.1 * (1.0 + gradc_cos(x_83));
    const double x_85 = x_84 - 0.1 * (1.0 + gradc_cos(x_84));
    const double x_86 = x_85 - 0.1 * (1.0 + gradc_cos(x_85));
    const double x_87 = x_86 - 0.1 * (1.0 + gradc_cos(x_86));
    const double x_88 = x_87 - 0.1 * (1.0 + gradc_cos(x_87));
    const double x_89 = x_88 - 0.1 * (1.0 + gradc_cos(x_88));
    const double x_90 = x_89 - 0.1 * (1.0 + gradc_cos(x_89));
    const double x_91 = x_90 - 0.1 * (1.0 + gradc_cos(x_90));
    const double x_92 = x_91 - 0.1 * (1.0 + gradc_cos(x_91));
    const double x_93 = x_92 - 0.1 * (1.0 + gradc_cos(x_92));
    const double x_94 = x_93 - 0.1 * (1.0 + gradc_cos(x_93));
    const double x_95 = x_94 - 0.1 * (1.0 + gradc_cos(x_94));
    const double x_96 = x_95 - 0.1 * (1.0 + gradc_cos(x_95));
    const double x_97 = x_96 - 0.1 * (1.0 + gradc_cos(x_96));
    const double x_98 = x_97 - 0.1 * (1.0 + gradc_cos(x_97));
    const double x_99 = x_98 - 0.1 * (1.0 + gradc_cos(x_98));
    const double x_100 = x_99 - 0.1 * (1.0 + gradc_cos(x_99));
    const double x_101 = x_100 - 0.1 * (1.0 + gradc_cos(x_100));
    const double x_102 = x_101 - 0.1 * (1.0 + gradc_cos(x_101));
    const double x_103 = x_102 - 0.1 * (1.0 + gradc_cos(x_102));
    const double x_104 = x_103 - 0.1 * (1.0 + gradc_cos(x_103));
    const double x_105 = x_104 - 0.1 * (1.0 + gradc_cos(x_104));
    const double x_106 = x_105 - 0.1 * (1.0 + gradc_cos(x_105));
    const double x_107 = x_106 - 0.1 * (1.0 + gradc_cos(x_106));
    const double x_108 = x_107 - 0.1 * (1.0 + gradc_cos(x_107));
    const double x_109 = x_108 - 0.1 * (1.0 + gradc_cos(x_108));
    const double x_110 = x_109 - 0.1 * (1.0 + gradc_cos(x_109));
    const double x_111 = x_110 - 0.1 * (1.0 + gradc_cos(x_110));
    const double x_112 = x_111 - 0.1 * (1.0 + gradc_cos(x_111));
    const double x_113 = x_112 - 0.1 * (1.0 + gradc_cos(x_112));
    const double x_114 = x_113 - 0.1 * (1.0 + gradc_cos(x_113));
    const double x_115 = x_114 - 0.1 * (1.0 + gradc_cos(x_114));
    const double x_116 = x_115 - 0.1 * (1.0 + gradc_cos(x_115));
    const double x_117 = x_116 - 0.1 * (1.0 + gradc_cos(x_116));
    const double x_118 = x_117 - 0.1 * (1.0 + gradc_cos(x_117));
    const double x_119 = x_118 - 0.1 * (1.0 + gradc_cos(x_118));
    const double x_120 = x_119 - 0.1 * (1.0 + gradc_cos(x_119));
    const double x_121 = x_120 - 0.1 * (1.0 + gradc_cos(x_120));
    const double x_122 = x - 0.01 * t;
    const double x_123 = x_122 - 0.01 * (1.0 + gradc_cos(x_122));
    const double x_124 = x_123 - 0.01 * (1.0 + gradc_cos(x_123));
    const double x_125 = x_124 - 0.01 * (1.0 + gradc_cos(x_124));
    const double x_126 = x_125 - 0.01 * (1.0 + gradc_cos(x_125));
    const double x_127 = x_126 - 0.01 * (1.0 + gradc_cos(x_126));
    const double x_128 = x_127 - 0.01 * (1.0 + gradc_cos(x_127));
    const double x_129 = x_128 - 0.01 * (1.0 + gradc_cos(x_128));
    const double x_130 = x_129 - 0.01 * (1.0 + gradc_cos(x_129));
    const double x_131 = x_130 - 0.01 * (1.0 + gradc_cos(x_130));
    const double x_132 = x_131 - 0.01 * (1.0 + gradc_cos(x_131));
    const double x_133 = x_132 - 0.01 * (1.0 + gradc_cos(x_132));
    const double x_134 = x_133 - 0.01 * (1.0 + gradc_cos(x_133));
    const double x_135 = x_134 - 0.01 * (1.0 + gradc_cos(x_134));
    const double x_136 = x_135 - 0.01 * (1.0 + gradc_cos(x_135));
    const double x_137 = x_136 - 0.01 * (1.0 + gradc_cos(x_136));
    const double x_138 = x_137 - 0.01 * (1.0 + gradc_cos(x_137));
    const double x_139 = x_138 - 0.01 * (1.0 + gradc_cos(x_138));
    const double x_140 = x_139 - 0.01 * (1.0 + gradc_cos(x_139));
    const double x_141 = x_140 - 0.01 * (1.0 + gradc_cos(x_140));
    const double x_142 = x_141 - 0.01 * (1.0 + gradc_cos(x_141));
    const double x_143 = x_142 - 0.01 * (1.0 + gradc_cos(x_142));
    const double x_144 = x_143 - 0.01 * (1.0 + gradc_cos(x_143));
    const double x_145 = x_144 - 0.01 * (1.0 + gradc_cos(x_144));
    const double x_146 = x_145 - 0.01 * (1.0 + gradc_cos(x_145));
    const double x_147 = x_146 - 0.01 * (1.0 + gradc_cos(x_146));
    const double x_148 = x_147 - 0.01 * (1.0 + gradc_cos(x_147));
    const double x_149 = x_148 - 0.01 * (1.0 + gradc_cos(x_148));
    const double x_150 = x_149 - 0.01 * (1.0 + gradc_cos(x_149));
    const double x_151 = x_150 - 0.01 * (1.0 + gradc_cos(x_150));
    const double x_152 = x_151 - 0.01 * (1.0 + gradc_cos(x_151));
    const double x_153 = x_152 - 0.01 * (1.0 + gradc_cos(x_152));
    const double x_154 = x_153 - 0.01 * (1.0 + gradc_cos(x_153));
    const double x_155 = x_154 - 0.01 * (1.0 + gradc_cos(x_154));
    const double x_156 = x_155 - 0.01 * (1.0 + gradc_cos(x_155));
    const double x_157 = x_156 - 0.01 * (1.0 + gradc_cos(x_156));
    const double x_158 = x_157 - 0.01 * (1.0 + gradc_cos(x_157));
    const double x_159 = x_158 - 0.01 * (1.0 + gradc_cos(x_158));
    const double x_160 = x_159 - 0.01 * (1.0 + gradc_cos(x_159));
    const double x_161 = x_160 - 0.01 * (1.0 + gradc_cos(x_160));
    const double x_162 = x_161 - 0.01 * (1.0 + gradc_cos(x_161));
    const double x_163 = x_162 - 0.01 * (1.0 + gradc_cos(x_162));
    const double x_164 = x_163 - 0.01 * (1.0 + gradc_cos(x_163));
    const double x_165 = x_164 - 0.01 * (1.0 + gradc_cos(x_164));
    const double x_166 = x_165 - 0.01 * (1.0 + gradc_cos(x_165));
    const double x_167 = x_166 - 0.01 * (1.0 + gradc_cos(x_166));
    const double x_168 = x_167 - 0.01 * (1.0 + gradc_cos(x_167));
    const double x_169 = x_168 - 0.01 * (1.0 + gradc_cos(x_168));
    const double x_170 = x_169 - 0.01 * (1.0 + gradc_cos(x_169));
    const double x_171 = x_170 - 0.01 * (1.0 + gradc_cos(x_170));
    const double x_172 = x_171 - 0.01 * (1.0 + gradc_cos(x_171));
    const double x_173 = x_172 - 0.01 * (1.0 + gradc_cos(x_172));
    const double x_174 = x_173 - 0.01 * (1.0 + gradc_cos(x_173));
    const double x_175 = x_174 - 0.01 * (1.0 + gradc_cos(x_174));
    const double x_176 = x_175 - 0.01 * (1.0 + gradc_cos(x_175));
    const double x_177 = x_176 - 0.01 * (1.0 + gradc_cos(x_176));
    const double x_178 = x_177 - 0.01 * (1.0 + gradc_cos(x_177));
    const double x_179 = x_178 - 0.01 * (1.0 + gradc_cos(x_178));
    const double x_180 = x_179 - 0.01 * (1.0 + gradc_cos(x_179));
    const double x_181 = x_180 - 0.01 * (1.0 + gradc_cos(x_180));
    rate_1[0] = 0.0;
    rate_1[1] = x;
    rate_1[2] = 4.0;
    rate_1[3] = x_5;
    rate_1[4] = 8.0;
    rate_1[5] = x_9;
    rate_1[6] = 12.0;
    rate_1[7] = x_13;
    rate_1[8] = 16.0;
    rate_1[9] = x_17;
    rate_1[10] = 20.0;
    rate_1[11] = x_21;
    rate_1[12] = 24.0;
    rate_1[13] = x_25;
    rate_1[14] = 28.0;
    rate_1[15] = x_29;
    rate_1[16] = 32.0;
    rate_1[17] = x_33;
    rate_1[18] = 36.0;
    rate_1[19] = x_37;
    rate_1[20] = 40.0;
    rate_1[21] = x_41;
    rate_1[22] = 44.0;
    rate_1[23] = x_45;
    rate_1[24] = 48.0;
    rate_1[25] = x_49;
    rate_1[26] = 52.0;
    rate_1[27] = x_53;
    rate_1[28] = 56.0;
    rate_1[29] = x_57;
    rate_1[30] = 60.0;
    rate_1[31] = x_61;
    rate_01[0] = 0.0;
    rate_01[1] = x;
    rate_01[2] = 4.0;
    rate_01[3] = x_65;
    rate_01[4] = 8.0;
    rate_01[5] = x_69;
    rate_01[6] = 12.0;
    rate_01[7] = x_73;
    rate_01[8] = 16.0;
    rate_01[9] = x_77;
    rate_01[10] = 20.0;
    rate_01[11] = x_81;
    rate_01[12] = 24.0;
    rate_01[13] = x_85;
    rate_01[14] = 28.0;
    rate_01[15] = x_89;
    rate_01[16] = 32.0;
    rate_01[17] = x_93;
    rate_01[18] = 36.0;
    rate_01[19] = x_97;
    rate_01[20] = 40.0;
    rate_01[21] = x_101;
    rate_01[22] = 44.0;
    rate_01[23] = x_105;
    rate_01[24] = 48.0;
    rate_01[25] = x_109;
    rate_01[26] = 52.0;
    rate_01[27] = x_113;
    rate_01[28] = 56.0;
    rate_01[29] = x_117;
    rate_01[30] = 60.0;
    rate_01[31] = x_121;
    rate_001[0] = 0.0;
    rate_001[1] = x;
    rate_001[2] = 4.0;
    rate_001[3] = x_125;
    rate_001[4] = 8.0;
    rate_001[5] = x_129;
    rate_001[6] = 12.0;
    rate_001[7] = x_133;
    rate_001[8] = 16.0;
    rate_001[9] = x_137;
    rate_001[10] = 20.0;
    rate_001[11] = x_141;
    rate_001[12] = 24.0;
    rate_001[13] = x_145;
    rate_001[14] = 28.0;
    rate_001[15] = x_149;
    rate_001[16] = 32.0;
    rate_001[17] = x_153;
    rate_001[18] = 36.0;
    rate_001[19] = x_157;
    rate_001[20] = 40.0;
    rate_001[21] = x_161;
    rate_001[22] = 44.0;
    rate_001[23] = x_165;
    rate_001[24] = 48.0;
    rate_001[25] = x_169;
    rate_001[26] = 52.0;
    rate_001[27] = x_173;
    rate_001[28] = 56.0;
    rate_001[29] = x_177;
    rate_001[30] = 60.0;
    rate_001[31] = x_181;
    return 0;
}

#ifdef __cplusplus
}
#endif
