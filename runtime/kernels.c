/* kernels.c - which of the compiled kernels this processor runs, and which of them a text calls. */
#include "kernels.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The levels of the x86-64 psABI, by the instructions that our kernels are compiled to. */
static int processor_level(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
             __builtin_cpu_supports("bmi2");
    int v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl");
    return v4 ? 4 : v3 ? 3 : 0;
#else
    return 0;
#endif
}

const Kernel *kernels_best(void)
{
    const char *most = getenv("GRADC_ISA");
    int level = processor_level();
    if (most && !strcmp(most, "base"))
        level = 0;
    if (most && !strcmp(most, "v3") && level > 3)
        level = 3;
    if (level >= 4 && kernels_v4)
        return kernels_v4;
    return level >= 3 && kernels_v3 ? kernels_v3 : kernels_base;
}

enum { TABLE = 2048 }; /* places of a hash table of all names */

static bool is_word(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static unsigned hash_word(const char *s, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    return h;
}

/* The place of a name, or of where it would stand. */
static unsigned find(const Kernel *kernels, const uint16_t *table, const char *name, size_t n)
{
    for (unsigned at = hash_word(name, n) % TABLE;; at = (at + 1) % TABLE)
        if (!table[at] || (!strncmp(kernels[table[at] - 1].name, name, n) &&
                           !kernels[table[at] - 1].name[n]))
            return at;
}

void kernels_named(const char *text, void (*use)(void *user, const char *name, KernelAny *), void *user)
{
    static const char prefix[] = "gradc_";
    const Kernel *kernels = kernels_best();
    uint16_t table[TABLE] = {0}; /* number of the kernel + 1 */
    bool used[TABLE] = {0};
    for (int i = 0; kernels[i].name && i < TABLE / 2; i++)
        table[find(kernels, table, kernels[i].name, strlen(kernels[i].name))] = (uint16_t)(i + 1);
    for (const char *word = strstr(text, prefix); word; word = strstr(word, prefix)) {
        size_t n = 0;
        while (is_word(word[n]))
            n++;
        unsigned at = find(kernels, table, word, n);
        if (table[at] && !used[at] && (word == text || !is_word(word[-1]))) {
            use(user, kernels[table[at] - 1].name, kernels[table[at] - 1].address);
            used[at] = true;
        }
        word += n;
    }
}
