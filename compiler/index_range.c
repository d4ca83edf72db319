/* index_range.c - which indices are in range in every turn that asks for them, and which are not the same.
 *
 * An index is looked at as a sum of a size and multiples of what counts the turns of loops (or runs along
 * an axis of a table of indices). These run from 0 to the number of turns - 1, which may depend on outer
 * ones in its turn: the inner ones are replaced first, so that `for i in k+1:n` gives k < i < n. Whoever
 * asks is in a turn of each of these loops, so that max(n - 1, 0) turns are n - 1. */
#include "ops.h"
#include "region.h"

enum { MOST_TERMS = 8, DEEP = 16, MOST_STEPS = 24 };

typedef struct Term {
    const Node *of; /* the index of a region, a remainder by a constant, or 0, 1, 2 ... along an axis */
    int64_t coef;
} Term;

typedef struct Sum {
    const Size *size;
    bool any; /* what is not known has a term, too */
    int n;
    Term term[MOST_TERMS];
} Sum;

static const Region *region_that_counts(const Graph *g, const Node *index)
{
    for (int k = g->regions.n - 1; k >= 0 && index->op == OP_HOLE; k--)
        if (g->regions.at[k]->index == index && (g->regions.at[k]->turns || g->regions.at[k]->bound))
            return g->regions.at[k];
    return NULL;
}

static bool is_remainder(const Node *n)
{
    return n->op == OP_MOD && n->dtype == T_I64 && node_is_const(n->in[1]) && const_integer(n->in[1]) > 0;
}

/* The IOTA whose elements n has, in some order; or NULL. */
static const Node *counted_by(const Node *n)
{
    while (n->op == OP_RESHAPE || n->op == OP_EXPAND || n->op == OP_PERMUTE)
        n = n->in[0];
    return n->op == OP_IOTA ? n : NULL;
}

static bool add_term(Sum *s, const Node *of, int64_t coef)
{
    int k = 0;
    while (k < s->n && s->term[k].of != of)
        k++;
    if (k == MOST_TERMS)
        return false;
    if (k == s->n)
        s->term[s->n++] = (Term){of, 0};
    s->term[k].coef += coef;
    if (!s->term[k].coef)
        s->term[k] = s->term[--s->n];
    return true;
}

static bool small_constant(const Node *n)
{
    return node_is_const(n) && !dtype_is_real((Dtype)n->dtype) && const_integer(n) > -1000 && const_integer(n) < 1000;
}

static void add_size(const Graph *g, Sum *s, const Size *size, int64_t by)
{
    s->size = size_add(g->sizes, s->size, size_mul(g->sizes, size_const(g->sizes, by), size));
}

static bool add_scaled(const Graph *g, Sum *s, const Node *n, int64_t by, int depth)
{
    const Size *size = node_size(g, n);
    if (size) {
        add_size(g, s, size, by);
        return true;
    }
    if (depth > DEEP || by > INT32_MAX || by < -INT32_MAX)
        return false;
    if (n->op == OP_CAST && n->dtype == T_I64 && !dtype_is_real((Dtype)n->in[0]->dtype))
        return add_scaled(g, s, n->in[0], by, depth + 1);
    if (n->dtype != T_I64) /* the others may wrap */
        return s->any && add_term(s, n, by);
    switch ((Op)n->op) {
    case OP_ADD: return add_scaled(g, s, n->in[0], by, depth + 1) && add_scaled(g, s, n->in[1], by, depth + 1);
    case OP_SUB: return add_scaled(g, s, n->in[0], by, depth + 1) && add_scaled(g, s, n->in[1], -by, depth + 1);
    case OP_NEG: return add_scaled(g, s, n->in[0], -by, depth + 1);
    case OP_MUL:
        for (int k = 0; k < 2; k++)
            if (small_constant(n->in[k]))
                return add_scaled(g, s, n->in[1 - k], by * const_integer(n->in[k]), depth + 1);
        return s->any && add_term(s, n, by);
    default: return (s->any || is_remainder(n) || counted_by(n) || region_that_counts(g, n)) && add_term(s, n, by);
    }
}

