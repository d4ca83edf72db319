"""libgradc: finding it, and its interface (runtime/gradc.h) as ctypes sees it."""

import ctypes
import os
from ctypes import POINTER, Structure, c_char, c_char_p, c_double, c_int, c_int32, c_int64, c_size_t, c_uint
from ctypes import c_uint64, c_void_p

from ._errors import Error

VERSION = "0.1.0"

OK, MODEL_ERROR, USAGE_ERROR, SYSTEM_ERROR = range(4)
BOOL, U8, I32, I64, F32, F64 = range(6)
INPUT, TANGENT, COTANGENT, SIZE, OUTPUT, STATE, SETTING = range(7)
CALL_OK, CALL_BOUNDS = 0, 1


class CError(Structure):
    _fields_ = [("status", c_uint), ("text", c_char * 512)]


class Options(Structure):
    _fields_ = [
        ("real_bits", c_int),
        ("ndefine", c_int),
        ("define_name", POINTER(c_char_p)),
        ("define_value", POINTER(c_int64)),
        ("ninclude", c_int),
        ("include", POINTER(c_char_p)),
        ("nexport", c_int),
        ("exports", POINTER(c_char_p)),
        ("train", c_char_p),
        ("optimizer", c_char_p),
        ("disconnected_zero", c_int),
        ("fast_math", c_int),
        ("check_bounds", c_int),
        ("openmp", c_int),
        ("blas", c_int),
        ("level", c_int),
        ("unroll", c_int),
        ("dump", c_char_p),
        ("alloc", c_void_p),
        ("free", c_void_p),
        ("user", c_void_p),
    ]


class CMessage(Structure):
    _fields_ = [
        ("is_note", c_int),
        ("file", c_char_p),
        ("line", c_int),
        ("column", c_int),
        ("text", c_char_p),
        ("rendered", c_char_p),
    ]


class CArgument(Structure):
    _fields_ = [
        ("name", c_char_p),
        ("role", c_uint),
        ("type", c_uint),
        ("rank", c_int),
        ("dim_text", POINTER(c_char_p)),
        ("dim", POINTER(c_int64)),
        ("trainable", c_int),
        ("what", c_char_p),
        ("updated", c_int),
        ("of", c_int),
        ("init", c_char_p),
        ("counts", c_int),
    ]


class CFunction(Structure):
    _fields_ = [
        ("name", c_char_p),
        ("base", c_char_p),
        ("what", c_char_p),
        ("line", c_int),
        ("ninput", c_int),
        ("nsize", c_int),
        ("noutput", c_int),
    ]


class Shape(Structure):
    _fields_ = [("rank", c_int), ("dim", POINTER(c_int64))]


class CPattern(Structure):
    _fields_ = [
        ("rows", c_int64),
        ("columns", c_int64),
        ("count", c_int64),
        ("row_start", POINTER(c_int32)),
        ("column", POINTER(c_int32)),
        ("lower", c_int),
    ]


class Times(Structure):
    _fields_ = [(name, c_double) for name in ("parse", "elaborate", "optimise", "lower", "emit")]


# By the name in gradc.h: tests compare sizes and offsets with those that a C compiler gives.
STRUCTS = {
    "gradc_error": CError,
    "gradc_options": Options,
    "gradc_message": CMessage,
    "gradc_argument": CArgument,
    "gradc_function": CFunction,
    "gradc_shape": Shape,
    "gradc_pattern": CPattern,
    "gradc_times": Times,
}

_sizes = POINTER(c_int64)
_pointers = POINTER(c_void_p)
_FUNCTIONS = {
    "gradc_version": (c_char_p, []),
    "gradc_options_init": (None, [POINTER(Options)]),
    "gradc_compile_file": (c_void_p, [c_char_p, POINTER(Options)]),
    "gradc_compile_string": (c_void_p, [c_char_p, c_char_p, c_size_t, POINTER(Options)]),
    "gradc_free": (None, [c_void_p]),
    "gradc_get_status": (c_uint, [c_void_p]),
    "gradc_message_count": (c_int, [c_void_p]),
    "gradc_get_message": (CMessage, [c_void_p, c_int]),
    "gradc_errors": (c_char_p, [c_void_p]),
    "gradc_c_text": (c_char_p, [c_void_p]),
    "gradc_header_text": (c_char_p, [c_void_p]),
    "gradc_show_text": (c_char_p, [c_void_p]),
    "gradc_source_path": (c_char_p, [c_void_p, c_int]),
    "gradc_get_times": (Times, [c_void_p]),
    "gradc_function_count": (c_int, [c_void_p]),
    "gradc_get_function": (CFunction, [c_void_p, c_int]),
    "gradc_get_argument": (CArgument, [c_void_p, c_int, c_int]),
    "gradc_infer_sizes": (c_uint, [c_void_p, c_int, POINTER(Shape), _sizes, POINTER(CError)]),
    "gradc_get_shape": (c_int64, [c_void_p, c_int, c_int, _sizes, POINTER(c_int64)]),
    "gradc_get_pattern": (CPattern, [c_void_p, c_int, c_int]),
    "gradc_init_param": (
        c_uint,
        [c_void_p, c_int, c_int, _sizes, c_uint64, c_void_p, POINTER(CError)],
    ),
    "gradc_backend_name": (c_char_p, [c_int]),
    "gradc_load": (c_void_p, [c_void_p, c_char_p, POINTER(CError)]),
    "gradc_unload": (None, [c_void_p]),
    "gradc_workspace": (c_size_t, [c_void_p, c_int, _pointers, _sizes]),
    "gradc_call": (c_int, [c_void_p, c_int, _pointers, _sizes, _pointers, c_void_p]),
}


def _candidates():
    here = os.path.dirname(os.path.realpath(__file__))
    up = lambda n, *rest: os.path.normpath(os.path.join(here, *[".."] * n, *rest))
    yield up(3, "build", "libgradc.so")  # runtime/python/gradc
    yield up(4, "lib", "libgradc.so.0")  # PREFIX/share/gradc/python/gradc
    yield up(3, "libgradc.so.0")  # PREFIX/lib/python3.x/site-packages/gradc
    yield "libgradc.so.0"


def _open():
    wanted = os.environ.get("GRADC_LIBRARY")
    if wanted:
        try:
            return ctypes.CDLL(wanted)
        except OSError as e:
            raise Error(f"$GRADC_LIBRARY: {e}") from None
    for path in _candidates():
        if os.sep not in path or os.path.exists(path):
            try:
                return ctypes.CDLL(path)
            except OSError:
                pass
    raise Error(
        "libgradc is not there: build gradc (make), install it (make install PREFIX=...), or name"
        " the file in $GRADC_LIBRARY"
    )


_library = None


def library():
    """The library, loaded when it is first wanted."""
    global _library
    if _library is None:
        lib = _open()
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(lib, name, None)
            if function is None:
                raise Error(f"{lib._name} has no {name}: it is not the libgradc of this package")
            function.restype = result
            function.argtypes = arguments
        version = lib.gradc_version().decode()
        if version != VERSION:
            raise Error(f"{lib._name} has version {version}, this package {VERSION}")
        _library = lib
    return _library
