// What the generator draws is legal by another's judgement: that of the rule checker, which shares
// no code with the model that the generator asks.
//
// LASTREF_LEGALITY_OPERATIONS sets how many operations are judged; ten million take half a minute.

#include <gtest/gtest.h>
#include <lastref/target_abi.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "harness/generate/random_program.h"
#include "harness/generate/rules/rule_checker.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::uint64_t kEverything = ~std::uint64_t{0};
constexpr std::uint64_t kOperations = 1'000'000;  // in a plain run of the tests

std::uint64_t operations_to_judge() {
  const char* const asked = std::getenv("LASTREF_LEGALITY_OPERATIONS");
  return asked == nullptr ? kOperations : std::strtoull(asked, nullptr, 10);
}

Contract contract_of_openssl() {
  Contract contract;
  contract.set("cache-capacity", "one-less");
  contract.set("add-again", "refreshes-place");
  return contract;
}

Contract contract_of_boringssl() {
  Contract contract;
  EXPECT_EQ(contract.set_words("cache-key=id eviction-order=insertion remove-matches=object "
                               "remove-marks=no flush-order=unordered one-context=free "
                               "d2i-into=replaces d2i-failure=keeps d2i-zero=kept "
                               "timeout-type=uint32 time-type=unsigned set-time-result=time "
                               "cached-key=fixed cache-full=zero update-time-on-add=no "
                               "new-timeout=7200"),
            "");
  return contract;
}

// A library with one table for the process and a session of its own for each connection.
Contract contract_of_wolfssl() {
  Contract contract;
  EXPECT_EQ(contract.set_words(
                "cache-adds=copy empty-id-add=refused flush=nothing "
                "remove-marks=expires cache-mode=flags cache-size-set=fixed set-session=copies "
                "set-session-cache-off=refused set-session-null=refused "
                "fresh-connection-session=own clear-session=renews new-time=zero "
                "remove-callback-at-end=connection one-context=free d2i-into=replaces"),
            "");
  return contract;
}

// Judges programs until they have so many operations; how many those were.
std::uint64_t judge_generated(const Contract& contract, std::uint64_t operations,
                              std::uint64_t capabilities = kEverything) {
  const Model model(contract);
  const Mix mix(capabilities);
  std::uint64_t judged = 0;
  for (std::uint64_t index = 0; judged < operations; ++index) {
    const Program program = predict_random_program(model, mix, {kSeed, index, 24});
    const Ruling ruling = judge_by_rules(program, contract);
    EXPECT_TRUE(ruling.legal) << "seed " << kSeed << " index " << index << " operation "
                              << ruling.operation + 1 << ": " << ruling.rule << "\n"
                              << print_trace(program);
    if (!ruling.legal) break;
    judged += program.size;
  }
  return judged;
}

TEST(LegalityTest, WhatIsGeneratedForTheManualIsLegalByAnIndependentJudge) {
  const std::uint64_t judged = judge_generated(Contract{}, operations_to_judge() / 2);
  std::printf("%llu operations judged legal\n", static_cast<unsigned long long>(judged));
}

TEST(LegalityTest, WhatIsGeneratedForAnotherContractAndItsHazardsIsLegalToo) {
  Contract contract = contract_of_openssl();
  contract.hazards.add(Hazard::REKEY_CACHED);
  contract.hazards.add(Hazard::EMPTY_ID_CACHED);
  const std::uint64_t judged = judge_generated(contract, operations_to_judge() / 2);
  std::printf("%llu operations judged legal\n", static_cast<unsigned long long>(judged));
}

