/* eval.h - inside elaboration: values, scopes, and what its modules offer one another.
 *
 * Elaboration evaluates the tree abstractly: a tensor is a graph node, a size is
 * a polynomial, a function is a closure, and every call is inlined. Nothing here
 * is seen outside of elaboration.
 *
 * Errors: `fail` reports and gives VAL_ERROR; whoever gets a VAL_ERROR hands it on
 * without a word, so that one mistake is one message. */
#ifndef GRADC_EVAL_H
#define GRADC_EVAL_H

#include "model.h"
#include "ops.h"

/* Of a model's tensors; derivatives and batches add some. */
enum { MAX_AXES = MAX_RANK - 4 };

typedef enum ValueKind {
    VAL_ERROR,  /* something has been reported */
    VAL_NONE,   /* an argument that was not given */
    VAL_TENSOR, /* a scalar too */
    VAL_TUPLE,
    VAL_FN,
    VAL_TEXT, /* a string literal */
    VAL_LOST  /* a name bound in a loop, or on one side of an if: unknown behind it */
} ValueKind;

/* Where an element type comes from, which is how far it adapts to another one. */
typedef enum Origin {
    FROM_CONST, /* constants and sizes alone: adapts like a literal */
    FROM_REAL,  /* `real`: adapts while it is a scalar */
    FIXED       /* written in the model: never narrowed silently */
} Origin;

typedef struct Closure Closure;
typedef struct Value Value;
struct Value {
    ValueKind kind;
    Origin origin;
    Node *node;       /* VAL_TENSOR */
    const Size *size; /* a scalar known as a size, even where its type is real (D*(D-1)/2) */
    int n;            /* components of a tuple, or of the list literal that a tensor was */
    const Value *item;
    const Closure *fn; /* VAL_FN */
    const char *text;  /* VAL_TEXT */
    const Ast *lost;   /* VAL_LOST: the statement that bound it */
};

/* ---- Names ---- */

typedef struct Binding Binding;
struct Binding {
    const char *name;
    Value value;
    Span at; /* where it was bound last, for messages; empty where that is not known */
    uint32_t hash;
    Binding *next; /* in its bucket */
};

typedef struct Scope Scope;
struct Scope {
    Scope *parent; /* NULL: the globals come next */
    int n, nbucket;
    Binding **bucket;
};

typedef struct Builtin Builtin;

/* A function as a value: one of the model, an expression `fn (y) e`, or a builtin. */
struct Closure {
    const char *name;
    const AstFunction *fn; /* NULL: a builtin */
    Scope *scope;          /* what a function expression sees; NULL for the globals */
    const Builtin *builtin;
};

typedef enum GlobalKind { GLOBAL_FN, GLOBAL_CONST, GLOBAL_DIM } GlobalKind;
typedef struct Global Global;
struct Global {
    GlobalKind kind;
    const char *name;
    Span span;
    const Ast *decl;
    Value value; /* of a const or dim, for the graph that `made_for` names */
    const Graph *made_for;
    bool busy; /* being evaluated: meeting it again is a cycle */
    uint32_t hash;
    Global *next;
};

/* A name that is differentiated by, made opaque so that no rewrite can see through it
 * (derive.c). */
typedef struct Hole {
    Node *hole, *is;
} Hole;

/* An index variable of a comprehension or loop whose body is being evaluated. */
typedef struct IndexVar {
    Node *hole;
    const Size *low, *high; /* its least and largest value; NULL: not known */
    const Size *most;       /* `high`, or what it is known to be at most by arguments; or NULL */
    bool exact;             /* false: the range is a bound, a mask decides */
} IndexVar;

/* A `return` under conditions known only at run time: where `cond` holds, and no earlier one does,
 * the function returns `value` and what follows does not count. */
typedef struct EarlyReturn {
    Node *cond;
    Value value;
    Span span;
    int first_check; /* checks from here on are made behind it */
} EarlyReturn;

/* A call that is being inlined. */
typedef struct Frame Frame;
struct Frame {
    Frame *up;
    const char *name;
    Span call;
    Scope *scope;
    const char *const *targets; /* names that derivatives are taken by in the body */
    int ntargets;
    int hole_base, first_check;
    Value result;
    bool returned;
    const Ast *return_ast; /* what the `return` that was taken says, or the body */
    VEC(EarlyReturn) early; /* in order: the first that holds counts */
};

/* The names that a block binds, in order, each once. */
typedef struct BoundNames {
    int n, cap;
    const char **at;
} BoundNames;

