/* emitted_options.c - what emitted_options.sh runs on emitted C.
 *
 *   -DTHREADS  two threads call one function at once, with workspaces of their own, under the
 *              thread sanitizer; both must get what one call alone gives
 *   -DLONG     a function of thousands of statements, against the loop that it was written from
 *              and the same loop differentiated by hand, forwards */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef THREADS
#include "gmm.h"

#include <pthread.h>

enum { K = 3, D = 4, N = 50, L = K * D * (D - 1) / 2, TURNS = 20 };

typedef struct Out {
    double value, alpha[K], mu[K * D], q[K * D], l[L];
    int status;
} Out;

static double alpha[K], mu[K * D], q[K * D], l[L], x[N * D];

static void fill(double *p, int n, double scale)
{
    static unsigned s = 1;
    for (int i = 0; i < n; i++) {
        s = s * 1664525u + 1013904223u;
        p[i] = scale * ((double)(s >> 8) / 8388608.0 - 1);
    }
}

static void *work_for_one(void *user)
{
    Out *o = user;
    void *work = malloc(gmm_grad_work(K, D, N));
    for (int i = 0; i < TURNS && work && !o->status; i++)
        o->status =
            gmm_grad(alpha, mu, q, l, x, K, D, N, &o->value, o->alpha, o->mu, o->q, o->l, work);
    free(work);
    return NULL;
}

int main(void)
{
    static Out out[3];
    pthread_t thread[2];
    fill(alpha, K, 1), fill(mu, K * D, 1), fill(q, K * D, 0.5), fill(l, L, 0.5), fill(x, N * D, 2);
    work_for_one(&out[2]);
    for (int i = 0; i < 2; i++)
        if (pthread_create(&thread[i], NULL, work_for_one, &out[i]))
            return 2;
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return memcmp(&out[0], &out[2], sizeof out[0]) || memcmp(&out[1], &out[2], sizeof out[1]);
}
#endif

#ifdef LONG
#include "long.h"

/* One step of the model with its three tangents. */
typedef struct Dual {
    double v, d[3];
} Dual;

static Dual by_loop(const double in[3])
{
    Dual x = {in[0], {1, 0, 0}}, y = {in[1], {0, 1, 0}}, z;
    for (int i = 0; i < STEPS; i++) {
        Dual t = {x.v * in[2] + y.v * 0.25, {0}};
        const double by = 1.0 / (i + 1), c = cos(t.v);
        for (int k = 0; k < 3; k++) {
            t.d[k] = x.d[k] * in[2] + y.d[k] * 0.25 + (k == 2 ? x.v : 0);
            y.d[k] = c * t.d[k] - x.d[k] * by;
        }
        y.v = sin(t.v) - x.v * by;
        x = t;
    }
    z.v = x.v + y.v;
    for (int k = 0; k < 3; k++)
        z.d[k] = x.d[k] + y.d[k];
    return z;
}

int main(void)
{
    const double in[3] = {0.9, 0.4, 0.85};
    double value, g[3];
    const Dual want = by_loop(in);
    void *work = malloc(f_grad_work());
    int status = work ? f_grad(in[0], in[1], in[2], &value, &g[0], &g[1], &g[2], work) : -1;
    int wrong = status != 0 || !(fabs(value - want.v) <= 1e-10 * fabs(want.v));
    for (int k = 0; k < 3; k++)
        wrong |= !(fabs(g[k] - want.d[k]) <=
                   1e-9 * (fabs(want.d[0]) + fabs(want.d[1]) + fabs(want.d[2])));
    if (wrong)
        printf("status %d: %.17g %.17g %.17g %.17g, not %.17g %.17g %.17g %.17g\n", status, value,
               g[0], g[1], g[2], want.v, want.d[0], want.d[1], want.d[2]);
    free(work);
    return wrong;
}
#endif
