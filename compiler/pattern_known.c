/* pattern_known.c - values that are known at compile time: indices, conditions, zeros. A real is
 * known only where it is exact: sums and products of small integers, and of zeros. */
#include "pattern_impl.h"

/* An integer that every type with so many bits holds, and that no rounding changes. */
static double exact(Dtype t, double v)
{
    double most = t == T_F32 ? 0x1p24 : t == T_I32 ? 0x1p31 - 1 : t == T_U8 ? 255 : 0x1p53;
    bool fits = v == floor(v) && fabs(v) <= most && (t != T_U8 || v >= 0);
    return fits ? v : (double)NAN;
}

static double product(Dtype t, double a, double b)
{
    if ((a == 0 && b == b) || (b == 0 && a == a))
        return isinf(a) || isinf(b) ? (double)NAN : 0;
    return exact(t, exact(t, a) * exact(t, b));
}

static double sum(Dtype t, double a, double b)
{
    return a == 0 ? b : b == 0 ? a : exact(t, exact(t, a) + exact(t, b));
}

static double quotient(const Node *n, double a, double b)
{
    if (dtype_is_real((Dtype)n->dtype) || !(b != 0) || !(exact(T_I64, a) == a) || !(exact(T_I64, b) == b))
        return (double)NAN;
    double q = floor(a / b);
    q += (q + 1) * b <= a && b > 0 ? 1 : 0; /* should the quotient have been rounded */
    return n->op == OP_FLOORDIV ? q : a - q * b;
}

static double converted(const Node *n, double a)
{
    Dtype to = (Dtype)n->dtype;
    if (a != a)
        return a;
    if (to == T_BOOL)
        return a != 0;
    if (to == T_F32)
        return (float)a;
    return to == T_F64 ? a : exact(to, trunc(a));
}

static double compared(Op op, double a, double b)
{
    if (a != a || b != b)
        return (double)NAN;
    switch (op) {
    case OP_LT: return a < b;
    case OP_LE: return a <= b;
    case OP_GT: return a > b;
    case OP_GE: return a >= b;
    case OP_EQ: return a == b;
    default: return a != b;
    }
}

double known_pointwise(const Node *n, const double *a)
{
    Dtype t = (Dtype)n->dtype;
    if (op_compares((Op)n->op))
        return compared((Op)n->op, a[0], a[1]);
    switch ((Op)n->op) {
    case OP_NEG: return t == T_U8 ? (double)NAN : -a[0];
    case OP_ADD: return sum(t, a[0], a[1]);
    case OP_SUB: return sum(t, a[0], -a[1]);
    case OP_MUL:
    case OP_SCALE: return product(t, a[0], a[1]);
    case OP_FLOORDIV:
    case OP_MOD: return quotient(n, a[0], a[1]);
    case OP_MAX: return a[0] != a[0] || a[1] != a[1] ? (double)NAN : a[0] > a[1] ? a[0] : a[1];
    case OP_MIN: return a[0] != a[0] || a[1] != a[1] ? (double)NAN : a[0] < a[1] ? a[0] : a[1];
    case OP_AND: return a[0] == 0 || a[1] == 0 ? 0 : a[0] != a[0] || a[1] != a[1] ? (double)NAN : 1;
    case OP_OR: return a[0] == 1 || a[1] == 1 ? 1 : a[0] != a[0] || a[1] != a[1] ? (double)NAN : 0;
    case OP_NOT: return a[0] == a[0] ? a[0] == 0 : a[0];
    case OP_ABS: return fabs(a[0]);
    case OP_STOP: return a[0];
    case OP_SELECT:
        if (a[0] == a[0])
            return a[0] != 0 ? a[1] : a[2];
        return a[1] == a[2] ? a[1] : (double)NAN;
    case OP_CAST: return converted(n, a[0]);
    default: return (double)NAN;
    }
}

static double element(const Array *a, int64_t k)
{
    return a->real ? a->real[k] : exact(T_I64, (double)a->integer[k]);
}

void known_leaf(Scan *s, const Node *n, Info *out)
{
    const Size *size = node_size(s->g, n);
    if (n->op == OP_CONST)
        out->every = dtype_is_real((Dtype)n->dtype) ? const_value(n)
                                                    : exact(T_I64, (double)const_integer(n));
    else if (size && size->is_const)
        out->every = exact(T_I64, (double)size->value);
    if ((n->op != OP_ARRAY && n->op != OP_IOTA) || out->count < 0)
        return;
    double *v = new_values(s, out);
    for (int64_t k = 0; k < out->count; k++)
        v[k] = n->op == OP_IOTA ? (double)k : element(&s->g->arrays.at[n->attr[0]], k);
}
