/* lower_blocks.c - which list of steps computes each node: the function's own, a loop's turn, one
 * side of a branch.
 *
 * A node belongs to the innermost list that all its uses lie in. What does not
 * depend on the turn of a loop moves out of it, but not out of the side of a branch
 * that guards it. Branches hang on selections by a scalar and on guarded changes of
 * arrays; where all that one guards is cheap and safe there is none, and the
 * selection stays an expression. */
#include "lower.h"
#include "region.h"

#include <limits.h>

enum { FEW_OPERATIONS = 12, MANY_OPERATIONS = 1000 };

int new_list(Lower *L, int parent)
{
    Block b = {.parent = parent, .branch = -1, .wanted = parent < 0 || L->blocks.at[parent].wanted};
    StepList s = {.parent = parent, .owner = -1};
    vec_push(L->g->arena, &L->blocks, b);
    vec_push(L->g->arena, &L->p->lists, s);
    return L->blocks.n - 1;
}

Node *member_condition(Node *member, int *side)
{
    Node *c = member->op == OP_SELECT ? member->in[0] : put_guard(member);
    *side = 0;
    for (; c->op == OP_NOT; c = c->in[0])
        *side = !*side;
    return c;
}

/* What may become a member of a branch. */
static bool may_branch(const Lower *L, const Node *n)
{
    int side;
    if (L->info[n->id].expression)
        return false;
    if (n->op == OP_SELECT ? n->in[0]->shape.rank : !is_put(n) || !put_guard(n))
        return false;
    return !node_is_const(member_condition((Node *)n, &side));
}

/* ---- Innermost lists ---- */

typedef struct Homes {
    Lower *L;
    bool *fixed;    /* by node: it reads an element whose index may be out of range */
    int *loop;      /* by node: id of the innermost loop that it depends on; INT_MAX: none */
    int *branch;    /* by node: 1 + the last branch with that condition */
    VEC(int) other; /* by branch: 1 + another one with its condition */
} Homes;

static int depth_of(const Lower *L, int list)
{
    int depth = 0;
    for (; list > 0; list = L->blocks.at[list].parent)
        depth++;
    return depth;
}

static int common_list(const Lower *L, int a, int b)
{
    int da = depth_of(L, a), db = depth_of(L, b);
    while (a != b)
        if (da >= db)
            a = L->blocks.at[a].parent, da--;
        else
            b = L->blocks.at[b].parent, db--;
    return a;
}

/* n is read in the list; `wanted`: each time that this runs. */
static void use_in(Homes *h, Node *n, int list, bool wanted)
{
    Info *f = info_of(h->L, n);
    int home = f->home < 0 ? list : common_list(h->L, f->home, list);
    f->wanted = (f->wanted && home == f->home) || (wanted && home == list);
    f->home = home;
    int branch = h->L->blocks.at[list].branch;
    if (!wanted || branch < 0)
        return;
    const Branch *b = &h->L->branches.at[branch];
    if (f->half == 1 + (b->side[0] == list ? b->side[1] : b->side[0])) /* on either side */
        f->wanted |= home == b->list;
    f->half = 1 + list;
}

/* Loops within loops have the smaller ids. */
static void find_loops(Homes *h)
{
    Lower *L = h->L;
    for (int id = 0; id < L->n; id++)
        h->loop[id] = INT_MAX;
    for (int id = 0; id < L->n; id++) {
        if (!L->info[id].uses || L->g->nodes.at[id]->op != OP_FOR)
            continue;
        const Region *r = region_of(L->g, L->g->nodes.at[id]);
        h->loop[r->index->id] = id;
        for (int k = 0; k < r->ncarried; k++)
            h->loop[r->carried[k]->id] = id;
    }
    for (int id = 0; id < L->n; id++) {
        const Node *n = L->g->nodes.at[id];
        for (int k = 0; k < n->nin; k++) {
            if (h->loop[n->in[k]->id] < h->loop[id])
                h->loop[id] = h->loop[n->in[k]->id];
            h->fixed[id] |= h->fixed[n->in[k]->id];
            h->fixed[id] |= n->op == OP_GATHER && k > 0 && !index_in_range(L->g, n->in[k], n->in[0]->shape.dim[n->attr[k - 1]]);
        }
    }
}

