/* Made by gradc from krylov.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

static inline double gradc_max(double a, double b)
{
    return ((a >= b) | (a != a)) ? a : b;
}

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

/* column: value of column (krylov.dg:17)
 * x [n]  j scalar  -> value [n]
 * workspace: column_work(n) bytes */
int column(const double *x, int64_t j, int64_t n, double *value, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [n] */

    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        value[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        value[i] = -((double)((i + 1 == j) ? 1 : 0) - (double)((i == j) ? 1 : 0));
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w[i + 1] = (double)((i + 1 == j) ? 1 : 0) - (double)((i == j) ? 1 : 0);
    }
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        const double t = (double)((i == j) ? 1 : 0);  /* krylov.dg:13 */
        const double t_2 = x[i];  /* krylov.dg:9 */
        const double t_3 = value[i];
        value[i] = t * (3.0 * (t_2 * t_2)) * 4.0 + t * 0.5 + t_3 + w[i];
    }
    return 0;
}

size_t column_work(int64_t n)
{
    return gradc_space(8*n);
}

/* solve_by_products: value of solve_by_products (krylov.dg:20)
 * x [n]  r [n]  -> p [n]  left scalar
 * workspace: solve_by_products_work(n) bytes */
int solve_by_products(const double *x, const double *r, int64_t n, double *p, double *left,
    void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [n] */
    double *const w_4 = (double *)(void *)space;  /* [n] */
    double *const d = (double *)(void *)space;  /* [n] */
    const size_t offset1 = gradc_space(8*n);
    double *const w_2 = (double *)(void *)(space + offset1);  /* [n] */
    double *const w_5 = (double *)(void *)(space + offset1);  /* [n] */
    double *const w_6 = (double *)(void *)(space + offset1);  /* [n] */
    double *const d_2 = (double *)(void *)(space + offset1);  /* [n] */
    const size_t offset2 = offset1 + gradc_space(8*n);
    double *const w_3 = (double *)(void *)(space + offset2);  /* [n - 1] */
    double *const w_12 = (double *)(void *)(space + offset2);  /* [n - 1] */
    const size_t offset3 = offset2 + gradc_space(8*n - 8);
    double *const Hd = (double *)(void *)(space + offset3);  /* [n] */
    double *const w_10 = (double *)(void *)(space + offset3);  /* [n] */
    double *const w_13 = (double *)(void *)(space + offset3);  /* [n] */
    const size_t offset4 = offset3 + gradc_space(8*n);
    double *const w_7 = (double *)(void *)(space + offset4);  /* [n] */
    double *const w_8 = (double *)(void *)(space + offset4);  /* [n] */
    double *const r_2 = (double *)(void *)(space + offset4);  /* [n] */
    const size_t offset5 = offset4 + gradc_space(8*n);
    double *const Hd_2 = (double *)(void *)(space + offset5);  /* [n] */
    double *const w_11 = (double *)(void *)(space + offset5);  /* [n] */
    double *const w_14 = (double *)(void *)(space + offset5);  /* [n] */
    const size_t offset6 = offset5 + gradc_space(8*n);
    double *const w_9 = (double *)(void *)(space + offset6);  /* [n] */
    double *const Hd_4 = (double *)(void *)(space + offset6);  /* [n] */
    const size_t offset7 = offset6 + gradc_space(8*n);
    double *const Hd_3 = (double *)(void *)(space + offset7);  /* [n] */
    double *const Hd_5 = (double *)(void *)(space + offset7);  /* [n] */

    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w[i] = -(r[i + 1] - r[i]);
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_2[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_2[i + 1] = r[i + 1] - r[i];
    }
    double left_parts[16] = {0};
    double curvature_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        double strip_2[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t = r[i];  /* krylov.dg:23 */
            const double t_2 = x[i];  /* krylov.dg:9 */
            const double Hd_6 = t * (3.0 * (t_2 * t_2)) * 4.0 + t * 0.5 + w[i] + w_2[i];
            strip[lane] = t * t;
            p[i] = Hd_6;
            strip_2[lane] = t * Hd_6;
        }
        gradc_sum(len, strip, left_parts);
        gradc_sum(len, strip_2, curvature_parts);
    }
    const double left_2 = gradc_sum_of(left_parts);
    const double curvature = gradc_sum_of(curvature_parts);
    const double a = curvature > 0.0 ? left_2 / curvature : 0.0;  /* krylov.dg:27 */
    double new_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t = p[i];  /* krylov.dg:29 */
            const double r_3 = r[i] - a * t;
            strip[lane] = r_3 * r_3;
        }
        gradc_sum(len, strip, new_parts);
    }
    const double new_2 = gradc_sum_of(new_parts);
    const double t = left_2 > 0.0 ? new_2 / left_2 : 0.0;  /* krylov.dg:31 */
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        const double t_2 = r[i + 1];  /* krylov.dg:29 */
        const double t_3 = p[i + 1];
        const double r_3 = t_2 - a * t_3;
        const double d_3 = r_3 + t * t_2;  /* krylov.dg:31 */
        const double t_4 = r[i];  /* krylov.dg:29 */
        const double t_5 = p[i];
        const double r_4 = t_4 - a * t_5;
        const double d_4 = r_4 + t * t_4;  /* krylov.dg:31 */
        w_3[i] = d_3 - d_4;
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_4[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_4[i] = -w_3[i];
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_5[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_5[i + 1] = w_3[i];
    }
    double curvature_parts_2[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_2 = r[i];  /* krylov.dg:29 */
            const double t_3 = p[i];
            const double r_3 = t_2 - a * t_3;
            const double d_3 = r_3 + t * t_2;  /* krylov.dg:31 */
            const double t_4 = x[i];  /* krylov.dg:9 */
            const double Hd_6 = d_3 * (3.0 * (t_4 * t_4)) * 4.0 + d_3 * 0.5 + w_4[i] + w_5[i];
            Hd[i] = Hd_6;
            strip[lane] = d_3 * Hd_6;
        }
        gradc_sum(len, strip, curvature_parts_2);
    }
    const double curvature_2 = gradc_sum_of(curvature_parts_2);
    const double a_2 = curvature_2 > 0.0 ? new_2 / curvature_2 : 0.0;  /* krylov.dg:27 */
    double new_parts_2[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_2 = p[i];  /* krylov.dg:29 */
            const double r_3 = r[i] - a * t_2;
            const double r_4 = r_3 - a_2 * Hd[i];
            strip[lane] = r_4 * r_4;
        }
        gradc_sum(len, strip, new_parts_2);
    }
    const double new_3 = gradc_sum_of(new_parts_2);
    const double t_2 = new_2 > 0.0 ? new_3 / new_2 : 0.0;  /* krylov.dg:31 */
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        const double t_3 = r[i];  /* krylov.dg:29 */
        const double t_4 = p[i];
        const double r_3 = t_3 - a * t_4;
        const double r_4 = r_3 - a_2 * Hd[i];
        const double d_3 = r_3 + t * t_3;  /* krylov.dg:31 */
        const double d_4 = r_4 + t_2 * d_3;
        d[i] = d_4;
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_6[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_6[i] = -(d[i + 1] - d[i]);
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_7[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_7[i + 1] = d[i + 1] - d[i];
    }
    double curvature_parts_3[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_3 = d[i];  /* krylov.dg:9 */
            const double t_4 = x[i];
            const double Hd_6 = t_3 * (3.0 * (t_4 * t_4)) * 4.0 + t_3 * 0.5 + w_6[i] + w_7[i];
            Hd_2[i] = Hd_6;
            strip[lane] = t_3 * Hd_6;
        }
        gradc_sum(len, strip, curvature_parts_3);
    }
    const double curvature_3 = gradc_sum_of(curvature_parts_3);
    const double a_3 = curvature_3 > 0.0 ? new_3 / curvature_3 : 0.0;  /* krylov.dg:27 */
    double new_parts_3[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_3 = p[i];  /* krylov.dg:29 */
            const double r_3 = r[i] - a * t_3;
            const double r_4 = r_3 - a_2 * Hd[i];
            const double r_5 = r_4 - a_3 * Hd_2[i];
            strip[lane] = r_5 * r_5;
        }
        gradc_sum(len, strip, new_parts_3);
    }
    const double new_4 = gradc_sum_of(new_parts_3);
    const double t_3 = new_3 > 0.0 ? new_4 / new_3 : 0.0;  /* krylov.dg:31 */
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        const double t_4 = p[i];  /* krylov.dg:29 */
        const double r_3 = r[i] - a * t_4;
        const double r_4 = r_3 - a_2 * Hd[i];
        const double r_5 = r_4 - a_3 * Hd_2[i];
        const double d_3 = r_5 + t_3 * d[i];  /* krylov.dg:31 */
        d_2[i] = d_3;
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_8[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_8[i] = -(d_2[i + 1] - d_2[i]);
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_9[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_9[i + 1] = d_2[i + 1] - d_2[i];
    }
    double curvature_parts_4[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_4 = d_2[i];  /* krylov.dg:9 */
            const double t_5 = x[i];
            const double Hd_6 = t_4 * (3.0 * (t_5 * t_5)) * 4.0 + t_4 * 0.5 + w_8[i] + w_9[i];
            Hd_3[i] = Hd_6;
            strip[lane] = t_4 * Hd_6;
        }
        gradc_sum(len, strip, curvature_parts_4);
    }
    const double curvature_4 = gradc_sum_of(curvature_parts_4);
    const double a_4 = curvature_4 > 0.0 ? new_4 / curvature_4 : 0.0;  /* krylov.dg:27 */
    double new_parts_4[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_4 = p[i];  /* krylov.dg:29 */
            const double r_3 = r[i] - a * t_4;
            const double r_4 = r_3 - a_2 * Hd[i];
            const double r_5 = r_4 - a_3 * Hd_2[i];
            const double r_6 = r_5 - a_4 * Hd_3[i];
            r_2[i] = r_6;
            strip[lane] = r_6 * r_6;
        }
        gradc_sum(len, strip, new_parts_4);
    }
    const double new_5 = gradc_sum_of(new_parts_4);
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_10[i_fill] = 0.0;
    const double t_4 = new_4 > 0.0 ? new_5 / new_4 : 0.0;  /* krylov.dg:31 */
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        const double d_3 = r_2[i + 1] + t_4 * d_2[i + 1];
        const double d_4 = r_2[i] + t_4 * d_2[i];
        w_10[i] = -(d_3 - d_4);
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_11[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        const double d_3 = r_2[i + 1] + t_4 * d_2[i + 1];
        const double d_4 = r_2[i] + t_4 * d_2[i];
        w_11[i + 1] = d_3 - d_4;
    }
    double curvature_parts_5[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double d_3 = r_2[i] + t_4 * d_2[i];
            const double t_5 = x[i];  /* krylov.dg:9 */
            const double Hd_6 = d_3 * (3.0 * (t_5 * t_5)) * 4.0 + d_3 * 0.5 + w_10[i] + w_11[i];
            Hd_4[i] = Hd_6;
            strip[lane] = d_3 * Hd_6;
        }
        gradc_sum(len, strip, curvature_parts_5);
    }
    const double curvature_5 = gradc_sum_of(curvature_parts_5);
    const double a_5 = curvature_5 > 0.0 ? new_5 / curvature_5 : 0.0;  /* krylov.dg:27 */
    double new_parts_5[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double r_3 = r_2[i] - a_5 * Hd_4[i];  /* krylov.dg:29 */
            strip[lane] = r_3 * r_3;
        }
        gradc_sum(len, strip, new_parts_5);
    }
    const double new_6 = gradc_sum_of(new_parts_5);
    const double t_5 = new_5 > 0.0 ? new_6 / new_5 : 0.0;  /* krylov.dg:31 */
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        const double t_6 = r_2[i + 1];  /* krylov.dg:29 */
        const double r_3 = t_6 - a_5 * Hd_4[i + 1];
        const double d_3 = t_6 + t_4 * d_2[i + 1];  /* krylov.dg:31 */
        const double d_4 = r_3 + t_5 * d_3;
        const double t_7 = r_2[i];  /* krylov.dg:29 */
        const double r_4 = t_7 - a_5 * Hd_4[i];
        const double d_5 = t_7 + t_4 * d_2[i];  /* krylov.dg:31 */
        const double d_6 = r_4 + t_5 * d_5;
        w_12[i] = d_4 - d_6;
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_13[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_13[i] = -w_12[i];
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_14[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_14[i + 1] = w_12[i];
    }
    double curvature_parts_6[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_6 = r_2[i];  /* krylov.dg:29 */
            const double r_3 = t_6 - a_5 * Hd_4[i];
            const double d_3 = t_6 + t_4 * d_2[i];  /* krylov.dg:31 */
            const double d_4 = r_3 + t_5 * d_3;
            const double t_7 = x[i];  /* krylov.dg:9 */
            const double Hd_6 = d_4 * (3.0 * (t_7 * t_7)) * 4.0 + d_4 * 0.5 + w_13[i] + w_14[i];
            Hd_5[i] = Hd_6;
            strip[lane] = d_4 * Hd_6;
        }
        gradc_sum(len, strip, curvature_parts_6);
    }
    const double curvature_6 = gradc_sum_of(curvature_parts_6);
    const double a_6 = curvature_6 > 0.0 ? new_6 / curvature_6 : 0.0;  /* krylov.dg:27 */
    double new_parts_6[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_6 = r[i];  /* krylov.dg:28 */
            const double p_2 = 0.0 + a * t_6;
            const double t_7 = p[i];  /* krylov.dg:29 */
            const double r_3 = t_6 - a * t_7;
            const double d_3 = r_3 + t * t_6;  /* krylov.dg:31 */
            const double p_3 = p_2 + a_2 * d_3;  /* krylov.dg:28 */
            const double p_4 = p_3 + a_3 * d[i];
            const double t_8 = d_2[i];
            const double p_5 = p_4 + a_4 * t_8;
            const double t_9 = r_2[i];  /* krylov.dg:31 */
            const double d_4 = t_9 + t_4 * t_8;
            const double p_6 = p_5 + a_5 * d_4;  /* krylov.dg:28 */
            const double r_4 = t_9 - a_5 * Hd_4[i];  /* krylov.dg:29 */
            const double d_5 = r_4 + t_5 * d_4;  /* krylov.dg:31 */
            const double p_7 = p_6 + a_6 * d_5;  /* krylov.dg:28 */
            const double r_5 = r_4 - a_6 * Hd_5[i];  /* krylov.dg:29 */
            p[i] = p_7;
            strip[lane] = r_5 * r_5;
        }
        gradc_sum(len, strip, new_parts_6);
    }
    const double new_7 = gradc_sum_of(new_parts_6);
    *left = new_7;
    return 0;
}

