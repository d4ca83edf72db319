/* loop_test.c - loops as nodes: every model here is built twice, as a loop and with its turns written
 * out, and values and derivatives of both are compared, before and after regions_prepare. */
#include "compiler/batch.h"
#include "compiler/diff.h"
#include "compiler/regions.h"
#include "compiler/region.h"
#include "compiler/rules.h"
#include "compiler/verify.h"
#include "runtime/interp.h"
#include "tests/count.h"
#include "tests/graph.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 6 }; /* turns, and elements of the arrays */

typedef struct Test {
    Graph *g;
    bool unrolled;
    Node *x, *w, *A, *c; /* [N], [N], [3, 3], scalar */
} Test;

/* ---- A loop, or its turns one after the other ---- */

typedef struct Results {
    Node *part[8];
} Results;

static Results run(Test *t, const Region *r, int turns, Node *const *init)
{
    Graph *g = t->g;
    Results out = {{NULL}};
    int nparts = region_turns(r);
    if (!t->unrolled) {
        Node *loop = for_loop(g, r, const_int(g, T_I64, turns), init);
        for (int k = 0; k < nparts; k++)
            out.part[k] = part(g, loop, k);
        return out;
    }
    Node **root, *from[8], *to[8], *rows[8][N + 1];
    for (int k = 0; k < r->ncarried; k++)
        out.part[k] = init[k];
    for (int turn = 0; turn < turns; turn++) {
        int n = region_roots(g, r, &root), i = r->reverse ? turns - 1 - turn : turn;
        from[0] = r->index;
        to[0] = const_int(g, T_I64, i);
        for (int k = 0; k < r->ncarried; k++) {
            from[k + 1] = r->carried[k];
            to[k + 1] = out.part[k];
        }
        substitute(g, n, root, r->ncarried + 1, from, to);
        for (int k = 0; k < r->ncarried; k++)
            out.part[k] = root[k];
        for (int k = 0; k < r->ncollected; k++)
            rows[k][i] = root[r->ncarried + k];
    }
    for (int k = 0; k < r->ncollected; k++)
        out.part[r->ncarried + k] = stack(g, turns, rows[k], 0);
    return out;
}

static Region region(Test *t, int ncarried, Node **carried, Node *const *init)
{
    Region r = {.index = placeholder(t->g, T_I64, shape_scalar()), .ncarried = ncarried,
                .carried = carried, .bound = size_int(t->g, N)};
    for (int k = 0; k < ncarried; k++)
        carried[k] = placeholder(t->g, (Dtype)init[k]->dtype, init[k]->shape);
    return r;
}

static Node *at(Test *t, Node *x, Node *i)
{
    int axis = 0;
    return gather(t->g, x, 1, &i, &axis);
}

static Node *plus(Test *t, Node *i, int k)
{
    return pw2(t->g, OP_ADD, i, const_int(t->g, T_I64, k));
}

static Node *mul(Test *t, Node *a, Node *b)
{
    return pw2(t->g, OP_MUL, a, b);
}

static Node *add(Test *t, Node *a, Node *b)
{
    return pw2(t->g, OP_ADD, a, b);
}

static Node *total(Test *t, Node *x)
{
    return reduce_all(t->g, OP_SUM, x);
}

/* ---- Models: scalars of x, w, A, c ---- */

/* s = s*c + sin(s * x[i]) */
static Node *scalar_recurrence(Test *t)
{
    Node *s, *init = t->c;
    Region r = region(t, 1, &s, &init);
    Node *arg = mul(t, s, at(t, t->x, r.index));
    Node *next = add(t, mul(t, s, t->c), pw1(t->g, OP_SIN, arg));
    r.next = &next;
    return run(t, &r, N, &init).part[0];
}

