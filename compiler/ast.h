/* ast.h - the syntax tree: what parse.c makes of a text, before anything has a meaning.
 *
 * A node says by `kind` which member of the union counts. All text (names, operators, strings)
 * ends with NUL and lives in the arena, as do the nodes; nobody changes a node once it is made.
 *
 * Depth: a chain of left-associative operators (a + b + c + ...) is a spine of AST_BINARY nodes
 * down its `left` members and may be 100,000 nodes long: walk it in a loop (ast_spine) where you
 * can. All other nesting is at most AST_MAX_NEST nodes deep, so recursion is safe there. */
#ifndef GRADC_AST_H
#define GRADC_AST_H

#include "diag.h"

enum { AST_MAX_NEST = 1000 };

typedef enum AstKind {
    AST_ERROR, /* a place where a message was given; never in a tree that parse.c hands out */

    /* Declarations */
    AST_FILE,    /* list: the declarations in order */
    AST_DIM,     /* decl: `dim K = 10`; value NULL of an open size `dim N` */
    AST_CONST,   /* decl: `const g = 9.81` */
    AST_FN,      /* fn: `fn f(a) = e`, `fn f(a) { ... }` */
    AST_IMPORT,  /* text: the path */
    AST_EXPORT,  /* export: `export f with grad(a), hvp(a) as curv` */
    AST_REQUEST, /* request: `jacobian(a, b) sparse as J` */
    AST_PARAM,   /* param: `param W: f32[D, H] ~ zeros` of a function */
    AST_TYPE,    /* type: `f32[D, H]`, `f32`, or only `[D, H]` */

    /* Statements */
    AST_BLOCK,        /* list: `{ ... }` */
    AST_BIND,         /* decl: `x = e`; `x += e` comes as `x = x + e` with op_span on `+=` */
    AST_BIND_TUPLE,   /* bind: `(a, b) = e`; the targets are AST_NAME */
    AST_ASSIGN_INDEX, /* assign: `x[i] = e`, `x[i] += e` */
    AST_FOR,          /* loop: `for i in a:b { ... }` */
    AST_STATIC_FOR,   /* loop */
    AST_WHILE,        /* loop: `while c limit M { ... }` */
    AST_IF,           /* cond: statement; `no` is AST_BLOCK, AST_IF (`else if`) or NULL */
    AST_ASSERT,       /* assert_: `assert c, "message"` */
    AST_RETURN,       /* operand: an AST_TUPLE where several values return */

    /* Expressions */
    AST_NUMBER,        /* number */
    AST_STRING,        /* text */
    AST_BOOL,          /* truth */
    AST_NAME,          /* name; pi, e, inf, nan and eps too */
    AST_UNARY,         /* unary: op is "-" or "not" */
    AST_BINARY,        /* binary: op is + - * / // % @ ^ == != < <= > >= and or */
    AST_TERNARY,       /* cond: `c ? yes : no` */
    AST_CALL,          /* call: the arguments in order, AST_NAMED_ARG behind the others */
    AST_NAMED_ARG,     /* decl: `axis=1` */
    AST_INDEX,         /* index: items are expressions or AST_SLICE */
    AST_SLICE,         /* range: `1:3`, `::2`, `:`; each member may be NULL */
    AST_TRANSPOSE,     /* operand */
    AST_LIST,          /* list: `[a, b]`, never empty */
    AST_TUPLE,         /* list: `(a, b)`, `(a,)`, `()` */
    AST_COMPREHENSION, /* comp: `[e for i in 0:n]`; bare as the sole argument of a call */
    AST_CLAUSE,        /* clause: `i in 0:n` */
    AST_RANGE,         /* range: `a:b`, `a:b:s`; only step may be NULL */
    AST_FN_EXPR        /* fn: `fn (y) e`, its name NULL */
} AstKind;

typedef struct Ast Ast;

/* A function: of a declaration or an expression. */
typedef struct AstFunction {
    const char *name;  /* NULL: `fn (y) e` */
    Span span;         /* all of it */
    Span name_span;    /* of an expression: the word `fn` */
    Ast **param;       /* AST_PARAM */
    int nparam;
    Ast *body;         /* an AST_BLOCK, or an expression */
    Ast *derivative;   /* `derivative (x, y, dy) = e`: AST_FN_EXPR with those parameters, or NULL */
} AstFunction;

typedef struct AstList {
    Ast **at;
    int n, cap;
} AstList;

