#include "harness/program/capabilities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lastref/target_abi.h>

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Capabilities, HaveTheNamesOfTheTable) {
  EXPECT_THAT(capability_names(LASTREF_CAN_NEW_WITH_ID | LASTREF_CAN_CONNECTION | LASTREF_CAN_I2D),
              ElementsAre("new-with-id", "i2d", "connection"));
  EXPECT_THAT(capability_names(0), IsEmpty());
  EXPECT_THAT(capability_names(LASTREF_SEES_BLOCKS), IsEmpty()) << "an observer is no capability";
}

TEST(Capabilities, AreFoundByTheirNames) {
  for (const std::string& name : capability_names(~std::uint64_t{0})) {
    ASSERT_TRUE(capability_named(name)) << name;
    EXPECT_THAT(capability_names(*capability_named(name)), ElementsAre(name));
  }
  for (const char* name : {"", "Connection", "set_id", "sees-blocks"}) {
    EXPECT_FALSE(capability_named(name)) << name;
  }
}

}  // namespace
}  // namespace lastref
