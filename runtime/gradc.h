/* gradc.h - the public interface of libgradc: models in, C text or functions to call out.
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

#define GRADC_VERSION "0.1.0" /* of this header */
GRADC_API const char *gradc_version(void); /* of the library */

typedef enum gradc_status {
    GRADC_OK = 0,
    GRADC_MODEL_ERROR = 1,  /* the model is wrong: see gradc_errors */
    GRADC_USAGE_ERROR = 2,  /* what the caller gave does not fit: shapes, sizes, names */
    GRADC_SYSTEM_ERROR = 3  /* a file could not be read, or there was no memory */
} gradc_status;

/* Why a function failed. The caller owns it; a function that fails fills it in, one that succeeds
 * leaves it alone. NULL may be passed for it everywhere. A longer text is cut. */
typedef struct gradc_error {
    gradc_status status;
    char text[512]; /* one or more lines, the last without a line end */
} gradc_error;

/* How to compile. Start from gradc_options_init; zero a field that is not wanted. The strings and
 * arrays are only read during the call. */
typedef struct gradc_options {
    int real_bits;                /* what `real` means: 64 (default) or 32 */
    int ndefine;                  /* -D: sizes by name, instead of the model's own `dim` */
    const char *const *define_name;
    const int64_t *define_value;
    int ninclude;                 /* folders for `import`, searched in order; behind them the standard library's */
    const char *const *include;
    int nexport;                  /* texts like "loss with grad(W)": instead of the file's exports */
    const char *const *exports;
    const char *train;            /* a function whose training step is wanted too: see below */
    const char *optimizer;        /* with `train`: the function that takes each param a step on */
    int disconnected_zero;        /* a derivative by something not depended on: zeros, no error */
    int fast_math;                /* allow rewrites that may lose a nan, an inf or rounding */
    int check_bounds;             /* emitted functions check indices known only at run time */
    int openmp;                   /* emit OpenMP pragmas */
    int blas;                     /* emit calls of cblas for matrix products. Modules call OpenBLAS (or
                                     $GRADC_BLAS) then, set to one thread, where it can be loaded when
                                     gradc_load is called; otherwise products of our own */
    int level;                    /* 0, 1 or 2 (default): how much is rewritten */
    int unroll;                   /* axes of up to so many elements are written out (default 16) */
    const char *dump;             /* name of a pass whose result gradc_dump_text shows, or NULL */
    void *(*alloc)(void *user, size_t size); /* NULL: malloc */
    void (*free)(void *user, void *block);   /* NULL: free */
    void *user;
} gradc_options;

GRADC_API void gradc_options_init(gradc_options *);

/* A training step. With `train` = "loss" and `optimizer` = "rmsprop", both names of functions (the
 * second of the model or of the standard library's optim.dg), the functions are those that `exports`
 * names (the model's own exports do not count), `loss`, and loss_step, which computes the value of
 * loss and its gradient and writes every `param`, and the optimiser's state of it, in place. An
 * optimiser is called for each param:
 *
 *     fn rmsprop(w, g, s, lr, rho, delta) { ... return (w_new, s_new) }
 *
 * w is the param, g its gradient; as many parameters as values are returned behind w_new are
 * states, in their order and shaped as w; the others are settings, scalars. The inputs of loss_step
 * are those of loss, then the states (GRADC_STATE: s_W1, s_b1 ...; zeros before the first step),
 * then the settings (GRADC_SETTING: lr, rho, delta). */

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

/* The files that the model was read from: itself, imported ones, arrays that it loads. NULL behind the
 * last one. */
GRADC_API const char *gradc_source_path(const gradc *, int i);

/* The names that `dump` takes, in the order of the passes; NULL behind the last. */
GRADC_API const char *gradc_pass_name(int i);

/* Seconds that each stage of the compilation took; zeros for those that did not run. */
typedef struct gradc_times {
    double parse, elaborate, optimise, lower, emit;
} gradc_times;

