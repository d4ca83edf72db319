/* show_dot.c - the functions' graphs for Graphviz.
 *
 * One cluster a function. Boxes are its arguments, ellipses its operations, a double border is an
 * output; edges go the way data goes. What the model says is blue, what derivatives have added is
 * orange. Constants and ranges are small and plain, drawn anew for each reader: an edge from one
 * `1` to all corners of a drawing says nothing.
 *
 * A loop is a cluster within, with its body inside: round boxes for its index, for what it carries (an
 * edge comes in from the initial value, a dashed one back from the value behind the turn) and, outside
 * of it, for its results. What the body reads from outside are edges into it. A rule that a function
 * states for its derivative is such a cluster too. Nodes are all written before the first edge, since
 * Graphviz puts a node into the cluster that names it first. */
#include "show_impl.h"
#include "status.h"

#define COLOUR_MODEL      "#cfe2f3"
#define COLOUR_DERIVATIVE "#fbd9b5"
#define COLOUR_ARGUMENT   "#eeeeee"
#define COLOUR_PARAM      "#d9ead3"
#define ROUND             "shape=box, style=\"rounded,filled\", "

typedef struct Drawing {
    const Function *f;
    Show s;
    Text *out;
    int depth;         /* clusters around */
    const char **name; /* by node: how edges call it, where it is drawn */
    Node **home;       /* by node: the loop or rule whose body it was drawn in last, or NULL */
    const char **index; /* by node: the number of a loop's turn, as the drawing calls it; or NULL */
} Drawing;

/* What a loop or a rule is made of. */
typedef struct Body {
    const struct Body *up; /* around it, or NULL */
    const Region *r;
    const char *turn;  /* what its number is called */
    Walk captures, w;
    const Size *limit; /* of a while that says one, or NULL */
    bool counted;      /* how many turns there are is computed */
} Body;

/* Inside a quoted string. */
static void put_escaped(Text *out, const char *s)
{
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            text_put(out, "\\");
        if (*s == '\n')
            text_put(out, "\\n");
        else
            text_putn(out, s, 1);
    }
}

static const char *symbol(const Node *n)
{
    switch ((Op)n->op) {
    case OP_MUL:
    case OP_SCALE:
        return "×";
    case OP_SUB:
    case OP_NEG:
        return "−";
    case OP_DIV:
        return "÷";
    case OP_LE:
        return "≤";
    case OP_GE:
        return "≥";
    case OP_NE:
        return "≠";
    case OP_SELECT:
        return "? :";
    case OP_CAST:
        return dtype_name((Dtype)n->dtype);
    case OP_MAXR:
        return "max";
    case OP_MINR:
        return "min";
    case OP_OWN:
        return "own rule";
    case OP_PUT:
        return "[ ] =";
    case OP_ADDTO:
        return "[ ] +=";
    default:
        return op_info(n)->name;
    }
}

/* Small numbers, sizes, ranges and the number of the turn belong to the operation that reads them. */
static bool is_plain(const Drawing *d, const Node *n)
{
    while (n->op == OP_EXPAND)
        n = n->in[0];
    return d->index[n->id] || n->op == OP_CONST || n->op == OP_SIZE || n->op == OP_IOTA || n->op == OP_ARRAY;
}

static void put_plain_label(Drawing *d, const Node *n)
{
    Show *s = &d->s;
    Text *out = d->out;
    const Node *x = n;
    int prec;
    while (x->op == OP_EXPAND)
        x = x->in[0];
    if (d->index[x->id])
        put_escaped(out, d->index[x->id]);
    else if (x->op == OP_CONST)
        put_escaped(out, show_number(s->arena, (Dtype)x->dtype, const_value(x),
                                     dtype_is_real((Dtype)x->dtype) ? 0 : const_integer(x)));
    else if (x->op == OP_SIZE)
        put_escaped(out, show_size(s, size_at(s->g->sizes, (int)x->attr[0]), &prec));
    else
        text_put(out, x->op == OP_IOTA ? "range" : "array");
    if (x->op == OP_IOTA || x->op == OP_ARRAY)
        shape_print(s->g, x->shape, out);
}

