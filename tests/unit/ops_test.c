/* ops_test.c - proves the derivatives of every operation of ops.def.
 *
 * For each case of op_cases.h, and without and with rewriting: reverse mode, forward mode and
 * second order (reverse over reverse, forward over reverse), computed in double by the
 * interpreter, against central differences of the bare forward graph in quad precision. Then
 * values and derivatives at edges against numbers written down here, and random graphs.
 *
 *   ops_test            everything
 *   ops_test -n 10000   that many random graphs, from the seed -s 1
 *   ops_test --doc      docs/operators.md, from the table */
#include "compiler/diff.h"
#include "compiler/rules.h"
#include "op_cases.h"
#include "op_edges.h"
#include "runtime/interp.h"
#include "tests/count.h"
#include "tests/graph.h"

#include <math.h>

/* long double is all there is on some machines: 64 bits allow no more than this. */
static const double step1 = GRADC_QUAD ? 1e-10 : 1e-5, step2 = GRADC_QUAD ? 1e-8 : 1e-4;

static bool close_to(double got, double want, double tolerance)
{
    if (isnan(want) || isnan(got))
        return isnan(want) && isnan(got);
    return got == want || fabs(got - want) <= tolerance * (1 + fabs(want));
}

static void bind_sizes(const char **name, int64_t *value)
{
    for (int i = 0; i < ARRAY_LEN(case_sizes); i++) {
        name[i] = case_sizes[i].name;
        value[i] = case_sizes[i].value;
    }
}

static Interp *interp_for(Graph *g)
{
    const char *name[8];
    int64_t value[8];
    bind_sizes(name, value);
    return interp_new(g->arena, g, ARRAY_LEN(case_sizes), name, value);
}

static Interp128 *interp128_for(Graph *g)
{
    const char *name[8];
    int64_t value[8];
    bind_sizes(name, value);
    return interp128_new(g->arena, g, ARRAY_LEN(case_sizes), name, value);
}

/* ---- One function under test: bare, for differences ---- */

enum { MOST = 64 };

typedef struct Forward {
    Graph *g;
    Interp128 *it;
    Node *x[CASE_PARAMS], *y;
    int n;
    int64_t count[CASE_PARAMS], ny;
    double *at[CASE_PARAMS], *v[CASE_PARAMS], *u; /* the point, the tangents, the cotangent */
    bool varies[CASE_PARAMS];                     /* real: it is differentiated */
} Forward;

/* The elements of parameter k as the interpreter wants them. */
static void give(Interp *it, Interp128 *it128, const Forward *f, int k, int param)
{
    int64_t n = f->count[k];
    const Param *p = &f->g->params.at[k];
    int64_t *word = NEW_N(f->g->arena, int64_t, n + 1);
    uint8_t *byte = NEW_N(f->g->arena, uint8_t, n + 1);
    for (int64_t i = 0; i < n; i++) {
        word[i] = (int64_t)f->at[k][i];
        byte[i] = (uint8_t)f->at[k][i];
    }
    const void *data = p->dtype == T_I64    ? (const void *)word
                       : p->dtype == T_BOOL ? (const void *)byte
                                            : (const void *)f->at[k];
    if (it)
        interp_param(it, param, data);
    if (it128)
        interp128_param(it128, param, data);
}

/* y at the point moved by s along the tangents and by t along element i of parameter k. */
static const quad *forward_at(Forward *f, double s, double t, int k, int64_t i)
{
    for (int p = 0; p < f->n; p++) {
        if (!f->varies[p]) {
            give(NULL, f->it, f, p, p);
            continue;
        }
        quad moved[MOST];
        for (int64_t j = 0; j < f->count[p]; j++) {
            moved[j] = (quad)f->at[p][j] + (quad)s * (quad)f->v[p][j];
            if (p == k && j == i)
                moved[j] += (quad)t;
        }
        interp128_set(f->it, f->x[p], moved);
    }
    if (interp128_run(f->it, 1, &f->y))
        return NULL;
    return interp128_real(f->it, f->y);
}

