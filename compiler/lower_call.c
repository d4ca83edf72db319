/* lower_call.c - contractions and linear algebra as calls of matrix routines on views of memory. */
#include "lower.h"

static bool is_one(const Size *s)
{
    return s->is_const && s->value == 1;
}

/* Offset and strides of a view of memory. */
static void view_strides(Lower *L, Node *n, View *v, const Size **stride)
{
    Graph *g = L->g;
    Sizes *z = g->sizes;
    if (info_of(L, n)->buffer >= 0 || !is_view(n)) {
        v->buffer = buffer_of(L, n);
        v->offset = size_int(g, 0);
        const Size *by = size_int(g, 1);
        for (int i = n->shape.rank - 1; i >= 0; i--) {
            stride[i] = by;
            by = size_mul(z, by, n->shape.dim[i]);
        }
        return;
    }
    Node *x = n->in[0];
    const Size *inner[MAX_RANK];
    view_strides(L, x, v, inner);
    int lead = n->shape.rank - x->shape.rank, j = 0;
    for (int i = 0; i < n->shape.rank; i++)
        switch ((Op)n->op) {
        case OP_PERMUTE: stride[i] = inner[n->attr[i]]; break;
        case OP_SLICE:
            v->offset = size_add(z, v->offset, size_mul(z, inner[i], move_start(g, n, i)));
            stride[i] = size_mul(z, inner[i], size_int(g, move_step(n, i)));
            break;
        case OP_EXPAND: stride[i] = i < lead || x->shape.dim[i - lead] != n->shape.dim[i] ? size_int(g, 0) : inner[i - lead]; break;
        default: /* RESHAPE by ones */
            if (is_one(n->shape.dim[i])) {
                stride[i] = size_int(g, 0);
                break;
            }
            while (is_one(x->shape.dim[j]))
                j++;
            stride[i] = inner[j++];
            break;
        }
}

/* The axes of an operand that carry the labels of one group (batch, rows, columns, summed) merge
 * into one where their strides nest; what does not merge becomes batch. */
typedef struct Axis {
    const Size *extent;
    const Size *stride[3]; /* in a, b, result; NULL: not there */
} Axis;

static void collect_axes(Lower *L, Node *n, View *view, Axis *axis, int *naxes)
{
    const Size *stride[3][MAX_RANK];
    Node *operand[3] = {n->in[0], n->in[1], n};
    int rank[3] = {n->in[0]->shape.rank, n->in[1]->shape.rank, n->shape.rank};
    int label[3 * MAX_RANK];
    *naxes = 0;
    for (int k = 0; k < 2; k++)
        view_strides(L, operand[k], &view[k], stride[k]);
    view_strides(L, n, &view[2], stride[2]);
    /* result's labels first and in their order, so that merged axes stay row-major */
    for (int pass = 0; pass < 3; pass++) {
        int k = pass == 0 ? 2 : pass - 1;
        for (int i = 0; i < rank[k]; i++) {
            int l = (int)contract_labels(n, k)[i], at = 0;
            while (at < *naxes && label[at] != l)
                at++;
            if (at == *naxes) {
                label[at] = l;
                axis[at] = (Axis){.extent = operand[k]->shape.dim[i]};
                ++*naxes;
            }
            axis[at].stride[k] = stride[k][i];
        }
    }
}

static int axis_kind(const Axis *a)
{
    return (a->stride[0] ? 1 : 0) | (a->stride[1] ? 2 : 0) | (a->stride[2] ? 4 : 0);
}

static bool merges(Graph *g, const Axis *outer, const Axis *inner)
{
    for (int k = 0; k < 3; k++)
        if (outer->stride[k] && outer->stride[k] != size_mul(g->sizes, inner->stride[k], inner->extent))
            return false;
    return true;
}

static void merge_axes(Graph *g, Axis *axis, int *n)
{
    for (int i = 0; i + 1 < *n;)
        if (axis_kind(&axis[i]) == axis_kind(&axis[i + 1]) && merges(g, &axis[i], &axis[i + 1])) {
            axis[i].extent = size_mul(g->sizes, axis[i].extent, axis[i + 1].extent);
            memcpy(axis[i].stride, axis[i + 1].stride, sizeof axis[i].stride);
            memmove(&axis[i + 1], &axis[i + 2], sizeof *axis * (size_t)(*n - i - 2));
            --*n;
        } else {
            i++;
        }
}

