/* diag.c - collects messages, and renders them: `path:line:col: error: message`, the source line,
 * a caret under it. Lines and columns are found by reading the text again: errors are few. */
#include "diag.h"

#include <ctype.h>

enum {
    WIDEST_LINE = 200, /* columns; longer ones are cut */
    BEFORE_CARET = 60, /* columns that a cut line keeps before the caret */
    LONGEST_NAME = 256 /* for suggestions */
};

uint32_t diag_add_source(Diags *d, const char *path, const char *text, size_t size)
{
    vec_push(d->arena, &d->sources, (Source){.path = path, .text = text, .size = size});
    return (uint32_t)(d->sources.n - 1);
}

/* ---- Collecting ---- */

static bool same_place(const Diag *a, const Diag *b)
{
    return a->placed == b->placed && (!a->placed || (a->span.source == b->span.source &&
                                                     a->span.start == b->span.start));
}

static bool said_before(const Diags *d, const Diag *it)
{
    for (int i = 0; i < d->list.n; i++)
        if (d->list.at[i].severity == SEVERITY_ERROR && same_place(&d->list.at[i], it) &&
            !strcmp(d->list.at[i].message, it->message))
            return true;
    return false;
}

/* Whether the last error was left out is kept in the free place behind the list: `placed` there
 * tells the notes that follow. */
static void note_dropped(Diags *d, bool dropped)
{
    vec_room(d->arena, (void **)&d->list.at, d->list.n, &d->list.cap, sizeof *d->list.at);
    d->list.at[d->list.n] = (Diag){.severity = SEVERITY_NOTE, .placed = dropped};
}

static bool last_was_dropped(const Diags *d)
{
    return d->list.n < d->list.cap && d->list.at[d->list.n].placed;
}

static void add_error(Diags *d, Diag it)
{
    bool again = said_before(d, &it);
    if (!again)
        d->errors++;
    bool drop = again || d->errors > MAX_ERRORS;
    if (!drop)
        vec_push(d->arena, &d->list, it);
    note_dropped(d, drop);
}

void diag_error(Diags *d, Span span, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    add_error(d, (Diag){SEVERITY_ERROR, span, .placed = true, .message = message});
}

void diag_error_nowhere(Diags *d, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    add_error(d, (Diag){.severity = SEVERITY_ERROR, .placed = false, .message = message});
}

void diag_note(Diags *d, Span span, const char *fmt, ...)
{
    if (last_was_dropped(d))
        return;
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    vec_push(d->arena, &d->list,
             (Diag){.severity = SEVERITY_NOTE, .span = span, .placed = true, .message = message});
    note_dropped(d, false);
}

/* ---- Places ---- */

/* The bytes of the character at s: 1 where it is not UTF-8, which is then shown as '?'. */
static size_t character(const char *s, const char *end, bool *printable)
{
    unsigned char c = (unsigned char)*s;
    size_t n = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    *printable = n > 0 && c >= ' ' && c != 0x7F && n <= (size_t)(end - s);
    for (size_t i = 1; i < n && *printable; i++)
        *printable = ((unsigned char)s[i] & 0xC0) == 0x80;
    return *printable ? n : 1;
}

/* A line of a text, without what ends it. */
typedef struct Line {
    const char *start, *end;
    int number;
} Line;

static Line find_line(const Source *src, uint32_t offset)
{
    const char *at = src->text + (offset < src->size ? offset : src->size);
    Line l = {.start = src->text, .number = 1};
    for (const char *s = src->text; s < at; s++)
        if (*s == '\n') {
            l.start = s + 1;
            l.number++;
        }
    l.end = memchr(l.start, '\n', (size_t)(src->text + src->size - l.start));
    if (!l.end)
        l.end = src->text + src->size;
    if (l.end > l.start && l.end[-1] == '\r')
        l.end--;
    return l;
}

/* Characters from `from` up to `to`. */
static int columns(const char *from, const char *to, const char *end)
{
    int n = 0;
    bool printable;
    for (const char *s = from; s < to && s < end; n++)
        s += character(s, end, &printable);
    return n;
}

static const Source *source_of(const Diags *d, Span span)
{
    return &d->sources.at[span.source];
}

