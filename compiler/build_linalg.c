/* build_linalg.c - constructors of scans, sorting and linear algebra.
 *
 * Determinants, inverses and solutions of fixed size up to 3 are built as the
 * formulas that one would write by hand: they become straight-line code, and a
 * determinant that is 0 still has its exact derivative. */
#include "ops.h"

/* A scan of one element is that element: the loop that it would be does not exist. */
static bool one_long(const Node *x, int axis)
{
    const Size *n = x->shape.dim[axis];
    return n->is_const && n->value == 1;
}

Node *cumsum(Graph *g, Node *x, int axis, bool reverse)
{
    int64_t attr[2] = {axis, reverse};
    if (one_long(x, axis))
        return x;
    return graph_node(g, OP_CUMSUM, 1, &x, (Dtype)x->dtype, x->shape, 2, attr);
}

Node *linrec(Graph *g, Node *a, Node *b, int axis, bool reverse)
{
    int64_t attr[2] = {axis, reverse};
    Node *in[2] = {a, b};
    if (one_long(b, axis))
        return b;
    return graph_node(g, OP_LINREC, 2, in, (Dtype)b->dtype, b->shape, 2, attr);
}

Node *cumprod(Graph *g, Node *x, int axis)
{
    /* s_0 = x_0, s_i = x_i s_{i-1}: b is x at the first place and 0 elsewhere */
    const Size *n = x->shape.dim[axis];
    if (n->is_const && n->value == 0)
        return x;
    Node *first = pw2(g, OP_EQ, iota(g, n), const_int(g, T_I64, 0));
    for (int i = axis + 1; i < x->shape.rank; i++)
        first = insert_axis(g, first, first->shape.rank);
    return linrec(g, x, pw3(g, OP_SELECT, first, x, const_like(g, x, 0)), axis, false);
}

Node *argsort(Graph *g, Node *x, int axis)
{
    int last = x->shape.rank - 1;
    if (!dtype_is_real((Dtype)x->dtype))
        x = cast(g, x, T_I64);
    x = move_axis(g, x, axis, last);
    if (one_long(x, last))
        return move_axis(g, zeros(g, T_I64, x->shape), last, axis);
    return move_axis(g, graph_node(g, OP_ARGSORT, 1, &x, T_I64, x->shape, 0, NULL), last, axis);
}

/* A gather: so the derivative of a sort is one too, and its adjoint a scatter. */
Node *sort(Graph *g, Node *x, int axis)
{
    int last = x->shape.rank - 1, axes[MAX_RANK];
    Node *index[MAX_RANK];
    x = move_axis(g, x, axis, last);
    for (int k = 0; k < last; k++) {
        index[k] = iota(g, x->shape.dim[k]);
        for (int i = k; i < last; i++)
            index[k] = insert_axis(g, index[k], index[k]->shape.rank);
        axes[k] = k;
    }
    index[last] = argsort(g, x, last);
    axes[last] = last;
    return move_axis(g, gather(g, x, last + 1, index, axes), last, axis);
}

/* Size of the square matrices of a node where it is fixed and small enough for a formula, else 0. */
static int formula_size(const Node *a)
{
    const Size *n = a->shape.dim[a->shape.rank - 1];
    return n->is_const && n->value >= 1 && n->value <= 3 ? (int)n->value : 0;
}

/* Element (i, j) of each matrix: shaped as the batch. */
static Node *element(Graph *g, Node *a, int i, int j)
{
    Node *row = take_at(g, a, a->shape.rank - 2, size_int(g, i));
    return take_at(g, row, row->shape.rank - 1, size_int(g, j));
}

/* Nodes are made in the order of statements: C leaves that of arguments open, and the emitted text
 * must not depend on the compiler that built gradc. */
static Node *product(Graph *g, Node *x, Node *a, int i, int j)
{
    return pw2(g, OP_MUL, x, element(g, a, i, j));
}

static Node *minor2(Graph *g, Node *a, int r0, int r1, int c0, int c1)
{
    Node *main = product(g, element(g, a, r0, c0), a, r1, c1);
    Node *other = product(g, element(g, a, r0, c1), a, r1, c0);
    return pw2(g, OP_SUB, main, other);
}

