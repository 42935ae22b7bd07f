// Results and contents in the words of the trace language: "id_a", "session 2", "NULL".
#ifndef LASTREF_HARNESS_REPORT_VALUE_TEXT_H_
#define LASTREF_HARNESS_REPORT_VALUE_TEXT_H_

#include <cstdint>
#include <string>

#include "harness/program/operation.h"

namespace lastref {

// Bytes of a pool by their fingerprint: "id_a"; "none" for no data, "no bytes" for an empty value.
std::string bytes_text(OperandKind kind, std::int64_t fingerprint);

// A number of a pool: "tls1.2 (771)"; the number alone where the pool's word is the number.
std::string number_text(OperandKind kind, std::int64_t value);

// What an operation returned.
std::string result_text(Op code, std::int64_t value);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_VALUE_TEXT_H_
