/* kernels_base.c - the kernels for any processor of this architecture. */
#define KERNELS kernels_base
#include "kernels_table.h"
