/* show_expr.c - one operation as an expression of the language.
 *
 * What is written must elaborate to the same operation in the same element type. Types are said
 * at the leaves: parameters, arrays and fills carry theirs, everything computed from them follows,
 * and a literal adapts to what stands beside it; only where literals stand alone is one wrapped,
 * as in exp(f64(2)). */
#include "show_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE = 96 };

static void set(Show *s, const Node *n, int prec, const char *text)
{
    s->text[n->id] = text;
    s->prec[n->id] = (uint8_t)prec;
}

static const char *at_least(Show *s, const Node *n, int prec)
{
    const char *t = s->text[n->id];
    return s->prec[n->id] < prec ? arena_printf(s->arena, "(%s)", t) : t;
}

/* The name of a builtin; sum_ where the model's own sum hides it. */
static const char *show_word(const Show *s, const char *word)
{
    for (int i = 0; i < s->nhidden; i++)
        if (!strcmp(s->hidden[i], word))
            return arena_printf(s->arena, "%s_", word);
    return word;
}

/* ---- Leaves ---- */

/* Enough digits that the language's double, rounded to the type, is the number. */
static const char *real_text(Arena *a, double v, bool single)
{
    char t[64];
    if (isnan(v))
        return "nan";
    if (isinf(v))
        return v < 0 ? "-inf" : "inf";
    for (int digits = single ? 6 : 15; digits <= 17; digits++) {
        snprintf(t, sizeof t, "%.*g", digits, v);
        double back = strtod(t, NULL);
        if (single ? (float)back == (float)v : back == v)
            break;
    }
    for (char *c = t; *c; c++)
        if (*c == ',') /* a host's locale must not change the text */
            *c = '.';
    return arena_printf(a, "%s%s", t, v == 0 && signbit(v) ? ".0" : "");
}

const char *show_number(Arena *a, Dtype t, double real, int64_t integer)
{
    if (dtype_is_real(t))
        return real_text(a, real, t == T_F32);
    if (t == T_BOOL)
        return integer ? "true" : "false";
    if (integer == INT64_MIN) /* no literal has this value */
        return "i64(-9223372036854775808.0)";
    return arena_printf(a, "%lld", (long long)integer);
}

static void show_const(Show *s, const Node *n)
{
    const char *t = show_number(s->arena, (Dtype)n->dtype, const_value(n),
                                dtype_is_real((Dtype)n->dtype) ? 0 : const_integer(n));
    set(s, n, *t == '-' ? DG_UNARY : DG_ATOM, t);
}

/* A literal of a bool or an i64 is one wherever it stands. */
static bool adapts(const Show *s, const Node *n)
{
    return n->op == OP_CONST && n->dtype != T_BOOL && n->dtype != T_I64 && !s->typed[n->id];
}

const char *show_typed(Show *s, Node *n)
{
    if (!adapts(s, n))
        return s->text[n->id];
    return arena_printf(s->arena, "%s(%s)", dtype_name((Dtype)n->dtype), s->text[n->id]);
}

/* Operands that share an element type: a literal beside another operand takes it from there. */
static const char *operand(Show *s, const Node *n, int i, int from, int to, int prec)
{
    bool alone = i == from;
    for (int k = from; k < to; k++)
        alone &= n->in[k]->op == OP_CONST;
    if (alone && adapts(s, n->in[i]))
        return show_typed(s, n->in[i]);
    return at_least(s, n->in[i], prec);
}

const char *show_size(Show *s, const Size *z, int *prec)
{
    Text t = {.arena = s->arena};
    size_print(s->g->sizes, z, &t);
    *prec = DG_ADD;
    if (z->den != 1) { /* the quotient of integers is a real to the language */
        *prec = DG_ATOM;
        return arena_printf(s->arena, "i64(%s)", t.s);
    }
    if (z->n == 0 || (z->n == 1 && z->term[0].coef >= 0 &&
                      (z->term[0].n == 0 || (z->term[0].n == 1 && z->term[0].coef == 1))))
        *prec = DG_ATOM;
    else if (z->n == 1 && z->term[0].coef > 0)
        *prec = DG_MUL;
    return t.s;
}

