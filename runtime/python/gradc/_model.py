"""Models: compiling one, and its functions, called with NumPy arrays."""

import ctypes
import inspect
import keyword
import os
import threading
import weakref
from collections import namedtuple
from ctypes import byref, c_char_p, c_int64, c_void_p
from typing import NamedTuple, Optional, Tuple

import numpy

from . import _library as c
from ._errors import ArgumentError, BoundsError, Error, Message, ModelError

_DTYPES = {
    c.BOOL: numpy.dtype(numpy.bool_),
    c.U8: numpy.dtype(numpy.uint8),
    c.I32: numpy.dtype(numpy.int32),
    c.I64: numpy.dtype(numpy.int64),
    c.F32: numpy.dtype(numpy.float32),
    c.F64: numpy.dtype(numpy.float64),
}
_TYPE_NAMES = {c.BOOL: "bool", c.U8: "u8", c.I32: "i32", c.I64: "i64", c.F32: "f32", c.F64: "f64"}
_ROLES = ("input", "tangent", "cotangent", "size", "output", "state", "setting")


class Argument(NamedTuple):
    """An input or an output of a function."""

    name: str
    role: str  # "input", "tangent", "cotangent", "output", "state", "setting"
    type: str  # "f64"
    dtype: numpy.dtype
    shape: Tuple[str, ...]  # sizes as the model writes them: ("N", "D")
    trainable: bool  # declared with `param`
    updated: bool  # an input that the function writes a new value to
    init: Optional[str]  # what stands behind the `~` of a param
    what: Optional[str]  # of an output: "gradient with respect to W"

    def __str__(self):
        shape = "[" + ", ".join(self.shape) + "]" if self.shape else ""
        return f"{self.name}: {self.type}{shape}"


class Pattern(NamedTuple):
    """Which elements of a matrix a sparse output has, in compressed rows: those of row i are
    output[indptr[i]:indptr[i + 1]], in the columns indices[indptr[i]:indptr[i + 1]]. With SciPy
    `csr_matrix((output, p.indices, p.indptr), shape=p.shape)` is the matrix."""

    shape: Tuple[int, int]
    indptr: numpy.ndarray  # int32
    indices: numpy.ndarray  # int32, ascending in each row
    lower: bool  # the matrix is symmetric, and this is its lower triangle


def _text(p):
    return None if p is None else p.decode()


def _strings(items):
    return (c_char_p * (len(items) + 1))(*[os.fsencode(i) for i in items])


def _options(lib, real, define, include, exports, disconnected, **plain):
    o = c.Options()
    lib.gradc_options_init(byref(o))
    if str(real) not in ("f32", "f64"):
        raise ArgumentError(f"real is 'f64' or 'f32', not {real!r}")
    if disconnected not in ("error", "zero"):
        raise ArgumentError(f"disconnected is 'error' or 'zero', not {disconnected!r}")
    define = dict(define or {})
    exports = [exports] if isinstance(exports, str) else list(exports)
    include = [include] if isinstance(include, (str, os.PathLike)) else list(include)
    o.real_bits = 32 if real == "f32" else 64
    o.ndefine, o.ninclude, o.nexport = len(define), len(include), len(exports)
    o.define_name = _strings(list(define))
    o.define_value = (c_int64 * (len(define) + 1))(*define.values())
    o.include = _strings(include)
    o.exports = _strings(exports)
    o.disconnected_zero = disconnected == "zero"
    for name, value in plain.items():
        if value is not None:
            setattr(o, name, os.fsencode(value) if isinstance(value, str) else int(value))
    return o


def _model_error(lib, g):
    messages = []
    for i in range(lib.gradc_message_count(g)):
        m = lib.gradc_get_message(g, i)
        placed = m.file is not None
        messages.append(
            Message(
                m.text.decode(errors="replace"),
                os.fsdecode(m.file) if placed else None,
                m.line if placed else None,
                m.column if placed else None,
                bool(m.is_note),
                m.rendered.decode(errors="replace").rstrip("\n"),
            )
        )
    rendered = lib.gradc_errors(g).decode(errors="replace").rstrip("\n")
    return ModelError(messages, rendered) if messages else Error(rendered)


