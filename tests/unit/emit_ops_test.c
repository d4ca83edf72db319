/* emit_ops_test.c - the C of every operation of ops.def against the interpreter.
 *
 * Each case of op_cases.h (value, vjp, jvp, vjp of vjp), in f64 and f32, with open sizes and with
 * fixed ones, at -O0 and -O2, unrolled and not, a few dozen functions a file, runs through libtcc,
 * both as loops and as calls of strip kernels;
 * a part of them through the system's compiler at -O3 too, without a warning. Open sizes are tried
 * small, large (more than a strip, more than a block of a matrix product), 1 and 0. Then
 * operations on integers, and every pointwise operation at edge points.
 *
 *   emit_ops_test           everything
 *   emit_ops_test NAME      cases whose name has NAME in it; -v shows their C */
#include "compiler/diff.h"
#include "compiler/emit.h"
#include "compiler/optimise.h"
#include "compiler/rules.h"
#include "op_cases.h"
#include "tests/call.h"
#include "tests/count.h"
#include "tests/crash.h"
#include "tests/graph.h"
#include "tests/jit.h"

#include <math.h>

static int seen;
static const char *only;
static bool verbose;

enum { BATCH = 48, CC_EVERY = 16 };

typedef struct Unit {
    const char *what;
    Function *f, *plain; /* plain: the outputs before any pass */
    Program *p;
    const CaseParam *draw[32]; /* by argument */
    const double *fill[2];     /* edge points, instead of random ones */
    bool open;
} Unit;

typedef struct Batch {
    Arena *arena;
    CompileOptions o;
    Dtype real;
    bool first_only; /* no second derivatives */
    int n;
    Unit unit[BATCH];
} Batch;

/* ---- A case as a function ---- */

static void add_output(Graph *g, Function *f, const char *name, Node *n)
{
    Output o = {.name = name, .node = n, .what = name};
    vec_push(g->arena, &f->outputs, o);
}

static const CaseParam unit_draw = {.shape = "", .low = -1, .high = 1};

/* Appends the derivatives of y by the real ones of x. */
static void add_derivatives(Batch *b, Graph *g, Function *f, Unit *u, int n, Node **x, Node *y)
{
    Dtype real = b->real;
    Node *by[CASE_PARAMS], *v[CASE_PARAMS], *first[CASE_PARAMS], *second[CASE_PARAMS], *jvp;
    int nby = 0;
    for (int k = 0; k < n; k++)
        if (x[k]->dtype == real)
            by[nby++] = x[k];
    if (!nby || y->dtype != real)
        return;
    int mark = g->params.n;
    for (int k = 0; k < nby; k++)
        v[k] =
            graph_param(g, arena_printf(g->arena, "v%d", k), real, by[k]->shape, false, (Span){0});
    Node *cot = graph_param(g, "u", real, y->shape, false, (Span){0});
    bool fine = diff_vjp(g, y, cot, nby, by, true, first).fault == DIFF_OK &&
                diff_jvp(g, y, nby, by, v, true, &jvp).fault == DIFF_OK;
    if (!fine)
        g->params.n = mark;
    if (!fine)
        return;
    for (int i = mark; i < g->params.n; i++)
        u->draw[i] = &unit_draw;
    add_output(g, f, "jvp", jvp);
    for (int k = 0; k < nby; k++)
        add_output(g, f, arena_printf(g->arena, "vjp%d", k), first[k]);
    Node *s = const_real(g, real, 0);
    for (int k = 0; k < nby; k++)
        s = pw2(g, OP_ADD, s, reduce_all(g, OP_SUM, pw2(g, OP_MUL, first[k], v[k])));
    if (!b->first_only && diff_vjp(g, s, NULL, nby, by, true, second).fault == DIFF_OK)
        for (int k = 0; k < nby; k++)
            add_output(g, f, arena_printf(g->arena, "second%d", k), second[k]);
}

/* Runs the passes; the outputs as they were are kept in `plain`. */
static void finish_unit(Batch *b, Unit *u, Graph *g, Function *f)
{
    Arena *a = b->arena;
    f->graph = g;
    f->base = f->what = f->name = arena_printf(a, "f%d", b->n);
    for (int i = 0; i < g->params.n; i++) {
        Arg arg = {.role = ARG_INPUT, .param = i};
        vec_push(a, &f->args, arg);
    }
    if (u->open)
        for (int i = 0; i < ARRAY_LEN(case_sizes); i++)
            vec_push(a, &f->sizes, case_sizes[i].name);
    Function *plain = NEW(a, Function);
    *plain = *f;
    plain->outputs.at = NEW_N(a, Output, f->outputs.n);
    memcpy(plain->outputs.at, f->outputs.at, sizeof(Output) * (size_t)f->outputs.n);
    optimise(f, &b->o);
    u->f = f;
    u->plain = plain;
    u->p = lower(f, &b->o);
    plan(u->p);
    b->n++;
}

