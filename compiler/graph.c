/* graph.c - nodes: shapes, hash-consing, leaves, and walks over whole graphs. */
#include "ops.h"
#include "region.h"

#include <math.h>
#include <stdlib.h>

const char *dtype_name(Dtype t)
{
    static const char *const name[] = {"bool", "u8", "i32", "i64", "f32", "f64"};
    return name[t];
}

const char *dtype_c(Dtype t)
{
    static const char *const name[] = {"uint8_t", "uint8_t", "int32_t", "int64_t", "float", "double"};
    return name[t];
}

int dtype_bytes(Dtype t)
{
    static const int bytes[] = {1, 1, 4, 8, 4, 8};
    return bytes[t];
}

Graph *graph_new(Arena *arena, Diags *diags)
{
    Graph *g = NEW(arena, Graph);
    g->arena = arena;
    g->diags = diags;
    g->sizes = sizes_new(arena);
    g->level = 2;
    g->nbucket = 256;
    g->bucket = NEW_N(arena, Node *, g->nbucket);
    return g;
}

/* ---- Shapes ---- */

Shape shape_scalar(void)
{
    return (Shape){0};
}

Shape shape_of(Graph *g, int rank, const Size *const *dim)
{
    if (!rank)
        return shape_scalar();
    const Size **copy = NEW_N(g->arena, const Size *, rank);
    memcpy(copy, dim, sizeof *copy * (size_t)rank);
    return (Shape){.rank = rank, .dim = copy};
}

bool shape_equal(Shape a, Shape b)
{
    if (a.rank != b.rank)
        return false;
    for (int i = 0; i < a.rank; i++)
        if (a.dim[i] != b.dim[i])
            return false;
    return true;
}

const Size *size_int(Graph *g, int64_t v)
{
    return size_const(g->sizes, v);
}

const Size *shape_count(Graph *g, Shape s)
{
    const Size *n = size_int(g, 1);
    for (int i = 0; i < s.rank; i++)
        n = size_mul(g->sizes, n, s.dim[i]);
    return n;
}

int64_t shape_fixed_count(Graph *g, Shape s)
{
    for (int i = 0; i < s.rank; i++)
        if (!s.dim[i]->is_const)
            return -1;
    return shape_count(g, s)->value;
}

static bool is_one(const Size *s)
{
    return s->is_const && s->value == 1;
}

bool shape_broadcast(Graph *g, Shape a, Shape b, Shape *out)
{
    int rank = a.rank > b.rank ? a.rank : b.rank;
    if (a.rank == rank && (b.rank == 0 || shape_equal(a, b))) {
        *out = a;
        return true;
    }
    if (a.rank == 0) {
        *out = b;
        return true;
    }
    const Size **dim = NEW_N(g->arena, const Size *, rank + 1);
    for (int i = 0; i < rank; i++) {
        int ia = i - (rank - a.rank), ib = i - (rank - b.rank);
        const Size *da = ia >= 0 ? a.dim[ia] : NULL, *db = ib >= 0 ? b.dim[ib] : NULL;
        if (!da || !db)
            dim[i] = da ? da : db;
        else if (da == db || is_one(db))
            dim[i] = da;
        else if (is_one(da))
            dim[i] = db;
        else
            return false;
    }
    *out = (Shape){.rank = rank, .dim = dim};
    return true;
}

Shape shape_insert(Graph *g, Shape s, int axis, const Size *n)
{
    const Size **dim = NEW_N(g->arena, const Size *, s.rank + 1);
    for (int i = 0; i < axis; i++)
        dim[i] = s.dim[i];
    dim[axis] = n;
    for (int i = axis; i < s.rank; i++)
        dim[i + 1] = s.dim[i];
    return (Shape){.rank = s.rank + 1, .dim = dim};
}

