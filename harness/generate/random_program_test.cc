#include "harness/generate/random_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/generate/misuse.h"
#include "harness/model/handshake_choice.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

// All that a library has which counts references; one that can look up has another mix.
constexpr std::uint64_t kEverything =
    ~(LASTREF_CAN_LOOKUP | LASTREF_CAN_COPY_SESSION | LASTREF_CAN_REMOVE_OWN);
constexpr std::uint64_t kSeed = 20240817;

class RandomProgramTest : public ::testing::Test {
 protected:
  Program draw(std::uint64_t index, int operations = 24) const {
    return predict_random_program(Model(contract_), mix_, {kSeed, index, operations});
  }
  Program draw_handshakes(std::uint64_t index) const {
    return predict_random_program(Model(contract_), handshakes_, {kSeed, index, 24});
  }

  Contract contract_;
  Mix mix_{kEverything};
  Mix handshakes_{kEverything, MixKind::kHandshakes};
};

TEST_F(RandomProgramTest, TheSameSeedAndIndexGiveTheSameProgram) {
  for (std::uint64_t index = 0; index < 100; ++index) EXPECT_EQ(draw(index), draw(index));
}

TEST_F(RandomProgramTest, AnotherIndexGivesAnotherProgram) {
  std::set<std::string> traces;
  for (std::uint64_t index = 0; index < 1000; ++index) traces.insert(print_trace(draw(index)));
  EXPECT_EQ(traces.size(), 1000U);
}

TEST_F(RandomProgramTest, IsLegalAndWellFormedAndAsLongAsAskedFor) {
  const Model model(contract_);
  for (std::uint64_t index = 0; index < 20000; ++index) {
    const Program program = draw(index);
    ASSERT_EQ(malformed(program), "") << print_trace(program);
    const Judgement judgement = judge(model, program);
    ASSERT_EQ(judgement.legality, Legality::kLegal)
        << name(judgement.legality) << " at " << judgement.operation + 1 << "\n"
        << print_trace(program);
    ASSERT_EQ(program.size, 24) << print_trace(program);
  }
}

TEST_F(RandomProgramTest, HasFaultsWhereItIsAskedForThem) {
  int faults = 0;
  int operations = 0;
  int persistent = 0;
  for (std::uint64_t index = 0; index < 1000; ++index) {
    const ProgramSeed which{kSeed, index, 24, true};
    const Program program = predict_random_program(Model(contract_), mix_, which);
    ASSERT_EQ(malformed(program), "") << print_trace(program);
    EXPECT_FALSE(has_faults(draw(index)));
    operations += program.size;
    for (const Operation& operation : program.view()) {
      faults += operation.fault.any() ? 1 : 0;
      persistent += operation.fault.persistent() ? 1 : 0;
    }
  }
  EXPECT_GT(faults, operations / 10);
  EXPECT_LT(faults, operations / 4);
  EXPECT_GT(persistent, faults / 5);
  EXPECT_LT(persistent, faults / 2);
}

TEST_F(RandomProgramTest, KeepsThePreconditionsOfHazards) {
  contract_.hazards.add(Hazard::REKEY_CACHED);
  contract_.hazards.add(Hazard::EMPTY_ID_CACHED);
  const Model model(contract_);
  for (std::uint64_t index = 0; index < 5000; ++index) {
    const Program program = draw(index);
    EXPECT_NE(judge(model, program).legality, Legality::kHazard) << print_trace(program);
  }
}

TEST_F(RandomProgramTest, EveryOperationWithAWeightIsDrawn) {
  std::map<Op, int> drawn;
  for (std::uint64_t index = 0; index < 20000; ++index) {
    for (const Program& program : {draw(index), draw_handshakes(index)}) {
      for (const Operation& operation : program.view()) ++drawn[operation.code];
    }
  }
  for (const OperationRow& row : operation_table()) {
    if (row.weight > 0 && row.code != Op::SESSION_NEW_WITH_ID && mix_.has(row.code)) {
      EXPECT_GT(drawn[row.code], 0) << row.name;
    }
  }
}

TEST_F(RandomProgramTest, TheCommonMixShakesNoHands) {
  for (std::uint64_t index = 0; index < 2000; ++index) {
    EXPECT_EQ(needs(draw(index)) & (LASTREF_CAN_HANDSHAKE | LASTREF_CAN_TLS13), 0U);
  }
}

