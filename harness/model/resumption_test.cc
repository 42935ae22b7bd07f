// Which session a second handshake resumes, and who holds what then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/model/model_fixture.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kContexts = "c0 = ctx_new\nc1 = ctx_new\n";
const std::string kById = kContexts + "set_protocol c0 tls1.2\nset_tickets c1 off\n";
const std::string kByTicket = kContexts + "set_protocol c0 tls1.2\n";
const std::string kStateful = kContexts + "set_tickets c1 off\n";
const std::string kStateless = kContexts;
const std::string kFirst = "n0 = ssl_new c0\nn1 = ssl_new c1\nhandshake n0 n1 complete\n";
// Both connections are as new and hold their sessions.
const std::string kAgain = "shutdown n0 quiet\nshutdown n1 quiet\nssl_clear n0\nssl_clear n1\n";
const std::string kSecond = kAgain + "handshake n0 n1 complete\n";

class ResumptionTest : public ModelTest {
 protected:
  const Contents& contents(std::size_t number) const { return state_.sessions[number].contents; }
  std::int64_t result_of(const std::string& lines) {
    EXPECT_EQ(run(lines), Legality::kLegal);
    return expected_.result;
  }
};

TEST_F(ResumptionTest, ByIdBothSidesGoOnWithWhatTheyHave) {
  EXPECT_EQ(result_of(kById + kFirst + kSecond), kHandshakeResumed);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(holders(0), "cache connections 1");
  EXPECT_EQ(holders(1), "connections 1");
  EXPECT_EQ(state_.contexts[0].hits, 1);
  EXPECT_EQ(state_.contexts[1].hits, 1);
}

TEST_F(ResumptionTest, ByTicketTheServerMakesASessionOutOfIt) {
  EXPECT_EQ(result_of(kByTicket + kFirst + kSecond), kHandshakeResumed);
  EXPECT_THAT(events(), ElementsAre("birth 2", "death 0"));
  EXPECT_EQ(holders(2), "connections 1");
  EXPECT_EQ(contents(2).id, contents(1).id) << "the id that came with the ticket";
  EXPECT_EQ(contents(2).master_key, contents(1).master_key);
}

TEST_F(ResumptionTest, ByPskEachSideGetsANewSession) {
  EXPECT_EQ(result_of(kStateless + kFirst + kSecond), kHandshakeResumed);
  EXPECT_THAT(events(), ElementsAre("birth 2", "birth 3", "death 0", "death 1"));
  EXPECT_EQ(state_.issued, 3) << "one ticket after a resumption";
}

TEST_F(ResumptionTest, ByStatefulPskTheCacheGetsOneMore) {
  EXPECT_EQ(result_of(kStateful + kFirst + kSecond), kHandshakeResumed);
  EXPECT_EQ(cache(1), "3 0 2");
}

TEST_F(ResumptionTest, AClientWithoutASessionOffersNothing) {
  EXPECT_EQ(result_of(kById + kFirst + kAgain + "set_session n0 null\nhandshake n0 n1 complete\n"),
            kHandshakeFull);
  EXPECT_EQ(state_.contexts[1].misses, 0);
}

TEST_F(ResumptionTest, WhatIsNotInTheCacheIsAMissOfTheServer) {
  EXPECT_EQ(result_of(kById + kFirst + "flush c1 0\n" + kSecond), kHandshakeFull);
  EXPECT_EQ(state_.contexts[1].misses, 1);
  EXPECT_EQ(state_.contexts[0].misses, 0);
}

TEST_F(ResumptionTest, WithoutAnInternalLookupNothingIsFoundOrMissed) {
  EXPECT_EQ(result_of(kById + "set_mode c1 server|no_internal_lookup\n" + kFirst + kSecond),
            kHandshakeFull);
  EXPECT_EQ(state_.contexts[1].misses, 0);
}

TEST_F(ResumptionTest, WhatTheGetCallbackAnswersIsAHitOfIts) {
  const std::string outside = kById +
                              "set_mode c1 server|no_internal_lookup\non_get c1 borrowed_copy1\n" +
                              kFirst + "s0 = get1_session n1\n";
  EXPECT_EQ(result_of(outside + "get_cb_hits c1\n"), 0);
  EXPECT_EQ(result_of(kSecond + "get_cb_hits c1\n"), 1);
  EXPECT_EQ(result_of("get_cb_hits c0\n"), 0);
}

TEST_F(ResumptionTest, AMarkedSessionThatTheGetCallbackAnswersIsNoHit) {
  EXPECT_EQ(result_of(kById + "set_mode c1 server|no_internal_lookup\non_get c1 borrowed_copy1\n" +
                      kFirst + "s0 = get1_session n1\nremove c1 s0\n" + kSecond),
            kHandshakeFull);
  EXPECT_EQ(result_of("get_cb_hits c1\n"), 0);
}

