// Handshakes where a connection has a session of its own and servers find copies in a table of the
// process: what the sources say, then what each switch and each known bug changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/model/model_fixture.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kOwn =
    "cache-adds=copy fresh-connection-session=own set-session=copies clear-session=renews "
    "new-time=zero new-timeout=0 context-timeout=500 protocol=771 tickets=asked-for "
    "hello-tests=when-set remove-marks=expires cache-mode=flags bad-session=kept";

const std::string kTwo = "c0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\n";
const std::string kFull = kTwo + "handshake n0 n1 complete\n";
const std::string kAgain = "ssl_free n0\nssl_free n1\nn0 = ssl_new c0\nn1 = ssl_new c0\n";
const std::string kKept = kFull + "s0 = get1_session n0\n";
const std::string kOffered = kKept + kAgain + "set_session n0 s0\n";

const std::string kTls13 =
    "c0 = ctx_new\nset_protocol c0 tls1.3\nn0 = ssl_new c0\nn1 = ssl_new c0\n"
    "handshake n0 n1 complete\n";
const std::string kTicket =
    "c0 = ctx_new\nset_tickets c0 on\nn0 = ssl_new c0\nn1 = ssl_new c0\n"
    "handshake n0 n1 complete\n";
// A client offers a session that is not in the cache.
const std::string kAsked =
    "c0 = ctx_new\nset_mode c0 server|no_internal_lookup\nn0 = ssl_new c0\nn1 = ssl_new c0\n"
    "handshake n0 n1 complete\ns0 = get1_session n0\n" +
    kAgain + "set_session n0 s0\n";

class OwnHandshakeTest : public ModelTest {
 protected:
  OwnHandshakeTest() { EXPECT_EQ(contract_.set_words(kOwn), ""); }

  // Steps the lines from the start, by the contract with these words on top.
  Legality by(const std::string& words, const std::string& lines) {
    state_ = State();
    EXPECT_EQ(contract_.set_words(std::string(kOwn) + " " + words), "");
    return run(lines);
  }
  // What a handshake behind the lines comes to.
  std::int64_t shake(const std::string& words, const std::string& lines) {
    EXPECT_EQ(by(words, lines + "handshake n0 n1 complete\n"), Legality::kLegal);
    return expected_.result;
  }
  const Contents& of(std::uint8_t connection) const {
    return state_.sessions[state_.connections[connection].session].contents;
  }
};

TEST_F(OwnHandshakeTest, FillsInTheSessionsThatTheConnectionsHave) {
  EXPECT_EQ(by("", kFull), Legality::kLegal);
  EXPECT_EQ(expected_.result, kHandshakeFull);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(of(0).id, of(1).id);
  EXPECT_EQ(of(0).master_key, of(1).master_key);
  EXPECT_NE(of(0).id, empty_fingerprint());
  EXPECT_EQ(of(0).time, kClockStart);
  EXPECT_EQ(of(1).timeout, 500);
  EXPECT_EQ(of(0).of_server, 0);
  EXPECT_EQ(of(1).of_server, 1);
  EXPECT_EQ(holders(0), "connections 1");
}

TEST_F(OwnHandshakeTest, AServerResumesTheCopyInTheTable) {
  EXPECT_EQ(shake("", kOffered), kHandshakeResumed);
  EXPECT_EQ(of(1).master_key, of(0).master_key);
  EXPECT_EQ(of(1).of_server, 1);
  // The table is of the process, and outlives the context.
  const std::string other = kKept + "ssl_free n0\nssl_free n1\nctx_free c0\nc0 = ctx_new\n" +
                            "n0 = ssl_new c0\nn1 = ssl_new c0\nset_session n0 s0\n";
  EXPECT_EQ(shake("one-context=free", other), kHandshakeResumed);
}

