// lastref's fuzzer of programs, steered by the model's states, as an engine to be scored.
#ifndef LASTREF_HARNESS_SCORE_FUZZ_SEEKER_H_
#define LASTREF_HARNESS_SCORE_FUZZ_SEEKER_H_

#include <cstdint>
#include <string_view>

#include "harness/score/bug.h"

namespace lastref {

inline constexpr std::string_view kFuzzEngine = "fuzz";
inline constexpr Means kFuzzMeans = {.handshakes = true, .failures = true};

// Runs limits.fuzzer on the bug's adapter, with no hazard gone round. It ends at its first finding,
// which is looked at closely as that of any engine is; where it is another one than the bug's the
// fuzzer is started again, with the corpus it has and another seed, as in a campaign. The answer
// says so when there is no such program.
Sighting seek_with_fuzzer(const Bug& bug, std::uint64_t seed, const SeekLimits& limits);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_FUZZ_SEEKER_H_
