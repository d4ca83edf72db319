/* backends_test.c - all ways of making a model callable agree on every exported function of every
 * example, at small sizes and at sizes beyond a strip of a sum and a block of a product, as they
 * come and with `real` meaning f32 (that not by "cc", which takes its time). emit_ops_test.c does
 * the same for every operation.
 *
 * The interpreter is what the others are compared with; in f32 it rounds where the C does.
 *
 *   backends_test           from the root of the repository
 *   backends_test NAME      examples whose path has NAME in it */
#include "runtime/gradc.h"
#include "tests/count.h"
#include "tests/unit/cache.h"

#include <dirent.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64 };

/* ---- One function at one point ---- */

typedef struct Point {
    const gradc *g;
    int function;
    gradc_function info;
    int64_t sizes[MOST];
    void *in[MOST], *want[MOST], *got[MOST];
} Point;

static gradc_argument output_of(const Point *p, int k, int64_t *count)
{
    int i = p->info.ninput + p->info.nsize + k;
    *count = gradc_get_shape(p->g, p->function, i, p->sizes, NULL);
    return gradc_get_argument(p->g, p->function, i);
}

static double element(const void *data, gradc_type t, int64_t i)
{
    switch (t) {
    case GRADC_F64:
        return ((const double *)data)[i];
    case GRADC_F32:
        return (double)((const float *)data)[i];
    case GRADC_I64:
        return (double)((const int64_t *)data)[i];
    case GRADC_I32:
        return ((const int32_t *)data)[i];
    default:
        return ((const uint8_t *)data)[i];
    }
}

/* Sums of many terms are added in other orders. Arguments are about 1: beside them a residual of
 * 1e-20 is zero. */
static bool near(double got, double want, double scale, gradc_type t)
{
    if (got == want || (isnan(got) && isnan(want)))
        return true;
    double tolerance = t == GRADC_F64 ? 1e-11 : t == GRADC_F32 ? 2e-4 : 0;
    return fabs(got - want) <= tolerance * (fabs(want) + scale + 1e-6);
}

static void compare(const Point *p, const char *what, const char *backend)
{
    for (int k = 0; k < p->info.noutput; k++) {
        int64_t count, bad = -1;
        gradc_argument a = output_of(p, k, &count);
        double scale = 0;
        for (int64_t i = 0; i < count; i++) {
            double m = fabs(element(p->want[k], a.type, i));
            scale = isfinite(m) && m > scale ? m : scale;
        }
        for (int64_t i = 0; i < count && bad < 0; i++)
            if (!near(element(p->got[k], a.type, i), element(p->want[k], a.type, i), scale, a.type))
                bad = i;
        result(bad < 0, "%s %s: %s[%lld] is %.17g by %s and %.17g by interp", what, p->info.name,
               a.name, (long long)bad, bad < 0 ? 0 : element(p->got[k], a.type, bad), backend,
               bad < 0 ? 0 : element(p->want[k], a.type, bad));
    }
}

/* `wanted`: into want, else into got. What the function returns. */
static int call(const Point *p, const gradc_module *m, bool wanted)
{
    void *work = malloc(gradc_workspace(m, p->function, p->in, p->sizes) + 1);
    int code = gradc_call(m, p->function, p->in, p->sizes, wanted ? p->want : p->got, work);
    free(work);
    return code;
}

/* Makes room and draws; false where the sizes do not fit. */
static bool open_point(Point *p, const char *what)
{
    gradc_error e = {0};
    for (int i = 0; i < p->info.ninput + p->info.nsize + p->info.noutput; i++)
        if (gradc_get_shape(p->g, p->function, i, p->sizes, NULL) < 0)
            return false;
    for (int i = 0; i < p->info.ninput; i++)
        p->in[i] = malloc((size_t)gradc_get_shape(p->g, p->function, i, p->sizes, NULL) * 8 + 8);
    for (int k = 0; k < p->info.noutput; k++) {
        int64_t count;
        output_of(p, k, &count);
        p->want[k] = malloc((size_t)count * 8 + 8);
        p->got[k] = malloc((size_t)count * 8 + 8);
    }
    bool fine = gradc_draw(p->g, p->function, p->sizes, 11, 0, NULL, p->in, &e) == GRADC_OK;
    result(fine, "%s %s: %s", what, p->info.name, e.text);
    return fine;
}

static void close_point(Point *p)
{
    for (int i = 0; i < MOST; i++) {
        free(p->in[i]);
        free(p->want[i]);
        free(p->got[i]);
    }
}

