/* build_index.c - constructors of gather, scatter and contraction.
 *
 * Comprehensions turn `x[i + 1]` into a gather whose index is an affine function
 * of a range; such a gather is a slice, and is built as one. */
#include "ops.h"
#include "region.h"

/* offset + sum over axes k of coef[k] * position on axis k */
typedef struct Affine {
    const Size *offset;
    const Size *coef[MAX_RANK];
} Affine;

enum { AFFINE_DEPTH = 64 }; /* deeper index expressions stay gathers */

static bool affine(Graph *g, Node *n, int depth, Affine *out);

static bool affine_sum(Graph *g, Node *n, int64_t sign, int depth, Affine *out)
{
    Affine b;
    if (!affine(g, n->in[0], depth, out) || !affine(g, n->in[1], depth, &b))
        return false;
    Sizes *s = g->sizes;
    const Size *by = size_int(g, sign);
    int rank = n->shape.rank, ra = n->in[0]->shape.rank, rb = n->in[1]->shape.rank;
    const Size *coef[MAX_RANK];
    for (int k = 0; k < rank; k++) {
        int ka = k - (rank - ra), kb = k - (rank - rb);
        const Size *ca = ka >= 0 ? out->coef[ka] : size_int(g, 0);
        const Size *cb = kb >= 0 ? b.coef[kb] : size_int(g, 0);
        coef[k] = size_add(s, ca, size_mul(s, by, cb));
    }
    out->offset = size_add(s, out->offset, size_mul(s, by, b.offset));
    memcpy(out->coef, coef, sizeof *coef * (size_t)rank);
    return true;
}

static void affine_scale(Graph *g, Affine *a, int rank, const Size *by)
{
    a->offset = size_mul(g->sizes, a->offset, by);
    for (int k = 0; k < rank; k++)
        a->coef[k] = size_mul(g->sizes, a->coef[k], by);
}

/* Reshapes that only add or drop axes of size 1, and broadcasts. */
static bool affine_moved(Graph *g, Node *n, int depth, Affine *out)
{
    Affine a;
    Node *x = n->in[0];
    if (!affine(g, x, depth, &a))
        return false;
    out->offset = a.offset;
    int k = 0;
    if (n->op == OP_EXPAND) {
        int lead = n->shape.rank - x->shape.rank;
        for (int i = 0; i < n->shape.rank; i++)
            out->coef[i] = i < lead || x->shape.dim[i - lead] != n->shape.dim[i] ? size_int(g, 0) : a.coef[i - lead];
        return true;
    }
    for (int i = 0; i < n->shape.rank; i++) {
        const Size *d = n->shape.dim[i];
        bool one = d->is_const && d->value == 1;
        while (!one && k < x->shape.rank && x->shape.dim[k]->is_const && x->shape.dim[k]->value == 1)
            k++;
        if (one)
            out->coef[i] = size_int(g, 0);
        else if (k < x->shape.rank && x->shape.dim[k] == d)
            out->coef[i] = a.coef[k++];
        else
            return false;
    }
    return true;
}

