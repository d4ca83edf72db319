/* check.h - what the files of `gradc check` share. */
#ifndef GRADC_CLI_CHECK_H
#define GRADC_CLI_CHECK_H

#include "cli.h"

#include <stdio.h>

/* What was found at several points, for one output of a function. */
typedef struct Found {
    int64_t size, count; /* elements; those looked at, at each point */
    double error;
    gradc_verdict verdict;
    int derivative;
} Found;

typedef struct Totals {
    int64_t elements[GRADC_VERDICT_WRONG + 1]; /* by verdict */
} Totals;

/* Adds a report to what was found; writes to `notes` what is not ok, with `verbose` every element.
 */
void check_add(const gradc *, int function, const gradc_report *, const int64_t *sizes, int point,
               bool verbose, FILE *notes, Found *found, Totals *);
void check_print_head(void);
void check_print_function(const gradc *, int function, const Found *);
void check_print_totals(const Totals *);

#endif
