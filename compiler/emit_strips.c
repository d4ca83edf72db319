/* emit_strips.c - a loop nest for compilers that do not optimise: its inner loops are calls of the
 * strip kernels of runtime/kernels.h.
 *
 * A strip is 512 elements of the last loop, or some whole rows of the last two where rows are
 * short. Each operation of the body is one call for the strip, whose values stay in the first-level
 * cache until the next. The order of every sum is that of emit_loops.c. */
#include "emit_strips.h"

/* ---- Calls ---- */

/* Declares a kernel with its arguments as letters: n an int64_t, i an int, p a pointer, c one to const.
 * A p or P in front is a result. */
static const char *kernel(Emit *e, const char *signature, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static const char *kernel(Emit *e, const char *signature, const char *fmt, ...)
{
    va_list ap;
    Text name = {.arena = e->arena}, t = {.arena = e->arena};
    va_start(ap, fmt);
    text_put(&name, "gradc_k_");
    text_vprintf(&name, fmt, ap);
    va_end(ap);
    text_printf(&t, "%s %s(", *signature == 'c' ? "const void *" : *signature == 'n' ? "int64_t" : *signature == 'i' ? "int" : "void", name.s);
    for (const char *c = signature + 1; *c; c++)
        text_printf(&t, "%s%s", c > signature + 1 ? ", " : "", *c == 'n' ? "int64_t" : *c == 'i' ? "int" : *c == 'p' ? "void *" : "const void *");
    text_put(&t, ");");
    snippet_declare(e->snippets, t.s);
    return name.s;
}

/* A pointer to an element of a buffer, the first of the strip. */
static const char *address_of(Emit *e, int buffer, const Node *at)
{
    const char *text = e->text[at->id];
    e->buffer_used[buffer] = true;
    if (!strcmp(text, "0"))
        return e->buffer[buffer];
    return arena_printf(e->arena, "%s + %s", e->buffer[buffer], emit_operand(e, at, PREC_ADD + 1));
}

static const char *size_text(Strips *s, const Size *n)
{
    return emit_size(s->e, n, false);
}

static bool is_name(const char *s)
{
    for (const char *c = s; *c; c++)
        if (!(*c == '_' || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (c > s && *c >= '0' && *c <= '9')))
            return false;
    return *s;
}

/* Kernels take scalars by address: those that are no variables become some. */
static void put_scalars(Strips *s)
{
    Emit *e = s->e;
    for (int i = 0; i < s->scalars.n; i++) {
        const Node *n = s->scalars.at[i];
        const char *text = e->text[n->id], *at = NULL;
        for (int k = 0; k < i && !at; k++)
            if (s->scalars.at[k] == n)
                at = s->address.at[k];
        if (!at && is_name(text) && n->dtype != T_BOOL) {
            at = arena_printf(e->arena, "&%s", text);
        } else if (!at) {
            const char *name = inner_name(e, "k");
            emit_line(e, "const %s %s = %s;", dtype_c((Dtype)n->dtype), name, text);
            at = arena_printf(e->arena, "&%s", name);
        }
        vec_push(e->arena, &s->address, at);
    }
}

static const char *scalar_address(const Strips *s, const Node *n)
{
    for (int i = 0; i < s->scalars.n; i++)
        if (s->scalars.at[i] == n)
            return s->address.at[i];
    return "0"; /* not reached */
}

/* ---- Instructions ---- */

static const char *operand(const Strips *s, const Inst *x, int k)
{
    return x->in[k] >= 0 ? s->list.at[x->in[k]].at : scalar_address(s, x->node->in[k]);
}

static void put_operation(Strips *s, Inst *x, const char *n)
{
    Emit *e = s->e;
    const Node *node = x->node;
    const char *name = strips_kernel(e->arena, node);
    if (node->nin == 1) {
        emit_line(e, "%s(%s, %s, %s);", kernel(e, "vnpc", "%s", name), n, x->at, operand(s, x, 0));
        return;
    }
    int last = node->nin - 1, kinds = (x->in[last] < 0 ? 1 : 0) + (x->in[last - 1] < 0 ? 2 : 0);
    if (node->nin == 2)
        emit_line(e, "%s(%s, %s, %s, %s, %d);", kernel(e, "vnpcci", "%s", name), n, x->at, operand(s, x, 0), operand(s, x, 1), kinds);
    else
        emit_line(e, "%s(%s, %s, %s, %s, %s, %d);", kernel(e, "vnpccci", "%s", name), n, x->at, operand(s, x, 0), operand(s, x, 1), operand(s, x, 2), kinds);
}

static void put_load(Strips *s, Inst *x)
{
    Emit *e = s->e;
    const Node *at = x->node->in[0];
    Affine a = strips_affine(s, at);
    const char *from = address_of(e, (int)x->node->attr[0], at), *to = x->at;
    if (x->slot < 0) {
        x->at = from;
        return;
    }
    bool row = x->level == LEVEL_ROW;
    const char *fn = kernel(e, "cnnpcnn", "load_%d", dtype_bytes((Dtype)x->node->dtype));
    x->at = inner_name(e, "v");
    emit_line(e, "const void *const %s = %s(%s, %s, %s, %s, %s, %s);", x->at, fn, row ? "1" : s->rows, row ? s->rows : s->len, to, from, row ? "0" : size_text(s, a.row), size_text(s, row ? a.row : a.col));
    if (x->copy) {
        emit_line(e, "%s(1, %s, %s, 0, 1, %s);", kernel(e, "vnnpnnc", "store_%d", dtype_bytes((Dtype)x->node->dtype)), row ? s->rows : s->n, to, x->at);
        x->at = to;
    }
}

static void put_inst(Strips *s, Inst *x)
{
    Emit *e = s->e;
    bool row = x->level == LEVEL_ROW;
    const char *n = row ? s->rows : s->n;
    int bytes = dtype_bytes((Dtype)x->node->dtype);
    if (x->slot >= 0)
        x->at = arena_printf(e->arena, "%s[%d]", row ? s->row : s->strip, x->slot);
    switch (x->kind) {
    case INST_OP: put_operation(s, x, n); break;
    case INST_LOAD: put_load(s, x); break;
    case INST_GATHER: {
        int b = (int)x->node->attr[0];
        e->buffer_used[b] = true;
        emit_line(e, "%s(%s, %s, %s, %s, %s);", kernel(e, "vnpcnc", "gather_%d", bytes), n, x->at, e->buffer[b], size_text(s, e->p->buffers.at[b].count), s->list.at[x->in[0]].at);
        break;
    }
    case INST_IOTA: {
        Affine a = strips_affine(s, x->node);
        emit_line(e, "%s(%s, %s, %s, %s, %s, %s);", kernel(e, "vnnpnnn", "iota"), row ? "1" : s->rows, row ? s->rows : s->len, x->at, e->text[x->node->id], row ? "0" : size_text(s, a.row), size_text(s, row ? a.row : a.col));
        break;
    }
    case INST_REPEAT:
        emit_line(e, "%s(%s, %s, %s, %s);", kernel(e, "vnnpc", "repeat_%d", bytes), s->rows, s->len, x->at, s->list.at[x->in[0]].at);
        break;
    case INST_FILL:
        emit_line(e, "%s(%s, %s, %s);", kernel(e, "vnpc", "fill_%d", bytes), n, x->at, scalar_address(s, x->node));
        break;
    case INST_POWERS:
        emit_line(e, "%s(%s, %s, %s, %s, %s, %d);", kernel(e, "vnnnpci", "powers_%s", strips_type((Dtype)x->node->dtype)), s->rows, s->len, s->first, x->at, operand(s, x, 0), x->in[0] < 0);
        break;
    case INST_SCAN: {
        const Written *w = &s->written[x->result];
        const char *state = s->blocked ? arena_printf(e->arena, "%s[%d]", s->row, w->state) : arena_printf(e->arena, "&%s", s->t->acc[x->result].name);
        emit_line(e, "%s(%s, %s, %s, %s, %s, %s, %s);", kernel(e, "vnnnccpp", "scan_%s", strips_type((Dtype)x->node->dtype)), s->rows, s->len, s->blocked ? s->first : "1", x->in[1] >= 0 ? s->list.at[x->in[1]].at : "0", s->list.at[x->in[0]].at, x->at, state);
        break;
    }
    }
}

/* The texts of affine indices of this level: the index of the first element. */
static void put_indices(Strips *s, Level level)
{
    Node **some = NEW_N(s->e->arena, Node *, s->t->nodes + 1);
    int n = 0;
    for (int i = 0; i < s->t->nodes; i++)
        if (s->affine[i].good && strips_level(s, s->t->node[i]) == level)
            some[n++] = s->t->node[i];
    emit_nodes(s->e, n, some);
}

static void put_insts(Strips *s, Level level, bool late)
{
    for (int i = 0; i < s->list.n; i++) {
        Inst *x = &s->list.at[i];
        if (x->level != level || x->late != late || x->unused)
            continue;
        for (int k = 0; k < s->t->s->results.n && x->at && x->slot < 0; k++)
            if (s->written[k].direct && s->written[k].value == i)
                x->at = address_of(s->e, s->t->s->results.at[k].buffer, s->t->s->results.at[k].at);
        put_inst(s, x);
    }
}

/* ---- Results ---- */

static const char *fold_name(Op op)
{
    switch (op) {
    case OP_PROD: return "prod";
    case OP_MAXR: return "max";
    case OP_MINR: return "min";
    case OP_ANY: return "any";
    case OP_ALL: return "all";
    default: return "sum";
    }
}

static const char *row_slot(const Strips *s, int slot)
{
    return arena_printf(s->e->arena, "%s[%d]", s->row, slot);
}

/* Extrema of reals are looked for in 16 lanes; the name of that kernel, or NULL. */
static const char *in_lanes(const Result *r, const Acc *a)
{
    bool extremum = r->op == OP_MAXR || r->op == OP_MINR;
    return a->kind == ACC_STRIP && extremum ? (r->op == OP_MAXR ? "largest" : "smallest") : NULL;
}

static void put_row_reduction(Strips *s, int k)
{
    Emit *e = s->e;
    const Result *r = &s->t->s->results.at[k];
    const Written *w = &s->written[k];
    const char *x = s->list.at[w->value].at, *type = strips_type((Dtype)r->value->dtype), *out = row_slot(s, w->out), *state = row_slot(s, w->state);
    const Acc *a = &s->t->acc[k];
    if (r->kind == RESULT_ARG)
        emit_line(e, "%s(%s, %s, %s, %s, %s, %s, %s);", kernel(e, "vnnnccpp", "row_%s_%s", r->op == OP_ARGMAX ? "argmax" : "argmin", type), s->rows, s->len, s->first, x, s->list.at[w->position].at, state, out);
    else if (a->kind == ACC_STRIP && r->op == OP_SUM)
        emit_line(e, "%s(%s, %s, %s, %s, %s, %s, %s);", kernel(e, "vnnnncpp", "row_parts_%s", type), s->rows, s->len, s->first, size_text(s, s->t->s->loop[s->t->s->nloops - 1].extent), x, state, out);
    else
        emit_line(e, "%s(%s, %s, %s, %s, %s);", kernel(e, "vnnncp", "row_%s_%s", in_lanes(r, a) ? in_lanes(r, a) : fold_name(r->op), type), s->rows, s->len, s->first, x, out);
}

static void put_fold(Strips *s, int k)
{
    Emit *e = s->e;
    const Result *r = &s->t->s->results.at[k];
    const Written *w = &s->written[k];
    const Acc *a = &s->t->acc[k];
    const char *x = s->list.at[w->value].at, *type = strips_type((Dtype)r->value->dtype);
    if (r->kind == RESULT_ARG)
        emit_line(e, "%s(%s, %s, %s, &%s, &%s);", kernel(e, "vnccpp", "%s_%s", r->op == OP_ARGMAX ? "argmax" : "argmin", type), s->n, x, s->list.at[w->position].at, a->name, a->where);
    else if (a->kind == ACC_STRIP && r->op == OP_SUM)
        emit_line(e, "%s(%s, %s, %s, %s);", kernel(e, "vnncp", "sum_%s", type), s->rows, s->len, x, a->name);
    else if (in_lanes(r, a))
        emit_line(e, "%s(%s, %s, &%s);", kernel(e, "vncp", "%s_%s", in_lanes(r, a), type), s->n, x, a->name);
    else
        emit_line(e, "%s(%s, %s, &%s);", kernel(e, "vncp", "fold_%s_%s", fold_name(r->op), type), s->n, x, a->name);
}

/* What goes to memory for each element. */
static void put_elements(Strips *s, int k)
{
    Emit *e = s->e;
    const Result *r = &s->t->s->results.at[k];
    const Written *w = &s->written[k];
    Dtype type = e->p->buffers.at[r->buffer].dtype;
    const char *x = s->list.at[w->value].at;
    bool store = r->kind == RESULT_STORE || r->kind == RESULT_SCAN;
    if (!w->affine.good) {
        const char *idx = s->list.at[w->at].at;
        e->buffer_used[r->buffer] = true;
        if (store)
            emit_line(e, "%s(%s, %s, %s, %s);", kernel(e, "vnpcc", "put_%d", dtype_bytes(type)), s->n, e->buffer[r->buffer], idx, x);
        else
            emit_line(e, "%s(%s, %s, %s, %s);", kernel(e, "vnpcc", "scatter_%s", strips_type(type)), s->n, e->buffer[r->buffer], idx, x);
        return;
    }
    const char *fn = store ? kernel(e, "vnnpnnc", "store_%d", dtype_bytes(type)) : kernel(e, "vnnpnnc", "acc_%s_%s", r->kind == RESULT_ADD ? "sum" : fold_name(r->op), strips_type(type));
    emit_line(e, "%s(%s, %s, %s, %s, %s, %s);", fn, s->rows, s->len, address_of(e, r->buffer, r->at), size_text(s, w->affine.row), size_text(s, w->affine.col), x);
}

/* Rows of the step's width inside a strip, each reduced by itself. */
static void put_width_rows(Strips *s, int k)
{
    Acc *a = &s->t->acc[k];
    a->strip = arena_printf(s->e->arena, "(const %s *)%s", dtype_c((Dtype)s->t->s->results.at[k].value->dtype), s->list.at[s->written[k].value].at);
    if (s->list.at[s->written[k].value].slot < 0)
        a->strip = s->list.at[s->written[k].value].at;
    emit_close_rows(s->t, k, s->len, s->first);
}

static void put_checks(Strips *s, Level level)
{
    Emit *e = s->e;
    for (int k = 0; k < s->t->s->results.n; k++) {
        const Result *r = &s->t->s->results.at[k];
        if (r->kind != RESULT_CHECK || strips_level(s, r->value) != level)
            continue;
        emit_line(e, "if (!%s(%s, %s))", kernel(e, "inc", "all"), level == LEVEL_ROW ? s->rows : s->n, s->list.at[s->written[k].value].at);
        emit_line(e, "    return GRADC_E_BOUNDS;");
    }
}

static void put_results(Strips *s)
{
    for (int k = 0; k < s->t->s->results.n; k++) {
        const Result *r = &s->t->s->results.at[k];
        const Written *w = &s->written[k];
        const Acc *a = &s->t->acc[k];
        bool reduced = r->kind == RESULT_ARG || (r->kind == RESULT_REDUCE && a->kind != ACC_MEMORY);
        if (r->kind == RESULT_CHECK || w->direct)
            continue;
        if (w->by_row)
            put_row_reduction(s, k);
        else if (reduced && a->kind == ACC_ROWS)
            put_width_rows(s, k);
        else if (reduced)
            put_fold(s, k);
        else
            put_elements(s, k);
    }
}

/* What the rows of the block reduce to, behind its strips. */
static void put_row_results(Strips *s)
{
    Emit *e = s->e;
    put_insts(s, LEVEL_ROW, true);
    for (int k = 0; k < s->t->s->results.n; k++) {
        const Result *r = &s->t->s->results.at[k];
        const Written *w = &s->written[k];
        if (!w->by_row)
            continue;
        Dtype type = e->p->buffers.at[r->buffer].dtype;
        const char *out = row_slot(s, w->out);
        bool outer = r->reduced & ((1u << s->t->acc[k].start) - 1);
        if (!w->affine.good) {
            e->buffer_used[r->buffer] = true;
            emit_line(e, "%s(%s, %s, %s, %s);", kernel(e, "vnpcc", "put_%d", dtype_bytes(type)), s->rows, e->buffer[r->buffer], s->list.at[w->at].at, out);
            continue;
        }
        const char *fn = outer ? kernel(e, "vnnpnnc", "acc_%s_%s", fold_name(r->op), strips_type(type)) : kernel(e, "vnnpnnc", "store_%d", dtype_bytes(type));
        emit_line(e, "%s(1, %s, %s, 0, %s, %s);", fn, s->rows, address_of(e, r->buffer, r->at), size_text(s, w->affine.row), out);
    }
}

/* ---- Loops ---- */

static void open_block(Emit *e)
{
    e->indent++;
}

static void close_block(Emit *e)
{
    e->indent--;
    emit_line(e, "}");
}

static void put_strip(Strips *s)
{
    put_indices(s, LEVEL_ELEMENT);
    put_insts(s, LEVEL_ELEMENT, false);
    put_checks(s, LEVEL_ELEMENT);
    put_results(s);
}

static void put_arrays(Strips *s)
{
    Emit *e = s->e;
    s->strip = inner_name(e, "strip");
    s->row = inner_name(e, "row");
    if (s->slots)
        emit_line(e, "double %s[%d][%d];", s->strip, s->slots, STRIP_ELEMENTS);
    if (s->row_slots)
        emit_line(e, "double %s[%d][%d];", s->row, s->row_slots, STRIP_ROWS);
}

/* Strips of the last loop alone. */
static void put_flat(Strips *s)
{
    Emit *e = s->e;
    Nest *t = s->t;
    const Loop *l = &t->s->loop[t->s->nloops - 1];
    const char *i = t->var[t->s->nloops - 1], *n = emit_size(e, l->extent, true);
    bool single = l->extent->is_const && l->extent->value <= STRIP_ELEMENTS && !t->s->width;
    s->rows = "1";
    s->first = i;
    if (single) {
        emit_line(e, "{");
        open_block(e);
        emit_line(e, "const int64_t %s = 0;", i);
        s->len = s->n = n;
    } else if (t->s->width) { /* whole rows, or a part of one */
        s->len = s->n = inner_name(e, "n");
        snippet_want(e->snippets, "gradc_strip");
        emit_line(e, "for (int64_t %s = 0, %s; %s < %s; %s += %s) {", i, s->n, i, n, i, s->n);
        open_block(e);
        emit_line(e, "%s = gradc_strip(%s, %s, %s);", s->n, i, emit_size(e, l->extent, false), emit_size(e, t->s->width, false));
    } else {
        s->len = s->n = inner_name(e, "n");
        emit_line(e, "for (int64_t %s = 0; %s < %s; %s += %d) {", i, i, n, i, STRIP_ELEMENTS);
        open_block(e);
        emit_line(e, "const int64_t %s = %s - %s < %d ? %s - %s : %d;", s->n, n, i, STRIP_ELEMENTS, n, i, STRIP_ELEMENTS);
    }
    put_strip(s);
    close_block(e);
}

/* Strips of some rows, or of a part of one. */
static void put_rows(Strips *s)
{
    Emit *e = s->e;
    Nest *t = s->t;
    int depth = t->s->nloops;
    const Size *width = t->s->loop[depth - 1].extent;
    const char *i = t->var[depth - 2], *j = t->var[depth - 1], *m = emit_size(e, t->s->loop[depth - 2].extent, true), *n = emit_size(e, width, true);
    const char *most = inner_name(e, "most");
    bool single = width->is_const && width->value <= STRIP_ELEMENTS;
    s->rows = inner_name(e, "rows");
    s->n = inner_name(e, "n");
    s->first = j;
    emit_line(e, "const int64_t %s = %s(%s);", most, kernel(e, "nn", "rows"), n);
    emit_line(e, "for (int64_t %s = 0, %s; %s < %s; %s += %s) {", i, s->rows, i, m, i, s->rows);
    open_block(e);
    emit_line(e, "%s = %s - %s < %s ? %s - %s : %s;", s->rows, m, i, most, m, i, most);
    put_indices(s, LEVEL_ROW);
    put_insts(s, LEVEL_ROW, false);
    put_checks(s, LEVEL_ROW);
    if (single) {
        s->len = n;
        emit_line(e, "const int64_t %s = 0, %s = %s * %s;", j, s->n, s->rows, n);
        put_strip(s);
    } else { /* once at least: rows without elements reduce to something too */
        s->len = inner_name(e, "len");
        emit_line(e, "int64_t %s = 0;", j);
        emit_line(e, "do {");
        open_block(e);
        emit_line(e, "const int64_t %s = %s - %s < %d ? %s - %s : %d, %s = %s * %s;", s->len, n, j, STRIP_ELEMENTS, n, j, STRIP_ELEMENTS, s->n, s->rows, s->len);
        put_strip(s);
        emit_line(e, "%s += %d;", j, STRIP_ELEMENTS);
        e->indent--;
        emit_line(e, "} while (%s < %s);", j, n);
    }
    put_row_results(s);
    close_block(e);
}

static void put_nest(Strips *s)
{
    Emit *e = s->e;
    Nest *t = s->t;
    for (int k = 0; k < s->outer; k++) {
        const char *i = t->var[k];
        emit_open_accumulators(t, k);
        emit_line(e, "for (int64_t %s = 0; %s < %s; %s++) {", i, i, emit_size(e, t->s->loop[k].extent, true), i);
        open_block(e);
        emit_depth(t, k + 1);
    }
    emit_open_accumulators(t, s->outer);
    emit_line(e, "{");
    open_block(e);
    put_arrays(s);
    put_scalars(s);
    if (s->blocked)
        put_rows(s);
    else
        put_flat(s);
    close_block(e);
    emit_close_accumulators(t, s->outer);
    for (int k = s->outer - 1; k >= 0; k--) {
        close_block(e);
        emit_close_accumulators(t, k);
    }
}

/* A nest of a few turns is over before a kernel is called. */
static bool few_turns(const Step *s)
{
    int64_t turns = 1;
    for (int k = 0; k < s->nloops; k++) {
        if (!s->loop[k].extent->is_const || s->loop[k].extent->value > 8)
            return false;
        turns *= s->loop[k].extent->value;
    }
    return turns <= 8;
}

bool emit_strips(Nest *t)
{
    Step *step = t->s;
    bool rows = false;
    if (!step->nloops || few_turns(step))
        return false;
    for (int k = 0; k < step->results.n; k++)
        rows |= t->acc[k].kind == ACC_ROWS;
    for (int blocked = step->nloops > 1 && !step->width && !rows; blocked >= 0; blocked--) {
        Strips s = {.t = t, .e = t->e, .blocked = blocked, .outer = step->nloops - 1 - blocked};
        if (strips_plan(&s)) {
            put_nest(&s);
            return true;
        }
    }
    return false;
}

void emit_strip_fill(Emit *e, int buffer, const char *literal)
{
    const Buffer *b = &e->p->buffers.at[buffer];
    const char *name = inner_name(e, "k");
    e->buffer_used[buffer] = true;
    emit_line(e, "{");
    open_block(e);
    emit_line(e, "const %s %s = %s;", dtype_c(b->dtype), name, literal);
    emit_line(e, "%s(%s, %s, &%s);", kernel(e, "vnpc", "fill_%d", dtype_bytes(b->dtype)), emit_size(e, b->count, false), e->buffer[buffer], name);
    close_block(e);
}
