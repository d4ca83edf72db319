#!/usr/bin/env bash
# install.sh: `make install` into a folder, which is then moved: what a host finds there by
# pkg-config and by CMake is enough to build examples/host/c and examples/host/cmake; a model in a
# CMake project is compiled again when what it imports has changed; uninstall leaves nothing.
#
# From the environment: BUILD, CC, SAN. Run from the repository root.
[ -z "${SAN:-}" ] || { echo 'a library with sanitizers wants hosts with them' && exit 77; }
# shellcheck source=tests/cli/common.sh
. tests/cli/common.sh

case $build in /*) lib=$build ;; *) lib=$PWD/$build ;; esac
unset GRADC_STD MAKEFLAGS MFLAGS

prints() { # TEXT COMMAND... - among what it prints
    local text=$1
    shift
    "$@" | tee /dev/stderr | grep -qF -- "$text"
}
has() { command -v "$1" >/dev/null 2>&1; }

runs 'install' make -s BUILD="$build" PREFIX=/opt/gradc DESTDIR="$dir/there" install
for file in bin/gradc include/gradc.h lib/libgradc.a lib/libgradc.so lib/libgradc.so.0 \
    lib/pkgconfig/gradc.pc lib/cmake/gradc/gradcConfig.cmake share/gradc/std/nn.dg share/man/man1/gradc.1; do
    runs "$file is installed" [ -s "$dir/there/opt/gradc/$file" ]
done
runs 'nothing is left to be filled in' not grep -r '@[A-Z]*@' "$dir/there/opt/gradc/lib/pkgconfig" \
    "$dir/there/opt/gradc/lib/cmake"
cp -r "$dir/there/opt/gradc" "$dir/moved"
prefix=$dir/moved
echo 'fn f(x[n]) = sum(x)' >"$dir/there/opt/gradc/share/keep.dg"
runs 'uninstall' make -s BUILD="$build" PREFIX=/opt/gradc DESTDIR="$dir/there" uninstall
left=$(cd "$dir/there" && find . ! -type d)
runs "uninstall leaves only what it did not put there: $left" [ "$left" = ./opt/gradc/share/keep.dg ]

# --- examples/host/c ----------------------------------------------------------------------------

mkdir -p "$dir/tree/examples/host"
cp -r examples/host/c "$dir/tree/examples/host/"
rm -f "$dir/tree/examples/host/c/newton"
host=$dir/tree/examples/host/c
strict='-O2 -Wpedantic -Wconversion -Wshadow -Werror'
mkdir "$dir/none"
runs 'examples/host/c with this tree' env PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR="$dir/none" \
    make -s -C "$host" CC="$cc" CFLAGS="$strict" GRADC_ROOT="$root" \
    LDFLAGS="-L$lib -Wl,-rpath,$lib"
runs 'it finds the minimum' prints 'x = 1 1' "$host/newton" examples/rosenbrock.dg
echo 'fn f(x[n]) = sum(x' >"$dir/wrong.dg"
runs 'it shows what is wrong with a model' prints 'wrong.dg:1:' sh -c "'$host/newton' '$dir/wrong.dg' 2>&1"
runs 'and fails' not "$host/newton" "$dir/wrong.dg"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
if has pkg-config; then
    rm "$host/newton"
    runs 'examples/host/c by pkg-config' make -s -C "$host" CC="$cc" CFLAGS="$strict" GRADC_ROOT=/nowhere
    runs 'it runs' prints 'x = 1 1' "$host/newton" examples/rosenbrock.dg
    runs 'it is linked to what was installed' prints "$prefix" env LC_ALL=C readelf -d "$host/newton"
    # shellcheck disable=SC2046 # flags are words
    runs 'the archive by pkg-config --static' $cc "$host/newton.c" $(pkg-config --cflags gradc) \
        "$prefix/lib/libgradc.a" $(pkg-config --libs --static gradc | sed 's/-lgradc//') -o "$dir/static"
    runs 'it runs without the shared library' prints 'x = 1 1' "$dir/static" examples/rosenbrock.dg
    runs 'the version' [ "gradc $(pkg-config --modversion gradc)" = "$("$prefix/bin/gradc" --version)" ]
    runs 'the folder of the standard library' [ -e "$(pkg-config --variable=stddir gradc)/nn.dg" ]
else
    echo 'skipped: no pkg-config'
fi

# --- examples/host/cmake ------------------------------------------------------------------------

if ! has cmake; then
    echo 'skipped: no cmake'
    skipped=1
    sum_up
    exit
fi
unset PKG_CONFIG_PATH
cmake_in() { # FOLDER OPTION... - of the project in $dir/FOLDER
    local folder=$1
    shift
    CC=$cc cmake -S "$dir/$folder" -B "$dir/$folder/build" -DCMAKE_PREFIX_PATH="$prefix" "$@"
}
cp -r examples/host/cmake "$dir/fit"
runs 'examples/host/cmake: configure' cmake_in fit -DCMAKE_C_FLAGS='-Wall -Wextra -Werror'
runs 'examples/host/cmake: build' cmake --build "$dir/fit/build"
runs 'examples/host/cmake: it runs' prints 'y = 2.3801 t + 0.5443, cost 27.4477' "$dir/fit/build/fit"

mkdir "$dir/more"
cd "$dir/more" || exit 1
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.13)
project(more LANGUAGES C CXX)
find_package(gradc 0.1 REQUIRED)
find_package(gradc REQUIRED)
add_library(models STATIC)
gradc_add_model(models sub/a.dg OPTIONS --real f32 -e "f with grad(x) as slope" -D K=3)
gradc_add_model(models sub/a.dg NAME other OPTIONS -e "g")
add_executable(user user.cpp)
target_link_libraries(user models)
add_executable(shared host.c)
target_link_libraries(shared PRIVATE gradc::gradc)
add_executable(archive host.c)
target_link_libraries(archive gradc::static)
END
mkdir sub
cat >sub/a.dg <<'END'
import "b"
import "losses"
dim K = 2
fn f(x) = K * twice(x)
fn g(x[n]) = sum(exp(huber(x, 1)))
END
echo 'fn twice(x) = 2 * x' >sub/b.dg
cat >user.cpp <<'END'
#include "a.h"
#include "other.h"
#include <cstdio>
int main()
{
    float value, slope_x;
    double sum, x[] = {0, 0};
    slope(1, &value, &slope_x);
    g(x, 2, &sum);
    std::printf("%g %g %g\n", value, slope_x, sum);
}
END
cat >host.c <<'END'
#include <gradc.h>
#include <stdio.h>
int main(void)
{
    static const char text[] = "import \"nn\"\nfn f(x) = relu(x)";
    gradc *g = gradc_compile_string("m.dg", text, sizeof text - 1, NULL);
    puts(g && gradc_get_status(g) == GRADC_OK ? "good" : gradc_errors(g));
    gradc_free(g);
    return 0;
}
END
generators='Unix Makefiles'
if has ninja; then generators="$generators;Ninja"; else echo 'skipped: no ninja'; fi
while IFS= read -r generator; do
    rm -rf build
    echo 'fn twice(x) = 2 * x' >sub/b.dg
    runs "$generator: configure" cmake_in more -G "$generator"
    runs "$generator: build" cmake --build build -j2
    runs "$generator: a library of two models" prints '6 6 2' build/user
    runs "$generator: libgradc" prints good build/shared
    runs "$generator: its archive" env GRADC_STD="$prefix/share/gradc/std" build/archive
    runs "$generator: nothing to do" cmake --build build
    cp "$dir/log" "$dir/said"
    runs "$generator: nothing is made again" not grep -q 'gradc a' "$dir/said"
    sleep 1 # the time stamps of some file systems
    echo 'fn twice(x) = 5 * x' >sub/b.dg
    runs "$generator: build again" cmake --build build
    cp "$dir/log" "$dir/said"
    runs "$generator: the model that imports it is made again" grep -q 'gradc a' "$dir/said"
    runs "$generator: a changed import" prints '15 15 2' build/user
done < <(tr ';' '\n' <<<"$generators")

wrong() { # TEXT LINE... - what a project with these lines is told
    local text=$1
    shift
    rm -rf ../wrong && mkdir ../wrong
    {
        printf 'cmake_minimum_required(VERSION 3.13)\nproject(wrong LANGUAGES %s)\n' "${languages:-C}"
        printf '%s\n' "$@"
    } >../wrong/CMakeLists.txt
    echo 'fn f(x) = x' >../wrong/m.dg
    echo 'int main(void) { return 0; }' >../wrong/main.c
    cp ../wrong/main.c ../wrong/main.cpp
    runs "CMake: $text" not cmake_in wrong
    tr -s '\n ' ' ' <"$dir/log" >"$dir/said" # in one line; runs writes to log itself
    runs "CMake does not say: $text; but: $(cat "$dir/said")" grep -qF "$text" "$dir/said"
}
wrong 'Could not find a configuration file for package "gradc" that is compatible' 'find_package(gradc 0.2 REQUIRED)'
wrong "there is no target 'app'" 'find_package(gradc REQUIRED)' 'gradc_add_model(app m.dg)'
wrong 'none.dg' 'find_package(gradc REQUIRED)' 'add_executable(app main.c)' 'gradc_add_model(app none.dg)'
wrong "unknown arguments '--real f32'" 'find_package(gradc REQUIRED)' 'add_executable(app main.c)' \
    'gradc_add_model(app m.dg --real f32)'
languages=CXX wrong 'must have the language C' 'find_package(gradc REQUIRED)' 'add_executable(app main.cpp)' \
    'gradc_add_model(app m.dg)'

sum_up
