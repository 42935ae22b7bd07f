#include "harness/generate/rules/judged.h"

namespace lastref::rules {
namespace {

TEST(ContextRules, AnOperandIsHeldByTheApplication) {
  for (const std::string use :
       {"ctx_up_ref c0", "ctx_free c0", "set_mode c0 off", "get_number c0", "add c0 s0",
        "flush c0 0", "on_remove c0 watch", "n1 = ssl_new c0", "set_context n0 c0"}) {
    const std::string start = "s0 = new\nc0 = ctx_new\nn0 = ssl_new c0\n";
    expect_legal(start + use + "\n");
    // The connection keeps it alive, but it is not the application's any more.
    expect_broken(kContextNotHeld, joined(start, "ctx_free c0\n", use, " #!\n"));
  }
  expect_broken(kContextNotHeld, "ctx_up_ref c0 #!\n");
  expect_legal("c0 = ctx_new\nctx_up_ref c0\nctx_free c0\nget_number c0\nctx_free c0\n");
}

TEST(ContextRules, APlaceIsTakenUntilTheLastHolderLetsGo) {
  expect_legal("c0 = ctx_new\nctx_free c0\nc0 = ctx_new\n");
  expect_broken(kContextSlotTaken, "c0 = ctx_new\nc0 = ctx_new #!\n");
  const std::string held = "c0 = ctx_new\nn0 = ssl_new c0\nctx_free c0\n";
  expect_legal(held + "ssl_free n0\nc0 = ctx_new\n");
  expect_broken(kContextSlotTaken, held + "c0 = ctx_new #!\n");
}

TEST(ContextRules, AConnectionHoldsTheContextItWasMadeFrom) {
  const std::string moved =
      "c0 = ctx_new\nc1 = ctx_new\nn0 = ssl_new c0\nset_context n0 c1\nctx_free c0\n";
  expect_broken(kContextSlotTaken, moved + "c0 = ctx_new #!\n");
  expect_legal(moved + "ssl_free n0\nc0 = ctx_new\n");
  const std::string uses =
      "c0 = ctx_new\nc1 = ctx_new\nn0 = ssl_new c0\nset_context n0 c1\nctx_free c1\n";
  expect_broken(kContextSlotTaken, uses + "c1 = ctx_new #!\n");
  expect_legal(uses + "set_context n0 c0\nc1 = ctx_new\n");
}

TEST(ContextRules, AConnectionOperandIsAlive) {
  expect_broken(kConnectionIsDead, "ssl_free n0 #!\n");
  for (const std::string use :
       {"ssl_free n0", "ssl_clear n0", "set_session n0 null", "s0 = get0_session n0",
        "s0 = get1_session n0", "set_context n0 c0"}) {
    const std::string start = "c0 = ctx_new\nn0 = ssl_new c0\n";
    expect_legal(start + use + "\n");
    expect_broken(kConnectionIsDead, joined(start, "ssl_free n0\n", use, " #!\n"));
  }
  expect_broken(kConnectionIsDead,
                "c0 = ctx_new\nn0 = ssl_new c0\nssl_free n0\nshutdown n0 send #!\n");
  expect_legal("c0 = ctx_new\nn0 = ssl_new c0\nssl_free n0\nn0 = ssl_new c0\n");
  expect_broken(kConnectionSlotTaken, "c0 = ctx_new\nn0 = ssl_new c0\nn0 = ssl_new c0 #!\n");
}

TEST(ContextRules, HandshakesAreNotJudged) {
  expect_undecided(kHandshakes,
                   "c0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete #!\n");
}

TEST(ContextRules, AConnectionHoldsItsSession) {
  const std::string held = "c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nset_session n0 s0\nfree s0\n";
  expect_legal(held + "get_id s0\n");
  expect_legal(held + "ssl_clear n0\nget_id s0\n");
  expect_legal(held + "set_session n0 s0\nget_id s0\n");
  expect_legal(held + "s1 = get1_session n0\nssl_free n0\nget_id s0\n");
  expect_broken(kSessionIsDead, held + "ssl_free n0\nget_id s0 #!\n");
  expect_broken(kSessionIsDead, held + "s1 = new\nset_session n0 s1\nget_id s0 #!\n");
  expect_broken(kSessionIsDead, held + "set_session n0 null\nget_id s0 #!\n");
  expect_legal(held + "set_session n0 null\nget_id s0\n", with({{"set-session-null", "refused"}}));
}

// SSL_set_session(3): "must therefore only be used with one SSL_CTX object".
struct OneContext {
  std::string_view rule;
  std::string kept;
  std::string broken;
};

TEST(ContextRules, ASessionStaysWithOneContext) {
  const std::string start =
      "c0 = ctx_new\nc1 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c1\ns0 = new\n";
  const OneContext cases[] = {
      {kAddedToAnother, "add c0 s0\nremove c0 s0\nadd c0 s0\n",
       "add c0 s0\nremove c0 s0\nadd c1 s0 #!\n"},
      {kAddedToAnother, "remove c1 s0\n", "add c0 s0\nremove c0 s0\nremove c1 s0 #!\n"},
      {kHeldByAnothersConnection, "set_session n0 s0\nadd c0 s0\n",
       "set_session n0 s0\nadd c1 s0 #!\n"},
      {kHeldByAnothersConnection, "set_session n0 s0\nremove c1 s0\nremove c0 s0\nadd c0 s0\n",
       "set_session n0 s0\nremove c1 s0\nadd c1 s0 #!\n"},
      {kHeldByAnothersConnection, "set_session n0 s0\nset_session n0 null\nadd c1 s0\n",
       "set_context n0 c1\nset_session n0 s0\nadd c1 s0 #!\n"},
      {kSetOnAnothersConnection, "add c0 s0\nset_session n0 s0\n",
       "add c0 s0\nset_session n1 s0 #!\n"},
      {kSetOnAnothersConnection, "add c0 s0\nset_context n0 c1\nset_session n0 s0\n",
       "add c0 s0\nset_context n1 c0\nset_session n1 s0 #!\n"},
  };
  for (const OneContext& one : cases) {
    expect_legal(start + one.kept);
    expect_broken(one.rule, start + one.broken);
    expect_legal(start + one.broken, with({{"one-context", "free"}}));
  }
}

TEST(ContextRules, TheDeathOfAContextSetsItsSessionsFree) {
  const std::string start = "c0 = ctx_new\nc1 = ctx_new\ns0 = new\nadd c0 s0\n";
  expect_legal(start + "ctx_free c0\nadd c1 s0\n");
  expect_legal(start + "ctx_free c0\nc0 = ctx_new\nadd c0 s0\n");
  expect_broken(kAddedToAnother, start + "n0 = ssl_new c0\nctx_free c0\nadd c1 s0 #!\n");
  expect_legal(start + "n0 = ssl_new c0\nctx_free c0\nssl_free n0\nadd c1 s0\n");
}

TEST(ContextRules, SetContextKillsTheOneThatIsHeldByNobodyElse) {
  // n0 was made from c1; c0 is its context for a time only.
  const std::string start =
      "c0 = ctx_new\nc1 = ctx_new\ns0 = new\nadd c0 s0\nfree s0\n"
      "n0 = ssl_new c1\nset_context n0 c0\nctx_free c0\n";
  expect_legal(start + "get_id s0\n");
  expect_broken(kSessionIsDead, start + "set_context n0 c1\nget_id s0 #!\n");
}

}  // namespace
}  // namespace lastref::rules
