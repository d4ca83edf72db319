#!/usr/bin/env bash
# std.sh: `import "nn"` finds the standard library: from any folder, called by any path, installed,
# through the shared library; $GRADC_STD and a file beside the model come first.
#
# From the environment: BUILD, CC, GRADC, SAN. Run from the repository root.
set -e
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

[ "${build#/}" != "$build" ] || build=$PWD/$build

mkdir "$dir/own" "$dir/other"
cat >"$dir/model.dg" <<'END'
import "nn"
import "optim"
fn f(z[N]) = sum(leaky_relu(z, 0.5))
END
cp "$dir/model.dg" "$dir/own/"
echo 'fn leaky_relu(z, slope) = 7 * z' | tee "$dir/own/nn.dg" >"$dir/other/nn.dg"
unset GRADC_STD

value() { # PROGRAM MODEL WANTED
    "$1" run --jit interp "$2" f 'z=[-2, 1]' | tee /dev/stderr | grep -qx "value = $3"
}
cd "$dir"
runs 'by its full path, from elsewhere' value "$gradc" model.dg 0.0
cd "$root"
case $gradc in
"$root"/*) runs 'by a relative path' value "./${gradc#"$root/"}" "$dir/model.dg" 0.0 ;;
esac
runs 'from PATH' env PATH="$(dirname "$gradc"):$PATH" gradc "$dir/model.dg" -o "$dir/out.c"
runs 'a file beside the model comes first' value "$gradc" "$dir/own/model.dg" -7.0
cp runtime/std/optim.dg "$dir/other/"
export GRADC_STD=$dir/other
# shellcheck disable=SC2016
runs '$GRADC_STD comes first' value "$gradc" "$dir/model.dg" -7.0
unset GRADC_STD
cp runtime/std/optim.dg "$dir/other/"
runs '-I comes first' "$gradc" -I "$dir/other" "$dir/model.dg" -o "$dir/out.c"
runs '-I comes first: its functions' grep -q 'z \* 7\|7.* \* z' "$dir/out.c"

# The model that docs/language.md begins with.
awk '/^```/ { n += !open; open = !open; next } open && n == 1' docs/language.md >"$dir/mlp.dg"
runs 'docs/language.md: it imports' grep -q '^import "nn"' "$dir/mlp.dg"
runs 'docs/language.md: its first model' "$gradc" "$dir/mlp.dg" -o "$dir/mlp.c"
runs 'docs/language.md: as section 8 says' grep -q '^int loss_grad(const float \*x, const int32_t \*y, const float \*W1' "$dir/mlp.c"

if [ -z "${SAN:-}" ]; then
    # Installed, then moved: neither the tree nor the prefix it was built for is there.
    ${MAKE:-make} -s BUILD="${BUILD:-build}" PREFIX=/usr DESTDIR="$dir/there" install
    mv "$dir/there/usr" "$dir/moved"
    for name in nn losses optim; do
        runs "$name.dg is installed" [ -s "$dir/moved/share/gradc/std/$name.dg" ]
    done
    runs 'installed' value "$dir/moved/bin/gradc" "$dir/model.dg" 0.0
    cat >"$dir/host.c" <<'END'
#include <gradc.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    gradc *g = argc > 1 ? gradc_compile_file(argv[1], NULL) : NULL;
    int bad = !g || gradc_get_status(g) != GRADC_OK;
    if (g)
        fputs(gradc_errors(g), stderr);
    gradc_free(g);
    return bad;
}
END
    $cc -I"$dir/moved/include" "$dir/host.c" -L"$dir/moved/lib" -lgradc -o "$dir/host"
    LD_LIBRARY_PATH=$dir/moved/lib runs 'through the installed shared library' "$dir/host" "$dir/model.dg"
    $cc -Iruntime "$dir/host.c" -L"$build" -lgradc -o "$dir/host"
    LD_LIBRARY_PATH=$build runs 'through the shared library in the build tree' "$dir/host" "$dir/model.dg"
fi

sum_up
