/* lower.c - graph to program: classes, groups, results.
 *
 * Needs an optimised graph; leaves a Program whose steps compute the outputs.
 *
 * 0. lists (lower_blocks.c, lower_order.c): which list of steps computes what,
 *    and in which order.
 * 1. classify (lower_class.c): every node is a scalar expression, a leaf,
 *    unrolled, computed where it is used, or given memory.
 * 2. group (lower_group.c, lower_call.c): what has memory becomes a member of a
 *    loop nest or a call of a matrix routine; loops and branches own lists
 *    (lower_loop.c).
 * 3. lower each nest: its members' values as scalar expressions (lower_at.c).
 *    What only its own nest would read, or nobody, is dropped again (lower_trim.c). */
#include "lower.h"
#include "guard.h"
#include "region.h"
#include "regions.h"
#include "status.h"



int add_buffer(Lower *L, Place place, int index, Node *n)
{
    Buffer b = {.place = place, .index = index, .dtype = (Dtype)n->dtype, .count = shape_count(L->g, n->shape), .node = n, .first = -1, .last = -1, .slot = -1, .host = -1};
    b.list = place == PLACE_INPUT || place == PLACE_CONSTANT ? 0 : L->list;
    vec_push(L->g->arena, &L->p->buffers, b);
    return L->p->buffers.n - 1;
}

int add_version(Lower *L, int buffer, Node *n)
{
    int made = add_buffer(L, PLACE_WORK, 0, n);
    L->p->buffers.at[made].host = buffer_root(L->p, buffer);
    L->p->buffers.at[made].version = true;
    return made;
}

static bool output_taken(Lower *L, int k)
{
    for (int i = 0; i < L->p->buffers.n; i++)
        if (L->p->buffers.at[i].place == PLACE_OUTPUT && L->p->buffers.at[i].index == k)
            return true;
    return false;
}

/* An output of the function that is n, or n under another shape, and has no memory yet. */
int output_of(Lower *L, Node *n)
{
    Function *f = L->p->function;
    for (int k = 0; k < f->outputs.n; k++) {
        Node *r = f->outputs.at[k].node;
        while (r != n && r->op == OP_RESHAPE)
            r = r->in[0];
        if (r == n && !output_taken(L, k))
            return k;
    }
    return -1;
}

void give_buffer(Lower *L, Node *n)
{
    Info *f = info_of(L, n);
    if (f->buffer >= 0)
        return;
    int out = output_of(L, n);
    f->buffer = out >= 0 ? add_buffer(L, PLACE_OUTPUT, out, n) : add_buffer(L, PLACE_WORK, 0, n);
}

/* ---- Nodes to groups ---- */

static int available(Lower *L, const Node *n)
{
    int avail = -1;
    for (int k = 0; k < n->nin; k++) {
        const Info *fx = info_of(L, n->in[k]);
        int at = fx->class == CLASS_BUFFER ? fx->step : fx->avail;
        avail = at > avail ? at : avail;
    }
    return avail;
}

/* Every element now, in the order of the nodes, so that no recursion gets deep. */
static void make_elements(Lower *L, Node *n)
{
    int64_t count = shape_fixed_count(L->g, n->shape);
    Node *idx[MAX_RANK];
    for (int64_t e = 0; e < count; e++) {
        int64_t rest = e;
        for (int i = n->shape.rank - 1; i >= 0; i--) {
            idx[i] = const_int(L->g, T_I64, rest % n->shape.dim[i]->value);
            rest /= n->shape.dim[i]->value;
        }
        lower_at(L, n, idx);
    }
}

/* The conditions noted so far, as a step of their own. */
void place_checks(Groups *gs)
{
    Lower *L = gs->L;
    Group gr = {.closed = true};
    gr.step.kind = STEP_LOOPS;
    for (int i = 0; i < L->checks.n; i++) {
        Result r = {.kind = RESULT_CHECK, .buffer = -1, .value = L->checks.at[i], .code = STATUS_BOUNDS};
        vec_push(L->g->arena, &gr.step.results, r);
    }
    L->checks.n = 0;
    append_group(gs, gr);
}

