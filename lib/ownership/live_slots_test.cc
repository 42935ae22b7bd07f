// The order of the slots of an object, against a list that is kept the plain way.
#include "lib/ownership/live_slots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace lastref::ownership {
namespace {

std::vector<std::uint32_t> newest_first(const LiveSlots& live) {
  std::vector<std::uint32_t> slots;
  live.find([&slots](std::uint32_t slot) {
    slots.push_back(slot);
    return false;
  });
  return slots;
}

TEST(LiveSlots, AtFirstNoneIsLive) {
  const LiveSlots live;
  EXPECT_TRUE(live.none());
  EXPECT_EQ(live.count(), 0U);
  EXPECT_EQ(live.find([](std::uint32_t) { return true; }), kSlots);
}

TEST(LiveSlots, AFreeSlotIsTheNextOneInACircle) {
  LiveSlots live;
  live.add(5);
  live.add(6);
  EXPECT_EQ(live.free_from(4), 4U);
  EXPECT_EQ(live.free_from(5), 7U);
  live.add(7);
  EXPECT_EQ(live.free_from(5), 0U);
  live.remove(6);
  EXPECT_EQ(live.free_from(5), 6U);
}

TEST(LiveSlots, WhenAllAreLiveTheSlotThatIsGivenIsNotFree) {
  LiveSlots live;
  for (std::uint32_t slot = 0; slot < kSlots; ++slot) live.add(slot);
  EXPECT_EQ(live.count(), kSlots);
  EXPECT_TRUE(live.has(live.free_from(3)));
}

TEST(LiveSlots, TheSlotThatWasAddedLastIsTheNewest) {
  LiveSlots live;
  for (const std::uint32_t slot : {3U, 0U, 7U}) {
    live.add(slot);
    EXPECT_EQ(live.newest(), slot);
  }
  live.remove_newest();
  EXPECT_EQ(live.newest(), 0U);
  live.remove(3);
  live.remove_newest();
  EXPECT_TRUE(live.none());
}

TEST(LiveSlots, FindsTheNewestThatFits) {
  LiveSlots live;
  for (const std::uint32_t slot : {1U, 4U, 2U, 6U}) live.add(slot);
  const std::uint32_t newer = live.find([](std::uint32_t slot) { return slot == 1 || slot == 4; });
  EXPECT_EQ(newer, 2U);
  EXPECT_EQ(live.behind(newer), 4U);
}

// Every step of a random history.
TEST(LiveSlots, AreInTheOrderInWhichTheyWereAdded) {
  constexpr unsigned kSeed = 20240607;
  std::mt19937 random(kSeed);
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  LiveSlots live;
  std::vector<std::uint32_t> expected;  // the newest first
  for (int step = 0; step < 100000; ++step) {
    const auto slot = static_cast<std::uint32_t>(random() % kSlots);
    const auto found = std::find(expected.begin(), expected.end(), slot);
    if (found == expected.end()) {
      live.add(slot);
      expected.insert(expected.begin(), slot);
    } else if (found == expected.begin()) {
      live.remove_newest();
      expected.erase(found);
    } else {
      live.remove(slot);
      expected.erase(found);
    }
    ASSERT_EQ(newest_first(live), expected);
    ASSERT_EQ(live.count(), expected.size());
    ASSERT_EQ(live.none(), expected.empty());
    ASSERT_EQ(live.has(slot), std::count(expected.begin(), expected.end(), slot) == 1);
  }
}

}  // namespace
}  // namespace lastref::ownership
