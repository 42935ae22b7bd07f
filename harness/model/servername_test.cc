// A servername callback switches a server to another context: what of its sessions goes with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/model/model_fixture.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;

// n0 is the client, n1 the server.
const std::string kConnections = "n0 = ssl_new c0\nn1 = ssl_new c1\n";
const std::string kStateful = "c0 = ctx_new\nc1 = ctx_new\nset_tickets c1 off\n";  // of TLS 1.3
const std::string kById = kStateful + "set_protocol c0 tls1.2\n";

class ServernameTest : public ModelTest {
 protected:
  const Contents& contents(std::size_t number) const { return state_.sessions[number].contents; }
  Legality shake(const std::string& settings, const std::string& stop = "complete") {
    return run(settings + kConnections + "handshake n0 n1 " + stop + "\n");
  }
};

TEST_F(ServernameTest, AServernameCallbackSwitchesTheServersContextAndNothingOfItsSessions) {
  shake(kStateful + "on_new c0 keep\non_new c1 decline\non_servername c1 c0\n");
  EXPECT_EQ(state_.connections[1].context, 0);
  EXPECT_EQ(state_.connections[1].session_context, 1);
  EXPECT_EQ(state_.contexts[0].connections, 3);
  EXPECT_EQ(state_.contexts[1].connections, 1);
  EXPECT_EQ(cache(0), "");
  EXPECT_EQ(cache(1), "0 2");
  EXPECT_EQ(state_.sessions[0].home, 1);
  EXPECT_EQ(state_.handles[0], kNobody) << "the callback that was told is the first context's";
}

TEST_F(ServernameTest, TheCallbacksMayBeThoseOfTheContextInUse) {
  EXPECT_EQ(contract_.set_words("switched-callbacks=context-in-use"), "");
  shake(kById + "on_new c0 keep\non_new c1 decline\non_servername c1 c0\n");
  EXPECT_EQ(state_.handles[0], 0) << "the callback that was told is that of the one in use";
  EXPECT_EQ(cache(1), "0");
}

TEST_F(ServernameTest, WhereTheContextInUseIsHeardNoServerSwitchesToAnotherCacheMode) {
  const std::string other = kById + "set_mode c0 off\non_servername c1 c0\n";
  EXPECT_EQ(shake(other), Legality::kLegal);
  state_ = State();
  EXPECT_EQ(contract_.set_words("switched-callbacks=context-in-use"), "");
  EXPECT_EQ(shake(other), Legality::kTooMany);
}

TEST_F(ServernameTest, AServernameCallbackRunsBehindTheLookUp) {
  shake(kById);
  run("shutdown n0 quiet\nshutdown n1 quiet\nssl_clear n0\nssl_clear n1\nflush c1 0\n"
      "on_get c1 none\non_servername c1 c0\nhandshake n0 n1 complete\n");
  EXPECT_EQ(expected_.events.view()[2].kind, EventKind::kGetCallback);
  EXPECT_EQ(expected_.events.view()[3].kind, EventKind::kServername);
  EXPECT_EQ(expected_.events.view()[3].context, 1) << "the server's connection";
  EXPECT_EQ(expected_.events.view()[3].value, 0) << "the context";
}

TEST_F(ServernameTest, ASessionHasTheIdContextFromBeforeTheServernameCallback) {
  shake(kById + "set_sid_context c0 sid_a\non_servername c1 c0\n");
  EXPECT_EQ(contents(0).id_context, state_.contexts[1].id_context);
  EXPECT_EQ(state_.connections[1].id_context, state_.contexts[0].id_context);
}

TEST_F(ServernameTest, TheContextInUseHasItsSayBeforeTheOneThatTheServerWasMadeFrom) {
  run(kById + kConnections + "on_servername c0 c1\non_servername c1 c0\nset_context n1 c0\n");
  run("handshake n0 n1 complete\n");
  EXPECT_EQ(state_.connections[1].context, 1);
  state_ = State();
  run(kById + kConnections + "on_servername c1 c1\nset_context n1 c0\nhandshake n0 n1 complete\n");
  EXPECT_EQ(state_.connections[1].context, 1) << "c0 has no callback";
}

TEST_F(ServernameTest, WhoRefusesTheClientByItsNameSwitchesNothing) {
  shake(kById + "on_servername c1 c0\n", "refused");
  EXPECT_EQ(state_.connections[1].context, 1);
  EXPECT_THAT(events(), ElementsAre("birth 0"));
}

