/* jit_tcc.c - the backend "tcc": libtcc, in this process.
 *
 * No file is read, not even a header: what emitted C takes from the standard headers is declared
 * by the text below, and the few library functions that it calls are handed over by address.
 *
 * libtcc keeps its state in globals while it compiles, so there is one mutex around it. It is
 * linked with some names of its own exchanged for ours (see the Makefile): where it would end the
 * process (no memory), it comes back here. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "impl.h"

#include "kernels.h"

#include <pthread.h>
#include <stdio.h>

#if defined(GRADC_TCC) && defined(__has_include)
#if __has_include(<libtcc.h>)
#define HAVE_TCC 1
#endif
#endif

#ifdef HAVE_TCC
#include <libtcc.h>

#include <math.h>
#include <sys/mman.h>

static pthread_mutex_t inside = PTHREAD_MUTEX_INITIALIZER;
static jmp_buf escape; /* where it goes on when it has no memory; guarded by `inside` */

/* What libtcc has in place of the C library's: it has nowhere to print to, and does not exit. */
extern FILE *gradc_tcc_stdout, *gradc_tcc_stderr;
extern char **gradc_tcc_environ;
void gradc_tcc_exit(int);
FILE *gradc_tcc_stdout, *gradc_tcc_stderr;
char **gradc_tcc_environ;

void gradc_tcc_exit(int code)
{
    (void)code;
    longjmp(escape, 1);
}

static const char prelude[] =
    "typedef signed char int8_t; typedef unsigned char uint8_t;\n"
    "typedef short int16_t; typedef unsigned short uint16_t;\n"
    "typedef int int32_t; typedef unsigned int uint32_t;\n"
    "#if __SIZEOF_LONG__ == 8 || defined(__LP64__)\n"
    "typedef long int64_t; typedef unsigned long uint64_t;\n"
    "typedef unsigned long size_t; typedef long ptrdiff_t;\n"
    "#else\n"
    "typedef long long int64_t; typedef unsigned long long uint64_t;\n"
    "typedef __SIZE_TYPE__ size_t; typedef __PTRDIFF_TYPE__ ptrdiff_t;\n"
    "#endif\n"
    "#define NULL ((void *)0)\n"
    "#define INT8_MAX 127\n#define INT16_MAX 32767\n#define INT32_MAX 2147483647\n"
    "#define INT32_MIN (-INT32_MAX - 1)\n#define UINT32_MAX 4294967295u\n"
    "#define INT64_MAX 9223372036854775807LL\n#define INT64_MIN (-INT64_MAX - 1)\n"
    "#define UINT64_MAX 18446744073709551615ULL\n"
    "#define INFINITY 1e10000f\n#define NAN (0.0f / 0.0f)\n"
    "#define isnan(x) ((x) != (x))\n"
    "#define isinf(x) ((x) == INFINITY || (x) == -INFINITY)\n"
    "#define isfinite(x) ((x) - (x) == 0)\n"
    "void *memcpy(void *, const void *, size_t); void *memset(void *, int, size_t);\n"
    "void *memmove(void *, const void *, size_t); int memcmp(const void *, const void *, "
    "size_t);\n";

/* Functions of libm that emitted C may call. */
#define LIBM1(F)                                                                                   \
    F(sqrt)                                                                                        \
    F(fabs)                                                                                        \
    F(floor) F(ceil) F(trunc) F(rint) F(nearbyint) F(exp) F(expm1) F(log) F(log1p) F(log2)         \
        F(log10) F(sin) F(cos) F(tan) F(asin) F(acos) F(atan) F(sinh) F(cosh) F(tanh) F(asinh)     \
            F(acosh) F(atanh) F(cbrt) F(erf) F(erfc) F(lgamma) F(tgamma)
#define LIBM2(F) F(fmod) F(pow) F(hypot) F(atan2) F(copysign) F(fmax) F(fmin)

#define DECLARE1(n) "double " #n "(double); float " #n "f(float);\n"
#define DECLARE2(n) "double " #n "(double, double); float " #n "f(float, float);\n"
static const char declarations[] = LIBM1(DECLARE1) LIBM2(DECLARE2);

/* What tcc calls of its own library where the machine has no instruction. */
static double from_unsigned(uint64_t u)
{
    return (double)u;
}
static float from_unsigned_f32(uint64_t u)
{
    return (float)u;
}
static uint64_t to_unsigned(double d)
{
    return (uint64_t)d;
}
static uint64_t to_unsigned_f32(float f)
{
    return (uint64_t)f;
}

static void add_symbols(TCCState *s)
{
    typedef void Any(void);
#define ADD(n) {#n, (Any *)(n)}, {#n "f", (Any *)(n##f)},
    static const struct {
        const char *name;
        Any *address;
    } known[] = {LIBM1(ADD) LIBM2(ADD){"memcpy", (Any *)memcpy},
                 {"memset", (Any *)memset},
                 {"memmove", (Any *)memmove},
                 {"memcmp", (Any *)memcmp},
                 {"__floatundidf", (Any *)from_unsigned},
                 {"__floatundisf", (Any *)from_unsigned_f32},
                 {"__fixunsdfdi", (Any *)to_unsigned},
                 {"__fixunssfdi", (Any *)to_unsigned_f32}};
    for (int i = 0; i < ARRAY_LEN(known); i++) {
        void *p;
        memcpy(&p, &known[i].address, sizeof p);
        tcc_add_symbol(s, known[i].name, p);
    }
}