TEST_F(OwnHandshakeTest, ACopyIsLookedUpOnlyWhereTheModeAllowsItAndStoredLikewise) {
  const std::string offered = kAgain + "set_session n0 s0\n";
  EXPECT_EQ(shake("", kKept + "set_mode c0 server|no_internal_lookup\n" + offered), kHandshakeFull);
  const std::string unstored =
      "c0 = ctx_new\nset_mode c0 server|no_internal_store\n"
      "n0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n"
      "s0 = get1_session n0\ns1 = get1_session n1\n";
  EXPECT_EQ(shake("", unstored + offered), kHandshakeFull);
  // "the application can add them manually"
  EXPECT_EQ(shake("", unstored + "add c0 s1\n" + offered), kHandshakeResumed);
}

TEST_F(OwnHandshakeTest, ASessionThatWasOverWhenItWasSetIsNotOffered) {
  EXPECT_EQ(shake("", kKept + "clock 7200\n" + kAgain + "set_session n0 s0\n"), kHandshakeFull);
  // What was good when it was set is offered, and the server's to judge.
  EXPECT_EQ(by("", kOffered + "clock 7200\nhandshake n0 n1 after_client_hello\n"),
            Legality::kLegal);
  EXPECT_EQ(of(1).id, empty_fingerprint());
}

TEST_F(OwnHandshakeTest, ACutHandshakeFillsInWhatItReached) {
  const std::string hello = "handshake n0 n1 after_client_hello\n";
  EXPECT_EQ(by("", kTwo + hello), Legality::kLegal);
  EXPECT_EQ(of(1).id, empty_fingerprint());
  EXPECT_EQ(by("", kOffered + hello), Legality::kLegal);
  EXPECT_EQ(of(1).id, of(0).id) << "the copy that is about to be resumed";
  EXPECT_EQ(by("", kTwo + "handshake n0 n1 after_client_flight\n"), Legality::kLegal);
  EXPECT_EQ(of(0).id, empty_fingerprint());
  EXPECT_NE(of(1).id, empty_fingerprint());
  EXPECT_EQ(by("", kOffered + "handshake n0 n1 refused\n"), Legality::kLegal);
  EXPECT_EQ(of(1).id, empty_fingerprint());
}

TEST_F(OwnHandshakeTest, WhatTheApplicationHoldsStaysWhatItIsOrIsOverwritten) {
  const std::string held = kTwo + "s0 = get1_session n0\nhandshake n0 n1 complete\n";
  EXPECT_EQ(by("", held), Legality::kLegal);
  EXPECT_THAT(events(), ElementsAre("birth 2"));
  EXPECT_EQ(state_.sessions[0].contents.id, empty_fingerprint());
  EXPECT_EQ(holders(0), "application 1");
  contract_.hazards.add(Hazard::HANDSHAKE_OVERWRITES);
  EXPECT_EQ(by("", held), Legality::kLegal);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_NE(state_.sessions[0].contents.id, empty_fingerprint());
  EXPECT_EQ(holders(0), "application 1 connections 1");
}

TEST_F(OwnHandshakeTest, ARemovedSessionIsNotResumedUnlessItsCopyStays) {
  const std::string removed =
      kKept + "s1 = get1_session n1\nremove c0 s1\n" + kAgain + "set_session n0 s0\n";
  EXPECT_EQ(shake("", removed), kHandshakeFull);
  contract_.hazards.add(Hazard::REMOVE_KEEPS_COPY);
  EXPECT_EQ(shake("", removed), kHandshakeResumed);
}

TEST_F(OwnHandshakeTest, WhichCopyIsLeftAfterThreeMoreIsBeyondTheModel) {
  std::string stored = kKept;
  for (const char* id : {"id_a", "id_b", "id_c"}) {
    EXPECT_EQ(shake("", stored + kAgain + "set_session n0 s0\n"), kHandshakeResumed) << id;
    stored += std::string("s1 = new_with_id ") + id + "\nadd c0 s1\nfree s1\n";
  }
  EXPECT_EQ(by("", stored + kAgain + "set_session n0 s0\nhandshake n0 n1 complete\n"),
            Legality::kTooMany);
}

