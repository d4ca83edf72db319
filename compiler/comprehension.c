/* comprehension.c - [e for i in a:b] and sum(e for i in a:b, j in a:i).
 *
 * The body is evaluated once, each index being a placeholder; batch() then maps it over the
 * ranges, the last one first, so that their axes come first in order. A range whose length
 * depends on an earlier index is mapped over the greatest length that it can have, and a mask
 * says which turns count: the others are replaced by what changes nothing in the reduction.
 * Indices of tensors stay in range there because they are clamped. */
#include "eval.h"
#include "batch.h"
#include "count.h"
#include "indexing.h"

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* ---- What is known of an index expression ---- */

enum { LINEAR_TERMS = 16, LINEAR_DEPTH = 64 };

/* offset + sum of coef[i] * leaf[i] */
typedef struct Linear {
    const Size *offset;
    int n;
    Node *leaf[LINEAR_TERMS];
    const Size *coef[LINEAR_TERMS];
} Linear;

static bool linear_add(Elab *E, Linear *l, Node *leaf, const Size *coef)
{
    for (int i = 0; i < l->n; i++)
        if (l->leaf[i] == leaf) {
            l->coef[i] = size_add(E->g->sizes, l->coef[i], coef);
            return true;
        }
    if (l->n == LINEAR_TERMS)
        return false;
    l->leaf[l->n] = leaf;
    l->coef[l->n++] = coef;
    return true;
}

/* Adds by * n to l. */
static bool linear(Elab *E, Node *n, const Size *by, int depth, Linear *l)
{
    Sizes *s = E->g->sizes;
    const Size *size = node_size(E->g, n);
    if (size) {
        l->offset = size_add(s, l->offset, size_mul(s, by, size));
        return true;
    }
    bool wraps = n->dtype == T_U8 && (n->op == OP_SUB || n->op == OP_NEG);
    if (depth < LINEAR_DEPTH && !wraps) /* k - 1 of a u8 is 255 soon */
        switch ((Op)n->op) {
        case OP_ADD:
            return linear(E, n->in[0], by, depth + 1, l) && linear(E, n->in[1], by, depth + 1, l);
        case OP_SUB:
            return linear(E, n->in[0], by, depth + 1, l) &&
                   linear(E, n->in[1], size_sub(s, size_int(E->g, 0), by), depth + 1, l);
        case OP_NEG: return linear(E, n->in[0], size_sub(s, size_int(E->g, 0), by), depth + 1, l);
        case OP_MUL:
            for (int k = 0; k < 2; k++)
                if ((size = node_size(E->g, n->in[k])))
                    return linear(E, n->in[1 - k], size_mul(s, by, size), depth + 1, l);
            break;
        case OP_CAST:
            if (n->dtype == T_I64 && !dtype_is_real((Dtype)n->in[0]->dtype))
                return linear(E, n->in[0], by, depth + 1, l);
            break;
        default: break;
        }
    return linear_add(E, l, n, by);
}

static Linear linear_of(Elab *E, Node *n, bool *good)
{
    Linear l = {.offset = size_int(E->g, 0)};
    *good = linear(E, n, size_int(E->g, 1), 0, &l);
    return l;
}

const Size *index_difference(Elab *E, Node *a, Node *b)
{
    Linear l = {.offset = size_int(E->g, 0)};
    if (!linear(E, a, size_int(E->g, 1), 0, &l) || !linear(E, b, size_int(E->g, -1), 0, &l))
        return NULL;
    for (int i = 0; i < l.n; i++)
        if (l.coef[i]->n)
            return NULL;
    return l.offset;
}

static bool interval(Elab *E, const Node *n, int depth, const Size **low, const Size **high);

/* The lesser of two bounds, or the greater. */
static const Size *extreme(Elab *E, bool least, const Size *a, const Size *b)
{
    Sizes *s = E->g->sizes;
    if (size_positive(s, a) == b || size_positive(s, b) == a)
        return (size_positive(s, a) == b) == least ? a : b;
    const Size *d = size_positive(s, size_sub(s, a, b));
    return least ? size_sub(s, a, d) : size_add(s, b, d);
}

