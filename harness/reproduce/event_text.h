// What must be seen to happen during an operation, as the program's own list of events will have
// it.
#ifndef LASTREF_HARNESS_REPRODUCE_EVENT_TEXT_H_
#define LASTREF_HARNESS_REPRODUCE_EVENT_TEXT_H_

#include <string>

#include "harness/report/timeline.h"
#include "harness/reproduce/source_draft.h"

namespace lastref {

// In which order the program's list is compared.
enum class EventOrder { kAsSeen, kBySession, kDeathsLast };
EventOrder event_order(const SourceDraft& draft, const TimelineStep& step);

// "session 1 removed from c0; session 1 destroyed". Sessions that the program has no pointer to are
// destroyed unseen.
std::string events_text(const SourceDraft& draft, const TimelineStep& step);

// Whether an operation that a callback runs has a number for its result, which is then an event.
bool returns_number(Op code);
// The same in a callback of a handshake, where more is the library's choice.
bool returns_number_inside(Op code);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_EVENT_TEXT_H_
