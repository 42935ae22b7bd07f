#include "harness/program/manual.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/program/operand.h"
#include "harness/program/program.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

using testing::HasSubstr;
using testing::Not;

// The part of the manual that is about one operation.
std::string entry(const OperationRow& of) {
  std::string page = operations_manual();
  page.erase(0, page.find("\nSESSIONS: LIFE"));  // the introduction has examples
  const std::string head =
      fmt::format("\n  {}{}", of.result == Result::NONE ? "" : "RESULT = ", of.name);
  std::size_t at = page.find(head + " ");
  if (at == std::string::npos) at = page.find(head + "\n");
  if (at == std::string::npos) return {};
  return page.substr(at, page.find("\n\n", at) - at);
}

// `text` with its line breaks and indents as single spaces.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n';
    if (!blank || !line.ends_with(' ')) line += blank ? ' ' : c;
  }
  return line;
}

TEST(Manual, HasEveryOperation) {
  for (const OperationRow& of : operation_table()) EXPECT_NE(entry(of), "") << of.name;
}

TEST(Manual, SaysWhatEachOperationNeedsAndHowOftenItIsPicked) {
  for (const OperationRow& of : operation_table()) {
    EXPECT_THAT(entry(of), HasSubstr(fmt::format("needs {};", of.capability_name)));
    EXPECT_THAT(entry(of), HasSubstr(fmt::format("weight {}", of.weight)));
  }
}

TEST(Manual, ListsEveryValueOfEveryOperand) {
  for (const OperationRow& of : operation_table()) {
    const std::string text = on_one_line(entry(of));
    for (std::size_t i = 0; i < of.operands.size(); ++i) {
      const OperandKindRow& kind = row(operand_kind(of, i));
      if (kind.is_handle) continue;
      EXPECT_THAT(text, HasSubstr(fmt::format(" {}: {} ", kind.placeholder,
                                              fmt::join(operand_words(kind.kind), " "))));
    }
  }
}

TEST(Manual, ListsTheHandlesTheRulesAndTheStages) {
  const std::string page = operations_manual();
  EXPECT_THAT(page, HasSubstr("\n  SESSION       s0 s1 s2 s3 s4 s5 s6 s7 arg\n"));
  EXPECT_THAT(page, HasSubstr("\n  CONTEXT       c0 c1\n"));
  EXPECT_THAT(page, HasSubstr("\n  STAGE         sessions connections contexts\n"));
  for (int i = 1; i < kMisuseCount; ++i) {
    EXPECT_THAT(page, HasSubstr(fmt::format(" {}", name(static_cast<Misuse>(i)))));
  }
}

TEST(Manual, SpellsOperationsInC) {
  EXPECT_THAT(entry(row(Op::SET_ID)), HasSubstr("SSL_SESSION_set1_id(SESSION, ID);"));
  EXPECT_THAT(entry(row(Op::SESSION_FREE)), HasSubstr("SSL_SESSION_free(SESSION);"));
  EXPECT_THAT(entry(row(Op::HANDSHAKE)),
              HasSubstr("handshake(CONNECTION1, CONNECTION2, STOP_POINT);"));
  EXPECT_THAT(entry(row(Op::SESSION_DUP)), HasSubstr("RESULT = SSL_SESSION_dup(SESSION);"));
  EXPECT_THAT(operations_manual(), Not(HasSubstr("$")));
}

TEST(Manual, SaysWhatHappensToReferences) {
  EXPECT_THAT(entry(row(Op::SESSION_FREE)), HasSubstr("releases a reference"));
  EXPECT_THAT(entry(row(Op::GET0_SESSION)), HasSubstr("carries no reference"));
}

TEST(Manual, HasTheContentsOfThePoolsOfBytes) {
  const std::string page = operations_manual();
  for (const OperandKindRow& kind : operand_kinds()) {
    for (const ByteValue& value : byte_values(kind.kind)) {
      EXPECT_THAT(page, HasSubstr(fmt::format("\n  {:<12} ", value.name)));
    }
  }
  EXPECT_THAT(page, HasSubstr("id_d           1 byte:  a1\n"));
  EXPECT_THAT(page, HasSubstr("host_none    NULL\n"));
}

TEST(Manual, PutsEachOperationIntoItsSection) {
  const std::string page = operations_manual();
  EXPECT_LT(page.find("\nSESSIONS: GETTERS\n"), page.find("\n  get_id SESSION\n"));
  EXPECT_GT(page.find("\nSESSIONS: ENCODING\n"), page.find("\n  has_ticket SESSION\n"));
  EXPECT_LT(page.find("\nTHE WORLD\n"), page.find("\n  clock CLOCK_STEP\n"));
}

TEST(Manual, FitsIntoAHundredColumns) {
  const std::string page = operations_manual();
  for (std::size_t at = 0; at < page.size(); at = page.find('\n', at) + 1) {
    const std::string line = page.substr(at, page.find('\n', at) - at);
    EXPECT_LE(line.size(), 100U) << line;
  }
}

}  // namespace
}  // namespace lastref
