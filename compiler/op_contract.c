/* op_contract.c - hooks of the contraction, einsum of two operands. It is linear in each: its
 * derivatives are contractions of the same labels in other places, and a batch is one label more.
 */
#include "ops.h"

static int operand_rank(const Node *n, int k)
{
    return k < 2 ? n->in[k]->shape.rank : n->shape.rank;
}

static void get_labels(const Node *n, int labels[3][MAX_RANK + 1])
{
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < operand_rank(n, k); i++)
            labels[k][i] = (int)contract_labels(n, k)[i];
}

Node *contract_vjp(Graph *g, Node *n, int i, Node *D)
{
    int l[3][MAX_RANK + 1];
    get_labels(n, l);
    Node *other = n->in[1 - i];
    if (i == 0) /* the order of the operands is kept: it tells in the layout of the loops */
        return contract(g, D, l[2], other, l[1], operand_rank(n, 0), l[0]);
    return contract(g, other, l[0], D, l[2], operand_rank(n, 1), l[1]);
}

Node *contract_jvp(Graph *g, Node *n, Node *const *t)
{
    int l[3][MAX_RANK + 1];
    get_labels(n, l);
    Node *a = t[0] ? contract(g, t[0], l[0], n->in[1], l[1], n->shape.rank, l[2]) : NULL;
    Node *b = t[1] ? contract(g, n->in[0], l[0], t[1], l[1], n->shape.rank, l[2]) : NULL;
    return a && b ? pw2(g, OP_ADD, a, b) : a ? a : b;
}

Node *contract_batch(Graph *g, Node *n, Node *const *in, const bool *batched, const Size *count)
{
    (void)count;
    int l[3][MAX_RANK + 1], m[3][MAX_RANK + 1], fresh = 0;
    get_labels(n, l);
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < operand_rank(n, k); i++)
            if (l[k][i] >= fresh)
                fresh = l[k][i] + 1;
    for (int k = 0; k < 3; k++) {
        int lead = k == 2 || batched[k];
        m[k][0] = fresh;
        memcpy(m[k] + lead, l[k], sizeof(int) * (size_t)operand_rank(n, k));
    }
    return contract(g, in[0], m[0], in[1], m[1], n->shape.rank + 1, m[2]);
}
