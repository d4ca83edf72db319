/* main.c - the gradc command: finds the subcommand. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: gradc [options] MODEL.dg [-o FILE.c]   compile a model to C\n"
    "       gradc show [options] MODEL.dg          print the model with its derivatives as dg\n"
    "       gradc graph [options] MODEL.dg -o F    draw its graph: F ends in .dot or .svg\n"
    "       gradc run [options] MODEL.dg [FUNCTION] NAME=VALUE...   call a function\n"
    "       gradc train [options] MODEL.dg --data NAME=FILE...   learn from data\n"
    "       gradc check [options] MODEL.dg [FUNCTION] [NAME=VALUE...]   prove derivatives\n"
    "       gradc plot [options] [NAME=]FILE... -o F.svg   draw arrays as lines\n"
    "\n"
    "  -o, --output FILE      write to FILE instead of standard output\n"
    "      --header FILE      also write the declarations of the emitted functions\n"
    "      --depfile FILE     also write what the output depends on, as a rule for make\n"
    "  -e, --export TEXT      emit this instead of the file's exports: 'loss with grad(W) as g'\n"
    "  -D, --define NAME=N    the value of a size, instead of its `dim`\n"
    "  -I, --include DIR      look for imported files here\n"
    "      --real f64|f32     what the type `real` means (f64)\n"
    "      --unroll N         write out axes of up to N elements (16); 0 never\n"
    "      --openmp           run outer loops on several threads, by OpenMP pragmas\n"
    "      --blas             call cblas for large matrix products\n"
    "      --check-bounds     emitted functions check indices known only at run time\n"
    "      --fast-math        allow rewrites that may lose a nan, an inf or rounding\n"
    "      --disconnected=zero  a derivative by something not depended on is zero, not an error\n"
    "  -O0, -O1, -O2          rewrite nothing, expressions, or also contractions (default)\n"
    "      --dump=PASS        print the result of a pass: parse, elaborate, optimise\n"
    "  -h, --help             this text\n"
    "      --version\n"
    "\n"
    "Of run: VALUE is a number, a list of them in brackets, or @FILE (.npy, .csv, IDX,\n"
    "these behind gzip, or FILE.npz:NAME).\n"
    "  -o, --output DIR       save results as DIR/NAME.npy, or all in one FILE.npz\n"
    "      --jit tcc|cc|auto|interp  how to make the model callable (tcc)\n"
    "      --seed N           draw other initial values of params that are not given (0)\n"
    "      --time             tell how long each stage took\n"
    "\n"
    "Of train: gradc train --help.\n"
    "\n"
    "Of check: arguments that are not given are random, open sizes small.\n"
    "  -n, --points N         at how many points (3)\n"
    "      --seed N           other points (0)\n"
    "  -v, --verbose          print every element\n"
    "      --all              look at all elements of large derivatives, not at some\n"
    "      --jit tcc|cc|auto|interp  how to make the model callable (tcc)\n"
    "\n"
    "Of plot: FILE is as for run; one axis is drawn over 0, 1, ..., a table over its first column.\n"
    "  -o, --output FILE.svg  write to FILE instead of standard output\n"
    "      --title, --xlabel, --ylabel TEXT\n"
    "      --log x|y|xy       logarithmic axes\n"
    "      --dots             mark the points of lines with at most 100\n"
    "\n"
    "exit status: 0 good, 1 the model is wrong, 2 the command line is wrong, 3 the system failed\n";

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int, char **, const char *);
    } command[] = {{"show", command_show}, {"graph", command_graph}, {"run", command_run}, {"check", command_check}, {"train", command_train},
                 {"plot", command_plot}};
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help")) {
            fputs(strcmp(argv[1], "train") ? help : train_help, stdout);
            return fflush(stdout) || ferror(stdout) ? EXIT_SYSTEM : EXIT_GOOD;
        }
        if (!strcmp(argv[i], "--version")) {
            puts("gradc " GRADC_VERSION);
            return fflush(stdout) || ferror(stdout) ? EXIT_SYSTEM : EXIT_GOOD;
        }
    }
    for (size_t i = 0; argc > 1 && i < sizeof command / sizeof *command; i++)
        if (!strcmp(argv[1], command[i].name))
            return command[i].run(argc - 1, argv + 1, argv[0]);
    return command_compile(argc, argv, argv[0]);
}
