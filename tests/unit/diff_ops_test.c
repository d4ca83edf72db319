/* diff_ops_test.c - every structural operation: reverse and forward mode to third order against
 * central differences in quad precision, and its batch against one evaluation a turn.
 *
 * A case is a function from parameters to a tensor y. Checked are, with random weights u and
 * directions v: the gradient of sum(u y), its product with v by forward mode, the Hessian's by
 * forward over reverse and by reverse over reverse, the third derivative's, the Jacobian, and
 * batch() over every subset of the parameters. */
#include "compiler/batch.h"
#include "compiler/diff.h"
#include "compiler/rules.h"
#include "runtime/interp.h"
#include "tests/count.h"
#include "tests/graph.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *label;

static void check(bool ok, const char *what, double got, double want)
{
    result(ok, "%s: %s: got %.17g, want %.17g", label, what, got, want);
}

static bool near(quad a, quad b, double tolerance)
{
    double d = (double)(a - b), scale = fabs((double)a) + fabs((double)b);
    return fabs(d) <= tolerance * (1 + scale);
}

/* ---- A graph, its parameters and their values ---- */

enum { MAX_IN = 3, MAX_COUNT = 256 };

typedef struct Case {
    Graph *g;
    Interp128 *run;
    int n;
    Node *x[MAX_IN];
    int count[MAX_IN];
    quad value[MAX_IN][MAX_COUNT];
    quad dir[MAX_IN][MAX_COUNT];
} Case;

static uint64_t random_state = 88172645463325252u;

static double random_real(void) /* in [-1, 1), never close to 0 */
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    double r = (double)(random_state >> 11) / 9007199254740992.0;
    return r < 0.5 ? -0.1 - 1.8 * r : 1.8 * r - 0.8;
}

/* The open size N of some cases is 3. */
static const char *const open_names[] = {"N"};
static const int64_t open_values[] = {3};

static int64_t bind_open(void *user, const char *name)
{
    (void)user, (void)name;
    return open_values[0];
}

static Shape shape(Graph *g, int rank, const int *dim)
{
    const Size *s[MAX_RANK];
    for (int i = 0; i < rank; i++) /* a size of -1 is N, -2 is N + 1 */
        s[i] = dim[i] >= 0 ? size_int(g, dim[i])
                           : size_add(g->sizes, size_name(g->sizes, "N"), size_int(g, -1 - dim[i]));
    return shape_of(g, rank, s);
}

static int count_of(Graph *g, const Node *n)
{
    return (int)size_eval(g->sizes, shape_count(g, n->shape), bind_open, NULL);
}

static void set_values(Case *c, const quad *h)
{
    for (int k = 0; k < c->n; k++) {
        quad v[MAX_COUNT];
        for (int i = 0; i < c->count[k]; i++)
            v[i] = c->value[k][i] + *h * c->dir[k][i];
        interp128_set(c->run, c->x[k], v);
    }
}

/* sum of all elements of the roots, at value + h dir */
static quad run_sum(Case *c, Node *root, quad h)
{
    set_values(c, &h);
    if (interp128_run(c->run, 1, &root)) {
        printf("%s: %s\n", label, interp128_error(c->run));
        failed++;
        return 0;
    }
    quad sum = 0;
    for (int64_t i = 0; i < interp128_count(c->run, root); i++)
        sum += interp128_real(c->run, root)[i];
    return sum;
}

/* The derivative of run_sum by h: central differences, extrapolated once. */
static quad slope(Case *c, Node *root)
{
    quad h = 1e-6, d[2];
    for (int k = 0; k < 2; k++, h /= 2)
        d[k] = (run_sum(c, root, h) - run_sum(c, root, -h)) / (2 * h);
    return (4 * d[1] - d[0]) / 3;
}

static Node *weights(Graph *g, Shape s, int count)
{
    double *w = NEW_N(g->arena, double, count);
    for (int i = 0; i < count; i++)
        w[i] = random_real();
    Shape fixed = s; /* the array itself has fixed sizes */
    const Size *n = size_int(g, count);
    if (shape_fixed_count(g, s) < 0)
        fixed = shape_of(g, 1, &n);
    return reshape(g, const_array(g, T_F64, fixed, w, NULL), s);
}

