/* jit_auto.c - the backend "auto": libtcc at once, the system's compiler on a thread, and the functions'
 * pointers exchanged one by one when it is done.
 *
 * Both codes stay loaded until the module is unloaded, so calls that are running go on in the one
 * that they are in, and nobody waits. The compiler runs at a lower priority; the thread does not, as
 * it takes locks that the host may want (malloc's, the loader's). tests/bench/auto.c measures what
 * callers notice. The compiler may be missing or fail: then nothing changes. */
#include "blas.h"
#include "module.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

typedef struct Better {
    gradc_module *module;
    Arena *arena; /* of the text */
    const char *text;
    pthread_t thread;
    Cancel cancel;
    _Atomic(void *) state; /* of the backend "cc" */
    atomic_bool busy;
} Better;

/* Code is a part of a file until it is first run: the page that a function begins on, and those that the
 * system takes along, shall be there by then. */
static void touch(const void *code)
{
    if (code)
        (void)*(const volatile unsigned char *)code;
}

/* All functions or none: a name that is missing would be a fault of ours. */
static bool find_calls(const Better *b, void *state, gradc_call_function **call)
{
    for (int i = 0; i < b->module->nfunction; i++) {
        char name[32];
        snprintf(name, sizeof name, "gradc_call_%d", i);
        void *p = backend_cc.symbol(state, name);
        if (!p)
            return false;
        touch(p);
        touch(backend_cc.symbol(state, gradc_get_function(b->module->g, i).name));
        if (call)
            memcpy(call, &p, sizeof p);
        if (call)
            atomic_store_explicit(&b->module->function[i].call, *call, memory_order_release);
    }
    return true;
}

static void *compile_better(void *user)
{
    Better *b = user;
    void *state = cc_open(b->text, &b->cancel, NULL);
    gradc_call_function *call;
    if (state && b->module->g->c.options.blas)
        blas_give(backend_cc.symbol, state);
    if (state && find_calls(b, state, NULL)) {
        atomic_store(&b->state, state);
        find_calls(b, state, &call);
    } else if (state) {
        backend_cc.close(state);
    }
    atomic_store(&b->busy, false);
    return NULL;
}

/* The thread gets no signals: they are the host's. */
static bool start_thread(Better *b)
{
    sigset_t all, before;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before))
        return false;
    bool good = pthread_create(&b->thread, NULL, compile_better, b) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good;
}

void better_start(gradc_module *m)
{
    Allocator al = m->allocator;
    Text text = {0};
    Better *b = al.alloc(al.user, sizeof *b);
    Arena *a = b ? arena_new(al) : NULL;
    if (a && module_text(m->g, &backend_cc, a, &text)) {
        memset(b, 0, sizeof *b);
        b->module = m;
        b->arena = a;
        b->text = text.s;
        atomic_init(&b->state, NULL);
        atomic_init(&b->busy, true);
        if (pthread_mutex_init(&b->cancel.lock, NULL) == 0) {
            m->better = b;
            if (start_thread(b))
                return;
            m->better = NULL;
            pthread_mutex_destroy(&b->cancel.lock);
        }
    }
    arena_free(a);
    if (b)
        al.free(al.user, b);
}

void better_stop(gradc_module *m)
{
    Better *b = m->better;
    if (!b)
        return;
    pthread_mutex_lock(&b->cancel.lock);
    b->cancel.stop = true;
    if (b->cancel.child > 0)
        kill(-b->cancel.child, SIGTERM); /* the compiler and what it has started */
    pthread_mutex_unlock(&b->cancel.lock);
    pthread_join(b->thread, NULL);
    if (atomic_load(&b->state))
        backend_cc.close(atomic_load(&b->state));
    pthread_mutex_destroy(&b->cancel.lock);
    arena_free(b->arena);
    m->allocator.free(m->allocator.user, b);
    m->better = NULL;
}

void *better_symbol(const gradc_module *m, const char *name)
{
    void *state = m->better ? atomic_load(&m->better->state) : NULL;
    return state ? backend_cc.symbol(state, name) : NULL;
}

bool better_busy(const gradc_module *m)
{
    return m->better && atomic_load(&m->better->busy);
}

bool better_there(const gradc_module *m)
{
    return m->better && atomic_load(&m->better->state);
}
