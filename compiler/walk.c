/* walk.c - see walk.h. */
#include "walk.h"

/* The page of that number, or the empty place where it belongs. */
static WalkPage *find_page(const Walk *w, int number)
{
    int at = (int)((uint64_t)number * 0x9e3779b97f4a7c15u >> 32 & (uint64_t)(w->room - 1));
    while (w->page[at].number && w->page[at].number != number)
        at = (at + 1) & (w->room - 1);
    return &w->page[at];
}

int walk_find(const Walk *w, const Node *n)
{
    const WalkPage *p = find_page(w, n->id / WALK_PAGE + 1);
    return p->number ? w->cell.at[p->cell + n->id % WALK_PAGE] - 1 : -1;
}

static void grow_pages(Arena *a, Walk *w)
{
    WalkPage *old = w->page;
    int n = w->room;
    w->room = n ? 4 * n : 16;
    w->page = NEW_N(a, WalkPage, w->room);
    for (int i = 0; i < n; i++)
        if (old[i].number)
            *find_page(w, old[i].number) = old[i];
}

/* The cell of an id, with its page where there was none. */
static int *make_cell(Arena *a, Walk *w, int id)
{
    WalkPage *p = find_page(w, id / WALK_PAGE + 1);
    if (!p->number) {
        if (2 * ++w->npage > w->room) {
            grow_pages(a, w);
            p = find_page(w, id / WALK_PAGE + 1);
        }
        *p = (WalkPage){.number = id / WALK_PAGE + 1, .cell = w->cell.n};
        for (int i = 0; i < WALK_PAGE; i++)
            vec_push(a, &w->cell, 0);
    }
    return &w->cell.at[p->cell + id % WALK_PAGE];
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

/* Insertion sort, for the few nodes of a small walk. */
static void sort_few(Walk *w)
{
    for (int i = 1; i < w->n; i++) {
        Node *n = w->node[i];
        int k = i;
        for (; k > 0 && w->node[k - 1]->id > n->id; k--)
            w->node[k] = w->node[k - 1];
        w->node[k] = n;
    }
}

/* Sorted, and every node's index noted. */
static void settle(Graph *g, Walk *w)
{
    enum { FEW = 64 };
    if (w->n > FEW)
        sort_by_id(g, w);
    else
        sort_few(w);
    for (int i = 0; i < w->n; i++)
        *make_cell(g->arena, w, w->node[i]->id) = i + 1;
}

Walk walk_nodes(Graph *g, int n, Node *const *nodes)
{
    VEC(Node *) list = {0};
    Walk w = {0};
    grow_pages(g->arena, &w);
    for (int i = 0; i < n; i++) {
        int *cell = make_cell(g->arena, &w, nodes[i]->id);
        if (!*cell)
            vec_push(g->arena, &list, nodes[i]);
        *cell = 1;
    }
    w.node = list.at;
    w.n = list.n;
    settle(g, &w);
    return w;
}

static Walk search(Graph *g, int nroots, Node *const *roots, int first, const Walk *stops)
{
    VEC(Node *) list = {0};
    Walk w = {0};
    grow_pages(g->arena, &w);
    /* Breadth first: the list of what was found is its own queue. */
    for (int k = -nroots; k < list.n; k++) {
        Node *const *in = k < 0 ? &roots[k + nroots] : list.at[k]->in;
        int nin = k < 0 ? 1 : stops && walk_find(stops, list.at[k]) >= 0 ? 0 : list.at[k]->nin;
        for (int i = 0; i < nin; i++) {
            int *cell = in[i]->id < first ? NULL : make_cell(g->arena, &w, in[i]->id);
            if (!cell || *cell)
                continue;
            *cell = 1;
            vec_push(g->arena, &list, in[i]);
        }
    }
    w.node = list.at;
    w.n = list.n;
    settle(g, &w);
    return w;
}

Walk walk_ancestors(Graph *g, int nroots, Node *const *roots, int first)
{
    return search(g, nroots, roots, first, NULL);
}

Walk walk_between(Graph *g, int nroots, Node *const *roots, const Walk *stops)
{
    return search(g, nroots, roots, 0, stops);
}
