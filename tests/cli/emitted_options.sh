#!/usr/bin/env bash
# emitted_options.sh: the emitted C under every option and every compiler: sanitizers with the
# workspace as it was asked for, --openmp, --blas, --fast-math, two threads at once, no warning,
# C++, and a function of thousands of statements.
#
# A part of tests/lang at a time, every STRIDE-th model (STRIDE=1: all of them, some minutes); where
# warnings are looked for without compiling, every third or sixth.
# From the environment: GRADC, BUILD, STRIDE. Run from the repository root.
# shellcheck disable=SC2046,SC2086 # flags and lists of files are words
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

stride=${STRIDE:-64}
driver=$build/tests/lang_driver

has() { command -v "$1" >/dev/null 2>&1; }
links() { echo 'int main(void) { return 0; }' | gcc -x c - "$@" -o "$dir/try" 2>/dev/null; }
bad() { # WHAT [LOG]
    failed=$((failed + 1))
    echo "FAIL $1"
    [ -z "${2:-}" ] || grep -v '^[0-9]* passed' "$2" | head -n 10
}

# Models of tests/lang, from the given one on.
some() { find tests/lang -maxdepth 1 -name "${2:-*}.dg" | LC_ALL=C sort | awk -v s="$stride" -v k="$1" 'NR % s == k % s'; }

