// The contract of a target: a value for each switch, and the hazards that its known bugs are.
// Plain data; the model branches on it and on nothing else (never on a library's name).
#ifndef LASTREF_HARNESS_VOCABULARY_CONTRACT_H_
#define LASTREF_HARNESS_VOCABULARY_CONTRACT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lastref {

enum class Switch : std::uint8_t {
#define LASTREF_SWITCH(id, name, values, question, source) id,
#include "harness/vocabulary/contract.def"
#undef LASTREF_SWITCH
};

struct SwitchRow {
  Switch id;
  std::string_view name;
  std::string_view values;
  std::string_view question;
  std::string_view source;
};
std::span<const SwitchRow> switch_table();
std::optional<Switch> switch_named(std::string_view name);

// The value that a word (`value`) stands for: its index among the row's values, or a number; none
// when the switch has no such value. value_text() is the way back.
std::optional<std::int32_t> value_named(Switch of, std::string_view value);
std::string value_text(Switch of, std::int32_t value);

// How many values a switch has to choose from; 0 for one that takes numbers.
int value_count(Switch of);

enum class HazardKind : std::uint8_t { PRECONDITION, DEVIATION };

enum class Hazard : std::uint8_t {
#define LASTREF_HAZARD(id, name, kind, meaning) id,
#include "harness/vocabulary/hazard.def"
#undef LASTREF_HAZARD
};

struct HazardRow {
  Hazard id;
  std::string_view name;
  HazardKind kind;
  std::string_view meaning;
};
std::span<const HazardRow> hazard_table();
std::optional<Hazard> hazard_named(std::string_view name);

// A set of hazards.
class Hazards {
 public:
  constexpr bool has(Hazard hazard) const { return (bits_ & bit(hazard)) != 0; }
  constexpr void add(Hazard hazard) { bits_ |= bit(hazard); }
  constexpr void remove(Hazard hazard) { bits_ &= ~bit(hazard); }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(Hazards, Hazards) = default;

 private:
  static constexpr std::uint64_t bit(Hazard hazard) {
    return std::uint64_t{1} << static_cast<unsigned>(hazard);
  }

  std::uint64_t bits_ = 0;
};

inline constexpr int kSwitchCount = [] {
  int count = 0;
#define LASTREF_SWITCH(id, name, values, question, source) ++count;
#include "harness/vocabulary/contract.def"
#undef LASTREF_SWITCH
  return count;
}();

class Contract {
 public:
  // Every switch at its default: the reading of the manual.
  Contract();

  // The index of the value among the row's values, or the number of a row that begins with '#'.
  std::int32_t value(Switch of) const { return values_[static_cast<std::size_t>(of)]; }
  bool is(Switch of, int index) const { return value(of) == index; }

  // Sets a switch by names; empty on success, else what is wrong and what would be right.
  std::string set(std::string_view name, std::string_view value);

  // Sets the switches of "name=value name=value"; the same.
  std::string set_words(std::string_view text);

  // The value as text: "one-less", "304".
  std::string text(Switch of) const;

  Hazards hazards;

  friend bool operator==(const Contract&, const Contract&) = default;

 private:
  std::array<std::int32_t, kSwitchCount> values_{};
};

