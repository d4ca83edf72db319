/* colour.c - see colour.h. */
#include "colour.h"

/* Columns by falling size of `weight`, equal ones in order: counting sort. */
static int32_t *heaviest_first(Arena *a, int64_t n, const int64_t *weight)
{
    int64_t most = 0;
    for (int64_t j = 0; j < n; j++)
        most = weight[j] > most ? weight[j] : most;
    int32_t *order = NEW_N(a, int32_t, n + 1);
    if (most > 4 * n + 1000) { /* too far apart to be counted: by the logarithm alone */
        int64_t *small = NEW_N(a, int64_t, n + 1);
        for (int64_t j = 0; j < n; j++)
            while (weight[j] >> small[j])
                small[j]++;
        return heaviest_first(a, n, small);
    }
    int64_t *start = NEW_N(a, int64_t, most + 2);
    for (int64_t j = 0; j < n; j++)
        start[most - weight[j] + 1]++;
    for (int64_t w = 0; w < most; w++)
        start[w + 1] += start[w];
    for (int64_t j = 0; j < n; j++)
        order[start[most - weight[j]]++] = (int32_t)j;
    return order;
}

/* ---- Columns ---- */

typedef struct Greedy {
    const Pattern *p, *t;
    const bool *skip;
    int32_t *taken; /* by colour: the column that may not have it, plus 1 */
} Greedy;

static Colours colour_in_order(Arena *a, Greedy *g, const int32_t *order)
{
    int64_t n = g->p->columns;
    Colours c = {.of = NEW_N(a, int32_t, n + 1)};
    for (int64_t j = 0; j < n; j++)
        c.of[j] = -1;
    memset(g->taken, 0, sizeof *g->taken * (size_t)(n + 1));
    for (int64_t k = 0; k < n; k++) {
        int32_t j = order ? order[k] : (int32_t)k;
        bool some = false;
        for (int32_t e = g->t->row_start[j]; e < g->t->row_start[j + 1]; e++) {
            int32_t row = g->t->column[e];
            if (g->skip && g->skip[row])
                continue;
            some = true;
            for (int32_t m = g->p->row_start[row]; m < g->p->row_start[row + 1]; m++)
                if (c.of[g->p->column[m]] >= 0)
                    g->taken[c.of[g->p->column[m]]] = j + 1;
        }
        if (!some)
            continue;
        int32_t colour = 0;
        while (g->taken[colour] == j + 1)
            colour++;
        c.of[j] = colour;
        c.n = colour + 1 > c.n ? colour + 1 : c.n;
    }
    for (int64_t j = 0; j < n && c.n == 1; j++)
        c.of[j] = 0;
    return c;
}

Colours colour_columns(Arena *a, const Pattern *p, const Pattern *t, const bool *skip)
{
    static const double MOST = 2e9; /* steps of the search: some seconds */
    int64_t n = p->columns, *weight = NEW_N(a, int64_t, n + 1), least = 0;
    double steps = 0;
    Greedy g = {.p = p, .t = t, .skip = skip, .taken = NEW_N(a, int32_t, n + 1)};
    for (int64_t i = 0; i < p->rows; i++) {
        int64_t length = p->row_start[i + 1] - p->row_start[i];
        if (skip && skip[i])
            continue;
        least = length > least ? length : least;
        steps += (double)length * (double)length;
        for (int32_t k = p->row_start[i]; k < p->row_start[i + 1]; k++)
            weight[p->column[k]] += length;
    }
    if (steps > MOST || least == n) { /* every column a colour of its own */
        Colours c = {.n = (int)n, .of = NEW_N(a, int32_t, n + 1)};
        for (int64_t j = 0; j < n; j++)
            c.of[j] = (int32_t)j;
        return c;
    }
    Colours plain = colour_in_order(a, &g, NULL);
    if (plain.n == least)
        return plain;
    Colours sorted = colour_in_order(a, &g, heaviest_first(a, n, weight));
    return sorted.n < plain.n ? sorted : plain;
}

/* ---- Stars ----
 * Edges whose ends have the same two colours make up stars; each star has a hub, the vertex that all its
 * edges meet in, once it has two edges. With them at hand the search is over neighbours of neighbours
 * alone: Gebremedhin, Tarafdar, Manne and Pothen, "New acyclic and star coloring algorithms with
 * application to computing Hessians", SIAM J. Sci. Comput. 29 (2007), algorithm 4.1. */

typedef struct Stars {
    const Pattern *p;
    int32_t *edge;    /* by entry: the number that it shares with its mirror image */
    int32_t *star;    /* by edge */
    int32_t *hub;     /* by star; -1: it has one edge */
    int nstars;
    int32_t *colour;  /* by vertex; -1: none yet */
    int32_t *taken;   /* by colour: the vertex that may not have it, plus 1 */
    int32_t *first_of, *first; /* by colour: a vertex, plus 1, and its first neighbour of that colour */
    const bool *apart; /* by vertex: it gets a colour of its own, at last */
    int32_t *treated; /* by vertex: the vertex, plus 1, for which its neighbours' colours are taken */
} Stars;

static void number_edges(Arena *a, Stars *s)
{
    const Pattern *p = s->p;
    int32_t *next = NEW_N(a, int32_t, p->rows + 1), n = 0;
    s->edge = NEW_N(a, int32_t, p->count + 1);
    memcpy(next, p->row_start, sizeof *next * (size_t)p->rows);
    for (int32_t i = 0; i < p->rows; i++) /* rows ascend, so that the mirror images of a row come in order */
        for (int32_t k = p->row_start[i]; k < p->row_start[i + 1]; k++) {
            int32_t j = p->column[k];
            if (j > i)
                continue;
            s->edge[k] = n;
            if (j < i) {
                while (p->column[next[j]] < i)
                    next[j]++;
                s->edge[next[j]] = n;
            }
            n++;
        }
    s->star = NEW_N(a, int32_t, n + 1);
    s->hub = NEW_N(a, int32_t, n + 1);
}

