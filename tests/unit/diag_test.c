/* diag_test.c - messages: how they are collected and rendered, and the closest name. */
#include "compiler/diag.h"
#include "tests/count.h"
#include "tests/heap.h"

#include <stdio.h>
#include <stdlib.h>

/* Messages about one text, in an arena of their own. */
static Diags begin(const char *text, size_t size)
{
    Diags d = {.arena = new_arena()};
    /* a block that ends where the text does, so that a sanitizer sees reading past it */
    diag_add_source(&d, "a.dg", arena_strndup(d.arena, text, size), size);
    return d;
}

static const char *rendered(const Diags *d)
{
    Text out = {.arena = d->arena};
    text_put(&out, "");
    diag_render(d, &out);
    return out.s;
}

/* ---- Rendering ---- */

/* One message over [start, stop) of text. */
static void renders(const char *text, uint32_t start, uint32_t stop, const char *want)
{
    Diags d = begin(text, strlen(text));
    diag_error(&d, (Span){0, start, stop}, "bad");
    same_text(text, rendered(&d), want);
    arena_free(d.arena);
}

static void test_places(void)
{
    renders("a + b\n", 2, 3, "a.dg:1:3: error: bad\na + b\n  ^\n");
    renders("x\nabc def\n", 6, 9, "a.dg:2:5: error: bad\nabc def\n    ^~~\n");
    renders("x\n\n\n y", 5, 6, "a.dg:4:2: error: bad\n y\n ^\n");
    /* at and behind the end */
    renders("ab\n", 2, 2, "a.dg:1:3: error: bad\nab\n  ^\n");
    renders("ab\n", 3, 3, "a.dg:2:1: error: bad\n\n^\n");
    renders("ab", 2, 2, "a.dg:1:3: error: bad\nab\n  ^\n");
    renders("ab", 1, 9, "a.dg:1:2: error: bad\nab\n ^\n");
    renders("ab", 7, 9, "a.dg:1:3: error: bad\nab\n  ^\n");
    renders("", 0, 0, "a.dg:1:1: error: bad\n\n^\n");
    /* over several lines: the first */
    renders("abc\ncd\n", 1, 6, "a.dg:1:2: error: bad\nabc\n ^~\n");
}

static void test_characters(void)
{
    renders("\tx = yy", 5, 7, "a.dg:1:6: error: bad\n\tx = yy\n\t    ^~\n");
    renders("x\t\tyy", 3, 5, "a.dg:1:4: error: bad\nx\t\tyy\n \t\t^~\n");
    renders("ab\r\ncd\r\n", 4, 6, "a.dg:2:1: error: bad\ncd\n^~\n");
    renders("ab\r\ncd\r\n", 2, 2, "a.dg:1:3: error: bad\nab\n  ^\n");
    renders("\xc3\xa4\xc3\xb6 = \xe2\x82\xac", 7, 10,
            "a.dg:1:6: error: bad\n\xc3\xa4\xc3\xb6 = \xe2\x82\xac\n     ^\n");
    renders("\xf0\x9f\x98\x80xy", 4, 6, "a.dg:1:2: error: bad\n\xf0\x9f\x98\x80xy\n ^~\n");
    /* what is no UTF-8, or steers a terminal, is shown as one '?' */
    renders("a\xff\x1b[z", 4, 5, "a.dg:1:5: error: bad\na??[z\n    ^\n");
    renders("\xe2\x82x", 2, 3, "a.dg:1:3: error: bad\n??x\n  ^\n");
    renders("\xe2\x82", 0, 2, "a.dg:1:1: error: bad\n??\n^~\n");
    renders("\xc0\xafx\x7f", 2, 4, "a.dg:1:3: error: bad\n??x?\n  ^~\n");

    Diags d = begin("a\0b", 3);
    diag_error(&d, (Span){0, 2, 3}, "bad");
    const char *want = "a.dg:1:3: error: bad\na?b\n  ^\n";
    same_text("a NUL", rendered(&d), want);
    arena_free(d.arena);
}

