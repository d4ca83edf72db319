#!/usr/bin/env bash
# book.sh: the commands of docs/book.md do what it says. Every line `$ ...` of its fenced blocks is run;
# what stands under one is what it prints, up to a line `...`. The pictures are well-formed, and each
# example and page of tests that the page names is there.
#
# From the environment: GRADC. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

page=docs/book.md

ok() { # WHAT LOG COMMAND...
    local what=$1 log=$2
    shift 2
    if "$@"; then good; else bad "$what" && sed 's/^/    /' "$log"; fi
}

# One line a command: its number, then the command; what it prints in a file of that number.
awk -v dir="$dir" '
    /^```/ { open = !open; next }
    open && /^\$ / { n++; print substr($0, 3); close(out); out = dir "/" n ".want"; printf "" >out; next }
    open && n { print >out }' "$page" >"$dir/commands"
mkdir -p "$dir/book"

n=0
while IFS= read -r command; do
    n=$((n + 1))
    command=${command//build\/book/$dir/book}
    bash -c "${command/.\/gradc/$gradc}" >"$dir/$n.out" 2>"$dir/$n.err" </dev/null
    ok "$command: exit status" "$dir/$n.err" [ $? = 0 ]
    rows=$(awk '/^\.\.\.$/ { exit } { n++ } END { print n + 0 }' "$dir/$n.want")
    diff <(head -n "$rows" "$dir/$n.want") <(head -n "$rows" "$dir/$n.out") >"$dir/$n.diff"
    ok "$command: what it prints" "$dir/$n.diff" [ ! -s "$dir/$n.diff" ]
    grep -q '^\.\.\.$' "$dir/$n.want" ||
        ok "$command: no more than is shown" "$dir/$n.out" [ "$(wc -l <"$dir/$n.out")" = "$rows" ]
done <"$dir/commands"
ok 'there are commands' "$dir/commands" [ "$n" -gt 15 ]

for name in learning_rate hill conditioning valley xor; do
    svg=$dir/book/$name.svg
    ok "$name.svg is a drawing" "$dir/commands" grep -q '^</svg>$' "$svg"
    ! command -v xmllint >/dev/null || ok "$name.svg is well-formed" "$svg" xmllint --noout "$svg"
done

grep -o '\(tests\|examples\|compiler\)/[A-Za-z0-9_/]*\.\(dg\|c\|sh\)' "$page" | sort -u >"$dir/named"
while IFS= read -r file; do ok "$file is there" "$dir/named" [ -e "$file" ]; done <"$dir/named"

sum_up
