/* minimise_test.c: the examples about minimisation (Goodfellow et al., section 4.3) against closed
 * forms and the same algorithms in C. */
#include "values.h"

enum { MOST_N = 24 };

/* Numbers of very different sizes, each for itself. */
static void check_each(const char *what, const real *got, const double *want, int64_t n, double allowed)
{
    double gap = 0;
    for (int64_t i = 0; i < n; i++) {
        const double g = fabs((double)got[i] - want[i]) / (want[i] != 0 ? fabs(want[i]) : 1);
        gap = isnan(g) ? INFINITY : fmax(gap, g);
    }
    report(what, gap, allowed);
}

static void check_true(const char *what, int so)
{
    report(what, !so, 0);
}

/* A symmetric, positive definite matrix: B B' + 1. */
static Array definite(int64_t n)
{
    const Array B = random_array(n * n, 1);
    double *A = doubles(n * n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            A[i * n + j] = i == j;
            for (int64_t k = 0; k < n; k++)
                A[i * n + j] += B.d[i * n + k] * B.d[j * n + k];
        }
    return array_of(A, n * n);
}

static double dot(const double *a, const double *b, int64_t n)
{
    double s = 0;
    for (int64_t i = 0; i < n; i++)
        s += a[i] * b[i];
    return s;
}

static void times(const double *A, const double *x, double *out, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = dot(A + i * n, x, n);
}

/* ---- optimal_step ---- */
#ifdef HAVE_optimal_step
#include "optimal_step.h"
static void test_optimal_step(void)
{
    for (int64_t n = 1; n <= 6; n++) {
        const Array x = random_array(n, 2), A = definite(n), b = random_array(n, 2);
        double *g = doubles(n), *Ag = doubles(n), *next = doubles(n), *left = doubles(n);
        real f, *got_g = output(n), eps, *got_x = output(n), f_new;

        times(A.d, x.d, g, n);
        const double want_f = 0.5 * dot(x.d, g, n) - dot(b.d, x.d, n);
        for (int64_t i = 0; i < n; i++)
            g[i] -= b.d[i];
        times(A.d, g, Ag, n);
        const double want_eps = dot(g, g, n) / dot(g, Ag, n);
        for (int64_t i = 0; i < n; i++)
            next[i] = x.d[i] - want_eps * g[i];
        check_code(optimal_step(x.r, A.r, b.r, n, &f, got_g, &eps, got_x, &f_new WORK_optimal_step(n)));
        check_one("f", f, want_f);
        check("g", got_g, g, n);
        check_one("eps*", eps, want_eps);
        check("x - eps* g", got_x, next, n);
        /* The Taylor series is exact: f falls by half the step times |g|^2, and is level along g. */
        check_within("f there", &f_new, &(double){ want_f - want_eps / 2 * dot(g, g, n) }, 1,
                     sizeof(real) == 4 ? 1e-3 : 1e-9);
        for (int64_t i = 0; i < n; i++)
            next[i] = (double)got_x[i];
        times(A.d, next, left, n);
        for (int64_t i = 0; i < n; i++)
            left[i] -= b.d[i];
        report("the slope along g there", fabs(dot(left, g, n)) / dot(g, g, n), sizeof(real) == 4 ? 1e-4 : 1e-12);
    }
}
#endif

/* ---- critical_point ---- */
#ifdef HAVE_critical_point
#include "critical_point.h"
static void test_critical_point(void)
{
    static const struct { real x[2]; double least, greatest; int kind; } point[] = {
        { { 1, 1 }, 2, 2, 0 },   { { -1, -1 }, -2, -2, 1 }, { { 1, -1 }, -2, 2, 2 },
        { { -1, 1 }, -2, 2, 2 }, { { 1, 0 }, 0, 2, 3 },     { { -1, 0 }, -2, 0, 3 },
        { { 2, 1 }, 2, 4, 4 } /* not critical */ };
    static const char *const kind[] = { "a minimum", "a maximum", "a saddle", "inconclusive" };

    for (size_t i = 0; i < sizeof point / sizeof *point; i++) {
        real slope[2], least, greatest;
        uint8_t is[4];
        const double a = (double)point[i].x[0], b = (double)point[i].x[1];
        check_code(critical_point(point[i].x, slope, &least, &greatest, &is[0], &is[1], &is[2],
                                  &is[3] WORK_critical_point()));
        check("gradient", slope, (double[]){ a * a - 1, b * b * b * b - b * b }, 2);
        check_one("the smaller eigenvalue", least, point[i].least);
        check_one("the larger eigenvalue", greatest, point[i].greatest);
        for (int k = 0; k < 4; k++)
            check_true(kind[k], is[k] == (point[i].kind == k));
    }
}
#endif

