/* emit_fn.c - one C function: its comment and signature, its workspace, its steps. */
#include "emit.h"

/* cblas wants one unit stride in each matrix, none of them zero. */
static bool blas_takes(const View *v)
{
    bool row = v->row->is_const && v->row->value == 1, col = v->col->is_const && v->col->value == 1;
    bool zero = (v->row->is_const && !v->row->value) || (v->col->is_const && !v->col->value);
    return (row || col) && !zero;
}

static bool calls_blas(const CompileOptions *o, const Step *s)
{
    const Size *col = s->view[0].col;
    return o->blas && col->is_const && col->value == 1 && blas_takes(&s->view[1]) && blas_takes(&s->view[2]);
}

/* Whether the routine that a step calls needs memory of its own. */
static bool step_needs_scratch(const CompileOptions *o, const Step *s)
{
    return (s->kind == STEP_GEMM && !calls_blas(o, s)) ||
           (s->kind == STEP_LINALG && s->op != OP_CHOLESKY && s->op != OP_TRISOLVE);
}

bool program_needs_work(const Program *p)
{
    if (p->slots.n)
        return true;
    for (int i = 0; i < p->steps.n; i++)
        if (step_needs_scratch(p->options, &p->steps.at[i]))
            return true;
    return false;
}

/* ---- Signature ---- */

static void put_argument(Text *t, int *column, bool first, const char *text)
{
    int len = (int)strlen(text);
    if (!first)
        text_put(t, ",");
    if (!first && *column + len > 96) {
        text_put(t, "\n    ");
        *column = 4;
    } else if (!first) {
        text_put(t, " ");
        ++*column;
    }
    text_put(t, text);
    *column += len + 1;
}

/* What is updated comes by pointer; pieces of a cut function get the old value of a scalar too. */
static void put_signature(Emit *e, const Function *f, bool has_work, bool piece, Text *out)
{
    Arena *a = e->arena;
    text_printf(out, "int %s(", f->name);
    int column = (int)strlen(f->name) + 5;
    bool first = true;
    for (int i = 0; i < f->args.n; i++) {
        const Param *p = &e->g->params.at[f->args.at[i].param];
        const char *name = e->param[f->args.at[i].param];
        bool updated = output_updating(f, f->args.at[i].param) >= 0, scalar = !p->shape.rank && !updated;
        const char *before = e->before[f->args.at[i].param];
        put_argument(out, &column, first, arena_printf(a, "%s%s%s%s", scalar || updated ? "" : "const ", dtype_c(p->dtype), scalar ? " " : " *", name));
        first = false;
        if (before && piece)
            put_argument(out, &column, first, arena_printf(a, "%s %s", dtype_c(p->dtype), before));
    }
    for (int i = 0; i < f->sizes.n; i++, first = false)
        put_argument(out, &column, first, arena_printf(a, "int64_t %s", f->sizes.at[i]));
    for (int i = 0; i < f->outputs.n && !f->outputs.at[i].updates; i++, first = false)
        put_argument(out, &column, first, arena_printf(a, "%s *%s", dtype_c((Dtype)f->outputs.at[i].node->dtype), f->outputs.at[i].name));
    if (has_work)
        put_argument(out, &column, first, "void *work");
    text_put(out, ")");
}

/* `x [N, D]  y [N]  decay scalar` */
static void put_shapes(Emit *e, const Function *f, Text *out)
{
    int column = 3, own = 0;
    while (own < f->outputs.n && !f->outputs.at[own].updates)
        own++;
    for (int i = 0; i < f->args.n + own; i++) {
        bool arg = i < f->args.n;
        Shape s = arg ? e->g->params.at[f->args.at[i].param].shape : f->outputs.at[i - f->args.n].node->shape;
        const char *name = arg ? e->param[f->args.at[i].param] : f->outputs.at[i - f->args.n].name;
        Text t = {.arena = e->arena};
        if (!arg && i == f->args.n)
            text_put(&t, "-> ");
        text_printf(&t, "%s ", name);
        if (s.rank)
            shape_print(e->g, s, &t);
        else
            text_put(&t, "scalar");
        if (column + (int)t.n > 96) {
            text_put(out, "\n *");
            column = 2;
        }
        text_printf(out, "%s%s", column > 3 ? "  " : " ", t.s);
        column += (int)t.n + 2;
    }
    for (int i = own; i < f->outputs.n; i++) {
        const char *name = e->param[f->outputs.at[i].param];
        bool wrap = i == own || column + (int)strlen(name) > 96;
        text_printf(out, i == own ? "\n * updated in place: %s" : wrap ? ",\n *   %s" : ", %s", name);
        column = i == own ? 21 : wrap ? 5 : column;
        column += (int)strlen(name) + 2;
    }
}