TEST_F(OwnHandshakeTest, AClientHearsOfItsSessionAtTheEndOrWithItsOwnFinished) {
  const std::string cut =
      "c0 = ctx_new\non_new c0 decline\nn0 = ssl_new c0\nn1 = ssl_new c0\n"
      "handshake n0 n1 after_server_flight\n";
  EXPECT_EQ(by("", cut), Legality::kLegal);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(by("client-finished=own-finished", cut), Legality::kLegal);
  EXPECT_THAT(events(), ElementsAre("new callback 0"));
}

TEST_F(OwnHandshakeTest, AConnectionHasTheSettingsOfItsBirthOrThoseThatHold) {
  const std::string changed = kTwo + "set_default_timeout c0 300\nhandshake n0 n1 complete\n";
  EXPECT_EQ(by("", changed), Legality::kLegal);
  EXPECT_EQ(of(1).timeout, 300);
  EXPECT_EQ(by("connection-settings=at-birth", changed), Legality::kLegal);
  EXPECT_EQ(of(1).timeout, 500);
}

TEST_F(OwnHandshakeTest, TheAgeOfNewSessionsMayBoundWhatIsResumed) {
  const std::string older =
      kKept + "set_default_timeout c0 1\nclock 300\n" + kAgain + "set_session n0 s0\n";
  EXPECT_EQ(shake("", older), kHandshakeResumed);
  EXPECT_EQ(shake("resumption-age=also-of-connection", older), kHandshakeFull);
}

TEST_F(OwnHandshakeTest, WithoutACacheTheSessionsAreFilledInOrStayEmpty) {
  const std::string off =
      "c0 = ctx_new\nset_mode c0 off\nn0 = ssl_new c0\nn1 = ssl_new c0\n"
      "handshake n0 n1 complete\n";
  EXPECT_EQ(by("", off), Legality::kLegal);
  EXPECT_EQ(of(1).time, kClockStart);
  EXPECT_EQ(of(1).id, empty_fingerprint());
  EXPECT_EQ(by("uncached-session=empty", off), Legality::kLegal);
  EXPECT_EQ(of(1).time, 0);
}

TEST_F(OwnHandshakeTest, AQuietShutdownMarksOrClears) {
  const std::string cleared = kFull + "shutdown n0 quiet\nssl_clear n0\n";
  EXPECT_EQ(by("", cleared), Legality::kLegal);
  EXPECT_NE(of(0).id, empty_fingerprint());
  EXPECT_EQ(by("quiet-shutdown=clears", cleared), Legality::kLegal);
  EXPECT_EQ(of(0).id, empty_fingerprint());
}

TEST_F(OwnHandshakeTest, AClientWithoutACacheCallsTheNewCallbackByAKnownBugOnly) {
  const std::string off =
      "c0 = ctx_new\nc1 = ctx_new\nset_mode c0 off\non_new c0 decline\n"
      "n0 = ssl_new c0\nn1 = ssl_new c1\nhandshake n0 n1 complete\n";
  EXPECT_EQ(by("", off), Legality::kLegal);
  EXPECT_THAT(events(), IsEmpty());
  contract_.hazards.add(Hazard::NEW_CALLBACK_OFF);
  EXPECT_EQ(by("", off), Legality::kLegal);
  EXPECT_THAT(events(), ElementsAre("new callback 0"));
}

TEST_F(OwnHandshakeTest, ATicketOfTls13StandsForASessionThatHasNoIdOfItsOwn) {
  EXPECT_EQ(by("", kTls13), Legality::kLegal);
  EXPECT_EQ(of(0).ticket, of(1).ticket);
  EXPECT_NE(of(0).id, empty_fingerprint());
  EXPECT_EQ(of(1).id, empty_fingerprint());
  EXPECT_NE(of(1).alias, 0);
  EXPECT_EQ(of(0).timeout, 300) << "what the server hinted at";
  EXPECT_EQ(of(1).timeout, 500);
  const std::string kept = kTls13 + "s0 = get1_session n0\n";
  const std::string offered = kAgain + "set_session n0 s0\n";
  EXPECT_EQ(shake("", kept + offered), kHandshakeResumed);
  EXPECT_EQ(of(1).id, state_.sessions[0].contents.id) << "as the client's hello says it";
  EXPECT_EQ(shake("", kept + "set_ticket_key c0 ticket_key_a\n" + offered), kHandshakeFull);
  EXPECT_EQ(shake("", kept + "set_default_timeout c0 1\n" + offered + "clock 300\n"),
            kHandshakeFull);
}

