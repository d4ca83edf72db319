/* walk.h - the ancestors of some nodes in topological order, at a cost in proportion to how many
 * there are and not to the size of the graph: a model may ask for thousands of small derivatives.
 */
#ifndef GRADC_WALK_H
#define GRADC_WALK_H

#include "graph.h"

enum { WALK_PAGE = 32 };

/* Ids that stand side by side share a page, as nodes that are built together are used together. */
typedef struct WalkPage {
    int number; /* id / WALK_PAGE + 1; 0: no page */
    int cell;   /* where its WALK_PAGE cells begin */
} WalkPage;

typedef struct Walk {
    Node **node; /* ascending id: inputs stand before what is made of them */
    int n;
    WalkPage *page;  /* a hash table by number */
    int npage, room; /* pages in it; places, a power of two */
    VEC(int) cell;   /* indices into node, plus 1; 0 is empty */
} Walk;

/* The roots and their ancestors, without those whose id is below `first`: they are older than, and
 * so cannot depend on, the node of id `first`. */
Walk walk_ancestors(Graph *, int nroots, Node *const *roots, int first);
/* The same where nothing is looked for behind the nodes of `stops`, which are there themselves. */
Walk walk_between(Graph *, int nroots, Node *const *roots, const Walk *stops);
/* Exactly these nodes, each once. */
Walk walk_nodes(Graph *, int n, Node *const *nodes);
/* The index of a node in walk->node, -1 where it is not there. */
int walk_find(const Walk *, const Node *);

#endif
