/* lower_group.c - loop nests: which members share one, and what their bodies compute.
 *
 * A member is a node that gets memory. It joins an earlier nest over the same
 * space when all that it reads is there by then, or is made in the same turn of
 * that nest. In some nests short fixed axes ([n, 3, 3] rotations) are written out
 * and only the others are loops (lower_unroll.c), so that the small matrices live
 * in registers. */
#include "lower.h"
#include "region.h"
#include "status.h"

static bool is_one(const Size *s)
{
    return s->is_const && s->value == 1;
}

/* Its elements are written one by one, without a loop. */
static bool by_elements(Lower *L, const Node *n)
{
    Class c = (Class)info_of(L, n)->class;
    return c == CLASS_SCALAR || c == CLASS_SMALL;
}

/* A PUT whose elements are: what it puts are expressions, or the places it puts them to, which a loop
 * could not read. */
static bool puts_elements(Lower *L, const Node *n)
{
    if (!is_put(n))
        return false;
    bool some = by_elements(L, n->in[1]);
    for (int k = 0; k < put_indices(n); k++) {
        const Info *f = info_of(L, put_index(n)[k]);
        some |= f->class == CLASS_SMALL && f->buffer < 0;
    }
    return some && is_small_shape(L, n->in[1]->shape);
}

Shape member_space(const Node *n, int piece)
{
    if (op_info(n)->family == F_REDUCE || n->op == OP_PAD || n->op == OP_SCATTER)
        return n->in[0]->shape;
    if (is_put(n))
        return n->in[1]->shape;
    return n->op == OP_CONCAT ? n->in[piece]->shape : n->shape;
}

/* What an element of a member reads. */
typedef struct Reads {
    Lower *L;
    Groups *gs;
    int after;      /* the member must come in a later step than this */
    int same;       /* it may join this step, not an earlier one */
    uint32_t split; /* see Member */
    Shape space;
    bool unrolled;  /* the nest it is to join writes out short axes */
} Reads;

/* For each axis of a node, the axis of the space that it runs along; -1: none, it is of size 1. */
typedef struct Axes {
    bool known;
    int8_t of[MAX_RANK];
} Axes;

/* Memory that has one of two neighbouring loops and not the other keeps them apart. */
static void split_loops(Reads *r, const Node *n, const Axes *axes)
{
    bool has[MAX_RANK] = {false};
    int loop = -1, before = -1;
    for (int i = 0; i < n->shape.rank && axes->known; i++)
        if (axes->of[i] >= 0)
            has[axes->of[i]] = true;
    for (int i = 0; i < r->space.rank; i++) {
        if (!loops_over(r->L, r->space.dim[i], r->unrolled))
            continue;
        loop++;
        if (before >= 0 && (!axes->known || has[before] != has[i]))
            r->split |= 1u << (loop - 1);
        before = i;
    }
}

/* The axes of operand k of n. Only where broadcasting and axes of size 1 are all that differs are
 * they known. */
static Axes operand_axes(const Node *n, int k, const Axes *own)
{
    Shape s = n->in[k]->shape, t = n->shape;
    Axes a = {.known = own->known};
    if (n->op == OP_RESHAPE && reshape_only_ones(n)) {
        for (int i = 0, j = 0; i < s.rank; i++) {
            a.of[i] = -1;
            if (is_one(s.dim[i]))
                continue;
            while (is_one(t.dim[j]))
                j++;
            a.of[i] = own->of[j++];
        }
        return a;
    }
    if (op_info(n)->family != F_POINTWISE && n->op != OP_EXPAND)
        a.known = false;
    for (int i = 0; i < s.rank && a.known; i++)
        a.of[i] = is_one(s.dim[i]) ? -1 : own->of[i + t.rank - s.rank];
    return a;
}

