/* plan.c - gives work buffers their places in the workspace.
 *
 * Needs lowered steps; changes only buffers and slots. A buffer lives from the
 * step that writes it first to the step that reads it last. Sizes are
 * polynomials, which cannot be put in order, so a slot is used again for a buffer
 * of the same number of bytes. Where the last reader of a buffer writes another
 * one, element for element, both are the same memory: an output then serves as
 * the workspace of what it is made from.
 *
 * An output that updates an argument is written where that lies. It may be, where
 * all that reads the old value comes before, or is the nest that writes the new
 * one, element for element. Otherwise it is made in the workspace and copied when
 * all is done. */
#include "ops.h"
#include "program.h"

/* Buffers read by an expression, each node visited once over all steps. */
typedef struct Walk {
    Program *p;
    bool *seen;
    Node **todo;
    int step;
} Walk;

static void visit_loads(Walk *w, Node *n)
{
    int top = 0;
    if (!n || w->seen[n->id])
        return;
    w->seen[n->id] = true;
    w->todo[top++] = n;
    while (top) {
        Node *x = w->todo[--top];
        if (x->op == OP_LOAD) {
            Buffer *b = &w->p->buffers.at[x->attr[0]];
            if (b->last < w->step)
                b->last = w->step;
        }
        for (int k = 0; k < x->nin && x->id >= 0; k++)
            if (x->in[k]->shape.rank == 0 && !w->seen[x->in[k]->id]) {
                w->seen[x->in[k]->id] = true;
                w->todo[top++] = x->in[k];
            }
    }
}

static void lives(Program *p, int buffer, int step)
{
    Buffer *b = &p->buffers.at[buffer];
    if (b->first < 0 || step < b->first)
        b->first = step;
    if (step > b->last)
        b->last = step;
}

static void find_lifetimes(Program *p)
{
    Graph *g = p->graph;
    Walk w = {.p = p, .seen = NEW_N(g->arena, bool, g->nodes.n), .todo = NEW_N(g->arena, Node *, g->nodes.n)};
    for (int i = p->steps.n - 1; i >= 0; i--) {
        Step *s = &p->steps.at[i];
        w.step = i;
        if (s->kind == STEP_FILL)
            lives(p, s->buffer, i);
        for (int k = 0; k < s->nviews; k++)
            lives(p, s->view[k].buffer, i);
        for (int k = 0; k < s->results.n; k++) {
            Result *r = &s->results.at[k];
            if (r->buffer >= 0)
                lives(p, r->buffer, i);
            visit_loads(&w, r->at);
            visit_loads(&w, r->value);
            visit_loads(&w, r->value2);
            visit_loads(&w, r->position);
        }
    }
}

/* ---- Sharing in place ---- */

/* Every element of `from` that a turn of step s reads is one whose place in `to` the same turn
 * writes, by plain stores: since each place is written once, no other turn has done so before. Within
 * a turn (without loops: in the step) all is read before anything is written. */
static bool replaces(Program *p, const Step *s, int from, int to)
{
    Graph *g = p->graph;
    if (s->kind != STEP_LOOPS)
        return false;
    bool writes = false, *written = NEW_N(g->arena, bool, g->nodes.n);
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        if (r->buffer == from || r->kind == RESULT_SCAN || r->kind == RESULT_ADD)
            return false;
        if (r->buffer != to)
            continue;
        if (r->kind != RESULT_STORE)
            return false;
        writes = written[r->at->id] = true;
    }
    if (!writes || !s->nloops)
        return writes;
    bool *seen = NEW_N(g->arena, bool, g->nodes.n);
    for (int k = 0; k < s->results.n; k++) {
        Node *root[4] = {s->results.at[k].at, s->results.at[k].value, s->results.at[k].value2, s->results.at[k].position};
        for (int i = 0; i < 4; i++)
            if (root[i])
                seen[root[i]->id] = true;
    }
    for (int id = g->nodes.n - 1; id >= 0; id--) {
        const Node *n = g->nodes.at[id];
        if (!seen[id])
            continue;
        if (n->op == OP_LOAD && n->attr[0] == from && !written[n->in[0]->id])
            return false;
        for (int i = 0; i < n->nin; i++)
            if (!n->in[i]->shape.rank)
                seen[n->in[i]->id] = true;
    }
    return true;
}

