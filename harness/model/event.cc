#include "harness/model/event.h"

#include <algorithm>

namespace lastref {

std::string_view name(EventKind kind) {
  switch (kind) {
    case EventKind::kBirth:
      return "birth";
    case EventKind::kDeath:
      return "death";
    case EventKind::kRemoveCallback:
      return "remove callback";
    case EventKind::kNewCallback:
      return "new callback";
    case EventKind::kGetCallback:
      return "get callback";
    case EventKind::kServername:
      return "servername callback";
    case EventKind::kNestedEnd:
      return "nested result";
  }
  return "event";
}

void EventList::follow(const EventList& seen, int first, int end) {
  auto place = events_.begin() + std::min(first, size());
  const auto last = events_.begin() + std::min(end, size());
  for (const Event& event : seen.view()) {
    place = std::stable_partition(
        place, last, [&event](const Event& other) { return other.session == event.session; });
  }
}

void EventList::interleave(const EventList& seen, int first, int end) {
  auto place = events_.begin() + std::min(first, size());
  const auto last = events_.begin() + std::min(end, size());
  for (const Event& event : seen.view()) {
    const auto next = std::find_if(
        place, last, [&event](const Event& other) { return other.session == event.session; });
    if (next == last || !(*next == event)) continue;
    std::rotate(place, next, next + 1);
    ++place;
  }
}

void EventList::erase(int index) {
  const int kept = size();
  std::copy(events_.begin() + index + 1, events_.begin() + kept, events_.begin() + index);
  --size_;
}

void EventList::take_values(const EventList& seen) {
  for (int i = 0; i < size() && i < seen.size(); ++i) {
    Event& event = (*this)[i];
    if (event.kind != EventKind::kNestedEnd || event.value != kAnyValue) continue;
    if (seen[i].kind == EventKind::kNestedEnd) event.value = seen[i].value;
  }
}

}  // namespace lastref
