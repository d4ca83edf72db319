/* branch_tree.c - what a derivative adds up of the sides of nested branches becomes a tree of branches.
 *
 * The adjoint of an array that an `if` within an `if` changes comes as a sum of masked terms,
 *
 *     (c & d ? x : 0) + (c & !d ? y : 0) + (!c ? z : 0)
 *
 * each an array of its own, under conditions that are branches beside those of the model. In the turn of
 * a loop that would be copies of the whole array. Here it is c ? (d ? x : y) : z, in which the states x, y and
 * z of one array share its memory (lower_order.c). What else reads those conditions in that turn goes
 * into the same tree, so that a loop that one side needs stands in that side. Adding the zeros of sides that
 * are not taken is left out: derivatives alone are treated so, where a zero is the absence of a path.
 *
 * Needs regions_prepare, and no rewriting rules, which would put nested selections together again. */
#include "cond.h"
#include "lower.h"
#include "mask.h"
#include "region.h"

enum { MOST_TERMS = 16, MOST_LITERALS = 12 };

/* A condition or its opposite. One that may only be looked at where others hold comes `after` so many. */
typedef struct Literal {
    Node *is;
    bool neg;
    int after;
} Literal;

/* x where all hold, zero elsewhere. */
typedef struct Term {
    Node *x;
    int n;
    Literal lit[MOST_LITERALS];
} Term;

typedef struct Terms {
    int n;
    Term at[MOST_TERMS];
} Terms;

typedef struct Tree {
    Graph *g;
    Walk w;                  /* of the level */
    const Walk *stops;
    int *uses;               /* by node of the walk */
    VEC(const Node *) split; /* what the level's trees branch by, the outer ones first */
} Tree;

/* ---- Conditions as literals, terms of sums ---- */

static bool add_literal(Term *t, Node *c, bool neg, int after)
{
    for (; c->op == OP_NOT; c = c->in[0])
        neg = !neg;
    Node *x, *y;
    bool flip;
    if (cond_joins(c, neg, &x, &y, &flip))
        return add_literal(t, x, neg != flip, after) && add_literal(t, y, neg, c->op == OP_SELECT ? t->n : after);
    for (int k = 0; k < t->n; k++)
        if (t->lit[k].is == c && t->lit[k].neg == neg)
            return true;
    if (t->n == MOST_LITERALS)
        return false;
    t->lit[t->n++] = (Literal){c, neg, after};
    return true;
}

static bool is_zero(const Node *n)
{
    double v;
    return node_uniform(n, &v) && v == 0;
}

static bool is_choice(const Node *n)
{
    return n->op == OP_SELECT && !n->in[0]->shape.rank;
}

/* The terms of n under the literals of `under`; false: they are too many. */
static bool find_terms(Tree *t, Node *n, const Term *under, bool top, Terms *out)
{
    int at = walk_find(&t->w, n);
    bool own = top || (at >= 0 && t->uses[at] == 1);
    if (n->op == OP_ADD && n->stage && own)
        return find_terms(t, n->in[0], under, false, out) && find_terms(t, n->in[1], under, false, out);
    if (is_choice(n) && n->stage) {
        for (int k = 0; k < 2; k++) {
            Term more = *under;
            if (is_zero(n->in[1 + k]))
                continue;
            if (!add_literal(&more, n->in[0], k, 0))
                return false;
            if (more.n > under->n + 1 && !is_zero(n->in[2 - k])) /* not a and b: no conjunction */
                return false;
            if (!find_terms(t, n->in[1 + k], &more, false, out))
                return false;
        }
        return true;
    }
    if (out->n == MOST_TERMS)
        return false;
    out->at[out->n] = *under;
    out->at[out->n++].x = n;
    return true;
}

/* ---- Trees ---- */

static int find_literal(const Term *t, const Node *is)
{
    for (int k = 0; k < t->n; k++)
        if (t->lit[k].is == is && !t->lit[k].after)
            return k;
    return -1;
}

static void drop_literal(Term *t, int k)
{
    for (int i = k; i + 1 < t->n; i++)
        t->lit[i] = t->lit[i + 1];
    t->n--;
    for (int i = 0; i < t->n; i++)
        t->lit[i].after -= t->lit[i].after > k;
}

