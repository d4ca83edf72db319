/* parse.c - drives scanner and parser: newlines and brackets; nodes that need a check.
 *
 * Between the two, the tokens of a whole text are put in order (arrange): newlines that end a
 * statement become SEP, a bracket that is not closed is reported where that shows and is closed
 * there, so that one mistake is one message and the rest of the file is still read. */
#include "parse.h"
#include "parse_impl.h"

#include "grammar/dg.tab.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>

/* ---- Kinds of tokens ---- */

bool token_compares(int type)
{
    return type == TOK_EQ || type == TOK_NE || type == '<' || type == TOK_LE || type == '>' ||
           type == TOK_GE;
}

/* An expression may end with it. */
static bool ends_value(int type)
{
    return type == TOK_NAME || type == TOK_NUMBER || type == TOK_STRING || type == TOK_TRUE ||
           type == TOK_FALSE || type == ')' || type == ']' || type == '}' || type == '\'';
}

bool token_is_binary(int type)
{
    return token_compares(type) || type == '+' || type == '-' || type == '*' || type == '/' ||
           type == TOK_FLOOR_DIV || type == '%' || type == '@' || type == '^' || type == TOK_AND ||
           type == TOK_OR;
}

/* A line that ends with it goes on. */
static bool continues(int type)
{
    switch (type) {
    case '=':
    case TOK_ADD_TO:
    case TOK_SUB_TO:
    case TOK_MUL_TO:
    case TOK_DIV_TO:
    case ',':
    case '?':
    case ':':
    case '~':
    case TOK_NOT:
    case TOK_IN:
    case TOK_WITH:
    case TOK_AS:
    case TOK_LIMIT:
    case TOK_ARROW: return true;
    default: return token_is_binary(type);
    }
}

/* ---- Brackets and newlines ---- */

typedef struct Open {
    int type;
    Span span;
    bool of_fn; /* the parentheses of `fn (y)` */
} Open;

typedef struct Arranger {
    Parser *p;
    VEC(Open) open;
    bool fn_closed; /* the last token closes the parentheses of `fn (y)` */
    bool program;
    const Token *outdented; /* the first '}' further left than the line of its '{' ... */
    Span outdented_open;    /* ... which is then the one that is not closed, if any is */
} Arranger;

static int last_type(const Parser *p)
{
    return p->tokens.n ? p->tokens.at[p->tokens.n - 1].type : TOK_SEP;
}

static Span last_end(const Parser *p)
{
    uint32_t end = p->tokens.n ? p->tokens.at[p->tokens.n - 1].span.end : 0;
    return (Span){p->source, end, end};
}

static int innermost(const Arranger *A)
{
    return A->open.n ? A->open.at[A->open.n - 1].type : '{';
}

static void put_made_up(Parser *p, int type, Span at, const char *says)
{
    Token t = {.type = type, .span = at, .text = says, .size = strlen(says), .silent = true};
    vec_push(p->arena, &p->tokens, t);
}

/* The end of a statement, unless one has just ended. It is described by what is there. */
static void put_end(Arranger *A, Span at, const char *says)
{
    int last = last_type(A->p);
    if (A->program && last != TOK_SEP && (last != '{' || A->p->tokens.n == 0))
        put_made_up(A->p, TOK_SEP, at, says);
}

static int closer(int opener)
{
    return opener == '(' ? ')' : opener == '[' ? ']' : '}';
}

/* Closes the innermost bracket at a place where it should have been closed. */
static void close_made_up(Arranger *A)
{
    Open o = A->open.at[--A->open.n];
    if (o.type == '{')
        put_end(A, last_end(A->p), "'}'");
    char text[2] = {(char)closer(o.type), 0};
    put_made_up(A->p, closer(o.type), last_end(A->p), arena_strdup(A->p->arena, text));
    A->fn_closed = o.of_fn;
}

static void report_unclosed(Arranger *A, const Token *before)
{
    Parser *p = A->p;
    Open o = A->open.at[A->open.n - 1];
    if (o.type == '{' && A->outdented && A->outdented_open.start > o.span.start) {
        before = A->outdented;
        o.span = A->outdented_open;
    }
    A->outdented = NULL;
    if (before->type == TOK_END)
        diag_error(p->diags, before->span, "missing '%c' at the end of the file", closer(o.type));
    else
        diag_error(p->diags, before->span, "missing '%c' before '%.*s'", closer(o.type),
                   (int)before->size, before->text);
    diag_note(p->diags, o.span, "the '%c' was opened here", o.type);
}

