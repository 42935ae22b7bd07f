// Operations in which something fails, and those behind: nothing is expected of them but what the
// finding says, for what a failure came to is the library's to choose.
#ifndef LASTREF_HARNESS_REPRODUCE_FAULT_C_H_
#define LASTREF_HARNESS_REPRODUCE_FAULT_C_H_

#include <string>

#include "harness/report/timeline.h"
#include "harness/reproduce/reproducer.h"
#include "harness/reproduce/source_draft.h"

namespace lastref {

bool is_behind_fault(const ReproducerInput& input, const TimelineStep& step);

// What makes the operation's fault happen, and what ends it; empty for none. With `attempts` the
// allocation of a handshake that fails is that of the attempt under way.
std::string fault_begin_c(const Operation& operation, bool attempts);
std::string fault_end_c(const Operation& operation);

// The statement of the step.
std::string step_c(SourceDraft& draft, const ReproducerInput& input, const TimelineStep& step);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_FAULT_C_H_
