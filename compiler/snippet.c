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
    if (!set->wanted) {
        set->wanted = NEW_N(set->arena, bool, gradc_snippet_count);
        set->direct = NEW_N(set->arena, bool, gradc_snippet_count);
    }
    set->direct[first] = true;
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

void snippet_declare(SnippetSet *set, const char *prototype)
{
    for (int i = 0; i < set->declared.n; i++)
        if (!strcmp(set->declared.at[i], prototype))
            return;
    vec_push(set->arena, &set->declared, prototype);
}

/* The head of the function in the text of the snippet of its name: what stands between `static` and
 * the brace. False where there is none. */
static bool put_head(const Snippet *s, Text *out)
{
    size_t n = strlen(s->name);
    for (const char *line = s->text; line && *line; line = strchr(line, '\n'), line += line != NULL) {
        const char *end = line + strcspn(line, "\n"), *name = line;
        while ((name = strstr(name, s->name)) && name < end && (name[-1] != ' ' || name[n] != '('))
            name += n;
        if (strncmp(line, "static ", 7) || !name || name >= end)
            continue;
        line += !strncmp(line + 7, "inline ", 7) ? 14 : 7;
        text_putn(out, line, strcspn(line, "{"));
        while (out->n && out->s[out->n - 1] == '\n')
            out->n--;
        text_put(out, ";\n");
        return true;
    }
    return false;
}

void snippet_put_prototypes(const SnippetSet *set, Text *out)
{
    for (int i = 0; set->direct && i < gradc_snippet_count; i++)
        if (set->direct[i] && !put_head(&gradc_snippets[i], out))
            text_put(out, gradc_snippets[i].text);
    for (int i = 0; i < set->declared.n; i++)
        text_printf(out, "%s\n", set->declared.at[i]);
    text_put(out, "\n");
}
