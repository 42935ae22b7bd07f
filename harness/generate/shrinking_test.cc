#include "harness/generate/shrinking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <variant>
#include <vector>

#include "harness/execute/finding.h"
#include "harness/generate/candidates.h"
#include "harness/generate/redraw.h"
#include "harness/program/trace.h"
#include "harness/shrink/unit.h"

namespace lastref {
namespace {

// Failing programs of the common mix that are shrunk for each fault.
constexpr int kPrograms = 12;
constexpr std::uint64_t kSeed = 23;

class ShrinkingTest : public ::testing::Test {
 protected:
  void start(const char* fault) {
    setenv("LASTREF_TEST_FAULT", fault, 1);
    ASSERT_EQ(replay_.start(), "");
  }
  ~ShrinkingTest() override { unsetenv("LASTREF_TEST_FAULT"); }

  ProgramRun run(const Program& program) { return Candidates(replay_, true).run(program); }

  Shrunk shrunk(const Program& program) { return shrink_on(replay_, program, run(program), {}); }

  Replay replay_{LASTREF_BINARY_DIR "/tests/harness/execute/adapters/lastref-target-faulty.so",
                 Hazards{}, serve_redraw([](const lastref_target& target) {
                   return Mix(target.capabilities, MixKind::kCommon);
                 })};
};

class EachFaultTest : public ShrinkingTest, public ::testing::WithParamInterface<const char*> {};

bool shows(const ProgramRun& run, const Signature& wanted) {
  return run.illegal_operation < 0 && !run.symptoms.empty() &&
         signature(run.symptoms.cause()) == wanted;
}

// Random programs that fail, each shrunk: none of its operations can be left out, and it is shrunk
// to the same again.
TEST_P(EachFaultTest, NoOperationOfAResultCanBeLeftOut) {
  start(GetParam());
  int failed = 0;
  for (std::uint64_t index = 0; failed < kPrograms; ++index) {
    ASSERT_LT(index, 2000U) << "too few programs fail";
    Program program;
    if (!redraw(replay_, {kSeed, index, 24}, program)) continue;
    const ProgramRun first = run(program);
    if (first.symptoms.empty() || first.illegal_operation >= 0) continue;
    ++failed;
    const Signature wanted = signature(first.symptoms.cause());
    const Shrunk smallest = shrunk(program);
    ASSERT_TRUE(smallest.complete);
    ASSERT_TRUE(shows(run(smallest.program), wanted)) << print_trace(smallest.program);
    const std::vector<Unit> units = units_of(smallest.program);
    for (std::size_t out = 0; out < units.size(); ++out) {
      std::vector<Unit> fewer = units;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(out));
      EXPECT_FALSE(shows(run(with_units(smallest.program, fewer)), wanted))
          << "without operation " << out << " of\n"
          << print_trace(smallest.program);
    }
    EXPECT_EQ(print_trace(shrunk(program).program), print_trace(smallest.program));
  }
}

INSTANTIATE_TEST_SUITE_P(Shrinking, EachFaultTest,
                         ::testing::Values("crash", "early-free", "leak", "wrong-content",
                                           "dangling-cache"),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_F(ShrinkingTest, AHangIsShrunkByShortTriesAndBelievedAfterALongOne) {
  start("hang");
  const auto program = std::get<Program>(
      parse_trace("lastref 1\nc0 = ctx_new\ns1 = new\ns0 = dup s1\nset_id s0 id_b\nadd c0 s0\n"
                  "set_time s1 0\nup_ref s0\nfree s1\nfree s0\nup_ref s0\n"));
  const Shrunk smallest = shrunk(program);
  EXPECT_TRUE(smallest.complete);
  EXPECT_EQ(smallest.run.symptoms.cause().verdict, Verdict::kHang);
  EXPECT_EQ(print_trace(smallest.program), "lastref 1\ns0 = new\nup_ref s0\n");
}

TEST_F(ShrinkingTest, ADeadlockIsShrunkToo) {
  start("sleep");
  // A replay waits half a minute before it believes in one: what it said is given here.
  const auto program =
      std::get<Program>(parse_trace("lastref 1\ns0 = new\nset_time s0 0\nup_ref s0\nfree s0\n"));
  Replay replay(replay_.target(), Hazards{}, {}, {}, kShrinkPatience);
  ASSERT_EQ(replay.start(), "");
  const ProgramRun first = Candidates(replay, true).run(program);
  ASSERT_EQ(first.symptoms.cause().verdict, Verdict::kDeadlock);
  EXPECT_EQ(shrink_on(replay, program, first, {}).program.size, 2);
}

}  // namespace
}  // namespace lastref
