/* pattern.c - the walk from x to y, and the operations that neither move, index nor loop. */
#include "pattern_impl.h"
#include "loop.h"

/* ---- Shapes ---- */

bool fixed_dims(Shape shape, int64_t *dim)
{
    for (int i = 0; i < shape.rank; i++) {
        if (!shape.dim[i]->is_const)
            return false;
        dim[i] = shape.dim[i]->value;
    }
    return true;
}

void row_major(int rank, const int64_t *dim, int64_t *stride)
{
    int64_t step = 1;
    for (int i = rank - 1; i >= 0; i--) {
        stride[i] = step;
        step *= dim[i];
    }
}

int64_t *box(Scan *s, int slot, int rank, const int64_t *dim, int64_t base, const int64_t *stride)
{
    int64_t n = 1, at[MAX_RANK] = {0};
    for (int i = 0; i < rank; i++)
        n *= dim[i];
    if (n > s->room[slot]) {
        s->room[slot] = 2 * n;
        s->offset[slot] = NEW_N(s->arena, int64_t, 2 * n);
    }
    int64_t *out = s->offset[slot], offset = base;
    for (int64_t k = 0; k < n; k++) {
        out[k] = offset;
        for (int i = rank - 1; i >= 0; i--) {
            offset += stride[i];
            if (++at[i] < dim[i])
                break;
            offset -= stride[i] * at[i];
            at[i] = 0;
        }
    }
    return out;
}

/* Strides of an operand of shape `in` that is broadcast to `out`. */
static void broadcast_strides(int rank_in, const int64_t *in, int rank_out, int64_t *stride)
{
    int64_t own[MAX_RANK];
    int lead = rank_out - rank_in;
    row_major(rank_in, in, own);
    for (int i = 0; i < rank_out; i++)
        stride[i] = i < lead || in[i - lead] == 1 ? 0 : own[i - lead];
}

/* ---- Infos ---- */

int32_t *new_sets(Scan *s, Info *i)
{
    if (i->count > i->set_size || !i->set_room) {
        i->set_size = i->count;
        i->set_room = NEW_N(s->arena, int32_t, i->count + 1);
    }
    i->set = i->set_room;
    memset(i->set, 0, sizeof *i->set * (size_t)i->count);
    return i->set;
}

double *new_values(Scan *s, Info *i)
{
    if (i->count > i->value_size || !i->value_room) {
        i->value_size = i->count;
        i->value_room = NEW_N(s->arena, double, i->count + 1);
    }
    i->value = i->value_room;
    for (int64_t k = 0; k < i->count; k++)
        i->value[k] = (double)NAN;
    return i->value;
}

static void clear(Info *i, int64_t count)
{
    i->count = count;
    i->set = NULL;
    i->value = NULL;
    i->all = 0;
    i->every = (double)NAN;
    i->part = NULL;
}

void copy_info(Scan *s, Info *to, const Info *from)
{
    clear(to, from->count);
    to->all = from->all;
    to->every = from->every;
    if (from->set)
        memcpy(new_sets(s, to), from->set, sizeof *from->set * (size_t)from->count);
    if (from->value)
        memcpy(new_values(s, to), from->value, sizeof *from->value * (size_t)from->count);
}

void move_info(Info *to, Info *from)
{
    Info old = *to;
    *to = *from;
    from->set_room = old.set_room;
    from->set_size = old.set_size;
    from->value_room = old.value_room;
    from->value_size = old.value_size;
    clear(from, from->count);
}

int32_t join_info(Scan *s, const Info *i)
{
    return i->set ? sets_join_all(s->sets, i->count, i->set) : i->all;
}

bool has_edge(Scan *s, const Node *n, int i)
{
    bool constant;
    if (!has_sets(s->info[n->in[i]->id]) || !diff_edge(s->g, n, i, &constant))
        return false;
    const char *d = op_info(n)->family == F_POINTWISE ? op_info(n)->d[i] : NULL;
    return !(op_info(n)->flags & STOPS) && !(d && !strcmp(d, "0"));
}

