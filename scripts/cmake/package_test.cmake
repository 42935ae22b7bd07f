# Installs a build tree to an empty prefix, then builds and runs a project that knows nothing but
# that prefix.
#
# cmake -DBUILD=<build tree> -DCONSUMER=<project> -DWORK=<scratch> -DGENERATOR=Ninja
#       -DC_COMPILER=cc -DCXX_COMPILER=c++ [-DOPENSSL_INCLUDE=<directory> -DOPENSSL_LIBRARY=<file>]
#       -P package_test.cmake

foreach(name BUILD CONSUMER WORK GENERATOR C_COMPILER CXX_COMPILER)
  if(NOT ${name})
    message(FATAL_ERROR "package_test.cmake needs -D${name}=...")
  endif()
endforeach()

set(prefix "${WORK}/prefix")
file(REMOVE_RECURSE "${WORK}")

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "package test: exit ${result} from: ${command}")
  endif()
endfunction()

# Builds a project against the prefix and runs its tests.
function(build_and_test project into)
  run("${CMAKE_COMMAND}"
      -S "${project}"
      -B "${into}"
      -G "${GENERATOR}"
      "-DCMAKE_PREFIX_PATH=${prefix}"
      "-DCMAKE_C_COMPILER=${C_COMPILER}"
      "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}")
  run("${CMAKE_COMMAND}" --build "${into}")
  run("${CMAKE_CTEST_COMMAND}" --test-dir "${into}" --output-on-failure --no-tests=error)
endfunction()

run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
build_and_test("${CONSUMER}" "${WORK}/build")

# An installed adapter's source is compiled again, and the installed program runs what comes of it.
if(OPENSSL_LIBRARY)
  cmake_path(GET OPENSSL_LIBRARY PARENT_PATH libraries)
  set(adapter "${WORK}/lastref-target-openssl.so")
  run("${CMAKE_COMMAND}" -E env "CXX=${CXX_COMPILER}"
      "${prefix}/bin/lastref" build-adapter openssl --include "${OPENSSL_INCLUDE}"
      --library "${libraries}" -o "${adapter}")
  run("${prefix}/bin/lastref" check "${adapter}" --budget 50)
endif()

# The ledger is a library of its own: by the CMake package, and with a C compiler by pkg-config. In a
# build with sanitizers it cannot be linked without them.
if(NOT LEDGER_EXAMPLE)
  return()
endif()
build_and_test("${LEDGER_EXAMPLE}" "${WORK}/ledger")
find_program(pkgconfig NAMES pkg-config pkgconf)
if(pkgconfig)
  file(GLOB_RECURSE found "${prefix}/lastref-ownership.pc")
  cmake_path(GET found PARENT_PATH directory)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E env "PKG_CONFIG_PATH=${directory}" "${pkgconfig}" --cflags --libs
            lastref-ownership
    OUTPUT_VARIABLE flags
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags UNIX_COMMAND "${flags}")
  run("${C_COMPILER}" "${LEDGER_EXAMPLE}/tile.c" "${LEDGER_EXAMPLE}/main.c" ${flags} -o
      "${WORK}/tiles")
  run("${WORK}/tiles" none)
endif()
