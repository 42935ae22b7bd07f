#include "harness/explore/pinned/spin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/explore/explorer.h"
#include "harness/explore/pinned/pinned_model.h"

namespace lastref {
namespace {

using testing::HasSubstr;

constexpr int kDepth = 200'000;  // deeper than Spin goes into these bounds
constexpr int kLog2Places = 20;

constexpr const char* kPanOutput =
    "State-vector 28 byte, depth reached 186, errors: 0\n"
    "      262 states, stored\n"
    "     1750 states, matched\n"
    "     2012 transitions (= stored+matched)\n";

class SpinAgrees : public testing::TestWithParam<PinnedBound> {};

TEST_P(SpinAgrees, OnStatesAndTransitions) {
  const SpinSearch spin = search_with_spin(GetParam(), kDepth, kLog2Places);
  if (!spin.installed) GTEST_SKIP() << spin.failure;
  ASSERT_EQ(spin.failure, "");
  EXPECT_EQ(spin.errors, 0U);
  const PinnedModel<> model(GetParam());
  const auto result = Explorer<PinnedModel<>>(model).run();
  EXPECT_EQ(spin.states, result.counts.states);
  EXPECT_EQ(spin.transitions, result.counts.transitions);
}

INSTANTIATE_TEST_SUITE_P(Bounds, SpinAgrees,
                         testing::Values(PinnedBound{1, 2, 1}, PinnedBound{2, 3, 2},
                                         PinnedBound{3, 2, 2}, PinnedBound{3, 3, 1}));

TEST(Spin, FindsTheMistakeToo) {
  const SpinSearch spin = search_with_spin({2, 2, 1, PinnedBug::kCacheAdd}, kDepth, kLog2Places);
  if (!spin.installed) GTEST_SKIP() << spin.failure;
  ASSERT_EQ(spin.failure, "");
  EXPECT_EQ(spin.errors, 1U);
}

TEST(Spin, ASearchThatWasCutOffIsNoSearch) {
  const SpinSearch spin = search_with_spin({2, 3, 2}, 50, kLog2Places);
  if (!spin.installed) GTEST_SKIP() << spin.failure;
  EXPECT_THAT(spin.failure, HasSubstr("max search depth too small"));
}

TEST(Spin, ItsOutputIsReadWithoutTheStateBeforeTheStart) {
  const SpinSearch spin = read_spin_output(kPanOutput);
  EXPECT_EQ(spin.failure, "");
  EXPECT_EQ(spin.errors, 0U);
  EXPECT_EQ(spin.states, 261U);
  EXPECT_EQ(spin.transitions, 2010U);
}

TEST(Spin, OutputWithoutCountsOrOfAnInexactSearchIsAFailure) {
  EXPECT_NE(read_spin_output("").failure, "");
  EXPECT_NE(read_spin_output("pan: killed\n").failure, "");
  EXPECT_NE(
      read_spin_output(std::string("Hash-Compact 4 search\n+ hash-compact\n") + kPanOutput).failure,
      "");
}

}  // namespace
}  // namespace lastref