/* Which axes, labels or power: what tells two operations of one kind apart. */
static void put_attributes(const Node *n, Text *out)
{
    if (n->op == OP_CONTRACT) {
        int a = n->in[0]->shape.rank, b = a + n->in[1]->shape.rank;
        text_put(out, " ");
        for (int i = 0; i < n->nattr; i++)
            text_printf(out, "%s%c",
                        i == b   ? "→"
                        : i == a ? ","
                                 : "",
                        (char)('i' + (n->attr[i] < 18 ? n->attr[i] : 17)));
        if (n->nattr == b)
            text_put(out, "→");
    } else if (op_info(n)->family == F_REDUCE && n->nattr < n->in[0]->shape.rank) {
        text_put(out, n->nattr == 1 ? " axis " : " axes ");
        for (int i = 0; i < n->nattr; i++)
            text_printf(out, "%s%d", i ? ", " : "", (int)n->attr[i]);
    } else if (n->op == OP_CONCAT || op_info(n)->family == F_SCAN) {
        text_printf(out, " axis %d", (int)n->attr[0]);
    }
}

static const Output *output_of(const Function *f, const Node *n)
{
    for (int i = 0; i < f->outputs.n; i++)
        if (f->outputs.at[i].node == n)
            return &f->outputs.at[i];
    return NULL;
}

/* Small where it is read; but an output of the function is a node. */
static bool drawn_plain(const Drawing *d, const Node *n)
{
    return is_plain(d, n) && (d->depth > 1 || !output_of(d->f, n));
}

static void put_shape(Drawing *d, const Node *n)
{
    if (!n->shape.rank)
        return;
    Text t = {.arena = d->s.arena};
    shape_print(d->s.g, n->shape, &t);
    text_put(d->out, "\\n");
    put_escaped(d->out, t.s);
}

static void put_indent(Drawing *d)
{
    text_printf(d->out, "%*s", 2 * d->depth + 2, "");
}

/* `  n0_7 [SHAPE, fillcolor="...", label="`, for who goes on. */
static void put_node_start(Drawing *d, const char *name, const char *shape, const char *colour)
{
    put_indent(d);
    text_printf(d->out, "%s [%sfillcolor=\"%s\", label=\"", name, shape, colour);
}

static const char *colour_of(const Node *n)
{
    return n->stage ? COLOUR_DERIVATIVE : COLOUR_MODEL;
}

/* ---- Nodes ---- */

static void put_argument(Drawing *d, const Node *n)
{
    const Param *p = &d->s.g->params.at[n->attr[0]];
    put_node_start(d, d->name[n->id], "shape=box, ", p->trainable ? COLOUR_PARAM : COLOUR_ARGUMENT);
    put_escaped(d->out, p->name);
    put_shape(d, n);
    text_put(d->out, output_of(d->f, n) ? "\", peripheries=2];\n" : "\"];\n");
}

static const char *after(Drawing *d, const char *name, const char *what, int k)
{
    return arena_printf(d->s.arena, "%s_%s%d", name, what, k);
}

/* A constant is a node for each edge, the `key` of which it has. */
static const char *plain_name(Drawing *d, const char *key)
{
    return arena_printf(d->s.arena, "c%s", key + 1);
}

static void put_plain(Drawing *d, const Node *n, const char *key)
{
    if (!drawn_plain(d, n))
        return;
    put_indent(d);
    text_printf(d->out, "%s [shape=plaintext, style=\"\", width=0, height=0, margin=\"0.03,0.01\", fontsize=10, label=\"",
                plain_name(d, key));
    put_plain_label(d, n);
    text_put(d->out, "\"];\n");
}

/* The names by which the model and the caller know a value; its shape; the end of the node. */
static void put_node_end(Drawing *d, const Node *n, const char *name)
{
    const Output *o = output_of(d->f, n);
    if (name && !(o && !strcmp(o->name, name))) {
        text_put(d->out, "\\n");
        put_escaped(d->out, name);
    }
    for (int i = 0; i < d->f->outputs.n; i++)
        if (d->f->outputs.at[i].node == n) {
            text_put(d->out, "\\n");
            put_escaped(d->out, d->f->outputs.at[i].name);
        }
    put_shape(d, n);
    text_put(d->out, o ? "\", peripheries=2];\n" : "\"];\n");
}

