/* Made by gradc from gmm.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* Bytes in the workspace for an array: whole cache lines. */
static inline size_t gradc_space(int64_t bytes)
{
    return ((size_t)bytes + 63) / 64 * 64;
}

static inline size_t gradc_larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Rounded down; 0 where b is 0. */
static inline int64_t gradc_floordiv(int64_t a, int64_t b)
{
    if (b == 0)
        return 0;
    if (b == -1)
        return (int64_t)(0 - (uint64_t)a);
    return a / b - ((a % b != 0) & ((a < 0) != (b < 0)));
}

#define gradc_max_real 1.7976931348623157e308
#define gradc_max_realf 3.40282347e38f

/* Sums are kept in 16 parts, element i in part i mod 16: a fixed order that vectorises. */
static inline void gradc_sum(int64_t n, const double *x, double *part)
{
    double s[16];
    int64_t i = 0;
    for (int l = 0; l < 16; l++)
        s[l] = part[l];
    for (; i + 16 <= n; i += 16)
        for (int l = 0; l < 16; l++)
            s[l] += x[i + l];
    for (int l = 0; i < n; i++, l++)
        s[l] += x[i];
    for (int l = 0; l < 16; l++)
        part[l] = s[l];
}

static inline double gradc_sum_of(double *part)
{
    for (int half = 8; half > 0; half /= 2)
        for (int l = 0; l < half; l++)
            part[l] += part[l + half];
    return part[0];
}

/* The largest of r and x, nan if one is: in 16 lanes, then across them. */
static inline double gradc_largest(int64_t n, const double *x, double r)
{
    double s[16];
    int64_t i = 0;
    if (n < 32) {
        for (; i < n; i++)
            r = ((r >= x[i]) | (r != r)) ? r : x[i];
        return r;
    }
    for (int l = 0; l < 16; l++)
        s[l] = r;
    for (; i + 16 <= n; i += 16)
        for (int l = 0; l < 16; l++)
            s[l] = ((s[l] >= x[i + l]) | (s[l] != s[l])) ? s[l] : x[i + l];
    for (int l = 0; i < n; i++, l++)
        s[l] = ((s[l] >= x[i]) | (s[l] != s[l])) ? s[l] : x[i];
    for (int l = 0; l < 16; l++)
        r = ((r >= s[l]) | (r != r)) ? r : s[l];
    return r;
}

/* Elements of the strip that begins at `first`: whole rows of `width`, at most 256 elements, or a
 * part of one long row. */
static inline int64_t gradc_strip(int64_t first, int64_t total, int64_t width)
{
    const int64_t most = width <= 256 ? 256 / width * width : 256;
    const int64_t end = width <= 256 ? total : first / width * width + width;
    return end - first < most ? end - first : most;
}

/* Sums of rows: out[r] for the rows of `width` in x, which begins at element `first` of them all. A
 * row of more than 256 comes in parts; short rows have 4 partial sums, long ones 16. */
