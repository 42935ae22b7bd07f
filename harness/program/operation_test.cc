#include "harness/program/operation.h"

#include <gtest/gtest.h>
#include <lastref/target_abi.h>

#include <bit>
#include <set>

namespace lastref {
namespace {

TEST(OperationTable, NumbersAreUniqueRisingAndBelowTheLimit) {
  int last = 0;
  for (const OperationRow& of : operation_table()) {
    EXPECT_GT(static_cast<int>(of.code), last) << of.name;
    last = static_cast<int>(of.code);
  }
  EXPECT_LT(last, LASTREF_OP_LIMIT);
}

TEST(OperationTable, NamesAndIdentifiersAreUnique) {
  std::set<std::string_view> names;
  std::set<std::string_view> identifiers;
  for (const OperationRow& of : operation_table()) {
    EXPECT_TRUE(names.insert(of.name).second) << of.name;
    EXPECT_TRUE(identifiers.insert(of.identifier).second) << of.identifier;
  }
}

TEST(OperationTable, NamesAreNoWordsOfTheHeaderAndNoHandles) {
  for (const std::string_view word : {"lastref", "misuse", "teardown", "arg", "null", "s0", "c0"}) {
    EXPECT_FALSE(operation_named(word)) << word;
  }
}

TEST(OperationTable, NamesAreLowerCaseWords) {
  for (const OperationRow& of : operation_table()) {
    EXPECT_EQ(of.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
              std::string_view::npos)
        << of.name;
  }
}

TEST(OperationTable, RowsAreFoundByNumberAndByName) {
  for (const OperationRow& of : operation_table()) {
    EXPECT_EQ(row(of.code).name, of.name);
    EXPECT_EQ(operation_named(of.name), of.code);
    EXPECT_TRUE(is_operation(of.code));
  }
  EXPECT_FALSE(operation_named("fre"));
  EXPECT_FALSE(operation_named(""));
}

TEST(OperationTable, HasNoRowForANumberThatIsFree) {
  EXPECT_FALSE(is_operation(static_cast<Op>(0)));
  EXPECT_FALSE(is_operation(static_cast<Op>(LASTREF_OP_LIMIT - 1)));
  EXPECT_FALSE(is_operation(static_cast<Op>(255)));
}

TEST(OperationTable, AgreesWithTheHeaderThatAdaptersRead) {
  EXPECT_EQ(static_cast<int>(Op::SESSION_NEW), LASTREF_OP_SESSION_NEW);
  EXPECT_EQ(static_cast<int>(Op::CLOCK_ADVANCE), LASTREF_OP_CLOCK_ADVANCE);
}

TEST(OperationTable, EachCapabilityIsOneBitThatTargetsCanClaim) {
  for (const OperationRow& of : operation_table()) {
    EXPECT_TRUE(std::has_single_bit(of.capability)) << of.name;
    EXPECT_EQ(of.capability & (LASTREF_SEES_BLOCKS | LASTREF_SEES_EX_DATA), 0U) << of.name;
  }
  EXPECT_EQ(row(Op::SESSION_DUP).capability, LASTREF_CAN_DUP);
  EXPECT_EQ(row(Op::SESSION_DUP).capability_name, "DUP");
}

TEST(OperationTable, OperandLettersAreKinds) {
  for (const OperationRow& of : operation_table()) {
    EXPECT_LE(of.operands.size(), static_cast<std::size_t>(kMaxOperands)) << of.name;
    for (std::size_t i = 0; i < of.operands.size(); ++i) {
      EXPECT_GE(operand_range(operand_kind(of, i)), 1) << of.name << " operand " << i;
    }
  }
}

TEST(OperationTable, SpellingsNameEveryOperandAndNoOther) {
  for (const OperationRow& of : operation_table()) {
    EXPECT_EQ(of.c.find("$r") != std::string_view::npos, of.result != Result::NONE) << of.name;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(kMaxOperands); ++i) {
      const std::string operand = {'$', static_cast<char>('0' + i)};
      EXPECT_EQ(of.c.find(operand) != std::string_view::npos, i < of.operands.size())
          << of.name << " " << operand;
    }
  }
}

TEST(OperationTable, TheMixHasWeightForCommonOperationsAndNoneForRareOnes) {
  EXPECT_GT(row(Op::SESSION_FREE).weight, row(Op::SET_HOSTNAME).weight);
  EXPECT_EQ(row(Op::SESSION_FORGET).weight, 0U);
}

TEST(Births, AreOfOperationsThatAcquireOrReplaceASession) {
  for (const OperationRow& of : operation_table()) {
    if (!may_bear(of.code)) continue;
    const bool assigns = of.result == Result::SESSION && of.effect == Effect::ACQUIRE;
    EXPECT_TRUE(assigns || of.effect == Effect::REPLACE) << of.name;
  }
}

TEST(Births, AreNotOfSessionsThatLiveAlready) {
  EXPECT_TRUE(may_bear(Op::SESSION_NEW));
  EXPECT_TRUE(may_bear(Op::D2I_INTO));
  EXPECT_FALSE(may_bear(Op::SESSION_KEEP));
  EXPECT_FALSE(may_bear(Op::GET1_SESSION));
  EXPECT_FALSE(may_bear(Op::GET0_SESSION));
}

}  // namespace
}  // namespace lastref
