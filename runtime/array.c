/* array.c - reads arrays from files for hosts: all formats of array_formats.c, and whole .npz
 * files. */
#include "impl.h"

#include "array_formats.h"

#include <stdlib.h>

static void *arena_memory(void *user, size_t size)
{
    (void)user;
    return malloc(size);
}

static void arena_release(void *user, void *block)
{
    (void)user;
    free(block);
}

static Arena *new_arena(void)
{
    return arena_new((Allocator){.alloc = arena_memory, .free = arena_release});
}

static gradc_status no_memory(const char *path, gradc_error *error)
{
    return error_set(error, GRADC_SYSTEM_ERROR, "cannot read %s: out of memory", path);
}

/* False: no memory. */
static bool give(const Stored *s, gradc_array *out)
{
    int64_t *dim = malloc(sizeof *dim * (size_t)(s->rank + 1));
    void *data = malloc((size_t)s->count * (size_t)dtype_bytes(s->type) + 1);
    if (!dim || !data) {
        free(dim);
        free(data);
        return false;
    }
    memcpy(dim, s->dim, sizeof *dim * (size_t)s->rank);
    array_decode(s, data);
    *out = (gradc_array){
        .type = (gradc_type)s->type, .rank = s->rank, .dim = dim, .count = s->count, .data = data};
    return true;
}

static gradc_status read_array(Arena *a, const char *path, gradc_array *out, gradc_error *error)
{
    jmp_buf recover;
    Stored s;
    if (setjmp(recover))
        return no_memory(path, error);
    arena_recover(a, &recover);
    const char *file = path, *key = NULL;
    for (const char *at = path; (at = strstr(at, ".npz:")); at++) {
        file = arena_strndup(a, path, (size_t)(at - path) + 4);
        key = at + 5;
    }
    const char *why = array_load(a, file, key, &s);
    if (why)
        return error_set(error, GRADC_SYSTEM_ERROR, "cannot read %s: %s", file, why);
    return give(&s, out) ? GRADC_OK : no_memory(path, error);
}

gradc_status gradc_array_read(const char *path, gradc_array *array, gradc_error *error)
{
    *array = (gradc_array){0};
    Arena *a = new_arena();
    if (!a)
        return no_memory(path, error);
    gradc_status status = read_array(a, path, array, error);
    arena_free(a);
    return status;
}

void gradc_array_free(gradc_array *array)
{
    free(array->dim);
    free(array->data);
    *array = (gradc_array){0};
}

/* ---- All of a .npz file ---- */

static bool give_named(const Member *m, const Stored *s, gradc_npz *out)
{
    size_t n = strlen(m->name) + 1;
    int i = out->count;
    out->name[i] = malloc(n);
    if (!out->name[i] || !give(s, &out->array[i])) {
        free(out->name[i]);
        return false;
    }
    memcpy(out->name[i], m->name, n);
    out->count++;
    return true;
}

static gradc_status read_npz(Arena *a, const char *path, gradc_npz *out, gradc_error *error)
{
    jmp_buf recover;
    Members all = {0};
    size_t size = 0;
    const char *why = NULL;
    if (setjmp(recover))
        return no_memory(path, error);
    arena_recover(a, &recover);
    const char *text = file_read(a, path, ARRAY_MAX_BYTES, &size, &why);
    Bytes file = {(const unsigned char *)text, size};
    if (text)
        why = npz_is(file) ? npz_list(a, file, &all) : "it is not a .npz file";
    if (why)
        return error_set(error, GRADC_SYSTEM_ERROR, "cannot read %s: %s", path, why);
    out->name = calloc((size_t)all.list.n + 1, sizeof *out->name);
    out->array = calloc((size_t)all.list.n + 1, sizeof *out->array);
    if (!out->name || !out->array)
        return no_memory(path, error);
    for (int i = 0; i < all.list.n; i++) {
        const Member *m = &all.list.at[i];
        Bytes member;
        Stored s;
        why = npz_get(a, file, m, &member);
        if (!why)
            why = npy_parse(a, (const char *)member.at, member.size, &s);
        if (why)
            return error_set(error, GRADC_SYSTEM_ERROR, "cannot read %s: its array %s: %s", path,
                             m->name, why);
        if (!give_named(m, &s, out))
            return no_memory(path, error);
    }
    return GRADC_OK;
}

gradc_status gradc_npz_read(const char *path, gradc_npz *npz, gradc_error *error)
{
    *npz = (gradc_npz){0};
    Arena *a = new_arena();
    if (!a)
        return no_memory(path, error);
    gradc_status status = read_npz(a, path, npz, error);
    arena_free(a);
    if (status != GRADC_OK)
        gradc_npz_free(npz);
    return status;
}

void gradc_npz_free(gradc_npz *npz)
{
    for (int i = 0; i < npz->count; i++) {
        free(npz->name[i]);
        gradc_array_free(&npz->array[i]);
    }
    free(npz->name);
    free(npz->array);
    *npz = (gradc_npz){0};
}
