/* Made by gradc from line_search.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* line_search: value of line_search (line_search.dg:6)
 * x [n]  steps [m]  -> f scalar  trials [m]  best scalar  step scalar  x_new [n]
 * workspace: line_search_work(n, m) bytes */
int line_search(const double *x, const double *steps, int64_t n, int64_t m, double *f,
    double *trials, int64_t *best, double *step, double *x_new, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [n - 1] */
    const size_t offset1 = gradc_space(8*n - 8);
    double *const w_2 = (double *)(void *)(space + offset1);  /* [n] */

    double f_parts[16] = {0};
    for (int64_t i_0 = 0; i_0 < (n - 1); i_0 += 256) {
        const int64_t len = (n - 1) - i_0 < 256 ? (n - 1) - i_0 : 256;
        double strip[256];
        GRADC_IVDEP
        for (int64_t lane = 0; lane < len; lane++) {
            const int64_t i = i_0 + lane;
            const double t = x[i];
            const double t_2 = x[i + 1] - t * t;
            const double t_3 = 1.0 - t;
            strip[lane] = 100.0 * (t_2 * t_2) + t_3 * t_3;
            w[i] = 200.0 * t_2 * (2.0 * t);
        }
        gradc_sum(len, strip, f_parts);
    }
    const double f_2 = gradc_sum_of(f_parts);
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        x_new[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        x_new[i] = (1.0 - x[i]) * -2.0 - w[i];
    }
    for (int64_t i_fill = 0; i_fill < n; i_fill++)
        w_2[i_fill] = 0.0;
    GRADC_IVDEP
    for (int64_t i = 0; i < (n - 1); i++) {
        const double t = x[i];
        w_2[i + 1] = 200.0 * (x[i + 1] - t * t);
    }
    for (int64_t i = 0; i < m; i++) {
        const double t = steps[i];  /* line_search.dg:9 */
        double trials_parts[16] = {0};
        for (int64_t j_0 = 0; j_0 < (n - 1); j_0 += 256) {
            const int64_t len = (n - 1) - j_0 < 256 ? (n - 1) - j_0 : 256;
            double strip[256];
            GRADC_IVDEP
            for (int64_t lane = 0; lane < len; lane++) {
                const int64_t j = j_0 + lane;
                const double t_2 = x_new[j + 1];
                const double g = t_2 + w_2[j + 1];
                const double t_3 = x_new[j];
                const double g_2 = t_3 + w_2[j];
                const double t_4 = x[j] - t * g_2;
                const double t_5 = x[j + 1] - t * g - t_4 * t_4;
                const double t_6 = 1.0 - t_4;
                strip[lane] = 100.0 * (t_5 * t_5) + t_6 * t_6;
            }
            gradc_sum(len, strip, trials_parts);
        }
        trials[i] = gradc_sum_of(trials_parts);
    }
    double best_2 = 0;
    int64_t at = -1;
    for (int64_t i = 0; i < m; i++) {
        if (at < 0 || trials[i] < best_2 || (trials[i] != trials[i] && best_2 == best_2)) {
            best_2 = trials[i];
            at = i;
        }
    }
    *best = at;
    const double t = steps[*best];  /* line_search.dg:12 */
    GRADC_IVDEP
    for (int64_t i = 0; i < n; i++) {
        const double t_2 = x_new[i];
        const double g = t_2 + w_2[i];
        const double x_new_2 = x[i] - t * g;
        x_new[i] = x_new_2;
    }
    *f = f_2;
    *step = t;
    return 0;
}

size_t line_search_work(int64_t n, int64_t m)
{
    (void)m;
    return gradc_space(8*n - 8)
        + gradc_space(8*n);
}

#ifdef __cplusplus
}
#endif