/* Closes brackets, with one message, until `keep` of them are open. */
static void close_until(Arranger *A, int keep, const Token *before)
{
    if (A->open.n > keep)
        report_unclosed(A, before);
    while (A->open.n > keep)
        close_made_up(A);
}

/* How many brackets there are up to the innermost brace, and that itself. */
static int brace_depth(const Arranger *A)
{
    int n = A->open.n;
    while (n && A->open.at[n - 1].type != '{')
        n--;
    return n;
}

/* No expression goes on with it at the start of a line. */
static bool starts_statement(const Token *t, int before)
{
    switch (t->type) {
    case TOK_RETURN:
    case TOK_EXPORT:
    case TOK_IMPORT:
    case TOK_DIM:
    case TOK_CONST:
    case TOK_WHILE:
    case TOK_IF:
    case TOK_STATIC:
    case TOK_ASSERT: return true;
    case TOK_FN: return t[1].type == TOK_NAME;
    case TOK_NAME: return ends_value(before) && t[1].type == '=';
    default: return false;
    }
}

static bool at_left_edge(const Parser *p, const Token *t)
{
    return t->span.start == 0 || p->text[t->span.start - 1] == '\n';
}

bool token_starts_declaration(const Token *t)
{
    return t->type == TOK_EXPORT || t->type == TOK_IMPORT || t->type == TOK_DIM ||
           t->type == TOK_CONST || (t->type == TOK_FN && t[1].type == TOK_NAME);
}

static bool starts_derivative(const Arranger *A, const Token *t)
{
    int last = last_type(A->p);
    return t->type == TOK_NAME && !strcmp(t->text, "derivative") && t[1].type == '(' &&
           !A->open.n && (ends_value(last) || last == TOK_SEP);
}

static void begin_line(Arranger *A, const Token *t)
{
    Parser *p = A->p;
    if (token_starts_declaration(t) && at_left_edge(p, t)) {
        close_until(A, 0, t);
        A->outdented = NULL;
    }
    if (innermost(A) != '{' && starts_statement(t, last_type(p)))
        close_until(A, brace_depth(A), t);
    bool begins = t->type == TOK_FOR || starts_statement(t, last_type(p));
    bool goes_on = (continues(last_type(p)) && !begins) || t->type == '{' || t->type == TOK_ELSE ||
                   starts_derivative(A, t);
    if (innermost(A) == '{' && !goes_on)
        put_end(A, last_end(p), "end of line");
}

static void open_bracket(Arranger *A, const Token *t)
{
    Parser *p = A->p;
    int last = last_type(p);
    if (t->type == '{' && innermost(A) != '{' && ends_value(last) && !A->fn_closed)
        close_until(A, brace_depth(A), t);
    Open o = {t->type, t->span, t->type == '(' && last == TOK_FN};
    vec_push(p->arena, &A->open, o);
    vec_push(p->arena, &p->tokens, *t);
    if (A->open.n > AST_MAX_NEST)
        parse_too_deep(p, t->span);
}

/* White space before the first token on the line of a place. */
static uint32_t indentation(const Parser *p, uint32_t at)
{
    uint32_t start = at, n = 0;
    while (start > 0 && p->text[start - 1] != '\n')
        start--;
    while (p->text[start + n] == ' ' || p->text[start + n] == '\t')
        n++;
    return n;
}

/* Remembers a '}' that rather closes a brace further out. */
static void compare_indentation(Arranger *A, const Token *t, Span open)
{
    if (!A->outdented && t->line_start &&
        indentation(A->p, t->span.start) < indentation(A->p, open.start)) {
        A->outdented = t;
        A->outdented_open = open;
    }
}

/* Whether the line from t on closes as many brackets as are open, of whatever kind: one of the
 * wrong kind is then a slip, and none is missing. */
static bool closes_all(const Arranger *A, const Token *t)
{
    int open = A->open.n - brace_depth(A);
    do {
        open += t->type == '(' || t->type == '[';
        open -= t->type == ')' || t->type == ']';
        t++;
    } while (t->type != TOK_END && !t->line_start && t->type != '{' && t->type != '}');
    return open == 0;
}

