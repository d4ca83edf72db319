/* emit_loops.c - a loop nest as C.
 *
 * What does not depend on a loop stands before it. A reduction over the inner
 * loops runs in strips: the innermost loop writes a strip of values, which
 * vectorises like any element-wise loop, and a helper adds the strip to 16 partial
 * sums in a fixed order. A reduction over outer loops alone accumulates in memory,
 * the innermost loop running along the accumulators. */
#include "emit_nest.h"

#include "status.h"

#include <stdlib.h>

enum { SHORT_LOOP = 16 };

/* ---- What a step needs ---- */

static int by_id(const void *a, const void *b)
{
    const Node *x = *(Node *const *)a, *y = *(Node *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

static void need(Emit *e, Node *n, Node **todo, int *top)
{
    if (!n || e->text[n->id])
        return;
    e->text[n->id] = ""; /* on the list */
    todo[(*top)++] = n;
}

void emit_sort_nodes(int n, Node **nodes)
{
    if (n)
        qsort(nodes, (size_t)n, sizeof *nodes, by_id);
}

int needed_nodes(Emit *e, const Step *s, Node ***out)
{
    Node **list = e->listed, **todo = e->todo;
    int n = 0, top = 0;
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        Node *root[4] = {r->at, r->value, r->value2, r->kind == RESULT_ARG ? r->position : NULL};
        for (int i = 0; i < 4; i++)
            need(e, root[i], todo, &top);
    }
    while (top) {
        Node *x = todo[--top];
        list[n++] = x;
        if (op_info(x)->family != F_REDUCE && x->op != OP_PARAM)
            for (int k = 0; k < x->nin; k++)
                need(e, x->in[k], todo, &top);
    }
    emit_sort_nodes(n, list);
    e->listed += n; /* no node is on two lists */
    *out = list;
    return n;
}

static const char *emit_code(int code)
{
    return code == STATUS_LIMIT ? "GRADC_E_LIMIT" : code == STATUS_ASSERT ? "GRADC_E_ASSERT" : "GRADC_E_BOUNDS";
}

static void put_check(Emit *e, const Result *r)
{
    emit_line(e, "if (!(%s))", e->text[r->value->id]);
    e->indent++;
    emit_line(e, "return %s;", emit_code(r->code));
    e->indent--;
}

/* Index checks come first, each behind nothing but what it needs itself, so that nothing is read at
 * an index that has not been checked. */
static void put_checks(Nest *t, int depth, bool *done)
{
    Emit *e = t->e;
    for (int k = 0; k < t->s->results.n; k++) {
        Result *r = &t->s->results.at[k];
        if (r->kind != RESULT_CHECK || e->depth[r->value->id] != depth)
            continue;
        bool *need = NEW_N(e->arena, bool, e->nnodes);
        Node **some = NEW_N(e->arena, Node *, t->nodes + 1);
        int n = 0;
        need[r->value->id] = true;
        for (int i = t->nodes - 1; i >= 0; i--)
            for (int j = 0; need[t->node[i]->id] && j < t->node[i]->nin; j++)
                need[t->node[i]->in[j]->id] = true;
        for (int i = 0; i < t->nodes; i++)
            if (need[t->node[i]->id] && !done[i] && e->depth[t->node[i]->id] == depth) {
                some[n++] = t->node[i];
                done[i] = true;
            }
        emit_nodes(e, n, some);
        put_check(e, r);
    }
}

/* Writes the nodes whose depth is `depth`. */
void emit_depth(Nest *t, int depth)
{
    int n = 0;
    Node **some = NEW_N(t->e->arena, Node *, t->nodes + 1);
    bool *done = NEW_N(t->e->arena, bool, t->nodes + 1);
    put_checks(t, depth, done);
    for (int i = 0; i < t->nodes; i++)
        if (t->e->depth[t->node[i]->id] == depth && !done[i])
            some[n++] = t->node[i];
    emit_nodes(t->e, n, some);
}

/* ---- Reductions ---- */

static const char *identity(Emit *e, Op op, Dtype t)
{
    double v = op == OP_PROD || op == OP_ALL ? 1 : 0;
    if (dtype_is_real(t) && (op == OP_MAXR || op == OP_MINR))
        v = op == OP_MAXR ? -(double)__builtin_inf() : (double)__builtin_inf();
    int64_t least = t == T_I64 ? INT64_MIN : t == T_I32 ? INT32_MIN : 0;
    int64_t most = t == T_I64 ? INT64_MAX : t == T_I32 ? INT32_MAX : t == T_U8 ? 255 : 1;
    int64_t i = op == OP_MAXR ? least : op == OP_MINR ? most : (int64_t)v;
    return emit_literal(e->arena, t, v, i);
}

/* `a op b` as an expression. */
static const char *combined(Emit *e, Op op, Dtype t, const char *a, const char *b)
{
    Arena *ar = e->arena;
    bool real = dtype_is_real(t);
    const char *f = t == T_F32 ? "f" : "";
    switch (op) {
    case OP_PROD: return arena_printf(ar, "%s * %s", a, b);
    case OP_ANY: return arena_printf(ar, "%s | (%s)", a, b);
    case OP_ALL: return arena_printf(ar, "%s & (%s)", a, b);
    case OP_MAXR:
    case OP_MINR:
        if (real) {
            const char *fn = arena_printf(ar, "gradc_%s%s", op == OP_MAXR ? "max" : "min", f);
            snippet_want(e->snippets, fn);
            return arena_printf(ar, "%s(%s, %s)", fn, a, b);
        }
        return arena_printf(ar, "%s %s %s ? %s : %s", a, op == OP_MAXR ? ">" : "<", b, a, b);
    default: return arena_printf(ar, "%s + %s", a, b);
    }
}

static void accumulate(Emit *e, Op op, Dtype t, const char *into, const Node *value)
{
    if (op == OP_SUM && t >= T_I64)
        emit_line(e, "%s += %s;", into, e->text[value->id]);
    else if (op == OP_PROD && t >= T_I64)
        emit_line(e, "%s *= %s;", into, emit_operand(e, value, PREC_UNARY));
    else
        emit_line(e, "%s = (%s)(%s);", into, dtype_c(t), combined(e, op, t, into, emit_operand(e, value, PREC_ATOM)));
}

static bool plain_reduction(const Step *s, const Result *r, int start)
{
    const Size *inner = s->loop[s->nloops - 1].extent;
    (void)start;
    return !dtype_is_real((Dtype)r->node->dtype) || (inner->is_const && inner->value <= SHORT_LOOP);
}

/* The innermost loop is a single strip, without a loop around its strips. */
static bool single_strip(const Step *s)
{
    const Size *n = s->loop[s->nloops - 1].extent;
    return n->is_const && n->value <= NEST_STRIP && !s->width;
}

/* An array of values, in the block where it is wanted. */
static const char *strip_name(Nest *t)
{
    return t->s->nloops == 1 && single_strip(t->s) ? outer_name(t->e, "strip") : inner_name(t->e, "strip");
}

/* Accumulators of the whole nest stand in the function's block. */
static const char *acc_name(Nest *t, const Acc *a, const char *base)
{
    return a->start ? inner_name(t->e, base) : outer_name(t->e, base);
}

static void choose_accumulators(Nest *t)
{
    Step *s = t->s;
    t->acc = NEW_N(t->e->arena, Acc, s->results.n + 1);
    for (int k = 0; k < s->results.n; k++) {
        Result *r = &s->results.at[k];
        Acc *a = &t->acc[k];
        const char *base = r->node && r->node->name ? r->node->name : "s"; /* a check has no node */
        a->start = s->nloops;
        /* a variable that outlives the nest only where it is a scalar of the graph */
        if (r->kind == RESULT_SCAN) {
            a->kind = ACC_PLAIN;
            a->start = s->nloops - 1;
            a->name = acc_name(t, a, base);
        }
        if (r->kind == RESULT_ARG) {
            a->kind = ACC_PLAIN;
            while (a->start > 0 && r->reduced >> (a->start - 1) & 1)
                a->start--;
            a->name = acc_name(t, a, "best");
            a->where = acc_name(t, a, "at");
        }
        if (r->kind != RESULT_REDUCE)
            continue;
        if (r->rows) {
            a->kind = ACC_ROWS;
            a->start = s->nloops - 1;
            a->name = acc_name(t, a, arena_printf(t->e->arena, "%s_parts", base));
            a->strip = strip_name(t);
            t->strips = true;
            continue;
        }
        while (a->start > 0 && r->reduced >> (a->start - 1) & 1)
            a->start--;
        if (a->start == s->nloops) {
            a->kind = ACC_MEMORY;
            continue;
        }
        bool plain = !dtype_is_real((Dtype)r->node->dtype) || (!s->width && plain_reduction(s, r, a->start));
        a->kind = plain ? ACC_PLAIN : ACC_STRIP;
        if (r->buffer < 0 && a->kind == ACC_PLAIN) {
            a->name = outer_name(t->e, base);
            continue;
        }
        a->name = acc_name(t, a, arena_printf(t->e->arena, a->kind == ACC_STRIP && r->op == OP_SUM ? "%s_parts" : "%s_so_far", base));
        if (a->kind == ACC_STRIP) {
            a->strip = strip_name(t);
            t->strips = true;
        }
    }
}

static Dtype value_type(const Result *r)
{
    return (Dtype)r->value->dtype;
}

/* Partial results of a row that is longer than a strip; and what rows of no elements reduce to. */
static void open_rows(Nest *t, const Result *r, const Acc *a)
{
    Emit *e = t->e;
    const Step *s = t->s;
    Dtype ty = value_type(r);
    const char *none = identity(e, r->op, ty);
    if (r->op == OP_SUM)
        emit_line(e, "%s %s[16] = {0};", scalar_type(ty), a->name);
    else
        emit_line(e, "%s %s[1] = {%s};", scalar_type(ty), a->name, none);
    if (s->width->is_const)
        return;
    const Size *rows = size_div(e->g->sizes, s->loop[s->nloops - 1].extent, s->width);
    const char *i = inner_name(e, "i");
    emit_line(e, "for (int64_t %s = 0; %s == 0 && %s < %s; %s++)", i, emit_size(e, s->width, true), i, emit_size(e, rows, true), i);
    e->indent++;
    emit_line(e, "%s[%s + %s] = %s;", e->buffer[r->buffer], e->text[r->at->id], i, none);
    e->indent--;
    e->buffer_used[r->buffer] = true;
}

/* What has to be there before loop `depth` opens. */
void emit_open_accumulators(Nest *t, int depth)
{
    Emit *e = t->e;
    for (int k = 0; k < t->s->results.n; k++) {
        Result *r = &t->s->results.at[k];
        Acc *a = &t->acc[k];
        if (a->start != depth || a->kind == ACC_NONE || a->kind == ACC_MEMORY || depth == t->s->nloops)
            continue;
        Dtype ty = value_type(r);
        if (r->kind == RESULT_SCAN)
            emit_line(e, "%s %s = 0;", scalar_type(ty), a->name);
        else if (a->kind == ACC_ROWS)
            open_rows(t, r, a);
        else if (r->kind == RESULT_ARG) {
            emit_line(e, "%s %s = 0;", scalar_type(ty), a->name);
            emit_line(e, "int64_t %s = -1;", a->where);
        } else if (a->kind == ACC_STRIP && r->op == OP_SUM)
            emit_line(e, "%s %s[16] = {0};", scalar_type(ty), a->name);
        else
            emit_line(e, "%s %s = %s;", scalar_type(ty), a->name, identity(e, r->op, ty));
    }
}

/* The value of an accumulation that is done. */
static const char *folded(Nest *t, const Result *r, const Acc *a)
{
    Emit *e = t->e;
    if (a->kind != ACC_STRIP || r->op != OP_SUM)
        return a->name;
    const char *fn = value_type(r) == T_F32 ? "gradc_sum_off" : "gradc_sum_of";
    snippet_want(e->snippets, fn);
    return arena_printf(e->arena, "%s(%s)", fn, a->name);
}

static void store_folded(Nest *t, Result *r, const Acc *a)
{
    Emit *e = t->e;
    Dtype ty = value_type(r);
    const char *value = r->kind == RESULT_ARG ? a->where : folded(t, r, a);
    if (r->buffer < 0) {
        if (a->kind == ACC_STRIP || e->npieces > 1)
            value = emit_variable(e, r->node, r->node->name ? r->node->name : "s", value, "");
        e->made_in[r->node->id] = e->piece;
        e->text[r->node->id] = value;
        e->prec[r->node->id] = PREC_ATOM;
        return;
    }
    const char *into = element_of(e, r->buffer, r->at);
    bool outer = r->reduced & ((1u << a->start) - 1);
    Dtype store = e->p->buffers.at[r->buffer].dtype;
    const char *cast = store == T_BOOL || store == T_U8 ? arena_printf(e->arena, "(%s)", dtype_c(store)) : "";
    if (outer)
        emit_line(e, "%s = %s(%s);", into, *cast ? cast : arena_printf(e->arena, "(%s)", dtype_c(store)), combined(e, r->op, ty, into, value));
    else
        emit_line(e, "%s = %s%s;", into, cast, value);
}

/* What is done when loop `depth` has closed. */
void emit_close_accumulators(Nest *t, int depth)
{
    for (int k = 0; k < t->s->results.n; k++) {
        Result *r = &t->s->results.at[k];
        Acc *a = &t->acc[k];
        if (a->start == depth && (a->kind == ACC_PLAIN || a->kind == ACC_STRIP) && r->kind != RESULT_SCAN)
            store_folded(t, r, a);
    }
}

/* ---- Results in the innermost loop ---- */

static void put_arg(Nest *t, Result *r, const Acc *a)
{
    Emit *e = t->e;
    const char *v = e->text[r->value->id], *better = r->op == OP_ARGMAX ? ">" : "<";
    const char *nan = dtype_is_real(value_type(r)) ? arena_printf(e->arena, " || (%s != %s && %s == %s)", v, v, a->name, a->name) : "";
    emit_line(e, "if (%s < 0 || %s %s %s%s) {", a->where, v, better, a->name, nan);
    e->indent++;
    emit_line(e, "%s = %s;", a->name, v);
    emit_line(e, "%s = %s;", a->where, e->text[r->position->id]);
    e->indent--;
    emit_line(e, "}");
}

static const char *stored_value(Emit *e, const Result *r)
{
    Dtype store = e->p->buffers.at[r->buffer].dtype;
    if (store == T_BOOL || store == T_U8)
        return arena_printf(e->arena, "(%s)%s", dtype_c(store), emit_operand(e, r->value, PREC_UNARY));
    return e->text[r->value->id];
}

static void put_result(Nest *t, int k, const char *lane)
{
    Emit *e = t->e;
    Result *r = &t->s->results.at[k];
    Acc *a = &t->acc[k];
    switch (r->kind) {
    case RESULT_CHECK: return; /* written already */
    case RESULT_LET: return; /* so have its nodes been */
    case RESULT_BREAK:
        emit_line(e, "if (!(%s))", e->text[r->value->id]);
        emit_line(e, "    break;");
        return;
    case RESULT_STORE: emit_line(e, "%s = %s;", element_of(e, r->buffer, r->at), stored_value(e, r)); return;
    case RESULT_ADD: accumulate(e, OP_SUM, e->p->buffers.at[r->buffer].dtype, element_of(e, r->buffer, r->at), r->value); return;
    case RESULT_SCAN:
        emit_line(e, "%s = %s%s;", a->name, r->value2 ? arena_printf(e->arena, "%s * %s + ", emit_operand(e, r->value2, PREC_MUL), a->name) : arena_printf(e->arena, "%s + ", a->name), emit_operand(e, r->value, PREC_ADD + 1));
        emit_line(e, "%s = %s;", element_of(e, r->buffer, r->at), a->name);
        return;
    case RESULT_ARG: put_arg(t, r, a); return;
    default: break;
    }
    if (a->kind == ACC_MEMORY)
        accumulate(e, r->op, e->p->buffers.at[r->buffer].dtype, element_of(e, r->buffer, r->at), r->value);
    else if (a->kind == ACC_PLAIN)
        accumulate(e, r->op, value_type(r), a->name, r->value);
    else if (!a->row)
        emit_line(e, "%s[%s] = %s;", a->strip, lane, e->text[r->value->id]);
}

static const char *reducer(Emit *e, const Result *r, const char *suffix)
{
    const char *what = r->op == OP_SUM ? "sum" : r->op == OP_PROD ? "product" : r->op == OP_MAXR ? "largest" : "smallest";
    const char *fn = arena_printf(e->arena, "gradc_%s%s%s", what, suffix, value_type(r) == T_F32 ? "f" : "");
    snippet_want(e->snippets, fn);
    return fn;
}

static void close_rows(Nest *t, const Result *r, const Acc *a, const char *length, const char *first)
{
    Emit *e = t->e;
    const char *width = emit_size(e, t->s->width, false), *at = e->text[r->at->id];
    e->buffer_used[r->buffer] = true;
    emit_line(e, "%s(%s, %s, %s, %s, %s, %s%s%s);", reducer(e, r, "_rows"), length, width, first, a->strip, a->name, e->buffer[r->buffer], strcmp(at, "0") ? " + " : "", strcmp(at, "0") ? at : "");
}

void emit_close_rows(Nest *t, int k, const char *length, const char *first)
{
    close_rows(t, &t->s->results.at[k], &t->acc[k], length, first);
}

/* Adds the strips, the last from place `first` on, to the partial sums. */
static void close_strips(Nest *t, const char *length, const char *first)
{
    Emit *e = t->e;
    for (int k = 0; k < t->s->results.n; k++) {
        Result *r = &t->s->results.at[k];
        Acc *a = &t->acc[k];
        if (a->kind == ACC_ROWS)
            close_rows(t, r, a, length, first);
        if (a->kind != ACC_STRIP)
            continue;
        const char *fn = reducer(e, r, "");
        if (r->op == OP_SUM)
            emit_line(e, "%s(%s, %s, %s);", fn, length, a->strip, a->name);
        else
            emit_line(e, "%s = %s(%s, %s, %s);", a->name, fn, length, a->strip, a->name);
    }
}

/* ---- Loops ---- */

static bool turns_are_independent(const Step *s)
{
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        if (r->kind == RESULT_ADD || r->kind == RESULT_SCAN || r->kind == RESULT_ARG || r->kind == RESULT_CHECK || r->ordered)
            return false;
    }
    return true;
}

