/* regions.c - puts the loops of a function in order; see regions.h.
 *
 * Differentiation makes, beside a loop, wider ones that share its placeholders and its body: with
 * tapes, with tangents. One level at a time, that of the function first: loops that share a recurrence
 * become one; then every loop is made anew, of what is read of
 * it, and its body is a level in its turn. */
#include "regions.h"
#include "loop.h"

/* ---- Merging ---- */

static int find_in(int n, Node *const *list, const Node *x)
{
    for (int k = 0; k < n; k++)
        if (list[k] == x)
            return k;
    return -1;
}

/* Whether both run the same turns, and what both carry goes from and through the same values: then
 * one loop can carry what either does. */
static bool compatible(const Graph *g, const Node *a, const Node *b)
{
    const Region *ra = region_of(g, a), *rb = region_of(g, b);
    int shared = 0;
    if (ra->index != rb->index || ra->reverse != rb->reverse || ra->cond != rb->cond ||
        ra->bound != rb->bound || loop_count(a) != loop_count(b))
        return false;
    for (int k = 0; k < ra->ncarried; k++) {
        int at = find_in(rb->ncarried, rb->carried, ra->carried[k]);
        if (at >= 0 && (ra->next[k] != rb->next[at] || loop_init(a)[k] != loop_init(b)[at]))
            return false;
        shared += at >= 0;
    }
    return shared || !ra->ncarried || !rb->ncarried;
}

static bool depends(Graph *g, Node *on, const Node *loop)
{
    Walk w = walk_ancestors(g, loop->nin, loop->in, on->id);
    return walk_find(&w, on) >= 0;
}

/* A loop with what either of two carries, collects and checks. */
static Node *joined(Graph *g, Node *b, const Node *a)
{
    const Region *rb = region_of(g, b), *ra = region_of(g, a);
    Region both = *rb;
    int most = ra->ncarried + rb->ncarried + 1;
    Node **carried = NEW_N(g->arena, Node *, most), **next = NEW_N(g->arena, Node *, most);
    Node **init = NEW_N(g->arena, Node *, most);
    Node **collected = NEW_N(g->arena, Node *, ra->ncollected + rb->ncollected + 1);
    Node **check = NEW_N(g->arena, Node *, ra->nchecks + rb->nchecks + 1);
    int *code = NEW_N(g->arena, int, ra->nchecks + rb->nchecks + 1);
    both.ncarried = both.ncollected = both.nchecks = 0;
    for (int which = 0; which < 2; which++) {
        const Node *loop = which ? a : b;
        const Region *r = which ? ra : rb;
        for (int k = 0; k < r->ncarried; k++)
            if (find_in(both.ncarried, carried, r->carried[k]) < 0) {
                carried[both.ncarried] = r->carried[k];
                next[both.ncarried] = r->next[k];
                init[both.ncarried++] = loop_init(loop)[k];
            }
        for (int k = 0; k < r->ncollected; k++)
            if (find_in(both.ncollected, collected, r->collected[k]) < 0)
                collected[both.ncollected++] = r->collected[k];
        for (int k = 0; k < r->nchecks; k++)
            if (find_in(both.nchecks, check, r->check[k]) < 0) {
                check[both.nchecks] = r->check[k];
                code[both.nchecks++] = r->check_code[k];
            }
    }
    both.carried = carried;
    both.next = next;
    both.collected = collected;
    both.check = check;
    both.check_code = code;
    return for_loop(g, &both, loop_count(b), init);
}

/* Points all parts of `old` at those of `made`, which contains it. */
static void replace_parts(Graph *g, const Walk *w, const Node *old, Node *made, int nroots, Node **root)
{
    const Region *ro = region_of(g, old), *rm = region_of(g, made);
    int n = 0;
    Node **from = NEW_N(g->arena, Node *, w->n + 1), **to = NEW_N(g->arena, Node *, w->n + 1);
    for (int i = 0; i < w->n; i++) {
        Node *p = w->node[i];
        if (p->op != OP_PART || p->in[0] != old)
            continue;
        int k = (int)p->attr[0], at;
        if (k == region_turns(ro))
            at = region_turns(rm);
        else if (k < ro->ncarried)
            at = find_in(rm->ncarried, rm->carried, ro->carried[k]);
        else
            at = rm->ncarried + find_in(rm->ncollected, rm->collected, ro->collected[k - ro->ncarried]);
        from[n] = p;
        to[n++] = part(g, made, at);
    }
    substitute(g, nroots, root, n, from, to);
}