static void treat(Stars *s, int32_t v, int32_t w)
{
    if (s->treated[w] == v + 1)
        return;
    for (int32_t k = s->p->row_start[w]; k < s->p->row_start[w + 1]; k++) {
        int32_t c = s->colour[s->p->column[k]];
        if (c >= 0)
            s->taken[c] = v + 1;
    }
    s->treated[w] = v + 1;
}

/* Notes the colours that v may not have. */
static void forbid(Stars *s, int32_t v)
{
    const Pattern *p = s->p;
    for (int32_t k = p->row_start[v]; k < p->row_start[v + 1]; k++)
        if (p->column[k] != v && s->colour[p->column[k]] >= 0)
            s->taken[s->colour[p->column[k]]] = v + 1;
    for (int32_t k = p->row_start[v]; k < p->row_start[v + 1]; k++) {
        int32_t w = p->column[k], c = s->colour[w];
        if (w == v || c < 0)
            continue;
        if (s->first_of[c] == v + 1) { /* two neighbours of one colour: neither may get another such */
            treat(s, v, s->first[c]);
            treat(s, v, w);
            continue;
        }
        s->first_of[c] = v + 1;
        s->first[c] = w;
        for (int32_t m = p->row_start[w]; m < p->row_start[w + 1]; m++) {
            int32_t x = p->column[m];
            if (x != v && x != w && s->colour[x] >= 0 && s->hub[s->star[s->edge[m]]] == x)
                s->taken[s->colour[x]] = v + 1;
        }
    }
}

/* Puts the edges of v, coloured now, into stars. */
static void update_stars(Stars *s, int32_t v)
{
    const Pattern *p = s->p;
    for (int32_t k = p->row_start[v]; k < p->row_start[v + 1]; k++) {
        int32_t w = p->column[k], other = -1, c = s->colour[w];
        if (w == v || c < 0)
            continue;
        for (int32_t m = p->row_start[w]; m < p->row_start[w + 1] && other < 0; m++)
            if (p->column[m] != v && p->column[m] != w && s->colour[p->column[m]] == s->colour[v])
                other = m;
        if (other >= 0) {
            s->star[s->edge[k]] = s->star[s->edge[other]];
            s->hub[s->star[s->edge[k]]] = w;
        } else if (s->first_of[c] == v + 1 && s->first[c] != w) {
            int32_t m = p->row_start[v];
            while (p->column[m] != s->first[c])
                m++;
            s->star[s->edge[k]] = s->star[s->edge[m]];
            s->hub[s->star[s->edge[k]]] = v;
        } else {
            s->star[s->edge[k]] = s->nstars;
            s->hub[s->nstars++] = -1;
        }
    }
}

static Colours stars_in_order(Arena *a, Stars *s, const int32_t *order)
{
    int64_t n = s->p->columns;
    size_t bytes = sizeof(int32_t) * (size_t)(n + 1);
    Colours c = {.of = NEW_N(a, int32_t, n + 1)};
    s->colour = c.of;
    s->nstars = 0;
    memset(s->taken, 0, bytes);
    memset(s->first_of, 0, bytes);
    memset(s->treated, 0, bytes);
    for (int64_t j = 0; j < n; j++)
        c.of[j] = -1;
    for (int64_t k = 0; k < n; k++) {
        int32_t v = order ? order[k] : (int32_t)k, colour = 0;
        if (s->p->row_start[v] == s->p->row_start[v + 1] || s->apart[v])
            continue;
        forbid(s, v);
        while (s->taken[colour] == v + 1)
            colour++;
        c.of[v] = colour;
        c.n = colour + 1 > c.n ? colour + 1 : c.n;
        update_stars(s, v);
    }
    for (int64_t j = 0; j < n; j++)
        if (s->apart[j])
            c.of[j] = c.n++;
    return c;
}

/* Vertices of so many neighbours that the search, which goes to the neighbours' neighbours, would be
 * long. The entries of such a column are all in the product by a colour that it has alone, so that
 * nobody else need mind it. */
static bool *far_above(Arena *a, const Pattern *p)
{
    enum { MANY = 256, TIMES = 16 };
    bool *apart = NEW_N(a, bool, p->rows + 1);
    for (int64_t j = 0; j < p->rows; j++) {
        int64_t degree = p->row_start[j + 1] - p->row_start[j];
        apart[j] = degree > MANY && degree * p->rows > TIMES * p->count;
    }
    return apart;
}

Colours colour_star(Arena *a, const Pattern *p)
{
    int64_t n = p->columns, *weight = NEW_N(a, int64_t, n + 1);
    Stars s = {.p = p};
    if (2 * p->count > n * n) { /* most entries are there: every column a colour of its own */
        Colours c = {.n = (int)n, .of = NEW_N(a, int32_t, n + 1)};
        for (int64_t j = 0; j < n; j++)
            c.of[j] = (int32_t)j;
        return c;
    }
    number_edges(a, &s);
    s.apart = far_above(a, p);
    s.taken = NEW_N(a, int32_t, n + 1);
    s.first_of = NEW_N(a, int32_t, n + 1);
    s.first = NEW_N(a, int32_t, n + 1);
    s.treated = NEW_N(a, int32_t, n + 1);
    for (int64_t j = 0; j < n; j++)
        weight[j] = p->row_start[j + 1] - p->row_start[j];
    Colours plain = stars_in_order(a, &s, NULL);
    Colours sorted = stars_in_order(a, &s, heaviest_first(a, n, weight));
    return sorted.n < plain.n ? sorted : plain;
}
