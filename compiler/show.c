/* show.c - a model as dg text with its derivatives spelled out.
 *
 * A node becomes a statement `name = expression` where the model has a name for it, where it is
 * read more than once, where it is an output, or where its expression gets long; otherwise it is
 * written inside the expression that reads it. The model's own part comes first, then what
 * derivatives have added, order by order: a node never depends on a higher order than its own
 * (show_order), so that this is an order of evaluation too. */
#include "show_impl.h"

#include "derive.h"
#include "eval.h"

enum { LONG_TEXT = 56, LONG_LIST = 4096, LINE_WIDTH = 98 };

/* ---- What the outputs are made of ---- */

static bool is_one(const Size *z)
{
    return z->is_const && z->value == 1;
}

/* `expand(x, 0)`, `q[3]`: as easy to read as a name, and so written wherever they are read. What
 * they are made of counts their readers as its own. */
static bool is_light(const Node *n)
{
    if (n->name || (n->op != OP_RESHAPE && n->op != OP_SLICE))
        return false;
    int ones = 0, in_ones = 0;
    const Node *x = n->in[0];
    for (int i = 0; i < n->shape.rank; i++)
        ones += is_one(n->shape.dim[i]);
    for (int i = 0; i < x->shape.rank; i++)
        in_ones += is_one(x->shape.dim[i]);
    if (n->op == OP_SLICE || x->op == OP_SLICE)
        return ones == n->shape.rank && (n->op == OP_SLICE || in_ones == x->shape.rank);
    return n->shape.rank - ones == x->shape.rank - in_ones && ones > in_ones;
}

Show show_begin(Graph *g, int nroots, Node *const *roots)
{
    Arena *a = g->arena;
    int n = g->nodes.n + 1;
    Show s = {.arena = a, .g = g};
    s.mark = NEW_N(a, bool, n);
    s.uses = NEW_N(a, int, n);
    s.level = NEW_N(a, uint8_t, n);
    s.reader = NEW_N(a, Node *, n);
    s.output = NEW_N(a, bool, n);
    s.typed = NEW_N(a, bool, n);
    s.single = NEW_N(a, bool, n);
    s.light = NEW_N(a, bool, n);
    s.text = NEW_N(a, const char *, n);
    s.prec = NEW_N(a, uint8_t, n);
    mark_ancestors(g, nroots, roots, s.mark);
    for (int i = 0; i < nroots; i++) {
        s.uses[roots[i]->id]++;
        s.output[roots[i]->id] = true;
    }
    for (int id = 0; id < g->nodes.n; id++) {
        Node *p = g->nodes.at[id];
        s.level[id] = p->stage;
        for (int k = 0; k < p->nin && s.mark[id]; k++)
            if (s.level[p->in[k]->id] > s.level[id])
                s.level[id] = s.level[p->in[k]->id];
    }
    for (int id = g->nodes.n - 1; id >= 0; id--) {
        Node *p = g->nodes.at[id];
        if (!s.mark[id])
            continue;
        s.light[id] = !s.output[id] && is_light(p);
        for (int k = 0; k < p->nin; k++) {
            s.uses[p->in[k]->id] += s.light[id] ? s.uses[id] : 1;
            s.reader[p->in[k]->id] = p;
        }
    }
    return s;
}

int show_order(const Show *s, Node ***out)
{
    int count[257] = {0}, n = s->g->nodes.n;
    for (int id = 0; id < n; id++)
        if (s->mark[id])
            count[s->level[id] + 1]++;
    for (int k = 1; k < 257; k++)
        count[k] += count[k - 1];
    int total = count[256];
    *out = NEW_N(s->arena, Node *, total + 1);
    for (int id = 0; id < n; id++)
        if (s->mark[id])
            (*out)[count[s->level[id]]++] = s->g->nodes.at[id];
    return total;
}

/* ---- Names ---- */

typedef struct NameEntry {
    const char *name;
    int suffix; /* the next number to try behind it */
} NameEntry;

typedef struct NameTable {
    Arena *arena;
    NameEntry *at; /* open addressing */
    int n, size;
} NameTable;

static NameEntry *name_slot(const NameTable *t, const char *name)
{
    uint32_t h = 2166136261u;
    for (const char *c = name; *c; c++)
        h = (h ^ (unsigned char)*c) * 16777619u;
    for (;; h++) {
        NameEntry *e = &t->at[h % (uint32_t)t->size];
        if (!e->name || !strcmp(e->name, name))
            return e;
    }
}

