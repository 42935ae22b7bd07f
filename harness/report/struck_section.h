// What was seen of an operation in which something was made to fail, in plain words and in its
// order: which request failed and who made it, which callbacks ran, what was taken and released.
#ifndef LASTREF_HARNESS_REPORT_STRUCK_SECTION_H_
#define LASTREF_HARNESS_REPORT_STRUCK_SECTION_H_

#include <nlohmann/json.hpp>
#include <string>

#include "harness/execute/struck_operation.h"
#include "harness/report/timeline.h"

namespace lastref {

// The section of a text report, and the member of a JSON one. Empty, and null, for no operation.
std::string struck_section(const StruckEvidence& struck, const Timeline& timeline);
nlohmann::ordered_json struck_json(const StruckEvidence& struck, const Timeline& timeline);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_STRUCK_SECTION_H_
