/* npy.h - reading the .npy files of `load`: format 1.0 to 3.0, C order, little-endian. */
#ifndef GRADC_NPY_H
#define GRADC_NPY_H

#include "graph.h"

enum { NPY_MAX_RANK = 32 };

typedef struct NpyArray {
    int rank;
    int64_t dim[NPY_MAX_RANK];
    Array data; /* in the arena; f32 is held as double, integers as int64_t */
} NpyArray;

/* Reads a file into *out. NULL, or why it cannot be read, as a text for a message. */
const char *npy_load(Arena *, const char *path, NpyArray *out);

/* The whole of a file, NUL-terminated, or NULL with the reason in *why. A file larger than `limit`
 * is an error. */
char *file_read(Arena *, const char *path, size_t limit, size_t *size, const char **why);

#endif
