/* impl.h - what the files of libgradc share. */
#ifndef GRADC_IMPL_H
#define GRADC_IMPL_H

#include "gradc.h"

#include "compiler/compile.h"

#include <pthread.h>
#include <sys/types.h>

/* A function as gradc_get_function and gradc_get_argument tell it. */
typedef struct Described {
    gradc_function info;
    gradc_argument *argument;
    Shape *shape; /* by argument */
} Described;

struct gradc {
    Compilation c;
    Allocator allocator;
    Described *function; /* by function of the model */
    int nfunction;
    pthread_mutex_t emitting; /* held while C is made for a backend: sizes are made on the way */
};

/* Fills in g->function; memory from the arena, whose recovery point is set. */
void describe(gradc *g);

/* Adds the folders of the standard library to those that imports are searched in (the same memory). */
void find_standard_library(gradc *g);

/* Fills in *e, if it is there, and returns the status. */
gradc_status error_set(gradc_error *e, gradc_status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- Backends ---- */

/* A way to make functions callable. `open` compiles `text`, the C of the model with emit_call.c's
 * functions behind it, and gives a state of its own; NULL where it fails. A backend that has no
 * `symbol` (it needs no text) has `call`. */
typedef struct Backend {
    const char *name;
    bool strips; /* wants the C that calls runtime/kernels.h */
    void *(*open)(const gradc *, const char *text, gradc_error *);
    void *(*symbol)(void *state, const char *name);
    int (*call)(void *state, int function, void *const *in, const int64_t *sizes, void *const *out);
    void (*close)(void *state);
} Backend;

extern const Backend backend_tcc, backend_cc, backend_auto, backend_interp;

/* To end a compiler that another thread has started. */
typedef struct Cancel {
    pthread_mutex_t lock;
    bool stop;   /* start none any more */
    pid_t child; /* the leader of its process group; 0: none is running */
} Cancel;

/* backend_cc's open; `cancel` may be NULL. */
void *cc_open(const char *text, Cancel *cancel, gradc_error *);

#endif
