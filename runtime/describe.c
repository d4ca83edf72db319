/* describe.c - what a host may ask about a model's functions: their arguments and their sizes. */
#include "impl.h"

#include "compiler/pattern.h"
#include "compiler/program.h"

#include <stdio.h>

gradc_status error_set(gradc_error *e, gradc_status status, const char *fmt, ...)
{
    if (e) {
        va_list ap;
        va_start(ap, fmt);
        e->status = status;
        vsnprintf(e->text, sizeof e->text, fmt, ap);
        va_end(ap);
    }
    return status;
}

/* ---- Types ---- */

const char *gradc_type_name(gradc_type t)
{
    return dtype_name((Dtype)t);
}

size_t gradc_type_bytes(gradc_type t)
{
    return (size_t)dtype_bytes((Dtype)t);
}

_Static_assert((int)GRADC_BOOL == (int)T_BOOL && (int)GRADC_U8 == (int)T_U8 &&
                   (int)GRADC_I32 == (int)T_I32 && (int)GRADC_I64 == (int)T_I64 &&
                   (int)GRADC_F32 == (int)T_F32 && (int)GRADC_F64 == (int)T_F64,
               "the element types of the header are those of the compiler");
_Static_assert((int)GRADC_MAX_RANK == (int)MAX_RANK, "the header's limit is the compiler's");

/* ---- Making the descriptions ---- */

static void set_shape(Arena *a, const Graph *g, Shape s, gradc_argument *out)
{
    const char **text = NEW_N(a, const char *, s.rank + 1);
    int64_t *dim = NEW_N(a, int64_t, s.rank + 1);
    for (int i = 0; i < s.rank; i++) {
        Text t = {.arena = a};
        size_print(g->sizes, s.dim[i], &t);
        text[i] = t.s;
        dim[i] = s.dim[i]->is_const ? s.dim[i]->value : -1;
    }
    out->rank = s.rank;
    out->dim_text = text;
    out->dim = dim;
}

static const gradc_role roles[] = {[ARG_INPUT] = GRADC_INPUT,
                                   [ARG_TANGENT] = GRADC_TANGENT,
                                   [ARG_COTANGENT] = GRADC_COTANGENT,
                                   [ARG_STATE] = GRADC_STATE,
                                   [ARG_SETTING] = GRADC_SETTING};

/* Whether the bytes of the workspace depend on argument i. There is no program where nothing was emitted. */
static bool counts(const Program *p, int i)
{
    for (int k = 0; p && k < p->counts.n; k++)
        if (p->counts.at[k] == i)
            return true;
    return false;
}

static void describe_function(gradc *g, const Function *f, const Program *program, Described *d)
{
    Arena *a = g->c.arena;
    int nin = f->args.n, nsize = f->sizes.n, nout = 0;
    while (nout < f->outputs.n && !f->outputs.at[nout].updates)
        nout++;
    d->info = (gradc_function){.name = f->name,
                               .base = f->base,
                               .what = f->what,
                               .line = diag_line(&g->c.diags, f->span),
                               .ninput = nin,
                               .nsize = nsize,
                               .noutput = nout};
    d->argument = NEW_N(a, gradc_argument, nin + nsize + nout + 1);
    d->shape = NEW_N(a, Shape, nin + nsize + nout + 1);
    for (int i = 0; i < nin; i++) {
        const Arg *arg = &f->args.at[i];
        const Param *p = &f->graph->params.at[arg->param];
        d->shape[i] = p->shape;
        d->argument[i] = (gradc_argument){.name = p->name,
                                          .role = roles[arg->role],
                                          .type = (gradc_type)p->dtype,
                                          .init = arg->init.text,
                                          .trainable = p->trainable,
                                          .what = arg->called,
                                          .updated = output_updating(f, arg->param) >= 0,
                                          .of = arg->of,
                                          .counts = counts(program, i)};
    }
    for (int i = 0; i < nsize; i++)
        d->argument[nin + i] =
            (gradc_argument){.name = f->sizes.at[i], .role = GRADC_SIZE, .type = GRADC_I64};
    for (int i = 0; i < nout; i++) {
        const Output *o = &f->outputs.at[i];
        d->shape[nin + nsize + i] = o->node->shape;
        d->argument[nin + nsize + i] = (gradc_argument){.name = o->name,
                                                        .role = GRADC_OUTPUT,
                                                        .what = o->what,
                                                        .type = (gradc_type)o->node->dtype};
    }
    for (int i = 0; i < nin + nsize + nout; i++)
        set_shape(a, f->graph, d->shape[i], &d->argument[i]);
}

void describe(gradc *g)
{
    const Model *m = g->c.model;
    g->function = NEW_N(g->c.arena, Described, m->functions.n + 1);
    for (int i = 0; i < m->functions.n; i++)
        describe_function(g, m->functions.at[i], g->c.program ? g->c.program[i] : NULL, &g->function[i]);
    g->nfunction = m->functions.n;
}

/* ---- Asking for them ---- */

static const Described *described(const gradc *g, int i)
{
    return g->c.status == COMPILE_OK && i >= 0 && i < g->nfunction ? &g->function[i] : NULL;
}

static const gradc_argument *argument_of(const Described *d, int i)
{
    int n = d ? d->info.ninput + d->info.nsize + d->info.noutput : 0;
    return i >= 0 && i < n ? &d->argument[i] : NULL;
}

int gradc_function_count(const gradc *g)
{
    return g->c.status == COMPILE_OK ? g->nfunction : 0;
}

gradc_function gradc_get_function(const gradc *g, int i)
{
    const Described *d = described(g, i);
    return d ? d->info : (gradc_function){0};
}

int gradc_find_function(const gradc *g, const char *name)
{
    for (int i = 0; i < gradc_function_count(g); i++)
        if (!strcmp(g->function[i].info.name, name))
            return i;
    return -1;
}

gradc_argument gradc_get_argument(const gradc *g, int function, int i)
{
    const gradc_argument *a = argument_of(described(g, function), i);
    return a ? *a : (gradc_argument){0};
}

gradc_pattern gradc_get_pattern(const gradc *g, int function, int i)
{
    const Described *d = described(g, function);
    int k = d ? i - d->info.ninput - d->info.nsize : -1;
    if (k < 0 || k >= d->info.noutput)
        return (gradc_pattern){0};
    const Pattern *p = g->c.model->functions.at[function]->outputs.at[k].sparse;
    if (!p)
        return (gradc_pattern){0};
    return (gradc_pattern){.rows = p->rows,
                           .columns = p->columns,
                           .count = p->count,
                           .row_start = p->row_start,
                           .column = p->column,
                           .lower = p->lower};
}

gradc_times gradc_get_times(const gradc *g)
{
    const StageTimes *t = &g->c.times;
    return (gradc_times){t->parse, t->elaborate, t->optimise, t->lower, t->emit};
}
