/* diff.c - reverse and forward mode: Algorithms 6.5 and 6.6 of Goodfellow, Bengio and Courville,
 * Deep Learning (2016), and what is made of them; see diff.h.
 *
 * G' is the ancestors of y that descend from a target. Ascending id is a topological order, so that
 * one loop downwards over G' finds every adjoint complete when it comes to a node (Algorithm 6.6
 * with its table, and no recursion), and one loop upwards every tangent.
 *
 * Existence is a matter apart from values: a path from x to y along which every operation has a
 * derivative makes the derivative exist, even where it is zero everywhere (floor, stop). In what
 * derivatives themselves appended (stage > 0), comparisons and counts are zero-derivative too:
 * relu'(x) = x > 0 ? 1 : 0 is a constant on either side, and its derivative is 0, not an error. */
#include "diff.h"
#include "batch.h"
#include "loop.h"
#include "mask.h"
#include "ops.h"
#include "rules.h"
#include "walk.h"

typedef struct Slot {
    Adjoint adjoint; /* reverse mode: the contributions so far */
    Node *D;         /* their sum; forward mode: the tangent. NULL for zero */
    Node **part; /* of a loop: what its results have, D by number */
    bool target;
    bool leaf;  /* nothing is followed behind it: what a loop's body finds there already */
    bool dep;   /* depends on a target in any way */
    bool live;  /* in G': by a path of operations that have derivatives */
    bool reach; /* such a path leads on to y */
    bool keep;  /* an operation that may have a singular partial lies between a target and
                   it: masks of its adjoint must not get lost */
} Slot;

typedef struct Diff {
    Graph *g;
    Walk w;
    Slot *slot; /* by index in w */
    Span here;  /* of the graph, to be put back */
    int stage;
} Diff;

static Slot *slot_of(const Diff *d, const Node *n)
{
    int at = walk_find(&d->w, n);
    return at < 0 ? NULL : &d->slot[at];
}

/* Whether operation n has a derivative with respect to operand i. */
static bool edge_exists(Graph *g, const Node *n, int i)
{
    const OpInfo *info = op_info(n);
    if (n->op == OP_PART)
        return dtype_is_real((Dtype)n->dtype);
    if (((n->op == OP_CHECKPOINT || n->op == OP_AGAIN) && i) || (n->op == OP_OWN && !own_edge(n, i)))
        return false;
    if (n->op == OP_FOR) {
        const Flow *f = loop_flow(g, n);
        for (int k = 0; k < region_turns(region_of(g, n)); k++)
            if (bit_of(f->live[k], i))
                return true;
        return false;
    }
    if (!dtype_is_real((Dtype)n->dtype) || !dtype_is_real((Dtype)n->in[i]->dtype) ||
        info->flags & NODIFF)
        return false;
    return info->family != F_POINTWISE || info->flags & STOPS || n->op == OP_CAST || info->d[i];
}

/* An integer or a condition inside an appended derivative: constant almost everywhere. */
static bool edge_constant(const Node *n, int i)
{
    return n->stage > 0 && !dtype_is_real((Dtype)n->in[i]->dtype);
}

bool diff_edge(Graph *g, const Node *n, int i, bool *constant)
{
    *constant = edge_constant(n, i) && dtype_is_real((Dtype)n->dtype);
    return edge_exists(g, n, i);
}

/* Whether the adjoint of n is multiplied, on its way to the operands, by what may be inf or nan. */
static bool multiplies(const Node *n)
{
    switch ((Op)n->op) {
    case OP_NEG:
    case OP_ADD:
    case OP_SUB:
    case OP_MAX:
    case OP_MIN:
    case OP_RELU:
    case OP_SELECT:
    case OP_CAST:
    case OP_STOP:
    case OP_CHECKPOINT:
    case OP_AGAIN:
    case OP_SUM:
    case OP_MAXR:
    case OP_MINR:
    case OP_CUMSUM:
        return false;
    default:
        return op_info(n)->family != F_MOVE && op_info(n)->family != F_INDEX;
    }
}