static void take_name(NameTable *t, const char *name)
{
    if (2 * (t->n + 1) > t->size) {
        NameTable old = *t;
        t->size = old.size ? 2 * old.size : 64;
        t->at = NEW_N(t->arena, NameEntry, t->size);
        for (int i = 0; i < old.size; i++)
            if (old.at[i].name)
                *name_slot(t, old.at[i].name) = old.at[i];
    }
    NameEntry *e = name_slot(t, name);
    t->n += !e->name;
    if (!e->name)
        *e = (NameEntry){.name = name, .suffix = 2};
}

/* Words that mean something already where they stand in an expression. */
static bool reserved(const char *name)
{
    static const char *const words[] = {
        "fn", "param", "return",     "export", "with", "as",     "import", "dim",  "const", "for",
        "in", "while", "limit",      "if",     "else", "static", "assert", "true", "false", "and",
        "or", "not",   "derivative", "sparse", "load", "pi",     "e",      "inf",  "nan",   "eps"};
    for (int i = 0; i < ARRAY_LEN(words); i++)
        if (!strcmp(name, words[i]))
            return true;
    return builtin_find(name) || derive_kind(name) < DERIVE_COUNT;
}

static const char *unique_name(NameTable *t, const char *base)
{
    const char *name = base;
    bool word = reserved(base);
    while (word || (t->size && name_slot(t, name)->name)) {
        word = false;
        take_name(t, base); /* for its suffix */
        name = arena_printf(t->arena, "%s_%d", base, name_slot(t, base)->suffix++);
    }
    take_name(t, name);
    return name;
}

/* ---- A function ---- */

typedef struct Writer {
    const Function *f;
    Text *out;
    Show s;
    NameTable names;
    const char **var; /* by node: the name of its statement, chosen before, or NULL */
    int next;         /* number of the next nameless statement */
    bool *said;       /* by output: its alias is written */
} Writer;

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void put_head(Writer *w)
{
    const Function *f = w->f;
    Diags *d = f->graph->diags;
    text_printf(w->out, "# %s: %s of %s", f->name, f->what, f->base);
    if (d && (int)f->span.source < d->sources.n)
        text_printf(w->out, " (%s:%d)", base_name(d->sources.at[f->span.source].path),
                    diag_line(d, f->span));
    text_put(w->out, "\n");
    text_printf(w->out, "fn %s(", f->name);
    size_t line = strlen(f->name) + 4;
    for (int i = 0; i < f->args.n; i++) {
        const Param *p = &f->graph->params.at[f->args.at[i].param];
        Text t = {.arena = w->s.arena};
        text_printf(&t, "%s%s: %s", p->trainable ? "param " : "", p->name, dtype_name(p->dtype));
        shape_print(f->graph, p->shape, &t);
        bool wrap = i && line + t.n > 92;
        line = wrap ? 8 + t.n : line + t.n + 2;
        text_printf(w->out, "%s%s", !i ? "" : wrap ? ",\n        " : ", ", t.s);
    }
    text_put(w->out, ") {\n");
}

/* A value alone is called `value` and needs no name. */
static bool returns_tuple(const Function *f)
{
    return f->outputs.n != 1 || strcmp(f->outputs.at[0].name, "value") != 0;
}

/* A statement, broken behind commas and operators where it is long: the grammar goes on there. */
static void put_wrapped(Text *out, const char *head, const char *text)
{
    size_t column = strlen(head);
    text_put(out, head);
    while (*text) {
        size_t n = strcspn(text, "\n"), room = LINE_WIDTH > column ? LINE_WIDTH - column : 0,
               cut = 0;
        if (n > room)
            for (size_t i = 1; i < n && (i <= room || !cut); i++)
                if (text[i] == ' ' && strchr(",+-*/@", text[i - 1]))
                    cut = i;
        if (cut) {
            text_putn(out, text, cut);
            text_put(out, "\n       "); /* and the space that stood there */
        } else {
            cut = n + (text[n] == '\n');
            text_putn(out, text, cut);
        }
        text += cut;
        column = 7;
    }
    text_put(out, "\n");
}

