/* rules.c - the strings of ops.def as terms: partial derivatives built, rewrite rules matched.
 *
 * The strings of an operation are read when it is first asked for. A rule rewrites
 * the operation about to be built, its operands being rewritten already; what comes
 * out is built by the ordinary constructors and so rewritten in its turn.
 *
 * That ends, because every rule lowers the measure of a term (rule_measure):
 * - a parameter, a constant and any other leaf counts 10;
 * - scale(x, y) counts x*y, so that moving it inwards through a sum or a select is a descent;
 * - any other operation counts its operands and its cost of ops.def and 1, but softplus, which
 *   counts 30 and its operand: log(sigmoid(x)) shall become -softplus(-x).
 * The measure grows with each of its operands, so that a rewrite inside a term lowers the
 * whole. Hooks that build sums (logsumexp, softmax) are the exception: they do not apply to
 * what they made. tests/unit/rules_test.c checks each rule of the table. */
#include "rules_impl.h"

typedef struct Rule {
    const Term *pattern, *replacement;
    const char *text;
    bool fast;    /* "? ": only with --fast-math */
    bool integer; /* exact for integers and bools too */
    int nswap;    /* commuting operations in the pattern */
} Rule;

/* What the table says of one operation. */
typedef struct OpRules {
    bool read, partials_read;
    const Term *partial[3];
    VEC(Rule) rules;
} OpRules;

enum { MAX_NESTED = 64 };

struct RuleSet {
    int depth; /* rules whose replacement is being built, one inside the other */
    Arena *arena;
    OpRules op[OP_COUNT];
};

/* ---- Reading the table ---- */

RuleSet *rules_new(Arena *arena)
{
    RuleSet *rules = NEW(arena, RuleSet);
    rules->arena = arena;
    return rules;
}

/* Numbers the commuting operations of a pattern. */
static void number_swaps(const Term *term, int *n)
{
    Term *t = (Term *)term; /* read just now, nobody else has it yet */
    t->swap = t->kind == TERM_OP && t->narg == 2 && op_table[t->op].flags & COMMUTES ? (*n)++ : -1;
    for (int i = 0; i < t->narg; i++)
        number_swaps(t->arg[i], n);
}

/* Whether a term is made of what is exact in arithmetic modulo 2^n, and of logic. */
static bool exact_for_integers(const Term *term)
{
    for (int i = 0; i < term->narg; i++)
        if (!exact_for_integers(term->arg[i]))
            return false;
    if (term->kind != TERM_OP)
        return term->kind != TERM_HOOK;
    switch (term->op) {
    case OP_NEG:
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_SCALE:
    case OP_SELECT:
    case OP_MAX:
    case OP_MIN:
    case OP_AND:
    case OP_OR:
    case OP_NOT:
    case OP_STOP: return true;
    default: return false;
    }
}

/* `a * 1 -> a; ? a * 0 -> 0` */
static void read_rules(Arena *arena, OpRules *of, const char *text)
{
    for (;;) {
        text += strspn(text, "; ");
        size_t n = strcspn(text, ";");
        if (!n)
            return;
        Rule rule = {.text = arena_strndup(arena, text, n)};
        TermRule term;
        text += n;
        if (!term_read(arena, rule.text, &term) || !term.replacement)
            continue;
        rule.pattern = term.pattern;
        rule.replacement = term.replacement;
        rule.fast = term.fast;
        number_swaps(rule.pattern, &rule.nswap);
        rule.integer = exact_for_integers(rule.pattern) && exact_for_integers(rule.replacement);
        vec_push(arena, &of->rules, rule);
    }
}

static OpRules *op_rules(Graph *g, Op op)
{
    if (!g->rules)
        g->rules = rules_new(g->arena);
    OpRules *of = &g->rules->op[op];
    if (of->read)
        return of;
    of->read = true;
    Arena *arena = g->rules->arena;
    const OpInfo *info = &op_table[op];
    for (int i = 0; i < ARRAY_LEN(info->rules) && info->rules[i]; i++)
        read_rules(arena, of, info->rules[i]);
    return of;
}

