/* loops_test.c: the examples that have loops and branches at run time: values against the same
 * algorithm in C, derivatives against hand-written ones, closed forms or central differences. */
#include "values.h"

/* ---- Differences ---- */

typedef double Value(void);

/* Central differences of f by x, in double. */
static double *differences(Value *f, double *x, int64_t n)
{
    double *g = doubles(n);
    for (int64_t i = 0; i < n; i++) {
        const double at = x[i], step = 1e-5 * (1 + fabs(at));
        x[i] = at + step;
        const double up = f();
        x[i] = at - step;
        g[i] = (up - f()) / (2 * step);
        x[i] = at;
    }
    return g;
}

static void check_slope(const char *what, const real *got, Value *f, double *x, int64_t n)
{
    check_within(what, got, differences(f, x, n), n, sizeof(real) == 4 ? 5e-3 : 1e-7);
}

/* ---- lstm ---- */
#ifdef HAVE_lstm
#include "lstm.h"
static void lstm_of(int64_t L, int64_t b, int64_t c)
{
    const Array p = random_array(8 * L * b, 1), e = random_array(3 * b, 1), s = random_array(2 * L * b, 1);
    const Array x = random_array(c * b, 1);
    double *gp = doubles(8 * L * b), *ge = doubles(3 * b), want;
    real value, *got_p = output(8 * L * b), *got_e = output(3 * b);

    hand_lstm_grad(p.d, e.d, s.d, x.d, L, b, c, &want, gp, ge, allocate(hand_lstm_work(L, b, c)));
    check_code(lstm_grad(p.r, e.r, s.r, x.r, L, b, c, &value, got_p, got_e WORK_lstm_grad(L, b, c)));
    check_one("value", value, want);
    check("grad main_params", got_p, gp, 8 * L * b);
    check("grad extra_params", got_e, ge, 3 * b);
    check_code(lstm(p.r, e.r, s.r, x.r, L, b, c, &value WORK_lstm(L, b, c)));
    check_one("the value alone", value, want);
}

static void test_lstm(void)
{
    int64_t ps[2], xs[2];
    lstm_of(1, 1, 2);
    lstm_of(2, 14, 40);
    lstm_of(3, 5, 3);
    if (!npy_have_cases())
        return;
    const Array p = load("main_params", ps), e = load("extra_params", NULL), s = load("state", NULL);
    const Array x = load("sequence", xs);
    const int64_t L = ps[0] / 2, b = ps[1] / 4, c = xs[0];
    real value, *gp = output(p.n), *ge = output(e.n);
    check_code(lstm_grad(p.r, e.r, s.r, x.r, L, b, c, &value, gp, ge WORK_lstm_grad(L, b, c)));
    check_case("expect_value", &value, 1);
    check_case("expect_main_params", gp, p.n);
    check_case("expect_extra_params", ge, e.n);
}
#endif

/* ---- rnn ---- */
#ifdef HAVE_rnn
#include "rnn.h"
static struct { int64_t T, D, K, H; double *x, *target, *U, *W, *b, *V; } rnn_;

static double rnn_value(void)
{
    double h[16] = { 0 }, loss = 0;
    for (int64_t t = 0; t < rnn_.T; t++) {
        double z[16];
        for (int64_t i = 0; i < rnn_.H; i++) {
            z[i] = rnn_.b[i];
            for (int64_t j = 0; j < rnn_.H; j++)
                z[i] += rnn_.W[i * rnn_.H + j] * h[j];
            for (int64_t j = 0; j < rnn_.D; j++)
                z[i] += rnn_.U[i * rnn_.D + j] * rnn_.x[t * rnn_.D + j];
        }
        for (int64_t i = 0; i < rnn_.H; i++)
            h[i] = tanh(z[i]);
        for (int64_t k = 0; k < rnn_.K; k++) {
            double e = -rnn_.target[t * rnn_.K + k];
            for (int64_t i = 0; i < rnn_.H; i++)
                e += rnn_.V[k * rnn_.H + i] * h[i];
            loss += e * e;
        }
    }
    return loss / (2 * (double)rnn_.T);
}

