/* parse.h - from text to syntax tree. The texts are sources of Diags; errors go there. */
#ifndef GRADC_PARSE_H
#define GRADC_PARSE_H

#include "ast.h"

/* A whole file (AST_FILE). NULL when there was an error in it. */
Ast *parse_program(Arena *, Diags *, uint32_t source);

/* What -e says, `export` in front or not: AST_EXPORT. The text becomes a source named `-e`. */
Ast *parse_export(Arena *, Diags *, const char *text);

/* A rule of the operation table, `pattern -> replacement` or an expression alone, `?` in front
 * where it needs --fast-math: AST_RULE. The text becomes a source named `rule`. */
Ast *parse_rule(Arena *, Diags *, const char *text);

#endif
