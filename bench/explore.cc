// How fast a model is explored: the pinned model M(S,H,C), for which other checkers have figures.
//
//   build/release/bin/bench_explore [--rounds N] [--spin]
//
// Prints a row for each bound, the least processor time of N rounds (5), and says whether the
// counts are those that are known. --spin has Spin search M(3,6,2) in the same run: -m8000000 -w24,
// depth first, exact. Exit codes: 0 as known, 1 other counts or a search of Spin's that fails, 2
// usage.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "harness/explore/explorer.h"
#include "harness/explore/pinned/pinned_model.h"
#include "harness/explore/pinned/spin.h"
#include "harness/explore/pinned/symmetric_pinned_model.h"

namespace {

using lastref::FixedPinnedBound;
using lastref::PinnedModel;
using lastref::SymmetricPinnedModel;

constexpr int kSpinDepth = 8'000'000;
constexpr int kSpinLog2Places = 24;
constexpr int kMaxRounds = 1000;

struct Known {
  std::uint64_t states;
  std::uint64_t transitions;  // 0: not known of other checkers
};

struct Best {
  double seconds = 1e9;
  bool as_known = true;
};

// Of the processor, for the machine may be shared.
double now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

template <class M>
Best measure(const std::string& name, const M& model, const Known& known, int rounds) {
  Best best;
  lastref::Exploration<lastref::PinnedMove> result;
  for (int round = 0; round < rounds; ++round) {
    const double begin = now();
    result = lastref::Explorer<M>(model).run();
    best.seconds = std::min(best.seconds, now() - begin);
  }
  const lastref::ExplorationCounts& counts = result.counts;
  best.as_known = result.end == lastref::ExplorationEnd::kComplete &&
                  counts.states == known.states &&
                  (known.transitions == 0 || counts.transitions == known.transitions);
  const auto states = static_cast<double>(counts.states);
  fmt::print("{:<30} {:>9} {:>11} {:>5} {:>8.4f} {:>8.2f} {:>8.1f} {:>7.1f}  {}\n", name,
             counts.states, counts.transitions, counts.depth, best.seconds,
             1e-6 * states / best.seconds,
             1e-6 * static_cast<double>(counts.transitions) / best.seconds,
             static_cast<double>(result.peak_bytes) / states, best.as_known ? "as known" : "OTHER");
  std::fflush(stdout);
  return best;
}

template <int S, int H, int C>
Best measure(const Known& known, int rounds) {
  const PinnedModel<FixedPinnedBound<S, H, C>> model({});
  return measure(fmt::format("M({},{},{})", S, H, C), model, known, rounds);
}

void show_mistake() {
  const PinnedModel<> model({3, 6, 2, lastref::PinnedBug::kCacheAdd});
  const auto result = lastref::Explorer<PinnedModel<>>(model).run();
  fmt::print("M(3,6,2) whose cache adds without acquiring: count and owners differ after\n{}",
             lastref::text(result.counterexample));
}

bool compare_with_spin(double seconds, const Known& known) {
  const auto spin = lastref::search_with_spin({3, 6, 2}, kSpinDepth, kSpinLog2Places);
  if (!spin.failure.empty()) {
    fmt::print("Spin: {}\n", spin.failure);
    return false;
  }
  const double rate = static_cast<double>(spin.states) / spin.processor_seconds;
  fmt::print(
      "Spin on M(3,6,2): {} states, {} transitions, {:.2f} s, {:.0f} k states/s; "
      "the explorer is {:.1f} times as fast\n",
      spin.states, spin.transitions, spin.processor_seconds, 1e-3 * rate,
      spin.processor_seconds / seconds);
  return spin.errors == 0 && spin.states == known.states && spin.transitions == known.transitions;
}

int usage() {
  fmt::print(stderr, "usage: bench_explore [--rounds 1..{}] [--spin]\n", kMaxRounds);
  return 2;
}

}  // namespace

int main(int count, char** words) {
  int rounds = 5;
  bool spin = false;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--spin") {
      spin = true;
    } else if (word == "--rounds" && i + 1 < count) {
      const std::string_view number = words[++i];
      const auto [end, error] =
          std::from_chars(number.data(), number.data() + number.size(), rounds);
      if (error != std::errc() || end != number.data() + number.size()) return usage();
      if (rounds < 1 || rounds > kMaxRounds) return usage();
    } else {
      return usage();
    }
  }
  constexpr Known kMiddle = {3'036'394, 81'137'580};
  fmt::print("{:<30} {:>9} {:>11} {:>5} {:>8} {:>8} {:>8} {:>7}\n",
             "least of " + std::to_string(rounds), "states", "transitions", "depth", "s", "M st/s",
             "M tr/s", "B/state");
  const Best middle = measure<3, 6, 2>(kMiddle, rounds);
  // Before any other bound: the most memory that the process had until here.
  rusage usage_until_here{};
  getrusage(RUSAGE_SELF, &usage_until_here);
  bool good = middle.as_known;
  good &= measure<3, 4, 2>({166'618, 2'849'224}, rounds).as_known;
  good &= measure<4, 3, 2>({870'017, 0}, rounds).as_known;
  good &= measure<4, 4, 2>({5'432'545, 92'923'092}, rounds).as_known;
  good &= measure("M(3,6,2), any bound", PinnedModel<>({3, 6, 2}), kMiddle, rounds).as_known;
  good &= measure("M(3,6,2), handles",
                  SymmetricPinnedModel<FixedPinnedBound<3, 6, 2>>({}, {true, false, false}),
                  {53'920, 0}, rounds)
              .as_known;
  good &= measure("M(3,4,2), slots, ids, handles",
                  SymmetricPinnedModel<FixedPinnedBound<3, 4, 2>>({}, {true, true, true}), {648, 0},
                  rounds)
              .as_known;
  fmt::print(
      "resident memory of the whole process at most, while it had searched M(3,6,2) only: {:.1f} "
      "MiB, "
      "{:.1f} bytes a state\n",
      static_cast<double>(usage_until_here.ru_maxrss) / 1024,
      static_cast<double>(usage_until_here.ru_maxrss) * 1024 / kMiddle.states);
  show_mistake();
  if (spin) good &= compare_with_spin(middle.seconds, kMiddle);
  return good ? 0 : 1;
}
