/* kernels_base.c - the kernels for any processor of this architecture, and those that all share. */
#define KERNELS kernels_base
#define KERNELS_ALL
#include "kernels_table.h"
