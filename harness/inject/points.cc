#include "harness/inject/points.h"

#include <algorithm>
#include <numeric>

#include "harness/generate/random.h"

namespace lastref {

std::vector<FaultPoint> points_of(std::span<const int> requests, FaultKind kind) {
  std::vector<FaultPoint> points;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const int count = std::min(requests[i], Fault::kMaxAt);
    for (const bool persistent : {false, true}) {
      for (int at = 1; at <= count; ++at) {
        points.push_back({static_cast<std::uint8_t>(i), Fault(at, persistent, kind)});
      }
    }
  }
  return points;
}

std::vector<FaultPoint> flight_points_of(std::span<const FlightBytes> flights) {
  std::vector<FaultPoint> points;
  for (std::size_t i = 0; i < flights.size(); ++i) {
    const auto operation = static_cast<std::uint8_t>(i);
    for (int flight = 1; flight <= Fault::kFlights; ++flight) {
      const std::uint32_t bytes = flights[i][static_cast<std::size_t>(flight - 1)];
      const auto last = static_cast<int>(std::min<std::uint32_t>(bytes, Fault::kMaxByte));
      for (const Damage damage : {Damage::kFlip, Damage::kInvert, Damage::kCut}) {
        for (int at = 1; at <= last; ++at) {
          points.push_back({operation, Fault::of_flight(flight, damage, at)});
        }
      }
      if (last > 0) points.push_back({operation, Fault::of_flight(flight, Damage::kRepeat, 1)});
    }
  }
  return points;
}

std::vector<FaultPoint> sample(const std::vector<FaultPoint>& points, std::size_t most,
                               std::uint64_t seed) {
  if (points.size() <= most) return points;
  std::vector<std::size_t> chosen(points.size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  Random random(seed, points.size());
  for (std::size_t i = 0; i < most; ++i) {
    const auto left = static_cast<std::uint32_t>(chosen.size() - i);
    std::swap(chosen[i], chosen[i + random.below(left)]);
  }
  chosen.resize(most);
  std::sort(chosen.begin(), chosen.end());
  std::vector<FaultPoint> sampled;
  sampled.reserve(chosen.size());
  for (const std::size_t index : chosen) sampled.push_back(points[index]);
  return sampled;
}

std::vector<ClockPoint> clock_points_of(const Program& program) {
  std::vector<ClockPoint> points;
  if (program.size == kMaxOperations) return points;
  for (std::size_t before = 0; before <= program.size; ++before) {
    if (before > 0 && has_body(program.operations[before - 1])) continue;
    for (int step = 0; step < operand_range(OperandKind::kClockStep); ++step) {
      points.push_back({static_cast<std::uint8_t>(before), static_cast<std::uint8_t>(step)});
    }
  }
  return points;
}

Program with_clock(const Program& program, const ClockPoint& point) {
  Program jumping = program;
  const auto place = jumping.operations.begin() + point.before;
  std::copy_backward(place, jumping.operations.begin() + program.size,
                     jumping.operations.begin() + program.size + 1);
  *place = Operation{};
  place->code = Op::CLOCK_ADVANCE;
  place->operand[0] = point.step;
  ++jumping.size;
  return jumping;
}

Program with_teardown(const Model& model, const Program& program) {
  Program whole = program;
  State state;
  Expectation expected;
  for (std::size_t i = 0; i < program.size; ++i) {
    const Operation& operation = program.operations[i];
    const Operation body = has_body(operation) ? program.operations[++i] : Operation{};
    if (model.step(state, operation, body, expected) != Legality::kLegal) return program;
  }
  TeardownWalk walk(program.teardown);
  while (const auto operation = walk.next(state)) {
    if (!whole.append(*operation)) return program;
    if (model.step(state, *operation, Operation{}, expected) != Legality::kLegal) return program;
  }
  return whole;
}

Program with_fault(const Program& program, const FaultPoint& point) {
  Program harmed = without_faults(program);
  harmed.operations[point.operation].fault = point.fault;
  return harmed;
}

}  // namespace lastref
