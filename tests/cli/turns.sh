#!/usr/bin/env bash
# turns.sh: loops whose number of turns is an integer argument cost what those of a size do: as many turns
# in the C, counted there, and as many bytes, in which they stay.
#
# From the environment: GRADC, CC. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

# The functions of both models, NAME_by with an argument and NAME with an open size.
model() { # SUFFIX PARAMETER
    cat <<END
fn one$1(x[d], w[d]$2) {
    s = x
    for t in 0:n { s = sin(s * w) + 0.1 * s }
    return sum(s)
}
fn two$1(x[d], w[d]$2) {
    s = 0.3
    for i in 0:n { for j in i:n { s = sin(s * x[j % d]) + w[i % d] } s = tanh(s) }
    return s
}
fn product$1(x[d], A[d, d]$2) {
    h = x
    for t in 0:n { h = tanh(A @ h) }
    return sum(h)
}
export one$1 with grad, hvp(x)
export two$1 with grad, hvp(x), hessian(x)
export product$1 with grad
END
}
{ echo 'dim n' && model '' ''; } >"$dir/size.dg"
model _by ', n: i64' >"$dir/by.dg"
for m in size by; do
    "$gradc" "$dir/$m.dg" -o "$dir/$m.c" --header "$dir/$m.h"
    { echo 'extern long turns;' && sed 's/^\( *for (int64_t .*\))\( {\)*$/\1, turns++)\2/' "$dir/$m.c"; } >"$dir/counted_$m.c"
done
ok 'loops to count' grep -q ', turns++) {' "$dir/counted_by.c"
ok 'values of each turn are kept' grep -q 'max(n, 0), d' "$dir/by.c"
ok 'the value keeps none' grep -q '^size_t one_by_work(int64_t d);' "$dir/by.h"
ok 'memory by the argument' grep -q '^size_t one_by_grad_work(int64_t d, int64_t n);' "$dir/by.h"

cat >"$dir/main.c" <<'END'
#include "by.h"
#include "size.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { D = 5, MOST = 1 + D + D * D };
long turns;
static double x[D], w[D], v[D], A[D * D], out[2][MOST];
static int bad;

/* Runs f in exactly the bytes that it asks for; what it writes goes to out[by]. */
#define RUN(by, bytes, call)                                        \
    do {                                                            \
        char *work = malloc((asked[by] = (bytes)) ? asked[by] : 1); \
        double *o = out[by];                                        \
        turns = 0;                                                  \
        memset(o, 0, sizeof out[by]);                               \
        if (!work || (call))                                        \
            bad = 1;                                                \
        counted[by] = turns;                                        \
        free(work);                                                 \
    } while (0)

static void compare(const char *what, long n, const size_t *asked, const long *counted)
{
    if (memcmp(out[0], out[1], sizeof out[0]))
        bad = 1, printf("%s, n = %ld: other values\n", what, n);
    if (asked[0] != asked[1])
        bad = 1, printf("%s, n = %ld: %zu bytes, not %zu\n", what, n, asked[1], asked[0]);
    if (counted[0] != counted[1])
        bad = 1, printf("%s, n = %ld: %ld turns, not %ld\n", what, n, counted[1], counted[0]);
}

int main(void)
{
    static const long some[] = {-4, -1, 0, 1, 2, 3, 8, 31};
    size_t asked[2];
    long counted[2];
    for (int i = 0; i < D; i++)
        x[i] = sin(i + 1.0), w[i] = cos(3.0 * i), v[i] = sin(7.0 * i);
    for (int i = 0; i < D * D; i++)
        A[i] = cos(2.0 * i) / 2;
    for (int i = 0; i < 8; i++) {
        const long k = some[i];
        const int64_t n = k > 0 ? k : 0;
        RUN(0, one_grad_work(D, n), one_grad(x, w, D, n, o, o + 1, o + 1 + D, work));
        RUN(1, one_by_grad_work(D, k), one_by_grad(x, w, k, D, o, o + 1, o + 1 + D, work));
        compare("one_grad", k, asked, counted);
        RUN(0, one_hvp_work(D, n), one_hvp(x, w, v, D, n, o, o + 1, work));
        RUN(1, one_by_hvp_work(D, k), one_by_hvp(x, w, k, v, D, o, o + 1, work));
        compare("one_hvp", k, asked, counted);
        RUN(0, two_grad_work(D, n), two_grad(x, w, D, n, o, o + 1, o + 1 + D, work));
        RUN(1, two_by_grad_work(D, k), two_by_grad(x, w, k, D, o, o + 1, o + 1 + D, work));
        compare("two_grad", k, asked, counted);
        RUN(0, two_hvp_work(D, n), two_hvp(x, w, v, D, n, o, o + 1, work));
        RUN(1, two_by_hvp_work(D, k), two_by_hvp(x, w, k, v, D, o, o + 1, work));
        compare("two_hvp", k, asked, counted);
        RUN(0, two_hessian_work(D, n), two_hessian(x, w, D, n, o, o + 1, work));
        RUN(1, two_by_hessian_work(D, k), two_by_hessian(x, w, k, D, o, o + 1, work));
        compare("two_hessian", k, asked, counted);
        RUN(0, product_grad_work(D, n), product_grad(x, A, D, n, o, o + 1, o + 1 + D, work));
        RUN(1, product_by_grad_work(D, k), product_by_grad(x, A, k, D, o, o + 1, o + 1 + D, work));
        compare("product_grad", k, asked, counted);
    }
    return bad;
}
END
sanitize='-fsanitize=address,undefined -fno-sanitize-recover=undefined'
# shellcheck disable=SC2086 # flags are words
if ! echo 'int main(void) { return 0; }' | $cc -x c - $sanitize -o "$dir/try" 2>/dev/null; then
    echo 'no sanitizers: bytes are only counted'
    sanitize=
fi
# shellcheck disable=SC2086
$cc -O0 $sanitize -ffp-contract=off -I"$dir" "$dir/main.c" "$dir/counted_size.c" "$dir/counted_by.c" -o "$dir/main" -lm
runs 'the same values, bytes and turns as with a size' "$dir/main"

# A linear number of turns, also where the loop starts at another argument.
cat >"$dir/from.dg" <<'END'
fn f(x[d], a: i32, b: i64) {
    s = 0.5
    for t in a:b { s = s * sin(x[t % d]) + s }
    return s
}
export f with grad(x)
END
"$gradc" "$dir/from.dg" -o "$dir/from.c" --header "$dir/from.h"
ok 'no bound where an argument is taken away: no memory' not grep -q '^size_t' "$dir/from.h"
sum_up
