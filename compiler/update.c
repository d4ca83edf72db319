/* update.c - x[i] = v and x[i] += v, which bind x to itself with that part replaced.
 *
 * At places that are known now, outside of loops, the new value is put together of parts of the old
 * one. In a loop, and where an index is known only at run time, it is a PUT or ADDTO (region.h),
 * which the lowering makes in place. On a side of a branch such an update is guarded by the
 * branch's condition and not chosen by it, so that neither side copies the array.
 *
 * Of equal indices in x[y] = v the last one counts, in x[y] += v all do. */
#include "eval.h"
#include "indexing.h"
#include "region.h"

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* ---- Outside of loops, at places known now: a copy of parts ---- */

/* Along the first axes by concatenation: what stands before, the new part, what stands behind. */
static Node *replace(Elab *E, Node *x, int axis, const IndexPlan *p, Node *part)
{
    Graph *g = E->g;
    if (axis == x->shape.rank)
        return part;
    const Size *n = x->shape.dim[axis], *end = size_add(g->sizes, p->start[axis], p->len[axis]);
    if (!p->start[axis]->n && end == n)
        return replace(E, x, axis + 1, p, part);
    Node *in[3];
    int count = 0;
    if (p->start[axis]->n)
        in[count++] = slice_axis(g, x, axis, size_int(g, 0), 1, p->start[axis]);
    in[count++] =
        replace(E, slice_axis(g, x, axis, p->start[axis], 1, p->len[axis]), axis + 1, p, part);
    if (end != n)
        in[count++] = slice_axis(g, x, axis, end, 1, size_sub(g->sizes, n, end));
    return concat(g, count, in, axis);
}

static Node *replace_strided(Elab *E, Node *x, const IndexPlan *p, Node *part)
{
    Graph *g = E->g;
    Node *ones = expand(g, const_int(g, T_U8, 1), part->shape);
    Node *is = pw2(g, OP_NE, pad(g, ones, p->start, p->step, x->shape), const_int(g, T_U8, 0));
    return pw3(g, OP_SELECT, is, pad(g, part, p->start, p->step, x->shape), x);
}

/* ---- In place ---- */

/* What a variable that derivatives are taken by stands for; NULL: n is none. */
static Node *behind_hole(Elab *E, const Node *n)
{
    for (int i = E->holes.n - 1; i >= 0 && n->op == OP_HOLE; i--)
        if (E->holes.at[i].hole == n)
            return E->holes.at[i].is;
    return NULL;
}

/* What an array was before its updates under the condition c (NULL: under any or none), as far as
 * they lead to `until` or to no update. */
static Node *updated_from(Elab *E, Node *n, const Node *until, const Node *c)
{
    while (n != until) {
        Node *is = behind_hole(E, n);
        if (is)
            n = is;
        else if (is_put(n) && update_is_guarded(n, c))
            n = n->in[0];
        else
            break;
    }
    return n;
}

bool only_updated(Elab *E, Node *n, const Node *before, const Node *c)
{
    return updated_from(E, n, before, c) == before;
}

static Node *state_before(Elab *E, Node *n, const Node *first);

/* The state from which both sides of a branch go on. */
static Node *state_before_sides(Elab *E, const Node *n, const Node *first)
{
    VEC(Node *) yes = {0};
    for (Node *x = n->in[1]; x; x = x == first ? NULL : state_before(E, x, first))
        vec_push(E->arena, &yes, x);
    for (Node *x = n->in[2]; x; x = x == first ? NULL : state_before(E, x, first))
        for (int i = 0; i < yes.n; i++)
            if (yes.at[i] == x)
                return x;
    return NULL;
}

/* The state of an array before n; NULL: n is no later one. */
static Node *state_before(Elab *E, Node *n, const Node *first)
{
    Node *is = behind_hole(E, n);
    if (is)
        return is;
    switch (n->op) {
    case OP_PUT:
    case OP_ADDTO: return n->in[0];
    case OP_SELECT: return n->in[0]->shape.rank ? NULL : state_before_sides(E, n, first);
    case OP_PART: return n->attr[0] < region_of(E->g, n->in[0])->ncarried ? loop_init(n->in[0])[n->attr[0]] : NULL;
    default: return NULL;
    }
}

Node *first_updates(Elab *E, Node *n, Node *before, const Node *c)
{
    Node *last = n;
    while (n && n != before) {
        bool guarded = n->op == OP_HOLE || (is_put(n) && update_is_guarded(n, c));
        n = state_before(E, n, before);
        if (!guarded)
            last = n;
    }
    return n ? last : before;
}

/* Under which conditions x, which is called `name`, is updated: those of the branches that we are
 * in and that it was made before. NULL: none. */
