/* diff_test.c - differentiation as a whole: cost, sharing, masks, ties, existence.
 * The derivatives of single operations are diff_ops_test.c's. */
#include "compiler/batch.h"
#include "compiler/diff.h"
#include "compiler/rules.h"
#include "runtime/interp.h"
#include "tests/count.h"
#include "tests/graph.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void check_value(double got, double want, const char *what)
{
    bool ok =
        (isnan(got) && isnan(want)) || got == want || fabs(got - want) <= 1e-13 * (1 + fabs(want));
    result(ok, "%s: got %.17g, want %.17g", what, got, want);
}

static Shape shape(Graph *g, int rank, const int *dim)
{
    const Size *s[MAX_RANK];
    for (int i = 0; i < rank; i++)
        s[i] = size_int(g, dim[i]);
    return shape_of(g, rank, s);
}

static Node *param(Graph *g, int rank, const int *dim)
{
    return graph_param(g, "x", T_F64, shape(g, rank, dim), false, (Span){0});
}

static Node *scalar(Graph *g)
{
    return param(g, 0, NULL);
}

static Node *number(Graph *g, double v)
{
    return const_real(g, T_F64, v);
}

static Node *total(Graph *g, Node *x)
{
    return reduce_all(g, OP_SUM, x);
}

static Node *grad(Graph *g, Node *z, Node *x)
{
    Node *out = NULL;
    DiffResult r = diff_vjp(g, z, NULL, 1, &x, false, &out);
    result(r.fault == DIFF_OK, "the gradient exists");
    return r.fault == DIFF_OK ? out : zeros_like(g, x);
}

static int nodes_of(Graph *g, int nroots, Node *const *root, int op)
{
    bool *mark = NEW_N(g->arena, bool, g->nodes.n);
    int n = 0;
    mark_ancestors(g, nroots, root, mark);
    for (int i = 0; i < g->nodes.n; i++)
        n += mark[i] && (op < 0 || g->nodes.at[i]->op == op);
    return n;
}

/* Element i of root, parameter k having the values v[k]. */
static double element(Graph *g, Node *root, int i, const double *const *v)
{
    Interp *in = interp_new(g->arena, g, 0, NULL, NULL);
    for (int k = 0; k < g->params.n; k++)
        interp_param(in, k, v[k]);
    if (interp_run(in, 1, &root)) {
        printf("FAILED interp: %s\n", interp_error(in));
        failed++;
        return NAN;
    }
    return interp_real(in, root)[i];
}

static double value1(Graph *g, Node *root, int i, const double *x)
{
    return element(g, root, i, &x);
}

/* ---- Cost ---- */

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

typedef Node *Link(Graph *g, Node *x);

static Node *sin_link(Graph *g, Node *x)
{
    return pw1(g, OP_SIN, x);
}

static Node *relu_link(Graph *g, Node *x)
{
    return pw1(g, OP_RELU, pw2(g, OP_MUL, x, pw1(g, OP_EXP, x)));
}

static Node *either_link(Graph *g, Node *x)
{
    Node *c = pw2(g, OP_GT, x, number(g, 0));
    return pw3(g, OP_SELECT, c, pw1(g, OP_SIN, x), pw1(g, OP_EXP, x));
}

static size_t chain_cost(Link *link, int n, double *time)
{
    Graph *g = new_graph(new_arena(), 2);
    Node *w = param(g, 1, (int[]){2}), *z = w, *t;
    for (int k = 0; k < n; k++)
        z = link(g, z);
    z = total(g, z);
    size_t before = arena_used(g->arena);
    double start = seconds();
    Node *d = grad(g, z, w), *one = expand(g, number(g, 1), w->shape);
    result(diff_jvp(g, z, 1, &w, &one, false, &t).fault == DIFF_OK, "forward along a chain");
    *time = seconds() - start;
    size_t used = arena_used(g->arena) - before;
    result(d->op != OP_CONST, "the gradient of a chain is one");
    arena_free(g->arena);
    return used;
}