GRADC_API gradc_times gradc_get_times(const gradc *);

/* ---- The functions of a model ----
 *
 * What is asked about functions of a compilation whose status is not GRADC_OK is answered as for a
 * model without functions. All texts belong to the gradc. Once gradc_compile_* has returned, what
 * takes a `const gradc *` only reads, so any number of threads may share one. */

typedef enum gradc_type {
    GRADC_BOOL, /* uint8_t, 0 or 1 */
    GRADC_U8,
    GRADC_I32,
    GRADC_I64,
    GRADC_F32,
    GRADC_F64
} gradc_type;

GRADC_API const char *gradc_type_name(gradc_type); /* "f64" */
GRADC_API size_t gradc_type_bytes(gradc_type);

typedef enum gradc_role {
    GRADC_INPUT,     /* a parameter of the model's function */
    GRADC_TANGENT,   /* the direction of a jvp or hvp */
    GRADC_COTANGENT, /* the weights of a vjp */
    GRADC_SIZE,      /* an open size: an int64_t */
    GRADC_OUTPUT,
    GRADC_STATE,     /* of an optimiser, for one param: an input */
    GRADC_SETTING    /* of an optimiser, a scalar: an input */
} gradc_role;

enum { GRADC_MAX_RANK = 32 };

/* One argument of the C function. Arrays are row-major. */
typedef struct gradc_argument {
    const char *name;
    gradc_role role;
    gradc_type type;
    int rank;                    /* 0: a scalar, which the C function takes by value */
    const char *const *dim_text; /* `rank` size expressions of the language: "N", "D*(D - 1)/2" */
    const int64_t *dim;          /* the same as numbers, -1 where it is not fixed */
    int trainable;               /* declared with `param` */
    const char *what;            /* of an output: "gradient with respect to W"; of a state or a
                                    setting: the optimiser's own name for it */
    int updated;                 /* an input that the function writes a new value to (a scalar then
                                    comes by pointer too) */
    int of;                      /* of a state: the number of the input whose state it is */
    const char *init;            /* of an input: what stands behind its `~`, or NULL */
    int counts;                  /* of an integer input: gradc_workspace reads its value */
} gradc_argument;

/* A C function of the text. Its arguments are numbered as in its signature: inputs (with tangents
 * and the cotangent behind them), then open sizes, then outputs. */
typedef struct gradc_function {
    const char *name;  /* "loss_grad" */
    const char *base;  /* the function of the model: "loss" */
    const char *what;  /* "value and gradient" */
    int line;          /* of the definition in its file */
    int ninput, nsize, noutput;
} gradc_function;

GRADC_API int gradc_function_count(const gradc *);
/* `i` from 0; all zero where there is no such function. */
GRADC_API gradc_function gradc_get_function(const gradc *, int i);
/* The number of the function of that name, or -1. */
GRADC_API int gradc_find_function(const gradc *, const char *name);
/* `i` from 0 to ninput + nsize + noutput - 1; all zero where there is no such argument. */
GRADC_API gradc_argument gradc_get_argument(const gradc *, int function, int i);

/* ---- Sizes ----
 *
 * The values of a function's open sizes stand in an array `sizes`, nsize long, in their order. */

/* What is known of the shape of an input. */
typedef struct gradc_shape {
    int rank;           /* -1: nothing is known */
    const int64_t *dim; /* `rank` of them */
} gradc_shape;

/* Finds the open sizes from the shapes of the inputs (`shape`, ninput long). Those that the caller
 * knows already stand in `sizes`, -1 in the place of others. A shape that does not fit, two that do
 * not agree, a size that nothing tells: GRADC_USAGE_ERROR, with a text that names both places. */
GRADC_API gradc_status gradc_infer_sizes(const gradc *, int function, const gradc_shape *shape,
                                         int64_t *sizes, gradc_error *);
/* The shape of argument `i` for these sizes, into dim[0..rank). Returns the number of elements (1 of
 * a scalar), or -1 where a length is negative or the bytes do not fit an int64_t. `dim` may be
 * NULL. */
