#!/usr/bin/env bash
# build.sh OUTPUT JAVA_HOME: builds libcuda.so.1 and libcublas.so.12 into OUTPUT; only what changed is compiled.
set -euo pipefail
output=$(realpath -m "$1") java_home=$2
cd "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p "$output/objects"
exec 9> "$output/lock"
flock 9

flags=(-std=c++17 -O3 -g1 -fPIC -Wall -Wextra -Werror -Wno-unused-parameter -fno-strict-aliasing -fwrapv
    -ffp-contract=off -frounding-math -fno-math-errno -fno-trapping-math -I. "-I$java_home/include" "-I$java_home/include/linux")
if grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo; then flags+=(-mavx2 -mfma -mpopcnt); fi
common=$({ echo "${flags[*]}"; g++ --version; find . -name '*.h' -print0 | sort -z | xargs -0 cat; } | sha256sum)

# An object file is up to date if it was made from the same source, headers, flags and compiler.
compile() {
    local source=$1 object=$2 stamp
    stamp=$(echo "$common" | cat - "$source" | sha256sum)
    [[ -e $object && -e $object.stamp && $(< "$object.stamp") == "$stamp" ]] && return
    g++ "${flags[@]}" -c "$source" -o "$object"
    echo "$stamp" > "$object.stamp"
    touch "$output/changed"
}
object_of() { echo "$output/objects/${1//\//_}.o"; }

# compile_all SOURCE...: two at a time.
compile_all() {
    local source
    for source in "$@"; do
        while [[ $(jobs -rp | wc -l) -ge 2 ]]; do wait -n; done
        compile "$source" "$(object_of "$source")" &
    done
    while [[ $(jobs -rp | wc -l) -gt 0 ]]; do wait -n; done
}

# stubs SYMBOLS CODE OBJECT...: a function for each symbol that no object defines; it logs and returns CODE.
stubs() {
    local symbols=$1 code=$2
    shift 2
    echo '#include <cstdio>'
    comm -23 <(sort -u "$symbols") <(nm --defined-only "$@" | awk 'NF == 3 && $2 == "T" { print $3 }' | sort -u) \
        | awk -v code="$code" '{ printf "extern \"C\" int %s() { std::fprintf(stderr, \"[cuda-sim] %s is not simulated\\n\"); return %d; }\n", $1, $1, code }'
}

# library NAME SYMBOLS CODE LINKER_FLAGS -- SOURCE...
library() {
    local name=$1 symbols=$2 code=$3 linker=() objects=() source
    shift 3
    while [[ $1 != -- ]]; do linker+=("$1"); shift; done
    shift
    compile_all "$@"
    for source in "$@"; do objects+=("$(object_of "$source")"); [[ -e ${objects[-1]} ]] || exit 1; done
    stubs "$symbols" "$code" "${objects[@]}" > "$output/objects/$name.stubs.cc"
    compile "$output/objects/$name.stubs.cc" "$output/objects/$name.stubs.o"
    if [[ -e $output/$name && ! -e $output/changed ]]; then return; fi
    g++ -shared -o "$output/$name.new" "-Wl,-soname,$name" "${objects[@]}" "$output/objects/$name.stubs.o" "${linker[@]}"
    mv "$output/$name.new" "$output/$name"
}

library libcuda.so.1 driver-symbols.txt 801 -- core/*.cc memory/*.cc ptx/*.cc engine/*.cc device/*.cc driver/*.cc
echo 'libcublas.so.12 { global: cublas*; local: *; };' > "$output/objects/cublas.map"
library libcublas.so.12 cublas-symbols.txt 15 "-Wl,--version-script=$output/objects/cublas.map" "$output/libcuda.so.1" -- cublas/*.cc
rm -f "$output/changed"