static void note_readers(Nest *t, int k)
{
    const Result *r = &t->s->results.at[k];
    emit_note_reader(t->e, r->at);
    emit_note_reader(t->e, r->value);
    emit_note_reader(t->e, r->value2);
    emit_note_reader(t->e, r->position);
}

void emit_body(Nest *t, const char *lane)
{
    if (t->s->nloops) /* without loops all that is at depth 0 stands there already */
        emit_depth(t, t->s->nloops);
    for (int k = 0; k < t->s->results.n; k++) {
        if (!t->s->nloops) { /* long lists of stores are cut too */
            t->e->statements++;
            emit_maybe_cut(t->e);
        }
        note_readers(t, k);
        put_result(t, k, lane);
    }
}

void emit_ivdep(Nest *t)
{
    if (!turns_are_independent(t->s))
        return;
    snippet_want(t->e->snippets, "gradc_ivdep");
    emit_line(t->e, "GRADC_IVDEP");
}

/* Whether `at` is the innermost variable plus what does not depend on it: *rest, NULL for none. */
static bool runs_by_one(Nest *t, const Node *at, const Node **rest)
{
    int depth = t->s->nloops;
    const Node *var = t->s->loop[depth - 1].var;
    *rest = NULL;
    if (at == var)
        return true;
    for (int k = 0; k < 2 && at->op == OP_ADD; k++)
        if (at->in[k] == var && t->e->depth[at->in[1 - k]->id] < depth)
            *rest = at->in[1 - k];
    return *rest;
}

