/* derive.c - grad, vjp, jvp, jacobian, hessian, hvp, diag_hessian as expressions.
 *
 * x must be a variable that y was computed from, and rewriting must not hide it: with
 * x = exp(w), log(1 + x) becomes softplus(w), which is made of w. So a name that the body of a
 * function differentiates by is bound to a placeholder, a hole, and what it stands for comes
 * back in when the function returns (resolve_holes). A derivative first puts back the holes of
 * other names, so that the path from x to y is whole, and puts x's hole wherever x's node itself
 * is used: two variables bound to the same expression are one variable. */
#include "derive.h"
#include "diff.h"
#include "sparse.h"

static const char *const kind_names[DERIVE_COUNT] = {
    "grad", "vjp", "jvp", "jacobian", "hessian", "hvp", "diag_hessian", "taylor",
};

DeriveKind derive_kind(const char *name)
{
    int k = 0;
    while (k < DERIVE_COUNT && strcmp(kind_names[k], name) != 0)
        k++;
    return (DeriveKind)k;
}

const char *derive_name(DeriveKind k)
{
    return kind_names[k];
}

/* ---- Holes ---- */

static Node *hole_for(Elab *E, Node *is, const char *name)
{
    for (int i = E->frame->hole_base; i < E->holes.n; i++)
        if (E->holes.at[i].is == is)
            return E->holes.at[i].hole;
    Node *hole = placeholder(E->g, (Dtype)is->dtype, is->shape);
    hole->name = name;
    hole->span = is->span;
    vec_push(E->arena, &E->holes, (Hole){.hole = hole, .is = is});
    return hole;
}

static bool is_target(const Frame *f, const char *name)
{
    for (int i = 0; f && i < f->ntargets; i++)
        if (!strcmp(f->targets[i], name))
            return true;
    return false;
}

static Value opaque(Elab *E, const char *name, Value v)
{
    if (v.kind == VAL_TUPLE) {
        Value *item = NEW_N(E->arena, Value, v.n + 1);
        for (int i = 0; i < v.n; i++)
            item[i] = opaque(E, name, v.item[i]);
        return value_tuple(E, v.n, item);
    }
    if (v.kind != VAL_TENSOR || v.node->dtype == T_BOOL)
        return v;
    bool real = dtype_is_real((Dtype)v.node->dtype);
    bool literal =
        v.origin == FROM_CONST && (real || node_is_const(v.node) || v.node->op == OP_ARRAY);
    if (!real && !literal)
        return v;
    if (literal) { /* `newton(3)`: a constant that is differentiated by is a real */
        v.node = cast(E->g, v.node, E->options->real);
        v.origin = FROM_REAL;
    } else if (v.node->op == OP_PARAM || v.node->op == OP_HOLE) {
        return v; /* nothing can be seen through it */
    }
    return tensor(E, hole_for(E, v.node, name), v.origin);
}

Value make_opaque(Elab *E, const char *name, Value v)
{
    return is_target(E->frame, name) ? opaque(E, name, v) : v;
}

int value_nodes(Value *v, Node **node, int n, bool set)
{
    if (v->kind == VAL_TENSOR) {
        if (set)
            v->node = node[n];
        else if (node)
            node[n] = v->node;
        return n + 1;
    }
    for (int i = 0; v->kind == VAL_TUPLE && i < v->n; i++)
        n = value_nodes((Value *)&v->item[i], node, n, set);
    return n;
}

Value copy_value(Elab *E, Value v)
{
    if (v.kind != VAL_TUPLE)
        return v;
    v = value_tuple(E, v.n, v.item);
    for (int i = 0; i < v.n; i++)
        ((Value *)v.item)[i] = copy_value(E, v.item[i]);
    return v;
}

void resolve_nodes(Elab *E, int base, int count, Node **node, int first_check)
{
    int n = E->holes.n - base;
    Node **from = NEW_N(E->arena, Node *, n + 1), **to = NEW_N(E->arena, Node *, n + 1);
    for (int i = 0; i < n; i++) { /* what a hole stands for is made of earlier ones */
        from[i] = E->holes.at[base + i].hole;
        to[i] = E->holes.at[base + i].is;
        substitute(E->g, 1, &to[i], i, from, to);
    }
    E->holes.n = base;
    if (!n)
        return;
    substitute(E->g, count, node, n, from, to);
    for (int i = first_check; i < E->checks.n; i++)
        substitute(E->g, 1, &E->checks.at[i].cond, n, from, to);
}

