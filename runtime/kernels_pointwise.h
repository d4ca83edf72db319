/* kernels_pointwise.h - strip kernels of pointwise operations.
 *
 * r[i] = f(a[i], b[i]) for i in [0, n). `kinds` says which operands are not strips but point to one
 * value: 1 the last, 2 the one before it. r may be an operand; otherwise nothing overlaps. A bool is
 * a uint8_t, 0 or 1. The names end in the type of the operands.
 *
 * Each LIST names its kernels once; kernels_table.h makes functions and the table of it. */

#define KERNEL_UNARY(name, sfx, T, R, expr)                                                        \
    static void gradc_k_##name##_##sfx(int64_t n, void *to, const void *from)                      \
    {                                                                                              \
        R *r = to;                                                                                 \
        const T *x = from;                                                                         \
        GRADC_IVDEP                                                                                \
        for (int64_t i = 0; i < n; i++) {                                                          \
            const T a = x[i];                                                                      \
            r[i] = (R)(expr);                                                                      \
        }                                                                                          \
    }

#define KERNEL_BINARY(name, sfx, T, R, expr)                                                       \
    static void gradc_k_##name##_##sfx(int64_t n, void *to, const void *left, const void *right,   \
                                       int kinds)                                                  \
    {                                                                                              \
        R *r = to;                                                                                 \
        const T *x = left, *y = right;                                                             \
        if (kinds == 0) {                                                                          \
            GRADC_IVDEP                                                                            \
            for (int64_t i = 0; i < n; i++) {                                                      \
                const T a = x[i], b = y[i];                                                        \
                r[i] = (R)(expr);                                                                  \
            }                                                                                      \
        } else if (kinds == 1) {                                                                   \
            const T b = *y;                                                                        \
            GRADC_IVDEP                                                                            \
            for (int64_t i = 0; i < n; i++) {                                                      \
                const T a = x[i];                                                                  \
                r[i] = (R)(expr);                                                                  \
            }                                                                                      \
        } else {                                                                                   \
            const T a = *x;                                                                        \
            GRADC_IVDEP                                                                            \
            for (int64_t i = 0; i < n; i++) {                                                      \
                const T b = y[i];                                                                  \
                r[i] = (R)(expr);                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

/* Functions of many operations are one loop, which they are pasted into: compilers do not by themselves
 * take so much inline, and without that a loop is not made of vector instructions. */
#if defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define KERNEL_FLAT __attribute__((flatten))
#else
#define KERNEL_FLAT
#endif

#define KERNEL_UNARY_LONG(name, sfx, T, R, expr)                                                   \
    KERNEL_FLAT KERNEL_UNARY(name, sfx, T, R, expr)

#define KERNEL_BINARY_LONG(name, sfx, T, R, expr)                                                  \
    KERNEL_FLAT static void gradc_k_##name##_##sfx(int64_t n, void *to, const void *left,          \
                                                   const void *right, int kinds)                   \
    {                                                                                              \
        R *r = to;                                                                                 \
        const T *x = left, *y = right;                                                             \
        T same[64];                                                                                \
        for (int i = 0; i < 64 && kinds; i++)                                                      \
            same[i] = kinds == 1 ? *y : *x;                                                        \
        for (int64_t len; n > 0; n -= len, r += len, x += len, y += len) {                         \
            len = kinds && n > 64 ? 64 : n;                                                        \
            x = kinds == 2 ? same : x;                                                             \
            y = kinds == 1 ? same : y;                                                             \
            GRADC_IVDEP                                                                            \
            for (int64_t i = 0; i < len; i++) {                                                    \
                const T a = x[i], b = y[i];                                                        \
                r[i] = (R)(expr);                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

/* Sines and the like branch for |x| >= 2^20, as in compiler/emit_far.c: where no x is so large, the loop
 * is one of functions that do not. */
#define KERNEL_TURN(name, sfx, T, R, f)                                                            \
    KERNEL_FLAT static void gradc_k_##name##_##sfx(int64_t n, void *to, const void *from)          \
    {                                                                                              \
        T *r = to;                                                                                 \
        const T *x = from;                                                                         \
        R far = 0;                                                                                 \
        for (int64_t i = 0; i < n; i++)                                                            \
            far |= gradc_is_far##f(x[i]);                                                          \
        if (far) {                                                                                 \
            for (int64_t i = 0; i < n; i++)                                                        \
                r[i] = gradc_##name##f(x[i]);                                                      \
        } else {                                                                                   \
            GRADC_IVDEP                                                                            \
            for (int64_t i = 0; i < n; i++)                                                        \
                r[i] = gradc_##name##_near##f(x[i]);                                               \
        }                                                                                          \
    }

/* c ? a : b, of elements of `T`'s size */
#define KERNEL_SELECT(sfx, T)                                                                      \
    static void gradc_k_select_##sfx(int64_t n, void *to, const void *which, const void *left,     \
                                     const void *right, int kinds)                                 \
    {                                                                                              \
        const uint8_t *c = which;                                                                  \
        const T *x = left, *y = right;                                                             \
        T *r = to;                                                                                 \
        if (kinds == 0) {                                                                          \
            GRADC_IVDEP                                                                            \
            for (int64_t i = 0; i < n; i++) {                                                      \
                const T a = x[i], b = y[i];                                                        \
                r[i] = c[i] ? a : b;                                                               \
            }                                                                                      \
        } else if (kinds == 1) {                                                                   \
            const T b = *y;                                                                        \
            GRADC_IVDEP                                                                            \
            for (int64_t i = 0; i < n; i++) {                                                      \
                const T a = x[i];                                                                  \
                r[i] = c[i] ? a : b;                                                               \
            }                                                                                      \
        } else if (kinds == 2) {                                                                   \
            const T a = *x;                                                                        \
            GRADC_IVDEP                                                                            \
            for (int64_t i = 0; i < n; i++) {                                                      \
                const T b = y[i];                                                                  \
                r[i] = c[i] ? a : b;                                                               \
            }                                                                                      \
        } else {                                                                                   \
            const T a = *x, b = *y;                                                                \
            GRADC_IVDEP                                                                            \
            for (int64_t i = 0; i < n; i++)                                                        \
                r[i] = c[i] ? a : b;                                                               \
        }                                                                                          \
    }

/* For both reals: f is what C puts behind the names of libm's functions of float. */
#define LIST_REAL(B, U, sfx, T, f)                                                                 \
    B(add, sfx, T, T, a + b)                                                                       \
    B(sub, sfx, T, T, a - b)                                                                       \
    B(mul, sfx, T, T, a *b)                                                                        \
    B(div, sfx, T, T, a / b)                                                                       \
    B(floordiv, sfx, T, T, floor##f(a / b))                                                        \
    B(mod, sfx, T, T, gradc_mod##f(a, b))                                                          \
    B(max, sfx, T, T, gradc_max##f(a, b))                                                          \
    B(min, sfx, T, T, gradc_min##f(a, b))                                                          \
    U(isnan, sfx, T, uint8_t, a != a)                                                              \
    U(isinf, sfx, T, uint8_t, fabs##f(a) > gradc_max_real##f)                                      \
    U(isfinite, sfx, T, uint8_t, fabs##f(a) <= gradc_max_real##f)                                  \
    U(neg, sfx, T, T, -a)                                                                          \
    U(abs, sfx, T, T, fabs##f(a))                                                                  \
    U(sign, sfx, T, T, gradc_sign##f(a))                                                           \
    U(floor, sfx, T, T, floor##f(a))                                                               \
    U(ceil, sfx, T, T, ceil##f(a))                                                                 \
    U(round, sfx, T, T, gradc_round##f(a))                                                         \
    U(trunc, sfx, T, T, trunc##f(a))                                                               \
    U(relu, sfx, T, T, gradc_relu##f(a))                                                           \
    U(sqrt, sfx, T, T, sqrt##f(a))                                                                 \
    U(exp, sfx, T, T, gradc_exp##f(a))                                                             \
    U(expm1, sfx, T, T, gradc_expm1##f(a))                                                         \
    U(log, sfx, T, T, gradc_log##f(a))                                                             \
    U(log1p, sfx, T, T, gradc_log1p##f(a))                                                         \
    U(log2, sfx, T, T, gradc_log2##f(a))                                                           \
    U(log10, sfx, T, T, gradc_log10##f(a))                                                         \
    U(cbrt, sfx, T, T, gradc_cbrt##f(a))                                                           \
    U(asin, sfx, T, T, gradc_asin##f(a))                                                           \
    U(acos, sfx, T, T, gradc_acos##f(a))                                                           \
    U(atan, sfx, T, T, gradc_atan##f(a))                                                           \
    U(sinh, sfx, T, T, gradc_sinh##f(a))                                                           \
    U(cosh, sfx, T, T, gradc_cosh##f(a))                                                           \
    U(tanh, sfx, T, T, gradc_tanh##f(a))                                                           \
    U(asinh, sfx, T, T, gradc_asinh##f(a))                                                         \
    U(acosh, sfx, T, T, gradc_acosh##f(a))                                                         \
    U(atanh, sfx, T, T, gradc_atanh##f(a))                                                         \
    U(sigmoid, sfx, T, T, gradc_sigmoid##f(a))

#define LIST_REAL_LONG(B, U, sfx, T, f)                                                            \
    B(pow, sfx, T, T, gradc_pow##f(a, b))                                                          \
    B(atan2, sfx, T, T, gradc_atan2##f(a, b))                                                      \
    B(hypot, sfx, T, T, gradc_hypot##f(a, b))                                                      \
    U(erf, sfx, T, T, gradc_erf##f(a))                                                             \
    U(erfc, sfx, T, T, gradc_erfc##f(a))                                                           \
    U(softplus, sfx, T, T, gradc_softplus##f(a))

#define LIST_TURN(K)                                                                               \
    K(sin, f64, double, uint64_t, )                                                                \
    K(cos, f64, double, uint64_t, )                                                                \
    K(tan, f64, double, uint64_t, )                                                                \
    K(sin, f32, float, uint32_t, f)                                                                \
    K(cos, f32, float, uint32_t, f)                                                                \
    K(tan, f32, float, uint32_t, f)

#define LIST_GAMMA(B, U, sfx, T, f)                                                                \
    B(polygamma, sfx, T, T, gradc_polygamma##f(a, b))                                              \
    U(lgamma, sfx, T, T, gradc_lgamma##f(a))                                                       \
    U(digamma, sfx, T, T, gradc_digamma##f(a))

/* Integers wrap: arithmetic is that of the unsigned type W. */
#define LIST_INTEGER(B, U, sfx, T, W)                                                              \
    B(add, sfx, T, T, (W)a + (W)b)                                                                 \
    B(sub, sfx, T, T, (W)a - (W)b)                                                                 \
    B(mul, sfx, T, T, (W)a *(W)b)                                                                  \
    B(floordiv, sfx, T, T, gradc_floordiv(a, b))                                                   \
    B(mod, sfx, T, T, gradc_imod(a, b))                                                            \
    B(pow, sfx, T, T, gradc_ipow(a, b))                                                            \
    B(max, sfx, T, T, a > b ? a : b)                                                               \
    B(min, sfx, T, T, a < b ? a : b)                                                               \
    U(neg, sfx, T, T, 0 - (W)a)                                                                    \
    U(abs, sfx, T, T, a > 0 ? (W)a : 0 - (W)a)                                                     \
    U(sign, sfx, T, T, a > 0 ? 1 : a == 0 ? 0 : (T)-1)                                              \
    U(relu, sfx, T, T, a > 0 ? a : 0)

#define LIST_COMPARE(B, sfx, T)                                                                    \
    B(lt, sfx, T, uint8_t, a < b)                                                                  \
    B(le, sfx, T, uint8_t, a <= b)                                                                 \
    B(gt, sfx, T, uint8_t, a > b)                                                                  \
    B(ge, sfx, T, uint8_t, a >= b)                                                                 \
    B(eq, sfx, T, uint8_t, a == b)                                                                 \
    B(ne, sfx, T, uint8_t, a != b)

#define LIST_LOGIC(B, U)                                                                           \
    B(and, u8, uint8_t, uint8_t, a &b)                                                             \
    B(or, u8, uint8_t, uint8_t, a | b)                                                             \
    U(not, u8, uint8_t, uint8_t, !a)

#define LIST_CASTS_OF(U, sfx, T)                                                                   \
    U(to_bool, sfx, T, uint8_t, a != 0)                                                            \
    U(to_u8, sfx, T, uint8_t, a)                                                                   \
    U(to_i32, sfx, T, int32_t, a)                                                                  \
    U(to_i64, sfx, T, int64_t, a)                                                                  \
    U(to_f32, sfx, T, float, a)                                                                    \
    U(to_f64, sfx, T, double, a)

/* What is compiled for each instruction set, and what once (kernels.h). */
#define LIST_POINTWISE(B, U)                                                                       \
    LIST_REAL(B, U, f64, double, )                                                                 \
    LIST_REAL(B, U, f32, float, f)                                                                 \
    LIST_COMPARE(B, f64, double)                                                                   \
    LIST_COMPARE(B, f32, float)                                                                    \
    LIST_LOGIC(B, U)                                                                               \
    LIST_CASTS_OF(U, f64, double)                                                                  \
    LIST_CASTS_OF(U, f32, float)
#define LIST_POINTWISE_LONG(B, U)                                                                  \
    LIST_REAL_LONG(B, U, f64, double, )                                                            \
    LIST_REAL_LONG(B, U, f32, float, f)
#define LIST_POINTWISE_ONCE(B, U)                                                                  \
    LIST_GAMMA(B, U, f64, double, )                                                                \
    LIST_GAMMA(B, U, f32, float, f)                                                                \
    LIST_INTEGER(B, U, i64, int64_t, uint64_t)                                                     \
    LIST_INTEGER(B, U, i32, int32_t, uint32_t)                                                     \
    LIST_INTEGER(B, U, u8, uint8_t, uint32_t)                                                      \
    LIST_COMPARE(B, i64, int64_t)                                                                  \
    LIST_COMPARE(B, i32, int32_t)                                                                  \
    LIST_COMPARE(B, u8, uint8_t)                                                                   \
    LIST_CASTS_OF(U, i64, int64_t)                                                                 \
    LIST_CASTS_OF(U, i32, int32_t)                                                                 \
    LIST_CASTS_OF(U, u8, uint8_t)

#define LIST_SELECT(S) S(1, uint8_t) S(4, uint32_t) S(8, uint64_t)

LIST_POINTWISE(KERNEL_BINARY, KERNEL_UNARY)
LIST_POINTWISE_LONG(KERNEL_BINARY_LONG, KERNEL_UNARY_LONG)
LIST_TURN(KERNEL_TURN)
LIST_SELECT(KERNEL_SELECT)
#ifdef KERNELS_ALL
LIST_POINTWISE_ONCE(KERNEL_BINARY, KERNEL_UNARY)
#endif
