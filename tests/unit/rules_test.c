/* rules_test.c - every rewrite rule of ops.def: it is read as dg, it lowers the measure of rules.c (so
 * that rewriting ends), it fires on its own pattern, and its two sides have the same value.
 *
 * Values: the bare pattern in quad precision against the replacement in double, at numbers
 * large and small, zeros of both signs, inf and nan. Where arithmetic says nan at an infinity
 * (inf/inf), the limit is as good. Then what --fast-math alone may do is not done without. */
#include "compiler/parse.h"
#include "compiler/rules_impl.h"
#include "runtime/interp.h"
#include "tests/count.h"
#include "tests/graph.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Reading ---- */

static bool same_term(const Term *, const Ast *);

static bool same_application(const Term *t, const char *name, int n, Ast *const *arg)
{
    const char *called = t->kind == TERM_OP ? op_table[t->op].name : NULL;
    if (t->narg != n || (called ? strcmp(called, name) != 0 || op_table[t->op].arity != n
                                : t->hook != rule_hook_find(name)))
        return false;
    for (int i = 0; i < n; i++)
        if (!same_term(t->arg[i], arg[i]))
            return false;
    return true;
}

/* Whether a term is what the parser of the language makes of its string. */
static bool same_term(const Term *t, const Ast *n)
{
    switch (n->kind) {
    case AST_NUMBER: return t->kind == TERM_NUMBER && t->number == n->number.value;
    case AST_NAME:
        if (!strcmp(n->name, "inf"))
            return t->kind == TERM_NUMBER && isinf(t->number);
        return t->kind == TERM_LETTER && n->name[0] == 'a' + t->letter && !n->name[1];
    case AST_UNARY:
        if (n->unary.op[0] == '-' && t->kind == TERM_NUMBER)
            return n->unary.operand->kind == AST_NUMBER && t->number == -n->unary.operand->number.value;
        return same_application(t, n->unary.op[0] == '-' ? "neg" : n->unary.op, 1, &n->unary.operand);
    case AST_BINARY:
        return same_application(t, n->binary.op, 2, (Ast *[]){n->binary.left, n->binary.right});
    case AST_TERNARY:
        return same_application(t, "select", 3, (Ast *[]){n->cond.cond, n->cond.yes, n->cond.no});
    case AST_CALL: return same_application(t, n->call.callee->name, n->call.n, n->call.arg);
    default: return false;
    }
}

static bool reads_as(Arena *a, const Term *t, const char *text, size_t n)
{
    Diags *diags = NEW(a, Diags);
    diags->arena = a;
    const char *fn = arena_printf(a, "fn f() = %.*s", (int)n, text);
    const Ast *file = parse_program(a, diags, diag_add_source(diags, "f", fn, strlen(fn)));
    return file && same_term(t, file->list.item[0]->fn->body);
}

/* A rule or an expression, as rules_read.c and as the parser read it. */
static void check_reading(const char *text)
{
    Arena *a = new_arena();
    const char *first = text + 2 * !strncmp(text, "? ", 2), *arrow = strstr(text, "->");
    TermRule term;
    bool good = term_read(a, text, &term) && term.fast == (first != text) &&
                !term.replacement == !arrow &&
                reads_as(a, term.pattern, first, arrow ? (size_t)(arrow - first) : strlen(first)) &&
                (!arrow || reads_as(a, term.replacement, arrow + 2, strlen(arrow + 2)));
    result(good, "%s: is not read as dg", text);
    arena_free(a);
}

/* ---- Termination ---- */

static void check_measure(Graph *g, Op op, int i, const char *text)
{
    double letter[LETTERS];
    uint64_t seed = 1;
    for (int t = 0; t < 200; t++) {
        for (int k = 0; k < LETTERS; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            letter[k] = t == 0 ? 10 : 10 + floor((double)(seed >> 40) / (t % 2 ? 1e3 : 1e7));
        }
        double from = rule_measure(g, op, i, false, letter);
        double to = rule_measure(g, op, i, true, letter);
        if (to >= 0 && !(to < from)) {
            result(false, "%s: does not lower the measure", text);
            return;
        }
    }
    result(true, "%s", text);
}

/* ---- Values ---- */

/* What stands for the letters of a rule: bools where they are conditions. */
typedef struct Letters {
    Node *node[LETTERS];
    bool used[LETTERS], truth[LETTERS];
    Dtype type;
} Letters;

static const double constants[2] = {4, 0.5}; /* k and m: powers of two, so that exact rules fire */

