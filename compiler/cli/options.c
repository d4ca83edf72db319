/* options.c - the command line. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_HEADER = 256, OPT_REAL, OPT_UNROLL, OPT_OPENMP, OPT_BLAS, OPT_BOUNDS, OPT_FAST, OPT_DISCONNECTED, OPT_DUMP, OPT_JIT, OPT_TIME, OPT_SEED, OPT_DEPFILE, OPT_ALL };

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'}, {"header", required_argument, NULL, OPT_HEADER},
    {"export", required_argument, NULL, 'e'}, {"define", required_argument, NULL, 'D'},
    {"include", required_argument, NULL, 'I'}, {"real", required_argument, NULL, OPT_REAL},
    {"unroll", required_argument, NULL, OPT_UNROLL}, {"openmp", no_argument, NULL, OPT_OPENMP},
    {"blas", no_argument, NULL, OPT_BLAS}, {"check-bounds", no_argument, NULL, OPT_BOUNDS},
    {"fast-math", no_argument, NULL, OPT_FAST}, {"disconnected", required_argument, NULL, OPT_DISCONNECTED},
    {"dump", required_argument, NULL, OPT_DUMP}, {"jit", required_argument, NULL, OPT_JIT},
    {"time", no_argument, NULL, OPT_TIME}, {"seed", required_argument, NULL, OPT_SEED},
    {"depfile", required_argument, NULL, OPT_DEPFILE},
    {"points", required_argument, NULL, 'n'}, {"verbose", no_argument, NULL, 'v'}, {"all", no_argument, NULL, OPT_ALL}, {NULL, 0, NULL, 0}};

static int usage(const char *what, const char *about)
{
    fprintf(stderr, "gradc: %s%s%s\nTry 'gradc --help'.\n", what, about ? ": " : "", about ? about : "");
    return EXIT_USAGE;
}

/* NAME=N of -D. */
static bool define(Cli *c, char *text)
{
    char *equals = strchr(text, '='), *end;
    if (!equals || equals == text)
        return false;
    errno = 0;
    long long v = strtoll(equals + 1, &end, 0);
    if (errno || end == equals + 1 || *end || v < 0)
        return false;
    *equals = 0;
    c->define_name[c->options.ndefine] = text;
    c->define_value[c->options.ndefine++] = v;
    return true;
}

static bool pass_exists(const char *name)
{
    for (int i = 0; gradc_pass_name(i); i++)
        if (!strcmp(gradc_pass_name(i), name))
            return true;
    return false;
}

static bool backend_exists(const char *name)
{
    for (int i = 0; gradc_backend_name(i); i++)
        if (!strcmp(gradc_backend_name(i), name))
            return true;
    return false;
}

/* A seed is any number of 64 bits. */
static bool read_seed(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long v = strtoull(text, &end, 0);
    *out = v;
    return *text >= '0' && *text <= '9' && !*end && !errno;
}

/* One option of `gradc check` alone. */
static int take_check(Cli *c, int opt, const char *arg)
{
    char *end;
    if (!c->checks)
        return usage("only `gradc check` takes", opt == 'n' ? "-n" : opt == 'v' ? "-v" : "--all");
    if (opt == 'v')
        c->verbose = true;
    else if (opt == OPT_ALL)
        c->all = true;
    else {
        long n = strtol(arg, &end, 10);
        if (end == arg || *end || n < 1 || n > 10000)
            return usage("-n wants a number of points from 1 to 10000", arg);
        c->points = (int)n;
    }
    return -1;
}

/* One option of `gradc run`, and of `gradc check` but for --time. */
static int take_run(Cli *c, int opt, char *arg)
{
    if (!c->runs || (c->checks && opt == OPT_TIME))
        return usage("only `gradc run` and `gradc train` take",
                     opt == OPT_JIT ? "--jit" : opt == OPT_SEED ? "--seed" : "--time");
    if (opt == OPT_JIT && !backend_exists(arg))
        return usage("--jit wants tcc, cc, auto or interp", arg);
    if (opt == OPT_SEED && !read_seed(arg, &c->seed))
        return usage("--seed wants a number from 0 to 2^64 - 1", arg);
    c->seed_given |= opt == OPT_SEED;
    if (opt == OPT_JIT)
        c->jit = arg;
    else if (opt == OPT_TIME)
        c->time = true;
    return -1;
}

