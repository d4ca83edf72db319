/* size.c - canonical polynomials; see size.h. */
#include "size.h"

struct Sizes {
    Arena *arena;
    VEC(const Size *) list;
    int *table, nbucket; /* by hash of the terms: index in the list + 1, open addressing */
    VEC(Atom) atoms;
    bool overflow;
};

Sizes *sizes_new(Arena *arena)
{
    Sizes *s = NEW(arena, Sizes);
    s->arena = arena;
    return s;
}

const Size *size_at(const Sizes *s, int id)
{
    return s->list.at[id];
}

const Atom *size_atom(const Sizes *s, int atom)
{
    return &s->atoms.at[atom];
}

int size_atom_count(const Sizes *s)
{
    return s->atoms.n;
}

bool sizes_overflowed(const Sizes *s)
{
    return s->overflow;
}

static int64_t gcd(int64_t a, int64_t b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b) {
        int64_t t = a % b;
        a = b;
        b = t;
    }
    return a;
}

static int64_t mul64(Sizes *s, int64_t a, int64_t b)
{
    int64_t r;
    if (__builtin_mul_overflow(a, b, &r) || r == INT64_MIN) {
        s->overflow = true;
        return 1;
    }
    return r;
}

static int64_t add64(Sizes *s, int64_t a, int64_t b)
{
    int64_t r;
    if (__builtin_add_overflow(a, b, &r) || r == INT64_MIN) {
        s->overflow = true;
        return 1;
    }
    return r;
}

/* Higher degree first, then by atoms. */
static int monomial_compare(const Monomial *a, const Monomial *b)
{
    if (a->n != b->n)
        return b->n - a->n;
    for (int i = 0; i < a->n; i++)
        if (a->atom[i] != b->atom[i])
            return a->atom[i] - b->atom[i];
    return 0;
}

static bool size_same(const Size *a, const Size *b)
{
    if (a->n != b->n || a->den != b->den)
        return false;
    for (int i = 0; i < a->n; i++)
        if (a->term[i].coef != b->term[i].coef || monomial_compare(&a->term[i], &b->term[i]))
            return false;
    return true;
}

static uint64_t hash_terms(const Monomial *term, int n, int64_t den)
{
    uint64_t h = (uint64_t)den * 0x9e3779b97f4a7c15u;
    for (int i = 0; i < n; i++) {
        h = (h ^ (uint64_t)term[i].coef) * 0x100000001b3u;
        for (int k = 0; k < term[i].n; k++)
            h = (h ^ (uint64_t)(term[i].atom[k] + 1)) * 0x100000001b3u;
        h ^= h >> 29;
    }
    return h;
}

/* The place of a size in the table: where it is, or where it would go. */
static int *find_place(Sizes *s, const Size *key)
{
    uint64_t at = hash_terms(key->term, key->n, key->den);
    for (;; at++) {
        int *place = &s->table[at % (uint64_t)s->nbucket];
        if (!*place || size_same(s->list.at[*place - 1], key))
            return place;
    }
}

static void grow_table(Sizes *s)
{
    if (2 * s->list.n < s->nbucket)
        return;
    s->nbucket = s->nbucket ? s->nbucket * 4 : 64;
    s->table = NEW_N(s->arena, int, s->nbucket);
    for (int i = 0; i < s->list.n; i++)
        *find_place(s, s->list.at[i]) = i + 1;
}

/* Sort, merge and reduce `term` (which may be changed) and intern the result. */
static const Size *intern(Sizes *s, Monomial *term, int n, int64_t den)
{
    for (int i = 1; i < n; i++) /* insertion: sums are short */
        for (int j = i; j > 0 && monomial_compare(&term[j - 1], &term[j]) > 0; j--) {
            Monomial t = term[j];
            term[j] = term[j - 1];
            term[j - 1] = t;
        }
    int m = 0;
    for (int i = 0; i < n; i++) {
        if (m && !monomial_compare(&term[m - 1], &term[i]))
            term[m - 1].coef = add64(s, term[m - 1].coef, term[i].coef);
        else
            term[m++] = term[i];
        if (term[m - 1].coef == 0)
            m--;
    }
    int64_t g = den;
    for (int i = 0; i < m; i++)
        g = gcd(g, term[i].coef);
    if (g > 1) {
        den /= g;
        for (int i = 0; i < m; i++)
            term[i].coef /= g;
    }
    Size key = {.den = m ? den : 1, .n = m, .term = term};
    grow_table(s);
    int *place = find_place(s, &key);
    if (*place)
        return s->list.at[*place - 1];
    *place = s->list.n + 1;
    Size *p = NEW(s->arena, Size);
    *p = key;
    p->id = s->list.n;
    p->is_const = m == 0 || (m == 1 && term[0].n == 0);
    p->value = m ? term[0].coef : 0;
    p->term = NEW_N(s->arena, Monomial, m ? m : 1);
    if (m)
        memcpy((void *)p->term, term, sizeof *term * (size_t)m);
    vec_push(s->arena, &s->list, p);
    return p;
}

