/* gemm_test.c: are the matrix products that emitted C is given right? Against sums in long
 * double, over random sizes, strides and scratch; what C and the scratch do not own must
 * stay untouched.
 *
 * Build: cc -I. -O2 tests/unit/gemm_test.c. It includes the snippets, and itself once for each
 * element type. */
#ifndef REAL

#include "../../compiler/snippets/gemm.c"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wkeyword-macro"
#endif
#define double float
#define gradc_gemm_pack_f64 gradc_gemm_pack_f32
#define gradc_gemm_put_f64 gradc_gemm_put_f32
#define gradc_gemm_tile_f64 gradc_gemm_tile_f32
#define gradc_gemm_half_tile_f64 gradc_gemm_half_tile_f32
#define gradc_gemm_copy_a_f64 gradc_gemm_copy_a_f32
#define gradc_gemm_copy_b_f64 gradc_gemm_copy_b_f32
#define gradc_gemm_blocks_f64 gradc_gemm_blocks_f32
#define gradc_gemm_rows_f64 gradc_gemm_rows_f32
#define gradc_gemm_dots_f64 gradc_gemm_dots_f32
#define gradc_gemm_plain_f64 gradc_gemm_plain_f32
#define gradc_gemm_f64 gradc_gemm_f32
#include "../../compiler/snippets/gemm.c"
#undef double
#undef gradc_gemm_pack_f64
#undef gradc_gemm_f64

#include "tests/count.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t seed = 1;

static int64_t below(int64_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (int64_t)(seed >> 8) % n;
}

static void *allocate(size_t bytes)
{
    void *p = malloc(bytes ? bytes : 1);

    if (!p) {
        fprintf(stderr, "gemm_test: no memory\n");
        exit(3);
    }
    return p;
}

static void report(const char *group, int bad, int cases)
{
    printf("%-28s %d of %d\n", group, cases - bad, cases);
    passed += cases - bad;
    failed += bad;
}

/* How a matrix lies: by rows, by columns, with gaps, one row or one column repeated. */
enum { BY_ROWS, BY_COLUMNS, GAPS, BOTH_GAPS, SAME_ROW, SAME_COLUMN, SAME, LAYOUTS };

static void lay_out(int how, int64_t m, int64_t n, int64_t *rs, int64_t *cs)
{
    *rs = n, *cs = 1;
    if (how == BY_COLUMNS)
        *rs = 1, *cs = m;
    else if (how == GAPS)
        *rs = n + 1 + below(5);
    else if (how == BOTH_GAPS)
        *rs = 3, *cs = 3 * m + below(5);
    else if (how == SAME_ROW)
        *rs = 0;
    else if (how == SAME_COLUMN)
        *rs = 1, *cs = 0;
    else if (how == SAME)
        *rs = *cs = 0;
}

#define REAL double
#define EPSILON DBL_EPSILON
#define T(name) name##_f64
#include "gemm_test.c"
#undef REAL
#undef EPSILON
#undef T
#define REAL float
#define EPSILON FLT_EPSILON
#define T(name) name##_f32
#include "gemm_test.c"

int main(void)
{
    test_f64("f64");
    test_f32("f32");
    return sum_up();
}

#else

enum { T(GUARD) = 16 };

static REAL T(random)(void)
{
    return (REAL)(below(2001) - 1000) / (REAL)512;
}

static REAL *T(matrix)(int64_t m, int64_t n, int64_t rs, int64_t cs)
{
    const size_t count = m && n ? (size_t)((m - 1) * rs + (n - 1) * cs + 1) : 0;
    REAL *a = (REAL *)allocate(count * sizeof *a);

    for (size_t i = 0; i < count; i++)
        a[i] = T(random)();
    return a;
}

