/* lower.h - what lower.c (which tensors get memory, which loops fuse) and lower_at.c (the value of
 * one element as a scalar expression) share. */
#ifndef GRADC_LOWER_H
#define GRADC_LOWER_H

#include "guard.h"
#include "ops.h"
#include "program.h"

typedef enum Class {
    CLASS_DEAD,
    CLASS_SCALAR, /* rank 0, an expression of scalars: stands for itself */
    CLASS_LEAF,   /* an argument, a constant table, iota */
    CLASS_SMALL,  /* unrolled: each element is a scalar expression */
    CLASS_INLINE, /* computed where it is used */
    CLASS_BUFFER  /* computed once, into memory */
} Class;

typedef struct Info {
    uint8_t class;      /* Class */
    bool memory;        /* some use needs it in memory (also a SMALL one) */
    bool output;
    bool many;          /* some use reads an element many times */
    int uses;           /* distinct consumers, outputs included */
    int cost;           /* of computing an element, its inlined inputs included */
    int depth;          /* of inlined inputs; bounds recursion */
    int step;           /* that computes it, BUFFER and reduced scalars; else -1 */
    int avail;          /* last step that its value depends on, -1: none */
    int buffer;         /* or -1 */
    Node **element;     /* SMALL: its elements, made on demand */
    bool wanted;        /* wherever its list runs; else an index of it may be out of range there */
    int half;           /* 1 + the side of a branch that wants it; lower_blocks.c */
    bool deferred;      /* a GATHER that is not wanted there: who wants it checks its index; lower_checks.c */
    bool unrolled;      /* its nest writes out the short axes; lower_unroll.c */
    int home;           /* the list of steps that computes it; lower_blocks.c */
    bool done;          /* placed */
    int branch;         /* 1 + that of which it, a SELECT or a PUT with a guard, is a member */
    bool visited, takes; /* lower_order.c; a PUT: it changes its operand in place; a SELECT: its sides do,
                            or leave it as it is */
    Node *before_sides; /* SELECT that takes: the array with which both sides begin */
    VEC(Node *) after;  /* what has to come before, beside its operands */
    VEC(Node *) before; /* the other way round */
    bool expression;    /* a SELECT by a scalar that stays one: no branch */
    bool small;         /* what a loop carries is scalars: the placeholder, the PART */
    struct Looped *loop; /* FOR: what has become of it */
} Info;

typedef struct Memo Memo;

/* The index of a GATHER is to be checked where the list begins; `test`: before what ends a loop. */
typedef struct Clause {
    const struct Clause *up;
    Node *cond;
    bool no;
} Clause;
typedef struct Deferred {
    Node *gather;
    int list;
    bool test;
    const Clause *where; /* that hold there (with `no`: do not); NULL: it is always to be */
} Deferred;

/* A list of steps as nodes see it. */
typedef struct Block {
    int parent;
    Node *loop;           /* whose body it is; or NULL */
    int branch;           /* a side of that branch; or -1 */
    bool wanted;          /* it runs only where its results are read, as far as is known */
    VEC(Node *) needs;    /* of the lists around */
    VEC(Node *) node;     /* what it computes, ascending */
    VEC(Deferred) checks;
} Block;

/* What hangs on one scalar condition in one list, or a part of that. */
typedef struct Branch {
    Node *condition;
    int part;             /* guard.h */
    int list, side[2];    /* where it holds, where it does not */
    VEC(Node *) member;   /* SELECTs, PUTs with a guard; ascending */
    bool plain;           /* cheap and safe: no branch, `?:` */
    bool visited, done;
    VEC(Node *) after;    /* as of Info */
} Branch;

/* Steps and buffers of a FOR. */
typedef struct Looped {
    int body;             /* list */
    int step;
    bool *takes;          /* by carried value: it lives on in the memory of its first value */
    int *var;             /* by carried value: its first Variable, or -1 */
    int *kept;            /* by carried value: its Kept, or -1 */
    int *tape;            /* by collected value: its buffer, or -1 */
    bool *stored;         /* by collected value: its row has been copied already */
} Looped;
typedef struct Lower {
    Graph *g;
    Program *p;
    const CompileOptions *o;
    int unroll; /* axes of up to so many elements are written out: --unroll, or less */
    int n;      /* nodes of the function's graph; those behind are lowered expressions */
    Info *info; /* by id, n of them */
    int step;   /* being lowered; its own members are computed, not loaded */
    Memo *memo; /* elements made for this step */
    VEC(Node *) checks; /* conditions on indices read in this step, with check_bounds */
    int list;           /* of steps, being filled */
    int floor;          /* what is placed comes in a later step than that: the test that ends a loop */
    VEC(Block) blocks;  /* by list */
    VEC(Branch) branches;
    int *consumers;     /* by node: where its consumers begin in `consumer`; n + 1 of them */
    Node **consumer;
    Marks *marks;
    bool *seen, *open, *leads; /* by node, false between the calls of name_old_values; or NULL */
    bool dry;           /* nothing is placed: is there an order? */
    bool again;         /* there is none, and more marks have been made */
    bool stuck;         /* there is none, and no mark would help: that has been said */
    bool dropped;       /* a selection by a scalar is no branch (Info.expression) */
} Lower;

