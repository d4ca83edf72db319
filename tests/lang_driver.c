/* lang_driver.c - models with what they compute, those of tests/lang.
 *
 *     lang_driver [--cc COMMAND [--libs LIBRARIES]] [--args OPTIONS] FILE.dg...
 *
 * A file holds a model and, behind it, blocks of what its functions give:
 *
 *     # >>> args -D K=3 --real f32       how to compile it; once, before the first block
 *     # >>> f_grad x=[1, 2, 3] flag=true n=3
 *     # value = 14
 *     # grad_x = [2, 4, 6] ~ 1e-9        a relative tolerance; 1e-12 by default, for f32 2e-5
 *
 * Open sizes may be given; those that the arguments' shapes tell need not be. Outputs that are not
 * listed are not compared. `# >>> returns 1` in a block names the error code to come. A value may
 * go on in the next line while a bracket is open. `# same as g_grad` in a block: the outputs, by C
 * and by the interpreter, are those of that function for these arguments, bit for bit; `# same as
 * g_grad ~ 2`: to so many units in the last place of the largest element. `# no array in a turn` in a block:
 * no step in a loop of the function runs along an axis of open size, and no array is copied there. `# >>> interpreted` in
 * front of the blocks: there is no C of this model, and only the interpreter is looked at.
 *
 * Every block runs as C (through libtcc) at -O0 and -O2, with and without unrolling, and at -O2 as
 * calls of strip kernels, unless `args`
 * says otherwise, and every output is compared with the interpreter's too. With --cc it is compiled
 * by that command instead, in one way; --args are added to the options of each file.
 * To be run from the root of the repository. */
#include "compiler/compile.h"
#include "compiler/emit.h"
#include "tests/call.h"
#include "tests/count.h"
#include "tests/crash.h"
#include "tests/heap.h"
#include "tests/jit.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *command, *libraries = "", *more_args;