GRADC_API int64_t gradc_get_shape(const gradc *, int function, int i, const int64_t *sizes,
                                  int64_t *dim);

/* The pattern of a sparse Jacobian or Hessian: which elements of the matrix the elements of the output
 * are. It is in compressed rows, zero-based: those of row i are row_start[i] to row_start[i + 1] - 1, in the
 * columns that `column` has there, ascending. Rows and columns are the elements of the result and of
 * the argument in row-major order. */
typedef struct gradc_pattern {
    int64_t rows, columns, count;
    const int32_t *row_start; /* rows + 1 of them; NULL: the argument is not sparse */
    const int32_t *column;    /* count of them */
    int lower;                /* the matrix is symmetric, and this is its lower triangle */
} gradc_pattern;

/* Of argument `i`, an output; all zero of any other. It belongs to the gradc. */
GRADC_API gradc_pattern gradc_get_pattern(const gradc *, int function, int i);

/* ---- Initial values ---- */

/* Draws or computes the initial value of input `i`, which its `~` tells, for these sizes: all its
 * elements, in the C layout of its type, to `data`. Elements depend on the seed, on the name of the
 * parameter and on their index, and on nothing else: they are the same on every machine and in
 * every function of the model. A size that neither the parameter's shape nor its initial value mentions
 * may be -1. GRADC_USAGE_ERROR: it has none (`init` is NULL), or the sizes do not fit. runtime/init.c
 * has the laws and the generator. */
GRADC_API gradc_status gradc_init_param(const gradc *, int function, int i, const int64_t *sizes,
                                        uint64_t seed, void *data, gradc_error *);

/* ---- Calls ---- */

/* A model made ready to be called. Several may be made of one gradc; each must be unloaded before
 * its gradc is freed. */
typedef struct gradc_module gradc_module;

/* The uniform signature: pointers to all inputs (scalars too), the sizes, pointers to all outputs,
 * and the workspace. Nothing may overlap; inputs are written to only where gradc_argument.updated
 * says so. Returns 0 or a GRADC_E code. */
typedef int gradc_call_function(void *const *in, const int64_t *sizes, void *const *out, void *work);

/* What calls return. */
enum {
    GRADC_CALL_OK = 0,
    GRADC_CALL_BOUNDS = 1,  /* an index is out of range (GRADC_E_BOUNDS) */
    GRADC_CALL_LIMIT = 2,   /* a while has reached its limit (GRADC_E_LIMIT) */
    GRADC_CALL_ASSERT = 3,  /* an assertion does not hold (GRADC_E_ASSERT) */
    GRADC_CALL_FAILED = -1  /* the interpreter could not go on, or had no memory */
};

/* The names that gradc_load takes, NULL behind the last:
 *   "tcc"     compiled in this process by libtcc: there at once. It does not optimise, so inner loops
 *             are calls of kernels of the library. No file, no process.
 *   "cc"      compiled by the program `cc` with -O3 -march=native and loaded from a file, which is
 *             kept in $XDG_CACHE_HOME/gradc (or ~/.cache/gradc) and used again for the same text,
 *             compiler and processor. $GRADC_CC names another compiler.
 *   "auto"    "tcc" at once; "cc" on a thread, which takes its place when it is done, while calls go
 *             on. Where there is no compiler, or it fails, "tcc" stays. gradc_unload ends it.
 *   "interp"  the graph as the model says it, node by node: slow, and compared with by tests. */
GRADC_API const char *gradc_backend_name(int i);

/* Makes a module; `backend` NULL is "tcc". NULL where that fails: the compilation has errors, the
 * backend is not there (libtcc is optional when gradc is built), a compiler fails.
 *
 * Threads: modules may be loaded in different threads at once. libtcc keeps state of its own while
 * it compiles, so one thread at a time is let into it, others wait. */