static const char *plain_size(Show *s, const Size *z)
{
    Text t = {.arena = s->arena};
    size_print(s->g->sizes, z, &t);
    return t.s;
}

/* `n`, `(n, 3)`, `()`. */
static const char *size_list(Show *s, int n, const Size *const *z)
{
    if (n == 1)
        return plain_size(s, z[0]);
    Text t = {.arena = s->arena};
    text_put(&t, "(");
    for (int i = 0; i < n; i++) {
        text_put(&t, i ? ", " : "");
        size_print(s->g->sizes, z[i], &t);
    }
    text_put(&t, ")");
    return t.s;
}

static const char *int_list(Show *s, int n, const int64_t *v, int stride)
{
    Text t = {.arena = s->arena};
    text_put(&t, n == 1 ? "" : "(");
    for (int i = 0; i < n; i++)
        text_printf(&t, "%s%lld", i ? ", " : "", (long long)v[i * stride]);
    text_put(&t, n == 1 ? "" : ")");
    return t.s;
}

/* ---- Arrays ---- */

typedef struct ListWriter {
    Show *s;
    const Array *a;
    Shape shape;
    Text text;
    size_t line; /* where the present line began */
    int64_t next;
} ListWriter;

static void put_list(ListWriter *w, int axis)
{
    int64_t n = w->shape.dim[axis]->value;
    text_put(&w->text, "[");
    for (int64_t i = 0; i < n; i++) {
        text_put(&w->text, i ? "," : "");
        bool row = axis + 1 < w->shape.rank;
        if (i && w->text.n - w->line > (row ? LINE / 2 : LINE - 26)) {
            text_put(&w->text, "\n        ");
            w->line = w->text.n - 8;
        } else if (i) {
            text_put(&w->text, " ");
        }
        if (row) {
            put_list(w, axis + 1);
        } else {
            int64_t k = w->next++;
            bool real = dtype_is_real(w->a->dtype);
            text_put(&w->text, show_number(w->s->arena, w->a->dtype, real ? w->a->real[k] : 0,
                                           real ? 0 : w->a->integer[k]));
        }
    }
    text_put(&w->text, "]");
}

static void show_array(Show *s, const Node *n)
{
    const char *type = dtype_name((Dtype)n->dtype);
    s->typed[n->id] = true;
    ListWriter w = {
        .s = s, .a = &s->g->arrays.at[n->attr[0]], .shape = n->shape, .text = {.arena = s->arena}};
    if (!w.a->count) { /* there is no empty list */
        set(s, n, DG_ATOM,
            arena_printf(s->arena, "%s(%s, dtype=%s)", show_word(s, "zeros"),
                         size_list(s, n->shape.rank, n->shape.dim), type));
        return;
    }
    put_list(&w, 0);
    set(s, n, DG_ATOM,
        n->dtype == T_BOOL ? w.text.s : arena_printf(s->arena, "%s(%s)", type, w.text.s));
}

/* ---- Pointwise ---- */

typedef struct Operator {
    Op op;
    const char *text;
    uint8_t prec, left, right;
} Operator;

/* A right operand that begins with a minus gets parentheses, though the grammar needs none. */
static const Operator operators[] = {
    {OP_ADD, "+", DG_ADD, DG_ADD, DG_MUL},     {OP_SUB, "-", DG_ADD, DG_ADD, DG_MUL},
    {OP_MUL, "*", DG_MUL, DG_MUL, DG_POWER},   {OP_SCALE, "*", DG_MUL, DG_MUL, DG_POWER},
    {OP_DIV, "/", DG_MUL, DG_MUL, DG_POWER},   {OP_FLOORDIV, "//", DG_MUL, DG_MUL, DG_POWER},
    {OP_MOD, "%", DG_MUL, DG_MUL, DG_POWER},   {OP_LT, "<", DG_COMPARE, DG_ADD, DG_ADD},
    {OP_LE, "<=", DG_COMPARE, DG_ADD, DG_ADD}, {OP_GT, ">", DG_COMPARE, DG_ADD, DG_ADD},
    {OP_GE, ">=", DG_COMPARE, DG_ADD, DG_ADD}, {OP_EQ, "==", DG_COMPARE, DG_ADD, DG_ADD},
    {OP_NE, "!=", DG_COMPARE, DG_ADD, DG_ADD}, {OP_AND, "and", DG_AND, DG_AND, DG_NOT},
    {OP_OR, "or", DG_OR, DG_OR, DG_AND}};