static Node *inner(Graph *g, int n, Node *const *a, Node *const *b)
{
    Node *sum = NULL;
    for (int k = 0; k < n; k++) {
        Node *s = reduce_all(g, OP_SUM, pw2(g, OP_MUL, a[k], b[k]));
        sum = sum ? pw2(g, OP_ADD, sum, s) : s;
    }
    return sum;
}

/* ---- The checks ---- */

static void check_gradients(Case *c, Node *z, Node **v)
{
    Graph *g = c->g;
    Node *grad[MAX_IN], *product[MAX_IN], *tangent, *again[MAX_IN], *third[MAX_IN];
    DiffResult r = diff_vjp(g, z, NULL, c->n, c->x, false, grad);
    check(r.fault == DIFF_OK, "gradient exists", r.fault, DIFF_OK);
    if (r.fault != DIFF_OK)
        return;
    for (int k = 0; k < c->n; k++)
        check(shape_equal(grad[k]->shape, c->x[k]->shape), "shape of the gradient", 0, k);
    Node *dot = inner(g, c->n, grad, v);
    quad first = slope(c, z), got = run_sum(c, dot, 0);
    check(near(got, first, 1e-12), "gradient", (double)got, (double)first);
    diff_jvp(g, z, c->n, c->x, v, false, &tangent);
    got = run_sum(c, tangent, 0);
    check(near(got, first, 1e-12), "forward", (double)got, (double)first);

    diff_hvp(g, z, c->n, c->x, v, false, product);
    Node *dot2 = inner(g, c->n, product, v);
    quad second = slope(c, dot);
    got = run_sum(c, dot2, 0);
    check(near(got, second, 1e-11), "second order, forward over reverse", (double)got,
          (double)second);
    r = diff_vjp(g, dot, NULL, c->n, c->x, true, again);
    if (r.fault == DIFF_OK) {
        got = run_sum(c, inner(g, c->n, again, v), 0);
        check(near(got, second, 1e-11), "second order, reverse over reverse", (double)got,
              (double)second);
    }
    r = diff_jvp(g, tangent, c->n, c->x, v, true, again);
    if (r.fault == DIFF_OK) {
        got = run_sum(c, again[0], 0);
        check(near(got, second, 1e-11), "second order, forward over forward", (double)got,
              (double)second);
    }
    r = diff_vjp(g, dot2, NULL, c->n, c->x, true, third);
    if (r.fault == DIFF_OK) {
        quad want = slope(c, dot2);
        got = run_sum(c, inner(g, c->n, third, v), 0);
        check(near(got, want, 1e-10), "third order", (double)got, (double)want);
    }
}

/* J[y..., x...] against u' J v by the products. */
static void check_jacobian(Case *c, Node *y, Node *u, Node **v)
{
    Graph *g = c->g;
    for (int k = 0; k < c->n; k++) {
        Node *j, *t, *h;
        if (diff_jacobian(g, y, c->x[k], true, &j).fault != DIFF_OK)
            continue;
        check(shape_equal(j->shape, shape_concat(g, y->shape, c->x[k]->shape)),
              "shape of the jacobian", 0, k);
        Node *wide = u; /* u with size-1 axes for x behind it */
        for (int i = 0; i < c->x[k]->shape.rank; i++)
            wide = insert_axis(g, wide, wide->shape.rank);
        j = pw2(g, OP_MUL, j, pw2(g, OP_MUL, wide, v[k]));
        diff_jvp(g, y, 1, &c->x[k], &v[k], true, &t);
        quad got = run_sum(c, j, 0), want = run_sum(c, pw2(g, OP_MUL, t, u), 0);
        check(near(got, want, 1e-20), "jacobian", (double)got, (double)want);

        /* the Hessian of sum(u y), and its diagonal by the Hessian's elements */
        Node *z = reduce_all(g, OP_SUM, pw2(g, OP_MUL, y, u)), *hv;
        diff_hessian(g, z, 1, &c->x[k], true, &h);
        diff_hvp(g, z, 1, &c->x[k], &v[k], true, &hv);
        int n = c->count[k];
        quad diagonal[MAX_COUNT], all[MAX_COUNT] = {0};
        run_sum(c, h, 0);
        const quad *e = interp128_real(c->run, h);
        for (int i = 0; i < n; i++) {
            diagonal[i] = e[i * n + i];
            for (int m = 0; m < n; m++)
                all[i] += e[i * n + m] * c->dir[k][m];
        }
        run_sum(c, hv, 0);
        e = interp128_real(c->run, hv);
        for (int i = 0; i < n; i++)
            check(near(e[i], all[i], 1e-20), "hessian", (double)all[i], (double)e[i]);
        diff_diag_hessian(g, z, c->x[k], true, &h);
        run_sum(c, h, 0);
        e = interp128_real(c->run, h);
        for (int i = 0; i < n; i++)
            check(near(e[i], diagonal[i], 1e-20), "diagonal of the hessian", (double)e[i],
                  (double)diagonal[i]);
    }
}