TEST_F(RandomProgramTest, ProgramsOfHandshakesAreLegalToo) {
  const Model model(contract_);
  for (std::uint64_t index = 0; index < 5000; ++index) {
    const Program program = draw_handshakes(index);
    ASSERT_EQ(malformed(program), "") << print_trace(program);
    ASSERT_EQ(judge(model, program).legality, Legality::kLegal) << print_trace(program);
  }
}

// What each handshake of a program comes to, as the model has it.
std::vector<std::string> handshakes(const Contract& contract, const Program& program) {
  const Model model(contract);
  State state;
  Expectation expected;
  std::vector<std::string> ways;
  for (std::size_t i = 0; i < program.size; ++i) {
    const Operation& operation = program.operations[i];
    const bool pair = has_body(operation);
    const State before = state;
    model.step(state, operation, pair ? program.operations[i + 1] : Operation{}, expected);
    if (pair) ++i;
    if (operation.code == Op::SET_SESSION &&
        before.connections[operation.operand[0]].stage != Stage::kReady) {
      ways.emplace_back("set late");
    }
    if (operation.code != Op::HANDSHAKE) continue;
    const ConnectionState& served = state.connections[operation.operand[1]];
    if (served.context != before.connections[operation.operand[1]].context) {
      ways.push_back(expected.result == kHandshakeResumed ? "resumed and switched" : "switched");
    }
    if (operation.operand[2] == kStopClientRefuses) {
      ways.push_back(expected.result == kHandshakeIncomplete ? "client refuses"
                                                             : "nothing to refuse");
    }
    const HandshakeChoice choice =
        choose(before, contract, before.connections[operation.operand[0]],
               before.connections[operation.operand[1]]);
    const std::string protocol = choice.is_tls13() ? "1.3 " : "1.2 ";
    if (choice.expired) ways.push_back(protocol + "expired");
    if (!choice.resumed) {
      ways.push_back(protocol + "full");
    } else if (choice.ticket >= 0) {
      ways.push_back(protocol + "by ticket");
    } else {
      ways.push_back(protocol + (choice.from_callback ? "by callback" : "by id"));
    }
  }
  return ways;
}

TEST_F(RandomProgramTest, HandshakesGoEveryWayThereIs) {
  std::map<std::string, int> ways;
  for (std::uint64_t index = 0; index < 40000; ++index) {
    for (const std::string& way : handshakes(contract_, draw_handshakes(index))) ++ways[way];
  }
  for (const char* protocol : {"1.2 ", "1.3 "}) {
    for (const char* way : {"full", "by id", "by ticket", "by callback", "expired"}) {
      EXPECT_GT(ways[std::string(protocol) + way], 0) << protocol << way;
    }
  }
  for (const char* way :
       {"set late", "switched", "resumed and switched", "client refuses", "nothing to refuse"}) {
    EXPECT_GT(ways[way], 0) << way;
  }
}

TEST_F(RandomProgramTest, SessionsAreBornWithAnIdWhereNoneCanBeSet) {
  const Mix born(kEverything & ~LASTREF_CAN_SET_ID);
  int with_mix[2] = {0, 0};
  for (std::uint64_t index = 0; index < 200; ++index) {
    for (const bool settable : {false, true}) {
      const Program program =
          predict_random_program(Model(contract_), settable ? mix_ : born, {kSeed, index, 24});
      for (const Operation& operation : program.view()) {
        with_mix[settable ? 1 : 0] += operation.code == Op::SESSION_NEW_WITH_ID ? 1 : 0;
      }
    }
  }
  EXPECT_GT(with_mix[0], 0);
  EXPECT_EQ(with_mix[1], 0) << "new and set_id say the same";
}

TEST_F(RandomProgramTest, NothingIsDrawnThatTheTargetLacks) {
  const Mix bare(LASTREF_CAN_SESSION | LASTREF_CAN_CONTEXT);
  for (std::uint64_t index = 0; index < 2000; ++index) {
    const Program program = predict_random_program(Model(contract_), bare, {kSeed, index, 24});
    const std::uint64_t needed = needs(program);
    EXPECT_EQ(needed & ~(LASTREF_CAN_SESSION | LASTREF_CAN_CONTEXT), 0U) << print_trace(program);
  }
}

