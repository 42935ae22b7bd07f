// Sweeps of the reference, sound and with a fault that only shows when memory is short.

#include "harness/inject/sweep.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <variant>

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

SweepReport sweep_of(const std::string& lines, const char* fault = nullptr,
                     std::size_t most = kMostPoints, SweepKind kind = SweepKind::kAllocations) {
  if (fault != nullptr) setenv("LASTREF_TEST_FAULT", fault, 1);
  SweepOptions options;
  options.target = kFaulty;
  options.traces = {{"test", program(lines)}};
  options.most_points = most;
  options.kind = kind;
  SweepReport report = sweep(options);
  unsetenv("LASTREF_TEST_FAULT");
  EXPECT_EQ(report.check.could_not_run, "");
  EXPECT_EQ(report.check.internal_error, "");
  return report;
}

// Each operation of the reference that asks for memory.
const char* const kAllocates =
    "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nset_hostname s0 host_a\nset_hostname s0 host_b\n"
    "s1 = dup s0\nadd c0 s0\nb0 = i2d_allocate s0\ns2 = d2i b0\nn0 = ssl_new c0\nn1 = ssl_new c0\n"
    "handshake n0 n1 complete\nfree s0\nflush c0 0\n";

TEST(Sweep, FindsNothingInTheReference) {
  const SweepReport report = sweep_of(kAllocates);
  ASSERT_EQ(report.traces.size(), 1U);
  EXPECT_EQ(report.traces[0].left_out, "");
  EXPECT_GT(report.traces[0].requests, 10U);
  EXPECT_EQ(report.traces[0].points, 2 * report.traces[0].requests);
  EXPECT_EQ(report.traces[0].run, report.traces[0].points);
  EXPECT_EQ(report.check.verdicts, 0U);
  EXPECT_TRUE(report.check.findings.empty());
}

// With the copy flag left at 1 the library takes a reference of its own, and the application keeps
// the one that it took for it; with a flag of 0 it loses one, taken for it or not. Also where the
// handshake then fails.
TEST(Sweep, CountsWhatAGetCallbackTookAndHandedOverBeforeAnAllocationFailed) {
  for (const char* on_get : {"owned", "owned_copy0", "borrowed", "borrowed_copy0"}) {
    SCOPED_TRACE(on_get);
    const SweepReport report = sweep_of(
        "c0 = ctx_new\nset_tickets c0 off\nset_mode c0 server|no_internal_lookup\n"
        "n0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\ns0 = get1_session n1\n"
        "shutdown n0 quiet\nssl_clear n0\nssl_free n1\nn1 = ssl_new c0\non_get c0 " +
        std::string(on_get) + "\nhandshake n0 n1 complete\n");
    EXPECT_EQ(report.traces.at(0).left_out, "");
    EXPECT_GT(report.traces.at(0).run, 0U);
    EXPECT_TRUE(report.check.findings.empty());
  }
}

TEST(Sweep, AllowsTheBodyOfACallbackToFail) {
  const SweepReport report = sweep_of(
      "c0 = ctx_new\ns0 = new\non_remove c0 do set_alpn s0 alpn_h2\nadd c0 s0\nremove c0 s0\n");
  EXPECT_EQ(report.traces.at(0).left_out, "");
  EXPECT_GT(report.traces.at(0).run, 0U);
  EXPECT_TRUE(report.check.findings.empty());
}

TEST(Sweep, FindsALeakThatGrowsWithEachFailure) {
  const SweepReport report = sweep_of(kAllocates, "leak-without-memory");
  ASSERT_EQ(report.check.findings.size(), 1U);
  const Finding& finding = report.check.findings[0];
  EXPECT_EQ(text(signature(finding.symptoms.cause())).substr(0, 11), "leak/blocks");
  EXPECT_EQ(print_trace(finding.program), "lastref 1\nfail_alloc 1: s0 = new\n");
}

TEST(Sweep, FindsAFailureThatIsNotUndone) {
  const SweepReport report = sweep_of(kAllocates, "change-without-memory");
  ASSERT_EQ(report.check.findings.size(), 1U);
  const Finding& finding = report.check.findings[0];
  EXPECT_EQ(text(signature(finding.symptoms.cause())), "wrong-content/hostname/set_hostname");
  EXPECT_EQ(print_trace(finding.program),
            "lastref 1\ns0 = new\nset_hostname s0 host_a\n"
            "fail_alloc 1: set_hostname s0 host_a\n");
}

