# Copies session.h and session.cc as they would be had nobody ever thought of a ledger: without what
# notes an event, and without owners.
#
#   cmake -DFROM=lib/session -DTO=<build>/never/lib/session -P strip_ledger.cmake

foreach(name IN ITEMS session.h session.cc)
  file(READ "${FROM}/${name}" text)
  string(REGEX REPLACE "//[^\n]*" "" text "${text}")
  string(REGEX REPLACE "#include \"lib/session/owner.h\"\n" "" text "${text}")
  string(REGEX REPLACE "\n *note_[a-z]+\\([^\n]*" "" text "${text}")
  string(REGEX REPLACE ", const Owner& owner" "" text "${text}")
  string(REGEX REPLACE ", (owner|LR_APPLICATION)\\)" ")" text "${text}")
  string(REGEX MATCH "[^\n]*([oO]wner|note_|LR_APPLICATION)[^\n]*" left "${text}")
  if(left)
    message(FATAL_ERROR "${name}: this line still knows of the ledger:${left}")
  endif()
  file(WRITE "${TO}/${name}" "${text}")
endforeach()
