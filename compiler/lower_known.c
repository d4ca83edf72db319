/* lower_known.c - on a side of a branch its condition is known: a selection by it is one of its operands,
 * an inner branch by it is no branch, and branches by one condition that follow each other are one.
 *
 * An expression is taken to belong to the innermost list that all its uses lie in, as it does in the
 * text (emit_blocks.c). What is also wanted outside the side stays what it is there. */
#include "cond.h"
#include "lower.h"

typedef struct Known {
    Lower *L;
    Program *p;
    int n;       /* nodes before any is made here */
    int *home;   /* by node: the list that it belongs to, -1: none */
    Node **now;  /* by node: what it is there */
    VEC(int) place; /* by node made here: 1 + the list that it was made for */
    /* Of branches that are to be one */
    bool *written;     /* by buffer: its memory changes in the first */
    int *seen, walk;   /* by node: the walk that has met it */
    VEC(Node *) todo;
} Known;

/* ---- Where expressions belong ---- */

static bool is_variable(const Node *n)
{
    return op_info(n)->family == F_REDUCE || n->op == OP_PARAM;
}

/* Calls `f` with the place of every expression of a step but a branch's condition, and the list in which
 * it is read. */
static void each_root(Known *w, Step *s, void (*f)(Known *, Node **, int))
{
    for (int k = 0; k < s->results.n; k++) {
        Result *r = &s->results.at[k];
        Node **root[4] = {&r->at, &r->value, &r->value2, &r->position};
        for (int i = 0; i < 4; i++)
            if (*root[i])
                f(w, root[i], s->list);
    }
    if (s->count)
        f(w, &s->count, s->list);
    for (int k = 0; k < s->vars.n; k++) {
        f(w, &s->vars.at[k].first, s->kind == STEP_FOR ? s->list : s->body);
        f(w, &s->vars.at[k].next, s->kind == STEP_FOR ? s->body : s->other);
    }
}

static void meet_home(Known *w, const Node *n, int list)
{
    int *home = &w->home[n->id];
    *home = *home < 0 ? list : list_around(w->p, *home, list);
}

static void meet_root(Known *w, Node **at, int list)
{
    meet_home(w, *at, list);
}

static void find_homes(Known *w)
{
    for (int id = 0; id < w->n; id++)
        w->home[id] = -1;
    for (int i = 0; i < w->p->steps.n; i++) {
        Step *s = &w->p->steps.at[i];
        each_root(w, s, meet_root);
        if (s->condition)
            meet_home(w, s->condition, s->list);
    }
    for (int id = w->n - 1; id >= 0; id--) {
        Node *n = w->L->g->nodes.at[id];
        for (int k = 0; w->home[id] >= 0 && k < n->nin && !is_variable(n); k++)
            meet_home(w, n->in[k], w->home[id]);
    }
}

/* ---- What is known ---- */

/* 1 or 0, what x is on the sides around a list; -1: they do not say. */
static int known_in(const Program *p, int list, const Node *x)
{
    for (; list > 0; list = p->lists.at[list].parent) {
        const Step *s = p->lists.at[list].owner < 0 ? NULL : &p->steps.at[p->lists.at[list].owner];
        for (int value = 0; s && s->kind == STEP_IF && value < 2; value++)
            if (cond_implies(s->condition, list != s->body, x, !value))
                return value;
    }
    return -1;
}

/* What n is where it is read in the list. */
static Node *seen_from(Known *w, Node *n, int list)
{
    int value = n->dtype == T_BOOL && !node_is_const(n) && !n->shape.rank ? known_in(w->p, list, n) : -1;
    return value >= 0 ? const_int(w->L->g, T_BOOL, value) : n->id < w->n && w->now[n->id] ? w->now[n->id] : n;
}

/* ---- Expressions ---- */

/* Whether `made` may stand for what belongs to the list: it is there already, or new. */
static bool fits(Known *w, const Node *made, int list)
{
    int home;
    if (!made->nin)
        return made->op != OP_HOLE || (w->home[made->id] >= 0 && list_around(w->p, w->home[made->id], list) == w->home[made->id]);
    if (made->id < w->n) {
        home = w->home[made->id];
    } else {
        while (w->place.n <= made->id - w->n)
            vec_push(w->L->g->arena, &w->place, 0);
        int *place = &w->place.at[made->id - w->n];
        home = (*place = *place ? *place : list + 1) - 1;
    }
    return home >= 0 && list_around(w->p, home, list) == home;
}

static void rewrite(Known *w)
{
    Graph *g = w->L->g;
    for (int id = 0; id < w->n; id++) {
        Node *n = g->nodes.at[id], *in[3];
        int list = w->home[id];
        if (list < 0 || !n->nin || is_variable(n) || (n->op != OP_LOAD && op_info(n)->family != F_POINTWISE))
            continue;
        for (int k = 0; k < n->nin; k++)
            in[k] = seen_from(w, n->in[k], list);
        Node *made = rebuild(g, n, in);
        if (made != n && fits(w, made, list))
            w->now[id] = made;
    }
}

static void replace_root(Known *w, Node **at, int list)
{
    *at = seen_from(w, *at, list);
}