/* `3 tanh, 5 mul`: of functions without loops, what they cost. */
static void put_counts(Emit *e, Text *out)
{
    int count[OP_COUNT] = {0};
    for (int i = 0; i < e->p->steps.n; i++)
        if (e->p->steps.at[i].kind != STEP_LOOPS || e->p->steps.at[i].nloops)
            return;
    for (int id = 0; id < e->nnodes; id++)
        if (e->uses[id])
            count[e->g->nodes.at[id]->op]++;
    count[OP_MUL] += count[OP_SCALE];
    count[OP_SCALE] = 0;
    bool first = true;
    for (int op = 0; op < OP_COUNT; op++) {
        const char *name = op == OP_MUL ? "mul" : op == OP_ADD ? "add" : op == OP_SUB ? "sub" : op == OP_DIV ? "div" : op == OP_NEG ? "neg" : op_table[op].name;
        if (!count[op] || op_table[op].family != F_POINTWISE || op_table[op].cost == 0 || op == OP_CAST)
            continue;
        text_printf(out, "%s%d %s", first ? "\n * " : ", ", count[op], name);
        first = false;
    }
}

static void put_comment(Emit *e, const Function *f, bool has_work, Text *out)
{
    text_printf(out, "/* %s: %s of %s (%s:%d)\n *", f->name, f->what, f->base, e->path, diag_line(e->diags, f->span));
    put_shapes(e, f, out);
    put_counts(e, out);
    if (has_work) {
        text_printf(out, "\n * workspace: %s_work(", f->name);
        for (int i = 0; i < f->sizes.n; i++)
            text_printf(out, "%s%s", i ? ", " : "", f->sizes.at[i]);
        for (int i = 0; i < e->p->counts.n; i++)
            text_printf(out, "%s%s", i || f->sizes.n ? ", " : "", e->param[f->args.at[e->p->counts.at[i]].param]);
        text_put(out, ") bytes */\n");
    } else {
        text_put(out, "\n * no workspace */\n");
    }
}

/* ---- Workspace ---- */

/* The bytes that a routine of linear algebra works in: integers first, reals behind them. */
static const Size *linalg_scratch(Graph *g, const Step *s)
{
    Sizes *z = g->sizes;
    const Size *n = s->n, *n2 = size_mul(z, n, n), *integers = n, *reals = n2;
    if (s->op == OP_ARGSORT) {
        integers = size_mul(z, n, size_int(g, dtype_is_real((Dtype)s->node->in[0]->dtype) ? 2 : 1));
        reals = size_int(g, 0);
    } else if (s->op == OP_EXPM) {
        reals = size_mul(z, n2, size_int(g, 6));
    } else if (s->op == OP_QR || s->op == OP_EIGH || s->op == OP_SVD) {
        reals = s->op == OP_QR ? size_mul(z, n, size_int(g, 2)) : n2;
        reals = size_add(z, size_mul(z, s->m, n), reals);
        integers = size_int(g, 0);
    }
    const Size *bytes = size_add(z, size_mul(z, reals, size_int(g, dtype_bytes((Dtype)s->node->dtype))), size_mul(z, integers, size_int(g, 8)));
    return size_add(z, bytes, size_int(g, 8));
}

/* The scratch of matrix routines, used by one step at a time: C expressions of its bytes. */
static int scratch_sizes(Emit *e, const char ***out)
{
    VEC(const char *) list = {0};
    for (int i = 0; i < e->p->steps.n; i++) {
        const Step *s = &e->p->steps.at[i];
        const char *t = NULL;
        if (!step_needs_scratch(e->o, s))
            continue;
        if (s->kind == STEP_GEMM) {
            const char *sfx = s->node->dtype == T_F32 ? "f32" : "f64";
            const char *fn = arena_printf(e->arena, "gradc_gemm_pack_%s", sfx);
            snippet_want(e->snippets, fn);
            t = arena_printf(e->arena, "%s(%s, %s, %s) * sizeof(%s)", fn, emit_size(e, s->m, false), emit_size(e, s->n, false), emit_size(e, s->k, false), dtype_c((Dtype)s->node->dtype));
        } else {
            t = arena_printf(e->arena, "(size_t)%s", emit_size(e, linalg_scratch(e->g, s), true));
        }
        bool known = !t;
        for (int k = 0; t && k < list.n; k++)
            known |= !strcmp(list.at[k], t);
        if (!known)
            vec_push(e->arena, &list, t);
    }
    *out = list.at;
    return list.n;
}

/* The sizes that the bytes of the workspace are computed from; their number. The same whether products are
 * ours or not, as the functions of a module are what its description says. */
