// What a switch of the contract makes of a rule: for each a program that breaks it there and not by
// the manual's reading, or that leaves another session alive.
#include "harness/generate/rules/judged.h"

namespace lastref::rules {
namespace {

const std::string kTwoContexts = "c0 = ctx_new\nc1 = ctx_new\n";
const std::string kTwoCached =
    "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\ns1 = new\nset_id s1 id_b\nadd c0 s1\n";

TEST(SwitchRules, TwoCachesHoldOneSessionEach) {
  const std::string both = kTwoContexts + "s0 = new\nset_id s0 id_a\nadd c0 s0\nadd c1 s0\n";
  Contract contract = with({{"one-context", "free"}});
  expect_legal(both + "free s0\nremove c0 s0\nget_id s0\n", contract);
  expect_broken(kSessionIsDead, both + "free s0\nremove c0 s0\nremove c1 s0\nget_id s0 #!\n",
                contract);
  contract.hazards.add(Hazard::TWO_CACHES);
  const std::string second = kTwoContexts + "s0 = new\nset_id s0 id_a\nadd c0 s0\n";
  expect_broken(kInTwoCaches, second + "add c1 s0 #!\n", contract);
  expect_legal(second + "add c0 s0\nremove c0 s0\nadd c1 s0\n", contract);
}

TEST(SwitchRules, TheKeyOfACachedSessionIsFixed) {
  const Contract fixed = with({{"cached-key", "fixed"}});
  for (const std::string set : {"set_id s0 id_c", "set_version s0 tls1.3"}) {
    expect_legal(joined(kTwoCached, set, "\n"));
    expect_broken(kFixedKey, joined(kTwoCached, set, " #!\n"), fixed);
    expect_legal(joined(kTwoCached, "remove c0 s0\n", set, "\n"), fixed);
  }
  expect_legal(kTwoCached + "set_time s0 1\n", fixed);
}

TEST(SwitchRules, AFailedDecodeKeepsTheObject) {
  const std::string failed = "s0 = new\nb0 = i2d s0\ntruncate b0 1\ns1 = new\nd2i_into s1 b0\n";
  const Contract keeps = with({{"d2i-failure", "keeps"}});
  expect_legal(failed + "get_id s1\nd2i_into s1 b0\n", keeps);
  expect_broken(kSessionIsNull, failed + "get_id s1 #!\n");
}

TEST(SwitchRules, ABodyForSeveralSessionsIsNotJudgedWhereNoOrderIsPromised) {
  const Contract unordered = with({{"flush-order", "unordered"}});
  const std::string body = kTwoCached + "on_remove c0 do get_id arg\n";
  expect_undecided(kUnknownOrder, body + "flush c0 0 #!\n", unordered);
  expect_legal(body + "flush c0 0\n");
  expect_legal(body + "remove c0 s1\nflush c0 0\n", unordered);
  const std::string shrunk = body + "set_cache_size c0 1\ns2 = new\nset_id s2 id_a\n";
  expect_undecided(kUnknownOrder, shrunk + "add c0 s2 #!\n", unordered);
  expect_legal(shrunk + "set_id s2 id_c\nadd c0 s2\n", unordered);
}

TEST(SwitchRules, TimesMayHaveNoSign) {
  const std::string future =
      "c0 = ctx_new\ns0 = new\nset_time s0 -1\nset_timeout s0 0\nadd c0 s0\nfree s0\n";
  const Contract no_sign = with({{"time-type", "unsigned"}});
  expect_broken(kSessionIsDead, future + "flush c0 1\nget_id s0 #!\n");
  expect_legal(future + "flush c0 1\nflush c0 -1\nget_id s0\n", no_sign);
}

TEST(SwitchRules, AnOverflowNeverExpiresUnlessThatIsTheBug) {
  const std::string beyond =
      "c0 = ctx_new\ns0 = new\nset_time s0 -1\nset_timeout s0 300\nadd c0 s0\nfree s0\nflush c0 "
      "1\n";
  Contract contract = with({{"time-type", "unsigned"}});
  expect_legal(beyond + "get_id s0\n", contract);
  contract.hazards.add(Hazard::OVERFLOW_EXPIRES);
  expect_broken(kSessionIsDead, beyond + "get_id s0 #!\n", contract);
}

TEST(SwitchRules, ATimeoutHasTheContractsType) {
  const std::string forever =
      "c0 = ctx_new\ns0 = new\nset_time s0 0\nset_timeout s0 9223372036854775807\nadd c0 s0\n"
      "free s0\nflush c0 9223372036854775807\n";
  expect_legal(forever + "get_id s0\n");
  expect_broken(kSessionIsDead, forever + "get_id s0 #!\n", with({{"timeout-type", "uint32"}}));
}

TEST(SwitchRules, TheHazardOfAllocatingEncodersIsARule) {
  expect_legal("s0 = new\nb0 = i2d_allocate s0\n");
  expect_broken(kAllocatingEncode, "s0 = new\nb0 = i2d_allocate s0 #!\n",
                with(Hazard::I2D_ALLOCATE));
}

}  // namespace
}  // namespace lastref::rules
