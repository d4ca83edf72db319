/* draw.c - points to try a function at: small sizes and random arguments. */
#include "check.h"

#include "compiler/ops.h"
#include "compiler/region.h"

/* ---- Indices ---- */

typedef struct Binding {
    const Function *f;
    const int64_t *sizes;
} Binding;

static int64_t bind(void *user, const char *name)
{
    const Binding *b = user;
    for (int i = 0; i < b->f->sizes.n; i++)
        if (!strcmp(b->f->sizes.at[i], name))
            return b->sizes[i];
    return 0;
}

/* The indices of a node and the axes that they stand for; their number, 0 where it has none. */
static int indices_of(const Node *n, Node *const **index, const int64_t **axis)
{
    if (n->op == OP_PUT || n->op == OP_ADDTO) {
        *index = put_index(n);
        *axis = n->attr + 1;
        return put_indices(n);
    }
    *index = n->in + 1;
    *axis = n->attr;
    return n->op == OP_GATHER || n->op == OP_SCATTER ? n->nin - 1 : 0;
}

/* By parameter of the graph: the length of the shortest axis that it is an index of, -1 where it
 * is none. An index may be computed from several; each then stays below. */
static int64_t *index_limits(Arena *a, const Function *f, const int64_t *sizes)
{
    Graph *g = f->graph;
    Binding b = {f, sizes};
    int64_t *limit = NEW_N(a, int64_t, g->params.n + 1);
    for (int i = 0; i < g->params.n; i++)
        limit[i] = -1;
    for (int id = 0; id < g->nodes.n; id++) {
        const Node *n = g->nodes.at[id], *all = n->op == OP_GATHER ? n->in[0] : n;
        Node *const *index;
        const int64_t *axis;
        int count = indices_of(n, &index, &axis);
        for (int k = 0; k < count; k++) {
            if (size_has_argument(g->sizes, all->shape.dim[axis[k]])) /* as long as an argument says */
                continue;
            bool *mark = NEW_N(a, bool, g->nodes.n + 1);
            int64_t length = size_eval(g->sizes, all->shape.dim[axis[k]], bind, &b);
            mark_ancestors(g, 1, &index[k], mark);
            for (int i = 0; i < g->params.n; i++)
                if (mark[g->params.at[i].node->id] && (limit[i] < 0 || length < limit[i]))
                    limit[i] = length;
        }
    }
    return limit;
}

/* ---- Elements ---- */

typedef struct Draw {
    const gradc *g;
    int function, attempt;
    uint64_t random;
} Draw;

static double between(Draw *d, double low, double high)
{
    return low + (high - low) * random_unit(&d->random);
}

static void draw_integers(Draw *d, const Param *p, int64_t limit, int64_t count, void *out)
{
    int64_t most = p->dtype == T_BOOL ? 2 : limit > 0 ? limit : 4;
    if (d->attempt > 32 && p->dtype != T_BOOL) /* an index may be computed from it */
        most = 1 + most / (d->attempt / 16);
    for (int64_t i = 0; i < count; i++) {
        int64_t v = (int64_t)(random_unit(&d->random) * (double)most);
        switch (p->dtype) {
        case T_I64:
            ((int64_t *)out)[i] = v;
            break;
        case T_I32:
            ((int32_t *)out)[i] = (int32_t)v;
            break;
        default:
            ((uint8_t *)out)[i] = (uint8_t)(v > 255 ? 255 : v);
            break;
        }
    }
}

/* Whether element i lies on the diagonal of the last two axes. */
static bool on_diagonal(int rank, const int64_t *dim, int64_t i)
{
    return rank > 1 && i % dim[rank - 1] == i / dim[rank - 1] % dim[rank - 2];
}

static void draw_reals(Draw *d, const Param *p, const int64_t *dim, int64_t count, void *out)
{
    static const double range[][2] = {{-1, 1}, {0.1, 0.9}, {1.1, 3}, {-3, 3}, {2, 9}, {-0.1, 0.1}};
    int rank = p->shape.rank, which = 0;
    if (d->attempt > 2)
        which = (int)(random_unit(&d->random) * ARRAY_LEN(range));
    else if (d->attempt)
        which = d->attempt;
    bool square = rank > 1 && dim[rank - 1] == dim[rank - 2] && d->attempt % 2;
    for (int64_t i = 0; i < count; i++) {
        double v = between(d, range[which][0], range[which][1]);
        if (square && on_diagonal(rank, dim, i))
            v += (range[which][1] + 1) * (double)dim[rank - 1];
        if (p->dtype == T_F32)
            ((float *)out)[i] = (float)v;
        else
            ((double *)out)[i] = v;
    }
}

