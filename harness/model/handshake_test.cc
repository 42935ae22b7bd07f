// Who holds what after a handshake, at each point at which one can stop. What the switches and the
// hazards change is in handshake_switch_test.cc, which sessions are resumed in resumption_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/model/model_fixture.h"
#include "harness/model/symbols.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// n0 is the client, n1 the server.
const std::string kContexts = "c0 = ctx_new\nc1 = ctx_new\n";
const std::string kConnections = "n0 = ssl_new c0\nn1 = ssl_new c1\n";
const std::string kById = kContexts + "set_protocol c0 tls1.2\nset_tickets c1 off\n";
const std::string kByTicket = kContexts + "set_protocol c0 tls1.2\n";
const std::string kStateful = kContexts + "set_tickets c1 off\n";  // of TLS 1.3
const std::string kStateless = kContexts;

class HandshakeTest : public ModelTest {
 protected:
  const Contents& contents(std::size_t number) const { return state_.sessions[number].contents; }
  // A first handshake after lines of settings.
  Legality shake(const std::string& settings, const std::string& stop = "complete") {
    return run(settings + kConnections + "handshake n0 n1 " + stop + "\n");
  }
};

TEST_F(HandshakeTest, ByIdEachSideHoldsASessionWithTheSameIdAndKey) {
  shake(kById);
  EXPECT_EQ(expected_.result, kHandshakeFull);
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1"));
  EXPECT_EQ(holders(0), "cache connections 1");
  EXPECT_EQ(holders(1), "connections 1");
  EXPECT_EQ(cache(1), "0");
  EXPECT_EQ(cache(0), "");
  EXPECT_TRUE(is_symbol(contents(0).id));
  EXPECT_EQ(contents(0).id, contents(1).id);
  EXPECT_EQ(contents(0).master_key, contents(1).master_key);
}

TEST_F(HandshakeTest, ByTicketTheServerKeepsNothingAndTheClientHasTheTicket) {
  shake(kByTicket);
  EXPECT_EQ(expected_.result, kHandshakeFull);
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1"));
  EXPECT_EQ(holders(0), "connections 1");
  EXPECT_EQ(contents(0).id, empty_fingerprint());
  EXPECT_EQ(contents(0).ticket, 0U);
  EXPECT_TRUE(is_symbol(contents(1).ticket));
  EXPECT_TRUE(resumable(contents(1)));
}

TEST_F(HandshakeTest, AServerWhoseClientTakesNoTicketsGivesAnId) {
  shake(kByTicket + "set_tickets c0 off\n");
  EXPECT_EQ(cache(1), "0");
  EXPECT_EQ(contents(1).ticket, 0U);
}

TEST_F(HandshakeTest, StatelessTls13LeavesTheSessionsOfTheLastTicket) {
  shake(kStateless);
  EXPECT_EQ(expected_.result, kHandshakeFull);
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1"));
  EXPECT_EQ(holders(0), "connections 1");
  EXPECT_EQ(cache(1), "");
  EXPECT_EQ(state_.issued, 2);
  EXPECT_EQ(contents(1).ticket, state_.tickets[1].value);
  EXPECT_EQ(contents(0).master_key, contents(1).master_key);
}

TEST_F(HandshakeTest, StatefulTls13CachesASessionForEachTicket) {
  shake(kStateful);
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1", "birth 2"));
  EXPECT_EQ(cache(1), "0 2");
  EXPECT_EQ(holders(2), "cache");
  EXPECT_EQ(contents(1).ticket, contents(0).id) << "the ticket is the id of a cached session";
}

TEST_F(HandshakeTest, AClientOfTls13CachesASessionForEachTicketIfItCaches) {
  shake(kStateless + "set_mode c0 both\n");
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1", "birth 2"));
  EXPECT_EQ(cache(0), "1 2");
}

// Where it stops, by id.

TEST_F(HandshakeTest, AfterTheClientsHelloTheServerAloneHasASession) {
  shake(kById, "after_client_hello");
  EXPECT_EQ(expected_.result, kHandshakeIncomplete);
  EXPECT_THAT(events(), ElementsAre("birth 0"));
  EXPECT_EQ(holders(0), "connections 1");
  EXPECT_EQ(state_.connections[0].session, kNobody);
  EXPECT_EQ(contents(0).unknown, 1);
}

TEST_F(HandshakeTest, AfterTheServersFlightBothHaveOneAndNobodyCachesIt) {
  shake(kById + "set_mode c0 both\n", "after_server_flight");
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1"));
  EXPECT_EQ(cache(0) + cache(1), "");
  EXPECT_EQ(contents(1).negotiated, 0);
}

