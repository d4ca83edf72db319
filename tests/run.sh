#!/usr/bin/env bash
# run.sh - runs the tests; all are found by glob.
#
#     tests/run.sh [GROUP...]        unit errors golden lang emitted cli; all of them by default
#     tests/run.sh --bless [NAME]    rewrites what golden and error tests expect
#
# One line a group, the details of what failed, and `N passed, N failed[, N skipped]` at the end.
# From the environment: BUILD, CC, SAN, WERROR (as for make), JOBS, GRADC_SHARED (../shared).
set -eu
cd "$(dirname "$0")/.."

BUILD=${BUILD:-${SAN:+build/asan}}
BUILD=${BUILD:-build}
GRADC=${GRADC:-$BUILD/gradc}
[ "$GRADC" != build/gradc ] || GRADC=gradc
[ "${GRADC#/}" != "$GRADC" ] || GRADC=$PWD/$GRADC
GRADC_SHARED=${GRADC_SHARED:-../shared}
JOBS=${JOBS:-2}
export BUILD GRADC GRADC_SHARED JOBS

has() { command -v "$1" >/dev/null 2>&1; }
make_quietly() { "${MAKE:-make}" -s -j"$JOBS" BUILD="$BUILD" ${CC:+CC="$CC"} "$@"; }
timed() { if has timeout; then timeout "${TEST_SECONDS:-200}" "$@"; else "$@"; fi; }

# --- Results -----------------------------------------------------------------------------------
# Tests run side by side in processes of their own; what they report they append to one file, a
# line at a time: passed, failed, skipped, and the reason for the last.

report() { echo "$*" >>"$OUT/results"; }
pass() { report "1 0 0"; }
skip() { report "0 0 1 $1"; }

# fail TEST [FILE] - and the details, of which the first lines are shown.
fail() {
    {
        echo "FAILED $1"
        [ -z "${2:-}" ] || closing_line -v "$2" | head -n 40 | sed 's/^/    /'
    } >"$OUT/failed.$(tr -c 'A-Za-z0-9\n' _ <<<"$1")"
    report "0 1 0"
}

# How a program closes that counts by itself; -v: all other lines.
closing_line() { grep -aE "$@" -e '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' || true; }

# tally TEST STATUS LOG - a program's own closing line counts; without one, its exit status does.
tally() {
    local line
    line=$(closing_line "$3" | tail -n 1)
    if [ -n "$line" ]; then
        # shellcheck disable=SC2086 # to be split in words
        set -- "$1" "$2" "$3" $line
        report "$4 $6 ${8:-0} $(grep -a '^skipped' "$3" | head -n 1 | sed 's/^skipped:* *//')"
        if [ "$6" != 0 ]; then
            detail "$1" "$3"
        elif [ "$2" != 0 ]; then
            echo "exit status $2" >>"$3" && fail "$1" "$3"
        fi
    elif [ "$2" = 0 ]; then
        pass
    elif [ "$2" = 77 ]; then
        skip "$(tail -n 1 "$3")"
    else
        echo "exit status $2" >>"$3" && fail "$1" "$3"
    fi
}

# As fail, for a program that has counted its failures itself: shows what it said last.
detail() {
    {
        echo "FAILED in $1"
        closing_line -v "$2" | tail -n 40 | sed 's/^/    /'
    } >"$OUT/failed.$(tr -c 'A-Za-z0-9\n' _ <<<"$1")"
}

# files NAME... - those that there are: a glob that finds nothing stands for itself.
files() {
    local f
    for f in "$@"; do [ ! -e "$f" ] || echo "$f"; done
}

# each FUNCTION - calls it with every line of standard input, on all cores.
each() { tr '\n' '\0' | xargs -0 -r -n 1 -P "$JOBS" bash "$PWD/tests/run.sh" --one "$1"; }

summary() { # GROUP SECONDS
    awk -v group="$1" -v seconds="$2" '
        { passed += $1; failed += $2; skipped += $3 }
        NF > 3 { why = $0; sub(/^[0-9]+ [0-9]+ [0-9]+ /, "", why); if (!seen[why]++) list[++n] = why }
        END {
            printf "%-8s %4d ok, %d failed%s (%d s)\n", group, passed, failed,
                skipped ? ", " skipped " skipped" : "", seconds
            for (i = 1; i <= n; i++) print "    skipped: " list[i]
        }' "$OUT/results"
    find "$OUT" -name 'failed.*' | LC_ALL=C sort | while read -r f; do cat "$f"; done
}

# --- Groups ------------------------------------------------------------------------------------
# GROUP_name lists or prepares and gives each test to `each`; one_name runs one.