static void test_chain(const char *name, Link *link, int n)
{
    double short_time, long_time;
    size_t a = chain_cost(link, n / 10, &short_time), b = chain_cost(link, n, &long_time);
    printf("%s, %d links: %.2f s, %.1f times that of a tenth; %zu bytes a link\n", name, n,
           long_time, long_time / (short_time > 0 ? short_time : 1e-9), b / (size_t)n);
    result((double)b < 13.0 * (double)a, "memory grows linearly with a chain");
}

/* Many small derivatives in one large graph: each costs what its own ancestors do. */
static void test_many_small(void)
{
    Graph *g = new_graph(new_arena(), 2);
    Node *x = scalar(g), *big = x;
    for (int k = 0; k < 200000; k++)
        big = pw1(g, OP_SIN, big);
    size_t before = arena_used(g->arena);
    for (int k = 0; k < 2000; k++) {
        Node *y = pw1(g, OP_EXP, pw2(g, OP_MUL, x, number(g, k + 2)));
        grad(g, y, x);
    }
    result(arena_used(g->arena) - before < 2000 * 8192,
          "a small derivative in a large graph is cheap");
    arena_free(g->arena);
}

static void test_ladder(void)
{
    Graph *g = new_graph(new_arena(), 2);
    Node *x = scalar(g), *z = x, *y = x;
    for (int k = 0; k < 1000; k++) { /* 2^1000 paths */
        Node *a = pw1(g, OP_SIN, z), *b = pw2(g, OP_MUL, z, y);
        y = pw2(g, OP_ADD, a, b);
        z = pw2(g, OP_MUL, a, pw1(g, OP_EXP, b));
    }
    z = pw2(g, OP_ADD, z, y);
    int forward = nodes_of(g, 1, &z, -1);
    Node *d = grad(g, z, x);
    result(nodes_of(g, 1, &d, -1) < 8 * forward, "the gradient of a ladder is linear in its length");
    arena_free(g->arena);
}

/* z = f(f(f(w))), figure 6.10: f(w) and f(f(w)) are computed once. */
static void test_sharing(void)
{
    Graph *g = new_graph(new_arena(), 2);
    Node *w = scalar(g), *z = pw1(g, OP_TANH, pw1(g, OP_TANH, pw1(g, OP_TANH, w)));
    Node *root[2] = {z, grad(g, z, w)};
    result(nodes_of(g, 2, root, OP_TANH) == 3, "figure 6.10: each f once");
    double v = 0.3, a = tanh(v), b = tanh(a), c = tanh(b);
    check_value(value1(g, root[1], 0, &v), (1 - c * c) * (1 - b * b) * (1 - a * a), "figure 6.10");
    result(root[1]->stage == 1 && z->stage == 0, "derivative nodes are of stage 1");
    Node *second = grad(g, root[1], w);
    result(second->stage == 2, "second derivatives are of stage 2");
    arena_free(g->arena);
}

/* ---- Algorithm 6.2 by hand ---- */

static void test_algorithm_62(void)
{
    enum { LEAVES = 5, NODES = 60 };
    for (int trial = 0; trial < 50; trial++) {
        Graph *g = new_graph(new_arena(), 2);
        g->level = 0;
        Node *u[NODES], *in[NODES][2];
        double value[NODES], adjoint[NODES] = {0}, partial[NODES][2], leaf[LEAVES + 1];
        const double *given[LEAVES + 1];
        int nin[NODES], at[NODES][2], edges = 0;
        bool below[NODES] = {false};
        for (int i = 0; i < NODES; i++) {
            if (i < LEAVES) {
                u[i] = scalar(g);
                leaf[i] = value[i] = 0.1 + 0.2 * i;
                given[i] = &leaf[i];
                nin[i] = 0;
                continue;
            }
            int a = rand() % i, b = rand() % (i - 1), kind = rand() % 3;
            b += b >= a;
            nin[i] = kind ? 1 : 2;
            at[i][0] = a, at[i][1] = b;
            in[i][0] = u[a], in[i][1] = u[b];
            u[i] = pointwise(g,
                             kind == 0   ? OP_MUL
                             : kind == 1 ? OP_SIN
                                         : OP_SIGMOID,
                             nin[i], in[i]);
            double s = 1 / (1 + exp(-value[a]));
            value[i] = kind == 0 ? value[a] * value[b] : kind == 1 ? sin(value[a]) : s;
            partial[i][0] = kind == 0 ? value[b] : kind == 1 ? cos(value[a]) : s - s * s;
            partial[i][1] = value[a];
            if (u[i]->id <= u[i - 1]->id) /* the same operation again */
                i--;
        }
        /* Algorithm 6.2: from the last node, every edge visited once */
        Node *seed = scalar(g);
        leaf[LEAVES] = 1.5;
        given[LEAVES] = &leaf[LEAVES];
        adjoint[NODES - 1] = 1.5;
        below[NODES - 1] = true;
        for (int i = NODES - 1; i >= 0; i--)
            for (int k = 0; k < nin[i] && below[i]; k++) {
                adjoint[at[i][k]] += adjoint[i] * partial[i][k];
                below[at[i][k]] = true;
                edges++;
            }
        Node *out[LEAVES];
        DiffResult r = diff_vjp(g, u[NODES - 1], seed, LEAVES, u, true, out);
        result(r.fault == DIFF_OK, "Algorithm 6.2: the gradient exists");
        for (int i = 0; i < LEAVES; i++)
            check_value(element(g, out[i], 0, given), adjoint[i], "Algorithm 6.2");
        result(nodes_of(g, LEAVES, out, OP_SCALE) == edges, "one product an edge of G'");
        arena_free(g->arena);
    }
}