static bool has_open(const OpCase *c, const Node *y)
{
    bool open = false;
    for (int k = 0; k < case_nparam(c); k++)
        open |= strpbrk(c->param[k].shape, "NMKZ") != NULL;
    for (int i = 0; i < y->shape.rank; i++)
        open |= !y->shape.dim[i]->is_const;
    return open;
}

static Unit *add_unit(Batch *b, const OpCase *c)
{
    Unit *u = &b->unit[b->n];
    Node *x[CASE_PARAMS];
    Graph *g = new_graph(b->arena, b->o.level);
    Function *f = NEW(b->arena, Function);
    *u = (Unit){0};
    case_real = b->real;
    Node *y = case_build(g, c, x);
    u->open = has_open(c, y);
    u->what = arena_printf(b->arena, "%s (%s) %s%s -O%d --unroll %d", op_table[c->op].name, c->what,
                           b->real == T_F32 ? "f32" : "f64", case_fixed ? " fixed" : "", b->o.level,
                           b->o.unroll);
    snprintf(running, sizeof running, "compiling %s", u->what);
    for (int k = 0; k < case_nparam(c); k++)
        u->draw[k] = &c->param[k];
    add_output(g, f, "value", y);
    add_derivatives(b, g, f, u, case_nparam(c), x, y);
    finish_unit(b, u, g, f);
    return u;
}

/* ---- Running ---- */

static void *draw_argument(Arena *a, const Unit *u, int i, int64_t count, uint64_t *seed)
{
    const Param *p = &u->f->graph->params.at[u->f->args.at[i].param];
    unsigned char *data = arena_alloc(a, (size_t)count * (size_t)dtype_bytes(p->dtype) + 8);
    for (int64_t k = 0; k < count; k++) {
        double v = i < 2 && u->fill[i] ? u->fill[i][k] : case_draw(u->draw[i], seed);
        switch (p->dtype) {
        case T_F64:
            ((double *)(void *)data)[k] = v;
            break;
        case T_F32:
            ((float *)(void *)data)[k] = (float)v;
            break;
        case T_I64:
            ((int64_t *)(void *)data)[k] = (int64_t)v;
            break;
        case T_I32:
            ((int32_t *)(void *)data)[k] = (int32_t)v;
            break;
        default:
            data[k] = (uint8_t)v;
            break;
        }
    }
    return data;
}

/* Values of N, M, K, Z. */
static const int64_t bindings[][4] = {{3, 2, 4, 0}, {261, 18, 33, 0}, {1, 1, 1, 0}, {0, 2, 1, 0}};

static void compare_unit(Batch *b, const Unit *u, const Call *call, const char *how, bool large)
{
    Reference ref = call_interp(b->arena, u->plain, call);
    if (ref.error) { /* an argmax of nothing */
        result(call->size[0] == 0 && u->open, "%s %s: the interpreter says: %s", u->what, how,
               ref.error);
        return;
    }
    for (int i = 0; i < u->f->outputs.n; i++) {
        const Node *n = u->f->outputs.at[i].node;
        Dtype t = (Dtype)n->dtype;
        int64_t count = call_count(u->f, n->shape, call->size);
        double scale = call_scale(count, ref.real[i]);
        double tolerance = t == T_F32 ? (large ? 2e-3 : 4e-5) : (large ? 1e-11 : 2e-13);
        if (u->fill[0]) /* each element by itself */
            tolerance = t == T_F32 ? 2e-5 : 1e-12, scale = 1e-300;
        const char *gap = call_compare(b->arena, t, count, call->out[i], ref.real[i],
                                       ref.integer[i], tolerance, scale > 1 ? scale : 1);
        result(!gap, "%s %s, N = %lld: %s %s", u->what, how, u->open ? (long long)call->size[0] : 0,
               u->f->outputs.at[i].name, gap ? gap : "");
    }
}

/* Long products in f32 overflow, or do not, by the order in which they are made. */
static bool too_wild(const Batch *b, const Unit *u)
{
    return b->real == T_F32 && (strstr(u->what, "prod") || strstr(u->what, "linrec"));
}

