/* rules_read.c - reads the expressions of ops.def: those of dg, with its precedences, over single
 * letters, numbers and the operations of the table (the internal ones too).
 *
 *   choice  = or [ "?" choice ":" choice ]
 *   or      = and { "or" and }             and     = not { "and" not }
 *   not     = "not" not | compare          compare = sum [ ( "<" | "==" | ... ) sum ]
 *   sum     = product { "+" | "-" product }
 *   product = unary { "*" | "/" unary }    unary   = "-" unary | power
 *   power   = primary [ "^" unary ]
 *   primary = number | letter | name "(" choice { "," choice } ")" | "(" choice ")" */
#include "rules_impl.h"

#include <ctype.h>
#include <stdlib.h>

typedef struct Reader {
    Arena *arena;
    const char *at;
    bool bad;
} Reader;

static Term *read_choice(Reader *);
static Term *read_unary(Reader *);

static Term *new_term(Reader *r, TermKind kind)
{
    Term *t = NEW(r->arena, Term);
    t->kind = kind;
    t->swap = -1;
    return t;
}

static Term *new_op(Reader *r, Op op, int n, const Term *a, const Term *b, const Term *c)
{
    Term *t = new_term(r, TERM_OP);
    t->op = op;
    t->narg = n;
    t->arg[0] = a;
    t->arg[1] = b;
    t->arg[2] = c;
    return t;
}

/* Takes `word` if it comes next; a word of letters must end there. */
static bool take(Reader *r, const char *word)
{
    size_t n = strlen(word);
    r->at += strspn(r->at, " ");
    if (strncmp(r->at, word, n) != 0 || (isalpha((unsigned char)word[0]) && isalnum((unsigned char)r->at[n])))
        return false;
    if (!strcmp(word, "-") && r->at[1] == '>')
        return false;
    r->at += n;
    return true;
}

/* An operation of the table, or a hook. */
static Term *read_call(Reader *r, const char *name)
{
    Term *t = new_term(r, TERM_OP);
    t->hook = rule_hook_find(name);
    if (t->hook)
        t->kind = TERM_HOOK;
    while (!t->hook && t->op < OP_COUNT && strcmp(op_table[t->op].name, name) != 0)
        t->op++;
    do {
        if (t->narg == 3 || t->op == OP_COUNT) {
            r->bad = true;
            return t;
        }
        t->arg[t->narg++] = read_choice(r);
    } while (take(r, ","));
    r->bad |= !take(r, ")") || (!t->hook && t->narg != op_table[t->op].arity);
    return t;
}

static Term *read_primary(Reader *r)
{
    r->at += strspn(r->at, " ");
    if (isdigit((unsigned char)*r->at)) {
        char *end;
        Term *t = new_term(r, TERM_NUMBER);
        t->number = strtod(r->at, &end);
        r->at = end;
        return t;
    }
    if (take(r, "(")) {
        Term *t = read_choice(r);
        r->bad |= !take(r, ")");
        return t;
    }
    size_t n = 0;
    while (isalnum((unsigned char)r->at[n]) || r->at[n] == '_')
        n++;
    const char *name = arena_strndup(r->arena, r->at, n);
    r->at += n;
    if (n > 1 && take(r, "("))
        return read_call(r, name);
    Term *t = new_term(r, TERM_LETTER);
    r->bad |= n != 1 || !islower((unsigned char)*name) || *name == 'e';
    t->letter = r->bad ? 0 : *name - 'a';
    return t;
}

static Term *read_power(Reader *r)
{
    Term *t = read_primary(r);
    return take(r, "^") ? new_op(r, OP_POW, 2, t, read_unary(r), NULL) : t;
}

static Term *read_unary(Reader *r)
{
    if (!take(r, "-"))
        return read_power(r);
    Term *t = read_unary(r);
    if (t->kind != TERM_NUMBER)
        return new_op(r, OP_NEG, 1, t, NULL, NULL);
    t->number = -t->number;
    return t;
}

/* One level of operators that associate to the left; words and ops end with NULL. */
static Term *read_left(Reader *r, Term *(*operand)(Reader *), const char *const *word, const Op *op)
{
    Term *t = operand(r);
    for (int i = 0; word[i];)
        if (take(r, word[i])) {
            t = new_op(r, op[i], 2, t, operand(r), NULL);
            i = 0;
        } else {
            i++;
        }
    return t;
}

static Term *read_product(Reader *r)
{
    return read_left(r, read_unary, (const char *const[]){"*", "/", NULL},
                     (const Op[]){OP_MUL, OP_DIV});
}

static Term *read_sum(Reader *r)
{
    return read_left(r, read_product, (const char *const[]){"+", "-", NULL},
                     (const Op[]){OP_ADD, OP_SUB});
}

static Term *read_compare(Reader *r)
{
    return read_left(r, read_sum, (const char *const[]){"<=", "<", ">=", ">", "==", "!=", NULL},
                     (const Op[]){OP_LE, OP_LT, OP_GE, OP_GT, OP_EQ, OP_NE});
}

static Term *read_not(Reader *r)
{
    return take(r, "not") ? new_op(r, OP_NOT, 1, read_not(r), NULL, NULL) : read_compare(r);
}

static Term *read_and(Reader *r)
{
    return read_left(r, read_not, (const char *const[]){"and", NULL}, (const Op[]){OP_AND});
}

static Term *read_choice(Reader *r)
{
    Term *t = read_left(r, read_and, (const char *const[]){"or", NULL}, (const Op[]){OP_OR});
    if (!take(r, "?"))
        return t;
    Term *yes = read_choice(r);
    r->bad |= !take(r, ":");
    return new_op(r, OP_SELECT, 3, t, yes, read_choice(r));
}

const Term *term_read(Arena *arena, const char **text)
{
    Reader r = {.arena = arena, .at = *text};
    Term *t = read_choice(&r);
    r.at += strspn(r.at, " ");
    *text = r.at;
    return r.bad || (*r.at && *r.at != ';' && strncmp(r.at, "->", 2) != 0) ? NULL : t;
}
