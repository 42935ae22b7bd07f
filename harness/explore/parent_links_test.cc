#include "harness/explore/parent_links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lastref {
namespace {

using testing::ElementsAre;
using Key = PackedState<1>;

class ParentLinksTest : public testing::Test {
 protected:
  ParentLinksTest() {
    links_.append({10}, 0);
    links_.append({11}, 0);
    links_.append({12}, 0);
    links_.append({13}, 2);
  }
  ParentLinks<1> links_;
};

TEST_F(ParentLinksTest, APathGoesFromTheStartToTheState) {
  EXPECT_THAT(links_.path_to(3), ElementsAre(Key{10}, Key{12}, Key{13}));
  EXPECT_THAT(links_.path_to(0), ElementsAre(Key{10}));
}

TEST_F(ParentLinksTest, AStateIsFoundByItsWords) {
  EXPECT_EQ(links_.find({12}), 2U);
  EXPECT_EQ(links_.find({14}), std::nullopt);
}

}  // namespace
}  // namespace lastref
