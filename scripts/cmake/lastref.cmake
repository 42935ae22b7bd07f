# The functions with which the folders of lastref declare what they build.
#
#   lastref_library(NAME session SOURCES session.cc ... [PUBLIC libs...] [PRIVATE libs...] [INSTALL]
#                   [HOT])
#     The static library lastref_<name>, position independent. With no .cc or .c among SOURCES it is
#     an INTERFACE library. The folder's include/ directory, if there is one, becomes part of its
#     interface. INSTALL puts the library and that include/ into the CMake package as
#     lastref::<name>; every lastref library it needs must be installed as well. HOT is for those
#     that every operation of a program goes through, see LASTREF_HOT.
#
#   lastref_test(NAME cache_test SOURCES cache_test.cc LIBS lastref_session
#                [TIMEOUT seconds] [DEPENDS targets...] [ARGS arguments...] [ENVIRONMENT A=b...]
#                [THREADS])
#     A GoogleTest program, one entry of ctest, called <folder>/<name> and labelled <folder>. The
#     macros LASTREF_SOURCE_DIR and LASTREF_BINARY_DIR hold the repository and the build tree.
#     DEPENDS names what the program runs or loads: lastref, lastref_adapters. THREADS is for those
#     with threads of their own, which ThreadSanitizer is worth the time for: labelled threads too,
#     and built with lastref_thread_tests.
#
#   lastref_adapter(NAME openssl SOURCES adapter.cc ... [LIBS libs...]
#                   [RECIPE_LIBRARIES ssl crypto [RECIPE_INCLUDES . sub] [RECIPE_OPTIONS -D...]])
#     The shared object targets/lastref-target-<name>.so. Only what is marked with default
#     visibility leaves it, nothing of the static libraries linked into it does. With
#     RECIPE_LIBRARIES, the names that follow lib in the files of the library, its sources and how
#     to compile them go to share/lastref/adapters, here and when installed, and `lastref
#     build-adapter` makes it again for another version. RECIPE_INCLUDES are searched below the
#     directory of headers that is named there.
#
#   lastref_executable(NAME lastref SOURCES main.cc ... [LIBS libs...] [NO_INSTALL] [HOT])
#     A program in bin/ whose symbols are visible to the libraries it loads, because it takes the
#     place of some functions of the C library (time) for them. It is compiled with LASTREF_VERSION
#     and LASTREF_TARGETS_FROM_BIN, the adapters' place relative to the program's own once installed
#     (in the build tree it is ../targets). With HOT, the libraries that are are optimised as one.
#
#   lastref_add_folders(folder...)
#     add_subdirectory() for each folder that has a CMakeLists.txt.

include_guard(GLOBAL)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Where a program finds the adapters once both are installed.
file(RELATIVE_PATH LASTREF_TARGETS_FROM_BIN "${CMAKE_INSTALL_FULL_BINDIR}"
     "${CMAKE_INSTALL_FULL_LIBDIR}/lastref")

# Everything that lastref_adapter() makes.
add_custom_target(lastref_adapters)
# What lastref_test(THREADS) makes.
add_custom_target(lastref_thread_tests)

# ccache is used if it works: one whose directory cannot be written would fail every compilation.
if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(LASTREF_CCACHE ccache)
  mark_as_advanced(LASTREF_CCACHE)
  if(LASTREF_CCACHE)
    file(WRITE "${PROJECT_BINARY_DIR}/ccache_probe.cc" "int probe;\n")
    execute_process(
      COMMAND "${LASTREF_CCACHE}" "${CMAKE_CXX_COMPILER}" -c ccache_probe.cc -o ccache_probe.o
      WORKING_DIRECTORY "${PROJECT_BINARY_DIR}"
      RESULT_VARIABLE lastref_ccache_result
      OUTPUT_QUIET ERROR_QUIET)
    if(lastref_ccache_result EQUAL 0)
      set(CMAKE_C_COMPILER_LAUNCHER "${LASTREF_CCACHE}")
      set(CMAKE_CXX_COMPILER_LAUNCHER "${LASTREF_CCACHE}")
    endif()
  endif()
endif()

if(LASTREF_LTO)
  include(CheckIPOSupported)
  check_ipo_supported(RESULT lastref_lto OUTPUT lastref_lto_output LANGUAGES C CXX)
  if(lastref_lto)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
  else()
    message(WARNING "LASTREF_LTO is on and the compiler, its archiver or its linker cannot do it, so "
                    "that this build goes without (clang needs Debian's llvm): ${lastref_lto_output}")
  endif()
endif()

# An operation's way through a release build crosses six libraries in two hundred nanoseconds. What is
# HOT is compiled so that it can be optimised as one when a program is linked, and can also be linked
# as it is: only the program that users run, HOT too, takes the seconds which that costs, the tests do
# not. By gcc only: the linker that clang uses may not know its objects.
set(LASTREF_HOT FALSE)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release"
   AND NOT LASTREF_SANITIZE AND NOT LASTREF_LTO)
  set(LASTREF_HOT TRUE)
  add_link_options(-fno-lto)
