// A symptom in a sentence: "session 2 was destroyed although the application still holds 1
// reference". No full stop, no operation; the writer of a report puts them around it.
#ifndef LASTREF_HARNESS_REPORT_SENTENCE_H_
#define LASTREF_HARNESS_REPORT_SENTENCE_H_

#include <string>

#include "harness/execute/symptom.h"
#include "harness/report/timeline.h"

namespace lastref {

// `step` is the step of the timeline at which the symptom showed, or NULL when there is none.
std::string sentence(const Symptom& symptom, const TimelineStep* step);

// "operation 4", "operation 9, in the teardown": numbers count from 1 and go on in the teardown.
std::string place(const Symptom& symptom, int program_size);

// "session 2", "c0"; empty for none.
std::string subject_text(const Symptom& symptom);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_SENTENCE_H_
