/* check.c - gradc_check: every derivative of a function at a point, against differences of values,
 * the other mode of differentiation and what was compiled. check.h has the parts. */
#include "check.h"

#include "compiler/ops.h"
#include "compiler/pattern.h"

#include <math.h>

typedef struct Group {
    DeriveKind kind;
    int part;
    Observed o;
    Probe *probe;
    quad **tangent; /* by argument */
    quad *at, most; /* what is observed, at the point; its largest magnitude */
    Loops loops;
} Group;

typedef struct Check {
    Point p;
    const Function *f;
    gradc_check_options options;
    void *const *got;
    Result *result; /* by output */
    VEC(Group *) groups;
    uint64_t random;
    gradc_check_output *output;
    VEC(gradc_check_element) elements; /* of the output at hand */
} Check;

typedef struct Report {
    gradc_report shown; /* first: what the caller has */
    Allocator allocator;
    Arena *arena, *scratch;
    const char *failure;
} Report;

const char *gradc_verdict_name(gradc_verdict v)
{
    static const char *const name[] = {"ok", "kink", "ill-conditioned", "undefined", "wrong"};
    return (unsigned)v < sizeof name / sizeof *name ? name[v] : "";
}

/* ---- Elements ---- */

static quad got_real(const Check *c, int k, int64_t i)
{
    return c->f->outputs.at[k].node->dtype == T_F32 ? (quad)((const float *)c->got[k])[i]
                                                    : (quad)((const double *)c->got[k])[i];
}

/* Elements of a derivative are counted as those of the whole matrix, row by row, also where it is
 * sparse: what is not in its pattern is 0. */
static int64_t size_of(const Check *c, int k)
{
    const Pattern *s = c->f->outputs.at[k].sparse;
    return s ? s->rows * s->columns : c->result[k].count;
}

/* Where the output has that element; -1: nowhere, it is 0. */
static int64_t place_of(const Check *c, int k, int64_t i)
{
    const Pattern *s = c->f->outputs.at[k].sparse;
    if (!s)
        return i;
    int64_t row = i / s->columns, column = i % s->columns;
    if (s->lower && column > row) {
        column = row;
        row = i % s->columns;
    }
    for (int64_t e = s->row_start[row]; e < s->row_start[row + 1]; e++)
        if (s->column[e] == column)
            return e;
    return -1;
}

static quad got_element(const Check *c, int k, int64_t i)
{
    int64_t at = place_of(c, k, i);
    return at < 0 ? 0 : got_real(c, k, at);
}

static quad exact_element(const Check *c, int k, int64_t i)
{
    int64_t at = place_of(c, k, i);
    return at < 0 ? 0 : c->result[k].exact[at];
}

static int64_t got_integer(const Check *c, int k, int64_t i)
{
    switch ((Dtype)c->f->outputs.at[k].node->dtype) {
    case T_I64:
        return ((const int64_t *)c->got[k])[i];
    case T_I32:
        return ((const int32_t *)c->got[k])[i];
    default:
        return ((const uint8_t *)c->got[k])[i];
    }
}

/* Operations as messages call them. */
static const char *called(const Node *n)
{
    switch ((Op)n->op) {
    case OP_MAXR:
        return "max";
    case OP_MINR:
        return "min";
    case OP_CAST:
        return "conversion";
    case OP_DIV:
        return "division";
    default:
        return op_compares((Op)n->op) ? "a comparison" : op_info(n)->name;
    }
}

static void place_kink(const Check *c, const Outcome *kink, gradc_check_element *e)
{
    const Diags *d = c->p.g->diags;
    Span span = kink->of->span;
    e->why = arena_printf(c->p.arena, "kink of %s", called(kink->of));
    if (kink->rows)
        e->why = arena_printf(c->p.arena, "%s in turn %lld", e->why, (long long)(kink->changed / (kink->count / kink->rows) + 1));
    if ((int)span.source >= d->sources.n || span.start == span.end)
        return;
    e->file = d->sources.at[span.source].path;
    e->line = diag_line(d, span);
    e->column = diag_column(d, span);
}

