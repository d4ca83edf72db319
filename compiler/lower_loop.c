/* lower_loop.c - loops, branches and changes in place as steps.
 *
 * What a loop carries is mutable variables where it is scalars or few elements, else
 * memory that each turn changes in place, or two pieces of memory that change places
 * (plan.c finds out which). */
#include "lower.h"
#include "region.h"

/* Element e of a tensor of fixed size. */
static Node *element(Lower *L, Node *n, int64_t e)
{
    Node *idx[MAX_RANK];
    for (int i = n->shape.rank - 1; i >= 0; i--) {
        idx[i] = const_int(L->g, T_I64, e % n->shape.dim[i]->value);
        e /= n->shape.dim[i]->value;
    }
    return lower_at(L, n, idx);
}

/* Placeholders for all elements of n, named as it is. */
static void stand_in(Lower *L, Node *n)
{
    int64_t count = shape_fixed_count(L->g, n->shape);
    Info *f = info_of(L, n);
    f->element = NEW_N(L->g->arena, Node *, count + 1);
    for (int64_t e = 0; e < count; e++) {
        const char *name = n->name;
        int64_t rest = e, idx[MAX_RANK];
        for (int i = n->shape.rank - 1; i >= 0; i--) {
            idx[i] = rest % n->shape.dim[i]->value;
            rest /= n->shape.dim[i]->value;
        }
        for (int i = 0; i < n->shape.rank && name; i++)
            name = arena_printf(L->g->arena, "%s_%d", name, (int)idx[i]);
        f->element[e] = placeholder(L->g, (Dtype)n->dtype, shape_scalar());
        f->element[e]->name = name;
    }
}

void store_small(Groups *gs, Node *n)
{
    Info *f = info_of(gs->L, n);
    if (f->class != CLASS_SMALL || !f->memory)
        return;
    give_buffer(gs->L, n);
    f->avail = place_member(gs, n, 0, f->buffer, f->avail);
}

static Step *step_at(Groups *gs, int number)
{
    return &gs->list.at[number].step;
}

static int append_result(Groups *gs, Result r)
{
    Group gr = {.closed = true};
    gr.step.kind = STEP_LOOPS;
    vec_push(gs->L->g->arena, &gr.step.results, r);
    return append_group(gs, gr);
}

/* ---- Changes in place ---- */

/* What reads an array that is about to change, by expressions that are written out only where they are used. */
typedef struct OldValues {
    Lower *L;
    bool *seen, *open, *leads; /* by node; open: still to be used; leads: to what is, and may be rewritten there */
    VEC(Node *) list;          /* the array's states, its readers, what is made of them */
    int nstates, first;        /* how many are states; states and readers */
} OldValues;

/* A reader that has been placed and has no name of its own. */
static void see_reader(OldValues *o, Node *n)
{
    const Info *f = info_of(o->L, n);
    bool text = f->class == CLASS_SMALL || f->class == CLASS_INLINE || f->class == CLASS_SCALAR;
    if (!f->done || o->seen[n->id] || !text || f->branch || n->op == OP_PART)
        return;
    o->seen[n->id] = true;
    vec_push(o->L->g->arena, &o->list, n);
}

static void find_old_readers(OldValues *o, Node *array)
{
    Lower *L = o->L;
    Node **state;
    o->nstates = array_states(L, array, &state);
    for (int k = 0; k < o->nstates; k++)
        vec_push(L->g->arena, &o->list, state[k]);
    for (int k = 0; k < o->nstates; k++) { /* a side that leaves it as it was goes on with what was there before */
        Node *was = state[k]->op == OP_SELECT && info_of(L, state[k])->takes ? info_of(L, state[k])->before_sides : NULL;
        for (int i = was ? L->consumers[was->id] : 0; was && i < L->consumers[was->id + 1]; i++)
            if (!exclude_each_other(L, info_of(L, L->consumer[i])->home, L->list))
                see_reader(o, L->consumer[i]);
    }
    for (int i = 0; i < o->list.n; i++) {
        Node *x = o->list.at[i];
        if (i == o->nstates)
            o->first = o->list.n;
        o->open[x->id] |= info_of(L, x)->output && info_of(L, x)->buffer < 0; /* stored behind everything */
        for (int k = L->consumers[x->id]; k < L->consumers[x->id + 1]; k++) {
            Node *c = L->consumer[k];
            bool used = !info_of(L, c)->done;
            o->open[x->id] |= used;
            o->leads[x->id] |= used && i >= o->nstates && !(is_put(c) && c->in[1] == x); /* else it is stored as it is */
            see_reader(o, c);
        }
    }
}

