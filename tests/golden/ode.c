/* Made by gradc from ode.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* ode: value of ode (ode.dg:16)
 * y0_ [2]  p [4]  h scalar  -> value [2]
 * no workspace */
int ode(const double *y0_, const double *p, double h, int64_t steps, double *value)
{
    const double t = h * 0.5;  /* ode.dg:10 */
    const double t_2 = h / 6.0;  /* ode.dg:13 */
    const double p_0 = p[0];  /* ode.dg:18 */
    const double p_1 = p[1];
    const double p_2 = p[2];
    const double p_3 = p[3];
    double y_0 = y0_[0];
    double y_1 = y0_[1];
    for (int64_t i = 0; i < steps; i++) {
        const double k1_0 = y_0 * (p_0 - p_1 * y_1);
        const double k1_1 = y_1 * (p_2 * y_0 - p_3);
        const double t_3 = y_0 + t * k1_0;
        const double t_4 = y_1 + t * k1_1;
        const double k2_0 = t_3 * (p_0 - p_1 * t_4);
        const double k2_1 = t_4 * (p_2 * t_3 - p_3);
        const double t_5 = y_0 + t * k2_0;
        const double t_6 = y_1 + t * k2_1;
        const double k3_0 = t_5 * (p_0 - p_1 * t_6);
        const double k3_1 = t_6 * (p_2 * t_5 - p_3);
        const double t_7 = y_0 + h * k3_0;
        const double t_8 = y_1 + h * k3_1;
        const double k4_0 = t_7 * (p_0 - p_1 * t_8);
        const double k4_1 = t_8 * (p_2 * t_7 - p_3);
        y_0 += t_2 * (k1_0 + 2.0 * k2_0 + 2.0 * k3_0 + k4_0);
        y_1 += t_2 * (k1_1 + 2.0 * k2_1 + 2.0 * k3_1 + k4_1);
    }
    value[0] = y_0;
    value[1] = y_1;
    return 0;
}

/* ode_jacobian: value and Jacobian of ode (ode.dg:16)
 * y0_ [2]  p [4]  h scalar  -> value [2]  jac_y0 [2, 2]
 * workspace: ode_jacobian_work(steps) bytes */
int ode_jacobian(const double *y0_, const double *p, double h, int64_t steps, double *value,
    double *jac_y0, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [steps, 1] */
    const size_t offset1 = gradc_space(8*steps);
    double *const w_2 = (double *)(void *)(space + offset1);  /* [steps, 1] */
    const size_t offset2 = offset1 + gradc_space(8*steps);
    double *const w_3 = (double *)(void *)(space + offset2);  /* [steps, 1] */
    const size_t offset3 = offset2 + gradc_space(8*steps);
    double *const w_4 = (double *)(void *)(space + offset3);  /* [steps, 1] */
    const size_t offset4 = offset3 + gradc_space(8*steps);
    double *const w_5 = (double *)(void *)(space + offset4);  /* [steps, 1] */
    const size_t offset5 = offset4 + gradc_space(8*steps);
    double *const w_6 = (double *)(void *)(space + offset5);  /* [steps, 1] */
    const size_t offset6 = offset5 + gradc_space(8*steps);
    double *const w_7 = (double *)(void *)(space + offset6);  /* [steps, 1] */
    const size_t offset7 = offset6 + gradc_space(8*steps);
    double *const w_8 = (double *)(void *)(space + offset7);  /* [steps, 1] */
    const size_t offset8 = offset7 + gradc_space(8*steps);
    double *const w_12 = (double *)(void *)(space + offset8);  /* [2, 2] */
    const size_t offset9 = offset8 + gradc_space(32);
    double *const w_9 = (double *)(void *)(space + offset9);  /* [2, 2] */
    const size_t offset10 = offset9 + gradc_space(32);
    double *const w_10 = (double *)(void *)(space + offset10);  /* [2, 2] */
    const size_t offset11 = offset10 + gradc_space(32);
    double *const w_11 = (double *)(void *)(space + offset11);  /* [2, 2] */

    const double t = h * 0.5;  /* ode.dg:10 */
    const double t_2 = h / 6.0;  /* ode.dg:13 */
    const double p_0 = p[0];  /* ode.dg:26 */
    const double p_1 = p[1];
    const double p_2 = p[2];
    const double p_3 = p[3];
    double y_0 = y0_[0];
    double y_1 = y0_[1];
    for (int64_t i = 0; i < steps; i++) {
        const double k1_0 = y_0 * (p_0 - p_1 * y_1);
        const double k1_1 = y_1 * (p_2 * y_0 - p_3);
        const double t_3 = y_0 + t * k1_0;
        const double t_4 = y_1 + t * k1_1;
        const double k2_0 = t_3 * (p_0 - p_1 * t_4);
        const double k2_1 = t_4 * (p_2 * t_3 - p_3);
        const double t_5 = y_0 + t * k2_0;
        const double t_6 = y_1 + t * k2_1;
        const double k3_0 = t_5 * (p_0 - p_1 * t_6);
        const double k3_1 = t_6 * (p_2 * t_5 - p_3);
        const double t_7 = y_0 + h * k3_0;
        const double t_8 = y_1 + h * k3_1;
        w[i] = y_0;
        w_2[i] = y_1;
        w_3[i] = t_3;
        w_4[i] = t_4;
        w_5[i] = t_5;
        w_6[i] = t_6;
        w_7[i] = t_7;
        w_8[i] = t_8;
        const double k4_0 = t_7 * (p_0 - p_1 * t_8);
        const double k4_1 = t_8 * (p_2 * t_7 - p_3);
        y_0 += t_2 * (k1_0 + 2.0 * k2_0 + 2.0 * k3_0 + k4_0);
        y_1 += t_2 * (k1_1 + 2.0 * k2_1 + 2.0 * k3_1 + k4_1);
    }
    jac_y0[0] = 1.0;
    jac_y0[1] = 0.0;
    jac_y0[2] = 0.0;
    jac_y0[3] = 1.0;
    value[0] = y_0;
    value[1] = y_1;
    double *jac_y0_now = jac_y0, *jac_y0_next = w_12;
    for (int64_t i = steps - 1; i >= 0; i--) {
        const double t_3 = w_7[i];
        const double t_4 = p_2 * t_3 - p_3;
        const double jac_y0_now_0 = jac_y0_now[0];
        const double t_5 = jac_y0_now_0 * t_2;
        const double jac_y0_now_1 = jac_y0_now[1];
        const double t_6 = jac_y0_now_1 * t_2;
        const double jac_y0_now_2 = jac_y0_now[2];
        const double t_7 = jac_y0_now_2 * t_2;
        const double jac_y0_now_3 = jac_y0_now[3];
        const double t_8 = jac_y0_now_3 * t_2;
        w_9[0] = 0.0;
        w_9[1] = t_6 * t_4 - t_5 * t_3 * p_1;
        w_9[2] = 0.0;
        w_9[3] = t_8 * t_4 - t_7 * t_3 * p_1;
        const double t_9 = w_8[i];
        const double t_10 = p_0 - p_1 * t_9;
        w_9[0] += t_6 * t_9 * p_2 + t_5 * t_10;
        w_9[2] += t_8 * t_9 * p_2 + t_7 * t_10;
        const double t_11 = w_5[i];
        const double t_12 = p_2 * t_11 - p_3;
        const double t_13 = t_5 * 2.0;
        const double t_14 = t_6 * 2.0;
        const double t_15 = t_7 * 2.0;
        const double t_16 = t_8 * 2.0;
        const double w_9_0 = w_9[0];
        const double w_9_1 = w_9[1];
        const double w_9_2 = w_9[2];
        const double w_9_3 = w_9[3];
        const double t_17 = t_13 + w_9_0 * h;
        const double t_18 = t_14 + w_9_1 * h;
        const double t_19 = t_15 + w_9_2 * h;
        const double t_20 = t_16 + w_9_3 * h;
        w_10[0] = 0.0;
        w_10[1] = t_18 * t_12 - t_17 * t_11 * p_1;
        w_10[2] = 0.0;
        w_10[3] = t_20 * t_12 - t_19 * t_11 * p_1;
        const double t_21 = w_6[i];
        const double t_22 = p_0 - p_1 * t_21;
        w_10[0] += t_18 * t_21 * p_2 + t_17 * t_22;
        w_10[2] += t_20 * t_21 * p_2 + t_19 * t_22;
        const double t_23 = w_3[i];
        const double t_24 = p_2 * t_23 - p_3;
        const double w_10_0 = w_10[0];
        const double w_10_1 = w_10[1];
        const double w_10_2 = w_10[2];
        const double w_10_3 = w_10[3];
        const double t_25 = t_13 + w_10_0 * t;
        const double t_26 = t_14 + w_10_1 * t;
        const double t_27 = t_15 + w_10_2 * t;
        const double t_28 = t_16 + w_10_3 * t;
        w_11[0] = 0.0;
        w_11[1] = t_26 * t_24 - t_25 * t_23 * p_1;
        w_11[2] = 0.0;
        w_11[3] = t_28 * t_24 - t_27 * t_23 * p_1;
        const double t_29 = w_4[i];
        const double t_30 = p_0 - p_1 * t_29;
        w_11[0] += t_26 * t_29 * p_2 + t_25 * t_30;
        w_11[2] += t_28 * t_29 * p_2 + t_27 * t_30;
        const double w_11_0 = w_11[0];
        const double w_11_1 = w_11[1];
        const double w_11_2 = w_11[2];
        const double w_11_3 = w_11[3];
        jac_y0_next[0] = jac_y0_now_0 + w_9_0 + w_10_0 + w_11_0;
        jac_y0_next[1] = jac_y0_now_1 + w_9_1 + w_10_1 + w_11_1;
        jac_y0_next[2] = jac_y0_now_2 + w_9_2 + w_10_2 + w_11_2;
        jac_y0_next[3] = jac_y0_now_3 + w_9_3 + w_10_3 + w_11_3;
        const double t_31 = w[i];
        const double t_32 = p_2 * t_31 - p_3;
        const double t_33 = t_5 + w_11_0 * t;
        const double t_34 = t_6 + w_11_1 * t;
        const double t_35 = t_7 + w_11_2 * t;
        const double t_36 = t_8 + w_11_3 * t;
        jac_y0_next[1] += t_34 * t_32 - t_33 * t_31 * p_1;
        jac_y0_next[3] += t_36 * t_32 - t_35 * t_31 * p_1;
        const double t_37 = w_2[i];
        const double t_38 = p_0 - p_1 * t_37;
        jac_y0_next[0] += t_34 * t_37 * p_2 + t_33 * t_38;
        jac_y0_next[2] += t_36 * t_37 * p_2 + t_35 * t_38;
        double *const jac_y0_was = jac_y0_now;
        jac_y0_now = jac_y0_next;
        jac_y0_next = jac_y0_was;
    }
    if (jac_y0_now != jac_y0)
        memcpy(jac_y0, jac_y0_now, (size_t)4 * sizeof(double));
    return 0;
}

