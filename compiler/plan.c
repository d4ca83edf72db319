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

/* Steps by their place in the text. What is used in a loop and lives outside it too lives as long as
 * the loop does; what has all its uses in one turn lives no longer than that. */
typedef struct Touch {
    int buffer, list, at; /* place */
    bool write;
    bool behind;           /* read when all of the list has run, behind the step at that place */
} Touch;
typedef struct Plan {
    Program *p;
    int n, *order, *place; /* steps by place, places by step */
    int *end;              /* by step: the place of the last step that it owns */
    VEC(Touch) touches;
    int *seen, now;
    bool behind;           /* of what is found now */
    Node **todo;
} Plan;

static void touch(Plan *w, int buffer, int list, int at, bool write)
{
    vec_push(w->p->graph->arena, &w->touches, (Touch){buffer, list, at, write, w->behind});
}

/* Buffers read by an expression, each node visited once for each list. */
static void visit_loads(Plan *w, Node *n, int list, int at)
{
    int top = 0;
    if (!n || w->seen[n->id] == w->now)
        return;
    w->seen[n->id] = w->now;
    w->todo[top++] = n;
    while (top) {
        Node *x = w->todo[--top];
        if (x->op == OP_LOAD)
            touch(w, (int)x->attr[0], list, at, false);
        for (int k = 0; k < x->nin && x->id >= 0; k++)
            if (x->in[k]->shape.rank == 0 && w->seen[x->in[k]->id] != w->now) {
                w->seen[x->in[k]->id] = w->now;
                w->todo[top++] = x->in[k];
            }
    }
}

static void visit_owner(Plan *w, const Step *s, int number)
{
    int at = w->place[number], end = w->end[number];
    visit_loads(w, s->count, s->list, at);
    visit_loads(w, s->condition, s->list, at);
    for (int k = 0; k < s->vars.n && s->kind == STEP_FOR; k++)
        visit_loads(w, s->vars.at[k].first, s->list, at);
    for (int k = 0; k < s->kept.n; k++) {
        touch(w, s->kept.at[k].now, s->list, at, true);
        touch(w, s->kept.at[k].next, s->list, at, true);
        touch(w, s->kept.at[k].now, s->list, end, true);
        touch(w, s->kept.at[k].next, s->list, end, true);
    }
    for (int k = 0; k < s->tapes.n; k++) {
        touch(w, s->tapes.at[k], s->list, at, true);
        touch(w, s->tapes.at[k], s->list, end, true);
    }
}

/* What the owner of a list reads when all of the list has run. */
static void visit_end(Plan *w, int list)
{
    int owner = w->p->lists.at[list].owner;
    if (owner < 0)
        return;
    const Step *s = &w->p->steps.at[owner];
    for (int k = 0; k < s->vars.n; k++)
        visit_loads(w, s->kind == STEP_FOR || list == s->other ? s->vars.at[k].next : s->vars.at[k].first, list, w->end[owner]);
}

static void find_touches(Plan *w)
{
    Program *p = w->p;
    for (int list = 0; list < p->lists.n; list++) {
        w->now++;
        w->behind = true;
        visit_end(w, list);
        w->behind = false;
        for (int i = p->lists.at[list].steps.n - 1; i >= 0; i--) {
            int number = p->lists.at[list].steps.at[i], at = w->place[number];
            Step *s = &p->steps.at[number];
            if (s->kind == STEP_FILL)
                touch(w, s->buffer, list, at, true);
            for (int k = 0; k < s->nviews; k++)
                touch(w, s->view[k].buffer, list, at, true);
            for (int k = 0; k < s->results.n; k++) {
                Result *r = &s->results.at[k];
                if (r->buffer >= 0)
                    touch(w, r->buffer, list, at, true);
                visit_loads(w, r->at, list, at);
                visit_loads(w, r->value, list, at);
                visit_loads(w, r->value2, list, at);
                visit_loads(w, r->position, list, at);
            }
            if (s->kind == STEP_FOR || s->kind == STEP_IF)
                visit_owner(w, s, number);
        }
    }
}

