// What one connection has written and the other has not read yet: a handshake over memory, for
// libraries that have no such transport of their own.
#ifndef LASTREF_HARNESS_TARGET_SHARED_WIRE_H_
#define LASTREF_HARNESS_TARGET_SHARED_WIRE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "harness/target/shared/damage.h"

namespace lastref {

class Wire {
 public:
  void clear() { waiting_ = 0; }
  bool empty() const { return waiting_ == 0; }

  // All of the bytes; false when they do not fit.
  bool put(const void* bytes, std::size_t size) {
    if (size > bytes_.size() - waiting_) return false;
    std::memcpy(bytes_.data() + waiting_, bytes, size);
    waiting_ += size;
    return true;
  }

  // As many as there are, up to `size`.
  std::size_t take(void* bytes, std::size_t size) {
    size = std::min(size, waiting_);
    std::memcpy(bytes, bytes_.data(), size);
    waiting_ -= size;
    std::memmove(bytes_.data(), bytes_.data() + size, waiting_);
    return size;
  }

  // What waits is the flight of that number.
  void pass(std::uint32_t flight, Flights& flights) {
    flights.pass(flight, bytes_.data(), waiting_, bytes_.size());
  }

 private:
  // More than both flights of a side.
  static constexpr std::size_t kBytes = 16384;

  std::size_t waiting_ = 0;
  std::array<unsigned char, kBytes> bytes_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_TARGET_SHARED_WIRE_H_
