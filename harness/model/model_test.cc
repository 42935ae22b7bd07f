#include "harness/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/model_fixture.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(ModelTest, NewReturnsAnObjectWithOneReference) {
  EXPECT_EQ(run("s0 = new\n"), Legality::kLegal);
  EXPECT_THAT(events(), ElementsAre("birth 0"));
  EXPECT_EQ(holders(0), "application 1");
}

TEST_F(ModelTest, TheLastFreeDestroys) {
  run("s0 = new\nup_ref s0\nfree s0\n");
  EXPECT_THAT(events(), IsEmpty());
  run("free s0\n");
  EXPECT_THAT(events(), ElementsAre("death 0"));
}

TEST_F(ModelTest, FreeOfNullDoesNothing) {
  EXPECT_EQ(run("free null\n"), Legality::kLegal);
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(ModelTest, ASecondFreeIsADoubleFree) {
  EXPECT_EQ(run("s0 = new\nfree s0\nfree s0\n"), Legality::kDoubleFree);
}

TEST_F(ModelTest, AFreeOfWhatTheCacheHoldsIsADoubleFree) {
  EXPECT_EQ(run("c0 = ctx_new\ns0 = new\nadd c0 s0\nfree s0\nfree s0\n"), Legality::kDoubleFree);
}

TEST_F(ModelTest, AnOperationOnADestroyedSessionIsMisuse) {
  EXPECT_EQ(run("s0 = new\nfree s0\nup_ref s0\n"), Legality::kDeadSession);
}

TEST_F(ModelTest, OverwritingTheLastPointerLosesAReference) {
  EXPECT_EQ(run("s0 = new\ns0 = new\n"), Legality::kLosesReference);
}

TEST_F(ModelTest, OverwritingOneOfTwoPointersLosesNothing) {
  EXPECT_EQ(run("s0 = new\ns1 = keep s0\ns0 = new\n"), Legality::kLegal);
}

TEST_F(ModelTest, OverwritingAPointerWithItselfLosesNothing) {
  EXPECT_EQ(run("s0 = new\ns0 = keep s0\n"), Legality::kLegal);
  EXPECT_EQ(holders(0), "application 2");
}

TEST_F(ModelTest, ARefusedDupLeavesNothing) {
  EXPECT_EQ(run("s0 = new\ndup_refused s0\n"), Legality::kLegal);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(expected_.result, 1);
  EXPECT_EQ(holders(0), "application 1");
  EXPECT_EQ(run("free s0\ndup_refused s0\n"), Legality::kDeadSession);
}

TEST_F(ModelTest, DupIsNotOwnedByTheCacheOfItsSource) {
  run("c0 = ctx_new\ns0 = new\nadd c0 s0\ns1 = dup s0\n");
  EXPECT_EQ(holders(0), "application 1 cache");
  EXPECT_EQ(holders(1), "application 1");
  EXPECT_EQ(cache(), "0");
}

TEST_F(ModelTest, TheCacheKeepsASessionThatTheApplicationFreed) {
  run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\nfree s0\n");
  EXPECT_THAT(events(), IsEmpty());
  run("flush c0 0\n");
  EXPECT_THAT(events(), ElementsAre("death 0"));
}

TEST_F(ModelTest, AddingTheSameObjectAgainIsANoOp) {
  run("c0 = ctx_new\ns0 = new\nadd c0 s0\n");
  EXPECT_EQ(expected_.result, 1);
  run("add c0 s0\n");
  EXPECT_EQ(expected_.result, 0);
  EXPECT_EQ(holders(0), "application 1 cache");
}

TEST_F(ModelTest, AnotherSessionWithTheSameIdReplacesTheOld) {
  run("c0 = ctx_new\non_remove c0 watch\ns0 = new\nset_id s0 id_a\ns1 = dup s0\nadd c0 s0\n"
      "free s0\nadd c0 s1\n");
  EXPECT_THAT(events(), ElementsAre("remove callback 0", "death 0"));
  EXPECT_EQ(cache(), "1");
}

TEST_F(ModelTest, TheSameIdAtAnotherVersionIsAnotherKey) {
  run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\ns1 = dup s0\nset_version s1 tls1.3\nadd c0 s0\n"
      "add c0 s1\n");
  EXPECT_EQ(cache(), "1 0");
}

