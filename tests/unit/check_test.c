/* check_test.c - gradc_check: that it finds every case of op_cases.h right, and that it finds a
 * derivative wrong which is spoiled on purpose (diff.h) by one part in ten thousand, in reverse and
 * in forward mode, for every operation that has one. Then kinks, and what else it says, on models.
 *
 *   check_test          everything
 *   check_test NAME     operations whose name has NAME in it */
#include "compiler/diff.h"
#include "compiler/region.h"
#include "compiler/rules.h"
#include "op_cases.h"
#include "runtime/impl.h"
#include "runtime/interp.h"
#include "tests/count.h"
#include "tests/graph.h"

#include <math.h>

static const Allocator memory = {.alloc = heap_alloc, .free = heap_free};

/* ---- A case as a function of a compiled model ---- */

typedef struct Made {
    gradc g;
    Model model;
    Function f;
    bool derived; /* it has derivatives */
    const OpCase *c;
} Made;

static void add_argument(Made *m, ArgRole role, int param, int of)
{
    vec_push(m->g.c.arena, &m->f.args, (Arg){.role = role, .param = param, .of = of});
}

static void add_derivative(Made *m, DeriveKind kind, int by, const char *name, Node *n)
{
    Output o = {.name = name, .node = n, .what = name, .derived = true, .kind = kind};
    o.by[0] = o.by[1] = by;
    vec_push(m->g.c.arena, &m->f.outputs, o);
}

/* y, its vjp by every real parameter, and its jvp. */
static void add_outputs(Made *m, Node *y, int n, Node **x)
{
    Arena *a = m->g.c.arena;
    Graph *g = m->f.graph;
    Node *by[CASE_PARAMS], *v[CASE_PARAMS], *first[CASE_PARAMS], *tangent;
    int of[CASE_PARAMS], nby = 0;
    Output value = {.name = "value", .node = y, .what = "value"};
    vec_push(a, &m->f.outputs, value);
    for (int k = 0; k < n; k++) {
        add_argument(m, ARG_INPUT, k, 0);
        if (dtype_is_real((Dtype)x[k]->dtype)) {
            of[nby] = k;
            by[nby++] = x[k];
        }
    }
    if (!nby || !dtype_is_real((Dtype)y->dtype))
        return;
    for (int k = 0; k < nby; k++) {
        v[k] = graph_param(g, arena_printf(a, "v%d", k), (Dtype)by[k]->dtype, by[k]->shape, false,
                           (Span){0});
        add_argument(m, ARG_TANGENT, g->params.n - 1, of[k]);
    }
    Node *u = graph_param(g, "u", (Dtype)y->dtype, y->shape, false, (Span){0});
    add_argument(m, ARG_COTANGENT, g->params.n - 1, 0);
    if (diff_vjp(g, y, u, nby, by, true, first).fault != DIFF_OK ||
        diff_jvp(g, y, nby, by, v, true, &tangent).fault != DIFF_OK)
        return;
    m->derived = true;
    for (int k = 0; k < nby; k++)
        add_derivative(m, DERIVE_VJP, of[k], arena_printf(a, "vjp_x%d", k), first[k]);
    add_derivative(m, DERIVE_JVP, of[0], "jvp", tangent);
}

static Made *make(const OpCase *c, Spoil *spoil)
{
    Arena *a = arena_new(memory);
    Made *m = NEW(a, Made);
    Node *x[CASE_PARAMS];
    m->c = c;
    m->g.allocator = memory;
    m->g.c.arena = a;
    m->g.c.model = m->g.c.shown = &m->model;
    m->g.c.diags.arena = a;
    diag_add_source(&m->g.c.diags, "ops.dg", "", 0);
    m->f.graph = graph_new(a, &m->g.c.diags);
    m->f.graph->rules = rules_new(m->f.graph->arena);
    m->f.graph->spoil = spoil;
    m->f.name = m->f.base = m->f.what = "f";
    for (int i = 0; i < ARRAY_LEN(case_sizes); i++)
        vec_push(a, &m->f.sizes, case_sizes[i].name);
    Node *y = case_build(m->f.graph, c, x);
    add_outputs(m, y, case_nparam(c), x);
    vec_push(a, &m->model.functions, &m->f);
    describe(&m->g);
    return m;
}

