/* train.c - learns to read digits with the gradient that gradc emits.
 *
 *     gradc mnist.dg -o mnist.c --header mnist.h
 *     cc -O3 train.c mnist.c -lm -o train
 *     ./train FOLDER [EPOCHS [SEED]]
 *
 * FOLDER holds the four IDX files of data/, unzipped. All that gradc gives is called here:
 * mnist_grad (loss and gradient) and classify. The rest is this file: reading, shuffling,
 * RMSProp, counting. It takes no memory from the heap. */
#include "mnist.h"

#include <math.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIDE = 28, D = SIDE * SIDE, K = 10, BATCH = 128, MAX_IMAGES = 60000 };
#ifndef H
enum { H = 512 }; /* as `dim H` in mnist.dg */
#endif

static const float rate = 1e-3f, rho = 0.9f, epsilon = 1e-7f, decay = 0.0f;

typedef struct {
    int n;
    uint8_t image[(size_t)MAX_IMAGES * D];
    uint8_t label[MAX_IMAGES];
} Set;

static Set train_set, test_set;

/* The parameters, their gradient, and RMSProp's mean of its squares. */
typedef struct {
    float W1[D * H], b1[H], W2[H * K], b2[K];
} Net;

static Net net, grad, square;

/* One minibatch, and the workspace of the emitted functions. */
static float x[BATCH * D];
static int32_t y[BATCH];
static alignas(64) unsigned char work[16 << 20];

/* ---- Random numbers: splitmix64 ---- */

static uint64_t state;

static uint64_t random_bits(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* In [-limit, limit). */
static float random_uniform(float limit)
{
    return limit * ((float)(random_bits() >> 40) * 0x1p-23f - 1.0f);
}

/* ---- Data: IDX files ---- */

static void stop(const char *path, const char *why)
{
    fprintf(stderr, "train: %s: %s\n", path, why);
    exit(3);
}

static uint32_t big_endian(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Reads a file of `rank` axes, the last of them 28 x 28 where there are three; gives the first. */
static int read_idx(const char *folder, const char *name, int rank, uint8_t *to)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        stop(path, "cannot be opened");
    uint8_t head[4 + 4 * 3];
    if (fread(head, 4 + 4 * (size_t)rank, 1, f) != 1)
        stop(path, "is too short");
    if (big_endian(head) != 0x800u + (uint32_t)rank)
        stop(path, "is no IDX file of bytes of that rank");
    const uint32_t n = big_endian(head + 4);
    if (n < 1 || n > MAX_IMAGES)
        stop(path, "holds too many or no items");
    if (rank == 3 && (big_endian(head + 8) != SIDE || big_endian(head + 12) != SIDE))
        stop(path, "does not hold images of 28 x 28");
    const size_t item = rank == 3 ? D : 1;
    if (fread(to, item, n, f) != n || fgetc(f) != EOF)
        stop(path, "has not the length that it says");
    fclose(f);
    return (int)n;
}

static void read_set(Set *set, const char *folder, const char *images, const char *labels)
{
    set->n = read_idx(folder, images, 3, set->image);
    if (read_idx(folder, labels, 1, set->label) != set->n)
        stop(labels, "does not go with the images");
    for (int i = 0; i < set->n; i++)
        if (set->label[i] >= K)
            stop(labels, "holds a label that is no digit");
}

/* Images number order[0..n), or the first ones, into x and y. */
static void load_batch(const Set *set, const int *order, int first, int n)
{
    for (int i = 0; i < n; i++) {
        const int at = order ? order[first + i] : first + i;
        const uint8_t *image = set->image + (size_t)at * D;
        for (int j = 0; j < D; j++)
            x[i * D + j] = (float)image[j] * (1.0f / 255.0f);
        y[i] = set->label[at];
    }
}

/* ---- Learning ---- */

static void glorot(float *w, int n_in, int n_out)
{
    const float limit = sqrtf(6.0f / (float)(n_in + n_out));
    for (int i = 0; i < n_in * n_out; i++)
        w[i] = random_uniform(limit);
}

static void rmsprop(int n, float *w, const float *g, float *s, float step)
{
    for (int i = 0; i < n; i++) {
        s[i] = rho * s[i] + (1.0f - rho) * g[i] * g[i];
        w[i] -= step * g[i] / (sqrtf(s[i]) + epsilon);
    }
}

/* Pass number `epoch` over the training set, in a new order; gives the mean loss. The step falls
 * from `rate` to 0 over all passes. */
static double learn_epoch(int epoch, int epochs)
{
    static int order[MAX_IMAGES];
    const int n = train_set.n;
    for (int i = 0; i < n; i++) {
        const int j = (int)(random_bits() % (uint64_t)(i + 1));
        order[i] = order[j];
        order[j] = i;
    }
    double total = 0;
    for (int first = 0; first < n; first += BATCH) {
        const int count = n - first < BATCH ? n - first : BATCH;
        const float done = ((float)epoch + (float)first / (float)n) / (float)epochs;
        const float step = rate * (1.0f - done);
        float value;
        load_batch(&train_set, order, first, count);
        mnist_grad(x, y, net.W1, net.b1, net.W2, net.b2, decay, count, &value, grad.W1, grad.b1,
                   grad.W2, grad.b2, work);
        rmsprop(D * H, net.W1, grad.W1, square.W1, step);
        rmsprop(H, net.b1, grad.b1, square.b1, step);
        rmsprop(H * K, net.W2, grad.W2, square.W2, step);
        rmsprop(K, net.b2, grad.b2, square.b2, step);
        total += (double)value * count;
    }
    return total / n;
}

/* How many of a hundred are classified right. */
static double accuracy(const Set *set)
{
    int right = 0;
    for (int first = 0; first < set->n; first += BATCH) {
        const int count = set->n - first < BATCH ? set->n - first : BATCH;
        int64_t digit[BATCH];
        load_batch(set, NULL, first, count);
        classify(x, net.W1, net.b1, net.W2, net.b2, count, digit, work);
        for (int i = 0; i < count; i++)
            right += digit[i] == y[i];
    }
    return 100.0 * right / set->n;
}

int main(int argc, char **argv)
{
    const int epochs = argc > 2 ? atoi(argv[2]) : 10;
    if (argc < 2 || argc > 4 || epochs < 1) {
        fprintf(stderr, "usage: train FOLDER [EPOCHS [SEED]]\n");
        return 2;
    }
    state = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    if (mnist_grad_work(BATCH) > sizeof work || classify_work(BATCH) > sizeof work) {
        fprintf(stderr, "train: the emitted functions want a larger workspace\n");
        return 3;
    }
    read_set(&train_set, argv[1], "train-images-idx3-ubyte", "train-labels-idx1-ubyte");
    read_set(&test_set, argv[1], "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
    printf("%d training and %d test images; %d-%d-%d, RMSProp, minibatches of %d\n", train_set.n,
           test_set.n, D, H, K, BATCH);
    glorot(net.W1, D, H);
    glorot(net.W2, H, K);
    const clock_t start = clock();
    for (int epoch = 0; epoch < epochs; epoch++) {
        const double loss = learn_epoch(epoch, epochs);
        printf("epoch %2d  loss %.4f  test accuracy %.2f %%  (%.1f s)\n", epoch + 1, loss,
               accuracy(&test_set), (double)(clock() - start) / CLOCKS_PER_SEC);
        fflush(stdout);
        if (loss != loss) {
            fprintf(stderr, "train: the loss is not a number\n");
            return 1;
        }
    }
    return 0;
}
