/* loop_diff.c - tangents and adjoints of loops, which are loops themselves.
 *
 * Forward mode carries tangents beside what is carried. Reverse mode runs a loop the other way,
 * which carries the adjoints of what is carried and sums up those of the captures. Its body is
 * the reverse pass over the body of one turn, and reads values of that turn. Those that hang on
 * what is carried are collected, turn by turn, by a widened copy of the loop (a tape); or computed
 * again from what is, where that is cheap. The copy shares placeholders and body with the
 * loop, so that regions_merge (regions.c) makes one loop of the two. */
#include "cond.h"
#include "loop.h"
#include "mask.h"
#include "ops.h"

/* ---- Forward mode ---- */

static bool meets(Graph *g, Bits b, int n, Node *const *t)
{
    (void)g;
    for (int i = 0; i < n; i++)
        if (t[i] && bit_of(b, i))
            return true;
    return false;
}

/* The placeholder of a tangent. A loop and its wider copies, whose tangents one pass takes one after the
 * other, share it as they share the placeholder itself, so that the loop that they become does
 * not carry it twice. */
struct Twin {
    int pass;
    const Node *carried, *init, *first; /* of what, from which value, with which tangent of that */
    Node *tangent;
};

static Node *tangent_of(Graph *g, const Region *r, int k, const Node *init, const Node *first)
{
    Node *of = r->carried[k];
    for (int i = g->twins.n - 1; i >= 0 && g->twins.at[i]->pass == g->pass; i--) {
        const struct Twin *t = g->twins.at[i];
        bool same = t->carried == of && t->init == init && t->first == first;
        for (int j = 0; j < r->ncarried; j++)
            same &= r->carried[j] != t->tangent;
        if (same)
            return t->tangent;
    }
    struct Twin *made = NEW(g->arena, struct Twin);
    *made = (struct Twin){g->pass, of, init, first, placeholder(g, (Dtype)of->dtype, of->shape)};
    vec_push(g->arena, &g->twins, made);
    return made->tangent;
}

void loop_jvp(Graph *g, Node *loop, Node *const *t, Node **out)
{
    const Region *r = region_of(g, loop);
    const Flow *f = loop_flow(g, loop);
    int c = r->ncarried, m = r->ncollected, nx = 0, ny = 0, extra = 0;
    Node **x = NEW_N(g->arena, Node *, loop->nin), **v = NEW_N(g->arena, Node *, loop->nin);
    Node **y = NEW_N(g->arena, Node *, c + m + 1), **dy = NEW_N(g->arena, Node *, c + m + 1);
    int *of = NEW_N(g->arena, int, c + m + 1); /* by part: its place in y, or -1 */
    Node **carried = NEW_N(g->arena, Node *, 2 * c + 1), **next = NEW_N(g->arena, Node *, 2 * c + 1);
    Node **init = NEW_N(g->arena, Node *, 2 * c + 1), **collected = NEW_N(g->arena, Node *, 2 * m + 1);
    for (int k = 0; k < c + m; k++) {
        of[k] = -1;
        if (!meets(g, f->live[k], loop->nin, t))
            continue;
        of[k] = ny;
        y[ny++] = k < c ? r->next[k] : r->collected[k - c];
        if (k < c) {
            x[nx] = r->carried[k];
            init[c + extra] = t[1 + k] ? t[1 + k] : zeros_like(g, r->carried[k]);
            v[nx] = tangent_of(g, r, k, loop_init(loop)[k], init[c + extra]);
            carried[c + extra++] = v[nx++];
        }
    }
    for (int i = 1 + c; i < loop->nin; i++)
        if (t[i]) {
            x[nx] = loop->in[i];
            v[nx++] = t[i];
        }
    diff_push(g, ny, y, nx, x, v, &f->captures, dy);
    for (int k = 0; k < c; k++) {
        carried[k] = r->carried[k];
        next[k] = r->next[k];
        init[k] = loop_init(loop)[k];
    }
    Region wide = *r;
    wide.ncarried = wide.ncollected = 0;
    for (int k = 0; k < m; k++)
        collected[k] = r->collected[k];
    for (int k = 0; k < c + m; k++) {
        Node *d = of[k] < 0 ? NULL : dy[of[k]] ? dy[of[k]] : zeros_like(g, y[of[k]]);
        if (d && k < c)
            next[c + wide.ncarried++] = d;
        else if (d)
            collected[m + wide.ncollected++] = d;
    }
    wide.ncarried += c;
    wide.ncollected += m;
    wide.carried = carried;
    wide.next = next;
    wide.collected = collected;
    Node *made = for_loop(g, &wide, loop_count(loop), init);
    int at = c, at_collected = wide.ncarried + m;
    for (int k = 0; k <= c + m; k++)
        out[k] = k == c + m || of[k] < 0 ? NULL : part(g, made, k < c ? at++ : at_collected++);
}