/* That rest as text, "" for none; NULL where it has none or `at` is any other index. */
static const char *unit_base(Nest *t, const Node *at)
{
    Emit *e = t->e;
    const Node *rest;
    if (!runs_by_one(t, at, &rest))
        return NULL;
    if (!rest)
        return "";
    return e->text[rest->id][0] ? arena_printf(e->arena, " + %s", emit_operand(e, rest, PREC_ADD)) : NULL;
}

/* A nest that only reduces what lies in memory in a row needs no strips: the helper reads the row. */
static bool put_row_reduction(Nest *t)
{
    Emit *e = t->e;
    Step *s = t->s;
    const char *n = emit_size(e, s->loop[s->nloops - 1].extent, true);
    for (int i = 0; i < t->nodes; i++) {
        const Node *x = t->node[i];
        bool index = x->dtype == T_I64 && x->op != OP_LOAD;
        if (e->depth[x->id] == s->nloops && !index && x->op != OP_LOAD)
            return false;
    }
    if (s->width)
        return false;
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        if (t->acc[k].kind != ACC_STRIP || r->value->op != OP_LOAD || r->value->nin > 1)
            return false;
        const Node *rest;
        if (!runs_by_one(t, r->value->in[0], &rest))
            return false;
    }
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        const char *base = unit_base(t, r->value->in[0]);
        e->buffer_used[r->value->attr[0]] = true;
        t->acc[k].strip = arena_printf(e->arena, "%s%s", e->buffer[r->value->attr[0]], base ? base : "");
    }
    close_strips(t, n, "0");
    return true;
}

