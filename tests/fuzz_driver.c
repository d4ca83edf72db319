/* fuzz_driver.c - random graphs emitted and compared with the interpreter, and models changed at
 * random, through the compiler: never a crash. tests/fuzz.sh runs it.
 *
 *     fuzz_driver graphs COUNT SEED           through libtcc
 *     fuzz_driver models COUNT SEED FILE...   mutations; best built with sanitizers (SAN=1)
 *
 * Everything follows from the seed, one for each try: a failure names it. */
#include "compiler/compile.h"
#include "compiler/diff.h"
#include "compiler/emit.h"
#include "compiler/optimise.h"
#include "compiler/rules.h"
#include "tests/call.h"
#include "tests/chance.h"
#include "tests/count.h"
#include "tests/crash.h"
#include "tests/graph.h"
#include "tests/jit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- Random graphs ---- */

enum { PARAMS = 4, STEPS = 14, MOST_ELEMENTS = 20000 };
static const char *const size_names[] = {"N", "M"};
static const int64_t bindings[][2] = {{5, 3}, {300, 2}, {1, 1}};

typedef struct Pool {
    Graph *g;
    Function *f;
    Node *node[PARAMS + STEPS];
    int n;
} Pool;

static const Size *random_size(Graph *g)
{
    static const int64_t fixed[] = {1, 2, 3, 4, 17};
    int k = below(8);
    return k < 2 ? size_name(g->sizes, size_names[k]) : size_int(g, fixed[below(5)]);
}

/* No more elements than that, whatever the open sizes are. */
static bool fits(const Pool *p, Shape s)
{
    if (s.rank > 4)
        return false;
    for (int b = 0; b < ARRAY_LEN(bindings); b++)
        if (call_count(p->f, s, bindings[b]) > MOST_ELEMENTS)
            return false;
    return true;
}

static Node *random_pointwise(Graph *g, Node *a, Node *b)
{
    static const Op unary[] = {OP_SIN, OP_TANH,     OP_SIGMOID, OP_ABS,  OP_RELU, OP_EXP,
                               OP_NEG, OP_SOFTPLUS, OP_COS,     OP_ATAN, OP_ERF};
    static const Op binary[] = {OP_ADD, OP_SUB, OP_MUL, OP_MAX, OP_MIN, OP_HYPOT};
    Shape s;
    if (chance() < 0.4 || !shape_broadcast(g, a->shape, b->shape, &s))
        return pw1(g, unary[below(ARRAY_LEN(unary))], a);
    if (chance() < 0.15)
        return pw3(g, OP_SELECT, pw2(g, OP_LT, a, b), a, const_like(g, a, 0.5));
    return pw2(g, binary[below(ARRAY_LEN(binary))], a, b);
}

static Node *random_pad(Graph *g, Node *a)
{
    const Size *start[MAX_RANK], *dim[MAX_RANK];
    int64_t step[MAX_RANK];
    for (int i = 0; i < a->shape.rank; i++) {
        int before = below(3), after = below(3);
        start[i] = size_int(g, before);
        step[i] = 1;
        dim[i] = size_add(g->sizes, a->shape.dim[i], size_int(g, before + after));
    }
    return pad(g, a, start, step, shape_of(g, a->shape.rank, dim));
}

static Node *random_slice(Graph *g, Node *a, int axis)
{
    const Size *n = a->shape.dim[axis];
    if (chance() < 0.4)
        return slice_axis(g, a, axis, size_sub(g->sizes, n, size_int(g, 1)), -1,
                          n); /* turned round */
    if (!n->is_const || n->value < 2)
        return a;
    int64_t at = below((int)n->value), step = 1 + below(2);
    return slice_axis(g, a, axis, size_int(g, at), step,
                      size_int(g, (n->value - at + step - 1) / step));
}