/* ---- What a turn has to leave for the backward pass ---- */

/* The loops in whose bodies adjoints are being built. */
typedef struct Outer {
    const struct Outer *up;
    const Region *r;
} Outer;

typedef struct Tape {
    Graph *g;
    const Region *r;
    Walk w;         /* the backward body */
    bool *forward;  /* by index: hangs on what the forward loop carries */
    bool *backward; /* and on what the backward loop carries */
    bool *need;
    VEC(Node *) saved;
} Tape;

static int tape_at(const Tape *t, const Node *n)
{
    return walk_find(&t->w, n);
}

static void spread(Tape *t, bool *set, int n, Node *const *from)
{
    for (int k = 0; k < n; k++) {
        int at = tape_at(t, from[k]);
        if (at >= 0)
            set[at] = true;
    }
    for (int k = 0; k < t->w.n; k++)
        for (int i = 0; i < t->w.node[k]->nin && !set[k]; i++) {
            int at = tape_at(t, t->w.node[k]->in[i]);
            set[k] = at >= 0 && set[at]; /* what captures are made of is not in the walk */
        }
}

/* Whether to compute a value again takes no longer than to load it, or about. */
static bool cheap_again(const Node *n)
{
    enum { CHEAP_AGAIN = 6 };
    const OpInfo *info = op_info(n);
    return (info->family == F_POINTWISE && info->cost <= CHEAP_AGAIN) || n->op == OP_PERMUTE ||
           n->op == OP_RESHAPE || n->op == OP_EXPAND;
}

/* Computed again, it wants at most one value more than are wanted anyway, and no larger one. */
static bool recomputes(const Tape *t, const Node *n)
{
    int more = 0;
    bool smaller = n->op == OP_EXPAND; /* what is expanded is smaller than the result */
    if (!cheap_again(n))
        return false;
    for (int i = 0; i < n->nin; i++) {
        int at = tape_at(t, n->in[i]);
        if (!t->forward[at])
            continue;
        bool again = false;
        for (int k = 0; k < i; k++)
            again |= n->in[k] == n->in[i];
        if (!t->need[at] && !again)
            more++;
        if (!smaller && !size_known_ge(t->g->sizes, shape_count(t->g, n->shape), shape_count(t->g, n->in[i]->shape)))
            return false;
    }
    return more <= 1;
}

/* From the last node to the first, so that all that needs a node has been seen. */
static void choose(Tape *t, int nroots, Node *const *root)
{
    for (int k = 0; k < t->w.n; k++)
        for (int i = 0; i < t->w.node[k]->nin && t->backward[k]; i++) {
            int at = tape_at(t, t->w.node[k]->in[i]);
            t->need[at] |= t->forward[at] && !t->backward[at];
        }
    for (int k = 0; k < nroots; k++) {
        int at = tape_at(t, root[k]);
        t->need[at] |= t->forward[at] && !t->backward[at];
    }
    VEC(Node *) saved = {0};
    for (int k = t->w.n - 1; k >= 0; k--) {
        Node *n = t->w.node[k];
        if (!t->need[k])
            continue;
        if (!recomputes(t, n)) {
            vec_push(t->g->arena, &saved, n);
            continue;
        }
        for (int i = 0; i < n->nin; i++) {
            int at = tape_at(t, n->in[i]);
            t->need[at] |= t->forward[at];
        }
    }
    for (int k = saved.n - 1; k >= 0; k--) /* in the order in which a turn computes them */
        vec_push(t->g->arena, &t->saved, saved.at[k]);
}

