/* plot.c - line plots as SVG text: axes with round ticks, linear or logarithmic, lines, a legend. */
#include "plot.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In pixels: the area of the data, what stands around it, and a character of the legend. */
enum { WIDTH = 620, HEIGHT = 380, LEFT = 76, RIGHT = 24, TOP = 44, BOTTOM = 56, CHARACTER = 7, LEGEND = 40, LEGEND_MOST = 260 };
enum { MANY = 4 * WIDTH }; /* points, above which only the outline is drawn */

/* Told apart by people who do not see all colours, too (Okabe and Ito 2008). */
static const char *const colour[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                     "#e69f00", "#56b4e9", "#000000", "#8c8c00"};

/* ---- Text ---- */

typedef struct Out {
    char *s;
    size_t n, cap;
    bool bad; /* memory ran out */
} Out;

static void put(Out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void put(Out *o, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (o->n + (size_t)n + 1 > o->cap) {
        size_t cap = 2 * o->cap + (size_t)n + 4096;
        char *s = o->bad ? NULL : realloc(o->s, cap);
        if (!s) {
            o->bad = true;
            return;
        }
        o->s = s;
        o->cap = cap;
    }
    va_start(ap, fmt);
    vsnprintf(o->s + o->n, (size_t)n + 1, fmt, ap);
    va_end(ap);
    o->n += (size_t)n;
}

/* The length of the UTF-8 sequence at s, 0 where it is none (XML allows no other). */
static int utf8(const unsigned char *s)
{
    int n = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;
    for (int i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if (n == 3 && ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
                   (s[0] == 0xef && s[1] == 0xbf && s[2] > 0xbd)))
        return 0;
    if (n == 4 && ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f)))
        return 0;
    return n;
}

/* Text of people's: markup and what is no character of XML is replaced. */
static void put_text(Out *o, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    while (*s) {
        int n = utf8(s);
        if (*s == '&')
            put(o, "&amp;");
        else if (*s == '<')
            put(o, "&lt;");
        else if (*s == '>')
            put(o, "&gt;");
        else if (!n || *s < ' ')
            put(o, "?");
        else
            put(o, "%.*s", n, (const char *)s);
        s += n ? n : 1;
    }
}

static bool is_text(const char *s)
{
    return s && *s;
}

/* ---- Axes ---- */

typedef struct Axis {
    bool log;      /* lo, hi and what is mapped are then decimal logarithms */
    double lo, hi; /* finite, lo < hi */
    double from, to; /* in pixels */
} Axis;

static double value(const double *v, int64_t i)
{
    return v ? v[i] : (double)i;
}

/* On the scale of the axis; nan where it cannot be shown. Halves of the largest numbers are as large as
 * differences may be. */
static double scaled(const Axis *a, double v)
{
    double s = a->log ? (v > 0 ? log10(v) : NAN) : v;
    return isfinite(s) ? fmin(fmax(s, -DBL_MAX / 4), DBL_MAX / 4) : NAN;
}

static double place(const Axis *a, double s)
{
    return a->from + (s - a->lo) / (a->hi - a->lo) * (a->to - a->from);
}

/* From the data; only points that are shown count. */
static void find_ranges(const Plot *p, Axis *x, Axis *y)
{
    x->lo = y->lo = INFINITY, x->hi = y->hi = -INFINITY;
    for (int k = 0; k < p->nseries; k++)
        for (int64_t i = 0; i < p->series[k].n; i++) {
            double sx = scaled(x, value(p->series[k].x, i)), sy = scaled(y, p->series[k].y[i]);
            if (isnan(sx) || isnan(sy))
                continue;
            x->lo = fmin(x->lo, sx), x->hi = fmax(x->hi, sx);
            y->lo = fmin(y->lo, sy), y->hi = fmax(y->hi, sy);
        }
    for (int k = 0; k < 2; k++) {
        Axis *a = k ? y : x;
        if (!(a->lo <= a->hi)) /* nothing to be shown */
            a->lo = 0, a->hi = 1;
        double room = k ? 0.04 * (a->hi - a->lo) : 0;
        if (a->hi - a->lo <= 1e-12 * fmax(fabs(a->lo), fabs(a->hi)) || a->hi == a->lo)
            room = a->lo == 0 ? 0.5 : fmax(0.5 * fabs(a->lo) * (a->log ? 0 : 1), a->log ? 0.5 : 0);
        a->lo -= room, a->hi += room;
    }
}

