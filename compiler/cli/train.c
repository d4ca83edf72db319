/* train.c - `gradc train MODEL.dg`: minimises a function of a model over the rows of data files.
 *
 * The loss, its gradient and the optimiser's update are one emitted function, which changes the
 * parameters and the optimiser's state in place (gradc.h, gradc_options.train). What is here is
 * around it: epochs, minibatches, scores, and stopping in good order. */
#include "train.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_INTERRUPTED = 130 };

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

/* ---- What is trained ---- */

static bool returns_one_real(const gradc *g, int f)
{
    gradc_function info = gradc_get_function(g, f);
    gradc_argument out = gradc_get_argument(g, f, info.ninput + info.nsize);
    return info.noutput == 1 && !out.rank && (out.type == GRADC_F32 || out.type == GRADC_F64);
}

static bool has_params(const gradc *g, int f)
{
    for (int i = 0; i < gradc_get_function(g, f).ninput; i++)
        if (gradc_get_argument(g, f, i).trainable)
            return true;
    return false;
}

/* Without --fn: the one function of the model's exports that returns a real and has params. */
static int choose_function(Train *t, char *name, size_t room)
{
    int code = EXIT_GOOD, found = 0;
    gradc *g = cli_compile(&t->cli, &code);
    if (!g)
        return code;
    for (int f = 0; f < gradc_function_count(g); f++) {
        const char *base = gradc_get_function(g, f).base;
        if (!returns_one_real(g, f) || !has_params(g, f) || !strcmp(base, name))
            continue;
        found++;
        snprintf(name, room, "%s", base);
    }
    gradc_free(g);
    if (found == 1)
        return EXIT_GOOD;
    return train_complain(
        EXIT_USAGE,
        found ? "%s exports several functions that can be minimised: say which by --fn"
              : "%s exports no function of a `param` that returns one real: "
                "say which is to be minimised by --fn",
        t->cli.input);
}

static int compile(Train *t)
{
    int code = t->o.fn ? EXIT_GOOD : choose_function(t, t->name, sizeof t->name);
    if (code != EXIT_GOOD)
        return code;
    gradc_options *o = &t->cli.options;
    if (t->o.metric)
        t->cli.exports[o->nexport++] = t->o.metric;
    o->train = t->o.fn ? t->o.fn : t->name;
    o->optimizer = t->o.optimizer;
    o->check_bounds |= !t->cli.output; /* labels come from files */
    t->g = cli_compile(&t->cli, &code);
    if (!t->g)
        return code;
    char step[264];
    snprintf(step, sizeof step, "%s_step", o->train);
    t->step.index = gradc_find_function(t->g, step);
    t->loss.index = gradc_find_function(t->g, o->train);
    t->metric.index = t->o.metric ? gradc_find_function(t->g, t->o.metric) : -1;
    t->step.info = gradc_get_function(t->g, t->step.index);
    return EXIT_GOOD;
}

/* ---- Calls ---- */

static const Input *input_named(const Train *t, const char *name)
{
    for (int i = 0; i < t->ninput; i++)
        if (!strcmp(t->input[i].a.name, name))
            return &t->input[i];
    return NULL;
}

/* Memory for the inputs of a function, which all are inputs of the step; its sizes. */
static int bind_inputs(Train *t, Call *c)
{
    gradc_error e = {0};
    gradc_shape *shape = calloc((size_t)c->info.ninput + 1, sizeof *shape);
    if (!shape)
        return train_no_memory();
    int code = EXIT_GOOD;
    for (int k = 0; k < c->info.nsize; k++)
        c->sizes[k] = -1;
    for (int i = 0; i < c->info.ninput && code == EXIT_GOOD; i++) {
        gradc_argument a = gradc_get_argument(t->g, c->index, i);
        const Input *in = input_named(t, a.name);
        if (!in) {
            code = train_complain(EXIT_USAGE, "%s takes %s, which %s does not", c->info.base,
                                  a.name, t->step.info.base);
            break;
        }
        if (in->a.type != a.type || in->a.rank != a.rank) {
            code = train_complain(EXIT_USAGE, "%s is of another type in %s than in %s", a.name,
                                  c->info.base, t->step.info.base);
            break;
        }
        c->in[i] = in->value.data;
        shape[i] = (gradc_shape){in->value.rank, in->value.dim};
    }
    if (code == EXIT_GOOD && gradc_infer_sizes(t->g, c->index, shape, c->sizes, &e) != GRADC_OK)
        code = train_says(&e);
    free(shape);
    return code;
}