endif()

# Sanitizers hold for the whole build, so that no two objects disagree about them.
if(LASTREF_SANITIZE)
  add_compile_options(-fsanitize=${LASTREF_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LASTREF_SANITIZE})
endif()

# What every target of ours is compiled with.
function(lastref_configure_target target)
  target_compile_options(
    ${target}
    PRIVATE -Wall
            -Wextra
            -Wpedantic
            -Wconversion
            -Wshadow
            $<$<BOOL:${LASTREF_WERROR}>:-Werror>
            -fno-omit-frame-pointer -fno-semantic-interposition)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  # No directory of the machine gets into __FILE__ or into the traces that tests compare.
  target_compile_options(${target} PRIVATE "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")
endfunction()

# The calling folder relative to the repository, "lib/session".
function(lastref_folder result)
  file(RELATIVE_PATH folder "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  set(${result} "${folder}" PARENT_SCOPE)
endfunction()

# Stops at a call that forgot NAME or SOURCES, or that passed a word nothing understands.
macro(lastref_check_arguments function)
  if(NOT ARG_NAME OR NOT ARG_SOURCES)
    message(FATAL_ERROR "${function}: NAME and SOURCES are required")
  endif()
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${function}(NAME ${ARG_NAME}): not understood: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
endmacro()

function(lastref_library)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "INSTALL;HOT" "NAME" "SOURCES;PUBLIC;PRIVATE")
  lastref_check_arguments(lastref_library)
  set(target lastref_${ARG_NAME})
  set(compiled ${ARG_SOURCES})
  list(FILTER compiled INCLUDE REGEX "\\.(cc|c)$")

  if(compiled)
    add_library(${target} STATIC ${ARG_SOURCES})
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    lastref_configure_target(${target})
    target_link_libraries(${target} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
    if(ARG_HOT AND LASTREF_HOT)
      target_compile_options(${target} PRIVATE -flto=auto -ffat-lto-objects)
    endif()
    # Stacks are read by the tables of exceptions; frame pointers are for profilers.
    if(ARG_HOT AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT LASTREF_SANITIZE)
      target_compile_options(${target} PRIVATE -fomit-frame-pointer)
    endif()
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE ${ARG_SOURCES})
    target_link_libraries(${target} INTERFACE ${ARG_PUBLIC} ${ARG_PRIVATE})
    set(scope INTERFACE)
  endif()

  target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/include")
    target_include_directories(
      ${target} ${scope} $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
                         $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  endif()
  if(ARG_INSTALL)
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${ARG_NAME})
    install(TARGETS ${target} EXPORT lastrefTargets)
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/include")
      install(DIRECTORY include/ TYPE INCLUDE)
    endif()
  endif()
endfunction()