/* The index tensor n as an affine function of the position in it. */
static bool affine(Graph *g, Node *n, int depth, Affine *out)
{
    const Size *s = node_size(g, n);
    if (depth >= AFFINE_DEPTH)
        return false;
    depth++;
    if (s) {
        out->offset = s;
        return true;
    }
    switch ((Op)n->op) {
    case OP_IOTA:
        out->offset = size_int(g, 0);
        out->coef[0] = size_int(g, 1);
        return true;
    case OP_ADD: return affine_sum(g, n, 1, depth, out);
    case OP_SUB: return affine_sum(g, n, -1, depth, out);
    case OP_NEG:
        if (!affine(g, n->in[0], depth, out))
            return false;
        affine_scale(g, out, n->shape.rank, size_int(g, -1));
        return true;
    case OP_MUL:
        for (int k = 0; k < 2; k++)
            if ((s = node_size(g, n->in[k])) && affine(g, n->in[1 - k], depth, out)) {
                affine_scale(g, out, n->shape.rank, s);
                return true;
            }
        return false;
    case OP_CAST: return !dtype_is_real((Dtype)n->in[0]->dtype) && n->dtype == T_I64 && affine(g, n->in[0], depth, out);
    case OP_EXPAND:
    case OP_RESHAPE: return affine_moved(g, n, depth, out);
    case OP_SLICE: {
        Affine a;
        if (!affine(g, n->in[0], depth, &a))
            return false;
        out->offset = a.offset;
        for (int i = 0; i < n->shape.rank; i++) {
            out->offset = size_add(g->sizes, out->offset, size_mul(g->sizes, a.coef[i], move_start(g, n, i)));
            out->coef[i] = size_mul(g->sizes, a.coef[i], size_int(g, move_step(n, i)));
        }
        return true;
    }
    case OP_PERMUTE: {
        Affine a;
        if (!affine(g, n->in[0], depth, &a))
            return false;
        out->offset = a.offset;
        for (int i = 0; i < n->shape.rank; i++)
            out->coef[i] = a.coef[n->attr[i]];
        return true;
    }
    default: return false;
    }
}

static Shape index_shape(Graph *g, int nidx, Node *const *idx)
{
    Shape s = shape_scalar();
    for (int k = 0; k < nidx; k++)
        shape_broadcast(g, s, idx[k]->shape, &s);
    return s;
}

/* Where every index is affine in at most one axis of S, and no axis of S drives two indices, the
 * gather is a slice with its axes moved. NULL otherwise, or where a fixed size shows that the
 * index leaves its range (then the run-time check must find it). */
static Node *gather_as_slice(Graph *g, Node *x, int nidx, Node *const *idx, const int *axes, Shape s)
{
    int rank = x->shape.rank, from[MAX_RANK], perm[MAX_RANK], n = 0;
    const Size *start[MAX_RANK], *dim[MAX_RANK];
    int64_t step[MAX_RANK];
    for (int i = 0; i < rank; i++) {
        start[i] = size_int(g, 0);
        step[i] = 1;
        dim[i] = x->shape.dim[i];
    }
    for (int i = 0; i < s.rank; i++)
        from[i] = -1;
    for (int k = 0; k < nidx; k++) {
        Affine a = {0};
        if (!affine(g, idx[k], 0, &a))
            return NULL;
        int lead = s.rank - idx[k]->shape.rank, axis = axes[k], uses = 0;
        start[axis] = a.offset;
        dim[axis] = size_int(g, 1);
        for (int i = lead; i < s.rank; i++) {
            const Size *c = a.coef[i - lead];
            if (!c->n)
                continue;
            if (!c->is_const || from[i] >= 0 || uses++)
                return NULL;
            from[i] = axis;
            step[axis] = c->value;
            dim[axis] = s.dim[i];
        }
        if (dim[axis]->is_const && start[axis]->is_const && x->shape.dim[axis]->is_const && dim[axis]->value > 0) {
            int64_t first = start[axis]->value, last = first + step[axis] * (dim[axis]->value - 1);
            int64_t end = x->shape.dim[axis]->value;
            if (first < 0 || last < 0 || first >= end || last >= end)
                return NULL;
        }
    }
    Node *r = slice(g, x, start, step, shape_of(g, rank, dim));
    /* axes in the order of the result, then those that are only points */
    bool used[MAX_RANK] = {false}, indexed[MAX_RANK] = {false};
    for (int k = 0; k < nidx; k++)
        indexed[axes[k]] = true;
    const Size *whole[MAX_RANK];
    int rank_out = 0;
    for (int i = 0; i < s.rank; i++) {
        whole[rank_out] = from[i] >= 0 ? s.dim[i] : size_int(g, 1);
        rank_out++;
        if (from[i] >= 0) {
            perm[n++] = from[i];
            used[from[i]] = true;
        }
    }
    for (int i = 0; i < rank; i++)
        if (!indexed[i]) {
            whole[rank_out++] = x->shape.dim[i];
            perm[n++] = i;
            used[i] = true;
        }
    for (int i = 0; i < rank; i++)
        if (!used[i])
            perm[n++] = i;
    r = reshape(g, permute(g, r, perm), shape_of(g, rank_out, whole));
    const Size *full[MAX_RANK];
    for (int i = 0; i < rank_out; i++)
        full[i] = i < s.rank ? s.dim[i] : whole[i];
    return expand(g, r, shape_of(g, rank_out, full));
}

