/* interp_linalg.h - linear algebra of the interpreter: a part of interp_impl.h, which see. */

/* One matrix at a time, row-major. */

/* The lower factor; nan where the matrix is not positive definite. Reads the lower half only. */
static void LOCAL(cholesky)(int64_t n, const NUM *a, NUM *l)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            NUM s = a[i * n + j];
            for (int64_t k = 0; k < j && j <= i; k++)
                s -= l[i * n + k] * l[j * n + k];
            if (j > i)
                l[i * n + j] = 0;
            else if (j == i)
                l[i * n + i] = M(sqrt)(s);
            else
                l[i * n + j] = s / l[j * n + j];
        }
}

/* op(L) x = b with b of n x m, where only the half that `lower` names is read. */
static void LOCAL(trisolve)(int64_t n, int64_t m, const NUM *l, const NUM *b, bool lower,
                            bool trans, NUM *x)
{
    bool forward = lower != trans;
    for (int64_t col = 0; col < m; col++)
        for (int64_t t = 0; t < n; t++) {
            int64_t i = forward ? t : n - 1 - t;
            NUM s = b[i * m + col];
            for (int64_t k = forward ? 0 : i + 1; k < (forward ? i : n); k++)
                s -= (trans ? l[k * n + i] : l[i * n + k]) * x[k * m + col];
            x[i * m + col] = s / l[i * n + i];
        }
}

/* Gauss elimination of a (destroyed) with b alongside; gives the determinant's sign and log. */
static void LOCAL(eliminate)(int64_t n, int64_t m, NUM *a, NUM *x, NUM *det, NUM *logdet)
{
    *det = 1;
    *logdet = 0;
    for (int64_t c = 0; c < n; c++) {
        int64_t best = c;
        for (int64_t i = c + 1; i < n; i++)
            if (M(fabs)(a[i * n + c]) > M(fabs)(a[best * n + c]))
                best = i;
        for (int64_t k = 0; k < n && best != c; k++) {
            NUM swap = a[c * n + k];
            a[c * n + k] = a[best * n + k];
            a[best * n + k] = swap;
        }
        for (int64_t k = 0; k < m && best != c; k++) {
            NUM swap = x[c * m + k];
            x[c * m + k] = x[best * m + k];
            x[best * m + k] = swap;
        }
        NUM pivot = a[c * n + c];
        *det *= best != c ? -pivot : pivot;
        *logdet += M(log)(M(fabs)(pivot));
        for (int64_t i = c + 1; i < n && pivot != 0; i++) {
            NUM f = a[i * n + c] / pivot;
            for (int64_t k = c; k < n; k++)
                a[i * n + k] -= f * a[c * n + k];
            for (int64_t k = 0; k < m; k++)
                x[i * m + k] -= f * x[c * m + k];
        }
    }
    for (int64_t i = n - 1; i >= 0; i--)
        for (int64_t k = 0; k < m; k++) {
            for (int64_t j = i + 1; j < n; j++)
                x[i * m + k] -= a[i * n + j] * x[j * m + k];
            x[i * m + k] /= a[i * n + i];
        }
}

/* Insertion, which keeps equal elements in their order; a nan is never put before another. */
static void LOCAL(eval_argsort)(const VAL *x, VAL *r)
{
    int64_t n = x->dim[x->rank - 1];
    for (int64_t row = 0; row < r->count; row += n)
        for (int64_t i = 0; i < n; i++) {
            int64_t at = i;
            for (; at > 0; at--) {
                int64_t a = row + i, b = row + r->integer[row + at - 1];
                bool before = x->real ? x->real[a] == x->real[a] && !(x->real[a] >= x->real[b])
                                      : x->integer[a] < x->integer[b];
                if (!before)
                    break;
                r->integer[row + at] = r->integer[row + at - 1];
            }
            r->integer[row + at] = i;
        }
}

static void LOCAL(eval_linalg)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *a = IN(0), *b = n->nin > 1 ? IN(1) : NULL;
    if (n->op == OP_ARGSORT) {
        LOCAL(eval_argsort)(a, r);
        return;
    }
    int64_t size = a->dim[a->rank - 1], m = b ? b->dim[b->rank - 1] : size;
    int64_t batches = 1, area = size * size;
    for (int k = 0; k < a->rank - 2; k++)
        batches *= a->dim[k];
    if (n->op == OP_EXPM || n->op == OP_QR || n->op == OP_EIGH || n->op == OP_SVD) {
        LOCAL(eval_factors)(it, n, r);
        return;
    }
    NUM *work = NEW_N(it->arena, NUM, area + 1), *side = NEW_N(it->arena, NUM, size * m + 1);
    for (int64_t t = 0; t < batches; t++) {
        const NUM *matrix = a->real + t * area;
        NUM det, logdet;
        if (n->op == OP_CHOLESKY) {
            LOCAL(cholesky)(size, matrix, r->real + t * area);
            continue;
        }
        if (n->op == OP_TRISOLVE) {
            LOCAL(trisolve)(size, m, matrix, b->real + t * size * m, n->attr[0] != 0,
                            n->attr[1] != 0, r->real + t * size * m);
            continue;
        }
        memcpy(work, matrix, sizeof *work * (size_t)area);
        for (int64_t i = 0; i < size * m; i++)
            side[i] = b ? b->real[t * size * m + i] : i / m == i % m;
        LOCAL(eliminate)(size, m, work, side, &det, &logdet);
        if (n->op == OP_DET || n->op == OP_LOGDET)
            r->real[t] = n->op == OP_DET ? det : logdet;
        else
            memcpy(r->real + t * size * m, side, sizeof *side * (size_t)(size * m));
    }
}
