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
#include "region.h"

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
    const char *indent; /* of statements: four blanks, more inside loops */
    const char ***part; /* by node, of loops: the names of their results */
    bool *said;       /* by output: its alias is written */
} Writer;

const char *show_file(const char *path)
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
        text_printf(w->out, " (%s:%d)", show_file(d->sources.at[f->span.source].path),
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

/* Leaves stay where they are read, as do fills. */
static bool always_inside(const Node *n)
{
    return n->op == OP_CONST || n->op == OP_PARAM || n->op == OP_SIZE || n->op == OP_IOTA ||
           n->op == OP_HOLE || n->op == OP_PART ||
           (n->op == OP_EXPAND && n->in[0]->op == OP_CONST);
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
        if (order[i]->name && order[i]->nin && !always_inside(order[i]) && !w->var[order[i]->id])
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
    if (r->op == OP_FOR || is_put(n))
        return false;
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

static const char *line_head(const Writer *w, const char *name)
{
    return arena_printf(w->s.arena, "%s%s = ", w->indent, name);
}

/* ---- Updates in place: `a = base` and then `a[i] = v`, under an if where there is a guard ---- */

static void put_update(Writer *w, const Node *n, const char *name)
{
    Show *s = &w->s;
    Text t = {.arena = s->arena};
    int srank = n->in[1]->shape.rank - (n->shape.rank - put_indices(n)), next = 0, before = 0;
    text_printf(w->out, "%s%s = %s\n", w->indent, name, show_typed(s, n->in[0]));
    if (put_guard(n))
        text_printf(w->out, "%sif %s {\n    ", w->indent, s->text[put_guard(n)->id]);
    text_printf(&t, "%s[", name);
    for (int i = 0; i < n->shape.rank; i++) {
        bool told = next < put_indices(n) && n->attr[next + 1] == i;
        text_printf(&t, "%s%s", i ? ", " : "", told ? s->text[put_index(n)[next]->id] : ":");
        before += !told && !next;
        next += told;
    }
    text_printf(&t, "] %s ", n->op == OP_PUT ? "=" : "+=");
    bool apart = next && n->attr[next] - n->attr[1] != next - 1; /* first of all, as in NumPy */
    const char *u = s->text[n->in[1]->id];
    if (srank && before && !apart) { /* the part has the axes that are whole in front */
        Text moved = {.arena = s->arena};
        text_printf(&moved, "transpose(%s, (", u);
        for (int i = 0; i < n->in[1]->shape.rank; i++)
            text_printf(&moved, "%s%d", i ? ", " : "",
                        i < before ? srank + i : i < before + srank ? i - before : i);
        text_put(&moved, "))");
        u = moved.s;
    }
    put_wrapped(w->out, arena_printf(s->arena, "%s%s", w->indent, t.s), u);
    if (put_guard(n))
        text_printf(w->out, "%s}\n", w->indent);
}

/* ---- Loops ---- */

static void put_node(Writer *w, Node *p);

/* How often a node of the body is read in it, and by whom. */
static void count_uses(Show *s, const Walk *w, const Walk *captures, int nroots, Node *const *root)
{
    for (int i = 0; i < w->n; i++)
        if (walk_find(captures, w->node[i]) < 0)
            s->uses[w->node[i]->id] = 0;
    for (int i = 0; i < nroots; i++) {
        s->uses[root[i]->id] += 2;
        s->reader[root[i]->id] = NULL;
    }
    for (int i = 0; i < w->n; i++)
        for (int k = 0; k < w->node[i]->nin && walk_find(captures, w->node[i]) < 0; k++) {
            s->uses[w->node[i]->in[k]->id]++;
            s->reader[w->node[i]->in[k]->id] = w->node[i];
        }
}

/* A root of the body that is written where it stands: what it alone reads is no statement. */
static void drop_root(Show *s, Node *root)
{
    VEC(Node *) list = {0};
    s->uses[root->id] -= 2;
    if (!s->uses[root->id])
        vec_push(s->arena, &list, root);
    for (int k = 0; k < list.n; k++)
        for (int i = 0; i < list.at[k]->nin; i++)
            if (!--s->uses[list.at[k]->in[i]->id])
                vec_push(s->arena, &list, list.at[k]->in[i]);
}

static const char *zeros_text(Writer *w, const Node *like, const Size *rows)
{
    Show *s = &w->s;
    Text t = {.arena = s->arena};
    int prec;
    text_printf(&t, "zeros((%s,", show_size(s, rows, &prec));
    for (int i = 0; i < like->shape.rank; i++)
        text_printf(&t, " %s%s", show_size(s, like->shape.dim[i], &prec),
                    i + 1 < like->shape.rank ? "," : "");
    text_printf(&t, "), dtype=%s)", dtype_name((Dtype)like->dtype));
    return t.s;
}

const Size *show_own_limit(const Graph *g, const Region *r, int check)
{
    const Node *c = r->check[check];
    const Size *limit = c->op == OP_LT && c->in[0] == r->index ? node_size(g, c->in[1]) : NULL;
    bool own = r->cond && r->check_code[check] == STATUS_LIMIT && limit && r->bound &&
               size_add(g->sizes, limit, size_const(g->sizes, 1)) == r->bound;
    return own ? limit : NULL;
}

/* A while counts its turns where the body or what stands behind the loop wants to know. */
static bool counts_turns(const Show *s, const Node *n, const Region *r)
{
    bool counts = s->uses[r->index->id] > 0 || r->ncollected > 0;
    for (int id = n->id + 1; id < s->g->nodes.n && !counts; id++) {
        const Node *p = s->g->nodes.at[id];
        counts = s->mark[id] && p->op == OP_PART && p->in[0] == n && p->attr[0] == region_turns(r);
    }
    return counts;
}

/* `for i in 0:n`, or a while where there is a condition; its turns are then counted by i. */
static void put_loop_head(Writer *w, const Node *n, const Region *r, const char *index,
                          const Size *limit)
{
    Show *s = &w->s;
    Node *count = loop_count(n);
    const char *times = s->prec[count->id] > DG_ADD ? s->text[count->id]
                                                    : arena_printf(s->arena, "(%s)", s->text[count->id]);
    int prec;
    if (!r->cond && r->reverse)
        text_printf(w->out, "%sfor %s in %s - 1:-1:-1 {\n", w->indent, index, times);
    else if (!r->cond)
        text_printf(w->out, "%sfor %s in 0:%s {\n", w->indent, index, s->text[count->id]);
    else if (limit)
        text_printf(w->out, "%swhile %s limit %s {\n", w->indent, s->text[r->cond->id],
                    show_size(s, limit, &prec));
    else
        text_printf(w->out, "%swhile %s < %s and (%s) limit %s {\n", w->indent, index, times,
                    s->text[r->cond->id], r->bound ? show_size(s, r->bound, &prec) : times);
}

/* The values behind the turn, all at once. */
static void put_next(Writer *w, const Region *r, const char *const *name)
{
    Show *s = &w->s;
    Text to = {.arena = s->arena}, from = {.arena = s->arena};
    int n = 0;
    for (int k = 0; k < r->ncarried; k++) {
        if (r->next[k] == r->carried[k])
            continue;
        text_printf(&to, "%s%s", n ? ", " : "", name[k]);
        text_printf(&from, "%s%s", n ? ", " : "", show_typed(s, r->next[k]));
        n++;
    }
    if (n > 1)
        put_wrapped(w->out, arena_printf(s->arena, "%s(%s) = (", w->indent, to.s),
                    arena_printf(s->arena, "%s)", from.s));
    else if (n)
        put_wrapped(w->out, line_head(w, to.s), from.s);
}

static const char *name_like(Writer *w, const Node *n)
{
    return n->name ? unique_name(&w->names, n->name) : next_name(w);
}

/* The names of what is carried and collected, bound before the loop. */
static const char **put_loop_start(Writer *w, const Node *n, const Region *r)
{
    Show *s = &w->s;
    int c = r->ncarried;
    const char **name = NEW_N(s->arena, const char *, region_turns(r) + 1);
    for (int k = 0; k < c; k++) {
        name[k] = name_like(w, r->carried[k]);
        put_wrapped(w->out, line_head(w, name[k]), show_typed(s, loop_init(n)[k]));
        s->text[r->carried[k]->id] = name[k];
        s->prec[r->carried[k]->id] = DG_ATOM;
        s->typed[r->carried[k]->id] = true;
    }
    for (int k = 0; k < r->ncollected; k++) {
        name[c + k] = next_name(w);
        put_wrapped(w->out, line_head(w, name[c + k]), zeros_text(w, r->collected[k], r->bound));
    }
    return name;
}

static void put_loop(Writer *w, Node *n)
{
    Show *s = &w->s;
    Graph *g = s->g;
    const Region *r = region_of(g, n);
    Node **root;
    int nroots = region_roots(g, r, &root);
    Walk captures = region_captures(g, r), body = walk_between(g, nroots, root, &captures);
    const char **name = put_loop_start(w, n, r), *outer = w->indent;
    const char *index = name_like(w, r->index);
    count_uses(s, &body, &captures, nroots, root);
    s->text[r->index->id] = index;
    s->prec[r->index->id] = DG_ATOM;
    s->typed[r->index->id] = true;
    for (int k = 0; k < body.n; k++) /* of another loop over the same placeholders */
        if (walk_find(&captures, body.node[k]) < 0 && body.node[k]->op != OP_HOLE)
            w->var[body.node[k]->id] = NULL;
    const Size *limit = NULL;
    int own = -1;
    for (int k = 0; k < r->nchecks && !limit; k++)
        if ((limit = show_own_limit(g, r, k))) {
            own = k;
            drop_root(s, r->check[k]);
        }
    bool counter = r->cond && (!limit || counts_turns(s, n, r));
    if (r->cond) { /* its nodes stand in one expression: no statement goes before the while */
        Walk cond = walk_between(g, 1, (Node *const[]){r->cond}, &captures);
        for (int k = 0; k < cond.n; k++)
            if (walk_find(&captures, cond.node[k]) < 0 && cond.node[k]->op != OP_HOLE) {
                show_expression(s, cond.node[k]);
                s->single[cond.node[k]->id] = true;
            }
    }
    if (counter)
        text_printf(w->out, "%s%s = 0\n", w->indent, index);
    put_loop_head(w, n, r, index, limit);
    if (r->cond)
        drop_root(s, r->cond);
    w->indent = arena_printf(s->arena, "%s    ", outer);
    for (int k = 0; k < body.n; k++)
        if (walk_find(&captures, body.node[k]) < 0 && body.node[k]->op != OP_HOLE &&
            s->uses[body.node[k]->id] > 0)
            put_node(w, body.node[k]);
    for (int k = 0; k < r->nchecks; k++)
        if (k != own)
            text_printf(w->out, "%sassert %s\n", w->indent, s->text[r->check[k]->id]);
    for (int k = 0; k < r->ncollected; k++)
        put_wrapped(w->out, arena_printf(s->arena, "%s%s[%s] = ", w->indent, name[r->ncarried + k], index),
                    s->text[r->collected[k]->id]);
    put_next(w, r, name);
    if (counter)
        text_printf(w->out, "%s%s = %s + 1\n", w->indent, index, index);
    w->indent = outer;
    text_printf(w->out, "%s}\n", outer);
    name[region_turns(r)] = r->cond ? index : arena_printf(s->arena, "max(%s, 0)", s->text[loop_count(n)->id]);
    w->part[n->id] = name;
}

/* ---- Statements ---- */

/* A node as a statement, or as a text in those that read it. */
static void put_node(Writer *w, Node *p)
{
    Show *s = &w->s;
    if (p->op == OP_FOR) {
        put_loop(w, p);
        return;
    }
    if (p->op == OP_PART) {
        s->text[p->id] = w->part[p->in[0]->id][p->attr[0]];
        s->prec[p->id] = DG_ATOM;
        s->single[p->id] = s->typed[p->id] = true;
        return;
    }
    bool update = is_put(p);
    s->text[p->id] = "";
    if (!update)
        show_expression(s, p);
    s->single[p->id] = !update && stays_inside(w, p);
    if (s->single[p->id])
        return;
    const char *name = w->var[p->id] ? w->var[p->id] : *w->indent && w->indent[4] && p->name ? name_like(w, p) : next_name(w);
    if (update)
        put_update(w, p, name);
    else
        put_wrapped(w->out, line_head(w, name), s->text[p->id]);
    s->typed[p->id] |= update;
    s->text[p->id] = name;
    s->prec[p->id] = DG_ATOM;
}

static void put_statements(Writer *w, int n, Node *const *order)
{
    Show *s = &w->s;
    int level = 0;
    bool first = true;
    for (int i = 0; i < n; i++) {
        Node *p = order[i];
        if (s->level[p->id] != level && !always_inside(p)) {
            Text *out = w->out, body = {.arena = s->arena};
            w->out = &body;
            put_node(w, p);
            w->out = out;
            if (body.n) { /* what is written inside others begins no level */
                put_level(w, level = s->level[p->id], first);
                text_put(w->out, body.s);
                first = false;
            }
        } else {
            size_t before = w->out->n;
            put_node(w, p);
            first &= w->out->n == before;
        }
        if (s->output[p->id] && !s->single[p->id])
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
    Node **root, **order;
    int nroots = function_roots(g->arena, f, &root);
    Writer w = {.f = f, .out = out, .s = show_begin(g, nroots, root), .names = {.arena = g->arena},
                .indent = "    ", .part = NEW_N(g->arena, const char **, g->nodes.n + 1)};
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
    for (int i = 0; i < f->checks.n; i++)
        text_printf(out, "    assert %s\n", w.s.text[f->checks.at[i].cond->id]);
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
    text_printf(out, "# %s with its derivatives spelled out, by gradc show.\n", show_file(m->path));
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
