/* lower_order.c - the order in which a list's nodes are placed: what is read before what reads it,
 * and what reads an array before what changes it in place.
 *
 * Otherwise nodes keep the order in which they were made. A branch is placed as one,
 * unless its members depend on each other. */
#include "lower.h"
#include "region.h"

/* ---- Changes in place ---- */

typedef struct Reach {
    Lower *L;
    int *stamp, now; /* by node: what the changing node is needed for */
    Node **todo;
    int *child, *sibling; /* of lists; -1: none */
} Reach;

static void reach_node(Reach *r, Node *n, int *top)
{
    if (r->stamp[n->id] != r->now) {
        r->stamp[n->id] = r->now;
        r->todo[(*top)++] = n;
    }
}

/* All that the list and those in it compute. */
static void reach_list(Reach *r, int list, int *top)
{
    const Block *b = &r->L->blocks.at[list];
    for (int k = 0; k < b->node.n; k++)
        reach_node(r, b->node.at[k], top);
    for (int inner = r->child[list]; inner >= 0; inner = r->sibling[inner])
        reach_list(r, inner, top);
}

/* Stamps all that cannot come before u: what is made of it, and the rest of their branches. */
static void find_reach(Reach *r, Node *u)
{
    Lower *L = r->L;
    int top = 0;
    r->now++;
    reach_node(r, u, &top);
    while (top) {
        Node *n = r->todo[--top];
        for (int i = L->consumers[n->id]; i < L->consumers[n->id + 1]; i++)
            reach_node(r, L->consumer[i], &top);
        /* whatever a branch or a loop needs, all of it waits for */
        for (int list = info_of(L, n)->home; list > 0; list = L->blocks.at[list].parent) {
            int b = L->blocks.at[list].branch;
            for (int k = 0; b >= 0 && k < L->branches.at[b].member.n; k++)
                reach_node(r, L->branches.at[b].member.at[k], &top);
            if (L->blocks.at[list].loop)
                reach_node(r, L->blocks.at[list].loop, &top);
        }
        Info *f = info_of(L, n);
        if (n->op == OP_FOR && n != u && item_list(L, f->loop->body, info_of(L, u)->home) < 0) /* its turns come when it does */
            reach_list(r, f->loop->body, &top);
        for (int k = 0; k < f->before.n; k++)
            reach_node(r, f->before.at[k], &top);
    }
}

static void open_reach(Reach *r)
{
    Arena *a = r->L->g->arena;
    int n = r->L->blocks.n;
    r->stamp = NEW_N(a, int, r->L->n + 1);
    r->todo = NEW_N(a, Node *, r->L->n + 1);
    r->child = NEW_N(a, int, n);
    r->sibling = NEW_N(a, int, n);
    for (int k = 0; k < n; k++)
        r->child[k] = -1;
    for (int k = n - 1; k > 0; k--) {
        r->sibling[k] = r->child[r->L->blocks.at[k].parent];
        r->child[r->L->blocks.at[k].parent] = k;
    }
}

/* Computed where it is read, wherever that is. */
static bool may_be_inline(Lower *L, Node *n)
{
    Family family = op_info(n)->family;
    if (n->shape.rank && is_written_out(n, info_of(L, n)) && !unrolls(L, n))
        return true;
    return n->shape.rank && !unrolls(L, n) && !info_of(L, n)->memory && !info_of(L, n)->branch &&
           (family == F_POINTWISE || family == F_MOVE || n->op == OP_GATHER);
}

/* Whether a tensor of u's operand takes from the array just what u writes there in the same turn. */
static bool same_place(const Node *u, const Node *c)
{
    if (c->op != OP_GATHER || c->in[0] != u->in[0] || c->nin - 1 != put_indices(u))
        return false;
    for (int k = 0; k < put_indices(u); k++)
        if (c->in[k + 1] != put_index(u)[k] || c->attr[k] != u->attr[k + 1] || c->in[k + 1]->shape.rank)
            return false;
    return true;
}

/* The list in which both stand or lie, and what stands there in their place. */
static Node *item_of(Lower *L, int list, Node *n, int *branch)
{
    int inner = item_list(L, list, info_of(L, n)->home);
    *branch = inner == list ? info_of(L, n)->branch - 1 : L->blocks.at[inner].branch;
    if (inner == list || *branch >= 0)
        return n;
    return L->blocks.at[inner].loop;
}

