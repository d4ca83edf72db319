/* emit_strip_plan.c - what a loop nest computes as instructions on strips, and where strips stand.
 *
 * Every node of the body that varies within a strip becomes one instruction, in the order of ids.
 * Indices that are affine in the loops' variables are no values: they become an address and strides.
 * Strips share slots of memory, as registers are shared, so that they stay in the first-level
 * cache. */
#include "emit_strips.h"

enum { MOST_SLOTS = 48, MOST_ROW_SLOTS = 64 };

/* ---- Kernels ---- */

/* What kernels exist for: bits by type. */
enum { K_REAL = 1, K_INTEGER = 2, K_BOOL = 4, K_ALL = 7 };
static const struct {
    Op op;
    int types;
    const char *name;
} kernel[] = {
    {OP_ADD, K_REAL | K_INTEGER, "add"},       {OP_SUB, K_REAL | K_INTEGER, "sub"},
    {OP_MUL, K_REAL | K_INTEGER, "mul"},       {OP_SCALE, K_REAL | K_INTEGER, "mul"},
    {OP_NEG, K_REAL | K_INTEGER, "neg"},       {OP_FLOORDIV, K_REAL | K_INTEGER, "floordiv"},
    {OP_MOD, K_REAL | K_INTEGER, "mod"},       {OP_POW, K_REAL | K_INTEGER, "pow"},
    {OP_MAX, K_REAL | K_INTEGER, "max"},       {OP_MIN, K_REAL | K_INTEGER, "min"},
    {OP_ABS, K_REAL | K_INTEGER, "abs"},       {OP_SIGN, K_REAL | K_INTEGER, "sign"},
    {OP_RELU, K_REAL | K_INTEGER, "relu"},     {OP_LT, K_ALL, "lt"},
    {OP_LE, K_ALL, "le"},                      {OP_GT, K_ALL, "gt"},
    {OP_GE, K_ALL, "ge"},                      {OP_EQ, K_ALL, "eq"},
    {OP_NE, K_ALL, "ne"},                      {OP_AND, K_BOOL, "and"},
    {OP_OR, K_BOOL, "or"},                     {OP_NOT, K_BOOL, "not"},
    {OP_DIV, K_REAL, "div"},                   {OP_ISNAN, K_REAL, "isnan"},
    {OP_ISINF, K_REAL, "isinf"},               {OP_ISFINITE, K_REAL, "isfinite"},
    {OP_FLOOR, K_REAL, "floor"},               {OP_CEIL, K_REAL, "ceil"},
    {OP_ROUND, K_REAL, "round"},               {OP_TRUNC, K_REAL, "trunc"},
    {OP_EXP, K_REAL, "exp"},                   {OP_EXPM1, K_REAL, "expm1"},
    {OP_LOG, K_REAL, "log"},                   {OP_LOG1P, K_REAL, "log1p"},
    {OP_LOG2, K_REAL, "log2"},                 {OP_LOG10, K_REAL, "log10"},
    {OP_SQRT, K_REAL, "sqrt"},                 {OP_CBRT, K_REAL, "cbrt"},
    {OP_SIN, K_REAL, "sin"},                   {OP_COS, K_REAL, "cos"},
    {OP_TAN, K_REAL, "tan"},                   {OP_ASIN, K_REAL, "asin"},
    {OP_ACOS, K_REAL, "acos"},                 {OP_ATAN, K_REAL, "atan"},
    {OP_SINH, K_REAL, "sinh"},                 {OP_COSH, K_REAL, "cosh"},
    {OP_TANH, K_REAL, "tanh"},                 {OP_ASINH, K_REAL, "asinh"},
    {OP_ACOSH, K_REAL, "acosh"},               {OP_ATANH, K_REAL, "atanh"},
    {OP_ATAN2, K_REAL, "atan2"},               {OP_HYPOT, K_REAL, "hypot"},
    {OP_ERF, K_REAL, "erf"},                   {OP_ERFC, K_REAL, "erfc"},
    {OP_LGAMMA, K_REAL, "lgamma"},             {OP_DIGAMMA, K_REAL, "digamma"},
    {OP_POLYGAMMA, K_REAL, "polygamma"},       {OP_SIGMOID, K_REAL, "sigmoid"},
    {OP_SOFTPLUS, K_REAL, "softplus"}};

const char *strips_type(Dtype t)
{
    return t == T_BOOL ? "u8" : dtype_name(t);
}

