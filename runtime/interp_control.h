/* interp_control.h - what the interpreter evaluates and when: a part of interp_impl.h, which see.
 *
 * A node is evaluated when it is first wanted, so that neither the side of a selection that is not
 * taken nor what a loop without turns would read is looked at. The nodes of a loop's body are
 * wanted anew each turn; what is outside of it, which the body reads, once. */

/* ---- Arrays changed in one place ---- */

static bool LOCAL(guarded_off)(const INTERP *it, const Node *n)
{
    return put_guard(n) && !it->val[put_guard(n)->id]->integer[0];
}

static void LOCAL(eval_put)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *base = IN(0);
    for (int64_t i = 0; i < r->count; i++)
        LOCAL(copy)(r, i, base, i);
    if (LOCAL(guarded_off)(it, n))
        return;
    const VAL *u = IN(1);
    int64_t i = 0, place;
    EACH(at, u) {
        if (!LOCAL(place)(it, put_indices(n), put_index(n), n->attr + 1, r, u, at, &place))
            return;
        if (n->op == OP_PUT)
            LOCAL(copy)(r, place, u, i);
        else if (r->real)
            r->real[place] = LOCAL(round)((Dtype)n->dtype, r->real[place] + u->real[i]);
        else
            r->integer[place] = (int64_t)((uint64_t)r->integer[place] + (uint64_t)u->integer[i]);
        i++;
    } NEXT(at, u);
}

/* ---- Wanted nodes ---- */

/* The i-th node that n wants before it is evaluated, where those before are there; NULL: no more. */
static Node *LOCAL(wants)(const INTERP *it, const Node *n, int i)
{
    bool update = n->op == OP_PUT || n->op == OP_ADDTO;
    if (LAZY(n)) {
        int taken = i && it->val[n->in[0]->id]->integer[0] ? 1 : 2;
        return i == 0 ? n->in[0] : i == 1 ? n->in[taken] : NULL;
    }
    if (update && put_guard(n)) { /* the base, the guard, and the rest where that holds */
        static const int order[] = {0, 2, 1};
        if (i < 3)
            return i == 2 && LOCAL(guarded_off)(it, n) ? NULL : n->in[order[i]];
        return i < n->nin && !LOCAL(guarded_off)(it, n) ? n->in[i] : NULL;
    }
    if (n->op == OP_OWN)
        return i ? NULL : n->in[0];
    int n_wanted = n->op == OP_FOR ? 1 + region_of(it->graph, n)->ncarried : n->nin;
    return i < n_wanted ? n->in[i] : NULL;
}

static bool LOCAL(is_done)(INTERP *it, const Node *n)
{
    return LOCAL(room)(it, n)->done == it->run;
}

typedef struct LOCAL(Pending) {
    const Node *node;
    int next; /* which of the nodes that it wants */
} LOCAL(Pending);

/* Evaluates n and what it wants, without recursion but for loops in loops. */
static void LOCAL(want)(INTERP *it, const Node *n)
{
    int base = it->pending.n;
    vec_push(it->arena, &it->pending, (LOCAL(Pending)){.node = n});
    while (it->pending.n > base && !it->error) {
        LOCAL(Pending) *top = &it->pending.at[it->pending.n - 1];
        const Node *at = top->node,
                   *input = LOCAL(is_done)(it, at) ? NULL : LOCAL(wants)(it, at, top->next);
        if (input) {
            top->next++;
            if (!LOCAL(is_done)(it, input))
                vec_push(it->arena, &it->pending, (LOCAL(Pending)){.node = input});
            continue;
        }
        it->pending.n--;
        if (!LOCAL(is_done)(it, at))
            LOCAL(eval_node)(it, at);
    }
    it->pending.n = base;
}

/* ---- Loops ---- */

enum { LOCAL(max_depth) = 2000 }; /* of loops that are wanted by a turn of another one */