size_t ode_jacobian_work(int64_t steps)
{
    return gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(32)
        + gradc_space(32)
        + gradc_space(32)
        + gradc_space(32);
}

/* ode_rates: value and Jacobian of ode (ode.dg:16)
 * y0_ [2]  p [4]  h scalar  -> value [2]  jac_p [2, 4]
 * workspace: ode_rates_work(steps) bytes */
int ode_rates(const double *y0_, const double *p, double h, int64_t steps, double *value,
    double *jac_p, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [steps, 1] */
    const size_t offset1 = gradc_space(8*steps);
    double *const w_2 = (double *)(void *)(space + offset1);  /* [steps, 1] */
    const size_t offset2 = offset1 + gradc_space(8*steps);
    double *const w_3 = (double *)(void *)(space + offset2);  /* [steps, 1] */
    const size_t offset3 = offset2 + gradc_space(8*steps);
    double *const w_4 = (double *)(void *)(space + offset3);  /* [steps, 1] */
    const size_t offset4 = offset3 + gradc_space(8*steps);
    double *const w_5 = (double *)(void *)(space + offset4);  /* [steps, 1] */
    const size_t offset5 = offset4 + gradc_space(8*steps);
    double *const w_6 = (double *)(void *)(space + offset5);  /* [steps, 1] */
    const size_t offset6 = offset5 + gradc_space(8*steps);
    double *const w_7 = (double *)(void *)(space + offset6);  /* [steps, 1] */
    const size_t offset7 = offset6 + gradc_space(8*steps);
    double *const w_8 = (double *)(void *)(space + offset7);  /* [steps, 1] */
    const size_t offset8 = offset7 + gradc_space(8*steps);
    double *const w_9 = (double *)(void *)(space + offset8);  /* [2, 2] */
    const size_t offset9 = offset8 + gradc_space(32);
    double *const w_13 = (double *)(void *)(space + offset9);  /* [2, 2] */
    const size_t offset10 = offset9 + gradc_space(32);
    double *const w_10 = (double *)(void *)(space + offset10);  /* [2, 2] */
    const size_t offset11 = offset10 + gradc_space(32);
    double *const w_11 = (double *)(void *)(space + offset11);  /* [2, 2] */
    const size_t offset12 = offset11 + gradc_space(32);
    double *const w_12 = (double *)(void *)(space + offset12);  /* [2, 2] */

    const double t = h * 0.5;  /* ode.dg:10 */
    const double t_2 = h / 6.0;  /* ode.dg:13 */
    const double p_0 = p[0];  /* ode.dg:26 */
    const double p_1 = p[1];
    const double p_2 = p[2];
    const double p_3 = p[3];
    double y_0 = y0_[0];
    double y_1 = y0_[1];
    for (int64_t i = 0; i < steps; i++) {
        const double k1_0 = y_0 * (p_0 - p_1 * y_1);
        const double k1_1 = y_1 * (p_2 * y_0 - p_3);
        const double t_3 = y_0 + t * k1_0;
        const double t_4 = y_1 + t * k1_1;
        const double k2_0 = t_3 * (p_0 - p_1 * t_4);
        const double k2_1 = t_4 * (p_2 * t_3 - p_3);
        const double t_5 = y_0 + t * k2_0;
        const double t_6 = y_1 + t * k2_1;
        const double k3_0 = t_5 * (p_0 - p_1 * t_6);
        const double k3_1 = t_6 * (p_2 * t_5 - p_3);
        const double t_7 = y_0 + h * k3_0;
        const double t_8 = y_1 + h * k3_1;
        w[i] = y_0;
        w_2[i] = y_1;
        w_3[i] = t_3;
        w_4[i] = t_4;
        w_5[i] = t_5;
        w_6[i] = t_6;
        w_7[i] = t_7;
        w_8[i] = t_8;
        const double k4_0 = t_7 * (p_0 - p_1 * t_8);
        const double k4_1 = t_8 * (p_2 * t_7 - p_3);
        y_0 += t_2 * (k1_0 + 2.0 * k2_0 + 2.0 * k3_0 + k4_0);
        y_1 += t_2 * (k1_1 + 2.0 * k2_1 + 2.0 * k3_1 + k4_1);
    }
    w_9[0] = 1.0;
    w_9[1] = 0.0;
    w_9[2] = 0.0;
    w_9[3] = 1.0;
    value[0] = y_0;
    value[1] = y_1;
    double s = 0.0;
    double s_2 = 0.0;
    double s_3 = 0.0;
    double s_4 = 0.0;
    double s_5 = 0.0;
    double s_6 = 0.0;
    double s_7 = 0.0;
    double s_8 = 0.0;
    double *w_9_now = w_9, *w_9_next = w_13;
    for (int64_t i = steps - 1; i >= 0; i--) {
        const double t_3 = w_7[i];
        const double t_4 = p_2 * t_3 - p_3;
        const double w_9_now_0 = w_9_now[0];
        const double t_5 = w_9_now_0 * t_2;
        const double w_9_now_1 = w_9_now[1];
        const double t_6 = w_9_now_1 * t_2;
        const double w_9_now_2 = w_9_now[2];
        const double t_7 = w_9_now_2 * t_2;
        const double w_9_now_3 = w_9_now[3];
        const double t_8 = w_9_now_3 * t_2;
        const double t_9 = t_5 * t_3;
        const double t_10 = t_7 * t_3;
        w_10[0] = 0.0;
        w_10[1] = t_6 * t_4 - t_9 * p_1;
        w_10[2] = 0.0;
        w_10[3] = t_8 * t_4 - t_10 * p_1;
        const double t_11 = w_8[i];
        const double t_12 = p_0 - p_1 * t_11;
        const double t_13 = t_6 * t_11;
        const double t_14 = t_8 * t_11;
        w_10[0] += t_13 * p_2 + t_5 * t_12;
        w_10[2] += t_14 * p_2 + t_7 * t_12;
        const double t_15 = w_5[i];
        const double t_16 = p_2 * t_15 - p_3;
        const double t_17 = t_5 * 2.0;
        const double t_18 = t_6 * 2.0;
        const double t_19 = t_7 * 2.0;
        const double t_20 = t_8 * 2.0;
        const double w_10_0 = w_10[0];
        const double w_10_1 = w_10[1];
        const double w_10_2 = w_10[2];
        const double w_10_3 = w_10[3];
        const double t_21 = t_17 + w_10_0 * h;
        const double t_22 = t_18 + w_10_1 * h;
        const double t_23 = t_19 + w_10_2 * h;
        const double t_24 = t_20 + w_10_3 * h;
        const double t_25 = t_21 * t_15;
        const double t_26 = t_23 * t_15;
        w_11[0] = 0.0;
        w_11[1] = t_22 * t_16 - t_25 * p_1;
        w_11[2] = 0.0;
        w_11[3] = t_24 * t_16 - t_26 * p_1;
        const double t_27 = w_6[i];
        const double t_28 = p_0 - p_1 * t_27;
        const double t_29 = t_22 * t_27;
        const double t_30 = t_24 * t_27;
        w_11[0] += t_29 * p_2 + t_21 * t_28;
        w_11[2] += t_30 * p_2 + t_23 * t_28;
        const double t_31 = w_3[i];
        const double t_32 = p_2 * t_31 - p_3;
        const double w_11_0 = w_11[0];
        const double w_11_1 = w_11[1];
        const double w_11_2 = w_11[2];
        const double w_11_3 = w_11[3];
        const double t_33 = t_17 + w_11_0 * t;
        const double t_34 = t_18 + w_11_1 * t;
        const double t_35 = t_19 + w_11_2 * t;
        const double t_36 = t_20 + w_11_3 * t;
        const double t_37 = t_33 * t_31;
        const double t_38 = t_35 * t_31;
        w_12[0] = 0.0;
        w_12[1] = t_34 * t_32 - t_37 * p_1;
        w_12[2] = 0.0;
        w_12[3] = t_36 * t_32 - t_38 * p_1;
        const double t_39 = w_4[i];
        const double t_40 = p_0 - p_1 * t_39;
        const double t_41 = t_34 * t_39;
        const double t_42 = t_36 * t_39;
        w_12[0] += t_41 * p_2 + t_33 * t_40;
        w_12[2] += t_42 * p_2 + t_35 * t_40;
        const double w_12_0 = w_12[0];
        const double w_12_1 = w_12[1];
        const double w_12_2 = w_12[2];
        const double w_12_3 = w_12[3];
        w_9_next[0] = w_9_now_0 + w_10_0 + w_11_0 + w_12_0;
        w_9_next[1] = w_9_now_1 + w_10_1 + w_11_1 + w_12_1;
        w_9_next[2] = w_9_now_2 + w_10_2 + w_11_2 + w_12_2;
        w_9_next[3] = w_9_now_3 + w_10_3 + w_11_3 + w_12_3;
        const double t_43 = w[i];
        const double t_44 = p_2 * t_43 - p_3;
        const double t_45 = t_5 + w_12_0 * t;
        const double t_46 = t_6 + w_12_1 * t;
        const double t_47 = t_7 + w_12_2 * t;
        const double t_48 = t_8 + w_12_3 * t;
        const double t_49 = t_45 * t_43;
        const double t_50 = t_47 * t_43;
        w_9_next[1] += t_46 * t_44 - t_49 * p_1;
        w_9_next[3] += t_48 * t_44 - t_50 * p_1;
        const double t_51 = w_2[i];
        const double t_52 = p_0 - p_1 * t_51;
        const double t_53 = t_46 * t_51;
        const double t_54 = t_48 * t_51;
        w_9_next[0] += t_53 * p_2 + t_45 * t_52;
        w_9_next[2] += t_54 * p_2 + t_47 * t_52;
        s = s + t_9 + t_25 + t_37 + t_49;
        s_2 = s_2 + t_10 + t_26 + t_38 + t_50;
        s_3 = s_3 - t_9 * t_11 - t_25 * t_27 - t_37 * t_39 - t_49 * t_51;
        s_4 = s_4 - t_10 * t_11 - t_26 * t_27 - t_38 * t_39 - t_50 * t_51;
        s_5 = s_5 + t_13 * t_3 + t_29 * t_15 + t_41 * t_31 + t_53 * t_43;
        s_6 = s_6 + t_14 * t_3 + t_30 * t_15 + t_42 * t_31 + t_54 * t_43;
        s_7 = s_7 - t_13 - t_29 - t_41 - t_53;
        s_8 = s_8 - t_14 - t_30 - t_42 - t_54;
        double *const w_9_was = w_9_now;
        w_9_now = w_9_next;
        w_9_next = w_9_was;
    }
    if (w_9_now != w_9)
        memcpy(w_9, w_9_now, (size_t)4 * sizeof(double));
    jac_p[0] = s;
    jac_p[1] = s_3;
    jac_p[2] = s_5;
    jac_p[3] = s_7;
    jac_p[4] = s_2;
    jac_p[5] = s_4;
    jac_p[6] = s_6;
    jac_p[7] = s_8;
    return 0;
}

