/* dg.y - the grammar. parse.c hands over a stream in which every bracket is closed and every
 * statement and declaration ends with a SEP; a syntax error skips to the next SEP. */
%define api.pure full
%define api.prefix {dg_}
%define api.token.prefix {TOK_}
%define api.location.type {Span}
%define parse.error custom
%define lr.type canonical-lr /* what a message says is expected is exact */
%define lr.default-reduction consistent
%locations
%param {Parser *p}
%expect 0

%code requires {
#include "compiler/parse_impl.h"
}

%code {
#define YYMALLOC(size) arena_alloc(p->arena, (size))
#define YYFREE(block) ((void)(block))
#define YYMAXDEPTH 60000 /* AST_MAX_NEST brackets, whatever stands between them */

/* From the first symbol to the last; a point behind what came before where there is none. */
#define YYLLOC_DEFAULT(all, rhs, n)                                                                \
    do {                                                                                           \
        (all) = YYRHSLOC(rhs, (n) ? 1 : 0);                                                        \
        if (n)                                                                                     \
            (all).end = YYRHSLOC(rhs, n).end;                                                      \
        else                                                                                       \
            (all).start = (all).end;                                                               \
    } while (0)

static int dg_lex(DG_STYPE *, Span *, Parser *);
static void dg_error(const Span *, Parser *, const char *);

#define ARENA p->arena
#define NEW_NODE(node, kind, whole, op) Ast *node = ast_new(ARENA, kind, whole, op)
#define KEEP(node) parse_keep(p, node)
#define BINARY(whole, at, op, a, b) KEEP(ast_binary(ARENA, whole, at, op, a, b))
#define PUSH(list, node) ast_list_push(ARENA, &(list), node)

static Span from(Span a, Span b) { return (Span){a.source, a.start, b.end}; }
static Ast *loop(Parser *, AstKind, Span whole, Span word, const char *index, Span, Ast *range,
                 Ast *body);
static Ast *while_loop(Parser *, Span whole, Span word, Ast *cond, Ast *limit, Ast *body);
static Ast *cond(Parser *, AstKind, Span whole, Span word, Ast *c, Ast *yes, Ast *no);
static Ast *named(Parser *, AstKind, Span whole, const char *name, Span, Ast *value);
static Ast *operand(Parser *, AstKind, Span whole, Span op, Ast *);
static Ast *request(Parser *, Span whole, const char *name, Span, AstList targets);
static Ast *type(Parser *, Span whole, const char *element, Span, bool shape, AstList dims);
static Ast *param(Parser *, Span whole, const char *name, Span, Ast *type, Ast *init);
static Ast *export(Parser *, Span whole, const char *name, Span, AstList requests);
static Ast *comprehension(Parser *, Span whole, Span word, Ast *element, AstList clauses);
static Ast *slice(Parser *, Span colon, Ast *start, Ast *stop, Ast *step);
}

%union {
    const char *text;
    Ast *node;
    AstList list;
    struct {
        const char *s;
        size_t n;
    } string;
}

%token END 0 "end of file"
%token START_PROGRAM START_EXPORT
%token SEP "end of line"
%token <text> NAME "a name"
%token <node> NUMBER "a number"
%token <string> STRING "a string"
%token FN "'fn'" PARAM "'param'" RETURN "'return'" EXPORT "'export'" WITH "'with'" AS "'as'"
%token IMPORT "'import'" DIM "'dim'" CONST "'const'" FOR "'for'" IN "'in'" WHILE "'while'"
%token LIMIT "'limit'" IF "'if'" ELSE "'else'" STATIC "'static'" ASSERT "'assert'" TRUE "'true'"
%token FALSE "'false'" AND "'and'" OR "'or'" NOT "'not'" DERIVATIVE "'derivative'"
%token EQ "'=='" NE "'!='" LE "'<='" GE "'>='" ADD_TO "'+='" SUB_TO "'-='" MUL_TO "'*='"
%token DIV_TO "'/='" FLOOR_DIV "'//'" ARROW "'->'" SPARSE "'sparse'"

