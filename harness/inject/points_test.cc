#include "harness/inject/points.h"

#include <gtest/gtest.h>

#include <array>
#include <variant>

#include "harness/program/trace.h"

namespace lastref {
namespace {

TEST(FaultPoints, AreEachAllocationAloneAndWithAllThatFollow) {
  const std::array<int, 3> allocations{2, 0, 1};
  const std::vector<FaultPoint> expected = {
      {0, {1, false}}, {0, {2, false}}, {0, {1, true}},
      {0, {2, true}},  {2, {1, false}}, {2, {1, true}},
  };
  EXPECT_EQ(points_of(allocations), expected);
}

TEST(FaultPoints, GoNoFurtherThanATraceCanSay) {
  const std::array<int, 1> allocations{Fault::kMaxAt + 1};
  EXPECT_EQ(points_of(allocations).size(), 2U * Fault::kMaxAt);
}

TEST(FaultPoints, ASampleIsOfItsSeedAndInOrder) {
  const std::array<int, 1> allocations{500};
  const std::vector<FaultPoint> all = points_of(allocations);
  const std::vector<FaultPoint> some = sample(all, 10, 1);
  ASSERT_EQ(some.size(), 10U);
  EXPECT_EQ(some, sample(all, 10, 1));
  EXPECT_NE(some, sample(all, 10, 2));
  auto place = all.begin();
  for (const FaultPoint& point : some) {
    place = std::find(place, all.end(), point);
    ASSERT_NE(place, all.end());
    ++place;
  }
  EXPECT_EQ(sample(all, all.size(), 1), all);
}

TEST(FaultPoints, TakeTheirPlaceInTheProgramText) {
  const auto program =
      std::get<Program>(parse_trace("lastref 1\nfail_alloc 9: s0 = new\nfree s0\n"));
  EXPECT_EQ(print_trace(with_fault(program, {1, {3, true}})),
            "lastref 1\ns0 = new\nfail_alloc 3+: free s0\n");
}

TEST(FaultPoints, OfFlightsAreEachByteInEachWayAndTheWholeTwice) {
  const std::array<FlightBytes, 2> flights{FlightBytes{}, FlightBytes{0, 2, 0, 0}};
  const std::vector<FaultPoint> expected = {
      {1, Fault::of_flight(2, Damage::kFlip, 1)},   {1, Fault::of_flight(2, Damage::kFlip, 2)},
      {1, Fault::of_flight(2, Damage::kInvert, 1)}, {1, Fault::of_flight(2, Damage::kInvert, 2)},
      {1, Fault::of_flight(2, Damage::kCut, 1)},    {1, Fault::of_flight(2, Damage::kCut, 2)},
      {1, Fault::of_flight(2, Damage::kRepeat, 1)},
  };
  EXPECT_EQ(flight_points_of(flights), expected);
}

TEST(ClockPoints, AreEachStepBetweenAnyTwoOperationsButNotInFrontOfABody) {
  const auto program = std::get<Program>(
      parse_trace("lastref 1\nc0 = ctx_new\non_remove c0 do get_id arg\nflush c0 0\n"));
  const std::vector<ClockPoint> points = clock_points_of(program);
  const auto steps = static_cast<std::size_t>(operand_range(OperandKind::kClockStep));
  ASSERT_EQ(points.size(), 4 * steps);  // of five places
  EXPECT_EQ(points[0], (ClockPoint{0, 0}));
  for (const ClockPoint& point : points) {
    EXPECT_NE(point.before, 2);
    EXPECT_EQ(malformed(with_clock(program, point)), "");
  }
  EXPECT_EQ(print_trace(with_clock(program, {3, 1})),
            "lastref 1\nc0 = ctx_new\non_remove c0 do get_id arg\nclock 300\nflush c0 0\n");
  Program full;
  while (full.append(Operation{})) {
  }
  EXPECT_TRUE(clock_points_of(full).empty());
}

TEST(FaultPoints, OfATeardownAreThoseOfTheOperationsThatItIs) {
  const auto program = std::get<Program>(parse_trace(
      "lastref 1\nteardown contexts connections sessions\nc0 = ctx_new\ns0 = new\nadd c0 s0\n"));
  EXPECT_EQ(print_trace(with_teardown(Model(Contract()), program)),
            "lastref 1\nteardown contexts connections sessions\nc0 = ctx_new\ns0 = new\n"
            "add c0 s0\nflush c0 0\nctx_free c0\nfree s0\n");
  Program full;
  while (full.append(Operation{})) {  // each makes a session
  }
  EXPECT_EQ(with_teardown(Model(Contract()), full).size, full.size);
}

}  // namespace
}  // namespace lastref
