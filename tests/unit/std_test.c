/* std_test.c - the standard library against its formulas: every function of runtime/std is written
 * here once more, in long double, from the book or the paper that its comment names. Compared are
 * its values, and the products of a cotangent with its Jacobian against differences of the formula;
 * both by the interpreter and, where it is there, by compiled C; and the values in f32.
 *
 *   std_test        from the root of the repository
 *
 * A function of runtime/std that no case calls is a failure. */
#include "runtime/gradc.h"
#include "tests/count.h"
#include "tests/unit/std_cases.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static void wrong(const Case *c, const char *how, const char *what, int i, double got, double want)
{
    printf("%s (%s): %s[%d] is %.17g, not %.17g\n", c->model, how, what, i, got, want);
    failed++;
}

/* ---- Arguments ---- */

enum { MAX_ARGS = 16, MAX_ELEMENTS = 256 };

typedef struct Call {
    gradc *g;
    int function, ninput, noutput;
    gradc_argument arg[2 * MAX_ARGS]; /* inputs, then outputs; no case has open sizes */
    int count[2 * MAX_ARGS];
    double in[MAX_ARGS][MAX_ELEMENTS]; /* as numbers, whatever the type is */
    double out[MAX_ARGS][MAX_ELEMENTS];
} Call;

/* In (0, 1), the same in every run: a linear congruence. */
static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 12) + 0.5) / 4503599627370496.0;
}

/* Inputs between the bounds of the case; of integers what is below its `below`; cotangents between
 * -1 and 1. */
static void fill(Call *k, const Case *c)
{
    uint64_t state = 7;
    for (int i = 0; i < k->ninput; i++)
        for (int j = 0; j < k->count[i]; j++) {
            bool weight = k->arg[i].role == GRADC_COTANGENT;
            double u = uniform(&state), x = weight ? 2 * u - 1 : c->lo + (c->hi - c->lo) * u;
            int most = k->arg[i].type == GRADC_BOOL ? 2 : c->below;
            x = k->arg[i].type >= GRADC_F32 ? x : (double)(int)(u * most);
            k->in[i][j] = k->arg[i].type == GRADC_F64 ? x : (double)(float)x;
        }
}

static void store(void *at, gradc_type t, int j, double x)
{
    switch (t) {
    case GRADC_BOOL:
    case GRADC_U8:
        ((uint8_t *)at)[j] = (uint8_t)x;
        break;
    case GRADC_I32:
        ((int32_t *)at)[j] = (int32_t)x;
        break;
    case GRADC_I64:
        ((int64_t *)at)[j] = (int64_t)x;
        break;
    case GRADC_F32:
        ((float *)at)[j] = (float)x;
        break;
    case GRADC_F64:
        ((double *)at)[j] = x;
        break;
    }
}

static double load(const void *at, gradc_type t, int j)
{
    return t == GRADC_F32 ? (double)((const float *)at)[j] : ((const double *)at)[j];
}

/* Compiles the case and looks at function `f` (0 the value, 1 the vjp). */
static bool open_case(Call *k, const Case *c, int real_bits, int f)
{
    char text[4096];
    gradc_options o;
    gradc_options_init(&o);
    o.real_bits = real_bits;
    int n = snprintf(text, sizeof text,
                     "import \"nn\"\nimport \"optim\"\nimport \"geometry\"\n%s\nexport f%s\n",
                     c->model, f ? " with vjp" : "");
    k->g = gradc_compile_string("case.dg", text, (size_t)n, &o);
    if (!k->g || gradc_get_status(k->g) != GRADC_OK) {
        printf("%s: does not compile: %s", c->model, k->g ? gradc_errors(k->g) : "no memory\n");
        failed++;
        return false;
    }
    gradc_function info = gradc_get_function(k->g, f);
    k->function = f, k->ninput = info.ninput, k->noutput = info.noutput;
    for (int i = 0; i < info.ninput + info.noutput; i++) {
        k->arg[i] = gradc_get_argument(k->g, f, i);
        k->count[i] = (int)gradc_get_shape(k->g, f, i, NULL, NULL);
        if (info.nsize || k->count[i] < 0 || k->count[i] > MAX_ELEMENTS) {
            printf("%s: too large for this test\n", c->model);
            failed++;
            return false;
        }
    }
    return true;
}

/* Runs it on k->in; false where the backend is not there. */
static bool run(Call *k, const char *backend)
{
    static double memory[2 * MAX_ARGS][MAX_ELEMENTS];
    gradc_error e;
    gradc_module *m = gradc_load(k->g, backend, &e);
    if (!m)
        return false;
    void *place[2 * MAX_ARGS], *work = malloc(gradc_workspace(m, k->function, NULL, NULL) + 1);
    int n = k->ninput + k->noutput;
    for (int i = 0; i < n; i++)
        place[i] = memory[i];
    for (int i = 0; i < k->ninput; i++)
        for (int j = 0; j < k->count[i]; j++)
            store(memory[i], k->arg[i].type, j, k->in[i][j]);
    bool good = work && gradc_call(m, k->function, place, NULL, place + k->ninput, work) == 0;
    for (int i = k->ninput; good && i < n; i++)
        for (int j = 0; j < k->count[i]; j++)
            k->out[i - k->ninput][j] = load(memory[i], k->arg[i].type, j);
    free(work);
    gradc_unload(m);
    return good;
}