static double error_of(const Result *r, quad got, quad want)
{
    quad size = quad_max(quad_abs(want), (quad)1e-6 * r->most);
    return got == want ? 0 : (double)(quad_abs(got - want) / (size > 0 ? size : 1));
}

static void add_element(Check *c, gradc_check_element e)
{
    vec_push(c->p.arena, &c->elements, e);
}

/* The bodies of loops are not looked into for branches at first: whether there is one where differences
 * say otherwise is told by both sides. */
static bool hidden_kink(Check *c, const Group *g, int64_t row)
{
    const Probe *b = g->probe;
    if (!g->loops.some || b->kink)
        return false;
    if (!(g->o.order == 1 ? probe_sides : probe_corners)(&c->p, &g->o, g->probe))
        return false;
    quad l = b->left[row], r = b->right[row];
    quad same = g->o.order == 1 ? (quad)1e-6 : (quad)1e-3;
    return !(quad_abs(l - r) <= same * (quad_abs(l) + quad_abs(r)));
}

/* Where differences do not tell what gradc does, larger steps have a say: a table that settles to
 * nine digits on the same number is no accident. */
static gradc_verdict judge_again(Check *c, int k, const Group *g, int64_t row,
                                 gradc_verdict verdict, Numbers *v, const char **why)
{
    static const double factor[] = {30, 1e3, 3e4, 1e6};
    bool doubtful = verdict == GRADC_VERDICT_WRONG || verdict == GRADC_VERDICT_ILL_CONDITIONED;
    for (int i = 0; i < ARRAY_LEN(factor) && doubtful && !v->kink && quad_finite(v->exact); i++) {
        Numbers other = *v;
        const char *also = NULL;
        if (!probe_again(&c->p, &g->o, g->probe, row, factor[i], &other.value, &other.bound))
            break;
        quad size = quad_max(quad_abs(other.value), c->result[k].most * (quad)1e-3);
        if (!(other.bound <= (quad)1e-9 * size))
            continue;
        gradc_verdict now = judge(&c->p, &c->result[k], &other, &also);
        if (now < verdict) {
            *v = other;
            *why = also;
            return now;
        }
    }
    return verdict;
}

/* Element `index` of output k, which is element `row` along the probe's direction. */
static void add_derivative(Check *c, int k, int64_t index, const Group *g, int64_t row, Numbers v)
{
    const Probe *b = g->probe;
    const Outcome *inside = NULL;
    gradc_check_element e = {.index = index, .left = NAN, .right = NAN, .other = NAN};
    quad scale = g->o.order == 2 ? b->move[0].scale * b->move[1].scale : b->move[0].scale;
    v.kink = b->kink;
    v.value = b->kink && g->o.order == 2 ? (quad)NAN : b->value[row];
    v.bound = b->kink && g->o.order == 2 ? (quad)NAN : b->bound[row];
    v.natural = g->most / scale;
    v.at = g->at[row];
    v.unheld = g->loops.with_stop;
    e.verdict = judge(&c->p, &c->result[k], &v, &e.why);
    e.verdict = judge_again(c, k, g, row, e.verdict, &v, &e.why);
    bool doubtful = e.verdict == GRADC_VERDICT_WRONG || e.verdict == GRADC_VERDICT_ILL_CONDITIONED;
    if (doubtful && hidden_kink(c, g, row)) {
        inside = probe_inside(&c->p, &g->o, b);
        if (inside || e.verdict == GRADC_VERDICT_WRONG) {
            e.verdict = GRADC_VERDICT_KINK;
            e.why = "kink inside a loop";
        }
    }
    if (e.verdict == GRADC_VERDICT_KINK) {
        if (b->kink || inside)
            place_kink(c, b->kink ? b->kink : inside, &e);
        e.left = g->o.order == 1 ? (double)b->left[row] : NAN;
        e.right = g->o.order == 1 ? (double)b->right[row] : NAN;
    }
    e.exact = (double)v.exact;
    e.got = v.has_got ? (double)v.got : e.exact;
    e.difference = (double)v.value;
    e.bound = (double)v.bound;
    if (v.has_reverse || v.has_forward)
        e.other = (double)(v.has_reverse ? v.reverse : v.forward);
    e.error = error_of(&c->result[k], v.has_got ? v.got : v.exact, v.value);
    if (e.got == 0 && quad_abs(v.value) <= v.bound) /* a zero of the pattern, and one as far as differences tell */
        e.error = 0;
    add_element(c, e);
}