/* A value that is stored in a row anyway is summed from there. */
static const char *stored_row(Nest *t, int k, const char *first)
{
    Emit *e = t->e;
    const Result *r = &t->s->results.at[k];
    for (int j = 0; j < t->s->results.n; j++) {
        const Result *x = &t->s->results.at[j];
        if (x->kind != RESULT_STORE || x->value != r->value || e->p->buffers.at[x->buffer].dtype != r->value->dtype)
            continue;
        const char *base = unit_base(t, x->at);
        if (!base)
            continue;
        e->buffer_used[x->buffer] = true;
        return arena_printf(e->arena, "%s%s + %s", e->buffer[x->buffer], base, first);
    }
    return NULL;
}

/* The end of a loop. max(n - 1, 0) is computed before it: gcc takes no annotation for a loop whose
 * condition branches or divides. */
static const char *loop_end(Emit *e, const Size *extent)
{
    const char *n = emit_size(e, extent, true);
    if (!strpbrk(n, "?/"))
        return n;
    const char *end = outer_name(e, "end");
    emit_line(e, "const int64_t %s = %s;", end, n);
    return end;
}

/* With --openmp the outermost loop is shared out where its turns write to places of their own: not
 * where it is reduced over, scanned or scattered from, nor where a turn may return. */
static bool put_parallel(Nest *t)
{
    Emit *e = t->e;
    const Step *s = t->s;
    if (!e->o->openmp)
        return false;
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        bool scanned = r->kind == RESULT_SCAN && s->nloops == 1;
        if (r->kind == RESULT_CHECK || r->kind == RESULT_ADD || r->ordered || scanned || r->reduced & 1)
            return false;
    }
    const Size *turns = size_int(e->g, 1);
    for (int k = 0; k < s->nloops; k++)
        turns = size_mul(e->g->sizes, turns, s->loop[k].extent);
    text_put(e->out, "#ifdef _OPENMP\n");
    text_printf(e->out, "#pragma omp parallel for if (%s > 8192)\n", emit_size(e, turns, true));
    text_put(e->out, "#endif\n");
    return true;
}

