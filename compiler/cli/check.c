/* check.c - `gradc check MODEL.dg [FUNCTION] [NAME=VALUE...]`: proves the derivatives of a model.
 *
 * FUNCTION is a C function or a function of the model, which stands for all that are made of it.
 * Values go to every function that has such an argument; what is not given is drawn at random, for
 * several points. */
#include "check.h"
#include "run.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 3, ATTEMPTS = 64 };

typedef struct Value {
    const char *name, *text;
    gradc_array array;
    bool used;
} Value;

typedef struct Check {
    Cli cli;
    gradc *g;
    gradc_module *module;
    const char *only; /* FUNCTION, or NULL */
    Value *value;
    int nvalue;
    Totals totals;
    FILE *notes; /* to be printed below the table */
    char *notes_text;
    size_t notes_size;
} Check;

/* One function and a point of it. */
typedef struct Task {
    Check *c;
    int function;
    gradc_function info;
    int64_t *sizes;
    unsigned char *given;
    void **in, **out;
    void *work;
    size_t work_bytes;
    Found *found;
    bool hopeless; /* no random point will do */
} Task;

static int no_memory(void)
{
    fputs("gradc: out of memory\n", stderr);
    return EXIT_SYSTEM;
}

static int says(const char *what, const gradc_error *e)
{
    fprintf(stderr, "gradc: %s: %s\n", what, e->text);
    return (int)e->status;
}

static bool is_wanted(const Check *c, int function)
{
    gradc_function f = gradc_get_function(c->g, function);
    return !c->only || !strcmp(f.name, c->only) || !strcmp(f.base, c->only);
}

/* ---- The command line ---- */

static int no_function(const Check *c)
{
    fprintf(stderr, "gradc: there is no function '%s'; there %s", c->only,
            gradc_function_count(c->g) > 1 ? "are" : "is");
    for (int i = 0; i < gradc_function_count(c->g); i++)
        fprintf(stderr, "%s %s", i ? "," : "", gradc_get_function(c->g, i).name);
    fputs("\n", stderr);
    return EXIT_USAGE;
}

static int take_value(Check *c, char *word)
{
    Value *v = &c->value[c->nvalue];
    char *equal = strchr(word, '=');
    int code = EXIT_USAGE;
    if (!equal || equal == word) {
        fprintf(stderr, "gradc: '%s' is not NAME=VALUE\n", word);
        return EXIT_USAGE;
    }
    *equal = '\0';
    for (int i = 0; i < c->nvalue; i++)
        if (c->value[i].name && !strcmp(c->value[i].name, word)) {
            fprintf(stderr, "gradc: %s is given twice\n", word);
            return EXIT_USAGE;
        }
    *v = (Value){.name = word, .text = equal + 1};
    if (!run_read_value(word, v->text, &v->array, &code))
        return code;
    c->nvalue++;
    return EXIT_GOOD;
}

static int take_words(Check *c)
{
    bool some = false;
    if (c->cli.nrest && !strchr(c->cli.rest[0], '=')) {
        c->only = *c->cli.rest++;
        c->cli.nrest--;
    }
    if (!gradc_function_count(c->g)) {
        fputs("gradc: the model exports no function\n", stderr);
        return EXIT_MODEL;
    }
    for (int i = 0; i < gradc_function_count(c->g); i++)
        some |= is_wanted(c, i);
    if (!some)
        return no_function(c);
    c->value = calloc((size_t)c->cli.nrest + 1, sizeof *c->value);
    if (!c->value)
        return no_memory();
    for (int i = 0; i < c->cli.nrest; i++) {
        int code = take_value(c, c->cli.rest[i]);
        if (code != EXIT_GOOD)
            return code;
    }
    return EXIT_GOOD;
}

/* Before anything is computed: every value has a function that takes it. */
static int match_values(Check *c)
{
    for (int k = 0; k < c->nvalue; k++) {
        Value *v = &c->value[k];
        for (int f = 0; f < gradc_function_count(c->g); f++) {
            gradc_function info = gradc_get_function(c->g, f);
            for (int i = 0; i < info.ninput + info.nsize && is_wanted(c, f); i++)
                v->used |= run_is_named(gradc_get_argument(c->g, f, i).name, v->name);
        }
        if (v->used)
            continue;
        fprintf(stderr, "gradc: no function that is checked has an argument '%s'\n", v->name);
        return EXIT_USAGE;
    }
    return EXIT_GOOD;
}

