/* cli.h - what the files of the gradc command share. One file a subcommand. */
#ifndef GRADC_CLI_H
#define GRADC_CLI_H

#include "runtime/gradc.h"

#include <stdbool.h>

/* Exit codes of language.md, section 9. */
enum { EXIT_GOOD = 0, EXIT_MODEL = 1, EXIT_USAGE = 2, EXIT_SYSTEM = 3 };

typedef struct Cli {
    gradc_options options;
    const char *input;   /* the model */
    const char *output;  /* -o, or NULL: standard output */
    const char *header;  /* --header */
    const char *depfile; /* --depfile */
    /* storage of the arrays in options; argc entries each */
    const char **define_name;
    int64_t *define_value;
    const char **include;
    const char **exports;
    /* of `gradc run` and others that call functions */
    bool runs;
    const char *jit;     /* --jit, or NULL */
    bool time;           /* --time */
    uint64_t seed;       /* --seed, or 0 */
    bool seed_given;
    /* of `gradc check` */
    bool checks;
    int points;          /* -n, or 0 */
    bool verbose, all;   /* -v, --all */
    char **rest;         /* what stands behind the model */
    int nrest;
} Cli;

/* Reads the command line; all subcommands take the same options. `program` is how gradc was called. Returns -1 to go on, or an exit code. */
int cli_options(Cli *, int argc, char **argv, const char *program);
/* The same for `gradc run`, which has more options, and takes words behind the model. */
int cli_run_options(Cli *, int argc, char **argv, const char *program);
/* An option with a value that a subcommand has beside those of all; the last of a list has no name. */
typedef struct CliOption {
    const char *name;
    int code; /* from 512 on */
} CliOption;
/* The same for a subcommand that has options of its own: `take` is called for each, and gives an exit
 * code, or -1 to go on. */
int cli_more_options(Cli *, int argc, char **argv, const char *program, const CliOption *more,
                     int (*take)(void *user, int code, char *value), void *user);
/* The same for `gradc check`. */
int cli_check_options(Cli *, int argc, char **argv);
void cli_free(Cli *);
/* Compiles cli->input; on errors prints them, and gives the exit code in *code and NULL. */
gradc *cli_compile(Cli *, int *code);
/* Writes a file whole or not at all (NULL or "-": standard output). Exit code. */
int cli_write(const char *path, const char *text);
/* The same for several, all of them or none. */
typedef struct CliFile {
    const char *path, *text;
} CliFile;
int cli_write_files(int n, const CliFile *);

int command_compile(int argc, char **argv, const char *program);
int command_show(int argc, char **argv, const char *program);
int command_graph(int argc, char **argv, const char *program);
int command_run(int argc, char **argv, const char *program);
int command_check(int argc, char **argv, const char *program);
int command_plot(int argc, char **argv, const char *program);
int command_train(int argc, char **argv, const char *program);
extern const char train_help[];

#endif