/* What depends on the turn, ascending ids, and the room that it had in the last run of the loop. */
typedef struct LOCAL(Body) {
    int n;
    const Node **node; /* NULL: not known yet */
    VAL **room, **outer; /* outer: what stood there before the loop began */
    bool busy; /* the loop is running: one that shares its placeholders may run meanwhile */
} LOCAL(Body);

static int LOCAL(first_placeholder)(const Region *r)
{
    int first = r->index->id;
    for (int k = 0; k < r->ncarried; k++)
        if (r->carried[k]->id < first)
            first = r->carried[k]->id;
    return first;
}

/* Root k of a region, in the order in which a turn wants them; NULL behind the last. */
static Node *LOCAL(root)(const Region *r, int k)
{
    if (r->cond && k-- == 0)
        return r->cond;
    if (k < r->nchecks)
        return r->check[k];
    k -= r->nchecks;
    if (k < r->ncarried)
        return r->next[k];
    k -= r->ncarried;
    return k < r->ncollected ? r->collected[k] : NULL;
}

static void LOCAL(find_body)(INTERP *it, const Region *r, LOCAL(Body) *b)
{
    int first = LOCAL(first_placeholder)(r), last = first;
    Node *root;
    for (int k = 0; (root = LOCAL(root)(r, k)); k++)
        last = root->id > last ? root->id : last;
    for (int k = 0; k < r->ncarried; k++)
        last = r->carried[k]->id > last ? r->carried[k]->id : last;
    last = r->index->id > last ? r->index->id : last;
    bool *used = NEW_N(it->arena, bool, last - first + 1);
    bool *inside = NEW_N(it->arena, bool, last - first + 1);
    for (int k = 0; (root = LOCAL(root)(r, k)); k++)
        if (root->id >= first)
            used[root->id - first] = true;
    for (int id = last; id >= first; id--)
        for (int i = 0; used[id - first] && i < it->graph->nodes.at[id]->nin; i++)
            if (it->graph->nodes.at[id]->in[i]->id >= first)
                used[it->graph->nodes.at[id]->in[i]->id - first] = true;
    inside[r->index->id - first] = true;
    for (int k = 0; k < r->ncarried; k++)
        inside[r->carried[k]->id - first] = true;
    b->node = NEW_N(it->arena, const Node *, last - first + 1);
    for (int id = first; id <= last; id++) {
        const Node *n = it->graph->nodes.at[id];
        for (int i = 0; used[id - first] && i < n->nin; i++)
            inside[id - first] |= n->in[i]->id >= first && inside[n->in[i]->id - first];
        if (inside[id - first])
            b->node[b->n++] = n;
    }
    b->room = NEW_N(it->arena, VAL *, b->n + 1);
    b->outer = NEW_N(it->arena, VAL *, b->n + 1);
}

static LOCAL(Body) *LOCAL(body)(INTERP *it, const Node *loop)
{
    int count = it->graph->regions.n;
    if (it->nbody < count) {
        it->body = arena_grow(it->arena, it->body, sizeof *it->body * (size_t)it->nbody,
                              sizeof *it->body * (size_t)count);
        it->nbody = count;
    }
    if (!it->body[loop->attr[0]])
        it->body[loop->attr[0]] = NEW(it->arena, LOCAL(Body));
    LOCAL(Body) *b = it->body[loop->attr[0]];
    if (!b->node)
        LOCAL(find_body)(it, region_of(it->graph, loop), b);
    return b;
}

/* The room of a loop's results: what is carried and the rows that are collected. */
static void LOCAL(make_parts)(INTERP *it, const Region *r, VAL *loop)
{
    int n = r->ncarried + r->ncollected;
    if (loop->part)
        return;
    loop->part = NEW_N(it->arena, VAL, n + 1);
    for (int k = 0; k < n; k++) {
        const Node *like = k < r->ncarried ? r->carried[k] : r->collected[k - r->ncarried];
        VAL *v = &loop->part[k];
        v->count = 1;
        for (int i = 0; i < like->shape.rank; i++)
            v->count *= LOCAL(size)(it, like->shape.dim[i]);
        if (k >= r->ncarried)
            v->count *= r->bound ? LOCAL(size)(it, r->bound) : 0;
        if (v->count < 0)
            v->count = 0;
        if (dtype_is_real((Dtype)like->dtype))
            v->real = NEW_N(it->arena, NUM, v->count + 1);
        else
            v->integer = NEW_N(it->arena, int64_t, v->count + 1);
    }
}