static void show_call(Show *s, const Node *n, const char *name)
{
    Text t = {.arena = s->arena};
    text_printf(&t, "%s(", show_word(s, name));
    for (int i = 0; i < n->nin; i++)
        text_printf(&t, "%s%s", i ? ", " : "", operand(s, n, i, 0, n->nin, DG_COND));
    text_put(&t, ")");
    set(s, n, DG_ATOM, t.s);
}

static void show_power(Show *s, const Node *n)
{
    const Node *b = n->in[1];
    const char *by = operand(s, n, 1, 0, 2, DG_UNARY);
    set(s, n, DG_POWER,
        arena_printf(s->arena, "%s^%s", operand(s, n, 0, 0, 2, DG_ATOM),
                     b->op == OP_CONST || s->prec[b->id] == DG_ATOM ? by
                                                                    : at_least(s, b, DG_ATOM)));
}

static void show_pointwise(Show *s, Node *n)
{
    Arena *a = s->arena;
    switch ((Op)n->op) {
    case OP_NEG:
        set(s, n, DG_UNARY, arena_printf(a, "-%s", operand(s, n, 0, 0, 1, DG_POWER)));
        return;
    case OP_NOT:
        set(s, n, DG_NOT, arena_printf(a, "not %s", at_least(s, n->in[0], DG_ADD)));
        return;
    case OP_POW:
        show_power(s, n);
        return;
    case OP_SELECT:
        set(s, n, DG_COND,
            arena_printf(a, "%s ? %s : %s", at_least(s, n->in[0], DG_OR),
                         operand(s, n, 1, 1, 3, DG_OR), operand(s, n, 2, 1, 3, DG_COND)));
        return;
    case OP_CAST:
        s->typed[n->id] = true;
        set(s, n, DG_ATOM,
            arena_printf(a, "%s(%s)", dtype_name((Dtype)n->dtype), show_typed(s, n->in[0])));
        return;
    case OP_POLYGAMMA: {
        double order = 0;
        node_uniform(n->in[0], &order);
        set(s, n, DG_ATOM,
            arena_printf(a, "%s(%.0f, %s)", show_word(s, "polygamma"), order,
                         operand(s, n, 1, 1, 2, DG_COND)));
        return;
    }
    default:
        break;
    }
    for (int i = 0; i < ARRAY_LEN(operators); i++) {
        const Operator *o = &operators[i];
        if (o->op == n->op) {
            set(s, n, o->prec,
                arena_printf(a, "%s %s %s", operand(s, n, 0, 0, 2, o->left), o->text,
                             operand(s, n, 1, 0, 2, o->right)));
            return;
        }
    }
    show_call(s, n, op_info(n)->name);
}

/* ---- Reductions ---- */

static const char *reduction_name(const Node *n)
{
    return n->op == OP_MAXR ? "max" : n->op == OP_MINR ? "min" : op_info(n)->name;
}

static void put_reduction(Show *s, const Node *at, const Node *n, bool keep)
{
    Text t = {.arena = s->arena};
    text_printf(&t, "%s(%s", show_word(s, reduction_name(n)), show_typed(s, n->in[0]));
    if (n->nattr < n->in[0]->shape.rank)
        text_printf(&t, ", axis=%s", int_list(s, n->nattr, n->attr, 1));
    text_put(&t, keep ? ", keep=true)" : ")");
    set(s, at, DG_ATOM, t.s);
}

/* The reshape puts size-1 axes back where the reduction dropped its own. */
static bool keeps_axes(const Node *r, const Node *n)
{
    if (op_info(n)->family != F_REDUCE || r->shape.rank != n->in[0]->shape.rank)
        return false;
    Shape whole = n->in[0]->shape;
    for (int i = 0; i < whole.rank; i++) {
        const Size *d = r->shape.dim[i];
        if (reduces_axis(n, i) ? !d->is_const || d->value != 1 : d != whole.dim[i])
            return false;
    }
    return true;
}

