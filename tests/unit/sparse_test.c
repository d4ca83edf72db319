/* sparse_test.c - sparse Jacobians and Hessians against the dense ones: the same entries, zeros where
 * the pattern has none, and no more entries than there have to be; by the interpreter and by tcc.
 *
 *   sparse_test        from the root of the repository
 *
 * Of each function NAME_s that the models export sparse, NAME_d is the same dense. */
#include "runtime/gradc.h"
#include "tests/count.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char jacobians[] =
    "fn tri(x[9]) = x[1:8] * exp(x[0:7]) - x[2:9]^3 * x[1:8]\n"
    "fn map(x[7]) = sin(x) * x\n"
    "fn backwards(x[6]) = x[::-1]^2 + 1\n"
    "fn grid(u[6, 5], h) {\n"
    "    c = u[1:5, 1:4]\n"
    "    lap = u[0:4, 1:4] + u[2:6, 1:4] + u[1:5, 0:3] + u[1:5, 2:5] - 4 * c\n"
    "    return lap / h^2 - exp(c)\n}\n"
    "fn walls(u[5, 5]) = [i == 0 or j == 0 or i == 4 or j == 4 ? u[i, j] : u[max(i-1, 0), j] * u[min(i+1, 4), j] + u[i, max(j-1, 0)] * u[i, min(j+1, 4)]\n"
    "                     for i in 0:5, j in 0:5]\n"
    "fn arrow(x[8]) = concat(reshape(sum(x^2), [1]), x[0] * x[1:8]^2)\n"
    "fn arrow_row(x[20]) = concat(reshape(sum(x^2), [1]), x[1:20]^2)\n"
    "fn arrow_column(x[20]) = x * x[0]\n"
    "fn blocks(x[4, 3]) = [[x[i, 0] * x[i, 1], exp(x[i, 2]), dot(x[i], x[i])] for i in 0:4]\n"
    "fn shooting(z[4, 2], u[3]) {\n"
    "    r = zeros(3, 2)\n"
    "    for k in 0:3 {\n"
    "        a = z[k, 0]; w = z[k, 1]\n"
    "        for s in 0:5 {\n            a += 0.1 * w\n            w += 0.1 * (u[k] - sin(a))\n        }\n"
    "        r[k, 0] = z[k + 1, 0] - a\n        r[k, 1] = z[k + 1, 1] - w\n    }\n"
    "    return r\n}\n"
    "const at = [3, 0, 3, 5]\n"
    "fn gathered(x[6]) = x[at] * x[at + 0]^2\n"
    "const cam = [0, 0, 1, 1, 2]\nconst pt = [0, 1, 1, 2, 3]\n"
    "fn adjust(c[3, 2], p[4, 3]) = [[sum(p[pt[i]]) * c[cam[i], 0], p[pt[i], 0] / (2 + c[cam[i], 1]^2)] for i in 0:5]\n"
    "const A = [[1, 0, 2, 0], [0, 0, 3, 0], [0, 4, 0, 0]]\n"
    "fn linear(x[4]) = A @ x\n"
    "fn nothing(x[3]) = floor(x)\n"
    "fn none(x[0]) = x^2\n"
    "fn one(x[1]) = x^2\n"
    "fn scalar_in(t) = [t, t^2, exp(t)]\n"
    "fn scalar_out(x[5]) = x[1] * x[3]\n"
    "fn both_scalar(t) = t^3\n"
    "fn full(x[5]) = [[x[i] * x[j] for j in 0:5] for i in 0:5]\n"
    "fn solved(b[2, 3], c[2]) = solve([[4 + c[0]^2, 1], [1, 3]], b)\n"
    "fn chosen(x[6], k: i32) = [x[k], x[0]^2]\n"
    "fn mixed(x[4, 3], k: i32[4]) = [x[i, k[i]] ^ 2 for i in 0:4]\n"
    "fn summed(x[4, 3]) = cumsum(sum(x^2, axis=1))\n"
    "fn single(x: f32[6]) = x[1:6] * x[0:5]\n"
    "fn tuple(x[5], y[3]) {\n    a = x[1:5] * x[0:4]\n    b = y^2 * x[2]\n    return (a, b)\n}\n"
    "fn waiting(x[6], n: i32) {\n"
    "    a = x[0]; k = 0\n"
    "    while k < n limit 10 {\n        a = a * x[1] + x[2]\n        k += 1\n    }\n"
    "    return [a, x[3]^2, x[4] * x[5]]\n}\n"
    "fn sided(x[6], s) {\n"
    "    if s > 0 {\n        y = x[0:3] * x[3:6]\n    } else {\n        y = x[0:3]^2\n    }\n    return y\n}\n"
    "fn own(x[4]) = x^2 derivative (x, y, dy) = 2 * x * dy\n"
    "fn ruled(x[8]) = own(x[0:4]) + x[4:8]^2\n"
    "fn infinite(x[4]) = sqrt(x - x[0] * 0.5 + 2)\n"
    "fn added(x[6]) {\n    y = zeros(6)\n    y[at] += x[0:4]^2\n    y[0] = x[5]\n    return y\n}\n"
    "fn pairs(z[6, 2], u[5]) = [[z[k+1, 0] - z[k, 0] - sin(z[k, 1]), z[k+1, 1] - z[k, 1] * z[k, 0] - u[k]] for k in 0:5]\n"
    "fn push(z, u) = [z[1], u - sin(z[0])]\n"
    "fn steps(z[6, 2], u[6], h) = [z[k+1] - z[k] - h * (push(z[k+1], u[k+1]) + push(z[k], u[k])) for k in 0:5]\n"
    "fn edges(x[7, 2]) = [[x[max(k-1, 0), 0] * x[k, 1], x[min(k+1, 6), 1]^2] for k in 0:7]\n"
    "fn twice(x[7]) = [[x[max(k-1, 0)] * x[k], 2.0] for k in 0:7]\n"
    "fn swept(u[5, 5]) {\n    r = zeros(5, 5)\n"
    "    for i in 1:4 {\n        for j in 1:4 {\n"
    "            r[i, j] = u[i-1, j] * u[i+1, j] - u[i, j-1]^2 + u[i, j+1]\n        }\n    }\n    return r\n}\n"
    "fn read_after(x[6]) {\n    a = x; s = zeros(6)\n"
    "    for i in 0:5 {\n        old = a[i]\n        a[i + 1] += old * x[i]\n        s[i] = a[i + 1] * a[i]\n    }\n"
    "    return concat(a, s)\n}\n"
    "fn backward(x[6]) {\n    a = x\n"
    "    for i in 0:5 {\n        if x[i] > 0 {\n            a[4 - i] = a[5 - i] * x[i]\n        } else {\n"
    "            a[0] += x[5 - i]\n        }\n    }\n    return a\n}\n"
    "fn nested(x[4]) {\n    a = zeros(4)\n    for i in 0:4 {\n        t = zeros(4)\n"
    "        for j in 0:2 {\n            t[j] += x[i] * x[j]\n            a[i] += t[j]\n        }\n        a[3] += t[1]\n    }\n"
    "    return a\n}\n"
    "fn sorted(x[4], y[3]) = concat(sort(x), y^2)\n"
    "fn table(x[4]) = [x[i] * (i % 2 == 0 ? x[(i + 1) % 4] : 1) for i in 0:4]\n";

