/* names.h - names of a model that must not stand in C as they are. */
#ifndef GRADC_NAMES_H
#define GRADC_NAMES_H

#include "arena.h"

/* The name, with an underscore behind it where it is a word of C or C++, a function of libm, or a
 * name that emitted code uses itself. */
const char *safe_name(Arena *, const char *name);

#endif
