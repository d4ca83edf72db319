/* interp_impl.h - the text of the interpreter; interp.c includes it once a number type.
 *
 * NUM is the type of real elements, M(f) the function f of libm for it, NAME(f) the public
 * name of f, LOCAL(f) a private one. Integers and bools are int64_t in both instances.
 * Every operation is written for being read, one element of the result at a time. */

typedef struct LOCAL(Val) {
    int rank;
    const int64_t *dim;
    int64_t count;
    NUM *real;        /* of a real type */
    int64_t *integer; /* of any other */
    bool given;       /* a leaf whose elements were set */
    int done;         /* the run that has evaluated it */
    struct LOCAL(Val) *part; /* of a loop: its results */
    int64_t turns;
} LOCAL(Val);
#define VAL LOCAL(Val)

struct LOCAL(Pending);
struct LOCAL(Body);

struct INTERP {
    Arena *arena;
    const Graph *graph;
    int nsize;
    const char *const *size_name;
    const int64_t *size_value;
    int nval;
    VAL **val; /* by node id; NULL: no room made yet */
    int run;   /* their number */
    int depth; /* loops that are running */
    VEC(struct LOCAL(Pending)) pending; /* wanted nodes; a stack */
    int nbody;
    struct LOCAL(Body) **body; /* by region */
    char *scratch;             /* memory for the evaluation of one node */
    size_t scratch_size, scratch_used;
    const char *error;
    int code; /* STATUS_... of the error, -1 of any that calls do not return */
};

INTERP *NAME(new)(Arena *arena, const Graph *g, int nsize, const char *const *names,
                  const int64_t *values)
{
    INTERP *it = NEW(arena, INTERP);
    *it = (INTERP){.arena = arena, .graph = g, .nsize = nsize};
    const char **name = NEW_N(arena, const char *, nsize + 1);
    int64_t *value = NEW_N(arena, int64_t, nsize + 1);
    for (int i = 0; i < nsize; i++) {
        name[i] = names[i];
        value[i] = values[i];
    }
    it->size_name = name;
    it->size_value = value;
    return it;
}

const char *NAME(error)(const INTERP *it)
{
    return it->error;
}

int NAME(code)(const INTERP *it)
{
    return it->code;
}

static void LOCAL(fail_with)(INTERP *it, int code, const char *why)
{
    if (it->error)
        return;
    it->error = why;
    it->code = code;
}
#define FAIL(why) LOCAL(fail_with)(it, -1, why)

/* Zeroed memory that lasts until the next node is evaluated: a loop may evaluate very many. */
static void *LOCAL(scratch)(INTERP *it, size_t size)
{
    size = (size + 15) / 16 * 16;
    if (it->scratch_size - it->scratch_used < size) {
        it->scratch_size = 2 * it->scratch_size + size;
        it->scratch = arena_alloc(it->arena, it->scratch_size);
        it->scratch_used = 0;
    }
    void *p = it->scratch + it->scratch_used;
    it->scratch_used += size;
    return memset(p, 0, size);
}
#define SCRATCH(T, n) ((T *)LOCAL(scratch)(it, sizeof(T) * (size_t)(n)))

static int64_t LOCAL(bind)(void *user, const char *name)
{
    INTERP *it = user;
    for (int i = 0; i < it->nsize; i++)
        if (!strcmp(it->size_name[i], name))
            return it->size_value[i];
    for (int i = 0; i < it->graph->params.n; i++) { /* an integer argument */
        const Param *p = &it->graph->params.at[i];
        const VAL *v = p->node->id < it->nval ? it->val[p->node->id] : NULL;
        if (v && v->given && v->integer && !p->shape.rank && !strcmp(p->name, name))
            return v->integer[0];
    }
    FAIL(arena_printf(it->arena, "the size %s has no value", name));
    return 0;
}

static int64_t LOCAL(size)(INTERP *it, const Size *s)
{
    return size_eval(it->graph->sizes, s, LOCAL(bind), it);
}

