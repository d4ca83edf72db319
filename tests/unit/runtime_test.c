/* runtime_test.c - libgradc as a host uses it: descriptions, sizes, calls, errors; that a thousand
 * rounds give all memory back; that threads do not disturb each other.
 *
 *   runtime_test        from the root of the repository */
#include "runtime/gradc.h"
#include "tests/count.h"
#include "tests/unit/cache.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char model[] =
    "fn f(x[N, D], y: i32[N], param w[D], k) = k * sum((x @ w)^2) + sum(x[:, 0])\n"
    "fn pick(x[n], i: i32[20]) = x[i]\n"
    "fn tri(l[D*(D-1)/2], z[2*D + 1]) = sum(l) + sum(z)\n"
    "fn both(a: bool, b: u8[M], c: f32[3]) = (sum(c), a)\n"
    "export f with grad(w), jvp(w)\n"
    "export pick\nexport tri\nexport both\n";

static gradc *compiled(void)
{
    gradc_options o;
    gradc_options_init(&o);
    o.check_bounds = 1;
    gradc *g = gradc_compile_string("model.dg", model, strlen(model), &o);
    if (!g || gradc_get_status(g) != GRADC_OK) {
        printf("the model does not compile: %s0 passed, 1 failed\n", g ? gradc_errors(g) : "");
        exit(1);
    }
    return g;
}

/* ---- Descriptions ---- */

static void test_describe(void)
{
    gradc *g = compiled();
    CHECK(gradc_function_count(g) == 6);
    int f = gradc_find_function(g, "f_grad");
    gradc_function info = gradc_get_function(g, f);
    CHECK(f == 1 && !strcmp(info.name, "f_grad") && !strcmp(info.base, "f") && info.line == 1);
    CHECK(info.ninput == 4 && info.nsize == 2 && info.noutput == 2);
    gradc_argument x = gradc_get_argument(g, f, 0), y = gradc_get_argument(g, f, 1);
    CHECK(!strcmp(x.name, "x") && x.role == GRADC_INPUT && x.type == GRADC_F64 && x.rank == 2);
    CHECK(!strcmp(x.dim_text[0], "N") && x.dim[1] == -1 && !x.trainable);
    CHECK(y.type == GRADC_I32 && y.rank == 1);
    CHECK(gradc_get_argument(g, f, 2).trainable);
    CHECK(gradc_get_argument(g, f, 3).rank == 0);
    CHECK(gradc_get_argument(g, f, 4).role == GRADC_SIZE &&
          !strcmp(gradc_get_argument(g, f, 4).name, "N"));
    gradc_argument out = gradc_get_argument(g, f, 7);
    CHECK(out.role == GRADC_OUTPUT && !strcmp(out.name, "grad_w") && out.what && !out.trainable);
    int jvp = gradc_find_function(g, "f_jvp");
    CHECK(gradc_get_argument(g, jvp, 4).role == GRADC_TANGENT);
    int tri = gradc_find_function(g, "tri"), both = gradc_find_function(g, "both");
    CHECK(strstr(gradc_get_argument(g, tri, 0).dim_text[0], "D^2") != NULL);
    CHECK(gradc_get_argument(g, both, 2).dim[0] == 3 &&
          gradc_get_argument(g, both, 0).type == GRADC_BOOL);
    CHECK(!gradc_get_argument(g, f, 8).name && !gradc_get_argument(g, f, -1).name);
    CHECK(!gradc_get_function(g, 6).name && gradc_find_function(g, "none") == -1);
    CHECK(gradc_type_bytes(GRADC_I64) == 8 && !strcmp(gradc_type_name(GRADC_U8), "u8"));
    gradc_free(g);
}

/* ---- Sizes ---- */