static void add_order(Lower *L, Node *first, Node *then)
{
    int list = info_of(L, then)->home, b1, b2;
    while (item_list(L, list, info_of(L, first)->home) < 0)
        list = L->blocks.at[list].parent;
    Node *a = item_of(L, list, first, &b1), *b = item_of(L, list, then, &b2);
    if (b2 >= 0)
        vec_push(L->g->arena, &L->branches.at[b2].after, first);
    else if (a != b)
        vec_push(L->g->arena, &info_of(L, b)->after, first);
    vec_push(L->g->arena, &info_of(L, first)->before, then);
}

typedef struct Reader {
    Node *node;
    bool place; /* reads element for element what u changes, up to here */
} Reader;

typedef VEC(Reader) ReaderList;

/* A loop that only keeps a copy of the array, which is made before the array changes. */
static bool only_collects(Lower *L, Node *array, const Node *loop)
{
    if (loop->op != OP_FOR || info_of(L, array)->home != info_of(L, loop)->loop->body)
        return false;
    const Region *r = region_of(L->g, loop);
    for (int k = 0; k < r->ncarried; k++)
        if (r->next[k] == array || loop_init(loop)[k] == array)
            return false;
    return true;
}

/* Whether a node stands in a side of a branch that u is not in: it runs when all that the branch waits
 * for is there, which may be after u. */
static bool stands_aside(const Lower *L, const Node *c, const Node *u)
{
    for (int own = L->info[c->id].home; own >= 0; own = L->blocks.at[own].parent) {
        for (int list = L->info[u->id].home; list >= 0; list = L->blocks.at[list].parent)
            if (list == own)
                return false;
        if (L->blocks.at[own].branch >= 0)
            return true;
    }
    return false;
}

/* The list in which a node reads x. */
static int reads_in(Lower *L, const Node *reader, const Node *x)
{
    bool once = reader->op == OP_SELECT && info_of(L, reader)->branch && (reader->in[1] == x) != (reader->in[2] == x);
    return once && reader->in[0] != x ? use_list(L, reader, reader->in[1] == x ? 1 : 2) : info_of(L, reader)->home;
}

bool exclude_each_other(const Lower *L, int a, int b)
{
    for (; a > 0; a = L->blocks.at[a].parent) {
        int branch = L->blocks.at[a].branch;
        for (int list = b; list > 0 && branch >= 0; list = L->blocks.at[list].parent)
            if (list != a && L->blocks.at[list].branch == branch)
                return true;
    }
    return false;
}

int array_states(Lower *L, Node *array, Node ***out)
{
    VEC(Node *) state = {0};
    vec_push(L->g->arena, &state, array);
    for (int i = 0; i < state.n; i++) {
        const Node *n = state.at[i];
        for (int k = 1; n->op == OP_SELECT && info_of(L, n)->takes && k < 3; k++)
            if (n->in[k] != info_of(L, n)->before_sides)
                vec_push(L->g->arena, &state, n->in[k]);
    }
    *out = state.at;
    return state.n;
}

static bool is_state(int n, Node *const *state, const Node *x)
{
    bool is = false;
    for (int k = 0; k < n; k++)
        is |= state[k] == x;
    return is;
}

/* Whether c goes on with x in its memory: what that is then stands behind it. */
static bool goes_on(Lower *L, const Node *x, const Node *c)
{
    if (is_put(c))
        return c->in[0] == x && info_of(L, c)->takes;
    if (c->op != OP_FOR)
        return c->op == OP_SELECT && info_of(L, c)->takes && info_of(L, c)->before_sides == x;
    const bool *takes = info_of(L, c)->loop->takes; /* NULL: that is still to be said of it */
    for (int k = 0; k < region_of(L->g, c)->ncarried && takes; k++)
        if (loop_init(c)[k] == x && takes[k])
            return true;
    return false;
}

/* Whether a list is or lies in a side of the branch that n is a member of. */
static bool within_branch(Lower *L, const Node *n, int list)
{
    int branch = L->blocks.at[use_list(L, n, 1)].branch;
    for (; list > 0; list = L->blocks.at[list].parent)
        if (L->blocks.at[list].branch == branch)
            return true;
    return false;
}

/* Where a branch leaves an array as it was on one side, what reads that reads what u changes. What does so
 * within the branch comes before u anyway, unless u stands there too. */