/* p, q = q, p*q + x[i] */
static Node *swapped(Test *t)
{
    Node *carried[2], *init[2] = {t->c, const_real(t->g, T_F64, 0.5)};
    Region r = region(t, 2, carried, init);
    Node *next[2] = {carried[1], add(t, mul(t, carried[0], carried[1]), at(t, t->x, r.index))};
    r.next = next;
    Results out = run(t, &r, N, init);
    return add(t, out.part[0], mul(t, out.part[1], t->c));
}

/* h = tanh(A @ h + x[i]) */
static Node *recurrent(Test *t)
{
    Node *h, *init = slice_axis(t->g, t->w, 0, size_int(t->g, 0), 1, size_int(t->g, 3));
    Region r = region(t, 1, &h, &init);
    Node *Ah = matmul(t->g, t->A, h);
    Node *next = pw1(t->g, OP_TANH, add(t, Ah, at(t, t->x, r.index)));
    r.next = &next;
    Node *last = run(t, &r, N, &init).part[0];
    return total(t, mul(t, last, last));
}

/* a[i + 1] = a[i] * c + sin(a[i]) over a copy of x, in place */
static Node *in_place(Test *t)
{
    Node *a, *init = t->x;
    int axis = 0;
    Region r = region(t, 1, &a, &init);
    Node *old = at(t, a, r.index), *next_at = plus(t, r.index, 1);
    Node *v = add(t, mul(t, old, t->c), pw1(t->g, OP_SIN, old));
    Node *next = put(t->g, a, v, NULL, 1, &next_at, &axis);
    r.next = &next;
    return total(t, mul(t, run(t, &r, N - 1, &init).part[0], t->w));
}

/* The running products of x, collected, downwards. */
static Node *collected(Test *t)
{
    Node *p, *init = t->c;
    Region r = region(t, 1, &p, &init);
    r.reverse = true;
    Node *next = mul(t, p, at(t, t->x, r.index)), *row = pw1(t->g, OP_EXP, mul(t, p, p));
    r.next = &next;
    r.ncollected = 1;
    r.collected = &row;
    Results out = run(t, &r, N, &init);
    return add(t, total(t, mul(t, out.part[1], t->w)), out.part[0]);
}

/* Inside, s = s * x[j] + w[i] over j; outside, u = u + s*s. */
static Node *nested(Test *t)
{
    Node *u, *s, *init = t->c, *first = const_real(t->g, T_F64, 1);
    Region outer = region(t, 1, &u, &init), inner = region(t, 1, &s, &first);
    Node *step = add(t, mul(t, s, at(t, t->x, inner.index)), mul(t, at(t, t->w, outer.index), u));
    inner.next = &step;
    Node *sum = run(t, &inner, 3, &first).part[0];
    Node *next = add(t, u, pw1(t->g, OP_SIN, mul(t, sum, sum)));
    outer.next = &next;
    return run(t, &outer, 4, &init).part[0];
}

/* Only the turns with x[i] > 0.2 count; an array is added to in the same place under a guard. */
static Node *guarded(Test *t)
{
    Node *carried[2], *init[2] = {t->w, t->c};
    int axis = 0;
    Region r = region(t, 2, carried, init);
    Node *xi = at(t, t->x, r.index), *big = pw2(t->g, OP_GT, xi, const_real(t->g, T_F64, 0.2));
    Node *v = mul(t, xi, mul(t, carried[1], at(t, carried[0], r.index))), *idx = r.index;
    Node *array = add_to(t->g, carried[0], v, big, 1, &idx, &axis);
    Node *root = pw1(t->g, OP_SQRT, pw2(t->g, OP_SUB, xi, const_real(t->g, T_F64, 0.2)));
    Node *next[2] = {array, pw3(t->g, OP_SELECT, big, add(t, carried[1], root), carried[1])};
    r.next = next;
    Results out = run(t, &r, N, init);
    Node *sum = total(t, mul(t, out.part[0], out.part[0]));
    return add(t, sum, out.part[1]);
}