/* What a result of a loop is computed as in a turn; of their number, what says it beforehand. */
static const Node *result_of(Drawing *d, const Node *n)
{
    const Region *r = region_of(d->s.g, n->in[0]);
    int k = (int)n->attr[0];
    return k < r->ncarried ? r->next[k] : k < region_turns(r) ? r->collected[k - r->ncarried] : loop_count(n->in[0]);
}

/* What a loop leaves: a value behind the last turn, the values of all turns, the number of turns. */
static void put_result(Drawing *d, const Node *n)
{
    const Region *r = region_of(d->s.g, n->in[0]);
    const Node *of = result_of(d, n);
    int k = (int)n->attr[0];
    const char *name = n->name ? n->name : k < r->ncarried ? r->carried[k]->name : k < region_turns(r) ? of->name : NULL;
    put_node_start(d, d->name[n->id], ROUND, colour_of(of));
    text_put(d->out, k < r->ncarried ? "last" : k < region_turns(r) ? "all turns" : "turns");
    put_node_end(d, n, name);
    if (k >= r->ncarried && !(k == region_turns(r) && r->cond))
        put_plain(d, of, after(d, d->name[n->id], "", 0));
}

/* The operator, what tells it from others, and its names. */
static void put_operation(Drawing *d, const Node *n)
{
    if (n->op == OP_PART) {
        put_result(d, n);
        return;
    }
    put_node_start(d, d->name[n->id], "", colour_of(n));
    put_escaped(d->out, symbol(n));
    put_attributes(n, d->out);
    put_node_end(d, n, n->name);
    int nin = n->op == OP_OWN ? 1 : n->nin;
    for (int i = 0; i < nin; i++)
        put_plain(d, n->in[i], after(d, d->name[n->id], "", i));
}

static void put_mark(Drawing *d, const char *name, const char *shape, const char *label)
{
    put_indent(d);
    text_printf(d->out, "%s [shape=%s, fillcolor=\"white\", margin=\"0.02,0.02\", label=\"%s\"];\n", name, shape, label);
}

static void put_check(Drawing *d, const char *name, int code)
{
    put_mark(d, name, "octagon", code == STATUS_ASSERT ? "assert" : code == STATUS_LIMIT ? "limit" : "in range");
}

/* ---- Loops and rules ---- */

static bool taken(const Body *b, const char *turn)
{
    for (; b; b = b->up)
        if (!strcmp(b->turn, turn))
            return true;
    return false;
}

static const char *turn_name(Drawing *d, const Region *r, const Body *up)
{
    const char *base = r->index->name ? r->index->name : "turn", *name = base;
    for (int number = 2; taken(up, name); number++)
        name = after(d, base, "", number);
    return name;
}

static Body body_of(Drawing *d, const Node *n, const Body *up)
{
    Graph *g = d->s.g;
    Body b = {.up = up, .r = region_of(g, n)};
    b.turn = turn_name(d, b.r, up);
    Node **root;
    int nroots = region_roots(g, b.r, &root), kept = nroots - b.r->nchecks;
    for (int k = 0; k < b.r->nchecks; k++) {
        const Size *limit = b.limit ? NULL : show_own_limit(g, b.r, k);
        if (limit)
            b.limit = limit;
        else
            root[kept++] = b.r->check[k];
    }
    b.captures = region_captures(g, b.r);
    b.w = walk_between(g, kept, root, &b.captures);
    b.counted = n->op == OP_FOR && !b.r->cond && !is_plain(d, loop_count(n));
    return b;
}

static bool in_body(const Body *b, const Node *n)
{
    return walk_find(&b->captures, n) < 0 && n->op != OP_HOLE;
}