/* The loop with more collected. */
static Node *widened(Graph *g, Node *loop, int n, Node *const *more)
{
    const Region *r = region_of(g, loop);
    Region wide = *r;
    Node **collected = NEW_N(g->arena, Node *, r->ncollected + n + 1);
    for (int k = 0; k < r->ncollected; k++)
        collected[k] = r->collected[k];
    for (int k = 0; k < n; k++)
        collected[r->ncollected + k] = more[k];
    wide.collected = collected;
    wide.ncollected = r->ncollected + n;
    return n ? for_loop(g, &wide, loop_count(loop), loop_init(loop)) : loop;
}

/* Whether an array from outside is what an outer loop carries, and will have changed by the time of
 * the backward pass. To store it whole in each turn of that loop would be too much. */
static bool changes(Graph *g, Node *array)
{
    for (const Outer *o = g->outer; o; o = o->up) {
        int first = o->r->index->id;
        for (int k = 0; k < o->r->ncarried; k++)
            first = o->r->carried[k]->id < first ? o->r->carried[k]->id : first;
        Walk w = walk_ancestors(g, 1, &array, first);
        for (int k = 0; k < o->r->ncarried; k++)
            if (walk_find(&w, o->r->carried[k]) >= 0)
                return true;
    }
    return false;
}

/* What is read of such an array element by element is collected as if this loop carried it. */
static void spread_elements(Tape *t, const Walk *captures)
{
    for (int k = 0; k < t->w.n; k++) {
        Node *n = t->w.node[k];
        if (n->op != OP_GATHER || walk_find(captures, n) >= 0 || walk_find(captures, n->in[0]) < 0)
            continue;
        if (loop_is_smaller(t->g, n, n->in[0]) && changes(t->g, n->in[0]))
            t->forward[k] = true;
    }
}

static Node *row(Graph *g, Node *x, Node *index)
{
    int axis = 0;
    return gather(g, x, 1, &index, &axis);
}

/* Where neither sizes nor arguments say how long a tape would be: what turn i started from is computed again in the backward
 * turn, by i turns from the beginning. That takes no memory, and time that grows with the square. */
static void run_again(Graph *g, Node *loop, int nroots, Node **root)
{
    const Region *r = region_of(g, loop);
    Region again = *r;
    int c = r->ncarried, n = 0;
    Node **from = NEW_N(g->arena, Node *, c + 1), **to = NEW_N(g->arena, Node *, c + 1);
    Node **carried = NEW_N(g->arena, Node *, c + 1), **body;
    again.ncollected = again.nchecks = 0;
    again.cond = NULL;
    again.index = placeholder(g, T_I64, shape_scalar());
    again.carried = carried;
    from[n] = r->index;
    to[n++] = again.index;
    for (int k = 0; k < c; k++) {
        carried[k] = placeholder(g, (Dtype)r->carried[k]->dtype, r->carried[k]->shape);
        from[n] = r->carried[k];
        to[n++] = carried[k];
    }
    int nbody = region_roots(g, &again, &body);
    substitute(g, nbody, body, n, from, to);
    again = region_with_roots(g, &again, body);
    Node *turns = r->index;
    if (r->reverse) { /* turn i comes behind count - 1 - i others, and counts down from there */
        turns = pw2(g, OP_SUB, loop_count(loop), const_int(g, T_I64, 1));
        turns = pw2(g, OP_SUB, turns, r->index);
        Node *shift = pw2(g, OP_SUB, loop_count(loop), turns), *moved = pw2(g, OP_ADD, again.index, shift);
        substitute(g, nbody, body, 1, &again.index, &moved);
        again = region_with_roots(g, &again, body);
    }
    Node *before = for_loop(g, &again, turns, loop_init(loop));
    for (int k = 0; k < c; k++)
        to[k] = part(g, before, k);
    substitute(g, nroots, root, c, r->carried, to);
}

