/* jit.h - C text compiled and run inside a test, by libtcc. */
#ifndef GRADC_TESTS_JIT_H
#define GRADC_TESTS_JIT_H

#include <stdbool.h>

typedef struct Jit Jit;

/* False where this was built without libtcc. */
bool jit_available(void);
/* NULL where the text is not C; what tcc says then stands in `message` (of `size` bytes). */
Jit *jit_compile(const char *text, char *message, int size);
/* NULL where there is no such name. */
void *jit_symbol(Jit *, const char *name);
void jit_free(Jit *);

#endif
