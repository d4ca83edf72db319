#!/usr/bin/env bash
# python.sh: the package runtime/python/gradc. Its structures are those of gradc.h to the byte;
# python_test.py calls it; it finds libgradc in this tree, installed, and where $GRADC_LIBRARY says.
#
# From the environment: BUILD, CC, SAN. Run from the repository root.
[ -z "${SAN:-}" ] || { echo 'a library with sanitizers wants a Python with them' && exit 77; }
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

want_numpy
case $build in /*) lib=$build/libgradc.so ;; *) lib=$PWD/$build/libgradc.so ;; esac
export PYTHONDONTWRITEBYTECODE=1
unset GRADC_LIBRARY GRADC_STD

says() { # TEXT COMMAND... - that fails
    local text=$1
    shift
    if "$@" >"$dir/said" 2>&1; then return 1; fi
    cat "$dir/said"
    grep -qF -- "$text" "$dir/said"
}

# --- The interface ------------------------------------------------------------------------------

export PYTHONPATH=$PWD/runtime/python
"$python" - >"$dir/layout.c" <<'END'
from gradc import _library as c
print("#include <stddef.h>\n#include <stdio.h>\n#include <runtime/gradc.h>\nint main(void)\n{")
for name, struct in c.STRUCTS.items():
    print(f'    printf("{name} %d\\n", (int)sizeof({name}));')
    for field, _ in struct._fields_:
        print(f'    printf("{name}.{field} %d %d\\n", (int)offsetof({name}, {field}), (int)sizeof((({name} *)0)->{field}));')
for name in ("OK", "MODEL_ERROR", "USAGE_ERROR", "SYSTEM_ERROR", "BOOL", "U8", "I32", "I64", "F32", "F64", "INPUT",
             "TANGENT", "COTANGENT", "SIZE", "OUTPUT", "STATE", "SETTING", "CALL_OK", "CALL_BOUNDS"):
    print(f'    printf("{name} %d\\n", (int)GRADC_{name});')
print("    return 0;\n}")
END
"$python" - >"$dir/ours" <<'END'
import ctypes
from gradc import _library as c
for name, struct in c.STRUCTS.items():
    print(name, ctypes.sizeof(struct))
    for field, _ in struct._fields_:
        print(f"{name}.{field}", getattr(struct, field).offset, getattr(struct, field).size)
for name in ("OK", "MODEL_ERROR", "USAGE_ERROR", "SYSTEM_ERROR", "BOOL", "U8", "I32", "I64", "F32", "F64", "INPUT",
             "TANGENT", "COTANGENT", "SIZE", "OUTPUT", "STATE", "SETTING", "CALL_OK", "CALL_BOUNDS"):
    print(name, getattr(c, name))
END
runs 'layout: compiles' $cc -I. "$dir/layout.c" -o "$dir/layout"
"$dir/layout" >"$dir/theirs"
runs 'runtime/python/gradc/_library.py has the structures of gradc.h' diff "$dir/theirs" "$dir/ours"
runs 'something was compared' [ "$(wc -l <"$dir/ours")" -gt 60 ]
version=$(sed -n 's/^version = "\(.*\)"/\1/p' runtime/python/pyproject.toml)
runs 'pyproject.toml has the version of gradc.h' grep -qF "GRADC_VERSION \"$version\"" runtime/gradc.h

# --- The package --------------------------------------------------------------------------------

GRADC_LIBRARY=$lib "$python" tests/cli/python_test.py >"$dir/log" 2>&1
line=$(tail -n 1 "$dir/log")
case $line in
*' 0 failed'*) passed=$((passed + ${line%% *})) ;;
*) grep -v '^[0-9]* passed' "$dir/log" && failed=$((failed + 1)) ;;
esac

newton() { # N WANTED
    GRADC_LIBRARY=$lib "$python" examples/host/python/newton.py "$1" | tee /dev/stderr | grep -qxF "$2"
}
runs 'examples/host/python' newton 2 'x = 1 1'
runs 'examples/host/python: more variables' newton 3 'x = 1 1 1'

# What README.md shows.
awk '/^```/ { n += !open; open = !open; next } open && n == 1' README.md >"$dir/line.dg"
awk '/^```python/ { open = 1; next } /^```/ { open = 0 } open' README.md >"$dir/readme.py"
echo 'assert abs(result.value - 29.93) < 1 and result.grad_a.dtype == "float64", result' >>"$dir/readme.py"
runs 'README.md: something is shown' grep -q 'gradc.compile' "$dir/readme.py"
runs 'README.md: it runs' env GRADC_LIBRARY="$lib" sh -c "cd '$dir' && '$python' readme.py"

# --- Finding the library ------------------------------------------------------------------------

echo 'fn f(x) = 2 * x' >"$dir/m.dg"
call="import gradc; assert gradc.compile('$dir/m.dg').f(3).value == 6"
where="import gradc._library as c; print(c.library()._name)"
if [ "$build" = build ]; then
    runs 'in this tree' "$python" -c "$call"
    runs 'which is in this tree' [ "$("$python" -c "$where")" = "$lib" ]
fi
runs 'a $GRADC_LIBRARY that is not there' says 'gradc._errors.Error: $GRADC_LIBRARY: /none.so' \
    env GRADC_LIBRARY=/none.so "$python" -c "$call"
echo 'int gradc_version;' >"$dir/other.c"
runs 'another library' $cc -shared -fPIC "$dir/other.c" -o "$dir/other.so"
runs 'another library is told' says 'it is not the libgradc of this package' \
    env GRADC_LIBRARY="$dir/other.so" "$python" -c "$call"
runs 'install' "${MAKE:-make}" -s BUILD="$build" PREFIX=/opt/gradc DESTDIR="$dir/there" install
mv "$dir/there/opt/gradc" "$dir/moved"
cd "$dir" || exit 1
export PYTHONPATH=$dir/moved/share/gradc/python
runs 'installed, and moved' "$python" -c "$call"
runs 'it is the library that was installed' [ "$("$python" -c "$where")" = "$dir/moved/lib/libgradc.so.0" ]
mkdir -p moved/lib/python3/dist-packages
mv moved/share/gradc/python/gradc moved/lib/python3/dist-packages/
export PYTHONPATH=$dir/moved/lib/python3/dist-packages
runs 'among the packages of the same prefix' [ "$("$python" -c "$where")" = "$dir/moved/lib/libgradc.so.0" ]
mkdir alone && cp -r moved/lib/python3/dist-packages/gradc alone/
export PYTHONPATH=$dir/alone
runs 'by the path of the loader' env LD_LIBRARY_PATH="$dir/moved/lib" "$python" -c "$call"
if ! ldconfig -p 2>/dev/null | grep -q libgradc; then
    runs 'nowhere' says 'libgradc is not there: build gradc' "$python" -c "$call"
fi

# By pip, where it can build packages by itself.
unset PYTHONPATH
if "$python" -c 'import setuptools, wheel' 2>/dev/null && "$python" -m pip --version >/dev/null 2>&1; then
    cp -r "$root/runtime/python" package && rm -rf package/gradc/__pycache__
    runs 'pip' "$python" -m pip install -q --no-deps --no-build-isolation --no-index --target piped ./package
    runs 'as pip has installed it' env PYTHONPATH="$dir/piped" GRADC_LIBRARY="$lib" "$python" -c "$call"
else
    echo 'skipped: no pip with setuptools and wheel'
fi

sum_up