static Node *random_move(Graph *g, Node *a, Node *b)
{
    int rank = a->shape.rank, axis = below(rank), perm[MAX_RANK];
    if (!rank)
        return insert_axis(g, a, 0);
    switch (below(7)) {
    case 0:
        for (int i = 0; i < rank; i++)
            perm[i] = i;
        for (int i = rank - 1; i > 0; i--) {
            int j = below(i + 1), t = perm[i];
            perm[i] = perm[j];
            perm[j] = t;
        }
        return permute(g, a, perm);
    case 1:
        return reshape(g, a, shape_of(g, 1, (const Size *[]){shape_count(g, a->shape)}));
    case 2:
        return random_slice(g, a, axis);
    case 3:
        return random_pad(g, a);
    case 4:
        return shape_equal(a->shape, b->shape) ? concat(g, 2, (Node *[]){a, b}, axis)
                                               : concat(g, 2, (Node *[]){a, a}, axis);
    case 5:
        return insert_axis(g, a, below(rank + 1));
    default:
        return expand(g, a, shape_insert(g, a->shape, 0, random_size(g)));
    }
}

/* The rows of a in another order, some twice. */
static Node *random_gather(Graph *g, Node *a, int axis)
{
    const Size *n = a->shape.dim[axis];
    Node *i = iota(g, n), *last = size_node(g, size_sub(g->sizes, n, size_int(g, 1)));
    Node *index = chance() < 0.5 ? pw2(g, OP_MIN, pw2(g, OP_MUL, i, const_int(g, T_I64, 2)), last)
                                 : pw2(g, OP_SUB, last, i);
    return gather(g, a, 1, &index, &axis);
}

static Node *random_node(Pool *p)
{
    static const Op reductions[] = {OP_SUM, OP_MAXR, OP_MINR, OP_SUM, OP_PROD};
    Graph *g = p->g;
    Node *a = p->node[p->n - 1 - below(p->n < 6 ? p->n : 6)], *b = p->node[below(p->n)];
    int rank = a->shape.rank, axis = below(rank);
    double kind = chance();
    if (kind < 0.4 || !rank)
        return random_pointwise(g, a, b);
    if (kind < 0.65)
        return random_move(g, a, b);
    if (kind < 0.8) {
        int axes[MAX_RANK], n = 0;
        for (int i = 0; i < rank; i++)
            if (i == axis || chance() < 0.3)
                axes[n++] = i;
        return reduce(g, reductions[below(ARRAY_LEN(reductions))], a, n, axes);
    }
    if (kind < 0.87)
        return chance() < 0.5 ? cumsum(g, a, axis, chance() < 0.5) : cumprod(g, a, axis);
    if (kind < 0.93)
        return random_gather(g, a, axis);
    if (rank == 2 && b->shape.rank == 2 && a->shape.dim[1] == b->shape.dim[0])
        return matmul(g, a, b);
    return rank == 2 ? contract(g, a, (int[]){0, 1}, a, (int[]){2, 1}, 2, (int[]){2, 0}) : a;
}

static void fill_pool(Pool *p)
{
    Graph *g = p->g;
    for (int i = 0; i < PARAMS; i++) {
        const Size *dim[3];
        int rank = i == 0 ? 0 : below(4);
        for (int k = 0; k < rank; k++)
            dim[k] = random_size(g);
        Shape s = shape_of(g, rank, dim);
        if (!fits(p, s))
            s = shape_scalar();
        p->node[p->n++] =
            graph_param(g, arena_printf(g->arena, "x%d", i), T_F64, s, false, (Span){0});
        Arg arg = {.role = ARG_INPUT, .param = i};
        vec_push(g->arena, &p->f->args, arg);
    }
    while (p->n < PARAMS + STEPS) {
        Node *n = random_node(p);
        if (!fits(p, n->shape))
            continue;
        if (n->op == OP_EXP || n->op == OP_PROD || n->op == OP_SUM || n->op == OP_CUMSUM ||
            n->op == OP_CONTRACT)
            n = pw1(g, OP_TANH, n); /* stays small */
        p->node[p->n++] = n;
    }
}

static void add_output(Pool *p, const char *name, Node *n)
{
    Output o = {.name = name, .node = n, .what = name};
    vec_push(p->g->arena, &p->f->outputs, o);
}

