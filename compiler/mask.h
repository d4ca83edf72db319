/* mask.h - adjoints that are known to be zero where a condition fails.
 *
 * `c ? f(x) : y` gives f(x) an adjoint of zero where c fails, and there the partial derivative of f
 * may be inf or nan. 0 * inf is nan, so a zero has to win over the partial: the adjoint is kept in
 * the form select(c, D, 0) and what multiplies it goes inside, select(c, D * p, 0). The functions
 * here keep that form through products, sums, broadcasts and movement on the way back from y to x.
 * As a node is a pure function, the same holds for derivatives of derivatives. */
#ifndef GRADC_MASK_H
#define GRADC_MASK_H

#include "graph.h"

/* x where c holds (fails, with neg) and 0 elsewhere; c NULL: x everywhere. x and c broadcast. */
typedef struct Masked {
    Node *x, *c;
    bool neg;
} Masked;

Masked mask_split(Node *);
/* Back to a node of that shape; NULL stays NULL, which is a zero everywhere here. */
Node *mask_join(Graph *, Masked, Shape);
/* D where c holds (fails). */
Node *mask_gate(Graph *, Node *c, bool neg, Node *D);
/* The same, for side `neg` of a branch of the model: its condition is not looked at where D is zero because
 * of a branch around. */
Node *mask_side(Graph *, Node *c, bool neg, Node *D);
/* D where the bool scalar holds, which is looked at before D's own mask. */
Node *mask_within(Graph *, Node *live, Node *D);
/* D * p with the masks of both outside. The shape is that of D, which p broadcasts to. */
Node *mask_scale(Graph *, Node *D, Node *p);
/* D summed to a smaller shape. With `keep`, zero for certain where all that is summed is masked. */
Node *mask_sum_to(Graph *, Node *D, Shape, bool keep);
/* What the vjp hook of structural operation n gives for operand i, with the mask of D outside where
 * it goes through n: movement, reductions, contractions along whose summed labels it does not
 * vary, and masks that are one condition for the whole tensor. Otherwise it stays inside; of a
 * selection that the model itself makes, the other factor of a contraction is then masked too, and
 * with `keep` what is zero because all that is summed into it is (contractions, gathers, cumsum)
 * is so for certain. */
Node *mask_vjp(Graph *, Node *n, int i, Node *D, bool keep);

/* A bool scalar without which D is zero everywhere: the condition of a branch of the model, or
 * several. NULL: not known. What reads D by indices, or runs a loop on it, must not where it fails. */
Node *mask_live(Graph *, Node *D);

/* D where the bool scalar c holds, as far as the selections that it consists of tell. */
Node *mask_known(Graph *, const Node *c, Node *D);

/* A sum of adjoints as it grows. */
typedef struct Adjoint {
    Masked sum;
    bool closed; /* sum.x is itself 0 where the mask fails */
} Adjoint;
/* With `keep`, contributions under different masks have a sum under the union of the masks. */
void adjoint_add(Graph *, Adjoint *, Node *D, bool keep);
Node *adjoint_total(Graph *, const Adjoint *, Shape, bool keep);
/* The sum as it is by now, where no mask would be lost by going on from it; else NULL. */
Node *adjoint_sofar(Graph *, const Adjoint *, Shape);

#endif