/* ---- Values ---- */

static void check_real(Check *c, int k, int64_t i, gradc_check_element *e)
{
    const Result *r = &c->result[k];
    Numbers v = {.exact = r->exact[i], .has_got = c->got != NULL};
    v.got = v.has_got ? got_real(c, k, i) : v.exact;
    e->exact = (double)v.exact;
    e->got = (double)v.got;
    bool same = v.got == v.exact || (v.got != v.got && v.exact != v.exact); /* inf or nan */
    e->verdict = same ? GRADC_VERDICT_OK : judge_got(&c->p, &c->result[k], &v, &e->why);
    e->error = same ? 0 : error_of(r, v.got, v.exact);
}

static void check_integer(Check *c, int k, int64_t i, gradc_check_element *e)
{
    int64_t exact = c->result[k].integer[i], got = c->got ? got_integer(c, k, i) : exact;
    e->exact = (double)exact;
    e->got = (double)got;
    e->error = 0;
    if (got == exact)
        return;
    e->error = NAN;
    bool rounding = result_noise(&c->p, &c->result[k]) > 0;
    e->verdict = rounding ? GRADC_VERDICT_ILL_CONDITIONED : GRADC_VERDICT_WRONG;
    e->why = rounding ? "rounding errors decide it" : "what is compiled computes another number";
}

static void check_value(Check *c, int k)
{
    for (int64_t i = 0; i < c->result[k].count; i++) {
        gradc_check_element e = {
            .index = i, .left = NAN, .right = NAN, .other = NAN, .difference = NAN, .bound = NAN};
        if (c->result[k].exact)
            check_real(c, k, i, &e);
        else
            check_integer(c, k, i, &e);
        add_element(c, e);
    }
}

/* ---- What is observed ---- */

/* The sum of the results weighted by their cotangents. */
static Node *weighted(const Check *c, int part)
{
    Graph *g = c->p.g;
    Node *sum = NULL;
    for (int i = 0; i < c->f->args.n; i++) {
        const Arg *a = &c->f->args.at[i];
        if (a->role != ARG_COTANGENT || (part >= 0 && a->of != part))
            continue;
        Node *product = pw2(g, OP_MUL, c->f->outputs.at[a->of].node, g->params.at[a->param].node);
        Node *one = reduce_all(g, OP_SUM, product);
        sum = sum ? pw2(g, OP_ADD, sum, one) : one;
    }
    return sum;
}

/* The arguments that move: all that derivatives of this kind are taken by. */
static void find_targets(Check *c, Group *g)
{
    Observed *o = &g->o;
    int n = c->f->args.n;
    bool *is = NEW_N(c->p.arena, bool, n + 1);
    for (int k = 0; k < c->f->outputs.n; k++) {
        const Output *out = &c->f->outputs.at[k];
        if (out->derived && out->kind == g->kind)
            is[out->by[0]] = is[out->by[1]] = true;
    }
    g->tangent = NEW_N(c->p.arena, quad *, n + 1);
    for (int i = 0; i < n; i++) {
        const Arg *a = &c->f->args.at[i];
        if (a->role != ARG_TANGENT)
            continue;
        is[a->of] = true;
        g->tangent[a->of] = c->p.base[i];
    }
    o->target = NEW_N(c->p.arena, int, n + 1);
    for (int i = 0; i < n; i++)
        if (is[i])
            o->target[o->ntarget++] = i;
}