/* ---- Movement ---- */

/* A slice that `x[2:5, :, 3]` says. drop[i]: the axis is a point, to be dropped. */
static const char *index_text(Show *s, const Node *n, const bool *drop)
{
    Text t = {.arena = s->arena};
    Shape whole = n->in[0]->shape;
    int last = -1;
    text_put(&t, "");
    for (int i = 0; i < whole.rank; i++) {
        const Size *from = move_start(s->g, n, i), *len = n->shape.dim[i],
                   *end = size_add(s->g->sizes, from, len);
        bool all = !from->n && len == whole.dim[i] && move_step(n, i) == 1;
        bool some = !len->is_const || len->value > 0;
        bool points =
            from->den == 1 && end->den == 1 && !(from->is_const && from->value < 0) && some;
        if (!all && (!points || (!drop[i] && move_step(n, i) != 1)))
            return NULL;
        text_put(&t, i ? ", " : "");
        if (drop[i]) {
            size_print(s->g->sizes, from, &t);
        } else if (all) {
            text_put(&t, ":");
        } else {
            if (from->n)
                size_print(s->g->sizes, from, &t);
            text_put(&t, ":");
            if (end != whole.dim[i])
                size_print(s->g->sizes, end, &t);
        }
        if (drop[i] || !all)
            last = (int)t.n;
    }
    if (last < 0)
        return NULL;
    return arena_printf(s->arena, "%s[%.*s]", at_least(s, n->in[0], DG_ATOM), last, t.s);
}

/* Which axes of size 1 a reshape takes away, leaving the others in order; false where it does
 * more. Axes that were longer before the slice come first. */
static bool dropped_axes(Shape from, Shape to, const Node *sliced, bool *drop)
{
    int count = from.rank - to.rank, k = 0;
    for (int i = 0; i < from.rank; i++)
        drop[i] = false;
    if (count <= 0)
        return false;
    for (int pass = sliced ? 0 : 1; pass < 2 && count; pass++)
        for (int i = 0; i < from.rank && count; i++) {
            bool one = from.dim[i]->is_const && from.dim[i]->value == 1;
            bool was = pass || sliced->in[0]->shape.dim[i] != from.dim[i];
            if (one && was && !drop[i]) {
                drop[i] = true;
                count--;
            }
        }
    for (int i = 0; i < from.rank; i++)
        if (!drop[i] && (k >= to.rank || to.dim[k++] != from.dim[i]))
            return false;
    return !count && k == to.rank;
}

static const char *axis_list(Show *s, int rank, const bool *has)
{
    int64_t axes[MAX_RANK];
    int n = 0;
    for (int i = 0; i < rank; i++)
        if (has[i])
            axes[n++] = i;
    return int_list(s, n, axes, 1);
}

bool show_fused(Show *s, const Node *reader, const Node *inner)
{
    bool drop[MAX_RANK];
    if (reader->op != OP_RESHAPE)
        return false;
    if (inner->op == OP_SLICE)
        return dropped_axes(inner->shape, reader->shape, inner, drop) && index_text(s, inner, drop);
    return keeps_axes(reader, inner);
}

static void show_reshape(Show *s, Node *n)
{
    Node *x = n->in[0];
    bool axes[MAX_RANK];
    Arena *a = s->arena;
    if (s->single[x->id] && show_fused(s, n, x)) {
        if (x->op != OP_SLICE) {
            put_reduction(s, n, x, true);
            return;
        }
        dropped_axes(x->shape, n->shape, x, axes);
        set(s, n, DG_ATOM, index_text(s, x, axes));
    } else if (dropped_axes(x->shape, n->shape, NULL, axes)) {
        set(s, n, DG_ATOM,
            arena_printf(a, "%s(%s, axis=%s)", show_word(s, "squeeze"), show_typed(s, x),
                         axis_list(s, x->shape.rank, axes)));
    } else if (dropped_axes(n->shape, x->shape, NULL, axes)) {
        set(s, n, DG_ATOM,
            arena_printf(a, "%s(%s, %s)", show_word(s, "expand"), show_typed(s, x),
                         axis_list(s, n->shape.rank, axes)));
    } else {
        set(s, n, DG_ATOM,
            arena_printf(a, "%s(%s, %s)", show_word(s, "reshape"), show_typed(s, x),
                         size_list(s, n->shape.rank, n->shape.dim)));
    }
}