int list_depth(const Program *p, int list)
{
    int depth = 0;
    for (; list > 0; list = p->lists.at[list].parent)
        depth++;
    return depth;
}

int list_around(const Program *p, int a, int b)
{
    int da = list_depth(p, a), db = list_depth(p, b);
    while (a != b)
        if (da >= db)
            a = p->lists.at[a].parent, da--;
        else
            b = p->lists.at[b].parent, db--;
    return a;
}

static void find_lifetimes(Plan *w)
{
    Program *p = w->p;
    int *around = NEW_N(p->graph->arena, int, p->buffers.n + 1); /* 1 + the list of all uses */
    for (int i = 0; i < w->touches.n; i++) {
        const Touch *t = &w->touches.at[i];
        int *list = &around[buffer_root(p, t->buffer)];
        *list = 1 + (*list ? list_around(p, *list - 1, t->list) : t->list);
    }
    for (int i = 0; i < w->touches.n; i++) {
        const Touch *t = &w->touches.at[i];
        Buffer *b = &p->buffers.at[buffer_root(p, t->buffer)];
        int first = t->at, last = t->at;
        for (int list = t->list; list != around[buffer_root(p, t->buffer)] - 1; list = p->lists.at[list].parent)
            if (p->lists.at[list].turns) {
                first = w->place[p->lists.at[list].owner];
                last = w->end[p->lists.at[list].owner];
            }
        if (t->write && (b->first < 0 || first < b->first))
            b->first = first;
        if (last > b->last)
            b->last = last;
    }
}

/* ---- Carried in place ---- */

static bool replaces(Program *p, const Step *s, int from, int to);

/* The one step that writes buffer b, in the given list; -1: none, or several. */
static int only_writer(const Plan *w, int b, int list)
{
    int writer = -1;
    for (int i = 0; i < w->touches.n; i++) {
        const Touch *t = &w->touches.at[i];
        const Step *s = &w->p->steps.at[w->order[t->at]];
        if (t->buffer != b || !t->write || t->list != s->list || s->kind == STEP_FOR || s->kind == STEP_IF)
            continue;
        bool stores = s->kind == STEP_FILL || (s->nviews && s->view[0].buffer == b);
        for (int k = 0; k < s->results.n; k++)
            stores |= s->results.at[k].buffer == b;
        if (!stores || writer == t->at)
            continue;
        if (writer >= 0 || t->list != list)
            return -1;
        writer = t->at;
    }
    return writer;
}

/* Whether what a turn leaves may be written over what it started with. */
static bool may_replace(Plan *w, const Step *loop, int number, const Kept *k)
{
    Program *p = w->p;
    const Buffer *now = &p->buffers.at[k->now], *next = &p->buffers.at[k->next];
    int writer = only_writer(w, k->next, loop->body), root = buffer_root(p, k->now);
    if (writer < 0 || now->count != next->count || now->dtype != next->dtype || next->host >= 0)
        return false;
    for (int i = 0; i < w->touches.n; i++) {
        const Touch *t = &w->touches.at[i];
        if (buffer_root(p, t->buffer) != root || t->at < w->place[number] || t->at > w->end[number] || t->list == loop->list)
            continue;
        if (t->at > writer || (t->at == writer && (t->write || t->behind || t->buffer != k->now)))
            return false;
        if (t->at == writer && !replaces(p, &p->steps.at[w->order[writer]], k->now, k->next))
            return false;
    }
    return true;
}

