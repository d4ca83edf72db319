/* blas.h - matrix products of modules by OpenBLAS. */
#ifndef GRADC_BLAS_H
#define GRADC_BLAS_H

#include "impl.h"

/* Loads the library, $GRADC_BLAS or OpenBLAS, for one thread; false where there is none. */
bool blas_find(void);

/* Points what compiled code calls products by (CompileOptions.products) at functions that use it. */
void blas_give(void *(*symbol)(void *state, const char *name), void *state);

#endif