struct Ast {
    AstKind kind;
    int nest;     /* levels of nodes beneath it; a left spine is one level */
    Span span;    /* the whole extent */
    Span op_span; /* the operator, the name that is bound or declared, the word that begins a
                   * statement, the bracket of a call or index, `for` of a comprehension */
    union {
        struct {
            Ast **item;
            int n;
        } list;
        struct {
            const char *name;
            Span name_span;
            Ast *value;
        } decl;
        AstFunction *fn;
        struct {
            const char *name;
            Span name_span;
            Ast **request; /* AST_REQUEST */
            int n;
        } export_;
        struct {
            const char *name;     /* grad, vjp, jvp, jacobian, hessian, hvp: unchecked */
            Span name_span;
            Ast **target;         /* AST_NAME; none: the default ones */
            int n;
            bool sparse;
            const char *as;       /* NULL: named after the function */
            Span as_span;
        } request;
        struct {
            const char *name;
            Span name_span;
            bool trainable;       /* `param` */
            Ast *type;            /* AST_TYPE, or NULL */
            Ast *init;            /* behind `~`, or NULL; only where trainable */
        } param;
        struct {
            const char *element;  /* "f32", unchecked; NULL: real */
            Span element_span;
            bool has_shape;       /* false: `x: f32` */
            Ast **dim;
            int n;
        } type;
        struct {
            Ast **target;         /* AST_NAME */
            int n;
            Ast *value;
        } bind;
        struct {
            Ast *target;          /* AST_INDEX of an AST_NAME */
            const char *op;       /* "=", or the operator of `+=`: "+" "-" "*" "/" */
            Ast *value;
        } assign;
        struct {
            const char *index;    /* NULL of while */
            Span index_span;
            Ast *range;           /* AST_RANGE; NULL of while */
            Ast *cond, *limit;    /* of while */
            Ast *body;            /* AST_BLOCK */
        } loop;
        struct {
            Ast *cond, *yes, *no;
        } cond;
        struct {
            Ast *cond;
            const char *message;  /* NULL: none was given */
        } assert_;
        struct {
            const char *text;     /* as written */
            bool is_int;
            int64_t i;            /* where is_int */
            double value;         /* always */
        } number;
        struct {
            const char *s;        /* escapes undone */
            size_t n;
        } text;
        bool truth;
        const char *name;
        Ast *operand;
        struct {
            const char *op;
            Ast *operand;
        } unary;
        struct {
            const char *op;
            Ast *left, *right;
        } binary;
        struct {
            Ast *callee;          /* any expression */
            Ast **arg;
            int n, npositional;   /* arg[npositional..n) are AST_NAMED_ARG */
        } call;
        struct {
            Ast *base;
            Ast **item;
            int n;
        } index;
        struct {
            Ast *start, *stop, *step;
        } range;
        struct {
            Ast *element;
            Ast **clause;         /* AST_CLAUSE, outermost first */
            int n;
            bool bare;            /* without brackets, as in `sum(e for i in 0:n)`: a reduction */
        } comp;
        struct {
            const char *name;
            Span name_span;
            Ast *range;           /* AST_RANGE */
        } clause;
    };
};

/* ---- Operators ---- */

bool ast_is_op(const Ast *, const char *op); /* a unary or binary node of that operator */

/* The nodes of a left spine, outermost last: for `a + b * c - d` the `+` node and the `-` node.
 * Gives the number of nodes; *first is the leftmost operand (the node itself when it is no
 * AST_BINARY; then the number is 0). In an array of the arena. */
int ast_spine(Arena *, const Ast *, const Ast **first, const Ast *const **nodes);

/* ---- Text ---- */

/* The tree as dg text, with parentheses only where they are needed; a declaration or statement
 * ends with a newline. What is printed parses to the same tree. */
void ast_print(const Ast *, Text *);
const char *ast_kind_name(AstKind); /* "AST_CALL" */

/* ---- For the grammar ---- */

Ast *ast_new(Arena *, AstKind, Span whole, Span op);
void ast_list_push(Arena *, AstList *, Ast *);
/* Finishes a node whose members are set: computes nest. Every node is made this way. */
Ast *ast_done(Ast *);
Ast *ast_unary(Arena *, Span whole, Span op_span, const char *op, Ast *);
Ast *ast_binary(Arena *, Span whole, Span op_span, const char *op, Ast *left, Ast *right);
Ast *ast_of_list(Arena *, AstKind, Span whole, AstList); /* AST_FILE, BLOCK, LIST, TUPLE */
Ast *ast_name(Arena *, Span, const char *name);

#endif