def _load(lib, g, backend):
    """With `backend` None tcc, and where that is not there the system's compiler."""
    error = c.CError()
    for name in [backend] if backend else ["tcc", "cc"]:
        module = lib.gradc_load(g, name.encode(), byref(error))
        if module:
            return module
    raise Error(error.text.decode(errors="replace"))


def _release(lib, g, module):
    lib.gradc_unload(module)
    lib.gradc_free(g)


class _Compiled:
    """What a model and its functions share; it goes with the last of them. (They do not refer to
    one another: memory would wait for the collector of cycles.)"""

    def __init__(self, lib, g, module):
        self.lib, self.g, self.module = lib, g, module
        self._work = threading.local()
        weakref.finalize(self, _release, lib, g, module)

    def workspace(self, size):
        """Memory for a call in this thread."""
        work = getattr(self._work, "array", None)
        if work is None or work.size < size:
            self._work.array = work = numpy.empty(size, numpy.uint8)
        return work.ctypes.data


def compile(
    path=None,
    *,
    text=None,
    name="model.dg",
    real="f64",
    define=None,
    include=(),
    exports=(),
    train=None,
    optimizer=None,
    disconnected="error",
    fast_math=False,
    check_bounds=True,
    level=2,
    unroll=16,
    backend=None,
):
    """Compiles the model in the file `path`, or the one in `text`, which messages call `name`.

    real            what the type `real` means: "f64" or "f32"
    define          values of sizes by name, in place of the model's `dim`
    include         folders to look for imported files in
    exports         texts like "loss with grad(W)": in place of the model's own exports
    train, optimizer  names of a function and of an optimiser: there is a training step then
    disconnected    "zero": a derivative by something not depended on is zero, not an error
    fast_math       allow rewrites that may lose a nan, an inf or rounding
    check_bounds    False: indices known only at run time are trusted
    level, unroll   as -O and --unroll of the command
    backend         "tcc", "cc" or "interp"; tcc if not given, or cc where tcc is not there

    A model that is wrong is a ModelError.
    """
    lib = c.library()
    if (path is None) == (text is None):
        raise ArgumentError("compile wants the path of a model, or its text")
    o = _options(
        lib,
        real,
        define,
        include,
        exports,
        disconnected,
        train=train,
        optimizer=optimizer,
        fast_math=fast_math,
        check_bounds=check_bounds,
        level=level,
        unroll=unroll,
    )
    if text is None:
        g = lib.gradc_compile_file(os.fsencode(path), byref(o))
    else:
        data = text.encode()
        g = lib.gradc_compile_string(os.fsencode(name), data, len(data), byref(o))
    if not g:
        raise MemoryError
    try:
        if lib.gradc_get_status(g) != c.OK:
            raise _model_error(lib, g)
        module = _load(lib, g, backend)
    except BaseException:
        lib.gradc_free(g)
        raise
    return Model(_Compiled(lib, g, module))