static quad weighted(const Forward *f, const quad *y)
{
    quad z = 0;
    for (int64_t i = 0; i < f->ny; i++)
        z += (quad)f->u[i] * y[i];
    return z;
}

/* dy along the tangents; dz/dx, and d2z/dx along the tangents, element i of parameter k. */
static void difference_along(Forward *f, double *dy)
{
    quad high[MOST];
    const quad *y = forward_at(f, step1, 0, -1, 0);
    for (int64_t i = 0; i < f->ny; i++)
        high[i] = y[i];
    y = forward_at(f, -step1, 0, -1, 0);
    for (int64_t i = 0; i < f->ny; i++)
        dy[i] = high[i] == y[i] ? 0 : (double)((high[i] - y[i]) / (2 * (quad)step1));
}

static double difference_first(Forward *f, int k, int64_t i)
{
    quad high = weighted(f, forward_at(f, 0, step1, k, i));
    return (double)((high - weighted(f, forward_at(f, 0, -step1, k, i))) / (2 * (quad)step1));
}

static double difference_second(Forward *f, int k, int64_t i)
{
    quad h = (quad)step2;
    quad pp = weighted(f, forward_at(f, step2, step2, k, i));
    quad pm = weighted(f, forward_at(f, step2, -step2, k, i));
    quad mp = weighted(f, forward_at(f, -step2, step2, k, i));
    quad mm = weighted(f, forward_at(f, -step2, -step2, k, i));
    return (double)((pp - pm - mp + mm) / (4 * h * h));
}

/* ---- The same function with its derivatives appended ---- */

typedef struct Derived {
    Graph *g;
    Node *y, *jvp;
    Node *vjp[CASE_PARAMS], *vjp2[CASE_PARAMS], *jvp2[CASE_PARAMS];
} Derived;

/* x[0..n) are the parameters to differentiate by, v their tangents. False where diff refuses. */
static bool derive(Derived *d, Node *u, int n, Node **x, Node **v)
{
    Graph *g = d->g;
    if (diff_vjp(g, d->y, u, n, x, true, d->vjp).fault != DIFF_OK ||
        diff_jvp(g, d->y, n, x, v, true, &d->jvp).fault != DIFF_OK)
        return false;
    Node *s = const_real(g, T_F64, 0);
    for (int k = 0; k < n; k++)
        s = pw2(g, OP_ADD, s, reduce_all(g, OP_SUM, pw2(g, OP_MUL, d->vjp[k], v[k])));
    if (diff_vjp(g, s, NULL, n, x, true, d->vjp2).fault != DIFF_OK)
        return false;
    for (int k = 0; k < n; k++)
        if (diff_jvp(g, d->vjp[k], n, x, v, true, &d->jvp2[k]).fault != DIFF_OK)
            return false;
    return true;
}

static void compare(const char *what, const char *check, int level, int64_t count,
                    const double *got, const double *want, double tolerance)
{
    for (int64_t i = 0; i < count; i++)
        if (!close_to(got[i], want[i], tolerance)) {
            result(false, "%s: %s[%lld] at -O%d is %.17g, differences say %.17g", what, check,
                   (long long)i, level, got[i], want[i]);
            return;
        }
    result(true, "%s", what);
}

static void draw_point(Forward *f, const OpCase *c, uint64_t *seed)
{
    for (int k = 0; k < f->n; k++) {
        f->count[k] = interp128_count(f->it, f->x[k]);
        f->varies[k] = f->x[k]->dtype == T_F64;
        f->at[k] = NEW_N(f->g->arena, double, f->count[k] + 1);
        f->v[k] = NEW_N(f->g->arena, double, f->count[k] + 1);
        for (int64_t i = 0; i < f->count[k]; i++) {
            f->at[k][i] = case_draw(&c->param[k], seed);
            f->v[k][i] = 2 * case_random(seed) - 1;
        }
    }
    f->ny = interp128_count(f->it, f->y);
    f->u = NEW_N(f->g->arena, double, f->ny + 1);
    for (int64_t i = 0; i < f->ny; i++)
        f->u[i] = 2 * case_random(seed) - 1;
}

