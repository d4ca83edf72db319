#!/usr/bin/env bash
# check.sh: `gradc check`. Every example and every test of the language is found right; kinks are named with their lines; what is misused is told.
#
# From the environment: GRADC. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

# code WANTED ARGUMENT... - `gradc check`; its output is in out and err.
code() {
    local want=$1
    shift
    exits "$want" check "$@"
}

# has PATTERN - a line of standard output.
has() { ok "no line like '$1' in: $(cat "$dir/out")" grep -qE -- "$1" "$dir/out"; }

# --- The examples -------------------------------------------------------------------------------

for real in f64 f32; do
    for model in examples/*.dg; do
        code 0 "$model" --real $real
        case $model in
        */krylov.dg) has 'left: ill-conditioned: rounding errors' ;; # a residual of nothing
        *) has '^all [0-9]+ elements ok$' ;;
        esac
    done
done
code 0 examples/mnist/mnist.dg -D H=3 -n 1
has '^mnist_grad +grad_W1 +[0-9]+ of 2352 .* ok$'
code 0 examples/gmm.dg -D D=4 K=3 N=6 -n 1 --jit interp
has '^gmm_grad +grad_l +18 .* ok$'

# What the tests of the language differentiate, and what they compute; whether they compile, and
# whether a random point is in the range of their indices, is for others to say.
for model in tests/lang/*.dg; do
    args=$(sed -n 's/^# >>> args //p' "$model" | head -n 1)
    want=0
    case $model in */own_rules.dg) want=1 ;; esac # its own rule is wrong on purpose
    # shellcheck disable=SC2086 # the arguments are words
    "$gradc" $args "$model" -o /dev/null 2>/dev/null || continue
    got=0
    # shellcheck disable=SC2086
    "$gradc" check $args -n 1 "$model" >"$dir/out" 2>"$dir/err" </dev/null || got=$?
    ! grep -q 'an index is out of range' "$dir/err" || continue
    ok "gradc check $args $model: exit status $got: $(tail -n 3 "$dir/out" "$dir/err")" [ $got = $want ]
done
code 1 tests/lang/own_rules.dg f
has '^f_grad, point 1, grad_x: wrong: differences of values give another number'

# The table of docs/check.md, but for the size of rounding errors.
sizeless() { sed -E 's/ +[0-9.]+e[-+][0-9]+ / E /' "$1"; }
code 0 examples/mlp.dg
sizeless "$dir/out" >"$dir/got"
awk '/^```/ { open = !open; if (!open) exit; next } open && !/^\$/' docs/check.md >"$dir/listing"
sizeless "$dir/listing" >"$dir/want"
ok "docs/check.md: $(diff "$dir/want" "$dir/got")" cmp -s "$dir/want" "$dir/got"

# --- Points -------------------------------------------------------------------------------------

cd "$dir" || exit 1
cat >m.dg <<'END'
fn f(x[n], y: i32[n], k) {
    a = relu(x)
    return k * sum(a) + sum(abs(x)) +
        sum(x[y])
}
fn g(x) = log(x - 100)
fn h(x) = sqrt(x)
export f with grad(x), hvp(x) as curv, jacobian(x)
export g with grad
export h with grad, hessian
END

code 0 m.dg f
has '^f_grad +grad_x +3 .* ok$'
has '^curv +hvp_x +3 .* ok$'
has '^f_jacobian +jac_x +3 .* ok$'
has '^all [0-9]+ elements ok$'
ok "f alone is checked" [ "$(grep -c '^[gh]' out)" = 0 ]
code 0 m.dg f_grad -n 5 --seed 3
has '^all 20 elements ok$'
cp out first
code 0 m.dg f_grad -n 5 --seed 3
ok 'the same seed gives the same text' cmp -s first out
code 0 m.dg f_grad -n 5 --seed 3 -v
cp out first
code 0 m.dg f_grad -n 5 --seed 4 -v
ok 'another seed gives other points' [ "$(cat out)" != "$(cat first)" ]
code 0 m.dg f_grad 'x=[1, 2]' 'y=[1, 0]' k=2 -v
has '^f_grad: n = 2$'
has '^  point 1  grad_x\[1\] = 4  differences 4, within .*  other mode 4  error .*  ok$'
has '^all 3 elements ok$'
code 0 m.dg f_grad n=7
has 'grad_x +7 '
code 0 m.dg f_grad -D n=6
has 'grad_x +6 '
echo 'fn f(y0[n], gamma) = gamma * sum(y0^2)' >names.dg # taken in C
code 0 names.dg f_grad 'y0=[1, 2]' gamma=2 -n 1
has '^all 4 elements ok$'
code 0 names.dg f_grad 'y0_=[1, 2]' gamma_=2 -n 1
has '^all 4 elements ok$'
printf 'a\n1\n-2\n3\n' >x.csv
code 0 m.dg f_grad x=@x.csv -n 1
has '^all 4 elements ok$'