/* Hands a mark on from what is made of something to that. */
static void pass_on(OldValues *o, bool *mark, bool (*passes)(Lower *, const Node *))
{
    for (bool more = true; more;) {
        more = false;
        for (int i = o->list.n - 1; i >= o->nstates; i--) {
            const Node *x = o->list.at[i];
            for (int k = 0; mark[x->id] && (!passes || passes(o->L, x)) && k < x->nin; k++) {
                more |= o->seen[x->in[k]->id] && !mark[x->in[k]->id];
                mark[x->in[k]->id] |= o->seen[x->in[k]->id];
            }
        }
    }
}

/* A tensor that is written out where it is used has no name itself; branches read behind a `not`. */
static bool has_no_name(Lower *L, const Node *n)
{
    return n->shape.rank ? info_of(L, n)->class == CLASS_INLINE : n->op == OP_NOT;
}

/* What is still to be used gets a name before the array changes; what reads the array itself does, too, where
 * rules may look through that. */
static void name_old_values(Groups *gs, Node *array)
{
    Lower *L = gs->L;
    bool **mark[3] = {&L->seen, &L->open, &L->leads};
    for (int k = 0; k < 3; k++)
        *mark[k] = *mark[k] ? *mark[k] : NEW_N(L->g->arena, bool, L->n);
    OldValues o = {.L = L, .seen = L->seen, .open = L->open, .leads = L->leads};
    find_old_readers(&o, array);
    pass_on(&o, o.open, has_no_name);
    pass_on(&o, o.leads, NULL);
    for (int i = o.nstates; i < o.list.n; i++) {
        Node *x = o.list.at[i];
        Class class = (Class)info_of(L, x)->class;
        bool named = o.open[x->id] || (o.leads[x->id] && i < o.first);
        if (!named || (class != CLASS_SMALL && (class != CLASS_INLINE || x->shape.rank)))
            continue;
        int before = L->list;
        int64_t count = shape_fixed_count(L->g, x->shape);
        L->list = info_of(L, x)->home;
        for (int64_t e = 0; e < count; e++) {
            Node *v = element(L, x, e);
            if (!node_is_const(v))
                append_result(gs, (Result){.kind = RESULT_LET, .buffer = -1, .value = v});
        }
        L->list = before;
    }
    for (int i = 0; i < o.list.n; i++)
        o.seen[o.list.at[i]->id] = o.open[o.list.at[i]->id] = o.leads[o.list.at[i]->id] = false;
}

/* Rows of tapes that are the array as it is now. */
static void store_rows(Groups *gs, Node *array)
{
    Lower *L = gs->L;
    for (int i = L->consumers[array->id]; i < L->consumers[array->id + 1]; i++) {
        Node *n = L->consumer[i];
        Looped *loop = info_of(L, n)->loop;
        if (n->op != OP_FOR || !loop->stored || loop->body != info_of(L, array)->home)
            continue;
        const Region *r = region_of(L->g, n);
        int before = L->list;
        L->list = loop->body;
        for (int k = 0; k < r->ncollected; k++)
            if (r->collected[k] == array && loop->tape[k] >= 0 && !loop->stored[k]) {
                place_row(gs, array, loop->tape[k], r->index);
                loop->stored[k] = true;
            }
        L->list = before;
    }
}

/* Whether the memory of `array` may become that of n, and is that of an output then if n is one. */
static bool take_memory(Lower *L, Node *array, Node *n)
{
    const Info *f = info_of(L, array);
    int out = output_of(L, n);
    if (f->class == CLASS_SMALL || f->class == CLASS_INLINE || f->buffer < 0)
        return false;
    Buffer *b = &L->p->buffers.at[buffer_root(L->p, f->buffer)];
    bool free = b->place == PLACE_WORK || (b->place == PLACE_OUTPUT && out < 0);
    if (free && out >= 0 && !L->p->function->outputs.at[out].updates) {
        b->place = PLACE_OUTPUT;
        b->index = out;
    }
    return free;
}