Shape shape_remove(Graph *g, Shape s, int axis)
{
    const Size **dim = NEW_N(g->arena, const Size *, s.rank);
    int n = 0;
    for (int i = 0; i < s.rank; i++)
        if (i != axis)
            dim[n++] = s.dim[i];
    return (Shape){.rank = n, .dim = dim};
}

Shape shape_concat(Graph *g, Shape a, Shape b)
{
    const Size **dim = NEW_N(g->arena, const Size *, a.rank + b.rank + 1);
    for (int i = 0; i < a.rank; i++)
        dim[i] = a.dim[i];
    for (int i = 0; i < b.rank; i++)
        dim[a.rank + i] = b.dim[i];
    return (Shape){.rank = a.rank + b.rank, .dim = dim};
}

void shape_print(Graph *g, Shape s, Text *out)
{
    if (!s.rank)
        return;
    text_put(out, "[");
    for (int i = 0; i < s.rank; i++) {
        text_put(out, i ? ", " : "");
        size_print(g->sizes, s.dim[i], out);
    }
    text_put(out, "]");
}

/* ---- Hash-consing ---- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v;
    h *= 0x9e3779b97f4a7c15u;
    return h ^ (h >> 29);
}

static uint64_t hash_node(Op op, int nin, Node *const *in, Dtype t, Shape s, int nattr,
                          const int64_t *attr)
{
    uint64_t h = mix(17, (uint64_t)op * 8 + t);
    for (int i = 0; i < nin; i++)
        h = mix(h, (uint64_t)in[i]->id + 1);
    for (int i = 0; i < s.rank; i++)
        h = mix(h, (uint64_t)s.dim[i]->id + 1000003);
    for (int i = 0; i < nattr; i++)
        h = mix(h, (uint64_t)attr[i]);
    return h;
}

static bool same_node(const Node *n, Op op, int nin, Node *const *in, Dtype t, Shape s, int nattr,
                      const int64_t *attr)
{
    if (n->op != op || n->dtype != t || n->nin != nin || n->nattr != nattr ||
        !shape_equal(n->shape, s))
        return false;
    for (int i = 0; i < nin; i++)
        if (n->in[i] != in[i])
            return false;
    return !nattr || !memcmp(n->attr, attr, sizeof *attr * (size_t)nattr);
}

static void grow_table(Graph *g)
{
    int n = g->nbucket * 2;
    Node **bucket = NEW_N(g->arena, Node *, n);
    for (int i = 0; i < g->nodes.n; i++) {
        Node *p = g->nodes.at[i];
        p->next = bucket[p->hash % (uint64_t)n];
        bucket[p->hash % (uint64_t)n] = p;
    }
    g->bucket = bucket;
    g->nbucket = n;
}

static Node *find_node(Graph *g, uint64_t hash, Op op, int nin, Node *const *in, Dtype t, Shape s,
                       int nattr, const int64_t *attr)
{
    for (Node *n = g->bucket[hash % (uint64_t)g->nbucket]; n; n = n->next)
        if (n->hash == hash && same_node(n, op, nin, in, t, s, nattr, attr))
            return n;
    return NULL;
}

Node *graph_node(Graph *g, Op op, int nin, Node *const *in, Dtype t, Shape s, int nattr,
                 const int64_t *attr)
{
    uint64_t hash = hash_node(op, nin, in, t, s, nattr, attr);
    Node *n = find_node(g, hash, op, nin, in, t, s, nattr, attr);
    if (n)
        return n;
    if (nin == 2 && op_table[op].flags & COMMUTES) {
        Node *swapped[2] = {in[1], in[0]};
        n = find_node(g, hash_node(op, 2, swapped, t, s, nattr, attr), op, 2, swapped, t, s, nattr,
                      attr);
        if (n)
            return n;
    }
    if (g->nodes.n > g->nbucket)
        grow_table(g);
    n = NEW(g->arena, Node);
    Node **inputs = nin ? NEW_N(g->arena, Node *, nin) : NULL;
    int64_t *words = nattr ? NEW_N(g->arena, int64_t, nattr) : NULL;
    if (nin)
        memcpy(inputs, in, sizeof *in * (size_t)nin);
    if (nattr)
        memcpy(words, attr, sizeof *attr * (size_t)nattr);
    *n = (Node){.id = g->nodes.n, .op = (uint16_t)op, .dtype = (uint8_t)t,
                .stage = (uint8_t)(g->stage > 255 ? 255 : g->stage), .nin = nin, .nattr = nattr,
                .in = inputs, .attr = words, .shape = s, .span = g->here, .hash = hash};
    n->next = g->bucket[hash % (uint64_t)g->nbucket];
    g->bucket[hash % (uint64_t)g->nbucket] = n;
    vec_push(g->arena, &g->nodes, n);
    return n;
}

/* ---- Leaves ---- */