/* ---- newton ---- */
#ifdef HAVE_newton
#include "newton.h"
static void test_newton(void)
{
    /* Exact in one step, from anywhere: to the last bit where the numbers allow it. */
    static const real A2[4] = { 2, 0, 0, 4 }, b2[2] = { 6, -2 }, from[2] = { 17, -5 };
    real got[2];
    check_code(newton_quadratic(from, A2, b2, 2, got WORK_newton_quadratic(2)));
    check_within("one step on a quadratic", got, (double[]){ 3, -0.5 }, 2, 0);
    for (int64_t n = 1; n <= 20; n += 6) {
        const Array x = random_array(n, 3), A = definite(n), b = random_array(n, 1);
        double *y = doubles(n), *left = doubles(n);
        real *out = output(n);
        check_code(newton_quadratic(x.r, A.r, b.r, n, out WORK_newton_quadratic(n)));
        for (int64_t i = 0; i < n; i++)
            y[i] = (double)out[i];
        times(A.d, y, left, n);
        check_within("A x = b after one step", b.r, left, n, sizeof(real) == 4 ? 3e-3 : 1e-9);
    }

    /* Rosenbrock's valley: each step against H^-1 g by hand; near the end the error is squared. */
    real x[2] = { (real)-1.2, 1 }, next[2], f, slope[2];
    double error[12] = { 0 };
    int steps = 0;
    for (; steps < 12; steps++) {
        const double a = (double)x[0], u = (double)x[1] - a * a, h11 = 1200 * a * a - 400 * (double)x[1] + 2,
                     h12 = -400 * a, g1 = -400 * a * u - 2 * (1 - a), g2 = 200 * u, det = h11 * 200 - h12 * h12;
        error[steps] = hypot((double)x[0] - 1, (double)x[1] - 1);
        if (error[steps] < (sizeof(real) == 4 ? 1e-5 : 1e-12))
            break;
        check_code(newton_rosenbrock(x, 2, next, &f, slope WORK_newton_rosenbrock(2)));
        check_one("f", f, 100 * u * u + (1 - a) * (1 - a));
        check_within("gradient", slope, (double[]){ g1, g2 }, 2, sizeof(real) == 4 ? 1e-2 : 1e-10);
        check_within("a step", next,
                     (double[]){ a - (200 * g1 - h12 * g2) / det, (double)x[1] - (h11 * g2 - h12 * g1) / det }, 2,
                     sizeof(real) == 4 ? 1e-3 : 1e-9);
        memcpy(x, next, sizeof x);
    }
    check_true("it arrives", steps > 3 && steps < 12);
    if (sizeof(real) == 8)
        check_true("the last errors square", error[steps - 1] < 50 * error[steps - 2] * error[steps - 2] &&
                                                 error[steps - 1] < 1e-4);
}
#endif

/* ---- line_search ---- */
#ifdef HAVE_line_search
#include "line_search.h"
static double valley_at(const double *x, int64_t n)
{
    double f = 0;
    for (int64_t i = 0; i + 1 < n; i++)
        f += 100 * pow(x[i + 1] - x[i] * x[i], 2) + pow(1 - x[i], 2);
    return f;
}

static void test_line_search(void)
{
    enum { n = 3, m = 7 };
    const Array x = random_array(n, 1.5);
    const Array steps = array_of((const double[]){ 1, 0.1, 0.01, 0.003, 0.001, 0.0003, 0.0001 }, m);
    double g[n], trials[m], best_x[n];
    int want = 0;
    real f, got[m], step, got_x[n];
    int64_t best;

    for (int i = 0; i < n; i++) { /* the gradient by differences is too rough: by hand */
        g[i] = i + 1 < n ? -400 * x.d[i] * (x.d[i + 1] - x.d[i] * x.d[i]) - 2 * (1 - x.d[i]) : 0;
        g[i] += i > 0 ? 200 * (x.d[i] - x.d[i - 1] * x.d[i - 1]) : 0;
    }
    for (int k = 0; k < m; k++) {
        double y[n];
        for (int i = 0; i < n; i++)
            y[i] = x.d[i] - steps.d[k] * g[i];
        trials[k] = valley_at(y, n);
        if (trials[k] < trials[want])
            want = k;
        if (want == k)
            memcpy(best_x, y, sizeof best_x);
    }
    check_code(line_search(x.r, steps.r, n, m, &f, got, &best, &step, got_x WORK_line_search(n, m)));
    check_one("f", f, valley_at(x.d, n));
    check_each("trials", got, trials, m, sizeof(real) == 4 ? 1e-3 : 1e-10);
    check_true("the best of them", best == want && want > 0 && want < m - 1);
    check_one("its step", step, steps.d[want]);
    check("where it leads", got_x, best_x, n);
    check_true("it is lower than before", trials[want] < valley_at(x.d, n));
}
#endif

