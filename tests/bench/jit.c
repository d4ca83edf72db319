/* jit.c: what libtcc makes of a model beside what a compiler makes of it, and the time from source text
 * to a function to call: tests/bench/bench.sh builds and runs it, from the root of the repository.
 *
 * Both take turns in one process, and the thread's processor time is what counts; the shortest of
 * many turns is printed, which a busy machine disturbs least. */
#define _POSIX_C_SOURCE 200809L
#include "runtime/gradc.h"
#include "tests/uniform.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 32, TURNS = 41, ROUNDS = 41 };

typedef struct Job {
    const char *path, *function, *sizes_text;
    int64_t sizes[4];
} Job;

static const Job jobs[] = {
    {"examples/mlp.dg", "loss_grad", "784-512-10, batch 128", {128, 784, 512, 10}},
    {"examples/gmm.dg", "gmm_grad", "d=10, k=25, n=1000", {25, 10, 1000}},
    {"examples/arm.dg", "arm_hessian", "7 joints", {0}},
    {"examples/llsq.dg", "llsq_grad", "n=1024, m=128", {1024, 128}},
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static double shortest(const double *t, int n)
{
    double least = t[0];
    for (int i = 1; i < n; i++)
        least = t[i] < least ? t[i] : least;
    return least;
}

static void *room(int64_t bytes)
{
    void *p = aligned_alloc(64, ((size_t)bytes + 128) / 64 * 64);
    if (!p)
        exit(3);
    memset(p, 0, (size_t)bytes);
    return p;
}

static gradc *compile(const char *path)
{
    static const char *const include[] = {"runtime/std"};
    gradc_options o;
    gradc_options_init(&o);
    o.ninclude = 1;
    o.include = include;
    return gradc_compile_file(path, &o);
}

static gradc_module *load(const gradc *g, const char *backend)
{
    gradc_error e;
    gradc_module *m = g && gradc_get_status(g) == GRADC_OK ? gradc_load(g, backend, &e) : NULL;
    if (!m) {
        fprintf(stderr, "bench: %s\n", g && gradc_get_status(g) == GRADC_OK ? e.text : gradc_errors(g));
        exit(1);
    }
    return m;
}

/* Milliseconds to a callable function by libtcc: the first time in the process, and then. */
static void time_loading(const char *path, double *first, double *then)
{
    double t[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();
        gradc *g = compile(path);
        gradc_module *m = load(g, "tcc");
        t[i] = now() - start;
        gradc_unload(m);
        gradc_free(g);
    }
    *first = t[0];
    *then = shortest(t, ROUNDS);
}

static void run(const Job *job)
{
    double first, then, t[2][TURNS];
    void *in[MOST], *out[MOST];
    time_loading(job->path, &first, &then);
    gradc *g = compile(job->path);
    gradc_module *m[2] = {load(g, "tcc"), load(g, "cc")};
    int f = gradc_find_function(g, job->function);
    gradc_function info = gradc_get_function(g, f);
    for (int i = 0; i < info.ninput; i++) {
        int64_t count = gradc_get_shape(g, f, i, job->sizes, NULL);
        gradc_type type = gradc_get_argument(g, f, i).type;
        in[i] = room(8 * count);
        for (int64_t k = 0; k < count; k++)
            if (type == GRADC_F64)
                ((double *)in[i])[k] = uniform();
            else if (type == GRADC_F32)
                ((float *)in[i])[k] = 0.1f * (float)uniform();
            else
                ((int32_t *)in[i])[k] = (int32_t)(k % 10);
    }
    for (int i = 0; i < info.noutput; i++)
        out[i] = room(8 * gradc_get_shape(g, f, info.ninput + info.nsize + i, job->sizes, NULL));
    void *work = room((int64_t)gradc_workspace(m[0], f, in, job->sizes));
    gradc_call_function *call[2] = {gradc_get_call(m[0], f), gradc_get_call(m[1], f)};
    int calls = 1;
    for (double took = 0; took < 0.5; calls *= 2) { /* so many that the clock can see them */
        double start = now();
        for (int i = 0; i < calls; i++)
            call[1](in, job->sizes, out, work);
        took = now() - start;
    }
    for (int turn = 0; turn < TURNS; turn++)
        for (int b = 0; b < 2; b++) {
            double start = now();
            for (int i = 0; i < calls; i++)
                call[b](in, job->sizes, out, work);
            t[b][turn] = (now() - start) / calls;
        }
    double tcc = shortest(t[0], TURNS), cc = shortest(t[1], TURNS);
    printf("%-12s %-22s %10.4f %10.4f %6.2f %10.1f %6.1f\n", job->function, job->sizes_text, tcc, cc,
           tcc / cc, first, then);
    for (int i = 0; i < info.ninput; i++)
        free(in[i]);
    for (int i = 0; i < info.noutput; i++)
        free(out[i]);
    free(work);
    gradc_unload(m[0]);
    gradc_unload(m[1]);
    gradc_free(g);
}

int main(void)
{
    gradc *g = gradc_compile_string("one.dg", "fn f(x) = x\nexport f\n", 21, NULL);
    gradc_module *m = g ? gradc_load(g, "tcc", NULL) : NULL;
    if (!m)
        return printf("jit: built without libtcc\n"), 0;
    gradc_unload(m);
    gradc_free(g);
    printf("\n%-35s %10s %10s %6s %17s\n", "jit: ms a call, ms until callable", "tcc", "cc", "ratio",
           "first   then");
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        run(&jobs[i]);
    return 0;
}
