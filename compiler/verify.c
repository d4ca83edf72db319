/* verify.c - the laws of ops.h and graph.h, checked node by node.
 *
 * Shapes are computed again from the inputs and the attributes, independently of the
 * constructors, so that a constructor that is wrong is found where it was wrong. */
#include "verify.h"
#include "ops.h"
#include "region.h"

#define FAULT_UNLESS(c, text)                                                                      \
    do {                                                                                           \
        if (!(c))                                                                                  \
            return text;                                                                           \
    } while (0)

static bool is_integer(const Node *n)
{
    return n->dtype == T_U8 || n->dtype == T_I32 || n->dtype == T_I64;
}

/* [from, to) of a's axes are those of b from `at` on. */
static bool same_axes(Shape a, int from, int to, Shape b, int at)
{
    for (int i = from; i < to; i++)
        if (at + i - from >= b.rank || a.dim[i] != b.dim[at + i - from])
            return false;
    return true;
}

/* ---- Leaves ---- */

static const char *check_const(const Node *n)
{
    FAULT_UNLESS(n->nattr == 1, "a constant has one attribute");
    FAULT_UNLESS(!n->shape.rank, "a constant is a scalar");
    if (n->dtype == T_F32) {
        double v = const_value(n);
        FAULT_UNLESS(v != v || (double)(float)v == v, "an f32 constant is not rounded to f32");
    }
    int64_t v = dtype_is_real((Dtype)n->dtype) ? 0 : n->attr[0];
    int64_t low = n->dtype == T_I32 ? INT32_MIN : n->dtype == T_I64 ? INT64_MIN : 0;
    int64_t high = n->dtype == T_BOOL  ? 1
                   : n->dtype == T_U8  ? UINT8_MAX
                   : n->dtype == T_I32 ? INT32_MAX
                                       : INT64_MAX;
    FAULT_UNLESS(v >= low && v <= high, "a constant leaves the range of its type");
    return NULL;
}

static const char *check_leaf(Graph *g, const Node *n, bool closed)
{
    switch ((Op)n->op) {
    case OP_CONST:
        return check_const(n);
    case OP_PARAM:
        FAULT_UNLESS(n->nattr == 1 && n->attr[0] >= 0 && n->attr[0] < g->params.n,
                     "no such parameter");
        FAULT_UNLESS(g->params.at[n->attr[0]].node == n, "it is not the node of its parameter");
        FAULT_UNLESS(g->params.at[n->attr[0]].dtype == n->dtype &&
                         shape_equal(g->params.at[n->attr[0]].shape, n->shape),
                     "type or shape differs from the parameter's");
        return NULL;
    case OP_ARRAY:
        FAULT_UNLESS(n->nattr == 1 && n->attr[0] >= 0 && n->attr[0] < g->arrays.n, "no such array");
        FAULT_UNLESS(g->arrays.at[n->attr[0]].dtype == n->dtype,
                     "the array has another element type");
        FAULT_UNLESS(g->arrays.at[n->attr[0]].count == shape_fixed_count(g, n->shape),
                     "the array has another number of elements");
        return NULL;
    case OP_SIZE:
        FAULT_UNLESS(n->nattr == 1 && n->attr[0] >= 0, "no such size");
        FAULT_UNLESS(n->dtype == T_I64 && !n->shape.rank, "a size is an i64 scalar");
        return NULL;
    case OP_IOTA:
        FAULT_UNLESS(n->dtype == T_I64 && n->shape.rank == 1 && !n->nattr,
                     "a range is an i64 vector");
        return NULL;
    default:
        break;
    }
    FAULT_UNLESS(!closed, "a placeholder is left");
    return NULL;
}

/* ---- Pointwise ---- */

