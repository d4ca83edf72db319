/* Made by gradc from ba_map.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* Nobody asks sqrt for errno: only without it do loops vectorise. */
#if defined(__GNUC__) && !defined(__cplusplus) && !defined(__TINYC__)
double sqrt(double) __attribute__((const));
float sqrtf(float) __attribute__((const));
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

/* Bytes in the workspace for an array: whole cache lines. */
static inline size_t gradc_space(int64_t bytes)
{
    return ((size_t)bytes + 63) / 64 * 64;
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

/* ba_all: value of ba_all (ba_map.dg:6)
 * cams [C, 11]  X [P, 3]  w [O]  cameras [O]  points [O]  feats [O, 2]  -> value [O, 2]
 * workspace: ba_all_work(C, P, O) bytes */
int ba_all(const double *cams, const double *X, const double *w, const int32_t *cameras,
    const int32_t *points, const double *feats, int64_t C, int64_t P, int64_t O, double *value,
    void *work)
{
    (void)C;
    (void)P;
    char *const space = (char *)work;
    double *const w_2 = (double *)(void *)space;  /* [O, 3] */
    const size_t offset1 = gradc_space(24*O);
    double *const w_3 = (double *)(void *)(space + offset1);  /* [O] */
    const size_t offset2 = offset1 + gradc_space(8*O);
    double *const w_4 = (double *)(void *)(space + offset2);  /* [O] */
    const size_t offset3 = offset2 + gradc_space(8*O);
    double *const w_5 = (double *)(void *)(space + offset3);  /* [O] */
    const size_t offset4 = offset3 + gradc_space(8*O);
    double *const w_6 = (double *)(void *)(space + offset4);  /* [O] */
    double *const s = (double *)(void *)(space + offset4);  /* [O] */
    const size_t offset5 = offset4 + gradc_space(8*O);
    double *const w_8 = (double *)(void *)(space + offset5);  /* [O] */
    const size_t offset6 = offset5 + gradc_space(8*O);
    double *const w_9 = (double *)(void *)(space + offset6);  /* [O] */
    const size_t offset7 = offset6 + gradc_space(8*O);
    double *const w_10 = (double *)(void *)(space + offset7);  /* [O] */
    const size_t offset8 = offset7 + gradc_space(8*O);
    double *const a = (double *)(void *)(space + offset8);  /* [O, 3] */
    const size_t offset9 = offset8 + gradc_space(24*O);
    double *const w_7 = (double *)(void *)(space + offset9);  /* [O, 3] */
    const size_t offset10 = offset9 + gradc_space(24*O);
    double *const w_11 = (double *)(void *)(space + offset10);  /* [O, 3] */

    for (int64_t i = 0; i < O; i++) {
        double s_so_far = 0.0;
        GRADC_IVDEP
        for (int64_t j = 0; j < 3; j++) {
            const double t = X[(int64_t)points[i] * 3 + j] - cams[(int64_t)cameras[i] * 11 + (j + 3)];
            const double t_2 = cams[(int64_t)cameras[i] * 11 + j];  /* ba_map.dg:7 */
            w_2[i * 3 + j] = t;
            s_so_far += t_2 * t_2;
        }
        w_3[i] = s_so_far;
    }
    uint64_t far = 0;
    for (int64_t i = 0; i < O; i++) {
        const double t = w_3[i];
        const int t_2 = t == 0.0;
        const double t_3 = sqrt(t_2 ? 1.0 : t);
        const double th = t_2 ? 0.0 : t_3;
        far |= gradc_is_far(th);
    }
    if (far == 0) {
        GRADC_IVDEP
        for (int64_t i = 0; i < O; i++) {
            const double t_4 = w_3[i];
            const int t_5 = t_4 == 0.0;
            const double t_6 = sqrt(t_5 ? 1.0 : t_4);
            const double th_2 = t_5 ? 0.0 : t_6;
            double sin_t, cos_t;
            gradc_sincos_near(th_2, &sin_t, &cos_t);
            const double t_7 = cams[(int64_t)cameras[i] * 11 + 1];
            const double t_8 = w_2[i * 3 + 2];
            const double t_9 = cams[(int64_t)cameras[i] * 11 + 2];
            const double t_10 = w_2[i * 3 + 1];
            const double t_11 = w_2[i * 3];
            const double t_12 = cams[(int64_t)cameras[i] * 11];
            w_4[i] = t_6;
            w_5[i] = cos_t;
            w_6[i] = sin_t;
            w_8[i] = t_7 * t_8 - t_9 * t_10;
            w_9[i] = t_9 * t_11 - t_12 * t_8;
            w_10[i] = t_12 * t_10 - t_7 * t_11;
        }
    } else {
        for (int64_t i = 0; i < O; i++) {
            const double t_13 = w_3[i];
            const int t_14 = t_13 == 0.0;
            const double t_15 = sqrt(t_14 ? 1.0 : t_13);
            const double th_3 = t_14 ? 0.0 : t_15;
            double sin_t_2, cos_t_2;
            gradc_sincos(th_3, &sin_t_2, &cos_t_2);
            const double t_16 = cams[(int64_t)cameras[i] * 11 + 1];
            const double t_17 = w_2[i * 3 + 2];
            const double t_18 = cams[(int64_t)cameras[i] * 11 + 2];
            const double t_19 = w_2[i * 3 + 1];
            const double t_20 = w_2[i * 3];
            const double t_21 = cams[(int64_t)cameras[i] * 11];
            w_4[i] = t_15;
            w_5[i] = cos_t_2;
            w_6[i] = sin_t_2;
            w_8[i] = t_16 * t_17 - t_18 * t_19;
            w_9[i] = t_18 * t_20 - t_21 * t_17;
            w_10[i] = t_21 * t_19 - t_16 * t_20;
        }
    }
    for (int64_t i = 0; i < O; i++) {
        const double th = (w_3[i] == 0.0) ? 0.0 : w_4[i];
        GRADC_IVDEP
        for (int64_t j = 0; j < 3; j++) {
            const double a_2 = cams[(int64_t)cameras[i] * 11 + j] / th;
            a[i * 3 + j] = a_2;
        }
    }
    GRADC_IVDEP
    for (int64_t i = 0; i < O; i++) {
        const double t = a[i * 3 + 1];
        const double t_2 = w_2[i * 3 + 2];
        const double t_3 = a[i * 3 + 2];
        const double t_4 = w_2[i * 3 + 1];
        const double t_5 = w_6[i];
        const double t_6 = w_2[i * 3];
        const double t_7 = a[i * 3];
        w_7[i * 3] = (t * t_2 - t_3 * t_4) * t_5;
        w_7[i * 3 + 1] = (t_3 * t_6 - t_7 * t_2) * t_5;
        w_7[i * 3 + 2] = (t_7 * t_4 - t * t_6) * t_5;
    }
    for (int64_t i = 0; i < O; i++) {
        const double t = a[i * 3] * w_2[i * 3] + a[i * 3 + 1] * w_2[i * 3 + 1] + a[i * 3 + 2] * w_2[i * 3 + 2];
        const double t_2 = t * (1.0 - w_5[i]);
        GRADC_IVDEP
        for (int64_t j = 0; j < 3; j++) {
            w_11[i * 3 + j] = a[i * 3 + j] * t_2;
        }
    }
    for (int64_t i_2 = 0; i_2 < O; i_2++)
        s[i_2] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < O; i++) {
        const double th = (w_3[i] == 0.0) ? 0.0 : w_4[i];
        const int t = th == 0.0;
        const double t_2 = w_2[i * 3];
        const double t_3 = w_5[i];
        const double turned = t_2 * t_3 + w_7[i * 3] + w_11[i * 3];
        const double R_2 = t ? t_2 + w_8[i] : turned;
        const double t_4 = w_2[i * 3 + 1];
        const double turned_2 = t_4 * t_3 + w_7[i * 3 + 1] + w_11[i * 3 + 1];
        const double R_3 = t ? t_4 + w_9[i] : turned_2;
        const double t_5 = w_2[i * 3 + 2];
        const double turned_3 = t_5 * t_3 + w_7[i * 3 + 2] + w_11[i * 3 + 2];
        const double R_4 = t ? t_5 + w_10[i] : turned_3;
        const double p = R_2 / R_4;
        const double p_2 = R_3 / R_4;
        const double s_2 = p * p + p_2 * p_2;
        const double t_6 = 1.0 + cams[(int64_t)cameras[i] * 11 + 9] * s_2 + cams[(int64_t)cameras[i] * 11 + 10] * (s_2 * s_2);
        const double t_7 = w[i];
        const double t_8 = cams[(int64_t)cameras[i] * 11 + 6];
        const double p_3 = p * t_6;
        const double errors = t_7 * (t_8 * p_3 + cams[(int64_t)cameras[i] * 11 + 7] - feats[i * 2]);
        const double p_4 = p_2 * t_6;
        const double t_9 = t_8 * p_4 + cams[(int64_t)cameras[i] * 11 + 8] - feats[i * 2 + 1];
        const double errors_2 = t_7 * t_9;
        s[i] += s_2;
        value[i * 2] = errors;
        value[i * 2 + 1] = errors_2;
    }
    return 0;
}

