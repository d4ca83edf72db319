/* hand_test.c: are the hand-written derivatives of tests/bench right? Against central
 * differences of their own values, and against the reference cases (values and
 * gradients of others) in $GRADC_SHARED/cases, by default ../shared/cases; where
 * there is no such folder, that is said and left out.
 *
 * Build: hand_test.c ../npy.c ../bench/hand_*.c -lm. Run from the repository root. */
#include "../bench/hand.h"
#include "../npy.h"
#include "tests/count.h"
#include "tests/uniform.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(const char *what, double gap, double tolerance)
{
    result(gap <= tolerance, "%s: relative difference %.3g, allowed %.3g", what, gap, tolerance);
}

static void *allocate(size_t bytes)
{
    void *p = aligned_alloc(64, (bytes + 64) / 64 * 64);
    if (!p) {
        fprintf(stderr, "hand_test: no memory\n");
        exit(3);
    }
    memset(p, 0xff, bytes);               /* nan: a workspace is not to be trusted */
    return p;
}

static double *random_vector(int64_t n, double scale)
{
    double *a = allocate(sizeof(double) * (size_t)n);
    for (int64_t i = 0; i < n; i++)
        a[i] = scale * uniform();
    return a;
}

/* |a - b| / |b| in the largest-element norm; infinite where a is nan */
static double apart(const double *a, const double *b, int64_t n)
{
    double top = 0, gap = 0;
    for (int64_t i = 0; i < n; i++) {
        if (isnan(a[i]))
            return INFINITY;
        gap = fmax(gap, fabs(a[i] - b[i]));
        top = fmax(top, fabs(b[i]));
    }
    return gap / (top > 0 ? top : 1);
}

typedef double Value(void *model);

/* Central differences of f by the n numbers at x. */
static double *differences(Value *f, void *model, double *x, int64_t n, double step)
{
    double *g = allocate(sizeof(double) * (size_t)n);
    for (int64_t i = 0; i < n; i++) {
        const double at = x[i];
        x[i] = at + step;
        const double up = f(model);
        x[i] = at - step;
        g[i] = (up - f(model)) / (2 * step);
        x[i] = at;
    }
    return g;
}

static void check_differences(const char *what, Value *f, void *model, double *x, int64_t n,
                              const double *gradient)
{
    double *d = differences(f, model, x, n, 1e-5);
    check(what, apart(gradient, d, n), 1e-7);
    free(d);
}

/* ---- reference cases ---- */

/* The case's array, or exits: a folder that is there is to be whole. */
static Npy load(const char *model, const char *name)
{
    Npy a;

    if (!npy_case(model, name, &a))
        exit(1);
    return a;
}

static void check_case(const char *model, const char *name, const double *got, int64_t n)
{
    char what[128];
    Npy want = load(model, name);

    snprintf(what, sizeof what, "%s %s against the reference case", model, name);
    check(what, want.count == n ? apart(got, want.data, n) : INFINITY, 1e-10);
    npy_free(&want);
}

/* ---- lse ---- */
typedef struct { double *x; int64_t n; } Lse;

static double lse_value(void *model)
{
    Lse *m = model;
    double v;
    hand_lse(m->x, m->n, &v);
    return v;
}

static void test_lse(int64_t n)
{
    Lse m = { random_vector(n, 3), n };
    double *g = random_vector(n, 1), v, w = lse_value(&m);

    hand_lse_grad(m.x, n, &v, g);
    check("lse: value of value and of gradient", apart(&v, &w, 1), 1e-14);
    check_differences("lse: gradient", lse_value, &m, m.x, n, g);
    free(m.x);
    free(g);
}

static void case_lse(void)
{
    Npy x = load("lse", "x");
    double *g = allocate(sizeof(double) * (size_t)x.count), v;

    hand_lse_grad(x.data, x.count, &v, g);
    check_case("lse", "expect_value", &v, 1);
    check_case("lse", "expect_x", g, x.count);
    free(g);
    npy_free(&x);
}

/* ---- llsq ---- */
typedef struct { double *x; int64_t m, n; } Llsq;

static double llsq_value(void *model)
{
    Llsq *m = model;
    double v;
    hand_llsq(m->x, m->m, m->n, &v);
    return v;
}

