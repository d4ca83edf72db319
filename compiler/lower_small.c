/* lower_small.c - unrolled scans, argmax, Cholesky factors and triangular solutions: every element
 * as a scalar expression. */
#include "lower.h"

static Node *at(Lower *L, Node *n, int rank, const int64_t *index)
{
    Node *idx[MAX_RANK];
    for (int i = 0; i < rank; i++)
        idx[i] = const_int(L->g, T_I64, index[i]);
    return lower_at(L, n, idx);
}

static int64_t extent(const Node *n, int axis)
{
    return n->shape.dim[axis]->value;
}

/* index[] of flat position `flat` over the axes before `rank`, one of them left out (-1: none). */
static void unflatten(const Node *n, int rank, int skip, int64_t flat, int64_t *index)
{
    for (int i = rank - 1; i >= 0; i--)
        if (i != skip) {
            index[i] = flat % extent(n, i);
            flat /= extent(n, i);
        }
}

static int64_t flat_of(const Node *n, const int64_t *index)
{
    int64_t f = 0;
    for (int i = 0; i < n->shape.rank; i++)
        f = f * extent(n, i) + index[i];
    return f;
}

static void scan(Lower *L, Node *n, Node **out)
{
    Graph *g = L->g;
    int axis = (int)n->attr[0], rank = n->shape.rank;
    int64_t count = shape_fixed_count(g, n->shape), len = extent(n, axis), index[MAX_RANK];
    for (int64_t line = 0; len && line < count / len; line++) {
        unflatten(n, rank, axis, line, index);
        Node *s = NULL;
        for (int64_t t = 0; t < len; t++) {
            index[axis] = n->attr[1] ? len - 1 - t : t;
            Node *b = at(L, n->in[n->nin - 1], rank, index);
            if (s && n->nin == 2)
                s = pw2(g, OP_SCALE, s, at(L, n->in[0], rank, index));
            s = !s ? b : node_is_value(b, 0) && n->nin == 2 ? s : pw2(g, OP_ADD, s, b);
            out[flat_of(n, index)] = s;
        }
    }
}

/* NumPy's rule: the first of equals, and a nan beats all that follow. */
static void extremum(Lower *L, Node *n, Node **out)
{
    Graph *g = L->g;
    Node *x = n->in[0];
    int axis = (int)n->attr[0];
    int64_t len = extent(x, axis), lines = shape_fixed_count(g, n->shape), index[MAX_RANK];
    Op better = n->op == OP_ARGMAX ? OP_GT : OP_LT;
    for (int64_t line = 0; line < lines; line++) {
        unflatten(x, x->shape.rank, axis, line, index);
        index[axis] = 0;
        Node *best = at(L, x, x->shape.rank, index), *where = const_int(g, T_I64, 0);
        for (int64_t t = 1; t < len; t++) {
            index[axis] = t;
            Node *v = at(L, x, x->shape.rank, index), *win = pw2(g, better, v, best);
            if (dtype_is_real((Dtype)x->dtype)) {
                Node *nan = pw2(g, OP_NE, v, v), *first = pw2(g, OP_EQ, best, best);
                win = pw2(g, OP_OR, win, pw2(g, OP_AND, nan, first));
            }
            best = pw3(g, OP_SELECT, win, v, best);
            where = pw3(g, OP_SELECT, win, const_int(g, T_I64, t), where);
        }
        out[line] = where;
    }
}

/* Row by row: l_ij = (a_ij - sum_k<j l_ik l_jk) / l_jj. */
static void cholesky_rows(Lower *L, Node *n, Node **out)
{
    Graph *g = L->g;
    int rank = n->shape.rank;
    int64_t size = extent(n, rank - 1), count = shape_fixed_count(g, n->shape), index[MAX_RANK];
    for (int64_t b = 0; size && b < count / (size * size); b++) {
        Node **l = out + b * size * size;
        unflatten(n, rank - 2, -1, b, index);
        for (int64_t i = 0; i < size; i++)
            for (int64_t j = 0; j < size; j++) {
                if (j > i) {
                    l[i * size + j] = const_real(g, (Dtype)n->dtype, 0);
                    continue;
                }
                index[rank - 2] = i;
                index[rank - 1] = j;
                Node *s = at(L, n->in[0], rank, index);
                for (int64_t k = 0; k < j; k++)
                    s = pw2(g, OP_SUB, s, pw2(g, OP_MUL, l[i * size + k], l[j * size + k]));
                l[i * size + j] = i == j ? pw1(g, OP_SQRT, s) : pw2(g, OP_DIV, s, l[j * size + j]);
            }
    }
}

/* Substitution in the order in which the named triangle is known. */
static void triangle(Lower *L, Node *n, Node **out)
{
    Graph *g = L->g;
    Node *a = n->in[0];
    int rank = n->shape.rank;
    bool lower = n->attr[0], trans = n->attr[1], forward = lower != trans;
    int64_t size = extent(n, rank - 2), cols = extent(n, rank - 1), index[MAX_RANK];
    int64_t batches = size && cols ? shape_fixed_count(g, n->shape) / (size * cols) : 0;
    for (int64_t b = 0; b < batches; b++)
        for (int64_t c = 0; c < cols; c++)
            for (int64_t t = 0; t < size; t++) {
                int64_t i = forward ? t : size - 1 - t;
                Node **x = out + b * size * cols;
                unflatten(n, rank - 2, -1, b, index);
                index[rank - 2] = i;
                index[rank - 1] = c;
                Node *s = at(L, n->in[1], rank, index);
                for (int64_t u = 0; u < t; u++) {
                    int64_t k = forward ? u : size - 1 - u;
                    index[rank - 2] = trans ? k : i;
                    index[rank - 1] = trans ? i : k;
                    s = pw2(g, OP_SUB, s, pw2(g, OP_MUL, at(L, a, rank, index), x[k * cols + c]));
                }
                index[rank - 2] = index[rank - 1] = i;
                x[i * cols + c] = pw2(g, OP_DIV, s, at(L, a, rank, index));
            }
}

void lower_small(Lower *L, Node *n)
{
    Node **out = info_of(L, n)->element;
    switch ((Op)n->op) {
    case OP_CHOLESKY: cholesky_rows(L, n, out); break;
    case OP_TRISOLVE: triangle(L, n, out); break;
    case OP_ARGMAX:
    case OP_ARGMIN: extremum(L, n, out); break;
    default: scan(L, n, out); break;
    }
}
