/* programs_driver.c - random models of nested ifs, loops, updates in place and copies of arrays, with
 * gradients: the compiler must take them all, but for those in which a copy of an array (`a = b`) is read
 * behind an update of the other, and gradients by an x that only conditions read, which it may refuse.
 * What libtcc's code gives is compared with the interpreter's and, for the value, with a walk along the
 * program's own tree. Where that meets an index out of range, which one program in eight may do, code that
 * checks indices fails where the interpreter does, which asks for nothing that is not needed.
 *
 *     programs_driver COUNT SEED [shrink]
 *
 * Everything follows from the seed, one for each try: a failure names it. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "compiler/compile.h"
#include "compiler/emit.h"
#include "tests/call.h"
#include "tests/chance.h"
#include "tests/heap.h"
#include "tests/jit.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAULT_SIZE = 160 };
static int passed, failed, skipped;
static char *fault; /* not NULL: where what is wrong goes, instead of to stdout */
static char running[64];

static void crashed(int signal)
{
    const char *what = signal == SIGALRM ? " takes too long\n" : " crashed\n";
    ssize_t n = write(1, running, strlen(running));
    n += write(1, what, strlen(what));
    _exit(n > 0 ? 1 : 2);
}

/* ---- Programs ---- */

enum { N = 7, ARRAYS = 3, SCALARS = 2, DEPTH = 4 };
static const char *const array_name[] = {"a", "b", "d", "x"}; /* x is only read */
static const char *const scalar_name[] = {"s", "t", "c"};     /* and c */
static const char *const index_name[] = {"i", "j"};

typedef enum IndexKind { AT_CONST, AT_K, AT_LOOP, AT_FAR } IndexKind;
typedef struct Where {
    IndexKind kind;
    int n;
} Where;

typedef enum ExprKind { EX_CONST, EX_SCALAR, EX_ELEMENT, EX_SIN, EX_ADD, EX_MUL, EX_SAFE, EX_SUM } ExprKind;
typedef struct Expr {
    ExprKind kind;
    int n;
    Where at;
    double value;
    struct Expr *a, *b;
} Expr;

typedef enum CondKind { IF_C, IF_K, IF_LOOP, IF_ELEMENT, IF_LESS, IF_FAR, IF_BOTH, IF_EITHER, IF_NOT } CondKind;
typedef struct Cond {
    CondKind kind;
    int n;
    Where at;
    struct Cond *a, *b;
} Cond;

typedef enum StmtKind { ST_SET, ST_PUT, ST_ADD, ST_COPY, ST_IF, ST_FOR } StmtKind;
typedef struct Stmt {
    StmtKind kind;
    enum { WHOLE, DROPPED, FLAT } form; /* what is left of it where a failure is made smaller */
    int n, from;
    Where at;
    Expr *e;
    Cond *cond;
    struct Block *body, *other;
} Stmt;

typedef struct Block {
    VEC(Stmt) stmt;
} Block;

typedef struct Gen {
    Arena *arena;
    int loops;  /* around */
    bool far;   /* the index that may be out of range is in range here */
    int left;   /* statements */
    bool copies; /* of whole arrays */
    bool loose;  /* some index is not guarded: with --check-bounds it is an error where it is asked for */
} Gen;

static Where random_place(Gen *g)
{
    if (g->loose && chance() < 0.05)
        return (Where){AT_FAR, 0};
    switch (below(5)) {
    case 0:
        if (g->far)
            return (Where){AT_FAR, 0};
        return (Where){AT_K, 0};
    case 1: return (Where){AT_K, 0};
    case 2:
    case 3:
        if (g->loops)
            return (Where){AT_LOOP, below(g->loops)};
        return (Where){AT_K, 0};
    default: return (Where){AT_CONST, below(4)};
    }
}

static Expr *random_expr(Gen *g, int depth)
{
    Expr *e = NEW(g->arena, Expr);
    e->kind = depth > 2 ? (ExprKind)below(3) : (ExprKind)below(9);
    switch (e->kind) {
    case EX_CONST: e->value = (double)(1 + below(6)) / 4; break;
    case EX_SCALAR: e->n = below(SCALARS + 1); break;
    case EX_SUM: e->n = below(ARRAYS + 1); break;
    case EX_SIN:
    case EX_SAFE: e->a = random_expr(g, depth + 1); break;
    case EX_ADD:
    case EX_MUL:
        e->a = random_expr(g, depth + 1);
        e->b = random_expr(g, depth + 1);
        break;
    default:
        e->kind = EX_ELEMENT;
        e->n = below(ARRAYS + 1);
        e->at = random_place(g);
    }
    return e;
}