/* A body may be that of several rules: its nodes are called after the one that is drawn. */
static void name_body(Drawing *d, Node *n, const Body *b)
{
    d->index[b->r->index->id] = b->turn;
    for (int k = -1 - b->r->ncarried; k < b->w.n; k++) {
        Node *x = k >= 0 ? b->w.node[k] : k == -1 ? b->r->index : b->r->carried[-2 - k];
        if (k >= 0 && (!in_body(b, x) || is_plain(d, x)))
            continue;
        d->name[x->id] = after(d, d->name[n->id], "", x->id);
        d->home[x->id] = n;
    }
}

/* How often: an expression of few operations over what has a name, or NULL. */
static const char *count_text(Drawing *d, Node *count)
{
    enum { FEW = 12 };
    Show *s = &d->s;
    Walk w = walk_ancestors(s->g, 1, &count, 0);
    for (int k = 0; k < w.n; k++) {
        Node *n = w.node[k];
        const char *name = n->name;
        if (!name && d->index[n->id])
            name = d->index[n->id];
        if (!name && n->op == OP_PART && n->attr[0] == region_turns(region_of(s->g, n->in[0])))
            name = "turns";
        if (!name && (w.n > FEW || n->op == OP_HOLE || n->op == OP_FOR || n->op == OP_PART || is_put(n))) {
            s->text[n->id] = NULL;
            continue;
        }
        bool known = true;
        for (int i = 0; i < n->nin && !name; i++)
            known &= s->text[n->in[i]->id] != NULL;
        s->text[n->id] = name;
        s->prec[n->id] = DG_ATOM;
        if (!name && known)
            show_expression(s, n);
    }
    return s->text[count->id];
}

/* `for i in 0:n`, `while limit 20`: as `gradc show` writes it, and where it stands in the model. */
static void put_loop_label(Drawing *d, const Node *n, const Body *b)
{
    Text t = {.arena = d->s.arena};
    int prec;
    Diags *diags = d->s.g->diags;
    if (n->op == OP_OWN) {
        text_put(&t, "derivative (");
        for (int k = 0; k < b->r->ncarried; k++)
            text_printf(&t, "%s%s", k ? ", " : "", b->r->carried[k]->name ? b->r->carried[k]->name : "x");
        text_put(&t, ")");
    } else if (b->r->cond) {
        text_put(&t, "while");
        const Size *most = b->limit ? b->limit : b->r->bound;
        if (most)
            text_printf(&t, " limit %s", show_size(&d->s, most, &prec));
    } else {
        const char *times = count_text(d, loop_count(n));
        if (!times)
            times = "count";
        else if (b->r->reverse && d->s.prec[loop_count(n)->id] <= DG_ADD)
            times = arena_printf(d->s.arena, "(%s)", times);
        text_printf(&t, b->r->reverse ? "for %s in %s - 1:-1:-1" : "for %s in 0:%s", b->turn, times);
    }
    if (diags && n->span.end && (int)n->span.source < diags->sources.n)
        text_printf(&t, "  (%s:%d)", show_file(diags->sources.at[n->span.source].path), diag_line(diags, n->span));
    put_escaped(d->out, t.s);
}

static void put_nodes(Drawing *d, int n, Node *const *node, const Body *b);

/* What a turn begins with, in one row on top. */
static void put_carried(Drawing *d, const Node *n, const Body *b)
{
    const Region *r = b->r;
    if (!r->ncarried && !b->counted)
        return;
    put_indent(d);
    text_put(d->out, "{\n");
    d->depth++;
    put_indent(d);
    text_put(d->out, "rank=min;\n");
    if (b->counted) {
        put_node_start(d, d->name[r->index->id], ROUND, COLOUR_ARGUMENT);
        put_escaped(d->out, b->turn);
        text_put(d->out, "\"];\n");
    }
    for (int k = 0; k < r->ncarried; k++) {
        const Node *x = r->carried[k];
        put_node_start(d, d->name[x->id], ROUND, n->op == OP_OWN ? COLOUR_ARGUMENT : colour_of(r->next[k]));
        put_escaped(d->out, x->name ? x->name : "carried");
        put_shape(d, x);
        text_put(d->out, "\"];\n");
    }
    d->depth--;
    put_indent(d);
    text_put(d->out, "}\n");
}