/* Random arguments in the case's ranges. */
static void **draw(const Made *m, const int64_t *sizes)
{
    static const CaseParam unit = {.low = -1, .high = 1};
    Arena *a = m->g.c.arena;
    void **in = NEW_N(a, void *, m->f.args.n + 1);
    uint64_t seed = 42;
    for (int i = 0; i < m->f.args.n; i++) {
        int64_t count = gradc_get_shape(&m->g, 0, i, sizes, NULL);
        const Param *p = &m->f.graph->params.at[m->f.args.at[i].param];
        const CaseParam *from = m->f.args.at[i].role == ARG_INPUT ? &m->c->param[i] : &unit;
        in[i] = arena_alloc(a, (size_t)count * 8 + 8);
        for (int64_t k = 0; k < count; k++) {
            double v = case_draw(from, &seed);
            if (p->dtype == T_F64)
                ((double *)in[i])[k] = v;
            else if (p->dtype == T_I64)
                ((int64_t *)in[i])[k] = (int64_t)v;
            else
                ((uint8_t *)in[i])[k] = (uint8_t)v;
        }
    }
    return in;
}

/* The worst verdicts on derivatives of the two kinds, -1 where none has an element. */
typedef struct Verdicts {
    int reverse, forward;
    const char *why;
} Verdicts;

static Verdicts check_case(Made *m)
{
    int64_t sizes[ARRAY_LEN(case_sizes)];
    Verdicts v = {-1, -1, ""};
    gradc_error e = {0};
    for (int i = 0; i < ARRAY_LEN(case_sizes); i++)
        sizes[i] = case_sizes[i].value;
    gradc_report *r = gradc_check(&m->g, NULL, 0, draw(m, sizes), sizes, NULL, &e);
    result(r != NULL, "%s (%s): %s", op_table[m->c->op].name, m->c->what, e.text);
    for (int k = 1; r && k < r->noutput; k++) {
        const gradc_check_output *o = &r->output[k];
        int *worst = m->f.outputs.at[k].kind == DERIVE_VJP ? &v.reverse : &v.forward;
        result(o->count == o->size, "%s (%s): %lld of %lld elements", op_table[m->c->op].name,
               m->c->what, (long long)o->count, (long long)o->size);
        if (o->count && (int)o->verdict > *worst)
            *worst = (int)o->verdict;
        for (int64_t i = 0; i < o->count; i++)
            if (o->element[i].verdict == o->verdict && o->element[i].why)
                v.why = arena_strdup(m->g.c.arena, o->element[i].why);
    }
    gradc_report_free(r);
    return v;
}

/* ---- Operations ---- */

/* Of updates in place, which loop_test.c has the cases of, a base and what is put into it. */
static Node *put_rows(Graph *g, Node *const *x)
{
    return put(g, x[0], x[1], NULL, 1, x + 2, (int[]){0});
}

static Node *add_rows(Graph *g, Node *const *x)
{
    return add_to(g, x[0], x[1], NULL, 1, x + 2, (int[]){0});
}

#define UPDATE                                                                                     \
    {                                                                                              \
        {.shape = "4,3", .low = -1, .high = 1}, {.shape = "2,3", .low = -1, .high = 1},            \
        {                                                                                          \
            .shape = "2", .low = 0, .high = 4, .integer = true                                     \
        }                                                                                          \
    }

static const OpCase updates[] = {
    {OP_PUT, "rows", UPDATE, put_rows},
    {OP_ADDTO, "rows", UPDATE, add_rows},
};

static bool right[OP_COUNT], caught_reverse[OP_COUNT], caught_forward[OP_COUNT];

static void check_right(const OpCase *c)
{
    Made *m = make(c, NULL);
    Verdicts v = {-1, -1, ""};
    if (m->derived)
        v = check_case(m);
    bool empty = (c->op == OP_MAXR || c->op == OP_MINR) && v.forward == GRADC_VERDICT_UNDEFINED;
    result(v.reverse <= 0 && (v.forward <= 0 || empty), "%s (%s): vjp %s, jvp %s: %s",
           op_table[c->op].name, c->what, gradc_verdict_name((gradc_verdict)v.reverse),
           gradc_verdict_name((gradc_verdict)v.forward), v.why);
    right[c->op] |= v.reverse == 0 && v.forward == 0;
    arena_free(m->g.c.arena);
}