TEST_F(ModelTest, TheSameIdAtAnotherVersionIsTheSameKeyWhereTheContractSaysSo) {
  contract_.set("cache-key", "id");
  run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\ns1 = dup s0\nset_version s1 tls1.3\nadd c0 s0\n"
      "add c0 s1\n");
  EXPECT_EQ(cache(), "1");
}

TEST_F(ModelTest, AFullCacheEvictsTheSmallestExpiry) {
  run("c0 = ctx_new\nset_cache_size c0 2\ns0 = new\nset_id s0 id_a\ns1 = new\nset_id s1 id_b\n"
      "set_timeout s1 1\nadd c0 s0\nadd c0 s1\ns2 = new\nset_id s2 id_c\nfree s1\nadd c0 s2\n");
  EXPECT_THAT(events(), ElementsAre("death 1"));
  EXPECT_EQ(cache(), "2 0");
}

TEST_F(ModelTest, AmongEqualsTheOldestIsEvicted) {
  run("c0 = ctx_new\nset_cache_size c0 2\ns0 = new\nset_id s0 id_a\ns1 = new\nset_id s1 id_b\n"
      "add c0 s0\nadd c0 s1\ns2 = new\nset_id s2 id_c\nadd c0 s2\n");
  EXPECT_EQ(cache(), "2 1");
}

TEST_F(ModelTest, ACacheMayHoldOneLessWhereTheContractSaysSo) {
  contract_.set("cache-capacity", "one-less");
  run("c0 = ctx_new\nset_cache_size c0 2\ns0 = new\nset_id s0 id_a\ns1 = new\nset_id s1 id_b\n"
      "add c0 s0\nadd c0 s1\n");
  EXPECT_EQ(cache(), "1");
}

TEST_F(ModelTest, SettingATimeoutMovesACachedSession) {
  run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\ns1 = new\nset_id s1 id_b\nadd c0 s0\nadd c0 s1\n");
  EXPECT_EQ(cache(), "1 0");
  run("set_timeout s1 1\n");
  EXPECT_EQ(cache(), "0 1");
}

TEST_F(ModelTest, FlushRemovesOnlyWhatHasExpired) {
  run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\nflush c0 1000000300\n");
  EXPECT_EQ(cache(), "0");
  run("flush c0 1000000305\n");
  EXPECT_EQ(cache(), "");
}

TEST_F(ModelTest, ASumBeyondTheTypeNeverExpires) {
  run("c0 = ctx_new\ns0 = new\nset_timeout s0 9223372036854775807\nadd c0 s0\n"
      "flush c0 9223372036854775807\n");
  EXPECT_EQ(cache(), "0");
}

TEST_F(ModelTest, AFlushCallsBackForAllBeforeItReleasesOne) {
  run("c0 = ctx_new\non_remove c0 watch\ns0 = new\nset_id s0 id_a\ns1 = new\nset_id s1 id_b\n"
      "add c0 s0\nadd c0 s1\nfree s0\nfree s1\nflush c0 0\n");
  EXPECT_THAT(events(),
              ElementsAre("remove callback 0", "remove callback 1", "death 0", "death 1"));
}

TEST_F(ModelTest, AFlushGoesOneByOneWhereTheContractSaysSo) {
  contract_.set("flush-order", "one-by-one");
  run("c0 = ctx_new\non_remove c0 watch\ns0 = new\nset_id s0 id_a\ns1 = new\nset_id s1 id_b\n"
      "add c0 s0\nadd c0 s1\nfree s0\nfree s1\nflush c0 0\n");
  EXPECT_THAT(events(),
              ElementsAre("remove callback 0", "death 0", "remove callback 1", "death 1"));
}

TEST_F(ModelTest, RemoveMarksItsArgumentAndReleasesWhatItUnlinks) {
  run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\ns1 = dup s0\nadd c0 s0\nfree s0\nremove c0 s1\n");
  EXPECT_THAT(events(), ElementsAre("death 0"));
  EXPECT_EQ(expected_.result, 1);
  EXPECT_EQ(state_.sessions[1].contents.marked, 1);
}

TEST_F(ModelTest, RemoveOfAStrangerFindsNothing) {
  run("c0 = ctx_new\non_remove c0 watch\ns0 = new\nset_id s0 id_a\nremove c0 s0\n");
  EXPECT_EQ(expected_.result, 0);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(state_.sessions[0].contents.marked, 0);
}