/* What a result of a loop depends on is known by input of the loop. */
static void analyse_part(const Diff *d, int k)
{
    const Node *n = d->w.node[k], *loop = n->in[0];
    const Flow *f = loop_flow(d->g, loop);
    Slot *s = &d->slot[k];
    for (int i = 0; i < loop->nin; i++) {
        const Slot *in = slot_of(d, loop->in[i]);
        s->dep |= in && in->dep && bit_of(f->dep[n->attr[0]], i);
        s->live |= in && in->live && bit_of(f->live[n->attr[0]], i) && dtype_is_real((Dtype)n->dtype);
    }
    s->keep = s->live;
}

static void analyse_node(const Diff *d, int k)
{
    Node *n = d->w.node[k];
    Slot *s = &d->slot[k];
    s->live = s->dep = s->target;
    if (s->leaf)
        return;
    if (n->op == OP_PART) {
        analyse_part(d, k);
        return;
    }
    for (int i = 0; i < n->nin; i++) {
        const Slot *in = slot_of(d, n->in[i]);
        if (!in || !in->dep)
            continue;
        s->dep = true;
        if (edge_exists(d->g, n, i) && in->live) {
            s->live = true;
            s->keep |= in->keep || multiplies(n);
        } else if (edge_constant(n, i) && dtype_is_real((Dtype)n->dtype)) {
            s->live = true;
        }
    }
}

/* To the inputs that result k of a loop depends on. */
static void spread_part(const Diff *d, const Node *n)
{
    Node *loop = n->in[0];
    const Flow *f = loop_flow(d->g, loop);
    slot_of(d, loop)->reach = true;
    for (int i = 0; i < loop->nin; i++) {
        Slot *in = slot_of(d, loop->in[i]);
        if (in && in->dep && (bit_of(f->live[n->attr[0]], i) ? in->live : !dtype_is_real((Dtype)n->dtype)))
            in->reach = true;
    }
}

static void spread_reach(const Diff *d, int k)
{
    Node *n = d->w.node[k];
    if (!d->slot[k].reach || d->slot[k].leaf || n->op == OP_FOR)
        return;
    if (n->op == OP_PART && slot_of(d, n->in[0])) {
        spread_part(d, n);
        return;
    }
    for (int i = 0; i < n->nin; i++) {
        Slot *in = slot_of(d, n->in[i]);
        if (in && in->dep &&
            ((edge_exists(d->g, n, i) && in->live) || edge_constant(n, i) ||
             !dtype_is_real((Dtype)n->dtype)))
            in->reach = true;
    }
}

/* Finds G' for the nodes of d->w, and raises the stage of what is built from here on. */
static void find_between(Diff *d, int nroots, Node *const *root, int n, Node *const *x, const Walk *leaves)
{
    Graph *g = d->g;
    int stage = 0;
    d->here = g->here;
    d->stage = g->stage;
    d->slot = NEW_N(g->arena, Slot, d->w.n + 1);
    for (int k = 0; k < n; k++) {
        Slot *s = slot_of(d, x[k]);
        if (s)
            s->target = true;
    }
    for (int k = 0; k < d->w.n; k++) {
        d->slot[k].leaf = leaves && walk_find(leaves, d->w.node[k]) >= 0;
        analyse_node(d, k);
        if (d->w.node[k]->stage > stage)
            stage = d->w.node[k]->stage;
    }
    for (int k = 0; k < nroots; k++) {
        Slot *s = slot_of(d, root[k]);
        if (s && s->live)
            s->reach = true;
    }
    for (int k = d->w.n - 1; k >= 0; k--)
        spread_reach(d, k);
    g->stage = stage + 1;
}

/* Of all that the roots are made of. */
static Diff diff_begin(Graph *g, int nroots, Node *const *root, int n, Node *const *x)
{
    int first = g->nodes.n;
    for (int k = 0; k < n; k++)
        if (x[k]->id < first)
            first = x[k]->id;
    Diff d = {.g = g, .w = walk_ancestors(g, nroots, root, first)};
    find_between(&d, nroots, root, n, x, NULL);
    return d;
}

static void diff_end(const Diff *d)
{
    d->g->here = d->here;
    d->g->stage = d->stage;
}

/* ---- Why not ---- */

