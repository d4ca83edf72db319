/* builtins_linalg.c - products of tensors (matmul, einsum ...), linear algebra, and gathers. */
#include "eval.h"
#include "status.h"

static Value bad(void)
{
    return (Value){.kind = VAL_ERROR};
}

/* ---- Products ---- */

Value matmul_value(Elab *E, Span span, Value a, Value b)
{
    Value v[2] = {a, b};
    Origin origin;
    if (!want_tensor(E, a, span, "an operand of @") || !want_tensor(E, b, span, "an operand of @"))
        return bad();
    Shape sa = a.node->shape, sb = b.node->shape, batch;
    if (!sa.rank || !sb.rank)
        return fail(E, span, "@ wants tensors, not %s and %s: * multiplies scalars",
                    value_says(E, a), value_says(E, b));
    const Size *inner = sb.dim[sb.rank > 1 ? sb.rank - 2 : 0];
    Shape ba = {.rank = sa.rank > 2 ? sa.rank - 2 : 0, .dim = sa.dim};
    Shape bb = {.rank = sb.rank > 2 ? sb.rank - 2 : 0, .dim = sb.dim};
    if (sa.dim[sa.rank - 1] != inner || !shape_broadcast(E->g, ba, bb, &batch)) {
        fail(E, span, "shapes %s and %s do not multiply", shape_says(E, sa), shape_says(E, sb));
        note_sizes(E, sa, sb);
        return bad();
    }
    if (!promote(E, span, 2, v, TO_ARITHMETIC, &origin))
        return bad();
    E->g->here = span;
    return tensor(E, matmul(E->g, v[0].node, v[1].node), origin);
}

static Value run_matmul(Elab *E, Call *c)
{
    return matmul_value(E, c->span, c->arg[0], c->arg[1]);
}

/* np.dot: of vectors and matrices @, of higher ranks the last axis of a with the one before the
 * last of b. */
static Value run_dot(Elab *E, Call *c)
{
    Value v[2] = {c->arg[0], c->arg[1]};
    Origin origin;
    if (!want_tensor(E, v[0], c->at[0], "an operand of dot") ||
        !want_tensor(E, v[1], c->at[1], "an operand of dot"))
        return bad();
    int ra = v[0].node->shape.rank, rb = v[1].node->shape.rank;
    if (!ra || !rb)
        return apply2(E, OP_MUL, c->span, v[0], v[1]);
    int at = rb > 1 ? rb - 2 : 0, la[MAX_RANK], lb[MAX_RANK], lo[MAX_RANK], n = 0;
    if (v[0].node->shape.dim[ra - 1] != v[1].node->shape.dim[at])
        return fail(E, c->span, "shapes %s and %s do not multiply", shape_says(E, v[0].node->shape),
                    shape_says(E, v[1].node->shape));
    if (ra + rb - 2 > MAX_AXES || !promote(E, c->span, 2, v, TO_ARITHMETIC, &origin))
        return bad();
    for (int i = 0; i < ra; i++)
        la[i] = i;
    for (int i = 0; i < rb; i++)
        lb[i] = i == at ? ra - 1 : ra + i;
    for (int i = 0; i < ra - 1; i++)
        lo[n++] = la[i];
    for (int i = 0; i < rb; i++)
        if (i != at)
            lo[n++] = lb[i];
    return tensor(E, contract(E->g, v[0].node, la, v[1].node, lb, n, lo), origin);
}

static Value run_outer(Elab *E, Call *c)
{
    Value v[2] = {c->arg[0], c->arg[1]};
    if (!want_tensor(E, v[0], c->at[0], "an operand of outer") ||
        !want_tensor(E, v[1], c->at[1], "an operand of outer"))
        return bad();
    for (int i = 0; i < 2; i++) { /* flattened, as in NumPy */
        const Size *n = shape_count(E->g, v[i].node->shape);
        v[i] = tensor(E, reshape(E->g, v[i].node, shape_of(E->g, 1, &n)), v[i].origin);
    }
    v[0] = tensor(E, insert_axis(E->g, v[0].node, 1), v[0].origin);
    return apply2(E, OP_MUL, c->span, v[0], v[1]);
}

static Value component(Elab *E, Value v, int i)
{
    return tensor(E, take_at(E->g, v.node, v.node->shape.rank - 1, size_int(E->g, i)), v.origin);
}

