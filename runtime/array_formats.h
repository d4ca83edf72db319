/* array_formats.h - arrays in files of any format that libgradc reads. */
#ifndef GRADC_ARRAY_FORMATS_H
#define GRADC_ARRAY_FORMATS_H

#include "compiler/npy.h"

#include "gradc.h"

/* No file may be longer, and nothing may unpack to more. */
#define ARRAY_MAX_BYTES (SIZE_MAX / 4 < UINT32_MAX ? SIZE_MAX / 4 : (size_t)UINT32_MAX)

/* A stretch of bytes that something else owns. */
typedef struct Bytes {
    const unsigned char *at;
    size_t size;
} Bytes;

/* The functions below return NULL, or what is wrong as a text for a message. */

/* Reads the file; by its first bytes it is .npz (`key` chooses the array; NULL: there is but one),
 * gzip of another format, IDX or .npy, and by its name a table (.csv, .csv.gz). */
const char *array_load(Arena *, const char *path, const char *key, Stored *out);

/* The same of the text of a file. `name` is only looked at for ".csv". */
const char *array_parse(Arena *, const char *name, Bytes text, const char *key, Stored *out);

/* The elements in the C layout of their type: s->count times dtype_bytes(s->type). */
void array_decode(const Stored *s, void *to);

/* ---- npz.c: zip archives of .npy files ---- */

enum { NPZ_FILE = 0x04034b50, NPZ_ENTRY = 0x02014b50, NPZ_END = 0x06054b50 }; /* signatures */

typedef struct Member {
    const char *name; /* without its ".npy" */
    int method;       /* 0 stored, 8 deflated */
    bool secret;      /* encrypted */
    uint32_t crc;
    uint64_t packed, size, header; /* bytes in the archive and of the file; where it begins */
} Member;

typedef struct Members {
    VEC(Member) list;
} Members;

bool npz_is(Bytes file);
const char *npz_list(Arena *, Bytes file, Members *out);
/* The file itself, unpacked and checked. */
const char *npz_get(Arena *, Bytes file, const Member *, Bytes *out);
/* The member called `key`, or the only one where that is NULL. */
const char *npz_find(Arena *, const Members *, const char *key, const Member **out);

/* The checksum of zip and gzip of what has the checksum `crc` (0: nothing) and these bytes behind.
 */
uint32_t npz_crc(uint32_t crc, Bytes);

/* ---- unpack.c: zlib, where libgradc was built with it ---- */

/* All of a gzip file. */
const char *unpack_gzip(Arena *, Bytes in, Bytes *out);
/* Deflated data of which it is known that it unpacks to `size` bytes. */
const char *unpack_deflated(Arena *, Bytes in, size_t size, Bytes *out);

#endif