TEST_F(ModelTest, AHazardOfDeviationIsWhatTheLibraryDoes) {
  contract_.hazards.add(Hazard::REMOVE_CALLBACK_ALWAYS);
  run("c0 = ctx_new\non_remove c0 watch\ns0 = new\nset_id s0 id_a\nremove c0 s0\n");
  EXPECT_THAT(events(), ElementsAre("remove callback 0"));
}

TEST_F(ModelTest, AHazardOfPreconditionForbids) {
  contract_.hazards.add(Hazard::REKEY_CACHED);
  EXPECT_EQ(run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\nset_id s0 id_b\n"),
            Legality::kHazard);
}

TEST_F(ModelTest, OneSessionInTwoContextsIsMisuse) {
  EXPECT_EQ(run("c0 = ctx_new\nc1 = ctx_new\ns0 = new\nadd c0 s0\nadd c1 s0\n"),
            Legality::kTwoContexts);
}

TEST_F(ModelTest, WhereTheContractAllowsItASessionMayGoFromContextToContext) {
  contract_.set("one-context", "free");
  EXPECT_EQ(run("c0 = ctx_new\nc1 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n"
                "n1 = ssl_new c1\nset_session n1 s0\nremove c1 s0\nremove c0 s0\nadd c1 s0\n"),
            Legality::kLegal);
}

TEST_F(ModelTest, ASessionStaysBoundToItsContextAfterItsRemoval) {
  EXPECT_EQ(run("c0 = ctx_new\nc1 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\nremove c0 s0\n"
                "add c1 s0\n"),
            Legality::kTwoContexts);
}

TEST_F(ModelTest, TheEndOfAContextUnbindsItsSessions) {
  EXPECT_EQ(run("c0 = ctx_new\nc1 = ctx_new\ns0 = new\nadd c0 s0\nctx_free c0\nadd c1 s0\n"),
            Legality::kLegal);
}

TEST_F(ModelTest, ABodyRunsForEachCallback) {
  run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\non_remove c0 do s1 = keep arg\nfree s0\n"
      "flush c0 0\n");
  EXPECT_THAT(events(), ElementsAre("remove callback 0", "result 0"));
  EXPECT_EQ(holders(0), "application 1");
}

TEST_F(ModelTest, ABodyThatWouldLoseAReferenceIsIllegalWhereItRuns) {
  EXPECT_EQ(run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\ns1 = new\n"
                "on_remove c0 do s1 = new\nflush c0 0\n"),
            Legality::kLosesReference);
}

TEST_F(ModelTest, AContextThatItsCallbackFreesEndsWithTheCall) {
  contract_.set("context-calls-in-remove", "allowed");
  const std::string first = "s0 = new\nset_id s0 id_a\nc0 = ctx_new\nadd c0 s0\n";
  EXPECT_EQ(run(first + "on_remove c0 do ctx_free c0\nflush c0 0\n"), Legality::kLegal);
  EXPECT_FALSE(state_.contexts[0].alive());
  EXPECT_EQ(holders(0), "application 1");
  state_ = State();
  // The callback for the other one frees it again.
  EXPECT_EQ(run(first + "s1 = new\nadd c0 s1\non_remove c0 do ctx_free c0\nremove c0 s0\n"),
            Legality::kNoObject);
  state_ = State();
  EXPECT_EQ(run(first + "s1 = dup s0\non_remove c0 do ctx_free c0\nadd c0 s1\n"),
            Legality::kNoObject);
}

TEST_F(ModelTest, ABodyThatBringsBackWhatIsLetGoOfHasNoEnd) {
  contract_.set("context-calls-in-remove", "allowed");
  const std::string first = "s0 = new\nset_id s0 id_a\nc0 = ctx_new\nadd c0 s0\ns1 = dup s0\n";
  EXPECT_EQ(run(first + "on_remove c0 do add c0 s0\nadd c0 s1\n"), Legality::kTooMany);
  state_ = State();
  EXPECT_EQ(run(first + "on_remove c0 do get_number c0\nadd c0 s1\n"), Legality::kLegal);
}