/* The room for a node's elements, made when it is first wanted. */
static VAL *LOCAL(room)(INTERP *it, const Node *n)
{
    if (n->id >= it->nval) {
        int count = it->graph->nodes.n;
        it->val = arena_grow(it->arena, it->val, sizeof *it->val * (size_t)it->nval,
                             sizeof *it->val * (size_t)count);
        it->nval = count;
    }
    if (it->val[n->id])
        return it->val[n->id];
    VAL *v = NEW(it->arena, VAL);
    int64_t *dim = NEW_N(it->arena, int64_t, n->shape.rank + 1);
    v->rank = n->shape.rank;
    v->dim = dim;
    v->count = 1;
    for (int i = 0; i < v->rank; i++) {
        dim[i] = LOCAL(size)(it, n->shape.dim[i]);
        if (dim[i] < 0) {
            FAIL("a size is negative");
            dim[i] = 0;
        }
        v->count *= dim[i];
    }
    if (dtype_is_real((Dtype)n->dtype))
        v->real = NEW_N(it->arena, NUM, v->count + 1);
    else
        v->integer = NEW_N(it->arena, int64_t, v->count + 1);
    return it->val[n->id] = v;
}

static const VAL *LOCAL(in)(const INTERP *it, const Node *n, int i)
{
    return it->val[n->in[i]->id];
}
#define IN(i) LOCAL(in)(it, n, i)

void NAME(param)(INTERP *it, int param, const void *data)
{
    const Param *p = &it->graph->params.at[param];
    VAL *v = LOCAL(room)(it, p->node);
    v->given = true;
    for (int64_t i = 0; i < v->count; i++)
        switch (p->dtype) {
        case T_BOOL: v->integer[i] = ((const uint8_t *)data)[i] != 0; break;
        case T_U8: v->integer[i] = ((const uint8_t *)data)[i]; break;
        case T_I32: v->integer[i] = ((const int32_t *)data)[i]; break;
        case T_I64: v->integer[i] = ((const int64_t *)data)[i]; break;
        case T_F32: v->real[i] = (NUM)((const float *)data)[i]; break;
        case T_F64: v->real[i] = (NUM)((const double *)data)[i]; break;
        }
}

void NAME(set)(INTERP *it, const Node *leaf, const NUM *data)
{
    VAL *v = LOCAL(room)(it, leaf);
    v->given = true;
    for (int64_t i = 0; i < v->count; i++)
        v->real[i] = data[i];
}

int64_t NAME(count)(INTERP *it, const Node *n)
{
    return LOCAL(room)(it, n)->count;
}

const NUM *NAME(real)(const INTERP *it, const Node *n)
{
    return it->val[n->id]->real;
}

const int64_t *NAME(integer)(const INTERP *it, const Node *n)
{
    return it->val[n->id]->integer;
}

/* ---- Indices: a multi-index steps through dimensions, the last one fastest ---- */

static bool LOCAL(step)(int rank, const int64_t *dim, int64_t *at)
{
    for (int k = rank - 1; k >= 0; k--) {
        if (++at[k] < dim[k])
            return true;
        at[k] = 0;
    }
    return false;
}

static int64_t LOCAL(flat)(int rank, const int64_t *dim, const int64_t *at)
{
    int64_t i = 0;
    for (int k = 0; k < rank; k++)
        i = i * dim[k] + at[k];
    return i;
}

/* Where the element of `v` stands that is broadcast to index `at` of a result of rank `rank`. */
static int64_t LOCAL(spread)(const VAL *v, int rank, const int64_t *at)
{
    int64_t i = 0;
    for (int k = 0; k < v->rank; k++)
        i = i * v->dim[k] + (v->dim[k] == 1 ? 0 : at[rank - v->rank + k]);
    return i;
}

static int64_t *LOCAL(zeros)(INTERP *it, int rank)
{
    return SCRATCH(int64_t, rank + 1);
}
/* For each index of the result r: at. */
#define EACH(at, r)                                                                                \
    int64_t *at = LOCAL(zeros)(it, (r)->rank);                                                     \
    if ((r)->count > 0)                                                                            \
        do
#define NEXT(at, r) while (LOCAL(step)((r)->rank, (r)->dim, at))

static void LOCAL(copy)(VAL *r, int64_t i, const VAL *x, int64_t k)
{
    if (r->real)
        r->real[i] = x->real[k];
    else
        r->integer[i] = x->integer[k];
}

/* ---- Pointwise ---- */

static NUM LOCAL(round)(Dtype t, NUM v)
{
    return ROUNDS_F32 && t == T_F32 ? (NUM)(float)v : v;
}

static int64_t LOCAL(wrap)(Dtype t, int64_t v)
{
    return t == T_BOOL ? v != 0 : t == T_U8 ? (uint8_t)v : t == T_I32 ? (int32_t)(uint32_t)v : v;
}

