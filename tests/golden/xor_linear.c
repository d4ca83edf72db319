/* Made by gradc from xor_linear.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
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

/* xor_linear_net: value of xor_linear_net (xor_linear.dg:8)
 * w [2]  b scalar  -> value [4]
 * 5 add
 * no workspace */
int xor_linear_net(const double *w, double b, double *value)
{
    const double w_0 = w[0];  /* xor_linear.dg:8 */
    const double w_1 = w[1];
    value[0] = 0.0 + b;
    value[1] = w_1 + b;
    value[2] = w_0 + b;
    value[3] = w_0 + w_1 + b;
    return 0;
}

/* xor_linear: value of xor_linear (xor_linear.dg:10)
 * w [2]  b scalar  -> value scalar
 * 8 add, 4 sub, 5 mul
 * no workspace */
int xor_linear(const double *w, double b, double *value)
{
    const double w_0 = w[0];  /* xor_linear.dg:10 */
    const double w_1 = w[1];
    const double t = 0.0 - (0.0 + b);
    const double t_2 = 1.0 - (w_1 + b);
    const double t_3 = 1.0 - (w_0 + b);
    const double t_4 = 0.0 - (w_0 + w_1 + b);
    *value = (t * t + t_2 * t_2 + t_3 * t_3 + t_4 * t_4) * 0.25;
    return 0;
}

/* xor_linear_grad: value and gradient of xor_linear (xor_linear.dg:10)
 * w [2]  b scalar  -> value scalar  grad_w [2]  grad_b scalar
 * 3 neg, 8 add, 9 sub, 9 mul
 * no workspace */
int xor_linear_grad(const double *w, double b, double *value, double *grad_w, double *grad_b)
{
    const double w_0 = w[0];  /* xor_linear.dg:13 */
    const double w_1 = w[1];
    const double t = 0.0 - (0.0 + b);
    const double t_2 = 1.0 - (w_1 + b);
    const double t_3 = 1.0 - (w_0 + b);
    const double t_4 = 0.0 - (w_0 + w_1 + b);
    const double t_5 = 0.5 * t_2;
    const double t_6 = 0.5 * t_3;
    const double t_7 = 0.5 * t_4;
    *value = (t * t + t_2 * t_2 + t_3 * t_3 + t_4 * t_4) * 0.25;
    grad_w[0] = -t_6 - t_7;
    grad_w[1] = -t_5 - t_7;
    *grad_b = -(0.5 * t) - t_5 - t_6 - t_7;
    return 0;
}

#ifdef __cplusplus
}
#endif
