/* builtins_shape.c - functions that move elements: reshape, concat, pad, diag and their like. */
#include "eval.h"

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

static bool want_operand(Elab *E, Call *c)
{
    char *what = arena_printf(E->arena, "the argument of %s", c->builtin->name);
    return want_tensor(E, c->arg[0], c->at[0], what);
}

static Value like(Elab *E, Value x, Node *n)
{
    return tensor(E, n, x.origin);
}

/* Of a call with `x...`: x into arg[0], and what stands behind it, one value or many, as one. */
static Value tail_of(Elab *E, Call *c, Value named)
{
    c->arg[0] = c->rest[0];
    c->at[0] = c->rest_at[0];
    if (c->nrest == 1)
        return named;
    if (given(named))
        return fail(E, c->span, "%s is given its %s twice", c->builtin->name, c->builtin->name);
    if (c->nrest == 2)
        return c->rest[1];
    return value_tuple(E, c->nrest - 1, c->rest + 1);
}

/* ---- Reshape and its kin ---- */

/* The index of the -1 in a shape, or -1; others must be sizes. */
static bool reshape_dims(Elab *E, Value v, Span span, int *n, const Size **dim, int *hole)
{
    bool many = v.kind == VAL_TUPLE || (is_tensor(v) && v.item);
    *n = many ? v.n : 1;
    *hole = -1;
    if (*n > MAX_AXES) {
        fail(E, span, "a shape of %d axes: at most %d are supported", *n, MAX_AXES);
        return false;
    }
    for (int i = 0; i < *n; i++) {
        if (!want_size(E, many ? v.item[i] : v, span, &dim[i], "a size in a shape"))
            return false;
        if (dim[i]->is_const && dim[i]->value == -1 && *hole < 0) {
            *hole = i;
        } else if (dim[i]->is_const && dim[i]->value < 0) {
            if (dim[i]->value == -1)
                fail(E, span, "only one size of a shape can be -1, what the others leave");
            else
                fail(E, span, "a size in a shape is %lld", (long long)dim[i]->value);
            return false;
        }
    }
    return true;
}

static Value run_reshape(Elab *E, Call *c)
{
    Value shape = tail_of(E, c, c->arg[1]);
    const Size *dim[MAX_RANK], *known = size_int(E->g, 1);
    int n, hole;
    if (!want_operand(E, c) || is_error(shape))
        return bad();
    if (!given(shape))
        return fail(E, c->span, "reshape wants a shape");
    if (!reshape_dims(E, shape, c->span, &n, dim, &hole))
        return bad();
    for (int i = 0; i < n; i++)
        if (i != hole)
            known = size_mul(E->g->sizes, known, dim[i]);
    Node *x = c->arg[0].node;
    const Size *count = shape_count(E->g, x->shape);
    if (hole >= 0 && !(dim[hole] = size_div(E->g->sizes, count, known)))
        return fail(E, c->span, "%s elements do not divide into rows of %s", size_says(E, count),
                    size_says(E, known));
    Shape s = shape_of(E->g, n, dim);
    if (shape_count(E->g, s) != count)
        return fail(E, c->span, "cannot reshape %s to %s: %s and %s elements",
                    shape_says(E, x->shape), shape_says(E, s), size_says(E, count),
                    size_says(E, shape_count(E->g, s)));
    return like(E, c->arg[0], reshape(E->g, x, s));
}

static Value run_transpose(Elab *E, Call *c)
{
    Value perm = tail_of(E, c, given(c->arg[1]) ? c->arg[1] : c->arg[2]);
    int order[MAX_RANK];
    bool seen[MAX_RANK] = {false};
    if (!want_operand(E, c) || is_error(perm))
        return bad();
    int rank = c->arg[0].node->shape.rank;
    bool many = perm.kind == VAL_TUPLE || (is_tensor(perm) && perm.item);
    int n = !given(perm) ? rank : many ? perm.n : 1;
    if (n != rank)
        return fail(E, c->span, "transpose wants %d axes, not %d", rank, n);
    for (int i = 0; i < rank; i++) {
        if (!given(perm))
            order[i] = rank - 1 - i;
        else if (!want_axis(E, many ? perm.item[i] : perm, c->span, rank, &order[i]))
            return bad();
        if (seen[order[i]])
            return fail(E, c->span, "axis %d is named twice", order[i]);
        seen[order[i]] = true;
    }
    return like(E, c->arg[0], permute(E->g, c->arg[0].node, order));
}

