/* linalg_factor.c: the matrix exponential, QR, symmetric eigenvalues and singular values, as pasted
 * into emitted C. What linalg.c says of matrices, batches and the two element types holds here.
 *
 * QR is Householder's; eigenvalues and singular values are Jacobi's (Golub and Van Loan, 5.2, 8.5
 * and 8.6), which is short and accurate to the last places also of small ones. The factors lie in
 * one result, under each other: rows of n elements. */
#include <math.h>
#include <stdint.h>

/*@ snippet gradc_linalg_times_f64 needs gradc_linalg_minus_f64 */
/* C = A B, all n x n. */
static void gradc_linalg_times_f64(int64_t n, const double *a, const double *b, double *c)
{
    for (int64_t i = 0; i < n * n; i++)
        c[i] = 0;
    gradc_linalg_minus_f64(n, n, n, a, n, 1, b, n, c, n);
    for (int64_t i = 0; i < n * n; i++)
        c[i] = -c[i];
}

/*@ snippet gradc_expm_f64 needs gradc_linalg_times_f64 gradc_solve_f64 */
/* X = exp(A) by scaling and squaring: N. Higham, "The scaling and squaring method for the matrix
 * exponential revisited" (2005), always with the approximant of degree 13. The norm is that of the
 * first `lead` rows and columns: of a block like all on the diagonal, or of A. scratch is 6*n*n
 * elements, piv is n. */
static void gradc_expm_f64(int64_t n, int64_t lead, const double *a, double *x, double *scratch,
                           int64_t *piv)
{
    const int64_t area = n * n;
    double *const s = scratch, *const a2 = s + area, *const a4 = a2 + area;
    double *const a6 = a4 + area, *const u = a6 + area, *const t = u + area;
    double c[14], norm = 0, by = 1;
    int squarings = 0;

    for (int64_t i = 0; i < lead; i++) {
        double sum = 0;

        for (int64_t j = 0; j < lead; j++)
            sum += fabs(a[i * n + j]);
        norm = sum > norm ? sum : norm;
    }
    for (; norm > 5 && squarings < 1024; squarings++) {
        norm /= 2;
        by /= 2;
    }
    c[0] = 1; /* the numerator of the approximant is the sum of c[k] A^k */
    for (int k = 1; k < 14; k++)
        c[k] = c[k - 1] * (double)(14 - k) / (double)((27 - k) * k);
    for (int64_t i = 0; i < area; i++)
        s[i] = a[i] * by;
    gradc_linalg_times_f64(n, s, s, a2);
    gradc_linalg_times_f64(n, a2, a2, a4);
    gradc_linalg_times_f64(n, a2, a4, a6);
    for (int64_t i = 0; i < area; i++)
        u[i] = c[13] * a6[i] + c[11] * a4[i] + c[9] * a2[i];
    gradc_linalg_times_f64(n, a6, u, t);
    for (int64_t i = 0; i < area; i++)
        t[i] += c[7] * a6[i] + c[5] * a4[i] + c[3] * a2[i] + (i % (n + 1) == 0 ? c[1] : 0);
    gradc_linalg_times_f64(n, s, t, u); /* odd powers; the even ones next, in x */
    for (int64_t i = 0; i < area; i++)
        t[i] = c[12] * a6[i] + c[10] * a4[i] + c[8] * a2[i];
    gradc_linalg_times_f64(n, a6, t, x);
    for (int64_t i = 0; i < area; i++) {
        const double even = x[i] + c[6] * a6[i] + c[4] * a4[i] + c[2] * a2[i] +
                            (i % (n + 1) == 0 ? c[0] : 0);

        t[i] = even - u[i];
        x[i] = even + u[i];
    }
    gradc_solve_f64(n, n, t, x, x, s, piv);
    for (; squarings > 0; squarings--) {
        gradc_linalg_times_f64(n, x, x, t);
        for (int64_t i = 0; i < area; i++)
            x[i] = t[i];
    }
}

/*@ snippet gradc_linalg_reflect_f64 */
/* W -= tau v (v' W) for columns from..n of W[m, n], with v[0] = 1 and v[i] in column `at` of h[m, n]:
 * rows from `at` on. sum is n elements. */
static void gradc_linalg_reflect_f64(int64_t m, int64_t n, int64_t from, int64_t at,
                                     const double *h, double tau, double *w, double *sum)
{
    for (int64_t j = from; j < n; j++)
        sum[j] = w[at * n + j];
    for (int64_t i = at + 1; i < m; i++)
        for (int64_t j = from; j < n; j++)
            sum[j] += h[i * n + at] * w[i * n + j];
    for (int64_t j = from; j < n; j++)
        w[at * n + j] -= tau * sum[j];
    for (int64_t i = at + 1; i < m; i++) {
        const double v = tau * h[i * n + at];

        for (int64_t j = from; j < n; j++)
            w[i * n + j] -= v * sum[j];
    }
}

/*@ snippet gradc_qr_f64 needs gradc_linalg_reflect_f64 */
/* A[m, n] = Q R, m >= n: x is Q[m, n], then R[n, n]. The signs are those of LAPACK. scratch is
 * m*n + 2*n elements. */
