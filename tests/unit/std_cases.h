/* std_cases.h - the cases of std_test.c: a call of the standard library, and the same in C.
 *
 * A formula reads its inputs in the order of the parameters, row-major, and writes its outputs one
 * behind the other. */
#ifndef GRADC_STD_CASES_H
#define GRADC_STD_CASES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef long double Num;

typedef struct Case {
    const char *model;                       /* fn f(...), sizes fixed */
    double lo, hi;                           /* where its real inputs lie */
    int below;                               /* and its integers: 0 to below - 1 */
    void (*formula)(const Num *const *in, Num *out);
} Case;

#define FORMULA(name) static void name(const Num *const *in, Num *out)
#define EACH(i, n) for (int i = 0; i < (n); i++)

static Num sigma(Num z) { return 1 / (1 + expl(-z)); }
static Num square(Num x) { return x * x; }
static Num least(Num a, Num b) { return a < b ? a : b; }
static Num most(Num a, Num b) { return a > b ? a : b; }
#define PI 3.14159265358979323846264338327950288L

/* ---- nn.dg: units; z [8], a second argument [8] or a scalar ---- */

FORMULA(leaky_relu) { EACH(i, 8) out[i] = most(0, in[0][i]) + 0.01L * least(0, in[0][i]); }
FORMULA(prelu) { EACH(i, 8) out[i] = most(0, in[0][i]) + in[1][i % 4] * least(0, in[0][i]); }
FORMULA(abs_rectifier) { EACH(i, 8) out[i] = in[0][i] < 0 ? -in[0][i] : in[0][i]; }
FORMULA(hard_tanh) { EACH(i, 8) out[i] = most(-1, least(1, in[0][i])); }
FORMULA(elu) { EACH(i, 8) out[i] = in[0][i] > 0 ? in[0][i] : in[1][0] * (expl(in[0][i]) - 1); }
FORMULA(gelu) { EACH(i, 8) out[i] = in[0][i] * 0.5L * (1 + erfl(in[0][i] / sqrtl(2))); }
FORMULA(silu) { EACH(i, 8) out[i] = in[0][i] / (1 + expl(-in[0][i])); }
FORMULA(tanh_by_sigmoid) { EACH(i, 8) out[i] = 2 * sigma(2 * in[0][i]) - 1; }
FORMULA(units_built_in)
{
    Num total = 0;
    EACH(i, 8) total += expl(in[0][i]);
    EACH(i, 8) {
        Num z = in[0][i];
        out[i] = most(0, z) + sigma(z) + logl(1 + expl(z)) + expl(z) / total + z;
    }
}
FORMULA(maxout) /* [..., 8] by 2: the last axis is whole groups, so the rank does not matter */
{
    EACH(i, 8) out[i] = most(in[0][2 * i], in[0][2 * i + 1]);
}
FORMULA(maxout4) { EACH(i, 2) out[i] = most(most(in[0][4 * i], in[0][4 * i + 1]), most(in[0][4 * i + 2], in[0][4 * i + 3])); }
FORMULA(rbf) /* x [3, 2], c [4, 2], s [4] */
{
    EACH(n, 3) EACH(h, 4) {
        Num d = square(in[0][2 * n] - in[1][2 * h]) + square(in[0][2 * n + 1] - in[1][2 * h + 1]);
        out[4 * n + h] = expl(-d / square(in[2][h]));
    }
}

/* ---- nn.dg: layers ---- */

FORMULA(dense) /* x [3, 2], W [2, 4], b [4] */
{
    EACH(n, 3) EACH(h, 4)
        out[4 * n + h] = in[0][2 * n] * in[1][h] + in[0][2 * n + 1] * in[1][4 + h] + in[2][h];
}

static void moments(const Num *x, int n, int stride, Num *mean, Num *variance)
{
    *mean = *variance = 0;
    EACH(i, n) *mean += x[i * stride] / n;
    EACH(i, n) *variance += square(x[i * stride] - *mean) / n;
}

