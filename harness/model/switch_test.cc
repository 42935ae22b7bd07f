// What the switches of a contract change in the model: for each the manual's reading and the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/model/model_fixture.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class SwitchTest : public ModelTest {
 protected:
  void set(const std::string& words) { EXPECT_EQ(contract_.set_words(words), ""); }
  void start(const std::string& words) {
    state_ = State();
    contract_ = Contract();
    set(words);
  }
  // What the target was seen to do, in the words of events().
  static EventList seen(const std::vector<Event>& events) {
    EventList list;
    for (const Event& event : events) list.add(event);
    return list;
  }
};

const std::string kTwoContexts = "c0 = ctx_new\nc1 = ctx_new\n";
const std::string kCached = "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n";
const std::string kTwoCached =
    "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\ns1 = new\nset_id s1 id_b\nadd c0 s1\n"
    "free s0\nfree s1\n";

TEST_F(SwitchTest, TwoCachesHoldOneSessionWithAReferenceEach) {
  set("one-context=free");
  run(kTwoContexts + "s0 = new\nset_id s0 id_a\nadd c0 s0\nadd c1 s0\n");
  EXPECT_EQ(expected_.result, 1);
  EXPECT_EQ(holders(0), "application 1 caches");
  EXPECT_EQ(state_.sessions[0].holders(), 3);
  run("free s0\nremove c0 s0\n");
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(cache(0), "");
  EXPECT_EQ(cache(1), "0");
  run("flush c1 0\n");
  EXPECT_THAT(events(), ElementsAre("death 0"));
}

TEST_F(SwitchTest, ContextsWhoseCachesSharedASessionRememberIt) {
  set("one-context=free");
  run(kTwoContexts + "s0 = new\nset_id s0 id_a\nadd c0 s0\nremove c0 s0\nadd c1 s0\n");
  EXPECT_EQ(state_.contexts[0].shared + state_.contexts[1].shared, 0);
  run("add c0 s0\nremove c0 s0\nremove c1 s0\n");
  EXPECT_EQ(state_.contexts[0].shared, 1);
  EXPECT_EQ(state_.contexts[1].shared, 1);
  run("ctx_free c1\nc1 = ctx_new\n");
  EXPECT_EQ(state_.contexts[1].shared, 0);
}

TEST_F(SwitchTest, ASessionHasAKeyOfItsOwnInEachCache) {
  set("one-context=free");
  run(kTwoContexts +
      "s0 = new\nset_id s0 id_a\nadd c0 s0\nset_id s0 id_b\nadd c1 s0\n"
      "s1 = new\nset_id s1 id_a\nadd c0 s1\nadd c1 s1\n");
  EXPECT_EQ(cache(0), "1") << "it replaced the one that was added under id_a";
  EXPECT_EQ(cache(1), "1 0");
}

TEST_F(SwitchTest, TwoCachesSortOneSessionByItsNewTimeout) {
  set("one-context=free");
  run(kTwoContexts +
      "s0 = new\nset_id s0 id_a\ns1 = new\nset_id s1 id_b\n"
      "add c0 s0\nadd c1 s0\nadd c0 s1\nadd c1 s1\nset_timeout s0 7200\n");
  EXPECT_EQ(cache(0), "0 1");
  EXPECT_EQ(cache(1), "0 1");
}

TEST_F(SwitchTest, TheHazardOfTwoCachesIsAPrecondition) {
  set("one-context=free");
  contract_.hazards.add(Hazard::TWO_CACHES);
  EXPECT_EQ(run(kTwoContexts + "s0 = new\nset_id s0 id_a\nadd c0 s0\nadd c1 s0\n"),
            Legality::kHazard);
  EXPECT_EQ(run("add c0 s0\n"), Legality::kLegal);
  EXPECT_EQ(run("remove c0 s0\nadd c1 s0\n"), Legality::kLegal);
}

TEST_F(SwitchTest, AnUnorderedFlushTakesTheOrderThatIsSeen) {
  set("flush-order=unordered");
  run(kTwoCached + "on_remove c0 watch\nflush c0 0\n");
  EXPECT_THAT(events(),
              ElementsAre("remove callback 0", "death 0", "remove callback 1", "death 1"));
  const auto one_by_one = seen({{EventKind::kRemoveCallback, 1, 0, 0},
                                {EventKind::kDeath, 1, 0, 0},
                                {EventKind::kRemoveCallback, 0, 0, 0},
                                {EventKind::kDeath, 0, 0, 0}});
  expected_.follow(one_by_one);
  EXPECT_TRUE(expected_.events == one_by_one);
}

TEST_F(SwitchTest, AnUnorderedFlushStillGoesSessionBySession) {
  set("flush-order=unordered");
  run(kTwoCached + "on_remove c0 watch\nflush c0 0\n");
  const auto callbacks_first = seen({{EventKind::kRemoveCallback, 1, 0, 0},
                                     {EventKind::kRemoveCallback, 0, 0, 0},
                                     {EventKind::kDeath, 1, 0, 0},
                                     {EventKind::kDeath, 0, 0, 0}});
  expected_.follow(callbacks_first);
  EXPECT_FALSE(expected_.events == callbacks_first);
}

