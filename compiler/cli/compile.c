/* compile.c - `gradc MODEL.dg -o FILE.c`: the model as C, its header, and what they depend on. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file name as make reads it. */
static char *put_name(char *to, const char *name)
{
    for (; *name; name++) {
        if (strchr(" #\\", *name))
            *to++ = '\\';
        if (*name == '$')
            *to++ = '$';
        *to++ = *name;
    }
    return to;
}

/* `model.c model.h: model.dg layers.dg`, with a rule without a recipe for each of these, so that
 * one that is gone does not stop make. NULL: no memory. */
static char *dependencies(const Cli *c, const gradc *g)
{
    const char *header = c->header ? c->header : "";
    size_t room = 2 * (strlen(c->output) + strlen(header)) + 16;
    for (int i = 0; gradc_source_path(g, i); i++)
        room += 4 * strlen(gradc_source_path(g, i)) + 16;
    char *text = malloc(room), *to = text;
    if (!text)
        return NULL;
    to = put_name(to, c->output);
    if (c->header) {
        *to++ = ' ';
        to = put_name(to, header);
    }
    *to++ = ':';
    for (int i = 0; gradc_source_path(g, i); i++) {
        *to++ = ' ';
        to = put_name(to, gradc_source_path(g, i));
    }
    *to++ = '\n';
    for (int i = 1; gradc_source_path(g, i); i++) {
        to = put_name(to, gradc_source_path(g, i));
        to = strcpy(to, ":\n") + 2;
    }
    *to = '\0';
    return text;
}

static int write_results(const Cli *c, const gradc *g)
{
    CliFile file[3];
    int n = 0;
    char *rule = NULL;
    file[n++] = (CliFile){c->output, c->options.dump ? gradc_dump_text(g) : gradc_c_text(g)};
    if (c->header)
        file[n++] = (CliFile){c->header, gradc_header_text(g)};
    if (c->depfile) {
        rule = dependencies(c, g);
        if (!rule) {
            fputs("gradc: out of memory\n", stderr);
            return EXIT_SYSTEM;
        }
        file[n++] = (CliFile){c->depfile, rule};
    }
    int code = cli_write_files(n, file);
    free(rule);
    return code;
}

int command_compile(int argc, char **argv, const char *program)
{
    Cli c;
    int code = cli_options(&c, argc, argv, program);
    if (code < 0 && c.depfile && (!c.output || !strcmp(c.output, "-"))) {
        fputs("gradc: --depfile wants -o FILE, which it is about\n", stderr);
        code = EXIT_USAGE;
    }
    gradc *g = code < 0 ? cli_compile(&c, &code) : NULL;
    if (g)
        code = write_results(&c, g);
    gradc_free(g);
    cli_free(&c);
    return code;
}
