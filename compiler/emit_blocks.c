/* emit_blocks.c - lists of steps as C: loops that stay loops, branches, and where scalar expressions
 * stand.
 *
 * An expression belongs to the innermost block that all its uses lie in. What does
 * not change from turn to turn and is safe to compute stands before the loop, but
 * inside the branch that guards it. Its text is forgotten where its block ends. */
#include "emit.h"

/* ---- Where expressions stand ---- */

/* Calls `f` for every expression that a step reads, with the list in which it does. */
static void step_roots(Emit *e, const Step *s, void (*f)(Emit *, Node *, int))
{
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        Node *root[4] = {r->at, r->value, r->value2, r->kind == RESULT_ARG ? r->position : NULL};
        for (int i = 0; i < 4; i++)
            if (root[i])
                f(e, root[i], s->list);
    }
    if (s->count)
        f(e, s->count, s->list);
    if (s->condition)
        f(e, s->condition, s->list);
    for (int k = 0; k < s->vars.n; k++) {
        f(e, s->vars.at[k].first, s->kind == STEP_FOR ? s->list : s->body);
        f(e, s->vars.at[k].next, s->kind == STEP_FOR ? s->body : s->other);
    }
}

static void meet_home(Emit *e, Node *n, int list)
{
    e->home[n->id] = e->home[n->id] < 0 ? list : list_around(e->p, e->home[n->id], list);
}

static void note_escape(Emit *e, Node *n, int list)
{
    e->escapes[n->id] |= list != e->home[n->id];
}

static bool is_variable(const Node *n)
{
    return op_info(n)->family == F_REDUCE || n->op == OP_PARAM;
}

/* Whether it may be computed where nobody wants it. */
static bool is_safe(const Emit *e, const Node *n)
{
    if (n->op == OP_LOAD && n->nin == 1) {
        const Size *count = e->p->buffers.at[n->attr[0]].count;
        return node_is_const(n->in[0]) && count->is_const && const_integer(n->in[0]) < count->value;
    }
    if (n->op == OP_FLOORDIV || n->op == OP_MOD)
        return dtype_is_real((Dtype)n->dtype) || (node_is_const(n->in[1]) && const_integer(n->in[1]));
    return true;
}

/* By node the innermost list that it depends on. */
static int *find_depends(Emit *e)
{
    Program *p = e->p;
    int *on = NEW_N(e->arena, int, e->nnodes + 1);
    for (int i = 0; i < p->steps.n; i++) {
        const Step *s = &p->steps.at[i];
        for (int k = 0; k < s->nloops; k++)
            on[s->loop[k].var->id] = s->list;
        for (int k = 0; k < s->results.n; k++)
            if (s->results.at[k].kind >= RESULT_REDUCE && s->results.at[k].node && s->results.at[k].buffer < 0)
                on[s->results.at[k].node->id] = s->list;
        for (int k = 0; k < s->vars.n; k++) {
            on[s->vars.at[k].node->id] = s->kind == STEP_FOR ? s->body : s->list;
            if (s->vars.at[k].result)
                on[s->vars.at[k].result->id] = s->list;
        }
        if (s->index)
            on[s->index->id] = s->body;
        if (s->turns)
            on[s->turns->id] = s->list;
    }
    for (int id = 0; id < e->nnodes; id++) {
        const Node *n = e->g->nodes.at[id];
        if (!e->uses[id])
            continue;
        if (n->op == OP_LOAD)
            on[id] = p->buffers.at[n->attr[0]].list;
        for (int k = 0; k < n->nin && !is_variable(n); k++)
            if (list_depth(p, on[n->in[k]->id]) > list_depth(p, on[id]))
                on[id] = on[n->in[k]->id];
        if (!is_safe(e, n))
            on[id] = e->home[id];
    }
    return on;
}

static void push_homes(Emit *e, const int *on)
{
    Program *p = e->p;
    for (int id = 0; id < e->nnodes; id++)
        e->home[id] = -1;
    for (int i = 0; i < p->steps.n; i++)
        step_roots(e, &p->steps.at[i], meet_home);
    for (int id = e->nnodes - 1; id >= 0; id--) {
        Node *n = e->g->nodes.at[id];
        if (e->home[id] < 0)
            continue;
        while (on && e->home[id] != on[id] && p->lists.at[e->home[id]].turns)
            e->home[id] = p->lists.at[e->home[id]].parent;
        for (int k = 0; k < n->nin && !is_variable(n); k++)
            meet_home(e, n->in[k], e->home[id]);
    }
}

