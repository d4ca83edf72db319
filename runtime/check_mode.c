/* check_mode.c - derivatives by the other mode: forward for what is exported in reverse mode and
 * the other way round, at single directions. */
#include "check.h"

#include "compiler/diff.h"

static Held hold(Point *p, Node *leaf)
{
    return (Held){leaf, NEW_N(p->arena, quad, interp128_count(p->run, leaf) + 1)};
}

/* Of order 2: the tangent of the tangent. NULL where that has no derivative. */
static Node *build_forward(Point *p, Observed *o, Node *const *x)
{
    Node *t = o->node, **v = NEW_N(p->arena, Node *, o->ntarget + 1);
    for (int order = 0; order < o->order && t; order++) {
        o->tangent[order] = NEW_N(p->arena, Held, o->ntarget + 1);
        for (int k = 0; k < o->ntarget; k++) {
            v[k] = placeholder(p->g, (Dtype)x[k]->dtype, x[k]->shape);
            o->tangent[order][k] = hold(p, v[k]);
        }
        if (diff_jvp(p->g, t, o->ntarget, x, v, true, &t).fault != DIFF_OK)
            t = NULL;
    }
    return t;
}

static void build_reverse(Point *p, Observed *o, Node *const *x)
{
    Node **out = NEW_N(p->arena, Node *, o->ntarget + 1);
    Node *weight = placeholder(p->g, (Dtype)o->node->dtype, o->node->shape);
    o->weight = hold(p, weight);
    if (diff_vjp(p->g, o->node, weight, o->ntarget, x, true, out).fault == DIFF_OK)
        o->reverse = out;
}

void modes_build(Point *p, Observed *o, bool reverse)
{
    Node **x = NEW_N(p->arena, Node *, o->ntarget + 1);
    for (int k = 0; k < o->ntarget; k++)
        x[k] = p->g->params.at[p->f->args.at[o->target[k]].param].node;
    o->forward = build_forward(p, o, x);
    if (reverse)
        build_reverse(p, o, x);
}

/* The elements of a move, for one argument. */
static void set_tangent(const Point *p, const Move *m, int arg, quad *out)
{
    int64_t n = p->count[arg];
    if (m->along && m->along[arg])
        memcpy(out, m->along[arg], sizeof *out * (size_t)n);
    else
        memset(out, 0, sizeof *out * (size_t)n);
    if (!m->along && m->arg == arg)
        out[m->element] = 1;
}

const quad *modes_forward(Point *p, const Observed *o, const Probe *b)
{
    Held *all = NEW_N(p->arena, Held, 2 * o->ntarget + 1);
    int n = 0;
    if (!o->forward)
        return NULL;
    for (int order = 0; order < o->order; order++)
        for (int k = 0; k < o->ntarget; k++) {
            all[n] = o->tangent[order][k];
            set_tangent(p, &b->move[order], o->target[k], all[n++].data);
        }
    Node *root = o->forward;
    return point_run(p, 1, &root, 0, NULL, n, all) ? interp128_real(p->run, root) : NULL;
}

bool modes_reverse(Point *p, const Observed *o, int64_t row)
{
    if (!o->reverse)
        return false;
    memset(o->weight.data, 0, sizeof(quad) * (size_t)o->count);
    o->weight.data[row] = 1;
    return point_run(p, o->ntarget, o->reverse, 0, NULL, 1, &o->weight);
}
