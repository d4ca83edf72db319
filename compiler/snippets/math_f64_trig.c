/* math_f64_trig.c - circular functions and their inverses in double precision.
 *
 * See math_f64.c for the rules. sin, cos and tan are right for any argument, for
 * which they branch at |x| = 2^20, and so are not vectorised. gradc_sin_near and its
 * like hold below 2^20 only and are vectorised: a loop may use them, gather
 * gradc_is_far of its arguments by |, and be done again with the others if need be.
 */
#define GRADC_MATH_F64_TRIG_C
#ifndef GRADC_MATH_F64_C
#include "math_f64.c"
#endif

/*@ snippet gradc_turn_table */
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

/*@ snippet gradc_quarter_turns_far needs gradc_abs gradc_bits gradc_pick gradc_less gradc_turn_table gradc_from_bits gradc_head gradc_two_sum gradc_two_prod */
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

/*@ snippet gradc_quarter_turns_near */
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

/*@ snippet gradc_quarter_turns needs gradc_abs gradc_quarter_turns_near gradc_quarter_turns_far */
/* The one or the other: a branch, because loads from a table are so slow in vector
 * code (24 ns against 3) that all arguments would pay for the huge ones. */
static inline void gradc_quarter_turns(double x, double *q, double *r, double *rl)
{
    if (gradc_abs(x) < 0x1p+20) gradc_quarter_turns_near(x, q, r, rl);
    else gradc_quarter_turns_far(x, q, r, rl);
}

/*@ snippet gradc_is_far needs gradc_less gradc_abs */
/* 1 if |x| >= 2^20 or x is a nan: where gradc_sin_near and its like do not hold. */
static inline uint64_t gradc_is_far(double x)
{
    return (gradc_less(gradc_abs(x), 0x1p+20) & 1) ^ 1;
}

/*@ snippet gradc_sin_cos_parts */
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

/*@ snippet gradc_quadrant needs gradc_bits gradc_pick gradc_from_bits */
/* sin(q pi/2 + ...) from sine and cosine of the rest. */
static inline double gradc_quadrant(double q, double s, double c)
{
    const uint64_t n = gradc_bits(q + 6755399441055744.0);
    const double y = gradc_pick(0 - (n & 1), c, s);

    return gradc_from_bits(gradc_bits(y) ^ ((n & 2) << 62));
}

/*@ snippet gradc_sin needs gradc_quarter_turns gradc_sin_cos_parts gradc_pick gradc_less gradc_abs gradc_quadrant */
/* Error 0.8 ulp, everywhere. */
static inline double gradc_sin(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_pick(gradc_less(gradc_abs(x), 0x1p-27), x, gradc_quadrant(q, s + sl, c + cl));
}

/*@ snippet gradc_cos needs gradc_quarter_turns gradc_sin_cos_parts gradc_quadrant */
/* Error 0.8 ulp, everywhere. */
static inline double gradc_cos(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_quadrant(q + 1.0, s + sl, c + cl);
}

/*@ snippet gradc_tan_parts needs gradc_bits gradc_pick */
/* tan(q pi/2 + ...) from sine and cosine in parts: their quotient, corrected by the rests. */
static inline double gradc_tan_parts(double q, double s, double sl, double c, double cl)
{
    const uint64_t odd = 0 - (gradc_bits(q + 6755399441055744.0) & 1);
    const double sh = s + sl, sr = (s - sh) + sl;
    const double ch = c + cl, cr = (c - ch) + cl;
    const double n = gradc_pick(odd, -ch, sh), nl = gradc_pick(odd, -cr, sr);
    const double d = gradc_pick(odd, sh, ch), dl = gradc_pick(odd, sr, cr);
    const double y = n / d;

    return y + (nl - y * dl) / d;
}

/*@ snippet gradc_tan needs gradc_quarter_turns gradc_sin_cos_parts gradc_pick gradc_less gradc_abs gradc_tan_parts */
/* Error 1.3 ulp, everywhere. */
static inline double gradc_tan(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_pick(gradc_less(gradc_abs(x), 0x1p-27), x, gradc_tan_parts(q, s, sl, c, cl));
}