static Group *group_of(Check *c, const Output *out)
{
    for (int i = 0; i < c->groups.n; i++)
        if (c->groups.at[i]->kind == out->kind && c->groups.at[i]->part == out->part)
            return c->groups.at[i];
    Point *p = &c->p;
    Group *g = NEW(p->arena, Group);
    Observed *o = &g->o;
    vec_push(p->arena, &c->groups, g);
    g->kind = out->kind;
    g->part = out->part;
    o->order =
        out->kind == DERIVE_HESSIAN || out->kind == DERIVE_HVP || out->kind == DERIVE_DIAG_HESSIAN
            ? 2
            : 1;
    o->node = out->kind == DERIVE_VJP ? weighted(c, out->part) : c->f->outputs.at[out->part].node;
    o->node = point_freeze(p, o->node);
    find_targets(c, g);
    outcomes_find(p, o->node, false, &o->outcomes);
    o->count = point_count(p, o->node);
    o->work = point_work(p, o->node);
    g->loops = point_loops(p, o->node);
    g->at = point_copy(p, o->node);
    for (int64_t i = 0; i < o->count; i++)
        g->most = quad_max(g->most, quad_abs(g->at[i]));
    modes_build(p, o, out->kind == DERIVE_JVP || out->kind == DERIVE_JACOBIAN);
    g->probe = probe_new(p, o);
    return g;
}

/* ---- One derivative ---- */

/* How the elements of an output lie over directions and rows of what is observed. */
typedef struct Layout {
    int64_t probes, rows, n[2]; /* n: elements of the arguments */
} Layout;

static Layout layout_of(const Check *c, const Output *out, const Group *g)
{
    Layout l = {1, 1, {c->p.count[out->by[0]], c->p.count[out->by[1]]}};
    if (out->kind == DERIVE_JVP || out->kind == DERIVE_JACOBIAN)
        l.rows = g->o.count;
    if (out->kind != DERIVE_JVP)
        l.probes = out->kind == DERIVE_HESSIAN ? l.n[0] * l.n[1] : l.n[0];
    return l;
}

static void set_moves(const Check *c, const Output *out, Group *g, const Layout *l, int64_t at)
{
    Move *m = g->probe->move;
    const Point *p = &c->p;
    switch (out->kind) {
    case DERIVE_JVP:
        m[0] = move_along(p, g->tangent);
        break;
    case DERIVE_HVP:
        m[0] = move_unit(p, out->by[0], at);
        m[1] = move_along(p, g->tangent);
        break;
    case DERIVE_HESSIAN:
        m[0] = move_unit(p, out->by[0], at / l->n[1]);
        m[1] = move_unit(p, out->by[1], at % l->n[1]);
        break;
    default:
        m[0] = move_unit(p, out->by[0], at);
        m[1] = m[0];
    }
}

/* Of a sparse matrix most directions of order 2 give zeros: as many again that are in its pattern. */
static int64_t choose_entries(Check *c, const Pattern *s, int64_t n, int64_t **at)
{
    int64_t most = 2 * n, m = 0, chosen = 0, k = 0;
    int64_t *all = NEW_N(c->p.arena, int64_t, most + 1);
    for (int64_t row = 0, e = 0; row < s->rows; row++)
        for (; e < s->row_start[row + 1]; e++) {
            bool here = random_unit(&c->random) * (double)(s->count - e) < (double)(n - chosen);
            int64_t i = row * s->columns + s->column[e];
            for (; here && k < n && (*at)[k] <= i; k++)
                if ((*at)[k] < i)
                    all[m++] = (*at)[k];
            if (here)
                all[m++] = i;
            chosen += here;
        }
    for (; k < n; k++)
        all[m++] = (*at)[k];
    *at = all;
    return m;
}

/* Directions that are looked at, in ascending order: all, or the first, the last and some between.
 */
static int64_t choose(Check *c, const Output *of, const Group *g, const Layout *l, int64_t **out)
{
    enum { WORK = 2000000, LEAST = 2 }; /* about half a second */
    double each = g->o.work * (g->o.order == 2 ? 10 : 6);
    int64_t most = c->options.elements, n = 0;
    if (most == 0)
        most = WORK / each > (double)l->probes ? l->probes : (int64_t)(WORK / each);
    if (c->options.elements == 0 && most < LEAST)
        most = LEAST;
    if (most < 0 || most > l->probes)
        most = l->probes;
    *out = NEW_N(c->p.arena, int64_t, most + 1);
    for (int64_t i = 0; i < l->probes && n < most; i++) /* Knuth's algorithm S */
        if (random_unit(&c->random) * (double)(l->probes - i) < (double)(most - n))
            (*out)[n++] = i;
    return of->sparse && g->o.order == 2 && n < l->probes ? choose_entries(c, of->sparse, n, out) : n;
}

