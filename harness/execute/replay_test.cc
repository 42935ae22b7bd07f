// Every kind of verdict that a target can be convicted of, provoked by the reference with one
// fault.

#include "harness/execute/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>
#include <variant>

#include "harness/execute/finding.h"
#include "harness/memory/block.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

const char* const kFaulty =
    LASTREF_BINARY_DIR "/tests/harness/execute/adapters/lastref-target-faulty.so";

Program program(const std::string& lines) {
  auto parsed = parse_trace("lastref 1\n" + lines);
  if (const auto* error = std::get_if<TraceError>(&parsed)) {
    ADD_FAILURE() << error->text("test");
    return {};
  }
  return std::get<Program>(parsed);
}

struct Case {
  const char* fault;
  const char* lines;
  const char* cause;  // the signature's text
  int operation;      // index at which it shows
};

std::ostream& operator<<(std::ostream& out, const Case& of) { return out << of.fault; }

class ReplayVerdictTest : public ::testing::TestWithParam<Case> {};

TEST_P(ReplayVerdictTest, IsProvokedByItsFaultAndByNothingElse) {
  const Case& of = GetParam();
  const Program wrong = program(of.lines);
  {
    ASSERT_EQ(setenv("LASTREF_TEST_FAULT", of.fault, 1), 0);
    Replay replay(kFaulty, Hazards{});
    ASSERT_EQ(replay.start(), "");
    const Replay::Outcome outcome = replay.run(wrong, Replay::Until::kConsequences);
    ASSERT_EQ(outcome.internal_error, "");
    ASSERT_FALSE(outcome.run.symptoms.empty()) << of.fault << " went unnoticed";
    EXPECT_EQ(text(signature(outcome.run.symptoms.cause())), of.cause);
    EXPECT_EQ(outcome.run.symptoms.cause().operation, of.operation);
    EXPECT_EQ(outcome.run.illegal_operation, -1);
  }
  ASSERT_EQ(unsetenv("LASTREF_TEST_FAULT"), 0);
  Replay replay(kFaulty, Hazards{});
  ASSERT_EQ(replay.start(), "");
  EXPECT_TRUE(replay.run(wrong, Replay::Until::kConsequences).run.symptoms.empty())
      << "the sound target is convicted";
}

INSTANTIATE_TEST_SUITE_P(
    Verdicts, ReplayVerdictTest,
    ::testing::Values(
        Case{"early-free", "s0 = new\nup_ref s0\nfree s0\nfree s0\n",
             "early-free/unexpected-death/free", 2},
        Case{"dangling-cache", "c0 = ctx_new\ns0 = new\nup_ref s0\nadd c0 s0\nfree s0\nfree s0\n",
             "dangling-cache/unexpected-death/free", 5},
        Case{"dangling-connection",
             "c0 = ctx_new\nn0 = ssl_new c0\ns0 = new\nup_ref s0\nset_session n0 s0\nfree s0\n"
             "free s0\n",
             "dangling-connection/unexpected-death/free", 6},
        Case{"write-after-free", "s0 = new\nfree s0\ns1 = new\nset_timeout s1 1\n",
             "use-after-free/poison-overwritten/set_timeout", 3},
        Case{"read-after-free", "s0 = new\nfree s0\ns1 = new\nset_timeout s1 1\n",
             "use-after-free/read-after-release/set_timeout", 3},
        Case{"foreign-release", "s0 = new\nset_timeout s0 1\n",
             "heap-corruption/foreign-release/set_timeout", 1},
        Case{"double-release", "s0 = new\nset_timeout s0 1\n",
             "double-free/double-release/set_timeout", 1},
        Case{"crash", "s0 = new\nup_ref s0\n", "crash/signal/up_ref", 1},
        Case{"abort", "s0 = new\nup_ref s0\n", "crash/signal/up_ref", 1},
        Case{"throw", "s0 = new\nup_ref s0\n", "crash/signal/up_ref", 1},
        Case{"hang", "s0 = new\nup_ref s0\n", "hang/time-used-up/up_ref", 1},
        Case{"runaway-memory", "s0 = new\nup_ref s0\n", "runaway-memory/memory-used-up/up_ref", 1},
        Case{"leak", "s0 = new\nset_timeout s0 1\nfree s0\n", "leak/missing-death/free", 2},
        Case{"block-leak", "s0 = new\nfree s0\n", "leak/blocks/ctx_free", 2},
        Case{"miscount", "s0 = new\nset_timeout s0 1\n", "miscount/observers/set_timeout", 1},
        Case{"wrong-callback",
             "c0 = ctx_new\non_remove c0 watch\ns0 = new\nset_id s0 id_a\nadd c0 s0\nflush c0 0\n",
             "wrong-callback/missing-callback/flush", 5},
        Case{"wrong-return", "s0 = new\nset_timeout s0 1\n", "wrong-return/result/set_timeout", 1},
        Case{"wrong-content", "s0 = new\nset_timeout s0 1\n", "wrong-content/timeout/set_timeout",
             1},
        Case{"wrong-statistics", "c0 = ctx_new\n", "wrong-statistics/cache-full/ctx_new", 0}));

