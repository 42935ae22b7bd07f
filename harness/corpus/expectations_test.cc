#include "harness/corpus/expectations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lastref {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kHead = "lastref-expected 1\ntargets = openssl reference\n";

std::string error_of(const std::string& file) {
  const auto parsed = parse_expectations(file);
  const auto* error = std::get_if<CorpusError>(&parsed);
  return error == nullptr ? "none" : error->text("expected.txt");
}

TEST(Expectations, AreReadByTraceAndTarget) {
  const auto parsed =
      parse_expectations(kHead +
                         "# a comment\n"
                         "\n"
                         "[seeds/one-trace]\n"
                         "openssl = leak/missing-death/d2i_into by d2i-reuse-keeps\n"
                         "reference = left-out\n"
                         "[misuse/another]\n"
                         "openssl = any\n"
                         "reference = crash/signal/add or leak/blocks/add\n"
                         "[misuse/third]\n"
                         "openssl = clean or leak/blocks/add\n");
  ASSERT_TRUE(std::holds_alternative<Expectations>(parsed));
  const auto& read = std::get<Expectations>(parsed);
  EXPECT_THAT(read.targets, ElementsAre("openssl", "reference"));
  ASSERT_EQ(read.of.size(), 3U);
  const ExpectedResult* finding = read.find("seeds/one-trace", "openssl");
  ASSERT_NE(finding, nullptr);
  EXPECT_THAT(finding->signatures, ElementsAre("leak/missing-death/d2i_into"));
  EXPECT_EQ(finding->entry, "d2i-reuse-keeps");
  EXPECT_EQ(finding->line, 6);
  EXPECT_EQ(text(*finding), "leak/missing-death/d2i_into by d2i-reuse-keeps");
  EXPECT_EQ(text(*read.find("seeds/one-trace", "reference")), "left-out");
  EXPECT_EQ(text(*read.find("misuse/another", "openssl")), "any");
  EXPECT_EQ(text(*read.find("misuse/another", "reference")), "crash/signal/add or leak/blocks/add");
}

TEST(Expectations, OfWhatTheFileDoesNotNameAreNone) {
  const auto parsed = parse_expectations(kHead + "[seeds/a]\nopenssl = left-out\n");
  ASSERT_TRUE(std::holds_alternative<Expectations>(parsed));
  const auto& read = std::get<Expectations>(parsed);
  EXPECT_EQ(read.find("seeds/a", "reference"), nullptr);
  EXPECT_EQ(read.find("seeds/b", "openssl"), nullptr);
}

struct Wrong {
  const char* name;
  std::string file;
  const char* message;
};

class ExpectationErrors : public testing::TestWithParam<Wrong> {};

TEST_P(ExpectationErrors, NameTheLine) {
  EXPECT_THAT(error_of(GetParam().file), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, ExpectationErrors,
    testing::Values(
        Wrong{"Empty", "", "expected.txt:0: found the end of the file"},
        Wrong{"OtherFirstLine", "# a\nlastref 1\n", "expected.txt:2: found 'lastref 1'"},
        Wrong{"NoTargets", "lastref-expected 1\n", "found no line of targets"},
        Wrong{"TraceBeforeTargets", "lastref-expected 1\n[seeds/a]\nopenssl = any\n",
              "expected.txt:2: found '[seeds/a]', expected 'targets = NAME...'"},
        Wrong{"UnknownTarget", kHead + "[seeds/a]\nopensl = any\n",
              "expected.txt:4: found 'opensl', expected one of openssl, reference"},
        Wrong{"TargetTwice", kHead + "[seeds/a]\nopenssl = any\nopenssl = clean\n",
              "expected.txt:5: found 'openssl' a second time"},
        Wrong{"TraceTwice", kHead + "[seeds/a]\nopenssl = any\n[seeds/a]\nopenssl = any\n",
              "expected.txt:5: found 'seeds/a' a second time"},
        Wrong{"NothingUnderAHeading", kHead + "[seeds/a]\n[seeds/b]\nopenssl = any\n",
              "expected.txt:3: found a heading with nothing under it"},
        Wrong{"NothingUnderTheLastHeading", kHead + "[seeds/a]\n", "expected.txt:3: found a head"},
        Wrong{"OpenHeading", kHead + "[seeds/a\n", "expected.txt:3: found '[seeds/a'"},
        Wrong{"OnlyABracket", kHead + "[\n", "expected.txt:3: found '['"},
        Wrong{"CapitalLetters", kHead + "[seeds/A]\n", "expected.txt:3: found '[seeds/A]'"},
        Wrong{"LineBeforeAHeading", kHead + "openssl = any\n", "found 'openssl', expected [FOLD"},
        Wrong{"NoBlanks", kHead + "[seeds/a]\nopenssl=any\n", "found 'openssl=any', expected KEY"},
        Wrong{"NoSignature", kHead + "[seeds/a]\nopenssl = leak\n", "found 'leak', expected clean"},
        Wrong{"NothingAfterBy", kHead + "[seeds/a]\nopenssl = a/b/c by\n", "found 'by', expected"},
        Wrong{"NothingAfterOr", kHead + "[seeds/a]\nopenssl = a/b/c or\n", "found '', expected"},
        Wrong{"CleanOrByAnEntry", kHead + "[seeds/a]\nopenssl = clean or a/b/c by x\n",
              "found 'by', expected the end of the line"},
        Wrong{"CleanByAnEntry", kHead + "[seeds/a]\nopenssl = clean by x\n",
              "found 'by', expected the end of the line"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace lastref
