#include "harness/program/fault_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/program/trace_words.h"

namespace lastref {
namespace {

struct FaultWord {
  std::string_view word;
  FaultKind kind;
  Damage damage;           // of a flight
  std::string_view fails;  // of other kinds
};
constexpr std::array<FaultWord, 7> kWords = {{
    {"fail_alloc", FaultKind::kAllocation, {}, "an allocation"},
    {"fail_random", FaultKind::kRandom, {}, "a request for random bytes"},
    {"fail_lock", FaultKind::kLock, {}, "a request for a lock"},
    {"flip", FaultKind::kFlight, Damage::kFlip, {}},
    {"invert", FaultKind::kFlight, Damage::kInvert, {}},
    {"cut", FaultKind::kFlight, Damage::kCut, {}},
    {"repeat", FaultKind::kFlight, Damage::kRepeat, {}},
}};

const FaultWord* row_of(std::string_view word) {
  const auto* const found = std::ranges::find(kWords, word, &FaultWord::word);
  return found == kWords.end() ? nullptr : found;
}

std::string_view word_of(const Fault& fault) {
  const auto* const found = std::ranges::find_if(kWords, [&fault](const FaultWord& of) {
    return of.kind == fault.kind() && (!fault.is_flight() || of.damage == fault.damage());
  });
  return found->word;
}

}  // namespace

std::string fault_words(const Fault& fault) {
  if (fault.is_flight()) {
    return fmt::format("{} {}.{}", word_of(fault), fault.flight(), fault.at());
  }
  return fmt::format("{} {}{}", word_of(fault), fault.at(), fault.persistent() ? "+" : "");
}

std::string fault_clause(const Fault& fault) {
  if (fault.is_flight()) return fmt::format("flight {} comes damaged", fault.flight());
  return fmt::format("{} fails", row_of(word_of(fault))->fails);
}

bool begins_fault(std::string_view word) { return row_of(word) != nullptr; }

std::optional<Fault> fault_of(std::string_view word, std::string_view place) {
  const FaultWord* const of = row_of(word);
  if (of == nullptr) return std::nullopt;
  if (of->kind == FaultKind::kFlight) {
    const std::size_t point = place.find('.');
    if (point == std::string_view::npos) return std::nullopt;
    const std::optional<int> flight = counting_number(place.substr(0, point));
    const std::optional<int> at = counting_number(place.substr(point + 1));
    if (!flight || !at || *flight > Fault::kFlights || *at > Fault::kMaxByte) return std::nullopt;
    return Fault::of_flight(*flight, of->damage, *at);
  }
  const bool persistent = place.ends_with('+');
  if (persistent) place.remove_suffix(1);
  const std::optional<int> at = counting_number(place);
  if (!at || *at > Fault::kMaxAt) return std::nullopt;
  return Fault(*at, persistent, of->kind);
}

FaultHelp help_with_fault(std::string_view word) {
  const FaultWord* const of = row_of(word);
  if (of == nullptr) return {};
  if (of->kind == FaultKind::kFlight) {
    return {
        fmt::format("a flight, 1 to {}, a byte of it, 1 to {}, and a colon", Fault::kFlights,
                    Fault::kMaxByte),
        fmt::format("write '{} 2.37: ...' for the 37th byte of the server's first flight", word)};
  }
  return {fmt::format("the number of {}, 1 to {}, and a colon", of->fails, Fault::kMaxAt),
          fmt::format("write '{0} 3: ...' for the third alone, '{0} 3+: ...' for all from it on",
                      word)};
}

}  // namespace lastref
