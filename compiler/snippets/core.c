/* core.c: small helpers of emitted C: maxima that pass a nan on, integer division that rounds
 * down, sums in a fixed number of parts. What stands here for double scripts/embed.awk also makes for
 * float, where a snippet has two names. */
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

/*@ snippet gradc_no_errno */
/* Nobody asks sqrt for errno: only without it do loops vectorise. */
#if defined(__GNUC__) && !defined(__cplusplus) && !defined(__TINYC__)
double sqrt(double) __attribute__((const));
float sqrtf(float) __attribute__((const));
#endif
/*@ snippet gradc_ivdep */
/* The turns of the next loop do not depend on one another. */
#if defined(__GNUC__) && !defined(__clang__) && !defined(__TINYC__)
#define GRADC_IVDEP _Pragma("GCC ivdep")
#else
#define GRADC_IVDEP
#endif
/*@ snippet gradc_restrict */
#if defined(__cplusplus)
#define GRADC_RESTRICT
#else
#define GRADC_RESTRICT restrict
#endif
/*@ snippet gradc_alone */
#if defined(__GNUC__)
#define GRADC_ALONE __attribute__((noinline))
#else
#define GRADC_ALONE
#endif
/*@ snippet gradc_space */
/* Bytes in the workspace for an array: whole cache lines. */
static inline size_t gradc_space(int64_t bytes)
{
    return ((size_t)bytes + 63) / 64 * 64;
}
/*@ snippet gradc_count */
/* How many turns an argument stands for. */
static inline int64_t gradc_count(int64_t n)
{
    return n > 0 ? n : 0;
}
/*@ snippet gradc_too_much */
/* Whether that is more than there can be bytes. */
static inline int gradc_too_much(double bytes)
{
    return bytes > (double)((size_t)-1 / 4);
}
/*@ snippet gradc_larger */
static inline size_t gradc_larger(size_t a, size_t b)
{
    return a > b ? a : b;
}
/*@ snippet gradc_max and gradc_maxf */
static inline double gradc_max(double a, double b)
{
    return ((a >= b) | (a != a)) ? a : b;
}
/*@ snippet gradc_min and gradc_minf */
static inline double gradc_min(double a, double b)
{
    return ((a <= b) | (a != a)) ? a : b;
}
/*@ snippet gradc_relu and gradc_reluf */
static inline double gradc_relu(double a)
{
    return a <= 0 ? 0.0 : a;
}
/*@ snippet gradc_mod and gradc_modf */
/* The remainder with the sign of b. */
static inline double gradc_mod(double a, double b)
{
    const double r = fmod(a, b);
    return ((r != 0) & ((r < 0) != (b < 0))) ? r + b : r;
}
/*@ snippet gradc_floordiv */
/* Rounded down; 0 where b is 0. */
static inline int64_t gradc_floordiv(int64_t a, int64_t b)
{
    if (b == 0)
        return 0;
    if (b == -1)
        return (int64_t)(0 - (uint64_t)a);
    return a / b - ((a % b != 0) & ((a < 0) != (b < 0)));
}
/*@ snippet gradc_imod */
/* With the sign of b; 0 where b is 0. */
static inline int64_t gradc_imod(int64_t a, int64_t b)
{
    if ((b == 0) | (b == -1))
        return 0;
    return a % b + (((a % b != 0) & ((a < 0) != (b < 0))) ? b : 0);
}
/*@ snippet gradc_random */
/* The upper 53 bits of the first word of Threefry-2x64 with 20 rounds (Salmon, Moraes, Dror and Shaw
 * 2011), of the block (counter, 0) under the key (key, 0). */