const Size *size_const(Sizes *s, int64_t v)
{
    Monomial one = {.coef = v};
    return intern(s, &one, v != 0, 1);
}

static const Size *from_atom(Sizes *s, Atom a)
{
    int at = 0;
    while (at < s->atoms.n) {
        const Atom *b = &s->atoms.at[at];
        if (b->kind == a.kind && b->narrow == a.narrow && b->p == a.p && b->q == a.q &&
            (!a.name || !strcmp(b->name, a.name)))
            break;
        at++;
    }
    if (at == s->atoms.n)
        vec_push(s->arena, &s->atoms, a);
    int *factor = NEW(s->arena, int);
    *factor = at;
    Monomial t = {.coef = 1, .n = 1, .atom = factor};
    return intern(s, &t, 1, 1);
}

const Size *size_name(Sizes *s, const char *name)
{
    return from_atom(s, (Atom){.kind = ATOM_NAME, .name = name});
}

const Size *size_argument(Sizes *s, const char *name, bool narrow)
{
    return from_atom(s, (Atom){.kind = ATOM_ARGUMENT, .name = name, .narrow = narrow});
}

/* An atom that is told by its name alone. */
static bool has_name(const Atom *a)
{
    return a->kind == ATOM_NAME || a->kind == ATOM_ARGUMENT;
}

static const Size *combine(Sizes *s, const Size *a, const Size *b, int64_t sign)
{
    Monomial *t = NEW_N(s->arena, Monomial, a->n + b->n + 1);
    for (int i = 0; i < a->n; i++) {
        t[i] = a->term[i];
        t[i].coef = mul64(s, t[i].coef, b->den);
    }
    for (int i = 0; i < b->n; i++) {
        t[a->n + i] = b->term[i];
        t[a->n + i].coef = mul64(s, mul64(s, t[a->n + i].coef, a->den), sign);
    }
    return intern(s, t, a->n + b->n, mul64(s, a->den, b->den));
}

const Size *size_add(Sizes *s, const Size *a, const Size *b)
{
    return combine(s, a, b, 1);
}

const Size *size_sub(Sizes *s, const Size *a, const Size *b)
{
    return combine(s, a, b, -1);
}

static Monomial monomial_product(Sizes *s, const Monomial *a, const Monomial *b)
{
    int *atom = NEW_N(s->arena, int, a->n + b->n + 1);
    int i = 0, j = 0, n = 0;
    while (i < a->n || j < b->n)
        if (j == b->n || (i < a->n && a->atom[i] <= b->atom[j]))
            atom[n++] = a->atom[i++];
        else
            atom[n++] = b->atom[j++];
    return (Monomial){.coef = mul64(s, a->coef, b->coef), .n = n, .atom = atom};
}

const Size *size_mul(Sizes *s, const Size *a, const Size *b)
{
    Monomial *t = NEW_N(s->arena, Monomial, a->n * b->n + 1);
    int n = 0;
    for (int i = 0; i < a->n; i++)
        for (int j = 0; j < b->n; j++)
            t[n++] = monomial_product(s, &a->term[i], &b->term[j]);
    return intern(s, t, n, mul64(s, a->den, b->den));
}

const Size *size_pow(Sizes *s, const Size *a, int n)
{
    const Size *r = size_const(s, 1);
    while (n-- > 0)
        r = size_mul(s, r, a);
    return r;
}

/* a / b of monomials, or false. */
static bool monomial_quotient(Sizes *s, const Monomial *a, const Monomial *b, Monomial *out)
{
    int *atom = NEW_N(s->arena, int, a->n + 1);
    int j = 0, n = 0;
    for (int i = 0; i < a->n; i++)
        if (j < b->n && b->atom[j] == a->atom[i])
            j++;
        else
            atom[n++] = a->atom[i];
    if (j < b->n)
        return false;
    *out = (Monomial){.coef = 1, .n = n, .atom = atom};
    return true;
}

/* Polynomial long division; NULL where a remainder stays. */
static const Size *divide(Sizes *s, const Size *p, const Size *q)
{
    const Size *quotient = size_const(s, 0), *rest = p;
    for (int turn = 0; turn < 64 && rest->n; turn++) {
        Monomial m;
        if (!monomial_quotient(s, &rest->term[0], &q->term[0], &m))
            return NULL;
        /* coefficient (rest0/rest.den) / (q0/q.den) as a fraction */
        int64_t num = mul64(s, rest->term[0].coef, q->den);
        int64_t den = mul64(s, q->term[0].coef, rest->den);
        if (den < 0) {
            num = -num;
            den = -den;
        }
        m.coef = num;
        const Size *t = intern(s, &m, 1, den);
        quotient = size_add(s, quotient, t);
        rest = size_sub(s, rest, size_mul(s, t, q));
    }
    return rest->n ? NULL : quotient;
}

