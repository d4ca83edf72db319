/* Made by gradc from conditioning.dg. C99; needs libm. Functions return 0 or a GRADC_E code,
 * keep nothing between calls and may be called by several threads at once.
 * Arrays are row-major; work is memory for the call, aligned as malloc's. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef GRADC_E_BOUNDS
#define GRADC_E_BOUNDS 1  /* an index was out of range (--check-bounds) */
#endif

#if defined(__cplusplus)
#define GRADC_RESTRICT
#else
#define GRADC_RESTRICT restrict
#endif

/* conditioning: value of conditioning (conditioning.dg:29)
 * -> k2 [16]  k5 [16]  k20 [16]  k100 [16]
 * no workspace */
int conditioning(double *k2, double *k5, double *k20, double *k100)
{
    k2[0] = 3.0;
    k2[1] = 0.3333333333333333;
    k2[2] = 0.03703703703703705;
    k2[3] = 0.004115226337448559;
    k2[4] = 0.00045724737082761767;
    k2[5] = 5.080526342529086e-05;
    k2[6] = 5.645029269476763e-06;
    k2[7] = 6.27225474386307e-07;
    k2[8] = 6.969171937625634e-08;
    k2[9] = 7.743524375139593e-09;
    k2[10] = 8.603915972377322e-10;
    k2[11] = 9.559906635974804e-11;
    k2[12] = 1.062211848441645e-11;
    k2[13] = 1.180235387157383e-12;
    k2[14] = 1.3113726523970925e-13;
    k2[15] = 1.4570807248856587e-14;
    k5[0] = 15.0;
    k5[1] = 6.666666666666667;
    k5[2] = 2.9629629629629632;
    k5[3] = 1.316872427983539;
    k5[4] = 0.5852766346593508;
    k5[5] = 0.2601229487374892;
    k5[6] = 0.11561019943888409;
    k5[7] = 0.05138231086172626;
    k5[8] = 0.02283658260521167;
    k5[9] = 0.010149592268982965;
    k5[10] = 0.004510929897325762;
    k5[11] = 0.002004857732144783;
    k5[12] = 0.0008910478809532371;
    k5[13] = 0.0003960212804236609;
    k5[14] = 0.0001760094579660715;
    k5[15] = 7.822642576269845e-05;
    k20[0] = 210.0;
    k20[1] = 171.9047619047619;
    k20[2] = 140.72022459777563;
    k20[3] = 115.19274621269162;
    k20[4] = 94.29610290880197;
    k20[5] = 77.19023390040253;
    k20[6] = 63.187470381055135;
    k20[7] = 51.72489072009276;
    k20[8] = 42.34169058946369;
    k20[9] = 34.66065828298502;
    k20[10] = 28.373010521899296;
    k20[11] = 23.225979134706684;
    k20[12] = 19.012649586460576;
    k20[13] = 15.563642858757978;
    k20[14] = 12.740306285740656;
    k20[15] = 10.429139612590424;
    k100[0] = 5050.0;
    k100[1] = 4851.980198019802;
    k100[2] = 4661.725117223025;
    k100[3] = 4478.930288589636;
    k100[4] = 4303.303181890698;
    k100[5] = 4134.562737546392;
    k100[6] = 3972.43891684072;
    k100[7] = 3816.672269773149;
    k100[8] = 3667.0135198555663;
    k100[9] = 3523.2231651901193;
    k100[10] = 3385.071095189526;
    k100[11] = 3252.3362223264917;
    k100[12] = 3124.806128322905;
    k100[13] = 3002.276724212605;
    k100[14] = 2884.551923733726;
    k100[15] = 2771.443329527913;
    return 0;
}

/* valley: value of valley (conditioning.dg:38)
 * x [2]  -> value [16, 2]
 * 30 add, 30 sub, 105 mul, 15 div
 * no workspace */