size_t ode_rates_work(int64_t steps)
{
    return gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(32)
        + gradc_space(32)
        + gradc_space(32)
        + gradc_space(32)
        + gradc_space(32);
}

/* miss: value of miss (ode.dg:24)
 * y0_ [2]  p [4]  h scalar  goal [2]  -> value scalar
 * no workspace */
int miss(const double *y0_, const double *p, double h, const double *goal, int64_t steps,
    double *value)
{
    const double t = h * 0.5;  /* ode.dg:10 */
    const double t_2 = h / 6.0;  /* ode.dg:13 */
    const double p_0 = p[0];  /* ode.dg:24 */
    const double p_1 = p[1];
    const double p_2 = p[2];
    const double p_3 = p[3];
    double y_0 = y0_[0];
    double y_1 = y0_[1];
    for (int64_t i = 0; i < steps; i++) {
        const double k1_0 = y_0 * (p_0 - p_1 * y_1);
        const double k1_1 = y_1 * (p_2 * y_0 - p_3);
        const double t_3 = y_0 + t * k1_0;
        const double t_4 = y_1 + t * k1_1;
        const double k2_0 = t_3 * (p_0 - p_1 * t_4);
        const double k2_1 = t_4 * (p_2 * t_3 - p_3);
        const double t_5 = y_0 + t * k2_0;
        const double t_6 = y_1 + t * k2_1;
        const double k3_0 = t_5 * (p_0 - p_1 * t_6);
        const double k3_1 = t_6 * (p_2 * t_5 - p_3);
        const double t_7 = y_0 + h * k3_0;
        const double t_8 = y_1 + h * k3_1;
        const double k4_0 = t_7 * (p_0 - p_1 * t_8);
        const double k4_1 = t_8 * (p_2 * t_7 - p_3);
        y_0 += t_2 * (k1_0 + 2.0 * k2_0 + 2.0 * k3_0 + k4_0);
        y_1 += t_2 * (k1_1 + 2.0 * k2_1 + 2.0 * k3_1 + k4_1);
    }
    const double t_3 = y_0 - goal[0];
    const double t_4 = y_1 - goal[1];
    *value = t_3 * t_3 + t_4 * t_4;
    return 0;
}

/* miss_grad: value and gradient of miss (ode.dg:24)
 * y0_ [2]  p [4]  h scalar  goal [2]  -> value scalar  grad_y0 [2]  grad_p [4]
 * workspace: miss_grad_work(steps) bytes */
