#include "harness/execute/symptom.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "harness/execute/finding.h"

namespace lastref {
namespace {

Symptom symptom(Discrepancy what, int operation, std::uint8_t subject = 0) {
  Symptom made;
  made.verdict = verdict_of(what);
  made.what = what;
  made.operation = static_cast<std::uint16_t>(operation);
  made.subject = subject;
  return made;
}

Symptoms symptoms(std::initializer_list<Symptom> list) {
  Symptoms made;
  for (const Symptom& one : list) made.add(one);
  made.settle();
  return made;
}

TEST(Discrepancy, EachHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Discrepancy::kMisuseRun); ++i) {
    names.insert(name(static_cast<Discrepancy>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Discrepancy::kMisuseRun) + 1);
  EXPECT_EQ(names.count(""), 0U);
}

TEST(Discrepancy, EachButMisuseAmountsToAVerdict) {
  for (int i = 1; i < static_cast<int>(Discrepancy::kMisuseRun); ++i) {
    EXPECT_NE(verdict_of(static_cast<Discrepancy>(i)), Verdict::kNone)
        << name(static_cast<Discrepancy>(i));
  }
}

TEST(Settle, TheFirstOperationIsTheCauseWhateverItsVerdict) {
  const Symptoms settled =
      symptoms({symptom(Discrepancy::kUnexpectedDeath, 5), symptom(Discrepancy::kResult, 3)});
  EXPECT_EQ(settled.cause().what, Discrepancy::kResult);
}

TEST(Settle, OnOneOperationTheVerdictThatPrecedesIsTheCause) {
  const Symptoms settled =
      symptoms({symptom(Discrepancy::kResult, 3), symptom(Discrepancy::kUnexpectedDeath, 3)});
  EXPECT_EQ(settled.cause().what, Discrepancy::kUnexpectedDeath);
}

TEST(Settle, TheOrderOfTheRestIsKept) {
  const Symptoms settled =
      symptoms({symptom(Discrepancy::kResult, 3, 1), symptom(Discrepancy::kTime, 3, 2),
                symptom(Discrepancy::kMissingDeath, 3, 3), symptom(Discrepancy::kId, 3, 4)});
  std::vector<int> subjects;
  for (const Symptom& one : settled.view()) subjects.push_back(one.subject);
  EXPECT_THAT(subjects, testing::ElementsAre(3, 1, 2, 4));
}

TEST(Settle, OfEqualsTheFirstIsTheCause) {
  const Symptoms settled =
      symptoms({symptom(Discrepancy::kId, 3, 7), symptom(Discrepancy::kTime, 3, 8)});
  EXPECT_EQ(settled.cause().subject, 7);
}

TEST(Settle, NoVerdictIsNoCause) {
  const Symptoms settled =
      symptoms({symptom(Discrepancy::kMisuseRun, 3), symptom(Discrepancy::kSignal, 3)});
  EXPECT_EQ(settled.cause().what, Discrepancy::kSignal);
}

TEST(Settle, NothingStaysNothing) {
  const Symptoms settled = symptoms({});
  EXPECT_TRUE(settled.empty());
  EXPECT_TRUE(settled.view().empty());
}

TEST(Settle, BeyondTheBoundSymptomsAreCountedAndTheKeptOnesSettled) {
  Symptoms many;
  for (int i = 0; i < Symptoms::kMax + 3; ++i) many.add(symptom(Discrepancy::kResult, 20 - i));
  many.settle();
  EXPECT_EQ(many.count, Symptoms::kMax + 3);
  EXPECT_EQ(many.view().size(), static_cast<std::size_t>(Symptoms::kMax));
  EXPECT_EQ(many.cause().operation, 20 - Symptoms::kMax + 1);
}

TEST(Signature, IsTextOfVerdictDifferenceAndOperation) {
  EXPECT_EQ(text(Signature{Verdict::kWrongCallback, Discrepancy::kMissingCallback, Op::CACHE_ADD}),
            "wrong-callback/missing-callback/add");
}

TEST(Signature, TakesTheOperationOfItsSymptom) {
  Symptom cause = symptom(Discrepancy::kSignal, 2);
  cause.code = Op::CACHE_FLUSH;
  EXPECT_EQ(text(signature(cause)), "crash/signal/flush");
}

}  // namespace
}  // namespace lastref
