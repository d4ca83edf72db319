/* init.c - initial values of parameters: drawn by a counter-based generator, or computed.
 *
 * An element's value is a function of the seed, the parameter's name and the element's index alone:
 * it does not matter which other parameters there are, in which order they are drawn, or on which
 * machine. So nothing here calls libm but for sqrt, which IEEE 754 defines to the last bit, and no
 * product is fused with a sum.
 *
 * The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", 2011): ten rounds of a bijection of 128 bits under a key of 64. */
#include "impl.h"

#include "init.h"
#include "interp.h"

#include <math.h>

#ifdef __clang__ /* gcc does not contract under -std=c11 */
#pragma STDC FP_CONTRACT OFF
#endif

/* ---- The generator ---- */

Philox philox(Philox counter, uint64_t key)
{
    uint32_t *x = counter.word, low = (uint32_t)key, high = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++, low += 0x9e3779b9, high += 0xbb67ae85) {
        uint64_t a = (uint64_t)0xd2511f53 * x[0], b = (uint64_t)0xcd9e8d57 * x[2];
        uint32_t y0 = (uint32_t)(b >> 32) ^ x[1] ^ low, y2 = (uint32_t)(a >> 32) ^ x[3] ^ high;
        x[0] = y0;
        x[1] = (uint32_t)b;
        x[2] = y2;
        x[3] = (uint32_t)a;
    }
    return counter;
}

/* The key that a parameter's elements are drawn under: the seed's permutation of the name's hash
 * (FNV-1a). */
static uint64_t key_of(uint64_t seed, const char *name)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3;
    Philox p = philox((Philox){{(uint32_t)hash, (uint32_t)(hash >> 32)}}, seed);
    return p.word[0] | (uint64_t)p.word[1] << 32;
}

static Philox draw(uint64_t key, int64_t i, uint32_t turn)
{
    return philox((Philox){{(uint32_t)i, (uint32_t)((uint64_t)i >> 32), turn}}, key);
}

/* A multiple of 2^-53 in [0, 1). */
static double fraction(uint32_t low, uint32_t high)
{
    return (double)((low | (uint64_t)high << 32) >> 11) * 0x1p-53;
}

/* The logarithm of x in (0, 1], good to some ulp: 2 artanh of (m - 1)/(m + 1), as a series. */
static double log_of(double x)
{
    int e;
    double m = frexp(x, &e); /* in [1/2, 1) */
    if (m < 0.70710678118654757) {
        m *= 2;
        e--;
    }
    double z = (m - 1) / (m + 1), zz = z * z, sum = 0;
    for (int k = 23; k >= 3; k -= 2)
        sum = (sum + 1.0 / k) * zz;
    return e * 0.69314718055994531 + 2 * (z + z * sum);
}

/* Of the standard normal distribution: Marsaglia's polar method, with a new pair of coordinates
 * under the next count for each point outside of the circle. */
static double normal(uint64_t key, int64_t i)
{
    for (uint32_t turn = 0;; turn++) {
        Philox p = draw(key, i, turn);
        double u = 2 * fraction(p.word[0], p.word[1]) - 1;
        double v = 2 * fraction(p.word[2], p.word[3]) - 1, uu = u * u, vv = v * v, s = uu + vv;
        if (s > 0 && s < 1)
            return u * sqrt(-2 * log_of(s) / s);
    }
}

static double uniform(uint64_t key, int64_t i, double from, double to)
{
    Philox p = draw(key, i, 0);
    double width = (to - from) * fraction(p.word[0], p.word[1]);
    return from + width;
}

/* ---- Laws ---- */

/* What an element is fed by and feeds: of [.., D, H] D and H, each times what stands before them (a
 * convolution's window); of one axis its length for both. Keras has it so. */
static void fans(int rank, const int64_t *dim, double *in, double *out)
{
    double window = 1;
    for (int k = 0; k + 2 < rank; k++)
        window *= (double)dim[k];
    *out = rank ? window * (double)dim[rank - 1] : 1;
    *in = rank > 1 ? window * (double)dim[rank - 2] : *out;
}

/* The laws that go by lengths, as uniform(-s, s) and normal(s): Glorot and Bengio 2010, He et al.
 * 2015. */
static double spread(InitLaw law, int rank, const int64_t *dim)
{
    double in, out;
    fans(rank, dim, &in, &out);
    return law == INIT_GLOROT_UNIFORM  ? sqrt(6 / (in + out))
           : law == INIT_GLOROT_NORMAL ? sqrt(2 / (in + out))
                                       : sqrt(2 / in);
}

typedef struct Drawing {
    const Init *init;
    const gradc_argument *arg;
    const Interp *it; /* of node[] */
    uint64_t key;
    double spread;
} Drawing;

