/* parse.h - from text to tree. Errors are counted in Diags: after any, the tree lacks what could
 * not be read and should not be elaborated. */
#ifndef GRADC_PARSE_H
#define GRADC_PARSE_H

#include "ast.h"

/* All of a .dg file: an AST_FILE with the declarations that could be read, never NULL. */
Ast *parse_program(Arena *, Diags *, uint32_t source);

/* `pattern -> replacement`, or an expression; "?" before it sets is_fast. For texts of the
 * compiler's own, whose errors are reported under the name "rule". An AST_RULE, or NULL. */
Ast *parse_rule(Arena *, Diags *, const char *text);

/* What follows `export`: "loss with grad(W) as g", for -e. An AST_EXPORT, or NULL. */
Ast *parse_export(Arena *, Diags *, uint32_t source);

#endif
