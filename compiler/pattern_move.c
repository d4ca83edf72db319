/* pattern_move.c - movement and indexing: each element of the result is an element of an operand, and
 * here is which one. */
#include "pattern_impl.h"

/* result[k] = in[from[k]]; NULL: in[k]. */
static void take(Scan *s, const Info *in, bool edge, const int64_t *from, Info *out)
{
    out->all = edge && !in->set ? in->all : 0;
    out->every = in->value ? (double)NAN : in->every;
    int32_t *set = edge && in->set ? new_sets(s, out) : NULL;
    double *value = in->value ? new_values(s, out) : NULL;
    for (int64_t k = 0; k < out->count && set; k++)
        set[k] = in->set[from ? from[k] : k];
    for (int64_t k = 0; k < out->count && value; k++)
        value[k] = in->value[from ? from[k] : k];
}

/* result[to[k]] = in[k], elsewhere what is there. */
static void place(Scan *s, const Info *in, bool edge, const int64_t *to, Info *out)
{
    if (edge && !out->set)
        new_sets(s, out);
    if (!out->value)
        new_values(s, out);
    for (int64_t k = 0; k < in->count; k++) {
        if (edge)
            out->set[to[k]] = set_at(in, k);
        out->value[to[k]] = value_at(in, k);
    }
}

static void scan_concat(Scan *s, Node *n, const int64_t *dim, Info *out)
{
    int64_t stride[MAX_RANK], own[MAX_RANK], first = 0;
    int axis = (int)n->attr[0];
    row_major(n->shape.rank, dim, stride);
    for (int i = 0; i < n->nin; i++) {
        fixed_dims(n->in[i]->shape, own);
        int64_t *to = box(s, 0, n->shape.rank, own, first * stride[axis], stride);
        place(s, s->info[n->in[i]->id], has_edge(s, n, i), to, out);
        first += own[axis];
    }
}

static void scan_pad(Scan *s, Node *n, const int64_t *dim, const int64_t *own, Info *out)
{
    int64_t stride[MAX_RANK], base = 0;
    row_major(n->shape.rank, dim, stride);
    double *value = new_values(s, out);
    for (int64_t k = 0; k < out->count; k++)
        value[k] = 0;
    for (int i = 0; i < n->shape.rank; i++) {
        base += move_start(s->g, n, i)->value * stride[i];
        stride[i] *= move_step(n, i);
    }
    place(s, s->info[n->in[0]->id], has_edge(s, n, 0), box(s, 0, n->shape.rank, own, base, stride), out);
}

/* Every length and place is fixed. */
static bool all_fixed(Scan *s, const Node *n, int64_t *dim, int64_t *own)
{
    bool fixed = fixed_dims(n->shape, dim);
    for (int i = 0; i < n->nin; i++)
        fixed &= fixed_dims(n->in[i]->shape, own);
    for (int i = 0; i < n->shape.rank && (n->op == OP_SLICE || n->op == OP_PAD); i++)
        fixed &= move_start(s->g, n, i)->is_const;
    return fixed;
}

void scan_move(Scan *s, Node *n, Info *out)
{
    int64_t dim[MAX_RANK], own[MAX_RANK], from[MAX_RANK], stride[MAX_RANK], base = 0;
    const Info *in = s->info[n->in[0]->id];
    int rank = n->shape.rank, lead = rank - n->in[0]->shape.rank;
    if (!all_fixed(s, n, dim, own)) {
        join_operands(s, n, out);
        if (n->op == OP_EXPAND)
            out->every = in->value ? (double)NAN : in->every;
        return;
    }
    row_major(n->in[0]->shape.rank, own, from);
    switch ((Op)n->op) {
    case OP_RESHAPE: take(s, in, has_edge(s, n, 0), NULL, out); return;
    case OP_CONCAT: scan_concat(s, n, dim, out); return;
    case OP_PAD: scan_pad(s, n, dim, own, out); return;
    case OP_PERMUTE:
        for (int i = 0; i < rank; i++)
            stride[i] = from[n->attr[i]];
        break;
    case OP_SLICE:
        for (int i = 0; i < rank; i++) {
            base += move_start(s->g, n, i)->value * from[i];
            stride[i] = move_step(n, i) * from[i];
        }
        break;
    default: /* EXPAND */
        for (int i = 0; i < rank; i++)
            stride[i] = i < lead || own[i - lead] == 1 ? 0 : from[i - lead];
    }
    take(s, in, has_edge(s, n, 0), in->set || in->value ? box(s, 0, rank, dim, base, stride) : NULL, out);
}