# Programs of tests/unit, built by the Makefile and run from the root of the repository.
group_unit() {
    make_quietly -k examples units >"$OUT/unit.make" 2>&1 || true
    files tests/unit/*.c | each unit
}

one_unit() {
    local program=$BUILD/${1%.c} log lib status=0
    log=$OUT/$(basename "$program").log
    for lib in mpfr.h libtcc.h cblas.h; do
        if grep -q "include <$lib>" "$1" && ! echo "#include <$lib>" | ${CC:-cc} -xc -E - >/dev/null 2>&1
        then skip "$(basename "$1" .c): no $lib" && return; fi
    done
    if ! make_quietly "$program" >"$log" 2>&1; then fail "$1 (does not build)" "$log" && return; fi
    timed "$program" >"$log" 2>&1 || status=$?
    tally "$1" "$status" "$log"
}

# Malformed models and the exact messages that they get.
group_errors() {
    local before after
    before=$(find tests/errors | LC_ALL=C sort)
    error_tests | each errors
    after=$(find tests/errors | LC_ALL=C sort)
    if [ "$before" != "$after" ]; then
        diff <(echo "$before") <(echo "$after") >"$OUT/left" || true
        fail "tests/errors: files were left behind" "$OUT/left"
    fi
}

# Every model at the top is a test; in a folder below, the one that says what it expects.
error_tests() {
    local f
    files tests/errors/*.dg
    for f in $(files tests/errors/*/*.dg); do
        ! grep -q "^# >>> expect" "$f" || echo "$f"
    done
}

# run_errors FILE DIR - runs gradc on it, in its folder; leaves stdout, stderr, status in DIR.
run_errors() {
    local args
    mkdir -p "$2"
    args=$(sed -n 's/^# >>> args //p' "$1")
    echo 0 >"$2/status"
    # shellcheck disable=SC2086 # the arguments are words
    (cd "$(dirname "$1")" && timed "$GRADC" $args "$(basename "$1")" -o "$2/out.c") \
        >"$2/stdout" 2>"$2/stderr" </dev/null || echo $? >"$2/status"
}

expected_status() { sed -n 's/^# >>> exit //p' "$1" | grep . || echo 1; }

one_errors() {
    local dir
    dir=$OUT/$(tr -c 'A-Za-z0-9\n' _ <<<"$1")
    run_errors "$1" "$dir"
    sed '1,/^# >>> expect/d; s/^# \{0,1\}//' "$1" >"$dir/expect"
    {
        diff -u --label expected --label got "$dir/expect" "$dir/stderr" || true
        [ "$(cat "$dir/status")" = "$(expected_status "$1")" ] ||
            echo "exit status $(cat "$dir/status"), not $(expected_status "$1")"
        [ ! -s "$dir/stdout" ] || sed 's/^/on standard output: /' "$dir/stdout"
        [ ! -e "$dir/out.c" ] || echo "an output file was left"
        grep -q '^# >>> expect' "$1" || echo "it has no line '# >>> expect'"
    } >"$dir/wrong"
    if [ -s "$dir/wrong" ]; then fail "$1" "$dir/wrong"; else pass; fi
}

