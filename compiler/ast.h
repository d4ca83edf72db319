/* ast.h - the tree of a dg text, as the parser builds it: syntax, no meaning yet.
 *
 * One node type for everything, with the fields that its kind says below; the others are zero.
 * Nodes never change once the parser has returned them and live in the compilation's arena.
 *
 * Walking: no tree is deeper than AST_MAX_DEPTH, so a recursive walk is safe, but for one thing:
 * the left operands of binary operators (1 + 1 + ... with 100,000 terms). Go down that spine in a
 * loop: while (t->kind == AST_BINARY) t = t->a. A step down it does not count as depth. */
#ifndef GRADC_AST_H
#define GRADC_AST_H

#include "diag.h"

enum { AST_MAX_DEPTH = 2000 };

typedef enum AstKind {
    AST_ERROR, /* what could not be read; it has been reported */

    /* Expressions */
    AST_INT,           /* integer; text: as written */
    AST_REAL,          /* real; text: as written */
    AST_STRING,        /* text: without quotes and escapes */
    AST_NAME,          /* text */
    AST_UNARY,         /* op (AST_OP_NEG, AST_OP_NOT), a */
    AST_BINARY,        /* op, a, b: arithmetic, comparisons, and, or */
    AST_SELECT,        /* a ? b : c */
    AST_CALL,          /* text(item...): a name, n arguments, AST_NAMED after all others */
    AST_NAMED,         /* text = a, an argument of a call */
    AST_INDEX,         /* a[item...]: each an expression or an AST_SLICE; n >= 1 */
    AST_SLICE,         /* a:b:c, each may be NULL; only an item of AST_INDEX */
    AST_TRANSPOSE,     /* a' */
    AST_LIST,          /* [item...], n >= 1 */
    AST_TUPLE,         /* (item...): (), (a,), (a, b) ... */
    AST_COMPREHENSION, /* [a for range...], text NULL; or text(a for range...), a reduction */
    AST_LAMBDA,        /* fn (y) e: function */

    /* Statements */
    AST_BLOCK,  /* { item... } */
    AST_BIND,   /* a = b or a += b (op AST_OP_ADD; AST_OP_NONE for =). a is an AST_NAME, an
                 * AST_INDEX of an AST_NAME, or (for = only) an AST_TUPLE of AST_NAMEs */
    AST_FOR,    /* for range[0] { a }; is_static: unrolled. range[0].stop may be NULL, see AstRange */
    AST_WHILE,  /* while a limit b { c } */
    AST_IF,     /* if a { b } else c: c is NULL, an AST_BLOCK, or the AST_IF of an else if */
    AST_ASSERT, /* assert a, text; text is NULL where no message is given */
    AST_RETURN, /* return a */

    /* Declarations */
    AST_IMPORT,     /* import text (the path as written; name_span: with its quotes) */
    AST_DIM,        /* dim text = a, or a NULL: an open size */
    AST_CONST,      /* const text = a */
    AST_FUNCTION,   /* fn: function; text: its name too */
    AST_EXPORT,     /* export text with item...: AST_REQUESTs, n may be 0 */
    AST_REQUEST,    /* text(item...) as as_name, is_sparse: text is grad, vjp ...; the items are
                     * AST_NAMEs, none for the default; as_name NULL where not given */
    AST_DERIVATIVE, /* derivative (item...) = a: AST_NAMEs; a an expression or an AST_BLOCK */

    AST_FILE, /* item...: declarations in order */
    AST_RULE  /* a -> b, or an expression alone (b NULL); is_fast where "?" stands before it */
} AstKind;

typedef enum AstOp {
    AST_OP_NONE,
    AST_OP_NEG,
    AST_OP_NOT,
    AST_OP_OR,
    AST_OP_AND,
    AST_OP_EQ,
    AST_OP_NE,
    AST_OP_LT,
    AST_OP_LE,
    AST_OP_GT,
    AST_OP_GE,
    AST_OP_ADD,
    AST_OP_SUB,
    AST_OP_MUL,
    AST_OP_DIV,      /* / */
    AST_OP_FLOORDIV, /* // */
    AST_OP_MOD,      /* % */
    AST_OP_MATMUL,   /* @ */
    AST_OP_POW       /* ^ */
} AstOp;

typedef struct Ast Ast;
typedef struct AstFunction AstFunction;

/* name in start:stop:step, of a loop or a comprehension. A part left out is NULL; the grammar
 * takes `for i in :n` and `for i in 0:` alike, the latter is for the elaborator to refuse. */
typedef struct AstRange {
    const char *name;
    Span name_span, span; /* span: all of it */
    Ast *start, *stop, *step;
} AstRange;

