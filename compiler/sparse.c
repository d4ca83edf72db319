/* sparse.c - see sparse.h. */
#include "batch.h"
#include "colour.h"
#include "ops.h"
#include "sparse_impl.h"

/* ---- Which products ---- */

/* Columns with a colour are seeds of forward mode, rows with one of reverse mode. */
typedef struct Plan {
    Colours column, row;
} Plan;

static const Colours no_colours = {0};

/* The least sum of k and of the longest row behind the k longest; *cut: how long a row may be that is
 * not among those. */
static int64_t best_cut(Arena *a, const Pattern *p, int64_t *cut)
{
    int64_t *rows = NEW_N(a, int64_t, p->columns + 2), least = INT64_MAX, above = 0;
    for (int64_t i = 0; i < p->rows; i++)
        rows[p->row_start[i + 1] - p->row_start[i]]++;
    for (int64_t length = p->columns; length >= 0; length--) {
        if (above + length < least) {
            least = above + length;
            *cut = length;
        }
        above += rows[length];
    }
    return least;
}

/* Rows that are longer have colours of their own; p's other entries are for its columns. */
static Plan split(Arena *a, const Pattern *p, const Pattern *t, int64_t cut)
{
    bool *longer = NEW_N(a, bool, p->rows + 1);
    Colours row = {.of = NEW_N(a, int32_t, p->rows + 1)};
    for (int64_t i = 0; i < p->rows; i++) {
        longer[i] = p->row_start[i + 1] - p->row_start[i] > cut;
        row.of[i] = longer[i] ? row.n++ : -1;
    }
    return (Plan){.column = colour_columns(a, p, t, longer), .row = row};
}

static int64_t longest_row(const Pattern *p)
{
    int64_t most = 0;
    for (int64_t i = 0; i < p->rows; i++)
        if (p->row_start[i + 1] - p->row_start[i] > most)
            most = p->row_start[i + 1] - p->row_start[i];
    return most;
}

/* Forward mode where it needs no more products. Part by rows and part by columns, two passes over the
 * model, only where that needs less than half as many. */
static Plan choose_plan(Arena *a, const Pattern *p)
{
    Pattern t = pattern_transposed(a, p);
    int64_t by_columns = longest_row(p), by_rows = longest_row(&t), cut_rows = 0, cut_columns = 0;
    int64_t one = by_columns < by_rows ? by_columns : by_rows;
    int64_t rows = best_cut(a, p, &cut_rows), columns = best_cut(a, &t, &cut_columns);
    if (2 * rows < one && rows <= columns)
        return split(a, p, &t, cut_rows);
    if (2 * columns < one) {
        Plan turned = split(a, &t, p, cut_columns);
        return (Plan){.column = turned.row, .row = turned.column};
    }
    Plan plan = {.column = no_colours, .row = no_colours};
    if (by_columns <= by_rows)
        plan.column = colour_columns(a, p, &t, NULL);
    if (by_columns > by_rows || by_rows < plan.column.n) {
        Colours row = colour_columns(a, &t, p, NULL);
        if (by_columns > by_rows || row.n < plan.column.n)
            plan = (Plan){.column = no_colours, .row = row};
    }
    return plan;
}

/* The products of so many colours are too much memory for a call. */
static bool too_many(int64_t colours, int64_t length)
{
    enum { ELEMENTS = 1 << 28 };
    return (double)colours * (double)length > ELEMENTS;
}

/* ---- Products ---- */

typedef struct Products {
    Graph *g;
    Node *y, *x;    /* forward: the tangent of y for one of x; reverse: the adjoint of x for one of y */
    bool gradients; /* y and x are gradients' */
    bool zeros_ok;
} Products;

static DiffResult product(const Products *p, bool forward, Node *seed, Node **out)
{
    Node *x = p->x;
    DiffResult r = {0};
    if (!forward)
        return diff_vjp(p->g, p->y, seed, 1, &x, p->zeros_ok, out);
    if (!p->gradients)
        return diff_jvp(p->g, p->y, 1, &x, &seed, p->zeros_ok, out);
    diff_tangents(p->g, 1, &p->y, 1, &x, &seed, out);
    return r;
}

/* A table of the colours of the elements of `like`, and the number of each. The integers are as wide as
 * the reals: loops that compare bytes to choose doubles are four times slower. */
static Node *colour_table(Graph *g, const Colours *c, const Node *like, Node **number)
{
    Dtype t = like->dtype == T_F32 ? T_I32 : T_I64;
    int64_t count = shape_fixed_count(g, like->shape), *of = NEW_N(g->arena, int64_t, count + 1);
    for (int64_t k = 0; k < count; k++)
        of[k] = c->of[k];
    *number = cast(g, iota(g, size_int(g, c->n)), t);
    return const_array(g, t, like->shape, NULL, of);
}