static void collect_reads(Reads *r, Node *n, bool aligned, Axes axes)
{
    Info *f = info_of(r->L, n);
    switch ((Class)f->class) {
    case CLASS_SCALAR:
    case CLASS_SMALL:
        if (f->avail > r->after)
            r->after = f->avail;
        if (n->shape.rank)
            split_loops(r, n, &axes);
        return;
    case CLASS_LEAF: split_loops(r, n, &axes); return;
    case CLASS_BUFFER:
        if (!n->shape.rank) { /* a reduced scalar, or memory of one element: ready when its step ends */
            if (f->step > r->after)
                r->after = f->step;
            return;
        }
        split_loops(r, n, &axes);
        /* a turn of the loops writes elsewhere than where it computes: ready at the end */
        if (n->op == OP_CONCAT || n->op == OP_PAD || n->op == OP_SCATTER)
            aligned &= r->unrolled && n->op != OP_SCATTER && !joins_in_memory(r->L, n);
        if (aligned && f->step > r->same)
            r->same = f->step;
        if (!aligned && f->step > r->after)
            r->after = f->step;
        return;
    default: break;
    }
    for (int k = 0; k < n->nin; k++)
        collect_reads(r, n->in[k], aligned && keeps_place(r->L, n, k, r->unrolled), operand_axes(n, k, &axes));
}

/* An inlined join or contraction of short axes below n, or memory written by an unrolled nest. */
static bool wants_unrolling(Groups *gs, Node *n, int depth)
{
    Lower *L = gs->L;
    Info *f = info_of(L, n);
    if (f->class == CLASS_BUFFER && depth)
        return f->step >= 0 && gs->list.at[f->step].unrolled && !gs->list.at[f->step].closed;
    if (f->class != CLASS_INLINE && !(f->class == CLASS_BUFFER && !depth))
        return false;
    if (depth && (n->op == OP_CONCAT || n->op == OP_PAD || n->op == OP_CONTRACT))
        return true;
    if (!depth && (n->op == OP_CONCAT || n->op == OP_PAD)) /* in memory, by pieces */
        return false;
    for (int k = 0; k < n->nin; k++)
        if (wants_unrolling(gs, n->in[k], depth + 1))
            return true;
    return false;
}

static Axes own_axes(Shape space)
{
    Axes a = {.known = true};
    for (int i = 0; i < space.rank; i++)
        a.of[i] = is_one(space.dim[i]) ? -1 : (int8_t)i;
    return a;
}

/* Reads of all operands of the member's node, or of its one piece. */
static void member_reads(Reads *r, const Member *m)
{
    Node *n = m->node;
    Family family = op_info(n)->family;
    Axes axes = own_axes(r->space), unknown = {.known = false};
    if (m->body != n && family != F_REDUCE)
        r->split = ~0u; /* stored elsewhere than where it is computed */
    if (n->op == OP_CONCAT && m->body != n) {
        collect_reads(r, m->body, true, axes);
        return;
    }
    if (is_put(n)) {
        for (int k = 1; k < n->nin; k++)
            collect_reads(r, n->in[k], k == 1, k == 1 ? axes : unknown);
        return;
    }
    for (int k = 0; k < n->nin; k++) {
        bool place = m->body != n ? k == 0 : keeps_place(r->L, n, k, r->unrolled) && family != F_SCAN;
        Axes a = m->body != n ? (k == 0 ? axes : unknown) : family == F_SCAN ? unknown : operand_axes(n, k, &axes);
        collect_reads(r, n->in[k], place, a);
    }
}

/* A reduction keeps the loops that it reduces apart from those that it does not. */
static uint32_t reduction_splits(const Lower *L, const Node *n, bool unrolled)
{
    uint32_t split = 0;
    int loop = -1;
    bool before = false;
    for (int i = 0; i < n->in[0]->shape.rank; i++) {
        if (!loops_over(L, n->in[0]->shape.dim[i], unrolled))
            continue;
        bool now = reduces_axis(n, i);
        if (++loop > 0 && now != before)
            split |= 1u << (loop - 1);
        before = now;
    }
    return split;
}

int append_group(Groups *gs, Group gr)
{
    Arena *a = gs->L->g->arena;
    Program *p = gs->L->p;
    int number = gs->list.n, list = gs->L->list;
    gr.step.list = list;
    if (gr.step.kind == STEP_FOR || gr.step.kind == STEP_IF) {
        p->lists.at[gr.step.body].owner = number;
        p->lists.at[gr.step.body].parent = list;
    }
    if (gr.step.kind == STEP_IF) {
        p->lists.at[gr.step.other].owner = number;
        p->lists.at[gr.step.other].parent = list;
    }
    vec_push(a, &gs->list, gr);
    vec_push(a, &p->lists.at[list].steps, number);
    return number;
}

