/* builtins_conv.c - convolution and pooling: conv1d, conv2d, max_pool2d, avg_pool2d.
 *
 * Channels are the last axis, then come, backwards, width and height; axes before them are batches.
 * Each place of the kernel gives a strided slice of the input. A convolution is one matrix product of
 * the slices side by side, a pooling an element-wise maximum or sum of them, which fuses. All nodes
 * are ordinary ones, so that there are no derivatives to be told here. */
#include "eval.h"

enum { MOST_AXES = 2, MOST_PLACES = 1024 };

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* Slides over the axes `first` to first + n - 1 of an input. */
typedef struct Window {
    int n, first;
    int64_t size[MOST_AXES], stride[MOST_AXES], pad[MOST_AXES], dilation[MOST_AXES];
    const Size *out[MOST_AXES]; /* how many places it has */
} Window;

/* An integer for all axes, or a tuple of one each; `instead` where it is not given. */
static bool per_axis(Elab *E, Value v, Span span, int n, const char *what, int64_t least,
                     const int64_t *instead, int64_t *out)
{
    for (int i = 0; i < n; i++) {
        out[i] = instead[i];
        if (!given(v))
            continue;
        bool many = v.kind == VAL_TUPLE;
        if (many && v.n != n)
            return fail(E, span, "%s wants %d numbers, not %d", what, n, v.n), false;
        if (!want_int(E, many ? v.item[i] : v, span, &out[i], what))
            return false;
        if (out[i] < least)
            return fail(E, span, "%s must be %lld or more, not %lld", what, (long long)least,
                        (long long)out[i]), false;
    }
    return true;
}

/* The input of the call, and room for `n` axes and the channels behind it. */
static bool want_image(Elab *E, Call *c, int n, Window *w)
{
    if (!want_tensor(E, c->arg[0], c->at[0], "what a window slides over"))
        return false;
    Shape s = c->arg[0].node->shape;
    if (s.rank < n + 1)
        return fail(E, c->at[0], "%s wants %s, not shape %s", c->builtin->name,
                    n == 1 ? "[..., length, channels]" : "[..., height, width, channels]",
                    shape_says(E, s)), false;
    w->n = n;
    w->first = s.rank - 1 - n;
    return true;
}

/* From sizes, strides, dilations and padding: how many places there are on each axis. */
static bool count_places(Elab *E, Call *c, Window *w)
{
    Sizes *z = E->g->sizes;
    int64_t places = 1;
    for (int i = 0; i < w->n; i++) {
        int64_t reach = (w->size[i] - 1) * w->dilation[i];
        const Size *length = c->arg[0].node->shape.dim[w->first + i];
        const Size *free = size_add(z, length, size_int(E->g, 2 * w->pad[i] - reach - 1));
        if (free->is_const && free->value < 0)
            return fail(E, c->span, "a window of %lld does not fit into %lld",
                        (long long)(reach + 1), (long long)(free->value + reach + 1)), false;
        w->out[i] = w->stride[i] == 1 ? free : size_floordiv(z, free, size_int(E->g, w->stride[i]));
        w->out[i] = size_add(z, w->out[i], size_int(E->g, 1));
        places *= w->size[i];
        if (places > MOST_PLACES)
            return fail(E, c->span, "a window of more than %d elements is not supported", MOST_PLACES), false;
    }
    return true;
}

/* Zeros before and behind. */
static Node *padded(Elab *E, Node *x, const Window *w)
{
    const Size *dim[MAX_RANK], *start[MAX_RANK];
    int64_t step[MAX_RANK];
    bool any = false;
    for (int i = 0; i < x->shape.rank; i++) {
        int k = i - w->first;
        int64_t p = k >= 0 && k < w->n ? w->pad[k] : 0;
        dim[i] = size_add(E->g->sizes, x->shape.dim[i], size_int(E->g, 2 * p));
        start[i] = size_int(E->g, p);
        step[i] = 1;
        any |= p != 0;
    }
    return any ? pad(E->g, x, start, step, shape_of(E->g, x->shape.rank, dim)) : x;
}

