#include "harness/program/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lastref/target_abi.h>

#include <functional>
#include <set>
#include <type_traits>

namespace lastref {
namespace {

Operation up_ref(std::uint8_t handle) {
  Operation operation;
  operation.code = Op::SESSION_UP_REF;
  operation.operand[0] = handle;
  return operation;
}

Operation on_remove(std::uint8_t what) {
  Operation operation;
  operation.code = Op::ON_REMOVE;
  operation.operand[1] = what;
  return operation;
}

Operation body(Operation operation) {
  operation.is_body = 1;
  return operation;
}

Program program_of(std::initializer_list<Operation> operations) {
  Program program;
  for (const Operation& operation : operations) program.append(operation);
  return program;
}

TEST(Program, IsPlainDataOfThreeKilobytes) {
  static_assert(std::is_trivially_copyable_v<Program>);
  static_assert(sizeof(Program) < 3072 + 512);
}

TEST(Program, TakesSoManyOperationsAndNoMore) {
  Program program;
  for (int i = 0; i < kMaxOperations; ++i) EXPECT_TRUE(program.append(up_ref(0)));
  const Program full = program;
  EXPECT_FALSE(program.append(up_ref(1)));
  EXPECT_EQ(program, full);
}

TEST(Program, IsEqualWhateverStandsBehindItsEnd) {
  Program a = program_of({up_ref(0)});
  const Program b = a;
  a.operations[1] = up_ref(5);
  EXPECT_EQ(a, b);
}

TEST(Program, IsUnequalWhenAnythingDiffers) {
  const Program program = program_of({up_ref(0), up_ref(0)});
  const std::function<void(Program&)> changes[] = {
      [](Program& p) { p.size = 1; },
      [](Program& p) { p.operations[1].thread = 1; },
      [](Program& p) { p.operations[1].result = 1; },
      [](Program& p) { p.operations[1].operand[0] = 1; },
      [](Program& p) { p.teardown.order = 1; },
      [](Program& p) { p.teardown.falling = 1; },
      [](Program& p) { p.misuse = Misuse::kLeak; },
      [](Program& p) { p.misuse_at = 1; },
  };
  for (const auto& change : changes) {
    Program other = program;
    change(other);
    EXPECT_FALSE(other == program);
  }
}

TEST(Misuse, NamesAreUnique) {
  std::set<std::string_view> names;
  for (int i = 0; i < kMisuseCount; ++i) names.insert(name(static_cast<Misuse>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kMisuseCount));
  EXPECT_EQ(name(Misuse::kTwoContexts), "two-contexts");
}

TEST(Teardown, HasSixOrdersOfAllThreeStages) {
  std::set<std::array<TeardownStage, 3>> orders;
  for (std::uint8_t order = 0; order < kTeardownOrders; ++order) {
    const auto all = stages({order, 0});
    orders.insert(all);
    EXPECT_EQ(std::set<TeardownStage>(all.begin(), all.end()).size(), 3U);
  }
  EXPECT_EQ(orders.size(), 6U);
}

TEST(Teardown, LetsGoOfSessionsThenConnectionsThenContextsByDefault) {
  const auto all = stages({});
  EXPECT_EQ(name(all[0]), "sessions");
  EXPECT_EQ(name(all[1]), "connections");
  EXPECT_EQ(name(all[2]), "contexts");
}

TEST(Needs, AreThoseOfEveryOperation) {
  EXPECT_EQ(needs({}), 0U);
  EXPECT_EQ(needs(program_of({up_ref(0)})), LASTREF_CAN_UP_REF);
  EXPECT_EQ(needs(program_of({on_remove(kOnRemoveDo), body(up_ref(0))})),
            LASTREF_CAN_CALLBACKS | LASTREF_CAN_UP_REF);
}

TEST(Malformed, IsEmptyForAWellFormedProgram) {
  EXPECT_EQ(malformed({}), "");
  EXPECT_EQ(malformed(program_of({up_ref(7)})), "");
  EXPECT_EQ(malformed(program_of({on_remove(kOnRemoveDo), body(up_ref(kArgumentHandle))})), "");
  EXPECT_EQ(malformed(program_of({on_remove(kOnRemoveDo), body(on_remove(kOnRemoveWatch))})), "");
}

struct Wrong {
  const char* name;
  Program program;
  std::string message;  // a part of it
};

std::vector<Wrong> wrong_programs() {
  const auto changed = [](const std::function<void(Program&)>& change) {
    Program program = program_of({up_ref(0), up_ref(1)});
    change(program);
    return program;
  };
  Program births;
  for (int i = 0; i <= kMaxSessions; ++i) births.append(Operation{});
  Program births_in_place;
  for (int i = 0; i < kMaxSessions; ++i) births_in_place.append(Operation{});
  births_in_place.append({.code = Op::D2I_INTO});
  return {
      {"TooLong", changed([](Program& p) { p.size = kMaxOperations + 1; }), "81 operations"},
      {"NoTeardown", changed([](Program& p) { p.teardown.order = 6; }), "the teardown"},
      {"NoDirection", changed([](Program& p) { p.teardown.falling = 2; }), "the teardown"},
      {"NoMisuse", changed([](Program& p) { p.misuse = static_cast<Misuse>(6); }), "the misuse"},
      {"MisuseBeyondTheEnd", changed([](Program& p) {
         p.misuse = Misuse::kLeak;
         p.misuse_at = 2;
       }),
       "the misuse is at an operation that does not exist"},
      {"PlaceOfNoMisuse", changed([](Program& p) { p.misuse_at = 1; }), "the misuse"},
      {"NoOperation", changed([](Program& p) { p.operations[1].code = static_cast<Op>(127); }),
       "operation 2: number 127 is no operation"},
      {"NoNumber", changed([](Program& p) { p.operations[1].code = static_cast<Op>(200); }),
       "operation 2: number 200 is no operation"},
      {"NoThread", changed([](Program& p) { p.operations[0].thread = kMaxThreads; }),
       "operation 1: there is no thread 4"},
      {"NoMark", changed([](Program& p) { p.operations[1].is_body = 2; }), "operation 2: the mark"},
      {"ResultOfNothing", changed([](Program& p) { p.operations[1].result = 1; }),
       "operation 2: the result 1"},
      {"ResultOutOfRange", program_of({{.result = kMaxHandles}}), "operation 1: the result 8"},
      {"OperandOutOfRange", program_of({up_ref(kNullHandle)}), "operation 1: operand 1"},
      {"ValueOutOfRange", program_of({on_remove(3)}), "operation 1: operand 2"},
      {"UnusedOperand", changed([](Program& p) { p.operations[0].operand[1] = 1; }), "byte 2"},
      {"UnusedByte", changed([](Program& p) { p.operations[0].operand[3] = 1; }), "byte 4"},
      {"ArgOutsideOfABody", program_of({up_ref(kArgumentHandle)}), "'arg' outside of a body"},
      {"BodyWithThread", program_of({on_remove(kOnRemoveDo), {.thread = 1, .is_body = 1}}),
       "operation 2: a body has no thread"},
      {"BodyWithFault",
       program_of({on_remove(kOnRemoveDo), {.is_body = 1, .fault = Fault(1, false)}}),
       "operation 2: a body has no fault"},
      {"FaultOfNoCall", program_of({{.code = Op::SESSION_FORGET, .fault = Fault(1, false)}}),
       "operation 1: 'forget' allocates nothing"},
      {"BodyWithoutDo", program_of({on_remove(kOnRemoveWatch), body(up_ref(0))}),
       "operation 2: a body without a 'do'"},
      {"BodyFirst", program_of({body(up_ref(0))}), "operation 1: a body without a 'do'"},
      {"BodyAfterBody", program_of({on_remove(kOnRemoveDo), body(up_ref(0)), body(up_ref(0))}),
       "operation 3: a body without a 'do'"},
      {"DoWithoutBody", program_of({on_remove(kOnRemoveDo), up_ref(0)}), "operation 2: not a body"},
      {"DoAtTheEnd", program_of({on_remove(kOnRemoveDo)}), "operation 1: a 'do' without a body"},
      {"BodyWithBody",
       program_of({on_remove(kOnRemoveDo), body(on_remove(kOnRemoveDo)), body(up_ref(0))}),
       "operation 2: a body has a body"},
      {"TooManyBirths", births, "operation 25: more than 24 sessions"},
      {"TooManyBirthsInPlace", births_in_place, "operation 25: more than 24 sessions"},
      {"BytesOfNoOperation", changed([](Program& p) { p.given_size = 1; }), "there are 1 bytes"},
      {"BytesTwice", program_of({{.code = Op::BLOB_GIVE}, {.code = Op::BLOB_GIVE}}),
       "more than one operation brings bytes along"},
  };
}

class Malformed : public testing::TestWithParam<Wrong> {};

TEST_P(Malformed, SaysWhat) {
  EXPECT_THAT(malformed(GetParam().program), testing::HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(All, Malformed, testing::ValuesIn(wrong_programs()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace lastref