/* What all terms branch by, of a conjunction the last, which is the outer one; NULL: nothing. */
static Node *find_split(const Terms *s)
{
    for (int k = s->n ? s->at[0].n - 1 : -1; k >= 0; k--) {
        bool all = !s->at[0].lit[k].after;
        for (int i = 1; i < s->n && all; i++)
            all = find_literal(&s->at[i], s->at[0].lit[k].is) >= 0;
        if (all)
            return s->at[0].lit[k].is;
    }
    return NULL;
}

static int rank_of(const Tree *t, const Node *c)
{
    for (int k = 0; k < t->split.n; k++)
        if (t->split.at[k] == c)
            return k;
    return -1;
}

static void branches_by(Tree *t, Node *c)
{
    while (c->op == OP_NOT)
        c = c->in[0];
    if (rank_of(t, c) < 0)
        vec_push(t->g->arena, &t->split, c);
}

static Node *choose(Graph *g, Node *c, Node *yes, Node *no)
{
    return pw3(g, OP_SELECT, c, yes, no);
}

/* The sum of terms as nested selections; `zero` stands where none counts. */
static Node *tree_of(Tree *t, Terms *s, Node *zero)
{
    Graph *g = t->g;
    if (!s->n)
        return zero;
    Node *by = find_split(s);
    if (!by) {
        Node *sum = NULL;
        for (int i = 0; i < s->n; i++) {
            Node *x = s->at[i].x;
            if (s->at[i].n && s->n > 1) {
                Terms one = {.n = 1, .at = {s->at[i]}};
                x = tree_of(t, &one, zero);
            }
            sum = sum ? pw2(g, OP_ADD, sum, x) : x;
        }
        return sum;
    }
    branches_by(t, by);
    Terms *side[2] = {NEW(g->arena, Terms), NEW(g->arena, Terms)};
    for (int i = 0; i < s->n; i++) {
        int k = find_literal(&s->at[i], by);
        Terms *to = side[s->at[i].lit[k].neg];
        to->at[to->n] = s->at[i];
        drop_literal(&to->at[to->n++], k);
    }
    Node *yes = tree_of(t, side[0], zero);
    Node *no = tree_of(t, side[1], zero);
    return choose(g, by, yes, no);
}

/* A sum of arrays of which at most one is other than zero in each turn; NULL: n is none. */
static Node *sum_as_tree(Tree *t, Node *n)
{
    Terms s;
    Term none = {0};
    int sides[2] = {0};
    s.n = 0;
    if (n->op != OP_ADD || !n->stage || !find_terms(t, n, &none, true, &s) || s.n < 2)
        return NULL;
    Node *by = find_split(&s);
    if (!by)
        return NULL;
    for (int i = 0; i < s.n; i++) {
        if (!shape_equal(s.at[i].x->shape, n->shape))
            return NULL;
        sides[s.at[i].lit[find_literal(&s.at[i], by)].neg]++;
    }
    return sides[0] && sides[1] ? tree_of(t, &s, const_like(t->g, n, 0)) : NULL;
}

/* ---- What else hangs on the conditions of a tree ---- */

static Node *both(Graph *g, Node *a, Node *c, bool neg)
{
    c = neg ? pw1(g, OP_NOT, c) : c;
    return a ? pw2(g, OP_AND, a, c) : c;
}

/* x under the literals, outer ones first; NULL where not all are the tree's. */
static Node *nest(Tree *t, Term s, Node *other)
{
    Node *way[MOST_LITERALS], *known[MOST_LITERALS], *before = NULL, *x = s.x;
    bool neg[MOST_LITERALS];
    int n = 0;
    while (s.n) {
        int best = -1;
        for (int k = 0; k < s.n; k++) {
            if (rank_of(t, s.lit[k].is) < 0)
                return NULL;
            if (!s.lit[k].after && (best < 0 || rank_of(t, s.lit[k].is) < rank_of(t, s.lit[best].is)))
                best = k;
        }
        way[n] = s.lit[best].is;
        neg[n] = s.lit[best].neg;
        known[n] = both(t->g, before, way[n], !neg[n]);
        before = both(t->g, before, way[n], neg[n]);
        n++;
        drop_literal(&s, best);
    }
    x = mask_known(t->g, before, x);
    while (n--) {
        Node *no = mask_known(t->g, known[n], other);
        x = choose(t->g, way[n], neg[n] ? no : x, neg[n] ? x : no);
    }
    return x;
}

