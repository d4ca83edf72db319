/* check_probe.c - derivatives by differences of values, in quad precision.
 *
 * Central differences at steps h, h/2, h/4 ... have errors in even powers of h, which Neville's
 * scheme removes one after the other; how far the columns of its table still differ bounds what is
 * left (Ridders, Advances in Engineering Software 4, 1982; Numerical Recipes 5.7). With 113 bits
 * the first step may be so small (1e-7 of the argument) that two or three levels give more digits
 * than a double has. Where a step crosses a kink, or the table does not settle, smaller ones are
 * tried. */
#include "check.h"

#include <math.h>

enum { LEVELS = 6, TRIES = 3 };

typedef struct Table {
    int64_t count;
    quad *row[2][LEVELS]; /* of this level and the one before */
    quad *most;           /* of the values that were subtracted */
    quad *value, *bound;  /* the best of several tables */
} Table;

Probe *probe_new(Point *p, const Observed *o)
{
    Arena *a = p->arena;
    Probe *b = NEW(a, Probe);
    Table *t = b->table = NEW(a, Table);
    t->count = o->count;
    quad **all[] = {&b->value, &b->bound, &b->left, &b->right, &t->most, &t->value, &t->bound};
    for (int i = 0; i < ARRAY_LEN(all); i++)
        *all[i] = NEW_N(a, quad, o->count + 1);
    for (int i = 0; i < 2 * LEVELS; i++)
        t->row[i % 2][i / 2] = NEW_N(a, quad, o->count + 1);
    return b;
}

/* The step for which truncation after one extrapolation and rounding are about equal. */
static quad first_step(void)
{
    quad h = 1;
    while (h * h * h * h * h > (quad)QUAD_EPS)
        h /= 2;
    return h;
}

/* Adds weight times the value at (a, b) along the two moves. */
static bool add_value(Point *p, const Observed *o, Probe *b, Table *t, quad weight, quad first,
                      quad second, quad *sum)
{
    Shift shift[2] = {{&b->move[0], first}, {&b->move[1], second}};
    int n = o->outcomes.list.n + 1;
    if (!point_run(p, n, o->outcomes.root, o->order, shift, 0, NULL))
        return false;
    if (!b->kink)
        b->kink = outcomes_changed(p, &o->outcomes);
    const quad *v = interp128_real(p->run, o->node);
    for (int64_t i = 0; i < t->count; i++) {
        sum[i] += weight * v[i];
        t->most[i] = quad_max(t->most[i], quad_abs(v[i]));
    }
    return true;
}

/* The central difference at step h; b->kink where a branch is taken otherwise than at the point. */
static bool difference(Point *p, const Observed *o, Probe *b, Table *t, quad h, quad *out)
{
    quad s = h * b->move[0].scale, u = o->order == 2 ? h * b->move[1].scale : 0;
    bool fine = true;
    memset(out, 0, sizeof *out * (size_t)t->count);
    for (int k = 0; k < 2 * o->order && fine; k++) {
        quad first = k % 2 ? -s : s, second = k / 2 ? -u : u;
        quad sign = (k % 2) != (k / 2) ? -1 : 1;
        fine = add_value(p, o, b, t, sign, first, second, out);
    }
    for (int64_t i = 0; i < t->count; i++)
        out[i] /= o->order == 2 ? 4 * s * u : 2 * s;
    return fine;
}

/* Takes the last entry of this level into the result where it is better. */
static void improve(const Table *t, int level, Probe *b)
{
    quad *const *row = t->row[level % 2], *const *above = t->row[(level + 1) % 2];
    for (int64_t i = 0; i < t->count; i++) {
        quad here = row[level][i];
        quad e = quad_max(quad_abs(here - row[level - 1][i]), quad_abs(here - above[level - 1][i]));
        if (e < b->bound[i] || !quad_finite(b->value[i])) {
            b->value[i] = here;
            b->bound[i] = e;
        }
    }
}