/* The number of turns where there is one. */
static const Node *turns_of(const Graph *g, const Region *r)
{
    const Node *n = r->turns;
    while (n) {
        if (n->op == OP_SELECT && node_is_const(n->in[2]) && const_integer(n->in[2]) <= 0)
            n = n->in[1];
        else if (n->op == OP_MAX && node_is_const(n->in[1]) && const_integer(n->in[1]) <= 0)
            n = n->in[0];
        else if (n->op == OP_MIN)
            n = n->in[node_size(g, n->in[1]) ? 1 : 0];
        else
            break;
    }
    return n;
}

/* p for max(p, 0): the number of turns where there is one, and in any case no more. */
static const Size *size_of_turn(const Graph *g, const Size *s)
{
    if (s->n != 1 || s->den != 1 || s->term->coef != 1 || s->term->n != 1)
        return s;
    const Atom *a = size_atom(g->sizes, s->term->atom[0]);
    return a->kind == ATOM_POSITIVE ? a->p : s;
}

/* The sum plus by * (number of turns - 1). */
static bool add_last(const Graph *g, Sum *s, const Region *r, int64_t by)
{
    const Node *turns = turns_of(g, r);
    const Size *size = turns ? node_size(g, turns) : NULL;
    Sum before = *s;
    add_size(g, s, size_const(g->sizes, 1), -by);
    if (turns && !size && add_scaled(g, s, turns, by, 0))
        return true;
    *s = before;
    size = size ? size : r->bound;
    if (!size)
        return false;
    add_size(g, s, size_sub(g->sizes, size_of_turn(g, size), size_const(g->sizes, 1)), by);
    return true;
}

/* Whether the number of turns that `inner` counts depends on `outer`. */
static bool counts_within(const Graph *g, const Node *inner, const Node *outer)
{
    const Region *r = region_that_counts(g, inner);
    const Node *turns = r ? turns_of(g, r) : NULL;
    Sum s = {.size = size_const(g->sizes, 0)};
    if (!turns || !add_scaled(g, &s, turns, 1, 0))
        return false;
    for (int k = 0; k < s.n; k++)
        if (s.term[k].of == outer)
            return true;
    return false;
}

static int innermost(const Graph *g, const Sum *s)
{
    for (int k = 0; k < s->n; k++) {
        bool outer = false;
        for (int i = 0; i < s->n && !outer; i++)
            outer = i != k && counts_within(g, s->term[i].of, s->term[k].of);
        if (!outer)
            return k;
    }
    return 0;
}

/* The least of the sum, for all turns, as a size; NULL: not known. */
static const Size *least_of(const Graph *g, Sum s)
{
    for (int step = 0; s.n; step++) {
        int k = innermost(g, &s);
        Term t = s.term[k];
        if (step == MOST_STEPS)
            return NULL;
        s.term[k] = s.term[--s.n];
        if (t.coef > 0)
            continue;
        const Node *axis = counted_by(t.of);
        if (is_remainder(t.of))
            add_size(g, &s, size_const(g->sizes, const_integer(t.of->in[1]) - 1), t.coef);
        else if (axis)
            add_size(g, &s, size_sub(g->sizes, axis->shape.dim[0], size_const(g->sizes, 1)), t.coef);
        else if (!add_last(g, &s, region_that_counts(g, t.of), t.coef))
            return NULL;
    }
    return s.size;
}

bool index_in_range(const Graph *g, const Node *i, const Size *n)
{
    if (node_is_const(i))
        return true;
    Sum s = {.size = size_const(g->sizes, 0)}, rest = {.size = size_sub(g->sizes, size_of_turn(g, n), size_const(g->sizes, 1))};
    if (!add_scaled(g, &s, i, 1, 0) || !s.n || !add_scaled(g, &rest, i, -1, 0))
        return false;
    const Size *least = least_of(g, s), *room = least ? least_of(g, rest) : NULL;
    return room && size_known_nonneg(g->sizes, least) && size_known_nonneg(g->sizes, room);
}

bool indices_differ(const Graph *g, const Node *a, const Node *b)
{
    Sum s = {.size = size_const(g->sizes, 0), .any = true};
    if (a->shape.rank || b->shape.rank || !add_scaled(g, &s, a, 1, 0) || !add_scaled(g, &s, b, -1, 0) || s.n)
        return false;
    return size_known_positive(g->sizes, s.size) || size_known_positive(g->sizes, size_sub(g->sizes, size_const(g->sizes, 0), s.size));
}