/* A selection by several of the conditions; or by one, whose sides choose by it again. */
static Node *choice_as_tree(Tree *t, Node *n)
{
    Graph *g = t->g;
    if (!is_choice(n))
        return NULL;
    const Node *by = n->in[0];
    while (by->op == OP_NOT)
        by = by->in[0];
    bool whole = by->op == OP_OR && rank_of(t, by) >= 0; /* nest branches by it so, and would do so again */
    for (int k = 0; k < 2 && !whole; k++) {
        Term s = {.x = n->in[1 + k]};
        if (add_literal(&s, n->in[0], k, 0) && s.n > 1)
            return nest(t, s, n->in[2 - k]);
    }
    Node *c = n->in[0], *yes = mask_known(g, c, n->in[1]), *no = mask_known(g, pw1(g, OP_NOT, c), n->in[2]);
    return n->stage && (yes != n->in[1] || no != n->in[2]) ? choose(g, c, yes, no) : NULL;
}

/* A disjunction of conjunctions, each a term; false: c is none. */
static bool find_cases(Node *c, Terms *out)
{
    if (c->op == OP_OR)
        return find_cases(c->in[0], out) && find_cases(c->in[1], out);
    if (out->n == MOST_TERMS)
        return false;
    out->at[out->n] = (Term){0};
    return add_literal(&out->at[out->n++], c, false, 0);
}

static bool holds_in(const Term *s, const Term *wanted)
{
    bool all = true;
    for (int k = 0; k < wanted->n; k++) {
        bool some = false;
        for (int i = 0; i < s->n; i++)
            some |= s->lit[i].is == wanted->lit[k].is && s->lit[i].neg == wanted->lit[k].neg;
        all &= some;
    }
    return all;
}

/* The same change with another value and guard. */
static Node *change(Graph *g, const Node *n, Node *u, Node *guard)
{
    int axes[MAX_RANK];
    for (int k = 0; k < put_indices(n); k++)
        axes[k] = (int)n->attr[k + 1];
    return (n->op == OP_PUT ? put : add_to)(g, n->in[0], u, guard, put_indices(n), put_index(n), axes);
}

/* What is added in one place under several of the conditions: zeros, where none of its cases holds, at an index
 * that is in range. Or only its value becomes a tree. */
static Node *change_as_tree(Tree *t, Node *n)
{
    Graph *g = t->g;
    bool anywhere = n->op == OP_ADDTO;
    if (!is_put(n) || !put_guard(n) || !n->stage)
        return NULL;
    Terms cases, value;
    Term none = {0};
    cases.n = value.n = 0;
    Node *u = n->in[1], *guard = put_guard(n);
    if (!find_cases(guard, &cases))
        return NULL;
    if (cases.n == 1 && cases.at[0].n < 2) { /* its value has no need to ask for the guard again */
        Node *seen = mask_known(g, guard, u);
        return seen != u ? change(g, n, seen, guard) : NULL;
    }
    for (int k = 0; k < cases.n; k++)
        for (int i = 0; i < cases.at[k].n; i++)
            if (rank_of(t, cases.at[k].lit[i].is) < 0)
                return NULL;
    for (int k = 0; k < put_indices(n); k++)
        anywhere &= index_in_range(g, put_index(n)[k], n->shape.dim[n->attr[k + 1]]);
    bool masked = find_terms(t, u, &none, true, &value);
    for (int i = 0; i < value.n && masked; i++) {
        bool some = false;
        for (int k = 0; k < cases.n; k++)
            some |= holds_in(&value.at[i], &cases.at[k]);
        masked = some;
    }
    if (!masked && cases.n == 1) {
        cases.at[0].x = u;
        u = nest(t, cases.at[0], const_like(g, u, 0));
        masked = u != NULL;
    }
    if (!masked || (!anywhere && u == n->in[1]))
        return NULL;
    return change(g, n, u, anywhere ? NULL : guard);
}

/* ---- Levels ---- */

static bool outside(const Tree *t, const Node *n)
{
    return t->stops && walk_find(t->stops, n) >= 0;
}

