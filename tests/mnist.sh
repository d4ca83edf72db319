#!/usr/bin/env bash
# mnist.sh: gradc train on all of MNIST, as docs/training.md has it: of the 10,000 test images at least
# 97.8 % are classified right, for each of three seeds. Takes minutes; `make check` runs it.
#
# From the environment: GRADC, GRADC_SHARED (../shared). Run from the repository root.
set -eu

gradc=${GRADC:-./gradc}
data=${GRADC_SHARED:-../shared}/data/mnist
[ -e "$data/train-images-idx3-ubyte.gz" ] || { echo "mnist: $data is not there: not run" && exit 0; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
for seed in 1 2 3; do
    "$gradc" train examples/mnist/mnist.dg --seed $seed \
        --data "x=$data/train-images-idx3-ubyte.gz" --data "y=$data/train-labels-idx1-ubyte.gz" \
        --test "x=$data/t10k-images-idx3-ubyte.gz" --test "y=$data/t10k-labels-idx1-ubyte.gz" \
        --scale x=1/255 --metric accuracy --optimizer rmsprop:lr=2e-3 --schedule linear \
        --batch 128 --epochs 5 >"$log" || { cat "$log" && exit 1; }
    right=$(sed -n 's/^epoch  5 .*test accuracy \([01]\.[0-9]*\).*/\1/p' "$log")
    echo "mnist: seed $seed: ${right:-nothing} of the test images are classified right"
    awk -v right="${right:-0}" 'BEGIN { exit !(right >= 0.978) }' || status=1
done
exit $status
