/* globals.c - declarations of the model and of what it imports: one table of names.
 *
 * Values of dims and consts are made when they are first used, anew for each graph. A name is
 * declared once, in whatever file; a declaration may shadow a builtin. */
#include "eval.h"
#include "names.h"
#include "npy.h"
#include "parse.h"

#include <stdio.h>

enum { MAX_SOURCE_BYTES = 64 << 20 };

static uint32_t hash_name(const char *s)
{
    uint32_t h = 2166136261u;
    while (*s)
        h = (h ^ (unsigned char)*s++) * 16777619u;
    return h;
}

Global *global_find(Elab *E, const char *name)
{
    uint32_t h = hash_name(name);
    for (Global *g = E->nglobal_bucket ? E->global[h % (uint32_t)E->nglobal_bucket] : NULL; g;
         g = g->next)
        if (g->hash == h && !strcmp(g->name, name))
            return g;
    return NULL;
}

int function_names(Elab *E, const char *const **out)
{
    VEC(const char *) names = {0};
    for (int i = 0; i < E->nglobal_bucket; i++)
        for (const Global *g = E->global[i]; g; g = g->next)
            if (g->kind == GLOBAL_FN)
                vec_push(E->arena, &names, g->name);
    *out = names.at;
    return names.n;
}

static void grow(Elab *E)
{
    int n = E->nglobal_bucket ? E->nglobal_bucket * 4 : 32;
    Global **bucket = NEW_N(E->arena, Global *, n);
    for (int i = 0; i < E->nglobal_bucket; i++)
        for (Global *g = E->global[i], *next; g; g = next) {
            next = g->next;
            g->next = bucket[g->hash % (uint32_t)n];
            bucket[g->hash % (uint32_t)n] = g;
        }
    E->global = bucket;
    E->nglobal_bucket = n;
}

static bool declare(Elab *E, GlobalKind kind, const char *name, Span span, const Ast *decl)
{
    Global *old = global_find(E, name);
    if (old) {
        fail(E, span, "%s is declared twice", name);
        note(E, old->span, "the other declaration");
        return false;
    }
    if (E->nglobals >= E->nglobal_bucket)
        grow(E);
    Global *g = NEW(E->arena, Global);
    *g = (Global){.kind = kind, .name = name, .span = span, .decl = decl, .hash = hash_name(name)};
    g->next = E->global[g->hash % (uint32_t)E->nglobal_bucket];
    E->global[g->hash % (uint32_t)E->nglobal_bucket] = g;
    E->nglobals++;
    return true;
}

/* ---- Files ---- */

const char *folder_of(Elab *E, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? arena_strndup(E->arena, path, (size_t)(slash - path) + 1) : "";
}

static bool file_exists(const char *path)
{
    FILE *f = fopen(path, "rb");
    bool good = f && fgetc(f) != EOF;
    if (f)
        fclose(f);
    return good;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && !strcmp(s + n - m, end);
}

static const char *try_path(Elab *E, const char *folder, const char *name)
{
    const char *join = *folder && !ends_with(folder, "/") ? "/" : "";
    const char *path = arena_printf(E->arena, "%s%s%s", folder, join, name);
    const char *dg = arena_printf(E->arena, "%s.dg", path);
    if (ends_with(path, ".dg"))
        return file_exists(path) ? path : NULL;
    return file_exists(dg) ? dg : file_exists(path) ? path : NULL;
}

/* Relative to the importing file, then the folders of -I, the standard library's last. */
static const char *find_import(Elab *E, uint32_t source, const char *name)
{
    if (name[0] == '/')
        return try_path(E, "", name);
    const char *path = try_path(E, folder_of(E, E->diags->sources.at[source].path), name);
    for (int i = 0; !path && i < E->options->ninclude; i++)
        path = try_path(E, E->options->include[i], name);
    return path;
}

/* A file that has been imported already (cycles too) gives nothing new. */
static bool import_path(Elab *E, const char *path, Span span)
{
    const char *why = NULL;
    for (int i = 0; i < E->imported.n; i++)
        if (!strcmp(E->imported.at[i], path))
            return true;
    vec_push(E->arena, &E->imported, path);
    size_t size;
    char *text = file_read(E->arena, path, MAX_SOURCE_BYTES, &size, &why);
    if (!text) {
        fail(E, span, "cannot read %s: %s", path, why);
        return false;
    }
    const Ast *file =
        parse_program(E->arena, E->diags, diag_add_source(E->diags, path, text, size));
    return file && declare_file(E, file);
}

static bool import_file(Elab *E, const Ast *a)
{
    const char *path = find_import(E, a->span.source, a->text.s);
    if (path)
        return import_path(E, path, a->span);
    fail(E, a->span,
         "cannot find \"%s\" beside this file, in the folders of -I or in the standard library",
         a->text.s);
    return false;
}

bool import_where_found(Elab *E, const char *name)
{
    const char *path = find_import(E, 0, name);
    return !path || import_path(E, path, (Span){0});
}

