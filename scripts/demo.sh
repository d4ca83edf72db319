#!/bin/sh
# demo.sh - learns to read handwritten digits with a gradient that gradc emits, on the part of MNIST
# in examples/mnist/data. What it makes stands in build/demo.
#
# From the environment: GRADC, BUILD, CC, CFLAGS (of the demo's C), EPOCHS (10).
set -eu
cd "$(dirname "$0")/.."

build=${BUILD:-build}
if [ "$build" = build ]; then made=./gradc; else made=$build/gradc; fi
gradc=${GRADC:-$made}
cc=${CC:-cc}
out=$build/demo
data=examples/mnist/data
mkdir -p "$out"

# What this compiler can do for this machine.
if [ -z "${CFLAGS:-}" ]; then
    CFLAGS=-O3
    if echo 'int main(void) { return 0; }' |
        $cc -O3 -march=native -x c - -o "$out/probe" 2>/dev/null; then CFLAGS='-O3 -march=native'; fi
    rm -f "$out/probe"
fi

say() { printf '\n%s\n' "$*"; }

say '1. The model: examples/mnist/mnist.dg, a layer of 512 relu units on the loss of examples/mlp.dg.'
sed -n '/^fn loss/,/^}/p' examples/mlp.dg | sed 's/^/       /'

say "2. Its loss, gradient and classifier as C:"
echo "       gradc examples/mnist/mnist.dg -o $out/mnist.c --header $out/mnist.h"
"$gradc" examples/mnist/mnist.dg -o "$out/mnist.c" --header "$out/mnist.h"
sed -n '/^int mnist_grad/,/;$/p' "$out/mnist.h" | sed 's/^/       /'

say "3. With examples/mnist/train.c around it (reading, shuffling, RMSProp) a program:"
echo "       $cc -std=c11 $CFLAGS examples/mnist/train.c $out/mnist.c -lm"
# shellcheck disable=SC2086 # flags are words
$cc -std=c11 $CFLAGS -I"$out" examples/mnist/train.c "$out/mnist.c" -o "$out/train" -lm

say "4. Learning from 10,000 images; the test is on 2,000 others:"
for file in "$data"/*.gz; do
    name=$(basename "$file" .gz)
    gzip -dc "$file" >"$out/$name.part" && mv "$out/$name.part" "$out/$name"
done
"$out/train" "$out" "${EPOCHS:-10}"

say "The emitted C: $out/mnist.c ($(wc -l <"$out/mnist.c" | tr -d ' ') lines; it needs libm and nothing else)"
