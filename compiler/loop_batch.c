/* loop_batch.c - a loop mapped over an axis is a loop over what is carried with that axis first. Where the
 * elements differ in how many turns they take, the loop goes on while one of them does, and the
 * others keep what they have. */
#include "batch.h"
#include "loop.h"
#include "ops.h"

typedef struct Mapped {
    Graph *g;
    Node *loop;
    const Region *r;
    const Flow *f;
    Node *const *in;
    const bool *batched;
    const Size *count;
    bool *carried; /* which of them get the axis */
    bool masked;   /* elements differ in their turns */
    int nhole;     /* what has an image, and the image */
    Node **hole, **value;
} Mapped;

/* Whether something in one turn hangs on what is batched. */
static bool varies(const Mapped *m, Bits step)
{
    for (int i = 1; i < m->loop->nin; i++)
        if (bit_of(step, i) && (i <= m->r->ncarried ? m->carried[i - 1] : m->batched[i]))
            return true;
    return false;
}

static void find_carried(Mapped *m)
{
    int c = m->r->ncarried;
    m->masked = m->batched[0];
    for (int k = 0; k < c; k++)
        m->carried[k] = m->batched[1 + k];
    for (bool changed = true; changed;) {
        changed = false;
        if (m->r->cond && !m->masked)
            changed = m->masked = varies(m, m->f->step_dep[region_turns(m->r)]);
        for (int k = 0; k < c; k++)
            if (!m->carried[k] && (m->masked || varies(m, m->f->step_dep[k])))
                changed = m->carried[k] = true;
    }
}

static Node *each(Mapped *m, Node *x, bool batched)
{
    return batched ? x : expand(m->g, x, shape_insert(m->g, x->shape, 0, m->count));
}

/* x where `active` ([count]) and y elsewhere. */
static Node *where(Mapped *m, Node *active, Node *x, Node *y)
{
    const Size *dim[MAX_RANK + 1] = {m->count};
    for (int k = 1; k < x->shape.rank; k++)
        dim[k] = size_int(m->g, 1);
    Node *flags = reshape(m->g, active, shape_of(m->g, x->shape.rank, dim));
    return expand(m->g, pw3(m->g, OP_SELECT, flags, x, y), x->shape);
}

/* The placeholder of what a loop carries, with the axis. As with tangents (loop_diff.c), a loop and its wider
 * copies share it, so that the loop that they become does not carry it twice. */
struct Image {
    int pass;
    const Node *own, *init;
    const Size *count;
    Node *made;
};

static Node *image_of(Graph *g, Node *own, const Node *init, const Size *count, int n, Node *const *others)
{
    for (int i = g->images.n - 1; i >= 0 && g->images.at[i]->pass == g->mapped; i--) {
        const struct Image *t = g->images.at[i];
        bool same = t->own == own && t->init == init && t->count == count;
        for (int k = 0; k < n; k++)
            same &= others[k] != t->made;
        if (same)
            return t->made;
    }
    struct Image *t = NEW(g->arena, struct Image);
    *t = (struct Image){g->mapped, own, init, count, placeholder(g, (Dtype)own->dtype, shape_insert(g, own->shape, 0, count))};
    vec_push(g->arena, &g->images, t);
    return t->made;
}

/* The placeholders and captures with their images. */
static Node **set_up(Mapped *m, Node *const *init)
{
    Graph *g = m->g;
    int c = m->r->ncarried;
    Node **carried = NEW_N(g->arena, Node *, c + 2);
    m->hole = NEW_N(g->arena, Node *, m->loop->nin + 1);
    m->value = NEW_N(g->arena, Node *, m->loop->nin + 1);
    for (int k = 0; k < c; k++) {
        Node *own = m->r->carried[k];
        carried[k] = own;
        if (!m->carried[k])
            continue;
        carried[k] = image_of(g, own, init[k], m->count, k, carried);
        m->hole[m->nhole] = own;
        m->value[m->nhole++] = carried[k];
    }
    for (int i = 1 + c; i < m->loop->nin; i++)
        if (m->batched[i]) {
            m->hole[m->nhole] = m->loop->in[i];
            m->value[m->nhole++] = m->in[i];
        }
    return carried;
}

