#include "harness/explore/pinned/pinned_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "harness/explore/explorer.h"

namespace lastref {
namespace {

using testing::ElementsAre;
using testing::Pair;
using Model = PinnedModel<>;

std::pair<std::uint64_t, std::uint64_t> counts(const PinnedBound& bound) {
  const Model model(bound);
  const auto result = Explorer<Model>(model).run();
  EXPECT_EQ(result.end, ExplorationEnd::kComplete);
  return {result.counts.states, result.counts.transitions};
}

// M(3,2,2) after some moves: the state's digits from the lowest, owners, counts, ids.
class PinnedModelTest : public testing::Test {
 protected:
  PinnedModelTest() : model_({3, 2, 2}), state_(model_.initial()) {}

  void go(PinnedOp op, int handle = 0, int source = 0) {
    const PinnedMove wanted = {op, static_cast<std::uint8_t>(handle),
                               static_cast<std::uint8_t>(source)};
    std::optional<Model::State> found;
    model_.successors(state_, [&](const PinnedMove& move, const Model::State& next) {
      if (move == wanted) found = next;
    });
    ASSERT_TRUE(found.has_value()) << text(wanted) << " is not allowed";
    state_ = *found;
    EXPECT_TRUE(model_.holds(state_));
  }

  std::vector<int> digits(int from, int count) const {
    std::vector<int> list;
    for (int i = from; i < from + count; ++i) list.push_back(digit(state_.digits, i));
    return list;
  }
  std::vector<int> handles() const { return digits(0, 2); }
  std::vector<int> cache() const { return digits(2, 2); }
  int connection() const { return digit(state_.digits, 4); }
  std::vector<int> slot_counts() const { return digits(5, 3); }
  std::vector<int> ids() const { return digits(8, 3); }

  static constexpr int kNothing = 3;
  Model model_;
  Model::State state_;
};

TEST_F(PinnedModelTest, ANewSessionTakesTheFirstFreeSlotAndTheLeastUnusedId) {
  go(PinnedOp::kNew, 0);
  go(PinnedOp::kNew, 1);
  EXPECT_THAT(handles(), ElementsAre(0, 1));
  EXPECT_THAT(ids(), ElementsAre(0, 1, 0));
  go(PinnedOp::kFree, 0);
  go(PinnedOp::kDup, 0, 1);
  EXPECT_THAT(handles(), ElementsAre(0, 1));
  EXPECT_THAT(ids(), ElementsAre(1, 1, 0));
  EXPECT_THAT(slot_counts(), ElementsAre(1, 1, 0));
}

TEST_F(PinnedModelTest, AddPutsASessionInFrontAndDropsTheLastOfAFullCache) {
  go(PinnedOp::kNew, 0);
  go(PinnedOp::kAdd, 0);
  go(PinnedOp::kNew, 1);
  go(PinnedOp::kAdd, 1);
  EXPECT_THAT(cache(), ElementsAre(1, 0));
  go(PinnedOp::kAdd, 0);
  EXPECT_THAT(cache(), ElementsAre(0, 1));
  EXPECT_THAT(slot_counts(), ElementsAre(2, 2, 0));
  go(PinnedOp::kFree, 1);
  go(PinnedOp::kNew, 1);
  EXPECT_THAT(handles(), ElementsAre(0, 2));
  go(PinnedOp::kAdd, 1);
  EXPECT_THAT(cache(), ElementsAre(2, 0));
  EXPECT_THAT(slot_counts(), ElementsAre(2, 0, 2)) << "the cache had the last reference";
  EXPECT_THAT(ids(), ElementsAre(0, 0, 2));
}

TEST_F(PinnedModelTest, AddReleasesAnotherSessionOfTheSameId) {
  go(PinnedOp::kNew, 0);
  go(PinnedOp::kAdd, 0);
  go(PinnedOp::kDup, 1, 0);
  go(PinnedOp::kAdd, 1);
  EXPECT_THAT(cache(), ElementsAre(1, kNothing));
  EXPECT_THAT(slot_counts(), ElementsAre(1, 2, 0));
}

TEST_F(PinnedModelTest, TheOperationsMoveReferencesBetweenOwners) {
  go(PinnedOp::kNew, 0);
  go(PinnedOp::kAdd, 0);
  go(PinnedOp::kSetSession, 0);
  EXPECT_EQ(connection(), 0);
  go(PinnedOp::kSetSession, 0);
  EXPECT_THAT(slot_counts(), ElementsAre(3, 0, 0));
  go(PinnedOp::kUpRef, 1, 0);
  go(PinnedOp::kFree, 0);
  go(PinnedOp::kGet1, 0);
  go(PinnedOp::kFree, 1);
  go(PinnedOp::kLookup, 1, 0);
  EXPECT_THAT(slot_counts(), ElementsAre(4, 0, 0));
  go(PinnedOp::kRemove, 1);
  EXPECT_THAT(cache(), ElementsAre(kNothing, kNothing));
  go(PinnedOp::kAdd, 0);
  go(PinnedOp::kFlush);
  go(PinnedOp::kReset);
  EXPECT_EQ(connection(), kNothing);
  EXPECT_THAT(slot_counts(), ElementsAre(2, 0, 0));
}

TEST(PinnedModel, HasAsManyStatesAndTransitionsAsOtherCheckersCount) {
  EXPECT_THAT(counts({3, 4, 2}), Pair(166'618, 2'849'224));
  EXPECT_EQ(counts({4, 3, 2}).first, 870'017U);
  EXPECT_THAT(counts({3, 6, 2}), Pair(3'036'394, 81'137'580));
}

TEST(PinnedModel, ABoundKnownWhenItIsCompiledChangesNothing) {
  using Fixed = PinnedModel<FixedPinnedBound<2, 4, 2>>;
  const Fixed fixed({});
  Explorer<Fixed> explorer(fixed);
  const auto result = explorer.run();
  EXPECT_THAT(counts({2, 4, 2}), Pair(result.counts.states, result.counts.transitions));
  const Model model({2, 4, 2});
  Explorer<Model> other(model);
  other.run();
  explorer.visited().for_each(
      [&](const PackedState<1>& state) { EXPECT_TRUE(other.visited().contains(state)); });
}

TEST(PinnedModel, ItsMistakeIsFoundByAShortestProgram) {
  const Model model({3, 6, 2, PinnedBug::kCacheAdd});
  const auto result = Explorer<Model>(model).run();
  EXPECT_EQ(result.end, ExplorationEnd::kViolation);
  EXPECT_EQ(text(result.counterexample), "  1  h0 = new\n  2  add h0\n");
}

TEST(PinnedModel, EveryStateIsReachedByAProgramAsLongAsItIsDeep) {
  const Model model({2, 3, 2});
  ExplorationOptions options;
  options.keep_links = true;
  Explorer<Model> explorer(model, options);
  const auto result = explorer.run();
  Ordinal state = 0;
  for (std::size_t depth = 0; depth < result.widths.size(); ++depth) {
    for (std::uint64_t i = 0; i < result.widths[depth]; ++i) {
      ASSERT_EQ(explorer.program_to(state++).size(), depth);
    }
  }
  EXPECT_EQ(state, result.counts.states);
}

}  // namespace
}  // namespace lastref