static NUM LOCAL(mod)(NUM a, NUM b)
{
    NUM r = M(fmod)(a, b);
    if (r != 0 && (r < 0) != (b < 0))
        return r + b;
    return r;
}

static NUM LOCAL(sigmoid)(NUM a)
{
    return a >= 0 ? 1 / (1 + M(exp)(-a)) : M(exp)(a) / (1 + M(exp)(a));
}

static NUM LOCAL(softplus)(NUM a)
{
    return a > 0 ? a + M(log1p)(M(exp)(-a)) : M(log1p)(M(exp)(a));
}

NUM NAME(pointwise)(Op op, NUM a, NUM b, NUM c)
{
    const NUM inf = (NUM)INFINITY;
    switch (op) {
    case OP_NEG: return -a;
    case OP_ADD: return a + b;
    case OP_SUB: return a - b;
    case OP_MUL:
    case OP_SCALE: return a * b;
    case OP_DIV: return a / b;
    case OP_FLOORDIV: return M(floor)(a / b);
    case OP_MOD: return LOCAL(mod)(a, b);
    case OP_POW: return M(pow)(a, b);
    case OP_MAX: return a >= b || a != a ? a : b;
    case OP_MIN: return a <= b || a != a ? a : b;
    case OP_LT: return a < b;
    case OP_LE: return a <= b;
    case OP_GT: return a > b;
    case OP_GE: return a >= b;
    case OP_EQ: return a == b;
    case OP_NE: return a != b;
    case OP_SELECT: return a != 0 ? b : c;
    case OP_ISNAN: return a != a;
    case OP_ISINF: return a == inf || a == -inf;
    case OP_ISFINITE: return a - a == 0;
    case OP_ABS: return M(fabs)(a);
    case OP_SIGN: return a > 0 ? 1 : a < 0 ? -1 : a;
    case OP_FLOOR: return M(floor)(a);
    case OP_CEIL: return M(ceil)(a);
    case OP_ROUND: return M(rint)(a);
    case OP_TRUNC: return M(trunc)(a);
    case OP_EXP: return M(exp)(a);
    case OP_EXPM1: return M(expm1)(a);
    case OP_LOG: return M(log)(a);
    case OP_LOG1P: return M(log1p)(a);
    case OP_LOG2: return M(log2)(a);
    case OP_LOG10: return M(log10)(a);
    case OP_SQRT: return M(sqrt)(a);
    case OP_CBRT: return M(cbrt)(a);
    case OP_SIN: return M(sin)(a);
    case OP_COS: return M(cos)(a);
    case OP_TAN: return M(tan)(a);
    case OP_ASIN: return M(asin)(a);
    case OP_ACOS: return M(acos)(a);
    case OP_ATAN: return M(atan)(a);
    case OP_SINH: return M(sinh)(a);
    case OP_COSH: return M(cosh)(a);
    case OP_TANH: return M(tanh)(a);
    case OP_ASINH: return M(asinh)(a);
    case OP_ACOSH: return M(acosh)(a);
    case OP_ATANH: return M(atanh)(a);
    case OP_ATAN2: return M(atan2)(a, b);
    case OP_HYPOT: return M(hypot)(a, b);
    case OP_ERF: return M(erf)(a);
    case OP_ERFC: return M(erfc)(a);
    case OP_LGAMMA: return LGAMMA(a);
    case OP_DIGAMMA: return POLYGAMMA(0, a);
    case OP_POLYGAMMA: return POLYGAMMA((int)a, b);
    case OP_SIGMOID: return LOCAL(sigmoid)(a);
    case OP_SOFTPLUS: return LOCAL(softplus)(a);
    case OP_RELU: return a > 0 || a != a ? a : 0;
    case OP_STOP: return a;
    default: return inf - inf;
    }
}

static int64_t LOCAL(int_power)(int64_t a, int64_t n)
{
    uint64_t r = 1, base = (uint64_t)a;
    if (n < 0)
        return a == 1 ? 1 : a == -1 ? (n % 2 ? -1 : 1) : 0;
    for (; n; n >>= 1, base *= base)
        if (n & 1)
            r *= base;
    return (int64_t)r;
}