static void add_kernel(void *state, const char *name, KernelAny *address)
{
    void *p;
    memcpy(&p, &address, sizeof p);
    tcc_add_symbol(state, name, p);
}

static void note_error(void *user, const char *text)
{
    gradc_error *e = user;
    if (!e->text[0])
        error_set(e, GRADC_SYSTEM_ERROR, "tcc: %s", text);
}

/* What was compiled. Its code stands in pages of its own: a processor that sees a write into the page
 * that it runs takes it for a change of the code, and code in the heap has the arrays of calls for
 * neighbours. */
typedef struct Code {
    TCCState *volatile state;
    void *pages;
    size_t size;
    Allocator allocator;
} Code;

typedef struct Job {
    Code *code;
    char *text;
    gradc_error error;
} Job;

static bool relocate(Code *c)
{
#ifdef TCC_RELOCATE_AUTO
    int size = tcc_relocate(c->state, NULL);
    if (size < 0)
        return false;
    c->size = ((size_t)size + 4095) / 4096 * 4096 + 4096;
    void *p = mmap(NULL, c->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return false;
    c->pages = p;
    return tcc_relocate(c->state, p) == 0;
#else /* newer ones do that themselves */
    return tcc_relocate(c->state) == 0;
#endif
}

static void free_code(Code *c)
{
    if (c->state)
        tcc_delete(c->state);
    if (c->pages)
        munmap(c->pages, c->size);
}

static void compile_job(Job *job)
{
    if (setjmp(escape)) { /* it had no memory, and what it has now cannot be trusted: not freed */
        job->code->state = NULL;
        error_set(&job->error, GRADC_SYSTEM_ERROR, "tcc: out of memory");
        return;
    }
    TCCState *s = job->code->state = tcc_new();
    if (!s)
        return;
    tcc_set_error_func(s, &job->error, note_error);
    tcc_set_options(s, "-nostdinc -nostdlib");
    tcc_set_output_type(s, TCC_OUTPUT_MEMORY);
    add_symbols(s);
    kernels_named(job->text, add_kernel, s);
    if (tcc_compile_string(s, job->text) != 0 || !relocate(job->code)) {
        tcc_delete(s);
        job->code->state = NULL;
    }
}

/* The text with the prelude in place of its #include lines, which stand in front of all else. */
static char *with_prelude(const Allocator *al, const char *text)
{
    size_t n = strlen(text), head = sizeof prelude - 1, math = sizeof declarations - 1;
    char *out = al->alloc(al->user, n + head + math + 1), *to = out;
    if (!out)
        return NULL;
    memcpy(to, prelude, head);
    memcpy(to + head, declarations, math);
    to += head + math;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n") + (strchr(line, '\n') != NULL);
        if (strncmp(line, "#include ", 9) != 0) {
            memcpy(to, line, length);
            to += length;
        }
        line += length;
    }
    *to = '\0';
    return out;
}

static void *open_tcc(const gradc *g, const char *text, gradc_error *error)
{
    const Allocator *al = &g->allocator;
    Code *code = al->alloc(al->user, sizeof *code);
    Job job = {.code = code, .text = code ? with_prelude(al, text) : NULL};
    if (!job.text) {
        if (code)
            al->free(al->user, code);
        error_set(error, GRADC_SYSTEM_ERROR, "out of memory");
        return NULL;
    }
    *code = (Code){.allocator = *al};
    pthread_mutex_lock(&inside);
    compile_job(&job);
    bool good = code->state;
    if (!good)
        free_code(code);
    pthread_mutex_unlock(&inside);
    al->free(al->user, job.text);
    if (good)
        return code;
    al->free(al->user, code);
    error_set(error, GRADC_SYSTEM_ERROR, "%s",
              job.error.text[0] ? job.error.text : "tcc: it gave up");
    return NULL;
}

static void *symbol_tcc(void *state, const char *name)
{
    Code *code = state;
    pthread_mutex_lock(&inside);
    void *p = tcc_get_symbol(code->state, name);
    pthread_mutex_unlock(&inside);
    return p;
}

static void close_tcc(void *state)
{
    Code *code = state;
    Allocator al = code->allocator;
    pthread_mutex_lock(&inside);
    free_code(code);
    pthread_mutex_unlock(&inside);
    al.free(al.user, code);
}

const Backend backend_tcc = {
    .name = "tcc", .strips = true, .open = open_tcc, .symbol = symbol_tcc, .close = close_tcc};
/* What begins with libtcc is made better by jit_auto.c. */
const Backend backend_auto = {
    .name = "auto", .strips = true, .open = open_tcc, .symbol = symbol_tcc, .close = close_tcc};

#else

static void *open_tcc(const gradc *g, const char *text, gradc_error *error)
{
    (void)g;
    (void)text;
    error_set(error, GRADC_SYSTEM_ERROR, "tcc: built without libtcc");
    return NULL;
}

static void *symbol_tcc(void *state, const char *name)
{
    (void)state;
    (void)name;
    return NULL;
}

static void close_tcc(void *state)
{
    (void)state;
}

const Backend backend_tcc = {
    .name = "tcc", .strips = true, .open = open_tcc, .symbol = symbol_tcc, .close = close_tcc};
/* What begins with libtcc is made better by jit_auto.c. */
const Backend backend_auto = {
    .name = "auto", .strips = true, .open = open_tcc, .symbol = symbol_tcc, .close = close_tcc};

#endif
