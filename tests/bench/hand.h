/* hand.h: the benchmark models' values and derivatives, written by hand in plain
 * C, as fast as is reasonable: the bar that emitted code is measured against.
 *
 * Arguments as gradc would order them: inputs, sizes, outputs, workspace. Functions
 * that take `work` need hand_..._work(sizes) bytes of it, aligned to 64. All arrays
 * row-major, no two overlapping. Elementary functions are libm's. */
#ifndef GRADC_TESTS_BENCH_HAND_H
#define GRADC_TESTS_BENCH_HAND_H

#include <stddef.h>
#include <stdint.h>

/* log(sum(exp(x))) */
void hand_lse(const double *x, int64_t n, double *value);
void hand_lse_grad(const double *x, int64_t n, double *value, double *grad_x);

/* 1/2 sum_i (sign(t_i) - sum_j x_j t_i^j)^2, t_i = -1 + 2 i / (n - 1) */
void hand_llsq(const double *x, int64_t m, int64_t n, double *value);
void hand_llsq_grad(const double *x, int64_t m, int64_t n, double *value, double *grad_x,
                    void *work);
size_t hand_llsq_work(int64_t m, int64_t n);

/* Gaussian mixture with a Wishart prior; alpha[K] mu[K,D] q[K,D] l[K,D(D-1)/2] x[N,D] */
void hand_gmm(const double *alpha, const double *mu, const double *q, const double *l,
              const double *x, int64_t K, int64_t D, int64_t N, double *value, void *work);
void hand_gmm_grad(const double *alpha, const double *mu, const double *q, const double *l,
                   const double *x, int64_t K, int64_t D, int64_t N, double *value,
                   double *grad_alpha, double *grad_mu, double *grad_q, double *grad_l,
                   void *work);
size_t hand_gmm_work(int64_t K, int64_t D, int64_t N);

/* The seven-joint arm of examples/arm.dg: |position(q) - goal|^2 + 1e-3 |q|^2 */
void hand_arm_position(const double q[7], double p[3]);
void hand_arm(const double q[7], const double goal[3], double *value);
void hand_arm_grad(const double q[7], const double goal[3], double *value, double grad_q[7]);
void hand_arm_newton(const double q[7], const double goal[3], double *value, double grad_q[7],
                     double hess_q[49]);

/* mean cross-entropy of a relu network + decay (|W1|^2 + |W2|^2);
 * x[N,D] y[N] W1[D,H] b1[H] W2[H,K] b2[K] */
void hand_mlp(const float *x, const int32_t *y, const float *W1, const float *b1,
              const float *W2, const float *b2, float decay, int64_t N, int64_t D, int64_t H,
              int64_t K, float *value, void *work);
void hand_mlp_grad(const float *x, const int32_t *y, const float *W1, const float *b1,
                   const float *W2, const float *b2, float decay, int64_t N, int64_t D, int64_t H,
                   int64_t K, float *value, float *grad_W1, float *grad_b1, float *grad_W2,
                   float *grad_b2, void *work);
size_t hand_mlp_work(int64_t N, int64_t D, int64_t H, int64_t K);

/* Element-wise LSTM (examples/lstm.dg): main_params[2L,4b] extra[3,b] state[2L,b] sequence[c,b] */
void hand_lstm(const double *main_params, const double *extra, const double *state,
               const double *sequence, int64_t L, int64_t b, int64_t c, double *value, void *work);
void hand_lstm_grad(const double *main_params, const double *extra, const double *state,
                    const double *sequence, int64_t L, int64_t b, int64_t c, double *value,
                    double *grad_main, double *grad_extra, void *work);
size_t hand_lstm_work(int64_t L, int64_t b, int64_t c);

/* Bundle adjustment (examples/ba_map.dg): errors[O,2], and blocks[O,2,15] by camera, point, weight */
void hand_ba(const double *cams, const double *X, const double *w, const int32_t *cameras,
             const int32_t *points, const double *feats, int64_t O, double *errors);
void hand_ba_blocks(const double *cams, const double *X, const double *w, const int32_t *cameras,
                    const int32_t *points, const double *feats, int64_t O, double *blocks);

#endif
