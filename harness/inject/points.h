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

// The program with that fault, in place of any that it has.
Program with_fault(const Program& program, const FaultPoint& point);

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_POINTS_H_
