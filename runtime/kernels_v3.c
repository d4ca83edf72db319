/* kernels_v3.c - the kernels for processors with AVX2 and FMA (x86-64-v3); the Makefile has the flags. */
#if defined(__x86_64__) && defined(__AVX2__)
#define KERNELS kernels_v3
#include "kernels_table.h"
#else
#include "kernels.h"
const Kernel *const kernels_v3 = 0;
#endif
