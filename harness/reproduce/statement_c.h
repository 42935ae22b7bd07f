// One operation of a program as C statements, with what the model expects of it.
#ifndef LASTREF_HARNESS_REPRODUCE_STATEMENT_C_H_
#define LASTREF_HARNESS_REPRODUCE_STATEMENT_C_H_

#include <string>

#include "harness/report/timeline.h"
#include "harness/reproduce/source_draft.h"

namespace lastref {

// The call and what it must return. From a broken rule on nothing is expected.
std::string statement_c(SourceDraft& draft, const TimelineStep& step);

// The operation that a callback runs, in the callback's body. Its result becomes an event.
std::string body_c(SourceDraft& draft, const Operation& operation);
// The same in a callback of a handshake, whose sessions get their numbers at its end.
std::string inside_c(SourceDraft& draft, const Operation& operation);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_STATEMENT_C_H_