static int make_call(Train *t, Call *c)
{
    if (c->index < 0)
        return EXIT_GOOD;
    c->info = gradc_get_function(t->g, c->index);
    c->in = calloc((size_t)c->info.ninput + 1, sizeof *c->in);
    c->out = calloc((size_t)c->info.noutput + 1, sizeof *c->out);
    c->sizes = calloc((size_t)c->info.nsize + 1, sizeof *c->sizes);
    if (!c->in || !c->out || !c->sizes)
        return train_no_memory();
    int code = bind_inputs(t, c);
    c->rows_size = -1;
    for (int k = 0; k < c->info.nsize && t->rows_size >= 0; k++)
        if (!strcmp(gradc_get_argument(t->g, c->index, c->info.ninput + k).name,
                    gradc_get_argument(t->g, t->step.index, t->ninput + t->rows_size).name))
            c->rows_size = k;
    for (int i = 0; i < c->info.noutput && code == EXIT_GOOD; i++) {
        int64_t n =
            gradc_get_shape(t->g, c->index, c->info.ninput + c->info.nsize + i, c->sizes, NULL);
        c->out[i] = calloc((size_t)n + 1, 8);
        if (!c->out[i])
            code = train_no_memory();
    }
    if (code == EXIT_GOOD &&
        !(c->work = malloc(gradc_workspace(t->module, c->index, c->in, c->sizes) + 1)))
        code = train_no_memory();
    return code;
}

static void free_call(Call *c)
{
    for (int i = 0; c->out && i < c->info.noutput; i++)
        free(c->out[i]);
    free(c->in);
    free(c->out);
    free(c->sizes);
    free(c->work);
}

static int run_call(const Train *t, Call *c, int64_t rows)
{
    if (c->rows_size >= 0)
        c->sizes[c->rows_size] = rows;
    int status = gradc_call(t->module, c->index, c->in, c->sizes, c->out, c->work);
    if (status == GRADC_CALL_OK)
        return EXIT_GOOD;
    if (status == GRADC_CALL_BOUNDS)
        return train_complain(
            EXIT_MODEL, "%s: an index is out of range (a label that the model has no class for?)",
            c->info.name);
    return train_complain(EXIT_MODEL, "%s failed with code %d", c->info.name, status);
}

/* The mean of an output's elements. */
static double mean_of(const Train *t, const Call *c, int i)
{
    int k = c->info.ninput + c->info.nsize + i;
    gradc_type type = gradc_get_argument(t->g, c->index, k).type;
    int64_t n = gradc_get_shape(t->g, c->index, k, c->sizes, NULL);
    double sum = 0;
    for (int64_t j = 0; j < n; j++)
        sum += type == GRADC_F64   ? ((double *)c->out[i])[j]
               : type == GRADC_F32 ? (double)((float *)c->out[i])[j]
               : type == GRADC_I64 ? (double)((int64_t *)c->out[i])[j]
               : type == GRADC_I32 ? ((int32_t *)c->out[i])[j]
                                   : ((uint8_t *)c->out[i])[j];
    return sum / (double)n;
}

/* ---- Scores ---- */

/* Means over the rows of a set; `with_loss` false: the metric alone. */
static int score(Train *t, const DataSet *set, bool with_loss, Score *out)
{
    double loss = 0, metric = 0;
    for (int64_t first = 0; first < set->rows && !interrupted; first += t->batch) {
        int64_t n = set->rows - first < t->batch ? set->rows - first : t->batch;
        train_fetch(t, set, NULL, first, n);
        int code = with_loss ? run_call(t, &t->loss, n) : EXIT_GOOD;
        if (code == EXIT_GOOD && t->metric.index >= 0)
            code = run_call(t, &t->metric, n);
        if (code != EXIT_GOOD)
            return code;
        loss += with_loss ? (double)n * mean_of(t, &t->loss, 0) : 0;
        metric += t->metric.index >= 0 ? (double)n * mean_of(t, &t->metric, 0) : 0;
    }
    if (with_loss)
        out->loss = loss / (double)set->rows;
    out->metric = t->metric.index >= 0 ? metric / (double)set->rows : NAN;
    return EXIT_GOOD;
}

