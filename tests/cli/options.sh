#!/usr/bin/env bash
# options.sh: the command line. Every option of --help does what it says; exit codes are 0 good,
# 1 the model is wrong, 2 the command line is wrong, 3 the system failed; a file is written whole
# or not at all.
#
# From the environment: GRADC, CC. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

# code WANTED ARGUMENT... - runs gradc; its output is in $dir/out and $dir/err.
code() {
    local want=$1
    exits "$@"
    shift
    if [ "$want" = 0 ]; then
        ok "gradc $*: says $(head -n 1 "$dir/err")" [ ! -s "$dir/err" ]
    else
        ok "gradc $*: says nothing" [ -s "$dir/err" ]
        ok "gradc $*: writes to standard output" [ ! -s "$dir/out" ]
    fi
}

has() { ok "no '$1' in $2" grep -q -- "$1" "$dir/$2"; }
lacks() { ok "a '$1' in $2" not grep -q -- "$1" "$dir/$2"; }
differs() { ok "$1: the same C as without it" not cmp -s "$dir/out" "$dir/plain"; }

cd "$dir" || exit 1
mkdir inc
cat >model.dg <<'END'
import "half.dg"
dim n = 4
fn norm2(x[n]) = half(sum(x^2))
fn pick(x[m], i: i32) = x[i]
fn apart(x, y) = x * x
fn mul(A[m, k], B[k, p]) = A @ B
export norm2 with grad(x)
END
echo 'fn half(x) = x / 2' >inc/half.dg
echo 'fn half(x) = x / ' >broken.dg

# --- Nothing to compile -------------------------------------------------------------------------

code 0 --help
cp out help
has '^usage: gradc ' out
code 0 -h
ok '-h is --help' cmp -s help out
code 0 --version
has '^gradc [0-9]*\.[0-9]*\.[0-9]*$' out
code 2
code 2 --no-such-option model.dg
code 2 model.dg model.dg
code 2 -o
code 2 show
code 2 graph -o x.svg

# What --help says is there is there, and what is there is in --help and in the manual.
for option in $(grep -o -- '--[a-z-]*' help | sort -u); do
    manual=$root/docs/gradc.1
    [ -e "$manual" ] || continue
    ok "$option is not in docs/gradc.1" grep -q -- "$(sed 's/-/\\\\-/g' <<<"$option")" "$manual"
done
"$gradc" --no-such-option 2>&1 | grep -q "Try 'gradc --help'" || ok 'a hint at --help' false
for option in output header export define include real unroll dump disconnected; do
    code 2 model.dg "--$option"
done
for option in output header export define include real unroll openmp blas check-bounds fast-math disconnected dump; do
    ok "--$option is not in --help" grep -q -- "--$option" help
done

# --- Options ------------------------------------------------------------------------------------

code 1 model.dg # half.dg is nowhere
code 0 -I inc model.dg
cp out plain
has 'int norm2_grad(' out
lacks 'int pick(' out
code 0 --include inc model.dg
ok '--include is -I' cmp -s plain out
code 0 model.dg -I inc
ok 'options may stand behind the model' cmp -s plain out
code 0 -I inc model.dg
ok 'the same text from run to run' cmp -s plain out
code 0 -I inc -- model.dg

code 0 -I inc model.dg -o a.c
ok '-o writes what standard output gets' cmp -s plain a.c
code 0 -I inc model.dg --output b.c
ok '--output is -o' cmp -s plain b.c
code 0 -I inc model.dg -o -
ok '-o - is standard output' cmp -s plain out
code 0 -I inc model.dg -o /dev/null
code 0 -I inc model.dg -o a.c --header a.h
ok 'nothing is left beside the files' [ -z "$(ls -d ./*.tmp 2>/dev/null)" ]
has 'int norm2_grad(' a.h
printf '#include "a.h"\n#include "a.h"\nint main(void) { double x[4] = {1, 2, 3, 4}, v; return norm2(x, &v) || v != 15; }\n' >main.c
ok 'a header alone, in C' $cc -std=c99 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -x c -fsyntax-only a.h
ok 'a C program with the header' $cc -std=c99 -Wall -Wextra -Wpedantic -Werror main.c a.c -o main -lm
ok 'it computes' ./main
if command -v g++ >/dev/null; then
    ok 'a header alone, in C++' g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -x c++ -fsyntax-only a.h
    $cc -c a.c -o a.o
    ok 'a C++ program with the header' g++ -std=c++17 -x c++ main.c -x none a.o -o main -lm
    ok 'it computes' ./main