static const char *check_types(const Node *n)
{
    TypeRule rule = op_info(n)->type;
    int first = rule == TY_CHOOSE;
    for (int i = first + 1; i < n->nin; i++)
        FAULT_UNLESS(n->in[i]->dtype == n->in[first]->dtype, "the operands' element types differ");
    Dtype t = (Dtype)n->in[first]->dtype;
    switch (rule) {
    case TY_REAL:
        FAULT_UNLESS(dtype_is_real(t), "the operand is no real");
        FAULT_UNLESS(n->dtype == t, "the element type is not that of the operands");
        return NULL;
    case TY_SAME:
        FAULT_UNLESS(n->dtype == t, "the element type is not that of the operands");
        return NULL;
    case TY_CHOOSE:
        FAULT_UNLESS(n->in[0]->dtype == T_BOOL, "the condition is no bool");
        FAULT_UNLESS(n->dtype == t, "the element type is not that of the operands");
        return NULL;
    case TY_LOGIC:
        FAULT_UNLESS(t == T_BOOL, "the operand is no bool"); /* fall through */
    case TY_BOOL:
        FAULT_UNLESS(n->dtype == T_BOOL, "the result is no bool");
        return NULL;
    case TY_OWN:
        break;
    }
    return NULL;
}

static const char *check_pointwise(Graph *g, const Node *n)
{
    Shape s = shape_scalar();
    for (int i = 0; i < n->nin; i++)
        FAULT_UNLESS(shape_broadcast(g, s, n->in[i]->shape, &s), "the operands do not broadcast");
    FAULT_UNLESS(shape_equal(s, n->shape), "the shape is not what its operands broadcast to");
    FAULT_UNLESS(!n->nattr, "a pointwise operation has no attributes");
    if (n->op == OP_POLYGAMMA) {
        double order;
        FAULT_UNLESS(node_uniform(n->in[0], &order) && order >= 1 &&
                         order == (double)(int64_t)order,
                     "the order is no constant 1, 2, ...");
    }
    return check_types(n);
}

/* ---- Reductions and movement ---- */

static const char *check_reduce(const Node *n)
{
    Shape in = n->in[0]->shape;
    bool arg = n->op == OP_ARGMAX || n->op == OP_ARGMIN;
    FAULT_UNLESS(n->nattr > 0 && n->nattr <= in.rank, "no axis, or too many");
    FAULT_UNLESS(!arg || n->nattr == 1, "it works along one axis");
    for (int i = 0; i < n->nattr; i++) {
        FAULT_UNLESS(n->attr[i] >= 0 && n->attr[i] < in.rank, "no such axis");
        FAULT_UNLESS(!i || n->attr[i] > n->attr[i - 1], "the axes do not ascend");
    }
    int k = 0;
    for (int i = 0; i < in.rank; i++)
        if (!reduces_axis(n, i)) {
            FAULT_UNLESS(k < n->shape.rank && n->shape.dim[k] == in.dim[i],
                         "the shape is not what is left of its operand's");
            k++;
        }
    FAULT_UNLESS(k == n->shape.rank, "the shape is not what is left of its operand's");
    if (arg)
        FAULT_UNLESS(n->dtype == T_I64, "a position is an i64");
    return arg ? NULL : check_types(n);
}

/* start + step*i, i < part, in [0, whole) where all is fixed. */
static const char *check_extent(const Size *start, int64_t step, const Size *part,
                                const Size *whole)
{
    FAULT_UNLESS(step != 0, "a step is 0");
    if (!start->is_const || !part->is_const || !part->value)
        return NULL;
    int64_t last = start->value + step * (part->value - 1);
    FAULT_UNLESS(start->value >= 0 && last >= 0, "it begins before the first element");
    if (whole->is_const)
        FAULT_UNLESS(start->value < whole->value && last < whole->value,
                     "it reaches beyond the last element");
    return NULL;
}

