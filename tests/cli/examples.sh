#!/usr/bin/env bash
# examples.sh: what every example computes. Emits the examples' C, as it comes and with
# `real` meaning f32, and runs the tests in tests/values on both, for f64 under the address
# and undefined-behaviour sanitizers where the compiler has them (f32 differs in types alone).
# An example that does not compile is a failure; the others are checked all the same.
#
# From the environment: GRADC, BUILD, CC, GRADC_SHARED. Run from the repository root.
# shellcheck disable=SC2086 # flags and lists of files are words
set -u

gradc=${GRADC:-./gradc}
out=${BUILD:-build}/values
cc=${CC:-cc}
passed=0
failed=0
sanitize='-fsanitize=address,undefined -fno-sanitize-recover=undefined'
echo 'int main(void) { return 0; }' | $cc $sanitize -x c - -o /dev/null 2>/dev/null || sanitize=

for real in f64 f32; do
    dir=$out/$real
    [ $real = f64 ] || sanitize=
    rm -rf "$dir"
    mkdir -p "$dir"
    define=
    objects=
    headers=
    for model in examples/*.dg; do
        name=$(basename "$model" .dg)
        if $gradc "$model" --real $real -o "$dir/$name.c" --header "$dir/$name.h" &&
            $cc -std=c99 -O0 -g $sanitize -c "$dir/$name.c" -o "$dir/$name.o"; then
            define="$define -DHAVE_$name"
            objects="$objects $dir/$name.o"
            headers="$headers $dir/$name.h"
        else
            echo "FAIL $model --real $real does not compile"
            failed=$((failed + 1))
        fi
    done
    [ -n "$headers" ] || continue
    sh tests/work.sh $headers >"$dir/work.h"
    for test in tests/values/*_test.c; do
        program=$dir/$(basename "$test" .c)
        if $cc -std=c11 -O0 -g -Wall -Wextra $sanitize $define -DREAL_$real -I"$dir" -Itests/bench \
            "$test" tests/npy.c tests/bench/hand_*.c $objects -o "$program" -lm; then
            "$program" >"$dir/log" 2>&1
            status=$?
            grep -v '^[0-9]* passed, ' "$dir/log"
            counts=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$dir/log")
            if [ -z "$counts" ]; then
                echo "FAIL $test ($real) ended with status $status"
                counts='0 1'
            fi
            passed=$((passed + ${counts% *}))
            failed=$((failed + ${counts#* }))
        else
            echo "FAIL $test ($real) does not build"
            failed=$((failed + 1))
        fi
    done
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