/* The nodes of a level: those behind `stops`, what a body reads from outside, belong to other levels. */
static Walk nodes_of(Graph *g, int nroots, Node *const *root, const Walk *stops)
{
    return stops ? walk_between(g, nroots, root, stops) : walk_ancestors(g, nroots, root, 0);
}

static bool outside(const Walk *stops, const Node *n)
{
    return stops && walk_find(stops, n) >= 0;
}

/* One pair of loops; false where there is none left. */
static bool merge_pair(Graph *g, int nroots, Node **root, const Walk *stops)
{
    Walk w = nodes_of(g, nroots, root, stops);
    VEC(Node *) loops = {0};
    for (int i = 0; i < w.n; i++)
        if (w.node[i]->op == OP_FOR && !outside(stops, w.node[i]))
            vec_push(g->arena, &loops, w.node[i]);
    for (int i = 0; i < loops.n; i++)
        for (int k = 0; k < i; k++) {
            Node *a = loops.at[i], *b = loops.at[k];
            if ( !compatible(g, a, b) || depends(g, a, b) || depends(g, b, a))
                continue;
            Node *made = joined(g, b, a);
            if (made != a)
                replace_parts(g, &w, a, made, nroots, root);
            w = nodes_of(g, nroots, root, stops);
            if (made != b)
                replace_parts(g, &w, b, made, nroots, root);
            return true;
        }
    return false;
}

/* ---- What is read ---- */

typedef struct Use {
    bool *carried, *collected;
    int *part; /* by part of the old loop: that of the new one, or -1 */
} Use;

/* used: by part. A result that is used keeps what it is computed from. */
static void find_needed(Graph *g, const Node *loop, const bool *used, Use *u)
{
    const Region *r = region_of(g, loop);
    const Flow *f = loop_flow(g, loop);
    int c = r->ncarried, turns = region_turns(r), nroots = turns + (r->cond != NULL) + r->nchecks;
    u->carried = NEW_N(g->arena, bool, c + 1);
    u->collected = NEW_N(g->arena, bool, r->ncollected + 1);
    for (int k = 0; k < c; k++)
        u->carried[k] = used[k];
    for (int k = 0; k < r->ncollected; k++)
        u->collected[k] = used[c + k];
    for (bool changed = true; changed;) {
        changed = false;
        for (int k = 0; k < nroots; k++) {
            bool wanted = k < c ? u->carried[k] : k < turns ? u->collected[k - c] : true;
            for (int j = 0; j < c && wanted; j++)
                if (!u->carried[j] && bit_of(f->step_read[k], 1 + j))
                    changed = u->carried[j] = true;
        }
    }
}

static Node *settled(Graph *g, Node *x);

/* Whether no turn changes what is carried as number k: it is its first value throughout. */
static bool stays(Graph *g, const Region *r, int k)
{
    return settled(g, r->next[k]) == r->carried[k];
}

/* x, or what went into the inner loops that leave it as it is. */
static Node *settled(Graph *g, Node *x)
{
    while (x->op == OP_PART) {
        const Region *r = region_of(g, x->in[0]);
        int k = (int)x->attr[0];
        if (k >= r->ncarried || !stays(g, r, k))
            break;
        x = loop_init(x->in[0])[k];
    }
    return x;
}

static void level(Graph *g, int nroots, Node **root, const Walk *stops);

/* What the trimmed body reads from outside. A loop of the body that hangs on what is no longer carried, and
 * on nothing else of this one, by a value that itself will go, is none of that yet: it is trimmed with the
 * body, and stands outside from then on. */
