#include "harness/cli/baseline.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/cli/known_finding.h"

namespace lastref {
namespace {

using testing::HasSubstr;

constexpr const char* kHead = "lastref-baseline 1\n";
constexpr const char* kEntry =
    "[first]\n"
    "target = openssl\n"
    "versions = 3.0.0..3.0.99\n"
    "hazard = replace-silent\n"
    "outcome = library bug\n"
    "breaks = page(3): \"one\n"
    "  two\"\n"
    "cites = a\n"
    "cites = b\n"
    "date = 2026-01-31\n"
    "signature = wrong-callback/missing-callback/add\n";

std::vector<BaselineEntry> parsed(const std::string& text) {
  auto result = parse_baseline(text);
  if (const auto* error = std::get_if<BaselineError>(&result)) {
    ADD_FAILURE() << error->text("text");
    return {};
  }
  return std::get<std::vector<BaselineEntry>>(result);
}

std::string error_of(const std::string& text) {
  const auto result = parse_baseline(text);
  const auto* error = std::get_if<BaselineError>(&result);
  return error == nullptr ? "no error" : error->text("f");
}

// The entry with one of its lines replaced.
std::string with(const std::string& line, const std::string& instead) {
  std::string text = std::string(kHead) + kEntry;
  const std::size_t at = text.find(line);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, line.size(), instead);
}

TEST(ParseBaseline, ReadsEveryKey) {
  const auto entries = parsed(std::string(kHead) + "# comment\n\n" + kEntry);
  ASSERT_EQ(entries.size(), 1U);
  const BaselineEntry& entry = entries[0];
  EXPECT_EQ(entry.name, "first");
  EXPECT_EQ(entry.target, "openssl");
  EXPECT_EQ(entry.hazard, Hazard::REPLACE_SILENT);
  EXPECT_EQ(entry.outcome, "library bug");
  EXPECT_EQ(entry.breaks, "page(3): \"one two\"");
  EXPECT_THAT(entry.citations, testing::ElementsAre("a", "b"));
  EXPECT_EQ(entry.date, "2026-01-31");
  EXPECT_THAT(entry.signatures, testing::ElementsAre("wrong-callback/missing-callback/add"));
  EXPECT_EQ(entry.line, 4);
}

TEST(ParseBaseline, SaysBehindWhichOthersAnEntryIsAndWhoseRequestHasToFail) {
  std::string second = kEntry;
  second.replace(second.find("first"), 5, "second")
      .replace(second.find("replace-silent"), 14, "two-caches");
  const auto entries = parsed(kHead + second + "behind = first\nasked-by = F\n" + kEntry);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_THAT(entries[0].behind, testing::ElementsAre("first"));
  EXPECT_EQ(entries[0].asked_by, "F");
  EXPECT_TRUE(hazards_beside(entries[0], entries).empty());
  EXPECT_TRUE(hazards_beside(entries[1], entries).has(Hazard::TWO_CACHES));
  EXPECT_THAT(error_of(kHead + second + "behind = third\n"),
              HasSubstr("f:2:1: found entry 'second' behind 'third', expected"));
  EXPECT_THAT(error_of(kHead + second + "behind = second\n"), HasSubstr("behind another entry"));
}

TEST(ParseBaseline, SignatureMayBeMissing) {
  EXPECT_TRUE(
      parsed(with("signature = wrong-callback/missing-callback/add\n", ""))[0].signatures.empty());
}

TEST(ParseBaseline, LinesMayEndWithCrLf) {
  EXPECT_TRUE(parsed("lastref-baseline 1\r\n# c\r\n").empty());
}

TEST(ParseBaseline, WithoutItsFirstLine) {
  EXPECT_THAT(error_of(""), HasSubstr("f:1:1: found the end of the file"));
  EXPECT_THAT(error_of("lastref-baseline 2\n"), HasSubstr("f:1:1: found 'lastref-baseline 2'"));
  EXPECT_THAT(error_of(kEntry), HasSubstr("f:1:1: found '[first]'"));
}

TEST(ParseBaseline, UnknownKeyGetsTheNearest) {
  EXPECT_THAT(error_of(with("hazard =", "hazrd =")), HasSubstr("f:5:1: found 'hazrd'"));
  EXPECT_THAT(error_of(with("hazard =", "hazrd =")), HasSubstr("did you mean 'hazard'?"));
}

TEST(ParseBaseline, WrongValueIsShownWithItsColumn) {
  EXPECT_THAT(error_of(with("replace-silent", "replace-silnt")),
              HasSubstr("f:5:10: found 'replace-silnt'"));
  EXPECT_THAT(error_of(with("3.0.0..3.0.99", "3.0.99..3.0.0")), HasSubstr("f:4:12: found"));
  EXPECT_THAT(error_of(with("library bug", "feature")), HasSubstr("f:6:11: found 'feature'"));
  EXPECT_THAT(error_of(with("2026-01-31", "31.1.2026")), HasSubstr("f:11:8: found '31.1.2026'"));
  EXPECT_THAT(error_of(with("missing-callback/add", "missing-callback/ad")),
              HasSubstr("f:12:13: found"));
  EXPECT_THAT(error_of(with("target = openssl", "target =")), HasSubstr("f:3:9: found nothing"));
}

TEST(ParseBaseline, MissingKeyIsShownAtItsEntry) {
  EXPECT_THAT(error_of(with("date = 2026-01-31\n", "")),
              HasSubstr("f:2:1: found no 'date' in entry 'first'"));
}

TEST(ParseBaseline, KeyOrNameASecondTime) {
  EXPECT_THAT(error_of(with("date =", "target = x\ndate =")), HasSubstr("a second time"));
  EXPECT_THAT(error_of(std::string(kHead) + kEntry + kEntry), HasSubstr("f:13:2: found 'first' a"));
}

TEST(ParseBaseline, LinesWhereNoneMayStand) {
  EXPECT_THAT(error_of("lastref-baseline 1\ntarget = x\n"), HasSubstr("expected [NAME]"));
  EXPECT_THAT(error_of("lastref-baseline 1\n  x\n"), HasSubstr("f:2:1: found a line that goes on"));
  EXPECT_THAT(error_of("lastref-baseline 1\n[a\n"), HasSubstr("f:2:1: found '[a'"));
  EXPECT_THAT(error_of("lastref-baseline 1\n[a]\ntarget\n"), HasSubstr("f:3:7: found the end"));
}

TEST(ParseBaseline, AnyBytesGiveAnErrorAndNoCrash) {
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 131 % 256);
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    parse_baseline(kHead + bytes.substr(0, size));
  }
  const std::string whole = std::string(kHead) + kEntry;
  for (std::size_t size = 0; size < whole.size(); ++size) parse_baseline(whole.substr(0, size));
}

