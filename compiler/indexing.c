/* indexing.c - a[i, 1:n, y]: slices and constant indices move, others gather.
 *
 * NumPy's rules hold: missing indices take all, an integer drops its axis, integer tensors
 * broadcast together and stand where the first of them stood when they are neighbours (integers
 * count as such beside a tensor), and first of all otherwise. An index that is not known now is
 * used as it is: a negative one does not count from the end. */
#include "eval.h"
#include "indexing.h"

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* ---- Slices ---- */

/* One bound of a slice: from the end where it is negative, clipped where all is fixed. */
static const Size *bound(Elab *E, const Size *at, const Size *n, bool back)
{
    Sizes *s = E->g->sizes;
    if (at->is_const && at->value < 0)
        at = size_add(s, n, at);
    if (n->is_const && at->is_const) {
        int64_t low = back ? -1 : 0, high = back ? n->value - 1 : n->value;
        at = size_int(E->g, at->value < low ? low : at->value > high ? high : at->value);
    } else if (size_known_ge(s, at, n)) {
        at = back ? size_sub(s, n, size_int(E->g, 1)) : n;
    }
    return at;
}

static bool slice_step(Elab *E, const IndexItem *it, int64_t *step)
{
    *step = 1;
    if (!given(it->step))
        return true;
    if (!want_int(E, it->step, it->span, step, "the step of a slice"))
        return false;
    if (*step)
        return true;
    fail(E, it->span, "the step of a slice is 0");
    return false;
}

/* start, step and length of a slice with bounds that are sizes. */
static bool slice_extent(Elab *E, const IndexItem *it, const Size *n, const Size **start,
                         int64_t *step, const Size **len)
{
    Sizes *s = E->g->sizes;
    const Size *stop, *from = NULL, *to = NULL, *one = size_int(E->g, 1);
    if (!slice_step(E, it, step) ||
        (given(it->start) && !want_size(E, it->start, it->span, &from, "the bound of a slice")) ||
        (given(it->stop) && !want_size(E, it->stop, it->span, &to, "the bound of a slice")))
        return false;
    bool back = *step < 0;
    *start = from ? bound(E, from, n, back) : back ? size_sub(s, n, one) : size_int(E->g, 0);
    stop = to ? bound(E, to, n, back) : back ? size_int(E->g, -1) : n;
    const Size *span = back ? size_sub(s, *start, stop) : size_sub(s, stop, *start);
    int64_t by = back ? -*step : *step;
    if (size_known_nonneg(s, size_sub(s, size_int(E->g, 0), span)))
        *len = size_int(E->g, 0);
    else
        *len = by == 1 ? span
                       : size_floordiv(s, size_add(s, span, size_int(E->g, by - 1)),
                                       size_int(E->g, by));
    if ((*len)->is_const && (*len)->value == 0)
        *start = size_int(E->g, 0);
    return true;
}

/* x[i:i+3], i known only at run time: the length must still be a size. Gives the indices. */
static Node *moving_slice(Elab *E, const IndexItem *it, const Size **len)
{
    int64_t step;
    if (!slice_step(E, it, &step))
        return NULL;
    if (!given(it->start) || !given(it->stop) || step < 0) {
        fail(E, it->span, "a slice with a bound known only at run time wants both bounds");
        return NULL;
    }
    const Value *bounds[2] = {&it->start, &it->stop};
    for (int i = 0; i < 2; i++) {
        const Value *v = bounds[i];
        if (!want_tensor(E, *v, it->span, "the bound of a slice"))
            return NULL;
        if (v->node->shape.rank || dtype_is_real((Dtype)v->node->dtype) ||
            v->node->dtype == T_BOOL) {
            fail(E, it->span, "the bound of a slice must be an integer, not %s", value_says(E, *v));
            return NULL;
        }
    }
    const Size *d = index_difference(E, it->stop.node, it->start.node);
    if (!d) {
        fail(E, it->span, "the length of this slice is not known at compile time");
        return NULL;
    }
    *len = step == 1
               ? d
               : size_floordiv(E->g->sizes, size_add(E->g->sizes, d, size_int(E->g, step - 1)),
                               size_int(E->g, step));
    Node *i = iota(E->g, *len);
    if (step != 1)
        i = pw2(E->g, OP_MUL, i, const_int(E->g, T_I64, step));
    return pw2(E->g, OP_ADD, cast(E->g, it->start.node, T_I64), i);
}