/* What is carried, the body, what ends or fails the loop. */
static void put_cluster(Drawing *d, Node *n, const Body *up)
{
    const char *name = d->name[n->id];
    Body b = body_of(d, n, up);
    const Region *r = b.r;
    for (int k = 1; k < (n->op == OP_FOR ? 1 + r->ncarried : r->ncarried - 1); k++)
        put_plain(d, n->in[k], after(d, name, "", k));
    name_body(d, n, &b);
    put_indent(d);
    text_printf(d->out, "subgraph cluster_%s {\n", name + 1);
    d->depth++;
    put_indent(d);
    text_printf(d->out, "style=\"rounded,filled\"; fillcolor=\"%s\"; label=\"", d->depth % 2 ? "#ffffff" : "#f4f4f4");
    put_loop_label(d, n, &b);
    text_put(d->out, "\";\n");
    put_carried(d, n, &b);
    for (int k = 0; k < r->ncarried && n->op == OP_FOR; k++)
        put_plain(d, r->next[k], after(d, name, "next", k));
    put_nodes(d, b.w.n, b.w.node, &b);
    for (int k = 0; k < r->ncollected && n->op == OP_OWN; k++) {
        put_node_start(d, after(d, name, "adjoint", k), ROUND, COLOUR_DERIVATIVE);
        text_printf(d->out, "adjoint of %s\"];\n", r->carried[k]->name ? r->carried[k]->name : "x");
        put_plain(d, r->collected[k], after(d, name, "of", k));
    }
    if (r->cond) {
        put_mark(d, after(d, name, "while", 0), "diamond", "while");
        put_plain(d, r->cond, after(d, name, "cond", 0));
    }
    for (int k = 0; k < r->nchecks; k++)
        if (!show_own_limit(d->s.g, r, k)) {
            put_check(d, after(d, name, "check", k), r->check_code[k]);
            put_plain(d, r->check[k], after(d, name, "checked", k));
        }
    d->depth--;
    put_indent(d);
    text_put(d->out, "}\n");
}

/* A level; b: of which body, or NULL. */
static void put_nodes(Drawing *d, int n, Node *const *node, const Body *b)
{
    for (int k = 0; k < n; k++) {
        Node *x = node[k];
        if (x->op == OP_PARAM || (b && !in_body(b, x)) || drawn_plain(d, x))
            continue;
        if (x->op != OP_FOR)
            put_operation(d, x);
        if (x->op == OP_FOR || x->op == OP_OWN)
            put_cluster(d, x, b);
    }
}

/* ---- Edges ---- */

/* An operand whose place matters is told by an edge's label; a - b reads a first. */
static bool order_matters(const Node *n)
{
    return n->nin > 1 && !(op_info(n)->flags & COMMUTES) && n->op != OP_SCALE &&
           n->in[0] != n->in[1];
}

static const char *place(const Node *n, int i)
{
    static const char *const choice[] = {"if", "then", "else"}, *const first[] = {"a", "b", "c"};
    if (n->op == OP_SELECT)
        return choice[i];
    if (n->op == OP_GATHER || n->op == OP_SCATTER)
        return i ? "index" : "";
    if (is_put(n))
        return i == 0 ? "" : i == 1 ? "value" : n->in[i] == put_guard(n) && i == 2 ? "if" : "index";
    if (n->op == OP_OWN)
        return "";
    return i < 3 && n->nin <= 3 ? first[i] : "";
}

static void put_edge(Drawing *d, const Node *x, const char *key, const char *to, const char *attributes)
{
    text_printf(d->out, "    %s -> %s%s;\n", drawn_plain(d, x) ? plain_name(d, key) : d->name[x->id], to, attributes);
}

