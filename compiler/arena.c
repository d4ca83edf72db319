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

static size_t round_up(size_t size)
{
    return (size + ALIGN - 1) / ALIGN * ALIGN;
}

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
    size = round_up(size);
    Block *b = a->block;
    if (!b || b->size - b->used < size)
        b = add_block(a, size);
    void *p = (char *)b + HEAD + b->used;
    b->used += size;
    a->total += size;
    return memset(p, 0, size);
}

/* What was allocated last grows where it is. */
void *arena_grow(Arena *a, void *old, size_t old_size, size_t new_size)
{
#ifndef ARENA_DEBUG
    Block *b = a->block;
    size_t whole = round_up(old_size);
    if (old && new_size < SIZE_MAX / 2 && whole <= b->used &&
        (char *)old + whole == (char *)b + HEAD + b->used) {
        size_t more = round_up(new_size) - whole;
        if (b->size - b->used >= more) {
            memset((char *)b + HEAD + b->used, 0, more);
            b->used += more;
            a->total += more;
            return old;
        }
    }
#endif
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

/* Most formats have nothing but %s, %d, %lld and %c in them, and vsnprintf takes as long for these as
 * the rest of emitting C does. As vsnprintf; -1 where there is something else in it. */
static ptrdiff_t put_simple(char *to, size_t room, const char *fmt, va_list ap)
{
    size_t n = 0;
    while (*fmt) {
        char digits[24];
        const char *piece = fmt;
        size_t len = 0, said = 2;
        if (*fmt != '%') {
            while (fmt[len] && fmt[len] != '%')
                len++;
            said = len;
        } else if (fmt[1] == 's') {
            piece = va_arg(ap, const char *);
            len = strlen(piece);
        } else if (fmt[1] == 'c') {
            piece = digits;
            digits[0] = (char)va_arg(ap, int);
            len = 1;
        } else if (fmt[1] == 'd' || (fmt[1] == 'l' && fmt[2] == 'l' && fmt[3] == 'd')) {
            piece = put_integer(digits + sizeof digits, fmt[1] == 'd' ? va_arg(ap, int) : va_arg(ap, long long));
            len = (size_t)(digits + sizeof digits - piece);
            said = fmt[1] == 'd' ? 2 : 4;
        } else {
            return -1;
        }
        fmt += said;
        if (n + len < room)
            memcpy(to + n, piece, len);
        n += len;
    }
    if (n < room)
        to[n] = 0;
    return (ptrdiff_t)n;
}

static size_t formatted(char *to, size_t room, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    ptrdiff_t n = put_simple(to, room, fmt, again);
    va_end(again);
    if (n >= 0)
        return (size_t)n;
    va_copy(again, ap);
    n = vsnprintf(to, room, fmt, again);
    va_end(again);
    return n < 0 ? 0 : (size_t)n;
}

char *arena_vprintf(Arena *a, const char *fmt, va_list ap)
{
    char most[128];
    size_t n = formatted(most, sizeof most, fmt, ap);
    char *p = arena_alloc(a, n + 1);
    if (n < sizeof most)
        memcpy(p, most, n);
    else
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

void vec_reserve_room(Arena *a, void **at, int n, int *cap, int want, size_t item)
{
    if (want <= *cap)
        return;
    *at = arena_grow(a, *at, item * (size_t)n, item * (size_t)want);
    *cap = want;
}

static void text_room(Text *t, size_t more)
{
    if (t->n + more + 1 <= t->cap)
        return;
    size_t cap = t->cap ? t->cap * 2 : 64;
    while (cap < t->n + more + 1)
        cap *= 2;
    t->s = arena_grow(t->arena, t->s, t->cap, cap);
    t->cap = cap;
}

void text_reserve(Text *t, size_t more)
{
    size_t cap = t->n + more + 1;
    if (cap <= t->cap)
        return;
    t->s = arena_grow(t->arena, t->s, t->cap, cap);
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
    text_room(t, 0);
    size_t room = t->cap - t->n, n = formatted(t->s + t->n, room, fmt, ap);
    if (n >= room) {
        text_room(t, n);
        formatted(t->s + t->n, n + 1, fmt, ap);
    }
    t->n += n;
}

void text_printf(Text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    text_vprintf(t, fmt, ap);
    va_end(ap);
}
