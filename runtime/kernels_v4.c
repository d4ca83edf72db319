/* kernels_v4.c - the kernels for processors with AVX-512 (x86-64-v4); the Makefile has the flags. */
#if defined(__x86_64__) && defined(__AVX512F__)
#define KERNELS kernels_v4
#include "kernels_table.h"
#else
#include "kernels.h"
const Kernel *const kernels_v4 = 0;
#endif