void join_operands(Scan *s, Node *n, Info *out)
{
    for (int i = 0; i < n->nin; i++)
        if (has_edge(s, n, i))
            out->all = sets_join(s->sets, out->all, join_info(s, s->info[n->in[i]->id]));
}

void join_into(Scan *s, int64_t n, const int64_t *to, const int32_t *from, int64_t nout, int32_t *out)
{
    enum { FEW = 64 };
    for (int64_t k = 0; k < n && n <= FEW; k++)
        if (to[k] >= 0)
            out[to[k]] = sets_join(s->sets, out[to[k]], from[k]);
    if (n <= FEW)
        return;
    int64_t *start = NEW_N(s->arena, int64_t, nout + 2); /* sorted by place, then all of a place at once */
    for (int64_t k = 0; k < n; k++)
        if (to[k] >= 0 && from[k])
            start[to[k] + 1]++;
    for (int64_t o = 0; o < nout; o++)
        start[o + 1] += start[o];
    int32_t *sorted = NEW_N(s->arena, int32_t, start[nout] + 1);
    int64_t *next = NEW_N(s->arena, int64_t, nout + 1);
    memcpy(next, start, sizeof *next * (size_t)nout);
    for (int64_t k = 0; k < n; k++)
        if (to[k] >= 0 && from[k])
            sorted[next[to[k]]++] = from[k];
    for (int64_t o = 0; o < nout; o++)
        out[o] = sets_join(s->sets, out[o],
                           sets_join_all(s->sets, start[o + 1] - start[o], sorted + start[o]));
}

/* ---- Pointwise ---- */

enum { OPERANDS = 3 };

/* Of the operands that element k may depend on, which its value says it does. */
static int32_t pointwise_set(Scan *s, const Node *n, const Info *const *in, const bool *edge, const int64_t *at)
{
    int32_t all = 0;
    bool chosen[OPERANDS] = {edge[0], edge[1], edge[2]};
    if (n->op == OP_SELECT) {
        double c = value_at(in[0], at[0]);
        chosen[1] &= c != 0; /* nan: either */
        chosen[2] &= !(c == 1);
    } else if (n->op == OP_MUL || n->op == OP_SCALE) {
        for (int i = 0; i < 2; i++)
            chosen[i] = edge[i] && value_at(in[1 - i], at[1 - i]) != 0;
    }
    for (int i = 0; i < n->nin; i++)
        if (chosen[i])
            all = sets_join(s->sets, all, set_at(in[i], at[i]));
    return all;
}

static void scan_pointwise(Scan *s, Node *n, Info *out)
{
    const Info *in[OPERANDS];
    bool edge[OPERANDS] = {false}, sets = false, values = false, uniform = true;
    int64_t dim[MAX_RANK], stride[MAX_RANK], own[MAX_RANK], *offset[OPERANDS], at[OPERANDS];
    double a[OPERANDS];
    for (int i = 0; i < n->nin; i++) {
        in[i] = s->info[n->in[i]->id];
        edge[i] = has_edge(s, n, i);
        sets |= edge[i];
        values |= has_values(in[i]);
        uniform &= !in[i]->set && !in[i]->value;
    }
    if (out->count < 0 && !uniform) {
        join_operands(s, n, out);
        return;
    }
    if (uniform) {
        memset(at, 0, sizeof at);
        for (int i = 0; i < n->nin; i++)
            a[i] = in[i]->every;
        out->all = sets ? pointwise_set(s, n, in, edge, at) : 0;
        out->every = values ? known_pointwise(n, a) : (double)NAN;
        return;
    }
    fixed_dims(n->shape, dim);
    for (int i = 0; i < n->nin; i++) {
        offset[i] = NULL;
        if (shape_equal(n->in[i]->shape, n->shape))
            continue;
        fixed_dims(n->in[i]->shape, own);
        broadcast_strides(n->in[i]->shape.rank, own, n->shape.rank, stride);
        offset[i] = box(s, i, n->shape.rank, dim, 0, stride);
    }
    int32_t *set = sets ? new_sets(s, out) : NULL;
    double *value = values ? new_values(s, out) : NULL;
    for (int64_t k = 0; k < out->count; k++) {
        for (int i = 0; i < n->nin; i++) {
            at[i] = offset[i] ? offset[i][k] : k;
            a[i] = value_at(in[i], at[i]);
        }
        if (sets)
            set[k] = pointwise_set(s, n, in, edge, at);
        if (values)
            value[k] = known_pointwise(n, a);
    }
}