/* ---- Masks ---- */

static Node *positive(Graph *g, Node *x)
{
    return pw2(g, OP_GT, x, number(g, 0));
}

static Node *zero_if(Graph *g, Node *c, Node *x)
{
    return pw3(g, OP_SELECT, c, x, number(g, 0));
}

/* The branch that is not taken, with a singular derivative, behind different things: each must
 * give exact zeros at x <= 0, at first and at second order. */
static Node *masked_model(Graph *g, int which, Node *x)
{
    Node *c = positive(g, x), *root = pw1(g, OP_SQRT, x), *log = pw1(g, OP_LOG, x);
    Node *mean = pw1(g, OP_SQRT, pw2(g, OP_MAX, total(g, x), number(g, 0))); /* scalar: 0 at 0 */
    Node *wide = expand(g, root, shape(g, 2, (int[]){3, 2}));
    Node *any = pw2(g, OP_GT, total(g, x), number(g, 0));
    Node *m = const_array(g, T_F64, shape(g, 2, (int[]){2, 2}), (double[]){1, 2, 3, 4}, NULL);
    switch (which) {
    case 0:
        return pw2(g, OP_ADD, zero_if(g, c, pw2(g, OP_MUL, root, number(g, 3))), x);
    case 1:
        return zero_if(g, c, pw2(g, OP_MUL, mean, x)); /* a sum of masked adjoints */
    case 2:
        return zero_if(g, c, pw2(g, OP_MUL, pw2(g, OP_ADD, mean, number(g, 2)), x));
    case 3:
        return zero_if(g, c, pw2(g, OP_MUL, wide, wide)); /* a broadcast, twice used */
    case 4:                                               /* two branches that both see the root */
        return pw2(g, OP_ADD, zero_if(g, c, pw1(g, OP_SIN, root)),
                   zero_if(g, pw2(g, OP_GT, x, number(g, 1)), pw1(g, OP_EXP, root)));
    case 5: /* movement in between */
        return zero_if(
            g, c,
            reshape(g, permute(g, reshape(g, root, shape(g, 2, (int[]){1, 2})), (int[]){1, 0}),
                    x->shape));
    case 6:
        return pw3(g, OP_SELECT, pw1(g, OP_NOT, c), x, pw2(g, OP_MUL, root, log));
    case 7:
        return pw1(g, OP_RELU, pw2(g, OP_MUL, zero_if(g, c, log), zero_if(g, c, root)));
    case 8:
        return zero_if(g, any, pw1(g, OP_SQRT, total(g, pw2(g, OP_MUL, x, x)))); /* |x| at 0 */
    case 9:
        return zero_if(g, any, matmul(g, m, root));
    case 10:
        return zero_if(g, any, cumsum(g, log, 0, false));
    case 11:
        return zero_if(g, any, reduce_all(g, OP_PROD, root));
    case 12: /* rows of a product, whose mask varies along another label */
        return zero_if(g, insert_axis(g, c, 1),
                       matmul(g, insert_axis(g, root, 1),
                              slice_axis(g, m, 0, size_int(g, 0), 1, size_int(g, 1))));
    case 13:
        return zero_if(
            g, c, zero_if(g, pw2(g, OP_GT, x, number(g, -1)), pw2(g, OP_DIV, number(g, 1), x)));
    default:
        return NULL;
    }
}

