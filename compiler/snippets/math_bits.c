/* math_bits.c - doubles as bits: what the elementary functions choose and compare with.
 *
 * Everything there is branch-free: both sides of a choice are computed and
 * gradc_pick takes one by a bit mask, so that a loop over these functions is
 * vectorised by gcc and clang at plain -O3. Comparisons are made on the bits:
 * of a ?: on doubles gcc makes branches again (it moves the arms into them and
 * may not move what might trap out), and SSE2 has no mask from it. */
#define GRADC_MATH_BITS_C
#include <math.h>
#include <stdint.h>
#include <string.h>

/*@ snippet gradc_bits */
static inline uint64_t gradc_bits(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

/*@ snippet gradc_from_bits */
static inline double gradc_from_bits(uint64_t u)
{
    double x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/*@ snippet gradc_pick needs gradc_from_bits gradc_bits */
/* a where the mask is all ones, b where it is 0. */
static inline double gradc_pick(uint64_t mask, double a, double b)
{
    return gradc_from_bits((gradc_bits(a) & mask) | (gradc_bits(b) & ~mask));
}

/*@ snippet gradc_less needs gradc_bits */
/* The mask of a < b, for a and b without a sign bit; a nan is above infinity. */
static inline uint64_t gradc_less(double a, double b)
{
    return 0 - ((gradc_bits(a) - gradc_bits(b)) >> 63);
}

/*@ snippet gradc_negative needs gradc_bits */
/* The mask of the sign bit. */
static inline uint64_t gradc_negative(double x)
{
    return 0 - (gradc_bits(x) >> 63);
}

/*@ snippet gradc_abs needs gradc_from_bits gradc_bits */
static inline double gradc_abs(double x)
{
    return gradc_from_bits(gradc_bits(x) & 0x7fffffffffffffffu);
}

/*@ snippet gradc_with_sign needs gradc_from_bits gradc_bits */
/* x >= 0 with the sign of s. */
static inline double gradc_with_sign(double x, double s)
{
    return gradc_from_bits(gradc_bits(x) | (gradc_bits(s) & 0x8000000000000000u));
}

/*@ snippet gradc_clamp needs gradc_abs gradc_pick gradc_less gradc_with_sign */
/* x, cut to [-limit, limit]; a nan stays. */
static inline double gradc_clamp(double x, double limit)
{
    const double a = gradc_abs(x);

    return gradc_pick(gradc_less(limit, a) & ~gradc_less(INFINITY, a), gradc_with_sign(limit, x), x);
}