static void complain(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static void complain(const char *file, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("%s:%d: ", file, line);
    vprintf(fmt, ap);
    printf("\n");
    va_end(ap);
    failed++;
}

/* ---- What a file expects ---- */

typedef struct Literal {
    int rank;
    int64_t dim[MAX_RANK];
    VEC(double) real;
    VEC(int64_t) integer; /* the same, exact where it is one */
} Literal;

typedef struct Entry {
    const char *name;
    Literal value;
    double tolerance; /* 0: the default */
    int line;
} Entry;

typedef struct Block {
    const char *function;
    int line, code;
    VEC(Entry) in, out;
    bool scalar_turns;
    const char *twin; /* the function that gives the same, or NULL */
    double ulps;
} Block;

typedef struct File {
    Arena *arena;
    const char *path, *args, *wrong;
    int wrong_line;
    bool interpreted;
    VEC(Block) blocks;
} File;

typedef struct Reader {
    File *file;
    const char *at;
    int line;
} Reader;

static void wrong(Reader *r, const char *what)
{
    if (!r->file->wrong) {
        r->file->wrong = what;
        r->file->wrong_line = r->line;
    }
}

/* Blanks; inside brackets the next comment line goes on. */
static void blanks(Reader *r, bool inside)
{
    for (;;) {
        while (*r->at == ' ' || *r->at == '\t' || *r->at == '\r')
            r->at++;
        if (!inside || *r->at != '\n' || r->at[1] != '#')
            return;
        r->at += 2;
        r->line++;
    }
}

static const char *word(Reader *r)
{
    const char *start = r->at;
    while (isalnum((unsigned char)*r->at) || *r->at == '_')
        r->at++;
    return arena_strndup(r->file->arena, start, (size_t)(r->at - start));
}

static void read_number(Reader *r, Literal *v)
{
    static const struct {
        const char *name;
        double value;
    } names[] = {{"true", 1}, {"false", 0}, {"nan", NAN}, {"inf", INFINITY}, {"-inf", -INFINITY}};
    for (int i = 0; i < ARRAY_LEN(names); i++) {
        size_t n = strlen(names[i].name);
        if (!strncmp(r->at, names[i].name, n) && !isalnum((unsigned char)r->at[n])) {
            vec_push(r->file->arena, &v->real, names[i].value);
            vec_push(r->file->arena, &v->integer,
                     (int64_t)(isfinite(names[i].value) ? names[i].value : 0));
            r->at += n;
            return;
        }
    }
    char *end, *integer_end;
    double d = strtod(r->at, &end);
    int64_t n = strtoll(r->at, &integer_end, 10);
    if (end == r->at) {
        wrong(r, "a number is expected");
        return;
    }
    bool whole = integer_end == end || !(fabs(d) < 9e18);
    vec_push(r->file->arena, &v->real, d);
    vec_push(r->file->arena, &v->integer, whole ? n : (int64_t)d);
    r->at = end;
}

static void read_value(Reader *r, Literal *v, int depth)
{
    blanks(r, depth > 0);
    if (*r->at != '[') {
        if (depth > v->rank)
            v->rank = depth;
        read_number(r, v);
        return;
    }
    r->at++;
    int64_t count = 0;
    if (depth + 1 >= MAX_RANK) {
        wrong(r, "too many brackets");
        return;
    }
    for (blanks(r, true); *r->at != ']' && !r->file->wrong; blanks(r, true)) {
        read_value(r, v, depth + 1);
        count++;
        blanks(r, true);
        if (*r->at == ',')
            r->at++;
        else if (*r->at != ']')
            wrong(r, "`,` or `]` is expected");
    }
    if (*r->at == ']')
        r->at++;
    if (depth + 1 > v->rank)
        v->rank = depth + 1;
    v->dim[depth] = count;
}

static Entry read_entry(Reader *r)
{
    Entry e = {.line = r->line, .name = word(r)};
    blanks(r, false);
    if (*r->at != '=' || !*e.name) {
        wrong(r, "NAME = VALUE is expected");
        return e;
    }
    r->at++;
    read_value(r, &e.value, 0);
    int64_t count = 1;
    for (int i = 0; i < e.value.rank; i++)
        count *= e.value.dim[i];
    if (count != e.value.real.n)
        wrong(r, "the lists are not of one length");
    blanks(r, false);
    if (*r->at == '~') {
        char *end;
        e.tolerance = strtod(r->at + 1, &end);
        r->at = end;
        blanks(r, false);
    }
    return e;
}

/* A line behind `# >>> `. */
static void read_head(Reader *r)
{
    Arena *a = r->file->arena;
    blanks(r, false);
    if (!strncmp(r->at, "args ", 5)) {
        size_t n = strcspn(r->at + 5, "\n");
        r->file->args = arena_strndup(a, r->at + 5, n);
        r->at += 5 + n;
        return;
    }
    const char *name = word(r);
    if (!strcmp(name, "interpreted")) {
        r->file->interpreted = true;
        return;
    }
    if (!strcmp(name, "returns")) {
        char *end;
        long code = strtol(r->at, &end, 10);
        r->at = end;
        if (r->file->blocks.n)
            r->file->blocks.at[r->file->blocks.n - 1].code = (int)code;
        else
            wrong(r, "`returns` stands in a block");
        return;
    }
    Block b = {.function = name, .line = r->line};
    for (blanks(r, false); *r->at && *r->at != '\n' && !r->file->wrong; blanks(r, false))
        vec_push(a, &b.in, read_entry(r));
    vec_push(a, &r->file->blocks, b);
}

/* `same as NAME`, or `same as NAME ~ ULPS`; false where the line says something else. */
static bool read_twin(Reader *r, Block *b)
{
    if (strncmp(r->at, "same as ", 8))
        return false;
    r->at += 8;
    b->twin = word(r);
    blanks(r, false);
    if (*r->at == '~') {
        char *end;
        b->ulps = strtod(r->at + 1, &end);
        r->at = end;
    }
    return true;
}

static bool read_scalar_turns(Reader *r, Block *b)
{
    static const char words[] = "no array in a turn";
    if (strncmp(r->at, words, sizeof words - 1))
        return false;
    r->at += sizeof words - 1;
    return b->scalar_turns = true;
}

static void read_blocks(File *f, const char *text)
{
    Reader r = {.file = f, .at = text, .line = 1};
    while (*r.at && !f->wrong) {
        bool head = !strncmp(r.at, "# >>>", 5);
        if (head) {
            r.at += 5;
            read_head(&r);
        } else if (f->blocks.n && *r.at == '#') {
            r.at++;
            blanks(&r, false);
            Block *b = &f->blocks.at[f->blocks.n - 1];
            if (*r.at && *r.at != '\n' && !read_twin(&r, b) && !read_scalar_turns(&r, b)) {
                Entry e = read_entry(&r);
                vec_push(f->arena, &b->out, e);
            }
        } else {
            r.at += strcspn(r.at, "\n");
        }
        if (*r.at == '\n')
            r.at++, r.line++;
        else if (*r.at)
            wrong(&r, "something stands behind the value");
    }
}

/* ---- How to compile ---- */

typedef struct Options {
    CompileOptions o;
    bool has_level, has_unroll;
    const char *name[32], *include[32], *export_[32];
    int64_t value[32];
} Options;

static bool read_option(Options *p, const char *w, const char *next, int *used)
{
    CompileOptions *o = &p->o;
    *used = 1;
    if (!strncmp(w, "-O", 2) && w[2]) {
        o->level = w[2] - '0';
        p->has_level = true;
    } else if (!strcmp(w, "--check-bounds")) {
        o->check_bounds = true;
    } else if (!strcmp(w, "--fast-math")) {
        o->fast_math = true;
    } else if (!strcmp(w, "--openmp")) {
        o->openmp = true;
    } else if (!strcmp(w, "--blas")) {
        o->blas = true;
    } else if (!strcmp(w, "--disconnected=zero")) {
        o->disconnected_zero = true;
    } else if (next) {
        *used = 2;
        const char *equal = strchr(next, '=');
        if (!strcmp(w, "--real"))
            o->real = !strcmp(next, "f32") ? T_F32 : T_F64;
        else if (!strcmp(w, "--unroll"))
            o->unroll = atoi(next), p->has_unroll = true;
        else if (!strcmp(w, "-I") && o->ninclude < 32)
            p->include[o->ninclude++] = next;
        else if (!strcmp(w, "-e") && o->nexport < 32)
            p->export_[o->nexport++] = next;
        else if (!strcmp(w, "-D") && equal && o->ndefine < 32)
            p->value[o->ndefine++] = atoll(equal + 1);
        else
            return false;
    } else {
        return false;
    }
    return true;
}

/* The words of `args`; quotes hold a word together. False: an option that is not known. */
static bool read_options(Arena *a, Options *p, const char *args)
{
    VEC(const char *) words = {0};
    for (const char *s = args; s && *s;) {
        s += strspn(s, " \t\r");
        char quote = *s == '"' || *s == '\'' ? *s++ : 0;
        size_t n = quote ? strcspn(s, (char[2]){quote, 0}) : strcspn(s, " \t\r");
        if (n)
            vec_push(a, &words, arena_strndup(a, s, n));
        s += n + (quote && s[n] ? 1 : 0);
    }
    int used = 1;
    for (int i = 0; i < words.n; i += used) {
        const char *next = i + 1 < words.n ? words.at[i + 1] : NULL;
        if (!strcmp(words.at[i], "-D") && next)
            p->name[p->o.ndefine] = arena_strndup(a, next, strcspn(next, "="));
        if (!read_option(p, words.at[i], next, &used))
            return false;
    }
    p->include[p->o.ninclude++] = "runtime/std";
    p->o.define_name = p->name;
    p->o.define_value = p->value;
    p->o.include = p->include;
    p->o.export_ = p->export_;
    return true;
}

/* ---- One block, compiled in one way ---- */

typedef struct Way {
    int level, unroll;
    bool strips;
} Way;

typedef struct Running {
    const File *file;
    const Block *block;
    Arena *arena;
    Compilation *c;
    int function;
    char way[32];
    Call call;
} Running;

#define FAULT(r, at, ...)                                                                          \
    complain((r)->file->path, at, "%s %s: %s", (r)->block->function, (r)->way,                     \
             arena_printf((r)->arena, __VA_ARGS__))

static const Entry *entry_named(const Entry *list, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(list[i].name, name))
            return &list[i];
    return NULL;
}

