/* train_save.c - params.npz: parameters, the optimiser's states, and where the run stands.
 *
 * Parameters have their own names, states those of the step's arguments (s_W1). `gradc.position`
 * and `gradc.loss` tell where the run stands, so that one that is resumed goes on bit for bit. A
 * file of parameters alone is a start. */
#include "train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_EPOCH, AT_BATCH, AT_STEPS, AT_SEED, AT_ROWS_OF_BATCH, AT_ROWS, POSITION };

static const char position_name[] = "gradc.position", loss_name[] = "gradc.loss";

int train_load_file(const char *path, gradc_npz *out)
{
    gradc_error e = {0};
    return gradc_npz_read(path, out, &e) == GRADC_OK ? EXIT_GOOD : train_says(&e);
}

static const gradc_array *find(const gradc_npz *npz, const char *name)
{
    for (int i = 0; i < npz->count; i++)
        if (!strcmp(npz->name[i], name))
            return &npz->array[i];
    return NULL;
}

/* Parameters and states: what --save keeps. */
static bool kept(const Input *in)
{
    return in->from == FROM_PARAM || in->from == FROM_STATE;
}

static int take_array(const Train *t, Input *in, const gradc_array *x)
{
    bool same = x->rank == in->a.rank && x->type == in->a.type;
    for (int k = 0; same && k < x->rank; k++)
        same = x->dim[k] == in->value.dim[k];
    if (!same) {
        fprintf(stderr, "gradc: %s: %s is %s", t->o.load, in->a.name, gradc_type_name(x->type));
        for (int k = 0; k < x->rank; k++)
            fprintf(stderr, "%s%lld", k ? ", " : " [", (long long)x->dim[k]);
        fprintf(stderr, "%s, and the model takes %s", x->rank ? "]" : "",
                gradc_type_name(in->a.type));
        for (int k = 0; k < in->a.rank; k++)
            fprintf(stderr, "%s%lld", k ? ", " : " [", (long long)in->value.dim[k]);
        fputs(in->a.rank ? "]\n" : "\n", stderr);
        return EXIT_USAGE;
    }
    memcpy(in->value.data, x->data, (size_t)x->count * gradc_type_bytes(x->type));
    return EXIT_GOOD;
}

static int take_position(Train *t, const gradc_array *at, const gradc_array *loss)
{
    const int64_t *v = at->data;
    if (at->type != GRADC_I64 || at->count != POSITION || !loss || loss->type != GRADC_F64 ||
        loss->count != 1 || v[AT_EPOCH] < 0 || v[AT_BATCH] < 0 || v[AT_STEPS] < 0)
        return train_complain(EXIT_SYSTEM, "%s: %s is not what gradc train has written", t->o.load,
                              position_name);
    if (t->cli.seed_given && t->cli.seed != (uint64_t)v[AT_SEED])
        return train_complain(EXIT_USAGE, "%s was written by a run with --seed %llu", t->o.load,
                              (unsigned long long)v[AT_SEED]);
    if (v[AT_ROWS] != t->train.rows)
        return train_complain(EXIT_USAGE, "%s was written by a run on %lld rows, and here are %lld",
                              t->o.load, (long long)v[AT_ROWS], (long long)t->train.rows);
    if (v[AT_ROWS_OF_BATCH] != t->batch)
        return train_complain(EXIT_USAGE, "%s was written by a run with --batch %lld", t->o.load,
                              (long long)v[AT_ROWS_OF_BATCH]);
    t->epoch = v[AT_EPOCH];
    t->done = v[AT_BATCH];
    t->steps = v[AT_STEPS];
    t->cli.seed = (uint64_t)v[AT_SEED];
    t->loss_sum = *(const double *)loss->data;
    return EXIT_GOOD;
}

int train_resume(Train *t, const gradc_npz *loaded)
{
    const gradc_array *at = find(loaded, position_name);
    for (int i = 0; i < t->ninput; i++) {
        Input *in = &t->input[i];
        const gradc_array *x = kept(in) ? find(loaded, in->a.name) : NULL;
        if (!kept(in) || (!x && !at && in->from == FROM_STATE))
            continue;
        if (!x && in->from == FROM_STATE)
            return train_complain(EXIT_USAGE,
                                  "%s has no %s: it was written by a run with another optimiser",
                                  t->o.load, in->a.name);
        if (!x)
            return train_complain(EXIT_USAGE, "%s has no parameter %s", t->o.load, in->a.name);
        int code = take_array(t, in, x);
        if (code != EXIT_GOOD)
            return code;
    }
    return at ? take_position(t, at, find(loaded, loss_name)) : EXIT_GOOD;
}

int train_save(const Train *t, const char *path)
{
    gradc_error e = {0};
    int n = 0;
    int64_t position[POSITION], length = POSITION;
    double loss = t->loss_sum;
    position[AT_EPOCH] = t->epoch;
    position[AT_BATCH] = t->done;
    position[AT_STEPS] = t->steps;
    position[AT_SEED] = (int64_t)t->cli.seed;
    position[AT_ROWS_OF_BATCH] = t->batch;
    position[AT_ROWS] = t->train.rows;
    const char **name = calloc((size_t)t->ninput + 2, sizeof *name);
    gradc_array *array = calloc((size_t)t->ninput + 2, sizeof *array);
    if (!name || !array) {
        free(name);
        free(array);
        return train_no_memory();
    }
    for (int i = 0; i < t->ninput; i++)
        if (kept(&t->input[i])) {
            name[n] = t->input[i].a.name;
            array[n++] = t->input[i].value;
        }
    name[n] = position_name;
    array[n++] = (gradc_array){GRADC_I64, 1, &length, POSITION, position};
    name[n] = loss_name;
    array[n++] = (gradc_array){GRADC_F64, 0, &length, 1, &loss};
    gradc_status status = gradc_npz_write(path, n, name, array, &e);
    free(name);
    free(array);
    return status == GRADC_OK ? EXIT_GOOD : train_says(&e);
}