/* ---- Reductions, scans ---- */

static void scan_reduce(Scan *s, Node *n, Info *out)
{
    const Info *in = s->info[n->in[0]->id];
    int64_t dim[MAX_RANK], kept[MAX_RANK], own[MAX_RANK], stride[MAX_RANK];
    int rank = n->in[0]->shape.rank, m = 0;
    if (!has_edge(s, n, 0))
        return;
    if (out->count <= 1 || !in->set || !fixed_dims(n->in[0]->shape, dim)) {
        join_operands(s, n, out);
        return;
    }
    fixed_dims(n->shape, kept);
    row_major(n->shape.rank, kept, own);
    for (int i = 0; i < rank; i++)
        stride[i] = reduces_axis(n, i) ? 0 : own[m++];
    int64_t *to = box(s, 0, rank, dim, 0, stride);
    join_into(s, in->count, to, in->set, out->count, new_sets(s, out));
}

/* Every element depends on those before it along the axis; of a recurrence, as far back as a factor
 * of zero. */
static void scan_along(Scan *s, Node *n, Info *out)
{
    int64_t dim[MAX_RANK], stride[MAX_RANK], axis = n->attr[0];
    if (out->count < 0 || !fixed_dims(n->shape, dim)) {
        join_operands(s, n, out);
        return;
    }
    bool edge[2] = {has_edge(s, n, 0), n->nin > 1 && has_edge(s, n, 1)};
    if (!edge[0] && !edge[1])
        return;
    const Info *a = s->info[n->in[0]->id], *b = n->nin > 1 ? s->info[n->in[1]->id] : NULL;
    row_major(n->shape.rank, dim, stride);
    int64_t length = dim[axis], by = stride[axis];
    dim[axis] = 1;
    int32_t *set = new_sets(s, out);
    int64_t lines = length ? out->count / length : 0;
    int64_t *first = box(s, 0, n->shape.rank, dim, 0, stride);
    for (int64_t l = 0; l < lines; l++) {
        int32_t sofar = 0;
        for (int64_t k = 0; k < length; k++) {
            int64_t at = first[l] + by * (n->attr[1] ? length - 1 - k : k);
            if (b && value_at(a, at) == 0)
                sofar = 0;
            if (edge[0])
                sofar = sets_join(s->sets, sofar, set_at(a, at));
            if (edge[1])
                sofar = sets_join(s->sets, sofar, set_at(b, at));
            set[at] = sofar;
        }
    }
}

/* ---- Contractions ---- */

typedef struct Labels {
    int n;
    int64_t dim[3 * MAX_RANK], stride[3][3 * MAX_RANK]; /* by label: of a, b and the result */
    bool out[3 * MAX_RANK];
} Labels;

static bool read_labels(const Node *n, Labels *l)
{
    *l = (Labels){0};
    for (int k = 0; k < 3; k++) {
        Shape shape = k < 2 ? n->in[k]->shape : n->shape;
        int64_t dim[MAX_RANK], stride[MAX_RANK];
        const int64_t *label = contract_labels(n, k);
        if (!fixed_dims(shape, dim))
            return false;
        row_major(shape.rank, dim, stride);
        for (int i = 0; i < shape.rank; i++) {
            l->dim[label[i]] = dim[i];
            l->stride[k][label[i]] = stride[i];
            l->out[label[i]] |= k == 2;
            l->n = label[i] >= l->n ? (int)label[i] + 1 : l->n;
        }
    }
    return true;
}

/* The labels that the result has, or has not, in order. */
static int choose_labels(const Labels *l, bool out, int64_t *dim, int64_t (*stride)[MAX_RANK])
{
    int n = 0;
    for (int i = 0; i < l->n; i++)
        if (l->out[i] == out) {
            dim[n] = l->dim[i];
            for (int k = 0; k < 3; k++)
                stride[k][n] = l->stride[k][i];
            n++;
        }
    return n;
}

