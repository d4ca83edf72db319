/* ops.c - the operation table: the rows of ops.def. */
#include "ops.h"

/* Every hook that a row names; each is defined in the op_*.c of its family. */
VjpHook sum_vjp, prod_vjp, extremum_vjp, reshape_vjp, permute_vjp, expand_vjp, slice_vjp, pad_vjp,
    concat_vjp, gather_vjp, scatter_vjp, put_vjp, checkpoint_vjp, again_vjp, own_vjp, contract_vjp, cumsum_vjp, linrec_vjp, cholesky_vjp,
    trisolve_vjp, solve_vjp, inv_vjp, det_vjp, logdet_vjp, expm_vjp, qr_vjp, eigh_vjp, svd_vjp;
JvpHook jvp_from_vjp, concat_jvp, gather_jvp, scatter_jvp, put_jvp, checkpoint_jvp, again_jvp, own_jvp, contract_jvp, linrec_jvp, cholesky_jvp,
    trisolve_jvp, solve_jvp, inv_jvp, det_jvp, logdet_jvp, expm_jvp, qr_jvp, eigh_jvp, svd_jvp;
BatchHook reduce_batch, reshape_batch, permute_batch, expand_batch, slice_batch, pad_batch,
    concat_batch, gather_batch, scatter_batch, put_batch, checkpoint_batch, again_batch, own_batch, contract_batch, scan_batch, linalg_batch;

const OpInfo op_table[OP_COUNT] = {
#define OP(id, ...) [OP_##id] = {__VA_ARGS__},
#include "ops.def"
#undef OP
};

Op op_find(const char *name)
{
    for (int op = 0; op < OP_COUNT; op++)
        if (!(op_table[op].flags & INTERNAL) && !strcmp(op_table[op].name, name))
            return (Op)op;
    return OP_COUNT;
}
