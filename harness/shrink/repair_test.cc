#include "harness/shrink/repair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "harness/program/trace.h"

namespace lastref {
namespace {

std::vector<std::string> repaired(const std::string& lines, std::size_t without) {
  const auto program = std::get<Program>(parse_trace("lastref 1\n" + lines));
  std::vector<std::string> texts;
  for (const auto& units : repaired_without(units_of(program), without)) {
    texts.push_back(
        print_trace(with_units(program, units)).substr(std::string("lastref 1\n").size()));
  }
  return texts;
}

TEST(RepairTest, LeavesOutWhatNeedsTheVariableOrReadsAnotherInItsPlace) {
  const auto texts = repaired("c0 = ctx_new\nc1 = ctx_new\nadd c1 s0\nflush c0 1\n", 1);
  EXPECT_THAT(texts, ::testing::ElementsAre("c0 = ctx_new\nflush c0 1\n",
                                            "c0 = ctx_new\nadd c0 s0\nflush c0 1\n"));
}

TEST(RepairTest, GoesAsFarAsTheVariableIsAssignedAgain) {
  EXPECT_EQ(repaired("s0 = new\nup_ref s0\ns0 = dup s0\nfree s0\n", 0).front(), "free s0\n");
  EXPECT_EQ(repaired("s0 = new\nup_ref s0\ns0 = new\nfree s0\n", 0)[1],
            "up_ref s1\ns0 = new\nfree s0\n");
}

TEST(RepairTest, ABodyThatReadsTheVariableGoesWithItsOperation) {
  const auto texts = repaired("s1 = new\non_remove c0 do up_ref s1\nfree s0\n", 0);
  EXPECT_EQ(texts.front(), "free s0\n");
  EXPECT_EQ(texts[1], "on_remove c0 do up_ref s0\nfree s0\n");
}

TEST(RepairTest, WhatNobodyReadsNeedsNone) {
  EXPECT_TRUE(repaired("s0 = new\nfree s1\n", 0).empty());
  EXPECT_TRUE(repaired("free s1\nfree s1\n", 0).empty());
}

}  // namespace
}  // namespace lastref
