/* names.c - words that emitted C keeps for itself; see names.h. */
#include "names.h"

static const char *const reserved[] = {
    /* C99 and C11 */
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else",
    "enum", "extern", "float", "for", "goto", "if", "inline", "int", "long", "register",
    "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef",
    "union", "unsigned", "void", "volatile", "while", "_Bool", "_Complex", "_Imaginary",
    "_Generic", "_Atomic", "_Alignas", "_Alignof", "_Noreturn", "_Static_assert",
    "_Thread_local",
    /* C++17 and the alternative operators */
    "alignas", "alignof", "and", "and_eq", "asm", "bitand", "bitor", "bool", "catch",
    "char16_t", "char32_t", "class", "compl", "constexpr", "const_cast", "decltype", "delete",
    "dynamic_cast", "explicit", "export", "false", "friend", "mutable", "namespace", "new",
    "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected",
    "public", "reinterpret_cast", "static_assert", "static_cast", "template", "this",
    "thread_local", "throw", "true", "try", "typeid", "typename", "using", "virtual", "wchar_t",
    "xor", "xor_eq", "typeof",
    /* what the emitted code includes and calls */
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil",
    "copysign", "cos", "cosh", "erf", "erfc", "exp", "exp2", "expm1", "fabs", "fdim", "floor",
    "fma", "fmax", "fmin", "fmod", "frexp", "hypot", "ilogb", "isfinite", "isinf", "isnan",
    "isnormal", "ldexp", "lgamma", "llrint", "llround", "log", "log10", "log1p", "log2", "logb",
    "lrint", "lround", "memcpy", "memmove", "memset", "modf", "nan", "nearbyint", "nextafter",
    "pow", "remainder", "remquo", "rint", "round", "scalbln", "scalbn", "signbit", "sin",
    "sinh", "sqrt", "tan", "tanh", "tgamma", "trunc", "fabsf", "floorf", "ceilf", "sqrtf",
    "truncf", "gamma", "j0", "j1", "jn", "y0", "y1", "yn", "signgam", "main", "int8_t",
    "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "intptr_t",
    "uintptr_t", "ptrdiff_t", "size_t", "NULL", "NAN", "INFINITY", "HUGE_VAL", "unix", "linux",
    "cblas_dgemm", "cblas_sgemm",
    /* arguments of every emitted function */
    "work",
};

const char *safe_name(Arena *a, const char *name)
{
    bool bad = !strncmp(name, "gradc_", 6) || !strncmp(name, "GRADC_", 6) ||
               !strncmp(name, "__", 2) || (name[0] == '_' && name[1] >= 'A' && name[1] <= 'Z');
    for (int i = 0; i < ARRAY_LEN(reserved) && !bad; i++)
        bad = !strcmp(name, reserved[i]);
    return bad ? arena_printf(a, "%s_", name) : name;
}
