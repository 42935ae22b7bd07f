// The compact binary form, for fuzzers and journals: any bytes decode to a well-formed program.
#ifndef LASTREF_HARNESS_PROGRAM_BINARY_H_
#define LASTREF_HARNESS_PROGRAM_BINARY_H_

#include <cstdint>
#include <span>
#include <vector>

#include "harness/program/program.h"

namespace lastref {

// decode(encode(p)) == p for every well-formed p.
std::vector<std::uint8_t> encode_program(const Program& program);

// Total: every byte string is some well-formed program. Out-of-range bytes wrap around; surplus
// bytes beyond kMaxOperations are ignored; a short tail is dropped.
Program decode_program(std::span<const std::uint8_t> bytes);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_BINARY_H_
