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

/* An array as it stands in a file that has been read: where its elements are, and how. */
typedef struct Stored {
    Dtype type;
    int rank;
    int64_t dim[NPY_MAX_RANK];
    int64_t count;           /* of elements; as many are there */
    const unsigned char *at; /* the first of them, in the text of the file */
    int bytes;               /* of one of them there */
    bool sign;               /* integers: in two's complement */
    bool big;                /* big-endian */
} Stored;

/* Reads a file into *out. NULL, or why it cannot be read, as a text for a message. */
const char *npy_load(Arena *, const char *path, NpyArray *out);

/* Understands the text of a file, which *out then points into. NULL, or what is wrong with it. */
const char *npy_parse(Arena *, const char *text, size_t size, Stored *out);

/* The whole of a file, NUL-terminated, or NULL with the reason in *why. A file larger than `limit`
 * is an error. */
char *file_read(Arena *, const char *path, size_t limit, size_t *size, const char **why);

#endif
