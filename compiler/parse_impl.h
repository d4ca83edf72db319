/* parse_impl.h - between scanner (grammar/dg.l), parse.c and parser (grammar/dg.y).
 *
 * The scanner turns all of a text into raw tokens; parse.c then decides which newlines end a
 * statement and mends brackets that do not match, so that the grammar sees a stream in which
 * every bracket is closed and every statement and declaration ends with a SEP. */
#ifndef GRADC_PARSE_IMPL_H
#define GRADC_PARSE_IMPL_H

#include "ast.h"

typedef struct Token {
    int type; /* of the grammar: TOK_NAME, '+' ... */
    Span span;
    const char *text; /* a name, a keyword, an operator; a string's text; how a SEP is described */
    size_t size;      /* of text */
    Ast *number;
    bool line_start; /* the first token on its line */
    bool silent;     /* a message has been given: put in by parse.c, or behind a bad character */
} Token;

typedef struct Parser {
    Arena *arena;
    Diags *diags;
    uint32_t source;
    const char *text;
    size_t size;
    VEC(Token) raw;
    VEC(Token) tokens;
    int next;        /* the token that the parser gets next */
    bool recovering; /* between a syntax error and the SEP where parsing goes on */
    bool too_deep;   /* has been said */
    Ast *result;

    /* Of the scanner */
    uint32_t at;
    bool line_start, bad;
} Parser;

/* ---- grammar/dg.l ---- */
void dg_scan_all(Parser *); /* fills raw; the last token is TOK_END */

/* ---- grammar/dg.y ---- */
int dg_parse(Parser *);

/* ---- parse.c, for the scanner ---- */
Ast *parse_number(Parser *, Span, const char *text, size_t n);

/* ---- parse_message.c, for the parser ---- */
/* At the token last taken; names of what could have stood there, as in dg.y. */
void parse_unexpected(Parser *, int n, const char *const *expected);

/* ---- parse.c, for parse_message.c ---- */
bool token_compares(int type);
bool token_is_binary(int type);
bool token_starts_declaration(const Token *);

/* ---- parse.c, for the parser ---- */
void parse_too_deep(Parser *, Span);
Ast *parse_keep(Parser *, Ast *); /* ast_done, and a message where it nests too deeply */
Ast *parse_call(Parser *, Span, Span bracket, Ast *callee, AstList args);
Ast *parse_function(Parser *, AstKind, Span, const char *name, Span name_span, AstList params,
                    Ast *body, Ast *derivative);
Ast *parse_binding(Parser *, Span, Span op_span, const char *op, Ast *target, Ast *value);
Ast *parse_unused(Parser *, Span); /* a statement that is a value alone */
Ast *parse_range(Parser *, Span, Ast *start, Ast *stop, Ast *step);

#endif