TEST_F(ServernameTest, AServernameCallbackMayNotLeadToAContextThatIsGone) {
  run(kById + "n0 = ssl_new c1\nn1 = ssl_new c1\non_servername c1 c0\nctx_free c0\n");
  EXPECT_EQ(run("handshake n0 n1 complete\n"), Legality::kDeadContext);
  run("c0 = ctx_new\n");
  EXPECT_EQ(run("handshake n0 n1 complete\n"), Legality::kDeadContext) << "it is another one";
  EXPECT_EQ(run("handshake n0 n1 refused\n"), Legality::kLegal) << "it does not run";
}

TEST_F(ServernameTest, AContextThatItsOwnCallbackLeavesAndEndsIsBeyondTheModel) {
  run(kById + kConnections + "on_servername c0 c1\nset_context n1 c0\nssl_free n0\nctx_free c0\n");
  EXPECT_EQ(run("n0 = ssl_new c1\nhandshake n0 n1 complete\n"), Legality::kTooMany);
}

// What callbacks of handshakes do before they answer.

TEST_F(ServernameTest, ANewCallbackMayEncodeTheSessionThatItIsGiven) {
  EXPECT_EQ(shake(kById + "on_new c1 decline\nin_new c1 do b0 = i2d arg\n"), Legality::kLegal);
  EXPECT_EQ(state_.blobs[0].written, 1);
  EXPECT_EQ(state_.blobs[0].contents, contents(0));
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1", "new callback 0", "result -3"))
      << "the length is the library's";
}

TEST_F(ServernameTest, WhatNoSourceNamesIsNotLegalInANewCallback) {
  const std::string sets = kById + "on_new c1 keep\nin_new c1 do set_timeout arg 1\n";
  EXPECT_EQ(shake(sets), Legality::kInsideCallback);
  state_ = State();
  contract_.set("callback-calls", "any");
  EXPECT_EQ(shake(sets), Legality::kLegal);
  EXPECT_EQ(contents(0).timeout, 1);
}

TEST_F(ServernameTest, ANewCallbackGivesItsReferenceBackOnce) {
  EXPECT_EQ(shake(kById + "on_new c1 keep\nin_new c1 do free arg\n"), Legality::kLegal);
  EXPECT_EQ(state_.handles[0], 0) << "borrowed from here on";
  EXPECT_EQ(holders(0), "cache connections 1");
  state_ = State();
  EXPECT_EQ(shake(kById + "on_new c1 decline\nin_new c1 do free arg\n"), Legality::kDoubleFree);
}

TEST_F(ServernameTest, AGetCallbackAnswersWithWhatItHasDone) {
  shake(kById +
        "on_new c1 decline\nin_new c1 do b0 = i2d arg\nset_mode c1 "
        "server|no_internal_lookup\n");
  run("s1 = get1_session n0\nshutdown n0 quiet\nshutdown n1 quiet\nssl_free n0\nssl_free n1\n"
      "flush c1 0\non_get c1 borrowed_copy0\nin_get c1 do s0 = d2i b0\n");
  EXPECT_EQ(run(kConnections + "set_session n0 s1\nhandshake n0 n1 complete\n"), Legality::kLegal);
  EXPECT_EQ(expected_.result, kHandshakeResumed);
  const std::uint8_t decoded = state_.handles[0];
  EXPECT_EQ(state_.connections[1].session, decoded);
  EXPECT_EQ(holders(decoded), "cache connections 1") << "its reference was handed over";
}

TEST_F(ServernameTest, AServernameCallbackDoesNotSwitchToAContextThatItHasFreed) {
  shake(kById);
  run("shutdown n0 quiet\nshutdown n1 quiet\nssl_free n0\nssl_clear n1\non_servername c1 c0\n");
  EXPECT_EQ(run("n0 = ssl_new c1\nin_servername c1 do ctx_free c0\nhandshake n0 n1 complete\n"),
            Legality::kDeadContext);
}

TEST_F(ServernameTest, AConnectionThatShakesHandsIsLeftAloneByItsCallbacks) {
  contract_.set("callback-calls", "any");
  EXPECT_EQ(shake(kById + "on_new c1 keep\nin_new c1 do ssl_free n1\n"), Legality::kInsideCallback);
}

}  // namespace
}  // namespace lastref
