/* elaborate.c - from the tree of a file to the functions to be emitted: declarations and imports,
 * values of dims and consts, then one graph for each function (exports.c). */
#include "eval.h"
#include "parse.h"

/* Every dim and const of the model is evaluated once, so that its errors show even where nothing
 * uses it. */
static void check_values(Elab *E, const Ast *file)
{
    E->g = graph_new(E->arena, E->diags);
    for (int i = 0; i < file->list.n; i++) {
        const Ast *a = file->list.item[i];
        if (a->kind == AST_DIM || a->kind == AST_CONST)
            global_value(E, global_find(E, a->decl.name));
    }
}

static bool read_options(Elab *E)
{
    const CompileOptions *o = E->options;
    E->define_used = NEW_N(E->arena, bool, o->ndefine + 1);
    if (!o->nexport)
        return true;
    E->exports.n = 0; /* -e in place of what the file exports */
    bool good = true;
    for (int i = 0; i < o->nexport; i++) {
        const Ast *a = parse_export(E->arena, E->diags, o->export_[i]);
        good &= a != NULL;
        if (a)
            vec_push(E->arena, &E->exports, a);
    }
    return good;
}

static void check_defines(Elab *E)
{
    for (int i = 0; i < E->options->ndefine; i++)
        if (!E->define_used[i])
            diag_error_nowhere(E->diags, "-D %s=%lld: the model has no size %s",
                               E->options->define_name[i], (long long)E->options->define_value[i],
                               E->options->define_name[i]);
}

Model *elaborate(Arena *arena, Diags *diags, const Ast *file, const CompileOptions *options)
{
    Elab *E = NEW(arena, Elab);
    E->arena = arena;
    E->diags = diags;
    E->options = options;
    E->stack = __builtin_frame_address(0);
    Model *model = NEW(arena, Model);
    model->path = diags->sources.n ? diags->sources.at[0].path : "";
    vec_push(arena, &E->imported, model->path);
    E->g = graph_new(arena, diags); /* messages print shapes with it */
    if (!declare_file(E, file) || !read_options(E))
        return NULL;
    check_values(E, file);
    build_exports(E, model);
    if (!diags->errors)
        check_defines(E);
    for (int i = 0; i < E->imported.n; i++)
        vec_push(arena, &model->files, E->imported.at[i]);
    for (int i = 0; i < E->loaded.n; i++)
        vec_push(arena, &model->files, E->loaded.at[i].path);
    return diags->errors ? NULL : model;
}
