/* kernels.h - functions that code compiled by libtcc calls: strip kernels and snippets, compiled
 * with optimisation for several instruction sets.
 *
 * libtcc does not optimise, so what runs often is not its text (compiler/emit_strips.c). The same
 * sources, kernels_*.h, are compiled once for each instruction set (kernels_base.c ...), and the
 * best that the processor has is chosen when a model is loaded. What gains little, that is, integers
 * and the gamma family, is compiled for the base alone and serves all: a kernel costs build time. */
#ifndef GRADC_KERNELS_H
#define GRADC_KERNELS_H

typedef void KernelAny(void);

typedef struct Kernel {
    const char *name;
    KernelAny *address; /* of a function; converted back to its own type by who calls it */
} Kernel;

/* Ends with a NULL name; itself NULL where this build has none for that instruction set. */
extern const Kernel *const kernels_base, *const kernels_v3, *const kernels_v4;

/* Those for this processor; what they lack kernels_base has. $GRADC_ISA (base, v3, v4) holds it back,
 * for tests. */
const Kernel *kernels_best(void);

/* Those of them whose names stand in a text, each once: to tell libtcc of all takes longer than to
 * compile a model. */
void kernels_named(const char *text, void (*use)(void *user, const char *name, KernelAny *), void *user);

#endif