/* The opening bracket that a closing one belongs to: one above its number, or 0. A brace is
 * closed by braces alone. */
static int partner(const Arranger *A, int type)
{
    for (int i = A->open.n; i > 0; i--) {
        int opener = A->open.at[i - 1].type;
        if (closer(opener) == type)
            return i;
        if (opener == '{')
            return 0;
    }
    return 0;
}

static void close_bracket(Arranger *A, const Token *given)
{
    Parser *p = A->p;
    Token t = *given;
    int at = partner(A, t.type);
    bool slip = t.type != '}' && innermost(A) != '{' && at != A->open.n &&
                (!at || closes_all(A, given));
    if (slip) { /* (a] */
        Open o = A->open.at[A->open.n - 1];
        diag_error(p->diags, t.span, "'%c' cannot close '%c'", t.type, o.type);
        diag_note(p->diags, o.span, "the '%c' was opened here", o.type);
        t.type = closer(o.type);
        at = A->open.n;
    }
    if (!at) {
        diag_error(p->diags, t.span, "'%c' closes nothing", t.type);
        t.silent = true; /* the parser skips the statement, and says nothing */
        if (t.type != '}')
            vec_push(p->arena, &p->tokens, t);
        return;
    }
    close_until(A, at, given);
    if (t.type == '}') {
        put_end(A, t.span, "'}'");
        compare_indentation(A, given, A->open.at[at - 1].span);
    }
    A->fn_closed = A->open.at[at - 1].of_fn;
    A->open.n = at - 1;
    vec_push(p->arena, &p->tokens, t);
}

/* What may stand behind a block on its line, as a part of the same statement. */
static bool follows_block(const Arranger *A, const Token *t)
{
    return innermost(A) != '{' || t->type == TOK_ELSE || t->type == ';' || t->type == '}' ||
           t->type == ')' || t->type == ']' || t->type == ',' || token_is_binary(t->type) ||
           starts_derivative(A, t);
}

static void arrange_token(Arranger *A, const Token *given)
{
    Parser *p = A->p;
    Token t = *given;
    if (t.type == TOK_END) {
        t.span = last_end(p);
        t.text = A->program ? t.text : "end of text";
        close_until(A, 0, &t);
        put_end(A, t.span, "end of file");
        vec_push(p->arena, &p->tokens, t);
        return;
    }
    if (t.line_start)
        begin_line(A, given);
    else if (last_type(p) == '}' && !follows_block(A, given))
        put_end(A, last_end(p), "end of block");
    if (starts_derivative(A, given))
        t.type = TOK_DERIVATIVE;
    bool fn_closed = A->fn_closed;
    A->fn_closed = false;
    switch (t.type) {
    case '(':
    case '[':
    case '{':
        A->fn_closed = fn_closed;
        open_bracket(A, &t);
        A->fn_closed = false;
        break;
    case ')':
    case ']':
    case '}': close_bracket(A, given); break;
    case ';':
        if (innermost(A) == '{' && A->program) {
            put_end(A, t.span, "';'");
            break;
        }
        /* fall through */
    default:
        /* `sparse` behind a request of an export */
        if (t.type == TOK_NAME && !strcmp(t.text, "sparse") && p->tokens.n &&
            (last_type(p) == TOK_NAME || last_type(p) == ')') && innermost(A) == '{')
            t.type = TOK_SPARSE;
        vec_push(p->arena, &p->tokens, t);
    }
}

static void arrange(Parser *p, int start)
{
    Arranger A = {.p = p, .program = start == TOK_START_PROGRAM};
    vec_reserve(p->arena, &p->tokens, p->raw.n + p->raw.n / 8 + 16); /* and what is made up */
    put_made_up(p, TOK_SEP, (Span){p->source, 0, 0}, ""); /* replaced by the start token below */
    for (int i = 0; i < p->raw.n && !p->too_deep; i++)
        arrange_token(&A, &p->raw.at[i]);
    p->tokens.at[0].type = start;
}

void parse_too_deep(Parser *p, Span at)
{
    if (!p->too_deep)
        diag_error(p->diags, at, "expression nests too deeply (more than %d levels)", AST_MAX_NEST);
    p->too_deep = true;
}