static Value run_squeeze(Elab *E, Call *c)
{
    int n, axes[MAX_RANK];
    if (!want_operand(E, c) ||
        !want_axes(E, c->arg[1], c->at[1], c->arg[0].node->shape.rank, &n, axes))
        return bad();
    Node *x = c->arg[0].node;
    for (int i = n - 1; i >= 0; i--) {
        const Size *d = x->shape.dim[axes[i]];
        if (d->is_const && d->value == 1)
            x = drop_axis(E->g, x, axes[i]);
        else if (given(c->arg[1]))
            return fail(E, c->at[1], "axis %d cannot go: its size is %s", axes[i], size_says(E, d));
    }
    return like(E, c->arg[0], x);
}

/* expand(x, axis): new axes of size 1, counted in the result. */
static Value run_expand(Elab *E, Call *c)
{
    if (!want_operand(E, c))
        return bad();
    Node *x = c->arg[0].node;
    Value v = c->arg[1];
    int n, axes[MAX_RANK], more = v.kind == VAL_TUPLE || v.item ? v.n : 1;
    if (x->shape.rank + more > MAX_AXES)
        return fail(E, c->span, "more than %d axes are not supported", MAX_AXES);
    if (!want_axes(E, v, c->at[1], x->shape.rank + more, &n, axes))
        return bad();
    for (int i = 0; i < n; i++)
        x = insert_axis(E->g, x, axes[i]);
    return like(E, c->arg[0], x);
}

static Value run_broadcast_to(Elab *E, Call *c)
{
    Shape s, both;
    if (!want_operand(E, c) || !want_shape(E, c->arg[1], c->at[1], &s, "a size in a shape"))
        return bad();
    Shape from = c->arg[0].node->shape;
    if (!shape_broadcast(E->g, from, s, &both) || !shape_equal(both, s))
        return fail(E, c->span, "shape %s does not broadcast to %s", shape_says(E, from),
                    shape_says(E, s));
    return like(E, c->arg[0], expand(E->g, c->arg[0].node, s));
}

/* ---- Concatenation and copies ---- */

/* The parts of concat and stack: one by one, or as one tuple or list; then perhaps an axis. */
static int parts_of(Elab *E, Call *c, Value **out)
{
    const Value *v = c->rest;
    int n = c->nrest;
    if (v->kind == VAL_TUPLE && n == 2 && !given(c->arg[1])) {
        c->arg[1] = v[1];
        c->at[1] = c->rest_at[1];
        n = 1;
    }
    if (n == 1 && (v->kind == VAL_TUPLE || v->item)) {
        n = v->n;
        v = v->item;
    } else if (n == 1 && is_tensor(*v) && v->node->shape.rank) { /* its rows */
        const Size *rows = v->node->shape.dim[0];
        if (!rows->is_const) {
            fail(E, c->rest_at[0], "%s of one tensor joins its rows, and their number is open",
                 c->builtin->name);
            return -1;
        }
        *out = NEW_N(E->arena, Value, rows->value + 1);
        for (int i = 0; i < rows->value; i++)
            (*out)[i] = like(E, *v, take_at(E->g, v->node, 0, size_int(E->g, i)));
        return (int)rows->value;
    }
    *out = NEW_N(E->arena, Value, n + 1);
    for (int i = 0; i < n; i++) {
        (*out)[i] = v[i];
        if (!want_tensor(E, v[i], c->nrest == n ? c->rest_at[i] : c->rest_at[0], "a part"))
            return -1;
    }
    if (!n)
        fail(E, c->span, "%s wants at least one part", c->builtin->name);
    return n ? n : -1;
}

static bool parts_match(Elab *E, Call *c, int n, const Value *v, int axis)
{
    for (int i = 1; i < n; i++) {
        Shape a = v[0].node->shape, b = v[i].node->shape;
        bool same = a.rank == b.rank;
        for (int k = 0; same && k < a.rank; k++)
            same = k == axis || a.dim[k] == b.dim[k];
        if (!same) {
            fail(E, c->nrest == n ? c->rest_at[i] : c->span, "%s of shapes %s and %s",
                 c->builtin->name, shape_says(E, a), shape_says(E, b));
            return false;
        }
    }
    return true;
}