/* An open size by itself, or NULL. */
static const char *plain_name(const Graph *g, const Size *s)
{
    if (s->n != 1 || s->den != 1 || s->term[0].coef != 1 || s->term[0].n != 1)
        return NULL;
    const Atom *a = size_atom(g->sizes, s->term[0].atom[0]);
    return a->kind == ATOM_NAME ? a->name : NULL;
}

static const Param *param_of(const Function *f, int i)
{
    return &f->graph->params.at[f->args.at[i].param];
}

/* The sizes: as given, or as the arguments' shapes tell. */
static bool find_sizes(Running *r, const Function *f, int64_t *size)
{
    for (int s = 0; s < f->sizes.n; s++) {
        const Entry *e = entry_named(r->block->in.at, r->block->in.n, f->sizes.at[s]);
        bool known = e != NULL;
        if (e)
            size[s] = e->value.integer.at[0];
        for (int i = 0; i < f->args.n && !known; i++) {
            const Param *p = param_of(f, i);
            const Entry *v = entry_named(r->block->in.at, r->block->in.n, p->name);
            for (int k = 0; v && k < p->shape.rank && k < v->value.rank && !known; k++) {
                const char *name = plain_name(f->graph, p->shape.dim[k]);
                known = name && !strcmp(name, f->sizes.at[s]);
                if (known)
                    size[s] = v->value.dim[k];
            }
        }
        if (!known) {
            FAULT(r, r->block->line, "size %s is not given", f->sizes.at[s]);
            return false;
        }
    }
    return true;
}