static int work_sizes(Emit *e, const Size ***out)
{
    VEC(const Size *) list = {0};
    for (int i = 0; i < e->p->slots.n; i++)
        vec_push(e->arena, &list, e->p->slots.at[i]);
    for (int i = 0; i < e->p->steps.n; i++) {
        const Step *s = &e->p->steps.at[i];
        const Size *one[3] = {s->m, s->n, s->k};
        if (s->kind == STEP_LINALG && step_needs_scratch(e->o, s))
            vec_push(e->arena, &list, linalg_scratch(e->g, s));
        for (int k = 0; k < 3 && s->kind == STEP_GEMM; k++)
            vec_push(e->arena, &list, one[k]);
    }
    *out = list.at;
    return list.n;
}

/* The arguments that they depend on, beside the open sizes. */
static void find_counts(Emit *e)
{
    const Function *f = e->p->function;
    const Size **size;
    int n = work_sizes(e, &size);
    memset(&e->p->counts, 0, sizeof e->p->counts); /* another flavour shares what it has */
    for (int i = 0; i < f->args.n; i++)
        for (int k = 0; k < n; k++)
            if (size_has_argument(e->g->sizes, size[k]) && size_mentions(e->g->sizes, size[k], e->param[f->args.at[i].param])) {
                vec_push(e->g->arena, &e->p->counts, i);
                break;
            }
}

/* No caller has arrays of absurd sizes, but an argument may be anything. */
static void put_too_much(Emit *e, Text *out)
{
    const Size **size;
    int n = work_sizes(e, &size), some = 0;
    snippet_want(e->snippets, "gradc_too_much");
    text_put(out, "    if (gradc_too_much(");
    for (int k = 0; k < n; k++) {
        bool known = !size_has_argument(e->g->sizes, size[k]);
        for (int i = 0; i < k; i++)
            known |= size[i] == size[k] && k >= e->p->slots.n;
        if (known)
            continue;
        text_put(out, some++ ? "\n            + " : "");
        emit_size(e, size[k], false); /* what it is made of is used */
        size_print_most(e->g->sizes, size[k], out);
    }
    text_put(out, "))\n        return (size_t)-1 / 2;\n");
}

static const char *slot_bytes(Emit *e, int slot)
{
    snippet_want(e->snippets, "gradc_space");
    return arena_printf(e->arena, "gradc_space(%s)", emit_size(e, e->p->slots.at[slot], false));
}

static void put_work_body(Emit *e, Text *out)
{
    const char **scratch;
    int n = scratch_sizes(e, &scratch), carried = e->ncross_real + e->ncross_int;
    text_put(out, "    return ");
    if (e->npieces > 1 && carried)
        text_printf(out, "%zu%s", ((size_t)carried * 8 + 63) / 64 * 64, e->p->slots.n || n ? "\n        + " : "");
    for (int i = 0; i < e->p->slots.n; i++)
        text_printf(out, "%s%s", i ? "\n        + " : "", slot_bytes(e, i));
    if (n) {
        text_put(out, e->p->slots.n ? "\n        + " : "");
        for (int i = 0; i + 1 < n; i++) {
            snippet_want(e->snippets, "gradc_larger");
            text_printf(out, "gradc_larger(%s,\n            ", scratch[i]);
        }
        text_put(out, scratch[n - 1]);
        for (int i = 0; i + 1 < n; i++)
            text_put(out, ")");
    }
    text_put(out, ";\n");
}

/* Whether the present piece writes or reads output k (one without elements may have no loop). */
static bool output_used(const Emit *e, int k)
{
    for (int i = 0; i < e->p->buffers.n; i++) {
        const Buffer *b = &e->p->buffers.at[i];
        if (e->buffer_used[i] && b->host >= 0)
            b = &e->p->buffers.at[buffer_root(e->p, i)];
        if (e->buffer_used[i] && b->place == PLACE_OUTPUT && b->index == k)
            return true;
    }
    return false;
}

static void put_unused(Emit *e, Text *out)
{
    Function *f = e->p->function;
    for (int i = 0; i < f->outputs.n && !f->outputs.at[i].updates; i++)
        if (e->npieces > 1 || !output_used(e, i))
            text_printf(out, "    (void)%s;\n", f->outputs.at[i].name);
    for (int i = 0; i < f->args.n; i++) {
        int p = f->args.at[i].param, k = output_updating(f, p);
        if (e->npieces > 1 || !(e->param_used[p] || (k >= 0 && output_used(e, k))))
            text_printf(out, "    (void)%s;\n", e->param[p]);
        if (e->npieces > 1 && e->before[p])
            text_printf(out, "    (void)%s;\n", e->before[p]);
    }
    for (int i = 0; i < f->sizes.n; i++)
        if (e->npieces > 1 || !e->size_used[i])
            text_printf(out, "    (void)%s;\n", f->sizes.at[i]);
}

/* ---- Buffers ---- */