/* The shortest path from x up to y, both in w, by the distances of what depends on x. */
static void find_path(const Diff *d, Node *x, Node *y, DiffResult *r)
{
    Graph *g = d->g;
    int *far = NEW_N(g->arena, int, d->w.n + 1); /* nodes from x, itself counted; 0: no path */
    for (int k = walk_find(&d->w, x); k < d->w.n; k++) {
        Node *n = d->w.node[k];
        far[k] = n == x;
        for (int i = 0; i < n->nin && n != x; i++) {
            int at = walk_find(&d->w, n->in[i]);
            if (at >= 0 && far[at] && (!far[k] || far[at] + 1 < far[k]))
                far[k] = far[at] + 1;
        }
    }
    r->npath = far[walk_find(&d->w, y)];
    r->path = NEW_N(g->arena, Node *, r->npath + 1);
    Node *n = y;
    for (int k = r->npath - 1; k >= 0; k--) {
        r->path[k] = n;
        Node *down = NULL;
        for (int i = 0; i < n->nin && !down; i++) {
            int at = walk_find(&d->w, n->in[i]);
            if (at >= 0 && far[at] == k && k > 0)
                down = n->in[i];
        }
        n = down ? down : n;
    }
    for (int k = 1; k < r->npath && !r->at; k++)
        for (int i = 0; i < r->path[k]->nin; i++)
            if (r->path[k]->in[i] == r->path[k - 1] && !edge_exists(g, r->path[k], i))
                r->at = r->path[k];
}

/* Checks that the derivative of y exists for every x; one that y does not depend on is fine where
 * zeros_ok. */
static DiffResult check(const Diff *d, Node *y, int n, Node *const *x, bool zeros_ok)
{
    DiffResult r = {0};
    for (int k = 0; k < n && r.fault == DIFF_OK; k++) {
        const Slot *s = slot_of(d, x[k]);
        r.which = k;
        if (!s) {
            r.fault = zeros_ok ? DIFF_OK : DIFF_DISCONNECTED;
        } else if (!s->reach) {
            r.fault = DIFF_UNDEFINED;
            find_path(d, x[k], y, &r);
        }
    }
    return r;
}

/* ---- Spoiling ---- */

/* `right`, wrong as graph->spoil asks for it; `zero` is what stands for a right NULL. */
static Node *spoiled(Graph *g, const Node *n, bool forward, Node *right, Node *zero, Shape shape)
{
    const Spoil *s = g->spoil;
    if (!s || (Op)n->op != s->op || !(forward ? s->forward : s->reverse))
        return right;
    if (right)
        return pw2(g, OP_MUL, right, const_like(g, right, s->factor));
    return zero && shape_equal(zero->shape, shape) ? zero : NULL;
}

/* ---- Reverse mode ---- */

/* The contribution of n, which indexes or loops, only where the branch of the model that it stands in
 * was taken: elsewhere its indices may be out of range. */
static Node *in_branch(Graph *g, Node *live, Node *c)
{
    return live && c ? mask_within(g, live, c) : c;
}

/* What node n, with adjoint D, contributes to the adjoint of its operand i; NULL for zero. keep:
 * see Slot. */
static Node *contribution(Graph *g, Node *n, int i, Node *D, bool keep)
{
    const OpInfo *info = op_info(n);
    Node *in = n->in[i];
    if (info->flags & STOPS)
        return NULL;
    if (info->family == F_INDEX) {
        Node *live = mask_live(g, D);
        bool change = is_put(n); /* of the same array on its side */
        return in_branch(g, live, keep || change ? mask_vjp(g, n, i, D, keep) : info->vjp(g, n, i, D));
    }
    if (info->family != F_POINTWISE)
        return keep || multiplies(n) ? mask_vjp(g, n, i, D, keep) : info->vjp(g, n, i, D);
    if (n->op == OP_CAST) {
        Masked m = mask_split(D);
        m.x = cast(g, m.x, (Dtype)in->dtype);
        return mask_join(g, m, in->shape);
    }
    if (n->op == OP_SELECT) {
        D = mask_side(g, n->in[0], i == 2, D);
    } else {
        Node *partial = rules_partial(g, n, i);
        D = partial ? mask_scale(g, D, partial) : NULL;
    }
    return D ? mask_sum_to(g, D, in->shape, keep) : NULL;
}

