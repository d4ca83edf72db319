#!/bin/sh
# setup.sh - installs what gradc is built and tested with, where it is missing.
#
#     scripts/setup.sh          everything
#     scripts/setup.sh build    only what building needs
#
# Quick and silent when there is nothing to do. What only tests use is optional: the tests that
# want it are skipped, and say so, where it cannot be had. GRADC_NO_SETUP=1 does nothing at all.
set -eu

[ -z "${GRADC_NO_SETUP:-}" ] || exit 0
what=${1:-all}

has() { command -v "$1" >/dev/null 2>&1; }

# has_lib HEADER LIBRARY - is it there to compile and link with?
has_lib() {
    printf '#include <%s>\nint main(void) { return 0; }\n' "$1" |
        ${CC:-cc} -xc - "-l$2" -o /dev/null 2>/dev/null
}

has_numpy() {
    for python in /usr/bin/python3 python3; do
        ! "$python" -c 'import numpy' >/dev/null 2>&1 || return 0
    done
    return 1
}

if has apt-get; then manager=apt-get
elif has dnf; then manager=dnf
elif has brew; then manager=brew
else manager=none
fi

required=
optional=

# want required|optional APT DNF BREW - the package that this system's manager knows ("-": none).
want() {
    case $manager in
    dnf) package=$3 ;;
    brew) package=$4 ;;
    *) package=$2 ;;
    esac
    [ "$package" != - ] || return 0
    case $1 in
    required) required="$required $package" ;;
    optional) optional="$optional $package" ;;
    esac
}

look() {
    has cc || has "${CC:-gcc}" || want required 'gcc libc6-dev' gcc gcc
    has make || want required make make make
    has objcopy || want required binutils binutils -
    has flex || want required flex flex flex
    has bison || want required bison bison bison
    [ "$what" = all ] || return 0
    has gcc || want optional gcc gcc gcc
    has g++ || want optional g++ gcc-c++ gcc
    has clang || want optional clang clang llvm
    has tcc || want optional tcc tcc tcc
    has_lib zlib.h z || want optional zlib1g-dev zlib-devel zlib
    has_lib libtcc.h tcc || want optional libtcc-dev - -
    has_lib mpfr.h mpfr || want optional libmpfr-dev mpfr-devel mpfr
    has_lib cblas.h openblas || want optional libopenblas-dev openblas-devel openblas
    has cmake || want optional cmake cmake cmake
    has pkg-config || want optional pkg-config pkgconf-pkg-config pkg-config
    has dot || want optional graphviz graphviz graphviz
    has_numpy || want optional python3-numpy python3-numpy numpy
}

# Runs as root: as it is, or through sudo, which asks for a password only where somebody is there.
as_root() {
    if [ "$manager" = brew ] || [ "$(id -u)" = 0 ]; then
        "$@"
    elif has sudo; then
        if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
    else
        echo "setup: not root, and there is no sudo" >&2
        return 1
    fi
}

updated=
get() {
    case $manager in
    apt-get)
        if [ -z "$updated" ]; then
            updated=yes
            as_root apt-get update -qq </dev/null || true
        fi
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "$@" </dev/null
        ;;
    dnf) as_root dnf install -y -q "$@" ;;
    brew) brew install --quiet "$@" ;;
    *) return 1 ;;
    esac
}

look
[ -n "$required$optional" ] || exit 0

log=$(mktemp)
trap 'rm -f "$log"' EXIT

if [ -n "$required" ]; then
    echo "setup: installing$required"
    # shellcheck disable=SC2086 # package names, one word each
    if ! get $required >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        echo "setup: could not install what gradc is built with; please install:$required" >&2
        exit 1
    fi
fi

if [ -n "$optional" ]; then
    echo "setup: installing for the tests:$optional"
    # shellcheck disable=SC2086
    if ! get $optional >"$log" 2>&1; then
        for package in $optional; do # one that is not to be had shall not keep the others away
            get "$package" >"$log" 2>&1 || echo "setup: no $package: tests that want it are skipped"
        done
    fi
fi
