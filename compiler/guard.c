/* guard.c - what several branches share is guarded by what guards any of them; see guard.h.
 *
 * The lowering puts a node where all its uses lie: into the side of a branch where that
 * side alone reads it. A node that two branches read would stand before both, and be computed where
 * neither is taken. One level at a time, that of the function first: a use is known by its
 * path, the sides of branches around it. A loop that is read along several paths has no turn where none
 * of them is taken; an array that is changed at an index that may be out of range is not changed there. */
#include "guard.h"
#include "cond.h"
#include "loop.h"
#include "ops.h"
#include "walk.h"

enum { MOST_PATHS = 16 };

/* One side of a branch, within others. */
typedef struct Path {
    const struct Path *up; /* NULL: there is no branch around */
    Node *cond;
    bool no;               /* the side where cond does not hold */
    bool soft;             /* no branch: a loop that has turns where cond holds */
    int part;              /* of the branches on that condition; see guard.h */
    int depth;
} Path;

typedef struct Uses {
    VEC(const Path *) path;
    bool weak; /* on some of them it is not read each time */
} Uses;

typedef struct Level {
    Graph *g;
    Marks *marks;
    bool bounds, shared; /* shared: what wants a guard is to get one */
    const Walk *stops;   /* of other levels, outside; or NULL */
    int nunknown;
    Node *const *unknown; /* no guard is made of these */
    Walk w;
    Uses *uses;          /* by node of the walk */
    Node **guard;        /* the same: where it is wanted; or NULL */
    int *how;            /* the same: GUARD_... of the guard */
    VEC(Path *) paths;   /* all, each once */
} Level;

typedef struct Images Images;
static void level(Graph *g, bool bounds, Marks *, int nroots, Node **root, const Walk *stops, const Images *outer);

static int origin_of(const Marks *m, const Node *n)
{
    int id = n->id < m->origin.n ? m->origin.at[n->id] : 0;
    return id ? id - 1 : n->id;
}

bool is_marked(const Marks *m, const Node *n, int mark)
{
    int id = origin_of(m, n);
    return id < m->of.n && m->of.at[id] & mark;
}

bool is_guarded(const Marks *m, const Node *n, int how)
{
    return n->id < m->guarded.n && m->guarded.at[n->id] & how;
}

bool add_mark(Graph *g, Marks *m, const Node *n, int mark)
{
    int id = origin_of(m, n);
    while (m->of.n <= id)
        vec_push(g->arena, &m->of, 0);
    bool is_new = !(m->of.at[id] & mark);
    m->of.at[id] |= (uint8_t)mark;
    return is_new;
}

int branch_part(const Marks *m, const Node *n)
{
    int id = origin_of(m, n);
    return is_marked(m, n, MARK_ALONE) ? -1 - id : id < m->part.n ? m->part.at[id] : 0;
}

bool set_branch_part(Graph *g, Marks *m, const Node *n, int part)
{
    int id = origin_of(m, n);
    while (m->part.n <= id)
        vec_push(g->arena, &m->part, 0);
    bool is_new = m->part.at[id] != part;
    m->part.at[id] = part;
    return is_new;
}

static void note_origin(Graph *g, Marks *m, const Node *made, const Node *n)
{
    while (m->origin.n <= made->id)
        vec_push(g->arena, &m->origin, 0);
    m->origin.at[made->id] = n->id + 1;
}

/* Not of a node that was there before. */
static void note_guard(const Level *l, const Node *made, int how)
{
    Marks *m = l->marks;
    if (made->id < m->before)
        return;
    while (m->guarded.n <= made->id)
        vec_push(l->g->arena, &m->guarded, 0);
    m->guarded.at[made->id] |= (uint8_t)how;
}

/* ---- Paths ---- */

static const Path *enter(Level *l, const Path *up, Node *cond, bool no, bool soft, int part)
{
    for (; cond->op == OP_NOT; cond = cond->in[0])
        no = !no;
    for (int i = l->paths.n - 1; i >= 0; i--) {
        const Path *p = l->paths.at[i];
        if (p->up == up && p->cond == cond && p->no == no && p->soft == soft && p->part == part)
            return p;
    }
    Path *p = NEW(l->g->arena, Path);
    *p = (Path){up, cond, no, soft, part, up ? up->depth + 1 : 1};
    vec_push(l->g->arena, &l->paths, p);
    return p;
}