/* Names first: those of arguments and sizes stay, then outputs, then the model's. */
static void choose_names(Writer *w, int n, Node *const *order)
{
    const Function *f = w->f;
    for (int i = 0; i < f->sizes.n; i++)
        take_name(&w->names, f->sizes.at[i]);
    for (int i = 0; i < f->args.n; i++)
        take_name(&w->names, f->graph->params.at[f->args.at[i].param].name);
    bool tuple = returns_tuple(f);
    for (int i = 0; i < f->outputs.n && tuple; i++)
        take_name(&w->names, f->outputs.at[i].name);
    for (int i = 0; i < f->outputs.n && tuple;
         i++) { /* a nameless output, or one that has its name */
        const Output *o = &f->outputs.at[i];
        bool own = !o->node->name || !strcmp(o->node->name, o->name);
        if (own && o->node->nin && !w->var[o->node->id])
            w->var[o->node->id] = o->name;
    }
    for (int i = 0; i < n; i++)
        if (order[i]->name && order[i]->nin && !w->var[order[i]->id])
            w->var[order[i]->id] = unique_name(&w->names, order[i]->name);
}

static const char *next_name(Writer *w)
{
    for (;;) {
        const char *name = arena_printf(w->s.arena, "t%d", ++w->next);
        if (!name_slot(&w->names, name)->name) {
            take_name(&w->names, name);
            return name;
        }
    }
}

/* Leaves stay where they are read, as do fills. */
static bool always_inside(const Node *n)
{
    return n->op == OP_CONST || n->op == OP_PARAM || n->op == OP_SIZE || n->op == OP_IOTA ||
           (n->op == OP_EXPAND && n->in[0]->op == OP_CONST);
}

static bool stays_inside(Writer *w, const Node *n)
{
    Show *s = &w->s;
    size_t length = strlen(s->text[n->id]);
    if (always_inside(n))
        return true;
    if (s->light[n->id] && s->uses[n->id] > 1)
        return length <= LONG_TEXT;
    if (w->var[n->id] || s->uses[n->id] != 1)
        return false;
    const Node *r = s->reader[n->id];
    if (!r) /* the one output */
        return length < LONG_LIST;
    if (s->level[r->id] != s->level[n->id])
        return false;
    return length <= LONG_TEXT || show_fused(s, r, n);
}

static void put_level(Writer *w, int level, bool first)
{
    text_put(w->out, first ? "" : "\n");
    if (level > 2)
        text_printf(w->out, "    # derivative of order %d\n", level);
    else
        text_put(w->out, level == 2 ? "    # second derivative\n"
                         : level    ? "    # derivative\n"
                                    : "");
}

/* What an output is returned as: its type must not adapt to anything. */
static const char *output_text(Writer *w, Node *n)
{
    Show *s = &w->s;
    if (s->typed[n->id] || n->dtype == T_BOOL || n->op == OP_PARAM)
        return s->text[n->id];
    return arena_printf(s->arena, "%s(%s)", dtype_name((Dtype)n->dtype), s->text[n->id]);
}

/* The outputs that this node is (NULL: all that are left) and that have another name already. */
static void put_aliases(Writer *w, const Node *n)
{
    const Function *f = w->f;
    for (int i = 0; i < f->outputs.n && returns_tuple(f); i++) {
        const Output *o = &f->outputs.at[i];
        if (w->said[i] || (n && o->node != n))
            continue;
        w->said[i] = true;
        const char *text = output_text(w, o->node);
        if (strcmp(text, o->name) != 0)
            text_printf(w->out, "    %s = %s\n", o->name, text);
    }
}

static void put_statements(Writer *w, int n, Node *const *order)
{
    Show *s = &w->s;
    int level = 0;
    bool first = true;
    for (int i = 0; i < n; i++) {
        Node *p = order[i];
        show_expression(s, p);
        s->single[p->id] = stays_inside(w, p);
        if (s->single[p->id])
            continue;
        if (s->level[p->id] != level)
            put_level(w, level = s->level[p->id], first);
        first = false;
        const char *name = w->var[p->id] ? w->var[p->id] : next_name(w);
        put_wrapped(w->out, arena_printf(s->arena, "    %s = ", name), s->text[p->id]);
        s->text[p->id] = name;
        s->prec[p->id] = DG_ATOM;
        if (s->output[p->id])
            put_aliases(w, p);
    }
}

static void put_return(Writer *w)
{
    const Function *f = w->f;
    if (!returns_tuple(f)) {
        put_wrapped(w->out, "    return ", output_text(w, f->outputs.at[0].node));
        text_put(w->out, "}\n");
        return;
    }
    put_aliases(w, NULL);
    Text t = {.arena = w->s.arena};
    for (int i = 0; i < f->outputs.n; i++)
        text_printf(&t, "%s%s", i ? ", " : "(", f->outputs.at[i].name);
    text_put(&t, f->outputs.n == 1 ? ",)" : ")");
    put_wrapped(w->out, "    return ", t.s);
    text_put(w->out, "}\n");
}