int miss_grad(const double *y0_, const double *p, double h, const double *goal, int64_t steps,
    double *value, double *grad_y0, double *grad_p, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [steps, 1] */
    const size_t offset1 = gradc_space(8*steps);
    double *const w_2 = (double *)(void *)(space + offset1);  /* [steps, 1] */
    const size_t offset2 = offset1 + gradc_space(8*steps);
    double *const w_3 = (double *)(void *)(space + offset2);  /* [steps, 1] */
    const size_t offset3 = offset2 + gradc_space(8*steps);
    double *const w_4 = (double *)(void *)(space + offset3);  /* [steps, 1] */
    const size_t offset4 = offset3 + gradc_space(8*steps);
    double *const w_5 = (double *)(void *)(space + offset4);  /* [steps, 1] */
    const size_t offset5 = offset4 + gradc_space(8*steps);
    double *const w_6 = (double *)(void *)(space + offset5);  /* [steps, 1] */
    const size_t offset6 = offset5 + gradc_space(8*steps);
    double *const w_7 = (double *)(void *)(space + offset6);  /* [steps, 1] */
    const size_t offset7 = offset6 + gradc_space(8*steps);
    double *const w_8 = (double *)(void *)(space + offset7);  /* [steps, 1] */
    const size_t offset8 = offset7 + gradc_space(8*steps);
    double *const w_12 = (double *)(void *)(space + offset8);  /* [2] */
    const size_t offset9 = offset8 + gradc_space(16);
    double *const w_9 = (double *)(void *)(space + offset9);  /* [2] */
    const size_t offset10 = offset9 + gradc_space(16);
    double *const w_10 = (double *)(void *)(space + offset10);  /* [2] */
    const size_t offset11 = offset10 + gradc_space(16);
    double *const w_11 = (double *)(void *)(space + offset11);  /* [2] */

    const double t = h * 0.5;  /* ode.dg:10 */
    const double t_2 = h / 6.0;  /* ode.dg:13 */
    const double p_0 = p[0];  /* ode.dg:27 */
    const double p_1 = p[1];
    const double p_2 = p[2];
    const double p_3 = p[3];
    double y_0 = y0_[0];
    double y_1 = y0_[1];
    for (int64_t i = 0; i < steps; i++) {
        const double k1_0 = y_0 * (p_0 - p_1 * y_1);
        const double k1_1 = y_1 * (p_2 * y_0 - p_3);
        const double t_3 = y_0 + t * k1_0;
        const double t_4 = y_1 + t * k1_1;
        const double k2_0 = t_3 * (p_0 - p_1 * t_4);
        const double k2_1 = t_4 * (p_2 * t_3 - p_3);
        const double t_5 = y_0 + t * k2_0;
        const double t_6 = y_1 + t * k2_1;
        const double k3_0 = t_5 * (p_0 - p_1 * t_6);
        const double k3_1 = t_6 * (p_2 * t_5 - p_3);
        const double t_7 = y_0 + h * k3_0;
        const double t_8 = y_1 + h * k3_1;
        w[i] = y_0;
        w_2[i] = y_1;
        w_3[i] = t_3;
        w_4[i] = t_4;
        w_5[i] = t_5;
        w_6[i] = t_6;
        w_7[i] = t_7;
        w_8[i] = t_8;
        const double k4_0 = t_7 * (p_0 - p_1 * t_8);
        const double k4_1 = t_8 * (p_2 * t_7 - p_3);
        y_0 += t_2 * (k1_0 + 2.0 * k2_0 + 2.0 * k3_0 + k4_0);
        y_1 += t_2 * (k1_1 + 2.0 * k2_1 + 2.0 * k3_1 + k4_1);
    }
    const double t_3 = y_0 - goal[0];
    const double t_4 = y_1 - goal[1];
    grad_y0[0] = 2.0 * t_3;
    grad_y0[1] = 2.0 * t_4;
    *value = t_3 * t_3 + t_4 * t_4;
    double s = 0.0;
    double s_2 = 0.0;
    double s_3 = 0.0;
    double s_4 = 0.0;
    double *grad_y0_now = grad_y0, *grad_y0_next = w_12;
    for (int64_t i = steps - 1; i >= 0; i--) {
        const double grad_y0_now_0 = grad_y0_now[0];
        const double t_5 = grad_y0_now_0 * t_2;
        const double grad_y0_now_1 = grad_y0_now[1];
        const double t_6 = grad_y0_now_1 * t_2;
        const double t_7 = w_7[i];
        const double t_8 = t_5 * t_7;
        w_9[0] = 0.0;
        w_9[1] = t_6 * (p_2 * t_7 - p_3) - t_8 * p_1;
        const double t_9 = w_8[i];
        const double t_10 = t_6 * t_9;
        w_9[0] += t_10 * p_2 + t_5 * (p_0 - p_1 * t_9);
        const double t_11 = t_5 * 2.0;
        const double t_12 = t_6 * 2.0;
        const double t_13 = w_5[i];
        const double w_9_0 = w_9[0];
        const double w_9_1 = w_9[1];
        const double t_14 = t_11 + w_9_0 * h;
        const double t_15 = t_12 + w_9_1 * h;
        const double t_16 = t_14 * t_13;
        w_10[0] = 0.0;
        w_10[1] = t_15 * (p_2 * t_13 - p_3) - t_16 * p_1;
        const double t_17 = w_6[i];
        const double t_18 = t_15 * t_17;
        w_10[0] += t_18 * p_2 + t_14 * (p_0 - p_1 * t_17);
        const double t_19 = w_3[i];
        const double w_10_0 = w_10[0];
        const double w_10_1 = w_10[1];
        const double t_20 = t_11 + w_10_0 * t;
        const double t_21 = t_12 + w_10_1 * t;
        const double t_22 = t_20 * t_19;
        w_11[0] = 0.0;
        w_11[1] = t_21 * (p_2 * t_19 - p_3) - t_22 * p_1;
        const double t_23 = w_4[i];
        const double t_24 = t_21 * t_23;
        w_11[0] += t_24 * p_2 + t_20 * (p_0 - p_1 * t_23);
        const double w_11_0 = w_11[0];
        const double w_11_1 = w_11[1];
        grad_y0_next[0] = grad_y0_now_0 + w_9_0 + w_10_0 + w_11_0;
        grad_y0_next[1] = grad_y0_now_1 + w_9_1 + w_10_1 + w_11_1;
        const double t_25 = w[i];
        const double t_26 = t_5 + w_11_0 * t;
        const double t_27 = t_6 + w_11_1 * t;
        const double t_28 = t_26 * t_25;
        grad_y0_next[1] += t_27 * (p_2 * t_25 - p_3) - t_28 * p_1;
        const double t_29 = w_2[i];
        const double t_30 = t_27 * t_29;
        grad_y0_next[0] += t_30 * p_2 + t_26 * (p_0 - p_1 * t_29);
        s = s + t_8 + t_16 + t_22 + t_28;
        s_2 = s_2 - t_8 * t_9 - t_16 * t_17 - t_22 * t_23 - t_28 * t_29;
        s_3 = s_3 + t_10 * t_7 + t_18 * t_13 + t_24 * t_19 + t_30 * t_25;
        s_4 = s_4 - t_10 - t_18 - t_24 - t_30;
        double *const grad_y0_was = grad_y0_now;
        grad_y0_now = grad_y0_next;
        grad_y0_next = grad_y0_was;
    }
    if (grad_y0_now != grad_y0)
        memcpy(grad_y0, grad_y0_now, (size_t)2 * sizeof(double));
    grad_p[0] = s;
    grad_p[1] = s_2;
    grad_p[2] = s_3;
    grad_p[3] = s_4;
    return 0;
}

size_t miss_grad_work(int64_t steps)
{
    return gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(16)
        + gradc_space(16)
        + gradc_space(16)
        + gradc_space(16);
}

/* miss_hessian: value and Hessian of miss (ode.dg:24)
 * y0_ [2]  p [4]  h scalar  goal [2]  -> value scalar  hess_p [4, 4]
 * workspace: miss_hessian_work(steps) bytes */