/* From where the loop makes it. */
static void put_result_edge(Drawing *d, const Node *n)
{
    Node *loop = n->in[0];
    const Region *r = region_of(d->s.g, loop);
    const Node *of = result_of(d, n);
    int k = (int)n->attr[0];
    bool turns = k == region_turns(r);
    const char *to = d->name[n->id], *from = d->name[of->id];
    if (drawn_plain(d, of) && k >= r->ncarried && !(turns && r->cond))
        from = plain_name(d, after(d, to, "", 0));
    else if (turns)
        from = r->cond ? after(d, d->name[loop->id], "while", 0) : d->name[r->index->id];
    else if (k < r->ncarried && d->home[of->id] != loop)
        from = d->name[r->carried[k]->id];
    text_printf(d->out, "    %s -> %s;\n", from, to);
}

static void put_edges(Drawing *d, int n, Node *const *node, const Body *b);

static void put_cluster_edges(Drawing *d, Node *n, const Body *up)
{
    const char *name = d->name[n->id];
    Body b = body_of(d, n, up);
    const Region *r = b.r;
    name_body(d, n, &b);
    if (b.counted)
        put_edge(d, loop_count(n), name, d->name[r->index->id], " [headlabel=\"count\"]");
    for (int k = 0; k < r->ncarried; k++) { /* the last of a rule is the adjoint of y */
        const char *to = d->name[r->carried[k]->id];
        if (n->op == OP_FOR)
            put_edge(d, loop_init(n)[k], after(d, name, "", 1 + k), to, "");
        else if (k + 1 < r->ncarried)
            put_edge(d, n->in[(k + 1) % (r->ncarried - 1)], after(d, name, "", (k + 1) % (r->ncarried - 1)), to, "");
    }
    d->depth++;
    put_edges(d, b.w.n, b.w.node, &b);
    for (int k = 0; k < r->ncarried && n->op == OP_FOR; k++)
        put_edge(d, r->next[k], after(d, name, "next", k), d->name[r->carried[k]->id], " [style=dashed, constraint=false]");
    for (int k = 0; k < r->ncollected && n->op == OP_OWN; k++)
        put_edge(d, r->collected[k], after(d, name, "of", k), after(d, name, "adjoint", k), "");
    if (r->cond)
        put_edge(d, r->cond, after(d, name, "cond", 0), after(d, name, "while", 0), "");
    for (int k = 0; k < r->nchecks; k++)
        if (!show_own_limit(d->s.g, r, k))
            put_edge(d, r->check[k], after(d, name, "checked", k), after(d, name, "check", k), "");
    d->depth--;
}

static void put_edges(Drawing *d, int n, Node *const *node, const Body *b)
{
    for (int k = 0; k < n; k++) {
        Node *x = node[k];
        if (x->op == OP_PARAM || (b && !in_body(b, x)) || drawn_plain(d, x))
            continue;
        if (x->op == OP_PART)
            put_result_edge(d, x);
        int nin = x->op == OP_PART || x->op == OP_FOR ? 0 : x->op == OP_OWN ? 1 : x->nin;
        for (int i = 0; i < nin; i++) {
            const char *label = order_matters(x) ? place(x, i) : "";
            put_edge(d, x->in[i], after(d, d->name[x->id], "", i), d->name[x->id],
                     *label ? arena_printf(d->s.arena, " [headlabel=\"%s\"]", label) : "");
        }
        if (x->op == OP_FOR || x->op == OP_OWN)
            put_cluster_edges(d, x, b);
    }
}

/* ---- A function ---- */

