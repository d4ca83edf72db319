#!/usr/bin/env bash
# demo.sh: `make demo`, shortened to one epoch: it learns, and leaves the emitted C.
#
# From the environment: GRADC, BUILD, CC. Run from the repository root.
set -eu

[ -e examples/mnist/data/train-images-idx3-ubyte.gz ] || { echo 'no data of MNIST' && exit 77; }
command -v gzip >/dev/null || { echo 'no gzip' && exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# The emitted C and the program around it have no warning.
export CFLAGS='-O2 -Wall -Wextra -Wconversion -Wshadow -Werror'
GRADC=${GRADC:-./gradc} BUILD=$dir EPOCHS=1 scripts/demo.sh >"$dir/log" 2>&1 || { cat "$dir/log" && exit 1; }

[ -s "$dir/demo/mnist.c" ] && [ -s "$dir/demo/mnist.h" ] || { echo 'no emitted C was left' && exit 1; }
right=$(sed -n 's/.*epoch  1 .*accuracy \([0-9]*\)\..*/\1/p' "$dir/log")
if [ "${right:-0}" -lt 80 ]; then # it reaches 88
    cat "$dir/log"
    exit 1
fi

# What is not MNIST is refused.
printf 'no IDX file, but long enough' >"$dir/demo/train-images-idx3-ubyte"
if "$dir/demo/train" "$dir/demo" 1 >"$dir/log" 2>&1; then echo 'broken data were taken' && exit 1; fi
grep -q 'is no IDX file' "$dir/log"