/* Differences once, then the derivatives at every level. */
typedef struct Wanted {
    double jvp[MOST], first[CASE_PARAMS][MOST], second[CASE_PARAMS][MOST];
} Wanted;

static void differences(Forward *f, Wanted *w)
{
    difference_along(f, w->jvp);
    for (int k = 0; k < f->n; k++)
        for (int64_t i = 0; f->varies[k] && i < f->count[k]; i++) {
            w->first[k][i] = difference_first(f, k, i);
            w->second[k][i] = difference_second(f, k, i);
        }
}

/* The differences know nothing of a rounding to f32 on the way. */
static double tolerance(const OpCase *c, double usual)
{
    return c->op == OP_CAST ? 1e-6 : usual;
}

static void compare_all(const char *what, const OpCase *c, int level, Interp *it, const Forward *f,
                        const Derived *d, const Wanted *w)
{
    double tolerance1 = tolerance(c, GRADC_QUAD ? 2e-12 : 1e-8);
    double tolerance2 = tolerance(c, GRADC_QUAD ? 2e-11 : 1e-5);
    compare(what, "jvp", level, f->ny, interp_real(it, d->jvp), w->jvp, tolerance1);
    for (int k = 0, j = 0; k < f->n; k++) {
        if (!f->varies[k])
            continue;
        compare(what, "vjp", level, f->count[k], interp_real(it, d->vjp[j]), w->first[k],
                tolerance1);
        compare(what, "vjp of vjp", level, f->count[k], interp_real(it, d->vjp2[j]), w->second[k],
                tolerance2);
        compare(what, "jvp of vjp", level, f->count[k], interp_real(it, d->jvp2[j]), w->second[k],
                tolerance2);
        j++;
    }
}

/* Gives the parameters of the derived graph: x, tangents of the real ones, u. */
static void give_all(Interp *it, const Forward *f, Graph *g)
{
    int next = f->n;
    for (int k = 0; k < f->n; k++)
        give(it, NULL, f, k, k);
    for (int k = 0; k < f->n; k++)
        if (f->varies[k] && next < g->params.n)
            interp_param(it, next++, f->v[k]);
    if (next < g->params.n)
        interp_param(it, next, f->u);
}

static void check_values(const char *what, int level, Interp *it, const Node *y, const quad *want,
                         double tolerance)
{
    int64_t n = interp_count(it, y);
    for (int64_t i = 0; i < n; i++) {
        double got = interp_real(it, y)[i];
        if (!close_to(got, (double)want[i], tolerance)) {
            result(false, "%s: value[%lld] at -O%d is %.17g, in quad %.17g", what, (long long)i,
                   level, got, (double)want[i]);
            return;
        }
    }
    result(true, "%s", what);
}

static bool differentiable(const Node *y, const Forward *f)
{
    bool some = false;
    for (int k = 0; k < f->n; k++)
        some |= f->varies[k];
    return some && y->dtype == T_F64;
}

static void check_level(const char *what, const OpCase *c, int level, Forward *f, const Wanted *w)
{
    Graph *g = new_graph(f->g->arena, level);
    Derived d = {.g = g};
    Node *x[CASE_PARAMS], *v[CASE_PARAMS], *real[CASE_PARAMS];
    int n = 0;
    d.y = case_build(g, c, x);
    bool diff = differentiable(d.y, f);
    for (int k = 0; k < f->n && diff; k++)
        if (f->varies[k])
            real[n++] = x[k];
    for (int k = 0; k < n; k++)
        v[k] = graph_param(g, arena_printf(g->arena, "v%d", k), T_F64, real[k]->shape, false,
                           (Span){0});
    Interp *it = interp_for(g);
    if (!diff) {
        give_all(it, f, g);
        result(!interp_run(it, 1, &d.y), "%s: %s", what, interp_error(it));
        if (dtype_is_real((Dtype)d.y->dtype))
            check_values(what, level, it, d.y, forward_at(f, 0, 0, -1, 0), tolerance(c, 1e-13));
        return;
    }
    Node *u = graph_param(g, "u", T_F64, d.y->shape, false, (Span){0});
    if (!derive(&d, u, n, real, v)) {
        result(false, "%s: no derivative", what);
        return;
    }
    Node *roots[2 + 3 * CASE_PARAMS] = {d.y, d.jvp};
    for (int k = 0; k < n; k++) {
        roots[2 + 3 * k] = d.vjp[k];
        roots[3 + 3 * k] = d.vjp2[k];
        roots[4 + 3 * k] = d.jvp2[k];
    }
    give_all(it, f, g);
    if (interp_run(it, 2 + 3 * n, roots)) {
        result(false, "%s: %s", what, interp_error(it));
        return;
    }
    check_values(what, level, it, d.y, forward_at(f, 0, 0, -1, 0), tolerance(c, 1e-13));
    compare_all(what, c, level, it, f, &d, w);
}