static Cond *random_cond(Gen *g, int depth)
{
    Cond *c = NEW(g->arena, Cond);
    c->kind = depth ? (CondKind)below(5) : (CondKind)below(IF_NOT + 1);
    switch (c->kind) {
    case IF_LOOP:
        if (!g->loops)
            c->kind = IF_K;
        c->n = g->loops ? 4 * below(g->loops) + below(3) : below(3);
        break;
    case IF_K: c->n = below(3); break;
    case IF_ELEMENT:
        c->n = below(ARRAYS + 1);
        c->at = random_place(g);
        break;
    case IF_BOTH:
    case IF_EITHER: c->b = random_cond(g, depth + 1); /* fall through */
    case IF_NOT: c->a = random_cond(g, depth + 1); break;
    default: break;
    }
    return c;
}

static Block *random_block(Gen *g, int depth);

static Stmt random_stmt(Gen *g, int depth)
{
    Stmt s = {.kind = (StmtKind)below(4)};
    double what = chance();
    if (depth < DEPTH && what < 0.45)
        s.kind = ST_IF;
    else if (depth < DEPTH && g->loops < 2 && what < 0.6)
        s.kind = ST_FOR;
    else if (s.kind == ST_COPY && (!g->copies || chance() < 0.5))
        s.kind = ST_PUT;
    switch (s.kind) {
    case ST_SET:
        s.n = below(SCALARS);
        s.e = random_expr(g, 0);
        break;
    case ST_PUT:
    case ST_ADD:
        s.n = below(ARRAYS);
        s.at = random_place(g);
        s.e = random_expr(g, 0);
        break;
    case ST_COPY:
        s.n = below(ARRAYS);
        s.from = below(ARRAYS + 1);
        break;
    case ST_IF: {
        bool far = g->far;
        s.cond = random_cond(g, 0);
        g->far |= s.cond->kind == IF_FAR;
        s.body = random_block(g, depth + 1);
        g->far = far;
        if (chance() < 0.5)
            s.other = random_block(g, depth + 1);
        break;
    }
    case ST_FOR:
        s.n = 1 + below(3);
        g->loops++;
        s.body = random_block(g, depth + 1);
        g->loops--;
        break;
    }
    return s;
}

static Block *random_block(Gen *g, int depth)
{
    Block *b = NEW(g->arena, Block);
    int n = 1 + below(4);
    for (int k = 0; k < n && (k == 0 || g->left > 0); k++) {
        g->left--;
        Stmt s = random_stmt(g, depth);
        vec_push(g->arena, &b->stmt, s);
    }
    return b;
}

/* ---- As text ---- */

static const char *place_text(Arena *a, Where p)
{
    switch (p.kind) {
    case AT_CONST: return arena_printf(a, "%d", p.n);
    case AT_K: return "k";
    case AT_LOOP: return index_name[p.n];
    default: return "far";
    }
}

static const char *expr_text(Arena *a, const Expr *e)
{
    switch (e->kind) {
    case EX_CONST: return arena_printf(a, "%g", e->value);
    case EX_SCALAR: return scalar_name[e->n];
    case EX_ELEMENT: return arena_printf(a, "%s[%s]", array_name[e->n], place_text(a, e->at));
    case EX_SIN: return arena_printf(a, "sin(%s)", expr_text(a, e->a));
    case EX_SAFE: return arena_printf(a, "sqrt(1 + (%s)^2)", expr_text(a, e->a));
    case EX_SUM: return arena_printf(a, "mean(%s)", array_name[e->n]);
    default: break;
    }
    const char *l = expr_text(a, e->a), *r = expr_text(a, e->b);
    return arena_printf(a, e->kind == EX_ADD ? "(%s - 0.5 * %s)" : "0.7 * %s * %s", l, r);
}

