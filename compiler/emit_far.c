/* emit_far.c - innermost loops with a sine, a cosine or a tangent in them.
 *
 * These branch for arguments of 2^20 and more, and a loop that branches is not
 * vectorised. So a loop before it looks for such arguments, and where there is none
 * (nor a nan) the loop is one of the functions that hold below 2^20 and do not
 * branch. Looking writes nothing: outputs may lie where inputs lie.
 *
 * A long body is not written twice. Its loop runs in strips, and in each strip the arguments go
 * into an array, sines come from there in a loop of their own, the only one that is there twice,
 * and the body reads them. */
#include "emit_nest.h"

#include <stdlib.h>

enum {
    FEW = 8,   /* turns for which it is not worth it */
    LONG = 64, /* operations of a body that is not to be there twice */
    MOST = 32  /* sines whose arrays the C stack is to hold */
};

static bool branches(const Nest *t, const Node *n)
{
    return (n->op == OP_SIN || n->op == OP_COS || n->op == OP_TAN) && t->e->depth[n->id] == t->s->nloops;
}

static bool wants_near(const Nest *t)
{
    const Step *s = t->s;
    const Size *turns = s->loop[s->nloops - 1].extent;
    if ((turns->is_const && turns->value < FEW) || strips_wanted(t->e)) /* libtcc vectorises nothing */
        return false;
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        bool plain = r->kind == RESULT_STORE || r->kind == RESULT_REDUCE || r->kind == RESULT_ADD || r->kind == RESULT_SCAN || r->kind == RESULT_ARG;
        if (!plain || r->ordered) /* indices are checked, loops left, values made by earlier turns */
            return false;
    }
    for (int i = 0; i < t->nodes; i++)
        if (branches(t, t->node[i]))
            return true;
    return false;
}

/* The nodes of the loop are to be written again. */
static void forget(Nest *t)
{
    for (int i = 0; i < t->nodes; i++)
        if (t->e->depth[t->node[i]->id] == t->s->nloops)
            t->e->text[t->node[i]->id] = "";
}

bool emit_sines_apart(const Nest *t)
{
    int n = 0, sines = 0;
    for (int i = 0; i < t->nodes; i++) {
        n += t->e->depth[t->node[i]->id] == t->s->nloops && (t->node[i]->dtype != T_I64 || t->node[i]->op == OP_LOAD);
        sines += branches(t, t->node[i]);
    }
    return n > LONG && sines <= MOST && wants_near(t);
}

static void open_loop(Nest *t, const char *head, const char *index)
{
    emit_line(t->e, "%s", head);
    t->e->indent++;
    if (index)
        emit_line(t->e, "%s", index);
}

static void close_block(Emit *e)
{
    e->indent--;
    emit_line(e, "}");
}

/* What the results of a turn need, by node; nothing behind what stands in `made`, or NULL. */
static bool *needed(const Nest *t, const char *const *made)
{
    bool *need = NEW_N(t->e->arena, bool, t->e->nnodes);
    for (int k = 0; k < t->s->results.n; k++) {
        const Result *r = &t->s->results.at[k];
        const Node *root[] = {r->at, r->value, r->value2, r->position};
        for (int i = 0; i < ARRAY_LEN(root); i++)
            if (root[i])
                need[root[i]->id] = true;
    }
    for (int i = t->nodes - 1; i >= 0; i--) {
        const Node *x = t->node[i];
        for (int k = 0; need[x->id] && !(made && made[x->id]) && k < x->nin; k++)
            need[x->in[k]->id] = true;
    }
    return need;
}

/* The line that begins a turn, where what the turn needs has the loop's variable in it. */
static const char *index_line(const Nest *t, const bool *need, const char *index)
{
    return need[t->s->loop[t->s->nloops - 1].var->id] ? index : NULL;
}

/* far |= gradc_is_far(x) for every such argument, and what those need. */
static void look_for_far(Nest *t, const char *head, const char *index, const char *far)
{
    Emit *e = t->e;
    bool *need = NEW_N(e->arena, bool, e->nnodes);
    Node **some = NEW_N(e->arena, Node *, t->nodes + 1);
    int n = 0;
    for (int i = t->nodes - 1; i >= 0; i--) {
        const Node *x = t->node[i];
        for (int k = 0; (need[x->id] || branches(t, x)) && k < x->nin; k++)
            need[x->in[k]->id] = true;
    }
    for (int i = 0; i < t->nodes; i++)
        if (need[t->node[i]->id] && e->depth[t->node[i]->id] == t->s->nloops)
            some[n++] = t->node[i];
    open_loop(t, head, index_line(t, need, index));
    emit_nodes(e, n, some);
    bool *seen = NEW_N(e->arena, bool, e->nnodes);
    for (int i = 0; i < t->nodes; i++) {
        const Node *x = t->node[i];
        if (!branches(t, x) || seen[x->in[0]->id])
            continue;
        seen[x->in[0]->id] = true;
        const char *fn = x->dtype == T_F32 ? "gradc_is_farf" : "gradc_is_far";
        snippet_want(e->snippets, fn);
        emit_line(e, "%s |= %s(%s);", far, fn, e->text[x->in[0]->id]);
    }
    close_block(e);
    forget(t);
}

