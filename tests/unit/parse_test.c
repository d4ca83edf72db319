/* parse_test.c - the parser: precedence, newlines, spans, recovery, depth, and that what is printed
 * parses to the same text again. */
#include "compiler/parse.h"
#include "tests/count.h"
#include "tests/heap.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct Case {
    Arena *arena;
    Diags diags;
} Case;

static Case begin(void)
{
    Case c = {.arena = new_arena()};
    c.diags.arena = c.arena;
    return c;
}

static Ast *parse_text(Case *c, const char *text)
{
    return parse_program(c->arena, &c->diags, diag_add_source(&c->diags, "t.dg", text, strlen(text)));
}

static const char *printed(Case *c, const Ast *n)
{
    Text out = {.arena = c->arena};
    text_put(&out, "");
    if (n)
        ast_print(n, &out);
    else
        diag_render(&c->diags, &out);
    return out.s;
}

/* ---- Precedence: every operator with its own parentheses ---- */

static void full(const Ast *n, Text *out)
{
    switch (n->kind) {
    case AST_UNARY:
        text_printf(out, "(%s ", n->unary.op);
        full(n->unary.operand, out);
        text_put(out, ")");
        break;
    case AST_BINARY:
        text_put(out, "(");
        full(n->binary.left, out);
        text_printf(out, " %s ", n->binary.op);
        full(n->binary.right, out);
        text_put(out, ")");
        break;
    case AST_TERNARY:
        text_put(out, "(");
        full(n->cond.cond, out);
        text_put(out, " ? ");
        full(n->cond.yes, out);
        text_put(out, " : ");
        full(n->cond.no, out);
        text_put(out, ")");
        break;
    case AST_TRANSPOSE:
        text_put(out, "(");
        full(n->operand, out);
        text_put(out, ")'");
        break;
    default: ast_print(n, out);
    }
}

static void precedence(const char *text, const char *want)
{
    Case c = begin();
    const Ast *file = parse_text(&c, arena_printf(c.arena, "fn f() = %s", text));
    Text out = {.arena = c.arena};
    text_put(&out, "");
    if (file)
        full(file->list.item[0]->fn->body, &out);
    same_text(text, file ? out.s : printed(&c, NULL), want);
    arena_free(c.arena);
}

static void test_precedence(void)
{
    precedence("a + b * c", "(a + (b * c))");
    precedence("a - b - c", "((a - b) - c)");
    precedence("a * b / c // d % e @ f", "(((((a * b) / c) // d) % e) @ f)");
    precedence("-x^2", "(- (x ^ 2))");
    precedence("2^-1", "(2 ^ (- 1))");
    precedence("a^b^c", "(a ^ (b ^ c))");
    precedence("2^-a^b", "(2 ^ (- (a ^ b)))");
    precedence("-a * -b", "((- a) * (- b))");
    precedence("--a", "(- (- a))");
    precedence("a'^2", "((a)' ^ 2)");
    precedence("a' * b'", "((a)' * (b)')");
    precedence("a''", "((a)')'");
    precedence("a < b + c", "(a < (b + c))");
    precedence("not a < b", "(not (a < b))");
    precedence("not not a and b", "((not (not a)) and b)");
    precedence("a or b and not c", "(a or (b and (not c)))");
    precedence("a or b or c", "((a or b) or c)");
    precedence("a ? b : c ? d : g", "(a ? b : (c ? d : g))");
    precedence("a ? b ? 1 : 2 : c", "(a ? (b ? 1 : 2) : c)");
    precedence("a or b ? c + 1 : d", "((a or b) ? (c + 1) : d)");
    precedence("(a + b) * c", "((a + b) * c)");
    precedence("a == b and c != d", "((a == b) and (c != d))");
    precedence("f(x)[0]'", "(f(x)[0])'");
}

/* ---- Printing: the fewest parentheses, and stable ---- */

static void round_trip(const char *text, const char *want)
{
    Case c = begin();
    const char *once = printed(&c, parse_text(&c, text));
    const char *twice = printed(&c, parse_text(&c, once));
    same_text(text, once, want ? want : text);
    same_text("printed again", twice, once);
    arena_free(c.arena);
}

