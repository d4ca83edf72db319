/* lower_trim.c - what the steps of a program compute and nobody reads is dropped: sides that are never
 * taken, variables, sums, stores, and branches that are empty then.
 *
 * A side never taken is that of a condition that is known once elements are written out. A variable
 * nobody reads is the other half of what is symmetric, or an element of a small tensor of which some
 * elements are read. */
#include "lower.h"

/* ---- Sides never taken ---- */

static void clear_list(Program *p, int list);

static void clear_step(Program *p, int number)
{
    Step *s = &p->steps.at[number];
    if (s->kind == STEP_FOR || s->kind == STEP_IF)
        clear_list(p, s->body);
    if (s->kind == STEP_IF)
        clear_list(p, s->other);
    *s = (Step){.kind = STEP_LOOPS, .list = s->list};
}

/* As deep as branches are nested. */
static void clear_list(Program *p, int list)
{
    for (int k = 0; k < p->lists.at[list].steps.n; k++)
        clear_step(p, p->lists.at[list].steps.at[k]);
    p->lists.at[list].steps.n = 0;
}

/* The side that is taken stays, and stands in the text without a condition (emit_blocks.c). */
static void settle_branches(Program *p)
{
    for (int i = 0; i < p->steps.n; i++) {
        Step *s = &p->steps.at[i];
        if (s->kind != STEP_IF || !node_is_const(s->condition))
            continue;
        bool taken = const_integer(s->condition);
        clear_list(p, taken ? s->other : s->body);
        for (int k = 0; k < s->vars.n; k++) {
            Variable *v = &s->vars.at[k];
            Node *none = dtype_is_real((Dtype)v->node->dtype) ? const_real(p->graph, (Dtype)v->node->dtype, 0) : const_int(p->graph, (Dtype)v->node->dtype, 0);
            *(taken ? &v->next : &v->first) = none;
        }
    }
}

/* ---- Reading ---- */

static void mark_loads(Lower *L, Node *n, bool *seen, bool *read, Node **todo)
{
    int top = 0;
    if (!n || seen[n->id])
        return;
    seen[n->id] = true;
    todo[top++] = n;
    while (top) {
        Node *x = todo[--top];
        if (x->op == OP_LOAD)
            read[x->attr[0]] = true;
        if (x->id < L->n && info_of(L, x)->class == CLASS_BUFFER)
            continue;
        for (int k = 0; k < x->nin; k++)
            if (!seen[x->in[k]->id]) {
                seen[x->in[k]->id] = true;
                todo[top++] = x->in[k];
            }
    }
}

/* What a loop or a branch reads, and the memory that it needs itself. */
static void mark_owner(Lower *L, const Step *s, bool *seen, bool *read, Node **todo)
{
    mark_loads(L, s->count, seen, read, todo);
    mark_loads(L, s->condition, seen, read, todo);
    for (int k = 0; k < s->vars.n; k++) {
        mark_loads(L, s->vars.at[k].first, seen, read, todo);
        mark_loads(L, s->vars.at[k].next, seen, read, todo);
    }
    for (int k = 0; k < s->kept.n; k++)
        read[s->kept.at[k].now] = read[s->kept.at[k].next] = true;
}

/* All that is known at one time of a piece of memory counts for what it is at others. */
static bool memory_read(const Program *p, const bool *read, const bool *shared, int buffer)
{
    int root = buffer_root(p, buffer);
    return read[buffer] || shared[root];
}

/* ---- Variables and sums that nobody reads ---- */

/* Whether somebody has to read what it gives a value or a name to. */
static bool is_passive(const Result *r)
{
    return r->kind == RESULT_LET || ((r->kind == RESULT_REDUCE || r->kind == RESULT_ARG) && r->buffer < 0);
}

static bool variable_read(const bool *seen, const Variable *v)
{
    return seen[v->node->id] || (v->result && seen[v->result->id]);
}

static bool result_read(const bool *seen, const Result *r)
{
    if ((r->kind == RESULT_CHECK || r->kind == RESULT_BREAK) && node_is_const(r->value) && const_integer(r->value))
        return false;
    return !is_passive(r) || seen[r->kind == RESULT_LET ? r->value->id : r->node->id];
}

/* Whether it was new. */
static bool mark(Lower *L, Node *n, bool *seen, bool *read, Node **todo)
{
    bool found = n && !seen[n->id];
    mark_loads(L, n, seen, read, todo);
    return found;
}