TEST_F(HandshakeTest, AfterTheClientsFlightTheServerIsDone) {
  shake(kById + "set_mode c0 both\n", "after_client_flight");
  EXPECT_EQ(expected_.result, kHandshakeIncomplete);
  EXPECT_EQ(cache(1), "0");
  EXPECT_EQ(cache(0), "");
  EXPECT_EQ(state_.connections[1].stage, Stage::kEstablished);
  EXPECT_EQ(state_.connections[0].stage, Stage::kBegun);
}

TEST_F(HandshakeTest, AfterAFatalAlertNobodyCachesTheNewSession) {
  shake(kById, "refused");
  EXPECT_EQ(expected_.result, kHandshakeIncomplete);
  EXPECT_THAT(events(), ElementsAre("birth 0"));
  EXPECT_EQ(contents(0).marked, 0) << "it was in no cache";
  EXPECT_EQ(cache(1), "");
}

TEST_F(HandshakeTest, AFatalAlertTakesTheOfferedSessionOutOfTheClientsCache) {
  shake(kById + "set_mode c0 both\n");
  EXPECT_EQ(cache(0), "1");
  run("shutdown n0 quiet\nshutdown n1 quiet\nssl_clear n0\nssl_clear n1\nhandshake n0 n1 "
      "refused\n");
  EXPECT_EQ(cache(0), "");
  EXPECT_EQ(cache(1), "");
  EXPECT_EQ(contents(1).marked, 1);
}

TEST_F(HandshakeTest, AClientThatRefusesTheCertificateLeavesNobodyASessionToResume) {
  for (const std::string& settings : {kById, kByTicket, kStateful, kStateless}) {
    state_ = State();
    shake(settings + "set_mode c0 both\non_new c0 keep\non_new c1 keep\n", "client_refuses");
    EXPECT_EQ(expected_.result, kHandshakeIncomplete);
    EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1"));
    EXPECT_EQ(holders(0), "connections 1");
    EXPECT_EQ(holders(1), "connections 1");
    EXPECT_EQ(cache(0) + cache(1), "");
    EXPECT_EQ(state_.issued, 0);
    EXPECT_EQ(contents(0).unknown + contents(1).unknown, 2);
    EXPECT_EQ(state_.connections[0].stage, Stage::kBegun);
    EXPECT_EQ(state_.connections[1].stage, Stage::kBegun);
  }
}

TEST_F(HandshakeTest, AClientThatResumesHasNoCertificateToRefuse) {
  shake(kById);
  run("shutdown n0 quiet\nshutdown n1 quiet\nssl_clear n0\nssl_clear n1\nhandshake n0 n1 "
      "client_refuses\n");
  EXPECT_EQ(expected_.result, kHandshakeResumed);
  EXPECT_EQ(cache(1), "0");
  EXPECT_EQ(contents(0).marked, 0);
}

TEST_F(HandshakeTest, ARefusedCertificateLeavesTheSessionThatWasOfferedToItsHolders) {
  shake(kById + "set_mode c0 both\n");
  run("s0 = get1_session n0\nshutdown n0 quiet\nshutdown n1 quiet\nssl_clear n0\nssl_clear n1\n"
      "flush c1 0\nhandshake n0 n1 client_refuses\n");
  EXPECT_EQ(cache(0), "1");
  EXPECT_EQ(holders(1), "application 1 cache");
  EXPECT_EQ(contents(1).marked, 0);
}

// A session that is set behind the beginning of a handshake.

TEST_F(HandshakeTest, ASessionSetOnAUsedConnectionTakesABadOneOutOfTheCache) {
  shake(kById);
  run("s0 = get1_session n1\nset_session n1 null\n");
  EXPECT_EQ(holders(0), "application 1");
  EXPECT_EQ(contents(0).marked, 1);
  EXPECT_EQ(cache(1), "");
}

TEST_F(HandshakeTest, ASessionSetBehindAShutdownLeavesTheOneBeforeInTheCache) {
  shake(kById);
  run("s0 = get1_session n1\nshutdown n1 quiet\nset_session n1 null\n");
  EXPECT_EQ(holders(0), "application 1 cache");
  EXPECT_EQ(contents(0).marked, 0);
}

TEST_F(HandshakeTest, ASessionSetInTheMiddleOfAHandshakeTakesThePlaceOfTheUnfinishedOne) {
  shake(kById, "after_client_hello");
  run("s0 = new\nset_session n1 s0\n");
  EXPECT_THAT(events(), ElementsAre("death 0"));
  EXPECT_EQ(holders(1), "application 1 connections 1");
  EXPECT_EQ(state_.connections[1].stage, Stage::kBegun);
}