%type <node> file declaration body export request type parameter typed derivative
%type <node> block statement if for_range expression choice or and not comparison sum product
%type <node> unary power postfix primary argument item comprehension clause initial
%type <list> requests targets names parameters parameter_list dims expressions statements clauses
%type <list> arguments argument_list items declarations
%type <node> bound
%type <text> compare add multiply assign element

%%

start:
    START_PROGRAM file                 { p->result = $2; }
  | START_EXPORT export                { p->result = $2; }
  | START_EXPORT EXPORT export         { p->result = $3; }
  ;

/* ---- Declarations ---- */

file:
    declarations                       { Span all = {p->source, 0, (uint32_t)p->size};
                                         $$ = KEEP(ast_of_list(ARENA, AST_FILE, all, $1)); }
  ;

declarations:
    %empty                             { $$ = (AstList){0}; }
  | declarations declaration SEP       { $$ = $1; PUSH($$, $2); }
  | declarations error SEP             { $$ = $1; yyerrok; }
  ;

declaration:
    DIM NAME                           { $$ = named(p, AST_DIM, @$, $2, @2, NULL); }
  | DIM NAME '=' expression            { $$ = named(p, AST_DIM, @$, $2, @2, $4); }
  | CONST NAME '=' expression          { $$ = named(p, AST_CONST, @$, $2, @2, $4); }
  | FN NAME '(' parameters ')' body    { $$ = parse_function(p, AST_FN, @$, $2, @2, $4, $6, NULL); }
  | FN NAME '(' parameters ')' body derivative
                                       { $$ = parse_function(p, AST_FN, @$, $2, @2, $4, $6, $7); }
  | IMPORT STRING                      { NEW_NODE(n, AST_IMPORT, @$, @2);
                                         n->text.s = $2.s;
                                         n->text.n = $2.n;
                                         $$ = KEEP(n); }
  | EXPORT export                      { $2->span = @$; $$ = $2; }
  ;

body:
    '=' expression                     { $$ = $2; }
  | block
  ;

derivative:
    DERIVATIVE '(' parameters ')' body { $$ = parse_function(p, AST_FN_EXPR, @$, NULL, @1, $3, $5,
                                                             NULL); }
  ;

export:
    NAME                               { $$ = export(p, @$, $1, @1, (AstList){0}); }
  | NAME WITH requests                 { $$ = export(p, @$, $1, @1, $3); }
  ;

requests:
    request                            { $$ = (AstList){0}; PUSH($$, $1); }
  | requests ',' request               { $$ = $1; PUSH($$, $3); }
  ;

request:
    NAME targets                       { $$ = request(p, @$, $1, @1, $2); }
  | request SPARSE                     { $$ = $1; $$->span = @$; $$->request.sparse = true; }
  | request AS NAME                    { $$ = $1;
                                         $$->span = @$;
                                         if ($$->request.as)
                                             diag_error(p->diags, from(@2, @3),
                                                        "a derivative is named twice");
                                         $$->request.as = $3;
                                         $$->request.as_span = @3; }
  ;

targets:
    %empty                             { $$ = (AstList){0}; }
  | '(' ')'                            { $$ = (AstList){0}; }
  | '(' names ')'                      { $$ = $2; }
  | '(' names ',' ')'                  { $$ = $2; }
  ;

names:
    NAME                               { $$ = (AstList){0}; PUSH($$, ast_name(ARENA, @1, $1)); }
  | names ',' NAME                     { $$ = $1; PUSH($$, ast_name(ARENA, @3, $3)); }
  ;

parameters:
    %empty                             { $$ = (AstList){0}; }
  | parameter_list
  | parameter_list ','
  ;

parameter_list:
    parameter                          { $$ = (AstList){0}; PUSH($$, $1); }
  | parameter_list ',' parameter       { $$ = $1; PUSH($$, $3); }
  ;

