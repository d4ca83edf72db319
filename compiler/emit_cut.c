/* emit_cut.c - cuts long functions into pieces.
 *
 * The optimisers of C compilers are superlinear in the length of a function: gcc
 * takes 70 s for 100,000 straight-line statements, a third of that in pieces of a
 * few hundred. A piece is a function of the same arguments. What one
 * piece computes and a later one reads is carried in arrays in the workspace; all
 * else stays a local variable. Which is which is found by a dry run. */
#include "emit.h"

static int count_statements(Emit *e)
{
    int n = 0;
    for (int id = 0; id < e->nnodes; id++)
        n += e->uses[id] > 1;
    for (int i = 0; i < e->p->steps.n; i++)
        n += e->p->steps.at[i].results.n;
    return n;
}

/* The last piece that reads each node: a node without a variable is written where its readers are. */
static void find_crossings(Emit *e, int *read_in)
{
    for (int id = e->nnodes - 1; id >= 0; id--) {
        const Node *n = e->g->nodes.at[id];
        if (!e->uses[id] || op_info(n)->family == F_REDUCE)
            continue;
        int piece = e->made_in[id] >= 0 ? e->made_in[id] : read_in[id];
        for (int k = 0; k < n->nin; k++)
            if (read_in[n->in[k]->id] < piece)
                read_in[n->in[k]->id] = piece;
    }
    for (int id = 0; id < e->nnodes; id++)
        if (e->made_in[id] >= 0 && read_in[id] > e->made_in[id])
            e->cross[id] = dtype_is_real((Dtype)e->g->nodes.at[id]->dtype) ? e->ncross_real++ : e->ncross_int++;
}

void emit_plan_pieces(Emit *e, void (*steps)(Emit *))
{
    e->npieces = 1;
    e->made_in = NEW_N(e->arena, int, e->nnodes + 1);
    e->cross = NEW_N(e->arena, int, e->nnodes + 1);
    for (int i = 0; i < e->nnodes; i++)
        e->made_in[i] = e->cross[i] = -1;
    if (count_statements(e) < CUT_ABOVE)
        return;
    Emit dry = *e;
    Text nowhere = {.arena = e->arena};
    SnippetSet none = {.arena = e->arena};
    dry.read_in = NEW_N(e->arena, int, e->nnodes + 1);
    dry.dry = true;
    dry.npieces = 2; /* as in a cut function */
    dry.out = &nowhere;
    dry.snippets = &none;
    dry.diags = NULL;
    dry.text = NEW_N(e->arena, const char *, e->nnodes);
    dry.names = (Names){.arena = e->arena};
    dry.inner = (Names){.arena = e->arena};
    steps(&dry);
    e->now = dry.now; /* of the stamps in `seen`, which both use */
    e->npieces = dry.piece + 1;
    memset(e->buffer_used, 0, sizeof(bool) * (size_t)(e->p->buffers.n + 1));
    memset(e->param_used, 0, sizeof(bool) * (size_t)(e->g->params.n + 1));
    memset(e->size_used, 0, sizeof(bool) * (size_t)(e->p->function->sizes.n + 1));
    if (e->npieces > 1)
        find_crossings(e, dry.read_in);
    /* the texts are about to be others: what gets a variable must not depend on their length again */
    e->planned = e->made_in;
    e->made_in = NEW_N(e->arena, int, e->nnodes + 1);
    for (int i = 0; i < e->nnodes; i++)
        e->made_in[i] = -1;
}

void emit_maybe_cut(Emit *e)
{
    if (e->npieces == 1 || e->statements < PIECE_STATEMENTS || e->indent != 1)
        return;
    e->statements = 0;
    e->piece++;
    e->line = 0;
    if (e->dry) {
        e->out->n = 0;
        return;
    }
    emit_end_piece(e);
    size_t room = e->out->n + e->out->n / 8; /* the next one will be much like it */
    vec_push(e->arena, &e->pieces, (Text){.arena = e->arena});
    e->out = &e->pieces.at[e->pieces.n - 1];
    text_reserve(e->out, room);
}

void emit_note_reader(Emit *e, const Node *n)
{
    if (e->dry && n && e->read_in[n->id] < e->piece)
        e->read_in[n->id] = e->piece;
}
