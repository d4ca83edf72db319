/* emit_loop_test.c - the C of loops, branches and changes in place against the interpreter.
 *
 * Models are built by hand, with their gradients and a second derivative, in f64 and f32, at -O0 and
 * -O2, unrolled and not, with fixed and with open sizes; they run through libtcc and, without a
 * warning, through the system's compiler. Guards stand around outputs and the
 * workspace (tests/call.h).
 *
 *   emit_loop_test           everything
 *   emit_loop_test NAME      models whose name has NAME in it; -v shows their C */
#include "compiler/diff.h"
#include "compiler/emit.h"
#include "compiler/optimise.h"
#include "compiler/region.h"
#include "compiler/rules.h"
#include "tests/call.h"
#include "tests/count.h"
#include "tests/crash.h"
#include "tests/graph.h"
#include "tests/jit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *only;
static bool verbose;

/* ---- Building ---- */

typedef struct Test {
    Graph *g;
    Dtype real;
    bool value_only;
    const Size *n, *m;
    Node *x, *w, *A, *c, *k; /* [N], [N], [M, M], real, i64 */
} Test;

static Node *num(Test *t, double v)
{
    return const_real(t->g, t->real, v);
}

static Node *whole(Test *t, int64_t v)
{
    return const_int(t->g, T_I64, v);
}

static Node *op1(Test *t, Op op, Node *a)
{
    return pw1(t->g, op, a);
}

static Node *op2(Test *t, Op op, Node *a, Node *b)
{
    return pw2(t->g, op, a, b);
}

static Node *at(Test *t, Node *x, Node *i)
{
    int axis = 0;
    return gather(t->g, x, 1, &i, &axis);
}

static Node *at2(Test *t, Node *x, Node *i, Node *j)
{
    Node *idx[2] = {i, j};
    int axes[2] = {0, 1};
    return gather(t->g, x, 2, idx, axes);
}

static Node *put1(Test *t, Node *a, Node *i, Node *v, Node *guard)
{
    int axis = 0;
    return put(t->g, a, v, guard, 1, &i, &axis);
}

static Node *put2(Test *t, Node *a, Node *i, Node *j, Node *v)
{
    Node *idx[2] = {i, j};
    int axes[2] = {0, 1};
    return put(t->g, a, v, NULL, 2, idx, axes);
}

static Node *total(Test *t, Node *x)
{
    return reduce_all(t->g, OP_SUM, x);
}

static Node *size(Test *t, const Size *s)
{
    return size_node(t->g, s);
}

static Region region(Test *t, const Size *bound, int ncarried, Node **carried, Node *const *init, const char *const *name)
{
    Region r = {.index = placeholder(t->g, T_I64, shape_scalar()), .ncarried = ncarried, .carried = carried, .bound = bound};
    r.index->name = "i";
    for (int k = 0; k < ncarried; k++) {
        carried[k] = placeholder(t->g, (Dtype)init[k]->dtype, init[k]->shape);
        carried[k]->name = name[k];
    }
    return r;
}

static Node *loop1(Test *t, const Region *r, Node *count, Node *init)
{
    return part(t->g, for_loop(t->g, r, count, &init), 0);
}

/* ---- Models ---- */

/* s = s + x[i] * x[i] */
static Node *sum_loop(Test *t)
{
    Node *s, *init = num(t, 0);
    Region r = region(t, t->n, 1, &s, &init, (const char *[]){"s"});
    Node *xi = at(t, t->x, r.index), *next = op2(t, OP_ADD, s, op2(t, OP_MUL, xi, xi));
    r.next = &next;
    return loop1(t, &r, size(t, t->n), init);
}

/* p, q = q, p*c + q */
static Node *fibonacci(Test *t)
{
    Node *carried[2], *init[2] = {t->c, num(t, 0.5)};
    Region r = region(t, t->n, 2, carried, init, (const char *[]){"p", "q"});
    Node *next[2] = {carried[1], op2(t, OP_ADD, op2(t, OP_MUL, carried[0], t->c), carried[1])};
    r.next = next;
    Node *loop = for_loop(t->g, &r, size(t, t->n), init);
    Node *p = part(t->g, loop, 0), *q = part(t->g, loop, 1);
    return op2(t, OP_SUB, p, op2(t, OP_MUL, q, t->c));
}