/* ---- Nodes that need a check ---- */

Ast *parse_keep(Parser *p, Ast *n)
{
    ast_done(n);
    if (n->nest > AST_MAX_NEST)
        parse_too_deep(p, n->op_span);
    return n;
}

/* strtod reads the decimal point of the program's locale. */
double parse_real(Arena *arena, const char *text)
{
    const char *copy = text, *point = strchr(text, '.'), *local = localeconv()->decimal_point;
    if (point && strcmp(local, ".") != 0)
        copy = arena_printf(arena, "%.*s%s%s", (int)(point - copy), copy, local, point + 1);
    return strtod(copy, NULL);
}

Ast *parse_number(Parser *p, Span span, const char *text, size_t n)
{
    Ast *a = ast_new(p->arena, AST_NUMBER, span, span);
    const char *s = arena_strndup(p->arena, text, n);
    bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
    a->number.text = s;
    a->number.is_int = hex || !strpbrk(s, ".eE");
    if (!a->number.is_int) {
        a->number.value = parse_real(p->arena, s);
        if (a->number.value > 1.7976931348623157e308)
            diag_error(p->diags, span, "this number is too large for f64");
        return a;
    }
    errno = 0;
    a->number.i = strtoll(s, NULL, hex ? 16 : 10);
    a->number.value = (double)a->number.i;
    if (errno == ERANGE)
        diag_error(p->diags, span, "this integer does not fit in 64 bits%s",
                   hex ? "" : ": a real number ends with '.0'");
    return a;
}

Ast *parse_call(Parser *p, Span whole, Span bracket, Ast *callee, AstList args)
{
    Ast *n = ast_new(p->arena, AST_CALL, whole, bracket);
    n->call.callee = callee;
    n->call.arg = args.at;
    n->call.n = args.n;
    int positional = 0;
    while (positional < args.n && args.at[positional]->kind != AST_NAMED_ARG)
        positional++;
    n->call.npositional = positional;
    for (int i = positional; i < args.n; i++)
        if (args.at[i]->kind != AST_NAMED_ARG) {
            diag_error(p->diags, args.at[i]->span, "an argument without a name stands behind one "
                       "with a name");
            break;
        }
    return parse_keep(p, n);
}

Ast *parse_function(Parser *p, AstKind kind, Span whole, const char *name, Span name_span,
                    AstList params, Ast *body, Ast *derivative)
{
    Ast *n = ast_new(p->arena, kind, whole, name_span);
    n->fn = NEW(p->arena, AstFunction);
    *n->fn = (AstFunction){.name = name,
                           .span = whole,
                           .name_span = name_span,
                           .param = params.at,
                           .nparam = params.n,
                           .body = body,
                           .derivative = derivative};
    return parse_keep(p, n);
}

static Ast *bad_binding(Parser *p, const Ast *target, const char *says)
{
    diag_error(p->diags, target->span, "%s", says);
    return ast_new(p->arena, AST_ERROR, target->span, target->span);
}

static Ast *bind_tuple(Parser *p, Span whole, const char *op, Ast *target, Ast *value)
{
    if (*op != '=' || target->list.n == 0)
        return bad_binding(p, target, "a tuple is taken apart with (a, b) = ...");
    for (int i = 0; i < target->list.n; i++)
        if (target->list.item[i]->kind != AST_NAME)
            return bad_binding(p, target->list.item[i], "only a name can be bound here");
    Ast *n = ast_new(p->arena, AST_BIND_TUPLE, whole, target->span);
    n->bind.target = target->list.item;
    n->bind.n = target->list.n;
    n->bind.value = value;
    return parse_keep(p, n);
}