static const char *check_slice(Graph *g, const Node *n)
{
    Shape in = n->in[0]->shape;
    bool pad = n->op == OP_PAD;
    FAULT_UNLESS(in.rank == n->shape.rank, "the ranks differ");
    FAULT_UNLESS(n->nattr == 2 * in.rank, "it wants a start and a step for each axis");
    for (int i = 0; i < in.rank; i++) {
        const Size *part = pad ? in.dim[i] : n->shape.dim[i],
                   *whole = pad ? n->shape.dim[i] : in.dim[i];
        const char *fault = check_extent(move_start(g, n, i), move_step(n, i), part, whole);
        if (fault)
            return fault;
    }
    return NULL;
}

static const char *check_concat(Graph *g, const Node *n)
{
    FAULT_UNLESS(n->nattr == 1 && n->nin >= 2, "it wants an axis and at least two parts");
    int64_t axis = n->attr[0];
    FAULT_UNLESS(axis >= 0 && axis < n->shape.rank, "no such axis");
    const Size *total = size_int(g, 0);
    for (int k = 0; k < n->nin; k++) {
        Shape s = n->in[k]->shape;
        FAULT_UNLESS(s.rank == n->shape.rank, "the ranks differ");
        for (int i = 0; i < s.rank; i++)
            FAULT_UNLESS(i == axis || s.dim[i] == n->shape.dim[i],
                         "the parts' shapes do not go together");
        total = size_add(g->sizes, total, s.dim[axis]);
    }
    FAULT_UNLESS(total == n->shape.dim[axis], "the parts do not add up to its size");
    return NULL;
}

static const char *check_permute(const Node *n)
{
    bool seen[MAX_RANK] = {false};
    Shape in = n->in[0]->shape;
    FAULT_UNLESS(n->nattr == in.rank && n->shape.rank == in.rank, "it wants an axis for each axis");
    for (int i = 0; i < in.rank; i++) {
        FAULT_UNLESS(n->attr[i] >= 0 && n->attr[i] < in.rank && !seen[n->attr[i]],
                     "it is no permutation");
        seen[n->attr[i]] = true;
        FAULT_UNLESS(n->shape.dim[i] == in.dim[n->attr[i]],
                     "the shape is not the operand's in the new order");
    }
    return NULL;
}

static const char *check_move(Graph *g, const Node *n)
{
    Shape both;
    const char *fault = check_types(n);
    if (fault)
        return fault;
    switch ((Op)n->op) {
    case OP_RESHAPE:
        FAULT_UNLESS(shape_count(g, n->in[0]->shape) == shape_count(g, n->shape),
                     "the numbers of elements differ");
        return NULL;
    case OP_EXPAND:
        FAULT_UNLESS(shape_broadcast(g, n->in[0]->shape, n->shape, &both) &&
                         shape_equal(both, n->shape),
                     "the operand does not broadcast to the shape");
        return NULL;
    case OP_PERMUTE:
        return check_permute(n);
    case OP_CONCAT:
        return check_concat(g, n);
    default:
        return check_slice(g, n);
    }
}

/* ---- Indexing and contraction ---- */

static const char *check_index(Graph *g, const Node *n)
{
    bool gather = n->op == OP_GATHER;
    Shape s = shape_scalar(), whole = gather ? n->in[0]->shape : n->shape,
          part = gather ? n->shape : n->in[0]->shape;
    FAULT_UNLESS(n->nattr >= 1 && n->nin == n->nattr + 1 && n->nattr <= whole.rank,
                 "it wants an axis for each index");
    FAULT_UNLESS(n->dtype == n->in[0]->dtype, "the element type is not that of the operand");
    for (int k = 0; k < n->nattr; k++) {
        FAULT_UNLESS(is_integer(n->in[k + 1]), "an index is no integer");
        FAULT_UNLESS(n->attr[k] >= 0 && n->attr[k] < whole.rank, "no such axis");
        FAULT_UNLESS(!k || n->attr[k] > n->attr[k - 1], "the axes do not ascend");
        FAULT_UNLESS(shape_broadcast(g, s, n->in[k + 1]->shape, &s),
                     "the indices do not broadcast");
    }
    for (int i = whole.rank - 1; i >= 0; i--) /* an attribute is an axis here as in a reduction */
        if (reduces_axis(n, i))
            whole = shape_remove(g, whole, i);
    FAULT_UNLESS(part.rank == s.rank + whole.rank && same_axes(s, 0, s.rank, part, 0) &&
                     same_axes(whole, 0, whole.rank, part, s.rank),
                 "the shape is not the indices' and the axes that are left");
    return NULL;
}

