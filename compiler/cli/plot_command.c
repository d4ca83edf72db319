/* plot_command.c - `gradc plot FILE... -o F.svg`: arrays in files as lines.
 *
 * An array of one axis is drawn over 0, 1, 2, ...; of one with two axes the first column is x, the
 * others are lines, named by the first line of a .csv that has names. */
#include "cli.h"
#include "plot.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Pictures {
    Plot plot;
    bool dots;
    const char *output;
    PlotSeries *series;
    int n, cap;
    void **kept; /* everything that is to be freed */
    int nkept;
} Pictures;

static int usage(const char *what, const char *about)
{
    fprintf(stderr, "gradc: %s%s%s\nTry 'gradc --help'.\n", what, about ? ": " : "", about ? about : "");
    return EXIT_USAGE;
}

static int no_memory(void)
{
    fputs("gradc: out of memory\n", stderr);
    return EXIT_SYSTEM;
}

/* Memory that lives as long as the picture; NULL: there is none. */
static void *keep(Pictures *p, size_t bytes)
{
    void **kept = realloc(p->kept, sizeof *kept * (size_t)(p->nkept + 1));
    if (!kept)
        return NULL;
    p->kept = kept;
    void *block = calloc(bytes ? bytes : 1, 1);
    if (block)
        p->kept[p->nkept++] = block;
    return block;
}

static char *keep_text(Pictures *p, const char *s, size_t n)
{
    char *copy = keep(p, n + 1);
    if (copy)
        memcpy(copy, s, n);
    return copy;
}

static double element(const gradc_array *a, int64_t i)
{
    switch (a->type) {
    case GRADC_BOOL:
    case GRADC_U8: return ((const uint8_t *)a->data)[i];
    case GRADC_I32: return ((const int32_t *)a->data)[i];
    case GRADC_I64: return (double)((const int64_t *)a->data)[i];
    case GRADC_F32: return (double)((const float *)a->data)[i];
    case GRADC_F64: return ((const double *)a->data)[i];
    }
    return 0;
}

/* ---- Names ---- */

/* build/lr/x1.npy is called x1; data.npz:x is called x. */
static char *stem(Pictures *p, const char *path)
{
    const char *base = strrchr(path, '/'), *colon;
    base = base ? base + 1 : path;
    if ((colon = strrchr(base, ':')) && colon[1])
        base = colon + 1;
    return keep_text(p, base, strcspn(base, "."));
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && !strcmp(s + n - m, end);
}

/* The first line of a .csv where it has names, NULL otherwise. */
static char *header(Pictures *p, const char *path)
{
    char line[4096], *end;
    FILE *f = ends_with(path, ".csv") ? fopen(path, "r") : NULL;
    char *got = f ? fgets(line, sizeof line, f) : NULL;
    if (f)
        fclose(f);
    if (!got)
        return NULL;
    line[strcspn(line, "\r\n")] = 0;
    strtod(line, &end);
    while (isspace((unsigned char)*end))
        end++;
    if (end != line && (!*end || *end == ','))
        return NULL; /* numbers */
    return keep_text(p, line, strlen(line));
}

/* Column i of such a line, without spaces and quotes around it. */
static char *column_name(Pictures *p, const char *line, int64_t i)
{
    for (; line && i > 0; i--) {
        line = strchr(line, ',');
        line += line != NULL;
    }
    if (!line)
        return NULL;
    size_t n = strcspn(line, ",");
    while (n && strchr(" \t\"", line[n - 1]))
        n--;
    while (n && strchr(" \t\"", *line))
        line++, n--;
    return keep_text(p, line, n);
}

/* ---- Series ---- */

static double *column(Pictures *p, const gradc_array *a, int64_t first, int64_t stride, int64_t n)
{
    double *v = keep(p, sizeof *v * (size_t)n);
    for (int64_t i = 0; v && i < n; i++)
        v[i] = element(a, first + i * stride);
    return v;
}

static int add_series(Pictures *p, const char *name, int64_t n, const double *x, const double *y)
{
    if (!name || !y)
        return no_memory();
    if (p->n == p->cap) {
        int cap = 2 * p->cap + 8;
        PlotSeries *s = realloc(p->series, sizeof *s * (size_t)cap);
        if (!s)
            return no_memory();
        p->series = s;
        p->cap = cap;
    }
    p->series[p->n++] = (PlotSeries){.name = name, .n = n, .x = x, .y = y, .dots = p->dots && n <= 100};
    return -1;
}