static void put_turns(Nest *t, const char *head, const char *index, const char *lane, const char *const *made)
{
    open_loop(t, head, index ? index_line(t, needed(t, made), index) : NULL);
    emit_body(t, lane);
    close_block(t->e);
}

/* ---- Sines apart ---- */

typedef struct Apart {
    Nest *t;
    const char *head, *index, *lane;
    int *level;          /* by node: how many sines it is made of, one in the other */
    const char **made;   /* by node: the element of the array that has its value, of a sine or its argument */
} Apart;

static int find_levels(Apart *p)
{
    int most = 0;
    for (int i = 0; i < p->t->nodes; i++) {
        const Node *x = p->t->node[i];
        int level = 0;
        for (int k = 0; k < x->nin; k++)
            level = p->level[x->in[k]->id] > level ? p->level[x->in[k]->id] : level;
        p->level[x->id] = level += branches(p->t, x);
        most = level > most ? level : most;
    }
    return most;
}

/* The nodes are to be written again, but for those that stand in arrays. */
static void forget_others(Apart *p)
{
    Emit *e = p->t->e;
    forget(p->t);
    for (int i = 0; i < p->t->nodes; i++) {
        int id = p->t->node[i]->id;
        if (!p->made[id])
            continue;
        e->text[id] = p->made[id];
        e->prec[id] = PREC_ATOM;
    }
}

/* An array for the values of n; its element in a turn. The declarations go to one line. */
static const char *strip_element(Apart *p, const Node *n, const char *base, Text *line)
{
    Emit *e = p->t->e;
    const char *want = n->name ? n->name : base;
    bool outside = p->t->s->nloops == 1 && !p->index; /* in the function's block */
    const char *name = outside ? outer_name(e, want) : inner_name(e, want);
    text_printf(line, "%s%s[%d]", line->n ? ", " : "", name, NEST_STRIP);
    return arena_printf(e->arena, "%s[%s]", name, p->lane);
}

/* What of the turn only makes what stands in arrays is not written again. */
static void skip_unneeded(Apart *p)
{
    Nest *t = p->t;
    Emit *e = t->e;
    const bool *need = needed(t, p->made);
    for (int i = 0; i < t->nodes; i++) {
        int id = t->node[i]->id;
        if (!need[id] && e->depth[id] == t->s->nloops)
            e->text[id] = "0";
    }
}

/* The arguments of the sines of one level, by place in `sine`; whether one is far. */
static void put_arguments(Apart *p, int n, Node *const *sine, const char **arg, const char *far)
{
    Nest *t = p->t;
    Emit *e = t->e;
    bool *need = NEW_N(e->arena, bool, e->nnodes);
    Node **some = NEW_N(e->arena, Node *, t->nodes + 1);
    int nsome = 0;
    for (int k = 0; k < n; k++)
        need[sine[k]->in[0]->id] = true;
    for (int i = t->nodes - 1; i >= 0; i--) {
        const Node *x = t->node[i];
        for (int k = 0; need[x->id] && !p->made[x->id] && k < x->nin; k++)
            need[x->in[k]->id] = true;
    }
    for (int i = 0; i < t->nodes; i++)
        if (need[t->node[i]->id] && !p->made[t->node[i]->id] && e->depth[t->node[i]->id] == t->s->nloops)
            some[nsome++] = t->node[i];
    open_loop(t, p->head, index_line(t, need, p->index));
    emit_nodes(e, nsome, some);
    for (int k = 0; k < n; k++) {
        const Node *x = sine[k]->in[0];
        const char *fn = x->dtype == T_F32 ? "gradc_is_farf" : "gradc_is_far";
        if (k && arg[k] == arg[k - 1])
            continue;
        snippet_want(e->snippets, fn);
        emit_line(e, "%s = %s;", arg[k], e->text[x->id]);
        emit_line(e, "%s |= %s(%s);", far, fn, arg[k]);
    }
    close_block(e);
}