/* What has just been put there. */
static Node *gather_of_put(Node *x, int nidx, Node *const *idx, const int *axes)
{
    if (x->op != OP_PUT || put_guard(x) || put_indices(x) != nidx)
        return NULL;
    for (int k = 0; k < nidx; k++)
        if (put_index(x)[k] != idx[k] || x->attr[k + 1] != axes[k] || idx[k]->shape.rank)
            return NULL;
    return x->in[1];
}

/* The array before changes that none of these elements has part in: a[i + 1] of a with a[i] = v. */
static Node *before_changes(Graph *g, Node *x, int nidx, Node *const *idx, const int *axes)
{
    for (;;) {
        bool other = false;
        for (int k = 0; is_put(x) && k < put_indices(x); k++)
            for (int i = 0; i < nidx && !other; i++)
                other = axes[i] == x->attr[k + 1] && indices_differ(g, put_index(x)[k], idx[i]);
        if (!other)
            return x;
        x = x->in[0];
    }
}

Node *gather(Graph *g, Node *x, int nidx, Node *const *idx, const int *axes)
{
    x = before_changes(g, x, nidx, idx, axes);
    Shape s = index_shape(g, nidx, idx);
    Node *r = gather_as_slice(g, x, nidx, idx, axes, s);
    if (r)
        return r;
    r = gather_of_put(x, nidx, idx, axes);
    if (r)
        return r;
    Node *in[MAX_RANK + 1] = {x};
    int64_t attr[MAX_RANK];
    Shape rest = x->shape;
    for (int k = nidx - 1; k >= 0; k--)
        rest = shape_remove(g, rest, axes[k]);
    for (int k = 0; k < nidx; k++) {
        in[k + 1] = idx[k];
        attr[k] = axes[k];
    }
    Shape shape = shape_concat(g, s, rest);
    double v;
    if (node_uniform(x, &v))
        return expand(g, const_like(g, x, v), shape);
    return graph_node(g, OP_GATHER, nidx + 1, in, (Dtype)x->dtype, shape, nidx, attr);
}

Node *scatter(Graph *g, Node *u, int nidx, Node *const *idx, const int *axes, Shape shape)
{
    Node *in[MAX_RANK + 1] = {u};
    int64_t attr[MAX_RANK];
    for (int k = 0; k < nidx; k++) {
        in[k + 1] = idx[k];
        attr[k] = axes[k];
    }
    if (node_is_value(u, 0))
        return zeros(g, (Dtype)u->dtype, shape);
    return graph_node(g, OP_SCATTER, nidx + 1, in, (Dtype)u->dtype, shape, nidx, attr);
}

/* ---- Contraction: attr is the labels of a, of b, of the result, one after the other ---- */

const int64_t *contract_labels(const Node *n, int operand)
{
    return n->attr + (operand > 0 ? n->in[0]->shape.rank : 0) + (operand > 1 ? n->in[1]->shape.rank : 0);
}

static int label_at(const int *labels, int n, int label)
{
    int i = 0;
    while (i < n && labels[i] != label)
        i++;
    return i;
}

/* x with its axes in the order of the labels lo, of size 1 where it has no such label. */
static Node *spread(Graph *g, Node *x, const int *lx, int nout, const int *lo)
{
    const Size *dim[MAX_RANK];
    int perm[MAX_RANK], n = 0, rank = x->shape.rank;
    for (int i = 0; i < nout; i++) {
        int at = label_at(lx, rank, lo[i]);
        dim[i] = at < rank ? x->shape.dim[at] : size_int(g, 1);
        if (at < rank)
            perm[n++] = at;
    }
    return rank ? reshape(g, permute(g, x, perm), shape_of(g, nout, dim)) : x;
}

