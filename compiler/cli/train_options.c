/* train_options.c - the command line of `gradc train`. */
#include "train.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPT_FN = 512,
    OPT_DATA,
    OPT_TEST,
    OPT_OPTIMIZER,
    OPT_SCHEDULE,
    OPT_BATCH,
    OPT_EPOCHS,
    OPT_SCALE,
    OPT_METRIC,
    OPT_SAVE,
    OPT_LOAD,
    OPT_CHECKPOINT,
    OPT_LOG,
    OPT_PLOT
};

static const CliOption options[] = {{"fn", OPT_FN},
                                    {"data", OPT_DATA},
                                    {"test", OPT_TEST},
                                    {"optimizer", OPT_OPTIMIZER},
                                    {"schedule", OPT_SCHEDULE},
                                    {"batch", OPT_BATCH},
                                    {"epochs", OPT_EPOCHS},
                                    {"scale", OPT_SCALE},
                                    {"metric", OPT_METRIC},
                                    {"save", OPT_SAVE},
                                    {"load", OPT_LOAD},
                                    {"checkpoint-every", OPT_CHECKPOINT},
                                    {"log", OPT_LOG},
                                    {"plot", OPT_PLOT},
                                    {NULL, 0}};

const char train_help[] =
    "usage: gradc train [options] MODEL.dg --data NAME=FILE... [NAME=VALUE...]\n"
    "Minimises a function of a model over the rows of data files. NAME=VALUE gives other "
    "arguments\n"
    "and open sizes, as for gradc run.\n"
    "\n"
    "      --fn NAME          what is minimised: the one exported function of a `param`\n"
    "      --data NAME=FILE   rows of an argument: .npy, .npz, .csv, IDX, or behind gzip\n"
    "      --test NAME=FILE   rows to test with\n"
    "      --scale NAME=X     multiply what is read by X, a number or as 1/255\n"
    "      --optimizer NAME[:SETTING=X,...]   adam; sgd, momentum, nesterov, adagrad, rmsprop,\n"
    "                         adamw, or a function of the model\n"
    "      --schedule KIND    of the setting lr: constant, linear or cosine\n"
    "      --batch N          rows of a step (128), or all\n"
    "      --epochs N         passes over the data, those before --load included (10)\n"
    "      --seed N           of initial values and of the order of rows (0)\n"
    "      --metric NAME      a function of the model whose mean is shown\n"
    "      --save FILE.npz    parameters, and what a run needs to go on\n"
    "      --load FILE.npz    begin with them\n"
    "      --checkpoint-every N   save every N epochs, or as 100steps every 100 steps\n"
    "      --log FILE.csv     a line for each epoch\n"
    "      --plot FILE.svg    curves\n"
    "      --jit cc|tcc|interp  how to make the step callable (cc)\n"
    "  -o, --output FILE.c    write the training step as C, with FILE.h, instead of training\n"
    "\n"
    "and -e, -D, -I, --real, --unroll, --openmp, --fast-math, -O as for gradc.\n"
    "exit status: 0 good, 1 the model is wrong, or the loss is nan or inf, 2 the command line is\n"
    "wrong, 3 the system failed, 130 interrupted\n";

int train_no_memory(void)
{
    fputs("gradc: out of memory\n", stderr);
    return EXIT_SYSTEM;
}

int train_says(const gradc_error *e)
{
    fprintf(stderr, "gradc: %s\n", e->text);
    return (int)e->status;
}

