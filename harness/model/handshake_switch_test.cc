// What the switches of a contract change in handshakes: for each the first value and the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/model/model_fixture.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;

const std::string kContexts = "c0 = ctx_new\nc1 = ctx_new\n";
const std::string kOldProtocol = kContexts + "set_protocol c0 tls1.2\n";
const std::string kById = kOldProtocol + "set_tickets c1 off\n";
const std::string kConnections = "n0 = ssl_new c0\nn1 = ssl_new c1\n";
const std::string kFirst = kConnections + "handshake n0 n1 complete\n";
const std::string kAgain = "shutdown n0 quiet\nshutdown n1 quiet\nssl_clear n0\nssl_clear n1\n";
const std::string kSecond = kAgain + "handshake n0 n1 complete\n";

class HandshakeSwitchTest : public ModelTest {
 protected:
  // Steps the lines from the start, by the contract with these words.
  void by(const std::string& words, const std::string& lines) {
    state_ = State();
    contract_ = Contract();
    ASSERT_EQ(contract_.set_words(words), "");
    EXPECT_EQ(run(lines), Legality::kLegal);
  }
  const Contents& contents(std::size_t number) const { return state_.sessions[number].contents; }
};

TEST_F(HandshakeSwitchTest, ANewContextSpeaksTheContractsProtocol) {
  by("", kContexts + kFirst);
  EXPECT_EQ(contents(0).version, kTls13);
  by("protocol=771", kContexts + kFirst);
  EXPECT_EQ(contents(0).version, lastref::kTls12);
}

TEST_F(HandshakeSwitchTest, AClientHoldsNothingBeforeTheServersFlightOrAnEmptySession) {
  const std::string hello = kById + kConnections + "handshake n0 n1 after_client_hello\n";
  by("", hello);
  EXPECT_EQ(state_.connections[0].session, kNobody);
  by("hello-session=empty", hello);
  EXPECT_EQ(state_.connections[0].session, 1);
  EXPECT_EQ(holders(1), "connections 1");
}

TEST_F(HandshakeSwitchTest, AResumptionByIdGivesATicketOrNot) {
  // The first client takes no tickets, so that the server caches by id.
  const std::string second = kOldProtocol + "set_tickets c0 off\n" + kFirst +
                             "s0 = get1_session n0\n" + kAgain +
                             "ssl_free n0\nset_tickets c0 on\nn0 = ssl_new c0\nset_session n0 s0\n"
                             "handshake n0 n1 complete\n";
  by("", second);
  EXPECT_EQ(expected_.result, kHandshakeResumed);
  EXPECT_EQ(contents(state_.connections[0].session).ticket, 0U);
  by("ticket-on-resumption=yes", second);
  EXPECT_EQ(expected_.result, kHandshakeResumed);
  EXPECT_NE(contents(state_.connections[0].session).ticket, 0U);
  EXPECT_THAT(events(), ElementsAre("birth 2"));
}

TEST_F(HandshakeSwitchTest, ASessionOutOfATicketOfTls13HasNoIdOrItsOld) {
  const std::string stopped = kContexts + kFirst + kAgain + "handshake n0 n1 after_server_flight\n";
  by("", stopped);
  EXPECT_EQ(contents(2).id, empty_fingerprint());
  by("psk-session-id=as-sealed", stopped);
  EXPECT_EQ(contents(2).id, state_.tickets[1].contents.id);
  EXPECT_NE(contents(2).id, empty_fingerprint());
}

TEST_F(HandshakeSwitchTest, ADefaultTimeoutOfZeroIsKeptOrReplaced) {
  const std::string zero = kById + "set_default_timeout c1 0\n" + kFirst;
  by("", zero);
  EXPECT_EQ(contents(0).timeout, 0);
  by("zero-default-timeout=default", zero);
  EXPECT_EQ(contents(0).timeout, 7200);
}

