/* gradc.c - implements gradc.h over the compiler. */
#include "impl.h"

#include <stdlib.h>

static void *default_alloc(void *user, size_t size)
{
    (void)user;
    return malloc(size);
}

static void default_free(void *user, void *block)
{
    (void)user;
    free(block);
}

const char *gradc_version(void)
{
    return GRADC_VERSION;
}

void gradc_options_init(gradc_options *o)
{
    *o = (gradc_options){.real_bits = 64, .level = 2, .unroll = 16};
}

static CompileOptions translate(const gradc_options *o)
{
    return (CompileOptions){.real = o->real_bits == 32 ? T_F32 : T_F64, .ndefine = o->ndefine, .define_name = o->define_name,
                            .define_value = o->define_value, .ninclude = o->ninclude, .include = o->include,
                            .nexport = o->nexport, .export_ = o->exports, .train = o->train, .optimizer = o->optimizer, .disconnected_zero = o->disconnected_zero,
                            .fast_math = o->fast_math, .check_bounds = o->check_bounds, .openmp = o->openmp,
                            .blas = o->blas, .level = o->level, .unroll = o->unroll};
}

/* What needs the arena outside of the compilation itself; its memory may run out too. */
static void with_arena(gradc *g, void (*what)(gradc *))
{
    jmp_buf recover;
    if (setjmp(recover)) {
        g->c.status = COMPILE_SYSTEM_ERROR;
    } else {
        arena_recover(g->c.arena, &recover);
        what(g);
    }
    arena_recover(g->c.arena, NULL);
}

static gradc *run(const char *path, const char *text, size_t size, const gradc_options *options)
{
    gradc_options defaults;
    gradc_options_init(&defaults);
    const gradc_options *o = options ? options : &defaults;
    Allocator al = {.alloc = o->alloc ? o->alloc : default_alloc, .free = o->free ? o->free : default_free, .user = o->user};
    gradc *g = al.alloc(al.user, sizeof *g);
    if (!g)
        return NULL;
    *g = (gradc){.allocator = al};
    if (pthread_mutex_init(&g->emitting, NULL)) {
        al.free(al.user, g);
        return NULL;
    }
    g->c.arena = arena_new(al);
    if (!g->c.arena) {
        pthread_mutex_destroy(&g->emitting);
        al.free(al.user, g);
        return NULL;
    }
    g->c.options = translate(o);
    g->c.dump = o->dump;
    with_arena(g, find_standard_library);
    if (g->c.status == COMPILE_OK)
        compile(&g->c, path, text, size);
    if (g->c.status == COMPILE_OK) /* what hosts ask about it */
        with_arena(g, describe);
    return g;
}

gradc *gradc_compile_file(const char *path, const gradc_options *options)
{
    return run(path, NULL, 0, options);
}

gradc *gradc_compile_string(const char *name, const char *text, size_t size, const gradc_options *options)
{
    return run(name, text, size, options);
}

void gradc_free(gradc *g)
{
    if (!g)
        return;
    Allocator al = g->allocator;
    arena_free(g->c.arena);
    pthread_mutex_destroy(&g->emitting);
    al.free(al.user, g);
}

gradc_status gradc_get_status(const gradc *g)
{
    return (gradc_status)g->c.status;
}

const char *gradc_errors(const gradc *g)
{
    if (g->c.status == COMPILE_SYSTEM_ERROR && !g->c.errors.n)
        return "error: out of memory\n";
    return g->c.errors.s;
}

int gradc_message_count(const gradc *g)
{
    return g->c.rendered ? g->c.diags.list.n : 0;
}

gradc_message gradc_get_message(const gradc *g, int i)
{
    const Diag *d = &g->c.diags.list.at[i];
    gradc_message m = {.is_note = d->severity == SEVERITY_NOTE, .text = d->message, .rendered = g->c.rendered[i]};
    if (d->placed) {
        m.file = g->c.diags.sources.at[d->span.source].path;
        m.line = diag_line(&g->c.diags, d->span);
        m.column = diag_column(&g->c.diags, d->span);
    }
    return m;
}

const char *gradc_c_text(const gradc *g)
{
    return g->c.status == COMPILE_OK ? g->c.c.s : NULL;
}

const char *gradc_header_text(const gradc *g)
{
    return g->c.status == COMPILE_OK ? g->c.header.s : NULL;
}

const char *gradc_dump_text(const gradc *g)
{
    return g->c.status == COMPILE_OK ? g->c.dump_text.s : NULL;
}

const char *gradc_show_text(gradc *g)
{
    return g->c.status == COMPILE_OK && compile_show(&g->c) ? g->c.show.s : NULL;
}

const char *gradc_dot_text(gradc *g)
{
    return g->c.status == COMPILE_OK && compile_dot(&g->c) ? g->c.dot.s : NULL;
}

const char *gradc_source_path(const gradc *g, int i)
{
    const Model *m = g->c.status == COMPILE_OK ? g->c.model : NULL;
    return m && i >= 0 && i < m->files.n ? m->files.at[i] : NULL;
}

const char *gradc_pass_name(int i)
{
    return compile_passes[i];
}