static bool uses_op(const Graph *g, Op op)
{
    for (int i = 0; i < g->nodes.n; i++)
        if (g->nodes.at[i]->op == op)
            return true;
    return false;
}

static void check_case(const OpCase *c, uint64_t seed, bool *covered)
{
    Arena *a = new_arena();
    const char *what = arena_printf(a, "%s (%s)", op_table[c->op].name, c->what);
    Forward f = {.g = new_graph(a, 0), .n = case_nparam(c)};
    f.y = case_build(f.g, c, f.x);
    f.it = interp128_for(f.g);
    if (uses_op(f.g, c->op))
        covered[c->op] = true;
    draw_point(&f, c, &seed);
    if (!forward_at(&f, 0, 0, -1, 0) && interp128_error(f.it)) {
        result(false, "%s: %s", what, interp128_error(f.it));
    } else {
        Wanted *w = NEW(a, Wanted);
        if (differentiable(f.y, &f) && !(op_table[f.y->op].flags & STOPS))
            differences(&f, w);
        for (int level = 0; level <= 2; level += 2)
            check_level(what, c, level, &f, w);
    }
    arena_free(a);
}

static void check_cases(void)
{
    Arena *a = new_arena();
    OpCases cases = {0};
    bool covered[OP_COUNT] = {false};
    case_list(a, &cases);
    for (int i = 0; i < cases.list.n; i++)
        for (uint64_t seed = 1; seed <= 3; seed++)
            check_case(&cases.list.at[i], seed * 1000 + (uint64_t)i, covered);
    for (int op = 0; op < OP_COUNT; op++)
        if (op_table[op].family != F_LEAF && op_table[op].family != F_CONTROL && op != OP_PUT &&
            op != OP_ADDTO) /* these are loop_test.c's */
            result(covered[op], "%s has no case in op_cases.h", op_table[op].name);
    arena_free(a);
}

/* ---- Edges: what IEEE arithmetic and language.md want, by hand ---- */

static void check_edge(const Edge *e, int level)
{
    Arena *a = new_arena();
    Graph *g = new_graph(a, level);
    Node *x[2], *out[2];
    int arity = op_table[e->op].arity;
    for (int k = 0; k < arity; k++)
        x[k] = graph_param(g, k ? "b" : "a", T_F64, shape_scalar(), false, (Span){0});
    Node *y = pointwise(g, e->op, arity, x);
    DiffResult r = diff_vjp(g, y, NULL, arity, x, true, out);
    Interp *it = interp_for(g);
    interp_param(it, 0, &e->a);
    if (arity == 2)
        interp_param(it, 1, &e->b);
    bool fine = r.fault == DIFF_OK && !interp_run(it, 1, &y) && !interp_run(it, arity, out);
    double d[2] = {ANY, ANY}, value = fine ? interp_real(it, y)[0] : 0;
    for (int k = 0; k < arity && fine; k++)
        d[k] = interp_real(it, out[k])[0];
    double want[2] = {e->da, e->db};
    fine = fine && close_to(value, e->value, 1e-14);
    for (int k = 0; k < arity; k++)
        fine = fine && (want[k] == ANY || close_to(d[k], want[k], 1e-14));
    result(fine, "%s(%g, %g) at -O%d: value %.17g, derivatives %.17g, %.17g, not %.17g, %g, %g",
           op_table[e->op].name, e->a, e->b, level, value, d[0], d[1], e->value, e->da, e->db);
    arena_free(a);
}

