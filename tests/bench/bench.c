/* bench.c: emitted code and hand-written code side by side in one process, one
 * thread: tests/bench/bench.sh builds and runs it.
 *
 * Each model has four jobs (value and derivative, ours and by hand). They take turns,
 * so that a machine that slows down slows all of them, and medians of many turns are
 * printed. Before that the results are compared. With -DHAND_ONLY there is no
 * emitted code: the bar alone. Usage: bench [STATS], STATS with lines "model bytes
 * seconds" (size of the emitted C, time of its compilation). */
#define _POSIX_C_SOURCE 200809L
#include "hand.h"
#include "../uniform.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef HAND_ONLY
#include "arm.h"
#include "ba_map.h"
#include "gmm.h"
#include "llsq.h"
#include "lse.h"
#include "lstm.h"
#include "mlp.h"
#include "work.h"
#endif

/* Sizes of the models, as published results have them. */
enum {
    GMM_K = 25, GMM_D = 10, GMM_N = 1000, GMM_L = GMM_D * (GMM_D - 1) / 2,
    LSE_N = 40000,
    LLSQ_M = 128, LLSQ_N = 1024,
    LSTM_L = 2, LSTM_B = 14, LSTM_C = 1024, LSTM_P = 8 * LSTM_L * LSTM_B,
    BA_C = 50, BA_P = 2000, BA_O = 10000,
    MLP_N = 128, MLP_D = 784, MLP_H = 512, MLP_K = 10
};

enum { VALUE, GRADIENT, HAND_VALUE, HAND_GRADIENT, JOBS };

typedef struct {
    const char *name, *sizes, *file;
    void (*run[JOBS])(void);
    double (*difference)(void);       /* greatest relative one of all outputs, after a run of each */
    double tolerance;
} Model;

static void *allocate(size_t bytes)
{
    void *p = aligned_alloc(64, (bytes + 64) / 64 * 64);
    if (!p) {
        fprintf(stderr, "bench: no memory\n");
        exit(3);
    }
    memset(p, 0, bytes);
    return p;
}

/* A workspace for whoever runs: none outlives the call that it is given to. */
static void *scratch(size_t bytes)
{
    static void *p;
    static size_t have;
    if (bytes > have) {
        free(p);
        p = allocate(bytes);
        have = bytes;
    }
    return p;
}

/* |a - b| / |b| in the largest-element norm */
static double apart(const double *a, const double *b, int64_t n)
{
    double top = 0, gap = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!(fabs(a[i] - b[i]) <= gap))
            gap = fabs(a[i] - b[i]);
        top = fmax(top, fabs(b[i]));
    }
    return gap / (top > 0 ? top : 1);
}

static double apart_f32(const float *a, const float *b, int64_t n)
{
    double top = 0, gap = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!(fabs((double)a[i] - (double)b[i]) <= gap))
            gap = fabs((double)a[i] - (double)b[i]);
        top = fmax(top, fabs((double)b[i]));
    }
    return gap / (top > 0 ? top : 1);
}

/* The larger, and nan if either is. */
static double worse(double a, double b)
{
    return a >= b || isnan(a) ? a : b;
}

/* ---- gmm ---- */
typedef struct { double value[2], alpha[GMM_K], mu[GMM_K * GMM_D], q[GMM_K * GMM_D], l[GMM_K * GMM_L]; } GmmOut;
static double gmm_alpha[GMM_K], gmm_mu[GMM_K * GMM_D], gmm_q[GMM_K * GMM_D], gmm_l[GMM_K * GMM_L],
    gmm_x[GMM_N * GMM_D];
static GmmOut gmm_ours, gmm_hand;

#define GMM_IN gmm_alpha, gmm_mu, gmm_q, gmm_l, gmm_x, GMM_K, GMM_D, GMM_N
static void gmm_hand_value(void)
{
    hand_gmm(GMM_IN, &gmm_hand.value[0], scratch(hand_gmm_work(GMM_K, GMM_D, GMM_N)));
}
static void gmm_hand_gradient(void)
{
    hand_gmm_grad(GMM_IN, &gmm_hand.value[1], gmm_hand.alpha, gmm_hand.mu, gmm_hand.q, gmm_hand.l,
                  scratch(hand_gmm_work(GMM_K, GMM_D, GMM_N)));
}
static double gmm_difference(void)
{
    double d = apart(gmm_ours.value, gmm_hand.value, 2);
    d = worse(d, apart(gmm_ours.alpha, gmm_hand.alpha, GMM_K));
    d = worse(d, apart(gmm_ours.mu, gmm_hand.mu, GMM_K * GMM_D));
    d = worse(d, apart(gmm_ours.q, gmm_hand.q, GMM_K * GMM_D));
    return worse(d, apart(gmm_ours.l, gmm_hand.l, GMM_K * GMM_L));
}

