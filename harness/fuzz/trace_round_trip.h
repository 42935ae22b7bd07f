// The trace language there and back: what the parser takes, the printer writes, and the parser
// takes that again as the same program.
#ifndef LASTREF_HARNESS_FUZZ_TRACE_ROUND_TRIP_H_
#define LASTREF_HARNESS_FUZZ_TRACE_ROUND_TRIP_H_

#include <string>
#include <string_view>

namespace lastref {

// What is wrong with what becomes of the text, in one sentence; empty when nothing is. A text that
// is no trace must be refused at a place that it has.
std::string wrong_round_trip(std::string_view text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_FUZZ_TRACE_ROUND_TRIP_H_