static void test_llsq(int64_t m, int64_t n)
{
    Llsq model = { random_vector(m, 1), m, n };
    double *g = random_vector(m, 1), v, w = llsq_value(&model);
    void *work = allocate(hand_llsq_work(m, n));

    hand_llsq_grad(model.x, m, n, &v, g, work);
    check("llsq: value of value and of gradient", apart(&v, &w, 1), 1e-14);
    check_differences("llsq: gradient", llsq_value, &model, model.x, m, g);
    free(model.x);
    free(g);
    free(work);
}

static void case_llsq(void)
{
    Npy x = load("llsq", "x");
    double *g = allocate(sizeof(double) * (size_t)x.count), v;
    void *work = allocate(hand_llsq_work(x.count, 300));

    hand_llsq_grad(x.data, x.count, 300, &v, g, work);
    check_case("llsq", "expect_value", &v, 1);
    check_case("llsq", "expect_x", g, x.count);
    free(g);
    free(work);
    npy_free(&x);
}

/* ---- gmm ---- */
typedef struct {
    double *alpha, *mu, *q, *l, *x;
    int64_t K, D, N;
    void *work;
} Gmm;

static double gmm_value(void *model)
{
    Gmm *m = model;
    double v;
    hand_gmm(m->alpha, m->mu, m->q, m->l, m->x, m->K, m->D, m->N, &v, m->work);
    return v;
}

static void test_gmm(int64_t K, int64_t D, int64_t N)
{
    const int64_t L = D * (D - 1) / 2;
    Gmm m = { random_vector(K, 1), random_vector(K * D, 1), random_vector(K * D, 0.5),
              random_vector(K * L, 0.5), random_vector(N * D, 2), K, D, N,
              allocate(hand_gmm_work(K, D, N)) };
    double *ga = random_vector(K, 1), *gm = random_vector(K * D, 1), *gq = random_vector(K * D, 1),
           *gl = random_vector(K * L, 1), v, w = gmm_value(&m);

    hand_gmm_grad(m.alpha, m.mu, m.q, m.l, m.x, K, D, N, &v, ga, gm, gq, gl, m.work);
    check("gmm: value of value and of gradient", apart(&v, &w, 1), 1e-14);
    check_differences("gmm: alpha", gmm_value, &m, m.alpha, K, ga);
    check_differences("gmm: mu", gmm_value, &m, m.mu, K * D, gm);
    check_differences("gmm: q", gmm_value, &m, m.q, K * D, gq);
    check_differences("gmm: l", gmm_value, &m, m.l, K * L, gl);
    double *const all[] = { m.alpha, m.mu, m.q, m.l, m.x, m.work, ga, gm, gq, gl };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

static void case_gmm(void)
{
    Npy alpha = load("gmm", "alpha"), mu = load("gmm", "mu"), q = load("gmm", "q"),
        l = load("gmm", "l"), x = load("gmm", "x");
    const int64_t K = mu.shape[0], D = mu.shape[1], N = x.shape[0];
    double *ga = random_vector(K, 1), *gm = random_vector(K * D, 1), *gq = random_vector(K * D, 1),
           *gl = random_vector(l.count, 1), v;
    void *work = allocate(hand_gmm_work(K, D, N));

    hand_gmm(alpha.data, mu.data, q.data, l.data, x.data, K, D, N, &v, work);
    check_case("gmm", "expect_value", &v, 1);
    hand_gmm_grad(alpha.data, mu.data, q.data, l.data, x.data, K, D, N, &v, ga, gm, gq, gl, work);
    check_case("gmm", "expect_value", &v, 1);
    check_case("gmm", "expect_alpha", ga, K);
    check_case("gmm", "expect_mu", gm, K * D);
    check_case("gmm", "expect_q", gq, K * D);
    check_case("gmm", "expect_l", gl, l.count);
    void *const all[] = { ga, gm, gq, gl, work };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    npy_free(&alpha);
    npy_free(&mu);
    npy_free(&q);
    npy_free(&l);
    npy_free(&x);
}

/* ---- arm ---- */
typedef struct { double q[7], goal[3]; int component; } Arm;

static double arm_value(void *model)
{
    Arm *m = model;
    double v;
    hand_arm(m->q, m->goal, &v);
    return v;
}

static double arm_gradient_component(void *model)
{
    Arm *m = model;
    double v, g[7];
    hand_arm_grad(m->q, m->goal, &v, g);
    return g[m->component];
}

/* The position by 4 x 4 matrices, as a textbook has it. */
static void arm_by_matrices(const double q[7], double p[3])
{
    static const double d[7] = { 0.34, 0, 0.4, 0, 0.4, 0, 0.126 };
    static const double s[7] = { -1, 1, 1, -1, -1, 1, 0 };
    double T[4][4] = { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 }, { 0, 0, 0, 1 } };
    const double tool[4] = { 0.05, 0, 0.1, 1 };

    for (int j = 0; j < 7; j++) {
        const double C = cos(q[j]), S = sin(q[j]), c = s[j] == 0;
        const double A[4][4] = { { C, -S * c, S * s[j], 0 },
                                 { S, C * c, -C * s[j], 0 },
                                 { 0, s[j], c, d[j] },
                                 { 0, 0, 0, 1 } };
        double R[4][4] = { { 0 } };
        for (int a = 0; a < 4; a++)
            for (int b = 0; b < 4; b++)
                for (int k = 0; k < 4; k++)
                    R[a][b] += T[a][k] * A[k][b];
        memcpy(T, R, sizeof T);
    }
    for (int a = 0; a < 3; a++) {
        p[a] = 0;
        for (int k = 0; k < 4; k++)
            p[a] += T[a][k] * tool[k];
    }
}

