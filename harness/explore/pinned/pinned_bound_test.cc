#include "harness/explore/pinned/pinned_bound.h"

#include <gtest/gtest.h>

namespace lastref {
namespace {

TEST(PinnedBound, IsReadAsItIsWritten) {
  PinnedBound bound;
  ASSERT_TRUE(read_bound("3,6,2", bound));
  EXPECT_EQ(text(bound), "M(3,6,2)");
}

TEST(PinnedBound, RefusesWhatIsNoBoundAndWhatDoesNotFitAWord) {
  PinnedBound bound;
  for (const char* wrong :
       {"", "3", "3,6", "3,6,", "3,6,2,", "3,6,2,1", "3;6;2", "a,6,2", "0,6,2", "3,0,2", "3,6,0",
        "3,8,2", "-1,6,2", "100,1,1", "3,6,2 ", "2147483647,1,1"}) {
    EXPECT_FALSE(read_bound(wrong, bound)) << wrong;
  }
  EXPECT_TRUE(read_bound("3,7,2", bound)) << "sixteen digits";
}

}  // namespace
}  // namespace lastref
