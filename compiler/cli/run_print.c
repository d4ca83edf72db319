/* run_print.c - results as NumPy prints them (its arrayprint.py, with default options): 8 digits
 * behind the point, lines of 75 characters, and of more than 1000 elements the first and the last
 * three along each axis. */
#include "run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 75, THRESHOLD = 1000, EDGE = 3, PRECISION = 8, WORD = 400 };

typedef struct Printer {
    const gradc_array *a;
    bool summary;
    bool exponent;   /* reals: 1.5e+10 */
    int power;       /* digits of exponents */
    int left, right; /* of reals: widths on either side of the point; of others left alone */
    int indent;      /* in front of lines: the length of `NAME = ` */
    int column;
    int64_t stride[GRADC_MAX_RANK];
} Printer;

static bool is_real(gradc_type t)
{
    return t == GRADC_F32 || t == GRADC_F64;
}

static double element(const gradc_array *a, int64_t i)
{
    return a->type == GRADC_F32 ? (double)((float *)a->data)[i] : ((double *)a->data)[i];
}

static long long whole(const gradc_array *a, int64_t i)
{
    return a->type == GRADC_I64   ? ((int64_t *)a->data)[i]
           : a->type == GRADC_I32 ? ((int32_t *)a->data)[i]
                                  : ((uint8_t *)a->data)[i];
}

/* The fewest digits behind the first that tell the number from all others of its type. */
static int shortest(gradc_type t, double v)
{
    char text[40];
    for (int p = 0; p < 17; p++) {
        snprintf(text, sizeof text, "%.*e", p, v);
        if (t == GRADC_F32 ? strtof(text, NULL) == (float)v : strtod(text, NULL) == v)
            return p;
    }
    return 17;
}

static int exponent_of(int digits, double v)
{
    char text[40];
    snprintf(text, sizeof text, "%.*e", digits, v);
    return atoi(strchr(text, 'e') + 1);
}

/* Without a point at its end, `1.`: the digits behind the point in *right. */
static void positional(gradc_type t, double v, int most, char *out, int *right)
{
    int digits = shortest(t, v), behind = digits - exponent_of(digits, v);
    behind = behind < 0 ? 0 : behind > most ? most : behind;
    int n = snprintf(out, WORD, "%.*f", behind, v);
    if (!behind) {
        snprintf(out + n, (size_t)(WORD - n), ".");
    } else {
        while (out[n - 1] == '0')
            out[--n] = '\0';
    }
    *right = (int)strlen(strchr(out, '.') + 1);
}

/* `1.e+10`; all exponents have the same number of digits. */
static void scientific(double v, int digits, int exponent, char *out)
{
    snprintf(out, WORD, "%.*e", digits, v);
    char *e = strchr(out, 'e');
    if (!digits) {
        memmove(e + 1, e, strlen(e) + 1);
        *e++ = '.';
    }
    while ((int)strlen(e) < exponent + 2) {
        memmove(e + 3, e + 2, strlen(e + 2) + 1);
        e[2] = '0';
    }
}

/* ---- Widths ---- */

/* Calls `see` for the elements that are shown. */
static void each_shown(Printer *p, int axis, int64_t at, void (*see)(Printer *, int64_t, void *),
                       void *user)
{
    if (axis == p->a->rank) {
        see(p, at, user);
        return;
    }
    int64_t n = p->a->dim[axis];
    for (int64_t i = 0; i < n; i++) {
        if (p->summary && n > (int64_t)2 * EDGE && i == EDGE)
            i = n - EDGE;
        each_shown(p, axis + 1, at + i * p->stride[axis], see, user);
    }
}

typedef struct Range {
    double top, low; /* of magnitudes that are not 0 */
    int digits;      /* behind the point, with exponents */
    bool special, special_sign;
} Range;

static void see_range(Printer *p, int64_t i, void *user)
{
    Range *r = user;
    double v = element(p->a, i), m = fabs(v);
    if (!isfinite(v)) {
        r->special = true;
        r->special_sign |= isinf(v) && v < 0;
        return;
    }
    if (m > r->top)
        r->top = m;
    if (m != 0 && (m < r->low || r->low == 0))
        r->low = m;
}

static void see_width(Printer *p, int64_t i, void *user)
{
    Range *r = user;
    char text[WORD];
    if (!is_real(p->a->type)) {
        int n = snprintf(text, sizeof text, "%lld", whole(p->a, i));
        if (p->a->type == GRADC_BOOL)
            n = whole(p->a, i) ? 4 : 5;
        p->left = n > p->left ? n : p->left;
        return;
    }
    double v = element(p->a, i);
    if (!isfinite(v))
        return;
    int left, right = 0;
    if (p->exponent) {
        int digits = shortest(p->a->type, v);
        digits = digits > PRECISION ? PRECISION : digits;
        r->digits = digits > r->digits ? digits : r->digits;
        if (abs(exponent_of(digits, v)) > 99)
            p->power = 3;
        left = 1 + (signbit(v) != 0);
    } else {
        positional(p->a->type, v, PRECISION, text, &right);
        left = (int)(strchr(text, '.') - text);
    }
    p->left = left > p->left ? left : p->left;
    p->right = right > p->right ? right : p->right;
}

