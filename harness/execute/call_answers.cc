// What the performer keeps of an answer of the target's that is more than a number or an object.

#include <algorithm>

#include "harness/execute/performer.h"
#include "harness/memory/guarded_input.h"

namespace lastref {

// Those of a handshake before, in case that the target refuses the next.
void Performer::forget_flights() {
  flights_.fill(0);
  damaged_ = false;
}

void Performer::look_at_flights(const lastref_result& result) {
  std::copy_n(result.flights, flights_.size(), flights_.begin());
  damaged_ = result.damaged != 0;
}

void Performer::look_at_input(const Operation& operation, const lastref_result& result) {
  const std::size_t place = operation.code == Op::D2I_INTO ? 1 : 0;
  const auto& bytes = blobs_[operation.operand[place]].bytes;
  const std::uint8_t* const start = guarded_input().start();
  input_end_ = result.bytes == nullptr || start == nullptr ? -1 : result.bytes - start;
  input_changed_ = guarded_input().changed(bytes);
}

// The application goes by the length that i2d returned. A library that left the caller's pointer
// where it was wrote the bytes nevertheless.
std::int64_t Performer::take_encoding(std::vector<std::uint8_t>& into,
                                      const lastref_result& result) {
  pointer_stayed_ = result.length == 0 && result.value > 0 && result.bytes != nullptr;
  const std::size_t length =
      pointer_stayed_ ? static_cast<std::size_t>(result.value) : result.length;
  into.assign(result.bytes, result.bytes + length);
  return result.value;
}

}  // namespace lastref
