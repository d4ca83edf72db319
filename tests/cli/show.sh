#!/usr/bin/env bash
# show.sh: what `gradc show` prints is the model. For every example and every STRIDE-th model of
# tests/lang (3; `make check` takes all): the printed file compiles, emits functions of the same names, arguments and outputs that compute
# the same numbers from the same inputs, and printed again it does not change any more.
#
# From the environment: GRADC, CC, STRIDE. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

! command -v tcc >/dev/null || cc=tcc # many small files: what counts is how fast they compile

# prototypes HEADER - one a line, without the workspace: `int f(const double *x, int64_t n)`.
prototypes() {
    awk '/^int [A-Za-z_]/ { on = 1 }
         on { line = line $0; if (/;$/) { print line; line = ""; on = 0 } }' "$1" |
        sed 's/  */ /g; s/, void \*work)/)/; s/;$//'
}

# harness HEADER HEADER_AGAIN - a C program that calls every function `first_...` and `again_...`
# with the same random inputs and compares what they give. Sizes are 5; what is read as an index
# is 0 to 2; every sixth number is larger, so that 5 x 5 matrices are regular.
harness() {
    awk '
    function flush_function(    n, i, a, name, head, one, two, back, arg, type, id) {
        head = line; sub(/^int /, "", head)
        name = head; sub(/\(.*/, "", name)
        sub(/^[^(]*\(/, "", head); sub(/\);$/, "", head)
        n = split(head, a, /, */)
        body = ""; one = ""; back = ""
        for (i = 1; i <= n; i++) {
            arg = a[i]
            if (arg == "void *work") continue
            id = arg; sub(/.*[ *]/, "", id)
            type = arg; sub(/ *\**[^ *]*$/, "", type)
            if (arg ~ /^const /) {
                sub(/^const /, "", type)
                body = body "    " type " *i" i " = block(sizeof *i" i "); FILL(i" i ", " type ", " i ");\n"
                one = one ", i" i
            } else if (arg ~ /\*/) {
                body = body "    " type " *a" i " = block(sizeof *a" i "), *b" i " = block(sizeof *b" i ");\n"
                one = one ", a" i; back = back "    COMPARE(a" i ", b" i ", \"" name "." id "\");\n"
                outs[i] = 1
            } else {
                one = one ", " ((type == "double" || type == "float") ? "(" type ")0.75" : type == "int64_t" ? "5" : "1")
            }
        }
        two = one; gsub(/ a/, " b", two)
        print "static void test_" name "(void)\n{\n" body
        print "    int x = first_" name "(" substr(one, 3) WORK(name, "first_") ");"
        print "    int y = again_" name "(" substr(two, 3) WORK(name, "again_") ");"
        print "    if (x != y) bad(\"" name "\", 0, x, y);\n" back "    rest();\n}"
        calls = calls "    test_" name "();\n"
    }
    function WORK(name, prefix,    k, s) {
        if (!((prefix name) in work)) return ""
        s = ""
        for (k = 0; k < work[prefix name]; k++) s = s (k ? ", 5" : "5")
        return ", block_of(" prefix name "_work(" s "))"
    }
    function whole(    t) { t = line; gsub(/  +/, " ", t); line = t }
    FNR == 1 { file++; prefix = file == 1 ? "first_" : "again_" }
    /^(int|size_t) [A-Za-z_]/ { on = 1; line = "" }
    on {
        line = line (line == "" ? "" : " ") $0
        if (!/;$/) next
        on = 0; whole()
        t = line; sub(/ /, " " prefix, t); print t
        if (line ~ /^size_t/) {
            name = line; sub(/^size_t /, "", name); sub(/_work\(.*/, "", name)
            t = line; sub(/^[^(]*\(/, "", t); sub(/\);$/, "", t)
            work[prefix name] = t == "void" ? 0 : split(t, unused, /,/)
        } else if (file == 1) {
            function_line[nfunctions++] = line
        }
    }
    END {
        for (f = 0; f < nfunctions; f++) { line = function_line[f]; flush_function() }
        print "int main(void)\n{\n" calls "    return failed;\n}"
    }' "$1" "$2"
}

cat >"$dir/head.c" <<'END'
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 20000 };
static void *kept[200];
static int nkept, failed;
static void *block_of(size_t n) { return kept[nkept++] = calloc(n + 8, 1); }
static void *block(size_t n) { return block_of(n * N); }
static void rest(void) { while (nkept) free(kept[--nkept]); }
static double random_number(unsigned *seed) { *seed = *seed * 1664525u + 1013904223u; return (double)(*seed >> 8) / 16777216.0; }
static void bad(const char *what, int i, double x, double y)
{
    if (!failed)
        printf("%s[%d]: %.17g, and shown again %.17g\n", what, i, x, y);
    failed = 1;
}
#define FILL(p, type, k) do { unsigned s = k; for (int i = 0; i < N; i++) { \
    double r = random_number(&s); (p)[i] = (type)0.5 != 0 ? (type)(r + 0.2 + (i % 6 ? 0 : 3)) : (type)(sizeof(type) == 1 ? r * 2 : r * 3); } } while (0)
#define COMPARE(a, b, name) do { for (int i = 0; i < N; i++) { \
    double x = (double)(a)[i], y = (double)(b)[i], t = sizeof *(a) == 4 ? 2e-3 : 1e-9; \
    if (!(x == y || (x != x && y != y) || fabs(x - y) <= t * (1 + fabs(x)))) { bad(name, i, x, y); break; } } } while (0)
