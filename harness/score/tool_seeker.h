// Tools without a model, as a reader has them: what they show of a seeded bug, for comparison.
#ifndef LASTREF_HARNESS_SCORE_TOOL_SEEKER_H_
#define LASTREF_HARNESS_SCORE_TOOL_SEEKER_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/score/bug.h"

namespace lastref {

// Each runs the calls of harness/mutants/plain on the bug's library. Whatever it reports counts, at
// whatever call: such a tool names neither the kind of bug nor the operation that was wrong.
struct Tool {
  std::string_view name;
  std::string_view about;
  Means means;
};
const std::vector<Tool>& tools();
const Tool* tool_named(std::string_view name);  // NULL for none

// One search. The bug's target must be the path of a seeded bug's adapter in a build; the tools and
// their own copy of it lie in plain/ beside the adapters' folder. The answer says what is missing,
// where something is. A process that neither ends nor goes on is seen by the clock, and counts.
Sighting seek_with_tool(const Tool& tool, const Bug& bug, std::uint64_t seed,
                        const SeekLimits& limits);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_TOOL_SEEKER_H_
