/* train_test.c - training steps: what is updated in place must come out as if all had been read
 * before anything is written, which is how the interpreter does it.
 *
 * Most optimisers here are none: they read the old values in orders in which writing at once would
 * be wrong (shifted, summed, multiplied, swapped).
 *
 *   train_test        from the root of the repository */
#include "runtime/gradc.h"
#include "tests/count.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 3, MAX_ARGUMENTS = 64 };

#define NET                                                                                        \
    "fn loss(x: f32[N, D], y: i32[N], param W1: f32[D, H], param b1: f32[H], param W2: f32[H, 3]," \
    " param b2: f32[3], decay) {\n"                                                                \
    "    u = relu(x @ W1 + b1) @ W2 + b2\n"                                                        \
    "    return mean(logsumexp(u, axis=1) - u[range(N), y]) + decay * (sum(W1^2) + sum(W2^2))\n"   \
    "}\n"
/* Scalars, short vectors and square matrices. */
#define SQUARE                                                                                     \
    "fn loss(x[N, M], param W[M, M], param V[M, M], param c[2], param a, param b) {\n"             \
    "    return sum(tanh(x @ W + a)^2) + sum(V * W') * b + c[0]^2 * sum(V) + c[1] * a * b\n"       \
    "}\n"
/* Long enough to be cut into pieces. */
#define LONG                                                                                       \
    "fn loss(x[4], param W[4, 4], param c[4], param a, param b) {\n"                               \
    "    h = x\n"                                                                                  \
    "    static for i in 0:60 { h = tanh(W @ h + c * a) + 0.1 * sin(b * h) }\n"                    \
    "    return sum(h^2)\n"                                                                        \
    "}\n"
/* A loop that stays one, forwards and backwards. */
#define LOOP                                                                                       \
    "fn loss(x[T, D], param W[D, D], param c[D], param a) {\n"                                     \
    "    h = c\n"                                                                                  \
    "    for t in 0:T { h = tanh(W @ h + a * x[t, :]) }\n"                                         \
    "    return sum(h^2) + 0.1 * sum(W^2)\n"                                                       \
    "}\n"
#define GATHER                                                                                     \
    "fn loss(i: i32[N], param E[3, D], param w[D]) = sum((E[i, :] @ w)^2) + sum(E[2, :])\n"

