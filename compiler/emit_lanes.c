/* emit_lanes.c - nests that sum powers: sum_j x_j t_i^j, and sums over i of r_i t_i^j.
 *
 * t^j for j = 0, 1, ... is a running product. In the order of the loops it would
 * be a chain of dependent multiplications, so a strip of i is taken through all j
 * at once: every lane keeps its own power (and its own sum), and the loop over the
 * lanes vectorises.
 *
 * Where a nest is nothing but such sums there is no need of the powers: those over j
 * are Horner's scheme, those over i keep r_i t_i^j from one j to the next, and
 * several blocks of lanes are added up before their lanes are. */
#include "emit_nest.h"

enum { BY_I = 1, BY_J = 2, LANES = 32, BLOCKS = 4 };

typedef struct Lanes {
    Nest *t;
    uint8_t *by;       /* by node: which loops it depends on */
    int npowers;
    Node **power;      /* POW nodes */
    const char **power_name;
    const char **sum_name; /* by result: array of a sum over j, or strip of a sum over i */
    const char *lane, *first, *len;
    const Node **base;  /* by result, of sums of one power each: its t */
    Node **factor;      /* and what it is multiplied by, NULL: by 1 */
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

/* Strips of i, with i behind the last one standing at it. */
static void open_strip(Lanes *l, int lanes)
{
    Nest *t = l->t;
    Emit *e = t->e;
    const char *n = emit_size(e, t->s->loop[0].extent, true);
    l->lane = inner_name(e, "lane");
    l->len = inner_name(e, "len");
    l->first = inner_name(e, arena_printf(e->arena, "%s_0", t->var[0]));
    emit_line(e, "for (int64_t %s = 0; %s < %s; %s += %d) {", l->first, l->first, n, l->first, lanes);
    e->indent++;
    emit_line(e, "const int %s = (int)(%s - %s < %d ? %s - %s : %d);", l->len, n, l->first, lanes, n, l->first, lanes);
}

static void put_lane_index(Lanes *l)
{
    emit_line(l->t->e, "const int64_t %s = %s + (%s < %s ? %s : %s - 1);", l->t->var[0], l->first, l->lane, l->len, l->lane, l->len);
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
        put_lane_index(l);
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

/* ---- Sums of single powers ---- */

static bool is_power(const Lanes *l, const Node *n)
{
    for (int k = 0; k < l->npowers; k++)
        if (l->power[k] == n)
            return true;
    return false;
}

/* Whether every result is sum c_j t_i^j over j, or every one sum r_i t_i^j over i. */
static bool sums_single_powers(Lanes *l)
{
    const Step *s = l->t->s;
    l->base = NEW_N(l->t->e->arena, const Node *, s->results.n + 1);
    l->factor = NEW_N(l->t->e->arena, Node *, s->results.n + 1);
    for (int k = 0; k < s->results.n; k++) {
        const Result *r = &s->results.at[k];
        const Node *power = r->value;
        if (r->reduced != s->results.at[0].reduced)
            return false;
        if (power->op == OP_MUL || power->op == OP_SCALE) {
            int at = is_power(l, r->value->in[0]) ? 0 : 1;
            power = r->value->in[at];
            l->factor[k] = r->value->in[1 - at];
            if (l->by[l->factor[k]->id] & (r->reduced == BY_J ? BY_I : BY_J))
                return false;
        }
        if (!is_power(l, power))
            return false;
        l->base[k] = power->in[0];
    }
    return true;
}

/* An array of LANES * blocks values for each result, after its t or its sum. */
static const char **lane_arrays(Lanes *l, const char *what, int blocks, bool of_base)
{
    Nest *t = l->t;
    const char **name = NEW_N(t->e->arena, const char *, t->s->results.n + 1);
    for (int k = 0; k < t->s->results.n; k++) {
        for (int j = 0; j < k && of_base && !name[k]; j++)
            if (l->base[j] == l->base[k])
                name[k] = name[j];
        if (name[k])
            continue;
        name[k] = inner_name(t->e, what);
        emit_line(t->e, "%s %s[%d];", dtype_c((Dtype)t->s->results.at[k].value->dtype), name[k], LANES * blocks);
    }
    return name;
}

/* sum = sum * t + c from the last j on; the last c itself, so that no t is multiplied by a 0 that the
 * model does not have. */
static void put_horner_turn(Lanes *l, const char *const *t_name, const char *const *sum, bool first)
{
    Nest *t = l->t;
    Emit *e = t->e;
    for (int i = 0; i < t->nodes; i++) /* written twice */
        if (l->by[t->node[i]->id] == BY_J && e->depth[t->node[i]->id])
            e->text[t->node[i]->id] = "";
    put_nodes(l, BY_J);
    open_lane_loop(l);
    for (int k = 0; k < t->s->results.n; k++) {
        const char *c = l->factor[k] ? e->text[l->factor[k]->id] : "1";
        if (first)
            emit_line(e, "%s[%s] = %s;", sum[k], l->lane, c);
        else
            emit_line(e, "%s[%s] = %s[%s] * %s[%s] + %s;", sum[k], l->lane, sum[k], l->lane, t_name[k], l->lane, l->factor[k] ? emit_operand(e, l->factor[k], PREC_ADD + 1) : c);
    }
    close_block(e);
}

/* Results with equal bases have one array for them. */
static bool is_first(const char *const *name, int k)
{
    for (int i = 0; i < k; i++)
        if (name[i] == name[k])
            return false;
    return true;
}

static void put_horner(Lanes *l)
{
    Nest *t = l->t;
    Emit *e = t->e;
    const char *m = emit_size(e, t->s->loop[1].extent, true), *j = t->var[1];
    open_strip(l, LANES);
    const char **t_name = lane_arrays(l, "t_lanes", 1, true), **sum = lane_arrays(l, "sum", 1, false);
    open_lane_loop(l);
    put_lane_index(l);
    put_nodes(l, BY_I);
    for (int k = 0; k < t->s->results.n; k++) {
        if (is_first(t_name, k))
            emit_line(e, "%s[%s] = %s;", t_name[k], l->lane, e->text[l->base[k]->id]);
        emit_line(e, "%s[%s] = 0;", sum[k], l->lane);
    }
    close_block(e);
    emit_line(e, "if (%s > 0) {", m);
    e->indent++;
    emit_line(e, "const int64_t %s = %s - 1;", j, m);
    emit_line(e, "(void)%s;", j);
    put_horner_turn(l, t_name, sum, true);
    close_block(e);
    emit_line(e, "for (int64_t %s = %s - 2; %s >= 0; %s--) {", j, m, j, j);
    e->indent++;
    put_horner_turn(l, t_name, sum, false);
    close_block(e);
    l->sum_name = sum;
    put_last_lanes(l);
    close_block(e);
}

/* The products r t^j of a long strip; lanes behind the last i hold 0. */
static void put_products(Lanes *l)
{
    Nest *t = l->t;
    Emit *e = t->e;
    const char *m = emit_size(e, t->s->loop[1].extent, true), *j = t->var[1], *first = inner_name(e, "block");
    open_strip(l, LANES * BLOCKS);
    const char **t_name = lane_arrays(l, "t_lanes", BLOCKS, true), **product = lane_arrays(l, "product", BLOCKS, false);
    emit_line(e, "for (int %s = 0; %s < (%s + %d) / %d * %d; %s++) {", l->lane, l->lane, l->len, LANES - 1, LANES, LANES, l->lane);
    e->indent++;
    put_lane_index(l);
    put_nodes(l, BY_I);
    for (int k = 0; k < t->s->results.n; k++) {
        if (is_first(t_name, k))
            emit_line(e, "%s[%s] = %s < %s ? %s : 0;", t_name[k], l->lane, l->lane, l->len, e->text[l->base[k]->id]);
        emit_line(e, "%s[%s] = %s < %s ? %s : 0;", product[k], l->lane, l->lane, l->len, l->factor[k] ? e->text[l->factor[k]->id] : "1");
    }
    close_block(e);
    emit_line(e, "for (int64_t %s = 0; %s < %s; %s++) {", j, j, m, j);
    e->indent++;
    put_nodes(l, BY_J);
    const char **part = NEW_N(e->arena, const char *, t->s->results.n + 1);
    for (int k = 0; k < t->s->results.n; k++) {
        part[k] = inner_name(e, "part");
        emit_line(e, "%s %s[%d] = {0};", dtype_c((Dtype)t->s->results.at[k].value->dtype), part[k], LANES);
    }
    emit_line(e, "for (int %s = 0; %s < %s; %s += %d) {", first, first, l->len, first, LANES);
    e->indent++;
    open_lane_loop(l);
    for (int k = 0; k < t->s->results.n; k++) {
        emit_line(e, "%s[%s] += %s[%s + %s];", part[k], l->lane, product[k], first, l->lane);
        emit_line(e, "%s[%s + %s] *= %s[%s + %s];", product[k], first, l->lane, t_name[k], first, l->lane);
    }
    close_block(e);
    close_block(e);
    for (int k = 0; k < t->s->results.n; k++) {
        const Result *r = &t->s->results.at[k];
        const char *fn = arena_printf(e->arena, "gradc_lanes%s", r->value->dtype == T_F32 ? "f" : "");
        snippet_want(e->snippets, fn);
        emit_line(e, "%s += %s(%d, %s);", element_of(e, r->buffer, r->at), fn, LANES, part[k]);
    }
    close_block(e);
    close_block(e);
}

bool emit_lanes(Nest *t)
{
    Emit *e = t->e;
    Step *s = t->s;
    Lanes l = {.t = t};
    if (!sums_one_loop(s) || !find_powers(&l))
        return false;
    if (sums_single_powers(&l)) {
        if (s->results.at[0].reduced == BY_J)
            put_horner(&l);
        else
            put_products(&l);
        return true;
    }
    open_strip(&l, LANES);
    l.power_name = NEW_N(e->arena, const char *, l.npowers + 1);
    l.sum_name = NEW_N(e->arena, const char *, s->results.n + 1);
    for (int k = 0; k < l.npowers; k++)
        l.power_name[k] = inner_name(e, "power");
    for (int k = 0; k < s->results.n; k++)
        l.sum_name[k] = inner_name(e, s->results.at[k].reduced == BY_J ? "sum" : "strip");
    const char *m = emit_size(e, s->loop[1].extent, true);
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