bool declare_file(Elab *E, const Ast *file)
{
    bool good = true, own = file->span.source == 0;
    for (int i = 0; i < file->list.n; i++) {
        const Ast *a = file->list.item[i];
        switch (a->kind) {
        case AST_DIM: good &= declare(E, GLOBAL_DIM, a->decl.name, a->decl.name_span, a); break;
        case AST_CONST: good &= declare(E, GLOBAL_CONST, a->decl.name, a->decl.name_span, a); break;
        case AST_FN:
            good &= declare(E, GLOBAL_FN, a->fn->name, a->fn->name_span, a);
            if (own)
                E->last_fn = a;
            break;
        case AST_IMPORT: good &= import_file(E, a); break;
        case AST_EXPORT:
            if (own) /* those of imported files are their own affair */
                vec_push(E->arena, &E->exports, a);
            break;
        default: break;
        }
    }
    return good;
}

/* ---- Values ---- */

static bool defined(Elab *E, const char *name, int64_t *value)
{
    for (int i = E->options->ndefine - 1; i >= 0; i--)
        if (!strcmp(E->options->define_name[i], name)) {
            *value = E->options->define_value[i];
            for (int k = 0; k <= i; k++) /* an earlier -D of the same name is overridden */
                if (!strcmp(E->options->define_name[k], name))
                    E->define_used[k] = true;
            return true;
        }
    return false;
}

Value open_size(Elab *E, const char *name, Span span)
{
    int64_t value;
    if (defined(E, name, &value))
        return value_int(E, value);
    name = safe_name(E->arena, name);
    bool known = false;
    for (int i = 0; i < E->opens.n && !known; i++)
        known = !strcmp(E->opens.at[i].name, name);
    if (!known)
        vec_push(E->arena, &E->opens, (SizeOrigin){.name = name, .span = span});
    return value_size(E, size_name(E->g->sizes, name));
}

static Value dim_value(Elab *E, const Global *g)
{
    const Ast *a = g->decl;
    int64_t value;
    const Size *size;
    if (defined(E, g->name, &value))
        return value_int(E, value);
    if (!a->decl.value)
        return open_size(E, g->name, g->span);
    Value v = eval(E, NULL, a->decl.value);
    if (!want_size(E, v, a->decl.value->span, &size, "a dim"))
        return (Value){.kind = VAL_ERROR};
    if (size->is_const && size->value < 0)
        return fail(E, a->decl.value->span, "the dim %s is negative: %lld", g->name,
                    (long long)size->value);
    return value_size(E, size);
}

Value global_value(Elab *E, Global *g)
{
    if (g->kind == GLOBAL_FN) {
        Closure *c = NEW(E->arena, Closure);
        *c = (Closure){.name = g->name, .fn = g->decl->fn};
        return (Value){.kind = VAL_FN, .fn = c};
    }
    if (g->made_for == E->g)
        return g->value;
    if (g->busy)
        return fail(E, g->span, "%s is defined by itself", g->name);
    g->busy = true;
    Frame *frame = E->frame; /* its own place, not that of the call which wants it */
    E->frame = NULL;
    Value v = g->kind == GLOBAL_DIM ? dim_value(E, g) : eval(E, NULL, g->decl->decl.value);
    E->frame = frame;
    if (v.kind == VAL_FN || v.kind == VAL_TEXT)
        v = fail(E, g->decl->decl.value->span, "a const is a number, a tensor or a tuple, not %s",
                 value_says(E, v));
    if (is_tensor(v) && v.node->nin && !v.node->name)
        v.node->name = g->name;
    g->busy = false;
    g->value = v;
    g->made_for = E->g;
    return v;
}

/* load("m.npy"), relative to the file that says so. */
Value load_npy(Elab *E, Span span, const char *name)
{
    const char *folder = name[0] == '/' ? "" : folder_of(E, E->diags->sources.at[span.source].path);
    const char *path = arena_printf(E->arena, "%s%s", folder, name);
    const NpyArray *array = NULL;
    for (int i = 0; i < E->loaded.n; i++)
        if (!strcmp(E->loaded.at[i].path, path))
            array = E->loaded.at[i].array;
    if (!array) {
        NpyArray *a = NEW(E->arena, NpyArray);
        const char *why = npy_load(E->arena, path, a);
        if (why)
            return fail(E, span, "cannot load %s: %s", name, why);
        vec_push(E->arena, &E->loaded, (Loaded){.path = path, .array = a});
        array = a;
    }
    if (array->rank > MAX_AXES)
        return fail(E, span, "cannot load %s: more than %d axes are not supported", name,
                    MAX_AXES);
    const Array *d = &array->data;
    if (!array->rank)
        return tensor(E,
                      d->real ? const_real(E->g, d->dtype, d->real[0])
                              : const_int(E->g, d->dtype, d->integer[0]),
                      FROM_CONST);
    const Size *dim[MAX_RANK];
    for (int i = 0; i < array->rank; i++)
        dim[i] = size_int(E->g, array->dim[i]);
    return tensor(
        E, const_array(E->g, d->dtype, shape_of(E->g, array->rank, dim), d->real, d->integer),
        FROM_CONST);
}
