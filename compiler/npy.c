/* npy.c - reads .npy files strictly: what is not exactly as the format says is refused with a
 * reason, never guessed at. The header is a Python dictionary literal with three known keys. */
#include "npy.h"

#include <errno.h>
#include <stdio.h>

enum { MAX_NPY_BYTES = 1 << 30 };

/* The length of a file, or -1 with the reason. */
static long file_length(const char *path, const char **why)
{
    FILE *f = fopen(path, "rb");
    char first;
    long n = -1;
    bool good = f && (fread(&first, 1, 1, f) || !ferror(f)); /* else it may be a folder */
    if (good && fseek(f, 0, SEEK_END) == 0)
        n = ftell(f);
    if (n < 0)
        *why = strerror(errno);
    if (f)
        fclose(f);
    return n;
}

/* Room is made before the file is opened: arena_alloc may jump away, and would leave it open. */
char *file_read(Arena *a, const char *path, size_t limit, size_t *size, const char **why)
{
    long length = file_length(path, why);
    if (length < 0)
        return NULL;
    if ((unsigned long)length > limit) {
        *why = arena_printf(a, "the file is too large: at most %zu MiB are read", limit >> 20);
        return NULL;
    }
    char *text = arena_alloc(a, (size_t)length + 1);
    FILE *f = fopen(path, "rb");
    size_t got = f ? fread(text, 1, (size_t)length, f) : 0;
    bool good = f && !ferror(f) && got == (size_t)length;
    if (!good)
        *why = f && !ferror(f) ? "it changed while it was read" : strerror(errno);
    if (f)
        fclose(f);
    *size = got;
    return good ? text : NULL;
}

/* ---- The header ---- */

typedef struct Header {
    const char *at, *end;
    char type[8];
    int rank;
    int64_t dim[NPY_MAX_RANK];
    bool fortran;
    unsigned seen; /* a bit for each key */
} Header;

static void skip_space(Header *h)
{
    while (h->at < h->end && (*h->at == ' ' || *h->at == '\n' || *h->at == '\t'))
        h->at++;
}

static bool eat(Header *h, char c)
{
    skip_space(h);
    if (h->at < h->end && *h->at == c) {
        h->at++;
        return true;
    }
    return false;
}

static bool read_quoted(Header *h, char *out, size_t room)
{
    skip_space(h);
    if (h->at >= h->end || (*h->at != '\'' && *h->at != '"'))
        return false;
    char quote = *h->at++;
    size_t n = 0;
    while (h->at < h->end && *h->at != quote) {
        if (n + 1 >= room)
            return false;
        out[n++] = *h->at++;
    }
    out[n] = '\0';
    return eat(h, quote);
}

static bool read_number(Header *h, int64_t *out)
{
    skip_space(h);
    int64_t v = 0;
    bool any = false;
    while (h->at < h->end && *h->at >= '0' && *h->at <= '9') {
        if (v > (INT64_MAX - 9) / 10)
            return false;
        v = v * 10 + (*h->at++ - '0');
        any = true;
    }
    if (h->at < h->end && *h->at == 'L') /* Python 2 wrote 3L */
        h->at++;
    *out = v;
    return any;
}

static bool read_shape(Header *h)
{
    if (!eat(h, '('))
        return false;
    h->rank = 0;
    while (!eat(h, ')')) {
        if (h->rank == NPY_MAX_RANK || !read_number(h, &h->dim[h->rank++]))
            return false;
        if (!eat(h, ',')) {
            if (!eat(h, ')'))
                return false;
            break;
        }
    }
    return true;
}

static bool read_truth(Header *h, bool *out)
{
    skip_space(h);
    size_t left = (size_t)(h->end - h->at);
    if (left >= 4 && !memcmp(h->at, "True", 4)) {
        h->at += 4;
        *out = true;
        return true;
    }
    if (left >= 5 && !memcmp(h->at, "False", 5)) {
        h->at += 5;
        *out = false;
        return true;
    }
    return false;
}

static bool read_header(Header *h)
{
    if (!eat(h, '{'))
        return false;
    while (!eat(h, '}')) {
        char key[24];
        if (!read_quoted(h, key, sizeof key) || !eat(h, ':'))
            return false;
        unsigned bit = 0;
        bool good = false;
        if (!strcmp(key, "descr")) {
            bit = 1;
            good = read_quoted(h, h->type, sizeof h->type);
        } else if (!strcmp(key, "fortran_order")) {
            bit = 2;
            good = read_truth(h, &h->fortran);
        } else if (!strcmp(key, "shape")) {
            bit = 4;
            good = read_shape(h);
        }
        if (!good || h->seen & bit)
            return false;
        h->seen |= bit;
        if (!eat(h, ',')) {
            if (!eat(h, '}'))
                return false;
            break;
        }
    }
    skip_space(h);
    return h->seen == 7 && h->at == h->end;
}