function(lastref_test)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "THREADS" "NAME;TIMEOUT"
                        "SOURCES;LIBS;DEPENDS;ARGS;ENVIRONMENT")
  lastref_check_arguments(lastref_test)
  if(NOT LASTREF_BUILD_TESTS)
    return()
  endif()
  lastref_folder(folder)
  string(REPLACE "/" "_" target "${folder}/${ARG_NAME}")

  add_executable(${target} ${ARG_SOURCES})
  lastref_configure_target(${target})
  set_target_properties(
    ${target} PROPERTIES ENABLE_EXPORTS ON OUTPUT_NAME ${ARG_NAME}
                         RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/${folder}")
  # GoogleTest's macros for parameterised suites leave a variadic argument empty, which C++20 allows
  # and clang 14 still takes for an extension. gcc ignores what it does not know in a -Wno-, and
  # clang-tidy needs it here also when it reads the commands of a build with gcc.
  target_compile_options(${target} PRIVATE -Wno-gnu-zero-variadic-macro-arguments)
  target_compile_definitions(
    ${target} PRIVATE LASTREF_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                      LASTREF_BINARY_DIR="${PROJECT_BINARY_DIR}")
  target_link_libraries(${target} PRIVATE ${ARG_LIBS} GTest::gmock_main)
  if(ARG_DEPENDS)
    add_dependencies(${target} ${ARG_DEPENDS})
  endif()

  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  set(environment ${ARG_ENVIRONMENT})
  if(LASTREF_SANITIZE)
    math(EXPR ARG_TIMEOUT "5 * ${ARG_TIMEOUT}")
    list(APPEND environment "UBSAN_OPTIONS=print_stacktrace=1"
         "ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:check_initialization_order=1")
  endif()
  set(labels "${folder}")
  if(ARG_THREADS)
    list(APPEND labels threads)
    add_dependencies(lastref_thread_tests ${target})
  endif()
  add_test(NAME ${folder}/${ARG_NAME} COMMAND ${target} ${ARG_ARGS})
  set_tests_properties(
    ${folder}/${ARG_NAME} PROPERTIES LABELS "${labels}" TIMEOUT ${ARG_TIMEOUT}
                                     ENVIRONMENT "${environment}")
endfunction()

# What `lastref build-adapter` needs of an adapter: its sources, by their places in the repository, and
# a file that names them.
function(lastref_adapter_recipe name sources libraries includes options)
  set(recipes "${PROJECT_BINARY_DIR}/share/lastref/adapters")
  set(destination "${CMAKE_INSTALL_DATADIR}/lastref/adapters")
  set(compiled "")
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    file(RELATIVE_PATH place "${PROJECT_SOURCE_DIR}" "${source}")
    cmake_path(GET place PARENT_PATH folder)
    configure_file("${source}" "${recipes}/${place}" COPYONLY)
    install(FILES "${source}" DESTINATION "${destination}/${folder}")
    if(place MATCHES "\\.cc$")
      string(APPEND compiled " ${place}")
    endif()
  endforeach()
  foreach(header IN ITEMS harness/target/include/lastref/target_abi.h
                          harness/program/include/lastref/operations.def)
    cmake_path(GET header FILENAME file)
    configure_file("${PROJECT_SOURCE_DIR}/${header}" "${recipes}/include/lastref/${file}" COPYONLY)
    install(FILES "${PROJECT_SOURCE_DIR}/${header}" DESTINATION "${destination}/include/lastref")
  endforeach()
  list(JOIN libraries " " libraries)
  list(JOIN includes " " includes)
  list(JOIN options " " options)
  file(CONFIGURE OUTPUT "${recipes}/${name}.txt" @ONLY CONTENT "lastref-adapter 1
sources =@compiled@
libraries = @libraries@
includes = @includes@
options = @options@
")
  install(FILES "${recipes}/${name}.txt" DESTINATION "${destination}")
endfunction()

function(lastref_adapter)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "NAME"
                        "SOURCES;LIBS;RECIPE_LIBRARIES;RECIPE_INCLUDES;RECIPE_OPTIONS")
  lastref_check_arguments(lastref_adapter)
  if(ARG_RECIPE_LIBRARIES)
    lastref_adapter_recipe("${ARG_NAME}" "${ARG_SOURCES}" "${ARG_RECIPE_LIBRARIES}"
                           "${ARG_RECIPE_INCLUDES}" "${ARG_RECIPE_OPTIONS}")
  endif()
  set(target lastref_target_${ARG_NAME})

  add_library(${target} MODULE ${ARG_SOURCES})
  lastref_configure_target(${target})
  set_target_properties(
    ${target}
    PROPERTIES PREFIX ""
               OUTPUT_NAME lastref-target-${ARG_NAME}
               SUFFIX .so
               C_VISIBILITY_PRESET hidden
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON
               LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/targets")
  # An adapter does little but call its library, for each look at a session ten times: past the
  # linkage table, whose jumps cost as much as the shorter getters.
  target_compile_options(${target} PRIVATE -fno-plt)
  # Without this, a symbol of a static library in the adapter would be replaced by the one of the
  # same name in the program that loads it.
  target_link_options(${target} PRIVATE -Wl,--exclude-libs,ALL)
  target_link_libraries(${target} PRIVATE lastref_target_abi ${ARG_LIBS})
  add_dependencies(lastref_adapters ${target})
  install(TARGETS ${target} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/lastref")
endfunction()

function(lastref_executable)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "NO_INSTALL;HOT" "NAME" "SOURCES;LIBS")
  lastref_check_arguments(lastref_executable)

  add_executable(${ARG_NAME} ${ARG_SOURCES})
  lastref_configure_target(${ARG_NAME})
  set_target_properties(
    ${ARG_NAME} PROPERTIES ENABLE_EXPORTS ON RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  target_compile_definitions(
    ${ARG_NAME} PRIVATE LASTREF_VERSION="${PROJECT_VERSION}"
                        LASTREF_TARGETS_FROM_BIN="${LASTREF_TARGETS_FROM_BIN}")
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_LIBS})
  if(ARG_HOT AND LASTREF_HOT)
    target_link_options(${ARG_NAME} PRIVATE -flto=auto)
  endif()
  if(NOT ARG_NO_INSTALL)
    install(TARGETS ${ARG_NAME} RUNTIME)
  endif()
endfunction()

function(lastref_add_folders)
  foreach(folder IN LISTS ARGN)
    if(EXISTS "${PROJECT_SOURCE_DIR}/${folder}/CMakeLists.txt")
      add_subdirectory("${PROJECT_SOURCE_DIR}/${folder}" "${PROJECT_BINARY_DIR}/${folder}")
    endif()
  endforeach()
endfunction()
