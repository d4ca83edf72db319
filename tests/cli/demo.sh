#!/usr/bin/env bash
# demo.sh: `make demo`, shortened to one epoch: it learns, and leaves the emitted C, which compiles
# without a warning.
#
# From the environment: GRADC, BUILD, CC. Run from the repository root.
set -eu

[ -e examples/mnist/data/train-images-idx3-ubyte.gz ] || { echo 'no data of MNIST' && exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export XDG_CACHE_HOME=$dir/cache

GRADC=${GRADC:-./gradc} BUILD=$dir EPOCHS=1 scripts/demo.sh >"$dir/log" 2>&1 || { cat "$dir/log" && exit 1; }

for file in mnist.c mnist.h step.c step.h params.npz run.csv run.svg; do
    [ -s "$dir/demo/$file" ] || { echo "no $file was left" && exit 1; }
done
right=$(sed -n 's/^epoch  1 .*test accuracy 0\.\([0-9][0-9]\).*/\1/p' "$dir/log")
if [ "${right:-0}" -lt 80 ]; then # it reaches 90
    cat "$dir/log"
    exit 1
fi
for file in mnist step; do
    ${CC:-cc} -std=c99 -O1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
        -c "$dir/demo/$file.c" -o "$dir/$file.o"
done
