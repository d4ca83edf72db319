/* auto_test.c - the backend "auto" under load: calls by several threads go on while the compiler's code
 * takes the place of libtcc's. Then what may go wrong with the compiler, two processes that compile
 * the same model at once, and rounds of compile, call, free under valgrind.
 *
 *   auto_test           from the root of the repository
 *   auto_test ROUNDS    the rounds alone */
#define _POSIX_C_SOURCE 200809L
#include "runtime/gradc.h"
#include "tests/count.h"
#include "tests/unit/cache.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 2, N = 50 };

static const char model[] = "fn f(x[n], param w[n]) = sum(exp(x) * w^2) + sum(tanh(x * w))\n"
                            "export f with grad\n";

static gradc *compiled(void)
{
    gradc *g = gradc_compile_string("auto.dg", model, strlen(model), NULL);
    if (!g || gradc_get_status(g) != GRADC_OK)
        exit(3);
    return g;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* The value and gradient for x = 0.1, w = 2, which are known. */
static bool call_right(const gradc_module *m, int f)
{
    double x[N], w[N], value = 0, grad_w[N] = {0};
    int64_t n = N;
    for (int i = 0; i < N; i++) {
        x[i] = 0.1;
        w[i] = 2;
    }
    void *in[] = {x, w}, *out[] = {&value, grad_w}, *work = malloc(gradc_workspace(m, f, in, &n) + 1);
    int code = gradc_call(m, f, in, &n, out, work);
    free(work);
    return code == 0 && fabs(value - N * (4 * exp(0.1) + tanh(0.2))) < 1e-9 &&
           fabs(grad_w[N - 1] - (4 * exp(0.1) + 0.1 * (1 - tanh(0.2) * tanh(0.2)))) < 1e-12;
}

typedef struct Caller {
    const gradc_module *m;
    int f;
    atomic_bool *stop;
    long calls, wrong;
    double longest; /* ms */
} Caller;

static void *keep_calling(void *user)
{
    Caller *c = user;
    while (!atomic_load(c->stop)) {
        double start = now();
        c->wrong += !call_right(c->m, c->f);
        double took = now() - start;
        c->longest = took > c->longest ? took : c->longest;
        c->calls++;
        nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL); /* the compiler has the lower priority */
    }
    return NULL;
}

static void wait_idle(const gradc_module *m)
{
    struct timespec t = {.tv_nsec = 2000000};
    while (gradc_module_busy(m))
        nanosleep(&t, NULL);
}

static void test_exchange(void)
{
    gradc *g = compiled();
    gradc_error e = {0};
    gradc_module *m = gradc_load(g, "auto", &e);
    CHECK(m != NULL);
    if (!m)
        return;
    int f = gradc_find_function(g, "f_grad");
    Caller caller[THREADS];
    pthread_t thread[THREADS];
    atomic_bool stop;
    atomic_init(&stop, false);
    CHECK(!strcmp(gradc_module_backend(m), "tcc") || !strcmp(gradc_module_backend(m), "cc"));
    gradc_call_function *early = gradc_get_call(m, f);
    for (int i = 0; i < THREADS; i++) {
        caller[i] = (Caller){.m = m, .f = f, .stop = &stop};
        CHECK(pthread_create(&thread[i], NULL, keep_calling, &caller[i]) == 0);
    }
    wait_idle(m);
    struct timespec more = {.tv_nsec = 50000000};
    nanosleep(&more, NULL);
    atomic_store(&stop, true);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        CHECK(caller[i].calls > 0 && caller[i].wrong == 0);
        printf("%ld calls, the longest took %.3f ms\n", caller[i].calls, caller[i].longest);
    }
    CHECK(!strcmp(gradc_module_backend(m), "cc"));
    CHECK(gradc_get_call(m, f) != early && early);
    CHECK(call_right(m, f) && gradc_get_symbol(m, "f_grad"));
    gradc_unload(m);
    gradc_free(g);
}

