/* jit_interp.c - the backend "interp": the model's graph as elaboration made it, node by node. */
#include "impl.h"

#include "interp.h"

/* Stateless: the gradc itself is the state. A call has an arena of its own. */
static void *open_interp(const gradc *g, const char *text, gradc_error *error)
{
    (void)text;
    (void)error;
    return (void *)(uintptr_t)g; /* only read */
}

static void close_interp(void *state)
{
    (void)state;
}

/* Elements in the C layout of their type. */
static void store(const Interp *it, const Node *n, int64_t count, void *out)
{
    for (int64_t i = 0; i < count; i++)
        switch ((Dtype)n->dtype) {
        case T_F64:
            ((double *)out)[i] = interp_real(it, n)[i];
            break;
        case T_F32:
            ((float *)out)[i] = (float)interp_real(it, n)[i];
            break;
        case T_I64:
            ((int64_t *)out)[i] = interp_integer(it, n)[i];
            break;
        case T_I32:
            ((int32_t *)out)[i] = (int32_t)interp_integer(it, n)[i];
            break;
        case T_U8:
        case T_BOOL:
            ((uint8_t *)out)[i] = (uint8_t)interp_integer(it, n)[i];
            break;
        }
}

static int run(Arena *a, const Function *f, void *const *in, const int64_t *sizes, void *const *out)
{
    jmp_buf recover;
    if (setjmp(recover))
        return GRADC_CALL_FAILED;
    arena_recover(a, &recover);
    Node **root;
    Interp *it = interp_new(a, f->graph, f->sizes.n, f->sizes.at, sizes);
    for (int i = 0; i < f->args.n; i++)
        interp_param(it, f->args.at[i].param, in[i]);
    function_roots(a, f, &root);
    for (int i = 0; i < f->checks.n; i++) {
        Node *cond = root[f->outputs.n + i];
        if (interp_run(it, 1, &cond))
            return interp_code(it);
        if (!interp_integer(it, cond)[0])
            return f->checks.at[i].code;
    }
    if (interp_run(it, f->outputs.n, root))
        return interp_code(it);
    for (int i = 0; i < f->outputs.n; i++) {
        const Output *o = &f->outputs.at[i];
        int arg = 0;
        while (o->updates && f->args.at[arg].param != o->param)
            arg++;
        store(it, root[i], interp_count(it, root[i]), o->updates ? in[arg] : out[i]);
    }
    return GRADC_CALL_OK;
}

static int call_interp(void *state, int function, void *const *in, const int64_t *sizes,
                       void *const *out)
{
    const gradc *g = state;
    Arena *a = arena_new(g->allocator);
    int code = a ? run(a, g->c.shown->functions.at[function], in, sizes, out) : GRADC_CALL_FAILED;
    arena_free(a);
    return code;
}

const Backend backend_interp = {
    .name = "interp", .open = open_interp, .call = call_interp, .close = close_interp};
