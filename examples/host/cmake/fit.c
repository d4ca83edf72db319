/* fit.c - fits a line by Newton's method, with the gradient and the Hessian that gradc writes from
 * line.dg when the project is built. The last of the points is an outlier. */
#include "line.h"

#include <math.h>
#include <stdio.h>

enum { N = 6 };

int main(void)
{
    static const double t[N] = {0, 1, 2, 3, 4, 5}, y[N] = {1.1, 2.9, 5.2, 6.8, 9.1, 40};
    double a = 0, b = 0, value = 0, da, db, aa, ab, bb;

    for (int i = 0; i < 50; i++) {
        cost_grad(t, y, a, b, N, &value, &da, &db);
        cost_hessian(t, y, a, b, N, &value, &aa, &ab, &bb);
        double det = aa * bb - ab * ab; /* the cost is convex: above 0 */
        double step_a = (bb * da - ab * db) / det, step_b = (aa * db - ab * da) / det;
        if (hypot(step_a, step_b) < 1e-12)
            break;
        double slope = da * step_a + db * step_b, trial, s = 2;
        do { /* the whole step, or as much of it as lowers the cost */
            s /= 2;
            cost(t, y, a - s * step_a, b - s * step_b, N, &trial);
        } while (trial > value - s * slope / 4 && s > 1e-9);
        a -= s * step_a;
        b -= s * step_b;
    }
    printf("y = %.4f t + %.4f, cost %.4f\n", a, b, value);
    return 0;
}