/* A line of 1000 columns is cut on both sides, and what is marked stays in sight. */
static void test_long_lines(void)
{
    char text[1001];
    for (int i = 0; i < 1000; i++)
        text[i] = (char)('a' + i % 26);
    text[1000] = 0;
    for (uint32_t at = 0; at <= 1000; at += 50) {
        Diags d = begin(text, 1000);
        diag_error(&d, (Span){0, at, at + 3}, "bad");
        const char *line = strchr(rendered(&d), '\n') + 1, *under = strchr(line, '\n') + 1;
        size_t caret = strcspn(under, "^");
        bool good = strlen(under) < 210 && (size_t)(under - line) < 210 &&
                    (at == 1000 ? line[caret] == '\n' : line[caret] == text[at]) &&
                    diag_column(&d, d.list.at[0].span) == (int)at + 1;
        good &= at <= 60 || !strncmp(line, "...", 3);
        result(good, "a long line: the place is not in sight: %s", rendered(&d));
        arena_free(d.arena);
    }
}

/* ---- Collecting ---- */

static void test_collecting(void)
{
    Diags d = begin("a b c\n", 6);
    Span a = {0, 0, 1}, b = {0, 2, 3};
    diag_error(&d, a, "one %d", 1);
    diag_note(&d, b, "its note");
    diag_error(&d, a, "one %d", 1);
    diag_note(&d, b, "a note of what is dropped");
    diag_error(&d, b, "one %d", 1);
    diag_note(&d, a, "another note");
    diag_note(&d, b, "and one more");
    const char *want = "a.dg:1:1: error: one 1\na b c\n^\n"
                       "a.dg:1:3: note: its note\na b c\n  ^\n"
                       "a.dg:1:3: error: one 1\na b c\n  ^\n"
                       "a.dg:1:1: note: another note\na b c\n^\n"
                       "a.dg:1:3: note: and one more\na b c\n  ^\n";
    same_text("the same error twice", rendered(&d), want);
    CHECK(d.errors == 2);
    diag_error_nowhere(&d, "cannot open %s", "x.dg");
    result(strstr(rendered(&d), "\nerror: cannot open x.dg\n") && d.errors == 3,
           "no place: %s", rendered(&d));
    arena_free(d.arena);
}

static void test_many(void)
{
    Diags d = begin("0123456789012345678901234567890", 31);
    for (uint32_t i = 0; i < 23; i++) {
        diag_error(&d, (Span){0, i, i + 1}, "bad");
        diag_note(&d, (Span){0, 0, 0}, "why");
    }
    result(d.errors == 23 && d.list.n == 2 * MAX_ERRORS,
           "20 are kept, all are counted: %s", rendered(&d));
    const char *last = "\nerror: 3 more errors are not shown\n", *got = rendered(&d);
    size_t n = strlen(got), m = strlen(last);
    result(n > m && !strcmp(got + n - m, last), "how many more: %s", got);
    arena_free(d.arena);
}

static void test_sources(void)
{
    Diags d = begin("one\n", 4);
    uint32_t second = diag_add_source(&d, "b.dg", "\ntwo\n", 5);
    diag_error(&d, (Span){second, 1, 4}, "bad");
    diag_note(&d, (Span){0, 0, 3}, "why");
    const char *want = "b.dg:2:1: error: bad\ntwo\n^~~\na.dg:1:1: note: why\none\n^~~\n";
    result(second == 1 && !strcmp(rendered(&d), want), "two sources: %s", rendered(&d));
    arena_free(d.arena);
}

/* ---- Suggestions ---- */

static void test_closest(void)
{
    static const char *const names[] = {"decay", "weights", "W1", "W2", "x", "logsumexp", "sum"};
    static const char *const table[][2] = {
        {"deacy", "decay"}, {"decayy", "decay"},        {"dcay", "decay"},   {"weigths", "weights"},
        {"w1", "W1"},       {"W3", "W1"},               {"X", "x"},          {"y", NULL},
        {"som", "sum"},     {"logsumxp", "logsumexp"},  {"logsum", NULL},    {"elephant", NULL},
        {"", NULL},         {"softmax", NULL},          {"DECAY", "decay"},  {"smu", "sum"},
    };
    Diags d = begin("", 0);
    for (int i = 0; i < ARRAY_LEN(table); i++) {
        const char *got = diag_closest(d.arena, table[i][0], names, ARRAY_LEN(names));
        got = got ? got : "(none)";
        const char *want = table[i][1] ? table[i][1] : "(none)";
        same_text(table[i][0], got, want);
    }
    CHECK(!diag_closest(d.arena, "x", NULL, 0));
    arena_free(d.arena);
}

int main(void)
{
    test_places();
    test_characters();
    test_long_lines();
    test_collecting();
    test_many();
    test_sources();
    test_closest();
    return sum_up();
}
