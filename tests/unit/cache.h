/* cache.h - a folder of a test's own for what the backend "cc" keeps, and a compiler that is
 * quick. */
#ifndef GRADC_TESTS_CACHE_H
#define GRADC_TESTS_CACHE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static char cache_folder[] = "/tmp/gradc-test-XXXXXX";

static inline bool cache_open(void)
{
    return mkdtemp(cache_folder) && !setenv("XDG_CACHE_HOME", cache_folder, 1);
}

static inline bool cache_remove(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", cache_folder);
    return !system(command);
}

/* -O1 behind the backend's -O3, which takes its time: what is emitted is compiled with that by the
 * bench and emitted_options.sh. GRADC_TEST_CC=1 leaves the compiler alone. */
static inline void compile_quickly(void)
{
    char path[64];
    snprintf(path, sizeof path, "%s/quick", cache_folder);
    FILE *f = getenv("GRADC_TEST_CC") || getenv("GRADC_CC") ? NULL : fopen(path, "w");
    if (!f)
        return;
    fputs("#!/bin/sh\nexec cc \"$@\" -O1\n", f);
    fclose(f);
    chmod(path, 0700);
    setenv("GRADC_CC", path, 1);
}

#endif