/* 1, 2 or 5 times a power of ten, about a sixth of the range; and the digits behind the point. */
static double tick_step(const Axis *a, int *digits)
{
    double raw = (a->hi - a->lo) / 6, power = pow(10, floor(log10(raw)));
    double step = raw / power < 1.5 ? power : raw / power < 3.5 ? 2 * power : raw / power < 7.5 ? 5 * power : 10 * power;
    *digits = (int)fmax(0, -floor(log10(step) + 1e-9));
    return step;
}

static void put_tick(Out *o, const Axis *a, bool below, double at, const char *label)
{
    double t = place(a, at);
    if (below)
        put(o, "<path class=\"grid\" d=\"M%.1f %dV%d\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
            t, TOP, TOP + HEIGHT, t, TOP + HEIGHT + 18, label);
    else
        put(o, "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
            LEFT, t, LEFT + WIDTH, LEFT - 8, t + 4, label);
}

static void put_ticks(Out *o, const Axis *a, bool below)
{
    char label[64];
    if (a->log && a->hi - a->lo > 1) { /* powers of ten, at most some eight of them */
        double every = ceil((a->hi - a->lo) / 8);
        for (double t = ceil(a->lo / every) * every; t <= a->hi; t += every) {
            snprintf(label, sizeof label, fabs(t) < 4 ? "%g" : "1e%g", fabs(t) < 4 ? pow(10, t) : t);
            put_tick(o, a, below, t, label);
        }
        return;
    }
    Axis plain = *a; /* within a decade a logarithmic axis gets round numbers as well */
    if (a->log)
        plain.lo = pow(10, a->lo), plain.hi = pow(10, a->hi);
    int digits;
    double step = tick_step(&plain, &digits), most = fmax(fabs(plain.lo), fabs(plain.hi));
    for (double k = ceil(plain.lo / step); k * step <= plain.hi + 1e-9 * step; k++) {
        double v = k * step + 0.0; /* no -0 */
        if (most < 1e6 && digits < 6)
            snprintf(label, sizeof label, "%.*f", digits, v);
        else
            snprintf(label, sizeof label, "%.*g", (int)fmin(15, 1 + ceil(log10(most / step))), v);
        put_tick(o, a, below, a->log ? log10(v) : v, label);
        if (k == k + 1) /* steps below the last place of the numbers */
            break;
    }
}

/* ---- Lines ---- */

/* The outline of a long series: of the points that fall on one pixel in a row, the first, the lowest,
 * the highest, the last. */
typedef struct Outline {
    double column, first, low, high, last;
    bool any;
} Outline;

static void flush_outline(Out *o, Outline *c, bool *down)
{
    if (!c->any)
        return;
    const double y[] = {c->first, c->low, c->high, c->last};
    for (int i = 0; i < 4; i++)
        if (i == 0 || y[i] != y[i - 1]) {
            put(o, "%s%.1f %.2f", *down ? "L" : "M", c->column, y[i]);
            *down = true;
        }
    c->any = false;
}

static void put_dot(Out *o, double x, double y, const char *fill)
{
    put(o, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"2.5\" fill=\"%s\"/>\n", x, y, fill);
}

static void put_line(Out *o, const PlotSeries *s, const Axis *x, const Axis *y, const char *stroke)
{
    bool down = false, many = s->n > MANY;
    Outline c = {.any = false};
    put(o, "<path class=\"line\" stroke=\"%s\" d=\"", stroke);
    for (int64_t i = 0; i < s->n; i++) {
        double px = place(x, scaled(x, value(s->x, i))), py = place(y, scaled(y, s->y[i]));
        if (isnan(px) || isnan(py)) {
            flush_outline(o, &c, &down);
            down = false;
        } else if (!many) {
            put(o, "%s%.2f %.2f", down ? "L" : "M", px, py);
            down = true;
        } else if (c.any && c.column == round(px)) {
            c.low = fmax(c.low, py), c.high = fmin(c.high, py), c.last = py;
        } else {
            flush_outline(o, &c, &down);
            c = (Outline){.column = round(px), .first = py, .low = py, .high = py, .last = py, .any = true};
        }
    }
    flush_outline(o, &c, &down);
    put(o, "\"/>\n");
}

