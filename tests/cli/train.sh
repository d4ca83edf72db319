#!/usr/bin/env bash
# train.sh: `gradc train`. What it learns, that a run which was stopped goes on bit for bit, what is
# said where it cannot, and the training step as C for small machines.
#
# From the environment: GRADC, CC. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

# tcc is there at once; where gradc was built without it, cc.
jit=tcc
printf 'fn f(x) = x\n' >"$dir/probe.dg"
"$gradc" run "$dir/probe.dg" x=1 --jit tcc >/dev/null 2>&1 || jit=cc

# code WANTED ARGUMENT... - `gradc train`; its output is in out and err.
code() {
    local want=$1
    shift
    exits "$want" train --jit "$jit" "$@"
}

# prints TEXT
prints() { ok "not printed: $1; but: $(tail -n 3 out)" grep -qF -- "$1" out; }

cd "$dir" || exit 1

cat >xor.dg <<'EOF'
fn net(x[N, 2], W[2, H], c[H], w[H], b) = tanh(x @ W + c) @ w + b
fn loss(x[N, 2], y[N], param W[2, H] ~ glorot_uniform, param c[H] ~ zeros,
        param w[H] ~ normal(0.5), param b) = mean((net(x, W, c, w, b) - y)^2)
fn right(x[N, 2], y[N], W[2, H], c[H], w[H], b) = (net(x, W, c, w, b) > 0.5) == (y > 0.5)
fn other(z[N]) = sum(z)
fn plain(z[N], param q) = sum(z) * q
fn mine(w, g, lr, lose) = w - lr * (g + lose * w)
export loss
export right
export other
EOF
printf 'a,b\n0,0\n0,1\n1,0\n1,1\n' >x.csv
printf '0\n1\n1\n0\n' >y.csv
data=(--data x=x.csv --data y=y.csv)

# ---- XOR is learnt; the table, the plot, the file of parameters ----
code 0 xor.dg H=8 "${data[@]}" --optimizer adam:lr=0.05 --epochs 300 --seed 1 --metric right \
    --test x=x.csv --test y=y.csv --log run.csv --plot run.svg --save p.npz
prints 'loss: 33 parameters, adam, 4 rows in batches of 4, 4 to test'
ok "XOR: $(tail -n 1 out)" grep -q '^epoch 300  loss 0\.00.*right 1\.0000  test loss 0\.00.*test right 1\.0000' out
ok 'no progress bar where there is no terminal' [ ! -s err ]
ok "the table: $(head -n 1 run.csv)" [ "$(head -n 1 run.csv)" = epoch,steps,loss,metric,test_loss,test_metric,seconds ]
ok 'the table has a line for each epoch' [ "$(wc -l <run.csv)" = 301 ]
ok 'the plot' grep -q '</svg>' run.svg
ok 'the plot names what it shows' grep -q 'test right' run.svg
code 0 xor.dg "${data[@]}" --load p.npz --metric right --epochs 300
prints 'right 1.0000'
ok 'nothing is left to do' [ "$(grep -c ^epoch out)" = 1 ]

# ---- The step does what the formula says: one step of gradient descent by hand ----
cat >line.dg <<'EOF'
fn loss(t[N], y[N], param a, param b) = mean((a * t + b - y)^2)
EOF
printf '1\n2\n' >t.csv
printf '3\n5\n' >u.csv
code 0 line.dg --data t=t.csv --data y=u.csv a=1 b=0.5 --optimizer sgd:lr=0.1 --epochs 1 --save l.npz
# the residuals are -1.5 and -2.5: da = -1.5 - 5 = -6.5, db = -4
code 0 line.dg --data t=t.csv --data y=u.csv --load l.npz --epochs 1 -o l.c --optimizer sgd
ok "a and b after a step: $(grep -F '.a =' l.c), $(grep -F '.b =' l.c)" \
    grep -qF -e '.a = 1.649999999999999' -e '.a = 1.6500000000000001' l.c
ok 'b after a step' grep -qF '.b = 0.90000000000000002' l.c

# ---- The same seed gives the same run; another one another ----
many=(xor.dg H=5 "${data[@]}" --batch 3 --epochs 6 --optimizer rmsprop:lr=0.01 --schedule cosine)
code 0 "${many[@]}" --seed 7 --save one.npz
grep ^epoch out | sed 's/(.*//' >one.out
code 0 "${many[@]}" --seed 7 --save two.npz
grep ^epoch out | sed 's/(.*//' >two.out
ok 'two runs of one seed save the same bytes' cmp -s one.npz two.npz
ok 'two runs of one seed print the same' cmp -s one.out two.out
code 0 "${many[@]}" --seed 8 --save two.npz
ok 'another seed gives another run' not cmp -s one.npz two.npz