TEST(Baseline, SelectsByTargetAndVersion) {
  Baseline baseline;
  baseline.add(parsed(std::string(kHead) + kEntry));
  EXPECT_EQ(baseline.of("openssl", "OpenSSL 3.0.22 25 Aug 2026").size(), 1U);
  EXPECT_TRUE(baseline.of("openssl", "OpenSSL 3.1.0").empty());
  EXPECT_TRUE(baseline.of("boringssl", "OpenSSL 3.0.22").empty());
}

TEST(Baseline, FindingIsKnownOnlyWhileItsHazardIsOff) {
  const auto entries = parsed(std::string(kHead) + kEntry);
  const Signature listed{Verdict::kWrongCallback, Discrepancy::kMissingCallback, Op::CACHE_ADD};
  const auto always = [](const BaselineEntry&) { return true; };
  EXPECT_EQ(known_by(entries, listed, Hazards(), always), "first");
  EXPECT_EQ(known_by(entries, listed, hazards_of(entries), always), "");
  EXPECT_EQ(known_by(entries, listed, Hazards(), [](const BaselineEntry&) { return false; }), "");
  const Signature other{Verdict::kWrongCallback, Discrepancy::kMissingCallback, Op::CACHE_FLUSH};
  EXPECT_EQ(known_by(entries, other, Hazards(), always), "");
}

// One that fails allocations in one kind of operation is met in others by whose request it was.
TEST(KnownFinding, BehindARequestThatFailedIsOneOfThatFunctionAlone) {
  BaselineEntry entry;
  entry.name = "a-bug";
  entry.hazard = Hazard::FAILED_ADD_LINKS;
  entry.signatures = {"crash/signal/handshake"};
  entry.asked_by = "SSL_CTX_add_session";
  const Signature seen{Verdict::kCrash, Discrepancy::kSignal, Op::HANDSHAKE};
  std::string frame;
  Engine engine;
  engine.run_program = [&frame](const std::string&, const Program&, Hazards, const ContractMarks&,
                                MemoryTier) {
    ProgramReport report;
    report.struck.asked = {"CRYPTO_malloc+0x8a (libcrypto.so.3)", frame};
    return report;
  };
  const auto known = [&](const Program& program) {
    return known_finding(engine, {entry}, "openssl", program, seen, {});
  };
  frame = "SSL_CTX_add_session+0x32 (libssl.so.3)";
  EXPECT_EQ(known({}), "a-bug");
  frame = "SSL_CTX_add_session_x+0x32 (libssl.so.3)";
  EXPECT_EQ(known({}), "");
  Program lasting;
  lasting.size = 1;
  lasting.operations[0].fault = Fault(3, true);
  EXPECT_EQ(known(lasting), "a-bug") << "only the first of its requests has a stack";
}

TEST(Baseline, ThatOfTheRepositoryIsValidAndUsesEveryHazardOnce) {
  const Baseline baseline = Baseline::load(LASTREF_SOURCE_DIR "/corpus/baseline");
  const auto entries = baseline.of("openssl", "OpenSSL 3.0.22 25 Aug 2026");
  EXPECT_FALSE(entries.empty());
  Hazards seen;
  for (const BaselineEntry& entry : entries) {
    EXPECT_FALSE(seen.has(entry.hazard)) << entry.name;
    seen.add(entry.hazard);
  }
}

}  // namespace
}  // namespace lastref