static void check_function(const gradc *g, int function, bool large, gradc_module *const *module,
                           const char *what)
{
    static const int64_t many[] = {300, 17, 9, 20, 33};
    Point p = {.g = g, .function = function, .info = gradc_get_function(g, function)};
    gradc_shape none[MOST];
    for (int i = 0; i < MOST; i++)
        none[i].rank = -1;
    for (int k = 0; k < p.info.nsize; k++)
        p.sizes[k] = large ? many[k % 5] : -1;
    bool fine = large ? p.info.nsize > 0
                      : gradc_choose_sizes(g, function, none, 0, p.sizes, NULL) == GRADC_OK;
    if (!fine || !open_point(&p, what)) {
        result(large, "%s %s: no sizes", what, p.info.name);
        close_point(&p);
        return;
    }
    int want = GRADC_CALL_FAILED; /* a while that reaches its limit does so everywhere */
    for (int b = 0; gradc_backend_name(b); b++)
        if (!strcmp(gradc_backend_name(b), "interp"))
            want = call(&p, module[b], true);
    result(want != GRADC_CALL_FAILED, "%s %s: interp fails", what, p.info.name);
    for (int b = 0; gradc_backend_name(b); b++) {
        if (!module[b] || !strcmp(gradc_backend_name(b), "interp"))
            continue;
        int code = call(&p, module[b], false);
        result(code == want, "%s %s: %s returns %d, interp %d", what, p.info.name,
               gradc_backend_name(b), code, want);
        if (code == GRADC_CALL_OK && want == GRADC_CALL_OK)
            compare(&p, what, gradc_backend_name(b));
    }
    close_point(&p);
}

/* ---- One model ---- */

/* Compiling with -O3 takes seconds: once for each text, mlp.dg being that of mnist.dg. */
static bool too_slow(const char *backend, const char *path, int bits)
{
    bool compiles = !strcmp(backend, "cc") || !strcmp(backend, "auto");
    return compiles && (bits == 32 || strstr(path, "examples/mlp.dg"));
}

/* Over hundreds of turns on random numbers an iteration loses its digits, or overflows. */
static bool iterates(const char *path)
{
    static const char *const name[] = {"krylov",   "lstm",   "rnn",      "ode",   "kalman",
                                       "pendulum", "nested", "cholesky", "ba_map"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (strstr(path, name[i]))
            return true;
    return false;
}

static void check_model(const char *path, int bits)
{
    static const char *const name[] = {"H"};
    static const int64_t value[] = {8};
    gradc_module *module[16] = {0};
    gradc_error e = {0};
    gradc_options o;
    char what[300];
    gradc_options_init(&o);
    o.real_bits = bits;
    if (strstr(path, "mnist")) {
        o.ndefine = 1;
        o.define_name = name;
        o.define_value = value;
    }
    snprintf(what, sizeof what, "%s --real f%d", path, bits);
    gradc *g = gradc_compile_file(path, &o);
    bool good = g && gradc_get_status(g) == GRADC_OK;
    result(good, "%s: %s", what, g ? gradc_errors(g) : "no memory");
    for (int b = 0; good && gradc_backend_name(b); b++) {
        if (too_slow(gradc_backend_name(b), path, bits))
            continue;
        module[b] = gradc_load(g, gradc_backend_name(b), &e);
        bool absent = !module[b] && strstr(e.text, "built without libtcc");
        skipped += absent;
        result(module[b] || absent, "%s: %s: %s", what, gradc_backend_name(b), e.text);
    }
    for (int f = 0; good && f < gradc_function_count(g); f++)
        for (int large = 0; large < (iterates(path) ? 1 : 2); large++)
            check_function(g, f, large, module, what);
    for (int b = 0; b < 16; b++)
        gradc_unload(module[b]);
    gradc_free(g);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void check_folder(const char *folder, const char *only)
{
    char *path[200];
    int n = 0;
    DIR *d = opendir(folder);
    result(d != NULL, "%s cannot be read", folder);
    for (struct dirent *e; d && (e = readdir(d)) && n < 200;) {
        size_t len = strlen(e->d_name);
        if (len < 4 || strcmp(e->d_name + len - 3, ".dg") != 0)
            continue;
        path[n] = malloc(strlen(folder) + len + 2);
        sprintf(path[n++], "%s/%s", folder, e->d_name);
    }
    if (d)
        closedir(d);
    qsort(path, (size_t)n, sizeof *path, by_name);
    for (int i = 0; i < n; i++) {
        if (!only || strstr(path[i], only)) {
            check_model(path[i], 64);
            check_model(path[i], 32);
        }
        free(path[i]);
    }
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!cache_open())
        return 2;
    compile_quickly();
    check_folder("examples", argc > 1 ? argv[1] : NULL);
    check_folder("examples/mnist", argc > 1 ? argv[1] : NULL);
    result(cache_remove(), "%s is left", cache_folder);
    return sum_up();
}
