/* npy.c: see npy.h. The format: "\x93NUMPY", version, header length (2 bytes in
 * version 1, 4 in 2 and 3), a Python dictionary as text, then the elements. */
#include "npy.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *descr;
    NpyType type;
    size_t size;
} types[] = {
    { "<f8", NPY_F64, 8 }, { "<f4", NPY_F32, 4 }, { "<i4", NPY_I32, 4 },
    { "<i8", NPY_I64, 8 }, { "|u1", NPY_U8, 1 },
};

static int fail(Npy *a, FILE *f, char *header, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(a->error, sizeof a->error, format, args);
    va_end(args);
    free(header);
    free(a->data);
    a->data = NULL;
    if (f)
        fclose(f);
    return -1;
}

/* The text behind 'key': in the header, or NULL. */
static const char *find_key(const char *header, const char *key)
{
    const char *p = strstr(header, key);
    if (!p)
        return NULL;
    p += strlen(key);
    while (*p == ' ' || *p == ':')
        p++;
    return p;
}

/* Reads "(3, 4)", "(3,)" or "()". Returns 0 when it is well formed. */
static int parse_shape(const char *p, Npy *a)
{
    if (!p || *p++ != '(')
        return -1;
    a->rank = 0;
    a->count = 1;
    for (;;) {
        while (*p == ' ' || *p == ',')
            p++;
        if (*p == ')')
            return 0;
        if (!isdigit((unsigned char)*p) || a->rank == NPY_MAX_RANK)
            return -1;
        char *end;
        errno = 0;
        const int64_t n = strtoll(p, &end, 10);
        if (errno || (n > 0 && a->count > INT64_MAX / 8 / n))
            return -1;
        a->shape[a->rank++] = n;
        a->count *= n;
        p = end;
    }
}

int npy_read(const char *path, Npy *a)
{
    unsigned char magic[8], length[4] = { 0 };

    memset(a, 0, sizeof *a);
    FILE *f = fopen(path, "rb");
    if (!f)
        return fail(a, NULL, NULL, "%s: %s", path, strerror(errno));
    if (fread(magic, 1, 8, f) != 8 || memcmp(magic, "\x93NUMPY", 6) != 0)
        return fail(a, f, NULL, "%s: not a .npy file", path);
    if (magic[6] < 1 || magic[6] > 3)
        return fail(a, f, NULL, "%s: version %d is not known", path, magic[6]);

    const size_t width = magic[6] == 1 ? 2 : 4;
    if (fread(length, 1, width, f) != width)
        return fail(a, f, NULL, "%s: ends in its header", path);
    const size_t n = length[0] | (size_t)length[1] << 8 | (size_t)length[2] << 16 |
                     (size_t)length[3] << 24;
    char *header = n < (1u << 20) ? malloc(n + 1) : NULL;
    if (!header || fread(header, 1, n, f) != n)
        return fail(a, f, header, "%s: ends in its header", path);
    header[n] = 0;

    size_t size = 0;
    const char *descr = find_key(header, "'descr'");
    for (size_t i = 0; descr && i < sizeof types / sizeof *types; i++)
        if (descr[0] == '\'' && strncmp(descr + 1, types[i].descr, 3) == 0 && descr[4] == '\'') {
            a->type = types[i].type;
            size = types[i].size;
        }
    if (!size)
        return fail(a, f, header, "%s: element type is not f64, f32, i32, i64 or u8", path);
    const char *order = find_key(header, "'fortran_order'");
    if (!order || strncmp(order, "False", 5) != 0)
        return fail(a, f, header, "%s: not in C order", path);
    if (parse_shape(find_key(header, "'shape'"), a) != 0)
        return fail(a, f, header, "%s: its shape is not understood", path);

    const size_t count = (size_t)a->count;
    a->data = malloc(count ? count * size : 1);
    if (!a->data)
        return fail(a, f, header, "%s: no memory for %lld elements", path, (long long)a->count);
    if (fread(a->data, size, count, f) != count)
        return fail(a, f, header, "%s: ends before its last element", path);
    if (fgetc(f) != EOF)
        return fail(a, f, header, "%s: goes on behind its last element", path);
    free(header);
    fclose(f);
    return 0;
}

void npy_free(Npy *a)
{
    free(a->data);
    a->data = NULL;
}

double npy_get(const Npy *a, int64_t i)
{
    switch (a->type) {
    case NPY_F64: return ((const double *)a->data)[i];
    case NPY_F32: return (double)((const float *)a->data)[i];
    case NPY_I32: return (double)((const int32_t *)a->data)[i];
    case NPY_I64: return (double)((const int64_t *)a->data)[i];
    case NPY_U8: return (double)((const uint8_t *)a->data)[i];
    }
    return 0;
}

int npy_has_shape(const Npy *a, int rank, const int64_t *shape)
{
    if (a->rank != rank)
        return 0;
    for (int i = 0; i < rank; i++)
        if (a->shape[i] != shape[i])
            return 0;
    return 1;
}

static void case_path(char *path, size_t size, const char *model, const char *file)
{
    const char *shared = getenv("GRADC_SHARED");
    snprintf(path, size, "%s/cases/%s%s", shared && *shared ? shared : "../shared", model, file);
}

int npy_case(const char *model, const char *array, Npy *a)
{
    char path[1024], file[128];
    snprintf(file, sizeof file, "/%s.npy", array);
    case_path(path, sizeof path, model, file);
    if (npy_read(path, a) == 0 && a->type == NPY_F64)
        return 1;
    printf("FAIL %s: %s\n", path, a->error[0] ? a->error : "not f64");
    return 0;
}

int npy_have_cases(void)
{
    char path[1024];
    case_path(path, sizeof path, "README.md", "");
    FILE *f = fopen(path, "r");
    if (f)
        fclose(f);
    else
        printf("skipped: reference cases (no %s)\n", path);
    return f != NULL;
}