static Value run_cross(Elab *E, Call *c)
{
    Value a = c->arg[0], b = c->arg[1], part[3];
    Span at = c->span;
    for (int i = 0; i < 2; i++) {
        if (!want_tensor(E, c->arg[i], c->at[i], "an operand of cross"))
            return bad();
        Shape s = c->arg[i].node->shape;
        if (!s.rank || !s.dim[s.rank - 1]->is_const || s.dim[s.rank - 1]->value != 3)
            return fail(E, c->at[i], "cross wants vectors of 3, not %s", value_says(E, c->arg[i]));
    }
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3, k = (i + 2) % 3;
        /* nodes are made in the order of statements (build_linalg.c) */
        Value aj = component(E, a, j), ak = component(E, a, k);
        Value bj = component(E, b, j), bk = component(E, b, k);
        Value plus = apply2(E, OP_MUL, at, aj, bk), minus = apply2(E, OP_MUL, at, ak, bj);
        part[i] = apply2(E, OP_SUB, at, plus, minus);
        if (is_error(part[i]))
            return bad();
    }
    Node *in[3] = {part[0].node, part[1].node, part[2].node};
    return tensor(E, stack(E->g, 3, in, in[0]->shape.rank), part[0].origin);
}

/* The elements (i, i) of two axes of equal size, as one new last axis. */
static Node *take_diagonal(Elab *E, Node *x, int a, int b)
{
    Node *i = iota(E->g, x->shape.dim[a]), *at[2] = {i, i};
    int axes[2] = {a < b ? a : b, a < b ? b : a};
    Node *r = gather(E->g, x, 2, at, axes);
    return move_axis(E->g, r, 0, r->shape.rank - 1);
}

static Value run_trace(Elab *E, Call *c)
{
    if (!want_tensor(E, c->arg[0], c->at[0], "the argument of trace"))
        return bad();
    Node *x = c->arg[0].node;
    if (x->shape.rank < 2 || x->shape.dim[0] != x->shape.dim[1])
        return fail(E, c->span, "trace wants a square matrix, not %s", value_says(E, c->arg[0]));
    Node *d = take_diagonal(E, x, 0, 1);
    int last = d->shape.rank - 1;
    return reduce_value(E, OP_SUM, c->span, tensor(E, d, c->arg[0].origin), 1, &last, false);
}

/* ---- einsum ---- */

enum { LABELS = 52 + MAX_RANK }; /* letters, then the axes of an ellipsis */

typedef struct Term {
    int n, label[MAX_RANK];
} Term;

static int letter(char c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' : c >= 'A' && c <= 'Z' ? 26 + c - 'A' : -1;
}

/* Labels of one operand, or of the result (`rank` < 0), whose ellipsis has `dots` axes. */
static const char *read_term(Elab *E, const char *p, int rank, int *dots, Term *out)
{
    int letters = 0;
    for (const char *q = p; *q && *q != ',' && !(q[0] == '-' && q[1] == '>'); q++)
        letters += letter(*q) >= 0;
    out->n = 0;
    for (; *p && *p != ',' && !(p[0] == '-' && p[1] == '>'); p++) {
        if (*p == ' ')
            continue;
        if (!strncmp(p, "...", 3)) {
            int k = rank < 0 ? *dots : rank - letters;
            if (rank >= 0 && k > *dots)
                *dots = k;
            for (int i = k > 0 ? k : 0; i-- > 0 && out->n < MAX_RANK;)
                out->label[out->n++] = 52 + i; /* aligned at the right, as broadcasting is */
            p += 2;
        } else if (letter(*p) >= 0 && out->n < MAX_RANK) {
            out->label[out->n++] = letter(*p);
        } else {
            return arena_printf(E->arena, "'%c' cannot stand in the text of einsum", *p);
        }
    }
    return NULL;
}

static const char *term_end(const char *p)
{
    while (*p && *p != ',' && !(p[0] == '-' && p[1] == '>'))
        p++;
    return p;
}

/* No output given: the ellipsis, then the letters that stand once, in alphabetical order. */
static void implicit_output(int n, const Term *in, int dots, Term *out)
{
    out->n = 0;
    for (int i = dots; i-- > 0;)
        out->label[out->n++] = 52 + i;
    for (int c = 'A'; c <= 'z'; c++) {
        int count = 0;
        for (int k = 0; k < n; k++)
            for (int i = 0; i < in[k].n; i++)
                count += in[k].label[i] == letter((char)c);
        if (letter((char)c) >= 0 && count == 1 && out->n < MAX_RANK)
            out->label[out->n++] = letter((char)c);
    }
}

