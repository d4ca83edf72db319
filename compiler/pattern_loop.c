/* pattern_loop.c - loops: the body is gone through turn by turn where the number of turns is known;
 * else again and again, with what a turn may add, until nothing is added any more. And rules of the
 * model's own, which are regions too. */
#include "pattern_impl.h"

enum { ROUNDS = 64 };
static const double WORK_MOST = 4e8; /* elements: some seconds */

/* Which nodes of a body are updates of an array that is carried, or is such an update itself, and
 * that nothing reads behind them. */
static bool *find_updates(Scan *s, const Walk *w, int nroots, Node *const *root, const bool *placeholder)
{
    bool *updates = NEW_N(s->arena, bool, w->n + 1);
    int *last = NEW_N(s->arena, int, w->n + 1); /* the last node that reads it */
    for (int k = 0; k < w->n; k++)
        for (int i = 0; i < w->node[k]->nin; i++) {
            int at = walk_find(w, w->node[k]->in[i]);
            if (at >= 0)
                last[at] = k;
        }
    for (int k = 0; k < nroots; k++) {
        int at = walk_find(w, root[k]);
        if (at >= 0)
            last[at] = w->n;
    }
    for (int k = 0; k < w->n; k++) {
        const Node *n = w->node[k];
        int at = is_put(n) ? walk_find(w, n->in[0]) : -1;
        updates[k] = at >= 0 && last[at] == k && (placeholder[at] || updates[at]);
        for (int i = 1; i < n->nin; i++)
            updates[k] &= n->in[i] != n->in[0];
    }
    return updates;
}

Body *body_of(Scan *s, int64_t region)
{
    Body **known = &s->body[region];
    if (*known)
        return *known;
    Graph *g = s->g;
    const Region *r = g->regions.at[region];
    Node **root;
    int nroots = region_roots(g, r, &root), first = r->index->id;
    for (int k = 0; k < r->ncarried; k++)
        first = r->carried[k]->id < first ? r->carried[k]->id : first;
    Walk w = walk_ancestors(g, nroots, root, first);
    bool *inside = NEW_N(s->arena, bool, w.n + 1);
    region_inside(r, &w, inside);
    Body *b = *known = NEW(s->arena, Body);
    bool *own = NEW_N(s->arena, bool, w.n + 1); /* placeholders */
    for (int c = -1; c < r->ncarried; c++) {
        int at = walk_find(&w, c < 0 ? r->index : r->carried[c]);
        if (at >= 0)
            own[at] = true;
    }
    b->node = NEW_N(s->arena, Node *, w.n + 1);
    b->in_place = NEW_N(s->arena, bool, w.n + 1);
    b->moves = NEW_N(s->arena, bool, r->ncarried + 1);
    bool *updates = find_updates(s, &w, nroots, root, own);
    for (int k = 0; k < w.n; k++) {
        int64_t count = shape_fixed_count(g, w.node[k]->shape);
        if (!inside[k] || own[k])
            continue;
        b->in_place[b->n] = updates[k];
        b->node[b->n++] = w.node[k];
        b->work += count > 0 && !updates[k] ? (double)count : 1;
    }
    for (int c = 0; c < r->ncarried; c++) {
        int at = walk_find(&w, r->next[c]);
        b->moves[c] = at >= 0 && updates[at];
        for (int k = 0; k < r->ncarried; k++)
            b->moves[c] &= k == c || r->next[k] != r->next[c];
    }
    return b;
}

void scan_body(Scan *s, const Body *b, bool in_place)
{
    for (int k = 0; k < b->n; k++) {
        for (int i = 0; i < b->node[k]->nin; i++)
            info_of(s, b->node[k]->in[i]); /* constants are no inputs of the loop */
        s->in_place = in_place && b->in_place[k];
        scan_node(s, b->node[k]);
        s->in_place = false;
    }
}