/* That part of the branches on that condition in that list. */
static int find_branch(Homes *h, Node *condition, int list, int part)
{
    Lower *L = h->L;
    for (int b = h->branch[condition->id]; b; b = h->other.at[b - 1])
        if (L->branches.at[b - 1].list == list && L->branches.at[b - 1].part == part)
            return b - 1;
    Branch b = {.condition = condition, .list = list, .part = part};
    for (int k = 0; k < 2; k++) {
        b.side[k] = new_list(L, list);
        L->blocks.at[b.side[k]].branch = L->branches.n;
    }
    vec_push(L->g->arena, &L->branches, b);
    vec_push(L->g->arena, &h->other, h->branch[condition->id]);
    h->branch[condition->id] = L->branches.n;
    return L->branches.n - 1;
}

/* Loops that the node does not depend on do not hold it. */
static void lift(Homes *h, Node *n)
{
    Lower *L = h->L;
    Info *f = info_of(L, n);
    for (;;) {
        const Block *b = &L->blocks.at[f->home];
        if (!b->loop || b->loop->id == h->loop[n->id] || (h->fixed[n->id] && is_marked(L->marks, b->loop, MARK_SOFT)))
            return;
        f->home = b->parent;
        f->wanted &= loop_has_turn(L->g, b->loop);
    }
}

/* Whether what a selection or a loop guards is wanted where it is computed. What guard_shared has made sees
 * to that itself, wherever it stands; not so where a selection is no branch, so that some stand further out
 * than thought. */
static bool runs_where_wanted(const Lower *L, const Node *n)
{
    if (!is_guarded(L->marks, n, GUARD_MADE) || (L->dropped && is_guarded(L->marks, n, GUARD_WITHIN)))
        return L->info[n->id].wanted;
    return L->blocks.at[L->info[n->id].home].wanted && !is_guarded(L->marks, n, GUARD_WEAK);
}

bool use_wanted(const Lower *L, const Node *n, int k)
{
    const Info *f = &L->info[n->id];
    bool asked = f->wanted && !is_guarded(L->marks, n, GUARD_MADE);
    if (n->op == OP_FOR)
        return k < 0 ? runs_where_wanted(L, n) : f->wanted;
    if (!f->branch)
        return f->wanted && !(n->op == OP_SELECT && !n->in[0]->shape.rank && k);
    if (n->op == OP_SELECT)
        return k ? runs_where_wanted(L, n) : asked;
    return k == 0 ? f->wanted : k == 2 ? asked : runs_where_wanted(L, n);
}

static void use_loop(Homes *h, Node *n, int home)
{
    Lower *L = h->L;
    const Region *r = region_of(L->g, n);
    Node **root;
    int nroots = region_roots(L->g, r, &root), body = new_list(L, home);
    L->blocks.at[body].loop = n;
    L->p->lists.at[body].turns = true;
    info_of(L, n)->loop = NEW(L->g->arena, Looped);
    info_of(L, n)->loop->body = body;
    bool turns = use_wanted(L, n, -1);
    L->blocks.at[body].wanted = turns;
    for (int k = 0; k <= r->ncarried; k++)
        use_in(h, n->in[k], home, use_wanted(L, n, k));
    for (int k = 0; k < nroots; k++) { /* what is kept for a derivative is read here, and wanted in some turns */
        bool row = k >= r->ncarried && k < region_turns(r) && !L->o->check_bounds;
        use_in(h, root[k], body, turns && !row);
    }
    use_in(h, r->index, body, true);
    for (int k = 0; k < r->ncarried; k++)
        use_in(h, r->carried[k], body, true);
}

static void use_member(Homes *h, Node *n, int home)
{
    Lower *L = h->L;
    int side, at;
    Node *c = member_condition(n, &side);
    at = find_branch(h, c, home, branch_part(L->marks, n));
    Branch *b = &L->branches.at[at];
    vec_push(L->g->arena, &b->member, n);
    info_of(L, n)->branch = at + 1;
    use_in(h, c, home, use_wanted(L, n, n->op == OP_SELECT ? 0 : 2));
    for (int k = 0; k < n->nin; k++)
        use_in(h, n->in[k], use_list(L, n, k), use_wanted(L, n, k));
}

