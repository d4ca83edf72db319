/* emit_expr.c - scalar expressions as C text.
 *
 * Texts are made bottom up in the order of node ids, so nothing here recurses. A
 * node gets a variable of its own when it is used twice, when its text gets long,
 * or when it can be computed outside a loop that uses it. */
#include "emit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LONG_TEXT = 64 };

void emit_line(Emit *e, const char *fmt, ...)
{
    va_list ap;
    for (int i = 0; i < e->indent; i++)
        text_put(e->out, "    ");
    va_start(ap, fmt);
    text_vprintf(e->out, fmt, ap);
    va_end(ap);
    text_put(e->out, "\n");
}

/* ---- Names ---- */

static const char *const reserved[] = {
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float",
    "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static",
    "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "alignas", "alignof", "and", "and_eq",
    "asm", "bitand", "bitor", "bool", "catch", "class", "compl", "concept", "constexpr", "const_cast", "decltype", "delete",
    "dynamic_cast", "explicit", "export", "false", "friend", "mutable", "namespace", "new", "noexcept", "not", "not_eq",
    "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "reinterpret_cast", "static_assert",
    "static_cast", "template", "this", "thread_local", "throw", "true", "try", "typeid", "typename", "using", "virtual",
    "wchar_t", "xor", "xor_eq", "char8_t", "char16_t", "char32_t", "consteval", "constinit", "co_await", "co_return",
    "co_yield", "requires", "sqrt", "fabs", "floor", "ceil", "trunc", "fmod", "sqrtf", "fabsf", "floorf", "ceilf",
    "truncf", "fmodf", "int8_t", "uint8_t", "int32_t", "int64_t", "uint64_t", "uint32_t", "size_t", "NULL", "NAN",
    "INFINITY", "linux", "unix", "main", "j0", "j1", "jn", "y0", "y1", "yn", "memcpy", "memset", "signgam", "gamma",
    "exp", "log", "sin", "cos", "tan", "pow", "abs", "I", "errno", "div", "index", "time", "round", "asm", "typeof"};