/*@ snippet gradc_sin_near needs gradc_quarter_turns_near gradc_sin_cos_parts gradc_pick gradc_less gradc_abs gradc_quadrant */
/* sin for |x| < 2^20 only. */
static inline double gradc_sin_near(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns_near(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_pick(gradc_less(gradc_abs(x), 0x1p-27), x, gradc_quadrant(q, s + sl, c + cl));
}

/*@ snippet gradc_cos_near needs gradc_quarter_turns_near gradc_sin_cos_parts gradc_quadrant */
/* cos for |x| < 2^20 only. */
static inline double gradc_cos_near(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns_near(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_quadrant(q + 1.0, s + sl, c + cl);
}

/*@ snippet gradc_tan_near needs gradc_quarter_turns_near gradc_sin_cos_parts gradc_pick gradc_less gradc_abs gradc_tan_parts */
/* tan for |x| < 2^20 only. */
static inline double gradc_tan_near(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns_near(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_pick(gradc_less(gradc_abs(x), 0x1p-27), x, gradc_tan_parts(q, s, sl, c, cl));
}

/*@ snippet gradc_sincos needs gradc_quarter_turns gradc_sin_cos_parts gradc_pick gradc_less gradc_abs gradc_quadrant */
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

/*@ snippet gradc_sincos_near needs gradc_quarter_turns_near gradc_sin_cos_parts gradc_pick gradc_less gradc_abs gradc_quadrant */
/* Both, for |x| < 2^20 (else anything). */
static inline void gradc_sincos_near(double x, double *sine, double *cosine)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns_near(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    s = s + sl;
    c = c + cl;
    *sine = gradc_pick(gradc_less(gradc_abs(x), 0x1p-27), x, gradc_quadrant(q, s, c));
    *cosine = gradc_quadrant(q + 1.0, s, c);
}

/*@ snippet gradc_atan_poly */
/* (atan t - t) / t for |t| <= sqrt(2) - 1, z = t^2: minimax, 2^-59. */
static inline double gradc_atan_poly(double z)
{
    const double w = z * z;
    const double v = w * w;

    return z * (((-0x1.555555555553dp-2 + z * 0x1.99999999958dbp-3)
            + w * (-0x1.24924922b0b86p-3 + z * 0x1.c71c70e7787ddp-4))
        + v * (((-0x1.745cf906462d4p-4 + z * 0x1.3b111c0c28bc7p-4)
            + w * (-0x1.10ebd995f8bd7p-4 + z * 0x1.df112b459d47cp-5))
        + v * ((-0x1.9cdb10cf2e2e7p-5 + z * 0x1.37ea6d83061d5p-5)
            + w * -0x1.2596f8119af23p-6)));
}

/*@ snippet gradc_atan_quotient needs gradc_less gradc_pick gradc_atan_poly */
/* Angle of (x, y) for y >= 0, and x >= 0 or a nan: x and y not both 0 and not extreme.
 * With a <= b the two of them: t = a/b or, above sqrt(2) - 1, (a - b)/(a + b), which
 * subtracts pi/4. `left` reflects the angle at the vertical. */
static inline double gradc_atan_quotient(double y, double x, uint64_t left)
{
    const uint64_t steep = gradc_less(x, y);
    const double a = gradc_pick(steep, x, y);
    const double b = gradc_pick(steep, y, x);
    const uint64_t mid = gradc_less(0x1.a827999fcef32p-2 * b, a);
    const double n = gradc_pick(mid, a - b, a);
    const double nl = (a - (n + b)); /* exact where mid; unused elsewhere */
    const double d = gradc_pick(mid, a + b, b);
    const double dl = a - (d - b);
    const double t = n / d;
    const double tl = gradc_pick(mid, (nl - t * dl) / d, 0.0);
    const double p = t + (t * gradc_atan_poly(t * t) + tl);
    const uint64_t flip = steep ^ left; /* the sign of t in the angle */
    /* The multiple of pi/4 that it is added to: 0, 1, 2, 3, 4. */
    const double turns = gradc_pick(left, 4.0, 0.0)
        + gradc_pick(steep, gradc_pick(left, -2.0, 2.0), 0.0)
        + gradc_pick(mid, gradc_pick(flip, -1.0, 1.0), 0.0);
    const double base = turns * 0x1.921fb54442d18p-1;
    const double base_l = turns * 0x1.1a62633145c07p-55;

    return base + (gradc_pick(flip, -p, p) + base_l);
}

/*@ snippet gradc_atan needs gradc_abs gradc_clamp gradc_atan_quotient gradc_with_sign gradc_pick gradc_less */
/* Error 1.5 ulp. */
static inline double gradc_atan(double x)
{
    const double a = gradc_abs(x);
    const double c = gradc_clamp(a, 0x1p+60);
    const double y = gradc_atan_quotient(c, 1.0, 0);

    return gradc_with_sign(gradc_pick(gradc_less(a, 0x1p-28), a, y), x);
}

/*@ snippet gradc_atan2 needs gradc_abs gradc_negative gradc_pick gradc_less gradc_with_sign gradc_atan_quotient */
/* Both arguments are scaled alike, and infinities put to 1 beside 0. Error 1.5 ulp. */
static inline double gradc_atan2(double y, double x)
{
    const double ay = gradc_abs(y), ax = gradc_abs(x);
    const uint64_t left = gradc_negative(x);
    const double top = gradc_pick(gradc_less(ax, ay), ay, ax);
    const uint64_t y_inf = gradc_less(1.7976931348623157e308, ay), x_inf = gradc_less(1.7976931348623157e308, ax);
    const double scale = gradc_pick(gradc_less(0x1p+1000, top), 0x1p-100,
        gradc_pick(gradc_less(top, 0x1p-900), 0x1p+120, 1.0));
    const double v = gradc_pick(y_inf | x_inf, gradc_pick(y_inf, 1.0, 0.0), ay * scale);
    const double h = gradc_pick(y_inf | x_inf, gradc_pick(x_inf, 1.0, 0.0), ax * scale);
    const double w = gradc_pick(gradc_less(top, 0x1p-1074), 1.0, h); /* atan2(0, 0) is 0 or pi */
    const double angle = gradc_with_sign(gradc_atan_quotient(v, w, left), y);

    return gradc_pick(gradc_less(INFINITY, ax) | gradc_less(INFINITY, ay), x + y, angle);
}

/*@ snippet gradc_asin_poly */
/* (asin s - s) / s for |s| <= 1/2, z = s^2: minimax, 2^-56. */
static inline double gradc_asin_poly(double z)
{
    const double w = z * z;
    const double v = w * w;

    return z * (((0x1.5555555555387p-3 + z * 0x1.333333336f8c6p-4)
            + w * (0x1.6db6db41d1d00p-5 + z * 0x1.f1c72c6dde285p-6))
        + v * (((0x1.6e89ef6e47dc1p-6 + z * 0x1.1c6c2855a0a49p-6)
            + w * (0x1.c6f87395d6893p-7 + z * 0x1.8ee4e0aa6daacp-7))
        + v * ((0x1.aab1f4f1de610p-8 + z * 0x1.40b2e881a8b56p-6)
            + w * (-0x1.0af63f213b526p-6 + z * 0x1.05cec6cd2ffa1p-5))));
}

/*@ snippet gradc_asin_parts needs gradc_less gradc_pick gradc_sqrt_parts gradc_asin_poly */
/* For 0 <= a <= 1: asin s = s + p with s = a up to 1/2, about sqrt((1 - a) / 2) above,
 * continued in p. */
static inline void gradc_asin_parts(double a, double *s_out, double *p)
{
    const uint64_t big = gradc_less(0.5, a);
    const double z = gradc_pick(big, 0.5 - 0.5 * a, a * a);
    double root, d, s;

    gradc_sqrt_parts(z, &root, &d);
    s = gradc_pick(big, root, a);
    *s_out = s;
    d = gradc_pick(big, d, 0.0);
    *p = (s + d) * gradc_asin_poly(z) + d;
}

/*@ snippet gradc_asin needs gradc_abs gradc_asin_parts gradc_pick gradc_less gradc_with_sign */
/* asin a, or pi/2 - 2 asin sqrt((1 - a) / 2) above 1/2. Error 0.8 ulp. */
static inline double gradc_asin(double x)
{
    const double a = gradc_abs(x);
    double s, p, y;

    gradc_asin_parts(a, &s, &p);
    y = 0x1.921fb54442d18p-1 - s;
    y = y + (((0x1.921fb54442d18p-1 - y) - s) + (0x1.1a62633145c07p-55 - p));
    y = gradc_pick(gradc_less(0.5, a), 2.0 * y, s + p);
    y = gradc_pick(gradc_less(1.0, a), NAN, y);
    return gradc_with_sign(gradc_pick(gradc_less(a, 0x1p-28), a, y), x);
}

/*@ snippet gradc_acos needs gradc_abs gradc_less gradc_negative gradc_pick gradc_asin_parts */
/* pi/2 - asin x in the middle, 2 asin sqrt((1 - x) / 2) right, pi minus that left.
 * Error 0.8 ulp. */
static inline double gradc_acos(double x)
{
    const double a = gradc_abs(x);
    const uint64_t big = gradc_less(0.5, a), left = gradc_negative(x);
    const double sign = gradc_pick(left, 1.0, -1.0);
    double s, p, c, y;

    gradc_asin_parts(a, &s, &p);
    s = s * gradc_pick(big, -sign, sign);
    p = p * gradc_pick(big, -sign, sign);
    c = gradc_pick(big & ~left, 0.0, 1.0);
    y = c * 0x1.921fb54442d18p+0 + s;
    y = y + (((c * 0x1.921fb54442d18p+0 - y) + s) + (c * 0x1.1a62633145c07p-54 + p));
    y = gradc_pick(big, 2.0 * y, y);
    return gradc_pick(gradc_less(1.0, a), NAN, y);
}

/*@ snippet gradc_hypot needs gradc_abs gradc_less gradc_pick gradc_sqrt_parts */
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