static void add_outputs(Pool *p)
{
    Graph *g = p->g;
    Node *sum = const_real(g, T_F64, 0), *grad[PARAMS];
    for (int i = PARAMS; i < p->n; i++)
        sum = pw2(g, OP_ADD, sum, reduce_all(g, OP_SUM, pw1(g, OP_SIN, p->node[i])));
    add_output(p, "value", sum);
    for (int i = p->n - 3; i < p->n; i++)
        add_output(p, arena_printf(g->arena, "node%d", i), p->node[i]);
    if (diff_vjp(g, sum, NULL, PARAMS, p->node, true, grad).fault == DIFF_OK)
        for (int i = 0; i < PARAMS; i++)
            add_output(p, arena_printf(g->arena, "grad%d", i), grad[i]);
}

/* New values that are written where params lie: steps along the gradient, other params, values that
 * read in another order than they are written, whatever has the shape. */
static void add_updates(Pool *p)
{
    Graph *g = p->g;
    for (int i = 0; i < PARAMS; i++) {
        Node *x = p->node[i], *new = NULL;
        for (int k = below(p->n), tries = 0; tries < p->n && chance() < 0.9; k++, tries++)
            if (shape_equal(p->node[k % p->n]->shape, x->shape))
                new = p->node[k % p->n];
        for (int k = 0; k < p->f->outputs.n && chance() < 0.5; k++)
            if (!strncmp(p->f->outputs.at[k].name, "grad", 4) &&
                shape_equal(p->f->outputs.at[k].node->shape, x->shape))
                new = pw2(g, OP_SUB, new ? new : x, p->f->outputs.at[k].node);
        for (int axis = 0; axis < x->shape.rank && chance() < 0.3; axis++) {
            const Size *last = size_sub(g->sizes, x->shape.dim[axis], size_int(g, 1));
            new = slice_axis(g, new ? new : x, axis, last, -1, x->shape.dim[axis]);
        }
        if (!new || chance() < 0.1)
            continue;
        add_output(p, arena_printf(g->arena, "new%d", i), new);
        Output *o = &p->f->outputs.at[p->f->outputs.n - 1];
        o->updates = true;
        o->param = i;
    }
}

/* The same with the arguments moved by a few roundings: what changes then need not agree. */
static Reference moved_a_little(Arena *a, const Function *plain, const Call *call)
{
    const void *in[PARAMS];
    Call moved = *call;
    for (int i = 0; i < PARAMS; i++) {
        int64_t count = call_count(plain, plain->graph->params.at[i].shape, call->size);
        double *x = NEW_N(a, double, count + 1);
        for (int64_t k = 0; k < count; k++)
            x[k] = ((const double *)call->in[i])[k] * (1 + 1e-13 * (chance() - 0.5));
        in[i] = x;
    }
    moved.in = in;
    return call_interp(a, plain, &moved);
}

static void compare_graph(uint64_t seed, Arena *a, const Function *plain, Call *call)
{
    Reference ref = call_interp(a, plain, call), near = moved_a_little(a, plain, call);
    const char *gap = ref.error;
    for (int i = 0; i < plain->outputs.n && !gap; i++) {
        int64_t count = call_count(plain, plain->outputs.at[i].node->shape, call->size);
        double scale = call_scale(count, ref.real[i]), change = 0;
        for (int64_t k = 0; k < count; k++) {
            double d = ref.real[i][k] - near.real[i][k];
            change = d > change ? d : -d > change ? -d : change;
        }
        scale = scale > 1 ? scale : 1;
        gap = call_compare(a, T_F64, count, call->out[i], ref.real[i], ref.integer[i],
                           1e-9 + 1e4 * change / scale, scale);
        if (gap)
            gap = arena_printf(a, "%s %s", plain->outputs.at[i].name, gap);
    }
    passed += !gap;
    failed += gap != NULL;
    if (gap)
        printf("FAIL graph %llu: %s\n", (unsigned long long)seed, gap);
}