/* ---- Reading ---- */

/* A known index, counted from the start; false where it is out of range. */
static bool known_index(Elab *E, const IndexItem *it, int axis, const Size *n, const Size **at)
{
    Sizes *s = E->g->sizes;
    const Size *i = size_of(E, &it->start), *given_as = i;
    bool negative = i->is_const && i->value < 0;
    if (negative)
        i = size_add(s, n, i);
    const Size *below = size_sub(s, size_int(E->g, -1), i);
    if (size_known_nonneg(s, size_sub(s, i, n)) || size_known_nonneg(s, below)) {
        fail(E, it->span, "index %s is out of range for axis %d of size %s", size_says(E, given_as),
             axis, size_says(E, n));
        return false;
    }
    *at = i;
    return true;
}

static bool runtime_scalar(const IndexItem *it)
{
    return (given(it->start) && !has_size(&it->start)) || (given(it->stop) && !has_size(&it->stop));
}

static bool want_index(Elab *E, const IndexItem *it)
{
    if (!want_tensor(E, it->start, it->span, "an index"))
        return false;
    Dtype t = (Dtype)it->start.node->dtype;
    if (t == T_BOOL) {
        fail(E, it->span,
             "an index of bool (a mask) is not supported: where(m, x) is written m ? x : 0");
        return false;
    }
    if (dtype_is_real(t))
        fail(E, it->span, "an index must be an integer, not %s", value_says(E, it->start));
    return !dtype_is_real(t);
}

/* The elements of a literal list of indices, checked and counted from the start. */
static bool known_list(Elab *E, const IndexItem *it, int axis, const Size *n, Node **at)
{
    Node *x = *at;
    if (x->op != OP_ARRAY || !n->is_const)
        return true;
    const Array *a = &E->g->arrays.at[x->attr[0]];
    int64_t *copy = NEW_N(E->arena, int64_t, a->count + 1);
    for (int64_t i = 0; i < a->count; i++) {
        copy[i] = a->integer[i] < 0 ? a->integer[i] + n->value : a->integer[i];
        if (copy[i] < 0 || copy[i] >= n->value) {
            fail(E, it->span, "index %lld is out of range for axis %d of size %lld",
                 (long long)a->integer[i], axis, (long long)n->value);
            return false;
        }
    }
    *at = const_array(E->g, (Dtype)x->dtype, x->shape, NULL, copy);
    return true;
}

bool plan_axis(Elab *E, const IndexItem *it, int axis, const Size *n, IndexPlan *p)
{
    p->start[axis] = size_int(E->g, 0);
    p->step[axis] = 1;
    p->len[axis] = n;
    p->gather[axis] = NULL;
    p->drop[axis] = p->moving[axis] = false;
    if (!it)
        return true;
    if (it->slice && runtime_scalar(it)) {
        const Size *len;
        p->moving[axis] = true;
        if (!(p->gather[axis] = moving_slice(E, it, &len)))
            return false;
        p->gather[axis] = clamp_index(E, p->gather[axis], n);
        return true;
    }
    if (it->slice)
        return slice_extent(E, it, n, &p->start[axis], &p->step[axis], &p->len[axis]);
    if (!want_index(E, it))
        return false;
    if (has_size(&it->start)) {
        p->drop[axis] = true;
        p->len[axis] = size_int(E->g, 1);
        return known_index(E, it, axis, n, &p->start[axis]);
    }
    p->gather[axis] = it->start.node;
    if (!known_list(E, it, axis, n, &p->gather[axis]))
        return false;
    if (n->is_const && !n->value && !E->conditional) {
        fail(E, it->span, "an index into axis %d, which is empty", axis);
        return false;
    }
    p->gather[axis] = clamp_index(E, p->gather[axis], n);
    return true;
}

/* Gathers of slices with moving bounds: one axis each, which stays where it is. */
static Node *gather_moving(Elab *E, Node *x, const IndexPlan *p, int rank)
{
    for (int i = 0; i < rank; i++)
        if (p->moving[i]) {
            Node *at = p->gather[i];
            x = move_axis(E->g, gather(E->g, x, 1, &at, &i), 0, i);
        }
    return x;
}