static inline Info *info_of(Lower *L, const Node *n)
{
    return &L->info[n->id];
}

/* The element of `n` at idx[0..rank): i64 scalar expressions. */
Node *lower_at(Lower *, Node *n, Node *const *idx);
/* The same of an operand that is broadcast to shape s. */
Node *lower_broadcast(Lower *, Node *x, Shape s, Node *const *idx);
/* a + b, or what else a reduction n does to its elements. */
Node *lower_sum(Lower *, const Node *n, Op, Node *a, Node *b);
/* Forget the elements of the step before. */
void lower_at_begin(Lower *, int step);

/* A view (permute, slice, expand, size-1 reshape) of a tensor, and the node whose memory it looks at. */
bool is_view(const Node *);
Node *view_base(Node *);
bool reshape_only_ones(const Node *);        /* adds or drops axes of size 1 and does nothing else */
bool alias_of_memory(const Node *);          /* a reshape that is the same memory as its operand */
Node *flat_index(Graph *, Shape, Node *const *idx);
Node *index_add(Graph *, Node *, Node *);
Node *index_tidy(Graph *, Node *);
Node *index_mul(Graph *, Node *, Node *);
/* Whether the axis where a CONCAT or PAD joins is short enough to be unrolled. */
bool small_axis(const Lower *, const Size *);
bool is_small_shape(const Lower *, Shape);
/* An index, an integer tensor, at a place as it is used in memory. */
Node *element_index(Lower *, Node *index, Node *const *at);
/* Notes that `at`, an element of `index`, has to lie in [0, n), with check_bounds, where that is not known. */
void check_index(Lower *, const Node *index, Node *at, const Size *n);
/* The buffer that holds n (through aliases); -1 where there is none. */
int buffer_of(Lower *, Node *n);

/* Unrolled linear algebra and scans on small operands (lower_small.c): fills element[]. */
void lower_small(Lower *, Node *n);

typedef struct Groups Groups;

/* ---- branch_tree.c ---- */
void find_branch_trees(Function *);

/* ---- lower_blocks.c: which list computes what ---- */
void find_blocks(Lower *);
int new_list(Lower *, int parent);
/* The member's condition without `not`s; *side: of the branch, where it holds. */
Node *member_condition(Node *member, int *side);
/* The list in which n reads its operand k. */
int use_list(Lower *, const Node *n, int k);
/* Whether that is wanted each time that this list runs; of a loop's body with k < 0. */
bool use_wanted(const Lower *, const Node *n, int k);
/* The list right inside `list` that `from` is or lies in; `list` itself where that is `from`; -1:
 * neither. */
int item_list(const Lower *, int list, int from);

/* ---- lower_part.c: branches whose members wait for each other ---- */
/* Parts the branches on the condition of that one in its list, so that no member of one depends on another
 * of it; where none does, each member gets a branch of its own. False: that is so already. */
bool part_branch(Lower *, const Branch *);
/* All branches in the list and in those inside it. */
bool part_branches(Lower *, int list);

/* ---- lower_checks.c: which list checks an index ---- */
void defer_checks(Lower *);
void place_deferred(Groups *, int list, bool test);

/* ---- lower_order.c: and in which order ---- */
void find_orders(Lower *);
/* What lies in an array's memory when it does: itself, and where it is a branch's that takes its memory, what
 * the sides end with. Their number. */
int array_states(Lower *, Node *array, Node ***out);
/* Whether no run reaches both lists: they are, or lie in, two sides of one branch. */
bool exclude_each_other(const Lower *, int a, int b);
void place_list(Groups *, int list);
/* Those of the nodes that the list computes, with what they need there. */
void place_these(Groups *, int n, Node *const *);

/* ---- lower_loop.c ---- */
void place_for(Groups *, Node *);
void place_part(Groups *, Node *);
void place_put(Groups *, Node *);
void place_branch(Groups *, Branch *);
/* The step that stores the elements of n, where some use wants them in memory. */
void store_small(Groups *, Node *n);
/* A condition that has to hold, RESULT_CHECK or RESULT_BREAK, before all that is placed later. */
void place_test(Groups *, ResultKind, Node *condition, int code);