static const struct {
    const char *model, *optimizer;
    int copies; /* outputs that have to be made in the workspace; -1: any number */
} cases[] = {
    {NET, "sgd", 0},
    {NET, "momentum", 0},
    {NET, "nesterov", 0},
    {NET, "adagrad", 0},
    {NET, "rmsprop", 0},
    {NET, "adam", 0},
    {NET, "adamw", 0},
    {SQUARE, "sgd", 1}, /* V, which shares a nest with a sum, before W's gradient reads it */
    {SQUARE, "adam", 1},
    {LONG, "sgd", -1},
    {LONG, "rmsprop", -1},
    {GATHER, "sgd", 0},
    {LOOP, "sgd", -1},
    {LOOP, "adam", -1},
    {LOOP "fn odd(w, g, s, lr) = (s - lr * g, w)\n", "odd", -1},
    {LOOP "fn odd(w, g, lr) {\n    if rank(w) == 0 { return w - lr * g }\n"
          "    return flip(w) - lr * g\n}\n",
     "odd", -1},
    {GATHER, "rmsprop", 0},
    {SQUARE "fn odd(w, g, lr) = w\n", "odd", -1},
    {SQUARE "fn odd(w, g, lr) = g * lr\n", "odd", -1},
    {SQUARE "fn odd(w, g, s, lr) = (s + 0 * lr, w)\n", "odd", -1},
    {LONG "fn odd(w, g, s, lr) = (s + g, w)\n", "odd", -1},
    {NET "fn odd(w, g, s, lr) = (s - lr * g, w)\n", "odd", -1},
    {NET "fn odd(w, g, s, v, lr) = (v - lr * g, w, s)\n", "odd", -1},
    {SQUARE "fn odd(w, g, lr) = w - lr * g + mean(w)\n", "odd", -1},
    {NET "fn odd(w, g, lr) = w - lr * g / (1 + sum(g^2) + sum(w^2))\n", "odd", -1},
    {SQUARE "fn odd(w, g, lr) {\n    if rank(w) == 0 { return w - lr * g }\n"
            "    return roll(w, 1) - lr * g\n}\n",
     "odd", 3},
    {NET "fn odd(w, g, lr) {\n    if rank(w) == 0 { return w - lr * g }\n"
         "    return flip(w) - lr * g\n}\n",
     "odd", -1},
    {LONG "fn odd(w, g, lr) {\n    if rank(w) == 0 { return w - lr * g }\n"
          "    return flip(w) - lr * g\n}\n",
     "odd", -1},
    {SQUARE "fn odd(w, g, lr) {\n    if rank(w) < 2 { return w - lr * g }\n"
            "    return w - lr * (w @ w) @ g\n}\n",
     "odd", 0},
    {SQUARE "fn odd(w, g, lr) {\n    if rank(w) < 2 { return w - lr * g }\n"
            "    return w @ w\n}\n",
     "odd", 2},
    {SQUARE "fn odd(w, g, s, lr) {\n    if rank(w) < 2 { return (w - lr * g, s) }\n"
            "    return (s' + lr * g, w' + lr * w)\n}\n",
     "odd", -1},
    {SQUARE "fn odd(w, g, lr) {\n    if rank(w) == 0 { return w - lr * g }\n"
            "    return cumsum(w, axis=0) - lr * g\n}\n",
     "odd", -1},
    {NET "fn odd(w, g, lr) {\n    if rank(w) < 2 { return w - lr * g }\n"
         "    return w - lr * g + mean(w, axis=0)\n}\n",
     "odd", -1},
    {NET "fn odd(w, g, lr) {\n    if rank(w) < 2 { return w - lr * g }\n"
         "    return w - lr * g + mean(w, axis=1, keep=true)\n}\n",
     "odd", -1},
    {NET "fn odd(w, g, lr) {\n    if rank(w) < 2 { return w - lr * g }\n"
         "    return concat([w[1:, :], w[:1, :] - lr * g[:1, :]])\n}\n",
     "odd", -1},
};

static gradc *compiled(int i, int unroll, int level)
{
    static const char *const folder[] = {"runtime/std"};
    gradc_options o;
    gradc_options_init(&o);
    o.ninclude = 1;
    o.include = folder;
    o.train = "loss";
    o.optimizer = cases[i].optimizer;
    o.unroll = unroll;
    o.level = level;
    gradc *g = gradc_compile_string("model.dg", cases[i].model, strlen(cases[i].model), &o);
    if (g && gradc_get_status(g) == GRADC_OK)
        return g;
    printf("case %d, %s: %s", i, cases[i].optimizer, g ? gradc_errors(g) : "out of memory\n");
    failed++;
    gradc_free(g);
    return NULL;
}

/* ---- Arguments ---- */

static uint64_t state;

static double random_number(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) * 0x1p-53;
}

typedef struct Arguments {
    int n, nout;
    size_t bytes[MAX_ARGUMENTS];
    gradc_type type[MAX_ARGUMENTS];
    bool updated[MAX_ARGUMENTS];
    void *at[MAX_ARGUMENTS], *out[MAX_ARGUMENTS];
    int64_t sizes[8];
} Arguments;

static void fill(gradc_type t, gradc_role role, void *to, int64_t count)
{
    for (int64_t k = 0; k < count; k++) {
        double v = random_number() - 0.5;
        if (role == GRADC_SETTING)
            v = 0.1 + 0.8 * random_number();
        if (role == GRADC_STATE)
            v = fabs(v);
        if (t == GRADC_F32)
            ((float *)to)[k] = (float)v;
        else if (t == GRADC_F64)
            ((double *)to)[k] = v;
        else
            ((int32_t *)to)[k] = (int32_t)(3 * random_number());
    }
}