/* What the holes from `base` on stand for, put back in, and the holes forgotten. */
Value resolve_holes(Elab *E, Value v, int base, int first_check)
{
    if (E->holes.n == base)
        return v;
    v = copy_value(E, v);
    int count = value_nodes(&v, NULL, 0, false);
    Node **node = NEW_N(E->arena, Node *, count + 1);
    value_nodes(&v, node, 0, false);
    resolve_nodes(E, base, count, node, first_check);
    value_nodes(&v, node, 0, true);
    return v;
}

static bool among(const Node *n, int count, const Value *x)
{
    for (int i = 0; i < count; i++)
        if (x[i].node == n)
            return true;
    return false;
}

/* Which holes y is made of, through the definitions of those that are no targets. */
static bool *holes_in(Elab *E, Node *y, int n, const Value *x)
{
    bool *mark = NEW_N(E->arena, bool, E->g->nodes.n);
    mark_ancestors(E->g, 1, &y, mark);
    for (int i = E->holes.n - 1; i >= 0; i--) {
        Hole *h = &E->holes.at[i];
        if (mark[h->hole->id] && !among(h->hole, n, x))
            mark_ancestors(E->g, 1, &h->is, mark);
    }
    return mark;
}

/* y with the holes of other names put back, and the targets' own wherever their nodes are used. */
static Node *expose(Elab *E, Node *y, int n, const Value *x)
{
    int m = 0, own = 0;
    if (!E->holes.n)
        return y;
    bool *mark = holes_in(E, y, n, x);
    Node **from = NEW_N(E->arena, Node *, E->holes.n), **to = NEW_N(E->arena, Node *, E->holes.n);
    Node **is = NEW_N(E->arena, Node *, E->holes.n), **hole = NEW_N(E->arena, Node *, E->holes.n);
    for (int i = 0; i < E->holes.n; i++) {
        Hole h = E->holes.at[i];
        bool target = among(h.hole, n, x);
        if (!target && !mark[h.hole->id])
            continue;
        Node *d = h.is;
        if (m)
            substitute(E->g, 1, &d, m, from, to);
        bool constant = d->op == OP_CONST || d->op == OP_ARRAY;
        if (!target) {
            from[m] = h.hole;
            to[m++] = d;
        } else if (!constant) {
            is[own] = d;
            hole[own++] = h.hole;
        }
    }
    if (m)
        substitute(E->g, 1, &y, m, from, to);
    if (own)
        substitute(E->g, 1, &y, own, is, hole);
    return y;
}

/* Whether one target is computed from another one. */
static bool targets_depend(Elab *E, int n, const Value *x)
{
    for (int i = 0; i < n; i++) {
        Node *d = x[i].node;
        for (int k = 0; k < E->holes.n; k++)
            if (E->holes.at[k].hole == d)
                d = E->holes.at[k].is;
        bool *mark = holes_in(E, d, 0, NULL);
        for (int j = 0; j < n; j++)
            if (j != i && x[j].node != x[i].node && mark[x[j].node->id])
                return true;
    }
    return false;
}

/* ---- Faults ---- */

static const char *op_says(const Node *n)
{
    if (n->op == OP_CAST)
        return "a conversion to an integer or bool";
    if (n->op == OP_OWN)
        return "a function whose own rule says nothing of it";
    if (n->op == OP_GATHER || n->op == OP_SCATTER)
        return "an index";
    return op_table[n->op].name;
}

static void report_fault(Elab *E, const Derive *d, const DiffResult *r)
{
    const char *x = d->name[r->which];
    if (r->fault == DIFF_DISCONNECTED) {
        fail(E, d->span, "%s does not depend on %s (--disconnected=zero makes this derivative 0)",
             d->of, x);
        const Node *n = d->x[r->which].node;
        if (n->op != OP_PARAM && n->op != OP_CONST && n->span.start < n->span.end)
            note(E, n->span, "this is %s, from which %s is not computed", x, d->of);
        return;
    }
    fail(E, d->span, "%s has no derivative with respect to %s: every path goes through %s", d->of,
         x, r->at ? op_says(r->at) : "an operation without one");
    enum { SHOWN = 6 };
    Span last = {0};
    int shown = 0;
    for (int i = 0; i < r->npath && shown < SHOWN; i++) {
        Node *n = r->path[i];
        if ((n->span.start == last.start && n->span.end == last.end && n != r->at) ||
            n->span.start == n->span.end)
            continue;
        last = n->span;
        if (n == r->at)
            note(E, n->span, "%s has no derivative", op_says(n));
        else if (i == 0)
            note(E, n->span, "from %s", x);
        else
            note(E, n->span, n->name ? "by way of %s" : "by way of this%s", n->name ? n->name : "");
        shown++;
    }
}