static void check_edges(void)
{
    for (int i = 0; i < ARRAY_LEN(edges); i++)
        for (int level = 0; level <= 2; level += 2)
            check_edge(&edges[i], level);
}

/* ---- Edges of functions of a vector: gradient of their sum ---- */

static Node *edge_max(Graph *g, Node *x)
{
    return reduce_all(g, OP_MAXR, x);
}
static Node *edge_min(Graph *g, Node *x)
{
    return reduce_all(g, OP_MINR, x);
}
static Node *edge_prod(Graph *g, Node *x)
{
    return reduce_all(g, OP_PROD, x);
}
static Node *edge_cumprod(Graph *g, Node *x)
{
    return cumprod(g, x, 0);
}
/* x > 0 ? f(x) : 0 */
static Node *guarded(Graph *g, Node *x, Op op)
{
    Node *zero = const_real(g, T_F64, 0);
    return pw3(g, OP_SELECT, pw2(g, OP_GT, x, zero), pw1(g, op, x), zero);
}
static Node *edge_sqrt(Graph *g, Node *x)
{
    return guarded(g, x, OP_SQRT);
}
static Node *edge_log(Graph *g, Node *x)
{
    return guarded(g, x, OP_LOG);
}
static Node *edge_norm(Graph *g, Node *x)
{
    Node *s = reduce_all(g, OP_SUM, pw2(g, OP_MUL, x, x)), *zero = const_real(g, T_F64, 0);
    return pw3(g, OP_SELECT, pw2(g, OP_EQ, s, zero), zero, pw1(g, OP_SQRT, s));
}
static Node *edge_lse(Graph *g, Node *x)
{
    return pw1(g, OP_LOG, reduce_all(g, OP_SUM, pw1(g, OP_EXP, x)));
}
static Node *edge_xent(Graph *g, Node *x) /* -log softmax(x)[0], as written in books */
{
    Node *e = pw1(g, OP_EXP, x), *p = pw2(g, OP_DIV, e, reduce_all(g, OP_SUM, e));
    return take_at(g, pw1(g, OP_NEG, pw1(g, OP_LOG, p)), 0, size_int(g, 0));
}

typedef struct VectorEdge {
    const char *what;
    Node *(*build)(Graph *, Node *x);
    int n, level;
    double x[4], value, grad[4];
} VectorEdge;

static const VectorEdge vector_edges[] = {
    {"max, a tie", edge_max, 3, 0, {2, 1, 2}, 2, {0.5, 0, 0.5}},
    {"min, all equal", edge_min, 4, 0, {1, 1, 1, 1}, 1, {0.25, 0.25, 0.25, 0.25}},
    {"max of nothing", edge_max, 0, 0, {0}, -inf, {0}},
    {"max of nan", edge_max, 2, 0, {1, nan_}, nan_, {ANY, ANY}},
    {"product, one zero", edge_prod, 3, 0, {2, 0, 3}, 0, {0, 6, 0}},
    {"product, two zeros", edge_prod, 3, 0, {0, 0, 3}, 0, {0, 0, 0}},
    {"product of nothing", edge_prod, 0, 0, {0}, 1, {0}},
    {"cumprod, a zero", edge_cumprod, 3, 0, {2, 0, 3}, 2, {1, 8, 0}},
    {"guarded sqrt", edge_sqrt, 3, 0, {0, -1, 4}, 2, {0, 0, 0.25}},
    {"guarded log", edge_log, 3, 0, {0, -1, 1}, 0, {0, 0, 1}},
    {"guarded norm at 0", edge_norm, 2, 0, {0, 0}, 0, {0, 0}},
    {"log-sum-exp, large", edge_lse, 2, 2, {1000, 1000}, 1000.69314718055994531, {0.5, 0.5}},
    {"log-sum-exp, small", edge_lse, 2, 2, {-1000, -2000}, -1000, {1, 0}},
    {"log-sum-exp, -inf", edge_lse, 2, 2, {-inf, 0}, 0, {0, 1}},
    {"log-sum-exp of -inf alone", edge_lse, 2, 2, {-inf, -inf}, -inf, {ANY, ANY}},
    {"log-sum-exp, inf", edge_lse, 2, 2, {inf, 0}, inf, {ANY, ANY}},
    {"log-sum-exp of nothing", edge_lse, 0, 2, {0}, -inf, {0}},
    {"cross entropy, large", edge_xent, 3, 2, {1000, 0, -1000}, 0, {0, 0, 0}},
    {"cross entropy, wrong", edge_xent, 2, 2, {0, 1000}, 1000, {-1, 1}},
};

