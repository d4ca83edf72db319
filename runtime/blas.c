/* blas.c - matrix products of modules by OpenBLAS, where the options ask for it and the library is there.
 *
 * libgradc is not linked with it: it is loaded when it is first asked for, and stays. What it does not
 * take (strides, sizes, small products) and all else is ours. */
#include "blas.h"

#include "kernels.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { ROW_MAJOR = 101, AS_IS = 111, TRANSPOSED = 112 }; /* of cblas.h */
enum { SMALL = 48 * 48 * 48 }; /* products that are done before a library has begun */

#define GEMM(T) typedef void Gemm_##T(int, int, int, int, int, int, T, const T *, int, const T *, int, T, T *, int);
#define OURS(T)                                                                                    \
    typedef void Ours_##T(int64_t, int64_t, int64_t, const T *, int64_t, int64_t, const T *, int64_t, int64_t, \
                          T *, int64_t, int64_t, int, T *);
GEMM(double)
GEMM(float)
OURS(double)
OURS(float)

/* Constants, once they are found. */
static _Atomic(Gemm_double *) gemm_double;
static _Atomic(Gemm_float *) gemm_float;
static _Atomic(Ours_double *) ours_double;
static _Atomic(Ours_float *) ours_float;

/* How a matrix of so many rows and columns is told to cblas; 0: it cannot be. */
static int layout(int64_t rows, int64_t cols, int64_t rs, int64_t cs, int *leading)
{
    bool as_is = cs == 1 && rs >= cols;
    *leading = (int)(as_is ? rs : cs);
    if ((as_is ? rs : cs) > INT_MAX)
        return 0;
    return as_is ? AS_IS : rs == 1 && cs >= rows ? TRANSPOSED : 0;
}

#define PRODUCT(T)                                                                                 \
    static void product_##T(int64_t m, int64_t n, int64_t k, const T *a, int64_t ars, int64_t acs, \
                            const T *b, int64_t brs, int64_t bcs, T *c, int64_t crs, int64_t ccs,  \
                            int add, T *pack)                                                      \
    {                                                                                              \
        int lda, ldb, ldc, ta = layout(m, k, ars, acs, &lda), tb = layout(k, n, brs, bcs, &ldb);   \
        bool small = m < 4 || n < 4 || k < 4 || m > INT_MAX || n > INT_MAX || k > INT_MAX ||       \
                     (double)m * (double)n * (double)k < SMALL;                                    \
        if (small || !ta || !tb || layout(m, n, crs, ccs, &ldc) != AS_IS)                          \
            atomic_load_explicit(&ours_##T, memory_order_relaxed)(m, n, k, a, ars, acs, b, brs,    \
                                                                  bcs, c, crs, ccs, add, pack);    \
        else                                                                                       \
            atomic_load_explicit(&gemm_##T, memory_order_relaxed)(                                 \
                ROW_MAJOR, ta, tb, (int)m, (int)n, (int)k, 1, a, lda, b, ldb, add, c, ldc);        \
    }
PRODUCT(double)
PRODUCT(float)

static void *address_of(void *library, const char *name, void *function, size_t size)
{
    void *p = dlsym(library, name);
    memcpy(function, &p, size); /* C has no conversion from pointers to objects */
    return p;
}

static void take_ours(void *user, const char *name, KernelAny *address)
{
    (void)user;
    if (!strcmp(name, "gradc_gemm_f64"))
        atomic_store(&ours_double, (Ours_double *)address);
    if (!strcmp(name, "gradc_gemm_f32"))
        atomic_store(&ours_float, (Ours_float *)address);
}

bool blas_find(void)
{
    static const char *const usual[] = {"libopenblas.so.0", "libopenblas.so"};
    const char *named = getenv("GRADC_BLAS");
    void *library = named && *named ? dlopen(named, RTLD_NOW | RTLD_LOCAL) : NULL;
    for (int i = 0; i < ARRAY_LEN(usual) && !(named && *named) && !library; i++)
        library = dlopen(usual[i], RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return false;
    Gemm_double *d;
    Gemm_float *s;
    void (*threads)(int);
    if (!address_of(library, "cblas_dgemm", &d, sizeof d) || !address_of(library, "cblas_sgemm", &s, sizeof s))
        return dlclose(library), false;
    if (address_of(library, "openblas_set_num_threads", &threads, sizeof threads))
        threads(1);
    kernels_named("gradc_gemm_f64 gradc_gemm_f32", take_ours, NULL);
    atomic_store(&gemm_double, d);
    atomic_store(&gemm_float, s);
    return atomic_load(&ours_double) && atomic_load(&ours_float);
}

void blas_give(void *(*symbol)(void *state, const char *name), void *state)
{
    Ours_double *d = product_double, **at_d = symbol(state, "gradc_blas_f64");
    Ours_float *s = product_float, **at_s = symbol(state, "gradc_blas_f32");
    if (at_d)
        *at_d = d;
    if (at_s)
        *at_s = s;
}
