/* train.h - what the files of `gradc train` share. */
#ifndef GRADC_TRAIN_H
#define GRADC_TRAIN_H

#include "cli.h"

/* NAME=TEXT of the command line; the name is a string of its own. */
typedef struct Pair {
    char *name;
    const char *text;
} Pair;

typedef struct Pairs {
    Pair *at;
    int n;
} Pairs;

typedef enum Schedule { SCHEDULE_CONSTANT, SCHEDULE_LINEAR, SCHEDULE_COSINE } Schedule;

/* The command line. */
typedef struct TrainOptions {
    const char *fn, *metric; /* or NULL */
    char *optimizer;         /* its name */
    Pairs settings;          /* what stands behind the name */
    Schedule schedule;
    Pairs data, test, scale;
    int64_t batch; /* rows; 0: all at once */
    int64_t epochs;
    const char *save, *load, *log, *plot;
    int64_t checkpoint; /* every so many epochs, or steps; 0: never */
    bool checkpoint_steps;
} TrainOptions;

/* Rows of one set for one argument. */
typedef struct Column {
    gradc_array array;
    double scale;
} Column;

typedef struct DataSet {
    int64_t rows;   /* 1 where there are no columns: the model holds its own data */
    Column *column; /* by Train.input; those without data are empty */
} DataSet;

typedef enum Source {
    FROM_NOTHING,
    FROM_DATA,
    FROM_VALUE,
    FROM_PARAM,
    FROM_STATE,
    FROM_SETTING
} Source;

/* An argument of the training step. */
typedef struct Input {
    gradc_argument a;
    Source from;
    gradc_array value; /* its memory and shape; of data room for one batch */
    int64_t row;       /* data: elements of a row */
    double setting;
    bool given; /* a parameter: by NAME=VALUE behind the model */
} Input;

/* A function of the model, ready to be called for a batch. */
typedef struct Call {
    int index; /* of the function; -1: there is none */
    gradc_function info;
    void **in, **out;
    int64_t *sizes;
    int rows_size; /* the open size that is the number of rows, or -1 */
    void *work;
} Call;

/* Loss and metric of one set. */
typedef struct Score {
    double loss, metric; /* nan where there is none */
} Score;

typedef struct Train {
    Cli cli;
    TrainOptions o;
    gradc *g;
    gradc_module *module;
    char name[256]; /* of the function, where --fn does not tell it */
    Input *input; /* of the step */
    int ninput;
    int64_t *sizes;         /* of the step, for a whole batch */
    int rows_size;          /* see Call */
    DataSet train, test;    /* test.rows == 0: none */
    int64_t batch, batches; /* rows of a batch, batches of an epoch */
    Call step, loss, metric;
    /* where the run stands */
    int64_t epoch, done; /* epochs that are done, batches of the present one */
    int64_t steps;       /* in all */
    double loss_sum;     /* of the present epoch, over rows */
    int64_t *order;      /* of the rows */
} Train;

/* Exit codes everywhere; -1 of train_options: go on. The reason of a failure is on standard error.
 */
int train_no_memory(void);
int train_says(const gradc_error *);
int train_complain(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- train_options.c ---- */
int train_options(Train *, int argc, char **argv, const char *program);
void train_options_free(TrainOptions *);
/* The value of a setting: as given, or the usual one of that optimiser. */
int train_setting(const TrainOptions *, const char *name, double *out);
/* Settings that were given and that the optimiser does not have. */
int train_check_settings(const Train *);

/* ---- train_data.c ---- */
/* Fits out the inputs of the step: data, values of the command line, sizes, memory. `loaded`:
 * arrays that a file of --load holds. */
int train_inputs(Train *, const gradc_npz *loaded);
void train_inputs_free(Train *);
/* Rows order[0..n) of a set (NULL: from `first` on) into the memory of the inputs. */
void train_fetch(Train *, const DataSet *, const int64_t *order, int64_t first, int64_t n);
/* The order of rows in an epoch, the same for the same seed. */
void train_shuffle(Train *);

/* ---- train_save.c ---- */
int train_load_file(const char *path, gradc_npz *out);
/* Where the run of that file stood. Sizes and memory are there. */
int train_resume(Train *, const gradc_npz *loaded);
int train_save(const Train *, const char *path);

/* ---- train_emit.c: `-o step.c` ---- */
int train_emit(Train *);

/* ---- train_report.c ---- */
typedef struct Report Report;
Report *report_open(const Train *, int *code); /* NULL: see *code */
void report_progress(Report *, const Train *, double loss);
/* A line for an epoch that is done, and one of the log. */
int report_epoch(Report *, const Train *, Score train, Score test);
/* Before anything else is printed: removes the progress bar. */
void report_clear(Report *);
/* Draws the plot; exit code. */
int report_close(Report *, const Train *);

#endif