/* The innermost loop in strips of NEST_STRIP turns. */
static void put_strip_loop(Nest *t)
{
    Emit *e = t->e;
    Loop *l = &t->s->loop[t->s->nloops - 1];
    const char *i = t->var[t->s->nloops - 1], *n = loop_end(e, l->extent);
    bool one = single_strip(t->s);
    const char *first = inner_name(e, arena_printf(e->arena, "%s_0", i));
    const char *len = one ? n : inner_name(e, "len"), *lane = one ? i : inner_name(e, "lane");
    if (!one) {
        const char *width = t->s->width ? emit_size(e, t->s->width, false) : NULL;
        if (width) { /* whole rows, or a part of one */
            emit_line(e, "for (int64_t %s = 0, %s; %s < %s; %s += %s) {", first, len, first, n, first, len);
            snippet_want(e->snippets, "gradc_strip");
        } else {
            if (!t->strips && t->s->nloops == 1)
                put_parallel(t);
            emit_line(e, "for (int64_t %s = 0; %s < %s; %s += %d) {", first, first, n, first, NEST_STRIP);
        }
        e->indent++;
        if (width)
            emit_line(e, "%s = gradc_strip(%s, %s, %s);", len, first, emit_size(e, l->extent, false), width);
        else
            emit_line(e, "const int64_t %s = %s - %s < %d ? %s - %s : %d;", len, n, first, NEST_STRIP, n, first, NEST_STRIP);
    }
    for (int k = 0; k < t->s->results.n; k++)
        if (t->acc[k].kind >= ACC_STRIP && (t->acc[k].row = stored_row(t, k, one ? "0" : first)))
            t->acc[k].strip = t->acc[k].row;
    for (int k = 0; k < t->s->results.n; k++)
        if (t->acc[k].kind >= ACC_STRIP && !t->acc[k].row)
            emit_line(e, "%s %s[%d];", scalar_type(value_type(&t->s->results.at[k])), t->acc[k].strip, one ? (int)(l->extent->value ? l->extent->value : 1) : NEST_STRIP);
    const char *head = arena_printf(e->arena, "for (int64_t %s = 0; %s < %s; %s++) {", lane, lane, len, lane);
    emit_turns(t, head, one ? NULL : arena_printf(e->arena, "const int64_t %s = %s + %s;", i, first, lane), lane);
    close_strips(t, len, one ? "0" : first);
    if (!one) {
        e->indent--;
        emit_line(e, "}");
    }
}

