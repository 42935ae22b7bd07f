// Rules about handshakes, and what is asked of whoever tells what one came to.
#include <gtest/gtest.h>

#include "harness/generate/rules/judged.h"

namespace lastref::rules {
namespace {

const std::string kReady = "c0 = ctx_new\nc1 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c1\n";
const std::string kShake = "handshake n0 n1 complete\n";

HandshakeOutcome::Session session(const std::string& id, bool alive = true) {
  HandshakeOutcome::Session made;
  made.alive = alive;
  made.id = id;
  made.version = 771;
  return made;
}

// A full handshake by TLS 1.2 of n0, of c0, with n1, of c1, whose cache links its session.
HandshakeOutcome full() {
  HandshakeOutcome outcome;
  outcome.sessions = {session("#1"), session("#1")};
  outcome.ends[0] = {.session = 1, .context = 0, .established = true, .made = true};
  outcome.ends[1] = {.session = 0, .context = 1, .established = true, .made = true};
  outcome.caches[1] = {0};
  return outcome;
}

Ruling judged(const std::string& text, const std::vector<HandshakeOutcome>& outcomes,
              const Contract& contract = Contract()) {
  return judge_by_rules(parsed(text), contract, {}, outcomes);
}

void expect_legal(const std::string& text, const std::vector<HandshakeOutcome>& outcomes,
                  const Contract& contract = Contract()) {
  const Ruling ruling = judged(text, outcomes, contract);
  EXPECT_TRUE(ruling.legal && !ruling.undecided)
      << text << "operation " << ruling.operation + 1 << ": " << ruling.rule;
}

void expect_broken(std::string_view rule, const std::string& text,
                   const std::vector<HandshakeOutcome>& outcomes,
                   const Contract& contract = Contract()) {
  const Ruling ruling = judged(text, outcomes, contract);
  EXPECT_FALSE(ruling.legal) << text;
  EXPECT_EQ(ruling.rule, rule) << text;
  EXPECT_EQ(ruling.operation, marked(text)) << text;
}

TEST(HandshakeRules, AHandshakeOfWhichNothingIsToldIsNotJudged) {
  expect_undecided(kHandshakes, kReady + "handshake n0 n1 complete #!\n");
}

TEST(HandshakeRules, OnlyReadyConnectionsShakeHandsAndTwoAtATime) {
  expect_legal(kReady + kShake, {full()});
  expect_broken(kOneEnd, kReady + "handshake n0 n0 complete #!\n", {});
  expect_broken(kNotReady, kReady + kShake + "handshake n0 n1 complete #!\n", {full()});
  expect_broken(kNotReady, kReady + kShake + "set_context n0 c0 #!\n", {full()});
  expect_broken(kConnectionIsDead, kReady + "ssl_free n1\nhandshake n0 n1 complete #!\n", {});
}

TEST(HandshakeRules, AConnectionIsShutDownOnceAfterItsHandshake) {
  expect_legal(kReady + kShake + "shutdown n0 send\n", {full()});
  expect_broken(kNotEstablished, kReady + "shutdown n0 send #!\n", {});
  expect_broken(kNotEstablished, kReady + kShake + "shutdown n0 send\nshutdown n0 quiet #!\n",
                {full()});
  expect_broken(kShutAfterSet, kReady + kShake + "set_session n0 null\nshutdown n0 send #!\n",
                {full()});
}

TEST(HandshakeRules, ASessionIsSetLateWhereTheContractHasIt) {
  const std::string late = kReady + kShake + "set_session n0 null #!\n";
  expect_legal(late, {full()});
  expect_broken(kSetLate, late, {full()}, with({{"set-session-late", "undefined"}}));
}

TEST(HandshakeRules, ABadSessionLeavesTheCacheOfTheContextThatItsConnectionWasMadeFrom) {
  for (const std::string end : {"ssl_free n1\n", "ssl_clear n1\n", "set_session n1 null\n"}) {
    const std::string used = kReady + kShake + "s0 = get0_session n1\n";
    expect_broken(kSessionIsDead, used + end + "get_id s0 #!\n", {full()});
    expect_legal(used + "shutdown n1 quiet\n" + end + "get_id s0\n", {full()});
  }
}

TEST(HandshakeRules, AServernameCallbackLeadsToAContextThatIsAlive) {
  const std::string named = "on_servername c1 c0\n";
  HandshakeOutcome switched = full();
  switched.ends[1].context = 0;
  expect_legal(kReady + named + kShake + "ctx_free c0\nssl_clear n1\n", {switched});
  const std::string gone = kReady + "ssl_free n0\nn0 = ssl_new c1\n" + named + "ctx_free c0\n";
  expect_broken(kNamedContextGone, gone + "handshake n0 n1 complete #!\n", {});
  expect_broken(kNamedContextGone, gone + "c0 = ctx_new\nhandshake n0 n1 complete #!\n", {});
}

TEST(HandshakeRules, ANewCallbackThatKeepsHasAReference) {
  const std::string kept = kReady + "on_new c1 keep\n" + kShake;
  HandshakeOutcome told = full();
  told.calls = {{.session = 0, .connection = 1}};
  expect_legal(kept + "free s0\n", {told});
  expect_broken(kNothingToFree, kept + "free s0\nfree s0 #!\n", {told});
  expect_broken(kNothingToFree,
                kReady + "on_new c1 decline\n" + kShake + "s0 = get0_session n1\nfree s0 #!\n",
                {told});
}

TEST(HandshakeRules, AGetCallbackHandsOverWhatTheApplicationHas) {
  HandshakeOutcome asked = full();
  asked.sessions = {session("id"), session("#1"), session("#1")};
  asked.ends[0].session = 2;
  asked.ends[1].session = 1;
  asked.caches[1] = {1};
  asked.calls = {{.asks = true, .session = HandshakeOutcome::kNobody, .connection = 1}};
  const std::string before = "s0 = new\n";
  HandshakeOutcome::Session old = session("");
  old.time = kClockStart;
  old.timeout = 304;
  asked.sessions[0] = old;
  const Contract contract = with({{"new-timeout", "304"}, {"new-version", "771"}});
  expect_legal(kReady + before + "on_get c1 borrowed\n" + kShake, {asked}, contract);
  asked.calls[0].session = 0;
  const std::string hands_over = kReady + before + "on_get c1 borrowed_copy0\n";
  expect_broken(kImpossibleHandshake, hands_over + "handshake n0 n1 complete #!\n", {asked},
                contract);  // it took the session's only reference, and it lives
  asked.sessions[0].alive = false;
  expect_legal(hands_over + kShake, {asked}, contract);
}

TEST(HandshakeRules, WhatNoHandshakeComesToIsNotBelieved) {
  const std::string told = kReady + "handshake n0 n1 complete #!\n";
  HandshakeOutcome held_by_nobody = full();
  held_by_nobody.sessions.push_back(session("#2"));
  expect_broken(kImpossibleHandshake, told, {held_by_nobody});
  HandshakeOutcome dead_and_held = full();
  dead_and_held.sessions[0].alive = false;
  expect_broken(kImpossibleHandshake, told, {dead_and_held});
  HandshakeOutcome told_without_callback = full();
  told_without_callback.calls = {{.session = 0, .connection = 1}};
  expect_broken(kImpossibleHandshake, told, {told_without_callback});
  HandshakeOutcome changed = full();
  changed.sessions[0].id = "#3";
  const std::string again = "shutdown n0 quiet\nshutdown n1 quiet\nssl_clear n0\nssl_clear n1\n";
  expect_legal(kReady + kShake + again + kShake, {full(), full()});
  expect_broken(kImpossibleHandshake, kReady + kShake + again + "handshake n0 n1 complete #!\n",
                {full(), changed});
}

}  // namespace
}  // namespace lastref::rules