size_t ba_all_work(int64_t C, int64_t P, int64_t O)
{
    (void)C;
    (void)P;
    return gradc_space(24*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(24*O)
        + gradc_space(24*O)
        + gradc_space(24*O);
}

/* ba_blocks: value of ba_blocks (ba_map.dg:17)
 * cams [C, 11]  X [P, 3]  w [O]  cameras [O]  points [O]  feats [O, 2]  -> value [O, 2, 15]
 * workspace: ba_blocks_work(C, P, O) bytes */
int ba_blocks(const double *cams, const double *X, const double *w, const int32_t *cameras,
    const int32_t *points, const double *feats, int64_t C, int64_t P, int64_t O, double *value,
    void *work)
{
    (void)C;
    (void)P;
    char *const space = (char *)work;
    uint8_t *const w_8 = (uint8_t *)(void *)space;  /* [2, 3] */
    const size_t offset1 = gradc_space(6);
    double *const w_9 = (double *)(void *)(space + offset1);  /* [O] */
    const size_t offset2 = offset1 + gradc_space(8*O);
    double *const w_15 = (double *)(void *)(space + offset2);  /* [O, 3] */
    const size_t offset3 = offset2 + gradc_space(24*O);
    double *const w_10 = (double *)(void *)(space + offset3);  /* [O] */
    const size_t offset4 = offset3 + gradc_space(8*O);
    double *const w_11 = (double *)(void *)(space + offset4);  /* [O] */
    const size_t offset5 = offset4 + gradc_space(8*O);
    double *const w_12 = (double *)(void *)(space + offset5);  /* [O] */
    const size_t offset6 = offset5 + gradc_space(8*O);
    double *const w_17 = (double *)(void *)(space + offset6);  /* [O] */
    const size_t offset7 = offset6 + gradc_space(8*O);
    double *const w_18 = (double *)(void *)(space + offset7);  /* [O] */
    const size_t offset8 = offset7 + gradc_space(8*O);
    double *const w_19 = (double *)(void *)(space + offset8);  /* [O] */
    const size_t offset9 = offset8 + gradc_space(8*O);
    double *const a = (double *)(void *)(space + offset9);  /* [O, 3] */
    const size_t offset10 = offset9 + gradc_space(24*O);
    double *const w_20 = (double *)(void *)(space + offset10);  /* [O, 3] */
    const size_t offset11 = offset10 + gradc_space(24*O);
    double *const w_23 = (double *)(void *)(space + offset11);  /* [O] */
    const size_t offset12 = offset11 + gradc_space(8*O);
    uint8_t *const w_13 = (uint8_t *)(void *)(space + offset12);  /* [O, 2, 3] */
    const size_t offset13 = offset12 + gradc_space(6*O);
    uint8_t *const w_14 = (uint8_t *)(void *)(space + offset13);  /* [O, 2] */
    const size_t offset14 = offset13 + gradc_space(2*O);
    double *const s = (double *)(void *)(space + offset14);  /* [O] */
    const size_t offset15 = offset14 + gradc_space(8*O);
    double *const p = (double *)(void *)(space + offset15);  /* [O, 2] */
    const size_t offset16 = offset15 + gradc_space(16*O);
    double *const w_30 = (double *)(void *)(space + offset16);  /* [O, 2] */
    const size_t offset17 = offset16 + gradc_space(16*O);
    double *const w_32 = (double *)(void *)(space + offset17);  /* [O, 2, 3] */
    const size_t offset18 = offset17 + gradc_space(48*O);
    double *const w_33 = (double *)(void *)(space + offset18);  /* [O, 2] */
    const size_t offset19 = offset18 + gradc_space(16*O);
    double *const w_35 = (double *)(void *)(space + offset19);  /* [O, 2, 3] */
    const size_t offset20 = offset19 + gradc_space(48*O);
    double *const w_38 = (double *)(void *)(space + offset20);  /* [O, 2, 3] */
    const size_t offset21 = offset20 + gradc_space(48*O);
    double *const w_39 = (double *)(void *)(space + offset21);  /* [O, 2] */
    const size_t offset22 = offset21 + gradc_space(16*O);
    double *const w_40 = (double *)(void *)(space + offset22);  /* [O, 2] */
    const size_t offset23 = offset22 + gradc_space(16*O);
    uint8_t *const w_21 = (uint8_t *)(void *)(space + offset23);  /* [O, 2] */
    const size_t offset24 = offset23 + gradc_space(2*O);
    uint8_t *const w_22 = (uint8_t *)(void *)(space + offset24);  /* [O, 2] */

    w_8[0] = (uint8_t)1;
    w_8[1] = (uint8_t)1;
    w_8[2] = (uint8_t)1;
    w_8[3] = (uint8_t)1;
    w_8[4] = (uint8_t)1;
    w_8[5] = (uint8_t)1;
    for (int64_t i = 0; i < O; i++) {
        double s_so_far = 0.0;
        GRADC_IVDEP
        for (int64_t j = 0; j < 3; j++) {
            const double t = cams[(int64_t)cameras[i] * 11 + j];  /* ba_map.dg:18 */
            const double t_2 = X[(int64_t)points[i] * 3 + j] - cams[(int64_t)cameras[i] * 11 + (j + 3)];
            s_so_far += t * t;
            w_15[i * 3 + j] = t_2;
        }
        w_9[i] = s_so_far;
    }
    uint64_t far = 0;
    for (int64_t i = 0; i < O; i++) {
        const double t = w_9[i];
        const int t_2 = t == 0.0;
        const double t_3 = sqrt(t_2 ? 1.0 : t);
        const double th = t_2 ? 0.0 : t_3;
        far |= gradc_is_far(th);
    }
    if (far == 0) {
        GRADC_IVDEP
        for (int64_t i = 0; i < O; i++) {
            const double t_4 = w_9[i];
            const int t_5 = t_4 == 0.0;
            const double t_6 = sqrt(t_5 ? 1.0 : t_4);
            const double th_2 = t_5 ? 0.0 : t_6;
            double sin_t, cos_t;
            gradc_sincos_near(th_2, &sin_t, &cos_t);
            const double t_7 = cams[(int64_t)cameras[i] * 11 + 1];
            const double t_8 = w_15[i * 3 + 2];
            const double t_9 = cams[(int64_t)cameras[i] * 11 + 2];
            const double t_10 = w_15[i * 3 + 1];
            const double t_11 = w_15[i * 3];
            const double t_12 = cams[(int64_t)cameras[i] * 11];
            w_10[i] = t_6;
            w_11[i] = cos_t;
            w_12[i] = sin_t;
            w_17[i] = t_7 * t_8 - t_9 * t_10;
            w_18[i] = t_9 * t_11 - t_12 * t_8;
            w_19[i] = t_12 * t_10 - t_7 * t_11;
        }
    } else {
        for (int64_t i = 0; i < O; i++) {
            const double t_13 = w_9[i];
            const int t_14 = t_13 == 0.0;
            const double t_15 = sqrt(t_14 ? 1.0 : t_13);
            const double th_3 = t_14 ? 0.0 : t_15;
            double sin_t_2, cos_t_2;
            gradc_sincos(th_3, &sin_t_2, &cos_t_2);
            const double t_16 = cams[(int64_t)cameras[i] * 11 + 1];
            const double t_17 = w_15[i * 3 + 2];
            const double t_18 = cams[(int64_t)cameras[i] * 11 + 2];
            const double t_19 = w_15[i * 3 + 1];
            const double t_20 = w_15[i * 3];
            const double t_21 = cams[(int64_t)cameras[i] * 11];
            w_10[i] = t_15;
            w_11[i] = cos_t_2;
            w_12[i] = sin_t_2;
            w_17[i] = t_16 * t_17 - t_18 * t_19;
            w_18[i] = t_18 * t_20 - t_21 * t_17;
            w_19[i] = t_21 * t_19 - t_16 * t_20;
        }
    }
    for (int64_t i = 0; i < O; i++) {
        const double th = (w_9[i] == 0.0) ? 0.0 : w_10[i];
        double s_so_far = 0.0;
        GRADC_IVDEP
        for (int64_t j = 0; j < 3; j++) {
            const double a_2 = cams[(int64_t)cameras[i] * 11 + j] / th;
            a[i * 3 + j] = a_2;
            w_20[i * 3 + j] = -a_2 / th;
            s_so_far += a_2 * w_15[i * 3 + j];
        }
        w_23[i] = s_so_far;
    }
    for (int64_t i = 0; i < O; i++) {
        const double th = (w_9[i] == 0.0) ? 0.0 : w_10[i];
        const int t = !(th == 0.0);
        for (int64_t j = 0; j < 2; j++) {
            int s_so_far = 0;
            GRADC_IVDEP
            for (int64_t k = 0; k < 3; k++) {
                const int t_2 = t & w_8[j * 3 + k];
                w_13[(i * 2 + j) * 3 + k] = (uint8_t)t_2;
                s_so_far = (uint8_t)(s_so_far | (t_2));
            }
            w_14[i * 2 + j] = (uint8_t)s_so_far;
        }
    }
    for (int64_t i_2 = 0; i_2 < O; i_2++)
        s[i_2] = 0.0;
    for (int64_t i_3 = 0; i_3 < (2*O); i_3++)
        w_30[i_3] = 0.0;
    for (int64_t i_4 = 0; i_4 < (2*O); i_4++)
        w_33[i_4] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < O; i++) {
        const double t = a[i * 3 + 1];
        const double t_2 = w_15[i * 3 + 2];
        const double t_3 = a[i * 3 + 2];
        const double t_4 = w_15[i * 3 + 1];
        const double t_5 = t * t_2 - t_3 * t_4;
        const double t_6 = w_12[i];
        const double t_7 = w_15[i * 3];
        const double t_8 = a[i * 3];
        const double t_9 = t_3 * t_7 - t_8 * t_2;
        const double t_10 = t_8 * t_4 - t * t_7;
        const double t_11 = w_11[i];
        const double t_12 = w_23[i];
        const double t_13 = 1.0 - t_11;
        const double t_14 = t_12 * t_13;
        const double turned_2 = t_7 * t_11 + t_5 * t_6 + t_8 * t_14;
        const double turned_3 = t_4 * t_11 + t_9 * t_6 + t * t_14;
        const double turned_4 = t_2 * t_11 + t_10 * t_6 + t_3 * t_14;
        const double t_15 = w_10[i];
        const double th = (w_9[i] == 0.0) ? 0.0 : t_15;
        const int t_16 = th == 0.0;
        const double R_2 = t_16 ? t_7 + w_17[i] : turned_2;
        const double R_3 = t_16 ? t_4 + w_18[i] : turned_3;
        const double R_4 = t_16 ? t_2 + w_19[i] : turned_4;
        const double p_2 = R_2 / R_4;
        const double p_3 = R_3 / R_4;
        const double s_2 = p_2 * p_2 + p_3 * p_3;
        const double t_17 = cams[(int64_t)cameras[i] * 11 + 9];
        const double t_18 = cams[(int64_t)cameras[i] * 11 + 10];
        const double t_19 = 1.0 + t_17 * s_2 + t_18 * (s_2 * s_2);
        const double p_4 = p_2 * t_19;
        const double p_5 = p_3 * t_19;
        const double t_20 = cams[(int64_t)cameras[i] * 11 + 6];
        const double t_21 = w[i] * t_20;
        const double t_22 = 2.0 * p_2;
        const double t_23 = 2.0 * p_3;
        const double t_24 = t_21 * t_19;
        const double t_25 = t_24 / R_4;
        const double t_26 = -p_2 / R_4;
        const double t_27 = -p_3 / R_4;
        const double t_28 = t_21 * p_2 + 0.0;
        const double t_29 = 0.0 + t_21 * p_3;
        const double t_30 = 2.0 * s_2;
        const double t_31 = t_28 * t_18 * t_30 + t_28 * t_17;
        const double t_32 = t_31 * t_22;
        const double t_33 = t_25 + t_32 / R_4;
        const double t_34 = t_31 * t_23;
        const double t_35 = t_34 / R_4;
        const double t_36 = t_24 * t_26 + t_32 * t_26 + t_34 * t_27;
        const double t_37 = t_29 * t_18 * t_30 + t_29 * t_17;
        const double t_38 = t_37 * t_22;
        const double t_39 = t_38 / R_4;
        const double t_40 = t_37 * t_23;
        const double t_41 = t_25 + t_40 / R_4;
        const double t_42 = t_38 * t_26 + (t_24 * t_27 + t_40 * t_27);
        const int t_43 = w_13[i * 6];
        const int t_44 = w_13[i * 6 + 1];
        const int t_45 = w_13[i * 6 + 2];
        const double t_46 = (t_43 ? t_33 * t_8 : 0.0) + (t_44 ? t_35 * t : 0.0) + (t_45 ? t_36 * t_3 : 0.0);
        const int t_47 = w_13[(i * 2 + 1) * 3];
        const int t_48 = w_13[(i * 2 + 1) * 3 + 1];
        const int t_49 = w_13[(i * 2 + 1) * 3 + 2];
        const double t_50 = (t_47 ? t_39 * t_8 : 0.0) + (t_48 ? t_41 * t : 0.0) + (t_49 ? t_42 * t_3 : 0.0);
        const double t_51 = t_33 * t_6;
        const double t_52 = t_35 * t_6;
        const double t_53 = t_36 * t_6;
        const double t_54 = t_39 * t_6;
        const double t_55 = t_41 * t_6;
        const double t_56 = t_42 * t_6;
        const int t_57 = w_14[i * 2];
        const double t_58 = t_46 * t_13;
        const double t_59 = cams[(int64_t)cameras[i] * 11 + 1];
        const double t_60 = cams[(int64_t)cameras[i] * 11 + 2];
        const double t_61 = (t_16 ? t_35 * t_60 - t_36 * t_59 : 0.0) + (t_45 ? -(t_53 * t) : 0.0);
        const double t_62 = (t_16 ? t_33 : 0.0) + (t_57 ? t_8 * t_58 : 0.0) + (t_61 + (t_44 ? t_52 * t_3 : 0.0));
        const double t_63 = t_62 + (t_43 ? t_33 * t_11 : 0.0);
        const double t_64 = cams[(int64_t)cameras[i] * 11];
        const double t_65 = (t_16 ? t_36 * t_64 - t_33 * t_60 : 0.0) + (t_45 ? t_53 * t_8 : 0.0);
        const double t_66 = (t_16 ? t_35 : 0.0) + (t_57 ? t * t_58 : 0.0) + (t_65 + (t_43 ? -(t_51 * t_3) : 0.0));
        const double t_67 = t_66 + (t_44 ? t_35 * t_11 : 0.0);
        const double t_68 = (t_16 ? t_33 * t_59 - t_35 * t_64 : 0.0) + (t_44 ? -(t_52 * t_8) : 0.0);
        const double t_69 = (t_16 ? t_36 : 0.0) + (t_57 ? t_3 * t_58 : 0.0) + (t_68 + (t_43 ? t_51 * t : 0.0));
        const double t_70 = t_69 + (t_45 ? t_36 * t_11 : 0.0);
        const int t_71 = w_14[i * 2 + 1];
        const double t_72 = t_50 * t_13;
        const double t_73 = (t_16 ? t_41 * t_60 - t_42 * t_59 : 0.0) + (t_49 ? -(t_56 * t) : 0.0);
        const double t_74 = (t_16 ? t_39 : 0.0) + (t_71 ? t_8 * t_72 : 0.0) + (t_73 + (t_48 ? t_55 * t_3 : 0.0));
        const double t_75 = t_74 + (t_47 ? t_39 * t_11 : 0.0);
        const double t_76 = (t_16 ? t_42 * t_64 - t_39 * t_60 : 0.0) + (t_49 ? t_56 * t_8 : 0.0);
        const double t_77 = (t_16 ? t_41 : 0.0) + (t_71 ? t * t_72 : 0.0) + (t_76 + (t_47 ? -(t_54 * t_3) : 0.0));
        const double t_78 = t_77 + (t_48 ? t_41 * t_11 : 0.0);
        const double t_79 = (t_16 ? t_39 * t_59 - t_41 * t_64 : 0.0) + (t_48 ? -(t_55 * t_8) : 0.0);
        const double t_80 = (t_16 ? t_42 : 0.0) + (t_71 ? t_3 * t_72 : 0.0) + (t_79 + (t_47 ? t_54 * t : 0.0));
        const double t_81 = t_80 + (t_49 ? t_42 * t_11 : 0.0);
        const double t_82 = (t_43 ? t_33 * t_7 : 0.0) + (t_44 ? t_35 * t_4 : 0.0) + (t_45 ? t_36 * t_2 : 0.0);
        const double t_83 = (t_47 ? t_39 * t_7 : 0.0) + (t_48 ? t_41 * t_4 : 0.0) + (t_49 ? t_42 * t_2 : 0.0);
        const double t_84 = (t_43 ? t_33 * t_5 : 0.0) + (t_44 ? t_35 * t_9 : 0.0) + (t_45 ? t_36 * t_10 : 0.0);
        const double t_85 = (t_47 ? t_39 * t_5 : 0.0) + (t_48 ? t_41 * t_9 : 0.0) + (t_49 ? t_42 * t_10 : 0.0);
        const int t_86 = t_45 | t_44;
        const double t_87 = t_86 ? (t_45 ? t_53 * t_4 : 0.0) + (t_44 ? -(t_52 * t_2) : 0.0) : 0.0;
        const double t_88 = (t_43 ? t_33 * t_14 : 0.0) + (t_57 ? t_58 * t_7 : 0.0) + t_87;
        const int t_89 = t_44 | t_43;
        const int t_90 = t_45 | t_43;
        const double t_91 = t_90 ? (t_45 ? -(t_53 * t_7) : 0.0) + (t_43 ? t_51 * t_2 : 0.0) : 0.0;
        const double t_92 = (t_44 ? t_35 * t_14 : 0.0) + (t_57 ? t_58 * t_4 : 0.0) + t_91;
        const double t_93 = t_89 ? (t_44 ? t_52 * t_7 : 0.0) + (t_43 ? -(t_51 * t_4) : 0.0) : 0.0;
        const double t_94 = (t_45 ? t_36 * t_14 : 0.0) + (t_57 ? t_58 * t_2 : 0.0) + t_93;
        const int t_95 = t_49 | t_48;
        const double t_96 = t_95 ? (t_49 ? t_56 * t_4 : 0.0) + (t_48 ? -(t_55 * t_2) : 0.0) : 0.0;
        const double t_97 = (t_47 ? t_39 * t_14 : 0.0) + (t_71 ? t_72 * t_7 : 0.0) + t_96;
        const int t_98 = t_48 | t_47;
        const int t_99 = t_49 | t_47;
        const double t_100 = t_99 ? (t_49 ? -(t_56 * t_7) : 0.0) + (t_47 ? t_54 * t_2 : 0.0) : 0.0;
        const double t_101 = (t_48 ? t_41 * t_14 : 0.0) + (t_71 ? t_72 * t_4 : 0.0) + t_100;
        const double t_102 = t_98 ? (t_48 ? t_55 * t_7 : 0.0) + (t_47 ? -(t_54 * t_4) : 0.0) : 0.0;
        const double t_103 = (t_49 ? t_42 * t_14 : 0.0) + (t_71 ? t_72 * t_2 : 0.0) + t_102;
        const double t_104 = 0.5 / t_15;
        const double t_105 = w_20[i * 3];
        const double t_106 = w_20[i * 3 + 1];
        const double t_107 = (((((t_43 | t_57) | t_86) | t_89) | t_90) ? t_88 * t_105 : 0.0) + (((((t_44 | t_57) | t_86) | t_89) | t_90) ? t_92 * t_106 : 0.0);
        const double t_108 = w_20[i * 3 + 2];
        const double t_109 = t_107 + (((((t_45 | t_57) | t_86) | t_89) | t_90) ? t_94 * t_108 : 0.0);
        const double t_110 = (((((t_47 | t_71) | t_95) | t_98) | t_99) ? t_97 * t_105 : 0.0) + (((((t_48 | t_71) | t_95) | t_98) | t_99) ? t_101 * t_106 : 0.0);
        const double t_111 = t_110 + (((((t_49 | t_71) | t_95) | t_98) | t_99) ? t_103 * t_108 : 0.0);
        const double t_112 = t_20 * p_5 + cams[(int64_t)cameras[i] * 11 + 8] - feats[i * 2 + 1];
        s[i] += s_2;
        p[i * 2] = p_4;
        p[i * 2 + 1] = p_5;
        w_30[i * 2] += t_28;
        w_30[i * 2 + 1] += t_29;
        w_32[i * 6] = t_33;
        w_32[i * 6 + 1] = t_35;
        w_32[i * 6 + 2] = t_36;
        w_32[(i * 2 + 1) * 3] = t_39;
        w_32[(i * 2 + 1) * 3 + 1] = t_41;
        w_32[(i * 2 + 1) * 3 + 2] = t_42;
        w_33[i * 2] += t_46;
        w_33[i * 2 + 1] += t_50;
        w_35[i * 6] = t_63;
        w_35[i * 6 + 1] = t_67;
        w_35[i * 6 + 2] = t_70;
        w_35[(i * 2 + 1) * 3] = t_75;
        w_35[(i * 2 + 1) * 3 + 1] = t_78;
        w_35[(i * 2 + 1) * 3 + 2] = t_81;
        w_38[i * 6] = t_88;
        w_38[i * 6 + 1] = t_92;
        w_38[i * 6 + 2] = t_94;
        w_38[(i * 2 + 1) * 3] = t_97;
        w_38[(i * 2 + 1) * 3 + 1] = t_101;
        w_38[(i * 2 + 1) * 3 + 2] = t_103;
        w_39[i * 2] = (t_84 * t_11 - (t_82 - t_46 * t_12) * t_6) * t_104;
        w_39[i * 2 + 1] = (t_85 * t_11 - (t_83 - t_50 * t_12) * t_6) * t_104;
        w_40[i * 2] = t_109 * t_104;
        w_40[i * 2 + 1] = t_111 * t_104;
        value[i * 30 + 11] = t_63;
        value[i * 30 + 12] = t_67;
        value[i * 30 + 13] = t_70;
        value[(i * 2 + 1) * 15 + 11] = t_75;
        value[(i * 2 + 1) * 15 + 12] = t_78;
        value[(i * 2 + 1) * 15 + 13] = t_81;
        value[i * 30 + 14] = t_20 * p_4 + cams[(int64_t)cameras[i] * 11 + 7] - feats[i * 2];
        value[(i * 2 + 1) * 15 + 14] = t_112;
    }
    for (int64_t i = 0; i < O; i++) {
        for (int64_t j = 0; j < 2; j++) {
            const int t = w_14[i * 2 + j];
            const int t_2 = w_13[(i * 2 + j) * 3 + 2];
            const int t_3 = w_13[(i * 2 + j) * 3 + 1];
            const int t_4 = t_2 | t_3;
            const int t_5 = w_13[(i * 2 + j) * 3];
            const int t_6 = t_3 | t_5;
            const int t_7 = t_2 | t_5;
            int s_so_far = 0;
            GRADC_IVDEP
            for (int64_t k = 0; k < 3; k++) {
                s_so_far = (uint8_t)(s_so_far | (((((w_13[(i * 2 + j) * 3 + k] | t) | t_4) | t_6) | t_7)));
            }
            w_21[i * 2 + j] = (uint8_t)s_so_far;
        }
    }
    for (int64_t i = 0; i < O; i++) {
        const int t = !(w_9[i] == 0.0);
        GRADC_IVDEP
        for (int64_t j = 0; j < 2; j++) {
            w_22[i * 2 + j] = (uint8_t)(t & (t & (w_14[i * 2 + j] | w_21[i * 2 + j])));
        }
    }
    GRADC_IVDEP
    for (int64_t i = 0; i < O; i++) {
        const double th = (w_9[i] == 0.0) ? 0.0 : w_10[i];
        const int t = th == 0.0;
        const double t_2 = w_32[i * 6 + 2];
        const double t_3 = w_15[i * 3 + 1];
        const double t_4 = w_32[i * 6 + 1];
        const double t_5 = w_15[i * 3 + 2];
        const int t_6 = w_13[i * 6];
        const int t_7 = w_14[i * 2];
        const int t_8 = w_13[i * 6 + 2];
        const int t_9 = w_13[i * 6 + 1];
        const int t_10 = t_8 | t_9;
        const int t_11 = t_9 | t_6;
        const int t_12 = t_8 | t_6;
        const int t_13 = w_22[i * 2];
        const double t_14 = w_39[i * 2];
        const int t_15 = w_21[i * 2];
        const double t_16 = w_40[i * 2];
        const double t_17 = cams[(int64_t)cameras[i] * 11];
        const double t_18 = t_13 ? (t_7 ? t_14 * t_17 : 0.0) + (t_15 ? t_16 * t_17 : 0.0) : 0.0;
        const double t_19 = (((((t_6 | t_7) | t_10) | t_11) | t_12) ? w_38[i * 6] / th : 0.0) + t_18;
        const double t_20 = w_15[i * 3];
        const double t_21 = w_32[i * 6];
        const double t_22 = ((((t_9 | t_7) | t_10) | t_11) | t_12) ? w_38[i * 6 + 1] / th : 0.0;
        const double t_23 = cams[(int64_t)cameras[i] * 11 + 1];
        const double t_24 = t_13 ? (t_7 ? t_14 * t_23 : 0.0) + (t_15 ? t_16 * t_23 : 0.0) : 0.0;
        const double t_25 = ((((t_8 | t_7) | t_10) | t_11) | t_12) ? w_38[i * 6 + 2] / th : 0.0;
        const double t_26 = cams[(int64_t)cameras[i] * 11 + 2];
        const double t_27 = t_13 ? (t_7 ? t_14 * t_26 : 0.0) + (t_15 ? t_16 * t_26 : 0.0) : 0.0;
        const double t_28 = w[i];
        const double t_29 = w_30[i * 2];
        const double t_30 = s[i];
        const double t_31 = t_30 * t_30;
        const double t_32 = w_32[(i * 2 + 1) * 3 + 2];
        const double t_33 = w_32[(i * 2 + 1) * 3 + 1];
        const int t_34 = w_13[(i * 2 + 1) * 3];
        const int t_35 = w_14[i * 2 + 1];
        const int t_36 = w_13[(i * 2 + 1) * 3 + 2];
        const int t_37 = w_13[(i * 2 + 1) * 3 + 1];
        const int t_38 = t_36 | t_37;
        const int t_39 = t_37 | t_34;
        const int t_40 = t_36 | t_34;
        const double t_41 = ((((t_34 | t_35) | t_38) | t_39) | t_40) ? w_38[(i * 2 + 1) * 3] / th : 0.0;
        const int t_42 = w_22[i * 2 + 1];
        const double t_43 = w_39[i * 2 + 1];
        const int t_44 = w_21[i * 2 + 1];
        const double t_45 = w_40[i * 2 + 1];
        const double t_46 = t_42 ? (t_35 ? t_43 * t_17 : 0.0) + (t_44 ? t_45 * t_17 : 0.0) : 0.0;
        const double t_47 = w_32[(i * 2 + 1) * 3];
        const double t_48 = ((((t_37 | t_35) | t_38) | t_39) | t_40) ? w_38[(i * 2 + 1) * 3 + 1] / th : 0.0;
        const double t_49 = t_42 ? (t_35 ? t_43 * t_23 : 0.0) + (t_44 ? t_45 * t_23 : 0.0) : 0.0;
        const double t_50 = ((((t_36 | t_35) | t_38) | t_39) | t_40) ? w_38[(i * 2 + 1) * 3 + 2] / th : 0.0;
        const double t_51 = t_42 ? (t_35 ? t_43 * t_26 : 0.0) + (t_44 ? t_45 * t_26 : 0.0) : 0.0;
        const double t_52 = w_30[i * 2 + 1];
        value[i * 30] = (t ? t_2 * t_3 - t_4 * t_5 : 0.0) + (t_19 + t_18);
        value[i * 30 + 1] = (t ? t_21 * t_5 - t_2 * t_20 : 0.0) + (t_22 + t_24 + t_24);
        value[i * 30 + 2] = (t ? t_4 * t_20 - t_21 * t_3 : 0.0) + (t_25 + t_27 + t_27);
        value[i * 30 + 3] = -w_35[i * 6];
        value[i * 30 + 4] = -w_35[i * 6 + 1];
        value[i * 30 + 5] = -w_35[i * 6 + 2];
        value[i * 30 + 6] = t_28 * p[i * 2] + 0.0;
        value[i * 30 + 7] = t_28;
        value[i * 30 + 8] = 0.0;
        value[i * 30 + 9] = t_29 * t_30;
        value[i * 30 + 10] = t_29 * t_31;
        value[(i * 2 + 1) * 15] = (t ? t_32 * t_3 - t_33 * t_5 : 0.0) + (t_41 + t_46 + t_46);
        value[(i * 2 + 1) * 15 + 1] = (t ? t_47 * t_5 - t_32 * t_20 : 0.0) + (t_48 + t_49 + t_49);
        value[(i * 2 + 1) * 15 + 2] = (t ? t_33 * t_20 - t_47 * t_3 : 0.0) + (t_50 + t_51 + t_51);
        value[(i * 2 + 1) * 15 + 3] = -w_35[(i * 2 + 1) * 3];
        value[(i * 2 + 1) * 15 + 4] = -w_35[(i * 2 + 1) * 3 + 1];
        value[(i * 2 + 1) * 15 + 5] = -w_35[(i * 2 + 1) * 3 + 2];
        value[(i * 2 + 1) * 15 + 6] = 0.0 + t_28 * p[i * 2 + 1];
        value[(i * 2 + 1) * 15 + 7] = 0.0;
        value[(i * 2 + 1) * 15 + 8] = t_28;
        value[(i * 2 + 1) * 15 + 9] = t_52 * t_30;
        value[(i * 2 + 1) * 15 + 10] = t_52 * t_31;
    }
    return 0;
}

size_t ba_blocks_work(int64_t C, int64_t P, int64_t O)
{
    (void)C;
    (void)P;
    return gradc_space(6)
        + gradc_space(8*O)
        + gradc_space(24*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(8*O)
        + gradc_space(24*O)
        + gradc_space(24*O)
        + gradc_space(8*O)
        + gradc_space(6*O)
        + gradc_space(2*O)
        + gradc_space(8*O)
        + gradc_space(16*O)
        + gradc_space(16*O)
        + gradc_space(48*O)
        + gradc_space(16*O)
        + gradc_space(48*O)
        + gradc_space(48*O)
        + gradc_space(16*O)
        + gradc_space(16*O)
        + gradc_space(2*O)
        + gradc_space(2*O);
}

#ifdef __cplusplus
}
#endif
