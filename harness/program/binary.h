// The compact binary form, for fuzzers and journals: any bytes decode to a well-formed program.
#ifndef LASTREF_HARNESS_PROGRAM_BINARY_H_
#define LASTREF_HARNESS_PROGRAM_BINARY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/program/program.h"

namespace lastref {

// decode(encode(p)) == p for every well-formed p.
std::vector<std::uint8_t> encode_program(const Program& program);

// The same into `out`. Where it has no room for all, whole operations from the front, as many as it
// has room for, each with its body; 0 bytes where it has none for the header.
struct Written {
  std::size_t bytes = 0;
  bool whole = false;
};
Written encode_program(const Program& program, std::span<std::uint8_t> out);

// Total: every byte string is some well-formed program. Out-of-range bytes wrap around; surplus
// bytes beyond kMaxOperations are ignored; a short tail is dropped.
Program decode_program(std::span<const std::uint8_t> bytes);
// The same in place of another program.
void decode_program(std::span<const std::uint8_t> bytes, Program& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_BINARY_H_
