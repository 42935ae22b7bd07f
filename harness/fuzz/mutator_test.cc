// Whatever goes into a mutation, what comes out is a legal program, by the judgement of the rule
// checker, which shares no code with the model that programs are repaired by.
//
// LASTREF_MUTATIONS sets how many there are.
#include "harness/fuzz/mutator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <variant>

#include "harness/fuzz/state_features.h"
#include "harness/fuzz/trace_round_trip.h"
#include "harness/generate/random_program.h"
#include "harness/generate/rules/rule_checker.h"
#include "harness/program/binary.h"
#include "harness/program/random_program.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

constexpr std::uint64_t kNoHandshakes = ~kHandshakeCapabilities;

std::size_t mutations() {
  const char* const asked = std::getenv("LASTREF_MUTATIONS");
  return asked == nullptr ? 100'000 : std::strtoull(asked, nullptr, 10);
}

// A mutator of programs for a target of that contract.
struct Fuzzed {
  explicit Fuzzed(const std::string& words, std::uint64_t can = kNoHandshakes)
      : model(contract_of(words)), mix(can), fitter(can), mutator(model, mix, fitter) {}

  static Contract contract_of(const std::string& words) {
    Contract contract;
    EXPECT_EQ(contract.set_words(words), "");
    return contract;
  }

  Model model;
  Mix mix;
  Fitter fitter;
  Mutator mutator;
};

std::string wrong(const Program& program, const Contract& contract) {
  if (std::string text = malformed(program); !text.empty()) return text + "\n";
  const Ruling ruling = judge_by_rules(program, contract);
  if (ruling.legal) return {};
  return "operation " + std::to_string(ruling.operation + 1) + ": " + ruling.rule + "\n" +
         print_trace(program);
}

// Mutations of mutations, of a pool that begins with bytes of no meaning.
void mutate_and_judge(Fuzzed& fuzzed, std::size_t count) {
  std::mt19937_64 random = seeded_random();
  std::vector<std::vector<std::uint8_t>> pool(64);
  for (auto& bytes : pool) bytes = random_bytes(random, 3 * kMaxOperations);
  std::size_t operations = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t seed = random();
    std::vector<std::uint8_t> out(32 + random() % 256);
    const auto& first = pool[random() % pool.size()];
    std::size_t size = 0;
    if (i % 4 == 0) {
      size = fuzzed.mutator.cross(first, pool[random() % pool.size()], out, seed);
    } else {
      size = std::min(first.size(), out.size());
      std::copy_n(first.begin(), size, out.begin());
      size = fuzzed.mutator.mutate(out.data(), size, out.size(), seed);
    }
    ASSERT_GE(size, 3U);
    ASSERT_LE(size, out.size());
    out.resize(size);
    const Program program = decode_program(out);
    ASSERT_EQ(encode_program(program), out) << "mutation " << i;
    ASSERT_EQ(wrong(program, fuzzed.model.contract()), "") << "mutation " << i;
    operations += program.size;
    pool[random() % pool.size()] = std::move(out);
  }
  EXPECT_GT(operations / count, 8U) << "programs that do nothing are easily legal";
}

TEST(MutatorTest, EveryMutationIsLegalByTheManual) {
  Fuzzed fuzzed("");
  mutate_and_judge(fuzzed, mutations() / 2);
}

TEST(MutatorTest, EveryMutationIsLegalByTheContractThatDiffersMost) {
  Fuzzed fuzzed(
      "cache-key=id eviction-order=insertion remove-matches=object remove-marks=no "
      "flush-order=unordered one-context=free d2i-into=replaces d2i-failure=keeps d2i-zero=kept "
      "timeout-type=uint32 time-type=unsigned set-time-result=time cached-key=fixed "
      "cache-full=zero update-time-on-add=no new-timeout=7200");
  mutate_and_judge(fuzzed, mutations() / 2);
}

TEST(MutatorTest, AFaultThatTheTargetCannotHaveIsTakenOffTheProgram) {
  const auto program = std::get<Program>(parse_trace("lastref 1\nfail_random 1: s0 = new\n"));
  ASSERT_EQ(program.size, 1);
  const Fuzzed able("");
  EXPECT_TRUE(repair(able.model, able.fitter, program).view()[0].fault.any());
  const Fuzzed unable("", kNoHandshakes & ~LASTREF_CAN_FAIL_RANDOM);
  const Program repaired = repair(unable.model, unable.fitter, program);
  ASSERT_EQ(repaired.size, 1);
  EXPECT_FALSE(repaired.view()[0].fault.any());
}