static const char *cond_text(Arena *a, const Cond *c)
{
    switch (c->kind) {
    case IF_C: return "c > 0";
    case IF_K: return arena_printf(a, "k == %d", c->n);
    case IF_LOOP: return arena_printf(a, "%s > %d", index_name[c->n / 4], c->n % 4);
    case IF_ELEMENT: return arena_printf(a, "%s[%s] > 0.3", array_name[c->n], place_text(a, c->at));
    case IF_LESS: return "s > t";
    case IF_FAR: return "far >= 0 and far < n";
    case IF_NOT: return arena_printf(a, "not (%s)", cond_text(a, c->a));
    default: break;
    }
    const char *l = cond_text(a, c->a), *r = cond_text(a, c->b);
    return arena_printf(a, c->kind == IF_BOTH ? "%s and %s" : "(%s or %s)", l, r);
}

static void block_text(Text *t, const Block *b, int loops, int indent)
{
    Arena *a = t->arena;
    for (int i = 0; i < b->stmt.n; i++) {
        const Stmt *s = &b->stmt.at[i];
        if (s->form == FLAT)
            block_text(t, s->body, loops, indent);
        if (s->form)
            continue;
        text_printf(t, "%*s", 4 * indent, "");
        switch (s->kind) {
        case ST_SET: text_printf(t, "%s = %s\n", scalar_name[s->n], expr_text(a, s->e)); break;
        case ST_PUT:
        case ST_ADD:
            text_printf(t, "%s[%s] %s %s\n", array_name[s->n], place_text(a, s->at), s->kind == ST_PUT ? "=" : "+=", expr_text(a, s->e));
            break;
        case ST_COPY: text_printf(t, "%s = %s\n", array_name[s->n], array_name[s->from]); break;
        case ST_IF:
            text_printf(t, "if %s {\n", cond_text(a, s->cond));
            block_text(t, s->body, loops, indent + 1);
            if (s->other) {
                text_printf(t, "%*s} else {\n", 4 * indent, "");
                block_text(t, s->other, loops, indent + 1);
            }
            text_printf(t, "%*s}\n", 4 * indent, "");
            break;
        case ST_FOR:
            if (s->n == 1)
                text_printf(t, "for %s in 0:n {\n", index_name[loops]);
            else
                text_printf(t, "for %s in 0:%s {\n", index_name[loops], s->n == 2 ? "3" : t->n % 2 ? "k + 1" : "min(k + 1, 3)"); /* as many */
            block_text(t, s->body, loops + 1, indent + 1);
            text_printf(t, "%*s}\n", 4 * indent, "");
            break;
        }
    }
}

/* ---- As a walk along the tree ---- */

typedef struct Memory {
    double array[ARRAYS + 1][N], scalar[SCALARS + 1];
    int64_t k, far, index[2];
    int loops;
    bool out; /* an index was out of range */
} Memory;

static int64_t place_value(Memory *m, Where p)
{
    if (p.kind == AT_FAR && (m->far < 0 || m->far >= N)) {
        m->out = true;
        return 0;
    }
    switch (p.kind) {
    case AT_CONST: return p.n;
    case AT_K: return m->k;
    case AT_LOOP: return m->index[p.n];
    default: return m->far;
    }
}

static double expr_value(Memory *m, const Expr *e)
{
    double l, r;
    switch (e->kind) {
    case EX_CONST: return e->value;
    case EX_SCALAR: return m->scalar[e->n];
    case EX_ELEMENT: return m->array[e->n][place_value(m, e->at)];
    case EX_SIN: return sin(expr_value(m, e->a));
    case EX_SAFE: l = expr_value(m, e->a); return sqrt(1 + l * l);
    case EX_SUM:
        l = 0;
        for (int i = 0; i < N; i++)
            l += m->array[e->n][i];
        return l / N;
    default: break;
    }
    l = expr_value(m, e->a);
    r = expr_value(m, e->b);
    return e->kind == EX_ADD ? l - 0.5 * r : 0.7 * l * r;
}

static bool cond_value(Memory *m, const Cond *c)
{
    switch (c->kind) {
    case IF_C: return m->scalar[SCALARS] > 0;
    case IF_K: return m->k == c->n;
    case IF_LOOP: return m->index[c->n / 4] > c->n % 4;
    case IF_ELEMENT: return m->array[c->n][place_value(m, c->at)] > 0.3;
    case IF_LESS: return m->scalar[0] > m->scalar[1];
    case IF_FAR: return m->far >= 0 && m->far < N;
    case IF_NOT: return !cond_value(m, c->a);
    case IF_BOTH: return cond_value(m, c->a) && cond_value(m, c->b);
    default: return cond_value(m, c->a) || cond_value(m, c->b);
    }
}

