/* array_write.c - writes arrays for hosts: .npy, and several of them as .npz, which is a zip
 * archive of .npy files, stored. The same arrays give the same bytes; a file appears whole or not
 * at all. */
#include "impl.h"

#include "array_formats.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- The header of a .npy file ---- */

typedef struct NpyHead {
    size_t n;
    unsigned char text[GRADC_MAX_RANK * 21 + 256];
} NpyHead;

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

static NpyHead npy_head(const gradc_array *array)
{
    NpyHead h;
    char shape[GRADC_MAX_RANK * 21 + 8] = "", *text = (char *)h.text + 10;
    size_t at = 0, room = sizeof h.text - 10;
    for (int i = 0; i < array->rank; i++)
        at += (size_t)snprintf(shape + at, sizeof shape - at,
                               i + 1 < array->rank || array->rank == 1 ? "%lld, " : "%lld",
                               (long long)array->dim[i]);
    if (array->rank == 1) /* (3,) */
        shape[at - 1] = '\0';
    int n = snprintf(text, room, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }",
                     descr(array->type), shape);
    int total = (10 + n + 1 + 63) / 64 * 64; /* the elements begin at a multiple of 64 */
    memset(text + n, ' ', (size_t)(total - 11 - n));
    text[total - 11] = '\n';
    memcpy(h.text, "\x93NUMPY\1\0", 8);
    h.text[8] = (unsigned char)((total - 10) & 255);
    h.text[9] = (unsigned char)((total - 10) >> 8);
    h.n = (size_t)total;
    return h;
}

static size_t bytes_of(const gradc_array *array)
{
    return (size_t)array->count * gradc_type_bytes(array->type);
}

static bool put(FILE *f, const void *p, size_t n)
{
    return !n || fwrite(p, 1, n, f) == n;
}

static bool put_npy(FILE *f, const gradc_array *array)
{
    NpyHead h = npy_head(array);
    return put(f, h.text, h.n) && put(f, array->data, bytes_of(array));
}

/* ---- Zip ---- */

typedef struct Archive {
    int count;
    const char *const *name;
    const gradc_array *array;
    uint32_t *crc, *at; /* by array: its checksum, and where it begins */
} Archive;

static unsigned char *little(unsigned char *p, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        *p++ = (unsigned char)(v >> (8 * i));
    return p;
}

/* What the header of a file and its entry in the table of contents have in common: from "version
 * needed" to "length of the extra field". The date is the first that there is. */
static unsigned char *put_facts(unsigned char *p, const Archive *z, int i)
{
    size_t size = npy_head(&z->array[i]).n + bytes_of(&z->array[i]);
    p = little(p, 20, 2);       /* version 2.0 */
    p = little(p, 0, 4);        /* no flags, stored */
    p = little(p, 0x210000, 4); /* 1980-01-01 00:00 */
    p = little(p, z->crc[i], 4);
    p = little(p, size, 4);
    p = little(p, size, 4);
    p = little(p, strlen(z->name[i]) + 4, 2);
    return little(p, 0, 2);
}

static bool put_name(FILE *f, const char *name)
{
    return put(f, name, strlen(name)) && put(f, ".npy", 4);
}

static bool put_file(FILE *f, const Archive *z, int i)
{
    unsigned char head[30];
    put_facts(little(head, NPZ_FILE, 4), z, i);
    return put(f, head, sizeof head) && put_name(f, z->name[i]) && put_npy(f, &z->array[i]);
}

static bool put_entry(FILE *f, const Archive *z, int i)
{
    unsigned char head[46] = {0};
    put_facts(little(little(head, NPZ_ENTRY, 4), 20, 2), z, i);
    little(head + 42, z->at[i], 4);
    return put(f, head, sizeof head) && put_name(f, z->name[i]);
}

