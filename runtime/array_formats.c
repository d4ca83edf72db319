/* array_formats.c - array files other than .npy: IDX, as MNIST has it, and tables of numbers.
 *
 * As strict as npy.c: what is not exactly as the format says is refused with a reason. */
#include "array_formats.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_BYTES = 1 << 30 };

/* ---- IDX: two zero bytes, element type, rank; lengths; elements; all big-endian ---- */

static const struct {
    int code, bytes;
    Dtype type;
} idx_types[] = {{0x08, 1, T_U8},  {0x09, 1, T_I32}, {0x0b, 2, T_I32},
                 {0x0c, 4, T_I32}, {0x0d, 4, T_F32}, {0x0e, 8, T_F64}};

static uint64_t big_endian(const unsigned char *p, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

static void idx_elements(Arena *a, const unsigned char *p, int kind, int64_t count, Array *out)
{
    int bytes = idx_types[kind].bytes;
    double *real = NULL;
    int64_t *integer = NULL;
    *out = (Array){.dtype = idx_types[kind].type, .count = count};
    if (dtype_is_real(out->dtype))
        out->real = real = NEW_N(a, double, count + 1);
    else
        out->integer = integer = NEW_N(a, int64_t, count + 1);
    for (int64_t i = 0; i < count; i++, p += bytes) {
        uint64_t bits = big_endian(p, bytes), top = (uint64_t)1 << (8 * bytes - 1);
        uint32_t low = (uint32_t)bits;
        float f;
        memcpy(&f, &low, sizeof f);
        if (real && bytes == 8)
            memcpy(&real[i], &bits, sizeof bits);
        else if (real)
            real[i] = (double)f;
        else if (integer)
            integer[i] = out->dtype == T_U8 ? (int64_t)bits : (int64_t)((bits ^ top) - top);
    }
}

static const char *idx_load(Arena *a, const unsigned char *p, size_t size, NpyArray *out)
{
    int kind = 0;
    int64_t count = 1;
    while (kind < ARRAY_LEN(idx_types) && idx_types[kind].code != p[2])
        kind++;
    if (kind == ARRAY_LEN(idx_types))
        return "it is an IDX file of an unknown element type";
    out->rank = p[3];
    size_t lead = 4 + 4 * (size_t)p[3];
    if (out->rank > NPY_MAX_RANK)
        return "it has too many axes";
    if (size < lead)
        return "it is cut off in its header";
    for (int i = 0; i < out->rank; i++) {
        out->dim[i] = (int64_t)big_endian(p + 4 + 4 * (size_t)i, 4);
        if (__builtin_mul_overflow(count, out->dim[i], &count))
            return "its shape is too large";
    }
    size_t left = size - lead, bytes = (size_t)idx_types[kind].bytes;
    if ((uint64_t)count > left / bytes)
        return arena_printf(a, "it is cut off: its shape asks for %lld elements", (long long)count);
    if ((size_t)count * bytes != left)
        return "there are bytes behind its last element";
    idx_elements(a, p + lead, kind, count, &out->data);
    return NULL;
}

/* ---- Tables: a row a line, numbers between commas; a first line of names is skipped ---- */

typedef struct Table {
    Arena *arena;
    VEC(double) real;
    VEC(int64_t) integer;
    bool whole; /* all are integers so far */
    int64_t rows, columns;
} Table;

/* Reads one line; the number of its fields, or -1 where one is no number. */
static int64_t csv_line(Table *t, const char *at, const char *end)
{
    int64_t n = 0;
    for (;; at++, n++) {
        char *stop, *whole_stop;
        at += strspn(at, " \t");
        double d = strtod(at, &stop);
        errno = 0;
        long long i = strtoll(at, &whole_stop, 10);
        if (stop == at || stop > end)
            return -1;
        t->whole &= stop == whole_stop && !errno;
        vec_push(t->arena, &t->real, d);
        vec_push(t->arena, &t->integer, i);
        at = stop + strspn(stop, " \t\r");
        if (at >= end)
            return n + 1;
        if (*at != ',')
            return -1;
    }
}

static const char *csv_load(Arena *a, const char *text, NpyArray *out)
{
    Table t = {.arena = a, .whole = true};
    int line = 1;
    for (const char *at = text; *at; line++) {
        size_t length = strcspn(at, "\n");
        bool blank = strspn(at, " \t\r") >= length;
        int before = t.real.n;
        bool whole = t.whole;
        int64_t n = blank ? 0 : csv_line(&t, at, at + length);
        if (n < 0 && line > 1)
            return arena_printf(a, "line %d: a number is expected in every field", line);
        if (n < 0) { /* the names of the columns */
            t.real.n = t.integer.n = before;
            t.whole = whole;
        } else if (n > 0) {
            if (t.rows && n != t.columns)
                return arena_printf(a, "line %d has %lld fields, not %lld as those before it", line,
                                    (long long)n, (long long)t.columns);
            t.columns = n;
            t.rows++;
        }
        at += length + (at[length] == '\n');
    }
    out->rank = t.columns == 1 ? 1 : 2;
    out->dim[0] = t.rows;
    out->dim[1] = t.columns;
    out->data = (Array){.dtype = t.whole ? T_I64 : T_F64,
                        .count = t.real.n,
                        .real = t.whole ? NULL : t.real.at,
                        .integer = t.whole ? t.integer.at : NULL};
    return NULL;
}

/* ---- Which it is ---- */

static bool ends_with(const char *path, const char *suffix)
{
    size_t n = strlen(path), m = strlen(suffix);
    return n >= m && !strcmp(path + n - m, suffix);
}

static bool is_idx(const char *path)
{
    unsigned char head[4] = {1, 1, 1, 1};
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(head, 1, sizeof head, f) : 0;
    if (f)
        fclose(f);
    return n == sizeof head && !head[0] && !head[1];
}

const char *array_load(Arena *a, const char *path, NpyArray *out)
{
    size_t size;
    const char *why = NULL;
    bool csv = ends_with(path, ".csv");
    if (!csv && !is_idx(path))
        return npy_load(a, path, out);
    const char *text = file_read(a, path, MAX_BYTES, &size, &why);
    if (!text)
        return why;
    if (csv)
        return strlen(text) == size ? csv_load(a, text, out) : "it is no text";
    return size >= 4 ? idx_load(a, (const unsigned char *)text, size, out)
                     : "it is cut off in its header";
}