/* What the tape keeps: zero for what the backward turn will not read where it must not be looked at. */
static Node **guarded(const Tape *t, int nroots, Node *const *root, const Walk *captures, Unknown back)
{
    Graph *g = t->g;
    int n = t->saved.n;
    bool any = false;
    Node **kept = NEW_N(g->arena, Node *, n + 1), **guard = NEW_N(g->arena, Node *, n + 1);
    for (int k = 0; k < n; k++) {
        kept[k] = t->saved.at[k];
        any |= !is_harmless(g, kept[k]);
    }
    if (any)
        use_guards(g, nroots, root, captures, back, n, kept, guard, NULL);
    for (int k = 0; k < n; k++) {
        if (guard[k] && !is_harmless(g, kept[k]))
            kept[k] = pw3(g, OP_SELECT, guard[k], kept[k], const_like(g, kept[k], 0));
    }
    return kept;
}

/* Replaces what the roots read of the forward turn by rows of tapes; the loop that writes these comes
 * back. */
static Node *put_tape(Graph *g, Node *loop, int nroots, Node **root, int nback, Node *const *back)
{
    const Region *r = region_of(g, loop);
    const Flow *f = loop_flow(g, loop);
    Tape t = {.g = g, .r = r, .w = walk_between(g, nroots, root, &f->captures)};
    t.forward = NEW_N(g->arena, bool, t.w.n + 1);
    t.backward = NEW_N(g->arena, bool, t.w.n + 1);
    t.need = NEW_N(g->arena, bool, t.w.n + 1);
    spread_elements(&t, &f->captures);
    spread(&t, t.forward, r->ncarried, r->carried);
    spread(&t, t.backward, nback, back);
    choose(&t, nroots, root);
    if (!t.saved.n)
        return loop;
    if (!r->bound) {
        run_again(g, loop, nroots, root);
        return loop;
    }
    Node *wide = widened(g, loop, t.saved.n, guarded(&t, nroots, root, &f->captures, (Unknown){nback, back})), **rows = NEW_N(g->arena, Node *, t.saved.n);
    for (int k = 0; k < t.saved.n; k++)
        rows[k] = row(g, part(g, wide, region_turns(r) + k), r->index);
    substitute(g, nroots, root, t.saved.n, t.saved.at, rows);
    return wide;
}

/* ---- Reverse mode ---- */

typedef struct Backward {
    Graph *g;
    Node *loop;
    const Region *r;
    const Flow *f;
    Node *const *D, *const *sofar;
    const bool *want;
    int nback, nroots;
    Node **hole, **init;  /* of the backward loop: adjoints of what is carried, then sums for captures */
    Node **target;        /* what each of them is the adjoint of, in the body */
    int *input;           /* the input of the loop that it belongs to */
    Node **root, **u;
} Backward;

/* The carried values whose adjoint may be other than zero, and is asked for. */
static void find_needed(Backward *b, bool *need)
{
    const Region *r = b->r;
    int c = r->ncarried;
    for (int k = 0; k < c + r->ncollected; k++)
        for (int j = 0; j < c && b->D[k]; j++)
            need[j] |= k < c ? j == k : bit_of(b->f->step_live[k], 1 + j);
    for (bool changed = true; changed;) {
        changed = false;
        for (int k = 0; k < c; k++)
            for (int j = 0; j < c && need[k]; j++)
                if (bit_of(b->f->step_live[k], 1 + j) && !need[j])
                    changed = need[j] = true;
    }
    for (int k = 0; k < c; k++) {
        bool useful = false;
        for (int i = 1; i < b->loop->nin; i++)
            useful |= b->want[i] && bit_of(b->f->live[k], i);
        need[k] &= useful && dtype_is_real((Dtype)r->carried[k]->dtype);
    }
}