static void check_vector_edge(const VectorEdge *e, int level)
{
    Arena *a = new_arena();
    Graph *g = new_graph(a, level);
    const Size *n = size_int(g, e->n);
    Node *x = graph_param(g, "x", T_F64, shape_of(g, 1, &n), false, (Span){0}), *grad;
    Node *y = reduce_all(g, OP_SUM, e->build(g, x));
    DiffResult r = diff_vjp(g, y, NULL, 1, &x, true, &grad);
    Interp *it = interp_for(g);
    interp_param(it, 0, e->x);
    Node *roots[2] = {y, grad};
    bool fine = r.fault == DIFF_OK && !interp_run(it, 2, roots) &&
                close_to(interp_real(it, y)[0], e->value, 1e-14);
    for (int i = 0; i < e->n && fine; i++)
        fine = e->grad[i] == ANY || close_to(interp_real(it, grad)[i], e->grad[i], 1e-14);
    result(fine, "%s at -O%d: value %.17g, gradient %g %g %g", e->what, level,
           r.fault == DIFF_OK ? interp_real(it, y)[0] : 0, e->n > 0 ? interp_real(it, grad)[0] : 0,
           e->n > 1 ? interp_real(it, grad)[1] : 0, e->n > 2 ? interp_real(it, grad)[2] : 0);
    arena_free(a);
}

/* Where the gradient is a number, a Hessian-vector product is one too: no nan of a branch that
 * was not taken, no inf - inf of a shifted exponential. */
static void check_second_edge(const VectorEdge *e, int level)
{
    double along[4] = {1, -0.5, 2, 0.25};
    for (int i = 0; i < e->n; i++)
        if (e->grad[i] == ANY)
            return;
    Arena *a = new_arena();
    Graph *g = new_graph(a, level);
    const Size *n = size_int(g, e->n);
    Node *x = graph_param(g, "x", T_F64, shape_of(g, 1, &n), false, (Span){0}), *out;
    Node *v = graph_param(g, "v", T_F64, shape_of(g, 1, &n), false, (Span){0});
    Node *y = reduce_all(g, OP_SUM, e->build(g, x));
    bool fine = diff_hvp(g, y, 1, &x, &v, true, &out).fault == DIFF_OK;
    Interp *it = interp_for(g);
    interp_param(it, 0, e->x);
    interp_param(it, 1, along);
    fine = fine && !interp_run(it, 1, &out);
    for (int i = 0; i < e->n && fine; i++)
        fine = isfinite(interp_real(it, out)[i]);
    result(fine, "%s at -O%d: the second derivative is no number", e->what, level);
    arena_free(a);
}

static void check_second(const SecondEdge *e, int level)
{
    Arena *a = new_arena();
    Graph *g = new_graph(a, level);
    Node *x[2] = {graph_param(g, "a", T_F64, shape_scalar(), false, (Span){0}),
                  const_real(g, T_F64, e->b)};
    Node *y = pointwise(g, e->op, op_table[e->op].arity, x), *first, *second;
    bool fine = diff_vjp(g, y, NULL, 1, x, true, &first).fault == DIFF_OK &&
                diff_vjp(g, first, NULL, 1, x, true, &second).fault == DIFF_OK;
    Interp *it = interp_for(g);
    interp_param(it, 0, &e->a);
    double got = fine && !interp_run(it, 1, &second) ? interp_real(it, second)[0] : ANY;
    result(close_to(got, e->value, 1e-14), "%s(%g, %g)'' at -O%d is %g, not %g",
           op_table[e->op].name, e->a, e->b, level, got, e->value);
    arena_free(a);
}