static Value run_concat(Elab *E, Call *c)
{
    bool stacks = c->builtin->extra;
    Value *v;
    int n = parts_of(E, c, &v), axis = 0;
    if (n < 0)
        return bad();
    int rank = v[0].node->shape.rank;
    if (!rank && !stacks)
        return fail(E, c->span,
                    "scalars cannot be joined by concat: [a, b] or stack(a, b) makes a vector");
    if (given(c->arg[1]) && !want_axis(E, c->arg[1], c->at[1], rank + stacks, &axis))
        return bad();
    Origin origin;
    if (!parts_match(E, c, n, v, stacks ? -1 : axis) ||
        !promote(E, c->span, n, v, TO_COMPARE, &origin))
        return bad();
    Node **in = NEW_N(E->arena, Node *, n);
    for (int i = 0; i < n; i++)
        in[i] = v[i].node;
    return tensor(E, stacks ? stack(E->g, n, in, axis) : concat(E->g, n, in, axis), origin);
}

/* n copies of x along an axis: a new axis, broadcast, and merged. `each`: a a b b, not a b a b. */
static Node *copies(Elab *E, Node *x, int axis, const Size *n, bool each)
{
    Graph *g = E->g;
    const Size *d = x->shape.dim[axis];
    int at = each ? axis + 1 : axis;
    Node *y = insert_axis(g, x, at);
    const Size *dim[MAX_RANK];
    for (int i = 0; i < y->shape.rank; i++)
        dim[i] = i == at ? n : y->shape.dim[i];
    y = expand(g, y, shape_of(g, y->shape.rank, dim));
    Shape s = x->shape;
    for (int i = 0; i < s.rank; i++)
        dim[i] = i == axis ? size_mul(g->sizes, d, n) : s.dim[i];
    return reshape(g, y, shape_of(g, s.rank, dim));
}

static Value run_tile(Elab *E, Call *c)
{
    Value reps = tail_of(E, c, c->arg[1]);
    Shape r;
    if (!want_operand(E, c) || is_error(reps))
        return bad();
    if (!given(reps))
        return fail(E, c->span, "tile wants numbers of copies");
    if (!want_shape(E, reps, c->span, &r, "a number of copies"))
        return bad();
    Node *x = c->arg[0].node;
    while (x->shape.rank < r.rank)
        x = insert_axis(E->g, x, 0);
    for (int i = 0; i < r.rank; i++)
        x = copies(E, x, x->shape.rank - r.rank + i, r.dim[i], false);
    return like(E, c->arg[0], x);
}

static Value run_repeat(Elab *E, Call *c)
{
    const Size *n;
    int axis = 0;
    if (!want_operand(E, c) || !want_size(E, c->arg[1], c->at[1], &n, "a number of copies"))
        return bad();
    Node *x = c->arg[0].node;
    if (!given(c->arg[2])) {
        const Size *count = shape_count(E->g, x->shape);
        x = reshape(E->g, x, shape_of(E->g, 1, &count));
    } else if (!want_axis(E, c->arg[2], c->at[2], x->shape.rank, &axis)) {
        return bad();
    }
    return like(E, c->arg[0], copies(E, x, axis, n, true));
}

/* ---- Pad, flip, roll ---- */

/* n; (n,); (lo, hi) for every axis; or ((lo, hi), ...) one for each. */
static bool pad_widths(Elab *E, Value v, Span span, int rank, const Size **lo, const Size **hi)
{
    if (is_error(v))
        return false;
    bool many = v.kind == VAL_TUPLE || v.item;
    bool nested = many && v.n && (v.item[0].kind == VAL_TUPLE || v.item[0].item);
    if (nested && v.n != rank && v.n != 1) {
        fail(E, span, "pad wants a pair for each of %d axes, not %d", rank, v.n);
        return false;
    }
    for (int i = 0; i < rank; i++) {
        Value p = nested ? v.item[v.n == 1 ? 0 : i] : v;
        bool pair = p.kind == VAL_TUPLE || p.item;
        if (pair && p.n != 1 && p.n != 2) {
            fail(E, span, "pad wants a pair (before, behind) for an axis");
            return false;
        }
        if (!want_size(E, pair ? p.item[0] : p, span, &lo[i], "a width of pad") ||
            !want_size(E, pair ? p.item[p.n - 1] : p, span, &hi[i], "a width of pad"))
            return false;
        if ((lo[i]->is_const && lo[i]->value < 0) || (hi[i]->is_const && hi[i]->value < 0)) {
            fail(E, span, "a width of pad is negative");
            return false;
        }
    }
    return true;
}

