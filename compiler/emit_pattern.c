/* emit_pattern.c - the patterns of sparse outputs: constant tables in the C file, and for the header a
 * function that hands them out and the sizes as constants. */
#include "emit.h"
#include "pattern.h"

static void put_indices(const char *function, const char *output, const char *what, int64_t n, const int32_t *at,
                        Text *out)
{
    text_printf(out, "static const int32_t %s_%s_%s[%lld] = {", function, output, what, (long long)(n ? n : 1));
    text_reserve(out, (size_t)n * 8 + 64);
    for (int64_t k = 0; k < n; k++)
        text_printf(out, "%s%d", k % 12 ? ", " : k ? ",\n    " : "\n    ", (int)at[k]);
    text_put(out, n ? "\n};\n\n" : "0};\n\n");
}

static void put_signature(const Function *f, const Output *o, Text *out)
{
    text_printf(out, "int64_t %s_%s_pattern(const int32_t **row_start, const int32_t **column)", f->name, o->name);
}

void emit_patterns(const Function *f, Text *out)
{
    for (int i = 0; i < f->outputs.n; i++) {
        const Output *o = &f->outputs.at[i];
        const Pattern *p = o->sparse;
        if (!p)
            continue;
        put_indices(f->name, o->name, "row_start", p->rows + 1, p->row_start, out);
        put_indices(f->name, o->name, "column", p->count, p->column, out);
        text_printf(out, "/* Where the elements of %s are in a matrix of %lld rows and %lld columns%s: those of\n"
                         " * row i are %s[row_start[i]] to %s[row_start[i + 1] - 1], in the columns column[]\n"
                         " * there, which ascend. Returns their number. Either pointer may be NULL. */\n",
                    o->name, (long long)p->rows, (long long)p->columns,
                    p->lower ? ", of which this is the lower triangle" : "", o->name, o->name);
        put_signature(f, o, out);
        text_printf(out, "\n{\n    if (row_start)\n        *row_start = %s_%s_row_start;\n", f->name, o->name);
        text_printf(out, "    if (column)\n        *column = %s_%s_column;\n", f->name, o->name);
        text_printf(out, "    return %lld;\n}\n\n", (long long)p->count);
    }
}

void emit_pattern_prototypes(const Function *f, Text *out)
{
    for (int i = 0; i < f->outputs.n; i++) {
        const Output *o = &f->outputs.at[i];
        const Pattern *p = o->sparse;
        if (!p)
            continue;
        text_printf(out, "/* %s: %s\n * compressed rows, zero-based: row_start has rows + 1 elements, column has nnz */\n",
                    o->name, o->what);
        text_printf(out, "enum {\n    %s_%s_rows = %lld,\n    %s_%s_columns = %lld,\n    %s_%s_nnz = %lld\n};\n", f->name,
                    o->name, (long long)p->rows, f->name, o->name, (long long)p->columns, f->name, o->name,
                    (long long)p->count);
        put_signature(f, o, out);
        text_put(out, ";\n");
    }
}