TEST_F(HandshakeTest, ASessionThatOnlyACacheHoldsIsNotSetWhereOneLeavesIt) {
  shake(kStateful + "on_new c1 decline\n");
  run("s0 = get0_session n1\nshutdown n0 quiet\nshutdown n1 quiet\nssl_free n1\n"
      "n1 = ssl_new c1\nssl_clear n0\nset_session n0 null\nhandshake n0 n1 complete\n");
  EXPECT_EQ(run("set_session n1 s0\n"), Legality::kTooMany);
}

TEST_F(HandshakeTest, AConnectionThatWasGivenASessionLateIsGoodToBeClearedAndFreed) {
  shake(kById);
  run("set_session n0 null\n");
  EXPECT_EQ(run("shutdown n0 send\n"), Legality::kNotReady);
  EXPECT_EQ(run("ssl_clear n0\nssl_clear n1\nhandshake n0 n1 complete\nshutdown n0 send\n"),
            Legality::kLegal);
}

// Where it stops, by TLS 1.3: the client is done with the server's flight, and reads tickets last.

TEST_F(HandshakeTest, AClientOfTls13IsDoneAfterTheServersFlight) {
  shake(kStateful, "after_server_flight");
  EXPECT_EQ(state_.connections[0].stage, Stage::kEstablished);
  EXPECT_EQ(state_.connections[1].stage, Stage::kBegun);
  EXPECT_EQ(state_.issued, 0);
  EXPECT_EQ(cache(1), "");
}

TEST_F(HandshakeTest, TicketsOfTls13AreReadAfterTheHandshake) {
  shake(kStateful, "after_client_flight");
  EXPECT_EQ(state_.connections[1].stage, Stage::kEstablished);
  EXPECT_EQ(state_.issued, 2);
  EXPECT_EQ(cache(1), "0 2");
  EXPECT_EQ(contents(1).ticket, 0U);
}

// The new callback.

TEST_F(HandshakeTest, ANewCallbackThatKeepsHasAVariableAndAReference) {
  shake(kById + "on_new c1 keep\n");
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1", "new callback 0"));
  EXPECT_EQ(holders(0), "application 1 cache connections 1");
  EXPECT_EQ(state_.handles[0], 0);
}

TEST_F(HandshakeTest, ANewCallbackThatDeclinesHoldsNothing) {
  shake(kById + "on_new c1 decline\n");
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1", "new callback 0"));
  EXPECT_EQ(holders(0), "cache connections 1");
}

TEST_F(HandshakeTest, AFreeOfWhatTheNewCallbackDeclinedIsASecondOne) {
  shake(kById + "on_new c1 decline\n");
  EXPECT_EQ(run("s0 = get0_session n1\nfree s0\n"), Legality::kDoubleFree);
  state_ = State();
  shake(kById);
  EXPECT_EQ(run("s0 = get0_session n1\nfree s0\n"), Legality::kBorrowedFree);
}

TEST_F(HandshakeTest, ANewCallbackDeclinesWhereNoVariableIsFree) {
  std::string full;
  for (int i = 0; i < kMaxHandles; ++i) full += fmt::format("s{} = new\n", i);
  shake(full + kById + "on_new c1 keep\n");
  EXPECT_EQ(holders(8), "cache connections 1");
  EXPECT_EQ(events().back(), "new callback 8");
}

TEST_F(HandshakeTest, ANewCallbackRunsForTheSidesThatCache) {
  shake(kById + "on_new c0 decline\non_new c1 decline\nset_mode c0 both\nset_mode c1 off\n");
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1")) << "there is no id: nobody caches it";
  state_ = State();
  shake(kById + "on_new c0 decline\non_new c1 decline\nset_mode c0 client\n");
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1", "new callback 0", "new callback 1"));
}

TEST_F(HandshakeTest, ANewCallbackRunsForEachTicketOfTls13) {
  shake(kStateless + "on_new c1 keep\n");
  EXPECT_THAT(events(),
              ElementsAre("birth 0", "birth 1", "birth 2", "new callback 2", "new callback 0"));
  EXPECT_EQ(holders(2), "application 1");
}

// Modes of the server's context.

TEST_F(HandshakeTest, AServerThatDoesNotCacheGivesNoId) {
  for (const std::string mode : {"off", "client"}) {
    state_ = State();
    shake(kById + "set_mode c1 " + mode + "\n");
    EXPECT_EQ(contents(0).id, empty_fingerprint()) << mode;
    EXPECT_EQ(cache(1), "") << mode;
  }
}