int gathered_position(const IndexPlan *p, int rank)
{
    int first = -1, last = -1, count = 0, kept = 0, before = 0;
    for (int i = 0; i < rank; i++) {
        bool advanced = p->drop[i] || (p->gather[i] && !p->moving[i]);
        if (advanced) {
            if (first < 0) {
                first = i;
                before = kept;
            }
            last = i;
            count++;
        } else {
            kept++;
        }
    }
    return last - first + 1 == count ? before : 0;
}

Value index_items(Elab *E, Value x, Span span, int n, const IndexItem *item)
{
    IndexPlan p;
    Graph *g = E->g;
    if (x.kind == VAL_TUPLE) { /* a tuple's component */
        int64_t at;
        if (n != 1 || item->slice ||
            !want_int(E, item->start, item->span, &at, "the index of a tuple"))
            return n != 1 || item->slice ? fail(E, span, "a tuple is indexed by one constant")
                                         : bad();
        if (at < -x.n || at >= x.n)
            return fail(E, item->span, "index %lld is out of range for a tuple of %d",
                        (long long)at, x.n);
        return x.item[at < 0 ? at + x.n : at];
    }
    if (!want_tensor(E, x, span, "what is indexed"))
        return bad();
    int rank = x.node->shape.rank;
    if (n > rank)
        return fail(E, item[rank].span,
                    rank ? "%d indices for a tensor of shape %s" : "%d indices for a scalar%s", n,
                    rank ? shape_says(E, x.node->shape) : "");
    bool gathers = false, drops = false;
    for (int i = 0; i < rank; i++) {
        if (!plan_axis(E, i < n ? &item[i] : NULL, i, x.node->shape.dim[i], &p))
            return bad();
        gathers |= p.gather[i] && !p.moving[i];
        drops |= p.drop[i];
    }
    g->here = span;
    Node *y = slice(g, x.node, p.start, p.step, shape_of(g, rank, p.len));
    y = gather_moving(E, y, &p, rank);
    int position = gathered_position(&p, rank), m = 0, axes[MAX_RANK], axis = 0;
    Node *idx[MAX_RANK];
    for (int i = 0; i < rank && drops; i++)
        if (p.drop[i])
            y = drop_axis(g, y, axis);
        else
            axis++;
    axis = 0;
    for (int i = 0; i < rank; i++) {
        if (p.gather[i] && !p.moving[i]) {
            axes[m] = axis;
            idx[m++] = p.gather[i];
        }
        axis += !p.drop[i];
    }
    if (!gathers)
        return tensor(E, y, x.origin);
    Shape s = shape_scalar();
    for (int i = 0; i < m; i++) {
        Shape before = s;
        if (!shape_broadcast(g, s, idx[i]->shape, &s))
            return fail(E, span, "index tensors of shapes %s and %s do not broadcast",
                        shape_says(E, before), shape_says(E, idx[i]->shape));
    }
    if (s.rank + y->shape.rank - m > MAX_AXES)
        return fail(E, span, "more than %d axes are not supported", MAX_AXES);
    y = gather(g, y, m, idx, axes);
    for (int i = 0; i < s.rank && position; i++) /* S stands first; one axis after the other goes */
        y = move_axis(g, y, 0, s.rank - 1 + position);
    return tensor(E, y, x.origin);
}

/* ---- From the tree ---- */

bool read_items(Elab *E, Scope *scope, const Ast *index, IndexItem **out)
{
    IndexItem *item = NEW_N(E->arena, IndexItem, index->index.n + 1);
    bool good = true;
    for (int i = 0; i < index->index.n; i++) {
        const Ast *a = index->index.item[i];
        const Value none = {.kind = VAL_NONE};
        item[i] = (IndexItem){.slice = a->kind == AST_SLICE,
                              .start = none,
                              .stop = none,
                              .step = none,
                              .span = a->span};
        if (!item[i].slice) {
            item[i].start = eval(E, scope, a);
        } else {
            item[i].start = a->range.start ? eval(E, scope, a->range.start) : none;
            item[i].stop = a->range.stop ? eval(E, scope, a->range.stop) : none;
            item[i].step = a->range.step ? eval(E, scope, a->range.step) : none;
        }
        good &= !is_error(item[i].start) && !is_error(item[i].stop) && !is_error(item[i].step);
    }
    *out = item;
    return good;
}

Value eval_index(Elab *E, Scope *scope, const Ast *a)
{
    IndexItem *item;
    Value x = eval(E, scope, a->index.base);
    if (!read_items(E, scope, a, &item) || is_error(x))
        return bad();
    return index_items(E, x, a->span, a->index.n, item);
}