static void rnn_of(int64_t T, int64_t D, int64_t K, int64_t H)
{
    const Array x = random_array(T * D, 1), y = random_array(T * K, 1), U = random_array(H * D, 0.5);
    const Array W = random_array(H * H, 0.5), b = random_array(H, 0.5), V = random_array(K * H, 0.5);
    real value, *gU = output(H * D), *gW = output(H * H), *gb = output(H), *gV = output(K * H);

    rnn_.T = T, rnn_.D = D, rnn_.K = K, rnn_.H = H;
    rnn_.x = x.d, rnn_.target = y.d, rnn_.U = U.d, rnn_.W = W.d, rnn_.b = b.d, rnn_.V = V.d;
    check_code(rnn_grad(x.r, y.r, U.r, W.r, b.r, V.r, T, D, K, H, &value, gU, gW, gb, gV
                        WORK_rnn_grad(T, D, K, H)));
    check_one("value", value, rnn_value());
    check_slope("grad U", gU, rnn_value, U.d, U.n);
    check_slope("grad W", gW, rnn_value, W.d, W.n);
    check_slope("grad b", gb, rnn_value, b.d, b.n);
    check_slope("grad V", gV, rnn_value, V.d, V.n);
}

static void test_rnn(void)
{
    rnn_of(1, 1, 1, 1);
    rnn_of(7, 3, 2, 5);
    rnn_of(20, 2, 1, 16);
}
#endif

/* ---- ode ---- */
#ifdef HAVE_ode
#include "ode.h"
static struct { int64_t steps; double y0[2], p[4], h, goal[2]; int which; } ode_;

static void ode_rate(const double *y, double *out)
{
    out[0] = y[0] * (ode_.p[0] - ode_.p[1] * y[1]);
    out[1] = y[1] * (ode_.p[2] * y[0] - ode_.p[3]);
}

static void ode_run(double *y)
{
    y[0] = ode_.y0[0];
    y[1] = ode_.y0[1];
    for (int64_t s = 0; s < ode_.steps; s++) {
        const double part[4] = { 0, 0.5, 0.5, 1 }, weight[4] = { 1, 2, 2, 1 };
        double k[2] = { 0 }, sum[2] = { 0 };
        for (int stage = 0; stage < 4; stage++) {
            const double at[2] = { y[0] + part[stage] * ode_.h * k[0], y[1] + part[stage] * ode_.h * k[1] };
            ode_rate(at, k);
            sum[0] += weight[stage] * k[0];
            sum[1] += weight[stage] * k[1];
        }
        y[0] += ode_.h / 6 * sum[0];
        y[1] += ode_.h / 6 * sum[1];
    }
}

static double ode_component(void)
{
    double y[2];
    ode_run(y);
    return y[ode_.which];
}

static double ode_miss(void)
{
    double y[2];
    ode_run(y);
    return (y[0] - ode_.goal[0]) * (y[0] - ode_.goal[0]) + (y[1] - ode_.goal[1]) * (y[1] - ode_.goal[1]);
}