static void check_spoiled(const OpCase *c)
{
    for (int forward = 0; forward < 2; forward++) {
        Spoil s = {.op = c->op, .reverse = !forward, .forward = forward, .factor = 1 + 1e-4};
        Made *m = make(c, &s);
        if (m->derived) {
            Verdicts v = check_case(m);
            caught_reverse[c->op] |= !forward && v.reverse == GRADC_VERDICT_WRONG;
            caught_forward[c->op] |= forward && v.forward == GRADC_VERDICT_WRONG;
        }
        arena_free(m->g.c.arena);
    }
}

/* Whether an operation has a derivative rule of any kind; loops: check_loops. */
static bool has_rule(int op)
{
    const OpInfo *o = &op_table[op];
    return o->family != F_LEAF && o->family != F_CONTROL && !(o->flags & NODIFF) &&
           o->type != TY_LOGIC &&
           (o->vjp || o->d[0] || o->d[1] || o->flags & STOPS || op == OP_CAST);
}

static void check_operations(const char *only)
{
    Arena *a = arena_new(memory);
    OpCases cases = {0};
    bool has_case[OP_COUNT] = {0};
    case_list(a, &cases);
    for (int i = 0; i < ARRAY_LEN(updates); i++)
        vec_push(a, &cases.list, updates[i]);
    for (int i = 0; i < cases.list.n; i++) {
        const OpCase *c = &cases.list.at[i];
        has_case[c->op] = true;
        if (only && !strstr(op_table[c->op].name, only))
            continue;
        check_right(c);
        check_spoiled(c);
    }
    for (int op = 0; op < OP_COUNT; op++) {
        if (!has_rule(op) || (only && !strstr(op_table[op].name, only)))
            continue;
        result(has_case[op], "%s: there is no case", op_table[op].name);
        result(right[op], "%s: no case was found right", op_table[op].name);
        result(caught_reverse[op], "%s: a wrong rule passed in reverse mode", op_table[op].name);
        result(caught_forward[op], "%s: a wrong rule passed in forward mode", op_table[op].name);
    }
    arena_free(a);
}

/* ---- Models ---- */

static gradc *compile_text(const char *text)
{
    gradc *g = gradc_compile_string("m.dg", text, strlen(text), NULL);
    if (g && gradc_get_status(g) == GRADC_OK)
        return g;
    printf("%s does not compile: %s0 passed, 1 failed\n", text, g ? gradc_errors(g) : "");
    exit(1);
}

/* The k-th output of f_D of `text` at a point of real scalars or vectors. */
static gradc_report *report_of(gradc *g, const char *name, const int64_t *sizes, double **in)
{
    gradc_error e = {0};
    int f = gradc_find_function(g, name);
    gradc_module *m = gradc_load(g, "interp", &e);
    gradc_report *r = gradc_check(g, m, f, (void *const *)in, sizes, NULL, &e);
    result(r != NULL, "%s: %s", name, e.text);
    gradc_unload(m);
    if (!r)
        exit(1);
    return r;
}

/* One derivative of one scalar argument. */
static gradc_check_element element_at(const char *text, const char *name, double x, char *why,
                                      size_t room)
{
    double *in[] = {&x};
    gradc *g = compile_text(text);
    gradc_report *r = report_of(g, name, NULL, in);
    gradc_check_element e = r->output[1].element[0];
    snprintf(why, room, "%s", e.why ? e.why : "");
    e.why = e.file = NULL;
    gradc_report_free(r);
    gradc_free(g);
    return e;
}

