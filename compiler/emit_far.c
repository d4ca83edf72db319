/* emit_far.c - innermost loops with a sine, a cosine or a tangent in them.
 *
 * These branch for arguments of 2^20 and more, and a loop that branches is not
 * vectorised. So a loop before it looks for such arguments, and where there is none
 * (nor a nan) the loop is one of the functions that hold below 2^20 and do not
 * branch. Looking writes nothing: outputs may lie where inputs lie. */
#include "emit_nest.h"

enum { FEW = 8 }; /* turns for which it is not worth it */

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
    open_loop(t, head, index);
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

static void put_turns(Nest *t, const char *head, const char *index, const char *lane)
{
    open_loop(t, head, index);
    emit_body(t, lane);
    close_block(t->e);
}

void emit_turns(Nest *t, const char *head, const char *index, const char *lane)
{
    Emit *e = t->e;
    if (!wants_near(t)) {
        emit_ivdep(t);
        put_turns(t, head, index, lane);
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
    put_turns(t, head, index, lane);
    e->near = false;
    e->indent--;
    emit_line(e, "} else {");
    e->indent++;
    forget(t);
    put_turns(t, head, index, lane);
    close_block(e);
}