/* Beside its initial value: zeros and ones would lie on kinks, and hide what is multiplied by them.
 */
static gradc_status draw_initial(Draw *d, int i, const Param *p, const int64_t *sizes,
                                 int64_t count, void *out, gradc_error *error)
{
    uint64_t seed = d->random;
    gradc_status status = gradc_init_param(d->g, d->function, i, sizes, seed, out, error);
    for (int64_t k = 0; k < count && status == GRADC_OK; k++)
        if (p->dtype == T_F32)
            ((float *)out)[k] += (float)between(d, -0.1, 0.1);
        else
            ((double *)out)[k] += between(d, -0.1, 0.1);
    return status;
}

static gradc_status draw(Draw *d, Arena *a, const int64_t *sizes, const unsigned char *given,
                         void *const *in, gradc_error *error)
{
    const Function *f = d->g->c.shown->functions.at[d->function];
    int64_t dim[GRADC_MAX_RANK], *limit = index_limits(a, f, sizes);
    for (int i = 0; i < f->args.n; i++) {
        int param = f->args.at[i].param;
        const Param *p = &f->graph->params.at[param];
        int64_t count = gradc_get_shape(d->g, d->function, i, sizes, dim);
        gradc_status status = GRADC_OK;
        if (given && given[i])
            continue;
        if (!dtype_is_real(p->dtype))
            draw_integers(d, p, limit[param], count, in[i]);
        else if (gradc_get_argument(d->g, d->function, i).init)
            status = draw_initial(d, i, p, sizes, count, in[i], error);
        else
            draw_reals(d, p, dim, count, in[i]);
        if (status != GRADC_OK)
            return status;
    }
    return GRADC_OK;
}

gradc_status gradc_draw(const gradc *g, int function, const int64_t *sizes, uint64_t seed,
                        int attempt, const unsigned char *given, void *const *in,
                        gradc_error *error)
{
    gradc_function info = gradc_get_function(g, function);
    if (!info.name)
        return error_set(error, GRADC_USAGE_ERROR, "there is no such function");
    for (int i = 0; i < info.ninput; i++)
        if (gradc_get_shape(g, function, i, sizes, NULL) < 0)
            return error_set(error, GRADC_USAGE_ERROR, "%s has no possible shape for these sizes",
                             gradc_get_argument(g, function, i).name);
    Arena *a = arena_new(g->allocator);
    jmp_buf recover;
    if (!a)
        return error_set(error, GRADC_SYSTEM_ERROR, "out of memory");
    if (setjmp(recover)) {
        arena_free(a);
        return error_set(error, GRADC_SYSTEM_ERROR, "out of memory");
    }
    arena_recover(a, &recover);
    Draw *d = NEW(a, Draw);
    *d = (Draw){.g = g,
                .function = function,
                .attempt = attempt,
                .random = seed * 0x2545f4914f6cdd1du + (uint64_t)attempt};
    gradc_status status = draw(d, a, sizes, given, in, error);
    arena_free(a);
    return status;
}

/* ---- Sizes ---- */

static bool possible(const gradc *g, int function, const int64_t *sizes)
{
    gradc_function info = gradc_get_function(g, function);
    for (int i = 0; i < info.ninput + info.nsize + info.noutput; i++)
        if (gradc_get_shape(g, function, i, sizes, NULL) < 0)
            return false;
    return true;
}

gradc_status gradc_choose_sizes(const gradc *g, int function, const gradc_shape *shape, int attempt,
                                int64_t *sizes, gradc_error *error)
{
    enum { FEW = 64, TRIES = 200 };
    static const int64_t small[] = {3, 2, 4, 5};
    gradc_function info = gradc_get_function(g, function);
    int64_t known[FEW];
    gradc_error first = {0};
    if (!info.name || info.nsize > FEW)
        return error_set(error, GRADC_USAGE_ERROR, "there is no such function");
    if (gradc_infer_sizes(g, function, shape, sizes, &first) == GRADC_OK)
        return GRADC_OK;
    memcpy(known, sizes, sizeof *known * (size_t)info.nsize);
    uint64_t random = (uint64_t)attempt;
    for (int t = 0; t < TRIES; t++) {
        for (int k = 0, open = 0; k < info.nsize; k++) {
            sizes[k] = known[k];
            if (known[k] < 0 && t == 0 && attempt == 0)
                sizes[k] = small[open++ % ARRAY_LEN(small)];
            else if (known[k] < 0)
                sizes[k] = 1 + (int64_t)(random_unit(&random) * 6);
        }
        if (gradc_infer_sizes(g, function, shape, sizes, NULL) == GRADC_OK &&
            possible(g, function, sizes))
            return GRADC_OK;
    }
    if (error)
        *error = first;
    return first.status;
}