static void run_graph(uint64_t seed, Arena *a, Function *f, const Function *plain, Jit *jit)
{
    CallRun *run;
    CallWork *work;
    *(void **)&run = jit_symbol(jit, "call_f");
    *(void **)&work = jit_symbol(jit, "call_f_work");
    for (int b = 0; b < ARRAY_LEN(bindings); b++) {
        const void *in[PARAMS];
        Call call = {.f = f, .size = bindings[b], .in = in};
        for (int i = 0; i < PARAMS; i++) {
            int64_t count = call_count(f, f->graph->params.at[i].shape, bindings[b]);
            double *x = NEW_N(a, double, count + 1);
            for (int64_t k = 0; k < count; k++)
                x[k] = 2 * chance() - 1;
            in[i] = x;
        }
        int code = call_emitted(a, run, work, &call);
        if (code || call.fault) {
            printf("FAIL graph %llu: returned %d, %s\n", (unsigned long long)seed, code,
                   call.fault ? call.fault : "");
            failed++;
            continue;
        }
        compare_graph(seed, a, plain, &call);
    }
}

/* As loops, or as calls of strip kernels. */
static void run_flavour(uint64_t seed, Arena *a, const Pool *p, const Function *plain,
                        Program *program, const CompileOptions *o)
{
    char message[512];
    const char *text = call_programs(a, o, 1, &program);
    Jit *jit = o->strips ? jit_compile_strips(text, message, sizeof message)
                         : jit_compile(text, message, sizeof message);
    if (getenv("FUZZ_SHOW"))
        printf("%s\n", text);
    if (jit) {
        run_graph(seed, a, p->f, plain, jit);
    } else {
        failed++;
        printf("FAIL graph %llu: tcc: %s\n", (unsigned long long)seed, message);
    }
    jit_free(jit);
}

static void try_graph(uint64_t seed)
{
    Arena *a = new_arena();
    state = seed;
    CompileOptions o = {.real = T_F64, .level = below(3), .unroll = below(2) * 16};
    Pool p = {.g = new_graph(a, o.level), .f = NEW(a, Function)};
    *p.f = (Function){.name = "f", .base = "f", .what = "f", .graph = p.g};
    for (int i = 0; i < 2; i++)
        vec_push(a, &p.f->sizes, size_names[i]);
    fill_pool(&p);
    add_outputs(&p);
    if (chance() < 0.5)
        add_updates(&p);
    Function plain = *p.f;
    plain.outputs.at = NEW_N(a, Output, p.f->outputs.n);
    memcpy(plain.outputs.at, p.f->outputs.at, sizeof(Output) * (size_t)p.f->outputs.n);
    optimise(p.f, &o);
    Program *program = lower(p.f, &o);
    plan(program);
    for (int strips = 0; strips < 2; strips++) {
        o.strips = strips;
        run_flavour(seed, a, &p, &plain, program, &o);
    }
    arena_free(a);
}

/* ---- Models changed at random ---- */