static Node *no_turns(Test *t)
{
    Node *s, *init = mul(t, t->c, t->c);
    Region r = region(t, 1, &s, &init);
    Node *next = mul(t, s, at(t, t->x, r.index));
    r.next = &next;
    return run(t, &r, 0, &init).part[0];
}

/* Rows of A read by the turn, a matrix changed row by row. */
static Node *rows(Test *t)
{
    Node *m, *init = t->A;
    int axis = 0;
    Region r = region(t, 1, &m, &init);
    Node *row = at(t, m, r.index), *to = plus(t, r.index, 1), *base = at(t, m, to);
    Node *v = add(t, mul(t, row, base), mul(t, row, t->c));
    Node *next = put(t->g, m, v, NULL, 1, &to, &axis);
    r.next = &next;
    Node *last = run(t, &r, 2, &init).part[0];
    return total(t, mul(t, last, mul(t, last, t->A)));
}

/* y = y - 0.3*y^3*x[i] while y > 0.4, which with the values below is so for 3 turns. */
static Node *until_small(Test *t)
{
    Node *y, *init = mul(t, t->c, const_real(t->g, T_F64, 2));
    Region r = region(t, 1, &y, &init);
    Node *cube = mul(t, y, mul(t, y, y)), *step = mul(t, cube, pw1(t->g, OP_EXP, at(t, t->x, r.index)));
    Node *next = pw2(t->g, OP_SUB, y, mul(t, step, const_real(t->g, T_F64, 0.3)));
    r.next = &next;
    r.cond = t->unrolled ? NULL : pw2(t->g, OP_GT, y, const_real(t->g, T_F64, 0.4));
    return run(t, &r, t->unrolled ? 3 : N, &init).part[0];
}

/* The same recurrence where nothing bounds how many turns there are: no tape. */
static Node *unbounded(Test *t)
{
    Node *s, *init = t->c;
    Region r = region(t, 1, &s, &init);
    r.bound = NULL;
    Node *arg = mul(t, s, at(t, t->x, r.index));
    Node *next = add(t, mul(t, s, t->c), pw1(t->g, OP_SIN, arg));
    r.next = &next;
    return run(t, &r, N, &init).part[0];
}

typedef Node *Build(Test *);
static const struct {
    const char *name;
    Build *build;
    int loops; /* of its gradient, and of its Hessian: one forward and one back for each loop */
} models[] = {{"scalar recurrence", scalar_recurrence, 2}, {"two values swapped", swapped, 2},
              {"recurrent layer", recurrent, 2},           {"array in place", in_place, 2},
              {"collected, downwards", collected, 2},      {"nested", nested, 4},
              {"guarded", guarded, 2},                     {"no turns", no_turns, 0},
              {"rows in place", rows, 2},                  {"while", until_small, 2},
              {"unbounded", unbounded, -1}};

/* ---- Comparison ---- */

static const double x_value[N] = {0.3, -0.7, 1.1, 0.25, -0.4, 0.9};
static const double w_value[N] = {1.0, -0.5, 0.75, 0.3, 1.5, -1.2};
static const double A_value[9] = {0.4, -0.2, 0.1, 0.3, 0.5, -0.6, -0.1, 0.2, 0.7};
static const double c_value = 0.6;

static void compare(Test *t, const char *model, const char *what, Node *a, Node *b)
{
    Graph *g = t->g;
    Node *roots[2] = {a, b};
    const char *fault = verify_graph(g, 2, roots, true);
    Interp *in = interp_new(g->arena, g, 0, NULL, NULL);
    interp_param(in, 0, x_value);
    interp_param(in, 1, w_value);
    interp_param(in, 2, A_value);
    interp_param(in, 3, &c_value);
    if (fault || interp_run(in, 2, roots)) {
        printf("FAILED %s, %s: %s\n", model, what, fault ? fault : interp_error(in));
        failed++;
        return;
    }
    int64_t n = shape_fixed_count(g, a->shape);
    bool good = shape_equal(a->shape, b->shape);
    for (int64_t i = 0; i < n && good; i++) {
        double u = interp_real(in, a)[i], v = interp_real(in, b)[i];
        good = fabs(u - v) <= 1e-12 * (1 + fabs(v));
        if (!good)
            printf("FAILED %s, %s [%d]: loop %.17g, written out %.17g\n", model, what, (int)i, u, v);
    }
    passed += good;
    failed += !good;
}