static void test_sizes(void)
{
    gradc *g = compiled();
    gradc_error e = {0};
    int f = gradc_find_function(g, "f"), tri = gradc_find_function(g, "tri");
    int64_t xd[] = {5, 3}, yd[] = {5}, wd[] = {3}, ld[] = {6}, zd[] = {9}, size[2] = {-1, -1},
            dim[2];
    gradc_shape s[] = {{2, xd}, {1, yd}, {1, wd}, {0, NULL}};
    CHECK(gradc_infer_sizes(g, f, s, size, &e) == GRADC_OK && size[0] == 5 && size[1] == 3);
    CHECK(gradc_get_shape(g, f, 0, size, dim) == 15 && dim[0] == 5 && dim[1] == 3);
    CHECK(gradc_get_shape(g, f, 3, size, NULL) == 1 && gradc_get_shape(g, f, 99, size, NULL) == -1);
    yd[0] = 4, size[0] = size[1] = -1;
    CHECK(gradc_infer_sizes(g, f, s, size, &e) == GRADC_USAGE_ERROR &&
          e.status == GRADC_USAGE_ERROR);
    SAYS(e,
         "x [N, D] is given as [5, 3], so that N is 5, but y [N] is given as [4], so that N is 4");
    size[0] = 4, size[1] = -1;
    CHECK(gradc_infer_sizes(g, f, s, size, &e) == GRADC_USAGE_ERROR);
    SAYS(e, "but N = 4 is given");
    s[1].rank = 0;
    CHECK(gradc_infer_sizes(g, f, s, size, &e) == GRADC_USAGE_ERROR);
    SAYS(e, "y [N] is given as []: it has 1 axis, not 0");
    s[0].rank = s[1].rank = s[2].rank = -1, size[0] = size[1] = -1;
    CHECK(gradc_infer_sizes(g, f, s, size, NULL) == GRADC_USAGE_ERROR);
    size[0] = INT64_MAX, size[1] = 1;
    CHECK(gradc_infer_sizes(g, f, s, size, &e) == GRADC_USAGE_ERROR);
    SAYS(e, "too large");
    size[0] = size[1] = (int64_t)1 << 38;
    CHECK(gradc_infer_sizes(g, f, s, size, &e) == GRADC_USAGE_ERROR);
    SAYS(e, "no possible shape");
    gradc_shape t[] = {{1, ld}, {1, zd}};
    size[0] = -1;
    CHECK(gradc_infer_sizes(g, tri, t, size, &e) == GRADC_OK && size[0] == 4);
    ld[0] = 7, size[0] = -1;
    CHECK(gradc_infer_sizes(g, tri, t, size, &e) == GRADC_USAGE_ERROR);
    SAYS(e, "is given as [7], but");
    CHECK(gradc_infer_sizes(g, -1, t, size, &e) == GRADC_USAGE_ERROR);
    gradc_free(g);
}

/* ---- Calls ---- */

static const double want_value = 2 * (5 * 5 + 11 * 11) + 4,
                    want_w[] = {4 * (5 * 1 + 11 * 3), 4 * (5 * 2 + 11 * 4)};

/* f_grad at x = [[1, 2], [3, 4]], w = [1, 2], k = 2. */
static int call_f_grad(const gradc *g, const gradc_module *m, double *value, double *grad)
{
    double x[] = {1, 2, 3, 4}, w[] = {1, 2}, k = 2;
    int32_t y[] = {0, 0};
    int64_t size[] = {2, 2};
    void *in[] = {x, y, w, &k}, *out[] = {value, grad};
    int f = gradc_find_function(g, "f_grad");
    void *work = malloc(gradc_workspace(m, f, in, size) + 1);
    int code = gradc_call(m, f, in, size, out, work);
    gradc_call_function *call = gradc_get_call(m, f);
    if (!code && call)
        code = call(in, size, out, work);
    free(work);
    return code;
}

