// Flights of a handshake on their way: how long each is, and the one that does not come as it was
// sent.
#ifndef LASTREF_HARNESS_TARGET_SHARED_DAMAGE_H_
#define LASTREF_HARNESS_TARGET_SHARED_DAMAGE_H_

#include <lastref/target_abi.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lastref {

// Whether readers of TLS may ignore the byte: one of the two of a record's version; the type of a
// protected record of TLS 1.3, which is always the same; or what stands in a ChangeCipherSpec,
// which is no handshake message. All others stand in a message that the Finished messages cover, or
// say where a record begins.
inline bool may_be_ignored(const unsigned char* bytes, std::size_t size, std::size_t place) {
  constexpr std::size_t kHeader = 5;  // type, version, length
  constexpr unsigned char kChangeCipherSpec = 20;
  constexpr unsigned char kApplicationData = 23;
  for (std::size_t record = 0; size - record >= kHeader;) {
    if (place == record) return bytes[record] == kApplicationData;
    if (place == record + 1 || place == record + 2) return true;
    const std::size_t length = std::size_t{bytes[record + 3]} << 8 | bytes[record + 4];
    if (place == record + kHeader) return bytes[record] == kChangeCipherSpec;
    if (length > size - record - kHeader) return false;
    record += kHeader + length;
  }
  return false;
}

// A handshake's flights. `call` and `result` are the operation's.
class Flights {
 public:
  Flights(const lastref_call& call, lastref_result& result) : call_(call), result_(result) {}

  // Whether the flight, counted from 1, is the one to be damaged.
  bool damages(std::uint32_t flight) const { return call_.flight == flight; }

  // The flight waits for its reader, in `size` bytes of a buffer of `capacity`.
  void pass(std::uint32_t flight, unsigned char* bytes, std::size_t& size, std::size_t capacity) {
    note(flight, size);
    if (damages(flight) && damage(bytes, size, capacity)) result_.damaged = 1;
  }
  void note(std::uint32_t flight, std::size_t size) {
    result_.flights[flight - 1] = static_cast<std::uint32_t>(size);
  }

 private:
  // False where there is nothing to be damaged.
  bool damage(unsigned char* bytes, std::size_t& size, std::size_t capacity) const {
    if (call_.damage_at == 0 || call_.damage_at > size) return false;
    const std::size_t place = call_.damage_at - 1;
    const std::size_t rest = size - place;
    switch (call_.damage) {
      case LASTREF_DAMAGE_FLIP:
      case LASTREF_DAMAGE_INVERT:
        if (may_be_ignored(bytes, size, place)) return false;
        bytes[place] ^= call_.damage == LASTREF_DAMAGE_FLIP ? 0x01 : 0xff;
        return true;
      case LASTREF_DAMAGE_CUT:
        size = place;
        return true;
      default:
        if (rest > capacity - size) return false;
        std::memcpy(bytes + size, bytes + place, rest);
        size += rest;
        return true;
    }
  }

  const lastref_call& call_;
  lastref_result& result_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_TARGET_SHARED_DAMAGE_H_