/* ---- lse ---- */
static double lse_x[LSE_N], lse_value[2], lse_hand_v[2], lse_gx[LSE_N], lse_hand_gx[LSE_N];
static void lse_hand_value(void) { hand_lse(lse_x, LSE_N, &lse_hand_v[0]); }
static void lse_hand_gradient(void) { hand_lse_grad(lse_x, LSE_N, &lse_hand_v[1], lse_hand_gx); }
static double lse_difference(void)
{
    return worse(apart(lse_value, lse_hand_v, 2), apart(lse_gx, lse_hand_gx, LSE_N));
}

/* ---- llsq ---- */
static double llsq_x[LLSQ_M], llsq_value[2], llsq_hand_v[2], llsq_gx[LLSQ_M], llsq_hand_gx[LLSQ_M];
static void llsq_hand_value(void) { hand_llsq(llsq_x, LLSQ_M, LLSQ_N, &llsq_hand_v[0]); }
static void llsq_hand_gradient(void)
{
    hand_llsq_grad(llsq_x, LLSQ_M, LLSQ_N, &llsq_hand_v[1], llsq_hand_gx,
                   scratch(hand_llsq_work(LLSQ_M, LLSQ_N)));
}
static double llsq_difference(void)
{
    return worse(apart(llsq_value, llsq_hand_v, 2), apart(llsq_gx, llsq_hand_gx, LLSQ_M));
}

/* ---- arm ---- */
typedef struct { double value[3], gradient[7], newton_gradient[7], hessian[49]; } ArmOut;
static double arm_q[7], arm_goal[3];
static ArmOut arm_ours, arm_hand;
static void arm_hand_value(void) { hand_arm(arm_q, arm_goal, &arm_hand.value[0]); }
static void arm_hand_gradient(void)
{
    hand_arm_grad(arm_q, arm_goal, &arm_hand.value[1], arm_hand.gradient);
}
static void arm_hand_newton(void)
{
    hand_arm_newton(arm_q, arm_goal, &arm_hand.value[2], arm_hand.newton_gradient, arm_hand.hessian);
}
static double arm_difference(void)
{
    return worse(apart(arm_ours.value, arm_hand.value, 2),
                 apart(arm_ours.gradient, arm_hand.gradient, 7));
}
static double arm_newton_difference(void)
{
    double d = apart(arm_ours.value, arm_hand.value, 3);
    d = worse(d, apart(arm_ours.newton_gradient, arm_hand.newton_gradient, 7));
    return worse(d, apart(arm_ours.hessian, arm_hand.hessian, 49));
}

/* ---- lstm ---- */
typedef struct { double value[2], p[LSTM_P], e[3 * LSTM_B]; } LstmOut;
static double lstm_p[LSTM_P], lstm_e[3 * LSTM_B], lstm_s[2 * LSTM_L * LSTM_B], lstm_x[LSTM_C * LSTM_B];
static LstmOut lstm_ours, lstm_hand;

#define LSTM_IN lstm_p, lstm_e, lstm_s, lstm_x, LSTM_L, LSTM_B, LSTM_C
static void lstm_hand_value(void)
{
    hand_lstm(LSTM_IN, &lstm_hand.value[0], scratch(hand_lstm_work(LSTM_L, LSTM_B, LSTM_C)));
}
static void lstm_hand_gradient(void)
{
    hand_lstm_grad(LSTM_IN, &lstm_hand.value[1], lstm_hand.p, lstm_hand.e,
                   scratch(hand_lstm_work(LSTM_L, LSTM_B, LSTM_C)));
}
static double lstm_difference(void)
{
    double d = apart(lstm_ours.value, lstm_hand.value, 2);
    d = worse(d, apart(lstm_ours.p, lstm_hand.p, LSTM_P));
    return worse(d, apart(lstm_ours.e, lstm_hand.e, 3 * LSTM_B));
}

