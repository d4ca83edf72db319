/* op_cases.h - for every operation of ops.def, graphs that use it and where to evaluate them.
 *
 * ops_test.c proves derivatives on these cases; what runs emitted C compares it with
 * the interpreter on the same ones. A pointwise operation needs a row in `domains`, a
 * structural one a builder and a row in `structural`; case_list fails to cover an
 * operation that has neither, and the completeness test then names it.
 *
 * Shapes are texts: "" a scalar, "2,3", "N,M" of open sizes with the values of case_size. */
#ifndef GRADC_OP_CASES_H
#define GRADC_OP_CASES_H

#include "compiler/ops.h"

#include <stdio.h>
#include <stdlib.h>

enum { CASE_PARAMS = 3 };

typedef enum Avoid { ANYWHERE, OFF_ZERO, OFF_HALVES } Avoid; /* kinks that points keep clear of */

typedef struct CaseParam {
    const char *shape; /* NULL: no such parameter */
    double low, high;  /* elements are drawn from [low, high], integers from [low, high) */
    Avoid avoid;
    bool integer; /* i64, not f64: an index; not differentiated */
    bool truth;   /* bool */
} CaseParam;

typedef struct OpCase OpCase;
struct OpCase {
    Op op;
    const char *what;
    CaseParam param[CASE_PARAMS];
    Node *(*build)(Graph *, Node *const *x); /* NULL: the pointwise operation itself */
};

/* Other variants of the same cases: reals of this type, and open sizes as numbers. */
static Dtype case_real = T_F64;
static bool case_fixed;

static const struct {
    const char *name;
    int64_t value;
} case_sizes[] = {{"N", 3}, {"M", 2}, {"K", 4}, {"Z", 0}};

/* ---- Pointwise: where each operand may lie ---- */

typedef struct Domain {
    Op op;
    CaseParam in[3]; /* shapes are filled in */
} Domain;

#define REAL(lo, hi)                                                                               \
    {                                                                                              \
        .shape = "", .low = lo, .high = hi                                                         \
    }
#define OFF(lo, hi, what)                                                                          \
    {                                                                                              \
        .shape = "", .low = lo, .high = hi, .avoid = what                                          \
    }
#define WHOLE(lo, hi)                                                                              \
    {                                                                                              \
        .shape = "", .low = lo, .high = hi, .integer = true                                        \
    }
#define TRUTH                                                                                      \
    {                                                                                              \
        .shape = "", .low = 0, .high = 2, .truth = true                                            \
    }

