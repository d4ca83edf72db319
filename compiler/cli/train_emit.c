/* train_emit.c - `gradc train -o step.c`: the training step as C that needs no gradc, no heap and
 * nothing but libm.
 *
 * Behind the functions of the model stand parameters, states and settings in one static struct,
 * which begins with its initial values, a static workspace, and a function that does one step on an
 * array of rows. */
#include "train.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Text {
    char *s;
    size_t n, room;
    bool failed;
} Text;

static void put(Text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void put(Text *t, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    size_t n = (size_t)vsnprintf(NULL, 0, fmt, ap);
    if (t->n + n + 1 > t->room) {
        size_t room = 2 * (t->n + n) + 4096;
        char *s = realloc(t->s, room);
        t->failed |= !s;
        if (s) {
            t->s = s;
            t->room = room;
        }
    }
    if (!t->failed)
        t->n += (size_t)vsnprintf(t->s + t->n, t->room - t->n, fmt, again);
    va_end(again);
    va_end(ap);
}

static const char *c_type(gradc_type t)
{
    static const char *const name[] = {"uint8_t", "uint8_t", "int32_t",
                                       "int64_t", "float",   "double"};
    return name[t];
}

/* *out becomes the bytes that function `f` needs, where they are more. */
static int workspace_of(const Train *t, const gradc_module *m, int f, size_t *out)
{
    gradc_function info = gradc_get_function(t->g, f);
    int64_t sizes[64] = {0};
    void **in = calloc((size_t)info.ninput + 1, sizeof *in);
    if (!in)
        return train_no_memory();
    for (int k = 0; k < info.ninput; k++)
        for (int j = 0; j < t->ninput; j++)
            if (!strcmp(gradc_get_argument(t->g, f, k).name, t->input[j].a.name))
                in[k] = t->input[j].value.data;
    for (int k = 0; k < info.nsize && k < 64; k++)
        for (int j = 0; j < t->step.info.nsize; j++)
            if (!strcmp(gradc_get_argument(t->g, f, info.ninput + k).name,
                        gradc_get_argument(t->g, t->step.index, t->ninput + j).name))
                sizes[k] = t->sizes[j];
    size_t bytes = gradc_workspace(m, f, in, sizes);
    free(in);
    *out = bytes > *out ? bytes : *out;
    return EXIT_GOOD;
}

/* Bytes of work for a batch, as the backends compile it: they may differ in the vectors that their
 * compilers know. What calls cblas cannot be loaded, and needs less than what does not. */
static int workspace(Train *t, size_t *out)
{
    static const char *const backend[] = {"tcc", "cc"};
    const int function[] = {t->step.index, t->loss.index, t->metric.index};
    gradc_error e = {0};
    bool some = false;
    int code = EXIT_GOOD, blas = t->cli.options.blas;
    *out = 0;
    t->cli.options.blas = 0;
    gradc *g = blas ? cli_compile(&t->cli, &code) : t->g;
    t->cli.options.blas = blas;
    if (!g)
        return code;
    for (int b = 0; b < 2; b++) {
        gradc_module *m = gradc_load(g, backend[b], &e);
        for (int i = 0; m && i < 3 && code == EXIT_GOOD; i++)
            if (function[i] >= 0)
                code = workspace_of(t, m, function[i], out);
        some |= m != NULL;
        gradc_unload(m);
    }
    if (g != t->g)
        gradc_free(g);
    return some ? code : train_says(&e);
}

static bool has_work(const Train *t)
{
    char name[264];
    snprintf(name, sizeof name, "size_t %.240s_work(", t->step.info.name);
    return strstr(gradc_header_text(t->g), name) != NULL;
}

static const char *upper(const char *name, char *out, size_t room)
{
    size_t i = 0;
    for (; name[i] && i + 1 < room; i++)
        out[i] = (char)(isalnum((unsigned char)name[i]) ? toupper((unsigned char)name[i]) : '_');
    out[i] = '\0';
    return out;
}

/* ---- The header ---- */

/* `const float *x, const int32_t *y, int64_t N, float *value`: what a step on some rows takes. */
static void put_parameters(const Train *t, Text *out)
{
    int value = t->ninput + t->step.info.nsize;
    for (int i = 0; i < t->ninput; i++)
        if (t->input[i].from == FROM_DATA)
            put(out, "const %s *%s, ", c_type(t->input[i].a.type), t->input[i].a.name);
    if (t->rows_size >= 0)
        put(out, "int64_t %s, ",
            gradc_get_argument(t->g, t->step.index, t->ninput + t->rows_size).name);
    gradc_argument a = gradc_get_argument(t->g, t->step.index, value);
    put(out, "%s *%s", c_type(a.type), a.name);
}

static void put_field(const Input *in, Text *out)
{
    put(out, "    %s %s", c_type(in->a.type), in->a.name);
    if (in->a.rank)
        put(out, "[%lld]", (long long)(in->value.count ? in->value.count : 1));
    put(out, ";");
    if (in->a.rank > 1) {
        put(out, " /*");
        for (int k = 0; k < in->a.rank; k++)
            put(out, "%s %lld", k ? " x" : "", (long long)in->value.dim[k]);
        put(out, " */");
    }
    put(out, "\n");
}

static void put_header(const Train *t, Text *out)
{
    const char *base = t->step.info.base;
    char name[256];
    put(out, "%s", gradc_header_text(t->g));
    upper(base, name, sizeof name);
    put(out, "\n#ifndef GRADC_TRAIN_%s\n#define GRADC_TRAIN_%s\n\n", name, name);
    put(out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
    put(out, "/* Training of %s, in static memory: one network, one step at a time. */\n", base);
    if (t->rows_size >= 0)
        put(out, "#define %s_ROWS %lld /* the most that a step takes */\n", name,
            (long long)t->batch);
    put(out, "\n/* Parameters, the state of %s, its settings; begins with the initial values. */\n",
        t->o.optimizer);
    put(out, "typedef struct %s_training {\n", base);
    for (int i = 0; i < t->ninput; i++)
        if (t->input[i].from != FROM_DATA)
            put_field(&t->input[i], out);
    put(out, "} %s_training;\n\nextern %s_training %s_net;\n\n", base, base, base);
    put(out, "/* Takes a step on some rows. Returns 0, or a GRADC_E code (then nothing is "
             "changed). */\n");
    put(out, "int %s_train(", base);
    put_parameters(t, out);
    put(out, ");\n");
    if (has_work(t))
        put(out,
            "\n/* Its workspace, which does for the other functions with as many rows, too. */\n"
            "void *%s_memory(void);\n",
            base);
    put(out, "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
}

/* ---- The source ---- */

static void put_literal(const gradc_array *a, int64_t i, Text *out)
{
    if (a->type < GRADC_F32) {
        put(out, "%lld",
            a->type == GRADC_I64   ? (long long)((int64_t *)a->data)[i]
            : a->type == GRADC_I32 ? (long long)((int32_t *)a->data)[i]
                                   : (long long)((uint8_t *)a->data)[i]);
        return;
    }
    char s[40];
    bool single = a->type == GRADC_F32;
    double v = single ? (double)((float *)a->data)[i] : ((double *)a->data)[i];
    snprintf(s, sizeof s, single ? "%.9g" : "%.17g", v);
    put(out, "%s%s%s", s, strpbrk(s, ".e") ? "" : ".0", single ? "f" : "");
}

static bool all_zero(const gradc_array *a)
{
    const unsigned char *p = a->data;
    for (size_t i = 0; i < (size_t)a->count * gradc_type_bytes(a->type); i++)
        if (p[i])
            return false;
    return true;
}

/* What is not named in an initialiser is 0. */
static int put_values(Train *t, Text *out)
{
    const char *comma = "";
    put(out, "%s_training %s_net = {", t->step.info.base, t->step.info.base);
    for (int i = 0; i < t->ninput; i++) {
        Input *in = &t->input[i];
        if (in->from == FROM_DATA)
            continue;
        if (in->from == FROM_SETTING && in->a.type == GRADC_F32)
            *(float *)in->value.data = (float)in->setting;
        else if (in->from == FROM_SETTING)
            *(double *)in->value.data = in->setting;
        for (int64_t k = 0; k < in->value.count && in->a.type >= GRADC_F32; k++)
            if (!isfinite(in->a.type == GRADC_F32 ? (double)((float *)in->value.data)[k]
                                                  : ((double *)in->value.data)[k]))
                return train_complain(EXIT_USAGE, "%s is not finite: it cannot be written as C",
                                      in->a.name);
        if (all_zero(&in->value))
            continue;
        put(out, "%s\n    .%s = ", comma, in->a.name);
        comma = ",";
        for (int64_t k = 0; k < in->value.count; k++) {
            put(out, "%s", !in->a.rank ? "" : !k ? "{" : k % 8 ? ", " : ",\n        ");
            put_literal(&in->value, k, out);
        }
        put(out, "%s", in->a.rank ? "}" : "");
    }
    put(out, "%s\n};\n\n", *comma ? "" : "0");
    return EXIT_GOOD;
}

static void put_inputs(const Train *t, bool counts_alone, const char **comma, Text *out)
{
    for (int i = 0; i < t->ninput; i++) {
        const Input *in = &t->input[i];
        bool pointer = in->a.updated && !in->a.rank;
        if (counts_alone && !in->a.counts)
            continue;
        if (in->from == FROM_DATA)
            put(out, "%s%s", *comma, in->a.name);
        else
            put(out, "%s%s%s_net.%s", *comma, pointer ? "&" : "", t->step.info.base, in->a.name);
        *comma = ", ";
    }
}

/* Arguments of the step in its order: rows by pointer, fields of the struct. Of its work function
 * (`sizes_alone`) the sizes, then the integers that the workspace depends on. */
static void put_call(const Train *t, const char *function, bool sizes_alone, Text *out)
{
    const char *comma = "", *base = t->step.info.base;
    put(out, "%s(", function);
    if (!sizes_alone)
        put_inputs(t, false, &comma, out);
    for (int k = 0; k < t->step.info.nsize; k++, comma = ", ")
        if (k == t->rows_size)
            put(out, "%s%s", comma, gradc_get_argument(t->g, t->step.index, t->ninput + k).name);
        else
            put(out, "%s%lld", comma, (long long)t->sizes[k]);
    if (sizes_alone)
        put_inputs(t, true, &comma, out);
    if (!sizes_alone) {
        put(out, "%s%s", comma,
            gradc_get_argument(t->g, t->step.index, t->ninput + t->step.info.nsize).name);
        if (has_work(t))
            put(out, ", %s_work_memory.bytes", base);
    }
    put(out, ")");
}

static int put_source(Train *t, const char *header, Text *out)
{
    size_t work = 0;
    const char *base = t->step.info.base, *slash = strrchr(header, '/');
    char name[256], function[280];
    int code = workspace(t, &work);
    if (code != EXIT_GOOD)
        return code;
    upper(base, name, sizeof name);
    put(out, "%s\n/* Training of %s in static memory, by gradc train. */\n", gradc_c_text(t->g),
        base);
    put(out, "#include \"%s\"\n\n", slash ? slash + 1 : header);
    code = put_values(t, out);
    if (has_work(t)) {
        put(out,
            "static union {\n    double aligns;\n    int64_t aligns_too;\n    unsigned char "
            "bytes[%zu];\n} %s_work_memory;\n\n",
            work ? work : 1, base);
        put(out, "void *%s_memory(void)\n{\n    return %s_work_memory.bytes;\n}\n\n", base, base);
    }
    put(out, "int %s_train(", base);
    put_parameters(t, out);
    put(out, ")\n{\n");
    const char *rows = t->rows_size < 0
                           ? NULL
                           : gradc_get_argument(t->g, t->step.index, t->ninput + t->rows_size).name;
    if (rows)
        put(out, "    if (%s < 0 || %s > %s_ROWS)\n        return GRADC_E_BOUNDS;\n", rows, rows,
            name);
    if (has_work(t)) {
        snprintf(function, sizeof function, "%s_work", t->step.info.name);
        put(out, "    if (");
        put_call(t, function, true, out);
        put(out, " > sizeof %s_work_memory.bytes)\n        return GRADC_E_BOUNDS;\n", base);
    }
    for (int i = 0; i < t->ninput; i++)
        if (t->input[i].from == FROM_SETTING && !strcmp(t->input[i].a.what, "t"))
            put(out, "    %s_net.%s += 1;\n", base, t->input[i].a.name);
    put(out, "    return ");
    put_call(t, t->step.info.name, false, out);
    put(out, ";\n}\n");
    return code;
}

int train_emit(Train *t)
{
    Text source = {0}, header = {0};
    size_t n = strlen(t->cli.output);
    bool c = n > 2 && !strcmp(t->cli.output + n - 2, ".c");
    if (!c && !t->cli.header)
        return train_complain(EXIT_USAGE, "-o wants a FILE.c, beside which FILE.h is written");
    char *beside = malloc(n + 1);
    if (!beside)
        return train_no_memory();
    memcpy(beside, t->cli.output, n + 1);
    if (c)
        beside[n - 1] = 'h';
    const char *path = t->cli.header ? t->cli.header : beside;
    int code = put_source(t, path, &source);
    put_header(t, &header);
    if (code == EXIT_GOOD && (source.failed || header.failed))
        code = train_no_memory();
    if (code == EXIT_GOOD)
        code = cli_write(t->cli.output, source.s);
    if (code == EXIT_GOOD)
        code = cli_write(path, header.s);
    free(source.s);
    free(header.s);
    free(beside);
    return code;
}