/* m x k times k x n, in loops over whatever is left; a second summed group adds up in them. */
void place_gemm(Groups *gs, Node *n)
{
    Lower *L = gs->L;
    Graph *g = L->g;
    enum { A = 1, B = 2, C = 4 };
    Axis axis[3 * MAX_RANK];
    View view[3] = {{0}};
    int naxes, summed = 0;
    collect_axes(L, n, view, axis, &naxes);
    merge_axes(g, axis, &naxes);
    for (int i = 0; i < naxes; i++)
        summed += axis_kind(&axis[i]) == (A | B);
    const Size *zero = size_int(g, 0), *one = size_int(g, 1);
    Group gr = {.closed = true};
    Step *s = &gr.step;
    *s = (Step){.kind = STEP_GEMM, .node = n, .nviews = 3, .m = one, .n = one, .k = one};
    for (int k = 0; k < 3; k++) {
        s->view[k] = view[k == 0 ? 2 : k - 1]; /* result first */
        s->view[k].row = s->view[k].col = zero;
    }
    int best[8] = {-1, -1, -1, -1, -1, -1, -1, -1};
    for (int i = 0; i < naxes; i++) { /* the last of a kind is innermost: the best matrix axis */
        int kind = axis_kind(&axis[i]);
        best[kind] = i;
    }
    for (int i = 0; i < naxes; i++) {
        const Axis *x = &axis[i];
        int kind = axis_kind(x);
        if (kind != (A | B | C) && best[kind] == i) {
            if (kind == (A | C)) {
                s->m = x->extent;
                s->view[0].row = x->stride[2];
                s->view[1].row = x->stride[0];
            } else if (kind == (B | C)) {
                s->n = x->extent;
                s->view[0].col = x->stride[2];
                s->view[2].col = x->stride[1];
            } else {
                s->k = x->extent;
                s->view[1].col = x->stride[0];
                s->view[2].row = x->stride[1];
            }
            continue;
        }
        s->batch[s->nbatch] = x->extent;
        for (int k = 0; k < 3; k++) {
            const Size *by = x->stride[k == 0 ? 2 : k - 1];
            s->view[k].batch[s->nbatch] = by ? by : zero;
        }
        s->nbatch++;
    }
    s->value = summed > 1;
    if (summed > 1)
        place_fill(gs, s->view[0].buffer, 0);
    append_group(gs, gr);
}

void place_linalg(Groups *gs, Node *n)
{
    Lower *L = gs->L;
    Graph *g = L->g;
    Group gr = {.closed = true};
    Step *s = &gr.step;
    Shape a = n->in[0]->shape;
    *s = (Step){.kind = STEP_LINALG, .op = (Op)n->op, .node = n, .nviews = n->nin + 1, .nbatch = a.rank - (n->op == OP_ARGSORT ? 1 : 2)};
    s->n = a.dim[a.rank - 1];
    s->m = n->nin == 2 ? n->in[1]->shape.dim[n->in[1]->shape.rank - 1] : a.dim[s->nbatch];
    Node *operand[3] = {n, n->in[0], n->nin == 2 ? n->in[1] : NULL};
    for (int k = 0; k <= n->nin; k++) {
        View *v = &s->view[k];
        v->buffer = buffer_of(L, operand[k]);
        v->offset = size_int(g, 0);
        const Size *by = size_int(g, 1);
        for (int i = s->nbatch; i < operand[k]->shape.rank; i++)
            by = size_mul(g->sizes, by, operand[k]->shape.dim[i]);
        for (int i = s->nbatch - 1; i >= 0; i--) {
            v->batch[i] = by;
            by = size_mul(g->sizes, by, a.dim[i]);
        }
    }
    for (int i = 0; i < s->nbatch; i++)
        s->batch[i] = a.dim[i];
    append_group(gs, gr);
}
