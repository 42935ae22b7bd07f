# Makes the sources of one mutant: a copy of lib/ with one patch applied, and a single translation
# unit over the copy and the reference's adapter. Fails, and names the patch, when it does not apply
# or when it changes nothing.
#
# PATCH may be "none": the sources as they are, which a tool must find nothing in.
#
# cmake -DPATCH=patches/x.patch -DSOURCE_DIR=<repository> -DOUT=<directory of the mutant>
#       -DGIT=git -P apply_patch.cmake

foreach(name PATCH SOURCE_DIR OUT GIT)
  if(NOT ${name})
    message(FATAL_ERROR "apply_patch.cmake needs -D${name}=...")
  endif()
endforeach()
get_filename_component(patch_name "${PATCH}" NAME)
get_filename_component(parent "${OUT}" DIRECTORY)

file(REMOVE_RECURSE "${OUT}")
foreach(folder lib/refcount lib/session)
  get_filename_component(into "${OUT}/${folder}" DIRECTORY)
  file(COPY "${SOURCE_DIR}/${folder}" DESTINATION "${into}" PATTERN "*_test.cc" EXCLUDE)
endforeach()

if(NOT PATCH STREQUAL "none")
  # Inside a repository git would take the paths for those of the repository, and pass over in silence
  # what lies outside of its work tree.
  set(ENV{GIT_CEILING_DIRECTORIES} "${parent}")
  unset(ENV{GIT_DIR})
  execute_process(
    COMMAND "${GIT}" apply --whitespace=nowarn "${PATCH}"
    WORKING_DIRECTORY "${OUT}"
    RESULT_VARIABLE failed
    ERROR_VARIABLE reason)
  if(failed)
    message(FATAL_ERROR "harness/mutants/patches/${patch_name} does not apply to lib/:\n${reason}"
                        "Make it again for the code as it is now, see harness/mutants/README.md.")
  endif()

  file(STRINGS "${PATCH}" changed REGEX "^\\+\\+\\+ b/")
  list(TRANSFORM changed REPLACE "^\\+\\+\\+ b/" "")
  foreach(path IN LISTS changed)
    execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${SOURCE_DIR}/${path}"
                            "${OUT}/${path}" RESULT_VARIABLE differs ERROR_QUIET)
    if(NOT differs EQUAL 1)
      message(FATAL_ERROR "harness/mutants/patches/${patch_name} leaves ${path} as it is")
    endif()
  endforeach()
  if(NOT changed)
    message(FATAL_ERROR "harness/mutants/patches/${patch_name} changes no file")
  endif()
endif()

file(GLOB sources RELATIVE "${OUT}" "${OUT}/lib/session/*.cc")
list(REMOVE_ITEM sources lib/session/session_fixture.cc)
list(SORT sources)
set(unit "// Made by harness/mutants/apply_patch.cmake from ${patch_name}.\n")
foreach(source IN LISTS sources)
  string(APPEND unit "#include \"${source}\"\n")
endforeach()
string(APPEND unit "#include \"harness/target/reference/reference_adapter.cc\"\n")
file(WRITE "${OUT}/mutant.cc" "${unit}")
