/* arena.h - all memory of one compilation.
 *
 * Ownership law: everything a compilation builds (tree, graph, kernels, text,
 * messages) lives in one Arena and dies with it; nobody frees a single object.
 * When the system has no memory left, arena_alloc jumps to the recovery point
 * that compile.c has set, so no caller ever sees NULL and no error path leaks. */
#ifndef GRADC_ARENA_H
#define GRADC_ARENA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Arena Arena;

/* The allocator beneath an arena; malloc and free unless a host gives its own. */
typedef struct Allocator {
    void *(*alloc)(void *user, size_t size); /* NULL when there is no memory */
    void (*free)(void *user, void *block);
    void *user;
} Allocator;

Arena *arena_new(Allocator);           /* NULL when there is no memory */
void arena_free(Arena *);              /* NULL is fine */
void arena_recover(Arena *, jmp_buf *); /* where to jump when memory runs out */

/* Zeroed, aligned for any type. Never NULL. */
void *arena_alloc(Arena *, size_t size);
/* The block made larger: in place where it is the last, otherwise a copy, and the old one stays. */
void *arena_grow(Arena *, void *old, size_t old_size, size_t new_size);
char *arena_strndup(Arena *, const char *, size_t);
char *arena_strdup(Arena *, const char *);
char *arena_printf(Arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(Arena *, const char *fmt, va_list);
size_t arena_used(const Arena *);

#define NEW(arena, T) ((T *)arena_alloc((arena), sizeof(T)))
#define NEW_N(arena, T, n) ((T *)arena_alloc((arena), sizeof(T) * (size_t)(n)))

/* Growable array over an arena: `VEC(int) v = {0}; vec_push(a, &v, 3); v.at[0]`. */
#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *at;                                                                                     \
        int n, cap;                                                                                \
    }
#define vec_push(arena, v, ...)                                                                    \
    (vec_room((arena), (void **)&(v)->at, (v)->n, &(v)->cap, sizeof *(v)->at),                     \
     (v)->at[(v)->n++] = (__VA_ARGS__))
void vec_room(Arena *, void **at, int n, int *cap, size_t item);
/* Room for `want` items in all: an array that doubles leaves as much again behind in the arena. */
#define vec_reserve(arena, v, want)                                                                \
    vec_reserve_room((arena), (void **)&(v)->at, (v)->n, &(v)->cap, (want), sizeof *(v)->at)
void vec_reserve_room(Arena *, void **at, int n, int *cap, int want, size_t item);

/* Growable text over an arena; always ends with NUL. */
typedef struct Text {
    Arena *arena;
    char *s;
    size_t n, cap;
} Text;
/* Room for `more` bytes at once: a text that doubles leaves as much again behind in the arena. */
void text_reserve(Text *, size_t more);
void text_put(Text *, const char *);
void text_putn(Text *, const char *, size_t);
void text_printf(Text *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(Text *, const char *fmt, va_list);

#define ARRAY_LEN(a) ((int)(sizeof(a) / sizeof(a)[0]))

#endif