static int find_label(const Term *t, int label)
{
    for (int i = 0; i < t->n; i++)
        if (t->label[i] == label)
            return i;
    return -1;
}

/* A label twice in one operand means its diagonal. */
static Node *undouble(Elab *E, Node *x, Term *t)
{
    for (int i = 0; i < t->n; i++)
        for (int j = i + 1; j < t->n; j++)
            if (t->label[i] == t->label[j]) {
                int label = t->label[i], m = 0;
                x = take_diagonal(E, x, i, j);
                for (int k = 0; k < t->n; k++)
                    if (k != i && k != j)
                        t->label[m++] = t->label[k];
                t->label[m++] = label;
                t->n = m;
                return undouble(E, x, t);
            }
    return x;
}

/* Sums over the labels of x that stand nowhere in `keep`; axes of size 1 that are broadcast go. */
static Node *sum_alone(Elab *E, Node *x, Term *t, const bool *keep, const Size *const *size)
{
    int axes[MAX_RANK], n = 0, m = 0;
    for (int i = 0; i < t->n; i++)
        if (!keep[t->label[i]] || x->shape.dim[i] != size[t->label[i]])
            axes[n++] = i;
        else
            t->label[m++] = t->label[i];
    t->n = m;
    return n ? reduce(E->g, OP_SUM, x, n, axes) : x;
}

/* x with its axes in the order of `out`, broadcast where it lacks one. */
static Node *arrange(Elab *E, Node *x, const Term *t, const Term *out, const Size *const *size)
{
    int perm[MAX_RANK], n = 0;
    const Size *dim[MAX_RANK], *whole[MAX_RANK];
    for (int i = 0; i < out->n; i++) {
        int at = find_label(t, out->label[i]);
        whole[i] = size[out->label[i]];
        dim[i] = at < 0 ? size_int(E->g, 1) : whole[i];
        if (at >= 0)
            perm[n++] = at;
    }
    x = reshape(E->g, permute(E->g, x, perm), shape_of(E->g, out->n, dim));
    return expand(E->g, x, shape_of(E->g, out->n, whole));
}

/* Operands from left to right, two at a time. */
static Node *contract_all(Elab *E, int n, Node **x, Term *t, const Term *out,
                          const Size *const *size)
{
    for (int k = 0; k < n; k++) {
        bool keep[LABELS] = {false};
        for (int i = 0; i < out->n; i++)
            keep[out->label[i]] = true;
        for (int j = 0; j < n; j++)
            for (int i = 0; j != k && i < t[j].n; i++)
                keep[t[j].label[i]] = true;
        x[k] = sum_alone(E, x[k], &t[k], keep, size);
    }
    for (int k = 1; k < n; k++) {
        bool later[LABELS] = {false};
        for (int i = 0; i < out->n; i++)
            later[out->label[i]] = true;
        for (int j = k + 1; j < n; j++)
            for (int i = 0; i < t[j].n; i++)
                later[t[j].label[i]] = true;
        /* an earlier sum may have left a label that only one of the two has */
        bool keep[LABELS];
        for (int side = 0; side < 2; side++) {
            int me = side ? k : 0, other = side ? 0 : k;
            memcpy(keep, later, sizeof keep);
            for (int i = 0; i < t[other].n; i++)
                keep[t[other].label[i]] = true;
            x[me] = sum_alone(E, x[me], &t[me], keep, size);
        }
        Term r = {0};
        for (int side = 0; side < 2; side++) {
            const Term *one = &t[side ? k : 0];
            for (int i = 0; i < one->n; i++)
                if (later[one->label[i]] && find_label(&r, one->label[i]) < 0 && r.n < MAX_AXES)
                    r.label[r.n++] = one->label[i];
        }
        if (k == n - 1) { /* the last product comes out in the order that is asked for */
            Term in_order = {0};
            for (int i = 0; i < out->n; i++)
                if (find_label(&r, out->label[i]) >= 0)
                    in_order.label[in_order.n++] = out->label[i];
            r = in_order;
        }
        x[0] = contract(E->g, x[0], t[0].label, x[k], t[k].label, r.n, r.label);
        t[0] = r;
    }
    return arrange(E, x[0], &t[0], out, size);
}