/* ---- What is wanted ---- */

/* The formula at `in`; its outputs one behind the other. */
static void formula(const Case *c, int ninput, long double in[][MAX_ELEMENTS], long double *out)
{
    const long double *at[MAX_ARGS];
    for (int i = 0; i < ninput; i++)
        at[i] = in[i];
    memset(out, 0, sizeof *out * MAX_ELEMENTS * 4);
    c->formula(at, out);
}

/* d sum(cotangent * outputs) / d in[i][j] by differences of fourth order. */
static long double slope(const Case *c, int ninput, long double in[][MAX_ELEMENTS], int i, int j,
                         const double *cotangent, int n)
{
    static const long double step = 1e-4L, weight[] = {1, -8, 8, -1};
    static long double out[4 * MAX_ELEMENTS];
    long double x = in[i][j], d = 0;
    for (int k = 0; k < 4; k++) {
        in[i][j] = x + step * (long double)(k < 2 ? k - 2 : k - 1);
        formula(c, ninput, in, out);
        for (int o = 0; o < n; o++)
            d += weight[k] * (long double)cotangent[o] * out[o];
    }
    in[i][j] = x;
    return d / (12 * step);
}

static bool near(double got, long double want, double tolerance)
{
    long double scale = fabsl(want) > 1 ? fabsl(want) : 1;
    return fabsl((long double)got - want) <= (long double)tolerance * scale;
}

/* ---- The comparisons ---- */

static void values(const Case *c, int real_bits, const char *backend)
{
    static Call k;
    static long double in[MAX_ARGS][MAX_ELEMENTS], out[4 * MAX_ELEMENTS];
    char how[32];
    int n = 0, before = failed;
    snprintf(how, sizeof how, "%s, f%d", backend, real_bits);
    if (open_case(&k, c, real_bits, 0)) {
        fill(&k, c);
        for (int i = 0; i < k.ninput; i++)
            for (int j = 0; j < k.count[i]; j++)
                in[i][j] = (long double)k.in[i][j];
        formula(c, k.ninput, in, out);
        if (run(&k, backend)) {
            for (int i = 0; i < k.noutput; i++)
                for (int j = 0; j < k.count[k.ninput + i]; j++, n++)
                    if (!near(k.out[i][j], out[n], real_bits == 64 ? 4e-15 : 4e-6))
                        wrong(c, how, "value", n, k.out[i][j], (double)out[n]);
            passed += failed == before;
        }
    }
    gradc_free(k.g);
}

/* The cotangents are the vjp's last inputs, the derivatives its last outputs. */
static void gradients(const Case *c, const char *backend)
{
    static Call k;
    static long double in[MAX_ARGS][MAX_ELEMENTS];
    double cotangent[4 * MAX_ELEMENTS];
    int n = 0, inputs = 0, before = failed;
    if (!open_case(&k, c, 64, 1)) {
        gradc_free(k.g);
        return;
    }
    fill(&k, c);
    for (int i = 0; i < k.ninput; i++)
        for (int j = 0; j < k.count[i]; j++)
            if (k.arg[i].role == GRADC_COTANGENT)
                cotangent[n++] = k.in[i][j];
            else
                in[i][j] = (long double)k.in[i][j], inputs = i + 1;
    if (run(&k, backend)) {
        for (int o = 0; o < k.noutput; o++) {
            const char *name = k.arg[k.ninput + o].name;
            int i = 0;
            while (i < inputs && (strncmp(name, "vjp_", 4) || strcmp(name + 4, k.arg[i].name)))
                i++;
            for (int j = 0; i < inputs && j < k.count[i]; j++) {
                long double want = slope(c, inputs, in, i, j, cotangent, n);
                if (!near(k.out[o][j], want, 1e-9))
                    wrong(c, backend, name, j, k.out[o][j], (double)want);
            }
        }
        passed += failed == before;
    }
    gradc_free(k.g);
}

/* ---- That nothing is left out ---- */

static bool word_in(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *s = text; (s = strstr(s, word)); s++)
        if ((s == text || !(isalnum((unsigned char)s[-1]) || s[-1] == '_')) && s[n] == '(')
            return true;
    return false;
}

static void all_called(const char *path)
{
    char line[512], name[64];
    FILE *f = fopen(path, "r");
    int functions = 0;
    while (f && fgets(line, sizeof line, f)) {
        if (sscanf(line, "fn %63[A-Za-z0-9_](", name) != 1)
            continue;
        bool called = false;
        for (const Case *c = std_cases; c->model; c++)
            called |= word_in(c->model, name);
        functions++;
        if (called)
            passed++;
        else
            printf("%s: no case calls %s\n", path, name), failed++;
    }
    if (!functions)
        printf("%s: no functions\n", path), failed++;
    if (f)
        fclose(f);
}

int main(void)
{
    static const char *const backend[] = {"interp", "tcc"};
    for (const Case *c = std_cases; c->model; c++)
        for (int b = 0; b < 2; b++) {
            values(c, 64, backend[b]);
            values(c, 32, backend[b]);
            gradients(c, backend[b]);
        }
    all_called("runtime/std/nn.dg");
    all_called("runtime/std/losses.dg");
    all_called("runtime/std/optim.dg");
    all_called("runtime/std/geometry.dg");
    return sum_up();
}