fi

code 0 -I inc model.dg -e 'pick with grad(x)'
has 'int pick_grad(' out
lacks 'int norm2' out
code 0 -I inc model.dg --export pick -e 'norm2 with grad(x) as slope'
has 'int pick(' out
has 'int slope(' out
code 1 -I inc model.dg -e 'nothing with grad(x)'
code 1 -I inc model.dg -e 'norm2 with grad(z)'
code 1 -I inc model.dg -e ''

code 0 -I inc -D n=7 model.dg
differs '-D'
has '7' out
code 0 -I inc -D n=7 --define n=4 model.dg
ok 'of two -D the last counts' cmp -s plain out
code 0 -I inc -D n=0x4 model.dg
code 2 -D n model.dg
code 2 -D =3 model.dg
code 2 -D n= model.dg
code 2 -D n=-1 model.dg
code 2 -D n=3x model.dg
code 2 -D n=99999999999999999999 model.dg

code 0 -I inc --real f32 model.dg
has 'const float \*' out
lacks 'double' out
code 0 -I inc --real=f64 model.dg
ok '--real f64 is the default' cmp -s plain out
code 2 --real f16 model.dg

code 0 -I inc --unroll 0 model.dg
differs '--unroll 0'
has 'for (' out
code 0 -I inc --unroll 16 model.dg
ok '--unroll 16 is the default' cmp -s plain out
cat >march.dg <<'END'
fn far(p[3], r) = min(norm(p) - r, norm(p - [0.6, 0.2, 0]) - 0.5)
fn shade(o[3], d[3], r) {
    t = 0
    gap = far(o, r)
    while gap > 1e-9 and t < 20 limit 400 {
        t += gap
        gap = far(o + t * d, r)
    }
    p = o + t * d
    s = far(p, r)
    n = grad(s, p)
    return n[1] / norm(n) + 0.1 * t
}
dim K = 5
fn image(o[3], r) = sum([shade(o, [x * 0.1, y * 0.1, 1] / norm([x * 0.1, y * 0.1, 1]), r) for y in 0:K, x in 0:K]^2)
export image with grad(o, r)
END
code 0 march.dg
lines=$(wc -l <out)
code 0 -D K=20 march.dg
ok "5 x 5 pixels are $lines lines, 20 x 20 are $(wc -l <out)" [ "$lines" -lt $((4 * $(wc -l <out))) ]
cat >givens.dg <<'END'
fn turned(A0[m, n]) {
    A = A0
    for j in 0:n {
        for k in 0:m - 1 - j {
            i = m - 1 - k
            r = hypot(A[i-1, j], A[i, j])
            p = A[i-1, :]
            q = A[i, :]
            A[i-1, :] = p / r + q
            A[i, :] = q / r - p
        }
    }
    x = zeros(n)
    for k in 0:n { x[k] = A[k, k] }
    return x
}
END
code 0 givens.dg
ok 'one copy of the array' [ "$(grep -c 'i < (m\*n)' out)" = 1 ]
lacks A_next out
lacks '>= 0) &' out
cat >column.dg <<'END'
fn f(A0[m, n], v[m]) {
    A = A0
    s = 0
    for i in 0:m - 1 {
        s += A[i, 0] * v[i]
        A[i+1, 0] += s
    }
    return s
}
END
code 0 column.dg
ok 'an element of a column is read where it lies' [ "$(sed -n '/^int f(/,/^}/p' out | grep -c 'for (')" = 2 ]
cat >assembly.dg <<'END'
fn f(a: i32[m, 2], v[m], w[n, n]) {
    K = w
    for e in 0:m {
        for i in 0:2 { K[a[e, i], a[e, 1-i]] += v[e]^2 }
    }
    return sum(K^3)
}
export f with grad(v)
END
code 0 assembly.dg
ok 'an adjoint that no turn changes is copied in none' [ "$(grep -c '^ \{8,\}for .*(n\*n)' out)" = 0 ]
cat >pairs.dg <<'END'
fn f(A0[m, n]) {
    A = A0
    for k in 0:m - 1 {
        if A[k, 0] != 0 {
            p = A[k, :]
            q = A[k+1, :]
            A[k, :] = p * q
            A[k+1, :] = q - p
        }
    }
    return sum(A^2)
}
export f with grad
END
code 0 pairs.dg
lacks grad_A0_next out
ok 'one branch in a turn, forwards and backwards' [ "$(grep -c '^        if ' out)" = 3 ]
code 2 --unroll many model.dg
code 2 --unroll -1 model.dg
code 2 --unroll 5000 model.dg