static void run_block(Memory *m, const Block *b)
{
    for (int i = 0; i < b->stmt.n; i++) {
        const Stmt *s = &b->stmt.at[i];
        if (s->form == FLAT)
            run_block(m, s->body);
        if (s->form)
            continue;
        double v = s->e ? expr_value(m, s->e) : 0;
        int64_t at = s->kind == ST_PUT || s->kind == ST_ADD ? place_value(m, s->at) : 0, turns = 0;
        switch (s->kind) {
        case ST_SET: m->scalar[s->n] = v; break;
        case ST_PUT: m->array[s->n][at] = v; break;
        case ST_ADD: m->array[s->n][at] += v; break;
        case ST_COPY: memmove(m->array[s->n], m->array[s->from], sizeof m->array[0]); break;
        case ST_IF:
            if (cond_value(m, s->cond))
                run_block(m, s->body);
            else if (s->other)
                run_block(m, s->other);
            break;
        case ST_FOR:
            turns = s->n == 1 ? N : s->n == 2 || m->k > 1 ? 3 : m->k + 1;
            for (int64_t turn = 0; turn < turns; turn++) {
                m->index[m->loops++] = turn;
                run_block(m, s->body);
                m->loops--;
            }
        }
    }
}

static double program_value(const Block *b, const double *x, const double *y, double c, int64_t k, int64_t far, bool *out)
{
    Memory m = {.scalar = {0.25, 0.5, c}, .k = k, .far = far};
    for (int i = 0; i < N; i++) {
        m.array[0][i] = m.array[3][i] = x[i];
        m.array[1][i] = y[i];
    }
    run_block(&m, b);
    double value = m.scalar[0] + m.scalar[1];
    for (int i = 0; i < N; i++)
        value += m.array[0][i] * y[i] + m.array[1][i] * m.array[2][i];
    *out = m.out;
    return value;
}

/* ---- One program ---- */

typedef struct Try {
    uint64_t seed;
    Arena *arena;
    Compilation *c;
    const Block *block;
    const char *text;
    double x[N], y[N], scalar;
    int64_t k, far;
} Try;

static void complain(const Try *t, const char *what)
{
    if (fault)
        snprintf(fault, FAULT_SIZE, "%.150s", what);
    else
    printf("FAIL program %llu: %s\n", (unsigned long long)t->seed, what);
    failed++;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * (1 + fabs(a) + fabs(b)) || a == b || (a != a && b != b);
}

static void run_function(Try *t, int i, Jit *jit)
{
    Function *f = t->c->model->functions.at[i];
    static const int64_t size = N;
    const void *in[6] = {t->x, t->y, &t->scalar, &t->k, &t->far, t->y};
    Call call = {.f = f, .size = &size, .in = in};
    CallRun *run;
    CallWork *work;
    *(void **)&run = jit_symbol(jit, arena_printf(t->arena, "call_%s", f->name));
    *(void **)&work = jit_symbol(jit, arena_printf(t->arena, "call_%s_work", f->name));
    bool out;
    double value = program_value(t->block, t->x, t->y, t->scalar, t->k, t->far, &out);
    if (out && !t->c->options.check_bounds)
        return;
    int code = call_emitted(t->arena, run, work, &call);
    if (out && !call.fault) {
        const char *error = call_interp(t->arena, t->c->shown->functions.at[i], &call).error;
        if (!code != !error)
            complain(t, arena_printf(t->arena, "%s returns %d, the interpreter says %s", f->name, code, error ? error : "nothing"));
        return;
    }
    if (code || call.fault) {
        complain(t, arena_printf(t->arena, "%s returns %d %s", f->name, code, call.fault ? call.fault : ""));
        return;
    }
    double got = *(const double *)call.out[0];
    Reference ref = call_interp(t->arena, t->c->shown->functions.at[i], &call);
    if (ref.error) {
        complain(t, arena_printf(t->arena, "%s: the interpreter says %s", f->name, ref.error));
        return;
    }
    if (!near(ref.real[0][0], value)) {
        complain(t, arena_printf(t->arena, "%s: the interpreter gives %.17g, not %.17g", f->name, ref.real[0][0], value));
        return;
    }
    if (!near(got, value)) {
        complain(t, arena_printf(t->arena, "%s: gives %.17g, not %.17g", f->name, got, value));
        return;
    }
    for (int k = 1; k < f->outputs.n; k++)
        for (int e = 0; e < N; e++)
            if (!near(((const double *)call.out[k])[e], ref.real[k][e])) {
                complain(t, arena_printf(t->arena, "%s: %s[%d] is %.17g, not %.17g", f->name, f->outputs.at[k].name, e, ((const double *)call.out[k])[e], ref.real[k][e]));
                return;
            }
}

