#include "harness/compare/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lastref/target_abi.h>

#include <variant>

#include "harness/program/trace.h"

namespace lastref {
namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};

Party party(const std::string& name, const std::string& words) {
  Party made;
  made.name = name;
  EXPECT_EQ(made.contract.set_words(words), "");
  return made;
}

Program program_of(const std::string& operations) {
  auto parsed = parse_trace("lastref 1\n" + operations);
  EXPECT_TRUE(std::holds_alternative<Program>(parsed));
  return std::get<Program>(parsed);
}

std::string operations_of(const Program& program) {
  const std::string text = print_trace(program);
  std::string lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with("lastref") && !line.starts_with("teardown")) lines += line + "\n";
  }
  return lines;
}

TEST(ComparisonTest, ChoicesAreThoseInWhichTheContractsDiffer) {
  std::vector<Party> parties = {party("a", ""), party("b", "new-timeout=7200")};
  parties[1].contract.hazards.add(Hazard::REPLACE_SILENT);
  std::vector<std::string> names;
  for (const Choice& choice : choices(parties)) names.push_back(choice.name());
  EXPECT_THAT(names, testing::ElementsAre("new-timeout", "replace-silent"));
}

TEST(ComparisonTest, AProgramIsCutBehindTheOperationThatShowsTheChoice) {
  const std::vector<Party> parties = {party("a", ""), party("b", "new-timeout=7200")};
  const auto row =
      shows(parties, choices(parties)[0], program_of("c0 = ctx_new\ns0 = new\nfree s0\n"), kAll);
  ASSERT_TRUE(row);
  EXPECT_EQ(operations_of(row->program), "c0 = ctx_new\ns0 = new\n");
  EXPECT_EQ(row->operation, 1);
  EXPECT_EQ(name_of(row->where), "the timeout of session 1");
  EXPECT_THAT(row->shown, testing::ElementsAre("304", "7200"));
}

// A session in two caches is a misuse for one of them, so that nothing can be said of both.
TEST(ComparisonTest, AProgramThatOnePartyForbidsShowsNothing) {
  const std::vector<Party> parties = {party("a", ""),
                                      party("b", "one-context=free cache-capacity=one-less")};
  const Program program = program_of(
      "c0 = ctx_new\nc1 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\nremove c0 s0\nadd c1 s0\n");
  for (const Choice& choice : choices(parties)) {
    EXPECT_FALSE(shows(parties, choice, program, kAll)) << choice.name();
  }
}

TEST(ComparisonTest, WhatNoCallTellsIsNotCompared) {
  const std::vector<Party> parties = {party("a", ""), party("b", "new-version=0")};
  const Program program = program_of("s0 = new\n");
  EXPECT_TRUE(shows(parties, choices(parties)[0], program, kAll));
  EXPECT_FALSE(shows(parties, choices(parties)[0], program, kAll & ~LASTREF_CAN_VERSION));
}

TEST(ComparisonTest, FindsTheSmallestProgramOfEachChoiceAndTheSameOneAgain) {
  const std::vector<Party> parties = {
      party("a", ""), party("b", "remove-marks=no cache-capacity=one-less new-timeout=7200")};
  ComparisonOptions options;
  options.capabilities = kAll;
  options.programs = 20000;
  const Comparison found = compare(parties, options);
  EXPECT_THAT(found.unseen, testing::IsEmpty());
  ASSERT_EQ(found.rows.size(), 3U);
  for (const DifferenceRow& row : found.rows) {
    // A cache that is one too small shows with two sessions that have an id each.
    const int most = row.choice.name() == "new-timeout"    ? 1
                     : row.choice.name() == "remove-marks" ? 5
                                                           : 7;
    EXPECT_LE(row.program.size, most) << row.choice.name() << "\n" << print_trace(row.program);
  }
  const Comparison again = compare(parties, options);
  ASSERT_EQ(again.rows.size(), found.rows.size());
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    EXPECT_EQ(again.rows[i].program, found.rows[i].program);
  }
}

}  // namespace
}  // namespace lastref