static void put_loops(Nest *t, int depth)
{
    Emit *e = t->e;
    emit_open_accumulators(t, depth);
    if (depth == t->s->nloops) {
        emit_body(t, NULL);
        return;
    }
    bool inner = depth == t->s->nloops - 1;
    if (inner && (t->strips || emit_sines_apart(t))) {
        if (!put_row_reduction(t))
            put_strip_loop(t);
    } else {
        const char *end = loop_end(e, t->s->loop[depth].extent);
        bool parallel = depth == 0 && put_parallel(t);
        const char *i = t->var[depth];
        const char *head = arena_printf(e->arena, "for (int64_t %s = 0; %s < %s; %s++) {", i, i, end, i);
        if (inner && !parallel) {
            emit_turns(t, head, NULL, NULL);
        } else {
            emit_line(e, "%s", head);
            e->indent++;
            if (inner) {
                emit_body(t, NULL);
            } else {
                emit_depth(t, depth + 1);
                put_loops(t, depth + 1);
            }
            e->indent--;
            emit_line(e, "}");
        }
    }
    emit_close_accumulators(t, depth);
}

/* Memory that a nest adds to starts at the identity of its operation. */
static void clear_accumulators(Nest *t)
{
    Emit *e = t->e;
    for (int k = 0; k < t->s->results.n; k++) {
        Result *r = &t->s->results.at[k];
        Acc *a = &t->acc[k];
        bool outer = !r->rows && (a->kind == ACC_MEMORY || ((a->kind == ACC_PLAIN || a->kind == ACC_STRIP) && r->kind == RESULT_REDUCE && r->buffer >= 0 && (r->reduced & ((1u << a->start) - 1))));
        bool again = false;
        for (int j = 0; j < k; j++)
            again |= t->s->results.at[j].buffer == r->buffer;
        if (!outer || again)
            continue;
        Buffer *b = &e->p->buffers.at[r->buffer];
        if (strips_wanted(e)) {
            emit_strip_fill(e, r->buffer, identity(e, r->op, b->dtype));
            continue;
        }
        const char *i = inner_name(e, "i");
        e->buffer_used[r->buffer] = true;
        emit_line(e, "for (int64_t %s = 0; %s < %s; %s++)", i, i, emit_size(e, b->count, true), i);
        e->indent++;
        emit_line(e, "%s[%s] = %s;", e->buffer[r->buffer], i, identity(e, r->op, b->dtype));
        e->indent--;
    }
}