static int64_t LOCAL(floordiv)(int64_t a, int64_t b)
{
    if (b == 0)
        return 0;
    if (b == -1)
        return (int64_t)(0 - (uint64_t)a);
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

/* Threefry-2x64-20 once more, round by round as the paper has it: see builtins_random.c. */
static int64_t LOCAL(random)(uint64_t key, uint64_t counter)
{
    const uint64_t k[3] = {key, 0, key ^ 0x1bd11bdaa9fc1a22};
    static const int even[] = {16, 12, 16, 24}, odd[] = {42, 31, 32, 21};
    uint64_t x = counter + k[0], y = k[1];
    for (int s = 0; s < 5; s++) {
        for (int i = 0; i < 4; i++) {
            int r = i % 2 ? odd[s % 2 * 2 + i / 2] : even[s % 2 * 2 + i / 2];
            x += y;
            y = (y << r | y >> (64 - r)) ^ x;
        }
        x += k[(s + 1) % 3];
        y += k[(s + 2) % 3] + (uint64_t)s + 1;
    }
    return (int64_t)(x >> 11);
}

/* On integers and bools. */
static int64_t LOCAL(integer_pointwise)(INTERP *it, Op op, int64_t a, int64_t b, int64_t c)
{
    uint64_t ua = (uint64_t)a, ub = (uint64_t)b;
    switch (op) {
    case OP_NEG: return (int64_t)(0 - ua);
    case OP_ADD: return (int64_t)(ua + ub);
    case OP_SUB: return (int64_t)(ua - ub);
    case OP_MUL:
    case OP_SCALE: return (int64_t)(ua * ub);
    case OP_FLOORDIV: return LOCAL(floordiv)(a, b);
    case OP_MOD: return b == 0 ? 0 : (int64_t)(ua - ub * (uint64_t)LOCAL(floordiv)(a, b));
    case OP_RANDOM: return LOCAL(random)(ua, ub);
    case OP_POW: return LOCAL(int_power)(a, b);
    case OP_MAX: return a > b ? a : b;
    case OP_MIN: return a < b ? a : b;
    case OP_LT: return a < b;
    case OP_LE: return a <= b;
    case OP_GT: return a > b;
    case OP_GE: return a >= b;
    case OP_EQ: return a == b;
    case OP_NE: return a != b;
    case OP_AND: return a && b;
    case OP_OR: return a || b;
    case OP_NOT: return !a;
    case OP_SELECT: return a ? b : c;
    case OP_ISNAN:
    case OP_ISINF: return 0;
    case OP_ISFINITE: return 1;
    case OP_ABS: return a < 0 ? (int64_t)(0 - ua) : a;
    case OP_SIGN: return (a > 0) - (a < 0);
    case OP_RELU: return a > 0 ? a : 0;
    case OP_STOP: return a;
    default: FAIL(arena_printf(it->arena, "%s of integers", op_table[op].name)); return 0;
    }
}

/* A real that fits no integer gives the nearest one, a nan 0. */
static int64_t LOCAL(to_integer)(Dtype t, NUM v)
{
    static const int64_t low[] = {0, 0, INT32_MIN, INT64_MIN};
    static const int64_t high[] = {1, 255, INT32_MAX, INT64_MAX};
    if (t == T_BOOL)
        return v != 0;
    return v != v ? 0 : v <= (NUM)low[t] ? low[t] : v >= (NUM)high[t] ? high[t] : (int64_t)v;
}

static void LOCAL(eval_cast)(const Node *n, const VAL *x, VAL *r)
{
    for (int64_t i = 0; i < r->count; i++)
        if (r->real)
            r->real[i] = x->real ? x->real[i] : (NUM)x->integer[i];
        else
            r->integer[i] = x->real ? LOCAL(to_integer)((Dtype)n->dtype, x->real[i])
                                    : x->integer[i];
}

/* A selection by a scalar: the side that is not taken has no value. */
#define LAZY(n) ((n)->op == OP_SELECT && !(n)->in[0]->shape.rank)
static void LOCAL(eval_lazy)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *x = IN(IN(0)->integer[0] ? 1 : 2);
    int64_t i = 0;
    EACH(at, r) {
        LOCAL(copy)(r, i++, x, LOCAL(spread)(x, r->rank, at));
    } NEXT(at, r);
}