TEST(LegalityTest, WhatIsGeneratedForTheContractThatDiffersMostIsLegalToo) {
  std::uint64_t judged = judge_generated(contract_of_boringssl(), operations_to_judge() / 2);
  Contract contract = contract_of_boringssl();
  contract.hazards.add(Hazard::I2D_ALLOCATE);
  contract.hazards.add(Hazard::TWO_CACHES);
  contract.hazards.add(Hazard::EMPTY_ID_CACHED);
  contract.hazards.add(Hazard::REPLACE_SILENT);
  contract.hazards.add(Hazard::OVERFLOW_EXPIRES);
  judged += judge_generated(contract, operations_to_judge() / 2);
  std::printf("%llu operations judged legal\n", static_cast<unsigned long long>(judged));
}

TEST(LegalityTest, WhatIsGeneratedForALibraryThatCopiesIsLegalWithItsHazardsAndWithout) {
  constexpr std::uint64_t kNoIdsSet = kEverything & ~LASTREF_CAN_SET_ID;
  Contract contract = contract_of_wolfssl();
  judge_generated(contract, operations_to_judge() / 4, kNoIdsSet);
  for (const Hazard hazard : {Hazard::REMOVE_CALLBACK_ALWAYS, Hazard::REMOVE_MARKS_STRANGER,
                              Hazard::MODE_STICKS, Hazard::EX_DATA_IN_TABLE, Hazard::WITHHELD_1,
                              Hazard::D2I_INTO_LEAKS, Hazard::SET_SESSION_OVERWRITES}) {
    contract.hazards.add(hazard);
  }
  judge_generated(contract, operations_to_judge() / 4, kNoIdsSet);
}

// The generator with one precondition removed: it takes an operation that the model forbids for
// that reason. The judge must say no, at that operation.
class RemovedPreconditionTest : public ::testing::TestWithParam<Legality> {};

TEST_P(RemovedPreconditionTest, IsNoticedAtTheOperation) {
  const Contract contract;
  const Model model(contract);
  const Mix mix(kEverything);
  int noticed = 0;
  for (std::uint64_t index = 0; index < 20000 && noticed < 100; ++index) {
    Generator generator(mix, kSeed, index);
    Program program;
    program.teardown = generator.teardown();
    State state;
    Expectation expected;
    for (int draws = 0; draws < 60 && program.size < 24; ++draws) {
      const Draft draft = generator.draw(state);
      if (has_body(draft.operation)) continue;  // bodies have tests of their own
      // A generator that looks at less of the state: any handle, whatever it holds.
      Operation careless = draft.operation;
      const OperationRow& of = row(careless.code);
      for (std::size_t i = 0; i < of.operands.size(); ++i) {
        const OperandKind kind = operand_kind(of, i);
        if (kind == OperandKind::kSession || kind == OperandKind::kSessionOrNull) {
          careless.operand[i] = static_cast<std::uint8_t>(generator.random().below(kMaxHandles));
        } else if (kind == OperandKind::kContext) {
          careless.operand[i] = static_cast<std::uint8_t>(generator.random().below(kMaxContexts));
        }
      }
      if (of.result == Result::SESSION) {
        careless.result = static_cast<std::uint8_t>(generator.random().below(kMaxHandles));
      }
      State after = state;
      const Legality legality = model.step(after, careless, Operation{}, expected);
      if (legality == Legality::kLegal) {
        state = after;
        program.append(careless);
        continue;
      }
      if (legality != GetParam()) continue;
      Program wrong = program;
      wrong.append(careless);
      const Ruling ruling = judge_by_rules(wrong, contract);
      ASSERT_FALSE(ruling.legal) << name(legality) << "\n" << print_trace(wrong);
      ASSERT_EQ(ruling.operation, wrong.size - 1) << ruling.rule << "\n" << print_trace(wrong);
      ++noticed;
      break;
    }
  }
  EXPECT_GT(noticed, 0) << "no occasion in 20000 programs";
}

INSTANTIATE_TEST_SUITE_P(Rules, RemovedPreconditionTest,
                         ::testing::Values(Legality::kDoubleFree, Legality::kDeadSession,
                                           Legality::kTwoContexts, Legality::kLosesReference,
                                           Legality::kNoObject, Legality::kNotFresh));

}  // namespace
}  // namespace lastref