FORMULA(layer_norm) /* x [3, 4], gain and bias [4] */
{
    EACH(n, 3) {
        Num m, v;
        moments(in[0] + 4 * n, 4, 1, &m, &v);
        EACH(d, 4) out[4 * n + d] = in[1][d] * (in[0][4 * n + d] - m) / sqrtl(v + 1e-3L) + in[2][d];
    }
}
FORMULA(batch_norm) /* x [6, 2] or [3, 2, 1, 2], gain and bias [2] */
{
    EACH(d, 2) {
        Num m, v;
        moments(in[0] + d, 6, 2, &m, &v);
        EACH(n, 6) out[2 * n + d] = in[1][d] * (in[0][2 * n + d] - m) / sqrtl(v + 1e-3L) + in[2][d];
    }
}
FORMULA(batch_moments) { EACH(d, 2) moments(in[0] + d, 6, 2, &out[d], &out[2 + d]); }
FORMULA(batch_norm_at) /* x [6, 2], m, v, gain, bias [2] */
{
    EACH(n, 6) EACH(d, 2)
        out[2 * n + d] = in[3][d] * (in[0][2 * n + d] - in[1][d]) / sqrtl(in[2][d] + 1e-3L) + in[4][d];
}
FORMULA(dropout) { EACH(i, 8) out[i] = in[1][i] != 0 ? in[0][i] / in[2][0] : 0; }
FORMULA(embedding) /* E [5, 2], tokens [2, 3] */
{
    EACH(i, 6) EACH(d, 2) out[2 * i + d] = in[0][2 * (int)in[1][i] + d];
}

/* One head: Q [2, 3], K [4, 3], V [4, 2]; allowed [2, 4] or NULL. */
static void one_head(const Num *Q, const Num *K, const Num *V, const Num *allowed, Num *out)
{
    EACH(i, 2) {
        Num weight[4], total = 0;
        EACH(j, 4) {
            weight[j] = 0;
            EACH(d, 3) weight[j] += Q[3 * i + d] * K[3 * j + d] / sqrtl(3);
            weight[j] = allowed && allowed[4 * i + j] == 0 ? 0 : expl(weight[j]);
            total += weight[j];
        }
        EACH(e, 2) {
            out[2 * i + e] = 0;
            EACH(j, 4) out[2 * i + e] += weight[j] / total * V[2 * j + e];
        }
    }
}
FORMULA(attention) { EACH(h, 2) one_head(in[0] + 6 * h, in[1] + 12 * h, in[2] + 8 * h, NULL, out + 4 * h); }
FORMULA(masked_attention)
{
    Num allowed[8];
    EACH(i, 8) allowed[i] = i % 4 == 0 || in[3][i] != 0; /* a key at least */
    one_head(in[0], in[1], in[2], allowed, out);
}

/* ---- losses.dg ---- */

FORMULA(mse) { EACH(i, 6) out[0] += square(in[0][i] - in[1][i]) / 6; }
FORMULA(mae) { EACH(i, 6) out[0] += fabsl(in[0][i] - in[1][i]) / 6; }
FORMULA(huber)
{
    EACH(i, 8) {
        Num a = fabsl(in[0][i]), d = in[1][0];
        out[i] = a <= d ? a * a / 2 : d * a - d * d / 2;
    }
}
FORMULA(gaussian_nll) /* from the density itself */
{
    EACH(i, 4) {
        Num beta = in[2][i], r = in[0][i] - in[1][i];
        out[i] = -logl(sqrtl(beta / (2 * PI)) * expl(-beta * r * r / 2));
    }
}
FORMULA(binary_cross_entropy)
{
    EACH(i, 8) {
        Num s = sigma(in[0][i]), y = in[1][i];
        out[i] = -y * logl(s) - (1 - y) * logl(1 - s);
    }
}
static Num minus_log_softmax(const Num *u, int n, int y)
{
    Num total = 0;
    EACH(k, n) total += expl(u[k]);
    return -logl(expl(u[y]) / total);
}
FORMULA(cross_entropy_1) { out[0] = minus_log_softmax(in[0], 4, (int)in[1][0]); }
FORMULA(cross_entropy_6) { EACH(i, 6) out[i] = minus_log_softmax(in[0] + 4 * i, 4, (int)in[1][i]); }
FORMULA(cross_entropy_of_distribution)
{
    EACH(i, 3) EACH(k, 4) out[i] += in[1][4 * i + k] * minus_log_softmax(in[0] + 4 * i, 4, k);
}
FORMULA(kl) { EACH(i, 3) EACH(k, 4) out[i] += in[0][4 * i + k] * (logl(in[0][4 * i + k]) - logl(in[1][4 * i + k])); }
FORMULA(kl_zeros) { EACH(k, 4) out[0] += k % 2 ? in[0][k] * logl(in[0][k] / in[1][k]) : 0; }
FORMULA(l1) { EACH(i, 6) out[0] += fabsl(in[0][i]); }
FORMULA(l2) { EACH(i, 6) out[0] += in[0][i] * in[0][i]; }