END

# rename PREFIX HEADER - what makes the compiler call the functions that.
rename() { sed -n "s/^\(int\|size_t\) \([A-Za-z_][A-Za-z0-9_]*\)(.*/-D\2=$1\2/p" "$2"; }

# plain FILE - without comments and empty lines.
plain() { grep -v '^ *#\|^ *$' "$1"; }

# check MODEL - what is wrong with it, or nothing.
check() {
    local args checks=
    args=$(sed -n 's/^# >>> args //p' "$1") # what is shown needs none: types and sizes are in it
    case $args in *--check-bounds*) checks=--check-bounds ;; esac # but that changes the functions
    # shellcheck disable=SC2086 # the arguments are words
    "$gradc" "$1" $args -o "$dir/a.c" --header "$dir/a.h" || { echo "does not compile" && return; }
    # shellcheck disable=SC2086
    "$gradc" show "$1" $args -o "$dir/s1.dg" || { echo "cannot be shown" && return; }
    "$gradc" "$dir/s1.dg" $checks -o "$dir/b.c" --header "$dir/b.h" || { echo "what is shown does not compile" && return; }
    diff <(prototypes "$dir/a.h") <(prototypes "$dir/b.h") || { echo "the prototypes differ" && return; }
    "$gradc" show "$dir/s1.dg" -o "$dir/s2.dg" && "$gradc" show "$dir/s2.dg" -o "$dir/s3.dg" ||
        { echo "what is shown cannot be shown" && return; }
    diff <(plain "$dir/s2.dg") <(plain "$dir/s3.dg") || { echo "what is shown changes again" && return; }
    { cat "$dir/head.c" && harness "$dir/a.h" "$dir/b.h"; } >"$dir/main.c"
    # shellcheck disable=SC2046 # the definitions are words
    $cc $(rename first_ "$dir/a.h") -c "$dir/a.c" -o "$dir/a.o" &&
        $cc $(rename again_ "$dir/b.h") -c "$dir/b.c" -o "$dir/b.o" &&
        $cc "$dir/main.c" "$dir/a.o" "$dir/b.o" -o "$dir/main" -lm || { echo "the C does not build" && return; }
    "$dir/main" || echo "the numbers differ"
}

for model in examples/*.dg $(printf '%s\n' tests/lang/*.dg | awk -v s="${STRIDE:-3}" 'NR % s == 0'); do
    [ -e "$model" ] || continue
    check "$model" >"$dir/wrong" 2>&1
    if [ -s "$dir/wrong" ]; then
        bad "$model: $(tail -n 1 "$dir/wrong")"
        head -n 8 "$dir/wrong" | sed 's/^/    /'
    else
        good
    fi
done

# Figure 6.10 of Goodfellow et al.: f(w) and f(f(w)) are computed once, and shared.
"$gradc" show examples/chain.dg >"$dir/chain.dg" || bad "show chain.dg"
count=$(sed -n '/^fn chain_grad/,/^}/p' "$dir/chain.dg" | grep -o 'tanh(' | wc -l)
if [ "$count" = 3 ]; then good; else bad "chain_grad has $count tanh, not 3"; fi
if grep -q '^    # derivative$' "$dir/chain.dg"; then good; else bad "no part is called derivative"; fi

sum_up