static const Path *common(const Path *a, const Path *b)
{
    while (a != b)
        if (!b || (a && a->depth >= b->depth))
            a = a->up;
        else
            b = b->up;
    return a;
}

static const Path *common_of(const Uses *u)
{
    const Path *p = u->path.n ? u->path.at[0] : NULL;
    for (int i = 1; i < u->path.n; i++)
        p = common(p, u->path.at[i]);
    return p;
}

/* Instead of many paths one behind the branch that all are in: what holds on each of them. */
static const Path *joint(Level *l, const Uses *u)
{
    const Path *root = common_of(u), *joint = root;
    VEC(const Path *) way = {0};
    for (const Path *p = u->path.at[0]; p != root; p = p->up)
        vec_push(l->g->arena, &way, p);
    for (int k = way.n - 1; k >= 0; k--) {
        bool all = true;
        for (int i = 1; i < u->path.n && all; i++) {
            const Path *p = u->path.at[i];
            while (p != root && (p->cond != way.at[k]->cond || p->no != way.at[k]->no))
                p = p->up;
            all = p != root;
        }
        if (all)
            joint = enter(l, joint, way.at[k]->cond, way.at[k]->no, true, 0);
    }
    return joint;
}

/* A path that leads through one that is there says nothing new. */
static void add_use(Level *l, Node *n, const Path *p, bool weak)
{
    int k = walk_find(&l->w, n), kept = 0;
    Uses *u = &l->uses[k];
    for (int i = 0; i < u->path.n; i++)
        if (common(u->path.at[i], p) == u->path.at[i]) {
            u->weak &= weak || u->path.at[i] != p || u->path.n > 1;
            return;
        }
    for (int i = 0; i < u->path.n; i++)
        if (common(u->path.at[i], p) != p)
            u->path.at[kept++] = u->path.at[i];
    u->path.n = kept;
    u->weak = weak || (kept && u->weak);
    vec_push(l->g->arena, &u->path, p);
    if (u->path.n <= MOST_PATHS)
        return;
    p = joint(l, u);
    u->weak = true;
    u->path.n = 0;
    vec_push(l->g->arena, &u->path, p);
}

/* ---- What has to be guarded ---- */

/* The branches around that all paths lead through. */
static const Path *branches_of(const Uses *u)
{
    const Path *p = common_of(u), *last = p;
    for (; p; p = p->up)
        if (p->soft)
            last = p->up;
    return last;
}

/* Whether a scalar is made of arguments and of what counts turns alone: no memory that changes. */
static bool is_steady(const Node *n, int depth)
{
    enum { DEEP = 16 };
    bool all = !n->shape.rank && depth < DEEP && (op_info(n)->family == F_POINTWISE || op_info(n)->family == F_LEAF);
    for (int k = 0; k < n->nin && all; k++)
        all = is_steady(n->in[k], depth + 1);
    return all;
}

bool checks_elsewhere(Graph *g, const Node *n)
{
    bool any = false;
    for (int k = 1; k < n->nin && n->op == OP_GATHER; k++) {
        if (index_in_range(g, n->in[k], n->in[0]->shape.dim[n->attr[k - 1]]))
            continue;
        if (!is_steady(n->in[k], 0))
            return false;
        any = true;
    }
    return any;
}

/* An element is read where there is one, and checked apart from that, wherever the index allows it
 * (lower_at.c, lower_checks.c). */
static bool wants_guard(const Level *l, const Node *n)
{
    if (n->op == OP_FOR)
        return true;
    if (n->op == OP_GATHER && (!l->bounds || checks_elsewhere(l->g, n)))
        return false;
    bool change = is_put(n);
    if (n->op != OP_GATHER && n->op != OP_SCATTER && !change)
        return false;
    const Node *array = n->op == OP_GATHER || change ? n->in[0] : n;
    Node *const *index = change ? put_index(n) : n->in + 1;
    for (int k = 0; k < (change ? put_indices(n) : n->nin - 1); k++)
        if (!index_in_range(l->g, index[k], array->shape.dim[n->attr[k + change]]))
            return true;
    return false;
}

static Node *side_of(Graph *g, Node *c, bool no)
{
    return no ? pw1(g, OP_NOT, c) : c;
}

