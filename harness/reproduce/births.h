// Sessions that a call brings to life beside its result: those of connections, of handshakes.
#ifndef LASTREF_HARNESS_REPRODUCE_BIRTHS_H_
#define LASTREF_HARNESS_REPRODUCE_BIRTHS_H_

#include <string>

#include "harness/report/timeline.h"
#include "harness/reproduce/source_draft.h"

namespace lastref {

// Statements that give each such session its number, and its address where a pointer leads to it.
std::string births_c(SourceDraft& draft, const TimelineStep& step);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_BIRTHS_H_
