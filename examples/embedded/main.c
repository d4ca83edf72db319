/* main.c - trains a network on the machine that it runs on: no heap, no files, no libgradc. xor.dg
 * has the commands.
 *
 * step.c holds everything: the network with its initial weights, the state of the optimiser, and a
 * function that takes one step. A microcontroller would call it with what its sensors measured. */
#include "step.h"

#include <stdio.h>

enum { STEPS = 400 };

static const float x[LOSS_ROWS * 2] = {0, 0, 0, 1, 1, 0, 1, 1};
static const float y[LOSS_ROWS] = {0, 1, 1, 0};

int main(void)
{
    float value = 0, right = 0;

    for (int i = 1; i <= STEPS; i++) {
        if (loss_train(x, y, LOSS_ROWS, &value))
            return 1;
        if (i % 100 == 0)
            printf("step %d: loss %.4f\n", i, (double)value);
    }
    if (accuracy(x, y, loss_net.W, loss_net.c, loss_net.w, loss_net.b, LOSS_ROWS, &right,
                 loss_memory()))
        return 1;
    printf("%d of %d right, in %u bytes\n", (int)(right * LOSS_ROWS + 0.5f), LOSS_ROWS,
           (unsigned)sizeof loss_net);
    return right < 1;
}