/* p, q = q, p: a circle */
static Node *exchanged(Test *t)
{
    Node *carried[2], *init[2] = {t->c, num(t, 0.5)};
    Region r = region(t, t->n, 2, carried, init, (const char *[]){"p", "q"});
    Node *next[2] = {op2(t, OP_MUL, carried[1], t->c), op2(t, OP_MUL, carried[0], at(t, t->x, r.index))};
    r.next = next;
    Node *loop = for_loop(t->g, &r, size(t, t->n), init);
    Node *p = part(t->g, loop, 0), *q = part(t->g, loop, 1);
    return op2(t, OP_SUB, p, q);
}

/* a[i + 1] = a[i] * c + sin(a[i]), over a copy of x */
static Node *recurrence(Test *t)
{
    Node *a, *init = t->x;
    Region r = region(t, t->n, 1, &a, &init, (const char *[]){"a"});
    Node *old = at(t, a, r.index);
    Node *v = op2(t, OP_ADD, op2(t, OP_MUL, old, t->c), op1(t, OP_SIN, old));
    Node *next = put1(t, a, op2(t, OP_ADD, r.index, whole(t, 1)), v, NULL);
    r.next = &next;
    return op2(t, OP_MUL, loop1(t, &r, op2(t, OP_SUB, size(t, t->n), whole(t, 1)), init), t->w);
}

/* h = tanh(A @ h + w[i]), from ones */
static Node *recurrent(Test *t)
{
    Node *h, *init = expand(t->g, num(t, 1), shape_of(t->g, 1, &t->m));
    Region r = region(t, t->n, 1, &h, &init, (const char *[]){"h"});
    Node *next = op1(t, OP_TANH, op2(t, OP_ADD, matmul(t->g, t->A, h), at(t, t->w, r.index)));
    r.next = &next;
    return loop1(t, &r, size(t, t->n), init);
}

/* p, q = q, p + sin(q) as arrays */
static Node *arrays_exchanged(Test *t)
{
    Node *carried[2], *init[2] = {t->x, t->w};
    Region r = region(t, size_int(t->g, 5), 2, carried, init, (const char *[]){"p", "q"});
    Node *next[2] = {carried[1], op2(t, OP_ADD, op2(t, OP_MUL, carried[0], t->c), op1(t, OP_SIN, carried[1]))};
    r.next = next;
    Node *loop = for_loop(t->g, &r, whole(t, 5), init);
    Node *p = part(t->g, loop, 0), *q = part(t->g, loop, 1);
    return op2(t, OP_SUB, p, q);
}

/* a = a*c + w*x[i], element by element */
static Node *elementwise(Test *t)
{
    Node *a, *init = t->x;
    Region r = region(t, t->n, 1, &a, &init, (const char *[]){"a"});
    Node *next = op2(t, OP_ADD, op2(t, OP_MUL, a, t->c), op2(t, OP_MUL, t->w, at(t, t->x, r.index)));
    r.next = &next;
    return loop1(t, &r, size(t, t->n), init);
}

/* Running products, collected, downwards; and rows of a matrix collected. */
static Node *tapes(Test *t)
{
    Node *p, *init = t->c;
    Region r = region(t, t->n, 1, &p, &init, (const char *[]){"p"});
    r.reverse = true;
    Node *next = op2(t, OP_MUL, p, at(t, t->x, r.index));
    Node *row[2] = {op1(t, OP_EXP, op2(t, OP_MUL, p, p)), op1(t, OP_SIN, op2(t, OP_MUL, t->w, p))};
    r.next = &next;
    r.ncollected = 2;
    r.collected = row;
    Node *loop = for_loop(t->g, &r, size(t, t->n), &init);
    Node *a = part(t->g, loop, 1), *b = part(t->g, loop, 2);
    Node *sum = op2(t, OP_ADD, total(t, op2(t, OP_MUL, a, t->w)), part(t->g, loop, 0));
    return op2(t, OP_ADD, sum, total(t, b));
}