static void readers_before_sides(Lower *L, const Node *n, Node *u, int nstates, Node *const *state, ReaderList *out)
{
    Node *x = info_of(L, n)->before_sides;
    int to = is_put(u) && info_of(L, u)->branch ? use_list(L, u, 1) : info_of(L, u)->home; /* where u is done */
    for (int i = L->consumers[x->id]; i < L->consumers[x->id + 1]; i++) {
        Node *c = L->consumer[i];
        int at = reads_in(L, c, x);
        if (c == u || is_state(nstates, state, c) || goes_on(L, x, c) || only_collects(L, x, c) || exclude_each_other(L, at, to) ||
            (within_branch(L, n, at) && !within_branch(L, n, to)))
            continue;
        vec_push(L->g->arena, out, (Reader){c, is_put(u) && same_place(u, c)});
    }
}

/* Orders all that reads the array before u; the reader for which that is not possible, or NULL. Where a
 * copy can be made instead, readers in other branches count as such. */
static Node *order_readers(Reach *r, Node *array, Node *u, bool try, bool copies)
{
    Lower *L = r->L;
    ReaderList list = {0};
    Node **state;
    int own = 0, nstates = array_states(L, array, &state);
    for (int k = 0; k < nstates; k++)
        for (int i = L->consumers[state[k]->id]; i < L->consumers[state[k]->id + 1]; i++) {
            Node *c = L->consumer[i];
            if ((c == u && !own++) || is_state(nstates, state, c) || only_collects(L, state[k], c) ||
                exclude_each_other(L, reads_in(L, c, state[k]), info_of(L, u)->home))
                continue;
            vec_push(L->g->arena, &list, (Reader){c, is_put(u) && same_place(u, c)});
        }
    for (int k = 0; k < nstates; k++)
        if (state[k]->op == OP_SELECT && info_of(L, state[k])->takes)
            readers_before_sides(L, state[k], u, nstates, state, &list);
    for (int i = 0; i < list.n; i++) {
        Node *c = list.at[i].node;
        bool inside = info_of(L, u)->loop && item_list(L, info_of(L, u)->loop->body, info_of(L, c)->home) >= 0;
        if (c == u || inside || r->stamp[c->id] == r->now || (copies && stands_aside(L, c, u)))
            return c;
        if (!try)
            add_order(L, c, u);
        if (!may_be_inline(L, c))
            continue;
        bool memory = false;
        int more = list.n;
        for (int k = L->consumers[c->id]; k < L->consumers[c->id + 1] && !memory; k++) {
            Node *d = L->consumer[k];
            bool in = info_of(L, u)->loop && item_list(L, info_of(L, u)->loop->body, info_of(L, d)->home) >= 0;
            bool place = list.at[i].place && ((d == u && u->in[1] == c) || (op_info(d)->family == F_POINTWISE && shape_equal(d->shape, c->shape)));
            if ((d == u && place) || exclude_each_other(L, reads_in(L, d, c), info_of(L, u)->home))
                continue;
            memory |= d == u || in || r->stamp[d->id] == r->now || (copies && stands_aside(L, d, u));
            vec_push(L->g->arena, &list, (Reader){d, place});
        }
        if (memory && op_info(c)->family == F_CONTRACT)
            return c; /* its operands are not in memory */
        if (memory) {
            list.n = more;
            if (!try)
                info_of(L, c)->memory = true;
        }
    }
    return NULL;
}

/* The state of an array before n, if n is a later one; *takes: it lives on in the memory of that. */
static Node *state_before(Lower *L, const Node *n, bool *takes)
{
    *takes = info_of(L, n)->takes;
    if (is_put(n))
        return n->in[0];
    if (n->op == OP_SELECT)
        return info_of(L, n)->before_sides;
    if (n->op != OP_PART || n->attr[0] >= region_of(L->g, n->in[0])->ncarried)
        return NULL;
    *takes = info_of(L, n->in[0])->loop->takes[n->attr[0]];
    return loop_init(n->in[0])[n->attr[0]];
}

/* The placeholder of an array that a loop carries, of which `array` is a later state. */
static Node *carried_origin(Lower *L, Node *array)
{
    bool takes;
    for (Node *n = array; n; n = state_before(L, n, &takes))
        array = n;
    return array->op == OP_HOLE ? array : NULL;
}

/* Whether the memory of `array` may become that of what u makes of it: no loop stands between. */
static bool same_turn(const Lower *L, int from, int to)
{
    for (; to != from && to >= 0; to = L->blocks.at[to].parent)
        if (L->blocks.at[to].loop)
            return false;
    return to >= 0;
}

/* The state with which the side of a branch begins that ends with n; NULL: the side does not change the
 * array in its own memory. */
