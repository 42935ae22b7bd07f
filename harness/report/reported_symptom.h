// What a report in words says is wrong, read back: for whoever has only what a process printed.
#ifndef LASTREF_HARNESS_REPORT_REPORTED_SYMPTOM_H_
#define LASTREF_HARNESS_REPORT_REPORTED_SYMPTOM_H_

#include <string_view>

namespace lastref {

// Views of the line that they are read of; empty where it does not say.

// The verdict of a line "the input on OpenSSL 3.0.22 (openssl): wrong-content".
std::string_view reported_verdict(std::string_view line);

// The operation of a line "  At operation 4, in the teardown (s0 = dup s1): ...": "dup".
std::string_view reported_operation(std::string_view line);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_REPORTED_SYMPTOM_H_
