/* interp_test.c - the interpreter's loops, lazy selections and updates, on graphs built by hand. */
#include "runtime/interp.h"
#include "tests/count.h"
#include "tests/graph.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A graph with x = 1, 2, 4, 8 (f64 [N], N = 4), n = 3 (i64) and the placeholder of an index. */
typedef struct Bench {
    Arena *arena;
    Graph *g;
    const Size *N;
    Node *x, *n, *i;
} Bench;

static Bench bench(void)
{
    Bench b = {.arena = new_arena()};
    b.g = graph_new(b.arena, NULL);
    b.N = size_name(b.g->sizes, "N");
    b.x = vector_param(b.g, "x", T_F64, b.N);
    b.n = scalar_param(b.g, "n", T_I64);
    b.i = placeholder(b.g, T_I64, shape_scalar());
    return b;
}

static Interp *start(Bench *b)
{
    static const double x[] = {1, 2, 4, 8};
    static const char *const name[] = {"N"};
    const int64_t size[] = {4}, n = 3;
    Interp *it = interp_new(b->arena, b->g, 1, name, size);
    interp_param(it, 0, x);
    interp_param(it, 1, &n);
    return it;
}

/* Runs, twice since rooms are used again, and compares the elements; frees the bench. */
static void expect(const char *what, Bench *b, Node *y, int n, const double *want)
{
    Interp *it = start(b);
    bool bad = interp_run(it, 1, &y) || interp_run(it, 1, &y);
    result(!bad, "%s: %s", what, bad ? interp_error(it) : "");
    bool same = !bad && interp_count(it, y) == n;
    char got[200] = "";
    for (int k = 0; k < n && !bad && k < interp_count(it, y); k++) {
        double v = dtype_is_real((Dtype)y->dtype) ? interp_real(it, y)[k]
                                                  : (double)interp_integer(it, y)[k];
        same = same && v == want[k];
        size_t used = strlen(got);
        snprintf(got + used, sizeof got - used, " %g", v);
    }
    result(same, "%s:%s", what, got);
    arena_free(b->arena);
}

static void expect_error(const char *what, Bench *b, Node *y, int code)
{
    Interp *it = start(b);
    bool bad = interp_run(it, 1, &y);
    result(bad && interp_code(it) == code, "%s: %s", what, bad ? interp_error(it) : "no error");
    arena_free(b->arena);
}

static Node *number(Bench *b, int64_t v)
{
    return const_int(b->g, T_I64, v);
}

static Node *at(Bench *b, Node *x, Node *index)
{
    const int axis = 0;
    return gather(b->g, x, 1, &index, &axis);
}

static Node *carried_real(Bench *b)
{
    return placeholder(b->g, T_F64, shape_scalar());
}

/* for i in 0:count { s = s * 2 + x[i] } from 0: the region, what is carried being *s. */
static Region doubling(Bench *b, Node **s, Node **next)
{
    *s = carried_real(b);
    Node *twice = pw2(b->g, OP_MUL, *s, const_real(b->g, T_F64, 2));
    *next = pw2(b->g, OP_ADD, twice, at(b, b->x, b->i));
    return (Region){.index = b->i, .ncarried = 1, .carried = s, .next = next, .bound = b->N};
}

static void loops(void)
{
    for (int reverse = 0; reverse < 2; reverse++) {
        Bench b = bench();
        Node *s, *next, *zero = const_real(b.g, T_F64, 0);
        Region r = doubling(&b, &s, &next);
        r.reverse = reverse;
        Node *y = part(b.g, for_loop(b.g, &r, b.n, &zero), 0);
        expect("a carried sum", &b, y, 1, &(const double){reverse ? 21 : 12});
    }
    for (int count = -1; count <= 0; count++) {
        Bench b = bench();
        Node *s, *next, *init = const_real(b.g, T_F64, 7);
        Region r = doubling(&b, &s, &next);
        Node *none = pw2(b.g, OP_SUB, b.n, number(&b, 3 - count));
        expect("no turns", &b, part(b.g, for_loop(b.g, &r, none, &init), 0), 1, &(const double){7});
    }
    Bench b = bench();
    Node *two[2] = {carried_real(&b), carried_real(&b)}, *swapped[2] = {two[1], two[0]};
    Node *init[2] = {const_real(b.g, T_F64, 5), const_real(b.g, T_F64, 6)};
    Region r = {.index = b.i, .ncarried = 2, .carried = two, .next = swapped};
    expect("carried values change places", &b, part(b.g, for_loop(b.g, &r, b.n, init), 1), 1,
           &(const double){5});
}