typedef Node *Build(Graph *g, Node *const *x);

/* Two turns: turn 0 at value, turn 1 at value + 1/4 dir of the batched parameters. */
static void check_batch(Case *c, Build *build, Node *y)
{
    Graph *g = c->g;
    for (int subset = 1; subset < 1 << c->n; subset++) {
        Node *hole[MAX_IN], *value[MAX_IN], *x[MAX_IN];
        int nholes = 0;
        quad two[MAX_IN][2 * MAX_COUNT];
        for (int k = 0; k < c->n; k++) {
            x[k] = c->x[k];
            if (!(subset >> k & 1))
                continue;
            x[k] = hole[nholes] = placeholder(g, T_F64, c->x[k]->shape);
            value[nholes++] =
                placeholder(g, T_F64, shape_insert(g, c->x[k]->shape, 0, size_int(g, 2)));
            for (int i = 0; i < c->count[k]; i++) {
                two[nholes - 1][i] = c->value[k][i];
                two[nholes - 1][c->count[k] + i] = c->value[k][i] + c->dir[k][i] / 4;
            }
        }
        Node *root = build(g, x);
        batch(g, 1, &root, nholes, hole, value, size_int(g, 2));
        check(shape_equal(root->shape, shape_insert(g, y->shape, 0, size_int(g, 2))),
              "shape of the batch", 0, subset);
        for (int k = 0; k < nholes; k++)
            interp128_set(c->run, value[k], two[k]);
        run_sum(c, root, 0);
        int n = count_of(g, y);
        quad got[2 * MAX_COUNT];
        memcpy(got, interp128_real(c->run, root), sizeof *got * 2 * (size_t)n);
        quad dir[MAX_IN][MAX_COUNT];
        memcpy(dir, c->dir, sizeof dir);
        for (int k = 0; k < c->n; k++)
            if (!(subset >> k & 1))
                memset(c->dir[k], 0, sizeof c->dir[k]);
        for (int turn = 0; turn < 2; turn++) {
            run_sum(c, y, (quad)turn / 4);
            const quad *e = interp128_real(c->run, y);
            for (int i = 0; i < n; i++)
                check(near(got[turn * n + i], e[i], 1e-25), "batch", (double)got[turn * n + i],
                      (double)e[i]);
        }
        memcpy(c->dir, dir, sizeof dir);
    }
}

typedef struct In {
    int rank;
    int dim[4];
    const double *value; /* NULL: random */
} In;

static void run_case(const char *name, Build *build, int n, const In *in)
{
    static Case c;
    label = name;
    c = (Case){.g = new_graph(new_arena(), 2), .n = n};
    Node *v[MAX_IN];
    for (int k = 0; k < n; k++) {
        Shape s = shape(c.g, in[k].rank, in[k].dim);
        c.x[k] = graph_param(c.g, k == 0 ? "a" : k == 1 ? "b" : "c", T_F64, s, false, (Span){0});
        c.count[k] = count_of(c.g, c.x[k]);
        v[k] = weights(c.g, s, c.count[k]);
        for (int i = 0; i < c.count[k]; i++)
            c.value[k][i] = in[k].value ? in[k].value[i] : random_real();
    }
    c.run = interp128_new(c.g->arena, c.g, 1, open_names, open_values);
    for (int k = 0; k < n; k++) {
        run_sum(&c, v[k], 0);
        memcpy(c.dir[k], interp128_real(c.run, v[k]), sizeof(quad) * (size_t)c.count[k]);
    }
    Node *y = build(c.g, c.x);
    Node *u = weights(c.g, y->shape, count_of(c.g, y));
    check_gradients(&c, reduce_all(c.g, OP_SUM, pw2(c.g, OP_MUL, y, u)), v);
    check_jacobian(&c, y, u, v);
    check_batch(&c, build, y);
    arena_free(c.g->arena);
}

