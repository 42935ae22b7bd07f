// The rules under the contract of a library that copies sessions into a table of the process, and
// whose connections have sessions of their own.
#include <gtest/gtest.h>

#include "harness/generate/rules/judged.h"

namespace lastref::rules {
namespace {

Contract copies() {
  return with({{"cache-adds", "copy"},
               {"set-session", "copies"},
               {"fresh-connection-session", "own"},
               {"clear-session", "renews"},
               {"remove-callback-at-end", "connection"},
               {"one-context", "free"}});
}
Contract copies(Hazard hazard) {
  Contract contract = copies();
  contract.hazards.add(hazard);
  return contract;
}

const std::string kContext = "c0 = ctx_new\n";
const std::string kConnected = kContext + "n0 = ssl_new c0\n";
const std::string kSession = "s0 = new_with_id id_a\n";

TEST(CopiesRules, TheTableHoldsNothing) {
  const std::string freed = kContext + kSession + "add c0 s0\nfree s0\n";
  expect_broken(kSessionIsDead, freed + "get_time s0 #!\n", copies());
  expect_legal(freed + "get_time s0\n");
}

TEST(CopiesRules, AConnectionsSessionIsItsOwn) {
  expect_broken(kNothingToFree, kConnected + "s0 = get0_session n0\nfree s0 #!\n", copies());
  expect_legal(kConnected + "s0 = get1_session n0\nssl_free n0\nfree s0\n", copies());
  expect_broken(kSessionIsDead, kConnected + "s0 = get0_session n0\nssl_clear n0\nget_time s0 #!\n",
                copies());
}

TEST(CopiesRules, WhatIsSetIsNotHeld) {
  const std::string set = kConnected + kSession + "set_session n0 s0\nfree s0\n";
  expect_broken(kSessionIsDead, set + "get_time s0 #!\n", copies());
  expect_legal(set + "get_time s0\n");
}

TEST(CopiesRules, AnIdThatIsTooLongMakesNoSession) {
  expect_broken(kSessionIsNull, "s0 = new_with_id id_long\nget_time s0 #!\n", copies());
}

TEST(CopiesRules, HazardsAreRules) {
  const std::string added = kContext + "on_remove c0 watch\n" + kSession;
  expect_legal(added + "add c0 s0\n", copies());
  expect_broken(kAddedWithCallback, added + "add c0 s0 #!\n", copies(Hazard::EX_DATA_IN_TABLE));

  const std::string into = "s0 = new\ns1 = new\nb0 = i2d s1\n";
  expect_legal(into + "d2i_into s0 b0\n", copies());
  expect_broken(kDecodedInto, into + "d2i_into s0 b0 #!\n", copies(Hazard::D2I_INTO_LEAKS));

  const std::string does = kConnected + "on_remove c0 do get_id arg\n";
  expect_legal(does + "ssl_free n0\n", copies());
  const Ruling ruling = judge_by_rules(parsed(does + "ssl_free n0\n"), copies(Hazard::WITHHELD_1));
  EXPECT_EQ(ruling.rule, kWithheld1);
}

}  // namespace
}  // namespace lastref::rules