void use_known(Lower *L)
{
    Known w = {.L = L, .p = L->p, .n = L->g->nodes.n};
    bool some = false;
    for (int i = 0; i < L->p->steps.n; i++)
        some |= L->p->steps.at[i].kind == STEP_IF;
    if (!some)
        return;
    w.home = NEW_N(L->g->arena, int, w.n + 1);
    w.now = NEW_N(L->g->arena, Node *, w.n + 1);
    find_homes(&w);
    rewrite(&w);
    Node **condition = NEW_N(L->g->arena, Node *, L->p->steps.n + 1); /* what is known goes by them as they are */
    for (int i = 0; i < L->p->steps.n; i++) {
        Step *s = &L->p->steps.at[i];
        each_root(&w, s, replace_root);
        if (s->condition)
            condition[i] = seen_from(&w, s->condition, s->list);
    }
    for (int i = 0; i < L->p->steps.n; i++)
        L->p->steps.at[i].condition = condition[i];
}

/* ---- One branch after another ---- */

/* Calls `f` for a step and all that it owns, as deep as steps are nested. */
static void each_step(Known *w, Step *s, void (*f)(Known *, Step *))
{
    f(w, s);
    for (int side = 0; side < (s->kind == STEP_IF ? 2 : s->kind == STEP_FOR); side++) {
        const StepList *l = &w->p->lists.at[side ? s->other : s->body];
        for (int k = 0; k < l->steps.n; k++)
            each_step(w, &w->p->steps.at[l->steps.at[k]], f);
    }
}

static void note_written(Known *w, Step *s)
{
    for (int k = 0; k < s->results.n; k++)
        if (s->results.at[k].buffer >= 0)
            w->written[buffer_root(w->p, s->results.at[k].buffer)] = true;
    for (int k = 0; k < s->nviews; k++)
        w->written[buffer_root(w->p, s->view[k].buffer)] = true;
    if (s->kind == STEP_FILL)
        w->written[buffer_root(w->p, s->buffer)] = true;
    for (int k = 0; k < s->kept.n; k++)
        w->written[buffer_root(w->p, s->kept.at[k].now)] = w->written[buffer_root(w->p, s->kept.at[k].next)] = true;
    for (int k = 0; k < s->tapes.n; k++)
        w->written[buffer_root(w->p, s->tapes.at[k])] = true;
}

static void want_root(Known *w, Node **at, int list)
{
    (void)list;
    vec_push(w->L->g->arena, &w->todo, *at);
}

static void want_step(Known *w, Step *s)
{
    each_root(w, s, want_root);
    if (s->condition)
        vec_push(w->L->g->arena, &w->todo, s->condition);
}

/* Whether the branch b reads, of what is read in front of it, memory that a writes. */
static bool reads_written(Known *w, Step *a, Step *b)
{
    w->walk++;
    memset(w->written, 0, sizeof *w->written * (size_t)w->p->buffers.n);
    each_step(w, a, note_written);
    w->todo.n = 0;
    each_step(w, b, want_step);
    while (w->todo.n) {
        Node *n = w->todo.at[--w->todo.n];
        if (w->seen[n->id] == w->walk)
            continue;
        w->seen[n->id] = w->walk;
        int around = list_around(w->p, w->home[n->id], b->body), other = list_around(w->p, w->home[n->id], b->other);
        if (n->op == OP_LOAD && around != b->body && other != b->other && w->written[buffer_root(w->p, (int)n->attr[0])])
            return true;
        for (int k = 0; k < n->nin && !is_variable(n); k++)
            vec_push(w->L->g->arena, &w->todo, n->in[k]);
    }
    return false;
}

static void move_list(Program *p, int from, int to)
{
    StepList *l = &p->lists.at[from];
    for (int k = 0; k < l->steps.n; k++) {
        p->steps.at[l->steps.at[k]].list = to;
        vec_push(p->graph->arena, &p->lists.at[to].steps, l->steps.at[k]);
    }
    l->steps.n = 0;
    for (int i = 0; i < p->lists.n; i++)
        if (p->lists.at[i].parent == from)
            p->lists.at[i].parent = to;
    for (int i = 0; i < p->buffers.n; i++)
        if (p->buffers.at[i].list == from)
            p->buffers.at[i].list = to;
}

/* A branch that gives no variable a value, and the next step is a branch by the same condition. */
static bool may_join(const Program *p, const StepList *l, int k)
{
    const Step *a = &p->steps.at[l->steps.at[k]], *b = k + 1 < l->steps.n ? &p->steps.at[l->steps.at[k + 1]] : a;
    return a != b && a->kind == STEP_IF && b->kind == STEP_IF && a->condition == b->condition && !a->vars.n;
}

void join_branches(Lower *L)
{
    Program *p = L->p;
    Known w = {.L = L, .p = p};
    for (int list = 0; list < p->lists.n; list++)
        for (int k = 0; k < p->lists.at[list].steps.n; k++) {
            StepList *l = &p->lists.at[list];
            if (!may_join(p, l, k))
                continue;
            if (!w.home) {
                w.n = L->g->nodes.n;
                w.home = NEW_N(L->g->arena, int, w.n + 1);
                w.seen = NEW_N(L->g->arena, int, w.n + 1);
                w.written = NEW_N(L->g->arena, bool, p->buffers.n + 1);
                find_homes(&w);
            }
            Step *a = &p->steps.at[l->steps.at[k]], *b = &p->steps.at[l->steps.at[k + 1]];
            if (reads_written(&w, a, b))
                continue;
            move_list(p, b->body, a->body);
            move_list(p, b->other, a->other);
            a->vars = b->vars;
            *b = (Step){.kind = STEP_LOOPS, .list = list};
            memmove(&l->steps.at[k + 1], &l->steps.at[k + 2], sizeof *l->steps.at * (size_t)(l->steps.n - k - 2));
            l->steps.n--;
            k--;
        }
}