static void add_back(Backward *b, Node *target, int input, Node *init)
{
    b->hole[b->nback] = placeholder(b->g, (Dtype)target->dtype, target->shape);
    b->target[b->nback] = target;
    b->input[b->nback] = input;
    b->init[b->nback++] = init;
}

static void set_up(Backward *b)
{
    Graph *g = b->g;
    const Region *r = b->r;
    int c = r->ncarried, most = 2 * b->loop->nin + r->ncollected + 1;
    bool *need = NEW_N(g->arena, bool, c + 1);
    b->hole = NEW_N(g->arena, Node *, most);
    b->init = NEW_N(g->arena, Node *, most);
    b->target = NEW_N(g->arena, Node *, most);
    b->input = NEW_N(g->arena, int, most);
    b->root = NEW_N(g->arena, Node *, most);
    b->u = NEW_N(g->arena, Node *, most);
    find_needed(b, need);
    for (int k = 0; k < c; k++)
        if (need[k]) {
            add_back(b, r->carried[k], 1 + k, b->D[k] ? b->D[k] : zeros_like(g, r->carried[k]));
            b->root[b->nroots] = r->next[k];
            b->u[b->nroots++] = b->hole[b->nback - 1];
        }
    for (int k = c; k < c + r->ncollected; k++)
        if (b->D[k]) {
            b->root[b->nroots] = r->collected[k - c];
            b->u[b->nroots++] = row(g, b->D[k], r->index);
        }
    for (int i = 1 + c; i < b->loop->nin; i++) {
        bool read = false;
        for (int k = 0; k < c + r->ncollected; k++)
            read |= (k < c ? need[k] : b->D[k] != NULL) && bit_of(b->f->step_live[k], i);
        if (b->want[i] && read)
            add_back(b, b->loop->in[i], i, b->sofar[i] ? b->sofar[i] : zeros_like(g, b->loop->in[i]));
    }
}

/* The rank-0 condition under which alone all adjoints are other than zero: a branch that the loop
 * is part of, and that the backward loop has to stay in. */
static Masked common_branch(Backward *b)
{
    Masked common = {0};
    for (int k = 0; k < region_turns(b->r); k++) {
        if (!b->D[k])
            continue;
        Masked m = mask_split(b->D[k]);
        if (!m.c || m.c->shape.rank || (common.c && (common.c != m.c || common.neg != m.neg)))
            return (Masked){0};
        common = m;
    }
    return common;
}

/* The backward loop, and its results: sums of outer products are taken behind it. */
static Node **run_back(Backward *b, Node **next, Node *count)
{
    Graph *g = b->g;
    Region back = {.index = b->r->index, .reverse = !b->r->reverse, .bound = b->r->bound};
    Node **hole = NEW_N(g->arena, Node *, b->nback), **init = NEW_N(g->arena, Node *, b->nback);
    Node **kept = NEW_N(g->arena, Node *, b->nback), **result = NEW_N(g->arena, Node *, b->nback);
    back.ncarried = b->nback;
    back.carried = b->hole;
    Lift lift = lift_begin(g, &back, b->nback, next);
    lift.r = &back;
    bool exact = loop_is_filled(g, b->r, count);
    int n = 0;
    for (int k = 0; k < b->nback; k++) {
        bool sum = exact && b->input[k] > b->r->ncarried;
        result[k] = sum ? lift_sum(&lift, b->hole[k], next[k]) : NULL;
        if (result[k] && b->sofar[b->input[k]])
            result[k] = pw2(g, OP_ADD, b->init[k], result[k]);
        if (result[k])
            continue;
        hole[n] = b->hole[k];
        init[n] = b->init[k];
        kept[n++] = next[k];
    }
    back.ncarried = n;
    back.carried = hole;
    back.next = kept;
    back.ncollected = lift.collected.n;
    back.collected = lift.collected.at;
    Node *made = for_loop(g, &back, count, init);
    for (int k = 0; k < lift.collected.n; k++)
        lift.collected.at[k] = part(g, made, n + k);
    n = 0;
    for (int k = 0; k < b->nback; k++)
        if (!result[k])
            result[k] = part(g, made, n++);
        else
            substitute(g, 1, &result[k], lift.collected.n, lift.stand_in.at, lift.collected.at);
    return result;
}

