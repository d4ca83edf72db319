/* run.h - what the files of `gradc run` share. */
#ifndef GRADC_RUN_H
#define GRADC_RUN_H

#include "cli.h"

/* Reads "1.5", "[[1, 2], [3, 4]]" or "@file" into *out (gradc_array_free). False: the reason is
 * on standard error; exit code in *code. `name` is what the value is for. */
bool run_read_value(const char *name, const char *text, gradc_array *out, int *code);

/* The elements of `from` as type `t`, in new memory; NULL: the reason is on standard error. Reals
 * are rounded; an integer must be one, and within the range of the type. */
void *run_convert(const char *name, const gradc_array *from, gradc_type t);

/* Whether the model may have called the argument `name` of a C function `word`: what C would take for
 * something else has an underscore behind it. */
bool run_is_named(const char *name, const char *word);

/* `NAME = ...`, as NumPy prints an array. */
void run_print(const char *name, const gradc_array *);

#endif
