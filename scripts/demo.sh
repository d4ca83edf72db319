#!/bin/sh
# demo.sh - a first look: a model, the C of its gradient, and a program that calls it.
set -eu
cd "$(dirname "$0")/.."

out=build/demo
mkdir -p $out

echo '--- examples/chain.dg'
cat examples/chain.dg
echo
echo '--- ./gradc examples/chain.dg -o build/demo/chain_grad.c'
./gradc examples/chain.dg -o $out/chain_grad.c
cat $out/chain_grad.c