/* ---- Indices ---- */

/* How the indices of a gather or scatter lie on the array that they index. */
typedef struct Places {
    int64_t nindex, nrest; /* elements of S, and of the axes that are not indexed */
    int64_t *index;        /* by element of S: the offset of what is known; -1: out of range */
    int64_t *rest;         /* by element of the rest */
    bool unknown[MAX_RANK], some_unknown; /* axes of the array that an index of the run chooses along */
} Places;

static bool is_known(const Info *i)
{
    for (int64_t k = 0; i->value && k < i->count; k++)
        if (i->value[k] != i->value[k])
            return false;
    return i->value || i->every == i->every;
}

/* S, the shape of the indices together; false where it is open. */
static bool index_dims(int nidx, Node *const *idx, int *rank, int64_t *dim)
{
    *rank = 0;
    for (int k = 0; k < nidx; k++)
        *rank = idx[k]->shape.rank > *rank ? idx[k]->shape.rank : *rank;
    for (int i = 0; i < *rank; i++)
        dim[i] = 1;
    for (int k = 0; k < nidx; k++)
        for (int i = 0; i < idx[k]->shape.rank; i++) {
            const Size *d = idx[k]->shape.dim[i];
            if (!d->is_const)
                return false;
            if (d->value != 1)
                dim[*rank - idx[k]->shape.rank + i] = d->value;
        }
    return true;
}

static bool find_places(Scan *s, Shape array, int nidx, Node *const *idx, const int64_t *axes, Places *p)
{
    int64_t dim[MAX_RANK], own[MAX_RANK], whole[MAX_RANK], stride[MAX_RANK], by[MAX_RANK];
    int rank, m = 0;
    bool indexed[MAX_RANK] = {false};
    *p = (Places){.nindex = 1, .nrest = 1};
    if (!fixed_dims(array, whole) || !index_dims(nidx, idx, &rank, dim))
        return false;
    row_major(array.rank, whole, stride);
    for (int i = 0; i < rank; i++)
        p->nindex *= dim[i];
    p->index = NEW_N(s->arena, int64_t, p->nindex + 1);
    for (int k = 0; k < nidx; k++) {
        Info *in = info_of(s, idx[k]);
        indexed[axes[k]] = true;
        if (!is_known(in)) {
            p->unknown[axes[k]] = p->some_unknown = true;
            continue;
        }
        int64_t from[MAX_RANK];
        int lead = rank - idx[k]->shape.rank;
        fixed_dims(idx[k]->shape, own);
        row_major(idx[k]->shape.rank, own, from);
        for (int i = 0; i < rank; i++)
            by[i] = i < lead || own[i - lead] == 1 ? 0 : from[i - lead];
        int64_t *at = box(s, 0, rank, dim, 0, by);
        for (int64_t e = 0; e < p->nindex; e++) {
            double v = value_at(in, at[e]);
            bool inside = v >= 0 && v < (double)whole[axes[k]];
            p->index[e] = inside && p->index[e] >= 0 ? p->index[e] + (int64_t)v * stride[axes[k]] : -1;
        }
    }
    for (int i = 0; i < array.rank; i++)
        if (!indexed[i]) {
            own[m] = whole[i];
            by[m++] = stride[i];
            p->nrest *= whole[i];
        }
    p->rest = NEW_N(s->arena, int64_t, p->nrest + 1);
    memcpy(p->rest, box(s, 0, m, own, 0, by), sizeof *p->rest * (size_t)p->nrest);
    return true;
}

/* For each element of the array, that which stands for it where an unknown axis has the place 0. */
static int64_t *along_unknown(Scan *s, Shape array, const Places *p)
{
    int64_t dim[MAX_RANK], stride[MAX_RANK];
    fixed_dims(array, dim);
    row_major(array.rank, dim, stride);
    for (int i = 0; i < array.rank; i++)
        if (p->unknown[i])
            stride[i] = 0;
    return box(s, 1, array.rank, dim, 0, stride);
}