int train_complain(int code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("gradc: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputs("\n", stderr);
    va_end(ap);
    return code;
}

/* ---- NAME=TEXT ---- */

/* `text` to `end`. -1, or an exit code. */
static int add_pair(Pairs *list, const char *option, const char *text, size_t n)
{
    const char *equal = memchr(text, '=', n);
    if (!equal || equal == text || equal + 1 == text + n)
        return train_complain(EXIT_USAGE, "%s wants NAME=VALUE, not '%.*s'", option, (int)n, text);
    Pair *at = realloc(list->at, sizeof *at * (size_t)(list->n + 1));
    if (!at)
        return train_no_memory();
    list->at = at;
    char *name = malloc(n + 1);
    if (!name)
        return train_no_memory();
    memcpy(name, text, n);
    name[n] = name[equal - text] = '\0';
    for (int i = 0; i < list->n; i++)
        if (!strcmp(at[i].name, name)) {
            train_complain(EXIT_USAGE, "%s: %s is given twice", option, name);
            free(name);
            return EXIT_USAGE;
        }
    at[list->n++] = (Pair){name, name + (equal - text) + 1};
    return -1;
}

static void free_pairs(Pairs *list)
{
    for (int i = 0; i < list->n; i++)
        free(list->at[i].name);
    free(list->at);
}

void train_options_free(TrainOptions *o)
{
    free(o->optimizer);
    free_pairs(&o->settings);
    free_pairs(&o->data);
    free_pairs(&o->test);
    free_pairs(&o->scale);
}

/* rmsprop:lr=1e-3,rho=0.9 */
static int take_optimizer(TrainOptions *o, const char *text)
{
    size_t n = strcspn(text, ":");
    free(o->optimizer);
    free_pairs(&o->settings);
    o->settings = (Pairs){0};
    o->optimizer = malloc(n + 1);
    if (!o->optimizer)
        return train_no_memory();
    memcpy(o->optimizer, text, n);
    o->optimizer[n] = '\0';
    if (!n)
        return train_complain(EXIT_USAGE, "--optimizer wants a name, as rmsprop:lr=1e-3");
    for (text += n; *text; text += n) {
        n = strcspn(++text, ",");
        int code = add_pair(&o->settings, "--optimizer", text, n);
        if (code >= 0)
            return code;
    }
    return -1;
}

static int take_schedule(TrainOptions *o, const char *text)
{
    static const char *const names[] = {"constant", "linear", "cosine"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(text, names[i])) {
            o->schedule = (Schedule)i;
            return -1;
        }
    return train_complain(EXIT_USAGE, "--schedule wants constant, linear or cosine, not '%s'",
                          text);
}

static int take_count(const char *option, const char *text, int64_t least, int64_t *out)
{
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (errno || end == text || *end || v < least)
        return train_complain(EXIT_USAGE, "%s wants an integer from %lld on, not '%s'", option,
                              (long long)least, text);
    *out = v;
    return -1;
}

/* 5, or 100steps */
static int take_checkpoint(TrainOptions *o, const char *text)
{
    size_t n = strspn(text, "0123456789");
    char digits[24];
    o->checkpoint_steps = !strcmp(text + n, "steps");
    if ((text[n] && !o->checkpoint_steps) || n >= sizeof digits)
        return train_complain(EXIT_USAGE,
                              "--checkpoint-every wants a number of epochs, or as 100steps of "
                              "steps, not '%s'",
                              text);
    memcpy(digits, text, n);
    digits[n] = '\0';
    return take_count("--checkpoint-every", digits, 1, &o->checkpoint);
}

static int take(void *user, int opt, char *arg)
{
    TrainOptions *o = user;
    switch (opt) {
    case OPT_FN:
        o->fn = arg;
        return -1;
    case OPT_DATA:
        return add_pair(&o->data, "--data", arg, strlen(arg));
    case OPT_TEST:
        return add_pair(&o->test, "--test", arg, strlen(arg));
    case OPT_SCALE:
        return add_pair(&o->scale, "--scale", arg, strlen(arg));
    case OPT_OPTIMIZER:
        return take_optimizer(o, arg);
    case OPT_SCHEDULE:
        return take_schedule(o, arg);
    case OPT_BATCH:
        if (!strcmp(arg, "all")) {
            o->batch = 0;
            return -1;
        }
        return take_count("--batch", arg, 1, &o->batch);
    case OPT_EPOCHS:
        return take_count("--epochs", arg, 0, &o->epochs);
    case OPT_METRIC:
        o->metric = arg;
        return -1;
    case OPT_SAVE:
        o->save = arg;
        return -1;
    case OPT_LOAD:
        o->load = arg;
        return -1;
    case OPT_CHECKPOINT:
        return take_checkpoint(o, arg);
    case OPT_LOG:
        o->log = arg;
        return -1;
    default:
        o->plot = arg;
        return -1;
    }
}

int train_options(Train *t, int argc, char **argv, const char *program)
{
    t->o = (TrainOptions){.batch = 128, .epochs = 10};
    int code = cli_more_options(&t->cli, argc, argv, program, options, take, &t->o);
    if (code < 0 && t->o.checkpoint && !t->o.save)
        return train_complain(EXIT_USAGE, "--checkpoint-every wants --save FILE");
    if (code < 0 && !t->o.optimizer)
        code = take_optimizer(&t->o, "adam");
    return code;
}

/* ---- Settings of optimisers ---- */

static bool read_number(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end;
}

/* What is taken where a setting of the standard library's optimisers is not given. */
static bool usual(const char *optimizer, const char *name, double *out)
{
    static const struct {
        const char *optimizer, *name; /* NULL: any */
        double value;
    } table[] = {{"sgd", "lr", 0.01},        {"momentum", "lr", 0.01},   {"nesterov", "lr", 0.01},
                 {"adagrad", "lr", 0.01},    {NULL, "lr", 1e-3},         {NULL, "alpha", 0.9},
                 {NULL, "rho", 0.9},         {NULL, "beta1", 0.9},       {NULL, "beta2", 0.999},
                 {"rmsprop", "delta", 1e-6}, {"adagrad", "delta", 1e-7}, {NULL, "delta", 1e-8},
                 {"adamw", "decay", 0.01}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if ((!table[i].optimizer || !strcmp(table[i].optimizer, optimizer)) &&
            !strcmp(table[i].name, name)) {
            *out = table[i].value;
            return true;
        }
    return false;
}

int train_setting(const TrainOptions *o, const char *name, double *out)
{
    *out = 0;
    for (int i = 0; i < o->settings.n; i++)
        if (!strcmp(o->settings.at[i].name, name)) {
            if (read_number(o->settings.at[i].text, out))
                return EXIT_GOOD;
            return train_complain(EXIT_USAGE, "--optimizer: %s=%s is no number", name,
                                  o->settings.at[i].text);
        }
    if (!strcmp(name, "t") || usual(o->optimizer, name, out)) /* t counts the steps */
        return EXIT_GOOD;
    return train_complain(EXIT_USAGE,
                          "the optimiser %s has a setting %s: give it as --optimizer %s:%s=...",
                          o->optimizer, name, o->optimizer, name);
}

static bool has_setting(const Train *t, const char *name)
{
    for (int k = 0; k < t->ninput; k++)
        if (t->input[k].from == FROM_SETTING && !strcmp(t->input[k].a.what, name))
            return true;
    return false;
}

int train_check_settings(const Train *t)
{
    if (t->o.schedule != SCHEDULE_CONSTANT && !has_setting(t, "lr"))
        return train_complain(EXIT_USAGE, "--schedule is of the setting lr, which %s does not have",
                              t->o.optimizer);
    for (int i = 0; i < t->o.settings.n; i++) {
        const char *name = t->o.settings.at[i].name;
        if (has_setting(t, name))
            continue;
        fprintf(stderr, "gradc: the optimiser %s has no setting '%s'; it has", t->o.optimizer,
                name);
        const char *comma = "";
        for (int k = 0; k < t->ninput; k++)
            if (t->input[k].from == FROM_SETTING && strcmp(t->input[k].a.what, "t") != 0) {
                fprintf(stderr, "%s %s", comma, t->input[k].a.what);
                comma = ",";
            }
        fputs(*comma ? "\n" : " none\n", stderr);
        return EXIT_USAGE;
    }
    return EXIT_GOOD;
}
