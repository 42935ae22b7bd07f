// Random programs that break exactly one rule, and say which.
#ifndef LASTREF_HARNESS_GENERATE_MISUSE_H_
#define LASTREF_HARNESS_GENERATE_MISUSE_H_

#include <optional>

#include "harness/generate/random_program.h"
#include "harness/model/model.h"

namespace lastref {

// A legal program whose last operation breaks the rule `kind`; program.misuse and misuse_at say so.
// Nothing when the random beginning offers no occasion: ask again with another index. kBorrowedFree
// has one in the mix of handshakes only: elsewhere the application acquires every session, since it
// makes it.
std::optional<Program> random_misuse_program(const Model& model, const Mix& mix,
                                             const ProgramSeed& which, Misuse kind);

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_MISUSE_H_
