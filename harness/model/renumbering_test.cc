#include "harness/model/renumbering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/model/state.h"

namespace lastref {
namespace {

EventList list(const std::vector<Event>& events) {
  EventList made;
  for (const Event& event : events) made.add(event);
  return made;
}

constexpr std::uint64_t live(std::initializer_list<int> numbers) {
  std::uint64_t bits = 0;
  for (const int number : numbers) bits |= std::uint64_t{1} << number;
  return bits;
}

TEST(Renumbering, TheServersComesFirstThenTheClientsThenTheOthersByBirth) {
  const Renumbering renumbering(3, 8, live({0, 3, 4, 6, 7}), 7, 4);
  EXPECT_EQ(renumbering(7), 3);
  EXPECT_EQ(renumbering(4), 4);
  EXPECT_EQ(renumbering(3), 5);
  EXPECT_EQ(renumbering(6), 6);
  EXPECT_EQ(renumbering.born(), 7);
}

TEST(Renumbering, WhatIsGoneHasNoNumber) {
  const Renumbering renumbering(3, 6, live({4}), 4, kNobody);
  EXPECT_EQ(renumbering(3), kTemporary);
  EXPECT_EQ(renumbering(5), kTemporary);
  EXPECT_EQ(renumbering.born(), 4);
}

TEST(Renumbering, OlderSessionsAndNobodyStayAsTheyAre) {
  const Renumbering renumbering(3, 5, live({0, 1, 3, 4}), 1, kNobody);
  EXPECT_EQ(renumbering(0), 0);
  EXPECT_EQ(renumbering(1), 1);
  EXPECT_EQ(renumbering(kNobody), kNobody);
  EXPECT_EQ(renumbering(3), 3) << "the connections' sessions are older: by birth";
}

TEST(Renumbering, ASessionOfBothSidesHasOneNumber) {
  const Renumbering renumbering(0, 2, live({0, 1}), 1, 1);
  EXPECT_EQ(renumbering(1), 0);
  EXPECT_EQ(renumbering(0), 1);
}

TEST(Renumbering, EventsComeAsBirthsCallbacksAndDeathsByNumber) {
  EventList events = list({{EventKind::kBirth, 2, 0, 0},
                           {EventKind::kDeath, 1, 0, 0},
                           {EventKind::kBirth, 3, 0, 0},
                           {EventKind::kNewCallback, 3, 1, 0},
                           {EventKind::kDeath, 2, 0, 0},
                           {EventKind::kDeath, 0, 0, 0},
                           {EventKind::kGetCallback, kNobody, 1, 1}});
  Renumbering(2, 4, live({3}), 3, kNobody).settle(events);
  EXPECT_TRUE(events == list({{EventKind::kBirth, 2, 0, 0},
                              {EventKind::kNewCallback, 2, 1, 0},
                              {EventKind::kGetCallback, kNobody, 1, 1},
                              {EventKind::kDeath, 0, 0, 0},
                              {EventKind::kDeath, 1, 0, 0}}));
}

TEST(Renumbering, ACallbackOfASessionThatIsGoneSaysSo) {
  EventList events = list({{EventKind::kBirth, 0, 0, 0},
                           {EventKind::kNewCallback, 0, 1, 0},
                           {EventKind::kDeath, 0, 0, 0}});
  Renumbering(0, 1, 0, kNobody, kNobody).settle(events);
  EXPECT_TRUE(events == list({{EventKind::kNewCallback, kTemporary, 1, 0}}));
}

TEST(Renumbering, AnOverflownListStaysOverflown) {
  EventList events;
  for (int i = 0; i <= kMaxEvents; ++i) events.add({EventKind::kDeath, 0, 0, 0});
  Renumbering(1, 1, live({0}), kNobody, kNobody).settle(events);
  EXPECT_TRUE(events.overflowed());
}

}  // namespace
}  // namespace lastref
