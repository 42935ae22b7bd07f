// The ledger and the model, written apart, agree on every misuse program: on the operation that is
// wrong, and on why.
//
// LASTREF_MISUSE_PROGRAMS sets how many programs are compared; a million take a minute.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "harness/fuzz/misuse_trial.h"
#include "harness/fuzz/mutator.h"
#include "harness/generate/misuse.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

constexpr std::uint64_t kSeed = 7;
constexpr std::uint64_t kKinds = 7;  // of misuse in a mix, see the instances below
// Programs with two contexts; one in some hundred has the occasion.
constexpr std::uint64_t kTwoContexts = 1000;

std::uint64_t programs_to_compare() {
  const char* asked = std::getenv("LASTREF_MISUSE_PROGRAMS");
  return asked == nullptr ? 20'000 : std::strtoull(asked, nullptr, 10);
}

// One for the process.
MisuseTrial& trial() {
  static MisuseTrial instance(*lastref_target_open(LASTREF_TARGET_ABI));
  return instance;
}

struct Drawn {
  Misuse misuse;
  MixKind mix;
};

class LedgerAgreesTest : public testing::TestWithParam<Drawn> {};

TEST_P(LedgerAgreesTest, WithTheModelOnTheCauseAndTheOperation) {
  const auto [misuse, kind] = GetParam();
  const Mix mix(trial().target().capabilities, kind);
  const std::uint64_t wanted = (programs_to_compare() + kKinds - 1) / kKinds;
  std::uint64_t compared = 0;
  std::uint64_t damaged = 0;
  for (std::uint64_t index = 0; compared < wanted; ++index) {
    const auto program = random_misuse_program(trial().model(), mix, {kSeed, index, 24}, misuse);
    if (!program) continue;
    const MisuseTrial::Answers answers = trial().run(*program);
    ASSERT_EQ(answers.wrong, "") << print_trace(*program);
    if (answers.model.operation < 0) continue;
    ++compared;
    ASSERT_EQ(answers.ledger, answers.model) << print_trace(*program);
    if (leaves_a_choice(*program)) {
      ++damaged;
      continue;
    }
    // Where the reference has no choice, the model needs no look at its run.
    const Judgement judgement = judge(trial().model(), *program);
    ASSERT_EQ(misuse_of(judgement.legality), misuse) << print_trace(*program);
    ASSERT_EQ(judgement.operation, answers.ledger.operation) << print_trace(*program);
  }
  EXPECT_GT(damaged, 0U);
  RecordProperty("programs", std::to_string(compared));
  RecordProperty("damaged", std::to_string(damaged));
}

// The rule that a session keeps to one context is no matter of references. The ledger has no
// verdict for it, and must not find another: whatever the second cache acquires it gives back.
TEST_F(LedgerAgreesTest, TwoContextsAreNoMatterOfReferences) {
  const Mix mix(trial().target().capabilities);
  std::uint64_t run = 0;
  for (std::uint64_t index = 0; run < kTwoContexts; ++index) {
    const auto program =
        random_misuse_program(trial().model(), mix, {kSeed, index, 24}, Misuse::kTwoContexts);
    if (!program || damages_blobs(*program)) continue;
    ++run;
    ASSERT_EQ(trial().count_findings(*program), 0U) << print_trace(*program);
  }
}

// What a fuzzer of misuse runs: mutations of mutations, each of which breaks one rule.
TEST_F(LedgerAgreesTest, OnWhatTheMutatorMakes) {
  constexpr std::uint64_t kMutations = 2000;
  const std::uint64_t can = trial().target().capabilities & ~kHandshakeCapabilities;
  const Mix mix(can);
  const Fitter fitter(can);
  Mutator mutator(trial().model(), mix, fitter, Rules::kBroken);
  Program program;
  std::uint64_t breaking = 0;
  for (std::uint64_t seed = 0; seed < kMutations; ++seed) {
    program = mutator.mutate(program, seed);
    if (program.misuse == Misuse::kNone) continue;
    ++breaking;
    ASSERT_EQ(trial().complaint(program), "");
  }
  EXPECT_GT(breaking, kMutations / 2);
}

// So that a fuzzer's complaint is none of chance.
TEST_F(LedgerAgreesTest, AMisuseThatIsDeclaredWronglyIsComplainedOf) {
  const Mix mix(trial().target().capabilities);
  std::uint64_t index = 0;
  std::optional<Program> program;
  while (!program || leaves_a_choice(*program)) {
    program = random_misuse_program(trial().model(), mix, {kSeed, ++index, 24}, Misuse::kLeak);
  }
  ASSERT_EQ(trial().complaint(*program), "");
  program->misuse = Misuse::kDoubleFree;
  EXPECT_NE(trial().complaint(*program), "");
}

// A borrowed free has no occasion in the common mix (misuse.h).
INSTANTIATE_TEST_SUITE_P(Kinds, LedgerAgreesTest,
                         testing::Values(Drawn{Misuse::kDoubleFree, MixKind::kCommon},
                                         Drawn{Misuse::kUseAfterFree, MixKind::kCommon},
                                         Drawn{Misuse::kLeak, MixKind::kCommon},
                                         Drawn{Misuse::kDoubleFree, MixKind::kHandshakes},
                                         Drawn{Misuse::kUseAfterFree, MixKind::kHandshakes},
                                         Drawn{Misuse::kLeak, MixKind::kHandshakes},
                                         Drawn{Misuse::kBorrowedFree, MixKind::kHandshakes}),
                         [](const auto& tested) {
                           std::string text(name(tested.param.misuse));
                           for (char& letter : text) {
                             if (letter == '-') letter = '_';
                           }
                           const bool common = tested.param.mix == MixKind::kCommon;
                           return text + (common ? "" : "_with_handshakes");
                         });

}  // namespace
}  // namespace lastref