/* The memory in which `array` may be changed: a version of its own, or a copy. */
static int changed_memory(Groups *gs, Node *array, Node *n, bool takes)
{
    Lower *L = gs->L;
    int out = output_of(L, n);
    if (takes && take_memory(L, array, n)) {
        name_old_values(gs, array);
        store_rows(gs, array);
        return add_version(L, info_of(L, array)->buffer, n);
    }
    double v;
    int buffer = out >= 0 ? add_buffer(L, PLACE_OUTPUT, out, n) : add_buffer(L, PLACE_WORK, 0, n);
    if (node_uniform(array, &v))
        place_fill(gs, buffer, v);
    else
        place_copy(gs, array, buffer);
    return buffer;
}

void place_put(Groups *gs, Node *n)
{
    Lower *L = gs->L;
    Info *f = info_of(L, n);
    int before = L->list;
    L->list = f->home; /* it has a value where the guard fails, too */
    f->buffer = changed_memory(gs, n->in[0], n, f->takes);
    L->list = before;
    f->class = CLASS_BUFFER;
    f->step = place_member(gs, n, 0, f->buffer, -1);
}

/* ---- Loops ---- */

static Node *part_of(Lower *L, Node *loop, int k)
{
    for (int i = L->consumers[loop->id]; i < L->consumers[loop->id + 1]; i++)
        if (L->consumer[i]->op == OP_PART && L->consumer[i]->attr[0] == k)
            return L->consumer[i];
    return NULL;
}

/* Before the loop: first values. */
static void open_carried(Groups *gs, Node *n, const Region *r, Step *s)
{
    Lower *L = gs->L;
    Looped *loop = info_of(L, n)->loop;
    Arena *a = L->g->arena;
    for (int k = 0; k < r->ncarried; k++) {
        Node *now = r->carried[k], *first = loop_init(n)[k];
        Info *f = info_of(L, now);
        loop->var[k] = loop->kept[k] = -1;
        if (f->small) {
            loop->var[k] = s->vars.n;
            if (now->shape.rank)
                stand_in(L, now);
            int64_t count = shape_fixed_count(L->g, now->shape);
            for (int64_t e = 0; e < count; e++) {
                Variable v = {.node = now->shape.rank ? f->element[e] : now};
                v.first = element(L, first, e);
                vec_push(a, &s->vars, v);
            }
            continue;
        }
        Node *result = part_of(L, n, k);
        if (result) { /* an output is computed where it belongs */
            f->buffer = changed_memory(gs, first, result, loop->takes[k]);
            Buffer *b = &L->p->buffers.at[f->buffer];
            b->node = now->name ? now : result->name ? result : now;
        } else {
            f->buffer = changed_memory(gs, first, now, loop->takes[k]);
        }
        L->p->buffers.at[f->buffer].list = loop->body;
        loop->kept[k] = s->kept.n;
        vec_push(a, &s->kept, (Kept){.now = f->buffer, .next = f->buffer, .result = -1});
    }
    if (L->checks.n)
        place_checks(gs);
}

/* The rows that a loop has collected. */
static bool is_tape(Lower *L, const Node *x)
{
    const Region *r = x->op == OP_PART ? region_of(L->g, x->in[0]) : NULL;
    return r && x->attr[0] >= r->ncarried && x->attr[0] < region_turns(r);
}

/* A product of few elements that is written out where it is used: its operands are not in memory. */
static bool is_written_product(Lower *L, const Node *x)
{
    return x->op == OP_CONTRACT && is_written_out(x, info_of(L, x));
}

/* A collected value is made in its row where it is made in memory; so is what an inner loop collects, whose
 * rows are rows of that row. */
