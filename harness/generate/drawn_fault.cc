#include "harness/generate/drawn_fault.h"

#include <lastref/target_abi.h>

namespace lastref {
namespace {

// Of the numbers that a fault may have low ones come more often: most operations ask for one or two
// allocations. A handshake asks for some thousand.
constexpr std::uint32_t kFewAllocations = 8;
constexpr std::uint32_t kManyAllocations = 3000;
constexpr std::uint32_t kPersistentIn = 3;
// Of the faults of a handshake one in so many is one of its flights, where the target has those;
// and of all others one in so many is a request for random bytes.
constexpr std::uint32_t kFlightIn = 2;
constexpr std::uint32_t kRandomIn = 8;
// The bytes of a flight, or a little more: a damage behind its end does nothing.
constexpr std::uint32_t kFlightBytes = 1000;

Fault draw_damage(Random& random) {
  const auto flight = static_cast<int>(random.below(Fault::kFlights)) + 1;
  const auto damage = static_cast<Damage>(random.below(kDamages));
  return Fault::of_flight(flight, damage, static_cast<int>(random.below(kFlightBytes)) + 1);
}

}  // namespace

Fault draw_fault(Op code, std::uint64_t capabilities, Random& random) {
  const auto can = [capabilities](std::uint64_t what) { return (capabilities & what) != 0; };
  const bool shakes_hands = code == Op::HANDSHAKE;
  if (shakes_hands && can(LASTREF_CAN_DAMAGE_FLIGHTS) && random.one_in(kFlightIn)) {
    return draw_damage(random);
  }
  if (can(LASTREF_CAN_FAIL_RANDOM) && random.one_in(kRandomIn)) {
    const auto at = static_cast<int>(random.low(kFewAllocations)) + 1;
    return Fault(at, random.one_in(kPersistentIn), FaultKind::kRandom);
  }
  const bool many = shakes_hands && random.one_in(2);
  const auto at = static_cast<int>(random.low(many ? kManyAllocations : kFewAllocations)) + 1;
  return Fault(at, random.one_in(kPersistentIn));
}

}  // namespace lastref
