#include "harness/explore/pinned/digits.h"

#include <gtest/gtest.h>

namespace lastref {
namespace {

TEST(Digits, AreCountedFromTheLowest) {
  EXPECT_EQ(digit(0x4321, 0), 1);
  EXPECT_EQ(digit(0x4321, 3), 4);
  EXPECT_EQ(with_digit(0x4321, 1, 7), 0x4371U);
  EXPECT_EQ(low_digits(3), 0xfffU);
  EXPECT_EQ(low_digits(16), ~Digits{0});
}

TEST(Digits, AreCountedByValueForEveryPairOfValues) {
  for (unsigned value = 0; value < 8; ++value) {
    for (unsigned other = 0; other < 8; ++other) {
      if (other == value) continue;
      for (int count = 0; count <= 15; ++count) {
        // `count` digits of the value, the other ones above them.
        const Digits all = (kOnes & low_digits(count)) * value |
                           (kOnes & low_digits(15) & ~low_digits(count)) * other;
        EXPECT_EQ(count_digits(all, value, kOnes & low_digits(15)), count);
      }
    }
  }
}

}  // namespace
}  // namespace lastref