static const char *const request[] = {"f", "f with grad(x)", "f with hvp(x)"};

typedef struct Made {
    uint64_t seed, state; /* what follows from the seed goes on from there */
    Arena *arena;
    Block *block;
    CompileOptions options;
} Made;

static Made make_program(uint64_t seed)
{
    Made m = {.seed = seed, .arena = new_arena()};
    state = seed;
    Gen g = {.arena = m.arena, .left = 4 + below(14)};
    g.copies = below(2);
    g.loose = seed % 8 == 7;
    m.block = random_block(&g, 0);
    m.options = (CompileOptions){.real = T_F64, .disconnected_zero = true, .export_ = request};
    m.options.level = below(3);
    m.options.unroll = below(2) * 16;
    m.options.nexport = 2 + (chance() < 0.2);
    m.options.check_bounds = below(2);
    m.options.strips = below(2);
    m.state = state;
    return m;
}

static bool copies_array(const Block *b)
{
    bool any = false;
    for (int i = 0; i < b->stmt.n; i++) {
        const Stmt *s = &b->stmt.at[i];
        any |= (s->kind == ST_COPY && s->form == WHOLE) || (s->body && s->form != DROPPED && copies_array(s->body)) ||
               (s->other && s->form == WHOLE && copies_array(s->other));
    }
    return any;
}

/* False: there was nothing to compare. */
static bool try_program(const Made *m, bool show)
{
    Arena *a = m->arena;
    Text t = {.arena = a};
    state = m->state;
    text_put(&t, "fn f(x[n], y[n], c, k: i64, far: i64) {\n    a = x\n    b = y\n    d = zeros(n)\n    s = 0.25\n    t = 0.5\n");
    block_text(&t, m->block, 0, 1);
    text_put(&t, "    return s + t + sum(a * y) + sum(b * d)\n}\n");
    Compilation c = {.arena = a, .options = m->options};
    if (show)
        printf("%sexport f\nexport f with grad(x)\nexport f with hvp(x)\n# -O%d --unroll %d%s%s\n", t.s, m->options.level, m->options.unroll, m->options.check_bounds ? " --check-bounds" : "", m->options.strips ? " strips" : "");
    compile(&c, "fuzz.dg", t.s, strlen(t.s));
    if (c.status != COMPILE_OK && copies_array(m->block) && strstr(c.errors.s, "while its old value is read later"))
        return false;
    if (c.status != COMPILE_OK && strstr(c.errors.s, "has no derivative with respect to x: every path goes through"))
        return false; /* the value hangs on x by conditions alone */
    Try try = {.seed = m->seed, .arena = a, .c = &c, .block = m->block, .text = t.s};
    if (c.status != COMPILE_OK) {
        char *end = strchr(c.errors.s, '\n');
        complain(&try, arena_strndup(a, c.errors.s, end ? (size_t)(end - c.errors.s) : strlen(c.errors.s)));
        return true;
    }
    Text text = {.arena = a};
    char message[512];
    text_put(&text, c.c.s);
    for (int i = 0; i < c.model->functions.n; i++)
        call_text(c.program[i], &text);
    Jit *jit = c.options.strips ? jit_compile_strips(text.s, message, sizeof message) : jit_compile(text.s, message, sizeof message);
    if (!jit)
        complain(&try, message);
    for (int turn = 0; turn < 6 && jit; turn++) {
        for (int i = 0; i < N; i++) {
            try.x[i] = 2 * chance() - 1;
            try.y[i] = 2 * chance() - 1;
        }
        try.scalar = 2 * chance() - 1;
        try.k = turn % 3;
        try.far = turn == 0 ? (int64_t)1 << 45 : turn == 1 ? 100 : turn == 2 ? -1 : below(N); /* 2^45 elements: such a read crashes */
        int before = failed;
        for (int i = 0; i < c.model->functions.n && failed == before; i++)
            run_function(&try, i, jit);
        if (failed != before) {
            if (show)
                printf("# k=%d far=%lld c=%g\n", (int)try.k, (long long)try.far, try.scalar);
            break;
        }
    }
    jit_free(jit);
    return true;
}