const char *strips_kernel(Arena *a, const Node *n)
{
    if (n->op == OP_SELECT)
        return arena_printf(a, "select_%d", dtype_bytes((Dtype)n->dtype));
    if (n->op == OP_CAST)
        return arena_printf(a, "to_%s_%s", dtype_name((Dtype)n->dtype), strips_type((Dtype)n->in[0]->dtype));
    if (!n->nin)
        return NULL;
    Dtype t = (Dtype)n->in[n->nin - 1]->dtype;
    int type = dtype_is_real(t) ? K_REAL : t == T_BOOL ? K_BOOL : K_INTEGER;
    for (int i = 0; i < ARRAY_LEN(kernel); i++)
        if (kernel[i].op == (Op)n->op && kernel[i].types & type)
            return arena_printf(a, "%s_%s", kernel[i].name, strips_type(t));
    return NULL;
}

/* ---- Levels and indices ---- */

Level strips_level(const Strips *s, const Node *n)
{
    int depth = s->e->depth[n->id];
    if (depth <= s->outer)
        return LEVEL_SCALAR;
    return depth < s->t->s->nloops ? LEVEL_ROW : LEVEL_ELEMENT;
}

/* In t->node, or behind it the variables of the strip's loops; -1: none of the nest's. */
static int place_of(const Strips *s, const Node *n)
{
    const Step *step = s->t->s;
    int low = 0, high = s->t->nodes - 1;
    if (n == step->loop[step->nloops - 1].var)
        return s->t->nodes + 1;
    if (s->blocked && n == step->loop[step->nloops - 2].var)
        return s->t->nodes;
    while (low <= high) {
        int mid = (low + high) / 2;
        if (s->t->node[mid] == n)
            return mid;
        if (s->t->node[mid]->id < n->id)
            low = mid + 1;
        else
            high = mid - 1;
    }
    return -1;
}

Affine strips_affine(const Strips *s, const Node *n)
{
    const Size *zero = size_int(s->e->g, 0);
    if (n->dtype != T_I64)
        return (Affine){0};
    if (strips_level(s, n) == LEVEL_SCALAR)
        return (Affine){.good = true, .row = zero, .col = zero};
    int place = place_of(s, n);
    return place < 0 ? (Affine){0} : s->affine[place];
}

static Affine find_affine(const Strips *s, const Node *n)
{
    Sizes *z = s->e->g->sizes;
    Affine a = n->nin > 0 ? strips_affine(s, n->in[0]) : (Affine){0};
    Affine b = n->nin > 1 ? strips_affine(s, n->in[1]) : a;
    Affine none = {0};
    if (n->dtype != T_I64 || !a.good || !b.good)
        return none;
    switch ((Op)n->op) {
    case OP_ADD: return (Affine){true, size_add(z, a.row, b.row), size_add(z, a.col, b.col)};
    case OP_SUB: return (Affine){true, size_sub(z, a.row, b.row), size_sub(z, a.col, b.col)};
    case OP_NEG: return (Affine){true, size_sub(z, size_const(z, 0), a.row), size_sub(z, size_const(z, 0), a.col)};
    case OP_MUL: {
        const Size *k = node_size(s->e->g, n->in[1]);
        if (!k) {
            k = node_size(s->e->g, n->in[0]);
            a = b;
        }
        return k ? (Affine){true, size_mul(z, a.row, k), size_mul(z, a.col, k)} : none;
    }
    default: return none;
    }
}

static void find_affines(Strips *s)
{
    Emit *e = s->e;
    const Size *zero = size_int(e->g, 0), *one = size_int(e->g, 1);
    int n = s->t->nodes;
    s->affine = NEW_N(e->arena, Affine, n + 2);
    s->affine[n] = (Affine){true, one, zero};
    s->affine[n + 1] = (Affine){true, zero, one};
    for (int i = 0; i < n; i++)
        if (strips_level(s, s->t->node[i]) != LEVEL_SCALAR)
            s->affine[i] = find_affine(s, s->t->node[i]);
}

/* ---- Instructions ---- */

enum { SCALAR = -1, IMPOSSIBLE = -2 };

static int push(Strips *s, InstKind kind, Level level, Node *node)
{
    vec_push(s->e->arena, &s->list, (Inst){.kind = kind, .level = level, .node = node, .in = {-1, -1, -1}, .slot = -1});
    return s->list.n - 1;
}

