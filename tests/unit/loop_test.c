/* loop_test.c - loops as nodes: every model here is built twice, as a loop and with its turns written
 * out, and values and derivatives of both are compared, before and after regions_prepare. */
#include "compiler/batch.h"
#include "compiler/diff.h"
#include "compiler/regions.h"
#include "compiler/region.h"
#include "compiler/rules.h"
#include "compiler/verify.h"
#include "runtime/interp.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int passed, failed;

static void *host_alloc(void *user, size_t size)
{
    (void)user;
    return malloc(size);
}

static void host_free(void *user, void *block)
{
    (void)user;
    free(block);
}

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

typedef Node *Build(Test *);
static const struct {
    const char *name;
    Build *build;
} models[] = {{"scalar recurrence", scalar_recurrence}, {"two values swapped", swapped},
              {"recurrent layer", recurrent},           {"array in place", in_place},
              {"collected, downwards", collected},      {"nested", nested},
              {"guarded", guarded},                     {"no turns", no_turns},
              {"rows in place", rows}};

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

/* As the function's own outputs, through regions_prepare. */
static void compare_prepared(Test *t, const char *model, const char *what, int n, Node *const *a,
                             Node *const *b)
{
    Function f = {.graph = t->g};
    for (int k = 0; k < n; k++)
        vec_push(t->g->arena, &f.outputs, (Output){.node = a[k]});
    regions_prepare(&f);
    for (int k = 0; k < n; k++)
        compare(t, model, what, f.outputs.at[k].node, b[k]);
}

static void check_model(int which)
{
    Arena *arena = arena_new((Allocator){.alloc = host_alloc, .free = host_free});
    Diags *d = NEW(arena, Diags);
    d->arena = arena;
    Graph *g = graph_new(arena, d);
    g->rules = rules_new(g);
    const char *name = models[which].name;
    const Size *n = size_int(g, N), *three[2] = {size_int(g, 3), size_int(g, 3)};
    Test t = {.g = g};
    t.x = graph_param(g, "x", T_F64, shape_of(g, 1, &n), false, (Span){0});
    t.w = graph_param(g, "w", T_F64, shape_of(g, 1, &n), false, (Span){0});
    t.A = graph_param(g, "A", T_F64, shape_of(g, 2, three), false, (Span){0});
    t.c = graph_param(g, "c", T_F64, shape_scalar(), false, (Span){0});
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
    compare_prepared(&t, name, "gradient, prepared", 4, grad[0], grad[1]);
    compare_prepared(&t, name, "Hessian, prepared", 16, hess[0], hess[1]);
    Node *some[2][3];
    for (int k = 0; k < 6; k++)
        some[k / 3][k % 3] = all[k % 3][k / 3];
    compare_prepared(&t, name, "value, tangent, third, prepared", 3, some[0], some[1]);
    arena_free(arena);
}

int main(void)
{
    for (int i = 0; i < ARRAY_LEN(models); i++)
        check_model(i);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
