// Faults in the words of the trace language: "fail_alloc 3+", "flip 2.37".
#ifndef LASTREF_HARNESS_PROGRAM_FAULT_WORDS_H_
#define LASTREF_HARNESS_PROGRAM_FAULT_WORDS_H_

#include <optional>
#include <string>
#include <string_view>

#include "harness/program/operation_fault.h"

namespace lastref {

// Both words, without the colon that follows them in a trace. Of one that is any().
std::string fault_words(const Fault& fault);

// "an allocation fails", "flight 2 comes damaged". Of one that is any().
std::string fault_clause(const Fault& fault);

// Whether a fault begins with that word.
bool begins_fault(std::string_view word);

// The fault of its two words, the first of which begins one; nothing for a place that is none.
std::optional<Fault> fault_of(std::string_view word, std::string_view place);

// What stands behind that word, for whoever wrote something else.
struct FaultHelp {
  std::string expected;
  std::string advice;
};
FaultHelp help_with_fault(std::string_view word);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_FAULT_WORDS_H_
