// Random programs that break exactly one rule, and say which.
#ifndef LASTREF_HARNESS_GENERATE_MISUSE_H_
#define LASTREF_HARNESS_GENERATE_MISUSE_H_

#include <optional>

#include "harness/generate/random.h"
#include "harness/generate/random_program.h"
#include "harness/model/model.h"

namespace lastref {

// A legal program whose last operation breaks the rule `kind`; program.misuse and misuse_at say so.
// Nothing when the random beginning offers no occasion: ask again with another index. kBorrowedFree
// has one in the mix of handshakes only: elsewhere the application acquires every session, since it
// makes it.
std::optional<Program> random_misuse_program(const Model& model, const Mix& mix,
                                             const ProgramSeed& which, Misuse kind);

// What a legal program comes to when it breaks the rule `kind`, at a random one of the places that
// offer an occasion: its beginning, and the operation that is wrong. Nothing where there is none.
std::optional<Program> break_rule(const Model& model, const Program& legal, Misuse kind,
                                  Random& random);

// The operations of a misuse program before the wrong one, or of a legal one all, as a program that
// means to break nothing.
Program without_misuse(const Program& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_MISUSE_H_