static const char hessians[] =
    "fn rosen(x[8]) = sum(100 * (x[1:8] - x[0:7]^2)^2 + (1 - x[0:7])^2)\n"
    "fn separable(x[6]) = sum(exp(x) + x^4)\n"
    "fn linear(x[5]) = sum(3 * x)\n"
    "fn arrowhead(x[9]) = sum(x[0]^2 * x[1:9]^2)\n"
    "fn membrane(u[5, 5]) = sum((u[1:5, :] - u[0:4, :])^4) + sum((u[:, 1:5] - u[:, 0:4])^4) + sum(exp(u))\n"
    "fn dense(x[5]) = sum(x)^3\n"
    "fn bilinear(x[4], y[3]) = sum(x[0:3] * y^2) + x[3]^3\n"
    "fn onto(x[6], s) {\n"
    "    if s > 0 {\n        v = sum(x[0:3]^2 * x[3:6])\n    } else {\n        v = sum(x^3)\n    }\n    return v\n}\n"
    "fn looped(x[7]) {\n    v = 0\n    for i in 0:6 {\n        v += (x[i + 1] - x[i]^2)^2\n    }\n    return v\n}\n"
    "fn state(z[4, 2], u[3]) {\n"
    "    v = 0\n    for k in 0:3 {\n        a = z[k, 0]; w = z[k, 1]\n"
    "        for s in 0:4 {\n            a += 0.1 * w\n            w += 0.1 * (u[k] - sin(a))\n        }\n"
    "        v += (z[k + 1, 0] - a)^2 + (z[k + 1, 1] - w)^2\n    }\n    return v\n}\n"
    "fn nothing(x[0]) = sum(x^2)\n"
    "fn one(t) = t^4\n"
    "fn f(x: f32[5]) = sum(x[0:4]^2 * x[1:5]^2)\n"
    "fn gates(x[6]) = sum(x > 0 ? x^2 : x^3) + x[0] * x[5]\n"
    "fn quotient(x[6], h[6]) = sum(x[0:5] / (h[0:5]^2 + 1)) + sum(h[1:6] * x[1:6]^2)\n";