static const Domain domains[] = {
    {OP_NEG, {REAL(-2, 2)}},
    {OP_ADD, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_SUB, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_MUL, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_SCALE, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_DIV, {REAL(-2, 2), OFF(-3, 3, OFF_ZERO)}},
    {OP_FLOORDIV, {OFF(0.1, 0.9, ANYWHERE), OFF(1, 3, ANYWHERE)}},
    {OP_MOD, {REAL(5.1, 5.9), REAL(1.55, 1.65)}},
    {OP_RANDOM, {WHOLE(-9, 10), WHOLE(-9, 1000)}},
    {OP_POW, {REAL(0.2, 3), REAL(-3, 3)}},
    {OP_MAX, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_MIN, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_LT, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_LE, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_GT, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_GE, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_EQ, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_NE, {REAL(-2, 2), REAL(-2, 2)}},
    {OP_AND, {TRUTH, TRUTH}},
    {OP_OR, {TRUTH, TRUTH}},
    {OP_NOT, {TRUTH}},
    {OP_SELECT, {TRUTH, REAL(-2, 2), REAL(-2, 2)}},
    {OP_ISNAN, {REAL(-2, 2)}},
    {OP_ISINF, {REAL(-2, 2)}},
    {OP_ISFINITE, {REAL(-2, 2)}},
    {OP_ABS, {OFF(-2, 2, OFF_ZERO)}},
    {OP_SIGN, {OFF(-2, 2, OFF_ZERO)}},
    {OP_FLOOR, {OFF(-4, 4, OFF_HALVES)}},
    {OP_CEIL, {OFF(-4, 4, OFF_HALVES)}},
    {OP_ROUND, {OFF(-4, 4, OFF_HALVES)}},
    {OP_TRUNC, {OFF(-4, 4, OFF_HALVES)}},
    {OP_EXP, {REAL(-3, 3)}},
    {OP_EXPM1, {REAL(-3, 3)}},
    {OP_LOG, {REAL(0.1, 5)}},
    {OP_LOG1P, {REAL(-0.8, 5)}},
    {OP_LOG2, {REAL(0.1, 5)}},
    {OP_LOG10, {REAL(0.1, 5)}},
    {OP_SQRT, {REAL(0.1, 5)}},
    {OP_CBRT, {OFF(-3, 3, OFF_ZERO)}},
    {OP_SIN, {REAL(-6, 6)}},
    {OP_COS, {REAL(-6, 6)}},
    {OP_TAN, {REAL(-1.2, 1.2)}},
    {OP_ASIN, {REAL(-0.9, 0.9)}},
    {OP_ACOS, {REAL(-0.9, 0.9)}},
    {OP_ATAN, {REAL(-3, 3)}},
    {OP_SINH, {REAL(-3, 3)}},
    {OP_COSH, {REAL(-3, 3)}},
    {OP_TANH, {REAL(-3, 3)}},
    {OP_ASINH, {REAL(-3, 3)}},
    {OP_ACOSH, {REAL(1.1, 5)}},
    {OP_ATANH, {REAL(-0.9, 0.9)}},
    {OP_ATAN2, {OFF(-2, 2, OFF_ZERO), OFF(-2, 2, OFF_ZERO)}},
    {OP_HYPOT, {OFF(-2, 2, OFF_ZERO), OFF(-2, 2, OFF_ZERO)}},
    {OP_ERF, {REAL(-2, 2)}},
    {OP_ERFC, {REAL(-2, 2)}},
    {OP_LGAMMA, {REAL(0.3, 6)}},
    {OP_DIGAMMA, {REAL(0.3, 6)}},
    {OP_SIGMOID, {REAL(-4, 4)}},
    {OP_SOFTPLUS, {REAL(-4, 4)}},
    {OP_RELU, {OFF(-2, 2, OFF_ZERO)}},
    {OP_STOP, {REAL(-2, 2)}},
};

/* Shapes of one, two and three operands: every way of broadcasting, sizes 0 and 1, open sizes. */
static const char *const shapes1[][3] = {{""}, {"2,3"}, {"N"}, {"Z"}, {"1,1"}};
static const char *const shapes2[][3] = {
    {"", ""},     {"3", ""},    {"", "3"},    {"2,1", "1,3"}, {"3", "2,1"}, {"N", "N"},
    {"M,N", "N"}, {"N", "K,1"}, {"2,0", "1"}, {"1", "Z"},     {"1,1", ""},  {"2,3", "2,3"},
};
static const char *const shapes3[][3] = {
    {"", "", ""},        {"3", "", ""},       {"", "3", ""},         {"", "", "3"},
    {"2,1", "3", "1,1"}, {"N", "M,N", "M,1"}, {"2,3", "2,3", "2,3"}, {"Z", "", "1"},
};

/* ---- Builders of structural cases ---- */