int diag_line(const Diags *d, Span span)
{
    return find_line(source_of(d, span), span.start).number;
}

int diag_column(const Diags *d, Span span)
{
    const Source *src = source_of(d, span);
    Line l = find_line(src, span.start);
    return 1 + columns(l.start, src->text + span.start, l.end);
}

/* ---- Rendering ---- */

/* The line, or of a long one what surrounds the caret, and the caret line. */
static void render_line(const Source *src, Span span, Text *out)
{
    Line l = find_line(src, span.start);
    const char *caret = src->text + span.start, *stop = src->text + span.end;
    int column = columns(l.start, caret, l.end), first = 0, shown = 0, i = 0;
    if (columns(l.start, l.end, l.end) > WIDEST_LINE && column > BEFORE_CARET)
        first = column - BEFORE_CARET;
    Text under = {.arena = out->arena};
    text_put(out, first ? "..." : "");
    text_put(&under, first ? "   " : "");
    bool printable;
    const char *s = l.start;
    for (size_t n; s < l.end && shown < WIDEST_LINE; s += n, i++) {
        n = character(s, l.end, &printable);
        if (i < first)
            continue;
        shown++;
        text_putn(out, printable || *s == '\t' ? s : "?", n);
        if (i < column)
            text_put(&under, *s == '\t' ? "\t" : " ");
        else if (i == column)
            text_put(&under, "^");
        else if (s < stop)
            text_put(&under, "~");
    }
    text_put(out, s < l.end ? "...\n" : "\n");
    if (i <= column) /* behind the last character */
        text_put(&under, "^");
    text_printf(out, "%s\n", under.s);
}

void diag_render_one(const Diags *d, const Diag *it, Text *out)
{
    const char *what = it->severity == SEVERITY_ERROR ? "error" : "note";
    if (!it->placed) {
        text_printf(out, "%s: %s\n", what, it->message);
        return;
    }
    text_printf(out, "%s:%d:%d: %s: %s\n", source_of(d, it->span)->path, diag_line(d, it->span),
                diag_column(d, it->span), what, it->message);
    render_line(source_of(d, it->span), it->span, out);
}

void diag_render(const Diags *d, Text *out)
{
    for (int i = 0; i < d->list.n; i++)
        diag_render_one(d, &d->list.at[i], out);
    if (d->errors > MAX_ERRORS)
        text_printf(out, "error: %d more %s not shown\n", d->errors - MAX_ERRORS,
                    d->errors - MAX_ERRORS == 1 ? "error is" : "errors are");
}

/* ---- Suggestions ---- */

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Edits from a to b: insert, delete, replace, swap two neighbours (Damerau, each place once). */
static int edit_distance(Arena *arena, const char *a, const char *b)
{
    int na = (int)strlen(a), nb = (int)strlen(b), w = nb + 1;
    int *rows = NEW_N(arena, int, 3 * w), *two_up = rows, *up = rows + w, *row = rows + 2 * w;
    for (int j = 0; j <= nb; j++)
        up[j] = j;
    for (int i = 1; i <= na; i++) {
        row[0] = i;
        for (int j = 1; j <= nb; j++) {
            row[j] = least(up[j - 1] + (a[i - 1] != b[j - 1]), 1 + least(up[j], row[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two_up[j - 2] + 1);
        }
        int *free_row = two_up;
        two_up = up;
        up = row;
        row = free_row;
    }
    return up[nb];
}

static bool same_but_for_case(const char *a, const char *b)
{
    while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b))
        a++, b++;
    return *a == *b;
}

const char *diag_closest(Arena *arena, const char *name, const char *const *names, int n)
{
    int len = (int)strlen(name), least_edits = (len < 6 ? 1 : len / 3) + 1;
    const char *best = NULL;
    for (int i = 0; i < n && len <= LONGEST_NAME; i++) {
        int other = (int)strlen(names[i]);
        if (other >= len + least_edits || len >= other + least_edits)
            continue;
        int edits = same_but_for_case(name, names[i]) ? 1 : edit_distance(arena, name, names[i]);
        /* one letter for another has nothing in common with it */
        if (edits < least_edits && (edits < len || same_but_for_case(name, names[i]))) {
            least_edits = edits;
            best = names[i];
        }
    }
    return best;
}