/* The instruction that has n's values at a level. */
static int value_at(Strips *s, Node *n, Level level)
{
    Level own = strips_level(s, n);
    if (own == LEVEL_SCALAR) {
        vec_push(s->e->arena, &s->scalars, n);
        return SCALAR;
    }
    int place = place_of(s, n);
    if (place < 0 || own > level)
        return IMPOSSIBLE;
    int *made = &s->made[level][place];
    if (*made)
        return *made - 1;
    if (s->affine[place].good) {
        int at = push(s, INST_IOTA, level, n);
        *made = at + 1;
        return at;
    }
    if (own == level || !s->made[own][place])
        return IMPOSSIBLE;
    int at = push(s, INST_REPEAT, level, n);
    s->list.at[at].in[0] = s->made[own][place] - 1;
    *made = at + 1;
    return at;
}

/* The same, with a strip of its own where it is a scalar. */
static int vector_at(Strips *s, Node *n, Level level)
{
    int at = value_at(s, n, level);
    return at == SCALAR ? push(s, INST_FILL, level, n) : at;
}

static bool add_node(Strips *s, int place)
{
    Node *n = s->t->node[place];
    Level level = strips_level(s, n);
    const Node *inner = s->t->s->loop[s->t->s->nloops - 1].var;
    int in[3] = {-1, -1, -1}, at;
    if (level == LEVEL_SCALAR || s->affine[place].good)
        return true;
    if (n->op == OP_STOP || n->op == OP_CHECKPOINT) {
        at = vector_at(s, n->in[0], level);
        s->made[level][place] = at + 1;
        return at >= 0;
    }
    if (n->op == OP_LOAD && n->nin > 1)
        return false;
    if (n->op == OP_LOAD && strips_affine(s, n->in[0]).good) {
        s->made[level][place] = push(s, INST_LOAD, level, n) + 1;
        return true;
    }
    if (level == LEVEL_ELEMENT && dtype_is_real((Dtype)n->dtype) && emit_is_progression(n, inner) && strips_level(s, n->in[0]) < LEVEL_ELEMENT) {
        in[0] = value_at(s, n->in[0], LEVEL_ROW);
        at = push(s, INST_POWERS, level, n);
        s->list.at[at].in[0] = in[0];
        s->made[level][place] = at + 1;
        return in[0] != IMPOSSIBLE;
    }
    if (n->op != OP_LOAD && (op_info(n)->family != F_POINTWISE || !strips_kernel(s->e->arena, n)))
        return false;
    for (int k = 0; k < n->nin; k++) {
        bool which = n->op == OP_LOAD || (n->op == OP_SELECT && k == 0);
        in[k] = which ? vector_at(s, n->in[k], level) : value_at(s, n->in[k], level);
        if (in[k] == IMPOSSIBLE)
            return false;
    }
    at = push(s, n->op == OP_LOAD ? INST_GATHER : INST_OP, level, n);
    memcpy(s->list.at[at].in, in, sizeof in);
    s->made[level][place] = at + 1;
    return true;
}

/* ---- Results ---- */

/* Whether the two buffers may be one memory. */
static bool same_memory(const Program *p, int x, int y)
{
    const Buffer *a = &p->buffers.at[x], *b = &p->buffers.at[y];
    if (buffer_root(p, x) == buffer_root(p, y))
        return true;
    return a->place == PLACE_WORK && b->place == PLACE_WORK && a->host < 0 && b->host < 0 && a->slot >= 0 && a->slot == b->slot;
}

/* A value may be made where it is to be stored if nothing there is read any more. */
static bool may_be_direct(const Strips *s, const Result *r, const Written *w)
{
    const Step *step = s->t->s;
    const Program *p = s->e->p;
    const Size *one = size_int(s->e->g, 1);
    const Inst *v = &s->list.at[w->value];
    if (r->kind != RESULT_STORE || !w->affine.good || v->kind == INST_LOAD || v->level != LEVEL_ELEMENT || v->at)
        return false;
    if (w->affine.col != one || (s->blocked && w->affine.row != step->loop[step->nloops - 1].extent))
        return false;
    for (int i = 0; i < s->list.n; i++) {
        const Inst *x = &s->list.at[i];
        if ((x->kind == INST_LOAD || x->kind == INST_GATHER) && same_memory(p, (int)x->node->attr[0], r->buffer))
            return false;
    }
    for (int k = 0; k < step->results.n; k++) {
        const Result *x = &step->results.at[k];
        if (x != r && x->kind != RESULT_CHECK && x->buffer >= 0 && same_memory(p, x->buffer, r->buffer))
            return false;
    }
    return true;
}