static void test_masks(void)
{
    static const double at[][2] = {{0, 0}, {-1, 0}, {0, -2}};
    for (int which = 0;; which++)
        for (int p = 0; p < ARRAY_LEN(at); p++) {
            Graph *g = new_graph(new_arena(), 2);
            Node *x = param(g, 1, (int[]){2}), *y = masked_model(g, which, x), *jacobian, *hessian;
            if (!y) {
                arena_free(g->arena);
                return;
            }
            char what[128];
            Node *z = total(g, y), *d = grad(g, z, x), *diagonal, *product;
            Node *v = const_array(g, T_F64, x->shape, (double[]){1, 2}, NULL);
            result(diff_hessian(g, z, 1, &x, false, &hessian).fault == DIFF_OK,
                  "a masked hessian exists");
            result(diff_jacobian(g, y, x, false, &jacobian).fault == DIFF_OK,
                  "a masked jacobian exists");
            result(diff_diag_hessian(g, z, x, false, &diagonal).fault == DIFF_OK,
                  "its diagonal exists");
            result(diff_hvp(g, z, 1, &x, &v, false, &product).fault == DIFF_OK,
                  "its product exists");
            Node *again = grad(g, total(g, pw2(g, OP_MUL, d, v)), x);
            for (int i = 0; i < 2; i++) {
                double slope = which == 0 ? 1 : which == 6 ? 1 : 0;
                snprintf(what, sizeof what, "masked model %d at (%g, %g)", which, at[p][0],
                         at[p][1]);
                check_value(value1(g, d, i, at[p]), slope, what);
                snprintf(what, sizeof what, "second order of masked model %d at (%g, %g)", which,
                         at[p][0], at[p][1]);
                check_value(value1(g, product, i, at[p]), 0, what);
                check_value(value1(g, again, i, at[p]), 0, what);
                check_value(value1(g, diagonal, i, at[p]), 0, what);
                for (int j = 0; j < 2; j++)
                    check_value(value1(g, hessian, 2 * i + j, at[p]), 0, what);
            }
            arena_free(g->arena);
        }
}

/* The rows of a Jacobian do not multiply what they do not select. */
static void test_jacobian_zeros(void)
{
    Graph *g = new_graph(new_arena(), 2);
    Node *x = param(g, 1, (int[]){3}), *j, *d;
    Node *y = pw1(g, OP_SQRT, x);
    static const double at[3] = {0, 4, 0};
    diff_jacobian(g, y, x, false, &j);
    for (int i = 0; i < 9; i++)
        check_value(value1(g, j, i, at),
                    i % 4    ? 0
                    : i == 4 ? 0.25
                             : INFINITY,
                    "jacobian of sqrt at 0");
    diff_diag_hessian(g, total(g, pw1(g, OP_EXP, x)), x, false, &d);
    result(nodes_of(g, 1, &d, OP_HOLE) == 0 && nodes_of(g, 1, &d, OP_IOTA) == 0,
          "the diagonal of an element-wise Hessian is element-wise");
    check_value(value1(g, d, 1, at), exp(4), "diagonal of an element-wise Hessian");
    diff_jacobian(g, reduce(g, OP_SUM, pw2(g, OP_MUL, insert_axis(g, x, 1), x), 1, (int[]){1}), x,
                  false, &j);
    for (int i = 0; i < 9; i++)
        check_value(value1(g, j, i, at), at[i / 3] + (i % 4 ? 0 : 4), "jacobian of x sum(x)");
    /* through movement and gathers, by columns of the Hessian too */
    Node *tail = slice_axis(g, x, 0, size_int(g, 1), 1, size_int(g, 2)), *h;
    Node *index = const_array(g, T_I64, shape(g, 1, (int[]){2}), NULL, (int64_t[]){2, 1});
    Node *some = gather(g, x, 1, &index, (int[]){0});
    Node *z = total(g, pw2(g, OP_ADD, pw1(g, OP_SQRT, reshape(g, tail, shape(g, 2, (int[]){2, 1}))),
                           insert_axis(g, pw1(g, OP_SQRT, some), 1)));
    diff_hessian(g, z, 1, &x, false, &h);
    for (int i = 0; i < 9; i++)
        if (i % 3 != i / 3)
            check_value(value1(g, h, i, at), 0, "hessian of sqrt at 0, off its diagonal");
    arena_free(g->arena);
}