Node *graph_param(Graph *g, const char *name, Dtype t, Shape s, bool trainable, Span span)
{
    int64_t index = g->params.n;
    Node *n = graph_node(g, OP_PARAM, 0, NULL, t, s, 1, &index);
    n->name = name;
    n->span = span;
    vec_push(g->arena, &g->params,
             (Param){.name = name, .dtype = t, .shape = s, .trainable = trainable, .span = span,
                     .node = n});
    return n;
}

static int64_t bits_of(double v)
{
    int64_t b;
    memcpy(&b, &v, sizeof b);
    return b;
}

static double of_bits(int64_t b)
{
    double v;
    memcpy(&v, &b, sizeof v);
    return v;
}

Node *const_real(Graph *g, Dtype t, double v)
{
    if (!dtype_is_real(t))
        return const_int(g, t, (int64_t)v);
    if (t == T_F32)
        v = (double)(float)v;
    if (isnan(v))
        v = (double)NAN; /* one nan: its sign and payload mean nothing here */
    int64_t b = bits_of(v);
    return graph_node(g, OP_CONST, 0, NULL, t, shape_scalar(), 1, &b);
}

Node *const_int(Graph *g, Dtype t, int64_t v)
{
    if (dtype_is_real(t))
        return const_real(g, t, (double)v);
    if (t == T_BOOL)
        v = v != 0;
    else if (t == T_U8)
        v = (uint8_t)v;
    else if (t == T_I32)
        v = (int32_t)(uint32_t)(uint64_t)v;
    return graph_node(g, OP_CONST, 0, NULL, t, shape_scalar(), 1, &v);
}

Node *const_like(Graph *g, const Node *n, double v)
{
    return const_real(g, (Dtype)n->dtype, v);
}

Node *const_array(Graph *g, Dtype t, Shape s, const double *real, const int64_t *integer)
{
    int64_t count = shape_fixed_count(g, s);
    size_t bytes = (size_t)count * 8;
    const void *data = dtype_is_real(t) ? (const void *)real : (const void *)integer;
    for (int i = 0; i < g->arrays.n; i++) {
        const Array *a = &g->arrays.at[i];
        const void *old = dtype_is_real(t) ? (const void *)a->real : (const void *)a->integer;
        if (a->dtype == t && a->count == count && (!bytes || !memcmp(old, data, bytes))) {
            int64_t index = i;
            return graph_node(g, OP_ARRAY, 0, NULL, t, s, 1, &index);
        }
    }
    Array a = {.dtype = t, .count = count};
    void *copy = arena_alloc(g->arena, bytes ? bytes : 8);
    if (bytes)
        memcpy(copy, data, bytes);
    if (dtype_is_real(t))
        a.real = copy;
    else
        a.integer = copy;
    int64_t index = g->arrays.n;
    vec_push(g->arena, &g->arrays, a);
    return graph_node(g, OP_ARRAY, 0, NULL, t, s, 1, &index);
}

Node *size_node(Graph *g, const Size *s)
{
    if (s->is_const)
        return const_int(g, T_I64, s->value);
    int64_t id = s->id;
    return graph_node(g, OP_SIZE, 0, NULL, T_I64, shape_scalar(), 1, &id);
}