/* Of min, max and select(c, a, b): min(a, b) is at most either of them, whatever the other is. */
static bool choice_interval(Elab *E, const Node *n, int depth, const Size **low, const Size **high)
{
    const Size *la = NULL, *ha = NULL, *lb = NULL, *hb = NULL;
    int k = n->op == OP_SELECT;
    interval(E, n->in[k], depth, &la, &ha);
    interval(E, n->in[k + 1], depth, &lb, &hb);
    *low = la && lb ? extreme(E, n->op != OP_MAX, la, lb) : n->op != OP_MAX ? NULL : la ? la : lb;
    *high = ha && hb ? extreme(E, n->op == OP_MIN, ha, hb) : n->op != OP_MIN ? NULL : ha ? ha : hb;
    return *low || *high;
}

/* Of a leaf of a linear form. */
static bool leaf_interval(Elab *E, const Node *n, int depth, const Size **low, const Size **high)
{
    Sizes *s = E->g->sizes;
    for (int i = 0; i < E->indices.n; i++)
        if (E->indices.at[i].hole == n) {
            *low = E->indices.at[i].low;
            *high = E->by_arguments ? E->indices.at[i].most : E->indices.at[i].high;
            return *low || *high;
        }
    if (E->by_arguments && (*high = count_of_argument(E->g, n))) {
        *low = n->dtype == T_U8 ? size_int(E->g, 0) : NULL;
        return true;
    }
    if (E->by_arguments && (*high = count_form(E->g, n, false))) {
        *low = *high;
        return true;
    }
    if (E->by_arguments && n->dtype == T_U8) {
        *low = size_int(E->g, 0);
        *high = size_int(E->g, 255);
        return true;
    }
    if (depth > LINEAR_DEPTH || n->nin < 2)
        return false;
    if (n->op == OP_SELECT || n->op == OP_MIN || n->op == OP_MAX)
        return choice_interval(E, n, depth, low, high);
    const Size *by = node_size(E->g, n->in[1]);
    if (n->op == OP_FLOORDIV && by && size_known_positive(s, by) &&
        interval(E, n->in[0], depth, low, high)) {
        *low = *low ? size_floordiv(s, *low, by) : NULL;
        *high = *high ? size_floordiv(s, *high, by) : NULL;
        return true;
    }
    if (n->op == OP_MOD && by && size_known_positive(s, by)) {
        *low = size_int(E->g, 0);
        *high = size_sub(s, by, size_int(E->g, 1));
        return true;
    }
    return false;
}

/* Each of the bounds is NULL where it is not known; false where neither is. */
static bool interval(Elab *E, const Node *n, int depth, const Size **low, const Size **high)
{
    Sizes *s = E->g->sizes;
    bool good;
    Linear l = linear_of(E, (Node *)n, &good);
    const Size *a = good ? l.offset : NULL, *b = a;
    for (int i = 0; i < l.n && (a || b); i++) {
        const Size *lo = NULL, *hi = NULL;
        if (!l.coef[i]->n)
            continue;
        bool up = size_known_nonneg(s, l.coef[i]);
        if ((!up && !size_known_nonneg(s, size_sub(s, size_int(E->g, 0), l.coef[i]))) ||
            !leaf_interval(E, l.leaf[i], depth + 1, &lo, &hi))
            lo = hi = NULL;
        const Size *least = up ? lo : hi, *most = up ? hi : lo;
        a = a && least ? size_add(s, a, size_mul(s, l.coef[i], least)) : NULL;
        b = b && most ? size_add(s, b, size_mul(s, l.coef[i], most)) : NULL;
    }
    *low = a;
    *high = b;
    return a || b;
}

bool index_bounds(Elab *E, const Node *n, const Size **low, const Size **high)
{
    return interval(E, n, 0, low, high);
}

const Size *index_most(Elab *E, const Node *n)
{
    const Size *low, *high;
    E->by_arguments = true;
    bool some = interval(E, n, 0, &low, &high);
    E->by_arguments = false;
    return some ? high : NULL;
}