/* ---- conditioning ---- */
#ifdef HAVE_conditioning
#include "conditioning.h"
static void test_conditioning(void)
{
    enum { STEPS = 15 };
    static const double k[] = { 2, 5, 20, 100 };
    static const char *const called[] = { "k = 2", "k = 5", "k = 20", "k = 100" };
    real got[4][STEPS + 1], path[2 * (STEPS + 1)];
    double want[STEPS + 1], way[2 * (STEPS + 1)];

    check_code(conditioning(got[0], got[1], got[2], got[3] WORK_conditioning()));
    for (int i = 0; i < 4; i++) { /* q^(2 i) f0 with f0 = (k^2 + k) / 2 */
        const double q = (k[i] - 1) / (k[i] + 1);
        for (int s = 0; s <= STEPS; s++)
            want[s] = pow(q, 2 * s) * (k[i] * k[i] + k[i]) / 2;
        check_each(called[i], got[i], want, STEPS + 1, sizeof(real) == 4 ? 1e-4 : 1e-12);
    }
    for (int s = 0; s <= STEPS; s++) {
        way[2 * s] = pow(4.0 / 6, s) * 5;
        way[2 * s + 1] = pow(-4.0 / 6, s);
    }
    check_code(valley((const real[]){ 5, 1 }, path WORK_valley()));
    check_each("the path for k = 5", path, way, 2 * (STEPS + 1), sizeof(real) == 4 ? 1e-4 : 1e-12);
}
#endif

/* ---- learning_rate ---- */
#ifdef HAVE_learning_rate
#include "learning_rate.h"
static void test_learning_rate(void)
{
    enum { ROWS = 16, EVERY = 4 };
    static const double rate[] = { 1, 0.1, 0.01 };
    static const char *const called[] = { "rate 1", "rate 0.1", "rate 0.01" };
    real got[3][2 * ROWS];

    check_code(learning_rate((real)2.5, got[0], got[1], got[2] WORK_learning_rate()));
    for (int i = 0; i < 3; i++) {
        double x = 2.5, want[2 * ROWS];
        for (int r = 0; r < ROWS; r++) {
            want[2 * r] = EVERY * r;
            want[2 * r + 1] = x;
            for (int s = 0; s < EVERY; s++)
                x -= rate[i] * (1 + cos(x));
        }
        check_each(called[i], got[i], want, 2 * ROWS, sizeof(real) == 4 ? 1e-3 : 1e-11);
    }
    check_true("rate 1 comes to rest above -pi", got[0][2 * ROWS - 1] > (real)-3.1416 && got[0][2 * ROWS - 1] < -3);
    check_true("rate 0.1 is on its way", got[1][2 * ROWS - 1] > (real)-2.9 && got[1][2 * ROWS - 1] < -2);
    check_true("rate 0.01 has hardly moved", got[2][2 * ROWS - 1] > (real)2.3);
}
#endif

/* ---- hill ---- */
#ifdef HAVE_hill
#include "hill.h"
static void hill_from(double start, double peak)
{
    enum { STEPS = 15 };
    real got[2 * (STEPS + 1)];
    double x = (double)(real)start, want[2 * (STEPS + 1)], top = peak;

    for (int s = 0; s <= STEPS; s++) {
        want[2 * s] = x;
        want[2 * s + 1] = 25 * sin(x) - x * x;
        x += 0.03 * (25 * cos(x) - 2 * x);
    }
    for (int i = 0; i < 20; i++) /* Newton on the slope, from the peak as it is called */
        top -= (25 * cos(top) - 2 * top) / (-25 * sin(top) - 2);
    check_code(climb((real)start, got WORK_climb()));
    check("the way", got, want, 2 * (STEPS + 1));
    report("its end", fabs((double)got[2 * STEPS] - top), 1e-3);
    check_true("a peak", fabs(top - peak) < 1e-3 && -25 * sin(top) - 2 < 0);
    for (int s = 0; s < STEPS; s++)
        if (got[2 * s + 3] < got[2 * s + 1] - (real)1e-4)
            check_true("it goes upwards", 0);
}