/* From the uses up: a node is met when all its uses have been. */
static void find_homes(Homes *h)
{
    Lower *L = h->L;
    Function *fn = L->p->function;
    for (int id = 0; id < L->n; id++) {
        L->info[id].home = -1;
        L->info[id].wanted = false;
        L->info[id].half = 0;
        L->info[id].branch = 0;
    }
    for (int k = 0; k < fn->outputs.n; k++)
        use_in(h, fn->outputs.at[k].node, 0, true);
    for (int k = 0; k < fn->checks.n; k++)
        use_in(h, fn->checks.at[k].cond, 0, true);
    for (int id = L->n - 1; id >= 0; id--) {
        Node *n = L->g->nodes.at[id];
        Info *f = &L->info[id];
        if (!f->uses)
            continue;
        if (f->home < 0) /* a placeholder that nobody reads */
            f->home = 0;
        lift(h, n);
        if (op_info(n)->family == F_LEAF && n->op != OP_HOLE)
            f->home = 0;
        if (n->op == OP_FOR)
            use_loop(h, n, f->home);
        else if (may_branch(L, n))
            use_member(h, n, f->home);
        else
            for (int k = 0; k < n->nin; k++)
                use_in(h, n->in[k], f->home, use_wanted(L, n, k));
    }
    for (int i = 0; i < L->branches.n; i++) { /* were met from the last to the first */
        Branch *b = &L->branches.at[i];
        for (int k = 0, last = b->member.n - 1; k < last; k++, last--) {
            Node *swap = b->member.at[k];
            b->member.at[k] = b->member.at[last];
            b->member.at[last] = swap;
        }
    }
}

/* ---- Branches that are worth it ---- */

static bool slice_in_range(Lower *L, const Node *n)
{
    Graph *g = L->g;
    Sizes *z = g->sizes;
    for (int i = 0; i < n->shape.rank; i++) {
        const Size *len = n->shape.dim[i], *first = move_start(g, n, i);
        const Size *way = size_mul(z, size_int(g, move_step(n, i)), size_sub(z, len, size_int(g, 1)));
        const Size *last = size_add(z, first, way), *low = move_step(n, i) > 0 ? first : last;
        const Size *high = size_add(z, low == first ? last : first, size_int(g, 1));
        if (!size_known_ge(z, low, size_int(g, 0)) || !size_known_ge(z, n->in[0]->shape.dim[i], high))
            return false;
    }
    return true;
}

/* What it costs to compute where it is not wanted; MANY_OPERATIONS where that is not allowed. */
static int weight(Lower *L, const Node *n)
{
    switch (op_info(n)->family) {
    case F_LEAF: return 0;
    case F_MOVE: return n->op == OP_SLICE && !slice_in_range(L, n) ? MANY_OPERATIONS : 0;
    case F_POINTWISE:
        if ((n->op == OP_FLOORDIV || n->op == OP_MOD) && !dtype_is_real((Dtype)n->dtype) && !node_is_const(n->in[1]))
            return MANY_OPERATIONS;
        return op_info(n)->cost;
    case F_INDEX:
        for (int k = 1; k < n->nin && n->op == OP_GATHER; k++)
            if (!index_in_range(L->g, n->in[k], n->in[0]->shape.dim[n->attr[k - 1]]))
                return MANY_OPERATIONS;
        return n->op == OP_GATHER ? 1 : MANY_OPERATIONS;
    case F_REDUCE:
    case F_CONTRACT: return unrolls(L, (Node *)n) ? op_info(n)->cost : MANY_OPERATIONS;
    case F_CONTROL: return n->op == OP_PART ? 0 : MANY_OPERATIONS;
    default: return MANY_OPERATIONS;
    }
}

/* The list, or the one around where its branch is none. */
static int real_list(const Lower *L, int list)
{
    while (L->blocks.at[list].branch >= 0 && L->branches.at[L->blocks.at[list].branch].plain)
        list = L->blocks.at[list].parent;
    return list;
}

