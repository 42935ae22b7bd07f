// The places of a program at which something can be made to go wrong.
#ifndef LASTREF_HARNESS_INJECT_POINTS_H_
#define LASTREF_HARNESS_INJECT_POINTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/model/model.h"
#include "harness/program/program.h"

namespace lastref {

// One of them: an operation of the program, and what goes wrong in it.
struct FaultPoint {
  std::uint8_t operation = 0;  // its index
  Fault fault;

  friend bool operator==(const FaultPoint&, const FaultPoint&) = default;
};

// Each request of that kind, once alone and once with all that follow in the operation. requests[i]
// is how many the operation of index i makes; beyond Fault::kMaxAt none is named.
std::vector<FaultPoint> points_of(std::span<const int> requests,
                                  FaultKind kind = FaultKind::kAllocation);

// Each byte of each flight damaged in each way, but that only whole flights come twice. flights[i]
// has the bytes of those of the operation of index i; beyond Fault::kMaxByte none is named.
using FlightBytes = std::array<std::uint32_t, Fault::kFlights>;
std::vector<FaultPoint> flight_points_of(std::span<const FlightBytes> flights);

// So many of them, drawn by the seed, in their order; all where there are no more.
std::vector<FaultPoint> sample(const std::vector<FaultPoint>& points, std::size_t most,
                               std::uint64_t seed);

// The clock that jumps in front of an operation, or behind the last.
struct ClockPoint {
  std::uint8_t before = 0;  // the operation's index, or the program's size
  std::uint8_t step = 0;    // of the pool of steps

  friend bool operator==(const ClockPoint&, const ClockPoint&) = default;
};
// Each step at each place that is not between a callback and its body. None for a program that has
// no room for one more operation.
std::vector<ClockPoint> clock_points_of(const Program& program);
Program with_clock(const Program& program, const ClockPoint& point);

// The program with its teardown written out, so that things can go wrong in that as well; as it is
// where that has no room, or where a known bug or the model's bounds stand before its end.
Program with_teardown(const Model& model, const Program& program);

// The program with that fault, in place of any that it has.
Program with_fault(const Program& program, const FaultPoint& point);

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_POINTS_H_
