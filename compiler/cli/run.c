/* run.c - `gradc run MODEL.dg [FUNCTION] NAME=VALUE...`: calls a function of a model.
 *
 * Of a function are given its inputs, but for params that have an initial value, and its open sizes
 * where no input tells them. Indices are checked. Results are printed, or saved in the folder that -o names. */
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

typedef struct Run {
    Cli cli;
    gradc *g;
    gradc_module *module;
    int function;
    gradc_function info;
    gradc_array *given; /* by input: as read; data NULL where it is not given */
    void **in, **out;
    int64_t *sizes;
    void *work;
    double jit, call; /* seconds */
} Run;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int no_memory(void)
{
    fputs("gradc: out of memory\n", stderr);
    return EXIT_SYSTEM;
}

static int says(const gradc_error *e)
{
    fprintf(stderr, "gradc: %s\n", e->text);
    return (int)e->status;
}

static gradc_argument argument(const Run *r, int i)
{
    return gradc_get_argument(r->g, r->function, i);
}

/* ---- What is called ---- */

/* The first word behind the model is the function, unless it is NAME=VALUE. */
static int choose_function(Run *r)
{
    const char *name = r->cli.nrest && !strchr(r->cli.rest[0], '=') ? r->cli.rest[0] : NULL;
    if (!gradc_function_count(r->g)) {
        fputs("gradc: the model exports no function\n", stderr);
        return EXIT_MODEL;
    }
    r->function = name ? gradc_find_function(r->g, name) : 0;
    if (r->function < 0) {
        fprintf(stderr, "gradc: there is no function '%s'; there %s", name,
                gradc_function_count(r->g) > 1 ? "are" : "is");
        for (int i = 0; i < gradc_function_count(r->g); i++)
            fprintf(stderr, "%s %s", i ? "," : "", gradc_get_function(r->g, i).name);
        fputs("\n", stderr);
        return EXIT_USAGE;
    }
    if (name) {
        r->cli.rest++;
        r->cli.nrest--;
    }
    r->info = gradc_get_function(r->g, r->function);
    size_t n = (size_t)(r->info.ninput + r->info.nsize + r->info.noutput) + 1;
    r->given = calloc(n, sizeof *r->given);
    r->in = calloc(n, sizeof *r->in);
    r->out = calloc(n, sizeof *r->out);
    r->sizes = calloc(n, sizeof *r->sizes);
    return r->given && r->in && r->out && r->sizes ? EXIT_GOOD : no_memory();
}

/* `f32 [N, D]` */
static void print_type(const gradc_argument *a)
{
    fprintf(stderr, "%s", gradc_type_name(a->type));
    for (int k = 0; k < a->rank; k++)
        fprintf(stderr, "%s%s%s", k ? ", " : " [", a->dim_text[k], k + 1 < a->rank ? "" : "]");
}

static int no_argument(const Run *r, const char *name)
{
    fprintf(stderr, "gradc: %s has no argument '%s'; it takes", r->info.name, name);
    for (int i = 0; i < r->info.ninput; i++) {
        gradc_argument a = argument(r, i);
        fprintf(stderr, "%s %s: ", i ? "," : "", a.name);
        print_type(&a);
    }
    fputs("\n", stderr);
    return EXIT_USAGE;
}

/* ---- Arguments ---- */

static int take_size(Run *r, int k, const char *name, const char *text)
{
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (errno || end == text || *end || v < 0) {
        fprintf(stderr, "gradc: %s=%s: a size is an integer from 0 on\n", name, text);
        return EXIT_USAGE;
    }
    if (r->sizes[k] >= 0 && r->sizes[k] != v) {
        fprintf(stderr, "gradc: %s is given twice\n", name);
        return EXIT_USAGE;
    }
    r->sizes[k] = v;
    return EXIT_GOOD;
}

/* NAME=VALUE */
static int take_argument(Run *r, char *word)
{
    char *equal = strchr(word, '=');
    int code = EXIT_USAGE;
    if (!equal || equal == word) {
        fprintf(stderr, "gradc: '%s' is not NAME=VALUE\n", word);
        return EXIT_USAGE;
    }
    *equal = '\0';
    for (int i = 0; i < r->info.ninput + r->info.nsize; i++) {
        if (!run_is_named(argument(r, i).name, word))
            continue;
        if (i >= r->info.ninput)
            return take_size(r, i - r->info.ninput, word, equal + 1);
        if (r->given[i].data || r->given[i].dim) {
            fprintf(stderr, "gradc: %s is given twice\n", word);
            return EXIT_USAGE;
        }
        return run_read_value(word, equal + 1, &r->given[i], &code) ? EXIT_GOOD : code;
    }
    return no_argument(r, word);
}