static bool same_shape(const Function *f, Shape s, const int64_t *size, const Literal *v)
{
    if (v->rank != s.rank)
        return s.rank > v->rank && call_count(f, s, size) == 0 && v->real.n == 0;
    for (int i = 0; i < s.rank; i++)
        if (call_size(f, s.dim[i], size) != v->dim[i])
            return false;
    return true;
}

/* In the C layout of a type. */
static void *laid_out(Arena *a, Dtype t, const Literal *v)
{
    unsigned char *data = arena_alloc(a, (size_t)v->real.n * (size_t)dtype_bytes(t) + 1);
    for (int i = 0; i < v->real.n; i++)
        switch (t) {
        case T_F64:
            ((double *)(void *)data)[i] = v->real.at[i];
            break;
        case T_F32:
            ((float *)(void *)data)[i] = (float)v->real.at[i];
            break;
        case T_I64:
            ((int64_t *)(void *)data)[i] = v->integer.at[i];
            break;
        case T_I32:
            ((int32_t *)(void *)data)[i] = (int32_t)v->integer.at[i];
            break;
        default:
            data[i] = (uint8_t)v->integer.at[i];
            break;
        }
    return data;
}

static bool find_arguments(Running *r, const Function *f)
{
    const Block *b = r->block;
    int64_t *size = NEW_N(r->arena, int64_t, f->sizes.n + 1);
    const void **in = NEW_N(r->arena, const void *, f->args.n + 1);
    r->call = (Call){.f = f, .size = size, .in = in};
    if (!find_sizes(r, f, size))
        return false;
    for (int i = 0; i < f->args.n; i++) {
        const Param *p = param_of(f, i);
        const Entry *e = entry_named(b->in.at, b->in.n, p->name);
        if (!e) {
            FAULT(r, b->line, "argument %s is not given", p->name);
            return false;
        }
        if (!same_shape(f, p->shape, size, &e->value)) {
            FAULT(r, b->line, "argument %s does not have its shape", p->name);
            return false;
        }
        in[i] = laid_out(r->arena, p->dtype, &e->value);
    }
    for (int k = 0; k < b->in.n; k++) {
        bool known = false;
        for (int i = 0; i < f->args.n; i++)
            known |= !strcmp(param_of(f, i)->name, b->in.at[k].name);
        for (int i = 0; i < f->sizes.n; i++)
            known |= !strcmp(f->sizes.at[i], b->in.at[k].name);
        if (!known) {
            FAULT(r, b->line, "there is no argument %s", b->in.at[k].name);
            return false;
        }
    }
    return true;
}