static inline int64_t gradc_random(int64_t key, int64_t counter)
{
    const uint64_t k[3] = {(uint64_t)key, 0, 0x1bd11bdaa9fc1a22u ^ (uint64_t)key};
    static const unsigned turn[8] = {16, 42, 12, 31, 16, 32, 24, 21};
    uint64_t a = (uint64_t)counter + k[0], b = k[1];
    for (unsigned i = 0; i < 20; i++) {
        a += b;
        b = (b << turn[i % 8] | b >> (64 - turn[i % 8])) ^ a;
        if (i % 4 == 3) { /* the key again */
            const unsigned j = i / 4 + 1;
            a += k[j % 3];
            b += k[(j + 1) % 3] + j;
        }
    }
    return (int64_t)(a >> 11);
}
/*@ snippet gradc_ipow */
/* a^b of integers, wrapping; 0 for a negative power of anything but 1 and -1. */
static inline int64_t gradc_ipow(int64_t a, int64_t b)
{
    uint64_t r = 1, x = (uint64_t)a;
    if (b < 0)
        return a == 1 ? 1 : a == -1 ? (b % 2 ? -1 : 1) : 0;
    for (; b > 0; b /= 2) {
        if (b % 2)
            r *= x;
        x *= x;
    }
    return (int64_t)r;
}
/*@ snippet gradc_max_real */
#define gradc_max_real 1.7976931348623157e308
#define gradc_max_realf 3.40282347e38f
/*@ snippet gradc_sum and gradc_sumf */
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
/*@ snippet gradc_sum_of and gradc_sum_off */
static inline double gradc_sum_of(double *part)
{
    for (int half = 8; half > 0; half /= 2)
        for (int l = 0; l < half; l++)
            part[l] += part[l + half];
    return part[0];
}
/*@ snippet gradc_product and gradc_productf */
static inline double gradc_product(int64_t n, const double *x, double r)
{
    for (int64_t i = 0; i < n; i++)
        r *= x[i];
    return r;
}
/*@ snippet gradc_largest and gradc_largestf */
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
/*@ snippet gradc_smallest and gradc_smallestf */
/* The smallest of r and x, nan if one is: in 16 lanes, then across them. */
static inline double gradc_smallest(int64_t n, const double *x, double r)
{
    double s[16];
    int64_t i = 0;
    if (n < 32) {
        for (; i < n; i++)
            r = ((r <= x[i]) | (r != r)) ? r : x[i];
        return r;
    }
    for (int l = 0; l < 16; l++)
        s[l] = r;
    for (; i + 16 <= n; i += 16)
        for (int l = 0; l < 16; l++)
            s[l] = ((s[l] <= x[i + l]) | (s[l] != s[l])) ? s[l] : x[i + l];
    for (int l = 0; i < n; i++, l++)
        s[l] = ((s[l] <= x[i]) | (s[l] != s[l])) ? s[l] : x[i];
    for (int l = 0; l < 16; l++)
        r = ((r <= s[l]) | (r != r)) ? r : s[l];
    return r;
}
/*@ snippet gradc_strip */
/* Elements of the strip that begins at `first`: whole rows of `width`, at most 256 elements, or a
 * part of one long row. */
static inline int64_t gradc_strip(int64_t first, int64_t total, int64_t width)
{
    const int64_t most = width <= 256 ? 256 / width * width : 256;
    const int64_t end = width <= 256 ? total : first / width * width + width;
    return end - first < most ? end - first : most;
}
/*@ snippet gradc_sum_rows and gradc_sum_rowsf needs gradc_sum gradc_sum_of */
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
/*@ snippet gradc_product_rows and gradc_product_rowsf needs gradc_product */
/* As gradc_sum_rows, for the product of each row. */
static inline void gradc_product_rows(int64_t n, int64_t width, int64_t first, const double *x,
    double *part, double *out)
{
    for (int64_t at = 0; at < n; at += width) {
        *part = gradc_product(n - at < width ? n - at : width, x + at, *part);
        if (width <= 256 || (first + n) % width == 0) {
            out[(first + at) / width] = *part;
            *part = 1;
        }
    }
}
/*@ snippet gradc_largest_rows and gradc_largest_rowsf needs gradc_largest */
/* As gradc_sum_rows, for the largest of each row. */
static inline void gradc_largest_rows(int64_t n, int64_t width, int64_t first, const double *x,
    double *part, double *out)
{
    for (int64_t at = 0; at < n; at += width) {
        *part = gradc_largest(n - at < width ? n - at : width, x + at, *part);
        if (width <= 256 || (first + n) % width == 0) {
            out[(first + at) / width] = *part;
            *part = -(double)INFINITY;
        }
    }
}
/*@ snippet gradc_smallest_rows and gradc_smallest_rowsf needs gradc_smallest */
/* As gradc_sum_rows, for the smallest of each row. */
static inline void gradc_smallest_rows(int64_t n, int64_t width, int64_t first, const double *x,
    double *part, double *out)
{
    for (int64_t at = 0; at < n; at += width) {
        *part = gradc_smallest(n - at < width ? n - at : width, x + at, *part);
        if (width <= 256 || (first + n) % width == 0) {
            out[(first + at) / width] = *part;
            *part = (double)INFINITY;
        }
    }
}
/*@ snippet gradc_lanes and gradc_lanesf */
/* The sum of the first n of 32 lanes. */
static inline double gradc_lanes(int n, double *lane)
{
    for (int l = n; l < 32; l++)
        lane[l] = 0;
    for (int l = 0; l < 16; l++)
        lane[l] += lane[l + 16];
    for (int l = 0; l < 8; l++)
        lane[l] += lane[l + 8];
    return ((lane[0] + lane[4]) + (lane[1] + lane[5])) + ((lane[2] + lane[6]) + (lane[3] + lane[7]));
}
