/* loop.h - what differentiation and batching ask of loops (region.h).
 *
 *   loop_flow.c   which result depends on which input, and by paths that have derivatives
 *   loop_diff.c   tangents and adjoints of a loop: loops themselves
 *   loop_lift.c   matrix products that are taken before or behind a loop
 *   loop_batch.c  a loop mapped over an axis
 *   loop_count.c  how many turns there are */
#ifndef GRADC_LOOP_H
#define GRADC_LOOP_H

#include "region.h"

/* Bits over the inputs of a loop (bit 0 is the count). */
typedef struct Bits {
    int words;
    uint64_t *at;
} Bits;
static inline bool bit_of(Bits b, int i)
{
    return b.at[i / 64] >> (i % 64) & 1;
}

/* Which inputs results depend on: `dep` in any way, `live` by paths along which every operation has
 * a derivative. `read` is what has to be there that a result can be computed: a check, which is met
 * or fails whatever result is wanted, reads without any result depending on it. */
typedef struct Flow {
    int ninputs;
    Walk captures; /* the loop's captures, in the order of its inputs */
    /* by root of the body (region_roots), within one turn: a bit of an initial value stands for what
     * is carried */
    Bits *step_dep, *step_live, *step_read;
    /* by part, over all turns */
    Bits *dep, *live, *read;
} Flow;
const Flow *loop_flow(Graph *, const Node *loop);

/* ---- Differentiation (diff.c calls these) ---- */

/* out[k]: the tangent of part k, or NULL for zero; t[i] that of input i. */
void loop_jvp(Graph *, Node *loop, Node *const *t, Node **out);
/* out[i]: what the loop contributes to the adjoint of input i where want[i], or NULL for zero;
 * D[k] is the adjoint of part k, NULL for zero. The contribution comes from a loop that runs the other
 * way over what a widened copy of this one has collected. What is collected is the least that
 * the backward body reads, as far as choosing greedily finds it: what is cheap to compute again
 * from what is collected is not collected. Where sofar[i] is not NULL it is the adjoint of input i as
 * it is by now, and out[i] that with the loop's contribution: in the body of another loop an array is
 * then added to in place, and not made anew in every turn. */
void loop_vjp(Graph *, Node *loop, Node *const *D, const bool *want, Node *const *sofar, Node **out);

/* guard[k]: a condition that holds wherever the roots read x[k], which stands behind none of the `stops` and
 * is made of nothing `unknown`; or NULL. weak[k], where that is not NULL: and elsewhere, too (guard.c). */
typedef struct Unknown {
    int n;
    Node *const *at;
} Unknown;
void use_guards(Graph *, int nroots, Node *const *root, const Walk *stops, Unknown, int n, Node *const *x, Node **guard, bool *weak);

/* ---- Checkpoints (op_checkpoint.c) ---- */

/* out[i]: what checkpoint n with adjoint D contributes to the adjoint of input i where want[i], or NULL. */
void checkpoint_reverse(Graph *, Node *n, Node *D, const bool *want, Node **out);

/* ---- Products out of loops (loop_diff.c and regions.c call these) ---- */

/* Whether a has fewer elements than b, as far as one can tell where sizes are open. */
bool loop_is_smaller(Graph *, const Node *a, const Node *b);
/* Whether every row of what a loop collects has its turn, by sizes alone. */
bool loop_is_exact(const Graph *, const Region *, const Node *count);
/* The same, also where the count is an argument n and the bound max(n, 0): for loops that collect what
 * memory depends on anyway. */
bool loop_is_filled(const Graph *, const Region *, const Node *count);

/* The count of a loop, and the bound where that is less: a bound by arguments holds for the integers of
 * mathematics, and those of the model wrap (n - 1 of the least n). Loops whose arrays are as long as
 * such a bound take no more turns than it says; there would be no more without the wrapping. */
Node *loop_bounded(Graph *, const Region *, Node *count);

typedef struct Lift {
    Graph *g;
    const Region *r;
    Walk w;
    bool *inside;
    VEC(Node *) collected; /* what the loop has to collect besides */
    VEC(Node *) stand_in;  /* for each, a placeholder of what will have been collected */
} Lift;
Lift lift_begin(Graph *, const Region *, int nroots, Node *const *root);
/* The final value of a sum that starts at zero and goes on as `next`, over the stand-ins; NULL where
 * the loop should sum. The loop must be exact. */
Node *lift_sum(Lift *, Node *hole, Node *next);
/* Contractions of the roots that hang on nothing carried become rows of one that is taken before the
 * loop. */
void lift_products(Graph *, const Region *, const Node *count, int nroots, Node **root);

/* ---- Batch (batch.c calls it) ---- */

/* in[i] stands for input i; where batched[i] with a new first axis. parts[k]: part k mapped, with that
 * axis first, or NULL where it does not depend on what is batched. */
void loop_batch(Graph *, Node *loop, Node *const *in, const bool *batched, const Size *count,
                Node **parts);

/* ---- What diff.c offers to it ---- */

/* Whether operation n has a derivative with respect to operand i; `constant`: it has none but
 * counts as constant almost everywhere. PART and FOR are not asked. */
bool diff_edge(Graph *g, const Node *n, int i, bool *constant);
/* Adjoints of x[0..n) for adjoints u of the roots, added to seed[k] where that is not NULL. NULL for
 * zero. Nothing is followed behind the nodes of `stops`. */
void diff_pull(Graph *, int nroots, Node *const *root, Node *const *u, int n, Node *const *x,
               Node *const *seed, const Walk *stops, Node **out);
/* Tangents of the roots for tangents v of x. NULL for zero. */
void diff_push(Graph *, int nroots, Node *const *root, int n, Node *const *x, Node *const *v,
               const Walk *stops, Node **out);

#endif