code 0 -I inc -e mul model.dg
cp out plain_mul
echo 'fn f(x[n]) = sin(x)' >each.dg
code 0 each.dg
lacks '#pragma omp' out
code 0 --openmp each.dg
has '#pragma omp' out
code 0 -I inc -e mul --blas model.dg
has 'cblas_dgemm' out
code 0 -I inc -e pick model.dg
lacks 'return GRADC_E_BOUNDS' out
code 0 -I inc -e pick --check-bounds model.dg
has 'return GRADC_E_BOUNDS' out
cat >steps.dg <<'END'
fn steps(a[n], b[m]) {
    D = zeros(n + 1, m + 1)
    for i in 0:n {
        for j in 0:m { D[i + 1, j + 1] = a[i] * b[j] + min(D[i, j], D[i, j + 1]) + D[n - 1 - i, j] }
    }
    return D[n, m]
}
END
code 0 --check-bounds steps.dg
lacks 'return GRADC_E_BOUNDS' out
echo 'fn f(x) = x - x' >minus.dg
code 0 minus.dg -e f
has 'x - x' out
code 0 minus.dg -e f --fast-math
lacks 'x - x' out

code 1 -I inc -e 'apart with grad(x, y)' model.dg
code 0 -I inc -e 'apart with grad(x, y)' --disconnected=zero model.dg
has 'grad_y' out
code 1 -I inc -e 'apart with grad(x, y)' --disconnected=zero --disconnected=error model.dg
code 2 --disconnected=maybe model.dg

echo 'fn f(x) = log(1 + x)' >log.dg
code 0 log.dg -e f -O0
lacks 'log1p' out
code 0 log.dg -e f -O1
has 'log1p' out
code 0 log.dg -e f
cp out plain
code 0 log.dg -e f -O2
ok '-O2 is the default' cmp -s plain out
code 2 -O3 log.dg
code 2 -O log.dg
code 2 -O12 log.dg

for pass in parse elaborate optimise; do
    code 0 -I inc model.dg --dump=$pass
    has 'norm2' out
    code 0 -I inc model.dg --dump $pass -o dump.txt
    has 'norm2' dump.txt
done
code 2 model.dg --dump=nothing
code 2 -I inc show model.dg # a subcommand comes first

code 0 show -I inc model.dg
has '^fn norm2_grad(' out
cp out shown
code 0 show -I inc model.dg -o shown.dg
ok 'show -o' cmp -s shown shown.dg
code 0 shown.dg
has 'int norm2_grad(' out
code 0 graph -I inc model.dg
has '^digraph' out
code 2 graph -I inc model.dg -o model.txt

# --- Names of C ---------------------------------------------------------------------------------

cat >names.dg <<'END'
fn f(value, work[n], int) { gamma = value + sum(work) * int; delta = 2 * int
    return (gamma, delta, value) }
END
code 0 names.dg
has 'int f(double value_, const double \*work_, double int_, int64_t n,' out
has 'double \*gamma_,' out
has 'double \*delta,' out
has 'double \*value)' out