/* Against the numbers in the file. */
static bool check_expected(Running *r, const Function *f)
{
    bool fine = true;
    for (int k = 0; k < r->block->out.n; k++) {
        const Entry *e = &r->block->out.at[k];
        int i = 0;
        while (i < f->outputs.n && strcmp(f->outputs.at[i].name, e->name))
            i++;
        if (i == f->outputs.n) {
            FAULT(r, e->line, "there is no output %s", e->name);
            fine = false;
            continue;
        }
        const Node *n = f->outputs.at[i].node;
        Dtype t = (Dtype)n->dtype;
        if (!same_shape(f, n->shape, r->call.size, &e->value)) {
            Text shape = {.arena = r->arena};
            shape_print(f->graph, n->shape, &shape);
            FAULT(r, e->line, "%s has the shape %s", e->name, shape.s ? shape.s : "of a scalar");
            fine = false;
            continue;
        }
        double tolerance = e->tolerance > 0 ? e->tolerance : t == T_F32 ? 2e-5 : 1e-12;
        const char *gap = call_compare(r->arena, t, e->value.real.n, r->call.out[i],
                                       e->value.real.at, e->value.integer.at, tolerance, 1e-3);
        if (gap)
            FAULT(r, e->line, "%s %s", e->name, gap);
        fine &= !gap;
    }
    return fine;
}

/* Against the interpreter, on the graph as it was elaborated. */
static bool check_reference(Running *r, const Function *f)
{
    Function *shown = r->c->shown->functions.at[r->function];
    Reference ref = call_interp(r->arena, shown, &r->call);
    bool fine = true;
    if (ref.error) {
        FAULT(r, r->block->line, "the interpreter says: %s", ref.error);
        return false;
    }
    for (int i = 0; i < f->outputs.n; i++) {
        const Node *n = f->outputs.at[i].node;
        int64_t count = call_count(f, n->shape, r->call.size);
        double scale = call_scale(count, ref.real[i]);
        const char *gap = call_compare(
            r->arena, (Dtype)n->dtype, count, r->call.out[i], ref.real[i], ref.integer[i],
            n->dtype == T_F32 ? 2e-5 : 1e-10, scale > 1e-3 ? scale : 1e-3);
        if (gap)
            FAULT(r, r->block->line, "%s %s (the interpreter's)", f->outputs.at[i].name, gap);
        fine &= !gap;
    }
    return fine;
}

/* Both are looked at, whatever the first says. */
static bool both(bool a, bool b)
{
    return a && b;
}

/* What the interpreter has found, in the C layout. */
static void **interpreted(Running *r, const Function *f, const Reference *ref)
{
    void **out = NEW_N(r->arena, void *, f->outputs.n + 1);
    for (int i = 0; i < f->outputs.n && !ref->error; i++) {
        const Node *n = f->outputs.at[i].node;
        int64_t count = call_count(f, n->shape, r->call.size);
        Literal v = {.rank = 0};
        for (int64_t k = 0; k < count; k++) {
            bool real = dtype_is_real((Dtype)n->dtype);
            vec_push(r->arena, &v.real, real ? ref->real[i][k] : 0);
            vec_push(r->arena, &v.integer, real ? 0 : ref->integer[i][k]);
        }
        out[i] = laid_out(r->arena, (Dtype)n->dtype, &v);
    }
    return out;
}

/* The interpreter alone, against the numbers in the file. */
static void interpret_block(Running *r, const Function *f)
{
    Reference ref = call_interp(r->arena, f, &r->call);
    if (ref.error ? ref.code != r->block->code : r->block->code != 0) {
        FAULT(r, r->block->line, "the interpreter says: %s (%d)", ref.error ? ref.error : "fine", ref.code);
        return;
    }
    r->call.out = interpreted(r, f, &ref);
    if (ref.error || check_expected(r, f))
        passed++;
}

/* What fails must fail in the interpreter too, with that code. */
static bool same_code(Running *r)
{
    Reference ref = call_interp(r->arena, r->c->shown->functions.at[r->function], &r->call);
    if (ref.error && ref.code == r->block->code)
        return true;
    FAULT(r, r->block->line, "the interpreter says: %s", ref.error ? ref.error : "fine");
    return false;
}

static int function_named(const Model *m, const char *name)
{
    for (int i = 0; i < m->functions.n; i++)
        if (!strcmp(m->functions.at[i]->name, name))
            return i;
    return -1;
}

