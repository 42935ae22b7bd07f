#include "harness/campaign/schedule.h"

#include <algorithm>

namespace lastref {

std::vector<std::vector<Shift>> schedule(std::uint64_t seconds, std::size_t jobs,
                                         std::size_t fuzzers) {
  std::vector<std::vector<Shift>> shifts(jobs);
  if (fuzzers == 0 || seconds == 0) return shifts;
  const std::uint64_t all = seconds * jobs;
  std::uint64_t begun = 0;  // seconds of all jobs laid end to end
  for (std::size_t i = 0; i < fuzzers; ++i) {
    // The remainders of the division are spread, not lost.
    const std::uint64_t end =
        all < fuzzers ? std::min<std::uint64_t>(i + 1, all) : all * (i + 1) / fuzzers;
    while (begun < end) {
      const std::uint64_t job = begun / seconds;
      const std::uint64_t until = std::min(end, (job + 1) * seconds);
      shifts[job].push_back({i, until - begun});
      begun = until;
    }
  }
  return shifts;
}

}  // namespace lastref