static Node *state_before_side(Lower *L, Node *n, int side)
{
    bool takes = true;
    while (n && takes && item_list(L, side, info_of(L, n)->home) >= 0)
        n = state_before(L, n, &takes);
    return takes ? n : NULL;
}

/* A branch that goes on with one array, which its sides change in place or leave as it is: it has its memory. */
static void find_shared(Lower *L, Node *n)
{
    Info *f = info_of(L, n);
    if (n->op != OP_SELECT || !f->branch || unrolls(L, n) || is_marked(L->marks, n, MARK_COPY))
        return;
    Node *one = state_before_side(L, n->in[1], use_list(L, n, 1)), *other = state_before_side(L, n->in[2], use_list(L, n, 2));
    if (!one || one != other || !same_turn(L, info_of(L, one)->home, f->home))
        return;
    f->before_sides = one;
    f->takes = true;
}

/* Whether the model reads the array there: a selection or a loop that goes on with it only chooses between
 * states of one array, or makes a second one. */
static bool reads_old(Lower *L, const Node *late, const Node *array)
{
    if (is_put(late) || (late->op == OP_SELECT && !late->in[0]->shape.rank))
        return false;
    for (int k = 0; late->op == OP_FOR && k < region_of(L->g, late)->ncarried; k++)
        if (loop_init(late)[k] == array)
            return false;
    return true;
}

/* No loop of the model copies a whole array in a turn without being told to. */
static void refuse_copy(Lower *L, const Node *origin, const Node *array, const Node *u, const Node *late)
{
    const char *name = origin->name ? origin->name : array->name ? array->name : "an array";
    if (!L->g->diags)
        return;
    diag_error(L->g->diags, u->span, "%s is updated in place here while its old value is read later", name);
    diag_note(L->g->diags, late->span, "it is read here, by what depends on the new one: every turn would copy the whole array");
}

/* Whether u may change the memory of the array. Where only the way in which branches are put together
 * keeps an array of a loop from being changed in place, they are parted, and all is done again. What is
 * read later outside of loops, or by a derivative, and what becomes a second array, is copied. */
static bool takes_memory(Reach *r, Node *array, Node *u)
{
    Lower *L = r->L;
    const Info *fa = info_of(L, array), *fu = info_of(L, u);
    Family family = op_info(array)->family;
    if (fa->output || (family == F_LEAF && array->op != OP_HOLE) || !same_turn(L, fa->home, fu->home) || is_marked(L->marks, u, MARK_COPY))
        return false;
    Node *origin = carried_origin(L, array);
    Node *late = order_readers(r, array, u, true, !origin);
    if (!late) {
        order_readers(r, array, u, false, !origin);
        return true;
    }
    if (origin && is_put(u) && part_branches(L, fa->home))
        L->again = true;
    if (is_put(u) && fu->branch && fa->branch == fu->branch) /* what is copied has to be there */
        L->again |= add_mark(L->g, L->marks, u, MARK_ALONE);
    bool reads = reads_old(L, late, array) && !late->stage && !u->stage && r->stamp[late->id] == r->now;
    if (origin && is_put(u) && reads && !L->again)
        refuse_copy(L, origin, array, u, late);
    return false;
}

static bool has_order(Lower *);

/* Arrays that are changed in place, and what has to come before. */
static void find_changes(Lower *L)
{
    Reach r = {.L = L};
    for (int id = 0; id < L->n && !L->again; id++) {
        Node *u = L->g->nodes.at[id];
        Info *f = &L->info[id];
        if (f->uses)
            find_shared(L, u);
        if (!f->uses || (!is_put(u) && u->op != OP_FOR))
            continue;
        if (!r.stamp)
            open_reach(&r);
        find_reach(&r, u);
        if (is_put(u)) {
            f->takes = takes_memory(&r, u->in[0], u);
            continue;
        }
        const Region *region = region_of(L->g, u);
        f->loop->takes = NEW_N(L->g->arena, bool, region->ncarried + 1);
        for (int k = 0; k < region->ncarried; k++)
            if (!info_of(L, region->carried[k])->small)
                f->loop->takes[k] = takes_memory(&r, u->in[k + 1], u);
    }
}

void find_orders(Lower *L)
{
    if (L->branches.n && !has_order(L))
        return;
    find_changes(L);
    if (!L->again && L->branches.n)
        has_order(L);
}

/* ---- Placing ---- */