enum { MATRIX_MOST = 1 << 22 }; /* elements of a sparse matrix that is written out */

/* By reverse mode, for what forward mode may have given: all rows that work allows. NULL: none. */
static quad *reverse_rows(Check *c, const Output *out, const Group *g, const Layout *l,
                          int64_t most)
{
    Point *p = &c->p;
    int64_t n = out->kind == DERIVE_JVP ? 1 : l->n[0], which = 0;
    bool large = out->sparse && (double)l->rows * (double)n > MATRIX_MOST;
    if ((out->kind != DERIVE_JVP && out->kind != DERIVE_JACOBIAN) || !g->o.reverse || large)
        return NULL;
    quad *r = NEW_N(p->arena, quad, l->rows * n + 1);
    while (out->kind == DERIVE_JACOBIAN && g->o.target[which] != out->by[0])
        which++;
    for (int64_t i = 0; i < l->rows; i++) {
        bool there = i < most && modes_reverse(p, &g->o, i);
        for (int64_t j = 0; j < n && !there; j++)
            r[i * n + j] = (quad)INFINITY; /* not known */
        if (there && out->kind == DERIVE_JACOBIAN)
            memcpy(r + i * n, interp128_real(p->run, g->o.reverse[which]), sizeof *r * (size_t)n);
        for (int t = 0; there && out->kind == DERIVE_JVP && t < g->o.ntarget; t++) {
            const quad *grad = interp128_real(p->run, g->o.reverse[t]);
            const quad *v = g->tangent[g->o.target[t]];
            for (int64_t j = 0; v && j < p->count[g->o.target[t]]; j++)
                r[i] += grad[j] * v[j];
        }
    }
    return r;
}

static bool probe_elements(Check *c, int k, Group *g, const Layout *l, int64_t at,
                           const quad *reverse)
{
    const Output *out = &c->f->outputs.at[k];
    set_moves(c, out, g, l, at);
    if (!probe_run(&c->p, &g->o, g->probe))
        return false;
    const quad *forward = modes_forward(&c->p, &g->o, g->probe);
    for (int64_t row = 0; row < l->rows; row++) {
        int64_t i = out->kind == DERIVE_JACOBIAN ? row * l->probes + at : l->rows > 1 ? row : at;
        Numbers v = {.exact = exact_element(c, k, i), .has_got = c->got != NULL};
        v.got = v.has_got ? got_element(c, k, i) : 0;
        v.has_forward = forward != NULL;
        v.forward = forward ? forward[row] : 0;
        v.has_reverse = reverse && reverse[i] != (quad)INFINITY;
        v.reverse = v.has_reverse ? reverse[i] : 0;
        add_derivative(c, k, i, g, row, v);
    }
    return true;
}

/* Where not all directions were looked at: their sum with random signs, of order 1. */
static bool probe_whole(Check *c, int k, Group *g, const Layout *l)
{
    const Output *out = &c->f->outputs.at[k];
    Point *p = &c->p;
    quad **along = NEW_N(p->arena, quad *, c->f->args.n + 1);
    quad *v = along[out->by[0]] = NEW_N(p->arena, quad, l->n[0] + 1);
    for (int64_t i = 0; i < l->n[0]; i++)
        v[i] = random_unit(&c->random) < 0.5 ? -1 : 1;
    g->probe->move[0] = move_along(p, along);
    if (!probe_run(p, &g->o, g->probe))
        return false;
    for (int64_t row = 0; row < l->rows; row++) {
        Numbers n = {.has_got = c->got != NULL, .terms = l->n[0]};
        int64_t first = out->sparse ? out->sparse->row_start[row] : row * l->n[0];
        int64_t count = out->sparse ? out->sparse->row_start[row + 1] - first : l->n[0];
        for (int64_t e = first; e < first + count; e++) {
            quad by = v[out->sparse ? out->sparse->column[e] : e - first];
            n.exact += by * c->result[k].exact[e];
            if (n.has_got)
                n.got += by * got_real(c, k, e);
        }
        add_derivative(c, k, -1, g, row, n);
    }
    return true;
}