TEST_F(OwnHandshakeTest, AHintIsTheTimeoutThatTheServersContextWasTold) {
  EXPECT_EQ(by("",
               "c0 = ctx_new\nset_default_timeout c0 7200\nset_protocol c0 tls1.3\n"
               "n0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n"),
            Legality::kLegal);
  EXPECT_EQ(of(0).timeout, 7200);
}

TEST_F(OwnHandshakeTest, AClientOfTls12HasATicketWhereItAskedAndTheServerGivesOne) {
  EXPECT_EQ(by("", kFull), Legality::kLegal);
  EXPECT_EQ(of(0).ticket, 0);
  EXPECT_EQ(by("", kTicket), Legality::kLegal);
  EXPECT_NE(of(0).ticket, 0);
  EXPECT_EQ(of(1).id, empty_fingerprint());
  const std::string again = "s0 = get1_session n0\n" + kAgain + "set_session n0 s0\n";
  EXPECT_EQ(shake("", kTicket + again + "clock 1\n"), kHandshakeResumed);
  EXPECT_EQ(of(1).time, kClockStart) << "the ticket's";
  EXPECT_EQ(by("", "c0 = ctx_new\nset_tickets c0 off\nset_tickets c0 on\n"), Legality::kTooMany);
}

TEST_F(OwnHandshakeTest, AStaleTicketGivesWayToAFullHandshakeOrEndsIt) {
  const std::string stale = kTicket + "s0 = get1_session n0\nset_ticket_key c0 ticket_key_a\n" +
                            kAgain + "set_session n0 s0\n";
  EXPECT_EQ(shake("", stale), kHandshakeFull);
  contract_.hazards.add(Hazard::STALE_TICKET_ENDS);
  EXPECT_EQ(shake("", stale), kHandshakeIncomplete);
}

TEST_F(OwnHandshakeTest, TheGetCallbackIsAskedForWhatTheCacheHasNotOrBeforeIt) {
  const std::string shake_hands = "on_get c0 none\nhandshake n0 n1 complete\n";
  EXPECT_EQ(by("", kOffered + shake_hands), Legality::kLegal);
  EXPECT_THAT(events(), IsEmpty());
  contract_.hazards.add(Hazard::GET_CALLBACK_FIRST);
  EXPECT_EQ(by("", kOffered + shake_hands), Legality::kLegal);
  EXPECT_EQ(expected_.events.size(), 1);
  EXPECT_EQ(expected_.result, kHandshakeResumed);
}

TEST_F(OwnHandshakeTest, WhatTheGetCallbackReturnsIsCopied) {
  EXPECT_EQ(shake("", kAsked + "on_get c0 borrowed_copy1\n"), kHandshakeResumed);
  EXPECT_EQ(holders(0), "application 1");
  EXPECT_EQ(shake("", kAsked + "on_get c0 owned_copy1\n"), kHandshakeResumed);
  EXPECT_EQ(holders(0), "application 2");
  EXPECT_EQ(shake("", kAsked + "on_get c0 owned_copy0\n"), kHandshakeResumed);
  EXPECT_EQ(holders(0), "application 1");
  EXPECT_EQ(shake("", kAsked + "on_get c0 borrowed_copy0\n"), kHandshakeResumed);
  EXPECT_FALSE(state_.is_live(0)) << "the server gave the application's reference back";
}

