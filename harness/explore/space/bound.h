// How much of a model's space is explored: a number for each thing that could grow, and the
// operations.
//
//   handles=2,sessions=2,references=2,ids=2,contexts=1,connections=1,blobs=1,cache=2,clock=1,
//   values=1,changes=1,bodies=1,depth=0
//
// A state lies within the bound if it has no more of anything; see Bound. An operation that would
// lead out of it is left out.
#ifndef LASTREF_HARNESS_EXPLORE_SPACE_BOUND_H_
#define LASTREF_HARNESS_EXPLORE_SPACE_BOUND_H_

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/program/operation.h"

namespace lastref {

// What a bound has a number for, in the order in which it is written.
enum class Limit : std::uint8_t {
  kHandles,      // variables of the application that name sessions
  kSessions,     // sessions alive at a time
  kReferences,   // of the application, to one session or to one context
  kIds,          // values of ids, the first of their pool
  kContexts,     // contexts alive at a time
  kConnections,  // connections alive at a time
  kBlobs,        // encodings kept
  kCache,        // the largest size that a cache is set to; 0: it keeps its own
  kClock,        // steps of kClockUnit that the clock goes on, in all
  kValues,       // values of each other pool, see values_within()
  kChanges,      // settings at a time that are not as the library made them, see changes()
  kBodies,       // bodies that a remove callback may have
  kDepth,        // operations from the start; 0: any number
};
inline constexpr int kLimits = 13;

// Seconds: a session with the timeout that it was made with is expired after one step.
inline constexpr std::int64_t kClockUnit = 305;

class Bound {
 public:
  // The smallest preset.
  Bound();

  int operator[](Limit limit) const { return limits_[static_cast<std::size_t>(limit)]; }
  void set(Limit limit, int value) { limits_[static_cast<std::size_t>(limit)] = value; }
  bool has(Op code) const { return operations_.test(static_cast<std::size_t>(code)); }
  void set(Op code, bool on) { operations_.set(static_cast<std::size_t>(code), on); }

  // Reads "standard", "small,sessions=3" or "handles=2,...": a preset, if one is named, and what
  // differs from it. Empty on success, else what was found, what was expected, what to do.
  std::string read_limits(std::string_view text);
  // Reads "all", "common", "sessions,cache,-getters": groups of operations, those with a '-' taken
  // away again. The same.
  std::string read_operations(std::string_view text);

  std::string limits_text() const;
  // The groups, and single operations where a group is not whole.
  std::string operations_text() const;

  friend bool operator==(const Bound&, const Bound&) = default;

 private:
  std::array<int, kLimits> limits_{};
  std::bitset<kOperationLimit> operations_;
};

std::string_view name(Limit limit);
// The names of all presets, the first one that of Bound().
std::vector<std::string_view> preset_names();
std::vector<std::string_view> operation_group_names();

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_SPACE_BOUND_H_