static void scan_contract(Scan *s, Node *n, Info *out)
{
    Labels l;
    bool edge[2] = {has_edge(s, n, 0), has_edge(s, n, 1)};
    int64_t dim[2][3 * MAX_RANK], stride[2][3][MAX_RANK], count[2] = {1, 1};
    if (!edge[0] && !edge[1])
        return;
    if (out->count < 0 || !read_labels(n, &l)) {
        join_operands(s, n, out);
        return;
    }
    const Info *a = s->info[n->in[0]->id], *b = s->info[n->in[1]->id];
    int rank[2];
    for (int part = 0; part < 2; part++) {
        rank[part] = choose_labels(&l, part == 0, dim[part], stride[part]);
        for (int i = 0; i < rank[part]; i++)
            count[part] *= dim[part][i];
    }
    /* zeros of the one decide for each product; else every line of the other is joined once */
    int32_t *set = new_sets(s, out), *line = NEW_N(s->arena, int32_t, 2 * count[1] + 1);
    int64_t *oa = box(s, 0, rank[0], dim[0], 0, stride[0][0]), *ob = box(s, 1, rank[0], dim[0], 0, stride[0][1]);
    int64_t *sa = box(s, 2, rank[1], dim[1], 0, stride[1][0]), *sb = box(s, 3, rank[1], dim[1], 0, stride[1][1]);
    int64_t of_a = edge[0] ? a->count : 0, of_b = edge[1] ? b->count : 0;
    int32_t *joined = NEW_N(s->arena, int32_t, of_a + of_b + 1);
    bool zeros = (has_values(a) || has_values(b)) && (double)out->count * (double)count[1] < 1e8;
    s->work += (double)out->count * (double)(zeros ? count[1] : 1);
    int64_t *at_out = NEW_N(s->arena, int64_t, out->count + 1);
    memcpy(at_out, oa, sizeof *oa * (size_t)out->count);
    int64_t *out_of = box(s, 0, rank[0], dim[0], 0, stride[0][2]);
    for (int64_t o = 0; o < out->count; o++) {
        int64_t m = 0, pa = at_out[o], pb = ob[o];
        if (zeros) {
            for (int64_t k = 0; k < count[1]; k++) {
                if (edge[0] && value_at(b, pb + sb[k]) != 0)
                    line[m++] = set_at(a, pa + sa[k]);
                if (edge[1] && value_at(a, pa + sa[k]) != 0)
                    line[m++] = set_at(b, pb + sb[k]);
            }
            set[out_of[o]] = sets_join_all(s->sets, m, line);
            continue;
        }
        int32_t all[2] = {0, 0};
        for (int side = 0; side < 2; side++) { /* joined[]: the number of the set, plus 1 */
            const Info *x = side ? b : a;
            int64_t p = side ? pb : pa, *in = side ? sb : sa;
            int32_t *known = &joined[side ? of_a + pb : pa];
            if (!edge[side])
                continue;
            for (int64_t k = 0; !*known && k < count[1]; k++)
                line[k] = set_at(x, p + in[k]);
            if (!*known)
                *known = 1 + sets_join_all(s->sets, count[1], line);
            all[side] = *known - 1;
        }
        set[out_of[o]] = sets_join(s->sets, all[0], all[1]);
    }
}

/* ---- Linear algebra ---- */

