/* interp_factor.h - the matrix exponential, QR, eigenvalues and singular values of the interpreter: a part
 * of interp_impl.h, which see. Written for being read: what the snippets are compared with. */

static void LOCAL(times)(int64_t n, const NUM *a, const NUM *b, NUM *c)
{
    for (int64_t i = 0; i < n * n; i++) {
        c[i] = 0;
        for (int64_t k = 0; k < n; k++)
            c[i] += a[i / n * n + k] * b[k * n + i % n];
    }
}

/* exp(A) = exp(A/2^s)^(2^s), the former by its series. The norm of the first `lead` rows and columns
 * tells s. */
static void LOCAL(expm)(INTERP *it, int64_t n, int64_t lead, const NUM *a, NUM *x)
{
    NUM *small = SCRATCH(NUM, n * n + 1), *power = SCRATCH(NUM, n * n + 1);
    NUM *next = SCRATCH(NUM, n * n + 1), norm = 0, by = 1;
    int squarings = 0;
    for (int64_t i = 0; i < lead * lead; i++)
        norm += M(fabs)(a[i / lead * n + i % lead]);
    for (; norm * by > 0.5 && squarings < 1024; squarings++)
        by /= 2;
    for (int64_t i = 0; i < n * n; i++) {
        small[i] = a[i] * by;
        x[i] = power[i] = i / n == i % n;
    }
    for (int term = 1; term < 40; term++) {
        LOCAL(times)(n, power, small, next);
        for (int64_t i = 0; i < n * n; i++) {
            power[i] = next[i] / term;
            x[i] += power[i];
        }
    }
    while (squarings-- > 0) {
        LOCAL(times)(n, x, x, next);
        memcpy(x, next, sizeof *x * (size_t)(n * n));
    }
}

/* A[m, n] = Q R by one reflection a column, each applied to all of A and Q; m >= n. */
static void LOCAL(qr)(INTERP *it, int64_t m, int64_t n, const NUM *a, NUM *q, NUM *r)
{
    NUM *w = SCRATCH(NUM, m * n + 1), *v = SCRATCH(NUM, m + 1), *full = SCRATCH(NUM, m * m + 1);
    memcpy(w, a, sizeof *w * (size_t)(m * n));
    for (int64_t i = 0; i < m; i++)
        full[i * m + i] = 1;
    for (int64_t k = 0; k < n && k < m; k++) {
        NUM below = 0, norm, vv = 0;
        for (int64_t i = k + 1; i < m; i++)
            below += w[i * n + k] * w[i * n + k];
        if (below == 0)
            continue;
        norm = M(sqrt)(below + w[k * n + k] * w[k * n + k]);
        for (int64_t i = 0; i < m; i++)
            v[i] = i < k ? 0 : w[i * n + k];
        v[k] += v[k] < 0 ? -norm : norm;
        for (int64_t i = k; i < m; i++)
            vv += v[i] * v[i];
        for (int64_t j = 0; j < n + m; j++) { /* columns of A, then rows of Q */
            NUM s = 0;
            for (int64_t i = k; i < m; i++)
                s += v[i] * (j < n ? w[i * n + j] : full[(j - n) * m + i]);
            for (int64_t i = k; i < m; i++)
                *(j < n ? &w[i * n + j] : &full[(j - n) * m + i]) -= 2 * s / vv * v[i];
        }
    }
    for (int64_t i = 0; i < m * n; i++)
        q[i] = i % n < m ? full[i / n * m + i % n] : 0;
    for (int64_t i = 0; i < n * n; i++)
        r[i] = i / n <= i % n && i / n < m ? w[i] : 0;
}

/* Turns (x_i, y_i) by the angle whose double has the cotangent z. */
static void LOCAL(rotate)(int64_t n, NUM *x, NUM *y, int64_t stride, NUM z)
{
    NUM t = 1 / (M(fabs)(z) + M(sqrt)(z * z + 1)), c = 1 / M(sqrt)(t * t + 1);
    NUM s = z < 0 ? -t * c : t * c;
    for (int64_t i = 0; i < n; i++, x += stride, y += stride) {
        NUM kept = *x;
        *x = c * *x - s * *y;
        *y = s * kept + c * *y;
    }
}