Ast *parse_binding(Parser *p, Span whole, Span op_span, const char *op, Ast *target, Ast *value)
{
    Ast *n;
    switch (target->kind) {
    case AST_NAME:
        n = ast_new(p->arena, AST_BIND, whole, *op == '=' ? target->span : op_span);
        n->decl.name = target->name;
        n->decl.name_span = target->span;
        n->decl.value = *op == '=' ? value
                                   : parse_keep(p, ast_binary(p->arena, whole, op_span, op, target,
                                                              value));
        return parse_keep(p, n);
    case AST_INDEX:
        if (target->index.base->kind != AST_NAME)
            return bad_binding(p, target, target->index.base->kind == AST_INDEX
                                              ? "only a part of a name can be bound: write "
                                                "x[i, j] = ..., not x[i][j] = ..."
                                              : "only a part of a name can be bound: "
                                                "x[i] = ...");
        n = ast_new(p->arena, AST_ASSIGN_INDEX, whole, op_span);
        n->assign.target = target;
        n->assign.op = op;
        n->assign.value = value;
        return parse_keep(p, n);
    case AST_TUPLE: return bind_tuple(p, whole, op, target, value);
    case AST_LIST: return bad_binding(p, target, "a tuple is taken apart with (a, b) = ...");
    case AST_CALL:
        return bad_binding(p, target, "a call cannot be bound; a function is declared with 'fn', "
                                      "outside of functions");
    default: return bad_binding(p, target, "only a name, a part x[i] or a tuple can be bound");
    }
}

Ast *parse_unused(Parser *p, Span at)
{
    Span sign = {at.source, at.start, at.start + 1};
    if (p->text[at.start] == '-')
        diag_error(p->diags, sign, "this value is not used: to go on with the line before, put the "
                   "'-' at its end");
    else
        diag_error(p->diags, at, "this value is not used: bind it (name = ...) or return it");
    return ast_new(p->arena, AST_ERROR, at, at);
}

/* start NULL: no range was given. */
Ast *parse_range(Parser *p, Span whole, Ast *start, Ast *stop, Ast *step)
{
    if (!start) {
        const Ast *call = stop->kind == AST_CALL ? stop->call.callee : NULL;
        bool is_range = call && call->kind == AST_NAME && !strcmp(call->name, "range");
        diag_error(p->diags, whole, is_range ? "a loop runs over a range 'a:b', not over "
                                               "'range(...)'"
                                             : "a loop runs over a range 'a:b'");
        start = stop;
    }
    Ast *n = ast_new(p->arena, AST_RANGE, whole, whole);
    n->range.start = start;
    n->range.stop = stop;
    n->range.step = step;
    return parse_keep(p, n);
}

/* ---- The whole ---- */

typedef struct Group {
    uint32_t at;
    int first, n; /* an error and its notes */
} Group;

static int compare_groups(const void *a, const void *b)
{
    const Group *x = a, *y = b;
    return x->at != y->at ? (x->at < y->at ? -1 : 1) : x->first - y->first;
}

/* Messages in the order of the text: scanner, brackets and parser report one after another. */
static void sort_messages(Parser *p, int from)
{
    Diags *d = p->diags;
    int n = d->list.n - from;
    Group *group = NEW_N(p->arena, Group, n + 1);
    Diag *copy = NEW_N(p->arena, Diag, n + 1);
    int groups = 0, out = from;
    for (int i = 0; i < n; i++) {
        copy[i] = d->list.at[from + i];
        if (copy[i].severity == SEVERITY_ERROR || !groups)
            group[groups++] = (Group){copy[i].span.start, i, 0};
        group[groups - 1].n++;
    }
    qsort(group, (size_t)groups, sizeof *group, compare_groups);
    for (int g = 0; g < groups; g++)
        for (int i = 0; i < group[g].n; i++)
            d->list.at[out++] = copy[group[g].first + i];
}

static Ast *parse(Arena *arena, Diags *diags, uint32_t source, int start)
{
    Source s = diags->sources.at[source];
    Parser p = {.arena = arena, .diags = diags, .source = source, .text = s.text, .size = s.size};
    int errors = diags->errors, from = diags->list.n;
    if (s.size >= 1u << 30) {
        diag_error_nowhere(diags, "%s: the file is too large", s.path);
        return NULL;
    }
    dg_scan_all(&p);
    arrange(&p, start);
    if (!p.too_deep)
        dg_parse(&p);
    if (diags->errors == errors)
        return p.result;
    sort_messages(&p, from);
    return NULL;
}

Ast *parse_program(Arena *arena, Diags *diags, uint32_t source)
{
    return parse(arena, diags, source, TOK_START_PROGRAM);
}

Ast *parse_export(Arena *arena, Diags *diags, const char *text)
{
    uint32_t source = diag_add_source(diags, "-e", arena_strdup(arena, text), strlen(text));
    return parse(arena, diags, source, TOK_START_EXPORT);
}
