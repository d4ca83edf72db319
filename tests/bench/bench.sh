#!/usr/bin/env bash
# bench.sh: emit C for the benchmark models with ./gradc, compile it and the
# hand-written C with the same compiler and flags, and run both in one process. Then jit.c:
# the same models by libtcc and by the compiler, as libgradc runs them; and auto.c: what callers notice
# when the one takes the place of the other.
# Run from the repository root with ./gradc built (`make bench`).
#
# From the environment: CC (gcc) and BENCH_CFLAGS (-O3 -march=native) for the C, GRADC
# (./gradc) and GRADC_FLAGS, BUILD (build) for what is made. Exits 1 where results disagree.
# shellcheck disable=SC2046,SC2086,SC2231 # flags and lists of files are words
set -eu

cc=${CC:-gcc}
cflags=${BENCH_CFLAGS:--O3 -march=native}
gradc=${GRADC:-./gradc}
out=${BUILD:-build}/bench
here=tests/bench
models="gmm lse llsq arm lstm ba_map mlp"

mkdir -p $out
rm -f $out/stats.txt
TIMEFORMAT=%R
for m in $models; do
    $gradc examples/$m.dg ${GRADC_FLAGS:-} -o $out/$m.c --header $out/$m.h
    { time $cc $cflags -c $out/$m.c -o $out/$m.o; } 2> $out/log || { cat $out/log >&2; exit 1; }
    echo "$m $(wc -c < $out/$m.c) $(tail -n 1 $out/log)" >> $out/stats.txt
done
sh tests/work.sh $(printf "$out/%s.h " $models) > $out/work.h
for f in $here/hand_*.c; do
    $cc $cflags -c "$f" -o "$out/$(basename "$f" .c).o"
done
$cc -std=c11 -O2 -I$out -I$here $here/bench.c $(printf "$out/%s.o " $models) $out/hand_*.o \
    -o $out/bench -lm
echo "$($cc --version | head -n 1), $cflags"
$out/bench $out/stats.txt
lib=$(cd "${BUILD:-build}" && pwd)
$cc -std=c11 -O2 -I. $here/jit.c "$lib/libgradc.so" -Wl,-rpath,"$lib" -o $out/jit
XDG_CACHE_HOME=$lib/bench/cache $out/jit # not what was compiled by another version
if [ "$(uname -s)" = Linux ]; then # what it asks of the system
    $cc -std=c11 -O2 -I. $here/auto.c "$lib/libgradc.so" -Wl,-rpath,"$lib" -o $out/auto
    XDG_CACHE_HOME=$lib/bench/cache $out/auto
fi
exec $here/train.sh