/* ---- ba_map ---- */
static double ba_cams[11 * BA_C], ba_X[3 * BA_P], ba_w[BA_O], ba_feats[2 * BA_O];
static int32_t ba_camera[BA_O], ba_point[BA_O];
static double ba_errors[2 * BA_O], ba_hand_errors[2 * BA_O], ba_J[30 * BA_O], ba_hand_J[30 * BA_O];
static void ba_hand_value(void)
{
    hand_ba(ba_cams, ba_X, ba_w, ba_camera, ba_point, ba_feats, BA_O, ba_hand_errors);
}
static void ba_hand_gradient(void)
{
    hand_ba_blocks(ba_cams, ba_X, ba_w, ba_camera, ba_point, ba_feats, BA_O, ba_hand_J);
}
static double ba_difference(void)
{
    return worse(apart(ba_errors, ba_hand_errors, 2 * BA_O), apart(ba_J, ba_hand_J, 30 * BA_O));
}

/* ---- mlp ---- */
typedef struct { float value[2], W1[MLP_D * MLP_H], b1[MLP_H], W2[MLP_H * MLP_K], b2[MLP_K]; } MlpOut;
static float mlp_x[MLP_N * MLP_D];
static int32_t mlp_y[MLP_N];
static MlpOut mlp_in, mlp_ours, mlp_hand;
static const float mlp_decay = 1e-4f;

#define MLP_IN \
    mlp_x, mlp_y, mlp_in.W1, mlp_in.b1, mlp_in.W2, mlp_in.b2, mlp_decay, MLP_N, MLP_D, MLP_H, MLP_K
static void mlp_hand_value(void)
{
    hand_mlp(MLP_IN, &mlp_hand.value[0], scratch(hand_mlp_work(MLP_N, MLP_D, MLP_H, MLP_K)));
}
static void mlp_hand_gradient(void)
{
    hand_mlp_grad(MLP_IN, &mlp_hand.value[1], mlp_hand.W1, mlp_hand.b1, mlp_hand.W2, mlp_hand.b2,
                  scratch(hand_mlp_work(MLP_N, MLP_D, MLP_H, MLP_K)));
}
static double mlp_difference(void)
{
    double d = apart_f32(mlp_ours.value, mlp_hand.value, 2);
    d = worse(d, apart_f32(mlp_ours.W1, mlp_hand.W1, MLP_D * MLP_H));
    d = worse(d, apart_f32(mlp_ours.b1, mlp_hand.b1, MLP_H));
    d = worse(d, apart_f32(mlp_ours.W2, mlp_hand.W2, MLP_H * MLP_K));
    return worse(d, apart_f32(mlp_ours.b2, mlp_hand.b2, MLP_K));
}

/* ---- emitted code ---- */
#ifndef HAND_ONLY
static void must(int code, const char *name)
{
    if (code) {
        fprintf(stderr, "bench: %s returned %d\n", name, code);
        exit(1);
    }
}
static void gmm_value(void)
{
    must(gmm(GMM_IN, &gmm_ours.value[0] WORK_gmm(GMM_K, GMM_D, GMM_N)), "gmm");
}
static void gmm_gradient(void)
{
    must(gmm_grad(GMM_IN, &gmm_ours.value[1], gmm_ours.alpha, gmm_ours.mu, gmm_ours.q,
                  gmm_ours.l WORK_gmm_grad(GMM_K, GMM_D, GMM_N)), "gmm_grad");
}
static void lse_run_value(void) { must(lse(lse_x, LSE_N, &lse_value[0] WORK_lse(LSE_N)), "lse"); }
static void lse_gradient(void)
{
    must(lse_grad(lse_x, LSE_N, &lse_value[1], lse_gx WORK_lse_grad(LSE_N)), "lse_grad");
}
static void llsq_run_value(void)
{
    must(llsq(llsq_x, LLSQ_M, LLSQ_N, &llsq_value[0] WORK_llsq(LLSQ_M, LLSQ_N)), "llsq");
}
static void llsq_gradient(void)
{
    must(llsq_grad(llsq_x, LLSQ_M, LLSQ_N, &llsq_value[1],
                   llsq_gx WORK_llsq_grad(LLSQ_M, LLSQ_N)), "llsq_grad");
}
static void arm_value(void) { must(arm(arm_q, arm_goal, &arm_ours.value[0] WORK_arm()), "arm"); }
static void arm_gradient(void)
{
    must(arm_grad(arm_q, arm_goal, &arm_ours.value[1], arm_ours.gradient WORK_arm_grad()), "arm_grad");
}
static void arm_run_newton(void)
{
    must(arm_newton(arm_q, arm_goal, &arm_ours.value[2], arm_ours.newton_gradient,
                    arm_ours.hessian WORK_arm_newton()), "arm_newton");
}
static void lstm_value(void)
{
    must(lstm(LSTM_IN, &lstm_ours.value[0] WORK_lstm(LSTM_L, LSTM_B, LSTM_C)), "lstm");
}
static void lstm_gradient(void)
{
    must(lstm_grad(LSTM_IN, &lstm_ours.value[1], lstm_ours.p,
                   lstm_ours.e WORK_lstm_grad(LSTM_L, LSTM_B, LSTM_C)), "lstm_grad");
}
#define BA_IN ba_cams, ba_X, ba_w, ba_camera, ba_point, ba_feats, BA_C, BA_P, BA_O
static void ba_value(void) { must(ba_all(BA_IN, ba_errors WORK_ba_all(BA_C, BA_P, BA_O)), "ba_all"); }
static void ba_gradient(void)
{
    must(ba_blocks(BA_IN, ba_J WORK_ba_blocks(BA_C, BA_P, BA_O)), "ba_blocks");
}
static void mlp_value(void)
{
    must(loss(MLP_IN, &mlp_ours.value[0] WORK_loss(MLP_N, MLP_D, MLP_H, MLP_K)), "loss");
}
static void mlp_gradient(void)
{
    must(loss_grad(MLP_IN, &mlp_ours.value[1], mlp_ours.W1, mlp_ours.b1, mlp_ours.W2,
                   mlp_ours.b2 WORK_loss_grad(MLP_N, MLP_D, MLP_H, MLP_K)), "loss_grad");
}
#define OURS(value, gradient) value, gradient
#else
#define OURS(value, gradient) NULL, NULL
#endif

