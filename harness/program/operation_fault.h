// What goes wrong while an operation runs: part of a program, and chosen by whoever wrote it.
#ifndef LASTREF_HARNESS_PROGRAM_OPERATION_FAULT_H_
#define LASTREF_HARNESS_PROGRAM_OPERATION_FAULT_H_

#include <cstdint>

namespace lastref {

// kAllocation, kRandom and kLock: the n-th request of the library's in the operation fails, for
// memory, for random bytes, or to make a lock or thread-local storage; a persistent fault has all
// that follow it fail too, up to the operation's end. kFlight: a flight of a handshake does not
// come as it was sent.
enum class FaultKind : std::uint8_t { kAllocation, kRandom, kLock, kFlight };
inline constexpr int kFaultKinds = 4;
inline constexpr int kCountedFaults = 3;  // the first of them, which count requests

// What becomes of a flight at its n-th byte: the lowest bit of that byte is another, or all of them
// are; the flight ends in front of it; or what begins with it comes twice.
enum class Damage : std::uint8_t { kFlip, kInvert, kCut, kRepeat };
inline constexpr int kDamages = 4;

// Four bytes, zero for none.
class Fault {
 public:
  constexpr Fault() = default;
  // Of the kinds that count requests. `at` counts from 1 and is at most kMaxAt.
  constexpr Fault(int at, bool persistent, FaultKind kind = FaultKind::kAllocation)
      : bits_(static_cast<std::uint16_t>(at | (persistent ? kPersistent : 0))), kind_(kind) {}
  // Of a flight, counted from 1 to kFlights, at its byte `at`, from 1 to kMaxByte.
  static constexpr Fault of_flight(int flight, Damage damage, int at) {
    return of_bits(FaultKind::kFlight,
                   static_cast<std::uint16_t>(at | (flight - 1) << kFlightShift |
                                              static_cast<int>(damage) << kDamageShift));
  }

  // Ten times what a full handshake of OpenSSL's asks for.
  static constexpr int kMaxAt = 0x7fff;
  // The client's hello, the server's flight, the client's, and the server's last.
  static constexpr int kFlights = 4;
  // Three times the longest flight of any library.
  static constexpr int kMaxByte = 0xfff;

  constexpr bool any() const { return bits_ != 0; }
  constexpr FaultKind kind() const { return kind_; }
  constexpr bool is_allocation() const { return any() && kind_ == FaultKind::kAllocation; }
  constexpr bool is_flight() const { return any() && kind_ == FaultKind::kFlight; }
  constexpr int at() const { return bits_ & (kind_ == FaultKind::kFlight ? kMaxByte : kMaxAt); }
  constexpr bool persistent() const {
    return kind_ != FaultKind::kFlight && (bits_ & kPersistent) != 0;
  }
  constexpr int flight() const { return (bits_ >> kFlightShift) % kFlights + 1; }
  constexpr Damage damage() const { return static_cast<Damage>(bits_ >> kDamageShift); }
  // As it is written down in bytes, beside its kind.
  constexpr std::uint16_t bits() const { return bits_; }
  // Of any bits: those that name no place are no fault.
  static constexpr Fault of_bits(FaultKind kind, std::uint16_t bits) {
    Fault fault;
    const int place = bits & (kind == FaultKind::kFlight ? kMaxByte : kMaxAt);
    if (place == 0) return fault;
    fault.bits_ = bits;
    fault.kind_ = kind;
    return fault;
  }

  friend bool operator==(const Fault&, const Fault&) = default;

 private:
  static constexpr int kPersistent = 0x8000;
  static constexpr int kFlightShift = 12;
  static constexpr int kDamageShift = 14;
  std::uint16_t bits_ = 0;
  FaultKind kind_ = FaultKind::kAllocation;
  std::uint8_t unused_ = 0;  // so that equal faults have equal bytes
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_PROGRAM_OPERATION_FAULT_H_
