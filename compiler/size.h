/* size.h - sizes: polynomials over the open sizes of a model, in canonical form.
 *
 * A Size is interned: two sizes are equal for all values of the open sizes that
 * the canonical form can prove exactly when their pointers are equal, so that
 * `N*K + K*N` and `2*N*K` are the same object. A fixed size is a constant
 * polynomial. Coefficients are integers over one common denominator, because
 * `D*(D - 1)/2` is a size; a quotient that is not exact for every value (N//2)
 * is an atom of its own. Open sizes stand for integers >= 0. Of an integer argument n, which
 * may be negative, max(n, 0) is a size: an atom too. */
#ifndef GRADC_SIZE_H
#define GRADC_SIZE_H

#include "arena.h"

typedef struct Size Size;

/* What a polynomial is made of: an open size, max(n, 0) of an argument, or floor(p / q) or max(p, 0)
 * of polynomials. */
typedef enum AtomKind { ATOM_NAME, ATOM_ARGUMENT, ATOM_FLOORDIV, ATOM_POSITIVE } AtomKind;
typedef struct Atom {
    AtomKind kind;
    const char *name;     /* ATOM_NAME, ATOM_ARGUMENT */
    bool narrow;          /* ATOM_ARGUMENT: less than 64 bits, which it becomes before anything else */
    const Size *p, *q;    /* ATOM_FLOORDIV: floor(p / q); ATOM_POSITIVE: max(p, 0) */
} Atom;

typedef struct Monomial {
    int64_t coef;
    int n;           /* number of factors, with repetition */
    const int *atom; /* ascending indices of atoms; D^2 is {D, D} */
} Monomial;

struct Size {
    int id;           /* index in the table */
    bool is_const;    /* no open size in it */
    int64_t value;    /* of a constant */
    int64_t den;      /* common denominator, >= 1 */
    int n;
    const Monomial *term; /* ordered; none is zero */
};

typedef struct Sizes Sizes;
Sizes *sizes_new(Arena *);
const Size *size_at(const Sizes *, int id);
const Atom *size_atom(const Sizes *, int atom);
int size_atom_count(const Sizes *);
/* True once a coefficient has left int64; the results are then meaningless. */
bool sizes_overflowed(const Sizes *);

const Size *size_const(Sizes *, int64_t);
const Size *size_name(Sizes *, const char *name);
/* max(name, 0) of an integer argument; `narrow`: which has less than 64 bits. */
const Size *size_argument(Sizes *, const char *name, bool narrow);
const Size *size_add(Sizes *, const Size *, const Size *);
const Size *size_sub(Sizes *, const Size *, const Size *);
const Size *size_mul(Sizes *, const Size *, const Size *);
/* p / q, which divides exactly; NULL when it provably does not, or q is not a constant and does
 * not divide p as a polynomial. */
const Size *size_div(Sizes *, const Size *p, const Size *q);
const Size *size_floordiv(Sizes *, const Size *p, const Size *q); /* NULL when q is 0 */
const Size *size_mod(Sizes *, const Size *p, const Size *q);      /* NULL when q is 0 */
const Size *size_positive(Sizes *, const Size *); /* max(p, 0) */
const Size *size_pow(Sizes *, const Size *, int n);

/* What is known for every value >= 0 of the open sizes. */
bool size_known_nonneg(const Sizes *, const Size *);
bool size_known_positive(const Sizes *, const Size *);
/* a - b >= 0 for certain. */
bool size_known_ge(Sizes *, const Size *a, const Size *b);

/* The value when open size or argument `name` has value bind(user, name). */
int64_t size_eval(const Sizes *, const Size *, int64_t (*bind)(void *user, const char *name),
                  void *user);
/* Whether an open size, or an argument, occurs in it. */
bool size_mentions(const Sizes *, const Size *, const char *name);
/* Whether any argument does. */
bool size_has_argument(const Sizes *, const Size *);

/* `2*N*K + 1`, `(D^2 - D)/2`, `N//2`: a size expression of the language. */
void size_print(const Sizes *, const Size *, Text *);
/* The same in C, of type int64_t, in parentheses where an operand of `*` needs them. An argument stands
 * there as gradc_count(n). */
void size_print_c(const Sizes *, const Size *, bool as_factor, Text *);
/* In C, of type double, what is at least the absolute value of everything that the above computes on
 * the way: where it is less than 2^63, nothing there overflows. */
void size_print_most(const Sizes *, const Size *, Text *);

#endif