static const Model models[] = {
    { "gmm", "d=10 k=25 n=1000", "gmm",
      { OURS(gmm_value, gmm_gradient), gmm_hand_value, gmm_hand_gradient }, gmm_difference, 1e-10 },
    { "lse", "n=40000", "lse",
      { OURS(lse_run_value, lse_gradient), lse_hand_value, lse_hand_gradient }, lse_difference, 1e-10 },
    { "llsq", "n=1024 m=128", "llsq",
      { OURS(llsq_run_value, llsq_gradient), llsq_hand_value, llsq_hand_gradient },
      llsq_difference, 1e-10 },
    { "arm grad", "7 joints", "arm",
      { OURS(arm_value, arm_gradient), arm_hand_value, arm_hand_gradient }, arm_difference, 1e-10 },
    { "arm hess", "7 joints, grad too", "arm",
      { OURS(arm_value, arm_run_newton), arm_hand_value, arm_hand_newton },
      arm_newton_difference, 1e-10 },
    { "lstm", "2 layers b=14 c=1024", "lstm",
      { OURS(lstm_value, lstm_gradient), lstm_hand_value, lstm_hand_gradient }, lstm_difference, 1e-10 },
    { "ba_map", "o=10000, Jacobians", "ba_map",
      { OURS(ba_value, ba_gradient), ba_hand_value, ba_hand_gradient }, ba_difference, 1e-10 },
    { "mlp", "784-512-10 b=128", "mlp",
      { OURS(mlp_value, mlp_gradient), mlp_hand_value, mlp_hand_gradient }, mlp_difference, 1e-4 },
};

static void fill(double *a, int64_t n, double scale)
{
    for (int64_t i = 0; i < n; i++)
        a[i] = scale * uniform();
}

static void fill_f32(float *a, int64_t n, float scale)
{
    for (int64_t i = 0; i < n; i++)
        a[i] = scale * (float)uniform();
}