size_t solve_by_products_work(int64_t n)
{
    return gradc_space(8*n)
        + gradc_space(8*n)
        + gradc_space(8*n - 8)
        + gradc_space(8*n)
        + gradc_space(8*n)
        + gradc_space(8*n)
        + gradc_space(8*n)
        + gradc_space(8*n);
}

/* largest_eigenvalue: value of largest_eigenvalue (krylov.dg:73)
 * x [n]  v [n]  -> value scalar
 * workspace: largest_eigenvalue_work(n) bytes */
int largest_eigenvalue(const double *x, const double *v, int64_t n, double *value, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [n - 1] */
    double *const w_8 = (double *)(void *)space;  /* [n - 1] */
    double *const w_12 = (double *)(void *)space;  /* [n - 1] */
    double *const w_16 = (double *)(void *)space;  /* [n - 1] */
    double *const w_20 = (double *)(void *)space;  /* [n - 1] */
    const size_t offset1 = gradc_space(8*n - 8);
    double *const w_2 = (double *)(void *)(space + offset1);  /* [n] */
    double *const w_4 = (double *)(void *)(space + offset1);  /* [n] */
    double *const w_13 = (double *)(void *)(space + offset1);  /* [n] */
    double *const w_15 = (double *)(void *)(space + offset1);  /* [n] */
    const size_t offset2 = offset1 + gradc_space(8*n);
    double *const w_3 = (double *)(void *)(space + offset2);  /* [n] */
    double *const w_5 = (double *)(void *)(space + offset2);  /* [n] */
    double *const w_7 = (double *)(void *)(space + offset2);  /* [n] */
    double *const w_17 = (double *)(void *)(space + offset2);  /* [n] */
    double *const w_19 = (double *)(void *)(space + offset2);  /* [n] */
    const size_t offset3 = offset2 + gradc_space(8*n);
    double *const Hq = (double *)(void *)(space + offset3);  /* [n] */
    double *const w_6 = (double *)(void *)(space + offset3);  /* [n] */
    double *const w_9 = (double *)(void *)(space + offset3);  /* [n] */
    double *const w_11 = (double *)(void *)(space + offset3);  /* [n] */
    double *const w_21 = (double *)(void *)(space + offset3);  /* [n] */
    const size_t offset4 = offset3 + gradc_space(8*n);
    double *const Hq_2 = (double *)(void *)(space + offset4);  /* [n] */
    double *const w_10 = (double *)(void *)(space + offset4);  /* [n] */
    double *const w_14 = (double *)(void *)(space + offset4);  /* [n] */
    double *const w_18 = (double *)(void *)(space + offset4);  /* [n] */
    double *const w_22 = (double *)(void *)(space + offset4);  /* [n] */
    const size_t offset5 = offset4 + gradc_space(8*n);
    double *const Hq_3 = (double *)(void *)(space + offset5);  /* [n] */
    double *const Hq_4 = (double *)(void *)(space + offset5);  /* [n] */
    double *const Hq_5 = (double *)(void *)(space + offset5);  /* [n] */
    double *const Hq_6 = (double *)(void *)(space + offset5);  /* [n] */

    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t = v[i];  /* krylov.dg:41 */
            strip[lane] = t * t;
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    const int t = s == 0.0;
    const double t_2 = t ? 0.0 : sqrt(t ? 1.0 : s);
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        const double q = v[i + 1] / t_2;
        const double q_2 = v[i] / t_2;
        w[i] = q - q_2;
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_2[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_2[i] = -w[i];
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_3[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_3[i + 1] = w[i];
    }
    double s_parts_2[16] = {0};
    double s_parts_3[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        double strip_2[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double q = v[i] / t_2;
            const double t_3 = x[i];  /* krylov.dg:9 */
            const double Hq_7 = q * (3.0 * (t_3 * t_3)) * 4.0 + q * 0.5 + w_2[i] + w_3[i];
            Hq[i] = Hq_7;
            strip[lane] = Hq_7 * q;
            strip_2[lane] = Hq_7 * Hq_7;
        }
        gradc_sum(len, strip, s_parts_2);
        gradc_sum(len, strip_2, s_parts_3);
    }
    const double s_2 = gradc_sum_of(s_parts_2);
    const double s_3 = gradc_sum_of(s_parts_3);
    double new_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double q = v[i] / t_2;  /* krylov.dg:41 */
            const double w_24 = Hq[i] - s_2 * q;  /* krylov.dg:47 */
            strip[lane] = w_24 * w_24;
        }
        gradc_sum(len, strip, new_parts);
    }
    const double new_2 = gradc_sum_of(new_parts);
    const int done = new_2 <= s_3 * 2.0194839173657902e-28;  /* krylov.dg:49 */
    const double t_3 = done ? 0.0 : new_2;  /* krylov.dg:50 */
    const double beta = sqrt(t_3);  /* krylov.dg:51 */
    const double t_4 = done ? 1.0 : beta;  /* krylov.dg:53 */
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        const double q = v[i] / t_2;  /* krylov.dg:41 */
        const double w_24 = Hq[i] - s_2 * q;  /* krylov.dg:47 */
        w_4[i] = w_24 / t_4;
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_5[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_5[i] = -(done ? 0.0 : w_4[i + 1] - w_4[i]);
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_6[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_6[i + 1] = done ? 0.0 : w_4[i + 1] - w_4[i];
    }
    double s_parts_4[16] = {0};
    double s_parts_5[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        double strip_2[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_5 = w_4[i];  /* krylov.dg:9 */
            const double t_6 = x[i];
            const double t_7 = (done ? 0.0 : t_5 * (3.0 * (t_6 * t_6)) * 4.0 + t_5 * 0.5) + w_5[i];
            const double Hq_7 = t_7 + w_6[i];
            const double q = done ? 0.0 : t_5;  /* krylov.dg:53 */
            Hq_2[i] = Hq_7;
            strip[lane] = Hq_7 * q;
            strip_2[lane] = Hq_7 * Hq_7;
        }
        gradc_sum(len, strip, s_parts_4);
        gradc_sum(len, strip_2, s_parts_5);
    }
    const double s_4 = gradc_sum_of(s_parts_4);
    const double s_5 = gradc_sum_of(s_parts_5);
    double new_parts_2[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double q = v[i] / t_2;  /* krylov.dg:41 */
            const double q_2 = done ? 0.0 : w_4[i];  /* krylov.dg:53 */
            const double w_24 = Hq_2[i] - beta * q - s_4 * q_2;  /* krylov.dg:47 */
            w_7[i] = w_24;
            strip[lane] = w_24 * w_24;
        }
        gradc_sum(len, strip, new_parts_2);
    }
    const double new_3 = gradc_sum_of(new_parts_2);
    const int done_2 = new_3 <= s_5 * 2.0194839173657902e-28;  /* krylov.dg:49 */
    const double t_5 = done_2 ? 0.0 : new_3;  /* krylov.dg:50 */
    const double beta_2 = sqrt(t_5);  /* krylov.dg:51 */
    const double t_6 = done_2 ? 1.0 : beta_2;  /* krylov.dg:53 */
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_8[i] = done_2 ? 0.0 : w_7[i + 1] / t_6 - w_7[i] / t_6;
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_9[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_9[i] = -w_8[i];
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_10[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_10[i + 1] = w_8[i];
    }
    double s_parts_6[16] = {0};
    double s_parts_7[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        double strip_2[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_7 = w_7[i] / t_6;
            const double t_8 = x[i];  /* krylov.dg:9 */
            const double t_9 = (done_2 ? 0.0 : t_7 * (3.0 * (t_8 * t_8)) * 4.0 + t_7 * 0.5) + w_9[i];
            const double Hq_7 = t_9 + w_10[i];
            const double q = done_2 ? 0.0 : t_7;  /* krylov.dg:53 */
            Hq_3[i] = Hq_7;
            strip[lane] = Hq_7 * q;
            strip_2[lane] = Hq_7 * Hq_7;
        }
        gradc_sum(len, strip, s_parts_6);
        gradc_sum(len, strip_2, s_parts_7);
    }
    const double s_6 = gradc_sum_of(s_parts_6);
    const double s_7 = gradc_sum_of(s_parts_7);
    double new_parts_3[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double q = done ? 0.0 : w_4[i];
            const double q_2 = done_2 ? 0.0 : w_7[i] / t_6;
            const double w_24 = Hq_3[i] - beta_2 * q - s_6 * q_2;  /* krylov.dg:47 */
            w_11[i] = w_24;
            strip[lane] = w_24 * w_24;
        }
        gradc_sum(len, strip, new_parts_3);
    }
    const double new_4 = gradc_sum_of(new_parts_3);
    const int done_3 = new_4 <= s_7 * 2.0194839173657902e-28;  /* krylov.dg:49 */
    const double t_7 = done_3 ? 0.0 : new_4;  /* krylov.dg:50 */
    const double beta_3 = sqrt(t_7);  /* krylov.dg:51 */
    const double t_8 = done_3 ? 1.0 : beta_3;  /* krylov.dg:53 */
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_12[i] = done_3 ? 0.0 : w_11[i + 1] / t_8 - w_11[i] / t_8;
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_13[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_13[i] = -w_12[i];
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_14[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_14[i + 1] = w_12[i];
    }
    double s_parts_8[16] = {0};
    double s_parts_9[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        double strip_2[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_9 = w_11[i] / t_8;
            const double t_10 = x[i];  /* krylov.dg:9 */
            const double t_11 = (done_3 ? 0.0 : t_9 * (3.0 * (t_10 * t_10)) * 4.0 + t_9 * 0.5) + w_13[i];
            const double Hq_7 = t_11 + w_14[i];
            const double q = done_3 ? 0.0 : t_9;  /* krylov.dg:53 */
            Hq_4[i] = Hq_7;
            strip[lane] = Hq_7 * q;
            strip_2[lane] = Hq_7 * Hq_7;
        }
        gradc_sum(len, strip, s_parts_8);
        gradc_sum(len, strip_2, s_parts_9);
    }
    const double s_8 = gradc_sum_of(s_parts_8);
    const double s_9 = gradc_sum_of(s_parts_9);
    double new_parts_4[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double q = done_2 ? 0.0 : w_7[i] / t_6;
            const double q_2 = done_3 ? 0.0 : w_11[i] / t_8;
            const double w_24 = Hq_4[i] - beta_3 * q - s_8 * q_2;  /* krylov.dg:47 */
            w_15[i] = w_24;
            strip[lane] = w_24 * w_24;
        }
        gradc_sum(len, strip, new_parts_4);
    }
    const double new_5 = gradc_sum_of(new_parts_4);
    const int done_4 = new_5 <= s_9 * 2.0194839173657902e-28;  /* krylov.dg:49 */
    const double t_9 = done_4 ? 0.0 : new_5;  /* krylov.dg:50 */
    const double beta_4 = sqrt(t_9);  /* krylov.dg:51 */
    const double t_10 = done_4 ? 1.0 : beta_4;  /* krylov.dg:53 */
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_16[i] = done_4 ? 0.0 : w_15[i + 1] / t_10 - w_15[i] / t_10;
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_17[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_17[i] = -w_16[i];
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_18[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_18[i + 1] = w_16[i];
    }
    double s_parts_10[16] = {0};
    double s_parts_11[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        double strip_2[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_11 = w_15[i] / t_10;
            const double t_12 = x[i];  /* krylov.dg:9 */
            const double t_13 = (done_4 ? 0.0 : t_11 * (3.0 * (t_12 * t_12)) * 4.0 + t_11 * 0.5) + w_17[i];
            const double Hq_7 = t_13 + w_18[i];
            const double q = done_4 ? 0.0 : t_11;  /* krylov.dg:53 */
            Hq_5[i] = Hq_7;
            strip[lane] = Hq_7 * q;
            strip_2[lane] = Hq_7 * Hq_7;
        }
        gradc_sum(len, strip, s_parts_10);
        gradc_sum(len, strip_2, s_parts_11);
    }
    const double s_10 = gradc_sum_of(s_parts_10);
    const double s_11 = gradc_sum_of(s_parts_11);
    double new_parts_5[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double q = done_3 ? 0.0 : w_11[i] / t_8;
            const double q_2 = done_4 ? 0.0 : w_15[i] / t_10;
            const double w_24 = Hq_5[i] - beta_4 * q - s_10 * q_2;  /* krylov.dg:47 */
            w_19[i] = w_24;
            strip[lane] = w_24 * w_24;
        }
        gradc_sum(len, strip, new_parts_5);
    }
    const double new_6 = gradc_sum_of(new_parts_5);
    const int done_5 = new_6 <= s_11 * 2.0194839173657902e-28;  /* krylov.dg:49 */
    const double t_11 = done_5 ? 0.0 : new_6;  /* krylov.dg:50 */
    const double beta_5 = sqrt(t_11);  /* krylov.dg:51 */
    const double t_12 = done_5 ? 1.0 : beta_5;  /* krylov.dg:53 */
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_20[i] = done_5 ? 0.0 : w_19[i + 1] / t_12 - w_19[i] / t_12;
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_21[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_21[i] = -w_20[i];
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_22[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        w_22[i + 1] = w_20[i];
    }
    double s_parts_12[16] = {0};
    double s_parts_13[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        double strip_2[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t_13 = w_19[i] / t_12;
            const double t_14 = x[i];  /* krylov.dg:9 */
            const double t_15 = (done_5 ? 0.0 : t_13 * (3.0 * (t_14 * t_14)) * 4.0 + t_13 * 0.5) + w_21[i];
            const double Hq_7 = t_15 + w_22[i];
            const double q = done_5 ? 0.0 : t_13;  /* krylov.dg:53 */
            Hq_6[i] = Hq_7;
            strip[lane] = Hq_7 * q;
            strip_2[lane] = Hq_7 * Hq_7;
        }
        gradc_sum(len, strip, s_parts_12);
        gradc_sum(len, strip_2, s_parts_13);
    }
    const double s_12 = gradc_sum_of(s_parts_12);
    const double s_13 = gradc_sum_of(s_parts_13);
    double new_parts_6[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double q = done_4 ? 0.0 : w_15[i] / t_10;
            const double q_2 = done_5 ? 0.0 : w_19[i] / t_12;
            const double w_24 = Hq_6[i] - beta_5 * q - s_12 * q_2;  /* krylov.dg:47 */
            strip[lane] = w_24 * w_24;
        }
        gradc_sum(len, strip, new_parts_6);
    }
    const double new_7 = gradc_sum_of(new_parts_6);
    const double t_13 = gradc_max(gradc_max(gradc_max(fabs(s_2), fabs(s_4)), fabs(s_6)), fabs(s_8));  /* krylov.dg:85 */
    const double t_14 = gradc_max(gradc_max(gradc_max(gradc_max(t_3, t_5), t_7), t_9), t_11);
    const double t_15 = gradc_max(t_14, new_7 <= s_13 * 2.0194839173657902e-28 ? 0.0 : new_7);
    const double unit = gradc_max(gradc_max(t_13, fabs(s_10)), fabs(s_12)) + 2.0 * sqrt(t_15);
    const double t_16 = s_2 / unit;
    const double t_17 = s_4 / unit;
    const double t_18 = s_6 / unit;
    const double t_19 = s_8 / unit;
    const double t_20 = s_10 / unit;
    const double t_21 = s_12 / unit;
    const double t_22 = unit * unit;
    const double t_23 = t_3 / t_22;
    const double t_24 = t_5 / t_22;
    const double t_25 = t_7 / t_22;
    const double t_26 = t_9 / t_22;
    const double t_27 = t_11 / t_22;
    const double p = t_16 - 1.0;
    const double t_28 = t_17 - 1.0;
    const double next = t_28 * p - t_23;
    const double t_29 = t_18 - 1.0;
    const double next_2 = t_29 * next - t_24 * p;
    const double t_30 = t_19 - 1.0;
    const double next_3 = t_30 * next_2 - t_25 * next;
    const double t_31 = t_20 - 1.0;
    const double next_4 = t_31 * next_3 - t_26 * next_2;
    const double t_32 = t_21 - 1.0;
    const double next_5 = t_32 * next_4 - t_27 * next_3;
    const double t_33 = t_32 * t_31 - t_27;
    const double t_34 = t_33 * t_30 - t_32 * t_26;
    const double t_35 = t_34 * t_29 - t_33 * t_25;
    const double dp = -next_4 - t_32 * next_3 - t_33 * next_2 - t_34 * next - t_35 * p - (t_35 * t_28 - t_34 * t_24);
    const double t_36 = -t_28 - p;
    const double t_37 = t_36 * t_29 - next + t_24;
    const double t_38 = t_37 * t_30 - next_2 - t_36 * t_25;
    const double t_39 = -t_32 - t_31;
    const double t_40 = t_26 - t_33 + t_39 * t_30;
    const double t_41 = -(t_38 * t_31 - next_3 - t_37 * t_26) - (t_38 * t_32 - next_3) - (t_37 * t_33 + t_39 * next_2);
    const double t_42 = -t_34 - t_39 * t_25 + t_40 * t_29;
    const double ddp = t_41 - (t_36 * t_34 + t_40 * next) - (t_42 * p - t_35) - (-t_35 - t_40 * t_24 + t_42 * t_28);
    const double t_43 = 6.0 * next_5;
    const double root = sqrt(gradc_max(5.0 * (5.0 * (dp * dp) - t_43 * ddp), 0.0));
    const double denominator = dp + (dp < 0.0 ? -root : root);
    const double t_44 = (denominator == 0.0) ? 1.0 : 1.0 - t_43 / denominator;
    const double p_2 = t_16 - t_44;
    const double t_45 = t_17 - t_44;
    const double next_6 = t_45 * p_2 - t_23;
    const double t_46 = t_18 - t_44;
    const double next_7 = t_46 * next_6 - t_24 * p_2;
    const double t_47 = t_19 - t_44;
    const double next_8 = t_47 * next_7 - t_25 * next_6;
    const double t_48 = t_20 - t_44;
    const double next_9 = t_48 * next_8 - t_26 * next_7;
    const double t_49 = t_21 - t_44;
    const double next_10 = t_49 * next_9 - t_27 * next_8;
    const double t_50 = t_49 * t_48 - t_27;
    const double t_51 = t_50 * t_47 - t_49 * t_26;
    const double t_52 = t_51 * t_46 - t_50 * t_25;
    const double t_53 = -next_9 - t_49 * next_8 - t_50 * next_7 - t_51 * next_6 - t_52 * p_2;
    const double dp_2 = t_53 - (t_52 * t_45 - t_51 * t_24);
    const double t_54 = -t_45 - p_2;
    const double t_55 = t_54 * t_46 - next_6 + t_24;
    const double t_56 = t_55 * t_47 - next_7 - t_54 * t_25;
    const double t_57 = -t_49 - t_48;
    const double t_58 = t_26 - t_50 + t_57 * t_47;
    const double t_59 = -(t_56 * t_48 - next_8 - t_55 * t_26) - (t_56 * t_49 - next_8) - (t_55 * t_50 + t_57 * next_7);
    const double t_60 = -t_51 - t_57 * t_25 + t_58 * t_46;
    const double ddp_2 = t_59 - (t_54 * t_51 + t_58 * next_6) - (t_60 * p_2 - t_52) - (-t_52 - t_58 * t_24 + t_60 * t_45);
    const double t_61 = 6.0 * next_10;
    const double root_2 = sqrt(gradc_max(5.0 * (5.0 * (dp_2 * dp_2) - t_61 * ddp_2), 0.0));
    const double denominator_2 = dp_2 + (dp_2 < 0.0 ? -root_2 : root_2);
    const double t_62 = (denominator_2 == 0.0) ? t_44 : t_44 - t_61 / denominator_2;
    const double p_3 = t_16 - t_62;
    const double t_63 = t_17 - t_62;
    const double next_11 = t_63 * p_3 - t_23;
    const double t_64 = t_18 - t_62;
    const double next_12 = t_64 * next_11 - t_24 * p_3;
    const double t_65 = t_19 - t_62;
    const double next_13 = t_65 * next_12 - t_25 * next_11;
    const double t_66 = t_20 - t_62;
    const double next_14 = t_66 * next_13 - t_26 * next_12;
    const double t_67 = t_21 - t_62;
    const double next_15 = t_67 * next_14 - t_27 * next_13;
    const double t_68 = t_67 * t_66 - t_27;
    const double t_69 = t_68 * t_65 - t_67 * t_26;
    const double t_70 = t_69 * t_64 - t_68 * t_25;
    const double t_71 = -next_14 - t_67 * next_13 - t_68 * next_12 - t_69 * next_11 - t_70 * p_3;
    const double dp_3 = t_71 - (t_70 * t_63 - t_69 * t_24);
    const double t_72 = -t_63 - p_3;
    const double t_73 = t_72 * t_64 - next_11 + t_24;
    const double t_74 = t_73 * t_65 - next_12 - t_72 * t_25;
    const double t_75 = -t_67 - t_66;
    const double t_76 = t_26 - t_68 + t_75 * t_65;
    const double t_77 = -(t_74 * t_66 - next_13 - t_73 * t_26) - (t_74 * t_67 - next_13) - (t_73 * t_68 + t_75 * next_12);
    const double t_78 = -t_69 - t_75 * t_25 + t_76 * t_64;
    const double ddp_3 = t_77 - (t_72 * t_69 + t_76 * next_11) - (t_78 * p_3 - t_70) - (-t_70 - t_76 * t_24 + t_78 * t_63);
    const double t_79 = 6.0 * next_15;
    const double root_3 = sqrt(gradc_max(5.0 * (5.0 * (dp_3 * dp_3) - t_79 * ddp_3), 0.0));
    const double denominator_3 = dp_3 + (dp_3 < 0.0 ? -root_3 : root_3);
    const double t_80 = (denominator_3 == 0.0) ? t_62 : t_62 - t_79 / denominator_3;
    const double p_4 = t_16 - t_80;
    const double t_81 = t_17 - t_80;
    const double next_16 = t_81 * p_4 - t_23;
    const double t_82 = t_18 - t_80;
    const double next_17 = t_82 * next_16 - t_24 * p_4;
    const double t_83 = t_19 - t_80;
    const double next_18 = t_83 * next_17 - t_25 * next_16;
    const double t_84 = t_20 - t_80;
    const double next_19 = t_84 * next_18 - t_26 * next_17;
    const double t_85 = t_21 - t_80;
    const double next_20 = t_85 * next_19 - t_27 * next_18;
    const double t_86 = t_85 * t_84 - t_27;
    const double t_87 = t_86 * t_83 - t_85 * t_26;
    const double t_88 = t_87 * t_82 - t_86 * t_25;
    const double t_89 = -next_19 - t_85 * next_18 - t_86 * next_17 - t_87 * next_16 - t_88 * p_4;
    const double dp_4 = t_89 - (t_88 * t_81 - t_87 * t_24);
    const double t_90 = -t_81 - p_4;
    const double t_91 = t_90 * t_82 - next_16 + t_24;
    const double t_92 = t_91 * t_83 - next_17 - t_90 * t_25;
    const double t_93 = -t_85 - t_84;
    const double t_94 = t_26 - t_86 + t_93 * t_83;
    const double t_95 = -(t_92 * t_84 - next_18 - t_91 * t_26) - (t_92 * t_85 - next_18) - (t_91 * t_86 + t_93 * next_17);
    const double t_96 = -t_87 - t_93 * t_25 + t_94 * t_82;
    const double ddp_4 = t_95 - (t_90 * t_87 + t_94 * next_16) - (t_96 * p_4 - t_88) - (-t_88 - t_94 * t_24 + t_96 * t_81);
    const double t_97 = 6.0 * next_20;
    const double root_4 = sqrt(gradc_max(5.0 * (5.0 * (dp_4 * dp_4) - t_97 * ddp_4), 0.0));
    const double denominator_4 = dp_4 + (dp_4 < 0.0 ? -root_4 : root_4);
    const double t_98 = (denominator_4 == 0.0) ? t_80 : t_80 - t_97 / denominator_4;
    const double p_5 = t_16 - t_98;
    const double t_99 = t_17 - t_98;
    const double next_21 = t_99 * p_5 - t_23;
    const double t_100 = t_18 - t_98;
    const double next_22 = t_100 * next_21 - t_24 * p_5;
    const double t_101 = t_19 - t_98;
    const double next_23 = t_101 * next_22 - t_25 * next_21;
    const double t_102 = t_20 - t_98;
    const double next_24 = t_102 * next_23 - t_26 * next_22;
    const double t_103 = t_21 - t_98;
    const double next_25 = t_103 * next_24 - t_27 * next_23;
    const double t_104 = t_103 * t_102 - t_27;
    const double t_105 = t_104 * t_101 - t_103 * t_26;
    const double t_106 = t_105 * t_100 - t_104 * t_25;
    const double t_107 = -next_24 - t_103 * next_23 - t_104 * next_22 - t_105 * next_21 - t_106 * p_5;
    const double dp_5 = t_107 - (t_106 * t_99 - t_105 * t_24);
    const double t_108 = -t_99 - p_5;
    const double t_109 = t_108 * t_100 - next_21 + t_24;
    const double t_110 = t_109 * t_101 - next_22 - t_108 * t_25;
    const double t_111 = -t_103 - t_102;
    const double t_112 = -(t_110 * t_102 - next_23 - t_109 * t_26) - (t_110 * t_103 - next_23);
    const double t_113 = t_26 - t_104 + t_111 * t_101;
    const double t_114 = -t_105 - t_111 * t_25 + t_113 * t_100;
    const double t_115 = t_112 - (t_109 * t_104 + t_111 * next_22) - (t_108 * t_105 + t_113 * next_21);
    const double ddp_5 = t_115 - (t_114 * p_5 - t_106) - (-t_106 - t_113 * t_24 + t_114 * t_99);
    const double t_116 = 6.0 * next_25;
    const double root_5 = sqrt(gradc_max(5.0 * (5.0 * (dp_5 * dp_5) - t_116 * ddp_5), 0.0));
    const double denominator_5 = dp_5 + (dp_5 < 0.0 ? -root_5 : root_5);
    const double t_117 = (denominator_5 == 0.0) ? t_98 : t_98 - t_116 / denominator_5;
    const double p_6 = t_16 - t_117;
    const double t_118 = t_17 - t_117;
    const double next_26 = t_118 * p_6 - t_23;
    const double t_119 = t_18 - t_117;
    const double next_27 = t_119 * next_26 - t_24 * p_6;
    const double t_120 = t_19 - t_117;
    const double next_28 = t_120 * next_27 - t_25 * next_26;
    const double t_121 = t_20 - t_117;
    const double next_29 = t_121 * next_28 - t_26 * next_27;
    const double t_122 = t_21 - t_117;
    const double next_30 = t_122 * next_29 - t_27 * next_28;
    const double t_123 = t_122 * t_121 - t_27;
    const double t_124 = t_123 * t_120 - t_122 * t_26;
    const double t_125 = t_124 * t_119 - t_123 * t_25;
    const double t_126 = -next_29 - t_122 * next_28 - t_123 * next_27 - t_124 * next_26 - t_125 * p_6;
    const double dp_6 = t_126 - (t_125 * t_118 - t_124 * t_24);
    const double t_127 = -t_118 - p_6;
    const double t_128 = t_127 * t_119 - next_26 + t_24;
    const double t_129 = t_128 * t_120 - next_27 - t_127 * t_25;
    const double t_130 = -t_122 - t_121;
    const double t_131 = -(t_129 * t_121 - next_28 - t_128 * t_26) - (t_129 * t_122 - next_28);
    const double t_132 = t_26 - t_123 + t_130 * t_120;
    const double t_133 = -t_124 - t_130 * t_25 + t_132 * t_119;
    const double t_134 = t_131 - (t_128 * t_123 + t_130 * next_27) - (t_127 * t_124 + t_132 * next_26);
    const double ddp_6 = t_134 - (t_133 * p_6 - t_125) - (-t_125 - t_132 * t_24 + t_133 * t_118);
    const double t_135 = 6.0 * next_30;
    const double root_6 = sqrt(gradc_max(5.0 * (5.0 * (dp_6 * dp_6) - t_135 * ddp_6), 0.0));
    const double denominator_6 = dp_6 + (dp_6 < 0.0 ? -root_6 : root_6);
    const double t_136 = (denominator_6 == 0.0) ? t_117 : t_117 - t_135 / denominator_6;
    const double p_7 = t_16 - t_136;
    const double t_137 = t_17 - t_136;
    const double next_31 = t_137 * p_7 - t_23;
    const double t_138 = t_18 - t_136;
    const double next_32 = t_138 * next_31 - t_24 * p_7;
    const double t_139 = t_19 - t_136;
    const double next_33 = t_139 * next_32 - t_25 * next_31;
    const double t_140 = t_20 - t_136;
    const double next_34 = t_140 * next_33 - t_26 * next_32;
    const double t_141 = t_21 - t_136;
    const double next_35 = t_141 * next_34 - t_27 * next_33;
    const double t_142 = t_141 * t_140 - t_27;
    const double t_143 = t_142 * t_139 - t_141 * t_26;
    const double t_144 = t_143 * t_138 - t_142 * t_25;
    const double t_145 = -next_34 - t_141 * next_33 - t_142 * next_32 - t_143 * next_31 - t_144 * p_7;
    const double dp_7 = t_145 - (t_144 * t_137 - t_143 * t_24);
    const double t_146 = -t_137 - p_7;
    const double t_147 = t_146 * t_138 - next_31 + t_24;
    const double t_148 = t_147 * t_139 - next_32 - t_146 * t_25;
    const double t_149 = -t_141 - t_140;
    const double t_150 = -(t_148 * t_140 - next_33 - t_147 * t_26) - (t_148 * t_141 - next_33);
    const double t_151 = t_26 - t_142 + t_149 * t_139;
    const double t_152 = -t_143 - t_149 * t_25 + t_151 * t_138;
    const double t_153 = t_150 - (t_147 * t_142 + t_149 * next_32) - (t_146 * t_143 + t_151 * next_31);
    const double ddp_7 = t_153 - (t_152 * p_7 - t_144) - (-t_144 - t_151 * t_24 + t_152 * t_137);
    const double t_154 = 6.0 * next_35;
    const double root_7 = sqrt(gradc_max(5.0 * (5.0 * (dp_7 * dp_7) - t_154 * ddp_7), 0.0));
    const double denominator_7 = dp_7 + (dp_7 < 0.0 ? -root_7 : root_7);
    const double t_155 = (denominator_7 == 0.0) ? t_136 : t_136 - t_154 / denominator_7;
    const double p_8 = t_16 - t_155;
    const double t_156 = t_17 - t_155;
    const double next_36 = t_156 * p_8 - t_23;
    const double t_157 = t_18 - t_155;
    const double next_37 = t_157 * next_36 - t_24 * p_8;
    const double t_158 = t_19 - t_155;
    const double next_38 = t_158 * next_37 - t_25 * next_36;
    const double t_159 = t_20 - t_155;
    const double next_39 = t_159 * next_38 - t_26 * next_37;
    const double t_160 = t_21 - t_155;
    const double next_40 = t_160 * next_39 - t_27 * next_38;
    const double t_161 = t_160 * t_159 - t_27;
    const double t_162 = t_161 * t_158 - t_160 * t_26;
    const double t_163 = t_162 * t_157 - t_161 * t_25;
    const double t_164 = -next_39 - t_160 * next_38 - t_161 * next_37 - t_162 * next_36 - t_163 * p_8;
    const double dp_8 = t_164 - (t_163 * t_156 - t_162 * t_24);
    const double t_165 = -t_156 - p_8;
    const double t_166 = t_165 * t_157 - next_36 + t_24;
    const double t_167 = t_166 * t_158 - next_37 - t_165 * t_25;
    const double t_168 = -t_160 - t_159;
    const double t_169 = -(t_167 * t_159 - next_38 - t_166 * t_26) - (t_167 * t_160 - next_38);
    const double t_170 = t_26 - t_161 + t_168 * t_158;
    const double t_171 = -t_162 - t_168 * t_25 + t_170 * t_157;
    const double t_172 = t_169 - (t_166 * t_161 + t_168 * next_37) - (t_165 * t_162 + t_170 * next_36);
    const double ddp_8 = t_172 - (t_171 * p_8 - t_163) - (-t_163 - t_170 * t_24 + t_171 * t_156);
    const double t_173 = 6.0 * next_40;
    const double root_8 = sqrt(gradc_max(5.0 * (5.0 * (dp_8 * dp_8) - t_173 * ddp_8), 0.0));
    const double denominator_8 = dp_8 + (dp_8 < 0.0 ? -root_8 : root_8);
    const double t_174 = (denominator_8 == 0.0) ? t_155 : t_155 - t_173 / denominator_8;
    *value = unit * t_174;
    return 0;
}

size_t largest_eigenvalue_work(int64_t n)
{
    return gradc_space(8*n - 8)
        + gradc_space(8*n)
        + gradc_space(8*n)
        + gradc_space(8*n)
        + gradc_space(8*n)
        + gradc_space(8*n);
}

#ifdef __cplusplus
}
#endif
