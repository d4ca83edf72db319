/* compile.c - `gradc MODEL.dg -o FILE.c`: the model as C. */
#include "cli.h"

int command_compile(int argc, char **argv, const char *program)
{
    Cli c;
    int code = cli_options(&c, argc, argv, program);
    gradc *g = code < 0 ? cli_compile(&c, &code) : NULL;
    if (g) {
        code = cli_write(c.output, c.options.dump ? gradc_dump_text(g) : gradc_c_text(g));
        if (code == EXIT_GOOD && c.header)
            code = cli_write(c.header, gradc_header_text(g));
    }
    gradc_free(g);
    cli_free(&c);
    return code;
}