static Info *own_info(Scan *s, const Node *n)
{
    if (!s->info[n->id])
        s->info[n->id] = NEW(s->arena, Info);
    return s->info[n->id];
}

static void set_index(Scan *s, const Region *r, double turn)
{
    copy_info(s, own_info(s, r->index), &(Info){.every = turn});
    s->info[r->index->id]->count = 1;
}

/* Row `row` of a collected result. */
static void collect(Scan *s, const Info *turn, int64_t row, Info *all)
{
    if (all->count < 0) {
        all->all = sets_join(s->sets, all->all, join_info(s, turn));
        return;
    }
    if (has_sets(turn) && !all->set)
        new_sets(s, all);
    if (has_values(turn) && !all->value)
        new_values(s, all);
    for (int64_t k = 0; k < turn->count && all->set; k++)
        all->set[row * turn->count + k] = set_at(turn, k);
    for (int64_t k = 0; k < turn->count && all->value; k++)
        all->value[row * turn->count + k] = value_at(turn, k);
}

static void turn_by_turn(Scan *s, const Region *r, const Body *b, int64_t turns, Info *part)
{
    for (int64_t t = 0; t < turns; t++) {
        int64_t i = r->reverse ? turns - 1 - t : t;
        set_index(s, r, (double)i);
        scan_body(s, b, true);
        for (int k = 0; k < r->ncollected; k++)
            collect(s, info_of(s, r->collected[k]), i, &part[r->ncarried + k]);
        for (int k = 0; k < r->ncarried; k++)
            if (r->next[k] != r->carried[k] && !b->moves[k])
                copy_info(s, &part[k], info_of(s, r->next[k]));
        for (int k = 0; k < r->ncarried; k++)
            if (b->moves[k])
                move_info(s->info[r->carried[k]->id], s->info[r->next[k]->id]);
            else if (r->next[k] != r->carried[k])
                copy_info(s, s->info[r->carried[k]->id], &part[k]);
    }
    for (int k = 0; k < r->ncarried; k++)
        if (b->moves[k])
            copy_info(s, &part[k], s->info[r->carried[k]->id]);
}

/* Adds the sets of `more` to those of `to`; whether that changes them. */
static bool add_sets(Scan *s, Info *to, const Info *more)
{
    bool changed = false;
    if (!has_sets(more))
        return false;
    if (!to->set && !more->set) {
        int32_t all = sets_join(s->sets, to->all, more->all);
        changed = all != to->all;
        to->all = all;
        return changed;
    }
    if (!to->set) {
        int32_t all = to->all;
        new_sets(s, to);
        for (int64_t k = 0; k < to->count; k++)
            to->set[k] = all;
    }
    for (int64_t k = 0; k < to->count; k++) {
        int32_t all = sets_join(s->sets, to->set[k], set_at(more, k));
        changed |= all != to->set[k];
        to->set[k] = all;
    }
    return changed;
}

static void forget_values(Info *i)
{
    i->value = NULL;
    i->every = (double)NAN;
}

static void until_settled(Scan *s, Node *loop, const Region *r, const Body *b, Info *part)
{
    bool changed = true;
    for (int k = 0; k < r->ncarried; k++)
        forget_values(s->info[r->carried[k]->id]);
    for (int round = 0; changed && round <= ROUNDS; round++) {
        int32_t all = 0;
        for (int i = 1; round == ROUNDS && i < loop->nin; i++)
            all = sets_join(s->sets, all, join_info(s, s->info[loop->in[i]->id]));
        for (int k = 0; k < r->ncarried && round == ROUNDS; k++) { /* all that there is */
            Info *c = s->info[r->carried[k]->id];
            c->set = NULL;
            c->all = dtype_is_real((Dtype)r->carried[k]->dtype) ? all : 0;
        }
        set_index(s, r, (double)NAN);
        scan_body(s, b, false);
        changed = false;
        for (int k = 0; k < r->ncarried; k++)
            if (r->next[k] != r->carried[k])
                changed |= add_sets(s, s->info[r->carried[k]->id], info_of(s, r->next[k]));
    }
    for (int k = 0; k < r->ncarried; k++)
        copy_info(s, &part[k], s->info[r->carried[k]->id]);
    for (int k = 0; k < r->ncollected; k++) {
        Info *all = &part[r->ncarried + k], turn = *info_of(s, r->collected[k]);
        int64_t rows = all->count < 0 ? 1 : turn.count > 0 ? all->count / turn.count : 0;
        forget_values(&turn);
        for (int64_t row = 0; row < rows; row++)
            collect(s, &turn, row, all);
    }
}