static void check_verdicts(void)
{
    static const struct {
        const char *text, *name;
        double x;
        gradc_verdict verdict;
        const char *why;
        double left, right;
    } list[] = {
        {"fn f(x) = relu(x)", "f_grad", 0, GRADC_VERDICT_KINK, "kink of relu", 0, 1},
        {"fn f(x) = relu(x)", "f_grad", 1e-14, GRADC_VERDICT_OK, "", 0, 0},
        {"fn f(x) = relu(x)", "f_grad", 1e-18, GRADC_VERDICT_OK, "", 0, 0},
        {"fn f(x) = abs(x - 1)", "f_grad", 1, GRADC_VERDICT_KINK, "kink of abs", -1, 1},
        {"fn f(x) = max(x, 2 * x)", "f_grad", 0, GRADC_VERDICT_KINK, "kink of max", 1, 2},
        {"fn f(x) = max([x, 3 * x, 0.5])", "f_grad", 0.5, GRADC_VERDICT_OK, "", 0, 0},
        {"fn f(x) = max([x, 3 * x])", "f_grad", 0, GRADC_VERDICT_KINK, "kink of max", 1, 3},
        {"fn f(x) = x < 2 ? x : 3 * x - 4", "f_grad", 2, GRADC_VERDICT_KINK, "kink of a comparison",
         1, 3},
        {"fn f(x) = x < 0 ? x^2 : x^3", "f_grad", 0, GRADC_VERDICT_OK, "", 0, 0},
        {"fn f(x) = floor(x) + x", "f_grad", 0.5, GRADC_VERDICT_OK, "", 0, 0},
        {"fn f(x) = floor(x) + x", "f_grad", 2, GRADC_VERDICT_KINK, "kink of floor", NAN, 1},
        {"fn f(x) = sqrt(x)", "f_grad", 0, GRADC_VERDICT_KINK, "kink of sqrt", NAN, NAN},
        {"fn f(x) = cbrt(x)", "f_grad", 0, GRADC_VERDICT_KINK, "kink of cbrt", NAN, NAN},
        {"fn f(x) {\n s = 0\n for i in 0:5 { s += relu(x - i) * 2 }\n return s }", "f_grad", 3, GRADC_VERDICT_KINK,
         "kink of relu in turn 4", 6, 8},
        {"fn f(x) {\n s = x\n for i in 0:3 { for j in 0:4 { s += relu(x - j - 3 * (1 - i)) } }\n return s }", "f_grad", 2,
         GRADC_VERDICT_KINK, "kink of relu in turn 2", NAN, NAN},
        {"fn f(x) {\n s = x\n for i in 0:3 { if s > 1 { s = 3 * s - 2 } else { s = 0.5 * s } }\n return s }", "f_grad", 1,
         GRADC_VERDICT_KINK, "kink of a comparison in turn 1", NAN, NAN},
        {"fn f(x) {\n s = x\n while s < 2 limit 9 { s = s + x }\n return s }", "f_grad", 0.5, GRADC_VERDICT_KINK,
         "kink of a comparison", NAN, NAN},
        {"fn f(x) = x^3", "f_grad", 0, GRADC_VERDICT_OK, "", 0, 0},
        {"fn f(x) = x * abs(x)", "f_grad", 0, GRADC_VERDICT_OK, "", 0, 0},
        {"fn f(x) = log(x)", "f_grad", -1, GRADC_VERDICT_UNDEFINED, "the value is not finite", 0,
         0},
        {"fn f(x) = x * stop(x)", "f_grad", 3, GRADC_VERDICT_OK, "", 0, 0},
#if GRADC_QUAD
        {"fn f(x) = (1 - cos(x * 1e-7)) * 1e14", "f_grad", 1e-3, GRADC_VERDICT_OK, "", 0, 0},
#endif
        {"fn f(x) = exp(700 * x) * exp(-700 * x) * x", "f_grad", 2, GRADC_VERDICT_ILL_CONDITIONED,
         "range of its type", 0, 0},
        {"fn f(x) = relu(x)\nexport f with hessian", "f_hessian", 0, GRADC_VERDICT_KINK,
         "kink of relu", NAN, NAN},
        {"fn f(x) = sin(x)\nexport f with hessian", "f_hessian", 1, GRADC_VERDICT_OK, "", 0, 0},
        {"fn f(x) = x * sin(x)\nexport f with diag_hessian", "f_diag_hessian", 1, GRADC_VERDICT_OK,
         "", 0, 0},
    };
    for (int i = 0; i < ARRAY_LEN(list); i++) {
        char why[256];
        gradc_check_element e = element_at(list[i].text, list[i].name, list[i].x, why, sizeof why);
        result(e.verdict == list[i].verdict, "%s at %g: %s (%s), not %s", list[i].text, list[i].x,
               gradc_verdict_name(e.verdict), why, gradc_verdict_name(list[i].verdict));
        result(!!strstr(why, list[i].why), "%s: it says '%s'", list[i].text, why);
        if (e.verdict != GRADC_VERDICT_KINK)
            continue;
        result(isnan(list[i].left) || fabs(e.left - list[i].left) < 1e-6, "%s: %g from the left",
               list[i].text, e.left);
        result(isnan(list[i].right) || fabs(e.right - list[i].right) < 1e-6,
               "%s: %g from the right", list[i].text, e.right);
    }
}