static void make_arguments(const gradc *g, int f, Arguments *a)
{
    gradc_function info = gradc_get_function(g, f);
    *a = (Arguments){.n = info.ninput, .nout = info.noutput};
    for (int k = 0; k < info.nsize; k++)
        a->sizes[k] = 5 + 2 * k;
    state = 1;
    for (int i = 0; i < info.ninput; i++) {
        gradc_argument arg = gradc_get_argument(g, f, i);
        int64_t count = gradc_get_shape(g, f, i, a->sizes, NULL);
        a->bytes[i] = (size_t)count * gradc_type_bytes(arg.type);
        a->type[i] = arg.type;
        a->updated[i] = arg.updated;
        a->at[i] = calloc(1, a->bytes[i] + 8);
        fill(arg.type, arg.role, a->at[i], count);
    }
    for (int i = 0; i < info.noutput; i++)
        a->out[i] = calloc(1, 64);
}

static void free_arguments(Arguments *a)
{
    for (int i = 0; i < a->n; i++)
        free(a->at[i]);
    for (int i = 0; i < a->nout; i++)
        free(a->out[i]);
}

static double element(gradc_type t, const void *p, size_t k)
{
    return t == GRADC_F32   ? (double)((const float *)p)[k]
           : t == GRADC_F64 ? ((const double *)p)[k]
                            : ((const int32_t *)p)[k];
}

static bool agree(const Arguments *a, const Arguments *b, const gradc *g, int f)
{
    bool good = true;
    for (int i = 0; i < a->n; i++)
        for (size_t k = 0; k < a->bytes[i] / gradc_type_bytes(a->type[i]); k++) {
            double x = element(a->type[i], a->at[i], k), y = element(a->type[i], b->at[i], k);
            double tolerance = !a->updated[i] ? 0 : a->type[i] == GRADC_F32 ? 2e-4 : 1e-10;
            if (fabs(x - y) <= tolerance * (1 + fabs(y)))
                continue;
            if (good)
                printf("%s[%zu] is %.9g, and %.9g by the interpreter\n",
                       gradc_get_argument(g, f, i).name, k, x, y);
            good = false;
        }
    return good;
}

/* ---- The tests ---- */

static int steps_of(const gradc *g, const char *backend, Arguments *a)
{
    int f = gradc_find_function(g, "loss_step");
    gradc_module *m = gradc_load(g, backend, NULL);
    make_arguments(g, f, a);
    int code = m ? 0 : -9;
    void *work = malloc(m ? gradc_workspace(m, f, a->at, a->sizes) + 1 : 1);
    for (int s = 0; s < STEPS && !code; s++)
        code = gradc_call(m, f, a->at, a->sizes, a->out, work);
    free(work);
    gradc_unload(m);
    return code;
}

static int copies_in(const gradc *g)
{
    int n = 0;
    const char *at = strstr(gradc_c_text(g), "/* loss_step:");
    while (at && (at = strstr(at, "    memcpy("))) {
        n++;
        at++;
    }
    return n;
}

static void test_case(int i, int unroll, int level, const char *backend)
{
    gradc *g = compiled(i, unroll, level);
    if (!g)
        return;
    Arguments got, want;
    int f = gradc_find_function(g, "loss_step");
    CHECK(f >= 0);
    if (unroll == 16 && level == 2 && cases[i].copies >= 0 && copies_in(g) != cases[i].copies) {
        printf("case %d, %s: %d copies, not %d\n", i, cases[i].optimizer, copies_in(g),
               cases[i].copies);
        failed++;
    }
    int wanted = steps_of(g, "interp", &want), code = steps_of(g, backend, &got);
    CHECK(wanted == 0 && code == 0);
    bool good = agree(&got, &want, g, f);
    if (!good)
        printf("case %d, %s, unroll %d, -O%d\n", i, cases[i].optimizer, unroll, level);
    CHECK(good);
    free_arguments(&got);
    free_arguments(&want);
    gradc_free(g);
}

