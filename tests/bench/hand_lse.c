/* hand_lse.c: log-sum-exp and its gradient by hand (hand.h). */
#include "hand.h"

#include <math.h>

/* Several independent maxima and sums: one chain would wait for its own latency. */
enum { LANES = 16 };

static double largest(const double *restrict x, int64_t n)
{
    double top[LANES];
    int64_t i = 0;

    for (int l = 0; l < LANES; l++)
        top[l] = -INFINITY;
    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++)
            top[l] = x[i + l] > top[l] ? x[i + l] : top[l];
    for (; i < n; i++)
        top[0] = x[i] > top[0] ? x[i] : top[0];
    for (int l = 1; l < LANES; l++)
        top[0] = top[l] > top[0] ? top[l] : top[0];
    return top[0];
}

void hand_lse(const double *restrict x, int64_t n, double *restrict value)
{
    const double top = largest(x, n);
    double s[4] = { 0 };
    int64_t i = 0;

    for (; i + 4 <= n; i += 4)
        for (int l = 0; l < 4; l++)
            s[l] += exp(x[i + l] - top);
    for (; i < n; i++)
        s[0] += exp(x[i] - top);
    *value = top + log((s[0] + s[1]) + (s[2] + s[3]));
}

void hand_lse_grad(const double *restrict x, int64_t n, double *restrict value,
                   double *restrict grad_x)
{
    const double top = largest(x, n);
    double s[4] = { 0 };
    int64_t i = 0;

    for (; i + 4 <= n; i += 4)
        for (int l = 0; l < 4; l++)
            s[l] += grad_x[i + l] = exp(x[i + l] - top);
    for (; i < n; i++)
        s[0] += grad_x[i] = exp(x[i] - top);

    const double sum = (s[0] + s[1]) + (s[2] + s[3]), scale = 1 / sum;
    for (i = 0; i < n; i++)
        grad_x[i] *= scale;
    *value = top + log(sum);
}
