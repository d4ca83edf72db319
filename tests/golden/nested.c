/* Made by gradc from nested.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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
#ifndef GRADC_E_LIMIT
#define GRADC_E_LIMIT 2  /* a while has reached its limit, and its condition still holds */
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

/* nested: value of nested (nested.dg:17)
 * x [n]  -> value scalar
 * workspace: nested_work(n) bytes */
int nested(const double *x, int64_t n, double *value, void *work)
{
    char *const space = (char *)work;
    double *const y = (double *)(void *)space;  /* [n] */
    const size_t offset1 = gradc_space(8*n);
    double *const g = (double *)(void *)(space + offset1);  /* [n] */

    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        y[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        const double g_2 = -x[i];  /* nested.dg:15 */
        g[i] = g_2;
    }
    for (int64_t i = 0; i < 501; i++) {
        double s_parts[16] = {0};
        for (int64_t i_2_0 = 0; i_2_0 < n; i_2_0 += 256) {
            const int64_t len = n - i_2_0 < 256 ? n - i_2_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i_2 = i_2_0 + lane;
                const double t = g[i_2];  /* nested.dg:7 */
                strip[lane] = t * t;
            }
            gradc_sum(len, strip, s_parts);
        }
        const double s = gradc_sum_of(s_parts);
        const int t = s == 0.0;
        if (!((t ? 0.0 : sqrt(t ? 1.0 : s)) > 2.220446049250313e-13))
            break;
        if (!(i < 500))
            return GRADC_E_LIMIT;
        GRADC_IVDEP
        for (int64_t i_2 = 0; i_2 < n; i_2++) {
            const double t_2 = y[i_2];  /* nested.dg:8 */
            const double t_3 = g[i_2];
            const double y_2 = t_2 - 0.1 * t_3;
            const double g_2 = 0.2 * (y_2 * (y_2 * y_2)) - x[i_2] + 2.0 * y_2;  /* nested.dg:15 */
            y[i_2] = y_2;
            g[i_2] = g_2;
        }
    }
    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < n; i_0 += 256) {
        const int64_t len = n - i_0 < 256 ? n - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t = y[i];  /* nested.dg:19 */
            strip[lane] = t * t;
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    *value = s;
    return 0;
}

size_t nested_work(int64_t n)
{
    return gradc_space(8*n)
        + gradc_space(8*n);
}

/* nested_grad: value and gradient of nested (nested.dg:17)
 * x [n]  -> value scalar  grad_x [n]
 * workspace: nested_grad_work(n) bytes */
int nested_grad(const double *x, int64_t n, double *value, double *grad_x, void *work)
{
    char *const space = (char *)work;
    double *const y = (double *)(void *)space;  /* [n] */
    double *const w_3 = (double *)(void *)space;  /* [n] */
    const size_t offset1 = gradc_space(8*n);
    double *const g = (double *)(void *)(space + offset1);  /* [n] */
    double *const w_2 = (double *)(void *)(space + offset1);  /* [n] */
    const size_t offset2 = offset1 + gradc_space(8*n);
    double *const w = (double *)(void *)(space + offset2);  /* [501, n] */
    const size_t offset3 = offset2 + gradc_space(4008*n);
    double *const w_4 = (double *)(void *)(space + offset3);  /* [n] */

    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        y[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        const double g_2 = -x[i];  /* nested.dg:15 */
        g[i] = g_2;
    }
    int64_t i = 0;
    for (; i < 501; i++) {
        double *const row = w + i * n;
        double s_parts[16] = {0};
        for (int64_t i_2_0 = 0; i_2_0 < n; i_2_0 += 256) {
            const int64_t len = n - i_2_0 < 256 ? n - i_2_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t i_2 = i_2_0 + lane;
                const double t = g[i_2];  /* nested.dg:7 */
                strip[lane] = t * t;
            }
            gradc_sum(len, strip, s_parts);
        }
        const double s = gradc_sum_of(s_parts);
        const int t = s == 0.0;
        if (!((t ? 0.0 : sqrt(t ? 1.0 : s)) > 2.220446049250313e-13))
            break;
        if (!(i < 500))
            return GRADC_E_LIMIT;
        GRADC_IVDEP
        for (int64_t i_2 = 0; i_2 < n; i_2++) {
            const double t_2 = y[i_2];  /* nested.dg:8 */
            const double t_3 = g[i_2];
            const double y_2 = t_2 - 0.1 * t_3;
            const double t_4 = y_2 * y_2;  /* nested.dg:15 */
            const double g_2 = 0.2 * (y_2 * t_4) - x[i_2] + 2.0 * y_2;
            row[i_2] = t_4;
            y[i_2] = y_2;
            g[i_2] = g_2;
        }
    }
    double s_parts[16] = {0};
    for (int64_t i_2_0 = 0; i_2_0 < n; i_2_0 += 256) {
        const int64_t len = n - i_2_0 < 256 ? n - i_2_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i_2 = i_2_0 + lane;
            const double t = y[i_2];  /* nested.dg:19 */
            strip[lane] = t * t;
            w_2[i_2] = 2.0 * t;
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_3[i_fill] = 0.0;
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_4[i_fill] = 0.0;
    for (int64_t i_2 = i - 1; i_2 >= 0; i_2--) {
        GRADC_IVDEP
        for (int64_t i_3 = 0; i_3 < n; i_3++) {
            const double t = w_2[i_3];  /* nested.dg:15 */
            const double t_2 = w_3[i_3];
            const double t_3 = t + t_2 * 2.0 + t_2 * 0.2 * (3.0 * w[i_2 * n + i_3]);
            const double t_4 = w_4[i_3];
            w_2[i_3] = t_3;
            w_3[i_3] = t_3 * -0.1;
            w_4[i_3] = t_4 - t_2;
        }
    }
    GRADC_IVDEP
    for (int64_t i_2 = 0; i_2 < n; i_2++) {
        grad_x[i_2] = w_4[i_2] - w_3[i_2];
    }
    *value = s;
    return 0;
}

size_t nested_grad_work(int64_t n)
{
    return gradc_space(8*n)
        + gradc_space(8*n)
        + gradc_space(4008*n)
        + gradc_space(8*n);
}

#ifdef __cplusplus
}
#endif