static bool all_one(Graph *g, const Colours *c, Shape shape)
{
    int64_t count = shape_fixed_count(g, shape);
    for (int64_t k = 0; k < count; k++)
        if (c->of[k])
            return false;
    return c->n == 1;
}

/* The products of all colours, flat: that of colour k is row k. As in dense Jacobians a seed is
 * select(mask, 1, 0), so that what it does not select multiplies nothing. */
static DiffResult products(const Products *p, bool forward, const Colours *c, Node **out)
{
    Graph *g = p->g;
    const Node *like = forward ? p->x : p->y;
    Node *one = const_like(g, like, 1), *hole = NULL, *seed;
    bool single = !c->n || all_one(g, c, like->shape);
    if (single) {
        seed = expand(g, one, like->shape);
    } else {
        hole = placeholder(g, T_BOOL, like->shape);
        seed = pw3(g, OP_SELECT, hole, one, const_like(g, like, 0));
    }
    DiffResult r = product(p, forward, seed, out);
    if (r.fault != DIFF_OK)
        return r;
    if (!single) {
        const Size *n = size_int(g, c->n), *dim[MAX_RANK + 1] = {n};
        int stage = g->stage;
        for (int k = 0; k < like->shape.rank; k++)
            dim[k + 1] = size_int(g, 1);
        Node *number, *table = colour_table(g, c, like, &number);
        number = reshape(g, number, shape_of(g, like->shape.rank + 1, dim));
        Node *mask = expand(g, pw2(g, OP_EQ, number, table), shape_insert(g, like->shape, 0, n));
        g->stage = out[0]->stage > stage ? out[0]->stage : stage;
        batch(g, 1, out, 1, &hole, &mask, n);
        g->stage = stage;
    }
    const Size *flat = shape_count(g, out[0]->shape);
    *out = reshape(g, *out, shape_of(g, 1, &flat));
    return r;
}

/* ---- Entries ---- */

Node *sparse_pick(Graph *g, Dtype type, int n, Node **from, int64_t count, const int64_t *place)
{
    int axis = 0;
    const Size *flat = size_int(g, count);
    Shape shape = shape_of(g, 1, &flat);
    if (!n || !count)
        return zeros(g, type, shape);
    for (int k = 0; k < n; k++)
        from[k] = cast(g, from[k], type);
    Node *all = concat(g, n, from, 0);
    int64_t there = all->shape.dim[0]->value;
    bool same = there == count;
    for (int64_t k = 0; k < count && same; k++)
        same = place[k] == k;
    if (same)
        return all;
    Node *index = const_array(g, there <= INT32_MAX ? T_I32 : T_I64, shape, NULL, place);
    return gather(g, all, 1, &index, &axis);
}

/* The entries of a pattern from the products of a plan: rows and columns of p are y and x. */
static DiffResult compress(const Products *products_of, const Pattern *p, const Plan *plan, Node **out)
{
    Graph *g = products_of->g;
    Node *from[2];
    int n = 0;
    int64_t *place = NEW_N(g->arena, int64_t, p->count + 1), base = 0;
    DiffResult r = {0};
    if (plan->column.n || !plan->row.n) { /* without colours for its faults */
        r = products(products_of, true, &plan->column, &from[n]);
        base = from[n] && r.fault == DIFF_OK ? plan->column.n * p->rows : 0;
        n += plan->column.n > 0;
    }
    if (plan->row.n && r.fault == DIFF_OK)
        r = products(products_of, false, &plan->row, &from[n++]);
    if (r.fault != DIFF_OK)
        return r;
    for (int64_t i = 0; i < p->rows; i++)
        for (int32_t k = p->row_start[i]; k < p->row_start[i + 1]; k++) {
            int64_t j = p->column[k];
            bool by_row = plan->row.n && plan->row.of[i] >= 0;
            place[k] = by_row ? base + plan->row.of[i] * p->columns + j : plan->column.of[j] * p->rows + i;
        }
    *out = sparse_pick(g, diff_jacobian_type(g, products_of->y, products_of->x), n, from, p->count, place);
    return r;
}

static Pattern *keep_pattern(Graph *g, Pattern p)
{
    Pattern *own = NEW(g->arena, Pattern);
    *own = p;
    return own;
}

