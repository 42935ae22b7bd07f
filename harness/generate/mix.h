// The committed mix: which operations a random program is made of.
//
// The weights are the operation table's. There are two mixes: the common one, in which nobody
// shakes hands, since one handshake costs as much as fifty programs, and one that is about
// handshakes. A program does not use all of them: each draws a flavour, a set of subjects, since
// programs that do without some features reach more of the others (swarm testing, Groce et al.,
// ISSTA 2012). The same mix searches and measures speed.
#ifndef LASTREF_HARNESS_GENERATE_MIX_H_
#define LASTREF_HARNESS_GENERATE_MIX_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/generate/random.h"
#include "harness/program/operation.h"

namespace lastref {

// What a program is about beside the life of sessions and the cache, which every program has.
enum class Subject : std::uint8_t {
  kContents,     // setters and getters
  kEncodings,    // i2d and d2i
  kCallbacks,    // callbacks and their bodies
  kConnections,  // connections
  kContexts,     // several contexts, their references and settings
  kHandshakes,   // handshakes and what decides how they go
};
inline constexpr int kSubjects = 6;

enum class MixKind : std::uint8_t { kCommon, kHandshakes };
// The kind that a word names: "common", "handshakes".
inline std::optional<MixKind> mix_named(std::string_view name) {
  if (name == "common") return MixKind::kCommon;
  if (name == "handshakes") return MixKind::kHandshakes;
  return std::nullopt;
}

// The subject that an operation belongs to, or -1 for those of every program.
int subject_of(Op code);

// A program has a subject once in so many; 0: never. Encodings, connections and second contexts
// cost ten to a hundred times an up_ref each, so fewer programs have them. Beside handshakes they
// cost nothing.
using Odds = std::array<std::uint32_t, kSubjects>;
inline constexpr Odds kCommonOdds = {2, 16, 4, 10, 40, 0};
inline constexpr Odds kHandshakeOdds = {4, 8, 2, 1, 2, 1};

// An endless sequence of operation codes by weight. Built once for a target; reading is a table
// look-up.
class Mix {
 public:
  // Rows that need a capability that the target has not are left out.
  explicit Mix(std::uint64_t capabilities, MixKind kind = MixKind::kCommon);

  // The flavour of a program: a set of subjects as bits.
  std::uint32_t flavour(Random& random) const;

  // Whether the target can do it.
  bool has(Op code) const { return (row(code).capability & capabilities_) == row(code).capability; }

  // LASTREF_CAN_*: what the target has.
  std::uint64_t capabilities() const { return capabilities_; }

  // An operation of that flavour.
  Op draw(std::uint32_t flavour, Random& random) const {
    const Table& table = tables_[flavour];
    return table[random.below(kTableSize)];
  }

  // The share of each operation with a weight, over all flavours, as text: one line each.
  std::string histogram() const;

 private:
  static constexpr std::uint32_t kTableSize = 1024;
  using Table = std::array<Op, kTableSize>;
  std::uint64_t capabilities_;
  Odds odds_;
  std::vector<Table> tables_;  // one for each flavour
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_MIX_H_
