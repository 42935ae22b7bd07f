#include "harness/generate/rules/body_rules.h"

#include "harness/generate/rules/judged.h"

namespace lastref::rules {
namespace {

// The application holds s0, which is cached; `body` runs when it leaves.
std::string with_body(const std::string& body, const std::string& end = "flush c0 0\n") {
  return "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\non_remove c0 do " + body + "\n" + end;
}

TEST(BodyRules, ItDoesWhatIsHarmless) {
  for (const std::string body :
       {"s1 = new", "s1 = dup arg", "up_ref arg", "s1 = keep arg", "free s0", "free null",
        "set_id arg id_b", "set_hostname s0 host_a", "get_time arg", "has_ticket arg",
        "is_resumable s0", "get_master_key arg", "b0 = i2d arg", "i2d_length arg",
        "b0 = i2d_allocate s0"}) {
    expect_legal(with_body(body));
  }
}

TEST(BodyRules, ItDecodesWhatIsWholeAlone) {
  const std::string head = "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nb0 = i2d s0\n";
  const std::string flushed = "add c0 s0\nflush c0 0";
  for (const std::string body : {"s1 = d2i b0", "s1 = d2i_fresh b0"}) {
    expect_legal(joined(head, "on_remove c0 do ", body, "\n", flushed, "\n"));
    expect_broken(kDamageInBody, joined(head, "change b0 5\non_remove c0 do ", body, " #!\n",
                                        flushed, " #during\n"));
  }
}

TEST(BodyRules, ItDoesNoMore) {
  for (const std::string body :
       {"truncate b0 5", "change b0 5", "clock 300", "ctx_up_ref c0", "add c0 s0", "get_number c0",
        "flush c0 0", "set_session n0 s0", "s1 = get0_session n0", "c1 = ctx_new"}) {
    const std::string text = "c0 = ctx_new\ns0 = new\nb0 = i2d s0\nn0 = ssl_new c0\n";
    // Whether the callback is ever called does not matter.
    expect_broken(kNotInBody, joined(text, "on_remove c0 do ", body, " #!\n"));
  }
}

TEST(BodyRules, ContextsAndConnectionsMayBeAllowed) {
  const Contract allowed = with({{"context-calls-in-remove", "allowed"}});
  for (const std::string body :
       {"get_number c0", "ctx_up_ref c0", "set_session n0 s0", "clock 300"}) {
    expect_legal("c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nadd c0 s0\non_remove c0 do " + body +
                     "\nflush c0 0\n",
                 allowed);
  }
  for (const std::string body : {"truncate b0 5", "change b0 5"}) {
    expect_broken(kNotInBody, with_body(body + " #!"), allowed);
  }
}

TEST(BodyRules, ItKeepsTheOtherRules) {
  const std::string again = "flush c0 0\nadd c0 s0\n";
  expect_legal(with_body("free s0", "up_ref s0\n" + again + "flush c0 0\n"));
  expect_broken(kSessionIsDead, with_body("free s1 #!", "s1 = new\nfree s1\nflush c0 0 #during\n"));
  expect_broken(kNothingToFree, with_body("free arg #!", "free s0\nflush c0 0 #during\n"));
  expect_legal(with_body("s1 = new"));
  expect_broken(kNameLost, with_body("s1 = new #!", again + "flush c0 0 #during\n"));
  expect_broken(kNameLost, with_body("s0 = new #!", "flush c0 0 #during\n"));
}

TEST(BodyRules, AnArgumentWithoutAHandleIsNotAcquiredWithoutOne) {
  const std::string lost = "free s0\ns0 = new\nflush c0 0";
  expect_legal(with_body("s1 = keep arg", lost + "\n"));
  expect_legal(with_body("up_ref arg", "flush c0 0\nfree s0\nfree s0\n"));
  expect_broken(kNameLost, with_body("up_ref arg #!", lost + " #during\n"));
}

TEST(BodyRules, TheArgumentIsAlive) {
  for (const std::string leave : {"flush c0 0\n", "remove c0 s0\n"}) {
    expect_legal(with_body("get_id arg", "free s0\n" + leave));
    expect_legal(with_body("s1 = keep arg", "free s0\n" + leave + "get_id s1\n"));
  }
}

TEST(BodyRules, ItSetsNothingOfACachedSession) {
  const std::string other = "s1 = new\nset_id s1 id_b\n";
  const std::string text = "c0 = ctx_new\ns0 = new\nadd c0 s0\n" + other;
  expect_legal(text + "on_remove c0 do set_time s1 1\nremove c0 s0\n");
  expect_legal(text + "on_remove c0 do set_time arg 1\nremove c0 s0\n");
  expect_broken(kSetInCacheInBody,
                text + "add c0 s1\non_remove c0 do set_time s1 1 #!\n" + "remove c0 s0 #during\n");
  expect_broken(kSetInCacheInBody, text + "add c0 s1\non_remove c0 do set_hostname s1 host_a #!\n" +
                                       "remove c0 s0 #during\n");
}

TEST(BodyRules, EachWayOutOfTheCacheCallsBack) {
  const std::string text =
      "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\nfree s0\n"
      "s1 = new\nset_id s1 id_a\ns2 = new\nset_id s2 id_b\n"
      "on_remove c0 do get_id s5 #!\n";
  for (const std::string leave :
       {"remove c0 s0", "remove c0 s1", "flush c0 0", "add c0 s1", "ctx_free c0"}) {
    expect_broken(kSessionIsNull, text + leave + " #during\n");
  }
  expect_broken(kSessionIsNull, text + "set_cache_size c0 1\nadd c0 s2 #during\n");
  expect_legal(text + "remove c0 s2\nadd c0 s2\nadd c0 s2\nflush c0 1\non_remove c0 off\n");
  expect_legal(text + "on_remove c0 watch\nflush c0 0\n");
}

TEST(BodyRules, DeviationsOfTheCallback) {
  const std::string text =
      "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\ns1 = new\nset_id s1 id_a\n";
  const std::string replace = text + "on_remove c0 do get_id s5 #!\nadd c0 s1 #during\n";
  expect_broken(kSessionIsNull, replace);
  expect_legal(replace + "on_remove c0 off\n", with(Hazard::REPLACE_SILENT));

  const Contract always = with(Hazard::REMOVE_CALLBACK_ALWAYS);
  const std::string stranger =
      text + "s2 = new\non_remove c0 do get_id s5 #!\nremove c0 s2 #during\n";
  expect_legal(stranger + "on_remove c0 off\n");
  expect_broken(kSessionIsNull, stranger, always);
  // The argument of the callback is that of the function.
  const std::string found = text + "free s0\non_remove c0 do free arg\nremove c0 s1\n";
  expect_legal(found, always);
  expect_broken(kNothingToFree,
                text + "free s0\non_remove c0 do free arg #!\nremove c0 s1 #during\n");
}

TEST(BodyRules, AFlushCallsBackFromTheSmallestExpiry) {
  // The second callback's `s0 = keep arg` loses the name of the first one's session, unless that
  // is the session which the application still has another handle to.
  const auto text = [](const std::string& first, const std::string& second) {
    return "c0 = ctx_new\n"
           "s1 = new\nset_id s1 id_a\nset_time s1 " +
           first +
           "\nadd c0 s1\n"
           "s2 = new\nset_id s2 id_b\nset_time s2 " +
           second + "\nadd c0 s2\nfree s2\ns2 = new\non_remove c0 do s0 = keep arg #!\n";
  };
  expect_legal(text("0", "1") + "flush c0 0\n");
  expect_broken(kNameLost, text("1", "0") + "flush c0 0 #during\n");
  expect_legal(text("1", "1") + "flush c0 0\n");
}

TEST(BodyRules, AFlushReleasesAfterTheCallbacksOrOneByOne) {
  // The second callback reads the session that the first one was called with.
  const std::string text =
      "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nset_time s0 0\nadd c0 s0\n"
      "s1 = new\nset_id s1 id_b\nset_time s1 1\nadd c0 s1\nfree s0\non_remove c0 do get_id s0 #!\n"
      "flush c0 0 #during\n";
  expect_legal(text);
  expect_broken(kSessionIsDead, text, with({{"flush-order", "one-by-one"}}));
}

TEST(BodyRules, TheAddedSessionIsNotLinkedYet) {
  const std::string text =
      "c0 = ctx_new\nset_cache_size c0 1\ns0 = new\nadd c0 s0\ns1 = new\nset_id s1 id_b\n";
  expect_legal(text + "on_remove c0 do set_time s1 1\nadd c0 s1\n");
  // It lives on when its last reference is freed from inside.
  expect_legal(text + "on_remove c0 do free s1\nadd c0 s1\nget_id s1\non_remove c0 off\n");
}

TEST(BodyRules, ACallbackMayNotFreeItsContextForGood) {
  const Contract allowed = with({{"context-calls-in-remove", "allowed"}});
  const std::string text = "c0 = ctx_new\ns0 = new\nadd c0 s0\non_remove c0 do ctx_free c0";
  expect_broken(kFreedFromInside, text + " #!\nflush c0 0 #during\n", allowed);
  expect_legal(text + "\nctx_up_ref c0\nflush c0 0\n", allowed);
  expect_broken(kContextNotHeld, text + " #!\nctx_free c0 #during\n", allowed);
}

TEST(BodyRules, ACallbackMayNotKeepTheCacheFull) {
  const Contract allowed = with({{"context-calls-in-remove", "allowed"}});
  const std::string text =
      "c0 = ctx_new\nset_cache_size c0 1\ns0 = new\nset_id s0 id_a\nadd c0 s0\n"
      "s1 = new\non_remove c0 do add c0 s0\n";
  expect_broken(kCallbackForEver, text + "add c0 s1 #!\n", allowed);
  expect_legal(text + "flush c0 0\n", allowed);
}

TEST(BodyRules, ACallbackMayChangeTheCacheThatCallsIt) {
  const Contract allowed = with({{"context-calls-in-remove", "allowed"}});
  // Links the session that is being added; it is linked once all the same.
  expect_broken(kSessionIsDead,
                "c0 = ctx_new\ns0 = new\nadd c0 s0\ns1 = new\non_remove c0 do add c0 s1\n"
                "add c0 s1\non_remove c0 off\nremove c0 s1\nfree s1\nget_id s1 #!\n",
                allowed);
  // Removes what the flush has yet to let go of.
  expect_legal(
      "c0 = ctx_new\ns0 = new\nadd c0 s0\ns1 = new\nset_id s1 id_a\nadd c0 s1\n"
      "on_remove c0 do remove c0 s1\nflush c0 0\nget_id s1\n",
      allowed);
}

TEST(BodyRules, BodiesDoNotNest) {
  Contract contract = with({{"context-calls-in-remove", "allowed"}});
  contract.hazards.add(Hazard::REMOVE_CALLBACK_ALWAYS);
  expect_legal("c0 = ctx_new\ns0 = new\nadd c0 s0\non_remove c0 do remove c0 s0\nremove c0 s0\n",
               contract);
}

}  // namespace
}  // namespace lastref::rules
