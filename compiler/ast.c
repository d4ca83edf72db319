/* ast.c - makes the nodes of the syntax tree, and prints them as dg text. */
#include "ast.h"

/* ---- Making nodes ---- */

Ast *ast_new(Arena *arena, AstKind kind, Span whole, Span op)
{
    Ast *n = NEW(arena, Ast);
    n->kind = kind;
    n->span = whole;
    n->op_span = op;
    return n;
}

void ast_list_push(Arena *arena, AstList *list, Ast *n)
{
    vec_push(arena, list, n);
}

static void over(Ast *n, const Ast *child)
{
    if (child && child->nest >= n->nest)
        n->nest = child->nest + 1;
}

static void over_all(Ast *n, int count, Ast *const *child)
{
    for (int i = 0; i < count; i++)
        over(n, child[i]);
}

Ast *ast_done(Ast *n)
{
    n->nest = 0;
    switch (n->kind) {
    case AST_FILE:
    case AST_BLOCK:
    case AST_LIST:
    case AST_TUPLE: over_all(n, n->list.n, n->list.item); break;
    case AST_DIM:
    case AST_CONST:
    case AST_BIND:
    case AST_NAMED_ARG: over(n, n->decl.value); break;
    case AST_FN:
    case AST_FN_EXPR:
        over_all(n, n->fn->nparam, n->fn->param);
        over(n, n->fn->body);
        over(n, n->fn->derivative);
        break;
    case AST_EXPORT: over_all(n, n->export_.n, n->export_.request); break;
    case AST_REQUEST: over_all(n, n->request.n, n->request.target); break;
    case AST_PARAM:
        over(n, n->param.type);
        over(n, n->param.init);
        break;
    case AST_TYPE: over_all(n, n->type.n, n->type.dim); break;
    case AST_BIND_TUPLE:
        over_all(n, n->bind.n, n->bind.target);
        over(n, n->bind.value);
        break;
    case AST_ASSIGN_INDEX:
        over(n, n->assign.target);
        over(n, n->assign.value);
        break;
    case AST_FOR:
    case AST_STATIC_FOR:
    case AST_WHILE:
        over(n, n->loop.range);
        over(n, n->loop.cond);
        over(n, n->loop.limit);
        over(n, n->loop.body);
        break;
    case AST_IF:
    case AST_TERNARY:
        over(n, n->cond.cond);
        over(n, n->cond.yes);
        over(n, n->cond.no);
        break;
    case AST_ASSERT: over(n, n->assert_.cond); break;
    case AST_RETURN:
    case AST_TRANSPOSE: over(n, n->operand); break;
    case AST_UNARY: over(n, n->unary.operand); break;
    case AST_BINARY:
        over(n, n->binary.right);
        if (n->binary.left->kind != AST_BINARY)
            over(n, n->binary.left);
        else if (n->binary.left->nest > n->nest)
            n->nest = n->binary.left->nest;
        break;
    case AST_CALL:
        over(n, n->call.callee);
        over_all(n, n->call.n, n->call.arg);
        break;
    case AST_INDEX:
        over(n, n->index.base);
        over_all(n, n->index.n, n->index.item);
        break;
    case AST_SLICE:
    case AST_RANGE:
        over(n, n->range.start);
        over(n, n->range.stop);
        over(n, n->range.step);
        break;
    case AST_COMPREHENSION:
        over(n, n->comp.element);
        over_all(n, n->comp.n, n->comp.clause);
        break;
    case AST_CLAUSE: over(n, n->clause.range); break;
    case AST_ERROR:
    case AST_IMPORT:
    case AST_NUMBER:
    case AST_STRING:
    case AST_BOOL:
    case AST_NAME: break;
    }
    return n;
}

Ast *ast_unary(Arena *arena, Span whole, Span op_span, const char *op, Ast *x)
{
    Ast *n = ast_new(arena, AST_UNARY, whole, op_span);
    n->unary.op = op;
    n->unary.operand = x;
    return ast_done(n);
}

Ast *ast_binary(Arena *arena, Span whole, Span op_span, const char *op, Ast *left, Ast *right)
{
    Ast *n = ast_new(arena, AST_BINARY, whole, op_span);
    n->binary.op = op;
    n->binary.left = left;
    n->binary.right = right;
    return ast_done(n);
}

Ast *ast_of_list(Arena *arena, AstKind kind, Span whole, AstList list)
{
    Ast *n = ast_new(arena, kind, whole, whole);
    n->list.item = list.at;
    n->list.n = list.n;
    return ast_done(n);
}