/* select's first operand and those of logic are bools; a rule's text tells which letters. */
static void find_conditions(const char *text, Op op, Letters *l)
{
    bool logic = op == OP_AND || op == OP_OR || op == OP_NOT;
    for (int k = 0; k < LETTERS && logic; k++)
        l->truth[k] = l->used[k];
    for (const char *s = text; (s = strstr(s, "select(")); s++) {
        const char *p = s + 7;
        if (!strncmp(p, "not ", 4))
            p += 4;
        if (p[1] == ',' || p[1] == ' ')
            l->truth[*p - 'a'] = true;
    }
}

static void make_letters(Graph *g, Op op, int i, const char *text, Dtype type, Letters *l)
{
    *l = (Letters){.type = type};
    for (int k = 0; k < LETTERS; k++)
        l->used[k] = rule_mentions(g, op, i, (char)('a' + k));
    find_conditions(text, op, l);
    const Size *three = size_int(g, 3);
    Shape shape = strstr(text, "sum(") ? shape_of(g, 1, &three) : shape_scalar();
    for (int k = 0; k < LETTERS; k++) {
        char letter = (char)('a' + k);
        if (letter == 'k' || letter == 'm')
            l->node[k] = const_real(g, type, constants[letter == 'm']);
        else if (l->used[k])
            l->node[k] = graph_param(g, arena_printf(g->arena, "%c", letter),
                                     l->truth[k] ? T_BOOL : type, shape, false, (Span){0});
    }
}

static const double samples[] = {0,  -0.0, 1,     -1,   0.3,   -0.7,     2.5,       1e-9, -1e-9,
                                 40, -40,  -5000, 5000, 1e150, INFINITY, -INFINITY, NAN};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

static void give(Interp *it, Interp128 *it128, const Graph *g, const double *value)
{
    for (int p = 0; p < g->params.n; p++) {
        Dtype t = g->params.at[p].dtype;
        bool small = fabs(value[p]) < 1e15;
        int64_t integer = small ? (int64_t)value[p] : 77;
        uint8_t byte = t == T_BOOL ? value[p] != 0 && value[p] == value[p] : (uint8_t)integer;
        const void *data = t == T_BOOL || t == T_U8 ? (const void *)&byte
                           : t == T_I64             ? (const void *)&integer
                                                    : (const void *)&value[p];
        if (it)
            interp_param(it, p, data);
        if (it128)
            interp128_param(it128, p, data);
    }
}

/* The value of one side, by the exact arithmetic of the pattern. */
static double bare_value(Interp128 *it, const Graph *g, Node *n, const double *value)
{
    give(NULL, it, g, value);
    interp128_run(it, 1, &n);
    return dtype_is_real((Dtype)n->dtype) ? (double)interp128_real(it, n)[0]
                                          : (double)interp128_integer(it, n)[0];
}

static double new_value(Interp *it, const Graph *g, Node *n, const double *value)
{
    give(it, NULL, g, value);
    interp_run(it, 1, &n);
    return dtype_is_real((Dtype)n->dtype) ? interp_real(it, n)[0]
                                          : (double)interp_integer(it, n)[0];
}

static bool close_to(double got, double want, double scale)
{
    return got == want || (isnan(got) && isnan(want)) ||
           fabs(got - want) <= 1e-14 * fabs(want) + 1e-15 * scale;
}

/* Whether a value is too much for quad's exponents to stand for exact arithmetic. */
static bool finite_inputs(int n, const double *value, bool *far)
{
    bool finite = true;
    *far = false;
    for (int i = 0; i < n; i++) {
        finite &= isfinite(value[i]) != 0;
        *far |= fabs(value[i]) > 6000;
    }
    return finite;
}

typedef struct Pair {
    const Graph *bare, *g;
    Interp128 *old;
    Interp *new;
    Node *pattern, *made;
} Pair;

static bool same_at(const Pair *p, int n, const double *value, bool masks, bool sums)
{
    bool far, finite = finite_inputs(n, value, &far);
    double want = bare_value(p->old, p->bare, p->pattern, value);
    double got = new_value(p->new, p->g, p->made, value);
    double scale = 0, near[LETTERS];
    for (int i = 0; i < n; i++)
        if (isfinite(value[i]) && fabs(value[i]) > scale && sums)
            scale = fabs(value[i]);
    if (close_to(got, want, scale))
        return true;
    if (masks && !finite) /* a zero or masked adjoint wins over what it is multiplied by */
        return true;
    if (!isnan(want) && !far && !(finite && isinf(want)))
        return false;
    /* inf/inf, or more than quad holds: the limit counts */
    for (int i = 0; i < n; i++)
        near[i] = fabs(value[i]) > 6000 ? copysign(6000, value[i]) : value[i];
    want = bare_value(p->old, p->bare, p->pattern, near);
    if (isfinite(want) && isfinite(got) && close_to(got, want, 0))
        return true;
    return close_to(got, new_value(p->new, p->g, p->made, near), 0) && close_to(got, want, 0);
}

