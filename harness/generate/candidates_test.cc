#include "harness/generate/candidates.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <variant>

#include "harness/program/trace.h"

namespace lastref {
namespace {

// A target on which every up_ref crashes.
class CandidatesTest : public ::testing::Test {
 protected:
  CandidatesTest() {
    setenv("LASTREF_TEST_FAULT", "crash", 1);
    EXPECT_EQ(replay_.start(), "");
  }
  ~CandidatesTest() override { unsetenv("LASTREF_TEST_FAULT"); }

  ProgramRun run(bool legal, const std::string& lines) {
    const auto program = std::get<Program>(parse_trace("lastref 1\n" + lines));
    return Candidates(replay_, legal).run(program);
  }

  Replay replay_{LASTREF_BINARY_DIR "/tests/harness/execute/adapters/lastref-target-faulty.so",
                 Hazards{}};
};

TEST_F(CandidatesTest, OneThatBreaksNoRuleIsRun) {
  EXPECT_FALSE(run(true, "s0 = new\nup_ref s0\n").symptoms.empty());
}

TEST_F(CandidatesTest, OneThatBreaksARuleIsNotRunForALegalProgram) {
  const ProgramRun seen = run(true, "s0 = new\nfree s0\nup_ref s0\n");
  EXPECT_EQ(seen.illegal_operation, 2);
  EXPECT_EQ(seen.legality, Legality::kDeadSession);
  EXPECT_TRUE(seen.symptoms.empty());
}

TEST_F(CandidatesTest, OneThatBreaksARuleIsRunForAMisuseProgram) {
  const ProgramRun seen = run(false, "s0 = new\nfree s0\nup_ref s0\n");
  EXPECT_EQ(seen.illegal_operation, 2);
  EXPECT_FALSE(seen.symptoms.empty());
}

TEST_F(CandidatesTest, OneWhoseBlobIsDamagedIsRunInAnyCase) {
  const ProgramRun seen = run(true, "s0 = new\nb0 = i2d s0\nchange b0 0\nfree s0\nup_ref s0\n");
  EXPECT_FALSE(seen.symptoms.empty());
}

}  // namespace
}  // namespace lastref