static void test_call(const char *backend)
{
    gradc *g = compiled();
    gradc_error e = {0};
    gradc_module *m = gradc_load(g, backend, &e);
    CHECK(m != NULL);
    if (!m) {
        printf("    %s\n", e.text);
        gradc_free(g);
        return;
    }
    double value = 0, grad[2] = {0};
    CHECK(call_f_grad(g, m, &value, grad) == GRADC_CALL_OK);
    CHECK(value == want_value && grad[0] == want_w[0] && grad[1] == want_w[1]);

    double x[] = {1, 2, 3};
    double picked[20];
    int32_t index[20] = {2};
    int64_t n = 3;
    int pick = gradc_find_function(g, "pick");
    void *in[] = {x, index}, *out[] = {picked};
    CHECK(gradc_call(m, pick, in, &n, out, NULL) == GRADC_CALL_OK && picked[0] == 3 &&
          picked[19] == 1);
    index[7] = 3;
    CHECK(gradc_call(m, pick, in, &n, out, NULL) == GRADC_CALL_BOUNDS);
    CHECK(gradc_call(m, 99, in, &n, out, NULL) == GRADC_CALL_FAILED);
    CHECK(!gradc_get_call(m, 99) && gradc_workspace(m, 99, in, &n) == 0);

    int (*typed)(const double *, const int32_t *, int64_t, double *) = NULL;
    void *p = gradc_get_symbol(m, "pick");
    CHECK((p != NULL) == (strcmp(backend, "interp") != 0));
    memcpy(&typed, &p, sizeof p);
    index[7] = 1;
    if (typed)
        CHECK(typed(x, index, 3, picked) == 0 && picked[7] == 2);
    CHECK(!gradc_get_symbol(m, "nothing_of_that_name"));

    float c[] = {1, 2, 3};
    uint8_t flag = 1, bytes[] = {1, 2}, flag_out = 9;
    int64_t two = 2;
    void *in2[] = {&flag, bytes, c}, *out2[2] = {NULL, &flag_out};
    float sum = 0;
    out2[0] = &sum;
    CHECK(gradc_call(m, gradc_find_function(g, "both"), in2, &two, out2, NULL) == 0);
    CHECK(sum == 6 && flag_out == 1);
    gradc_unload(m);
    gradc_free(g);
}

/* Everything that the text of a long function needs: elementary functions, linear algebra. */
static void test_examples(const char *backend)
{
    static const char *const paths[] = {"mlp", "gmm",      "arm",        "ba",
                                        "lse", "logistic", "rosenbrock", "chain"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char path[64];
        gradc_error e = {0};
        snprintf(path, sizeof path, "examples/%s.dg", paths[i]);
        gradc *g = gradc_compile_file(path, NULL);
        gradc_module *m = gradc_load(g, backend, &e);
        CHECK(m != NULL);
        if (!m)
            printf("    %s: %s\n", path, e.text);
        gradc_unload(m);
        gradc_free(g);
    }
}

/* ---- Errors ---- */

static void test_errors(void)
{
    gradc_error e = {0};
    gradc *g = gradc_compile_string("m.dg", "fn f(x) = y\n", 12, NULL);
    CHECK(gradc_get_status(g) == GRADC_MODEL_ERROR && gradc_function_count(g) == 0);
    CHECK(!gradc_load(g, "tcc", &e) && e.status == GRADC_USAGE_ERROR);
    SAYS(e, "the model has errors");
    gradc_free(g);
    /* what the caller gave is gone when messages are asked for */
    char name[] = "gone.dg", text[] = "fn f(x) = x\nfn g(x) = y\nexport g\n";
    g = gradc_compile_string(name, text, strlen(text), NULL);
    memset(name, '?', sizeof name - 1);
    memset(text, '\n', sizeof text - 1);
    gradc_message message = gradc_get_message(g, 0);
    CHECK(!strcmp(message.file, "gone.dg") && message.line == 2 && message.column == 11);
    gradc_free(g);
    g = compiled();
    CHECK(!gradc_load(g, "magic", &e));
    SAYS(e, "there is no backend 'magic'");
    setenv("GRADC_CC", "/nowhere/cc", 1);
    CHECK(!gradc_load(g, "cc", &e) && e.status == GRADC_SYSTEM_ERROR);
    SAYS(e, "cannot run the compiler '/nowhere/cc'");
    setenv("GRADC_CC", "false", 1);
    CHECK(!gradc_load(g, "cc", NULL));
    unsetenv("GRADC_CC");
    gradc_array a;
    CHECK(gradc_array_read("/nowhere/a.npy", &a, &e) == GRADC_SYSTEM_ERROR && !a.data);
    SAYS(e, "cannot read /nowhere/a.npy: ");
    CHECK(gradc_array_write("/nowhere/a.npy", &a, &e) == GRADC_SYSTEM_ERROR);
    gradc_unload(NULL);
    gradc_free(NULL);
    gradc_free(g);
    g = compiled();
    CHECK(gradc_backend_name(0) && !strcmp(gradc_backend_name(0), "tcc") && !gradc_backend_name(4));
    gradc_free(g);
}