/* False where there is no such function in the C, or it writes where it should not. */
static bool call_jit(Running *r, Jit *jit, const Function *f, int *code)
{
    CallRun *run;
    CallWork *work;
    *(void **)&run = jit_symbol(jit, arena_printf(r->arena, "call_%s", f->name));
    *(void **)&work = jit_symbol(jit, arena_printf(r->arena, "call_%s_work", f->name));
    if (!run || !work) {
        FAULT(r, r->block->line, "%s is not in the C", f->name);
        return false;
    }
    snprintf(running, sizeof running, "%s:%d: %s %s", r->file->path, r->block->line, f->name, r->way);
    *code = call_emitted(r->arena, run, work, &r->call);
    if (r->call.fault)
        FAULT(r, r->block->line, "%s", r->call.fault);
    return !r->call.fault;
}

static bool same_outputs(Running *r, const Function *f, const char *how, void **a, void **b)
{
    bool fine = true;
    for (int i = 0; i < f->outputs.n; i++) {
        const Node *n = f->outputs.at[i].node;
        double gap = call_ulps((Dtype)n->dtype, call_count(f, n->shape, r->call.size), a[i], b[i]);
        if (gap <= r->block->ulps)
            continue;
        FAULT(r, r->block->line, "%s is not that of %s%s: %.3g ulps", f->outputs.at[i].name, r->block->twin, how, gap);
        fine = false;
    }
    return fine;
}

/* Against the function that gives the same, as C and by the interpreter. */
static bool check_twin(Running *r, Jit *jit, const Function *f)
{
    const Model *m = r->c->model, *shown = r->c->shown;
    int own = r->function, i = r->block->twin ? function_named(m, r->block->twin) : -1, code;
    void **out = r->call.out;
    if (!r->block->twin)
        return true;
    if (i < 0 || m->functions.at[i]->outputs.n != f->outputs.n) {
        FAULT(r, r->block->line, "there is no %s like it", r->block->twin);
        return false;
    }
    Reference ref = call_interp(r->arena, shown->functions.at[own], &r->call);
    void **one = interpreted(r, f, &ref);
    r->function = i;
    bool fine = find_arguments(r, m->functions.at[i]) && call_jit(r, jit, m->functions.at[i], &code) && !code;
    fine = fine && same_outputs(r, f, "", out, r->call.out);
    ref = call_interp(r->arena, shown->functions.at[i], &r->call);
    return fine && same_outputs(r, f, " (interpreted)", one, interpreted(r, f, &ref));
}

/* The first step in a loop's turns that takes longer for a longer array; NULL: none. */
static const Step *array_in_turn(const Program *p)
{
    for (int list = 0; list < p->lists.n; list++) {
        bool turns = false;
        for (int up = list; up >= 0; up = p->lists.at[up].parent)
            turns |= p->lists.at[up].turns;
        for (int k = 0; k < p->lists.at[list].steps.n; k++) {
            const Step *s = &p->steps.at[p->lists.at[list].steps.at[k]];
            bool scalar = s->kind == STEP_FOR || s->kind == STEP_IF || s->kind == STEP_LOOPS ||
                          (s->kind == STEP_FILL && p->buffers.at[s->buffer].count->is_const);
            for (int i = 0; i < s->nloops; i++)
                scalar &= s->loop[i].extent->is_const;
            for (int i = 0; i < s->kept.n; i++)
                scalar &= !s->kept.at[i].swap;
            if (turns ? !scalar : s->kind == STEP_FOR && !scalar)
                return s;
        }
    }
    return NULL;
}

static bool check_turns(Running *r)
{
    const Step *s = r->block->scalar_turns ? array_in_turn(r->c->program[r->function]) : NULL;
    if (s)
        FAULT(r, r->block->line, "a loop of %s goes over an array in each turn (step kind %d)", r->block->function, (int)s->kind);
    return !s;
}

static void run_block(Running *r, Jit *jit)
{
    const Model *m = r->c->model;
    int i = function_named(m, r->block->function), code;
    if (i < 0) {
        FAULT(r, r->block->line, "there is no such function");
        return;
    }
    Function *f = m->functions.at[i];
    r->function = i;
    if (!find_arguments(r, f))
        return;
    if (!jit) {
        interpret_block(r, r->c->shown->functions.at[i]);
        return;
    }
    if (!call_jit(r, jit, f, &code))
        return;
    if (code != r->block->code)
        FAULT(r, r->block->line, "returned %d, not %d", code, r->block->code);
    else if (check_turns(r) && (code ? same_code(r) : both(both(check_expected(r, f), check_reference(r, f)), check_twin(r, jit, f))))
        passed++;
}

