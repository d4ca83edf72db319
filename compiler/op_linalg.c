/* op_linalg.c - hooks of linear algebra. Matrices are the last two axes, the axes before them are
 * batches. Formulas: M. Giles, "An extended collection of matrix derivative results for forward and
 * reverse mode algorithmic differentiation" (2008); for Cholesky, I. Murray, "Differentiation of
 * the Cholesky decomposition" (2016); for QR, S. Walter and L. Lehmann, "Algorithmic differentiation
 * of linear algebra functions" (2010); for the SVD, J. Townsend, "Differentiating the singular value
 * decomposition" (2016). They are built of these same operations, so that every order has its
 * derivative. */
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

/* ---- The matrix exponential ---- */

/* The derivative of exp at a in the direction e stands in the corner of exp [[a, e], [0, a]] (R. Mathias,
 * 1996). It is linear in e, which has no say in how often is squared: that is for the blocks on the
 * diagonal (A. Al-Mohy and N. Higham, 2009). */
static Node *expm_along(Graph *g, Node *n, Node *e)
{
    Node *a = n->in[0], *above[2] = {a, e}, *below[2] = {zeros_like(g, a), a}, *half[2];
    int row = a->shape.rank - 2;
    const Size *size = a->shape.dim[row];
    half[0] = concat(g, 2, above, row + 1);
    half[1] = concat(g, 2, below, row + 1);
    Node *x = expm(g, concat(g, 2, half, row), 2 * (int)n->attr[0]);
    return slice_axis(g, matrix_rows(g, x, size_int(g, 0), size), row + 1, size, 1, size);
}

/* Turned round before and behind, and not a: what is below the diagonal blocks stays zero. */
Node *expm_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    return tr(g, expm_along(g, n, tr(g, D)));
}

Node *expm_jvp(Graph *g, Node *n, Node *const *t)
{
    return expm_along(g, n, t[0]);
}

/* ---- Factorisations: the factors are rows of one tensor ---- */

/* Rows of an adjoint, or NULL where they are zero for certain: what the model uses of a factorisation
 * comes back as sums of embeddings. */
static Node *adjoint_rows(Graph *g, Node *D, const Size *from, const Size *n)
{
    int axis = D->shape.rank - 2;
    if (D->op == OP_ADD && shape_equal(D->in[0]->shape, D->in[1]->shape)) {
        Node *a = adjoint_rows(g, D->in[0], from, n);
        Node *b = adjoint_rows(g, D->in[1], from, n);
        return add(g, a, b);
    }
    if (D->op == OP_PAD && move_step(D, axis) == 1) {
        Sizes *z = g->sizes;
        const Size *low = move_start(g, D, axis), *high = size_add(z, low, D->in[0]->shape.dim[axis]);
        if (size_known_ge(z, from, high) || size_known_ge(z, low, size_add(z, from, n)))
            return NULL;
    }
    return matrix_rows(g, D, from, n);
}

/* A number for each column, and for each row, of the matrices. */
static Node *across(Graph *g, Node *x)
{
    return insert_axis(g, x, x->shape.rank - 1);
}

static Node *down(Graph *g, Node *x)
{
    return insert_axis(g, x, x->shape.rank);
}

/* 1/x, and 0 where x is 0. */
static Node *safe_inverse(Graph *g, Node *x)
{
    Node *none = pw2(g, OP_EQ, x, const_like(g, x, 0));
    Node *by = pw3(g, OP_SELECT, none, const_like(g, x, 1), x);
    Node *r = pw2(g, OP_DIV, const_like(g, x, 1), by);
    return pw3(g, OP_SELECT, none, const_like(g, x, 0), r);
}

/* Vectors as the diagonals of matrices shaped as `like`, and back. */
static Node *diagonal_of(Graph *g, const Node *like, Node *x)
{
    Node *on = compare_places(g, like, OP_EQ);
    Node *row = across(g, x);
    return pw3(g, OP_SELECT, on, row, const_like(g, x, 0));
}

static Node *take_diagonal(Graph *g, Node *x)
{
    int rank = x->shape.rank, axis = rank - 2;
    Node *on = compare_places(g, x, OP_EQ);
    return reduce(g, OP_SUM, pw3(g, OP_SELECT, on, x, const_like(g, x, 0)), 1, &axis);
}