/* All points, or those that a line does not show: alone between gaps. */
static void put_dots(Out *o, const PlotSeries *s, const Axis *x, const Axis *y, const char *fill)
{
    bool before = false;
    for (int64_t i = 0; i < s->n; i++) {
        double sx = scaled(x, value(s->x, i)), sy = scaled(y, s->y[i]);
        bool here = !isnan(sx) && !isnan(sy), alone = here && !before;
        if (alone && i + 1 < s->n)
            alone = isnan(scaled(x, value(s->x, i + 1))) || isnan(scaled(y, s->y[i + 1]));
        if (here && (s->dots || alone))
            put_dot(o, place(x, sx), place(y, sy), fill);
        before = here;
    }
}

static const char *colour_of(int series)
{
    return colour[series % (int)(sizeof colour / sizeof *colour)];
}

static void put_legend(Out *o, const Plot *p)
{
    int row = 0;
    for (int k = 0; k < p->nseries; k++) {
        const PlotSeries *s = &p->series[k];
        if (!is_text(s->name))
            continue;
        int x = LEFT + WIDTH + 14, y = TOP + 10 + 20 * row++;
        put(o, "<path class=\"line\" stroke=\"%s\" d=\"M%d %dh20\"/>", colour_of(k), x, y);
        if (s->dots)
            put_dot(o, x + 10, y, colour_of(k));
        put(o, "<text x=\"%d\" y=\"%d\">", x + 26, y + 4);
        put_text(o, s->name);
        put(o, "</text>\n");
    }
}

/* ---- The document ---- */

static void put_label(Out *o, const char *how, const char *text)
{
    if (!is_text(text))
        return;
    put(o, "<text text-anchor=\"middle\" %s>", how);
    put_text(o, text);
    put(o, "</text>\n");
}

static void put_labels(Out *o, const Plot *p)
{
    char how[128];
    snprintf(how, sizeof how, "x=\"%d\" y=\"%d\" font-size=\"15\"", LEFT + WIDTH / 2, TOP - 16);
    put_label(o, how, p->title);
    snprintf(how, sizeof how, "x=\"%d\" y=\"%d\"", LEFT + WIDTH / 2, TOP + HEIGHT + 42);
    put_label(o, how, p->x_label);
    snprintf(how, sizeof how, "transform=\"translate(18 %d) rotate(-90)\"", TOP + HEIGHT / 2);
    put_label(o, how, p->y_label);
}

/* The width of the legend, or the plain margin where nothing has a name. */
static int legend_width(const Plot *p)
{
    size_t longest = 0;
    for (int k = 0; k < p->nseries; k++)
        if (is_text(p->series[k].name) && strlen(p->series[k].name) > longest)
            longest = strlen(p->series[k].name);
    double want = LEGEND + (double)longest * CHARACTER;
    return longest ? (int)fmin(want, LEGEND_MOST) : 0;
}

char *plot_svg(const Plot *p)
{
    Out o = {0};
    Axis x = {.log = p->log_x, .from = LEFT, .to = LEFT + WIDTH};
    Axis y = {.log = p->log_y, .from = TOP + HEIGHT, .to = TOP};
    int width = LEFT + WIDTH + RIGHT + legend_width(p), height = TOP + HEIGHT + BOTTOM;
    find_ranges(p, &x, &y);
    put(&o,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
        "font-family=\"sans-serif\" font-size=\"12\">\n",
        width, height, width, height);
    put(&o, "<style>.grid{stroke:#dddddd;fill:none}.line{stroke-width:1.5;stroke-linejoin:round;fill:none}</style>\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n");
    put_ticks(&o, &x, true);
    put_ticks(&o, &y, false);
    put(&o, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#555555\"/>\n", LEFT, TOP, WIDTH, HEIGHT);
    for (int k = 0; k < p->nseries; k++) {
        put_line(&o, &p->series[k], &x, &y, colour_of(k));
        put_dots(&o, &p->series[k], &x, &y, colour_of(k));
    }
    put_legend(&o, p);
    put_labels(&o, p);
    put(&o, "</svg>\n");
    if (o.bad) {
        free(o.s);
        return NULL;
    }
    return o.s;
}