static void open_tapes(Groups *gs, Node *n, const Region *r, Step *s)
{
    Lower *L = gs->L;
    Looped *loop = info_of(L, n)->loop;
    for (int k = 0; k < r->ncollected; k++) {
        Node *whole = part_of(L, n, r->ncarried + k), *x = r->collected[k];
        loop->tape[k] = -1;
        if (!whole)
            continue;
        give_buffer(L, whole);
        loop->tape[k] = info_of(L, whole)->buffer;
        L->p->buffers.at[loop->tape[k]].list = s->list;
        vec_push(L->g->arena, &s->tapes, loop->tape[k]);
        Info *f = info_of(L, x);
        Family family = op_info(x)->family;
        bool chosen = x->op == OP_SELECT && f->branch && !f->takes && !unrolls(L, x);
        bool own = f->home == loop->body && f->buffer < 0 && !f->done && !is_put(x) && (!f->branch || chosen) && !is_written_product(L, x) &&
                   (is_tape(L, x) || (!is_small_shape(L, x->shape) && family != F_LEAF && family != F_CONTROL && family != F_MOVE));
        for (int i = 0; i < r->ncarried; i++)
            own &= r->next[i] != x;
        if (!own)
            continue;
        f->memory = true;
        f->buffer = add_version(L, loop->tape[k], x);
        L->p->buffers.at[f->buffer].host = loop->tape[k];
        L->p->buffers.at[f->buffer].row = r->index;
        L->p->buffers.at[f->buffer].list = loop->body;
    }
}

static void close_tapes(Groups *gs, Node *n, const Region *r)
{
    Lower *L = gs->L;
    Looped *loop = info_of(L, n)->loop;
    for (int k = 0; k < r->ncollected; k++) {
        Node *x = r->collected[k];
        const Info *f = info_of(L, x);
        if (loop->tape[k] < 0)
            continue;
        bool there = f->buffer >= 0 && L->p->buffers.at[f->buffer].row && L->p->buffers.at[f->buffer].host == loop->tape[k];
        if ((!there || f->class != CLASS_BUFFER) && !loop->stored[k])
            place_row(gs, x, loop->tape[k], r->index);
    }
}

/* The memory that holds what carried value k is in the next turn. */
static int next_memory(Groups *gs, const Region *r, Looped *loop, Step *s, int k)
{
    Lower *L = gs->L;
    Node *x = r->next[k];
    const Info *f = info_of(L, x);
    int now = s->kept.at[loop->kept[k]].now, root = f->buffer >= 0 ? buffer_root(L->p, f->buffer) : -1;
    if (root >= 0 && root == buffer_root(L->p, now))
        return f->buffer;
    bool own = f->class == CLASS_BUFFER && root >= 0 && L->p->buffers.at[root].place == PLACE_WORK && !L->p->buffers.at[root].row &&
               L->p->buffers.at[root].list == loop->body && f->home == loop->body;
    for (int i = 0; i < s->kept.n; i++)
        own &= buffer_root(L->p, s->kept.at[i].next) != root && buffer_root(L->p, s->kept.at[i].now) != root;
    if (own)
        return f->buffer;
    int buffer = add_buffer(L, PLACE_WORK, 0, x);
    place_copy(gs, x, buffer);
    return buffer;
}

/* Behind a turn: what the next one starts with. */
static void close_carried(Groups *gs, const Region *r, Looped *loop, Step *s)
{
    Lower *L = gs->L;
    for (int k = 0; k < r->ncarried; k++) {
        if (loop->kept[k] >= 0) {
            s->kept.at[loop->kept[k]].next = next_memory(gs, r, loop, s, k);
            continue;
        }
        int64_t count = shape_fixed_count(L->g, r->next[k]->shape);
        for (int64_t e = 0; e < count; e++)
            s->vars.at[loop->var[k] + e].next = element(L, r->next[k], e);
    }
    if (L->checks.n)
        place_checks(gs);
}

void place_test(Groups *gs, ResultKind kind, Node *condition, int code)
{
    Lower *L = gs->L;
    place_these(gs, 1, &condition);
    Result test = {.kind = kind, .buffer = -1, .code = code, .value = element(L, condition, 0)};
    if (L->checks.n)
        place_checks(gs);
    if (!node_is_const(test.value) || !const_integer(test.value))
        L->floor = append_result(gs, test);
}