/* ---- Taking derivatives ---- */

static bool check_operands(Elab *E, const Derive *d)
{
    if (!want_tensor(E, d->y, d->y_span, "what is differentiated"))
        return false;
    if (!dtype_is_real((Dtype)d->y.node->dtype)) {
        fail(E, d->y_span, "%s is %s, which has no derivative", d->of, value_says(E, d->y));
        return false;
    }
    bool scalar = d->kind != DERIVE_VJP && d->kind != DERIVE_JVP && d->kind != DERIVE_JACOBIAN;
    if (scalar && d->y.node->shape.rank) {
        fail(E, d->y_span, "%s wants a scalar, and %s has shape %s%s", derive_name(d->kind), d->of,
             shape_says(E, d->y.node->shape), d->kind == DERIVE_GRAD ? " (jacobian takes it)" : "");
        return false;
    }
    for (int i = 0; i < d->n; i++) {
        if (!want_tensor(E, d->x[i], d->x_span[i], "what is differentiated by"))
            return false;
        if (!dtype_is_real((Dtype)d->x[i].node->dtype)) {
            fail(E, d->x_span[i], "%s is %s, by which nothing can be differentiated", d->name[i],
                 value_says(E, d->x[i]));
            return false;
        }
    }
    return true;
}

/* A vector of a product: shaped and typed as `like`. */
static Node *product_vector(Elab *E, const Derive *d, Value v, Value like, const char *of)
{
    if (!want_tensor(E, v, d->span, "a vector of a product"))
        return NULL;
    Shape both;
    if (!shape_broadcast(E->g, v.node->shape, like.node->shape, &both) ||
        !shape_equal(both, like.node->shape)) {
        fail(E, d->span, "%s wants a vector shaped as %s, %s, not %s", derive_name(d->kind), of,
             shape_says(E, like.node->shape), shape_says(E, v.node->shape));
        return NULL;
    }
    if (!adapt_to(E, d->span, &v, (Dtype)like.node->dtype, like.origin != FIXED,
                  "a vector of a product"))
        return NULL;
    return expand(E->g, v.node, like.node->shape);
}

static int outputs_of(const Derive *d)
{
    return d->kind == DERIVE_HESSIAN ? d->n * d->n : d->kind == DERIVE_JVP ? 1 : d->n;
}

static DiffResult run(Elab *E, const Derive *d, Node *y, Node **x, Node *u, Node **v, Node **out)
{
    bool zero = d->zeros || E->options->disconnected_zero;
    DiffResult r = {0};
    switch (d->kind) {
    case DERIVE_GRAD: return diff_vjp(E->g, y, NULL, d->n, x, zero, out);
    case DERIVE_VJP: return diff_vjp(E->g, y, u, d->n, x, zero, out);
    case DERIVE_JVP: return diff_jvp(E->g, y, d->n, x, v, zero, out);
    case DERIVE_HESSIAN: return diff_hessian(E->g, y, d->n, x, zero, out);
    case DERIVE_HVP: return diff_hvp(E->g, y, d->n, x, v, zero, out);
    default: break;
    }
    for (int i = 0; i < d->n && r.fault == DIFF_OK; i++) {
        r = d->kind == DERIVE_JACOBIAN ? diff_jacobian(E->g, y, x[i], zero, &out[i])
                                       : diff_diag_hessian(E->g, y, x[i], zero, &out[i]);
        r.which = i;
    }
    return r;
}

static bool derive_together(Elab *E, const Derive *d, Value *out)
{
    Graph *g = E->g;
    Node **x = NEW_N(E->arena, Node *, d->n), **v = NEW_N(E->arena, Node *, d->n), *u = NULL;
    int nout = outputs_of(d);
    Node **o = NEW_N(E->arena, Node *, nout + 1);
    for (int i = 0; i < d->n; i++) {
        x[i] = d->x[i].node;
        if ((d->kind == DERIVE_JVP || d->kind == DERIVE_HVP) &&
            !(v[i] = product_vector(E, d, d->v[i], d->x[i], d->name[i])))
            return false;
    }
    if (d->kind == DERIVE_VJP && !(u = product_vector(E, d, d->v[0], d->y, d->of)))
        return false;
    g->here = d->span;
    Node *y = expose(E, d->y.node, d->n, d->x);
    DiffResult r = run(E, d, y, x, u, v, o);
    if (r.fault != DIFF_OK) {
        report_fault(E, d, &r);
        return false;
    }
    for (int i = 0; i < nout; i++) {
        Value like = d->kind == DERIVE_JVP ? d->y : d->x[d->kind == DERIVE_HESSIAN ? i / d->n : i];
        out[i] = tensor(E, o[i], like.origin == FIXED ? FIXED : FROM_REAL);
        if (like.node->dtype != o[i]->dtype)
            out[i].origin = FIXED;
    }
    return true;
}