/* ---- Memory ---- */

typedef struct Count {
    long blocks, left; /* left: allocations before they fail; -1: they do not */
} Count;

static void *count_alloc(void *user, size_t size)
{
    Count *c = user;
    if (c->left == 0)
        return NULL;
    if (c->left > 0)
        c->left--;
    c->blocks++;
    return malloc(size);
}

static void count_free(void *user, void *block)
{
    Count *c = user;
    c->blocks -= block != NULL;
    free(block);
}

static gradc *counted(Count *c)
{
    gradc_options o;
    gradc_options_init(&o);
    o.alloc = count_alloc;
    o.free = count_free;
    o.user = c;
    return gradc_compile_string("model.dg", model, strlen(model), &o);
}

static void test_rounds(int rounds)
{
    Count count = {0, -1};
    int good = 0;
    for (int i = 0; i < rounds; i++) {
        double value = 0, grad[2] = {0};
        gradc *g = counted(&count);
        gradc_module *m = gradc_load(g, i % 2 ? "tcc" : "interp", NULL);
        good += m && call_f_grad(g, m, &value, grad) == 0 && value == want_value &&
                grad[1] == want_w[1];
        gradc_unload(m);
        gradc_free(g);
        good -= count.blocks != 0;
    }
    CHECK(good == rounds);
    CHECK(count.blocks == 0);
}

/* Loading and interpreting when there is no memory behind the n-th allocation. */
static void test_no_memory(void)
{
    Count count = {0, -1};
    gradc *g = counted(&count);
    long before = count.blocks;
    bool ended = false, exact = true;
#ifdef ARENA_DEBUG /* each object is a block, also those that loading adds to the gradc's arena */
    exact = false;
#endif
    for (long n = 0; n < 1000 && !ended; n++) {
        gradc_error e = {0};
        count.left = n;
        gradc_module *m = gradc_load(g, "tcc", &e);
        if (!m)
            CHECK(strstr(e.text, "out of memory") != NULL);
        ended = m != NULL;
        gradc_unload(m);
        CHECK(!exact || count.blocks == before);
    }
    CHECK(ended);
    count.left = -1;
    gradc_module *m = gradc_load(g, "interp", NULL);
    ended = false;
    for (long n = 0; n < 1000 && !ended; n++) {
        double value, grad[2];
        long now = count.blocks;
        count.left = n;
        ended = call_f_grad(g, m, &value, grad) == GRADC_CALL_OK;
        CHECK(count.blocks == now);
    }
    CHECK(ended);
    gradc_unload(m);
    gradc_free(g);
}

/* ---- Threads ---- */

static void *in_thread(void *out)
{
    int good = 0;
    for (int i = 0; i < 12; i++) {
        double value = 0, grad[2] = {0};
        gradc *g = compiled();
        gradc_module *m = gradc_load(g, i % 3 ? "tcc" : "interp", NULL);
        good += m && call_f_grad(g, m, &value, grad) == 0 && value == want_value &&
                grad[0] == want_w[0];
        gradc_unload(m);
        gradc_free(g);
    }
    *(int *)out = good;
    return NULL;
}

static void test_threads(void)
{
    enum { THREADS = 8 };
    pthread_t thread[THREADS];
    int good[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&thread[i], NULL, in_thread, &good[i]) == 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        CHECK(good[i] == 12);
    }
}

/* ---- The cache of "cc" ---- */

