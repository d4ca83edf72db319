/* Made by gradc from rosenbrock.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* rosenbrock: value of rosenbrock (rosenbrock.dg:4)
 * x [n]  -> value scalar
 * no workspace */
int rosenbrock(const double *x, int64_t n, double *value)
{
    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < (n - 1); i_0 += 256) {
        const int64_t len = (n - 1) - i_0 < 256 ? (n - 1) - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t = x[i];  /* rosenbrock.dg:4 */
            const double t_2 = x[i + 1] - t * t;
            const double t_3 = 1.0 - t;
            strip[lane] = 100.0 * (t_2 * t_2) + t_3 * t_3;
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    *value = s;
    return 0;
}

/* rosenbrock_grad: value and gradient of rosenbrock (rosenbrock.dg:4)
 * x [n]  -> value scalar  grad_x [n]
 * workspace: rosenbrock_grad_work(n) bytes */
int rosenbrock_grad(const double *x, int64_t n, double *value, double *grad_x, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [n] */

    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < (n - 1); i_0 += 256) {
        const int64_t len = (n - 1) - i_0 < 256 ? (n - 1) - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t = x[i];  /* rosenbrock.dg:4 */
            const double t_2 = x[i + 1] - t * t;
            const double t_3 = 1.0 - t;
            strip[lane] = 100.0 * (t_2 * t_2) + t_3 * t_3;
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        grad_x[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        const double t = x[i];
        grad_x[i] = (1.0 - t) * -2.0 - 200.0 * (x[i + 1] - t * t) * (2.0 * t);
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        const double t = x[i];
        w[i + 1] = 200.0 * (x[i + 1] - t * t);
    }
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        const double t = grad_x[i];
        grad_x[i] = t + w[i];
    }
    *value = s;
    return 0;
}

size_t rosenbrock_grad_work(int64_t n)
{
    return gradc_space(8*n);
}

/* rosenbrock_hessian: value and Hessian of rosenbrock (rosenbrock.dg:4)
 * x [n]  -> value scalar  hess_x [n, n]
 * workspace: rosenbrock_hessian_work(n) bytes */
int rosenbrock_hessian(const double *x, int64_t n, double *value, double *hess_x, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [n, n] */
    const size_t offset1 = gradc_space(8*n*n);
    double *const w_2 = (double *)(void *)(space + offset1);  /* [n, n] */

    for (int64_t i_fill = 0; i_fill < (n*n); i_fill++)
        w[i_fill] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < (n - 1); j++) {
            w[i * n + (j + 1)] = ((i == j + 1) ? 200.0 : 0.0) + ((i == j) ? x[j] * -400.0 : 0.0);
        }
    }
    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < (n - 1); i_0 += 256) {
        const int64_t len = (n - 1) - i_0 < 256 ? (n - 1) - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t = x[i];  /* rosenbrock.dg:4 */
            const double t_2 = x[i + 1] - t * t;
            const double t_3 = 1.0 - t;
            strip[lane] = 100.0 * (t_2 * t_2) + t_3 * t_3;
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    for (int64_t i_fill = 0; i_fill < (n*n); i_fill++)
        w_2[i_fill] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < (n - 1); j++) {
            const int t = i == j;  /* rosenbrock.dg:6 */
            const double t_2 = x[j];  /* rosenbrock.dg:4 */
            const double t_3 = ((i == j + 1) ? 400.0 * t_2 : 0.0) + (t ? t_2 * -400.0 * (2.0 * t_2) : 0.0);
            const double t_4 = (t ? 2.0 : 0.0) - (t_3 + (t ? 2.0 * (200.0 * (x[j + 1] - t_2 * t_2)) : 0.0));
            w_2[i * n + j] = t_4;
        }
    }
    for (int64_t i = 0; i < n; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < n; j++) {
            hess_x[i * n + j] = w_2[j * n + i] + w[j * n + i];
        }
    }
    *value = s;
    return 0;
}

size_t rosenbrock_hessian_work(int64_t n)
{
    return gradc_space(8*n*n)
        + gradc_space(8*n*n);
}

/* rosenbrock_hvp: value and Hessian-vector product of rosenbrock (rosenbrock.dg:4)
 * x [n]  tangent_x [n]  -> value scalar  hvp_x [n]
 * workspace: rosenbrock_hvp_work(n) bytes */
int rosenbrock_hvp(const double *x, const double *tangent_x, int64_t n, double *value,
    double *hvp_x, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [n] */

    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        hvp_x[i_fill] = 0.0;
    double s_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < (n - 1); i_0 += 256) {
        const int64_t len = (n - 1) - i_0 < 256 ? (n - 1) - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t = x[i];  /* rosenbrock.dg:4 */
            const double t_2 = x[i + 1] - t * t;
            const double t_3 = 1.0 - t;
            hvp_x[i + 1] = (tangent_x[i + 1] - tangent_x[i] * (2.0 * t)) * 200.0;
            strip[lane] = 100.0 * (t_2 * t_2) + t_3 * t_3;
        }
        gradc_sum(len, strip, s_parts);
    }
    const double s = gradc_sum_of(s_parts);
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        const double t = tangent_x[i];
        const double t_2 = t * 2.0;
        const double t_3 = x[i];
        const double t_4 = 2.0 * t_3;
        const double t_5 = (tangent_x[i + 1] - t * t_4) * 200.0 * t_4 + t_2 * (200.0 * (x[i + 1] - t_3 * t_3));
        w[i] = t_2 - t_5;
    }
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        const double t = hvp_x[i];
        hvp_x[i] = w[i] + t;
    }
    *value = s;
    return 0;
}

size_t rosenbrock_hvp_work(int64_t n)
{
    return gradc_space(8*n);
}

#ifdef __cplusplus
}
#endif