static int add_member(Groups *gs, Member m, Shape space, int after, int same, bool alone, bool unrolled)
{
    Arena *a = gs->L->g->arena;
    int list = gs->L->list;
    int low = same > after + 1 ? same : after + 1;
    if (low <= gs->L->floor)
        low = gs->L->floor + 1;
    for (int s = low; s < gs->list.n && !alone; s++) {
        Group *gr = &gs->list.at[s];
        if (gr->step.kind == STEP_LOOPS && !gr->closed && gr->step.list == list && gr->unrolled == unrolled && same_space(gs->L, gr->space, space, unrolled)) {
            vec_push(a, &gr->members, m);
            return s;
        }
    }
    Group gr = {.space = space, .closed = alone, .unrolled = unrolled};
    gr.step.kind = STEP_LOOPS;
    vec_push(a, &gr.members, m);
    return append_group(gs, gr);
}

int place_member(Groups *gs, Node *n, int piece, int buffer, int after)
{
    Lower *L = gs->L;
    bool joined = n->op == OP_CONCAT || n->op == OP_PAD || n->op == OP_SCATTER || is_put(n);
    Family family = op_info(n)->family;
    bool parts = (family == F_REDUCE || joined) && !by_elements(L, n);
    Member m = {.node = n, .piece = piece, .buffer = buffer};
    m.body = parts ? n->in[n->op == OP_CONCAT ? piece : is_put(n)] : n;
    Shape space = by_elements(L, n) || puts_elements(L, n) ? shape_scalar() : member_space(n, piece);
    bool alone = family == F_SCAN || n->op == OP_SCATTER || is_extremum_position(n) || is_put(n);
    bool own = info_of(L, m.body)->unrolled;
    bool unrolled = !alone && can_unroll(L, space) && (own || wants_unrolling(gs, m.body, m.body == n ? 0 : 1));
    Reads r = {.L = L, .gs = gs, .after = after, .same = -1, .space = space, .unrolled = unrolled};
    member_reads(&r, &m);
    m.split = unrolled || alone ? ~0u : r.split;
    return add_member(gs, m, space, r.after, r.same, alone, unrolled);
}

static int copy_member(Groups *gs, Node *n, int buffer, Node *row)
{
    Lower *L = gs->L;
    Member m = {.node = n, .body = n, .piece = -1, .buffer = buffer, .row = row};
    bool unrolled = can_unroll(L, n->shape) && (info_of(L, n)->unrolled || wants_unrolling(gs, n, 1));
    Reads r = {.L = L, .gs = gs, .after = -1, .same = -1, .space = n->shape, .unrolled = unrolled};
    collect_reads(&r, n, true, own_axes(n->shape));
    m.split = unrolled ? ~0u : r.split;
    return add_member(gs, m, by_elements(L, n) ? shape_scalar() : n->shape, r.after, r.same, false, unrolled && !by_elements(L, n));
}

int place_copy(Groups *gs, Node *n, int buffer)
{
    return copy_member(gs, n, buffer, NULL);
}

int place_row(Groups *gs, Node *n, int buffer, Node *row)
{
    return copy_member(gs, n, buffer, row);
}

int place_side(Groups *gs, Node *n, Node *x, int buffer)
{
    Lower *L = gs->L;
    if (shape_equal(n->shape, x->shape))
        return place_copy(gs, x, buffer);
    Member m = {.node = n, .body = x, .piece = -1, .buffer = buffer, .split = ~0u};
    Reads r = {.L = L, .gs = gs, .after = -1, .same = -1, .space = n->shape};
    collect_reads(&r, x, false, (Axes){.known = false});
    return add_member(gs, m, n->shape, r.after, r.same, false, false);
}

