/* snippet.h - pieces of C that emitted code may need: elementary functions, matrix products,
 * linear algebra.
 *
 * They are ordinary C files in compiler/snippets; scripts/embed.awk turns them into this table.
 * Emitted C gets the pieces that it uses and what those need, each once. */
#ifndef GRADC_SNIPPET_H
#define GRADC_SNIPPET_H

#include "arena.h"

typedef struct Snippet {
    const char *name;
    const char *const *needs; /* names of other snippets; ends with NULL */
    const char *text;         /* whole lines */
} Snippet;

/* A snippet stands behind those that it needs. */
extern const Snippet gradc_snippets[];
extern const int gradc_snippet_count;

/* The snippets that one emitted file uses; `SnippetSet s = {.arena = a}` is the empty set. */
typedef struct SnippetSet {
    Arena *arena;
    bool *wanted; /* one a snippet, in the order of the table; NULL while the set is empty */
    bool *direct; /* those that were asked for by name, not because another needs them */
    VEC(const char *) declared; /* prototypes of other functions that the file calls */
} SnippetSet;

/* Adds a snippet and what it needs; false where there is none of that name. */
bool snippet_want(SnippetSet *, const char *name);

/* The texts of the set in the order of the table, a blank line behind each. */
void snippet_put(const SnippetSet *, Text *out);

/* For a file whose functions are compiled elsewhere (runtime/kernels.h). */
void snippet_declare(SnippetSet *, const char *prototype); /* once, however often it is called */
/* Prototypes of the functions that were asked for, texts of what are no functions (macros), and what
 * was declared. */
void snippet_put_prototypes(const SnippetSet *, Text *out);

#endif
