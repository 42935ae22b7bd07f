#include "harness/score/seeker.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "harness/program/binary.h"
#include "harness/program/trace.h"
#include "harness/score/fuzz_seeker.h"
#include "harness/score/tool_process.h"

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

// An engine that keeps one input, always the same, and has run three.
class FakeEngine {
 public:
  explicit FakeEngine(const char* trace) {
    std::ofstream input(scratch_ / "input", std::ios::binary);
    for (const std::uint8_t byte : encode_program(std::get<Program>(parse_trace(trace)))) {
      input.put(static_cast<char>(byte));
    }
    std::ofstream(path()) << "#!/bin/sh\n"
                             "for word in \"$@\"; do case $word in\n"
                             "  -artifact_prefix=*) cp "
                          << (scratch_ / "input").string()
                          << " \"${word#*=}crash-1\";;\n"
                             "esac; done\n"
                             "echo stat::number_of_executed_units: 3\n"
                             "exit 77\n";
    std::filesystem::permissions(path(), std::filesystem::perms::owner_all);
  }
  std::string path() const { return (scratch_ / "engine").string(); }

 private:
  SearchScratch scratch_;
};

Sighting fuzzed(const FakeEngine& engine, Verdict verdict, std::uint64_t programs) {
  Bug bug;
  bug.target = kFaulty;
  bug.signs = {{verdict, Op::SESSION_UP_REF, {}}};
  SeekLimits limits;
  limits.programs = programs;
  limits.fuzzer = engine.path();
  return seek_with_fuzzer(bug, 1, limits);
}

TEST(FuzzSeekerTest, WhatTheEngineStopsAtIsJudgedByAReplay) {
  setenv("LASTREF_TEST_FAULT", "crash", 1);
  const FakeEngine engine("lastref 1\ns0 = new\nup_ref s0\n");
  const Sighting right = fuzzed(engine, Verdict::kCrash, 100);
  EXPECT_EQ(right.could_not_run, "");
  EXPECT_TRUE(right.found);
  EXPECT_EQ(right.programs, 3U);
  EXPECT_EQ(right.operations, 2);
  // Of another kind: the engine is started until it has run as many as it may.
  const Sighting wrong = fuzzed(engine, Verdict::kLeak, 100);
  EXPECT_FALSE(wrong.found);
  EXPECT_TRUE(wrong.shown);
  EXPECT_EQ(wrong.programs, 102U);
  unsetenv("LASTREF_TEST_FAULT");
}

}  // namespace
}  // namespace lastref