static void test_cache(const char *folder)
{
    char command[256], path[256];
    struct stat st;
    test_call("cc");
    snprintf(path, sizeof path, "%s/gradc", folder);
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0700);
    snprintf(command, sizeof command, "test $(ls %s/gradc | wc -l) = 1", folder);
    CHECK(system(command) == 0); /* nothing else is left there */
    snprintf(command, sizeof command,
             "for f in %s/gradc/*.so; do head -c 5000 $f >$f.cut && mv $f.cut $f; done", folder);
    CHECK(system(command) == 0);
    test_call("cc"); /* made anew */
    setenv("GRADC_CC", "false", 1);
    gradc *g = compiled();
    CHECK(!gradc_load(g, "cc", NULL)); /* another compiler, another entry */
    gradc_free(g);
    unsetenv("GRADC_CC");
    test_call("cc"); /* from the cache */
    CHECK(chmod(path, 0777) == 0);
    g = compiled();
    gradc_error e = {0};
    CHECK(!gradc_load(g, "cc", &e)); /* others could write there */
    SAYS(e, "no folder that only you can write to");
    CHECK(chmod(path, 0700) == 0);
    gradc_free(g);
}

/* ---- Arrays ---- */

static void test_arrays(const char *folder)
{
    char path[256];
    float data[] = {1.5f, -2, INFINITY, 0, 1e-40f, 7};
    int64_t dim[] = {2, 3}, one[] = {6}, zero[] = {0, 4};
    gradc_array a = {GRADC_F32, 2, dim, 6, data}, b, c = {GRADC_F32, 1, one, 6, data};
    gradc_array scalar = {GRADC_I64, 0, NULL, 1, &dim[1]}, empty = {GRADC_U8, 2, zero, 0, NULL};
    gradc_error e = {0};
    snprintf(path, sizeof path, "%s/a.npy", folder);
    CHECK(gradc_array_write(path, &a, &e) == GRADC_OK &&
          gradc_array_read(path, &b, &e) == GRADC_OK);
    CHECK(b.type == GRADC_F32 && b.rank == 2 && b.dim[0] == 2 && b.dim[1] == 3 &&
          !memcmp(b.data, data, sizeof data));
    gradc_array_free(&b);
    CHECK(gradc_array_write(path, &c, &e) == GRADC_OK &&
          gradc_array_read(path, &b, &e) == GRADC_OK);
    CHECK(b.rank == 1 && b.count == 6);
    gradc_array_free(&b);
    CHECK(gradc_array_write(path, &scalar, &e) == GRADC_OK &&
          gradc_array_read(path, &b, &e) == GRADC_OK);
    CHECK(b.rank == 0 && b.count == 1 && *(int64_t *)b.data == 3);
    gradc_array_free(&b);
    CHECK(gradc_array_write(path, &empty, &e) == GRADC_OK &&
          gradc_array_read(path, &b, &e) == GRADC_OK);
    CHECK(b.rank == 2 && b.count == 0 && b.dim[1] == 4);
    gradc_array_free(&b);
}

/* The C of the file calls cblas then; a module calls OpenBLAS or, where that is not there, what is ours. */
static void test_blas(const char *backend)
{
    static const char text[] = "fn f(a[K, N], b[K, M]) = a' @ b\nexport f\n";
    enum { K = 70, N = 50, M = 64 };
    static double a[K][N], b[K][M], c[N][M];
    gradc_options o;
    gradc_options_init(&o);
    o.blas = 1;
    o.unroll = 0;
    gradc *g = gradc_compile_string("blas.dg", text, strlen(text), &o);
    CHECK(g && gradc_get_status(g) == GRADC_OK && strstr(gradc_c_text(g), "cblas_dgemm"));
    for (int missing = 0; missing < 2; missing++) {
        if (missing)
            setenv("GRADC_BLAS", "/nowhere/libopenblas.so.0", 1);
        gradc_module *m = gradc_load(g, backend, NULL);
        CHECK(m != NULL);
        for (int n = 3; n < N + 1; n += N - 3) { /* one that is small, one that is not */
            int64_t sizes[] = {K, n, M};
            void *in[] = {a, b}, *out[] = {c}, *work = malloc(m ? gradc_workspace(m, 0, in, sizes) + 1 : 1);
            for (int i = 0; i < K; i++)
                for (int j = 0; j < M; j++) {
                    (&a[0][0])[i * n + j % n] = i + 2 * (j % n);
                    b[i][j] = i % 7 - j;
                }
            CHECK(m && gradc_call(m, 0, in, sizes, out, work) == 0);
            double want = 0; /* of integers: exact */
            for (int i = 0; i < K; i++)
                want += (i + 2 * (n - 1)) * (i % 7 - 5);
            CHECK((&c[0][0])[(n - 1) * M + 5] == want);
            free(work);
        }
        gradc_unload(m);
        unsetenv("GRADC_BLAS");
    }
    gradc_free(g);
}

