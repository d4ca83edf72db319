/* strips_test.c - what libtcc makes of a model (calls of strip kernels) against what a compiler makes
 * of its loops, and against the interpreter: at sizes around the length of a strip and of the vectors
 * in it, in both precisions, for models of all kinds of loop nests and for the examples.
 *
 *   strips_test              from the root of the repository
 *   strips_test examples     all examples as well; backends_test.c has them at fewer sizes */
#define _POSIX_C_SOURCE 200809L
#include "runtime/gradc.h"
#include "tests/count.h"
#include "tests/uniform.h"
#include "tests/unit/cache.h"

#include <dirent.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64, EDGES = 7 };

static const int64_t edge[EDGES] = {0, 1, 3, 255, 256, 257, 1000};
static bool interpret = true;

/* Loop nests of each kind that emit_strips.c tells apart. */
static const char model[] =
    "fn pointwise(x[N], y[N], a) = exp(x) * y + a * abs(x - y) / (1 + x^2)\n"
    "fn summed(x[N], y[N], a) = sum(pointwise(x, y, a))\n"
    "fn bias(x[N, M], b[M], c[N, 1]) = tanh(x + b) * c\n"
    "fn bias_loss(x[N, M], b[M], c[N, 1]) = sum(bias(x, b, c)^2)\n"
    "fn rows(x[N, M]) = (sum(x, axis=1), max(x, axis=1), prod(1 + x / 8, axis=1))\n"
    "fn columns(x[N, M]) = (sum(x, axis=0), min(x, axis=0), sum(x), max(x))\n"
    "fn best(x[N, M + 1]) = argmax(x, axis=1)\n"
    "fn soft(x[N, M]) = sum(logsumexp(x, axis=1)) + sum(softmax(x, axis=1)^2)\n"
    "fn picked(x[N, M], i: i32[N]) = x[range(N), i]\n"
    "fn picked_loss(x[N, M], i: i32[N]) = sum(x[range(N), i]^2)\n"
    "fn scans(x[N, M]) = (cumsum(x, axis=1), cumsum(x, axis=0))\n"
    "fn turned(x[N, M]) = (x', sum(2 * x', axis=0))\n"
    "fn product(x[N, M], y[M, N]) = sum((x @ y)^2) + sum(x * y')\n"
    "fn integers(x: i32[N, M], y: i64[N]) = (sum(x, axis=1), max(x, axis=0), y * y - 3, y // 2,\n"
    "                                        y % 3, x > 0, any(x > 2, axis=1), all(x < 9, axis=0))\n"
    "fn chosen(x[N], y[N]) = (x > y, x < 0 ? y : 2 * x, sum(max(x, y)), min(x, y), abs(x) < 0.5)\n"
    "fn pairs(x[N]) = [sum(x[j] * cos(x[i] - x[j]) for j in 0:N) for i in 0:N]\n"
    "fn slices(x[N + 1], y[2*N]) = sum((x[1:] - x[:N])^2) + sum(y[N:] * x[:N])\n"
    "export pointwise\nexport summed with grad\nexport bias\nexport bias_loss with grad\n"
    "export rows\nexport columns\nexport best\nexport soft with grad\nexport picked\n"
    "export picked_loss with grad\nexport scans\nexport turned\nexport product with grad\n"
    "export integers\nexport chosen\nexport pairs\nexport slices with grad\n";

typedef struct Called {
    void *in[MOST], *out[MOST];
    gradc_type type[MOST];
    int64_t count[MOST];
} Called;

static void *room(int64_t count)
{
    void *p = calloc((size_t)count + 8, 8);
    if (!p)
        exit(3);
    return p;
}

/* Integers are indices into any axis: the first elements exist where some do. */
static void draw(gradc_type type, int64_t count, void *to, int64_t below)
{
    for (int64_t i = 0; i < count; i++) {
        double x = uniform();
        int64_t k = below > 0 ? (int64_t)(fabs(x) * 0.999 * (double)below) : 0;
        switch (type) {
        case GRADC_F64: ((double *)to)[i] = x; break;
        case GRADC_F32: ((float *)to)[i] = (float)x; break;
        case GRADC_I64: ((int64_t *)to)[i] = k; break;
        case GRADC_I32: ((int32_t *)to)[i] = (int32_t)k; break;
        default: ((uint8_t *)to)[i] = x > 0; break;
        }
    }
}