static void check_values(const Pair *p, Op op, const char *text)
{
    int n = p->g->params.n, at[LETTERS] = {0};
    bool masks = op == OP_SCALE || strstr(text, "scale");
    bool sums = strstr(text, "log(") && strstr(text, "sum(");
    for (;;) {
        double value[LETTERS];
        for (int i = 0; i < n; i++)
            value[i] = samples[at[i]];
        if (!same_at(p, n, value, masks, sums)) {
            char why[200];
            snprintf(why, sizeof why, "at %g, %g, %g is %.17g, the pattern is %.17g", value[0],
                     n > 1 ? value[1] : 0, n > 2 ? value[2] : 0,
                     new_value(p->new, p->g, p->made, value),
                     bare_value(p->old, p->bare, p->pattern, value));
            result(false, "%s: %s", text, why);
            return;
        }
        int k = 0;
        while (k < n && (at[k] += n > 3 ? 3 : 1) >= SAMPLES)
            at[k++] = 0;
        if (k == n)
            break;
    }
    result(true, "%s", text);
}

static void check_rule(Op op, int i, Dtype type)
{
    Arena *a = new_arena();
    Graph *bare = new_graph(a, 0), *g = new_graph(a, 2);
    const char *text = rule_text(bare, op, i);
    bool fast = rule_is_fast(bare, op, i);
    Letters old, new;
    g->fast_math = fast;
    if (op_table[op].type == TY_LOGIC)
        type = T_BOOL;
    make_letters(bare, op, i, text, type, &old);
    make_letters(g, op, i, text, type, &new);
    Pair p = {.bare = bare, .g = g};
    p.old = interp128_new(a, bare, 0, NULL, NULL);
    p.new = interp_new(a, g, 0, NULL, NULL);
    p.pattern = rule_build(bare, op, i, false, old.node, type);
    p.made = rule_build(g, op, i, false, new.node, type);
    bool shifts = strstr(text, "-> softmax") || strstr(text, "-> logsumexp"), fires = false;
    for (int k = 0; k < g->nodes.n && shifts; k++) /* the maximum that they subtract */
        fires |= g->nodes.at[k]->op == OP_MAXR;
    fires |= type == T_U8; /* -1 is no number of that type: one rule cannot fire */
    result(shifts || fires ? fires : p.made == rule_build(g, op, i, true, new.node, type),
           "%s: does not fire", text);
    if (!strstr(text, "sum(") && (!fast || !dtype_is_real(type)))
        check_values(&p, op, text);
    arena_free(a);
}

/* ---- The table, and some graphs that need several rules ---- */

static int strings_in(const char *const *rules)
{
    int n = 0;
    for (int i = 0; i < 8 && rules[i]; i++) {
        n++;
        for (const char *s = rules[i]; (s = strchr(s, ';')); s++)
            n++;
    }
    return n;
}

static void check_table(void)
{
    Arena *a = new_arena();
    Graph *g = new_graph(a, 0);
    for (int op = 0; op < OP_COUNT; op++) {
        int n = 0;
        for (; rule_text(g, (Op)op, n); n++) {
            check_measure(g, (Op)op, n, rule_text(g, (Op)op, n));
            check_reading(rule_text(g, (Op)op, n));
            check_rule((Op)op, n, T_F64);
            if (rule_is_integer(g, (Op)op, n) && op_table[op].type != TY_LOGIC) {
                check_rule((Op)op, n, T_I64);
                check_rule((Op)op, n, T_U8);
            }
        }
        result(n == strings_in(op_table[op].rules), "%s: a rule cannot be read", op_table[op].name);
        for (int i = 0; i < op_table[op].arity && op_table[op].family == F_POINTWISE; i++)
            if (op_table[op].d[i])
                check_reading(op_table[op].d[i]);
    }
    arena_free(a);
}

