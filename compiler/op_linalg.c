/* op_linalg.c - hooks of linear algebra. Matrices are the last two axes, the axes before them are
 * batches. Formulas: M. Giles, "An extended collection of matrix derivative results for forward and
 * reverse mode algorithmic differentiation" (2008); for Cholesky, I. Murray, "Differentiation of
 * the Cholesky decomposition" (2016). They are built of these same operations, so that every order
 * has its derivative. */
#include "ops.h"

static Node *tr(Graph *g, Node *x)
{
    return transpose_last(g, x);
}

static Node *neg(Graph *g, Node *x)
{
    return pw1(g, OP_NEG, x);
}

static Node *add(Graph *g, Node *a, Node *b)
{
    return a && b ? pw2(g, OP_ADD, a, b) : a ? a : b;
}

/* Row and column numbers, to be compared. */
static Node *compare_places(Graph *g, const Node *x, Op op)
{
    int rank = x->shape.rank;
    Node *row = insert_axis(g, iota(g, x->shape.dim[rank - 2]), 1);
    return pw2(g, op, row, iota(g, x->shape.dim[rank - 1]));
}

/* One triangle of x with its diagonal, zeros elsewhere. */
static Node *triangle(Graph *g, Node *x, bool lower)
{
    Node *in = compare_places(g, x, lower ? OP_GE : OP_LE);
    return pw3(g, OP_SELECT, in, x, const_like(g, x, 0));
}

/* Murray's Phi: the lower triangle, its diagonal halved. */
static Node *phi(Graph *g, Node *x)
{
    Node *half = pw2(g, OP_SCALE, x, const_like(g, x, 0.5));
    return triangle(g, pw3(g, OP_SELECT, compare_places(g, x, OP_EQ), half, x), true);
}

/* Cholesky reads the lower triangle only: A stands for tril(A) + tril(A, -1)'. Its derivative is
 * that of this function of the entries of A, which is what one sees who changes them one by one:
 * nothing above the diagonal, and below it both places of the symmetric matrix. With P the adjoint
 * of the symmetric matrix, P = L^-T Phi(L' D) L^-1, that is Phi(P + P'). */
Node *cholesky_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    Node *y = phi(g, matmul(g, tr(g, n), D));
    Node *z = trisolve(g, n, y, true, true);
    Node *p = tr(g, trisolve(g, n, tr(g, z), true, true));
    return phi(g, pw2(g, OP_ADD, p, tr(g, p)));
}

/* dL = L Phi(L^-1 dS L^-T), dS the symmetric matrix that the lower triangle of dA stands for. */
Node *cholesky_jvp(Graph *g, Node *n, Node *const *t)
{
    Node *low = phi(g, t[0]);
    Node *s = pw2(g, OP_ADD, low, tr(g, low));
    Node *w = trisolve(g, n, s, true, false);
    Node *m = trisolve(g, n, tr(g, w), true, false); /* transposed: it is symmetric */
    return matmul(g, n, phi(g, m));
}

/* op(L) x = b: the adjoint of b is y = op(L)^-T D, that of L is -y x' (transposed where op is), on
 * the triangle that is read. */
Node *trisolve_vjp(Graph *g, Node *n, int i, Node *D)
{
    bool lower = n->attr[0], trans = n->attr[1];
    Node *y = trisolve(g, n->in[0], D, lower, !trans);
    if (i)
        return y;
    Node *m = trans ? matmul(g, n, tr(g, y)) : matmul(g, y, tr(g, n));
    return triangle(g, neg(g, m), lower);
}

Node *trisolve_jvp(Graph *g, Node *n, Node *const *t)
{
    bool lower = n->attr[0], trans = n->attr[1];
    Node *a = t[0] ? triangle(g, t[0], lower) : NULL;
    Node *b = a ? neg(g, matmul(g, trans ? tr(g, a) : a, n)) : NULL;
    b = add(g, t[1], b);
    return b ? trisolve(g, n->in[0], b, lower, trans) : NULL;
}

