/* graph.c - `gradc graph MODEL.dg -o FILE`: a drawing, as text for Graphviz or as SVG by its `dot`. */
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && !strcmp(s + n - m, end);
}

/* Runs `dot -Tsvg -o temporary` with the text on its standard input. */
static int run_dot(const char *text, const char *temporary)
{
    int end[2];
    if (pipe(end))
        return -1;
    pid_t child = fork();
    if (child < 0) {
        close(end[0]);
        close(end[1]);
        return -1;
    }
    if (!child) {
        dup2(end[0], 0);
        close(end[0]);
        close(end[1]);
        execlp("dot", "dot", "-Tsvg", "-o", temporary, (char *)NULL);
        _exit(127);
    }
    close(end[0]);
    signal(SIGPIPE, SIG_IGN); /* a dot that is not there reads nothing: that is an error, no end */
    FILE *f = fdopen(end[1], "w");
    bool bad = !f || fputs(text, f) == EOF;
    if (f)
        bad |= fclose(f) == EOF;
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? (WEXITSTATUS(status) ? WEXITSTATUS(status) : bad) : -1;
}

static int write_svg(const char *path, const char *text)
{
    size_t n = strlen(path) + 32;
    char *temporary = malloc(n);
    if (!temporary)
        return EXIT_SYSTEM;
    snprintf(temporary, n, "%s.%ld.tmp", path, (long)getpid());
    int status = run_dot(text, temporary), code = EXIT_GOOD;
    if (status) {
        fprintf(stderr, status == 127 ? "gradc: an SVG is drawn by Graphviz, whose `dot` is not installed; -o FILE.dot needs none\n" : "gradc: dot failed\n");
        code = EXIT_SYSTEM;
    } else if (rename(temporary, path)) {
        fprintf(stderr, "gradc: cannot write %s: %s\n", path, strerror(errno));
        code = EXIT_SYSTEM;
    }
    if (code)
        remove(temporary);
    free(temporary);
    return code;
}

int command_graph(int argc, char **argv, const char *program)
{
    Cli c;
    int code = cli_options(&c, argc, argv, program);
    if (code < 0 && c.output && !ends_with(c.output, ".svg") && !ends_with(c.output, ".dot")) {
        fprintf(stderr, "gradc: -o wants a name ending in .dot or .svg: %s\nTry 'gradc --help'.\n", c.output);
        code = EXIT_USAGE;
    }
    gradc *g = code < 0 ? cli_compile(&c, &code) : NULL;
    const char *text = g ? gradc_dot_text(g) : NULL;
    if (g && !text) {
        fputs("gradc: out of memory\n", stderr);
        code = EXIT_SYSTEM;
    } else if (g) {
        code = c.output && ends_with(c.output, ".svg") ? write_svg(c.output, text) : cli_write(c.output, text);
    }
    gradc_free(g);
    cli_free(&c);
    return code;
}