static void test_ode(void)
{
    const double y0[2] = { 1.5, 1 }, p[4] = { 1.1, 0.5, 0.25, 0.75 }, goal[2] = { 2, 1 };
    const real h = (real)0.0625;
    for (int64_t steps = 0; steps <= 40; steps += 20) {
        const Array y = array_of(y0, 2), rates = array_of(p, 4), to = array_of(goal, 2);
        real value[2], J[4], miss_value, gy[2], gp[4], H[16];
        double want[2];

        ode_.steps = steps;
        ode_.h = (double)h;
        memcpy(ode_.y0, y.d, sizeof ode_.y0);
        memcpy(ode_.p, rates.d, sizeof ode_.p);
        memcpy(ode_.goal, to.d, sizeof ode_.goal);
        ode_run(want);
        check_code(ode_jacobian(y.r, rates.r, h, steps, value, J WORK_ode_jacobian(steps)));
        check("value", value, want, 2);
        for (ode_.which = 0; ode_.which < 2; ode_.which++)
            check_slope("Jacobian", J + 2 * ode_.which, ode_component, ode_.y0, 2);
        check_code(miss_grad(y.r, rates.r, h, to.r, steps, &miss_value, gy, gp WORK_miss_grad(steps)));
        check_one("miss", miss_value, ode_miss());
        check_slope("grad y0", gy, ode_miss, ode_.y0, 2);
        check_slope("grad p", gp, ode_miss, ode_.p, 4);
        check_code(miss_hessian(y.r, rates.r, h, to.r, steps, &miss_value, H WORK_miss_hessian(steps)));
        for (int i = 0; i < 4 && sizeof(real) == 8; i++) { /* against differences of the gradient */
            real up[4], down[4];
            const double at = (double)rates.r[i], step = 1e-5;
            rates.r[i] = (real)(at + step);
            check_code(miss_grad(y.r, rates.r, h, to.r, steps, &miss_value, gy, up WORK_miss_grad(steps)));
            rates.r[i] = (real)(at - step);
            check_code(miss_grad(y.r, rates.r, h, to.r, steps, &miss_value, gy, down WORK_miss_grad(steps)));
            rates.r[i] = (real)at;
            double column[4];
            for (int j = 0; j < 4; j++)
                column[j] = ((double)up[j] - (double)down[j]) / (2 * step);
            check_within("Hessian", H + 4 * i, column, 4, steps ? 1e-6 : 1);
        }
    }
}
#endif

/* ---- pendulum ---- */
#ifdef HAVE_pendulum
#include "pendulum.h"
static double *pendulum_u;

static double pendulum_value(void)
{
    double angle = 0, speed = 0, cost = 0;
    for (int i = 0; i < 100; i++) {
        speed += 0.02 * (pendulum_u[i] - 0.1 * speed - 9.81 * sin(angle));
        angle += 0.02 * speed;
        cost += 1e-3 * pendulum_u[i] * pendulum_u[i];
    }
    return cost + (1 + cos(angle)) + 0.1 * speed * speed;
}

static void test_pendulum(void)
{
    const Array u = random_array(100, 2);
    real value, *g = output(100), *H = output(100 * 100), *up = output(100), *down = output(100);
    double *column = doubles(100);

    pendulum_u = u.d;
    check_code(pendulum_grad(u.r, &value, g WORK_pendulum_grad()));
    check_one("value", value, pendulum_value());
    check_slope("gradient", g, pendulum_value, u.d, 100);
    check_code(pendulum_hessian(u.r, &value, H WORK_pendulum_hessian()));
    for (int i = 0; i < 100; i += 33) {
        const double at = (double)u.r[i], step = sizeof(real) == 4 ? 1e-2 : 1e-5;
        u.r[i] = (real)(at + step);
        check_code(pendulum_grad(u.r, &value, up WORK_pendulum_grad()));
        u.r[i] = (real)(at - step);
        check_code(pendulum_grad(u.r, &value, down WORK_pendulum_grad()));
        u.r[i] = (real)at;
        for (int j = 0; j < 100; j++)
            column[j] = ((double)up[j] - (double)down[j]) / (2 * step);
        check_within("Hessian", H + 100 * i, column, 100, sizeof(real) == 4 ? 2e-2 : 1e-7);
    }
}
#endif

/* ---- nested: y of it solves 2 y + y^3/5 = x, element by element ---- */
#ifdef HAVE_nested
#include "nested.h"
static void test_nested(void)
{
    const double tight = sizeof(real) == 4 ? 1e-4 : 1e-9;
    const Array x = random_array(5, 2);
    real value, g[5];
    double want = 0, slope[5];

    for (int i = 0; i < 5; i++) {
        double y = 0;
        for (int turn = 0; turn < 60; turn++)
            y -= (2 * y + 0.2 * y * y * y - x.d[i]) / (2 + 0.6 * y * y);
        want += y * y;
        slope[i] = 2 * y / (2 + 0.6 * y * y);
    }
    if (sizeof(real) == 4) /* its descent ends at 1e-10, which float does not reach */
        return;
    check_code(nested_grad(x.r, 5, &value, g WORK_nested_grad(5)));
    check_within("value", &value, &want, 1, tight);
    check_within("gradient", g, slope, 5, 1e-7);
}
#endif

