/* train_data.c - what a training step is given: rows of data files, values of the command line, and
 * the memory of parameters and states.
 *
 * The first axis of an argument that has data is its rows: an open size, the same for all of them.
 * The rows of a batch are converted when they are fetched. */
#include "run.h"
#include "train.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_real(gradc_type t)
{
    return t == GRADC_F32 || t == GRADC_F64;
}

static int find_input(const Train *t, const char *name)
{
    for (int i = 0; i < t->ninput; i++)
        if (run_is_named(t->input[i].a.name, name))
            return i;
    return -1;
}

/* ---- Data files ---- */

static int no_argument(const Train *t, const char *option, const char *name)
{
    fprintf(stderr, "gradc: %s: %s has no argument '%s'; it takes", option, t->step.info.base,
            name);
    const char *comma = "";
    for (int i = 0; i < t->ninput; i++)
        if (t->input[i].from <= FROM_VALUE) {
            fprintf(stderr, "%s %s", comma, t->input[i].a.name);
            comma = ",";
        }
    fputs("\n", stderr);
    return EXIT_USAGE;
}

/* 0.5, 1/255 */
static bool read_scale(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    if (end != text && *end == '/') {
        text = end + 1;
        *out /= strtod(text, &end);
    }
    return end != text && !*end && isfinite(*out);
}

static int read_scales(Train *t)
{
    for (int k = 0; k < t->o.scale.n; k++) {
        const Pair *p = &t->o.scale.at[k];
        int i = find_input(t, p->name);
        double v;
        if (i < 0 || t->input[i].from != FROM_DATA)
            return train_complain(EXIT_USAGE, "--scale: there is no --data %s=FILE", p->name);
        if (!is_real(t->input[i].a.type))
            return train_complain(EXIT_USAGE, "--scale: %s is of type %s", p->name,
                                  gradc_type_name(t->input[i].a.type));
        if (!read_scale(p->text, &v))
            return train_complain(EXIT_USAGE, "--scale %s=%s: a number is expected, or as 1/255",
                                  p->name, p->text);
        t->train.column[i].scale = v;
        if (t->test.rows)
            t->test.column[i].scale = v;
    }
    return EXIT_GOOD;
}

static int64_t integer_at(const gradc_array *a, int64_t i)
{
    return a->type == GRADC_I64   ? ((int64_t *)a->data)[i]
           : a->type == GRADC_I32 ? ((int32_t *)a->data)[i]
                                  : ((uint8_t *)a->data)[i];
}

/* That all elements have a value in the argument's type. */
static int check_column(const gradc_argument *a, const gradc_array *x, const char *path)
{
    if (is_real(a->type))
        return EXIT_GOOD;
    if (is_real(x->type))
        return train_complain(EXIT_USAGE, "%s: %s is of type %s, and the file holds reals (%s)",
                              path, a->name, gradc_type_name(a->type), gradc_type_name(x->type));
    int64_t low = a->type == GRADC_I64 ? INT64_MIN : a->type == GRADC_I32 ? INT32_MIN : 0;
    int64_t high = a->type == GRADC_I64   ? INT64_MAX
                   : a->type == GRADC_I32 ? INT32_MAX
                   : a->type == GRADC_U8  ? 255
                                          : 1;
    for (int64_t i = 0; i < x->count; i++) {
        int64_t v = integer_at(x, i);
        if (v < low || v > high)
            return train_complain(EXIT_USAGE, "%s: %s is of type %s, which has no %lld", path,
                                  a->name, gradc_type_name(a->type), (long long)v);
    }
    return EXIT_GOOD;
}

