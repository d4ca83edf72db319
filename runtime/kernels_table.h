/* kernels_table.h - the kernels of one instruction set and the table of their names. Included once by
 * each of kernels_base.c, kernels_v3.c and kernels_v4.c, which define KERNELS; KERNELS_ALL asks also
 * for what is compiled once only. */
#include "kernels.h"

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "snippets_plain.h" /* the snippets as C; made by scripts/embed.awk */

#include "kernels_memory.h"
#include "kernels_pointwise.h"

#define NAMED(name) {#name, (KernelAny *)name},
#define NAMED_POINTWISE(name, sfx, T, R, expr) NAMED(gradc_k_##name##_##sfx)
#define NAMED_SELECT(sfx, T) NAMED(gradc_k_select_##sfx)
#define NAMED_MOVES(sfx, T)                                                                        \
    NAMED(gradc_k_load_##sfx)                                                                      \
    NAMED(gradc_k_store_##sfx)                                                                     \
    NAMED(gradc_k_gather_##sfx)                                                                    \
    NAMED(gradc_k_put_##sfx)                                                                       \
    NAMED(gradc_k_repeat_##sfx)                                                                    \
    NAMED(gradc_k_fill_##sfx)
#define NAMED_FOLD(name, sfx, T, A, none, expr)                                                    \
    NAMED(gradc_k_fold_##name##_##sfx)                                                             \
    NAMED(gradc_k_acc_##name##_##sfx)                                                              \
    NAMED(gradc_k_row_##name##_##sfx)
#define NAMED_REAL(sfx, T, f)                                                                      \
    NAMED(gradc_k_sum_##sfx)                                                                       \
    NAMED(gradc_k_largest_##sfx)                                                                   \
    NAMED(gradc_k_smallest_##sfx)                                                                  \
    NAMED(gradc_k_row_parts_##sfx)                                                                 \
    NAMED(gradc_k_row_largest_##sfx)                                                               \
    NAMED(gradc_k_row_smallest_##sfx)                                                              \
    NAMED(gradc_k_powers_##sfx)
#define NAMED_TYPED(sfx, T, W)                                                                     \
    NAMED(gradc_k_scan_##sfx)                                                                      \
    NAMED(gradc_k_scatter_##sfx)                                                                   \
    NAMED(gradc_k_argmax_##sfx)                                                                    \
    NAMED(gradc_k_argmin_##sfx)                                                                    \
    NAMED(gradc_k_row_argmax_##sfx)                                                                \
    NAMED(gradc_k_row_argmin_##sfx)

static const Kernel table[] = {
    GRADC_SNIPPET_FUNCTIONS(NAMED)
    LIST_POINTWISE(NAMED_POINTWISE, NAMED_POINTWISE)
    LIST_POINTWISE_LONG(NAMED_POINTWISE, NAMED_POINTWISE)
    LIST_TURN(NAMED_POINTWISE)
    LIST_SELECT(NAMED_SELECT)
    LIST_MOVES(NAMED_MOVES)
    LIST_FOLD(NAMED_FOLD)
    LIST_KERNEL_REAL(NAMED_REAL)
    LIST_KERNEL_TYPED(NAMED_TYPED)
    NAMED(gradc_k_iota)
    NAMED(gradc_k_all)
    NAMED(gradc_k_rows)
#ifdef KERNELS_ALL
    LIST_POINTWISE_ONCE(NAMED_POINTWISE, NAMED_POINTWISE)
    LIST_FOLD_ONCE(NAMED_FOLD)
    LIST_KERNEL_TYPED_ONCE(NAMED_TYPED)
#endif
    {0, 0}};

const Kernel *const KERNELS = table;
