/* kernels_memory.h - strip kernels that move elements and that reduce them.
 *
 * A strip is `rows` rows of `len` elements, contiguous. Element (r, c) of memory with strides stands
 * at r*rs + c*cs. Names end in the bytes of an element where its type does not matter. What is
 * reduced is added in the order in which the loops of emit_loops.c add it: partial sums in 16 parts
 * that begin anew with each row, everything else one after another. */

#define KERNEL_MOVES(sfx, T)                                                                       \
    /* The strip as contiguous elements: where it stands if it is that, else copied to `to`. */    \
    static const void *gradc_k_load_##sfx(int64_t rows, int64_t len, void *to, const void *from,   \
                                          int64_t rs, int64_t cs)                                  \
    {                                                                                              \
        const T *x = from;                                                                         \
        T *r = to;                                                                                 \
        if (cs == 1 && (rows <= 1 || rs == len))                                                   \
            return x;                                                                              \
        for (int64_t i = 0; i < rows; i++, x += rs, r += len) {                                    \
            if (cs == 1) {                                                                         \
                for (int64_t j = 0; j < len; j++)                                                  \
                    r[j] = x[j];                                                                   \
            } else {                                                                               \
                for (int64_t j = 0; j < len; j++)                                                  \
                    r[j] = x[j * cs];                                                              \
            }                                                                                      \
        }                                                                                          \
        return to;                                                                                 \
    }                                                                                              \
    /* A strip into memory; it may stand there already. */                                         \
    static void gradc_k_store_##sfx(int64_t rows, int64_t len, void *to, int64_t rs, int64_t cs,   \
                                    const void *from)                                              \
    {                                                                                              \
        const T *x = from;                                                                         \
        T *r = to;                                                                                 \
        if (cs == 1 && (rows <= 1 || rs == len)) {                                                 \
            if (rows * len > 0)                                                                    \
                memmove(r, x, (size_t)(rows * len) * sizeof *r);                                   \
            return;                                                                                \
        }                                                                                          \
        for (int64_t i = 0; i < rows; i++, x += len, r += rs)                                      \
            for (int64_t j = 0; j < len; j++)                                                      \
                r[j * cs] = x[j];                                                                  \
    }                                                                                              \
    /* Of `count` elements those at idx; one that lies elsewhere is not read, and is 0. */         \
    static void gradc_k_gather_##sfx(int64_t n, void *to, const void *from, int64_t count,         \
                                     const void *idx)                                              \
    {                                                                                              \
        const T *x = from;                                                                         \
        const int64_t *at = idx;                                                                   \
        T *r = to;                                                                                 \
        for (int64_t i = 0; i < n; i++)                                                            \
            r[i] = (uint64_t)at[i] < (uint64_t)count ? x[at[i]] : 0;                               \
    }                                                                                              \
    static void gradc_k_put_##sfx(int64_t n, void *to, const void *idx, const void *from)          \
    {                                                                                              \
        const T *x = from;                                                                         \
        const int64_t *at = idx;                                                                   \
        T *r = to;                                                                                 \
        for (int64_t i = 0; i < n; i++)                                                            \
            r[at[i]] = x[i];                                                                       \
    }                                                                                              \
    /* Value i of `from` becomes the row i. */                                                     \
    static void gradc_k_repeat_##sfx(int64_t rows, int64_t len, void *to, const void *from)        \
    {                                                                                              \
        const T *x = from;                                                                         \
        T *r = to;                                                                                 \
        for (int64_t i = 0; i < rows; i++, r += len) {                                             \
            const T a = x[i];                                                                      \
            for (int64_t j = 0; j < len; j++)                                                      \
                r[j] = a;                                                                          \
        }                                                                                          \
    }                                                                                              \
    static void gradc_k_fill_##sfx(int64_t n, void *to, const void *value)                         \
    {                                                                                              \
        const T a = *(const T *)value;                                                             \
        T *r = to;                                                                                 \
        for (int64_t i = 0; i < n; i++)                                                            \
            r[i] = a;                                                                              \
    }

#define LIST_MOVES(M) M(1, uint8_t) M(4, uint32_t) M(8, uint64_t)
LIST_MOVES(KERNEL_MOVES)

