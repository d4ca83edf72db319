/* auto.c: what callers of a function notice while "auto" exchanges its code: tests/bench/bench.sh
 * builds and runs it, from the root of the repository.
 *
 * One thread calls a function of some microseconds again and again, for as long as the compiler works
 * in the background and a little longer, and looks at every call: how long it took, how much of that
 * the thread ran, and how often it gave the processor away by itself (it waited for a lock or
 * a page) or was put aside (by the scheduler, for another process). The first two of these would
 * be our doing. The same again without a compiler is what the machine does by itself. */
#define _GNU_SOURCE /* RUSAGE_THREAD */
#include "runtime/gradc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { ROUNDS = 4, N = 1000, MOST = 10000 /* ms a round, where the machine is busy */ };

typedef struct Seen {
    long calls, wrong;
    long slow;      /* calls of more than a millisecond */
    long put_aside; /* of these: in which the scheduler took the processor, and the thread itself ran less */
    double longest, longest_run; /* ms */
    long waits, faults;          /* of all calls */
    double duration;
} Seen;

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void observe(const gradc_module *m, int f, double least, Seen *s)
{
    static double x[N], w[N], grad[N];
    double value, first = 0, start = now(CLOCK_MONOTONIC), after_swap = 0;
    int64_t n = N;
    void *in[] = {x, w}, *out[] = {&value, grad}, *work = malloc(gradc_workspace(m, f, in, &n) + 1);
    for (int i = 0; i < N; i++) {
        x[i] = 0.001 * i;
        w[i] = 1;
    }
    gradc_call(m, f, in, &n, out, work);
    first = value;
    struct rusage before, after;
    getrusage(RUSAGE_THREAD, &before);
    double run_before = now(CLOCK_THREAD_CPUTIME_ID);
    for (double t = now(CLOCK_MONOTONIC); t - start < least || t < after_swap || !after_swap;) {
        if (t - start > MOST)
            break;
        double begin = now(CLOCK_MONOTONIC);
        gradc_call(m, f, in, &n, out, work);
        t = now(CLOCK_MONOTONIC);
        getrusage(RUSAGE_THREAD, &after);
        double run_after = now(CLOCK_THREAD_CPUTIME_ID), run = run_after - run_before;
        double difference = value - first;
        s->calls++;
        s->wrong += !(difference < 1e-9 * first && difference > -1e-9 * first);
        s->waits += after.ru_nvcsw - before.ru_nvcsw;
        s->faults += after.ru_minflt - before.ru_minflt + after.ru_majflt - before.ru_majflt;
        if (t - begin > 1) {
            s->slow++;
            s->put_aside += after.ru_nivcsw > before.ru_nivcsw && after.ru_nvcsw == before.ru_nvcsw && run < 1;
        }
        s->longest = t - begin > s->longest ? t - begin : s->longest;
        s->longest_run = run > s->longest_run ? run : s->longest_run;
        before = after;
        run_before = run_after;
        if (!after_swap && !gradc_module_busy(m))
            after_swap = t + 20;
    }
    s->duration += now(CLOCK_MONOTONIC) - start;
    free(work);
}

static gradc *model(int number)
{
    char text[256];
    int n = snprintf(text, sizeof text, "fn f(x[n], param w[n]) = sum(exp(x) * w^2) + sum(tanh(x * w)) + %d * sum(x * w)\n"
                     "export f with grad, hvp\n", number);
    return gradc_compile_string("auto.dg", text, (size_t)n, NULL);
}

static void print(const char *what, const Seen *s)
{
    printf("%-22s %9ld %6ld %9.3f %9.3f %6ld %6ld %9ld %9ld\n", what, s->calls, s->wrong, s->longest,
           s->longest_run, s->waits, s->faults, s->slow, s->put_aside);
}

int main(void)
{
    Seen with = {0}, without = {0};
    int swapped = 0;
    srand((unsigned)time(NULL));
    for (int i = 0; i < ROUNDS; i++) {
        gradc *g = model(rand() % 1000000);
        gradc_module *m = g ? gradc_load(g, "auto", NULL) : NULL;
        if (!m)
            return printf("auto: %s\n", g ? gradc_errors(g) : "no memory"), 1;
        double took = with.duration;
        int f = gradc_find_function(g, "f_grad");
        observe(m, f, 0, &with);
        swapped += !strcmp(gradc_module_backend(m), "cc");
        gradc_unload(m);
        m = gradc_load(g, "tcc", NULL);
        observe(m, f, with.duration - took, &without);
        gradc_unload(m);
        gradc_free(g);
    }
    printf("\nauto: %d of %d rounds ended with the compiler's code\n"
           "%-22s %9s %6s %9s %9s %6s %6s %9s %9s\n", swapped, ROUNDS, "", "calls", "wrong", "longest",
           "run, ms", "waits", "faults", "over 1 ms", "put aside");
    print("while it is exchanged", &with);
    print("without a compiler", &without);
    return with.wrong + without.wrong > 0;
}