# The emitted C of examples, to the letter; for one more, `make bless` fills an empty file. Of the snippets that C has before its functions
# (compiler/snippets, with tests of their own) only the names are kept.
group_golden() {
    make_quietly -k examples >"$OUT/golden.make" 2>&1 || true
    files tests/golden/*.txt | each golden
}

one_golden() {
    local name log
    name=$(basename "$1" .txt)
    log=$OUT/golden.$name
    if ! make_quietly "$BUILD/examples/$name.c" >"$log" 2>&1; then
        fail "$1 (not compiled)" "$log"
    elif functions_of "$BUILD/examples/$name.c" | diff -u "$1" - >"$log"; then
        pass
    else
        fail "$1" "$log"
    fi
}

functions_of() {
    awk '/^\/\* The functions of /           { snippets = 0 }
         !snippets                          { print }
         snippets && /^(static|#define) .*/ { sub(/\(.*/, ""); $0 = $1 == "static" ? $NF : $2
                                              if (!seen[$0]++) print }
         /^\/\* What the functions use/     { snippets = 1 }' "$1"
}

# Models with what they compute, checked by a driver that takes many at once.
group_lang() {
    if [ ! -e tests/lang_driver.c ] || ! ls tests/lang/*.dg >/dev/null 2>&1; then return 0; fi
    if ! make_quietly "$BUILD/tests/lang_driver" >"$OUT/lang.log" 2>&1; then
        fail "tests/lang_driver.c (does not build)" "$OUT/lang.log" && return
    fi
    seq 0 $((JOBS - 1)) | each lang
}

one_lang() { # every JOBS-th file, from the given one on
    local status=0
    files tests/lang/*.dg | awk -v k="$1" -v n="$JOBS" 'NR % n == k' >"$OUT/lang.$1"
    [ -s "$OUT/lang.$1" ] || return 0
    # shellcheck disable=SC2046 # file names of ours
    timed "$BUILD/tests/lang_driver" $(cat "$OUT/lang.$1") >"$OUT/lang.log.$1" 2>&1 || status=$?
    tally "tests/lang ($1)" "$status" "$OUT/lang.log.$1"
}

# What is emitted: no warning from any compiler, and the same bytes from any gradc.
group_emitted() {
    local f how
    make_quietly -k examples >"$OUT/emitted.make" 2>&1 || true
    if has clang && [ -z "${SAN:-}" ]; then
        make_quietly BUILD=build/clang_quick CC=clang CFLAGS=-O0 build/clang_quick/gradc >"$OUT/clang.make" 2>&1 ||
            fail "a gradc built by clang" "$OUT/clang.make"
    fi
    for f in "$BUILD"/examples/*.c "$BUILD"/examples_f32/*.c; do
        [ -e "$f" ] || continue
        for how in gcc clang tcc g++ same; do echo "$how $f"; done
    done | each emitted
}

one_emitted() {
    local how=${1%% *} file=${1#* } log
    local strict='-Wall -Wextra -Wconversion -Wshadow -Werror' full='-O2 -c -o /dev/null'
    # gcc's optimiser warns too; of the others, and of f32, which differs in types alone, one look is enough
    case $how$file in
    gcc*/examples_f32/*) full='-O1 -c -o /dev/null' ;;
    clang*/examples/* | gcc*) ;;
    *) full=-fsyntax-only ;;
    esac
    log=$OUT/$how.$(tr / . <<<"$file")
    if [ "$how" = same ]; then one_same "$file" "$log" && return; fi
    if ! has "$how"; then skip "no $how" && return; fi
    # shellcheck disable=SC2086 # flags are words
    case $how in
    gcc | clang) "$how" -std=c99 -Wpedantic $strict $full "$file" ;;
    g++) g++ -std=c++17 $strict $full -x c++ "$file" ;;
    tcc) tcc -Wall -Werror -c -o "$log.o" "$file" ;;
    esac >"$log" 2>&1 || { fail "$how $file" "$log" && return; }
    pass
}

# Emits the file again, and once more with the other compiler's gradc.
one_same() {
    local file=$1 log=$2 gradc real=
    local name
    name=$(basename "$file" .c)
    case $file in */examples_f32/*) real='--real f32' ;; esac
    for gradc in "$GRADC" build/clang_quick/gradc; do
        [ -x "$gradc" ] || continue
        # shellcheck disable=SC2086
        "$gradc" "examples/$name.dg" $real -o "$log.c" --header "$log.h" >"$log" 2>&1 || true
        # the header's name may stand in the text, and is another one here
        if ! diff -u <(grep -v '^#include "' "$file") <(grep -v '^#include "' "$log.c") >>"$log" 2>&1
        then fail "$file is not the same from ${gradc#"$PWD/"}" "$log" && return; fi
    done
    pass
}

# Scripts that use the command as a person would, but for what they share (common.sh); 77 is a skip, with the reason as its last line.
group_cli() { files tests/cli/*.sh | grep -v /common.sh | each cli; }

one_cli() {
    local status=0 log
    log=$OUT/$(basename "$1").log
    timed bash "$1" >"$log" 2>&1 </dev/null || status=$?
    tally "$1" "$status" "$log"
}

# --- Bless -------------------------------------------------------------------------------------

bless() { # [NAME]
    local f name dir
    make_quietly -k examples
    for f in tests/golden/*.txt; do
        name=$(basename "$f" .txt)
        [ -z "${1:-}" ] || [ "$name" = "$1" ] || continue
        [ ! -e "$BUILD/examples/$name.c" ] || functions_of "$BUILD/examples/$name.c" >"$f"
    done
    for f in $(error_tests); do
        [ -z "${1:-}" ] || [ "$(basename "$f" .dg)" = "$1" ] || continue
        dir=$OUT/bless
        rm -rf "$dir"
        run_errors "$f" "$dir"
        if [ "$(cat "$dir/status")" != "$(expected_status "$f")" ]; then
            echo "$f: exit status $(cat "$dir/status"), not $(expected_status "$f"): left as it is"
            continue
        fi
        {
            sed '/^# >>> expect/,$d' "$f"
            echo '# >>> expect'
            sed 's/^/# /; s/ $//' "$dir/stderr"
        } >"$dir/new"
        cmp -s "$dir/new" "$f" || cp "$dir/new" "$f"
    done
    git --no-pager diff --stat -- tests/golden tests/errors
}

# --- Main --------------------------------------------------------------------------------------

if [ "${1:-}" = --one ]; then
    "one_$2" "$3"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OUT=$work

if [ "${1:-}" = --bless ]; then
    bless "${2:-}"
    exit 0
fi

make_quietly all || { echo "gradc does not build" && exit 1; }
[ -d "$GRADC_SHARED/cases" ] || echo "$GRADC_SHARED/cases is not there: tests that want it are skipped"
[ $# -gt 0 ] || set -- unit errors golden lang emitted cli
for group in "$@"; do
    OUT=$work/$group
    mkdir "$OUT"
    : >"$OUT/results"
    start=$SECONDS
    "group_$group"
    summary "$group" $((SECONDS - start))
done

cat "$work"/*/results | awk '
    { passed += $1; failed += $2; skipped += $3 }
    END {
        printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
        exit failed > 0
    }'
