#!/usr/bin/env bash
# graph.sh: `gradc graph`. The drawing of chain.dg is figure 6.10 of Goodfellow et al.: f(w) and
# f(f(w)) once, forward and derivative nodes in two colours; a loop is a cluster with its body inside;
# every drawing is one that Graphviz takes, whatever the names in it.
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

# ---- Loops and rules of a model's own: clusters, nested as they are ----

cat >"$dir/loops.dg" <<'END'
fn sq(x) = x^2 derivative (x, y, dy) = 3 * x * dy
fn f(x[3], k: i64) {
    s = 1
    m = min(k + 1, 3)
    for i in 0:m {
        assert x[i] > 0, "positive"
        s = s * sq(x[i])
        for j in 0:i { s = s + x[j] }
    }
    while s > 9 limit 20 { s = s / 2 }
    return s
}
export f
END
"$gradc" graph "$dir/loops.dg" -o "$dir/loops.dot"
is 'loops: exit status' $? 0
is 'loops: clusters, as they are nested' "$(sed -n 's/^\( *\)style="rounded,filled".* label="\(.*\)";$/\1\2/p' "$dir/loops.dot")" \
'      for i in 0:m  (loops.dg:5)
        derivative (x, y, dy)  (loops.dg:1)
        for j in 0:i  (loops.dg:8)
      while limit 20  (loops.dg:10)'
# name LABEL NUMBER: how the drawing calls the node of that label, the first, second ...
name() { sed -n "s/^ *\\([^ ]*\\) \\[.*label=\"$1\".*/\\1/p" "$dir/loops.dot" | sed -n "$2p"; }
edge() { count "^    $1 -> $2\\( \\[.*\\)\\{0,1\\};" "$dir/loops.dot"; }
dashed() { count "^    $1 -> $2 \\[style=dashed, constraint=false\\];" "$dir/loops.dot"; }
outer=$(name s 1) inner=$(name s 2) halved=$(name s 3)
is 'loops: what is carried comes in' "$(edge 'c0_[0-9]*_1' "$outer"),$(edge "$(name '×\\ns' 1)" "$inner"),$(edge "$(name 'last\\ns' 2)" "$halved")" 1,1,1
is 'loops: and goes back' "$(dashed "$(name 'last\\ns' 1)" "$outer"),$(dashed "$(name '+\\ns' 1)" "$inner"),$(dashed "$(name '×\\ns' 2)" "$halved")" 1,1,1
is 'loops: nothing else does' "$(count 'style=dashed' "$dir/loops.dot")" 3
is 'loops: results come out' "$(edge "$(name '+\\ns' 1)" "$(name 'last\\ns' 1)"),$(edge "$(name '×\\ns' 2)" "$(name 'last\\ns\\nvalue' 1)")" 1,1
is 'loops: the number of turns' "$(edge "$(name 'min\\nm' 1)" "$(name i 1)")" 1
is 'loops: captures go in' "$(edge "$(name 'x\\n\[3\]' 1)" "$(name gather 1)"),$(edge "$(name 'x\\n\[3\]' 1)" "$(name gather 2)")" 1,1
is 'loops: conditions and checks' "$(edge "$(name '>' 1)" "$(name assert 1)"),$(edge "$(name '>' 2)" "$(name while 1)")" 1,1
is 'loops: the rule' "$(edge "$(name gather 1)" "$(name x 1)"),$(edge "$(name '×' 2)" "$(name 'adjoint of x' 1)"),$(count ' -> '"$(name dy 1)" "$dir/loops.dot")" 1,1,0

# The tapes of a gradient, and a loop that runs as often as a while has: backwards.
"$gradc" graph examples/nested.dg -o "$dir/nested.dot"
is 'nested: clusters' "$(sed -n 's/^ *style="rounded,filled".* label="\(.*\)";$/\1/p' "$dir/nested.dot")" \
'while limit 500  (nested.dg:7)
while limit 500  (nested.dg:7)
for turn in turns - 1:-1:-1  (nested.dg:7)'
is 'nested: a tape' "$(count 'label="all turns\\n\[501, n\]"' "$dir/nested.dot")" 1

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

for model in examples/lstm.dg examples/kalman.dg tests/lang/own_rules.dg; do
    # shellcheck disable=SC2046 # the arguments are words
    "$gradc" graph "$model" $(sed -n 's/^# >>> args //p' "$model") -o "$dir/laid.svg" 2>"$dir/log"
    is "$model: laid out" "$?,$(grep -v -i 'font' "$dir/log" | head -n 1)" 0,
done

# nop reads a drawing without laying it out.
reader='dot -Tdot'
! command -v nop >/dev/null || reader=nop
for model in examples/*.dg tests/lang/*.dg; do
    [ -e "$model" ] || continue
    # shellcheck disable=SC2046 # the arguments are words
    "$gradc" graph "$model" $(sed -n 's/^# >>> args //p' "$model") >"$dir/model.dot"
    is "$model: exit status" $? 0
    is "$model: edges between nodes that stand there once" "$(awk '
        / -> .*style=invis/ { next }
        $2 == "->" { sub(/;$/, "", $3); if (!node[$1] || !node[$3]) print }
        $2 ~ /^\[/ && node[$1]++' "$dir/model.dot")" ''
    [ "$reader" = nop ] || [ "$(wc -l <"$dir/model.dot")" -lt 200 ] || continue
    $reader "$dir/model.dot" >/dev/null 2>"$dir/log"
    is "$model: Graphviz takes it" $? 0
    is "$model: Graphviz warns" "$(grep -v -i 'font' "$dir/log" | head -n 1)" ''
done

sum_up
