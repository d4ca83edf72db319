/* verify_test.c - a broken graph of each kind is caught by verify_graph, and a sound one is not.
 *
 * Every case builds a legal graph, checks that it passes, breaks one field of one node and looks
 * for the words of the fault. Nodes never change in the compiler; here they are changed on purpose,
 * through a cast. */
#include "compiler/ops.h"
#include "compiler/verify.h"
#include "tests/count.h"
#include "tests/graph.h"

#include <stdio.h>
#include <stdlib.h>

static void result_of(bool ok, const char *what, const char *fault)
{
    result(ok, "%s: %s", what, fault ? fault : "nothing is found");
}

/* A graph with some leaves to build on. */
typedef struct Bench {
    Arena *arena;
    Graph *g;
    const Size *N, *three, *four;
    Node *x, *y, *A, *B, *T, *scalar, *i, *j,
        *flag; /* [N] [N] [3, 4] [4, N] [N, 3, 3] [] i64 [4] i32 [4] bool [N] */
} Bench;

static Node *param(Bench *b, const char *name, Dtype t, int rank, const Size *d0, const Size *d1,
                   const Size *d2)
{
    const Size *dim[3] = {d0, d1, d2};
    return graph_param(b->g, name, t, shape_of(b->g, rank, dim), false, (Span){0});
}

static Bench bench(void)
{
    Bench b = {.arena = new_arena()};
    b.g = graph_new(b.arena, NULL);
    b.g->level = 0;
    b.N = size_name(b.g->sizes, "N");
    b.three = size_int(b.g, 3);
    b.four = size_int(b.g, 4);
    b.x = param(&b, "x", T_F64, 1, b.N, NULL, NULL);
    b.y = param(&b, "y", T_F64, 1, b.N, NULL, NULL);
    b.A = param(&b, "A", T_F64, 2, b.three, b.four, NULL);
    b.B = param(&b, "B", T_F64, 2, b.four, b.N, NULL);
    b.T = param(&b, "T", T_F64, 3, b.N, b.three, b.three);
    b.scalar = param(&b, "s", T_F64, 0, NULL, NULL, NULL);
    b.i = param(&b, "i", T_I64, 1, b.four, NULL, NULL);
    b.j = param(&b, "j", T_I32, 1, b.four, NULL, NULL);
    b.flag = param(&b, "c", T_BOOL, 1, b.N, NULL, NULL);
    return b;
}

static void sound(const char *what, Bench *b, Node *root)
{
    const char *fault = verify_graph(b->g, 1, &root, true);
    result_of(!fault, what, fault);
}

/* The fault that is found in `root` once it is broken has these words in it. */
static void broken(const char *words, Bench *b, Node *root)
{
    const char *fault = verify_graph(b->g, 1, &root, true);
    char id[32];
    snprintf(id, sizeof id, "node %d", root->id);
    result_of(fault && strstr(fault, words) && strstr(fault, id), words, fault);
    arena_free(b->arena);
}

static int64_t *attr(Node *n)
{
    return (int64_t *)n->attr;
}

static Node **in(Node *n)
{
    return (Node **)n->in;
}

static Shape shape1(Bench *b, const Size *d)
{
    return shape_of(b->g, 1, &d);
}