/* The Cholesky factor of A'A + 2 in place, column by column. */
static Node *cholesky_loops(Test *t)
{
    Graph *g = t->g;
    Node *two = op2(t, OP_MUL, num(t, 2), cast(g, op2(t, OP_EQ, reshape(g, iota(g, t->m), shape_of(g, 2, (const Size *[]){t->m, size_int(g, 1)})), iota(g, t->m)), t->real));
    Node *a, *b, *d, *s, *init = op2(t, OP_ADD, matmul(g, transpose_last(g, t->A), t->A), two);
    Region cols = region(t, t->m, 1, &a, &init, (const char *[]){"a"});
    Node *j = cols.index, *ajj = at2(t, a, j, j);
    Region dots = region(t, t->m, 1, &s, &ajj, (const char *[]){"s"});
    Node *ajk = at2(t, a, j, dots.index), *less = op2(t, OP_SUB, s, op2(t, OP_MUL, ajk, ajk));
    dots.next = &less;
    Node *root = op1(t, OP_SQRT, loop1(t, &dots, j, ajj)), *col = put2(t, a, j, j, root);
    Region rows = region(t, t->m, 1, &b, &col, (const char *[]){"b"});
    Node *i = op2(t, OP_ADD, op2(t, OP_ADD, j, rows.index), whole(t, 1)), *bij = at2(t, b, i, j);
    Region dot = region(t, t->m, 1, &d, &bij, (const char *[]){"d"});
    Node *bik = at2(t, b, i, dot.index), *bjk = at2(t, b, j, dot.index);
    Node *sub = op2(t, OP_SUB, d, op2(t, OP_MUL, bik, bjk));
    dot.next = &sub;
    Node *v = op2(t, OP_DIV, loop1(t, &dot, j, bij), at2(t, b, j, j)), *put_ij = put2(t, b, i, j, v);
    rows.next = &put_ij;
    Node *left = op2(t, OP_SUB, op2(t, OP_SUB, size(t, t->m), j), whole(t, 1));
    Node *next = loop1(t, &rows, left, col);
    cols.next = &next;
    return loop1(t, &cols, size(t, t->m), init);
}

/* y = y - (y*y - c) / (2*y) while |y*y - c| > 1e-6; and the number of turns */
static Node *newton(Test *t)
{
    Node *y, *init = op2(t, OP_ADD, op2(t, OP_MUL, t->c, t->c), num(t, 3));
    Region r = region(t, size_int(t->g, 50), 1, &y, &init, (const char *[]){"y"});
    Node *gap = op2(t, OP_SUB, op2(t, OP_MUL, y, y), op2(t, OP_ADD, op2(t, OP_MUL, t->c, t->c), num(t, 1)));
    Node *next = op2(t, OP_SUB, y, op2(t, OP_DIV, gap, op2(t, OP_MUL, num(t, 2), y)));
    r.next = &next;
    r.cond = op2(t, OP_GT, op1(t, OP_ABS, gap), num(t, 1e-3));
    Node *loop = for_loop(t->g, &r, whole(t, 50), &init), *turns = part(t->g, loop, 1);
    return op2(t, OP_ADD, part(t->g, loop, 0), cast(t->g, turns, t->real));
}

/* s += x[i - 1] * x[i] only where i > 0; elsewhere log of a number that may be negative */
static Node *guarded_loads(Test *t)
{
    Node *s, *init = num(t, 0);
    Region r = region(t, t->n, 1, &s, &init, (const char *[]){"s"});
    Node *first = op2(t, OP_GT, r.index, whole(t, 0)), *xi = at(t, t->x, r.index);
    Node *before = at(t, t->x, op2(t, OP_SUB, r.index, whole(t, 1)));
    Node *next = pw3(t->g, OP_SELECT, first, op2(t, OP_ADD, s, op2(t, OP_MUL, before, xi)), op2(t, OP_ADD, s, op1(t, OP_EXP, xi)));
    r.next = &next;
    return loop1(t, &r, size(t, t->n), init);
}

