/* emit_lanes.c - nests that sum powers: sum_j x_j t_i^j, and sums over i of r_i t_i^j.
 *
 * t^j for j = 0, 1, ... is a running product. In the order of the loops it would
 * be a chain of dependent multiplications, so a strip of i is taken through all j
 * at once: every lane keeps its own power (and its own sum), and the loop over the
 * lanes vectorises. */
#include "emit_nest.h"

enum { BY_I = 1, BY_J = 2, LANES = 32 };

typedef struct Lanes {
    Nest *t;
    uint8_t *by;       /* by node: which loops it depends on */
    int npowers;
    Node **power;      /* POW nodes */
    const char **power_name;
    const char **sum_name; /* by result: array of a sum over j, or strip of a sum over i */
    const char *lane, *first, *len;
} Lanes;

/* t_i^j with j the variable of the inner loop, from 0. */
bool emit_is_progression(const Node *n, const Node *inner)
{
    return n->op == OP_POW && n->in[1]->op == OP_CAST && n->in[1]->in[0] == inner;
}

static bool sums_one_loop(const Step *s)
{
    if (s->nloops != 2 || s->width)
        return false;
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        if (r->kind != RESULT_REDUCE || r->op != OP_SUM || r->buffer < 0 || !dtype_is_real((Dtype)r->value->dtype) || (r->reduced != 1 && r->reduced != 2))
            return false;
    }
    return true;
}

static bool find_powers(Lanes *l)
{
    Nest *t = l->t;
    Emit *e = t->e;
    const Node *inner = t->s->loop[1].var;
    l->by = NEW_N(e->arena, uint8_t, e->nnodes);
    l->by[t->s->loop[0].var->id] = BY_I; /* they have their texts and are not on the list */
    l->by[inner->id] = BY_J;
    l->power = NEW_N(e->arena, Node *, t->nodes + 1);
    for (int i = 0; i < t->nodes; i++) {
        const Node *n = t->node[i];
        uint8_t by = 0;
        if (op_info(n)->family != F_REDUCE && n->op != OP_PARAM)
            for (int k = 0; k < n->nin; k++)
                by |= l->by[n->in[k]->id];
        l->by[n->id] = by;
        if (emit_is_progression(n, inner) && !(l->by[n->in[0]->id] & BY_J))
            l->power[l->npowers++] = t->node[i];
    }
    return l->npowers > 0;
}

/* Writes the nodes that depend on just these loops. */
static void put_nodes(Lanes *l, uint8_t by)
{
    Nest *t = l->t;
    Node **some = NEW_N(t->e->arena, Node *, t->nodes + 1);
    int n = 0;
    for (int i = 0; i < t->nodes; i++) {
        Node *x = t->node[i];
        bool power = false;
        for (int k = 0; k < l->npowers; k++)
            power |= l->power[k] == x;
        if (l->by[x->id] == by && t->e->depth[x->id] && !power)
            some[n++] = x;
    }
    emit_nodes(t->e, n, some);
}

static void open_lane_loop(Lanes *l)
{
    Emit *e = l->t->e;
    emit_line(e, "for (int %s = 0; %s < %d; %s++) {", l->lane, l->lane, LANES, l->lane);
    e->indent++;
}

static void close_block(Emit *e)
{
    e->indent--;
    emit_line(e, "}");
}

/* What the inner nodes read of those that depend on i alone: an array each. */
static int boundary(Lanes *l, Node ***out)
{
    Nest *t = l->t;
    Emit *e = t->e;
    bool *seen = NEW_N(e->arena, bool, e->nnodes);
    VEC(Node *) list = {0};
    for (int i = 0; i < t->nodes; i++) {
        const Node *n = t->node[i];
        if (l->by[n->id] != (BY_I | BY_J))
            continue;
        for (int k = 0; k < n->nin; k++) {
            Node *x = n->in[k];
            if (l->by[x->id] == BY_I && !seen[x->id] && x->op != OP_LOOP) {
                seen[x->id] = true;
                vec_push(e->arena, &list, x);
            }
        }
    }
    for (int k = 0; k < t->s->results.n; k++) {
        Node *x = t->s->results.at[k].value;
        if (l->by[x->id] == BY_I && !seen[x->id]) {
            seen[x->id] = true;
            vec_push(e->arena, &list, x);
        }
    }
    *out = list.at;
    return list.n;
}