/* A node, or a branch. */
typedef struct Item {
    Node *node; /* or NULL */
    int branch; /* or -1 */
    int next;   /* need to be looked at */
    VEC(Node *) needs;
} Item;

typedef struct Order {
    Groups *gs;
    Lower *L;
    int list;
    VEC(Item) stack;
} Order;

static void branch_needs(Order *o, Item *item)
{
    Lower *L = o->L;
    Branch *b = &L->branches.at[item->branch];
    for (int k = 0; k < b->member.n; k++) {
        Node *m = b->member.at[k];
        int side;
        vec_push(L->g->arena, &item->needs, member_condition(m, &side));
        if (is_put(m) && info_of(L, m->in[0])->branch != item->branch + 1)
            vec_push(L->g->arena, &item->needs, m->in[0]);
    }
    for (int s = 0; s < 2; s++) {
        const Block *side = &L->blocks.at[b->side[s]];
        for (int k = 0; k < side->needs.n; k++)
            vec_push(L->g->arena, &item->needs, side->needs.at[k]);
    }
    for (int k = 0; k < b->after.n; k++) { /* of what lies in its own sides it takes care itself */
        int inner = item_list(L, b->list, info_of(L, b->after.at[k])->home);
        bool own = inner != b->list && L->blocks.at[inner].branch == item->branch;
        if (info_of(L, b->after.at[k])->branch != item->branch + 1 && !own)
            vec_push(L->g->arena, &item->needs, b->after.at[k]);
    }
}

static void push_item(Order *o, Node *n, int branch)
{
    Lower *L = o->L;
    Item item = {.node = n, .branch = branch};
    if (branch >= 0) {
        branch_needs(o, &item);
        L->branches.at[branch].visited = true;
    } else {
        Info *f = info_of(L, n);
        for (int k = 0; k < n->nin; k++)
            vec_push(L->g->arena, &item.needs, n->in[k]);
        for (int k = 0; n->op == OP_FOR && k < L->blocks.at[f->loop->body].needs.n; k++)
            vec_push(L->g->arena, &item.needs, L->blocks.at[f->loop->body].needs.at[k]);
        for (int k = 0; k < f->after.n; k++)
            vec_push(L->g->arena, &item.needs, f->after.at[k]);
        f->visited = true;
    }
    vec_push(L->g->arena, &o->stack, item);
}

static void order_these(Order *o, int n, Node *const *nodes);

static void order_list(const Order *o, int list)
{
    Order inner = {.gs = o->gs, .L = o->L, .list = list};
    order_these(&inner, o->L->blocks.at[list].node.n, o->L->blocks.at[list].node.at);
}

/* As place_for and place_branch go about it. */
static void order_inside(const Order *o, const Item *item)
{
    Lower *L = o->L;
    if (item->branch >= 0) {
        for (int k = 0; k < 2; k++)
            order_list(o, L->branches.at[item->branch].side[k]);
    } else if (item->node->op == OP_FOR) {
        const Region *r = region_of(L->g, item->node);
        Order tests = {.gs = o->gs, .L = L, .list = info_of(L, item->node)->loop->body};
        Node *cond = r->cond;
        order_these(&tests, cond != NULL, &cond);
        order_these(&tests, r->nchecks, r->check);
        order_list(o, tests.list);
    }
}

static void end_item(Order *o, const Item *item)
{
    Lower *L = o->L;
    if (L->dry)
        order_inside(o, item);
    if (item->branch >= 0) {
        Branch *b = &L->branches.at[item->branch];
        if (!L->dry)
            place_branch(o->gs, b);
        for (int k = 0; k < b->member.n; k++)
            info_of(L, b->member.at[k])->done = true;
        b->done = true;
        return;
    }
    if (!L->dry)
        place_item(o->gs, item->node);
    info_of(L, item->node)->done = true;
}

/* All that is changed in place inside a list is to be copied first. */
static void copy_inside(Lower *L, int list)
{
    for (int id = 0; id < L->n; id++) {
        Node *n = L->g->nodes.at[id];
        if (L->info[id].uses && (is_put(n) || n->op == OP_FOR) && item_list(L, list, L->info[id].home) >= 0)
            L->again |= add_mark(L->g, L->marks, n, MARK_COPY);
    }
}

/* There is nothing left that could be parted or copied: no C is better than one in a wrong order. */
static void refuse_circle(Lower *L, const Item *item)
{
    const Node *n = item->branch >= 0 ? L->branches.at[item->branch].member.at[0] : item->node;
    if (L->g->diags && !L->stuck)
        diag_error(L->g->diags, n->span, "what is computed here waits for itself by way of a branch or of an array that changes in place; this is a "
                                         "fault of gradc, and a simpler branch may do");
    L->stuck = true;
}

