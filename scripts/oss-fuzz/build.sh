#!/usr/bin/env bash
#
# Usage: build.sh
#
# Builds the fuzzers as OSS-Fuzz and ClusterFuzzLite ask for it, out of the variables that they set:
#
#   CC CXX CFLAGS CXXFLAGS   the compilers, and flags that carry the sanitizer and the coverage
#   LIB_FUZZING_ENGINE       what links the engine: -fsanitize=fuzzer, or an archive
#   SRC                      where the sources are: lastref, and beside it what Dockerfile puts there
#   OUT                      where fuzzers go, with NAME_seed_corpus.zip, NAME.options, NAME.dict
#   WORK                     for what comes and goes
#
# Of fmt, CLI11, json and openssl in $SRC each is built with the same flags, and what is not there is
# taken from the system.
#
# For other uses than OSS-Fuzz's:
#
#   LASTREF_FUZZERS          the fuzzers to build, separated by spaces (default: all)
#   LASTREF_BUILT            a build tree that has them already: then none is compiled
#   LASTREF_JOBS             parallel compilations (default: the number of processors)
#
# Exit codes: 0 all is in $OUT, else that of the first command that failed.

set -euo pipefail

case "${1-}" in
  '') ;;
  *)
    sed -n '/^# Usage/,/^$/s/^# \{0,1\}//p' "$0"
    [[ $1 == -h || $1 == --help ]] && exit 0
    exit 2
    ;;
esac

: "${SRC:?is not set; it names the directory of the sources}"
: "${OUT:?is not set; it names the directory that fuzzers go to}"
: "${WORK:?is not set; it names a directory for what comes and goes}"
root=$SRC/lastref
if [[ ! -f $root/CMakeLists.txt ]]; then
  echo "build.sh: found no CMakeLists.txt in $root; expected the sources of lastref there" >&2
  exit 2
fi
mkdir -p "$OUT" "$WORK"
jobs=${LASTREF_JOBS:-$(nproc)}
read -ra fuzzers <<<"${LASTREF_FUZZERS-}"
dependencies=$WORK/dependencies

# dependency <folder of $SRC> <options of cmake...>: built and installed, if it is there.
dependency() {
  local name=$1
  shift
  [[ -d $SRC/$name ]] || return 0
  cmake -S "$SRC/$name" -B "$WORK/$name" -DCMAKE_INSTALL_PREFIX="$dependencies" \
    -DBUILD_TESTING=OFF "$@"
  cmake --build "$WORK/$name" -j "$jobs" --target install
}

openssl() {
  [[ -d $SRC/openssl ]] || return 0
  (
    cd "$SRC/openssl"
    ./config no-shared no-tests no-asm --libdir=lib --prefix="$dependencies"
    make -j "$jobs" build_sw
    make install_dev
  )
}

# What the flags of OSS-Fuzz say stands: a build type would add to it. A compiler that instruments, as
# AFL++'s does, heeds its environment and its plugins, of which ccache knows nothing.
compile() {
  : "${LIB_FUZZING_ENGINE:?is not set; it is what links the fuzzing engine}"
  export CCACHE_DISABLE=1
  dependency fmt -DFMT_TEST=OFF -DFMT_DOC=OFF
  dependency CLI11 -DCLI11_BUILD_TESTS=OFF -DCLI11_BUILD_EXAMPLES=OFF
  dependency json -DJSON_BuildTests=OFF
  openssl
  cmake -G Ninja -S "$root" -B "$WORK/lastref" -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_PREFIX_PATH="$dependencies" -DOPENSSL_USE_STATIC_LIBS="$([[ -d $SRC/openssl ]] && echo ON || echo OFF)" \
    -DLASTREF_BUILD_TESTS=OFF -DLASTREF_WERROR=OFF -DLASTREF_FUZZ_COVERAGE=OFF \
    -DLASTREF_FUZZING_ENGINE="$LIB_FUZZING_ENGINE"
  local programs=(lastref_fuzzers lastref_fuzz_replays)
  if [[ ${#fuzzers[@]} -gt 0 ]]; then
    programs=("${fuzzers[@]}" "${fuzzers[@]/%/_replay}")
  fi
  cmake --build "$WORK/lastref" -j "$jobs" --target "${programs[@]}"
}

# pack <fuzzer>: it, and what an engine begins with, to $OUT.
pack() {
  local fuzzer=$1 name kind
  name=$(basename "$fuzzer")
  if [[ ! -x $fuzzer ]]; then
    echo "build.sh: found no $name in $built/bin; expected a fuzzer that was built there, of which" \
      "docs/fuzzing.md has the names" >&2
    exit 2
  fi
  kind=program
  [[ $name == fuzz_decode_* ]] && kind=decode
  [[ $name == fuzz_trace ]] && kind=trace
  cp "$fuzzer" "$OUT/$name"
  cp "$root/scripts/oss-fuzz/$kind.options" "$OUT/$name.options"
  rm -rf "$WORK/seeds/$name"
  "${fuzzer}_replay" --seeds "$WORK/seeds/$name" "$root/corpus"
  (cd "$WORK/seeds/$name" && cmake -E tar cf "$OUT/${name}_seed_corpus.zip" --format=zip -- *)
  "${fuzzer}_replay" --dictionary >"$WORK/$name.dict"
  if [[ -s $WORK/$name.dict ]]; then
    cp "$WORK/$name.dict" "$OUT/$name.dict"
  fi
}

built=${LASTREF_BUILT:-$WORK/lastref}
[[ -n ${LASTREF_BUILT-} ]] || compile
if [[ ${#fuzzers[@]} -gt 0 ]]; then
  replays=("${fuzzers[@]/#/$built/bin/}")
else
  replays=("$built"/bin/fuzz_*_replay)
fi
for replay in "${replays[@]}"; do
  pack "${replay%_replay}"
done
