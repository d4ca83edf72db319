/* compile.h - source text to C text: the one header through which runtime/ uses the compiler. */
#ifndef GRADC_COMPILE_H
#define GRADC_COMPILE_H

#include "model.h"

#include <stdio.h>

typedef enum CompileStatus { COMPILE_OK = 0, COMPILE_MODEL_ERROR = 1, COMPILE_SYSTEM_ERROR = 3 } CompileStatus;

/* The names of a function's nodes as elaboration has given them. */
typedef struct ShownNames {
    int n;
    const char **name;
} ShownNames;

/* Seconds that each stage took. */
typedef struct StageTimes {
    double parse, elaborate, optimise, lower, emit;
} StageTimes;

typedef struct Compilation {
    Arena *arena;
    CompileStatus status;
    CompileOptions options;
    const char *dump;         /* pass whose result is wanted as text, or NULL */
    Diags diags;
    Model *model;
    Model *shown;             /* the same as elaborated, before any pass has rewritten it */
    ShownNames *shown_names;  /* by function */
    struct Program **program; /* one a function */
    Text c, header, dump_text, show, dot, errors;
    const char **rendered;    /* each message of diags by itself */
    FILE *reading;            /* open while the model is read */
    StageTimes times;
} Compilation;

/* The passes in the order in which they run: `gradc --dump=NAME`. */
extern const char *const compile_passes[];

/* Runs the pipeline. All memory is the arena's, whose recovery point is set and cleared here; when
 * it runs out the status is COMPILE_SYSTEM_ERROR. `text` NULL: the file at `path` is read. */
void compile(Compilation *, const char *path, const char *text, size_t size);

/* On demand, from a good compilation: the show and dot texts. False: no memory. */
bool compile_show(Compilation *);
bool compile_dot(Compilation *);

#endif