MemoryEvidence evidence_of(const char* fault, const std::string& lines, MemoryTier tier) {
  Replay replay(kFaulty, Hazards{});
  setenv("LASTREF_TEST_FAULT", fault, 1);
  replay.set_memory(tier);
  EXPECT_EQ(replay.start(), "");
  const Program wrong = program(lines);
  const Replay::Outcome outcome = replay.run(wrong, Replay::Until::kConsequences);
  unsetenv("LASTREF_TEST_FAULT");
  return replay.evidence(wrong, outcome);
}

TEST(ReplayEvidenceTest, ATouchIsToldWithTheBlocksLifeAndTheStacksOfAllThree) {
  for (const char* const fault : {"read-after-free", "write-after-free"}) {
    SCOPED_TRACE(fault);
    const MemoryEvidence memory =
        evidence_of(fault, "s0 = new\nfree s0\ns1 = new\nset_timeout s1 1\n", MemoryTier::kGuard);
    EXPECT_EQ(memory.fault.kind, fault == std::string("read-after-free")
                                     ? MemoryFaultKind::kRead
                                     : MemoryFaultKind::kWritten);
    EXPECT_EQ(memory.fault.session, 0);
    EXPECT_EQ(memory.fault.offset, 8U);
    EXPECT_EQ(memory.fault.allocated_at, 1);
    EXPECT_EQ(memory.fault.released_at, 2);
    EXPECT_EQ(memory.fault.touched_at, 4);
    EXPECT_THAT(memory.allocated, ::testing::Not(::testing::IsEmpty()));
    EXPECT_THAT(memory.released, ::testing::Not(::testing::IsEmpty()));
    ASSERT_THAT(memory.touched, ::testing::Not(::testing::IsEmpty()));
    EXPECT_THAT(memory.touched[0], ::testing::HasSubstr("lastref-target-faulty.so"));
  }
}

TEST(ReplayEvidenceTest, TheQuarantineFindsWritesLateAndNoReads) {
  if (LASTREF_ASAN != 0) GTEST_SKIP() << "the sanitizer sees both at once, in any tier";
  const std::string lines = "s0 = new\nfree s0\ns1 = new\nset_timeout s1 1\n";
  const MemoryEvidence memory = evidence_of("write-after-free", lines, MemoryTier::kQuarantine);
  EXPECT_EQ(memory.fault.kind, MemoryFaultKind::kFoundWritten);
  EXPECT_EQ(memory.fault.released_at, 2);
  EXPECT_TRUE(memory.touched.empty()) << "nobody on the stack wrote it";
  EXPECT_TRUE(evidence_of("read-after-free", lines, MemoryTier::kQuarantine).empty());
}

TEST(ReplayEvidenceTest, ABlockReleasedAgainHasItsLifeWhereAllAreGuarded) {
  const MemoryEvidence memory =
      evidence_of("double-release", "s0 = new\nset_timeout s0 1\n", MemoryTier::kGuardAll);
  EXPECT_EQ(memory.fault.kind, MemoryFaultKind::kReleasedAgain);
  EXPECT_EQ(memory.fault.size, 24U);
  EXPECT_EQ(memory.fault.session, kNoSubject);
  EXPECT_EQ(memory.fault.allocated_at, 2);
  EXPECT_EQ(memory.fault.touched_at, 2);
  EXPECT_THAT(memory.released, ::testing::Not(::testing::IsEmpty()));
  EXPECT_THAT(memory.touched, ::testing::Not(::testing::IsEmpty()));
}

