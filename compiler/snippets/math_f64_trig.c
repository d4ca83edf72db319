/* math_f64_trig.c - circular functions and their inverses in double precision.
 *
 * See math_f64.c for the rules. The argument of sin, cos and tan is reduced
 * without a branch for any size, at the price of seven table loads; code that
 * knows |x| to be moderate may use gradc_sin_near and its like, which are
 * twice as fast in loops, and gradc_sincos branches, for scalar code. */
#define GRADC_MATH_F64_TRIG_C
#ifndef GRADC_MATH_F64_C
#include "math_f64.c"
#endif

/*@ snippet gradc_turn_table */
/* Row j: 2^(32 j - 64) 2/pi less a multiple of 4, in seven pieces: multiples of 2^-24,
 * 2^-50, ... 2^-154, of 26 bits each, and a rest. They are the bits of doubles: a load
 * of integers cannot alias a store of doubles, which would keep gcc from vectorising. */
static const uint64_t gradc_turn_table[33][7] = {
    {0, 0, 0x3be4600000000000, 0xbb19f246c0000000, 0xb97bbead60000000, 0xb78ec54200000000, 0x3631f534ddc0db63},
    {0, 0x3de45f3000000000, 0x3c8b727200000000, 0x3b1054a7f0000000, 0x3943abe900000000, 0xb7a5964480000000, 0x35eb6c52b3278872},
    {0x3fe45f3060000000, 0x3e5b939100000000, 0x3cb529fc20000000, 0x3b1d5f47d0000000, 0x39734ddc10000000, 0xb7c24eb540000000, 0x36393c439041fe51},
    {0xbffb1bbeb0000000, 0x3e44fe13a0000000, 0x3cb7d1f530000000, 0x3b13770370000000, 0xb963ad4ce0000000, 0x37ce21c820000000, 0x35ffe5163abdebbc},
    {0x3fffc27580000000, 0xbe470565a0000000, 0x3cbdc0db60000000, 0x3b04acc9e0000000, 0x3950e41080000000, 0xb77ae9c400000000, 0xb63421443a9e48dc},
    {0x3fff534de0000000, 0xbe4f924ec0000000, 0x3cb5993c40000000, 0x3b0c821000000000, 0xb97ae9c540000000, 0xb7c0a21d40000000, 0xb63e48db91c5bdb2},
    {0x3feb6c52c0000000, 0xbe59b0ef20000000, 0x3cb041fe50000000, 0x3af63abe00000000, 0xb97443a9e0000000, 0xb7d236e470000000, 0xb616f6c8b47fe6db},
    {0x3ff3c43900000000, 0x3e507f9460000000, 0xbcbc542140000000, 0xbb10ea7920000000, 0xb96b7238c0000000, 0x37d09374c0000000, 0xb63ff9b6d115f62e},
    {0x3fffe51640000000, 0xbe55085110000000, 0x3c9586dc80000000, 0x3b11b8e910000000, 0xb97b22d200000000, 0x379924bc00000000, 0xb635f62e6de301e2},
    {0xbfc0a21d80000000, 0x3e586dc920000000, 0xbcb1c5bdb0000000, 0xbb0168ffc0000000, 0xb97b6d1160000000, 0x37a3a32400000000, 0x363cfe1deb1cb12a},
    {0x3ffb7246e0000000, 0x3e4d2126e0000000, 0x3cb2e00650000000, 0xbb1b4457e0000000, 0x397d1921d0000000, 0xb77e215000000000, 0x363cb129a73ee882},
    {0xbffbdb22d0000000, 0xbe3ff9b6c0000000, 0xbcb115f630000000, 0x3af921d000000000, 0xb97e214e30000000, 0xb7d3b59630000000, 0xb5f177dca0ad144c},
    {0x3f9924bc00000000, 0xbe35f62e80000000, 0x3cb21cfe20000000, 0xbb00a71a80000000, 0x39729a73f0000000, 0xb7b77dca00000000, 0xb625a28976f62cc7},
    {0xbfff62e6e0000000, 0x3e3cfe1e00000000, 0xbcb4e34ed0000000, 0xbb19630460000000, 0x396046bea0000000, 0x37c75da240000000, 0x3613a671c09ad17e},
    {0x3fefc3bd60000000, 0x3e3cb129c0000000, 0xbcb8c11780000000, 0x3b01afa980000000, 0xb9744bb7b0000000, 0xb7b6638fc0000000, 0xb6394ba081bec66e},
    {0x3fe62534e0000000, 0x3e4f744120000000, 0xbca415a280000000, 0xbb12edec60000000, 0x3979c70270000000, 0xb7d2e82070000000, 0x35f3991d63983534},
    {0xbff177dca0000000, 0xbe25a28980000000, 0x3c9213a680000000, 0xbb0c7eca60000000, 0x3957df9040000000, 0x37ccc8eb20000000, 0xb619f2b3182d8def},
    {0x3ff2ebb450000000, 0xbe5ec598e0000000, 0xbcafb29740000000, 0xbae037d900000000, 0x39791d63a0000000, 0xb7df2b3180000000, 0xb626c6f740e8840e},
    {0x3fed338e00000000, 0x3e435a2fc0000000, 0xbc7bec6700000000, 0x3afd639840000000, 0xb96598c160000000, 0xb7d8dee820000000, 0x36277bf250763ff1},
    {0xbff4ba0820000000, 0x3e504e6470000000, 0x3cb6398350000000, 0x3b09cfa4e0000000, 0x39608bf180000000, 0xb7d081b5f0000000, 0xb613801da00087ea},
    {0x3ff3991d60000000, 0x3e4cc1a9a0000000, 0xbc982d8e00000000, 0x3b117e2ef0000000, 0x397f9283b0000000, 0x37bff89800000000, 0xb5c0fd33f8086877},
    {0x3ff83533a0000000, 0xbe26c6f780000000, 0x3cbf8bbe00000000, 0xbb1b5f1380000000, 0xb91da00000000000, 0xb7c0fd3400000000, 0x362fde5e2316b415},
    {0x3fe3908c00000000, 0xbe5d1081b0000000, 0xbcb7c4e000000000, 0xbb1da00080000000, 0xb97fa67f00000000, 0xb7b0d0ee80000000, 0x3626b414da3eda6d},
    {0xbfd081b600000000, 0x3e4d8ffc40000000, 0x3cb7ffde00000000, 0x3b16603fc0000000, 0xb96a1dcea0000000, 0x37d6829b40000000, 0x363f6d367ecf27cb},
    {0xbfec00ed00000000, 0xbdc0fd4000000000, 0x3cb80fef30000000, 0xbaedce9480000000, 0xb97f592e10000000, 0x37db4d9fb0000000, 0x362e4f96136e9e8c},
    {0xbfc0fd3400000000, 0x3e2fde5e00000000, 0x3cb18b5a10000000, 0xbb164b8250000000, 0x397367ecf0000000, 0x37c3e584e0000000, 0xb62161738132c340},
    {0xbfb0d0ee00000000, 0xbe5d297d60000000, 0xbcb2e092d0000000, 0x3b19fb3ca0000000, 0xb94a7b2480000000, 0x37d3d18fe0000000, 0xb63961a015d28ad8},
    {0xbfe4beb260000000, 0x3e3f6d3680000000, 0xbc730d8300000000, 0xbb13d922c0000000, 0xb967381320000000, 0xb7d8680570000000, 0xb6328ad84538141a},
    {0xbfe2593020000000, 0xbe486c1a80000000, 0x3ca36e9e80000000, 0x3b18fd9a80000000, 0xb97a015d30000000, 0x37dd49eeb0000000, 0x361faf97c5ecf41d},
    {0xbfeb069ec0000000, 0xbe522c2e70000000, 0xbc632c3400000000, 0xbab5d28c00000000, 0x39727bac80000000, 0xb7b41a0e80000000, 0xb6130be31821d6b6},
    {0xbfe6173820000000, 0x3e59a79800000000, 0xbcb5d28ae0000000, 0x3b1eeb1fb0000000, 0xb93a0e8500000000, 0x37ce839d00000000, 0xb620eb5ada2b2809},
    {0xbff61a0160000000, 0x3e46ba93e0000000, 0xbc94e05080000000, 0x3b17c5ecf0000000, 0x3970739f80000000, 0xb7dd6b5b40000000, 0xb6359404a04ee073},
    {0x3ff7527bb0000000, 0xbe4c0a0d00000000, 0xbcad098600000000, 0x3b1ce7de30000000, 0xb97ad6d160000000, 0x37dafed7f0000000, 0xb62dc0e545ef53fa},
};

