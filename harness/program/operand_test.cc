#include "harness/program/operand.h"

#include <gtest/gtest.h>

namespace lastref {
namespace {

TEST(OperandKinds, HaveUniqueWordsThatNameTheirIndex) {
  for (const OperandKindRow& kind : operand_kinds()) {
    const std::vector<std::string_view> words = operand_words(kind.kind);
    EXPECT_EQ(words.size(), static_cast<std::size_t>(operand_range(kind.kind))) << kind.name;
    for (std::size_t i = 0; i < words.size(); ++i) {
      EXPECT_EQ(operand_named(kind.kind, words[i]), i) << words[i];
      EXPECT_EQ(words[i].find_first_of(" \t=:#"), std::string_view::npos) << words[i];
    }
  }
}

TEST(OperandKinds, EveryOneIsUsedByTheTable) {
  for (const OperandKindRow& kind : operand_kinds()) {
    bool used = false;
    for (const OperationRow& of : operation_table()) {
      used = used || of.operands.find(static_cast<char>(kind.kind)) != std::string_view::npos;
    }
    EXPECT_TRUE(used) << kind.name;
    EXPECT_EQ(row(kind.kind).name, kind.name);
  }
}

TEST(OperandWords, OfHandles) {
  EXPECT_EQ(operand_word(OperandKind::kSession, 7), "s7");
  EXPECT_EQ(operand_word(OperandKind::kSession, kArgumentHandle), "arg");
  EXPECT_EQ(operand_word(OperandKind::kSession, kNullHandle), "?");
  EXPECT_EQ(operand_word(OperandKind::kSessionOrNull, kNullHandle), "null");
  EXPECT_EQ(operand_word(OperandKind::kBlob, 1), "b1");
  EXPECT_EQ(operand_word(OperandKind::kContext, kMaxContexts), "?");
}

TEST(ResultRange, IsThatOfTheVariables) {
  EXPECT_EQ(result_range(Result::NONE), 1);
  EXPECT_EQ(result_range(Result::SESSION), kMaxHandles);
  for (const Result result : {Result::CONTEXT, Result::CONNECTION, Result::BLOB}) {
    EXPECT_EQ(result_range(result), operand_range(variable_kind(result)));
  }
}

}  // namespace
}  // namespace lastref
