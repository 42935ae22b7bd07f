// What the programs of all libraries are made of beside their own statements.
#ifndef LASTREF_HARNESS_REPRODUCE_COMMON_PARTS_H_
#define LASTREF_HARNESS_REPRODUCE_COMMON_PARTS_H_

#include <string_view>

namespace lastref {

// Templates (part.h); $count is how many sessions a program bears.
extern const std::string_view kCheckParts;     // EXPECT and its like
extern const std::string_view kGetterParts;    // get_id and its like, of one form
extern const std::string_view kNumberParts;    // sessions by number, and what happens to them
extern const std::string_view kFaultParts;     // fails(), fail_alloc()
extern const std::string_view kRefusalPart;    // dup_refused()
extern const std::string_view kFlightParts;    // damage_flight(), pass_flight()
extern const std::string_view kStopParts;      // where a handshake is left alone
extern const std::string_view kCallbackParts;  // what callbacks call

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_COMMON_PARTS_H_
