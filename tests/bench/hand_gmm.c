/* hand_gmm.c: the Gaussian mixture of examples/gmm.dg by hand (hand.h).
 *
 * Points go through in blocks, transposed, so that the inner loops run over points
 * side by side. The gradient does not differentiate the forward pass: with w_ik the
 * responsibility of component k for point i, c = x_i - mu_k, and the sums
 *   W_k = sum_i w_ik,   M_k = sum_i w_ik c,   S_k = sum_i w_ik c c',
 * it is, before the prior,
 *   d/dalpha_k = W_k - N softmax(alpha)_k,   d/dmu_k = Q_k' Q_k M_k,
 *   d/dQ_k = -Q_k S_k (lower triangle),      d/dq_k = W_k + exp(q_k) diag(d/dQ_k). */
#include "hand.h"

#include <math.h>
#include <string.h>

static const double gamma_ = 0.8;          /* the prior's scale, degrees of freedom */
static const double m_ = 2;

/* Points a block; points in registers at once. (gcc unrolls loops of 8 before it
 * vectorises, and then does not; of 16 it does.) */
enum { BLOCK = 128, LANES = 16 };

/* Everything is padded to an even number P of dimensions with zeros: two rows of Q
 * at a time share the loads of the points. */
typedef struct {
    int64_t K, D, P;
    double *Q;              /* [K, P, P] lower triangular */
    double *Qmu;            /* [K, P] */
    double *offset;         /* [K] alpha + sum q */
    double *xt;             /* [P, BLOCK] points of this block */
    double *c;              /* [P, BLOCK] x - mu_k */
    double *wc;             /* [P, BLOCK] w (x - mu_k) */
    double *w;              /* [K, BLOCK] terms, then responsibilities */
    double *W, *M, *S;      /* [K], [K, P], [K, P, P] */
    double *QM;             /* [P] */
} Gmm;