cat >hmm.dg <<'END'
fn f(x[T, K], A[K, K]) {
    a = x[0]
    for t in 1:T { a = logsumexp(expand(a, 1) + A, axis=0) + softmax(x[t]) }
    return logsumexp(a)
}
export f with grad, hvp(A)
END
code 0 hmm.dg # what softmax subtracts moves with its operand, and does not matter
has '^all [0-9]+ elements ok$'

# --- Kinks and the edges of domains -------------------------------------------------------------

echo 'fn f(x[n]) = sum(relu(x))' >k.dg # the second listing of docs/check.md
code 0 k.dg 'x=[0, 2]'
awk '/^```/ { n += !open; open = !open; next } open && n == 2 && !/^\$/' "$root/docs/check.md" |
    sed 's/m\.dg/k.dg/' >want
ok "docs/check.md: $(diff want out)" cmp -s want out

code 0 m.dg f_grad 'x=[0, 2]' 'y=[1, 0]' k=2
has '^f_grad, point 1, grad_x\[0\]: kink of relu at m.dg:2:9: 0 from the left, 4 from the right, 1 computed$'
has '^1 kink, 2 ok of 3 elements$'
has '^f_grad +grad_x +2 .* kink$'
code 0 m.dg h x=0
has 'grad_x: kink of sqrt at m.dg:7:11: none from the left'
has 'hess_x: kink of sqrt at m.dg:7:11$'
code 1 m.dg h x=-1
has 'grad_x: undefined: the value is not finite here$'
has '^h_grad +grad_x +1 .* undefined$'
code 0 m.dg h
code 1 m.dg g
has '^g_grad: at none of 64 random points is all finite: give one, NAME=VALUE$'
code 0 m.dg g x=101.5

cat >l.dg <<'END'
fn f(x[n], a) {
    s = 0.0 * a
    for i in 0:n { s = s * a + relu(x[i]) * sin(s + x[i]) }
    return s
}
export f with grad(x, a), jvp(x), hessian(x)
END
code 0 l.dg
has '^all 54 elements ok$'
code 0 l.dg 'x=[0, 1]' a=0.5
has 'hess_x\[0, 0\]: kink of relu in turn 1 at l\.dg:3:32$'
sed 's/f(x\[n\], a)/f(x[n], a, k: i64)/; s/0:n/0:k/' l.dg >k.dg
code 0 k.dg 'x=[0, 1]' a=0.5 k=2
has 'hess_x\[0, 0\]: kink of relu in turn 1 at k\.dg:3:32$'
sed 's/k: i64/k: i64[1]/; s/0:k/0:k[0]/' k.dg >u.dg
code 0 u.dg 'x=[0, 1]' a=0.5 'k=[2]'
has 'hess_x\[0, 0\]: kink inside a loop$'
has '^1 kink, 15 ok of 16 elements$'

# --- How it is used wrongly ---------------------------------------------------------------------

code 2 m.dg none
says "there is no function 'none'; there are f, f_grad, curv, f_jacobian, g, g_grad, h"
code 2 m.dg f z=3
says "no function that is checked has an argument 'z'"
code 2 m.dg f 'x=[1, 2]' 'x=[1]'
says 'x is given twice'
code 2 m.dg f 'x=[1, 2' k=1
says '`,` or `]` is expected'
code 2 m.dg f x=3
says 'it has 1 axis, not 0'
code 2 m.dg f 'x=[1, 2]' 'y=[0, 1, 2]'
says 'so that n is 2, but y [n] is given as [3]'
code 2 m.dg f 'y=[0.5, 1]'
says 'y is of type i32, and is given reals'
code 2 m.dg f n=-1
says 'a size is an integer from 0 on'
code 2 m.dg f n=1.5
says 'a size is an integer from 0 on'
code 2 m.dg f grad
says "'grad' is not NAME=VALUE"
code 1 m.dg f 'y=[0, 9]'
says 'f: an index is out of range'
code 3 m.dg f x=@none.npy
says 'none.npy'
code 2 m.dg -n 0
says '-n wants a number of points from 1 to 10000'
code 2 m.dg --seed x
says '--seed wants a number'
code 2 m.dg --jit fast
says '--jit wants'
code 2 m.dg --time
says 'only `gradc run` and `gradc train` take: --time'
code 2
says 'no model given'
code 3 none.dg
printf 'fn f(x) = y\n' >bad.dg
code 1 bad.dg
says "bad.dg:1:11: error:"
got=0
"$gradc" run m.dg -v >out 2>err || got=$?
ok "gradc run -v: exit status $got" [ $got = 2 ]
says 'only `gradc check` takes: -v'
"$gradc" --help >out 2>&1
has 'gradc check \[options\] MODEL.dg'

cd "$root" || exit 1
sum_up