static Walk captures_of(Graph *g, const Region *made, const Use *u, const Region *r)
{
    Region all = *made;
    Node **carried = NEW_N(g->arena, Node *, r->ncarried + 1), **next = NEW_N(g->arena, Node *, r->ncarried + 1);
    for (int k = 0; k < made->ncarried; k++) {
        carried[k] = made->carried[k];
        next[k] = made->next[k];
    }
    for (int k = 0; k < r->ncarried; k++)
        if (!u->carried[k]) {
            next[all.ncarried] = r->carried[k];
            carried[all.ncarried++] = r->carried[k];
        }
    all.carried = carried;
    all.next = next;
    return region_captures(g, &all);
}

/* The loop with what is needed of it, and changes, over placeholders of its own. in[i], what stands for
 * input i, is NULL where nothing that is needed reads that. */
static Node *made_anew(Graph *g, const Node *loop, const bool *used, Node *const *in, int *new_part)
{
    const Region *r = region_of(g, loop);
    int c = r->ncarried, nfrom = 0, kept = 0, ncollected = 0, nsame = 0;
    Use u = {.part = new_part};
    find_needed(g, loop, used, &u);
    Region made = *r;
    Node **from = NEW_N(g->arena, Node *, loop->nin + 1), **to = NEW_N(g->arena, Node *, loop->nin + 1);
    Node **carried = NEW_N(g->arena, Node *, c + 1), **next = NEW_N(g->arena, Node *, c + 1);
    Node **init = NEW_N(g->arena, Node *, c + 1), **collected = NEW_N(g->arena, Node *, r->ncollected + 1);
    Node **same = NEW_N(g->arena, Node *, c + 1), **first = NEW_N(g->arena, Node *, c + 1); /* what stays */
    from[nfrom] = r->index;
    to[nfrom++] = made.index = placeholder(g, T_I64, shape_scalar());
    made.index->name = r->index->name;
    made.index->span = r->index->span;
    for (int k = 0; k < c; k++) {
        if (u.carried[k] && stays(g, r, k)) {
            u.carried[k] = false;
            same[nsame] = r->carried[k];
            first[nsame++] = in[1 + k];
        }
        u.part[k] = u.carried[k] ? kept : -1;
        if (!u.carried[k])
            continue;
        carried[kept] = placeholder(g, (Dtype)r->carried[k]->dtype, r->carried[k]->shape);
        carried[kept]->name = r->carried[k]->name;
        carried[kept]->span = r->carried[k]->span;
        from[nfrom] = r->carried[k];
        to[nfrom++] = carried[kept];
        next[kept] = r->next[k];
        init[kept++] = in[1 + k];
    }
    for (int k = 0; k < r->ncollected; k++) {
        u.part[c + k] = u.collected[k] ? kept + ncollected : -1;
        if (u.collected[k])
            collected[ncollected++] = r->collected[k];
    }
    u.part[region_turns(r)] = kept + ncollected;
    for (int i = 1 + c; i < loop->nin; i++)
        if (in[i]) {
            from[nfrom] = loop->in[i];
            to[nfrom++] = in[i];
        }
    made.ncarried = kept;
    made.ncollected = ncollected;
    made.carried = carried;
    made.next = next;
    made.collected = collected;
    Node **root;
    int nroots = region_roots(g, &made, &root);
    substitute(g, nroots, root, nfrom, from, to);
    made = region_with_roots(g, &made, root);
    Walk captures = captures_of(g, &made, &u, r);
    level(g, nroots, root, &captures);
    if (nsame)
        substitute(g, nroots, root, nsame, same, first);
    made = region_with_roots(g, &made, root);
    lift_products(g, &made, in[0], nroots, root);
    made = region_with_roots(g, &made, root);
    return for_loop(g, &made, loop_bounded(g, &made, in[0]), init);
}

/* ---- A level ---- */

typedef struct Level {
    Graph *g;
    const Walk *stops;
    Walk w;
    bool *live;   /* by index in w: a root is computed from it */
    bool **used;  /* of a loop: by part */
    int **part;   /* of a loop: by part, that of the loop that stands for it */
    Node **image; /* what stands for the node */
} Level;