// Indices of values that the model asks for, in the order of contract.def.
namespace cache_key {
enum { kIdAndVersion, kId };
}
namespace eviction_order {
enum { kExpiry, kInsertion };
}
namespace never_order {
enum { kEquals, kBySum };
}
namespace capacity {
enum { kExact, kOneLess };
}
namespace add_again {
enum { kKeepsPlace, kRefreshesPlace };
}
namespace remove_matches {
enum { kKey, kObject };
}
namespace yes_no {
enum { kYes, kNo };
}
namespace remove_marks {
enum { kYes, kNo, kExpires };
}
namespace cache_adds {
enum { kReference, kCopy, kEntry };
}
namespace empty_id_add {
enum { kTaken, kRefused };
}
namespace flush {
enum { kExpels, kNothing };
}
namespace cache_size_set {
enum { kKept, kFixed };
}
namespace cache_size_zero {
enum { kUnlimited, kNothing };
}
namespace expired_entries {
enum { kReused, kKept };
}
namespace zero_entry_timeout {
enum { kEndless, kAtOnce };
}
namespace negative_default_timeout {
enum { kKept, kZero };
}
namespace cache_mode {
enum { kWhole, kFlags };
}
namespace flush_order {
enum { kCallbacksFirst, kOneByOne, kUnordered };
}
namespace set_session_null {
enum { kClears, kRefused };
}
namespace set_session_empty {
enum { kTaken, kRefused };
}
namespace callback_at_end {
enum { kNever, kConnection };
}
namespace set_session {
enum { kAcquires, kCopies, kUnseen };
}
namespace set_session_off {
enum { kAllowed, kRefused };
}
namespace fresh_session {
enum { kNone, kOwn };
}
namespace clear_session {
enum { kKeeps, kRenews };
}
namespace new_time {
enum { kNow, kZero };
}
namespace one_context {
enum { kRequired, kFree };
}
namespace d2i_into {
enum { kRefills, kReplaces };
}
namespace d2i_failure {
enum { kFrees, kKeeps };
}
namespace d2i_zero {
enum { kDefaulted, kKept };
}
namespace dup_ex_data {
enum { kCopied, kAbsent };
}
namespace negative_timeout {
enum { kRefused, kZero, kKept };
}
namespace hello_session {
enum { kNone, kEmpty };
}
namespace ticket_on_resumption {
enum { kNo, kYes };
}
namespace zero_default_timeout {
enum { kKept, kDefault };
}
namespace bad_session {
enum { kRemoved, kKept };
}
namespace stateless_cached {
enum { kNo, kWithRemoveCallback };
}
namespace psk_session_id {
enum { kNone, kAsSealed };
}
namespace uncached_id {
enum { kSessionContext, kContextInUse };
}
namespace counts {
enum { kCounted, kZero };
}
namespace client_cache {
enum { kInternal, kExternal };
}
namespace ticket_sessions {
enum { kConnection, kCallback };
}
namespace resumed_session {
enum { kReplaced, kKept };
}
namespace unoffered_session {
enum { kKept, kDropped };
}
namespace hello_tests {
enum { kTicketAge, kLifetime, kWhenSet };
}
namespace expires {
enum { kAfterItsEnd, kAtItsEnd };
}
namespace expiry_tested {
enum { kLast, kFirst };
}
namespace session_side {
enum { kEither, kOwn };
}
namespace refusal {
enum { kAfterLookup, kBeforeLookup };
}
namespace ticket_lifetime {
enum { kContext, kRenewed };
}
namespace ticket_age {
enum { kOwn, kOfContext };
}
namespace ticket_keys {
enum { kLasting, kOfTimeout };
}
namespace ticket_session_id {
enum { kNone, kChosen };
}
namespace ticketless_copy {
enum { kNothing, kDummy };
}
namespace resumed_lifetime {
enum { kOwn, kOfFirst };
}
namespace ticket_hello_id {
enum { kOfSession, kRandom };
}
namespace switched_callbacks {
enum { kSessionContext, kContextInUse };
}
namespace switched_id_context {
enum { kUnlessOwn, kAlways };
}
namespace tickets {
enum { kTaken, kAskedFor };
}
namespace client_finished {
enum { kAtEnd, kOwnFinished };
}
namespace connection_settings {
enum { kWhenUsed, kAtBirth };
}
namespace resumption_age {
enum { kOfSession, kAlsoOfConnection };
}
namespace quiet_shutdown {
enum { kMarks, kClears };
}
namespace uncached_session {
enum { kFilled, kEmpty };
}
namespace failed_session {
enum { kRemoved, kKept };
}
namespace set_session_late {
enum { kDefined, kUndefined };
}
namespace session_in_handshake {
enum { kDefined, kUndefined };
}
namespace timeout_type {
enum { kLong, kUint32 };
}
namespace time_type {
enum { kSigned, kUnsigned };
}
namespace set_time_result {
enum { kOne, kTime };
}
namespace cached_key {
enum { kMayChange, kFixed };
}
namespace cache_full {
enum { kCounted, kZero };
}
namespace context_calls {
enum { kForbidden, kAllowed };
}
namespace failed_allocation {
enum { kHalfWay, kUndone };
}
namespace callback_calls {
enum { kNamed, kAny };
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_VOCABULARY_CONTRACT_H_