/* ---- optim.dg; w, g and states [3], then scalars ---- */

FORMULA(sgd) { EACH(i, 3) out[i] = in[0][i] - in[2][0] * in[1][i]; }
FORMULA(momentum) /* w g v lr alpha */
{
    EACH(i, 3) {
        out[3 + i] = in[4][0] * in[2][i] - in[3][0] * in[1][i];
        out[i] = in[0][i] + out[3 + i];
    }
}
FORMULA(nesterov)
{
    EACH(i, 3) {
        Num theta = in[0][i] - in[4][0] * in[2][i]; /* w is theta + alpha v */
        out[3 + i] = in[4][0] * in[2][i] - in[3][0] * in[1][i];
        out[i] = theta + out[3 + i] + in[4][0] * out[3 + i];
    }
}
FORMULA(adagrad) /* w g s lr delta */
{
    EACH(i, 3) {
        out[3 + i] = in[2][i] + square(in[1][i]);
        out[i] = in[0][i] - in[3][0] / (in[4][0] + sqrtl(out[3 + i])) * in[1][i];
    }
}
FORMULA(rmsprop) /* w g s lr rho delta */
{
    EACH(i, 3) {
        out[3 + i] = in[4][0] * in[2][i] + (1 - in[4][0]) * square(in[1][i]);
        out[i] = in[0][i] - in[3][0] / sqrtl(in[5][0] + out[3 + i]) * in[1][i];
    }
}
static void adam_with(const Num *const *in, Num *out, Num decay) /* w g m s t lr beta1 beta2 delta */
{
    Num t = in[4][0], lr = in[5][0], b1 = in[6][0], b2 = in[7][0], delta = in[8][0];
    EACH(i, 3) {
        Num m = b1 * in[2][i] + (1 - b1) * in[1][i], s = b2 * in[3][i] + (1 - b2) * square(in[1][i]);
        Num mhat = m / (1 - powl(b1, t)), shat = s / (1 - powl(b2, t));
        out[i] = in[0][i] - lr * (mhat / (sqrtl(shat) + delta) + decay * in[0][i]);
        out[3 + i] = m;
        out[6 + i] = s;
    }
}
FORMULA(adam) { adam_with(in, out, 0); }
FORMULA(adamw) { adam_with(in, out, in[9][0]); }
FORMULA(adam_direction) /* m s t beta1 beta2 delta */
{
    EACH(i, 3)
        out[i] = in[0][i] / (1 - powl(in[3][0], in[2][0])) /
                 (sqrtl(in[1][i] / (1 - powl(in[4][0], in[2][0]))) + in[5][0]);
}
FORMULA(bias_correction) { out[0] = 1 - powl(in[0][0], in[1][0]); }
FORMULA(squared_norm) { EACH(i, 6) out[0] += square(in[0][i]); }
FORMULA(clip_scale) { out[0] = sqrtl(in[0][0]) > in[1][0] ? in[1][0] / sqrtl(in[0][0]) : 1; }
FORMULA(clip_norm) /* g [3], most */
{
    Num n = sqrtl(square(in[0][0]) + square(in[0][1]) + square(in[0][2]));
    EACH(i, 3) out[i] = n > in[1][0] ? in[0][i] * in[1][0] / n : in[0][i];
}
FORMULA(clip_norm_of_short) { EACH(i, 3) out[i] = in[0][i]; }
FORMULA(clip_value) { EACH(i, 8) out[i] = most(-in[1][0], least(in[1][0], in[0][i])); }
FORMULA(linear_decay) { out[0] = in[1][0] >= 3 ? in[2][0] : in[0][0] + (in[2][0] - in[0][0]) * in[1][0] / 3; }
FORMULA(step_decay) { out[0] = in[0][0] * powl(in[2][0], floorl(in[1][0] / 0.25L)); }
FORMULA(exponential_decay) { out[0] = in[0][0] * expl(logl(in[2][0]) * in[1][0] / 0.25L); }
FORMULA(inverse_time_decay) { out[0] = in[0][0] / (1 + in[2][0] * in[1][0]); }
FORMULA(cosine_decay) { out[0] = in[1][0] >= 3 ? in[2][0] : in[2][0] + (in[0][0] - in[2][0]) * (1 + cosl(PI * in[1][0] / 3)) / 2; }
FORMULA(warmup) { out[0] = in[1][0] >= 3 ? in[0][0] : in[0][0] * in[1][0] / 3; }

#include "tests/unit/std_geometry.h"

