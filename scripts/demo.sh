#!/bin/sh
# demo.sh - learns to read handwritten digits with gradc train, on the part of MNIST in
# examples/mnist/data. What it makes stands in build/demo.
#
# From the environment: GRADC, BUILD, CC (of the emitted C), EPOCHS (10).
set -eu
cd "$(dirname "$0")/.."

build=${BUILD:-build}
if [ "$build" = build ]; then made=./gradc; else made=$build/gradc; fi
gradc=${GRADC:-$made}
out=$build/demo
data=examples/mnist/data
mkdir -p "$out"
[ -z "${CC:-}" ] || export GRADC_CC="$CC"

say() { printf '\n%s\n' "$*"; }

say '1. The model: examples/mnist/mnist.dg, a layer of 512 relu units on the loss of examples/mlp.dg.'
sed -n '/^fn loss/,/^}/p' examples/mlp.dg | sed 's/^/       /'

say '2. Learning from 10,000 images; the test is on 2,000 others. The step is emitted as C and compiled:'
set -- train examples/mnist/mnist.dg \
    --data "x=$data/train-images-idx3-ubyte.gz" --data "y=$data/train-labels-idx1-ubyte.gz" \
    --test "x=$data/t10k-images-idx3-ubyte.gz" --test "y=$data/t10k-labels-idx1-ubyte.gz" \
    --scale x=1/255 --metric accuracy --optimizer rmsprop:lr=2e-3 --schedule linear \
    --epochs "${EPOCHS:-10}" --seed 1
printf '       gradc %s\n\n' "$(printf '%s ' "$@" | sed 's| --|\n           --|g')"
"$gradc" "$@" --save "$out/params.npz" --log "$out/run.csv" --plot "$out/run.svg"

say "3. The functions of the model, and the training step with the network as it begins, as C:"
"$gradc" examples/mnist/mnist.dg -o "$out/mnist.c" --header "$out/mnist.h"
"$gradc" "$@" -o "$out/step.c"
sed -n '/^int mnist_step/,/;$/p' "$out/step.h" | sed 's/^/       /'

say "In $out: mnist.c, step.c with their headers (they need libm and nothing else), params.npz, run.csv, run.svg"
