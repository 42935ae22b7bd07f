#include "harness/report/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/renumbering.h"
#include "harness/report/fixtures.h"

namespace lastref {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Timeline timeline_of(const std::string& operations) {
  return make_timeline(Contract(), program_of(operations));
}

TEST(Timeline, TellsWhoHoldsWhatAfterEachOperation) {
  const Timeline timeline = timeline_of(
      "c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nadd c0 s0\nset_session n0 s0\nfree s0\n");
  EXPECT_THAT(changes(timeline.steps[2]),
              ElementsAre("session 1 (s0) is born: application 1 = 1 reference"));
  EXPECT_THAT(changes(timeline.steps[3]),
              ElementsAre("session 1 (s0): application 1, cache c0 = 2 references"));
  EXPECT_THAT(changes(timeline.steps[4]),
              ElementsAre("session 1 (s0): application 1, cache c0, connection n0 = 3 references"));
  EXPECT_THAT(changes(timeline.steps[5]),
              ElementsAre("session 1 (s0): cache c0, connection n0 = 2 references"));
}

TEST(Timeline, AnOperationInWhichAnAllocationFailsMayHaveDoneNothing) {
  const Timeline timeline = timeline_of("s0 = new\nfail_alloc 1: s1 = dup s0\n");
  EXPECT_THAT(changes(timeline.steps[1]),
              ElementsAre("session 2 (s1) is born: application 1 = 1 reference",
                          "an allocation fails in it, so that it may have done nothing of it"));
}

TEST(Timeline, GoesOnToTheEndOfTheTeardown) {
  const Timeline timeline = timeline_of("s0 = new\n");
  ASSERT_EQ(timeline.steps.size(), 2U);
  EXPECT_TRUE(timeline.steps[1].teardown);
  EXPECT_EQ(timeline.steps[1].index, 1);
  EXPECT_EQ(operation_text(timeline.steps[1]), "free s0");
  EXPECT_THAT(changes(timeline.steps[1]), ElementsAre("session 1 is destroyed"));
}

TEST(Timeline, BorrowTakesNoReference) {
  const Timeline timeline = timeline_of(
      "c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nset_session n0 s0\ns1 = get0_session n0\n");
  EXPECT_THAT(changes(timeline.steps[4]), ElementsAre("session 1 (s0, s1): no reference taken"));
}

TEST(Timeline, CallbacksAreTold) {
  const Timeline timeline =
      timeline_of("c0 = ctx_new\non_remove c0 watch\ns0 = new\nadd c0 s0\nfree s0\nflush c0 0\n");
  EXPECT_THAT(
      changes(timeline.steps[5]),
      ElementsAre("the remove callback of c0 runs with session 1", "session 1 is destroyed"));
}

constexpr const char* kBothSides =
    "c0 = ctx_new\nc1 = ctx_new\nset_protocol c0 tls1.2\nset_tickets c0 off\non_new c0 decline\n"
    "on_new c1 keep\nset_mode c0 both\nn0 = ssl_new c0\nn1 = ssl_new c1\n";

TEST(Timeline, ACallbackOfAHandshakeNamesItsConnection) {
  const Timeline timeline = timeline_of(std::string(kBothSides) + "handshake n0 n1 complete\n");
  EXPECT_THAT(changes(timeline.steps[9]),
              ElementsAre("session 1 (s0) is born: application 1, cache c1, connection n1 = 3 "
                          "references",
                          "session 2 is born: cache c0, connection n0 = 2 references",
                          "the new callback for connection n1 runs with session 1",
                          "the new callback for connection n0 runs with session 2"));
}

TEST(Timeline, AGetCallbackThatHasNothingReturnsNoSession) {
  const Timeline timeline =
      timeline_of(std::string(kBothSides) +
                  "on_new c1 off\nset_mode c1 server|no_internal_lookup\non_get c1 none\n"
                  "handshake n0 n1 complete\nshutdown n0 quiet\nshutdown n1 quiet\n"
                  "ssl_clear n0\nssl_clear n1\nset_mode c0 off\nhandshake n0 n1 complete\n");
  EXPECT_THAT(changes(timeline.steps[18]),
              testing::Contains("the get callback for connection n1 returns no session"));
}

TEST(Timeline, SessionsWithoutANumberAreSaidInWords) {
  EXPECT_EQ(session_name(0), "session 1");
  EXPECT_EQ(session_name(kNobody), "no session");
  EXPECT_EQ(session_name(kTemporary), "a session that the handshake itself ended");
}

TEST(Timeline, DeathsStandInTheirOrder) {
  const Timeline timeline = timeline_of(
      "c0 = ctx_new\ns0 = new\nset_timeout s0 7200\nset_id s0 id_a\nadd c0 s0\ns1 = new\n"
      "add c0 s1\nfree s0\nfree s1\nflush c0 0\n");
  EXPECT_THAT(changes(timeline.steps[9]),
              ElementsAre("session 2 is destroyed", "session 1 is destroyed"));
}

TEST(Timeline, BodyStandsOnTheLineOfItsCallback) {
  const Timeline timeline =
      timeline_of("c0 = ctx_new\ns0 = new\non_remove c0 do up_ref arg\nadd c0 s0\n");
  EXPECT_EQ(operation_text(timeline.steps[2]), "on_remove c0 do up_ref arg");
  EXPECT_EQ(timeline.at(3), &timeline.steps[2]);
  EXPECT_EQ(timeline.at(4), &timeline.steps[3]);
}

TEST(Timeline, EndsItsJudgementAtABrokenRule) {
  const Timeline timeline = timeline_of("s0 = new\nfree s0\nfree s0\ns1 = new\n");
  EXPECT_EQ(timeline.steps[2].legality, Legality::kDoubleFree);
  EXPECT_TRUE(timeline.steps[2].judged);
  EXPECT_FALSE(timeline.steps[3].judged);
  EXPECT_THAT(changes(timeline.steps[3]), IsEmpty());
  EXPECT_EQ(timeline.steps.size(), 4U);
}

TEST(Timeline, DamagedBytesAreReadAsTheProgramNeedsThem) {
  const std::string damaged = "s0 = new\nb0 = i2d s0\ntruncate b0 5\ns1 = d2i b0\n";
  EXPECT_EQ(timeline_of(damaged + "up_ref s1\n").steps[4].legality, Legality::kLegal);
  EXPECT_EQ(timeline_of(damaged + "free s1\n").steps[4].legality, Legality::kLegal);
}

TEST(Timeline, IndexOutsideOfTheProgramIsNoStep) {
  const Timeline timeline = timeline_of("s0 = new\n");
  EXPECT_EQ(timeline.at(-1), nullptr);
  EXPECT_EQ(timeline.at(99), nullptr);
  EXPECT_EQ(make_timeline(Contract(), Program()).at(0), nullptr);
}

TEST(Holders, OfADeadOrUnbornSession) {
  const Timeline timeline = timeline_of("s0 = new\nfree s0\n");
  EXPECT_EQ(holders(timeline.steps[1].after, 0), "nobody");
  EXPECT_EQ(holders(timeline.steps[1].after, 7), "nobody");
  EXPECT_EQ(holders_sentence(timeline.steps[1].after, 0), "");
}

}  // namespace
}  // namespace lastref