int miss_hessian(const double *y0_, const double *p, double h, const double *goal, int64_t steps,
    double *value, double *hess_p, void *work)
{
    char *const space = (char *)work;
    double *const w = (double *)(void *)space;  /* [steps, 1] */
    const size_t offset1 = gradc_space(8*steps);
    double *const w_2 = (double *)(void *)(space + offset1);  /* [steps, 1] */
    const size_t offset2 = offset1 + gradc_space(8*steps);
    double *const w_3 = (double *)(void *)(space + offset2);  /* [steps, 1] */
    const size_t offset3 = offset2 + gradc_space(8*steps);
    double *const w_4 = (double *)(void *)(space + offset3);  /* [steps, 1] */
    const size_t offset4 = offset3 + gradc_space(8*steps);
    double *const w_5 = (double *)(void *)(space + offset4);  /* [steps, 1] */
    const size_t offset5 = offset4 + gradc_space(8*steps);
    double *const w_6 = (double *)(void *)(space + offset5);  /* [steps, 1] */
    const size_t offset6 = offset5 + gradc_space(8*steps);
    double *const w_7 = (double *)(void *)(space + offset6);  /* [steps, 1] */
    const size_t offset7 = offset6 + gradc_space(8*steps);
    double *const w_8 = (double *)(void *)(space + offset7);  /* [steps, 1] */
    const size_t offset8 = offset7 + gradc_space(8*steps);
    double *const w_9 = (double *)(void *)(space + offset8);  /* [steps, 4, 1] */
    const size_t offset9 = offset8 + gradc_space(32*steps);
    double *const w_10 = (double *)(void *)(space + offset9);  /* [steps, 4, 1] */
    const size_t offset10 = offset9 + gradc_space(32*steps);
    double *const w_11 = (double *)(void *)(space + offset10);  /* [steps, 4, 1] */
    const size_t offset11 = offset10 + gradc_space(32*steps);
    double *const w_12 = (double *)(void *)(space + offset11);  /* [steps, 4, 1] */
    const size_t offset12 = offset11 + gradc_space(32*steps);
    double *const w_13 = (double *)(void *)(space + offset12);  /* [steps, 4, 1] */
    const size_t offset13 = offset12 + gradc_space(32*steps);
    double *const w_14 = (double *)(void *)(space + offset13);  /* [steps, 4, 1] */
    const size_t offset14 = offset13 + gradc_space(32*steps);
    double *const w_15 = (double *)(void *)(space + offset14);  /* [steps, 4, 1] */
    const size_t offset15 = offset14 + gradc_space(32*steps);
    double *const w_16 = (double *)(void *)(space + offset15);  /* [steps, 4, 1] */
    const size_t offset16 = offset15 + gradc_space(32*steps);
    double *const w_17 = (double *)(void *)(space + offset16);  /* [4, steps, 1] */
    const size_t offset17 = offset16 + gradc_space(32*steps);
    double *const w_18 = (double *)(void *)(space + offset17);  /* [4, steps, 1] */
    const size_t offset18 = offset17 + gradc_space(32*steps);
    double *const w_19 = (double *)(void *)(space + offset18);  /* [4, steps, 1] */
    const size_t offset19 = offset18 + gradc_space(32*steps);
    double *const w_20 = (double *)(void *)(space + offset19);  /* [4, steps, 1] */
    const size_t offset20 = offset19 + gradc_space(32*steps);
    double *const w_21 = (double *)(void *)(space + offset20);  /* [4, steps, 1] */
    const size_t offset21 = offset20 + gradc_space(32*steps);
    double *const w_22 = (double *)(void *)(space + offset21);  /* [4, steps, 1] */
    const size_t offset22 = offset21 + gradc_space(32*steps);
    double *const w_23 = (double *)(void *)(space + offset22);  /* [4, steps, 1] */
    const size_t offset23 = offset22 + gradc_space(32*steps);
    double *const w_24 = (double *)(void *)(space + offset23);  /* [4, steps, 1] */
    const size_t offset24 = offset23 + gradc_space(32*steps);
    double *const w_25 = (double *)(void *)(space + offset24);  /* [2] */
    const size_t offset25 = offset24 + gradc_space(16);
    double *const w_26 = (double *)(void *)(space + offset25);  /* [4, 2] */
    const size_t offset26 = offset25 + gradc_space(64);
    double *const w_30 = (double *)(void *)(space + offset26);  /* [2] */
    const size_t offset27 = offset26 + gradc_space(16);
    double *const w_34 = (double *)(void *)(space + offset27);  /* [4, 2] */
    const size_t offset28 = offset27 + gradc_space(64);
    double *const w_27 = (double *)(void *)(space + offset28);  /* [2] */
    const size_t offset29 = offset28 + gradc_space(16);
    double *const w_31 = (double *)(void *)(space + offset29);  /* [4, 2] */
    const size_t offset30 = offset29 + gradc_space(64);
    double *const w_28 = (double *)(void *)(space + offset30);  /* [2] */
    const size_t offset31 = offset30 + gradc_space(16);
    double *const w_29 = (double *)(void *)(space + offset31);  /* [2] */
    const size_t offset32 = offset31 + gradc_space(16);
    double *const w_32 = (double *)(void *)(space + offset32);  /* [4, 2] */
    const size_t offset33 = offset32 + gradc_space(64);
    double *const w_33 = (double *)(void *)(space + offset33);  /* [4, 2] */

    const double t = h * 0.5;  /* ode.dg:10 */
    const double t_2 = h / 6.0;  /* ode.dg:13 */
    const double p_0 = p[0];  /* ode.dg:27 */
    const double p_1 = p[1];
    const double p_2 = p[2];
    const double p_3 = p[3];
    double y_0 = y0_[0];
    double y_1 = y0_[1];
    double s = 0.0;
    double s_2 = 0.0;
    double s_3 = 0.0;
    double s_4 = 0.0;
    double s_5 = 0.0;
    double s_6 = 0.0;
    double s_7 = 0.0;
    double s_8 = 0.0;
    double s_9 = 0.0;
    double s_10 = 0.0;
    double s_11 = 0.0;
    double s_12 = 0.0;
    double s_13 = 0.0;
    double s_14 = 0.0;
    double s_15 = 0.0;
    double s_16 = 0.0;
    for (int64_t i = 0; i < steps; i++) {
        const double t_3 = p_0 - p_1 * y_1;
        const double k1_0 = y_0 * t_3;
        const double t_4 = p_2 * y_0 - p_3;
        const double k1_1 = y_1 * t_4;
        const double t_5 = y_0 + t * k1_0;
        const double t_6 = y_1 + t * k1_1;
        const double t_7 = p_0 - p_1 * t_6;
        const double k2_0 = t_5 * t_7;
        const double t_8 = p_2 * t_5 - p_3;
        const double k2_1 = t_6 * t_8;
        const double t_9 = y_0 + t * k2_0;
        const double t_10 = y_1 + t * k2_1;
        const double t_11 = p_0 - p_1 * t_10;
        const double k3_0 = t_9 * t_11;
        const double t_12 = p_2 * t_9 - p_3;
        const double k3_1 = t_10 * t_12;
        const double t_13 = y_0 + h * k3_0;
        const double t_14 = y_1 + h * k3_1;
        const double t_15 = s * t_3 + (1.0 - s_2 * p_1) * y_0;
        const double t_16 = s_3 * t_3 - (y_1 + s_4 * p_1) * y_0;
        const double t_17 = s_5 * t_3 - s_6 * p_1 * y_0;
        const double t_18 = s_7 * t_3 - s_8 * p_1 * y_0;
        const double t_19 = s_2 * t_4 + s * p_2 * y_1;
        const double t_20 = s_4 * t_4 + s_3 * p_2 * y_1;
        const double t_21 = s_6 * t_4 + (y_0 + s_5 * p_2) * y_1;
        const double t_22 = s_8 * t_4 + (s_7 * p_2 + -1.0) * y_1;
        const double t_23 = s + t_15 * t;
        const double t_24 = s_2 + t_19 * t;
        const double t_25 = s_3 + t_16 * t;
        const double t_26 = s_4 + t_20 * t;
        const double t_27 = s_5 + t_17 * t;
        const double t_28 = s_6 + t_21 * t;
        const double t_29 = s_7 + t_18 * t;
        const double t_30 = s_8 + t_22 * t;
        const double t_31 = t_23 * t_7 + (1.0 - t_24 * p_1) * t_5;
        const double t_32 = t_25 * t_7 - (t_6 + t_26 * p_1) * t_5;
        const double t_33 = t_27 * t_7 - t_28 * p_1 * t_5;
        const double t_34 = t_29 * t_7 - t_30 * p_1 * t_5;
        const double t_35 = t_24 * t_8 + t_23 * p_2 * t_6;
        const double t_36 = t_26 * t_8 + t_25 * p_2 * t_6;
        const double t_37 = t_28 * t_8 + (t_5 + t_27 * p_2) * t_6;
        const double t_38 = t_30 * t_8 + (t_29 * p_2 + -1.0) * t_6;
        const double t_39 = s + t_31 * t;
        const double t_40 = s_2 + t_35 * t;
        const double t_41 = s_3 + t_32 * t;
        const double t_42 = s_4 + t_36 * t;
        const double t_43 = s_5 + t_33 * t;
        const double t_44 = s_6 + t_37 * t;
        const double t_45 = s_7 + t_34 * t;
        const double t_46 = s_8 + t_38 * t;
        const double t_47 = t_39 * t_11 + (1.0 - t_40 * p_1) * t_9;
        const double t_48 = t_41 * t_11 - (t_10 + t_42 * p_1) * t_9;
        const double t_49 = t_43 * t_11 - t_44 * p_1 * t_9;
        const double t_50 = t_45 * t_11 - t_46 * p_1 * t_9;
        const double t_51 = t_40 * t_12 + t_39 * p_2 * t_10;
        const double t_52 = t_42 * t_12 + t_41 * p_2 * t_10;
        const double t_53 = t_44 * t_12 + (t_9 + t_43 * p_2) * t_10;
        const double t_54 = t_46 * t_12 + (t_45 * p_2 + -1.0) * t_10;
        const double t_55 = s + t_47 * h;
        const double t_56 = s_2 + t_51 * h;
        const double t_57 = s_3 + t_48 * h;
        const double t_58 = s_4 + t_52 * h;
        const double t_59 = s_5 + t_49 * h;
        const double t_60 = s_6 + t_53 * h;
        const double t_61 = s_7 + t_50 * h;
        const double t_62 = s_8 + t_54 * h;
        w[i] = y_0;
        w_2[i] = y_1;
        w_3[i] = t_5;
        w_4[i] = t_6;
        w_5[i] = t_9;
        w_6[i] = t_10;
        w_7[i] = t_13;
        w_8[i] = t_14;
        w_9[i * 4] = s;
        w_9[i * 4 + 1] = s_3;
        w_9[i * 4 + 2] = s_5;
        w_9[i * 4 + 3] = s_7;
        w_10[i * 4] = s_2;
        w_10[i * 4 + 1] = s_4;
        w_10[i * 4 + 2] = s_6;
        w_10[i * 4 + 3] = s_8;
        w_11[i * 4] = t_23;
        w_11[i * 4 + 1] = t_25;
        w_11[i * 4 + 2] = t_27;
        w_11[i * 4 + 3] = t_29;
        w_12[i * 4] = t_24;
        w_12[i * 4 + 1] = t_26;
        w_12[i * 4 + 2] = t_28;
        w_12[i * 4 + 3] = t_30;
        w_13[i * 4] = t_39;
        w_13[i * 4 + 1] = t_41;
        w_13[i * 4 + 2] = t_43;
        w_13[i * 4 + 3] = t_45;
        w_14[i * 4] = t_40;
        w_14[i * 4 + 1] = t_42;
        w_14[i * 4 + 2] = t_44;
        w_14[i * 4 + 3] = t_46;
        w_15[i * 4] = t_55;
        w_15[i * 4 + 1] = t_57;
        w_15[i * 4 + 2] = t_59;
        w_15[i * 4 + 3] = t_61;
        w_16[i * 4] = t_56;
        w_16[i * 4 + 1] = t_58;
        w_16[i * 4 + 2] = t_60;
        w_16[i * 4 + 3] = t_62;
        const double t_63 = p_0 - p_1 * t_14;
        const double k4_0 = t_13 * t_63;
        const double t_64 = p_2 * t_13 - p_3;
        const double k4_1 = t_14 * t_64;
        const double t_65 = s_9 * t_3 + (1.0 - s_10 * p_1) * y_0;
        const double t_66 = s_11 * t_3 - (y_1 + s_12 * p_1) * y_0;
        const double t_67 = s_13 * t_3 - s_14 * p_1 * y_0;
        const double t_68 = s_15 * t_3 - s_16 * p_1 * y_0;
        const double t_69 = s_10 * t_4 + s_9 * p_2 * y_1;
        const double t_70 = s_12 * t_4 + s_11 * p_2 * y_1;
        const double t_71 = s_14 * t_4 + (y_0 + s_13 * p_2) * y_1;
        const double t_72 = s_16 * t_4 + (s_15 * p_2 + -1.0) * y_1;
        const double t_73 = s_9 + t_65 * t;
        const double t_74 = s_10 + t_69 * t;
        const double t_75 = s_11 + t_66 * t;
        const double t_76 = s_12 + t_70 * t;
        const double t_77 = s_13 + t_67 * t;
        const double t_78 = s_14 + t_71 * t;
        const double t_79 = s_15 + t_68 * t;
        const double t_80 = s_16 + t_72 * t;
        const double t_81 = t_73 * t_7 + (1.0 - t_74 * p_1) * t_5;
        const double t_82 = t_75 * t_7 - (t_6 + t_76 * p_1) * t_5;
        const double t_83 = t_77 * t_7 - t_78 * p_1 * t_5;
        const double t_84 = t_79 * t_7 - t_80 * p_1 * t_5;
        const double t_85 = t_74 * t_8 + t_73 * p_2 * t_6;
        const double t_86 = t_76 * t_8 + t_75 * p_2 * t_6;
        const double t_87 = t_78 * t_8 + (t_5 + t_77 * p_2) * t_6;
        const double t_88 = t_80 * t_8 + (t_79 * p_2 + -1.0) * t_6;
        const double t_89 = s_9 + t_81 * t;
        const double t_90 = s_10 + t_85 * t;
        const double t_91 = s_11 + t_82 * t;
        const double t_92 = s_12 + t_86 * t;
        const double t_93 = s_13 + t_83 * t;
        const double t_94 = s_14 + t_87 * t;
        const double t_95 = s_15 + t_84 * t;
        const double t_96 = s_16 + t_88 * t;
        const double t_97 = t_89 * t_11 + (1.0 - t_90 * p_1) * t_9;
        const double t_98 = t_91 * t_11 - (t_10 + t_92 * p_1) * t_9;
        const double t_99 = t_93 * t_11 - t_94 * p_1 * t_9;
        const double t_100 = t_95 * t_11 - t_96 * p_1 * t_9;
        const double t_101 = t_90 * t_12 + t_89 * p_2 * t_10;
        const double t_102 = t_92 * t_12 + t_91 * p_2 * t_10;
        const double t_103 = t_94 * t_12 + (t_9 + t_93 * p_2) * t_10;
        const double t_104 = t_96 * t_12 + (t_95 * p_2 + -1.0) * t_10;
        const double t_105 = s_9 + t_97 * h;
        const double t_106 = s_10 + t_101 * h;
        const double t_107 = s_11 + t_98 * h;
        const double t_108 = s_12 + t_102 * h;
        const double t_109 = s_13 + t_99 * h;
        const double t_110 = s_14 + t_103 * h;
        const double t_111 = s_15 + t_100 * h;
        const double t_112 = s_16 + t_104 * h;
        const double t_113 = t_65 + t_81 * 2.0 + t_97 * 2.0 + (t_105 * t_63 + (1.0 - t_106 * p_1) * t_13);
        const double t_114 = t_69 + t_85 * 2.0 + t_101 * 2.0 + (t_106 * t_64 + t_105 * p_2 * t_14);
        const double t_115 = t_66 + t_82 * 2.0 + t_98 * 2.0 + (t_107 * t_63 - (t_14 + t_108 * p_1) * t_13);
        const double t_116 = t_70 + t_86 * 2.0 + t_102 * 2.0 + (t_108 * t_64 + t_107 * p_2 * t_14);
        const double t_117 = t_67 + t_83 * 2.0 + t_99 * 2.0 + (t_109 * t_63 - t_110 * p_1 * t_13);
        const double t_118 = t_71 + t_87 * 2.0 + t_103 * 2.0 + (t_110 * t_64 + (t_13 + t_109 * p_2) * t_14);
        const double t_119 = t_68 + t_84 * 2.0 + t_100 * 2.0 + (t_111 * t_63 - t_112 * p_1 * t_13);
        const double t_120 = t_72 + t_88 * 2.0 + t_104 * 2.0 + (t_112 * t_64 + (t_111 * p_2 + -1.0) * t_14);
        const double t_121 = t_15 + t_31 * 2.0 + t_47 * 2.0 + (t_55 * t_63 + (1.0 - t_56 * p_1) * t_13);
        const double t_122 = t_19 + t_35 * 2.0 + t_51 * 2.0 + (t_56 * t_64 + t_55 * p_2 * t_14);
        const double t_123 = t_16 + t_32 * 2.0 + t_48 * 2.0 + (t_57 * t_63 - (t_14 + t_58 * p_1) * t_13);
        const double t_124 = t_20 + t_36 * 2.0 + t_52 * 2.0 + (t_58 * t_64 + t_57 * p_2 * t_14);
        const double t_125 = t_17 + t_33 * 2.0 + t_49 * 2.0 + (t_59 * t_63 - t_60 * p_1 * t_13);
        const double t_126 = t_21 + t_37 * 2.0 + t_53 * 2.0 + (t_60 * t_64 + (t_13 + t_59 * p_2) * t_14);
        const double t_127 = t_18 + t_34 * 2.0 + t_50 * 2.0 + (t_61 * t_63 - t_62 * p_1 * t_13);
        const double t_128 = t_22 + t_38 * 2.0 + t_54 * 2.0 + (t_62 * t_64 + (t_61 * p_2 + -1.0) * t_14);
        y_0 += t_2 * (k1_0 + 2.0 * k2_0 + 2.0 * k3_0 + k4_0);
        y_1 += t_2 * (k1_1 + 2.0 * k2_1 + 2.0 * k3_1 + k4_1);
        s += t_121 * t_2;
        s_2 += t_122 * t_2;
        s_3 += t_123 * t_2;
        s_4 += t_124 * t_2;
        s_5 += t_125 * t_2;
        s_6 += t_126 * t_2;
        s_7 += t_127 * t_2;
        s_8 += t_128 * t_2;
        s_9 += t_113 * t_2;
        s_10 += t_114 * t_2;
        s_11 += t_115 * t_2;
        s_12 += t_116 * t_2;
        s_13 += t_117 * t_2;
        s_14 += t_118 * t_2;
        s_15 += t_119 * t_2;
        s_16 += t_120 * t_2;
    }
    for (int64_t i = 0; i < 4; i++) {
        GRADC_IVDEP
        for (int64_t j = 0; j < steps; j++) {
            w_17[i * steps + j] = w_9[j * 4 + i];
            w_18[i * steps + j] = w_10[j * 4 + i];
            w_19[i * steps + j] = w_11[j * 4 + i];
            w_20[i * steps + j] = w_12[j * 4 + i];
            w_21[i * steps + j] = w_13[j * 4 + i];
            w_22[i * steps + j] = w_14[j * 4 + i];
            w_23[i * steps + j] = w_15[j * 4 + i];
            w_24[i * steps + j] = w_16[j * 4 + i];
        }
    }
    const double t_3 = y_0 - goal[0];
    const double t_4 = y_1 - goal[1];
    w_25[0] = 2.0 * t_3;
    w_25[1] = 2.0 * t_4;
    w_26[0] = s_9 * 2.0;
    w_26[1] = s_10 * 2.0;
    w_26[2] = s_11 * 2.0;
    w_26[3] = s_12 * 2.0;
    w_26[4] = s_13 * 2.0;
    w_26[5] = s_14 * 2.0;
    w_26[6] = s_15 * 2.0;
    w_26[7] = s_16 * 2.0;
    *value = t_3 * t_3 + t_4 * t_4;
    double s_17 = 0.0;
    double s_18 = 0.0;
    double s_19 = 0.0;
    double s_20 = 0.0;
    double s_21 = 0.0;
    double s_22 = 0.0;
    double s_23 = 0.0;
    double s_24 = 0.0;
    double s_25 = 0.0;
    double s_26 = 0.0;
    double s_27 = 0.0;
    double s_28 = 0.0;
    double s_29 = 0.0;
    double s_30 = 0.0;
    double s_31 = 0.0;
    double s_32 = 0.0;
    double *w_25_now = w_25, *w_25_next = w_30;
    double *w_26_now = w_26, *w_26_next = w_34;
    for (int64_t i = steps - 1; i >= 0; i--) {
        const double w_25_now_0 = w_25_now[0];
        const double t_5 = w_25_now_0 * t_2;
        const double w_25_now_1 = w_25_now[1];
        const double t_6 = w_25_now_1 * t_2;
        const double w_26_now_0 = w_26_now[0];
        const double t_7 = w_26_now_0 * t_2;
        const double w_26_now_1 = w_26_now[1];
        const double t_8 = w_26_now_1 * t_2;
        const double w_26_now_2 = w_26_now[2];
        const double t_9 = w_26_now_2 * t_2;
        const double w_26_now_3 = w_26_now[3];
        const double t_10 = w_26_now_3 * t_2;
        const double w_26_now_4 = w_26_now[4];
        const double t_11 = w_26_now_4 * t_2;
        const double w_26_now_5 = w_26_now[5];
        const double t_12 = w_26_now_5 * t_2;
        const double w_26_now_6 = w_26_now[6];
        const double t_13 = w_26_now_6 * t_2;
        const double w_26_now_7 = w_26_now[7];
        const double t_14 = w_26_now_7 * t_2;
        const double t_15 = w_7[i];
        const double t_16 = p_2 * t_15 - p_3;
        const double t_17 = t_5 * t_15;
        const double t_18 = w_23[i];
        const double t_19 = w_23[steps + i];
        const double t_20 = w_23[2*steps + i];
        const double t_21 = w_23[3*steps + i];
        const double t_22 = t_7 * t_15 + t_18 * t_5;
        const double t_23 = t_9 * t_15 + t_19 * t_5;
        const double t_24 = t_11 * t_15 + t_20 * t_5;
        const double t_25 = t_13 * t_15 + t_21 * t_5;
        w_27[0] = 0.0;
        w_27[1] = t_6 * t_16 - t_17 * p_1;
        w_31[0] = 0.0;
        w_31[1] = t_8 * t_16 + t_18 * p_2 * t_6 - t_22 * p_1;
        w_31[2] = 0.0;
        w_31[3] = t_10 * t_16 + t_19 * p_2 * t_6 - (t_23 * p_1 + t_17);
        w_31[4] = 0.0;
        w_31[5] = t_12 * t_16 + (t_15 + t_20 * p_2) * t_6 - t_24 * p_1;
        w_31[6] = 0.0;
        w_31[7] = t_14 * t_16 + (t_21 * p_2 + -1.0) * t_6 - t_25 * p_1;
        const double t_26 = w_8[i];
        const double t_27 = p_0 - p_1 * t_26;
        const double t_28 = t_6 * t_26;
        w_27[0] += t_28 * p_2 + t_5 * t_27;
        const double t_29 = t_5 * 2.0;
        const double t_30 = t_6 * 2.0;
        const double t_31 = w_5[i];
        const double t_32 = p_2 * t_31 - p_3;
        const double w_27_0 = w_27[0];
        const double w_27_1 = w_27[1];
        const double t_33 = t_29 + w_27_0 * h;
        const double t_34 = t_30 + w_27_1 * h;
        const double t_35 = t_33 * t_31;
        w_28[0] = 0.0;
        w_28[1] = t_34 * t_32 - t_35 * p_1;
        const double t_36 = w_6[i];
        const double t_37 = p_0 - p_1 * t_36;
        const double t_38 = t_34 * t_36;
        w_28[0] += t_38 * p_2 + t_33 * t_37;
        const double t_39 = w_3[i];
        const double t_40 = p_2 * t_39 - p_3;
        const double w_28_0 = w_28[0];
        const double w_28_1 = w_28[1];
        const double t_41 = t_29 + w_28_0 * t;
        const double t_42 = t_30 + w_28_1 * t;
        const double t_43 = t_41 * t_39;
        w_29[0] = 0.0;
        w_29[1] = t_42 * t_40 - t_43 * p_1;
        const double t_44 = w_4[i];
        const double t_45 = p_0 - p_1 * t_44;
        const double t_46 = t_42 * t_44;
        w_29[0] += t_46 * p_2 + t_41 * t_45;
        const double w_29_0 = w_29[0];
        const double w_29_1 = w_29[1];
        w_25_next[0] = w_25_now_0 + w_27_0 + w_28_0 + w_29_0;
        w_25_next[1] = w_25_now_1 + w_27_1 + w_28_1 + w_29_1;
        const double t_47 = w[i];
        const double t_48 = p_2 * t_47 - p_3;
        const double t_49 = t_5 + w_29_0 * t;
        const double t_50 = t_6 + w_29_1 * t;
        const double t_51 = t_49 * t_47;
        w_25_next[1] += t_50 * t_48 - t_51 * p_1;
        const double t_52 = w_2[i];
        const double t_53 = p_0 - p_1 * t_52;
        const double t_54 = t_50 * t_52;
        w_25_next[0] += t_54 * p_2 + t_49 * t_53;
        const double t_55 = w_24[i];
        const double t_56 = w_24[steps + i];
        const double t_57 = w_24[2*steps + i];
        const double t_58 = w_24[3*steps + i];
        const double t_59 = t_8 * t_26 + t_55 * t_6;
        const double t_60 = t_10 * t_26 + t_56 * t_6;
        const double t_61 = t_12 * t_26 + t_57 * t_6;
        const double t_62 = t_14 * t_26 + t_58 * t_6;
        w_31[0] += t_59 * p_2 + (t_7 * t_27 + (1.0 - t_55 * p_1) * t_5);
        w_31[2] += t_60 * p_2 + (t_9 * t_27 - (t_26 + t_56 * p_1) * t_5);
        w_31[4] += t_61 * p_2 + t_28 + (t_11 * t_27 - t_57 * p_1 * t_5);
        w_31[6] += t_62 * p_2 + (t_13 * t_27 - t_58 * p_1 * t_5);
        const double t_63 = t_7 * 2.0;
        const double t_64 = t_8 * 2.0;
        const double t_65 = t_9 * 2.0;
        const double t_66 = t_10 * 2.0;
        const double t_67 = t_11 * 2.0;
        const double t_68 = t_12 * 2.0;
        const double t_69 = t_13 * 2.0;
        const double t_70 = t_14 * 2.0;
        const double t_71 = w_21[i];
        const double t_72 = w_21[steps + i];
        const double t_73 = w_21[2*steps + i];
        const double t_74 = w_21[3*steps + i];
        const double w_31_0 = w_31[0];
        const double w_31_1 = w_31[1];
        const double w_31_2 = w_31[2];
        const double w_31_3 = w_31[3];
        const double w_31_4 = w_31[4];
        const double w_31_5 = w_31[5];
        const double w_31_6 = w_31[6];
        const double w_31_7 = w_31[7];
        const double t_75 = t_63 + w_31_0 * h;
        const double t_76 = t_64 + w_31_1 * h;
        const double t_77 = t_65 + w_31_2 * h;
        const double t_78 = t_66 + w_31_3 * h;
        const double t_79 = t_67 + w_31_4 * h;
        const double t_80 = t_68 + w_31_5 * h;
        const double t_81 = t_69 + w_31_6 * h;
        const double t_82 = t_70 + w_31_7 * h;
        const double t_83 = t_75 * t_31 + t_71 * t_33;
        const double t_84 = t_77 * t_31 + t_72 * t_33;
        const double t_85 = t_79 * t_31 + t_73 * t_33;
        const double t_86 = t_81 * t_31 + t_74 * t_33;
        w_32[0] = 0.0;
        w_32[1] = t_76 * t_32 + t_71 * p_2 * t_34 - t_83 * p_1;
        w_32[2] = 0.0;
        w_32[3] = t_78 * t_32 + t_72 * p_2 * t_34 - (t_84 * p_1 + t_35);
        w_32[4] = 0.0;
        w_32[5] = t_80 * t_32 + (t_31 + t_73 * p_2) * t_34 - t_85 * p_1;
        w_32[6] = 0.0;
        w_32[7] = t_82 * t_32 + (t_74 * p_2 + -1.0) * t_34 - t_86 * p_1;
        const double t_87 = w_22[i];
        const double t_88 = w_22[steps + i];
        const double t_89 = w_22[2*steps + i];
        const double t_90 = w_22[3*steps + i];
        const double t_91 = t_76 * t_36 + t_87 * t_34;
        const double t_92 = t_78 * t_36 + t_88 * t_34;
        const double t_93 = t_80 * t_36 + t_89 * t_34;
        const double t_94 = t_82 * t_36 + t_90 * t_34;
        w_32[0] += t_91 * p_2 + (t_75 * t_37 + (1.0 - t_87 * p_1) * t_33);
        w_32[2] += t_92 * p_2 + (t_77 * t_37 - (t_36 + t_88 * p_1) * t_33);
        w_32[4] += t_93 * p_2 + t_38 + (t_79 * t_37 - t_89 * p_1 * t_33);
        w_32[6] += t_94 * p_2 + (t_81 * t_37 - t_90 * p_1 * t_33);
        const double t_95 = w_19[i];
        const double t_96 = w_19[steps + i];
        const double t_97 = w_19[2*steps + i];
        const double t_98 = w_19[3*steps + i];
        const double w_32_0 = w_32[0];
        const double w_32_1 = w_32[1];
        const double w_32_2 = w_32[2];
        const double w_32_3 = w_32[3];
        const double w_32_4 = w_32[4];
        const double w_32_5 = w_32[5];
        const double w_32_6 = w_32[6];
        const double w_32_7 = w_32[7];
        const double t_99 = t_63 + w_32_0 * t;
        const double t_100 = t_64 + w_32_1 * t;
        const double t_101 = t_65 + w_32_2 * t;
        const double t_102 = t_66 + w_32_3 * t;
        const double t_103 = t_67 + w_32_4 * t;
        const double t_104 = t_68 + w_32_5 * t;
        const double t_105 = t_69 + w_32_6 * t;
        const double t_106 = t_70 + w_32_7 * t;
        const double t_107 = t_99 * t_39 + t_95 * t_41;
        const double t_108 = t_101 * t_39 + t_96 * t_41;
        const double t_109 = t_103 * t_39 + t_97 * t_41;
        const double t_110 = t_105 * t_39 + t_98 * t_41;
        w_33[0] = 0.0;
        w_33[1] = t_100 * t_40 + t_95 * p_2 * t_42 - t_107 * p_1;
        w_33[2] = 0.0;
        w_33[3] = t_102 * t_40 + t_96 * p_2 * t_42 - (t_108 * p_1 + t_43);
        w_33[4] = 0.0;
        w_33[5] = t_104 * t_40 + (t_39 + t_97 * p_2) * t_42 - t_109 * p_1;
        w_33[6] = 0.0;
        w_33[7] = t_106 * t_40 + (t_98 * p_2 + -1.0) * t_42 - t_110 * p_1;
        const double t_111 = w_20[i];
        const double t_112 = w_20[steps + i];
        const double t_113 = w_20[2*steps + i];
        const double t_114 = w_20[3*steps + i];
        const double t_115 = t_100 * t_44 + t_111 * t_42;
        const double t_116 = t_102 * t_44 + t_112 * t_42;
        const double t_117 = t_104 * t_44 + t_113 * t_42;
        const double t_118 = t_106 * t_44 + t_114 * t_42;
        w_33[0] += t_115 * p_2 + (t_99 * t_45 + (1.0 - t_111 * p_1) * t_41);
        w_33[2] += t_116 * p_2 + (t_101 * t_45 - (t_44 + t_112 * p_1) * t_41);
        w_33[4] += t_117 * p_2 + t_46 + (t_103 * t_45 - t_113 * p_1 * t_41);
        w_33[6] += t_118 * p_2 + (t_105 * t_45 - t_114 * p_1 * t_41);
        const double w_33_0 = w_33[0];
        const double w_33_1 = w_33[1];
        const double w_33_2 = w_33[2];
        const double w_33_3 = w_33[3];
        const double w_33_4 = w_33[4];
        const double w_33_5 = w_33[5];
        const double w_33_6 = w_33[6];
        const double w_33_7 = w_33[7];
        w_26_next[0] = w_26_now_0 + w_31_0 + w_32_0 + w_33_0;
        w_26_next[1] = w_26_now_1 + w_31_1 + w_32_1 + w_33_1;
        w_26_next[2] = w_26_now_2 + w_31_2 + w_32_2 + w_33_2;
        w_26_next[3] = w_26_now_3 + w_31_3 + w_32_3 + w_33_3;
        w_26_next[4] = w_26_now_4 + w_31_4 + w_32_4 + w_33_4;
        w_26_next[5] = w_26_now_5 + w_31_5 + w_32_5 + w_33_5;
        w_26_next[6] = w_26_now_6 + w_31_6 + w_32_6 + w_33_6;
        w_26_next[7] = w_26_now_7 + w_31_7 + w_32_7 + w_33_7;
        const double t_119 = w_17[i];
        const double t_120 = w_17[steps + i];
        const double t_121 = w_17[2*steps + i];
        const double t_122 = w_17[3*steps + i];
        const double t_123 = t_7 + w_33_0 * t;
        const double t_124 = t_8 + w_33_1 * t;
        const double t_125 = t_9 + w_33_2 * t;
        const double t_126 = t_10 + w_33_3 * t;
        const double t_127 = t_11 + w_33_4 * t;
        const double t_128 = t_12 + w_33_5 * t;
        const double t_129 = t_13 + w_33_6 * t;
        const double t_130 = t_14 + w_33_7 * t;
        const double t_131 = t_123 * t_47 + t_119 * t_49;
        const double t_132 = t_125 * t_47 + t_120 * t_49;
        const double t_133 = t_127 * t_47 + t_121 * t_49;
        const double t_134 = t_129 * t_47 + t_122 * t_49;
        w_26_next[1] += t_124 * t_48 + t_119 * p_2 * t_50 - t_131 * p_1;
        w_26_next[3] += t_126 * t_48 + t_120 * p_2 * t_50 - (t_132 * p_1 + t_51);
        w_26_next[5] += t_128 * t_48 + (t_47 + t_121 * p_2) * t_50 - t_133 * p_1;
        w_26_next[7] += t_130 * t_48 + (t_122 * p_2 + -1.0) * t_50 - t_134 * p_1;
        const double t_135 = w_18[i];
        const double t_136 = w_18[steps + i];
        const double t_137 = w_18[2*steps + i];
        const double t_138 = w_18[3*steps + i];
        const double t_139 = t_124 * t_52 + t_135 * t_50;
        const double t_140 = t_126 * t_52 + t_136 * t_50;
        const double t_141 = t_128 * t_52 + t_137 * t_50;
        const double t_142 = t_130 * t_52 + t_138 * t_50;
        w_26_next[0] += t_139 * p_2 + (t_123 * t_53 + (1.0 - t_135 * p_1) * t_49);
        w_26_next[2] += t_140 * p_2 + (t_125 * t_53 - (t_52 + t_136 * p_1) * t_49);
        w_26_next[4] += t_141 * p_2 + t_54 + (t_127 * t_53 - t_137 * p_1 * t_49);
        w_26_next[6] += t_142 * p_2 + (t_129 * t_53 - t_138 * p_1 * t_49);
        const double t_143 = s_25 + (t_59 * t_15 + t_18 * t_28) + (t_91 * t_31 + t_71 * t_38) + (t_115 * t_39 + t_95 * t_46);
        const double t_144 = s_26 + (t_60 * t_15 + t_19 * t_28) + (t_92 * t_31 + t_72 * t_38) + (t_116 * t_39 + t_96 * t_46);
        const double t_145 = s_27 + (t_61 * t_15 + t_20 * t_28) + (t_93 * t_31 + t_73 * t_38) + (t_117 * t_39 + t_97 * t_46);
        const double t_146 = s_28 + (t_62 * t_15 + t_21 * t_28) + (t_94 * t_31 + t_74 * t_38) + (t_118 * t_39 + t_98 * t_46);
        const double t_147 = s_21 - (t_22 * t_26 + t_55 * t_17) - (t_83 * t_36 + t_87 * t_35) - (t_107 * t_44 + t_111 * t_43);
        const double t_148 = s_22 - (t_23 * t_26 + t_56 * t_17) - (t_84 * t_36 + t_88 * t_35) - (t_108 * t_44 + t_112 * t_43);
        const double t_149 = s_23 - (t_24 * t_26 + t_57 * t_17) - (t_85 * t_36 + t_89 * t_35) - (t_109 * t_44 + t_113 * t_43);
        const double t_150 = s_24 - (t_25 * t_26 + t_58 * t_17) - (t_86 * t_36 + t_90 * t_35) - (t_110 * t_44 + t_114 * t_43);
        s_17 = s_17 + t_22 + t_83 + t_107 + t_131;
        s_18 = s_18 + t_23 + t_84 + t_108 + t_132;
        s_19 = s_19 + t_24 + t_85 + t_109 + t_133;
        s_20 = s_20 + t_25 + t_86 + t_110 + t_134;
        s_21 = t_147 - (t_131 * t_52 + t_135 * t_51);
        s_22 = t_148 - (t_132 * t_52 + t_136 * t_51);
        s_23 = t_149 - (t_133 * t_52 + t_137 * t_51);
        s_24 = t_150 - (t_134 * t_52 + t_138 * t_51);
        s_25 = t_143 + (t_139 * t_47 + t_119 * t_54);
        s_26 = t_144 + (t_140 * t_47 + t_120 * t_54);
        s_27 = t_145 + (t_141 * t_47 + t_121 * t_54);
        s_28 = t_146 + (t_142 * t_47 + t_122 * t_54);
        s_29 = s_29 - t_59 - t_91 - t_115 - t_139;
        s_30 = s_30 - t_60 - t_92 - t_116 - t_140;
        s_31 = s_31 - t_61 - t_93 - t_117 - t_141;
        s_32 = s_32 - t_62 - t_94 - t_118 - t_142;
        double *const w_25_was = w_25_now;
        w_25_now = w_25_next;
        w_25_next = w_25_was;
        double *const w_26_was = w_26_now;
        w_26_now = w_26_next;
        w_26_next = w_26_was;
    }
    if (w_25_now != w_25)
        memcpy(w_25, w_25_now, (size_t)2 * sizeof(double));
    if (w_26_now != w_26)
        memcpy(w_26, w_26_now, (size_t)8 * sizeof(double));
    hess_p[0] = s_17;
    hess_p[1] = s_21;
    hess_p[2] = s_25;
    hess_p[3] = s_29;
    hess_p[4] = s_21;
    hess_p[5] = s_22;
    hess_p[6] = s_26;
    hess_p[7] = s_30;
    hess_p[8] = s_25;
    hess_p[9] = s_26;
    hess_p[10] = s_27;
    hess_p[11] = s_31;
    hess_p[12] = s_29;
    hess_p[13] = s_30;
    hess_p[14] = s_31;
    hess_p[15] = s_32;
    return 0;
}

size_t miss_hessian_work(int64_t steps)
{
    return gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(8*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(32*steps)
        + gradc_space(16)
        + gradc_space(64)
        + gradc_space(16)
        + gradc_space(64)
        + gradc_space(16)
        + gradc_space(64)
        + gradc_space(16)
        + gradc_space(16)
        + gradc_space(64)
        + gradc_space(64);
}

#ifdef __cplusplus
}
#endif