int place_fill(Groups *gs, int buffer, double value)
{
    Group gr = {.closed = true};
    gr.step = (Step){.kind = STEP_FILL, .buffer = buffer, .value = value};
    return append_group(gs, gr);
}

/* ---- Members to results ---- */

/* The index behind the rows before. */
static Node *row_index(Lower *L, const Member *m, const Node *shaped, Node *at)
{
    if (!m->row)
        return at;
    return index_add(L->g, index_mul(L->g, m->row, size_node(L->g, shape_count(L->g, shaped->shape))), at);
}

/* The flat index in the result of a member, for the element of its space at idx. */
static Node *target_index(Lower *L, const Member *m, Node *const *idx)
{
    Node *n = m->node, *at[MAX_RANK], *sub[MAX_RANK];
    Graph *g = L->g;
    int rank = 0;
    if (m->body == n || m->piece == -1)
        return row_index(L, m, n, flat_index(g, n->shape, idx));
    if (op_info(n)->family == F_REDUCE) {
        for (int i = 0; i < n->in[0]->shape.rank; i++)
            if (!reduces_axis(n, i))
                at[rank++] = idx[i];
        return flat_index(g, n->shape, at);
    }
    if (n->op == OP_CONCAT) {
        const Size *before = size_int(g, 0);
        int axis = (int)n->attr[0];
        for (int k = 0; k < m->piece; k++)
            before = size_add(g->sizes, before, n->in[k]->shape.dim[axis]);
        for (int i = 0; i < n->shape.rank; i++)
            at[i] = i == axis ? index_add(g, idx[i], size_node(g, before)) : idx[i];
        return flat_index(g, n->shape, at);
    }
    if (n->op == OP_PAD) {
        for (int i = 0; i < n->shape.rank; i++)
            at[i] = index_add(g, index_mul(g, idx[i], const_int(g, T_I64, move_step(n, i))), size_node(g, move_start(g, n, i)));
        return flat_index(g, n->shape, at);
    }
    /* SCATTER, PUT, ADDTO: S first, then the axes that are not indexed */
    Node *const *index = is_put(n) ? put_index(n) : n->in + 1;
    const int64_t *axis = is_put(n) ? n->attr + 1 : n->attr;
    int nidx = is_put(n) ? put_indices(n) : n->nin - 1, srank = m->body->shape.rank - (n->shape.rank - nidx), rest = srank;
    bool indexed[MAX_RANK] = {false};
    for (int k = 0; k < nidx; k++) {
        Shape s = index[k]->shape;
        for (int i = 0; i < s.rank; i++)
            sub[i] = is_one(s.dim[i]) ? const_int(g, T_I64, 0) : idx[i + srank - s.rank];
        at[axis[k]] = element_index(L, index[k], sub);
        check_index(L, index[k], at[axis[k]], n->shape.dim[axis[k]]);
        indexed[axis[k]] = true;
    }
    for (int i = 0; i < n->shape.rank; i++)
        if (!indexed[i])
            at[i] = idx[rest++];
    return flat_index(g, n->shape, at);
}

int64_t broadcast_element(const Node *n, const Node *x, int64_t e)
{
    int64_t at = 0, by = 1;
    for (int i = n->shape.rank - 1, j = x->shape.rank - 1; i >= 0; i--, j--) {
        int64_t d = n->shape.dim[i]->value;
        if (j >= 0 && x->shape.dim[j]->value != 1)
            at += by * (e % d);
        by *= j >= 0 ? x->shape.dim[j]->value : 1;
        e /= d;
    }
    return at;
}

static Op scalar_op(Op reduction)
{
    switch (reduction) {
    case OP_PROD: return OP_MUL;
    case OP_MAXR: return OP_MAX;
    case OP_MINR: return OP_MIN;
    case OP_ANY: return OP_OR;
    case OP_ALL: return OP_AND;
    default: return OP_ADD;
    }
}

static Node *loop_var(Graph *g, int step, int k)
{
    int64_t attr[2] = {step, k};
    return graph_node(g, OP_LOOP, 0, NULL, T_I64, shape_scalar(), 2, attr);
}