/* Where any of the adjoints of a loop's results is not zero; NULL: not known. */
static Node *live_parts(Graph *g, const Region *r, Node *const *part)
{
    Node *live = NULL;
    for (int k = 0; k < region_turns(r); k++) {
        Node *one = part[k] ? mask_live(g, part[k]) : NULL;
        if (part[k] && !one)
            return NULL;
        if (one)
            live = live ? pw2(g, OP_OR, live, one) : one;
    }
    return live;
}

/* An input of a loop in one place alone. */
static bool is_once(const Node *n, int i)
{
    for (int k = 0; k < n->nin; k++)
        if (k != i && n->in[k] == n->in[i])
            return false;
    return true;
}

/* What the inputs get from a node that has rules for all of them at once: a loop (its results' adjoints
 * are in part), a checkpoint (D). */
static void reverse_whole(Diff *d, Node *n, Node *const *part, Node *D)
{
    Graph *g = d->g;
    bool *want = NEW_N(g->arena, bool, n->nin);
    Node **out = NEW_N(g->arena, Node *, n->nin), **sofar = NEW_N(g->arena, Node *, n->nin);
    for (int i = 0; i < n->nin; i++) {
        const Slot *in = slot_of(d, n->in[i]);
        want[i] = in && in->live && (!part || edge_exists(g, n, i));
        if (want[i] && part && i > region_of(g, n)->ncarried && is_once(n, i))
            sofar[i] = adjoint_sofar(g, &in->adjoint, n->in[i]->shape);
    }
    if (part)
        loop_vjp(g, n, part, want, sofar, out);
    else
        checkpoint_reverse(g, n, D, want, out);
    Node *live = part ? live_parts(g, region_of(g, n), part) : NULL;
    for (int i = 0; i < n->nin; i++) {
        Slot *in = want[i] && out[i] ? slot_of(d, n->in[i]) : NULL;
        if (in && sofar[i]) {
            in->adjoint = (Adjoint){0};
            adjoint_add(g, &in->adjoint, live ? pw3(g, OP_SELECT, live, out[i], sofar[i]) : out[i], in->keep);
        } else if (in) {
            adjoint_add(g, &in->adjoint, in_branch(g, live, out[i]), in->keep);
        }
    }
}

/* D of result n of a loop, kept with the loop. */
static void note_part(Diff *d, const Node *n, Node *D)
{
    Slot *s = slot_of(d, n->in[0]);
    if (!s)
        return;
    if (!s->part)
        s->part = NEW_N(d->g->arena, Node *, region_turns(region_of(d->g, n->in[0])) + 1);
    s->part[n->attr[0]] = D;
}

static void reverse(Diff *d)
{
    Graph *g = d->g;
    for (int k = d->w.n - 1; k >= 0; k--) {
        Node *n = d->w.node[k];
        Slot *s = &d->slot[k];
        g->here = n->span;
        if (n->op == OP_FOR && s->part)
            reverse_whole(d, n, s->part, NULL);
        if (!s->live)
            continue;
        s->D = adjoint_total(g, &s->adjoint, n->shape, s->keep);
        if (n->op == OP_PART && s->D && !s->leaf)
            note_part(d, n, s->D);
        if (n->op == OP_CHECKPOINT && s->D && !s->leaf)
            reverse_whole(d, n, NULL, s->D);
        bool plain = n->op != OP_PART && n->op != OP_FOR && n->op != OP_CHECKPOINT && !s->leaf;
        for (int i = 0; i < n->nin && s->D && plain; i++) {
            Slot *in = slot_of(d, n->in[i]);
            if (!in || !in->live || !edge_exists(g, n, i))
                continue;
            Node *c = contribution(g, n, i, s->D, in->keep);
            if (g->spoil)
                c = spoiled(g, n, false, c, s->D, n->in[i]->shape);
            adjoint_add(g, &in->adjoint, c, in->keep);
        }
    }
}