Node *solve_vjp(Graph *g, Node *n, int i, Node *D)
{
    Node *y = solve(g, tr(g, n->in[0]), D);
    return i ? y : neg(g, matmul(g, y, tr(g, n)));
}

Node *solve_jvp(Graph *g, Node *n, Node *const *t)
{
    Node *b = add(g, t[1], t[0] ? neg(g, matmul(g, t[0], n)) : NULL);
    return b ? solve(g, n->in[0], b) : NULL;
}

Node *inv_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    Node *t = tr(g, n), *right = matmul(g, D, t);
    return neg(g, matmul(g, t, right));
}

Node *inv_jvp(Graph *g, Node *n, Node *const *t)
{
    return neg(g, matmul(g, n, matmul(g, t[0], n)));
}

/* A number for each matrix, shaped to broadcast over the matrices. */
static Node *per_matrix(Graph *g, Node *x)
{
    x = insert_axis(g, x, x->shape.rank);
    return insert_axis(g, x, x->shape.rank);
}

/* d log|det A| / dA = A^-T */
Node *logdet_vjp(Graph *g, Node *n, int i, Node *D)
{
    Node *each = per_matrix(g, D);
    return pw2(g, OP_SCALE, each, tr(g, inverse(g, n->in[i])));
}

Node *logdet_jvp(Graph *g, Node *n, Node *const *t)
{
    Node *x = pw2(g, OP_SCALE, t[0], tr(g, inverse(g, n->in[0])));
    int axes[2] = {x->shape.rank - 2, x->shape.rank - 1};
    return reduce(g, OP_SUM, x, 2, axes);
}

/* det A A^-T: not for singular matrices; those of up to 3 x 3 are formulas and never get here. */
Node *det_vjp(Graph *g, Node *n, int i, Node *D)
{
    return logdet_vjp(g, n, i, pw2(g, OP_SCALE, D, n));
}

Node *det_jvp(Graph *g, Node *n, Node *const *t)
{
    return pw2(g, OP_SCALE, logdet_jvp(g, n, t), n);
}

/* One matrix for all turns of the batch: the right-hand sides become more columns of one system,
 * which is factored once. */
static Node *solve_columns(Graph *g, Node *n, Node *a, Node *b, const Size *count)
{
    int rank = b->shape.rank; /* count, batches, rows, columns */
    Node *x = move_axis(g, b, 0, rank - 1);
    Shape wide = x->shape, s = shape_remove(g, wide, rank - 1);
    s = shape_remove(g, s, rank - 2);
    s = shape_insert(g, s, rank - 2, size_mul(g->sizes, wide.dim[rank - 2], count));
    x = reshape(g, x, s);
    x = n->op == OP_SOLVE ? solve(g, a, x) : trisolve(g, a, x, n->attr[0], n->attr[1]);
    return move_axis(g, reshape(g, x, wide), rank - 1, 0);
}

Node *linalg_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    if (n->nin == 2 && !batched[0])
        return solve_columns(g, n, in[0], in[1], count);
    Node *x[2];
    for (int k = 0; k < n->nin; k++)
        x[k] = batched[k] ? in[k] : expand(g, in[k], shape_insert(g, in[k]->shape, 0, count));
    switch ((Op)n->op) {
    case OP_ARGSORT:
        return argsort(g, x[0], x[0]->shape.rank - 1);
    case OP_CHOLESKY:
        return cholesky(g, x[0]);
    case OP_TRISOLVE:
        return trisolve(g, x[0], x[1], n->attr[0], n->attr[1]);
    case OP_SOLVE:
        return solve(g, x[0], x[1]);
    case OP_INV:
        return inverse(g, x[0]);
    case OP_DET:
        return det(g, x[0]);
    default:
        return logdet(g, x[0]);
    }
}
