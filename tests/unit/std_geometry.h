/* std_geometry.h - the part of std_cases.h on runtime/std/geometry.dg. */
#ifndef GRADC_STD_GEOMETRY_H
#define GRADC_STD_GEOMETRY_H

/* exp of a matrix [3, 3], by its power series: what rotation(r) is, of skew(r). */
static void matrix_exp(const Num *K, Num *R)
{
    Num term[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    memcpy(R, term, sizeof term);
    for (int n = 1; n < 60; n++) {
        Num next[9];
        EACH(i, 3) EACH(j, 3) {
            next[3 * i + j] = 0;
            EACH(k, 3) next[3 * i + j] += term[3 * i + k] * K[3 * k + j] / n;
        }
        memcpy(term, next, sizeof term);
        EACH(i, 9) R[i] += term[i];
    }
}
static void skew_of(const Num *v, Num *K)
{
    const Num k[9] = {0, -v[2], v[1], v[2], 0, -v[0], -v[1], v[0], 0};
    memcpy(K, k, sizeof k);
}
static void turn(const Num *R, const Num *v, Num *out)
{
    EACH(i, 3) out[i] = R[3 * i] * v[0] + R[3 * i + 1] * v[1] + R[3 * i + 2] * v[2];
}

FORMULA(g_rotation_2d)
{
    out[0] = out[3] = cosl(in[0][0]);
    out[1] = -sinl(in[0][0]);
    out[2] = sinl(in[0][0]);
}
static void about(int axis, Num a, Num *out)
{
    Num v[3] = {0, 0, 0}, K[9];
    v[axis] = a;
    skew_of(v, K);
    matrix_exp(K, out);
}
FORMULA(g_rotation_x) { about(0, in[0][0], out); }
FORMULA(g_rotation_y) { about(1, in[0][0], out); }
FORMULA(g_rotation_z) { about(2, in[0][0], out); }
FORMULA(g_skew) { skew_of(in[0], out); }
FORMULA(g_rotation)
{
    Num K[9];
    skew_of(in[0], K);
    matrix_exp(K, out);
}
FORMULA(g_rotate)
{
    Num K[9], R[9];
    skew_of(in[0], K);
    matrix_exp(K, R);
    turn(R, in[1], out);
}
/* A quaternion as the matrix of its product from the left. */
FORMULA(g_quat_mul)
{
    const Num *p = in[0], *q = in[1];
    const Num L[16] = {p[0], -p[1], -p[2], -p[3], p[1], p[0], -p[3], p[2],
                       p[2], p[3], p[0], -p[1], p[3], -p[2], p[1], p[0]};
    EACH(i, 4) EACH(j, 4) out[i] += L[4 * i + j] * q[j];
}
FORMULA(g_quat_conj) { EACH(i, 4) out[i] = i ? -in[0][i] : in[0][i]; }
static Num quat_length(const Num *q)
{
    return sqrtl(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
}
FORMULA(g_quat_unit) { EACH(i, 4) out[i] = in[0][i] / quat_length(in[0]); }
FORMULA(g_quat_of)
{
    Num a = sqrtl(in[0][0] * in[0][0] + in[0][1] * in[0][1] + in[0][2] * in[0][2]);
    out[0] = cosl(a / 2);
    EACH(i, 3) out[1 + i] = sinl(a / 2) * in[0][i] / a;
}
/* The rotation by the unit quaternion along q: exp of skew(angle * axis). */
static void quat_rotation(const Num *q, Num *R)
{
    Num n = sqrtl(q[1] * q[1] + q[2] * q[2] + q[3] * q[3]), angle = 2 * atan2l(n, q[0]), r[3], K[9];
    EACH(i, 3) r[i] = q[1 + i] / n * angle;
    skew_of(r, K);
    matrix_exp(K, R);
}
FORMULA(g_quat_matrix) { quat_rotation(in[0], out); }
FORMULA(g_quat_rotate)
{
    Num R[9];
    quat_rotation(in[0], R);
    turn(R, in[1], out);
}
/* The homogeneous matrix of rotation vector r and translation t. */
static void rigid_of(const Num *r, const Num *t, Num *T)
{
    Num K[9], R[9];
    skew_of(r, K);
    matrix_exp(K, R);
    EACH(i, 3) EACH(j, 3) T[4 * i + j] = R[3 * i + j];
    EACH(i, 3) T[4 * i + 3] = t[i];
    EACH(i, 4) T[12 + i] = i == 3;
}
FORMULA(g_rigid) { rigid_of(in[0], in[1], out); }
FORMULA(g_rigid_inv) /* p -> R' (p - t), as exp(-K) */
{
    Num back[3], T[16], t[3], zero[3] = {0, 0, 0};
    EACH(i, 3) back[i] = -in[0][i];
    rigid_of(back, zero, T);
    EACH(i, 3) t[i] = -(T[4 * i] * in[1][0] + T[4 * i + 1] * in[1][1] + T[4 * i + 2] * in[1][2]);
    rigid_of(back, t, out);
}
FORMULA(g_rigid_apply) /* r, t, points [2, 3] */
{
    Num T[16];
    rigid_of(in[0], in[1], T);
    EACH(n, 2) EACH(i, 3) {
        out[3 * n + i] = T[4 * i + 3];
        EACH(j, 3) out[3 * n + i] += T[4 * i + j] * in[2][3 * n + j];
    }
}
FORMULA(g_rigid_apply_one) { g_rigid_apply((const Num *const[]){in[0], in[1], (const Num[]){in[2][0], in[2][1], in[2][2], 0, 0, 0}}, out); }
FORMULA(g_sin_over) { EACH(i, 8) out[i] = sinl(sqrtl(in[0][i])) / sqrtl(in[0][i]); }
FORMULA(g_versin_over) { EACH(i, 8) out[i] = 2 * powl(sinl(sqrtl(in[0][i]) / 2), 2) / in[0][i]; }

#define STD_GEOMETRY_CASES                                                                         \
    {"fn f(a) = rotation_2d(a)", -3, 3, 0, g_rotation_2d},                                         \
    {"fn f(a) = rotation_x(a)", -3, 3, 0, g_rotation_x},                                           \
    {"fn f(a) = rotation_y(a)", -3, 3, 0, g_rotation_y},                                           \
    {"fn f(a) = rotation_z(a)", -3, 3, 0, g_rotation_z},                                           \
    {"fn f(v[3]) = skew(v)", -3, 3, 0, g_skew},                                                    \
    {"fn f(r[3]) = rotation(r)", -3, 3, 0, g_rotation},                                            \
    {"fn f(r[3]) = rotation(r)", 0, 0, 0, g_rotation},                                             \
    {"fn f(r[3]) = rotation(r)", -1e-3, 1e-3, 0, g_rotation},                                      \
    {"fn f(r[3], v[3]) = rotate(r, v)", -3, 3, 0, g_rotate},                                       \
    {"fn f(p[4], q[4]) = quat_mul(p, q)", -2, 2, 0, g_quat_mul},                                   \
    {"fn f(q[4]) = quat_conj(q)", -2, 2, 0, g_quat_conj},                                          \
    {"fn f(q[4]) = quat_unit(q)", -2, 2, 0, g_quat_unit},                                          \
    {"fn f(r[3]) = quat_of(r)", -3, 3, 0, g_quat_of},                                              \
    {"fn f(r[3]) = quat_of(r)", 0.01, 0.02, 0, g_quat_of},                                         \
    {"fn f(q[4]) = quat_matrix(quat_unit(q))", -2, 2, 0, g_quat_matrix},                           \
    {"fn f(q[4], v[3]) = quat_rotate(quat_unit(q), v)", -2, 2, 0, g_quat_rotate},                  \
    {"fn f(r[3], t[3]) = rigid(rotation(r), t)", -2, 2, 0, g_rigid},                               \
    {"fn f(r[3], t[3]) = rigid_inv(rigid(rotation(r), t))", -2, 2, 0, g_rigid_inv},                \
    {"fn f(r[3], t[3], p[2, 3]) = rigid_apply(rigid(rotation(r), t), p)", -2, 2, 0, g_rigid_apply},\
    {"fn f(r[3], t[3], p[3]) = rigid_apply(rigid(rotation(r), t), p)", -2, 2, 0, g_rigid_apply_one},\
    {"fn f(s[8]) = sin_over(s)", 0.1, 9, 0, g_sin_over},                                           \
    {"fn f(s[8]) = versin_over(s)", 0.1, 9, 0, g_versin_over}

#endif
