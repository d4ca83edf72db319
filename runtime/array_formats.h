/* array_formats.h - reading arrays from files of any format that libgradc knows. */
#ifndef GRADC_ARRAY_FORMATS_H
#define GRADC_ARRAY_FORMATS_H

#include "compiler/npy.h"

/* As npy_load; by its name a table (.csv), by its first bytes an IDX file, or a .npy file. */
const char *array_load(Arena *, const char *path, NpyArray *out);

#endif
