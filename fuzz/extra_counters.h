// Where libFuzzer looks for counters that are no code's: it has features for each, and clears them
// before each input. To other engines, which do not know the section, they are memory like any.
#ifndef LASTREF_FUZZ_EXTRA_COUNTERS_H_
#define LASTREF_FUZZ_EXTRA_COUNTERS_H_

#include "harness/fuzz/state_features.h"

namespace lastref {

__attribute__((section("__libfuzzer_extra_counters"),
               used)) inline constinit FeatureCounters extra_counters{};

}  // namespace lastref

#endif  // LASTREF_FUZZ_EXTRA_COUNTERS_H_