static const Case std_cases[] = {
    {"fn f(z[8]) = leaky_relu(z, 0.01)", -2, 2, 0, leaky_relu},
    {"fn f(z[2, 4], a[4]) = prelu(z, a)", -2, 2, 0, prelu},
    {"fn f(z[8]) = abs_rectifier(z)", -2, 2, 0, abs_rectifier},
    {"fn f(z[8]) = hard_tanh(z)", -2, 2, 0, hard_tanh},
    {"fn f(z[8], a) = elu(z, a)", -2, 2, 0, elu},
    {"fn f(z[8]) = gelu(z)", -3, 3, 0, gelu},
    {"fn f(z[8]) = silu(z)", -3, 3, 0, silu},
    {"fn f(z[8]) = tanh(z)", -3, 3, 0, tanh_by_sigmoid},
    {"fn f(z[8]) = relu(z) + sigmoid(z) + softplus(z) + softmax(z) + z", -3, 3, 0, units_built_in},
    {"fn f(z[16]) = maxout(z, 2)", -2, 2, 0, maxout},
    {"fn f(z[4, 4]) = maxout(z, 2)", -2, 2, 0, maxout},
    {"fn f(z[2, 2, 4]) = maxout(z, 2)", -2, 2, 0, maxout},
    {"fn f(z[2, 2, 1, 4]) = maxout(z, 2)", -2, 2, 0, maxout},
    {"fn f(z[2, 4]) = maxout(z, 4)", -2, 2, 0, maxout4},
    {"fn f(x[3, 2], c[4, 2], s[4]) = rbf(x, c, s)", 0.5, 2, 0, rbf},
    {"fn f(x[3, 2], W[2, 4], b[4]) = dense(x, W, b)", -2, 2, 0, dense},
    {"fn f(x[1, 3, 2], W[2, 4], b[4]) = dense(x, W, b)", -2, 2, 0, dense},
    {"fn f(x[3, 4], gain[4], bias[4]) = layer_norm(x, gain, bias, 1e-3)", -2, 2, 0, layer_norm},
    {"fn f(x[6, 2], gain[2], bias[2]) = batch_norm(x, gain, bias, 1e-3)", -2, 2, 0, batch_norm},
    {"fn f(x[3, 2, 1, 2], gain[2], bias[2]) = batch_norm(x, gain, bias, 1e-3)", -2, 2, 0, batch_norm},
    {"fn f(x[3, 2, 2]) = batch_moments(x)", -2, 2, 0, batch_moments},
    {"fn f(x[6, 2], m[2], v[2], g[2], b[2]) = batch_norm_at(x, m, v, g, b, 1e-3)", 0.2, 2, 0, batch_norm_at},
    {"fn f(x[8], mask: bool[8], keep) = dropout(x, mask, keep)", 0.2, 2, 0, dropout},
    {"fn f(x[8], mask: u8[8], keep) = dropout(x, mask, keep)", 0.2, 2, 2, dropout},
    {"fn f(E[5, 2], tokens: i32[2, 3]) = embedding(E, tokens)", -2, 2, 5, embedding},
    {"fn f(Q[2, 2, 3], K[2, 4, 3], V[2, 4, 2]) = attention(Q, K, V)", -2, 2, 0, attention},
    {"fn f(Q[2, 3], K[4, 3], V[4, 2], mask: bool[2, 4]) = masked_attention(Q, K, V, "
     "[j == 0 or mask[i, j] for i in 0:2, j in 0:4])", -2, 2, 0, masked_attention},

    {"fn f(p[2, 3], y[2, 3]) = mse(p, y)", -2, 2, 0, mse},
    {"fn f(p[2, 3], y[2, 3]) = mae(p, y)", -2, 2, 0, mae},
    {"fn f(r[8], delta) = huber(r, delta)", -2, 2.6, 0, huber},
    {"fn f(y[4], mu[4], beta[4]) = gaussian_nll(y, mu, beta)", 0.2, 2, 0, gaussian_nll},
    {"fn f(z[8], y[8]) = binary_cross_entropy(z, y)", 0.1, 0.9, 0, binary_cross_entropy},
    {"fn f(z[8], y: i32[8]) = binary_cross_entropy(z, y)", -4, 4, 2, binary_cross_entropy},
    {"fn f(u[4], y: i32) = cross_entropy(u, y)", -2, 2, 4, cross_entropy_1},
    {"fn f(u[6, 4], y: i32[6]) = cross_entropy(u, y)", -2, 2, 4, cross_entropy_6},
    {"fn f(u[6, 4], y: u8[6]) = cross_entropy(u, y)", -2, 2, 4, cross_entropy_6},
    {"fn f(u[2, 3, 4], y: i64[2, 3]) = cross_entropy(u, y)", -2, 2, 4, cross_entropy_6},
    {"fn f(u[3, 4], y[3, 4]) = cross_entropy(u, y)", 0, 1, 0, cross_entropy_of_distribution},
    {"fn f(u[3, 4], y: i32[3, 4]) = cross_entropy(u, y)", -2, 2, 2, cross_entropy_of_distribution},
    {"fn f(p[3, 4], q[3, 4]) = kl(p, q)", 0.1, 0.9, 0, kl},
    {"fn f(p[4], q[4]) = kl([0, p[1], 0, p[3]], [q[0], q[1], 0, q[3]])", 0.1, 0.9, 0, kl_zeros},
    {"fn f(w[2, 3]) = l1(w)", -2, 2, 0, l1},
    {"fn f(w[2, 3]) = l2(w)", -2, 2, 0, l2},

    {"fn f(w[3], g[3], lr) = sgd(w, g, lr)", 0.1, 0.9, 0, sgd},
    {"fn f(w[3], g[3], v[3], lr, alpha) = momentum(w, g, v, lr, alpha)", -1, 1, 0, momentum},
    {"fn f(w[3], g[3], v[3], lr, alpha) = nesterov(w, g, v, lr, alpha)", -1, 1, 0, nesterov},
    {"fn f(w[3], g[3], s[3], lr, delta) = adagrad(w, g, s, lr, delta)", 0.1, 0.9, 0, adagrad},
    {"fn f(w[3], g[3], s[3], lr, rho, delta) = rmsprop(w, g, s, lr, rho, delta)", 0.1, 0.9, 0, rmsprop},
    {"fn f(w[3], g[3], m[3], s[3], t, lr, beta1, beta2, delta) = adam(w, g, m, s, t, lr, beta1, beta2, delta)",
     0.2, 0.9, 0, adam},
    {"fn f(w[3], g[3], m[3], s[3], t, lr, beta1, beta2, delta, decay) = "
     "adamw(w, g, m, s, t, lr, beta1, beta2, delta, decay)", 0.2, 0.9, 0, adamw},
    {"fn f(m[3], s[3], t, beta1, beta2, delta) = adam_direction(m, s, t, beta1, beta2, delta)",
     0.2, 0.9, 0, adam_direction},
    {"fn f(beta, t) = bias_correction(beta, t)", 0.2, 0.9, 0, bias_correction},
    {"fn f(g[6]) = squared_norm(g)", -2, 2, 0, squared_norm},
    {"fn f(total, most) = clip_scale(total, most)", 0.2, 0.9, 0, clip_scale},
    {"fn f(total, most) = clip_scale(total, most)", 3, 9, 0, clip_scale},
    {"fn f(g[3], most) = clip_norm(g, most)", 0.5, 0.9, 0, clip_norm},
    {"fn f(g[3], most) = clip_norm(g, 10 * most)", 0.5, 0.9, 0, clip_norm_of_short},
    {"fn f(g[8], most) = clip_value(g, most)", 0.1, 0.9, 0, clip_value},
    {"fn f(lr, t, lr_end) = linear_decay(lr, t, 3, lr_end)", 0.2, 0.9, 0, linear_decay},
    {"fn f(lr, t, lr_end) = linear_decay(lr, t, 3, lr_end)", 3.5, 9, 0, linear_decay},
    {"fn f(lr, t, factor) = step_decay(lr, t, 0.25, factor)", 0.2, 0.9, 0, step_decay},
    {"fn f(lr, t, factor) = exponential_decay(lr, t, 0.25, factor)", 0.2, 0.9, 0, exponential_decay},
    {"fn f(lr, t, rate) = inverse_time_decay(lr, t, rate)", 0.2, 0.9, 0, inverse_time_decay},
    {"fn f(lr, t, lr_end) = cosine_decay(lr, t, 3, lr_end)", 0.2, 0.9, 0, cosine_decay},
    {"fn f(lr, t, lr_end) = cosine_decay(lr, t, 3, lr_end)", 3.5, 9, 0, cosine_decay},
    {"fn f(lr, t) = warmup(lr, t, 3)", 0.2, 0.9, 0, warmup},
    {"fn f(lr, t) = warmup(lr, t, 3)", 3.5, 9, 0, warmup},

    STD_GEOMETRY_CASES,
    {0}};

#endif