static inline void gradc_sum_rows(int64_t n, int64_t width, int64_t first, const double *x, double *part,
    double *out)
{
    if (width < 64) {
        out += first / width;
        for (int64_t at = 0; at < n; at += width, x += width) {
            double a = 0, b = 0, c = 0, d = 0;
            int64_t i = 0;
            for (; i + 4 <= width; i += 4) {
                a += x[i];
                b += x[i + 1];
                c += x[i + 2];
                d += x[i + 3];
            }
            for (; i < width; i++)
                a += x[i];
            *out++ = (a + b) + (c + d);
        }
        return;
    }
    for (int64_t at = 0; at < n; at += width) {
        gradc_sum(n - at < width ? n - at : width, x + at, part);
        if (width <= 256 || (first + n) % width == 0) {
            out[(first + at) / width] = gradc_sum_of(part);
            for (int l = 0; l < 16; l++)
                part[l] = 0;
        }
    }
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

/* The mask of the sign bit. */
static inline uint64_t gradc_negative(double x)
{
    return 0 - (gradc_bits(x) >> 63);
}

static inline double gradc_abs(double x)
{
    return gradc_from_bits(gradc_bits(x) & 0x7fffffffffffffffu);
}

/* x >= 0 with the sign of s. */
static inline double gradc_with_sign(double x, double s)
{
    return gradc_from_bits(gradc_bits(x) | (gradc_bits(s) & 0x8000000000000000u));
}

/* x, cut to [-limit, limit]; a nan stays. */
static inline double gradc_clamp(double x, double limit)
{
    const double a = gradc_abs(x);

    return gradc_pick(gradc_less(limit, a) & ~gradc_less(INFINITY, a), gradc_with_sign(limit, x), x);
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

/* x * 2^k for integral |k| <= 2000, in two steps so that only the last one rounds. */
static inline double gradc_scale(double x, double k)
{
    const uint64_t n = gradc_bits(k + (6755399441055744.0 + 2046.0)) & 0xfff; /* k + 2046 */
    const uint64_t half = n >> 1;

    return x * gradc_from_bits(half << 52) * gradc_from_bits((n - half) << 52);
}

/* e^x = 2^k (hi + lo), |lo| < 2^-50, |x| cut to 750, where e^x is 0 or inf.
 * Cody & Waite: r = x - k ln 2 in two pieces, |r| <= ln 2 / 2, then
 * e^r = 1 + r + r^2 q(r), q minimax of degree 10 (2^-60). */
static inline void gradc_exp_parts(double x, double *k_out, double *hi, double *lo)
{
    const double c = gradc_clamp(x, 750.0);
    const double k = (c * 0x1.71547652b82fep+0 + 6755399441055744.0) - 6755399441055744.0;
    const double a = c - k * 0x1.62e42fefa3800p-1;
    const double b = k * 0x1.ef35793c76730p-45;
    const double r = a - b;
    const double rl = (a - r) - b;
    const double r2 = r * r;
    const double r4 = r2 * r2;
    const double q = ((0x1.0000000000000p-1 + r * 0x1.555555555555cp-3)
            + r2 * (0x1.555555555555ep-5 + r * 0x1.111111110ebb3p-7))
        + r4 * (((0x1.6c16c16c135d7p-10 + r * 0x1.a01a01b3bb1f9p-13)
            + r2 * (0x1.a01a01b440f32p-16 + r * 0x1.71ddef93c9a24p-19))
        + r4 * ((0x1.27e4bf57aaac3p-22 + r * 0x1.af6ccce91d186p-26)
            + r2 * 0x1.1f9db87011c43p-29));

    const double h = 1.0 + r;
    const double l = ((1.0 - h) + r) + (r2 * q + (rl + rl * r));

    *k_out = k;
    *hi = h + l;
    *lo = (h - *hi) + l;
}

/* Error 0.8 ulp (1.1 where the result is subnormal). */
static inline double gradc_exp(double x)
{
    double k, hi, lo;

    gradc_exp_parts(x, &k, &hi, &lo);
    return gradc_scale(hi, k);
}

/* log x = k ln 2 + f + t for x > 0: x = 2^k (1 + f), 1 + f in [sqrt(1/2), sqrt(2)].
 * fdlibm's series in s = f / (2 + f): log(1+f) = f - f^2/2 + s (f^2/2 + R(s^2)). */
static inline void gradc_log_parts(double x, double *k, double *f_out, double *t)
{
    const uint64_t tiny = gradc_less(x, 0x1p-1022);
    const double z = gradc_pick(tiny, x * 0x1p+54, x);
    const uint64_t u = gradc_bits(z) + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu);
    const double e = gradc_from_bits(0x4330000000000000u | (u >> 52));
    const double f = gradc_from_bits((u & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu) - 1.0;
    const double s = f / (2.0 + f);
    const double z2 = s * s;
    const double z4 = z2 * z2;
    const double r = z2 * ((0x1.5555555555592p-1 + z2 * 0x1.999999997fd3bp-2)
        + z4 * ((0x1.24924941f8abfp-2 + z2 * 0x1.c71c5202c7a84p-3)
        + z4 * ((0x1.746640596a400p-3 + z2 * 0x1.39a1934b9e4d1p-3) + z4 * 0x1.2f07063f8bd0ap-3)));
    const double half = 0.5 * f * f;

    *k = e - gradc_pick(tiny, 4503599627370496.0 + 1077.0, 4503599627370496.0 + 1023.0);
    *f_out = f;
    *t = s * (half + r) - half;
}

/* k ln 2 + f + t, rounded once. */
static inline double gradc_log_join(double k, double f, double t)
{
    const double a = k * 0x1.62e42fefa3800p-1;
    const double h = a + f;
    const double l = (a - h) + f;

    return h + (l + (k * 0x1.ef35793c76730p-45 + t));
}

/* y = log x, put right where x is 0, negative, inf or nan. */
static inline double gradc_log_edges(double x, double y)
{
    const double a = gradc_abs(x);
    const double above = gradc_pick(gradc_less(1.7976931348623157e308, a), x, y);

    return gradc_pick(gradc_less(a, 0x1p-1074), -INFINITY, gradc_pick(gradc_negative(x), NAN, above));
}

/* Error 0.8 ulp. */
static inline double gradc_log(double x)
{
    double k, f, t;

    gradc_log_parts(x, &k, &f, &t);
    return gradc_log_edges(x, gradc_log_join(k, f, t));
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
static inline double gradc_sin(double x)
{
    double q, r, rl, s, sl, c, cl;

    gradc_quarter_turns(x, &q, &r, &rl);
    gradc_sin_cos_parts(r, rl, &s, &sl, &c, &cl);
    return gradc_pick(gradc_less(gradc_abs(x), 0x1p-27), x, gradc_quadrant(q, s + sl, c + cl));
}

/* x > 0. On [1, 3] it is (x-1)(x-2) P(x), minimax (2^-54), which keeps the zeros;
 * below 1 and up to 10 the recurrence leads there; then Stirling's series. */
static inline double gradc_lgamma_positive(double x)
{
    double t, p = 1.0, y;

    if (x >= 10.0) {
        const double r = 1.0 / x, z = r * r;
        const double tail = r * (0.083333333333333329 + z * (-0.0027777777777777779
            + z * (0.00079365079365079365 + z * (-0.00059523809523809529 + z * (0.00084175084175084171
            + z * (-0.0019175269175269176 + z * (0.00641025641025641 - z * 0.029550653594771242)))))));

        if (x > 1e306) return x * (gradc_log(x) - 1.0);
        return (x - 0.5) * (gradc_log(x) - 1.0) + (0.41893853320467278 + tail);
    }
    y = x;
    for (; y > 3.0; p = p * y) y = y - 1.0;
    t = x < 1.0 ? x - 1.0 : y - 2.0;
    y = 0x1.b0ee6072093cfp-2 + t * (-0x1.9ae6509ea10cdp-4 + t * (0x1.0e0c9df292cdfp-5 + t * (
        -0x1.95ce223a92c18p-7 + t * (0x1.4797485490729p-8 + t * (-0x1.145121fecdeebp-9 + t * (
        0x1.dfebcef24ad44p-11 + t * (-0x1.a96a3d8bb21ecp-12 + t * (0x1.7ed74f1d7d069p-13 + t * (
        -0x1.5c870eaf15753p-14 + t * (0x1.402c34b7e509fp-15 + t * (-0x1.2848c8c2c7210p-16 + t * (
        0x1.1414cca58d661p-17 + t * (-0x1.029d57c694a4ep-18 + t * (0x1.e10a8047a9906p-20 + t * (
        -0x1.c19068bf28f8ep-21 + t * (0x1.d2b0d2223d248p-22 + t * (-0x1.d4573212214bcp-23 + t * (
        0x1.b64d857a79ea9p-25 + t * (-0x1.b7319f42fc681p-27 + t * (0x1.d9e889b335d2ap-25 + t * (
        -0x1.2173300f8d41bp-25 + t * (-0x1.c6ae6e457b1a2p-27 + t * (0x1.35631056a4b87p-27 + t * (
        0x1.970577be3a103p-28 + t * (-0x1.c290eae556e1bp-29)))))))))))))))))))))))));
    if (x < 1.0) return x * t * y - gradc_log(x);
    y = (t + 1.0) * t * y;
    return x > 3.0 ? gradc_log(p) + y : y + 0.0; /* +0 at 1 and 2 */
}

/* Left of 0 Euler's reflection. Error 5 ulp of max(|f|, 1). */
static inline double gradc_lgamma(double x)
{
    const double a = gradc_abs(x);
    double f;

    if (!(a <= 1.7976931348623157e308)) return a;
    if (a < 0x1p-60) return a == 0.0 ? INFINITY : -gradc_log(a);
    if (x > 0.0) return gradc_lgamma_positive(x);
    f = a - floor(a);
    if (f == 0.0) return INFINITY;
    if (f > 0.5) f = 1.0 - f;
    return (1.1447298858494002 - gradc_log(a * gradc_sin(3.1415926535897931 * f)))
        - gradc_lgamma_positive(a);
}

/* Matrix products. A block is KC deep; the copies of B (NC columns, 640 KiB in f64) and
 * of a transposed A (MC rows) stay in a second-level cache of 1 MiB together. */
#define GRADC_GEMM_KC 320
#define GRADC_GEMM_NC 256
#define GRADC_GEMM_MC 64
#define GRADC_GEMM_PAD 64

/* A register tile is MR rows by two vectors: 16 accumulators where there are 32
 * registers, 8 where there are 16. That covers the latency of two adders, and leaves
 * room for the elements of A that compilers load ahead. */
#if defined(__AVX512F__)
#define GRADC_GEMM_MR 8
#define GRADC_GEMM_VECTOR 64 /* bytes */
#elif defined(__AVX__)
#define GRADC_GEMM_MR 4
#define GRADC_GEMM_VECTOR 32
#elif defined(__aarch64__)
#define GRADC_GEMM_MR 8
#define GRADC_GEMM_VECTOR 16
#else
#define GRADC_GEMM_MR 4
#define GRADC_GEMM_VECTOR 16
#endif

/* Inlined into a caller the tiles lose their registers to it. */
#if defined(__GNUC__)
#define GRADC_GEMM_ALONE __attribute__((noinline))
#else
#define GRADC_GEMM_ALONE
#endif

/* Elements of scratch that gradc_gemm needs, the same on every machine:
 * min(k, 320) * (min(m + n, 320) + 64). */
static inline size_t gradc_gemm_pack_f64(int64_t m, int64_t n, int64_t k)
{
    const int64_t most = GRADC_GEMM_MC + GRADC_GEMM_NC;
    const int64_t wide = m + n < most ? m + n : most;
    const int64_t deep = k < GRADC_GEMM_KC ? k : GRADC_GEMM_KC;

    return (size_t)(deep * (wide + GRADC_GEMM_PAD));
}

/* With AVX-512 compilers prefer vectors of 32 bytes: ask for 64. (At -O1 clang warns that
 * it does not vectorise where it is asked to.) */
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpass-failed"
#endif
#if defined(__AVX512F__) && defined(__clang__)
#pragma clang attribute push(__attribute__((min_vector_width(512))), apply_to = function)
#elif defined(__AVX512F__) && defined(__GNUC__)
#pragma GCC push_options
#pragma GCC target("prefer-vector-width=512")
#endif

/* Rows of a tile to C, width being 2 VL or VL. */
static void gradc_gemm_put_f64(const double *GRADC_RESTRICT t, int64_t width,
                               double *GRADC_RESTRICT c, int64_t crs, int64_t ccs,
                               int64_t rows, int64_t cols, int add)
{
    enum { VL = GRADC_GEMM_VECTOR / (int)sizeof(double) };

    for (int64_t i = 0; i < rows; i++, t += width, c += crs) {
        int64_t j = 0;

        if (ccs == 1 && add) { /* whole vectors first */
            for (; j + VL <= cols; j += VL)
                for (int q = 0; q < VL; q++)
                    c[j + q] += t[j + q];
        } else if (ccs == 1) {
            for (; j + VL <= cols; j += VL)
                for (int q = 0; q < VL; q++)
                    c[j + q] = t[j + q];
        }
        for (; j < cols; j++)
            c[j * ccs] = add ? c[j * ccs] + t[j] : t[j];
    }
}

/* C[rows, cols] = (or +=) A B for one tile, rows <= MR and cols <= 2 VL. Row p of B is
 * 2 VL contiguous elements at b + p*brs. Rows of A past the last repeat it. */
GRADC_GEMM_ALONE
static void gradc_gemm_tile_f64(int64_t k,
                                const double *a, int64_t ars, int64_t acs,
                                const double *GRADC_RESTRICT b, int64_t brs,
                                double *c, int64_t crs, int64_t ccs,
                                int64_t rows, int64_t cols, int add)
{
    enum { VL = GRADC_GEMM_VECTOR / (int)sizeof(double), NR = 2 * VL };
    double t[GRADC_GEMM_MR * NR];
    const int64_t last = rows - 1;
    const double *GRADC_RESTRICT a0 = a;
    const double *GRADC_RESTRICT a1 = a + (last < 1 ? last : 1) * ars;
    const double *GRADC_RESTRICT a2 = a + (last < 2 ? last : 2) * ars;
    const double *GRADC_RESTRICT a3 = a + (last < 3 ? last : 3) * ars;
#if GRADC_GEMM_MR > 4
    const double *GRADC_RESTRICT a4 = a + (last < 4 ? last : 4) * ars;
    const double *GRADC_RESTRICT a5 = a + (last < 5 ? last : 5) * ars;
    const double *GRADC_RESTRICT a6 = a + (last < 6 ? last : 6) * ars;
    const double *GRADC_RESTRICT a7 = a + (last < 7 ? last : 7) * ars;
#endif

    for (int i = 0; i < GRADC_GEMM_MR * NR; i++)
        t[i] = 0;
    for (int64_t p = 0; p < k; p++) {
        const int64_t q = p * acs;

#if defined(__clang__)
#pragma clang loop vectorize_width(GRADC_GEMM_VECTOR / sizeof(double)) interleave_count(1)
#elif defined(__GNUC__)
#pragma GCC unroll 1
#endif
        for (int j = 0; j < VL; j++) {
            const double b0 = b[j], b1 = b[j + VL];

            t[j] += a0[q] * b0;
            t[j + VL] += a0[q] * b1;
            t[j + 2 * VL] += a1[q] * b0;
            t[j + 3 * VL] += a1[q] * b1;
            t[j + 4 * VL] += a2[q] * b0;
            t[j + 5 * VL] += a2[q] * b1;
            t[j + 6 * VL] += a3[q] * b0;
            t[j + 7 * VL] += a3[q] * b1;
#if GRADC_GEMM_MR > 4
            t[j + 8 * VL] += a4[q] * b0;
            t[j + 9 * VL] += a4[q] * b1;
            t[j + 10 * VL] += a5[q] * b0;
            t[j + 11 * VL] += a5[q] * b1;
            t[j + 12 * VL] += a6[q] * b0;
            t[j + 13 * VL] += a6[q] * b1;
            t[j + 14 * VL] += a7[q] * b0;
            t[j + 15 * VL] += a7[q] * b1;
#endif
        }
        b += brs;
    }
    gradc_gemm_put_f64(t, NR, c, crs, ccs, rows, cols, add);
}

/* The same for cols <= VL. */
GRADC_GEMM_ALONE
static void gradc_gemm_half_tile_f64(int64_t k,
                                     const double *a, int64_t ars, int64_t acs,
                                     const double *GRADC_RESTRICT b, int64_t brs,
                                     double *c, int64_t crs, int64_t ccs,
                                     int64_t rows, int64_t cols, int add)
{
    enum { VL = GRADC_GEMM_VECTOR / (int)sizeof(double) };
    double t[GRADC_GEMM_MR * VL];
    const int64_t last = rows - 1;
    const double *GRADC_RESTRICT a0 = a;
    const double *GRADC_RESTRICT a1 = a + (last < 1 ? last : 1) * ars;
    const double *GRADC_RESTRICT a2 = a + (last < 2 ? last : 2) * ars;
    const double *GRADC_RESTRICT a3 = a + (last < 3 ? last : 3) * ars;
#if GRADC_GEMM_MR > 4
    const double *GRADC_RESTRICT a4 = a + (last < 4 ? last : 4) * ars;
    const double *GRADC_RESTRICT a5 = a + (last < 5 ? last : 5) * ars;
    const double *GRADC_RESTRICT a6 = a + (last < 6 ? last : 6) * ars;
    const double *GRADC_RESTRICT a7 = a + (last < 7 ? last : 7) * ars;
#endif

    for (int i = 0; i < GRADC_GEMM_MR * VL; i++)
        t[i] = 0;
    for (int64_t p = 0; p < k; p++) {
        const int64_t q = p * acs;

#if defined(__clang__)
#pragma clang loop vectorize_width(GRADC_GEMM_VECTOR / sizeof(double)) interleave_count(1)
#elif defined(__GNUC__)
#pragma GCC unroll 1
#endif
        for (int j = 0; j < VL; j++) {
            t[j] += a0[q] * b[j];
            t[j + VL] += a1[q] * b[j];
            t[j + 2 * VL] += a2[q] * b[j];
            t[j + 3 * VL] += a3[q] * b[j];
#if GRADC_GEMM_MR > 4
            t[j + 4 * VL] += a4[q] * b[j];
            t[j + 5 * VL] += a5[q] * b[j];
            t[j + 6 * VL] += a6[q] * b[j];
            t[j + 7 * VL] += a7[q] * b[j];
#endif
        }
        b += brs;
    }
    gradc_gemm_put_f64(t, VL, c, crs, ccs, rows, cols, add);
}

#if defined(__AVX512F__) && defined(__clang__)
#pragma clang attribute pop
#elif defined(__AVX512F__) && defined(__GNUC__)
#pragma GCC pop_options
#endif
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/* Copies B[k, n] into panels of 2 VL columns, row after row; the last panel is filled up
 * with zeros, to VL columns if that is enough. */
static void gradc_gemm_copy_b_f64(int64_t k, int64_t n,
                                  const double *b, int64_t brs, int64_t bcs,
                                  double *GRADC_RESTRICT to)
{
    const int VL = GRADC_GEMM_VECTOR / (int)sizeof(double), NR = 2 * VL;

    for (int64_t j0 = 0; j0 < n; j0 += NR, b += NR * bcs) {
        const int64_t cols = n - j0 < NR ? n - j0 : NR;
        const int64_t width = cols > VL ? NR : VL;

        if (cols == NR && bcs == 1) {
            for (int64_t p = 0; p < k; p++, to += NR)
                for (int j = 0; j < NR; j++)
                    to[j] = b[p * brs + j];
        } else if (cols == NR) {
            for (int64_t p = 0; p < k; p++, to += NR)
                for (int j = 0; j < NR; j++)
                    to[j] = b[p * brs + j * bcs];
        } else {
            for (int64_t p = 0; p < k; p++, to += width) {
                for (int64_t j = 0; j < cols; j++)
                    to[j] = b[p * brs + j * bcs];
                for (int64_t j = cols; j < width; j++)
                    to[j] = 0;
            }
        }
    }
}

/* Copies A[m, k] into panels of MR rows, column after column; a column of A is read at
 * once. What the last panel lacks is never read. */
static void gradc_gemm_copy_a_f64(int64_t m, int64_t k,
                                  const double *a, int64_t ars, int64_t acs,
                                  double *GRADC_RESTRICT to)
{
    const int MR = GRADC_GEMM_MR;

    for (int64_t p = 0; p < k; p++, a += acs) {
        int64_t i = 0;

        for (; ars == 1 && i + MR <= m; i += MR)
            for (int r = 0; r < MR; r++)
                to[i * k + p * MR + r] = a[i + r];
        for (; i < m; i += MR)
            for (int r = 0; r < MR && i + r < m; r++)
                to[i * k + p * MR + r] = a[(i + r) * ars];
    }
}

/* The general way. B is copied unless its rows are contiguous and used by few tiles; A
 * is copied when it is not contiguous along k and used by many. k is cut evenly, that
 * no block is short. */
static void gradc_gemm_blocks_f64(int64_t m, int64_t n, int64_t k,
                                  const double *a, int64_t ars, int64_t acs,
                                  const double *b, int64_t brs, int64_t bcs,
                                  double *c, int64_t crs, int64_t ccs,
                                  int add, double *pack)
{
    const int64_t MR = GRADC_GEMM_MR, VL = GRADC_GEMM_VECTOR / (int)sizeof(double), NR = 2 * VL;
    const int64_t parts = (k + GRADC_GEMM_KC - 1) / GRADC_GEMM_KC;
    const int64_t deep = (k + parts - 1) / parts;
    const int copy_a = acs != 1 && n > 64;
    const int copy_b = bcs != 1 || m > 16;
    const int64_t high = copy_a ? GRADC_GEMM_MC : m;

    for (int64_t p = 0; p < k; p += deep) {
        const int64_t kc = k - p < deep ? k - p : deep;
        const int plus = add || p > 0;

        for (int64_t j = 0; j < n; j += GRADC_GEMM_NC) {
            const int64_t nc = n - j < GRADC_GEMM_NC ? n - j : GRADC_GEMM_NC;
            const double *bj = b + p * brs + j * bcs;
            double *rest = pack; /* where the copy of A goes */

            if (copy_b) {
                gradc_gemm_copy_b_f64(kc, nc, bj, brs, bcs, pack);
                rest = pack + (nc + NR - 1) / NR * NR * kc;
            } else if (nc % VL != 0) {
                const int64_t full = nc / NR * NR;

                gradc_gemm_copy_b_f64(kc, nc - full, bj + full, brs, bcs, pack);
                rest = pack + NR * kc;
            }
            for (int64_t i = 0; i < m; i += high) {
                const int64_t mc = m - i < high ? m - i : high;
                const double *ai = a + i * ars + p * acs;

                if (copy_a)
                    gradc_gemm_copy_a_f64(mc, kc, ai, ars, acs, rest);
                for (int64_t ir = 0; ir < mc; ir += MR) {
                    const int64_t rows = mc - ir < MR ? mc - ir : MR;
                    const double *at = copy_a ? rest + ir * kc : ai + ir * ars;
                    const int64_t at_rs = copy_a ? 1 : ars;
                    const int64_t at_cs = copy_a ? MR : acs;

                    for (int64_t jr = 0; jr < nc; jr += NR) {
                        const int64_t cols = nc - jr < NR ? nc - jr : NR;
                        const int there = !copy_b && cols % VL == 0;
                        const double *bt = there ? bj + jr : copy_b ? pack + jr * kc : pack;
                        const int64_t bt_rs = there ? brs : cols > VL ? NR : VL;
                        double *ct = c + (i + ir) * crs + (j + jr) * ccs;

                        if (cols > VL)
                            gradc_gemm_tile_f64(kc, at, at_rs, at_cs, bt, bt_rs,
                                                ct, crs, ccs, rows, cols, plus);
                        else
                            gradc_gemm_half_tile_f64(kc, at, at_rs, at_cs, bt, bt_rs,
                                                     ct, crs, ccs, rows, cols, plus);
                    }
                }
            }
        }
    }
}

/* Few rows of A, rows of B contiguous: a row of C is the sum of rows of B, gathered in
 * pieces that stay in the first-level cache, four rows of B a sweep. */
static void gradc_gemm_rows_f64(int64_t m, int64_t n, int64_t k,
                                const double *a, int64_t ars, int64_t acs,
                                const double *b, int64_t brs,
                                double *c, int64_t crs, int64_t ccs, int add)
{
    const int64_t piece = 512;
    double t[512];

    for (int64_t j0 = 0; j0 < n; j0 += piece) {
        const int64_t w = n - j0 < piece ? n - j0 : piece;

        for (int64_t i = 0; i < m; i++) {
            const double *ai = a + i * ars;
            double *ci = c + i * crs + j0 * ccs;
            int64_t p = 0;

            for (int64_t j = 0; j < w; j++)
                t[j] = 0;
            for (; p + 4 <= k; p += 4) {
                const double *b0 = b + p * brs + j0;
                const double *b1 = b0 + brs, *b2 = b1 + brs, *b3 = b2 + brs;
                const double x0 = ai[p * acs], x1 = ai[(p + 1) * acs];
                const double x2 = ai[(p + 2) * acs], x3 = ai[(p + 3) * acs];

                for (int64_t j = 0; j < w; j++)
                    t[j] = t[j] + x0 * b0[j] + x1 * b1[j] + x2 * b2[j] + x3 * b3[j];
            }
            for (; p < k; p++) {
                const double *b0 = b + p * brs + j0;
                const double x0 = ai[p * acs];

                for (int64_t j = 0; j < w; j++)
                    t[j] += x0 * b0[j];
            }
            if (add) {
                for (int64_t j = 0; j < w; j++)
                    ci[j * ccs] += t[j];
            } else if (ccs == 1) {
                for (int64_t j = 0; j < w; j++)
                    ci[j] = t[j];
            } else {
                for (int64_t j = 0; j < w; j++)
                    ci[j * ccs] = t[j];
            }
        }
    }
}

/* Few columns of B, A and B contiguous along k: inner products of four rows of A with a
 * column of B, each in 8 partial sums. Rows of A past the last repeat it. */
static void gradc_gemm_dots_f64(int64_t m, int64_t n, int64_t k,
                                const double *a, int64_t ars, const double *b, int64_t bcs,
                                double *c, int64_t crs, int64_t ccs, int add)
{
    for (int64_t i = 0; i < m; i += 4) {
        const int64_t last = m - i - 1;
        const double *a0 = a + i * ars;
        const double *a1 = a0 + (last < 1 ? last : 1) * ars;
        const double *a2 = a0 + (last < 2 ? last : 2) * ars;
        const double *a3 = a0 + (last < 3 ? last : 3) * ars;

        for (int64_t j = 0; j < n; j++) {
            const double *bj = b + j * bcs;
            double t[32], sum[4];
            int64_t p = 0;

            for (int q = 0; q < 32; q++)
                t[q] = 0;
            for (; p + 8 <= k; p += 8) {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC unroll 1
#endif
                for (int q = 0; q < 8; q++) {
                    t[q] += a0[p + q] * bj[p + q];
                    t[q + 8] += a1[p + q] * bj[p + q];
                    t[q + 16] += a2[p + q] * bj[p + q];
                    t[q + 24] += a3[p + q] * bj[p + q];
                }
            }
            for (int q = 0; p < k; p++, q++) {
                t[q] += a0[p] * bj[p];
                t[q + 8] += a1[p] * bj[p];
                t[q + 16] += a2[p] * bj[p];
                t[q + 24] += a3[p] * bj[p];
            }
            for (int r = 0; r < 4; r++) {
                const double *tr = t + 8 * r;

                sum[r] = ((tr[0] + tr[4]) + (tr[2] + tr[6])) + ((tr[1] + tr[5]) + (tr[3] + tr[7]));
            }
            for (int64_t r = 0; r <= last && r < 4; r++) {
                double *cr = c + (i + r) * crs + j * ccs;

                *cr = add ? *cr + sum[r] : sum[r];
            }
        }
    }
}

/* Very small products, and k = 0 and 1: nothing is worth preparing. */
static void gradc_gemm_plain_f64(int64_t m, int64_t n, int64_t k,
                                 const double *a, int64_t ars, int64_t acs,
                                 const double *b, int64_t brs, int64_t bcs,
                                 double *c, int64_t crs, int64_t ccs, int add)
{
    for (int64_t i = 0; i < m; i++) {
        const double *ai = a + i * ars;
        double *ci = c + i * crs;

        if (k == 1 && bcs == 1 && ccs == 1) {
            const double x = ai[0];

            if (add)
                for (int64_t j = 0; j < n; j++)
                    ci[j] += x * b[j];
            else
                for (int64_t j = 0; j < n; j++)
                    ci[j] = x * b[j];
            continue;
        }
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;

            for (int64_t p = 0; p < k; p++)
                sum += ai[p * acs] * b[p * brs + j * bcs];
            ci[j * ccs] = add ? ci[j * ccs] + sum : sum;
        }
    }
}

/* C = A B, or C += A B: A is m x k, B is k x n; rs and cs are the distances of rows and
 * of columns in elements, 0 to repeat one. C overlaps neither A nor B. pack is scratch
 * of gradc_gemm_pack_f64(m, n, k) elements. */
static void gradc_gemm_f64(int64_t m, int64_t n, int64_t k,
                           const double *a, int64_t ars, int64_t acs,
                           const double *b, int64_t brs, int64_t bcs,
                           double *c, int64_t crs, int64_t ccs, int add, double *pack)
{
    int turn;

    if (m <= 0 || n <= 0 || (k <= 0 && add))
        return;

    /* A stride that is never used may as well be 1. */
    if (m == 1)
        ars = crs = 1;
    if (n == 1)
        bcs = ccs = 1;
    if (k <= 1)
        acs = brs = 1;

    /* Turn to C' = B' A' where that makes the rows of B contiguous, or the vectors
     * longer, or the operand that must be transposed by a copy the smaller one. */
    if (k <= 1 || (ars == 1 && bcs == 1))
        turn = n < 8 && m > n && ars == 1;
    else if (bcs == 1)
        turn = 0;
    else
        turn = ars == 1 || (acs == 1 && brs == 1 && (n - m) * k > m * n);
    if (turn) {
        const double *t = a;
        const int64_t m0 = m, ars0 = ars, acs0 = acs, crs0 = crs;

        a = b, b = t;
        m = n, n = m0;
        ars = bcs, acs = brs;
        brs = acs0, bcs = ars0;
        crs = ccs, ccs = crs0;
    }

    if (k <= 1 || (m <= 4 && n <= 4 && k <= 8))
        gradc_gemm_plain_f64(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, add);
    else if (acs == 1 && brs == 1 && n < 8)
        gradc_gemm_dots_f64(m, n, k, a, ars, b, bcs, c, crs, ccs, add);
    else if (bcs == 1 && m <= 3)
        gradc_gemm_rows_f64(m, n, k, a, ars, acs, b, brs, c, crs, ccs, add);
    else
        gradc_gemm_blocks_f64(m, n, k, a, ars, acs, b, brs, bcs, c, crs, ccs, add, pack);
}

/* gmm: value of gmm (gmm.dg:16)
 * alpha [K]  mu [K, D]  q [K, D]  l [K, (D^2 - D)/2]  x [N, D]  -> value scalar
 * workspace: gmm_work(K, D, N) bytes */
int gmm(const double *alpha, const double *mu, const double *q, const double *l, const double *x,
    int64_t K, int64_t D, int64_t N, double *value, void *work)
{
    char *const space = (char *)work;
    int64_t *const w = (int64_t *)(void *)space;  /* [D] */
    double *const w_4 = (double *)(void *)space;  /* [D] */
    const size_t offset1 = gradc_space(8*D);
    double *const w_2 = (double *)(void *)(space + offset1);  /* [K, D] */
    double *const mc = (double *)(void *)(space + offset1);  /* [K, D] */
    const size_t offset2 = offset1 + gradc_space(8*K*D);
    double *const w_5 = (double *)(void *)(space + offset2);  /* [K] */
    const size_t offset3 = offset2 + gradc_space(8*K);
    double *const Q = (double *)(void *)(space + offset3);  /* [K, D, D] */
    const size_t offset4 = offset3 + gradc_space(8*K*D*D);
    double *const P = (double *)(void *)(space + offset4);  /* [K, D, D] */
    const size_t offset5 = offset4 + gradc_space(8*K*D*D);
    double *const xc = (double *)(void *)(space + offset5);  /* [N, D] */
    const size_t offset6 = offset5 + gradc_space(8*D*N);
    double *const Pm = (double *)(void *)(space + offset6);  /* [K, D] */
    const size_t offset7 = offset6 + gradc_space(8*K*D);
    double *const w_6 = (double *)(void *)(space + offset7);  /* [N, D, D] */
    const size_t offset8 = offset7 + gradc_space(8*D*D*N);
    double *const w_7 = (double *)(void *)(space + offset8);  /* [N, K] */
    const size_t offset9 = offset8 + gradc_space(8*K*N);
    double *const w_8 = (double *)(void *)(space + offset9);  /* [N, K] */
    const size_t offset10 = offset9 + gradc_space(8*K*N);
    double *const w_9 = (double *)(void *)(space + offset10);  /* [K] */
    const size_t offset11 = offset10 + gradc_space(8*K);
    double *const w_10 = (double *)(void *)(space + offset11);  /* [N] */
    const size_t offset12 = offset11 + gradc_space(8*N);
    double *const w_11 = (double *)(void *)(space + offset12);  /* [N] */
    const size_t offset13 = offset12 + gradc_space(8*N);
    void *const scratch = (void *)(space + offset13);

    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < D; i_0 += 256) {
        const int64_t len = D - i_0 < 256 ? D - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            w[i] = gradc_floordiv(i * (2*D - i - 3), 2);
            strip[lane] = gradc_lgamma(0.5 * (double)(D + 4 - (i + 1)));
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    double s_parts_2[16] = {0};
    for (int64_t i_2 = 0; D == 0 && i_2 < K; i_2++)
        w_5[0 + i_2] = 0.0;
    double s_parts_3[16] = {0};
    double s_parts_4[16] = {0};
    for (int64_t i_0 = 0, len; i_0 < (K*D); i_0 += len) {
        len = gradc_strip(i_0, K*D, D);
        double strip[256];
        double strip_2[256];
        double strip_3[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t = q[i];  /* gmm.dg:19 */
            const double t_2 = gradc_exp(t);
            w_2[i] = t_2;
            strip[lane] = t;
            strip_2[lane] = t;
            strip_3[lane] = t_2 * t_2;
        }
        gradc_sum_rows(len, D, i_0, strip, s_parts_2, w_5);
        gradc_sum(len, strip_2, s_parts_3);
        gradc_sum(len, strip_3, s_parts_4);
    }
    const double s_2 = gradc_sum_of(s_parts_3);
    const double s_3 = gradc_sum_of(s_parts_4);
    for (int64_t i = 0; i < K; i++) {
        for (int64_t j = 0; j < D; j++) {
            const double t = w_2[i * D + j];
            GRADC_IVDEP
            for (int64_t k = 0; k < D; k++) {
                const double Q_2 = k < j ? l[i * ((D*D - D)/2) + ((w[k] + j - 1) > 0 ? (w[k] + j - 1) : 0)] : ((k == j) ? t : 0.0);
                Q[(i * D + j) * D + k] = Q_2;
            }
        }
    }
    for (int64_t i_2 = 0; i_2 < D; i_2++)
        w_4[i_2] = 0.0;
    for (int64_t i = 0; i < N; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < D; j++) {
            w_4[j] += x[i * D + j];
        }
    }
    for (int64_t i = 0; i < K; i++) {
        gradc_gemm_f64(D, D, D, Q + i*(D*D), 1, D,
            Q + i*(D*D), D, 1, P + i*(D*D), D, 1, 0, (double *)scratch);
    }
    double s_so_far = -(double)INFINITY;
    s_so_far = gradc_largest(K, alpha, s_so_far);
    const double s_4 = s_so_far;
    const double t = (double)N;  /* gmm.dg:25 */
    for (int64_t i = 0; i < N; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < D; j++) {
            const double centre = w_4[j] / t;
            const double xc_2 = x[i * D + j] - centre;  /* gmm.dg:26 */
            xc[i * D + j] = xc_2;
        }
    }
    for (int64_t i = 0; i < K; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < D; j++) {
            const double centre = w_4[j] / t;  /* gmm.dg:25 */
            const double mc_2 = mu[i * D + j] - centre;  /* gmm.dg:27 */
            mc[i * D + j] = mc_2;
        }
    }
    for (int64_t i = 0; i < K; i++) {
        gradc_gemm_f64(D, 1, D, P + i*(D*D), D, 1,
            mc + i*D, 1, 0, Pm + i*D, 1, 0, 0, (double *)scratch);
    }
    for (int64_t i = 0; i < N; i++) {
        for (int64_t j = 0; j < D; j++) {
            const double t_2 = xc[i * D + j];  /* gmm.dg:30 */
            GRADC_IVDEP
            for (int64_t k = 0; k < D; k++) {
                w_6[(i * D + j) * D + k] = t_2 * xc[i * D + k];
            }
        }
    }
    gradc_gemm_f64(N, K, D*D, w_6, D*D, 1,
        P, 1, D*D, w_7, K, 1, 0, (double *)scratch);
    gradc_gemm_f64(N, K, D, xc, D, 1,
        Pm, 1, D, w_8, K, 1, 0, (double *)scratch);
    double s_parts_5[16] = {0};
    for (int64_t i_2 = 0; D == 0 && i_2 < K; i_2++)
        w_9[0 + i_2] = 0.0;
    for (int64_t i_0 = 0, len; i_0 < (K*D); i_0 += len) {
        len = gradc_strip(i_0, K*D, D);
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            strip[lane] = Pm[i] * mc[i];
        }
        gradc_sum_rows(len, D, i_0, strip, s_parts_5, w_9);
    }
    double s_parts_6[16] = {0};
    const int64_t end = ((K*D*D - K*D)/2);
    for (int64_t i_0 = 0; i_0 < end; i_0 += 256) {
        const int64_t len = end - i_0 < 256 ? end - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_2 = l[i];  /* gmm.dg:34 */
            strip[lane] = t_2 * t_2;
        }
        gradc_sum(len, strip, s_parts_6);
    }
    const double s_5 = gradc_sum_of(s_parts_6);
    for (int64_t i = 0; i < N; i++) {
        double s_so_far_2 = -(double)INFINITY;
        for (int64_t j_0 = 0; j_0 < K; j_0 += 256) {
            const int64_t len = K - j_0 < 256 ? K - j_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t j = j_0 + lane;
                const double dist = w_7[i * K + j] - 2.0 * w_8[i * K + j] + w_9[j];  /* gmm.dg:31 */
                const double t_2 = alpha[j] + w_5[j] - 0.5 * dist;  /* gmm.dg:32 */
                strip[lane] = t_2;
            }
            s_so_far_2 = gradc_largest(len, strip, s_so_far_2);
        }
        w_10[i] = s_so_far_2;
    }
    for (int64_t i = 0; i < N; i++) {
        const double t_2 = w_10[i];  /* gmm.dg:35 */
        const double t_3 = fabs(t_2) <= gradc_max_real ? t_2 : 0.0;
        double s_parts_7[16] = {0};
        for (int64_t j_0 = 0; j_0 < K; j_0 += 256) {
            const int64_t len = K - j_0 < 256 ? K - j_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t j = j_0 + lane;
                const double dist = w_7[i * K + j] - 2.0 * w_8[i * K + j] + w_9[j];  /* gmm.dg:31 */
                const double t_4 = alpha[j] + w_5[j] - 0.5 * dist;  /* gmm.dg:32 */
                strip[lane] = gradc_exp(t_4 - t_3);
            }
            gradc_sum(len, strip, s_parts_7);
        }
        w_11[i] = gradc_sum_of(s_parts_7);
    }
    double s_parts_7[16] = {0};
    for (int64_t i_0 = 0; i_0 < N; i_0 += 256) {
        const int64_t len = N - i_0 < 256 ? N - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_2 = w_10[i];  /* gmm.dg:35 */
            strip[lane] = gradc_log(w_11[i]) + (fabs(t_2) <= gradc_max_real ? t_2 : 0.0);
        }
        gradc_sum(len, strip, s_parts_7);
    }
    const double s_6 = gradc_sum_of(s_parts_7);
    const double t_2 = fabs(s_4) <= gradc_max_real ? s_4 : 0.0;
    double s_parts_8[16] = {0};
    for (int64_t i_0 = 0; i_0 < K; i_0 += 256) {
        const int64_t len = K - i_0 < 256 ? K - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            strip[lane] = gradc_exp(alpha[i] - t_2);
        }
        gradc_sum(len, strip, s_parts_8);
    }
    const double s_7 = gradc_sum_of(s_parts_8);
    const double t_3 = (double)D;  /* gmm.dg:12 */
    const double multigamma = 0.25 * t_3 * (double)(D - 1) * gradc_log(3.141592653589793) + s;
    const double t_4 = (double)(D*D + 3*D) * (gradc_log(0.8) - 0.5 * gradc_log(2.0)) - multigamma;  /* gmm.dg:13 */
    const double prior = (double)K * t_4 - 0.32000000000000006 * (s_3 + s_5) + 2.0 * s_2;  /* gmm.dg:34 */
    const double t_5 = s_6 - t * (gradc_log(s_7) + t_2) - 0.5 * t * t_3 * gradc_log(6.283185307179586);  /* gmm.dg:35 */
    *value = t_5 + prior;
    return 0;
}

