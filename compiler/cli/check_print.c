/* check_print.c - what `gradc check` prints: a table with a row for each result, below it what is
 * not ok, and the sum. */
#include "check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 3 }; /* of one output at one point; -v shows all */

/* `grad_W[0, 3]` */
static void put_element(const gradc *g, int function, const gradc_check_output *o,
                        const gradc_check_element *e, const int64_t *sizes, FILE *out)
{
    int64_t dim[GRADC_MAX_RANK], at[GRADC_MAX_RANK], rest = e->index;
    gradc_argument a = gradc_get_argument(g, function, o->argument);
    gradc_get_shape(g, function, o->argument, sizes, dim);
    fprintf(out, "%s", a.name);
    if (e->index < 0) {
        fprintf(out, " (all)");
        return;
    }
    gradc_pattern p = gradc_get_pattern(g, function, o->argument);
    if (p.row_start) {
        a.rank = 2;
        dim[0] = p.rows;
        dim[1] = p.columns;
    }
    for (int k = a.rank - 1; k >= 0; k--) {
        at[k] = rest % dim[k];
        rest /= dim[k];
    }
    for (int k = 0; k < a.rank; k++)
        fprintf(out, "%s%lld%s", k ? ", " : "[", (long long)at[k], k + 1 < a.rank ? "" : "]");
}

/* A number, without the sign that a nan may have. */
static void put_number(FILE *out, double v, const char *behind)
{
    if (isnan(v))
        fprintf(out, "nan %s", behind);
    else
        fprintf(out, "%.17g %s", v, behind);
}

/* What is not ok, and where a kink is. */
static void put_finding(const gradc_check_element *e, FILE *out)
{
    if (e->verdict == GRADC_VERDICT_KINK) {
        fprintf(out, "%s", e->why);
        if (e->file)
            fprintf(out, " at %s:%d:%d", e->file, e->line, e->column);
        if (isnan(e->left) && isnan(e->right))
            return;
        fprintf(out, isnan(e->left) ? ": none from the left" : ": %.6g from the left", e->left);
        fprintf(out, isnan(e->right) ? ", none from the right" : ", %.6g from the right", e->right);
        fprintf(out, isnan(e->got) ? ", nan computed" : ", %.6g computed", e->got);
        return;
    }
    fprintf(out, "%s: %s", gradc_verdict_name(e->verdict), e->why);
    if (e->verdict == GRADC_VERDICT_UNDEFINED)
        return;
    fputs(": ", out);
    put_number(out, e->got, "computed");
    if (!(fabs(e->got - e->exact) <= 1e-9 * fabs(e->exact)) && e->got != e->exact) {
        fputs(", ", out);
        put_number(out, e->exact, "exactly");
    }
    if (!isnan(e->difference))
        fprintf(out, ", %.17g by differences (within %.1g)", e->difference, e->bound);
    if (!isnan(e->other))
        fprintf(out, ", %.17g by the other mode", e->other);
}

/* One line of -v. */
static void put_line(const gradc *g, int function, const gradc_check_output *o,
                     const gradc_check_element *e, const int64_t *sizes, int point, FILE *out)
{
    fprintf(out, "  point %d  ", point);
    put_element(g, function, o, e, sizes, out);
    fprintf(out, " = %.17g", e->got);
    if (o->derivative)
        fprintf(out, "  differences %.17g, within %.1g", e->difference, e->bound);
    else
        fprintf(out, "  exactly %.17g", e->exact);
    if (!isnan(e->other))
        fprintf(out, "  other mode %.17g", e->other);
    fprintf(out, "  error %.1e  %s\n", e->error, gradc_verdict_name(e->verdict));
}

static void put_sizes(const gradc *g, int function, const int64_t *sizes, FILE *out)
{
    gradc_function f = gradc_get_function(g, function);
    fprintf(out, "%s", f.name);
    for (int k = 0; k < f.nsize; k++)
        fprintf(out, "%s %s = %lld", k ? "," : ":",
                gradc_get_argument(g, function, f.ninput + k).name, (long long)sizes[k]);
    fprintf(out, "\n");
}

static void put_output(const gradc *g, int function, const gradc_check_output *o,
                       const int64_t *sizes, int point, bool verbose, FILE *out)
{
    int shown = 0;
    for (int64_t i = 0; i < o->count; i++) {
        const gradc_check_element *e = &o->element[i];
        if (verbose)
            put_line(g, function, o, e, sizes, point, out);
        if (e->verdict == GRADC_VERDICT_OK || (shown++ >= SHOWN && !verbose))
            continue;
        fprintf(out, "%s%s, point %d, ", verbose ? "    " : "",
                gradc_get_function(g, function).name, point);
        put_element(g, function, o, e, sizes, out);
        fprintf(out, ": ");
        put_finding(e, out);
        fprintf(out, "\n");
    }
    if (shown > SHOWN && !verbose)
        fprintf(out, "  and %d more of this result\n", shown - SHOWN);
}

void check_add(const gradc *g, int function, const gradc_report *r, const int64_t *sizes, int point,
               bool verbose, FILE *notes, Found *found, Totals *totals)
{
    if (verbose && point == 1)
        put_sizes(g, function, sizes, notes);
    for (int k = 0; k < r->noutput; k++) {
        const gradc_check_output *o = &r->output[k];
        put_output(g, function, o, sizes, point, verbose, notes);
        for (int64_t i = 0; i < o->count; i++)
            totals->elements[o->element[i].verdict]++;
        found[k].size = o->size;
        found[k].count = o->count;
        found[k].derivative = o->derivative;
        found[k].error = o->error <= found[k].error ? found[k].error : o->error;
        found[k].verdict = o->verdict > found[k].verdict ? o->verdict : found[k].verdict;
    }
}

void check_print_head(void)
{
    printf("%-20s %-16s %14s %12s  %s\n", "function", "result", "elements", "worst error",
           "verdict");
}

void check_print_function(const gradc *g, int function, const Found *found)
{
    gradc_function f = gradc_get_function(g, function);
    for (int k = 0; k < f.noutput; k++) {
        char elements[48];
        if (found[k].count == found[k].size || !found[k].derivative)
            snprintf(elements, sizeof elements, "%lld", (long long)found[k].size);
        else
            snprintf(elements, sizeof elements, "%lld of %lld", (long long)found[k].count,
                     (long long)found[k].size);
        printf("%-20s %-16s %14s %12.1e  %s\n", f.name,
               gradc_get_argument(g, function, f.ninput + f.nsize + k).name, elements,
               found[k].error, gradc_verdict_name(found[k].verdict));
    }
}

void check_print_totals(const Totals *t)
{
    int64_t sum = 0;
    const char *comma = "";
    for (int v = GRADC_VERDICT_OK; v <= GRADC_VERDICT_WRONG; v++)
        sum += t->elements[v];
    if (t->elements[GRADC_VERDICT_OK] == sum) {
        printf("all %lld elements ok\n", (long long)sum);
        return;
    }
    for (int v = GRADC_VERDICT_WRONG; v >= GRADC_VERDICT_OK; v--)
        if (t->elements[v]) {
            printf("%s%lld %s", comma, (long long)t->elements[v],
                   gradc_verdict_name((gradc_verdict)v));
            comma = ", ";
        }
    printf(" of %lld elements\n", (long long)sum);
}
