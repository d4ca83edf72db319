/* hand_mlp.c: the relu network of examples/mlp.dg by hand, in f32 (hand.h).
 *
 * Its time is three matrix products. They are blocked as BLAS libraries do it, in
 * loops that a compiler vectorises: panels of both factors are packed so that the
 * inner kernel reads them in order, and it keeps a tile of the product in registers. */
#include "hand.h"

#include <math.h>
#include <string.h>

/* The tile (MR x NR floats in registers) and the depth of a packed panel (in the
 * first-level cache). */
enum { MR = 6, NR = 16, KC = 256 };

/* A factor as its elements lie in memory: element (i, j) at p[i * row + j * col]. */
typedef struct { const float *p; int64_t row, col; } Matrix;

static int64_t round_up(int64_t n, int64_t to)
{
    return (n + to - 1) / to * to;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Rows i0 .. i0+width-1 of A, depth k0 .. k0+kc-1, as [kc, width]; zeros behind M.
 * `width` is a constant where this is inlined. */
static inline void pack(Matrix A, int64_t M, int64_t i0, int width, int64_t k0, int64_t kc,
                        float *restrict out)
{
    const float *restrict p = A.p + i0 * A.row + k0 * A.col;
    const int n = (int)least(width, M - i0);

    if (n < width)
        memset(out, 0, sizeof(float) * (size_t)(kc * width));
    if (n == width && A.row == 1) {         /* rows lie side by side: copy runs */
        for (int64_t k = 0; k < kc; k++)
            for (int i = 0; i < width; i++)
                out[k * width + i] = p[k * A.col + i];
    } else {
        for (int64_t k = 0; k < kc; k++)
            for (int i = 0; i < n; i++)
                out[k * width + i] = p[k * A.col + i * A.row];
    }
}

/* C[MR, NR] (rows of ldc) += a[kc, MR]' b[kc, NR]. A row of the tile is an array of
 * its own: so gcc keeps each in registers. */
static void kernel(int64_t kc, const float *restrict a, const float *restrict b,
                   float *restrict C, int64_t ldc)
{
    float t0[NR] = { 0 }, t1[NR] = { 0 }, t2[NR] = { 0 };
    float t3[NR] = { 0 }, t4[NR] = { 0 }, t5[NR] = { 0 };

    for (int64_t k = 0; k < kc; k++, a += MR, b += NR)
        for (int j = 0; j < NR; j++) {
            t0[j] += a[0] * b[j];
            t1[j] += a[1] * b[j];
            t2[j] += a[2] * b[j];
            t3[j] += a[3] * b[j];
            t4[j] += a[4] * b[j];
            t5[j] += a[5] * b[j];
        }
    for (int j = 0; j < NR; j++)
        C[j] += t0[j];
    for (int j = 0; j < NR; j++)
        C[ldc + j] += t1[j];
    for (int j = 0; j < NR; j++)
        C[2 * ldc + j] += t2[j];
    for (int j = 0; j < NR; j++)
        C[3 * ldc + j] += t3[j];
    for (int j = 0; j < NR; j++)
        C[4 * ldc + j] += t4[j];
    for (int j = 0; j < NR; j++)
        C[5 * ldc + j] += t5[j];
}

/* The same for a tile that sticks out: m rows and n columns of it are C's. */
static void edge(int64_t kc, const float *a, const float *b, float *restrict C, int64_t ldc,
                 int64_t m, int64_t n)
{
    float tile[MR * NR] = { 0 };

    kernel(kc, a, b, tile, NR);
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++)
            C[i * ldc + j] += tile[i * NR + j];
}

static size_t matmul_work(int64_t M)
{
    return sizeof(float) * (size_t)(KC * (round_up(M, MR) + NR));
}

/* C[M, N] += A[M, K] B[K, N]; C has rows of N. */
static void matmul(int64_t M, int64_t N, int64_t K, Matrix A, Matrix B, float *restrict C,
                   float *work)
{
    const Matrix Bt = { B.p, B.col, B.row };
    float *const b = work, *const a = work + KC * NR;

    /* Equal depths: no thin panel at the end. */
    const int64_t panels = (K + KC - 1) / KC, depth = panels ? (K + panels - 1) / panels : 0;

    for (int64_t k0 = 0; k0 < K; k0 += depth) {
        const int64_t kc = least(depth, K - k0);
        for (int64_t i = 0; i < M; i += MR)
            pack(A, M, i, MR, k0, kc, a + i * kc);
        for (int64_t j = 0; j < N; j += NR) {
            pack(Bt, N, j, NR, k0, kc, b);
            for (int64_t i = 0; i < M; i += MR) {
                float *const tile = C + i * N + j;
                if (M - i >= MR && N - j >= NR)
                    kernel(kc, a + i * kc, b, tile, N);
                else
                    edge(kc, a + i * kc, b, tile, N, least(MR, M - i), least(NR, N - j));
            }
        }
    }
}