static void look(Tree *t, int nroots, Node *const *root)
{
    t->w = t->stops ? walk_between(t->g, nroots, root, t->stops) : walk_ancestors(t->g, nroots, root, 0);
    t->uses = NEW_N(t->g->arena, int, t->w.n + 1);
    for (int k = 0; k < t->w.n; k++)
        for (int i = 0; i < t->w.node[k]->nin && !outside(t, t->w.node[k]); i++) {
            int at = walk_find(&t->w, t->w.node[k]->in[i]);
            if (at >= 0)
                t->uses[at]++;
        }
    for (int k = 0; k < nroots; k++)
        t->uses[walk_find(&t->w, root[k])]++;
}

/* Replaces what `form` has another form of, one node after the other, as long as there is any. A form is a
 * result of none, so that this ends; should two lead to each other all the same, either one is right. */
static bool replace(Tree *t, int nroots, Node **root, Node *(*form)(Tree *, Node *))
{
    enum { FORMS_A_NODE = 8 };
    bool any = false;
    int left = 1;
    for (bool again = true; again && left-- > 0;) {
        again = false;
        look(t, nroots, root);
        left = any ? left : FORMS_A_NODE * t->w.n;
        for (int k = t->w.n - 1; k >= 0 && !again; k--) {
            Node *n = t->w.node[k], *made = outside(t, n) ? NULL : form(t, n);
            if (!made || made == n)
                continue;
            made->name = made->name ? made->name : n->name;
            substitute(t->g, nroots, root, 1, &n, &made);
            again = any = true;
        }
    }
    return any;
}

static Node *array_sum(Tree *t, Node *n)
{
    return n->shape.rank ? sum_as_tree(t, n) : NULL;
}

/* The sum of scalars under the tree's conditions, a selection, a change of an array. */
static Node *other_form(Tree *t, Node *n)
{
    Term none = {0};
    Terms s;
    s.n = 0;
    bool known = n->op == OP_ADD && n->stage && find_terms(t, n, &none, true, &s);
    for (int i = 0; i < s.n && known; i++)
        for (int k = 0; k < s.at[i].n; k++)
            known &= rank_of(t, s.at[i].lit[k].is) >= 0;
    Node *made = known ? sum_as_tree(t, n) : NULL;
    made = made ? made : choice_as_tree(t, n);
    return made ? made : change_as_tree(t, n);
}

static bool level(Graph *g, int nroots, Node **root, const Walk *stops);

/* The loop with its body treated; NULL: it stays as it is. */
static Node *inside(Graph *g, Node *n)
{
    const Region *r = region_of(g, n);
    Node **root;
    int nroots = region_roots(g, r, &root);
    Walk captures = region_captures(g, r);
    if (!level(g, nroots, root, &captures))
        return NULL;
    Region made = region_with_roots(g, r, root);
    return for_loop(g, &made, loop_count(n), loop_init(n));
}

static bool level(Graph *g, int nroots, Node **root, const Walk *stops)
{
    Tree t = {.g = g, .stops = stops};
    VEC(const Node *) done = {0}; /* loops, by their index: what follows them is made anew */
    bool any = false;
    look(&t, nroots, root);
    for (int k = 0; k < t.w.n; k++) {
        Node *n = t.w.node[k], *made = NULL;
        bool seen = n->op != OP_FOR || outside(&t, n);
        for (int i = 0; i < done.n && !seen; i++)
            seen = done.at[i] == region_of(g, n)->index;
        if (seen)
            continue;
        vec_push(g->arena, &done, region_of(g, n)->index);
        if (!(made = inside(g, n)))
            continue;
        substitute(g, nroots, root, 1, &n, &made);
        look(&t, nroots, root);
        any = true;
        k = -1;
    }
    if (stops) {
        any |= replace(&t, nroots, root, array_sum);
        for (int k = t.w.n - 1; k >= 0; k--)
            if (is_choice(t.w.node[k]) && t.w.node[k]->shape.rank && !outside(&t, t.w.node[k]))
                branches_by(&t, t.w.node[k]->in[0]);
        any |= t.split.n && replace(&t, nroots, root, other_form);
    }
    return any;
}

void find_branch_trees(Function *f)
{
    Graph *g = f->graph;
    Node **root;
    if (!g->regions.n)
        return;
    int nroots = function_roots(g->arena, f, &root);
    struct RuleSet *rules = g->rules;
    g->rules = NULL;
    bool any = level(g, nroots, root, NULL);
    g->rules = rules;
    if (any)
        function_set_roots(f, root);
}
