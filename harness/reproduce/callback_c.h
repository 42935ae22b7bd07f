// The callbacks of a program: each installation is a function of its own, or one of those that all
// programs share.
#ifndef LASTREF_HARNESS_REPRODUCE_CALLBACK_C_H_
#define LASTREF_HARNESS_REPRODUCE_CALLBACK_C_H_

#include <string>

#include "harness/report/timeline.h"
#include "harness/reproduce/source_draft.h"

namespace lastref {

// "SSL_CTX_sess_set_remove_cb(c0, on_remove_2);". The function's definition goes to the draft.
std::string callback_setter_c(SourceDraft& draft, const TimelineStep& step);

// "in_new_c0 = in_new_3;": what the callback does before it answers.
std::string inside_setter_c(SourceDraft& draft, const TimelineStep& step);

// The same for a server's callback that switches to another context.
std::string servername_setter_c(SourceDraft& draft, const TimelineStep& step);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_CALLBACK_C_H_