/* ---- The cases ---- */

static Node *sq(Graph *g, Node *x)
{
    return pw2(g, OP_MUL, x, pw1(g, OP_SIN, x));
}

static Node *pointwise_case(Graph *g, Node *const *x)
{
    Node *p = pw2(g, OP_DIV, pw1(g, OP_SIN, x[0]), pw2(g, OP_ADD, pw1(g, OP_EXP, x[1]), x[2]));
    return pw2(g, OP_SUB, p, pw2(g, OP_MUL, x[1], x[2]));
}

static Node *select_case(Graph *g, Node *const *x)
{
    Node *c = pw2(g, OP_GT, x[0], const_like(g, x[0], 0));
    Node *big = pw2(g, OP_MAX, x[1], pw1(g, OP_RELU, x[0]));
    return pw3(g, OP_SELECT, c, pw1(g, OP_EXP, x[1]), pw2(g, OP_MUL, x[0], big));
}

static Node *sum_case(Graph *g, Node *const *x)
{
    return sq(g, reduce(g, OP_SUM, sq(g, x[0]), 1, (int[]){1}));
}

static Node *prod_case(Graph *g, Node *const *x)
{
    return reduce(g, OP_PROD, x[0], 2, (int[]){0, 2});
}

static Node *prod_last_case(Graph *g, Node *const *x)
{
    return reduce(g, OP_PROD, x[0], 1, (int[]){x[0]->shape.rank - 1});
}

static Node *max_case(Graph *g, Node *const *x)
{
    return sq(g, reduce(g, OP_MAXR, sq(g, x[0]), 1, (int[]){1}));
}

static Node *min_case(Graph *g, Node *const *x)
{
    return sq(g, reduce(g, OP_MINR, sq(g, x[0]), 2, (int[]){0, 1}));
}

static Node *move_case(Graph *g, Node *const *x) /* [2, 3, 4] */
{
    Node *p = permute(g, sq(g, x[0]), (int[]){2, 0, 1});
    const Size *start[3] = {size_int(g, 3), size_int(g, 0), size_int(g, 1)};
    Node *s = slice(g, p, start, (int64_t[]){-2, 1, 1}, shape(g, 3, (int[]){2, 2, 2}));
    Node *r = sq(g, reshape(g, sq(g, s), shape(g, 2, (int[]){4, 2})));
    const Size *at[2] = {size_int(g, 1), size_int(g, 0)};
    r = pad(g, r, at, (int64_t[]){2, 1}, shape(g, 2, (int[]){9, 3}));
    return pw2(g, OP_MUL, expand(g, pw1(g, OP_COS, r), shape(g, 3, (int[]){2, 9, 3})), r);
}

static Node *concat_case(Graph *g, Node *const *x)
{
    Node *part[3] = {sq(g, x[0]), x[1], pw1(g, OP_EXP, x[0])};
    return sq(g, concat(g, 3, part, 1));
}

static Node *index(Graph *g, int n, const int *v, int rank, const int *dim)
{
    int64_t w[16];
    for (int i = 0; i < n; i++)
        w[i] = v[i];
    return const_array(g, T_I64, shape(g, rank, dim), NULL, w);
}

static Node *gather_case(Graph *g, Node *const *x) /* [3, 4, 2] */
{
    Node *idx[2] = {index(g, 2, (int[]){2, 0}, 2, (int[]){2, 1}),
                    index(g, 3, (int[]){1, 1, 3}, 1, (int[]){3})};
    return sq(g, gather(g, sq(g, x[0]), 2, idx, (int[]){0, 1}));
}

/* The index depends on a real, as one of a comprehension depends on its variable. */
static Node *moving_index(Graph *g, Node *x, Node *const base)
{
    Node *up = pw2(g, OP_GT, x, const_like(g, x, 0.05));
    return pw2(g, OP_ADD, cast(g, up, T_I64), base);
}

static Node *gather_batch_case(Graph *g, Node *const *x) /* [3, 4, 2], [2, 1] */
{
    Node *idx[2] = {moving_index(g, x[1], index(g, 2, (int[]){1, 0}, 2, (int[]){2, 1})),
                    index(g, 3, (int[]){1, 1, 3}, 1, (int[]){3})};
    Node *r = gather(g, sq(g, x[0]), 2, idx, (int[]){0, 1});
    Node *scalar = moving_index(g, reduce_all(g, OP_SUM, x[1]), const_int(g, T_I64, 0));
    Node *one = gather(g, x[0], 1, &scalar, (int[]){1}); /* [3, 2] */
    Node *also = reduce(g, OP_SUM, pw2(g, OP_MUL, one, one), 1, (int[]){1});
    return pw2(g, OP_MUL, pw2(g, OP_ADD, sq(g, r), reduce_all(g, OP_SUM, also)),
               reduce_all(g, OP_SUM, x[1]));
}

