#!/usr/bin/env bash
# arrays.sh: array files between gradc and NumPy. What NumPy saves (.npz, stored, deflated and with
# the lengths of zip64; .npy, IDX and tables behind gzip) is read, and what gradc_npz_write writes is
# loaded by numpy.load. tests/unit/array_test.c has damaged files.
#
# From the environment: GRADC, BUILD, CC. Run from the repository root.
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

want_numpy

cd "$dir" || exit 1
cat >m.dg <<'END'
fn f(x: f32[n, m]) = x
fn g(x[n]) = 2 * x
export f
export g
END
"$python" - <<'END'
import gzip, io, numpy, zipfile

def npy(array):
    text = io.BytesIO()
    numpy.save(text, array)
    return text.getvalue()

x = numpy.arange(6, dtype=numpy.float32).reshape(2, 3)
y = numpy.arange(3)
numpy.savez("stored.npz", x=x, y=y)
numpy.savez_compressed("deflated.npz", x=x, y=y)
numpy.savez("one.npz", x)
numpy.savez("zeros.npz", z=numpy.zeros(3000000))
numpy.savez_compressed("zeros_deflated.npz", z=numpy.zeros(3000000))
numpy.savez("fortran.npz", x=numpy.asfortranarray(x))
with gzip.open("x.npy.gz", "wb") as f:
    f.write(npy(x))
with gzip.open("table.csv.gz", "wt") as f:
    f.write("a,b,c\n0,1,2\n3,4,5\n")
with gzip.open("x.idx.gz", "wb") as f:
    f.write(b"\0\0\10\2\0\0\0\2\0\0\0\3" + bytes(range(6)))
with zipfile.ZipFile("text.npz", "w") as z:
    z.writestr("x.npy", "no array")
zipfile.ZIP64_LIMIT = 10
with zipfile.ZipFile("zip64.npz", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("text.txt", "no array")
    z.writestr("x.npy", npy(x))
END

zlib=yes
"$gradc" run m.dg f x=@x.npy.gz >out 2>err
if grep -q 'built without zlib' err; then
    zlib= && echo 'skipped: built without zlib: compressed arrays'
fi

# reads FILE... - each as the array x
reads() {
    local file
    for file in "$@"; do
        "$gradc" run m.dg f "x=@$file" >out 2>err
        ok "$file: $(cat out err)" [ "$(cat out)" = "value = [[0. 1. 2.]
         [3. 4. 5.]]" ]
    done
}
reads stored.npz:x one.npz one.npz:arr_0
[ -z "$zlib" ] || reads deflated.npz:x zip64.npz:x x.npy.gz table.csv.gz x.idx.gz
for file in zeros.npz ${zlib:+zeros_deflated.npz}; do
    "$gradc" run m.dg g "x=@$file" >out 2>err
    ok "$file: $(cat out err)" [ "$(cat out)" = 'value = [0. 0. 0. ... 0. 0. 0.]' ]
done

says() { # FILE MESSAGE
    local code=0
    "$gradc" run m.dg f "x=@$1" >out 2>err || code=$?
    ok "$1: exit status $code: $(cat err)" [ $code = 3 ]
    ok "$1: not said: $2; but: $(cat err)" grep -qF -- "$2" err
}
says stored.npz 'cannot read stored.npz: FILE.npz:NAME chooses one of its 2 arrays: x, y'
says stored.npz:z "it has no array 'z'; its arrays: x, y"
says none.npz:x 'cannot read none.npz: No such file'
says fortran.npz 'its array x: it is in Fortran order'
says text.npz 'its array x: it is not a .npy file'
head -c 400 stored.npz >cut.npz
says cut.npz:x 'it is cut off: it has no table of contents'
if [ -n "$zlib" ]; then
    says zip64.npz:text.txt 'its array text.txt: it is not a .npy file'
    head -c 60 x.npy.gz >cut.npy.gz
    says cut.npy.gz 'it is cut off in its packed data'
fi

# --- Written here, read there -------------------------------------------------------------------

# The sanitizers' libraries want a host built with them.
if [ -n "${SAN:-}" ]; then
    sum_up
    exit
fi
cat >write.c <<'END'
#include <runtime/gradc.h>
#include <stdio.h>
int main(void)
{
    int64_t two[] = {2, 3}, none[] = {0}, one[] = {5};
    double d[] = {1, 2.5, -3, 1e300, 5, 6};
    float f[] = {1.5f, 2, 3, 4, 5};
    int64_t l[] = {-9223372036854775807 - 1};
    int32_t i[] = {1, 2, 3, 4, -5};
    uint8_t b[] = {0, 1, 1, 0, 1};
    const gradc_array all[] = {{GRADC_F64, 2, two, 6, d},  {GRADC_F32, 1, one, 5, f},
                               {GRADC_I64, 0, NULL, 1, l}, {GRADC_I32, 1, one, 5, i},
                               {GRADC_U8, 1, one, 5, b},   {GRADC_BOOL, 1, one, 5, b},
                               {GRADC_F64, 1, none, 0, d}};
    const char *const name[] = {"d", "f", "l", "i", "u", "b", "none"};
    gradc_error e;
    if (gradc_npz_write("written.npz", 7, name, all, &e) == GRADC_OK)
        return 0;
    puts(e.text);
    return 1;
}
END
case $build in /*) lib=$build ;; *) lib=$root/$build ;; esac
ok 'the writer builds' $cc -I"$root" write.c -L"$lib" -lgradc -Wl,-rpath,"$lib" -o write
ok 'the writer runs' ./write
cp written.npz first.npz
ok 'the writer runs again' ./write
ok 'the same arrays are the same bytes' cmp first.npz written.npz
cat >check.py <<'END'
import numpy, zipfile

assert zipfile.ZipFile("written.npz").testzip() is None
z = numpy.load("written.npz")
assert list(z) == ["d", "f", "l", "i", "u", "b", "none"], list(z)
want = {
    "d": numpy.array([[1, 2.5, -3], [1e300, 5, 6]]),
    "f": numpy.array([1.5, 2, 3, 4, 5], numpy.float32),
    "l": numpy.array(-(2**63)),
    "i": numpy.array([1, 2, 3, 4, -5], numpy.int32),
    "u": numpy.array([0, 1, 1, 0, 1], numpy.uint8),
    "b": numpy.array([0, 1, 1, 0, 1], bool),
    "none": numpy.zeros(0),
}
for name, array in want.items():
    assert z[name].dtype == array.dtype and z[name].shape == array.shape, name
    assert (z[name] == array).all(), name
END
ok 'numpy.load reads what was written' "$python" check.py

sum_up
