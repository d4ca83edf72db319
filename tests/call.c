/* call.c - see call.h. */
#include "tests/call.h"

#include "runtime/interp.h"

#include <math.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define EXACT 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EXACT 1
#endif
#endif
#ifndef EXACT
#define EXACT 0
#endif

enum { GUARD = EXACT ? 0 : 64, GUARD_BYTE = 0xa5 };

/* ---- The C that is appended ---- */

void call_text(const Program *program, Text *out)
{
    const Function *f = program->function;
    int at = 0;
    text_printf(out, "\nint call_%s(void **a);\nint call_%s(void **a)\n{\n    (void)a;\n", f->name,
                f->name);
    text_printf(out, "    return %s(", f->name);
    for (int i = 0; i < f->args.n; i++) {
        const Param *p = &f->graph->params.at[f->args.at[i].param];
        bool pointer = p->shape.rank || output_updating(f, f->args.at[i].param) >= 0;
        text_printf(out, "%s%s(%s *)a[%d]", at ? ", " : "", pointer ? "" : "*", dtype_c(p->dtype),
                    at);
        at++;
    }
    for (int i = 0; i < f->sizes.n; i++, at++)
        text_printf(out, "%s*(int64_t *)a[%d]", at ? ", " : "", at);
    for (int i = 0; i < f->outputs.n; i++, at++)
        if (!f->outputs.at[i].updates)
            text_printf(out, "%s(%s *)a[%d]", at ? ", " : "",
                        dtype_c((Dtype)f->outputs.at[i].node->dtype), at);
    if (program->has_work)
        text_printf(out, ", a[%d]", at);
    text_printf(out, ");\n}\nsize_t call_%s_work(void **a);\n", f->name);
    text_printf(out, "size_t call_%s_work(void **a)\n{\n    (void)a;\n    return ",
                f->name);
    if (program->has_work) {
        text_printf(out, "%s_work(", f->name);
        for (int i = 0; i < f->sizes.n; i++)
            text_printf(out, "%s*(int64_t *)a[%d]", i ? ", " : "", f->args.n + i);
        for (int i = 0; i < program->counts.n; i++) {
            int k = program->counts.at[i];
            text_printf(out, "%s*(%s *)a[%d]", i || f->sizes.n ? ", " : "",
                        dtype_c(f->graph->params.at[f->args.at[k].param].dtype), k);
        }
        text_put(out, ");\n}\n");
    } else {
        text_put(out, "0;\n}\n");
    }
}

const char *call_programs(Arena *a, const CompileOptions *o, int n, Program *const *program)
{
    Text t = {.arena = a};
    Model m = {.path = "test.dg"};
    for (int i = 0; i < n; i++)
        vec_push(a, &m.functions, program[i]->function);
    emit_c(&m, o, program, n, &t);
    for (int i = 0; i < n; i++)
        call_text(program[i], &t);
    return t.s;
}

/* ---- Sizes ---- */

typedef struct Binding {
    const Function *f;
    const int64_t *size;
} Binding;

static int64_t bind(void *user, const char *name)
{
    const Binding *b = user;
    for (int i = 0; i < b->f->sizes.n; i++)
        if (!strcmp(b->f->sizes.at[i], name))
            return b->size[i];
    return 0;
}

int64_t call_size(const Function *f, const Size *s, const int64_t *size)
{
    return size_eval(f->graph->sizes, s, bind, &(Binding){f, size});
}

int64_t call_count(const Function *f, Shape s, const int64_t *size)
{
    int64_t n = 1;
    for (int i = 0; i < s.rank; i++)
        n *= call_size(f, s.dim[i], size);
    return n;
}

/* ---- The call ---- */

/* Blocks that nobody frees, where a leak checker sees them. */
static void keep(void *block)
{
    static void **kept;
    static size_t n;
    void **more = n & (n - 1) ? kept : realloc(kept, 2 * (n + 1) * sizeof *kept);
    if (!more)
        exit(3);
    kept = more;
    kept[n++] = block;
}

/* Bytes between guards, full of nan. The address sanitizer guards better: for it they are a block
 * of their own, which is left to the end of the program. */
static unsigned char *guarded(Arena *a, size_t bytes)
{
    unsigned char *p = EXACT ? malloc(bytes) : arena_alloc(a, bytes + 2 * GUARD);
    if (!p && bytes)
        exit(3);
    if (EXACT)
        keep(p);
    if (GUARD)
        memset(p, GUARD_BYTE, bytes + 2 * GUARD);
    if (bytes)
        memset(p + GUARD, 0xff, bytes);
    return p + GUARD;
}

static bool guards_stand(const unsigned char *p, size_t bytes)
{
    for (ptrdiff_t i = 0; i < (ptrdiff_t)GUARD; i++)
        if (p[-1 - i] != GUARD_BYTE || p[(ptrdiff_t)bytes + i] != GUARD_BYTE)
            return false;
    return true;
}

