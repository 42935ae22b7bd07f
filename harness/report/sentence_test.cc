#include "harness/report/sentence.h"

#include <gtest/gtest.h>

#include <csignal>
#include <set>
#include <string>

#include "harness/model/event.h"
#include "harness/report/fixtures.h"

namespace lastref {
namespace {

std::string say(const std::string& operations, const Symptom& symptom) {
  const Timeline timeline = make_timeline(Contract(), program_of(operations));
  return sentence(symptom, timeline.at(symptom.operation));
}

TEST(Sentence, DeathNamesWhoStillHolds) {
  EXPECT_EQ(
      say("c0 = ctx_new\ns0 = new\nadd c0 s0\nup_ref s0\nfree s0\n",
          symptom_of(Discrepancy::kUnexpectedDeath, 4, Op::SESSION_FREE, 0)),
      "session 1 was destroyed although the application still holds 1 reference and the cache "
      "of c0 still links it");
}

TEST(Sentence, DeathWithoutATimelineCountsTheReferences) {
  EXPECT_EQ(sentence(symptom_of(Discrepancy::kUnexpectedDeath, 0, Op::SESSION_FREE, 1, 2), nullptr),
            "session 2 was destroyed although 2 references to it are outstanding");
  EXPECT_EQ(sentence(symptom_of(Discrepancy::kUnexpectedDeath, 0, Op::SESSION_FREE, 1, 0), nullptr),
            "session 2 was destroyed where nothing destroys it");
}

TEST(Sentence, MissingDeathNamesWhoHeldLast) {
  EXPECT_EQ(
      say("s0 = new\nfree s0\n", symptom_of(Discrepancy::kMissingDeath, 1, Op::SESSION_FREE, 0)),
      "session 1 was not destroyed although its last reference was given back (held before: "
      "application 1 = 1 reference)");
}

TEST(Sentence, MissingCallbackNamesItsContext) {
  EXPECT_EQ(say("c0 = ctx_new\non_remove c0 watch\ns0 = new\nadd c0 s0\nflush c0 0\n",
                symptom_of(Discrepancy::kMissingCallback, 4, Op::CACHE_FLUSH, 0)),
            "the remove callback of c0 did not run for session 1");
}

TEST(Sentence, MissingCallbackOfAHandshakeNamesItsConnection) {
  EXPECT_EQ(say("c0 = ctx_new\nc1 = ctx_new\non_new c1 decline\nset_tickets c1 off\n"
                "n0 = ssl_new c0\nn1 = ssl_new c1\nhandshake n0 n1 complete\n",
                symptom_of(Discrepancy::kMissingCallback, 6, Op::HANDSHAKE, 0)),
            "the new callback for connection n1 did not run for session 1");
}

TEST(Sentence, ResultsAreInTheWordsOfTheTrace) {
  EXPECT_EQ(
      sentence(symptom_of(Discrepancy::kResult, 0, Op::GET1_SESSION, kNoSubject, kResultNull, 2),
               nullptr),
      "it returned session 3 instead of NULL");
  EXPECT_EQ(sentence(symptom_of(Discrepancy::kContentResult, 0, Op::GET_HOSTNAME, kNoSubject, 0, 1),
                     nullptr),
            "it returned other bytes (digest 00000001) instead of none");
}

TEST(Sentence, SignalsHaveTheirNames) {
  EXPECT_EQ(sentence(symptom_of(Discrepancy::kSignal, 0, Op::SESSION_NEW, kNoSubject, 0, SIGABRT),
                     nullptr),
            "the library ended the process by signal 6 (SIGABRT: Aborted)");
  EXPECT_EQ(
      sentence(symptom_of(Discrepancy::kSignal, 0, Op::SESSION_NEW, kNoSubject, 0, 999), nullptr),
      "the library ended the process by signal 999");
}

TEST(Sentence, EachDiscrepancyHasOneOfItsOwn) {
  std::set<std::string> sentences;
  for (int i = 1; i <= static_cast<int>(Discrepancy::kMisuseRun); ++i) {
    const auto what = static_cast<Discrepancy>(i);
    // Results are told apart by their operation, not by their sentence.
    if (what == Discrepancy::kContentResult || what == Discrepancy::kStatisticResult) continue;
    for (const int subject : {0, static_cast<int>(kNoSubject)}) {
      const std::string text =
          sentence(symptom_of(what, 0, Op::SESSION_NEW, subject, 1, 2), nullptr);
      EXPECT_FALSE(text.empty());
      if (subject == 0) {
        EXPECT_TRUE(sentences.insert(text).second) << text;
      }
    }
  }
}

TEST(Place, NumbersCountFromOneAndGoOnInTheTeardown) {
  EXPECT_EQ(place(symptom_of(Discrepancy::kResult, 3, Op::SESSION_NEW), 4), "operation 4");
  EXPECT_EQ(place(symptom_of(Discrepancy::kResult, 4, Op::SESSION_NEW), 4),
            "operation 5, in the teardown");
}

TEST(Subject, IsASessionOrAContext) {
  EXPECT_EQ(subject_text(symptom_of(Discrepancy::kId, 0, Op::SESSION_NEW, 1)), "session 2");
  EXPECT_EQ(subject_text(symptom_of(Discrepancy::kCacheFull, 0, Op::SESSION_NEW, 1)), "c1");
  EXPECT_EQ(subject_text(symptom_of(Discrepancy::kBlocks, 0, Op::SESSION_NEW)), "");
}

}  // namespace
}  // namespace lastref