/* A loop of three turns: s = relu(s + x) * i, or with a stop in it. */
static Node *loop_case(Graph *g, Node *const *x)
{
    Node *s = placeholder(g, T_F64, shape_scalar()), *i = placeholder(g, T_I64, shape_scalar());
    Node *sum = pw2(g, OP_ADD, s, x[0]);
    Node *kink = pw1(g, OP_RELU, sum);
    Node *factor = cast(g, i, T_F64);
    Node *next = pw2(g, OP_MUL, kink, pw2(g, OP_ADD, factor, const_real(g, T_F64, 0.5)));
    Region r = {.index = i, .ncarried = 1, .carried = &s, .next = &next, .bound = size_int(g, 3)};
    Node *init = const_real(g, T_F64, 0), *count = const_int(g, T_I64, 3);
    return part(g, for_loop(g, &r, count, &init), 0);
}

static Node *stop_case(Graph *g, Node *const *x)
{
    Node *s = placeholder(g, T_F64, shape_scalar()), *i = placeholder(g, T_I64, shape_scalar());
    Node *held = pw1(g, OP_STOP, s);
    Node *next = pw2(g, OP_ADD, pw2(g, OP_MUL, held, x[0]), x[0]);
    Region r = {.index = i, .ncarried = 1, .carried = &s, .next = &next, .bound = size_int(g, 3)};
    Node *init = const_real(g, T_F64, 1), *count = const_int(g, T_I64, 3);
    return part(g, for_loop(g, &r, count, &init), 0);
}

static void check_loops(void)
{
    static const struct {
        Node *(*build)(Graph *, Node *const *);
        double x;
        int verdict;
        const char *why;
    } list[] = {
        {loop_case, 0.5, GRADC_VERDICT_OK, ""},
        {loop_case, 0, GRADC_VERDICT_KINK, "kink of relu in turn 1"},
        {stop_case, 0.7, GRADC_VERDICT_ILL_CONDITIONED, "a stop inside a loop"},
    };
    for (int k = 0; k < ARRAY_LEN(list); k++) {
        OpCase c = {.op = OP_FOR, .what = "three turns", .build = list[k].build};
        c.param[0] = (CaseParam){.shape = "", .low = list[k].x, .high = list[k].x};
        for (int spoil = 0; spoil < 2; spoil++) {
            Spoil s = {.op = list[k].build == stop_case ? OP_MUL : OP_RELU,
                       .reverse = true,
                       .factor = 1.001};
            Made *m = make(&c, spoil ? &s : NULL);
            Verdicts v = check_case(m);
            bool caught =
                spoil && list[k].x != 0; /* a wrong derivative at a kink is one more kink */
            int want = caught ? GRADC_VERDICT_WRONG : list[k].verdict;
            result(v.reverse == want, "loop %d: %s: %s", k,
                   gradc_verdict_name((gradc_verdict)v.reverse), v.why);
            result(caught || strstr(v.why, list[k].why), "loop %d: %s", k, v.why);
            arena_free(m->g.c.arena);
        }
    }
}

/* What is compiled may be wrong where the derivative is right: a module of another model. */
static void check_wrong_module(void)
{
    double x = 0.7, *in[] = {&x};
    gradc_error e = {0};
    gradc *g = compile_text("fn f(x) = sin(x)"), *h = compile_text("fn f(x) = 1.0001 * sin(x)");
    gradc_module *m = gradc_load(h, "interp", &e);
    gradc_report *r = gradc_check(g, m, 1, (void *const *)in, NULL, NULL, &e);
    result(r && r->output[0].verdict == GRADC_VERDICT_WRONG && !r->output[0].derivative,
           "a wrong value passed");
    result(r && r->output[1].verdict == GRADC_VERDICT_WRONG && r->output[1].derivative,
           "a wrong derivative passed");
    result(r && r->output[1].element[0].why && strstr(r->output[1].element[0].why, "compiled"),
           "it does not say that the compiled function is wrong");
    gradc_report_free(r);
    gradc_unload(m);
    gradc_free(g);
    gradc_free(h);
}