TEST_F(ResumptionTest, AServerSaysWhichIdsItWouldFind) {
  contract_.set("protocol", "771");
  EXPECT_EQ(result_of("c0 = ctx_new\nn0 = ssl_new c0\ns0 = new_with_id id_a\n"
                      "set_version s0 tls1.2\nhas_session_id n0 id_a\n"),
            0);
  EXPECT_EQ(result_of("add c0 s0\nhas_session_id n0 id_a\n"), 1);
  EXPECT_EQ(result_of("has_session_id n0 id_b\n"), 0);
  EXPECT_EQ(result_of("has_session_id n0 id_long\n"), 0);
  EXPECT_EQ(result_of("remove c0 s0\nhas_session_id n0 id_a\n"), 0);
}

TEST_F(ResumptionTest, AnotherIdContextIsNotResumed) {
  EXPECT_EQ(result_of(kById + kFirst + kAgain +
                      "ssl_free n1\nset_sid_context c1 sid_a\nn1 = ssl_new c1\n"
                      "handshake n0 n1 complete\n"),
            kHandshakeFull);
  EXPECT_EQ(cache(1), "2 0") << "the old one is still good for its own";
}

TEST_F(ResumptionTest, AnExpiredSessionThatWasFoundByItsIdLeavesTheCache) {
  EXPECT_EQ(result_of(kById + "on_remove c1 watch\n" + kFirst + "clock 100000000\n" + kSecond),
            kHandshakeFull);
  EXPECT_EQ(state_.contexts[1].timeouts, 1);
  EXPECT_EQ(cache(1), "2");
  EXPECT_THAT(events(),
              ElementsAre("birth 2", "birth 3", "remove callback 0", "death 0", "death 1"));
}

TEST_F(ResumptionTest, AnExpiredTicketIsATimeoutToo) {
  EXPECT_EQ(result_of(kByTicket + kFirst + "clock 100000000\n" + kSecond), kHandshakeFull);
  EXPECT_EQ(state_.contexts[1].timeouts, 1);
}

TEST_F(ResumptionTest, AClientOffersNoTicketOfTls13BeyondItsLifetime) {
  EXPECT_EQ(result_of(kStateless + kFirst + "clock 100000000\n" + kSecond), kHandshakeFull);
  EXPECT_EQ(state_.contexts[1].timeouts, 0) << "the server never saw it";
}

TEST_F(ResumptionTest, ATicketOfAnotherKeyIsNotOpened) {
  for (const std::string& settings : {kByTicket, kStateless}) {
    state_ = State();
    EXPECT_EQ(result_of(settings + kFirst + "set_ticket_key c1 ticket_key_a\n" + kSecond),
              kHandshakeFull);
  }
}

TEST_F(ResumptionTest, AClientDoesNotOfferAMarkedSession) {
  EXPECT_EQ(result_of(kById + "set_mode c0 both\n" + kFirst +
                      "s0 = get1_session n0\nremove c0 s0\n" + kSecond),
            kHandshakeFull);
  EXPECT_EQ(state_.contexts[1].misses, 0);
}

TEST_F(ResumptionTest, AClientThatTakesNoTicketsOffersTheIdAlone) {
  // The id of a session with a ticket is the client's own: no cache has it.
  EXPECT_EQ(result_of(kByTicket + kFirst + "s0 = get1_session n0\n" + kAgain +
                      "ssl_free n0\nset_tickets c0 off\nn0 = ssl_new c0\nset_session n0 s0\n"
                      "handshake n0 n1 complete\n"),
            kHandshakeFull);
  EXPECT_EQ(state_.contexts[1].misses, 1);
}

TEST_F(ResumptionTest, ASessionOfAnotherIdContextThanItsClientsIsBeyondTheModel) {
  EXPECT_EQ(run(kById + kFirst + "s0 = get1_session n0\n" + kAgain +
                "ssl_free n0\nset_sid_context c0 sid_a\nn0 = ssl_new c0\nset_session n0 s0\n"
                "handshake n0 n1 complete\n"),
            Legality::kTooMany);
}

TEST_F(ResumptionTest, AServerDoesNotResumeAMarkedSession) {
  const std::string marked = kById + kFirst + "s0 = get1_session n1\nremove c1 s0\nadd c1 s0\n";
  EXPECT_EQ(result_of(marked + kSecond), kHandshakeFull);
  state_ = State();
  contract_.hazards.add(Hazard::MARKED_RESUMES);
  EXPECT_EQ(run(marked + kSecond), Legality::kHazard);
}

