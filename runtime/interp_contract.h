/* interp_contract.h - contractions and scans of the interpreter: a part of interp_impl.h, which see. */

/* ---- Contraction ---- */

static int LOCAL(find_label)(const int64_t *list, int count, int64_t label)
{
    for (int i = 0; i < count; i++)
        if (list[i] == label)
            return i;
    return -1;
}

/* For every index of the result, the sum over the labels that it lacks. */
static void LOCAL(eval_contract)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *x[2] = {IN(0), IN(1)};
    const int64_t *out = contract_labels(n, 2), *label[2] = {contract_labels(n, 0),
                                                            contract_labels(n, 1)};
    /* the index over everything: that of the result, then the labels summed */
    int total = r->rank;
    int64_t *all = LOCAL(zeros)(it, r->rank + x[0]->rank), *inner = LOCAL(zeros)(it, x[0]->rank);
    memcpy(all, out, sizeof *out * (size_t)r->rank);
    for (int k = 0; k < x[0]->rank; k++)
        if (LOCAL(find_label)(out, r->rank, label[0][k]) < 0) {
            inner[total - r->rank] = x[0]->dim[k];
            all[total++] = label[0][k];
        }
    int64_t *where = LOCAL(zeros)(it, total), i = 0, terms = 1;
    int64_t *stride[2] = {LOCAL(zeros)(it, total), LOCAL(zeros)(it, total)};
    for (int k = 0; k < total - r->rank; k++)
        terms *= inner[k];
    for (int s = 0; s < 2; s++) {
        int64_t step = 1;
        for (int k = x[s]->rank - 1; k >= 0; step *= x[s]->dim[k--])
            stride[s][LOCAL(find_label)(all, total, label[s][k])] = step;
    }
    EACH(at, r) {
        NUM sum = 0;
        int64_t isum = 0;
        memcpy(where, at, sizeof *at * (size_t)r->rank);
        memset(where + r->rank, 0, sizeof *where * (size_t)(total - r->rank));
        for (int64_t t = 0; t < terms; t++) {
            int64_t from[2] = {0, 0};
            for (int k = 0; k < total; k++) {
                from[0] += where[k] * stride[0][k];
                from[1] += where[k] * stride[1][k];
            }
            if (r->real)
                sum += x[0]->real[from[0]] * x[1]->real[from[1]];
            else
                isum += (int64_t)((uint64_t)x[0]->integer[from[0]] *
                                  (uint64_t)x[1]->integer[from[1]]);
            LOCAL(step)(total - r->rank, inner, where + r->rank);
        }
        if (r->real)
            r->real[i++] = sum;
        else
            r->integer[i++] = isum;
    } NEXT(at, r);
}

/* ---- Scans ---- */

static void LOCAL(eval_scan)(INTERP *it, const Node *n, VAL *r)
{
    const VAL *x = IN(n->nin - 1); /* what is added; linrec multiplies by its first operand */
    int axis = (int)n->attr[0];
    bool reverse = n->attr[1] != 0;
    int64_t stride = 1, length = r->dim[axis];
    for (int k = axis + 1; k < r->rank; k++)
        stride *= r->dim[k];
    for (int64_t line = 0; length && line < r->count / length; line++) {
        int64_t base = line / stride * stride * length + line % stride, previous = -1;
        for (int64_t t = 0; t < length; t++) {
            int64_t i = base + (reverse ? length - 1 - t : t) * stride;
            if (previous < 0)
                LOCAL(copy)(r, i, x, i);
            else if (r->real)
                r->real[i] = (n->op == OP_LINREC ? IN(0)->real[i] * r->real[previous]
                                                 : r->real[previous]) + x->real[i];
            else
                r->integer[i] = (n->op == OP_LINREC ? IN(0)->integer[i] * r->integer[previous]
                                                    : r->integer[previous]) + x->integer[i];
            previous = i;
        }
    }
}