static double element(const Called *c, int i, int64_t k)
{
    switch (c->type[i]) {
    case GRADC_F64: return ((double *)c->out[i])[k];
    case GRADC_F32: return (double)((float *)c->out[i])[k];
    case GRADC_I64: return (double)((int64_t *)c->out[i])[k];
    case GRADC_I32: return (double)((int32_t *)c->out[i])[k];
    default: return ((uint8_t *)c->out[i])[k];
    }
}

/* By the largest element of an output: sums cancel, and compilers contract to fma. */
static void compare(const char *what, const gradc *g, int f, const Called *a, const Called *b)
{
    gradc_function info = gradc_get_function(g, f);
    for (int i = 0; i < info.noutput; i++) {
        double top = 1, gap = 0;
        for (int64_t k = 0; k < a->count[i]; k++) {
            double x = element(a, i, k), y = element(b, i, k);
            if (isfinite(y) && fabs(y) > top)
                top = fabs(y);
            bool same = (isnan(x) && isnan(y)) || x == y;
            if (!same && !(fabs(x - y) <= gap))
                gap = fabs(x - y);
        }
        bool good = gap <= top * (a->type[i] == GRADC_F32 ? 2e-4 : 1e-10);
        passed += good;
        failed += !good;
        if (!good)
            printf("FAIL %s: %s: %s differs by %g of %g\n", what, info.name,
                   gradc_get_argument(g, f, info.ninput + info.nsize + i).name, gap, top);
    }
}

static int call(const gradc_module *m, const gradc *g, int f, const int64_t *sizes, Called *c)
{
    gradc_function info = gradc_get_function(g, f);
    void *work = room((int64_t)gradc_workspace(m, f, c->in, sizes) / 8);
    for (int i = 0; i < info.noutput; i++) {
        int arg = info.ninput + info.nsize + i;
        c->count[i] = gradc_get_shape(g, f, arg, sizes, NULL);
        c->type[i] = gradc_get_argument(g, f, arg).type;
        c->out[i] = room(c->count[i]);
    }
    int code = gradc_call(m, f, c->in, sizes, c->out, work);
    free(work);
    return code;
}

static void give_back(const gradc *g, int f, Called *c)
{
    for (int i = 0; i < gradc_get_function(g, f).noutput; i++)
        free(c->out[i]);
}

typedef struct Loaded {
    const char *name;
    gradc *g;
    gradc_module *tcc, *cc, *interp;
} Loaded;

/* One call by libtcc and by the compiler, and where that does not take long by the interpreter. */
static void try_call(const Loaded *l, int f, const int64_t *sizes, Called *a, const char *what,
                     bool slow)
{
    Called b = *a;
    int want = call(l->cc, l->g, f, sizes, &b), got = call(l->tcc, l->g, f, sizes, a);
    failed += want != got;
    if (want != got)
        printf("FAIL %s: returns %d, not %d\n", what, got, want);
    if (!want && !got)
        compare(what, l->g, f, a, &b);
    give_back(l->g, f, &b);
    if (slow && interpret) {
        if (call(l->interp, l->g, f, sizes, &b) == 0 && !want)
            compare(what, l->g, f, a, &b);
        give_back(l->g, f, &b);
    }
    give_back(l->g, f, a);
}

/* A function at these sizes. */
static void try_sizes(const Loaded *l, int f, const int64_t *sizes, bool slow)
{
    gradc_function info = gradc_get_function(l->g, f);
    Called a = {.in = {0}};
    char what[256];
    int64_t least = 1000;
    bool valid = true;
    int n = snprintf(what, sizeof what, "%s", l->name);
    for (int i = 0; i < info.nsize; i++) {
        n += snprintf(what + n, sizeof what - (size_t)n, " %s=%lld",
                      gradc_get_argument(l->g, f, info.ninput + i).name, (long long)sizes[i]);
        least = sizes[i] < least ? sizes[i] : least;
    }
    for (int i = 0; i < info.ninput; i++) {
        gradc_type type = gradc_get_argument(l->g, f, i).type;
        int64_t count = gradc_get_shape(l->g, f, i, sizes, NULL);
        a.in[i] = room(count);
        draw(type, count, a.in[i], least);
        valid &= type >= GRADC_F32 || count <= 0 || least > 0; /* no index fits an empty axis */
    }
    if (valid)
        try_call(l, f, sizes, &a, what, slow);
    for (int i = 0; i < info.ninput; i++)
        free(a.in[i]);
}