/* What rounding may do to differences of this element over such a length. */
static quad rounding(const Table *t, int64_t i, quad length)
{
    return 64 * (quad)QUAD_EPS * t->most[i] / quad_abs(length);
}

/* By how much the worst element is off, beyond rounding and relative to the largest. */
static quad looseness(const Table *t, const Probe *b, quad length)
{
    quad most = 0, worst = 0;
    for (int64_t i = 0; i < t->count; i++)
        most = quad_max(most, quad_abs(b->value[i]));
    for (int64_t i = 0; i < t->count; i++) {
        quad e = b->bound[i];
        if (!quad_finite(e))
            return (quad)INFINITY;
        if (e > 2 * rounding(t, i, length))
            worst = quad_max(worst, e);
    }
    return worst == 0 ? 0 : worst / most;
}

static quad length_of(const Observed *o, const Probe *b, quad h)
{
    quad s = h * b->move[0].scale;
    return o->order == 2 ? s * h * b->move[1].scale : s;
}

/* One table from step h on; false where an evaluation fails. */
static bool extrapolate(Point *p, const Observed *o, Probe *b, Table *t, quad h)
{
    const quad goal = quad_max((quad)1e-15, 1024 * (quad)QUAD_EPS);
    b->kink = NULL;
    for (int64_t i = 0; i < t->count; i++) {
        b->bound[i] = b->value[i] = (quad)INFINITY;
        t->most[i] = 0;
    }
    quad step = h;
    for (int level = 0; level < LEVELS; level++, step /= 2) {
        quad *const *row = t->row[level % 2], *const *above = t->row[(level + 1) % 2];
        if (!difference(p, o, b, t, step, row[0]))
            return false;
        if (b->kink)
            return true;
        quad factor = 1;
        for (int k = 1; k <= level; k++) {
            factor *= 4;
            for (int64_t i = 0; i < t->count; i++)
                row[k][i] = (factor * row[k - 1][i] - above[k - 1][i]) / (factor - 1);
        }
        if (level)
            improve(t, level, b);
        if (level && looseness(t, b, length_of(o, b, h)) <= goal)
            break;
    }
    for (int64_t i = 0; i < t->count; i++)
        b->bound[i] += rounding(t, i, length_of(o, b, h));
    return true;
}

/* The derivative from one side (sign 1 or -1): differences from the point, whose errors have all
 * powers of h. */
static bool one_sided(Point *p, const Observed *o, Probe *b, Table *t, quad h, quad sign, quad *out)
{
    enum { SIDE_LEVELS = 3 };
    quad *at = t->value;
    memset(at, 0, sizeof *at * (size_t)t->count);
    if (!add_value(p, o, b, t, 1, 0, 0, at))
        return false;
    for (int level = 0; level < SIDE_LEVELS; level++, h /= 2) {
        quad *const *row = t->row[level % 2], *const *above = t->row[(level + 1) % 2];
        quad s = sign * h * b->move[0].scale, factor = 1;
        memset(row[0], 0, sizeof **row * (size_t)t->count);
        if (!add_value(p, o, b, t, 1, s, 0, row[0]))
            return false;
        for (int64_t i = 0; i < t->count; i++)
            row[0][i] = (row[0][i] - at[i]) / s;
        for (int k = 1; k <= level; k++) {
            factor *= 2;
            for (int64_t i = 0; i < t->count; i++)
                row[k][i] = (factor * row[k - 1][i] - above[k - 1][i]) / (factor - 1);
        }
    }
    memcpy(out, t->row[(SIDE_LEVELS - 1) % 2][SIDE_LEVELS - 1], sizeof *out * (size_t)t->count);
    return true;
}

bool probe_sides(Point *p, const Observed *o, Probe *b)
{
    quad h = b->step;
    return one_sided(p, o, b, b->table, h, -1, b->left) &&
           one_sided(p, o, b, b->table, h, 1, b->right);
}