/* What follows from c (from not c) and can be told without n; NULL: nothing. Where that holds, whoever asks for
 * c reads n: what is left out makes the guard of n no weaker. *weak: but it may be. */
static Node *without(const Level *l, Node *c, bool no, Node *n, int depth, bool *weak)
{
    Graph *g = l->g;
    enum { DEEP = 10 };
    if (depth > DEEP) {
        *weak = true;
        return NULL;
    }
    int first = n->id;
    for (int k = 0; k < l->nunknown; k++)
        first = l->unknown[k]->id < first ? l->unknown[k]->id : first;
    Walk w = walk_ancestors(g, 1, &c, first);
    bool unknown = false;
    for (int k = 0; k < l->nunknown && !unknown; k++)
        unknown = walk_find(&w, l->unknown[k]) >= 0;
    *weak |= unknown;
    if (!unknown && walk_find(&w, n) < 0)
        return side_of(g, c, no);
    if (c->op == OP_NOT)
        return without(l, c->in[0], !no, n, depth + 1, weak);
    Node *first_one, *second;
    bool flip, all = cond_joins(c, false, &first_one, &second, &flip);
    if (!all && !cond_joins(c, true, &first_one, &second, &flip))
        return NULL;
    Node *a = without(l, first_one, no != flip, n, depth + 1, weak), *b = without(l, second, no, n, depth + 1, weak);
    if (all != no)
        return a && b ? both_hold(g, a, b) : a ? a : b;
    if (!a || !b)
        return NULL;
    return is_harmless(g, b) ? pw2(g, OP_OR, a, b) : pw3(g, OP_SELECT, a, const_int(g, T_BOOL, 1), b);
}

/* Where one of the paths is taken; NULL: everywhere, as far as one can tell before n is known. *weak: there
 * and elsewhere. */
static Node *guard_of(Level *l, Node *n, const Uses *u, const Path *from, bool *weak)
{
    Graph *g = l->g;
    Node *any = NULL, *way_of[MOST_PATHS] = {NULL};
    *weak = u->weak;
    for (int i = 0; i < u->path.n; i++) {
        VEC(const Path *) way = {0};
        Node *all = NULL;
        for (const Path *p = u->path.at[i]; p != from; p = p->up)
            vec_push(g->arena, &way, p);
        for (int k = way.n - 1; k >= 0; k--) {
            Node *c = without(l, way.at[k]->cond, way.at[k]->no, n, 0, weak);
            all = all && c ? both_hold(g, all, c) : all ? all : c;
        }
        if (!all)
            return NULL;
        way_of[i] = all;
    }
    int n_ways = u->path.n;
    for (int i = 0; i < n_ways; i++)
        for (int k = 0; k < n_ways; k++) {
            Node *by, *around;
            if (cond_opposite(way_of[i], way_of[k])) /* both sides of a branch */
                return NULL;
            if (!cond_sides(way_of[i], way_of[k], &by, &around))
                continue;
            way_of[i] = around; /* instead of c and d, c and not d */
            way_of[k] = way_of[--n_ways];
            i = -1; /* from the beginning */
            break;
        }
    bool known[MOST_PATHS] = {false}; /* by another one that is not: implications may go in a circle */
    for (int i = 0; i < n_ways; i++) { /* the guards of one do not read what others guard without need */
        for (int k = 0; k < n_ways && !known[i]; k++)
            known[i] = k != i && !known[k] && cond_implies(way_of[i], false, way_of[k], false) && (k < i || !cond_implies(way_of[k], false, way_of[i], false));
        if (!known[i])
            any = any ? pw2(g, OP_OR, any, way_of[i]) : way_of[i];
    }
    return node_is_const(any) ? NULL : any;
}

static bool outside(const Level *l, const Node *n)
{
    return l->stops && walk_find(l->stops, n) >= 0;
}

/* By input of a loop: a condition, the same in all turns, that holds wherever a turn reads it; or NULL. weak[i]:
 * and where none does. */