static void name_loops(Nest *t)
{
    static const char *const letter[] = {"i", "j", "k", "l", "m", "p", "q", "r"};
    Emit *e = t->e;
    for (int k = 0; k < t->s->nloops; k++) {
        t->var[k] = inner_name(e, k < ARRAY_LEN(letter) ? letter[k] : "i");
        int id = t->s->loop[k].var->id;
        e->text[id] = t->var[k];
        e->prec[id] = PREC_ATOM;
    }
}

void emit_loops(Emit *e, Step *s, int step)
{
    Nest t = {.e = e, .s = s, .step = step};
    names_clear(&e->inner);
    name_loops(&t);
    t.nodes = needed_nodes(e, s, &t.node);
    choose_accumulators(&t);
    emit_depth(&t, 0);
    for (int k = 0; k < s->results.n && s->nloops; k++) /* the nest is all in one piece */
        note_readers(&t, k);
    for (int i = 0; i < t.nodes && s->nloops; i++)
        if (e->depth[t.node[i]->id])
            for (int k = 0; k < t.node[i]->nin; k++)
                emit_note_reader(e, t.node[i]->in[k]);
    clear_accumulators(&t);
    if (strips_wanted(e) && emit_strips(&t))
        return;
    if (!emit_lanes(&t))
        put_loops(&t, 0);
}
