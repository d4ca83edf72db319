/* diag.h - source texts, places in them, and messages about them.
 *
 * Every token, tree node and graph node carries a Span of byte offsets; line,
 * column and caret are computed only when a message is rendered. Messages are
 * collected (at most MAX_ERRORS errors), never printed here. */
#ifndef GRADC_DIAG_H
#define GRADC_DIAG_H

#include "arena.h"

typedef struct Span {
    uint32_t source;     /* index of the source text; 0 is the model itself */
    uint32_t start, end; /* byte offsets, end exclusive; start == end is a point */
} Span;

typedef struct Source {
    const char *path; /* as it is shown in messages */
    const char *text; /* ends with NUL */
    size_t size;
} Source;

enum { MAX_ERRORS = 20 };

typedef enum Severity { SEVERITY_ERROR, SEVERITY_NOTE } Severity;

typedef struct Diag {
    Severity severity;
    Span span;
    bool placed; /* false: a message about no place in a text (a file that cannot be read) */
    const char *message;
} Diag;

typedef struct Diags {
    Arena *arena;
    VEC(Source) sources;
    VEC(Diag) list; /* in the order reported; notes stand behind their error */
    int errors;
} Diags;

uint32_t diag_add_source(Diags *, const char *path, const char *text, size_t size);

/* One error; past MAX_ERRORS it is counted and dropped, as are its notes. An error at the
 * place of an earlier error with the same text is dropped too. */
void diag_error(Diags *, Span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A note that belongs to the error before it. */
void diag_note(Diags *, Span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* An error with no place in a text. */
void diag_error_nowhere(Diags *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

int diag_line(const Diags *, Span);   /* from 1 */
int diag_column(const Diags *, Span); /* from 1, in characters of UTF-8 */

/* `path:line:col: error: message`, the source line, and a caret line under it (`^~~~` over the
 * span; tabs of the source line are kept as tabs). One message, or all of them. */
void diag_render_one(const Diags *, const Diag *, Text *out);
void diag_render(const Diags *, Text *out);

/* Of `names`, the one closest to `name` (edit distance with transpositions, at most a third of
 * its length, at least 1), or NULL. For "did you mean". */
const char *diag_closest(Arena *, const char *name, const char *const *names, int n);

#endif