/* Nothing is summed: a product of elements, which melts into its surroundings. */
static bool sums_nothing(Node *a, const int *la, Node *b, const int *lb, int nout, const int *lo)
{
    for (int i = 0; i < a->shape.rank; i++)
        if (label_at(lo, nout, la[i]) == nout)
            return false;
    for (int i = 0; i < b->shape.rank; i++)
        if (label_at(lo, nout, lb[i]) == nout)
            return false;
    return true;
}

Node *contract(Graph *g, Node *a, const int *la, Node *b, const int *lb, int nout, const int *lo)
{
    int64_t attr[3 * MAX_RANK];
    const Size *dim[MAX_RANK];
    int n = 0, rename[3 * MAX_RANK], seen[3 * MAX_RANK], known = 0;
    /* labels are renumbered in order of appearance, so that equal contractions are one node */
    for (int i = 0; i < a->shape.rank + b->shape.rank + nout; i++) {
        int label = i < a->shape.rank ? la[i] : i < a->shape.rank + b->shape.rank ? lb[i - a->shape.rank] : lo[i - a->shape.rank - b->shape.rank];
        int k = 0;
        while (k < known && seen[k] != label)
            k++;
        if (k == known) {
            seen[known] = label;
            rename[known] = known;
            known++;
        }
        attr[n++] = rename[k];
    }
    for (int i = 0; i < nout; i++) {
        for (int k = 0; k < a->shape.rank; k++)
            if (la[k] == lo[i])
                dim[i] = a->shape.dim[k];
        for (int k = 0; k < b->shape.rank; k++)
            if (lb[k] == lo[i])
                dim[i] = b->shape.dim[k];
    }
    Shape s = shape_of(g, nout, dim);
    Node *in[2] = {a, b};
    if (node_is_value(a, 0) || node_is_value(b, 0))
        return zeros(g, (Dtype)a->dtype, s);
    if (sums_nothing(a, la, b, lb, nout, lo)) {
        Node *left = spread(g, a, la, nout, lo), *right = spread(g, b, lb, nout, lo);
        return pw2(g, OP_MUL, left, right);
    }
    return graph_node(g, OP_CONTRACT, 2, in, (Dtype)a->dtype, s, n, attr);
}

Node *matmul(Graph *g, Node *a, Node *b)
{
    int ra = a->shape.rank, rb = b->shape.rank, la[MAX_RANK], lb[MAX_RANK], lo[MAX_RANK], n = 0;
    enum { K, I, J, BATCH };
    Shape batch = shape_scalar(), ba = {.rank = ra > 2 ? ra - 2 : 0, .dim = a->shape.dim};
    Shape bb = {.rank = rb > 2 ? rb - 2 : 0, .dim = b->shape.dim};
    shape_broadcast(g, ba, bb, &batch);
    /* axes of size 1 that are broadcast have to go: a contraction knows only equal labels */
    for (int k = 0; k < 2; k++) {
        Node **x = k ? &b : &a;
        int own = k ? bb.rank : ba.rank, *l = k ? lb : la, m = 0, axis = 0;
        for (int i = 0; i < own; i++) {
            int at = batch.rank - own + i;
            if ((*x)->shape.dim[axis] != batch.dim[at]) {
                *x = drop_axis(g, *x, axis);
                continue;
            }
            l[m++] = BATCH + at;
            axis++;
        }
        if (k == 0) {
            if (ra > 1)
                l[m++] = I;
            l[m] = K;
        } else {
            l[m++] = K;
            if (rb > 1)
                l[m] = J;
        }
    }
    for (int i = 0; i < batch.rank; i++)
        lo[n++] = BATCH + i;
    if (ra > 1)
        lo[n++] = I;
    if (rb > 1)
        lo[n++] = J;
    return contract(g, a, la, b, lb, n, lo);
}