DiffResult sparse_jacobian(Graph *g, Node *y, Node *x, bool zeros_ok, Sparse *out)
{
    Pattern p;
    Products of = {.g = g, .y = y, .x = x, .zeros_ok = zeros_ok};
    out->pattern = NULL;
    if (!pattern_find(g, 1, &y, x, &p))
        return (DiffResult){0};
    out->pattern = keep_pattern(g, p);
    out->values = sparse_aligned(g, y, x, &p);
    if (out->values)
        return (DiffResult){0};
    Plan plan = choose_plan(g->arena, &p);
    if (too_many(plan.column.n, p.rows) || too_many(plan.row.n, p.columns)) {
        out->pattern = NULL;
        return (DiffResult){0};
    }
    return compress(&of, &p, &plan, &out->values);
}

/* ---- Hessians ---- */

/* Entry (i, j) is in row i of the product by the colour of j where that colour is in the row once, else in
 * row j of that by the colour of i. `low` is the lower part of the symmetric p. */
static int64_t *star_places(Arena *a, const Pattern *p, const Pattern *low, const Colours *c)
{
    int64_t *place = NEW_N(a, int64_t, low->count + 1);
    int32_t *seen = NEW_N(a, int32_t, c->n + 1), m = 0;
    for (int64_t i = 0; i < p->rows; i++) {
        for (int32_t k = p->row_start[i]; k < p->row_start[i + 1]; k++)
            seen[c->of[p->column[k]]]++;
        for (; m < low->row_start[i + 1]; m++) {
            int64_t j = low->column[m], cj = c->of[j], ci = c->of[i];
            place[m] = seen[cj] == 1 ? cj * p->rows + i : ci * p->rows + j;
        }
        for (int32_t k = p->row_start[i]; k < p->row_start[i + 1]; k++)
            seen[c->of[p->column[k]]] = 0;
    }
    return place;
}

static Sparse diagonal_block(Graph *g, Node *grad, Node *x, const Pattern *found)
{
    Pattern p = pattern_symmetric(g->arena, found), low = pattern_lower(g->arena, &p);
    Products of = {.g = g, .y = grad, .x = x, .gradients = true};
    Colours c = colour_star(g->arena, &p);
    Node *from;
    if (too_many(c.n, p.rows))
        return (Sparse){0};
    if (low.count)
        products(&of, true, &c, &from);
    int64_t *place = star_places(g->arena, &p, &low, &c);
    return (Sparse){.pattern = keep_pattern(g, low),
                    .values = sparse_pick(g, (Dtype)x->dtype, 1, &from, low.count, place)};
}

/* By the columns of x[j], or by those of x[i]: both are forward mode over a gradient. */
static Sparse other_block(Graph *g, Node *const *grad, Node *const *x, int i, int j, const Pattern *p)
{
    Arena *a = g->arena;
    Pattern t = pattern_transposed(a, p);
    Colours columns = colour_columns(a, p, &t, NULL), rows = colour_columns(a, &t, p, NULL);
    bool by_rows = rows.n < columns.n;
    const Colours *c = by_rows ? &rows : &columns;
    Products of = {.g = g, .y = grad[by_rows ? j : i], .x = x[by_rows ? i : j], .gradients = true};
    int64_t *place = NEW_N(a, int64_t, p->count + 1);
    Node *from;
    if (too_many(c->n, by_rows ? p->columns : p->rows))
        return (Sparse){0};
    for (int64_t r = 0; r < p->rows; r++)
        for (int32_t k = p->row_start[r]; k < p->row_start[r + 1]; k++) {
            int64_t column = p->column[k];
            place[k] = by_rows ? rows.of[r] * p->columns + column : columns.of[column] * p->rows + r;
        }
    if (p->count)
        products(&of, true, c, &from);
    return (Sparse){.pattern = keep_pattern(g, *p),
                    .values = sparse_pick(g, (Dtype)x[j]->dtype, 1, &from, p->count, place)};
}

DiffResult sparse_hessian(Graph *g, Node *z, int n, Node *const *x, bool zeros_ok, Sparse *out)
{
    Node **grad = NEW_N(g->arena, Node *, n);
    Pattern *p = NEW_N(g->arena, Pattern, n * n);
    DiffResult r = diff_vjp(g, z, NULL, n, x, zeros_ok, grad);
    bool small = true;
    for (int k = 0; k < n * n; k++)
        out[k].pattern = NULL;
    for (int j = 0; j < n && r.fault == DIFF_OK; j++) {
        Pattern *column = NEW_N(g->arena, Pattern, n);
        small = small && pattern_find(g, n, grad, x[j], column);
        for (int i = 0; i < n; i++)
            p[i * n + j] = column[i];
    }
    for (int i = 0; i < n && small && r.fault == DIFF_OK; i++)
        for (int j = i; j < n; j++)
            out[i * n + j] = i == j ? diagonal_block(g, grad[i], x[i], &p[i * n + i])
                                    : other_block(g, grad, x, i, j, &p[i * n + j]);
    return r;
}