static void name_buffers(Emit *e)
{
    Program *p = e->p;
    Function *f = p->function;
    for (int i = 0; i < e->g->params.n; i++)
        e->param[i] = e->g->params.at[i].name;
    for (int i = 0; i < e->g->params.n; i++)
        name_unique(&e->names, e->param[i]);
    for (int i = 0; i < f->sizes.n; i++)
        name_unique(&e->names, f->sizes.at[i]);
    for (int i = 0; i < f->outputs.n; i++)
        if (!f->outputs.at[i].updates)
            name_unique(&e->names, f->outputs.at[i].name);
    name_unique(&e->names, "work");
    name_unique(&e->names, f->name);
    for (int i = 0; i < f->outputs.n; i++) {
        const Output *o = &f->outputs.at[i];
        if (o->updates && !e->g->params.at[o->param].shape.rank)
            e->before[o->param] = name_unique(&e->names, arena_printf(e->arena, "%s_before", e->param[o->param]));
    }
    for (int i = 0; i < p->buffers.n; i++) {
        Buffer *b = &p->buffers.at[i];
        if (b->place == PLACE_INPUT)
            e->buffer[i] = e->param[b->index];
        else if (b->place == PLACE_OUTPUT && f->outputs.at[b->index].updates)
            e->buffer[i] = e->param[f->outputs.at[b->index].param];
        else if (b->place == PLACE_OUTPUT)
            e->buffer[i] = f->outputs.at[b->index].name;
        else if (b->place == PLACE_CONSTANT)
            e->buffer[i] = arena_printf(e->arena, "%s_table%d", f->name, b->index);
        else if (b->host < 0)
            e->buffer[i] = name_unique(&e->names, b->node->name ? b->node->name : "w");
    }
    for (int i = 0; i < p->buffers.n; i++)
        if (p->buffers.at[i].host >= 0)
            e->buffer[i] = e->buffer[buffer_root(p, i)];
}

/* Pointers into the workspace, one for each buffer that is used; the arrays that carry values between
 * pieces stand behind the slots, the scratch of matrix routines last. */
static bool slot_used(Emit *e, int slot)
{
    for (int i = 0; i < e->p->buffers.n; i++) {
        const Buffer *b = &e->p->buffers.at[i];
        if (b->place == PLACE_WORK && b->host < 0 && b->slot == slot && e->buffer_used[i])
            return true;
    }
    return false;
}

static void put_slot(Emit *e, int slot, const char *at, Text *out)
{
    for (int i = 0; i < e->p->buffers.n; i++) {
        const Buffer *b = &e->p->buffers.at[i];
        if (b->place != PLACE_WORK || b->host >= 0 || b->slot != slot || !e->buffer_used[i])
            continue;
        Text shape = {.arena = e->arena};
        shape_print(e->g, b->node->shape, &shape);
        text_printf(out, "    %s *const %s = (%s *)(void *)%s;  /* %s */\n", dtype_c(b->dtype), e->buffer[i], dtype_c(b->dtype), at, shape.s ? shape.s : "scalar");
    }
}

static void put_pointers(Emit *e, Text *out)
{
    Program *p = e->p;
    const char *offset = "0";
    int last = -1, carried = e->npieces > 1 ? 1 : 0;
    for (int s = 0; s < p->slots.n; s++)
        if (slot_used(e, s))
            last = s;
    if (carried || e->scratch_used)
        last = p->slots.n;
    if (last < 0) {
        if (program_needs_work(p))
            text_put(out, "    (void)work;\n");
        return;
    }
    text_put(out, "    char *const space = (char *)work;\n");
    for (int s = 0; s <= last; s++) {
        if (s > 0) {
            const char *name = arena_printf(e->arena, "offset%d", s);
            text_printf(out, "    const size_t %s = %s%s%s;\n", name, s > 1 ? offset : "", s > 1 ? " + " : "", slot_bytes(e, s - 1));
            offset = name;
        }
        const char *at = s ? arena_printf(e->arena, "(space + %s)", offset) : "space";
        if (s < p->slots.n) {
            put_slot(e, s, at, out);
            continue;
        }
        size_t bytes = ((size_t)e->ncross_real + (size_t)e->ncross_int) * 8;
        const char *base = s ? arena_printf(e->arena, "space + %s", offset) : "space";
        if (carried && e->ncross_real)
            text_printf(out, "    double *const carry = (double *)(void *)%s;\n    (void)carry;\n", at);
        if (carried && e->ncross_int)
            text_printf(out, "    int64_t *const carry_int = (int64_t *)(void *)(%s + %zu);\n    (void)carry_int;\n", base, (size_t)e->ncross_real * 8);
        if (e->scratch_used)
            text_printf(out, "    void *const scratch = (void *)(%s%s);\n", base, bytes ? arena_printf(e->arena, " + %zu", (bytes + 63) / 64 * 64) : "");
    }
}

