/* check_point.c - evaluates nodes in quad precision at a point and beside it; see check.h. */
#include "check.h"

#include "compiler/ops.h"
#include "compiler/walk.h"

enum { SCRATCH_MOST = 32 << 20 }; /* bytes; the interpreter gives nothing back before its end */

double random_unit(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static Node *leaf_of(const Point *p, int arg)
{
    return p->g->params.at[p->f->args.at[arg].param].node;
}

/* A new interpreter with all arguments at the point. */
static void renew(Point *p)
{
    arena_free(*p->scratch);
    *p->scratch = arena_new(p->allocator);
    if (!*p->scratch)
        longjmp(*p->recover, 1);
    arena_recover(*p->scratch, p->recover);
    p->run = interp128_new(*p->scratch, p->g, p->f->sizes.n, p->f->sizes.at, p->sizes);
    for (int i = 0; i < p->f->args.n; i++) {
        interp128_param(p->run, p->f->args.at[i].param, p->in[i]);
        p->moved[i] = false;
    }
    for (int i = 0; i < p->stops.n; i++)
        interp128_set(p->run, p->stops.at[i].leaf, p->stops.at[i].data);
}

void point_open(Point *p)
{
    int n = p->f->args.n;
    p->base = NEW_N(p->arena, quad *, n + 1);
    p->count = NEW_N(p->arena, int64_t, n + 1);
    p->moved = NEW_N(p->arena, bool, n + 1);
    renew(p);
    for (int i = 0; i < n; i++) {
        const Node *leaf = leaf_of(p, i);
        p->count[i] = interp128_count(p->run, leaf);
        if (dtype_is_real((Dtype)leaf->dtype))
            p->base[i] = point_copy(p, leaf);
    }
}

int64_t point_count(const Point *p, const Node *n)
{
    return interp128_count(p->run, n);
}

quad *point_copy(const Point *p, const Node *n)
{
    int64_t count = interp128_count(p->run, n);
    quad *copy = NEW_N(p->arena, quad, count + 1);
    memcpy(copy, interp128_real(p->run, n), sizeof *copy * (size_t)count);
    return copy;
}

static void shift_argument(Point *p, int arg, int nshift, const Shift *shift)
{
    quad few[64], *x = p->count[arg] <= 64 ? few : NEW_N(*p->scratch, quad, p->count[arg]);
    bool moves = false;
    for (int k = 0; k < nshift; k++) {
        const Move *m = shift[k].move;
        moves |= m->along ? m->along[arg] != NULL : m->arg == arg;
    }
    if (!moves && !p->moved[arg])
        return;
    memcpy(x, p->base[arg], sizeof *x * (size_t)p->count[arg]);
    for (int k = 0; k < nshift; k++) {
        const Move *m = shift[k].move;
        if (!m->along && m->arg == arg)
            x[m->element] += shift[k].by;
        for (int64_t i = 0; m->along && m->along[arg] && i < p->count[arg]; i++)
            x[i] += shift[k].by * m->along[arg][i];
    }
    interp128_set(p->run, leaf_of(p, arg), x);
    p->moved[arg] = moves;
}

bool point_run(Point *p, int nroots, Node *const *roots, int nshift, const Shift *shift, int nheld,
               const Held *held)
{
    if (arena_used(*p->scratch) > SCRATCH_MOST)
        renew(p);
    for (int i = 0; i < p->f->args.n; i++)
        if (p->base[i])
            shift_argument(p, i, nshift, shift);
    for (int i = 0; i < nheld; i++)
        interp128_set(p->run, held[i].leaf, held[i].data);
    if (!interp128_run(p->run, nroots, roots))
        return true;
    if (!p->error)
        p->error = arena_strdup(p->arena, interp128_error(p->run));
    return false;
}

Node *point_freeze(Point *p, Node *root)
{
    Graph *g = p->g;
    Walk w = walk_ancestors(g, 1, &root, 0);
    VEC(Node *) from = {0}, to = {0};
    for (int k = 0; k < w.n; k++)
        if (op_info(w.node[k])->flags & STOPS)
            vec_push(p->arena, &from, w.node[k]);
    if (!from.n || !point_run(p, from.n, from.at, 0, NULL, 0, NULL))
        return root;
    for (int k = 0; k < from.n; k++) {
        Node *n = from.at[k];
        vec_push(p->arena, &to, placeholder(g, (Dtype)n->dtype, n->shape));
        if (dtype_is_real((Dtype)n->dtype))
            vec_push(p->arena, &p->stops, (Held){to.at[k], point_copy(p, n)});
        else
            to.at[k] = n;
    }
    substitute(g, 1, &root, from.n, from.at, to.at);
    renew(p);
    return root;
}

/* ---- Directions ---- */

/* About how large the elements of an argument are. */
static quad size_of(const Point *p, int arg)
{
    quad most = 0;
    for (int64_t i = 0; i < p->count[arg]; i++)
        most = quad_max(most, quad_abs(p->base[arg][i]));
    return most > 0 && quad_finite(most) ? most : 1;
}

Move move_unit(const Point *p, int arg, int64_t element)
{
    quad own = quad_abs(p->base[arg][element]), least = size_of(p, arg) * (quad)1e-3;
    return (Move){.arg = arg, .element = element, .scale = own > least ? own : least};
}

Move move_along(const Point *p, quad **tangent)
{
    quad scale = 0;
    for (int i = 0; i < p->f->args.n; i++) {
        quad most = 0;
        for (int64_t k = 0; tangent[i] && k < p->count[i]; k++)
            most = quad_max(most, quad_abs(tangent[i][k]));
        if (most > 0 && (scale == 0 || size_of(p, i) / most < scale))
            scale = size_of(p, i) / most;
    }
    return (Move){
        .arg = -1, .along = tangent, .scale = scale > 0 && quad_finite(scale) ? scale : 1};
}

/* ---- Costs ---- */

/* The terms of a sum behind each element of a contraction. */
static double terms(const Point *p, const Node *n)
{
    double out = (double)point_count(p, n), a, b, t = 1;
    if (n->op != OP_CONTRACT)
        return op_info(n)->family == F_LINALG ? 8 : 1;
    a = (double)point_count(p, n->in[0]);
    b = (double)point_count(p, n->in[1]);
    while (t * t * out < a * b) /* a square root, with no libm */
        t *= 2;
    return t;
}

Loops point_loops(Point *p, Node *root)
{
    Loops found = {false, false};
    VEC(Node *) open = {0}; /* roots of bodies */
    bool *seen = NEW_N(p->arena, bool, p->g->nodes.n + 1);
    vec_push(p->arena, &open, root);
    for (int next = 0; next < open.n; next++) {
        Walk w = walk_ancestors(p->g, 1, &open.at[next], 0);
        for (int k = 0; k < w.n; k++) {
            Node *n = w.node[k], **roots;
            found.with_stop |= next > 0 && op_info(n)->flags & STOPS;
            if (n->op != OP_FOR || seen[n->id])
                continue;
            seen[n->id] = found.some = true;
            int count = region_roots(p->g, region_of(p->g, n), &roots);
            for (int i = 0; i < count; i++)
                vec_push(p->arena, &open, roots[i]);
        }
    }
    return found;
}

double point_work(Point *p, Node *root)
{
    Walk w = walk_ancestors(p->g, 1, &root, 0);
    double sum = 0;
    for (int k = 0; k < w.n; k++) {
        const Node *n = w.node[k];
        if (n->op == OP_FOR && point_count(p, loop_count(n)) == 1)
            sum += 50 * (double)interp128_integer(p->run, loop_count(n))[0];
        else if (op_info(n)->family != F_CONTROL)
            sum += 1 + (double)point_count(p, n) * terms(p, n);
    }
    return sum;
}