# ---- The same rows in other formats ----
printf 'fn rows(x[N, 2], y[N]) = (x + 0, f32(y))\n' >rows.dg
"$gradc" run --jit "$jit" rows.dg x=@x.csv y=@y.csv -o rows >/dev/null
"$gradc" run --jit "$jit" rows.dg x=@x.csv y=@y.csv -o rows.npz >/dev/null
code 0 "${many[@]}" --seed 7 --save one.npz
same=(xor.dg H=5 --batch 3 --epochs 6 --optimizer rmsprop:lr=0.01 --schedule cosine --seed 7)
code 0 "${same[@]}" --data x=rows/value0.npy --data y=rows/value1.npy --save two.npz
ok '.npy gives the same run' cmp -s one.npz two.npz
code 0 "${same[@]}" --data x=rows.npz:value0 --data y=rows.npz:value1 --save two.npz
ok '.npz gives the same run' cmp -s one.npz two.npz
if command -v gzip >/dev/null; then
    gzip -k x.csv
    code 0 "${same[@]}" --data x=x.csv.gz --data y=y.csv --save two.npz
    ok '.csv.gz gives the same run' cmp -s one.npz two.npz
fi

# ---- Rows in axes of their own ----
cat >sequence.dg <<'EOF'
fn loss(x[N, T, D], y[N], param W[H, H] ~ glorot_uniform, param U[D, H] ~ ones, param w[H] ~ ones) {
    h = zeros(N, H)
    for t in 0:T { h = tanh(h @ W + x[:, t, :] @ U) }
    return mean((h @ w - y)^2)
}
EOF
printf '0\n0\n1\n1\n' >first.csv # remembers the first of two
code 0 sequence.dg H=4 D=1 --data x=x.csv --data y=first.csv --epochs 600 --optimizer adam:lr=0.02 --seed 2
ok "a recurrent network: $(tail -n 1 out)" grep -q '^epoch 600  loss 0\.0' out
code 2 sequence.dg H=4 D=3 "${data[@]}"
says 'x has 3 axes, and its data is of shape [4, 2]'

# ---- A run that is stopped goes on, and ends where one that was not stopped does ----
for every in 1steps 5steps 7steps 2; do
    code 0 "${many[@]}" --seed 7 --save part.npz --checkpoint-every $every
    ok "--checkpoint-every $every" cmp -s part.npz one.npz
done
awk 'BEGIN { for (i = 0; i < 2000; i++) print i % 2 "," int(i / 2) % 2 }' >bigx.csv
awk 'BEGIN { for (i = 0; i < 2000; i++) print (i % 2 + int(i / 2)) % 2 }' >bigy.csv
big=(xor.dg H=16 --data x=bigx.csv --data y=bigy.csv --batch 7 --optimizer adam:lr=1e-3
    --schedule linear --seed 3 --metric right --epochs 10)
code 0 "${big[@]}" --save straight.npz
grep ^epoch out | sed 's/(.*//' >straight.out

# pieces SIGNAL - such a run, stopped twice by the signal soon after it has saved something.
pieces() {
    local load=() piece seen pid
    rm -f piece.npz
    : >pieces.out
    for piece in 1 2 3; do
        set -m # so that the run gets SIGINT at all
        "$gradc" train --jit "$jit" "${big[@]}" --save piece.npz --checkpoint-every 1steps \
            "${load[@]}" >out 2>err &
        pid=$!
        set +m
        if [ $piece != 3 ]; then
            seen=$(cksum piece.npz 2>/dev/null)
            while [ "$seen" = "$(cksum piece.npz 2>/dev/null)" ] && kill -0 $pid 2>/dev/null; do sleep 0.02; done
            kill -"$1" $pid
        fi
        wait $pid 2>/dev/null
        got=$?
        grep ^epoch out | sed 's/(.*//' >>pieces.out
        [ $piece = 3 ] || stopped "$1" $got
        load=(--load piece.npz)
    done
    ok "SIG$1: the same bytes in the end" cmp -s piece.npz straight.npz
}
stopped() {
    if [ "$1" = KILL ]; then
        ok "SIGKILL: exit status $2" [ "$2" = 137 ]
    else
        ok "SIGINT: exit status $2" [ "$2" = 130 ]
        says 'gradc: interrupted at step'
        says 'saved in piece.npz'
    fi
}
pieces INT
ok 'SIGINT: the same lines' cmp -s pieces.out straight.out
pieces KILL