/* ---- Calls ---- */

static const char *view_text(Emit *e, const View *v, int nbatch, const char *const *var)
{
    Sizes *z = e->g->sizes;
    Text t = {.arena = e->arena};
    e->buffer_used[v->buffer] = true;
    const Buffer *b = &e->p->buffers.at[v->buffer];
    if (b->place == PLACE_INPUT)
        e->param_used[b->index] = true;
    text_put(&t, e->buffer[v->buffer]);
    if (v->offset->n)
        text_printf(&t, " + %s", emit_size(e, v->offset, true));
    for (int i = 0; i < nbatch; i++)
        if (v->batch[i]->n)
            text_printf(&t, v->batch[i] == size_const(z, 1) ? " + %s" : " + %s*%s", var[i], emit_size(e, v->batch[i], true));
    return t.s;
}

static int open_batches(Emit *e, const Step *s, const char **var)
{
    static const char *const letter[] = {"i", "j", "k", "l"};
    int opened = 0;
    names_clear(&e->inner);
    for (int i = 0; i < s->nbatch; i++) {
        var[i] = inner_name(e, letter[i % 4]);
        emit_line(e, "for (int64_t %s = 0; %s < %s; %s++) {", var[i], var[i], emit_size(e, s->batch[i], true), var[i]);
        e->indent++;
        opened++;
    }
    return opened;
}

static void close_batches(Emit *e, int opened)
{
    while (opened--) {
        e->indent--;
        emit_line(e, "}");
    }
}

static const char *leading(Emit *e, const View *v)
{
    bool col = v->col->is_const && v->col->value == 1;
    return arena_printf(e->arena, "(int)%s", emit_size(e, col ? v->row : v->col, true));
}

static void put_blas(Emit *e, const Step *s, const char *const *var)
{
    char letter = s->node->dtype == T_F32 ? 's' : 'd';
    const char *one = letter == 's' ? "1.0f" : "1.0", *beta = s->value != 0 ? one : letter == 's' ? "0.0f" : "0.0";
    const View *c = &s->view[0], *a = &s->view[1], *b = &s->view[2];
    bool at = !(a->col->is_const && a->col->value == 1), bt = !(b->col->is_const && b->col->value == 1);
    emit_line(e, "cblas_%cgemm(CblasRowMajor, %s, %s, (int)%s, (int)%s, (int)%s, %s,", letter, at ? "CblasTrans" : "CblasNoTrans", bt ? "CblasTrans" : "CblasNoTrans", emit_size(e, s->m, true), emit_size(e, s->n, true), emit_size(e, s->k, true), one);
    emit_line(e, "    %s, %s, %s, %s, %s, %s, %s);", view_text(e, a, s->nbatch, var), leading(e, a), view_text(e, b, s->nbatch, var), leading(e, b), beta, view_text(e, c, s->nbatch, var), leading(e, c));
}

static void put_gemm(Emit *e, const Step *s)
{
    const char *var[MAX_RANK], *sfx = s->node->dtype == T_F32 ? "f32" : "f64";
    int opened = open_batches(e, s, var);
    const View *c = &s->view[0], *a = &s->view[1], *b = &s->view[2];
    if (calls_blas(e->o, s)) {
        put_blas(e, s, var);
    } else {
        e->scratch_used = true;
        const char *fn = arena_printf(e->arena, e->o->products ? "gradc_blas_%s" : "gradc_gemm_%s", sfx);
        snippet_want(e->snippets, fn);
        emit_line(e, "%s(%s, %s, %s, %s, %s, %s,", fn, emit_size(e, s->m, false), emit_size(e, s->n, false), emit_size(e, s->k, false), view_text(e, a, s->nbatch, var), emit_size(e, a->row, false), emit_size(e, a->col, false));
        emit_line(e, "    %s, %s, %s, %s, %s, %s, %d, (%s *)scratch);", view_text(e, b, s->nbatch, var), emit_size(e, b->row, false), emit_size(e, b->col, false), view_text(e, c, s->nbatch, var), emit_size(e, c->row, false), emit_size(e, c->col, false), s->value != 0, dtype_c((Dtype)s->node->dtype));
    }
    close_batches(e, opened);
}

