/* newton.c - compiles a model when the program starts, and minimises it by Newton's method with the
 * gradient and the Hessian that libgradc makes of it.
 *
 *   newton [MODEL.dg [n]]       rosenbrock.dg, n = 2 variables
 *
 * The model exports one function of one vector, `with grad, hessian`. */
#include <gradc.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A function of the model, ready to be called with vectors of length n. */
typedef struct Function {
    gradc_call_function *call;
    int64_t size;
    void *work;
} Function;

typedef struct Problem {
    gradc *model;
    gradc_module *module;
    Function value, grad, hessian;
} Problem;

static int says(const char *text)
{
    fprintf(stderr, "newton: %s\n", text);
    return 0;
}

/* The function whose name ends so. */
static int find(const gradc *g, const char *end)
{
    for (int i = 0; i < gradc_function_count(g); i++) {
        const char *name = gradc_get_function(g, i).name;
        size_t n = strlen(name), m = strlen(end);
        if (n >= m && !strcmp(name + n - m, end))
            return i;
    }
    return -1;
}

/* Finds the sizes from the shape of x and makes the workspace, both once: calls do nothing but
 * compute. */
static int prepare(const Problem *p, int f, int64_t n, Function *out)
{
    gradc_error e = {0};
    gradc_function info = gradc_get_function(p->model, f);
    if (f < 0 || info.ninput != 1 || info.nsize != 1)
        return says("the model wants one function of one vector, exported with grad, hessian");
    out->size = -1;
    gradc_shape shape = {1, &n};
    if (gradc_infer_sizes(p->model, f, &shape, &out->size, &e) != GRADC_OK)
        return says(e.text);
    out->work = malloc(gradc_workspace(p->module, f, NULL, &out->size) + 1);
    out->call = gradc_get_call(p->module, f);
    return out->work && out->call ? 1 : says("out of memory");
}

static int load(Problem *p, const char *path, int64_t n)
{
    gradc_error e = {0};
    p->model = gradc_compile_file(path, NULL);
    if (!p->model)
        return says("out of memory");
    if (gradc_get_status(p->model) != GRADC_OK) {
        fputs(gradc_errors(p->model), stderr); /* with file, line and a caret under the place */
        return 0;
    }
    p->module = gradc_load(p->model, "tcc", &e);
    if (!p->module) /* built without libtcc */
        p->module = gradc_load(p->model, "cc", &e);
    if (!p->module)
        return says(e.text);
    return prepare(p, 0, n, &p->value) && prepare(p, find(p->model, "_grad"), n, &p->grad) &&
           prepare(p, find(p->model, "_hessian"), n, &p->hessian);
}

static void unload(Problem *p)
{
    free(p->value.work);
    free(p->grad.work);
    free(p->hessian.work);
    gradc_unload(p->module);
    gradc_free(p->model);
}

static double value_at(const Problem *p, double *x)
{
    double value = NAN;
    void *in[] = {x}, *out[] = {&value};
    p->value.call(in, &p->value.size, out, p->value.work);
    return value;
}

/* Solves (H + shift I) s = g by Cholesky's method, in place; 0 where that is not positive definite.
 */
static int solve(int n, double *h, double shift, const double *g, double *s)
{
    for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = h[i * n + j] + (i == j ? shift : 0);
            for (int k = 0; k < j; k++)
                sum -= h[i * n + k] * h[j * n + k];
            if (i == j && !(sum > 0))
                return 0;
            h[i * n + j] = i == j ? sqrt(sum) : sum / h[j * n + j];
        }
        s[i] = g[i];
        for (int k = 0; k < i; k++)
            s[i] -= h[i * n + k] * s[k];
        s[i] /= h[i * n + i];
    }
    for (int i = n; i-- > 0;) {
        for (int k = i + 1; k < n; k++)
            s[i] -= h[k * n + i] * s[k];
        s[i] /= h[i * n + i];
    }
    return 1;
}

/* A step along which the function falls: Newton's, with the Hessian shifted where it must be. */
static void find_step(const Problem *p, int n, double *x, const double *g, double *h, double *s)
{
    double value;
    void *in[] = {x}, *out[] = {&value, h};
    for (double shift = 0;; shift = shift > 0 ? 4 * shift : 1e-3) {
        p->hessian.call(in, &p->hessian.size, out, p->hessian.work);
        if (solve(n, h, shift, g, s))
            return;
    }
}

/* Newton's method with the step halved until the function falls enough (Armijo's rule). */
static int minimise(const Problem *p, int n, double *x, double *g, double *h, double *s,
                    double *next)
{
    double value;
    void *in[] = {x}, *out[] = {&value, g};
    for (int turn = 0; turn < 200; turn++) {
        double norm = 0, slope = 0, t = 1;
        p->grad.call(in, &p->grad.size, out, p->grad.work);
        for (int i = 0; i < n; i++)
            norm += g[i] * g[i];
        printf("%3d  f = %-22.15g |grad| = %.3g\n", turn, value, sqrt(norm));
        if (sqrt(norm) < 1e-9 || !isfinite(norm))
            return isfinite(norm);
        find_step(p, n, x, g, h, s);
        for (int i = 0; i < n; i++)
            slope += g[i] * s[i];
        do {
            for (int i = 0; i < n; i++)
                next[i] = x[i] - t * s[i];
            t /= 2;
        } while (!(value_at(p, next) <= value - 1e-4 * 2 * t * slope) && t > 1e-12);
        memcpy(x, next, sizeof *x * (size_t)n);
    }
    return 0;
}

int main(int argc, char **argv)
{
    Problem p = {0};
    const char *path = argc > 1 ? argv[1] : "rosenbrock.dg";
    int n = argc > 2 ? atoi(argv[2]) : 2, good = 0;
    if (n < 2 || n > 1000)
        return says("n is a number from 2 to 1000"), 2;
    size_t vector = sizeof(double) * (size_t)n;
    double *x = malloc(vector), *g = malloc(vector), *s = malloc(vector), *next = malloc(vector);
    double *h = malloc(vector * (size_t)n);
    if (!x || !g || !s || !next || !h)
        says("out of memory");
    else if (load(&p, path, n)) {
        for (int i = 0; i < n; i++)
            x[i] = i % 2 ? 1 : -1.2; /* the usual start */
        good = minimise(&p, n, x, g, h, s, next);
        printf("x =");
        for (int i = 0; i < n; i++)
            printf(" %.9g", x[i]);
        printf("\n");
    }
    unload(&p);
    free(x);
    free(g);
    free(s);
    free(next);
    free(h);
    return good ? 0 : 1;
}
