/* derive.h - what derivative expressions and exports share. */
#ifndef GRADC_DERIVE_H
#define GRADC_DERIVE_H

#include "eval.h"

/* "grad" ... "taylor"; DERIVE_COUNT where it is none. */
DeriveKind derive_kind(const char *name);
const char *derive_name(DeriveKind);

/* A derivative being taken: of y (called `of`) with respect to x[0..n). */
typedef struct Derive {
    DeriveKind kind;
    Span span, y_span;
    Value y;
    const char *of;
    int n;
    const Value *x;
    const char *const *name;
    const Span *x_span;
    bool zeros;     /* what y does not depend on gives zeros, whatever the options say */
    const Value *v; /* vjp: one, shaped as y; jvp, hvp: n, shaped as x */
} Derive;

/* out: n values; hessian: n*n, row by row; jvp: one. False after a message. */
bool derive(Elab *, const Derive *, Value *out);
/* The same of a jacobian or hessian of fixed sizes: the nonzeros and where they are, by output. Of a Hessian, the blocks on
 * and above the diagonal; each is [count]. */
bool derive_sparse(Elab *, const Derive *, Value *out, const struct Pattern **pattern);

#endif
