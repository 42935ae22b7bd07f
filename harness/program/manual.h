// The operation table as a manual page.
#ifndef LASTREF_HARNESS_PROGRAM_MANUAL_H_
#define LASTREF_HARNESS_PROGRAM_MANUAL_H_

#include <string>

namespace lastref {

// Plain text, lines of at most 100 columns: the language, every operation with its operands,
// result, effect, capability and C spelling, and the contents of the pools of bytes.
std::string operations_manual();

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_MANUAL_H_