/* ---- cholesky ---- */
#ifdef HAVE_cholesky
#include "cholesky.h"
static double *cholesky_A, *cholesky_L;
static int64_t cholesky_n;

static double cholesky_value(void)
{
    const int64_t n = cholesky_n;
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            double s = cholesky_A[i * n + j];
            for (int64_t k = 0; k < j; k++)
                s -= cholesky_L[i * n + k] * cholesky_L[j * n + k];
            cholesky_L[i * n + j] = i == j ? sqrt(s) : s / cholesky_L[j * n + j];
        }
    for (int64_t i = 0; i < n; i++)
        sum += 2 * log(cholesky_L[i * n + i]);
    return sum;
}

static void test_cholesky(void)
{
    for (int64_t n = 1; n <= 9; n += 4) {
        const Array B = random_array(n * n, 1);
        double *from = doubles(n * n);
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++) {
                from[i * n + j] = i == j ? (double)n : 0;
                for (int64_t k = 0; k < n; k++)
                    from[i * n + j] += B.d[i * n + k] * B.d[j * n + k];
            }
        const Array A = array_of(from, n * n);
        real value, *g = output(n * n), *L = output(n * n);

        cholesky_A = A.d;
        cholesky_L = doubles(n * n);
        cholesky_n = n;
        const double want = cholesky_value();
        check_code(log_determinant_grad(A.r, n, &value, g WORK_log_determinant_grad(n)));
        check_one("log-determinant", value, want);
        check_slope("gradient", g, cholesky_value, A.d, n * n);
        cholesky_value();
        check_code(factor(A.r, n, L WORK_factor(n)));
        check("factor", L, cholesky_L, n * n);
    }
}
#endif

/* ---- kalman ---- */
#ifdef HAVE_kalman
#include "kalman.h"
enum { KN = 2, KT = 12 }; /* one number is observed */
static double *kalman_z, *kalman_F, *kalman_G, *kalman_Q, *kalman_R, *kalman_m, *kalman_P;

static double kalman_value(void)
{
    double m[KN], P[KN][KN], total = 0;
    for (int i = 0; i < KN; i++) {
        m[i] = kalman_m[i];
        for (int j = 0; j < KN; j++)
            P[i][j] = kalman_P[i * KN + j];
    }
    for (int t = 0; t < KT; t++) {
        double n[KN] = { 0 }, FP[KN][KN] = { 0 }, N[KN][KN], K[KN], S = kalman_R[0], e = kalman_z[t];
        for (int i = 0; i < KN; i++)
            for (int j = 0; j < KN; j++) {
                n[i] += kalman_F[i * KN + j] * m[j];
                for (int k = 0; k < KN; k++)
                    FP[i][j] += kalman_F[i * KN + k] * P[k][j];
            }
        for (int i = 0; i < KN; i++)
            for (int j = 0; j < KN; j++) {
                N[i][j] = kalman_Q[i * KN + j];
                for (int k = 0; k < KN; k++)
                    N[i][j] += FP[i][k] * kalman_F[j * KN + k];
            }
        double GN[KN] = { 0 };
        for (int j = 0; j < KN; j++) {
            for (int k = 0; k < KN; k++)
                GN[j] += kalman_G[k] * N[k][j];
            S += GN[j] * kalman_G[j];
            e -= kalman_G[j] * n[j];
        }
        total += log(S) + e * e / S + log(2 * 3.14159265358979323846);
        for (int i = 0; i < KN; i++) {
            K[i] = GN[i] / S;
            m[i] = n[i] + K[i] * e;
        }
        for (int i = 0; i < KN; i++)
            for (int j = 0; j < KN; j++)
                P[i][j] = N[i][j] - K[i] * GN[j];
    }
    return -total / 2;
}

