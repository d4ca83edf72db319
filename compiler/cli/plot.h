/* plot.h - line plots as SVG text, which any browser shows.
 *
 *     PlotSeries s[] = {{.name = "train", .n = steps, .y = train}, {.name = "test", .n = m, .x = at, .y = test}};
 *     char *svg = plot_svg(&(Plot){.title = "loss", .x_label = "epoch", .log_y = true, .nseries = 2, .series = s});
 *     int code = svg ? cli_write("run.svg", svg) : EXIT_SYSTEM;
 *     free(svg);
 *
 * The same numbers give the same text. Series of many points cost no more than their outline. */
#ifndef GRADC_PLOT_H
#define GRADC_PLOT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct PlotSeries {
    const char *name; /* for the legend; NULL or "": not in it */
    int64_t n;
    const double *x;  /* n numbers in any order; NULL: 0, 1, 2, ... */
    const double *y;  /* n numbers; a nan or inf (on a log axis: what is not positive) is a gap */
    bool dots;        /* a dot at every point, too; a point alone between gaps is always one */
} PlotSeries;

typedef struct Plot {
    const char *title, *x_label, *y_label; /* UTF-8; NULL or "": none */
    bool log_x, log_y;
    int nseries;
    const PlotSeries *series; /* colours go round after eight of them */
} Plot;

/* A whole SVG document, to be freed; NULL: no memory. */
char *plot_svg(const Plot *);

#endif