static size_t align(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

/* Hands out the workspace; with work NULL only counts its bytes. */
static size_t lay_out(Gmm *g, int64_t K, int64_t D, char *work)
{
    const int64_t P = (D + 1) / 2 * 2;
    double **const array[] = { &g->Q, &g->Qmu, &g->offset, &g->xt, &g->c, &g->wc,
                               &g->w, &g->W,   &g->M,      &g->S,  &g->QM };
    const int64_t count[] = { K * P * P, K * P, K,     P * BLOCK, P * BLOCK, P * BLOCK,
                              K * BLOCK, K,     K * P, K * P * P, P };
    size_t at = 0;

    g->K = K;
    g->D = D;
    g->P = P;
    for (size_t i = 0; i < sizeof count / sizeof *count; i++) {
        if (work)
            *array[i] = (double *)(work + at);
        at += align(sizeof(double) * (size_t)count[i]);
    }
    return at;
}

size_t hand_gmm_work(int64_t K, int64_t D, int64_t N)
{
    Gmm g = { 0 };
    (void)N;
    return lay_out(&g, K, D, NULL);
}

static double logsumexp(const double *a, int64_t n)
{
    double top = -INFINITY, s = 0;
    for (int64_t i = 0; i < n; i++)
        top = a[i] > top ? a[i] : top;
    for (int64_t i = 0; i < n; i++)
        s += exp(a[i] - top);
    return top + log(s);
}

/* Unpacks Q and multiplies it by mu; returns what does not depend on the points. */
static double prepare(Gmm *g, const double *alpha, const double *mu, const double *q,
                      const double *l, int64_t N)
{
    const int64_t K = g->K, D = g->D, P = g->P, L = D * (D - 1) / 2;
    const double nu = (double)D + m_ + 1, pi = 3.14159265358979323846;
    double squares = 0, sum_q = 0;

    memset(g->Q, 0, sizeof(double) * (size_t)(K * P * P));
    for (int64_t k = 0; k < K; k++) {
        double *Q = g->Q + k * P * P;
        const double *packed = l + k * L;
        double s = 0;
        for (int64_t a = 0; a < D; a++) {
            const double diagonal = exp(q[k * D + a]);
            Q[a * P + a] = diagonal;
            squares += diagonal * diagonal;
            s += q[k * D + a];
        }
        for (int64_t b = 0; b < D; b++)
            for (int64_t a = b + 1; a < D; a++) {
                squares += *packed * *packed;
                Q[a * P + b] = *packed++;
            }
        for (int64_t a = 0; a < P; a++) {
            double y = 0;
            for (int64_t b = 0; b <= a && b < D; b++)
                y += Q[a * P + b] * mu[k * D + b];
            g->Qmu[k * P + a] = y;
        }
        g->offset[k] = alpha[k] + s;
        sum_q += s;
    }

    double multigamma = 0.25 * (double)(D * (D - 1)) * log(pi);
    for (int64_t j = 1; j <= D; j++)
        multigamma += lgamma(0.5 * (nu + 1 - (double)j));
    const double C = nu * (double)D * (log(gamma_) - 0.5 * log(2)) - multigamma;
    return (double)K * C - 0.5 * gamma_ * gamma_ * squares + m_ * sum_q -
           (double)N * logsumexp(alpha, K) - 0.5 * (double)(N * D) * log(2 * pi);
}

/* The block's points, transposed; behind the last point zeros. */
static void load_points(Gmm *g, const double *restrict x, int64_t n)
{
    const int64_t D = g->D;
    double *restrict xt = g->xt;

    if (n < BLOCK || g->P > D)
        memset(xt, 0, sizeof(double) * (size_t)(g->P * BLOCK));
    for (int64_t i = 0; i < n; i++)
        for (int64_t a = 0; a < D; a++)
            xt[a * BLOCK + i] = x[i * D + a];
}

/* term = offset - 1/2 |Q x - Q mu|^2 for the block's points */
static void quadratic(int64_t P, const double *restrict Q, const double *restrict Qmu,
                      const double *restrict x, double offset, double *restrict term)
{
    for (int64_t i = 0; i < BLOCK; i += LANES) {
        double s[LANES] = { 0 };
        for (int64_t a = 0; a < P; a += 2) {
            double y0[LANES], y1[LANES];
            for (int l = 0; l < LANES; l++) {
                y0[l] = -Qmu[a];
                y1[l] = -Qmu[a + 1];
            }
            for (int64_t b = 0; b < a + 2; b++) {
                const double Q0 = Q[a * P + b], Q1 = Q[(a + 1) * P + b];
                for (int l = 0; l < LANES; l++) {
                    y0[l] += Q0 * x[b * BLOCK + i + l];
                    y1[l] += Q1 * x[b * BLOCK + i + l];
                }
            }
            for (int l = 0; l < LANES; l++)
                s[l] += y0[l] * y0[l] + y1[l] * y1[l];
        }
        for (int l = 0; l < LANES; l++)
            term[i + l] = offset - 0.5 * s[l];
    }
}

/* Sum over the first n points of logsumexp_k term; with `weights` the terms become
 * responsibilities (0 for the points behind). */
static double mixture(Gmm *g, int64_t n, int weights)
{
    double *restrict w = g->w;
    double top[BLOCK], s[BLOCK] = { 0 }, total = 0;

    for (int i = 0; i < BLOCK; i++)
        top[i] = w[i];
    for (int64_t k = 1; k < g->K; k++)
        for (int i = 0; i < BLOCK; i++)
            top[i] = w[k * BLOCK + i] > top[i] ? w[k * BLOCK + i] : top[i];
    for (int64_t k = 0; k < g->K; k++)
        for (int64_t i = 0; i < n; i++)
            s[i] += w[k * BLOCK + i] = exp(w[k * BLOCK + i] - top[i]);
    for (int64_t i = 0; i < n; i++)
        total += top[i] + log(s[i]);
    if (weights) {
        for (int i = 0; i < BLOCK; i++)
            s[i] = i < n ? 1 / s[i] : 0;
        for (int64_t k = 0; k < g->K; k++)
            for (int i = 0; i < BLOCK; i++)
                w[k * BLOCK + i] = i < n ? w[k * BLOCK + i] * s[i] : 0;
    }
    return total;
}

static double terms(Gmm *g, const double *x, int64_t n, int weights)
{
    load_points(g, x, n);
    for (int64_t k = 0; k < g->K; k++)
        quadratic(g->P, g->Q + k * g->P * g->P, g->Qmu + k * g->P, g->xt, g->offset[k],
                  g->w + k * BLOCK);
    return mixture(g, n, weights);
}

static double lane_sum(const double *restrict s)
{
    double t[4] = { 0 };
    for (int i = 0; i < LANES; i += 4)
        for (int l = 0; l < 4; l++)
            t[l] += s[i + l];
    return (t[0] + t[1]) + (t[2] + t[3]);
}

/* Adds the block's part of W, M and S (lower triangle) of one component. */
static void moments(Gmm *g, int64_t k, const double *mu)
{
    const int64_t P = g->P;
    const double *restrict w = g->w + k * BLOCK;
    const double *restrict xt = g->xt;
    double *restrict c = g->c, *restrict wc = g->wc, *restrict S = g->S + k * P * P;
    double s[LANES] = { 0 };

    for (int i = 0; i < BLOCK; i += LANES)
        for (int l = 0; l < LANES; l++)
            s[l] += w[i + l];
    g->W[k] += lane_sum(s);

    for (int64_t a = 0; a < P; a++) {
        const double shift = a < g->D ? mu[a] : 0;
        double t[LANES] = { 0 };
        for (int i = 0; i < BLOCK; i += LANES)
            for (int l = 0; l < LANES; l++) {
                const int64_t at = a * BLOCK + i + l;
                c[at] = xt[at] - shift;
                t[l] += wc[at] = w[i + l] * c[at];
            }
        g->M[k * P + a] += lane_sum(t);
    }
    for (int64_t a = 0; a < P; a += 2)
        for (int64_t b = 0; b <= a; b += 2) {
            const double *restrict u = wc + a * BLOCK, *restrict v = c + b * BLOCK;
            double s00[LANES] = { 0 }, s01[LANES] = { 0 }, s10[LANES] = { 0 }, s11[LANES] = { 0 };
            for (int i = 0; i < BLOCK; i += LANES)
                for (int l = 0; l < LANES; l++) {
                    s00[l] += u[i + l] * v[i + l];
                    s01[l] += u[i + l] * v[BLOCK + i + l];
                    s10[l] += u[BLOCK + i + l] * v[i + l];
                    s11[l] += u[BLOCK + i + l] * v[BLOCK + i + l];
                }
            S[a * P + b] += lane_sum(s00);
            S[a * P + b + 1] += lane_sum(s01);
            S[(a + 1) * P + b] += lane_sum(s10);
            S[(a + 1) * P + b + 1] += lane_sum(s11);
        }
}

void hand_gmm(const double *alpha, const double *mu, const double *q, const double *l,
              const double *x, int64_t K, int64_t D, int64_t N, double *value, void *work)
{
    Gmm g = { 0 };

    lay_out(&g, K, D, work);
    double total = prepare(&g, alpha, mu, q, l, N);
    for (int64_t i = 0; i < N; i += BLOCK)
        total += terms(&g, x + i * D, N - i < BLOCK ? N - i : BLOCK, 0);
    *value = total;
}

/* The gradient of one component from its moments. */
static void component_gradient(Gmm *g, int64_t k, const double *l, double *grad_mu,
                               double *grad_q, double *grad_l)
{
    const int64_t D = g->D, P = g->P;
    const double *Q = g->Q + k * P * P, *M = g->M + k * P, g2 = gamma_ * gamma_;
    double *S = g->S + k * P * P;

    for (int64_t a = 0; a < D; a++)
        for (int64_t b = a + 1; b < D; b++)
            S[a * P + b] = S[b * P + a];
    for (int64_t a = 0; a < D; a++) {
        g->QM[a] = 0;
        for (int64_t b = 0; b <= a; b++)
            g->QM[a] += Q[a * P + b] * M[b];
    }
    for (int64_t b = 0; b < D; b++) {
        double s = 0;
        for (int64_t a = b; a < D; a++)
            s += Q[a * P + b] * g->QM[a];
        grad_mu[b] = s;
        for (int64_t a = b; a < D; a++) {
            double d = 0;                       /* (Q S)_ab */
            for (int64_t j = 0; j <= a; j++)
                d += Q[a * P + j] * S[j * P + b];
            if (a == b)
                grad_q[a] = g->W[k] + m_ - (d + g2 * Q[a * P + a]) * Q[a * P + a];
            else
                *grad_l++ = -d - g2 * *l++;
        }
    }
}

void hand_gmm_grad(const double *alpha, const double *mu, const double *q, const double *l,
                   const double *x, int64_t K, int64_t D, int64_t N, double *value,
                   double *grad_alpha, double *grad_mu, double *grad_q, double *grad_l,
                   void *work)
{
    const int64_t L = D * (D - 1) / 2;
    Gmm g = { 0 };

    lay_out(&g, K, D, work);
    memset(g.W, 0, sizeof(double) * (size_t)K);
    memset(g.M, 0, sizeof(double) * (size_t)(K * g.P));
    memset(g.S, 0, sizeof(double) * (size_t)(K * g.P * g.P));

    double total = prepare(&g, alpha, mu, q, l, N);
    for (int64_t i = 0; i < N; i += BLOCK) {
        total += terms(&g, x + i * D, N - i < BLOCK ? N - i : BLOCK, 1);
        for (int64_t k = 0; k < K; k++)
            moments(&g, k, mu + k * D);
    }
    *value = total;

    const double lse = logsumexp(alpha, K);
    for (int64_t k = 0; k < K; k++) {
        grad_alpha[k] = g.W[k] - (double)N * exp(alpha[k] - lse);
        component_gradient(&g, k, l + k * L, grad_mu + k * D, grad_q + k * D, grad_l + k * L);
    }
}
