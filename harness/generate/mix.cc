#include "harness/generate/mix.h"

#include <fmt/format.h>

#include <cstddef>
#include <map>

namespace lastref {
namespace {

constexpr std::uint32_t kFlavours = 1U << kSubjects;

// Where a cache has entries, their age decides what it holds: the clock goes on so many times as
// often, and programs have settings, and second contexts, once in so many.
constexpr std::uint32_t kClockOfEntries = 6;
constexpr std::uint32_t kContextsOddsOfEntries = 2;

bool in_flavour(Op code, std::uint32_t flavour) {
  const int subject = subject_of(code);
  return subject < 0 || (flavour >> subject & 1U) != 0;
}

// A target whose sessions can be given an id at any time makes them by `new` and `set_id`.
bool in_mix(const Mix& mix, const OperationRow& row) {
  return row.weight > 0 && mix.has(row.code) &&
         (row.code != Op::SESSION_NEW_WITH_ID || !mix.has(Op::SET_ID));
}

std::uint32_t weight_of(const Mix& mix, const OperationRow& row) {
  const bool ages = row.code == Op::CLOCK_ADVANCE && mix.has(Op::CACHE_LOOKUP);
  return ages ? kClockOfEntries * row.weight : row.weight;
}

}  // namespace

int subject_of(Op code) {
  const auto number = static_cast<int>(code);
  if (number >= 50 && number < 60) return static_cast<int>(Subject::kEncodings);
  if (number >= 80 && number < 90) return static_cast<int>(Subject::kCallbacks);
  if (number >= 97 && number < 110) return static_cast<int>(Subject::kHandshakes);
  if (number >= 90 && number < 97) return static_cast<int>(Subject::kConnections);
  switch (code) {
    case Op::CONTEXT_NEW:
    case Op::CONTEXT_UP_REF:
    case Op::CONTEXT_FREE:
    case Op::SET_DEFAULT_TIMEOUT:
    case Op::GET_MODE:
    case Op::GET_CACHE_SIZE:
    case Op::GET_DEFAULT_TIMEOUT:
      return static_cast<int>(Subject::kContexts);
    case Op::SET_ID_CONTEXT:
    case Op::SET_HOSTNAME:
    case Op::SET_ALPN:
    case Op::SET_TICKET:
    case Op::SET_APPDATA:
    case Op::SET_MASTER_KEY:
    case Op::SET_EX_DATA:
    case Op::SET_VERSION:
      return static_cast<int>(Subject::kContents);
    default:
      break;
  }
  if (number >= 30 && number < 50) return static_cast<int>(Subject::kContents);
  return -1;
}

Mix::Mix(std::uint64_t capabilities, MixKind kind)
    : capabilities_(capabilities),
      odds_(kind == MixKind::kCommon ? kCommonOdds : kHandshakeOdds),
      tables_(kFlavours) {
  // Nobody is led to what the target cannot do.
  if (!has(Op::HANDSHAKE)) odds_[static_cast<std::size_t>(Subject::kHandshakes)] = 0;
  if (has(Op::CACHE_LOOKUP) && kind == MixKind::kCommon) {
    odds_[static_cast<std::size_t>(Subject::kContexts)] = kContextsOddsOfEntries;
  }
  for (std::uint32_t flavour = 0; flavour < kFlavours; ++flavour) {
    std::uint64_t total = 0;
    for (const OperationRow& row : operation_table()) {
      if (in_mix(*this, row) && in_flavour(row.code, flavour)) total += weight_of(*this, row);
    }
    if (total == 0) continue;  // a target that can do nothing of this flavour
    // Each row gets its share of the table; what rounding leaves goes to the last row drawn.
    std::uint64_t sum = 0;
    std::size_t place = 0;
    for (const OperationRow& row : operation_table()) {
      if (!in_mix(*this, row) || !in_flavour(row.code, flavour)) continue;
      sum += weight_of(*this, row);
      const auto end = static_cast<std::size_t>((sum * kTableSize + total - 1) / total);
      while (place < end && place < kTableSize) tables_[flavour][place++] = row.code;
    }
  }
}

std::uint32_t Mix::flavour(Random& random) const {
  std::uint32_t flavour = 0;
  for (std::uint32_t subject = 0; subject < kSubjects; ++subject) {
    if (odds_[subject] != 0 && random.one_in(odds_[subject])) flavour |= 1U << subject;
  }
  return flavour;
}

std::string Mix::histogram() const {
  std::map<Op, double> share;
  for (std::uint32_t flavour = 0; flavour < kFlavours; ++flavour) {
    double probability = 1;
    for (std::uint32_t subject = 0; subject < kSubjects; ++subject) {
      const double one = odds_[subject] == 0 ? 0 : 1.0 / odds_[subject];
      probability *= (flavour >> subject & 1U) != 0 ? one : 1 - one;
    }
    for (const Op code : tables_[flavour]) share[code] += probability / kTableSize;
  }
  std::string text;
  for (const auto& [code, part] : share) {
    text += fmt::format("{:<20} {:>6.2f} %\n", row(code).name, 100 * part);
  }
  return text;
}

}  // namespace lastref