static int end_epoch(Train *t, Report *report)
{
    Score train = {t->loss_sum / (double)t->train.rows, NAN}, test = {NAN, NAN};
    int code = EXIT_GOOD;
    if (t->metric.index >= 0)
        code = score(t, &t->train, false, &train);
    if (code == EXIT_GOOD && t->test.rows)
        code = score(t, &t->test, true, &test);
    if (code != EXIT_GOOD || interrupted) /* to be scored when the run goes on */
        return code;
    t->epoch++;
    t->done = 0;
    t->loss_sum = 0;
    return report_epoch(report, t, train, test);
}

/* ---- Steps ---- */

static double rate_factor(const Train *t)
{
    double done = (double)t->steps / (double)(t->o.epochs * t->batches);
    switch (t->o.schedule) {
    case SCHEDULE_LINEAR:
        return 1 - done;
    case SCHEDULE_COSINE:
        return 0.5 * (1 + cos(3.14159265358979323846 * done));
    default:
        return 1;
    }
}

static void put_settings(Train *t)
{
    for (int i = 0; i < t->ninput; i++) {
        Input *in = &t->input[i];
        if (in->from != FROM_SETTING)
            continue;
        double v = in->setting;
        if (!strcmp(in->a.what, "t"))
            v = (double)(t->steps + 1);
        if (!strcmp(in->a.what, "lr"))
            v *= rate_factor(t);
        if (in->a.type == GRADC_F32)
            *(float *)in->value.data = (float)v;
        else
            *(double *)in->value.data = v;
    }
}

static int one_step(Train *t, Report *report)
{
    int64_t first = t->done * t->batch, left = t->train.rows - first;
    int64_t n = left < t->batch ? left : t->batch;
    put_settings(t);
    train_fetch(t, &t->train, t->order + first, 0, n);
    int code = run_call(t, &t->step, n);
    if (code != EXIT_GOOD)
        return code;
    double loss = mean_of(t, &t->step, 0);
    t->steps++;
    t->done++;
    if (!isfinite(loss)) {
        report_clear(report);
        return train_complain(
            EXIT_MODEL, "the loss is %s at step %lld (epoch %lld, batch %lld): stopped%s%s%s",
            isnan(loss) ? "nan"
            : loss > 0  ? "inf"
                        : "-inf",
            (long long)t->steps, (long long)t->epoch + 1, (long long)t->done, t->o.save ? "; " : "",
            t->o.save ? t->o.save : "", t->o.save ? " is not written again" : "");
    }
    t->loss_sum += (double)n * loss;
    report_progress(report, t, loss);
    return EXIT_GOOD;
}

static bool checkpoint_due(const Train *t)
{
    if (!t->o.checkpoint)
        return false;
    if (t->o.checkpoint_steps)
        return t->steps % t->o.checkpoint == 0;
    return !t->done && t->epoch % t->o.checkpoint == 0;
}

/* Where there is nothing left to do: the scores of what was loaded. */
static int score_alone(Train *t, Report *report)
{
    Score train = {NAN, NAN}, test = {NAN, NAN};
    int code = score(t, &t->train, true, &train);
    if (code == EXIT_GOOD && t->test.rows)
        code = score(t, &t->test, true, &test);
    return code == EXIT_GOOD && !interrupted ? report_epoch(report, t, train, test) : code;
}

static int run_epochs(Train *t, Report *report)
{
    int code = t->epoch < t->o.epochs ? EXIT_GOOD : score_alone(t, report);
    while (t->epoch < t->o.epochs && code == EXIT_GOOD && !interrupted) {
        train_shuffle(t);
        while (t->done < t->batches && code == EXIT_GOOD && !interrupted) {
            code = one_step(t, report);
            if (code == EXIT_GOOD && t->done < t->batches && checkpoint_due(t))
                code = train_save(t, t->o.save);
        }
        if (code == EXIT_GOOD && t->done == t->batches)
            code = end_epoch(t, report);
        if (code == EXIT_GOOD && !t->done && checkpoint_due(t))
            code = train_save(t, t->o.save);
    }
    return code;
}

/* ---- Beginning and end ---- */

