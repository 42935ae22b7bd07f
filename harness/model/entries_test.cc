// The model under the contract of a library whose caches hold copies, each in an entry of its own.
#include <gtest/gtest.h>

#include <string>

#include "harness/model/model_fixture.h"

namespace lastref {
namespace {

class EntriesTest : public ModelTest {
 protected:
  EntriesTest() {
    EXPECT_EQ(contract_.set_words("cache-adds=entry cache-size-zero=nothing one-context=free "
                                  "context-timeout=300 cache-size=2 new-time=zero "
                                  "negative-default-timeout=zero"),
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
  // Of a session.
  std::int64_t time(const std::string& lines) {
    result(lines);
    return state_.sessions[state_.handles[7]].contents.time;
  }
};

// s0 to s2 have ids of their own and a time each; s7 asks for the first one's.
const std::string kStart =
    "c0 = ctx_new\n"
    "s0 = new\nset_id s0 id_a\nset_time s0 1\n"
    "s1 = new\nset_id s1 id_b\nset_time s1 1\n"
    "s2 = new\nset_id s2 id_c\nset_time s2 1\n"
    "s7 = new\nset_id s7 id_a\n";
const std::string kAdded = kStart + "add c0 s0\n";

TEST_F(EntriesTest, ACacheTakesNoReferenceAndOutlivesTheSession) {
  EXPECT_EQ(result(kAdded), 1);
  EXPECT_EQ(state_.sessions[0].holders(), 1);
  EXPECT_EQ(result(kAdded + "free s0\nlookup c0 s7\n"), 1);
  EXPECT_EQ(time(kAdded + "free s0\nlookup c0 s7\n"), 1);
}

TEST_F(EntriesTest, WhatIsFoundIsWhatWasCopied) {
  EXPECT_EQ(time(kAdded + "set_time s0 0\nlookup c0 s7\n"), 1);
  EXPECT_EQ(time(kAdded + "set_time s0 0\nadd c0 s0\nset_time s0 1\nlookup c0 s7\n"), 0);
  EXPECT_EQ(result(kAdded + "add c0 s0\nget_number c0\n"), 1);
}

TEST_F(EntriesTest, AStateThatIsTakenFromAnotherHasItsEntries) {
  result(kAdded + "add c0 s1\n");
  State taken;
  taken.take(state_);
  state_ = taken;
  EXPECT_EQ(run("lookup c0 s7\n"), Legality::kLegal);
  EXPECT_EQ(expected_.result, 1);
}

TEST_F(EntriesTest, AMissChangesNothing) {
  EXPECT_EQ(result(kAdded + "set_time s2 0\nlookup c0 s2\n"), 0);
  EXPECT_EQ(result(kAdded + "set_time s2 0\nlookup c0 s2\nget_time s2\n"), 0);
  EXPECT_EQ(result(kStart + "lookup c0 s7\n"), 0);
}

TEST_F(EntriesTest, AnEntryExpiresByItsOwnAge) {
  EXPECT_EQ(result(kAdded + "clock 300\nlookup c0 s7\n"), 1);
  EXPECT_EQ(result(kAdded + "clock 305\nlookup c0 s7\n"), 0);
  EXPECT_EQ(result(kAdded + "set_default_timeout c0 0\nclock 305\nlookup c0 s7\n"), 1);
  EXPECT_EQ(result(kAdded + "set_default_timeout c0 -1\nclock 305\nlookup c0 s7\n"), 1);
  // Added again, it keeps its age until that is up.
  EXPECT_EQ(result(kAdded + "clock 300\nadd c0 s0\nclock 1\nlookup c0 s7\n"), 0);
  EXPECT_EQ(result(kAdded + "clock 305\nadd c0 s0\nclock 300\nlookup c0 s7\n"), 1);
}

TEST_F(EntriesTest, AFullCacheGivesUpItsOldestEntry) {
  const std::string full = kAdded + "clock 1\nadd c0 s1\nadd c0 s2\n";
  EXPECT_EQ(result(full), 1);
  EXPECT_EQ(result(full + "lookup c0 s7\n"), 0);
  EXPECT_EQ(result(full + "lookup c0 s1\n"), 1);
  EXPECT_EQ(result(full + "get_number c0\n"), 2);
  EXPECT_EQ(result(full + "set_cache_size c0 1\nadd c0 s0\nget_number c0\n"), 2);
}

TEST_F(EntriesTest, ACacheOfNoSizeTakesNothing) {
  EXPECT_EQ(result(kStart + "set_cache_size c0 0\nadd c0 s0\n"), 0);
  contract_.set("cache-size-zero", "unlimited");
  EXPECT_EQ(result(kStart + "set_cache_size c0 0\nadd c0 s0\nadd c0 s1\nadd c0 s2\n"
                            "get_number c0\n"),
            3);
}

TEST_F(EntriesTest, ASessionTakesAnExpiredEntryUnlessItHasOne) {
  const std::string text = kAdded + "clock 300\nadd c0 s1\nclock 1\n";
  EXPECT_EQ(result(text + "add c0 s2\nlookup c0 s1\n"), 1);
  EXPECT_EQ(result(text + "add c0 s2\nlookup c0 s7\n"), 0);
  EXPECT_EQ(result(text + "add c0 s1\nget_number c0\n"), 2);

  // The older copy of a duplicate is found once the newer one has gone.
  const std::string twice = text + "set_time s1 0\nadd c0 s1\nset_default_timeout c0 1\nclock 1\n";
  EXPECT_EQ(time(twice + "set_id s7 id_b\nlookup c0 s7\n"), 0);
  contract_.hazards.add(Hazard::DUPLICATE_ENTRIES);
  const std::string same_time = kAdded + "clock 305\nadd c0 s1\n";
  EXPECT_EQ(result(same_time + "get_number c0\n"), 1);
  const std::string duplicate = text + "set_time s1 0\nadd c0 s1\n";
  EXPECT_EQ(time(duplicate + "set_id s7 id_b\nlookup c0 s7\n"), 0);
}

TEST_F(EntriesTest, AContextsEndIsTheEndOfItsEntries) {
  EXPECT_EQ(result(kAdded + "ctx_free c0\nc0 = ctx_new\nget_number c0\n"), 0);
  result(kAdded);
  // Nothing else lets go of them, the teardown's flush neither.
  for (TeardownWalk walk(Teardown{}); const auto operation = walk.next(state_);) {
    EXPECT_NE(operation->code, Op::CACHE_FLUSH);
    EXPECT_EQ(Model(contract_).step(state_, *operation, Operation{}, expected_), Legality::kLegal);
  }
}

TEST_F(EntriesTest, WhatACacheHasNotIsNotAskedOfIt) {
  EXPECT_EQ(legality(kAdded + "flush c0 0\n"), Legality::kNoObject);
  EXPECT_EQ(legality(kAdded + "remove c0 s0\n"), Legality::kNoObject);
  contract_ = Contract();
  EXPECT_EQ(legality(kAdded + "lookup c0 s7\n"), Legality::kNoObject);
}

TEST_F(EntriesTest, NoIdBeginsWithThatOfAnEntry) {
  const std::string prefix = kStart + "set_id s0 id_d\nadd c0 s0\n";
  EXPECT_EQ(result(prefix + "add c0 s7\n"), 1);
  contract_.hazards.add(Hazard::PREFIX_ID);
  EXPECT_EQ(legality(prefix + "add c0 s7\n"), Legality::kHazard);
  EXPECT_EQ(legality(prefix + "add c0 s1\n"), Legality::kLegal);
  EXPECT_EQ(legality(prefix + "add c0 s0\n"), Legality::kLegal);
  EXPECT_EQ(legality(kAdded + "set_id s1 id_d\nadd c0 s1\n"), Legality::kLegal);
  EXPECT_EQ(legality(kStart + "set_id s0 id_none\nadd c0 s0\nadd c0 s1\n"), Legality::kHazard);
}

}  // namespace
}  // namespace lastref
