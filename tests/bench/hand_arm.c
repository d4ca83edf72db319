/* hand_arm.c: the seven-joint arm of examples/arm.dg by hand (hand.h).
 *
 * Derivatives by geometry: joint i turns everything behind it about an axis z_i
 * through a point o_i, so with p the tool
 *   J_i = dp/dq_i = z_i x (p - o_i),   d2p/dq_i dq_j = z_i x J_j for i <= j,
 * and for the cost |p - goal|^2 + mu |q|^2 with r = p - goal
 *   g_i = 2 (r . J_i + mu q_i),   H_ij = 2 (J_i . J_j + (r x z_i) . J_j + mu [i = j]). */
#include "hand.h"

#include <math.h>

static const double mu = 1e-3;

typedef struct { double x, y, z; } Vec;

/* One joint's frame, seen from the base. */
typedef struct { Vec x, y, z, o; } Frame;

static inline double dot(Vec a, Vec b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline Vec cross(Vec a, Vec b)
{
    return (Vec){ a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x };
}

static inline Vec sub(Vec a, Vec b)
{
    return (Vec){ a.x - b.x, a.y - b.y, a.z - b.z };
}

/* a + s b */
static inline Vec axpy(Vec a, double s, Vec b)
{
    return (Vec){ a.x + s * b.x, a.y + s * b.y, a.z + s * b.z };
}

/* a s + b t */
static inline Vec mix(double s, Vec a, double t, Vec b)
{
    return (Vec){ s * a.x + t * b.x, s * a.y + t * b.y, s * a.z + t * b.z };
}

/* p from behind a joint (angle's sine s and cosine c, offset d, twist 90 degrees
 * times `twist`) to before it. `twist` is a constant where this is inlined. */
static inline Vec point_through(Vec p, double s, double c, double d, int twist)
{
    const double y = twist == 0 ? p.y : -twist * p.z;
    const double z = twist == 0 ? p.z : twist * p.y;
    return (Vec){ c * p.x - s * y, s * p.x + c * y, z + d };
}

/* The frame behind the joint, from the one before it. */
static inline Frame frame_through(Frame f, double s, double c, double d, int twist)
{
    const Vec x = mix(c, f.x, s, f.y), y = mix(c, f.y, -s, f.x), z = f.z;
    const Vec o = d == 0 ? f.o : axpy(f.o, d, z);
    if (twist == 0)
        return (Frame){ x, y, z, o };
    if (twist > 0)
        return (Frame){ x, z, { -y.x, -y.y, -y.z }, o };
    return (Frame){ x, { -z.x, -z.y, -z.z }, y, o };
}

static inline void sines(const double q[7], double s[7], double c[7])
{
    for (int j = 0; j < 7; j++) {
        s[j] = sin(q[j]);
        c[j] = cos(q[j]);
    }
}

/* The point p[j] before each joint j; p[0] is the tool's place from the base. */
static inline void chain(const double s[7], const double c[7], Vec p[7])
{
    p[6] = point_through((Vec){ 0.05, 0, 0.1 }, s[6], c[6], 0.126, 0);
    p[5] = point_through(p[6], s[5], c[5], 0, 1);
    p[4] = point_through(p[5], s[4], c[4], 0.4, -1);
    p[3] = point_through(p[4], s[3], c[3], 0, -1);
    p[2] = point_through(p[3], s[2], c[2], 0.4, 1);
    p[1] = point_through(p[2], s[1], c[1], 0, 1);
    p[0] = point_through(p[1], s[0], c[0], 0.34, -1);
}

/* Axes z_i, tool's place p and columns J_i of the position's Jacobian. */
static inline Vec jacobian(const double q[7], Vec z[7], Vec J[7])
{
    double s[7], c[7];
    Vec o[7];
    Frame f = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 }, { 0, 0, 0 } };

    sines(q, s, c);
    z[0] = f.z; o[0] = f.o; f = frame_through(f, s[0], c[0], 0.34, -1);
    z[1] = f.z; o[1] = f.o; f = frame_through(f, s[1], c[1], 0, 1);
    z[2] = f.z; o[2] = f.o; f = frame_through(f, s[2], c[2], 0.4, 1);
    z[3] = f.z; o[3] = f.o; f = frame_through(f, s[3], c[3], 0, -1);
    z[4] = f.z; o[4] = f.o; f = frame_through(f, s[4], c[4], 0.4, -1);
    z[5] = f.z; o[5] = f.o; f = frame_through(f, s[5], c[5], 0, 1);
    z[6] = f.z; o[6] = f.o; f = frame_through(f, s[6], c[6], 0.126, 0);

    const Vec p = axpy(axpy(f.o, 0.05, f.x), 0.1, f.z);
    for (int i = 0; i < 7; i++)
        J[i] = cross(z[i], sub(p, o[i]));
    return p;
}

