# Tests of the project as a whole: its CMake package and its style.

if(EXISTS "${PROJECT_SOURCE_DIR}/harness/target/include/lastref/target_abi.h")
  set(lastref_ledger_example "${PROJECT_SOURCE_DIR}/docs/ledger_example")
  if(LASTREF_SANITIZE OR LASTREF_LTO)
    set(lastref_ledger_example "")
  endif()
  add_test(
    NAME package
    COMMAND
      "${CMAKE_COMMAND}" "-DBUILD=${PROJECT_BINARY_DIR}"
      "-DCONSUMER=${PROJECT_SOURCE_DIR}/scripts/cmake/package_test"
      "-DLEDGER_EXAMPLE=${lastref_ledger_example}"
      "-DWORK=${PROJECT_BINARY_DIR}/package_test" "-DGENERATOR=${CMAKE_GENERATOR}"
      "-DC_COMPILER=${CMAKE_C_COMPILER}" "-DCXX_COMPILER=${CMAKE_CXX_COMPILER}"
      "-DOPENSSL_INCLUDE=${OPENSSL_INCLUDE_DIR}" "-DOPENSSL_LIBRARY=${OPENSSL_SSL_LIBRARY}" -P
      "${PROJECT_SOURCE_DIR}/scripts/cmake/package_test.cmake")
  set_tests_properties(package PROPERTIES LABELS scripts TIMEOUT 120)
endif()

if(TARGET lastref AND TARGET lastref_target_openssl AND TARGET lastref_target_boringssl)
  add_test(NAME readme COMMAND "${PROJECT_SOURCE_DIR}/scripts/readme_test" "${PROJECT_BINARY_DIR}")
  set_tests_properties(readme PROPERTIES LABELS scripts TIMEOUT 300)
  # A sanitizer finds more in the library than the baseline has signatures for.
  if(NOT LASTREF_SANITIZE)
    add_test(NAME versions COMMAND "${PROJECT_SOURCE_DIR}/scripts/versions_test"
                                   "${PROJECT_BINARY_DIR}")
    set_tests_properties(versions PROPERTIES LABELS scripts TIMEOUT 300 SKIP_RETURN_CODE 77)
  endif()
endif()

# Where the fuzzers are built as they are used: with a sanitizer, which finds more than the verdicts.
if(TARGET fuzz_reference AND TARGET fuzz_reference_replay)
  add_test(NAME fuzzers COMMAND "${PROJECT_SOURCE_DIR}/scripts/fuzz_test" "${PROJECT_BINARY_DIR}")
  set_tests_properties(fuzzers PROPERTIES LABELS fuzz TIMEOUT 540)
endif()

if(LASTREF_TIDY_TEST)
  add_test(NAME tidy COMMAND "${PROJECT_SOURCE_DIR}/scripts/tidy" "${PROJECT_BINARY_DIR}")
  set_tests_properties(tidy PROPERTIES LABELS scripts TIMEOUT 540 PROCESSORS 2)
endif()

# Of what scripts/bench says; it measures nothing.
find_program(LASTREF_PYTHON python3)
mark_as_advanced(LASTREF_PYTHON)
if(LASTREF_PYTHON)
  add_test(NAME scripts/bench COMMAND "${LASTREF_PYTHON}"
                                      "${PROJECT_SOURCE_DIR}/scripts/benchmarks/bench_test.py")
  set_tests_properties(scripts/bench PROPERTIES LABELS scripts TIMEOUT 60)
endif()
