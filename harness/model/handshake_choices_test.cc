// What the switches of handshakes that BoringSSL brought change in the model: for each the default
// and the other.
#include <gtest/gtest.h>

#include <string>

#include "harness/model/model_fixture.h"

namespace lastref {
namespace {

const std::string kPair = "n0 = ssl_new c0\nn1 = ssl_new c0\n";
const std::string kShake = "handshake n0 n1 complete\n";
const std::string kEnd = "shutdown n0 send\nshutdown n1 send\nssl_free n0\nssl_free n1\n";
const std::string kById = "c0 = ctx_new\nset_protocol c0 tls1.2\nset_tickets c0 off\n";
const std::string kTickets = "c0 = ctx_new\nset_mode c0 client\non_new c0 keep\n";

class HandshakeChoicesTest : public ModelTest {
 protected:
  // The result of the program's last operation, by the contract that the words make.
  std::int64_t result(const std::string& words, const std::string& program) {
    state_ = State();
    contract_ = Contract();
    EXPECT_EQ(contract_.set_words(words), "");
    run(program);
    return expected_.result;
  }
};

TEST_F(HandshakeChoicesTest, StatisticsCountOrNot) {
  const std::string program = kById + kPair + kShake + "s0 = get1_session n0\n" + kEnd + kPair +
                              "set_session n0 s0\n" + kShake + "get_hits c0\n";
  EXPECT_EQ(result("", program), 2);
  EXPECT_EQ(result("handshake-statistics=zero", program), 0);
}

TEST_F(HandshakeChoicesTest, AClientsCacheIsInternalOrExternal) {
  const std::string program = "c0 = ctx_new\nset_protocol c0 tls1.2\nset_mode c0 both\n" + kPair +
                              kShake + "get_number c0\n";
  EXPECT_EQ(result("", program), 1);
  EXPECT_EQ(result("client-cache=external", program), 0);
}

TEST_F(HandshakeChoicesTest, ATicketsSessionIsTheConnectionsOrTheCallbacks) {
  const std::string program =
      "c0 = ctx_new\n" + kPair + kShake + "s0 = get1_session n0\n" + "is_resumable s0\n";
  EXPECT_EQ(result("", program), 1);
  EXPECT_EQ(result("ticket-sessions=callback", program), 0);
}

TEST_F(HandshakeChoicesTest, StatefulTicketsAreGivenOrNot) {
  const std::string program = "set_tickets c0 off\n" + kPair + kShake;
  result("ticket-sessions=callback", kTickets + program);
  EXPECT_EQ(state_.issued, 2);
  result("ticket-sessions=callback stateful-tickets=no", kTickets + program);
  EXPECT_EQ(state_.issued, 0);
}

TEST_F(HandshakeChoicesTest, AClearedServerHasWhatItWasGivenOrNothing) {
  const std::string program = kTickets + kPair + kShake + kEnd + kPair +
                              "set_session n0 s0\nset_session n1 s1\n" + kShake +
                              "shutdown n1 send\nssl_clear n1\n";
  result("ticket-sessions=callback single-use=no resumed-session=kept", program);
  EXPECT_EQ(state_.connections[1].session, state_.handles[1]);
  result("ticket-sessions=callback single-use=no", program);
  EXPECT_NE(state_.connections[1].session, state_.handles[1]);
}

TEST_F(HandshakeChoicesTest, AClientKeepsOrDropsWhatItCannotOffer) {
  const std::string program = "c0 = ctx_new\n" + kPair + "s0 = new\nset_session n0 s0\n" +
                              "handshake n0 n1 after_client_hello\n";
  result("", program);
  EXPECT_NE(state_.connections[0].session, kNobody);
  result("unoffered-session=dropped", program);
  EXPECT_EQ(state_.connections[0].session, kNobody);
}

TEST_F(HandshakeChoicesTest, TheLastSecondOfASessionCountsOrNot) {
  const std::string program = kById + "set_default_timeout c0 1\n" + kPair + kShake +
                              "s0 = get1_session n0\n" + kEnd + "clock 1\n" + kPair +
                              "set_session n0 s0\n" + kShake;
  EXPECT_EQ(result("", program), kHandshakeResumed);
  EXPECT_EQ(result("expires=at-its-end", program), kHandshakeFull);
}

TEST_F(HandshakeChoicesTest, AClientTestsALifetimeOrNot) {
  const std::string program = kById + "set_default_timeout c0 1\n" + kPair + kShake +
                              "s0 = get1_session n0\n" + kEnd + "clock 300\n" + kPair +
                              "set_session n0 s0\n" + kShake + "get_number c0\n";
  EXPECT_EQ(result("", program), 1);
  EXPECT_EQ(result("hello-tests=lifetime", program), 2);
}

TEST_F(HandshakeChoicesTest, ASideResumesTheOthersSessionsOrItsOwn) {
  const std::string program = kById + kPair + kShake + "s0 = get1_session n1\n" + kEnd + kPair +
                              "set_session n0 s0\n" + kShake;
  EXPECT_EQ(result("", program), kHandshakeResumed);
  EXPECT_EQ(result("session-side=own", program), kHandshakeFull);
}

TEST_F(HandshakeChoicesTest, AnExpiredSessionOfAnotherIdContextGoesOrStays) {
  const std::string program =
      kById + "c1 = ctx_new\nset_protocol c1 tls1.2\nn0 = ssl_new c1\nn1 = ssl_new c0\n" + kShake +
      "s0 = get1_session n0\ns1 = get1_session n1\nset_timeout s1 1\n" + kEnd +
      "clock 300\nset_sid_context c0 sid_a\nn0 = ssl_new c1\nn1 = ssl_new c0\n" +
      "set_session n0 s0\n" + kShake + "get_number c0\n";
  EXPECT_EQ(result("", program), 2);
  EXPECT_EQ(result("expiry-tested=first", program), 1);
}

TEST_F(HandshakeChoicesTest, ARefusalComesBehindTheLookupOrBefore) {
  const std::string program = kById + "on_get c0 none\n" + kPair + kShake +
                              "s0 = get1_session n0\n" + kEnd + "flush c0 0\n" + kPair +
                              "set_session n0 s0\nhandshake n0 n1 refused\n";
  const auto asked = [this] {
    for (const Event& event : expected_.events.view()) {
      if (event.kind == EventKind::kGetCallback) return true;
    }
    return false;
  };
  result("", program);
  EXPECT_TRUE(asked());
  result("refusal=before-lookup", program);
  EXPECT_FALSE(asked());
}

TEST_F(HandshakeChoicesTest, ALifetimeIsTheContextsOrRenewed) {
  const std::string program =
      "c0 = ctx_new\n" + kPair + kShake + "s0 = get1_session n0\n" + "get_timeout s0\n";
  EXPECT_EQ(result("", program), 7200);
  EXPECT_EQ(result("ticket-lifetime=renewed", program), 172800);
}

TEST_F(HandshakeChoicesTest, AResumptionGivesAsManyTicketsAsTheContractSays) {
  const std::string program =
      kTickets + kPair + kShake + kEnd + kPair + "set_session n0 s0\n" + kShake;
  result("ticket-sessions=callback single-use=no", program);
  EXPECT_EQ(state_.issued, 3);
  result("ticket-sessions=callback single-use=no tickets-after-resumption=2", program);
  EXPECT_EQ(state_.issued, 4);
}

TEST_F(HandshakeChoicesTest, AnotherContextGivesItsIdContextOrLeavesOnesOwn) {
  const std::string program =
      "c0 = ctx_new\nc1 = ctx_new\nn0 = ssl_new c0\n"
      "set_sid_context c0 sid_a\nset_sid_context c1 sid_b\n"
      "set_context n0 c1\n";
  result("", program);
  EXPECT_NE(state_.connections[0].id_context, state_.contexts[1].id_context);
  result("switched-id-context=always", program);
  EXPECT_EQ(state_.connections[0].id_context, state_.contexts[1].id_context);
}

TEST_F(HandshakeChoicesTest, AFailedConnectionsSessionLeavesTheCacheOrStays) {
  const std::string program = "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n" + kPair +
                              "set_session n1 s0\nhandshake n0 n1 refused\nget_number c0\n";
  EXPECT_EQ(result("refusal=before-lookup", program), 0);
  EXPECT_EQ(result("refusal=before-lookup failed-session=kept", program), 1);
}

}  // namespace
}  // namespace lastref