/* Results are written one after another: one that stores what is loaded from where another one writes
 * wants a copy. */
static void find_copies(Strips *s)
{
    const Step *step = s->t->s;
    for (int k = 0; k < step->results.n; k++) {
        Inst *x = s->written[k].value >= 0 ? &s->list.at[s->written[k].value] : NULL;
        for (int j = 0; x && x->kind == INST_LOAD && j < step->results.n; j++) {
            const Result *r = &step->results.at[j];
            x->copy |= j != k && r->kind != RESULT_CHECK && r->buffer >= 0 && same_memory(s->e->p, r->buffer, (int)x->node->attr[0]);
        }
    }
}

/* The index of a result, at the level of what is written there. */
static bool plan_index(Strips *s, const Result *r, Written *w, Level level)
{
    if (r->buffer < 0)
        return true;
    w->affine = strips_affine(s, r->at);
    if (w->affine.good)
        return true;
    int before = s->list.n;
    w->at = vector_at(s, r->at, level);
    for (int i = before; i < s->list.n && level == LEVEL_ROW; i++)
        s->list.at[i].late = true;
    return w->at >= 0;
}

/* One where two scatters of a turn meet in one place, the order of additions would change. */
static bool adds_twice(const Strips *s, int k)
{
    const Step *step = s->t->s;
    for (int j = 0; j < step->results.n; j++) {
        const Result *a = &step->results.at[j], *b = &step->results.at[k];
        if (j != k && a->kind != RESULT_CHECK && a->buffer >= 0 && b->buffer >= 0 && (a->kind == RESULT_ADD || b->kind == RESULT_ADD) && same_memory(s->e->p, a->buffer, b->buffer))
            return true;
    }
    return false;
}

static bool plan_result(Strips *s, int k)
{
    const Step *step = s->t->s;
    const Result *r = &step->results.at[k];
    const Acc *a = &s->t->acc[k];
    Written *w = &s->written[k];
    *w = (Written){.value = -1, .value2 = -1, .position = -1, .at = -1, .out = -1, .state = -1};
    Level level = LEVEL_ELEMENT;
    if (r->kind == RESULT_CHECK) {
        level = strips_level(s, r->value);
        if (level == LEVEL_SCALAR)
            return true;
    }
    w->value = vector_at(s, r->value, level);
    if (w->value < 0 || r->kind == RESULT_CHECK)
        return w->value >= 0;
    if (r->value2)
        w->value2 = vector_at(s, r->value2, level);
    if (r->kind == RESULT_ARG)
        w->position = vector_at(s, r->position, level);
    if (w->value2 == IMPOSSIBLE || w->position == IMPOSSIBLE || adds_twice(s, k))
        return false;
    bool reduced = r->kind == RESULT_ARG || (r->kind == RESULT_REDUCE && a->kind != ACC_MEMORY);
    w->by_row = reduced && a->kind != ACC_ROWS && a->start > s->outer;
    if (w->by_row || (r->kind == RESULT_SCAN && s->blocked)) {
        w->out = s->row_slots++;
        w->state = s->row_slots++;
    }
    if (r->kind == RESULT_SCAN) {
        int at = push(s, INST_SCAN, level, r->node);
        s->list.at[at].in[0] = w->value;
        s->list.at[at].in[1] = w->value2;
        s->list.at[at].result = k;
        w->value = at;
    }
    if (w->by_row) {
        if (r->kind == RESULT_ARG && s->e->p->buffers.at[r->buffer].dtype != T_I64)
            return false;
        bool outer = r->reduced & ((1u << a->start) - 1);
        return plan_index(s, r, w, LEVEL_ROW) && (w->affine.good || !outer);
    }
    if (reduced)
        return true; /* accumulated in variables, or by rows of the step's width */
    if (!plan_index(s, r, w, level) || strcmp(strips_type(s->e->p->buffers.at[r->buffer].dtype), strips_type((Dtype)r->value->dtype)))
        return false;
    return w->affine.good || r->kind == RESULT_STORE || r->kind == RESULT_SCAN || r->kind == RESULT_ADD;
}