static void collected(void)
{
    for (int reverse = 0; reverse < 2; reverse++) {
        Bench b = bench();
        Node *s, *next, *zero = const_real(b.g, T_F64, 0);
        Region r = doubling(&b, &s, &next);
        r.reverse = reverse;
        r.ncollected = 1;
        r.collected = &s;
        Node *loop = for_loop(b.g, &r, size_node(b.g, b.N), &zero);
        const double forward[] = {0, 1, 4, 12}, backward[] = {42, 20, 8, 0};
        expect("what is collected", &b, part(b.g, loop, 1), 4, reverse ? backward : forward);
    }
    Bench b = bench();
    Node *s, *next, *zero = const_real(b.g, T_F64, 0);
    Region r = doubling(&b, &s, &next);
    r.cond = pw2(b.g, OP_LT, s, const_real(b.g, T_F64, 4));
    Node *loop = for_loop(b.g, &r, size_node(b.g, b.N), &zero);
    expect("turns until a condition fails", &b, part(b.g, loop, region_turns(&r)), 1,
           &(const double){2});
}

/* for i { for j in 0:i { s = s + x[j] * i } } */
static void nested(void)
{
    Bench b = bench();
    Node *s = carried_real(&b), *j = placeholder(b.g, T_I64, shape_scalar()), *t = carried_real(&b);
    Node *term = pw2(b.g, OP_MUL, at(&b, b.x, j), cast(b.g, b.i, T_F64));
    Node *t_next = pw2(b.g, OP_ADD, t, term), *zero = const_real(b.g, T_F64, 0);
    Region inner = {.index = j, .ncarried = 1, .carried = &t, .next = &t_next};
    Node *s_next = part(b.g, for_loop(b.g, &inner, b.i, &s), 0);
    Region outer = {.index = b.i, .ncarried = 1, .carried = &s, .next = &s_next};
    Node *loop = for_loop(b.g, &outer, size_node(b.g, b.N), &zero);
    expect("a loop in a loop", &b, part(b.g, loop, 0), 1, &(const double){1 + 2 * 3 + 3 * 7});
}

/* A loop reads the result of another one over the same placeholders, which runs meanwhile. */
static void shared(void)
{
    Bench b = bench();
    Node *s, *next, *zero = const_real(b.g, T_F64, 0);
    Region first = doubling(&b, &s, &next), second = first;
    Node *total = part(b.g, for_loop(b.g, &first, b.n, &zero), 0); /* 12 */
    Node *other = pw2(b.g, OP_ADD, pw2(b.g, OP_MUL, s, at(&b, b.x, b.i)), total);
    second.next = &other;
    expect("loops that share placeholders", &b, part(b.g, for_loop(b.g, &second, b.n, &zero), 0), 1,
           &(const double){(12 * 2 + 12) * 4 + 12});
}