/* Whether there is a condition under which alone n is other than `hole`, in *live; *live is NULL where
 * n always is the hole. */
static bool find_live(Graph *g, Node *n, const Node *hole, int depth, Node **live)
{
    enum { DEEP = 16 };
    double v;
    Node *one = NULL, *other = NULL;
    *live = NULL;
    if (n == hole || (node_uniform(n, &v) && v == 0))
        return true;
    if (depth > DEEP)
        return false;
    bool put = is_put(n);
    if (n->op == OP_ADD || (n->op == OP_SELECT && !n->in[0]->shape.rank)) {
        int first = n->op == OP_SELECT;
        bool some = find_live(g, n->in[first], hole, depth + 1, &one), rest = find_live(g, n->in[first + 1], hole, depth + 1, &other);
        if (!first && !(some && rest))
            return false;
        if (first && !some && !rest)
            return false;
        if (first && (!some || one))
            one = some ? both_hold(g, n->in[0], one) : n->in[0];
        if (first && (!rest || other))
            other = rest ? both_hold(g, pw1(g, OP_NOT, n->in[0]), other) : pw1(g, OP_NOT, n->in[0]);
    } else if (put && put_guard(n)) {
        if (!find_live(g, n->in[0], hole, depth + 1, &one))
            return false;
        other = put_guard(n);
    } else {
        return (*live = mask_live(g, n)) != NULL;
    }
    *live = one && other ? pw2(g, OP_OR, one, other) : one ? one : other;
    return true;
}

/* A value that the loop only reads on one side of a branch, and that must not be looked at where no
 * turn has taken that side: whether one did is carried beside its adjoint. flag[k]: which of
 * what is carried that is; or 0. */
static void add_flags(Backward *b, Node **next, int *flag)
{
    Graph *g = b->g;
    for (int k = 0, n = b->nback; k < n; k++) {
        Node *live, *x = b->loop->in[b->input[k]];
        bool whole = x->shape.rank && x->op != OP_GATHER; /* would be chosen from two arrays in each turn of a loop around */
        if (b->input[k] <= b->r->ncarried || (whole && b->sofar[b->input[k]]) || is_harmless(g, x) || !find_live(g, next[k], b->hole[k], 0, &live) || !live)
            continue;
        flag[k] = b->nback;
        b->hole[b->nback] = placeholder(g, T_BOOL, shape_scalar());
        b->hole[b->nback]->name = "taken";
        b->init[b->nback] = const_int(g, T_BOOL, 0);
        b->input[b->nback] = 0;
        next[b->nback] = pw2(g, OP_OR, b->hole[b->nback], live);
        b->nback++;
    }
}

/* Whether an index of an element that x is made of may be out of range. */
static bool reads_far(const Graph *g, const Node *x, int depth)
{
    enum { DEEP = 8 };
    Family family = op_info(x)->family;
    for (int k = 1; k < x->nin && x->op == OP_GATHER; k++)
        if (!index_in_range(g, x->in[k], x->in[0]->shape.dim[x->attr[k - 1]]))
            return true;
    bool any = false;
    for (int k = 0; k < x->nin && depth < DEEP && (family == F_POINTWISE || family == F_MOVE || family == F_INDEX); k++)
        any |= reads_far(g, x->in[k], depth + 1);
    return any;
}