Node *iota(Graph *g, const Size *n)
{
    return graph_node(g, OP_IOTA, 0, NULL, T_I64, shape_of(g, 1, &n), 0, NULL);
}

Node *placeholder(Graph *g, Dtype t, Shape s)
{
    int64_t unique = g->nodes.n;
    return graph_node(g, OP_HOLE, 0, NULL, t, s, 1, &unique);
}

bool node_is_const(const Node *n)
{
    return n->op == OP_CONST;
}

double const_value(const Node *n)
{
    return dtype_is_real((Dtype)n->dtype) ? of_bits(n->attr[0]) : (double)n->attr[0];
}

int64_t const_integer(const Node *n)
{
    return dtype_is_real((Dtype)n->dtype) ? (int64_t)of_bits(n->attr[0]) : n->attr[0];
}

bool node_uniform(const Node *n, double *value)
{
    while (n->op == OP_EXPAND || n->op == OP_RESHAPE)
        n = n->in[0];
    if (n->op != OP_CONST)
        return false;
    *value = const_value(n);
    return true;
}

bool node_is_value(const Node *n, double value)
{
    double v;
    return node_uniform(n, &v) && v == value && signbit(v) == signbit(value);
}

const Size *node_size(const Graph *g, const Node *n)
{
    if (n->op == OP_SIZE)
        return size_at(g->sizes, (int)n->attr[0]);
    if (n->op == OP_CONST && !dtype_is_real((Dtype)n->dtype) && n->dtype != T_BOOL)
        return size_const(g->sizes, n->attr[0]);
    return NULL;
}

/* ---- Whole graphs ---- */

void mark_ancestors(const Graph *g, int nroots, Node *const *roots, bool *mark)
{
    int last = -1;
    for (int i = 0; i < nroots; i++) {
        mark[roots[i]->id] = true;
        if (roots[i]->id > last)
            last = roots[i]->id;
    }
    for (int id = last; id >= 0; id--)
        if (mark[id])
            for (int k = 0; k < g->nodes.at[id]->nin; k++)
                mark[g->nodes.at[id]->in[k]->id] = true;
}


/* The movement and indexing operations, whose constructors want their attributes unpacked. */
static Node *rebuild_structural(Graph *g, const Node *n, Node *const *in)
{
    int rank = n->shape.rank, axes[MAX_RANK], labels[3][MAX_RANK];
    switch ((Op)n->op) {
    case OP_RESHAPE: return reshape(g, in[0], n->shape);
    case OP_EXPAND: return expand(g, in[0], n->shape);
    case OP_PERMUTE:
        for (int i = 0; i < rank; i++)
            axes[i] = (int)n->attr[i];
        return permute(g, in[0], axes);
    case OP_SLICE:
    case OP_PAD: {
        const Size *start[MAX_RANK];
        int64_t step[MAX_RANK];
        for (int i = 0; i < rank; i++) {
            start[i] = move_start(g, n, i);
            step[i] = move_step(n, i);
        }
        return n->op == OP_SLICE ? slice(g, in[0], start, step, n->shape)
                                 : pad(g, in[0], start, step, n->shape);
    }
    case OP_CONCAT: return concat(g, n->nin, in, (int)n->attr[0]);
    case OP_GATHER:
    case OP_SCATTER:
        for (int i = 0; i < n->nattr; i++)
            axes[i] = (int)n->attr[i];
        if (n->op == OP_GATHER)
            return gather(g, in[0], n->nin - 1, in + 1, axes);
        return scatter(g, in[0], n->nin - 1, in + 1, axes, n->shape);
    case OP_CONTRACT:
        for (int k = 0; k < 3; k++) {
            int r = k < 2 ? in[k]->shape.rank : rank;
            for (int i = 0; i < r; i++)
                labels[k][i] = (int)contract_labels(n, k)[i];
        }
        return contract(g, in[0], labels[0], in[1], labels[1], rank, labels[2]);
    case OP_PUT:
    case OP_ADDTO: {
        Node *guard = n->attr[0] ? in[2] : NULL;
        Node *const *idx = in + 2 + (guard != NULL);
        for (int i = 0; i < put_indices(n); i++)
            axes[i] = (int)n->attr[i + 1];
        return n->op == OP_PUT ? put(g, in[0], in[1], guard, put_indices(n), idx, axes)
                               : add_to(g, in[0], in[1], guard, put_indices(n), idx, axes);
    }
    case OP_FOR: return loop_rebuild(g, n, in);
    case OP_CHECKPOINT: return checkpoint(g, in[0], n->nin - 1, in + 1);
    case OP_AGAIN: return again(g, in[0], in[1]);
    case OP_OWN: return own_rebuild(g, n, in);
    case OP_PART: return part(g, in[0], (int)n->attr[0]);
    default: break;
    }
    if (op_info(n)->family == F_REDUCE) {
        for (int i = 0; i < n->nattr; i++)
            axes[i] = (int)n->attr[i];
        return reduce(g, (Op)n->op, in[0], n->nattr, axes);
    }
    /* scans and linear algebra: shapes and attributes stay, and nothing is rewritten in them */
    return graph_node(g, (Op)n->op, n->nin, in, (Dtype)n->dtype, n->shape, n->nattr, n->attr);
}