/* A compiler that fails, one that is not there: nothing is said, and libtcc's code stays. */
static void test_no_compiler(const char *cc)
{
    setenv("GRADC_CC", cc, 1);
    gradc *g = compiled();
    gradc_module *m = gradc_load(g, "auto", NULL);
    CHECK(m != NULL);
    wait_idle(m);
    CHECK(!strcmp(gradc_module_backend(m), "tcc") && call_right(m, gradc_find_function(g, "f_grad")));
    gradc_unload(m);
    gradc_free(g);
    unsetenv("GRADC_CC");
}

static bool empty_but_objects(const char *folder)
{
    char command[256];
    snprintf(command, sizeof command, "test -z \"$(ls %s/gradc | grep -v '\\.so$')\"", folder);
    return system(command) == 0;
}

/* Unloaded while the compiler runs, at different moments of its work. */
static void test_cancel(const char *folder)
{
    for (int i = 0; i < 8; i++) {
        char text[256];
        struct timespec t = {.tv_nsec = i * 6000000L};
        snprintf(text, sizeof text, "fn f(x[n]) = sum(sin(x) * %d)\nexport f with grad\n", i + 2);
        gradc *g = gradc_compile_string("c.dg", text, strlen(text), NULL);
        gradc_module *m = g ? gradc_load(g, "auto", NULL) : NULL;
        CHECK(m != NULL);
        nanosleep(&t, NULL);
        gradc_unload(m);
        gradc_free(g);
    }
    CHECK(empty_but_objects(folder));
}

/* Two processes find nothing in the cache and compile the same model. */
static void test_race(const char *folder)
{
    char path[128], command[256];
    pid_t child[2];
    struct stat st;
    snprintf(path, sizeof path, "%s/race", folder);
    CHECK(mkdir(path, 0700) == 0);
    setenv("XDG_CACHE_HOME", path, 1);
    fflush(stdout);
    for (int i = 0; i < 2; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            gradc *g = compiled();
            gradc_module *m = gradc_load(g, "cc", NULL);
            _exit(m && call_right(m, gradc_find_function(g, "f_grad")) ? 0 : 1);
        }
    }
    for (int i = 0; i < 2; i++) {
        int status = 1;
        CHECK(child[i] > 0 && waitpid(child[i], &status, 0) == child[i] && status == 0);
    }
    snprintf(command, sizeof command, "test $(ls %s/gradc | wc -l) = 1", path);
    CHECK(system(command) == 0);
    snprintf(command, sizeof command, "%s/gradc", path);
    CHECK(stat(command, &st) == 0 && (st.st_mode & 0777) == 0700);
    setenv("XDG_CACHE_HOME", folder, 1);
}

static int rounds(int n)
{
    int good = 0;
    for (int i = 0; i < n; i++) {
        gradc *g = compiled();
        gradc_module *m = gradc_load(g, "tcc", NULL);
        good += m && call_right(m, gradc_find_function(g, "f_grad"));
        gradc_unload(m);
        gradc_free(g);
    }
    return good == n ? 0 : 1;
}

static void test_valgrind(const char *self)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    printf("valgrind is not run on what has a sanitizer\n");
    (void)self;
#else
    char command[512];
    if (system("command -v valgrind >/dev/null 2>&1") != 0) {
        printf("valgrind is missing: not run\n");
        return;
    }
    snprintf(command, sizeof command,
             "valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible "
             "--errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 %s 5",
             self);
    CHECK(system(command) == 0);
#endif
}

int main(int argc, char **argv)
{
    char command[64];
    if (argc > 1)
        return rounds(atoi(argv[1]));
    if (!cache_open())
        return 3;
    gradc *g = compiled();
    gradc_module *tcc = gradc_load(g, "tcc", NULL), *cc = gradc_load(g, "cc", NULL);
    gradc_unload(tcc);
    gradc_unload(cc);
    gradc_free(g);
    snprintf(command, sizeof command, "rm -rf %s/gradc", cache_folder);
    if (tcc && cc && system(command) == 0) {
        test_exchange();
        test_no_compiler("false");
        test_no_compiler("/nowhere/cc");
        test_cancel(cache_folder);
        test_race(cache_folder);
        test_valgrind(argv[0]);
        sum_up();
    } else {
        skipped_all("libtcc or cc is missing");
    }
    return !cache_remove() || failed > 0;
}
