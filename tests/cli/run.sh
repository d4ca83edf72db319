#!/usr/bin/env bash
# run.sh: `gradc run`. Values on the command line and in files, what is printed and saved, and what
# is said about arguments that are missing, malformed or do not fit.
#
# From the environment: GRADC, CC. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

# code WANTED ARGUMENT... - `gradc run`; its output is in out and err.
code() {
    local want=$1
    shift
    exits "$want" run "$@"
    [ "$want" = 0 ] || ok "gradc run $*: prints $(head -n 1 out)" [ ! -s out ]
}

# prints LINE... - all of standard output.
prints() {
    printf '%s\n' "$@" >expect
    ok "printed: $(diff expect out)" cmp -s expect out
}

cd "$dir" || exit 1
cat >m.dg <<'END'
fn f(x[N, D], y: i32[N], param w[D], k) = k * sum((x @ w)^2) + sum(x[range(N), y])
fn same(x[n]) = x
fn same2(x[n, m]) = x
fn single(x: f32[n]) = x
fn kinds(a: bool, b: u8[p], c: i64, d: i32) = (a, b, c, d)
fn one(x) = x
fn pick(x[n], i: i32) = x[i]
fn count(n[m]) = sum(full(q, 1.5)) + sum(n)
dim q
export f with grad(w)
export same
export same2
export single
export kinds
export one
END

# --- Values and what is printed -----------------------------------------------------------------

code 0 m.dg f 'x=[[1, 2], [3, 4]]' 'y=[0, 1]' 'w=[1, 2]' k=2
prints 'value = 297.0'
code 0 m.dg 'x=[[1, 2], [3, 4]]' 'y=[0, 1]' 'w=[1, 2]' k=2
prints 'value = 297.0'
code 0 m.dg f_grad 'x=[[1,2],[3,4]]' 'y=[0,1]' 'w=[1,2]' k=2
prints 'value = 297.0' 'grad_w = [152. 216.]'
jits='cc cc auto interp' # cc: compiled, and from the cache
"$gradc" run m.dg one x=1 --jit tcc 2>&1 | grep -q 'built without libtcc' || jits="tcc $jits"
for jit in $jits; do
    code 0 m.dg f_grad 'x=[[1,2],[3,4]]' 'y=[0,1]' 'w=[1,2]' k=2 --jit "$jit"
    prints 'value = 297.0' 'grad_w = [152. 216.]'
done
code 0 --time m.dg one x=3
prints 'value = 3.0'
for stage in parse elaborate optimise lower emit jit call; do says "$stage "; done

value() { # TEXT PRINTED
    code 0 m.dg one "x=$1"
    prints "value = $2"
}
value 0.1 0.1
value 1e16 1e+16
value 123456789012345 123456789012345.0
value 1e-5 1e-05
value -0.0 -0.0
value nan nan
value -inf -inf
value 1.7976931348623157e308 1.7976931348623157e+308
value 0.30000000000000004 0.30000000000000004

array() { # TEXT PRINTED...
    code 0 m.dg same "x=$1"
    shift
    prints "$@"
}
array '[1, 2.5]' 'value = [1.  2.5]'
array '[-1, 10]' 'value = [-1. 10.]'
array '[1e-5, 1.25]' 'value = [1.00e-05 1.25e+00]'
array '[1e10, 1]' 'value = [1.e+10 1.e+00]'
array '[1e-300, 1]' 'value = [1.e-300 1.e+000]'
array '[nan, 1, -inf]' 'value = [ nan   1. -inf]'
array '[0.123456789123, 1]' 'value = [0.12345679 1.        ]'
array '[]' 'value = []'
array '[1.5,]' 'value = [1.5]'
code 0 m.dg same2 'x=[[1, 2], [3, 40]]'
prints 'value = [[ 1.  2.]' '         [ 3. 40.]]'
code 0 m.dg same2 'x=[[], []]'
prints 'value = [] (shape 2, 0)'
code 0 m.dg single 'x=[0.1, 1e-3]'
prints 'value = [0.1   0.001]'
code 0 m.dg kinds a=true 'b=[1, 255]' c=-9223372036854775808 d=7
prints 'a_ = True' 'b_ = [  1 255]' 'c_ = -9223372036854775808' 'd_ = 7'
list=$(seq -s, 1 30)
code 0 m.dg same "x=[$list]"
prints 'value = [ 1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11. 12. 13. 14. 15. 16.' \
    '         17. 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29. 30.]'
