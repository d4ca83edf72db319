/* arena.c - bump allocation in blocks that double; see arena.h for the ownership law.
 *
 * With ARENA_DEBUG every object is a block of its own, so that AddressSanitizer
 * sees an overrun of one object into the next. */
#include "arena.h"

#include <stdio.h>

typedef struct Block {
    struct Block *next;
    size_t size, used;
} Block;

struct Arena {
    Allocator allocator;
    Block *block; /* the one being filled; older ones behind it */
    jmp_buf *recover;
    size_t next_size, total;
};

enum { ALIGN = 16, FIRST_BLOCK = 64 * 1024, LAST_BLOCK = 16 * 1024 * 1024 };
#define HEAD ((sizeof(Block) + ALIGN - 1) / ALIGN * ALIGN)

Arena *arena_new(Allocator al)
{
    Arena *a = al.alloc(al.user, sizeof *a);
    if (!a)
        return NULL;
    *a = (Arena){.allocator = al, .next_size = FIRST_BLOCK};
    return a;
}

void arena_free(Arena *a)
{
    if (!a)
        return;
    Allocator al = a->allocator;
    for (Block *b = a->block, *next; b; b = next) {
        next = b->next;
        al.free(al.user, b);
    }
    al.free(al.user, a);
}

void arena_recover(Arena *a, jmp_buf *where)
{
    a->recover = where;
}

size_t arena_used(const Arena *a)
{
    return a->total;
}

static void out_of_memory(Arena *a)
{
    longjmp(*a->recover, 1);
}

static Block *add_block(Arena *a, size_t need)
{
#ifdef ARENA_DEBUG
    size_t size = need;
#else
    size_t size = need > a->next_size ? need : a->next_size;
    if (a->next_size < LAST_BLOCK)
        a->next_size *= 2;
#endif
    Block *b = a->allocator.alloc(a->allocator.user, HEAD + size);
    if (!b)
        out_of_memory(a);
    *b = (Block){.next = a->block, .size = size};
    a->block = b;
    return b;
}

void *arena_alloc(Arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        out_of_memory(a);
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    Block *b = a->block;
    if (!b || b->size - b->used < size)
        b = add_block(a, size);
    void *p = (char *)b + HEAD + b->used;
    b->used += size;
    a->total += size;
    return memset(p, 0, size);
}

void *arena_grow(Arena *a, void *old, size_t old_size, size_t new_size)
{
    void *p = arena_alloc(a, new_size);
    if (old_size)
        memcpy(p, old, old_size);
    return p;
}

char *arena_strndup(Arena *a, const char *s, size_t n)
{
    char *p = arena_alloc(a, n + 1);
    memcpy(p, s, n);
    return p;
}

char *arena_strdup(Arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

/* Most formats have nothing but %s, %d, %lld and %c in them, and vsnprintf takes as long for these as
 * the rest of emitting C does. */
static bool is_simple(const char *fmt)
{
    while ((fmt = strchr(fmt, '%'))) {
        fmt++;
        if (*fmt == 's' || *fmt == 'd' || *fmt == 'c')
            fmt++;
        else if (fmt[0] == 'l' && fmt[1] == 'l' && fmt[2] == 'd')
            fmt += 3;
        else
            return false;
    }
    return true;
}

static char *put_integer(char *end, long long v)
{
    unsigned long long u = v < 0 ? 0 - (unsigned long long)v : (unsigned long long)v;
    do
        *--end = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        *--end = '-';
    return end;
}

/* Prints a simple format; to == NULL: only the length is wanted. */
static size_t put_simple(char *to, const char *fmt, va_list ap)
{
    size_t n = 0;
    while (*fmt) {
        char digits[24];
        size_t len = strcspn(fmt, "%");
        const char *piece = fmt;
        if (!len) {
            char kind = fmt[1];
            piece = digits;
            if (kind == 's') {
                piece = va_arg(ap, const char *);
                len = strlen(piece);
            } else if (kind == 'c') {
                digits[0] = (char)va_arg(ap, int);
                len = 1;
            } else {
                piece = put_integer(digits + sizeof digits, kind == 'd' ? va_arg(ap, int) : va_arg(ap, long long));
                len = (size_t)(digits + sizeof digits - piece);
            }
            fmt += kind == 'l' ? 4 : 2;
        } else {
            fmt += len;
        }
        if (to)
            memcpy(to + n, piece, len);
        n += len;
    }
    if (to)
        to[n] = 0;
    return n;
}

static size_t formatted(char *to, size_t room, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = is_simple(fmt) ? (int)put_simple(to, fmt, again) : vsnprintf(to, room, fmt, again);
    va_end(again);
    return n < 0 ? 0 : (size_t)n;
}

char *arena_vprintf(Arena *a, const char *fmt, va_list ap)
{
    size_t n = formatted(NULL, 0, fmt, ap);
    char *p = arena_alloc(a, n + 1);
    formatted(p, n + 1, fmt, ap);
    return p;
}

char *arena_printf(Arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}

void vec_room(Arena *a, void **at, int n, int *cap, size_t item)
{
    if (n < *cap)
        return;
    int larger = *cap ? *cap * 2 : 8;
    if (*cap > INT32_MAX / 2)
        out_of_memory(a);
    *at = arena_grow(a, *at, item * (size_t)n, item * (size_t)larger);
    *cap = larger;
}

static void text_room(Text *t, size_t more)
{
    if (t->n + more + 1 <= t->cap)
        return;
    size_t cap = t->cap ? t->cap * 2 : 256;
    while (cap < t->n + more + 1)
        cap *= 2;
    t->s = arena_grow(t->arena, t->s, t->n, cap);
    t->cap = cap;
}

void text_reserve(Text *t, size_t more)
{
    size_t cap = t->n + more + 1;
    if (cap <= t->cap)
        return;
    t->s = arena_grow(t->arena, t->s, t->n, cap);
    t->cap = cap;
}

void text_putn(Text *t, const char *s, size_t n)
{
    text_room(t, n);
    memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = 0;
}

void text_put(Text *t, const char *s)
{
    text_putn(t, s, strlen(s));
}

void text_vprintf(Text *t, const char *fmt, va_list ap)
{
    size_t n = formatted(NULL, 0, fmt, ap);
    text_room(t, n);
    formatted(t->s + t->n, n + 1, fmt, ap);
    t->n += n;
}

void text_printf(Text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    text_vprintf(t, fmt, ap);
    va_end(ap);
}