static void put_linalg(Emit *e, const Step *s)
{
    static const struct { Op op; const char *name; } routine[] = {{OP_ARGSORT, "argsort"}, {OP_CHOLESKY, "cholesky"}, {OP_TRISOLVE, "trisolve"}, {OP_SOLVE, "solve"}, {OP_INV, "inv"}, {OP_DET, "det"}, {OP_LOGDET, "logdet"}, {OP_EXPM, "expm"}, {OP_QR, "qr"}, {OP_EIGH, "eigh"}, {OP_SVD, "svd"}};
    const char *var[MAX_RANK], *name = "", *type = dtype_c((Dtype)s->node->dtype);
    for (int i = 0; i < ARRAY_LEN(routine); i++)
        if (routine[i].op == s->op)
            name = arena_printf(e->arena, "gradc_%s_%s", routine[i].name, dtype_name((Dtype)s->node->in[0]->dtype));
    snippet_want(e->snippets, name);
    e->scratch_used |= step_needs_scratch(e->o, s);
    int opened = open_batches(e, s, var);
    const char *n = emit_size(e, s->n, false), *x = view_text(e, &s->view[0], s->nbatch, var), *a = view_text(e, &s->view[1], s->nbatch, var);
    /* the pivots stand first in the scratch: they are the wider type */
    const char *scratch = arena_printf(e->arena, "(%s *)(void *)((int64_t *)scratch + %s), (int64_t *)scratch", type, emit_size(e, s->n, true));
    if (s->op == OP_CHOLESKY)
        emit_line(e, "%s(%s, %s, %s);", name, n, a, x);
    else if (s->op == OP_ARGSORT)
        emit_line(e, "%s(%s, %s, %s, (int64_t *)scratch);", name, n, a, x);
    else if (s->op == OP_TRISOLVE)
        emit_line(e, "%s(%s, %s, %s, %d, %d, %s, %s);", name, n, emit_size(e, s->m, false), a, (int)s->node->attr[0], (int)s->node->attr[1], view_text(e, &s->view[2], s->nbatch, var), x);
    else if (s->op == OP_SOLVE)
        emit_line(e, "%s(%s, %s, %s, %s, %s, %s);", name, n, emit_size(e, s->m, false), a, view_text(e, &s->view[2], s->nbatch, var), x, scratch);
    else if (s->op == OP_QR || s->op == OP_SVD)
        emit_line(e, "%s(%s, %s, %s, %s, (%s *)scratch);", name, emit_size(e, s->m, false), n, a, x, type);
    else if (s->op == OP_EIGH)
        emit_line(e, "%s(%s, %s, %s, (%s *)scratch);", name, n, a, x, type);
    else if (s->op == OP_EXPM)
        emit_line(e, "%s(%s, %s, %s, %s, %s);", name, n, emit_size(e, size_div(e->g->sizes, s->n, size_int(e->g, s->node->attr[0])), false), a, x, scratch);
    else if (s->op == OP_INV)
        emit_line(e, "%s(%s, %s, %s, %s);", name, n, a, x, scratch);
    else
        emit_line(e, "*(%s) = %s(%s, %s, %s);", x, name, n, a, scratch);
    close_batches(e, opened);
}

static void put_fill(Emit *e, const Step *s)
{
    const Buffer *b = &e->p->buffers.at[s->buffer];
    const char *literal = emit_literal(e->arena, b->dtype, s->value, (int64_t)s->value);
    e->buffer_used[s->buffer] = true;
    if (strips_wanted(e)) {
        emit_strip_fill(e, s->buffer, literal);
        return;
    }
    emit_line(e, "for (int64_t i_fill = 0; i_fill < %s; i_fill++)", emit_size(e, b->count, true));
    emit_line(e, "    %s[i_fill] = %s;", e->buffer[s->buffer], literal);
}

static void put_copy(Emit *e, const Step *s)
{
    const Buffer *b = &e->p->buffers.at[s->view[0].buffer];
    const char *to = view_text(e, &s->view[0], 0, NULL), *from = view_text(e, &s->view[1], 0, NULL);
    emit_line(e, "memcpy(%s, %s, (size_t)%s * sizeof(%s));", to, from, emit_size(e, b->count, true), dtype_c(b->dtype));
}

/* ---- The function ---- */

static void put_steps(Emit *e);

static Emit *new_emit(Arena *a, Program *p, const CompileOptions *o, SnippetSet *set)
{
    Emit *e = NEW(a, Emit);
    int nparam = p->graph->params.n;
    *e = (Emit){.arena = a, .g = p->graph, .p = p, .o = o, .snippets = set, .indent = 1};
    e->diags = p->graph->diags;
    e->names.arena = e->inner.arena = a;
    e->param = NEW_N(a, const char *, nparam + 1);
    e->before = NEW_N(a, const char *, nparam + 1);
    e->param_used = NEW_N(a, bool, nparam + 1);
    e->buffer = NEW_N(a, const char *, p->buffers.n + 1);
    e->buffer_used = NEW_N(a, bool, p->buffers.n + 1);
    e->size_used = NEW_N(a, bool, p->function->sizes.n + 1);
    e->table_used = NEW_N(a, bool, p->buffers.n + 1);
    name_buffers(e);
    emit_count_uses(e);
    emit_plan_pieces(e, put_steps);
    return e;
}