/* What stands at one place of the window, wherever the window is. */
static Node *at_place(Elab *E, Node *x, const Window *w, int64_t place)
{
    for (int i = w->n - 1; i >= 0; i--) {
        int64_t at = place % w->size[i] * w->dilation[i];
        place /= w->size[i];
        x = slice_axis(E->g, x, w->first + i, size_int(E->g, at), w->stride[i], w->out[i]);
    }
    return x;
}

/* conv1d(x, w): x [..., L, C], w [k, C, K]; conv2d(x, w): x [..., H, W, C], w [kh, kw, C, K]. */
static Value run_conv(Elab *E, Call *c)
{
    static const int64_t one[] = {1, 1}, none[] = {0, 0};
    int n = c->builtin->extra;
    Window w = {0};
    Value v[2] = {c->arg[0], c->arg[1]};
    Origin origin;
    Graph *g = E->g;
    if (!want_image(E, c, n, &w) || !want_tensor(E, v[1], c->at[1], "a kernel"))
        return bad();
    Shape k = v[1].node->shape, s = v[0].node->shape;
    if (k.rank != n + 2 || k.dim[n] != s.dim[s.rank - 1])
        return fail(E, c->at[1], "a kernel for shape %s is %s, not %s", shape_says(E, s),
                    n == 1 ? "[length, channels, results]" : "[height, width, channels, results]",
                    shape_says(E, k));
    for (int i = 0; i < n; i++) {
        if (!k.dim[i]->is_const || k.dim[i]->value < 1)
            return fail(E, c->at[1], "the window of a kernel must be of fixed size, 1 or more, not %s",
                        shape_says(E, k));
        w.size[i] = k.dim[i]->value;
    }
    if (!per_axis(E, c->arg[2], c->at[2], n, "the stride", 1, one, w.stride) ||
        !per_axis(E, c->arg[3], c->at[3], n, "the padding", 0, none, w.pad) ||
        !per_axis(E, c->arg[4], c->at[4], n, "the dilation", 1, one, w.dilation) ||
        !count_places(E, c, &w) || !promote(E, c->span, 2, v, TO_ARITHMETIC, &origin))
        return bad();
    g->here = c->span;
    Node *x = padded(E, v[0].node, &w);
    int places = (int)(w.size[0] * (n > 1 ? w.size[1] : 1));
    Node **part = NEW_N(E->arena, Node *, places);
    for (int p = 0; p < places; p++)
        part[p] = at_place(E, x, &w, p);
    Node *side = places == 1 ? part[0] : concat(g, places, part, s.rank - 1);
    const Size *dim[2] = {size_mul(g->sizes, size_int(g, places), k.dim[n]), k.dim[n + 1]};
    Node *kernel = reshape(g, v[1].node, shape_of(g, 2, dim));
    return tensor(E, matmul(g, side, kernel), origin);
}

/* max_pool2d(x, size), avg_pool2d(x, size): x [..., H, W, C]; windows side by side, or by `stride`. */
static Value run_pool(Elab *E, Call *c)
{
    static const int64_t one[] = {1, 1};
    Window w = {.dilation = {1, 1}};
    bool average = c->builtin->extra;
    Value x = c->arg[0];
    if (!want_image(E, c, 2, &w) ||
        !per_axis(E, c->arg[1], c->at[1], 2, "the size", 1, one, w.size) ||
        !per_axis(E, c->arg[2], c->at[2], 2, "the stride", 1, w.size, w.stride) ||
        !count_places(E, c, &w))
        return bad();
    if (average && is_error(x = to_real(E, c->at[0], x)))
        return x;
    E->g->here = c->span;
    int64_t places = w.size[0] * w.size[1];
    Node *r = at_place(E, x.node, &w, 0);
    for (int64_t p = 1; p < places; p++) {
        Node *next = at_place(E, x.node, &w, p);
        r = pw2(E->g, average ? OP_ADD : OP_MAX, r, next);
    }
    if (average)
        r = pw2(E->g, OP_DIV, r, const_like(E->g, r, (double)places));
    return tensor(E, r, x.origin);
}

const Builtin builtins_conv[] = {
    {"conv1d", run_conv, "x w stride? pad? dilation?", 1},
    {"conv2d", run_conv, "x w stride? pad? dilation?", 2},
    {"max_pool2d", run_pool, "x size stride?", 0},
    {"avg_pool2d", run_pool, "x size stride?", 1},
    {0},
};
