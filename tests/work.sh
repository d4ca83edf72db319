#!/bin/sh
# work.sh HEADER...: for every function that emitted headers declare, a macro that
# passes it a workspace where it wants one. Whether it does may change with the
# optimiser, and the tests' calls should not. Prints, for a function f,
#   #define WORK_f(...) , scratch(f_work(__VA_ARGS__))     or nothing
#   #define BYTES_f(...) f_work(__VA_ARGS__)               or 0
# to be written to work.h; scratch is the includer's. Use: f(inputs, n, outputs WORK_f(n)).
set -eu
cat "$@" | awk '
    match($0, /^int [A-Za-z_][A-Za-z0-9_]*\(/) { f[substr($0, 5, RLENGTH - 5)] = 1 }
    match($0, /^size_t [A-Za-z_][A-Za-z0-9_]*_work\(/) { w[substr($0, 8, RLENGTH - 13)] = 1 }
    END {
        for (name in f)
            if (name in w) {
                printf "#define WORK_%s(...) , scratch(%s_work(__VA_ARGS__))\n", name, name
                printf "#define BYTES_%s(...) %s_work(__VA_ARGS__)\n", name, name
            } else {
                printf "#define WORK_%s(...)\n", name
                printf "#define BYTES_%s(...) ((size_t)0)\n", name
            }
    }' | sort