static int read_set(Train *t, const char *option, const Pairs *pairs, DataSet *set)
{
    gradc_error e = {0};
    set->column = calloc((size_t)t->ninput + 1, sizeof *set->column);
    if (!set->column)
        return train_no_memory();
    const char *first = NULL;
    for (int k = 0; k < pairs->n; k++) {
        const Pair *p = &pairs->at[k];
        int i = find_input(t, p->name);
        if (i < 0 || t->input[i].a.role != GRADC_INPUT || t->input[i].from > FROM_DATA)
            return no_argument(t, option, p->name);
        Input *in = &t->input[i];
        Column *c = &set->column[i];
        if (!in->a.rank || in->a.dim[0] >= 0)
            return train_complain(EXIT_USAGE,
                                  "%s %s: its first axis is not an open size, so it has no rows",
                                  option, p->name);
        c->scale = 1;
        if (gradc_array_read(p->text, &c->array, &e) != GRADC_OK)
            return train_says(&e);
        if (!c->array.rank)
            return train_complain(EXIT_USAGE, "%s has no rows: it is a single number", p->text);
        int code = check_column(&in->a, &c->array, p->text);
        if (code != EXIT_GOOD)
            return code;
        in->from = FROM_DATA;
        int64_t rows = c->array.dim[0];
        if (!rows)
            return train_complain(EXIT_USAGE, "%s has no rows", p->text);
        if (first && rows != set->rows)
            return train_complain(EXIT_USAGE, "%s has %lld rows, and %s has %lld", first,
                                  (long long)set->rows, p->text, (long long)rows);
        first = p->text;
        set->rows = rows;
    }
    return EXIT_GOOD;
}

static int read_data(Train *t)
{
    int code = read_set(t, "--data", &t->o.data, &t->train);
    if (code == EXIT_GOOD && t->o.test.n)
        code = read_set(t, "--test", &t->o.test, &t->test);
    if (code != EXIT_GOOD)
        return code;
    for (int i = 0; i < t->ninput && t->test.rows; i++)
        if (t->input[i].from == FROM_DATA && !t->test.column[i].array.dim)
            return train_complain(EXIT_USAGE, "there is a --data %s=FILE, but no --test %s=FILE",
                                  t->input[i].a.name, t->input[i].a.name);
        else if (t->input[i].from == FROM_DATA && !t->train.column[i].array.dim)
            return train_complain(EXIT_USAGE, "there is a --test %s=FILE, but no --data %s=FILE",
                                  t->input[i].a.name, t->input[i].a.name);
    return read_scales(t);
}

/* ---- Shapes and sizes ---- */

/* The length of an axis as far as the model or the command line tells it, or -1. */
static int64_t known_length(const Train *t, const gradc_argument *a, int axis)
{
    for (int k = 0; k < t->step.info.nsize; k++)
        if (!strcmp(gradc_get_argument(t->g, t->step.index, t->ninput + k).name, a->dim_text[axis]))
            return t->sizes[k];
    return a->dim[axis];
}

/* The shape of a batch of the rows of a file, as the argument takes it: its axes behind the first
 * as they are, or, where there are others, the elements of a row in the lengths that are known and
 * one that is not (images as vectors). */
static int64_t *batch_shape(const Train *t, const gradc_argument *a, const gradc_array *x,
                            int64_t rows)
{
    int64_t *dim = malloc(sizeof *dim * (size_t)(a->rank + 1)), row = 1, known = 1;
    int open = 0;
    if (!dim)
        return NULL;
    dim[0] = rows;
    for (int k = 1; k < x->rank; k++)
        row *= x->dim[k];
    for (int k = 1; k < a->rank; k++) {
        dim[k] = x->rank == a->rank ? x->dim[k] : known_length(t, a, k);
        known *= dim[k] < 0 ? 1 : dim[k];
        open += dim[k] < 0;
    }
    bool fits = open == 1 ? known && row % known == 0 : !open && row == known;
    for (int k = 1; k < a->rank; k++)
        if (dim[k] < 0 && fits)
            dim[k] = row / known;
    if (fits)
        return dim;
    free(dim);
    return NULL;
}

static int shape_of_column(Train *t, const DataSet *set, int i, int64_t **out)
{
    const gradc_array *x = &set->column[i].array;
    const gradc_argument *a = &t->input[i].a;
    *out = batch_shape(t, a, x, t->batch);
    if (*out)
        return EXIT_GOOD;
    fprintf(stderr, "gradc: %s has %d ax%s", a->name, a->rank, a->rank == 1 ? "is" : "es");
    fputs(", and its data is of shape [", stderr);
    for (int k = 0; k < x->rank; k++)
        fprintf(stderr, "%s%lld", k ? ", " : "", (long long)x->dim[k]);
    fputs("]\n", stderr);
    return EXIT_USAGE;
}