/* Roles, names and places of what a host has to hand in. */
static void test_description(void)
{
    static const char *const want[] = {"x",    "y",    "W1",   "b1",   "W2", "b2",  "decay",
                                       "s_W1", "s_b1", "s_W2", "s_b2", "lr", "rho", "delta"};
    gradc *g = compiled(4, 16, 2);
    if (!g)
        return;
    int f = gradc_find_function(g, "loss_step");
    gradc_function info = gradc_get_function(g, f);
    CHECK(gradc_function_count(g) == 2 && gradc_find_function(g, "loss") == 0);
    CHECK(info.ninput == 14 && info.noutput == 1 && !strcmp(info.what, "training step"));
    for (int i = 0; i < info.ninput; i++) {
        gradc_argument a = gradc_get_argument(g, f, i);
        CHECK(!strcmp(a.name, want[i]));
        CHECK(a.updated == ((i >= 2 && i < 6) || (i >= 7 && i < 11)));
        CHECK(a.role == (i < 7 ? GRADC_INPUT : i < 11 ? GRADC_STATE : GRADC_SETTING));
        CHECK(i < 7 || i >= 11 || (a.of == i - 5 && !strcmp(a.what, "s")));
        CHECK(i < 11 || (a.type == GRADC_F32 && !a.rank && !strcmp(a.what, want[i])));
    }
    gradc_free(g);
}

static void test_error(const char *model, const char *train, const char *optimizer,
                       const char *says)
{
    static const char *const folder[] = {"runtime/std"};
    gradc_options o;
    gradc_options_init(&o);
    o.ninclude = 1;
    o.include = folder;
    o.train = train;
    o.optimizer = optimizer;
    gradc *g = gradc_compile_string("model.dg", model, strlen(model), &o);
    CHECK(g && gradc_get_status(g) == GRADC_MODEL_ERROR);
    bool good = g && strstr(gradc_errors(g), says);
    CHECK(good);
    if (g && !good)
        printf("    it says: %s", gradc_errors(g));
    gradc_free(g);
}

static void test_errors(void)
{
    test_error(NET, "los", "sgd",
               "error: there is no function 'los' to train; did you mean 'loss'?");
    test_error(NET, "loss", "rmspro",
               "there is no function 'rmspro' to train with; did you mean 'rmsprop'?");
    test_error("fn loss(x) = x^2\n", "loss", "sgd", "model.dg:1:4: error: loss has no `param`");
    test_error("fn loss(param x[n]) = x^2\n", "loss", "sgd",
               "grad wants a function that returns one real");
    test_error("fn loss(param x) = x^2\nfn o(w) = w\n", "loss", "o",
               "an optimiser takes a parameter and its gradient");
    test_error("fn loss(param x) = x^2\nfn o(w, g) = (w, g)\n", "loss", "o",
               "o returns 1 values behind the new parameter, and takes only 0");
    test_error("fn loss(param x[n]) = sum(x^2)\nfn o(w, g) = sum(w * g)\n", "loss", "o",
               "o gives the new parameter of shape [], and x has shape [n]");
    test_error("fn loss(param x: f32[n]) = sum(x^2)\nfn o(w, g) = f64(w)\n", "loss", "o",
               "the new parameter");
}

int main(void)
{
    gradc *g = compiled(0, 16, 2);
    gradc_module *m = g ? gradc_load(g, "tcc", NULL) : NULL;
    const char *backend = m ? "tcc" : "cc";
    gradc_unload(m);
    gradc_free(g);
    for (int i = 0; i < (int)(sizeof cases / sizeof *cases); i++) {
        test_case(i, 16, 2, backend);
        test_case(i, 0, 2, backend);
        test_case(i, 16, 0, backend);
    }
    test_description();
    test_errors();
    return sum_up();
}
