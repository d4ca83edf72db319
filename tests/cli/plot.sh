#!/usr/bin/env bash
# plot.sh: `gradc plot`. What it draws is well-formed whatever the numbers and names are, has the
# lines, gaps and ticks that it should have, and does not grow with the number of points.
#
# From the environment: GRADC. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

cd "$dir" || exit 1

# Well-formed: by xmllint, or at least one root, every element closed and no number that is none.
well_formed() {
    if command -v xmllint >/dev/null; then xmllint --noout "$1" || return 1; fi
    head -n 1 "$1" | grep -q '^<svg xmlns=' && [ "$(tail -n 1 "$1")" = '</svg>' ] &&
        ! grep -qE '[" MLHV](-?nan|-?inf)' "$1" &&
        awk '{ gsub(/<[a-z]+[^<>]*\/>/, ""); o += gsub(/<[a-z]+[^<>]*>/, ""); c += gsub(/<\/[a-z]+>/, "") }
            /[<>]/ { bad = 1 } END { exit bad || o != c }' "$1"
}
draw() { # FILE.svg ARGUMENT... - draws and checks
    local file=$1
    shift
    "$gradc" plot "$@" -o "$file" 2>log
    is "$* is drawn" $? 0
    well_formed "$file"
    is "$* is well-formed" $? 0
}
count() { grep -o -- "$1" "$2" | wc -l | tr -d ' '; }
labels() { grep -o "text-anchor=\"$2\">[^<]*" "$1" | sed 's/.*>//' | tr '\n' ' '; }

printf 'step,"train <&> loss",test\n0,1,0.5\n1,0.5,nan\n2,0.25,0.3\n3,0.1,0.2\n' >run.csv
draw run.svg run.csv --title 'a < b & "c"' --ylabel loss
is 'a line for each column behind the first' "$(count 'class="line" stroke="[^"]*" d="M[0-9.]* [0-9.]*[ML]' run.svg)" 2
is 'names of columns' "$(grep -c 'train &lt;&amp;&gt; loss' run.svg)" 1
is 'the first column names the axis' "$(grep -c '>step<' run.svg)" 1
is 'the title' "$(grep -c 'a &lt; b &amp; "c"' run.svg)" 1
is 'a nan is a gap, the point before it a dot' "$(count '<circle' run.svg)" 1
is 'ticks of x' "$(labels run.svg middle | cut -d' ' -f1-7)" '0.0 0.5 1.0 1.5 2.0 2.5 3.0'
is 'ticks of y' "$(labels run.svg end)" '0.2 0.4 0.6 0.8 1.0 '
"$gradc" plot run.csv --title 'a < b & "c"' --ylabel loss >again.svg
is 'the same text again, on standard output' "$(cmp run.svg again.svg && echo same)" same

draw dots.svg run.csv --dots
is 'dots at all points and in the legend' "$(count '<circle' dots.svg)" 9
printf '%s\n' 1 10 100 1000 10000 >decades.csv
draw log.svg decades.csv --log y
is 'powers of ten' "$(labels log.svg end)" '1 10 100 1000 1e4 '
is 'a straight line' "$(grep -o 'd="M76.00 [^"]*"' log.svg)" 'd="M76.00 409.93L231.00 321.96L386.00 234.00L541.00 146.04L696.00 58.07"'
draw other.svg "mine=decades.csv"
is 'a name of its own' "$(grep -c '>mine<' other.svg)" 1

# Numbers at the edges.
printf '%s\n' nan nan >nans.csv
printf '%s\n' 7 7 7 >same.csv
printf '%s\n' 1e308 -1e308 0 >huge.csv
printf '%s\n' 1e-300 2e-300 >tiny.csv
printf '%s\n' inf 1 -inf 2 >inf.csv
printf '%s\n' 5 >one.csv
printf '%s\n' 1000000001 1000000002 >near.csv
printf '%s\n' 0.1 0.10000000000000002 >places.csv
for name in nans same huge tiny inf one near places; do
    draw "$name.svg" "$name.csv"
    draw "$name.log.svg" "$name.csv" --log xy
done
is 'a single point is a dot' "$(count '<circle' one.svg)" 1
draw names.svg "$(printf 'a\377\1b')=one.csv" "$(printf '\303\251\360\237\230\200')=one.csv"
is 'bytes that are no characters' "$(grep -c '>a??b<' names.svg)" 1

seq 1 200000 | awk '{ print sin($1 / 700) + ($1 == 100003) * 40 }' >long.csv
draw long.svg long.csv
is 'long series stay small' "$(($(wc -c <long.svg) < 60000))" 1
is 'and keep their peaks' "$(grep -o 'L[0-9.]* 58\.07' long.svg | wc -l | tr -d ' ')" 1

fails() { # STATUS ARGUMENT...
    local want=$1
    shift
    "$gradc" plot "$@" >out 2>log
    is "plot $*: exit status" $? "$want"
    is "plot $*: a message" "$(head -c 7 log)" 'gradc: '
}
fails 2
fails 2 run.csv -o run.png
fails 2 run.csv --log z
fails 2 run.csv --colour red
fails 3 missing.csv
fails 3 run.csv -o no/such/run.svg
is 'no file for a failure' "$(ls -d missing.svg no 2>/dev/null)" ''

sum_up