# ---- A terminal gets a bar ----
if command -v script >/dev/null && script -qec true /dev/null >/dev/null 2>&1; then
    script -qec "'$gradc' train --jit $jit ${big[*]} --epochs 30" /dev/null >tty </dev/null 2>&1
    ok "a bar on a terminal: $(head -c 300 tty)" grep -qE 'epoch [0-9]+/30 \[=* *>? *.*rows/s  loss [0-9.]+  left [0-9:]+' tty
    ok 'which is gone in the end' grep -qE '^.*epoch 30  loss' tty
fi

# ---- A loss that is no number ----
cat >nan.dg <<'EOF'
fn loss(x[N], param a) = mean(log(a - x))
EOF
printf '0\n0\n2\n0\n' >n.csv
cp p.npz before.npz
code 1 nan.dg --data x=n.csv a=1 --optimizer sgd:lr=0.001 --batch 1 --epochs 3 --save p.npz
says 'the loss is nan at step'
says '(epoch 1, batch'
says 'p.npz is not written again'
ok 'nothing is saved then' cmp -s p.npz before.npz
printf '1\n' >n.csv
code 1 nan.dg --data x=n.csv a=1 --optimizer sgd
says 'the loss is -inf at step 1'

# ---- What cannot be ----
code 0 --help
prints '--checkpoint-every N'
code 2
says 'no model given'
code 2 xor.dg H=4
says 'loss takes x: give it as --data x=FILE, or x=VALUE behind the model'
code 2 xor.dg --data x=x.csv --data y=y.csv
says 'no argument tells the size H'
code 2 xor.dg H=4 --data x=x.csv --data z=y.csv
says "--data: loss has no argument 'z'; it takes x, y"
code 2 xor.dg H=4 --data x=x.csv --data W=y.csv
says "--data: loss has no argument 'W'"
code 2 xor.dg H=4 --data x=x.csv --data x=x.csv
says '--data: x is given twice'
code 2 xor.dg H=4 --data x=x.csv --data y=t.csv
says 'x.csv has 4 rows, and t.csv has 2'
code 2 xor.dg H=4 --data x=y.csv --data y=y.csv
says 'x has 2 axes, and its data is of shape [4]'
code 3 xor.dg H=4 --data x=none.csv --data y=y.csv
says 'none.csv'
code 2 xor.dg H=4 "${data[@]}" --test x=x.csv
says 'there is a --data y=FILE, but no --test y=FILE'
code 2 xor.dg H=4 "${data[@]}" --optimizer rmsprop:mu=3
says "the optimiser rmsprop has no setting 'mu'; it has lr, rho, delta"
code 2 xor.dg H=4 "${data[@]}" --optimizer rmsprop:lr=fast
says 'lr=fast is no number'
code 2 xor.dg H=4 "${data[@]}" --optimizer rmsprop:lr
says '--optimizer wants NAME=VALUE'
code 2 xor.dg H=4 "${data[@]}" --optimizer mine:lr=1
says 'the optimiser mine has a setting lose: give it as --optimizer mine:lose=...'
code 0 xor.dg H=4 "${data[@]}" --optimizer mine:lr=0.1,lose=0.01 --epochs 2
code 1 xor.dg H=4 "${data[@]}" --optimizer rmsporp
says "there is no function 'rmsporp' to train with; did you mean 'rmsprop'?"
code 1 xor.dg H=4 "${data[@]}" --fn los
says "there is no function 'los' to train; did you mean 'loss'?"
code 1 xor.dg H=4 "${data[@]}" --fn other
says 'other has no `param`: there is nothing to train'
code 1 xor.dg H=4 "${data[@]}" --metric wrong
says "unknown function 'wrong'"
code 2 xor.dg H=4 "${data[@]}" --metric other
says 'other takes z, which loss does not'
code 2 xor.dg H=4 "${data[@]}" --epochs many
says "--epochs wants an integer from 0 on, not 'many'"
code 2 xor.dg H=4 "${data[@]}" --batch 0
says "--batch wants an integer from 1 on"
code 2 xor.dg H=4 "${data[@]}" --schedule cubic
says '--schedule wants constant, linear or cosine'
printf 'import "xor"\nfn half(w, g) = w - g / 2\nexport loss\n' >half.dg
code 2 half.dg H=4 "${data[@]}" --optimizer half --schedule linear
says '--schedule is of the setting lr, which half does not have'
code 0 half.dg H=4 "${data[@]}" --optimizer half --epochs 1
code 2 xor.dg H=4 "${data[@]}" --scale z=2
says '--scale: there is no --data z=FILE'
code 2 xor.dg H=4 "${data[@]}" --scale x=1/0
says '--scale x=1/0: a number is expected'
code 2 xor.dg H=4 "${data[@]}" --checkpoint-every 3
says '--checkpoint-every wants --save FILE'
code 2 xor.dg H=4 "${data[@]}" --checkpoint-every often --save q.npz
says '--checkpoint-every wants a number of epochs'
code 2 xor.dg H=4 "${data[@]}" --load p.npz
says 'W'
code 2 xor.dg "${data[@]}" --load one.npz --optimizer rmsprop --batch 2
says 'one.npz was written by a run with --batch 3'
code 2 xor.dg "${data[@]}" --load one.npz --optimizer rmsprop --batch 3 --seed 9
says 'one.npz was written by a run with --seed 7'
code 2 xor.dg "${data[@]}" --load one.npz --optimizer adam --batch 3
says 'one.npz has no m_W: it was written by a run with another optimiser'
code 3 xor.dg H=4 "${data[@]}" --load x.csv
says 'x.csv'
code 2 xor.dg H=4 "${data[@]}" W=3
says 'W'
printf 'fn loss(x[N], param W[2, 2]) = sum(W) * sum(x)\n' >bare.dg
code 2 bare.dg --data x=t.csv
says 'nothing says where W starts'
printf 'fn f(a[N], param p) = p * sum(a)\nfn g(a[N], param p) = p * sum(a)\nexport f\nexport g\n' >two.dg
code 2 two.dg --data a=t.csv
says 'exports several functions that can be minimised: say which by --fn'
printf 'fn loss(x: f32[N, 2], y: i32[N], param W: f32[2, 3] ~ zeros) = mean(logsumexp(x @ W, axis=1) - (x @ W)[range(N), y])\n' >labels.dg
printf '0\n1\n7\n0\n' >labels.csv
code 1 labels.dg --data x=x.csv --data y=labels.csv
says 'an index is out of range'
printf '0.5\n1\n2\n0\n' >labels.csv
code 2 labels.dg --data x=x.csv --data y=labels.csv
says 'y is of type i32, and the file holds reals'