static void carry_in_place(Plan *w)
{
    Program *p = w->p;
    for (int i = 0; i < w->n; i++) {
        Step *s = &p->steps.at[w->order[i]];
        for (int j = 0; j < s->kept.n; j++) {
            Kept *k = &s->kept.at[j];
            if (buffer_root(p, k->now) == buffer_root(p, k->next))
                continue;
            if (may_replace(w, s, w->order[i], k)) {
                p->buffers.at[k->next].host = buffer_root(p, k->now);
                p->buffers.at[k->next].version = p->buffers.at[k->now].rewritten = true;
            } else {
                k->swap = true;
            }
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

/* The step at a place; of what is not the function's own list none, where it matters. */
static const Step *step_at(const Plan *w, int place)
{
    return &w->p->steps.at[w->order[place]];
}

static int find_buffer(const Program *p, Place place, int index)
{
    for (int i = 0; i < p->buffers.n; i++)
        if (p->buffers.at[i].place == place && p->buffers.at[i].index == index)
            return i;
    return -1;
}

/* Output k, made in the workspace, goes where it belongs after the last step. */
static void copy_at_end(Plan *w, int from)
{
    Program *p = w->p;
    Arena *a = p->graph->arena;
    Buffer out = p->buffers.at[from];
    const Size *zero = size_int(p->graph, 0);
    int to = p->buffers.n;
    w->order[w->n] = p->steps.n;
    out.first = out.last = p->buffers.at[from].last = w->n++;
    p->buffers.at[from].place = PLACE_WORK;
    vec_push(a, &p->buffers, out);
    Step s = {.kind = STEP_COPY, .nviews = 2};
    s.view[0] = (View){.buffer = to, .offset = zero, .row = zero, .col = zero};
    s.view[1] = (View){.buffer = from, .offset = zero, .row = zero, .col = zero};
    vec_push(a, &p->lists.at[0].steps, p->steps.n);
    vec_push(a, &p->steps, s);
}

/* Of a scalar the old value is a variable (emit_fn.c): it has no buffer. */
static void update_in_place(Plan *w)
{
    Program *p = w->p;
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
        if (old->last == new->first && replaces(p, step_at(w, old->last), from, to))
            old->host = to;
        else
            copy_at_end(w, to);
    }
}

/* The memory of output `to` is not free before the step that reads its old value last. */
static bool still_read(const Program *p, int to, int step)
{
    const Output *o = &p->function->outputs.at[p->buffers.at[to].index];
    int from = o->updates ? find_buffer(p, PLACE_INPUT, o->param) : -1;
    return from >= 0 && p->buffers.at[from].last >= step;
}

static void share_in_place(Plan *w)
{
    Program *p = w->p;
    bool *changed = NEW_N(p->graph->arena, bool, p->buffers.n + 1);
    for (int i = 0; i < p->buffers.n; i++)
        if (p->buffers.at[i].version)
            changed[i] = changed[p->buffers.at[i].host] = true;
    for (int from = 0; from < p->buffers.n; from++) {
        Buffer *b = &p->buffers.at[from];
        if (b->place != PLACE_WORK || b->last <= b->first || b->last < 0 || changed[from])
            continue;
        for (int to = 0; to < p->buffers.n; to++) {
            Buffer *c = &p->buffers.at[to];
            bool fits = to != from && !changed[to] && c->first == b->last && c->count == b->count && c->dtype == b->dtype;
            if (!fits || c->place != PLACE_OUTPUT || c->host >= 0 || still_read(p, to, b->first) || !replaces(p, step_at(w, b->last), from, to))
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

static void find_places(Plan *w)
{
    Program *p = w->p;
    Arena *a = p->graph->arena;
    w->seen = NEW_N(a, int, p->graph->nodes.n + 1);
    w->todo = NEW_N(a, Node *, p->graph->nodes.n + 1);
    w->n = program_order(p, &w->order);
    w->place = NEW_N(a, int, p->steps.n + 1);
    w->end = NEW_N(a, int, p->steps.n + 1);
    for (int i = 0; i < w->n; i++)
        w->place[w->order[i]] = w->end[w->order[i]] = i;
    for (int i = w->n - 1; i >= 0; i--) { /* owners stand before what they own */
        int owner = p->lists.at[p->steps.at[w->order[i]].list].owner, end = w->end[w->order[i]];
        if (owner >= 0 && w->end[owner] < end)
            w->end[owner] = end;
    }
}

void plan(Program *p)
{
    Arena *a = p->graph->arena;
    Plan *w = NEW(a, Plan);
    *w = (Plan){.p = p};
    find_places(w);
    find_touches(w);
    carry_in_place(w);
    find_lifetimes(w);
    update_in_place(w);
    share_in_place(w);
    int *busy_until = NEW_N(a, int, p->buffers.n + 1); /* by slot */
    for (int step = 0; step < w->n; step++)
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