/* Column i of a table under a name of its own, or the file's. */
static const char *name_of(Pictures *p, const char *line, const char *own, int64_t i, int64_t columns)
{
    const char *given = column_name(p, line, i);
    if (given && *given)
        return given;
    if (columns == 2)
        return own;
    char text[64];
    snprintf(text, sizeof text, "%.40s %lld", own, (long long)i);
    return keep_text(p, text, strlen(text));
}

static int add_array(Pictures *p, const gradc_array *a, const char *path, const char *own)
{
    if (a->rank == 1)
        return add_series(p, own, a->count, NULL, column(p, a, 0, 1, a->count));
    if (a->rank != 2 || a->dim[1] < 2) {
        fprintf(stderr, "gradc: %s has %d axes: a line wants one, a table two, with two columns or more\n", path, a->rank);
        return EXIT_USAGE;
    }
    int64_t n = a->dim[0], m = a->dim[1];
    double *x = column(p, a, 0, m, n);
    char *line = header(p, path);
    if (!x)
        return no_memory();
    if (line && !p->plot.x_label)
        p->plot.x_label = column_name(p, line, 0);
    int code = -1;
    for (int64_t i = 1; code < 0 && i < m; i++)
        code = add_series(p, name_of(p, line, own, i, m), n, x, column(p, a, i, m, n));
    return code;
}

/* FILE or NAME=FILE. */
static int add_file(Pictures *p, const char *word)
{
    const char *equals = strchr(word, '='), *path = equals ? equals + 1 : word;
    const char *own = equals ? keep_text(p, word, (size_t)(equals - word)) : stem(p, path);
    gradc_array a;
    gradc_error e;
    if (!own)
        return no_memory();
    if (gradc_array_read(path, &a, &e) != GRADC_OK) {
        fprintf(stderr, "gradc: %s\n", e.text);
        return (int)e.status;
    }
    int code = add_array(p, &a, path, own);
    gradc_array_free(&a);
    return code;
}

/* ---- The command ---- */

static int read_options(Pictures *p, int argc, char **argv)
{
    enum { TITLE = 256, XLABEL, YLABEL, LOG, DOTS };
    static const struct option known[] = {
        {"output", required_argument, NULL, 'o'}, {"title", required_argument, NULL, TITLE},
        {"xlabel", required_argument, NULL, XLABEL}, {"ylabel", required_argument, NULL, YLABEL},
        {"log", required_argument, NULL, LOG}, {"dots", no_argument, NULL, DOTS}, {NULL, 0, NULL, 0}};
    opterr = 0;
    for (int opt; (opt = getopt_long(argc, argv, ":o:", known, NULL)) != -1;)
        switch (opt) {
        case 'o': p->output = optarg; break;
        case TITLE: p->plot.title = optarg; break;
        case XLABEL: p->plot.x_label = optarg; break;
        case YLABEL: p->plot.y_label = optarg; break;
        case LOG:
            if (strcmp(optarg, "x") && strcmp(optarg, "y") && strcmp(optarg, "xy"))
                return usage("--log wants x, y or xy", optarg);
            p->plot.log_x = strchr(optarg, 'x') != NULL;
            p->plot.log_y = strchr(optarg, 'y') != NULL;
            break;
        case DOTS: p->dots = true; break;
        case ':': return usage("option wants a value", argv[optind - 1]);
        default: return usage("unknown option", argv[optind - 1]);
        }
    if (optind == argc)
        return usage("no file given", NULL);
    if (p->output && strcmp(p->output, "-") && !ends_with(p->output, ".svg"))
        return usage("-o wants a name ending in .svg", p->output);
    return -1;
}

int command_plot(int argc, char **argv, const char *program)
{
    (void)program;
    Pictures p = {0};
    int code = read_options(&p, argc, argv);
    for (int i = optind; code < 0 && i < argc; i++)
        code = add_file(&p, argv[i]);
    if (code < 0) {
        p.plot.series = p.series;
        p.plot.nseries = p.n;
        char *svg = plot_svg(&p.plot);
        code = svg ? cli_write(p.output, svg) : no_memory();
        free(svg);
    }
    for (int i = 0; i < p.nkept; i++)
        free(p.kept[i]);
    free(p.kept);
    free(p.series);
    return code;
}