Node *rebuild(Graph *g, const Node *n, Node *const *in)
{
    bool same = true;
    for (int i = 0; i < n->nin; i++)
        same &= in[i] == n->in[i];
    if (same)
        return g->nodes.at[n->id];
    Span here = g->here;
    int stage = g->stage;
    g->here = n->span;
    g->stage = n->stage;
    Node *r = n->op == OP_CAST                          ? cast(g, in[0], (Dtype)n->dtype)
              : op_info(n)->family == F_POINTWISE ? pointwise(g, (Op)n->op, n->nin, in)
                                                        : rebuild_structural(g, n, in);
    if (!r->name && n->name)
        r->name = n->name;
    g->here = here;
    g->stage = stage;
    return r;
}

void substitute(Graph *g, int nroots, Node **roots, int n, Node *const *from, Node *const *to)
{
    int count = g->nodes.n;
    bool *mark = NEW_N(g->arena, bool, count);
    Node **image = NEW_N(g->arena, Node *, count);
    mark_ancestors(g, nroots, roots, mark);
    for (int k = 0; k < n; k++)
        image[from[k]->id] = to[k];
    for (int id = 0; id < count; id++) {
        Node *p = g->nodes.at[id];
        if (!mark[id] || image[id])
            continue;
        Node *small[8], **in = p->nin <= 8 ? small : NEW_N(g->arena, Node *, p->nin);
        for (int i = 0; i < p->nin; i++)
            in[i] = image[p->in[i]->id];
        image[id] = rebuild(g, p, in);
    }
    for (int i = 0; i < nroots; i++)
        roots[i] = image[roots[i]->id];
}

void rebuild_between(Graph *g, int nroots, Node **roots, int n, Node *const *from, Node *const *to)
{
    Walk stops = walk_nodes(g, n, from), w = walk_between(g, nroots, roots, &stops);
    Node **image = NEW_N(g->arena, Node *, w.n + 1);
    for (int k = 0; k < n; k++) {
        int at = walk_find(&w, from[k]);
        if (at >= 0)
            image[at] = to[k];
    }
    for (int k = 0; k < w.n; k++) {
        Node *p = w.node[k], *small[8], **in = p->nin <= 8 ? small : NEW_N(g->arena, Node *, p->nin);
        for (int i = 0; i < p->nin && !image[k]; i++)
            in[i] = image[walk_find(&w, p->in[i])];
        image[k] = image[k] ? image[k] : rebuild(g, p, in);
    }
    for (int k = 0; k < nroots; k++)
        roots[k] = image[walk_find(&w, roots[k])];
}
