#!/usr/bin/env bash
# train.sh: how fast the training step of examples/mnist runs, 784-512-10, f32, 128 rows, one thread:
# how much of its time is matrix products, and its rate against the machine's own sgemm (OpenBLAS's,
# 1024 x 1024), with gradc's own products and with --blas. Then the same step in PyTorch.
# Run from the repository root, by bench.sh.
#
# From the environment: CC, BENCH_CFLAGS, GRADC, BUILD, as for bench.sh; CBLAS (-lopenblas).
# shellcheck disable=SC2086 # flags are words
set -eu

cc=${CC:-gcc}
cflags=${BENCH_CFLAGS:--O3 -march=native}
gradc=${GRADC:-./gradc}
cblas=${CBLAS:--lopenblas}
out=${BUILD:-build}/bench/train
here=tests/bench
mkdir -p "$out"
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

# build NAME GRADC_FLAG PRODUCT - the step with a clock around its products
build() {
    mkdir -p "$out/$1"
    "$gradc" train examples/mnist/mnist.dg --batch 128 --optimizer rmsprop:lr=1e-3 $2 -o "$out/$1/all.c" \
        --header "$out/$1/step.h"
    awk -v product="$3" '
        /^\/\* mnist_step: / {
            print "void bench_enter(void);\nvoid bench_leave(void);"
            print "#define " product "(...) (bench_enter(), " product "(__VA_ARGS__), bench_leave())"
        }
        { print }' "$out/$1/all.c" >"$out/$1/step.c"
    $cc -std=c99 $cflags -c "$out/$1/step.c" -o "$out/$1/step.o"
    $cc -std=c11 -D_POSIX_C_SOURCE=200809L $cflags $sgemm -I"$out/$1" $here/train_step.c "$out/$1/step.o" \
        -o "$out/$1/train_step" $cblas -lm
}

echo
echo "training step of examples/mnist, 784-512-10, f32, 128 rows, one thread"
sgemm=-DSGEMM
if ! printf '#include <cblas.h>\nint main(void) { return 0; }\n' |
    $cc -xc - -o "$out/probe" $cblas 2>/dev/null; then
    echo 'OpenBLAS is not installed: no --blas, and no sgemm to compare with'
    sgemm=
    cblas=
fi
build own '' gradc_gemm_f32
"$out/own/train_step" 'its own products'
if [ -n "$sgemm" ]; then
    build blas --blas cblas_sgemm
    "$out/blas/train_step" --blas
fi
if python3 -c 'import torch' 2>/dev/null; then
    python3 $here/train_torch.py
else
    echo 'python3-torch is not installed: no comparison with PyTorch'
fi
