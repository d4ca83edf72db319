/* check_judge.c - verdicts: which numbers have to agree, and to how many digits. */
#include "check.h"

#include "compiler/ops.h"
#include "compiler/walk.h"

#include <math.h>

/* ---- Rounding ---- */

static double epsilon_of(const Node *n)
{
    return n->dtype == T_F32 ? 0x1p-24 : 0x1p-53;
}

/* The largest of all that goes into an output: where it cancels, its rounding errors stay. */
static quad largest_of(Point *p, Interp *it, Node *root)
{
    Walk w = walk_ancestors(p->g, 1, &root, 0);
    quad most = 0;
    for (int k = 0; k < w.n; k++) {
        const Node *n = w.node[k];
        int64_t count = op_info(n)->family == F_CONTROL ? 0 : interp_count(it, n);
        for (int64_t i = 0; i < count && dtype_is_real((Dtype)n->dtype); i++)
            if (isfinite(interp_real(it, n)[i]))
                most = quad_max(most, quad_abs((quad)interp_real(it, n)[i]));
    }
    return most;
}

/* How far the interpreter in double is from quad precision, and how far that moves when the
 * arguments move by a rounding error. */
quad result_noise(Point *p, Result *r)
{
    Node *n = r->node;
    if (r->noise_known)
        return r->noise;
    r->noise_known = true;
    Interp *it = interp_new(p->arena, p->g, p->f->sizes.n, p->f->sizes.at, p->sizes);
    for (int i = 0; i < p->f->args.n; i++)
        interp_param(it, p->f->args.at[i].param, p->in[i]);
    if (interp_run(it, 1, &n))
        return r->noise = (quad)INFINITY;
    for (int64_t i = 0; i < r->count; i++) {
        quad e = r->exact ? quad_abs((quad)interp_real(it, n)[i] - r->exact[i])
                          : interp_integer(it, n)[i] != r->integer[i];
        r->noise = e == e ? quad_max(r->noise, e) : (quad)INFINITY;
    }
    if (r->exact)
        r->noise = quad_max(r->noise, (quad)epsilon_of(n) * largest_of(p, it, n));
    uint64_t random = 1;
    quad **along = NEW_N(p->arena, quad *, p->f->args.n + 1);
    for (int i = 0; i < p->f->args.n; i++) {
        along[i] = p->base[i] ? NEW_N(p->arena, quad, p->count[i] + 1) : NULL;
        for (int64_t j = 0; along[i] && j < p->count[i]; j++)
            along[i][j] = p->base[i][j] * (random_unit(&random) < 0.5 ? -1 : 1);
    }
    Move m = {.arg = -1, .along = along};
    Shift shift = {&m, (quad)epsilon_of(n)};
    if (!point_run(p, 1, &n, 1, &shift, 0, NULL))
        return r->noise;
    for (int64_t i = 0; i < r->count && r->exact; i++) {
        quad e = quad_abs(interp128_real(p->run, n)[i] - r->exact[i]);
        r->noise = e == e ? quad_max(r->noise, e) : (quad)INFINITY;
    }
    return r->noise;
}

/* ---- Verdicts ---- */

/* What was compiled against quad precision. */
gradc_verdict judge_got(Point *p, Result *r, const Numbers *v, const char **why)
{
    quad eps = (quad)epsilon_of(r->node), most = r->most * (quad)(v->terms > 1 ? v->terms : 1);
    quad size = quad_max(quad_abs(v->exact), most);
    quad e = quad_abs(v->got - v->exact);
    if (!v->has_got || e <= 4096 * eps * size)
        return GRADC_VERDICT_OK;
    quad noise = result_noise(p, r);
    if (!(e <= 64 * noise * (quad)(v->terms + 1)) && quad_finite(noise)) {
        *why = quad_finite(v->got) ? "what is compiled computes another number"
                                   : "what is compiled gives no finite number";
        return GRADC_VERDICT_WRONG;
    }
    if (e * e <= eps * size * size)
        return GRADC_VERDICT_OK;
    *why = quad_finite(v->got) ? "rounding errors are as large as the digits that differ"
                               : "it leaves the range of its type";
    return GRADC_VERDICT_ILL_CONDITIONED;
}

static gradc_verdict judge_infinite(const Numbers *v, const char **why)
{
    if (!quad_finite(v->at)) {
        *why = "the value is not finite here";
        return GRADC_VERDICT_UNDEFINED;
    }
    if (quad_finite(v->value) && quad_finite(v->bound)) {
        *why = "it is not finite, and differences of values are";
        return GRADC_VERDICT_WRONG;
    }
    if (quad_finite(v->exact)) {
        *why = "differences of values do not settle";
        return GRADC_VERDICT_ILL_CONDITIONED;
    }
    *why = "neither it nor differences of values are finite";
    return GRADC_VERDICT_UNDEFINED;
}

gradc_verdict judge(Point *p, Result *r, const Numbers *v, const char **why)
{
    quad eps = (quad)epsilon_of(r->node);
    quad size = quad_max(quad_abs(v->exact), quad_abs(v->value)) +
                (quad)1e-3 * r->most * (quad)(v->terms + 1);
    quad slack = 256 * eps * size + (quad)1e-3 * eps * v->natural;
    quad off = quad_abs(v->exact - v->value);
    if (v->kink && !(quad_finite(v->exact) && v->bound <= (quad)1e-6 * size &&
                     off <= v->bound + (quad)1e-6 * size)) {
        *why = "kink";
        return GRADC_VERDICT_KINK;
    }
    if (!quad_finite(v->exact) || !quad_finite(v->value) || !quad_finite(v->bound))
        return judge_infinite(v, why);
    if (!v->kink && !v->unheld && off > 8 * v->bound + slack) {
        *why = "differences of values give another number";
        return GRADC_VERDICT_WRONG;
    }
    if ((v->has_forward && !(quad_abs(v->forward - v->exact) <= 4 * slack)) ||
        (v->has_reverse && !(quad_abs(v->reverse - v->exact) <= 4 * slack))) {
        *why = "forward and reverse mode differ";
        return GRADC_VERDICT_WRONG;
    }
    if (v->unheld && off > 8 * v->bound + slack) { /* where they agree nothing hangs on it: the shift of a softmax */
        *why = "a stop inside a loop: differences of values cannot hold it still";
        return GRADC_VERDICT_ILL_CONDITIONED;
    }
    if (!v->kink && v->bound > (quad)1e-6 * (size + v->natural)) {
        *why = "differences of values do not settle";
        return GRADC_VERDICT_ILL_CONDITIONED;
    }
    return judge_got(p, r, v, why);
}