/* Brings the largest (smallest) of v[from..n) to `from`; gives where it was. */
static int64_t LOCAL(bring)(int64_t n, NUM *v, int64_t from, bool largest)
{
    int64_t best = from;
    for (int64_t i = from + 1; i < n; i++)
        if (largest ? v[i] > v[best] : v[i] < v[best])
            best = i;
    NUM kept = v[from];
    v[from] = v[best];
    v[best] = kept;
    return best;
}

/* Swaps rows i and j; with `sign` row i gets a positive largest element, and -1 comes back where it
 * was turned round. */
static NUM LOCAL(swap_rows)(int64_t n, NUM *v, int64_t i, int64_t j, bool sign)
{
    NUM best = 0;
    for (int64_t k = 0; k < n; k++) {
        NUM kept = v[i * n + k];
        v[i * n + k] = v[j * n + k];
        v[j * n + k] = kept;
        if (M(fabs)(v[i * n + k]) > M(fabs)(best))
            best = v[i * n + k];
    }
    for (int64_t k = 0; k < n && sign && best < 0; k++)
        v[i * n + k] = -v[i * n + k];
    return best < 0 ? -1 : 1;
}

/* Jacobi's method for the symmetric matrix of a's lower triangle. */
static void LOCAL(eigh)(INTERP *it, int64_t n, const NUM *a, NUM *columns, NUM *w)
{
    NUM *s = SCRATCH(NUM, n * n + 1), *v = SCRATCH(NUM, n * n + 1);
    bool turned = true;
    for (int64_t i = 0; i < n * n; i++) {
        s[i] = i / n >= i % n ? a[i] : a[i % n * n + i / n];
        v[i] = i / n == i % n;
    }
    for (int sweep = 0; sweep < 40 && turned; sweep++) {
        turned = false;
        for (int64_t p = 0; p < n; p++)
            for (int64_t q = p + 1; q < n; q++) {
                NUM at = s[p * n + q], low = s[p * n + p], high = s[q * n + q];
                NUM more = 100 * M(fabs)(at);
                if (M(fabs)(low) + more == M(fabs)(low) && M(fabs)(high) + more == M(fabs)(high))
                    continue;
                turned = true;
                NUM z = (high - low) / (2 * at);
                LOCAL(rotate)(n, s + p * n, s + q * n, 1, z);
                LOCAL(rotate)(n, s + p, s + q, n, z);
                LOCAL(rotate)(n, v + p * n, v + q * n, 1, z);
                s[p * n + q] = s[q * n + p] = 0;
            }
    }
    for (int64_t i = 0; i < n; i++)
        w[i] = s[i * n + i];
    for (int64_t j = 0; j < n; j++) {
        LOCAL(swap_rows)(n, v, j, LOCAL(bring)(n, w, j, false), true);
        for (int64_t i = 0; i < n; i++)
            columns[i * n + j] = v[j * n + i];
    }
}

/* Row j of u, of m elements, as a unit vector upright on those before. */
static void LOCAL(upright)(int64_t m, int64_t j, NUM *u)
{
    NUM most = 0, *row = u + j * m;
    int64_t best = 0;
    for (int64_t i = 0; i < m; i++) {
        NUM rest = 2;
        for (int64_t k = 0; k < j; k++)
            rest -= u[k * m + i] * u[k * m + i];
        if (rest > most) {
            most = rest;
            best = i;
        }
    }
    for (int64_t i = 0; i < m; i++)
        row[i] = i == best;
    for (int pass = 0; pass < 2; pass++) {
        NUM norm = 0;
        for (int64_t k = 0; k < j; k++) {
            NUM by = 0;
            for (int64_t i = 0; i < m; i++)
                by += row[i] * u[k * m + i];
            for (int64_t i = 0; i < m; i++)
                row[i] -= by * u[k * m + i];
        }
        for (int64_t i = 0; i < m; i++)
            norm += row[i] * row[i];
        for (int64_t i = 0; i < m; i++)
            row[i] /= M(sqrt)(norm);
    }
}

