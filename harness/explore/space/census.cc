#include "harness/explore/space/census.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

#include "harness/explore/space/packing.h"

namespace lastref {
namespace {

// States that a thread takes at a time.
constexpr std::uint32_t kSliceStates = 64;
// Slices whose successors are kept at a time, before they are merged: a level may be too large.
constexpr std::size_t kBatchSlices = 1024;

constexpr std::size_t kMostStates = 0xffff'fffe;

// Of a program, which goes on from another by a move.
std::uint64_t hash_after(std::uint64_t before, const Move& move) {
  std::array<std::uint8_t, sizeof before + sizeof move> bytes;
  std::memcpy(bytes.data(), &before, sizeof before);
  std::memcpy(bytes.data() + sizeof before, &move, sizeof move);
  return hash_of(std::span<const std::uint8_t>(bytes));
}

}  // namespace

// A successor that the states before this level do not have.
struct Census::Found {
  Move move;
  std::uint64_t hash = 0;
  std::size_t end = 0;  // of its form, in the slice's bytes
  std::uint32_t parent = 0;
};

struct Census::Slice {
  std::vector<Found> found;
  std::vector<std::uint8_t> bytes;
};

// What a thread has of its own.
struct Census::Worker {
  explicit Worker(const Space& space) : expander(space), writer(space.symmetry()) {}

  Expander expander;
  FormWriter writer;
  std::array<std::uint64_t, kOperationLimit> transitions_of{};
  LeftOut left_out;
  std::uint64_t transitions = 0;
};

State state_after(const Space& space, const std::vector<Move>& way) {
  State state;
  for (const Move& move : way) space.take(state, move);
  return state;
}

Census::Census(const Space& space, CensusOptions options)
    : space_(space), options_(std::move(options)) {}

std::vector<Move> Census::way_to(std::uint32_t node) const {
  std::vector<Move> way;
  for (; node != 0; node = nodes_[node].parent) way.push_back(nodes_[node].move);
  std::reverse(way.begin(), way.end());
  return way;
}

bool Census::take() {
  FormWriter writer(space_.symmetry());
  const auto start = writer.canonical(State()).view();
  const std::uint64_t hash = hash_of(start);
  table_.add(start, hash);
  hashes_.push_back(hash);
  nodes_.emplace_back();
  counts_.states = 1;
  std::uint32_t begin = 0;
  while (begin < nodes_.size()) {
    const auto end = static_cast<std::uint32_t>(nodes_.size());
    const int most = space_.bound()[Limit::kDepth];
    if (most != 0 && counts_.depth == most) {
      at_depth_ = end - begin;
      break;
    }
    if (!take_level(begin, end)) return false;
    begin = end;
    if (begin < nodes_.size()) ++counts_.depth;
  }
  return true;
}

bool Census::take_level(std::uint32_t begin, std::uint32_t end) {
  std::vector<Worker> workers(static_cast<std::size_t>(std::max(options_.threads, 1)),
                              Worker(space_));
  std::vector<Slice> slices;
  bool going = true;
  while (begin < end && going) {
    const auto batch =
        std::min<std::size_t>(kBatchSlices, (end - begin + kSliceStates - 1) / kSliceStates);
    slices.assign(batch, Slice{});
    std::atomic<std::size_t> next{0};
    const auto work = [&](Worker& worker) {
      for (std::size_t slice = next++; slice < batch; slice = next++) {
        const auto first = begin + static_cast<std::uint32_t>(slice) * kSliceStates;
        const std::uint32_t last = std::min(end, first + kSliceStates);
        for (std::uint32_t node = first; node < last; ++node) expand(node, worker, slices[slice]);
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < workers.size(); ++i) {
      threads.emplace_back([&work, &worker = workers[i]] { work(worker); });
    }
    work(workers[0]);
    for (std::thread& thread : threads) thread.join();
    for (Slice& slice : slices) merge(slice);
    const auto done =
        static_cast<std::uint32_t>(std::min<std::size_t>(end - begin, batch * kSliceStates));
    begin += done;
    counts_.expanded += done;
    for (Worker& worker : workers) counts_.transitions += std::exchange(worker.transitions, 0);
    counts_.states = nodes_.size();
    if (options_.keep_going) going = options_.keep_going(counts_);
  }
  for (const Worker& worker : workers) {
    left_out_ += worker.left_out;
    for (std::size_t i = 0; i < kOperationLimit; ++i) {
      transitions_of_[i] += worker.transitions_of[i];
    }
  }
  return going;
}

// Writes to the node, to the slice and to the worker only: other threads expand other nodes.
void Census::expand(std::uint32_t number, Worker& worker, Slice& slice) {
  Node& node = nodes_[number];
  // Room for an operation with a body.
  if (node.slots + 2 > kMaxOperations) return;
  const State state = state_after(space_, way_to(number));
  Packing packing(node.slots, options_.merge);
  const bool is_last = counts_.depth + 1 == space_.bound()[Limit::kDepth];
  worker.left_out +=
      worker.expander.expand(state, [&](const Move& move, Way way, const State& next) {
        ++node.transitions;
        ++worker.transitions_of[static_cast<std::size_t>(move.operation.code)];
        packing.program_of(move, way);
        if (way == Way::kThere || (way == Way::kLoop && options_.merge)) return;
        if (is_last && !options_.merge) return;
        Found found;
        found.move = move;
        found.parent = number;
        if (!options_.merge) {
          found.hash = hash_after(hashes_[number], move);
        } else {
          const auto form = worker.writer.canonical(next).view();
          found.hash = hash_of(form);
          if (table_.find(form, found.hash)) return;
          slice.bytes.insert(slice.bytes.end(), form.begin(), form.end());
          found.end = slice.bytes.size();
        }
        slice.found.push_back(found);
      });
  node.programs = packing.programs();
  worker.transitions += node.transitions;
}

void Census::merge(Slice& slice) {
  std::size_t begin = 0;
  for (const Found& found : slice.found) {
    if (options_.merge) {
      const auto form = FormTable::Bytes(slice.bytes).subspan(begin, found.end - begin);
      begin = found.end;
      if (!table_.add(form, found.hash).second) continue;
    }
    if (nodes_.size() >= kMostStates) throw std::length_error("more states than can be numbered");
    Node node;
    node.move = found.move;
    node.parent = found.parent;
    node.slots = static_cast<std::uint8_t>(nodes_[found.parent].slots + slots(found.move));
    if (node.slots + 2 > kMaxOperations) ++too_long_;
    nodes_.push_back(node);
    hashes_.push_back(found.hash);
  }
  slice = Slice{};
}

}  // namespace lastref