/* ---- The elements ---- */

static const struct {
    const char *descr;
    Dtype type;
    int bytes;
    bool sign;
} known[] = {
    {"<f8", T_F64, 8, true},  {"<f4", T_F32, 4, true}, {"<i8", T_I64, 8, true},
    {"<i4", T_I32, 4, true},  {"|u1", T_U8, 1, false}, {"|b1", T_BOOL, 1, false},
    {"<i2", T_I32, 2, true},  {"|i1", T_I32, 1, true}, {"<u2", T_I32, 2, false},
    {"<u4", T_I64, 4, false},
};

/* The host's byte order does not matter. */
static uint64_t little_endian(const unsigned char *p, int bytes)
{
    uint64_t v = 0;
    for (int i = bytes; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

static void read_elements(Arena *a, const Stored *s, Array *out)
{
    const unsigned char *p = s->at;
    *out = (Array){.dtype = s->type, .count = s->count};
    double *real = NULL;
    int64_t *integer = NULL;
    if (dtype_is_real(out->dtype))
        out->real = real = NEW_N(a, double, s->count + 1);
    else
        out->integer = integer = NEW_N(a, int64_t, s->count + 1);
    for (int64_t i = 0; i < s->count; i++, p += s->bytes) {
        uint64_t bits = little_endian(p, s->bytes);
        if (real && s->bytes == 8) {
            memcpy(&real[i], &bits, 8);
        } else if (real) {
            uint32_t low = (uint32_t)bits;
            float f;
            memcpy(&f, &low, 4);
            real[i] = (double)f;
        } else {
            uint64_t top = (uint64_t)1 << (8 * s->bytes - 1);
            integer[i] = s->sign ? (int64_t)((bits ^ top) - top) : (int64_t)bits;
            if (out->dtype == T_BOOL)
                integer[i] = integer[i] != 0;
        }
    }
}

const char *npy_parse(Arena *a, const char *text, size_t size, Stored *out)
{
    if (size < 10 || memcmp(text, "\x93NUMPY", 6) != 0)
        return "it is not a .npy file";
    int major = (unsigned char)text[6];
    if (major < 1 || major > 3)
        return arena_printf(a, "its format %d is not known", major);
    size_t lead = major == 1 ? 10 : 12;
    if (size < lead)
        return "it is cut off in its header";
    size_t length = (size_t)little_endian((const unsigned char *)text + 8, major == 1 ? 2 : 4);
    if (length > size - lead)
        return "it is cut off in its header";
    Header h = {.at = text + lead, .end = text + lead + length};
    if (!read_header(&h))
        return "its header is malformed";
    int kind = 0;
    while (kind < ARRAY_LEN(known) && strcmp(known[kind].descr, h.type) != 0)
        kind++;
    if (kind == ARRAY_LEN(known))
        return h.type[0] == '>' ? arena_printf(a, "it is big-endian (save it with astype('<%s'))", h.type + 1)
                                : arena_printf(a, "its element type '%s' is not supported", h.type);
    if (h.fortran && h.rank > 1)
        return "it is in Fortran order (save it with numpy.ascontiguousarray)";
    int64_t count = 1;
    for (int i = 0; i < h.rank; i++)
        if (__builtin_mul_overflow(count, h.dim[i], &count))
            return "its shape is too large";
    size_t left = size - lead - length;
    if ((uint64_t)count > left / (size_t)known[kind].bytes)
        return arena_printf(a, "it is cut off: its shape asks for %lld elements", (long long)count);
    if ((size_t)count * (size_t)known[kind].bytes != left)
        return "there are bytes behind its last element";
    *out = (Stored){.type = known[kind].type,
                    .rank = h.rank,
                    .count = count,
                    .at = (const unsigned char *)text + lead + length,
                    .bytes = known[kind].bytes,
                    .sign = known[kind].sign};
    memcpy(out->dim, h.dim, sizeof h.dim);
    return NULL;
}

const char *npy_load(Arena *a, const char *path, NpyArray *out)
{
    size_t size;
    const char *why = NULL;
    const char *text = file_read(a, path, MAX_NPY_BYTES, &size, &why);
    Stored s;
    if (text)
        why = npy_parse(a, text, size, &s);
    if (why)
        return why;
    out->rank = s.rank;
    memcpy(out->dim, s.dim, sizeof s.dim);
    read_elements(a, &s, &out->data);
    return NULL;
}