int valley(const double *x, double *value)
{
    const double x_0 = x[0];  /* conditioning.dg:43 */
    const double x_1 = x[1];
    const double g_1 = 5.0 * x_1;
    const double t = x_0 * x_0;
    const double t_2 = (t + g_1 * g_1) / (t + g_1 * (g_1 * 5.0));
    const double x_0_2 = x_0 - t_2 * x_0;
    const double x_1_2 = x_1 - t_2 * g_1;
    const double g_1_2 = 5.0 * x_1_2;
    const double t_3 = x_0_2 * x_0_2;
    const double t_4 = (t_3 + g_1_2 * g_1_2) / (t_3 + g_1_2 * (g_1_2 * 5.0));
    const double x_0_3 = x_0_2 - t_4 * x_0_2;
    const double x_1_3 = x_1_2 - t_4 * g_1_2;
    const double g_1_3 = 5.0 * x_1_3;
    const double t_5 = x_0_3 * x_0_3;
    const double t_6 = (t_5 + g_1_3 * g_1_3) / (t_5 + g_1_3 * (g_1_3 * 5.0));
    const double x_0_4 = x_0_3 - t_6 * x_0_3;
    const double x_1_4 = x_1_3 - t_6 * g_1_3;
    const double g_1_4 = 5.0 * x_1_4;
    const double t_7 = x_0_4 * x_0_4;
    const double t_8 = (t_7 + g_1_4 * g_1_4) / (t_7 + g_1_4 * (g_1_4 * 5.0));
    const double x_0_5 = x_0_4 - t_8 * x_0_4;
    const double x_1_5 = x_1_4 - t_8 * g_1_4;
    const double g_1_5 = 5.0 * x_1_5;
    const double t_9 = x_0_5 * x_0_5;
    const double t_10 = (t_9 + g_1_5 * g_1_5) / (t_9 + g_1_5 * (g_1_5 * 5.0));
    const double x_0_6 = x_0_5 - t_10 * x_0_5;
    const double x_1_6 = x_1_5 - t_10 * g_1_5;
    const double g_1_6 = 5.0 * x_1_6;
    const double t_11 = x_0_6 * x_0_6;
    const double t_12 = (t_11 + g_1_6 * g_1_6) / (t_11 + g_1_6 * (g_1_6 * 5.0));
    const double x_0_7 = x_0_6 - t_12 * x_0_6;
    const double x_1_7 = x_1_6 - t_12 * g_1_6;
    const double g_1_7 = 5.0 * x_1_7;
    const double t_13 = x_0_7 * x_0_7;
    const double t_14 = (t_13 + g_1_7 * g_1_7) / (t_13 + g_1_7 * (g_1_7 * 5.0));
    const double x_0_8 = x_0_7 - t_14 * x_0_7;
    const double x_1_8 = x_1_7 - t_14 * g_1_7;
    const double g_1_8 = 5.0 * x_1_8;
    const double t_15 = x_0_8 * x_0_8;
    const double t_16 = (t_15 + g_1_8 * g_1_8) / (t_15 + g_1_8 * (g_1_8 * 5.0));
    const double x_0_9 = x_0_8 - t_16 * x_0_8;
    const double x_1_9 = x_1_8 - t_16 * g_1_8;
    const double g_1_9 = 5.0 * x_1_9;
    const double t_17 = x_0_9 * x_0_9;
    const double t_18 = (t_17 + g_1_9 * g_1_9) / (t_17 + g_1_9 * (g_1_9 * 5.0));
    const double x_0_10 = x_0_9 - t_18 * x_0_9;
    const double x_1_10 = x_1_9 - t_18 * g_1_9;
    const double g_1_10 = 5.0 * x_1_10;
    const double t_19 = x_0_10 * x_0_10;
    const double t_20 = (t_19 + g_1_10 * g_1_10) / (t_19 + g_1_10 * (g_1_10 * 5.0));
    const double x_0_11 = x_0_10 - t_20 * x_0_10;
    const double x_1_11 = x_1_10 - t_20 * g_1_10;
    const double g_1_11 = 5.0 * x_1_11;
    const double t_21 = x_0_11 * x_0_11;
    const double t_22 = (t_21 + g_1_11 * g_1_11) / (t_21 + g_1_11 * (g_1_11 * 5.0));
    const double x_0_12 = x_0_11 - t_22 * x_0_11;
    const double x_1_12 = x_1_11 - t_22 * g_1_11;
    const double g_1_12 = 5.0 * x_1_12;
    const double t_23 = x_0_12 * x_0_12;
    const double t_24 = (t_23 + g_1_12 * g_1_12) / (t_23 + g_1_12 * (g_1_12 * 5.0));
    const double x_0_13 = x_0_12 - t_24 * x_0_12;
    const double x_1_13 = x_1_12 - t_24 * g_1_12;
    const double g_1_13 = 5.0 * x_1_13;
    const double t_25 = x_0_13 * x_0_13;
    const double t_26 = (t_25 + g_1_13 * g_1_13) / (t_25 + g_1_13 * (g_1_13 * 5.0));
    const double x_0_14 = x_0_13 - t_26 * x_0_13;
    const double x_1_14 = x_1_13 - t_26 * g_1_13;
    const double g_1_14 = 5.0 * x_1_14;
    const double t_27 = x_0_14 * x_0_14;
    const double t_28 = (t_27 + g_1_14 * g_1_14) / (t_27 + g_1_14 * (g_1_14 * 5.0));
    const double x_0_15 = x_0_14 - t_28 * x_0_14;
    const double x_1_15 = x_1_14 - t_28 * g_1_14;
    const double g_1_15 = 5.0 * x_1_15;
    const double t_29 = x_0_15 * x_0_15;
    const double t_30 = (t_29 + g_1_15 * g_1_15) / (t_29 + g_1_15 * (g_1_15 * 5.0));
    const double x_0_16 = x_0_15 - t_30 * x_0_15;
    const double x_1_16 = x_1_15 - t_30 * g_1_15;
    value[0] = x_0;
    value[1] = x_1;
    value[2] = x_0_2;
    value[3] = x_1_2;
    value[4] = x_0_3;
    value[5] = x_1_3;
    value[6] = x_0_4;
    value[7] = x_1_4;
    value[8] = x_0_5;
    value[9] = x_1_5;
    value[10] = x_0_6;
    value[11] = x_1_6;
    value[12] = x_0_7;
    value[13] = x_1_7;
    value[14] = x_0_8;
    value[15] = x_1_8;
    value[16] = x_0_9;
    value[17] = x_1_9;
    value[18] = x_0_10;
    value[19] = x_1_10;
    value[20] = x_0_11;
    value[21] = x_1_11;
    value[22] = x_0_12;
    value[23] = x_1_12;
    value[24] = x_0_13;
    value[25] = x_1_13;
    value[26] = x_0_14;
    value[27] = x_1_14;
    value[28] = x_0_15;
    value[29] = x_1_15;
    value[30] = x_0_16;
    value[31] = x_1_16;
    return 0;
}

#ifdef __cplusplus
}
#endif
