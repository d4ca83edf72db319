#!/usr/bin/env bash
# checkpoint.sh: what checkpoint(e) is for: the same numbers from less memory.
#
# From the environment: GRADC, CC. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

# Twelve blocks of three layers each, kept whole or only at their ends.
{
    echo 'fn layer(h[N, H], W[H, H]) = tanh(h @ W) * sigmoid(h) + exp(-h^2)'
    for f in kept again; do
        echo "fn $f(x[N, H], W[H, H]) {"
        echo '    h = x'
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
            [ $f = again ] && echo '    h = checkpoint(layer(layer(layer(h, W), W), W))'
            [ $f = kept ] && echo '    h = layer(layer(layer(h, W), W), W)'
        done
        echo '    return sum(h)'
        echo '}'
        echo "export $f with grad, hvp(W)"
    done
} >"$dir/layers.dg"
"$gradc" "$dir/layers.dg" -o "$dir/layers.c" --header "$dir/layers.h"
cat >"$dir/main.c" <<'END'
#include "layers.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 19, H = 7 };
static double x[N * H], W[H * H], v[H * H], value[2], gx[2][N * H], gW[2][H * H], hv[2][H * H];

int main(void)
{
    size_t kept = kept_grad_work(N, H), again = again_grad_work(N, H);
    size_t most = kept_hvp_work(N, H) + again_hvp_work(N, H) + kept + again;
    void *work = malloc(most);
    double gap = 0;
    for (int i = 0; i < N * H; i++)
        x[i] = sin(i + 1.0);
    for (int i = 0; i < H * H; i++) {
        W[i] = cos(3.0 * i) / 3;
        v[i] = sin(7.0 * i);
    }
    if (!work || kept_grad(x, W, N, H, &value[0], gx[0], gW[0], work) ||
        again_grad(x, W, N, H, &value[1], gx[1], gW[1], work) ||
        kept_hvp(x, W, v, N, H, &value[0], hv[0], work) ||
        again_hvp(x, W, v, N, H, &value[1], hv[1], work))
        return 1;
    for (int i = 0; i < N * H; i++)
        gap = fmax(gap, fabs(gx[0][i] - gx[1][i]));
    for (int i = 0; i < H * H; i++)
        gap = fmax(gap, fmax(fabs(gW[0][i] - gW[1][i]), fabs(hv[0][i] - hv[1][i]) * 1e-3));
    printf("%d %d\n", gap < 1e-12 && gap == gap, 2 * again < kept);
    free(work);
    return 0;
}
END
$cc -O1 -I"$dir" "$dir/main.c" "$dir/layers.c" -o "$dir/main" -lm
out=$("$dir/main")
ok "the numbers are the same" [ "${out% *}" = 1 ]
ok "the workspace is less than half of it" [ "${out#* }" = 1 ]
sum_up