Ast *ast_name(Arena *arena, Span span, const char *name)
{
    Ast *n = ast_new(arena, AST_NAME, span, span);
    n->name = name;
    return n;
}

/* ---- Operators ---- */

bool ast_is_op(const Ast *n, const char *op)
{
    return (n->kind == AST_UNARY && !strcmp(n->unary.op, op)) ||
           (n->kind == AST_BINARY && !strcmp(n->binary.op, op));
}

int ast_spine(Arena *arena, const Ast *n, const Ast **first, const Ast *const **nodes)
{
    int count = 0;
    for (const Ast *at = n; at->kind == AST_BINARY; at = at->binary.left)
        count++;
    const Ast **spine = NEW_N(arena, const Ast *, count + 1);
    *nodes = spine;
    for (int i = count; i-- > 0; n = n->binary.left)
        spine[i] = n;
    *first = n;
    return count;
}

/* How tightly an expression holds together; the grammar's levels. */
typedef enum Level {
    L_ANY, /* ternary, function */
    L_OR,
    L_AND,
    L_NOT,
    L_COMPARE,
    L_SUM,
    L_PRODUCT,
    L_UNARY,
    L_POWER,
    L_POSTFIX
} Level;

static Level op_level(const char *op)
{
    if (!strcmp(op, "or"))
        return L_OR;
    if (!strcmp(op, "and"))
        return L_AND;
    if (!strcmp(op, "+") || !strcmp(op, "-"))
        return L_SUM;
    if (!strcmp(op, "^"))
        return L_POWER;
    return strchr("=!<>", *op) ? L_COMPARE : L_PRODUCT;
}

static Level level(const Ast *n)
{
    switch (n->kind) {
    case AST_TERNARY:
    case AST_FN_EXPR: return L_ANY;
    case AST_BINARY: return op_level(n->binary.op);
    case AST_UNARY: return *n->unary.op == '-' ? L_UNARY : L_NOT;
    default: return L_POSTFIX;
    }
}

/* ---- Printing ---- */

typedef struct Printer {
    Text *out;
    int indent;
} Printer;

static void print(Printer *, const Ast *);
static void print_at(Printer *, const Ast *, Level);

static void put(Printer *p, const char *s)
{
    text_put(p->out, s);
}

static void print_list(Printer *p, int n, Ast *const *item)
{
    for (int i = 0; i < n; i++) {
        if (i)
            put(p, ", ");
        print(p, item[i]);
    }
}

static void new_line(Printer *p)
{
    put(p, "\n");
    for (int i = 0; i < p->indent; i++)
        put(p, "    ");
}

static void print_string(Printer *p, const char *s, size_t n)
{
    put(p, "\"");
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\n' || s[i] == '\t')
            put(p, s[i] == '\n' ? "\\n" : "\\t");
        else
            text_printf(p->out, "%s%c", s[i] == '"' || s[i] == '\\' ? "\\" : "", s[i]);
    }
    put(p, "\"");
}

/* The left spine in a loop: it may be very long. */
static void print_binary(Printer *p, const Ast *n)
{
    const Ast *const *node, *first = n;
    int count = ast_spine(p->out->arena, n, &first, &node);
    /* Only as far down as no parentheses are needed. */
    int from = count - 1;
    for (; from > 0; from--) {
        Level mine = op_level(node[from]->binary.op), left = op_level(node[from - 1]->binary.op);
        if (left < mine || (left == mine && (mine == L_POWER || mine == L_COMPARE)))
            break;
    }
    for (int i = from; i < count; i++) {
        const char *op = node[i]->binary.op;
        Level l = op_level(op);
        if (i == from)
            print_at(p, node[i]->binary.left,
                     l == L_POWER ? L_POSTFIX : l == L_COMPARE ? L_SUM : l);
        text_printf(p->out, l == L_POWER ? "%s" : " %s ", op);
        print_at(p, node[i]->binary.right, l == L_POWER ? L_UNARY : (Level)(l + 1));
    }
}

static void print_parameters(Printer *p, const AstFunction *fn)
{
    put(p, "(");
    print_list(p, fn->nparam, fn->param);
    put(p, ")");
}

static void print_body(Printer *p, const Ast *body, const char *before_expression)
{
    put(p, body->kind == AST_BLOCK ? " " : before_expression);
    print(p, body);
}

static void print_fn(Printer *p, const Ast *n)
{
    const AstFunction *fn = n->fn;
    put(p, "fn ");
    if (n->kind == AST_FN)
        put(p, fn->name);
    print_parameters(p, fn);
    print_body(p, fn->body, n->kind == AST_FN ? " = " : " ");
    if (!fn->derivative)
        return;
    put(p, " derivative ");
    print_parameters(p, fn->derivative->fn);
    print_body(p, fn->derivative->fn->body, " = ");
}