/* As the function's own outputs, through regions_prepare, which leaves that many loops (-1: any
 * number). */
/* Loops that the function has, those in bodies included. */
static int count_loops(Graph *g, int nroots, Node *const *root)
{
    Walk w = walk_ancestors(g, nroots, root, 0);
    int n = 0;
    for (int k = 0; k < w.n; k++)
        if (w.node[k]->op == OP_FOR) {
            const Region *r = region_of(g, w.node[k]);
            Node **body;
            int nbody = region_roots(g, r, &body), first = 1 + r->ncarried;
            Walk stops = walk_nodes(g, w.node[k]->nin - first, w.node[k]->in + first);
            Walk inside = walk_between(g, nbody, body, &stops);
            n++;
            for (int i = 0; i < inside.n; i++)
                if (walk_find(&stops, inside.node[i]) < 0 && inside.node[i]->op == OP_FOR)
                    n++;
        }
    return n;
}

static void compare_prepared(Test *t, const char *model, const char *what, int loops, int n,
                             Node *const *a, Node *const *b)
{
    Function f = {.graph = t->g};
    for (int k = 0; k < n; k++)
        vec_push(t->g->arena, &f.outputs, (Output){.node = a[k]});
    regions_prepare(&f);
    Node **root = NEW_N(t->g->arena, Node *, n);
    for (int k = 0; k < n; k++)
        root[k] = f.outputs.at[k].node;
    if (loops >= 0 && count_loops(t->g, n, root) != loops) {
        printf("FAILED %s, %s: %d loops, not %d\n", model, what, count_loops(t->g, n, root), loops);
        failed++;
    }
    for (int k = 0; k < n; k++)
        compare(t, model, what, f.outputs.at[k].node, b[k]);
}

static Test test_of(Graph *g)
{
    const Size *n = size_int(g, N);
    Test t = {.g = g};
    t.x = vector_param(g, "x", T_F64, n);
    t.w = vector_param(g, "w", T_F64, n);
    t.A = square_param(g, "A", T_F64, size_int(g, 3));
    t.c = scalar_param(g, "c", T_F64);
    return t;
}

static void check_model(int which)
{
    Arena *arena = new_arena();
    Graph *g = new_graph(arena, 2);
    const char *name = models[which].name;
    Test t = test_of(g);
    Node *z[2], *grad[2][4], *hess[2][16], *jvp[2], *third[2], *all[4][2];
    Node *x[4] = {t.x, t.w, t.A, t.c};
    for (int k = 0; k < 2; k++) {
        t.unrolled = k == 1;
        z[k] = models[which].build(&t);
        diff_vjp(g, z[k], NULL, 4, x, true, grad[k]);
        diff_hessian(g, z[k], 4, x, true, hess[k]);
        Node *v = mul(&t, t.x, t.w);
        diff_jvp(g, z[k], 1, &t.x, &v, true, &jvp[k]);
        Node *square = total(&t, mul(&t, grad[k][0], grad[k][0])), *gg;
        diff_vjp(g, square, NULL, 1, &t.c, true, &gg);
        diff_vjp(g, gg, NULL, 1, &t.x, true, &third[k]);
        all[0][k] = z[k];
        all[1][k] = jvp[k];
        all[2][k] = third[k];
    }
    compare(&t, name, "value", z[0], z[1]);
    compare(&t, name, "tangent", jvp[0], jvp[1]);
    for (int k = 0; k < 4; k++)
        compare(&t, name, "gradient", grad[0][k], grad[1][k]);
    for (int k = 0; k < 16; k++)
        compare(&t, name, "Hessian", hess[0][k], hess[1][k]);
    compare(&t, name, "third derivative", third[0], third[1]);
    compare_prepared(&t, name, "gradient, prepared", models[which].loops, 4, grad[0], grad[1]);
    compare_prepared(&t, name, "Hessian, prepared", models[which].loops, 16, hess[0], hess[1]);
    Node *some[2][3];
    for (int k = 0; k < 6; k++)
        some[k / 3][k % 3] = all[k % 3][k / 3];
    compare_prepared(&t, name, "value, tangent, third, prepared", -1, 3, some[0], some[1]);
    arena_free(arena);
}