TEST(Sweep, LeavesOutAProgramThatFailsByItself) {
  const SweepReport report = sweep_of("s0 = new\nset_timeout s0 1\n", "wrong-return");
  ASSERT_EQ(report.traces.size(), 1U);
  EXPECT_EQ(report.traces[0].left_out, "it fails without a fault: wrong-return/result/set_timeout");
  EXPECT_EQ(report.check.programs, 0U);
}

TEST(Sweep, RunsSoManyPointsWhereThereAreMore) {
  const SweepReport report = sweep_of(kAllocates, nullptr, 7);
  ASSERT_EQ(report.traces.size(), 1U);
  EXPECT_EQ(report.traces[0].run, 7U);
  EXPECT_GT(report.traces[0].points, 7U);
}

TEST(Sweep, LetsTheClockJumpBetweenAnyTwoOperations) {
  const SweepReport sound = sweep_of(kAllocates, nullptr, kMostPoints, SweepKind::kClock);
  EXPECT_EQ(sound.check.verdicts, 0U);
  EXPECT_EQ(sound.traces[0].run, sound.traces[0].points);
  EXPECT_GT(sound.traces[0].points, 100U);
  const SweepReport report =
      sweep_of("s0 = new\nset_timeout s0 300\n", "fears-the-past", kMostPoints, SweepKind::kClock);
  ASSERT_EQ(report.check.findings.size(), 1U);
  EXPECT_EQ(print_trace(report.check.findings[0].program),
            "lastref 1\nclock -1\ns0 = new\nset_timeout s0 300\n");
}

TEST(Sweep, DamagesEachByteOfEachFlight) {
  // A flight of the reference counts for a byte.
  const SweepReport report = sweep_of(kAllocates, nullptr, kMostPoints, SweepKind::kTransport);
  EXPECT_EQ(report.traces.at(0).requests, 4U);
  EXPECT_EQ(report.traces.at(0).run, 16U);
  EXPECT_EQ(report.check.verdicts, 0U);
}

TEST(Sweep, FindsAHandshakeThatIsCompleteInSpiteOfTheDamage) {
  const SweepReport report =
      sweep_of(kAllocates, "ignores-damage", kMostPoints, SweepKind::kTransport);
  ASSERT_EQ(report.check.findings.size(), 1U);
  const Finding& finding = report.check.findings[0];
  EXPECT_EQ(text(signature(finding.symptoms.cause())), "wrong-return/result/handshake");
  EXPECT_EQ(print_trace(finding.program),
            "lastref 1\nc0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\n"
            "flip 1.1: handshake n0 n1 complete\n");
}

TEST(Sweep, FindsASessionThatIsCachedInSpiteOfTheDamage) {
  const SweepReport report =
      sweep_of("c0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n",
               "caches-damaged", kMostPoints, SweepKind::kTransport);
  ASSERT_EQ(report.check.findings.size(), 1U);
  EXPECT_EQ(text(signature(report.check.findings[0].symptoms.cause())),
            "wrong-statistics/cache-number/handshake");
}

TEST(Sweep, FailsEachRequestForRandomBytes) {
  const SweepReport report = sweep_of(kAllocates, nullptr, kMostPoints, SweepKind::kRandom);
  EXPECT_EQ(report.traces.at(0).requests, 2U) << "for the id and the key of a new session";
  EXPECT_EQ(report.traces.at(0).run, 4U);
  EXPECT_EQ(report.check.verdicts, 0U);
}

TEST(Sweep, StopsWhereItIsToldTo) {
  SweepOptions options;
  options.target = kFaulty;
  options.traces = {{"test", program(kAllocates)}, {"another", program(kAllocates)}};
  options.progress = [](const SweepProgress& progress) { return progress.points < 5; };
  const SweepReport report = sweep(options);
  EXPECT_TRUE(report.check.stopped);
  ASSERT_EQ(report.traces.size(), 1U);
  EXPECT_EQ(report.traces[0].run, 5U);
}

}  // namespace
}  // namespace lastref