/* A loop reads what its parts in use are computed from: an initial value or a capture that only others
 * hang on is not wanted for it, and the loop that makes that is trimmed in its turn. It is what find_needed,
 * one level further out, has taken for granted. */
static void mark_loop(Level *l, int k)
{
    const Node *n = l->w.node[k];
    const Flow *f = loop_flow(l->g, n);
    for (int i = 0; i < n->nin; i++)
        for (int p = 0; p <= region_turns(region_of(l->g, n)); p++)
            if (l->used[k][p] && bit_of(f->read[p], i))
                l->live[walk_find(&l->w, n->in[i])] = true;
}

/* Readers stand behind what they read. Whether there is a loop. */
static bool mark(Level *l, int nroots, Node *const *root)
{
    bool any = false;
    for (int i = 0; i < nroots; i++)
        l->live[walk_find(&l->w, root[i])] = true;
    for (int k = l->w.n - 1; k >= 0; k--) {
        const Node *n = l->w.node[k];
        if (!l->live[k] || outside(l->stops, n))
            continue;
        if (n->op == OP_FOR) {
            mark_loop(l, k);
            continue;
        }
        for (int i = 0; i < n->nin; i++)
            l->live[walk_find(&l->w, n->in[i])] = true;
        if (n->op != OP_PART)
            continue;
        int loop = walk_find(&l->w, n->in[0]);
        if (!l->used[loop])
            l->used[loop] = NEW_N(l->g->arena, bool, region_turns(region_of(l->g, n->in[0])) + 1);
        any = l->used[loop][n->attr[0]] = true;
    }
    return any;
}

/* What stands for node k, where that is known of what it is made of. */
static Node *image_of(Level *l, int k)
{
    Graph *g = l->g;
    Node *n = l->w.node[k], *small[8], **in = n->nin <= 8 ? small : NEW_N(g->arena, Node *, n->nin);
    for (int i = 0; i < n->nin; i++)
        in[i] = l->image[walk_find(&l->w, n->in[i])];
    if (n->op == OP_FOR) {
        Span here = g->here;
        int stage = g->stage;
        g->here = n->span;
        g->stage = n->stage;
        l->part[k] = NEW_N(g->arena, int, region_turns(region_of(g, n)) + 1);
        Node *made = made_anew(g, n, l->used[k], in, l->part[k]);
        g->here = here;
        g->stage = stage;
        return made;
    }
    if (n->op != OP_PART)
        return rebuild(g, n, in);
    int at = l->part[walk_find(&l->w, n->in[0])][n->attr[0]];
    if (at < 0) /* it stays what it was */
        return l->image[walk_find(&l->w, loop_init(n->in[0])[n->attr[0]])];
    Node *made = part(g, in[0], at);
    if (n->name && !made->name)
        made->name = n->name;
    return made;
}

static void level(Graph *g, int nroots, Node **root, const Walk *stops)
{
    while (merge_pair(g, nroots, root, stops))
        ;
    Level l = {.g = g, .stops = stops, .w = nodes_of(g, nroots, root, stops)};
    l.image = NEW_N(g->arena, Node *, l.w.n + 1);
    l.live = NEW_N(g->arena, bool, l.w.n + 1);
    l.used = NEW_N(g->arena, bool *, l.w.n + 1);
    l.part = NEW_N(g->arena, int *, l.w.n + 1);
    if (!mark(&l, nroots, root))
        return;
    for (int k = 0; k < l.w.n; k++)
        if (l.live[k])
            l.image[k] = outside(stops, l.w.node[k]) ? l.w.node[k] : image_of(&l, k);
    for (int i = 0; i < nroots; i++)
        root[i] = l.image[walk_find(&l.w, root[i])];
}

void regions_prepare(Function *f)
{
    Graph *g = f->graph;
    if (!g->regions.n)
        return;
    Node **root;
    int nroots = function_roots(g->arena, f, &root);
    level(g, nroots, root, NULL);
    function_set_roots(f, root);
}