static double given(const Drawing *d, int which, int64_t i)
{
    const Node *n = d->init->node[which];
    if (!n) /* of no law that asks for it */
        return 0;
    return dtype_is_real((Dtype)n->dtype) ? interp_real(d->it, n)[i]
                                          : (double)interp_integer(d->it, n)[i];
}

static double real_element(const Drawing *d, int64_t i)
{
    switch (d->init->law) {
    case INIT_NORMAL:
        return given(d, 0, i) * normal(d->key, i);
    case INIT_UNIFORM:
        return uniform(d->key, i, given(d, 0, i), given(d, 1, i));
    case INIT_GLOROT_UNIFORM:
        return uniform(d->key, i, -d->spread, d->spread);
    case INIT_GLOROT_NORMAL:
    case INIT_HE_NORMAL:
        return d->spread * normal(d->key, i);
    default:
        return given(d, 0, i);
    }
}

/* False: the type does not have the value. */
static bool put_integer(gradc_type t, int64_t v, void *data, int64_t i)
{
    if (t == GRADC_I64)
        ((int64_t *)data)[i] = v;
    else if (t == GRADC_I32)
        ((int32_t *)data)[i] = (int32_t)v;
    else
        ((uint8_t *)data)[i] = (uint8_t)v;
    return t == GRADC_I64   ? true
           : t == GRADC_I32 ? v >= INT32_MIN && v <= INT32_MAX
                            : v >= 0 && v <= (t == GRADC_U8 ? 255 : 1);
}

static gradc_status fill(const Drawing *d, int64_t count, void *data, gradc_error *error)
{
    gradc_type t = d->arg->type;
    for (int64_t i = 0; i < count; i++) {
        if (t == GRADC_F64) {
            ((double *)data)[i] = real_element(d, i);
        } else if (t == GRADC_F32) {
            ((float *)data)[i] = (float)real_element(d, i);
        } else {
            int64_t v = interp_integer(d->it, d->init->node[0])[i];
            if (!put_integer(t, v, data, i))
                return error_set(error, GRADC_USAGE_ERROR,
                                 "the initial value of %s is %lld, which its type %s does not have",
                                 d->arg->name, (long long)v, gradc_type_name(t));
        }
    }
    return GRADC_OK;
}

/* ---- The interface ---- */

static gradc_status compute(Arena *a, const Function *f, Drawing *d, const int64_t *sizes,
                            int64_t count, void *data, gradc_error *error)
{
    jmp_buf recover;
    Node *root[2];
    int n = 0;
    if (setjmp(recover))
        return error_set(error, GRADC_SYSTEM_ERROR, "out of memory");
    arena_recover(a, &recover);
    for (int i = 0; i < 2; i++)
        if (d->init->node[i])
            root[n++] = d->init->node[i];
    const char **name = NEW_N(a, const char *, f->sizes.n + 1);
    int64_t *value = NEW_N(a, int64_t, f->sizes.n + 1);
    int known = 0;
    for (int i = 0; i < f->sizes.n; i++)
        if (sizes[i] >= 0) {
            name[known] = f->sizes.at[i];
            value[known++] = sizes[i];
        }
    Interp *it = interp_new(a, f->graph, known, name, value);
    d->it = it;
    if (interp_run(it, n, root))
        return error_set(error, GRADC_USAGE_ERROR, "the initial value of %s: %s", d->arg->name,
                         interp_error(it));
    return fill(d, count, data, error);
}

gradc_status gradc_init_param(const gradc *g, int function, int i, const int64_t *sizes,
                              uint64_t seed, void *data, gradc_error *error)
{
    gradc_argument arg = gradc_get_argument(g, function, i);
    int64_t dim[GRADC_MAX_RANK];
    if (!arg.init)
        return error_set(error, GRADC_USAGE_ERROR, "%s has no initial value",
                         arg.name ? arg.name : "such an argument");
    int64_t count = gradc_get_shape(g, function, i, sizes, dim);
    if (count < 0)
        return error_set(error, GRADC_USAGE_ERROR, "%s has no shape for these sizes", arg.name);
    const Function *f = g->c.model->functions.at[function];
    Drawing d = {.init = &f->args.at[i].init, .arg = &arg, .key = key_of(seed, arg.name)};
    d.spread = spread(d.init->law, arg.rank, dim);
    Arena *a = arena_new(g->allocator);
    if (!a)
        return error_set(error, GRADC_SYSTEM_ERROR, "out of memory");
    gradc_status status = compute(a, f, &d, sizes, count, data, error);
    arena_free(a);
    return status;
}
