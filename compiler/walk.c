/* walk.c - see walk.h. */
#include "walk.h"

static int hash_slot(const Walk *w, int id)
{
    return (int)((uint64_t)id * 0x9e3779b97f4a7c15u >> 32 & (uint64_t)(w->nslot - 1));
}

/* The slot that holds the node of this id, or the empty one where it belongs. */
static int *find_slot(const Walk *w, int id)
{
    int at = hash_slot(w, id);
    while (w->slot[at] && w->node[w->slot[at] - 1]->id != id)
        at = (at + 1) & (w->nslot - 1);
    return &w->slot[at];
}

static void fill_slots(Walk *w)
{
    memset(w->slot, 0, sizeof *w->slot * (size_t)w->nslot);
    for (int i = 0; i < w->n; i++)
        *find_slot(w, w->node[i]->id) = i + 1;
}

int walk_find(const Walk *w, const Node *n)
{
    return *find_slot(w, n->id) - 1;
}

/* Radix sort by id, eleven bits a pass: linear, and without malloc as qsort may use it. */
static void sort_by_id(Graph *g, Walk *w)
{
    Node **from = w->node, **to = NEW_N(g->arena, Node *, w->n);
    for (int shift = 0; g->nodes.n >> shift; shift += 11) {
        int start[2049] = {0};
        for (int i = 0; i < w->n; i++)
            start[((from[i]->id >> shift) & 2047) + 1]++;
        for (int b = 0; b < 2048; b++)
            start[b + 1] += start[b];
        for (int i = 0; i < w->n; i++)
            to[start[(from[i]->id >> shift) & 2047]++] = from[i];
        Node **swap = from;
        from = to;
        to = swap;
    }
    w->node = from;
}

Walk walk_ancestors(Graph *g, int nroots, Node *const *roots, int first)
{
    VEC(Node *) list = {0};
    Walk w = {.nslot = 64};
    w.slot = NEW_N(g->arena, int, w.nslot);
    /* Breadth first: the list of what was found is its own queue. */
    for (int k = -nroots; k < list.n; k++) {
        Node *const *in = k < 0 ? &roots[k + nroots] : list.at[k]->in;
        int nin = k < 0 ? 1 : list.at[k]->nin;
        for (int i = 0; i < nin; i++) {
            int *slot = in[i]->id < first ? NULL : find_slot(&w, in[i]->id);
            if (!slot || *slot)
                continue;
            vec_push(g->arena, &list, in[i]);
            *slot = list.n;
            w.node = list.at;
            w.n = list.n;
            if (2 * w.n > w.nslot) {
                w.nslot *= 4;
                w.slot = NEW_N(g->arena, int, w.nslot);
                fill_slots(&w);
            }
        }
    }
    if (w.n) {
        sort_by_id(g, &w);
        fill_slots(&w);
    }
    return w;
}
