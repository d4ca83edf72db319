/* plan.c - gives work buffers their places in the workspace.
 *
 * Needs lowered steps; changes only buffers and slots. A buffer lives from the
 * step that writes it first to the step that reads it last. Sizes are
 * polynomials, which cannot be put in order, so a slot is used again for a buffer
 * of the same number of bytes. Where the last reader of a buffer writes another
 * one, element for element, both are the same memory: an output then serves as
 * the workspace of what it is made from. */
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
    if (n)
        w->todo[top++] = n;
    while (top) {
        Node *x = w->todo[--top];
        if (w->seen[x->id])
            continue;
        w->seen[x->id] = true;
        if (x->op == OP_LOAD) {
            Buffer *b = &w->p->buffers.at[x->attr[0]];
            if (b->last < w->step)
                b->last = w->step;
        }
        for (int k = 0; k < x->nin && x->id >= 0; k++)
            if (x->in[k]->shape.rank == 0 && !w->seen[x->in[k]->id])
                w->todo[top++] = x->in[k];
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
    int edges = 1;
    for (int i = 0; i < g->nodes.n; i++)
        edges += g->nodes.at[i]->nin + 1;
    Walk w = {.p = p, .seen = NEW_N(g->arena, bool, g->nodes.n), .todo = NEW_N(g->arena, Node *, edges)};
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

/* Every element of `from` that step s reads is the one whose place in `to` it writes in the same
 * turn, by plain stores. */
static bool replaces(Program *p, const Step *s, int from, int to)
{
    Graph *g = p->graph;
    if (s->kind != STEP_LOOPS)
        return false;
    const Result *writer = NULL;
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        if (r->buffer == from || r->kind == RESULT_SCAN || r->kind == RESULT_ADD)
            return false;
        if (r->buffer == to) {
            if (writer || r->kind != RESULT_STORE)
                return false;
            writer = r;
        }
    }
    if (!writer)
        return false;
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
        if (n->op == OP_LOAD && n->attr[0] == from && n->in[0] != writer->at)
            return false;
        for (int i = 0; i < n->nin; i++)
            if (!n->in[i]->shape.rank)
                seen[n->in[i]->id] = true;
    }
    return true;
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
            if (!fits || c->place != PLACE_OUTPUT || c->host >= 0 || !replaces(p, &p->steps.at[b->last], from, to))
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