/* A function of x written naively, at x where only the rewritten one is right. */
typedef struct Made {
    const char *what;
    Node *(*build)(Graph *, Node *x);
    int rank1; /* elements of x; 0: a scalar */
    double x[2], value;
} Made;

static Node *number(Graph *g, double v)
{
    return const_real(g, T_F64, v);
}
static Node *exp_of(Graph *g, Node *x)
{
    return pw1(g, OP_EXP, x);
}
static Node *logistic(Graph *g, Node *x)
{
    return pw2(g, OP_DIV, number(g, 1), pw2(g, OP_ADD, exp_of(g, pw1(g, OP_NEG, x)), number(g, 1)));
}
static Node *made_softplus(Graph *g, Node *x)
{
    return pw1(g, OP_LOG, pw2(g, OP_ADD, number(g, 1), exp_of(g, x)));
}
static Node *made_log_sigmoid(Graph *g, Node *x)
{
    return pw1(g, OP_LOG, logistic(g, x));
}
static Node *made_log_rest(Graph *g, Node *x)
{
    return pw1(g, OP_LOG, pw2(g, OP_SUB, number(g, 1), logistic(g, x)));
}
static Node *made_expm1(Graph *g, Node *x)
{
    return pw2(g, OP_SUB, exp_of(g, x), number(g, 1));
}
static Node *made_cdf(Graph *g, Node *x)
{
    return pw2(g, OP_ADD, pw1(g, OP_ERF, x), number(g, 1));
}
static Node *made_lse(Graph *g, Node *x)
{
    return pw1(g, OP_LOG, reduce_all(g, OP_SUM, exp_of(g, x)));
}
static Node *made_lse_kept(Graph *g, Node *x)
{
    Node *s = insert_axis(g, reduce(g, OP_SUM, exp_of(g, x), 1, (int[]){0}), 0);
    return reduce_all(g, OP_SUM, pw1(g, OP_LOG, s));
}
static Node *made_softmax(Graph *g, Node *x)
{
    Node *s = insert_axis(g, reduce(g, OP_SUM, exp_of(g, x), 1, (int[]){0}), 0);
    return take_at(g, pw2(g, OP_DIV, exp_of(g, x), s), 0, size_int(g, 0));
}
static Node *made_log_softmax(Graph *g, Node *x)
{
    Node *p = pw2(g, OP_DIV, exp_of(g, x), reduce_all(g, OP_SUM, exp_of(g, x)));
    return take_at(g, pw1(g, OP_LOG, p), 0, size_int(g, 0));
}

static const Made made[] = {
    {"log(1 + exp(x))", made_softplus, 0, {800}, 800},
    {"log(1 + exp(x))", made_softplus, 0, {-100}, 3.7200759760208359630e-44},
    {"log(1/(1 + exp(-x)))", made_log_sigmoid, 0, {-800}, -800},
    {"log(1 - 1/(1 + exp(-x)))", made_log_rest, 0, {800}, -800},
    {"exp(x) - 1", made_expm1, 0, {1e-20}, 1e-20},
    {"1 + erf(x)", made_cdf, 0, {-10}, 2.0884875837625447570e-45},
    {"log(sum(exp(x)))", made_lse, 2, {1000, 1000}, 1000.69314718055994531},
    {"log(sum(exp(x), keep=true))", made_lse_kept, 2, {-1000, -1000}, -999.30685281944005469},
    {"exp(x)/sum(exp(x), keep=true)", made_softmax, 2, {1000, 1000}, 0.5},
    {"log(exp(x)/sum(exp(x)))", made_log_softmax, 2, {-1000, 0}, -1000},
};

static void check_made(void)
{
    for (int i = 0; i < ARRAY_LEN(made); i++) {
        Arena *a = new_arena();
        Graph *g = new_graph(a, 2);
        const Size *n = size_int(g, made[i].rank1);
        Shape s = made[i].rank1 ? shape_of(g, 1, &n) : shape_scalar();
        Node *y = made[i].build(g, graph_param(g, "x", T_F64, s, false, (Span){0}));
        Interp *it = interp_new(a, g, 0, NULL, NULL);
        interp_param(it, 0, made[i].x);
        double got = interp_run(it, 1, &y) ? NAN : interp_real(it, y)[0];
        char why[100];
        snprintf(why, sizeof why, "at %g is %.17g, not %.17g", made[i].x[0], got, made[i].value);
        result(close_to(got, made[i].value, 0), "%s: %s", made[i].what, why);
        arena_free(a);
    }
}

int main(void)
{
    check_table();
    check_made();
    return sum_up();
}
