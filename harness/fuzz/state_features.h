// What a fuzzer is steered by where the library under test shows it nothing: features of the
// model's state, hashed into counters such as libFuzzer reads from __libfuzzer_extra_counters.
#ifndef LASTREF_HARNESS_FUZZ_STATE_FEATURES_H_
#define LASTREF_HARNESS_FUZZ_STATE_FEATURES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "harness/model/state.h"
#include "harness/program/operation.h"

namespace lastref {

// libFuzzer looks at each of them, and clears each, for every input, which takes half a microsecond
// for two thousand; and it has eight features for each, for eight ranges of its value. So a feature
// of ours, of which there are some thousands, is a counter and a range. Of those that meet in one
// counter in one input, a few in a hundred, the higher one is seen.
inline constexpr std::size_t kFeatureCounters = std::size_t{1} << 11;
using FeatureCounters = std::array<std::uint8_t, kFeatureCounters>;

class StateFeatures {
 public:
  // The counters outlive it; whoever owns them clears them.
  explicit StateFeatures(FeatureCounters& counters) : counters_(counters) {}

  // A program begins: what even the empty one reaches, without which no input would be worth
  // keeping.
  void begin_program(const State& state) { hit_state(class_of(state)); }

  // Around each operation that is carried out, with the state that it finds and the one that it
  // leaves. It counts: the operation with what the session and the context that it names were, and
  // what the session is then; and who holds how much in the whole state.
  void begin_operation(const State& state, const Operation& operation);
  void end_operation(const State& state);

  // Who holds the session of that number, and what else decides how a library treats it, in small
  // numbers; 0 for one that is not alive.
  static std::uint32_t class_of(const State& state, std::uint8_t number);
  // How full the context's cache is, and what else decides what happens there.
  static std::uint32_t class_of(const ContextState& context);
  // How many sessions are held by whom, how full the caches are, and what the connections do.
  static std::uint32_t class_of(const State& state);

 private:
  void hit(std::uint64_t feature);
  void hit_state(std::uint32_t class_of_state);

  FeatureCounters& counters_;
  // Of the operation that runs: its code with the class of the session that it found, and with that
  // of the context if it names one.
  std::uint64_t with_session_ = 0;
  std::uint64_t with_context_ = 0;
  std::uint8_t session_ = kNobody;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_FUZZ_STATE_FEATURES_H_