TEST_F(ModelTest, ABodyMakesNoContextInThePlaceOfTheOneWhoseEndCallsIt) {
  contract_.set("context-calls-in-remove", "allowed");
  const std::string first = "c0 = ctx_new\ns0 = new\nadd c0 s0\n";
  EXPECT_EQ(run(first + "on_remove c0 do c0 = ctx_new\nctx_free c0\n"), Legality::kTooMany);
  state_ = State();
  EXPECT_EQ(run(first + "on_remove c0 do c1 = ctx_new\nctx_free c0\n"), Legality::kLegal);
}

TEST_F(ModelTest, ACallToTheContextFromItsCallbackIsForbidden) {
  EXPECT_EQ(run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\non_remove c0 do add c0 s0\n"
                "flush c0 0\n"),
            Legality::kInsideCallback);
}

TEST_F(ModelTest, AConnectionHoldsTheSessionThatIsSet) {
  run("c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nset_session n0 s0\nfree s0\n");
  EXPECT_EQ(holders(0), "connections 1");
  run("set_session n0 null\n");
  EXPECT_THAT(events(), ElementsAre("death 0"));
}

TEST_F(ModelTest, Get0BorrowsAndGet1Acquires) {
  run("c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nset_session n0 s0\nfree s0\ns1 = get0_session "
      "n0\n");
  EXPECT_EQ(holders(0), "connections 1");
  run("s2 = get1_session n0\n");
  EXPECT_EQ(holders(0), "application 1 connections 1");
}

TEST_F(ModelTest, AConnectionKeepsItsContextAlive) {
  run("c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nadd c0 s0\nfree s0\nctx_free c0\n");
  EXPECT_THAT(events(), IsEmpty());
  run("ssl_free n0\n");
  EXPECT_THAT(events(), ElementsAre("death 0"));
}

TEST_F(ModelTest, ADamagedBlobMayDecodeOrNot) {
  choice_ = 1;
  run("s0 = new\nb0 = i2d s0\nchange b0 3\ns1 = d2i b0\n");
  EXPECT_EQ(expected_.choices, 2);
  EXPECT_EQ(expected_.adopt, 1);
  EXPECT_THAT(events(), ElementsAre("birth 1"));
}

TEST_F(ModelTest, AFailedDecodeIntoAnObjectFreesIt) {
  run("s0 = new\nb0 = i2d s0\ntruncate b0 1\ns1 = new\nd2i_into s1 b0\n");
  EXPECT_THAT(events(), ElementsAre("death 1"));
  EXPECT_EQ(expected_.result, kResultNull);
}

TEST_F(ModelTest, DecodingIntoAUsedObjectIsForbidden) {
  EXPECT_EQ(run("s0 = new\nb0 = i2d s0\nset_timeout s0 1\nd2i_into s0 b0\n"), Legality::kNotFresh);
}

TEST_F(ModelTest, AnIllegalStepLeavesTheStateAsItWas) {
  run("c0 = ctx_new\ns0 = new\nfree s0\n");
  const int alive = state_.alive();
  EXPECT_EQ(run("free s0\n"), Legality::kDoubleFree);
  EXPECT_EQ(state_.alive(), alive);
  EXPECT_EQ(state_.sessions[0].application, 0);
}

TEST_F(ModelTest, TeardownInEveryOrderLeavesNothing) {
  run("c0 = ctx_new\nc1 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c1\ns0 = new\ns1 = keep s0\n"
      "add c0 s0\nset_session n0 s0\ns2 = new\nset_session n1 s2\non_remove c0 do s3 = new\n");
  const State before = state_;
  const Model model(contract_);
  for (std::uint8_t order = 0; order < kTeardownOrders; ++order) {
    for (std::uint8_t falling = 0; falling < 2; ++falling) {
      State state = before;
      TeardownWalk walk({order, falling, 1});
      while (const auto operation = walk.next(state)) {
        // What was left behind does not come back.
        ASSERT_EQ(next_teardown(state, {order, falling, 1}), operation);
        ASSERT_EQ(model.step(state, *operation, Operation{}, expected_), Legality::kLegal);
      }
      EXPECT_EQ(state.alive(), 0) << "order " << int{order} << " falling " << int{falling};
      EXPECT_FALSE(state.contexts[0].alive());
      EXPECT_FALSE(state.contexts[1].alive());
    }
  }
}

}  // namespace
}  // namespace lastref