/* What is exported, and the entries of each output, in order. */
typedef struct Case {
    const char *name, *targets;
    int64_t entries[4];
} Case;

static const Case jacobian_cases[] = {
    {"tri", "(x)", {21}},
    {"map", "(x)", {7}},
    {"backwards", "(x)", {6}},
    {"grid", "(u)", {60}},
    {"walls", "(u)", {16 + 9 * 4}},
    {"arrow", "(x)", {8 + 14}},
    {"arrow_row", "(x)", {39}},
    {"arrow_column", "(x)", {39}},
    {"blocks", "(x)", {4 * 6}},
    {"shooting", "(z, u)", {18, 6}},
    {"gathered", "(x)", {4}},
    {"adjust", "(c, p)", {10, 20}},
    {"linear", "(x)", {4}},
    {"nothing", "(x)", {0}},
    {"none", "(x)", {0}},
    {"one", "(x)", {1}},
    {"scalar_in", "(t)", {3}},
    {"scalar_out", "(x)", {2}},
    {"both_scalar", "(t)", {1}},
    {"full", "(x)", {45}},
    {"solved", "(b, c)", {12, 6}},
    {"chosen", "(x)", {7}},
    {"mixed", "(x)", {12}},
    {"summed", "(x)", {30}},
    {"single", "(x)", {10}},
    {"tuple", "(x)", {8, 3}},
    {"waiting", "(x)", {6}},
    {"sided", "(x)", {6}},
    {"ruled", "(x)", {8}},
    {"infinite", "(x)", {7}},
    {"added", "(x)", {4}},
    {"pairs", "(z, u)", {30, 5}},
    {"steps", "(z, u)", {40, 10}},
    {"edges", "(x)", {21}},
    {"twice", "(x)", {13}},
    {"swept", "(u)", {36}},
    {"read_after", "(x)", {6 * 7 / 2 + 2 + 3 + 4 + 5 + 6}},
    {"backward", "(x)", {27}},
    {"nested", "(x)", {11}},
    {"sorted", "(x, y)", {16, 3}},
    {"table", "(x)", {6}},
};

static const Case hessian_cases[] = {
    {"rosen", "(x)", {15}},
    {"separable", "(x)", {6}},
    {"linear", "(x)", {0}},
    {"arrowhead", "(x)", {17}},
    {"membrane", "(u)", {65}},
    {"dense", "(x)", {15}},
    {"bilinear", "(x, y)", {1, 3, 3}},
    {"onto", "(x)", {9}},
    {"looped", "(x)", {13}},
    {"state", "(z, u)", {23, 12, 3}},
    {"nothing", "(x)", {0}},
    {"one", "(t)", {1}},
    {"f", "(x)", {9}},
    {"gates", "(x)", {7}},
    {"quotient", "(x, h)", {5, 6, 5}},
};

/* ---- Calls ---- */

typedef struct Called {
    gradc_function info;
    int f;
    void **out;
} Called;

static double element(gradc_type t, const void *data, int64_t i)
{
    return t == GRADC_F32 ? (double)((const float *)data)[i] : ((const double *)data)[i];
}

/* Calls a function at a random point; the same for the same inputs. */
static bool call(gradc *g, gradc_module *m, const char *name, Called *c)
{
    c->f = gradc_find_function(g, name);
    if (c->f < 0)
        return false;
    c->info = gradc_get_function(g, c->f);
    void **in = calloc((size_t)c->info.ninput + 1, sizeof *in);
    c->out = calloc((size_t)c->info.noutput + 1, sizeof *c->out);
    for (int i = 0; i < c->info.ninput; i++)
        in[i] = malloc(8 * (size_t)gradc_get_shape(g, c->f, i, NULL, NULL) + 8);
    for (int k = 0; k < c->info.noutput; k++) {
        size_t n = 8 * (size_t)gradc_get_shape(g, c->f, c->info.ninput + k, NULL, NULL) + 8;
        c->out[k] = malloc(n);
        memset(c->out[k], 0xff, n);
    }
    bool good = gradc_draw(g, c->f, NULL, 7, 0, NULL, in, NULL) == GRADC_OK;
    void *work = malloc(good ? gradc_workspace(m, c->f, in, NULL) + 16 : 1);
    good = good && gradc_call(m, c->f, in, NULL, c->out, work) == 0;
    free(work);
    for (int i = 0; i < c->info.ninput; i++)
        free(in[i]);
    free(in);
    return good;
}