static void gradc_qr_f64(int64_t m, int64_t n, const double *a, double *x, double *scratch)
{
    double *const h = scratch, *const tau = h + m * n, *const sum = tau + n, *const r = x + m * n;
    const int64_t steps = m < n ? m : n;

    for (int64_t i = 0; i < m * n; i++) {
        h[i] = a[i];
        x[i] = i / n == i % n;
    }
    for (int64_t k = 0; k < steps; k++) {
        double largest = 0, sum2 = 0, norm;
        const double alpha = h[k * n + k];

        tau[k] = 0;
        for (int64_t i = k + 1; i < m; i++)
            largest = fabs(h[i * n + k]) > largest ? fabs(h[i * n + k]) : largest;
        if (largest == 0)
            continue;
        largest = fabs(alpha) > largest ? fabs(alpha) : largest;
        for (int64_t i = k; i < m; i++) {
            const double v = h[i * n + k] / largest;

            sum2 += v * v;
        }
        norm = alpha < 0 ? largest * sqrt(sum2) : -largest * sqrt(sum2);
        tau[k] = (norm - alpha) / norm;
        for (int64_t i = k + 1; i < m; i++)
            h[i * n + k] /= alpha - norm;
        gradc_linalg_reflect_f64(m, n, k + 1, k, h, tau[k], h, sum);
        h[k * n + k] = norm;
    }
    for (int64_t i = 0; i < n * n; i++)
        r[i] = i / n < steps && i / n <= i % n ? h[i] : 0;
    for (int64_t k = steps - 1; k >= 0; k--)
        gradc_linalg_reflect_f64(m, n, k, k, h, tau[k], x, sum);
}

/*@ snippet gradc_linalg_rotate_f64 */
/* Element by element (a, b) becomes (c a - s b, s a + c b). */
static void gradc_linalg_rotate_f64(int64_t n, double *a, double *b, int64_t stride, double c,
                                    double s)
{
    for (int64_t i = 0; i < n * stride; i += stride) {
        const double v = a[i], w = b[i];

        a[i] = c * v - s * w;
        b[i] = s * v + c * w;
    }
}

/*@ snippet gradc_linalg_swap_f64 */
static void gradc_linalg_swap_f64(int64_t n, double *a, double *b)
{
    for (int64_t i = 0; i < n; i++) {
        const double kept = a[i];

        a[i] = b[i];
        b[i] = kept;
    }
}

/*@ snippet gradc_linalg_sign_f64 */
/* The sign of the element that is largest without its sign, the first of several. */
static double gradc_linalg_sign_f64(int64_t n, const double *a)
{
    double largest = 0;

    for (int64_t i = 0; i < n; i++)
        if (fabs(a[i]) > fabs(largest))
            largest = a[i];
    return largest < 0 ? -1 : 1;
}

/*@ snippet gradc_linalg_tangent_f64 */
/* The tangent, up to 1, of the angle whose double has the cotangent z. */
static double gradc_linalg_tangent_f64(double z)
{
    const double t = 1 / (fabs(z) + sqrt(z * z + 1));

    return z < 0 ? -t : t;
}

/*@ snippet gradc_eigh_f64 needs gradc_linalg_rotate_f64 gradc_linalg_swap_f64 gradc_linalg_sign_f64 gradc_linalg_tangent_f64 */
/* A = V diag(w) V' of the symmetric A whose lower triangle is read: x is V[n, n], a column for each
 * eigenvalue, then w[n], ascending. Of each column the largest element is positive. scratch is
 * 2*n*n elements. */
static void gradc_eigh_f64(int64_t n, const double *a, double *x, double *scratch)
{
    double *const s = scratch, *const v = s + n * n, *const w = x + n * n;
    int turned = 1;

    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            s[i * n + j] = i < j ? a[j * n + i] : a[i * n + j];
            v[i * n + j] = i == j;
        }
    for (int sweep = 0; sweep < 30 && turned; sweep++) {
        turned = 0;
        for (int64_t p = 0; p < n; p++)
            for (int64_t q = p + 1; q < n; q++) {
                const double at = s[p * n + q], low = s[p * n + p], high = s[q * n + q];
                const double least = fabs(low) < fabs(high) ? fabs(low) : fabs(high);

                if (least + 100 * fabs(at) == least)
                    continue;
                const double t = gradc_linalg_tangent_f64((high - low) / (2 * at));
                const double c = 1 / sqrt(t * t + 1);

                turned = 1;
                gradc_linalg_rotate_f64(n, s + p * n, s + q * n, 1, c, t * c);
                gradc_linalg_rotate_f64(n, s + p, s + q, n, c, t * c);
                gradc_linalg_rotate_f64(n, v + p * n, v + q * n, 1, c, t * c);
                s[p * n + p] = low - t * at;
                s[q * n + q] = high + t * at;
                s[p * n + q] = s[q * n + p] = 0;
            }
    }
    for (int64_t i = 0; i < n; i++)
        w[i] = s[i * n + i];
    for (int64_t j = 0; j < n; j++) {
        int64_t best = j;
        double sign;

        for (int64_t k = j + 1; k < n; k++)
            if (w[k] < w[best])
                best = k;
        if (best != j) {
            gradc_linalg_swap_f64(1, w + j, w + best);
            gradc_linalg_swap_f64(n, v + j * n, v + best * n);
        }
        sign = gradc_linalg_sign_f64(n, v + j * n);
        for (int64_t i = 0; i < n; i++)
            x[i * n + j] = sign * v[j * n + i];
    }
}