static bool check_derivative(Check *c, int k)
{
    const Output *out = &c->f->outputs.at[k];
    Group *g = group_of(c, out);
    Layout l = layout_of(c, out, g);
    int64_t *at, n = choose(c, out, g, &l, &at);
    bool fine = !c->p.error;
    if (out->kind >= DERIVE_TAYLOR || size_of(c, k) != l.probes * l.rows) {
        c->p.error = arena_printf(c->p.arena, "%s is of a form that cannot be checked", out->name);
        return false;
    }
    const quad *reverse = fine ? reverse_rows(c, out, g, &l, l.probes == n ? l.rows : n) : NULL;
    for (int64_t i = 0; i < n && fine; i++)
        fine = probe_elements(c, k, g, &l, at[i], reverse);
    bool linear =
        out->kind == DERIVE_GRAD || out->kind == DERIVE_VJP || out->kind == DERIVE_JACOBIAN;
    if (fine && n < l.probes && linear)
        fine = probe_whole(c, k, g, &l);
    return fine && !c->p.error;
}

/* ---- A function ---- */

/* All outputs in quad precision. */
static bool evaluate(Check *c)
{
    const Function *f = c->f;
    Arena *a = c->p.arena;
    Node **root = NEW_N(a, Node *, f->outputs.n + 1);
    for (int k = 0; k < f->outputs.n; k++)
        root[k] = f->outputs.at[k].node;
    if (!point_run(&c->p, f->outputs.n, root, 0, NULL, 0, NULL))
        return false;
    c->result = NEW_N(a, Result, f->outputs.n + 1);
    for (int k = 0; k < f->outputs.n; k++) {
        Result *r = &c->result[k];
        r->node = root[k];
        r->count = point_count(&c->p, root[k]);
        if (dtype_is_real((Dtype)root[k]->dtype)) {
            r->exact = point_copy(&c->p, root[k]);
            for (int64_t i = 0; i < r->count; i++)
                if (quad_finite(r->exact[i]))
                    r->most = quad_max(r->most, quad_abs(r->exact[i]));
        } else {
            r->integer = NEW_N(a, int64_t, r->count + 1);
            memcpy(r->integer, interp128_integer(c->p.run, root[k]),
                   sizeof *r->integer * (size_t)r->count);
        }
    }
    return true;
}

static void close_output(Check *c, int k)
{
    gradc_check_output *o = &c->output[k];
    *o = (gradc_check_output){.argument = c->f->args.n + c->f->sizes.n + k,
                              .derivative = c->f->outputs.at[k].derived,
                              .size = size_of(c, k),
                              .count = c->elements.n,
                              .element = c->elements.at};
    for (int64_t i = 0; i < o->count; i++) {
        const gradc_check_element *e = &o->element[i];
        o->verdict = e->verdict > o->verdict ? e->verdict : o->verdict;
        if (e->verdict != GRADC_VERDICT_KINK && e->verdict != GRADC_VERDICT_UNDEFINED &&
            !(e->error <= o->error))
            o->error = e->error;
    }
    c->elements.at = NULL;
    c->elements.n = c->elements.cap = 0;
}

/* NULL, or why not. */
static const char *run(Check *c, Report *r)
{
    Arena *a = r->arena;
    point_open(&c->p);
    if (!evaluate(c))
        return c->p.error;
    c->output = NEW_N(a, gradc_check_output, c->f->outputs.n + 1);
    for (int k = 0; k < c->f->outputs.n; k++) {
        bool fine = true;
        if (c->f->outputs.at[k].derived)
            fine = check_derivative(c, k);
        else
            check_value(c, k);
        if (!fine)
            return c->p.error;
        close_output(c, k);
    }
    r->shown.noutput = c->f->outputs.n;
    r->shown.output = c->output;
    return NULL;
}