void diff_pull(Graph *g, int nroots, Node *const *root, Node *const *u, int n, Node *const *x,
               Node *const *seed, const Walk *stops, Node **out)
{
    Diff d = {.g = g, .w = walk_between(g, nroots, root, stops)};
    find_between(&d, nroots, root, n, x, stops);
    for (int k = 0; k < n; k++) {
        Slot *s = slot_of(&d, x[k]);
        if (s && seed[k])
            adjoint_add(g, &s->adjoint, seed[k], s->keep);
        out[k] = seed[k];
    }
    for (int k = 0; k < nroots; k++) {
        Slot *s = slot_of(&d, root[k]);
        if (s && s->live)
            adjoint_add(g, &s->adjoint, u[k], s->keep);
    }
    reverse(&d);
    for (int k = 0; k < n; k++) {
        const Slot *s = slot_of(&d, x[k]);
        if (s)
            out[k] = s->D;
    }
    diff_end(&d);
}

DiffResult diff_vjp(Graph *g, Node *y, Node *u, int n, Node *const *x, bool zeros_ok, Node **out)
{
    Diff d = diff_begin(g, 1, &y, n, x);
    DiffResult r = check(&d, y, n, x, zeros_ok);
    if (r.fault == DIFF_OK) {
        Slot *root = slot_of(&d, y);
        if (root)
            adjoint_add(g, &root->adjoint, u ? u : const_like(g, y, 1), false);
        reverse(&d);
        for (int k = 0; k < n; k++) {
            const Slot *s = slot_of(&d, x[k]);
            out[k] = s && s->D ? s->D : zeros_like(g, x[k]);
        }
    }
    diff_end(&d);
    return r;
}

/* ---- Forward mode ---- */

/* The tangent of pointwise n, from those of its operands. */
static Node *pointwise_tangent(Graph *g, Node *n, Node *const *t)
{
    Adjoint sum = {0};
    if (op_info(n)->flags & STOPS)
        return NULL;
    if (n->op == OP_CAST)
        return cast(g, t[0], (Dtype)n->dtype);
    if (n->op == OP_SELECT) {
        Node *zero = const_like(g, n, 0);
        return expand(g, pw3(g, OP_SELECT, n->in[0], t[1] ? t[1] : zero, t[2] ? t[2] : zero),
                      n->shape);
    }
    for (int i = 0; i < n->nin; i++) {
        Node *partial = t[i] ? rules_partial(g, n, i) : NULL;
        if (partial)
            adjoint_add(g, &sum, mask_scale(g, expand(g, t[i], n->shape), partial), false);
    }
    return adjoint_total(g, &sum, n->shape, false);
}

/* A linear operation of one operand, applied to the tangent. */
static Node *linear_tangent(Graph *g, Node *n, Node *const *t)
{
    Node like = *n; /* a copy made by rebuild would have its name and stage */
    like.name = NULL;
    like.stage = (uint8_t)(g->stage > 255 ? 255 : g->stage);
    return rebuild(g, &like, t);
}

/* Movement of select(c, x, 0) is a select of what is moved, so that the masks of seeds (see Seed)
 * reach what a tangent is multiplied by. */
static Node *moved_tangent(Graph *g, Node *n, Node *const *t)
{
    const OpInfo *info = op_info(n);
    JvpHook *move = info->jvp ? info->jvp : linear_tangent;
    Masked m = n->op == OP_CONCAT || !t[0] ? (Masked){0} : mask_split(t[0]);
    if (!m.c)
        return move(g, n, t);
    Shape own = n->in[0]->shape;
    Node *x = expand(g, m.x, own), *moved = move(g, n, &x);
    if (!m.c->shape.rank) /* a branch stays one */
        return mask_join(g, (Masked){.x = moved, .c = m.c, .neg = m.neg}, n->shape);
    Node *c = expand(g, m.neg ? pw1(g, OP_NOT, m.c) : m.c, own);
    return mask_join(g, (Masked){.x = moved, .c = move(g, n, &c)}, n->shape);
}

