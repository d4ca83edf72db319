/* sizes.c - the values of open sizes: found from the shapes of arguments, and what follows. */
#include "impl.h"

#include <stdio.h>

/* Beyond it products of sizes leave int64_t too easily; no such array fits a memory anyway. */
#define MAX_SIZE ((int64_t)1 << 40)

typedef struct Binding {
    const Function *f;
    const int64_t *size; /* -1: not known yet */
    bool missing;        /* one of those was asked for */
} Binding;

static int64_t bind(void *user, const char *name)
{
    Binding *b = user;
    for (int i = 0; i < b->f->sizes.n; i++)
        if (!strcmp(b->f->sizes.at[i], name)) {
            b->missing |= b->size[i] < 0;
            return b->size[i];
        }
    return 0;
}

static int64_t value_of(const Function *f, const Size *s, const int64_t *size, bool *known)
{
    Binding b = {.f = f, .size = size};
    int64_t v = size_eval(f->graph->sizes, s, bind, &b);
    *known = !b.missing;
    return v;
}

int64_t gradc_get_shape(const gradc *g, int function, int i, const int64_t *sizes, int64_t *dim)
{
    gradc_function info = gradc_get_function(g, function);
    if (i < 0 || i >= info.ninput + info.nsize + info.noutput)
        return -1;
    const Function *f = g->c.model->functions.at[function];
    Shape s = g->function[function].shape[i];
    int64_t count = 1, bytes;
    bool known, good = true, empty = false;
    for (int k = 0; k < s.rank; k++) {
        int64_t n = value_of(f, s.dim[k], sizes, &known);
        good &= known && n >= 0 && !(n && __builtin_mul_overflow(count, n, &count));
        empty |= n == 0;
        if (dim)
            dim[k] = n;
    }
    good &= !__builtin_mul_overflow(count, (int64_t)8, &bytes);
    return !good ? -1 : empty ? 0 : count;
}

/* ---- Finding them ---- */

/* Where a size was found: an argument's axis, or the caller. */
typedef struct Origin {
    int argument, axis; /* -1: given */
} Origin;

typedef struct Search {
    const gradc *g;
    int function;
    const Function *f;
    const Described *d;
    const gradc_shape *shape;
    int64_t *size;
    Origin *origin; /* by size */
    gradc_error *error;
} Search;

static void put_given(const gradc_shape *s, char *out, size_t room)
{
    size_t at = (size_t)snprintf(out, room, "[");
    for (int i = 0; i < s->rank && at < room; i++)
        at += (size_t)snprintf(out + at, room - at, "%s%lld", i ? ", " : "", (long long)s->dim[i]);
    if (at < room)
        snprintf(out + at, room - at, "]");
}

static void put_declared(const gradc_argument *a, char *out, size_t room)
{
    size_t at = (size_t)snprintf(out, room, "[");
    for (int i = 0; i < a->rank && at < room; i++)
        at += (size_t)snprintf(out + at, room - at, "%s%s", i ? ", " : "", a->dim_text[i]);
    if (at < room)
        snprintf(out + at, room - at, "]");
}

/* "x [N, D] is given as [3, 4]" */
static const char *place(const Search *s, int argument, char *out, size_t room)
{
    char declared[128], given[128];
    put_declared(&s->d->argument[argument], declared, sizeof declared);
    put_given(&s->shape[argument], given, sizeof given);
    snprintf(out, room, "%s %s is given as %s", s->d->argument[argument].name, declared, given);
    return out;
}

static gradc_status conflict(const Search *s, int k, int argument, int axis, int64_t want)
{
    char here[300], there[300];
    const char *name = s->f->sizes.at[k];
    place(s, argument, here, sizeof here);
    if (s->origin[k].argument < 0)
        return error_set(s->error, GRADC_USAGE_ERROR,
                         "%s, so that %s is %lld, but %s = %lld is given", here, name,
                         (long long)s->shape[argument].dim[axis], name, (long long)want);
    place(s, s->origin[k].argument, there, sizeof there);
    return error_set(s->error, GRADC_USAGE_ERROR,
                     "%s, so that %s is %lld, but %s, so that %s is %lld", there, name,
                     (long long)want, here, name, (long long)s->shape[argument].dim[axis]);
}

/* The one unknown open size in `p`, or -1: there is none, or there are several. */
static int only_unknown(const Search *s, const Size *p)
{
    int found = -1;
    for (int k = 0; k < s->f->sizes.n; k++)
        if (s->size[k] < 0 && size_mentions(s->f->graph->sizes, p, s->f->sizes.at[k])) {
            if (found >= 0)
                return -1;
            found = k;
        }
    return found;
}

