/* snippet.c - which snippets a file needs, and their texts; see snippet.h. */
#include "snippet.h"

static int find(const char *name)
{
    for (int i = 0; i < gradc_snippet_count; i++)
        if (strcmp(gradc_snippets[i].name, name) == 0)
            return i;
    return -1;
}

bool snippet_want(SnippetSet *set, const char *name)
{
    int first = find(name);
    if (first < 0)
        return false;
    if (!set->wanted)
        set->wanted = NEW_N(set->arena, bool, gradc_snippet_count);
    if (set->wanted[first])
        return true;
    set->wanted[first] = true;

    /* Invariant: needs point backwards in the table, so one walk down it finds them all. */
    for (int i = first; i >= 0; i--)
        if (set->wanted[i])
            for (const char *const *need = gradc_snippets[i].needs; *need; need++)
                set->wanted[find(*need)] = true;
    return true;
}

void snippet_put(const SnippetSet *set, Text *out)
{
    if (!set->wanted)
        return;
    for (int i = 0; i < gradc_snippet_count; i++)
        if (set->wanted[i]) {
            text_put(out, gradc_snippets[i].text);
            text_put(out, "\n");
        }
}
