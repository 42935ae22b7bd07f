#include "harness/cli/capability_choice.h"

#include <gtest/gtest.h>
#include <lastref/target_abi.h>

#include "harness/cli/exit_code.h"

namespace lastref {
namespace {

TEST(Without, TakesNames) {
  EXPECT_EQ(parse_without("connection"), LASTREF_CAN_CONNECTION);
  EXPECT_EQ(parse_without("i2d,d2i,new-with-id"),
            LASTREF_CAN_I2D | LASTREF_CAN_D2I | LASTREF_CAN_NEW_WITH_ID);
}

TEST(Without, RefusesWhatIsNoneAndWhatEveryProgramHas) {
  for (const char* text :
       {"", ",", "connection,", "connections", "CONNECTION", "session", "context", "sees-blocks"}) {
    EXPECT_THROW(parse_without(text), Failure) << text;
  }
}

}  // namespace
}  // namespace lastref