int call_emitted(Arena *a, CallRun *run, CallWork *work, Call *c)
{
    const Function *f = c->f;
    int nin = f->args.n, nsize = f->sizes.n, nout = f->outputs.n, n = nin + nsize + nout;
    void **p = NEW_N(a, void *, n + 2);
    size_t *bytes = NEW_N(a, size_t, n + 1);
    c->out = p + nin + nsize;
    c->fault = NULL;
    for (int i = 0; i < n; i++) {
        if (i >= nin && i < nin + nsize) {
            int64_t *s = NEW(a, int64_t);
            *s = c->size[i - nin];
            p[i] = s;
            continue;
        }
        const Node *node = i < nin ? f->graph->params.at[f->args.at[i].param].node
                                   : f->outputs.at[i - nin - nsize].node;
        bytes[i] =
            (size_t)call_count(f, node->shape, c->size) * (size_t)dtype_bytes((Dtype)node->dtype);
        p[i] = guarded(a, bytes[i]);
        if (i < nin && bytes[i])
            memcpy(p[i], c->in[i], bytes[i]);
    }
    size_t room = work(p);
    unsigned char *w = guarded(a, room);
    p[n] = w;
    int code = run(p);
    for (int i = 0; i < nin; i++) {
        int k = output_updating(f, f->args.at[i].param);
        if (!guards_stand(p[i], bytes[i]) ||
            (k < 0 && bytes[i] && memcmp(p[i], c->in[i], bytes[i])))
            c->fault = arena_printf(a, "argument %s was written",
                                    f->graph->params.at[f->args.at[i].param].name);
        if (k >= 0 && bytes[i])
            memcpy(c->out[k], p[i], bytes[i]);
    }
    for (int i = 0; i < nout; i++)
        if (!guards_stand(c->out[i], bytes[nin + nsize + i]))
            c->fault = arena_printf(a, "written beside %s", f->outputs.at[i].name);
    if (!guards_stand(w, room))
        c->fault = "written beside the workspace";
    return code;
}

Reference call_interp(Arena *a, const Function *f, const Call *c)
{
    Reference r = {.real = NEW_N(a, const double *, f->outputs.n + 1),
                   .integer = NEW_N(a, const int64_t *, f->outputs.n + 1)};
    Node **root = NEW_N(a, Node *, f->outputs.n + 1);
    Interp *it = interp_new(a, f->graph, c->f->sizes.n, c->f->sizes.at, c->size);
    for (int i = 0; i < c->f->args.n; i++)
        interp_param(it, c->f->args.at[i].param, c->in[i]);
    for (int i = 0; i < f->outputs.n; i++)
        root[i] = f->outputs.at[i].node;
    for (int i = 0; i < f->checks.n && !r.error; i++) {
        Node *cond = f->checks.at[i].cond;
        if (interp_run(it, 1, &cond)) {
            r.error = interp_error(it);
            r.code = interp_code(it);
        } else if (!interp_integer(it, cond)[0]) {
            r.error = "a check does not hold";
            r.code = f->checks.at[i].code;
        }
    }
    if (!r.error && interp_run(it, f->outputs.n, root)) {
        r.error = interp_error(it);
        r.code = interp_code(it);
    }
    if (r.error)
        return r;
    for (int i = 0; i < f->outputs.n; i++)
        if (dtype_is_real((Dtype)root[i]->dtype))
            r.real[i] = interp_real(it, root[i]);
        else
            r.integer[i] = interp_integer(it, root[i]);
    return r;
}

/* ---- Comparison ---- */

double call_scale(int64_t count, const double *real)
{
    double top = 0;
    for (int64_t i = 0; i < count && real; i++)
        if (isfinite(real[i]))
            top = fmax(top, fabs(real[i]));
    return top;
}

static double real_at(Dtype t, const void *p, int64_t i)
{
    return t == T_F32 ? (double)((const float *)p)[i] : ((const double *)p)[i];
}

static int64_t integer_at(Dtype t, const void *p, int64_t i)
{
    return t == T_I64   ? ((const int64_t *)p)[i]
           : t == T_I32 ? ((const int32_t *)p)[i]
                        : ((const uint8_t *)p)[i];
}

const char *call_compare(Arena *a, Dtype t, int64_t count, const void *got, const double *real,
                         const int64_t *integer, double tolerance, double scale)
{
    for (int64_t i = 0; i < count; i++) {
        const char *where = count == 1 ? "" : arena_printf(a, "element %lld ", (long long)i);
        if (!dtype_is_real(t)) {
            int64_t g = integer_at(t, got, i), want = integer ? integer[i] : (int64_t)real[i];
            if (g != want)
                return arena_printf(a, "%sis %lld, not %lld", where, (long long)g, (long long)want);
            continue;
        }
        double g = real_at(t, got, i), want = real[i];
        if (t == T_F32 && fabs(want) > 3.40282347e38)
            want = (double)(float)want;
        if ((isnan(g) && isnan(want)) || g == want)
            continue;
        if (!(fabs(g - want) <= tolerance * fmax(fabs(want), scale)) || isinf(want))
            return arena_printf(a, "%sis %.17g, not %.17g", where, g, want);
    }
    return NULL;
}

double call_ulps(Dtype t, int64_t count, const void *a, const void *b)
{
    double scale = 0, gap = 0;
    int digits = t == T_F32 ? 24 : 53, exponent;
    if (!memcmp(a, b, (size_t)count * (size_t)dtype_bytes(t)))
        return 0;
    for (int64_t i = 0; i < count; i++) {
        double x = real_at(t, a, i), y = real_at(t, b, i);
        if (!dtype_is_real(t) || isnan(x) != isnan(y) || isinf(x) != isinf(y))
            return INFINITY;
        scale = fmax(scale, isfinite(x) ? fabs(x) : 0);
        gap = fmax(gap, isfinite(x) ? fabs(x - y) : 0);
    }
    frexp(scale, &exponent);
    return gap > 0 ? ldexp(gap, digits - exponent) : 1e-3; /* as of 0 and -0 */
}