static void drop(Called *c)
{
    for (int k = 0; c->out && k < c->info.noutput; k++)
        free(c->out[k]);
    free(c->out);
}

/* ---- Comparisons ---- */

static bool is_pattern(const gradc_pattern *p)
{
    bool good = p->row_start[0] == 0 && p->row_start[p->rows] == p->count;
    for (int64_t i = 0; i < p->rows && good; i++)
        for (int32_t k = p->row_start[i]; k < p->row_start[i + 1] && good; k++)
            good = p->column[k] >= 0 && p->column[k] < (p->lower ? i + 1 : p->columns) &&
                   (k == p->row_start[i] || p->column[k] > p->column[k - 1]);
    return good;
}

/* NULL, or what is wrong. */
static const char *compare(gradc_type t, const gradc_pattern *p, const void *values, const void *dense)
{
    double most = 0, eps = t == GRADC_F32 ? 1e-6 : 1e-14;
    for (int64_t i = 0; i < p->rows * p->columns; i++)
        most = fmax(most, fabs(element(t, dense, i)));
    for (int64_t i = 0; i < p->rows; i++) {
        int32_t k = p->row_start[i];
        for (int64_t j = 0; j < (p->lower ? i + 1 : p->columns); j++) {
            double want = element(t, dense, i * p->columns + j);
            bool there = k < p->row_start[i + 1] && p->column[k] == j;
            double got = there ? element(t, values, k++) : 0;
            if (!there && want != 0)
                return "an entry that is not zero is not in the pattern";
            if (!(fabs(got - want) <= eps * most))
                return "an entry differs from the dense one";
        }
    }
    return NULL;
}

static const char *check_output(gradc *g, const Called *s, const Called *d, int k, int64_t entries)
{
    int i = s->info.ninput + k;
    gradc_argument a = gradc_get_argument(g, s->f, i), b = gradc_get_argument(g, d->f, d->info.ninput + k);
    gradc_pattern p = gradc_get_pattern(g, s->f, i);
    if (!p.row_start || strcmp(a.name, b.name) != 0 || a.type != b.type)
        return "it is not sparse, or not the same output";
    int64_t whole = gradc_get_shape(g, d->f, d->info.ninput + k, NULL, NULL);
    if (!is_pattern(&p) || p.rows * p.columns != whole || gradc_get_shape(g, s->f, i, NULL, NULL) != p.count)
        return "the pattern is not one";
    if (p.count != entries) {
        printf("%lld entries, not %lld: ", (long long)p.count, (long long)entries);
        return "the pattern has another size";
    }
    return compare(a.type, &p, s->out[k], d->out[k]);
}

static void check_case(gradc *g, gradc_module *m, const Case *c)
{
    char name[64];
    Called s = {0}, d = {0};
    snprintf(name, sizeof name, "%s_s", c->name);
    const char *fault = call(g, m, name, &s) ? NULL : "it cannot be called";
    snprintf(name, sizeof name, "%s_d", c->name);
    if (!fault && !call(g, m, name, &d))
        fault = "the dense one cannot be called";
    int n = 0;
    for (int k = 0; k < s.info.noutput && !fault; k++)
        if (strncmp(gradc_get_argument(g, s.f, s.info.ninput + k).name, "jac_", 4) == 0 ||
            strncmp(gradc_get_argument(g, s.f, s.info.ninput + k).name, "hess_", 5) == 0)
            fault = check_output(g, &s, &d, k, c->entries[n++]);
    if (!fault && !n)
        fault = "there is no derivative";
    result(!fault, "%s (%s): %s", c->name, gradc_module_backend(m), fault ? fault : "");
    drop(&s);
    drop(&d);
}

static void test_cases(const char *model, const char *kind, const Case *c, int n)
{
    static char text[65536];
    size_t used = (size_t)snprintf(text, sizeof text, "%s", model);
    for (int i = 0; i < n; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "export %s with %s%s sparse as %s_s, %s%s as %s_d\n",
                                 c[i].name, kind, c[i].targets, c[i].name, kind, c[i].targets, c[i].name);
    gradc_options o;
    gradc_options_init(&o);
    gradc *g = gradc_compile_string("model.dg", text, used, &o);
    CHECK(g && gradc_get_status(g) == GRADC_OK);
    if (!g || gradc_get_status(g) != GRADC_OK) {
        printf("%s", g ? gradc_errors(g) : "");
        gradc_free(g);
        return;
    }
    static const char *const backend[] = {"interp", "tcc"};
    for (int b = 0; b < 2; b++) {
        gradc_module *m = gradc_load(g, backend[b], NULL); /* tcc is optional */
        CHECK(m || b);
        for (int i = 0; i < n && m; i++)
            check_case(g, m, &c[i]);
        gradc_unload(m);
    }
    gradc_free(g);
}

