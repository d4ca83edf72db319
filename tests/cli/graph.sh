#!/usr/bin/env bash
# graph.sh: `gradc graph`. The drawing of chain.dg is figure 6.10 of Goodfellow et al.: f(w) and
# f(f(w)) once, forward and derivative nodes in two colours; every drawing is one that Graphviz
# takes, whatever the names in it.
#
# From the environment: GRADC. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

count() { grep -c -- "$1" "$2"; }

"$gradc" graph examples/chain.dg -o "$dir/chain.dot"
is 'chain: exit status' $? 0
sed -n '/subgraph cluster_1 /,/^  }/p' "$dir/chain.dot" >"$dir/grad"
is 'chain: functions' "$(count 'subgraph cluster_[0-9]' "$dir/chain.dot")" 2
is 'chain_grad: tanh' "$(count 'label="tanh' "$dir/grad")" 3
is 'chain_grad: nodes named x' "$(count 'label="tanh\\nx"' "$dir/grad")" 1
is 'chain_grad: nodes named y' "$(count 'label="tanh\\ny"' "$dir/grad")" 1
is 'chain_grad: colours' "$(grep ' \[fillcolor' "$dir/grad" | sed 's/.*fillcolor="\([^"]*\)".*/\1/' | sort -u | wc -l)" 2
is 'chain_grad: forward nodes are tanh' "$(grep 'label="tanh' "$dir/grad" | sed 's/.*fillcolor="\([^"]*\)".*/\1/' | sort -u | wc -l)" 1
is 'chain_grad: argument boxes' "$(count 'shape=box' "$dir/grad")" 1
is 'chain_grad: double borders' "$(count 'peripheries=2' "$dir/grad")" 2
is 'chain: a legend' "$(count 'cluster_legend' "$dir/chain.dot")" 1

"$gradc" graph examples/chain.dg >"$dir/standard"
is 'standard output is the same text' "$(cmp "$dir/standard" "$dir/chain.dot" && echo same)" same

"$gradc" graph examples/chain.dg -o "$dir/chain.png" 2>"$dir/log"
is 'another ending: exit status' $? 2
"$gradc" graph "$dir/none.dg" -o "$dir/none.dot" 2>"$dir/log"
is 'no such model: exit status' $? 3
is 'no such model: no file' "$(ls "$dir"/none.* 2>/dev/null)" ''
"$gradc" graph examples/chain.dg -o "$dir/none/chain.dot" 2>"$dir/log"
is 'no such folder: exit status' $? 3

if ! command -v dot >/dev/null; then
    # without Graphviz an SVG is refused in words, and nothing is left
    "$gradc" graph examples/chain.dg -o "$dir/chain.svg" 2>"$dir/log"
    is 'no dot: exit status' $? 3
    is 'no dot: no file' "$(ls "$dir"/chain.svg* 2>/dev/null)" ''
    echo 'skipped: no dot'
    skipped=1
    sum_up
    exit
fi

"$gradc" graph examples/chain.dg -o "$dir/chain.svg"
is 'svg: exit status' $? 0
is 'svg: it is one' "$(count '^<svg' "$dir/chain.svg")" 1
is 'svg: nothing beside it' "$(ls "$dir"/chain.svg*)" "$dir/chain.svg"
"$gradc" graph examples/chain.dg -o "$dir/none/chain.svg" 2>"$dir/log"
is 'svg: no such folder: exit status' $? 3
PATH=/nowhere "$gradc" graph examples/chain.dg -o "$dir/path.svg" 2>"$dir/log"
is 'svg: no dot: exit status' $? 3
is 'svg: no dot: nothing is left' "$(ls "$dir"/path.svg* 2>/dev/null)" ''
is 'svg: no dot: says so' "$(count 'Graphviz' "$dir/log")" 1

# nop reads a drawing without laying it out.
reader='dot -Tdot'
! command -v nop >/dev/null || reader=nop
for model in examples/*.dg tests/lang/*.dg; do
    [ -e "$model" ] || continue
    # shellcheck disable=SC2046 # the arguments are words
    "$gradc" graph "$model" $(sed -n 's/^# >>> args //p' "$model") >"$dir/model.dot"
    is "$model: exit status" $? 0
    [ "$reader" = nop ] || [ "$(wc -l <"$dir/model.dot")" -lt 200 ] || continue
    $reader "$dir/model.dot" >/dev/null 2>"$dir/log"
    is "$model: Graphviz takes it" $? 0
    is "$model: Graphviz warns" "$(grep -v -i 'font' "$dir/log" | head -n 1)" ''
done

sum_up
