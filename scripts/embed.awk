# embed.awk - turns compiler/snippets/*.c into build/snippets.c, the table of compiler/snippet.h.
#
#     awk -f scripts/embed.awk FILE... >build/snippets.c
#     awk -v plain=1 -f scripts/embed.awk FILE... >build/snippets_plain.h
#
# With plain=1 it gives the C itself instead, for runtime/kernels_table.h, and behind it the macro
# GRADC_SNIPPET_FUNCTIONS(F), which is F(name) for each snippet that is a function of its own name.
#
# A snippet starts with a line `/*@ snippet NAME needs A B */` (`needs ...` may be absent) and runs to
# the next such line or to the end of its file; text before the first is for the snippet's own tests.
# `/*@ snippet NAME and NAMEf needs A B */` is written for double: behind it stands its twin NAMEf, with
# the words of the text turned as single precision wants them. So it does in files named gemm*.c and
# linalg*.c, where the twin of NAME_f64 is NAME_f32.
# Plain POSIX awk: mawk runs it.

BEGIN {
    count = split("fabs sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan " \
                  "atan2 sinh cosh tanh pow fma fmax fmin fmod hypot copysign floor ceil rint " \
                  "trunc round ldexp frexp", list, " ")
    for (i = 1; i <= count; i++)
        single[list[i]] = list[i] "f"
    single["double"] = "float"
    single["DBL_EPSILON"] = "FLT_EPSILON"
    single["DBL_MIN"] = "FLT_MIN"
    single["DBL_MAX"] = "FLT_MAX"
    print "/* Made by scripts/embed.awk from compiler/snippets. */"
    if (!plain)
        print "#include \"compiler/snippet.h\"\n"
}

FNR == 1 {
    finish()
    twins = FILENAME ~ /(^|\/)(gemm|linalg)[a-z0-9_]*\.c$/
}

/^\/\*@ snippet / {
    finish()
    start()
    next
}

/^\/\*@/ { fail("not a line `/*@ snippet NAME needs A B */`") }

name != "" { line[++lines] = $0 }

END {
    finish()
    if (failed)
        exit 1
    if (plain) {
        printf "#define GRADC_SNIPPET_FUNCTIONS(F)"
        for (i = 1; i <= functions; i++)
            printf " \\\n    F(%s)", function_name[i]
        print ""
        exit 0
    }
    print "\nconst Snippet gradc_snippets[] = {"
    for (i = 1; i <= snippets; i++)
        printf "    {\"%s\", needs_%d, text_%d},\n", snippet[i], i, i
    print "    {0, 0, 0},\n};"
    printf "const int gradc_snippet_count = %d;\n", snippets
}

function fail(message) {
    printf "%s:%d: error: %s\n", FILENAME, FNR, message | "cat 1>&2"
    failed = 1
}

# Reads the head line into name and need[1..needs].
function start(    i) {
    name = $3
    in_comment = 0
    twin = twins && name ~ /_f64$/ ? to_single(name) : ""
    i = 4
    if ($4 == "and") {
        twin = single[name] = $5
        i = 6
    }
    if ($NF != "*/" || (NF > i && $i != "needs"))
        fail("not a line `/*@ snippet NAME needs A B */`")
    needs = lines = 0
    while (++i < NF)
        need[++needs] = $i
    where = FILENAME ":" FNR
}

# Writes the snippet that was being read, and its twin.
function finish() {
    if (name == "")
        return
    while (lines && line[lines] ~ /^[ \t]*$/)
        lines--
    put(name, 0)
    if (twin != "")
        put(twin, 1)
    name = ""
}

function put(as, turned,    i, first, wanted) {
    if (as in defined)
        complain("snippet " as " stands twice")
    snippets++
    snippet[snippets] = as
    if (plain) {
        put_plain(as, turned)
        return
    }
    printf "static const char *const needs_%d[] = {", snippets
    for (i = 1; i <= needs; i++) {
        wanted = turned ? to_single(need[i]) : need[i]
        if (!(wanted in defined))
            complain(as " needs " wanted ", which does not stand before it")
        printf "\"%s\", ", wanted
    }
    print "0};"
    defined[as] = 1
    printf "static const char text_%d[] =", snippets
    in_comment = 0
    for (first = 1; first < lines && line[first] ~ /^[ \t]*$/; )
        first++
    for (i = first; i <= lines; i++)
        printf "\n    \"%s\\n\"", quote(turned ? to_single(line[i]) : line[i])
    print (lines ? ";" : " \"\";")
}

function put_plain(as, turned,    i, s) {
    defined[as] = 1
    in_comment = 0
    for (i = 1; i <= lines; i++) {
        s = turned ? to_single(line[i]) : line[i]
        if (s ~ /^static / && index(s, " " as "(")) # `as` is a word, nothing that a regexp changes
            function_name[++functions] = as
        print s
    }
}

function complain(message) {
    printf "%s: error: %s\n", where, message | "cat 1>&2"
    failed = 1
}

# As the inside of a C string literal.
function quote(s) {
    gsub(/\\/, "&&", s)
    gsub(/"/, "\\\"", s)
    gsub(/\t/, "\\t", s)
    gsub(/\?\?/, "?\\?", s) # no trigraphs
    return s
}

# One line for single precision, word by word. Numbers in comments stay as they are.
function to_single(s,    out, word) {
    out = ""
    while (s != "") {
        if (in_comment) {
            if (match(s, /^[^*A-Za-z_]+/) || match(s, /^[A-Za-z_][A-Za-z0-9_]*/))
                word = substr(s, 1, RLENGTH)
            else
                word = substr(s, 1, substr(s, 1, 2) == "*/" ? 2 : 1)
            if (word == "*/")
                in_comment = 0
            out = out (word == "double" || word ~ /_(f64|F64)$/ ? word_single(word) : word)
        } else if (match(s, /^\/\*/)) {
            word = "/*"
            in_comment = 1
            out = out word
        } else if (match(s, /^\/\/.*/)) {
            word = s
            out = out word
        } else if (match(s, /^[A-Za-z_][A-Za-z0-9_]*/)) {
            word = substr(s, 1, RLENGTH)
            out = out word_single(word)
        } else if (match(s, /^\.?[0-9]([eEpP][-+]|[A-Za-z0-9_.])*/)) {
            word = substr(s, 1, RLENGTH)
            out = out number_single(word)
        } else {
            word = substr(s, 1, 1)
            out = out word
        }
        s = substr(s, length(word) + 1)
    }
    return out
}

function word_single(word) {
    if (word in single)
        return single[word]
    if (word ~ /_f64$/)
        return substr(word, 1, length(word) - 3) "f32"
    if (word ~ /_F64$/)
        return substr(word, 1, length(word) - 3) "F32"
    return word
}

function number_single(word,    hex) {
    hex = word ~ /^0[xX]/
    if (word ~ /[lL]$/ || (!hex && word ~ /[fF]$/))
        return word
    if (hex ? word ~ /[pP]/ && word !~ /[fF]$/ : word ~ /[.eE]/)
        return word "f"
    return word
}