/* ---- Ties, kinks ---- */

static void test_kinks(void)
{
    Graph *g = new_graph(new_arena(), 2);
    Node *x = param(g, 1, (int[]){4});
    Node *max = grad(g, reduce_all(g, OP_MAXR, x), x), *min = grad(g, reduce_all(g, OP_MINR, x), x);
    static const double ties[4] = {1, 3, -2, 3}, nans[4] = {1, NAN, INFINITY, 2},
                        infs[4] = {INFINITY, 0, 1, -INFINITY};
    static const double share[4] = {0, 0.5, 0, 0.5};
    for (int i = 0; i < 4; i++) {
        check_value(value1(g, max, i, ties), share[i], "max splits ties");
        check_value(value1(g, min, i, ties), i == 2, "min");
        check_value(value1(g, max, i, nans), i == 1, "max of a nan");
        check_value(value1(g, max, i, infs), i == 0, "max of an inf");
        check_value(value1(g, min, i, infs), i == 3, "min of an inf");
    }
    Node *relu = grad(g, total(g, pw1(g, OP_RELU, x)), x),
         *abs = grad(g, total(g, pw1(g, OP_ABS, x)), x);
    Node *first = grad(g, total(g, pw2(g, OP_MAX, x, pw2(g, OP_MUL, x, number(g, 2)))), x);
    check_value(value1(g, relu, 1, infs), 0, "relu'(0)");
    check_value(value1(g, abs, 1, infs), 0, "abs'(0)");
    check_value(value1(g, first, 1, infs), 1, "max favours its first operand");
    Node *p = grad(g, reduce_all(g, OP_PROD, x), x), *pp;
    diff_hessian(g, reduce_all(g, OP_PROD, x), 1, &x, false, &pp);
    static const double zeros[4] = {2, 0, 0, 5};
    for (int i = 0; i < 16; i++) {
        check_value(value1(g, p, i % 4, zeros), 0, "prod with two zeros");
        check_value(value1(g, pp, i, zeros), i == 6 || i == 9 ? 10 : 0,
                    "hessian of prod with two zeros");
    }
    arena_free(g->arena);
}

/* ---- What does not exist ---- */