TEST_F(SwitchTest, AFlushInAPromisedOrderTakesNoOther) {
  set("flush-order=one-by-one");
  run(kTwoCached + "flush c0 0\n");
  const auto other = seen({{EventKind::kDeath, 1, 0, 0}, {EventKind::kDeath, 0, 0, 0}});
  expected_.follow(other);
  EXPECT_FALSE(expected_.events == other);
}

TEST_F(SwitchTest, ABodyIsForOneSessionWhereNoOrderIsPromised) {
  set("flush-order=unordered");
  EXPECT_EQ(run(kTwoCached + "on_remove c0 do s2 = keep arg\nflush c0 0\n"), Legality::kTooMany);
  start("flush-order=unordered");
  EXPECT_EQ(run(kCached + "on_remove c0 do s2 = keep arg\nflush c0 0\n"), Legality::kLegal);
}

TEST_F(SwitchTest, AConnectionsEndIsUnorderedToo) {
  set("flush-order=unordered");
  run(kCached +
      "n0 = ssl_new c0\ns1 = new\nset_session n0 s1\nfree s0\nfree s1\nctx_free c0\n"
      "ssl_free n0\n");
  EXPECT_THAT(events(), UnorderedElementsAre("death 0", "death 1"));
  const auto cache_first = seen({{EventKind::kDeath, 0, 0, 0}, {EventKind::kDeath, 1, 0, 0}});
  expected_.follow(cache_first);
  EXPECT_TRUE(expected_.events == cache_first);
}

TEST_F(SwitchTest, AConnectionMayLetGoOfASessionAfterItsContextDid) {
  set("flush-order=unordered");
  run("c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\ns1 = new\nset_id s1 id_b\nadd c0 s1\n"
      "on_remove c0 watch\nn0 = ssl_new c0\nset_session n0 s0\nfree s0\nfree s1\nctx_free c0\n"
      "ssl_free n0\n");
  const auto session_last = seen({{EventKind::kRemoveCallback, 0, 0, 0},
                                  {EventKind::kRemoveCallback, 1, 0, 0},
                                  {EventKind::kDeath, 1, 0, 0},
                                  {EventKind::kDeath, 0, 0, 0}});
  expected_.follow(session_last);
  EXPECT_TRUE(expected_.events == session_last);
  const auto death_first = seen({{EventKind::kDeath, 0, 0, 0},
                                 {EventKind::kRemoveCallback, 0, 0, 0},
                                 {EventKind::kRemoveCallback, 1, 0, 0},
                                 {EventKind::kDeath, 1, 0, 0}});
  expected_.follow(death_first);
  EXPECT_FALSE(expected_.events == death_first);
}

TEST_F(SwitchTest, AFailedDecodeFreesOrKeepsTheObject) {
  const std::string failed = "s0 = new\nb0 = i2d s0\ntruncate b0 1\ns1 = new\nd2i_into s1 b0\n";
  run(failed);
  EXPECT_THAT(events(), ElementsAre("death 1"));
  start("d2i-failure=keeps");
  run(failed);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(expected_.result, kResultNull);
  EXPECT_EQ(holders(1), "application 1");
  EXPECT_EQ(run("d2i_into s1 b0\n"), Legality::kLegal) << "it is as new as it was";
}

TEST_F(SwitchTest, BytesThatAreBroughtAlongDecodeOrNot) {
  EXPECT_EQ(run("b0 = bytes 3000\ns0 = d2i b0\n"), Legality::kLegal);
  EXPECT_EQ(expected_.choices, 2);
  EXPECT_EQ(expected_.result, kResultNull);
  EXPECT_EQ(state_.alive(), 0);
  choice_ = 1;
  EXPECT_EQ(run("b1 = bytes 3000\ns1 = d2i b1\n"), Legality::kLegal);
  EXPECT_EQ(expected_.adopt, 0);
  EXPECT_EQ(state_.alive(), 1);
}

TEST_F(SwitchTest, ATimeoutHasTheContractsType) {
  const std::string set_timeout = "s0 = new\nset_timeout s0 9223372036854775807\n";
  run(set_timeout);
  EXPECT_EQ(state_.sessions[0].contents.timeout, 9223372036854775807);
  start("timeout-type=uint32");
  run(set_timeout);
  EXPECT_EQ(state_.sessions[0].contents.timeout, 0xffffffff);
  run("set_timeout s0 -1\n");
  EXPECT_EQ(expected_.result, 1) << "no timeout is negative there";
  EXPECT_EQ(state_.sessions[0].contents.timeout, 0xffffffff);
  run("c0 = ctx_new\nset_default_timeout c0 -1\nget_default_timeout c0\n");
  EXPECT_EQ(expected_.result, 0xffffffff);
}