/* The last axis of a scan is its innermost loop, whatever its place in memory. */
static void scan_order(Step *s, const Node *n, Shape space)
{
    int axis = (int)n->attr[0], k = 0;
    for (int i = 0; i < axis; i++)
        k += !is_one(space.dim[i]);
    if (is_one(space.dim[axis]))
        return;
    Loop moved = s->loop[k];
    for (int i = k; i + 1 < s->nloops; i++)
        s->loop[i] = s->loop[i + 1];
    s->loop[s->nloops - 1] = moved;
}

/* The place in the result of the first row of a run of rows: the rows' own loop at 0. */
static Node *row_base(Lower *L, const Member *m, Node *const *idx)
{
    Node *at[MAX_RANK];
    const Node *n = m->node;
    int last = -1;
    for (int i = 0; i < n->in[0]->shape.rank; i++) {
        at[i] = idx[i];
        if (!reduces_axis(n, i) && !is_one(n->in[0]->shape.dim[i]))
            last = i;
    }
    at[last] = const_int(L->g, T_I64, 0);
    return target_index(L, m, at);
}

/* One result for the element of the space at idx; `value` may be there already (a sum of elements
 * written out). */
static void add_result(Lower *L, Group *gr, const Member *m, Node *const *idx, Node *value)
{
    Graph *g = L->g;
    Node *n = m->node;
    Family family = m->body == n || m->piece == -1 ? F_POINTWISE : op_info(n)->family;
    Result r = {.kind = RESULT_STORE, .node = n, .buffer = m->buffer};
    if (!value && m->piece == -1 && m->body != n)
        value = lower_broadcast(L, m->body, n->shape, idx);
    r.value = value ? value : lower_at(L, m->body, idx);
    if (m->buffer >= 0)
        r.at = target_index(L, m, idx);
    if ((n->op == OP_SCATTER || n->op == OP_ADDTO) && m->body != n && m->piece != -1)
        r.kind = RESULT_ADD;
    r.ordered = n->op == OP_PUT && put_index(n)[0]->shape.rank; /* of equal indices the last one counts */
    if (family == F_REDUCE) {
        r.kind = is_extremum_position(n) ? RESULT_ARG : RESULT_REDUCE;
        r.op = (Op)n->op;
        int k = 0;
        Node *position = const_int(g, T_I64, 0);
        for (int i = 0; i < n->in[0]->shape.rank; i++) {
            const Size *d = n->in[0]->shape.dim[i];
            bool loop = loops_over(L, d, gr->unrolled);
            if (reduces_axis(n, i)) {
                position = index_add(g, index_mul(g, position, size_node(g, d)), idx[i]);
                if (loop)
                    r.reduced |= 1u << gr->loop_of[k];
            }
            k += loop;
        }
        r.position = position;
        if (r.kind == RESULT_REDUCE && !r.reduced && value && m->buffer >= 0) { /* of written out elements alone */
            r.kind = RESULT_STORE;
            vec_push(g->arena, &gr->step.results, r);
            return;
        }
        r.rows = gr->step.width && r.reduced == 1u << (gr->step.nloops - 1) && reduction_splits(L, n, gr->unrolled);
        if (r.rows)
            r.at = row_base(L, m, idx);
    }
    vec_push(g->arena, &gr->step.results, r);
}

/* Scans run on idx with the scan axis turned round where they go backwards. */
static void add_scan(Lower *L, Group *gr, const Member *m, Node **idx)
{
    Graph *g = L->g;
    Node *n = m->node;
    int axis = (int)n->attr[0];
    if (n->attr[1])
        idx[axis] = pw2(g, OP_SUB, size_node(g, size_sub(g->sizes, n->shape.dim[axis], size_int(g, 1))), idx[axis]);
    Result r = {.kind = RESULT_SCAN, .node = n, .buffer = m->buffer, .at = flat_index(g, n->shape, idx)};
    r.value = lower_at(L, n->in[n->nin - 1], idx);
    r.value2 = n->nin == 2 ? lower_at(L, n->in[0], idx) : NULL;
    vec_push(g->arena, &gr->step.results, r);
}