/* BREAK(words, the node, a statement that breaks n): on a bench `b` of its own. */
#define BREAK(words, make, ...)                                                                    \
    do {                                                                                           \
        Bench b = bench();                                                                         \
        Node *n = (make);                                                                          \
        sound(#make, &b, n);                                                                       \
        __VA_ARGS__;                                                                               \
        broken(words, &b, n);                                                                      \
    } while (0)

static void test_any_node(void)
{
    BREAK("number of operands", pw1(b.g, OP_TANH, b.x), n->nin = 0);
    BREAK("no such operation", pw1(b.g, OP_TANH, b.x), n->op = OP_COUNT);
    BREAK("no such operation", pw1(b.g, OP_TANH, b.x), n->dtype = T_F64 + 1);
    BREAK("not older", pw2(b.g, OP_ADD, b.x, b.y), in(n)[1] = pw1(b.g, OP_TANH, b.x));
    BREAK("not older", pw1(b.g, OP_TANH, b.x), in(n)[0] = n);
    BREAK("no node of this graph", pw1(b.g, OP_TANH, b.x), Node copy = *b.x; in(n)[0] = &copy);
    BREAK("too many axes", pw1(b.g, OP_TANH, b.x), n->shape.rank = MAX_RANK + 1);
    BREAK("size is negative", iota(b.g, b.N), n->shape = shape1(&b, size_int(b.g, -1)));
}

static void test_leaves(void)
{
    BREAK("constant is a scalar", const_real(b.g, T_F64, 2), n->shape = b.x->shape);
    BREAK("not rounded to f32", const_real(b.g, T_F32, 2), double v = 0.1;
          memcpy(attr(n), &v, sizeof v));
    BREAK("range of its type", const_int(b.g, T_U8, 2), attr(n)[0] = 256);
    BREAK("range of its type", const_int(b.g, T_BOOL, 1), attr(n)[0] = 2);
    BREAK("range of its type", const_int(b.g, T_I32, 1), attr(n)[0] = (int64_t)INT32_MAX + 1);
    BREAK("no such parameter", b.x, attr(n)[0] = 99);
    BREAK("node of its parameter", b.x, attr(n)[0] = 1);
    BREAK("differs from the parameter", b.x, n->dtype = T_F32);
    static const double three[3] = {1, 2, 3};
    BREAK("no such array", const_array(b.g, T_F64, shape1(&b, b.three), three, NULL),
          attr(n)[0] = 5);
    BREAK("another element type", const_array(b.g, T_F64, shape1(&b, b.three), three, NULL),
          n->dtype = T_F32);
    BREAK("number of elements", const_array(b.g, T_F64, shape1(&b, b.three), three, NULL),
          n->shape = shape1(&b, b.four));
    BREAK("size is an i64", size_node(b.g, b.N), n->dtype = T_I32);
    BREAK("range is an i64", iota(b.g, b.N), n->dtype = T_F64);
    Bench b = bench(); /* a placeholder is legal while the graph is open */
    Node *hole = placeholder(b.g, T_F64, b.x->shape), *n = pw1(b.g, OP_TANH, hole);
    const char *fault = verify_graph(b.g, 1, &n, false);
    result_of(!fault, "an open graph", fault);
    broken("placeholder is left", &b, hole);
}

static void test_pointwise(void)
{
    BREAK("do not broadcast", pw2(b.g, OP_ADD, b.x, b.y), in(n)[1] = b.A; n->shape = b.A->shape);
    BREAK("broadcast to", pw2(b.g, OP_ADD, b.x, b.y), n->shape = shape1(&b, b.three));
    BREAK("broadcast to", pw2(b.g, OP_ADD, b.x, b.scalar), n->shape = shape_scalar());
    BREAK("no attributes", pw1(b.g, OP_TANH, b.x), int64_t one = 1; n->nattr = 1; n->attr = &one);
    BREAK("types differ", pw2(b.g, OP_ADD, b.i, b.i), in(n)[1] = b.j);
    BREAK("not that of the operands", pw2(b.g, OP_ADD, b.x, b.y), n->dtype = T_F32);
    BREAK("no real", pw1(b.g, OP_TANH, b.x), in(n)[0] = param(&b, "k", T_I64, 1, b.N, NULL, NULL);
          n->id = b.g->nodes.n; vec_push(b.arena, &b.g->nodes, n));
    BREAK("no bool", pw2(b.g, OP_LT, b.x, b.y), n->dtype = T_F64);
    BREAK("no bool", pw1(b.g, OP_NOT, b.flag), in(n)[0] = b.x);
    BREAK("condition is no bool", pw3(b.g, OP_SELECT, b.flag, b.x, b.y), in(n)[0] = b.x);
    BREAK("types differ", pw3(b.g, OP_SELECT, b.flag, b.x, b.y), in(n)[2] = b.flag);
    BREAK("broadcast to", cast(b.g, b.x, T_F32), n->shape = b.A->shape);
    BREAK("constant 1, 2", pw2(b.g, OP_POLYGAMMA, const_real(b.g, T_F64, 1), b.x),
          in(n)[0] = b.scalar);
}

static void test_reductions(void)
{
    static const int axes[2] = {0, 1};
    BREAK("no axis", reduce(b.g, OP_SUM, b.A, 1, axes), n->nattr = 0);
    BREAK("no such axis", reduce(b.g, OP_SUM, b.A, 1, axes), attr(n)[0] = 2);
    BREAK("no such axis", reduce(b.g, OP_SUM, b.A, 1, axes), attr(n)[0] = -1);
    BREAK("do not ascend", reduce(b.g, OP_SUM, b.A, 2, axes), attr(n)[0] = 1; attr(n)[1] = 0);
    BREAK("what is left", reduce(b.g, OP_SUM, b.A, 1, axes), n->shape = shape1(&b, b.three));
    BREAK("what is left", reduce(b.g, OP_SUM, b.A, 1, axes), n->shape = b.A->shape);
    BREAK("not that of the operands", reduce(b.g, OP_MAXR, b.A, 1, axes), n->dtype = T_I64);
    BREAK("no bool", reduce(b.g, OP_ANY, b.flag, 1, axes), n->dtype = T_I64);
    BREAK("position is an i64", reduce(b.g, OP_ARGMAX, b.A, 1, axes), n->dtype = T_F64);
    BREAK("along one axis", reduce(b.g, OP_ARGMAX, b.A, 1, axes), static int64_t both[2] = {0, 1};
          n->nattr = 2; n->attr = both; n->shape = shape_scalar());
}

static void test_movement(void)
{
    static const int swap[2] = {1, 0};
    BREAK("numbers of elements", reshape(b.g, b.A, shape1(&b, size_int(b.g, 12))),
          n->shape = b.x->shape);
    BREAK("does not broadcast", expand(b.g, b.scalar, b.A->shape), in(n)[0] = b.x);
    BREAK("no permutation", permute(b.g, b.A, swap), attr(n)[1] = 1);
    BREAK("no permutation", permute(b.g, b.A, swap), attr(n)[1] = 2);
    BREAK("new order", permute(b.g, b.A, swap), n->shape = b.A->shape);
    const int64_t one = 1;
    Node *two[2];
#define SLICE slice_axis(b.g, b.A, 1, size_int(b.g, 1), 2, size_int(b.g, 2))
    BREAK("start and a step", SLICE, n->nattr = 2);
    BREAK("step is 0", SLICE, attr(n)[3] = 0);
    BREAK("beyond the last", SLICE, attr(n)[2] = size_int(b.g, 2)->id);
    BREAK("before the first", SLICE, attr(n)[3] = -2);
    BREAK("ranks differ", SLICE, n->shape = b.x->shape);
    BREAK("beyond the last", pad(b.g, b.i, &b.three, &one, shape1(&b, size_int(b.g, 7))),
          n->shape = shape1(&b, b.four));
    BREAK("no such axis", (two[0] = two[1] = b.A, concat(b.g, 2, two, 0)), attr(n)[0] = 2);
    BREAK("add up", (two[0] = two[1] = b.A, concat(b.g, 2, two, 0)), n->shape = b.A->shape);
    BREAK("go together", (two[0] = two[1] = b.A, concat(b.g, 2, two, 0)), in(n)[1] = b.B);
    BREAK("types differ", (two[0] = two[1] = b.i, concat(b.g, 2, two, 0)), in(n)[1] = b.j);
}

static void test_indexing_and_contraction(void)
{
    static const int axes[2] = {0, 1}, ij[2] = {0, 1}, jk[2] = {1, 2}, ik[2] = {0, 2};
    Node *two[2];
#define GATHER (two[0] = b.i, two[1] = b.j, gather(b.g, b.T, 2, two, axes))
    BREAK("no integer", GATHER, in(n)[1] = b.x);
    BREAK("no such axis", GATHER, attr(n)[1] = 3);
    BREAK("do not ascend", GATHER, attr(n)[1] = 0);
    BREAK("axis for each index", GATHER, n->nattr = 1);
    BREAK("axes that are left", GATHER, n->shape = b.T->shape);
    BREAK("not that of the operand", GATHER, n->dtype = T_F32);
    BREAK("axes that are left", (two[0] = b.i, scatter(b.g, b.B, 1, two, axes, b.B->shape)),
          n->shape = b.T->shape);
#define CONTRACT contract(b.g, b.A, ij, b.B, jk, 2, ik)
    BREAK("label for each axis", CONTRACT, n->nattr = 5);
    BREAK("stands twice", CONTRACT, attr(n)[1] = 0);
    static const int64_t more[7] = {0, 1, 1, 2, 0, 2, 7};
    BREAK("stands in no operand", CONTRACT, n->nattr = 7; n->attr = more;
          n->shape = shape_insert(b.g, n->shape, 2, b.four));
    BREAK("one operand alone", CONTRACT, attr(n)[2] = 3);
    BREAK("differ in size", CONTRACT, n->shape = b.A->shape);
    BREAK("differ in size", CONTRACT, in(n)[1] = b.A);
}

static void test_scans_and_linalg(void)
{
    BREAK("no such axis", cumsum(b.g, b.A, 0, false), attr(n)[0] = 2);
    BREAK("direction", cumsum(b.g, b.A, 0, false), attr(n)[1] = 2);
    BREAK("not the operand's", linrec(b.g, b.A, b.A, 0, false), in(n)[0] = b.B);
    BREAK("not square", cholesky(b.g, b.T), in(n)[0] = b.A; n->shape = b.A->shape);
    BREAK("not the operand's", cholesky(b.g, b.T), n->shape = b.A->shape);
#define WIDE param(&b, "W", T_F64, 2, b.four, b.four, NULL)
    BREAK("not that of the batch", det(b.g, WIDE), n->shape = b.x->shape);
    BREAK("not that of the right-hand side", solve(b.g, WIDE, b.B), n->shape = b.A->shape);
    BREAK("other rows", solve(b.g, WIDE, b.B), in(n)[1] = b.A);
    BREAK("that of the factors", qr(b.g, b.A), n->shape = b.A->shape);
    BREAK("not square", eigh(b.g, WIDE), in(n)[0] = b.A);
    BREAK("position is an i64", argsort(b.g, b.A, 1), n->dtype = T_F64);
    BREAK("lower and trans", trisolve(b.g, WIDE, b.B, true, false), attr(n)[0] = 2);
    BREAK("types differ", solve(b.g, WIDE, b.B),
          in(n)[1] = param(&b, "f", T_F32, 2, b.four, b.N, NULL);
          n->id = b.g->nodes.n; vec_push(b.arena, &b.g->nodes, n));
}

/* The fault of the oldest node is told, with its name. */
static void test_first_fault(void)
{
    Bench b = bench();
    Node *h = pw1(b.g, OP_TANH, b.x), *n = pw1(b.g, OP_EXP, h);
    h->name = "h";
    h->dtype = T_I64;
    const char *fault = verify_graph(b.g, 1, &n, true);
    result_of(fault && strstr(fault, "tanh h"), "the first node at fault, by its name", fault);
    arena_free(b.arena);
}

int main(void)
{
    test_any_node();
    test_leaves();
    test_pointwise();
    test_reductions();
    test_movement();
    test_indexing_and_contraction();
    test_scans_and_linalg();
    test_first_fault();
    return sum_up();
}