/*@ snippet gradc_linalg_complete_f64 needs gradc_linalg_dot_f64 */
/* Row j of u[j + 1, m] becomes a unit vector orthogonal to the orthonormal rows before: what is left
 * of the unit vector that they have the least of. */
static void gradc_linalg_complete_f64(int64_t m, int64_t j, double *u)
{
    double *const row = u + j * m, least = 2;
    int64_t best = 0;

    for (int64_t i = 0; i < m; i++) {
        double sum = 0;

        for (int64_t k = 0; k < j; k++)
            sum += u[k * m + i] * u[k * m + i];
        if (sum < least) {
            least = sum;
            best = i;
        }
    }
    for (int64_t i = 0; i < m; i++)
        row[i] = i == best;
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t k = 0; k < j; k++) {
            const double by = gradc_linalg_dot_f64(m, row, u + k * m);

            for (int64_t i = 0; i < m; i++)
                row[i] -= by * u[k * m + i];
        }
        const double norm = sqrt(gradc_linalg_dot_f64(m, row, row));

        for (int64_t i = 0; i < m; i++)
            row[i] /= norm;
    }
}

/*@ snippet gradc_svd_f64 needs gradc_linalg_complete_f64 gradc_linalg_rotate_f64 gradc_linalg_swap_f64 gradc_linalg_sign_f64 gradc_linalg_tangent_f64 */
/* A[m, n] = U diag(s) V', m >= n: x is U[m, n], then V'[n, n], then s[n], descending. Of each column
 * of U the largest element is positive. The columns of A, here rows, are turned in pairs until they
 * are orthogonal. scratch is m*n + n*n elements. */
static void gradc_svd_f64(int64_t m, int64_t n, const double *a, double *x, double *scratch)
{
    double *const u = scratch, *const v = u + m * n, *const s = x + m * n + n * n;
    double largest = 0, least = (double)4 / 3 - 1;
    int turned = 1;

    least = fabs(3 * least - 1) * (double)(m < 4 ? 4 : m); /* the cosine of a right angle, rounded */
    for (int64_t i = 0; i < m * n; i++)
        largest = fabs(a[i]) > largest ? fabs(a[i]) : largest;
    for (int64_t i = 0; i < m * n; i++)
        u[i % n * m + i / n] = largest > 0 ? a[i] / largest : a[i];
    for (int64_t i = 0; i < n * n; i++)
        v[i] = i / n == i % n;
    for (int sweep = 0; sweep < 30 && turned; sweep++) {
        turned = 0;
        for (int64_t p = 0; p < n; p++)
            for (int64_t q = p + 1; q < n; q++) {
                double *const up = u + p * m, *const uq = u + q * m;
                const double low = gradc_linalg_dot_f64(m, up, up);
                const double high = gradc_linalg_dot_f64(m, uq, uq);
                const double at = gradc_linalg_dot_f64(m, up, uq);

                if (fabs(at) <= least * sqrt(low) * sqrt(high))
                    continue;
                const double t = gradc_linalg_tangent_f64((high - low) / (2 * at));
                const double c = 1 / sqrt(t * t + 1);

                turned = 1;
                gradc_linalg_rotate_f64(m, up, uq, 1, c, t * c);
                gradc_linalg_rotate_f64(n, v + p * n, v + q * n, 1, c, t * c);
            }
    }
    for (int64_t j = 0; j < n; j++)
        s[j] = sqrt(gradc_linalg_dot_f64(m, u + j * m, u + j * m));
    for (int64_t j = 0; j < n; j++) {
        int64_t best = j;
        double sign;

        for (int64_t k = j + 1; k < n; k++)
            if (s[k] > s[best])
                best = k;
        if (best != j) {
            gradc_linalg_swap_f64(1, s + j, s + best);
            gradc_linalg_swap_f64(m, u + j * m, u + best * m);
            gradc_linalg_swap_f64(n, v + j * n, v + best * n);
        }
        if (s[j] == 0)
            gradc_linalg_complete_f64(m, j, u);
        else
            for (int64_t i = 0; i < m; i++)
                u[j * m + i] /= s[j];
        s[j] *= largest;
        sign = gradc_linalg_sign_f64(m, u + j * m);
        for (int64_t i = 0; i < m; i++)
            x[i * n + j] = sign * u[j * m + i];
        for (int64_t i = 0; i < n; i++)
            x[m * n + j * n + i] = sign * v[j * n + i];
    }
}
