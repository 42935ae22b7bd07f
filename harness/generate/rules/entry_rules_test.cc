// The rules under the contract of a library whose caches hold copies, each in an entry of its own.
#include <gtest/gtest.h>

#include "harness/generate/rules/judged.h"

namespace lastref::rules {
namespace {

Contract entries(const std::vector<Hazard>& hazards = {}) {
  Contract contract = with({{"cache-adds", "entry"},
                            {"cache-size-zero", "nothing"},
                            {"negative-default-timeout", "zero"},
                            {"one-context", "free"},
                            {"cache-size", "2"},
                            {"context-timeout", "300"}});
  for (const Hazard hazard : hazards) contract.hazards.add(hazard);
  return contract;
}

const std::string kAdded = "c0 = ctx_new\ns0 = new\nset_id s0 id_d\nadd c0 s0\n";

TEST(EntryRules, AnEntryHoldsNothing) {
  expect_broken(kSessionIsDead, kAdded + "free s0\nget_time s0 #!\n", entries());
}

TEST(EntryRules, EntriesLeaveWithTheirCache) {
  expect_broken(kEntriesStay, kAdded + "flush c0 0 #!\n", entries());
  expect_broken(kEntriesStay, kAdded + "remove c0 s0 #!\n", entries());
  expect_broken(kNoEntries, kAdded + "lookup c0 s0 #!\n");
}

// What an entry has shows in the id of what is looked up: a prefix of another one's, or not.
TEST(EntryRules, AnIdDoesNotBeginWithThatOfAnEntry) {
  const Contract hazard = entries({Hazard::PREFIX_ID});
  const std::string longer = "s1 = new\nset_id s1 id_a\n";
  expect_legal(kAdded + longer + "add c0 s1\n", entries());
  expect_broken(kBeginsWithCached, kAdded + longer + "add c0 s1 #!\n", hazard);
  expect_legal(kAdded + "add c0 s0\nset_id s0 id_b\nadd c0 s0\n", hazard);
  // Expired, replaced by a newer one, or never taken, it is not there.
  const std::string other = "s2 = new\nset_id s2 id_c\n";
  expect_legal(kAdded + longer + other + "clock 305\nadd c0 s2\nadd c0 s1\n", hazard);
  for (const std::string timeout : {"0", "-1"}) {
    expect_broken(kBeginsWithCached,
                  kAdded + longer + other + "set_default_timeout c0 " + timeout +
                      "\nclock 305\nadd c0 s2\nadd c0 s1 #!\n",
                  hazard);
  }
  expect_legal(kAdded + longer + other + "set_cache_size c0 1\nadd c0 s2\nadd c0 s1\n", hazard);
  expect_legal("c0 = ctx_new\nset_cache_size c0 0\ns0 = new\nadd c0 s0\n" + longer + "add c0 s1\n",
               hazard);
  expect_legal(kAdded + "ctx_free c0\nc0 = ctx_new\n" + longer + "add c0 s1\n", hazard);
}

TEST(EntryRules, ASessionHasOneEntryOrTwo) {
  // id_d is added once more when id_b has expired, and the older copy expires before the newer.
  const std::string text =
      "c0 = ctx_new\nset_cache_size c0 3\ns1 = new\nset_id s1 id_b\nadd c0 s1\nclock 300\n"
      "s0 = new\nset_id s0 id_d\nadd c0 s0\nclock 1\nadd c0 s0\nclock 300\n"
      "s2 = new\nset_id s2 id_c\nadd c0 s2\nadd c0 s1\ns3 = new\nset_id s3 id_a\nadd c0 s3 #!\n";
  expect_legal(text, entries({Hazard::PREFIX_ID}));
  expect_broken(kBeginsWithCached, text, entries({Hazard::PREFIX_ID, Hazard::DUPLICATE_ENTRIES}));
}

// Of id_d, expired, nothing is left where its entry is another's by then.
TEST(EntryRules, AnExpiredEntryIsReusedOrKept) {
  const std::string text = kAdded +
                           "clock 305\ns1 = new\nset_id s1 id_b\nadd c0 s1\n"
                           "s2 = new\nset_id s2 id_a\nadd c0 s2 #!\n";
  Contract kept = entries({Hazard::PREFIX_ID});
  expect_legal(text, kept);
  ASSERT_EQ(kept.set("expired-entries", "kept"), "");
  ASSERT_EQ(kept.set("cache-size", "3"), "");
  expect_broken(kBeginsWithCached, text, kept);
}

TEST(EntryRules, AConnectionRemovesAnEntryOnly) {
  const std::string text = "c0 = ctx_new\nn0 = ssl_new c0\nremove_own n0 #!\n";
  expect_broken(kNoEntries, text);
}

TEST(EntryRules, AnUnknownIdIsNotJudged) {
  const std::string damaged =
      "c0 = ctx_new\ns0 = new\nb0 = i2d s0\nchange b0 0\ns1 = d2i b0\nadd c0 s1\n";
  expect_legal(damaged, entries(), {true});
  expect_undecided(kUnknownId, damaged + "add c0 s0 #!\n", entries(), {true});
  expect_undecided(kUnknownId, damaged + "lookup c0 s0 #!\n", entries(), {true});
}

TEST(EntryRules, WhatIsFoundIsFresh) {
  expect_broken(kNotFresh, kAdded + "b0 = i2d s0\ns1 = new\nlookup c0 s1\nd2i_into s1 b0 #!\n",
                entries());
}

}  // namespace
}  // namespace lastref::rules
