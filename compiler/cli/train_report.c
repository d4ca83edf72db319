/* train_report.c - what a training run shows: a progress bar on a terminal, a line for every epoch,
 * a table and a plot.
 *
 * Lines go to standard output, the bar to standard error where that is a terminal. */
#include "plot.h"
#include "train.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 24 };

struct Report {
    bool bar;
    bool shown;      /* the bar stands on the screen */
    double start;    /* of the run; seconds */
    double last;     /* when the bar was drawn last */
    int64_t resumed; /* steps that were done before */
    double epoch_start;
    double seconds; /* that epochs took */
    FILE *log;
    int64_t n, room;
    double *epoch, *value[4]; /* for the plot */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A run that goes on adds to its table. */
static int open_log(Report *r, const Train *t)
{
    FILE *old = t->steps ? fopen(t->o.log, "rb") : NULL;
    bool header = !old || fgetc(old) == EOF;
    if (old)
        fclose(old);
    r->log = fopen(t->o.log, t->steps ? "ab" : "wb");
    if (!r->log)
        return train_complain(EXIT_SYSTEM, "cannot write %s: %s", t->o.log, strerror(errno));
    if (header)
        fputs("epoch,steps,loss,metric,test_loss,test_metric,seconds\n", r->log);
    return EXIT_GOOD;
}

Report *report_open(const Train *t, int *code)
{
    Report *r = calloc(1, sizeof *r);
    if (!r) {
        *code = train_no_memory();
        return NULL;
    }
    r->bar = isatty(STDERR_FILENO) == 1;
    r->start = r->epoch_start = now();
    r->resumed = t->steps;
    *code = t->o.log ? open_log(r, t) : EXIT_GOOD;
    return r;
}

void report_clear(Report *r)
{
    if (r->shown)
        fputs("\r\033[K", stderr);
    r->shown = false;
}

/* 1:02:03, 4:05 */
static void put_time(double seconds)
{
    long s = seconds < 0 || seconds > 1e8 ? 0 : lround(seconds);
    if (s >= 3600)
        fprintf(stderr, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    else
        fprintf(stderr, "%ld:%02ld", s / 60, s % 60);
}

void report_progress(Report *r, const Train *t, double loss)
{
    double at = now();
    if (!r->bar || at - r->last < 0.1)
        return;
    r->last = at;
    r->shown = true;
    int64_t all = t->o.epochs * t->batches, left = all - t->epoch * t->batches - t->done;
    double rate = (double)(t->steps - r->resumed) / (at - r->start + 1e-9);
    int full = (int)(t->done * BAR / t->batches);
    fprintf(stderr, "\r\033[Kepoch %lld/%lld [", (long long)t->epoch + 1, (long long)t->o.epochs);
    for (int i = 0; i < BAR; i++)
        fputc(i < full ? '=' : i == full ? '>' : ' ', stderr);
    fprintf(stderr, "] %.0f rows/s  loss %.4f  left ", rate * (double)t->batch, loss);
    put_time((double)left / (rate + 1e-9));
    fflush(stderr);
}

static int keep_for_plot(Report *r, const Train *t, Score train, Score test)
{
    if (r->n == r->room) {
        int64_t room = r->room ? 2 * r->room : 64;
        for (int i = 0; i < 5; i++) {
            double **at = i == 4 ? &r->epoch : &r->value[i];
            double *more = realloc(*at, sizeof *more * (size_t)room);
            if (!more)
                return train_no_memory();
            *at = more;
        }
        r->room = room;
    }
    r->epoch[r->n] = (double)t->epoch;
    r->value[0][r->n] = train.loss;
    r->value[1][r->n] = test.loss;
    r->value[2][r->n] = train.metric;
    r->value[3][r->n++] = test.metric;
    return EXIT_GOOD;
}

static void put_number(FILE *f, double v, const char *format)
{
    if (!isnan(v))
        fprintf(f, format, v);
}

int report_epoch(Report *r, const Train *t, Score train, Score test)
{
    double at = now(), took = at - r->epoch_start;
    const char *metric = t->o.metric ? t->o.metric : "";
    report_clear(r);
    printf("epoch %2lld  loss %.4f", (long long)t->epoch, train.loss);
    if (t->o.metric)
        printf("  %s %.4f", metric, train.metric);
    if (t->test.rows)
        printf("  test loss %.4f", test.loss);
    if (t->test.rows && t->o.metric)
        printf("  test %s %.4f", metric, test.metric);
    printf("  (%.1f s)\n", took);
    r->seconds += took;
    if (fflush(stdout) || ferror(stdout))
        return train_complain(EXIT_SYSTEM, "cannot write standard output: %s", strerror(errno));
    if (r->log) {
        fprintf(r->log, "%lld,%lld", (long long)t->epoch, (long long)t->steps);
        const double value[] = {train.loss, train.metric, test.loss, test.metric};
        for (int i = 0; i < 4; i++) {
            fputc(',', r->log);
            put_number(r->log, value[i], "%.9g");
        }
        fprintf(r->log, ",%.3f\n", r->seconds);
        if (fflush(r->log) || ferror(r->log))
            return train_complain(EXIT_SYSTEM, "cannot write %s: %s", t->o.log, strerror(errno));
    }
    r->epoch_start = now();
    return t->o.plot ? keep_for_plot(r, t, train, test) : EXIT_GOOD;
}

static int draw(const Report *r, const Train *t)
{
    PlotSeries series[4];
    char name[128], test_name[136];
    int n = 0;
    bool metric = t->o.metric != NULL, test = t->test.rows > 0;
    snprintf(name, sizeof name, "%s", metric ? t->o.metric : "");
    snprintf(test_name, sizeof test_name, "test %s", name);
    const char *const names[4] = {"loss", "test loss", name, test_name};
    for (int i = 0; i < 4; i++)
        if ((i % 2 == 0 || test) && (i < 2 || metric)) {
            series[n] = (PlotSeries){
                .name = names[i], .n = r->n, .x = r->epoch, .y = r->value[i], .dots = true};
            n++;
        }
    char *svg = plot_svg(
        &(Plot){.title = t->step.info.base, .x_label = "epoch", .nseries = n, .series = series});
    int code = svg ? cli_write(t->o.plot, svg) : train_no_memory();
    free(svg);
    return code;
}

int report_close(Report *r, const Train *t)
{
    if (!r)
        return EXIT_GOOD;
    report_clear(r);
    int code = t->o.plot && r->n ? draw(r, t) : EXIT_GOOD;
    if (r->log && fclose(r->log) == EOF && code == EXIT_GOOD)
        code = train_complain(EXIT_SYSTEM, "cannot write %s: %s", t->o.log, strerror(errno));
    free(r->epoch);
    for (int i = 0; i < 4; i++)
        free(r->value[i]);
    free(r);
    return code;
}