GRADC_API gradc_module *gradc_load(const gradc *, const char *backend, gradc_error *);
GRADC_API void gradc_unload(gradc_module *); /* NULL is fine; no function of it may be running */

/* Whose code calls run now: "tcc", "cc" or "interp"; and whether a compiler is still at work on code
 * that will take its place ("auto"). */
GRADC_API const char *gradc_module_backend(const gradc_module *);
GRADC_API int gradc_module_busy(const gradc_module *);

/* Bytes of workspace that a call with these sizes needs, possibly 0. The caller aligns it as malloc
 * does. It holds nothing between calls. Where the derivative of a loop keeps values of each of its
 * turns, and an integer argument says how many there are, the bytes grow with that: of `in`, laid
 * out as for gradc_call, the inputs with gradc_argument.counts are read, and nothing else. `in` may
 * be NULL where there are none. A call with a larger value needs its own answer. Where a value is
 * absurd, the answer is more than malloc ever gives. */
GRADC_API size_t gradc_workspace(const gradc_module *, int function, void *const *in,
                                 const int64_t *sizes);

/* Calls a function. It trusts the caller: sizes must be those of the arrays. With "tcc" and "cc" it
 * allocates nothing and costs a call through a pointer. Any number of threads may call functions
 * of one module at once, each with outputs and a workspace of its own. */
GRADC_API int gradc_call(const gradc_module *, int function, void *const *in, const int64_t *sizes,
                         void *const *out, void *work);

/* The same as a pointer, for a loop; NULL with "interp". It lives as long as the module; with "auto"
 * it is the function that calls run now, and stays so. */
GRADC_API gradc_call_function *gradc_get_call(const gradc_module *, int function);
/* The C function of that name with its own signature, as gradc_header_text declares it, or its
 * workspace function ("loss_grad_work"); to be converted to a pointer of that type. NULL where there
 * is none of that name, and with "interp". */
GRADC_API void *gradc_get_symbol(const gradc_module *, const char *name);

/* ---- Arrays in files ---- */

/* An array in the C layout of its type, row-major. gradc_array_free gives back `data` and `dim`. */
typedef struct gradc_array {
    gradc_type type;
    int rank;
    int64_t *dim;
    int64_t count; /* of elements */
    void *data;
} gradc_array;

/* Reads a file of up to 4 GiB. Integers of types that gradc does not have become the next larger one.
 * On failure *array is empty, and need not be freed. The formats:
 *   NumPy's .npy   little-endian, C order; booleans, integers, f32, f64
 *   NumPy's .npz   (told by its first bytes) several of these in one file, stored or deflated. Of more
 *                  than one, "params.npz:W1" as the path chooses
 *   IDX            (told by its first bytes) what MNIST comes in
 *   .csv           (told by the name) rows of numbers between commas, equally many in each; a first
 *                  line that is not numbers is skipped. Rank 2, or 1 of a single column; i64 where
 *                  all are integers, otherwise f64. Up to 1 GiB
 *   .gz            (told by its first bytes) gzip of a .npy, IDX or .csv file
 * What is compressed needs zlib, which is optional when libgradc is built. */
GRADC_API gradc_status gradc_array_read(const char *path, gradc_array *array, gradc_error *);
/* Writes one, whole or not at all. */
GRADC_API gradc_status gradc_array_write(const char *path, const gradc_array *array, gradc_error *);
GRADC_API void gradc_array_free(gradc_array *);

/* All arrays of a .npz file, in its order. */
typedef struct gradc_npz {
    int count;
    char **name; /* without ".npy" */
    gradc_array *array;
} gradc_npz;

/* On failure *npz is empty, and need not be freed. */
GRADC_API gradc_status gradc_npz_read(const char *path, gradc_npz *npz, gradc_error *);
GRADC_API void gradc_npz_free(gradc_npz *);
/* Writes `count` arrays with their names as numpy.savez would: stored, whole or not at all; for the
 * same arrays the same bytes. Two equal names, an empty one, more than 4 GiB: GRADC_USAGE_ERROR. */
