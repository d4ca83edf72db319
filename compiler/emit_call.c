/* emit_call.c - calls of emitted functions whose signatures are only known at run time.
 *
 * Each function gets one of the same signature for all, which takes arrays of pointers, and one
 * that tells the bytes of its workspace. They stand behind the text of emit_c where the library
 * compiles it, and never in files that are written. */
#include "program.h"

static void put_call(const Program *p, int index, Text *out)
{
    const Function *f = p->function;
    const char *comma = "";
    text_printf(
        out,
        "int gradc_call_%d(void *const *in, const int64_t *sizes, void *const *out, void *work);\n",
        index);
    text_printf(out,
                "int gradc_call_%d(void *const *in, const int64_t *sizes, void *const *out, void "
                "*work)\n{\n",
                index);
    text_put(out, "    (void)in, (void)sizes, (void)out, (void)work;\n");
    text_printf(out, "    return %s(", f->name);
    for (int i = 0; i < f->args.n; i++, comma = ", ") {
        const Param *a = &p->graph->params.at[f->args.at[i].param];
        bool updated = output_updating(f, f->args.at[i].param) >= 0;
        text_printf(out, "%s%s(%s%s *)in[%d]", comma, a->shape.rank || updated ? "" : "*",
                    updated ? "" : "const ", dtype_c(a->dtype), i);
    }
    for (int i = 0; i < f->sizes.n; i++, comma = ", ")
        text_printf(out, "%ssizes[%d]", comma, i);
    for (int i = 0; i < f->outputs.n && !f->outputs.at[i].updates; i++, comma = ", ")
        text_printf(out, "%s(%s *)out[%d]", comma, dtype_c((Dtype)f->outputs.at[i].node->dtype), i);
    text_printf(out, "%s);\n}\n\n", p->has_work ? ", work" : "");
}

static void put_work(const Program *p, int index, Text *out)
{
    const Function *f = p->function;
    text_printf(out, "size_t gradc_work_%d(void *const *in, const int64_t *sizes);\n", index);
    text_printf(out,
                "size_t gradc_work_%d(void *const *in, const int64_t *sizes)\n{\n"
                "    (void)in, (void)sizes;\n    return ",
                index);
    if (p->has_work) {
        text_printf(out, "%s_work(", f->name);
        for (int i = 0; i < f->sizes.n; i++)
            text_printf(out, "%ssizes[%d]", i ? ", " : "", i);
        for (int i = 0; i < p->counts.n; i++) {
            int k = p->counts.at[i];
            text_printf(out, "%s*(const %s *)in[%d]", i || f->sizes.n ? ", " : "",
                        dtype_c(p->graph->params.at[f->args.at[k].param].dtype), k);
        }
        text_put(out, ")");
    } else {
        text_put(out, "0");
    }
    text_put(out, ";\n}\n\n");
}

void emit_calls(Program *const *p, int n, Text *out)
{
    for (int i = 0; i < n; i++) {
        put_call(p[i], i, out);
        put_work(p[i], i, out);
    }
}