parameter:
    typed
  | typed initial                      { $$ = $1;
                                         diag_error(p->diags, @2, "only a 'param' has an initial "
                                                    "value: write 'param' before its name"); }
  | PARAM typed                        { $$ = $2; $$->span = @$; $$->param.trainable = true; }
  | PARAM typed initial                { $$ = param(p, @$, $2->param.name, $2->param.name_span,
                                                    $2->param.type, $3);
                                         $$->param.trainable = true; }
  ;

typed:
    NAME                               { $$ = param(p, @$, $1, @1, NULL, NULL); }
  | NAME '[' dims ']'                  { $$ = param(p, @$, $1, @1,
                                             type(p, from(@2, @4), NULL, @2, true, $3), NULL); }
  | NAME ':' type                      { $$ = param(p, @$, $1, @1, $3, NULL); }
  ;

initial:
    '~' expression                     { $$ = $2; }
  ;

type:
    element                            { $$ = type(p, @$, $1, @1, false, (AstList){0}); }
  | element '[' dims ']'               { $$ = type(p, @$, $1, @1, true, $3); }
  ;

element:
    NAME
  ;

dims:
    %empty                             { $$ = (AstList){0}; }
  | expressions
  | expressions ','
  ;

/* ---- Statements ---- */

block:
    '{' statements '}'                 { $$ = KEEP(ast_of_list(ARENA, AST_BLOCK, @$, $2)); }
  ;

statements:
    %empty                             { $$ = (AstList){0}; }
  | statements statement SEP           { $$ = $1; PUSH($$, $2); }
  | statements error SEP               { $$ = $1; yyerrok; }
  ;

statement:
    expression '=' expression          { $$ = parse_binding(p, @$, @2, "=", $1, $3); }
  | expression assign expression       { $$ = parse_binding(p, @$, @2, $2, $1, $3); }
  | expression                         { $$ = parse_unused(p, @1); }
  | FOR NAME IN for_range block        { $$ = loop(p, AST_FOR, @$, @1, $2, @2, $4, $5); }
  | STATIC FOR NAME IN for_range block { $$ = loop(p, AST_STATIC_FOR, @$, @1, $3, @3, $5, $6); }
  | WHILE expression LIMIT expression block
                                       { $$ = while_loop(p, @$, @1, $2, $4, $5); }
  | WHILE expression block             { diag_error(p->diags, from(@1, @2), "a while loop needs "
                                             "a limit: while c limit M { ... }");
                                         $$ = while_loop(p, @$, @1, $2, $2, $3); }
  | if
  | ASSERT expression                  { NEW_NODE(n, AST_ASSERT, @$, @1);
                                         n->assert_.cond = $2;
                                         $$ = KEEP(n); }
  | ASSERT expression ',' STRING       { NEW_NODE(n, AST_ASSERT, @$, @1);
                                         n->assert_.cond = $2;
                                         n->assert_.message = $4.s;
                                         $$ = KEEP(n); }
  | RETURN expression                  { $$ = operand(p, AST_RETURN, @$, @1, $2); }
  ;

if:
    IF expression block                { $$ = cond(p, AST_IF, @$, @1, $2, $3, NULL); }
  | IF expression block ELSE block     { $$ = cond(p, AST_IF, @$, @1, $2, $3, $5); }
  | IF expression block ELSE if        { $$ = cond(p, AST_IF, @$, @1, $2, $3, $5); }
  ;

assign:
    ADD_TO                             { $$ = "+"; }
  | SUB_TO                             { $$ = "-"; }
  | MUL_TO                             { $$ = "*"; }
  | DIV_TO                             { $$ = "/"; }
  ;

for_range:
    sum ':' sum                        { $$ = parse_range(p, @$, $1, $3, NULL); }
  | sum ':' sum ':' sum                { $$ = parse_range(p, @$, $1, $3, $5); }
  | sum                                { $$ = parse_range(p, @$, NULL, $1, NULL); }
  ;

/* ---- Expressions, from loosest to tightest ---- */