static void check_structural_edges(void)
{
    for (int i = 0; i < ARRAY_LEN(second_edges); i++)
        for (int level = 0; level <= 2; level += 2)
            check_second(&second_edges[i], level);
    for (int i = 0; i < ARRAY_LEN(vector_edges); i++)
        for (int level = vector_edges[i].level; level <= 2; level += 2)
            check_second_edge(&vector_edges[i], level);
    for (int i = 0; i < ARRAY_LEN(vector_edges); i++)
        for (int level = vector_edges[i].level; level <= 2; level += 2)
            check_vector_edge(&vector_edges[i], level);
}

/* ---- Random graphs: gradients, in quad too, against differences ---- */

/* x brought into the domain of an operand without a kink. */
static Node *squashed(Graph *g, Node *x, const CaseParam *p)
{
    if (p->truth)
        return pw2(g, OP_LT, x, const_real(g, T_F64, 0.3));
    double low = p->avoid == OFF_ZERO && p->high > 0 ? 0.2 : p->low;
    Node *s = pw1(g, OP_SIGMOID, x);
    s = pw2(g, OP_MUL, s, const_real(g, T_F64, p->high - low));
    return pw2(g, OP_ADD, s, const_real(g, T_F64, low));
}

/* The same random graph for the same seed, whatever the level rewrites. */
static Node *random_graph(Graph *g, Node *const *x, uint64_t seed)
{
    enum { STEPS = 7 };
    Node *pool[3 + STEPS] = {x[0], x[1], x[2]};
    int n = 3;
    while (n < 3 + STEPS) {
        const Domain *d = &domains[(int)(case_random(&seed) * ARRAY_LEN(domains))];
        double kind = case_random(&seed);
        Node *in[3], *r;
        for (int k = 0; k < 3; k++)
            in[k] = pool[n - 1 - (int)(case_random(&seed) * (n < 5 ? n : 5))];
        if (kind < 0.15 && in[0]->shape.rank) {
            r = reduce(g, kind < 0.1 ? OP_SUM : OP_MAXR, in[0], 1, (int[]){in[0]->shape.rank - 1});
        } else if (kind < 0.25 && in[0]->shape.rank == 2) {
            r = contract(g, in[0], (int[]){0, 1}, in[0], (int[]){0, 2}, 2, (int[]){1, 2});
        } else if (kind < 0.3 && in[0]->shape.rank) {
            r = cumsum(g, in[0], 0, true);
        } else {
            if (op_table[d->op].type == TY_BOOL || op_table[d->op].type == TY_LOGIC ||
                d->op == OP_RANDOM) /* of integers alone */
                continue;
            for (int k = 0; k < op_table[d->op].arity; k++)
                in[k] = squashed(g, in[k], &d->in[k]);
            r = pointwise(g, d->op, op_table[d->op].arity, in);
            if (r->op == OP_STOP)
                continue;
        }
        bool fits = true;
        Shape s;
        for (int k = 0; k < n; k++)
            fits &= shape_broadcast(g, r->shape, pool[k]->shape, &s);
        if (fits)
            pool[n++] = r;
    }
    Node *sum = const_real(g, T_F64, 0);
    for (int k = 3; k < n; k++)
        sum = pw2(g, OP_ADD, sum, reduce_all(g, OP_SUM, pw1(g, OP_TANH, pool[k])));
    return sum;
}

