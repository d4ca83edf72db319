/* Made by gradc from xor.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

#if defined(__cplusplus)
#define GRADC_RESTRICT
#else
#define GRADC_RESTRICT restrict
#endif

static inline double gradc_relu(double a)
{
    return a <= 0 ? 0.0 : a;
}

/* xor_net: value of xor_net (xor.dg:8)
 * W [2, 2]  c [2]  w [2]  b scalar  -> value [4]
 * 18 add, 8 mul, 8 relu
 * no workspace */
int xor_net(const double *W, const double *c, const double *w, double b, double *value)
{
    const double W_0 = W[0];  /* xor.dg:8 */
    const double W_2 = W[2];
    const double W_1 = W[1];
    const double W_3 = W[3];
    const double c_0 = c[0];
    const double c_1 = c[1];
    const double w_0 = w[0];
    const double w_1 = w[1];
    const double t = gradc_relu(W_0 + W_2 + c_0) * w_0 + gradc_relu(W_1 + W_3 + c_1) * w_1;
    value[0] = gradc_relu(0.0 + c_0) * w_0 + gradc_relu(0.0 + c_1) * w_1 + b;
    value[1] = gradc_relu(W_2 + c_0) * w_0 + gradc_relu(W_3 + c_1) * w_1 + b;
    value[2] = gradc_relu(W_0 + c_0) * w_0 + gradc_relu(W_1 + c_1) * w_1 + b;
    value[3] = t + b;
    return 0;
}

/* xor_loss: value of xor_loss (xor.dg:10)
 * W [2, 2]  c [2]  w [2]  b scalar  -> value scalar
 * 21 add, 4 sub, 13 mul, 8 relu
 * no workspace */
int xor_loss(const double *W, const double *c, const double *w, double b, double *value)
{
    const double W_0 = W[0];  /* xor.dg:11 */
    const double W_2 = W[2];
    const double W_1 = W[1];
    const double W_3 = W[3];
    const double c_0 = c[0];
    const double c_1 = c[1];
    const double w_0 = w[0];
    const double w_1 = w[1];
    const double t = gradc_relu(W_0 + W_2 + c_0) * w_0 + gradc_relu(W_1 + W_3 + c_1) * w_1;
    const double t_2 = 0.0 - (gradc_relu(0.0 + c_0) * w_0 + gradc_relu(0.0 + c_1) * w_1 + b);
    const double t_3 = 1.0 - (gradc_relu(W_2 + c_0) * w_0 + gradc_relu(W_3 + c_1) * w_1 + b);
    const double t_4 = 1.0 - (gradc_relu(W_0 + c_0) * w_0 + gradc_relu(W_1 + c_1) * w_1 + b);
    const double t_5 = 0.0 - (t + b);
    *value = (t_2 * t_2 + t_3 * t_3 + t_4 * t_4 + t_5 * t_5) * 0.25;
    return 0;
}

/* xor_loss_grad: value and gradient of xor_loss (xor.dg:10)
 * W [2, 2]  c [2]  w [2]  b scalar  -> value scalar  grad_W [2, 2]  grad_c [2]  grad_w [2]
 * grad_b scalar
 * 4 neg, 31 add, 13 sub, 33 mul, 8 >, 8 select, 8 relu
 * no workspace */
int xor_loss_grad(const double *W, const double *c, const double *w, double b, double *value,
    double *grad_W, double *grad_c, double *grad_w, double *grad_b)
{
    const double W_0 = W[0];  /* xor.dg:15 */
    const double W_2 = W[2];
    const double W_1 = W[1];
    const double W_3 = W[3];
    const double c_0 = c[0];
    const double t = 0.0 + c_0;
    const double c_1 = c[1];
    const double t_2 = 0.0 + c_1;
    const double t_3 = W_2 + c_0;
    const double t_4 = W_3 + c_1;
    const double t_5 = W_0 + c_0;
    const double t_6 = W_1 + c_1;
    const double t_7 = W_0 + W_2 + c_0;
    const double t_8 = W_1 + W_3 + c_1;
    const double t_9 = gradc_relu(t);
    const double t_10 = gradc_relu(t_2);
    const double t_11 = gradc_relu(t_3);
    const double t_12 = gradc_relu(t_4);
    const double t_13 = gradc_relu(t_5);
    const double t_14 = gradc_relu(t_6);
    const double t_15 = gradc_relu(t_7);
    const double t_16 = gradc_relu(t_8);
    const double w_0 = w[0];
    const double w_1 = w[1];
    const double t_17 = 0.0 - (t_9 * w_0 + t_10 * w_1 + b);
    const double t_18 = 1.0 - (t_11 * w_0 + t_12 * w_1 + b);
    const double t_19 = 1.0 - (t_13 * w_0 + t_14 * w_1 + b);
    const double t_20 = 0.0 - (t_15 * w_0 + t_16 * w_1 + b);
    const double t_21 = 0.5 * t_18;
    const double t_22 = 0.5 * t_19;
    const double t_23 = 0.5 * t_20;
    const double t_24 = -(0.5 * t_17);
    const double t_25 = -t_21;
    const double t_26 = -t_22;
    const double t_27 = -t_23;
    const double t_28 = t_3 > 0.0 ? t_25 * w_0 : 0.0;
    const double t_29 = t_4 > 0.0 ? t_25 * w_1 : 0.0;
    const double t_30 = t_5 > 0.0 ? t_26 * w_0 : 0.0;
    const double t_31 = t_6 > 0.0 ? t_26 * w_1 : 0.0;
    const double t_32 = t_7 > 0.0 ? t_27 * w_0 : 0.0;
    const double t_33 = t_8 > 0.0 ? t_27 * w_1 : 0.0;
    *value = (t_17 * t_17 + t_18 * t_18 + t_19 * t_19 + t_20 * t_20) * 0.25;
    grad_W[0] = t_30 + t_32;
    grad_W[1] = t_31 + t_33;
    grad_W[2] = t_28 + t_32;
    grad_W[3] = t_29 + t_33;
    grad_c[0] = (t > 0.0 ? t_24 * w_0 : 0.0) + t_28 + t_30 + t_32;
    grad_c[1] = (t_2 > 0.0 ? t_24 * w_1 : 0.0) + t_29 + t_31 + t_33;
    grad_w[0] = t_9 * t_24 - t_21 * t_11 - t_22 * t_13 - t_23 * t_15;
    grad_w[1] = t_10 * t_24 - t_21 * t_12 - t_22 * t_14 - t_23 * t_16;
    *grad_b = t_24 - t_21 - t_22 - t_23;
    return 0;
}

#ifdef __cplusplus
}
#endif