/* base + r*rs + c*cs */
static void gradc_k_iota(int64_t rows, int64_t len, void *to, int64_t base, int64_t rs, int64_t cs)
{
    int64_t *r = to;
    for (int64_t i = 0; i < rows; i++, base += rs, r += len)
        for (int64_t j = 0; j < len; j++)
            r[j] = base + j * cs;
}

static int gradc_k_all(int64_t n, const void *from)
{
    const uint8_t *x = from;
    uint8_t good = 1;
    for (int64_t i = 0; i < n; i++)
        good &= x[i];
    return good;
}

/* How many rows of `len` elements make a strip of at most 512; at most 64. */
static int64_t gradc_k_rows(int64_t len)
{
    if (len <= 8)
        return 64;
    return len <= 256 ? 512 / len : 1;
}

/* ---- Reductions ----
 *
 *   fold  *acc = *acc op x[0] op x[1] ...
 *   acc   memory op= strip, row by row
 *   row   out[r] = what row r reduces to. A row that is longer than a strip comes in parts, alone:
 *         `first` is the place of this part in the row, `whole` the row's length. */

#define KERNEL_FOLD(name, sfx, T, A, none, expr)                                                   \
    static void gradc_k_fold_##name##_##sfx(int64_t n, const void *from, void *to)                 \
    {                                                                                              \
        const T *x = from;                                                                         \
        A a = *(A *)to;                                                                            \
        for (int64_t i = 0; i < n; i++) {                                                          \
            const T b = x[i];                                                                      \
            a = (A)(expr);                                                                         \
        }                                                                                          \
        *(A *)to = a;                                                                              \
    }                                                                                              \
    static void gradc_k_acc_##name##_##sfx(int64_t rows, int64_t len, void *to, int64_t rs,        \
                                           int64_t cs, const void *from)                           \
    {                                                                                              \
        const T *x = from;                                                                         \
        T *r = to;                                                                                 \
        for (int64_t i = 0; i < rows; i++, x += len, r += rs) {                                    \
            if (cs == 1) {                                                                         \
                GRADC_IVDEP                                                                        \
                for (int64_t j = 0; j < len; j++) {                                                \
                    const T a = r[j], b = x[j];                                                    \
                    r[j] = (T)(expr);                                                              \
                }                                                                                  \
            } else {                                                                               \
                for (int64_t j = 0; j < len; j++) {                                                \
                    const T a = r[j * cs], b = x[j];                                               \
                    r[j * cs] = (T)(expr);                                                         \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    static void gradc_k_row_##name##_##sfx(int64_t rows, int64_t len, int64_t first, const void *from, \
                                           void *to)                                               \
    {                                                                                              \
        const T *x = from;                                                                         \
        T *r = to;                                                                                 \
        for (int64_t i = 0; i < rows; i++, x += len) {                                             \
            T a = first ? r[i] : (T)(none);                                                        \
            for (int64_t j = 0; j < len; j++) {                                                    \
                const T b = x[j];                                                                  \
                a = (T)(expr);                                                                     \
            }                                                                                      \
            r[i] = a;                                                                              \
        }                                                                                          \
    }

#define LIST_FOLD_REAL(F, sfx, T, f)                                                               \
    F(sum, sfx, T, T, 0, a + b)                                                                    \
    F(prod, sfx, T, T, 1, a *b)                                                                    \
    F(max, sfx, T, T, -INFINITY, gradc_max##f(a, b))                                               \
    F(min, sfx, T, T, INFINITY, gradc_min##f(a, b))
#define LIST_FOLD_INTEGER(F, sfx, T, W, least, most)                                               \
    F(sum, sfx, T, T, 0, (W)a + (W)b)                                                              \
    F(prod, sfx, T, T, 1, (W)a *(W)b)                                                              \
    F(max, sfx, T, T, least, a > b ? a : b)                                                        \
    F(min, sfx, T, T, most, a < b ? a : b)
#define LIST_FOLD(F)                                                                               \
    LIST_FOLD_REAL(F, f64, double, )                                                               \
    LIST_FOLD_REAL(F, f32, float, f)
#define LIST_FOLD_ONCE(F)                                                                          \
    LIST_FOLD_INTEGER(F, i64, int64_t, uint64_t, INT64_MIN, INT64_MAX)                             \
    LIST_FOLD_INTEGER(F, i32, int32_t, uint32_t, INT32_MIN, INT32_MAX)                             \
    LIST_FOLD_INTEGER(F, u8, uint8_t, uint32_t, 0, 255)                                            \
    F(any, u8, uint8_t, int, 0, a | b)                                                             \
    F(all, u8, uint8_t, int, 1, a &b)
LIST_FOLD(KERNEL_FOLD)
#ifdef KERNELS_ALL
LIST_FOLD_ONCE(KERNEL_FOLD)
#endif

#define KERNEL_REAL(sfx, T, f)                                                                     \
    /* Partial sums go on; each row begins with the first part. */                                 \
    static void gradc_k_sum_##sfx(int64_t rows, int64_t len, const void *from, void *part)         \
    {                                                                                              \
        const T *x = from;                                                                         \
        for (int64_t i = 0; i < rows; i++, x += len)                                               \
            gradc_sum##f(len, x, part);                                                            \
    }                                                                                              \
    static void gradc_k_largest_##sfx(int64_t n, const void *from, void *to)                       \
    {                                                                                              \
        *(T *)to = gradc_largest##f(n, from, *(T *)to);                                            \
    }                                                                                              \
    static void gradc_k_smallest_##sfx(int64_t n, const void *from, void *to)                      \
    {                                                                                              \
        *(T *)to = gradc_smallest##f(n, from, *(T *)to);                                           \
    }                                                                                              \
    /* As row_sum, in 16 parts; `part` keeps those of a row that comes in parts. */                \
    static void gradc_k_row_parts_##sfx(int64_t rows, int64_t len, int64_t first, int64_t whole,   \
                                        const void *from, void *part, void *to)                    \
    {                                                                                              \
        const T *x = from;                                                                         \
        T *r = to, *p = part;                                                                      \
        for (int64_t i = 0; i < rows; i++, x += len) {                                             \
            if (first == 0)                                                                        \
                for (int l = 0; l < 16; l++)                                                       \
                    p[l] = 0;                                                                      \
            gradc_sum##f(len, x, p);                                                               \
            if (first + len >= whole)                                                              \
                r[i] = gradc_sum_of##f(p);                                                         \
        }                                                                                          \
    }                                                                                              \
    static void gradc_k_row_largest_##sfx(int64_t rows, int64_t len, int64_t first,                \
                                          const void *from, void *to)                              \
    {                                                                                              \
        const T *x = from;                                                                         \
        T *r = to;                                                                                 \
        for (int64_t i = 0; i < rows; i++, x += len)                                               \
            r[i] = gradc_largest##f(len, x, first ? r[i] : -(T)INFINITY);                          \
    }                                                                                              \
    static void gradc_k_row_smallest_##sfx(int64_t rows, int64_t len, int64_t first,               \
                                           const void *from, void *to)                             \
    {                                                                                              \
        const T *x = from;                                                                         \
        T *r = to;                                                                                 \
        for (int64_t i = 0; i < rows; i++, x += len)                                               \
            r[i] = gradc_smallest##f(len, x, first ? r[i] : (T)INFINITY);                          \
    }                                                                                              \
    /* Row i has the powers first, first + 1, ... of x[i], with `one` all rows those of x[0]: as    \
     * in emit_lanes.c running products, here eight side by side. */                               \
    static void gradc_k_powers_##sfx(int64_t rows, int64_t len, int64_t first, void *to,           \
                                     const void *from, int one)                                    \
    {                                                                                              \
        const T *x = from;                                                                         \
        T *r = to;                                                                                 \
        for (int64_t i = 0; i < rows; i++, r += len) {                                             \
            const T t = x[one ? 0 : i], t2 = t * t, t8 = t2 * t2 * (t2 * t2);                      \
            T p[8] = {1}, square = t;                                                              \
            for (int64_t k = first; k > 0; k /= 2, square *= square)                               \
                p[0] *= k % 2 ? square : 1;                                                        \
            for (int l = 1; l < 8; l++)                                                            \
                p[l] = p[l - 1] * t;                                                               \
            int64_t j = 0;                                                                         \
            for (; j + 8 <= len; j += 8)                                                           \
                for (int l = 0; l < 8; l++) {                                                      \
                    r[j + l] = p[l];                                                               \
                    p[l] *= t8;                                                                    \
                }                                                                                  \
            for (int l = 0; j + l < len; l++)                                                      \
                r[j + l] = p[l];                                                                   \
        }                                                                                          \
    }

#define LIST_KERNEL_REAL(K) K(f64, double, ) K(f32, float, f)
LIST_KERNEL_REAL(KERNEL_REAL)

/* ---- Scans, scatters, positions of extrema ---- */

#define KERNEL_TYPED(sfx, T, W)                                                                    \
    /* s = a*s + x along each row, a NULL for 1; a row begins with 0 unless `first`. */            \
    static void gradc_k_scan_##sfx(int64_t rows, int64_t len, int64_t first, const void *factor,   \
                                   const void *from, void *to, void *state)                        \
    {                                                                                              \
        const T *a = factor, *x = from;                                                            \
        T *r = to, s = *(T *)state;                                                                \
        for (int64_t i = 0; i < rows; i++) {                                                       \
            s = first ? s : 0;                                                                     \
            for (int64_t j = 0; j < len; j++, x++, r++) {                                          \
                s = a ? (T)((W)*a++ * (W)s + (W)*x) : (T)((W)s + (W)*x);                           \
                *r = s;                                                                            \
            }                                                                                      \
        }                                                                                          \
        *(T *)state = s;                                                                           \
    }                                                                                              \
    static void gradc_k_scatter_##sfx(int64_t n, void *to, const void *idx, const void *from)      \
    {                                                                                              \
        const T *x = from;                                                                         \
        const int64_t *at = idx;                                                                   \
        T *r = to;                                                                                 \
        for (int64_t i = 0; i < n; i++)                                                            \
            r[at[i]] = (T)((W)r[at[i]] + (W)x[i]);                                                 \
    }                                                                                              \
    KERNEL_ARG(argmax, >, sfx, T)                                                                  \
    KERNEL_ARG(argmin, <, sfx, T)