/* All elements along the short axes; those that a reduction sums are summed here. */
static void add_unrolled(Lower *L, Group *gr, const Member *m, Node **idx, Shape space)
{
    Node *n = m->node;
    Graph *g = L->g;
    bool reduction = m->body != n && op_info(n)->family == F_REDUCE;
    int64_t kept = 1, summed = 1;
    for (int i = 0; i < space.rank; i++)
        if (small_axis(L, space.dim[i])) {
            if (reduction && reduces_axis(n, i))
                summed *= space.dim[i]->value;
            else
                kept *= space.dim[i]->value;
        }
    for (int64_t a = 0; a < kept; a++) {
        Node *sum = NULL;
        for (int64_t b = 0; b < summed; b++) {
            int64_t ra = a, rb = b;
            for (int i = space.rank - 1; i >= 0; i--) {
                if (!small_axis(L, space.dim[i]))
                    continue;
                int64_t d = space.dim[i]->value, *rest = reduction && reduces_axis(n, i) ? &rb : &ra;
                idx[i] = const_int(g, T_I64, *rest % d);
                *rest /= d;
            }
            Node *v = lower_at(L, m->body, idx);
            sum = sum ? lower_sum(L, n, scalar_op((Op)n->op), sum, v) : v;
        }
        add_result(L, gr, m, idx, sum);
    }
}

/* A group without loops: every element of its small members. */
static void add_elements(Lower *L, Group *gr, const Member *m)
{
    Graph *g = L->g;
    int64_t count = shape_fixed_count(g, m->node->shape);
    Node *idx[MAX_RANK];
    for (int64_t e = 0; e < count; e++) {
        int64_t rest = e;
        for (int i = m->node->shape.rank - 1; i >= 0; i--) {
            idx[i] = const_int(g, T_I64, rest % m->node->shape.dim[i]->value);
            rest /= m->node->shape.dim[i]->value;
        }
        Result r = {.kind = RESULT_STORE, .node = m->node, .buffer = m->buffer};
        r.value = lower_at(L, m->node, idx);
        r.at = row_index(L, m, m->node, const_int(g, T_I64, e));
        vec_push(g->arena, &gr->step.results, r);
    }
}

/* The places of a few elements, one by one. */
static void add_put(Lower *L, Group *gr, const Member *m)
{
    int64_t count = shape_fixed_count(L->g, m->body->shape);
    Node *idx[MAX_RANK];
    for (int64_t e = 0; e < count; e++) {
        int64_t rest = e;
        for (int i = m->body->shape.rank - 1; i >= 0; i--) {
            idx[i] = const_int(L->g, T_I64, rest % m->body->shape.dim[i]->value);
            rest /= m->body->shape.dim[i]->value;
        }
        add_result(L, gr, m, idx, NULL);
    }
}

/* The innermost axis of a reduction's operand that is a loop. */
static int last_loop_axis(const Lower *L, const Node *n, bool unrolled)
{
    int last = -1;
    for (int i = 0; i < n->in[0]->shape.rank; i++)
        if (loops_over(L, n->in[0]->shape.dim[i], unrolled))
            last = i;
    return last;
}

/* Neighbouring loops that every member sees as one run of memory become one loop. Where every
 * reduction is over the last loop alone (or over all), the loop around it joins it too: the last
 * loop then runs over rows of `width` elements. */
