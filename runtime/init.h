/* init.h - the generator of initial values, for its test. */
#ifndef GRADC_INIT_H
#define GRADC_INIT_H

#include <stdint.h>

typedef struct Philox {
    uint32_t word[4];
} Philox;

/* Philox4x32-10. */
Philox philox(Philox counter, uint64_t key);

#endif
