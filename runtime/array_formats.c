/* array_formats.c - array files of every format: which it is, IDX as MNIST has it, tables of
 * numbers; and the elements of an array in the C layout.
 *
 * As strict as npy.c: what is not exactly as the format says is refused with a reason. */
#include "array_formats.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_TABLE = 1 << 30 }; /* bytes */

/* ---- Elements ---- */

static bool host_is_big(void)
{
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return !first;
}

static uint64_t element_bits(const Stored *s, const unsigned char *p)
{
    uint64_t v = 0;
    for (int i = 0; i < s->bytes; i++)
        v = v << 8 | p[s->big ? i : s->bytes - 1 - i];
    return v;
}

static void put_element(Dtype type, uint64_t bits, void *to, int64_t i)
{
    uint32_t low = (uint32_t)bits;
    switch (type) {
    case T_F64:
    case T_I64:
        memcpy((char *)to + 8 * i, &bits, 8);
        break;
    case T_F32:
    case T_I32:
        memcpy((char *)to + 4 * i, &low, 4);
        break;
    case T_U8:
        ((uint8_t *)to)[i] = (uint8_t)bits;
        break;
    case T_BOOL:
        ((uint8_t *)to)[i] = bits != 0;
        break;
    }
}

void array_decode(const Stored *s, void *to)
{
    bool same_order = s->bytes == 1 || s->big == host_is_big();
    if (same_order && s->bytes == dtype_bytes(s->type) && s->type != T_BOOL) {
        if (s->count)
            memcpy(to, s->at, (size_t)s->count * (size_t)s->bytes);
        return;
    }
    const unsigned char *p = s->at;
    uint64_t top = s->sign ? (uint64_t)1 << (8 * s->bytes - 1) : 0;
    for (int64_t i = 0; i < s->count; i++, p += s->bytes)
        put_element(s->type, (element_bits(s, p) ^ top) - top, to, i);
}

/* ---- IDX: two zero bytes, element type, rank; lengths; elements; all big-endian ---- */

static const struct {
    int code, bytes;
    Dtype type;
    bool sign;
} idx_types[] = {{0x08, 1, T_U8, false}, {0x09, 1, T_I32, true},  {0x0b, 2, T_I32, true},
                 {0x0c, 4, T_I32, true}, {0x0d, 4, T_F32, false}, {0x0e, 8, T_F64, false}};

static uint64_t big_endian(const unsigned char *p, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

static const char *idx_parse(Arena *a, Bytes text, Stored *out)
{
    const unsigned char *p = text.at;
    int kind = 0;
    int64_t count = 1;
    while (kind < ARRAY_LEN(idx_types) && idx_types[kind].code != p[2])
        kind++;
    if (kind == ARRAY_LEN(idx_types))
        return "it is an IDX file of an unknown element type";
    size_t lead = 4 + 4 * (size_t)p[3];
    if (p[3] > NPY_MAX_RANK)
        return "it has too many axes";
    if (text.size < lead)
        return "it is cut off in its header";
    *out = (Stored){.rank = p[3],
                    .type = idx_types[kind].type,
                    .bytes = idx_types[kind].bytes,
                    .sign = idx_types[kind].sign,
                    .big = true,
                    .at = p + lead};
    for (int i = 0; i < out->rank; i++) {
        out->dim[i] = (int64_t)big_endian(p + 4 + 4 * (size_t)i, 4);
        if (__builtin_mul_overflow(count, out->dim[i], &count))
            return "its shape is too large";
    }
    size_t left = text.size - lead, bytes = (size_t)out->bytes;
    if ((uint64_t)count > left / bytes)
        return arena_printf(a, "it is cut off: its shape asks for %lld elements", (long long)count);
    if ((size_t)count * bytes != left)
        return "there are bytes behind its last element";
    out->count = count;
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

static const char *csv_parse(Arena *a, const char *text, Stored *out)
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
    if (!t.rows)
        return "there are no numbers in it";
    const void *elements = t.whole ? (const void *)t.integer.at : (const void *)t.real.at;
    *out = (Stored){.type = t.whole ? T_I64 : T_F64,
                    .rank = t.columns == 1 ? 1 : 2,
                    .dim = {t.rows, t.columns},
                    .count = t.real.n,
                    .at = elements,
                    .bytes = 8,
                    .big = host_is_big()};
    return NULL;
}

/* ---- Which it is ---- */

static bool ends_with(const char *path, const char *suffix)
{
    size_t n = strlen(path), m = strlen(suffix);
    return n >= m && !strcmp(path + n - m, suffix);
}

/* In an archive, or behind gzip, is a file as it might stand by itself. */
static const char *parse_member(Arena *a, Bytes text, const char *key, Stored *out)
{
    Members all;
    const Member *m = NULL;
    Bytes file;
    const char *why = npz_list(a, text, &all);
    if (!why)
        why = npz_find(a, &all, key, &m);
    if (why)
        return why;
    why = npz_get(a, text, m, &file);
    if (!why)
        why = npy_parse(a, (const char *)file.at, file.size, out);
    return why ? arena_printf(a, "its array %s: %s", m->name, why) : NULL;
}

const char *array_parse(Arena *a, const char *name, Bytes text, const char *key, Stored *out)
{
    const char *why = NULL;
    if (npz_is(text))
        return parse_member(a, text, key, out);
    if (key)
        return "it is not a .npz file";
    bool packed = text.size >= 2 && text.at[0] == 0x1f && text.at[1] == 0x8b;
    if (packed && (why = unpack_gzip(a, text, &text)))
        return why;
    if (ends_with(name, ".csv") || (packed && ends_with(name, ".csv.gz"))) {
        if (text.size > MAX_TABLE)
            return "it is too large for a table";
        const char *table = (const char *)text.at;
        return strlen(table) == text.size ? csv_parse(a, table, out) : "it is no text";
    }
    if (text.size >= 4 && !text.at[0] && !text.at[1])
        return idx_parse(a, text, out);
    if (!text.size)
        return "it is empty";
    if (text.size < 6 || memcmp(text.at, "\x93NUMPY", 6) != 0)
        return "it is no array: neither a .npy, .npz or IDX file by its first bytes, nor a .csv by its name";
    return npy_parse(a, (const char *)text.at, text.size, out);
}

const char *array_load(Arena *a, const char *path, const char *key, Stored *out)
{
    size_t size;
    const char *why = NULL;
    const char *text = file_read(a, path, ARRAY_MAX_BYTES, &size, &why);
    return text ? array_parse(a, path, (Bytes){(const unsigned char *)text, size}, key, out) : why;
}