/* `~ zeros` ...; a scalar or vector of which nothing is said begins at 0. */
static int init_params(Train *t)
{
    gradc_error e = {0};
    for (int i = 0; i < t->ninput; i++) {
        const Input *in = &t->input[i];
        if (in->from != FROM_PARAM || in->given)
            continue;
        if (in->a.init && gradc_init_param(t->g, t->step.index, i, t->sizes, t->cli.seed,
                                           in->value.data, &e) != GRADC_OK)
            return train_says(&e);
        if (!in->a.init && in->a.rank > 1)
            return train_complain(
                EXIT_USAGE,
                "nothing says where %s starts: write `param %s[...] ~ glorot_uniform` "
                "in the model, %s=VALUE behind it, or --load FILE",
                in->a.name, in->a.name, in->a.name);
    }
    return EXIT_GOOD;
}

static int prepare(Train *t)
{
    gradc_npz loaded = {0};
    int code = t->o.load ? train_load_file(t->o.load, &loaded) : EXIT_GOOD;
    if (code == EXIT_GOOD)
        code = train_inputs(t, t->o.load ? &loaded : NULL);
    if (code == EXIT_GOOD)
        code = t->o.load ? train_resume(t, &loaded) : init_params(t);
    gradc_npz_free(&loaded);
    return code;
}

/* Without --jit: the system's compiler, whose code is fast; where there is none, tcc. */
static int load(Train *t)
{
    gradc_error e = {0}, second = {0};
    t->module = gradc_load(t->g, t->cli.jit ? t->cli.jit : "cc", &e);
    if (!t->module && !t->cli.jit)
        t->module = gradc_load(t->g, "tcc", &second);
    if (!t->module)
        return train_says(&e);
    int code = make_call(t, &t->step);
    if (code == EXIT_GOOD)
        code = make_call(t, &t->loss);
    return code == EXIT_GOOD ? make_call(t, &t->metric) : code;
}

static void say_what(const Train *t)
{
    int64_t weights = 0;
    for (int i = 0; i < t->ninput; i++)
        weights += t->input[i].from == FROM_PARAM ? t->input[i].value.count : 0;
    printf("%s: %lld parameters, %s", t->step.info.base, (long long)weights, t->o.optimizer);
    if (t->rows_size >= 0)
        printf(", %lld rows in batches of %lld", (long long)t->train.rows, (long long)t->batch);
    if (t->test.rows)
        printf(", %lld to test", (long long)t->test.rows);
    printf(t->steps ? ", from step %lld on\n" : "\n", (long long)t->steps);
    fflush(stdout);
}

static int train(Train *t)
{
    int code = EXIT_GOOD;
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND}, old;
    say_what(t);
    Report *report = report_open(t, &code);
    if (code == EXIT_GOOD) {
        interrupted = 0;
        sigaction(SIGINT, &action, &old);
        code = run_epochs(t, report);
        sigaction(SIGINT, &old, NULL);
    }
    int closed = report_close(report, t);
    code = code == EXIT_GOOD ? closed : code;
    if (code == EXIT_GOOD && t->o.save)
        code = train_save(t, t->o.save);
    if (code != EXIT_GOOD || !interrupted)
        return code;
    train_complain(EXIT_INTERRUPTED, "interrupted at step %lld%s%s", (long long)t->steps,
                   t->o.save ? ", saved in " : "", t->o.save ? t->o.save : "");
    return EXIT_INTERRUPTED;
}

static int run(Train *t)
{
    int code = compile(t);
    if (code == EXIT_GOOD)
        code = prepare(t);
    if (code != EXIT_GOOD)
        return code;
    if (t->cli.output)
        return train_emit(t);
    code = load(t);
    return code == EXIT_GOOD ? train(t) : code;
}

int command_train(int argc, char **argv, const char *program)
{
    Train t = {.step.index = -1, .loss.index = -1, .metric.index = -1};
    int code = train_options(&t, argc, argv, program);
    if (code < 0)
        code = run(&t);
    free_call(&t.step);
    free_call(&t.loss);
    free_call(&t.metric);
    train_inputs_free(&t);
    gradc_unload(t.module);
    gradc_free(t.g);
    train_options_free(&t.o);
    cli_free(&t.cli);
    return code;
}
