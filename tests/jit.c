/* jit.c - libtcc, where it is there, and shared objects behind the interface of jit.h. A model may call its
 * function `open`: -Bsymbolic keeps those of libc out. */
#include "tests/jit.h"

#include "runtime/kernels.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    snprintf(line, sizeof line, "%s -fPIC -shared -Wl,-Bsymbolic -o %s %s -lm %s", command, object, source,
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

static void add_kernel(void *state, const char *name, KernelAny *address)
{
    void *p;
    memcpy(&p, &address, sizeof p);
    tcc_add_symbol(state, name, p);
}

static Jit *compile_text(const char *text, bool kernels, char *message, int size)
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
    if (kernels)
        kernels_named(text, add_kernel, s);
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

static Jit *compile_text(const char *text, bool kernels, char *message, int size)
{
    (void)text;
    (void)kernels;
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

Jit *jit_compile(const char *text, char *message, int size)
{
    return compile_text(text, false, message, size);
}

Jit *jit_compile_strips(const char *text, char *message, int size)
{
    return compile_text(text, true, message, size);
}

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