void emit_find_homes(Emit *e)
{
    Program *p = e->p;
    e->home = NEW_N(e->arena, int, e->nnodes + 1);
    e->escapes = NEW_N(e->arena, bool, e->nnodes + 1);
    e->unnamed = NEW_N(e->arena, bool, e->nnodes + 1);
    e->seen = NEW_N(e->arena, int, e->nnodes + 1);
    if (p->lists.n < 2)
        return;
    push_homes(e, NULL);
    push_homes(e, find_depends(e));
    for (int i = 0; i < p->steps.n; i++) {
        const Step *s = &p->steps.at[i];
        step_roots(e, s, note_escape);
        for (int k = 0; k < s->results.n; k++)
            e->escapes[s->results.at[k].value->id] |= s->results.at[k].kind == RESULT_LET;
        if (s->kind == STEP_FOR && !s->reverse) /* seen in each turn */
            e->escapes[s->count->id] = true;
        for (int k = 0; k < s->vars.n; k++) /* it gets the variable's name */
            e->unnamed[s->vars.at[k].next->id] = e->unnamed[s->vars.at[k].first->id] = true;
    }
    for (int id = 0; id < e->nnodes; id++) {
        const Node *n = e->g->nodes.at[id];
        for (int k = 0; e->home[id] >= 0 && k < n->nin && !is_variable(n); k++)
            note_escape(e, n->in[k], e->home[id]);
    }
}

/* ---- Before a block ---- */

static void want_root(Emit *e, Node *n, int list)
{
    (void)list;
    vec_push(e->arena, &e->wanted, n);
    emit_note_reader(e, n);
}

static void want_steps(Emit *e, const Step *s)
{
    step_roots(e, s, want_root);
    if (s->kind != STEP_FOR && s->kind != STEP_IF)
        return;
    for (int side = 0; side < (s->kind == STEP_IF ? 2 : 1); side++) {
        const StepList *l = &e->p->lists.at[side ? s->other : s->body];
        for (int k = 0; k < l->steps.n; k++)
            want_steps(e, &e->p->steps.at[l->steps.at[k]]);
    }
}

/* Writes those of the wanted nodes and of what they are made of that belong to the list. */
static void put_wanted(Emit *e, int list)
{
    VEC(Node *) found = {0};
    e->now++;
    while (e->wanted.n) {
        Node *n = e->wanted.at[--e->wanted.n];
        if (e->text[n->id] || e->seen[n->id] == e->now)
            continue;
        e->seen[n->id] = e->now;
        if (e->home[n->id] == list && !e->depth[n->id]) {
            e->text[n->id] = "";
            vec_push(e->arena, &found, n);
        }
        for (int k = 0; k < n->nin && !is_variable(n); k++)
            vec_push(e->arena, &e->wanted, n->in[k]);
    }
    emit_sort_nodes(found.n, found.at);
    emit_nodes(e, found.n, found.at);
}

/* What a loop or a branch wants before it. With that a new piece may have begun, in which all is read. */
static void put_before(Emit *e, const Step *s)
{
    int piece = e->piece;
    want_steps(e, s);
    put_wanted(e, s->list);
    if (e->piece == piece)
        return;
    want_steps(e, s);
    e->wanted.n = 0;
}

typedef struct Scope {
    const char **text;
    Node **listed;
    int names;
} Scope;

static Scope open_scope(Emit *e)
{
    if (e->nested == e->around.n)
        vec_push(e->arena, &e->around, NEW_N(e->arena, const char *, e->nnodes + 1));
    Scope s = {.text = e->around.at[e->nested++], .listed = e->listed, .names = e->names.list.n};
    memcpy(s.text, e->text, sizeof *s.text * (size_t)e->nnodes);
    e->indent++;
    return s;
}

static void close_scope(Emit *e, Scope s)
{
    memcpy(e->text, s.text, sizeof *s.text * (size_t)e->nnodes);
    e->nested--;
    e->listed = s.listed;
    names_drop(&e->names, s.names);
    e->indent--;
}

static void set_text(Emit *e, const Node *n, const char *text)
{
    e->text[n->id] = text;
    e->prec[n->id] = PREC_ATOM;
}

/* ---- Behind a turn ---- */