typedef enum Verdict { FINE, WRONG, REFUSED } Verdict;

/* In a process of its own: what crashes is one failure. */
static Verdict verdict_of(const Made *m, bool show)
{
    int status = 0;
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        failed = 0;
        alarm(10);
        if (fault)
            strcpy(fault, "crashed");
        bool taken = try_program(m, show);
        _exit(failed ? WRONG : taken ? FINE : REFUSED);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return WRONG;
    return WEXITSTATUS(status) == FINE || WEXITSTATUS(status) == REFUSED ? (Verdict)WEXITSTATUS(status) : WRONG;
}

/* ---- Failures made smaller ---- */

typedef struct StmtList {
    VEC(Stmt *) v;
} StmtList;

static void every_stmt(Arena *a, Block *b, StmtList *list)
{
    for (int i = 0; i < b->stmt.n; i++) {
        vec_push(a, &list->v, &b->stmt.at[i]);
        if (b->stmt.at[i].body)
            every_stmt(a, b->stmt.at[i].body, list);
        if (b->stmt.at[i].other)
            every_stmt(a, b->stmt.at[i].other, list);
    }
}

/* The same failure but for its numbers. */
static bool same_fault(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        a += strspn(a, "0123456789.-+e");
        b += strspn(b, "0123456789.-+e");
        if (*a != *b)
            return false;
        if (!*a || strncmp(a, "gives", 5) == 0)
            return true;
    }
    return true;
}

static void shrink(Made *m)
{
    char first[FAULT_SIZE];
    fault = mmap(NULL, FAULT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (verdict_of(m, false) != WRONG)
        return;
    strcpy(first, fault);
    StmtList all = {0};
    every_stmt(m->arena, m->block, &all);
    for (bool smaller = true; smaller;) {
        smaller = false;
        for (int i = 0; i < all.v.n; i++) {
            Stmt *s = all.v.at[i], old = *s;
            if (s->form)
                continue;
            for (int way = 0; way < 6 && !s->form; way++) {
                static Expr quarter = {.kind = EX_CONST, .value = 0.25};
                static Cond plain = {.kind = IF_C}, plain_k = {.kind = IF_K, .n = 1};
                *s = old;
                if (way == 0)
                    s->form = DROPPED;
                else if (way == 1 && s->kind == ST_IF && s->cond->kind != IF_FAR)
                    s->form = FLAT;
                else if (way == 2 && s->other)
                    s->other = NULL;
                else if (way == 3 && s->e && s->e != &quarter)
                    s->e = s->e->a ? s->e->a : &quarter;
                else if (way == 4 && s->cond && s->cond->kind > IF_K && s->cond->kind != IF_FAR)
                    s->cond = &plain;
                else if (way == 5 && s->cond && s->cond->kind > IF_K && s->cond->kind != IF_FAR)
                    s->cond = &plain_k;
                else
                    continue;
                if (verdict_of(m, false) == WRONG && same_fault(first, fault)) {
                    smaller = true;
                    old = *s;
                } else {
                    *s = old;
                }
            }
        }
    }
    fault = NULL;
    verdict_of(m, true);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return fprintf(stderr, "programs_driver COUNT SEED [shrink]\n"), 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!jit_available()) {
        printf("skipped: built without libtcc\n0 passed, 0 failed, 1 skipped\n");
        return 0;
    }
    signal(SIGALRM, crashed);
    signal(SIGFPE, crashed);
#if !defined(__SANITIZE_ADDRESS__)
    signal(SIGSEGV, crashed);
#endif
    uint64_t seed = strtoull(argv[2], NULL, 10);
    for (long i = 0; i < atol(argv[1]); i++, seed++) {
        snprintf(running, sizeof running, "FAIL program %llu", (unsigned long long)seed);
        Made m = make_program(seed);
        Verdict verdict = verdict_of(&m, false);
        passed += verdict == FINE;
        failed += verdict == WRONG;
        skipped += verdict == REFUSED;
        if (verdict == WRONG && argc > 3)
            shrink(&m);
        arena_free(m.arena);
    }
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed > 0;
}