static void run_unit(Batch *b, const Unit *u, const char *how, void *run, void *work)
{
    CallRun *r;
    CallWork *w;
    *(void **)&r = run;
    *(void **)&w = work;
    for (int s = 0; s < (u->open ? ARRAY_LEN(bindings) : 1); s++) {
        if (s == 1 && too_wild(b, u))
            continue;
        const void *in[32];
        uint64_t seed = (uint64_t)(s + 1) * 7919u;
        Call call = {.f = u->f, .size = bindings[s], .in = in};
        for (int i = 0; i < u->f->args.n; i++) {
            Shape shape = u->f->graph->params.at[u->f->args.at[i].param].shape;
            in[i] = draw_argument(b->arena, u, i, call_count(u->f, shape, bindings[s]), &seed);
        }
        snprintf(running, sizeof running, "%s %s", u->what, how);
        int code = call_emitted(b->arena, r, w, &call);
        result(!code, "%s %s: returned %d", u->what, how, code);
        result(!call.fault, "%s %s, N = %lld: %s", u->what, how, (long long)bindings[s][0],
               call.fault ? call.fault : "");
        compare_unit(b, u, &call, how, s == 1);
    }
}

static const char *batch_text(Batch *b)
{
    Program *p[BATCH];
    for (int i = 0; i < b->n; i++)
        p[i] = b->unit[i].p;
    return call_programs(b->arena, &b->o, b->n, p);
}

static void run_tcc(Batch *b, const char *text)
{
    char message[512];
    const char *how = b->o.strips ? "strips" : "tcc";
    Jit *jit = b->o.strips ? jit_compile_strips(text, message, sizeof message)
                           : jit_compile(text, message, sizeof message);
    result(jit != NULL, "%s to %s: %s: %s", b->unit[0].what, b->unit[b->n - 1].what, how, message);
    if (!jit && verbose)
        printf("%s\n", text);
    for (int i = 0; jit && i < b->n; i++)
        run_unit(b, &b->unit[i], how, jit_symbol(jit, arena_printf(b->arena, "call_f%d", i)),
                 jit_symbol(jit, arena_printf(b->arena, "call_f%d_work", i)));
    jit_free(jit);
}

/* The system's compiler, as hard as it can. */
static void run_cc(Batch *b, const char *text)
{
    char message[512];
    const char *cc = getenv("CC") && *getenv("CC") ? getenv("CC") : "cc";
    const char *command = arena_printf(b->arena,
                                       "%s -std=c99 -O3 -march=native -Wall -Wextra -Wpedantic "
                                       "-Wconversion -Wshadow -Werror",
                                       cc);
    Jit *jit = jit_compile_with(command, "", text, message, sizeof message);
    result(jit != NULL, "%s to %s: %s: %s", b->unit[0].what, b->unit[b->n - 1].what, cc, message);
    for (int i = 0; jit && i < b->n; i++)
        run_unit(b, &b->unit[i], "cc -O3", jit_symbol(jit, arena_printf(b->arena, "call_f%d", i)),
                 jit_symbol(jit, arena_printf(b->arena, "call_f%d_work", i)));
    jit_free(jit);
}

static void open_batch(Batch *b, Dtype real, int level, int unroll)
{
    *b = (Batch){.arena = new_arena(), .real = real};
    b->o = (CompileOptions){.real = real, .level = level, .unroll = unroll};
}

static void close_batch(Batch *b, bool cc)
{
    if (b->n) {
        const char *text = batch_text(b);
        if (verbose && only)
            printf("%s\n", text);
        if (cc) {
            run_cc(b, text);
        } else {
            run_tcc(b, text);
            b->o.strips = true;
            text = batch_text(b);
            if (verbose && only)
                printf("%s\n", text);
            run_tcc(b, text);
        }
    }
    arena_free(b->arena);
    b->n = 0;
}

static bool wanted(const OpCase *c)
{
    return !only || strstr(op_table[c->op].name, only) || strstr(c->what, only);
}

