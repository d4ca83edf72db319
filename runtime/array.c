/* array.c - arrays in files: read from .npy, .csv and IDX, written as .npy. */
#include "impl.h"

#include "array_formats.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *arena_memory(void *user, size_t size)
{
    (void)user;
    return malloc(size);
}

static void arena_release(void *user, void *block)
{
    (void)user;
    free(block);
}

/* From double and int64_t, in which npy.c holds all, to the C layout. */
static void lay_out(const Array *from, void *to)
{
    for (int64_t i = 0; i < from->count; i++)
        switch (from->dtype) {
        case T_F64:
            ((double *)to)[i] = from->real[i];
            break;
        case T_F32:
            ((float *)to)[i] = (float)from->real[i];
            break;
        case T_I64:
            ((int64_t *)to)[i] = from->integer[i];
            break;
        case T_I32:
            ((int32_t *)to)[i] = (int32_t)from->integer[i];
            break;
        case T_U8:
        case T_BOOL:
            ((uint8_t *)to)[i] = (uint8_t)from->integer[i];
            break;
        }
}

static gradc_status read_into(Arena *a, const char *path, gradc_array *out, gradc_error *error)
{
    jmp_buf recover;
    NpyArray npy;
    if (setjmp(recover))
        return error_set(error, GRADC_SYSTEM_ERROR, "cannot read %s: out of memory", path);
    arena_recover(a, &recover);
    const char *why = array_load(a, path, &npy);
    if (why)
        return error_set(error, GRADC_SYSTEM_ERROR, "cannot read %s: %s", path, why);
    size_t bytes = (size_t)npy.data.count * (size_t)dtype_bytes(npy.data.dtype);
    int64_t *dim = malloc(sizeof *dim * (size_t)(npy.rank + 1));
    void *data = malloc(bytes + 1);
    if (!dim || !data) {
        free(dim);
        free(data);
        return error_set(error, GRADC_SYSTEM_ERROR, "cannot read %s: out of memory", path);
    }
    memcpy(dim, npy.dim, sizeof *dim * (size_t)npy.rank);
    lay_out(&npy.data, data);
    *out = (gradc_array){.type = (gradc_type)npy.data.dtype,
                         .rank = npy.rank,
                         .dim = dim,
                         .count = npy.data.count,
                         .data = data};
    return GRADC_OK;
}

gradc_status gradc_array_read(const char *path, gradc_array *array, gradc_error *error)
{
    *array = (gradc_array){0};
    Arena *a = arena_new((Allocator){.alloc = arena_memory, .free = arena_release});
    if (!a)
        return error_set(error, GRADC_SYSTEM_ERROR, "cannot read %s: out of memory", path);
    gradc_status status = read_into(a, path, array, error);
    arena_free(a);
    return status;
}

void gradc_array_free(gradc_array *array)
{
    free(array->dim);
    free(array->data);
    *array = (gradc_array){0};
}

/* ---- Writing ---- */

/* The element type as NumPy writes it; the byte order is the machine's. */
static const char *descr(gradc_type t)
{
    static const char *const name[] = {"|b1", "|u1", "<i4", "<i8", "<f4", "<f8"};
    static const char *const big[] = {"|b1", "|u1", ">i4", ">i8", ">f4", ">f8"};
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first ? name[t] : big[t];
}

static bool put_npy(FILE *f, const gradc_array *array)
{
    char shape[GRADC_MAX_RANK * 21 + 8] = "", head[sizeof shape + 128];
    size_t at = 0;
    for (int i = 0; i < array->rank; i++)
        at += (size_t)snprintf(shape + at, sizeof shape - at,
                               i + 1 < array->rank || array->rank == 1 ? "%lld, " : "%lld",
                               (long long)array->dim[i]);
    if (array->rank == 1) /* (3,) */
        shape[at - 1] = '\0';
    int n = snprintf(head, sizeof head, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }",
                     descr(array->type), shape);
    int total = (10 + n + 1 + 63) / 64 * 64; /* the elements begin at a multiple of 64 */
    unsigned char lead[10] = {0x93,
                              'N',
                              'U',
                              'M',
                              'P',
                              'Y',
                              1,
                              0,
                              (unsigned char)((total - 10) & 255),
                              (unsigned char)((total - 10) >> 8)};
    size_t bytes = (size_t)array->count * gradc_type_bytes(array->type);
    return fwrite(lead, 1, 10, f) == 10 && fprintf(f, "%s%*s\n", head, total - 11 - n, "") > 0 &&
           (!bytes || fwrite(array->data, 1, bytes, f) == bytes);
}

/* Beside the file, then renamed. */
gradc_status gradc_array_write(const char *path, const gradc_array *array, gradc_error *error)
{
    char temporary[PATH_MAX];
    int n = snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
    if (n < 0 || n >= (int)sizeof temporary)
        return error_set(error, GRADC_SYSTEM_ERROR, "cannot write %s: %s", path,
                         strerror(ENAMETOOLONG));
    FILE *f = fopen(temporary, "wb");
    bool good = f && put_npy(f, array);
    if (f)
        good = fclose(f) == 0 && good;
    if (good && rename(temporary, path) == 0)
        return GRADC_OK;
    int reason = errno;
    if (f)
        remove(temporary);
    return error_set(error, GRADC_SYSTEM_ERROR, "cannot write %s: %s", path, strerror(reason));
}