/* Only turns with x[i] > 0.2 count; an array is added to under the guard, and put into where not. */
static Node *guarded_puts(Test *t)
{
    Node *carried[2], *init[2] = {t->w, t->c};
    int axis = 0;
    Region r = region(t, t->n, 2, carried, init, (const char *[]){"a", "s"});
    Node *xi = at(t, t->x, r.index), *big = op2(t, OP_GT, xi, num(t, 0.2)), *idx = r.index;
    Node *v = op2(t, OP_MUL, xi, op2(t, OP_MUL, carried[1], at(t, carried[0], idx)));
    Node *array = add_to(t->g, carried[0], v, big, 1, &idx, &axis);
    array = put1(t, array, idx, op2(t, OP_MUL, carried[1], xi), op1(t, OP_NOT, big));
    Node *root = op1(t, OP_SQRT, op2(t, OP_SUB, xi, num(t, 0.2)));
    Node *next[2] = {array, pw3(t->g, OP_SELECT, big, op2(t, OP_ADD, carried[1], root), carried[1])};
    r.next = next;
    Node *loop = for_loop(t->g, &r, size(t, t->n), init), *a = part(t->g, loop, 0);
    return op2(t, OP_ADD, total(t, op2(t, OP_MUL, a, a)), part(t->g, loop, 1));
}

/* Of x'' = -sin(x) by Runge and Kutta: the state is a vector of two. */
static Node *pendulum(Test *t)
{
    Graph *g = t->g;
    Node *y, *start[2] = {t->c, num(t, 0)}, *init = stack(g, 2, start, 0), *k[4], *h = num(t, 0.1);
    Region r = region(t, t->n, 1, &y, &init, (const char *[]){"y"});
    for (int s = 0; s < 4; s++) {
        Node *z = s ? op2(t, OP_ADD, y, op2(t, OP_MUL, k[s - 1], s == 3 ? h : op2(t, OP_MUL, h, num(t, 0.5)))) : y;
        Node *angle = take_at(g, z, 0, size_int(g, 0)), *speed = take_at(g, z, 0, size_int(g, 1));
        Node *slope[2] = {speed, op1(t, OP_NEG, op1(t, OP_SIN, angle))};
        k[s] = stack(g, 2, slope, 0);
    }
    Node *mid = op2(t, OP_MUL, num(t, 2), op2(t, OP_ADD, k[1], k[2]));
    Node *sum = op2(t, OP_ADD, op2(t, OP_ADD, k[0], mid), k[3]);
    Node *next = op2(t, OP_ADD, y, op2(t, OP_MUL, sum, op2(t, OP_DIV, h, num(t, 6))));
    r.next = &next;
    return loop1(t, &r, size(t, t->n), init);
}

/* Rows of A, each made of the one before, in place. */
static Node *rows(Test *t)
{
    Node *m, *init = t->A;
    Region r = region(t, t->m, 1, &m, &init, (const char *[]){"m"});
    Node *row = at(t, m, r.index), *to = op2(t, OP_ADD, r.index, whole(t, 1)), *base = at(t, m, to);
    Node *v = op2(t, OP_ADD, op2(t, OP_MUL, row, base), op2(t, OP_MUL, base, t->c));
    Node *next = put1(t, m, to, v, NULL);
    r.next = &next;
    return loop1(t, &r, op2(t, OP_SUB, size(t, t->m), whole(t, 1)), init);
}

/* Inside, s = s*x[j] + w[i]*u over j < i; outside, u = u + s*s. */
static Node *nested(Test *t)
{
    Node *u, *s, *init = t->c, *first = num(t, 1);
    Region outer = region(t, t->n, 1, &u, &init, (const char *[]){"u"}), inner = region(t, t->n, 1, &s, &first, (const char *[]){"s"});
    Node *step = op2(t, OP_ADD, op2(t, OP_MUL, s, at(t, t->x, inner.index)), op2(t, OP_MUL, at(t, t->w, outer.index), u));
    inner.next = &step;
    Node *sum = loop1(t, &inner, outer.index, first);
    Node *next = op2(t, OP_ADD, u, op1(t, OP_SIN, op2(t, OP_MUL, sum, sum)));
    outer.next = &next;
    return loop1(t, &outer, size(t, t->n), init);
}