/* One option; an exit code, or -1 to go on. */
static int take(Cli *c, int opt, char *arg)
{
    char *end;
    switch (opt) {
    case 'o': c->output = arg; return -1;
    case 'e': c->exports[c->options.nexport++] = arg; return -1;
    case 'I': c->include[c->options.ninclude++] = arg; return -1;
    case 'D': return define(c, arg) ? -1 : usage("-D wants NAME=N with N >= 0", arg);
    case 'O':
        if (strlen(arg) != 1 || *arg < '0' || *arg > '2')
            return usage("-O wants 0, 1 or 2", arg);
        c->options.level = *arg - '0';
        return -1;
    case OPT_HEADER: c->header = arg; return -1;
    case OPT_DEPFILE: c->depfile = arg; return -1;
    case OPT_REAL:
        if (strcmp(arg, "f32") && strcmp(arg, "f64"))
            return usage("--real wants f32 or f64", arg);
        c->options.real_bits = strcmp(arg, "f32") ? 64 : 32;
        return -1;
    case OPT_UNROLL: {
        long n = strtol(arg, &end, 10);
        if (end == arg || *end || n < 0 || n > 1024)
            return usage("--unroll wants a number from 0 to 1024", arg);
        c->options.unroll = (int)n;
        return -1;
    }
    case OPT_OPENMP: c->options.openmp = 1; return -1;
    case OPT_BLAS: c->options.blas = 1; return -1;
    case OPT_BOUNDS: c->options.check_bounds = 1; return -1;
    case OPT_FAST: c->options.fast_math = 1; return -1;
    case OPT_DISCONNECTED:
        if (strcmp(arg, "zero") && strcmp(arg, "error"))
            return usage("--disconnected wants zero or error", arg);
        c->options.disconnected_zero = !strcmp(arg, "zero");
        return -1;
    case OPT_DUMP:
        if (!pass_exists(arg))
            return usage("--dump: no such pass", arg);
        c->options.dump = arg;
        return -1;
    case OPT_JIT:
    case OPT_SEED:
    case OPT_TIME: return take_run(c, opt, arg);
    case 'n':
    case 'v':
    case OPT_ALL: return take_check(c, opt, arg);
    default: return usage("unknown or incomplete option", NULL);
    }
}

/* The options of all subcommands and those of `more` behind them; the caller frees. */
static struct option *all_options(const CliOption *more)
{
    size_t n = 0, own = sizeof long_options / sizeof *long_options - 1;
    while (more && more[n].name)
        n++;
    struct option *all = calloc(own + n + 1, sizeof *all);
    if (!all)
        return NULL;
    memcpy(all, long_options, own * sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[own + i] = (struct option){more[i].name, required_argument, NULL, more[i].code};
    return all;
}

typedef struct More {
    const CliOption *options;
    int (*take)(void *user, int code, char *value);
    void *user;
} More;

static int each_option(Cli *c, int argc, char **argv, const struct option *all, const More *more)
{
    opterr = 0;
    for (int opt; (opt = getopt_long(argc, argv, ":o:e:D:I:O:n:v", all, NULL)) != -1;) {
        if (opt == ':')
            return usage("option wants a value", argv[optind - 1]);
        if (opt == '?')
            return usage("unknown option", argv[optind - 1]);
        int code = opt >= 512 ? more->take(more->user, opt, optarg) : take(c, opt, optarg);
        if (code >= 0)
            return code;
    }
    return -1;
}

static int read_options(Cli *c, int argc, char **argv, const More *more)
{
    size_t n = (size_t)argc + 1;
    gradc_options_init(&c->options);
    c->define_name = calloc(n, sizeof *c->define_name);
    c->define_value = calloc(n, sizeof *c->define_value);
    c->include = calloc(n, sizeof *c->include);
    c->exports = calloc(n, sizeof *c->exports);
    if (!c->define_name || !c->define_value || !c->include || !c->exports) {
        fputs("gradc: out of memory\n", stderr);
        return EXIT_SYSTEM;
    }
    c->options.define_name = c->define_name;
    c->options.define_value = c->define_value;
    c->options.include = c->include;
    c->options.exports = c->exports;
    struct option *all = all_options(more ? more->options : NULL);
    if (!all) {
        fputs("gradc: out of memory\n", stderr);
        return EXIT_SYSTEM;
    }
    int code = each_option(c, argc, argv, all, more);
    free(all);
    if (code >= 0)
        return code;
    if (optind == argc)
        return usage("no model given", NULL);
    if (optind + 1 < argc && !c->runs)
        return usage("more than one model given", argv[optind + 1]);
    c->input = argv[optind];
    c->rest = argv + optind + 1;
    c->nrest = argc - optind - 1;
    return -1;
}

int cli_options(Cli *c, int argc, char **argv, const char *program)
{
    (void)program; /* the library finds what stands beside it */
    *c = (Cli){0};
    return read_options(c, argc, argv, NULL);
}

int cli_run_options(Cli *c, int argc, char **argv, const char *program)
{
    (void)program;
    *c = (Cli){.runs = true};
    return read_options(c, argc, argv, NULL);
}

int cli_more_options(Cli *c, int argc, char **argv, const char *program, const CliOption *more,
                     int (*take_more)(void *user, int code, char *value), void *user)
{
    (void)program;
    *c = (Cli){.runs = true};
    return read_options(c, argc, argv, &(More){more, take_more, user});
}

int cli_check_options(Cli *c, int argc, char **argv)
{
    *c = (Cli){.runs = true, .checks = true};
    return read_options(c, argc, argv, NULL);
}

void cli_free(Cli *c)
{
    free(c->define_name);
    free(c->define_value);
    free(c->include);
    free(c->exports);
}

gradc *cli_compile(Cli *c, int *code)
{
    gradc *g = gradc_compile_file(c->input, &c->options);
    if (!g) {
        fputs("gradc: out of memory\n", stderr);
        *code = EXIT_SYSTEM;
        return NULL;
    }
    *code = (int)gradc_get_status(g);
    if (*code == GRADC_OK)
        return g;
    fputs(gradc_errors(g), stderr);
    gradc_free(g);
    return NULL;
}