list=$(seq -s, 1 1001)
code 0 m.dg same "x=[$list]"
prints 'value = [1.000e+00 2.000e+00 3.000e+00 ... 9.990e+02 1.000e+03 1.001e+03]'
code 0 -e 'count' m.dg 'n=[1, 2]' q=4
prints 'value = 9.0'

# --- Initial values -----------------------------------------------------------------------------

cat >init.dg <<'END'
fn f(x[N, D], param W[D, H] ~ glorot_uniform, param b[H] ~ zeros, param s ~ 1 / D, param t[H]) =
    (W, s, sum(x @ W + b + s * t))
fn g(x[N, D], param W[D, H] ~ glorot_uniform) = W
export f
export g
END
code 0 init.dg g 'x=[[1, 2]]' H=2
prints 'value = [[-0.16872724 -0.15193288]' '         [ 0.19111365  0.88055414]]'
code 0 init.dg f 'x=[[0, 0]]' 't=[3, 4]'
prints 'W_ = [[-0.16872724 -0.15193288]' '      [ 0.19111365  0.88055414]]' 's_ = 0.5' 'value2 = 3.5'
code 0 init.dg g 'x=[[1, 2]]' H=2 --seed 1 --jit interp
ok 'another seed draws other values' [ "$(head -n 1 out)" != 'value = [[-0.16872724 -0.15193288]' ]
code 0 init.dg f 'x=[[1, 0]]' 't=[0, 0]' 'W=[[1, 2], [3, 4]]' s=7
prints 'W_ = [[1. 2.]' '      [3. 4.]]' 's_ = 7.0' 'value2 = 3.0'
code 2 init.dg g 'x=[[1, 2]]'
says 'no argument tells the size H'
code 2 init.dg f 'x=[[1, 2]]'
says 'f: the argument t is not given; it is f64 [H], a param without an initial value'
code 2 init.dg f 'x=[[1, 2]]' 't=[1]' --seed -1
says '--seed wants a number from 0 to 2^64 - 1: -1'
"$gradc" m.dg --seed 1 >out 2>err
ok '--seed belongs to run' [ $? = 2 ]

# --- Files --------------------------------------------------------------------------------------

code 0 m.dg same2 'x=[[1, 2, 3], [4, 5, 6.5]]' -o saved
ok 'nothing is printed with -o' [ ! -s out ]
ok 'nothing is left beside what is saved' [ "$(ls saved)" = value.npy ]
code 0 m.dg same2 x=@saved/value.npy
prints 'value = [[1.  2.  3. ]' '         [4.  5.  6.5]]'
code 0 m.dg single 'x=[1.5, 2]' -o saved
code 0 m.dg same x=@saved/value.npy
prints 'value = [1.5 2. ]'
code 0 m.dg kinds a=1 'b=[3]' c=4 d=5 --output saved
code 0 m.dg one x=@saved/c_.npy
prints 'value = 4.0'

code 0 m.dg f_grad 'x=[[1,2],[3,4]]' 'y=[0,1]' 'w=[1,2]' k=2 -o all.npz
ok 'nothing is printed with -o FILE.npz' [ ! -s out ]
code 0 m.dg same x=@all.npz:grad_w
prints 'value = [152. 216.]'
code 0 m.dg one x=@all.npz:value
prints 'value = 297.0'
printf 'fn f(x[4]) = x[1:4] * x[0:3]\nexport f with jacobian(x) sparse\n' >s.dg
code 0 s.dg f_jacobian 'x=[1, 2, 3, 4]'
prints 'value = [ 2.  6. 12.]' 'jac_x = [2. 1. 3. 2. 4. 3.]' 'jac_x_row_start = [0 2 4 6]' \
    'jac_x_column = [0 1 1 2 2 3]'
