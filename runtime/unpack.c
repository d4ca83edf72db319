/* unpack.c - gzip and deflate, by zlib. Where that was not there when libgradc was built, what is
 * compressed is refused with a text that says so.
 *
 * zlib takes its memory from the arena, so that running out of it in the middle leaks nothing. */
#include "array_formats.h"

#if defined(GRADC_ZLIB) && defined(__has_include)
#if __has_include(<zlib.h>)
#define HAVE_ZLIB 1
#endif
#endif

#ifdef HAVE_ZLIB
#include <zlib.h>

static const char damaged[] = "its packed data is damaged";
static const char cut_off[] = "it is cut off in its packed data";

static voidpf take(voidpf arena, uInt items, uInt size)
{
    return arena_alloc(arena, (size_t)items * size);
}

static void give_back(voidpf arena, voidpf block)
{
    (void)arena;
    (void)block;
}

/* All lengths fit uInt: ARRAY_MAX_BYTES. */
static z_stream stream_over(Arena *a, Bytes in)
{
    return (z_stream){.next_in = (z_const Bytef *)in.at,
                      .avail_in = (uInt)in.size,
                      .zalloc = take,
                      .zfree = give_back,
                      .opaque = a};
}

/* How much it unpacks to, as a guess: gzip files end with it, modulo 2^32, and nothing shrinks to
 * less than a thousandth. */
static size_t guess(Bytes in)
{
    const unsigned char *end = in.at + in.size - 4;
    size_t told = end[0] | (size_t)end[1] << 8 | (size_t)end[2] << 16 | (size_t)end[3] << 24;
    size_t most = in.size < ARRAY_MAX_BYTES / 1100 ? 1100 * in.size : ARRAY_MAX_BYTES;
    return told < most - 64 ? told + 64 : most;
}

/* A gzip file is a chain of packed pieces. */
static const char *next_piece(z_stream *z, bool *end)
{
    *end = z->avail_in == 0;
    if (*end)
        return NULL;
    if (z->avail_in < 2 || z->next_in[0] != 0x1f || z->next_in[1] != 0x8b)
        return "there are bytes behind its packed data";
    return inflateReset(z) == Z_OK ? NULL : damaged;
}

const char *unpack_gzip(Arena *a, Bytes in, Bytes *out)
{
    if (in.size < 18)
        return cut_off;
    z_stream z = stream_over(a, in);
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return "zlib does not start";
    size_t room = guess(in), n = 0;
    unsigned char *text = arena_alloc(a, room + 1);
    for (;;) {
        bool end = false;
        const char *why = NULL;
        z.next_out = text + n;
        z.avail_out = (uInt)(room - n);
        int state = inflate(&z, Z_NO_FLUSH);
        n = room - z.avail_out;
        if (state == Z_STREAM_END)
            why = next_piece(&z, &end);
        else if (state == Z_BUF_ERROR && z.avail_out)
            why = cut_off;
        else if (state != Z_OK && state != Z_BUF_ERROR)
            why = damaged;
        if (end) {
            text[n] = '\0';
            *out = (Bytes){text, n};
            return NULL;
        }
        if (!why && !z.avail_out && room == ARRAY_MAX_BYTES)
            why = "what it unpacks to is too large";
        if (why)
            return why;
        if (!z.avail_out) {
            size_t more = room < ARRAY_MAX_BYTES / 2 ? 2 * room : ARRAY_MAX_BYTES;
            text = arena_grow(a, text, room + 1, more + 1);
            room = more;
        }
    }
}

const char *unpack_deflated(Arena *a, Bytes in, size_t size, Bytes *out)
{
    z_stream z = stream_over(a, in);
    if (inflateInit2(&z, -15) != Z_OK)
        return "zlib does not start";
    unsigned char *text = arena_alloc(a, size + 1);
    z.next_out = text;
    z.avail_out = (uInt)size;
    int state = inflate(&z, Z_FINISH);
    *out = (Bytes){text, size};
    return state == Z_STREAM_END && !z.avail_out && !z.avail_in ? NULL : damaged;
}

#else

static const char without[] = "it is compressed, and this libgradc was built without zlib";

const char *unpack_gzip(Arena *a, Bytes in, Bytes *out)
{
    (void)a;
    (void)in;
    (void)out;
    return without;
}

const char *unpack_deflated(Arena *a, Bytes in, size_t size, Bytes *out)
{
    (void)size;
    return unpack_gzip(a, in, out);
}

#endif
