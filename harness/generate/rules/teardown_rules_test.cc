#include "harness/generate/rules/judged.h"

namespace lastref::rules {
namespace {

// Breaks a rule in the teardown, at `rule`'s body, or at the end if `body` is false.
void expect_broken_at_the_end(std::string_view rule, const std::string& text, bool body = true) {
  const Program program = parsed(text);
  const Ruling ruling = judge_by_rules(program, Contract());
  EXPECT_EQ(ruling.rule, rule) << text;
  EXPECT_FALSE(ruling.legal) << text;
  EXPECT_EQ(ruling.operation, body ? marked(text) : program.size) << text;
  EXPECT_EQ(ruling.during, body ? program.size : -1) << text;
}

const std::string kAllOrders[] = {"sessions connections contexts", "sessions contexts connections",
                                  "connections sessions contexts", "connections contexts sessions",
                                  "contexts sessions connections", "contexts connections sessions"};

TEST(TeardownRules, EveryOrderKeepsTheRules) {
  const std::string text =
      "c0 = ctx_new\nc1 = ctx_new\nctx_up_ref c0\nn0 = ssl_new c0\nn1 = ssl_new c1\n"
      "set_context n1 c0\ns0 = new\nup_ref s0\ns1 = keep s0\ns2 = new\nset_id s2 id_a\n"
      "add c0 s0\nadd c1 s2\nset_session n0 s0\nfree s2\non_remove c0 do free arg\n"
      "on_remove c1 watch\n";
  for (const std::string& order : kAllOrders) {
    for (const std::string way : {"", " falling"}) {
      for (const bool unflushed : {false, true}) {
        Program program = parsed(joined("teardown ", order, way, "\n", text));
        program.teardown.unflushed = unflushed ? 1 : 0;
        EXPECT_EQ(judge_by_rules(program, Contract()).rule, "") << order << way;
      }
    }
  }
}

// The context is held by its connection only, so its callback stays what it was.
std::string held_by_a_connection(const std::string& order, const std::string& body) {
  return "teardown " + order + "\nc0 = ctx_new\ns0 = new\nadd c0 s0\non_remove c0 do " + body +
         "\nn0 = ssl_new c0\nctx_free c0\n";
}

TEST(TeardownRules, ABodyMayStillRun) {
  const std::string early = "connections sessions contexts";
  const std::string late = "sessions contexts connections";
  expect_legal(held_by_a_connection(early, "free s0"));
  expect_broken_at_the_end(kNothingToFree, held_by_a_connection(late, "free s0 #!"));
  expect_legal(held_by_a_connection(early, "s1 = new"));
  expect_broken_at_the_end(kHeldAtTheEnd, held_by_a_connection(late, "s1 = new"), false);
  expect_legal(held_by_a_connection(late, "get_id arg"));
}

TEST(TeardownRules, AContextThatTheApplicationHoldsOnlyWatches) {
  expect_legal(
      "teardown sessions contexts connections\nc0 = ctx_new\ns0 = new\nadd c0 s0\n"
      "on_remove c0 do s1 = new\n");
}

TEST(TeardownRules, ItFallsFromTheHighestIndex) {
  // n0 holds c0 and n1 holds c1; the callback of c1 reads what the cache of c0 holds.
  const std::string text =
      "c0 = ctx_new\nc1 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n"
      "s1 = new\nadd c1 s1\nn0 = ssl_new c0\nn1 = ssl_new c1\n"
      "on_remove c1 do get_id s0 #!\nctx_free c0\nctx_free c1\n";
  const std::string order = "teardown sessions connections contexts";
  expect_legal(order + " falling\n" + text);
  expect_broken_at_the_end(kSessionIsDead, order + "\n" + text);
}

TEST(TeardownRules, AFlushComesFirstUnlessItIsLeftOut) {
  // n0 holds c0 beyond the application; the callback of c1 reads what the cache of c0 holds.
  const std::string text =
      "teardown contexts connections sessions falling\nc0 = ctx_new\nc1 = ctx_new\n"
      "s0 = new\nset_id s0 id_a\nadd c0 s0\nfree s0\ns1 = new\nadd c1 s1\n"
      "n0 = ssl_new c0\nn1 = ssl_new c1\non_remove c1 do get_id s0 #!\nctx_free c1\n";
  expect_broken_at_the_end(kSessionIsDead, text);
  Program unflushed = parsed(text);
  unflushed.teardown.unflushed = 1;
  EXPECT_EQ(judge_by_rules(unflushed, Contract()).rule, "");
}

}  // namespace
}  // namespace lastref::rules
