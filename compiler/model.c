/* model.c - see model.h. */
#include "model.h"

int function_roots(Arena *a, const Function *f, Node ***out)
{
    int n = 0;
    Node **root = NEW_N(a, Node *, f->outputs.n + f->checks.n + 1);
    for (int i = 0; i < f->outputs.n; i++)
        root[n++] = f->outputs.at[i].node;
    for (int i = 0; i < f->checks.n; i++)
        root[n++] = f->checks.at[i].cond;
    *out = root;
    return n;
}

void function_set_roots(Function *f, Node *const *root)
{
    for (int i = 0; i < f->outputs.n; i++)
        f->outputs.at[i].node = root[i];
    for (int i = 0; i < f->checks.n; i++)
        f->checks.at[i].cond = root[f->outputs.n + i];
}