/* That a slice lies in its operand is not always known before the open sizes are. */
static void check_slice(Lower *L, const Node *n)
{
    Graph *g = L->g;
    Sizes *z = g->sizes;
    const Size *zero = size_int(g, 0);
    for (int i = 0; i < n->shape.rank; i++) {
        const Size *len = n->shape.dim[i], *first = move_start(g, n, i);
        const Size *way = size_mul(z, size_int(g, move_step(n, i)), size_sub(z, len, size_int(g, 1)));
        const Size *last = size_add(z, first, way), *low = move_step(n, i) > 0 ? first : last;
        const Size *high = size_add(z, low == first ? last : first, size_int(g, 1));
        if (size_known_ge(z, low, zero) && size_known_ge(z, n->in[0]->shape.dim[i], high) && size_known_ge(z, len, zero))
            continue;
        Node *none = const_int(g, T_I64, 0), *count = size_node(g, len);
        Node *in = pw2(g, OP_AND, pw2(g, OP_GE, size_node(g, low), none), pw2(g, OP_LE, size_node(g, high), size_node(g, n->in[0]->shape.dim[i])));
        Node *ok = pw2(g, OP_OR, pw2(g, OP_EQ, count, none), pw2(g, OP_AND, pw2(g, OP_GT, count, none), in));
        bool known = node_is_const(ok);
        for (int k = 0; k < L->checks.n; k++)
            known |= L->checks.at[k] == ok;
        if (!known)
            vec_push(g->arena, &L->checks, ok);
    }
}

static void check_slices(Groups *gs)
{
    Lower *L = gs->L;
    for (int id = 0; id < L->n && L->o->check_bounds; id++)
        if (L->info[id].uses && L->g->nodes.at[id]->op == OP_SLICE)
            check_slice(L, L->g->nodes.at[id]);
    if (L->checks.n)
        place_checks(gs);
}

static void place_node(Groups *gs, Node *n)
{
    Lower *L = gs->L;
    Info *f = info_of(L, n);
    Family family = op_info(n)->family;
    if (family == F_REDUCE && !n->shape.rank && !is_extremum_position(n)) {
        f->step = place_member(gs, n, 0, -1, -1);
        return;
    }
    give_buffer(L, n);
    if (n->op == OP_CONTRACT && !written_in_turn(L, n))
        place_gemm(gs, n);
    else if (family == F_LINALG)
        place_linalg(gs, n);
    else if (n->op == OP_CONCAT) {
        f->step = -1; /* ready with its last piece, which may stand in a loop made long before */
        for (int k = 0; k < n->nin; k++) {
            int step = place_member(gs, n, k, f->buffer, -1);
            f->step = step > f->step ? step : f->step;
        }
        return;
    } else if (n->op == OP_PAD || n->op == OP_SCATTER)
        place_member(gs, n, 0, f->buffer, place_fill(gs, f->buffer, 0));
    else {
        f->step = place_member(gs, n, 0, f->buffer, -1);
        return;
    }
    f->step = gs->list.n - 1;
}

static void place_small(Groups *gs, Node *n, Info *f)
{
    Lower *L = gs->L;
    if (!f->element || n->op != OP_HOLE)
        make_elements(L, n);
    if (L->checks.n) { /* what is read comes after the check */
        place_checks(gs);
        f->avail = gs->list.n - 1;
    }
    store_small(gs, n);
}

void place_item(Groups *gs, Node *n)
{
    Lower *L = gs->L;
    Info *f = info_of(L, n);
    if (n->op == OP_FOR) {
        place_for(gs, n);
        return;
    }
    f->class = (uint8_t)classify_node(L, n, f);
    f->avail = available(L, n);
    if (n->op == OP_PART || is_put(n)) {
        (n->op == OP_PART ? place_part : place_put)(gs, n);
        return;
    }
    switch ((Class)f->class) {
    case CLASS_LEAF:
        if (n->op == OP_PARAM)
            f->buffer = add_buffer(L, PLACE_INPUT, (int)n->attr[0], n);
        else if (n->op == OP_ARRAY)
            f->buffer = add_buffer(L, PLACE_CONSTANT, (int)n->attr[0], n);
        else if (n->op == OP_IOTA && f->memory) { /* gathered from or multiplied: a table */
            f->class = CLASS_BUFFER;
            give_buffer(L, n);
            f->step = place_member(gs, n, 0, f->buffer, -1);
        }
        break;
    case CLASS_SMALL: place_small(gs, n, f); break;
    case CLASS_BUFFER: place_node(gs, n); break;
    default: break;
    }
}