TEST(ReplayEvidenceTest, ABlockLeftOverHasWhoAllocatedIt) {
  const MemoryEvidence memory =
      evidence_of("block-leak", "s0 = new\nfree s0\n", MemoryTier::kGuard);
  EXPECT_EQ(memory.fault.kind, MemoryFaultKind::kNeverReleased);
  EXPECT_EQ(memory.fault.session, kNoSubject);
  EXPECT_EQ(memory.fault.size, 40U);
  EXPECT_EQ(memory.fault.allocated_at, 2);
  ASSERT_THAT(memory.allocated, ::testing::Not(::testing::IsEmpty()));
  EXPECT_THAT(memory.allocated[0], ::testing::HasSubstr("lastref-target-faulty.so"));
}

TEST(ReplayEvidenceTest, AnOperationThatWasShortOfMemoryIsToldInItsOrder) {
  setenv("LASTREF_TEST_FAULT", "stays-without-memory", 1);
  Replay replay(kFaulty, Hazards{});
  ASSERT_EQ(replay.start(), "");
  const Program wrong = program(
      "c0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\ns0 = new\nset_id s0 id_a\nadd c0 s0\n"
      "fail_alloc 1: handshake n0 n1 complete\n");
  const StruckEvidence told = replay.run(wrong, Replay::Until::kConsequences).struck;
  const StruckEvidence untold = replay.run(wrong, Replay::Until::kCause).struck;
  unsetenv("LASTREF_TEST_FAULT");
  EXPECT_EQ(told.operation.number(), 7);
  EXPECT_TRUE(told.operation.ended());
  EXPECT_EQ(told.operation.result(), 0);
  ASSERT_FALSE(told.operation.moments().empty());
  EXPECT_EQ(told.operation.moments()[0].kind, StruckMoment::Kind::kRefusal);
  EXPECT_GT(told.operation.moments()[0].value, 0);
  ASSERT_THAT(told.asked, ::testing::Not(::testing::IsEmpty()));
  EXPECT_THAT(told.asked[0], ::testing::HasSubstr("lastref-target-faulty.so"));
  EXPECT_TRUE(untold.empty());
}

TEST(ReplayTest, NamesTheRuleThatAMisuseProgramBreaks) {
  Replay replay(kFaulty, Hazards{});
  ASSERT_EQ(replay.start(), "");
  const Replay::Outcome outcome =
      replay.run(program("misuse double-free at 3\ns0 = new\nfree s0\nfree s0\n"),
                 Replay::Until::kConsequences);
  EXPECT_EQ(outcome.run.illegal_operation, 2);
  EXPECT_EQ(outcome.run.legality, Legality::kDoubleFree);
}

TEST(ReplayTest, ATargetThatCannotStartSaysWhy) {
  ASSERT_EQ(setenv("LASTREF_TEST_FAULT", "cannot-start", 1), 0);
  Replay replay(kFaulty, Hazards{});
  EXPECT_THAT(replay.start(), ::testing::HasSubstr("told not to start"));
  ASSERT_EQ(unsetenv("LASTREF_TEST_FAULT"), 0);
}

TEST(ReplayTest, TellsTheTargetsVersionAndContract) {
  Replay replay(kFaulty, Hazards{});
  ASSERT_EQ(replay.start(), "");
  EXPECT_THAT(replay.version(), ::testing::StartsWith("lastref "));
  EXPECT_THAT(replay.contract_text(), ::testing::HasSubstr("d2i-zero=kept"));
}

