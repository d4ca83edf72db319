/* sort.c: the order of elements, as pasted into emitted C. */
#include <stdint.h>
#include <string.h>

/*@ snippet gradc_sort_key */
/* An integer for each real, in the same order: equal ones (0 and -0) alike, nan behind all. */
static inline int64_t gradc_sort_key(double v)
{
    int64_t bits;

    memcpy(&bits, &v, sizeof bits);
    return v != v ? INT64_MAX : v == 0 ? 0 : bits < 0 ? bits ^ INT64_MAX : bits;
}

/*@ snippet gradc_argsort_i64 */
/* order[k] is the place of the k-th smallest of x[n]; of equal ones the first comes first. Runs of
 * 1, 2, 4 ... places are merged from one array into the other; scratch is n elements. */
static void gradc_argsort_i64(int64_t n, const int64_t *x, int64_t *order, int64_t *scratch)
{
    int64_t *from = order, *to = scratch;

    for (int64_t i = 0; i < n; i++)
        order[i] = i;
    for (int64_t width = 1; width < n; width *= 2) {
        int64_t *const merged = to;

        for (int64_t low = 0; low < n; low += 2 * width) {
            const int64_t middle = n - low < width ? n : low + width;
            const int64_t high = n - middle < width ? n : middle + width;
            int64_t i = low, j = middle;

            for (int64_t k = low; k < high; k++)
                if (j < high && (i == middle || x[from[j]] < x[from[i]]))
                    to[k] = from[j++];
                else
                    to[k] = from[i++];
        }
        to = from;
        from = merged;
    }
    if (from != order)
        for (int64_t i = 0; i < n; i++)
            order[i] = from[i];
}

/*@ snippet gradc_argsort_f64 needs gradc_sort_key gradc_argsort_i64 */
/* The same for reals: scratch is 2*n elements. */
static void gradc_argsort_f64(int64_t n, const double *x, int64_t *order, int64_t *scratch)
{
    for (int64_t i = 0; i < n; i++)
        scratch[n + i] = gradc_sort_key(x[i]);
    gradc_argsort_i64(n, scratch + n, order, scratch);
}

/*@ snippet gradc_argsort_f32 needs gradc_sort_key gradc_argsort_i64 */
static void gradc_argsort_f32(int64_t n, const float *x, int64_t *order, int64_t *scratch)
{
    for (int64_t i = 0; i < n; i++)
        scratch[n + i] = gradc_sort_key(x[i]);
    gradc_argsort_i64(n, scratch + n, order, scratch);
}
