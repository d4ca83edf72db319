/* parse.h - from text to syntax tree. The texts are sources of Diags; errors go there. */
#ifndef GRADC_PARSE_H
#define GRADC_PARSE_H

#include "ast.h"

/* A whole file (AST_FILE). NULL when there was an error in it. */
Ast *parse_program(Arena *, Diags *, uint32_t source);

/* What -e says, `export` in front or not: AST_EXPORT. The text becomes a source named `-e`. */
Ast *parse_export(Arena *, Diags *, const char *text);

/* The number that a text of digits, with a point or an exponent or neither, stands for, whatever the
 * locale. */
double parse_real(Arena *, const char *text);

#endif
