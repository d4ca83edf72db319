/* status.h - what a function of a model returns, emitted or interpreted: 0, or one of these. */
#ifndef GRADC_STATUS_H
#define GRADC_STATUS_H

/* Emitted C calls them GRADC_E_..., gradc.h GRADC_CALL_...; the numbers are one. */
enum {
    STATUS_OK = 0,
    STATUS_BOUNDS = 1, /* an index is out of range */
    STATUS_LIMIT = 2,  /* a while has reached its limit, and its condition still holds */
    STATUS_ASSERT = 3  /* an assertion does not hold */
};

#endif
