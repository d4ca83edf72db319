/* hand_ba.c: bundle adjustment by hand (hand.h): every observation's error and the derivative of it
 * by its camera, its point and its weight, [O, 2, 15]. With th = |r|, a = r / th, c = cos th,
 * s = sin th and v = X - C, the turned point is
 *   R = c v + s a x v + (1 - c) (a.v) a,
 * and since dth/dr_j = a_j and da/dr_j = (e_j - a_j a) / th,
 *   dR/dr_j = a_j (c a x v - s v + s (a.v) a) + s da_j x v + (1 - c) ((da_j.v) a + (a.v) da_j). */
#include "hand.h"

#include <math.h>

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

/* R, dR/dr (by column) and dR/dv */
static void rotate(const double r[3], const double v[3], double R[3], double dr[3][3], double dv[3][3])
{
    const double th = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
    if (th == 0) { /* v + r x v */
        cross(r, v, R);
        for (int i = 0; i < 3; i++) {
            const double e[3] = { i == 0, i == 1, i == 2 };
            R[i] += v[i];
            cross(e, v, dr[i]);
            for (int j = 0; j < 3; j++)
                dv[i][j] = i == j;
        }
        return;
    }
    const double c = cos(th), s = sin(th), a[3] = { r[0] / th, r[1] / th, r[2] / th };
    const double av = a[0] * v[0] + a[1] * v[1] + a[2] * v[2];
    const double skew[3][3] = { { 0, -a[2], a[1] }, { a[2], 0, -a[0] }, { -a[1], a[0], 0 } };
    double axv[3];
    cross(a, v, axv);
    for (int i = 0; i < 3; i++) {
        R[i] = c * v[i] + s * axv[i] + (1 - c) * av * a[i];
        for (int j = 0; j < 3; j++)
            dv[i][j] = s * skew[i][j] + (1 - c) * a[i] * a[j] + (i == j ? c : 0);
    }
    for (int j = 0; j < 3; j++) {
        double da[3], dxv[3];
        for (int i = 0; i < 3; i++)
            da[i] = ((i == j) - a[j] * a[i]) / th;
        cross(da, v, dxv);
        const double dav = da[0] * v[0] + da[1] * v[1] + da[2] * v[2];
        for (int i = 0; i < 3; i++)
            dr[j][i] = a[j] * (c * axv[i] - s * v[i] + s * av * a[i]) + s * dxv[i] +
                       (1 - c) * (dav * a[i] + av * da[i]);
    }
}

/* err[2]; J[2][15] where it is wanted */
static void observe(const double cam[11], const double X[3], double w, const double feat[2],
                    double err[2], double J[2][15])
{
    const double v[3] = { X[0] - cam[3], X[1] - cam[4], X[2] - cam[5] };
    double R[3], dr[3][3], dv[3][3];
    rotate(cam, v, R, dr, dv);
    const double p[2] = { R[0] / R[2], R[1] / R[2] }, s = p[0] * p[0] + p[1] * p[1];
    const double radial = 1 + cam[9] * s + cam[10] * s * s, slope = cam[9] + 2 * cam[10] * s;
    const double f = cam[6];
    for (int k = 0; k < 2; k++)
        err[k] = w * (f * p[k] * radial + cam[7 + k] - feat[k]);
    if (!J)
        return;
    for (int k = 0; k < 2; k++) {
        double dR[3] = { 0 }; /* of f p_k radial by R */
        for (int l = 0; l < 2; l++) {
            const double by_p = w * f * ((k == l ? radial : 0) + p[k] * slope * 2 * p[l]);
            dR[l] += by_p / R[2];
            dR[2] -= by_p * p[l] / R[2];
        }
        for (int j = 0; j < 3; j++) {
            J[k][j] = dR[0] * dr[j][0] + dR[1] * dr[j][1] + dR[2] * dr[j][2];
            J[k][11 + j] = dR[0] * dv[0][j] + dR[1] * dv[1][j] + dR[2] * dv[2][j];
            J[k][3 + j] = -J[k][11 + j];
        }
        J[k][6] = w * p[k] * radial;
        J[k][7] = k == 0 ? w : 0;
        J[k][8] = k == 1 ? w : 0;
        J[k][9] = w * f * p[k] * s;
        J[k][10] = w * f * p[k] * s * s;
        J[k][14] = f * p[k] * radial + cam[7 + k] - feat[k];
    }
}

void hand_ba(const double *cams, const double *X, const double *w, const int32_t *cameras,
             const int32_t *points, const double *feats, int64_t O, double *errors)
{
    for (int64_t o = 0; o < O; o++)
        observe(cams + 11 * cameras[o], X + 3 * points[o], w[o], feats + 2 * o, errors + 2 * o, NULL);
}

void hand_ba_blocks(const double *cams, const double *X, const double *w, const int32_t *cameras,
                    const int32_t *points, const double *feats, int64_t O, double *blocks)
{
    double err[2];
    for (int64_t o = 0; o < O; o++)
        observe(cams + 11 * cameras[o], X + 3 * points[o], w[o], feats + 2 * o, err,
                (double(*)[15])(blocks + 30 * o));
}