/* Whether the text of n reads the variable itself, and not something that was made of it before. */
static bool mentions(Emit *e, Node *n, const Node *variable)
{
    VEC(Node *) todo = {0};
    e->now++;
    vec_push(e->arena, &todo, n);
    while (todo.n) {
        Node *x = todo.at[--todo.n];
        if (x == variable)
            return true;
        if (e->seen[x->id] == e->now || e->made_in[x->id] >= 0 || is_variable(x))
            continue;
        e->seen[x->id] = e->now;
        for (int k = 0; k < x->nin; k++)
            vec_push(e->arena, &todo, x->in[k]);
    }
    return false;
}

/* `s += x` where the next value is that. */
static void put_assignment(Emit *e, const Variable *v, const char *name)
{
    static const struct { Op op; const char *sign; int prec; } sign[] = {{OP_ADD, "+=", 0}, {OP_SUB, "-=", 0}, {OP_MUL, "*=", 0}, {OP_SCALE, "*=", 0}, {OP_DIV, "/=", 0}};
    const Node *n = v->next;
    bool direct = e->made_in[n->id] < 0 && dtype_is_real((Dtype)n->dtype);
    for (int i = 0; i < ARRAY_LEN(sign) && direct; i++)
        if (n->op == sign[i].op && n->in[0] == v->node && !mentions(e, n->in[1], v->node)) {
            emit_line(e, "%s %s %s;", name, sign[i].sign, e->text[n->in[1]->id]);
            return;
        }
    if (n->op == OP_ADD && direct && n->in[1] == v->node && !mentions(e, n->in[0], v->node)) {
        emit_line(e, "%s += %s;", name, e->text[n->in[0]->id]);
        return;
    }
    emit_line(e, "%s = %s;", name, e->text[n->id]);
}

/* A variable that no other still wants; -1: none. *some is one that is left. */
static int free_variable(Emit *e, const Step *s, const bool *done, const bool *named, int *some)
{
    *some = -1;
    for (int k = 0; k < s->vars.n; k++) {
        bool needed = false;
        for (int i = 0; i < s->vars.n && !done[k] && !needed; i++)
            needed = !done[i] && i != k && !named[i] && mentions(e, s->vars.at[i].next, s->vars.at[k].node);
        if (!done[k] && !needed)
            return k;
        if (!done[k] && !named[k] && (*some < 0 || s->vars.at[*some].next->op == OP_HOLE))
            *some = k;
    }
    return -1;
}

/* Variables get their next values, each when nobody else wants its old one. */
static void put_next(Emit *e, const Step *s, const char *const *name)
{
    int n = s->vars.n, left = 0;
    bool *done = NEW_N(e->arena, bool, n + 1), *named = NEW_N(e->arena, bool, n + 1);
    const char **text = NEW_N(e->arena, const char *, n + 1);
    for (int k = 0; k < n; k++)
        want_root(e, s->vars.at[k].next, s->body);
    put_wanted(e, s->body);
    for (int k = 0; k < n; k++) {
        done[k] = s->vars.at[k].next == s->vars.at[k].node;
        left += !done[k];
        text[k] = e->text[s->vars.at[k].next->id];
    }
    while (left) {
        int some, k = free_variable(e, s, done, named, &some);
        if (k < 0) { /* a circle: x, y = y, x + y */
            const char *next = outer_name(e, arena_printf(e->arena, "%s_next", name[some]));
            emit_line(e, "const %s %s = %s;", scalar_type((Dtype)s->vars.at[some].next->dtype), next, text[some]);
            text[some] = next;
            named[some] = true;
            continue;
        }
        if (named[k])
            emit_line(e, "%s = %s;", name[k], text[k]);
        else
            put_assignment(e, &s->vars.at[k], name[k]);
        done[k] = true;
        left--;
    }
}

/* ---- Loops ---- */

static const char *buffer_type(const Emit *e, int b)
{
    return dtype_c(e->p->buffers.at[b].dtype);
}

/* Two pieces of memory that change places have pointers of their own. */
static void open_swap(Emit *e, const Kept *k, const char **now, const char **next)
{
    int root = buffer_root(e->p, k->now), other = buffer_root(e->p, k->next);
    const char *base = e->buffer[root];
    *now = outer_name(e, arena_printf(e->arena, "%s_now", base));
    *next = outer_name(e, arena_printf(e->arena, "%s_next", base));
    emit_line(e, "%s *%s = %s, *%s = %s;", buffer_type(e, k->now), *now, e->buffer[root], *next, e->buffer[other]);
    e->buffer_used[root] = e->buffer_used[other] = true;
}

static void name_memory(Emit *e, int buffer, const char *name)
{
    int root = buffer_root(e->p, buffer);
    for (int i = 0; i < e->p->buffers.n; i++)
        if (buffer_root(e->p, i) == root && !e->p->buffers.at[i].row)
            e->buffer[i] = name;
}

