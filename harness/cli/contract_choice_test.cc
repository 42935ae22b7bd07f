#include "harness/cli/contract_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/cli/exit_code.h"

namespace lastref {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string message_of(std::string_view text) {
  try {
    parse_contract(text);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), ExitCode::kUsage);
    return failure.what();
  }
  return "nothing was thrown";
}

TEST(ContractChoice, NothingIsNoSwitch) { EXPECT_THAT(parse_contract("").words(), IsEmpty()); }

TEST(ContractChoice, TakesWordsAndNumbers) {
  EXPECT_THAT(parse_contract("new-timeout=7200,cache-capacity=one-less").words(),
              ElementsAre("cache-capacity=one-less", "new-timeout=7200"));
}

TEST(ContractChoice, UnknownSwitchGetsTheNearestOne) {
  EXPECT_THAT(message_of("cache-capacty=exact"), HasSubstr("cache-capacity"));
}

TEST(ContractChoice, UnknownValueGetsThoseThereAre) {
  EXPECT_THAT(message_of("cache-capacity=most"), HasSubstr("one of exact one-less"));
  EXPECT_THAT(message_of("new-timeout=long"), HasSubstr("new-timeout=NUMBER"));
  EXPECT_THAT(message_of("new-timeout"), HasSubstr("new-timeout=NUMBER"));
}

TEST(ContractChoice, SwitchCanBeNamedOnce) {
  EXPECT_THAT(message_of("new-timeout=1,new-timeout=2"), HasSubstr("a second time"));
}

}  // namespace
}  // namespace lastref