static uint32_t hash_name(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static int name_find(const Names *n, const char *name)
{
    if (!n->size)
        return -1;
    for (uint32_t at = hash_name(name);; at++) {
        int i = n->table[at % (uint32_t)n->size];
        if (!i)
            return -1;
        if (!strcmp(n->list.at[i - 1], name))
            return i - 1;
    }
}

bool name_taken(const Names *n, const char *name)
{
    return name_find(n, name) >= 0;
}

static void name_add(Names *n, const char *name)
{
    if (2 * (n->list.n + 1) > n->size) {
        int size = n->size ? n->size * 2 : 256;
        n->table = NEW_N(n->arena, int, size);
        n->size = size;
        for (int i = 0; i < n->list.n; i++) {
            uint32_t at = hash_name(n->list.at[i]);
            while (n->table[at % (uint32_t)size])
                at++;
            n->table[at % (uint32_t)size] = i + 1;
        }
    }
    vec_push(n->arena, &n->list, name);
    vec_push(n->arena, &n->suffix, 2);
    uint32_t at = hash_name(name);
    while (n->table[at % (uint32_t)n->size])
        at++;
    n->table[at % (uint32_t)n->size] = n->list.n;
}

const char *name_unique(Names *n, const char *base)
{
    if (!n->list.n)
        for (int i = 0; i < ARRAY_LEN(reserved); i++)
            if (!name_taken(n, reserved[i]))
                name_add(n, reserved[i]);
    int at = name_find(n, base);
    const char *name = base;
    while (at >= 0 && name_taken(n, name))
        name = arena_printf(n->arena, "%s_%d", base, n->suffix.at[at]++);
    name_add(n, name);
    return name;
}

void names_clear(Names *n)
{
    n->list.n = n->suffix.n = 0;
    if (n->size)
        memset(n->table, 0, sizeof *n->table * (size_t)n->size);
}

void names_drop(Names *n, int keep)
{
    VEC(const char *) old = {0};
    for (int i = 0; i < keep; i++)
        vec_push(n->arena, &old, n->list.at[i]);
    names_clear(n);
    for (int i = 0; i < keep; i++)
        name_add(n, old.at[i]);
}

const char *inner_name(Emit *e, const char *base)
{
    const char *name = base;
    for (int k = 2; name_taken(&e->names, name) || name_taken(&e->inner, name); k++)
        name = arena_printf(e->arena, "%s_%d", base, k);
    name_add(&e->inner, name);
    return name;
}

const char *outer_name(Emit *e, const char *base)
{
    const char *name;
    do
        name = name_unique(&e->names, base);
    while (name_taken(&e->inner, name));
    return name;
}

/* ---- Literals ---- */

static const char *real_literal(Arena *a, double v, bool single)
{
    char s[64];
    if (isnan(v))
        return single ? "(float)NAN" : "(double)NAN";
    if (isinf(v))
        return single ? (v > 0 ? "(float)INFINITY" : "-(float)INFINITY") : (v > 0 ? "(double)INFINITY" : "-(double)INFINITY");
    for (int digits = single ? 6 : 15; digits <= 17; digits++) {
        snprintf(s, sizeof s, "%.*g", digits, v);
        if (single ? strtof(s, NULL) == (float)v : strtod(s, NULL) == v)
            break;
    }
    bool point = false;
    for (char *c = s; *c; c++) {
        if (*c == ',') /* a host's locale must not change the text */
            *c = '.';
        point |= *c == '.' || *c == 'e';
    }
    return arena_printf(a, "%s%s%s", s, point ? "" : ".0", single ? "f" : "");
}

const char *emit_literal(Arena *a, Dtype t, double real, int64_t integer)
{
    if (dtype_is_real(t))
        return real_literal(a, real, t == T_F32);
    if (integer == INT64_MIN)
        return "(-INT64_MAX - 1)";
    return arena_printf(a, "%lld", (long long)integer);
}

const char *scalar_type(Dtype t)
{
    return t == T_BOOL ? "int" : dtype_c(t);
}

const char *emit_size(Emit *e, const Size *s, bool as_factor)
{
    Function *f = e->p->function;
    Text t = {.arena = e->arena};
    for (int i = 0; i < f->sizes.n; i++)
        if (size_mentions(e->g->sizes, s, f->sizes.at[i]))
            e->size_used[i] = true;
    if (size_has_argument(e->g->sizes, s)) {
        snippet_want(e->snippets, "gradc_count");
        for (int i = 0; i < f->args.n; i++)
            e->param_used[f->args.at[i].param] |= size_mentions(e->g->sizes, s, e->param[f->args.at[i].param]);
    }
    size_print_c(e->g->sizes, s, as_factor, &t);
    return t.s;
}

/* ---- Uses and depths ---- */

/* A reduced scalar stands for the variable that its loop nest fills. */
static bool is_variable(const Node *n)
{
    return op_table[n->op].family == F_REDUCE || n->op == OP_PARAM;
}

static void count_root(Emit *e, Node *n, int depth, Node **todo)
{
    int top = 0;
    if (!n)
        return;
    e->uses[n->id]++;
    if (depth > e->reader[n->id])
        e->reader[n->id] = (uint8_t)depth;
    if (e->uses[n->id] == 1)
        todo[top++] = n;
    while (top) {
        Node *x = todo[--top];
        if (is_variable(x))
            continue;
        for (int k = 0; k < x->nin; k++) {
            Node *y = x->in[k];
            if (!e->uses[y->id]++)
                todo[top++] = y;
        }
    }
}

void emit_count_uses(Emit *e)
{
    Graph *g = e->g;
    e->nnodes = g->nodes.n;
    e->around.n = 0;
    e->text = NEW_N(e->arena, const char *, e->nnodes);
    e->prec = NEW_N(e->arena, uint8_t, e->nnodes);
    e->uses = NEW_N(e->arena, int, e->nnodes);
    e->depth = NEW_N(e->arena, uint8_t, e->nnodes);
    e->reader = NEW_N(e->arena, uint8_t, e->nnodes);
    e->sincos = NEW_N(e->arena, Node *, e->nnodes);
    Node **todo = e->todo = NEW_N(e->arena, Node *, e->nnodes + 1);
    e->listed = NEW_N(e->arena, Node *, e->nnodes + 1);
    for (int i = 0; i < e->p->steps.n; i++) {
        Step *s = &e->p->steps.at[i];
        for (int k = 0; k < s->nloops; k++) /* a scan's loops are not in the order of its axes */
            e->depth[s->loop[k].var->id] = (uint8_t)(k + 1);
        for (int k = 0; k < s->results.n; k++) {
            Result *r = &s->results.at[k];
            count_root(e, r->at, s->nloops, todo);
            count_root(e, r->value, s->nloops, todo);
            count_root(e, r->value2, s->nloops, todo);
            count_root(e, r->kind == RESULT_ARG ? r->position : NULL, s->nloops, todo);
        }
        count_root(e, s->count, 0, todo);
        count_root(e, s->condition, 0, todo);
        for (int k = 0; k < s->vars.n; k++) {
            count_root(e, s->vars.at[k].first, 0, todo);
            count_root(e, s->vars.at[k].next, 0, todo);
        }
    }
    for (int id = 0; id < e->nnodes; id++) {
        Node *n = g->nodes.at[id];
        if (!e->uses[id])
            continue;
        if (n->op == OP_SIN || n->op == OP_COS) /* of a pair, the one that is met last */
            e->sincos[n->in[0]->id] = n;
        if (!is_variable(n))
            for (int k = 0; k < n->nin; k++)
                if (e->depth[n->in[k]->id] > e->depth[id])
                    e->depth[id] = e->depth[n->in[k]->id];
    }
    for (int id = e->nnodes - 1; id >= 0; id--) {
        Node *n = g->nodes.at[id];
        if (e->uses[id] && !is_variable(n))
            for (int k = 0; k < n->nin; k++)
                if (e->depth[id] > e->reader[n->in[k]->id])
                    e->reader[n->in[k]->id] = e->depth[id];
    }
    emit_find_homes(e);
}

/* ---- Expressions ---- */

const char *emit_operand(Emit *e, const Node *n, int min_prec)
{
    const char *s = e->text[n->id];
    return e->prec[n->id] < min_prec ? arena_printf(e->arena, "(%s)", s) : s;
}

const char *element_of(Emit *e, int buffer, const Node *at)
{
    const Buffer *b = &e->p->buffers.at[buffer];
    e->buffer_used[buffer] = true;
    if (b->place == PLACE_OUTPUT && !b->node->shape.rank)
        return arena_printf(e->arena, "*%s", e->buffer[buffer]);
    return arena_printf(e->arena, "%s[%s]", e->buffer[buffer], e->text[at->id]);
}

/* Precedence of an operator's result and what its operands need. */
typedef struct Infix {
    Op op;
    uint8_t prec, left, right;
} Infix;

static const Infix infix[] = {
    {OP_NEG, PREC_UNARY, PREC_UNARY + 1, 0}, {OP_ADD, PREC_ADD, PREC_ADD, PREC_ADD + 1},
    {OP_SUB, PREC_ADD, PREC_ADD, PREC_ADD + 1}, {OP_MUL, PREC_MUL, PREC_MUL, PREC_UNARY},
    {OP_SCALE, PREC_MUL, PREC_MUL, PREC_UNARY}, {OP_DIV, PREC_MUL, PREC_MUL, PREC_UNARY},
    {OP_LT, PREC_REL, PREC_ADD, PREC_ADD}, {OP_LE, PREC_REL, PREC_ADD, PREC_ADD},
    {OP_GT, PREC_REL, PREC_ADD, PREC_ADD}, {OP_GE, PREC_REL, PREC_ADD, PREC_ADD},
    {OP_EQ, PREC_EQ, PREC_ADD, PREC_ADD}, {OP_NE, PREC_EQ, PREC_ADD, PREC_ADD},
    {OP_AND, PREC_AND, PREC_ATOM, PREC_ATOM}, {OP_OR, PREC_OR, PREC_ATOM, PREC_ATOM},
    {OP_NOT, PREC_UNARY, PREC_UNARY + 1, 0}, {OP_SELECT, PREC_COND, PREC_REL, PREC_ADD},
    {OP_ISNAN, PREC_EQ, PREC_ADD, PREC_ADD}, {OP_ISINF, PREC_REL, 0, 0}, {OP_ISFINITE, PREC_REL, 0, 0}};

static const Infix *find_infix(Op op)
{
    for (int i = 0; i < ARRAY_LEN(infix); i++)
        if (infix[i].op == op)
            return &infix[i];
    return NULL;
}

/* `gradc_exp`, `sqrt`: f32 has an f behind; a snippet is asked for. */
static void put_function(Emit *e, Text *t, const char *name, int n, bool single)
{
    bool near = e->near && n == 9 && (!strncmp(name, "gradc_sin", 9) || !strncmp(name, "gradc_cos", 9) || !strncmp(name, "gradc_tan", 9));
    char *full = arena_printf(e->arena, "%.*s%s%s", n, name, near ? "_near" : "", single ? "f" : "");
    if (e->npieces > 1 && e->outlined && !strncmp(full, "gradc_", 6) && strncmp(full, "gradc_max_real", 14)) {
        /* inlined thousands of times the functions would be most of the code */
        int at = 0;
        while (at < e->called.n && strcmp(e->called.at[at].name, full))
            at++;
        if (at == e->called.n)
            vec_push(e->arena, &e->called, (Called){.name = full, .node = e->outlined});
        full = arena_printf(e->arena, "%s_%s", e->p->function->name, full + 6);
    }
    text_put(t, full);
    if (!strncmp(full, "sqrt", 4))
        snippet_want(e->snippets, "gradc_no_errno");
    if (strncmp(full, "gradc_", 6))
        full = arena_printf(e->arena, "%.*s%s", n, name, single ? "f" : "");
    if (!strncmp(full, "gradc_", 6))
        snippet_want(e->snippets, !strncmp(full, "gradc_max_real", 14) ? "gradc_max_real" : full);
}

static bool is_word(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void put_operand(Emit *e, Text *t, const Node *n, int min_prec)
{
    bool within = e->prec[n->id] < min_prec;
    text_put(t, within ? "(" : "");
    text_put(t, e->text[n->id]);
    text_put(t, within ? ")" : "");
}

/* Fills the C template of an operation. The result stands in e->filled until the next call. */
static const char *fill_template(Emit *e, const Node *n, const char *c, const Infix *x)
{
    Text *t = &e->filled;
    t->arena = e->arena;
    t->n = 0;
    bool single = n->in[n->nin - 1]->dtype == T_F32;
    while (*c) {
        if (*c == '%' && c[1] >= '0' && c[1] <= '2') {
            int k = c[1] - '0';
            bool last = k > 0 && k == n->nin - 1;
            int need = !x ? 0 : n->op == OP_SELECT ? (k == 0 ? x->left : x->right) : last ? x->right : x->left;
            put_operand(e, t, n->in[k], need);
            c += 2;
        } else if (is_word(*c) && (*c < '0' || *c > '9')) {
            int len = 0;
            while (is_word(c[len]))
                len++;
            put_function(e, t, c, len, single);
            c += len;
        } else {
            text_putn(t, c++, 1);
        }
    }
    return t->s;
}

static char *cast_text(Emit *e, const Node *n)
{
    Node *x = n->in[0];
    if (n->dtype == T_BOOL) {
        e->prec[n->id] = PREC_EQ;
        return arena_printf(e->arena, "%s != 0", emit_operand(e, x, PREC_ADD));
    }
    e->prec[n->id] = PREC_UNARY;
    return arena_printf(e->arena, "(%s)%s", scalar_type((Dtype)n->dtype), emit_operand(e, x, PREC_UNARY));
}

/* Integer templates are of any width: results of mixed C arithmetic are cast back. */
static const char *integer_text(Emit *e, const Node *n, const OpInfo *o)
{
    const Infix *x = find_infix((Op)n->op);
    const char *c = o->ci ? o->ci : o->c;
    bool call = strstr(c, "(") != NULL || strchr(c, '?') != NULL || strchr(c, '>') != NULL;
    Infix operands = {.op = (Op)n->op, .left = PREC_ATOM, .right = PREC_ATOM};
    const char *s = fill_template(e, n, c, !x && call && strncmp(c, "gradc_", 6) ? &operands : x);
    bool narrow = n->dtype == T_U8 || (n->dtype == T_I32 && !strncmp(c, "gradc_", 6));
    e->prec[n->id] = (uint8_t)(x ? x->prec : strncmp(c, "gradc_", 6) ? PREC_COND : PREC_ATOM);
    if (!narrow)
        return s;
    e->prec[n->id] = PREC_UNARY;
    return arena_printf(e->arena, "(%s)(%s)", dtype_c((Dtype)n->dtype), s);
}

/* A function is called in the text, and not only a cast made. */
static bool has_call(const char *s)
{
    for (int i = 1; s[0] && s[i]; i++)
        if (s[i] == '(' && is_word(s[i - 1]))
            return true;
    return false;
}

/* `f(x) > 0 && g(x) > 0`: clang takes `&` for a slip where both operands call something. In a loop,
 * which shall not branch, one is an int. */
static const char *logic_text(Emit *e, const Node *n)
{
    bool both = n->op == OP_AND;
    if (e->depth[n->id]) {
        e->prec[n->id] = both ? PREC_AND : PREC_OR;
        return arena_printf(e->arena, "(int)%s %c %s", emit_operand(e, n->in[0], PREC_ATOM), both ? '&' : '|', emit_operand(e, n->in[1], PREC_ATOM));
    }
    e->prec[n->id] = PREC_LOGIC;
    return arena_printf(e->arena, "%s %s %s", emit_operand(e, n->in[0], PREC_EQ), both ? "&&" : "||", emit_operand(e, n->in[1], PREC_EQ));
}

/* The expression of a node; it may be lost with the next one (fill_template). */
static const char *node_text(Emit *e, const Node *n)
{
    Graph *g = e->g;
    const OpInfo *o = op_info(n);
    e->prec[n->id] = PREC_ATOM;
    switch ((Op)n->op) {
    case OP_CONST: {
        const char *s = emit_literal(e->arena, (Dtype)n->dtype, const_value(n), dtype_is_real((Dtype)n->dtype) ? 0 : n->attr[0]);
        if (*s == '-')
            e->prec[n->id] = PREC_UNARY;
        else if (*s == '(' && s[1] != '-')
            e->prec[n->id] = PREC_UNARY;
        return s;
    }
    case OP_SIZE: {
        const Size *z = size_at(g->sizes, (int)n->attr[0]);
        bool sum = z->n > 1 || (z->n && z->term[0].coef < 0);
        e->prec[n->id] = sum && z->den == 1 ? PREC_ADD : z->n == 1 && z->term[0].n == 1 && z->term[0].coef == 1 && z->den == 1 ? PREC_ATOM : PREC_MUL;
        return emit_size(e, z, false);
    }
    case OP_PARAM:
        e->param_used[n->attr[0]] = true;
        return e->before[n->attr[0]] ? e->before[n->attr[0]] : e->param[n->attr[0]];
    case OP_LOAD: {
        const char *s = element_of(e, (int)n->attr[0], n->in[0]);
        if (n->nin == 1 || (node_is_const(n->in[1]) && const_integer(n->in[1])))
            return s;
        e->prec[n->id] = PREC_COND;
        return arena_printf(e->arena, "%s ? %s : %s", emit_operand(e, n->in[1], PREC_REL), s, emit_literal(e->arena, (Dtype)n->dtype, 0, 0));
    }
    case OP_CAST: return cast_text(e, n);
    case OP_STOP:
        e->prec[n->id] = e->prec[n->in[0]->id];
        return e->text[n->in[0]->id];
    default: break;
    }
    if (!n->nin || (!o->c && !o->ci)) { /* the lowering has not found an order of the steps: no wrong C, no crash */
        if (e->g->diags && !e->dry)
            diag_error(e->g->diags, n->span, "the branches around this cannot be put in an order; this "
                                             "is a fault of gradc, and a simpler branch may do");
        e->prec[n->id] = PREC_ATOM;
        return "0";
    }
    Dtype operand = (Dtype)n->in[n->nin - 1]->dtype;
    if (!dtype_is_real(operand) && (o->ci || n->dtype != T_BOOL))
        return integer_text(e, n, o);
    if ((n->op == OP_AND || n->op == OP_OR) && has_call(e->text[n->in[0]->id]) && has_call(e->text[n->in[1]->id]))
        return logic_text(e, n);
    const Infix *x = find_infix((Op)n->op);
    e->prec[n->id] = x ? x->prec : PREC_ATOM;
    e->outlined = e->depth[n->id] || o->cost < 10 ? NULL : n;
    const char *s = fill_template(e, n, o->c, x);
    e->outlined = NULL;
    return s;
}

/* i*K + j is shorter than any name for it. */
static bool is_index(const Node *n, const char *s)
{
    return n->dtype == T_I64 && (n->op == OP_ADD || n->op == OP_SUB || n->op == OP_MUL || n->op == OP_NEG) && strlen(s) <= 24;
}

static bool wants_name(Emit *e, const Node *n, const char *s)
{
    if (e->npieces > 1 && !e->depth[n->id] && e->planned)
        return e->planned[n->id] >= 0;
    if (n->op == OP_CONST || n->op == OP_SIZE || n->op == OP_PARAM || n->op == OP_LOOP || is_index(n, s))
        return false;
    if (n->op == OP_HOLE)
        return false;
    if (e->npieces > 1 && n->op == OP_LOAD) /* in the piece that has the pointer */
        return true;
    if (e->escapes[n->id])
        return true;
    if (e->unnamed[n->id] && e->uses[n->id] == 1)
        return false;
    if (e->uses[n->id] > 1 || e->reader[n->id] > e->depth[n->id])
        return n->op != OP_STOP;
    if (n->name && n->dtype >= T_F32 && n->op != OP_LOAD)
        return true;
    if (n->op == OP_LOAD) /* memory that is written in place is read before */
        return (e->p->buffers.at[n->attr[0]].host >= 0 && !e->p->buffers.at[n->attr[0]].version) || e->p->buffers.at[n->attr[0]].rewritten;
    return strlen(s) > LONG_TEXT;
}

/* The line of the model, where it is another one than before. */
static const char *line_comment(Emit *e, const Node *n)
{
    if (n->span.source != 0 || n->span.end == 0 || !e->diags)
        return "";
    int line = diag_line(e->diags, n->span);
    if (line == e->line)
        return "";
    e->line = line;
    return arena_printf(e->arena, "  /* %s:%d */", e->path, line);
}

/* sin and cos of one argument: one call gives both. */
static bool emit_sincos(Emit *e, Node *x)
{
    if ((x->op != OP_SIN && x->op != OP_COS) || e->npieces > 1)
        return false;
    Node *a = x->in[0], *other = e->sincos[a->id];
    if (!other || other->op == x->op || !e->text[other->id] || e->text[other->id][0] || e->depth[other->id] != e->depth[x->id])
        return false;
    const char *f = arena_printf(e->arena, "%s%s", e->near ? "_near" : "", x->dtype == T_F32 ? "f" : ""), *name[2];
    for (int k = 0; k < 2; k++) {
        Node *n = (x->op == OP_SIN) == !k ? x : other;
        const char *base = n->name ? n->name : k ? "cos_t" : "sin_t";
        name[k] = e->depth[n->id] ? inner_name(e, base) : outer_name(e, base);
        e->text[n->id] = name[k];
        e->prec[n->id] = PREC_ATOM;
        e->made_in[n->id] = e->piece;
    }
    snippet_want(e->snippets, arena_printf(e->arena, "gradc_sincos%s", f));
    emit_line(e, "%s %s, %s;", dtype_c((Dtype)x->dtype), name[0], name[1]);
    emit_line(e, "gradc_sincos%s(%s, &%s, &%s);%s", f, e->text[a->id], name[0], name[1], line_comment(e, x));
    return true;
}

const char *emit_variable(Emit *e, const Node *n, const char *base, const char *value, const char *comment)
{
    e->statements++;
    e->made_in[n->id] = e->piece;
    if (e->cross[n->id] >= 0) {
        const char *place = arena_printf(e->arena, "%s[%d]", dtype_is_real((Dtype)n->dtype) ? "carry" : "carry_int", e->cross[n->id]);
        emit_line(e, "%s = %s;%s", place, value, comment);
        return dtype_is_real((Dtype)n->dtype) && n->dtype != T_F32 ? place : arena_printf(e->arena, "(%s)%s", scalar_type((Dtype)n->dtype), place);
    }
    const char *name = outer_name(e, base);
    emit_line(e, "const %s %s = %s;%s", scalar_type((Dtype)n->dtype), name, value, comment);
    return name;
}

/* The model's name; cam_3 for an element of memory that is known; t for anything else. */
static const char *base_name(Emit *e, const Node *n)
{
    if (n->name)
        return n->name;
    if (n->op == OP_LOAD && node_is_const(n->in[0]))
        return arena_printf(e->arena, "%s_%lld", e->buffer[n->attr[0]], (long long)const_integer(n->in[0]));
    return "t";
}

void emit_nodes(Emit *e, int n, Node *const *nodes)
{
    for (int i = 0; i < n; i++) {
        Node *x = nodes[i];
        if (!e->depth[x->id])
            emit_maybe_cut(e);
        if (e->text[x->id] && e->text[x->id][0]) /* made together with another */
            continue;
        if (emit_sincos(e, x))
            continue;
        const char *s = node_text(e, x);
        if (wants_name(e, x, s)) {
            const char *base = base_name(e, x);
            const char *comment = line_comment(e, x);
            if (!e->depth[x->id]) {
                s = emit_variable(e, x, base, s, comment);
            } else {
                const char *name = inner_name(e, base);
                emit_line(e, "const %s %s = %s;%s", scalar_type((Dtype)x->dtype), name, s, comment);
                s = name;
            }
            e->prec[x->id] = PREC_ATOM;
        }
        e->text[x->id] = s == e->filled.s ? arena_strndup(e->arena, s, e->filled.n) : s;
    }
}
