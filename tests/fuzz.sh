#!/usr/bin/env bash
# fuzz.sh - random graphs through the emitter, random programs of loops and branches, and random models through
# the compiler.
#
#     tests/fuzz.sh [COUNT [SEED]]     from the root of the repository; `make fuzz`
#
# The second part is built with the address and undefined-behaviour sanitizers. To see one failure
# again: FUZZ_SHOW=1 build/tests/fuzz_driver graphs 1 SEED (or models 1 SEED FILE..., same files), and
# build/tests/programs_driver 1 SEED shrink, which makes the program small first.
set -eu
cd "$(dirname "$0")/.."
count=${1:-1000}
seed=${2:-$(date +%s)}
build=${BUILD:-build}
make=${MAKE:-make}
status=0

echo "seed $seed"
$make -s BUILD="$build" "$build/tests/fuzz_driver" "$build/tests/programs_driver"
$make -s SAN=1 BUILD=build/asan build/asan/tests/fuzz_driver
"$build/tests/fuzz_driver" graphs "$count" "$seed" || status=1
"$build/tests/programs_driver" "$count" "$seed" || status=1
ASAN_OPTIONS=detect_leaks=0 build/asan/tests/fuzz_driver models "$((10 * count))" "$seed" examples/*.dg tests/lang/*.dg || status=1
exit $status