/* A size that the text has not mentioned would be no argument. */
static bool mentioned(Writer *w, const char *size, int n, Node *const *order)
{
    const Function *f = w->f;
    Sizes *z = f->graph->sizes;
    for (int i = 0; i < f->args.n; i++) {
        Shape s = f->graph->params.at[f->args.at[i].param].shape;
        for (int k = 0; k < s.rank; k++)
            if (size_mentions(z, s.dim[k], size))
                return true;
    }
    for (int i = 0; i < n; i++) {
        const Node *p = order[i];
        if (p->op == OP_SIZE && size_mentions(z, size_at(z, (int)p->attr[0]), size))
            return true;
        bool says_shape =
            p->op == OP_IOTA || op_info(p)->family == F_MOVE || op_info(p)->family == F_INDEX;
        for (int k = 0; says_shape && k < p->shape.rank; k++)
            if (size_mentions(z, p->shape.dim[k], size))
                return true;
    }
    return false;
}

typedef VEC(const char *) NameList;

static void hide(Arena *a, NameList *list, const char *name)
{
    if (builtin_find(name))
        vec_push(a, list, name);
}

/* `m`: the file that it stands in, or NULL. */
static void write_function(const Function *f, const Model *m, Text *out)
{
    NameList hidden = {0};
    hide(f->graph->arena, &hidden, f->name);
    for (int i = 0; m && i < m->functions.n; i++)
        hide(f->graph->arena, &hidden, m->functions.at[i]->name);
    for (int i = 0; i < f->args.n; i++)
        hide(f->graph->arena, &hidden, f->graph->params.at[f->args.at[i].param].name);
    for (int i = 0; i < f->sizes.n; i++)
        hide(f->graph->arena, &hidden, f->sizes.at[i]);
    Graph *g = f->graph;
    Node **root = NEW_N(g->arena, Node *, f->outputs.n + 1), **order;
    for (int i = 0; i < f->outputs.n; i++)
        root[i] = f->outputs.at[i].node;
    Writer w = {
        .f = f, .out = out, .s = show_begin(g, f->outputs.n, root), .names = {.arena = g->arena}};
    w.s.hidden = hidden.at;
    w.s.nhidden = hidden.n;
    int n = show_order(&w.s, &order);
    w.var = NEW_N(g->arena, const char *, g->nodes.n + 1);
    w.said = NEW_N(g->arena, bool, f->outputs.n + 1);
    take_name(&w.names, f->name);
    choose_names(&w, n, order);
    put_head(&w);
    for (int i = 0; i < f->sizes.n; i++)
        if (!mentioned(&w, f->sizes.at[i], n, order))
            text_printf(out, "    %s = %s\n", unique_name(&w.names, "unused"), f->sizes.at[i]);
    put_statements(&w, n, order);
    put_return(&w);
}

void show_function(const Function *f, Text *out)
{
    write_function(f, NULL, out);
}

/* ---- A file ---- */

/* Whether an argument's axis is that size and nothing else, so that the argument fixes it. */
static bool fixed_by_argument(const Function *f, const char *size)
{
    const Size *z = size_name(f->graph->sizes, size);
    for (int i = 0; i < f->args.n; i++) {
        Shape s = f->graph->params.at[f->args.at[i].param].shape;
        for (int k = 0; k < s.rank; k++)
            if (s.dim[k] == z)
                return true;
    }
    return false;
}

void show_model(const Model *m, Text *out)
{
    NameTable dims = {0};
    text_printf(out, "# %s with its derivatives spelled out, by gradc show.\n", base_name(m->path));
    for (int i = 0; i < m->functions.n; i++) {
        const Function *f = m->functions.at[i];
        dims.arena = f->graph->arena;
        for (int k = 0; k < f->sizes.n; k++) {
            const char *name = f->sizes.at[k];
            if (fixed_by_argument(f, name) || (dims.size && name_slot(&dims, name)->name))
                continue;
            text_printf(out, "%sdim %s\n", dims.n ? "" : "\n", name);
            take_name(&dims, name);
        }
    }
    for (int i = 0; i < m->functions.n; i++) {
        text_put(out, "\n");
        write_function(m->functions.at[i], m, out);
    }
    text_put(out, m->functions.n ? "\n" : "");
    for (int i = 0; i < m->functions.n; i++)
        text_printf(out, "export %s\n", m->functions.at[i]->name);
}