/* ---- Batches ---- */

/* y = y * x[i] + 1 for `count` turns while y < 2; and the turns taken, and what y was. */
static Node *counted(Test *t, Node *y0, Node *count)
{
    Graph *g = t->g;
    Node *y;
    Region r = region(t, 1, &y, &y0);
    Node *next = mul(t, y, at(t, t->x, r.index)), *row = mul(t, y, y);
    next = add(t, next, const_real(g, T_F64, 1));
    r.next = &next;
    r.cond = pw2(g, OP_LT, y, const_real(g, T_F64, 2));
    r.ncollected = 1;
    r.collected = &row;
    Node *loop = for_loop(g, &r, count, &y0), *turns = cast(g, part(g, loop, 2), T_F64);
    Node *sum = add(t, part(g, loop, 0), turns), *first = at(t, part(g, loop, 1), const_int(g, T_I64, 0));
    Node *none = const_real(g, T_F64, 0); /* a row without a turn is undefined */
    return add(t, sum, pw3(g, OP_SELECT, pw2(g, OP_GT, turns, none), first, none));
}

/* Mapped over starts and counts, the values are those of one loop each; derivatives as well. */
static void check_batch(void)
{
    Arena *arena = new_arena();
    Graph *g = new_graph(arena, 2);
    Test t = test_of(g);
    for (int which = 0; which < 3; which++) { /* starts differ, counts differ, both */
        Node *hole[2] = {placeholder(g, T_F64, shape_scalar()), placeholder(g, T_I64, shape_scalar())};
        Node *y0 = which == 1 ? t.c : hole[0], *count = which == 0 ? const_int(g, T_I64, 4) : hole[1];
        Node *one = counted(&t, y0, count), *grad[2], *each[2][N];
        diff_vjp(g, one, NULL, 1, &t.x, true, &grad[0]);
        Node *roots[2] = {one, grad[0]}, *value[2] = {t.w, iota(g, size_int(g, N))};
        for (int i = 0; i < N; i++) {
            Node *of_i[2] = {one, grad[0]}, *index = const_int(g, T_I64, i);
            Node *to[2] = {at(&t, t.w, index), index};
            substitute(g, 2, of_i, 2, hole, to);
            each[0][i] = of_i[0];
            each[1][i] = of_i[1];
        }
        batch(g, 2, roots, 2, hole, value, size_int(g, N));
        compare(&t, "batch", "values", roots[0], stack(g, N, each[0], 0));
        compare(&t, "batch", "gradients", roots[1], stack(g, N, each[1], 0));
        Node *sum = total(&t, mul(&t, roots[0], t.w)), *of_sum = NULL, *by_w[2];
        for (int i = 0; i < N; i++) {
            Node *term = mul(&t, each[0][i], at(&t, t.w, const_int(g, T_I64, i)));
            of_sum = of_sum ? add(&t, of_sum, term) : term;
        }
        diff_vjp(g, sum, NULL, 1, &t.w, true, &by_w[0]);
        diff_vjp(g, of_sum, NULL, 1, &t.w, true, &by_w[1]);
        compare(&t, "batch", "gradient of a sum over it", by_w[0], by_w[1]);
    }
    arena_free(arena);
}

int main(void)
{
    check_batch();
    for (int i = 0; i < ARRAY_LEN(models); i++)
        check_model(i);
    return sum_up();
}