static bool put_archive(FILE *f, const void *user)
{
    const Archive *z = user;
    unsigned char end[22] = {0};
    size_t contents = 0;
    bool good = true;
    for (int i = 0; i < z->count && good; i++)
        good = put_file(f, z, i);
    for (int i = 0; i < z->count && good; i++) {
        contents += 46 + strlen(z->name[i]) + 4;
        good = put_entry(f, z, i);
    }
    little(end, NPZ_END, 4);
    little(end + 8, (uint64_t)z->count, 2);
    little(end + 10, (uint64_t)z->count, 2);
    little(end + 12, contents, 4);
    little(end + 16, z->at[z->count], 4);
    return good && put(f, end, sizeof end);
}

/* ---- Files ---- */

static bool put_one(FILE *f, const void *user)
{
    return put_npy(f, user);
}

/* Beside the file, then renamed. */
static gradc_status write_whole(const char *path, bool (*body)(FILE *, const void *),
                                const void *user, gradc_error *error)
{
    char temporary[PATH_MAX];
    int n = snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
    if (n < 0 || n >= (int)sizeof temporary)
        return error_set(error, GRADC_SYSTEM_ERROR, "cannot write %s: %s", path,
                         strerror(ENAMETOOLONG));
    FILE *f = fopen(temporary, "wb");
    bool good = f && body(f, user);
    int reason = errno;
    if (f && fclose(f) && good) {
        good = false;
        reason = errno;
    }
    if (good && rename(temporary, path) == 0)
        return GRADC_OK;
    if (good)
        reason = errno;
    if (f)
        remove(temporary);
    return error_set(error, GRADC_SYSTEM_ERROR, "cannot write %s: %s", path, strerror(reason));
}

gradc_status gradc_array_write(const char *path, const gradc_array *array, gradc_error *error)
{
    return write_whole(path, put_one, array, error);
}

/* Names and sizes as the format can hold them. */
static gradc_status check(const char *path, const Archive *z, gradc_error *error)
{
    uint64_t total = 0;
    for (int i = 0; i < z->count; i++) {
        size_t n = strlen(z->name[i]);
        if (!n || n > 1000)
            return error_set(error, GRADC_USAGE_ERROR,
                             "cannot write %s: a name has from 1 to 1000 bytes", path);
        for (int k = 0; k < i; k++)
            if (!strcmp(z->name[i], z->name[k]))
                return error_set(error, GRADC_USAGE_ERROR, "cannot write %s: two arrays named %s",
                                 path, z->name[i]);
        total += 2 * (30 + n + 4 + 16) + sizeof(NpyHead) + bytes_of(&z->array[i]);
        if (total > ARRAY_MAX_BYTES)
            return error_set(error, GRADC_USAGE_ERROR,
                             "cannot write %s: it would have more than 4 GiB", path);
    }
    return GRADC_OK;
}

static void measure(Archive *z)
{
    uint64_t at = 0;
    for (int i = 0; i < z->count; i++) {
        const gradc_array *a = &z->array[i];
        NpyHead h = npy_head(a);
        z->crc[i] = npz_crc(npz_crc(0, (Bytes){h.text, h.n}), (Bytes){a->data, bytes_of(a)});
        z->at[i] = (uint32_t)at;
        at += 30 + strlen(z->name[i]) + 4 + h.n + bytes_of(a);
    }
    z->at[z->count] = (uint32_t)at;
}

gradc_status gradc_npz_write(const char *path, int count, const char *const *name,
                             const gradc_array *array, gradc_error *error)
{
    if (count < 0 || count >= 0xffff)
        return error_set(error, GRADC_USAGE_ERROR, "cannot write %s: %d arrays", path, count);
    Archive z = {.count = count, .name = name, .array = array};
    z.crc = calloc((size_t)count + 1, sizeof *z.crc);
    z.at = calloc((size_t)count + 1, sizeof *z.at);
    gradc_status status = GRADC_SYSTEM_ERROR;
    if (!z.crc || !z.at) {
        error_set(error, status, "cannot write %s: out of memory", path);
    } else {
        status = check(path, &z, error);
        if (status == GRADC_OK) {
            measure(&z);
            status = write_whole(path, put_archive, &z, error);
        }
    }
    free(z.crc);
    free(z.at);
    return status;
}