static Node *tangent(Graph *g, Node *n, Node *const *t)
{
    const OpInfo *info = op_info(n);
    bool any = false;
    for (int i = 0; i < n->nin; i++)
        any |= t[i] != NULL;
    if (!any)
        return NULL;
    Node *r;
    if (info->family == F_POINTWISE)
        r = pointwise_tangent(g, n, t);
    else if (info->family == F_MOVE || n->op == OP_GATHER)
        r = moved_tangent(g, n, t);
    else
        r = info->jvp ? info->jvp(g, n, t) : linear_tangent(g, n, t);
    double v;
    return r && node_uniform(r, &v) && v == 0 ? NULL : r;
}

static Node *part_tangent(const Diff *d, const Node *n)
{
    const Slot *s = slot_of(d, n->in[0]);
    return s && s->part ? s->part[n->attr[0]] : NULL;
}

static void forward(Diff *d, int n, Node *const *x, Node *const *v)
{
    enum { SMALL = 8 };
    Graph *g = d->g;
    Node *small[SMALL], **t = small;
    int room = SMALL;
    for (int k = 0; k < n; k++) {
        Slot *s = slot_of(d, x[k]);
        if (s) /* a target twice has the sum of its tangents */
            s->D = s->D ? pw2(g, OP_ADD, s->D, v[k]) : v[k];
    }
    for (int k = 0; k < d->w.n; k++) {
        Node *node = d->w.node[k];
        Slot *s = &d->slot[k];
        if (!s->live || !s->reach)
            continue;
        if (node->nin > room) {
            room = node->nin;
            t = NEW_N(g->arena, Node *, room);
        }
        if (s->leaf)
            continue;
        for (int i = 0; i < node->nin; i++) {
            Slot *in = edge_exists(g, node, i) ? slot_of(d, node->in[i]) : NULL;
            t[i] = in && in->live ? in->D : NULL;
        }
        g->here = node->span;
        if (node->op == OP_FOR) {
            s->part = NEW_N(g->arena, Node *, region_turns(region_of(g, node)) + 1);
            loop_jvp(g, node, t, s->part);
            continue;
        }
        Node *own = node->op == OP_PART ? part_tangent(d, node) : tangent(g, node, t); /* of a target, by what other targets give it */
        if (g->spoil)
            own = spoiled(g, node, true, own, node->nin ? t[0] : NULL, node->shape);
        s->D = own && s->D ? pw2(g, OP_ADD, s->D, own) : own ? own : s->D;
    }
}

/* The tangents of several results at once. Faults are of the first; FAULTS_NONE: zeros for what has
 * no derivative, as in derivatives of a gradient that exists. */
typedef enum Faults { FAULTS_ALL, FAULTS_BUT_DISCONNECTED, FAULTS_NONE } Faults;

static DiffResult tangents(Graph *g, int ny, Node *const *y, int n, Node *const *x, Node *const *v,
                           Faults faults, Node **out)
{
    Diff d = diff_begin(g, ny, y, n, x);
    DiffResult r = {0};
    g->pass++;
    if (faults != FAULTS_NONE)
        r = check(&d, y[0], n, x, faults == FAULTS_BUT_DISCONNECTED);
    if (r.fault == DIFF_OK)
        forward(&d, n, x, v);
    for (int k = 0; k < ny && r.fault == DIFF_OK; k++) {
        const Slot *s = slot_of(&d, y[k]);
        out[k] = s && s->D ? s->D : zeros_like(g, y[k]);
    }
    diff_end(&d);
    return r;
}

void diff_push(Graph *g, int nroots, Node *const *root, int n, Node *const *x, Node *const *v,
               const Walk *stops, Node **out)
{
    Diff d = {.g = g, .w = walk_between(g, nroots, root, stops)};
    find_between(&d, nroots, root, n, x, stops);
    forward(&d, n, x, v);
    for (int k = 0; k < nroots; k++) {
        const Slot *s = slot_of(&d, root[k]);
        out[k] = s ? s->D : NULL;
    }
    diff_end(&d);
}

DiffResult diff_jvp(Graph *g, Node *y, int n, Node *const *x, Node *const *v, bool zeros_ok,
                    Node **out)
{
    return tangents(g, 1, &y, n, x, v, zeros_ok ? FAULTS_BUT_DISCONNECTED : FAULTS_ALL, out);
}