/* One product: 1 when it is wrong. */
static int T(product)(int64_t m, int64_t n, int64_t k, int la, int lb, int lc, int add)
{
    int64_t ars, acs, brs, bcs, crs, ccs;
    const size_t pack_size = T(gradc_gemm_pack)(m, n, k);
    const REAL mark = (REAL)-12345;
    size_t c_size, changed = 0;
    REAL *a, *b, *c, *was, *pack;
    const int sparse = m * n * k > 1000000; /* look at one element in 97 */
    int bad = 0;

    lay_out(la, m, k, &ars, &acs);
    lay_out(lb, k, n, &brs, &bcs);
    lay_out(lc, m, n, &crs, &ccs);
    a = T(matrix)(m, k, ars, acs);
    b = T(matrix)(k, n, brs, bcs);
    c_size = (m && n ? (size_t)((m - 1) * crs + (n - 1) * ccs + 1) : 0) + 2 * T(GUARD);
    c = (REAL *)allocate(c_size * sizeof *c);
    was = (REAL *)allocate(c_size * sizeof *c);
    pack = (REAL *)allocate((pack_size + 2 * T(GUARD)) * sizeof *pack);
    for (size_t i = 0; i < c_size; i++)
        c[i] = was[i] = T(random)();
    if (!add) /* what is overwritten must not be read: all bits set is a nan */
        for (int64_t i = 0; i < m; i++)
            for (int64_t j = 0; j < n; j++)
                memset(c + T(GUARD) + i * crs + j * ccs, 0xff, sizeof *c);
    memset(pack, 0xff, (pack_size + 2 * T(GUARD)) * sizeof *pack);
    for (size_t i = 0; i < T(GUARD); i++)
        pack[i] = pack[T(GUARD) + pack_size + i] = mark;

    T(gradc_gemm)(m, n, k, a, ars, acs, b, brs, bcs, c + T(GUARD), crs, ccs, add,
                  pack + T(GUARD));

    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            const size_t at = (size_t)(T(GUARD) + i * crs + j * ccs);
            long double sum = add ? was[at] : 0, size = add ? sum : 0, gap;

            if (sparse && (i * n + j) % 97 != 0) {
                c[at] = was[at];
                continue;
            }
            size = size < 0 ? -size : size;
            for (int64_t p = 0; p < k; p++) {
                const long double x =
                    (long double)a[i * ars + p * acs] * b[p * brs + j * bcs];

                sum += x;
                size += x < 0 ? -x : x;
            }
            gap = c[at] - sum;
            bad |= !((gap < 0 ? -gap : gap) <= (long double)(k + 2) * EPSILON * size);
            c[at] = was[at];
        }
    }
    for (size_t i = 0; i < c_size; i++)
        changed += c[i] != was[i];
    for (size_t i = 0; i < T(GUARD); i++)
        changed += pack[i] != mark || pack[T(GUARD) + pack_size + i] != mark;
    if (bad || changed)
        printf("FAIL %d-byte reals, %d x %d x %d, layouts %d %d %d, add %d: %s\n",
               (int)sizeof(REAL), (int)m, (int)n, (int)k, la, lb, lc, add,
               bad ? "wrong" : "touches what is not its own");
    free(a), free(b), free(c), free(was), free(pack);
    return bad || changed;
}

static void T(test)(const char *type)
{
    static const int64_t large[][3] = {
        {128, 512, 784}, {130, 300, 700}, {300, 130, 321}, {257, 257, 257}, {65, 513, 320},
        {600, 10, 128}, {10, 600, 641}, {1000, 3, 400}, {2, 1100, 333}, {700, 5, 1},
    };
    char group[40];
    int bad = 0, cases = 0;

    for (; cases < 1500; cases++)
        bad += T(product)(below(71), below(71), below(71), (int)below(LAYOUTS),
                          (int)below(LAYOUTS), (int)below(SAME_ROW), (int)below(2));
    snprintf(group, sizeof group, "%s sizes 0 to 70", type);
    report(group, bad, cases);

    for (bad = cases = 0; cases < 3000; cases++)
        bad += T(product)(below(6), below(6), below(12), (int)below(LAYOUTS),
                          (int)below(LAYOUTS), (int)below(SAME_ROW), (int)below(2));
    snprintf(group, sizeof group, "%s very small", type);
    report(group, bad, cases);

    for (bad = cases = 0; cases < 400; cases++) {
        const int thin = (int)below(3);
        const int64_t one = below(4), many = below(600);

        bad += T(product)(thin == 0 ? one : below(40), thin == 1 ? one : many,
                          thin == 2 ? one : below(90), (int)below(LAYOUTS),
                          (int)below(LAYOUTS), (int)below(SAME_ROW), (int)below(2));
    }
    snprintf(group, sizeof group, "%s vectors, thin ones", type);
    report(group, bad, cases);

    bad = cases = 0;
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        for (int t = 0; t < 8; t++, cases++)
            bad += T(product)(large[i][0], large[i][1], large[i][2], t & 1,
                              t >> 1 & 1, t >> 2 & 1, t == 3 || t == 4);
        bad += T(product)(large[i][0], large[i][1], large[i][2], BOTH_GAPS, SAME_ROW, GAPS, 1);
        cases++;
    }
    snprintf(group, sizeof group, "%s larger than the blocks", type);
    report(group, bad, cases);
}

#endif