static bool load(Loaded *l)
{
    gradc_error e;
    if (!l->g || gradc_get_status(l->g) != GRADC_OK) {
        printf("FAIL %s: %s", l->name, l->g ? gradc_errors(l->g) : "no memory\n");
    } else if (!(l->tcc = gradc_load(l->g, "tcc", &e)) || !(l->cc = gradc_load(l->g, "cc", &e)) ||
               !(l->interp = gradc_load(l->g, "interp", &e))) {
        printf("FAIL %s: %s\n", l->name, e.text);
    } else {
        return true;
    }
    failed++;
    return false;
}

/* Up to two open sizes run through the edges; of more, one after another while the others are small. */
static void try_function(const Loaded *l, int f)
{
    int n = gradc_get_function(l->g, f).nsize;
    int64_t sizes[MOST];
    int step = interpret ? 1 : 2;
    for (int i = 0; i < EDGES && n <= 2; i += step)
        for (int j = 0; j < (n == 2 ? EDGES : 1) && (n || i == 0); j += step) {
            sizes[0] = edge[i];
            sizes[1] = edge[j];
            if (n < 2 || edge[i] * edge[j] < 300000)
                try_sizes(l, f, sizes, n < 2 || edge[i] * edge[j] < 3500);
        }
    for (int k = 0; k < n && n > 2; k++)
        for (int i = 0; i < EDGES; i += 2) {
            for (int j = 0; j < n; j++)
                sizes[j] = 3;
            sizes[k] = edge[i];
            try_sizes(l, f, sizes, edge[i] < 4);
        }
}

static void try_model(const char *name, gradc *g)
{
    Loaded l = {.name = name, .g = g};
    if (load(&l))
        for (int f = 0; f < gradc_function_count(g); f++)
            try_function(&l, f);
    gradc_unload(l.tcc);
    gradc_unload(l.cc);
    gradc_unload(l.interp);
    gradc_free(g);
}

/* The examples are all in f64 here, but for what they say themselves. */
static void try_examples(const gradc_options *o)
{
    DIR *d = opendir("examples");
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[300];
        size_t n = strlen(e->d_name);
        if (n < 4 || strcmp(e->d_name + n - 3, ".dg"))
            continue;
        snprintf(path, sizeof path, "examples/%s", e->d_name);
        try_model(path, gradc_compile_file(path, o));
    }
    if (d)
        closedir(d);
    else
        failed++;
}

static bool there(const char *backend)
{
    gradc *g = gradc_compile_string("one.dg", "fn f(x) = x\nexport f\n", 21, NULL);
    gradc_module *m = g ? gradc_load(g, backend, NULL) : NULL;
    gradc_unload(m);
    gradc_free(g);
    return m;
}

int main(int argc, char **argv)
{
    const char *const include[] = {"runtime/std"};
    if (!cache_open())
        return 3;
    compile_quickly();
    if (!there("tcc") || !there("cc")) {
        skipped_all("libtcc or cc is missing");
    } else {
        gradc_options o;
        gradc_options_init(&o);
        o.ninclude = 1;
        o.include = include;
        for (int i = 0; i < 6; i++) { /* the last with what the processor has */
            setenv("GRADC_ISA", i < 2 ? "base" : i < 4 ? "v3" : "", 1);
            o.real_bits = i % 2 ? 32 : 64;
            interpret = i >= 4;
            try_model(i % 2 ? "f32" : "f64",
                      gradc_compile_string("strips.dg", model, strlen(model), &o));
        }
        o.real_bits = 64;
        if (argc > 1 && !strcmp(argv[1], "examples"))
            try_examples(&o);
        sum_up();
    }
    return !cache_remove() || failed > 0;
}