class Model:
    """A compiled model. Its functions are attributes (model.loss_grad) and items
    (model["loss_grad"]); `functions` has all of them, in the order of the C file."""

    def __init__(self, compiled):
        self._compiled = compiled
        self._lib, self._g = compiled.lib, compiled.g
        self.functions = {}
        for i in range(self._lib.gradc_function_count(self._g)):
            f = Function(compiled, i)
            self.functions[f.__name__] = f

    def __getitem__(self, name):
        return self.functions[name]

    def __getattr__(self, name):
        functions = self.__dict__.get("functions", {})
        if name in functions:
            return functions[name]
        raise AttributeError(f"the model has no function {name!r}; it has {', '.join(functions)}")

    def __dir__(self):
        return [*super().__dir__(), *self.functions]

    def __repr__(self):
        return "<gradc.Model: " + ", ".join(self.functions) + ">"

    @property
    def c_text(self):
        """The C file that gradc would write."""
        return self._lib.gradc_c_text(self._g).decode()

    @property
    def header_text(self):
        """The declarations of its functions."""
        return self._lib.gradc_header_text(self._g).decode()

    @property
    def sources(self):
        """The files that the model was read from."""
        paths = []
        while True:
            path = self._lib.gradc_source_path(self._g, len(paths))
            if path is None:
                return paths
            paths.append(os.fsdecode(path))

    @property
    def times(self):
        """Seconds that each stage of the compilation took."""
        t = self._lib.gradc_get_times(self._g)
        return {name: getattr(t, name) for name, _ in t._fields_}


def _field(name, i):
    """A name that a named tuple takes."""
    name = name.lstrip("_") or f"value{i}"
    return name + "_" if keyword.iskeyword(name) else name


def _describe(a):
    return Argument(
        name=a.name.decode(),
        role=_ROLES[a.role],
        type=_TYPE_NAMES[a.type],
        dtype=_DTYPES[a.type],
        shape=tuple(a.dim_text[k].decode() for k in range(a.rank)),
        trainable=bool(a.trainable),
        updated=bool(a.updated),
        init=_text(a.init),
        what=_text(a.what),
    )