static void print_request(Printer *p, const Ast *n)
{
    put(p, n->request.name);
    if (n->request.n) {
        put(p, "(");
        print_list(p, n->request.n, n->request.target);
        put(p, ")");
    }
    if (n->request.sparse)
        put(p, " sparse");
    if (n->request.as)
        text_printf(p->out, " as %s", n->request.as);
}

static void print_type(Printer *p, const Ast *n)
{
    if (n->type.element)
        put(p, n->type.element);
    if (!n->type.has_shape)
        return;
    put(p, "[");
    print_list(p, n->type.n, n->type.dim);
    put(p, "]");
}

static void print_param(Printer *p, const Ast *n)
{
    text_printf(p->out, "%s%s", n->param.trainable ? "param " : "", n->param.name);
    if (n->param.type) {
        put(p, n->param.type->type.element ? ": " : "");
        print_type(p, n->param.type);
    }
    if (n->param.init) {
        put(p, " ~ ");
        print(p, n->param.init);
    }
}

static void print_block(Printer *p, const Ast *n)
{
    if (!n->list.n) {
        put(p, "{}");
        return;
    }
    put(p, "{");
    p->indent++;
    for (int i = 0; i < n->list.n; i++) {
        new_line(p);
        print(p, n->list.item[i]);
    }
    p->indent--;
    new_line(p);
    put(p, "}");
}

static void print_loop(Printer *p, const Ast *n)
{
    if (n->kind == AST_WHILE) {
        put(p, "while ");
        print(p, n->loop.cond);
        put(p, " limit ");
        print(p, n->loop.limit);
    } else {
        text_printf(p->out, "%sfor %s in ", n->kind == AST_FOR ? "" : "static ", n->loop.index);
        print(p, n->loop.range);
    }
    put(p, " ");
    print(p, n->loop.body);
}

static void print_if(Printer *p, const Ast *n)
{
    put(p, "if ");
    print(p, n->cond.cond);
    put(p, " ");
    print(p, n->cond.yes);
    if (n->cond.no) {
        put(p, " else ");
        print(p, n->cond.no);
    }
}

static void print_range(Printer *p, const Ast *n)
{
    if (n->range.start)
        print_at(p, n->range.start, L_SUM);
    put(p, ":");
    if (n->range.stop)
        print_at(p, n->range.stop, L_SUM);
    if (n->range.step) {
        put(p, ":");
        print_at(p, n->range.step, L_SUM);
    }
}

static void print_comprehension(Printer *p, const Ast *n)
{
    put(p, n->comp.bare ? "" : "[");
    print(p, n->comp.element);
    put(p, " for ");
    print_list(p, n->comp.n, n->comp.clause);
    put(p, n->comp.bare ? "" : "]");
}

static void print_binding(Printer *p, const Ast *n)
{
    if (n->kind == AST_BIND_TUPLE) {
        put(p, "(");
        print_list(p, n->bind.n, n->bind.target);
        put(p, n->bind.n == 1 ? ",) = " : ") = ");
        print(p, n->bind.value);
    } else if (n->kind == AST_ASSIGN_INDEX) {
        bool set = !strcmp(n->assign.op, "=");
        print(p, n->assign.target);
        text_printf(p->out, " %s%s ", n->assign.op, set ? "" : "=");
        print(p, n->assign.value);
    } else {
        text_printf(p->out, n->kind == AST_NAMED_ARG ? "%s=" : "%s = ", n->decl.name);
        print(p, n->decl.value);
    }
}

static void print_file(Printer *p, const Ast *n)
{
    for (int i = 0; i < n->list.n; i++) {
        print(p, n->list.item[i]);
        put(p, "\n");
    }
}

static void print_at(Printer *p, const Ast *n, Level least)
{
    bool brackets = level(n) < least;
    put(p, brackets ? "(" : "");
    print(p, n);
    put(p, brackets ? ")" : "");
}

