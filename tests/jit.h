/* jit.h - C text compiled and run inside a test, by libtcc or by a compiler's command. */
#ifndef GRADC_TESTS_JIT_H
#define GRADC_TESTS_JIT_H

#include <stdbool.h>

typedef struct Jit Jit;

/* False where this was built without libtcc. */
bool jit_available(void);
/* NULL where the text is not C; what tcc says then stands in `message` (of `size` bytes). */
Jit *jit_compile(const char *text, char *message, int size);
/* The same for C that calls the kernels of the library (CompileOptions.strips). */
Jit *jit_compile_strips(const char *text, char *message, int size);
/* The same by a command such as `gcc -O3 -fopenmp`, to which file names are added; with what it
 * wants behind them (`-lopenblas`, or ""). */
Jit *jit_compile_with(const char *command, const char *libraries, const char *text, char *message,
                      int size);
/* NULL where there is no such name. */
void *jit_symbol(Jit *, const char *name);
void jit_free(Jit *);

#endif