class Function:
    """A function of a model: called with arrays, by position or by name, it returns a named tuple
    of its outputs, arrays and NumPy scalars. Open sizes that no array tells are given by name.

    inputs, outputs   an Argument each
    sizes             names of the open sizes
    """

    def __init__(self, compiled, index):
        lib, g = compiled.lib, compiled.g
        info = lib.gradc_get_function(g, index)
        first_output = info.ninput + info.nsize
        args = [lib.gradc_get_argument(g, index, i) for i in range(first_output + info.noutput)]
        self._compiled, self._index = compiled, index
        self.inputs = tuple(_describe(a) for a in args[: info.ninput])
        self.outputs = tuple(_describe(a) for a in args[first_output:])
        self.sizes = tuple(a.name.decode() for a in args[info.ninput : first_output])
        self.__name__ = self.__qualname__ = info.name.decode()
        self._position = {a.name: i for i, a in enumerate(self.inputs)}
        self._first_output = first_output
        self._counts = any(a.counts for a in args)  # the workspace depends on their values
        self._known = {}  # by shapes and sizes given: what follows from them
        fields = [_field(a.name, i) for i, a in enumerate(self.outputs)]
        self.result = namedtuple(self.__name__, fields, rename=True)
        self.__doc__ = f"{info.what.decode()} of {info.base.decode()}\n\n{self!r}"
        names = [n for n in (*self._position, *self.sizes) if not keyword.iskeyword(n)]
        self.__signature__ = inspect.Signature(
            [inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in names]
        )

    def __repr__(self):
        inputs = ", ".join([*map(str, self.inputs), *self.sizes])
        return f"{self.__name__}({inputs}) -> ({', '.join(map(str, self.outputs))})"

    def __call__(self, *args, **named):
        outputs = self._run(self._bind(args, named, drawn=False), {})
        return self.result._make([a if a.ndim else a[()] for a in outputs])

    def into(self, out, *args, **named):
        """The same, but outputs named in the dict `out` are written to the arrays there, which must
        have the right type and shape, and lie apart from the inputs. No memory is taken for them."""
        outputs = self._run(self._bind(args, named, drawn=False), out)
        return self.result._make([a if a.ndim else a[()] for a in outputs])

    def init(self, seed=0, **given):
        """Initial values of those params that have one, as a dict of arrays. `given` are sizes, or
        inputs whose shapes tell sizes; a param among them is left out."""
        arrays, sizes = self._bind((), given, drawn=True)
        sizes = self._sizes(arrays, sizes, partly=True)
        values = {}
        error = c.CError()
        for i, a in enumerate(self.inputs):
            if a.init is None or arrays[i] is not None:
                continue
            value = numpy.empty(self._shape(i, sizes), a.dtype)
            status = self._compiled.lib.gradc_init_param(
                self._compiled.g, self._index, i, sizes, seed, value.ctypes.data, byref(error)
            )
            if status != c.OK:
                raise ArgumentError(error.text.decode())
            values[a.name] = value
        return values

    def pattern(self, name):
        """Where the elements of the sparse output `name` are in its matrix: a Pattern."""
        compiled = self._compiled
        for i, a in enumerate(self.outputs):
            if a.name != name:
                continue
            p = compiled.lib.gradc_get_pattern(compiled.g, self._index, self._first_output + i)
            if not p.row_start:
                break
            take = lambda at, n: numpy.array(at[:n], numpy.int32)
            return Pattern(
                (p.rows, p.columns),
                take(p.row_start, p.rows + 1),
                take(p.column, p.count),
                bool(p.lower),
            )
        raise ArgumentError(f"{self.__name__} has no sparse output {name!r}: {self!r}")

    # ---- Arguments ----

    def _bind(self, args, named, drawn):
        """Arrays by input, None where `drawn` allows that it is not given; and sizes by name."""
        if len(args) > len(self.inputs):
            raise ArgumentError(
                f"{self.__name__} takes {len(self.inputs)} arguments, and is given {len(args)}"
            )
        arrays = [self._array(a, v) for a, v in zip(self.inputs, args)]
        arrays += [None] * (len(self.inputs) - len(args))
        sizes = {}
        for name, value in named.items():
            i = self._position.get(name)
            if i is None and name not in self.sizes:
                raise ArgumentError(f"{self.__name__} has no argument {name!r}: {self!r}")
            if i is None:
                sizes[name] = int(value)
            elif arrays[i] is not None:
                raise ArgumentError(f"{self.__name__}: {name} is given twice")
            else:
                arrays[i] = self._array(self.inputs[i], value)
        for a, array in zip(self.inputs, arrays):
            if array is None and not drawn:
                raise ArgumentError(
                    f"{self.__name__}: the argument {a.name} is not given: {self!r}"
                )
        return arrays, sizes

    def _array(self, a, value):
        if type(value) is numpy.ndarray and value.dtype == a.dtype:
            flags = value.flags
            if flags.c_contiguous and flags.aligned and (flags.writeable or not a.updated):
                return value
        if a.updated:
            raise ArgumentError(
                f"{a.name} is written to: it must be a writeable array of {a.dtype}, contiguous"
            )
        array = numpy.asarray(value)
        kind, wanted = array.dtype.kind, a.dtype.kind
        if kind not in ("biuf" if wanted == "f" else "biu"):
            if not (array.size == 0 and kind == "f"):
                raise ArgumentError(f"{a.name} is of type {a.type}, and is given {array.dtype}")
        if wanted != "f" and array.size:
            least, most = (0, 1) if wanted == "b" else _range(a.dtype)
            for v in (array.min(), array.max()):
                if not least <= int(v) <= most:
                    raise ArgumentError(f"{a.name} is of type {a.type}, which has no {v}")
        return numpy.require(array, a.dtype, ["C", "A"])

    # ---- Sizes ----

    def _shape(self, i, sizes):
        rank = len((self.inputs + self.outputs)[self._numbered(i)].shape)
        dim = (c_int64 * (rank + 1))()
        lib, g = self._compiled.lib, self._compiled.g
        count = lib.gradc_get_shape(g, self._index, i, sizes, dim)
        if count < 0:
            a = (self.inputs + self.outputs)[self._numbered(i)]
            raise ArgumentError(f"{self.__name__}: what is given does not tell the shape of {a}")
        return tuple(dim[:rank])

    def _numbered(self, i):
        return i if i < len(self.inputs) else i - len(self.sizes)

    def _sizes(self, arrays, given, partly=False):
        """The open sizes. `partly`: one that nothing tells is -1, and no error."""
        lib, g, n = self._compiled.lib, self._compiled.g, len(self.sizes)
        shapes = (c.Shape * (len(arrays) + 1))()
        for s, a in zip(shapes, arrays):
            s.rank = -1 if a is None else a.ndim
            s.dim = (c_int64 * (s.rank + 2))(*(() if a is None else a.shape))
        sizes = (c_int64 * (n + 1))(*[given.get(name, -1) for name in self.sizes])
        error = c.CError()
        if lib.gradc_infer_sizes(g, self._index, shapes, sizes, byref(error)) == c.OK:
            return sizes
        if partly and -1 in sizes[:n]: # whether what there is fits together
            any_sizes = (c_int64 * (n + 1))(*[1 if s < 0 else s for s in sizes[:n]])
            if lib.gradc_infer_sizes(g, self._index, shapes, any_sizes, byref(error)) == c.OK:
                return sizes
        raise ArgumentError(f"{self.__name__}: {error.text.decode(errors='replace')}")

    def _infer(self, arrays, given):
        """The sizes, the shapes of the outputs and the bytes of workspace, or None where these follow
        from values too."""
        key = (tuple(None if a is None else a.shape for a in arrays), *given.items())
        known = self._known.get(key)
        if known:
            return known
        sizes = self._sizes(arrays, given)
        outputs = [self._shape(self._first_output + i, sizes) for i in range(len(self.outputs))]
        work = None if self._counts else self._workspace(None, sizes)
        if len(self._known) >= 64:
            self._known.clear()
        self._known[key] = known = (sizes, outputs, work)
        return known

    def _workspace(self, pin, sizes):
        compiled = self._compiled
        return compiled.lib.gradc_workspace(compiled.module, self._index, pin, sizes)

    # ---- The call ----

    def _output(self, a, shape, out, arrays):
        array = out.get(a.name)
        if array is None:
            return numpy.empty(shape, a.dtype)
        if not isinstance(array, numpy.ndarray) or array.dtype != a.dtype or array.shape != shape:
            raise ArgumentError(f"the array for {a.name} must be of {a.dtype} and shape {shape}")
        if not array.flags.carray:
            raise ArgumentError(f"the array for {a.name} must be writeable and contiguous")
        if any(numpy.may_share_memory(array, x) for x in arrays):
            raise ArgumentError(f"the array for {a.name} overlaps another argument")
        return array

    def _run(self, bound, out):
        arrays, given = bound
        compiled = self._compiled
        sizes, shapes, work = self._infer(arrays, given)
        for name in out:
            if all(name != a.name for a in self.outputs):
                raise ArgumentError(f"{self.__name__} has no output {name!r}: {self!r}")
        outputs = []
        for a, shape in zip(self.outputs, shapes):
            outputs.append(self._output(a, shape, out, arrays + outputs if out else ()))
        pin = (c_void_p * (len(arrays) + 1))(*[a.ctypes.data for a in arrays])
        pout = (c_void_p * (len(outputs) + 1))(*[a.ctypes.data for a in outputs])
        if work is None:
            work = self._workspace(pin, sizes)
        memory = compiled.workspace(work) if work else None
        code = compiled.lib.gradc_call(compiled.module, self._index, pin, sizes, pout, memory)
        if code == c.CALL_BOUNDS:
            raise BoundsError(f"{self.__name__}: an index is out of range")
        if code != c.CALL_OK:
            raise Error(f"{self.__name__}: {_CALL_ERRORS.get(code, f'failed with code {code}')}")
        return outputs


_CALL_ERRORS = {
    2: "a while loop has reached its limit",
    3: "an assertion does not hold",
    -1: "the interpreter could not go on",
}


def _range(dtype):
    info = numpy.iinfo(dtype)
    return info.min, info.max