static void LOCAL(eval_pointwise)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *x[3] = {0};
    bool real = dtype_is_real((Dtype)n->in[n->nin - 1]->dtype);
    for (int i = 0; i < n->nin; i++)
        x[i] = IN(i);
    int64_t i = 0;
    EACH(at, r) {
        NUM v[3] = {0};
        int64_t w[3] = {0};
        for (int k = 0; k < n->nin; k++) {
            int64_t from = LOCAL(spread)(x[k], r->rank, at);
            v[k] = x[k]->real ? x[k]->real[from] : (NUM)x[k]->integer[from];
            w[k] = x[k]->real ? 0 : x[k]->integer[from];
        }
        if (r->real)
            r->real[i++] = NAME(pointwise)((Op)n->op, v[0], v[1], v[2]);
        else if (real)
            r->integer[i++] = (int64_t)NAME(pointwise)((Op)n->op, v[0], v[1], v[2]);
        else
            r->integer[i++] = LOCAL(integer_pointwise)(it, (Op)n->op, w[0], w[1], w[2]);
    } NEXT(at, r);
}

/* ---- Reductions ---- */

/* Whether the extremum so far gives way to v; a nan stays and wins. */
static bool LOCAL(beats)(Op op, NUM v, NUM best)
{
    if (best != best)
        return false;
    return v != v || (op == OP_MAXR || op == OP_ARGMAX ? v > best : v < best);
}

static void LOCAL(reduce_real)(Op op, VAL *r, int64_t to, NUM v, bool first)
{
    NUM *s = &r->real[to];
    if (op == OP_SUM)
        *s = first ? v : *s + v;
    else if (op == OP_PROD)
        *s = first ? v : *s * v;
    else if (first || LOCAL(beats)(op, v, *s))
        *s = v;
}

static void LOCAL(reduce_integer)(Op op, VAL *r, int64_t to, int64_t v, bool first)
{
    int64_t *s = &r->integer[to];
    switch (op) {
    case OP_SUM: *s = first ? v : (int64_t)((uint64_t)*s + (uint64_t)v); break;
    case OP_PROD: *s = first ? v : (int64_t)((uint64_t)*s * (uint64_t)v); break;
    case OP_MAXR: *s = first || v > *s ? v : *s; break;
    case OP_MINR: *s = first || v < *s ? v : *s; break;
    case OP_ANY: *s = (first ? 0 : *s) | (v != 0); break;
    default: *s = (first ? 1 : *s) & (v != 0); break;
    }
}

/* The value over no elements. */
static void LOCAL(reduce_empty)(const Node *n, VAL *r)
{
    static const int64_t low[] = {0, 0, INT32_MIN, INT64_MIN};
    static const int64_t high[] = {1, 255, INT32_MAX, INT64_MAX};
    Op op = (Op)n->op;
    for (int64_t i = 0; i < r->count; i++)
        if (r->real)
            r->real[i] = op == OP_SUM    ? 0
                         : op == OP_PROD ? 1
                         : op == OP_MAXR ? -(NUM)INFINITY
                                         : (NUM)INFINITY;
        else
            r->integer[i] = op == OP_SUM || op == OP_ANY    ? 0
                            : op == OP_PROD || op == OP_ALL ? 1
                            : op == OP_MAXR                 ? low[n->dtype]
                            : op == OP_MINR                 ? high[n->dtype]
                                                            : 0;
}

static void LOCAL(eval_reduce)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *x = IN(0);
    bool *seen = SCRATCH(bool, r->count + 1);
    int64_t *best = SCRATCH(int64_t, r->count + 1); /* argmax: where the best stands */
    int64_t *to = LOCAL(zeros)(it, x->rank);
    int64_t from = 0;
    LOCAL(reduce_empty)(n, r);
    EACH(at, x) {
        int rank = 0, along = 0;
        for (int k = 0; k < x->rank; k++)
            if (reduces_axis(n, k))
                along = k;
            else
                to[rank++] = at[k];
        int64_t i = LOCAL(flat)(rank, r->dim, to);
        if (n->op == OP_ARGMAX || n->op == OP_ARGMIN) {
            bool better = !seen[i];
            if (!better && x->real)
                better = LOCAL(beats)((Op)n->op, x->real[from], x->real[best[i]]);
            else if (!better)
                better = n->op == OP_ARGMAX ? x->integer[from] > x->integer[best[i]]
                                            : x->integer[from] < x->integer[best[i]];
            if (better) {
                best[i] = from;
                r->integer[i] = at[along];
            }
        } else if (x->real) {
            LOCAL(reduce_real)((Op)n->op, r, i, x->real[from], !seen[i]);
        } else {
            LOCAL(reduce_integer)((Op)n->op, r, i, x->integer[from], !seen[i]);
        }
        seen[i] = true;
        from++;
    } NEXT(at, x);
}