/* Lane values of the strip, powers at 1, sums over j at 0. */
static void put_first_lanes(Lanes *l)
{
    Nest *t = l->t;
    Emit *e = t->e;
    Node **edge;
    int n = boundary(l, &edge);
    const char **array = NEW_N(e->arena, const char *, n + 1);
    for (int i = 0; i < n; i++) {
        array[i] = inner_name(e, arena_printf(e->arena, "%s_lanes", edge[i]->name ? edge[i]->name : "t"));
        emit_line(e, "%s %s[32];", scalar_type((Dtype)edge[i]->dtype), array[i]);
    }
    for (int k = 0; k < l->npowers; k++)
        emit_line(e, "%s %s[32];", dtype_c((Dtype)l->power[k]->dtype), l->power_name[k]);
    for (int k = 0; k < t->s->results.n; k++)
        emit_line(e, "%s %s[32];", dtype_c((Dtype)t->s->results.at[k].value->dtype), l->sum_name[k]);
    open_lane_loop(l);
    if (n)
        emit_line(e, "const int64_t %s = %s + (%s < %s ? %s : %s - 1);", t->var[0], l->first, l->lane, l->len, l->lane, l->len);
    put_nodes(l, BY_I);
    for (int i = 0; i < n; i++)
        emit_line(e, "%s[%s] = %s;", array[i], l->lane, e->text[edge[i]->id]);
    for (int k = 0; k < l->npowers; k++)
        emit_line(e, "%s[%s] = 1;", l->power_name[k], l->lane);
    for (int k = 0; k < t->s->results.n; k++)
        if (t->s->results.at[k].reduced == BY_J)
            emit_line(e, "%s[%s] = 0;", l->sum_name[k], l->lane);
    close_block(e);
    for (int i = 0; i < n; i++) {
        e->text[edge[i]->id] = arena_printf(e->arena, "%s[%s]", array[i], l->lane);
        e->prec[edge[i]->id] = PREC_ATOM;
    }
    for (int k = 0; k < l->npowers; k++) {
        e->text[l->power[k]->id] = arena_printf(e->arena, "%s[%s]", l->power_name[k], l->lane);
        e->prec[l->power[k]->id] = PREC_ATOM;
    }
}

static void put_inner_lanes(Lanes *l)
{
    Nest *t = l->t;
    Emit *e = t->e;
    open_lane_loop(l);
    put_nodes(l, BY_I | BY_J);
    for (int k = 0; k < t->s->results.n; k++) {
        const Result *r = &t->s->results.at[k];
        emit_line(e, "%s[%s] %s %s;", l->sum_name[k], l->lane, r->reduced == BY_J ? "+=" : "=", e->text[r->value->id]);
    }
    for (int k = 0; k < l->npowers; k++)
        emit_line(e, "%s[%s] *= %s;", l->power_name[k], l->lane, emit_operand(e, l->power[k]->in[0], PREC_UNARY));
    close_block(e);
    for (int k = 0; k < t->s->results.n; k++) {
        const Result *r = &t->s->results.at[k];
        if (r->reduced == BY_J)
            continue;
        const char *f = r->value->dtype == T_F32 ? "f" : "", *fn = arena_printf(e->arena, "gradc_lanes%s", f);
        snippet_want(e->snippets, fn);
        emit_line(e, "%s += %s(%s, %s);", element_of(e, r->buffer, r->at), fn, l->len, l->sum_name[k]);
    }
}

static void put_last_lanes(Lanes *l)
{
    Nest *t = l->t;
    Emit *e = t->e;
    bool some = false;
    for (int k = 0; k < t->s->results.n; k++)
        some |= t->s->results.at[k].reduced == BY_J;
    if (!some)
        return;
    emit_line(e, "for (int %s = 0; %s < %s; %s++) {", l->lane, l->lane, l->len, l->lane);
    e->indent++;
    emit_line(e, "const int64_t %s = %s + %s;", t->var[0], l->first, l->lane);
    for (int k = 0; k < t->s->results.n; k++) {
        const Result *r = &t->s->results.at[k];
        if (r->reduced == BY_J)
            emit_line(e, "%s = %s[%s];", element_of(e, r->buffer, r->at), l->sum_name[k], l->lane);
    }
    close_block(e);
}

bool emit_lanes(Nest *t)
{
    Emit *e = t->e;
    Step *s = t->s;
    Lanes l = {.t = t};
    if (!sums_one_loop(s) || !find_powers(&l))
        return false;
    l.lane = inner_name(e, "lane");
    l.len = inner_name(e, "len");
    l.first = inner_name(e, arena_printf(e->arena, "%s_0", t->var[0]));
    l.power_name = NEW_N(e->arena, const char *, l.npowers + 1);
    l.sum_name = NEW_N(e->arena, const char *, s->results.n + 1);
    for (int k = 0; k < l.npowers; k++)
        l.power_name[k] = inner_name(e, "power");
    for (int k = 0; k < s->results.n; k++)
        l.sum_name[k] = inner_name(e, s->results.at[k].reduced == BY_J ? "sum" : "strip");
    const char *n = emit_size(e, s->loop[0].extent, true), *m = emit_size(e, s->loop[1].extent, true);
    emit_line(e, "for (int64_t %s = 0; %s < %s; %s += %d) {", l.first, l.first, n, l.first, LANES);
    e->indent++;
    emit_line(e, "const int %s = (int)(%s - %s < %d ? %s - %s : %d);", l.len, n, l.first, LANES, n, l.first, LANES);
    put_first_lanes(&l);
    emit_line(e, "for (int64_t %s = 0; %s < %s; %s++) {", t->var[1], t->var[1], m, t->var[1]);
    e->indent++;
    put_nodes(&l, BY_J);
    put_inner_lanes(&l);
    close_block(e);
    put_last_lanes(&l);
    close_block(e);
    return true;
}