/* Matrices of a batch do not mix; nor do the columns of what is solved for. */
static void scan_linalg(Scan *s, Node *n, Info *out)
{
    int64_t dim[MAX_RANK], batches = 1;
    int rank = n->in[0]->shape.rank;
    bool solves = n->op == OP_SOLVE || n->op == OP_TRISOLVE;
    if (out->count < 0 || !fixed_dims(n->in[0]->shape, dim)) {
        join_operands(s, n, out);
        return;
    }
    for (int i = 0; i < rank - 2; i++)
        batches *= dim[i];
    bool edge[2] = {has_edge(s, n, 0), n->nin > 1 && has_edge(s, n, 1)};
    if (!batches || (!edge[0] && !edge[1]))
        return;
    int32_t *set = new_sets(s, out);
    int64_t each = out->count / batches, width = solves && each ? n->shape.dim[rank - 1]->value : 1;
    int32_t *line = NEW_N(s->arena, int32_t, s->info[n->in[0]->id]->count + each + 1);
    for (int64_t m = 0; m < batches; m++)
        for (int64_t j = 0; j < width; j++) {
            int64_t k = 0;
            for (int i = 0; i < n->nin; i++) {
                const Info *in = s->info[n->in[i]->id];
                int64_t own = in->count / batches, step = solves && i ? width : 1;
                for (int64_t e = solves && i ? j : 0; edge[i] && e < own; e += step)
                    line[k++] = set_at(in, m * own + e);
            }
            int32_t all = sets_join_all(s->sets, k, line);
            for (int64_t e = j; e < each; e += width)
                set[m * each + e] = all;
        }
}

/* ---- The walk ---- */

static void scan_operation(Scan *s, Node *n, Info *out)
{
    switch ((Op)n->op) {
    case OP_GATHER: scan_gather(s, n, out); return;
    case OP_SCATTER:
    case OP_PUT:
    case OP_ADDTO: scan_scatter(s, n, out); return;
    case OP_FOR: scan_loop(s, n, out); return;
    case OP_PART: {
        const Info *part = &s->info[n->in[0]->id]->part[n->attr[0]];
        out->count = part->count;
        out->set = part->set;
        out->all = dtype_is_real((Dtype)n->dtype) ? part->all : 0;
        out->value = part->value;
        out->every = part->every;
        return;
    }
    case OP_OWN: scan_own(s, n, out); return;
    case OP_CHECKPOINT:
    case OP_AGAIN: copy_info(s, out, s->info[n->in[0]->id]); return;
    case OP_CONTRACT: scan_contract(s, n, out); return;
    case OP_CUMSUM:
    case OP_LINREC: scan_along(s, n, out); return;
    default: break;
    }
    switch (op_info(n)->family) {
    case F_LEAF: known_leaf(s, n, out); return;
    case F_POINTWISE: scan_pointwise(s, n, out); return;
    case F_REDUCE: scan_reduce(s, n, out); return;
    case F_MOVE: scan_move(s, n, out); return;
    case F_LINALG: scan_linalg(s, n, out); return;
    default: join_operands(s, n, out);
    }
}

/* Some operation knows something of an input, or it is a leaf or a loop. */
static bool worth_it(Scan *s, const Node *n)
{
    for (int i = 0; i < n->nin; i++) {
        const Info *in = s->info[n->in[i]->id];
        if (has_sets(in) || has_values(in))
            return true;
    }
    return !n->nin || n->op == OP_FOR || n->op == OP_PART;
}

void scan_node(Scan *s, Node *n)
{
    Info *out = s->info[n->id];
    if (!out)
        out = s->info[n->id] = NEW(s->arena, Info);
    clear(out, shape_fixed_count(s->g, n->shape));
    s->work += out->count > 0 && !s->in_place ? (double)out->count : 1;
    if (sets_full(s->sets))
        return;
    if (n == s->x) {
        int32_t *set = new_sets(s, out);
        for (int64_t k = 0; k < out->count; k++)
            set[k] = sets_one(s->sets, k);
    } else if (worth_it(s, n)) {
        scan_operation(s, n, out);
    }
}

Info *info_of(Scan *s, Node *n)
{
    if (!s->info[n->id] && n->nin) {
        s->info[n->id] = NEW(s->arena, Info);
        clear(s->info[n->id], shape_fixed_count(s->g, n->shape));
    } else if (!s->info[n->id]) {
        scan_node(s, n);
    }
    return s->info[n->id];
}

/* ---- Patterns ---- */