/*@ snippet gradc_quarter_turns needs gradc_abs gradc_bits gradc_pick gradc_less gradc_turn_table gradc_from_bits gradc_head gradc_two_sum gradc_two_prod */
/* x = q pi/2 + r + rl, |r| <= pi/4, for any finite x; *q is right modulo 4.
 * After Payne & Hanek. x = z 2^(32 j - 64) with z an integer in [2^52, 2^84), or j = 0;
 * so x 2/pi is z times row j modulo 4. With z in two parts zh + zl all products are
 * exact and so are the sums p0 ... p4 (zh t[0] is a multiple of 4). They are rid of
 * their integers and added up so that 2^-115 is kept: no double is nearer to a
 * multiple of pi/2 than 2^-62. */
static inline void gradc_quarter_turns(double x, double *q, double *r, double *rl)
{
    const double magic = 6755399441055744.0;     /* 1.5 2^52: rounds to integers */
    const double magic8 = 1729382256910270464.0; /* 1.5 2^60: to multiples of 2^8 */
    const double a = gradc_abs(x);
    const uint64_t j = ((gradc_bits(gradc_pick(gradc_less(0x1p-12, a), a, 0x1p-12)) >> 52) - 1011) >> 5;
    const uint64_t *const row = gradc_turn_table[j];
    const double t0 = gradc_from_bits(row[0]), t1 = gradc_from_bits(row[1]);
    const double t2 = gradc_from_bits(row[2]), t3 = gradc_from_bits(row[3]);
    const double t4 = gradc_from_bits(row[4]), t5 = gradc_from_bits(row[5]);
    const double t6 = gradc_from_bits(row[6]);
    const double z = x * gradc_from_bits((1087 - 32 * j) << 52);
    const double zh = gradc_head(z), zl = z - zh;
    const double p0 = zl * t0 + zh * t1;
    const double p1 = zl * t1 + zh * t2;
    const double p2 = zl * t2 + zh * t3;
    const double p3 = zl * t3 + zh * t4;
    const double p4 = zl * t4 + zh * t5;
    const double p5 = zl * t5 + z * t6;
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
/* Error 0.6 ulp, everywhere. */
static inline double gradc_sin(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_pick(gradc_less(gradc_abs(x), 0x1p-27), x, gradc_quadrant(q, s + sl, c + cl));
}

/*@ snippet gradc_cos needs gradc_quarter_turns gradc_sin_cos_parts gradc_quadrant */
/* Error 0.6 ulp, everywhere. */
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
/* Error 1.1 ulp, everywhere. */
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

/*@ snippet gradc_sincos needs gradc_abs gradc_quarter_turns_near gradc_quarter_turns gradc_sin_cos_parts gradc_pick gradc_less gradc_quadrant */
/* Both of one argument, for scalar code: it branches on the size of x. */
static inline void gradc_sincos(double x, double *sine, double *cosine)
{
    double q, r, rl, s, sl, c, cl;

    if (gradc_abs(x) < 0x1p+20) gradc_quarter_turns_near(x, &q, &r, &rl);
    else gradc_quarter_turns(x, &q, &r, &rl);
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
/* Error 1 ulp. */
static inline double gradc_atan(double x)
{
    const double a = gradc_abs(x);
    const double c = gradc_clamp(a, 0x1p+60);
    const double y = gradc_atan_quotient(c, 1.0, 0);

    return gradc_with_sign(gradc_pick(gradc_less(a, 0x1p-28), a, y), x);
}

/*@ snippet gradc_atan2 needs gradc_abs gradc_negative gradc_pick gradc_less gradc_with_sign gradc_atan_quotient */
/* Both arguments are scaled alike, and infinities put to 1 beside 0. Error 1.1 ulp. */
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

/*@ snippet gradc_asin_parts needs gradc_less gradc_pick gradc_sqrt gradc_head gradc_asin_poly */
/* For 0 <= a <= 1: asin s = s + p with s = a up to 1/2, s = sqrt((1 - a) / 2) above,
 * the square root continued in p. */
static inline void gradc_asin_parts(double a, double *s_out, double *p)
{
    const uint64_t big = gradc_less(0.5, a);
    const double z = gradc_pick(big, 0.5 - 0.5 * a, a * a);
    const double s = gradc_pick(big, gradc_sqrt(z), a);
    const double h = gradc_head(s);
    const double l = s - h;
    const double rest = ((z - h * h) - 2.0 * h * l) - l * l; /* z - s^2 */

    *s_out = s;
    *p = s * gradc_asin_poly(z) + gradc_pick(big & gradc_less(a, 1.0), 0.5 * rest / s, 0.0);
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

/*@ snippet gradc_hypot needs gradc_abs gradc_less gradc_pick gradc_sqrt */
/* Scaled so that no square overflows; the squares in parts. Error 0.6 ulp. */
static inline double gradc_hypot(double x, double y)
{
    const double ax = gradc_abs(x), ay = gradc_abs(y);
    const uint64_t swap = gradc_less(ax, ay);
    const double top = gradc_pick(swap, ay, ax), low = gradc_pick(swap, ax, ay);
    const uint64_t large = gradc_less(0x1p+500, top), small = gradc_less(top, 0x1p-450);
    const double scale = gradc_pick(large, 0x1p-600, gradc_pick(small, 0x1p+600, 1.0));
    const double back = gradc_pick(large, 0x1p+600, gradc_pick(small, 0x1p-600, 1.0));
    const double r = gradc_sqrt((top * scale) * (top * scale) + (low * scale) * (low * scale)) * back;
    const double z = gradc_pick(gradc_less(INFINITY, ax) | gradc_less(INFINITY, ay), x + y, r);
    const uint64_t x_inf = gradc_less(1.7976931348623157e308, ax) & ~gradc_less(INFINITY, ax);
    const uint64_t y_inf = gradc_less(1.7976931348623157e308, ay) & ~gradc_less(INFINITY, ay);

    return gradc_pick(x_inf | y_inf, INFINITY, z);
}
