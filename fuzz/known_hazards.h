// The known bugs that a fuzzer goes round: those of the baseline that it was built with.
#ifndef LASTREF_FUZZ_KNOWN_HAZARDS_H_
#define LASTREF_FUZZ_KNOWN_HAZARDS_H_

#include <string>
#include <string_view>

#include "harness/vocabulary/contract.h"

namespace lastref {

// Of a library that says it is of that version. LASTREF_FUZZ_HAZARDS in the environment takes the
// place of "known", in the words of `lastref check --hazards`. Ends the process when either cannot
// be read.
Hazards known_hazards(std::string_view target, std::string_view version);

// Their names, as the option --hazards takes them: "none", or separated by commas.
std::string names_of(Hazards hazards);

}  // namespace lastref

#endif  // LASTREF_FUZZ_KNOWN_HAZARDS_H_
