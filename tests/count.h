/* count.h - what programs of tests count: what holds and what does not, and the line that they
 * close with, which tests/run.sh reads. */
#ifndef GRADC_TESTS_COUNT_H
#define GRADC_TESTS_COUNT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int passed, failed, skipped;

/* What does not hold is shown, for the first 200. */
static inline void result(bool ok, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline void result(bool ok, const char *fmt, ...)
{
    passed += ok;
    failed += !ok;
    if (ok || failed > 200)
        return;
    va_list ap;
    va_start(ap, fmt);
    printf("FAIL ");
    vprintf(fmt, ap);
    printf("\n");
    va_end(ap);
}

#define CHECK(c) result(c, "%s:%d: not so: %s", __FILE__, __LINE__, #c)

/* A gradc_error with this part in its text. */
#define SAYS(error, part)                                                                          \
    result(strstr((error).text, part) != NULL, "%s:%d: not said: %s; but: %s", __FILE__, __LINE__, \
           part, (error).text)

static inline void same_text(const char *what, const char *got, const char *want)
{
    result(!strcmp(got, want), "%s\n  wanted: %s\n  got:    %s", what, want, got);
}

/* What main returns. */
static inline int sum_up(void)
{
    printf("%d passed, %d failed", passed, failed);
    printf(skipped ? ", %d skipped\n" : "\n", skipped);
    return failed > 0;
}

/* Instead, where something that all of it wants is missing. */
static inline int skipped_all(const char *why)
{
    printf("skipped: %s\n0 passed, 0 failed, 1 skipped\n", why);
    return 0;
}

#endif