static void test_kalman(void)
{
    const double F[4] = { 1, 0.5, -0.25, 0.75 }, G[2] = { 1, 0.5 }, P[4] = { 1, 0.25, 0.25, 2 };
    const double Q[4] = { 0.5, 0.125, 0.125, 0.25 }, R[1] = { 0.75 };
    const Array z = random_array(KT, 1), f = array_of(F, 4), g = array_of(G, 2), q = array_of(Q, 4);
    const Array r = array_of(R, 1), m = random_array(KN, 1), p = array_of(P, 4);
    real value, gF[4], gQ[4], gR[1];

    kalman_z = z.d, kalman_F = f.d, kalman_G = g.d, kalman_Q = q.d, kalman_R = r.d, kalman_m = m.d;
    kalman_P = p.d;
    check_code(kalman_grad(z.r, f.r, g.r, q.r, r.r, m.r, p.r, KT, 1, KN, &value, gF, gQ, gR
                           WORK_kalman_grad(KT, 1, KN)));
    check_one("value", value, kalman_value());
    check_slope("grad F", gF, kalman_value, f.d, 4);
    /* K reads G P, not its transpose: Q as it is given, symmetric, but by one element at a time it
     * is not, and the model and this file then go the same way only along symmetric changes. */
    double *slope = differences(kalman_value, q.d, 4);
    real both = gQ[1] + gQ[2];
    check_within("grad Q, diagonal", &gQ[0], &slope[0], 1, sizeof(real) == 4 ? 5e-3 : 1e-7);
    check_within("grad Q, beside it", &both, &(double){ slope[1] + slope[2] }, 1, sizeof(real) == 4 ? 5e-3 : 1e-7);
    check_slope("grad R", gR, kalman_value, r.d, 1);
}
#endif

/* ---- ba_map ---- */
#ifdef HAVE_ba_map
#include "ba_map.h"
static void test_ba_map(void)
{
    enum { C = 3, P = 5, O = 11 };
    const Array cams = random_array(11 * C, 1), X = random_array(3 * P, 1), w = random_array(O, 1);
    const Array feats = random_array(2 * O, 1);
    int32_t cameras[O], points[O];
    real *errors = output(2 * O), *blocks = output(30 * O);
    double *want = doubles(2 * O), *want_blocks = doubles(30 * O);

    for (int i = 0; i < P; i++) {
        X.r[3 * i + 2] += (real)8;
        X.d[3 * i + 2] = (double)X.r[3 * i + 2];
    }
    for (int o = 0; o < O; o++) {
        cameras[o] = o % C;
        points[o] = 3 * o % P;
    }
    hand_ba(cams.d, X.d, w.d, cameras, points, feats.d, O, want);
    hand_ba_blocks(cams.d, X.d, w.d, cameras, points, feats.d, O, want_blocks);
    check_code(ba_all(cams.r, X.r, w.r, cameras, points, feats.r, C, P, O, errors WORK_ba_all(C, P, O)));
    check("errors", errors, want, 2 * O);
    check_code(ba_blocks(cams.r, X.r, w.r, cameras, points, feats.r, C, P, O, blocks WORK_ba_blocks(C, P, O)));
    check("blocks", blocks, want_blocks, 30 * O);
}
#endif

int main(void)
{
#ifdef HAVE_lstm
    RUN(lstm);
#endif
#ifdef HAVE_rnn
    RUN(rnn);
#endif
#ifdef HAVE_ode
    RUN(ode);
#endif
#ifdef HAVE_pendulum
    RUN(pendulum);
#endif
#ifdef HAVE_nested
    RUN(nested);
#endif
#ifdef HAVE_cholesky
    RUN(cholesky);
#endif
#ifdef HAVE_kalman
    RUN(kalman);
#endif
#ifdef HAVE_ba_map
    RUN(ba_map);
#endif
    return sum_up();
}