code 0 s.dg f_jacobian 'x=[1, 2, 3, 4]' -o s.npz
code 0 m.dg same x=@s.npz:jac_x_column
prints 'value = [0. 1. 1. 2. 2. 3.]'
code 3 m.dg same 'x=[1]' -o none/all.npz
says 'cannot write none/all.npz: No such file'
code 3 m.dg same x=@none.npy
says 'gradc: x: cannot read none.npy: No such file'
code 3 m.dg same x=@m.dg
says 'it is no array: neither a .npy, .npz or IDX file by its first bytes, nor a .csv by its name'
: >empty.npy
code 3 m.dg same x=@empty.npy
says 'it is empty'
code 3 m.dg same x=@.
says 'cannot read .: Is a directory'
: >empty.csv
code 3 m.dg same x=@empty.csv
says 'there are no numbers in it'
code 0 m.dg same 'x=[1, 2, 3]' -o saved
head -c 140 saved/value.npy >cut.npy
code 3 m.dg same x=@cut.npy
says 'it is cut off: its shape asks for 3 elements'
(cat saved/value.npy && echo) >long.npy
code 3 m.dg same x=@long.npy
says 'there are bytes behind its last element'
npy() { # FILE HEADER - without elements
    local lead
    lead=$(printf '\\x93NUMPY\\x01\\x00\\x%02x\\x%02x' $((${#2} % 256)) $((${#2} / 256)))
    printf "$lead%s" "$2" >"$1"
}
npy huge.npy "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }"
code 3 m.dg same2 x=@huge.npy
says 'its shape is too large'
npy huge.npy "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999,), }"
code 3 m.dg same x=@huge.npy
says 'it is cut off'
printf '\x93NUMPY\x02\x00\xff\xff\xff\xff{' >huge.npy
code 3 m.dg same x=@huge.npy
says 'it is cut off in its header'
npy odd.npy "{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }"
code 3 m.dg same x=@odd.npy
says "its element type '<c16' is not supported"
npy odd.npy "{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }"
code 3 m.dg same x=@odd.npy
says "it is big-endian (save it with astype('<f8'))"
printf 'width,height\n1, 2.5\n\n3,4\r\n' >table.csv
code 0 m.dg same2 x=@table.csv
prints 'value = [[1.  2.5]' '         [3.  4. ]]'
printf '0\n1\n' >labels.csv
code 0 m.dg f 'x=[[1,2],[3,4]]' y=@labels.csv 'w=[1,2]' k=2
prints 'value = 297.0'
printf '1,2\n3\n' >wrong.csv
code 3 m.dg same2 x=@wrong.csv
says 'line 2 has 1 fields, not 2 as those before it'
printf '1,2\n3,\n4,5\n' >wrong.csv
code 3 m.dg same2 x=@wrong.csv
says 'line 2: a number is expected in every field'
printf '1,2\n3,x\n' >wrong.csv
code 3 m.dg same2 x=@wrong.csv
says 'line 2: a number is expected in every field'
code 2 m.dg f 'x=[[1,2],[3,4]]' y=@table.csv 'w=[1,2]' k=2
says 'y [N] is given as [2, 2]: it has 1 axis, not 2'

printf '\0\0\10\2\0\0\0\2\0\0\0\3\1\2\3\4\5\377' >bytes.idx
code 0 m.dg same2 x=@bytes.idx
prints 'value = [[  1.   2.   3.]' '         [  4.   5. 255.]]'
printf '\0\0\13\1\0\0\0\2\377\377\1\0' >shorts.idx
code 0 m.dg same x=@shorts.idx
prints 'value = [ -1. 256.]'
printf '\0\0\15\1\0\0\0\1\277\300\0\0' >floats.idx
code 0 m.dg same x=@floats.idx
prints 'value = [-1.5]'
head -c 17 bytes.idx >cut.idx
code 3 m.dg same2 x=@cut.idx
says 'it is cut off: its shape asks for 6 elements'
head -c 9 bytes.idx >cut.idx
code 3 m.dg same2 x=@cut.idx
says 'it is cut off in its header'
printf '\0\0\10\3\377\377\377\377\377\377\377\377\377\377\377\377' >huge.idx
code 3 m.dg same2 x=@huge.idx
says 'its shape is too large'
printf '\0\0\7\1\0\0\0\0' >odd.idx
code 3 m.dg same x=@odd.idx
says 'an unknown element type'
if [ "$(id -u)" != 0 ]; then
    cp saved/value.npy secret.npy && chmod a-r secret.npy
    code 3 m.dg same x=@secret.npy
    says 'Permission denied'
fi
code 3 m.dg same 'x=[1]' -o none/deeper
says 'cannot make the folder none/deeper'
code 3 m.dg same 'x=[1]' -o m.dg
says 'cannot write m.dg/value.npy'
if [ -w /dev/full ]; then
    "$gradc" run m.dg same 'x=[1]' >/dev/full 2>err
    ok 'a full disk under standard output' [ $? = 3 ]
fi

# --- Arguments that are missing or do not fit ---------------------------------------------------

code 2 m.dg nothing x=1
says "there is no function 'nothing'; there are f, f_grad, same"
code 2 m.dg f 'x=[[1, 2]]' 'y=[0]' k=1
says 'gradc: f: the argument w is not given; it is f64 [D]'
code 2 m.dg one z=1
says "one has no argument 'z'; it takes x: f64"
code 2 m.dg one x=1 x=2
says 'x is given twice'
code 2 m.dg one x=1 y
says "'y' is not NAME=VALUE"
code 2 m.dg f 'x=[[1,2],[3,4]]' 'y=[0,1,1]' 'w=[1,2]' k=2
says 'x [N, D] is given as [2, 2], so that N is 2, but y [N] is given as [3], so that N is 3'
code 2 m.dg f 'x=[[1,2],[3,4]]' 'y=[0,1]' 'w=[1,2]' k=2 N=3
says 'so that N is 2, but N = 3 is given'
code 2 m.dg f 'x=[1,2]' 'y=[0,1]' 'w=[1,2]' k=2
says 'x [N, D] is given as [2]: it has 2 axes, not 1'
code 2 m.dg one 'x=[1]'
says 'it has 0 axes, not 1'
code 2 m.dg f 'x=[[1,2],[3,4]]' 'y=[0,1.5]' 'w=[1,2]' k=2
says 'y is of type i32, and is given reals'
code 2 m.dg kinds a=2 'b=[1]' c=1 d=1
says 'a is of type bool, which has no 2'
code 2 m.dg kinds a=0 'b=[256]' c=1 d=1
says 'b is of type u8, which has no 256'
code 2 m.dg kinds a=0 'b=[0]' c=1 d=2147483648
says 'd is of type i32, which has no 2147483648'
code 2 -e count m.dg 'n=[1]'
says 'no argument tells the size q'
code 2 -e count m.dg 'n=[1]' q=-1
says 'q=-1: a size is an integer from 0 on'
code 2 -e count m.dg 'n=[1]' q=9223372036854775807
says 'too large'
for wrong in '' '[' '[1' '[1, 2' '1 2' '[1 2]' '[[1], 2]' '[1, [2]]' '[[1], [2, 3]]' '[[1], []]' ']' 'x' '[,]' '[1,,2]' '1]'; do
    code 2 m.dg same2 "x=$wrong"
    says "gradc: x=$wrong: "
done
deep=$(printf '[%.0s' $(seq 1 5000))
code 2 m.dg same "x=$deep"
says 'the lists are too deep'
code 1 m.dg f 'x=[[1,2],[3,4]]' 'y=[0,2]' 'w=[1,2]' k=2
says 'f: an index is out of range'
code 1 -e pick m.dg 'x=[1, 2]' i=2
says 'pick: an index is out of range'
code 1 m.dg f 'x=[[1,2],[3,4]]' 'y=[0,-1]' 'w=[1,2]' k=2 --jit interp
says 'f: an index is out of range'
code 2 m.dg one x=1 --jit magic
code 2 m.dg one x=1 --no-such-option
code 2
code 3 none.dg
echo 'fn f(x) = y' >wrong.dg
code 1 wrong.dg x=1
GRADC_CC=/nowhere/cc code 3 m.dg one x=1 --jit cc
says "cannot run the compiler '/nowhere/cc'"
"$gradc" m.dg --jit tcc >out 2>err
ok '--jit belongs to run' [ $? = 2 ]
"$gradc" show m.dg --time >out 2>err
ok '--time belongs to run' [ $? = 2 ]

sum_up