/* NAME=VALUE behind the model: an argument or an open size. */
static int take_words(Train *t)
{
    for (int k = 0; k < t->step.info.nsize; k++)
        t->sizes[k] = -1;
    for (int w = 0; w < t->cli.nrest; w++) {
        char *word = t->cli.rest[w], *equal = strchr(word, '=');
        if (!equal || equal == word)
            return train_complain(EXIT_USAGE, "'%s' is not NAME=VALUE", word);
        *equal = '\0';
        int i = find_input(t, word), code = EXIT_GOOD, size = -1;
        for (int k = 0; k < t->step.info.nsize; k++)
            if (!strcmp(gradc_get_argument(t->g, t->step.index, t->ninput + k).name, word))
                size = k;
        if (size >= 0) {
            char *end;
            errno = 0;
            t->sizes[size] = strtoll(equal + 1, &end, 10);
            if (errno || end == equal + 1 || *end || t->sizes[size] < 0)
                return train_complain(EXIT_USAGE, "%s=%s: a size is an integer from 0 on", word,
                                      equal + 1);
            continue;
        }
        bool param = i >= 0 && t->input[i].from == FROM_PARAM;
        if (i < 0 || !(param || t->input[i].from == FROM_NOTHING) || t->input[i].value.dim)
            return no_argument(t, word, word);
        if (!run_read_value(word, equal + 1, &t->input[i].value, &code))
            return code;
        void *data = run_convert(word, &t->input[i].value, t->input[i].a.type);
        if (!data)
            return EXIT_USAGE;
        free(t->input[i].value.data);
        t->input[i].value.data = data;
        t->input[i].value.type = t->input[i].a.type;
        t->input[i].given = param; /* where it starts */
        t->input[i].from = param ? FROM_PARAM : FROM_VALUE;
    }
    for (int i = 0; i < t->ninput; i++) /* what is written as C gets its rows later */
        if (t->input[i].from == FROM_NOTHING && t->cli.output && t->input[i].a.rank &&
            t->input[i].a.dim[0] < 0)
            t->input[i].from = FROM_DATA;
        else if (t->input[i].from == FROM_NOTHING)
            return train_complain(
                EXIT_USAGE, "%s takes %s: give it as --data %s=FILE, or %s=VALUE behind the model",
                t->step.info.base, t->input[i].a.name, t->input[i].a.name, t->input[i].a.name);
    return EXIT_GOOD;
}

/* The open size that counts the rows: the first axis of all data. */
static int find_rows(Train *t)
{
    const char *name = NULL, *of = NULL;
    t->rows_size = -1;
    for (int i = 0; i < t->ninput; i++) {
        const gradc_argument *a = &t->input[i].a;
        if (t->input[i].from != FROM_DATA)
            continue;
        if (name && strcmp(name, a->dim_text[0]) != 0)
            return train_complain(
                EXIT_USAGE,
                "the rows of %s are %s, and those of %s are %s: data goes row by row "
                "together",
                of, name, a->name, a->dim_text[0]);
        name = a->dim_text[0];
        of = a->name;
    }
    for (int k = 0; name && k < t->step.info.nsize; k++)
        if (!strcmp(gradc_get_argument(t->g, t->step.index, t->ninput + k).name, name))
            t->rows_size = k;
    if (name && t->rows_size < 0)
        return train_complain(
            EXIT_USAGE, "the first axis of %s is %s, which is not a size by itself", of, name);
    for (int i = 0; name && i < t->ninput; i++)
        for (int k = 0; k < t->input[i].a.rank && t->input[i].from != FROM_DATA; k++)
            if (!strcmp(t->input[i].a.dim_text[k], name))
                return train_complain(EXIT_USAGE,
                                      "%s has an axis %s, which is the number of rows of %s",
                                      t->input[i].a.name, name, of);
    return EXIT_GOOD;
}

static const gradc_array *loaded_array(const gradc_npz *npz, const char *name)
{
    for (int i = 0; npz && i < npz->count; i++)
        if (!strcmp(npz->name[i], name))
            return &npz->array[i];
    return NULL;
}