static void test_round_trip(void)
{
    round_trip("import \"nn\"\ndim K = 10\ndim N\nconst g = 9.81\n", NULL);
    round_trip("const s = 0x1F + 1e-3 + .5\n", NULL);
    round_trip("fn f(x) = (a - (b - c))^2 + (-x)^2 - (a^b)^c\n", NULL);
    round_trip("fn f(x) = (((a)) + ((b * c)))\n", "fn f(x) = a + b * c\n");
    round_trip("fn f(x: f32[N, D * (D - 1) / 2], param W[3] ~ normal(0.1), k: i32, z[]) = x\n", NULL);
    round_trip("fn f(x) = x[1:3, ::2, :, -1, a:, :b:c, a::c, i]\n", NULL);
    round_trip("fn f(x) = zeros((), (a,), (a, b), dtype=f32, axis=1)\n", NULL);
    round_trip("fn f(x) = sum(x[i] for i in 0:n, j in 0:i) + sum([x[i] for i in 0:n:2])\n", NULL);
    round_trip("fn f(x) = map(fn (y) y + 1, x) + (fn (y) y)(3)\n", NULL);
    round_trip("fn f(x) = exp(x) derivative (x, y, dy) = y * dy\n", NULL);
    round_trip("fn f(x) {\n    return x\n}\nderivative (x, y, dy) {\n    return dy\n}\n",
               "fn f(x) {\n    return x\n} derivative (x, y, dy) {\n    return dy\n}\n");
    round_trip("fn f(x) {\n    (a, b) = g(x)\n    x[i] = 1\n    x[i, :] += 2\n    assert a < b, \"a \\\"b\\\"\"\n"
               "    return (a, b)\n}\n", NULL);
    round_trip("fn f(x) {\n    x -= 2 + 3\n}\n", "fn f(x) {\n    x = x - (2 + 3)\n}\n");
    round_trip("fn f(x) {\n    for i in 0:n {\n        static for j in 0:3:2 {\n            x = 1\n"
               "        }\n    }\n    while x < 1 limit 9 {}\n    if a {\n        x = 1\n"
               "    } else if b {} else {\n        x = 2\n    }\n}\n", NULL);
    round_trip("export f\nexport f with grad(a, b) as g, jacobian(a) sparse as J, hvp\n", NULL);
    round_trip("fn f(x) {\n    derivative = 1\n    return derivative(x) + sparse(x)\n}\n", NULL);
}

/* ---- Newlines ---- */

static void test_newlines(void)
{
    round_trip("const a = 1 +\n 2 *\n\n # comment\n 3\n", "const a = 1 + 2 * 3\n");
    round_trip("const a =\n 1; const b = [1,\n 2\n ]\n", "const a = 1\nconst b = [1, 2]\n");
    round_trip("\n\n;;const a = (1\n + 2)\r\n\r\n", "const a = 1 + 2\n");
    round_trip("fn f(x)\n{\n if x { y = 1 }\n else { y = 2 }\n return y }",
               "fn f(x) {\n    if x {\n        y = 1\n    } else {\n        y = 2\n    }\n    return y\n}\n");
    round_trip("fn f(x) { if x { y = 1 } z = 2; return z }",
               "fn f(x) {\n    if x {\n        y = 1\n    }\n    z = 2\n    return z\n}\n");
    round_trip("const a = map(fn (y) {\n z = y\n return z\n}, 3)\n",
               "const a = map(fn (y) {\n    z = y\n    return z\n}, 3)\n");
    round_trip("const a = x ?\n 1 :\n 2", "const a = x ? 1 : 2\n");
    round_trip("# nothing", "");
    round_trip("\xef\xbb\xbf" "dim N", "dim N\n");
    round_trip("fn f(x) = x'\n\nfn g(x) = x", "fn f(x) = x'\nfn g(x) = x\n");
}

/* ---- Spans ---- */

static void span_is(Case *c, Span s, const char *want)
{
    const char *text = c->diags.sources.at[s.source].text;
    const char *got = arena_printf(c->arena, "%.*s", (int)(s.end - s.start), text + s.start);
    same_text("span", got, want);
}