expressions:
    expression                         { $$ = (AstList){0}; PUSH($$, $1); }
  | expressions ',' expression         { $$ = $1; PUSH($$, $3); }
  ;

expression:
    choice
  | FN '(' parameters ')' expression   { $$ = parse_function(p, AST_FN_EXPR, @$, NULL, @1, $3, $5,
                                                             NULL); }
  | FN '(' parameters ')' block        { $$ = parse_function(p, AST_FN_EXPR, @$, NULL, @1, $3, $5,
                                                             NULL); }
  ;

choice:
    or
  | or '?' expression ':' expression   { $$ = cond(p, AST_TERNARY, @$, @2, $1, $3, $5); }
  ;

or:
    and
  | or OR and                          { $$ = BINARY(@$, @2, "or", $1, $3); }
  ;

and:
    not
  | and AND not                        { $$ = BINARY(@$, @2, "and", $1, $3); }
  ;

not:
    comparison
  | NOT not                            { $$ = KEEP(ast_unary(ARENA, @$, @1, "not", $2)); }
  ;

comparison:
    sum
  | sum compare sum                    { $$ = BINARY(@$, @2, $2, $1, $3); }
  ;

compare:
    EQ                                 { $$ = "=="; }
  | NE                                 { $$ = "!="; }
  | '<'                                { $$ = "<"; }
  | LE                                 { $$ = "<="; }
  | '>'                                { $$ = ">"; }
  | GE                                 { $$ = ">="; }
  ;

sum:
    product
  | sum add product                    { $$ = BINARY(@$, @2, $2, $1, $3); }
  ;

add:
    '+'                                { $$ = "+"; }
  | '-'                                { $$ = "-"; }
  ;

product:
    unary
  | product multiply unary             { $$ = BINARY(@$, @2, $2, $1, $3); }
  ;

multiply:
    '*'                                { $$ = "*"; }
  | '/'                                { $$ = "/"; }
  | FLOOR_DIV                          { $$ = "//"; }
  | '%'                                { $$ = "%"; }
  | '@'                                { $$ = "@"; }
  ;

unary:
    power
  | '-' unary                          { $$ = KEEP(ast_unary(ARENA, @$, @1, "-", $2)); }
  ;

power:
    postfix
  | postfix '^' unary                  { $$ = BINARY(@$, @2, "^", $1, $3); }
  ;

postfix:
    primary
  | postfix '(' arguments ')'          { $$ = parse_call(p, @$, @2, $1, $3); }
  | postfix '[' items ']'              { NEW_NODE(n, AST_INDEX, @$, @2);
                                         n->index.base = $1;
                                         n->index.item = $3.at;
                                         n->index.n = $3.n;
                                         $$ = KEEP(n); }
  | postfix '[' items ',' ']'          { NEW_NODE(n, AST_INDEX, @$, @2);
                                         n->index.base = $1;
                                         n->index.item = $3.at;
                                         n->index.n = $3.n;
                                         $$ = KEEP(n); }
  | postfix '\''                       { $$ = operand(p, AST_TRANSPOSE, @$, @2, $1); }
  ;

primary:
    NUMBER
  | STRING                             { NEW_NODE(n, AST_STRING, @$, @1);
                                         n->text.s = $1.s;
                                         n->text.n = $1.n;
                                         $$ = n; }
  | TRUE                               { $$ = ast_new(ARENA, AST_BOOL, @$, @1);
                                         $$->truth = true; }
  | FALSE                              { $$ = ast_new(ARENA, AST_BOOL, @$, @1); }
  | NAME                               { $$ = ast_name(ARENA, @1, $1); }
  | '(' expression ')'                 { $$ = $2; }
  | '(' ')'                            { $$ = ast_of_list(ARENA, AST_TUPLE, @$, (AstList){0}); }
  | '(' expression ',' ')'             { AstList one = {0};
                                         PUSH(one, $2);
                                         $$ = KEEP(ast_of_list(ARENA, AST_TUPLE, @$, one)); }
  | '(' expression ',' expressions ')' { AstList all = {0};
                                         PUSH(all, $2);
                                         for (int i = 0; i < $4.n; i++)
                                             PUSH(all, $4.at[i]);
                                         $$ = KEEP(ast_of_list(ARENA, AST_TUPLE, @$, all)); }
  | '(' expression ',' expressions ',' ')'
                                       { AstList all = {0};
                                         PUSH(all, $2);
                                         for (int i = 0; i < $4.n; i++)
                                             PUSH(all, $4.at[i]);
                                         $$ = KEEP(ast_of_list(ARENA, AST_TUPLE, @$, all)); }
  | '[' expressions ']'                { $$ = KEEP(ast_of_list(ARENA, AST_LIST, @$, $2)); }
  | '[' expressions ',' ']'            { $$ = KEEP(ast_of_list(ARENA, AST_LIST, @$, $2)); }
  | '[' comprehension ']'              { $$ = $2; $$->span = @$; }
  ;