/* The cofactor of element (i, j) of a 3 x 3 matrix; the cyclic order of the indices gives the sign. */
static Node *cofactor3(Graph *g, Node *a, int i, int j)
{
    return minor2(g, a, (i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3);
}

Node *det(Graph *g, Node *a)
{
    switch (formula_size(a)) {
    case 1: return element(g, a, 0, 0);
    case 2: return minor2(g, a, 0, 1, 0, 1);
    case 3: {
        Node *sum = product(g, cofactor3(g, a, 0, 0), a, 0, 0);
        for (int j = 1; j < 3; j++)
            sum = pw2(g, OP_ADD, sum, product(g, cofactor3(g, a, 0, j), a, 0, j));
        return sum;
    }
    default: break;
    }
    Shape s = shape_remove(g, shape_remove(g, a->shape, a->shape.rank - 1), a->shape.rank - 2);
    return graph_node(g, OP_DET, 1, &a, (Dtype)a->dtype, s, 0, NULL);
}

Node *logdet(Graph *g, Node *a)
{
    if (formula_size(a))
        return pw1(g, OP_LOG, pw1(g, OP_ABS, det(g, a)));
    Shape s = shape_remove(g, shape_remove(g, a->shape, a->shape.rank - 1), a->shape.rank - 2);
    return graph_node(g, OP_LOGDET, 1, &a, (Dtype)a->dtype, s, 0, NULL);
}

/* The transposed cofactor matrix, n = 1, 2, 3. */
static Node *adjugate(Graph *g, Node *a, int n)
{
    Node *rows[3], *cell[3];
    int axis = a->shape.rank - 2;
    Shape batch = shape_remove(g, shape_remove(g, a->shape, axis + 1), axis);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            if (n == 1)
                cell[j] = expand(g, const_like(g, a, 1), batch);
            else if (n == 2)
                cell[j] = i == j ? element(g, a, 1 - i, 1 - i) : pw1(g, OP_NEG, element(g, a, i, j));
            else
                cell[j] = cofactor3(g, a, j, i);
        rows[i] = stack(g, n, cell, axis);
    }
    return stack(g, n, rows, axis);
}

/* 1/det, shaped to broadcast over matrices. */
static Node *reciprocal_det(Graph *g, Node *a)
{
    Node *d = det(g, a);
    d = insert_axis(g, insert_axis(g, d, d->shape.rank), d->shape.rank + 1);
    return pw2(g, OP_DIV, const_like(g, a, 1), d);
}

Node *inverse(Graph *g, Node *a)
{
    int n = formula_size(a);
    if (n) {
        Node *adj = adjugate(g, a, n);
        return pw2(g, OP_MUL, adj, reciprocal_det(g, a));
    }
    return graph_node(g, OP_INV, 1, &a, (Dtype)a->dtype, a->shape, 0, NULL);
}

Node *solve(Graph *g, Node *a, Node *b)
{
    int n = formula_size(a);
    if (n) {
        Node *x = matmul(g, adjugate(g, a, n), b);
        return pw2(g, OP_MUL, x, reciprocal_det(g, a));
    }
    Node *in[2] = {a, b};
    return graph_node(g, OP_SOLVE, 2, in, (Dtype)a->dtype, b->shape, 0, NULL);
}

Node *cholesky(Graph *g, Node *a)
{
    return graph_node(g, OP_CHOLESKY, 1, &a, (Dtype)a->dtype, a->shape, 0, NULL);
}

Node *trisolve(Graph *g, Node *l, Node *b, bool lower, bool trans)
{
    int64_t attr[2] = {lower, trans};
    Node *in[2] = {l, b};
    return graph_node(g, OP_TRISOLVE, 2, in, (Dtype)l->dtype, b->shape, 2, attr);
}

Node *expm(Graph *g, Node *a, int blocks)
{
    const Size *n = a->shape.dim[a->shape.rank - 1];
    int64_t attr[1] = {blocks};
    if (n->is_const && n->value == 1)
        return pw1(g, OP_EXP, a);
    return graph_node(g, OP_EXPM, 1, &a, (Dtype)a->dtype, a->shape, 1, attr);
}

/* `more` rows of as many elements as a has columns stand below its own. */
static Node *factored(Graph *g, Op op, Node *a, const Size *more)
{
    int axis = a->shape.rank - 2;
    const Size *rows = size_add(g->sizes, a->shape.dim[axis], more);
    Shape s = shape_insert(g, shape_remove(g, a->shape, axis), axis, rows);
    return graph_node(g, op, 1, &a, (Dtype)a->dtype, s, 0, NULL);
}

Node *qr(Graph *g, Node *a)
{
    return factored(g, OP_QR, a, a->shape.dim[a->shape.rank - 1]);
}

Node *eigh(Graph *g, Node *a)
{
    return factored(g, OP_EIGH, a, size_int(g, 1));
}

Node *svd(Graph *g, Node *a)
{
    return factored(g, OP_SVD, a, size_add(g->sizes, a->shape.dim[a->shape.rank - 1], size_int(g, 1)));
}

Node *matrix_rows(Graph *g, Node *x, const Size *from, const Size *n)
{
    return slice_axis(g, x, x->shape.rank - 2, from, 1, n);
}