static void show_permute(Show *s, const Node *n)
{
    int rank = n->shape.rank;
    bool last_two = rank >= 2 && n->attr[rank - 1] == rank - 2 && n->attr[rank - 2] == rank - 1;
    for (int i = 0; i + 2 < rank; i++)
        last_two &= n->attr[i] == i;
    if (last_two)
        set(s, n, DG_ATOM, arena_printf(s->arena, "%s'", at_least(s, n->in[0], DG_ATOM)));
    else
        set(s, n, DG_ATOM,
            arena_printf(s->arena, "%s(%s, %s)", show_word(s, "transpose"), s->text[n->in[0]->id],
                         int_list(s, rank, n->attr, 1)));
}

static void show_expand(Show *s, const Node *n)
{
    Node *x = n->in[0];
    const char *shape = size_list(s, n->shape.rank, n->shape.dim),
               *type = dtype_name((Dtype)n->dtype);
    if (x->op != OP_CONST) {
        set(s, n, DG_ATOM,
            arena_printf(s->arena, "%s(%s, %s)", show_word(s, "broadcast_to"), s->text[x->id],
                         shape));
        return;
    }
    s->typed[n->id] = true;
    if (node_is_value(x, 0) || node_is_value(x, 1))
        set(s, n, DG_ATOM,
            arena_printf(s->arena, "%s(%s, dtype=%s)",
                         show_word(s, const_value(x) == 0 ? "zeros" : "ones"), shape, type));
    else
        set(s, n, DG_ATOM,
            arena_printf(s->arena, "%s(%s, %s, dtype=%s)", show_word(s, "full"), shape,
                         s->text[x->id], type));
}

static void show_slice(Show *s, const Node *n)
{
    bool none[MAX_RANK] = {false};
    int rank = n->shape.rank;
    const char *text = n->op == OP_SLICE ? index_text(s, n, none) : NULL;
    if (text) {
        set(s, n, DG_ATOM, text);
        return;
    }
    const Size *start[MAX_RANK] = {0};
    for (int i = 0; i < rank; i++)
        start[i] = move_start(s->g, n, i);
    const char *x = show_typed(s, n->in[0]), *from = size_list(s, rank, start),
               *by = int_list(s, rank, n->attr + 1, 2);
    const char *shape = size_list(s, rank, n->shape.dim);
    set(s, n, DG_ATOM,
        n->op == OP_SLICE ? arena_printf(s->arena, "%s(%s, %s, %s, %s)", show_word(s, "slice"), x,
                                         from, by, shape)
                          : arena_printf(s->arena, "%s(%s, %s, %s, %s)", show_word(s, "embed"), x,
                                         shape, from, by));
}

/* A part of a concatenation as an element of `[a, b, c]`, which stacks along a new first axis:
 * without that axis. NULL where it cannot be said. */
static const char *element_text(Show *s, const Node *part)
{
    Node *x = part->nin ? part->in[0] : NULL;
    if (!s->single[part->id] || !part->shape.rank)
        return NULL;
    Shape rest = {.rank = part->shape.rank - 1, .dim = part->shape.dim + 1};
    if (part->op == OP_EXPAND && x->op == OP_CONST && !rest.rank)
        return s->text[x->id];
    if (part->op == OP_RESHAPE && shape_equal(x->shape, rest))
        return show_typed(s, x);
    bool drop[MAX_RANK] = {true};
    return part->op == OP_SLICE ? index_text(s, part, drop) : NULL;
}

static const char *list_text(Show *s, const Node *n)
{
    Text t = {.arena = s->arena};
    bool literal = true;
    for (int i = 0; i < n->nin; i++) {
        const Node *part = n->in[i];
        const Size *d = part->shape.dim[0];
        const char *e =
            n->attr[0] == 0 && d->is_const && d->value == 1 ? element_text(s, part) : NULL;
        if (!e)
            return NULL;
        literal &= part->op == OP_EXPAND;
        text_printf(&t, "%s%s", i ? ", " : "[", e);
    }
    text_put(&t, "]");
    return literal ? NULL : t.s;
}

