/* compile.c - the pipeline. Read this first.
 *
 *   parse -> elaborate (derivatives are taken here) -> optimise -> lower -> plan -> emit
 *
 * Every stage takes a named thing and gives a named thing; all state is in one
 * Compilation. With -DGRADC_VERIFY the graph is checked after every pass. */
#include "compile.h"
#include "optimise.h"
#include "parse.h"
#include "program.h"
#include "show.h"
#include "verify.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

const char *const compile_passes[] = {"parse", "elaborate", "optimise", NULL};

enum { MAX_SOURCE = 64 << 20 }; /* offsets in messages are 32-bit */

/* The whole file into the arena; an error without a place where that fails. */
static bool read_file(Compilation *c, const char *path, const char **text, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        diag_error_nowhere(&c->diags, "cannot open %s: %s", path, strerror(errno));
        return false;
    }
    c->reading = f;
    Text t = {.arena = c->arena};
    char block[16384];
    size_t n;
    bool good = true;
    text_put(&t, "");
    while (good && (n = fread(block, 1, sizeof block, f)) > 0) {
        text_putn(&t, block, n);
        good = t.n < MAX_SOURCE;
    }
    if (!good || ferror(f)) {
        diag_error_nowhere(&c->diags, good ? "cannot read %s" : "%s is too large", path);
        good = false;
    }
    fclose(f);
    c->reading = NULL;
    *text = t.s;
    *size = t.n;
    return good;
}

static bool wants(const Compilation *c, const char *pass)
{
    return c->dump && !strcmp(c->dump, pass);
}

/* After a pass: shows the graphs where that is asked for, and in checking builds verifies them. */
static void after_pass(Compilation *c, const char *pass)
{
    for (int i = 0; i < c->model->functions.n; i++) {
        Function *f = c->model->functions.at[i];
        if (wants(c, pass))
            show_function(f, &c->dump_text);
#ifdef GRADC_VERIFY
        Node **root;
        int n = function_roots(c->arena, f, &root);
        const char *fault = verify_graph(f->graph, n, root, true);
        if (fault)
            diag_error(&c->diags, f->span, "illegal graph after %s: %s", pass, fault);
#endif
    }
}

/* Seconds since *last, which becomes now. */
static double lap(double *last)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    double now = (double)t.tv_sec + 1e-9 * (double)t.tv_nsec, took = now - *last;
    *last = now;
    return took;
}

static void back_end(Compilation *c)
{
    Model *m = c->model;
    int n = m->functions.n;
    double clock = 0;
    lap(&clock);
    c->program = NEW_N(c->arena, Program *, n + 1);
    for (int i = 0; i < n; i++)
        optimise(m->functions.at[i], &c->options);
    after_pass(c, "optimise");
    c->times.optimise = lap(&clock);
    for (int i = 0; i < n; i++) {
        c->program[i] = lower(m->functions.at[i], &c->options);
        plan(c->program[i]);
    }
    c->times.lower = lap(&clock);
    if (c->diags.errors)
        return;
    emit_c(m, &c->options, c->program, n, &c->c);
    emit_header(m, c->program, n, &c->header);
    c->times.emit = lap(&clock);
}

/* The model as it is now: passes point a function's outputs at new nodes and leave the old ones as
 * they are, but for their names. What is shown is what the model says: x^2 and not x*x, @ and not
 * a sum. */