static inline double cost(const double q[7], Vec r)
{
    double s = 0;
    for (int j = 0; j < 7; j++)
        s += q[j] * q[j];
    return dot(r, r) + mu * s;
}

void hand_arm_position(const double q[7], double place[3])
{
    double s[7], c[7];
    Vec p[7];

    sines(q, s, c);
    chain(s, c, p);
    place[0] = p[0].x;
    place[1] = p[0].y;
    place[2] = p[0].z;
}

void hand_arm(const double q[7], const double goal[3], double *value)
{
    double s[7], c[7];
    Vec p[7];

    sines(q, s, c);
    chain(s, c, p);
    *value = cost(q, sub(p[0], (Vec){ goal[0], goal[1], goal[2] }));
}

/* The gradient alone needs no Jacobian: the adjoint a of the point goes back
 * through the joints, and turning joint j moves p_j by (-y, x). */
static inline Vec adjoint_through(Vec a, Vec p, double q, double s, double c, int twist,
                                  double *grad)
{
    *grad = a.y * p.x - a.x * p.y + 2 * mu * q;
    const double x = c * a.x + s * a.y, y = c * a.y - s * a.x;
    return twist == 0 ? (Vec){ x, y, a.z } : (Vec){ x, twist * a.z, -twist * y };
}

void hand_arm_grad(const double q[7], const double goal[3], double *value, double grad_q[7])
{
    double s[7], c[7];
    Vec p[7];

    sines(q, s, c);
    chain(s, c, p);
    const Vec r = sub(p[0], (Vec){ goal[0], goal[1], goal[2] });
    Vec a = axpy(r, 1, r);
    a = adjoint_through(a, p[0], q[0], s[0], c[0], -1, &grad_q[0]);
    a = adjoint_through(a, p[1], q[1], s[1], c[1], 1, &grad_q[1]);
    a = adjoint_through(a, p[2], q[2], s[2], c[2], 1, &grad_q[2]);
    a = adjoint_through(a, p[3], q[3], s[3], c[3], -1, &grad_q[3]);
    a = adjoint_through(a, p[4], q[4], s[4], c[4], -1, &grad_q[4]);
    a = adjoint_through(a, p[5], q[5], s[5], c[5], 1, &grad_q[5]);
    adjoint_through(a, p[6], q[6], s[6], c[6], 0, &grad_q[6]);
    *value = cost(q, r);
}

void hand_arm_newton(const double q[7], const double goal[3], double *value, double grad_q[7],
                     double hess_q[49])
{
    Vec z[7], J[7];
    const Vec r = sub(jacobian(q, z, J), (Vec){ goal[0], goal[1], goal[2] });

    *value = cost(q, r);
    for (int i = 0; i < 7; i++) {
        const Vec u = axpy(J[i], 1, cross(r, z[i]));
        grad_q[i] = 2 * (dot(r, J[i]) + mu * q[i]);
        for (int j = i; j < 7; j++)
            hess_q[7 * j + i] = hess_q[7 * i + j] = 2 * dot(u, J[j]);
        hess_q[8 * i] += 2 * mu;
    }
}