/* What has to hold in each turn comes before what may rely on it. */
static void place_tests(Groups *gs, const Region *r)
{
    if (r->cond)
        place_test(gs, RESULT_BREAK, r->cond, 0);
    for (int k = 0; k < r->nchecks; k++)
        place_test(gs, RESULT_CHECK, r->check[k], r->check_code[k]);
}

static Node *last_index(Graph *g, Node *count)
{
    const Size *n = node_size(g, count);
    if (n)
        return size_node(g, size_sub(g->sizes, n, size_int(g, 1)));
    if (count->op == OP_SUB && node_is_const(count->in[1]))
        return pw2(g, OP_SUB, count->in[0], const_int(g, T_I64, const_integer(count->in[1]) + 1));
    return pw2(g, OP_SUB, count, const_int(g, T_I64, 1));
}

void place_for(Groups *gs, Node *n)
{
    Lower *L = gs->L;
    Arena *a = L->g->arena;
    const Region *r = region_of(L->g, n);
    Looped *loop = info_of(L, n)->loop;
    int list = L->list, floor = L->floor;
    Step s = {.kind = STEP_FOR, .list = list, .body = loop->body, .other = -1, .index = r->index, .reverse = r->reverse};
    loop->var = NEW_N(a, int, r->ncarried + 1);
    loop->kept = NEW_N(a, int, r->ncarried + 1);
    loop->tape = NEW_N(a, int, r->ncollected + 1);
    loop->stored = NEW_N(a, bool, r->ncollected + 1);
    s.count = element(L, loop_count(n), 0);
    if (r->reverse) /* what the index starts with */
        s.count = last_index(L->g, s.count);
    open_carried(gs, n, r, &s);
    open_tapes(gs, n, r, &s);
    L->list = loop->body;
    L->floor = -1;
    place_deferred(gs, loop->body, true);
    place_tests(gs, r);
    place_deferred(gs, loop->body, false);
    place_list(gs, loop->body);
    close_tapes(gs, n, r);
    close_carried(gs, r, loop, &s);
    L->list = list;
    L->floor = floor;
    Group gr = {.closed = true, .step = s};
    loop->step = append_group(gs, gr);
    info_of(L, n)->avail = loop->step;
}

void place_part(Groups *gs, Node *n)
{
    Lower *L = gs->L;
    Node *loop = n->in[0];
    const Region *r = region_of(L->g, loop);
    Looped *at = info_of(L, loop)->loop;
    Info *f = info_of(L, n);
    Step *s = step_at(gs, at->step);
    int k = (int)n->attr[0];
    f->step = f->avail = at->step;
    f->class = CLASS_BUFFER;
    if (k >= r->ncarried && k < region_turns(r)) /* it has its buffer */
        return;
    if (k < r->ncarried && at->kept[k] >= 0) {
        Kept *kept = &s->kept.at[at->kept[k]];
        f->buffer = kept->result = add_version(L, kept->now, n);
        return;
    }
    f->class = CLASS_SMALL;
    f->step = -1;
    stand_in(L, n);
    int64_t count = shape_fixed_count(L->g, n->shape);
    if (k == region_turns(r))
        s->turns = f->element[0];
    else
        for (int64_t e = 0; e < count; e++)
            s->vars.at[at->var[k] + e].result = f->element[e];
    store_small(gs, n);
}

/* ---- Branches ---- */

