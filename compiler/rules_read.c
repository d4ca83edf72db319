/* rules_read.c - the expressions of ops.def as terms, with names looked up in the table of operations
 * (the internal ones too) and among the hooks.
 *
 * They are expressions of dg, but each compilation reads those of the operations that occur, and
 * callers at run time wait for it: so they are read straight into terms, by precedence climbing
 * (Richards, 1979), without tokens, a tree or places for messages. tests/unit/rules_test.c holds
 * every term of the table against what the parser of the language makes of its string. */
#include "rules_impl.h"

#include "parse.h"

#include <math.h>

typedef struct Reader {
    Arena *arena;
    const char *at; /* behind it there is no space */
} Reader;

/* How strongly operators bind, as in grammar/dg.y; below all of them `? :`, above all of them a minus
 * sign and then `^`. */
enum { BIND_OR, BIND_AND, BIND_NOT, BIND_COMPARE, BIND_SUM, BIND_PRODUCT };

static const struct {
    char text[4];
    int binds;
} operators[] = {{"or", BIND_OR},      {"and", BIND_AND},    {"==", BIND_COMPARE},
                 {"!=", BIND_COMPARE}, {"<=", BIND_COMPARE}, {">=", BIND_COMPARE},
                 {"<", BIND_COMPARE},  {">", BIND_COMPARE},  {"+", BIND_SUM},
                 {"-", BIND_SUM},      {"//", BIND_PRODUCT}, {"*", BIND_PRODUCT},
                 {"/", BIND_PRODUCT},  {"%", BIND_PRODUCT}};

static const Term *expression(Reader *);
static const Term *unary(Reader *);

/* ---- Words ---- */

static bool in_word(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void skip(Reader *r, size_t n)
{
    r->at += n;
    while (*r->at == ' ')
        r->at++;
}

/* Whether `text` stands here; a word only where no longer one does. */
static bool stands(const Reader *r, const char *text)
{
    size_t n = strlen(text);
    return *r->at == *text && !strncmp(r->at, text, n) &&
           !(in_word(text[n - 1]) && in_word(r->at[n]));
}

static bool take(Reader *r, const char *text)
{
    if (!stands(r, text))
        return false;
    skip(r, strlen(text));
    return true;
}

/* ---- Terms ---- */

static Term *new_term(Reader *r, TermKind kind)
{
    Term *t = NEW(r->arena, Term);
    t->kind = kind;
    t->swap = -1;
    return t;
}

/* The operation or hook `name` on n arguments; NULL where there is none, or where one of them is
 * NULL. */
static const Term *apply(Reader *r, const char *name, int n, const Term *const *arg)
{
    Term *t = new_term(r, TERM_HOOK);
    t->hook = rule_hook_find(name);
    if (!t->hook) {
        t->kind = TERM_OP;
        while (t->op < OP_COUNT &&
               (op_table[t->op].arity != n || op_table[t->op].name[0] != name[0] ||
                strcmp(op_table[t->op].name, name) != 0))
            t->op++;
        if (t->op == OP_COUNT)
            return NULL;
    }
    t->narg = n;
    for (int i = 0; i < n; i++)
        if (!(t->arg[i] = arg[i]))
            return NULL;
    return t;
}

static const Term *negative(Reader *r)
{
    const Term *t = unary(r);
    if (!t || t->kind != TERM_NUMBER)
        return apply(r, "neg", 1, &t);
    Term *number = new_term(r, TERM_NUMBER);
    number->number = -t->number;
    return number;
}

/* The arguments of a call, behind its bracket. */
static const Term *call(Reader *r, const char *name)
{
    const Term *arg[3];
    int n = 0;
    do {
        if (n == ARRAY_LEN(arg) || !(arg[n++] = expression(r)))
            return NULL;
    } while (take(r, ","));
    return take(r, ")") ? apply(r, name, n, arg) : NULL;
}

/* `a` is a metavariable, `inf` a number, `exp(a)` an operation. */
static const Term *name(Reader *r)
{
    char word[24];
    size_t n = 0;
    while (in_word(r->at[n]) && n + 1 < sizeof word) {
        word[n] = r->at[n];
        n++;
    }
    word[n] = '\0';
    skip(r, n);
    if (take(r, "("))
        return call(r, word);
    bool letter = n == 1 && word[0] >= 'a' && word[0] <= 'z' && word[0] != 'e';
    Term *t = new_term(r, letter ? TERM_LETTER : TERM_NUMBER);
    t->letter = letter ? word[0] - 'a' : 0;
    t->number = letter ? 0 : (double)INFINITY;
    return letter || !strcmp(word, "inf") ? t : NULL;
}

static const Term *number(Reader *r)
{
    size_t n = strspn(r->at, "0123456789.");
    Term *t = new_term(r, TERM_NUMBER);
    t->number = parse_real(r->arena, arena_strndup(r->arena, r->at, n));
    skip(r, n);
    return t;
}

static const Term *primary(Reader *r)
{
    if (*r->at >= '0' && *r->at <= '9')
        return number(r);
    if (!take(r, "("))
        return name(r);
    const Term *t = expression(r);
    return take(r, ")") ? t : NULL;
}

static const Term *unary(Reader *r)
{
    if (take(r, "-"))
        return negative(r);
    const Term *t[2] = {primary(r)};
    if (!take(r, "^"))
        return t[0];
    t[1] = unary(r);
    return apply(r, "^", 2, t);
}

/* The operator that stands here, or NULL; the arrow of a rule is none. */
static const char *operator(const Reader *r, int *binds)
{
    for (int i = 0; i < ARRAY_LEN(operators) && !stands(r, "->"); i++)
        if (stands(r, operators[i].text)) {
            *binds = operators[i].binds;
            return operators[i].text;
        }
    return NULL;
}

/* Operands joined by operators that bind at least so strongly. */
static const Term *joined(Reader *r, int least)
{
    const Term *t[2];
    if (least <= BIND_NOT && take(r, "not")) {
        t[0] = joined(r, BIND_NOT);
        t[0] = apply(r, "not", 1, t);
    } else {
        t[0] = unary(r);
    }
    int binds;
    for (const char *op; (op = operator(r, &binds)) && binds >= least;) {
        skip(r, strlen(op));
        t[1] = joined(r, binds + 1);
        t[0] = apply(r, op, 2, t);
    }
    return t[0];
}

static const Term *expression(Reader *r)
{
    const Term *t[3] = {joined(r, BIND_OR)};
    if (!take(r, "?"))
        return t[0];
    t[1] = expression(r);
    if (!take(r, ":"))
        return NULL;
    t[2] = expression(r);
    return apply(r, "select", 3, t);
}

bool term_read(Arena *arena, const char *text, TermRule *out)
{
    Reader r = {arena, text};
    skip(&r, 0);
    *out = (TermRule){.fast = take(&r, "?")};
    out->pattern = expression(&r);
    bool rule = take(&r, "->");
    if (rule)
        out->replacement = expression(&r);
    return out->pattern && (out->replacement || !rule) && !*r.at;
}