static void close_swap(Emit *e, const Kept *k, const char *now, const char *root, const char *other)
{
    name_memory(e, k->now, root);
    name_memory(e, k->next, other);
    emit_line(e, "if (%s != %s)", now, root);
    emit_line(e, "    memcpy(%s, %s, (size_t)%s * sizeof(%s));", root, now, emit_size(e, e->p->buffers.at[k->now].count, true), buffer_type(e, k->now));
}

/* Rows of what is collected that are made in memory. */
static void put_rows(Emit *e, const Step *s)
{
    for (int i = 0; i < e->p->buffers.n; i++) {
        const Buffer *b = &e->p->buffers.at[i];
        int same = 0; /* what the sides of a branch end with is the same row */
        while (same < i && (e->p->buffers.at[same].row != b->row || e->p->buffers.at[same].host != b->host))
            same++;
        if (b->row != s->index)
            continue;
        if (same < i) {
            e->buffer[i] = e->buffer[same];
            continue;
        }
        const char *name = outer_name(e, b->node->name ? b->node->name : "row");
        const char *count = emit_size(e, b->count, true);
        emit_line(e, "%s *const %s = %s + %s * %s;", dtype_c(b->dtype), name, e->buffer[b->host], e->text[s->index->id], count);
        e->buffer_used[b->host] = true;
        e->buffer[i] = name;
    }
}

/* The head of the loop, and the name of its variable. */
static void put_head(Emit *e, const Step *s, const char *i)
{
    const char *n = emit_operand(e, s->count, PREC_ADD);
    if (s->reverse)
        emit_line(e, "for (int64_t %s = %s; %s >= 0; %s--) {", i, n, i, i);
    else if (s->turns)
        emit_line(e, "for (; %s < %s; %s++) {", i, n, i);
    else
        emit_line(e, "for (int64_t %s = 0; %s < %s; %s++) {", i, i, n, i);
}

/* A variable that a later piece of a cut function may read. */
static void keep_variable(Emit *e, Node *n, const char *name)
{
    const char *text = name;
    if (e->npieces > 1 && e->indent == 1)
        text = emit_variable(e, n, name, name, "");
    set_text(e, n, text);
}

static void put_for(Emit *e, const Step *s)
{
    const char **name = NEW_N(e->arena, const char *, s->vars.n + 1);
    const char **now = NEW_N(e->arena, const char *, 4 * s->kept.n + 1);
    names_clear(&e->inner); /* of a nest that is closed */
    put_before(e, s);
    for (int k = 0; k < s->vars.n; k++) {
        const Variable *v = &s->vars.at[k];
        name[k] = outer_name(e, v->node->name ? v->node->name : "s");
        emit_line(e, "%s %s = %s;", scalar_type((Dtype)v->node->dtype), name[k], e->text[v->first->id]);
    }
    for (int k = 0; k < s->kept.n; k++)
        if (s->kept.at[k].swap) {
            now[4 * k + 2] = e->buffer[buffer_root(e->p, s->kept.at[k].now)];
            now[4 * k + 3] = e->buffer[buffer_root(e->p, s->kept.at[k].next)];
            open_swap(e, &s->kept.at[k], &now[4 * k], &now[4 * k + 1]);
        }
    const char *turns = NULL, *base = s->index->name ? s->index->name : "i", *i;
    if (s->turns) {
        turns = outer_name(e, s->reverse ? "turns" : base);
        emit_line(e, "int64_t %s = 0;", turns);
    }
    int mark = e->names.list.n;
    i = turns && !s->reverse ? turns : outer_name(e, base);
    put_head(e, s, i);
    Scope scope = open_scope(e);
    scope.names = mark;
    set_text(e, s->index, i);
    for (int k = 0; k < s->vars.n; k++)
        set_text(e, s->vars.at[k].node, name[k]);
    for (int k = 0; k < s->kept.n; k++)
        if (s->kept.at[k].swap) {
            name_memory(e, s->kept.at[k].now, now[4 * k]);
            name_memory(e, s->kept.at[k].next, now[4 * k + 1]);
        }
    put_rows(e, s);
    emit_list(e, s->body);
    put_next(e, s, name);
    for (int k = 0; k < s->kept.n; k++)
        if (s->kept.at[k].swap) {
            const char *was = outer_name(e, arena_printf(e->arena, "%s_was", now[4 * k + 2]));
            emit_line(e, "%s *const %s = %s;", buffer_type(e, s->kept.at[k].now), was, now[4 * k]);
            emit_line(e, "%s = %s;", now[4 * k], now[4 * k + 1]);
            emit_line(e, "%s = %s;", now[4 * k + 1], was);
        }
    if (turns && s->reverse)
        emit_line(e, "%s++;", turns);
    close_scope(e, scope);
    emit_line(e, "}");
    for (int k = 0; k < s->kept.n; k++)
        if (s->kept.at[k].swap)
            close_swap(e, &s->kept.at[k], now[4 * k], now[4 * k + 2], now[4 * k + 3]);
    for (int k = 0; k < s->vars.n; k++)
        if (s->vars.at[k].result)
            keep_variable(e, s->vars.at[k].result, name[k]);
    if (s->turns)
        keep_variable(e, s->turns, turns);
}