static void fill_inputs(void)
{
    fill(gmm_alpha, GMM_K, 1);
    fill(gmm_mu, GMM_K * GMM_D, 1);
    fill(gmm_q, GMM_K * GMM_D, 0.5);
    fill(gmm_l, GMM_K * GMM_L, 0.5);
    fill(gmm_x, GMM_N * GMM_D, 2);
    fill(lse_x, LSE_N, 3);
    fill(llsq_x, LLSQ_M, 1);
    fill(arm_q, 7, 1.5);
    fill(arm_goal, 3, 0.7);
    fill(lstm_p, LSTM_P, 1);
    fill(lstm_e, 3 * LSTM_B, 1);
    fill(lstm_s, 2 * LSTM_L * LSTM_B, 1);
    fill(lstm_x, LSTM_C * LSTM_B, 1);
    fill(ba_cams, 11 * BA_C, 1);
    fill(ba_X, 3 * BA_P, 1);
    fill(ba_w, BA_O, 1);
    fill(ba_feats, 2 * BA_O, 1);
    for (int i = 0; i < BA_P; i++)
        ba_X[3 * i + 2] += 8;
    for (int i = 0; i < BA_O; i++) {
        ba_camera[i] = (int32_t)((uniform() + 1) * 0.5 * BA_C);
        ba_point[i] = (int32_t)((uniform() + 1) * 0.5 * BA_P);
    }
    fill_f32(mlp_x, MLP_N * MLP_D, 1);
    fill_f32(mlp_in.W1, MLP_D * MLP_H, 0.06f);
    fill_f32(mlp_in.b1, MLP_H, 0.1f);
    fill_f32(mlp_in.W2, MLP_H * MLP_K, 0.08f);
    fill_f32(mlp_in.b2, MLP_K, 0.1f);
    for (int i = 0; i < MLP_N; i++)
        mlp_y[i] = (int32_t)((uniform() + 1) * 0.5 * MLP_K);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median microseconds of each job, in turns, for about `seconds` in all. */
static void measure(const Model *m, double seconds, double median[JOBS])
{
    enum { MOST = 2000, LEAST = 21 };
    static double sample[JOBS][MOST];
    int64_t batch[JOBS] = { 0 };
    int turns = 0;

    for (int j = 0; j < JOBS; j++) {
        if (!m->run[j])
            continue;
        /* A batch is long enough for the clock: 200 us. */
        double spent = 0;
        for (batch[j] = 1;; batch[j] *= 2) {
            const double start = now();
            for (int64_t i = 0; i < batch[j]; i++)
                m->run[j]();
            if ((spent = now() - start) > 200e-6)
                break;
        }
    }
    for (const double start = now(); turns < MOST && (turns < LEAST || now() - start < seconds); turns++)
        for (int j = 0; j < JOBS; j++) {
            if (!m->run[j])
                continue;
            const double from = now();
            for (int64_t i = 0; i < batch[j]; i++)
                m->run[j]();
            sample[j][turns] = 1e6 * (now() - from) / (double)batch[j];
        }
    for (int j = 0; j < JOBS; j++) {
        qsort(sample[j], (size_t)turns, sizeof(double), ascending);
        median[j] = m->run[j] ? sample[j][turns / 2] : NAN;
    }
}

/* "bytes seconds" of this file in STATS, or "-". */
static void print_stats(const char *path, const char *file)
{
    char name[64], bytes[32] = "-", seconds[32] = "-", b[32], s[32];
    FILE *f = path ? fopen(path, "r") : NULL;

    while (f && fscanf(f, "%63s %31s %31s", name, b, s) == 3)
        if (strcmp(name, file) == 0) {
            strcpy(bytes, b);
            strcpy(seconds, s);
        }
    if (f)
        fclose(f);
    printf(" %8s %7s", bytes, seconds);
}

int main(int argc, char **argv)
{
    int bad = 0;

    fill_inputs();
    printf("medians in us, one thread; by hand: plain C of tests/bench/hand_*.c, same flags\n");
    printf("%-9s %-19s %10s %10s %6s %10s %10s %7s %7s %8s %7s %9s\n", "model", "sizes", "value",
           "gradient", "g/v", "hand v", "hand g", "v/hand", "g/hand", "bytes", "gcc s", "differ");
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        const Model *m = &models[i];
        double t[JOBS];

        measure(m, 1.5, t);
        printf("%-9s %-19s %10.3f %10.3f %6.2f %10.3f %10.3f %7.2f %7.2f", m->name, m->sizes,
               t[VALUE], t[GRADIENT], t[GRADIENT] / t[VALUE], t[HAND_VALUE], t[HAND_GRADIENT],
               t[VALUE] / t[HAND_VALUE], t[GRADIENT] / t[HAND_GRADIENT]);
        print_stats(argc > 1 ? argv[1] : NULL, m->file);
        if (m->run[VALUE]) {
            const double d = m->difference();
            printf(" %9.1e%s", d, d <= m->tolerance ? "" : "  DISAGREE");
            bad += !(d <= m->tolerance);
        }
        printf("\n");
        fflush(stdout);
    }
    if (bad)
        printf("%d of the results disagree with the hand-written code\n", bad);
    return bad > 0;
}
