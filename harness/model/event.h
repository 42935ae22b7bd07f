// What happens during an operation: the alphabet of the model's automaton.
//
// An operation is a bracket: begin, then births, deaths, callbacks (inside which operations nest)
// in order, then end with a result. The model says which events it expects; the runner writes down
// which it saw, with sessions already numbered by birth, so that agreement is equality of two short
// lists.
#ifndef LASTREF_HARNESS_MODEL_EVENT_H_
#define LASTREF_HARNESS_MODEL_EVENT_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/vocabulary/limits.h"

namespace lastref {

enum class EventKind : std::uint8_t {
  kBirth,           // subject: session
  kDeath,           // subject: session
  kRemoveCallback,  // subject: session, context
  kNewCallback,     // subject: session, connection
  kGetCallback,     // subject: the session returned, connection; value: the id asked for
  kServername,      // subject: no session, connection; value: the context switched to
  // Value: the result of the operation that ran inside a callback, kAnyValue where that is the
  // target's choice. Of one that returns a session, subject: that session, or kNobody, and 0.
  kNestedEnd,
};

// "birth", "remove callback".
std::string_view name(EventKind kind);

struct Event {
  EventKind kind = EventKind::kBirth;
  std::uint8_t session = 0;
  std::uint8_t context = 0;  // or connection
  std::int64_t value = 0;

  friend bool operator==(const Event&, const Event&) = default;
};

// A flush of a full cache with a body on every callback: a callback, a nested end and a death for
// each session, and the births of a dup each.
inline constexpr int kMaxEvents = 4 * kMaxSessions;

class EventList {
 public:
  void clear() { size_ = 0; }
  // Beyond the bound events are counted and not kept; two lists that overflow never agree.
  void add(const Event& event) {
    if (size_ < kMaxEvents) events_[static_cast<std::size_t>(size_)] = event;
    ++size_;
  }
  bool overflowed() const { return size_ > kMaxEvents; }
  int size() const { return size_ < kMaxEvents ? size_ : kMaxEvents; }
  const Event& operator[](int index) const { return events_[static_cast<std::size_t>(index)]; }
  std::span<const Event> view() const { return {events_.data(), static_cast<std::size_t>(size())}; }
  Event& operator[](int index) { return events_[static_cast<std::size_t>(index)]; }
  // Orders the events from `first` to before `end` by session, in the order in which `seen` names
  // those; the events of one session stay in their order.
  void follow(const EventList& seen, int first, int end);
  // The same where the events of one session may come between those of another.
  void interleave(const EventList& seen, int first, int end);
  // Of the events of kAnyValue, takes the value that the one in the same place of `seen` has.
  void take_values(const EventList& seen);
  // Takes the event at `index` out; those behind it move up.
  void erase(int index);
  // Made after every operation, mostly of lists of one event or none.
  friend bool operator==(const EventList& a, const EventList& b) {
    if (a.size_ != b.size_ || a.overflowed()) return false;
    bool same = true;
    for (std::size_t i = 0; i < static_cast<std::size_t>(a.size_); ++i) {
      same &= a.events_[i] == b.events_[i];
    }
    return same;
  }

 private:
  std::array<Event, kMaxEvents> events_;  // only the first size() are ever read
  int size_ = 0;
};

// Results that are no number of the library's. Sessions are results by their birth number.
inline constexpr std::int64_t kResultNull = -1;     // NULL where an object was possible
inline constexpr std::int64_t kResultUnknown = -2;  // an object that was never seen born

// Of a kNestedEnd: the target's choice.
inline constexpr std::int64_t kAnyValue = -3;

// The end of an operation that returned this session, by number, or kResultNull or -Unknown.
inline Event nested_session(std::int64_t result) {
  if (result < 0) return {EventKind::kNestedEnd, 0xff, 0, result};
  return {EventKind::kNestedEnd, static_cast<std::uint8_t>(result), 0, 0};
}

// What the model expects of one operation.
struct Expectation {
  EventList events;
  std::int64_t result = 0;
  // The result is the target's choice: an encoded length, a field that damaged bytes decoded to.
  bool any_result = false;
  // Contents of this session are the target's choice now; the runner reads and adopts them.
  std::uint8_t adopt = 0xff;
  // Events from the first of these to before the second may come in any order of their sessions.
  int unordered_from = 0;
  int unordered_to = 0;
  // Those of one session may then come between those of another.
  bool interleaved = false;
  bool any_nested = false;  // one of the events is a kNestedEnd of kAnyValue
  // In how many ways the manual lets the operation end; the model was asked for one of them.
  int choices = 1;

  void clear() {
    events.clear();
    result = 0;
    any_result = false;
    adopt = 0xff;
    any_nested = false;
    choices = 1;
    unordered_from = 0;
    unordered_to = 0;
    interleaved = false;
  }
  // Takes the order that `seen` has, where any is right, and the values.
  void follow(const EventList& seen) {
    if (any_nested) events.take_values(seen);
    if (unordered_to <= unordered_from) return;
    if (interleaved) {
      events.interleave(seen, unordered_from, unordered_to);
    } else {
      events.follow(seen, unordered_from, unordered_to);
    }
  }
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_MODEL_EVENT_H_
