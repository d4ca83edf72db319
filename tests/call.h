/* call.h - calls of emitted functions whose signatures are only known at run time, the same by the
 * interpreter, and a comparison of the two.
 *
 * An output that updates an argument comes in `out` like the others; the caller's own `in` stays as it
 * is.
 *
 * A function is called through two more that call_text appends to its C: `call_f(void **)`, which
 * takes pointers to everything in the order of the arguments, and `call_f_work(void **)`, which takes
 * the same.
 * Outputs and the workspace stand between guards, are aligned no better than promised, and are
 * full of nan before the call. */
#ifndef GRADC_TESTS_CALL_H
#define GRADC_TESTS_CALL_H

#include "compiler/program.h"

typedef int CallRun(void **);
typedef size_t CallWork(void **);

typedef struct Call {
    const Function *f;
    const int64_t *size;   /* by f->sizes */
    const void *const *in; /* by f->args, in the C layout of their types */
    void **out;            /* by f->outputs: filled in */
    const char *fault;     /* what was written that should not have been, or NULL */
} Call;

void call_text(const Program *, Text *out); /* after emit_c */
/* The C of these programs, of functions of one model, with theirs behind it. */
const char *call_programs(Arena *, const CompileOptions *, int n, Program *const *);
/* What the function returned. Outputs come from the arena. */
int call_emitted(Arena *, CallRun *, CallWork *, Call *);

/* Elements of a shape for these sizes. */
int64_t call_count(const Function *, Shape, const int64_t *size);
int64_t call_size(const Function *, const Size *, const int64_t *size);

/* The function's outputs by the interpreter. */
typedef struct Reference {
    const char *error; /* NULL: fine */
    int code;          /* of the error: what the function returns, or -1 */
    const double **real;
    const int64_t **integer; /* of outputs that are not real */
} Reference;
/* `args`: by what the C function takes; `f` has the outputs wanted, over the same graph. */
Reference call_interp(Arena *, const Function *f, const Call *);

/* NULL where got (C layout) is what is wanted; otherwise the first difference in words. Reals may
 * differ by `tolerance` times the larger of the element and `scale`; nan is nan, integers are
 * exact. */
const char *call_compare(Arena *, Dtype, int64_t count, const void *got, const double *real,
                         const int64_t *integer, double tolerance, double scale);
/* The largest difference of two arrays in the C layout, in units in the last place of the largest
 * element; 0 where all bits are the same, and nowhere else. */
double call_ulps(Dtype, int64_t count, const void *a, const void *b);
/* The largest finite magnitude. */
double call_scale(int64_t count, const double *real);

#endif