TEST(ReplayTest, AProgramThatIsAskedTwiceAnswersTheSame) {
  ASSERT_EQ(setenv("LASTREF_TEST_FAULT", "early-free", 1), 0);
  Replay replay(kFaulty, Hazards{});
  ASSERT_EQ(replay.start(), "");
  const Program wrong = program("s0 = new\nup_ref s0\nfree s0\nfree s0\n");
  const Symptoms first = replay.run(wrong, Replay::Until::kConsequences).run.symptoms;
  const Symptoms second = replay.run(wrong, Replay::Until::kConsequences).run.symptoms;
  EXPECT_EQ(first.count, second.count);
  EXPECT_EQ(first.cause(), second.cause());
  ASSERT_EQ(unsetenv("LASTREF_TEST_FAULT"), 0);
}

class ReplayFaultTest : public ::testing::Test {
 protected:
  ~ReplayFaultTest() override { unsetenv("LASTREF_TEST_FAULT"); }

  // What a program comes to on the reference, with the fault of the adapter's that is named.
  static ProgramRun run(const std::string& lines, const char* fault = "") {
    setenv("LASTREF_TEST_FAULT", fault, 1);
    Replay replay(kFaulty, Hazards{});
    EXPECT_EQ(replay.start(), "");
    const Replay::Outcome outcome = replay.run(program(lines), Replay::Until::kCause);
    EXPECT_EQ(outcome.internal_error, "");
    return outcome.run;
  }
  static std::string cause(const ProgramRun& run) {
    return run.symptoms.empty() ? "clean" : text(signature(run.symptoms.cause()));
  }
};

TEST_F(ReplayFaultTest, LeavesOutWhatAFailedAllocationMadeImpossible) {
  const ProgramRun failed = run("fail_alloc 1: s0 = new\nset_id s0 id_a\nup_ref s0\nfree s0\n");
  EXPECT_EQ(cause(failed), "clean");
  EXPECT_EQ(failed.illegal_operation, -1);
  // Where none fails, the mistake is the program's.
  EXPECT_EQ(run("fail_alloc 30: s0 = new\nfree s0\nset_id s0 id_a\n").illegal_operation, 2);
}

TEST_F(ReplayFaultTest, AFaultThatIsNotReachedChangesNothing) {
  EXPECT_EQ(cause(run("fail_alloc 30+: s0 = new\nset_timeout s0 1\n", "wrong-return")),
            "wrong-return/result/set_timeout");
}

TEST_F(ReplayFaultTest, AProgramThatFailsWithoutItsFaultIsReportedForThat) {
  EXPECT_EQ(cause(run("fail_alloc 1: s0 = new\ns1 = new\nset_timeout s1 1\n", "wrong-return")),
            "wrong-return/result/set_timeout");
}

// Behind a handshake that had too little memory the application gives back what it has.
TEST_F(ReplayFaultTest, NothingIsLeftBehindAHandshakeThatStoppedHalfWay) {
  const std::string lines =
      "c0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\ns0 = new\nset_id s0 id_a\nadd c0 s0\n"
      "fail_alloc 1: handshake n0 n1 complete\nget_number c0\n";
  EXPECT_EQ(cause(run(lines)), "clean");
  EXPECT_EQ(cause(run(lines, "dies-without-memory")), "early-free/unexpected-death/handshake");
  EXPECT_EQ(cause(run(lines, "stays-without-memory")), "leak/missing-death/ctx_free");
}

// The same where its callbacks have bodies, wherever it is short of memory.
class ReplayBodiesTest : public ReplayFaultTest {
 protected:
  static std::string fail_alloc(int number) { return "fail_alloc " + std::to_string(number); }
  // `callback`: in_new or in_servername.
  static std::string shaking(const std::string& callback, const std::string& body,
                             const std::string& fault) {
    return "c0 = ctx_new\nset_tickets c0 off\nn0 = ssl_new c0\nn1 = ssl_new c0\ns0 = new\n"
           "on_new c0 keep\non_servername c0 c0\n" +
           callback + " c0 do " + body + "\n" + fault + ": handshake n0 n1 complete\n";
  }
  // Of all points up to kPoints, what such programs come to but for clean ones, each once.
  static std::set<std::string> causes(const std::string& callback, const std::string& body,
                                      const char* fault = "") {
    setenv("LASTREF_TEST_FAULT", fault, 1);
    Replay replay(kFaulty, Hazards{});
    EXPECT_EQ(replay.start(), "");
    std::set<std::string> seen;
    for (int fails = 1; fails <= kPoints; ++fails) {
      const Program short_of_one = program(shaking(callback, body, fail_alloc(fails)));
      const Replay::Outcome outcome = replay.run(short_of_one, Replay::Until::kCause);
      EXPECT_EQ(outcome.internal_error, "");
      EXPECT_EQ(outcome.run.illegal_operation, -1) << body;
      if (const std::string found = cause(outcome.run); found != "clean") seen.insert(found);
    }
    return seen;
  }
  static constexpr int kPoints = 16;
};