TEST_F(HandshakeTest, WithoutAnInternalStoreTheCallbackAloneIsTold) {
  shake(kById + "set_mode c1 server|no_internal_store\non_new c1 keep\n");
  EXPECT_EQ(cache(1), "");
  EXPECT_EQ(holders(0), "application 1 connections 1");
}

// The end of a connection.

TEST_F(HandshakeTest, TheSessionOfAConnectionThatEndsWithoutAShutdownLeavesTheCache) {
  for (const std::string end : {"ssl_free n1\n", "ssl_clear n1\n"}) {
    state_ = State();
    shake(kById);
    run(end);
    EXPECT_EQ(cache(1), "") << end;
    EXPECT_THAT(events(), ElementsAre("death 0")) << end;
  }
}

TEST_F(HandshakeTest, AfterAShutdownTheSessionStays) {
  for (const std::string kind : {"send", "quiet"}) {
    state_ = State();
    shake(kById);
    run("shutdown n1 " + kind + "\n");
    EXPECT_EQ(expected_.result, kind == "quiet" ? 1 : 0);
    run("ssl_free n1\n");
    EXPECT_EQ(cache(1), "0") << kind;
    EXPECT_THAT(events(), IsEmpty()) << kind;
  }
}

TEST_F(HandshakeTest, AConnectionThatDidNotFinishLeavesTheCacheAlone) {
  shake(kById);
  run("shutdown n0 quiet\nshutdown n1 quiet\nssl_clear n0\nssl_clear n1\n"
      "handshake n0 n1 after_client_hello\nssl_free n1\n");
  EXPECT_EQ(cache(1), "0");
}

TEST_F(HandshakeTest, AnotherContextHandsItsIdContextOn) {
  run(kContexts + kConnections + "set_sid_context c0 sid_a\nset_context n1 c0\n");
  EXPECT_EQ(state_.connections[1].id_context, state_.contexts[0].id_context);
  run("set_sid_context c1 sid_b\nset_context n1 c1\n");
  EXPECT_EQ(state_.connections[1].id_context, state_.contexts[1].id_context);
}

// What the rules forbid, and what is beyond the model.

TEST_F(HandshakeTest, OnlyConnectionsThatAreReadyShakeHands) {
  EXPECT_EQ(run(kById + kConnections + "handshake n0 n0 complete\n"), Legality::kNotReady);
  EXPECT_EQ(run("handshake n0 n1 complete\n"), Legality::kLegal);
  EXPECT_EQ(run("handshake n0 n1 complete\n"), Legality::kNotReady);
  EXPECT_EQ(run("set_context n0 c1\n"), Legality::kNotReady);
}

TEST_F(HandshakeTest, OnlyAnEstablishedConnectionShutsDownAndOnlyOnce) {
  EXPECT_EQ(run(kById + kConnections + "shutdown n0 send\n"), Legality::kNotReady);
  EXPECT_EQ(run("handshake n0 n1 after_client_hello\nshutdown n1 send\n"), Legality::kNotReady);
  EXPECT_EQ(run("ssl_clear n0\nssl_clear n1\nhandshake n0 n1 complete\nshutdown n0 send\n"),
            Legality::kLegal);
  EXPECT_EQ(run("shutdown n0 quiet\n"), Legality::kNotReady);
}

TEST_F(HandshakeTest, AHandmadeSessionIsBeyondTheModel) {
  EXPECT_EQ(run(kById + kConnections +
                "s0 = new\nset_id s0 id_a\nset_session n0 s0\nhandshake n0 n1 complete\n"),
            Legality::kTooMany);
}

TEST_F(HandshakeTest, ABodyInTheRemoveCallbackIsBeyondTheModel) {
  EXPECT_EQ(run(kById + kConnections + "on_remove c1 do s0 = new\n"), Legality::kLegal);
  EXPECT_EQ(run("handshake n0 n1 complete\n"), Legality::kTooMany);
}

TEST_F(HandshakeTest, AnIllegalHandshakeLeavesTheStateAsItWas) {
  run(kById + kConnections + "s0 = new\nset_id s0 id_a\nset_session n0 s0\n");
  EXPECT_EQ(run("handshake n0 n1 complete\n"), Legality::kTooMany);
  EXPECT_EQ(state_.born, 1);
  EXPECT_EQ(state_.connections[0].stage, Stage::kReady);
}

}  // namespace
}  // namespace lastref