static Model *keep_for_show(Compilation *c, const Model *m)
{
    Arena *a = c->arena;
    Model *copy = NEW(a, Model);
    copy->path = m->path;
    c->shown_names = NEW_N(a, ShownNames, m->functions.n + 1);
    for (int i = 0; i < m->functions.n; i++) {
        Function *f = NEW(a, Function);
        *f = *m->functions.at[i];
        f->outputs.at = NEW_N(a, Output, f->outputs.n + 1);
        f->outputs.cap = f->outputs.n + 1;
        for (int k = 0; k < f->outputs.n; k++)
            f->outputs.at[k] = m->functions.at[i]->outputs.at[k];
        f->checks.at = NEW_N(a, Demand, f->checks.n + 1);
        f->checks.cap = f->checks.n + 1;
        for (int k = 0; k < f->checks.n; k++)
            f->checks.at[k] = m->functions.at[i]->checks.at[k];
        vec_push(a, &copy->functions, f);
        ShownNames *names = &c->shown_names[i];
        names->n = f->graph->nodes.n;
        names->name = NEW_N(a, const char *, names->n + 1);
        for (int k = 0; k < names->n; k++)
            names->name[k] = f->graph->nodes.at[k]->name;
    }
    return copy;
}

/* Nothing reads the names that passes have given once the text is there. */
static void restore_names(Compilation *c)
{
    for (int i = 0; i < c->shown->functions.n; i++)
        for (int k = 0; k < c->shown_names[i].n; k++)
            c->shown->functions.at[i]->graph->nodes.at[k]->name = c->shown_names[i].name[k];
}

static void front_end(Compilation *c, const char *path, const char *text, size_t size)
{
    double clock = 0;
    lap(&clock);
    uint32_t source = diag_add_source(&c->diags, path, text, size);
    Ast *file = parse_program(c->arena, &c->diags, source);
    c->times.parse = lap(&clock);
    if (!file || c->diags.errors)
        return;
    if (wants(c, "parse"))
        ast_print(file, &c->dump_text);
    c->model = elaborate(c->arena, &c->diags, file, &c->options);
    if (c->model && !c->diags.errors) {
        after_pass(c, "elaborate");
        c->shown = keep_for_show(c, c->model);
    }
    c->times.elaborate = lap(&clock);
}

void compile(Compilation *c, const char *path, const char *text, size_t size)
{
    jmp_buf recover;
    c->diags.arena = c->c.arena = c->header.arena = c->dump_text.arena = c->arena;
    c->show.arena = c->dot.arena = c->errors.arena = c->arena;
    c->status = COMPILE_SYSTEM_ERROR;
    if (setjmp(recover)) {
        arena_recover(c->arena, NULL);
        if (c->reading)
            fclose(c->reading);
        c->status = COMPILE_SYSTEM_ERROR; /* no memory, whatever else is wrong */
        c->errors.n = 0;
        c->rendered = NULL;
        return;
    }
    arena_recover(c->arena, &recover);
    text_put(&c->errors, "");
    text_put(&c->dump_text, "");
    path = arena_strdup(c->arena, path); /* messages outlive what the caller has */
    if (text)
        text = arena_strndup(c->arena, text, size);
    if (text || read_file(c, path, &text, &size)) {
        c->status = COMPILE_MODEL_ERROR;
        front_end(c, path, text, size);
        if (!c->diags.errors && c->model) {
            back_end(c);
            if (!c->diags.errors)
                c->status = COMPILE_OK;
        }
    }
    const char **rendered = NEW_N(c->arena, const char *, c->diags.list.n + 1);
    for (int i = 0; i < c->diags.list.n; i++) {
        Text t = {.arena = c->arena};
        diag_render_one(&c->diags, &c->diags.list.at[i], &t);
        rendered[i] = t.s;
    }
    c->rendered = rendered;
    diag_render(&c->diags, &c->errors);
    arena_recover(c->arena, NULL);
}

static bool on_demand(Compilation *c, void (*write)(const Model *, Text *), Text *t)
{
    jmp_buf recover;
    if (setjmp(recover)) {
        arena_recover(c->arena, NULL);
        *t = (Text){.arena = c->arena}; /* not half a text at the next try */
        return false;
    }
    arena_recover(c->arena, &recover);
    if (!t->n) {
        restore_names(c);
        write(c->shown, t);
    }
    arena_recover(c->arena, NULL);
    return true;
}

bool compile_show(Compilation *c)
{
    return on_demand(c, show_model, &c->show);
}

bool compile_dot(Compilation *c)
{
    return on_demand(c, show_dot, &c->dot);
}