void scan_loop(Scan *s, Node *n, Info *out)
{
    const Region *r = region_of(s->g, n);
    Body *b = body_of(s, n->attr[0]);
    int nparts = region_turns(r) + 1;
    Info *part = NEW_N(s->arena, Info, nparts);
    double turns = info_of(s, n->in[0])->every;
    bool counted = turns == turns && !r->cond && s->work + turns * b->work < WORK_MOST;
    out->part = part;
    for (int k = 0; k < nparts; k++) {
        part[k].every = (double)NAN;
        if (k >= r->ncarried && k < region_turns(r)) {
            int64_t each = shape_fixed_count(s->g, r->collected[k - r->ncarried]->shape);
            part[k].count = each < 0 || !r->bound || !r->bound->is_const ? -1 : each * r->bound->value;
        }
    }
    part[nparts - 1].count = 1;
    for (int k = 0; k < r->ncarried; k++) {
        copy_info(s, own_info(s, r->carried[k]), s->info[loop_init(n)[k]->id]);
        copy_info(s, &part[k], s->info[loop_init(n)[k]->id]);
    }
    if (!counted) {
        until_settled(s, n, r, b, part);
        return;
    }
    turn_by_turn(s, r, b, turns > 0 ? (int64_t)turns : 0, part);
    part[nparts - 1].every = turns > 0 ? turns : 0;
}

/* ---- Rules of the model's own ---- */

/* What the cotangent of each x of the rule depends on in dy; NULL: not known. */
static Pattern *rule_patterns(Scan *s, const Node *n)
{
    Pattern **known = &s->rule[n->attr[0]];
    const Region *r = s->g->regions.at[n->attr[0]];
    Node *dy = r->carried[r->ncarried - 1];
    bool fixed = shape_fixed_count(s->g, dy->shape) >= 0;
    for (int k = 0; k < r->ncollected; k++)
        fixed &= shape_fixed_count(s->g, r->collected[k]->shape) >= 0;
    if (*known || !fixed)
        return *known;
    Scan inner = new_scan(s->g, dy);
    scan_node(&inner, dy);
    scan_body(&inner, body_of(&inner, n->attr[0]), false);
    Pattern *p = NEW_N(s->arena, Pattern, r->ncollected + 1);
    for (int k = 0; k < r->ncollected; k++) {
        info_of(&inner, r->collected[k]);
        if (sets_full(inner.sets) || !take_rows(&inner, r->collected[k], &p[k]))
            return NULL;
    }
    return *known = p;
}

/* The rule is linear in dy: y[j] depends on those elements of x whose cotangents dy[j] is in. */
void scan_own(Scan *s, Node *n, Info *out)
{
    Pattern *p = rule_patterns(s, n);
    const Region *r = s->g->regions.at[n->attr[0]];
    if (!p) {
        join_operands(s, n, out);
        return;
    }
    int32_t *set = new_sets(s, out);
    for (int k = 0; k < r->ncollected; k++) {
        const Info *x = s->info[n->in[1 + k]->id];
        for (int64_t e = 0; e < p[k].rows && has_edge(s, n, 1 + k); e++)
            for (int32_t i = p[k].row_start[e]; i < p[k].row_start[e + 1]; i++)
                set[p[k].column[i]] = sets_join(s->sets, set[p[k].column[i]], set_at(x, e));
    }
}