static void LOCAL(copy_all)(VAL *to, const VAL *from)
{
    for (int64_t i = 0; i < to->count; i++)
        LOCAL(copy)(to, i, from, i);
}

static void LOCAL(give)(INTERP *it, const Node *leaf)
{
    VAL *v = LOCAL(room)(it, leaf);
    v->given = true;
    v->done = it->run;
}

/* One turn; false where the loop ends before it, or fails. */
static bool LOCAL(turn)(INTERP *it, const Region *r, const LOCAL(Body) *b, VAL *loop, int64_t i)
{
    for (int k = 0; k < b->n; k++)
        if (it->val[b->node[k]->id])
            it->val[b->node[k]->id]->done = 0;
    LOCAL(give)(it, r->index);
    it->val[r->index->id]->integer[0] = i;
    for (int k = 0; k < r->ncarried; k++) {
        LOCAL(give)(it, r->carried[k]);
        LOCAL(copy_all)(it->val[r->carried[k]->id], &loop->part[k]);
    }
    Node *root;
    for (int k = 0; (root = LOCAL(root)(r, k)) && !it->error; k++) {
        LOCAL(want)(it, root);
        if (it->error)
            return false;
        if (root == r->cond && k == 0 && !it->val[root->id]->integer[0])
            return false;
        int check = k - (r->cond != NULL);
        if (check >= 0 && check < r->nchecks && !it->val[root->id]->integer[0]) {
            LOCAL(fail_with)(it, r->check_code[check], "a check of a loop does not hold");
            return false;
        }
    }
    for (int k = 0; k < r->ncarried; k++)
        LOCAL(copy_all)(&loop->part[k], it->val[r->next[k]->id]);
    for (int k = 0; k < r->ncollected; k++) {
        const VAL *row = it->val[r->collected[k]->id];
        VAL *to = &loop->part[r->ncarried + k];
        if ((i + 1) * row->count > to->count) {
            FAIL("a loop takes more turns than its bound");
            return false;
        }
        for (int64_t e = 0; e < row->count; e++)
            LOCAL(copy)(to, i * row->count + e, row, e);
    }
    return true;
}

static void LOCAL(eval_loop)(INTERP *it, const Node *n, VAL *loop)
{
    const Region *r = region_of(it->graph, n);
    LOCAL(Body) *b = LOCAL(body)(it, n);
    int64_t count = IN(0)->integer[0];
    bool again = b->busy;
    if (++it->depth > LOCAL(max_depth))
        FAIL("too many loops wait for one another");
    VAL **outer = again ? NEW_N(it->arena, VAL *, b->n + 1) : b->outer;
    b->busy = true;
    LOCAL(make_parts)(it, r, loop);
    for (int k = 0; k < r->ncarried; k++)
        LOCAL(copy_all)(&loop->part[k], IN(1 + k));
    for (int k = 0; k < b->n; k++) {
        outer[k] = it->val[b->node[k]->id];
        it->val[b->node[k]->id] = again ? NULL : b->room[k];
    }
    loop->turns = 0;
    while (!it->error && loop->turns < count &&
           LOCAL(turn)(it, r, b, loop, r->reverse ? count - 1 - loop->turns : loop->turns))
        loop->turns++;
    for (int k = 0; k < b->n; k++) {
        if (!again)
            b->room[k] = it->val[b->node[k]->id];
        it->val[b->node[k]->id] = outer[k];
    }
    b->busy = again;
    it->depth--;
}

static void LOCAL(eval_part)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *loop = IN(0);
    if (n->attr[0] == region_turns(region_of(it->graph, n->in[0])))
        r->integer[0] = loop->turns;
    else
        LOCAL(copy_all)(r, &loop->part[n->attr[0]]);
}