TEST_F(HandshakeSwitchTest, ABadSessionIsRemovedOrKept) {
  by("", kById + kFirst + "ssl_free n1\n");
  EXPECT_EQ(cache(1), "");
  by("bad-session=kept", kById + kFirst + "ssl_free n1\n");
  EXPECT_EQ(cache(1), "0");
}

TEST_F(HandshakeSwitchTest, SessionsOfStatelessTicketsAreCachedForWhoWatchesRemovals) {
  by("", kContexts + "on_remove c1 watch\n" + kFirst);
  EXPECT_EQ(cache(1), "");
  by("stateless-cached=with-remove-callback", kContexts + kFirst);
  EXPECT_EQ(cache(1), "");
  by("stateless-cached=with-remove-callback", kContexts + "on_remove c1 watch\n" + kFirst);
  EXPECT_EQ(cache(1), "0 2");
}

TEST_F(HandshakeSwitchTest, AClientUsesASessionOfTls13OnceOrAgain) {
  const std::string second =
      kContexts + "set_mode c0 both\n" + kFirst + "s0 = get1_session n0\n" + kSecond;
  by("", second);
  EXPECT_EQ(contents(1).marked, 1);
  EXPECT_EQ(cache(0), "4 2") << "the first handshake's other ticket, and the second's";
  by("single-use=no", second);
  EXPECT_EQ(contents(1).marked, 0);
  EXPECT_EQ(cache(0), "4 1 2");
}

TEST_F(HandshakeSwitchTest, AfterASwitchOneOfTwoContextsIsAskedWhetherItCaches) {
  const std::string switched = kOldProtocol +
                               "set_tickets c1 off\nset_tickets c0 off\nset_mode c0 off\n" +
                               kConnections + "set_context n1 c0\nhandshake n0 n1 complete\n";
  by("", switched);
  EXPECT_NE(contents(0).id, empty_fingerprint());
  by("uncached-id=context-in-use", switched);
  EXPECT_EQ(contents(0).id, empty_fingerprint());
}

TEST_F(HandshakeSwitchTest, AServernameCallbackRunsBehindTheLookUpOrBeforeIt) {
  const std::string named =
      kById + kFirst + kAgain + "set_sid_context c0 sid_a\non_servername c1 c0\n";
  by("", named + "handshake n0 n1 complete\n");
  EXPECT_EQ(expected_.result, kHandshakeResumed) << "by the id context that the server had";
  by("refusal=before-lookup", named + "handshake n0 n1 complete\n");
  EXPECT_EQ(expected_.result, kHandshakeFull) << "by that of the context that it was switched to";
  EXPECT_EQ(contents(2).id_context, state_.contexts[0].id_context);
}

TEST_F(HandshakeSwitchTest, AConnectionMayBeGivenASessionLateOrMayNot) {
  const std::string used = kById + kFirst;
  by("", used + "set_session n0 null\n");
  EXPECT_EQ(state_.connections[0].session, kNobody);
  by("set-session-late=undefined", used);
  EXPECT_EQ(run("set_session n0 null\n"), Legality::kNotReady);
  by("set-session-late=undefined", kById + kConnections + "set_session n0 null\n");
}

TEST_F(HandshakeSwitchTest, AHazardHasTheServernameCallbackRunInAClientToo) {
  const std::string named = kById + "on_servername c0 c1\n" + kConnections;
  by("", named + "handshake n0 n1 complete\n");
  EXPECT_THAT(events(), ElementsAre("birth 0", "birth 1"));
  contract_.hazards.add(Hazard::CLIENT_NAMED);
  state_ = State();
  run(named + "handshake n0 n1 after_client_hello\n");
  EXPECT_EQ(state_.connections[0].context, 0) << "it has read nothing yet";
  state_ = State();
  run(named + "handshake n0 n1 complete\n");
  EXPECT_EQ(events().size(), 3U);
  EXPECT_EQ(state_.connections[0].context, 1);
  EXPECT_EQ(state_.connections[0].session_context, 0);
}

}  // namespace
}  // namespace lastref
