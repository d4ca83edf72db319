/* module.h - a model made callable: jit.c and jit_auto.c. */
#ifndef GRADC_MODULE_H
#define GRADC_MODULE_H

#include "impl.h"

#include <stdatomic.h>

typedef size_t WorkFunction(void *const *in, const int64_t *sizes);

typedef struct Entry {
    _Atomic(gradc_call_function *) call; /* "auto" exchanges it while calls go on */
    WorkFunction *work;                  /* the same bytes whoever compiles the function */
} Entry;

struct gradc_module {
    Allocator allocator;
    const gradc *g;
    const Backend *backend;
    void *state;
    int nfunction;
    Entry *function;
    struct Better *better; /* "auto": the compiler in the background, or NULL */
};

/* The text that a backend compiles; in an arena of its own. False: no memory. */
bool module_text(const gradc *, const Backend *, Arena *, Text *out);

/* Starts the system's compiler on a thread, which exchanges the functions' pointers when it is done.
 * Where that cannot be, the module stays what it is. */
void better_start(gradc_module *);
/* Ends the thread, and the compiler if it is running. */
void better_stop(gradc_module *);
/* What dlsym finds in the compiler's object, NULL while it is not there. */
void *better_symbol(const gradc_module *, const char *name);
bool better_busy(const gradc_module *);
bool better_there(const gradc_module *);

#endif