comprehension:
    expression FOR clauses             { $$ = comprehension(p, @$, @2, $1, $3); }
  ;

clauses:
    clause                             { $$ = (AstList){0}; PUSH($$, $1); }
  | clauses ',' clause                 { $$ = $1; PUSH($$, $3); }
  ;

clause:
    NAME IN for_range                  { NEW_NODE(n, AST_CLAUSE, @$, @2);
                                         n->clause.name = $1;
                                         n->clause.name_span = @1;
                                         n->clause.range = $3;
                                         $$ = KEEP(n); }
  ;

arguments:
    %empty                             { $$ = (AstList){0}; }
  | argument_list
  | argument_list ','
  | comprehension                      { $1->comp.bare = true; $$ = (AstList){0}; PUSH($$, $1); }
  ;

argument_list:
    argument                           { $$ = (AstList){0}; PUSH($$, $1); }
  | argument_list ',' argument         { $$ = $1; PUSH($$, $3); }
  ;

argument:
    expression
  | NAME '=' expression                { $$ = named(p, AST_NAMED_ARG, @$, $1, @1, $3); }
  ;

items:
    item                               { $$ = (AstList){0}; PUSH($$, $1); }
  | items ',' item                     { $$ = $1; PUSH($$, $3); }
  ;

item:
    expression
  | bound ':' bound                    { $$ = slice(p, @2, $1, $3, NULL); }
  | bound ':' bound ':' bound          { $$ = slice(p, from(@2, @4), $1, $3, $5); }
  ;

bound:
    %empty                             { $$ = NULL; }
  | sum
  ;

%%

static int dg_lex(DG_STYPE *value, Span *span, Parser *p)
{
    const Token *t = &p->tokens.at[p->next++];
    for (int depth = 0; p->recovering; t = &p->tokens.at[p->next++]) { /* over whole blocks */
        depth += t->type == '{' ? 1 : t->type == '}' && depth ? -1 : 0;
        if (t->type == TOK_END || (t->type == TOK_SEP && !depth))
            p->recovering = false;
        if (!p->recovering)
            break;
    }
    *span = t->span;
    if (t->type == TOK_NUMBER) {
        value->node = t->number;
    } else if (t->type == TOK_STRING) {
        value->string.s = t->text;
        value->string.n = t->size;
    } else {
        value->text = t->text;
    }
    return t->type;
}

static int yyreport_syntax_error(const yypcontext_t *ctx, Parser *p)
{
    yysymbol_kind_t kind[YYNTOKENS];
    const char *name[YYNTOKENS];
    int n = yypcontext_expected_tokens(ctx, kind, YYNTOKENS);
    for (int i = 0; i < n; i++)
        name[i] = yysymbol_name(kind[i]);
    parse_unexpected(p, n, name);
    if (yypcontext_token(ctx) == YYSYMBOL_SEP)
        return 0;
    if (yypcontext_token(ctx) == YYSYMBOL_YYEOF)
        return 0;
    p->recovering = true;
    if (p->tokens.at[p->next - 1].type == '{')
        p->next--;
    return 0;
}