TEST_F(ReplayBodiesTest, AFailureInABodyOrBesideItAccusesNobody) {
  for (const char* const body : {"up_ref s0", "free s0", "s3 = keep s0", "s3 = dup s0", "s3 = new",
                                 "b0 = i2d s0", "add c0 s0", "c1 = ctx_new", "ctx_up_ref c0",
                                 "s3 = get1_session n1", "on_new c0 decline"}) {
    EXPECT_THAT(causes("in_servername", body), ::testing::IsEmpty()) << body;
  }
  for (const char* const body : {"up_ref s0", "free arg", "s3 = keep arg", "s3 = dup arg",
                                 "b0 = i2d arg", "get_id arg", "s3 = get0_session n1"}) {
    EXPECT_THAT(causes("in_new", body), ::testing::IsEmpty()) << body;
  }
}

TEST_F(ReplayBodiesTest, ABodysReferenceThatIsLostBehindAFailureIsMissed) {
  for (const char* const body : {"up_ref s0", "s3 = keep s0"}) {
    EXPECT_THAT(causes("in_servername", body, "loses-body-reference"),
                ::testing::ElementsAre("early-free/unexpected-death/free"))
        << body;
  }
  EXPECT_THAT(causes("in_servername", "s3 = dup s0", "loses-body-reference"),
              ::testing::ElementsAre("early-free/unexpected-death/handshake"));
}

TEST_F(ReplayBodiesTest, OneThatTheLibraryTakesBesidesIsALeak) {
  for (const char* const body : {"up_ref s0", "s3 = keep s0", "s3 = dup s0"}) {
    EXPECT_THAT(causes("in_servername", body, "keeps-body-reference"),
                ::testing::ElementsAre("leak/missing-death/ctx_free"))
        << body;
  }
}

TEST_F(ReplayBodiesTest, ADamagedFlightHidesNoneOfThem) {
  for (const char* const damage : {"flip 2.1", "flip 3.1"}) {
    const std::string damaged = shaking("in_servername", "s3 = dup s0", damage);
    EXPECT_EQ(cause(run(damaged)), "clean") << damage;
    EXPECT_EQ(cause(run(damaged, "keeps-body-reference")), "leak/missing-death/ctx_free") << damage;
  }
}

TEST_F(ReplayBodiesTest, ABodyAnswersAsTheModelSaysUntilSomethingFails) {
  const std::string unharmed = shaking("in_new", "get_timeout arg", fail_alloc(4000));
  EXPECT_EQ(cause(run(unharmed)), "clean");
  EXPECT_EQ(cause(run(unharmed, "lies-at-last")), "wrong-return/nested-result/handshake");
}

TEST_F(ReplayBodiesTest, AndBehindThatForWhatIsTheApplicationsAlone) {
  const auto made = [](int fails) {
    const std::string first = "c0 = ctx_new\n";
    return first + "in_new c0 do get_timeout s0\n" +
           shaking("in_servername", "s3 = dup s0", fail_alloc(fails)).substr(first.size());
  };
  std::set<std::string> seen;
  for (int fails = 1; fails <= kPoints; ++fails) {
    EXPECT_EQ(cause(run(made(fails))), "clean") << fails;
    seen.insert(cause(run(made(fails), "changes-what-no-copy")));
  }
  EXPECT_THAT(seen,
              ::testing::UnorderedElementsAre("clean", "wrong-return/nested-result/handshake"));
}

}  // namespace
}  // namespace lastref
