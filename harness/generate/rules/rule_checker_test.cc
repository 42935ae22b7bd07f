#include "harness/generate/rules/rule_checker.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <set>

#include "harness/generate/rules/judged.h"
#include "harness/program/random_program.h"

namespace lastref::rules {
namespace {

// A contract, with hazards, in which every switch that has words has any of them.
Contract random_contract(std::mt19937_64& random) {
  Contract contract;
  for (const SwitchRow& row : switch_table()) {
    if (row.values.front() == '#') continue;
    const std::size_t space = row.values.find(' ');
    const bool first = random() % 2 == 0;
    contract.set(row.name, first ? row.values.substr(0, space)
                                 : row.values.substr(row.values.rfind(' ') + 1));
  }
  for (const HazardRow& row : hazard_table()) {
    if (random() % 4 == 0) contract.hazards.add(row.id);
  }
  return contract;
}

std::vector<bool> random_choices(std::mt19937_64& random) {
  return {random() % 2 == 0, random() % 2 == 0, random() % 2 == 0, random() % 2 == 0};
}

TEST(RuleChecker, RulesOnEveryWellFormedProgram) {
  std::mt19937_64 random = seeded_random();
  std::set<std::string> reasons;
  for (int i = 0; i < 300'000; ++i) {
    const Program program = random_program(random);
    const Ruling ruling = judge_by_rules(program, random_contract(random), random_choices(random));
    ASSERT_EQ(ruling.rule.empty(), ruling.legal && !ruling.undecided);
    ASSERT_LE(ruling.operation, program.size);
    ASSERT_LE(ruling.during, program.size);
    reasons.insert(ruling.rule);
  }
  EXPECT_GE(reasons.size(), 8U);
}

// Random operations, each kept only if the program up to it is legal: deep into the simulation,
// where random programs never come.
TEST(RuleChecker, RulesOnProgramsThatItMadeLegal) {
  std::mt19937_64 random = seeded_random();
  std::set<std::string> reasons;
  std::size_t kept = 0;
  for (int i = 0; i < 500; ++i) {
    const Contract contract = random_contract(random);
    const std::vector<bool> choices = random_choices(random);
    Program program;
    program.teardown = {static_cast<std::uint8_t>(random() % kTeardownOrders),
                        static_cast<std::uint8_t>(random() % 2),
                        static_cast<std::uint8_t>(random() % 2)};
    for (int tries = 0; tries < 400; ++tries) {
      Program longer = program;
      const Program more = random_program(random);
      if (more.size == 0 || !longer.append(more.operations[0])) continue;
      if (has_body(more.operations[0]) && !longer.append(more.operations[1])) continue;
      if (!malformed(longer).empty()) continue;
      const Ruling ruling = judge_by_rules(longer, contract, choices);
      reasons.insert(ruling.rule);
      if (ruling.legal && !ruling.undecided) program = longer;
    }
    kept += program.size;
  }
  EXPECT_GT(kept, 500U * 20U);
  EXPECT_GE(reasons.size(), 15U);
}

TEST(RuleChecker, AMalformedProgramIsNotLegal) {
  Program program = parsed("s0 = new\n");
  program.operations[0].result = 100;
  const Ruling ruling = judge_by_rules(program, Contract());
  EXPECT_FALSE(ruling.legal);
  EXPECT_EQ(ruling.rule.find("the program is malformed"), 0U);
}

TEST(RuleChecker, AnEmptyProgramIsLegal) { expect_legal(""); }

TEST(RuleChecker, TheFirstBrokenRuleIsNamed) {
  expect_broken(kSessionIsNull, "get_id s0 #!\nget_id s1\nctx_free c0\n");
}

}  // namespace
}  // namespace lastref::rules