/* A run-time count, 0 for some; the index counts in an array of integers too. */
static Node *counted(Test *t)
{
    Node *carried[2], *init[2] = {t->c, whole(t, 0)};
    Region r = region(t, size_int(t->g, 100), 2, carried, init, (const char *[]){"s", "k"});
    Node *next[2] = {op2(t, OP_MUL, op1(t, OP_SIN, carried[0]), t->c), op2(t, OP_ADD, carried[1], r.index)};
    r.next = next;
    Node *loop = for_loop(t->g, &r, t->k, init);
    Node *count = cast(t->g, part(t->g, loop, 1), t->real);
    return op2(t, OP_ADD, part(t->g, loop, 0), count);
}

/* A loop that only one side of a branch wants, and a matrix product. */
static Node *branch(Test *t)
{
    Node *big = op2(t, OP_GT, t->c, num(t, 0)), *h, *init = at(t, t->A, whole(t, 0));
    Region r = region(t, t->n, 1, &h, &init, (const char *[]){"h"});
    Node *next = op1(t, OP_SIN, matmul(t->g, t->A, h));
    r.next = &next;
    Node *y = loop1(t, &r, size(t, t->n), init), *z = op1(t, OP_EXP, at(t, t->A, whole(t, 0)));
    Node *v = pw3(t->g, OP_SELECT, big, y, z);
    Node *u = pw3(t->g, OP_SELECT, big, total(t, y), op1(t, OP_LOG, op1(t, OP_NEG, t->c)));
    return op2(t, OP_ADD, u, total(t, v));
}

/* An array is changed although its old value is read later: a copy, outside of loops. */
static Node *copied(Test *t)
{
    Node *a = op2(t, OP_MUL, t->x, t->w), *i = op2(t, OP_MUL, t->k, whole(t, 0));
    Node *b = put1(t, a, i, t->c, NULL), *d = put1(t, b, i, op2(t, OP_ADD, at(t, b, i), num(t, 1)), NULL);
    return op2(t, OP_ADD, op2(t, OP_MUL, a, t->c), d);
}

typedef Node *Build(Test *);
static const struct {
    const char *name;
    Build *build;
} models[] = {
    {"sum", sum_loop}, {"fibonacci", fibonacci}, {"exchanged", exchanged}, {"recurrence", recurrence}, {"recurrent", recurrent},
    {"arrays_exchanged", arrays_exchanged}, {"elementwise", elementwise}, {"tapes", tapes}, {"cholesky", cholesky_loops},
    {"newton", newton}, {"guarded_loads", guarded_loads}, {"guarded_puts", guarded_puts}, {"pendulum", pendulum}, {"rows", rows},
    {"nested", nested}, {"counted", counted}, {"branch", branch}, {"copied", copied}};

/* ---- A function of each ---- */

enum { MODELS = ARRAY_LEN(models) };
typedef struct Unit {
    const char *name;
    Function *f, *plain;
    Program *p;
    bool open;
} Unit;
typedef struct Batch {
    Arena *arena;
    CompileOptions o;
    const char *what;
    int n;
    Unit unit[3 * MODELS];
} Batch;

static void add_output(Graph *g, Function *f, const char *name, Node *n)
{
    Output o = {.name = name, .node = n, .what = name};
    vec_push(g->arena, &f->outputs, o);
}

static void build_outputs(Test *t, Function *f, Build *build, int order)
{
    static const char *const name[2][4] = {{"grad_x", "grad_w", "grad_A", "grad_c"}, {"second_x", "second_w", "second_A", "second_c"}};
    Graph *g = t->g;
    Node *y = build(t), *x[4] = {t->x, t->w, t->A, t->c}, *grad[4], *second[4];
    add_output(g, f, "value", y);
    if (!order)
        return;
    Node *sum = y->shape.rank ? total(t, op2(t, OP_MUL, y, op1(t, OP_SIN, y))) : y;
    diff_vjp(g, sum, NULL, 4, x, true, grad);
    for (int k = 0; k < 4 && order == 1; k++)
        add_output(g, f, name[0][k], grad[k]);
    if (order == 1)
        return;
    Node *s = num(t, 0);
    for (int k = 0; k < 4; k++)
        s = op2(t, OP_ADD, s, total(t, op2(t, OP_MUL, grad[k], x[k])));
    diff_vjp(g, s, NULL, 4, x, true, second);
    for (int k = 0; k < 4; k++)
        add_output(g, f, name[1][k], second[k]);
}

