/* jit.c - libtcc, where it is there, and shared objects behind the interface of jit.h. */
#include "tests/jit.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__has_include)
#if __has_include(<libtcc.h>)
#define HAVE_TCC 1
#endif
#endif

#ifdef HAVE_TCC
#include <libtcc.h>
#else
typedef void TCCState;
#endif

struct Jit {
    TCCState *state; /* of libtcc, or */
    void *lib;       /* a shared object */
};

static Jit *new_jit(void)
{
    Jit *j = calloc(1, sizeof *j);
    if (!j)
        exit(3);
    return j;
}

Jit *jit_compile_with(const char *command, const char *libraries, const char *text, char *message,
                      int size)
{
    char folder[] = "/tmp/gradc_test_XXXXXX", source[64], object[64], line[2048];
    Jit *j = new_jit();
    if (!mkdtemp(folder))
        exit(3);
    snprintf(source, sizeof source, "%s/text.c", folder);
    snprintf(object, sizeof object, "%s/text.so", folder);
    FILE *f = fopen(source, "w");
    if (!f || fputs(text, f) < 0 || fclose(f))
        exit(3);
    snprintf(line, sizeof line, "%s -fPIC -shared -o %s %s -lm %s", command, object, source,
             libraries);
    int status = system(line);
    if (!status)
        j->lib = dlopen(object, RTLD_NOW);
    snprintf(message, (size_t)size, "%s", status ? "the compiler fails" : j->lib ? "" : dlerror());
    unlink(source);
    unlink(object);
    rmdir(folder);
    if (j->lib)
        return j;
    free(j);
    return NULL;
}

#ifdef HAVE_TCC
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
    Jit *j = new_jit();
    TCCState *s = tcc_new();
    if (!s)
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

static void *tcc_symbol(Jit *j, const char *name)
{
    return tcc_get_symbol(j->state, name);
}

static void tcc_end(Jit *j)
{
    tcc_delete(j->state);
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

static void *tcc_symbol(Jit *j, const char *name)
{
    (void)j;
    (void)name;
    return NULL;
}

static void tcc_end(Jit *j)
{
    (void)j;
}
#endif

void *jit_symbol(Jit *j, const char *name)
{
    return j->lib ? dlsym(j->lib, name) : tcc_symbol(j, name);
}

void jit_free(Jit *j)
{
    if (!j)
        return;
    if (j->lib)
        dlclose(j->lib);
    else
        tcc_end(j);
    free(j);
}
