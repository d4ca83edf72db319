/* hand_lstm.c: the element-wise LSTM of examples/lstm.dg by hand (hand.h).
 *
 * Everything is element by element over the width b, so the inner loops run over b. The forward pass
 * of the gradient keeps, for each step and layer, the four gates, the tanh of the cell, and the hidden
 * value and the cell of the step before; the backward pass is one sweep over them. */
#include "hand.h"

#include <math.h>
#include <string.h>

/* What a step keeps of a layer, each [b]. */
enum { FORGET, IN, OUT, CHANGE, TANH, HIDDEN, CELL, INPUT, KEPT };

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static void step_layer(const double *restrict W, const double *restrict B, int64_t b,
                         double *restrict y, double *restrict h, double *restrict s,
                         double *restrict kept)
{
    for (int64_t j = 0; j < b; j++) {
        const double forget = sigmoid(y[j] * W[j] + B[j]);
        const double in = sigmoid(h[j] * W[b + j] + B[b + j]);
        const double out = sigmoid(y[j] * W[2 * b + j] + B[2 * b + j]);
        const double change = tanh(h[j] * W[3 * b + j] + B[3 * b + j]);
        const double cell = s[j] * forget + in * change, t = tanh(cell);
        if (kept) {
            kept[FORGET * b + j] = forget;
            kept[IN * b + j] = in;
            kept[OUT * b + j] = out;
            kept[CHANGE * b + j] = change;
            kept[TANH * b + j] = t;
            kept[HIDDEN * b + j] = h[j];
            kept[CELL * b + j] = s[j];
            kept[INPUT * b + j] = y[j];
        }
        s[j] = cell;
        y[j] = h[j] = out * t;
    }
}

/* The term of one step: sum of next * log-softmax-like p; e, where wanted, gets exp(p) and the last
 * hidden value. */
static double read_out(const double *y, const double *weight, const double *bias,
                       const double *next, int64_t b, double *e, double *total)
{
    double sum = 0, dot = 0, all = 0;
    for (int64_t j = 0; j < b; j++) {
        const double p = y[j] * weight[j] + bias[j], x = exp(p);
        sum += x;
        dot += next[j] * p;
        all += next[j];
        if (e)
            e[j] = x;
    }
    if (total)
        *total = sum + 2;
    return dot - all * log(sum + 2);
}

size_t hand_lstm_work(int64_t L, int64_t b, int64_t c)
{
    return sizeof(double) * (size_t)(2 * L * b + b + (c - 1) * (L * KEPT * b + 2 * b + 1) + 2 * L * b + b);
}

void hand_lstm(const double *main_params, const double *extra, const double *state,
               const double *sequence, int64_t L, int64_t b, int64_t c, double *value, void *work)
{
    double *s = work, *y = s + 2 * L * b, total = 0;

    memcpy(s, state, sizeof(double) * (size_t)(2 * L * b));
    for (int64_t t = 0; t + 1 < c; t++) {
        for (int64_t j = 0; j < b; j++)
            y[j] = sequence[t * b + j] * extra[j];
        for (int64_t i = 0; i < L; i++)
            step_layer(main_params + 8 * i * b, main_params + 8 * i * b + 4 * b, b, y, s + 2 * i * b,
                       s + 2 * i * b + b, NULL);
        total += read_out(y, extra + b, extra + 2 * b, sequence + (t + 1) * b, b, NULL, NULL);
    }
    *value = -total / (double)((c - 1) * b);
}

void hand_lstm_grad(const double *main_params, const double *extra, const double *state,
                    const double *sequence, int64_t L, int64_t b, int64_t c, double *value,
                    double *grad_main, double *grad_extra, void *work)
{
    double *s = work, *y = s + 2 * L * b, *tape = y + b, *tail = tape + (c - 1) * L * KEPT * b;
    double *ds = tail + (c - 1) * (2 * b + 1), *dy = ds + 2 * L * b, total = 0;
    const double scale = -1 / (double)((c - 1) * b);

    memcpy(s, state, sizeof(double) * (size_t)(2 * L * b));
    memset(grad_main, 0, sizeof(double) * (size_t)(8 * L * b));
    memset(grad_extra, 0, sizeof(double) * (size_t)(3 * b));
    memset(ds, 0, sizeof(double) * (size_t)(2 * L * b));
    for (int64_t t = 0; t + 1 < c; t++) {
        double *end = tail + t * (2 * b + 1);
        for (int64_t j = 0; j < b; j++)
            y[j] = sequence[t * b + j] * extra[j];
        for (int64_t i = 0; i < L; i++)
            step_layer(main_params + 8 * i * b, main_params + 8 * i * b + 4 * b, b, y, s + 2 * i * b,
                       s + 2 * i * b + b, tape + (t * L + i) * KEPT * b);
        memcpy(end, y, sizeof(double) * (size_t)b);
        total += read_out(y, extra + b, extra + 2 * b, sequence + (t + 1) * b, b, end + b, end + 2 * b);
    }
    *value = total * scale;

    for (int64_t t = c - 2; t >= 0; t--) {
        const double *end = tail + t * (2 * b + 1), *next = sequence + (t + 1) * b;
        double all = 0;
        for (int64_t j = 0; j < b; j++)
            all += next[j];
        for (int64_t j = 0; j < b; j++) {
            const double dp = scale * (next[j] - all * end[b + j] / end[2 * b]);
            grad_extra[b + j] += dp * end[j];
            grad_extra[2 * b + j] += dp;
            dy[j] = dp * extra[b + j];
        }
        for (int64_t i = L - 1; i >= 0; i--) {
            const double *restrict k = tape + (t * L + i) * KEPT * b;
            const double *restrict W = main_params + 8 * i * b;
            double *restrict gW = grad_main + 8 * i * b, *restrict gB = gW + 4 * b;
            double *restrict dh = ds + 2 * i * b, *restrict dc = dh + b, *restrict up = dy;
            for (int64_t j = 0; j < b; j++) {
                const double f = k[FORGET * b + j], in = k[IN * b + j], out = k[OUT * b + j];
                const double a = k[CHANGE * b + j], th = k[TANH * b + j], h = k[HIDDEN * b + j];
                const double x = k[INPUT * b + j], d = up[j] + dh[j];
                const double cell = dc[j] + d * out * (1 - th * th);
                const double zo = d * th * out * (1 - out), zf = cell * k[CELL * b + j] * f * (1 - f);
                const double zi = cell * a * in * (1 - in), za = cell * in * (1 - a * a);
                gW[j] += zf * x;
                gW[b + j] += zi * h;
                gW[2 * b + j] += zo * x;
                gW[3 * b + j] += za * h;
                gB[j] += zf;
                gB[b + j] += zi;
                gB[2 * b + j] += zo;
                gB[3 * b + j] += za;
                up[j] = zf * W[j] + zo * W[2 * b + j];
                dh[j] = zi * W[b + j] + za * W[3 * b + j];
                dc[j] = cell * f;
            }
        }
        for (int64_t j = 0; j < b; j++)
            grad_extra[j] += dy[j] * sequence[t * b + j];
    }
}