static int find_sizes(Train *t, const gradc_npz *loaded)
{
    gradc_error e = {0};
    gradc_shape *shape = calloc((size_t)t->ninput + 1, sizeof *shape);
    int64_t **own = calloc((size_t)t->ninput + 1, sizeof *own);
    int code = shape && own ? EXIT_GOOD : train_no_memory();
    for (int i = 0; i < t->ninput && code == EXIT_GOOD; i++) {
        const Input *in = &t->input[i];
        const gradc_array *x = in->value.dim ? &in->value : loaded_array(loaded, in->a.name);
        shape[i].rank = -1;
        bool rows = in->from == FROM_DATA && t->train.column[i].array.dim;
        if (rows && (code = shape_of_column(t, &t->train, i, &own[i])) == EXIT_GOOD)
            shape[i] = (gradc_shape){in->a.rank, own[i]};
        else if (in->from == FROM_VALUE)
            shape[i] = (gradc_shape){in->value.rank, in->value.dim};
        else if (in->from == FROM_PARAM && x)
            shape[i] = (gradc_shape){x->rank, x->dim};
    }
    if (code == EXIT_GOOD &&
        gradc_infer_sizes(t->g, t->step.index, shape, t->sizes, &e) != GRADC_OK)
        code = train_says(&e);
    for (int i = 0; i < t->ninput && code == EXIT_GOOD && t->test.rows; i++) {
        int64_t *dim = NULL;
        if (t->input[i].from != FROM_DATA)
            continue;
        code = shape_of_column(t, &t->test, i, &dim);
        for (int k = 1; k < t->input[i].a.rank && code == EXIT_GOOD; k++)
            if (dim[k] != own[i][k])
                code = train_complain(
                    EXIT_USAGE, "the rows of --test %s have another shape than those of --data",
                    t->input[i].a.name);
        free(dim);
    }
    for (int i = 0; own && i < t->ninput; i++)
        free(own[i]);
    free(own);
    free(shape);
    return code;
}

/* ---- Memory ---- */

static int make_room(Train *t)
{
    for (int i = 0; i < t->ninput; i++) {
        Input *in = &t->input[i];
        if (in->value.dim)
            continue;
        int64_t dim[GRADC_MAX_RANK], count = gradc_get_shape(t->g, t->step.index, i, t->sizes, dim);
        size_t bytes = gradc_type_bytes(in->a.type);
        in->value = (gradc_array){.type = in->a.type, .rank = in->a.rank, .count = count};
        in->value.dim = malloc(sizeof dim[0] * (size_t)(in->a.rank + 1));
        in->value.data = calloc((size_t)count + 1, bytes);
        if (!in->value.dim || !in->value.data)
            return train_no_memory();
        memcpy(in->value.dim, dim, sizeof dim[0] * (size_t)in->a.rank);
        if (in->from == FROM_DATA)
            in->row = dim[0] ? count / dim[0] : 0;
        if (in->from == FROM_SETTING) {
            int code = train_setting(&t->o, in->a.what, &in->setting);
            if (code != EXIT_GOOD)
                return code;
        }
    }
    t->order = calloc((size_t)t->train.rows + 1, sizeof *t->order);
    return t->order ? EXIT_GOOD : train_no_memory();
}

int train_inputs(Train *t, const gradc_npz *loaded)
{
    t->ninput = t->step.info.ninput;
    t->input = calloc((size_t)t->ninput + 1, sizeof *t->input);
    t->sizes = calloc((size_t)t->step.info.nsize + 1, sizeof *t->sizes);
    if (!t->input || !t->sizes)
        return train_no_memory();
    for (int i = 0; i < t->ninput; i++) {
        gradc_argument a = gradc_get_argument(t->g, t->step.index, i);
        t->input[i].a = a;
        t->input[i].from = a.role == GRADC_STATE     ? FROM_STATE
                           : a.role == GRADC_SETTING ? FROM_SETTING
                           : a.updated               ? FROM_PARAM
                                                     : FROM_NOTHING;
    }
    int code = train_check_settings(t);
    if (code == EXIT_GOOD)
        code = read_data(t);
    if (code == EXIT_GOOD)
        code = take_words(t);
    if (code == EXIT_GOOD)
        code = find_rows(t);
    if (code != EXIT_GOOD)
        return code;
    if (!t->o.data.n)
        t->train.rows = t->rows_size >= 0 && t->o.batch ? t->o.batch : 1;
    t->batch = t->o.batch && t->o.batch < t->train.rows ? t->o.batch : t->train.rows;
    if (t->rows_size >= 0 && t->sizes[t->rows_size] < 0)
        t->sizes[t->rows_size] = t->batch;
    t->batches = (t->train.rows + t->batch - 1) / t->batch;
    code = find_sizes(t, loaded);
    return code == EXIT_GOOD ? make_room(t) : code;
}