static void fuzz_one(uint64_t seed)
{
    static const CaseParam shapes[3] = {{.shape = "3,3", .low = -1, .high = 1},
                                        {.shape = "3", .low = -1, .high = 1},
                                        {.shape = "", .low = -1, .high = 1}};
    Arena *a = new_arena();
    OpCase c = {.what = "random", .param = {shapes[0], shapes[1], shapes[2]}};
    Forward f = {.g = new_graph(a, 0), .n = 3};
    uint64_t draw = seed;
    for (int k = 0; k < 3; k++)
        f.x[k] = graph_param(f.g, "x", T_F64, case_shape(f.g, shapes[k].shape), false, (Span){0});
    f.y = random_graph(f.g, f.x, seed);
    f.it = interp128_for(f.g);
    draw_point(&f, &c, &draw);
    f.u[0] = 1;
    for (int level = 0; level <= 2; level += 2) {
        Graph *g = new_graph(a, level);
        Node *x[3], *grad[3];
        for (int k = 0; k < 3; k++)
            x[k] = graph_param(g, "x", T_F64, case_shape(g, shapes[k].shape), false, (Span){0});
        Node *y = random_graph(g, x, seed);
        if (diff_vjp(g, y, NULL, 3, x, true, grad).fault == DIFF_UNDEFINED)
            continue; /* a parameter of conditions alone */
        bool fine = true;
        Interp128 *it = interp128_for(g);
        for (int k = 0; k < 3; k++)
            give(NULL, it, &f, k, k);
        if (interp128_run(it, 3, grad)) {
            printf("%s\n", interp128_error(it));
            fine = false;
        }
        for (int k = 0; k < 3; k++)
            for (int64_t i = 0; i < f.count[k] && fine; i++) {
                double got = (double)interp128_real(it, grad[k])[i];
                double want = difference_first(&f, k, i);
                fine = close_to(got, want, 1e-10);
                if (!fine)
                    printf("x%d[%d]: %.17g, differences say %.17g\n", k, (int)i, got, want);
            }
        result(fine, "random graph %llu at -O%d", (unsigned long long)seed, level);
    }
    arena_free(a);
}

/* ---- docs/operators.md ---- */

static const char *family_title(Family f)
{
    static const char *const title[] = {"",         "Element-wise", "Reductions", "Movement",
                                        "Indexing", "Contraction",  "Scans",      "Linear algebra"};
    return title[f];
}

static void print_op(const OpInfo *o)
{
    printf("| `%s` |", o->name);
    if (o->family != F_POINTWISE)
        printf(" %s |", o->flags & NODIFF ? "none" : o->vjp ? "op_*.c" : "");
    else if (o->flags & (NODIFF | STOPS))
        printf(" %s |", o->flags & STOPS ? "0 by decree" : "none");
    else
        for (int i = 0; i < o->arity; i++)
            printf("%s `%s`%s", i ? ";" : "", o->d[i] ? o->d[i] : "-",
                   i + 1 < o->arity ? "" : " |");
    for (int i = 0; i < ARRAY_LEN(o->rules) && o->rules[i]; i++)
        printf("%s `%s`", i ? "<br>" : "", o->rules[i]);
    printf(" |\n");
}

static void print_doc(void)
{
    printf(
        "# Operations\n\nMade from compiler/ops.def by `ops_test --doc`; do not edit. a, b, c are "
        "operands, r is the result.\nA rule behind `?` needs `--fast-math`; the others keep or "
        "improve accuracy.\n");
    for (int f = F_POINTWISE; f <= F_LINALG; f++) {
        printf("\n## %s\n\n| operation | derivatives | rewrites |\n| --- | --- | --- |\n",
               family_title((Family)f));
        for (int op = 0; op < OP_COUNT; op++)
            if ((int)op_table[op].family == f)
                print_op(&op_table[op]);
    }
}

int main(int argc, char **argv)
{
    int fuzz = 300;
    uint64_t seed = 1;
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--doc"))
            return print_doc(), 0;
        else if (!strcmp(argv[i], "-n") && i + 1 < argc)
            fuzz = atoi(argv[++i]);
        else if (!strcmp(argv[i], "-s") && i + 1 < argc)
            seed = (uint64_t)atoll(argv[++i]);
    check_cases();
    check_edges();
    check_structural_edges();
    for (int i = 0; i < fuzz; i++)
        fuzz_one(seed * 1000003 + (uint64_t)i);
    return sum_up();
}