/* The sizes of the labels; false where two operands disagree. */
static bool label_sizes(Elab *E, Span span, int n, Node *const *x, const Term *t, const Size **size)
{
    for (int k = 0; k < n; k++)
        for (int i = 0; i < t[k].n; i++) {
            int l = t[k].label[i];
            const Size *d = x[k]->shape.dim[i], *old = size[l];
            bool one = d->is_const && d->value == 1;
            if (!old || (old->is_const && old->value == 1)) {
                size[l] = d;
            } else if (old != d && !one) {
                if (l < 52)
                    fail(E, span, "einsum: the sizes of '%c' are %s and %s",
                         l < 26 ? 'a' + l : 'A' + l - 26, size_says(E, old), size_says(E, d));
                else
                    fail(E, span, "einsum: sizes %s and %s under ... do not broadcast",
                         size_says(E, old), size_says(E, d));
                return false;
            }
        }
    return true;
}

Value einsum_value(Elab *E, Span span, const char *spec, int n, const Value *v, const Span *at)
{
    Term *t = NEW_N(E->arena, Term, n + 1), out;
    Value *in = NEW_N(E->arena, Value, n);
    Node **x = NEW_N(E->arena, Node *, n);
    const Size *size[LABELS] = {0};
    const char *p = spec, *wrong;
    int dots = 0;
    Origin origin;
    for (int k = 0; k < n; k++) {
        if (!want_tensor(E, v[k], at[k], "an operand of einsum"))
            return bad();
        if (k && *p != ',')
            return fail(E, span, "einsum: %d operand%s in the text, %d given", k, k == 1 ? "" : "s",
                        n);
        p += k > 0;
        int rank = v[k].node->shape.rank;
        if ((wrong = read_term(E, p, rank, &dots, &t[k])))
            return fail(E, span, "%s", wrong);
        if (t[k].n != rank)
            return fail(E, at[k], "einsum: %d labels for an operand of shape %s", t[k].n,
                        shape_says(E, v[k].node->shape));
        p = term_end(p);
        in[k] = v[k];
    }
    if (*p == ',')
        return fail(E, span, "einsum: more operands in the text than the %d given", n);
    if (!*p)
        implicit_output(n, t, dots, &out);
    else if ((wrong = read_term(E, p + 2, -1, &dots, &out)))
        return fail(E, span, "%s", wrong);
    else if (*term_end(p + 2))
        return fail(E, span, "einsum: one result, please: '%s'", p + 2);
    for (int i = 0; i < out.n; i++) {
        bool known = false;
        for (int k = 0; k < n; k++)
            known |= find_label(&t[k], out.label[i]) >= 0;
        if (!known && out.label[i] < 52)
            return fail(E, span, "einsum: '%c' of the result stands in no operand",
                        out.label[i] < 26 ? 'a' + out.label[i] : 'A' + out.label[i] - 26);
        for (int j = 0; j < i; j++)
            if (out.label[i] == out.label[j])
                return fail(E, span, "einsum: a label stands twice in the result");
    }
    if (!promote(E, span, n, in, TO_ARITHMETIC, &origin))
        return bad();
    for (int k = 0; k < n; k++)
        x[k] = in[k].node;
    if (!label_sizes(E, span, n, x, t, size))
        return bad();
    for (int k = 0; k < n; k++)
        x[k] = undouble(E, x[k], &t[k]);
    return tensor(E, contract_all(E, n, x, t, &out, size), origin);
}

static Value run_einsum(Elab *E, Call *c)
{
    if (c->rest[0].kind != VAL_TEXT)
        return fail(E, c->rest_at[0], "einsum wants a text like \"ij,jk->ik\" first");
    if (c->nrest < 2)
        return fail(E, c->span, "einsum wants operands");
    return einsum_value(E, c->span, c->rest[0].text, c->nrest - 1, c->rest + 1, c->rest_at + 1);
}

/* ---- Linear algebra ---- */