const Size *size_div(Sizes *s, const Size *p, const Size *q)
{
    if (!q->n)
        return NULL;
    const Size *r = divide(s, p, q);
    if (r && r->is_const && r->den != 1)
        return NULL;
    return r;
}

static int64_t floordiv64(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return q - (a % b != 0 && (a < 0) != (b < 0));
}

const Size *size_floordiv(Sizes *s, const Size *p, const Size *q)
{
    if (!q->n)
        return NULL;
    if (p->is_const && q->is_const)
        return size_const(s, floordiv64(p->value, q->value));
    const Size *r = divide(s, p, q);
    if (r && r->den == 1) /* integer coefficients: exact whatever the sizes are */
        return r;
    return from_atom(s, (Atom){.kind = ATOM_FLOORDIV, .p = p, .q = q});
}

const Size *size_mod(Sizes *s, const Size *p, const Size *q)
{
    const Size *d = size_floordiv(s, p, q);
    return d ? size_sub(s, p, size_mul(s, d, q)) : NULL;
}

static bool atom_nonneg(const Sizes *s, int atom)
{
    const Atom *a = &s->atoms.at[atom];
    if (a->kind == ATOM_FLOORDIV)
        return size_known_nonneg(s, a->p) && size_known_nonneg(s, a->q);
    return true;
}

bool size_known_nonneg(const Sizes *s, const Size *p)
{
    for (int i = 0; i < p->n; i++) {
        if (p->term[i].coef < 0)
            return false;
        for (int k = 0; k < p->term[i].n; k++)
            if (!atom_nonneg(s, p->term[i].atom[k]))
                return false;
    }
    return true;
}

bool size_known_positive(const Sizes *s, const Size *p)
{
    return p->n && p->term[p->n - 1].n == 0 && p->term[p->n - 1].coef > 0 &&
           size_known_nonneg(s, p);
}

bool size_known_ge(Sizes *s, const Size *a, const Size *b)
{
    return size_known_nonneg(s, size_sub(s, a, b));
}

const Size *size_positive(Sizes *s, const Size *p)
{
    if (size_known_nonneg(s, p))
        return p;
    if (p->is_const || size_known_nonneg(s, size_sub(s, size_const(s, 0), p)))
        return size_const(s, 0);
    return from_atom(s, (Atom){.kind = ATOM_POSITIVE, .p = p});
}

static int64_t atom_eval(const Sizes *s, int atom, int64_t (*bind)(void *, const char *), void *user)
{
    const Atom *a = &s->atoms.at[atom];
    if (has_name(a)) {
        int64_t n = bind(user, a->name);
        return a->kind == ATOM_NAME || n > 0 ? n : 0;
    }
    int64_t p = size_eval(s, a->p, bind, user);
    if (a->kind == ATOM_POSITIVE)
        return p > 0 ? p : 0;
    int64_t q = size_eval(s, a->q, bind, user);
    return q ? floordiv64(p, q) : 0;
}

int64_t size_eval(const Sizes *s, const Size *p, int64_t (*bind)(void *, const char *), void *user)
{
    uint64_t sum = 0; /* wraps rather than overflows; sizes that large cannot be allocated anyway */
    for (int i = 0; i < p->n; i++) {
        uint64_t t = (uint64_t)p->term[i].coef;
        for (int k = 0; k < p->term[i].n; k++)
            t *= (uint64_t)atom_eval(s, p->term[i].atom[k], bind, user);
        sum += t;
    }
    return (int64_t)sum / p->den;
}

bool size_mentions(const Sizes *s, const Size *p, const char *name)
{
    for (int i = 0; i < p->n; i++)
        for (int k = 0; k < p->term[i].n; k++) {
            const Atom *a = &s->atoms.at[p->term[i].atom[k]];
            if (has_name(a) ? !strcmp(a->name, name)
                            : size_mentions(s, a->p, name) ||
                                  (a->q && size_mentions(s, a->q, name)))
                return true;
        }
    return false;
}

bool size_has_argument(const Sizes *s, const Size *p)
{
    for (int i = 0; i < p->n; i++)
        for (int k = 0; k < p->term[i].n; k++) {
            const Atom *a = &s->atoms.at[p->term[i].atom[k]];
            bool has = (a->p && size_has_argument(s, a->p)) || (a->q && size_has_argument(s, a->q));
            if (has || a->kind == ATOM_ARGUMENT)
                return true;
        }
    return false;
}

