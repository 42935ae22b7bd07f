// Handshakes of connections that copy what they are given, as contents that nobody sees.
#include <gtest/gtest.h>

#include <string>

#include "harness/model/model_fixture.h"
#include "harness/model/symbols.h"

namespace lastref {
namespace {

class CopyingHandshakeTest : public ModelTest {
 protected:
  CopyingHandshakeTest() {
    EXPECT_EQ(contract_.set_words("cache-adds=entry cache-size-zero=nothing one-context=free "
                                  "context-timeout=300 cache-size=50 new-time=zero new-timeout=0 "
                                  "set-session=unseen set-session-null=refused protocol=771 "
                                  "ticket-on-resumption=yes ticket-hello-id=random "
                                  "bad-session=kept"),
              "");
  }

  // The result of the last line, from the start each time.
  std::int64_t result(const std::string& lines) {
    state_ = State{};
    EXPECT_EQ(run(lines), Legality::kLegal) << lines;
    return expected_.result;
  }
  Legality legality(const std::string& lines) {
    state_ = State{};
    return run(lines);
  }
  const Contents& contents(int handle) const {
    return state_.sessions[state_.handles[static_cast<std::size_t>(handle)]].contents;
  }
};

constexpr std::int64_t kFull = 1;
constexpr std::int64_t kResumed = 2;

const std::string kConnections = "c0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\n";
const std::string kById = "c0 = ctx_new\nset_tickets c0 off\nn0 = ssl_new c0\nn1 = ssl_new c0\n";
const std::string kShake = "handshake n0 n1 complete\n";
const std::string kGet = "s0 = copy_session n0\n";
const std::string kAgain = "ssl_clear n0\nssl_clear n1\nset_session n0 s0\n" + kShake;

TEST_F(CopyingHandshakeTest, NobodySeesWhatAConnectionHas) {
  EXPECT_EQ(result(kConnections + kShake), kFull);
  EXPECT_TRUE(events().empty());
  EXPECT_EQ(state_.born, 0);
}

TEST_F(CopyingHandshakeTest, ACopyNeedsRoomForASessionAlsoWhereThereIsNothingToCopy) {
  std::string most;
  for (int i = 0; i + 1 < kMaxSessions; ++i) most += "s1 = new\nfree s1\n";
  EXPECT_EQ(legality(kConnections + most + kGet), Legality::kLegal);
  EXPECT_EQ(legality(kConnections + most + "s1 = new\n" + kGet), Legality::kTooMany);
}

TEST_F(CopyingHandshakeTest, AClientGivesACopyEachTime) {
  EXPECT_EQ(result(kById + kShake + kGet), 0);
  EXPECT_EQ(result(kById + kShake + kGet + "s1 = copy_session n0\n"), 1);
  EXPECT_EQ(holders(0), "application 1");
  EXPECT_EQ(contents(0), contents(1));
  EXPECT_TRUE(is_symbol(contents(0).id));
  EXPECT_EQ(contents(0).time, kClockStart);
}

TEST_F(CopyingHandshakeTest, ThereIsNothingToGiveBeforeNorAfterwards) {
  for (const std::string& lines :
       {kConnections + kGet, kConnections + "s1 = new\nset_session n0 s1\n" + kGet,
        kById + kShake + "ssl_clear n0\n" + kGet,
        kById + "handshake n0 n1 after_client_hello\n" + kGet,
        kById + "handshake n0 n1 after_client_flight\n" + kGet,
        kById + "handshake n0 n1 refused\n" + kGet}) {
    EXPECT_EQ(result(lines), kResultNull) << lines;
  }
}

TEST_F(CopyingHandshakeTest, AServerGivesCopiesTooButForTheTicket) {
  result(kById + kShake + kGet + "s1 = copy_session n1\n");
  EXPECT_EQ(contents(0), contents(1));
  const std::string by_ticket = kConnections + kShake + kGet;
  result(by_ticket + "s1 = copy_session n1\n");
  EXPECT_EQ(contents(1).ticket, 0U);
  result(by_ticket + "clock 1\n" + kAgain + "s1 = copy_session n1\ns2 = copy_session n0\n");
  EXPECT_EQ(contents(1).id, contents(2).id);
  EXPECT_EQ(contents(1).time, kClockStart);
  EXPECT_EQ(contents(1).ticket, 0U);
}

TEST_F(CopyingHandshakeTest, AServerKeepsAnEntryOnceItHasFinished) {
  EXPECT_EQ(result(kById + kShake + "get_number c0\n"), 1);
  EXPECT_EQ(result(kById + "handshake n0 n1 after_client_flight\nget_number c0\n"), 1);
  EXPECT_EQ(result(kById + "handshake n0 n1 after_server_flight\nget_number c0\n"), 0);
  EXPECT_EQ(result(kConnections + kShake + "get_number c0\n"), 0) << "a ticket stands for it";
}

TEST_F(CopyingHandshakeTest, ASessionIsResumedByItsIdAsLongAsItsEntryLasts) {
  const std::string text = kById + kShake + kGet;
  EXPECT_EQ(result(text + kAgain), kResumed);
  EXPECT_EQ(result(text + "clock 300\n" + kAgain), kResumed);
  EXPECT_EQ(result(text + "clock 305\n" + kAgain), kFull);
  EXPECT_EQ(result(text + "free s0\ns0 = new\n" + kAgain), kFull);
  EXPECT_EQ(result(text + "ssl_clear n0\nssl_clear n1\n" + kShake), kFull) << "none is offered";
}

TEST_F(CopyingHandshakeTest, ASessionIsResumedByItsTicketAsLongAsThatLasts) {
  const std::string text = kConnections + kShake + kGet;
  result(text);
  EXPECT_TRUE(is_symbol(contents(0).ticket));
  EXPECT_EQ(contents(0).id, empty_fingerprint());
  EXPECT_EQ(result(text + kAgain), kResumed);
  EXPECT_EQ(result(text + "clock 300\n" + kAgain), kResumed);
  EXPECT_EQ(result(text + "clock 305\n" + kAgain), kFull);
  EXPECT_EQ(result(text + "set_tickets c0 off\n" + kAgain), kFull);
  EXPECT_EQ(result(text + "set_ticket s0 ticket_a\n" + kAgain), kFull);
  // Another context's keys are others.
  EXPECT_EQ(result(text +
                   "c1 = ctx_new\nssl_clear n0\nssl_free n1\nn1 = ssl_new c1\n"
                   "set_session n0 s0\n" +
                   kShake),
            kFull);
}

TEST_F(CopyingHandshakeTest, WhatIsResumedIsTheClientsOwnButForItsId) {
  const std::string text = kConnections + kShake + kGet + "set_time s0 1\n" + kAgain;
  result(text + "s1 = copy_session n0\n");
  EXPECT_EQ(contents(1).time, 1);
  EXPECT_EQ(contents(1).ticket, contents(0).ticket);
  EXPECT_NE(contents(1).id, contents(0).id);
}

TEST_F(CopyingHandshakeTest, AResumptionByIdMayGiveATicket) {
  const std::string text = kById + kShake + kGet + "set_tickets c0 on\n" + kAgain;
  EXPECT_EQ(result(text), kResumed);
  result(text + "s1 = copy_session n0\n");
  EXPECT_TRUE(is_symbol(contents(1).ticket));
  EXPECT_EQ(contents(1).id, empty_fingerprint());
}

TEST_F(CopyingHandshakeTest, TwoSecretsDoNotMeet) {
  // What an entry has under the id that is offered is another session.
  const std::string text = kById + kShake + kGet + "set_id s0 id_a\nadd c0 s0\n";
  EXPECT_EQ(result(text + kAgain), kResumed);
  EXPECT_EQ(result(text +
                   "s1 = new\nset_id s1 id_a\nssl_clear n0\nssl_clear n1\n"
                   "set_session n0 s1\n" +
                   kShake),
            0);
  EXPECT_EQ(legality(text +
                     "s1 = new\nset_id s1 id_a\nssl_clear n0\nssl_clear n1\n"
                     "set_session n0 s1\n" +
                     kShake + kShake),
            Legality::kNotReady);
  // An entry that no handshake made is none to a server.
  EXPECT_EQ(result(kById + "s0 = new\nset_id s0 id_a\nadd c0 s0\nset_session n0 s0\n" + kShake),
            kFull);
}

TEST_F(CopyingHandshakeTest, AClientRefusesACertificateAndNoResumption) {
  const std::string refuses = "handshake n0 n1 client_refuses\n";
  EXPECT_EQ(result(kById + refuses), 0);
  EXPECT_EQ(result(kById + refuses + "get_number c0\n"), 0);
  EXPECT_EQ(
      result(kById + kShake + kGet + "ssl_clear n0\nssl_clear n1\nset_session n0 s0\n" + refuses),
      kResumed);
}

TEST_F(CopyingHandshakeTest, AShortIdIsNotOffered) {
  EXPECT_EQ(result(kById + kShake + kGet + "set_id s0 id_d\nadd c0 s0\n" + kAgain), kFull);
}

TEST_F(CopyingHandshakeTest, KnownBugsOfTicketsAreExpected) {
  const std::string refused =
      kConnections + kShake + kGet + "set_tickets c0 off\n" + kAgain + "s1 = copy_session n0\n";
  result(refused);
  EXPECT_EQ(contents(1).ticket, 0U);
  const std::string next = "set_tickets c0 on\nssl_clear n0\nssl_clear n1\nset_session n0 s1\n";
  EXPECT_EQ(result(refused + next + kShake), kResumed);
  const std::string by_id =
      kConnections + kShake + kGet + "set_id s0 id_a\nadd c0 s0\nset_tickets c0 off\n" + kAgain;
  EXPECT_EQ(result(by_id), kResumed);

  contract_.hazards.add(Hazard::STALE_TICKET);
  contract_.hazards.add(Hazard::TICKET_HIDES_ID);
  result(refused);
  EXPECT_EQ(contents(1).ticket, contents(0).ticket);
  EXPECT_EQ(result(refused + next + kShake), 0) << "the ticket is for another secret";
  EXPECT_EQ(result(by_id), kFull);
}

TEST_F(CopyingHandshakeTest, WhatDamagedBytesHaveIsNotOffered) {
  const std::string text = kById + "s1 = new\nb0 = i2d s1\nchange b0 5\n";
  choice_ = 1;
  EXPECT_EQ(legality(text + "s2 = d2i b0\nset_session n0 s2\n" + kShake), Legality::kTooMany);
}

// As a library has it whose cache is a database of the application's.
class DatabaseTest : public CopyingHandshakeTest {
 protected:
  DatabaseTest() {
    EXPECT_EQ(
        contract_.set_words("cache-size-zero=unlimited cache-size=0 expired-entries=kept "
                            "zero-entry-timeout=at-once set-session-empty=refused "
                            "longest-default-timeout=604800 ticket-age=of-context "
                            "ticket-keys=of-timeout ticket-session-id=chosen bad-session=removed "
                            "connection-settings=at-birth ticket-on-resumption=no "
                            "ticket-hello-id=of-session context-timeout=21600"),
        "");
  }
  void add(Hazard hazard) { contract_.hazards.add(hazard); }
};

const std::string kShut = "shutdown n1 send\n";
const std::string kNumber = "get_number c0\n";

TEST_F(DatabaseTest, AServerRemovesItsOwnSession) {
  const std::string shaken = kById + kShake + kGet;
  EXPECT_EQ(result(shaken + "remove_own n0\n" + kNumber), 1) << "a client's is in no cache";
  EXPECT_EQ(result(shaken + "remove_own n1\nremove_own n1\n" + kNumber), 0);
  EXPECT_EQ(result(shaken + "remove_own n1\n" + kAgain), kFull);
  EXPECT_EQ(result(kById + "remove_own n1\n"), 0) << "nothing is established";
  EXPECT_EQ(legality(kById + "handshake n0 n1 after_client_hello\nremove_own n1\n"),
            Legality::kNotReady);
}

TEST_F(DatabaseTest, ThoseBehindARemovedEntryStay) {
  const std::string two = kById + kShake + kGet + kShut + "ssl_clear n0\nssl_clear n1\n" + kShake;
  EXPECT_EQ(result(two + kShut + kAgain + "remove_own n1\n" + kNumber), 1);
  EXPECT_EQ(result(two + "s1 = copy_session n0\n" + kShut + kAgain + "remove_own n1\n" +
                   "ssl_clear n0\nssl_clear n1\nset_session n0 s1\n" + kShake),
            kResumed);
}

TEST_F(DatabaseTest, TheEndOfABadConnectionTakesItsSessionAlong) {
  for (const std::string end : {"ssl_free n1\n", "ssl_clear n1\n"}) {
    contract_.hazards = Hazards();
    EXPECT_EQ(result(kById + kShake + end + kNumber), 0) << end;
    EXPECT_EQ(result(kById + kShake + kShut + end + kNumber), 1) << end;
    add(Hazard::END_KEEPS_ENTRY);
    EXPECT_EQ(result(kById + kShake + end + kNumber), 1) << end;
  }
  contract_.hazards = Hazards();
  EXPECT_EQ(result(kById + kShake + "ssl_free n0\n" + kNumber), 1) << "a client's";
}

TEST_F(DatabaseTest, ATimeoutIsTheConnectionsAndNoneIsEndless) {
  const std::string start = "c0 = ctx_new\nset_tickets c0 off\nset_default_timeout c0 0\n";
  const std::string pair = "n0 = ssl_new c0\nn1 = ssl_new c0\n";
  EXPECT_EQ(result(start + pair + kShake + kGet + kShut + kAgain), kResumed) << "in that second";
  const std::string later = kShake + kGet + kShut + "clock 1\n";
  EXPECT_EQ(result(start + pair + later + kAgain), kFull);
  EXPECT_EQ(result(start + pair + "set_default_timeout c0 300\n" + later + kAgain), kFull);
  EXPECT_EQ(result(start + "set_default_timeout c0 300\n" + pair + later + kAgain), kResumed);
  EXPECT_EQ(result(start + pair + later + kAgain + kNumber), 2) << "one has expired, and is there";
  result("c0 = ctx_new\nset_default_timeout c0 9223372036854775807\n");
  EXPECT_EQ(state_.contexts[0].timeout, 604800);
}

TEST_F(DatabaseTest, ATicketIsTakenInItsTimeByServersOfItsTimeout) {
  const std::string given = kConnections + kShake + kGet;
  result(given + "s1 = copy_session n1\n");
  EXPECT_NE(contents(0).id, empty_fingerprint());
  EXPECT_NE(contents(0).id, contents(1).id) << "each side has one of its own";
  EXPECT_EQ(result(given + "clock 7200\n" + kAgain), kResumed);
  EXPECT_EQ(result(given + "clock 100000000\n" + kAgain), kFull);
  EXPECT_EQ(result(given + "ssl_free n1\nset_default_timeout c0 7200\nn1 = ssl_new c0\n" +
                   "ssl_clear n0\nset_session n0 s0\n" + kShake),
            kFull)
      << "its keys are others";
  const std::string short_lived = "c0 = ctx_new\nset_default_timeout c0 300\n" +
                                  std::string("n0 = ssl_new c0\nn1 = ssl_new c0\nclock 300\n");
  EXPECT_EQ(result(short_lived + "clock 300\n" + kShake + kGet + "clock 300\n" + kAgain), kResumed)
      << "behind a change of keys";
}

// TLS 1.3, of which nothing but a ticket stands for a session.
class TicketDataTest : public DatabaseTest {
 protected:
  TicketDataTest() {
    EXPECT_EQ(contract_.set_words("ticketless-copy=dummy resumed-lifetime=of-first"), "");
  }
};

const std::string kTls13 = "c0 = ctx_new\nset_protocol c0 tls1.3\nset_default_timeout c0 300\n";
const std::string kPair = "n0 = ssl_new c0\nn1 = ssl_new c0\n";
const std::string kNewPair = "ssl_free n0\nssl_free n1\n" + kPair;
const std::string kGiven = kTls13 + kPair + kShake + kGet;

TEST_F(TicketDataTest, AClientResumesByATicketAndAServerCachesNothing) {
  EXPECT_EQ(result(kGiven + kNumber), 0);
  EXPECT_TRUE(is_symbol(contents(0).ticket));
  EXPECT_EQ(contents(0).version, 0x0304);
  EXPECT_EQ(result(kGiven + "clock 300\n" + kAgain), kResumed);
  EXPECT_EQ(result(kGiven + "clock 300\nclock 1\n" + kAgain), kFull);
  EXPECT_EQ(result(kGiven + "set_tickets c0 off\n" + kNewPair + "set_session n0 s0\n" + kShake),
            kFull);
  EXPECT_EQ(result(kTls13 + kPair + "c1 = ctx_new\nssl_free n0\nn0 = ssl_new c1\n" + kShake + kGet +
                   kAgain),
            kResumed)
      << "TLS 1.2, for the client speaks no other";
}

TEST_F(TicketDataTest, WithoutATicketThereIsADummyOrNothing) {
  const std::string off = kTls13 + "set_tickets c0 off\n" + kPair + kShake + kGet;
  for (const std::string& text : {off, kTls13 + kPair + kShake + "s0 = copy_session n1\n",
                                  kGiven + "ssl_clear n0\nssl_clear n1\nset_session n0 s0\n" +
                                      "handshake n0 n1 after_client_flight\nfree s0\n" + kGet}) {
    result(text);
    EXPECT_EQ(contents(0).ticket, 0U) << text;
    EXPECT_EQ(contents(0).time, 0) << text;
    EXPECT_EQ(result(text + kNewPair + "set_session n0 s0\n"), 1) << text;
    EXPECT_EQ(state_.connections[0].offers, 0) << text;
  }
  EXPECT_EQ(contract_.set_words("ticketless-copy=nothing"), "");
  EXPECT_EQ(result(off), kResultNull);
}

TEST_F(TicketDataTest, ATicketComesWithTheServersFlightUnlessTheSessionIsResumed) {
  for (const char* stop : {"after_server_flight", "after_client_flight"}) {
    const std::string cut = std::string("handshake n0 n1 ") + stop + "\n";
    result(kTls13 + kPair + cut + kGet);
    EXPECT_TRUE(is_symbol(contents(0).ticket)) << stop;
    result(kGiven + "ssl_clear n0\nssl_clear n1\nset_session n0 s0\n" + cut +
           "s1 = copy_session n0\n");
    EXPECT_EQ(contents(1).ticket, 0U) << stop;
  }
}

TEST_F(TicketDataTest, AResumptionEndsWithTheFirstSessionOrBeginsAgain) {
  const std::string resumed = kGiven + "clock 1\n" + kAgain + "s1 = copy_session n0\n";
  const std::string next = "ssl_clear n0\nssl_clear n1\nclock 300\nset_session n0 s1\n" + kShake;
  result(resumed);
  EXPECT_EQ(contents(1).time, kClockStart);
  EXPECT_EQ(contents(1).id, contents(0).id);
  EXPECT_EQ(result(resumed + next), kFull);
  result(resumed + "s2 = copy_session n1\n");
  EXPECT_EQ(contents(2).timeout, contents(0).timeout) << "the ticket's is nobody's";
  result(kGiven + "clock 300\n" + kAgain + "s1 = copy_session n0\n");
  EXPECT_EQ(contents(1).ticket, 0U) << "it would have no time left";
  EXPECT_EQ(contract_.set_words("resumed-lifetime=own"), "");
  EXPECT_EQ(result(resumed + next), kResumed);
  EXPECT_EQ(contents(1).time, kClockStart + 1);
}

TEST_F(TicketDataTest, OldSessionsAreNotResumedAndKnownBugsOfThemAreExpected) {
  const std::string newer = kNewPair + "set_session n0 s0\n" + kShake;
  const std::string by_ticket = kConnections + kShake + kGet + "set_protocol c0 tls1.3\n" + newer;
  const std::string by_id = kById + kShake + kGet + kShut + "set_tickets c0 on\n" +
                            "set_protocol c0 tls1.3\n" + newer + "s1 = copy_session n0\n" +
                            "set_protocol c0 tls1.2\n" + kNewPair + "set_session n0 s1\n" + kShake;
  EXPECT_EQ(result(by_ticket), kFull);
  EXPECT_EQ(result(by_id), kFull);
  EXPECT_EQ(contents(1).id, contents(0).id);
  add(Hazard::OLD_TICKET_ENDS);
  add(Hazard::OLD_ID_STAYS);
  EXPECT_EQ(result(by_ticket), 0);
  EXPECT_EQ(result(by_id), 0) << "the client has not the secret that goes with the id";
}

TEST_F(TicketDataTest, HazardsOfDataAreKept) {
  const std::string fresh = kTls13 + kPair + kGet;
  const std::string twice = kGiven + "ssl_clear n0\nset_session n0 s0\nset_session n0 s0\n";
  const std::string dummy =
      kGiven + "s1 = copy_session n1\nssl_clear n0\nset_session n0 s0\n" + "set_session n0 s1\n";
  for (const std::string& text : {fresh, twice, dummy}) {
    EXPECT_EQ(legality(text), Legality::kLegal) << text;
  }
  add(Hazard::UNFINISHED_COPIED);
  add(Hazard::SET_AGAIN_LEAKS);
  add(Hazard::SET_AGAIN_KEEPS_TICKET);
  for (const std::string& text : {fresh, twice, dummy}) {
    EXPECT_EQ(legality(text), Legality::kHazard) << text;
  }
}

TEST_F(DatabaseTest, WhatNoHandshakeMadeIsNotSet) {
  EXPECT_EQ(result(kById + "s0 = new\nset_session n0 s0\n"), 0);
  EXPECT_EQ(state_.connections[0].offers, 0);
}

TEST_F(DatabaseTest, HazardsAreKept) {
  const std::string unfinished = kById + "handshake n0 n1 after_client_hello\n" + kGet;
  const std::string again = kConnections + kShake + kGet + "s1 = copy_session n1\nssl_clear n0\n" +
                            "set_session n0 s0\nset_session n0 s1\n";
  for (const std::string& text : {unfinished, again}) {
    EXPECT_EQ(legality(text), Legality::kLegal) << text;
  }
  add(Hazard::UNFINISHED_COPIED);
  add(Hazard::SET_AGAIN_KEEPS_TICKET);
  for (const std::string& text : {unfinished, again}) {
    EXPECT_EQ(legality(text), Legality::kHazard) << text;
  }
}

}  // namespace
}  // namespace lastref
