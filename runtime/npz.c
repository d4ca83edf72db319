/* npz.c - .npz files: zip archives of .npy files, read whether stored or deflated, with 32 or 64
 * bits of lengths (zip64). array_write.c writes them.
 *
 * The format is PKWARE's APPNOTE.TXT. What lies in front of the archive, encryption, archives of
 * several volumes and other ways of packing are refused. */
#include "array_formats.h"

enum { END64 = 0x06064b50, LOCATOR64 = 0x07064b50 }; /* signatures */

static const char damaged[] = "its table of contents is damaged";

static uint64_t get(const unsigned char *p, int bytes)
{
    uint64_t v = 0;
    for (int i = bytes; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

/* Four bytes at a turn (Sarwate's table, sliced). */
uint32_t npz_crc(uint32_t crc, Bytes b)
{
    uint32_t table[4][256], c = ~crc;
    for (uint32_t i = 0; i < 256; i++) {
        table[0][i] = i;
        for (int k = 0; k < 8; k++)
            table[0][i] = table[0][i] >> 1 ^ (table[0][i] & 1 ? 0xedb88320 : 0);
    }
    for (int t = 1; t < 4; t++)
        for (int i = 0; i < 256; i++)
            table[t][i] = table[t - 1][i] >> 8 ^ table[0][table[t - 1][i] & 255];
    size_t i = 0;
    for (; i + 4 <= b.size; i += 4) {
        c ^= (uint32_t)get(b.at + i, 4);
        c = table[3][c & 255] ^ table[2][c >> 8 & 255] ^ table[1][c >> 16 & 255] ^
            table[0][c >> 24];
    }
    for (; i < b.size; i++)
        c = c >> 8 ^ table[0][(c ^ b.at[i]) & 255];
    return ~c;
}

/* ---- The table of contents ---- */

typedef struct Contents {
    uint64_t at, size, entries;
} Contents;

bool npz_is(Bytes f)
{
    uint64_t first = f.size >= 22 ? get(f.at, 4) : 0;
    return first == NPZ_FILE || first == NPZ_END;
}

/* The end record is the last thing in the file, but for a comment of up to 65535 bytes. */
static const unsigned char *find_end(Bytes f)
{
    size_t least = f.size > 22 + 65535 ? f.size - 22 - 65535 : 0;
    for (size_t at = f.size - 22 + 1; at-- > least;)
        if (get(f.at + at, 4) == NPZ_END && get(f.at + at + 20, 2) == f.size - at - 22)
            return f.at + at;
    return NULL;
}

/* With lengths of 64 bits there is another end record, and in front of the plain one its place. */
static const char *find_contents64(Bytes f, size_t end, Contents *out)
{
    if (end < 20 || get(f.at + end - 20, 4) != LOCATOR64)
        return damaged;
    uint64_t at = get(f.at + end - 12, 8);
    if (at > f.size || f.size - at < 56 || get(f.at + at, 4) != END64)
        return damaged;
    const unsigned char *p = f.at + at;
    *out = (Contents){.entries = get(p + 32, 8), .size = get(p + 40, 8), .at = get(p + 48, 8)};
    return NULL;
}

static const char *find_contents(Bytes f, Contents *out)
{
    const unsigned char *end = find_end(f);
    if (!end)
        return "it is cut off: it has no table of contents";
    *out =
        (Contents){.entries = get(end + 10, 2), .size = get(end + 12, 4), .at = get(end + 16, 4)};
    uint64_t volume = get(end + 4, 2);
    if (out->entries == 0xffff || out->size == 0xffffffff || out->at == 0xffffffff) {
        const char *why = find_contents64(f, (size_t)(end - f.at), out);
        if (why)
            return why;
    } else if (volume) {
        return "it is one of several volumes";
    }
    return out->at > f.size || out->size > f.size - out->at ? damaged : NULL;
}

/* Lengths of 64 bits stand in field 1 of an entry: those that are all ones in their own place. */
static bool read_extra(const unsigned char *p, size_t size, Member *m)
{
    uint64_t *wanted[] = {&m->size, &m->packed, &m->header};
    for (size_t length; size >= 4; p += 4 + length, size -= 4 + length) {
        uint64_t kind = get(p, 2);
        length = get(p + 2, 2);
        if (length > size - 4)
            return false;
        size_t at = 0;
        for (int i = 0; i < 3 && kind == 1; i++) {
            if (*wanted[i] != 0xffffffff)
                continue;
            if (at + 8 > length)
                return false;
            *wanted[i] = get(p + 4 + at, 8);
            at += 8;
        }
    }
    return true;
}

const char *npz_list(Arena *a, Bytes f, Members *out)
{
    Contents c;
    const char *why = find_contents(f, &c);
    if (why)
        return why;
    const unsigned char *p = f.at + c.at, *end = p + c.size;
    *out = (Members){0};
    for (uint64_t i = 0; i < c.entries; i++) {
        if (end - p < 46 || get(p, 4) != NPZ_ENTRY)
            return damaged;
        size_t name = get(p + 28, 2), extra = get(p + 30, 2), comment = get(p + 32, 2);
        if ((size_t)(end - p) < 46 + name + extra + comment)
            return damaged;
        Member m = {.secret = get(p + 8, 2) & 1,
                    .method = (int)get(p + 10, 2),
                    .crc = (uint32_t)get(p + 16, 4),
                    .packed = get(p + 20, 4),
                    .size = get(p + 24, 4),
                    .header = get(p + 42, 4)};
        if (!read_extra(p + 46 + name, extra, &m))
            return damaged;
        bool npy = name > 4 && !memcmp(p + 46 + name - 4, ".npy", 4);
        m.name = arena_strndup(a, (const char *)p + 46, npy ? name - 4 : name);
        vec_push(a, &out->list, m);
        p += 46 + name + extra + comment;
    }
    return NULL;
}

/* ---- Members ---- */

const char *npz_get(Arena *a, Bytes f, const Member *m, Bytes *out)
{
    const char *why = NULL;
    if (m->secret)
        why = "it is encrypted";
    else if (m->header > f.size || f.size - m->header < 30 || get(f.at + m->header, 4) != NPZ_FILE)
        why = damaged;
    else if (m->method && m->method != 8)
        why = arena_printf(a, "it is packed by method %d; 0 and 8 are known", m->method);
    else if (m->size > ARRAY_MAX_BYTES)
        why = "what it unpacks to is too large";
    if (why)
        return why;
    const unsigned char *p = f.at + m->header;
    uint64_t lead = m->header + 30 + get(p + 26, 2) + get(p + 28, 2);
    if (lead > f.size || m->packed > f.size - lead)
        return damaged;
    *out = (Bytes){f.at + lead, (size_t)m->packed};
    /* a lie about the size shall not cost the memory that it asks for */
    if (m->method ? m->size / 1100 > m->packed : m->size != m->packed)
        return damaged;
    if (m->method)
        why = unpack_deflated(a, *out, (size_t)m->size, out);
    if (!why && npz_crc(0, *out) != m->crc)
        why = "its checksum is wrong: it is damaged";
    return why;
}

static const char *names_of(Arena *a, const Members *all)
{
    Text t = {.arena = a};
    for (int i = 0; i < all->list.n && t.n < 300; i++)
        text_printf(&t, "%s%s", i ? ", " : "", all->list.at[i].name);
    return t.n ? t.s : "none";
}

const char *npz_find(Arena *a, const Members *all, const char *key, const Member **out)
{
    for (int i = all->list.n; i-- > 0 && key;) /* of equal names the last counts */
        if (!strcmp(all->list.at[i].name, key)) {
            *out = &all->list.at[i];
            return NULL;
        }
    if (key)
        return arena_printf(a, "it has no array '%s'; its arrays: %s", key, names_of(a, all));
    if (all->list.n != 1)
        return arena_printf(a, "FILE.npz:NAME chooses one of its %d arrays: %s", all->list.n,
                            names_of(a, all));
    *out = &all->list.at[0];
    return NULL;
}