static const Term *partial(Graph *g, Op op, int i)
{
    OpRules *of = op_rules(g, op);
    const OpInfo *info = &op_table[op];
    for (int k = 0; k < ARRAY_LEN(info->d) && !of->partials_read; k++) {
        TermRule term;
        if (info->d[k] && term_read(g->rules->arena, info->d[k], &term))
            of->partial[k] = term.pattern;
    }
    of->partials_read = true;
    return of->partial[i];
}

/* ---- Building ---- */

/* A term as nodes; numbers are of type t. NULL where a hook declines. */
static Node *build(Graph *g, const Term *term, const Match *m, Dtype t)
{
    Node *in[3];
    if (term->kind == TERM_LETTER)
        return m->letter[term->letter];
    if (term->kind == TERM_NUMBER)
        return const_real(g, t, term->number);
    for (int i = 0; i < term->narg; i++)
        if (!(in[i] = build(g, term->arg[i], m, t)))
            return NULL;
    if (term->kind == TERM_HOOK)
        return term->hook(g, m, in);
    if (op_table[term->op].family == F_REDUCE && m->nview)
        return m->view[0]; /* a reduction in a replacement is that of the pattern */
    if (op_table[term->op].family == F_REDUCE) /* in a pattern that a test builds */
        return reduce_all(g, term->op, in[0]);
    return pointwise(g, term->op, term->narg, in);
}

Node *rules_partial(Graph *g, Node *n, int i)
{
    const Term *term = partial(g, (Op)n->op, i);
    if (!term || (term->kind == TERM_NUMBER && term->number == 0))
        return NULL;
    Match m = {0};
    for (int k = 0; k < n->nin; k++)
        m.letter[k] = n->in[k];
    m.letter['r' - 'a'] = n;
    return build(g, term, &m, (Dtype)n->dtype);
}

/* ---- Matching ---- */

static bool binds_constants(int letter)
{
    return letter == 'k' - 'a' || letter == 'm' - 'a';
}

static bool bind(int letter, Node *n, Match *m)
{
    double v;
    if (m->letter[letter])
        return m->letter[letter] == n;
    if (binds_constants(letter) && !node_uniform(n, &v))
        return false;
    m->letter[letter] = n;
    return true;
}

/* Bit term->swap of `order` says which way round a commuting operation is tried. */
static bool match(const Term *term, Node *n, unsigned order, Match *m);

static bool match_operands(const Term *term, Node *const *in, unsigned order, Match *m)
{
    bool swap = term->swap >= 0 && (order >> term->swap & 1);
    for (int i = 0; i < term->narg; i++)
        if (!match(term->arg[swap ? 1 - i : i], in[i], order, m))
            return false;
    return true;
}

static bool match(const Term *term, Node *n, unsigned order, Match *m)
{
    if (term->kind == TERM_LETTER)
        return bind(term->letter, n, m);
    if (term->kind == TERM_NUMBER)
        return node_is_value(n, term->number);
    Node *view = n;
    if (op_table[term->op].family == F_REDUCE) {
        if (n->op == OP_RESHAPE)
            n = n->in[0];
        /* its axes are those of the operand as it stands: that must not be broadcast */
        if (n->op != term->op || m->nview == MAX_VIEWS || n->in[0]->op == OP_EXPAND)
            return false;
        m->reduction[m->nview] = n;
        m->view[m->nview++] = view;
        return match(term->arg[0], n->in[0], order, m);
    }
    /* broadcasting is implicit below a pointwise operation */
    if (n->op == OP_EXPAND)
        n = n->in[0];
    return n->op == term->op && match_operands(term, n->in, order, m);
}

/* Whether a term may match, as far as the operation of the node tells: most rules end here. */
static bool may_match(const Term *term, const Node *n)
{
    if (n->op == OP_EXPAND || n->op == OP_RESHAPE)
        return true;
    if (term->kind == TERM_OP)
        return n->op == term->op;
    return n->op == OP_CONST || (term->kind == TERM_LETTER && !binds_constants(term->letter));
}