# --- Dependencies -------------------------------------------------------------------------------

mkdir 'a b' && cp model.dg 'a b/' && cp inc/half.dg 'a b/half.dg'
code 0 'a b/model.dg' -o 'a b/m$.c' --header m.h --depfile m.d
ok "depfile: $(cat m.d)" [ "$(cat m.d)" = 'a\ b/m$$.c m.h: a\ b/model.dg a\ b/half.dg
a\ b/half.dg:' ]
code 0 -I inc model.dg -o d.c --depfile d.d
if command -v make >/dev/null; then
    printf 'd.c:\n\ttouch made\ninclude d.d\n' >rules.mk
    make -sf rules.mk d.c 2>err
    ok 'make: nothing is made again' [ ! -e made ]
    touch -d '+1 hour' inc/half.dg 2>/dev/null || touch -t 209001010000 inc/half.dg
    make -sf rules.mk d.c 2>err
    ok 'make: a changed import' [ -e made ]
    touch inc/half.dg
fi

# --- What goes wrong ----------------------------------------------------------------------------

rm -f a.c a.h
code 1 broken.dg -o a.c --header a.h
ok 'a wrong model leaves no file' [ ! -e a.c ] && ok 'nor a header' [ ! -e a.h ]
has '^broken.dg:1:' err
echo keep >a.c
code 1 broken.dg -o a.c
ok 'a wrong model leaves the file that was there' [ "$(cat a.c)" = keep ]
code 2 minus.dg -o a.c --real f16
ok 'a wrong command line too' [ "$(cat a.c)" = keep ]
code 3 none.dg -o a.c
ok 'a missing model too' [ "$(cat a.c)" = keep ]
has 'none.dg' err
code 3 inc -o a.c
ok 'a folder as a model too' [ "$(cat a.c)" = keep ]
code 3 minus.dg -o none/a.c
ok 'no folder is made' [ ! -e none ]
code 3 minus.dg -o inc
ok 'a folder stays a folder' [ -d inc ]
code 3 minus.dg -o ok.c --header none/a.h
ok 'a header that cannot be written leaves no C' [ ! -e ok.c ]
code 3 minus.dg -o ok.c --header inc
ok 'nor one that is a folder' [ ! -e ok.c ]
code 3 minus.dg -o ok.c --header ok.h --depfile none/ok.d
ok 'nor a depfile' [ ! -e ok.c ] && ok 'and no header' [ ! -e ok.h ]
code 2 minus.dg --depfile ok.d
code 3 minus.dg -o ''
if [ "$(id -u)" != 0 ]; then
    mkdir sealed && chmod a-w sealed
    code 3 minus.dg -o sealed/a.c
    ok 'nothing in a sealed folder' [ -z "$(ls sealed)" ]
    cp minus.dg secret.dg && chmod a-r secret.dg
    code 3 secret.dg
fi
if [ -w /dev/full ]; then
    "$gradc" minus.dg >/dev/full 2>err
    ok 'a full disk under standard output' [ $? = 3 ]
    "$gradc" minus.dg -o /dev/full 2>err
    ok 'a full disk under -o' [ $? = 3 ]
    "$gradc" show minus.dg >/dev/full 2>err
    ok 'a full disk under show' [ $? = 3 ]
    "$gradc" --help >/dev/full 2>err
    ok 'a full disk under --help' [ $? = 3 ]
    "$gradc" --version >/dev/full 2>err
    ok 'a full disk under --version' [ $? = 3 ]
fi
# a file that others link to or read is replaced, never opened and cut
echo old >linked && ln linked other
code 0 minus.dg -o linked
ok 'a second link keeps the old text' [ "$(cat other)" = old ]
ok 'nothing is left beside the files' [ -z "$(ls -d ./*.tmp ./*/*.tmp 2>/dev/null)" ]
: >empty.dg
code 1 empty.dg
printf 'fn f(x) = x\0\n' >nul.dg
code 1 nul.dg

sum_up