/* ---- Branches ---- */

static void put_side(Emit *e, const Step *s, bool other, const char *const *name)
{
    int list = other ? s->other : s->body;
    Scope scope = open_scope(e);
    emit_list(e, list);
    for (int k = 0; k < s->vars.n; k++)
        want_root(e, other ? s->vars.at[k].next : s->vars.at[k].first, list);
    put_wanted(e, list);
    for (int k = 0; k < s->vars.n; k++) {
        const Node *v = other ? s->vars.at[k].next : s->vars.at[k].first;
        emit_line(e, "%s = %s;", name[k], e->text[v->id]);
    }
    close_scope(e, scope);
}

/* `double y, z;`: those of one type in a row. */
static void declare_variables(Emit *e, const Step *s, const char *const *name)
{
    for (int k = 0, first; k < s->vars.n;) {
        Text t = {.arena = e->arena};
        text_printf(&t, "%s %s", scalar_type((Dtype)s->vars.at[k].node->dtype), name[k]);
        for (first = k++; k < s->vars.n && t.n < 80 && s->vars.at[k].node->dtype == s->vars.at[first].node->dtype; k++)
            text_printf(&t, ", %s", name[k]);
        emit_line(e, "%s;", t.s);
    }
}

/* The one side of a condition that is known, without a block where the function is in one piece. */
static void put_taken(Emit *e, const Step *s)
{
    bool other = !const_integer(s->condition);
    int list = other ? s->other : s->body;
    emit_list(e, list);
    for (int k = 0; k < s->vars.n; k++)
        want_root(e, other ? s->vars.at[k].next : s->vars.at[k].first, list);
    put_wanted(e, list);
    for (int k = 0; k < s->vars.n; k++) {
        const Node *v = s->vars.at[k].node, *value = other ? s->vars.at[k].next : s->vars.at[k].first;
        const char *text = e->text[value->id];
        if (value->op != OP_CONST && e->made_in[value->id] < 0) /* what a loop carries may change */
            text = emit_variable(e, v, v->name ? v->name : "t", text, "");
        e->text[v->id] = text;
        e->prec[v->id] = value->op == OP_CONST ? e->prec[value->id] : PREC_ATOM;
    }
}

static void put_if(Emit *e, const Step *s)
{
    const char **name = NEW_N(e->arena, const char *, s->vars.n + 1);
    names_clear(&e->inner);
    bool body = s->vars.n || e->p->lists.at[s->body].steps.n, other = s->vars.n || e->p->lists.at[s->other].steps.n;
    put_before(e, s);
    if (!body && !other)
        return;
    if (node_is_const(s->condition) && e->npieces == 1) {
        put_taken(e, s);
        return;
    }
    for (int k = 0; k < s->vars.n; k++) {
        const Node *v = s->vars.at[k].node;
        name[k] = outer_name(e, v->name ? v->name : "t");
    }
    declare_variables(e, s, name);
    if (body)
        emit_line(e, "if (%s) {", e->text[s->condition->id]);
    else
        emit_line(e, "if (!%s) {", emit_operand(e, s->condition, PREC_UNARY));
    if (body)
        put_side(e, s, false, name);
    if (body && other)
        emit_line(e, "} else {");
    if (other)
        put_side(e, s, true, name);
    emit_line(e, "}");
    for (int k = 0; k < s->vars.n; k++)
        keep_variable(e, s->vars.at[k].node, name[k]);
}

void emit_block(Emit *e, const Step *s)
{
    emit_maybe_cut(e);
    e->statements++;
    if (s->kind == STEP_FOR)
        put_for(e, s);
    else
        put_if(e, s);
}