/* ---- Slots ---- */

static bool contiguous_load(const Strips *s, const Inst *x)
{
    const Step *step = s->t->s;
    Affine a = strips_affine(s, x->node->in[0]);
    const Size *one = size_int(s->e->g, 1);
    if (x->copy)
        return false;
    if (x->level == LEVEL_ROW)
        return a.row == one;
    return a.col == one && (!s->blocked || a.row == step->loop[step->nloops - 1].extent);
}

static void find_last_uses(Strips *s)
{
    for (int i = 0; i < s->list.n; i++) {
        Inst *x = &s->list.at[i];
        x->last = i;
        for (int k = 0; k < 3; k++)
            if (x->in[k] >= 0)
                s->list.at[x->in[k]].last = i;
    }
    for (int k = 0; k < s->t->s->results.n; k++) {
        const Written *w = &s->written[k];
        int used[] = {w->value, w->value2, w->position, w->at};
        for (int i = 0; i < ARRAY_LEN(used); i++)
            if (used[i] >= 0)
                s->list.at[used[i]].last = s->list.n;
    }
}

/* The exponents of powers that became INST_POWERS. */
static void find_unused(Strips *s)
{
    bool *used = NEW_N(s->e->arena, bool, s->list.n + 1);
    for (int i = s->list.n - 1; i >= 0; i--) {
        Inst *x = &s->list.at[i];
        x->unused = x->last < s->list.n && !used[i]; /* results use to the end */
        for (int k = 0; k < 3 && !x->unused; k++)
            if (x->in[k] >= 0)
                used[x->in[k]] = true;
    }
}

static bool give_slots(Strips *s)
{
    bool used[MOST_SLOTS] = {0};
    find_unused(s);
    for (int i = 0; i < s->list.n; i++) {
        Inst *x = &s->list.at[i];
        if (x->unused)
            continue;
        if (x->level == LEVEL_ROW) { /* read in all strips of the row */
            if (x->kind != INST_LOAD || !contiguous_load(s, x))
                x->slot = s->row_slots++;
            continue;
        }
        for (int k = 0; k < 3; k++) { /* what is read here for the last time makes room already now */
            Inst *y = x->in[k] >= 0 ? &s->list.at[x->in[k]] : NULL;
            if (y && y->level == LEVEL_ELEMENT && y->last == i && y->slot >= 0 && x->kind == INST_OP && dtype_bytes((Dtype)x->node->dtype) == dtype_bytes((Dtype)y->node->dtype))
                used[y->slot] = false;
        }
        if (!x->at && (x->kind != INST_LOAD || !contiguous_load(s, x))) {
            int at = 0;
            while (at < MOST_SLOTS && used[at])
                at++;
            if (at == MOST_SLOTS)
                return false;
            used[at] = true;
            x->slot = at;
            if (at >= s->slots)
                s->slots = at + 1;
        }
        for (int k = 0; k < 3; k++) {
            const Inst *y = x->in[k] >= 0 ? &s->list.at[x->in[k]] : NULL;
            if (y && y->level == LEVEL_ELEMENT && y->last == i && y->slot >= 0 && y->slot != x->slot)
                used[y->slot] = false;
        }
        if (x->last == i && x->slot >= 0)
            used[x->slot] = false;
    }
    return s->row_slots <= MOST_ROW_SLOTS;
}

bool strips_plan(Strips *s)
{
    Emit *e = s->e;
    const Step *step = s->t->s;
    for (int level = 0; level < 3; level++)
        s->made[level] = NEW_N(e->arena, int, s->t->nodes + 2);
    s->written = NEW_N(e->arena, Written, step->results.n + 1);
    find_affines(s);
    for (Level level = LEVEL_ROW; level <= LEVEL_ELEMENT; level++)
        for (int i = 0; i < s->t->nodes; i++)
            if (strips_level(s, s->t->node[i]) == level && !add_node(s, i))
                return false;
    for (int k = 0; k < step->results.n; k++)
        if (!plan_result(s, k))
            return false;
    for (int k = 0; k < step->results.n; k++) {
        Written *w = &s->written[k];
        if (step->results.at[k].kind == RESULT_STORE && may_be_direct(s, &step->results.at[k], w)) {
            w->direct = true;
            s->list.at[w->value].at = "";
        }
    }
    find_copies(s);
    find_last_uses(s);
    return give_slots(s);
}
