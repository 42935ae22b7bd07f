// The places of a program at which an allocation can be made to fail.
#ifndef LASTREF_HARNESS_INJECT_POINTS_H_
#define LASTREF_HARNESS_INJECT_POINTS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/program/program.h"

namespace lastref {

// One of them: an operation of the program, and which allocation in it.
struct FaultPoint {
  std::uint8_t operation = 0;  // its index
  AllocationFault fault;

  friend bool operator==(const FaultPoint&, const FaultPoint&) = default;
};

// Each allocation, once alone and once with all that follow in the operation. allocations[i] is how
// many the operation of index i asks for; beyond AllocationFault::kMaxAt none is named.
std::vector<FaultPoint> points_of(std::span<const int> allocations);

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

// The program with that fault, in place of any that it has.
Program with_fault(const Program& program, const FaultPoint& point);

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_POINTS_H_