GRADC_API gradc_status gradc_npz_write(const char *path, int count, const char *const *name,
                                       const gradc_array *array, gradc_error *);

/* ---- Checks of derivatives ----
 *
 * At one point, every derivative that a function gives is compared with differences of its values,
 * with the other mode of differentiation, and with what the compiled function computes; the first
 * three in quad precision, so that they agree to some twenty digits where all is well. */

typedef enum gradc_verdict {
    GRADC_VERDICT_OK,
    GRADC_VERDICT_KINK,            /* a branch changes at the point, or the domain ends there */
    GRADC_VERDICT_ILL_CONDITIONED, /* differences, or the element type, have too few digits to tell */
    GRADC_VERDICT_UNDEFINED,       /* nan or inf, and rightly so */
    GRADC_VERDICT_WRONG
} gradc_verdict;

GRADC_API const char *gradc_verdict_name(gradc_verdict); /* "ok", "ill-conditioned" */

/* One element of an output. Numbers that there are not are nan. */
typedef struct gradc_check_element {
    int64_t index;      /* row-major, of what is sparse in the whole matrix; -1: all elements at once, along a
                           random direction */
    gradc_verdict verdict;
    double got;         /* what the module computes */
    double exact;       /* the same in quad precision */
    double difference;  /* of values, extrapolated */
    double bound;       /* of the error of that */
    double other;       /* by the other mode of differentiation */
    double left, right; /* at a kink: differences from either side */
    double error;       /* |got - difference|, relative; of a value |got - exact| */
    const char *why;    /* "differs from differences of values", "kink of relu"; NULL: ok */
    const char *file;   /* where in the model a kink is, else NULL */
    int line, column;
} gradc_check_element;

typedef struct gradc_check_output {
    int argument;          /* its number in the signature */
    int derivative;        /* else a value */
    int64_t size;          /* elements that it has; sparse: those that are not in its pattern too */
    int64_t count;         /* elements that were looked at */
    const gradc_check_element *element;
    gradc_verdict verdict; /* the worst of theirs */
    double error;          /* the largest */
} gradc_check_output;

typedef struct gradc_report {
    int noutput;
    const gradc_check_output *output;
} gradc_report;

typedef struct gradc_check_options {
    int64_t elements; /* directions looked at in each output: 0 as many as take a moment, -1 all */
    uint64_t seed;    /* for the choice of them */
} gradc_check_options;

/* Checks a function at the point `in` (as for gradc_call). `module` may be NULL: then what is
 * compiled is not looked at. `options` may be NULL. NULL where it cannot go on: an index out of
 * range, no memory. It appends to the graphs of the gradc, so no other thread may use that in the
 * meantime. */
GRADC_API gradc_report *gradc_check(gradc *, const gradc_module *module, int function,
                                    void *const *in, const int64_t *sizes,
                                    const gradc_check_options *options, gradc_error *);
GRADC_API void gradc_report_free(gradc_report *); /* NULL is fine */

/* A point to try a function at: fills in[i], which has room for them, with random elements for
 * every input but those with given[i] (`given` may be NULL), the same for the same seed. Integers
 * that are used as indices are in range. Reals are between -1 and 1 for attempt 0; where the function
 * has no finite value there, later attempts draw from other ranges and make square matrices
 * diagonally dominant. */
GRADC_API gradc_status gradc_draw(const gradc *, int function, const int64_t *sizes, uint64_t seed,
                                  int attempt, const unsigned char *given, void *const *in,
                                  gradc_error *);
/* As gradc_infer_sizes, but sizes that nothing tells become small numbers, different ones where
 * that is possible; others in later attempts. */
GRADC_API gradc_status gradc_choose_sizes(const gradc *, int function, const gradc_shape *shape,
                                          int attempt, int64_t *sizes, gradc_error *);

#ifdef __cplusplus
}
#endif

#endif