/* What the module computes, in the arena. NULL where it cannot. */
static void *const *call(const gradc *g, const gradc_module *m, int function, void *const *in,
                         const int64_t *sizes, Report *r)
{
    gradc_function info = gradc_get_function(g, function);
    void **out = NEW_N(r->arena, void *, info.noutput + 1);
    for (int k = 0; k < info.noutput; k++) {
        int i = info.ninput + info.nsize + k;
        int64_t count = gradc_get_shape(g, function, i, sizes, NULL);
        size_t bytes = gradc_type_bytes(gradc_get_argument(g, function, i).type);
        if (count < 0)
            return NULL;
        out[k] = arena_alloc(r->arena, (size_t)count * bytes + 1);
    }
    void *work = arena_alloc(r->arena, gradc_workspace(m, function, in, sizes) + 1);
    int status = gradc_call(m, function, in, sizes, out, work);
    if (status == GRADC_CALL_OK)
        return out;
    r->failure = status == GRADC_CALL_BOUNDS ? "an index is out of range" : "the function fails";
    return NULL;
}

/* A training step overwrites its arguments. */
static bool updates(const Function *f)
{
    return f->outputs.n && f->outputs.at[f->outputs.n - 1].updates;
}

static Report *new_report(const gradc *g)
{
    Allocator al = g->allocator;
    Report *r = al.alloc(al.user, sizeof *r);
    if (!r)
        return NULL;
    *r = (Report){.allocator = al, .arena = arena_new(al)};
    if (r->arena)
        return r;
    al.free(al.user, r);
    return NULL;
}

static void check(gradc *g, const gradc_module *m, int function, void *const *in,
                  const int64_t *sizes, const gradc_check_options *options, Report *r)
{
    jmp_buf recover;
    if (setjmp(recover)) {
        r->failure = "out of memory";
    } else {
        arena_recover(r->arena, &recover);
        arena_recover(g->c.arena, &recover); /* nodes are made there */
        Check *c = NEW(r->arena, Check);
        c->f = g->c.shown->functions.at[function];
        if (options)
            c->options = *options;
        c->random = c->options.seed;
        c->p = (Point){.arena = r->arena,
                       .scratch = &r->scratch,
                       .allocator = g->allocator,
                       .recover = &recover,
                       .g = c->f->graph,
                       .f = c->f,
                       .sizes = sizes,
                       .in = in};
        c->got = m ? call(g, m, function, in, sizes, r) : NULL;
        if (!r->failure)
            r->failure = run(c, r);
    }
    arena_recover(g->c.arena, NULL);
    arena_recover(r->arena, NULL);
    arena_free(r->scratch);
    r->scratch = NULL;
}

gradc_report *gradc_check(gradc *g, const gradc_module *m, int function, void *const *in,
                          const int64_t *sizes, const gradc_check_options *options,
                          gradc_error *error)
{
    if (function < 0 || function >= gradc_function_count(g)) {
        error_set(error, GRADC_USAGE_ERROR, "there is no such function");
        return NULL;
    }
    if (updates(g->c.shown->functions.at[function])) {
        error_set(error, GRADC_USAGE_ERROR, "it writes to its arguments");
        return NULL;
    }
    Report *r = new_report(g);
    if (r)
        check(g, m, function, in, sizes, options, r);
    if (r && !r->failure)
        return &r->shown;
    bool memory = !r || !strcmp(r->failure, "out of memory");
    error_set(error, memory ? GRADC_SYSTEM_ERROR : GRADC_USAGE_ERROR, "%s",
              r ? r->failure : "out of memory");
    gradc_report_free(r ? &r->shown : NULL);
    return NULL;
}

void gradc_report_free(gradc_report *shown)
{
    Report *r = (Report *)shown; /* its first member */
    if (!r)
        return;
    Allocator al = r->allocator;
    arena_free(r->arena);
    al.free(al.user, r);
}