static void test_hill(void)
{
    enum { POINTS = 400 };
    real got[2 * POINTS];
    double want[2 * POINTS];

    hill_from(0, 1.4542);
    hill_from(-4, -4.3564);
    hill_from(9, 7.2365);
    for (int i = 0; i < POINTS; i++) {
        want[2 * i] = -8 + 20.0 * i / (POINTS - 1);
        want[2 * i + 1] = 25 * sin(want[2 * i]) - want[2 * i] * want[2 * i];
    }
    check_code(hill(-8, 12, got WORK_hill()));
    check("the curve", got, want, 2 * POINTS);
}
#endif

/* ---- krylov ---- */
#ifdef HAVE_krylov
#include "krylov.h"
enum { K = 6 }; /* products that it takes */

/* The Hessian of the chain of springs. */
static void springs(const double *x, int64_t n, double *H)
{
    memset(H, 0, sizeof *H * (size_t)(n * n));
    for (int64_t i = 0; i < n; i++) {
        H[i * n + i] = 0.5 + 12 * x[i] * x[i] + (i > 0) + (i + 1 < n);
        if (i > 0)
            H[i * n + i - 1] = H[(i - 1) * n + i] = -1;
    }
}

/* The largest eigenvalue of a definite matrix by powers of it. */
static double largest(const double *H, int64_t n)
{
    double v[MOST_N], w[MOST_N], value = 0;
    for (int64_t i = 0; i < n; i++)
        v[i] = 1 + 0.1 * (double)i;
    for (int k = 0; k < 20000; k++) {
        times(H, v, w, n);
        value = sqrt(dot(w, w, n));
        for (int64_t i = 0; i < n; i++)
            v[i] = w[i] / value;
    }
    return value;
}

static void krylov_size(int64_t n)
{
    const Array x = random_array(n, 0.7), r = random_array(n, 1), v = random_array(n, 1);
    double *H = doubles(n * n), *p = doubles(n), *Hp = doubles(n);
    real *got = output(n), left, top;

    springs(x.d, n, H);
    for (int64_t j = 0; j < n; j++) {
        check_code(column(x.r, j, n, got WORK_column(n)));
        check("a column of H", got, H + j * n, n);
    }
    check_code(solve_by_products(x.r, r.r, n, got, &left WORK_solve_by_products(n)));
    for (int64_t i = 0; i < n; i++)
        p[i] = (double)got[i];
    times(H, p, Hp, n);
    check_within("H p = r", r.r, Hp, n, n > K ? 0.2 : sizeof(real) == 4 ? 1e-5 : 1e-12);
    check_true("what is said to be left", (double)left < (n > K ? 0.1 : sizeof(real) == 4 ? 1e-10 : 1e-22));
    check_code(largest_eigenvalue(x.r, v.r, n, &top WORK_largest_eigenvalue(n)));
    check_within("the largest eigenvalue", &top, &(double){ largest(H, n) }, 1,
                 n > K ? 0.1 : sizeof(real) == 4 ? 1e-5 : 1e-10);
}

static void test_krylov(void)
{
    krylov_size(1);
    krylov_size(2);
    krylov_size(5);
    krylov_size(K);
    krylov_size(MOST_N); /* more variables than products: nearly */
}
#endif

int main(void)
{
#ifdef HAVE_optimal_step
    RUN(optimal_step);
#endif
#ifdef HAVE_critical_point
    RUN(critical_point);
#endif
#ifdef HAVE_newton
    RUN(newton);
#endif
#ifdef HAVE_line_search
    RUN(line_search);
#endif
#ifdef HAVE_conditioning
    RUN(conditioning);
#endif
#ifdef HAVE_learning_rate
    RUN(learning_rate);
#endif
#ifdef HAVE_hill
    RUN(hill);
#endif
#ifdef HAVE_krylov
    RUN(krylov);
#endif
    return sum_up();
}