static const char *check_put(Graph *g, const Node *n)
{
    Shape s = shape_scalar(), part = n->in[1]->shape;
    FAULT_UNLESS(n->nattr >= 2 && n->nin == 2 + (n->attr[0] != 0) + put_indices(n),
                 "it wants an axis for each index");
    FAULT_UNLESS(n->dtype == n->in[0]->dtype && n->dtype == n->in[1]->dtype &&
                     shape_equal(n->shape, n->in[0]->shape),
                 "base, part and result differ");
    FAULT_UNLESS(!put_guard(n) || (put_guard(n)->dtype == T_BOOL && !put_guard(n)->shape.rank),
                 "the guard is no condition");
    for (int k = 0; k < put_indices(n); k++) {
        FAULT_UNLESS(is_integer(put_index(n)[k]), "an index is no integer");
        FAULT_UNLESS(n->attr[k + 1] >= 0 && n->attr[k + 1] < n->shape.rank, "no such axis");
        FAULT_UNLESS(!k || n->attr[k + 1] > n->attr[k], "the axes do not ascend");
        FAULT_UNLESS(shape_broadcast(g, s, put_index(n)[k]->shape, &s), "the indices do not broadcast");
    }
    FAULT_UNLESS(part.rank == s.rank + n->shape.rank - put_indices(n) &&
                     same_axes(s, 0, s.rank, part, 0),
                 "the part is not shaped as the indices and the axes that are left");
    return NULL;
}

/* ---- Loops ---- */

static const char *check_for(Graph *g, const Node *n)
{
    FAULT_UNLESS(n->nattr == 1 && n->attr[0] >= 0 && n->attr[0] < g->regions.n, "it has no region");
    const Region *r = region_of(g, n);
    FAULT_UNLESS(n->nin >= 1 + r->ncarried, "an initial value is missing");
    FAULT_UNLESS(n->in[0]->dtype == T_I64 && !n->in[0]->shape.rank, "the count is no i64 scalar");
    for (int k = 0; k < r->ncarried; k++) {
        const Node *c = r->carried[k], *init = n->in[1 + k], *next = r->next[k];
        FAULT_UNLESS(c->op == OP_HOLE, "what is carried has no placeholder");
        FAULT_UNLESS(c->dtype == init->dtype && shape_equal(c->shape, init->shape) &&
                         c->dtype == next->dtype && shape_equal(c->shape, next->shape),
                     "what is carried changes its type or shape");
    }
    FAULT_UNLESS(!r->cond || (r->cond->dtype == T_BOOL && !r->cond->shape.rank),
                 "the condition is no bool scalar");
    Node **root;
    int nroots = region_roots(g, r, &root);
    return verify_graph(g, nroots, root, false);
}

static const char *check_part(Graph *g, const Node *n)
{
    FAULT_UNLESS(n->nattr == 1 && n->in[0]->op == OP_FOR, "it is a part of no loop");
    FAULT_UNLESS(n->attr[0] >= 0 && n->attr[0] <= region_turns(region_of(g, n->in[0])),
                 "the loop has no such result");
    return NULL;
}

static const char *check_same(const Node *n)
{
    FAULT_UNLESS(n->dtype == n->in[0]->dtype && shape_equal(n->shape, n->in[0]->shape),
                 "it is not shaped and typed as its operand");
    return NULL;
}

static int find_label(const int64_t *l, int n, int64_t label)
{
    for (int i = 0; i < n; i++)
        if (l[i] == label)
            return i;
    return -1;
}