static Node **inner_guards(Graph *g, const Node *loop, bool *weak)
{
    const Region *r = region_of(g, loop);
    int first = 1 + r->ncarried;
    Node **guard = NEW_N(g->arena, Node *, loop->nin + 1), **root;
    int nroots = region_roots(g, r, &root);
    Walk captures = region_captures(g, r);
    Node **turn = NEW_N(g->arena, Node *, r->ncarried + 1);
    turn[0] = r->index;
    for (int k = 0; k < r->ncarried; k++)
        turn[k + 1] = r->carried[k];
    Unknown changing = {r->ncarried + 1, turn};
    use_guards(g, nroots, root, &captures, changing, loop->nin - first, loop->in + first, guard + first, weak + first);
    return guard;
}

/* From the uses up: all uses of a node have been seen when it is met. */
static bool find_guards(Level *l, int nroots, Node *const *root)
{
    Graph *g = l->g;
    bool any = false;
    for (int i = 0; i < nroots; i++)
        add_use(l, root[i], NULL, false);
    for (int k = l->w.n - 1; k >= 0; k--) {
        Node *n = l->w.node[k];
        Uses *u = &l->uses[k];
        if (outside(l, n) || !u->path.n)
            continue;
        const Path *from = branches_of(u);
        bool soft = from != common_of(u);
        if (l->shared && (u->path.n > 1 || soft) && wants_guard(l, n)) {
            bool weak;
            l->guard[k] = guard_of(l, n, u, from, &weak);
            l->how[k] = GUARD_MADE | (weak ? GUARD_WEAK : 0) | (from ? GUARD_WITHIN : 0);
            if (l->guard[k]) {
                any = true;
                u->path.n = 0;
                u->weak = weak;
                const Path *own = enter(l, from, l->guard[k], false, n->op == OP_FOR, 0);
                vec_push(l->g->arena, &u->path, own);
            }
        }
        bool put = is_put(n);
        int part = l->marks ? branch_part(l->marks, n) : 0;
        Node *c = put ? put_guard(n) : n->op == OP_SELECT && !n->in[0]->shape.rank ? n->in[0] : NULL;
        bool *vague = n->op == OP_FOR ? NEW_N(g->arena, bool, n->nin + 1) : NULL;
        Node **inside = vague ? inner_guards(g, n, vague) : NULL;
        Node *some = inside && l->bounds ? pw2(g, OP_GT, loop_count(n), const_int(g, (Dtype)loop_count(n)->dtype, 0)) : NULL;
        for (int i = 0; i < n->nin; i++)
            for (int p = 0; p < u->path.n; p++) {
                const Path *at = u->path.at[p];
                bool weak = u->weak || (vague && (vague[i] || (!l->bounds && inside[i])));
                weak |= vague && !l->bounds && i > region_of(g, n)->ncarried && !loop_has_turn(g, n);
                if (some && !node_is_const(some) && i > region_of(g, n)->ncarried) /* no turn reads nothing */
                    at = enter(l, at, some, false, true, 0);
                if (inside && inside[i] && l->bounds)
                    at = enter(l, at, inside[i], false, true, 0);
                if (put && (i == 0 || (c && i == 2)) && l->guard[k]) /* it has a value where the guard fails, too */
                    at = enter(l, from, l->guard[k], false, true, 0);
                if (c && (put ? i != 0 && i != 2 : i > 0))
                    at = enter(l, at, c, !put && i == 2, false, part);
                add_use(l, n->in[i], at, weak);
            }
    }
    return any;
}

/* ---- The level made anew ---- */

struct Images {
    Level *l;
    const Images *outer; /* of the level around; or NULL */
    int n;        /* nodes that there are */
    Node **image;
    uint8_t *state; /* 1: being made */
    VEC(Node *) stack;
};

static Node *image_of_stop(const Images *outer, Node *x)
{
    return outer && x->id < outer->n && outer->image[x->id] ? outer->image[x->id] : x;
}

static Node *guard_at(const Level *l, const Node *n)
{
    int k = walk_find(&l->w, n);
    return k < 0 ? NULL : l->guard[k];
}

/* Pushes what n is made of; false: that goes in a circle by way of a guard. */
static bool push_needs(Images *m, Node *n)
{
    Node *guard = guard_at(m->l, n);
    m->state[n->id] = 1;
    for (int i = -1; i < n->nin; i++) {
        Node *x = i < 0 ? guard : n->in[i];
        if (!x || m->image[x->id])
            continue;
        if (m->state[x->id])
            return false;
        vec_push(m->l->g->arena, &m->stack, x);
    }
    return true;
}

