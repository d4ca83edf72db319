/* gradc.h - the public interface of libgradc: models in, C text out.
 *
 * A compilation is one object: it holds what was made of a model or the errors
 * that were found, and everything that it hands out lives until it is freed.
 * Nothing here prints, exits, or keeps state between calls; different
 * compilations may run in different threads at once. */
#ifndef GRADC_H
#define GRADC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define GRADC_API __attribute__((visibility("default")))
#else
#define GRADC_API
#endif

#define GRADC_VERSION "0.1.0"

typedef enum gradc_status {
    GRADC_OK = 0,
    GRADC_MODEL_ERROR = 1,  /* the model is wrong: see gradc_errors */
    GRADC_SYSTEM_ERROR = 3  /* a file could not be read, or there was no memory */
} gradc_status;

/* How to compile. Start from gradc_options_init; zero a field that is not wanted. The strings and
 * arrays are only read during the call. */
typedef struct gradc_options {
    int real_bits;                /* what `real` means: 64 (default) or 32 */
    int ndefine;                  /* -D: sizes by name, instead of the model's own `dim` */
    const char *const *define_name;
    const int64_t *define_value;
    int ninclude;                 /* folders for `import`, searched in order */
    const char *const *include;
    int nexport;                  /* texts like "loss with grad(W)": instead of the file's exports */
    const char *const *exports;
    int disconnected_zero;        /* a derivative by something not depended on: zeros, no error */
    int fast_math;                /* allow rewrites that may lose a nan, an inf or rounding */
    int check_bounds;             /* emitted functions check indices known only at run time */
    int openmp;                   /* emit OpenMP pragmas */
    int blas;                     /* emit calls of cblas for matrix products */
    int level;                    /* 0, 1 or 2 (default): how much is rewritten */
    int unroll;                   /* axes of up to so many elements are written out (default 16) */
    const char *dump;             /* name of a pass whose result gradc_dump_text shows, or NULL */
    void *(*alloc)(void *user, size_t size); /* NULL: malloc */
    void (*free)(void *user, void *block);   /* NULL: free */
    void *user;
} gradc_options;

GRADC_API void gradc_options_init(gradc_options *);

typedef struct gradc gradc;

/* Compiles the file at `path`, or `text` (its length `size`), which messages call `name`. `options`
 * may be NULL. Returns NULL only when there is no memory at all; gradc_get_status tells the rest. */
GRADC_API gradc *gradc_compile_file(const char *path, const gradc_options *options);
GRADC_API gradc *gradc_compile_string(const char *name, const char *text, size_t size, const gradc_options *options);
GRADC_API void gradc_free(gradc *); /* NULL is fine */

GRADC_API gradc_status gradc_get_status(const gradc *);

/* ---- Errors ---- */

typedef struct gradc_message {
    int is_note;          /* it belongs to the error before it */
    const char *file;     /* NULL where the message is about no place */
    int line, column;     /* from 1 */
    const char *text;     /* "shapes [3] and [4] do not broadcast" */
    const char *rendered; /* file:line:col: error: text, the source line, a caret */
} gradc_message;

GRADC_API int gradc_message_count(const gradc *);
GRADC_API gradc_message gradc_get_message(const gradc *, int i);
/* All of them as text, "" where there are none. */
GRADC_API const char *gradc_errors(const gradc *);

/* ---- Results; NULL unless the status is GRADC_OK ---- */

GRADC_API const char *gradc_c_text(const gradc *);      /* the C file */
GRADC_API const char *gradc_header_text(const gradc *); /* declarations of its functions */
GRADC_API const char *gradc_dump_text(const gradc *);   /* what `dump` asked for */
/* The model with its derivatives appended, as dg text; and as a Graphviz drawing. */
GRADC_API const char *gradc_show_text(gradc *);
GRADC_API const char *gradc_dot_text(gradc *);

/* The names that `dump` takes, in the order of the passes; NULL behind the last. */
GRADC_API const char *gradc_pass_name(int i);

#ifdef __cplusplus
}
#endif

#endif
