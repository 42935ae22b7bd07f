#include "harness/vocabulary/contract_marks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ContractMarks, NothingMarkedSuitsEveryContract) {
  Contract contract;
  contract.set("one-context", "free");
  EXPECT_TRUE(ContractMarks{}.empty());
  EXPECT_THAT(ContractMarks{}.unmet(contract), IsEmpty());
}

TEST(ContractMarks, AreWordsInTheOrderOfTheTable) {
  ContractMarks marks;
  marks.set(Switch::NEW_TIMEOUT, 60);
  marks.set(Switch::CAPACITY, capacity::kOneLess);
  EXPECT_THAT(marks.words(), ElementsAre("cache-capacity=one-less", "new-timeout=60"));
}

TEST(ContractMarks, NameWhatAContractDoesNotMeet) {
  ContractMarks marks;
  marks.set(Switch::ONE_CONTEXT, one_context::kRequired);
  marks.set(Switch::MASTER_KEY_LIMIT, 48);
  EXPECT_THAT(marks.unmet(Contract()), ElementsAre("master-key-limit=48"));
}

}  // namespace
}  // namespace lastref
