/* show.c - `gradc show MODEL.dg`: the model with its derivatives appended, as dg. */
#include "cli.h"

#include <stdio.h>

int command_show(int argc, char **argv, const char *program)
{
    Cli c;
    int code = cli_options(&c, argc, argv, program);
    gradc *g = code < 0 ? cli_compile(&c, &code) : NULL;
    if (g) {
        const char *text = gradc_show_text(g);
        code = text ? cli_write(c.output, text) : EXIT_SYSTEM;
        if (!text)
            fputs("gradc: out of memory\n", stderr);
    }
    gradc_free(g);
    cli_free(&c);
    return code;
}
