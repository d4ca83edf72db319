/* parse_message.c - what is said of a token that cannot stand where it does: for mistakes that are
 * made often what was meant, otherwise what was expected. */
#include "parse_impl.h"

#include "grammar/dg.tab.h"

typedef struct Expected {
    int n;
    const char *const *name;
} Expected;

static bool is_keyword(int type)
{
    return type >= TOK_FN && type <= TOK_NOT;
}

static bool has(Expected e, const char *name)
{
    for (int i = 0; i < e.n; i++)
        if (!strcmp(e.name[i], name))
            return true;
    return false;
}

/* Behind what the unexpected token stands. */
typedef struct Around {
    bool value, brackets, parameter;
} Around;

/* What an expression or a parameter may go on with, and so says nothing; and what is rare. */
static bool goes_on_with(const char *name, Around around)
{
    if (around.parameter)
        return !strcmp(name, "':'") || !strcmp(name, "'['") || !strcmp(name, "'~'");
    if (!around.value)
        return false;
    if (!strcmp(name, "'derivative'"))
        return true;
    if (around.brackets && (!strcmp(name, "'for'") || !strcmp(name, "'='")))
        return true;
    static const char *const all[] = {"'+'",  "'-'",  "'*'",  "'/'",   "'//'",  "'%'", "'@'",
                                      "'^'",  "'('",  "'['",  "'\\''", "'?'",   "'<'", "'>'",
                                      "'<='", "'>='", "'=='", "'!='",  "'and'", "'or'"};
    for (int i = 0; i < ARRAY_LEN(all); i++)
        if (!strcmp(all[i], name))
            return true;
    return false;
}

/* ", expected ..." where that is short; otherwise empty. */
static const char *expectation(Parser *p, const Token *t, Expected e)
{
    if (has(e, "'export'") && has(e, "'dim'"))
        return ", expected a declaration";
    if (has(e, "'return'"))
        return ", expected a statement";
    if (has(e, "a number") && has(e, "')'"))
        return ", expected an expression or ')'";
    if (has(e, "a number"))
        return ", expected an expression";
    Text out = {.arena = p->arena};
    Around around = {has(e, "'+'"), has(e, "')'") || has(e, "']'"), has(e, "'~'")};
    bool operand = t->type == TOK_NAME || t->type == TOK_NUMBER || t->type == TOK_STRING;
    int said = 0, in_all = around.value && operand;
    for (int i = 0; i < e.n; i++)
        in_all += !goes_on_with(e.name[i], around);
    if (around.value && operand && in_all <= 4) {
        said++;
        text_put(&out, ", expected an operator");
    }
    for (int i = 0; i < e.n && in_all <= 4; i++) {
        if (goes_on_with(e.name[i], around))
            continue;
        said++;
        text_put(&out, said == 1 ? ", expected " : said == in_all ? " or " : ", ");
        text_put(&out, e.name[i]);
    }
    return said ? out.s : "";
}

static const char *describe(Parser *p, const Token *t)
{
    if (t->type == TOK_SEP || t->type == TOK_END)
        return t->text;
    if (t->type == TOK_STRING)
        return "string";
    enum { MOST = 40 };
    int n = (int)(t->span.end - t->span.start);
    const char *text = p->text + t->span.start;
    return arena_printf(p->arena, "'%.*s%s'", n > MOST ? MOST : n, text, n > MOST ? "..." : "");
}

/* ---- What was meant, for mistakes that are made often; NULL where nothing is known ---- */

/* Words of other languages that stand before a name or a condition. */
static const char *foreign_word(Parser *p, const Token *t)
{
    static const char *const words[][2] = {{"elif", "write 'else if'"},
                                           {"elseif", "write 'else if'"},
                                           {"elsif", "write 'else if'"},
                                           {"let", "a name is bound by 'x = ...' alone"},
                                           {"var", "a name is bound by 'x = ...' alone"},
                                           {"val", "a name is bound by 'x = ...' alone"},
                                           {"def", "a function begins with 'fn'"},
                                           {"func", "a function begins with 'fn'"},
                                           {"function", "a function begins with 'fn'"},
                                           {"lambda", "a function is written 'fn (x) ...'"},
                                           {"f32", "a type stands behind the name, 'x: f32'"},
                                           {"f64", "a type stands behind the name, 'x: f64'"},
                                           {"i32", "a type stands behind the name, 'x: i32'"},
                                           {"real", "a type stands behind the name, 'x: real'"},
                                           {"float", "a type stands behind the name, 'x: f32'"},
                                           {"double", "a type stands behind the name, 'x: f64'"},
                                           {"int", "a type stands behind the name, 'x: i64'"}};
    for (int i = 0; t->type == TOK_NAME && i < ARRAY_LEN(words); i++)
        if (!strcmp(t->text, words[i][0]))
            return arena_printf(p->arena, "unexpected '%s': %s", t->text, words[i][1]);
    return NULL;
}

/* A keyword that could stand here and is written much like t. */
static const char *misspelt(Parser *p, const Token *t, Expected e)
{
    const char **words = NEW_N(p->arena, const char *, e.n + 1);
    int n = 0;
    for (int i = 0; i < e.n; i++)
        if (e.name[i][0] == '\'' && e.name[i][1] >= 'a' && e.name[i][1] <= 'z')
            words[n++] = arena_strndup(p->arena, e.name[i] + 1, strlen(e.name[i]) - 2);
    const char *meant = diag_closest(p->arena, t->text, words, n);
    return meant ? arena_printf(p->arena, "unexpected '%s': is '%s' meant?", t->text, meant) : NULL;
}