static void weigh_branches(Lower *L)
{
    Graph *g = L->g;
    int *total = NEW_N(g->arena, int, L->branches.n + 1);
    for (int i = 0; i < L->branches.n; i++)
        for (int k = 0; k < L->branches.at[i].member.n; k++)
            if (is_put(L->branches.at[i].member.at[k]))
                total[i] = MANY_OPERATIONS;
    for (int i = 0; i < L->blocks.n; i++) /* a check needs a list */
        for (int list = i; L->blocks.at[i].checks.n && list > 0; list = L->blocks.at[list].parent)
            if (L->blocks.at[list].branch >= 0)
                total[L->blocks.at[list].branch] = MANY_OPERATIONS;
    for (int id = 0; id < L->n; id++) {
        if (!L->info[id].uses)
            continue;
        int list = L->info[id].home, w = weight(L, g->nodes.at[id]);
        for (; list > 0; list = L->blocks.at[list].parent) {
            int b = L->blocks.at[list].branch;
            if (b >= 0 && total[b] < MANY_OPERATIONS)
                total[b] += w;
        }
    }
    for (int i = 0; i < L->branches.n; i++)
        L->branches.at[i].plain = total[i] <= FEW_OPERATIONS;
    for (int i = 0; i < L->blocks.n; i++)
        if (L->blocks.at[i].parent >= 0) {
            L->blocks.at[i].parent = real_list(L, L->blocks.at[i].parent);
            L->p->lists.at[i].parent = L->blocks.at[i].parent;
        }
    for (int i = 0; i < L->branches.n; i++)
        L->branches.at[i].list = real_list(L, L->branches.at[i].list);
    for (int id = 0; id < L->n; id++) {
        Info *f = &L->info[id];
        if (f->uses)
            f->home = real_list(L, f->home);
        if (f->branch && L->branches.at[f->branch - 1].plain)
            f->branch = 0;
    }
}

int use_list(Lower *L, const Node *n, int k)
{
    const Info *f = info_of(L, n);
    int side;
    if (!f->branch)
        return f->home;
    member_condition((Node *)n, &side);
    const Branch *b = &L->branches.at[f->branch - 1];
    if (n->op == OP_SELECT)
        return k ? b->side[side ^ (k == 2)] : f->home;
    return k == 0 || k == 2 ? f->home : b->side[side];
}

int item_list(const Lower *L, int list, int from)
{
    while (from >= 0 && from != list && L->blocks.at[from].parent != list)
        from = L->blocks.at[from].parent;
    return from;
}

/* ---- Who reads whom ---- */

/* Calls `edge` for each value that a live node, or the end of a loop's turn, reads in `list`. */
static void each_edge(Lower *L, void (*edge)(Lower *, Node *x, Node *reader, int list))
{
    for (int id = 0; id < L->n; id++) {
        Node *n = L->g->nodes.at[id], **root;
        const Info *f = &L->info[id];
        if (!f->uses)
            continue;
        int nin = n->op == OP_FOR ? 1 + region_of(L->g, n)->ncarried : n->nin;
        for (int k = 0; k < nin; k++)
            edge(L, n->in[k], n, use_list(L, n, k));
        int nroots = n->op == OP_FOR ? region_roots(L->g, region_of(L->g, n), &root) : 0;
        for (int k = 0; k < nroots; k++)
            edge(L, root[k], n, f->loop->body);
    }
    for (int list = 0; list < L->blocks.n; list++)
        for (int i = 0; i < L->blocks.at[list].checks.n; i++) {
            const Deferred *d = &L->blocks.at[list].checks.at[i];
            Node *owner = L->blocks.at[list].loop ? L->blocks.at[list].loop : L->branches.at[L->blocks.at[list].branch].member.at[0];
            for (int k = 1; k < d->gather->nin; k++)
                edge(L, d->gather->in[k], owner, list);
            for (const Clause *c = d->where; c; c = c->up)
                edge(L, c->cond, owner, list);
        }
}

static void count_edge(Lower *L, Node *x, Node *reader, int list)
{
    (void)reader, (void)list;
    L->consumers[x->id + 1]++;
}

static void note_edge(Lower *L, Node *x, Node *reader, int list)
{
    L->consumer[L->consumers[x->id]++] = reader;
    int home = info_of(L, x)->home, inner = item_list(L, home, list);
    if (inner >= 0 && inner != home)
        vec_push(L->g->arena, &L->blocks.at[inner].needs, x);
}

static void find_consumers(Lower *L)
{
    L->consumers = NEW_N(L->g->arena, int, L->n + 2);
    each_edge(L, count_edge);
    for (int i = 0; i < L->n; i++)
        L->consumers[i + 1] += L->consumers[i];
    L->consumer = NEW_N(L->g->arena, Node *, L->consumers[L->n] + 1);
    each_edge(L, note_edge);
    for (int i = L->n; i > 0; i--) /* the counters have moved to the ends */
        L->consumers[i] = L->consumers[i - 1];
    L->consumers[0] = 0;
}

/* ---- Branches whose members depend on each other ---- */

