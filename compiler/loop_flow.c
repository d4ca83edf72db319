/* loop_flow.c - which result of a loop depends on which of its inputs. Bit sets over the inputs go
 * through the body in one pass; what is carried closes the circle. */
#include "loop.h"
#include "ops.h"

static Bits *new_bits(Graph *g, int n, int ninputs)
{
    int words = (ninputs + 63) / 64;
    Bits *b = NEW_N(g->arena, Bits, n + 1);
    uint64_t *all = NEW_N(g->arena, uint64_t, (n + 1) * words);
    for (int k = 0; k <= n; k++)
        b[k] = (Bits){.words = words, .at = all + k * words};
    return b;
}

static void set_bit(Bits b, int i)
{
    b.at[i / 64] |= (uint64_t)1 << (i % 64);
}

/* a |= b; whether that changes a. */
static bool join(Bits a, Bits b)
{
    bool changed = false;
    for (int w = 0; w < a.words; w++) {
        changed |= (b.at[w] & ~a.at[w]) != 0;
        a.at[w] |= b.at[w];
    }
    return changed;
}

typedef struct Pass {
    Graph *g;
    Walk w;
    Bits *dep, *live, *read; /* by index in w */
} Pass;

static int place(const Pass *p, const Node *n)
{
    return walk_find(&p->w, n);
}

static void through_part(Pass *p, int k)
{
    const Node *n = p->w.node[k], *loop = n->in[0];
    const Flow *inner = loop_flow(p->g, loop);
    for (int i = 0; i < loop->nin; i++) {
        int at = place(p, loop->in[i]);
        if (at >= 0 && bit_of(inner->dep[n->attr[0]], i))
            join(p->dep[k], p->dep[at]);
        if (at >= 0 && bit_of(inner->live[n->attr[0]], i))
            join(p->live[k], p->live[at]);
        if (at >= 0 && bit_of(inner->read[n->attr[0]], i))
            join(p->read[k], p->read[at]);
    }
}

static void through_node(Pass *p, int k)
{
    const Node *n = p->w.node[k];
    for (int i = 0; i < n->nin; i++) {
        int at = place(p, n->in[i]);
        bool constant;
        join(p->dep[k], p->dep[at]);
        join(p->read[k], p->read[at]);
        if (diff_edge(p->g, n, i, &constant))
            join(p->live[k], p->live[at]);
        else if (constant)
            join(p->live[k], p->dep[at]);
    }
}

/* Within a turn: the bits of every root. */
static void one_turn(Graph *g, const Node *loop, Flow *f)
{
    const Region *r = region_of(g, loop);
    Node **root;
    int nroots = region_roots(g, r, &root);
    Pass p = {.g = g, .w = walk_between(g, nroots, root, &f->captures)};
    p.dep = new_bits(g, p.w.n, f->ninputs);
    p.live = new_bits(g, p.w.n, f->ninputs);
    p.read = new_bits(g, p.w.n, f->ninputs);
    for (int i = 1; i < loop->nin; i++) {
        int at = place(&p, i <= r->ncarried ? r->carried[i - 1] : loop->in[i]);
        if (at >= 0) {
            set_bit(p.dep[at], i);
            set_bit(p.live[at], i);
            set_bit(p.read[at], i);
        }
    }
    for (int k = 0; k < p.w.n; k++) {
        const Node *n = p.w.node[k];
        if (walk_find(&f->captures, n) >= 0)
            continue;
        if (n->op == OP_PART)
            through_part(&p, k);
        else
            through_node(&p, k);
    }
    f->step_dep = new_bits(g, nroots, f->ninputs);
    f->step_live = new_bits(g, nroots, f->ninputs);
    f->step_read = new_bits(g, nroots, f->ninputs);
    for (int k = 0; k < nroots; k++) {
        join(f->step_dep[k], p.dep[place(&p, root[k])]);
        join(f->step_read[k], p.read[place(&p, root[k])]);
        if (dtype_is_real((Dtype)root[k]->dtype))
            join(f->step_live[k], p.live[place(&p, root[k])]);
    }
}

/* all[k] of what is carried: its initial value, and what its step reads, of any turn before. */
static void close(const Region *r, const Bits *step, Bits *all)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (int k = 0; k < r->ncarried; k++) {
            for (int i = 1 + r->ncarried; i < step[k].words * 64; i++)
                if (bit_of(step[k], i) && !bit_of(all[k], i)) {
                    set_bit(all[k], i);
                    changed = true;
                }
            for (int j = 0; j < r->ncarried; j++)
                if (bit_of(step[k], 1 + j))
                    changed |= join(all[k], all[j]);
        }
    }
    for (int k = r->ncarried; k < region_turns(r); k++) {
        join(all[k], step[k]);
        for (int j = 0; j < r->ncarried; j++)
            if (bit_of(step[k], 1 + j))
                join(all[k], all[j]);
    }
}

/* How many turns there are, and whether a turn is come through, also where no result hangs on it:
 * all[k] gets what these roots of the body depend on. */
static void add_for_all(const Region *r, int first, int end, const Bits *step, Bits *all)
{
    for (int root = first; root < end; root++)
        for (int k = 0; k <= region_turns(r); k++) {
            join(all[k], step[root]);
            for (int j = 0; j < r->ncarried; j++)
                if (bit_of(step[root], 1 + j))
                    join(all[k], all[j]);
        }
}

const Flow *loop_flow(Graph *g, const Node *loop)
{
    while (g->flows.n < g->regions.n)
        vec_push(g->arena, &g->flows, NULL);
    if (g->flows.at[loop->attr[0]])
        return g->flows.at[loop->attr[0]];
    const Region *r = region_of(g, loop);
    Flow *f = NEW(g->arena, Flow);
    int turns = region_turns(r), conds = r->cond != NULL;
    f->ninputs = loop->nin;
    f->captures = walk_nodes(g, loop->nin - 1 - r->ncarried, loop->in + 1 + r->ncarried);
    one_turn(g, loop, f);
    f->dep = new_bits(g, turns + 1, f->ninputs);
    f->live = new_bits(g, turns + 1, f->ninputs);
    f->read = new_bits(g, turns + 1, f->ninputs);
    for (int k = 0; k < r->ncarried; k++) {
        set_bit(f->dep[k], 1 + k);
        set_bit(f->read[k], 1 + k);
        if (dtype_is_real((Dtype)r->carried[k]->dtype))
            set_bit(f->live[k], 1 + k);
    }
    close(r, f->step_dep, f->dep);
    close(r, f->step_live, f->live);
    close(r, f->step_read, f->read);
    for (int k = 0; k <= turns; k++) { /* how many turns there are depends on the count */
        set_bit(f->dep[k], 0);
        set_bit(f->read[k], 0);
    }
    add_for_all(r, turns, turns + conds, f->step_dep, f->dep);
    add_for_all(r, turns, turns + conds + r->nchecks, f->step_read, f->read);
    return g->flows.at[loop->attr[0]] = f;
}