static const char *check_contract(const Node *n)
{
    int rank[3] = {n->in[0]->shape.rank, n->in[1]->shape.rank, n->shape.rank};
    FAULT_UNLESS(n->nattr == rank[0] + rank[1] + rank[2], "it wants a label for each axis");
    for (int k = 0; k < 3; k++) {
        const int64_t *l = contract_labels(n, k), *a = contract_labels(n, 0),
                      *b = contract_labels(n, 1);
        Shape s = k < 2 ? n->in[k]->shape : n->shape;
        for (int i = 0; i < rank[k]; i++) {
            FAULT_UNLESS(find_label(l, i, l[i]) < 0, "a label stands twice");
            int ia = find_label(a, rank[0], l[i]), ib = find_label(b, rank[1], l[i]);
            int other = k == 2 ? 0 : find_label(contract_labels(n, 2), rank[2], l[i]);
            FAULT_UNLESS(ia >= 0 || ib >= 0, "a label of the result stands in no operand");
            FAULT_UNLESS(other >= 0 || (ia >= 0 && ib >= 0), "a label stands in one operand alone");
            FAULT_UNLESS((ia < 0 || n->in[0]->shape.dim[ia] == s.dim[i]) &&
                             (ib < 0 || n->in[1]->shape.dim[ib] == s.dim[i]),
                         "axes of one label differ in size");
        }
    }
    return check_types(n);
}

/* ---- Scans and linear algebra ---- */

static const char *check_scan(const Node *n)
{
    FAULT_UNLESS(n->nattr == 2 && n->attr[0] >= 0 && n->attr[0] < n->shape.rank, "no such axis");
    FAULT_UNLESS(n->attr[1] == 0 || n->attr[1] == 1, "its direction is neither 0 nor 1");
    for (int i = 0; i < n->nin; i++)
        FAULT_UNLESS(shape_equal(n->in[i]->shape, n->shape), "the shape is not the operand's");
    return check_types(n);
}

static const char *check_linalg(Graph *g, const Node *n)
{
    Shape a = n->in[0]->shape, s = n->shape;
    int batch = a.rank - 2;
    if (n->op == OP_ARGSORT) {
        FAULT_UNLESS(a.rank > 0 && shape_equal(a, s), "the shape is not the operand's");
        FAULT_UNLESS(n->dtype == T_I64, "a position is an i64");
        return NULL;
    }
    bool rows = n->op == OP_QR || n->op == OP_SVD;
    FAULT_UNLESS(batch >= 0 && (rows || a.dim[batch] == a.dim[batch + 1]), "the matrix is not square");
    if (rows || n->op == OP_EIGH) {
        const Size *more = size_int(g, n->op == OP_QR ? 0 : 1);
        more = rows ? size_add(g->sizes, a.dim[batch + 1], more) : more;
        FAULT_UNLESS(s.rank == a.rank && same_axes(a, 0, batch, s, 0) &&
                         s.dim[batch] == size_add(g->sizes, a.dim[batch], more) &&
                         s.dim[batch + 1] == a.dim[batch + 1],
                     "the shape is not that of the factors");
    } else if (n->op == OP_DET || n->op == OP_LOGDET) {
        FAULT_UNLESS(s.rank == batch && same_axes(a, 0, batch, s, 0),
                     "the shape is not that of the batch");
    } else if (n->nin == 1) {
        FAULT_UNLESS(shape_equal(a, s), "the shape is not the operand's");
    } else {
        Shape b = n->in[1]->shape;
        FAULT_UNLESS(b.rank == a.rank && same_axes(a, 0, batch + 1, b, 0),
                     "the right-hand side has other rows");
        FAULT_UNLESS(shape_equal(b, s), "the shape is not that of the right-hand side");
    }
    if (n->op == OP_EXPM)
        FAULT_UNLESS(n->nattr == 1 && n->attr[0] > 0 &&
                         size_div(g->sizes, a.dim[batch], size_int(g, n->attr[0])),
                     "the matrix is not of so many blocks");
    if (n->op == OP_TRISOLVE)
        FAULT_UNLESS(n->nattr == 2 && (n->attr[0] | n->attr[1] | 1) == 1,
                     "lower and trans are neither 0 nor 1");
    return check_types(n);
}

