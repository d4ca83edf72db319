/* heap.h - arenas for tests, from malloc. */
#ifndef GRADC_TESTS_HEAP_H
#define GRADC_TESTS_HEAP_H

#include "compiler/arena.h"

#include <stdlib.h>

static inline void *heap_alloc(void *user, size_t size)
{
    (void)user;
    return malloc(size);
}

static inline void heap_free(void *user, void *block)
{
    (void)user;
    free(block);
}

static inline Arena *new_arena(void)
{
    Arena *a = arena_new((Allocator){.alloc = heap_alloc, .free = heap_free});
    if (!a)
        exit(3);
    return a;
}

#endif
