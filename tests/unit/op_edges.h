/* op_edges.h - operations at the edges of their domains: zeros, ties, poles, inf and nan, with the
 * values and derivatives that IEEE arithmetic and language.md want, by hand. */
#ifndef GRADC_OP_EDGES_H
#define GRADC_OP_EDGES_H

#include "compiler/ops.h"

#include <math.h>

#define ANY 12345.0 /* a derivative that is not looked at */

typedef struct Edge {
    Op op;
    double a, b, value, da, db;
} Edge;

#define inf INFINITY
#define nan_ ((double)NAN)

static const Edge edges[] = {
    {OP_NEG, 0, 0, -0.0, -1, ANY},
    {OP_ADD, inf, -inf, nan_, 1, 1},
    {OP_SUB, inf, inf, nan_, 1, -1},
    {OP_MUL, inf, 0, nan_, 0, inf},
    {OP_DIV, 1, 0, inf, inf, -inf},
    {OP_DIV, 0, 0, nan_, ANY, nan_},
    {OP_FLOORDIV, -7, 2, -4, 0, 0},
    {OP_FLOORDIV, 7, -2, -4, 0, 0},
    {OP_MOD, -7, 2, 1, 1, 4},
    {OP_MOD, 7, -2, -1, 1, 4},
    {OP_MOD, 7.5, 2, 1.5, 1, -3},
    {OP_POW, 0, 0, 1, 0, ANY},
    {OP_POW, 0, 2, 0, 0, 0},
    {OP_POW, 0, 1, 0, 1, 0},
    {OP_POW, -2, 3, -8, 12, ANY},
    {OP_POW, -2, 2, 4, -4, ANY},
    {OP_POW, 2, -1, 0.5, -0.25, 0.5 * 0.69314718055994530942},
    {OP_POW, nan_, 0, 1, 0, nan_},
    {OP_POW, 0, 0.5, 0, inf, 0},
    {OP_MAX, 1, 1, 1, 1, 0},
    {OP_MIN, 1, 1, 1, 1, 0},
    {OP_MAX, nan_, 1, nan_, 1, 0},
    {OP_MAX, 1, nan_, nan_, 0, 1},
    {OP_MIN, nan_, 1, nan_, 1, 0},
    {OP_MIN, 1, nan_, nan_, 0, 1},
    {OP_MAX, -inf, inf, inf, 0, 1},
    {OP_ABS, 0, 0, 0, 0, ANY},
    {OP_ABS, -inf, 0, inf, -1, ANY},
    {OP_ABS, nan_, 0, nan_, nan_, ANY},
    {OP_SIGN, 0, 0, 0, 0, ANY},
    {OP_SIGN, nan_, 0, nan_, 0, ANY},
    {OP_FLOOR, -0.5, 0, -1, 0, ANY},
    {OP_CEIL, -0.5, 0, -0.0, 0, ANY},
    {OP_ROUND, 2.5, 0, 2, 0, ANY},
    {OP_ROUND, -1.5, 0, -2, 0, ANY},
    {OP_TRUNC, -1.7, 0, -1, 0, ANY},
    {OP_EXP, -inf, 0, 0, 0, ANY},
    {OP_EXP, inf, 0, inf, inf, ANY},
    {OP_EXP, 1000, 0, inf, inf, ANY},
    {OP_EXPM1, 1e-20, 0, 1e-20, 1, ANY},
    {OP_EXPM1, -inf, 0, -1, 0, ANY},
    {OP_LOG, 0, 0, -inf, inf, ANY},
    {OP_LOG, -1, 0, nan_, -1, ANY},
    {OP_LOG, inf, 0, inf, 0, ANY},
    {OP_LOG1P, -1, 0, -inf, inf, ANY},
    {OP_LOG1P, 1e-20, 0, 1e-20, 1, ANY},
    {OP_LOG2, 8, 0, 3, 0.125 / 0.69314718055994530942, ANY},
    {OP_LOG10, 1000, 0, 3, 0.001 / 2.302585092994045684, ANY},
    {OP_SQRT, 0, 0, 0, inf, ANY},
    {OP_SQRT, -1, 0, nan_, nan_, ANY},
    {OP_SQRT, inf, 0, inf, 0, ANY},
    {OP_CBRT, -8, 0, -2, 1.0 / 12, ANY},
    {OP_CBRT, 0, 0, 0, inf, ANY},
    {OP_SIN, inf, 0, nan_, nan_, ANY},
    {OP_SIN, 0, 0, 0, 1, ANY},
    {OP_COS, 0, 0, 1, 0, ANY},
    {OP_TAN, 0, 0, 0, 1, ANY},
    {OP_ASIN, 1, 0, 1.57079632679489661923, inf, ANY},
    {OP_ASIN, 2, 0, nan_, nan_, ANY},
    {OP_ACOS, -1, 0, 3.14159265358979323846, -inf, ANY},
    {OP_ATAN, inf, 0, 1.57079632679489661923, 0, ANY},
    {OP_SINH, 0, 0, 0, 1, ANY},
    {OP_COSH, 0, 0, 1, 0, ANY},
    {OP_TANH, inf, 0, 1, 0, ANY},
    {OP_TANH, -1000, 0, -1, 0, ANY},
    {OP_ASINH, 1e200, 0, 461.2101657793691, 1e-200, ANY},
    {OP_ACOSH, 1, 0, 0, inf, ANY},
    {OP_ACOSH, 0.5, 0, nan_, nan_, ANY},
    {OP_ATANH, 1, 0, inf, inf, ANY},
    {OP_ATAN2, 1, 0, 1.57079632679489661923, 0, -1},
    {OP_ATAN2, 0, -1, 3.14159265358979323846, -1, 0},
    {OP_HYPOT, 0, 0, 0, 0, 0},
    {OP_HYPOT, 3e200, 4e200, 5e200, 0.6, 0.8},
    {OP_HYPOT, inf, nan_, inf, ANY, ANY},
    {OP_ERF, inf, 0, 1, 0, ANY},
    {OP_ERFC, 10, 0, 2.0884875837625447570e-45, -4.1975924540194803e-44, ANY},
    {OP_LGAMMA, 1, 0, 0, -0.57721566490153286061, ANY},
    {OP_LGAMMA, 0.5, 0, 0.57236494292470008707, -1.9635100260214234794, ANY},
    {OP_LGAMMA, -0.5, 0, 1.2655121234846454249, 0.036489973978576520559, ANY},
    {OP_DIGAMMA, 1, 0, -0.57721566490153286061, 1.6449340668482264365, ANY},
    {OP_DIGAMMA, -0.5, 0, 0.036489973978576520559, 8.9348022005446793094, ANY},
    {OP_SIGMOID, 1000, 0, 1, 0, ANY},
    {OP_SIGMOID, -1000, 0, 0, 0, ANY},
    {OP_SIGMOID, -inf, 0, 0, 0, ANY},
    {OP_SIGMOID, 0, 0, 0.5, 0.25, ANY},
    {OP_SOFTPLUS, 1000, 0, 1000, 1, ANY},
    {OP_SOFTPLUS, -1000, 0, 0, 0, ANY},
    {OP_SOFTPLUS, inf, 0, inf, 1, ANY},
    {OP_SOFTPLUS, 0, 0, 0.69314718055994530942, 0.5, ANY},
    {OP_RELU, 0, 0, 0, 0, ANY},
    {OP_RELU, nan_, 0, nan_, 0, ANY},
    {OP_RELU, -inf, 0, 0, 0, ANY},
    {OP_STOP, 3, 0, 3, 0, ANY},
};

/* Second derivatives of functions of one number. */
typedef struct SecondEdge {
    Op op;
    double a, b, value; /* the second operand is a constant */
} SecondEdge;

static const SecondEdge second_edges[] = {
    {OP_POW, 0, 2, 2},        {OP_POW, 0, 1, 0},          {OP_POW, 0, 3, 0},
    {OP_POW, -2, 3, -12},     {OP_POW, 0, 0, 0},          {OP_RELU, 0, 0, 0},
    {OP_ABS, 0, 0, 0},        {OP_MAX, 1, 1, 0},          {OP_MIN, 1, 1, 0},
    {OP_FLOOR, 1, 0, 0},      {OP_SOFTPLUS, 1000, 0, 0},  {OP_SOFTPLUS, -1000, 0, 0},
    {OP_SIGMOID, 1000, 0, 0}, {OP_SIGMOID, -1000, 0, 0},  {OP_TANH, 1000, 0, 0},
    {OP_HYPOT, 0, 1, 1},      {OP_ATAN2, 0, 1, 0},        {OP_SQRT, 0, 0, -inf},
    {OP_LOG, 0, 0, -inf},     {OP_MOD, 7.5, 2, 0},        {OP_EXPM1, -inf, 0, 0},
};

#endif