/* ---- A node ---- */

static const char *check_node(Graph *g, const Node *n, bool closed)
{
    FAULT_UNLESS(n->op < OP_COUNT && n->dtype <= T_F64, "no such operation or element type");
    int arity = op_info(n)->arity;
    FAULT_UNLESS(arity < 0 ? n->nin > 0 : n->nin == arity, "the number of operands is wrong");
    FAULT_UNLESS(n->shape.rank >= 0 && n->shape.rank <= MAX_RANK, "it has too many axes");
    for (int i = 0; i < n->shape.rank; i++)
        FAULT_UNLESS(!n->shape.dim[i]->is_const || n->shape.dim[i]->value >= 0,
                     "a size is negative");
    switch (op_info(n)->family) {
    case F_LEAF:
        return check_leaf(g, n, closed);
    case F_POINTWISE:
        return check_pointwise(g, n);
    case F_REDUCE:
        return check_reduce(n);
    case F_MOVE:
        return check_move(g, n);
    case F_INDEX:
        return is_put(n) ? check_put(g, n) : check_index(g, n);
    case F_CONTRACT:
        return check_contract(n);
    case F_SCAN:
        return check_scan(n);
    case F_LINALG:
        return check_linalg(g, n);
    case F_CONTROL:
        return n->op == OP_FOR ? check_for(g, n) : n->op == OP_PART ? check_part(g, n) : check_same(n);
    }
    return NULL;
}

/* Inputs are nodes of this graph and older; until that is known nothing may follow them. */
static const char *check_age(const Graph *g, const Node *n)
{
    FAULT_UNLESS(n->id >= 0 && n->id < g->nodes.n && g->nodes.at[n->id] == n,
                 "it is no node of this graph");
    for (int i = 0; i < n->nin; i++) {
        const Node *x = n->in[i];
        FAULT_UNLESS(x && x->id < n->id, "an input is not older than it");
        FAULT_UNLESS(x->id >= 0 && g->nodes.at[x->id] == x, "an input is no node of this graph");
    }
    return NULL;
}

static const char *describe(Graph *g, const Node *n, const char *fault)
{
    Text t = {.arena = g->arena};
    text_printf(&t, "node %d", n->id);
    if (n->op < OP_COUNT && n->dtype <= T_F64) {
        text_printf(&t, " (%s%s%s, %s", op_info(n)->name, n->name ? " " : "",
                    n->name ? n->name : "", dtype_name((Dtype)n->dtype));
        if (n->shape.rank <= MAX_RANK)
            shape_print(g, n->shape, &t);
        text_put(&t, ")");
    }
    text_printf(&t, ": %s", fault);
    return t.s;
}

const char *verify_graph(Graph *g, int nroots, Node *const *roots, bool closed)
{
    bool *mark = NEW_N(g->arena, bool, g->nodes.n + 1);
    int last = -1;
    const char *fault;
    for (int i = 0; i < nroots; i++) {
        if ((fault = check_age(g, roots[i])))
            return describe(g, roots[i], fault);
        mark[roots[i]->id] = true;
        last = roots[i]->id > last ? roots[i]->id : last;
    }
    for (int id = last; id >= 0; id--) {
        const Node *n = g->nodes.at[id];
        if (mark[id] && (fault = check_age(g, n)))
            return describe(g, n, fault);
        for (int k = 0; mark[id] && k < n->nin; k++)
            mark[n->in[k]->id] = true;
    }
    for (int id = 0; id <= last; id++)
        if (mark[id] && (fault = check_node(g, g->nodes.at[id], closed)))
            return describe(g, g->nodes.at[id], fault);
    return NULL;
}