static void merge_loops(Lower *L, Group *gr, Shape space)
{
    Graph *g = L->g;
    Step *s = &gr->step;
    uint32_t hard = 0, soft = 0;
    int n = 0;
    const Size *extent[MAX_RANK];
    bool rows = true, any = false;
    for (int i = 0; i < space.rank; i++)
        if (loops_over(L, space.dim[i], gr->unrolled))
            extent[n++] = space.dim[i];
    for (int i = 0; i < gr->members.n; i++) {
        const Member *m = &gr->members.at[i];
        hard |= m->split;
        if (m->body == m->node || op_info(m->node)->family != F_REDUCE)
            continue;
        uint32_t own = reduction_splits(L, m->node, gr->unrolled);
        soft |= own;
        rows &= own == 0 || dtype_is_real((Dtype)m->node->dtype);
        any |= own != 0;
    }
    s->nloops = 0;
    s->width = NULL;
    for (int k = 0; k < n; k++) {
        bool joined = k > 0 && !((hard | soft) >> (k - 1) & 1);
        if (!joined)
            s->loop[s->nloops++].extent = extent[k];
        else
            s->loop[s->nloops - 1].extent = size_mul(g->sizes, s->loop[s->nloops - 1].extent, extent[k]);
        gr->loop_of[k] = s->nloops - 1;
    }
    /* the one boundary between what is kept and what is reduced lies before the last loop */
    int edge = -1;
    for (int k = 0; k + 1 < n; k++)
        if (soft >> k & 1)
            edge = edge == -1 ? k : -2;
    if (!rows || !any || edge < 0 || hard >> edge & 1 || gr->loop_of[edge + 1] != s->nloops - 1 || gr->loop_of[edge] != s->nloops - 2)
        return;
    const Size *width = s->loop[s->nloops - 1].extent;
    if (width->is_const && width->value <= 4)
        return; /* written out as fast */
    for (int i = 0; i < gr->members.n; i++) { /* reductions over the leading loops do not fit */
        const Member *m = &gr->members.at[i];
        if (m->body != m->node && op_info(m->node)->family == F_REDUCE && reduction_splits(L, m->node, gr->unrolled) && !reduces_axis(m->node, last_loop_axis(L, m->node, gr->unrolled)))
            return;
    }
    s->width = width;
    s->nloops--;
    s->loop[s->nloops - 1].extent = size_mul(g->sizes, s->loop[s->nloops - 1].extent, width);
    for (int k = 0; k < n; k++)
        if (gr->loop_of[k] == s->nloops)
            gr->loop_of[k] = s->nloops - 1;
}

/* The index of an element of the space: an axis that is merged with those behind it is at 0, the
 * last of a run carries the loop's variable, which counts through all of them. */
static void space_index(Lower *L, Group *gr, Shape space, Node **idx)
{
    int k = -1, last_axis[MAX_RANK];
    for (int a = 0; a < space.rank; a++) {
        idx[a] = const_int(L->g, T_I64, 0);
        if (loops_over(L, space.dim[a], gr->unrolled))
            last_axis[gr->loop_of[++k]] = a;
    }
    for (int l = 0; l < gr->step.nloops; l++)
        idx[last_axis[l]] = gr->step.loop[l].var;
}

void lower_group(Lower *L, Group *gr, int step)
{
    Graph *g = L->g;
    Step *s = &gr->step;
    lower_at_begin(L, step);
    L->checks.n = 0;
    merge_loops(L, gr, gr->space);
    for (int k = 0; k < s->nloops; k++)
        s->loop[k].var = loop_var(g, step, k);
    for (int i = 0; i < gr->members.n; i++) {
        const Member *m = &gr->members.at[i];
        Shape space = m->piece == -1 ? m->node->shape : member_space(m->node, m->piece);
        if (m->piece != -1 && puts_elements(L, m->node)) {
            add_put(L, gr, m);
            continue;
        }
        if (m->body == m->node && by_elements(L, m->node)) {
            add_elements(L, gr, m);
            continue;
        }
        Node *idx[MAX_RANK];
        space_index(L, gr, space, idx);
        if (op_info(m->node)->family == F_SCAN && m->piece != -1) {
            add_scan(L, gr, m, idx);
            scan_order(s, m->node, space);
        } else if (gr->unrolled) {
            add_unrolled(L, gr, m, idx, space);
        } else {
            add_result(L, gr, m, idx, NULL);
            if (m->body != m->node && is_extremum_position(m->node)) { /* its axis innermost */
                Result *r = &s->results.at[s->results.n - 1];
                scan_order(s, m->node, space);
                r->reduced = r->reduced ? 1u << (s->nloops - 1) : 0;
            }
        }
    }
    for (int i = 0; i < L->checks.n; i++) {
        Result r = {.kind = RESULT_CHECK, .buffer = -1, .value = L->checks.at[i], .code = STATUS_BOUNDS};
        vec_push(g->arena, &s->results, r);
    }
}