/* Whether the node lies in a side of the branch. */
static bool in_sides(const Lower *L, int branch, const Node *n)
{
    for (int list = L->info[n->id].home; list > 0; list = L->blocks.at[list].parent)
        if (L->blocks.at[list].branch == branch)
            return true;
    return false;
}

/* Whether what is made of a member is needed for a member, other than as the array that it changes. */
static bool is_dependent(Lower *L, int branch, int *stamp, int now, Node **todo)
{
    const Branch *b = &L->branches.at[branch];
    int top = 0;
    for (int k = 0; k < b->member.n; k++)
        todo[top++] = b->member.at[k];
    while (top) {
        Node *x = todo[--top];
        bool member = L->info[x->id].branch == branch + 1;
        for (int i = L->consumers[x->id]; i < L->consumers[x->id + 1]; i++) {
            Node *c = L->consumer[i];
            bool target = L->info[c->id].branch == branch + 1;
            if (member && target && is_put(c) && c->in[0] == x)
                continue;
            if (target || in_sides(L, branch, c))
                return true;
            if (stamp[c->id] != now) {
                stamp[c->id] = now;
                todo[top++] = c;
            }
        }
    }
    return false;
}

/* The cost of what the sides compute for one member. */
static int member_weight(Lower *L, int branch, Node *m, int *stamp, int now, Node **todo)
{
    int top = 0, total = 0;
    todo[top++] = m;
    while (top) {
        Node *x = todo[--top];
        for (int k = 0; k < x->nin; k++) {
            Node *y = x->in[k];
            if (stamp[y->id] == now || !in_sides(L, branch, y))
                continue;
            stamp[y->id] = now;
            total += weight(L, y);
            todo[top++] = y;
            if (total > FEW_OPERATIONS)
                return total;
        }
    }
    return total;
}

/* Of a branch that cannot be one for all its members the light ones leave. */
static bool drop_members(Lower *L, const bool *fixed)
{
    Arena *a = L->g->arena;
    bool changed = false;
    int *stamp = NEW_N(a, int, L->n + 1), now = 0;
    Node **todo = NEW_N(a, Node *, L->n + L->consumers[L->n] + 1);
    for (int i = 0; i < L->branches.n; i++) {
        Branch *b = &L->branches.at[i];
        if (b->plain || b->member.n < 2 || !is_dependent(L, i, stamp, ++now, todo))
            continue;
        for (int k = 0; k < b->member.n; k++) {
            Node *m = b->member.at[k];
            if (L->o->check_bounds && (fixed[m->in[1]->id] || fixed[m->in[m->nin - 1]->id])) /* a check needs its list */
                continue;
            if (m->op != OP_SELECT || member_weight(L, i, m, stamp, ++now, todo) > FEW_OPERATIONS)
                continue;
            info_of(L, m)->expression = L->dropped = changed = true;
        }
    }
    return changed;
}

/* Changes of arrays where they may not be wanted are to ask themselves whether their indices are in range. */
static void mark_far(Lower *L)
{
    for (int id = 0; id < L->n && !L->o->check_bounds; id++) {
        const Node *n = L->g->nodes.at[id];
        bool change = is_put(n), far = false;
        if (!L->info[id].uses || (!change && n->op != OP_SCATTER) || (change && put_guard(n) ? runs_where_wanted(L, n) : L->info[id].wanted))
            continue;
        Node *const *index = change ? put_index(n) : n->in + 1;
        for (int k = 0; k < (change ? put_indices(n) : n->nin - 1); k++)
            far |= !index_in_range(L->g, index[k], n->shape.dim[n->attr[k + change]]);
        if (far)
            L->again |= add_mark(L->g, L->marks, n, MARK_FAR);
    }
}

void find_blocks(Lower *L)
{
    Arena *a = L->g->arena;
    Homes h = {.L = L, .loop = NEW_N(a, int, L->n + 1), .fixed = NEW_N(a, bool, L->n + 1)};
    find_loops(&h);
    do {
        h.branch = NEW_N(a, int, L->n + 1);
        h.other.n = L->blocks.n = L->branches.n = L->p->lists.n = 0;
        new_list(L, -1);
        find_homes(&h);
        defer_checks(L);
        weigh_branches(L);
        find_consumers(L);
    } while (L->branches.n && drop_members(L, h.fixed));
    mark_far(L);
    for (int id = 0; id < L->n; id++)
        if (L->info[id].uses)
            vec_push(a, &L->blocks.at[L->info[id].home].node, L->g->nodes.at[id]);
}