static void free_set(DataSet *set, int n)
{
    for (int i = 0; set->column && i < n; i++)
        gradc_array_free(&set->column[i].array);
    free(set->column);
}

void train_inputs_free(Train *t)
{
    free_set(&t->train, t->ninput);
    free_set(&t->test, t->ninput);
    for (int i = 0; t->input && i < t->ninput; i++)
        gradc_array_free(&t->input[i].value);
    free(t->input);
    free(t->sizes);
    free(t->order);
}

/* ---- Batches ---- */

#define CONVERT_ROW(from_type, to_type)                                                            \
    for (int64_t k = 0; k < n; k++)                                                                \
    ((to_type *)to)[k] = (to_type)((double)((const from_type *)from)[k] * scale)
#define CONVERT_INTEGERS(from_type, to_type)                                                       \
    for (int64_t k = 0; k < n; k++)                                                                \
    ((to_type *)to)[k] = (to_type)((const from_type *)from)[k]
#define FROM_ANY(from_type)                                                                        \
    switch (to_is) {                                                                               \
    case GRADC_F32:                                                                                \
        CONVERT_ROW(from_type, float);                                                             \
        break;                                                                                     \
    case GRADC_F64:                                                                                \
        CONVERT_ROW(from_type, double);                                                            \
        break;                                                                                     \
    case GRADC_I64:                                                                                \
        CONVERT_INTEGERS(from_type, int64_t);                                                      \
        break;                                                                                     \
    case GRADC_I32:                                                                                \
        CONVERT_INTEGERS(from_type, int32_t);                                                      \
        break;                                                                                     \
    default:                                                                                       \
        CONVERT_INTEGERS(from_type, uint8_t);                                                      \
        break;                                                                                     \
    }

/* n elements; what has no value in the other type has been refused (check_column). */
static void convert(void *to, gradc_type to_is, const void *from, gradc_type from_is, int64_t n,
                    double scale)
{
    switch (from_is) {
    case GRADC_F64:
        FROM_ANY(double)
        break;
    case GRADC_F32:
        FROM_ANY(float)
        break;
    case GRADC_I64:
        FROM_ANY(int64_t)
        break;
    case GRADC_I32:
        FROM_ANY(int32_t)
        break;
    default:
        FROM_ANY(uint8_t)
        break;
    }
}

void train_fetch(Train *t, const DataSet *set, const int64_t *order, int64_t first, int64_t n)
{
    for (int i = 0; i < t->ninput; i++) {
        Input *in = &t->input[i];
        if (in->from != FROM_DATA)
            continue;
        const Column *c = &set->column[i];
        size_t to_bytes = gradc_type_bytes(in->a.type),
               from_bytes = gradc_type_bytes(c->array.type);
        for (int64_t k = 0; k < n; k++) {
            int64_t at = order ? order[k] : first + k;
            convert((char *)in->value.data + (size_t)(k * in->row) * to_bytes, in->a.type,
                    (const char *)c->array.data + (size_t)(at * in->row) * from_bytes,
                    c->array.type, in->row, c->scale);
        }
    }
}

/* splitmix64 of a counter: the numbers depend on seed, epoch and place alone. */
static uint64_t random_bits(uint64_t key, uint64_t counter)
{
    uint64_t z = key + (counter + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void train_shuffle(Train *t)
{
    uint64_t key = random_bits(random_bits(0, t->cli.seed), (uint64_t)t->epoch);
    for (int64_t i = 0; i < t->train.rows; i++) {
        int64_t j = (int64_t)(random_bits(key, (uint64_t)i) % (uint64_t)(i + 1));
        t->order[i] = t->order[j];
        t->order[j] = i;
    }
}