/* Solves p = n for the size k, where p is linear in it: the slope is told by two values, the
 * solution is tried. */
static bool solve_for(Search *s, const Size *p, int k, int64_t n)
{
    bool known;
    s->size[k] = 0;
    int64_t at0 = value_of(s->f, p, s->size, &known);
    s->size[k] = 1;
    int64_t slope = value_of(s->f, p, s->size, &known) - at0;
    s->size[k] = slope ? (n - at0) / slope : -1;
    if (s->size[k] >= 0 && s->size[k] <= MAX_SIZE && value_of(s->f, p, s->size, &known) == n)
        return true;
    s->size[k] = -1;
    return false;
}

/* One pass over the axes of all inputs. `checking`: every axis must come out as given. */
static gradc_status pass(Search *s, bool checking, bool *progress)
{
    char text[300];
    *progress = false;
    for (int i = 0; i < s->d->info.ninput; i++) {
        const gradc_shape *given = &s->shape[i];
        for (int axis = 0; axis < given->rank; axis++) {
            const Size *p = s->d->shape[i].dim[axis];
            bool known;
            int64_t v = value_of(s->f, p, s->size, &known);
            int k = known ? -1 : only_unknown(s, p);
            if (k >= 0 && solve_for(s, p, k, given->dim[axis])) {
                s->origin[k] = (Origin){i, axis};
                *progress = true;
            } else if (known && v != given->dim[axis] && checking) {
                for (k = 0; k < s->f->sizes.n;
                     k++) /* an open size by itself: say where it comes from */
                    if (!strcmp(s->d->argument[i].dim_text[axis], s->f->sizes.at[k]))
                        return conflict(s, k, i, axis, v);
                return error_set(s->error, GRADC_USAGE_ERROR, "%s, but %s is %lld",
                                 place(s, i, text, sizeof text), s->d->argument[i].dim_text[axis],
                                 (long long)v);
            }
        }
    }
    return GRADC_OK;
}

static gradc_status check_ranks(const Search *s)
{
    char text[300];
    for (int i = 0; i < s->d->info.ninput; i++) {
        const gradc_argument *a = &s->d->argument[i];
        if (s->shape[i].rank < 0 || s->shape[i].rank == a->rank)
            continue;
        place(s, i, text, sizeof text);
        return error_set(s->error, GRADC_USAGE_ERROR, "%s: it has %d ax%s, not %d", text, a->rank,
                         a->rank == 1 ? "is" : "es", s->shape[i].rank);
    }
    return GRADC_OK;
}

static gradc_status check_sizes(const Search *s)
{
    for (int k = 0; k < s->f->sizes.n; k++) {
        if (s->size[k] < 0)
            return error_set(s->error, GRADC_USAGE_ERROR, "no argument tells the size %s",
                             s->f->sizes.at[k]);
        if (s->size[k] > MAX_SIZE)
            return error_set(s->error, GRADC_USAGE_ERROR, "the size %s = %lld is too large",
                             s->f->sizes.at[k], (long long)s->size[k]);
    }
    for (int i = 0; i < s->d->info.ninput + s->d->info.nsize + s->d->info.noutput; i++)
        if (gradc_get_shape(s->g, s->function, i, s->size, NULL) < 0) {
            char declared[128];
            put_declared(&s->d->argument[i], declared, sizeof declared);
            return error_set(s->error, GRADC_USAGE_ERROR,
                             "%s %s is no possible shape for these sizes", s->d->argument[i].name,
                             declared);
        }
    return GRADC_OK;
}

gradc_status gradc_infer_sizes(const gradc *g, int function, const gradc_shape *shape,
                               int64_t *sizes, gradc_error *error)
{
    enum { FEW = 64 };
    Origin few[FEW] = {{0, 0}};
    if (function < 0 || function >= gradc_function_count(g))
        return error_set(error, GRADC_USAGE_ERROR, "there is no such function");
    Search s = {.g = g,
                .function = function,
                .f = g->c.model->functions.at[function],
                .d = &g->function[function],
                .shape = shape,
                .size = sizes,
                .origin = few,
                .error = error};
    if (s.f->sizes.n > FEW)
        return error_set(error, GRADC_USAGE_ERROR, "more than %d open sizes", FEW);
    for (int k = 0; k < s.f->sizes.n; k++)
        few[k] = (Origin){-1, -1};
    gradc_status status = check_ranks(&s);
    for (bool progress = true; status == GRADC_OK && progress;)
        status = pass(&s, false, &progress);
    bool ignored;
    if (status == GRADC_OK)
        status = pass(&s, true, &ignored);
    return status == GRADC_OK ? check_sizes(&s) : status;
}
