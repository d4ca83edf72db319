/* init_test.c - initial values: the generator against its authors' vectors, distributions against
 * their moments and Kolmogorov's bound, what values depend on, and exact bits, so that a machine or
 * a compiler that draws differently is noticed.
 *
 *   init_test        from the root of the repository */
#include "runtime/gradc.h"
#include "runtime/init.h"
#include "tests/count.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* kat_vectors of the authors' Random123. */
static void test_generator(void)
{
    static const struct {
        Philox counter;
        uint64_t key;
        Philox out;
    } known[] = {
        {{{0, 0, 0, 0}}, 0, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}},
        {{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
         0xffffffffffffffff,
         {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}},
        {{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
         0x299f31d0a4093822,
         {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}},
    };
    for (int i = 0; i < 3; i++) {
        Philox p = philox(known[i].counter, known[i].key);
        CHECK(!memcmp(&p, &known[i].out, sizeof p));
    }
}

static const char model[] =
    "dim S = 3\n"
    "fn f(x[D], param g[D, H] ~ glorot_uniform, param n[D, H] ~ glorot_normal,\n"
    "     param h[D, H] ~ he_normal, param u[D, H] ~ uniform(-1, 1/D), param z[D, H] ~ normal(2),\n"
    "     param c[5, 2, 3] ~ glorot_uniform, param v[S] ~ [1, 2, S*D], param o[2] ~ ones,\n"
    "     param i: i32[2] ~ [7, -8], param s: f32 ~ normal(0.5), param t[D, H] ~ normal(2),\n"
    "     param q: u8 ~ D, param e[D] ~ normal(range(D)), param none[2]) = sum(x)\n"
    "export f\n"
    "fn g(param z[D, H] ~ normal(2), param g[D, H] ~ glorot_uniform) = sum(z) + sum(g)\n"
    "export g with grad\n";

static gradc *g;
enum { D = 400, H = 300, N = D * H };
static double all[N], again[N];

static int find(int f, const char *name)
{
    for (int i = 0; i < gradc_get_function(g, f).ninput; i++)
        if (!strcmp(gradc_get_argument(g, f, i).name, name))
            return i;
    return -1;
}

static bool draw(const char *function, const char *name, uint64_t seed, void *out)
{
    const int64_t sizes[] = {D, H};
    gradc_error e = {0};
    int f = gradc_find_function(g, function);
    if (gradc_init_param(g, f, find(f, name), sizes, seed, out, &e) == GRADC_OK)
        return true;
    printf("%s: %s\n", name, e.text);
    return false;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double normal_below(double x)
{
    return erfc(-x / sqrt(2)) / 2;
}

static double uniform_below(double x)
{
    return x;
}

/* all, scaled to the standard distribution: mean and spread, and Kolmogorov's distance, which
 * random numbers exceed once in a thousand (and these always or never). */
static void check_law(double (*below)(double), double mean, double deviation)
{
    double sum = 0, squares = 0, distance = 0;
    for (int i = 0; i < N; i++) {
        sum += all[i];
        squares += (all[i] - mean) * (all[i] - mean);
    }
    CHECK(fabs(sum / N - mean) < 4 * deviation / sqrt(N));
    CHECK(fabs(sqrt(squares / N) / deviation - 1) < 4 / sqrt(N));
    qsort(all, N, sizeof *all, ascending);
    for (int i = 0; i < N; i++)
        distance = fmax(distance, fabs(below(all[i]) - (i + 0.5) / N));
    CHECK(distance < 1.95 / sqrt(N));
}

static void scale(double shift, double factor)
{
    for (int i = 0; i < N; i++)
        all[i] = (all[i] + shift) * factor;
}

static void test_laws(void)
{
    double glorot = sqrt(6. / (D + H)), c = sqrt(6. / (5 * 2 + 5 * 3)), most = 0;
    CHECK(draw("f", "g", 1, all));
    scale(glorot, 0.5 / glorot);
    check_law(uniform_below, 0.5, sqrt(1. / 12));
    CHECK(draw("f", "u", 1, all));
    scale(1, 1 / (1 + 1. / D));
    check_law(uniform_below, 0.5, sqrt(1. / 12));
    CHECK(draw("f", "n", 1, all));
    scale(0, 1 / sqrt(2. / (D + H)));
    check_law(normal_below, 0, 1);
    CHECK(draw("f", "h", 1, all));
    scale(0, 1 / sqrt(2. / D));
    check_law(normal_below, 0, 1);
    CHECK(draw("f", "z", 1, all));
    scale(0, 0.5);
    check_law(normal_below, 0, 1);
    CHECK(draw("f", "c", 1, all));
    for (int i = 0; i < 30; i++)
        most = fmax(most, fabs(all[i]));
    CHECK(most < c && most > 0.9 * c);
    CHECK(draw("f", "e", 1, all)); /* each element by a deviation of its own */
    CHECK(all[0] == 0 && fabs(all[1]) < 5 && fabs(all[399]) > 5);
}

static void test_values(void)
{
    int32_t i[2];
    uint8_t q;
    double v[3], o[2];
    gradc_error e = {0};
    const int64_t sizes[] = {D, H}, small[] = {4, 2}, wrong[] = {-1, 2};
    CHECK(draw("f", "v", 0, v) && v[0] == 1 && v[1] == 2 && v[2] == 3 * D);
    CHECK(draw("f", "o", 0, o) && o[0] == 1 && o[1] == 1);
    CHECK(draw("f", "i", 0, i) && i[0] == 7 && i[1] == -8);
    int f = gradc_find_function(g, "f");
    CHECK(gradc_init_param(g, f, find(f, "q"), small, 0, &q, &e) == GRADC_OK && q == 4);
    CHECK(gradc_init_param(g, f, find(f, "q"), sizes, 0, &q, &e) == GRADC_USAGE_ERROR);
    CHECK(!strcmp(e.text, "the initial value of q is 400, which its type u8 does not have"));
    CHECK(gradc_init_param(g, f, find(f, "none"), sizes, 0, v, &e) == GRADC_USAGE_ERROR);
    CHECK(!strcmp(e.text, "none has no initial value"));
    CHECK(gradc_init_param(g, f, 99, sizes, 0, v, &e) == GRADC_USAGE_ERROR);
    CHECK(gradc_init_param(g, f, find(f, "z"), wrong, 0, v, &e) == GRADC_USAGE_ERROR);
    CHECK(!strcmp(gradc_get_argument(g, f, find(f, "u")).init, "uniform(-1, 1/D)"));
    CHECK(!gradc_get_argument(g, f, find(f, "none")).init);
    CHECK(!gradc_get_argument(g, f, find(f, "x")).init);
}

/* On the seed, the name and the index, and on nothing else. */
static void test_dependence(void)
{
    const int64_t longer[] = {2 * D, H / 2};
    CHECK(draw("f", "z", 1, all));
    CHECK(draw("g_grad", "z", 1, again) && !memcmp(all, again, sizeof all));
    CHECK(draw("f", "t", 1, again) && all[0] != again[0] && all[N - 1] != again[N - 1]);
    CHECK(draw("f", "z", 2, again) && all[0] != again[0] && all[N - 1] != again[N - 1]);
    int f = gradc_find_function(g, "g");
    CHECK(gradc_init_param(g, f, find(f, "z"), longer, 1, again, NULL) == GRADC_OK &&
          !memcmp(all, again, sizeof all));
}

/* What was drawn once, and by a program of its own in another language. */
static void test_bits(void)
{
    float s;
    CHECK(draw("f", "z", 1, all));
    CHECK(all[0] == -0x1.9c6d44c99b62cp+0 && all[1] == 0x1.15374dc58d05fp+1 &&
          all[N - 1] == 0x1.8847112a6e623p+1);
    CHECK(draw("f", "g", UINT64_MAX, all));
    CHECK(all[0] == -0x1.6652c1f1e7c95p-5 && all[1] == -0x1.6e17d63a66dbep-4 &&
          all[N - 1] == -0x1.607aafaf9382p-4);
    CHECK(draw("f", "s", 0, &s) && s == 0x1.703772p-1f);
}

int main(void)
{
    g = gradc_compile_string("model.dg", model, strlen(model), NULL);
    if (!g || gradc_get_status(g) != GRADC_OK) {
        printf("the model does not compile: %s0 passed, 1 failed\n", g ? gradc_errors(g) : "");
        return 1;
    }
    test_generator();
    test_laws();
    test_values();
    test_dependence();
    test_bits();
    gradc_free(g);
    return sum_up();
}