/* The first open size that a size is made of. */
static const char *open_name(const Sizes *sizes, const Size *s)
{
    for (int k = 0; k < s->n; k++)
        for (int i = 0; i < s->term[k].n; i++) {
            const Atom *a = size_atom(sizes, s->term[k].atom[i]);
            const char *inner = a->kind == ATOM_NAME ? a->name : open_name(sizes, a->p);
            if (inner)
                return inner;
        }
    return NULL;
}

/* What is sparse has a shape without open sizes. */
static bool fixed_shape(Elab *E, const Derive *d, const char *of, Shape s)
{
    for (int i = 0; i < s.rank; i++)
        if (!s.dim[i]->is_const) {
            const char *name = open_name(E->g->sizes, s.dim[i]);
            fail(E, d->span, "sparse wants fixed sizes, and %s has shape %s, in which %s is open: `dim %s = 100` would fix it",
                 of, shape_says(E, s), name ? name : "a size", name ? name : "n");
            return false;
        }
    return true;
}

bool derive_sparse(Elab *E, const Derive *d, Value *out, const Pattern **pattern)
{
    Graph *g = E->g;
    bool zero = d->zeros || E->options->disconnected_zero, square = d->kind == DERIVE_HESSIAN;
    Node **x = NEW_N(E->arena, Node *, d->n);
    Sparse *s = NEW_N(E->arena, Sparse, d->n * d->n);
    if (!check_operands(E, d) || !fixed_shape(E, d, d->of, d->y.node->shape))
        return false;
    for (int i = 0; i < d->n; i++) {
        x[i] = d->x[i].node;
        if (!fixed_shape(E, d, d->name[i], x[i]->shape))
            return false;
    }
    g->here = d->span;
    DiffResult r = {0};
    if (square)
        r = sparse_hessian(g, d->y.node, d->n, x, zero, s);
    for (int i = 0; i < d->n && !square && r.fault == DIFF_OK; i++) {
        r = sparse_jacobian(g, d->y.node, x[i], zero, &s[i]);
        r.which = i;
    }
    if (r.fault != DIFF_OK) {
        report_fault(E, d, &r);
        return false;
    }
    for (int i = 0; i < d->n; i++)
        for (int j = square ? i : 0; j < (square ? d->n : 1); j++) {
            int k = square ? i * d->n + j : i;
            if (!s[k].pattern) {
                fail(E, d->span, "the %s of %s with respect to %s is too large, or not sparse enough",
                     derive_name(d->kind), d->of, d->name[i]);
                return false;
            }
            pattern[k] = s[k].pattern;
            out[k] = tensor(E, s[k].values, FIXED);
        }
    return true;
}

bool derive(Elab *E, const Derive *d, Value *out)
{
    if (!check_operands(E, d))
        return false;
    bool apart = d->n > 1 && d->kind != DERIVE_HESSIAN && d->kind != DERIVE_HVP &&
                 targets_depend(E, d->n, d->x);
    if (!apart)
        return derive_together(E, d, out);
    /* one target hides the path of another one behind it: one by one, with the others put back */
    Value sum = {.kind = VAL_NONE};
    for (int i = 0; i < d->n; i++) {
        Derive one = *d;
        one.n = 1;
        one.x = d->x + i;
        one.name = d->name + i;
        one.x_span = d->x_span + i;
        if (d->kind == DERIVE_JVP)
            one.v = d->v + i;
        if (!derive_together(E, &one, d->kind == DERIVE_JVP ? out : out + i))
            return false;
        if (d->kind == DERIVE_JVP)
            sum = given(sum) ? apply2(E, OP_ADD, d->span, sum, out[0]) : out[0];
    }
    if (d->kind == DERIVE_JVP)
        out[0] = sum;
    return true;
}