static void add_unit(Batch *b, int model, int order, bool open)
{
    Arena *a = b->arena;
    Graph *g = new_graph(a, b->o.level);
    Test t = {.g = g, .real = b->o.real};
    t.n = open ? size_name(g->sizes, "N") : size_int(g, 5);
    t.m = open ? size_name(g->sizes, "M") : size_int(g, 3);
    Function *f = NEW(a, Function), *plain = NEW(a, Function);
    Unit *u = &b->unit[b->n];
    t.x = vector_param(g, "x", t.real, t.n);
    t.w = vector_param(g, "w", t.real, t.n);
    t.A = square_param(g, "A", t.real, t.m);
    t.c = scalar_param(g, "c", t.real);
    t.k = scalar_param(g, "k", T_I64);
    *u = (Unit){.name = arena_printf(a, "%s, order %d", models[model].name, order), .f = f, .plain = plain, .open = open};
    snprintf(running, sizeof running, "compiling %s %s", u->name, b->what);
    build_outputs(&t, f, models[model].build, order);
    f->graph = g;
    f->base = f->what = f->name = arena_printf(a, "f%d", b->n);
    for (int i = 0; i < g->params.n; i++) {
        Arg arg = {.role = ARG_INPUT, .param = i};
        vec_push(a, &f->args, arg);
    }
    if (open) {
        vec_push(a, &f->sizes, "N");
        vec_push(a, &f->sizes, "M");
    }
    *plain = *f;
    plain->outputs.at = NEW_N(a, Output, f->outputs.n);
    memcpy(plain->outputs.at, f->outputs.at, sizeof(Output) * (size_t)f->outputs.n);
    optimise(f, &b->o);
    u->p = lower(f, &b->o);
    plan(u->p);
    Text messages = {.arena = a};
    diag_render(g->diags, &messages);
    result(!g->diags->errors, "%s %s: %s", u->name, b->what, messages.s ? messages.s : "");
    b->n++;
}

/* ---- Running ---- */

static const int64_t bindings[][2] = {{5, 3}, {300, 18}, {1, 1}, {0, 2}};

static double draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / 9007199254740992.0 * 2 - 1;
}

static void *draw_argument(Arena *a, Dtype t, int64_t count, double scale, uint64_t *seed)
{
    unsigned char *data = arena_alloc(a, (size_t)count * 8 + 8);
    for (int64_t k = 0; k < count; k++) {
        double v = draw(seed) * scale;
        if (t == T_F64)
            ((double *)(void *)data)[k] = v;
        else if (t == T_F32)
            ((float *)(void *)data)[k] = (float)v;
        else
            ((int64_t *)(void *)data)[k] = (int64_t)(fabs(v) * 7);
    }
    return data;
}

static void compare(Batch *b, const Unit *u, const Call *call, const Reference *reference, const char *how)
{
    Reference ref = *reference;
    for (int i = 0; i < u->f->outputs.n; i++) {
        const Node *n = u->f->outputs.at[i].node;
        Dtype t = (Dtype)n->dtype;
        int64_t count = call_count(u->f, n->shape, call->size);
        double scale = call_scale(count, ref.real[i]);
        double tolerance = t == T_F32 ? 2e-4 : 1e-11;
        const char *gap = call_compare(b->arena, t, count, call->out[i], ref.real[i], ref.integer[i], tolerance, scale > 1 ? scale : 1);
        result(!gap, "%s %s %s, N = %d: %s %s", u->name, b->what, how, u->open ? (int)call->size[0] : 0, u->f->outputs.at[i].name, gap ? gap : "");
    }
}