/* ---- Movement ---- */

static void LOCAL(eval_move)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *x = n->nin ? IN(0) : NULL;
    int64_t *from = LOCAL(zeros)(it, r->rank > x->rank ? r->rank : x->rank);
    int64_t i = 0;
    if (n->op == OP_RESHAPE) {
        for (; i < r->count; i++)
            LOCAL(copy)(r, i, x, i);
        return;
    }
    EACH(at, r) {
        if (n->op == OP_EXPAND) {
            LOCAL(copy)(r, i++, x, LOCAL(spread)(x, r->rank, at));
            continue;
        }
        for (int k = 0; k < r->rank; k++)
            if (n->op == OP_PERMUTE)
                from[n->attr[k]] = at[k];
            else
                from[k] = LOCAL(size)(it, move_start(it->graph, n, k)) + move_step(n, k) * at[k];
        for (int k = 0; k < x->rank; k++)
            if (from[k] < 0 || from[k] >= x->dim[k]) {
                LOCAL(fail_with)(it, STATUS_BOUNDS, "a slice leaves its tensor");
                return;
            }
        LOCAL(copy)(r, i++, x, LOCAL(flat)(x->rank, x->dim, from));
    } NEXT(at, r);
}

static void LOCAL(clear)(VAL *r)
{
    for (int64_t i = 0; i < r->count; i++)
        if (r->real)
            r->real[i] = 0;
        else
            r->integer[i] = 0;
}

static void LOCAL(eval_pad)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *x = IN(0);
    int64_t *to = LOCAL(zeros)(it, r->rank);
    int64_t i = 0;
    LOCAL(clear)(r);
    EACH(at, x) {
        for (int k = 0; k < r->rank; k++) {
            to[k] = LOCAL(size)(it, move_start(it->graph, n, k)) + move_step(n, k) * at[k];
            if (to[k] < 0 || to[k] >= r->dim[k]) {
                LOCAL(fail_with)(it, STATUS_BOUNDS, "a part leaves its tensor");
                return;
            }
        }
        LOCAL(copy)(r, LOCAL(flat)(r->rank, r->dim, to), x, i++);
    } NEXT(at, x);
}

static void LOCAL(eval_concat)(INTERP *it, const Node *n, VAL *r)
{
    int axis = (int)n->attr[0];
    int64_t i = 0;
    EACH(at, r) {
        int64_t along = at[axis], from[MAX_RANK];
        int k = 0;
        for (; along >= IN(k)->dim[axis]; k++)
            along -= IN(k)->dim[axis];
        memcpy(from, at, sizeof *at * (size_t)r->rank);
        from[axis] = along;
        LOCAL(copy)(r, i++, IN(k), LOCAL(flat)(r->rank, IN(k)->dim, from));
    } NEXT(at, r);
}

/* ---- Indexing ---- */

/* Where the element `at` of `few` (the result of a gather, what is scattered or put) stands in
 * `all`; false where an index is out of range. */
static bool LOCAL(place)(INTERP *it, int nidx, Node *const *idx, const int64_t *axes,
                         const VAL *all, const VAL *few, const int64_t *at, int64_t *place)
{
    int srank = few->rank - (all->rank - nidx), rest = srank;
    int64_t where[MAX_RANK];
    for (int k = 0, next = 0; k < all->rank; k++) {
        if (next < nidx && axes[next] == k) {
            const VAL *index = it->val[idx[next++]->id];
            where[k] = index->integer[LOCAL(spread)(index, srank, at)];
            if (where[k] < 0 || where[k] >= all->dim[k]) {
                LOCAL(fail_with)(it, STATUS_BOUNDS,
                                 arena_printf(it->arena, "index %lld is out of range [0, %lld)",
                                              (long long)where[k], (long long)all->dim[k]));
                return false;
            }
        } else {
            where[k] = at[rest++];
        }
    }
    *place = LOCAL(flat)(all->rank, all->dim, where);
    return true;
}

static void LOCAL(eval_index)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *x = IN(0), *few = n->op == OP_GATHER ? r : x, *all = n->op == OP_GATHER ? x : r;
    int64_t i = 0, place;
    if (n->op == OP_SCATTER)
        LOCAL(clear)(r);
    EACH(at, few) {
        if (!LOCAL(place)(it, n->nattr, n->in + 1, n->attr, all, few, at, &place))
            return;
        if (n->op == OP_GATHER)
            LOCAL(copy)(r, i, x, place);
        else if (r->real)
            r->real[place] += x->real[i];
        else
            r->integer[place] = (int64_t)((uint64_t)r->integer[place] + (uint64_t)x->integer[i]);
        i++;
    } NEXT(at, few);
}

