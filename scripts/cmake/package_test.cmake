# Installs a build tree to an empty prefix, then builds and runs a project that knows nothing but
# that prefix.
#
# cmake -DBUILD=<build tree> -DCONSUMER=<project> -DWORK=<scratch> -DGENERATOR=Ninja
#       -DC_COMPILER=cc -DCXX_COMPILER=c++ -P package_test.cmake

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

run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
run("${CMAKE_COMMAND}"
    -S "${CONSUMER}"
    -B "${WORK}/build"
    -G "${GENERATOR}"
    "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DCMAKE_C_COMPILER=${C_COMPILER}"
    "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}")
run("${CMAKE_COMMAND}" --build "${WORK}/build")
run("${CMAKE_CTEST_COMMAND}" --test-dir "${WORK}/build" --output-on-failure --no-tests=error)