static void put_sines(Apart *p, int n, Node *const *sine, const char *const *arg, const char *const *into)
{
    Emit *e = p->t->e;
    forget_others(p);
    for (int k = 0; k < n; k++) {
        e->text[sine[k]->in[0]->id] = arg[k];
        e->prec[sine[k]->in[0]->id] = PREC_ATOM;
    }
    open_loop(p->t, p->head, NULL);
    emit_nodes(e, n, sine);
    for (int k = 0; k < n; k++)
        emit_line(e, "%s = %s;", into[k], e->text[sine[k]->id]);
    close_block(e);
}

static int by_argument(const void *a, const void *b)
{
    const Node *x = *(Node *const *)a, *y = *(Node *const *)b;
    int d = (x->in[0]->id > y->in[0]->id) - (x->in[0]->id < y->in[0]->id);
    return d ? d : (x->id > y->id) - (x->id < y->id);
}

static void put_level(Apart *p, int level)
{
    Nest *t = p->t;
    Emit *e = t->e;
    Node **sine = NEW_N(e->arena, Node *, t->nodes + 1);
    const char **arg = NEW_N(e->arena, const char *, t->nodes + 1), **into = NEW_N(e->arena, const char *, t->nodes + 1);
    Text line;
    int n = 0;
    bool wide = false;
    for (int i = 0; i < t->nodes; i++)
        if (branches(t, t->node[i]) && p->level[t->node[i]->id] == level)
            sine[n++] = t->node[i];
    qsort(sine, (size_t)n, sizeof *sine, by_argument);
    for (int k = 0; k < n; k++) {
        const char *base = sine[k]->op == OP_SIN ? "sin_t" : sine[k]->op == OP_COS ? "cos_t" : "tan_t";
        bool again = k && sine[k]->in[0] == sine[k - 1]->in[0], last = k + 1 == n || sine[k]->in[0] != sine[k + 1]->in[0];
        if (!again)
            line = (Text){.arena = e->arena};
        arg[k] = again ? arg[k - 1] : strip_element(p, sine[k]->in[0], "t", &line);
        into[k] = strip_element(p, sine[k], base, &line);
        wide |= sine[k]->dtype == T_F64;
        if (last)
            emit_line(e, "%s %s;", scalar_type((Dtype)sine[k]->dtype), line.s);
    }
    const char *far = outer_name(e, "far");
    emit_line(e, "uint%d_t %s = 0;", wide ? 64 : 32, far);
    put_arguments(p, n, sine, arg, far);
    emit_line(e, "if (%s == 0) {", far);
    e->indent++;
    e->near = true;
    put_sines(p, n, sine, arg, into);
    e->near = false;
    e->indent--;
    emit_line(e, "} else {");
    e->indent++;
    put_sines(p, n, sine, arg, into);
    close_block(e);
    for (int k = 0; k < n; k++) {
        p->made[sine[k]->in[0]->id] = arg[k];
        p->made[sine[k]->id] = into[k];
    }
    forget_others(p);
}

void emit_turns(Nest *t, const char *head, const char *index, const char *lane)
{
    Emit *e = t->e;
    if (!wants_near(t)) {
        emit_ivdep(t);
        put_turns(t, head, index, lane, NULL);
        return;
    }
    if (lane && emit_sines_apart(t)) {
        Apart p = {.t = t, .head = head, .index = index, .lane = lane};
        p.level = NEW_N(e->arena, int, e->nnodes);
        p.made = NEW_N(e->arena, const char *, e->nnodes);
        int levels = find_levels(&p);
        for (int level = 1; level <= levels; level++)
            put_level(&p, level);
        skip_unneeded(&p);
        emit_ivdep(t);
        put_turns(t, head, index, lane, p.made);
        return;
    }
    const char *far = outer_name(e, "far"); /* it may stand in any block */
    bool wide = false;
    for (int i = 0; i < t->nodes; i++)
        wide |= branches(t, t->node[i]) && t->node[i]->dtype == T_F64;
    emit_line(e, "uint%d_t %s = 0;", wide ? 64 : 32, far);
    e->near = true;
    look_for_far(t, head, index, far);
    emit_line(e, "if (%s == 0) {", far);
    e->indent++;
    emit_ivdep(t);
    put_turns(t, head, index, lane, NULL);
    e->near = false;
    e->indent--;
    emit_line(e, "} else {");
    e->indent++;
    forget(t);
    put_turns(t, head, index, lane, NULL);
    close_block(e);
}