static void group_nodes(Groups *gs)
{
    Lower *L = gs->L;
    Function *fn = L->p->function;
    lower_at_begin(L, -1);
    L->floor = -1;
    check_slices(gs);
    for (int k = 0; k < fn->checks.n; k++)
        place_test(gs, RESULT_CHECK, fn->checks.at[k].cond, fn->checks.at[k].code);
    place_list(gs, 0);
    for (int k = 0; k < fn->outputs.n; k++)
        if (!output_taken(L, k))
            place_copy(gs, fn->outputs.at[k].node, add_buffer(L, PLACE_OUTPUT, k, fn->outputs.at[k].node));
}

int program_order(const Program *p, int **out)
{
    Arena *a = p->graph->arena;
    int *order = NEW_N(a, int, p->steps.n + p->function->outputs.n + 1), *todo = NEW_N(a, int, p->steps.n + 1);
    int n = 0, top = 0;
    for (int k = p->lists.at[0].steps.n - 1; k >= 0; k--)
        todo[top++] = p->lists.at[0].steps.at[k];
    while (top) {
        const Step *s = &p->steps.at[order[n++] = todo[--top]];
        if (s->kind != STEP_FOR && s->kind != STEP_IF)
            continue;
        for (int side = s->kind == STEP_IF; side >= 0; side--) {
            const StepList *l = &p->lists.at[side ? s->other : s->body];
            for (int k = l->steps.n - 1; k >= 0; k--)
                todo[top++] = l->steps.at[k];
        }
    }
    *out = order;
    return n;
}

/* Who uses what, and in which list and order all is to be computed. */
static void look_around(Lower *L)
{
    const Function *f = L->p->function;
    L->info = NEW_N(L->g->arena, Info, L->n + 1);
    for (int i = 0; i < L->n; i++)
        L->info[i].step = L->info[i].avail = L->info[i].buffer = -1;
    for (int k = 0; k < f->outputs.n; k++) {
        Info *info = info_of(L, f->outputs.at[k].node);
        info->uses++;
        info->output = true;
    }
    for (int k = 0; k < f->checks.n; k++)
        info_of(L, f->checks.at[k].cond)->uses++;
    find_uses(L);
    find_blocks(L);
    find_unrolled(L);
    find_orders(L);
}

Program *lower(Function *f, const CompileOptions *o)
{
    Graph *g = f->graph;
    Arena *a = g->arena;
    struct RuleSet *rules = o->level > 0 ? g->rules : NULL;
    Lower *L;
    Program *p;
    Marks marks = {0};
    int unroll = o->unroll;
    regions_prepare(f);
    find_branch_trees(f);
    Node **root;
    function_roots(a, f, &root);
    do { /* until there is an order */
        function_set_roots(f, root);
        guard_shared(f, o->check_bounds, &marks);
        L = NEW(a, Lower);
        p = NEW(a, Program);
        *p = (Program){.function = f, .graph = g, .options = o};
        *L = (Lower){.g = g, .p = p, .o = o, .unroll = unroll, .n = g->nodes.n, .marks = &marks};
        look_around(L);
        unroll = unroll == o->unroll ? shorter_unroll(L) : unroll;
    } while (L->again || L->unroll != unroll);
    g->rules = rules;
    Groups gs = {.L = L};
    group_nodes(&gs);
    for (int s = 0; s < gs.list.n; s++) {
        Group *gr = &gs.list.at[s];
        if (gr->step.kind == STEP_LOOPS)
            lower_group(L, gr, s);
        vec_push(a, &p->steps, gr->step);
    }
    use_known(L);
    drop_unread(L);
    join_branches(L);
    return p;
}