typedef struct Factors {
    const Size *m, *n; /* A is m x n */
    Node *first, *second; /* Q, R; V and no second; U, V' */
    Node *value;          /* w, s: a number for each column; or NULL */
} Factors;

static Factors factors_of(Graph *g, Node *n)
{
    Shape a = n->in[0]->shape;
    Factors f = {.m = a.dim[a.rank - 2], .n = a.dim[a.rank - 1]};
    const Size *below = n->op == OP_EIGH ? f.m : size_add(g->sizes, f.m, f.n);
    f.first = matrix_rows(g, n, size_int(g, 0), f.m);
    if (n->op != OP_EIGH)
        f.second = matrix_rows(g, n, f.m, f.n);
    if (n->op != OP_QR)
        f.value = take_at(g, n, a.rank - 2, below);
    return f;
}

/* A = Q R of m >= n and full rank: with M = R R*' - Q*' Q for the adjoints Q*, R*, that of A is
 * (Q* + Q (tril(M) + tril(M, -1)')) R^-T. */
Node *qr_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    Factors f = factors_of(g, n);
    Node *dq = adjoint_rows(g, D, size_int(g, 0), f.m), *dr = adjoint_rows(g, D, f.m, f.n);
    Node *m = dr ? matmul(g, f.second, tr(g, dr)) : NULL;
    if (dq)
        m = add(g, m, neg(g, matmul(g, tr(g, dq), f.first)));
    if (!m)
        return NULL;
    Node *low = compare_places(g, m, OP_GE);
    m = pw3(g, OP_SELECT, low, m, tr(g, m));
    Node *z = add(g, dq, matmul(g, f.first, m));
    return tr(g, trisolve(g, f.second, tr(g, z), false, false));
}

/* With E = dA R^-1 and C = Q' E: dR = K R, dQ = E - Q K, K = triu(C) + tril(C, -1)'. */
Node *qr_jvp(Graph *g, Node *n, Node *const *t)
{
    Factors f = factors_of(g, n);
    Node *e = tr(g, trisolve(g, f.second, tr(g, t[0]), false, true));
    Node *c = matmul(g, tr(g, f.first), e);
    Node *k = tr(g, phi(g, pw2(g, OP_ADD, c, tr(g, c))));
    Node *part[2];
    part[0] = pw2(g, OP_SUB, e, matmul(g, f.first, k));
    part[1] = matmul(g, k, f.second);
    return concat(g, 2, part, e->shape.rank - 2);
}

/* F_ij = 1/(v_j - v_i), of squares for singular values; 0 where the two are equal. */
static Node *gap_inverse(Graph *g, Node *v, bool squares)
{
    Node *col = across(g, v), *row = down(g, v);
    Node *gap = pw2(g, OP_SUB, col, row);
    if (squares)
        gap = pw2(g, OP_MUL, gap, pw2(g, OP_ADD, col, row));
    return safe_inverse(g, gap);
}

/* S = V diag(w) V': the adjoint of the symmetric matrix is V (diag(w*) + F o (V' V*)) V'. That of A is
 * made of it as for Cholesky, whose triangle is read too. */
Node *eigh_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    Factors f = factors_of(g, n);
    Node *dv = adjoint_rows(g, D, size_int(g, 0), f.n), *dw = adjoint_rows(g, D, f.n, size_int(g, 1));
    Node *x = NULL;
    if (dv) {
        Node *gap = gap_inverse(g, f.value, false);
        x = pw2(g, OP_SCALE, matmul(g, tr(g, f.first), dv), gap);
    }
    if (dw) {
        dw = drop_axis(g, dw, dw->shape.rank - 2);
        x = add(g, x, diagonal_of(g, n->in[0], dw));
    }
    if (!x)
        return NULL;
    Node *vx = matmul(g, f.first, x), *p = matmul(g, vx, tr(g, f.first));
    return phi(g, pw2(g, OP_ADD, p, tr(g, p)));
}