TEST(MutatorTest, TheSameSeedGivesTheSameProgramAndAnotherSeedAnother) {
  Fuzzed fuzzed("");
  Fuzzed other("");
  std::mt19937_64 random = seeded_random();
  int same = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Program program = repair(fuzzed.model, fuzzed.fitter, random_program(random));
    const Program mutant = fuzzed.mutator.mutate(program, seed);
    EXPECT_EQ(other.mutator.mutate(program, seed), mutant);
    same += fuzzed.mutator.mutate(program, seed + 1000) == mutant ? 1 : 0;
  }
  EXPECT_LT(same, 40);
}

TEST(MutatorTest, AMutationLeavesMostOfAProgramAsItWas) {
  Fuzzed fuzzed("");
  std::mt19937_64 random = seeded_random();
  std::size_t kept = 0;
  std::size_t all = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Program program = repair(fuzzed.model, fuzzed.fitter, random_program(random));
    const Program mutant = fuzzed.mutator.mutate(program, seed);
    for (const Operation& operation : program.view()) {
      ++all;
      kept += std::ranges::count(mutant.view(), operation) > 0 ? 1U : 0U;
    }
  }
  EXPECT_GT(kept, all * 8 / 10) << kept << " of " << all;
}

// But for the bodies of callbacks, which may name what is not there yet.
TEST(AssemblyTest, ALegalProgramStaysAsItIs) {
  Fuzzed fuzzed("");
  for (std::uint64_t index = 0; index < 2000; ++index) {
    const Program program = predict_random_program(fuzzed.model, fuzzed.mix, {3, index, 24});
    if (std::any_of(program.view().begin(), program.view().end(), has_body)) continue;
    ASSERT_EQ(repair(fuzzed.model, fuzzed.fitter, program), program) << print_trace(program);
  }
}

TEST(AssemblyTest, OperandsThatNameNothingAreRenamedToWhatExists) {
  const auto parsed = parse_trace(
      "lastref 1\nc1 = ctx_new\ns3 = new\nadd c0 s5\nset_timeout s7 300\nhas_ticket s3\nfree s0\n"
      "free s3\nn0 = ssl_new c0\n");
  ASSERT_TRUE(std::holds_alternative<Program>(parsed));
  Fuzzed fuzzed("");
  const Program program = repair(fuzzed.model, fuzzed.fitter, std::get<Program>(parsed));
  // The second free has no reference of the application's to give back.
  EXPECT_EQ(print_trace(program),
            "lastref 1\nc1 = ctx_new\ns3 = new\nadd c1 s3\nset_timeout s3 300\nhas_ticket s3\n"
            "free s3\nn0 = ssl_new c1\n");
}

TEST(AssemblyTest, WhatTheTargetCannotDoIsLeftOut) {
  const auto parsed = parse_trace("lastref 1\ns0 = new\ns1 = dup s0\nup_ref s1\n");
  ASSERT_TRUE(std::holds_alternative<Program>(parsed));
  Fuzzed fuzzed("", kNoHandshakes & ~LASTREF_CAN_DUP);
  const Program program = repair(fuzzed.model, fuzzed.fitter, std::get<Program>(parsed));
  EXPECT_EQ(print_trace(program), "lastref 1\ns0 = new\nup_ref s0\n");
}

TEST(TraceRoundTripTest, RandomProgramsComeBackAndRefusalsNameAPlace) {
  std::mt19937_64 random = seeded_random();
  for (int i = 0; i < 2000; ++i) {
    std::string text = print_trace(random_program(random));
    ASSERT_EQ(wrong_round_trip(text), "") << text;
    text[random() % text.size()] = static_cast<char>(random());
    ASSERT_EQ(wrong_round_trip(text), "") << text;
    text.resize(random() % text.size());
    ASSERT_EQ(wrong_round_trip(text), "") << text;
  }
}

TEST(StateFeaturesTest, AHolderMoreIsAnotherClassAndAnotherHandleIsNot) {
  State state;
  state.restart();
  state.born = 1;
  state.live = 1;
  state.handles[0] = 0;
  state.sessions[0] = SessionState{};
  state.sessions[0].application = 1;
  const std::uint32_t one = StateFeatures::class_of(state, 0);
  state.handles[5] = 0;
  EXPECT_EQ(StateFeatures::class_of(state, 0), one);
  state.sessions[0].application = 2;
  EXPECT_NE(StateFeatures::class_of(state, 0), one);
  state.live = 0;
  EXPECT_EQ(StateFeatures::class_of(state, 0), 0U);
}

}  // namespace
}  // namespace lastref
