// Who fuzzes when: the time of a campaign divided among fuzzers and processors.
#ifndef LASTREF_HARNESS_CAMPAIGN_SCHEDULE_H_
#define LASTREF_HARNESS_CAMPAIGN_SCHEDULE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lastref {

// A fuzzer for so long. Whole seconds, for that is how an engine is told, and at least one.
struct Shift {
  std::size_t fuzzer = 0;
  std::uint64_t seconds = 0;

  friend bool operator==(const Shift&, const Shift&) = default;
};

// For each of `jobs` the shifts that follow each other there. Every fuzzer has an equal part of
// seconds times jobs; the parts are laid end to end and cut where a job's time ends (McNaughton's
// rule, Management Science 6, 1959), so that no job waits and none goes on longer than `seconds`. A
// fuzzer whose part is longer than `seconds` is at work in several jobs at once. Where there is
// less than a second for each, the last ones have none.
std::vector<std::vector<Shift>> schedule(std::uint64_t seconds, std::size_t jobs,
                                         std::size_t fuzzers);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_SCHEDULE_H_