/* ---- Workspaces that grow with an argument ---- */

static const char turns_text[] = "fn f(w[D], m: i32, n: i64) {\n"
                                 "    s = 0.5\n"
                                 "    for t in 1:n { s = sin(s * w[t % D]) + m }\n"
                                 "    return s\n"
                                 "}\n"
                                 "export f with grad(w)\n";

/* f_grad for n, in as many bytes as it asks for (by malloc, so that valgrind sees what is beside). */
static int call_turns(const gradc_module *m, int f, int64_t n, double *value, double *grad, size_t *bytes)
{
    double w[] = {1, -2};
    int32_t add = 0;
    int64_t size = 2;
    void *in[] = {w, &add, &n}, *out[] = {value, grad};
    *bytes = gradc_workspace(m, f, in, &size);
    void *work = malloc(*bytes ? *bytes : 1);
    int code = work ? gradc_call(m, f, in, &size, out, work) : -2;
    free(work);
    return code;
}

static void test_turns(const char *backend)
{
    gradc *g = gradc_compile_string("turns.dg", turns_text, strlen(turns_text), NULL);
    gradc_module *m = g ? gradc_load(g, backend, NULL) : NULL;
    CHECK(m != NULL);
    if (!m)
        return;
    int f = gradc_find_function(g, "f_grad"), value = gradc_find_function(g, "f");
    bool compiled = strcmp(backend, "interp") != 0;
    CHECK(!gradc_get_argument(g, f, 0).counts && !gradc_get_argument(g, f, 1).counts &&
          gradc_get_argument(g, f, 2).counts && !gradc_get_argument(g, value, 2).counts);
    double y, grad[2], s = 0.5, d = 0;
    size_t none, some, more, bytes;
    int64_t size = 2;
    CHECK(gradc_workspace(m, value, NULL, &size) == 0); /* reads no argument */
    CHECK(call_turns(m, f, 1, &y, grad, &none) == 0 && y == 0.5 && grad[0] == 0 && grad[1] == 0);
    for (int t = 1; t < 4; t++) { /* by w[1] */
        double w = t % 2 ? -2 : 1;
        d = cos(s * w) * (d * w + (t % 2 ? s : 0));
        s = sin(s * w);
    }
    CHECK(call_turns(m, f, 4, &y, grad, &bytes) == 0 && fabs(y - s) < 1e-15 && fabs(grad[1] - d) < 1e-15);
    CHECK(call_turns(m, f, 801, &y, grad, &some) == 0 && call_turns(m, f, 1601, &y, grad, &more) == 0);
    CHECK(more - none == 2 * (some - none) && (some > none) == compiled);
    const int64_t few[] = {0, -1, INT64_MIN, INT64_MIN + 1};
    for (int i = 0; i < 4; i++)
        CHECK(call_turns(m, f, few[i], &y, grad, &bytes) == 0 && bytes == none && y == 0.5);
    const int64_t many[] = {INT64_MAX, (int64_t)1 << 61, (int64_t)1 << 60, INT64_MAX - 1};
    for (int i = 0; i < 4 && compiled; i++)
        CHECK(call_turns(m, f, many[i], &y, grad, &bytes) == -2);
    gradc_unload(m);
    gradc_free(g);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 1000;
    if (!cache_open())
        return 3;
    gradc *g = compiled();
    gradc_error e = {0};
    gradc_module *m = gradc_load(g, "tcc", &e);
    gradc_unload(m);
    gradc_free(g);
    test_describe();
    test_sizes();
    test_errors();
    test_arrays(cache_folder);
    test_call("interp");
    test_turns("interp");
    test_cache(cache_folder);
    test_blas("cc");
    if (m) {
        test_call("tcc");
        test_turns("tcc");
        test_turns("cc");
        test_blas("tcc");
        test_examples("tcc");
        test_rounds(rounds);
        test_no_memory();
        test_threads();
    } else {
        SAYS(e, "built without libtcc");
    }
    CHECK(cache_remove());
    return sum_up();
}