/* Of large derivatives some elements are looked at, and all at once along a random direction. */
static void check_choice(void)
{
    enum { N = 3000 };
    static double x[N], w[N];
    double *in[] = {x, w};
    int64_t size = N;
    gradc_error e = {0};
    gradc *g = compile_text("fn f(x[n], w[n]) = sum(w * sin(x))\nexport f with grad(x)");
    for (int i = 0; i < N; i++) {
        x[i] = 0.001 * i;
        w[i] = 1 - 0.0003 * i;
    }
    gradc_report *r = report_of(g, "f_grad", &size, in);
    const gradc_check_output *o = &r->output[1];
    result(o->size == N && o->count > 1 && o->count < N, "%lld elements", (long long)o->count);
    result(o->element[o->count - 1].index == -1, "the sum of all was not looked at");
    result(o->verdict == GRADC_VERDICT_OK && o->error < 1e-10, "%g", o->error);
    gradc_report_free(r);
    gradc_check_options few = {.elements = 5}, all = {.elements = -1};
    r = gradc_check(g, NULL, 1, (void *const *)in, &size, &few, &e);
    result(r && r->output[1].count == 6, "5 elements and the sum");
    gradc_report_free(r);
    size = 40;
    r = gradc_check(g, NULL, 1, (void *const *)in, &size, &all, &e);
    result(r && r->output[1].count == 40, "all elements");
    gradc_report_free(r);
    gradc_free(g);
}

/* ---- Points and sizes ---- */

static void check_draws(void)
{
    gradc_error e = {0};
    gradc *g = compile_text("fn f(x[n, d], y: i32[n], l[d*(d-1)/2], b: bool, param w[d] ~ ones) =\n"
                            "    sum(x[range(n), y] * 2) + sum(l) + sum(w) + (b ? 1 : 0)");
    int64_t size[] = {-1, -1}, again[] = {-1, -1};
    gradc_shape s[] = {{-1, NULL}, {-1, NULL}, {-1, NULL}, {-1, NULL}, {-1, NULL}};
    double x[64], l[64], w[64], x2[64];
    int32_t y[64];
    uint8_t b = 7;
    void *in[] = {x, y, l, &b, w}, *in2[] = {x2, y, l, &b, w};
    result(gradc_choose_sizes(g, 0, s, 0, size, &e) == GRADC_OK && size[0] != size[1],
           "sizes %lld %lld", (long long)size[0], (long long)size[1]);
    int64_t dim[] = {6};
    s[2] = (gradc_shape){1, dim};
    result(gradc_choose_sizes(g, 0, s, 3, again, &e) == GRADC_OK && again[1] == 4 && again[0] > 0,
           "sizes %lld %lld", (long long)again[0], (long long)again[1]);
    dim[0] = 7, again[0] = again[1] = -1;
    result(gradc_choose_sizes(g, 0, s, 0, again, &e) == GRADC_USAGE_ERROR, "7 is no d(d-1)/2");
    for (int attempt = 0; attempt < 40; attempt++) {
        unsigned char given[5] = {0};
        b = 7;
        result(gradc_draw(g, 0, size, 5, attempt, NULL, in, &e) == GRADC_OK, "%s", e.text);
        result(b < 2, "bool %d", b);
        for (int64_t i = 0; i < size[0]; i++)
            result(y[i] >= 0 && y[i] < size[1], "index %d", y[i]);
        for (int64_t i = 0; i < size[1]; i++)
            result(fabs(w[i] - 1) <= 0.1, "w %g, to be about its initial value", w[i]);
        gradc_draw(g, 0, size, 5, attempt, given, in2, &e);
        result(!memcmp(x, x2, sizeof *x * (size_t)(size[0] * size[1])), "not the same again");
        x2[0] = 99, given[0] = 1;
        gradc_draw(g, 0, size, 6, attempt, given, in2, &e);
        result(x2[0] == 99, "what was given was drawn");
    }
    size[0] = -5;
    result(gradc_draw(g, 0, size, 5, 0, NULL, in, &e) == GRADC_USAGE_ERROR, "a negative size");
    result(gradc_draw(g, 9, size, 5, 0, NULL, in, &e) == GRADC_USAGE_ERROR, "no such function");
    result(!gradc_check(g, NULL, -1, in, size, NULL, &e) && e.status == GRADC_USAGE_ERROR,
           "no such function");
    gradc_free(g);
}

