# shellcheck shell=bash
# shellcheck disable=SC2034 # who sources this reads them
# common.sh: what the scripts beside it share: the environment's names, a folder that is removed in
# the end, counting. Sourced by them in the repository's root, never run by itself.
set -u

gradc=${GRADC:-./gradc}
[ "${gradc#/}" != "$gradc" ] || gradc=$PWD/$gradc
build=${BUILD:-build}
cc=${CC:-cc}
root=$PWD
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
export XDG_CACHE_HOME=$dir/cache
passed=0
failed=0
skipped=0

good() { passed=$((passed + 1)); }
bad() { # WHAT
    echo "FAIL $1"
    failed=$((failed + 1))
}

# ok WHAT COMMAND...
ok() {
    local what=$1
    shift
    if "$@"; then good; else bad "$what"; fi
}

# runs WHAT COMMAND... - what the command prints is only shown where it fails.
runs() {
    local what=$1
    shift
    if "$@" >"$dir/log" 2>&1; then good; else
        bad "$what" && tail -n 20 "$dir/log" | sed 's/^/    /'
    fi
}

not() { ! "$@"; }
is() { ok "$1: $2, not $3" [ "$2" = "$3" ]; } # WHAT GOT WANTED

# exits WANTED ARGUMENT... - runs gradc, which leaves $dir/out and $dir/err, to this exit status.
exits() {
    local want=$1 got=0
    shift
    "$gradc" "$@" >"$dir/out" 2>"$dir/err" </dev/null || got=$?
    ok "gradc $*: exit status $got, not $want: $(tail -n 3 "$dir/out" "$dir/err")" [ $got = "$want" ]
}

# says TEXT - as a part of what was said on standard error.
says() { ok "not said: $1; but: $(cat "$dir/err")" grep -qF -- "$1" "$dir/err"; }

# Finds a python with NumPy, or skips.
want_numpy() {
    for python in /usr/bin/python3 python3; do
        ! "$python" -c 'import numpy' 2>/dev/null || return 0
    done
    echo 'no python3 with numpy' && exit 77
}

# The closing line, and the exit status: to be the last command.
sum_up() {
    local more=
    [ $skipped = 0 ] || more=", $skipped skipped"
    echo "$passed passed, $failed failed$more"
    [ $failed = 0 ]
}