static Node *scatter_case(Graph *g, Node *const *x) /* u [2, 3, 2] and [2, 1] */
{
    Node *idx[2] = {moving_index(g, x[1], index(g, 2, (int[]){1, 0}, 2, (int[]){2, 1})),
                    index(g, 3, (int[]){1, 1, 3}, 1, (int[]){3})};
    Node *r = scatter(g, sq(g, x[0]), 2, idx, (int[]){0, 2}, shape(g, 3, (int[]){3, 2, 4}));
    return pw2(g, OP_MUL, sq(g, r), reduce_all(g, OP_SUM, x[1]));
}

static Node *scatter_plain_case(Graph *g, Node *const *x) /* u [2, 3, 2] */
{
    Node *idx[2] = {index(g, 2, (int[]){2, 0}, 2, (int[]){2, 1}),
                    index(g, 3, (int[]){1, 1, 3}, 1, (int[]){3})};
    return sq(g, scatter(g, sq(g, x[0]), 2, idx, (int[]){0, 2}, shape(g, 3, (int[]){3, 2, 4})));
}

static Node *contract_case(Graph *g, Node *const *x) /* abc, cbd -> bda */
{
    Node *a = sq(g, x[0]), *b = pw1(g, OP_EXP, x[1]);
    return sq(g, contract(g, a, (int[]){0, 1, 2}, b, (int[]){2, 1, 3}, 3, (int[]){1, 3, 0}));
}

static Node *mlp_case(Graph *g, Node *const *x)
{
    Node *h = pw1(g, OP_TANH, pw2(g, OP_ADD, matmul(g, x[0], x[1]), x[2]));
    return reduce(g, OP_SUM, sq(g, h), 1, (int[]){0});
}

static Node *cumsum_case(Graph *g, Node *const *x)
{
    return sq(g, pw2(g, OP_ADD, cumsum(g, sq(g, x[0]), 0, false), cumsum(g, x[0], 1, true)));
}

static Node *linrec_case(Graph *g, Node *const *x)
{
    return sq(g, linrec(g, sq(g, x[0]), x[1], 1, false));
}

static Node *linrec_reverse_case(Graph *g, Node *const *x)
{
    return sq(g, linrec(g, sq(g, x[0]), x[1], 0, true));
}

static Node *cumprod_case(Graph *g, Node *const *x)
{
    return cumprod(g, x[0], 1);
}

/* x x' + n I: positive definite */
static Node *gram(Graph *g, Node *x)
{
    int rank = x->shape.rank;
    const Size *n = x->shape.dim[rank - 1];
    Node *eye = pw2(g, OP_EQ, insert_axis(g, iota(g, n), 1), iota(g, n));
    Node *big = pw3(g, OP_SELECT, eye, const_like(g, x, 4), const_like(g, x, 0));
    return pw2(g, OP_ADD, matmul(g, x, transpose_last(g, x)), big);
}

/* The lower triangle alone is read: an operand that is not symmetric. */
static Node *cholesky_case(Graph *g, Node *const *x)
{
    Node *skew = pw2(g, OP_SUB, x[0], transpose_last(g, x[0]));
    Node *l =
        cholesky(g, pw2(g, OP_ADD, gram(g, x[0]), pw2(g, OP_MUL, skew, const_like(g, skew, 0.1))));
    return l;
}

static Node *trisolve_case(Graph *g, Node *const *x)
{
    Node *a = gram(g, x[0]);
    Node *p = trisolve(g, a, x[1], true, false), *q = trisolve(g, a, x[1], true, true);
    Node *r = trisolve(g, a, x[1], false, false), *s = trisolve(g, a, x[1], false, true);
    return pw2(g, OP_MUL, pw2(g, OP_ADD, p, q), pw2(g, OP_SUB, r, pw2(g, OP_MUL, s, s)));
}