static void test_arm(void)
{
    Arm m = { { 0 }, { 0.3, -0.4, 0.6 }, 0 };
    double p[3], r[3], v, w, g[7], g2[7], H[49], D[49];

    for (int j = 0; j < 7; j++)
        m.q[j] = 1.5 * uniform();
    hand_arm_position(m.q, p);
    arm_by_matrices(m.q, r);
    check("arm: position against matrices", apart(p, r, 3), 1e-14);
    w = arm_value(&m);
    hand_arm_grad(m.q, m.goal, &v, g);
    check("arm: value of value and of gradient", apart(&v, &w, 1), 1e-14);
    check_differences("arm: gradient", arm_value, &m, m.q, 7, g);
    hand_arm_newton(m.q, m.goal, &v, g2, H);
    check("arm: value of value and of Hessian", apart(&v, &w, 1), 1e-14);
    check("arm: gradient with the Hessian", apart(g2, g, 7), 1e-14);
    for (m.component = 0; m.component < 7; m.component++) {
        double *d = differences(arm_gradient_component, &m, m.q, 7, 1e-5);
        memcpy(D + 7 * m.component, d, sizeof(double) * 7);
        free(d);
    }
    check("arm: Hessian", apart(H, D, 49), 1e-8);
}

/* ---- mlp: f32, against the plainest loops in f64 ---- */
typedef struct {
    double *x, *W1, *b1, *W2, *b2;
    int32_t *y;
    double decay;
    int64_t N, D, H, K;
} Mlp;

static double mlp_value(void *model)
{
    const Mlp *m = model;
    double total = 0, squares = 0;

    for (int64_t i = 0; i < m->N; i++) {
        double u[64], s = 0;
        for (int64_t k = 0; k < m->K; k++)
            u[k] = m->b2[k];
        for (int64_t j = 0; j < m->H; j++) {
            double a = m->b1[j];
            for (int64_t d = 0; d < m->D; d++)
                a += m->x[i * m->D + d] * m->W1[d * m->H + j];
            for (int64_t k = 0; k < m->K && a > 0; k++)
                u[k] += a * m->W2[j * m->K + k];
        }
        for (int64_t k = 0; k < m->K; k++)
            s += exp(u[k]);
        total += log(s) - u[m->y[i]];
    }
    for (int64_t i = 0; i < m->D * m->H; i++)
        squares += m->W1[i] * m->W1[i];
    for (int64_t i = 0; i < m->H * m->K; i++)
        squares += m->W2[i] * m->W2[i];
    return total / (double)m->N + m->decay * squares;
}