static void show_concat(Show *s, const Node *n)
{
    const char *list = list_text(s, n);
    if (list) {
        set(s, n, DG_ATOM, list);
        return;
    }
    Text t = {.arena = s->arena};
    text_printf(&t, "%s((", show_word(s, "concat"));
    for (int i = 0; i < n->nin; i++)
        text_printf(&t, "%s%s", i ? ", " : "", s->text[n->in[i]->id]);
    text_printf(&t, "), axis=%d)", (int)n->attr[0]);
    set(s, n, DG_ATOM, t.s);
}

/* ---- Indexing ---- */

/* `x[i, j]` means the gather where the first axes are indexed by what is no size. */
static bool reads_as_index(const Show *s, const Node *n)
{
    for (int k = 0; k < n->nattr; k++) {
        const Node *i = n->in[k + 1];
        if (n->attr[k] != k || i->op == OP_ARRAY || node_size(s->g, i))
            return false;
    }
    const Size *d = n->in[0]->shape.dim[0];
    return !d->is_const || d->value;
}

static void show_indexing(Show *s, const Node *n)
{
    Text t = {.arena = s->arena};
    bool gather = n->op == OP_GATHER, index = gather && reads_as_index(s, n), leading = true;
    if (index)
        text_printf(&t, "%s[", at_least(s, n->in[0], DG_ATOM));
    else
        text_printf(&t, "%s(%s, ", show_word(s, op_info(n)->name), show_typed(s, n->in[0]));
    if (!gather)
        text_printf(&t, "%s, ", size_list(s, n->shape.rank, n->shape.dim));
    for (int k = 0; k < n->nattr; k++) {
        text_printf(&t, "%s%s", k ? ", " : "", show_typed(s, n->in[k + 1]));
        leading &= n->attr[k] == k;
    }
    if (!leading)
        text_printf(&t, ", axes=%s", int_list(s, n->nattr, n->attr, 1));
    text_put(&t, index ? "]" : ")");
    set(s, n, DG_ATOM, t.s);
}

/* ---- Contraction ---- */

/* The labels that `a @ b` would have, in the numbering of contract(). */
static bool is_matmul(const Node *n)
{
    int ra = n->in[0]->shape.rank, rb = n->in[1]->shape.rank, rank = n->shape.rank, at = 0,
        known = 0;
    int want[3 * MAX_RANK], number[MAX_RANK + 3];
    enum { K = MAX_RANK, I, J };
    if (!ra || !rb)
        return false;
    int ba = ra > 2 ? ra - 2 : 0, bb = rb > 2 ? rb - 2 : 0, batch = ba > bb ? ba : bb;
    if (rank != batch + (ra > 1) + (rb > 1))
        return false;
    for (int i = 0; i < ra; i++)
        want[at++] = i < ba ? batch - ba + i : i == ra - 1 ? K : I;
    for (int i = 0; i < rb; i++)
        want[at++] = i < bb ? batch - bb + i : i == bb ? K : J;
    for (int i = 0; i < batch; i++)
        want[at++] = i;
    if (ra > 1)
        want[at++] = I;
    if (rb > 1)
        want[at++] = J;
    for (int i = 0; i < MAX_RANK + 3; i++)
        number[i] = -1;
    for (int i = 0; i < at; i++) {
        if (number[want[i]] < 0)
            number[want[i]] = known++;
        if (n->attr[i] != number[want[i]])
            return false;
    }
    return true;
}