/* The memory of a selected tensor; a side that is made for it alone is made there. */
static void open_selected(Groups *gs, Branch *b, Node *n)
{
    Lower *L = gs->L;
    Info *f = info_of(L, n);
    if (unrolls(L, n)) {
        f->class = CLASS_SMALL;
        stand_in(L, n);
        return;
    }
    f->class = CLASS_BUFFER;
    if (f->takes && take_memory(L, f->before_sides, n)) {
        f->buffer = add_version(L, info_of(L, f->before_sides)->buffer, n);
        return;
    }
    give_buffer(L, n);
    for (int k = 1; k < 3; k++) {
        Node *x = n->in[k];
        Info *fx = info_of(L, x);
        Family family = op_info(x)->family;
        bool chosen = x->op == OP_SELECT && fx->branch && !fx->takes && !unrolls(L, x);
        bool made = family != F_LEAF && family != F_MOVE && !is_put(x) && !is_small_shape(L, x->shape) && (family != F_CONTROL || is_tape(L, x)) && (!fx->branch || chosen);
        bool own = (fx->home == b->side[0] || fx->home == b->side[1]) && fx->uses == 1 && !fx->done && fx->buffer < 0 &&
                   shape_equal(x->shape, n->shape) && made && !is_written_product(L, x);
        if (!own)
            continue;
        fx->memory = true;
        fx->buffer = add_version(L, f->buffer, x);
        Buffer *at = &L->p->buffers.at[fx->buffer];
        const Buffer *whole = &L->p->buffers.at[f->buffer];
        if (whole->row) { /* of a tape: the same row */
            at->host = whole->host;
            at->row = whole->row;
            at->list = whole->list;
        }
    }
}

static void close_side(Groups *gs, int s, Node *n)
{
    Lower *L = gs->L;
    int side;
    member_condition(n, &side);
    if (is_put(n)) {
        if (side == s)
            place_put(gs, n);
        return;
    }
    Node *x = n->in[1 + (side != s)];
    Info *f = info_of(L, n), *fx = info_of(L, x);
    double v;
    if (f->class == CLASS_SMALL)
        return;
    if (fx->class != CLASS_SMALL && fx->class != CLASS_INLINE && fx->buffer >= 0 && buffer_root(L->p, fx->buffer) == buffer_root(L->p, f->buffer))
        return;
    if (node_uniform(x, &v))
        place_fill(gs, f->buffer, v);
    else
        place_side(gs, n, x, f->buffer);
}

static void add_variables(Groups *gs, Node *n, Step *s)
{
    Lower *L = gs->L;
    int side, list = L->list;
    member_condition(n, &side);
    int64_t count = shape_fixed_count(L->g, n->shape);
    for (int64_t e = 0; e < count; e++) {
        Node *value[2];
        for (int k = 0; k < 2; k++) {
            Node *x = n->in[1 + (side ^ k)];
            L->list = k ? s->other : s->body;
            value[k] = element(L, x, broadcast_element(n, x, e));
            if (L->checks.n)
                place_checks(gs);
        }
        L->list = list;
        vec_push(L->g->arena, &s->vars, (Variable){.node = info_of(L, n)->element[e], .first = value[0], .next = value[1]});
    }
}

void place_branch(Groups *gs, Branch *b)
{
    Lower *L = gs->L;
    int list = L->list, floor = L->floor;
    Step s = {.kind = STEP_IF, .list = list, .body = b->side[0], .other = b->side[1]};
    s.condition = element(L, b->condition, 0);
    for (int k = 0; k < b->member.n; k++)
        if (!is_put(b->member.at[k]))
            open_selected(gs, b, b->member.at[k]);
    for (int k = 0; k < 2; k++) {
        L->list = b->side[k];
        L->floor = -1;
        place_deferred(gs, b->side[k], false);
        place_list(gs, b->side[k]);
    }
    /* what is chosen may be read from an array that is about to change, and one array may be what the next
     * change begins with */
    for (int i = 0; i < 2 * b->member.n; i++)
        for (int k = 0; k < 2; k++) {
            Node *m = b->member.at[i % b->member.n];
            L->list = b->side[k];
            if (is_put(m) == (i >= b->member.n))
                close_side(gs, k, m);
        }
    L->list = list;
    L->floor = floor;
    for (int k = 0; k < b->member.n; k++)
        if (info_of(L, b->member.at[k])->class == CLASS_SMALL)
            add_variables(gs, b->member.at[k], &s);
    int step = append_group(gs, (Group){.closed = true, .step = s});
    for (int k = 0; k < b->member.n; k++) {
        Info *f = info_of(L, b->member.at[k]);
        f->step = f->class == CLASS_SMALL ? -1 : step;
        f->avail = step;
        store_small(gs, b->member.at[k]);
    }
}