static void put_work_signature(const Program *p, Text *out)
{
    const Function *f = p->function;
    text_printf(out, "size_t %s_work(", f->name);
    for (int i = 0; i < f->sizes.n; i++)
        text_printf(out, "%sint64_t %s", i ? ", " : "", f->sizes.at[i]);
    for (int i = 0; i < p->counts.n; i++) {
        const Param *a = &p->graph->params.at[f->args.at[p->counts.at[i]].param];
        text_printf(out, "%s%s %s", i || f->sizes.n ? ", " : "", dtype_c(a->dtype), a->name);
    }
    text_put(out, f->sizes.n || p->counts.n ? ")" : "void)");
}

static void put_work_function(Emit *e, Text *out)
{
    const Function *f = e->p->function;
    Text body = {.arena = e->arena};
    memset(e->size_used, 0, sizeof(bool) * (size_t)f->sizes.n);
    if (e->p->counts.n)
        put_too_much(e, &body);
    put_work_body(e, &body);
    put_work_signature(e->p, out);
    text_put(out, "\n{\n");
    for (int i = 0; i < f->sizes.n; i++)
        if (!e->size_used[i])
            text_printf(out, "    (void)%s;\n", f->sizes.at[i]);
    text_printf(out, "%s}\n\n", body.s);
}

static void put_tables(Emit *e, Text *out)
{
    Graph *g = e->g;
    for (int i = 0; i < e->p->buffers.n; i++) {
        const Buffer *b = &e->p->buffers.at[i];
        if (b->place != PLACE_CONSTANT || !e->table_used[i])
            continue;
        const Array *a = &g->arrays.at[b->index];
        text_printf(out, "static const %s %s[%lld] = {", dtype_c(b->dtype), e->buffer[i], (long long)(a->count ? a->count : 1));
        for (int64_t k = 0; k < a->count; k++)
            text_printf(out, "%s%s", k % 8 ? ", " : k ? ",\n    " : "\n    ", emit_literal(e->arena, b->dtype, a->real ? a->real[k] : 0, a->integer ? a->integer[k] : 0));
        text_put(out, a->count ? "\n};\n\n" : "0};\n\n");
    }
}

void emit_list(Emit *e, int list)
{
    for (int k = 0; k < e->p->lists.at[list].steps.n; k++) {
        int i = e->p->lists.at[list].steps.at[k];
        Step *s = &e->p->steps.at[i];
        switch (s->kind) {
        case STEP_LOOPS:
            if (s->results.n)
                emit_loops(e, s, i);
            break;
        case STEP_FILL: put_fill(e, s); break;
        case STEP_GEMM: put_gemm(e, s); break;
        case STEP_LINALG: put_linalg(e, s); break;
        case STEP_COPY: put_copy(e, s); break;
        case STEP_FOR:
        case STEP_IF: emit_block(e, s); break;
        }
    }
}

static void put_steps(Emit *e)
{
    emit_list(e, 0);
    emit_end_piece(e);
}

void emit_end_piece(Emit *e)
{
    Text head = {.arena = e->arena};
    int nparam = e->g->params.n;
    if (e->dry)
        return;
    for (int i = 0; i < e->p->buffers.n; i++)
        if (e->buffer_used[i])
            e->buffer_used[buffer_root(e->p, i)] = true;
    for (int i = 0; i < e->p->buffers.n; i++)
        if (e->buffer_used[i] && e->p->buffers.at[i].place == PLACE_INPUT)
            e->param_used[e->p->buffers.at[i].index] = true;
    put_pointers(e, &head);
    for (int i = 0; i < e->p->buffers.n; i++)
        e->table_used[i] |= e->buffer_used[i];
    Text unused = {.arena = e->arena};
    put_unused(e, &unused);
    vec_push(e->arena, &e->heads, arena_printf(e->arena, "%s%s%s", unused.s ? unused.s : "", head.s ? head.s : "", head.s ? "\n" : ""));
    if (e->npieces == 1)
        return;
    memset(e->param_used, 0, sizeof(bool) * (size_t)nparam);
    memset(e->size_used, 0, sizeof(bool) * (size_t)e->p->function->sizes.n);
    memset(e->buffer_used, 0, sizeof(bool) * (size_t)e->p->buffers.n);
    e->scratch_used = false;
}