bool index_interval(Elab *E, const Node *n, const Size **low, const Size **high)
{
    return interval(E, n, 0, low, high) && *low && *high;
}

static bool depends_on_bound(Elab *E, Node *n)
{
    bool some = false;
    for (int i = 0; i < E->indices.n; i++)
        some |= !E->indices.at[i].exact;
    if (!some)
        return false;
    bool *mark = NEW_N(E->arena, bool, E->g->nodes.n);
    mark_ancestors(E->g, 1, &n, mark);
    for (int i = 0; i < E->indices.n; i++)
        if (!E->indices.at[i].exact && mark[E->indices.at[i].hole->id])
            return true;
    return false;
}

/* An index into an axis of n, kept in range where a turn that does not count could leave it. */
Node *clamp_index(Elab *E, Node *index, const Size *n)
{
    Sizes *s = E->g->sizes;
    const Size *low, *high;
    if (!depends_on_bound(E, index))
        return index;
    bool known = index_interval(E, index, &low, &high);
    const Size *last = size_sub(s, n, size_int(E->g, 1));
    if (index->dtype != T_I64)
        index = cast(E->g, index, T_I64);
    if (!known || !size_known_ge(s, last, high))
        index = pw2(E->g, OP_MIN, index, size_node(E->g, last));
    if (!known || !size_known_nonneg(s, low))
        index = pw2(E->g, OP_MAX, index, const_int(E->g, T_I64, 0));
    return index;
}

/* ---- Ranges ---- */

/* One `i in a:b`, its index being a placeholder. */
typedef struct Range {
    Node *hole, *values; /* what stands for it: start + step * iota(count) */
    Node *mask;          /* which of the values count; NULL: all */
    const Size *count;
} Range;

bool integer_scalar(Elab *E, Value v, Span span, Node **out, const char *what)
{
    if (!want_tensor(E, v, span, what))
        return false;
    if (has_size(&v)) {
        *out = size_node(E->g, size_of(E, &v));
        return true;
    }
    if (v.node->shape.rank || v.node->dtype > T_I64 || v.node->dtype == T_BOOL) {
        fail(E, span, "%s must be an integer, not %s", what, value_says(E, v));
        return false;
    }
    *out = cast(E->g, v.node, T_I64);
    return true;
}

/* How many turns there are at most, and whether there are always so many. */
static const Size *range_length(Elab *E, Node *start, Node *stop, int64_t step, bool *exact)
{
    Sizes *s = E->g->sizes;
    int64_t by = step > 0 ? step : -step;
    Node *from = step > 0 ? start : stop, *to = step > 0 ? stop : start;
    const Size *span = index_difference(E, to, from), *low;
    *exact = span != NULL;
    if (!span && (!index_bounds(E, pw2(E->g, OP_SUB, to, from), &low, &span) || !span))
        return NULL;
    if (size_known_nonneg(s, size_sub(s, size_int(E->g, 0), span)))
        return size_int(E->g, 0);
    if (by != 1)
        span = size_floordiv(s, size_add(s, span, size_int(E->g, by - 1)), size_int(E->g, by));
    return *exact ? span
                  : size_positive(s, span); /* j in 0:i, i in 0:n, has n - 1 turns, or none */
}

static void put_index(Elab *E, Range *r, Node *start, int64_t step, bool exact)
{
    Sizes *s = E->g->sizes;
    IndexVar v = {.hole = r->hole, .exact = exact};
    const Size *low, *high;
    if (index_interval(E, start, &low, &high)) {
        const Size *reach =
            size_mul(s, size_int(E->g, step), size_sub(s, r->count, size_int(E->g, 1)));
        v.low = step > 0 ? low : size_add(s, low, reach);
        v.high = v.most = step > 0 ? size_add(s, high, reach) : high;
    }
    vec_push(E->arena, &E->indices, v);
}

