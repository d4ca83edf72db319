/* alloc_test.c - a compilation that runs out of memory.
 *
 * Of each model every allocation fails in turn, once alone and once with all that come after it:
 * the compilation says GRADC_SYSTEM_ERROR (or gives NULL, where there was no memory at all), shows
 * no text, gives back every block and closes every file. Then the same for the texts that are made
 * on demand. With the sanitizers every object is an allocation of its own; there the failures are
 * spread over all of them.
 *
 *   alloc_test [MODEL.dg...]   from the root of the repository */
#include "runtime/gradc.h"
#include "tests/count.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 300, SPREAD = 250 }; /* failures tried one by one, and how many over the others */

typedef struct Memory {
    long count, live; /* allocations so far; blocks not given back */
    long fail_at;     /* the number of the one that fails; 0: none */
    bool and_after;
} Memory;

static void holds(bool ok, const char *model, const char *what, const Memory *m)
{
    result(ok, "%s: %s (allocation %ld fails%s)", model, what, m->fail_at,
           m->and_after ? ", and all behind it" : "");
}

static void *take(void *user, size_t size)
{
    Memory *m = user;
    m->count++;
    if (m->fail_at && (m->and_after ? m->count >= m->fail_at : m->count == m->fail_at))
        return NULL;
    void *p = malloc(size);
    if (p)
        memset(p, 0xa5, size); /* nobody may count on zeros */
    m->live += p != NULL;
    return p;
}

static void give_back(void *user, void *block)
{
    Memory *m = user;
    m->live -= block != NULL;
    free(block);
}

/* -1 where the system does not tell. */
static int open_files(void)
{
    DIR *d = opendir("/proc/self/fd");
    int n = 0;
    if (!d)
        return -1;
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

static gradc *compile(const char *model, Memory *m)
{
    gradc_options o;
    gradc_options_init(&o);
    o.alloc = take;
    o.free = give_back;
    o.user = m;
    o.dump = "elaborate";
    return gradc_compile_file(model, &o);
}

/* What a compilation without memory looks like from outside. */
static void check_failure(const char *model, gradc *g, const Memory *m)
{
    if (!g)
        return;
    holds(gradc_get_status(g) == GRADC_SYSTEM_ERROR, model, "the status is not GRADC_SYSTEM_ERROR",
          m);
    holds(gradc_errors(g) && strstr(gradc_errors(g), "memory"), model,
          "the errors do not speak of memory", m);
    holds(!gradc_c_text(g) && !gradc_header_text(g) && !gradc_dump_text(g) &&
              !gradc_show_text(g) && !gradc_dot_text(g),
          model, "there is a text", m);
    for (int i = 0; i < gradc_message_count(g); i++)
        holds(gradc_get_message(g, i).text != NULL, model, "a message without text", m);
}

static void fail_once(const char *model, long at, bool and_after)
{
    Memory m = {.fail_at = at, .and_after = and_after};
    int files = open_files();
    gradc *g = compile(model, &m);
    check_failure(model, g, &m);
    gradc_free(g);
    holds(m.live == 0, model, "blocks are left", &m);
    holds(open_files() == files, model, "a file is left open", &m);
}

/* The texts that are made when they are asked for: NULL without memory; and what there was stays.
 */
static void fail_on_demand(const char *model, const char *(*text)(gradc *), const char *what)
{
    Memory m = {0};
    gradc *g = compile(model, &m);
    const char *good = g ? text(g) : NULL;
    char *copy = good ? strdup(good) : NULL;
    holds(copy != NULL, model, what, &m);
    gradc_free(g);
    long total = m.count, done = 0;
    bool once = false;
    for (long at = 1; copy && at <= total; at++) {
        m = (Memory){0};
        g = compile(model, &m);
        m.fail_at = m.count + at;
        const char *t = text(g);
        if (m.count < m.fail_at) { /* it wanted no more */
            gradc_free(g);
            break;
        }
        once = true;
        holds(!t, model, what, &m);
        m.fail_at = 0;
        holds(gradc_c_text(g) != NULL && gradc_get_status(g) == GRADC_OK, model, "the C is gone",
              &m);
        t = text(g); /* there is memory again */
        holds(t && !strcmp(t, copy), model, "another text at the second try", &m);
        gradc_free(g);
        holds(m.live == 0, model, "blocks are left", &m);
        if (++done > 20)
            at += at / 4;
    }
    (void)once; /* a small model's texts fit in the block that is there already */
    free(copy);
}

static void test_model(const char *model)
{
    Memory m = {0};
    gradc *g = compile(model, &m);
    long total = m.count;
    holds(g && gradc_get_status(g) == GRADC_OK, model, g ? gradc_errors(g) : "NULL", &m);
    bool good = g && gradc_get_status(g) == GRADC_OK;
    gradc_free(g);
    holds(m.live == 0, model, "blocks are left", &m);
    if (!good)
        return;
    long step = total > FIRST ? (total - FIRST) / SPREAD + 1 : 1;
    for (long at = 1; at <= total; at += at < FIRST ? 1 : step)
        fail_once(model, at, at % 2 == 0);
    for (long at = 1; at <= total && at <= FIRST; at++)
        fail_once(model, at, at % 2 != 0);
    fail_on_demand(model, gradc_show_text, "gradc_show_text");
    fail_on_demand(model, gradc_dot_text, "gradc_dot_text");
}

/* A wrong model: rendering its messages takes memory too. */
static void test_wrong_model(void)
{
    static const char text[] =
        "fn f(x[N], y[M]) = x + y + missing\nfn g(x) = f(x, x)\nexport f with grad(z)\n";
    Memory m = {0};
    gradc_options o;
    gradc_options_init(&o);
    o.alloc = take;
    o.free = give_back;
    o.user = &m;
    gradc *g = gradc_compile_string("wrong.dg", text, sizeof text - 1, &o);
    holds(g && gradc_get_status(g) == GRADC_MODEL_ERROR && gradc_message_count(g) > 0, "wrong.dg",
          "it is not wrong", &m);
    gradc_free(g);
    long total = m.count;
    for (long at = 1; at <= total; at++) {
        m = (Memory){.fail_at = at};
        g = gradc_compile_string("wrong.dg", text, sizeof text - 1, &o);
        check_failure("wrong.dg", g, &m);
        gradc_free(g);
        holds(m.live == 0, "wrong.dg", "blocks are left", &m);
    }
}

int main(int argc, char **argv)
{
    static const char *const models[] = {"examples/chain.dg", "examples/mlp.dg",
                                         "examples/rosenbrock.dg", "examples/gmm.dg"};
    for (int i = 1; i < argc; i++)
        test_model(argv[i]);
    for (size_t i = 0; argc < 2 && i < sizeof models / sizeof *models; i++)
        test_model(models[i]);
    test_wrong_model();
    return sum_up();
}
