/* train_step.c - times the training step of examples/mnist that `gradc train -o` has written, and
 * how much of it is matrix products, against the machine's own.
 *
 *     train_step NAME
 *
 * train.sh puts calls of bench_enter and bench_leave around the products in the step. With -DSGEMM,
 * cblas is measured between the rounds, so that both meet the same machine. Times are those of the
 * processor: what other programs take does not count. */
#include "step.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef SGEMM
#include <cblas.h>
#endif

enum { D = 784, H = 512, K = 10, ROWS = MNIST_ROWS, STEPS = 10, ROUNDS = 20 };

void bench_enter(void);
void bench_leave(void);

static double in_products, entered;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void bench_enter(void)
{
    entered = now();
}

void bench_leave(void)
{
    in_products += now() - entered;
}

/* Of the five products of a step: x W1, h W2, and back dh, dW2 and dW1. */
static double flops(void)
{
    return 2.0 * ROWS * ((double)D * H + (double)H * K) + 2.0 * ROWS * ((double)D * H + 2.0 * H * K);
}

/* Seconds of a step, the least of some; the share of products in them. */
static double time_steps(const float *x, const int32_t *y, double *share)
{
    float value = 0;
    in_products = 0;
    double start = now();
    for (int s = 0; s < STEPS; s++)
        if (mnist_train(x, y, ROWS, &value)) {
            fprintf(stderr, "the step fails\n");
            exit(1);
        }
    double took = now() - start;
    *share = in_products / took;
    return took / STEPS;
}

/* Seconds of a product large enough to show what the processor can do. */
enum { N = 1024 };
static double time_sgemm(void)
{
#ifdef SGEMM
    static float a[N * N], b[N * N], c[N * N];
    for (int i = 0; i < N * N; i++)
        a[i] = b[i] = (float)(i % 17) * 0.1f;
    double start = now();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, a, N, b, N, 0, c, N);
    return now() - start;
#else
    return 0;
#endif
}

int main(int argc, char **argv)
{
    static float x[ROWS * D];
    static int32_t y[ROWS];
    double step = 1e9, sgemm = 1e9, share = 0;
    for (int i = 0; i < ROWS * D; i++)
        x[i] = (float)(i * 7919 % 1009) / 1009;
    for (int i = 0; i < ROWS; i++)
        y[i] = i * 31 % K;
    for (int r = 0; r < ROUNDS; r++) {
        double part, one = time_steps(x, y, &part), other = time_sgemm();
        share = one < step ? part : share;
        step = one < step ? one : step;
        sgemm = other < sgemm ? other : sgemm;
    }
    double rate = flops() / step * 1e-9;
    printf("%-18s %6.2f ms/step  %6.1f GFlop/s  %3.0f %% in products", argc > 1 ? argv[1] : "",
           1e3 * step, rate, 100 * share);
    if (sgemm > 0)
        printf("  %3.0f %% of sgemm at %.1f GFlop/s", 100 * rate * sgemm * 1e9 / (2.0 * N * N * N),
               2.0 * N * N * N / sgemm * 1e-9);
    printf("\n");
    return 0;
}