/* A loop's body, or a side of a branch at run time, whose statements are being evaluated. */
typedef struct Context Context;
struct Context {
    Context *up;
    int serial;            /* no other context has it */
    Frame *frame;
    Node *cond;            /* of a branch: what holds in it; NULL: a loop */
    const BoundNames *names; /* of a branch: that it binds */
    const Value *before;   /* what they stand for where it begins */
};

typedef struct SizeOrigin {
    const char *name;
    Span span;
} SizeOrigin;

/* A file that `load` has read. */
typedef struct Loaded {
    const char *path;
    const struct NpyArray *array;
} Loaded;

typedef struct Instance Instance;

typedef struct Elab {
    Arena *arena;
    Diags *diags;
    const CompileOptions *options;
    Graph *g; /* of the function being built */
    struct RuleSet *rules; /* which all graphs share */
    int nglobal_bucket;
    Global **global;
    int nglobals;
    const Ast *last_fn; /* of the model's own file */
    VEC(const Ast *) exports;
    VEC(SizeOrigin) opens; /* open sizes of the graph, in order of first appearance */
    VEC(Hole) holes;
    VEC(IndexVar) indices;
    bool by_arguments; /* bounds by integer arguments are looked for too: index_most */
    VEC(Demand) checks; /* of the function, or of the body that is being evaluated: behind others */
    Context *context;
    int ncontexts;     /* that there have been */
    int conditional;   /* in how many loops and sides that may not be run we are */
    Frame *frame;
    int depth;
    bool endless;      /* a recursion was cut off: no more calls until it is unwound */
    const char *stack; /* the C stack where elaboration began */
    Instance **instance; /* instances.c: buckets */
    VEC(const char *) imported;
    VEC(Loaded) loaded;
    bool *define_used; /* by index of -D */
    int args_from;     /* the first node that the arguments of the present builtin call may have made */
} Elab;

/* ---- eval.c ---- */
Value eval(Elab *, Scope *, const Ast *);
Value value_join(Elab *, Span, int n, const Value *); /* [a, b, c] */
bool stack_is_deep(Elab *);
Value apply_operator(Elab *, const char *op, Span, Value left, Value right);

/* ---- scope.c ---- */
Scope *scope_new(Elab *, Scope *parent);
void scope_bind(Elab *, Scope *, const char *name, Value);
Binding *scope_own(Scope *, const char *name); /* in this scope alone */
Value *scope_find(Scope *, const char *name);  /* in it and those around it */
Value eval_name(Elab *, Scope *, const char *name, Span);
bool name_is_bound(Elab *, Scope *, const char *name); /* by the model: not a builtin */
void scope_unbind(Scope *, const char *name);
/* Behind the statement that bound it, a name is known no more: what it means globally, or nothing. */
void scope_lose(Elab *, Scope *, const char *name, const Ast *statement);

/* ---- call.c ---- */
typedef struct NamedValue {
    const char *name; /* NULL: by position */
    Span name_span, span;
    Value value;
} NamedValue;
Value eval_call(Elab *, Scope *, const Ast *);
Value call_model(Elab *, const Closure *, Span, int n, const NamedValue *);
/* Sizes in shapes of parameters: binds the names that the arguments (bound already) fix. */
bool param_shape(Elab *, Scope *, const Ast *param, Shape *out);
bool param_type(Elab *, const Ast *param, Dtype *out, Origin *origin);
/* Runs a function's body in a frame; the result, with its holes resolved. */
Value run_body(Elab *, Scope *, const AstFunction *, Frame *);

/* ---- instances.c ---- */
/* What a call has given that was like this one, here; NULL: there was none. */
const Value *instance_find(const Elab *, const Closure *, int n, const Value *arg);
void instance_add(Elab *, const Closure *, int n, const Value *arg, Value result);

/* ---- own_rule.c ---- */
/* The arguments of a function that states its own rule, before its body; then its value as one that
 * is differentiated by the rule. */
Value *rule_arguments(Elab *, Scope *, const AstFunction *);
Value with_rule(Elab *, Scope *, const AstFunction *, const Value *arg, Value y);

/* ---- exec.c ---- */
void exec_block(Elab *, Scope *, const Ast *);
void bind_name(Elab *, Scope *, const char *name, Span at, Value);
/* Adds the names that a statement binds; not the indices of loops. */
void bound_names(Elab *, const Ast *, BoundNames *);