// Where a cache has entries, what it holds depends on their age.
TEST_F(RandomProgramTest, TheClockGoesOnMoreOftenWhereThereIsALookup) {
  Contract entries;
  ASSERT_EQ(entries.set_words("cache-adds=entry one-context=free"), "");
  const Mix both[] = {Mix(kEverything), Mix(kEverything | LASTREF_CAN_LOOKUP)};
  std::map<Op, int> drawn[2];
  for (std::uint64_t index = 0; index < 3000; ++index) {
    for (const int looks_up : {0, 1}) {
      const Program program =
          predict_random_program(Model(entries), both[looks_up], {kSeed, index, 24});
      for (const Operation& operation : program.view()) ++drawn[looks_up][operation.code];
    }
  }
  for (const Op code : {Op::CLOCK_ADVANCE, Op::SET_DEFAULT_TIMEOUT}) {
    EXPECT_GT(drawn[1][code], 3 * drawn[0][code]) << row(code).name;
  }
  EXPECT_GT(drawn[1][Op::CACHE_LOOKUP], 1000);
  EXPECT_EQ(drawn[0][Op::CACHE_LOOKUP], 0);
}

class MisuseTest : public RandomProgramTest, public ::testing::WithParamInterface<Misuse> {};

TEST_P(MisuseTest, BreaksExactlyTheRuleItNamesAndOnlyThere) {
  const Model model(contract_);
  int found = 0;
  for (std::uint64_t index = 0; index < 2000; ++index) {
    const auto program = random_misuse_program(model, mix_, {kSeed, index, 24}, GetParam());
    if (!program) continue;
    ++found;
    const Judgement judgement = judge(model, *program);
    ASSERT_EQ(misuse_of(judgement.legality), GetParam()) << print_trace(*program);
    ASSERT_EQ(judgement.operation, program->misuse_at) << print_trace(*program);
    ASSERT_EQ(program->misuse, GetParam());
  }
  // Two contexts in one program are one in forty.
  EXPECT_GT(found, GetParam() == Misuse::kTwoContexts ? 10 : 500);
}

INSTANTIATE_TEST_SUITE_P(Kinds, MisuseTest,
                         ::testing::Values(Misuse::kDoubleFree, Misuse::kUseAfterFree,
                                           Misuse::kLeak, Misuse::kTwoContexts),
                         [](const auto& tested) {
                           std::string text(name(tested.param));
                           for (char& letter : text) {
                             if (letter == '-') letter = '_';
                           }
                           return text;
                         });

TEST_F(RandomProgramTest, ASessionThatTheApplicationMadeIsNeverOnlyBorrowed) {
  for (std::uint64_t index = 0; index < 500; ++index) {
    EXPECT_FALSE(
        random_misuse_program(Model(contract_), mix_, {kSeed, index, 24}, Misuse::kBorrowedFree));
  }
}

TEST_F(RandomProgramTest, ASessionThatAHandshakeMadeMayBeFreedWhileItIsOnlyBorrowed) {
  const Model model(contract_);
  int found = 0;
  for (std::uint64_t index = 0; index < 500; ++index) {
    const auto program =
        random_misuse_program(model, handshakes_, {kSeed, index, 24}, Misuse::kBorrowedFree);
    if (!program) continue;
    ++found;
    const Judgement judgement = judge(model, *program);
    ASSERT_EQ(misuse_of(judgement.legality), Misuse::kBorrowedFree) << print_trace(*program);
    ASSERT_EQ(judgement.operation, program->misuse_at) << print_trace(*program);
  }
  EXPECT_GT(found, 20);
}

TEST_F(RandomProgramTest, NobodyShakesHandsOnATargetThatCannot) {
  const Mix without(kEverything & ~std::uint64_t{LASTREF_CAN_HANDSHAKE}, MixKind::kHandshakes);
  for (std::uint64_t index = 0; index < 500; ++index) {
    const Program program = predict_random_program(Model(contract_), without, {kSeed, index, 24});
    EXPECT_EQ(needs(program) & LASTREF_CAN_HANDSHAKE, 0U) << print_trace(program);
  }
}

}  // namespace
}  // namespace lastref