static float sum_squares(const float *restrict a, int64_t n)
{
    float s[32] = { 0 }, total = 0;
    int64_t i = 0;

    for (; i + 32 <= n; i += 32)
        for (int l = 0; l < 32; l++)
            s[l] += a[i + l] * a[i + l];
    for (; i < n; i++)
        s[0] += a[i] * a[i];
    for (int l = 0; l < 32; l++)
        total += s[l];
    return total;
}

typedef struct { float *h, *u, *dh, *panel; } Buffers;

static size_t lay_out(Buffers *t, int64_t N, int64_t D, int64_t H, int64_t K, float *work)
{
    const int64_t deepest = D > N ? (D > H ? D : H) : (N > H ? N : H);
    const int64_t h = round_up(N * H, 16), u = round_up(N * K, 16);

    if (work) {
        t->h = work;
        t->u = t->h + h;
        t->dh = t->u + u;
        t->panel = t->dh + h;
    }
    return sizeof(float) * (size_t)(2 * h + u) + matmul_work(deepest);
}

size_t hand_mlp_work(int64_t N, int64_t D, int64_t H, int64_t K)
{
    Buffers t = { 0 };
    return lay_out(&t, N, D, H, K, NULL);
}

/* Every row of out the bias. */
static void spread(float *restrict out, const float *restrict bias, int64_t N, int64_t H)
{
    for (int64_t i = 0; i < N; i++)
        memcpy(out + i * H, bias, sizeof(float) * (size_t)H);
}

/* h and u, and the loss; with `gradient` u becomes d loss / d u. */
static float forward(const Buffers *t, const float *x, const int32_t *y, const float *W1,
                     const float *b1, const float *W2, const float *b2, float decay, int64_t N,
                     int64_t D, int64_t H, int64_t K, int gradient)
{
    float *restrict h = t->h, *restrict u = t->u, total = 0;

    spread(h, b1, N, H);
    matmul(N, H, D, (Matrix){ x, D, 1 }, (Matrix){ W1, H, 1 }, h, t->panel);
    for (int64_t i = 0; i < N * H; i++)
        h[i] = h[i] > 0 ? h[i] : 0;
    spread(u, b2, N, K);
    matmul(N, K, H, (Matrix){ h, H, 1 }, (Matrix){ W2, K, 1 }, u, t->panel);

    for (int64_t i = 0; i < N; i++) {
        float *restrict row = u + i * K;
        const float right = row[y[i]];
        float top = row[0], s = 0;
        for (int64_t j = 1; j < K; j++)
            top = row[j] > top ? row[j] : top;
        for (int64_t j = 0; j < K; j++) {
            const float term = expf(row[j] - top);
            s += term;
            row[j] = term;
        }
        total += top + logf(s) - right;
        if (gradient) {
            const float scale = 1 / (s * (float)N);
            for (int64_t j = 0; j < K; j++)
                row[j] *= scale;
            row[y[i]] -= 1 / (float)N;
        }
    }
    return total / (float)N + decay * (sum_squares(W1, D * H) + sum_squares(W2, H * K));
}

void hand_mlp(const float *x, const int32_t *y, const float *W1, const float *b1,
              const float *W2, const float *b2, float decay, int64_t N, int64_t D, int64_t H,
              int64_t K, float *value, void *work)
{
    Buffers t = { 0 };

    lay_out(&t, N, D, H, K, work);
    *value = forward(&t, x, y, W1, b1, W2, b2, decay, N, D, H, K, 0);
}

static void scaled(float *restrict out, float s, const float *restrict a, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = s * a[i];
}

static void column_sums(const float *restrict a, int64_t N, int64_t H, float *restrict out)
{
    memset(out, 0, sizeof(float) * (size_t)H);
    for (int64_t i = 0; i < N; i++)
        for (int64_t j = 0; j < H; j++)
            out[j] += a[i * H + j];
}

void hand_mlp_grad(const float *x, const int32_t *y, const float *W1, const float *b1,
                   const float *W2, const float *b2, float decay, int64_t N, int64_t D, int64_t H,
                   int64_t K, float *value, float *grad_W1, float *grad_b1, float *grad_W2,
                   float *grad_b2, void *work)
{
    Buffers t = { 0 };

    lay_out(&t, N, D, H, K, work);
    *value = forward(&t, x, y, W1, b1, W2, b2, decay, N, D, H, K, 1);

    const float *restrict h = t.h;
    float *restrict dh = t.dh;
    scaled(grad_W2, 2 * decay, W2, H * K);
    matmul(H, K, N, (Matrix){ h, 1, H }, (Matrix){ t.u, K, 1 }, grad_W2, t.panel);
    column_sums(t.u, N, K, grad_b2);

    memset(dh, 0, sizeof(float) * (size_t)(N * H));
    matmul(N, H, K, (Matrix){ t.u, K, 1 }, (Matrix){ W2, 1, K }, dh, t.panel);
    for (int64_t i = 0; i < N * H; i++)
        dh[i] = h[i] > 0 ? dh[i] : 0;
    scaled(grad_W1, 2 * decay, W1, D * H);
    matmul(D, H, N, (Matrix){ x, 1, D }, (Matrix){ dh, H, 1 }, grad_W1, t.panel);
    column_sums(dh, N, H, grad_b1);
}