/* At a kink: both sides. The value in between, should they agree after all. */
static bool both_sides(Point *p, const Observed *o, Probe *b, const Table *t)
{
    if (!probe_sides(p, o, b))
        return false;
    for (int64_t i = 0; i < t->count; i++) {
        b->value[i] = (b->left[i] + b->right[i]) / 2;
        b->bound[i] = quad_abs(b->left[i] - b->right[i]);
    }
    return true;
}

bool probe_run(Point *p, const Observed *o, Probe *b)
{
    const quad coarse = (quad)1e-3, settled = (quad)1e-9;
    Table *t = b->table;
    size_t bytes = sizeof(quad) * (size_t)t->count;
    quad h = first_step(), best = (quad)INFINITY, loose;
    bool some = false;
    for (int k = 0; k < TRIES && !(some && best <= settled); k++, h *= coarse) {
        quad length = o->order == 2 ? h * h : h;
        if (k && (quad)QUAD_EPS / length > settled) /* rounding would be all that is seen */
            break;
        b->step = h;
        if (!extrapolate(p, o, b, t, h))
            return false;
        if (b->kink)
            continue;
        loose = looseness(t, b, length_of(o, b, h));
        if (!some || loose < best) {
            memcpy(t->value, b->value, bytes);
            memcpy(t->bound, b->bound, bytes);
            best = loose;
        }
        some = true;
    }
    const Outcome *kink = b->kink;
    if (some) {
        memcpy(b->value, t->value, bytes);
        memcpy(b->bound, t->bound, bytes);
        b->kink = NULL;
        return true;
    }
    if (o->order == 1 && !both_sides(p, o, b, t))
        return false;
    b->kink = kink;
    return true;
}

/* Second differences into one quadrant, at the signs of the two moves; errors are of the order of
 * h. */
static bool corner(Point *p, const Observed *o, Probe *b, quad first, quad second, quad *out)
{
    quad h = b->step, s = first * h * b->move[0].scale, u = second * h * b->move[1].scale;
    const struct {
        quad weight, s, u;
    } at[] = {{1, s, u}, {-1, s, 0}, {-1, 0, u}, {1, 0, 0}};
    memset(out, 0, sizeof *out * (size_t)o->count);
    for (int k = 0; k < ARRAY_LEN(at); k++)
        if (!add_value(p, o, b, b->table, at[k].weight, at[k].s, at[k].u, out))
            return false;
    for (int64_t i = 0; i < o->count; i++)
        out[i] /= s * u;
    return true;
}

bool probe_corners(Point *p, const Observed *o, Probe *b)
{
    return corner(p, o, b, -1, -1, b->left) && corner(p, o, b, 1, 1, b->right);
}

const Outcome *probe_inside(Point *p, const Observed *o, const Probe *b)
{
    Outcomes *all = NEW(p->arena, Outcomes);
    const Outcome *kink = NULL;
    outcomes_find(p, o->node, true, all);
    for (int k = 0; k < (all->list.n ? 2 * o->order : 0) && !kink; k++) {
        quad h = k % 2 ? -b->step : b->step;
        Shift shift[2] = {{&b->move[0], k < 2 ? h * b->move[0].scale : 0}, {&b->move[1], k < 2 ? 0 : h * b->move[1].scale}};
        if (!point_run(p, all->list.n + 1, all->root, o->order, shift, 0, NULL))
            break;
        kink = outcomes_changed(p, all);
    }
    p->error = NULL;
    return kink;
}

bool probe_again(Point *p, const Observed *o, Probe *b, int64_t row, double factor, quad *value,
                 quad *bound)
{
    Table *t = b->table;
    size_t bytes = sizeof(quad) * (size_t)t->count;
    const Outcome *kink = b->kink;
    memcpy(t->value, b->value, bytes);
    memcpy(t->bound, b->bound, bytes);
    bool fine = extrapolate(p, o, b, t, first_step() * (quad)factor) && !b->kink;
    *value = b->value[row];
    *bound = b->bound[row];
    memcpy(b->value, t->value, bytes);
    memcpy(b->bound, t->bound, bytes);
    b->kink = kink;
    return fine;
}
