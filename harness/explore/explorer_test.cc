#include "harness/explore/explorer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace lastref {
namespace {

using testing::ElementsAre;

// A walk over a square board, one step right or up at a time; the invariant bars one field.
class Board {
 public:
  static constexpr int kWords = 2;
  struct State {
    int x = 0;
    int y = 0;
  };
  enum class Move : std::uint8_t { kRight, kUp };

  explicit Board(int last, int barred_x = -1, int barred_y = -1)
      : last_(last), barred_{barred_x, barred_y} {}

  State initial() const { return {}; }
  PackedState<2> pack(const State& state) const {
    return {static_cast<std::uint64_t>(state.x) + 1, static_cast<std::uint64_t>(state.y)};
  }
  State unpack(const PackedState<2>& packed) const {
    return {static_cast<int>(packed[0]) - 1, static_cast<int>(packed[1])};
  }
  std::size_t max_successors() const { return 2; }
  bool holds(const State& state) const { return state.x != barred_.x || state.y != barred_.y; }
  template <class Sink>
  void successors(const State& state, Sink&& sink) const {
    if (state.x < last_) sink(Move::kRight, State{state.x + 1, state.y});
    if (state.y < last_) sink(Move::kUp, State{state.x, state.y + 1});
  }

 private:
  int last_;
  State barred_;
};

// The two directions are alike.
class FoldedBoard : public Board {
 public:
  using Board::Board;
  State canonical(const State& state) const {
    return {std::max(state.x, state.y), std::min(state.x, state.y)};
  }
};

// Two fields taken for one, though from one of them no step leads where the other's does.
class WronglyFoldedBoard : public Board {
 public:
  using Board::Board;
  State canonical(const State& state) const {
    return state.x == 1 && state.y == 0 ? State{0, 2} : state;
  }
};

TEST(Explorer, ReachesEveryStateAndCountsEveryTransition) {
  const Board board(9);
  Explorer<Board> explorer(board);
  const auto result = explorer.run();
  EXPECT_EQ(result.end, ExplorationEnd::kComplete);
  EXPECT_EQ(result.counts.states, 100U);
  EXPECT_EQ(result.counts.expanded, 100U);
  EXPECT_EQ(result.counts.transitions, 180U);
  EXPECT_EQ(result.counts.depth, 18);
  EXPECT_EQ(result.peak_frontier, 10U);
  EXPECT_EQ(explorer.visited().size(), 100U);
}

TEST(Explorer, KnowsHowManyStatesAreHowFarFromTheStart) {
  const Board board(2);
  EXPECT_THAT(Explorer<Board>(board).run().widths, ElementsAre(1, 2, 3, 2, 1));
}

TEST(Explorer, FindsWhatBreaksTheInvariantByAShortestProgram) {
  const Board board(9, 2, 1);
  for (const bool links : {false, true}) {
    ExplorationOptions options;
    options.keep_links = links;
    const auto result = Explorer<Board>(board, options).run();
    EXPECT_EQ(result.end, ExplorationEnd::kViolation);
    EXPECT_THAT(result.counterexample,
                ElementsAre(Board::Move::kRight, Board::Move::kRight, Board::Move::kUp));
    EXPECT_EQ(result.counts.depth, 2);
  }
}

TEST(Explorer, AStartThatBreaksTheInvariantNeedsNoProgram) {
  const Board board(9, 0, 0);
  const auto result = Explorer<Board>(board).run();
  EXPECT_EQ(result.end, ExplorationEnd::kViolation);
  EXPECT_TRUE(result.counterexample.empty());
}

TEST(Explorer, HasAShortestProgramToEveryState) {
  const Board board(4);
  ExplorationOptions options;
  options.keep_links = true;
  Explorer<Board> explorer(board, options);
  ASSERT_EQ(explorer.run().counts.states, 25U);
  for (int x = 0; x <= 4; ++x) {
    for (int y = 0; y <= 4; ++y) {
      const auto number = explorer.number_of({x, y});
      ASSERT_TRUE(number.has_value());
      const auto program = explorer.program_to(*number);
      EXPECT_EQ(std::count(program.begin(), program.end(), Board::Move::kRight), x);
      EXPECT_EQ(std::count(program.begin(), program.end(), Board::Move::kUp), y);
    }
  }
}

TEST(Explorer, MergesStatesOfOneCanonicalForm) {
  const FoldedBoard board(9);
  EXPECT_EQ(Explorer<FoldedBoard>(board).run().counts.states, 55U);
}

TEST(Explorer, AProgramIsInTheNamesOfTheModelAndNotOfTheCanonicalForms) {
  const FoldedBoard board(4);
  ExplorationOptions options;
  options.keep_links = true;
  Explorer<FoldedBoard> explorer(board, options);
  const auto result = explorer.run();
  for (Ordinal number = 0; number < result.counts.states; ++number) {
    Board::State at = board.initial();
    for (const Board::Move move : explorer.program_to(number)) {
      (move == Board::Move::kRight ? at.x : at.y) += 1;
    }
    EXPECT_EQ(explorer.number_of(at), number);
  }
}

TEST(Explorer, RefusesAMergerOfStatesThatDoNotBehaveAlike) {
  const WronglyFoldedBoard board(3);
  ExplorationOptions options;
  options.keep_links = true;
  Explorer<WronglyFoldedBoard> explorer(board, options);
  explorer.run();
  const auto number = explorer.number_of({0, 3});
  ASSERT_TRUE(number.has_value());
  EXPECT_THROW(explorer.program_to(*number), std::logic_error);
}

TEST(Explorer, EndsWhenItHasEnoughStates) {
  const Board board(99);
  ExplorationOptions options;
  options.max_states = 50;
  const auto result = Explorer<Board>(board, options).run();
  EXPECT_EQ(result.end, ExplorationEnd::kEnoughStates);
  EXPECT_GE(result.counts.states, 50U);
  EXPECT_LE(result.counts.states, 51U);
}

TEST(Explorer, StopsWhenToldAndSaysHowFarItCame) {
  const Board board(199);
  ExplorationOptions options;
  int asked = 0;
  options.keep_going = [&](const ExplorationCounts&) { return ++asked < 3; };
  const auto result = Explorer<Board>(board, options).run();
  EXPECT_EQ(result.end, ExplorationEnd::kStopped);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(result.counts.expanded, 8192U);
}

}  // namespace
}  // namespace lastref
