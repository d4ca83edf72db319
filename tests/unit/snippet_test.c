/* snippet_test.c - the pieces of C that emitted code is given: does a set hold what it must, and does
 * every piece, with what it says it needs, compile without a warning?
 *
 * Built like every unit test and run from the root of the repository. The compilers are
 * gcc and clang in C99, and g++; those that are missing are skipped. */
#include "compiler/snippet.h"
#include "tests/count.h"
#include "tests/heap.h"

#include <stdio.h>
#include <stdlib.h>

static int place(const char *name)
{
    for (int i = 0; i < gradc_snippet_count; i++)
        if (strcmp(gradc_snippets[i].name, name) == 0)
            return i;
    return gradc_snippet_count;
}

/* Is every snippet that this one needs, at any remove, in the set? */
static bool closed(const SnippetSet *set, int i)
{
    if (!set->wanted[i])
        return false;
    for (const char *const *need = gradc_snippets[i].needs; *need; need++)
        if (!closed(set, place(*need)))
            return false;
    return true;
}

/* Nothing may be in the set but `top` and what somebody in it needs. */
static bool nothing_more(const SnippetSet *set, int top)
{
    for (int i = 0; i < gradc_snippet_count; i++) {
        bool needed = i == top || !set->wanted[i];
        for (int j = i + 1; j < gradc_snippet_count && !needed; j++)
            for (const char *const *need = gradc_snippets[j].needs; set->wanted[j] && *need; need++)
                needed = needed || place(*need) == i;
        if (!needed)
            return false;
    }
    return true;
}

static const char *const flags = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "
                                 "-Wno-unused-function -fsyntax-only";
static const char *const compilers[] = {"gcc -std=c99 -x c", "clang -std=c99 -x c",
                                        "g++ -std=c++17 -x c++"};

/* What stands above the snippets in an emitted file; see emit_c.c. */
static const char *const above = "#include <math.h>\n#include <stddef.h>\n#include <stdint.h>\n"
                                 "#include <string.h>\n";

static bool compiles(Arena *a, const char *compiler, const char *c)
{
    FILE *f = popen(arena_printf(a, "%s %s - 2>&1", compiler, flags), "w");
    if (!f)
        return false;
    fputs(above, f);
    fputs(c, f);
    return pclose(f) == 0;
}

static bool is_there(Arena *a, const char *compiler)
{
    return system(arena_printf(a, "command -v %.*s >/dev/null", (int)strcspn(compiler, " "),
                               compiler)) == 0;
}

int main(void)
{
    jmp_buf no_memory;
    Arena *a = new_arena();
    if (setjmp(no_memory)) {
        puts("snippet_test: no memory");
        return 3;
    }
    arena_recover(a, &no_memory);

    SnippetSet none = {.arena = a};
    Text empty = {.arena = a};
    result(!snippet_want(&none, "no such snippet"), "no such snippet: was found");
    snippet_put(&none, &empty);
    result(empty.n == 0, "the empty set is not empty");

    SnippetSet all = {.arena = a};
    snippet_want(&all, "gradc_restrict"); /* as emit_c does */
    for (int i = 0; i < gradc_snippet_count; i++) {
        const char *name = gradc_snippets[i].name;
        SnippetSet set = {.arena = a};
        Text text = {.arena = a};
        result(place(name) == i, "%s: stands twice", name);
        result(snippet_want(&set, name) && snippet_want(&all, name), "%s: was not found", name);
        result(closed(&set, i), "%s: what it needs is not in the set", name);
        result(nothing_more(&set, i), "%s: what nobody needs is in the set", name);
        snippet_want(&set, "gradc_restrict");
        snippet_put(&set, &text);
        if (is_there(a, compilers[0])) /* one compiler suffices to see that the needs are stated */
            result(compiles(a, compilers[0], text.s), "%s: does not compile by itself", name);
        else
            skipped++;
    }

    Text text = {.arena = a};
    text_put(&text, "");
    snippet_put(&all, &text);
    for (int i = 0; i < ARRAY_LEN(compilers); i++)
        if (is_there(a, compilers[i]))
            result(compiles(a, compilers[i], text.s), "%s: all of them do not compile", compilers[i]);
        else
            skipped++;
    arena_free(a);
    return sum_up();
}
