/* npy.h: read NumPy's .npy files in tests (the reference cases, fixtures).
 *
 * Little-endian, C order, f64 f32 i32 i64 u8: what the project's tests use, and
 * nothing else. Assumes a little-endian host. */
#ifndef GRADC_TESTS_NPY_H
#define GRADC_TESTS_NPY_H

#include <stddef.h>
#include <stdint.h>

#define NPY_MAX_RANK 8

typedef enum { NPY_F64, NPY_F32, NPY_I32, NPY_I64, NPY_U8 } NpyType;

typedef struct {
    NpyType type;
    int rank;                      /* 0 for a scalar */
    int64_t shape[NPY_MAX_RANK];
    int64_t count;                 /* product of shape */
    void *data;                    /* count elements; npy_free gives it back */
    char error[256];               /* why npy_read failed; "" when it did not */
} Npy;

/* Reads path into *a. Returns 0, or -1 with a->error set and nothing to free. */
int npy_read(const char *path, Npy *a);

void npy_free(Npy *a);

/* Element i as a double, whatever the type. */
double npy_get(const Npy *a, int64_t i);

/* An array of the reference cases ($GRADC_SHARED/cases, by default ../shared/cases): 1 and *a where
 * it is there and f64; otherwise 0 after a line that says why. */
int npy_case(const char *model, const char *array, Npy *a);

/* 1 where there are reference cases; otherwise 0 after a line that says that they are skipped. */
int npy_have_cases(void);

/* 1 when a has this rank and these sizes (int64_t each), else 0. */
int npy_has_shape(const Npy *a, int rank, const int64_t *shape);

#endif
