#include "harness/campaign/schedule.h"

#include <gtest/gtest.h>

namespace lastref {
namespace {

using Shifts = std::vector<std::vector<Shift>>;

TEST(Schedule, CutsAPartWhereAJobsTimeEnds) {
  EXPECT_EQ(schedule(60, 2, 3), (Shifts{{{0, 40}, {1, 20}}, {{1, 20}, {2, 40}}}));
}

TEST(Schedule, PutsOneFuzzerInSeveralJobsWhereThereAreMore) {
  EXPECT_EQ(schedule(60, 3, 1), (Shifts{{{0, 60}}, {{0, 60}}, {{0, 60}}}));
}

TEST(Schedule, LosesNoSecondAndGivesNobodyMoreThanOneMoreThanAnother) {
  for (std::uint64_t seconds = 1; seconds <= 30; ++seconds) {
    for (std::size_t jobs = 1; jobs <= 5; ++jobs) {
      for (std::size_t fuzzers = 1; fuzzers <= 12; ++fuzzers) {
        std::vector<std::uint64_t> had(fuzzers);
        for (const auto& shifts : schedule(seconds, jobs, fuzzers)) {
          std::uint64_t job = 0;
          for (const Shift& shift : shifts) {
            EXPECT_GE(shift.seconds, 1U);
            had[shift.fuzzer] += shift.seconds;
            job += shift.seconds;
          }
          EXPECT_EQ(job, seconds * jobs < fuzzers ? job : seconds);
        }
        const std::uint64_t fair = seconds * jobs / fuzzers;
        for (const std::uint64_t of : had) {
          EXPECT_GE(of, fair);
          EXPECT_LE(of, fair + 1);
        }
      }
    }
  }
}

}  // namespace
}  // namespace lastref