static Node *guard_of(Elab *E, const char *name, Node *x)
{
    Node *guard = NULL;
    for (const Context *c = E->context; c && c->cond && c->frame == E->frame; c = c->up) {
        const Value *before = NULL;
        for (int i = 0; i < c->names->n; i++)
            if (!strcmp(c->names->at[i], name))
                before = &c->before[i];
        if (!before || !is_tensor(*before) || !only_updated(E, x, before->node, NULL))
            break;
        guard = guard ? lazy_and(E, c->cond, guard) : c->cond;
    }
    return guard;
}

/* A small array that a turn of a loop makes for itself is better off as parts: as scalars. */
static bool updates_in_place(Elab *E, Node *x, const IndexPlan *p)
{
    enum { SMALL = 64 };
    bool loop = false;
    for (int i = 0; i < x->shape.rank; i++)
        if (p->gather[i])
            return true;
    for (const Context *c = E->context; c; c = c->up)
        loop |= !c->cond;
    int64_t count = shape_fixed_count(E->g, x->shape);
    return loop && (count < 0 || count > SMALL || updated_from(E, x, NULL, NULL)->op == OP_HOLE);
}

/* The indices of an update, and how a value shaped as the part is laid out for it. */
typedef struct Places {
    int n, axes[MAX_RANK];
    Node *idx[MAX_RANK];
    Shape part; /* as x[...] would read it */
    int perm[MAX_RANK];
} Places;

/* How many indices a slice takes of an axis. */
static const Size *slice_length(const IndexPlan *p, int axis)
{
    return p->moving[axis] ? p->gather[axis]->shape.dim[0] : p->len[axis];
}

/* start + step * (0, 1 ...), with `behind` axes of size 1 behind. */
static Node *slice_indices(Elab *E, const IndexPlan *p, int axis, int behind)
{
    Graph *g = E->g;
    Node *at = p->gather[axis];
    const Size *dim[MAX_RANK] = {slice_length(p, axis)};
    if (!at) {
        at = iota(g, p->len[axis]);
        if (p->step[axis] != 1)
            at = pw2(g, OP_MUL, at, const_int(g, T_I64, p->step[axis]));
        if (p->start[axis]->n)
            at = pw2(g, OP_ADD, at, size_node(g, p->start[axis]));
    }
    for (int i = 1; i <= behind; i++)
        dim[i] = size_int(g, 1);
    return reshape(g, at, shape_of(g, 1 + behind, dim));
}

/* Whether the axis stays as it is, is run through by a slice, or is told by index tensors. */
typedef enum AxisKind { AXIS_WHOLE, AXIS_SLICE, AXIS_TOLD } AxisKind;
static AxisKind axis_kind(const IndexPlan *p, int i, const Size *n)
{
    if (p->drop[i] || (p->gather[i] && !p->moving[i]))
        return AXIS_TOLD;
    bool whole = !p->gather[i] && !p->start[i]->n && p->step[i] == 1 && p->len[i] == n;
    return whole ? AXIS_WHOLE : AXIS_SLICE;
}

/* The axes of the part, as x[...] would have them, and how they go where an update wants them:
 * those of slices, those of the index tensors, those that are whole. */
static void lay_out(Elab *E, Shape x, const IndexPlan *p, Shape told, Places *out)
{
    const Size *dim[2 * MAX_RANK];
    AxisKind kind[2 * MAX_RANK];
    int n = 0, kept = 0, position = told.rank ? gathered_position(p, x.rank) : -1;
    for (int i = 0; i <= x.rank; i++) {
        if (kept == position) {
            for (int k = 0; k < told.rank; k++) {
                kind[n] = AXIS_TOLD;
                dim[n++] = told.dim[k];
            }
            position = -1;
        }
        if (i == x.rank || axis_kind(p, i, x.dim[i]) == AXIS_TOLD)
            continue;
        kind[n] = axis_kind(p, i, x.dim[i]);
        dim[n++] = slice_length(p, i);
        kept++;
    }
    static const AxisKind order[] = {AXIS_SLICE, AXIS_TOLD, AXIS_WHOLE};
    int m = 0;
    for (int o = 0; o < ARRAY_LEN(order); o++)
        for (int k = 0; k < n && n <= MAX_RANK; k++)
            if (kind[k] == order[o])
                out->perm[m++] = k;
    out->part = shape_of(E->g, n, dim);
}

static bool find_places(Elab *E, Node *x, Span span, const IndexPlan *p, Places *out)
{
    Graph *g = E->g;
    int rank = x->shape.rank, slices = 0, seen = 0;
    Shape told = shape_scalar();
    out->n = 0;
    for (int i = 0; i < rank; i++) {
        slices += axis_kind(p, i, x->shape.dim[i]) == AXIS_SLICE;
        Node *at = p->drop[i] || p->moving[i] ? NULL : p->gather[i];
        if (at && !shape_broadcast(g, told, at->shape, &told)) {
            fail(E, span, "index tensors of shapes %s and %s do not broadcast",
                 shape_says(E, told), shape_says(E, at->shape));
            return false;
        }
    }
    for (int i = 0; i < rank; i++) {
        AxisKind kind = axis_kind(p, i, x->shape.dim[i]);
        if (kind == AXIS_WHOLE)
            continue;
        out->axes[out->n] = i;
        out->idx[out->n++] = kind == AXIS_SLICE ? slice_indices(E, p, i, slices - ++seen + told.rank)
                             : p->drop[i]       ? size_node(g, p->start[i])
                                                : p->gather[i];
    }
    lay_out(E, x->shape, p, told, out);
    return true;
}

