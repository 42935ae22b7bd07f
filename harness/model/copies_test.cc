// The model under the contract of a library that copies: its cache is one table of the process, and
// a connection has a session of its own.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "harness/model/model_fixture.h"

namespace lastref {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CopiesTest : public ModelTest {
 protected:
  CopiesTest() {
    EXPECT_EQ(contract_.set_words(
                  "cache-adds=copy empty-id-add=refused flush=nothing "
                  "remove-marks=expires cache-mode=flags cache-size-set=fixed cache-size=33 "
                  "set-session=copies set-session-cache-off=refused set-session-null=refused "
                  "fresh-connection-session=own clear-session=renews new-time=zero "
                  "default-timeout-zero=500 remove-callback-at-end=connection one-context=free"),
              "");
  }

  // From the start, each time.
  Legality run(const std::string& lines) {
    state_ = State{};
    return ModelTest::run(lines);
  }
  std::int64_t result(const std::string& lines) {
    EXPECT_EQ(run(lines), Legality::kLegal);
    return expected_.result;
  }
  std::vector<std::string> events(const std::string& lines) {
    EXPECT_EQ(run(lines), Legality::kLegal);
    return ModelTest::events();
  }
  const SessionState& session(int number) const {
    return state_.sessions[static_cast<std::size_t>(number)];
  }
};

constexpr char kAdded[] = "c0 = ctx_new\ns0 = new_with_id id_a\nadd c0 s0\n";

TEST_F(CopiesTest, TheTableTakesNoReference) {
  EXPECT_EQ(result(kAdded), 1);
  EXPECT_EQ(session(0).holders(), 1);
  EXPECT_EQ(result(kAdded + std::string("add c0 s0\n")), 1);
  EXPECT_EQ(result(kAdded + std::string("get_number c0\n")), 0);
  EXPECT_THAT(events(kAdded + std::string("free s0\n")), ElementsAre("death 0"));
}

TEST_F(CopiesTest, AnEmptyIdIsRefused) {
  EXPECT_EQ(result("c0 = ctx_new\ns0 = new\nadd c0 s0\n"), 0);
}

// Damaged bytes may hold a second id, which no getter shows.
TEST_F(CopiesTest, WhatDamagedBytesWithoutAnIdComeToIsTheTargetsChoice) {
  run("c0 = ctx_new\ns0 = new\n");
  state_.sessions[0].contents.unknown = 1;
  EXPECT_EQ(ModelTest::run("add c0 s0\n"), Legality::kTooMany);
}

TEST_F(CopiesTest, RemovalFindsTheCopyByItsIdFromAnyContext) {
  const std::string twin = kAdded + std::string("c1 = ctx_new\ns1 = new_with_id id_a\n");
  EXPECT_EQ(result(twin + "remove c1 s1\n"), 1);
  EXPECT_EQ(result(twin + "free s0\nremove c1 s1\n"), 1);
  EXPECT_EQ(result(twin + "remove c1 s1\nremove c0 s0\n"), 0);
  EXPECT_EQ(result(twin + "s2 = new_with_id id_b\nremove c1 s2\n"), 0);
}

TEST_F(CopiesTest, RemovalEndsTheSession) {
  run(kAdded + std::string("set_timeout s0 300\nremove c0 s0\n"));
  EXPECT_EQ(session(0).contents.timeout, 0);
  EXPECT_EQ(session(0).contents.marked, 0);
}

TEST_F(CopiesTest, WithoutAnInternalStoreTheTableIsLeftAlone) {
  const std::string bare = "c0 = ctx_new\nset_mode c0 both|no_internal\ns0 = new_with_id id_a\n";
  EXPECT_EQ(result(bare + "add c0 s0\n"), 1);
  EXPECT_EQ(result(bare + "add c0 s0\nset_timeout s0 300\nremove c0 s0\n"), 0);
  EXPECT_EQ(session(0).contents.timeout, 300);
}

TEST_F(CopiesTest, AFlushDoesNothing) {
  EXPECT_THAT(events(kAdded + std::string("on_remove c0 watch\nflush c0 0\n")), IsEmpty());
  EXPECT_EQ(result(kAdded + std::string("flush c0 0\nremove c0 s0\n")), 1);
}

TEST_F(CopiesTest, SettingsAreWhatTheContractSays) {
  EXPECT_EQ(result("c0 = ctx_new\nset_cache_size c0 2\nget_cache_size c0\n"), 33);
  EXPECT_EQ(result("c0 = ctx_new\nset_mode c0 client\n"), 1);
  EXPECT_EQ(result("c0 = ctx_new\nset_mode c0 client\nget_mode c0\n"), 2);
  EXPECT_EQ(result("c0 = ctx_new\nset_mode c0 off\nset_mode c0 server\nget_mode c0\n"), 2);
  EXPECT_EQ(result("c0 = ctx_new\nset_default_timeout c0 0\nget_default_timeout c0\n"), 500);
  contract_.hazards.add(Hazard::MODE_STICKS);
  EXPECT_EQ(result("c0 = ctx_new\nset_mode c0 off\nset_mode c0 server\nget_mode c0\n"), 0);
}

TEST_F(CopiesTest, TimeoutsAreCutOnlyByAHazard) {
  const std::string forever = "s0 = new\nset_timeout s0 9223372036854775807\nget_timeout s0\n";
  EXPECT_EQ(result(forever), 9223372036854775807);
  contract_.hazards.add(Hazard::TIMEOUT_TRUNCATED);
  EXPECT_EQ(result(forever), 4294967295);
}

constexpr char kConnected[] = "c0 = ctx_new\nn0 = ssl_new c0\n";

TEST_F(CopiesTest, AConnectionHasASessionOfItsOwn) {
  EXPECT_THAT(events(kConnected), ElementsAre("birth 0"));
  EXPECT_THAT(events(kConnected + std::string("ssl_free n0\n")), ElementsAre("death 0"));
  EXPECT_THAT(events(kConnected + std::string("s0 = get1_session n0\nssl_free n0\n")), IsEmpty());
  EXPECT_THAT(events(kConnected + std::string("ssl_clear n0\n")),
              ElementsAre("death 0", "birth 1"));
  EXPECT_EQ(run(kConnected + std::string("s0 = get0_session n0\nfree s0\n")),
            Legality::kBorrowedFree);
}

TEST_F(CopiesTest, WhatIsSetIsCopied) {
  const std::string set = kConnected + std::string("s0 = new_with_id id_a\nset_session n0 s0\n");
  EXPECT_EQ(result(set), 1);
  EXPECT_EQ(session(1).holders(), 1);
  EXPECT_EQ(session(0).contents.id, session(1).contents.id);
  EXPECT_THAT(events(set + "free s0\n"), ElementsAre("death 1"));
  EXPECT_EQ(result(kConnected + std::string("set_session n0 null\n")), 0);
}

TEST_F(CopiesTest, WhatOthersHoldIsOverwrittenOnlyByAHazard) {
  const std::string held =
      kConnected + std::string("s1 = get1_session n0\ns0 = new_with_id id_a\nset_session n0 s0\n");
  run(held);
  EXPECT_NE(session(0).contents.id, session(1).contents.id);
  contract_.hazards.add(Hazard::SET_SESSION_OVERWRITES);
  run(held);
  EXPECT_EQ(session(0).contents.id, session(1).contents.id);
}

TEST_F(CopiesTest, AConnectionMadeWithoutACacheTakesNoSession) {
  const std::string off = "c0 = ctx_new\nset_mode c0 off\nn0 = ssl_new c0\nset_mode c0 server\n";
  EXPECT_EQ(result(off + "s0 = new_with_id id_a\nset_session n0 s0\n"), 0);
}

TEST_F(CopiesTest, TheEndOfAConnectionCallsBack) {
  const std::string watched = kConnected + std::string("on_remove c0 watch\n");
  EXPECT_THAT(events(watched + "ssl_free n0\n"), ElementsAre("remove callback 0", "death 0"));
  EXPECT_THAT(events(watched + "s0 = get1_session n0\nssl_free n0\n"), IsEmpty());
}

TEST_F(CopiesTest, WhatIsWithheldKeepsBodiesOutOfTheEndOfAConnection) {
  contract_.hazards.add(Hazard::WITHHELD_1);
  EXPECT_EQ(run(kConnected + std::string("on_remove c0 do get_id arg\nssl_free n0\n")),
            Legality::kHazard);
  EXPECT_EQ(run(kConnected + std::string("on_remove c0 watch\nssl_free n0\n")), Legality::kLegal);
}

TEST_F(CopiesTest, AnIdThatIsTooLongMakesNoSession) {
  EXPECT_EQ(result("s0 = new_with_id id_long\n"), kResultNull);
  EXPECT_THAT(expected_.events.view(), IsEmpty());
}

}  // namespace
}  // namespace lastref
