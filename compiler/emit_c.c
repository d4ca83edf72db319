/* emit_c.c - a C file: head, what its functions need of snippets, the functions. */
#include "emit.h"
#include "status.h"

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char error_codes[] =
    "#ifndef GRADC_E_BOUNDS\n"
    "#define GRADC_E_BOUNDS 1  /* an index was out of range (--check-bounds) */\n"
    "#endif\n";
static const char limit_code[] =
    "#ifndef GRADC_E_LIMIT\n"
    "#define GRADC_E_LIMIT 2  /* a while has reached its limit, and its condition still holds */\n"
    "#endif\n";
static const char assert_code[] =
    "#ifndef GRADC_E_ASSERT\n"
    "#define GRADC_E_ASSERT 3  /* an assertion does not hold */\n"
    "#endif\n";

static bool returns(const Program *p, int code)
{
    for (int i = 0; i < p->steps.n; i++)
        for (int k = 0; k < p->steps.at[i].results.n; k++)
            if (p->steps.at[i].results.at[k].kind == RESULT_CHECK && p->steps.at[i].results.at[k].code == code)
                return true;
    return false;
}

/* The codes that the functions may return. */
static void put_codes(Program *const *p, int n, Text *out)
{
    bool limit = false, assertion = false;
    for (int i = 0; i < n; i++) {
        limit |= returns(p[i], STATUS_LIMIT);
        assertion |= returns(p[i], STATUS_ASSERT);
    }
    text_printf(out, "%s%s%s", error_codes, limit ? limit_code : "", assertion ? assert_code : "");
}

static void put_products(const char *sfx, const char *type, Text *out)
{
    text_printf(out, "void (*gradc_blas_%s)(int64_t, int64_t, int64_t, const %s *, int64_t, int64_t, const %s *,\n"
                     "    int64_t, int64_t, %s *, int64_t, int64_t, int, %s *);\n", sfx, type, type, type, type);
}

void emit_c(const Model *m, const CompileOptions *o, Program *const *p, int n, Text *out)
{
    Arena *a = out->arena;
    SnippetSet set = {.arena = a};
    Text body = {.arena = a};
    snippet_want(&set, "gradc_restrict");
    for (int i = 0; i < n; i++)
        emit_function(a, m, o, p[i], &set, p[i]->graph->diags, &body);
    text_printf(out, "/* Made by gradc from %s. C99; needs libm. Functions return 0 or a GRADC_E code,\n"
                     " * keep nothing between calls and may be called by several threads at once.\n"
                     " * Arrays are row-major; work is memory for the call, aligned as malloc's. */\n", base_name(m->path));
    text_put(out, "#include <math.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n");
    if (o->blas)
        text_put(out, "#include <cblas.h>\n");
    text_put(out, "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
    put_codes(p, n, out);
    text_put(out, "\n/* What the functions use. */\n\n");
    if (o->strips)
        snippet_put_prototypes(&set, out);
    else
        snippet_put(&set, out);
    if (o->products) {
        put_products("f64", "double", out);
        put_products("f32", "float", out);
    }
    text_printf(out, "/* The functions of %s. */\n\n", base_name(m->path));
    text_reserve(out, body.n + 4096);
    text_put(out, body.s ? body.s : "");
    text_put(out, "#ifdef __cplusplus\n}\n#endif\n");
}

/* `mlp.dg` gives GRADC_MLP_DG_LOSS_H after its first function: a program may have one model compiled
 * twice, with other exports. */
static const char *guard(Arena *a, const Model *m)
{
    const char *first = m->functions.n ? m->functions.at[0]->name : "";
    char *s = arena_printf(a, "GRADC_%s_%s_H", base_name(m->path), first);
    for (char *c = s; *c; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ? *c : '_');
    return s;
}

void emit_header(const Model *m, Program *const *p, int n, Text *out)
{
    Arena *a = out->arena;
    const char *name = guard(a, m);
    text_printf(out, "/* Made by gradc from %s. */\n#ifndef %s\n#define %s\n\n#include <stddef.h>\n#include <stdint.h>\n\n", base_name(m->path), name, name);
    text_put(out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
    put_codes(p, n, out);
    for (int i = 0; i < n; i++)
        emit_prototype(p[i], out);
    text_put(out, "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
}
