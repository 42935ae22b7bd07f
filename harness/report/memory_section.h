// A fault of memory in plain words: which block it was, who allocated, released and touched it.
#ifndef LASTREF_HARNESS_REPORT_MEMORY_SECTION_H_
#define LASTREF_HARNESS_REPORT_MEMORY_SECTION_H_

#include <nlohmann/json.hpp>
#include <string>

#include "harness/execute/memory_fault.h"
#include "harness/report/timeline.h"

namespace lastref {

// "byte 720 of session 1 (a block of 928 bytes) was read after its release". No full stop.
std::string fault_sentence(const MemoryFault& fault);

// Who gave back the last reference in that step: "the application", "cache c0"; empty where the
// model has nobody give one back.
std::string last_holder(const TimelineStep& step, int session);

// The section of a text report, and the member of a JSON one. Empty, and null, for no fault.
std::string memory_section(const MemoryEvidence& memory, const Timeline& timeline);
nlohmann::ordered_json memory_json(const MemoryEvidence& memory, const Timeline& timeline);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_MEMORY_SECTION_H_
