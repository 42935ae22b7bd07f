#include "harness/explore/run/agenda.h"

#include <algorithm>

#include "harness/explore/space/packing.h"

namespace lastref {
namespace {

void append(Program& program, const Move& move) {
  program.append(move.operation);
  if (has_body(move.operation)) program.append(move.body);
}

// Contexts go last, so that they can be used again: one costs as much as thirty programs. Else the
// order of the teardown changes from program to program.
Teardown teardown_of(const Agenda::Item& item) {
  Teardown teardown;
  teardown.falling = static_cast<std::uint8_t>((item.node ^ item.which) & 1U);
  return teardown;
}

}  // namespace

Agenda::Agenda(const Census& census, const Shard& shard) {
  std::uint64_t end = 0;
  for (std::uint32_t number = 0; number < census.nodes().size(); ++number) {
    const Node& node = census.nodes()[number];
    if (node.programs == 0 || !shard.has(census.hash(number))) continue;
    end += node.programs;
    nodes_.push_back(number);
    ends_.push_back(end);
    transitions_ += node.transitions;
  }
}

Agenda::Item Agenda::at(std::uint64_t program) const {
  const auto end = std::upper_bound(ends_.begin(), ends_.end(), program);
  const auto place = static_cast<std::size_t>(end - ends_.begin());
  const std::uint64_t begin = place == 0 ? 0 : ends_[place - 1];
  return {nodes_[place], static_cast<std::uint32_t>(program - begin)};
}

void Composer::look_at(std::uint32_t node) {
  if (looked_ && node == node_) return;
  looked_ = true;
  node_ = node;
  way_ = census_.way_to(node);
  placed_.clear();
  const State state = state_after(space_, way_);
  Packing packing(census_.nodes()[node].slots, packs_);
  expander_.expand(state, [&](const Move& move, Way where, const State&) {
    placed_.push_back({move, packing.program_of(move, where)});
  });
  std::stable_sort(placed_.begin(), placed_.end(),
                   [](const Placed& a, const Placed& b) { return a.program < b.program; });
}

std::uint32_t Composer::compose(const Agenda::Item& item, Program& program) {
  look_at(item.node);
  program.restart();
  program.teardown = teardown_of(item);
  for (const Move& move : way_) append(program, move);
  auto next = std::lower_bound(
      placed_.begin(), placed_.end(), item.which,
      [](const Placed& placed, std::uint32_t which) { return placed.program < which; });
  std::uint32_t transitions = 0;
  for (; next != placed_.end() && next->program == item.which; ++next, ++transitions) {
    append(program, next->move);
  }
  return transitions;
}

}  // namespace lastref