TEST_F(OwnHandshakeTest, NothingIsSaidOfATicketThatIsOpenedBehindASwitchOfContexts) {
  const std::string offered =
      "c0 = ctx_new\nc1 = ctx_new\nset_protocol c0 tls1.3\nn0 = ssl_new c0\nn1 = ssl_new c0\n"
      "handshake n0 n1 complete\ns0 = get1_session n0\nssl_free n0\nssl_free n1\n"
      "n0 = ssl_new c0\nn1 = ssl_new c0\nset_session n0 s0\n";
  EXPECT_EQ(shake("", offered), kHandshakeResumed);
  EXPECT_EQ(by("", offered + "on_servername c0 c1\nhandshake n0 n1 complete\n"),
            Legality::kTooMany);
}

// Each precondition forbids its program, and no more than that one is needed for it.
TEST_F(OwnHandshakeTest, ProgramsOfKnownBugsAreNotJudged) {
  const std::string shake_hands = "handshake n0 n1 complete\n";
  const std::string cleared = "ssl_clear n0\nssl_clear n1\n";
  struct Case {
    Hazard hazard;
    std::string lines;
  };
  const Case cases[] = {
      {Hazard::SET_BIO_LEAKS, kFull + cleared + shake_hands},
      {Hazard::FAILED_BIO_LOST, kTwo + "fail_alloc 2: " + shake_hands},
      {Hazard::FAILED_BIO_LOST, kTwo + "fail_alloc 4+: " + shake_hands},
      {Hazard::CLEAR_KEEPS_STATE, kOffered + shake_hands + cleared + shake_hands},
      {Hazard::CLEAR_KEEPS_STATE, kTwo + "handshake n0 n1 refused\n" + cleared + shake_hands},
      {Hazard::CLEAR_KEEPS_STATE, kFull + cleared + "handshake n1 n0 complete\n"},
      {Hazard::CLEAR_KEEPS_STATE, kKept + cleared + "set_session n0 s0\n"},
      {Hazard::ID_CONTEXT_IGNORED,
       "c0 = ctx_new\nset_sid_context c0 sid_a\nn0 = ssl_new c0\nn1 = ssl_new c0\n" + shake_hands},
      {Hazard::CLEAR_KEEPS_STATE, kOffered + "ssl_clear n0\n" + shake_hands},
      {Hazard::SET_EXPIRED_ENDS, kOffered + "s1 = new\nset_session n0 s1\n"},
      {Hazard::SET_EXPIRED_KEEPS_ID,
       "c0 = ctx_new\nset_tickets c0 on\nc1 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\n" +
           shake_hands +
           "s0 = get1_session n1\nset_timeout s0 1\nclock 300\nssl_free n0\nssl_free n1\n"
           "n0 = ssl_new c1\nn1 = ssl_new c0\nset_session n0 s0\n" +
           shake_hands},
      {Hazard::TICKET_LOSES_SECRET,
       "c0 = ctx_new\nset_protocol c0 tls1.3\nn0 = ssl_new c0\nn1 = ssl_new c0\n" + shake_hands +
           "s0 = get1_session n0\nssl_free n0\nssl_free n1\nn0 = ssl_new c0\nn1 = ssl_new c0\n"
           "set_session n0 s0\nhandshake n0 n1 after_server_flight\n"},
      {Hazard::GET_CALLBACK_FREES, kAsked + "on_get c0 borrowed\n" + shake_hands},
      {Hazard::EX_DATA_IN_TABLE, kTwo + "on_remove c0 watch\n" + shake_hands},
      {Hazard::EX_DATA_IN_TABLE, kOffered + shake_hands + "on_remove c0 watch\n"},
      {Hazard::EX_DATA_IN_TABLE,
       kOffered + shake_hands + "s1 = get1_session n1\nset_ex_data s1 1\n"},
  };
  for (const Case& of : cases) {
    contract_.hazards = Hazards();
    EXPECT_EQ(by("", of.lines), Legality::kLegal) << of.lines;
    contract_.hazards.add(of.hazard);
    EXPECT_EQ(by("", of.lines), Legality::kHazard) << of.lines;
  }
}

}  // namespace
}  // namespace lastref