static inline Node *all_of(Graph *g, Op op, Node *x)
{
    return reduce_all(g, op, x);
}
static inline Node *axes_of(Graph *g, Op op, Node *x, int a, int b)
{
    int axes[2] = {a, b};
    return reduce(g, op, x, b < 0 ? 1 : 2, axes);
}
#define REDUCER(NAME)                                                                              \
    static Node *NAME##_all(Graph *g, Node *const *x)                                              \
    {                                                                                              \
        return all_of(g, OP_##NAME, x[0]);                                                         \
    }                                                                                              \
    static Node *NAME##_first(Graph *g, Node *const *x)                                            \
    {                                                                                              \
        return axes_of(g, OP_##NAME, x[0], 0, -1);                                                 \
    }                                                                                              \
    static Node *NAME##_second(Graph *g, Node *const *x)                                           \
    {                                                                                              \
        return axes_of(g, OP_##NAME, x[0], 1, -1);                                                 \
    }                                                                                              \
    static Node *NAME##_two(Graph *g, Node *const *x)                                              \
    {                                                                                              \
        return axes_of(g, OP_##NAME, x[0], 0, 2);                                                  \
    }
REDUCER(SUM)
REDUCER(PROD)
REDUCER(MAXR)
REDUCER(MINR)
REDUCER(ANY)
REDUCER(ALL)

static Node *ARGMAX_first(Graph *g, Node *const *x)
{
    return axes_of(g, OP_ARGMAX, x[0], 0, -1);
}
static Node *ARGMAX_second(Graph *g, Node *const *x)
{
    return axes_of(g, OP_ARGMAX, x[0], 1, -1);
}
static Node *ARGMIN_first(Graph *g, Node *const *x)
{
    return axes_of(g, OP_ARGMIN, x[0], 0, -1);
}
static Node *ARGMIN_second(Graph *g, Node *const *x)
{
    return axes_of(g, OP_ARGMIN, x[0], 1, -1);
}

static inline const Size *case_dim(Graph *g, const char *s, size_t n)
{
    char name[16] = {0};
    memcpy(name, s, n < 15 ? n : 15);
    for (int i = 0; i < ARRAY_LEN(case_sizes) && case_fixed; i++)
        if (!strcmp(name, case_sizes[i].name))
            return size_int(g, case_sizes[i].value);
    return name[0] >= '0' && name[0] <= '9' ? size_int(g, atoi(name))
                                            : size_name(g->sizes, arena_strdup(g->arena, name));
}

static inline Shape case_shape(Graph *g, const char *text)
{
    const Size *dim[MAX_RANK];
    int rank = 0;
    while (*text) {
        size_t n = strcspn(text, ",");
        dim[rank++] = case_dim(g, text, n);
        text += n + (text[n] == ',');
    }
    return shape_of(g, rank, dim);
}

static Node *reshape_fixed(Graph *g, Node *const *x)
{
    return reshape(g, x[0], case_shape(g, "3,4"));
}
static Node *reshape_flat(Graph *g, Node *const *x)
{
    const Size *n = shape_count(g, x[0]->shape);
    return reshape(g, x[0], shape_of(g, 1, &n));
}
static Node *permute_201(Graph *g, Node *const *x)
{
    return permute(g, x[0], (int[]){2, 0, 1});
}
static Node *permute_10(Graph *g, Node *const *x)
{
    return permute(g, x[0], (int[]){1, 0});
}
static Node *expand_two(Graph *g, Node *const *x)
{
    return expand(g, x[0], case_shape(g, "2,3,4"));
}
static Node *expand_open(Graph *g, Node *const *x)
{
    return expand(g, x[0], case_shape(g, "K,N,M"));
}
static Node *expand_none(Graph *g, Node *const *x)
{
    return expand(g, x[0], case_shape(g, "Z,3"));
}

static inline Node *moved(Graph *g, bool is_pad, Node *x, const int *start, const int *step,
                          const char *shape)
{
    const Size *at[MAX_RANK];
    int64_t by[MAX_RANK];
    for (int i = 0; i < x->shape.rank; i++) {
        at[i] = size_int(g, start[i]);
        by[i] = step[i];
    }
    return is_pad ? pad(g, x, at, by, case_shape(g, shape))
                  : slice(g, x, at, by, case_shape(g, shape));
}
static Node *slice_inner(Graph *g, Node *const *x)
{
    return moved(g, false, x[0], (int[]){1, 0}, (int[]){1, 2}, "2,3");
}
static Node *slice_back(Graph *g, Node *const *x)
{
    return moved(g, false, x[0], (int[]){3, 4}, (int[]){-1, -2}, "3,3");
}
static Node *slice_none(Graph *g, Node *const *x)
{
    return moved(g, false, x[0], (int[]){1, 2}, (int[]){1, 1}, "2,0");
}
static Node *slice_open(Graph *g, Node *const *x)
{
    const Size *n = x[0]->shape.dim[0];
    return slice_axis(g, x[0], 0, size_sub(g->sizes, n, size_int(g, 1)), -1, n);
}
static Node *pad_inner(Graph *g, Node *const *x)
{
    return moved(g, true, x[0], (int[]){1, 0}, (int[]){1, 2}, "4,5");
}
static Node *pad_back(Graph *g, Node *const *x)
{
    return moved(g, true, x[0], (int[]){3, 4}, (int[]){-1, -2}, "4,5");
}
static Node *pad_none(Graph *g, Node *const *x)
{
    return moved(g, true, x[0], (int[]){0}, (int[]){1}, "3");
}
static Node *concat_first(Graph *g, Node *const *x)
{
    return concat(g, 3, x, 0);
}
static Node *concat_second(Graph *g, Node *const *x)
{
    return concat(g, 3, x, 1);
}
static Node *concat_twice(Graph *g, Node *const *x)
{
    return concat(g, 3, (Node *[]){x[0], x[1], x[0]}, 0);
}

static Node *gather_rows(Graph *g, Node *const *x)
{
    return gather(g, x[0], 1, x + 1, (int[]){0});
}
static Node *gather_middle(Graph *g, Node *const *x)
{
    return gather(g, x[0], 1, x + 1, (int[]){1});
}
static Node *gather_two(Graph *g, Node *const *x)
{
    return gather(g, x[0], 2, x + 1, (int[]){0, 1});
}
static Node *gather_outer(Graph *g, Node *const *x)
{
    return gather(g, x[0], 2, x + 1, (int[]){0, 2});
}
static Node *scatter_rows(Graph *g, Node *const *x)
{
    return scatter(g, x[0], 1, x + 1, (int[]){0}, case_shape(g, "4,3"));
}
static Node *scatter_middle(Graph *g, Node *const *x)
{
    return scatter(g, x[0], 1, x + 1, (int[]){1}, case_shape(g, "2,4,3"));
}
static Node *scatter_two(Graph *g, Node *const *x)
{
    return scatter(g, x[0], 2, x + 1, (int[]){0, 1}, case_shape(g, "4,3"));
}

static Node *matrix_product(Graph *g, Node *const *x)
{
    return matmul(g, x[0], x[1]);
}
/* Labels are letters: "ij,jk,ik". */
static inline Node *einsum2(Graph *g, Node *const *x, const char *labels)
{
    int l[3][8], n[3] = {0}, part = 0;
    for (; *labels; labels++)
        if (*labels == ',')
            part++;
        else
            l[part][n[part]++] = *labels - 'a';
    return contract(g, x[0], l[0], x[1], l[1], n[2], l[2]);
}
static Node *einsum_inner(Graph *g, Node *const *x)
{
    return einsum2(g, x, "ij,ij,");
}
static Node *einsum_outer(Graph *g, Node *const *x)
{
    return einsum2(g, x, "i,j,ji");
}
static Node *einsum_turned(Graph *g, Node *const *x)
{
    return einsum2(g, x, "ji,kj,ki");
}
static Node *einsum_batch(Graph *g, Node *const *x)
{
    return einsum2(g, x, "bij,jbk,kbi");
}
static Node *einsum_square(Graph *g, Node *const *x)
{
    return einsum2(g, (Node *[]){x[0], x[0]}, "ij,kj,ik");
}

static Node *cumsum_first(Graph *g, Node *const *x)
{
    return cumsum(g, x[0], 0, false);
}
static Node *cumsum_back(Graph *g, Node *const *x)
{
    return cumsum(g, x[0], 1, true);
}
static Node *linrec_first(Graph *g, Node *const *x)
{
    return linrec(g, x[0], x[1], 0, false);
}
static Node *linrec_back(Graph *g, Node *const *x)
{
    return linrec(g, x[0], x[1], 1, true);
}
static Node *cumulative_product(Graph *g, Node *const *x)
{
    return cumprod(g, x[0], 0);
}

/* x plus `by` on the diagonal of its last two axes. */
static inline Node *lifted(Graph *g, Node *x, double by)
{
    int64_t n = x->shape.dim[x->shape.rank - 1]->value;
    double *eye = NEW_N(g->arena, double, n *n + 1);
    for (int64_t i = 0; i < n; i++)
        eye[i * n + i] = by;
    Shape s = {.rank = 2, .dim = x->shape.dim + x->shape.rank - 2};
    return pw2(g, OP_ADD, x, const_array(g, case_real, s, eye, NULL));
}
static inline Node *positive_definite(Graph *g, Node *x)
{
    return lifted(g, matmul(g, x, transpose_last(g, x)), 1);
}
static Node *cholesky_of(Graph *g, Node *const *x)
{
    return cholesky(g, positive_definite(g, x[0]));
}
static Node *tri_lower(Graph *g, Node *const *x)
{
    return trisolve(g, lifted(g, x[0], 3), x[1], true, false);
}
static Node *tri_upper(Graph *g, Node *const *x)
{
    return trisolve(g, lifted(g, x[0], 3), x[1], false, false);
}
static Node *tri_lower_t(Graph *g, Node *const *x)
{
    return trisolve(g, lifted(g, x[0], 3), x[1], true, true);
}
static Node *tri_upper_t(Graph *g, Node *const *x)
{
    return trisolve(g, lifted(g, x[0], 3), x[1], false, true);
}
static Node *solve_of(Graph *g, Node *const *x)
{
    return solve(g, lifted(g, x[0], 4), x[1]);
}
static Node *inverse_of(Graph *g, Node *const *x)
{
    return inverse(g, lifted(g, x[0], 4));
}
static Node *det_of(Graph *g, Node *const *x)
{
    return det(g, x[0]);
}
static Node *logdet_of(Graph *g, Node *const *x)
{
    return logdet(g, lifted(g, x[0], 3));
}
static Node *expm_of(Graph *g, Node *const *x)
{
    return expm(g, x[0], 1);
}
/* Eigenvalues and singular values that lie apart: 1, 4, 9 ... and a little beside them. */
static inline Node *apart(Graph *g, Node *x)
{
    int64_t m = x->shape.dim[x->shape.rank - 2]->value, n = x->shape.dim[x->shape.rank - 1]->value;
    double *far = NEW_N(g->arena, double, m *n + 1);
    for (int64_t i = 0; i < m && i < n; i++)
        far[i * n + i] = (double)((i + 1) * (i + 1));
    Shape s = {.rank = 2, .dim = x->shape.dim + x->shape.rank - 2};
    x = pw2(g, OP_MUL, x, const_real(g, case_real, 0.25));
    return pw2(g, OP_ADD, x, const_array(g, case_real, s, far, NULL));
}
static Node *qr_of(Graph *g, Node *const *x)
{
    return qr(g, apart(g, x[0]));
}
static Node *eigh_of(Graph *g, Node *const *x)
{
    return eigh(g, apart(g, x[0]));
}
static Node *svd_of(Graph *g, Node *const *x)
{
    return svd(g, apart(g, x[0]));
}
static Node *argsort_last(Graph *g, Node *const *x)
{
    return argsort(g, x[0], x[0]->shape.rank - 1);
}
static Node *sort_last(Graph *g, Node *const *x)
{
    return sort(g, x[0], x[0]->shape.rank - 1);
}
static Node *sort_first(Graph *g, Node *const *x)
{
    return sort(g, x[0], 0);
}
static Node *polygamma_1(Graph *g, Node *const *x)
{
    return pw2(g, OP_POLYGAMMA, const_real(g, case_real, 1), x[0]);
}
static Node *polygamma_3(Graph *g, Node *const *x)
{
    return pw2(g, OP_POLYGAMMA, const_real(g, case_real, 3), x[0]);
}
static Node *cast_f32(Graph *g, Node *const *x)
{
    return cast(g, cast(g, x[0], T_F32), case_real);
}
static Node *cast_int(Graph *g, Node *const *x)
{
    return cast(g, x[0], T_I32);
}
static Node *cube(Graph *g, Node *const *x)
{
    return pw2(g, OP_POW, x[0], const_real(g, case_real, 3));
}
static Node *any_negative(Graph *g, Node *const *x)
{
    return ANY_second(g, (Node *[]){pw2(g, OP_LT, x[0], const_real(g, case_real, 0))});
}

#define FROM(s)                                                                                    \
    {                                                                                              \
        .shape = s, .low = -2, .high = 2                                                           \
    }
#define INDEX(s, n)                                                                                \
    {                                                                                              \
        .shape = s, .low = 0, .high = n, .integer = true                                           \
    }
#define BOOLS(s)                                                                                   \
    {                                                                                              \
        .shape = s, .low = 0, .high = 2, .truth = true                                             \
    }
#define REDUCE_CASES(NAME)                                                                         \
    {OP_##NAME, "all", {FROM("2,3")}, NAME##_all},                                                 \
        {OP_##NAME, "first", {FROM("3,2")}, NAME##_first},                                         \
        {OP_##NAME, "second", {FROM("N,M")}, NAME##_second},                                       \
        {OP_##NAME, "first and third", {FROM("2,3,4")}, NAME##_two},                               \
        {OP_##NAME, "size 1", {FROM("1,1,3")}, NAME##_two},                                        \
        {OP_##NAME, "empty", {FROM("3,Z")}, NAME##_second},                                        \
    {                                                                                              \
        OP_##NAME, "to empty", {FROM("Z,3")}, NAME##_second                                        \
    }

static const OpCase structural[] = {
    {OP_POLYGAMMA, "order 1", {{.shape = "3", .low = 0.3, .high = 6}}, polygamma_1},
    {OP_POLYGAMMA, "order 3", {{.shape = "2,1", .low = 0.3, .high = 6}}, polygamma_3},
    {OP_POW, "constant exponent", {FROM("2,3")}, cube},
    {OP_CAST, "to f32 and back", {FROM("3")}, cast_f32},
    {OP_CAST, "to i32", {FROM("3")}, cast_int},
    REDUCE_CASES(SUM),
    REDUCE_CASES(PROD),
    REDUCE_CASES(MAXR),
    REDUCE_CASES(MINR),
    {OP_ANY, "second", {BOOLS("3,2")}, ANY_second},
    {OP_ANY, "all", {BOOLS("3,2")}, ANY_all},
    {OP_ANY, "empty", {BOOLS("3,Z")}, ANY_second},
    {OP_ANY, "first", {BOOLS("3,2")}, ANY_first},
    {OP_ANY, "of a comparison", {FROM("3,2")}, any_negative},
    {OP_ANY, "two", {BOOLS("3,2,2")}, ANY_two},
    {OP_ALL, "first", {BOOLS("3,2")}, ALL_first},
    {OP_ALL, "second", {BOOLS("N,M")}, ALL_second},
    {OP_ALL, "two", {BOOLS("3,2,2")}, ALL_two},
    {OP_ALL, "all", {BOOLS("0")}, ALL_all},
    {OP_ARGMAX, "first", {FROM("3,2")}, ARGMAX_first},
    {OP_ARGMAX, "second", {FROM("N,M")}, ARGMAX_second},
    {OP_ARGMIN, "first", {FROM("3,2")}, ARGMIN_first},
    {OP_ARGMIN, "second", {FROM("N,M")}, ARGMIN_second},
    {OP_RESHAPE, "fixed", {FROM("2,6")}, reshape_fixed},
    {OP_RESHAPE, "open", {FROM("N,M")}, reshape_flat},
    {OP_PERMUTE, "turn", {FROM("2,3,4")}, permute_201},
    {OP_PERMUTE, "transpose", {FROM("N,M")}, permute_10},
    {OP_EXPAND, "two axes", {FROM("3,1")}, expand_two},
    {OP_EXPAND, "scalar", {FROM("")}, expand_two},
    {OP_EXPAND, "open", {FROM("N,1")}, expand_open},
    {OP_EXPAND, "to nothing", {FROM("3")}, expand_none},
    {OP_SLICE, "inner", {FROM("4,6")}, slice_inner},
    {OP_SLICE, "backwards", {FROM("4,5")}, slice_back},
    {OP_SLICE, "nothing", {FROM("4,5")}, slice_none},
    {OP_SLICE, "flip", {FROM("N,2")}, slice_open},
    {OP_PAD, "inner", {FROM("2,3")}, pad_inner},
    {OP_PAD, "backwards", {FROM("3,3")}, pad_back},
    {OP_PAD, "nothing", {FROM("0")}, pad_none},
    {OP_CONCAT, "first", {FROM("2,3"), FROM("1,3"), FROM("N,3")}, concat_first},
    {OP_CONCAT, "second", {FROM("2,3"), FROM("2,Z"), FROM("2,1")}, concat_second},
    {OP_CONCAT, "one twice", {FROM("2"), FROM("3")}, concat_twice},
    {OP_GATHER, "rows", {FROM("4,3"), INDEX("6", 4)}, gather_rows},
    {OP_GATHER, "one row", {FROM("4,3"), INDEX("", 4)}, gather_rows},
    {OP_GATHER, "middle", {FROM("2,4,3"), INDEX("M,2", 4)}, gather_middle},
    {OP_GATHER, "elements", {FROM("4,3"), INDEX("5,1", 4), INDEX("2", 3)}, gather_two},
    {OP_GATHER, "outer axes", {FROM("4,2,3"), INDEX("5", 4), INDEX("5", 3)}, gather_outer},
    {OP_GATHER, "nothing", {FROM("4,3"), INDEX("0", 4)}, gather_rows},
    {OP_SCATTER, "rows", {FROM("6,3"), INDEX("6", 4)}, scatter_rows},
    {OP_SCATTER, "middle", {FROM("5,2,3"), INDEX("5", 4)}, scatter_middle},
    {OP_SCATTER, "elements", {FROM("5,2"), INDEX("5,1", 4), INDEX("2", 3)}, scatter_two},
    {OP_CONTRACT, "matrices", {FROM("N,K"), FROM("K,M")}, matrix_product},
    {OP_CONTRACT, "matrix by vector", {FROM("2,3"), FROM("3")}, matrix_product},
    {OP_CONTRACT, "vector by matrix", {FROM("3"), FROM("3,2")}, matrix_product},
    {OP_CONTRACT, "batch", {FROM("2,2,3"), FROM("3,2")}, matrix_product},
    {OP_CONTRACT, "broadcast batch", {FROM("2,1,2,3"), FROM("4,3,2")}, matrix_product},
    {OP_CONTRACT, "inner", {FROM("2,3"), FROM("2,3")}, einsum_inner},
    {OP_CONTRACT, "outer", {FROM("2"), FROM("3")}, einsum_outer},
    {OP_CONTRACT, "turned", {FROM("2,3"), FROM("4,2")}, einsum_turned},
    {OP_CONTRACT, "batch turned", {FROM("2,3,4"), FROM("4,2,2")}, einsum_batch},
    {OP_CONTRACT, "with itself", {FROM("3,2")}, einsum_square},
    {OP_CONTRACT, "empty sum", {FROM("2,Z"), FROM("Z,3")}, matrix_product},
    {OP_CUMSUM, "first", {FROM("4,2")}, cumsum_first},
    {OP_CUMSUM, "backwards", {FROM("M,N")}, cumsum_back},
    {OP_CUMSUM, "empty", {FROM("0,2")}, cumsum_first},
    {OP_LINREC, "first", {FROM("4,2"), FROM("4,2")}, linrec_first},
    {OP_LINREC, "backwards", {FROM("M,N"), FROM("M,N")}, linrec_back},
    {OP_LINREC, "product", {FROM("4,2")}, cumulative_product},
    {OP_LINREC, "open product", {FROM("N")}, cumulative_product},
    {OP_ARGSORT, "last", {FROM("2,9")}, argsort_last},
    {OP_ARGSORT, "integers", {INDEX("9", 5)}, argsort_last},
    {OP_ARGSORT, "sort", {FROM("N,K")}, sort_last},
    {OP_ARGSORT, "sort first", {FROM("3,2,2")}, sort_first},
    {OP_ARGSORT, "empty", {FROM("2,Z")}, sort_last},
    {OP_CHOLESKY, "4 x 4", {FROM("4,4")}, cholesky_of},
    {OP_CHOLESKY, "batch", {FROM("2,3,3")}, cholesky_of},
    {OP_TRISOLVE, "lower", {FROM("4,4"), FROM("4,2")}, tri_lower},
    {OP_TRISOLVE, "upper", {FROM("4,4"), FROM("4,2")}, tri_upper},
    {OP_TRISOLVE, "lower transposed", {FROM("4,4"), FROM("4,2")}, tri_lower_t},
    {OP_TRISOLVE, "upper transposed", {FROM("4,4"), FROM("4,1")}, tri_upper_t},
    {OP_TRISOLVE, "batch", {FROM("2,3,3"), FROM("2,3,2")}, tri_lower},
    {OP_SOLVE, "4 x 4", {FROM("4,4"), FROM("4,2")}, solve_of},
    {OP_SOLVE, "3 x 3", {FROM("3,3"), FROM("3,1")}, solve_of},
    {OP_SOLVE, "batch", {FROM("2,4,4"), FROM("2,4,1")}, solve_of},
    {OP_INV, "4 x 4", {FROM("4,4")}, inverse_of},
    {OP_INV, "batch of 2 x 2", {FROM("3,2,2")}, inverse_of},
    {OP_DET, "4 x 4", {FROM("4,4")}, det_of},
    {OP_DET, "3 x 3", {FROM("3,3")}, det_of},
    {OP_DET, "batch", {FROM("2,4,4")}, det_of},
    {OP_LOGDET, "4 x 4", {FROM("4,4")}, logdet_of},
    {OP_LOGDET, "batch", {FROM("2,4,4")}, logdet_of},
    {OP_EXPM, "3 x 3", {FROM("3,3")}, expm_of},
    {OP_EXPM, "batch", {FROM("2,2,2")}, expm_of},
    {OP_EXPM, "empty", {FROM("Z,Z")}, expm_of},
    {OP_QR, "4 x 3", {FROM("4,3")}, qr_of},
    {OP_QR, "batch", {FROM("2,2,2")}, qr_of},
    {OP_QR, "empty", {FROM("3,0")}, qr_of},
    {OP_EIGH, "3 x 3", {FROM("3,3")}, eigh_of},
    {OP_EIGH, "batch", {FROM("2,2,2")}, eigh_of},
    {OP_SVD, "4 x 3", {FROM("4,3")}, svd_of},
    {OP_SVD, "batch", {FROM("2,2,2")}, svd_of},
};

/* ---- All of them ---- */

typedef struct OpCases {
    VEC(OpCase) list;
} OpCases;

static inline void case_pointwise(Arena *a, OpCases *c, const Domain *d)
{
    int arity = op_table[d->op].arity;
    int n = arity == 1 ? ARRAY_LEN(shapes1) : arity == 2 ? ARRAY_LEN(shapes2) : ARRAY_LEN(shapes3);
    for (int i = 0; i < n; i++) {
        const char *const *s = arity == 1 ? shapes1[i] : arity == 2 ? shapes2[i] : shapes3[i];
        OpCase one = {.op = d->op};
        Text what = {.arena = a};
        for (int k = 0; k < arity; k++) {
            one.param[k] = d->in[k];
            one.param[k].shape = s[k];
            text_printf(&what, "%s[%s]", k ? " with " : "", s[k]);
        }
        one.what = what.s;
        vec_push(a, &c->list, one);
    }
}

static inline void case_list(Arena *a, OpCases *c)
{
    for (int i = 0; i < ARRAY_LEN(domains); i++)
        case_pointwise(a, c, &domains[i]);
    for (int i = 0; i < ARRAY_LEN(structural); i++)
        vec_push(a, &c->list, structural[i]);
}

static inline Dtype case_dtype(const CaseParam *p)
{
    return p->integer ? T_I64 : p->truth ? T_BOOL : case_real;
}

static inline int case_nparam(const OpCase *c)
{
    int n = 0;
    while (n < CASE_PARAMS && c->param[n].shape)
        n++;
    return n;
}

/* Adds the case's parameters x0, x1, ... to g and builds its result. */
static inline Node *case_build(Graph *g, const OpCase *c, Node **x)
{
    int n = case_nparam(c);
    for (int k = 0; k < n; k++)
        x[k] = graph_param(g, arena_printf(g->arena, "x%d", k), case_dtype(&c->param[k]),
                           case_shape(g, c->param[k].shape), false, (Span){0});
    return c->build ? c->build(g, x) : pointwise(g, c->op, n, x);
}

/* A repeatable stream of random numbers: splitmix64. */
static inline double case_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* One element of a parameter. */
static inline double case_draw(const CaseParam *p, uint64_t *state)
{
    for (;;) {
        double v = p->low + (p->high - p->low) * case_random(state);
        double at = v < 0 ? -v : v, half = 2 * at - (double)(int)(2 * at);
        if (p->integer || p->truth)
            return (double)(int)v;
        if ((p->avoid == OFF_ZERO && at < 0.1) ||
            (p->avoid == OFF_HALVES && (half < 0.1 || half > 0.9)))
            continue;
        return v;
    }
}

#endif