static bool operands_may_match(const Term *pattern, Node *const *in)
{
    bool straight = true;
    for (int i = 0; i < pattern->narg; i++)
        straight &= may_match(pattern->arg[i], in[i]);
    return straight || (pattern->swap >= 0 && may_match(pattern->arg[0], in[1]) &&
                        may_match(pattern->arg[1], in[0]));
}

static Node *apply(Graph *g, const Rule *rule, Node *const *in, Dtype t)
{
    if (!operands_may_match(rule->pattern, in))
        return NULL;
    for (unsigned order = 0; order < 1u << rule->nswap; order++) {
        Match m = {0};
        if (match_operands(rule->pattern, in, order, &m)) {
            Node *r = build(g, rule->replacement, &m, t);
            if (r)
                return r;
        }
    }
    return NULL;
}

Node *rules_rewrite(Graph *g, Op op, int nin, Node *const *in)
{
    /* A masked adjoint has to stay masked at any level: that is meaning, not speed. */
    if (g->level == 0 && op != OP_SCALE)
        return NULL;
    if (g->rules->depth >= MAX_NESTED) /* only a rule that rewrites its own result gets here */
        return NULL;
    OpRules *of = op_rules(g, op);
    Dtype t = (Dtype)in[nin - 1]->dtype;
    for (int i = 0; i < of->rules.n; i++) {
        const Rule *rule = &of->rules.at[i];
        if (dtype_is_real(t) ? rule->fast && !g->fast_math : !rule->integer)
            continue;
        g->rules->depth++;
        Node *r = apply(g, rule, in, t);
        g->rules->depth--;
        if (r)
            return r;
    }
    return NULL;
}

/* ---- For the tests ---- */

const char *rule_text(Graph *g, Op op, int i)
{
    OpRules *of = op_rules(g, op);
    return i < of->rules.n ? of->rules.at[i].text : NULL;
}

bool rule_is_fast(Graph *g, Op op, int i)
{
    return op_rules(g, op)->rules.at[i].fast;
}

bool rule_is_integer(Graph *g, Op op, int i)
{
    return op_rules(g, op)->rules.at[i].integer;
}

bool rule_mentions(Graph *g, Op op, int i, char letter)
{
    const Term *stack[64] = {op_rules(g, op)->rules.at[i].pattern};
    for (int n = 1; n;) {
        const Term *t = stack[--n];
        if (t->kind == TERM_LETTER && t->letter == letter - 'a')
            return true;
        for (int k = 0; k < t->narg && n < 64; k++)
            stack[n++] = t->arg[k];
    }
    return false;
}

Node *rule_build(Graph *g, Op op, int i, bool replacement, Node *const *letter, Dtype t)
{
    const Rule *rule = &op_rules(g, op)->rules.at[i];
    Match m = {0};
    for (int k = 0; k < LETTERS; k++)
        m.letter[k] = letter[k];
    RuleSet *rules = g->rules;
    if (g->level == 0)
        g->rules = NULL; /* not even those of a masked product */
    Node *n = build(g, replacement ? rule->replacement : rule->pattern, &m, t);
    g->rules = rules;
    return n;
}

/* Terms of numbers, k and m alone: folded when they are built. */
static bool is_constant(const Term *term)
{
    for (int i = 0; i < term->narg; i++)
        if (!is_constant(term->arg[i]))
            return false;
    return term->kind != TERM_LETTER || binds_constants(term->letter);
}

static double measure(const Term *term, const double *letter)
{
    if (is_constant(term))
        return 10;
    if (term->kind == TERM_LETTER)
        return letter[term->letter];
    if (term->kind == TERM_HOOK)
        return -1; /* builds sums: not measured */
    double m[3] = {0};
    for (int i = 0; i < term->narg; i++)
        m[i] = measure(term->arg[i], letter);
    if (term->op == OP_SCALE)
        return m[0] * m[1];
    return m[0] + m[1] + m[2] + (term->op == OP_SOFTPLUS ? 30 : op_table[term->op].cost + 1);
}

double rule_measure(Graph *g, Op op, int i, bool replacement, const double *letter)
{
    const Rule *rule = &op_rules(g, op)->rules.at[i];
    return measure(replacement ? rule->replacement : rule->pattern, letter);
}