static bool want_matrix(Elab *E, Call *c, bool square, Value *a)
{
    if (!want_tensor(E, c->arg[0], c->at[0], "a matrix"))
        return false;
    Shape s = c->arg[0].node->shape;
    if (s.rank < 2 || (square && s.dim[s.rank - 1] != s.dim[s.rank - 2])) {
        fail(E, c->at[0], "%s wants a %smatrix, not %s", c->builtin->name, square ? "square " : "",
             value_says(E, c->arg[0]));
        return false;
    }
    *a = to_real(E, c->at[0], c->arg[0]);
    return !is_error(*a);
}

static Value run_square(Elab *E, Call *c)
{
    Value a;
    if (!want_matrix(E, c, true, &a))
        return bad();
    Node *(*const build[])(Graph *, Node *) = {cholesky, inverse, det, logdet, eigh};
    return tensor(E, build[c->builtin->extra](E->g, a.node), a.origin);
}

/* blocks: what derivatives tell the routine of a matrix that they make, as `gradc show` writes it. */
static Value run_expm(Elab *E, Call *c)
{
    Value a;
    int64_t blocks = 1;
    if (!want_matrix(E, c, true, &a) ||
        (given(c->arg[1]) && !want_int(E, c->arg[1], c->at[1], &blocks, "the number of blocks")))
        return bad();
    const Size *n = a.node->shape.dim[a.node->shape.rank - 1];
    if (blocks < 1 || blocks > INT32_MAX || !size_div(E->g->sizes, n, size_int(E->g, blocks)))
        return fail(E, c->at[1], "%s rows are not %lld equal blocks", size_says(E, n), (long long)blocks);
    return tensor(E, expm(E->g, a.node, (int)blocks), a.origin);
}

/* ---- Factorisations: those of the graph have all factors in the rows of one tensor ---- */

/* Whether there are as many rows as columns, or more. Where the sizes do not tell, there have to be:
 * the run asserts it. */
static bool is_tall(Elab *E, Call *c, Shape s)
{
    const Size *m = s.dim[s.rank - 2], *n = s.dim[s.rank - 1];
    if (size_known_ge(E->g->sizes, m, n))
        return true;
    if (size_known_ge(E->g->sizes, n, m))
        return false;
    Node *rows = size_node(E->g, m), *columns = size_node(E->g, n);
    Node *tall = pw2(E->g, OP_GE, rows, columns);
    for (int i = 0; i < E->checks.n; i++)
        if (E->checks.at[i].cond == tall)
            return true;
    const char *what = arena_printf(E->arena, "%s of %s rows and %s columns: it takes them for no fewer rows than columns",
                                    c->builtin->name, size_says(E, m), size_says(E, n));
    vec_push(E->arena, &E->checks,
             (Demand){.cond = tall, .code = STATUS_ASSERT, .message = what, .span = c->at[0]});
    return true;
}

/* (w, V) */
static Value run_eigh(Elab *E, Call *c)
{
    Value a;
    if (!want_matrix(E, c, true, &a))
        return bad();
    Graph *g = E->g;
    int row = a.node->shape.rank - 2;
    const Size *n = a.node->shape.dim[row];
    Node *x = eigh(g, a.node);
    Value part[2];
    part[0] = tensor(E, take_at(g, x, row, n), a.origin);
    part[1] = tensor(E, matrix_rows(g, x, size_int(g, 0), n), a.origin);
    return value_tuple(E, 2, part);
}

/* (Q, R), with Q[.., m, k], R[.., k, n], k the smaller of the two. A wide matrix is [X, Y] with X
 * square, and X = Q U gives R = [U, Q'Y]. */
static Value run_qr(Elab *E, Call *c)
{
    Value a, part[2];
    if (!want_matrix(E, c, false, &a))
        return bad();
    Graph *g = E->g;
    Node *x = a.node, *rest = NULL;
    int last = x->shape.rank - 1;
    const Size *m = x->shape.dim[last - 1], *n = x->shape.dim[last], *zero = size_int(g, 0);
    if (!is_tall(E, c, x->shape)) {
        rest = slice_axis(g, x, last, m, 1, size_sub(g->sizes, n, m));
        x = slice_axis(g, x, last, zero, 1, m);
        n = m;
    }
    Node *both = qr(g, x), *q = matrix_rows(g, both, zero, m), *r[2] = {matrix_rows(g, both, m, n)};
    if (rest) {
        r[1] = matmul(g, transpose_last(g, q), rest);
        r[0] = concat(g, 2, r, last);
    }
    part[0] = tensor(E, q, a.origin);
    part[1] = tensor(E, r[0], a.origin);
    return value_tuple(E, 2, part);
}

