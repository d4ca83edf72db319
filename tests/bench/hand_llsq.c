/* hand_llsq.c: the polynomial least squares fit and its gradient by hand (hand.h).
 *
 * A block of points goes through Horner's scheme side by side; the gradient
 * -sum_i r_i t_i^j keeps r_i t_i^j for the block and multiplies it by t_i from one
 * j to the next. No power is ever stored. */
#include "hand.h"

#include <string.h>

/* Points in flight: enough independent chains to hide the latency of a multiply-add.
 * (gcc unrolls a loop of 16 before it vectorises, and then does not; of 32 it does.) */
enum { LANES = 32, BLOCK = 2 * LANES };

/* t and r = sign(t) - fit(t) of points i0 .. i0+LANES-1; behind the last r = 0.
 * Returns sum r^2. */
static double residuals(const double *restrict x, int64_t m, int64_t n, int64_t i0,
                        double *restrict t, double *restrict r)
{
    double fit[LANES] = { 0 }, s = 0;

    for (int i = 0; i < LANES; i++)
        t[i] = -1 + (double)(2 * (i0 + i)) / (double)(n - 1);
    for (int64_t j = m - 1; j >= 0; j--)
        for (int i = 0; i < LANES; i++)
            fit[i] = fit[i] * t[i] + x[j];
    for (int i = 0; i < LANES; i++)
        r[i] = i0 + i < n ? (double)((t[i] > 0) - (t[i] < 0)) - fit[i] : 0;
    for (int i = 0; i < LANES; i++)
        s += r[i] * r[i];
    return s;
}

void hand_llsq(const double *restrict x, int64_t m, int64_t n, double *restrict value)
{
    double t[LANES], r[LANES], s = 0;

    for (int64_t i = 0; i < n; i += LANES)
        s += residuals(x, m, n, i, t, r);
    *value = 0.5 * s;
}

size_t hand_llsq_work(int64_t m, int64_t n)
{
    (void)n;
    return sizeof(double) * (size_t)m * LANES;
}

/* g[j] -= r t^j, the block's halves added up in the lanes of g. An array for each
 * half: so gcc keeps both in registers from one j to the next. */
static void accumulate(const double *restrict t, const double *restrict r, int64_t m,
                       double *restrict g)
{
    double p0[LANES], p1[LANES];

    for (int l = 0; l < LANES; l++) {
        p0[l] = r[l];
        p1[l] = r[LANES + l];
    }
    for (int64_t j = 0; j < m; j++)
        for (int l = 0; l < LANES; l++) {
            g[j * LANES + l] -= p0[l] + p1[l];
            p0[l] *= t[l];
            p1[l] *= t[LANES + l];
        }
}

void hand_llsq_grad(const double *restrict x, int64_t m, int64_t n, double *restrict value,
                    double *restrict grad_x, void *work)
{
    double *restrict g = work;             /* [m, LANES] partial sums of the gradient */
    double t[BLOCK], r[BLOCK], s = 0;

    memset(g, 0, hand_llsq_work(m, n));
    for (int64_t i = 0; i < n; i += BLOCK) {
        s += residuals(x, m, n, i, t, r);
        s += residuals(x, m, n, i + LANES, t + LANES, r + LANES);
        accumulate(t, r, m, g);
    }
    for (int64_t j = 0; j < m; j++) {
        double u[4] = { 0 };
        for (int l = 0; l < LANES; l += 4)
            for (int i = 0; i < 4; i++)
                u[i] += g[j * LANES + l + i];
        grad_x[j] = (u[0] + u[1]) + (u[2] + u[3]);
    }
    *value = 0.5 * s;
}