static bool open_range(Elab *E, Scope *scope, const Ast *clause, Range *r)
{
    Node *start, *stop;
    int64_t step = 1;
    bool exact;
    const Ast *range = clause->clause.range, *by = range->range.step;
    Value from = eval(E, scope, range->range.start), to = eval(E, scope, range->range.stop);
    if (!integer_scalar(E, from, range->range.start->span, &start, "the bound of a range") ||
        !integer_scalar(E, to, range->range.stop->span, &stop, "the bound of a range"))
        return false;
    if (by && !want_int(E, eval(E, scope, by), by->span, &step, "the step of a range"))
        return false;
    if (!step) {
        fail(E, by->span, "the step of a range is 0");
        return false;
    }
    r->count = range_length(E, start, stop, step, &exact);
    if (!r->count) {
        fail(E, range->span,
             "the length of this range is not known at compile time: it must follow from sizes "
             "and earlier indices");
        return false;
    }
    E->g->here = range->span;
    r->hole = placeholder(E->g, T_I64, shape_scalar());
    r->hole->name = clause->clause.name;
    Node *turn = iota(E->g, r->count);
    if (step != 1)
        turn = pw2(E->g, OP_MUL, turn, const_int(E->g, T_I64, step));
    r->values = pw2(E->g, OP_ADD, turn, start);
    r->mask = exact ? NULL : pw2(E->g, step > 0 ? OP_LT : OP_GT, r->hole, stop);
    put_index(E, r, start, step, exact);
    Value index = {.kind = VAL_TENSOR, .origin = FROM_CONST, .node = r->hole};
    scope_bind(E, scope, clause->clause.name, index);
    return true;
}

/* ---- The whole ---- */

/* Maps roots over the ranges; their axes come first, in order. */
static void map_ranges(Elab *E, int n, Range *r, int nroots, Node **roots)
{
    for (int k = n - 1; k >= 0; k--)
        batch(E->g, nroots, roots, 1, &r[k].hole, &r[k].values, r[k].count);
}

/* The checks of the body hold for every element that counts. */
static void map_checks(Elab *E, int n, Range *r, int first, Node *mask)
{
    for (int i = first; i < E->checks.n; i++) {
        Node *cond = E->checks.at[i].cond;
        if (mask) {
            Node *off = pw1(E->g, OP_NOT, mask);
            cond = pw2(E->g, OP_OR, off, cond);
        }
        map_ranges(E, n, r, 1, &cond);
        E->checks.at[i].cond = reduce_all(E->g, OP_ALL, cond);
    }
}

static Value body_value(Elab *E, Scope *scope, const Ast *body, bool *good)
{
    Value v = eval(E, scope, body);
    *good = want_tensor(E, v, body->span, "the element of a comprehension");
    return v;
}

Value eval_comprehension(Elab *E, Scope *outer, const Ast *c, const char *how, Span span)
{
    Scope *scope = scope_new(E, outer);
    int n = c->comp.n, base = E->indices.n, first_check = E->checks.n;
    Range *r = NEW_N(E->arena, Range, n);
    Node *mask = NULL;
    bool good = true;
    for (int k = 0; k < n && good; k++) {
        good = open_range(E, scope, c->comp.clause[k], &r[k]);
        if (good && r[k].mask && !how) {
            fail(E, c->comp.clause[k]->span,
                 "the length of this range depends on an earlier index, "
                 "which only a reduction (sum, max ...) can have");
            good = false;
        } else if (good && r[k].mask) {
            mask = mask ? pw2(E->g, OP_AND, mask, r[k].mask) : r[k].mask;
        }
    }
    Value body = bad();
    if (good)
        body = body_value(E, scope, c->comp.element, &good);
    E->indices.n = base;
    if (!good)
        return bad();
    if (body.node->shape.rank + n > MAX_AXES)
        return fail(E, c->span, "more than %d axes are not supported", MAX_AXES);
    Node *roots[2] = {body.node, mask};
    E->g->here = span;
    map_checks(E, n, r, first_check, mask);
    map_ranges(E, n, r, mask ? 2 : 1, roots);
    Value x = tensor(E, roots[0], body.origin);
    return how ? reduce_named(E, how, span, x, n, mask ? roots[1] : NULL) : x;
}