static void lazy(void)
{
    Bench b = bench();
    Node *far = at(&b, b.x, pw2(b.g, OP_ADD, b.n, number(&b, 7)));
    Node *c = pw2(b.g, OP_LT, b.n, number(&b, 4));
    expect("the side not taken", &b, pw3(b.g, OP_SELECT, c, at(&b, b.x, b.n), far), 1,
           &(const double){8});
    b = bench();
    c = pw2(b.g, OP_LT, b.n, number(&b, 4));
    far = at(&b, b.x, pw2(b.g, OP_ADD, b.n, number(&b, 7)));
    expect_error("the side taken", &b, pw3(b.g, OP_SELECT, c, far, at(&b, b.x, b.n)), STATUS_BOUNDS);
    b = bench(); /* in a body, on the turn; what is outside is wanted by some turn or none */
    Node *s = carried_real(&b), *zero = const_real(b.g, T_F64, 0);
    far = at(&b, b.x, pw2(b.g, OP_ADD, b.n, number(&b, 7)));
    c = pw2(b.g, OP_GT, b.i, number(&b, 0));
    Node *before = at(&b, b.x, pw2(b.g, OP_SUB, b.i, number(&b, 1)));
    Node *never = pw2(b.g, OP_GT, b.i, b.n);
    Node *next = pw2(b.g, OP_ADD, s, pw3(b.g, OP_SELECT, c, before, zero));
    next = pw3(b.g, OP_SELECT, never, far, next);
    Region r = {.index = b.i, .ncarried = 1, .carried = &s, .next = &next};
    Node *loop = for_loop(b.g, &r, size_node(b.g, b.N), &zero);
    expect("branches in a body", &b, part(b.g, loop, 0), 1, &(const double){7});
}

static void updates(void)
{
    const int axis = 0;
    const double put3[] = {1, 2, 4, 5}, added[] = {1, 2, 4, 13}, same[] = {1, 2, 4, 8};
    for (int k = 0; k < 4; k++) {
        Bench b = bench();
        Node *five = const_real(b.g, T_F64, 5), *index = b.n;
        Node *guard = pw2(b.g, k == 3 ? OP_GT : OP_LT, b.n, number(&b, 5));
        if (k == 3)
            index = pw2(b.g, OP_ADD, b.n, number(&b, 70));
        Node *y = k == 1 ? add_to(b.g, b.x, five, NULL, 1, &index, &axis)
                         : put(b.g, b.x, five, k >= 2 ? guard : NULL, 1, &index, &axis);
        expect("an update", &b, y, 4, k == 1 ? added : k == 3 ? same : put3);
    }
    Bench b = bench(); /* for i { a[i] = a[i - 1] + x[i] } */
    Node *a = placeholder(b.g, T_F64, b.x->shape);
    Node *before = at(&b, a, pw2(b.g, OP_SUB, b.i, number(&b, 1)));
    Node *v = pw2(b.g, OP_ADD, before, at(&b, b.x, b.i));
    Node *first = pw2(b.g, OP_GT, b.i, number(&b, 0));
    Node *next = put(b.g, a, v, first, 1, &b.i, &axis);
    Region r = {.index = b.i, .ncarried = 1, .carried = &a, .next = &next};
    expect("a scan in place", &b, part(b.g, for_loop(b.g, &r, size_node(b.g, b.N), &b.x), 0), 4,
           (const double[]){1, 3, 7, 15});
    b = bench();
    Node *index = pw2(b.g, OP_ADD, b.n, number(&b, 1));
    expect_error("an update out of range", &b,
                 put(b.g, b.x, const_real(b.g, T_F64, 5), NULL, 1, &index, &axis), STATUS_BOUNDS);
}

static void checks(void)
{
    Bench b = bench();
    Node *s, *next, *zero = const_real(b.g, T_F64, 0);
    Region r = doubling(&b, &s, &next);
    Node *check = pw2(b.g, OP_LT, b.i, number(&b, 2));
    const int code = STATUS_LIMIT;
    r.nchecks = 1;
    r.check = &check;
    r.check_code = &code;
    expect_error("a check", &b, part(b.g, for_loop(b.g, &r, b.n, &zero), 0), STATUS_LIMIT);
    b = bench();
    r = doubling(&b, &s, &next);
    r.nchecks = 1;
    check = pw2(b.g, OP_LT, b.i, number(&b, 2));
    r.check = &check;
    r.check_code = &code;
    r.cond = pw2(b.g, OP_LT, s, const_real(b.g, T_F64, 4)); /* ends before the check would fail */
    zero = const_real(b.g, T_F64, 0);
    expect("a loop that ends before its check", &b, part(b.g, for_loop(b.g, &r, b.n, &zero), 0), 1,
           &(const double){4});
}

int main(void)
{
    loops();
    collected();
    nested();
    shared();
    lazy();
    updates();
    checks();
    return sum_up();
}