/* (U, s, V'), with U[.., m, k], s[.., k], V'[.., k, n]; of a wide matrix by its transpose. */
static Value run_svd(Elab *E, Call *c)
{
    Value a, part[3];
    if (!want_matrix(E, c, false, &a))
        return bad();
    Graph *g = E->g;
    bool tall = is_tall(E, c, a.node->shape);
    Node *x = tall ? a.node : transpose_last(g, a.node);
    int row = x->shape.rank - 2;
    const Size *m = x->shape.dim[row], *n = x->shape.dim[row + 1];
    x = svd(g, x);
    Node *s = take_at(g, x, row, size_add(g->sizes, m, n));
    Node *u = matrix_rows(g, x, size_int(g, 0), m), *vt = matrix_rows(g, x, m, n);
    part[0] = tensor(E, tall ? u : transpose_last(g, vt), a.origin);
    part[1] = tensor(E, s, a.origin);
    part[2] = tensor(E, tall ? vt : transpose_last(g, u), a.origin);
    return value_tuple(E, 3, part);
}

/* As `gradc show` writes them: the rows of all factors. */
static Value run_rows(Elab *E, Call *c)
{
    Value a;
    if (!want_matrix(E, c, false, &a))
        return bad();
    if (!is_tall(E, c, a.node->shape))
        return fail(E, c->at[0], "%s wants no fewer rows than columns", c->builtin->name);
    return tensor(E, (c->builtin->extra ? svd : qr)(E->g, a.node), a.origin);
}

enum { GENERAL, LOWER, UPPER };

/* Both operands with the same leading axes; b is a vector where its rank is 1. */
static Value solve_with(Elab *E, Call *c, int how, bool trans)
{
    Value v[2];
    Origin origin;
    if (!want_matrix(E, c, true, &v[0]) || !want_tensor(E, c->arg[1], c->at[1], "the right-hand side"))
        return bad();
    v[1] = c->arg[1];
    if (!promote(E, c->span, 2, v, TO_REAL, &origin))
        return bad();
    Graph *g = E->g;
    Node *a = v[0].node, *b = v[1].node;
    Shape sa = a->shape, sb = b->shape, batch;
    bool vector = sb.rank == 1;
    const Size *n = sa.dim[sa.rank - 1];
    if (!sb.rank || sb.dim[vector ? 0 : sb.rank - 2] != n)
        return fail(E, c->span, "%s of shapes %s and %s: the matrix has %s rows", c->builtin->name,
                    shape_says(E, sa), shape_says(E, sb), size_says(E, n));
    if (vector)
        b = insert_axis(g, b, 1);
    Shape ba = {.rank = sa.rank - 2, .dim = sa.dim},
          bb = {.rank = b->shape.rank - 2, .dim = b->shape.dim};
    if (!shape_broadcast(g, ba, bb, &batch))
        return fail(E, c->span, "%s of shapes %s and %s: leading axes do not broadcast",
                    c->builtin->name, shape_says(E, sa), shape_says(E, sb));
    Shape tail_a = {.rank = 2, .dim = sa.dim + sa.rank - 2};
    Shape tail_b = {.rank = 2, .dim = b->shape.dim + b->shape.rank - 2};
    a = expand(g, a, shape_concat(g, batch, tail_a));
    b = expand(g, b, shape_concat(g, batch, tail_b));
    Node *x = how == GENERAL ? solve(g, a, b) : trisolve(g, a, b, how == LOWER, trans);
    return tensor(E, vector ? drop_axis(g, x, x->shape.rank - 1) : x, origin);
}

static Value run_solve(Elab *E, Call *c)
{
    return solve_with(E, c, c->builtin->extra, false);
}

static Value run_trisolve(Elab *E, Call *c)
{
    bool lower = true, trans = false;
    if ((given(c->arg[2]) && !want_bool(E, c->arg[2], c->at[2], &lower, "lower")) ||
        (given(c->arg[3]) && !want_bool(E, c->arg[3], c->at[3], &trans, "trans")))
        return bad();
    return solve_with(E, c, lower ? LOWER : UPPER, trans);
}

