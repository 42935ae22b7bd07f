// One session in two contexts' caches: OpenSSL's manual forbids it (SSL_set_session(3), NOTES), and
// the two caches then share the links of one list. Not a bug of the library; what it comes to is
// shown as what it is, with the operation at which it shows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "harness/execute/replay.h"
#include "harness/generate/misuse.h"

namespace lastref {
namespace {

constexpr std::uint64_t kSeeds = 10;
// Programs of a seed that are looked at: one in forty has two contexts, and of the misuse programs
// among those not every one goes on to touch both lists.
constexpr std::uint64_t kPrograms = 4000;

class TwoContextsTest : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(TwoContextsTest, ComesToDamageOnOpenSSLThatIsNamed) {
  Replay replay("openssl", Hazards{});
  ASSERT_EQ(replay.start(), "");
  Contract contract;
  contract.set("cache-capacity", "one-less");
  contract.set("add-again", "refreshes-place");
  const Model model(contract);
  const Mix mix(replay.capabilities());
  for (std::uint64_t index = 0; index < kPrograms; ++index) {
    const auto program =
        random_misuse_program(model, mix, {GetParam(), index, 24}, Misuse::kTwoContexts);
    if (!program) continue;
    const Replay::Outcome outcome = replay.run(*program, Replay::Until::kConsequences);
    // What OpenSSL's known findings make of the program before the misuse does not concern us.
    if (outcome.run.illegal_operation != program->misuse_at) continue;
    EXPECT_EQ(outcome.run.legality, Legality::kTwoContexts);
    if (outcome.run.symptoms.empty()) continue;
    const Symptom& cause = outcome.run.symptoms.cause();
    std::printf("seed %llu index %llu: %s at operation %d of %d, the misuse is operation %d\n",
                static_cast<unsigned long long>(GetParam()), static_cast<unsigned long long>(index),
                std::string(name(cause.verdict)).c_str(), cause.operation + 1, int{program->size},
                program->misuse_at + 1);
    EXPECT_GE(cause.operation, program->misuse_at);
    EXPECT_THAT(cause.verdict, ::testing::AnyOf(Verdict::kHang, Verdict::kCrash,
                                                Verdict::kRunawayMemory, Verdict::kUseAfterFree,
                                                Verdict::kDoubleFree, Verdict::kHeapCorruption));
    return;
  }
  FAIL() << "no damage in " << kPrograms << " programs";
}

INSTANTIATE_TEST_SUITE_P(Seeds, TwoContextsTest, ::testing::Range<std::uint64_t>(1, kSeeds + 1));

}  // namespace
}  // namespace lastref