/* A function that hands the pattern out is in the C too. */
static void test_symbol(void)
{
    static const char text[] = "fn f(x[9]) = x[1:9] * x[0:8]\nexport f with jacobian(x) sparse\n";
    gradc *g = gradc_compile_string("model.dg", text, strlen(text), NULL);
    gradc_module *m = gradc_load(g, "tcc", NULL);
    gradc_pattern p = gradc_get_pattern(g, 1, 2);
    CHECK(p.count == 16 && p.rows == 8 && p.columns == 9 && !p.lower);
    CHECK(!gradc_get_pattern(g, 1, 1).row_start && !gradc_get_pattern(g, 1, 0).row_start);
    CHECK(!gradc_get_pattern(g, 0, 1).row_start && !gradc_get_pattern(g, 2, 0).row_start);
    CHECK(strstr(gradc_header_text(g), "f_jacobian_jac_x_nnz = 16") != NULL);
    int64_t (*pattern)(const int32_t **, const int32_t **) = NULL;
    void *symbol = m ? gradc_get_symbol(m, "f_jacobian_jac_x_pattern") : NULL;
    memcpy(&pattern, &symbol, sizeof symbol);
    const int32_t *row_start, *column;
    CHECK(!m || pattern);
    if (pattern) {
        CHECK(pattern(&row_start, &column) == 16 && pattern(NULL, NULL) == 16);
        CHECK(!memcmp(row_start, p.row_start, sizeof *row_start * 9));
        CHECK(!memcmp(column, p.column, sizeof *column * 16));
    }
    gradc_unload(m);
    gradc_free(g);
}

/* What is zero by the pattern and not by differences is found. */
static void test_check(void)
{
    static const char text[] = "fn f(x[4]) = x[1:4] * x[0:3]\nexport f with jacobian(x) sparse\n";
    gradc *g = gradc_compile_string("model.dg", text, strlen(text), NULL);
    double x[] = {1, 2, 3, 4};
    void *in[] = {x};
    for (int wrong = 0; wrong < 2; wrong++) {
        gradc_pattern p = gradc_get_pattern(g, 1, 2);
        if (wrong) /* the library's own memory: (1, 2) becomes (1, 3) */
            ((int32_t *)(uintptr_t)p.column)[3] = 3;
        gradc_report *r = gradc_check(g, NULL, 1, in, NULL, NULL, NULL);
        const gradc_check_output *o = &r->output[1];
        CHECK(o->size == 12 && o->count == 12);
        CHECK(o->verdict == (wrong ? GRADC_VERDICT_WRONG : GRADC_VERDICT_OK));
        for (int64_t i = 0; i < o->count; i++)
            CHECK((o->element[i].verdict == GRADC_VERDICT_OK) ==
                  !(wrong && (o->element[i].index == 6 || o->element[i].index == 7)));
        gradc_report_free(r);
    }
    gradc_free(g);
}

/* Ten thousand unknowns: as much of the compiler's time and text as is fit. */
static void test_large(void)
{
    static const char text[] =
        "fn f(u[100, 100]) = u[1:99, 1:99]^3 - u[0:98, 1:99] - u[2:100, 1:99] - u[1:99, 0:98] - u[1:99, 2:100]\n"
        "export f with jacobian(u) sparse\n";
    gradc *g = gradc_compile_string("model.dg", text, strlen(text), NULL);
    CHECK(gradc_get_status(g) == GRADC_OK);
    CHECK(gradc_get_pattern(g, 1, 2).count == 5 * 98 * 98);
    int lines = 0;
    for (const char *c = strstr(gradc_c_text(g), "int f_jacobian("); c && *c; c++)
        lines += *c == '\n';
    CHECK(lines > 10 && lines < 9000); /* tables, and not a line for each element */
    gradc_free(g);
}

int main(void)
{
    test_symbol();
    test_check();
    test_large();

    test_cases(jacobians, "jacobian", jacobian_cases, (int)(sizeof jacobian_cases / sizeof *jacobian_cases));
    test_cases(hessians, "hessian", hessian_cases, (int)(sizeof hessian_cases / sizeof *hessian_cases));
    return sum_up();
}