/* The names of the arguments, as a call hands them on. */
static void put_arguments(Emit *e, const Function *f, Text *out)
{
    bool first = true;
    for (int i = 0; i < f->args.n; i++, first = false) {
        const char *before = e->before[f->args.at[i].param];
        text_printf(out, "%s%s", first ? "" : ", ", e->param[f->args.at[i].param]);
        if (before)
            text_printf(out, ", %s", before);
    }
    for (int i = 0; i < f->sizes.n; i++, first = false)
        text_printf(out, "%s%s", first ? "" : ", ", f->sizes.at[i]);
    for (int i = 0; i < f->outputs.n && !f->outputs.at[i].updates; i++, first = false)
        text_printf(out, "%s%s", first ? "" : ", ", f->outputs.at[i].name);
    text_put(out, ", work");
}

/* Functions that are called from thousands of places, each inlined in one. */
static void put_called(Emit *e, Text *out)
{
    for (int i = 0; i < e->called.n; i++) {
        const Node *n = e->called.at[i].node;
        const char *type = dtype_c((Dtype)n->dtype), *name = e->called.at[i].name;
        snippet_want(e->snippets, "gradc_alone");
        text_printf(out, "GRADC_ALONE static %s %s_%s(", type, e->p->function->name, name + 6);
        for (int k = 0; k < n->nin; k++)
            text_printf(out, "%s%s %c", k ? ", " : "", type, 'a' + k);
        text_printf(out, ")\n{\n    return %s(", name);
        for (int k = 0; k < n->nin; k++)
            text_printf(out, "%s%c", k ? ", " : "", 'a' + k);
        text_put(out, ");\n}\n\n");
    }
}

/* The pieces of a long function, each a function of the same arguments. */
static void put_pieces(Emit *e, const Function *f, Text *out)
{
    size_t size = 0;
    for (int i = 0; i < e->pieces.n; i++)
        size += e->pieces.at[i].n + 2 * strlen(e->heads.at[i]);
    text_reserve(out, size + size / 8);
    for (int i = 0; i < e->pieces.n; i++) {
        snippet_want(e->snippets, "gradc_alone"); /* called once, they would be put together again */
        text_printf(out, "/* %s: part %d of %d */\nGRADC_ALONE static ", f->name, i + 1, e->pieces.n);
        Function part = *f;
        part.name = arena_printf(e->arena, "%s_part%d", f->name, i + 1);
        put_signature(e, &part, true, true, out);
        text_printf(out, "\n{\n%s%s    return 0;\n}\n\n", e->heads.at[i], e->pieces.at[i].s ? e->pieces.at[i].s : "");
    }
}

/* The old values of updated scalars; in a cut function for all pieces. */
static void put_before(Emit *e, const Function *f, Text *out)
{
    for (int i = 0; i < f->args.n; i++) {
        int p = f->args.at[i].param;
        if (e->before[p] && (e->npieces > 1 || e->param_used[p]))
            text_printf(out, "    const %s %s = *%s;\n", dtype_c(e->g->params.at[p].dtype), e->before[p], e->param[p]);
    }
}

static void put_calls(Emit *e, const Function *f, Text *out)
{
    text_put(out, "    int status = 0;\n\n");
    for (int i = 0; i < e->pieces.n; i++) {
        text_printf(out, "    if (status == 0)\n        status = %s_part%d(", f->name, i + 1);
        put_arguments(e, f, out);
        text_put(out, ");\n");
    }
    text_put(out, "    return status;\n}\n\n");
}

void emit_function(Arena *a, const Model *m, const CompileOptions *o, Program *p, SnippetSet *set, Diags *diags, Text *out)
{
    Emit *e = new_emit(a, p, o, set);
    Function *f = p->function;
    const char *slash = strrchr(m->path, '/');
    bool has_work = program_needs_work(p) || e->npieces > 1;
    p->has_work = has_work;
    find_counts(e);
    e->diags = diags; /* lines of the model */
    e->path = slash ? slash + 1 : m->path;
    vec_push(a, &e->pieces, (Text){.arena = a});
    e->out = &e->pieces.at[0];
    put_steps(e);
    put_tables(e, out);
    put_called(e, out);
    if (e->npieces > 1)
        put_pieces(e, f, out);
    p->signature = (Text){.arena = a}; /* a function may be emitted again, in another flavour */
    put_comment(e, f, has_work, &p->signature);
    put_signature(e, f, has_work, false, &p->signature);
    text_printf(out, "%s\n{\n", p->signature.s);
    put_before(e, f, out);
    if (e->npieces > 1)
        put_calls(e, f, out);
    else
        text_printf(out, "%s%s    return 0;\n}\n\n", e->heads.at[0], e->pieces.at[0].s ? e->pieces.at[0].s : "");
    if (has_work)
        put_work_function(e, out);
    emit_patterns(f, out);
}

void emit_prototype(const Program *p, Text *out)
{
    text_printf(out, "\n%s;\n", p->signature.s);
    if (p->has_work) {
        put_work_signature(p, out);
        text_put(out, ";\n");
    }
    emit_pattern_prototypes(p->function, out);
}