size_t gmm_work(int64_t K, int64_t D, int64_t N)
{
    return gradc_space(8*D)
        + gradc_space(8*K*D)
        + gradc_space(8*K)
        + gradc_space(8*K*D*D)
        + gradc_space(8*K*D*D)
        + gradc_space(8*D*N)
        + gradc_space(8*K*D)
        + gradc_space(8*D*D*N)
        + gradc_space(8*K*N)
        + gradc_space(8*K*N)
        + gradc_space(8*K)
        + gradc_space(8*N)
        + gradc_space(8*N)
        + gradc_larger(gradc_gemm_pack_f64(D, D, D) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(D, 1, D) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(N, K, D*D) * sizeof(double),
            gradc_gemm_pack_f64(N, K, D) * sizeof(double))));
}

/* gmm_grad: value and gradient of gmm (gmm.dg:16)
 * alpha [K]  mu [K, D]  q [K, D]  l [K, (D^2 - D)/2]  x [N, D]  -> value scalar  grad_alpha [K]
 * grad_mu [K, D]  grad_q [K, D]  grad_l [K, (D^2 - D)/2]
 * workspace: gmm_grad_work(K, D, N) bytes */
int gmm_grad(const double *alpha, const double *mu, const double *q, const double *l,
    const double *x, int64_t K, int64_t D, int64_t N, double *value, double *grad_alpha,
    double *grad_mu, double *grad_q, double *grad_l, void *work)
{
    char *const space = (char *)work;
    int64_t *const w = (int64_t *)(void *)space;  /* [D] */
    const size_t offset1 = gradc_space(8*D);
    double *const w_4 = (double *)(void *)(space + offset1);  /* [K] */
    double *const w_14 = (double *)(void *)(space + offset1);  /* [K] */
    const size_t offset2 = offset1 + gradc_space(8*K);
    double *const Q = (double *)(void *)(space + offset2);  /* [K, D, D] */
    const size_t offset3 = offset2 + gradc_space(8*K*D*D);
    double *const w_3 = (double *)(void *)(space + offset3);  /* [D] */
    const size_t offset4 = offset3 + gradc_space(8*D);
    double *const P = (double *)(void *)(space + offset4);  /* [K, D, D] */
    double *const w_23 = (double *)(void *)(space + offset4);  /* [K, D, D] */
    const size_t offset5 = offset4 + gradc_space(8*K*D*D);
    uint8_t *const w_5 = (uint8_t *)(void *)(space + offset5);  /* [1, D] */
    const size_t offset6 = offset5 + gradc_space(D);
    double *const xc = (double *)(void *)(space + offset6);  /* [N, D] */
    const size_t offset7 = offset6 + gradc_space(8*D*N);
    double *const mc = (double *)(void *)(space + offset7);  /* [K, D] */
    double *const w_22 = (double *)(void *)(space + offset7);  /* [K, D] */
    double *const w_25 = (double *)(void *)(space + offset7);  /* [K, D] */
    const size_t offset8 = offset7 + gradc_space(8*K*D);
    double *const w_6 = (double *)(void *)(space + offset8);  /* [N, D, D] */
    const size_t offset9 = offset8 + gradc_space(8*D*D*N);
    double *const w_7 = (double *)(void *)(space + offset9);  /* [N, K] */
    double *const w_11 = (double *)(void *)(space + offset9);  /* [N, K] */
    const size_t offset10 = offset9 + gradc_space(8*K*N);
    double *const w_8 = (double *)(void *)(space + offset10);  /* [N, K] */
    double *const w_13 = (double *)(void *)(space + offset10);  /* [N, K] */
    const size_t offset11 = offset10 + gradc_space(8*K*N);
    double *const w_9 = (double *)(void *)(space + offset11);  /* [K] */
    double *const w_16 = (double *)(void *)(space + offset11);  /* [K] */
    const size_t offset12 = offset11 + gradc_space(8*K);
    double *const t = (double *)(void *)(space + offset12);  /* [N, K] */
    double *const w_15 = (double *)(void *)(space + offset12);  /* [N, K] */
    const size_t offset13 = offset12 + gradc_space(8*K*N);
    double *const w_10 = (double *)(void *)(space + offset13);  /* [N] */
    const size_t offset14 = offset13 + gradc_space(8*N);
    double *const w_12 = (double *)(void *)(space + offset14);  /* [N] */
    const size_t offset15 = offset14 + gradc_space(8*N);
    double *const w_17 = (double *)(void *)(space + offset15);  /* [D, K] */
    const size_t offset16 = offset15 + gradc_space(8*K*D);
    double *const w_18 = (double *)(void *)(space + offset16);  /* [K, D] */
    const size_t offset17 = offset16 + gradc_space(8*K*D);
    double *const w_19 = (double *)(void *)(space + offset17);  /* [D^2, K] */
    double *const w_21 = (double *)(void *)(space + offset17);  /* [K, D, D] */
    const size_t offset18 = offset17 + gradc_space(8*K*D*D);
    double *const w_20 = (double *)(void *)(space + offset18);  /* [K, D^2] */
    double *const w_24 = (double *)(void *)(space + offset18);  /* [K, D, D] */
    const size_t offset19 = offset18 + gradc_space(8*K*D*D);
    void *const scratch = (void *)(space + offset19);

    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < D; i_0 += 256) {
        const int64_t len = D - i_0 < 256 ? D - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            w[i] = gradc_floordiv(i * (2*D - i - 3), 2);
            strip[lane] = gradc_lgamma(0.5 * (double)(D + 4 - (i + 1)));
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    double s_parts_2[16] = {0};
    for (int64_t i_2 = 0; D == 0 && i_2 < K; i_2++)
        w_4[0 + i_2] = 0.0;
    double s_parts_3[16] = {0};
    double s_parts_4[16] = {0};
    for (int64_t i_0 = 0, len; i_0 < (K*D); i_0 += len) {
        len = gradc_strip(i_0, K*D, D);
        double strip[256];
        double strip_2[256];
        double strip_3[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_2 = q[i];  /* gmm.dg:19 */
            const double t_3 = gradc_exp(t_2);
            grad_q[i] = t_3;
            strip[lane] = t_2;
            strip_2[lane] = t_2;
            strip_3[lane] = t_3 * t_3;
        }
        gradc_sum_rows(len, D, i_0, strip, s_parts_2, w_4);
        gradc_sum(len, strip_2, s_parts_3);
        gradc_sum(len, strip_3, s_parts_4);
    }
    const double s_2 = gradc_sum_of(s_parts_3);
    const double s_3 = gradc_sum_of(s_parts_4);
    for (int64_t i = 0; i < K; i++) {
        for (int64_t j = 0; j < D; j++) {
            const double t_2 = grad_q[i * D + j];
            GRADC_IVDEP
            for (int64_t k = 0; k < D; k++) {
                const double Q_2 = k < j ? l[i * ((D*D - D)/2) + ((w[k] + j - 1) > 0 ? (w[k] + j - 1) : 0)] : ((k == j) ? t_2 : 0.0);
                Q[(i * D + j) * D + k] = Q_2;
            }
        }
    }
    for (int64_t i_2 = 0; i_2 < D; i_2++)
        w_3[i_2] = 0.0;
    for (int64_t i = 0; i < N; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < D; j++) {
            w_3[j] += x[i * D + j];
        }
    }
    for (int64_t i = 0; i < K; i++) {
        gradc_gemm_f64(D, D, D, Q + i*(D*D), 1, D,
            Q + i*(D*D), D, 1, P + i*(D*D), D, 1, 0, (double *)scratch);
    }
    double s_so_far = -(double)INFINITY;
    s_so_far = gradc_largest(K, alpha, s_so_far);
    const double s_4 = s_so_far;
    for (int64_t i = 0; i < D; i++) {
        int s_so_far_2 = 0;
        GRADC_IVDEP
        for (int64_t j = 0; j < D; j++) {
            s_so_far_2 = (uint8_t)(s_so_far_2 | (((j == i) & (!(j < i)))));
        }
        w_5[i] = (uint8_t)s_so_far_2;
    }
    const double t_2 = (double)N;  /* gmm.dg:25 */
    for (int64_t i = 0; i < N; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < D; j++) {
            const double centre = w_3[j] / t_2;
            const double xc_2 = x[i * D + j] - centre;  /* gmm.dg:26 */
            xc[i * D + j] = xc_2;
        }
    }
    for (int64_t i = 0; i < K; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < D; j++) {
            const double centre = w_3[j] / t_2;  /* gmm.dg:25 */
            const double mc_2 = mu[i * D + j] - centre;  /* gmm.dg:27 */
            mc[i * D + j] = mc_2;
        }
    }
    for (int64_t i = 0; i < K; i++) {
        gradc_gemm_f64(D, 1, D, P + i*(D*D), D, 1,
            mc + i*D, 1, 0, grad_mu + i*D, 1, 0, 0, (double *)scratch);
    }
    for (int64_t i = 0; i < N; i++) {
        for (int64_t j = 0; j < D; j++) {
            const double t_3 = xc[i * D + j];  /* gmm.dg:30 */
            GRADC_IVDEP
            for (int64_t k = 0; k < D; k++) {
                w_6[(i * D + j) * D + k] = t_3 * xc[i * D + k];
            }
        }
    }
    gradc_gemm_f64(N, K, D*D, w_6, D*D, 1,
        P, 1, D*D, w_7, K, 1, 0, (double *)scratch);
    gradc_gemm_f64(N, K, D, xc, D, 1,
        grad_mu, 1, D, w_8, K, 1, 0, (double *)scratch);
    double s_parts_5[16] = {0};
    for (int64_t i_2 = 0; D == 0 && i_2 < K; i_2++)
        w_9[0 + i_2] = 0.0;
    for (int64_t i_0 = 0, len; i_0 < (K*D); i_0 += len) {
        len = gradc_strip(i_0, K*D, D);
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_3 = grad_mu[i];  /* gmm.dg:31 */
            strip[lane] = t_3 * mc[i];
        }
        gradc_sum_rows(len, D, i_0, strip, s_parts_5, w_9);
    }
    for (int64_t i = 0; i < N; i++) {
        double s_so_far_2 = -(double)INFINITY;
        for (int64_t j_0 = 0; j_0 < K; j_0 += 256) {
            const int64_t len = K - j_0 < 256 ? K - j_0 : 256;
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t j = j_0 + lane;
                const double dist = w_7[i * K + j] - 2.0 * w_8[i * K + j] + w_9[j];
                const double t_3 = alpha[j] + w_4[j] - 0.5 * dist;  /* gmm.dg:32 */
                t[i * K + j] = t_3;
            }
            s_so_far_2 = gradc_largest(len, t + i * K + j_0, s_so_far_2);
        }
        w_10[i] = s_so_far_2;
    }
    double s_parts_6[16] = {0};
    const int64_t end = ((K*D*D - K*D)/2);
    for (int64_t i_0 = 0; i_0 < end; i_0 += 256) {
        const int64_t len = end - i_0 < 256 ? end - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_3 = l[i];  /* gmm.dg:34 */
            strip[lane] = t_3 * t_3;
        }
        gradc_sum(len, strip, s_parts_6);
    }
    const double s_5 = gradc_sum_of(s_parts_6);
    for (int64_t i = 0; i < N; i++) {
        const double t_3 = w_10[i];  /* gmm.dg:35 */
        const double t_4 = fabs(t_3) <= gradc_max_real ? t_3 : 0.0;
        double s_parts_7[16] = {0};
        for (int64_t j_0 = 0; j_0 < K; j_0 += 256) {
            const int64_t len = K - j_0 < 256 ? K - j_0 : 256;
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t j = j_0 + lane;
                const double t_5 = gradc_exp(t[i * K + j] - t_4);
                w_11[i * K + j] = t_5;
            }
            gradc_sum(len, w_11 + i * K + j_0, s_parts_7);
        }
        w_12[i] = gradc_sum_of(s_parts_7);
    }
    double s_parts_7[16] = {0};
    for (int64_t i_0 = 0; i_0 < N; i_0 += 256) {
        const int64_t len = N - i_0 < 256 ? N - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_3 = w_10[i];
            strip[lane] = gradc_log(w_12[i]) + (fabs(t_3) <= gradc_max_real ? t_3 : 0.0);
        }
        gradc_sum(len, strip, s_parts_7);
    }
    const double s_6 = gradc_sum_of(s_parts_7);
    const double t_3 = fabs(s_4) <= gradc_max_real ? s_4 : 0.0;  /* gmm.dg:38 */
    double s_parts_8[16] = {0};
    for (int64_t i_0 = 0; i_0 < K; i_0 += 256) {
        const int64_t len = K - i_0 < 256 ? K - i_0 : 256;
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_4 = gradc_exp(alpha[i] - t_3);  /* gmm.dg:35 */
            grad_alpha[i] = t_4;
        }
        gradc_sum(len, grad_alpha + i_0, s_parts_8);
    }
    const double s_7 = gradc_sum_of(s_parts_8);
    for (int64_t i_2 = 0; i_2 < K; i_2++)
        w_14[i_2] = 0.0;
    for (int64_t i_3 = 0; i_3 < K; i_3++)
        w_16[i_3] = 0.0;
    for (int64_t i = 0; i < N; i++) {
        const double t_4 = 1.0 / w_12[i];
        GRADC_IVDEP
        for (int64_t j = 0; j < K; j++) {
            const double t_5 = t_4 * w_11[i * K + j];
            const double t_6 = t_5 * -0.5;  /* gmm.dg:32 */
            w_13[i * K + j] = t_5;
            w_14[j] += t_5;
            w_15[i * K + j] = t_6;
            w_16[j] += t_6;
        }
    }
    const double t_4 = -t_2 / s_7;  /* gmm.dg:38 */
    GRADC_IVDEP
    for (int64_t i = 0; i < K; i++) {
        const double t_5 = grad_alpha[i];  /* gmm.dg:35 */
        grad_alpha[i] = t_4 * t_5 + w_14[i];
    }
    gradc_gemm_f64(D, K, N, xc, 1, D,
        w_13, K, 1, w_17, K, 1, 0, (double *)scratch);
    for (int64_t i = 0; i < K; i++) {
        const double t_5 = w_16[i];  /* gmm.dg:31 */
        GRADC_IVDEP
        for (int64_t j = 0; j < D; j++) {
            w_18[i * D + j] = t_5 * mc[i * D + j] + w_17[j * K + i];
        }
    }
    gradc_gemm_f64(D*D, K, N, w_6, 1, D*D,
        w_15, K, 1, w_19, K, 1, 0, (double *)scratch);
    for (int64_t i = 0; i < K; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < (D*D); j++) {
            w_20[i * (D*D) + j] = w_19[j * K + i];
        }
    }
    for (int64_t i = 0; i < K; i++) {
        for (int64_t j = 0; j < D; j++) {
            const double t_5 = w_18[i * D + j];  /* gmm.dg:29 */
            GRADC_IVDEP
            for (int64_t k = 0; k < D; k++) {
                w_21[(i * D + j) * D + k] = w_20[(i * D + j) * D + k] + t_5 * mc[i * D + k];
            }
        }
    }
    for (int64_t i = 0; i < K; i++) {
        gradc_gemm_f64(D, 1, D, P + i*(D*D), 1, D,
            w_18 + i*D, 1, 0, w_22 + i*D, 1, 0, 0, (double *)scratch);
    }
    for (int64_t i = 0; i < K; i++) {
        const double t_5 = w_16[i];  /* gmm.dg:31 */
        GRADC_IVDEP
        for (int64_t j = 0; j < D; j++) {
            const double t_6 = grad_mu[i * D + j];
            grad_mu[i * D + j] = t_5 * t_6 + w_22[i * D + j];
        }
    }
    for (int64_t i = 0; i < K; i++) {
        gradc_gemm_f64(D, D, D, w_21 + i*(D*D), D, 1,
            Q + i*(D*D), 1, D, w_23 + i*(D*D), 1, D, 0, (double *)scratch);
    }
    for (int64_t i = 0; i < K; i++) {
        gradc_gemm_f64(D, D, D, Q + i*(D*D), D, 1,
            w_21 + i*(D*D), D, 1, w_24 + i*(D*D), D, 1, 0, (double *)scratch);
    }
    for (int64_t i = 0; i < K; i++) {
        for (int64_t j = 0; j < D; j++) {
            double s_parts_9[16] = {0};
            for (int64_t k_0 = 0; k_0 < D; k_0 += 256) {
                const int64_t len = D - k_0 < 256 ? D - k_0 : 256;
                double strip[256];
                GRADC_IVDEP
                for (int64_t lane = 0; lane < len; lane++) {
                    const int64_t k = k_0 + lane;
                    const double t_5 = ((k == j) & (!(k < j))) ? w_23[(i * D + j) * D + k] + w_24[(i * D + j) * D + k] : 0.0;  /* gmm.dg:19 */
                    strip[lane] = t_5;
                }
                gradc_sum(len, strip, s_parts_9);
            }
            w_25[i * D + j] = gradc_sum_of(s_parts_9);
        }
    }
    for (int64_t i_fill = 0; i_fill < ((K*D*D - K*D)/2); i_fill++)
        grad_l[i_fill] = 0.0;
    for (int64_t i = 0; i < K; i++) {
        for (int64_t j = 0; j < D; j++) {
            for (int64_t k = 0; k < D; k++) {
                const double t_5 = k < j ? w_23[(i * D + j) * D + k] + w_24[(i * D + j) * D + k] : 0.0;
                grad_l[i * ((D*D - D)/2) + ((w[k] + j - 1) > 0 ? (w[k] + j - 1) : 0)] += t_5;
            }
        }
    }
    const int64_t end_2 = ((K*D*D - K*D)/2);
    GRADC_IVDEP
    for (int64_t i = 0; i < end_2; i++) {
        const double t_5 = grad_l[i];
        grad_l[i] = -0.6400000000000001 * l[i] + t_5;
    }
    for (int64_t i = 0; i < K; i++) {
        const double t_5 = 2.0 + w_14[i];  /* gmm.dg:32 */
        GRADC_IVDEP
        for (int64_t j = 0; j < D; j++) {
            const double t_6 = grad_q[i * D + j];  /* gmm.dg:34 */
            const double t_7 = (-0.6400000000000001 * t_6 + (w_5[j] ? w_25[i * D + j] : 0.0)) * t_6;  /* gmm.dg:19 */
            grad_q[i * D + j] = t_5 + t_7;
        }
    }
    const double t_5 = (double)D;  /* gmm.dg:12 */
    const double multigamma = 0.25 * t_5 * (double)(D - 1) * gradc_log(3.141592653589793) + s;
    const double t_6 = (double)(D*D + 3*D) * (gradc_log(0.8) - 0.5 * gradc_log(2.0)) - multigamma;  /* gmm.dg:13 */
    const double prior = (double)K * t_6 - 0.32000000000000006 * (s_3 + s_5) + 2.0 * s_2;  /* gmm.dg:34 */
    const double t_7 = s_6 - t_2 * (gradc_log(s_7) + t_3) - 0.5 * t_2 * t_5 * gradc_log(6.283185307179586);  /* gmm.dg:38 */
    *value = t_7 + prior;
    return 0;
}

size_t gmm_grad_work(int64_t K, int64_t D, int64_t N)
{
    return gradc_space(8*D)
        + gradc_space(8*K)
        + gradc_space(8*K*D*D)
        + gradc_space(8*D)
        + gradc_space(8*K*D*D)
        + gradc_space(D)
        + gradc_space(8*D*N)
        + gradc_space(8*K*D)
        + gradc_space(8*D*D*N)
        + gradc_space(8*K*N)
        + gradc_space(8*K*N)
        + gradc_space(8*K)
        + gradc_space(8*K*N)
        + gradc_space(8*N)
        + gradc_space(8*N)
        + gradc_space(8*K*D)
        + gradc_space(8*K*D)
        + gradc_space(8*K*D*D)
        + gradc_space(8*K*D*D)
        + gradc_larger(gradc_gemm_pack_f64(D, D, D) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(D, 1, D) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(N, K, D*D) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(N, K, D) * sizeof(double),
            gradc_larger(gradc_gemm_pack_f64(D, K, N) * sizeof(double),
            gradc_gemm_pack_f64(D*D, K, N) * sizeof(double))))));
}

#ifdef __cplusplus
}
#endif