/* n numbers as f32 in `narrow`, and the same rounded ones in the vector returned. */
static double *random_f32(int64_t n, double scale, float **narrow)
{
    double *a = random_vector(n, scale);
    *narrow = allocate(sizeof(float) * (size_t)n);
    for (int64_t i = 0; i < n; i++)
        a[i] = (double)((*narrow)[i] = (float)a[i]);
    return a;
}

static void check_mlp(const char *what, Mlp *m, double *x, const float *gradient, int64_t n)
{
    /* A small step: no relu is to cross its kink. */
    double *want = differences(mlp_value, m, x, n, 1e-7);
    double *got = allocate(sizeof(double) * (size_t)n);

    for (int64_t i = 0; i < n; i++)
        got[i] = (double)gradient[i];
    check(what, apart(got, want, n), 1e-5);
    free(want);
    free(got);
}

static void test_mlp(int64_t N, int64_t D, int64_t H, int64_t K)
{
    float *x, *W1, *b1, *W2, *b2, *g1, *gb1, *g2, *gb2, v, w;
    Mlp m = { .decay = 0.015625, .N = N, .D = D, .H = H, .K = K };

    m.x = random_f32(N * D, 1, &x);
    m.W1 = random_f32(D * H, 0.5, &W1);
    m.b1 = random_f32(H, 0.5, &b1);
    m.W2 = random_f32(H * K, 0.5, &W2);
    m.b2 = random_f32(K, 0.5, &b2);
    m.y = allocate(sizeof(int32_t) * (size_t)N);
    for (int64_t i = 0; i < N; i++)
        m.y[i] = (int32_t)((uniform() + 1) * 0.5 * (double)K);
    g1 = allocate(sizeof(float) * (size_t)(D * H));
    gb1 = allocate(sizeof(float) * (size_t)H);
    g2 = allocate(sizeof(float) * (size_t)(H * K));
    gb2 = allocate(sizeof(float) * (size_t)K);
    void *work = allocate(hand_mlp_work(N, D, H, K));

    hand_mlp(x, m.y, W1, b1, W2, b2, (float)m.decay, N, D, H, K, &v, work);
    double want = mlp_value(&m), got = (double)v;
    check("mlp: value", apart(&got, &want, 1), 1e-6);
    hand_mlp_grad(x, m.y, W1, b1, W2, b2, (float)m.decay, N, D, H, K, &w, g1, gb1, g2, gb2, work);
    got = (double)w;
    check("mlp: value of gradient", apart(&got, &want, 1), 1e-6);
    check_mlp("mlp: W1", &m, m.W1, g1, D * H);
    check_mlp("mlp: b1", &m, m.b1, gb1, H);
    check_mlp("mlp: W2", &m, m.W2, g2, H * K);
    check_mlp("mlp: b2", &m, m.b2, gb2, K);
    void *const all[] = { x,   W1,   b1,   W2,   b2,   g1,  gb1, g2,
                          gb2, m.x,  m.W1, m.b1, m.W2, m.b2, m.y, work };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

/* ---- lstm ---- */
typedef struct {
    double *main_params, *extra, *state, *sequence;
    int64_t L, b, c;
    void *work;
} Lstm;

static double lstm_value(void *model)
{
    Lstm *m = model;
    double v;
    hand_lstm(m->main_params, m->extra, m->state, m->sequence, m->L, m->b, m->c, &v, m->work);
    return v;
}

static void test_lstm(int64_t L, int64_t b, int64_t c)
{
    Lstm m = { random_vector(8 * L * b, 1), random_vector(3 * b, 1), random_vector(2 * L * b, 1),
               random_vector(c * b, 1), L, b, c, allocate(hand_lstm_work(L, b, c)) };
    double *gm = random_vector(8 * L * b, 1), *ge = random_vector(3 * b, 1), v, w = lstm_value(&m);

    hand_lstm_grad(m.main_params, m.extra, m.state, m.sequence, L, b, c, &v, gm, ge, m.work);
    check("lstm: value of value and of gradient", apart(&v, &w, 1), 1e-14);
    check_differences("lstm: main", lstm_value, &m, m.main_params, 8 * L * b, gm);
    check_differences("lstm: extra", lstm_value, &m, m.extra, 3 * b, ge);
    double *const all[] = { m.main_params, m.extra, m.state, m.sequence, m.work, gm, ge };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

static void case_lstm(void)
{
    Npy p = load("lstm", "main_params"), e = load("lstm", "extra_params"), s = load("lstm", "state"),
        x = load("lstm", "sequence");
    const int64_t L = p.shape[0] / 2, b = p.shape[1] / 4, c = x.shape[0];
    double *gm = allocate(sizeof(double) * (size_t)(8 * L * b)), *ge = allocate(sizeof(double) * (size_t)(3 * b)), v;
    void *work = allocate(hand_lstm_work(L, b, c));

    hand_lstm_grad(p.data, e.data, s.data, x.data, L, b, c, &v, gm, ge, work);
    check_case("lstm", "expect_value", &v, 1);
    check_case("lstm", "expect_main_params", gm, 8 * L * b);
    check_case("lstm", "expect_extra_params", ge, 3 * b);
    free(gm);
    free(ge);
    free(work);
    npy_free(&p);
    npy_free(&e);
    npy_free(&s);
    npy_free(&x);
}

/* ---- ba ---- */
static void case_ba(void)
{
    Npy cam = load("ba", "cam"), X = load("ba", "X"), w = load("ba", "w"), feat = load("ba", "feat");
    const int32_t zero = 0;
    double err[2], J[30];

    hand_ba(cam.data, X.data, w.data, &zero, &zero, feat.data, 1, err);
    hand_ba_blocks(cam.data, X.data, w.data, &zero, &zero, feat.data, 1, J);
    check_case("ba", "expect_err", err, 2);
    check_case("ba", "expect_J", J, 30);
    npy_free(&cam);
    npy_free(&X);
    npy_free(&w);
    npy_free(&feat);
}

/* By differences, where there is no rotation too. */
static void test_ba(double turn)
{
    double *cam = random_vector(11, 1), *X = random_vector(3, 1), w = 0.7, *feat = random_vector(2, 1);
    double J[30], err[2][2];
    const int32_t zero = 0;

    for (int i = 0; i < 3; i++)
        cam[i] *= turn;
    X[2] += 5;
    hand_ba_blocks(cam, X, &w, &zero, &zero, feat, 1, J);
    for (int k = 0; k < 15; k++) {
        double *at = k < 11 ? cam + k : k < 14 ? X + k - 11 : &w, was = *at, d[2], own[2] = { J[k], J[15 + k] };
        for (int side = 0; side < 2; side++) {
            *at = was + (side ? 1e-6 : -1e-6);
            hand_ba(cam, X, &w, &zero, &zero, feat, 1, err[side]);
        }
        *at = was;
        for (int i = 0; i < 2; i++)
            d[i] = (err[1][i] - err[0][i]) / 2e-6;
        check("ba: column of a block", fabs(d[0] - own[0]) + fabs(d[1] - own[1]), turn ? 1e-7 : 2e-6);
    }
    free(cam);
    free(X);
    free(feat);
}

int main(void)
{
    const int64_t sizes[] = { 1, 3, 16, 17, 100 };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        test_lse(sizes[i]);
    test_llsq(1, 2);
    test_llsq(5, 31);
    test_llsq(8, 33);                     /* an odd n: a point at 0, 0^0 = 1 */
    test_llsq(128, 200);
    test_gmm(1, 1, 1);
    test_gmm(3, 2, 5);
    test_gmm(4, 5, 130);                  /* odd D, more than a block of points */
    test_gmm(2, 6, 256);
    for (int i = 0; i < 20; i++)
        test_arm();
    test_mlp(1, 1, 1, 2);
    test_mlp(7, 5, 9, 3);
    test_mlp(12, 17, 32, 16);             /* whole tiles */
    test_mlp(3, 300, 5, 2);               /* more than one panel deep */
    test_lstm(1, 1, 2);
    test_lstm(2, 3, 5);
    test_lstm(3, 14, 6);
    test_ba(1);
    test_ba(0);
    if (npy_have_cases()) {
        case_lse();
        case_llsq();
        case_gmm();
        case_lstm();
        case_ba();
    }
    return sum_up();
}