/* All cases in one way; with cc, every CC_EVERY-th, another part for another way. */
static void check_cases(const OpCases *cases, Dtype real, int level, int unroll, bool cc)
{
    Batch *b = calloc(1, sizeof *b);
    int part = seen++;
    open_batch(b, real, level, unroll);
    for (int i = 0; i < cases->list.n; i++) {
        const OpCase *c = &cases->list.at[i];
        if (!wanted(c) || (cc && !only && i % CC_EVERY != part % CC_EVERY))
            continue;
        for (int fixed = 0; fixed < 2; fixed++) {
            case_fixed = fixed;
            Unit *u = add_unit(b, c);
            if (!fixed && !u->open)
                fixed++; /* the same again */
            if (b->n >= BATCH) {
                close_batch(b, cc);
                open_batch(b, real, level, unroll);
            }
        }
    }
    case_fixed = false;
    close_batch(b, cc);
    free(b);
}

/* ---- Pointwise operations at the edges of the number line ---- */

static const double edge_points[] = {0,   -0.0, 1,    -1,    2,        -2,        0.5, -0.5,
                                     1.5, 2.5,  -2.5, 3,     1e-20,    -1e-20,    30,  -30,
                                     800, -800, 1e18, -1e18, INFINITY, -INFINITY, NAN};
enum { POINTS = ARRAY_LEN(edge_points) };

static void check_edges(Dtype real, int level)
{
    static double first[POINTS * POINTS], second[POINTS * POINTS];
    static OpCase list[OP_COUNT];
    Batch *b = calloc(1, sizeof *b);
    for (int i = 0; i < POINTS * POINTS; i++) {
        first[i] = edge_points[i % POINTS];
        second[i] = edge_points[i / POINTS];
    }
    open_batch(b, real, level, 16);
    b->first_only = true;
    for (int op = 0; op < OP_COUNT; op++) {
        const OpInfo *o = &op_table[op];
        if (o->family != F_POINTWISE || o->arity > 2 || o->type == TY_LOGIC || op == OP_POLYGAMMA ||
            op == OP_RANDOM || op == OP_CAST)
            continue;
        OpCase *c = &list[op];
        *c = (OpCase){.op = (Op)op, .what = "edges"};
        for (int k = 0; k < o->arity; k++)
            c->param[k] = (CaseParam){.shape = o->arity == 1 ? "23" : "529", .low = -1, .high = 1};
        if (!wanted(c))
            continue;
        Unit *u = add_unit(b, c);
        u->fill[0] = first;
        u->fill[1] = o->arity == 2 ? second : NULL;
        if (b->n >= BATCH) {
            close_batch(b, false);
            open_batch(b, real, level, 16);
            b->first_only = true;
        }
    }
    close_batch(b, false);
    free(b);
}

/* ---- Integers ---- */

static Node *integer_sum(Graph *g, Node *const *x)
{
    return reduce(g, OP_SUM, x[0], 1, (int[]){0});
}
static Node *integer_product(Graph *g, Node *const *x)
{
    return matmul(g, x[0], permute(g, x[1], (int[]){1, 0}));
}
static Node *integer_scan(Graph *g, Node *const *x)
{
    return cumsum(g, x[0], 1, false);
}
static Node *integer_largest(Graph *g, Node *const *x)
{
    return reduce(g, OP_MAXR, x[0], 1, (int[]){1});
}
static Node *integer_smallest(Graph *g, Node *const *x)
{
    return reduce(g, OP_MINR, x[0], 1, (int[]){0});
}
static Node *integer_position(Graph *g, Node *const *x)
{
    return reduce(g, OP_ARGMAX, x[0], 1, (int[]){1});
}
static Node *integer_to_real(Graph *g, Node *const *x)
{
    return pw1(g, OP_SQRT, cast(g, pw2(g, OP_MAX, x[0], x[1]), T_F64));
}
static Node *integer_to_bool(Graph *g, Node *const *x)
{
    return pw2(g, OP_AND, cast(g, x[0], T_BOOL), pw2(g, OP_LE, x[0], x[1]));
}
static Node *integer_narrow(Graph *g, Node *const *x)
{
    return cast(g, pw2(g, OP_MUL, cast(g, x[0], T_I64), cast(g, x[1], T_I64)), T_I32);
}
static Node *bool_count(Graph *g, Node *const *x)
{
    return reduce(g, OP_SUM, cast(g, pw2(g, OP_LT, x[0], x[1]), T_I64), 1, (int[]){0});
}