/* The first of the best, a nan above all; *where < 0: nothing yet. `pos` has the positions. */
#define KERNEL_ARG(name, op, sfx, T)                                                               \
    static void gradc_k_##name##_##sfx(int64_t n, const void *from, const void *pos, void *best,   \
                                       void *where)                                                \
    {                                                                                              \
        const T *x = from;                                                                         \
        const int64_t *p = pos;                                                                    \
        T b = *(T *)best;                                                                          \
        int64_t at = *(int64_t *)where;                                                            \
        for (int64_t i = 0; i < n; i++)                                                            \
            if (at < 0 || x[i] op b || (x[i] != x[i] && b == b)) {                                 \
                b = x[i];                                                                          \
                at = p[i];                                                                         \
            }                                                                                      \
        *(T *)best = b;                                                                            \
        *(int64_t *)where = at;                                                                    \
    }                                                                                              \
    static void gradc_k_row_##name##_##sfx(int64_t rows, int64_t len, int64_t first,               \
                                           const void *from, const void *pos, void *best,          \
                                           void *where)                                            \
    {                                                                                              \
        const T *x = from;                                                                         \
        const int64_t *p = pos;                                                                    \
        int64_t *at = where;                                                                       \
        for (int64_t i = 0; i < rows; i++, x += len, p += len) {                                   \
            if (!first)                                                                            \
                at[i] = -1;                                                                        \
            gradc_k_##name##_##sfx(len, x, p, best, at + i);                                       \
        }                                                                                          \
    }

#define LIST_KERNEL_TYPED(K)                                                                       \
    K(f64, double, double)                                                                         \
    K(f32, float, float)
#define LIST_KERNEL_TYPED_ONCE(K)                                                                  \
    K(i64, int64_t, uint64_t) K(i32, int32_t, uint32_t) K(u8, uint8_t, uint32_t)
LIST_KERNEL_TYPED(KERNEL_TYPED)
#ifdef KERNELS_ALL
LIST_KERNEL_TYPED_ONCE(KERNEL_TYPED)
#endif
