// The adapter that is linked to this fuzzer, started. One for the process.
#ifndef LASTREF_FUZZ_LINKED_TARGET_H_
#define LASTREF_FUZZ_LINKED_TARGET_H_

#include <cstdint>

#include "harness/fuzz/fuzzed_target.h"

namespace lastref {

// Started when it is first asked for. Ends the process when the target cannot be run: exit code 3.
FuzzedTarget& linked_target();

// Ends the process, as a fuzzer wants it, when the last run showed a symptom, or what else watches
// the target did; the report goes to stderr.
void stop_at_finding(const Symptoms& symptoms);

}  // namespace lastref

#endif  // LASTREF_FUZZ_LINKED_TARGET_H_