/* ---- gather(x, i, j, axes=(0, 1)) and scatter_add(u, (shape), i, j, axes=(0, 1)) ---- */

static bool read_indices(Elab *E, Call *c, int first, int rank, int *n, Node **idx, int *axes,
                         Shape *s)
{
    *n = c->nrest - first;
    if (*n < 1 || *n > rank) {
        fail(E, c->span, "%s wants 1 to %d index tensors", c->builtin->name, rank);
        return false;
    }
    for (int i = 0; i < *n; i++) {
        Value v = c->rest[first + i];
        if (!want_tensor(E, v, c->rest_at[first + i], "an index"))
            return false;
        if (dtype_is_real((Dtype)v.node->dtype) || v.node->dtype == T_BOOL) {
            fail(E, c->rest_at[first + i], "an index must be an integer, not %s", value_says(E, v));
            return false;
        }
        idx[i] = v.node;
        axes[i] = i;
    }
    if (!broadcast_shapes(E, c->span, *n, c->rest + first, s))
        return false;
    int named;
    if (given(c->arg[1])) {
        if (!want_axes(E, c->arg[1], c->at[1], rank, &named, axes))
            return false;
        if (named != *n) {
            fail(E, c->at[1], "%s wants an axis for each of %d index tensors", c->builtin->name,
                 *n);
            return false;
        }
    }
    return true;
}

static Value run_gather(Elab *E, Call *c)
{
    Node *idx[MAX_RANK];
    int n, axes[MAX_RANK];
    Shape s;
    if (!want_tensor(E, c->rest[0], c->rest_at[0], "the argument of gather") ||
        !read_indices(E, c, 1, c->rest[0].node->shape.rank, &n, idx, axes, &s))
        return bad();
    return tensor(E, gather(E->g, c->rest[0].node, n, idx, axes), c->rest[0].origin);
}

static Value run_scatter(Elab *E, Call *c)
{
    Node *idx[MAX_RANK];
    int n, axes[MAX_RANK];
    Shape s, shape, want, rest;
    if (c->nrest < 2)
        return fail(E, c->span, "scatter_add wants a value, a shape and indices");
    if (!want_tensor(E, c->rest[0], c->rest_at[0], "the argument of scatter_add") ||
        !want_shape(E, c->rest[1], c->rest_at[1], &shape, "a size in a shape") ||
        !read_indices(E, c, 2, shape.rank, &n, idx, axes, &s))
        return bad();
    rest = shape;
    for (int i = n - 1; i >= 0; i--)
        rest = shape_remove(E->g, rest, axes[i]);
    want = shape_concat(E->g, s, rest);
    Shape both, have = c->rest[0].node->shape;
    if (!shape_broadcast(E->g, have, want, &both) || !shape_equal(both, want))
        return fail(E, c->rest_at[0], "scatter_add wants values of shape %s, not %s",
                    shape_says(E, want), shape_says(E, have));
    Node *u = expand(E->g, c->rest[0].node, want);
    return tensor(E, scatter(E->g, u, n, idx, axes, shape), c->rest[0].origin);
}

const Builtin builtins_linalg[] = {
    {"matmul", run_matmul, "a b", 0},
    {"dot", run_dot, "a b", 0},
    {"outer", run_outer, "a b", 0},
    {"cross", run_cross, "a b", 0},
    {"trace", run_trace, "x", 0},
    {"einsum", run_einsum, "x...", 0},
    {"cholesky", run_square, "x", 0},
    {"inv", run_square, "x", 1},
    {"det", run_square, "x", 2},
    {"logdet", run_square, "x", 3},
    {"expm", run_expm, "x blocks?", 0},
    {"qr", run_qr, "x", 0},
    {"eigh", run_eigh, "x", 0},
    {"svd", run_svd, "x", 0},
    {"qr_rows", run_rows, "x", 0},
    {"eigh_rows", run_square, "x", 4},
    {"svd_rows", run_rows, "x", 1},
    {"solve", run_solve, "a b", GENERAL},
    {"solve_lower", run_solve, "l b", LOWER},
    {"solve_upper", run_solve, "u b", UPPER},
    {"trisolve", run_trisolve, "l b lower? trans?", 0},
    {"gather", run_gather, "x... axes?", 0},
    {"take", run_gather, "x... axes?", 0},
    {"scatter_add", run_scatter, "x... axes?", 0},
    {0},
};
