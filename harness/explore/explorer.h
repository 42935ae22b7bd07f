// Every state of a model that can be reached, breadth first, each transition checked.
//
// Deterministic: states are discovered in an order that only the model decides. What breaks the
// invariant is therefore found by a shortest program, and found again by a second search, which is
// how a search without links comes to its counterexample.
#ifndef LASTREF_HARNESS_EXPLORE_EXPLORER_H_
#define LASTREF_HARNESS_EXPLORE_EXPLORER_H_

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "harness/explore/explorable.h"
#include "harness/explore/exploration.h"
#include "harness/explore/frontier.h"
#include "harness/explore/packed_state.h"
#include "harness/explore/parent_links.h"
#include "harness/explore/visited_set.h"

namespace lastref {

template <Explorable M>
class Explorer {
 public:
  using State = typename M::State;
  using Move = typename M::Move;
  using Key = PackedState<M::kWords>;

  // `model` must outlive the explorer.
  explicit Explorer(const M& model, ExplorationOptions options = {})
      : model_(model),
        options_(std::move(options)),
        successors_(model.max_successors()),
        keys_(model.max_successors()),
        hashes_(model.max_successors()) {}

  // Once. Throws std::bad_alloc when the states do not fit into memory, and std::logic_error when
  // canonical() merges states that do not behave alike and a counterexample lies beyond them.
  Exploration<Move> run() {
    assert(visited_.size() == 0);
    const Key start = key_of(model_, model_.initial());
    visited_.insert(start);
    discovered(start);
    if (!model_.holds(model_.initial())) return finish(ExplorationEnd::kViolation);
    while (!frontier_.empty()) {
      if (counts_.states >= options_.max_states) return finish(ExplorationEnd::kEnoughStates);
      if (!may_go_on()) return finish(ExplorationEnd::kStopped);
      const Key state = frontier_.pop();
      if (!look_ahead(state)) return violated(state);
      take_new();
      ++counts_.expanded;
    }
    return finish(ExplorationEnd::kComplete);
  }

  const VisitedSet<M::kWords>& visited() const { return visited_; }

  // A shortest program from the start to a state that was discovered, by its number. Only with
  // links.
  std::vector<Move> program_to(Ordinal state) const {
    assert(state < links_.size());
    State at = model_.initial();
    return replay(links_.path_to(state), at);
  }

  // The number of a state, or of the one that stands for it. Only with links; looks at all of them.
  std::optional<Ordinal> number_of(const State& state) const {
    return links_.find(key_of(model_, state));
  }

 private:
  // How many states are expanded between two questions to keep_going: some milliseconds.
  static constexpr std::uint64_t kStatesBetweenQuestions = 4096;

  bool may_go_on() const {
    if (!options_.keep_going || counts_.expanded % kStatesBetweenQuestions != 0) return true;
    return options_.keep_going(counts_);
  }

  // Collects the successors and asks for their places in memory. False when a transition breaks the
  // invariant. One plain loop after another: each is short enough for the compiler to do it well,
  // and the whole batch waits for memory once.
  bool look_ahead(const Key& state) {
    State* end = successors_.data();
    model_.successors(model_.unpack(state), [&](const Move&, const State& next) {
      assert(end != successors_.data() + successors_.size());
      *end++ = next;
    });
    batched_ = static_cast<std::size_t>(end - successors_.data());
    counts_.transitions += batched_;
    bool sound = true;
    for (std::size_t i = 0; i < batched_; ++i) {
      sound &= model_.holds(successors_[i]);
      keys_[i] = key_of(model_, successors_[i]);
      hashes_[i] = hash_of<M::kWords>(keys_[i]);
      visited_.prefetch(hashes_[i]);
    }
    return sound;
  }

  void take_new() {
    for (std::size_t i = 0; i < batched_; ++i) {
      if (visited_.insert(keys_[i], hashes_[i])) discovered(keys_[i]);
    }
  }

  void discovered(const Key& state) {
    ++counts_.states;
    frontier_.push(state);
    // States leave the frontier in the order they came, so the one at hand has this number. The
    // start is its own parent.
    if (options_.keep_links) links_.append(state, static_cast<Ordinal>(counts_.expanded));
  }

  Exploration<Move> finish(ExplorationEnd end) const {
    Exploration<Move> result;
    result.end = end;
    result.counts = counts_;
    result.widths = frontier_.widths();
    result.counts.depth = std::max(frontier_.depth(), 0);
    result.peak_frontier = frontier_.peak_size();
    result.peak_bytes = visited_.peak_bytes() + frontier_.peak_bytes() + links_.bytes();
    return result;
  }

  Exploration<Move> violated(const Key& state) {
    Exploration<Move> result = finish(ExplorationEnd::kViolation);
    if (!options_.keep_links) {
      ExplorationOptions again;
      again.keep_links = true;
      again.keep_going = options_.keep_going;
      result.counterexample = Explorer(model_, again).run().counterexample;
      return result;
    }
    State at = model_.initial();
    result.counterexample = replay(links_.path_to(*links_.find(state)), at);
    result.counterexample.push_back(
        first_move(at, [&](const State& next) { return !model_.holds(next); }).first);
    return result;
  }

  // Walks along the states of a path and leaves the state it comes to, under its own names, in
  // `at`.
  std::vector<Move> replay(const std::vector<Key>& path, State& at) const {
    std::vector<Move> program;
    for (std::size_t step = 1; step < path.size(); ++step) {
      const auto [move, next] =
          first_move(at, [&](const State& state) { return key_of(model_, state) == path[step]; });
      program.push_back(move);
      at = next;
    }
    return program;
  }

  template <class Wanted>
  std::pair<Move, State> first_move(const State& from, const Wanted& wanted) const {
    std::optional<std::pair<Move, State>> found;
    model_.successors(from, [&](const Move& move, const State& next) {
      if (!found && wanted(next)) found.emplace(move, next);
    });
    if (!found) {
      throw std::logic_error(
          "a state lacks a step that its canonical form has: canonical() merges "
          "states that do not behave alike");
    }
    return *found;
  }

  const M& model_;
  ExplorationOptions options_;
  VisitedSet<M::kWords> visited_;
  Frontier<M::kWords> frontier_;
  ParentLinks<M::kWords> links_;
  // Of the state at hand, [0, batched_).
  std::vector<State> successors_;
  std::vector<Key> keys_;
  std::vector<std::uint64_t> hashes_;
  std::size_t batched_ = 0;
  ExplorationCounts counts_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_EXPLORER_H_