static Value run_pad(Elab *E, Call *c)
{
    const Size *lo[MAX_RANK], *hi[MAX_RANK], *dim[MAX_RANK];
    int64_t step[MAX_RANK];
    if (!want_operand(E, c))
        return bad();
    Graph *g = E->g;
    Value x = c->arg[0];
    Shape s = x.node->shape;
    if (!pad_widths(E, c->arg[1], c->at[1], s.rank, lo, hi))
        return bad();
    for (int i = 0; i < s.rank; i++) {
        dim[i] = size_add(g->sizes, s.dim[i], size_add(g->sizes, lo[i], hi[i]));
        step[i] = 1;
    }
    Shape whole = shape_of(g, s.rank, dim);
    Value fill = c->arg[2], two[2] = {x, fill};
    Origin origin;
    if (!given(fill) || (is_tensor(fill) && node_is_value(fill.node, 0)))
        return like(E, x, pad(g, x.node, lo, step, whole));
    if (!want_tensor(E, fill, c->at[2], "value") ||
        !promote(E, c->span, 2, two, TO_COMPARE, &origin))
        return bad();
    if (two[1].node->shape.rank)
        return fail(E, c->at[2], "value must be a scalar, not %s", value_says(E, fill));
    Node *inside = pad(g, cast(g, expand(g, const_int(g, T_U8, 1), s), T_U8), lo, step, whole);
    Node *is = pw2(g, OP_NE, inside, const_int(g, T_U8, 0));
    return tensor(E, pw3(g, OP_SELECT, is, pad(g, two[0].node, lo, step, whole), two[1].node),
                  origin);
}

static Node *flipped(Elab *E, Node *x, int axis)
{
    const Size *n = x->shape.dim[axis];
    return slice_axis(E->g, x, axis, size_sub(E->g->sizes, n, size_int(E->g, 1)), -1, n);
}

static Value run_flip(Elab *E, Call *c)
{
    int n, axes[MAX_RANK];
    if (!want_operand(E, c) ||
        !want_axes(E, c->arg[1], c->at[1], c->arg[0].node->shape.rank, &n, axes))
        return bad();
    Node *x = c->arg[0].node;
    for (int i = 0; i < n; i++)
        x = flipped(E, x, axes[i]);
    return like(E, c->arg[0], x);
}

/* Towards higher indices by `by`, and in again at the other end. */
static Node *rolled(Elab *E, Node *x, int axis, const Size *by)
{
    Sizes *s = E->g->sizes;
    const Size *n = x->shape.dim[axis];
    if (n->is_const && !n->value)
        return x;
    bool small = size_known_nonneg(s, by) && (by->is_const && !n->is_const);
    const Size *k =
        small || (by->is_const && by->value < 0 && !n->is_const) ? by : size_mod(s, by, n);
    if (k->is_const && !k->value)
        return x;
    const Size *cut =
        k->is_const && k->value < 0 ? size_sub(s, size_int(E->g, 0), k) : size_sub(s, n, k);
    Node *part[2] = {slice_axis(E->g, x, axis, cut, 1, size_sub(s, n, cut)),
                     slice_axis(E->g, x, axis, size_int(E->g, 0), 1, cut)};
    return concat(E->g, 2, part, axis);
}

/* The same by a shift that only a run knows: element i is that at (i - shift) mod n. */
static Node *rolled_by(Elab *E, Node *x, int axis, Node *shift)
{
    Graph *g = E->g;
    const Size *n = x->shape.dim[axis];
    Node *at = pw2(g, OP_SUB, iota(g, n), cast(g, shift, T_I64));
    at = pw2(g, OP_MOD, at, size_node(g, n));
    return move_axis(g, gather(g, x, 1, &at, &axis), 0, axis);
}

/* NULL after a message. */
static Node *roll_axis(Elab *E, Node *x, int axis, Value shift, Span at)
{
    const Size *by;
    bool run = is_tensor(shift) && !has_size(&shift) && !shift.node->shape.rank &&
               !dtype_is_real((Dtype)shift.node->dtype) && shift.node->dtype != T_BOOL;
    if (run)
        return rolled_by(E, x, axis, shift.node);
    return want_size(E, shift, at, &by, "a shift") ? rolled(E, x, axis, by) : NULL;
}

