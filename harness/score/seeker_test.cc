#include "harness/score/seeker.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace lastref {
namespace {

const char* const kFaulty =
    LASTREF_BINARY_DIR "/tests/harness/execute/adapters/lastref-target-faulty.so";

constexpr std::uint64_t kUnguarded = 250;

// Every engine that this build has, on an adapter with a fault.
class SeekerTest : public ::testing::TestWithParam<std::string> {
 protected:
  ~SeekerTest() override { unsetenv("LASTREF_TEST_FAULT"); }

  Sighting sought(const char* fault, Verdict verdict, Op code, std::uint64_t seed,
                  std::uint64_t programs = 20'000) {
    setenv("LASTREF_TEST_FAULT", fault, 1);
    Bug bug;
    bug.target = kFaulty;
    bug.signs = {{verdict, code, {}}};
    SeekLimits limits;
    limits.programs = programs;
    limits.seconds = 60;
    return seek(*seeker_named(GetParam()), bug, seed, limits);
  }
};

// Its programs are a few hundred, all with callbacks, which the faulty adapter has not.
bool has_no_program(const std::string& engine) { return engine == "callbacks"; }

TEST_P(SeekerTest, FindsACrashAndSaysAfterHowManyPrograms) {
  if (has_no_program(GetParam())) GTEST_SKIP() << "it has no program for this adapter";
  const Sighting sighting = sought("crash", Verdict::kCrash, Op::SESSION_UP_REF, 1);
  EXPECT_EQ(sighting.could_not_run, "");
  EXPECT_TRUE(sighting.found);
  EXPECT_GE(sighting.programs, 1U);
  EXPECT_GT(sighting.seconds, 0);
}

TEST_P(SeekerTest, TheSameSeedNeedsAsManyProgramsAgain) {
  if (has_no_program(GetParam())) GTEST_SKIP() << "it has no program for this adapter";
  const Sighting one = sought("crash", Verdict::kCrash, Op::SESSION_UP_REF, 5);
  const Sighting again = sought("crash", Verdict::kCrash, Op::SESSION_UP_REF, 5);
  EXPECT_TRUE(one.found);
  EXPECT_EQ(one.programs, again.programs);
}

TEST_P(SeekerTest, AFindingOfAnotherKindIsNoDetection) {
  const Sighting sighting = sought("crash", Verdict::kLeak, Op::SESSION_UP_REF, 1, 300);
  EXPECT_FALSE(sighting.found);
  EXPECT_EQ(sighting.programs, 300U);
}

// Without guard pages a write to a released session is seen at the program's end, at whatever
// operation that has: only the closer look says which it was. No program of so few is searched
// under guard pages.
TEST_P(SeekerTest, JudgesAProgramThatFailsByItsReplayUnderGuardPages) {
  if (GetParam() == "explore") GTEST_SKIP() << "its first programs set no timeout";
  if (has_no_program(GetParam())) GTEST_SKIP() << "it has no program for this adapter";
  const Sighting sighting =
      sought("write-after-free", Verdict::kUseAfterFree, Op::SET_TIMEOUT, 1, kUnguarded);
  EXPECT_EQ(sighting.could_not_run, "");
  EXPECT_TRUE(sighting.found);
  // A session, its end, and a timeout; a sanitizer asks for less, for it sees the write at once.
  EXPECT_GE(sighting.operations, 2);
  EXPECT_LE(sighting.operations, 6);
}

TEST_P(SeekerTest, FindsNothingWhereThereIsNothing) {
  const Sighting sighting = sought("none", Verdict::kLeak, Op::SESSION_FREE, 1, 300);
  EXPECT_FALSE(sighting.found);
  EXPECT_EQ(sighting.programs, 300U);
}

TEST_P(SeekerTest, GivesUpWhenItsProcessorTimeIsUsedUp) {
  if (has_no_program(GetParam())) GTEST_SKIP() << "it has no program for this adapter";
  setenv("LASTREF_TEST_FAULT", "none", 1);
  Bug bug;
  bug.target = kFaulty;
  bug.signs = {{Verdict::kLeak, Op::SESSION_FREE, {}}};
  SeekLimits limits;
  limits.programs = 1'000'000'000;
  limits.seconds = 0.2;
  const Sighting sighting = seek(*seeker_named(GetParam()), bug, 1, limits);
  EXPECT_FALSE(sighting.found);
  EXPECT_FALSE(sighting.interrupted);
  EXPECT_GE(sighting.seconds, 0.2);
  EXPECT_LT(sighting.seconds,
            20);  // the whole of an exploration's model is before its first program
}

TEST_P(SeekerTest, ATargetThatDoesNotStartIsNotSearched) {
  EXPECT_NE(sought("cannot-start", Verdict::kLeak, Op::SESSION_FREE, 1).could_not_run, "");
}

std::vector<std::string> engines() {
  std::vector<std::string> names;
  for (const Seeker& seeker : seekers()) names.emplace_back(seeker.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(, SeekerTest, ::testing::ValuesIn(engines()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace lastref