static void show_contract(Show *s, const Node *n)
{
    static const char letters[] = "ijklmnopqrstuvwxyzabcdefghIJKLMNOPQRSTUVWXYZABCDEFGH";
    if (is_matmul(n)) {
        set(s, n, DG_MUL,
            arena_printf(s->arena, "%s @ %s", operand(s, n, 0, 0, 2, DG_MUL),
                         operand(s, n, 1, 0, 2, DG_POWER)));
        return;
    }
    Text t = {.arena = s->arena};
    int end[2] = {n->in[0]->shape.rank, n->in[0]->shape.rank + n->in[1]->shape.rank};
    text_printf(&t, "%s(\"", show_word(s, "einsum"));
    for (int i = 0; i <= n->nattr; i++) {
        text_put(&t, i == end[0] ? "," : "");
        text_put(&t, i == end[1] ? "->" : "");
        if (i < n->nattr)
            text_putn(&t, &letters[n->attr[i]], 1);
    }
    text_printf(&t, "\", %s, %s)", operand(s, n, 0, 0, 2, DG_COND),
                operand(s, n, 1, 0, 2, DG_COND));
    set(s, n, DG_ATOM, t.s);
}

/* ---- Scans and linear algebra ---- */

static void show_other(Show *s, const Node *n)
{
    Text t = {.arena = s->arena};
    int nin = n->op == OP_CHECKPOINT ? 1 : n->nin; /* what it is made from it names itself */
    if (n->op == OP_AGAIN || n->op == OP_OWN) { /* the order of computation has no words */
        set(s, n, s->prec[n->in[0]->id], s->text[n->in[0]->id]);
        return;
    }
    text_printf(&t, "%s(", show_word(s, op_info(n)->name));
    for (int i = 0; i < nin; i++)
        text_printf(&t, "%s%s", i ? ", " : "", operand(s, n, i, 0, nin, DG_COND));
    if (op_info(n)->family == F_SCAN)
        text_printf(&t, ", axis=%d%s", (int)n->attr[0], n->attr[1] ? ", reverse=true" : "");
    if (n->op == OP_EXPM && n->attr[0] > 1)
        text_printf(&t, ", blocks=%d", (int)n->attr[0]);
    if (n->op == OP_TRISOLVE)
        text_printf(&t, ", lower=%s, trans=%s", n->attr[0] ? "true" : "false",
                    n->attr[1] ? "true" : "false");
    text_put(&t, ")");
    set(s, n, DG_ATOM, t.s);
}

static void show_leaf(Show *s, Node *n)
{
    int prec = DG_ATOM;
    const char *text;
    switch ((Op)n->op) {
    case OP_PARAM:
        s->typed[n->id] = true;
        set(s, n, DG_ATOM, s->g->params.at[n->attr[0]].name);
        break;
    case OP_CONST:
        show_const(s, n);
        break;
    case OP_ARRAY:
        show_array(s, n);
        break;
    case OP_SIZE:
        text = show_size(s, size_at(s->g->sizes, (int)n->attr[0]), &prec);
        set(s, n, prec, text);
        break;
    case OP_IOTA:
        set(s, n, DG_ATOM,
            arena_printf(s->arena, "%s(%s)", show_word(s, "range"),
                         plain_size(s, n->shape.dim[0])));
        break;
    default: /* only in a dump of what is not closed */
        set(s, n, DG_ATOM, arena_printf(s->arena, "%s_%d", op_info(n)->name, n->id));
        break;
    }
}

void show_expression(Show *s, Node *n)
{
    bool typed = n->op == OP_ARGMAX || n->op == OP_ARGMIN;
    for (int i = 0; i < n->nin; i++)
        typed |= s->typed[n->in[i]->id];
    s->typed[n->id] = typed || (n->nin && dtype_is_real((Dtype)n->dtype));
    switch (op_info(n)->family) {
    case F_LEAF:
        show_leaf(s, n);
        break;
    case F_POINTWISE:
        show_pointwise(s, n);
        break;
    case F_REDUCE:
        put_reduction(s, n, n, false);
        break;
    case F_INDEX:
        show_indexing(s, n);
        break;
    case F_CONTRACT:
        show_contract(s, n);
        break;
    case F_SCAN:
    case F_LINALG:
    case F_CONTROL:
        show_other(s, n);
        break;
    case F_MOVE:
        if (n->op == OP_RESHAPE)
            show_reshape(s, n);
        else if (n->op == OP_PERMUTE)
            show_permute(s, n);
        else if (n->op == OP_EXPAND)
            show_expand(s, n);
        else if (n->op == OP_CONCAT)
            show_concat(s, n);
        else
            show_slice(s, n);
        break;
    }
}