/* ---- A file ---- */

static Jit *jit_of(Running *r)
{
    char message[1024];
    Compilation *c = r->c;
    text_put(&c->c, "");
    for (int i = 0; i < c->model->functions.n; i++)
        call_text(c->program[i], &c->c);
    Jit *jit = command ? jit_compile_with(command, libraries, c->c.s, message, sizeof message)
              : c->options.strips ? jit_compile_strips(c->c.s, message, sizeof message)
                                  : jit_compile(c->c.s, message, sizeof message);
    if (!jit)
        complain(r->file->path, 1, "%s: %s: %s", r->way, command ? command : "tcc", message);
    return jit;
}

static void run_way(const File *file, const Options *options, Way way)
{
    Arena *a = new_arena();
    Compilation *c = NEW(a, Compilation);
    Running r = {.file = file, .arena = a, .c = c};
    c->arena = a;
    c->options = options->o;
    c->options.level = way.level;
    c->options.unroll = way.unroll;
    c->options.strips = way.strips;
    snprintf(r.way, sizeof r.way, "-O%d --unroll %d%s", way.level, way.unroll,
             way.strips ? ", strips" : "");
    snprintf(running, sizeof running, "%s:1: gradc %s", file->path, r.way);
    compile(c, file->path, NULL, 0);
    if (c->shown && file->interpreted) {
        for (int i = 0; i < file->blocks.n; i++) {
            r.block = &file->blocks.at[i];
            run_block(&r, NULL);
        }
    } else if (c->status != COMPILE_OK) {
        complain(file->path, 1, "%s does not compile:\n%s", r.way, c->errors.s);
    } else {
        Jit *jit = jit_of(&r);
        for (int i = 0; jit && i < file->blocks.n; i++) {
            r.block = &file->blocks.at[i];
            run_block(&r, jit);
        }
        jit_free(jit);
    }
    arena_free(a);
}

static char *whole_file(Arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    Text t = {.arena = a};
    char block[4096];
    size_t n;
    text_put(&t, "");
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        text_putn(&t, block, n);
    fclose(f);
    return t.s;
}

static void run_file(const char *path)
{
    static const Way ways[] = {{2, 16, false}, {2, 0, false}, {0, 16, false},
                                {0, 0, false},  {2, 16, true}, {2, 0, true}};
    Arena *a = new_arena();
    File file = {.arena = a, .path = path};
    Options options = {.o = {.real = T_F64, .level = 2, .unroll = 16}};
    const char *text = whole_file(a, path);
    if (text)
        read_blocks(&file, text);
    if (!text) {
        complain(path, 1, "cannot be read");
    } else if (file.wrong) {
        complain(path, file.wrong_line, "%s", file.wrong);
    } else if (!file.blocks.n) {
        complain(path, 1, "expects nothing");
    } else if (!read_options(a, &options,
                             arena_printf(a, "%s %s", file.args ? file.args : "",
                                          more_args ? more_args : ""))) {
        complain(path, 1, "unknown option in `%s`", file.args ? file.args : more_args);
    } else {
        for (int i = 0; i < (command ? 1 : ARRAY_LEN(ways)); i++)
            if ((!options.has_level || ways[i].level == 2) && (!options.has_unroll || i % 2 == 0))
                run_way(&file, &options,
                        (Way){options.has_level ? options.o.level : ways[i].level,
                              options.has_unroll ? options.o.unroll : ways[i].unroll,
                              ways[i].strips});
    }
    arena_free(a);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    watch_crashes();
    int first = 1;
    for (; first + 1 < argc && !strncmp(argv[first], "--", 2); first += 2)
        if (!strcmp(argv[first], "--cc"))
            command = argv[first + 1];
        else if (!strcmp(argv[first], "--libs"))
            libraries = argv[first + 1];
        else
            more_args = argv[first + 1];
    if (!command && !jit_available()) {
        skipped = argc - 1;
        printf("skipped: built without libtcc\n0 passed, 0 failed, %d skipped\n", skipped);
        return 0;
    }
    for (int i = first; i < argc; i++)
        run_file(argv[i]);
    return sum_up();
}