static void find_format(Printer *p)
{
    Range r = {0};
    if (is_real(p->a->type))
        each_shown(p, 0, 0, see_range, &r);
    p->exponent = r.top >= 1e8 || (r.low != 0 && (r.low < 1e-4 || r.top / r.low > 1000));
    each_shown(p, 0, 0, see_width, &r);
    if (p->exponent) {
        p->right = r.digits;
    } else if (is_real(p->a->type) && r.special) { /* nan and inf are as wide as a number */
        int need = 3 + r.special_sign - p->right - 1;
        p->left = need > p->left ? need : p->left;
    }
}

static void put_word(const Printer *p, int64_t i, char *out)
{
    char text[WORD];
    int right = 0;
    if (p->a->type == GRADC_BOOL) {
        snprintf(out, WORD, "%*s", p->left, whole(p->a, i) ? "True" : "False");
        return;
    }
    if (!is_real(p->a->type)) {
        snprintf(out, WORD, "%*lld", p->left, whole(p->a, i));
        return;
    }
    double v = element(p->a, i);
    if (!isfinite(v)) {
        int width = p->left + 1 + p->right + (p->exponent ? p->power + 2 : 0);
        snprintf(out, WORD, "%*s", width, isnan(v) ? "nan" : v < 0 ? "-inf" : "inf");
    } else if (p->exponent) {
        scientific(v, p->right, p->power, text);
        snprintf(out, WORD, "%*s", p->left + 1 + p->right + p->power + 2, text);
    } else {
        positional(p->a->type, v, PRECISION, text, &right);
        int head = p->left - (int)(strchr(text, '.') - text);
        snprintf(out, WORD, "%*s%.300s%*s", head, "", text, p->right - right, "");
    }
}

/* ---- Layout ---- */

static void new_line(Printer *p, int count, int indent)
{
    while (count-- > 0)
        putchar('\n');
    printf("%*s", indent, "");
    p->column = indent;
}

/* A word of the last axis, on the next line where this one is full. `room` is what brackets and a
 * separator leave. */
static void put_last(Printer *p, const char *word, bool first, int indent, int room)
{
    int n = (int)strlen(word);
    if (!first && p->column + 1 + n > room) {
        new_line(p, 1, indent);
    } else if (!first) {
        putchar(' ');
        p->column++;
    }
    fputs(word, stdout);
    p->column += n;
}

static void put_axis(Printer *p, int axis, int64_t at, int indent, int room)
{
    int64_t n = p->a->dim[axis];
    bool last = axis + 1 == p->a->rank, cut = p->summary && n > (int64_t)2 * EDGE;
    char word[WORD];
    putchar('[');
    p->column++;
    for (int64_t i = 0; i < n; i++) {
        if (i && !last)
            new_line(p, p->a->rank - axis - 1, indent + 1);
        if (cut && i == EDGE) {
            i = n - EDGE - 1;
            put_last(p, "...", !last, indent + 1, room - 1);
        } else if (last) {
            put_word(p, at + i, word);
            put_last(p, word, i == 0, indent + 1, room - 1);
        } else {
            put_axis(p, axis + 1, at + i * p->stride[axis], indent + 1, room - 1);
        }
    }
    putchar(']');
    p->column++;
}

/* As Python shows a number: 0.1, 1e+16, 3.0. */
static void put_scalar(const gradc_array *a)
{
    char text[WORD];
    int right;
    if (a->type == GRADC_BOOL) {
        fputs(whole(a, 0) ? "True" : "False", stdout);
        return;
    }
    if (!is_real(a->type)) {
        printf("%lld", whole(a, 0));
        return;
    }
    double v = element(a, 0), m = fabs(v);
    if (!isfinite(v)) {
        fputs(isnan(v) ? "nan" : v < 0 ? "-inf" : "inf", stdout);
    } else if (m != 0 && (m < 1e-4 || m >= 1e16)) {
        snprintf(text, sizeof text, "%.*e", shortest(a->type, v), v);
        fputs(text, stdout);
    } else {
        positional(a->type, v, 340, text, &right);
        printf("%s%s", text, right ? "" : "0");
    }
}

void run_print(const char *name, const gradc_array *a)
{
    Printer p = {
        .a = a, .summary = a->count > THRESHOLD, .indent = (int)strlen(name) + 3, .power = 2};
    printf("%s = ", name);
    if (!a->rank) {
        put_scalar(a);
    } else if (!a->count) {
        printf("[]");
        for (int i = 0; i < a->rank && a->rank > 1; i++)
            printf("%s%lld%s", i ? ", " : " (shape ", (long long)a->dim[i],
                   i + 1 < a->rank ? "" : ")");
    } else {
        p.stride[a->rank - 1] = 1;
        for (int i = a->rank - 1; i > 0; i--)
            p.stride[i - 1] = p.stride[i] * a->dim[i];
        find_format(&p);
        p.column = p.indent;
        put_axis(&p, 0, 0, p.indent, WIDTH);
    }
    putchar('\n');
}