TEST_F(SwitchTest, ATimeWithoutASignLiesInTheFuture) {
  const std::string flushed = kCached + "free s0\nset_time s0 -1\nset_timeout s0 0\nflush c0 1\n";
  run(flushed);
  EXPECT_THAT(events(), ElementsAre("death 0"));
  start("time-type=unsigned");
  run(flushed);
  EXPECT_THAT(events(), IsEmpty());
  run("flush c0 -1\n");
  EXPECT_THAT(events(), IsEmpty()) << "it expires then, and has not before";
  run("set_time s0 9223372036854775807\nset_timeout s0 300\nflush c0 -1\n");
  EXPECT_THAT(events(), ElementsAre("death 0"));
}

TEST_F(SwitchTest, AnOverflowNeverExpiresUnlessThatIsTheBug) {
  const std::string flushed = kCached + "free s0\nset_time s0 -1\nset_timeout s0 300\nflush c0 1\n";
  start("time-type=unsigned");
  run(flushed);
  EXPECT_THAT(events(), IsEmpty());
  start("time-type=unsigned");
  contract_.hazards.add(Hazard::OVERFLOW_EXPIRES);
  run(flushed);
  EXPECT_THAT(events(), ElementsAre("death 0"));
}

TEST_F(SwitchTest, EvictionByExpiryKnowsTimesWithoutASign) {
  const std::string full =
      "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nset_time s0 -1\nset_timeout s0 0\nadd c0 s0\n"
      "s1 = new\nset_id s1 id_b\nadd c0 s1\n";
  run(full);
  EXPECT_EQ(cache(), "1 0");
  start("time-type=unsigned");
  run(full);
  EXPECT_EQ(cache(), "0 1");
}

TEST_F(SwitchTest, SetTimeReturnsOneOrTheTime) {
  run("s0 = new\nset_time s0 1000000300\n");
  EXPECT_EQ(expected_.result, 1);
  start("set-time-result=time");
  run("s0 = new\nset_time s0 1000000300\n");
  EXPECT_EQ(expected_.result, 1'000'000'300);
}

TEST_F(SwitchTest, TheKeyOfACachedSessionMayChangeOrNot) {
  for (const std::string change : {"set_id s0 id_b\n", "set_version s0 tls1.3\n"}) {
    start("");
    EXPECT_EQ(run(kCached + change), Legality::kLegal);
    start("cached-key=fixed");
    EXPECT_EQ(run(kCached + change), Legality::kFixedKey);
    EXPECT_EQ(run("set_time s0 1\n"), Legality::kLegal);
    EXPECT_EQ(run("remove c0 s0\n" + change), Legality::kLegal);
  }
  EXPECT_EQ(misuse_of(Legality::kFixedKey), Misuse::kNone);
}

TEST_F(SwitchTest, EvictionsAreCountedOrNot) {
  const std::string evicted =
      kCached + "set_cache_size c0 1\ns1 = new\nset_id s1 id_b\nadd c0 s1\nget_cache_full c0\n";
  run(evicted);
  EXPECT_EQ(expected_.result, 1);
  start("cache-full=zero");
  run(evicted);
  EXPECT_EQ(expected_.result, 0);
  EXPECT_EQ(cache(), "1");
}

TEST_F(SwitchTest, ADefaultTimeoutOfZeroStaysUnlessThatIsTheBug) {
  const std::string zero = "c0 = ctx_new\nset_default_timeout c0 0\nget_default_timeout c0\n";
  run(zero);
  EXPECT_EQ(expected_.result, 0);
  start("");
  contract_.hazards.add(Hazard::ZERO_TIMEOUT_DEFAULTS);
  run(zero);
  EXPECT_EQ(expected_.result, 7200);
}

TEST_F(SwitchTest, TheHazardOfFreesThatNeedMemoryIsOfWhateverFrees) {
  contract_.hazards.add(Hazard::FREE_NEEDS_MEMORY);
  const std::string held = "c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nset_session n0 s0\ns1 = new\n";
  EXPECT_EQ(run(held + "fail_alloc 1: set_session n0 s1\n"), Legality::kLegal);
  EXPECT_EQ(run("fail_alloc 1: free s0\n"), Legality::kHazard);
  EXPECT_EQ(run("set_session n0 s0\nfree s0\nfail_alloc 1: set_session n0 s1\n"),
            Legality::kHazard);
  EXPECT_EQ(run("set_session n0 s1\n"), Legality::kLegal) << "nothing of it had begun";
}

TEST_F(SwitchTest, TheHazardOfAllocatingEncodersIsAPrecondition) {
  contract_.hazards.add(Hazard::I2D_ALLOCATE);
  EXPECT_EQ(run("s0 = new\nb0 = i2d_allocate s0\n"), Legality::kHazard);
  EXPECT_EQ(run("b0 = i2d s0\n"), Legality::kLegal);
}

}  // namespace
}  // namespace lastref