struct Ast {
    AstKind kind;
    AstOp op;
    Span span;      /* the whole extent; around a parenthesised operand too, not of the operand itself */
    Span name_span; /* the operator, the name called, bound or declared; else the same as span */
    const char *text;
    Ast *a, *b, *c;
    int n, nranges;
    Ast **item;
    AstRange *range;
    AstFunction *function; /* AST_FUNCTION, AST_LAMBDA */
    int64_t integer;       /* AST_INT: never negative */
    double real;           /* AST_REAL; of AST_INT its value too */
    const char *as_name;   /* AST_REQUEST */
    Span as_span;
    bool is_static, is_sparse, is_fast;
    int depth; /* of the tree below and with this node, as described above */
};

typedef struct AstParam {
    const char *name;
    Span name_span, span;
    bool trainable;   /* `param` */
    const char *type; /* as written after the colon; NULL: none is given */
    Span type_span;
    int nshape;       /* 0: no shape is given */
    Ast **shape;
    Ast *init;        /* ~ init, or NULL; `param` or not */
} AstParam;

struct AstFunction {
    const char *name; /* NULL: fn (y) e */
    Span name_span, span;
    int nparams;
    AstParam *param;
    Ast *body;        /* an expression, or an AST_BLOCK */
    Ast *derivative;  /* AST_DERIVATIVE, or NULL */
};

/* ---- For the parser's actions: what is being put together ---- */

typedef VEC(Ast *) AstList;
typedef VEC(AstParam) AstParams;
typedef VEC(AstRange) AstRanges;

AstList *ast_list(Arena *, Ast *first_or_null);
AstList *ast_append(Arena *, AstList *, Ast *); /* NULL and AST_ERROR are left out */
AstParams *ast_params(Arena *, const AstParam *first_or_null);
AstParams *ast_params_append(Arena *, AstParams *, const AstParam *);
AstRanges *ast_ranges(Arena *, const AstRange *first);
AstRanges *ast_ranges_append(Arena *, AstRanges *, const AstRange *);

Ast *ast_error(Arena *, Span);
Ast *ast_int(Arena *, Span, const char *text, int64_t value);
Ast *ast_real(Arena *, Span, const char *text, double value);
Ast *ast_string(Arena *, Span, const char *text);
Ast *ast_name(Arena *, Span, const char *name);
Ast *ast_unary(Arena *, Span, Span op_span, AstOp, Ast *);
Ast *ast_binary(Arena *, Span, Span op_span, AstOp, Ast *, Ast *);
Ast *ast_select(Arena *, Span, Span op_span, Ast *cond, Ast *yes, Ast *no);
Ast *ast_call(Arena *, Span, Span name_span, const char *name, const AstList *args);
Ast *ast_named(Arena *, Span, Span name_span, const char *name, Ast *value);
Ast *ast_index(Arena *, Span, Ast *base, const AstList *items);
Ast *ast_slice(Arena *, Span, Ast *start, Ast *stop, Ast *step);
Ast *ast_transpose(Arena *, Span, Span op_span, Ast *);
Ast *ast_sequence(Arena *, AstKind, Span, const AstList *); /* LIST, TUPLE, BLOCK, FILE */
/* name NULL: a tensor; otherwise the reduction. */
Ast *ast_comprehension(Arena *, Span, Span name_span, const char *name, Ast *body, const AstRanges *);
Ast *ast_lambda(Arena *, Span, const AstParams *, Ast *body);

Ast *ast_bind(Arena *, Span, Span op_span, AstOp, Ast *target, Ast *value);
Ast *ast_for(Arena *, Span, bool is_static, const AstRange *, Ast *body);
Ast *ast_while(Arena *, Span, Ast *cond, Ast *limit, Ast *body);
Ast *ast_if(Arena *, Span, Ast *cond, Ast *yes, Ast *no_or_null);
Ast *ast_assert(Arena *, Span, Ast *cond, Span text_span, const char *text_or_null);
Ast *ast_return(Arena *, Span, Ast *);

Ast *ast_import(Arena *, Span, Span path_span, const char *path);
Ast *ast_dim(Arena *, Span, Span name_span, const char *name, Ast *size_or_null);
Ast *ast_const(Arena *, Span, Span name_span, const char *name, Ast *value);
Ast *ast_function(Arena *, Span, Span name_span, const char *name, const AstParams *, Ast *body,
                  Ast *derivative_or_null);
Ast *ast_export(Arena *, Span, Span name_span, const char *name, const AstList *requests_or_null);
Ast *ast_request(Arena *, Span, Span name_span, const char *name, const AstList *targets_or_null);
Ast *ast_derivative(Arena *, Span, const AstList *names, Ast *body);
Ast *ast_rule(Arena *, Span, bool is_fast, Ast *pattern, Ast *replacement_or_null);

/* ---- For everyone ---- */

const char *ast_op_text(AstOp); /* "+", "not" */
static inline bool ast_op_compares(AstOp op)
{
    return op >= AST_OP_EQ && op <= AST_OP_GE;
}

/* dg text again, with no more parentheses than it needs; a file, a declaration, a statement or an
 * expression. Comments are gone, and so are empty lines but for one around a function of several
 * lines. */
void ast_print(const Ast *, Text *);

#endif