static Node *loop_anew(Images *m, Node *n)
{
    Graph *g = m->l->g;
    const Region *r = region_of(g, n);
    Node **root, **init = NEW_N(g->arena, Node *, r->ncarried + 1);
    int nroots = region_roots(g, r, &root);
    Walk captures = region_captures(g, r);
    level(g, m->l->bounds, m->l->marks, nroots, root, &captures, m);
    Region made = region_with_roots(g, r, root);
    for (int k = 0; k < r->ncarried; k++)
        init[k] = m->image[loop_init(n)[k]->id];
    Node *guard = guard_at(m->l, n), *count = m->image[loop_count(n)->id];
    if (guard) {
        add_mark(g, m->l->marks, n, MARK_SOFT);
        count = pw3(g, OP_SELECT, m->image[guard->id], count, const_int(g, (Dtype)count->dtype, 0));
        note_guard(m->l, count, GUARD_MADE);
    }
    Node *loop = for_loop(g, &made, count, init);
    if (guard)
        note_guard(m->l, loop, m->l->how[walk_find(&m->l->w, n)]);
    return loop;
}

/* Whether all indices are; NULL: that is known. Of tensors the most of what a branch could ask. */
static Node *in_range(Graph *g, const Node *made)
{
    bool change = is_put(made);
    Node *const *index = change ? put_index(made) : made->in + 1, *all = NULL;
    for (int k = 0; k < (change ? put_indices(made) : made->nin - 1); k++) {
        const Size *len = made->shape.dim[made->attr[k + change]];
        if (index_in_range(g, index[k], len))
            continue;
        Node *at = cast(g, index[k], T_I64), *low = pw2(g, OP_GE, at, const_int(g, T_I64, 0));
        Node *in = pw2(g, OP_LT, at, size_node(g, len));
        in = pw2(g, OP_AND, low, in);
        in = in->shape.rank ? reduce_all(g, OP_ALL, in) : in;
        all = all ? pw2(g, OP_AND, all, in) : in;
    }
    return all;
}

/* What has been made of n, under the guard that it has got. */
static Node *under_guard(Images *m, Node *n, Node *made)
{
    Graph *g = m->l->g;
    const Node *guard = guard_at(m->l, n);
    Node *c = guard ? m->image[guard->id] : NULL;
    if (is_put(n) && made->op == n->op && put_guard(made))
        c = c ? both_hold(g, c, put_guard(made)) : put_guard(made);
    if (is_marked(m->l->marks, n, MARK_FAR)) {
        Node *in = in_range(g, made);
        c = c && in ? both_hold(g, c, in) : in ? in : c;
    }
    if (!c || (is_put(n) && (made->op != n->op || c == put_guard(made))))
        return made;
    int axes[MAX_RANK];
    for (int k = 0; is_put(n) && k < put_indices(n); k++)
        axes[k] = (int)n->attr[k + 1];
    if (is_put(n))
        made = (n->op == OP_PUT ? put : add_to)(g, made->in[0], made->in[1], c, put_indices(made), put_index(made), axes);
    else
        made = pw3(g, OP_SELECT, c, made, const_like(g, made, 0));
    made->name = made->name ? made->name : n->name;
    if (guard)
        note_guard(m->l, made, m->l->how[walk_find(&m->l->w, n)]);
    return made;
}

static Node *node_anew(Images *m, Node *n)
{
    Graph *g = m->l->g;
    Node *small[8], **in = n->nin <= 8 ? small : NEW_N(g->arena, Node *, n->nin), *made;
    Span here = g->here;
    int stage = g->stage;
    g->here = n->span;
    g->stage = n->stage;
    for (int i = 0; i < n->nin; i++)
        in[i] = m->image[n->in[i]->id];
    for (int i = 1; n->op == OP_SELECT && i < 3; i++) /* what has got the guard that it had here */
        if (in[i]->op == OP_SELECT && in[i]->in[0] == in[0] && shape_equal(in[i]->in[i]->shape, in[i]->shape))
            in[i] = in[i]->in[i];
    if (n->op == OP_FOR)
        made = loop_anew(m, n);
    else
        made = rebuild(g, n, in);
    if (n->op != OP_FOR)
        made = under_guard(m, n, made);
    g->here = here;
    g->stage = stage;
    if (made->id >= m->l->marks->before) /* nothing that was there before */
        note_origin(g, m->l->marks, made, n);
    return made;
}