static char *read_text(Arena *a, const char *path)
{
    Text t = {.arena = a};
    char block[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    text_put(&t, "");
    while (f && (n = fread(block, 1, sizeof block, f)) > 0)
        text_putn(&t, block, n);
    if (f)
        fclose(f);
    return t.s;
}

static const char *const words[] = {"(",
                                    ")",
                                    "[",
                                    "]",
                                    "{",
                                    "}",
                                    ",",
                                    ":",
                                    ";",
                                    "=",
                                    "+",
                                    "-",
                                    "*",
                                    "/",
                                    "//",
                                    "%",
                                    "@",
                                    "^",
                                    "'",
                                    "~",
                                    "?",
                                    "==",
                                    "<",
                                    "0",
                                    "1",
                                    "-1",
                                    "2",
                                    "1e400",
                                    "0x7fffffffffffffff",
                                    "9223372036854775808",
                                    "nan",
                                    "x",
                                    "n",
                                    "fn",
                                    "for",
                                    "in",
                                    "if",
                                    "else",
                                    "return",
                                    "grad(",
                                    "sum(",
                                    "jacobian(",
                                    "hessian(",
                                    "reshape(",
                                    "export",
                                    "with",
                                    "import \"nn\"",
                                    "static",
                                    "not",
                                    "and",
                                    "axis=",
                                    "\n",
                                    "#",
                                    "\"",
                                    "einsum(\"ij,jk->ik\", ",
                                    "stop(",
                                    "zeros(",
                                    "[0 for i in 0:3]",
                                    "dim",
                                    "const",
                                    "solve(",
                                    "\xff",
                                    "f32",
                                    "i32(",
                                    "min(",
                                    "[::-1]",
                                    "keep=true",
                                    "concat(",
                                    "param",
                                    "softmax(",
                                    "logsumexp("};

/* A place between words, or anywhere. */
static size_t place(const char *s, size_t n)
{
    size_t at = n ? (size_t)(chance() * (double)n) : 0;
    if (chance() < 0.8)
        while (at < n && s[at] != ' ' && s[at] != '(' && s[at] != ',' && s[at] != '\n' &&
               s[at] != '[')
            at++;
    return at;
}

static char *changed(Arena *a, const char *s)
{
    for (int turn = 1 + below(4); turn > 0; turn--) {
        size_t n = strlen(s), i = place(s, n), j = place(s, n);
        const char *w = words[below(ARRAY_LEN(words))];
        if (i > j) {
            size_t t = i;
            i = j;
            j = t;
        }
        if (j > i + 40)
            j = i + 1 + (size_t)below(40);
        int len = (int)(j - i);
        switch (below(5)) {
        case 0:
            s = arena_printf(a, "%.*s%s", (int)i, s, s + j);
            break; /* without i..j */
        case 1:
            s = arena_printf(a, "%.*s %s %s", (int)i, s, w, s + i);
            break; /* a word more */
        case 2:
            s = arena_printf(a, "%.*s %s %s", (int)i, s, w, s + j);
            break; /* a word instead */
        case 3:
            s = arena_printf(a, "%.*s%.*s%s", (int)j, s, len, s + i, s + j);
            break; /* i..j twice */
        default: {
            size_t k = place(s, n);
            s = arena_printf(a, "%.*s%.*s%s", (int)k, s, len, s + i, s + k); /* i..j elsewhere */
        }
        }
    }
    return arena_strdup(a, s);
}

static void try_model(uint64_t seed, int nfiles, char **files)
{
    static const char *const include[] = {"runtime/std"};
    Arena *a = new_arena();
    state = seed;
    const char *path = files[below(nfiles)];
    char *text = changed(a, read_text(a, path));
    Compilation c = {.arena = a,
                     .options = {.real = T_F64,
                                 .level = below(3),
                                 .unroll = below(2) * 16,
                                 .ninclude = 1,
                                 .include = include,
                                 .check_bounds = below(2)}};
    if (getenv("FUZZ_SHOW"))
        printf("%s\n", text);
    compile(&c, path, text, strlen(text));
    bool told = c.status == COMPILE_OK || (c.errors.s && *c.errors.s);
    passed += told;
    failed += !told;
    if (!told)
        printf("FAIL model %llu: an error without a message\n", (unsigned long long)seed);
    arena_free(a);
}

int main(int argc, char **argv)
{
    bool graphs = argc > 3 && !strcmp(argv[1], "graphs");
    if (argc < 4 || (!graphs && argc < 5))
        return fprintf(stderr, "fuzz_driver graphs|models COUNT SEED [FILE...]\n"), 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (graphs && !jit_available()) {
        return skipped_all("built without libtcc");
    }
    watch_crashes();
    uint64_t seed = strtoull(argv[3], NULL, 10);
    for (long i = 0; i < atol(argv[2]); i++, seed++) {
        snprintf(running, sizeof running, "FAIL %s %llu", argv[1], (unsigned long long)seed);
        alarm(20);
        if (graphs)
            try_graph(seed);
        else
            try_model(seed, argc - 4, argv + 4);
    }
    return sum_up();
}
