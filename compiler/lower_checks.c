/* lower_checks.c - with --check-bounds: where an index is looked at whose element is read further out than
 * it is wanted.
 *
 * A node stands where all its uses lie, which may be in front of the branches and loops that want it. Such
 * an element is read where there is one (lower_at.c), and what wants it asks for the index at its
 * beginning: the lists of steps in which it, or what is made of it, is read each time. */
#include "lower.h"
#include "region.h"

/* Node x is operand k of `reader`, or a root of its body (k < 0). */
typedef struct Read {
    Node *reader;
    int k, list;
    bool wanted;
} Read;

/* A node met on the way from an element to what wants it, and the sides of selections on that way. */
typedef struct Met {
    const struct Met *next; /* of the same node */
    Node *node;
    const Clause *where;
} Met;

typedef struct Checks {
    Lower *L;
    int *first;     /* by node: its first one in `read`; n + 1 of them */
    Read *read;
    int *stamp, now;
    const Met **met; /* by node, of those that are stamped */
    VEC(const Met *) todo;
    VEC(const Clause *) clauses;
    VEC(Deferred) found;
} Checks;

/* Calls `f` for everything that is read. */
static void each_read(Checks *c, void (*f)(Checks *, const Node *, Read))
{
    Lower *L = c->L;
    for (int id = 0; id < L->n; id++) {
        Node *n = L->g->nodes.at[id], **root;
        if (!L->info[id].uses)
            continue;
        int nin = n->op == OP_FOR ? 1 + region_of(L->g, n)->ncarried : n->nin;
        for (int k = 0; k < nin; k++)
            f(c, n->in[k], (Read){n, k, use_list(L, n, k), use_wanted(L, n, k)});
        if (n->op != OP_FOR)
            continue;
        const Region *r = region_of(L->g, n);
        int nroots = region_roots(L->g, r, &root);
        for (int k = 0; k < nroots; k++)
            f(c, root[k], (Read){n, k < region_turns(r) ? -1 : -2, L->info[id].loop->body, use_wanted(L, n, -1)});
    }
}

static void count_read(Checks *c, const Node *x, Read r)
{
    (void)r;
    c->first[x->id + 1]++;
}

static void note_read(Checks *c, const Node *x, Read r)
{
    c->read[c->first[x->id]++] = r;
}

static void find_reads(Checks *c)
{
    Lower *L = c->L;
    c->first = NEW_N(L->g->arena, int, L->n + 2);
    each_read(c, count_read);
    for (int i = 0; i < L->n; i++)
        c->first[i + 1] += c->first[i];
    c->read = NEW_N(L->g->arena, Read, c->first[L->n] + 1);
    each_read(c, note_read);
    for (int i = L->n; i > 0; i--) /* the counters have moved to the ends */
        c->first[i] = c->first[i - 1];
    c->first[0] = 0;
    c->stamp = NEW_N(L->g->arena, int, L->n + 1);
    c->met = NEW_N(L->g->arena, const Met *, L->n + 1);
}

/* False: there are too many ways to it. */
static bool push(Checks *c, Node *n, const Clause *where)
{
    enum { MOST = 8 };
    const Met *known = c->stamp[n->id] == c->now ? c->met[n->id] : NULL;
    int ways = 0;
    for (const Met *m = known; m; m = m->next, ways++)
        if (m->where == where)
            return true;
    Met *m = NEW(c->L->g->arena, Met);
    *m = (Met){known, n, where};
    c->stamp[n->id] = c->now;
    c->met[n->id] = m;
    vec_push(c->L->g->arena, &c->todo, m);
    return ways < MOST;
}

/* `up`, and that cond holds; each set of clauses in one order is there once. */
static const Clause *with_clause(Checks *c, const Clause *up, Node *cond, bool no)
{
    for (const Clause *o = up; o; o = o->up)
        if (o->cond == cond && o->no == no)
            return up;
    for (int i = 0; i < c->clauses.n; i++) {
        const Clause *o = c->clauses.at[i];
        if (o->up == up && o->cond == cond && o->no == no)
            return o;
    }
    Clause *made = NEW(c->L->g->arena, Clause);
    *made = (Clause){up, cond, no};
    vec_push(c->L->g->arena, &c->clauses, made);
    return made;
}

/* Whether the node stands further out than the list. */
static bool is_around(Lower *L, const Node *n, int list)
{
    int home = info_of(L, n)->home;
    return home != list && item_list(L, home, list) >= 0;
}

/* Those that are known where the list begins: without the others it is checked more often than wanted. */
static const Clause *known_in(Checks *c, const Clause *where, int list)
{
    const Clause *kept = NULL;
    for (; where; where = where->up) {
        if (is_around(c->L, where->cond, list))
            kept = with_clause(c, kept, where->cond, where->no);
    }
    return kept;
}