static const OpCase integer_cases[] = {
    {OP_ADD, "", {{0}}, NULL},
    {OP_SUB, "", {{0}}, NULL},
    {OP_MUL, "", {{0}}, NULL},
    {OP_NEG, "", {{0}}, NULL},
    {OP_FLOORDIV, "", {{0}}, NULL},
    {OP_MOD, "", {{0}}, NULL},
    {OP_MAX, "", {{0}}, NULL},
    {OP_MIN, "", {{0}}, NULL},
    {OP_ABS, "", {{0}}, NULL},
    {OP_SIGN, "", {{0}}, NULL},
    {OP_RELU, "", {{0}}, NULL},
    {OP_LT, "", {{0}}, NULL},
    {OP_LE, "", {{0}}, NULL},
    {OP_EQ, "", {{0}}, NULL},
    {OP_NE, "", {{0}}, NULL},
    {OP_SUM, "first", {{0}}, integer_sum},
    {OP_CONTRACT, "matrices", {{0}}, integer_product},
    {OP_CUMSUM, "second", {{0}}, integer_scan},
    {OP_MAXR, "second", {{0}}, integer_largest},
    {OP_MINR, "first", {{0}}, integer_smallest},
    {OP_ARGMAX, "second", {{0}}, integer_position},
    {OP_CAST, "to f64", {{0}}, integer_to_real},
    {OP_CAST, "to bool", {{0}}, integer_to_bool},
    {OP_CAST, "to i32", {{0}}, integer_narrow},
    {OP_SUM, "of a comparison", {{0}}, bool_count},
};

/* Without anything negative for u8, which wraps. */
static void check_integers(Dtype t, int level, int unroll)
{
    static OpCase list[ARRAY_LEN(integer_cases)];
    static const char *const shapes[] = {"N,M", "3,4"};
    Batch *b = calloc(1, sizeof *b);
    for (int s = 0; s < 2; s++) {
        open_batch(b, T_F64, level, unroll);
        for (int i = 0; i < ARRAY_LEN(integer_cases); i++) {
            OpCase *c = &list[i];
            *c = integer_cases[i];
            if (!wanted(c) ||
                (t == T_U8 && (c->op == OP_SUB || c->op == OP_NEG || c->op == OP_SUM ||
                               c->op == OP_CUMSUM || c->op == OP_CONTRACT)))
                continue;
            Graph *g = new_graph(b->arena, b->o.level);
            Unit *u = &b->unit[b->n];
            Node *x[2], *y;
            *u = (Unit){.open = s == 0};
            int n = c->build ? 2 : op_table[c->op].arity;
            for (int k = 0; k < n; k++) {
                c->param[k] = (CaseParam){
                    .shape = shapes[s], .low = t == T_U8 ? 0 : -9, .high = 10, .integer = true};
                x[k] = graph_param(g, k ? "b" : "a", t, case_shape(g, shapes[s]), false, (Span){0});
                u->draw[k] = &c->param[k];
            }
            if (!c->build && (c->op == OP_FLOORDIV || c->op == OP_MOD))
                c->param[1].low = 1;
            y = c->build ? c->build(g, x) : pointwise(g, c->op, n, x);
            u->what = arena_printf(b->arena, "%s (%s) %s%s -O%d --unroll %d", op_table[c->op].name,
                                   c->what, dtype_name(t), s ? " fixed" : "", level, unroll);
            snprintf(running, sizeof running, "compiling %s", u->what);
            Function *f = NEW(b->arena, Function);
            add_output(g, f, "value", y);
            finish_unit(b, u, g, f);
        }
        close_batch(b, false);
    }
    free(b);
}

static void check_all(const OpCases *cases)
{
    static const struct {
        Dtype real;
        int level, unroll;
    } ways[] = {{T_F64, 2, 16}, {T_F64, 2, 0},  {T_F64, 0, 16},
                {T_F64, 0, 0},  {T_F32, 2, 16}, {T_F32, 0, 0}};
    for (int i = 0; i < ARRAY_LEN(ways); i++)
        check_cases(cases, ways[i].real, ways[i].level, ways[i].unroll, false);
    for (int i = 0; i < ARRAY_LEN(ways); i += 4) /* f64 and f32 at -O2 */
        check_cases(cases, ways[i].real, ways[i].level, ways[i].unroll, true);
    for (int level = 0; level <= 2; level += 2) {
        check_edges(T_F64, level);
        check_edges(T_F32, level);
        for (int t = T_U8; t <= T_I64; t++)
            check_integers((Dtype)t, level, level ? 16 : 0);
    }
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    watch_crashes();
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "-v"))
            verbose = true;
        else
            only = argv[i];
    if (!jit_available()) {
        return skipped_all("built without libtcc");
    }
    Arena *a = new_arena();
    OpCases cases = {0};
    case_list(a, &cases);
    check_all(&cases);
    arena_free(a);
    return sum_up();
}