/* With P = V' dS V: dw = diag(P), dV = V (F o P). */
Node *eigh_jvp(Graph *g, Node *n, Node *const *t)
{
    Factors f = factors_of(g, n);
    Node *low = phi(g, t[0]), *s = pw2(g, OP_ADD, low, tr(g, low));
    Node *sv = matmul(g, s, f.first), *p = matmul(g, tr(g, f.first), sv), *part[2];
    Node *gap = gap_inverse(g, f.value, false);
    part[0] = matmul(g, f.first, pw2(g, OP_SCALE, p, gap));
    part[1] = across(g, take_diagonal(g, p));
    return concat(g, 2, part, p->shape.rank - 2);
}

/* x - x' */
static Node *skew(Graph *g, Node *x)
{
    return pw2(g, OP_SUB, x, tr(g, x));
}

/* What of x stands upright on the columns of U, divided by the singular values. */
static Node *beside(Graph *g, const Factors *f, Node *x, Node *ux)
{
    Node *rest = pw2(g, OP_SUB, x, matmul(g, f->first, ux));
    return pw2(g, OP_SCALE, rest, across(g, safe_inverse(g, f->value)));
}

/* A = U S V': the adjoint of A is U (F o (U'U* - U*'U) S + S F o (V'V* - V*'V) + diag(s*)) V'
 * + (I - U U') U* S^-1 V'. */
Node *svd_vjp(Graph *g, Node *n, int i, Node *D)
{
    (void)i;
    Factors f = factors_of(g, n);
    const Size *below = size_add(g->sizes, f.m, f.n);
    Node *du = adjoint_rows(g, D, size_int(g, 0), f.m), *dv = adjoint_rows(g, D, f.m, f.n);
    Node *ds = adjoint_rows(g, D, below, size_int(g, 1)), *x = NULL, *r = NULL;
    Node *gap = du || dv ? gap_inverse(g, f.value, true) : NULL;
    if (du) {
        Node *u = matmul(g, tr(g, f.first), du);
        r = f.m == f.n ? NULL : matmul(g, beside(g, &f, du, u), f.second);
        x = pw2(g, OP_SCALE, skew(g, u), gap);
        x = pw2(g, OP_SCALE, x, across(g, f.value));
    }
    if (dv) {
        Node *v = pw2(g, OP_SCALE, skew(g, matmul(g, f.second, tr(g, dv))), gap);
        x = add(g, x, pw2(g, OP_SCALE, v, down(g, f.value)));
    }
    if (ds) {
        ds = drop_axis(g, ds, ds->shape.rank - 2);
        x = add(g, x, diagonal_of(g, f.second, ds));
    }
    if (x)
        r = add(g, r, matmul(g, matmul(g, f.first, x), f.second));
    return r;
}

/* With P = U' dA V: ds = diag(P), dU = U (F o (P S + S P')) + (I - U U') dA V S^-1,
 * dV = V (F o (S P + P' S)). */
Node *svd_jvp(Graph *g, Node *n, Node *const *t)
{
    Factors f = factors_of(g, n);
    Node *av = matmul(g, t[0], tr(g, f.second));
    Node *p = matmul(g, tr(g, f.first), av);
    Node *gap = gap_inverse(g, f.value, true);
    Node *ps = pw2(g, OP_SCALE, p, across(g, f.value)), *sp = pw2(g, OP_SCALE, p, down(g, f.value));
    Node *u = pw2(g, OP_SCALE, pw2(g, OP_ADD, ps, tr(g, ps)), gap), *part[3];
    Node *v = pw2(g, OP_SCALE, pw2(g, OP_ADD, sp, tr(g, sp)), gap);
    part[0] = matmul(g, f.first, u);
    if (f.m != f.n)
        part[0] = pw2(g, OP_ADD, part[0], beside(g, &f, av, p));
    part[1] = matmul(g, tr(g, v), f.second);
    part[2] = across(g, take_diagonal(g, p));
    return concat(g, 3, part, p->shape.rank - 2);
}

/* ---- Batches ---- */

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
    case OP_EXPM:
        return expm(g, x[0], (int)n->attr[0]);
    case OP_QR:
        return qr(g, x[0]);
    case OP_EIGH:
        return eigh(g, x[0]);
    case OP_SVD:
        return svd(g, x[0]);
    default:
        return logdet(g, x[0]);
    }
}