static int take_arguments(Run *r)
{
    for (int k = 0; k < r->info.nsize; k++)
        r->sizes[k] = -1;
    for (int i = 0; i < r->cli.nrest; i++) {
        int code = take_argument(r, r->cli.rest[i]);
        if (code != EXIT_GOOD)
            return code;
    }
    for (int i = 0; i < r->info.ninput; i++) {
        gradc_argument a = argument(r, i);
        if (r->given[i].dim || a.init)
            continue;
        fprintf(stderr, "gradc: %s: the argument %s is not given; it is ", r->info.name, a.name);
        print_type(&a);
        fputs(a.trainable ? ", a param without an initial value\n" : "\n", stderr);
        return EXIT_USAGE;
    }
    return EXIT_GOOD;
}

static int find_sizes(Run *r)
{
    gradc_error e = {0};
    gradc_shape *shape = calloc((size_t)r->info.ninput + 1, sizeof *shape);
    if (!shape)
        return no_memory();
    for (int i = 0; i < r->info.ninput; i++)
        shape[i] = (gradc_shape){r->given[i].dim ? r->given[i].rank : -1, r->given[i].dim};
    gradc_status status = gradc_infer_sizes(r->g, r->function, shape, r->sizes, &e);
    free(shape);
    return status == GRADC_OK ? EXIT_GOOD : says(&e);
}

/* A param that was not given. */
static int draw(Run *r, int i)
{
    gradc_error e = {0};
    gradc_argument a = argument(r, i);
    int64_t count = gradc_get_shape(r->g, r->function, i, r->sizes, NULL);
    r->in[i] = malloc((size_t)count * gradc_type_bytes(a.type) + 1);
    if (!r->in[i])
        return no_memory();
    if (gradc_init_param(r->g, r->function, i, r->sizes, r->cli.seed, r->in[i], &e) != GRADC_OK)
        return says(&e);
    return EXIT_GOOD;
}

static int make_room(Run *r)
{
    for (int i = 0; i < r->info.ninput; i++) {
        gradc_argument a = argument(r, i);
        int code = EXIT_GOOD;
        if (!r->given[i].dim)
            code = draw(r, i);
        else if (!(r->in[i] = run_convert(a.name, &r->given[i], a.type)))
            code = EXIT_USAGE;
        if (code != EXIT_GOOD)
            return code;
    }
    for (int i = 0; i < r->info.noutput; i++) {
        int k = r->info.ninput + r->info.nsize + i;
        int64_t count = gradc_get_shape(r->g, r->function, k, r->sizes, NULL);
        r->out[i] = malloc((size_t)count * gradc_type_bytes(argument(r, k).type) + 1);
        if (!r->out[i])
            return no_memory();
    }
    r->work = malloc(gradc_workspace(r->module, r->function, r->in, r->sizes) + 1);
    return r->work ? EXIT_GOOD : no_memory();
}

/* ---- The call ---- */

/* Without --jit: tcc, and where it is not there the system's compiler. */
static int load(Run *r)
{
    gradc_error e = {0}, second = {0};
    double start = now();
    r->module = gradc_load(r->g, r->cli.jit, &e);
    if (!r->module && !r->cli.jit)
        r->module = gradc_load(r->g, "cc", &second);
    r->jit = now() - start;
    return r->module ? EXIT_GOOD : says(&e);
}

static int call(Run *r)
{
    double start = now();
    int status = gradc_call(r->module, r->function, r->in, r->sizes, r->out, r->work);
    r->call = now() - start;
    if (status == GRADC_CALL_OK)
        return EXIT_GOOD;
    if (status == GRADC_CALL_BOUNDS)
        fprintf(stderr, "gradc: %s: an index is out of range\n", r->info.name);
    else
        fprintf(stderr, "gradc: %s failed with code %d\n", r->info.name, status);
    return EXIT_MODEL;
}

/* -o DIR: each result as DIR/NAME.npy. */
static int save(const Run *r, const char *name, const gradc_array *array)
{
    gradc_error e = {0};
    const char *folder = r->cli.output;
    size_t n = strlen(folder) + strlen(name) + 8;
    char *path = malloc(n);
    if (!path)
        return no_memory();
    if (mkdir(folder, 0777) && errno != EEXIST) {
        fprintf(stderr, "gradc: cannot make the folder %s: %s\n", folder, strerror(errno));
        free(path);
        return EXIT_SYSTEM;
    }
    snprintf(path, n, "%s/%s.npy", folder, name);
    gradc_status status = gradc_array_write(path, array, &e);
    free(path);
    return status == GRADC_OK ? EXIT_GOOD : says(&e);
}

/* Something to be printed or saved: a result, or a half of the pattern of a sparse one. */
typedef struct Given {
    const char *name;
    char made[300]; /* a name that no argument has */
    gradc_array array;
    int64_t dim[GRADC_MAX_RANK];
} Given;