static Value run_roll(Elab *E, Call *c)
{
    int n, axes[MAX_RANK];
    if (!want_operand(E, c))
        return bad();
    Node *x = c->arg[0].node;
    Shape s = x->shape;
    if (!want_axes(E, c->arg[2], c->at[2], s.rank, &n, axes))
        return bad();
    bool many = c->arg[1].kind == VAL_TUPLE || c->arg[1].item;
    if (many && (!given(c->arg[2]) || c->arg[1].n != n))
        return fail(E, c->at[1], "roll wants as many shifts as axes");
    if (!given(c->arg[2])) { /* flattened, as in NumPy, and shaped back */
        const Size *count = shape_count(E->g, s);
        x = roll_axis(E, reshape(E->g, x, shape_of(E->g, 1, &count)), 0, c->arg[1], c->at[1]);
        return x ? like(E, c->arg[0], reshape(E->g, x, s)) : bad();
    }
    for (int i = 0; i < n; i++) {
        int axis = axes[i];
        if (many) { /* in the order in which they are named */
            if (!want_axis(E, c->arg[2].item[i], c->at[2], s.rank, &axis))
                return bad();
        }
        x = roll_axis(E, x, axis, many ? c->arg[1].item[i] : c->arg[1], c->at[1]);
        if (!x)
            return bad();
    }
    return like(E, c->arg[0], x);
}

/* ---- Diagonals and triangles ---- */

/* column - row of an n x m matrix, i64. */
static Value offsets(Elab *E, Span span, const Size *n, const Size *m)
{
    Node *row = insert_axis(E->g, iota(E->g, n), 1);
    return apply2(E, OP_SUB, span, tensor(E, iota(E->g, m), FROM_CONST),
                  tensor(E, row, FROM_CONST));
}

static Value diagonal_of(Elab *E, Value x, int64_t k)
{
    Graph *g = E->g;
    Sizes *s = g->sizes;
    const Size *n = x.node->shape.dim[0], *m = x.node->shape.dim[1];
    const Size *down = size_int(g, k < 0 ? -k : 0), *right = size_int(g, k > 0 ? k : 0);
    n = size_sub(s, n, down);
    m = size_sub(s, m, right);
    const Size *len = n == m ? n : size_sub(s, n, size_positive(s, size_sub(s, n, m)));
    if (len->is_const && len->value < 0)
        len = size_int(g, 0);
    Node *i = iota(g, len), *at[2];
    int axes[2] = {0, 1};
    at[0] = pw2(g, OP_ADD, i, size_node(g, down));
    at[1] = pw2(g, OP_ADD, i, size_node(g, right));
    return like(E, x, gather(g, x.node, 2, at, axes));
}

static Value run_diag(Elab *E, Call *c)
{
    int64_t k = 0;
    if (!want_operand(E, c) || (given(c->arg[1]) && !want_int(E, c->arg[1], c->at[1], &k, "k")))
        return bad();
    Value x = c->arg[0];
    int rank = x.node->shape.rank;
    if (rank == 2)
        return diagonal_of(E, x, k);
    if (rank != 1)
        return fail(E, c->span, "diag wants a vector or a matrix, not %s", value_says(E, x));
    Graph *g = E->g;
    const Size *n = size_add(g->sizes, x.node->shape.dim[0], size_int(g, k < 0 ? -k : k));
    Value on = apply2(E, OP_EQ, c->span, offsets(E, c->span, n, n), value_int(E, k));
    const Size *zero = size_int(g, k < 0 ? -k : 0); /* below: along rows; above: along columns */
    int64_t step = 1;
    Node *row = k < 0 ? pad(g, x.node, &zero, &step, shape_of(g, 1, &n)) : x.node;
    if (k > 0)
        row = pad(g, x.node, &zero, &step, shape_of(g, 1, &n));
    row = insert_axis(g, row, 1);
    return choose(E, c->span, on, like(E, x, row), tensor(E, const_like(g, x.node, 0), x.origin));
}

static Value run_triangle(Elab *E, Call *c)
{
    Value k = given(c->arg[1]) ? c->arg[1] : value_int(E, 0), x = c->arg[0];
    const Size *ks;
    if (!want_operand(E, c) || !want_size(E, k, c->at[1], &ks, "k"))
        return bad();
    Shape s = x.node->shape;
    if (s.rank < 2)
        return fail(E, c->span, "%s wants a matrix, not %s", c->builtin->name, value_says(E, x));
    Value off = offsets(E, c->span, s.dim[s.rank - 2], s.dim[s.rank - 1]);
    Value in = apply2(E, c->builtin->extra ? OP_GE : OP_LE, c->span, off, k);
    return choose(E, c->span, in, x, tensor(E, const_like(E->g, x.node, 0), x.origin));
}

/* ---- What `gradc show` prints of movement ---- */