/* A factor of a product: a name, or a quotient in parentheses. */
static void print_atom(const Sizes *s, int atom, bool c, Text *out)
{
    const Atom *a = &s->atoms.at[atom];
    if (a->kind == ATOM_NAME) {
        text_put(out, a->name);
        return;
    }
    if (a->kind == ATOM_ARGUMENT) {
        text_printf(out, c ? "gradc_count(%s)" : a->narrow ? "max(i64(%s), 0)" : "max(%s, 0)", a->name);
        return;
    }
    if (a->kind == ATOM_POSITIVE) {
        text_put(out, c ? "(" : "max(");
        if (c) {
            size_print_c(s, a->p, true, out);
            text_put(out, " > 0 ? ");
            size_print_c(s, a->p, true, out);
            text_put(out, " : 0)");
        } else {
            size_print(s, a->p, out);
            text_put(out, ", 0)");
        }
        return;
    }
    text_put(out, "(");
    if (c) {
        for (int down = 0; down <= !size_known_nonneg(s, a->p); down++) { /* / of C rounds towards 0 */
            text_put(out, down ? " - (" : "");
            size_print_c(s, a->p, true, out);
            text_put(out, down ? "%" : "/");
            size_print_c(s, a->q, true, out);
            text_put(out, down ? " < 0)" : "");
        }
    } else {
        bool p = a->p->n > 1, q = a->q->n > 1 || (a->q->n && a->q->term[0].n > 1);
        text_put(out, p ? "(" : "");
        size_print(s, a->p, out);
        text_put(out, p ? ")//" : "//");
        text_put(out, q ? "(" : "");
        size_print(s, a->q, out);
        text_put(out, q ? ")" : "");
    }
    text_put(out, ")");
}

static void print_terms(const Sizes *s, const Size *p, bool c, Text *out)
{
    if (!p->n)
        text_put(out, "0");
    for (int i = 0; i < p->n; i++) {
        const Monomial *t = &p->term[i];
        int64_t coef = t->coef;
        text_put(out, i ? (coef < 0 ? " - " : " + ") : (coef < 0 ? "-" : ""));
        coef = coef < 0 ? -coef : coef;
        bool star = false;
        if (coef != 1 || !t->n) {
            text_printf(out, "%lld", (long long)coef);
            star = true;
        }
        for (int k = 0; k < t->n; k++, star = true) {
            int power = 1;
            while (!c && k + 1 < t->n && t->atom[k + 1] == t->atom[k])
                k++, power++;
            text_put(out, star ? "*" : "");
            print_atom(s, t->atom[k], c, out);
            if (power > 1)
                text_printf(out, "^%d", power);
        }
    }
}

void size_print(const Sizes *s, const Size *p, Text *out)
{
    bool paren = p->den != 1 && p->n > 1;
    text_put(out, paren ? "(" : "");
    print_terms(s, p, false, out);
    text_put(out, paren ? ")" : "");
    if (p->den != 1)
        text_printf(out, "/%lld", (long long)p->den);
}

void size_print_c(const Sizes *s, const Size *p, bool as_factor, Text *out)
{
    bool sum = p->n > 1 || (p->n == 1 && p->term[0].coef < 0);
    bool outer = as_factor && (sum || p->den != 1 || (p->n == 1 && p->term[0].n + (p->term[0].coef != 1) > 1));
    text_put(out, outer ? "(" : "");
    if (p->den != 1) {
        text_put(out, sum ? "(" : "");
        print_terms(s, p, true, out);
        text_put(out, sum ? ")" : "");
        text_printf(out, "/%lld", (long long)p->den);
    } else {
        print_terms(s, p, true, out);
    }
    text_put(out, outer ? ")" : "");
}

/* A quotient is at most its numerator, max(p, 0) at most p's absolute value. */
static void print_most_of_atom(const Sizes *s, int atom, Text *out)
{
    const Atom *a = &s->atoms.at[atom];
    if (has_name(a)) {
        text_put(out, "(double)");
        print_atom(s, atom, true, out);
        return;
    }
    text_put(out, "(");
    size_print_most(s, a->p, out);
    if (a->q) {
        text_put(out, " + ");
        size_print_most(s, a->q, out);
    }
    text_put(out, ")");
}

void size_print_most(const Sizes *s, const Size *p, Text *out)
{
    if (!p->n)
        text_put(out, "0.0");
    for (int i = 0; i < p->n; i++) {
        int64_t coef = p->term[i].coef;
        text_printf(out, "%s%lld.0", i ? " + " : "", (long long)(coef < 0 ? -coef : coef));
        for (int k = 0; k < p->term[i].n; k++) {
            text_put(out, " * ");
            print_most_of_atom(s, p->term[i].atom[k], out);
        }
    }
}
