#include "harness/execute/call_plan.h"

#include <gtest/gtest.h>

#include "harness/program/values.h"

namespace lastref {
namespace {

bool is_session(OperandKind kind) {
  return kind == OperandKind::kSession || kind == OperandKind::kSessionOrNull;
}

TEST(CallPlanTest, EveryOperandOfADirectCallHasItsPlace) {
  int direct = 0;
  for (const OperationRow& of : operation_table()) {
    const CallPlan& plan = plan_of(of.code);
    if (!plan.direct) continue;
    ++direct;
    for (std::size_t i = 0; i < of.operands.size(); ++i) {
      const OperandKind kind = operand_kind(of, i);
      const std::uint8_t place = is_session(kind)                ? plan.session
                                 : kind == OperandKind::kContext ? plan.context
                                                                 : plan.value;
      EXPECT_EQ(place, i) << of.name;
    }
  }
  EXPECT_GT(direct, 40);  // else most calls would not be planned at all
}

TEST(CallPlanTest, AValueIsThatOfItsPool) {
  for (const OperationRow& of : operation_table()) {
    const CallPlan& plan = plan_of(of.code);
    if (!plan.direct || plan.value == CallPlan::kNowhere) continue;
    const OperandKind kind = operand_kind(of, plan.value);
    const auto bytes = byte_values(kind);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      EXPECT_EQ(plan.values[i].bytes, bytes[i].data) << of.name << ' ' << bytes[i].name;
      EXPECT_EQ(plan.values[i].length, bytes[i].size) << of.name << ' ' << bytes[i].name;
    }
    const auto numbers = number_values(kind);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      EXPECT_EQ(plan.values[i].value, numbers[i].value) << of.name << ' ' << numbers[i].name;
    }
  }
}

TEST(CallPlanTest, WhatIsNotOneCallOrIsToBeRememberedIsNotDirect) {
  for (const Op code : {Op::SESSION_KEEP, Op::SESSION_FORGET, Op::CLOCK_ADVANCE, Op::CONTEXT_NEW,
                        Op::ON_REMOVE, Op::ON_GET, Op::D2I, Op::CONNECTION_FREE, Op::SET_SESSION}) {
    EXPECT_FALSE(plan_of(code).direct) << row(code).name;
  }
}

TEST(CallPlanTest, AResultThatIsAnObjectOrBytesIsNotPlain) {
  for (const Op code : {Op::SESSION_NEW, Op::D2I_INTO, Op::GET_ID, Op::GET_ALPN, Op::I2D,
                        Op::GET_HITS, Op::SET_CONTEXT, Op::CONNECTION_FREE}) {
    EXPECT_FALSE(plan_of(code).plain_result) << row(code).name;
  }
  EXPECT_TRUE(plan_of(Op::SESSION_FREE).plain_result);
  EXPECT_TRUE(plan_of(Op::CACHE_ADD).plain_result);
}

}  // namespace
}  // namespace lastref