void diff_tangents(Graph *g, int ny, Node *const *y, int n, Node *const *x, Node *const *v, Node **out)
{
    tangents(g, ny, y, n, x, v, FAULTS_NONE, out);
}

/* ---- Jacobians and Hessians: products mapped over the rows of an identity ---- */

/* A product is built once, for a seed that is select(m, 1, 0) with a placeholder m, and then mapped
 * over all one-hot m. The seed is masked, so a row of the identity multiplies nothing that it does
 * not select: d sqrt(x)/dx has exact zeros off the diagonal where x is 0. */
typedef struct Seed {
    Node *hole, *node;
    Shape shape;
} Seed;

static Seed seed_for(Graph *g, const Node *x)
{
    Seed s = {.hole = placeholder(g, T_BOOL, x->shape), .shape = x->shape};
    s.node = pw3(g, OP_SELECT, s.hole, const_like(g, x, 1), const_like(g, x, 0));
    return s;
}

/* Maps the roots over the one-hot masks: a first axis of the seed's number of elements. */
static void over_seeds(Graph *g, Seed s, int nroots, Node **roots)
{
    const Size *count = shape_count(g, s.shape), *dim[MAX_RANK + 1] = {count};
    int stage = g->stage;
    for (int k = 0; k < nroots; k++)
        if (roots[k]->stage > g->stage)
            g->stage = roots[k]->stage;
    for (int k = 0; k < s.shape.rank; k++)
        dim[k + 1] = size_int(g, 1);
    Node *row = reshape(g, iota(g, count), shape_of(g, s.shape.rank + 1, dim));
    Node *place = reshape(g, iota(g, count), s.shape);
    Node *value = expand(g, pw2(g, OP_EQ, row, place), shape_insert(g, s.shape, 0, count));
    batch(g, nroots, roots, 1, &s.hole, &value, count);
    g->stage = stage;
}

/* [count of x, y...] to [y..., x...] */
static Node *columns_last(Graph *g, Node *rows, Shape y, Shape x)
{
    return reshape(g, move_axis(g, rows, 0, y.rank), shape_concat(g, y, x));
}

static int degree(const Size *s)
{
    int most = 0;
    for (int k = 0; k < s->n; k++)
        if (s->term[k].n > most)
            most = s->term[k].n;
    return most;
}

static bool prefers_forward(Graph *g, const Node *y, const Node *x)
{
    const Size *ny = shape_count(g, y->shape), *nx = shape_count(g, x->shape);
    if (size_known_ge(g->sizes, nx, ny))
        return false;
    return size_known_ge(g->sizes, ny, nx) || degree(ny) > degree(nx);
}

/* dy[k]/dx for several y, forward. */
static DiffResult columns(Graph *g, int ny, Node *const *y, Node *x, Faults faults, Node **out)
{
    if (!x->shape.rank) {
        Node *one = const_like(g, x, 1);
        return tangents(g, ny, y, 1, &x, &one, faults, out);
    }
    Seed seed = seed_for(g, x);
    DiffResult r = tangents(g, ny, y, 1, &x, &seed.node, faults, out);
    if (r.fault != DIFF_OK)
        return r;
    over_seeds(g, seed, ny, out);
    for (int k = 0; k < ny; k++)
        out[k] = columns_last(g, out[k], y[k]->shape, x->shape);
    return r;
}

Dtype diff_jacobian_type(Graph *g, const Node *y, const Node *x)
{
    return (Dtype)(y->shape.rank && prefers_forward(g, y, x) ? y : x)->dtype;
}

DiffResult diff_jacobian(Graph *g, Node *y, Node *x, bool zeros_ok, Node **out)
{
    if (!y->shape.rank)
        return diff_vjp(g, y, NULL, 1, &x, zeros_ok, out);
    if (prefers_forward(g, y, x))
        return columns(g, 1, &y, x, zeros_ok ? FAULTS_BUT_DISCONNECTED : FAULTS_ALL, out);
    Seed seed = seed_for(g, y);
    DiffResult r = diff_vjp(g, y, seed.node, 1, &x, zeros_ok, out);
    if (r.fault == DIFF_OK) {
        over_seeds(g, seed, 1, out);
        out[0] = reshape(g, out[0], shape_concat(g, y->shape, x->shape));
    }
    return r;
}