#include "interp_contract.h"
#include "interp_factor.h"
#include "interp_linalg.h"

/* ---- The walk ---- */

static void LOCAL(eval_leaf)(INTERP *it, const Node *n, VAL *r)
{
    const Graph *g = it->graph;
    switch ((Op)n->op) {
    case OP_CONST:
        if (r->real)
            r->real[0] = (NUM)const_value(n);
        else
            r->integer[0] = const_integer(n);
        break;
    case OP_ARRAY:
        for (int64_t i = 0; i < r->count; i++)
            if (r->real)
                r->real[i] = (NUM)g->arrays.at[n->attr[0]].real[i];
            else
                r->integer[i] = g->arrays.at[n->attr[0]].integer[i];
        break;
    case OP_SIZE: r->integer[0] = LOCAL(size)(it, node_size(g, n)); break;
    case OP_IOTA:
        for (int64_t i = 0; i < r->count; i++)
            r->integer[i] = i;
        break;
    default:
        if (!r->given)
            FAIL(arena_printf(it->arena, "no elements given for %s", n->name ? n->name : "a leaf"));
    }
}

static void LOCAL(eval_same)(const VAL *x, VAL *r)
{
    for (int64_t i = 0; i < r->count; i++)
        if (r->real)
            r->real[i] = x->real[i];
        else
            r->integer[i] = x->integer[i];
}

static void LOCAL(eval_node)(INTERP *it, const Node *n);
#include "interp_control.h"

static void LOCAL(eval_node)(INTERP *it, const Node *n)
{
    VAL *r = LOCAL(room)(it, n);
    it->scratch_used = 0;
    r->done = it->run;
    switch (op_info(n)->family) {
    case F_LEAF: LOCAL(eval_leaf)(it, n, r); break;
    case F_POINTWISE:
        if (LAZY(n))
            LOCAL(eval_lazy)(it, n, r);
        else if (n->op == OP_CAST)
            LOCAL(eval_cast)(n, IN(0), r);
        else
            LOCAL(eval_pointwise)(it, n, r);
        break;
    case F_REDUCE: LOCAL(eval_reduce)(it, n, r); break;
    case F_MOVE:
        if (n->op == OP_PAD)
            LOCAL(eval_pad)(it, n, r);
        else if (n->op == OP_CONCAT)
            LOCAL(eval_concat)(it, n, r);
        else
            LOCAL(eval_move)(it, n, r);
        break;
    case F_INDEX:
        if (n->op == OP_PUT || n->op == OP_ADDTO)
            LOCAL(eval_put)(it, n, r);
        else
            LOCAL(eval_index)(it, n, r);
        break;
    case F_CONTRACT: LOCAL(eval_contract)(it, n, r); break;
    case F_SCAN: LOCAL(eval_scan)(it, n, r); break;
    case F_LINALG: LOCAL(eval_linalg)(it, n, r); break;
    case F_CONTROL:
        if (n->op == OP_FOR)
            LOCAL(eval_loop)(it, n, r);
        else if (n->op == OP_PART)
            LOCAL(eval_part)(it, n, r);
        else
            LOCAL(eval_same)(IN(0), r);
        break;
    }
    for (int64_t i = 0; i < r->count; i++)
        if (r->real)
            r->real[i] = LOCAL(round)((Dtype)n->dtype, r->real[i]);
        else
            r->integer[i] = LOCAL(wrap)((Dtype)n->dtype, r->integer[i]);
}

int NAME(run)(INTERP *it, int nroots, Node *const *roots)
{
    it->error = NULL;
    it->code = 0;
    it->run++;
    it->pending.n = it->depth = 0;
    for (int i = 0; i < nroots && !it->error; i++)
        LOCAL(want)(it, roots[i]);
    return it->error != NULL;
}

#undef VAL
#undef FAIL
#undef IN
#undef EACH
#undef SCRATCH
#undef LAZY
#undef NEXT
#undef NUM
#undef INTERP
#undef NAME
#undef LOCAL
#undef M
#undef LGAMMA
#undef POLYGAMMA
#undef ROUNDS_F32