/* ---- exec_branch.c ---- */
void exec_branch(Elab *, Scope *, const Ast *, Value cond); /* an if on a value of the run */
void exec_assert(Elab *, Scope *, const Ast *);
/* What a function returns where its body ended with `last`: an early return, or that. */
Value returned_value(Elab *, const AstFunction *, Value last);
/* a and b, a or b of bool scalars, where b is not evaluated if a decides and evaluating it is not
 * harmless (an index may be out of range, a loop may not end). */
Node *lazy_and(Elab *, Node *a, Node *b);
Node *lazy_or(Elab *, Node *a, Node *b);
bool update_is_guarded(const Node *put, const Node *c); /* it happens only where c holds */
/* The checks from `first` on hold only for those calls in which cond holds. */
void guard_checks(Elab *, int first, Node *cond);

/* ---- exec_loop.c ---- */
void exec_for(Elab *, Scope *, const Ast *);
void exec_while(Elab *, Scope *, const Ast *);

/* ---- types.c ---- */
Value fail(Elab *, Span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The same of a name that is none of these; behind the message stands which of them may be meant, or
 * what is said otherwise. */
Value fail_name(Elab *, Span, const char *message, const char *name, const char *const *names, int n,
                const char *otherwise);
void note(Elab *, Span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
Value tensor(Elab *, Node *, Origin);
Value value_size(Elab *, const Size *);
Value value_int(Elab *, int64_t);
Value value_real(Elab *, double);
Value value_bool(Elab *, bool);
Value value_tuple(Elab *, int n, const Value *);
Value copy_value(Elab *, Value); /* of a tuple, with components of its own */
/* The nodes of a value's tensors, appended to node[n] and on (NULL: counted), or put in again when
 * `set`; gives n behind the last. */
int value_nodes(Value *, Node **node, int n, bool set);
bool is_tensor(Value);
bool has_size(const Value *);
const Size *size_of(Elab *, const Value *); /* NULL: it is not known as a size */
static inline bool is_error(Value v)
{
    return v.kind == VAL_ERROR;
}
static inline bool given(Value v)
{
    return v.kind != VAL_NONE;
}
void note_sizes(Elab *, Shape, Shape);
const char *value_says(Elab *, Value); /* "f64[N, 3]", "a function", for messages */
const char *type_says(Elab *, Value);  /* "f64", "real" */
const char *shape_says(Elab *, Shape); /* "[N, 3]", "[]" of a scalar */
const char *size_says(Elab *, const Size *);
/* True when v is a tensor; otherwise reports what was expected instead (not for VAL_ERROR). */
bool want_tensor(Elab *, Value, Span, const char *what);
/* Casts for arithmetic: all to one element type. */
typedef enum Promote { TO_ARITHMETIC, TO_REAL, TO_COMPARE } Promote;
bool promote(Elab *, Span, int n, Value *v, Promote, Origin *origin);
Value to_real(Elab *, Span, Value);  /* integers become reals */
Value convert(Elab *, Value, Dtype); /* f32(x): always allowed */
/* A value for a place of a declared type; false with a message where it does not adapt. */
bool adapt_to(Elab *, Span, Value *, Dtype, bool is_real, const char *what);
bool broadcast_shapes(Elab *, Span, int n, const Value *v, Shape *out);
Value apply(Elab *, Op, Span, int n, const Value *arg); /* a pointwise operation */
Value apply1(Elab *, Op, Span, Value);
Value apply2(Elab *, Op, Span, Value, Value);
Value choose(Elab *, Span, Value cond, Value yes, Value no);
bool known_truth(Value, bool *truth); /* a condition decided now */
bool want_size(Elab *, Value, Span, const Size **out, const char *what);
bool want_int(Elab *, Value, Span, int64_t *out, const char *what); /* known now */
bool want_sizes(Elab *, Value, Span, Shape *out, const char *what); /* an int, a tuple or a list */
bool want_shape(Elab *, Value, Span, Shape *out, const char *what); /* and none is negative */

/* ---- builtins.c ---- */
enum { BUILTIN_MAX_PARAMS = 8 };
/* A call of a builtin: its parameters are bound to arg by position and by name. */
typedef struct Call {
    const Builtin *builtin;
    Span span;
    Value arg[BUILTIN_MAX_PARAMS]; /* VAL_NONE where not given */
    Span at[BUILTIN_MAX_PARAMS];
    int nrest; /* of a parameter `x...`, which comes first */
    const Value *rest;
    const Span *rest_at;
} Call;
typedef Value Handler(Elab *, Call *);
struct Builtin {
    const char *name;
    Handler *run;
    const char *params; /* "x axis? keep?"; "x..." takes all that are given by position */
    int extra;          /* for handlers that serve several names */
};
const Builtin *builtin_find(const char *name);
int builtin_names(Arena *, const char *const **out);
Value call_builtin(Elab *, const Builtin *, Span, int n, const NamedValue *arg);
/* axis=: an int or a tuple, negative from the end; all axes where absent. Ascending in axes. */
bool want_axes(Elab *, Value, Span, int rank, int *n, int *axes);
bool want_axis(Elab *, Value, Span, int rank, int *axis);
bool want_bool(Elab *, Value, Span, bool *out, const char *what);
bool want_dtype(Elab *, Value, Span, Dtype *out, Origin *origin);
bool dtype_named(Elab *, const char *name, Dtype *out, Origin *origin);

extern const Builtin builtins_reduce[], builtins_shape[], builtins_linalg[], builtins_make[],
    builtins_random[], builtins_conv[];
Value reduce_value(Elab *, Op, Span, Value x, int n, const int *axes, bool keep);
Value einsum_value(Elab *, Span, const char *spec, int n, const Value *, const Span *);
Value matmul_value(Elab *, Span, Value a, Value b);

/* ---- indexing.c ---- */
Value eval_index(Elab *, Scope *, const Ast *);

/* ---- update.c ---- */
/* x[items] = v; with op "+" or "-" what is added or subtracted. */
Value assign_index(Elab *, Scope *, Value x, const Ast *target, const char *op, Span op_span,
                   Value v);
/* Whether n is `before` with updates in place, each under the condition c (NULL: any). */
bool only_updated(Elab *, Node *n, const Node *before, const Node *c);
/* The last of the states that `before` goes through on the way to n, by updates, loops and branches, to which
 * updates under the condition c alone lead: what it is where c does not hold. */
Node *first_updates(Elab *, Node *n, Node *before, const Node *c);

/* ---- comprehension.c ---- */
/* `how`: the reduction of `sum(e for ...)`, or NULL for a tensor. */
Value eval_comprehension(Elab *, Scope *, const Ast *, const char *how, Span);
/* Over the first n axes, by the name of a reduction; mask: which elements count, or NULL. */
Value reduce_named(Elab *, const char *how, Span, Value x, int n, Node *mask);
bool index_interval(Elab *, const Node *, const Size **low, const Size **high);
/* The two of them where one is known, NULL for the other. */
bool index_bounds(Elab *, const Node *, const Size **low, const Size **high);
/* What an integer is at most, where integer arguments of the function may say it: a size of which
 * size_has_argument may be true; or NULL. Only the memory of loops is told by it. */
const Size *index_most(Elab *, const Node *);
bool integer_scalar(Elab *, Value, Span, Node **out, const char *what); /* as an i64 */
Node *clamp_index(Elab *, Node *index, const Size *n);

/* ---- derive.c ---- */
/* Where `name` is a target of derivatives: a value that no rewrite sees through. */
Value make_opaque(Elab *, const char *name, Value);
/* What the holes from `base` on stand for, put back into a value, or into nodes, and into the
 * checks from `first_check` on; the holes are forgotten. */
Value resolve_holes(Elab *, Value, int base, int first_check);
void resolve_nodes(Elab *, int base, int n, Node **node, int first_check);

/* ---- derive_expr.c ---- */
Value eval_derivative(Elab *, Scope *, const Ast *call);
/* The names that derivatives in a body are taken by. */
void collect_targets(Elab *, const Ast *body, int *n, const char *const **out);

/* ---- globals.c ---- */
bool declare_file(Elab *, const Ast *file);
/* Imports a file of the standard library (or of -I, or beside the model) where there is one; false
 * after messages. */
bool import_where_found(Elab *, const char *name);
Global *global_find(Elab *, const char *name);
/* The names of the functions of the model and of what it imports; how many they are. */
int function_names(Elab *, const char *const **);
Value global_value(Elab *, Global *);
/* A size that nothing fixes: -D, or an open size that is noted in E->opens. */
Value open_size(Elab *, const char *name, Span);
Value load_npy(Elab *, Span, const char *name);
const char *folder_of(Elab *, const char *path);

/* ---- init.c ---- */
/* What stands behind the `~` of a parameter (NULL: nothing does); errors are reported. */
Init read_init(Elab *, Scope *, const Ast *, const Param *);

/* ---- exports.c ---- */
void build_exports(Elab *, Model *);

#endif
