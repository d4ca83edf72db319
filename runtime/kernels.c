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

/* All kernels by name: a hash table with open addressing. */
typedef struct Names {
    const Kernel *at[TABLE]; /* NULL: free */
    int count;
} Names;

/* The place of a name, or where it would stand. */
static unsigned find(const Names *names, const char *name, size_t n)
{
    for (unsigned at = hash_word(name, n) % TABLE;; at = (at + 1) % TABLE)
        if (!names->at[at] || (!strncmp(names->at[at]->name, name, n) && !names->at[at]->name[n]))
            return at;
}

/* Those that have no kernel of that name yet. */
static void add(Names *names, const Kernel *k)
{
    for (; k->name && names->count < TABLE / 2; k++) {
        unsigned at = find(names, k->name, strlen(k->name));
        if (!names->at[at]) {
            names->at[at] = k;
            names->count++;
        }
    }
}

void kernels_named(const char *text, void (*use)(void *user, const char *name, KernelAny *), void *user)
{
    static const char prefix[] = "gradc_";
    Names names = {0};
    bool used[TABLE] = {0};
    add(&names, kernels_best());
    add(&names, kernels_base);
    for (const char *word = strstr(text, prefix); word; word = strstr(word, prefix)) {
        size_t n = 0;
        while (is_word(word[n]))
            n++;
        unsigned at = find(&names, word, n);
        if (names.at[at] && !used[at] && (word == text || !is_word(word[-1]))) {
            use(user, names.at[at]->name, names.at[at]->address);
            used[at] = true;
        }
        word += n;
    }
}