/* What the loop reads before its first turn, and must not look at where it has none: the condition for its
 * adjoint; or NULL. */
static Node *turns_asked(Backward *b, int k, Node *count)
{
    Graph *g = b->g;
    Node *x = b->loop->in[b->input[k]];
    bool whole = x->shape.rank && x->op != OP_GATHER; /* as in add_flags */
    if (b->input[k] <= b->r->ncarried || (whole && b->sofar[b->input[k]]) || is_harmless(g, x) || loop_has_turn(g, b->loop) || !reads_far(g, x, 0))
        return NULL;
    Node *some = pw2(g, OP_GT, count, const_int(g, (Dtype)count->dtype, 0));
    return node_is_const(some) ? NULL : some;
}

void loop_vjp(Graph *g, Node *loop, Node *const *D, const bool *want, Node *const *sofar, Node **out)
{
    const Region *r = region_of(g, loop);
    int turns = region_turns(r);
    Backward b = {.g = g, .loop = loop, .r = r, .f = loop_flow(g, loop), .want = want, .D = D,
                  .sofar = sofar};
    Masked branch = common_branch(&b);
    Node **free = NEW_N(g->arena, Node *, turns + 1), **known = NEW_N(g->arena, Node *, loop->nin);
    Node *taken = branch.neg ? pw1(g, OP_NOT, branch.c) : branch.c;
    for (int k = 0; k < turns && taken; k++)
        free[k] = D[k] ? expand(g, mask_split(D[k]).x, D[k]->shape) : NULL;
    for (int i = 0; i < loop->nin && taken; i++) /* what other sides have added is nothing here */
        known[i] = sofar[i] ? mask_known(g, taken, sofar[i]) : NULL;
    b.D = taken ? free : D;
    b.sofar = taken ? known : sofar;
    set_up(&b);
    for (int i = 0; i < loop->nin; i++)
        out[i] = NULL;
    if (!b.nback)
        return;
    Node **seed = NEW_N(g->arena, Node *, b.nback), **next = NEW_N(g->arena, Node *, 2 * b.nback);
    int *flag = NEW_N(g->arena, int, b.nback), nown = b.nback;
    for (int k = 0; k < b.nback; k++) /* sums go on from what was there before this turn */
        seed[k] = b.input[k] > r->ncarried ? b.hole[k] : NULL;
    Outer own = {.up = g->outer, .r = r};
    g->in_loop++;
    g->outer = &own;
    diff_pull(g, b.nroots, b.root, b.u, b.nback, b.target, seed, &b.f->captures, next);
    g->outer = own.up;
    g->in_loop--;
    for (int k = 0; k < b.nback; k++)
        next[k] = next[k] ? next[k] : zeros_like(g, b.hole[k]);
    add_flags(&b, next, flag);
    Node *wide = put_tape(g, loop, b.nback, next, b.nback, b.hole);
    Node *count = r->cond ? part(g, wide, region_turns(region_of(g, wide))) : loop_count(loop);
    Node **result = run_back(&b, next, count);
    for (int k = 0; k < nown; k++) {
        Node *d = result[k], *old = b.input[k] > r->ncarried ? sofar[b.input[k]] : NULL;
        Node *read = flag[k] ? result[flag[k]] : turns_asked(&b, k, count);
        if (read && d)
            d = old ? pw3(g, OP_SELECT, read, d, b.sofar[b.input[k]]) : mask_gate(g, read, false, d);
        if (taken && d)
            d = old ? pw3(g, OP_SELECT, branch.c, branch.neg ? old : d, branch.neg ? d : old) : mask_within(g, taken, d);
        out[b.input[k]] = d ? expand(g, d, loop->in[b.input[k]]->shape) : NULL;
    }
}