static bool read_move(Elab *E, Call *c, int start, int step, int rank, const Size **from,
                      int64_t *by)
{
    Shape a, b;
    if (!want_sizes(E, c->arg[start], c->at[start], &a, "a start") ||
        !want_sizes(E, c->arg[step], c->at[step], &b, "a step"))
        return false;
    if (a.rank != rank || b.rank != rank) {
        fail(E, c->span, "%s wants %d starts and steps", c->builtin->name, rank);
        return false;
    }
    for (int i = 0; i < rank; i++) {
        if (!b.dim[i]->is_const || !b.dim[i]->value) {
            fail(E, c->at[step], "a step must be a constant, not 0");
            return false;
        }
        from[i] = a.dim[i];
        by[i] = b.dim[i]->value;
    }
    return true;
}

/* Whether positions start + step*i, i < n, lie in [0, whole), as far as that can be told. */
static bool inside(Elab *E, Call *c, int rank, const Size *const *from, const int64_t *by,
                   Shape part, Shape whole)
{
    for (int i = 0; i < rank; i++) {
        Sizes *s = E->g->sizes;
        const Size *last = size_add(
            s, from[i],
            size_mul(s, size_int(E->g, by[i]), size_sub(s, part.dim[i], size_int(E->g, 1))));
        const Size *room = size_sub(s, whole.dim[i], size_int(E->g, 1));
        bool some = !part.dim[i]->is_const || part.dim[i]->value > 0;
        bool out = (part.dim[i]->is_const && part.dim[i]->value < 0) ||
                   (some && ((from[i]->is_const && from[i]->value < 0) ||
                             (last->is_const && last->value < 0) ||
                             size_known_positive(s, size_sub(s, from[i], room)) ||
                             size_known_positive(s, size_sub(s, last, room))));
        if (out) {
            fail(E, c->span, "%s leaves axis %d of size %s", c->builtin->name, i,
                 size_says(E, whole.dim[i]));
            return false;
        }
    }
    return true;
}

static Value run_slice(Elab *E, Call *c)
{
    const Size *from[MAX_RANK];
    int64_t by[MAX_RANK];
    Shape s;
    if (!want_operand(E, c))
        return bad();
    int rank = c->arg[0].node->shape.rank;
    if (!read_move(E, c, 1, 2, rank, from, by) ||
        !want_shape(E, c->arg[3], c->at[3], &s, "a size in a shape"))
        return bad();
    if (s.rank != rank)
        return fail(E, c->span, "slice wants a shape of rank %d", rank);
    if (!inside(E, c, rank, from, by, s, c->arg[0].node->shape))
        return bad();
    return like(E, c->arg[0], slice(E->g, c->arg[0].node, from, by, s));
}

static Value run_embed(Elab *E, Call *c)
{
    const Size *from[MAX_RANK];
    int64_t by[MAX_RANK];
    Shape s;
    if (!want_operand(E, c) || !want_shape(E, c->arg[1], c->at[1], &s, "a size in a shape"))
        return bad();
    int rank = c->arg[0].node->shape.rank;
    if (s.rank != rank)
        return fail(E, c->span, "embed wants a shape of rank %d", rank);
    if (!read_move(E, c, 2, 3, rank, from, by) ||
        !inside(E, c, rank, from, by, c->arg[0].node->shape, s))
        return bad();
    return like(E, c->arg[0], pad(E->g, c->arg[0].node, from, by, s));
}

const Builtin builtins_shape[] = {
    {"reshape", run_reshape, "x... shape?", 0},
    {"transpose", run_transpose, "x... perm? axes?", 0},
    {"squeeze", run_squeeze, "x axis?", 0},
    {"expand", run_expand, "x axis", 0},
    {"broadcast_to", run_broadcast_to, "x shape", 0},
    {"concat", run_concat, "x... axis?", 0},
    {"stack", run_concat, "x... axis?", 1},
    {"tile", run_tile, "x... reps?", 0},
    {"repeat", run_repeat, "x n axis?", 0},
    {"pad", run_pad, "x width value?", 0},
    {"flip", run_flip, "x axis?", 0},
    {"roll", run_roll, "x shift axis?", 0},
    {"diag", run_diag, "x k?", 0},
    {"tril", run_triangle, "x k?", 0},
    {"triu", run_triangle, "x k?", 1},
    {"slice", run_slice, "x start step shape", 0},
    {"embed", run_embed, "x shape start step", 0},
    {0},
};