/* Indices of what is put are drawn in range too. */
static void check_update_draws(void)
{
    static const OpCase list[] = {{OP_PUT, "rows", UPDATE, put_rows},
                                  {OP_ADDTO, "rows", UPDATE, add_rows}};
    for (int k = 0; k < ARRAY_LEN(list); k++) {
        OpCase c = list[k];
        c.param[0].shape = "2,3";
        Made *m = make(&c, NULL);
        int64_t sizes[ARRAY_LEN(case_sizes)] = {3, 2, 4, 0};
        void *in[16];
        gradc_error e = {0};
        for (int i = 0; i < m->f.args.n; i++)
            in[i] = arena_alloc(m->g.c.arena, 8 * 16);
        for (int seed = 0; seed < 20; seed++) {
            result(gradc_draw(&m->g, 0, sizes, (uint64_t)seed, 0, NULL, in, &e) == GRADC_OK, "%s",
                   e.text);
            const int64_t *index = in[2];
            result(index[0] >= 0 && index[0] < 2 && index[1] >= 0 && index[1] < 2, "%s: %lld %lld",
                   c.what, (long long)index[0], (long long)index[1]);
        }
        arena_free(m->g.c.arena);
    }
}

static void check_bounds(void)
{
    double x[] = {1, 2, 3};
    int64_t i = 3, size = 3;
    void *in[] = {x, &i};
    gradc_error e = {0};
    gradc *g = compile_text("fn f(x[n], i: i64) = x[i]^2\nexport f with grad(x)");
    gradc_report *r = gradc_check(g, NULL, 1, in, &size, NULL, &e);
    result(!r && e.status == GRADC_USAGE_ERROR && strstr(e.text, "out of range"), "%s", e.text);
    gradc_report_free(r);
    gradc_free(g);
}

/* Memory that ends at the n-th request, wherever that is. */
typedef struct Short {
    int64_t left, held;
} Short;

static void *take_short(void *user, size_t n)
{
    Short *s = user;
    void *p = s->left-- > 0 ? malloc(n) : NULL;
    s->held += p != NULL;
    return p;
}

static void give_short(void *user, void *p)
{
    ((Short *)user)->held--;
    free(p);
}

static void check_memory(void)
{
    static const char text[] =
        "fn f(x[n]) = sum(relu(x) * exp(x)) * stop(max(x))\nexport f with grad, jvp";
    Short s = {.left = INT64_MAX};
    gradc_options o;
    gradc_options_init(&o);
    o.alloc = take_short, o.free = give_short, o.user = &s;
    gradc *g = gradc_compile_string("m.dg", text, strlen(text), &o);
    double x[] = {0.5, -0.25, 0.75}, v[] = {1, 2, 3}, u = 1;
    void *in[] = {x, v, &u};
    int64_t size = 3, before = s.held;
    int good = 0, bad = 0;
    for (int64_t n = 0; n < 1000000 && !good; n += 1 + n / 4)
        for (int f = 1; f < 3; f++) {
            gradc_error e = {0};
            s.left = n;
            gradc_report *r = gradc_check(g, NULL, f, in, &size, NULL, &e);
            good += r != NULL;
            bad += !r && e.status == GRADC_SYSTEM_ERROR;
            result(r || e.status == GRADC_SYSTEM_ERROR, "%s", e.text);
            gradc_report_free(r);
            s.left = INT64_MAX;
        }
    result(good && bad, "%d good, %d without memory", good, bad);
    gradc_free(g);
    result(s.held == 0 && before > 0, "%lld blocks are left", (long long)s.held);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    check_operations(argc > 1 ? argv[1] : NULL);
    if (argc == 1) {
        check_verdicts();
        check_loops();
        check_wrong_module();
        check_choice();
        check_draws();
        check_update_draws();
        check_bounds();
        check_memory();
    }
    return sum_up();
}
