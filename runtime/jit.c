/* jit.c - modules: a model made callable by one of the backends. */
#include "blas.h"
#include "module.h"

#include "compiler/program.h"

#include <stdio.h>

static const Backend *const backends[] = {&backend_tcc, &backend_cc, &backend_auto, &backend_interp};

const char *gradc_backend_name(int i)
{
    return i >= 0 && i < ARRAY_LEN(backends) ? backends[i]->name : NULL;
}

static const Backend *find_backend(const char *name)
{
    for (int i = 0; i < ARRAY_LEN(backends); i++)
        if (!name || !strcmp(backends[i]->name, name))
            return backends[i];
    return NULL;
}

/* The functions again, as a backend wants their C. Where the file that is written calls cblas, they call
 * what is loaded now, and without that what is ours. */
static void emit_again(const gradc *g, const Backend *b, Arena *a, Text *out)
{
    CompileOptions *o = NEW(a, CompileOptions);
    Program **program = NEW_N(a, Program *, g->nfunction + 1);
    *o = g->c.options;
    o->blas = false;
    o->products = g->c.options.blas && blas_find();
    o->strips = b->strips;
    for (int i = 0; i < g->nfunction; i++) {
        program[i] = NEW(a, Program);
        *program[i] = *g->c.program[i];
        program[i]->options = o;
    }
    emit_c(g->c.model, o, program, g->nfunction, out);
    emit_calls(program, g->nfunction, out);
}

/* The text that is compiled, in an arena of its own: that of the gradc may be in use by other
 * threads. What it grows by all the same (new sizes) is for who holds the lock. False: no memory. */
bool module_text(const gradc *shared, const Backend *b, Arena *a, Text *out)
{
    gradc *g = (gradc *)(uintptr_t)shared;
    jmp_buf recover;
    out->arena = a;
    pthread_mutex_lock(&g->emitting);
    bool good = !setjmp(recover);
    if (good) {
        arena_recover(a, &recover);
        arena_recover(g->c.arena, &recover);
        if (b->strips || g->c.options.blas) {
            emit_again(g, b, a, out);
        } else {
            text_putn(out, g->c.c.s, g->c.c.n);
            emit_calls(g->c.program, g->nfunction, out);
        }
    }
    arena_recover(g->c.arena, NULL);
    pthread_mutex_unlock(&g->emitting);
    return good;
}

/* Pointers to functions go through a copy: C has no conversion from pointers to objects. */
static bool find_entries(gradc_module *m, gradc_error *error)
{
    if (m->g->c.options.blas)
        blas_give(m->backend->symbol, m->state);
    for (int i = 0; i < m->nfunction; i++) {
        char call[32], work[32];
        snprintf(call, sizeof call, "gradc_call_%d", i);
        snprintf(work, sizeof work, "gradc_work_%d", i);
        void *p = m->backend->symbol(m->state, call), *w = m->backend->symbol(m->state, work);
        if (!p || !w) {
            error_set(error, GRADC_SYSTEM_ERROR, "%s: what was compiled has no %s",
                      m->backend->name, p ? work : call);
            return false;
        }
        gradc_call_function *function;
        memcpy(&function, &p, sizeof p);
        atomic_init(&m->function[i].call, function);
        memcpy(&m->function[i].work, &w, sizeof w);
    }
    return true;
}

static bool open_module(gradc_module *m, gradc_error *error)
{
    if (!m->backend->symbol) {
        m->state = m->backend->open(m->g, NULL, error);
        return m->state;
    }
    Arena *a = arena_new(m->allocator);
    Text text = {0};
    if (a && module_text(m->g, m->backend, a, &text))
        m->state = m->backend->open(m->g, text.s, error);
    else
        error_set(error, GRADC_SYSTEM_ERROR, "out of memory");
    arena_free(a);
    return m->state && find_entries(m, error);
}

gradc_module *gradc_load(const gradc *g, const char *backend, gradc_error *error)
{
    const Backend *b = find_backend(backend);
    if (!b) {
        error_set(error, GRADC_USAGE_ERROR,
                  "there is no backend '%s'; there are tcc, cc, auto and interp", backend);
        return NULL;
    }
    if (g->c.status != COMPILE_OK) {
        error_set(error, GRADC_USAGE_ERROR, "the model has errors");
        return NULL;
    }
    Allocator al = g->allocator;
    gradc_module *m = al.alloc(al.user, sizeof *m);
    Entry *function = al.alloc(al.user, sizeof *function * (size_t)(g->nfunction + 1));
    if (!m || !function) {
        if (m)
            al.free(al.user, m);
        if (function)
            al.free(al.user, function);
        error_set(error, GRADC_SYSTEM_ERROR, "out of memory");
        return NULL;
    }
    memset(function, 0, sizeof *function * (size_t)(g->nfunction + 1));
    *m = (gradc_module){
        .allocator = al, .g = g, .backend = b, .nfunction = g->nfunction, .function = function};
    bool good = open_module(m, error);
    if (!good && b == &backend_auto && !m->state) { /* no libtcc: there is only one to wait for */
        m->backend = &backend_cc;
        good = open_module(m, error);
    } else if (good && b == &backend_auto) {
        better_start(m);
    }
    if (good)
        return m;
    gradc_unload(m);
    return NULL;
}

void gradc_unload(gradc_module *m)
{
    if (!m)
        return;
    Allocator al = m->allocator;
    better_stop(m);
    if (m->state)
        m->backend->close(m->state);
    al.free(al.user, m->function);
    al.free(al.user, m);
}

/* ---- Calls ---- */

static bool has_function(const gradc_module *m, int function)
{
    return function >= 0 && function < m->nfunction;
}

size_t gradc_workspace(const gradc_module *m, int function, void *const *in, const int64_t *sizes)
{
    return has_function(m, function) && m->function[function].work
               ? m->function[function].work(in, sizes)
               : 0;
}

int gradc_call(const gradc_module *m, int function, void *const *in, const int64_t *sizes,
               void *const *out, void *work)
{
    if (!has_function(m, function))
        return GRADC_CALL_FAILED;
    gradc_call_function *call = atomic_load_explicit(&m->function[function].call, memory_order_acquire);
    return call ? call(in, sizes, out, work) : m->backend->call(m->state, function, in, sizes, out);
}

gradc_call_function *gradc_get_call(const gradc_module *m, int function)
{
    return has_function(m, function) ? atomic_load(&m->function[function].call) : NULL;
}

void *gradc_get_symbol(const gradc_module *m, const char *name)
{
    void *better = better_symbol(m, name);
    if (better)
        return better;
    return m->backend->symbol ? m->backend->symbol(m->state, name) : NULL;
}

const char *gradc_module_backend(const gradc_module *m)
{
    if (m->backend == &backend_auto)
        return better_there(m) ? "cc" : "tcc";
    return m->backend->name;
}

int gradc_module_busy(const gradc_module *m)
{
    return better_busy(m);
}
