/* jit.c - libtcc behind the interface of jit.h; nothing at all where it is missing. */
#include "tests/jit.h"

#include <stdio.h>
#include <stdlib.h>

#if defined(__has_include)
#if __has_include(<libtcc.h>)
#define HAVE_TCC 1
#endif
#endif

#ifdef HAVE_TCC
#include <libtcc.h>

struct Jit {
    TCCState *state;
};

typedef struct Log {
    char *message;
    int size, used;
} Log;

static void log_error(void *user, const char *text)
{
    Log *log = user;
    int n = snprintf(log->message + log->used, (size_t)(log->size - log->used), "%s%s",
                     log->used ? "; " : "", text);
    log->used += n;
    if (log->used >= log->size)
        log->used = log->size - 1;
}

bool jit_available(void)
{
    return true;
}

Jit *jit_compile(const char *text, char *message, int size)
{
    Log log = {.message = message, .size = size};
    Jit *j = malloc(sizeof *j);
    TCCState *s = tcc_new();
    if (!j || !s)
        exit(3);
    j->state = s;
    message[0] = 0;
    tcc_set_error_func(s, &log, log_error);
    tcc_set_options(s, "-Wall");
    tcc_set_output_type(s, TCC_OUTPUT_MEMORY);
    bool fine = tcc_compile_string(s, text) == 0;
#ifdef TCC_RELOCATE_AUTO
    fine = fine && tcc_relocate(s, TCC_RELOCATE_AUTO) == 0;
#else
    fine = fine && tcc_relocate(s) == 0;
#endif
    if (fine && !log.used)
        return j;
    jit_free(j);
    return NULL;
}

void *jit_symbol(Jit *j, const char *name)
{
    return tcc_get_symbol(j->state, name);
}

void jit_free(Jit *j)
{
    if (!j)
        return;
    tcc_delete(j->state);
    free(j);
}

#else

bool jit_available(void)
{
    return false;
}

Jit *jit_compile(const char *text, char *message, int size)
{
    (void)text;
    snprintf(message, (size_t)size, "built without libtcc");
    return NULL;
}

void *jit_symbol(Jit *j, const char *name)
{
    (void)j;
    (void)name;
    return NULL;
}

void jit_free(Jit *j)
{
    (void)j;
}

#endif
