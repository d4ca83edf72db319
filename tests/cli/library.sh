#!/usr/bin/env bash
# library.sh: what a host sees of libgradc. Of both libraries only names gradc_*; and what
# `make install` puts into a folder is enough to compile, link and run a C program with.
#
# From the environment: BUILD, CC. Run from the repository root.
set -e
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

for list in "nm -g --defined-only $build/libgradc.a" "nm -D --defined-only $build/libgradc.so"; do
    names=$($list | awk 'NF == 3 { print $3 }')
    other=$(grep -v '^gradc_' <<<"$names" || true)
    [ -z "$other" ] || { echo "names that should not be seen ($list): $other" && exit 1; }
    [ -n "$names" ] || { echo "no names at all ($list)" && exit 1; }
done

# The sanitizers' libraries want a host built with them: names are all that is looked at there.
[ -z "${SAN:-}" ] || exit 0

${MAKE:-make} -s BUILD="$build" PREFIX=/usr DESTDIR="$dir" install
root=$dir/usr
for file in bin/gradc include/gradc.h lib/libgradc.a lib/libgradc.so lib/libgradc.so.0; do
    [ -e "$root/$file" ] || { echo "$file was not installed" && exit 1; }
done

symbol=$(nm -D --defined-only "$build/libgradc.so" | awk 'NR == 1 { print $3 }')
cat >"$dir/host.c" <<END
#include <gradc.h>
#include <stddef.h>
/* names that a host may well have itself */
int arena_alloc(void);
int arena_alloc(void) { return 0; }
int main(void) { void *p = (void *)(size_t)&$symbol; return p ? arena_alloc() : 1; }
END
zlib=
if nm -u "$root/lib/libgradc.a" | grep -q inflate; then zlib=-lz; fi
# shellcheck disable=SC2086 # a flag or none
$cc -I"$root/include" "$dir/host.c" "$root/lib/libgradc.a" -lm -ldl -lpthread $zlib -o "$dir/static"
"$dir/static"
$cc -I"$root/include" "$dir/host.c" -L"$root/lib" -lgradc -o "$dir/dynamic"
LD_LIBRARY_PATH=$root/lib "$dir/dynamic"

${MAKE:-make} -s BUILD="$build" PREFIX=/usr DESTDIR="$dir" uninstall
left=$(find "$dir/usr" ! -type d)
[ -z "$left" ] || { echo "left behind: $left" && exit 1; }