static Node *solve_case(Graph *g, Node *const *x)
{
    Node *a = pw2(g, OP_ADD, gram(g, x[0]), x[0]);
    return solve(g, a, x[1]);
}

static Node *inv_case(Graph *g, Node *const *x)
{
    return inverse(g, pw2(g, OP_ADD, gram(g, x[0]), x[0]));
}

static Node *det_case(Graph *g, Node *const *x)
{
    return det(g, pw2(g, OP_ADD, gram(g, x[0]), x[0]));
}

static Node *logdet_case(Graph *g, Node *const *x)
{
    return logdet(g, pw2(g, OP_ADD, gram(g, x[0]), x[0]));
}

static Node *scalar_case(Graph *g, Node *const *x)
{
    return pw2(g, OP_POW, pw2(g, OP_ADD, pw2(g, OP_MUL, x[0], x[0]), const_like(g, x[0], 1)), x[1]);
}

int main(void)
{
    static const double zeros[24] = {0, 0.5, 0, -1, 2, 0.25, 0, 0, 1.5, -0.5, 0.125, 3,
                                     1, 0.5, 2, -1, 2, 0.25, 0, 7, 1.5, -0.5, 0.125, 3};
#define T(rank, ...) {rank, {__VA_ARGS__}, NULL}
#define RUN(build, ...)                                                                            \
    run_case(#build " " #__VA_ARGS__, build, (int)(sizeof((In[]){__VA_ARGS__}) / sizeof(In)),      \
             (In[]){__VA_ARGS__})
    RUN(scalar_case, T(0, 0), T(0, 0));
    RUN(pointwise_case, T(2, 2, 3), T(1, 3), T(2, 2, 1));
    RUN(pointwise_case, T(1, -1), T(2, 2, -1), T(0, 0));
    RUN(select_case, T(2, 2, 3), T(1, 3));
    RUN(sum_case, T(3, 2, 3, 2));
    RUN(sum_case, T(2, -1, 2));
    RUN(prod_case, T(3, 2, 3, 2));
    RUN(prod_case, {3, {2, 3, 2}, zeros});
    RUN(prod_last_case, T(2, 2, -1));
    RUN(prod_last_case, {2, {2, 6}, zeros});
    RUN(prod_last_case, T(1, 1));
    RUN(max_case, T(3, 2, 3, 2));
    RUN(min_case, T(3, 2, 3, 2));
    RUN(move_case, T(3, 2, 3, 4));
    RUN(concat_case, T(2, 2, 3), T(2, 2, 1));
    RUN(concat_case, T(2, 2, -1), T(2, 2, -2));
    RUN(gather_case, T(3, 3, 4, 2));
    RUN(gather_batch_case, T(3, 3, 4, 2), T(2, 2, 1));
    RUN(scatter_case, T(3, 2, 3, 2), T(2, 2, 1));
    RUN(scatter_plain_case, T(3, 2, 3, 2));
    RUN(contract_case, T(3, 2, 3, 2), T(3, 2, 3, 4));
    RUN(mlp_case, T(2, -1, 2), T(2, 2, 3), T(1, 3));
    RUN(cumsum_case, T(2, 3, 2));
    RUN(cumsum_case, T(2, -1, 2));
    RUN(linrec_case, T(2, 2, 4), T(2, 2, 4));
    RUN(linrec_reverse_case, T(2, -1, 2), T(2, -1, 2));
    RUN(cumprod_case, {2, {2, 5}, zeros});
    RUN(cholesky_case, T(2, 3, 3));
    RUN(cholesky_case, T(3, 2, 2, 2));
    RUN(cholesky_case, T(2, -1, -1));
    RUN(trisolve_case, T(2, 3, 3), T(2, 3, 2));
    RUN(trisolve_case, T(3, 2, 3, 3), T(3, 2, 3, 1));
    RUN(solve_case, T(2, 3, 3), T(2, 3, 2));
    RUN(solve_case, T(2, -1, -1), T(2, -1, 2));
    RUN(solve_case, T(3, 2, 4, 4), T(3, 2, 4, 1));
    RUN(inv_case, T(2, 4, 4));
    RUN(inv_case, T(3, 2, 3, 3));
    RUN(det_case, T(2, 4, 4));
    RUN(det_case, T(3, 2, 3, 3));
    RUN(logdet_case, T(2, 4, 4));
    RUN(logdet_case, T(3, 2, -1, -1));
    return sum_up();
}