/* The images of the roots; false: a guard waits for what it guards. */
static bool make_images(Images *m, int nroots, Node **root)
{
    Level *l = m->l;
    m->n = l->g->nodes.n;
    m->image = NEW_N(l->g->arena, Node *, m->n + 1);
    m->state = NEW_N(l->g->arena, uint8_t, m->n + 1);
    for (int i = 0; l->stops && i < l->stops->n; i++)
        m->image[l->stops->node[i]->id] = image_of_stop(m->outer, l->stops->node[i]);
    for (int i = 0; i < nroots; i++) {
        vec_push(l->g->arena, &m->stack, root[i]);
        while (m->stack.n) {
            Node *n = m->stack.at[m->stack.n - 1];
            if (!m->image[n->id] && !m->state[n->id]) {
                if (!push_needs(m, n))
                    return false;
                continue;
            }
            m->stack.n--;
            if (!m->image[n->id])
                m->image[n->id] = node_anew(m, n);
        }
    }
    for (int i = 0; i < nroots; i++)
        root[i] = m->image[root[i]->id];
    return true;
}

/* Whether there is something to be made anew beside what gets a guard. */
static bool has_changes(const Level *l, const Images *outer)
{
    for (int k = 0; k < l->w.n; k++) {
        Node *n = l->w.node[k];
        if (outside(l, n) ? image_of_stop(outer, n) != n : n->op == OP_FOR || is_marked(l->marks, n, MARK_FAR))
            return true;
    }
    return false;
}

static void level(Graph *g, bool bounds, Marks *marks, int nroots, Node **root, const Walk *stops, const Images *outer)
{
    Level l = {.g = g, .marks = marks, .bounds = bounds, .shared = true, .stops = stops};
    l.w = stops ? walk_between(g, nroots, root, stops) : walk_ancestors(g, nroots, root, 0);
    l.uses = NEW_N(g->arena, Uses, l.w.n + 1);
    l.guard = NEW_N(g->arena, Node *, l.w.n + 1);
    l.how = NEW_N(g->arena, int, l.w.n + 1);
    if (!find_guards(&l, nroots, root) && !has_changes(&l, outer))
        return;
    for (;;) {
        Images m = {.l = &l, .outer = outer};
        if (make_images(&m, nroots, root))
            break;
        for (int k = 0; k < l.w.n; k++) /* without the guards of what is being made */
            if (m.state[l.w.node[k]->id] && !m.image[l.w.node[k]->id])
                l.guard[k] = NULL;
    }
}

void use_guards(Graph *g, int nroots, Node *const *root, const Walk *stops, Unknown unknown, int n, Node *const *x, Node **guard, bool *weak)
{
    Level l = {.g = g, .stops = stops, .nunknown = unknown.n, .unknown = unknown.at, .w = walk_between(g, nroots, root, stops)};
    l.uses = NEW_N(g->arena, Uses, l.w.n + 1);
    l.guard = NEW_N(g->arena, Node *, l.w.n + 1);
    l.how = NEW_N(g->arena, int, l.w.n + 1);
    find_guards(&l, nroots, root);
    for (int i = 0; i < n; i++) {
        int k = walk_find(&l.w, x[i]);
        bool read = k >= 0 && l.uses[k].path.n, more = false;
        guard[i] = read ? guard_of(&l, x[i], &l.uses[k], NULL, &more) : NULL;
        if (weak)
            weak[i] = more;
    }
}

void guard_shared(Function *f, bool bounds, Marks *marks)
{
    Graph *g = f->graph;
    bool parted = marks->of.n || marks->part.n;
    marks->before = marks->before ? marks->before : g->nodes.n;
    marks->origin.n = marks->guarded.n = 0;
    if (!g->regions.n && !bounds && !parted)
        return;
    Node **root;
    int nroots = function_roots(g->arena, f, &root);
    struct RuleSet *rules = g->rules;
    g->rules = NULL; /* they would put what is guarded twice under one guard again */
    level(g, bounds, marks, nroots, root, NULL, NULL);
    g->rules = rules;
    function_set_roots(f, root);
}
