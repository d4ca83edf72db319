/* lower_part.c - branches whose members wait for each other are parted.
 *
 * All selections by one condition and all changes of arrays that it guards are one branch. Where one of
 * them is made of another (`if c { a[i] = v }`, then `s = c ? a[j] : 0`), they are to be several branches,
 * one behind the other: as few as that takes, since what two of them read cannot stand in a side of
 * either. Parts that have come to follow each other are put together again by join_branches. */
#include "lower.h"
#include "region.h"

static bool same_condition(const Lower *L, const Branch *b, const Node *n)
{
    int at = L->info[n->id].branch;
    return at && L->branches.at[at - 1].condition == b->condition && L->branches.at[at - 1].list == b->list;
}

/* A change of what n is goes on with it in the same branch, unless it reads it, too. */
static bool only_changes(const Node *put, const Node *n)
{
    for (int k = 1; k < put->nin; k++)
        if (put->in[k] == n)
            return false;
    return is_put(put) && put->in[0] == n;
}

/* Each member comes as many parts behind the first as there are others that it waits for in turn. */
static bool part_by_order(Lower *L, const Branch *b)
{
    bool parted = false;
    int *part = NEW_N(L->g->arena, int, L->n + 1);
    for (int id = 0; id < L->n; id++) {
        Node *n = L->g->nodes.at[id];
        bool member = L->info[id].uses && same_condition(L, b, n);
        if (!L->info[id].uses || (!member && !part[id]))
            continue;
        int now = member ? branch_part(L->marks, n) : 0;
        if (member && now >= 0 && now < part[id])
            parted |= set_branch_part(L->g, L->marks, n, part[id]);
        for (int i = L->consumers[id]; i < L->consumers[id + 1]; i++) {
            Node *c = L->consumer[i];
            bool together = member && same_condition(L, b, c) && only_changes(c, n);
            int first = member && !together ? part[id] + 1 : part[id];
            if (part[c->id] < first)
                part[c->id] = first;
        }
    }
    return parted;
}

bool part_branch(Lower *L, const Branch *b)
{
    bool by_order = part_by_order(L, b), alone = false;
    for (int k = 0; k < b->member.n; k++) /* or has been parted in this try */
        by_order |= branch_part(L->marks, b->member.at[k]) != b->part;
    for (int k = 0; k < b->member.n && !by_order; k++)
        alone |= add_mark(L->g, L->marks, b->member.at[k], MARK_ALONE);
    return by_order || alone;
}

bool part_branches(Lower *L, int list)
{
    bool any = false;
    for (int i = 0; i < L->branches.n; i++) {
        const Branch *b = &L->branches.at[i];
        if (!b->plain && b->member.n > 1 && item_list(L, list, b->list) >= 0)
            any |= part_branch(L, b);
    }
    return any;
}
