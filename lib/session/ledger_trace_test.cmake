# Compares the machine code of functions in two object files, disassembled with relocations.
#
#   cmake -DOBJDUMP=objdump -DLEFT=a.o -DRIGHT=b.o -DFUNCTIONS=f,g -P ledger_trace_test.cmake

function(disassemble file function result)
  execute_process(
    COMMAND "${OBJDUMP}" -dr --disassemble=${function} "${file}"
    OUTPUT_VARIABLE code COMMAND_ERROR_IS_FATAL ANY)
  # From the function's first line on, without places in the file: each line's bytes and text.
  string(REGEX REPLACE "^.*<${function}>:\n" "" code "${code}")
  string(REGEX REPLACE "\n *[0-9a-f]+:" "\n" code "\n${code}")
  string(REGEX REPLACE "^ *[0-9a-f]+:" "" code "${code}")
  string(REGEX REPLACE "[0-9a-f]+ <${function}" "<${function}" code "${code}")
  if(NOT code MATCHES "ret|jmp")
    message(FATAL_ERROR "${file} has no ${function}")
  endif()
  set(${result} "${code}" PARENT_SCOPE)
endfunction()

string(REPLACE "," ";" FUNCTIONS "${FUNCTIONS}")
foreach(function IN LISTS FUNCTIONS)
  disassemble("${LEFT}" ${function} left)
  disassemble("${RIGHT}" ${function} right)
  if(NOT left STREQUAL right)
    message(FATAL_ERROR "${function} differs:\n${LEFT}:\n${left}\n${RIGHT}:\n${right}")
  endif()
  string(LENGTH "${left}" length)
  message(STATUS "${function}: equal, ${length} characters of disassembly")
endforeach()