bool take_rows(Scan *s, const Node *y, Pattern *p)
{
    const Info *of = s->info[y->id];
    int64_t n = 0;
    p->rows = of->count;
    p->columns = shape_fixed_count(s->g, s->x->shape);
    for (int64_t k = 0; k < p->rows && n <= PATTERN_MOST; k++)
        n += sets_count(s->sets, set_at(of, k));
    if (n > PATTERN_MOST)
        return false;
    p->count = n;
    p->row_start = NEW_N(s->arena, int32_t, p->rows + 1);
    p->column = NEW_N(s->arena, int32_t, n + 1);
    for (int64_t k = 0; k < p->rows; k++) {
        int32_t set = set_at(of, k);
        sets_list(s->sets, set, p->column + p->row_start[k]);
        p->row_start[k + 1] = p->row_start[k] + (int32_t)sets_count(s->sets, set);
    }
    return true;
}

Scan new_scan(Graph *g, const Node *x)
{
    Scan s = {.g = g, .arena = g->arena, .x = x};
    s.sets = sets_new(g->arena, shape_fixed_count(g, x->shape));
    s.info = NEW_N(g->arena, Info *, g->nodes.n);
    s.body = NEW_N(g->arena, Body *, g->regions.n + 1);
    s.rule = NEW_N(g->arena, Pattern *, g->regions.n + 1);
    return s;
}

bool pattern_find(Graph *g, int ny, Node *const *y, const Node *x, Pattern *of)
{
    int64_t n = shape_fixed_count(g, x->shape);
    if (n > PATTERN_MOST)
        return false;
    for (int k = 0; k < ny; k++)
        if (shape_fixed_count(g, y[k]->shape) > PATTERN_MOST)
            return false;
    Scan s = new_scan(g, x);
    Walk w = walk_ancestors(g, ny, y, 0);
    for (int k = 0; k < w.n; k++)
        scan_node(&s, w.node[k]);
    for (int k = 0; k < ny; k++) {
        of[k] = (Pattern){0};
        if (sets_full(s.sets) || !take_rows(&s, y[k], &of[k]))
            return false;
    }
    return true;
}

Pattern pattern_transposed(Arena *a, const Pattern *p)
{
    Pattern t = {.rows = p->columns, .columns = p->rows, .count = p->count};
    t.row_start = NEW_N(a, int32_t, t.rows + 2);
    t.column = NEW_N(a, int32_t, t.count + 1);
    for (int64_t k = 0; k < p->count; k++)
        t.row_start[p->column[k] + 2]++;
    for (int64_t j = 0; j < t.rows; j++)
        t.row_start[j + 2] += t.row_start[j + 1];
    for (int64_t i = 0; i < p->rows; i++)
        for (int32_t k = p->row_start[i]; k < p->row_start[i + 1]; k++)
            t.column[t.row_start[p->column[k] + 1]++] = (int32_t)i;
    return t;
}

Pattern pattern_symmetric(Arena *a, const Pattern *p)
{
    Pattern t = pattern_transposed(a, p), both = {.rows = p->rows, .columns = p->columns};
    both.row_start = NEW_N(a, int32_t, p->rows + 1);
    both.column = NEW_N(a, int32_t, 2 * p->count + 1);
    int32_t n = 0;
    for (int64_t i = 0; i < p->rows; i++) {
        int32_t k = p->row_start[i], m = t.row_start[i];
        while (k < p->row_start[i + 1] || m < t.row_start[i + 1]) {
            int32_t own = k < p->row_start[i + 1] ? p->column[k] : INT32_MAX;
            int32_t mirrored = m < t.row_start[i + 1] ? t.column[m] : INT32_MAX;
            both.column[n++] = own < mirrored ? own : mirrored;
            k += own <= mirrored;
            m += mirrored <= own;
        }
        both.row_start[i + 1] = n;
    }
    both.count = n;
    return both;
}

Pattern pattern_lower(Arena *a, const Pattern *p)
{
    Pattern low = {.rows = p->rows, .columns = p->columns, .lower = true};
    low.row_start = NEW_N(a, int32_t, p->rows + 1);
    low.column = NEW_N(a, int32_t, p->count + 1);
    int32_t n = 0;
    for (int64_t i = 0; i < p->rows; i++) {
        for (int32_t k = p->row_start[i]; k < p->row_start[i + 1] && p->column[k] <= i; k++)
            low.column[n++] = p->column[k];
        low.row_start[i + 1] = n;
    }
    low.count = n;
    return low;
}