/* NAME_row_start or NAME_column: the library's own memory, which is only read. */
static void set_indices(Given *g, const char *name, const char *what, int64_t n, const int32_t *at)
{
    snprintf(g->made, sizeof g->made, "%.250s_%s", name, what);
    g->name = g->made;
    g->dim[0] = n;
    g->array = (gradc_array){
        .type = GRADC_I32, .rank = 1, .dim = g->dim, .count = n, .data = (void *)(uintptr_t)at};
}

/* Result i, and the two arrays of its pattern where it is sparse; how many. */
static int take_result(const Run *r, int i, Given *g)
{
    int k = r->info.ninput + r->info.nsize + i;
    gradc_argument a = argument(r, k);
    gradc_pattern p = gradc_get_pattern(r->g, r->function, k);
    g->name = a.name;
    g->array = (gradc_array){.type = a.type, .rank = a.rank, .dim = g->dim, .data = r->out[i]};
    g->array.count = gradc_get_shape(r->g, r->function, k, r->sizes, g->dim);
    if (!p.row_start)
        return 1;
    set_indices(&g[1], a.name, "row_start", p.rows + 1, p.row_start);
    set_indices(&g[2], a.name, "column", p.count, p.column);
    return 3;
}

/* -o FILE.npz: all of them in one file. */
static int save_together(const Run *r, int count, const Given *given)
{
    gradc_error e = {0};
    gradc_array *array = calloc((size_t)count + 1, sizeof *array);
    const char **name = calloc((size_t)count + 1, sizeof *name);
    int code = array && name ? EXIT_GOOD : no_memory();
    for (int i = 0; i < count && code == EXIT_GOOD; i++) {
        name[i] = given[i].name;
        array[i] = given[i].array;
    }
    if (code == EXIT_GOOD && gradc_npz_write(r->cli.output, count, name, array, &e) != GRADC_OK)
        code = says(&e);
    free(array);
    free(name);
    return code;
}

static int give_results(const Run *r)
{
    int code = EXIT_GOOD, count = 0;
    size_t n = r->cli.output ? strlen(r->cli.output) : 0;
    Given *given = calloc(3 * (size_t)r->info.noutput + 1, sizeof *given);
    if (!given)
        return no_memory();
    for (int i = 0; i < r->info.noutput; i++)
        count += take_result(r, i, given + count);
    bool together = n > 4 && !strcmp(r->cli.output + n - 4, ".npz");
    if (together)
        code = save_together(r, count, given);
    for (int i = 0; i < count && code == EXIT_GOOD && !together; i++) {
        if (r->cli.output)
            code = save(r, given[i].name, &given[i].array);
        else
            run_print(given[i].name, &given[i].array);
    }
    free(given);
    if (!together && (fflush(stdout) || ferror(stdout))) {
        fprintf(stderr, "gradc: cannot write standard output: %s\n", strerror(errno));
        return EXIT_SYSTEM;
    }
    return code;
}

/* On standard error: results may go to a file. */
static void tell_times(const Run *r)
{
    gradc_times t = gradc_get_times(r->g);
    const struct {
        const char *name;
        double seconds;
    } stage[] = {{"parse", t.parse}, {"elaborate", t.elaborate}, {"optimise", t.optimise},
                 {"lower", t.lower}, {"emit", t.emit},           {"jit", r->jit},
                 {"call", r->call}};
    double sum = 0;
    for (size_t i = 0; i < sizeof stage / sizeof *stage; i++) {
        fprintf(stderr, "%-10s %9.3f ms\n", stage[i].name, 1e3 * stage[i].seconds);
        sum += stage[i].seconds;
    }
    fprintf(stderr, "%-10s %9.3f ms\n", "all", 1e3 * sum);
}

static void release(Run *r)
{
    for (int i = 0; i < r->info.ninput && r->given && r->in; i++) {
        gradc_array_free(&r->given[i]);
        free(r->in[i]);
    }
    for (int i = 0; i < r->info.noutput && r->out; i++)
        free(r->out[i]);
    free(r->given);
    free(r->in);
    free(r->out);
    free(r->sizes);
    free(r->work);
    gradc_unload(r->module);
    gradc_free(r->g);
    cli_free(&r->cli);
}

int command_run(int argc, char **argv, const char *program)
{
    static int (*const stage[])(Run *) = {
        choose_function, take_arguments, find_sizes, load, make_room, call};
    Run r = {0};
    int code = cli_run_options(&r.cli, argc, argv, program);
    if (code < 0) {
        r.cli.options.check_bounds = 1;
        r.g = cli_compile(&r.cli, &code);
    }
    if (r.g) {
        for (size_t i = 0; i < sizeof stage / sizeof *stage && code == EXIT_GOOD; i++)
            code = stage[i](&r);
        if (code == EXIT_GOOD)
            code = give_results(&r);
        if (code == EXIT_GOOD && r.cli.time)
            tell_times(&r);
    }
    release(&r);
    return code;
}