enum { MIRROR_MOST = 16 }; /* elements of x: with so few the Hessian is written out one by one */

/* Of a Hessian block of x with itself the part above the diagonal is the part below it: written out
 * element by element, it is then never computed. */
static Node *mirror(Graph *g, Node *h, Shape x)
{
    int64_t count = shape_fixed_count(g, x);
    if (count < 2 || count > MIRROR_MOST)
        return h;
    const Size *n[2] = {size_int(g, count), size_int(g, count)};
    Shape s = h->shape;
    h = reshape(g, h, shape_of(g, 2, n));
    Node *row = insert_axis(g, iota(g, n[0]), 1), *column = iota(g, n[0]);
    Node *lower = pw2(g, OP_GE, row, column);
    return reshape(g, pw3(g, OP_SELECT, lower, h, transpose_last(g, h)), s);
}

/* d2z/dx dy from d2z/dy dx. */
static Node *swap_block(Graph *g, Node *h, int rank_y)
{
    int perm[MAX_RANK], rank = h->shape.rank;
    for (int i = 0; i < rank; i++)
        perm[i] = (i + rank_y) % rank;
    return rank ? permute(g, h, perm) : h;
}

/* The second derivatives exist where the first do, zero where the gradient does not depend on x. */
DiffResult diff_hessian(Graph *g, Node *z, int n, Node *const *x, bool zeros_ok, Node **out)
{
    Node **grad = NEW_N(g->arena, Node *, n), **column = NEW_N(g->arena, Node *, n);
    DiffResult r = diff_vjp(g, z, NULL, n, x, zeros_ok, grad);
    for (int j = 0; j < n && r.fault == DIFF_OK; j++) {
        columns(g, n, grad, x[j], FAULTS_NONE, column);
        for (int i = 0; i < n; i++)
            out[i * n + j] = column[i];
    }
    for (int i = 0; i < n && r.fault == DIFF_OK; i++) {
        out[i * n + i] = mirror(g, out[i * n + i], x[i]->shape);
        for (int j = i + 1; j < n; j++)
            out[i * n + j] = swap_block(g, out[j * n + i], x[j]->shape.rank);
    }
    return r;
}

DiffResult diff_hvp(Graph *g, Node *z, int n, Node *const *x, Node *const *v, bool zeros_ok,
                    Node **out)
{
    Node **grad = NEW_N(g->arena, Node *, n);
    DiffResult r = diff_vjp(g, z, NULL, n, x, zeros_ok, grad);
    if (r.fault == DIFF_OK)
        tangents(g, n, grad, n, x, v, FAULTS_NONE, out);
    return r;
}

/* With a masked seed, the product of an element-wise z is select(m, h, 0), and h is the diagonal.
 * Otherwise each row of the Hessian is summed to its one element as soon as it is there. */
DiffResult diff_diag_hessian(Graph *g, Node *z, Node *x, bool zeros_ok, Node **out)
{
    if (!x->shape.rank)
        return diff_hessian(g, z, 1, &x, zeros_ok, out);
    Node *grad, *product;
    DiffResult r = diff_vjp(g, z, NULL, 1, &x, zeros_ok, &grad);
    if (r.fault != DIFF_OK)
        return r;
    Seed seed = seed_for(g, x);
    tangents(g, 1, &grad, 1, &x, &seed.node, FAULTS_NONE, &product);
    Masked m = mask_split(product);
    Walk w = walk_ancestors(g, 1, &m.x, seed.hole->id);
    if ((m.c == seed.hole && !m.neg && walk_find(&w, seed.hole) < 0) || node_is_value(product, 0)) {
        *out = expand(g, m.x, x->shape);
        return r;
    }
    Node *element = mask_gate(g, seed.hole, false, product);
    element = element ? reduce_all(g, OP_SUM, element) : const_like(g, x, 0);
    over_seeds(g, seed, 1, &element);
    *out = reshape(g, element, x->shape);
    return r;
}