static void put_function(const Function *f, int cluster, Text *out)
{
    Graph *g = f->graph;
    Node **root, **order;
    int nroots = function_roots(g->arena, f, &root);
    Drawing d = {.f = f, .s = show_begin(g, nroots, root), .out = out, .depth = 1};
    d.name = NEW_N(g->arena, const char *, g->nodes.n + 1);
    d.home = NEW_N(g->arena, Node *, g->nodes.n + 1);
    d.index = NEW_N(g->arena, const char *, g->nodes.n + 1);
    int n = show_order(&d.s, &order);
    for (int i = 0; i < n; i++)
        d.name[order[i]->id] = arena_printf(g->arena, "n%d_%d", cluster, order[i]->id);
    text_printf(out, "  subgraph cluster_%d {\n    label=\"", cluster);
    put_escaped(out, f->name);
    text_put(out, ": ");
    put_escaped(out, f->what);
    text_put(out, " of ");
    put_escaped(out, f->base);
    text_put(out, "\";\n");
    for (int i = 0; i < f->args.n; i++) { /* those that nothing reads too */
        const Node *x = g->params.at[f->args.at[i].param].node;
        d.name[x->id] = arena_printf(g->arena, "n%d_%d", cluster, x->id);
        put_argument(&d, x);
    }
    put_nodes(&d, n, order, NULL);
    const char *name = arena_printf(g->arena, "n%d", cluster);
    for (int k = 0; k < f->checks.n; k++) {
        put_check(&d, after(&d, name, "check", k), f->checks.at[k].code);
        put_plain(&d, f->checks.at[k].cond, after(&d, name, "checked", k));
    }
    put_edges(&d, n, order, NULL);
    for (int k = 0; k < f->checks.n; k++)
        put_edge(&d, f->checks.at[k].cond, after(&d, name, "checked", k), after(&d, name, "check", k), "");
    text_put(out, "  }\n");
}

/* Whether a loop is drawn. */
static bool has_loops(const Function *f)
{
    Node **root;
    int nroots = function_roots(f->graph->arena, f, &root);
    Walk w = walk_ancestors(f->graph, nroots, root, 0);
    for (int i = 0; i < w.n; i++)
        if (w.node[i]->op == OP_FOR)
            return true;
    return false;
}

/* What is drawn how, of what there is in this drawing. */
static void put_legend(const Model *m, Text *out)
{
    bool trainable = false, derivative = false, loops = false;
    for (int i = 0; i < m->functions.n; i++) {
        const Function *f = m->functions.at[i];
        for (int k = 0; k < f->args.n; k++)
            trainable |= f->graph->params.at[f->args.at[k].param].trainable;
        for (int k = 0; k < f->outputs.n; k++)
            derivative |= f->outputs.at[k].node->stage > 0;
        loops |= has_loops(f);
    }
    text_put(out, "  subgraph cluster_legend {\n    label=\"legend\";\n"
                  "    legend_argument [shape=box, fillcolor=\"" COLOUR_ARGUMENT
                  "\", label=\"argument\"];\n");
    if (trainable)
        text_put(out, "    legend_param [shape=box, fillcolor=\"" COLOUR_PARAM
                      "\", label=\"trainable\\nargument\"];\n");
    text_put(out, "    legend_model [fillcolor=\"" COLOUR_MODEL "\", label=\"of the model\"];\n");
    if (derivative)
        text_put(out, "    legend_derivative [fillcolor=\"" COLOUR_DERIVATIVE
                      "\", label=\"of a derivative\"];\n");
    if (loops)
        text_put(out, "    legend_carried [" ROUND "fillcolor=\"white\", label=\"carried by a loop,\\nor its result\"];\n");
    text_put(out, "    legend_output [fillcolor=\"white\", peripheries=2, label=\"output\"];\n");
    text_printf(out,
                "    legend_argument -> %slegend_model -> %s%slegend_output [style=invis];\n  }\n",
                trainable ? "legend_param -> " : "", derivative ? "legend_derivative -> " : "", loops ? "legend_carried -> " : "");
}

void show_dot(const Model *m, Text *out)
{
    text_put(out, "digraph model {\n"
                  "  graph [fontname=\"Helvetica\", fontsize=13, labeljust=l, color=\"#999999\", "
                  "ranksep=0.35, nodesep=0.3];\n"
                  "  node [shape=ellipse, style=filled, color=\"#444444\", fontname=\"Helvetica\", "
                  "fontsize=12, "
                  "width=0.6, height=0.4, margin=\"0.08,0.04\"];\n"
                  "  edge [color=\"#444444\", arrowsize=0.6, fontname=\"Helvetica\", fontsize=9, "
                  "fontcolor=\"#777777\", labeldistance=1.4];\n");
    for (int i = 0; i < m->functions.n; i++)
        put_function(m->functions.at[i], i, out);
    put_legend(m, out);
    text_put(out, "}\n");
}
