/* run_value.c - the values that `gradc run` is given: numbers, nested lists, files. */
#include "run.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Reader {
    const char *at, *wrong;
    bool whole; /* all elements so far are integers, and exact in `integer` */
    double *real;
    int64_t *integer;
    int64_t count, room;
    int rank; /* of the first element; -1 before it */
    int64_t dim[GRADC_MAX_RANK];
    bool known[GRADC_MAX_RANK];
} Reader;

static void blanks(Reader *r)
{
    r->at += strspn(r->at, " \t\n\r");
}

static bool keep(Reader *r, double real, int64_t integer)
{
    if (r->count == r->room) {
        int64_t room = r->room ? 2 * r->room : 64;
        double *d = realloc(r->real, sizeof *d * (size_t)room);
        if (d)
            r->real = d;
        int64_t *i = realloc(r->integer, sizeof *i * (size_t)room);
        if (i)
            r->integer = i;
        if (!d || !i) {
            r->wrong = "there is no memory for it";
            return false;
        }
        r->room = room;
    }
    r->real[r->count] = real;
    r->integer[r->count++] = integer;
    return true;
}

static bool read_word(Reader *r)
{
    static const struct {
        const char *name;
        double value;
    } words[] = {{"true", 1}, {"false", 0}, {"True", 1}, {"False", 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncmp(r->at, words[i].name, strlen(words[i].name))) {
            r->at += strlen(words[i].name);
            return keep(r, words[i].value, (int64_t)words[i].value);
        }
    return false;
}

static void read_number(Reader *r)
{
    char *real_end, *integer_end;
    if (read_word(r) || r->wrong)
        return;
    double d = strtod(r->at, &real_end); /* nan and inf too */
    errno = 0;
    long long i = strtoll(r->at, &integer_end, 10);
    if (real_end == r->at) {
        r->wrong = "a number is expected";
        return;
    }
    bool whole = integer_end == real_end && !errno;
    r->whole &= whole;
    r->at = real_end;
    keep(r, d, whole ? i : 0);
}

static void read_list(Reader *r, int depth)
{
    int64_t n = 0;
    blanks(r);
    if (*r->at != '[') {
        if (r->rank >= 0 && r->rank != depth)
            r->wrong = "the lists are not equally deep";
        r->rank = depth;
        if (!r->wrong)
            read_number(r);
        return;
    }
    if (depth == GRADC_MAX_RANK || r->rank == depth) {
        r->wrong = r->rank == depth ? "the lists are not equally deep" : "the lists are too deep";
        return;
    }
    r->at++;
    for (blanks(r); *r->at != ']' && !r->wrong; n++) {
        read_list(r, depth + 1);
        blanks(r);
        if (*r->at == ',')
            r->at++;
        else if (*r->at != ']' && !r->wrong)
            r->wrong = "`,` or `]` is expected";
        blanks(r);
    }
    if (!r->wrong)
        r->at++;
    if (!r->wrong && r->known[depth] && r->dim[depth] != n)
        r->wrong = "the lists are not of one length";
    r->known[depth] = true;
    r->dim[depth] = n;
}

/* The rank of `[[], []]`, in which there is no element, is that of its brackets. */
static void finish(Reader *r)
{
    int deep = 0;
    while (deep < GRADC_MAX_RANK && r->known[deep])
        deep++;
    if (r->rank < 0)
        r->rank = deep;
    else if (deep > r->rank)
        r->wrong = "the lists are not equally deep";
}

static bool read_literal(const char *name, const char *text, gradc_array *out)
{
    Reader r = {.at = text, .whole = true, .rank = -1};
    read_list(&r, 0);
    blanks(&r);
    if (!r.wrong)
        finish(&r);
    if (!r.wrong && *r.at)
        r.wrong = "something stands behind the value";
    int64_t *dim = malloc(sizeof r.dim);
    if (!dim && !r.wrong)
        r.wrong = "there is no memory for it";
    if (r.wrong) {
        fprintf(stderr, "gradc: %s=%.60s%s: %s", name, text, strlen(text) > 60 ? "..." : "",
                r.wrong);
        fprintf(stderr, *r.at ? ", at `%.20s`\n" : ", at its end\n", r.at);
        free(r.real);
        free(r.integer);
        free(dim);
        return false;
    }
    memcpy(dim, r.dim, sizeof r.dim);
    *out = (gradc_array){
        .type = r.whole ? GRADC_I64 : GRADC_F64, .rank = r.rank, .dim = dim, .count = r.count};
    out->data = r.whole ? (void *)r.integer : (void *)r.real;
    free(r.whole ? (void *)r.real : (void *)r.integer);
    return true;
}

bool run_read_value(const char *name, const char *text, gradc_array *out, int *code)
{
    gradc_error e = {0};
    *out = (gradc_array){0};
    if (*text != '@') {
        *code = EXIT_USAGE;
        return read_literal(name, text, out);
    }
    *code = EXIT_SYSTEM;
    if (gradc_array_read(text + 1, out, &e) == GRADC_OK)
        return true;
    fprintf(stderr, "gradc: %s: %s\n", name, e.text);
    return false;
}

/* ---- Types ---- */

static double real_at(const gradc_array *a, int64_t i)
{
    switch (a->type) {
    case GRADC_F64:
        return ((double *)a->data)[i];
    case GRADC_F32:
        return (double)((float *)a->data)[i];
    case GRADC_I64:
        return (double)((int64_t *)a->data)[i];
    case GRADC_I32:
        return ((int32_t *)a->data)[i];
    default:
        return ((uint8_t *)a->data)[i];
    }
}

static int64_t integer_at(const gradc_array *a, int64_t i)
{
    switch (a->type) {
    case GRADC_I64:
        return ((int64_t *)a->data)[i];
    case GRADC_I32:
        return ((int32_t *)a->data)[i];
    default:
        return ((uint8_t *)a->data)[i];
    }
}

static bool in_range(gradc_type t, int64_t v)
{
    switch (t) {
    case GRADC_BOOL:
        return v == 0 || v == 1;
    case GRADC_U8:
        return v >= 0 && v <= 255;
    case GRADC_I32:
        return v >= INT32_MIN && v <= INT32_MAX;
    default:
        return true;
    }
}

static void store(void *to, gradc_type t, int64_t i, const gradc_array *from)
{
    switch (t) {
    case GRADC_F64:
        ((double *)to)[i] = real_at(from, i);
        break;
    case GRADC_F32:
        ((float *)to)[i] = (float)real_at(from, i);
        break;
    case GRADC_I64:
        ((int64_t *)to)[i] = integer_at(from, i);
        break;
    case GRADC_I32:
        ((int32_t *)to)[i] = (int32_t)integer_at(from, i);
        break;
    default:
        ((uint8_t *)to)[i] = (uint8_t)integer_at(from, i);
        break;
    }
}

bool run_is_named(const char *name, const char *word)
{
    size_t n = strlen(word);
    return !strncmp(name, word, n) && (!name[n] || !strcmp(name + n, "_"));
}

void *run_convert(const char *name, const gradc_array *from, gradc_type t)
{
    bool to_real = t == GRADC_F32 || t == GRADC_F64;
    bool from_real = from->type == GRADC_F32 || from->type == GRADC_F64;
    if (from_real && !to_real) {
        fprintf(stderr, "gradc: %s is of type %s, and is given reals (%s)\n", name,
                gradc_type_name(t), gradc_type_name(from->type));
        return NULL;
    }
    void *to = malloc((size_t)from->count * gradc_type_bytes(t) + 1);
    if (!to)
        fprintf(stderr, "gradc: out of memory\n");
    for (int64_t i = 0; to && i < from->count; i++) {
        if (!to_real && !in_range(t, integer_at(from, i))) {
            fprintf(stderr, "gradc: %s is of type %s, which has no %lld\n", name,
                    gradc_type_name(t), (long long)integer_at(from, i));
            free(to);
            return NULL;
        }
        store(to, t, i, from);
    }
    return to;
}