# ---- A part of MNIST: images behind gzip, as vectors, scaled ----
images=$root/examples/mnist/data
if [ -e "$images/train-images-idx3-ubyte.gz" ]; then
    code 0 "$root/examples/mnist/mnist.dg" -D H=32 --data "x=$images/t10k-images-idx3-ubyte.gz" \
        --data "y=$images/t10k-labels-idx1-ubyte.gz" --scale x=1/255 --optimizer rmsprop:lr=2e-3 \
        --epochs 3 --batch 64 --metric accuracy --seed 1
    right=$(sed -n 's/^epoch  3 .*accuracy 0\.\([0-9][0-9]\).*/\1/p' out)
    ok "2,000 images, 3 epochs: $(tail -n 1 out)" [ "${right:-0}" -ge 85 ]
fi

# ---- The step as C ----
cp "$root/examples/embedded/main.c" .
code 0 "$root/examples/embedded/xor.dg" --optimizer momentum:lr=0.1 --batch 4 --metric accuracy --seed 1 -o step.c
flags='-std=c99 -Os -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -I.'
# shellcheck disable=SC2086
ok 'step.c and main.c compile' $cc $flags main.c step.c -lm -o step
ok 'main learns XOR' ./step >out
prints '4 of 4 right'
# shellcheck disable=SC2086
$cc $flags -c step.c -o step.o
if command -v nm >/dev/null; then
    ok "step.c needs no heap: $(nm -u step.o)" not sh -c 'nm -u step.o | grep -qE "malloc|calloc|realloc|free|printf|fopen"'
fi
# shellcheck disable=SC2086
if $cc -m32 $flags main.c step.c -lm -o step32 2>/dev/null; then
    ok 'main learns XOR in 32 bits' ./step32 >out
    prints '4 of 4 right'
else
    skipped=1
    echo 'skipped: no -m32'
fi
# shellcheck disable=SC2086
if command -v g++ >/dev/null; then
    printf '#include "step.h"\nint main() { float v; return loss_train(0, 0, -1, &v) == 0; }\n' >main.cc
    $cc $flags -c step.c -o step.o
    ok 'the header serves C++' sh -c "g++ -Wall -Wextra -Werror main.cc step.o -lm -o plus && ./plus"
fi
code 2 "$root/examples/embedded/xor.dg" -o step.txt
says '-o wants a FILE.c'

sum_up
