/* examples_test.c: the emitted C of examples/ against closed forms, hand-written code and the
 * reference cases in $GRADC_SHARED/cases (by default ../shared/cases; where there is no such folder,
 * that is said and left out). Those about minimisation itself are in minimise_test.c. */
#include "values.h"

/* ---- chain ---- */
#ifdef HAVE_chain
#include "chain.h"
static void test_chain(void)
{
    for (int i = 0; i < 5; i++) {
        real v, g;
        const real w = (real)(2 * uniform());
        const double x = tanh((double)w), y = tanh(x), z = tanh(y);

        check_code(chain(w, &v WORK_chain()));
        check_one("value", v, z);
        check_code(chain_grad(w, &v, &g WORK_chain_grad()));
        check_one("value", v, z);
        check_one("gradient", g, (1 - z * z) * (1 - y * y) * (1 - x * x));
    }
}
#endif

/* ---- xor ---- */
#if defined HAVE_xor || defined HAVE_xor_linear
static const double xor_x[4][2] = { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
static const double xor_y[4] = { 0, 1, 1, 0 };
#endif

#ifdef HAVE_xor
#include "xor.h"
static void test_xor(void)
{
    static const real W[4] = { 1, 1, 1, 1 }, c[2] = { 0, -1 }, w[2] = { 1, -2 };
    static const double zero[4] = { 0 };
    real v, gW[4], gc[2], gw[2], gb, out[4];

    /* The book's solution is exact. */
    check_code(xor_net(W, c, w, 0, out WORK_xor_net()));
    check_within("the solution answers XOR", out, xor_y, 4, 0);
    check_code(xor_loss_grad(W, c, w, 0, &v, gW, gc, gw, &gb WORK_xor_loss_grad()));
    check_within("its loss", &v, zero, 1, 0);
    check_within("its gradient by W", gW, zero, 4, 0);
    check_within("its gradient by c", gc, zero, 2, 0);
    check_within("its gradient by w", gw, zero, 2, 0);
    check_within("its gradient by b", &gb, zero, 1, 0);

    /* Elsewhere, by the chain rule. */
    for (int t = 0; t < 5; t++) {
        const Array A = random_array(4, 1), d = random_array(2, 1), u = random_array(2, 1),
                    b = random_array(1, 1);
        double loss = 0, dA[4] = { 0 }, dd[2] = { 0 }, du[2] = { 0 }, db = 0;

        for (int i = 0; i < 4; i++) {
            double h[2], f = b.d[0];
            for (int j = 0; j < 2; j++) {
                h[j] = fmax(0, xor_x[i][0] * A.d[j] + xor_x[i][1] * A.d[2 + j] + d.d[j]);
                f += h[j] * u.d[j];
            }
            const double r = f - xor_y[i];
            loss += r * r / 4;
            db += r / 2;
            for (int j = 0; j < 2; j++) {
                const double back = h[j] > 0 ? r / 2 * u.d[j] : 0;
                du[j] += r / 2 * h[j];
                dd[j] += back;
                dA[j] += back * xor_x[i][0];
                dA[2 + j] += back * xor_x[i][1];
            }
        }
        check_code(xor_loss(A.r, d.r, u.r, b.r[0], &v WORK_xor_loss()));
        check_one("value", v, loss);
        check_code(xor_loss_grad(A.r, d.r, u.r, b.r[0], &v, gW, gc, gw, &gb WORK_xor_loss_grad()));
        check_one("value with gradient", v, loss);
        check("W", gW, dA, 4);
        check("c", gc, dd, 2);
        check("w", gw, du, 2);
        check_one("b", gb, db);
    }
}
#endif

#ifdef HAVE_xor_linear
#include "xor_linear.h"
static void test_xor_linear(void)
{
    static const double half[4] = { 0.5, 0.5, 0.5, 0.5 }, zero[2] = { 0 }, quarter = 0.25;
    static const real best[2] = { 0, 0 };
    real v, gw[2], gb, out[4];

    check_code(xor_linear_net(best, (real)0.5, out WORK_xor_linear_net()));
    check_within("the best is 0.5 everywhere", out, half, 4, 0);
    check_code(xor_linear_grad(best, (real)0.5, &v, gw, &gb WORK_xor_linear_grad()));
    check_within("its loss", &v, &quarter, 1, 0);
    check_within("its gradient by w", gw, zero, 2, 0);
    check_within("its gradient by b", &gb, zero, 1, 0);

    const Array w = random_array(2, 1), b = random_array(1, 1);
    double loss = 0, dw[2] = { 0 }, db = 0;
    for (int i = 0; i < 4; i++) {
        const double r = xor_x[i][0] * w.d[0] + xor_x[i][1] * w.d[1] + b.d[0] - xor_y[i];
        loss += r * r / 4;
        dw[0] += r / 2 * xor_x[i][0];
        dw[1] += r / 2 * xor_x[i][1];
        db += r / 2;
    }
    check_code(xor_linear(w.r, b.r[0], &v WORK_xor_linear()));
    check_one("value", v, loss);
    check_code(xor_linear_grad(w.r, b.r[0], &v, gw, &gb WORK_xor_linear_grad()));
    check("w", gw, dw, 2);
    check_one("b", gb, db);
}
#endif

/* ---- logistic ---- */
#ifdef HAVE_logistic
#include "logistic.h"
static void logistic_sizes(int64_t N, int64_t D, double scale)
{
    const Array x = random_array(N * D, scale), w = random_array(D, 1), b = random_array(1, 1);
    int32_t *y = allocate(sizeof(int32_t) * (size_t)N);
    double loss = 0, *gw = doubles(D), gb = 0, *H = doubles(D * D);
    real v, *got_w = output(D), got_b, *got_H = output(D * D);

    for (int64_t i = 0; i < N; i++) {
        double z = b.d[0];
        y[i] = uniform() > 0;
        for (int64_t d = 0; d < D; d++)
            z += x.d[i * D + d] * w.d[d];
        const double s = 1 / (1 + exp(-z)), n = (double)N;
        loss += (fmax(z, 0) + log1p(exp(-fabs(z))) - y[i] * z) / n;
        gb += (s - y[i]) / n;
        for (int64_t d = 0; d < D; d++) {
            gw[d] += (s - y[i]) * x.d[i * D + d] / n;
            for (int64_t e = 0; e < D; e++)
                H[d * D + e] += s * (1 - s) * x.d[i * D + d] * x.d[i * D + e] / n;
        }
    }
    check_code(logistic(x.r, y, w.r, b.r[0], N, D, &v WORK_logistic(N, D)));
    check_one("value", v, loss);
    check_code(logistic_grad(x.r, y, w.r, b.r[0], N, D, &v, got_w, &got_b WORK_logistic_grad(N, D)));
    check_one("value with gradient", v, loss);
    check("w", got_w, gw, D);
    check_one("b", got_b, gb);
    check_code(logistic_hessian(x.r, y, w.r, b.r[0], N, D, &v, got_H WORK_logistic_hessian(N, D)));
    check_one("value with Hessian", v, loss);
    check("Hessian", got_H, H, D * D);
}

static void test_logistic(void)
{
    logistic_sizes(1, 1, 1);
    logistic_sizes(33, 5, 1);
    logistic_sizes(64, 3, 300);           /* logits where exp would overflow in f32 */
}
#endif

/* ---- mlp: f32 in either build ---- */
#ifdef HAVE_mlp
#include "mlp.h"

static float *random_f32(int64_t n, float scale)
{
    float *a = allocate(sizeof(float) * (size_t)n);
    for (int64_t i = 0; i < n; i++)
        a[i] = scale * (float)uniform();
    return a;
}

static void check_f32(const char *what, const float *got, const float *want, int64_t n)
{
    double top = 0, gap = 0;
    for (int64_t i = 0; i < n; i++) {
        if (isnan(got[i]))
            gap = INFINITY;
        gap = fmax(gap, fabs((double)got[i] - (double)want[i]));
        top = fmax(top, fabs((double)want[i]));
    }
    report(what, gap / (top > 0 ? top : 1), 2e-5);
}

static void mlp_sizes(int64_t N, int64_t D, int64_t H, int64_t K)
{
    const float *x = random_f32(N * D, 1), *W1 = random_f32(D * H, 0.3f), *b1 = random_f32(H, 0.3f),
                *W2 = random_f32(H * K, 0.3f), *b2 = random_f32(K, 0.3f), decay = 0.01f;
    float want, got, *w1 = random_f32(D * H, 1), *wb1 = random_f32(H, 1), *w2 = random_f32(H * K, 1),
          *wb2 = random_f32(K, 1), *g1 = random_f32(D * H, 1), *gb1 = random_f32(H, 1),
          *g2 = random_f32(H * K, 1), *gb2 = random_f32(K, 1);
    int32_t *y = allocate(sizeof(int32_t) * (size_t)N);

    for (int64_t i = 0; i < N; i++)
        y[i] = (int32_t)((uniform() + 1) * 0.5 * (double)K);
    hand_mlp_grad(x, y, W1, b1, W2, b2, decay, N, D, H, K, &want, w1, wb1, w2, wb2,
                  scratch(hand_mlp_work(N, D, H, K)));
    check_code(loss(x, y, W1, b1, W2, b2, decay, N, D, H, K, &got WORK_loss(N, D, H, K)));
    check_f32("value", &got, &want, 1);
    check_code(loss_grad(x, y, W1, b1, W2, b2, decay, N, D, H, K, &got, g1, gb1, g2,
                         gb2 WORK_loss_grad(N, D, H, K)));
    check_f32("value with gradient", &got, &want, 1);
    check_f32("W1", g1, w1, D * H);
    check_f32("b1", gb1, wb1, H);
    check_f32("W2", g2, w2, H * K);
    check_f32("b2", gb2, wb2, K);
}

/* Where all hidden units are off, the data have no part in the gradients of the weights: what is
 * left is 2 decay W, to the last bit. */
static void mlp_decay(void)
{
    enum { N = 3, D = 4, H = 5, K = 2 };
    const float *x = random_f32(N * D, 1), *W1 = random_f32(D * H, 0.3f), *W2 = random_f32(H * K, 0.3f),
                *b2 = random_f32(K, 0.3f), decay = 0.3f;
    float *b1 = random_f32(H, 0), got, *g1 = random_f32(D * H, 1), *gb1 = random_f32(H, 1),
          *g2 = random_f32(H * K, 1), *gb2 = random_f32(K, 1);
    const int32_t y[N] = { 0, 1, 1 };
    int exact1 = 1, exact2 = 1;

    for (int i = 0; i < H; i++)
        b1[i] = -9;
    check_code(loss_grad(x, y, W1, b1, W2, b2, decay, N, D, H, K, &got, g1, gb1, g2,
                         gb2 WORK_loss_grad(N, D, H, K)));
    for (int i = 0; i < D * H; i++)
        exact1 &= g1[i] == 2 * decay * W1[i];
    for (int i = 0; i < H * K; i++)
        exact2 &= g2[i] == 2 * decay * W2[i];
    report("decay contributes 2 decay W1", !exact1, 0);
    report("decay contributes 2 decay W2", !exact2, 0);
}

static void test_mlp(void)
{
    mlp_decay();
    mlp_sizes(1, 1, 1, 2);
    mlp_sizes(5, 7, 13, 3);
    mlp_sizes(32, 48, 64, 10);
}
#endif

/* ---- mlp_l2: the closed forms of Dive into Deep Learning ---- */
#ifdef HAVE_mlp_l2
#include "mlp_l2.h"
static void mlp_l2_sizes(int64_t D, int64_t K, int64_t H)
{
    const Array x = random_array(D, 1), y = random_array(K, 1), W1 = random_array(H * D, 0.5),
                W2 = random_array(K * H, 0.5), lam = random_array(1, 0.1);
    double *h = doubles(H), *o = doubles(K), *g1 = doubles(H * D), *g2 = doubles(K * H);
    double J = 0;
    real v, *got1 = output(H * D), *got2 = output(K * H);

    for (int64_t i = 0; i < H; i++) {
        double z = 0;
        for (int64_t d = 0; d < D; d++)
            z += W1.d[i * D + d] * x.d[d];
        h[i] = tanh(z);
    }
    for (int64_t k = 0; k < K; k++) {
        o[k] = -y.d[k];                   /* dJ/do = o - y */
        for (int64_t i = 0; i < H; i++)
            o[k] += W2.d[k * H + i] * h[i];
        J += 0.5 * o[k] * o[k];
    }
    for (int64_t i = 0; i < H; i++) {
        double back = 0;                  /* dJ/dz = (W2' dJ/do) phi'(z) */
        for (int64_t k = 0; k < K; k++) {
            const double W = W2.d[k * H + i];
            J += 0.5 * lam.d[0] * W * W;
            g2[k * H + i] = o[k] * h[i] + lam.d[0] * W;
            back += W * o[k];
        }
        for (int64_t d = 0; d < D; d++) {
            const double W = W1.d[i * D + d];
            J += 0.5 * lam.d[0] * W * W;
            g1[i * D + d] = back * (1 - h[i] * h[i]) * x.d[d] + lam.d[0] * W;
        }
    }
    check_code(mlp_l2(x.r, y.r, W1.r, W2.r, lam.r[0], D, K, H, &v WORK_mlp_l2(D, K, H)));
    check_one("value", v, J);
    check_code(mlp_l2_grad(x.r, y.r, W1.r, W2.r, lam.r[0], D, K, H, &v, got1,
                           got2 WORK_mlp_l2_grad(D, K, H)));
    check_one("value with gradient", v, J);
    check("W1", got1, g1, H * D);
    check("W2", got2, g2, K * H);
}

static void test_mlp_l2(void)
{
    mlp_l2_sizes(1, 1, 1);
    mlp_l2_sizes(4, 3, 9);
    mlp_l2_sizes(31, 10, 17);
}
#endif

/* ---- deep_mlp: Algorithms 6.3 and 6.4 of Goodfellow et al., by hand ---- */
#ifdef HAVE_deep_mlp
#include "deep_mlp.h"
enum { LAYERS = 4 };

static void deep_mlp_sizes(int64_t D, int64_t K, int64_t A, int64_t B, int64_t C)
{
    const int64_t width[LAYERS + 1] = { D, A, B, C, K };
    const Array x = random_array(D, 1), y = random_array(K, 1), lam = random_array(1, 0.1);
    Array W[LAYERS], b[LAYERS];
    double *h[LAYERS + 1] = { x.d }, *gW[LAYERS], *gb[LAYERS], J = 0;
    real v, *got_W[LAYERS], *got_b[LAYERS];
    char what[16];

    for (int k = 0; k < LAYERS; k++) {
        const int64_t in = width[k], out = width[k + 1];
        W[k] = random_array(out * in, 0.7);
        b[k] = random_array(out, 0.7);
        gW[k] = doubles(out * in);
        gb[k] = doubles(out);
        got_W[k] = output(out * in);
        got_b[k] = output(out);
        h[k + 1] = doubles(out);
        for (int64_t i = 0; i < out; i++) {              /* 6.3: a = b + W h, h = f(a) */
            double a = b[k].d[i];
            J += lam.d[0] * b[k].d[i] * b[k].d[i] / 2;
            for (int64_t j = 0; j < in; j++) {
                a += W[k].d[i * in + j] * h[k][j];
                J += lam.d[0] * W[k].d[i * in + j] * W[k].d[i * in + j] / 2;
            }
            h[k + 1][i] = tanh(a);
        }
    }
    double *g = doubles(K);                              /* 6.4: g = grad by y^ of L */
    for (int64_t i = 0; i < K; i++) {
        g[i] = h[LAYERS][i] - y.d[i];
        J += g[i] * g[i] / 2;
    }
    for (int k = LAYERS - 1; k >= 0; k--) {
        const int64_t in = width[k], out = width[k + 1];
        double *next = doubles(in);
        for (int64_t i = 0; i < out; i++) {
            g[i] *= 1 - h[k + 1][i] * h[k + 1][i];       /* g = g . f'(a) */
            gb[k][i] = g[i] + lam.d[0] * b[k].d[i];
            for (int64_t j = 0; j < in; j++) {
                gW[k][i * in + j] = g[i] * h[k][j] + lam.d[0] * W[k].d[i * in + j];
                next[j] += W[k].d[i * in + j] * g[i];    /* g = W' g */
            }
        }
        g = next;
    }

#define DEEP_IN                                                                              \
    x.r, y.r, W[0].r, b[0].r, W[1].r, b[1].r, W[2].r, b[2].r, W[3].r, b[3].r, lam.r[0], D, K, \
        A, B, C
    check_code(deep_mlp(DEEP_IN, &v WORK_deep_mlp(D, K, A, B, C)));
    check_one("value", v, J);
    check_code(deep_mlp_grad(DEEP_IN, &v, got_W[0], got_b[0], got_W[1], got_b[1], got_W[2],
                             got_b[2], got_W[3], got_b[3] WORK_deep_mlp_grad(D, K, A, B, C)));
    check_one("value with gradient", v, J);
    for (int k = 0; k < LAYERS; k++) {
        snprintf(what, sizeof what, "W%d", k + 1);
        check(what, got_W[k], gW[k], width[k] * width[k + 1]);
        snprintf(what, sizeof what, "b%d", k + 1);
        check(what, got_b[k], gb[k], width[k + 1]);
    }
}

static void test_deep_mlp(void)
{
    deep_mlp_sizes(1, 1, 1, 1, 1);
    deep_mlp_sizes(5, 3, 7, 4, 6);
    deep_mlp_sizes(16, 8, 32, 17, 8);
}
#endif

/* ---- rosenbrock ---- */
#ifdef HAVE_rosenbrock
#include "rosenbrock.h"
static void rosenbrock_size(int64_t n, int at_minimum)
{
    Array x = random_array(n, 1.5), t = random_array(n, 1);
    double f = 0, *g = doubles(n), *H = doubles(n * n), *Ht = doubles(n);
    real v, *got_g = output(n), *got_H = output(n * n), *got_Ht = output(n);

    for (int64_t i = 0; at_minimum && i < n; i++)
        x.r[i] = (real)(x.d[i] = 1);
    for (int64_t i = 0; i + 1 < n; i++) {
        const double a = x.d[i], u = x.d[i + 1] - a * a;
        f += 100 * u * u + (1 - a) * (1 - a);
        g[i] += -400 * a * u - 2 * (1 - a);
        g[i + 1] += 200 * u;
        H[i * n + i] += 1200 * a * a - 400 * x.d[i + 1] + 2;
        H[(i + 1) * n + i + 1] += 200;
        H[i * n + i + 1] = H[(i + 1) * n + i] = -400 * a;
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            Ht[i] += H[i * n + j] * t.d[j];
    check_code(rosenbrock(x.r, n, &v WORK_rosenbrock(n)));
    check_one("value", v, f);
    check_code(rosenbrock_grad(x.r, n, &v, got_g WORK_rosenbrock_grad(n)));
    check_one("value with gradient", v, f);
    check("gradient", got_g, g, n);
    check_code(rosenbrock_hessian(x.r, n, &v, got_H WORK_rosenbrock_hessian(n)));
    check_one("value with Hessian", v, f);
    check("Hessian", got_H, H, n * n);
    check_code(rosenbrock_hvp(x.r, t.r, n, &v, got_Ht WORK_rosenbrock_hvp(n)));
    check_one("value with Hessian product", v, f);
    check("Hessian product", got_Ht, Ht, n);
}

static void test_rosenbrock(void)
{
    rosenbrock_size(2, 0);
    rosenbrock_size(2, 1);
    rosenbrock_size(3, 0);
    rosenbrock_size(37, 0);
    rosenbrock_size(10, 1);
}
#endif

/* ---- arm: against plain forward kinematics and its central differences ---- */
#ifdef HAVE_arm
#include "arm.h"

/* A chain of rotation matrices R and places o, joint by joint. */
static void arm_forward(const double q[7], double p[3])
{
    static const double d[7] = { 0.34, 0, 0.4, 0, 0.4, 0, 0.126 };
    static const double s[7] = { -1, 1, 1, -1, -1, 1, 0 };
    const double tool[3] = { 0.05, 0, 0.1 };
    double R[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, o[3] = { 0 };

    for (int j = 0; j < 7; j++) {
        const double C = cos(q[j]), S = sin(q[j]), c = s[j] == 0;
        const double A[3][3] = { { C, -S * c, S * s[j] }, { S, C * c, -C * s[j] }, { 0, s[j], c } };
        double T[3][3] = { { 0 } };
        for (int a = 0; a < 3; a++) {
            o[a] += R[a][2] * d[j];
            for (int b = 0; b < 3; b++)
                for (int k = 0; k < 3; k++)
                    T[a][b] += R[a][k] * A[k][b];
        }
        memcpy(R, T, sizeof R);
    }
    for (int a = 0; a < 3; a++)
        p[a] = o[a] + R[a][0] * tool[0] + R[a][1] * tool[1] + R[a][2] * tool[2];
}

static double arm_cost(const double q[7], const double goal[3])
{
    double p[3], s = 0;
    arm_forward(q, p);
    for (int a = 0; a < 3; a++)
        s += (p[a] - goal[a]) * (p[a] - goal[a]);
    for (int j = 0; j < 7; j++)
        s += 1e-3 * q[j] * q[j];
    return s;
}

/* q with joint i moved by hi and joint j by hj */
static double arm_cost_at(const double q[7], const double goal[3], int i, double hi, int j, double hj)
{
    double moved[7];
    memcpy(moved, q, sizeof moved);
    moved[i] += hi;
    moved[j] += hj;
    return arm_cost(moved, goal);
}

static void test_arm(void)
{
    const double h = 1e-5, h2 = 1e-3;     /* steps for first and second differences */
    const double loose = sizeof(real) == 4 ? 1e-4 : 1e-8;

    for (int t = 0; t < 5; t++) {
        const Array q = random_array(7, 2), goal = random_array(3, 0.7);
        double p[3], up[3], down[3], J[21], g[7], H[49], hand_v, hand_g[7], hand_H[49], at[7];
        real v, cost, out[3], got_J[21], got_g[7], got_H[49];

        arm_forward(q.d, p);
        for (int i = 0; i < 7; i++) {
            memcpy(at, q.d, sizeof at);
            at[i] = q.d[i] + h;
            arm_forward(at, up);
            at[i] = q.d[i] - h;
            arm_forward(at, down);
            for (int a = 0; a < 3; a++)
                J[7 * a + i] = (up[a] - down[a]) / (2 * h);
            g[i] = (arm_cost_at(q.d, goal.d, i, h, i, 0) - arm_cost_at(q.d, goal.d, i, -h, i, 0)) / (2 * h);
            for (int j = 0; j < 7; j++)
                H[7 * i + j] = (arm_cost_at(q.d, goal.d, i, h2, j, h2) - arm_cost_at(q.d, goal.d, i, h2, j, -h2) -
                                arm_cost_at(q.d, goal.d, i, -h2, j, h2) + arm_cost_at(q.d, goal.d, i, -h2, j, -h2)) /
                               (4 * h2 * h2);
        }
        check_code(arm_position(q.r, out WORK_arm_position()));
        check("position", out, p, 3);
        check_code(arm_position_jacobian(q.r, out, got_J WORK_arm_position_jacobian()));
        check("position with Jacobian", out, p, 3);
        check_within("Jacobian", got_J, J, 21, loose);

        hand_arm_newton(q.d, goal.d, &hand_v, hand_g, hand_H);
        check_code(arm(q.r, goal.r, &v WORK_arm()));
        check_one("cost", v, arm_cost(q.d, goal.d));
        check_code(arm_grad(q.r, goal.r, &v, got_g WORK_arm_grad()));
        check_one("cost with gradient", v, hand_v);
        check_within("gradient against differences", got_g, g, 7, loose);
        check("gradient by hand", got_g, hand_g, 7);
        check_code(arm_hessian(q.r, goal.r, &v, got_H WORK_arm_hessian()));
        check_one("cost with Hessian", v, hand_v);
        check_within("Hessian against differences", got_H, H, 49, 1e-4);
        check("Hessian by hand", got_H, hand_H, 49);
        check_code(arm_newton(q.r, goal.r, &cost, got_g, got_H WORK_arm_newton()));
        check_one("cost of all three", cost, hand_v);
        check("gradient of all three", got_g, hand_g, 7);
        check("Hessian of all three", got_H, hand_H, 49);
    }
}
#endif

/* ---- lse ---- */
#ifdef HAVE_lse
#include "lse.h"
static void lse_array(Array x)
{
    double want, *g = doubles(x.n);
    real v, *got = output(x.n);

    hand_lse_grad(x.d, x.n, &want, g);
    check_code(lse(x.r, x.n, &v WORK_lse(x.n)));
    check_one("value", v, want);
    check_code(lse_grad(x.r, x.n, &v, got WORK_lse_grad(x.n)));
    check_one("value with gradient", v, want);
    check("gradient", got, g, x.n);
}

static void test_lse(void)
{
    const double steep[3] = { -1000, 0, 1000 };

    lse_array(random_array(1, 1));
    lse_array(random_array(7, 3));
    lse_array(random_array(1000, 3));
    lse_array(array_of(steep, 3));
    if (npy_have_cases()) {
        Array x = load("x", NULL);
        real v, *g = output(x.n);
        check_code(lse_grad(x.r, x.n, &v, g WORK_lse_grad(x.n)));
        check_case("expect_value", &v, 1);
        check_case("expect_x", g, x.n);
    }
}
#endif

/* ---- llsq ---- */
#ifdef HAVE_llsq
#include "llsq.h"
static void llsq_sizes(int64_t m, int64_t n)
{
    const Array x = random_array(m, 1);
    double want, *g = doubles(m);
    real v, *got = output(m);

    hand_llsq_grad(x.d, m, n, &want, g, scratch(hand_llsq_work(m, n)));
    check_code(llsq(x.r, m, n, &v WORK_llsq(m, n)));
    check_one("value", v, want);
    check_code(llsq_grad(x.r, m, n, &v, got WORK_llsq_grad(m, n)));
    check_one("value with gradient", v, want);
    check("gradient", got, g, m);
}

static void test_llsq(void)
{
    llsq_sizes(1, 2);
    llsq_sizes(6, 33);                    /* an odd n: a point at t = 0, where 0^0 = 1 */
    llsq_sizes(24, 300);
    llsq_sizes(128, 64);
    if (npy_have_cases()) {
        Array x = load("x", NULL);
        real v, *g = output(x.n);
        check_code(llsq_grad(x.r, x.n, 300, &v, g WORK_llsq_grad(x.n, 300)));
        check_case("expect_value", &v, 1);
        check_case("expect_x", g, x.n);
    }
}
#endif

/* ---- gmm ---- */
#ifdef HAVE_gmm
#include "gmm.h"
typedef struct { Array alpha, mu, q, l, x; int64_t K, D, N; } Gmm;
typedef struct { real value[2], *alpha, *mu, *q, *l; } GmmOut;

static GmmOut gmm_run(Gmm m)
{
    GmmOut o = { .alpha = output(m.alpha.n), .mu = output(m.mu.n), .q = output(m.q.n),
                 .l = output(m.l.n) };
#define GMM_IN m.alpha.r, m.mu.r, m.q.r, m.l.r, m.x.r, m.K, m.D, m.N
    check_code(gmm(GMM_IN, &o.value[0] WORK_gmm(m.K, m.D, m.N)));
    check_code(gmm_grad(GMM_IN, &o.value[1], o.alpha, o.mu, o.q,
                        o.l WORK_gmm_grad(m.K, m.D, m.N)));
    return o;
}

static void gmm_sizes(int64_t K, int64_t D, int64_t N)
{
    Gmm m = { random_array(K, 1), random_array(K * D, 1), random_array(K * D, 0.5),
              random_array(K * (D * (D - 1) / 2), 0.5), random_array(N * D, 2), K, D, N };
    const GmmOut o = gmm_run(m);
    double v, *alpha = doubles(K), *mu = doubles(K * D), *q = doubles(K * D), *l = doubles(m.l.n);

    hand_gmm_grad(m.alpha.d, m.mu.d, m.q.d, m.l.d, m.x.d, K, D, N, &v, alpha, mu, q, l,
                  scratch(hand_gmm_work(K, D, N)));
    check_one("value", o.value[0], v);
    check_one("value with gradient", o.value[1], v);
    check("alpha", o.alpha, alpha, K);
    check("mu", o.mu, mu, K * D);
    check("q", o.q, q, K * D);
    check("l", o.l, l, m.l.n);
}

static void test_gmm(void)
{
    gmm_sizes(1, 2, 1);
    gmm_sizes(3, 3, 10);
    gmm_sizes(5, 7, 50);
    gmm_sizes(25, 10, 100);
    if (npy_have_cases()) {
        int64_t shape[2], points[2];
        Gmm m = { .alpha = load("alpha", NULL), .mu = load("mu", shape), .q = load("q", NULL),
                  .l = load("l", NULL), .x = load("x", points) };
        m.K = shape[0];
        m.D = shape[1];
        m.N = points[0];
        const GmmOut o = gmm_run(m);
        check_case("expect_value", &o.value[0], 1);
        check_case("expect_value", &o.value[1], 1);
        check_case("expect_alpha", o.alpha, m.alpha.n);
        check_case("expect_mu", o.mu, m.mu.n);
        check_case("expect_q", o.q, m.q.n);
        check_case("expect_l", o.l, m.l.n);
    }
}
#endif

/* ---- ba ---- */
#ifdef HAVE_ba
#include "ba.h"

/* The formula of ../shared/cases/README.md. */
static void ba_error_by_hand(const double in[15], const double feat[2], double err[2])
{
    const double *r = in, *centre = in + 3, f = in[6], *u = in + 7, *k = in + 9, *X = in + 11, w = in[14];
    const double th = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
    double v[3], R[3], p[2];

    for (int i = 0; i < 3; i++)
        v[i] = X[i] - centre[i];
    for (int i = 0; i < 3; i++) {
        const double cross = r[(i + 1) % 3] * v[(i + 2) % 3] - r[(i + 2) % 3] * v[(i + 1) % 3];
        const double along = r[0] * v[0] + r[1] * v[1] + r[2] * v[2];
        R[i] = th == 0 ? v[i] + cross
                       : v[i] * cos(th) + cross / th * sin(th) + r[i] * along / (th * th) * (1 - cos(th));
    }
    const double s = (R[0] * R[0] + R[1] * R[1]) / (R[2] * R[2]);
    for (int i = 0; i < 2; i++) {
        p[i] = R[i] / R[2] * (1 + k[0] * s + k[1] * s * s);
        err[i] = w * (f * p[i] + u[i] - feat[i]);
    }
}

/* Value against the formula, Jacobian [2,15] against its central differences. */
static void ba_point(const double from[15], const double feat_from[2])
{
    const Array in = array_of(from, 15), feat = array_of(feat_from, 2);
    double want[2], J[30], up[2], down[2], at[15];
    real err[2], werr, value[2], jac_cam[22], jac_X[6], jac_w[2], got[30];

    ba_error_by_hand(in.d, feat.d, want);
    for (int j = 0; j < 15; j++) {
        memcpy(at, in.d, sizeof at);
        at[j] = in.d[j] + 1e-5;
        ba_error_by_hand(at, feat.d, up);
        at[j] = in.d[j] - 1e-5;
        ba_error_by_hand(at, feat.d, down);
        for (int i = 0; i < 2; i++)
            J[15 * i + j] = (up[i] - down[i]) / 2e-5;
    }
    check_code(ba(in.r, in.r + 11, in.r[14], feat.r, err, &werr WORK_ba()));
    check("err", err, want, 2);
    check_one("werr", werr, 1 - in.d[14] * in.d[14]);
    check_code(ba_jacobian(in.r, in.r + 11, in.r[14], feat.r, value, jac_cam, jac_X,
                           jac_w WORK_ba_jacobian()));
    check("err with Jacobian", value, want, 2);
    for (int i = 0; i < 2; i++) {
        memcpy(got + 15 * i, jac_cam + 11 * i, 11 * sizeof(real));
        memcpy(got + 15 * i + 11, jac_X + 3 * i, 3 * sizeof(real));
        got[15 * i + 14] = jac_w[i];
    }
    check_within("Jacobian", got, J, 30, sizeof(real) == 4 ? 2e-4 : 1e-7);
}

static void test_ba(void)
{
    double in[15] = { 0.3, -0.2, 0.5, 0.1, -0.3, -4, 1.5, 0.2, -0.1, 0.05, -0.02, 0.7, -0.6, 1.2, 0.8 };
    const double feat[2] = { 0.4, -0.25 };

    ba_point(in, feat);
    in[0] = in[1] = 0;                    /* turned about one axis only */
    ba_point(in, feat);
    in[2] = 0;                            /* not turned at all: th = 0 */
    ba_point(in, feat);

    if (npy_have_cases()) {
        const Array cam = load("cam", NULL), X = load("X", NULL), w = load("w", NULL), f = load("feat", NULL);
        real err[2], werr, value[2], jac_cam[22], jac_X[6], jac_w[2], J[30], wgrad;

        check_code(ba(cam.r, X.r, w.r[0], f.r, err, &werr WORK_ba()));
        check_case("expect_err", err, 2);
        check_case("expect_werr", &werr, 1);
        check_code(ba_jacobian(cam.r, X.r, w.r[0], f.r, value, jac_cam, jac_X, jac_w WORK_ba_jacobian()));
        for (int i = 0; i < 2; i++) {
            memcpy(J + 15 * i, jac_cam + 11 * i, 11 * sizeof(real));
            memcpy(J + 15 * i + 11, jac_X + 3 * i, 3 * sizeof(real));
            J[15 * i + 14] = jac_w[i];
        }
        check_case("expect_err", value, 2);
        check_case("expect_J", J, 30);
        check_code(ba_weight_grad(w.r[0], &werr, &wgrad WORK_ba_weight_grad()));
        check_case("expect_werr", &werr, 1);
        check_case("expect_wgrad", &wgrad, 1);
    }
}
#endif

int main(void)
{
#ifdef HAVE_chain
    RUN(chain);
#endif
#ifdef HAVE_xor
    RUN(xor);
#endif
#ifdef HAVE_xor_linear
    RUN(xor_linear);
#endif
#ifdef HAVE_logistic
    RUN(logistic);
#endif
#ifdef HAVE_mlp
    RUN(mlp);
#endif
#ifdef HAVE_mlp_l2
    RUN(mlp_l2);
#endif
#ifdef HAVE_deep_mlp
    RUN(deep_mlp);
#endif
#ifdef HAVE_rosenbrock
    RUN(rosenbrock);
#endif
#ifdef HAVE_arm
    RUN(arm);
#endif
#ifdef HAVE_lse
    RUN(lse);
#endif
#ifdef HAVE_llsq
    RUN(llsq);
#endif
#ifdef HAVE_gmm
    RUN(gmm);
#endif
#ifdef HAVE_ba
    RUN(ba);
#endif
    return sum_up();
}