/* With what holds where the reader wants the operand. */
static const Clause *clause_of(Checks *c, const Clause *up, Read r)
{
    bool selects = r.reader->op == OP_SELECT && !r.reader->in[0]->shape.rank && r.k > 0;
    bool changes = is_put(r.reader) && put_guard(r.reader) && r.k != 0 && r.k != 2;
    if (!selects && !changes)
        return up;
    Node *cond = selects ? r.reader->in[0] : put_guard(r.reader);
    bool no = selects && r.k == 2;
    for (; cond->op == OP_NOT; cond = cond->in[0])
        no = !no;
    return with_clause(c, up, cond, no);
}

/* A guard that guard_shared has made is asked for by what it guards, and reads nothing on its own account. */
static bool is_own_guard(const Lower *L, Read r)
{
    bool condition = r.reader->op == OP_SELECT ? r.k == 0 : r.k == 2 && is_put(r.reader);
    return condition && is_guarded(L->marks, r.reader, GUARD_MADE);
}

/* Whether the indices of g are known where the list begins. */
static bool has_indices(Lower *L, const Node *g, int list)
{
    bool all = list > 0;
    for (int k = 1; k < g->nin && all; k++)
        all = g->in[k]->op == OP_CONST || is_around(L, g->in[k], list);
    return all;
}

/* The lists that want the element g; false: not all of them can look at its indices at their beginning. */
static bool find_lists(Checks *c, Node *g)
{
    Lower *L = c->L;
    c->found.n = c->todo.n = c->clauses.n = 0;
    c->now++;
    push(c, g, NULL);
    while (c->todo.n) {
        const Met *m = c->todo.at[--c->todo.n];
        const Node *x = m->node;
        for (int i = c->first[x->id]; i < c->first[x->id + 1]; i++) {
            Read r = c->read[i];
            bool guard = is_own_guard(L, r);
            /* a guard that says too little, and turns that may not be wanted: as well as can be told */
            bool last = r.wanted || r.k < 0 || (r.reader->op != OP_FOR && r.k > 0 && is_guarded(L->marks, r.reader, GUARD_MADE));
            if (!guard && !last && !push(c, r.reader, clause_of(c, m->where, r)))
                return false;
            if (guard || !last)
                continue;
            if (!has_indices(L, g, r.list))
                return false;
            vec_push(L->g->arena, &c->found, (Deferred){.gather = g, .list = r.list, .test = r.k == -2, .where = known_in(c, m->where, r.list)});
        }
    }
    return true;
}

void defer_checks(Lower *L)
{
    Checks c = {.L = L};
    for (int i = 0; i < L->blocks.n; i++)
        L->blocks.at[i].checks.n = 0;
    for (int id = 0; id < L->n && L->o->check_bounds; id++) {
        Node *n = L->g->nodes.at[id];
        Info *f = &L->info[id];
        f->deferred = false;
        if (!f->uses || f->wanted || !checks_elsewhere(L->g, n))
            continue;
        if (!c.first)
            find_reads(&c);
        f->deferred = find_lists(&c, n);
        for (int k = 0; f->deferred && k < c.found.n; k++) {
            Block *b = &L->blocks.at[c.found.at[k].list];
            bool known = false;
            for (int i = 0; i < b->checks.n; i++)
                known |= b->checks.at[i].gather == n && b->checks.at[i].test == c.found.at[k].test && b->checks.at[i].where == c.found.at[k].where;
            if (!known)
                vec_push(L->g->arena, &b->checks, c.found.at[k]);
        }
    }
}

void place_deferred(Groups *gs, int list, bool test)
{
    Lower *L = gs->L;
    Graph *g = L->g;
    const Block *b = &L->blocks.at[list];
    for (int i = 0; i < b->checks.n; i++) {
        const Deferred *d = &b->checks.at[i];
        Node *n = d->gather, *none = NULL;
        int before = L->checks.n;
        for (int k = 1; k < n->nin && d->test == test; k++)
            if (!index_in_range(g, n->in[k], n->in[0]->shape.dim[n->attr[k - 1]]))
                check_index(L, n->in[k], element_index(L, n->in[k], &none), n->in[0]->shape.dim[n->attr[k - 1]]);
        for (int k = before; k < L->checks.n; k++)
            for (const Clause *c = d->where; c; c = c->up) {
                Node *holds = lower_at(L, c->cond, &none), *yes = const_int(g, T_BOOL, 1), *ok = L->checks.at[k];
                L->checks.at[k] = pw3(g, OP_SELECT, holds, c->no ? yes : ok, c->no ? ok : yes);
            }
    }
    if (L->checks.n)
        place_checks(gs);
}