/* The columns of A, turned in pairs until they are orthogonal; m >= n. */
static void LOCAL(svd)(INTERP *it, int64_t m, int64_t n, const NUM *a, NUM *columns, NUM *vt, NUM *s)
{
    NUM *u = SCRATCH(NUM, m * n + 1);
    bool turned = true;
    for (int64_t i = 0; i < m * n; i++)
        u[i % n * m + i / n] = a[i];
    for (int64_t i = 0; i < n * n; i++)
        vt[i] = i / n == i % n;
    for (int sweep = 0; sweep < 40 && turned; sweep++) {
        turned = false;
        for (int64_t p = 0; p < n; p++)
            for (int64_t q = p + 1; q < n; q++) {
                NUM at = 0, low = 0, high = 0;
                for (int64_t i = 0; i < m; i++) {
                    at += u[p * m + i] * u[q * m + i];
                    low += u[p * m + i] * u[p * m + i];
                    high += u[q * m + i] * u[q * m + i];
                }
                NUM both = 4 * (NUM)m * M(sqrt)(low) * M(sqrt)(high);
                if (both + M(fabs)(at) == both)
                    continue;
                turned = true;
                NUM z = (high - low) / (2 * at);
                LOCAL(rotate)(m, u + p * m, u + q * m, 1, z);
                LOCAL(rotate)(n, vt + p * n, vt + q * n, 1, z);
            }
    }
    for (int64_t j = 0; j < n; j++) {
        s[j] = 0;
        for (int64_t i = 0; i < m; i++)
            s[j] += u[j * m + i] * u[j * m + i];
        s[j] = M(sqrt)(s[j]);
    }
    for (int64_t j = 0; j < n; j++) {
        int64_t best = LOCAL(bring)(n, s, j, true);
        LOCAL(swap_rows)(m, u, j, best, false);
        LOCAL(swap_rows)(n, vt, j, best, false);
        if (s[j] == 0)
            LOCAL(upright)(m, j, u);
        else
            for (int64_t i = 0; i < m; i++)
                u[j * m + i] /= s[j];
        NUM sign = LOCAL(swap_rows)(m, u, j, j, true);
        for (int64_t i = 0; i < n; i++)
            vt[j * n + i] *= sign;
        for (int64_t i = 0; i < m; i++)
            columns[i * n + j] = u[j * m + i];
    }
}

/* A power of two that brings the largest element to 1 or 2: squares do not overflow then. */
static NUM LOCAL(scale_of)(int64_t count, const NUM *a)
{
    NUM largest = 0, by = 1;
    for (int64_t i = 0; i < count; i++)
        largest = M(fabs)(a[i]) > largest ? M(fabs)(a[i]) : largest;
    for (int k = 0; k < 1000 && largest * by > 2; k++)
        by /= 2;
    for (int k = 0; k < 1000 && largest > 0 && largest * by < 1; k++)
        by *= 2;
    return by;
}

static void LOCAL(eval_factors)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *a = IN(0);
    int64_t m = a->dim[a->rank - 2], k = a->dim[a->rank - 1], area = r->dim[a->rank - 2] * k;
    for (int64_t t = 0, at = 0; at < r->count; t++, at += area) {
        const NUM *given = a->real + t * m * k, by = LOCAL(scale_of)(m * k, given);
        it->scratch_used = 0;
        NUM *y = r->real + at, *last = y + area, *x = SCRATCH(NUM, m * k + 1);
        for (int64_t i = 0; i < m * k; i++)
            x[i] = n->op == OP_EXPM ? given[i] : given[i] * by;
        if (n->op == OP_EXPM) {
            LOCAL(expm)(it, k, k / n->attr[0], x, y);
            continue;
        }
        int64_t scaled = n->op == OP_QR ? k * k : k; /* R, w or s */
        if (n->op == OP_QR)
            LOCAL(qr)(it, m, k, x, y, last - scaled);
        else if (n->op == OP_EIGH)
            LOCAL(eigh)(it, k, x, y, last - scaled);
        else
            LOCAL(svd)(it, m, k, x, y, y + m * k, last - scaled);
        for (NUM *v = last - scaled; v < last; v++)
            *v /= by;
    }
}