static int find_buffer(const Program *p, Place place, int index)
{
    for (int i = 0; i < p->buffers.n; i++)
        if (p->buffers.at[i].place == place && p->buffers.at[i].index == index)
            return i;
    return -1;
}

/* Output k, made in the workspace, goes where it belongs after the last step. */
static void copy_at_end(Program *p, int from)
{
    Arena *a = p->graph->arena;
    Buffer out = p->buffers.at[from];
    const Size *zero = size_int(p->graph, 0);
    int to = p->buffers.n;
    out.first = out.last = p->buffers.at[from].last = p->steps.n;
    p->buffers.at[from].place = PLACE_WORK;
    vec_push(a, &p->buffers, out);
    Step s = {.kind = STEP_COPY, .nviews = 2};
    s.view[0] = (View){.buffer = to, .offset = zero, .row = zero, .col = zero};
    s.view[1] = (View){.buffer = from, .offset = zero, .row = zero, .col = zero};
    vec_push(a, &p->steps, s);
}

/* Of a scalar the old value is a variable (emit_fn.c): it has no buffer. */
static void update_in_place(Program *p)
{
    Function *f = p->function;
    for (int k = 0; k < f->outputs.n; k++) {
        if (!f->outputs.at[k].updates)
            continue;
        int to = find_buffer(p, PLACE_OUTPUT, k), from = find_buffer(p, PLACE_INPUT, f->outputs.at[k].param);
        if (to < 0 || from < 0)
            continue;
        Buffer *old = &p->buffers.at[from], *new = &p->buffers.at[to];
        if (old->last < new->first || new->first < 0)
            continue;
        if (old->last == new->first && replaces(p, &p->steps.at[old->last], from, to))
            old->host = to;
        else
            copy_at_end(p, to);
    }
}

/* The memory of output `to` is not free before the step that reads its old value last. */
static bool still_read(const Program *p, int to, int step)
{
    const Output *o = &p->function->outputs.at[p->buffers.at[to].index];
    int from = o->updates ? find_buffer(p, PLACE_INPUT, o->param) : -1;
    return from >= 0 && p->buffers.at[from].last >= step;
}

static void share_in_place(Program *p)
{
    for (int from = 0; from < p->buffers.n; from++) {
        Buffer *b = &p->buffers.at[from];
        if (b->place != PLACE_WORK || b->last <= b->first || b->last < 0)
            continue;
        for (int to = 0; to < p->buffers.n; to++) {
            Buffer *c = &p->buffers.at[to];
            bool fits = to != from && c->first == b->last && c->count == b->count && c->dtype == b->dtype;
            if (!fits || c->place != PLACE_OUTPUT || c->host >= 0 || still_read(p, to, b->first) || !replaces(p, &p->steps.at[b->last], from, to))
                continue;
            b->host = to;
            c->first = b->first;
            break;
        }
    }
}

/* ---- Slots ---- */

static const Size *bytes_of(Program *p, const Buffer *b)
{
    return size_mul(p->graph->sizes, b->count, size_const(p->graph->sizes, dtype_bytes(b->dtype)));
}

void plan(Program *p)
{
    Arena *a = p->graph->arena;
    find_lifetimes(p);
    update_in_place(p);
    share_in_place(p);
    int *busy_until = NEW_N(a, int, p->buffers.n + 1); /* by slot */
    for (int step = 0; step < p->steps.n; step++)
        for (int i = 0; i < p->buffers.n; i++) {
            Buffer *b = &p->buffers.at[i];
            if (b->place != PLACE_WORK || b->host >= 0 || b->first != step)
                continue;
            const Size *bytes = bytes_of(p, b);
            int slot = 0;
            while (slot < p->slots.n && (p->slots.at[slot] != bytes || busy_until[slot] >= step))
                slot++;
            if (slot == p->slots.n)
                vec_push(a, &p->slots, bytes);
            busy_until[slot] = b->last;
            b->slot = slot;
        }
}