TEST_F(ResumptionTest, ARefusedConnectionsSessionIsNotResumed) {
  run(kById + kFirst + kAgain + "handshake n0 n1 refused\nssl_clear n0\nssl_clear n1\n");
  EXPECT_EQ(result_of("handshake n0 n1 complete\n"), kHandshakeFull);
}

TEST_F(ResumptionTest, AServerThatUpdatesTimesMakesWhatItResumesNew) {
  const std::string later = "clock 300\n";
  const std::string updates = kById + "set_mode c1 server|update_time\n" + kFirst + later;
  result_of(updates + kSecond);
  EXPECT_EQ(contents(0).time, kClockStart + 300);
  state_ = State();
  result_of(kById + kFirst + later + kSecond);
  EXPECT_EQ(contents(0).time, kClockStart);
  state_ = State();
  contract_.hazards.add(Hazard::RESUME_KEEPS_TIME);
  result_of(updates + kSecond);
  EXPECT_EQ(contents(0).time, kClockStart);
}

TEST_F(ResumptionTest, AClientThatIsRefusedCountsAMissOnlyByAHazard) {
  const std::string refused = kById + kFirst + "flush c1 0\n" + kSecond;
  contract_.hazards.add(Hazard::CLIENT_MISSES);
  result_of(refused);
  EXPECT_EQ(state_.contexts[0].misses, 1);
  EXPECT_EQ(state_.contexts[1].misses, 1);
}

// The get callback, which is asked when the cache is not: SSL_CTX_sess_set_get_cb(3).

const std::string kExternal =
    kById + "set_mode c1 server|no_internal_lookup\n" + kFirst + "s0 = get1_session n1\n";

TEST_F(ResumptionTest, ACallbackThatHasNothingMakesAFullHandshake) {
  EXPECT_EQ(result_of(kExternal + "on_get c1 none\n" + kSecond), kHandshakeFull);
  EXPECT_EQ(events()[2], "get callback 255");
}

TEST_F(ResumptionTest, TheCallbackIsAskedAfterTheCache) {
  EXPECT_EQ(result_of(kById + kFirst + "on_get c1 borrowed\ns0 = get1_session n1\n" + kSecond),
            kHandshakeResumed);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(result_of("remove c1 s0\n" + kSecond), kHandshakeFull) << "it returned a marked one";
  EXPECT_EQ(events()[2], "get callback 0");
}

struct Answer {
  const char* on_get;
  const char* holders;  // of the session afterwards
};

class GetCallbackTest : public ResumptionTest, public testing::WithParamInterface<Answer> {};

TEST_P(GetCallbackTest, LeavesTheApplicationWhatItDoesNotHandOver) {
  EXPECT_EQ(result_of(kExternal + "on_get c1 " + GetParam().on_get + "\n" + kSecond),
            kHandshakeResumed);
  EXPECT_THAT(events(), ElementsAre("get callback 0"));
  EXPECT_EQ(holders(0), GetParam().holders);
}

INSTANTIATE_TEST_SUITE_P(
    EachCell, GetCallbackTest,
    testing::Values(Answer{"borrowed", "application 1 cache connections 1"},
                    Answer{"borrowed_copy1", "application 1 cache connections 1"},
                    Answer{"borrowed_copy0", "cache connections 1"},
                    Answer{"owned", "application 2 cache connections 1"},
                    Answer{"owned_copy1", "application 2 cache connections 1"},
                    Answer{"owned_copy0", "application 1 cache connections 1"}),
    [](const auto& of) { return std::string(of.param.on_get); });

TEST_F(ResumptionTest, ACallbackThatHandsOverWhatItBorrowedIsMisuse) {
  const std::string borrowed = kById + "set_mode c1 server|no_internal_lookup\n" + kFirst +
                               "s0 = get0_session n1\n" + kAgain;
  EXPECT_EQ(run(borrowed + "on_get c1 borrowed_copy0\nhandshake n0 n1 complete\n"),
            Legality::kBorrowedFree);
  EXPECT_EQ(run("on_get c1 owned_copy0\nhandshake n0 n1 complete\n"), Legality::kLegal);
}

TEST_F(ResumptionTest, WhatTheCallbackReturnsIsCachedUnlessNothingIsStored) {
  const std::string removed = "flush c1 0\non_get c1 borrowed\n";
  result_of(kExternal + removed + kSecond);
  EXPECT_EQ(cache(1), "0");
  state_ = State();
  result_of(kById + "set_mode c1 both|no_internal\n" + kFirst + "s0 = get1_session n1\n" + removed +
            kSecond);
  EXPECT_EQ(cache(1), "");
  EXPECT_EQ(holders(0), "application 1 connections 1");
}

}  // namespace
}  // namespace lastref
