#include "harness/report/contract_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lastref {
namespace {

using testing::HasSubstr;

TargetContract target(const std::string& name, const std::string& words) {
  TargetContract of{name, Contract()};
  EXPECT_EQ(of.contract.set_words(words), "");
  return of;
}

TEST(ContractText, NamesTheDefaultOnlyWhereTheTargetDiffers) {
  const std::string text = contract_text(target("a", "cache-capacity=one-less").contract);
  EXPECT_THAT(text, HasSubstr("cache-capacity = one-less  (default: exact)\n"));
  EXPECT_THAT(text, HasSubstr("cache-size = 20480\n"));
}

TEST(ContractText, NamesSourceAndProgramOfEachSwitch) {
  const std::string text = contract_text(Contract());
  for (const SwitchRow& row : switch_table()) {
    EXPECT_THAT(text, HasSubstr("  source   " + std::string(row.source) + "\n"));
    EXPECT_THAT(text,
                HasSubstr("  program  corpus/contract/" + std::string(row.name) + ".trace\n"));
  }
}

TEST(ContractMarkdown, HasALineForEachTargetInTheOrderOfTheirNames) {
  const std::string page =
      contract_markdown({target("b", "new-timeout=7200"), target("a", "cache-capacity=one-less")});
  EXPECT_THAT(page, HasSubstr("| a | `one-less` |\n| b | `exact` |\n"));
  EXPECT_THAT(page, HasSubstr("| a | `304` |\n| b | `7200` |\n"));
}

TEST(ContractMarkdown, ATargetStandsInTheLinesOfTheTablesOnly) {
  const std::string with = contract_markdown({target("a", ""), target("other", "")});
  std::string without;
  for (std::size_t at = 0; at < with.size();) {
    const std::size_t end = with.find('\n', at) + 1;
    const std::string line = with.substr(at, end - at);
    if (!line.starts_with("| other |")) without += line;
    at = end;
  }
  EXPECT_EQ(without, contract_markdown({target("a", "")}));
}

}  // namespace
}  // namespace lastref