static void test_faults(void)
{
    Graph *g = new_graph(new_arena(), 2);
    Node *x = param(g, 1, (int[]){4}), *w = param(g, 1, (int[]){4}), *out;
    Node *both[2] = {w, x}, *outs[2];
    Node *z = total(g, pw1(g, OP_EXP, w));
    DiffResult r = diff_vjp(g, z, NULL, 2, both, false, outs);
    result(r.fault == DIFF_DISCONNECTED && r.which == 1, "disconnected");
    r = diff_vjp(g, z, NULL, 2, both, true, outs);
    result(r.fault == DIFF_OK && node_is_value(outs[1], 0), "disconnected, zeros allowed");
    result(diff_jvp(g, z, 1, &x, &x, false, &out).fault == DIFF_DISCONNECTED,
          "disconnected, forward");
    r = diff_vjp(g, x, w, 1, &x, false, &out);
    result(r.fault == DIFF_OK && out == w, "the derivative of x by x");

    Node *best = reduce(g, OP_ARGMAX, pw1(g, OP_SIN, x), 1, (int[]){0});
    Node *by_index = gather(g, w, 1, &best, (int[]){0});
    r = diff_vjp(g, by_index, NULL, 1, &x, false, &out);
    result(r.fault == DIFF_UNDEFINED && r.at == best && r.npath == 4 && r.path[0] == x &&
              r.path[2] == best && r.path[3] == by_index,
          "through argmax, with its path");
    result(diff_vjp(g, by_index, NULL, 1, &w, false, &out).fault == DIFF_OK,
          "a gather by its operand");
    z = pw2(g, OP_ADD, by_index, total(g, pw2(g, OP_MUL, x, x)));
    result(diff_vjp(g, z, NULL, 1, &x, false, &out).fault == DIFF_OK, "another path will do");
    Node *whole = cast(g, cast(g, total(g, x), T_I32), T_F64);
    r = diff_vjp(g, whole, NULL, 1, &x, false, &out);
    result(r.fault == DIFF_UNDEFINED && r.at && r.at->dtype == T_I32, "through a cast");
    result(diff_jvp(g, whole, 1, &x, &x, false, &out).fault == DIFF_UNDEFINED,
          "through a cast, forward");
    Node *chosen = total(g, pw3(g, OP_SELECT, positive(g, x), w, number(g, 2)));
    result(diff_vjp(g, chosen, NULL, 1, &x, false, &out).fault == DIFF_UNDEFINED,
          "by a condition alone");

    r = diff_vjp(g, total(g, pw1(g, OP_FLOOR, x)), NULL, 1, &x, false, &out);
    result(r.fault == DIFF_OK && node_is_value(out, 0), "floor has derivative zero");
    r = diff_vjp(g, total(g, pw1(g, OP_STOP, pw1(g, OP_EXP, x))), NULL, 1, &x, false, &out);
    result(r.fault == DIFF_OK && node_is_value(out, 0), "stop has derivative zero");
    Node *slope = grad(g, total(g, pw1(g, OP_RELU, x)), x);
    r = diff_vjp(g, total(g, slope), NULL, 1, &x, false, &out);
    result(r.fault == DIFF_OK && node_is_value(out, 0), "relu'' is zero");
    result(diff_hessian(g, total(g, x), 1, &x, false, &out).fault == DIFF_OK &&
              node_is_value(out, 0),
          "the Hessian of a sum is zero");
    arena_free(g->arena);
}

/* By x and by what is computed from x, f32 and f64, a variable twice. */
static void test_targets(void)
{
    Graph *g = new_graph(new_arena(), 2);
    Node *x = scalar(g), *y = pw1(g, OP_SIN, x), *z = pw2(g, OP_MUL, pw1(g, OP_EXP, y), x);
    Node *targets[3] = {x, y, x}, *out[3], *v[3] = {number(g, 2), number(g, 3), number(g, 4)}, *t;
    double at = 0.7, e = exp(sin(at));
    diff_vjp(g, z, NULL, 3, targets, false, out);
    check_value(value1(g, out[0], 0, &at), e + e * cos(at) * at, "by x, through y");
    check_value(value1(g, out[1], 0, &at), e * at, "by y");
    result(out[2] == out[0], "the same variable twice");
    diff_jvp(g, z, 3, targets, v, false, &t);
    check_value(value1(g, t, 0, &at), 6 * (e + e * cos(at) * at) + 3 * e * at, "forward agrees");
    Node *narrow = cast(g, pw2(g, OP_MUL, cast(g, x, T_F32), const_real(g, T_F32, 3)), T_F64);
    Node *d = grad(g, pw2(g, OP_MUL, narrow, narrow), x);
    at = 2;
    result(d->dtype == T_F64, "type of a gradient through f32");
    check_value(value1(g, d, 0, &at), 36, "gradient through f32");
    arena_free(g->arena);
}

int main(void)
{
    test_sharing();
    test_algorithm_62();
    test_ladder();
    test_masks();
    test_jacobian_zeros();
    test_kinks();
    test_faults();
    test_targets();
    test_many_small();
#ifdef ARENA_DEBUG /* every object a block of its own: much slower */
    enum { LENGTH = 20000 };
#else
    enum { LENGTH = 1000000 };
#endif
    test_chain("sin", sin_link, LENGTH);
    test_chain("relu", relu_link, LENGTH / 10);
    test_chain("c ? sin : exp", either_link, LENGTH / 10);
    return sum_up();
}