static Value put_value(Elab *E, const char *name, Value x, Span span, const IndexPlan *p, bool add,
                       Value v, Origin origin)
{
    Places at;
    Shape both;
    Graph *g = E->g;
    if (!find_places(E, x.node, span, p, &at))
        return bad();
    if (at.part.rank > MAX_AXES)
        return fail(E, span, "more than %d axes are not supported", MAX_AXES);
    if (!shape_broadcast(g, v.node->shape, at.part, &both) || !shape_equal(both, at.part))
        return fail(E, span, "a value of shape %s is assigned to a part of shape %s",
                    shape_says(E, v.node->shape), shape_says(E, at.part));
    Node *guard = guard_of(E, name, x.node), *u = expand(g, v.node, at.part);
    u = permute(g, u, at.perm);
    if (!at.n) /* x[:] = v */
        return tensor(E, guard ? pw3(g, OP_SELECT, guard, u, x.node) : u, origin);
    return tensor(E, add ? add_to(g, x.node, u, guard, at.n, at.idx, at.axes)
                         : put(g, x.node, u, guard, at.n, at.idx, at.axes), origin);
}

/* ---- Both ---- */

static Value replace_value(Elab *E, Value x, Span span, const IndexPlan *p, Value v, Origin origin)
{
    Graph *g = E->g;
    const Size *dim[MAX_RANK];
    int kept = 0, rank = x.node->shape.rank;
    bool strided = false;
    for (int i = 0; i < rank; i++) {
        strided |= p->step[i] != 1;
        if (!p->drop[i])
            dim[kept++] = p->len[i];
    }
    Shape want = shape_of(g, kept, dim), both;
    if (!shape_broadcast(g, v.node->shape, want, &both) || !shape_equal(both, want))
        return fail(E, span, "a value of shape %s is assigned to a part of shape %s",
                    shape_says(E, v.node->shape), shape_says(E, want));
    Node *part = reshape(g, expand(g, v.node, want), shape_of(g, rank, p->len));
    return tensor(E, strided ? replace_strided(E, x.node, p, part) : replace(E, x.node, 0, p, part),
                  origin);
}

static Value assign_items(Elab *E, const char *name, Value x, Span span, int n,
                          const IndexItem *item, const char *op, Span op_span, Value v)
{
    IndexPlan p;
    Value two[2] = {x, v};
    Origin origin;
    if (!want_tensor(E, x, span, "what is assigned to") || !want_tensor(E, v, span, "the value"))
        return bad();
    int rank = x.node->shape.rank;
    if (n > rank)
        return fail(E, span, "%d indices for a tensor of shape %s", n,
                    shape_says(E, x.node->shape));
    for (int i = 0; i < rank; i++)
        if (!plan_axis(E, i < n ? &item[i] : NULL, i, x.node->shape.dim[i], &p))
            return bad();
    bool in_place = updates_in_place(E, x.node, &p), own = !strcmp(op, "=");
    bool add = in_place && (!strcmp(op, "+") || !strcmp(op, "-"));
    if (!own && !add) {
        Value old = index_items(E, x, span, n, item);
        if (is_error(two[1] = apply_operator(E, op, op_span, old, v)))
            return bad();
    } else if (add && *op == '-' && is_error(two[1] = apply1(E, OP_NEG, op_span, v))) {
        return bad();
    }
    if (x.origin == FIXED && !dtype_is_real((Dtype)x.node->dtype) &&
        dtype_is_real((Dtype)two[1].node->dtype))
        return fail(E, span, "a %s is assigned to a part of %s: convert one of them",
                    value_says(E, two[1]), value_says(E, x));
    if (!promote(E, span, 2, two, TO_COMPARE, &origin))
        return bad();
    E->g->here = span;
    return in_place ? put_value(E, name, two[0], span, &p, add, two[1], origin)
                    : replace_value(E, two[0], span, &p, two[1], origin);
}

Value assign_index(Elab *E, Scope *scope, Value x, const Ast *target, const char *op, Span op_span,
                   Value v)
{
    IndexItem *item;
    if (!read_items(E, scope, target, &item) || is_error(x) || is_error(v))
        return bad();
    return assign_items(E, target->index.base->name, x, target->span, target->index.n, item, op,
                        op_span, v);
}