/* ---- lower.c ---- */
int add_buffer(Lower *, Place, int index, Node *);
/* What the buffer's memory holds at another time. */
int add_version(Lower *, int buffer, Node *);
void give_buffer(Lower *, Node *);
int output_of(Lower *, Node *);
void place_item(Groups *, Node *);
void place_checks(Groups *);

/* ---- lower_known.c: expressions on a side of a branch, where its condition is known ---- */
void use_known(Lower *);
/* Branches by one condition, one behind the other, become one. */
void join_branches(Lower *);

/* ---- lower_trim.c: what nobody reads ---- */
void drop_unread(Lower *);

/* ---- lower_class.c ---- */
void find_uses(Lower *);                  /* backwards: who reads whom, and how */
/* n itself has to lie in memory, row-major; a reshape is the same memory as its operand. */
void need_memory(Lower *, Node *n);
Class classify_node(Lower *, Node *, Info *); /* its operands are classified already */
bool unrolls(Lower *, Node *);            /* the elements of n can be written out one by one */
/* --unroll, or less: where what is written out would be thousands of statements, and loops say the same
 * in few. After find_uses. */
int shorter_unroll(Lower *);
bool is_written_out(const Node *, const Info *); /* a short sum inside another loop, no memory */
bool is_extremum_position(const Node *);  /* argmax, argmin */
bool joins_in_memory(Lower *, const Node *); /* a concat or pad that is made piece by piece */

/* ---- lower_unroll.c: nests whose short axes are written out ---- */
void find_unrolled(Lower *);
/* The axes that are loops: not those of size 1, nor the short ones of an unrolled nest. */
bool loops_over(const Lower *, const Size *, bool unrolled);
/* Whether two shapes have the same loops. */
bool same_space(const Lower *, Shape, Shape, bool unrolled);
/* Whether the short axes of a space are few enough to be written out, with a loop left around. */
bool can_unroll(const Lower *, Shape space);
/* Whether operand k of an inlined node is read at the place of the loops where n is. */
bool keeps_place(const Lower *, const Node *n, int k, bool unrolled);
/* A product that is a member of such a nest and no call of a matrix routine. */
bool written_in_turn(Lower *, const Node *);
/* Whether a reshape leaves the loops of an unrolled nest as they are, and what lies between them. */
bool reshapes_short(const Lower *, const Node *);

/* ---- lower_group.c: loop nests and their members ---- */
typedef struct Member {
    Node *node;   /* whose value is stored */
    Node *body;   /* what runs over the space: the node, or the operand of a reduction or a join */
    int piece;    /* of a CONCAT */
    int buffer;   /* -1: a reduced scalar */
    Node *row;    /* the row of the buffer that it fills; or NULL */
    uint32_t split; /* bit k: loops k and k + 1 cannot run as one over the flat index of both */
} Member;
typedef struct Group {
    Step step;
    Shape space;  /* of the loops; axes of size 1 are no loops */
    bool unrolled; /* short axes of its members are written out, not looped over */
    bool closed;  /* takes no more members */
    int loop_of[MAX_RANK]; /* by loop of the space: the loop of the step that it became part of */
    VEC(Member) members;
} Group;
struct Groups {
    Lower *L;
    VEC(Group) list;
};
/* The step that computes node n (piece k of a CONCAT) into `buffer`, after step `after`: an earlier
 * nest over the same space where the order allows it, else a new one at the end. */
int place_member(Groups *, Node *n, int piece, int buffer, int after);
/* The step that copies n, which has a value already, into `buffer`. */
int place_copy(Groups *, Node *n, int buffer);
int place_fill(Groups *, int buffer, double value);
/* The same into a row of the buffer. */
int place_row(Groups *, Node *n, int buffer, Node *row);
/* Copies x, shaped as n or to be broadcast to that. */
int place_side(Groups *, Node *n, Node *x, int buffer);
/* Where element e of n lies in x, which is broadcast to its shape. */
int64_t broadcast_element(const Node *n, const Node *x, int64_t e);
/* A step of its own at the end of the present list; its number. */
int append_group(Groups *, Group);
/* Lowers the members of group number `step` to the results of its step. */
void lower_group(Lower *, Group *, int step);
Shape member_space(const Node *n, int piece);
/* ---- lower_call.c: appended at the end ---- */
void place_gemm(Groups *, Node *);
void place_linalg(Groups *, Node *);

#endif