static void print(Printer *p, const Ast *n)
{
    switch (n->kind) {
    case AST_ERROR: put(p, "<error>"); break;
    case AST_FILE: print_file(p, n); break;
    case AST_DIM:
    case AST_CONST:
        text_printf(p->out, "%s %s", n->kind == AST_DIM ? "dim" : "const", n->decl.name);
        if (n->decl.value) {
            put(p, " = ");
            print(p, n->decl.value);
        }
        break;
    case AST_FN:
    case AST_FN_EXPR: print_fn(p, n); break;
    case AST_IMPORT:
        put(p, "import ");
        print_string(p, n->text.s, n->text.n);
        break;
    case AST_EXPORT:
        text_printf(p->out, "export %s%s", n->export_.name, n->export_.n ? " with " : "");
        print_list(p, n->export_.n, n->export_.request);
        break;
    case AST_REQUEST: print_request(p, n); break;
    case AST_PARAM: print_param(p, n); break;
    case AST_TYPE: print_type(p, n); break;
    case AST_BLOCK: print_block(p, n); break;
    case AST_BIND:
    case AST_BIND_TUPLE:
    case AST_NAMED_ARG:
    case AST_ASSIGN_INDEX: print_binding(p, n); break;
    case AST_FOR:
    case AST_STATIC_FOR:
    case AST_WHILE: print_loop(p, n); break;
    case AST_IF: print_if(p, n); break;
    case AST_ASSERT:
        put(p, "assert ");
        print(p, n->assert_.cond);
        if (n->assert_.message) {
            put(p, ", ");
            print_string(p, n->assert_.message, strlen(n->assert_.message));
        }
        break;
    case AST_RETURN:
        put(p, "return ");
        print(p, n->operand);
        break;
    case AST_NUMBER: put(p, n->number.text); break;
    case AST_STRING: print_string(p, n->text.s, n->text.n); break;
    case AST_BOOL: put(p, n->truth ? "true" : "false"); break;
    case AST_NAME: put(p, n->name); break;
    case AST_UNARY:
        text_printf(p->out, *n->unary.op == '-' ? "%s" : "%s ", n->unary.op);
        print_at(p, n->unary.operand, *n->unary.op == '-' ? L_UNARY : L_NOT);
        break;
    case AST_BINARY: print_binary(p, n); break;
    case AST_TERNARY:
        print_at(p, n->cond.cond, L_OR);
        put(p, " ? ");
        print(p, n->cond.yes);
        put(p, " : ");
        print(p, n->cond.no);
        break;
    case AST_CALL:
        print_at(p, n->call.callee, L_POSTFIX);
        put(p, "(");
        print_list(p, n->call.n, n->call.arg);
        put(p, ")");
        break;
    case AST_INDEX:
        print_at(p, n->index.base, L_POSTFIX);
        put(p, "[");
        print_list(p, n->index.n, n->index.item);
        put(p, "]");
        break;
    case AST_SLICE:
    case AST_RANGE: print_range(p, n); break;
    case AST_TRANSPOSE:
        print_at(p, n->operand, L_POSTFIX);
        put(p, "'");
        break;
    case AST_LIST:
        put(p, "[");
        print_list(p, n->list.n, n->list.item);
        put(p, "]");
        break;
    case AST_TUPLE:
        put(p, "(");
        print_list(p, n->list.n, n->list.item);
        put(p, n->list.n == 1 ? ",)" : ")");
        break;
    case AST_COMPREHENSION: print_comprehension(p, n); break;
    case AST_CLAUSE:
        text_printf(p->out, "%s in ", n->clause.name);
        print(p, n->clause.range);
        break;
    }
}

static bool is_whole_line(AstKind kind)
{
    return (kind >= AST_DIM && kind <= AST_EXPORT) || (kind >= AST_BLOCK && kind <= AST_RETURN);
}

void ast_print(const Ast *n, Text *out)
{
    Printer p = {.out = out};
    print(&p, n);
    if (is_whole_line(n->kind))
        text_put(out, "\n");
}

const char *ast_kind_name(AstKind kind)
{
    static const char *const name[] = {
        "AST_ERROR",        "AST_FILE",       "AST_DIM",        "AST_CONST",     "AST_FN",
        "AST_IMPORT",       "AST_EXPORT",     "AST_REQUEST",    "AST_PARAM",     "AST_TYPE",
        "AST_BLOCK",        "AST_BIND",       "AST_BIND_TUPLE", "AST_ASSIGN_INDEX",
        "AST_FOR",          "AST_STATIC_FOR", "AST_WHILE",      "AST_IF",        "AST_ASSERT",
        "AST_RETURN",       "AST_NUMBER",     "AST_STRING",     "AST_BOOL",      "AST_NAME",
        "AST_UNARY",        "AST_BINARY",     "AST_TERNARY",    "AST_CALL",      "AST_NAMED_ARG",
        "AST_INDEX",        "AST_SLICE",      "AST_TRANSPOSE",  "AST_LIST",      "AST_TUPLE",
        "AST_COMPREHENSION", "AST_CLAUSE",    "AST_RANGE",      "AST_FN_EXPR"};
    return (unsigned)kind < ARRAY_LEN(name) ? name[kind] : "?";
}
