#!/usr/bin/env bash
# readme.sh: what README.md shows is so. Its first model gives the C printed under it, to the letter;
# its C program compiles without a warning and prints what is said; its links lead somewhere.
#
#     tests/cli/readme.sh            checks
#     tests/cli/readme.sh --bless    rewrites the C and the output in README.md
#
# From the environment: GRADC, CC. Run from the repository root.
set -e
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

# block N - the N-th fenced block of README.md, without its fences.
block() { awk -v want="$1" '/^```/ { if (!open++) n++; else open = 0; next } open && n == want' README.md; }
model=1 emitted=2 program=4 session=5

block $model >"$dir/line.dg"
(cd "$dir" && "$gradc" line.dg -o line.c --header line.h)
sed -n '/^\/\* cost_grad: /,/^}/p' "$dir/line.c" >"$dir/cost_grad"
block $program >"$dir/fit.c"
$cc -std=c99 -O2 -Wall -Wextra -Werror -I"$dir" "$dir/fit.c" "$dir/line.c" -o "$dir/fit" -lm
{
    block $session | head -n 1
    "$dir/fit"
} >"$dir/session"

if [ "${1:-}" = --bless ]; then
    awk -v dir="$dir" -v emitted=$emitted -v session=$session '
        function put(file,    line) { while ((getline line <file) > 0) print line }
        /^```/ {
            if (!open++) {
                n++
                print
                if (n == emitted) put(dir "/cost_grad")
                if (n == session) put(dir "/session")
                next
            }
            open = 0
        }
        !open || (n != emitted && n != session)' README.md >"$dir/new"
    cmp -s "$dir/new" README.md || cat "$dir/new" >README.md
    exit 0
fi

status=0
diff -u --label README.md --label 'gradc line.dg' <(block $emitted) "$dir/cost_grad" || status=1
diff -u --label README.md --label ./fit <(block $session) "$dir/session" || status=1
[ $status = 0 ] || echo 'after a change that is meant: tests/cli/readme.sh --bless'

# Links of all pages, from where they stand.
for page in README.md docs/*.md examples/mnist/data/README.md; do
    for link in $(grep -o '](\([^)]*\))' "$page" | sed 's/^](//; s/)$//; s/#.*//'); do
        case $link in
        http*) ;;
        *) [ -e "$(dirname "$page")/$link" ] || { echo "$page: no $link" && status=1; } ;;
        esac
    done
done
exit $status
