/* find_std.c - where the standard library of models stands, for `import "nn"`.
 *
 * Behind the folders of the caller come, as far as they can be told: $GRADC_STD; what stands beside
 * the program or shared library that this code is in (the source tree that it was built in, the
 * prefix that it was installed under); the prefix that it was configured for. So a tree that was
 * moved, or is not installed, finds the models that belong to it. */
#if defined(__APPLE__)
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE /* dladdr */
#endif
#include "impl.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef GRADC_STD_DIR
#define GRADC_STD_DIR "/usr/local/share/gradc/std"
#endif

enum { MAX_PATH_BYTES = 4096 };

/* From the folder of a program or library: build tree (./gradc, build/libgradc.so,
 * build/asan/gradc, a test in build/tests/unit or build/asan/tests/unit), then PREFIX/bin and PREFIX/lib. */
static const char *const beside[] = {"runtime/std", "../runtime/std", "../../runtime/std",
                                     "../../../runtime/std", "../../../../runtime/std", "../share/gradc/std"};

/* The folder of the file that holds this code, "" where the system does not tell. */
static const char *own_folder(Arena *a)
{
    static const char mark = 0; /* an address in this very file */
    char path[MAX_PATH_BYTES];
    Dl_info info;
    const char *file = dladdr(&mark, &info) && info.dli_fname ? info.dli_fname : "";
    if (file[0] != '/') { /* of a program, dladdr knows only how it was called */
        ssize_t n = readlink("/proc/self/exe", path, sizeof path);
        if (n > 0 && n < MAX_PATH_BYTES)
            file = arena_strndup(a, path, (size_t)n);
    }
    const char *slash = strrchr(file, '/');
    return slash ? arena_strndup(a, file, (size_t)(slash - file) + 1) : "";
}

void find_standard_library(gradc *g)
{
    enum { N = sizeof beside / sizeof *beside };
    Arena *a = g->c.arena;
    CompileOptions *o = &g->c.options;
    const char **folder = NEW_N(a, const char *, o->ninclude + N + 2), *set = getenv("GRADC_STD");
    int n = 0;
    for (; n < o->ninclude; n++)
        folder[n] = o->include[n];
    if (set && *set)
        folder[n++] = arena_printf(a, "%s", set);
    const char *own = own_folder(a);
    for (int i = 0; i < N && *own; i++)
        folder[n++] = arena_printf(a, "%s%s", own, beside[i]);
    folder[n++] = GRADC_STD_DIR;
    o->include = folder;
    o->ninclude = n;
}
