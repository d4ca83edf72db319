/* show_dot.c - the functions' graphs for Graphviz.
 *
 * One cluster a function. Boxes are its arguments, ellipses its operations, a double border is an
 * output; edges go the way data goes. What the model says is blue, what derivatives have added is
 * orange. Constants and ranges are small and plain, drawn anew for each reader: an edge from one
 * `1` to all corners of a drawing says nothing. */
#include "show_impl.h"

#define COLOUR_MODEL      "#cfe2f3"
#define COLOUR_DERIVATIVE "#fbd9b5"
#define COLOUR_ARGUMENT   "#eeeeee"
#define COLOUR_PARAM      "#d9ead3"

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
    default:
        return op_info(n)->name;
    }
}

/* Small numbers, sizes and ranges belong to the operation that reads them. */
static bool is_plain(const Node *n)
{
    while (n->op == OP_EXPAND)
        n = n->in[0];
    return n->op == OP_CONST || n->op == OP_SIZE || n->op == OP_IOTA || n->op == OP_ARRAY;
}

static void put_plain_label(Show *s, const Node *n, Text *out)
{
    const Node *x = n;
    int prec;
    while (x->op == OP_EXPAND)
        x = x->in[0];
    if (x->op == OP_CONST)
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

static void put_shape(Show *s, const Node *n, Text *out)
{
    if (!n->shape.rank)
        return;
    Text t = {.arena = s->arena};
    shape_print(s->g, n->shape, &t);
    text_put(out, "\\n");
    put_escaped(out, t.s);
}

static void put_argument(Show *s, const Node *n, int cluster, Text *out)
{
    const Param *p = &s->g->params.at[n->attr[0]];
    text_printf(out, "    n%d_%d [shape=box, fillcolor=\"%s\", label=\"", cluster, n->id,
                p->trainable ? COLOUR_PARAM : COLOUR_ARGUMENT);
    put_escaped(out, p->name);
    put_shape(s, n, out);
    text_put(out, "\"");
    text_put(out, s->output[n->id] ? ", peripheries=2];\n" : "];\n");
}

/* The operator, then the names by which the model and the caller know its value. */
static void put_operation(Show *s, const Function *f, const Node *n, int cluster, Text *out)
{
    const Output *o = output_of(f, n);
    text_printf(out, "    n%d_%d [fillcolor=\"%s\", label=\"", cluster, n->id,
                n->stage ? COLOUR_DERIVATIVE : COLOUR_MODEL);
    put_escaped(out, symbol(n));
    put_attributes(n, out);
    if (n->name && !(o && !strcmp(o->name, n->name))) {
        text_put(out, "\\n");
        put_escaped(out, n->name);
    }
    for (int i = 0; i < f->outputs.n; i++)
        if (f->outputs.at[i].node == n) {
            text_put(out, "\\n");
            put_escaped(out, f->outputs.at[i].name);
        }
    put_shape(s, n, out);
    text_put(out, o ? "\", peripheries=2];\n" : "\"];\n");
}

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
    return i < 3 && n->nin <= 3 ? first[i] : "";
}

static void put_edges(Show *s, const Node *n, int cluster, Text *out)
{
    for (int i = 0; i < n->nin; i++) {
        const Node *x = n->in[i];
        if (is_plain(x) && !s->output[x->id]) {
            text_printf(out,
                        "    c%d_%d_%d [shape=plaintext, style=\"\", width=0, height=0, "
                        "margin=\"0.03,0.01\", fontsize=10, label=\"",
                        cluster, n->id, i);
            put_plain_label(s, x, out);
            text_printf(out, "\"];\n    c%d_%d_%d", cluster, n->id, i);
        } else {
            text_printf(out, "    n%d_%d", cluster, x->id);
        }
        const char *label = order_matters(n) ? place(n, i) : "";
        text_printf(out, " -> n%d_%d", cluster, n->id);
        text_printf(out, *label ? " [headlabel=\"%s\"];\n" : ";\n", label);
    }
}

static void put_function(const Function *f, int cluster, Text *out)
{
    Graph *g = f->graph;
    Node **root = NEW_N(g->arena, Node *, f->outputs.n + 1), **order;
    for (int i = 0; i < f->outputs.n; i++)
        root[i] = f->outputs.at[i].node;
    Show s = show_begin(g, f->outputs.n, root);
    int n = show_order(&s, &order);
    text_printf(out, "  subgraph cluster_%d {\n    label=\"", cluster);
    put_escaped(out, f->name);
    text_put(out, ": ");
    put_escaped(out, f->what);
    text_put(out, " of ");
    put_escaped(out, f->base);
    text_put(out, "\";\n");
    for (int i = 0; i < f->args.n; i++) /* those that nothing reads too */
        put_argument(&s, g->params.at[f->args.at[i].param].node, cluster, out);
    for (int i = 0; i < n; i++)
        if (order[i]->op != OP_PARAM && (!is_plain(order[i]) || s.output[order[i]->id]))
            put_operation(&s, f, order[i], cluster, out);
    for (int i = 0; i < n; i++)
        if (!is_plain(order[i]) || s.output[order[i]->id])
            put_edges(&s, order[i], cluster, out);
    text_put(out, "  }\n");
}

/* What is drawn how, of what there is in this drawing. */
static void put_legend(const Model *m, Text *out)
{
    bool trainable = false, derivative = false;
    for (int i = 0; i < m->functions.n; i++) {
        const Function *f = m->functions.at[i];
        for (int k = 0; k < f->args.n; k++)
            trainable |= f->graph->params.at[f->args.at[k].param].trainable;
        for (int k = 0; k < f->outputs.n; k++)
            derivative |= f->outputs.at[k].node->stage > 0;
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
    text_put(out, "    legend_output [fillcolor=\"white\", peripheries=2, label=\"output\"];\n");
    text_printf(out,
                "    legend_argument -> %slegend_model -> %slegend_output [style=invis];\n  }\n",
                trainable ? "legend_param -> " : "", derivative ? "legend_derivative -> " : "");
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