/* Without --jit: tcc, where it is not there the system's compiler, or at last the interpreter. */
static int load(Check *c)
{
    static const char *const order[] = {"tcc", "cc", "interp"};
    gradc_error e = {0};
    if (c->cli.jit)
        c->module = gradc_load(c->g, c->cli.jit, &e);
    for (size_t i = 0; i < sizeof order / sizeof *order && !c->module && !c->cli.jit; i++)
        c->module = gradc_load(c->g, order[i], &e);
    if (c->module)
        return EXIT_GOOD;
    fprintf(stderr, "gradc: %s\n", e.text);
    return (int)e.status;
}

/* ---- One function ---- */

static const Value *value_of(const Check *c, const char *name)
{
    for (int k = 0; k < c->nvalue; k++)
        if (run_is_named(name, c->value[k].name))
            return &c->value[k];
    return NULL;
}

static int give_sizes(Task *t)
{
    for (int k = 0; k < t->info.nsize; k++) {
        const char *name = gradc_get_argument(t->c->g, t->function, t->info.ninput + k).name;
        const Value *v = value_of(t->c, name);
        t->sizes[k] = -1;
        if (!v)
            continue;
        bool whole = v->array.type == GRADC_I64 && !v->array.rank;
        t->sizes[k] = whole ? *(const int64_t *)v->array.data : -1;
        if (t->sizes[k] < 0) {
            fprintf(stderr, "gradc: %s=%.40s: a size is an integer from 0 on\n", name, v->text);
            return EXIT_USAGE;
        }
    }
    return EXIT_GOOD;
}

static int find_sizes(Task *t)
{
    gradc_error e = {0};
    gradc_shape *shape = calloc((size_t)t->info.ninput + 1, sizeof *shape);
    if (!shape)
        return no_memory();
    for (int i = 0; i < t->info.ninput; i++) {
        const Value *v = value_of(t->c, gradc_get_argument(t->c->g, t->function, i).name);
        shape[i] = v ? (gradc_shape){v->array.rank, v->array.dim} : (gradc_shape){-1, NULL};
    }
    gradc_status status = gradc_choose_sizes(t->c->g, t->function, shape, 0, t->sizes, &e);
    free(shape);
    return status == GRADC_OK ? EXIT_GOOD : says(t->info.name, &e);
}

static int make_room(Task *t)
{
    for (int i = 0; i < t->info.ninput; i++) {
        gradc_argument a = gradc_get_argument(t->c->g, t->function, i);
        const Value *v = value_of(t->c, a.name);
        int64_t count = gradc_get_shape(t->c->g, t->function, i, t->sizes, NULL);
        t->given[i] = v != NULL;
        t->in[i] = v ? run_convert(a.name, &v->array, a.type)
                     : malloc((size_t)count * gradc_type_bytes(a.type) + 1);
        if (!t->in[i])
            return v ? EXIT_USAGE : no_memory();
    }
    for (int i = 0; i < t->info.noutput; i++) {
        int k = t->info.ninput + t->info.nsize + i;
        int64_t count = gradc_get_shape(t->c->g, t->function, k, t->sizes, NULL);
        size_t bytes = gradc_type_bytes(gradc_get_argument(t->c->g, t->function, k).type);
        t->out[i] = malloc((size_t)count * bytes + 1);
        if (!t->out[i])
            return no_memory();
    }
    return EXIT_GOOD;
}

/* Memory for a call at what is in t->in now. */
static bool make_work(Task *t)
{
    size_t bytes = gradc_workspace(t->c->module, t->function, t->in, t->sizes) + 1;
    if (bytes > t->work_bytes) {
        free(t->work);
        t->work = malloc(bytes);
        t->work_bytes = t->work ? bytes : 0;
    }
    return t->work;
}

static bool all_finite(const Task *t)
{
    for (int i = 0; i < t->info.noutput; i++) {
        int k = t->info.ninput + t->info.nsize + i;
        gradc_type type = gradc_get_argument(t->c->g, t->function, k).type;
        int64_t count = gradc_get_shape(t->c->g, t->function, k, t->sizes, NULL);
        for (int64_t j = 0; j < count; j++)
            if ((type == GRADC_F64 && !isfinite(((double *)t->out[i])[j])) ||
                (type == GRADC_F32 && !isfinite(((float *)t->out[i])[j])))
                return false;
    }
    return true;
}

static bool all_given(const Task *t)
{
    for (int i = 0; i < t->info.ninput; i++)
        if (!t->given[i])
            return false;
    return true;
}