static void test_spans(void)
{
    Case c = begin();
    const Ast *file = parse_text(&c, "fn f(param W: f32[D] ~ ones, x[N]) {\n  y = (a + b) * g(x, k=3)'\n"
                                     "  x[i, 1:] += 2\n}\nexport f with grad(W) as g");
    if (!file) {
        result(false, "spans: %s", printed(&c, NULL));
        return;
    }
    const AstFunction *fn = file->list.item[0]->fn;
    const Ast *y = fn->body->list.item[0], *x = fn->body->list.item[1];
    const Ast *product = y->decl.value, *request = file->list.item[1]->export_.request[0];
    span_is(&c, fn->name_span, "f");
    span_is(&c, fn->param[0]->span, "param W: f32[D] ~ ones");
    span_is(&c, fn->param[0]->param.type->span, "f32[D]");
    span_is(&c, fn->param[1]->param.type->span, "[N]");
    span_is(&c, y->span, "y = (a + b) * g(x, k=3)'");
    span_is(&c, y->op_span, "y");
    span_is(&c, product->span, "(a + b) * g(x, k=3)'");
    span_is(&c, product->op_span, "*");
    span_is(&c, product->binary.left->span, "a + b");
    span_is(&c, product->binary.right->operand->call.arg[1]->span, "k=3");
    span_is(&c, x->op_span, "+=");
    span_is(&c, x->assign.target->index.item[1]->span, "1:");
    span_is(&c, request->span, "grad(W) as g");
    span_is(&c, request->request.as_span, "g");
    arena_free(c.arena);
}

/* ---- Errors ---- */

static void errors(const char *text, int want)
{
    Case c = begin();
    const Ast *n = parse_text(&c, text);
    if (c.diags.errors != want || (n && want))
        result(false, "%s: not %d errors: %s", text, want, printed(&c, NULL));
    else
        passed++;
    arena_free(c.arena);
}

static void test_recovery(void)
{
    errors("fn f(x) {\n a = +\n return x y\n b = ]\n z = (\n return\n}\nfn g(x) = )\nfn h(x) = x", 6);
    errors("fn f(x) {\n for i in {\n a = * 1\n }\n b = * 2\n}\nconst = 3\n", 3);
    errors("fn f(x) {\n y = (x + 1\n z = y\n return z\n}\nconst a = 1 2\n", 2);
    errors("fn f(x) {\n if x {\n y = 1\n return y\n\nfn g(x) = x\nfn h(x) = x x\n", 2);
    errors("x = 1\ny = 2\nz = 3\nfn f(x) = x", 3);
    errors("fn f(x) = x)\nfn g(x) = (x]\nfn h(x) { return x } }\n", 3);
    errors("const a = x $ 2\nconst b = x && !y || z ** 2\n", 5);
    errors("fn (x) {\n a b\n}\nfn f(x) = x", 1);
    errors("x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x;x", 25);
    errors("fn f(x) = \"a\n", 1);
}

/* ---- Size ---- */

static const char *repeat(Case *c, const char *before, const char *unit, int n, const char *after)
{
    Text t = {.arena = c->arena};
    text_put(&t, before);
    for (int i = 0; i < n; i++)
        text_put(&t, unit);
    text_put(&t, after);
    return t.s;
}

static void test_size(void)
{
    static const char *const deep[] = {"(", "[", "-", "not ", "x^", "f(", "x ? 1 : ", "fn (y) "};
    Case c = begin();
    const char *text = repeat(&c, "fn f(x) = x", " + x", 100000, "\n");
    const Ast *n = parse_text(&c, text);
    result(n && !strcmp(printed(&c, n), text), "100,000 terms come out as another text");
    CHECK(n && n->list.item[0]->fn->body->nest == 1);
    for (int i = 0; i < ARRAY_LEN(deep); i++)
        for (int k = 1010; k <= 101000; k *= 100) {
            Case d = begin();
            n = parse_text(&d, repeat(&d, "fn f(x) = ", deep[i], k, "x\n"));
            result(!n && d.diags.errors == 1 && strstr(printed(&d, NULL), "nests too deeply"),
                   "%s: not too deep: %s", deep[i], printed(&d, n));
            arena_free(d.arena);
        }
    n = parse_text(&c, repeat(&c, "fn f(x) = ", "-", 990, "x\n"));
    result(n != NULL, "990 signs are refused");
    arena_free(c.arena);
}

int main(void)
{
    test_precedence();
    test_round_trip();
    test_newlines();
    test_spans();
    test_recovery();
    test_size();
    return sum_up();
}