/* Only where the parser's stack is full. */
static void dg_error(const Span *span, Parser *p, const char *message)
{
    (void)message;
    parse_too_deep(p, *span);
}

static Ast *loop(Parser *p, AstKind kind, Span whole, Span word, const char *index, Span index_span,
                 Ast *range, Ast *body)
{
    Ast *n = ast_new(p->arena, kind, whole, word);
    n->loop.index = index;
    n->loop.index_span = index_span;
    n->loop.range = range;
    n->loop.body = body;
    return KEEP(n);
}

static Ast *while_loop(Parser *p, Span whole, Span word, Ast *c, Ast *limit, Ast *body)
{
    Ast *n = ast_new(p->arena, AST_WHILE, whole, word);
    n->loop.cond = c;
    n->loop.limit = limit;
    n->loop.body = body;
    return KEEP(n);
}

static Ast *cond(Parser *p, AstKind kind, Span whole, Span word, Ast *c, Ast *yes, Ast *no)
{
    Ast *n = ast_new(p->arena, kind, whole, word);
    n->cond.cond = c;
    n->cond.yes = yes;
    n->cond.no = no;
    return KEEP(n);
}

static Ast *named(Parser *p, AstKind kind, Span whole, const char *name, Span name_span, Ast *value)
{
    Ast *n = ast_new(p->arena, kind, whole, name_span);
    n->decl.name = name;
    n->decl.name_span = name_span;
    n->decl.value = value;
    return KEEP(n);
}

static Ast *operand(Parser *p, AstKind kind, Span whole, Span op, Ast *of)
{
    Ast *n = ast_new(p->arena, kind, whole, op);
    n->operand = of;
    return KEEP(n);
}

static Ast *request(Parser *p, Span whole, const char *name, Span name_span, AstList targets)
{
    Ast *n = ast_new(p->arena, AST_REQUEST, whole, name_span);
    n->request.name = name;
    n->request.name_span = name_span;
    n->request.target = targets.at;
    n->request.n = targets.n;
    return KEEP(n);
}

static Ast *type(Parser *p, Span whole, const char *element, Span element_span, bool shape,
                 AstList dims)
{
    Ast *n = ast_new(p->arena, AST_TYPE, whole, element_span);
    n->type.element = element;
    n->type.element_span = element_span;
    n->type.has_shape = shape;
    n->type.dim = dims.at;
    n->type.n = dims.n;
    return KEEP(n);
}

static Ast *param(Parser *p, Span whole, const char *name, Span name_span, Ast *of, Ast *init)
{
    Ast *n = ast_new(p->arena, AST_PARAM, whole, name_span);
    n->param.name = name;
    n->param.name_span = name_span;
    n->param.type = of;
    n->param.init = init;
    return KEEP(n);
}

static Ast *export(Parser *p, Span whole, const char *name, Span name_span, AstList requests)
{
    Ast *n = ast_new(p->arena, AST_EXPORT, whole, name_span);
    n->export_.name = name;
    n->export_.name_span = name_span;
    n->export_.request = requests.at;
    n->export_.n = requests.n;
    return KEEP(n);
}

static Ast *comprehension(Parser *p, Span whole, Span word, Ast *element, AstList clauses)
{
    Ast *n = ast_new(p->arena, AST_COMPREHENSION, whole, word);
    n->comp.element = element;
    n->comp.clause = clauses.at;
    n->comp.n = clauses.n;
    return KEEP(n);
}

/* `colon` reaches from the first colon to the last. */
static Ast *slice(Parser *p, Span colon, Ast *start, Ast *stop, Ast *step)
{
    Span whole = colon;
    if (start)
        whole.start = start->span.start;
    if (stop && stop->span.end > whole.end)
        whole.end = stop->span.end;
    if (step)
        whole.end = step->span.end;
    Ast *n = ast_new(p->arena, AST_SLICE, whole, colon);
    n->range.start = start;
    n->range.stop = stop;
    n->range.step = step;
    return KEEP(n);
}