static void run_unit(Batch *b, const Unit *u, const char *how, void *run, void *work)
{
    CallRun *r;
    CallWork *w;
    *(void **)&r = run;
    *(void **)&w = work;
    for (int s = 0; s < (u->open ? ARRAY_LEN(bindings) : 3); s++) {
        if (s == 1 && u->open && b->o.real == T_F32) /* long products overflow by the order */
            continue;
        const int64_t *sizes = bindings[u->open ? s : 0];
        const void *in[8];
        uint64_t seed = (uint64_t)(s + 1) * 7919u;
        Call call = {.f = u->f, .size = sizes, .in = in};
        for (int i = 0; i < u->f->args.n; i++) {
            const Param *p = &u->f->graph->params.at[u->f->args.at[i].param];
            int64_t count = call_count(u->f, p->shape, sizes);
            in[i] = draw_argument(b->arena, p->dtype, count, p->shape.rank == 2 ? 0.3 : 1, &seed);
        }
        snprintf(running, sizeof running, "%s %s %s", u->name, b->what, how);
        Reference ref = call_interp(b->arena, u->plain, &call);
        if (ref.error) {
            result(u->open && !sizes[0], "%s %s, N = %d: the interpreter says: %s", u->name, b->what, (int)sizes[0], ref.error);
            continue;
        }
        int code = call_emitted(b->arena, r, w, &call);
        result(!code, "%s %s %s: returned %d", u->name, b->what, how, code);
        result(!call.fault, "%s %s %s, N = %d: %s", u->name, b->what, how, (int)sizes[0], call.fault ? call.fault : "");
        compare(b, u, &call, &ref, how);
    }
}

static void run_text(Batch *b, const char *text, const char *how, Jit *jit, const char *message)
{
    result(jit != NULL, "%s: %s: %s", b->what, how, message);
    if (!jit && verbose)
        printf("%s\n", text);
    for (int i = 0; jit && i < b->n; i++)
        run_unit(b, &b->unit[i], how, jit_symbol(jit, arena_printf(b->arena, "call_f%d", i)),
                 jit_symbol(jit, arena_printf(b->arena, "call_f%d_work", i)));
    jit_free(jit);
}

static void check_models(CompileOptions o, bool open, int orders, const char *what)
{
    Batch *b = calloc(1, sizeof *b);
    Arena *a = b->arena = new_arena();
    b->o = o;
    b->what = what;
    for (int i = 0; i < MODELS; i++)
        for (int order = 0; order < orders; order++)
            if (!only || strstr(models[i].name, only))
                add_unit(b, i, order, open);
    Program **p = NEW_N(a, Program *, b->n + 1);
    for (int i = 0; i < b->n; i++)
        p[i] = b->unit[i].p;
    const char *text = call_programs(a, &b->o, b->n, p);
    if (verbose && only)
        printf("%s\n", text);
    char message[512];
    if (jit_available())
        run_text(b, text, "tcc", jit_compile(text, message, sizeof message), message);
    const char *cc = getenv("CC") && *getenv("CC") ? getenv("CC") : "cc";
    const char *command = arena_printf(a, "%s -std=c99 -O1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror", cc);
    run_text(b, text, cc, jit_compile_with(command, "", text, message, sizeof message), message);
    arena_free(a);
    free(b);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "-v"))
            verbose = true;
        else
            only = argv[i];
    watch_crashes();
    CompileOptions o = {.real = T_F64, .level = 2, .unroll = 16};
    check_models(o, true, 3, "f64 open");
    check_models(o, false, 3, "f64 fixed");
    o.unroll = 0;
    check_models(o, false, 3, "f64 fixed, not unrolled");
    o.check_bounds = true;
    check_models(o, true, 2, "f64 open, checked");
    o = (CompileOptions){.real = T_F32, .level = 2, .unroll = 16};
    check_models(o, true, 2, "f32 open");
    o = (CompileOptions){.real = T_F64, .level = 0, .unroll = 16};
    check_models(o, true, 2, "-O0");
    return sum_up();
}