/* The roots of the body that vary, mapped; the others as they are. */
static int map_roots(Mapped *m, Node ***out, bool **mapped)
{
    Graph *g = m->g;
    Node **root, **some;
    int n = region_roots(g, m->r, &root), k = 0;
    bool *vary = NEW_N(g->arena, bool, n + 1);
    some = NEW_N(g->arena, Node *, n + 1);
    for (int i = 0; i < n; i++) {
        vary[i] = varies(m, m->f->step_dep[i]);
        if (vary[i])
            some[k++] = root[i];
    }
    batch(g, k, some, m->nhole, m->hole, m->value, m->count);
    for (int i = n - 1; i >= 0; i--)
        if (vary[i])
            root[i] = some[--k];
    *out = root;
    *mapped = vary;
    return n;
}

/* The greatest of some counts, and 0 where there is none. */
static Node *most_turns(Graph *g, Node *counts)
{
    const Size *one = size_int(g, 1);
    Node *zero = const_int(g, T_I64, 0), *both[2] = {counts, expand(g, zero, shape_of(g, 1, &one))};
    return reduce_all(g, OP_MAXR, concat(g, 2, both, 0));
}

void loop_batch(Graph *g, Node *loop, Node *const *in, const bool *batched, const Size *count,
                Node **parts)
{
    const Region *r = region_of(g, loop);
    int c = r->ncarried, turns = region_turns(r);
    Mapped m = {.g = g, .loop = loop, .r = r, .f = loop_flow(g, loop), .in = in,
                .batched = batched, .count = count, .carried = NEW_N(g->arena, bool, c + 1)};
    find_carried(&m);
    Node **init = NEW_N(g->arena, Node *, c + 2), **next = NEW_N(g->arena, Node *, c + 2);
    for (int k = 0; k < c; k++)
        init[k] = m.carried[k] ? each(&m, in[1 + k], batched[1 + k]) : in[1 + k];
    Node **carried = set_up(&m, init), **root, *n = in[0], *active = NULL, *counter = NULL;
    bool *mapped;
    int nroots = map_roots(&m, &root, &mapped);
    Region made = *r;
    if (m.masked) { /* an element takes part while its own condition and count say so */
        if (batched[0]) {
            active = pw2(g, OP_LT, r->index, in[0]);
            n = most_turns(g, in[0]);
        }
        if (r->cond) {
            Node *holds = each(&m, root[turns], mapped[turns]);
            active = active ? pw2(g, OP_AND, active, holds) : holds;
            made.cond = reduce_all(g, OP_ANY, active);
        }
        counter = placeholder(g, T_I64, shape_of(g, 1, &count));
    }
    for (int k = 0; k < c; k++) {
        next[k] = m.carried[k] ? each(&m, root[k], mapped[k]) : root[k];
        if (active)
            next[k] = where(&m, active, next[k], carried[k]);
    }
    Node **collected = NEW_N(g->arena, Node *, r->ncollected + 1);
    for (int k = 0; k < r->ncollected; k++) {
        Node *y = root[c + k];
        mapped[c + k] |= active != NULL;
        if (active) {
            y = each(&m, y, y != r->collected[k]);
            y = where(&m, active, y, const_like(g, y, 0));
        }
        collected[k] = y;
    }
    Node **check = NEW_N(g->arena, Node *, r->nchecks + 1);
    for (int k = 0; k < r->nchecks; k++) {
        Node *ok = root[nroots - r->nchecks + k];
        if (active) {
            Node *idle = pw1(g, OP_NOT, active);
            ok = each(&m, ok, mapped[nroots - r->nchecks + k]);
            ok = pw2(g, OP_OR, idle, ok);
        }
        check[k] = ok->shape.rank ? reduce_all(g, OP_ALL, ok) : ok;
    }
    if (counter) {
        carried[c] = counter;
        init[c] = expand(g, const_int(g, T_I64, 0), counter->shape);
        next[c] = pw2(g, OP_ADD, counter, cast(g, active, T_I64));
        made.ncarried++;
    }
    made.carried = carried;
    made.next = next;
    made.collected = collected;
    made.check = check;
    Node *whole = for_loop(g, &made, n, init);
    for (int k = 0; k < turns; k++) {
        bool any = k < c ? m.carried[k] : mapped[k];
        parts[k] = NULL;
        if (any && k < c)
            parts[k] = part(g, whole, k);
        else if (any)
            parts[k] = move_axis(g, part(g, whole, made.ncarried + k - c), 1, 0);
    }
    parts[turns] = counter ? part(g, whole, c) : NULL;
}