static const char *hint_name(Parser *p, const Token *t, Expected e, Span *at)
{
    const Token *last = t - 1;
    bool declaration = has(e, "'export'") && has(e, "'dim'");
    const char *says = foreign_word(p, last);
    if (says) {
        *at = last->span;
        return says;
    }
    if (declaration && t[1].type != '=')
        says = foreign_word(p, t);
    if (!says && (!declaration || t[1].type == TOK_NAME))
        says = misspelt(p, t, e);
    if (says)
        return says;
    if (declaration)
        return arena_printf(p->arena, "unexpected '%s' outside of functions: a constant is written "
                            "'const x = ...', a function 'fn f(x) = ...'", t->text);
    if (last->type == TOK_FN && !has(e, "a name"))
        return "a function inside a function is written 'fn (x) ...', without a name";
    if (e.n == 1 && has(e, "a string"))
        return arena_printf(p->arena, "unexpected '%s': write it in double quotes", t->text);
    return NULL;
}

static const char *hint_keyword(Parser *p, const Token *t, Expected e)
{
    const Token *next = t + 1;
    bool statement = has(e, "'return'"), value = has(e, "a number");
    bool as_name = next->type == '=' || next->type == ',' || next->type == ')' ||
                   next->type == ']' || next->type == TOK_SEP || token_is_binary(next->type);
    if (has(e, "a name") && (!value || as_name))
        return arena_printf(p->arena, "'%s' is a keyword and cannot be a name", t->text);
    if (statement && token_starts_declaration(t))
        return arena_printf(p->arena, "'%s' inside a function: declarations stand outside of "
                            "functions", t->text);
    if (t->type == TOK_ELSE && (statement || has(e, "end of line")))
        return "'else' without an 'if' before it";
    if (t->type == TOK_NOT && value)
        return "unexpected 'not': here it is written in parentheses, (not ...)";
    if (t->type == TOK_IF && (has(e, "')'") || has(e, "']'")))
        return "unexpected 'if': a comprehension leaves nothing out; choose with 'c ? a : b'";
    return NULL;
}

static const char *hint_equals(Parser *p, const Token *t, Expected e, Span *at)
{
    const Token *last = t - 1;
    if (has(e, "a number") && token_is_binary(last->type) && last->span.end == t->span.start) {
        at->start = last->span.start;
        return arena_printf(p->arena, "there is no '%s=': write 'x = x %s ...'", last->text,
                            last->text);
    }
    if (has(e, "'~'"))
        return "a parameter has no default value";
    if (!has(e, "'=='"))
        return NULL;
    if (last->line_start && token_is_binary(last[-1].type))
        return arena_printf(p->arena, "unexpected '=': the line before ends with '%s' and so goes "
                            "on here", last[-1].text);
    return "unexpected '=': equality is written '=='";
}

static const char *hint_symbol(Parser *p, const Token *t, Expected e)
{
    const Token *last = t - 1;
    bool first = has(e, "'return'") || (has(e, "'export'") && has(e, "'dim'"));
    bool value = has(e, "a number"), touches = last->span.end == t->span.start;
    if ((t->type == TOK_FLOOR_DIV && first) || (t->type == '*' && last->type == '/' && touches))
        return "a comment begins with '#'";
    if (t->type == '(' && has(e, "'dim'"))
        return "unexpected '(' outside of functions: a constant is written 'const x = ...', a "
               "function 'fn f(x) = ...'";
    if (t->line_start && token_is_binary(t->type) && first)
        return arena_printf(p->arena, "a line cannot begin with '%s': put the operator at the end "
                            "of the line before", t->text);
    if (token_compares(t->type) && last->type != TOK_SEP && has(e, "'and'") && !has(e, "'<'"))
        return "comparisons do not chain: write 'a < b and b < c'";
    if (t->type == ',' && has(e, "end of line") && has(e, "'+'"))
        return "unexpected ',': a tuple is written in parentheses, (a, b)";
    if (t->type == '\'' && has(e, "a string"))
        return "unexpected ''': a string is written in double quotes";
    if (t->type == '\'' && value)
        return "unexpected ''': it stands behind what it transposes, x'";
    if (t->type == '+' && value)
        return last->type == '+' && touches ? "there is no '++': write 'x += 1'"
                                            : "there is no sign '+': leave it out";
    if (t->type == ':' && has(e, "'~'") && last->type == ']')
        return "unexpected ':': a shape stands behind the type, 'x: f32[N]'";
    if (t->type == ':' && has(e, "'{'"))
        return "unexpected ':': what belongs here stands in braces, { ... }";
    return NULL;
}

/* `at` is the token's place; a hint may be of another one. */
static const char *hint(Parser *p, const Token *t, Expected e, Span *at)
{
    if (t->type == TOK_NAME)
        return hint_name(p, t, e, at);
    if (is_keyword(t->type))
        return hint_keyword(p, t, e);
    return t->type == '=' ? hint_equals(p, t, e, at) : hint_symbol(p, t, e);
}

void parse_unexpected(Parser *p, int n, const char *const *expected)
{
    const Token *t = &p->tokens.at[p->next - 1];
    Expected e = {n, expected};
    if (p->too_deep || (t->silent && t->type != TOK_SEP))
        return; /* it has been reported that this was missing */
    Span at = t->span;
    const char *says = hint(p, t, e, &at);
    if (says)
        diag_error(p->diags, at, "%s", says);
    else
        diag_error(p->diags, at, "unexpected %s%s", describe(p, t), expectation(p, t, e));
}
