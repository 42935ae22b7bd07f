#include "harness/reproduce/reproducer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <variant>

#include "harness/program/trace.h"
#include "harness/reproduce/part.h"

namespace lastref {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kGolden = LASTREF_SOURCE_DIR "/harness/reproduce/golden/replace-silent.txt";

Program program_of(const std::string& operations) {
  auto parsed = parse_trace("lastref 1\n" + operations);
  if (const auto* error = std::get_if<TraceError>(&parsed)) {
    ADD_FAILURE() << error->text("trace");
    return {};
  }
  return std::get<Program>(parsed);
}

ReproducerInput input_of(const std::string& operations, const Dialect& dialect) {
  ReproducerInput input;
  input.dialect = &dialect;
  input.program = program_of(operations);
  input.version = "OpenSSL 3.0.22 25 Aug 2026";
  return input;
}

std::string source_of(const std::string& operations, const Dialect& dialect = kOpenSslDialect) {
  const Reproducer made = reproduce(input_of(operations, dialect));
  EXPECT_EQ(made.lacks, "");
  return made.source;
}

Symptom symptom_of(Discrepancy what, int operation, Op code) {
  Symptom symptom;
  symptom.what = what;
  symptom.verdict = verdict_of(what);
  symptom.operation = static_cast<std::uint16_t>(operation);
  symptom.code = code;
  symptom.subject = 0;
  return symptom;
}

// A callback, a finding, and all that a program can do without.
TEST(ReproducerTest, WritesTheGoldenProgram) {
  ReproducerInput input = input_of(
      "c0 = ctx_new\non_remove c0 watch\ns0 = new\nset_id s0 id_a\nadd c0 s0\ns1 = new\n"
      "set_id s1 id_a\nadd c0 s1\n",
      kOpenSslDialect);
  input.symptoms.add(symptom_of(Discrepancy::kMissingCallback, 7, Op::CACHE_ADD));
  const std::string source = reproduce(input).source;
  if (std::getenv("LASTREF_UPDATE_GOLDEN") != nullptr) std::ofstream(kGolden) << source;
  std::ifstream file(kGolden);
  EXPECT_EQ(source, std::string(std::istreambuf_iterator<char>(file), {}))
      << "LASTREF_UPDATE_GOLDEN=1 writes it anew";
  EXPECT_EQ(source, reproduce(input).source);
}

TEST(ReproducerTest, HasOnlyThePartsThatAProgramNeeds) {
  const std::string source = source_of("c0 = ctx_new\nget_number c0\n");
  EXPECT_THAT(source, HasSubstr("EXPECT(0, SSL_CTX_sess_number(c0));"));
  for (const char* part :
       {"born", "expect_events", "expect_bytes", "handshake", "time(", "note("}) {
    EXPECT_THAT(source, Not(HasSubstr(part))) << part;
  }
}

TEST(ReproducerTest, TakesTheClockIntoItsOwnHandsWhereTheTimeShows) {
  const std::string source = source_of("s0 = new\nclock 300\nget_time s0\n");
  EXPECT_THAT(source, HasSubstr("time_t time(time_t *seconds)"));
  EXPECT_THAT(source, HasSubstr("now += 300;"));
  EXPECT_THAT(source, HasSubstr("EXPECT(1000000000, SSL_SESSION_get_time(s0));"));
}

TEST(ReproducerTest, SaysWhoHoldsWhatAndWhatIsDestroyed) {
  const std::string source = source_of("c0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n");
  EXPECT_THAT(source, HasSubstr("/* 4. session 1 (s0): application 1, cache c0 = 2 references */"));
  EXPECT_THAT(source, HasSubstr("EXPECT_EVENTS(\"session 1 destroyed\");"));
}

TEST(ReproducerTest, ExpectsNothingBehindABrokenRule) {
  const std::string source = source_of("s0 = new\nfree s0\nfree s0\nget_timeout s0\n");
  EXPECT_THAT(source, HasSubstr("breaks a rule at operation 3"));
  EXPECT_THAT(source, HasSubstr("(void)(SSL_SESSION_get_timeout(s0));"));
}

TEST(ReproducerTest, NamesTheCheckerWhereTheDamageIsToMemory) {
  ReproducerInput input = input_of("s0 = new\n", kOpenSslDialect);
  input.symptoms.add(symptom_of(Discrepancy::kPoisonOverwritten, 1, Op::SESSION_FREE));
  const Reproducer made = reproduce(input);
  EXPECT_EQ(made.checker, Checker::kNeeded);
  EXPECT_THAT(made.source, HasSubstr(kChecker));
}

TEST(ReproducerTest, LacksWhatTheDialectHasNoWordsFor) {
  Dialect mute = kOpenSslDialect;
  mute.handshake = "";
  const Reproducer made = reproduce(
      input_of("c0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n", mute));
  EXPECT_EQ(made.lacks, "handshakes");
  EXPECT_EQ(made.source, "");
}

constexpr const char* kStruckHandshake =
    "c0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\nfail_alloc 66: handshake n0 n1 complete\n";

TEST(ReproducerTest, TriesTheNeighboursOfAHandshakesAllocationWhereOneIsToShowSomething) {
  ReproducerInput input = input_of(kStruckHandshake, kWolfSslDialect);
  EXPECT_THAT(reproduce(input).source, HasSubstr("  fail_alloc(66, 0);\n"));
  input.symptoms.add(symptom_of(Discrepancy::kBlocks, 6, Op::CONTEXT_FREE));
  const std::string source = reproduce(input).source;
  EXPECT_THAT(source, HasSubstr("  fail_alloc(nth, 0);\n"));
  EXPECT_THAT(source, HasSubstr("nth = 66 + (i % 2 == 1 ? (i + 1) / 2 : -(i / 2));"));
  EXPECT_THAT(source, HasSubstr("static int program(void) {"));
  input.program =
      program_of(kStruckHandshake + std::string("fail_alloc 1: handshake n0 n1 complete\n"));
  EXPECT_EQ(reproduce(input).lacks, "a count of the allocations of several handshakes");
}

TEST(ReproducerTest, TakesAnAttemptThatEndsAsTheFindingDoesAndLeavesOutThoseOfOtherBugs) {
  const std::pair<Discrepancy, const char*> ends[] = {
      {Discrepancy::kTimeUsedUp, "if (!(WIFSIGNALED(status))) continue;"},
      {Discrepancy::kReadAfterRelease, "if (!(status != 0)) continue;"},
      {Discrepancy::kBlocks, "if (!(WIFEXITED(status) && WEXITSTATUS(status) != 0)) continue;"}};
  for (const auto& [what, end] : ends) {
    ReproducerInput input = input_of(kStruckHandshake, kWolfSslDialect);
    input.symptoms.add(symptom_of(what, 3, Op::HANDSHAKE));
    EXPECT_THAT(reproduce(input).source, AllOf(HasSubstr(end), Not(HasSubstr("nth == "))));
    input.contract.hazards.add(Hazard::FAILED_BIO_LOST);
    EXPECT_THAT(reproduce(input).source, HasSubstr("if (nth == 2 || nth == 4) continue;"));
  }
}

TEST(ReproducerTest, CountsSessionsThatWereNeverGivenOutWhereTheFindingIsThatOneWasDestroyed) {
  ReproducerInput input = input_of("fail_alloc 2: s0 = new\n", kReferenceDialect);
  input.symptoms.add(symptom_of(Discrepancy::kObservers, 0, Op::SESSION_NEW));
  EXPECT_THAT(reproduce(input).source,
              AllOf(HasSubstr("  strangers = 0;\n  fail_alloc(2, 0);\n"),
                    HasSubstr("  fail_alloc(0, 0);\n  EXPECT(0, strangers);\n"),
                    HasSubstr("static void died("), Not(HasSubstr("expect_events"))));
}

TEST(ReproducerTest, NamesTheCheckerWhereAReferenceIsLostBehindAFailure) {
  ReproducerInput input = input_of("s0 = new\nfail_alloc 1: s1 = dup s0\n", kReferenceDialect);
  input.symptoms.add(symptom_of(Discrepancy::kMissingDeath, 2, Op::SESSION_FREE));
  EXPECT_EQ(reproduce(input).checker, Checker::kNeeded);
  input.program = program_of("s0 = new\ns1 = dup s0\n");
  EXPECT_EQ(reproduce(input).checker, Checker::kNotNeeded);
}

TEST(ReproducerTest, ExpectsWhatTheFindingSaysBehindAFailureAndNothingElse) {
  ReproducerInput input = input_of(
      "c0 = ctx_new\ns0 = new\nset_hostname s0 host_a\nfail_alloc 1: set_hostname s0 host_b\n"
      "get_number c0\nremove c0 s0\n",
      kReferenceDialect);
  EXPECT_THAT(reproduce(input).source, HasSubstr("(void)(SSL_CTX_remove_session(c0, s0));"));
  input.symptoms.add(symptom_of(Discrepancy::kResult, 5, Op::CACHE_REMOVE));
  EXPECT_THAT(reproduce(input).source, HasSubstr("  EXPECT(0, SSL_CTX_remove_session(c0, s0));"));
  input.symptoms = Symptoms();
  input.symptoms.add(symptom_of(Discrepancy::kStatisticResult, 4, Op::GET_NUMBER));
  EXPECT_THAT(reproduce(input).source, HasSubstr("  EXPECT(0, SSL_CTX_sess_number(c0));"));
  input.symptoms = Symptoms();
  Symptom lost = symptom_of(Discrepancy::kTimeout, 3, Op::SET_HOSTNAME);
  lost.expected = 304;
  input.symptoms.add(lost);
  const std::string source = reproduce(input).source;
  EXPECT_THAT(source, HasSubstr("  fail_alloc(0, 0);\n"
                                "  EXPECT(304, SSL_SESSION_get_timeout(session[1]));\n"));
  EXPECT_THAT(source, HasSubstr("(void)(SSL_CTX_sess_number(c0));"));
}

TEST(ReproducerTest, KeepsBytesThatTheLibraryChoseWhereTheFindingIsThatTheyAreOthers) {
  ReproducerInput input = input_of(
      "c0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n"
      "s0 = get1_session n0\nssl_clear n1\n",
      kReferenceDialect);
  Symptom renewed = symptom_of(Discrepancy::kId, 5, Op::CONNECTION_CLEAR);
  renewed.subject = 1;
  input.symptoms.add(renewed);
  for (const char* fault : {"", "fail_alloc 1: "}) {
    input.program = program_of(
        "c0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n"
        "s0 = get1_session n0\n" +
        std::string(fault) + "ssl_clear n1\n");
    EXPECT_THAT(reproduce(input).source,
                AllOf(HasSubstr("static const void *get_id("),
                      HasSubstr("  KEEP_BYTES(get_id, session[2]);\n"),
                      HasSubstr("  EXPECT_BYTES(kept, kept_length, get_id, session[2]);\n")));
  }
}

TEST(ReproducerTest, HasTheObjectsOfALibraryThatHasOthers) {
  ReproducerInput input = input_of(
      "c0 = ctx_new\nn0 = ssl_new c0\ns0 = copy_session n0\nget_number c0\n", kGnuTlsDialect);
  ASSERT_EQ(input.contract.set_words("set-session=unseen cache-adds=entry"), "");
  const std::string source = reproduce(input).source;
  for (const char* part :
       {"static struct session *s0;", "static struct context *c0;",
        "s0 = copy_session(n0);\n  EXPECT_POINTER(NULL, s0);", "EXPECT(0, count_entries(c0));"}) {
    EXPECT_THAT(source, HasSubstr(part));
  }
  for (const char* part : {"SSL_SESSION", "SSL_CTX", "new_session", "set_session(", "drive("}) {
    EXPECT_THAT(source, Not(HasSubstr(part)));
  }
}

TEST(ReproducerTest, CallsWhatTheDialectSpells) {
  const std::string source = source_of("c0 = ctx_new\nset_tickets c0 off\n", kWolfSslDialect);
  EXPECT_THAT(source, HasSubstr("static void set_tickets(SSL_CTX *context, int on)"));
  EXPECT_THAT(source, HasSubstr("  set_tickets(c0, 0);"));
  EXPECT_THAT(source_of("c0 = ctx_new\nset_tickets c0 off\n"),
              HasSubstr("SSL_CTX_set_options(c0, SSL_OP_NO_TICKET);"));
}

TEST(PartTest, KeepsTheLinesWhoseConditionHolds) {
  const char* text = "\n@a one\n@!a two\n@a+b three\n@b+!a four\n  five\n";
  EXPECT_EQ(part(text, {"a"}), "\none\n  five\n");
  EXPECT_EQ(part(text, {"a", "b"}), "\none\nthree\n  five\n");
  EXPECT_EQ(part(text, {"b"}), "\ntwo\nfour\n  five\n");
  EXPECT_EQ(part("\n@a one\n", {}), "");
}

TEST(DialectTest, EveryNameHasItsTable) {
  for (const std::string_view name : dialect_names()) {
    ASSERT_NE(dialect_named(name), nullptr);
    EXPECT_EQ(dialect_named(name)->name, name);
  }
  EXPECT_EQ(dialect_named("nossl"), nullptr);
}

}  // namespace
}  // namespace lastref