void scan_gather(Scan *s, Node *n, Info *out)
{
    const Info *x = s->info[n->in[0]->id];
    Places p;
    bool edge = has_edge(s, n, 0);
    if (!edge && !has_values(x))
        return;
    if (out->count < 0 || !find_places(s, n->in[0]->shape, n->nattr, n->in + 1, n->attr, &p)) {
        join_operands(s, n, out);
        return;
    }
    int32_t *from = x->set;
    if (p.some_unknown && from) {
        int64_t *to = along_unknown(s, n->in[0]->shape, &p);
        from = NEW_N(s->arena, int32_t, x->count + 1);
        join_into(s, x->count, to, x->set, x->count, from);
    }
    int32_t *set = edge ? new_sets(s, out) : NULL;
    double *value = has_values(x) && !p.some_unknown ? new_values(s, out) : NULL;
    for (int64_t e = 0; e < p.nindex; e++)
        for (int64_t r = 0; r < p.nrest && p.index[e] >= 0; r++) {
            int64_t at = p.index[e] + p.rest[r];
            if (set)
                set[e * p.nrest + r] = from ? from[at] : x->all;
            if (value)
                value[e * p.nrest + r] = value_at(x, at);
        }
}

/* What is put or added at the indices, over all places where an index of the run may put it. */
static void spread(Scan *s, Node *n, const Places *p, const Info *u, Info *out)
{
    int64_t count = p->nindex * p->nrest;
    int64_t *to = NEW_N(s->arena, int64_t, count + 1);
    int32_t *from = NEW_N(s->arena, int32_t, count + 1), *set = out->set;
    for (int64_t e = 0; e < p->nindex; e++)
        for (int64_t r = 0; r < p->nrest; r++) {
            to[e * p->nrest + r] = p->index[e] < 0 ? -1 : p->index[e] + p->rest[r];
            from[e * p->nrest + r] = set_at(u, e * p->nrest + r);
        }
    if (!p->some_unknown) {
        join_into(s, count, to, from, out->count, set);
        return;
    }
    int32_t *some = NEW_N(s->arena, int32_t, out->count + 1);
    join_into(s, count, to, from, out->count, some);
    int64_t *at = along_unknown(s, n->shape, p);
    for (int64_t k = 0; k < out->count; k++)
        set[k] = sets_join(s->sets, set[k], some[at[k]]);
}

/* What is there before something is put or added: in place, with the memory of the base. */
static void start_from(Scan *s, Info *base, bool sets, bool values, Info *out)
{
    bool in_place = s->in_place;
    int32_t all = sets && !base->set ? base->all : 0;
    double every = values && !base->value ? base->every : (double)NAN;
    bool had_values = values && base->value;
    if (in_place)
        move_info(out, base);
    if (!in_place || !out->set) {
        new_sets(s, out);
        for (int64_t k = 0; k < out->count && sets; k++)
            out->set[k] = !in_place && base->set ? base->set[k] : all;
    }
    if (values && (!in_place || !had_values)) {
        new_values(s, out);
        for (int64_t k = 0; k < out->count; k++)
            out->value[k] = had_values ? base->value[k] : every;
    }
    if (!values)
        out->value = NULL;
    out->all = 0;
    out->every = (double)NAN;
}

void scan_scatter(Scan *s, Node *n, Info *out)
{
    bool changes = n->op != OP_SCATTER;
    int iu = changes ? 1 : 0, nidx = changes ? put_indices(n) : n->nattr;
    const Info *base = changes ? s->info[n->in[0]->id] : NULL, *u = s->info[n->in[iu]->id];
    Node *const *idx = changes ? put_index(n) : n->in + 1;
    bool edge = has_edge(s, n, iu), edge_base = changes && has_edge(s, n, 0), certain = n->op == OP_PUT;
    bool values = n->op == OP_PUT && (has_values(base) || has_values(u));
    Places p;
    if (out->count < 0 || !find_places(s, n->shape, nidx, idx, n->attr + changes, &p)) {
        join_operands(s, n, out);
        return;
    }
    start_from(s, changes ? s->info[n->in[0]->id] : NULL, edge_base, values, out);
    int32_t *set = out->set;
    double *value = out->value;
    double guard = changes && put_guard(n) ? value_at(info_of(s, put_guard(n)), 0) : 1;
    if (guard == 0)
        return;
    certain &= guard == 1 && !p.some_unknown;
    if (p.some_unknown && value)
        new_values(s, out);
    for (int64_t e = 0; e < p.nindex && n->op == OP_PUT && !p.some_unknown; e++)
        for (int64_t r = 0; r < p.nrest && p.index[e] >= 0; r++) {
            int64_t at = p.index[e] + p.rest[r];
            if (certain)
                set[at] = 0; /* what was there is gone */
            if (value)
                value[at] = certain ? value_at(u, e * p.nrest + r) : (double)NAN;
        }
    if (edge)
        spread(s, n, &p, u, out);
}