/* What is on top of the stack waits for itself. Branches in the circle are parted; where that cannot be, what
 * they change in place is to be copied, and where that is so, too, what is changed inside them. */
static void break_circle(Order *o, int from)
{
    Lower *L = o->L;
    bool parted = false;
    for (int i = from; i < o->stack.n; i++) {
        const Branch *b = o->stack.at[i].branch < 0 ? NULL : &L->branches.at[o->stack.at[i].branch];
        parted |= b && b->member.n > 1;
        L->again |= b && b->member.n > 1 && part_branch(L, b);
    }
    for (int i = from; i < o->stack.n && !parted; i++) {
        const Item *item = &o->stack.at[i];
        const Branch *b = item->branch < 0 ? NULL : &L->branches.at[item->branch];
        if (item->node && (is_put(item->node) || item->node->op == OP_FOR))
            L->again |= add_mark(L->g, L->marks, item->node, MARK_COPY);
        for (int k = 0; b && k < b->member.n; k++)
            if (is_put(b->member.at[k]))
                L->again |= add_mark(L->g, L->marks, b->member.at[k], MARK_COPY);
    }
    for (int i = from; i < o->stack.n && !L->again; i++) {
        const Item *item = &o->stack.at[i];
        for (int k = 0; k < 2 && item->branch >= 0; k++)
            copy_inside(L, L->branches.at[item->branch].side[k]);
        if (item->node && item->node->op == OP_FOR)
            copy_inside(L, info_of(L, item->node)->loop->body);
    }
    if (!L->again)
        refuse_circle(L, &o->stack.at[o->stack.n - 1]);
}

/* What n stands behind in this list: pushes it where it is not there yet. */
static void want(Order *o, Node *n)
{
    Lower *L = o->L;
    int inner = item_list(L, o->list, info_of(L, n)->home), branch = -1;
    if (inner < 0)
        return;
    Node *item = item_of(L, o->list, n, &branch);
    bool done = branch >= 0 ? L->branches.at[branch].done : info_of(L, item)->done;
    bool visited = branch >= 0 ? L->branches.at[branch].visited : info_of(L, item)->visited;
    if (!done && !visited)
        push_item(o, branch >= 0 ? NULL : item, branch);
    const Item *top = o->stack.n ? &o->stack.at[o->stack.n - 1] : NULL;
    bool own = top && inner != o->list && (branch >= 0 ? top->branch == branch : top->node == item);
    if (done || !visited || own)
        return;
    for (int i = o->stack.n - 1; i >= 0; i--)
        if (branch >= 0 ? o->stack.at[i].branch == branch : o->stack.at[i].node == item) {
            break_circle(o, i);
            return;
        }
}

static void order_these(Order *o, int n, Node *const *nodes)
{
    for (int i = 0; i < n; i++) {
        want(o, nodes[i]);
        while (o->stack.n) {
            Item *top = &o->stack.at[o->stack.n - 1];
            if (top->next < top->needs.n) {
                Node *need = top->needs.at[top->next++];
                if (need->id < o->L->n && info_of(o->L, need)->uses)
                    want(o, need);
                continue;
            }
            Item done = *top;
            o->stack.n--;
            end_item(o, &done);
        }
    }
}

void place_these(Groups *gs, int n, Node *const *nodes)
{
    Order o = {.gs = gs, .L = gs->L, .list = gs->L->list};
    order_these(&o, n, nodes);
}

void place_list(Groups *gs, int list)
{
    Lower *L = gs->L;
    int before = L->list;
    L->list = list;
    place_these(gs, L->blocks.at[list].node.n, L->blocks.at[list].node.at);
    L->list = before;
}

/* Goes through all lists as they will be placed. False: there was a circle, and marks have been made. */
static bool has_order(Lower *L)
{
    Order o = {.L = L};
    const Function *f = L->p->function;
    L->dry = true;
    for (int k = 0; k < f->checks.n; k++)
        order_these(&o, 1, &f->checks.at[k].cond);
    order_list(&o, 0);
    L->dry = false;
    for (int id = 0; id < L->n; id++)
        L->info[id].visited = L->info[id].done = false;
    for (int i = 0; i < L->branches.n; i++)
        L->branches.at[i].visited = L->branches.at[i].done = false;
    return !L->again;
}
