// Names for the addresses of a stack.
#ifndef LASTREF_HARNESS_EXECUTE_SYMBOLS_H_
#define LASTREF_HARNESS_EXECUTE_SYMBOLS_H_

#include <string>
#include <vector>

#include "harness/memory/call_stack.h"

namespace lastref {

// The part of a stack between the allocator and the harness, the innermost first:
// "SSL_SESSION_free+0x1b (libssl.so.3)", or where no exported function of the library covers the
// address "libssl.so.3+0x3a1b0". In a process that has the libraries at the same addresses: the one
// whose stack it is, or one that forked it.
std::vector<std::string> symbolised(const CallStack& stack);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_SYMBOLS_H_