# drive WHAT DRIVER OPTIONS... -- FILE...: what the driver counts is counted here.
drive() {
    local what=$1 log=$dir/log line
    shift
    "$@" >"$log" 2>&1
    line=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed.*/\1 \2/p' "$log" | tail -n 1)
    if [ -z "$line" ]; then bad "$what: the driver crashed" "$log" && return; fi
    passed=$((passed + ${line% *}))
    [ "${line#* }" = 0 ] || { bad "$what" "$log" && failed=$((failed + ${line#* } - 1)); }
}

has gcc || { echo 'no gcc' && exit 77; }
${MAKE:-make} -s BUILD="$build" "$driver" "$build/internal.a" >"$dir/make" 2>&1 || { bad 'lang_driver' "$dir/make" && exit 1; }

# --- Sanitizers: what is written and read, and nothing beside it -----------------------------------
sanitize='-fsanitize=address,undefined -fno-sanitize-recover=undefined'
tcc=
for l in -ltcc -ldl; do if links $l; then tcc="$tcc $l"; fi; done
if links $sanitize && gcc -std=c11 -g $sanitize -D_POSIX_C_SOURCE=200809L -I. -I"$build" tests/lang_driver.c \
    tests/call.c tests/jit.c "$build/internal.a" $tcc -lm -o "$dir/sanitized" 2>"$dir/cc"; then
    ASAN_OPTIONS=detect_leaks=0 drive 'sanitizers' "$dir/sanitized" --cc "gcc -g -O0 $sanitize" $(some 3)
else
    echo 'no sanitizers: not run'
fi

# --- Options that change the C and not the numbers -------------------------------------------------
drive 'gcc -O3' "$driver" --cc 'gcc -O3 -march=native' $(some 7)
if links -fopenmp; then
    drive '--openmp' "$driver" --cc 'gcc -O2 -fopenmp -Wall -Werror' --args --openmp $(some 11) tests/lang/matmul.dg \
        tests/lang/comprehension_sum.dg tests/lang/convolution.dg tests/lang/softmax.dg tests/lang/loop_derivatives.dg
fi
if links -lopenblas; then
    drive '--blas' "$driver" --cc 'gcc -O2' --libs -lopenblas --args '--blas --unroll 0' tests/lang/matmul.dg \
        tests/lang/einsum.dg tests/lang/einsum_grad.dg tests/lang/linalg.dg tests/lang/newton.dg
else
    echo 'no -lopenblas: --blas is not run'
fi
drive '--fast-math' "$driver" --cc 'gcc -O2' --args --fast-math tests/lang/matmul.dg tests/lang/grad.dg \
    tests/lang/hessian.dg tests/lang/convolution.dg tests/lang/cumulative_grad.dg tests/lang/einsum_grad.dg
drive '-O1' "$driver" --cc 'gcc -O2' --args -O1 $(some 13)
drive '--check-bounds' "$driver" --cc 'gcc -O2' --args --check-bounds tests/lang/check_bounds.dg \
    tests/lang/index_runtime.dg tests/lang/index_gather_grad.dg tests/lang/index_open.dg

# --- No warning ------------------------------------------------------------------------------------
emit() { # MODEL FILE
    eval "$gradc $(sed -n 's/^# >>> args //p' "$1") -I runtime/std $1 -o $2" 2>"$dir/log" || { bad "$1" "$dir/log" && false; }
}

warn='-Wall -Wextra -Wconversion -Wshadow -Werror'
for model in $(some 17); do # the optimiser warns too
    emit "$model" "$dir/m.c" || continue
    for cc in gcc clang; do
        has $cc || continue
        if $cc -std=c99 -Wpedantic $warn -O1 -c -o /dev/null "$dir/m.c" 2>"$dir/log"; then good; else bad "$cc $model" "$dir/log"; fi
        if $cc -std=c++17 $warn -O1 -c -o /dev/null -x c++ "$dir/m.c" 2>"$dir/log"; then good; else bad "$cc, as C++: $model" "$dir/log"; fi
    done
done
for which in 'gcc 3' 'clang 6'; do # clang takes three times as long to start
    cc=${which% *} every=${which#* }
    has "$cc" || continue
    rm -rf "$dir/warn" && mkdir "$dir/warn"
    for model in $(stride=$((stride < every ? stride : every)) && some 2) tests/lang/{types_bool,own_rules,loop_in_branch}.dg; do
        emit "$model" "$dir/warn/$(basename "$model" .dg).c"
    done
    if $cc -std=c99 -Wpedantic $warn -fsyntax-only "$dir"/warn/*.c 2>"$dir/log"; then good; else bad "$cc -fsyntax-only" "$dir/log"; fi
done

# --- Two threads -----------------------------------------------------------------------------------
if links -fsanitize=thread; then
    if $gradc examples/gmm.dg -o "$dir/gmm.c" --header "$dir/gmm.h" && gcc -g -O1 -fsanitize=thread -DTHREADS -I"$dir" \
        tests/cli/emitted_options.c "$dir/gmm.c" -lm -lpthread -o "$dir/threads" 2>"$dir/log" &&
        "$dir/threads" >"$dir/log" 2>&1; then good; else bad 'two threads at once' "$dir/log"; fi
fi

# --- Loops stay loops --------------------------------------------------------------------------------
for c in 10 1000; do # the length of the text does not depend on the number of turns
    $gradc examples/lstm.dg -D c=$c -e 'lstm with grad, hvp' 2>"$dir/log" -o "$dir/lstm_$c.c" || bad "lstm, c = $c" "$dir/log"
done
if [ "$(wc -l <"$dir/lstm_10.c")" = "$(wc -l <"$dir/lstm_1000.c")" ]; then good; else bad 'lstm: the text grows with c'; fi

# --- A long function -------------------------------------------------------------------------------
steps=${LONG_STEPS:-2000}
cat >"$dir/long.dg" <<END
fn f(a, b, c) {
    x = a
    y = b
    static for i in 0:$steps {
        t = x * c + y * 0.25
        y = sin(t) - x * (1 / (i + 1))
        x = t
    }
    return x + y
}
export f with grad
END
if $gradc "$dir/long.dg" -o "$dir/long.c" --header "$dir/long.h" 2>"$dir/log"; then
    for cc in tcc 'gcc -O2' 'clang -O0'; do # the numbers are those of the loop by any compiler
        has ${cc%% *} || continue
        if $cc -DLONG -DSTEPS="$steps" -I"$dir" tests/cli/emitted_options.c "$dir/long.c" -lm -o "$dir/long" \
            2>"$dir/log" && "$dir/long" >"$dir/log"; then good; else bad "a function of $steps steps, $cc" "$dir/log"; fi
    done
else
    bad "gradc with $steps steps" "$dir/log"
fi

sum_up