/* What is read by what has an effect, and by what that reads. */
static void find_read(Lower *L, const int *order, int n, bool *seen)
{
    Program *p = L->p;
    bool *read = NEW_N(L->g->arena, bool, p->buffers.n + 1), more = true;
    Node **todo = NEW_N(L->g->arena, Node *, L->g->nodes.n);
    while (more) {
        more = false;
        for (int i = n - 1; i >= 0; i--) {
            const Step *s = &p->steps.at[order[i]];
            more |= mark(L, s->count, seen, read, todo);
            more |= mark(L, s->condition, seen, read, todo);
            for (int k = 0; k < s->vars.n; k++)
                if (variable_read(seen, &s->vars.at[k])) {
                    more |= mark(L, s->vars.at[k].first, seen, read, todo);
                    more |= mark(L, s->vars.at[k].next, seen, read, todo);
                }
            for (int k = 0; k < s->results.n; k++) {
                const Result *r = &s->results.at[k];
                if (!result_read(seen, r))
                    continue;
                more |= mark(L, r->at, seen, read, todo);
                more |= mark(L, r->value, seen, read, todo);
                more |= mark(L, r->value2, seen, read, todo);
                more |= mark(L, r->position, seen, read, todo);
            }
        }
    }
}

static void drop_variables(Lower *L)
{
    Program *p = L->p;
    bool *seen = NEW_N(L->g->arena, bool, L->g->nodes.n);
    int *order, n = program_order(p, &order);
    find_read(L, order, n, seen);
    for (int i = 0; i < n; i++) {
        Step *s = &p->steps.at[order[i]];
        int kept = 0;
        for (int k = 0; k < s->vars.n; k++)
            if (variable_read(seen, &s->vars.at[k]))
                s->vars.at[kept++] = s->vars.at[k];
        s->vars.n = kept;
        kept = 0;
        for (int k = 0; k < s->results.n; k++)
            if (result_read(seen, &s->results.at[k]))
                s->results.at[kept++] = s->results.at[k];
        s->results.n = kept;
    }
}

/* ---- Stores that nobody reads ---- */

/* A store into work memory is needed where a load, a call or an accumulation reads it. Going
 * backwards would find chains; one pass is enough, since members are dropped, not kept alive. */
static void drop_stores(Lower *L)
{
    Graph *g = L->g;
    Program *p = L->p;
    bool *seen = NEW_N(g->arena, bool, g->nodes.n), *read = NEW_N(g->arena, bool, p->buffers.n + 1);
    bool *shared = NEW_N(g->arena, bool, p->buffers.n + 1); /* memory with more than one state */
    int *order, n = program_order(p, &order);
    for (int i = 0; i < p->buffers.n; i++)
        if (p->buffers.at[i].host >= 0)
            shared[buffer_root(p, i)] = true;
    Node **todo = NEW_N(g->arena, Node *, g->nodes.n);
    for (int i = 0; i < n; i++) /* before what stands in them, which may be read in a later turn */
        mark_owner(L, &p->steps.at[order[i]], seen, read, todo);
    for (int i = n - 1; i >= 0; i--) {
        Step *s = &p->steps.at[order[i]];
        for (int k = 1; k < s->nviews; k++)
            read[s->view[k].buffer] = true;
        int kept = 0;
        for (int k = 0; k < s->results.n; k++) {
            Result *r = &s->results.at[k];
            bool work = r->buffer >= 0 && p->buffers.at[buffer_root(p, r->buffer)].place == PLACE_WORK;
            if (work && r->kind == RESULT_STORE && !memory_read(p, read, shared, r->buffer))
                continue;
            mark_loads(L, r->at, seen, read, todo);
            mark_loads(L, r->value, seen, read, todo);
            mark_loads(L, r->value2, seen, read, todo);
            s->results.at[kept++] = *r;
        }
        s->results.n = kept;
    }
}

/* ---- Steps that do nothing ---- */

static void drop_empty(Program *p)
{
    int *order, n = program_order(p, &order);
    for (int i = n - 1; i >= 0; i--) { /* what a step owns is behind it */
        Step *s = &p->steps.at[order[i]];
        bool empty = s->kind == STEP_LOOPS && !s->results.n;
        if (s->kind == STEP_IF)
            empty = !s->vars.n && !p->lists.at[s->body].steps.n && !p->lists.at[s->other].steps.n;
        if (!empty)
            continue;
        clear_step(p, order[i]);
        StepList *l = &p->lists.at[s->list];
        int kept = 0;
        for (int k = 0; k < l->steps.n; k++)
            if (l->steps.at[k] != order[i])
                l->steps.at[kept++] = l->steps.at[k];
        l->steps.n = kept;
    }
}

void drop_unread(Lower *L)
{
    settle_branches(L->p);
    drop_variables(L);
    drop_stores(L);
    drop_empty(L->p);
}