/* Draws what is not given until the function has finite values, or until patience ends. */
static int draw(Task *t, uint64_t seed)
{
    gradc_error e = {0};
    for (int attempt = 0; attempt < ATTEMPTS && !all_given(t); attempt++) {
        if (gradc_draw(t->c->g, t->function, t->sizes, seed, attempt, t->given, t->in, &e) !=
            GRADC_OK)
            return says(t->info.name, &e);
        if (!make_work(t))
            return no_memory();
        if (gradc_call(t->c->module, t->function, t->in, t->sizes, t->out, t->work) ==
                GRADC_CALL_OK &&
            all_finite(t))
            return EXIT_GOOD;
    }
    if (!all_given(t) && !t->hopeless)
        fprintf(t->c->notes,
                "%s: at none of %d random points is all finite: give one, NAME=VALUE\n",
                t->info.name, ATTEMPTS);
    t->hopeless = true;
    return EXIT_GOOD;
}

static int check_points(Task *t)
{
    Check *c = t->c;
    gradc_error e = {0};
    int n = all_given(t) ? 1 : c->cli.points ? c->cli.points : POINTS;
    for (int i = 0; i < n && !(i && t->hopeless); i++) {
        uint64_t seed = c->cli.seed * 10007 + (uint64_t)i;
        int code = draw(t, seed);
        if (code != EXIT_GOOD)
            return code;
        gradc_check_options o = {.elements = c->cli.all ? -1 : 0, .seed = seed};
        gradc_report *r = gradc_check(c->g, c->module, t->function, t->in, t->sizes, &o, &e);
        if (!r)
            return e.status == GRADC_SYSTEM_ERROR ? says(t->info.name, &e)
                                                  : (says(t->info.name, &e), EXIT_MODEL);
        check_add(c->g, t->function, r, t->sizes, i + 1, c->cli.verbose, c->notes, t->found,
                  &c->totals);
        gradc_report_free(r);
    }
    check_print_function(c->g, t->function, t->found);
    return EXIT_GOOD;
}

static int check_function(Check *c, int function)
{
    static int (*const stage[])(Task *) = {give_sizes, find_sizes, make_room, check_points};
    Task t = {.c = c, .function = function, .info = gradc_get_function(c->g, function)};
    size_t n = (size_t)(t.info.ninput + t.info.nsize + t.info.noutput) + 1;
    int code = EXIT_GOOD;
    t.sizes = calloc(n, sizeof *t.sizes);
    t.given = calloc(n, sizeof *t.given);
    t.in = calloc(n, sizeof *t.in);
    t.out = calloc(n, sizeof *t.out);
    t.found = calloc(n, sizeof *t.found);
    if (!t.sizes || !t.given || !t.in || !t.out || !t.found)
        code = no_memory();
    for (size_t i = 0; i < sizeof stage / sizeof *stage && code == EXIT_GOOD; i++)
        code = stage[i](&t);
    for (size_t i = 0; i < n && t.in && t.out; i++) {
        free(t.in[i]);
        free(t.out[i]);
    }
    free(t.sizes);
    free(t.given);
    free(t.in);
    free(t.out);
    free(t.found);
    free(t.work);
    return code;
}

static int check_model(Check *c)
{
    int code = EXIT_GOOD;
    c->notes = open_memstream(&c->notes_text, &c->notes_size);
    if (!c->notes)
        return no_memory();
    check_print_head();
    for (int i = 0; i < gradc_function_count(c->g) && code == EXIT_GOOD; i++)
        if (is_wanted(c, i))
            code = check_function(c, i);
    if (fclose(c->notes) && code == EXIT_GOOD)
        code = no_memory();
    if (code != EXIT_GOOD)
        return code;
    fputs(c->notes_text, stdout);
    check_print_totals(&c->totals);
    if (fflush(stdout) || ferror(stdout)) {
        fprintf(stderr, "gradc: cannot write standard output: %s\n", strerror(errno));
        return EXIT_SYSTEM;
    }
    return c->totals.elements[GRADC_VERDICT_WRONG] || c->totals.elements[GRADC_VERDICT_UNDEFINED]
               ? EXIT_MODEL
               : EXIT_GOOD;
}

int command_check(int argc, char **argv, const char *program)
{
    static int (*const stage[])(Check *) = {take_words, match_values, load, check_model};
    Check c = {0};
    (void)program;
    int code = cli_check_options(&c.cli, argc, argv);
    if (code < 0) {
        c.cli.options.check_bounds = 1;
        c.g = cli_compile(&c.cli, &code);
    }
    for (size_t i = 0; c.g && i < sizeof stage / sizeof *stage && code == EXIT_GOOD; i++)
        code = stage[i](&c);
    for (int k = 0; k < c.nvalue; k++)
        gradc_array_free(&c.value[k].array);
    free(c.value);
    free(c.notes_text);
    gradc_unload(c.module);
    gradc_free(c.g);
    cli_free(&c.cli);
    return code;
}
