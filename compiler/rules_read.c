/* rules_read.c - the expressions of ops.def as terms: parsed by the ordinary parser, with names
 * looked up in the table of operations (the internal ones too) and among the hooks. */
#include "rules_impl.h"

#include "parse.h"

#include <math.h>

static const Term *term_of(Arena *, const Ast *);

static Term *new_term(Arena *arena, TermKind kind)
{
    Term *t = NEW(arena, Term);
    t->kind = kind;
    t->swap = -1;
    return t;
}

/* The operation or hook `name` on n arguments; NULL where there is none. */
static const Term *apply_of(Arena *arena, const char *name, int n, Ast *const *arg)
{
    Term *t = new_term(arena, TERM_HOOK);
    t->hook = rule_hook_find(name);
    if (!t->hook) {
        t->kind = TERM_OP;
        while (t->op < OP_COUNT &&
               (strcmp(op_table[t->op].name, name) != 0 || op_table[t->op].arity != n))
            t->op++;
        if (t->op == OP_COUNT)
            return NULL;
    }
    t->narg = n;
    for (int i = 0; i < n; i++)
        if (!(t->arg[i] = term_of(arena, arg[i])))
            return NULL;
    return t;
}

static const Term *negative(Arena *arena, const Ast *ast)
{
    const Term *t = term_of(arena, ast->unary.operand);
    if (t && t->kind == TERM_NUMBER) {
        Term *number = new_term(arena, TERM_NUMBER);
        number->number = -t->number;
        return number;
    }
    return apply_of(arena, "neg", 1, &ast->unary.operand);
}

/* `a` is a metavariable, `inf` a number. */
static const Term *name_of(Arena *arena, const char *name)
{
    bool letter = name[0] >= 'a' && name[0] <= 'z' && name[0] != 'e' && !name[1];
    Term *t = new_term(arena, letter ? TERM_LETTER : TERM_NUMBER);
    if (letter)
        t->letter = name[0] - 'a';
    else if (!strcmp(name, "inf"))
        t->number = (double)INFINITY;
    else
        return NULL;
    return t;
}

static const Term *term_of(Arena *arena, const Ast *ast)
{
    switch (ast->kind) {
    case AST_NUMBER: {
        Term *t = new_term(arena, TERM_NUMBER);
        t->number = ast->number.value;
        return t;
    }
    case AST_NAME: return name_of(arena, ast->name);
    case AST_UNARY:
        if (!strcmp(ast->unary.op, "-"))
            return negative(arena, ast);
        return apply_of(arena, ast->unary.op, 1, &ast->unary.operand);
    case AST_BINARY:
        return apply_of(arena, ast->binary.op, 2, (Ast *[]){ast->binary.left, ast->binary.right});
    case AST_TERNARY:
        return apply_of(arena, "select", 3, (Ast *[]){ast->cond.cond, ast->cond.yes, ast->cond.no});
    case AST_CALL:
        if (ast->call.callee->kind != AST_NAME || ast->call.n > 3)
            return NULL;
        return apply_of(arena, ast->call.callee->name, ast->call.n, ast->call.arg);
    default: return NULL;
    }
}

bool term_read(Arena *arena, Diags *diags, const char *text, TermRule *out)
{
    const Ast *ast = parse_rule(arena, diags, text);
    if (!ast)
        return false;
    out->fast = ast->rule.fast;
    out->pattern = term_of(arena, ast->rule.pattern);
    out->replacement = ast->rule.replacement ? term_of(arena, ast->rule.replacement) : NULL;
    return out->pattern && (out->replacement || !ast->rule.replacement);
}
