// The reference, fuzzed in this process; and the same with a mistake put in front of it.
#include "harness/fuzz/fuzzed_target.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <map>
#include <vector>

#include "harness/fuzz/assembly.h"
#include "harness/fuzz/engine_alarm.h"
#include "harness/generate/rules/rule_checker.h"
#include "harness/memory/clock.h"
#include "harness/program/binary.h"
#include "harness/program/random_program.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

bool lies = false;  // whether a timeout is one more than it is
int contexts_made = 0;
// A block that a context takes when its mode is set, and gives back at its end.
bool grows = false;
std::map<void*, void*> grown;

void grow_or_free(const lastref_call& call) {
  if (grows && call.operation == LASTREF_OP_SET_MODE) {
    void*& block = grown[call.context];
    if (block == nullptr) block = Lockstep::host().allocate(1);
  }
  if (call.operation != LASTREF_OP_CONTEXT_FREE) return;
  if (const auto node = grown.extract(call.context); !node.empty()) {
    Lockstep::host().release(node.mapped());
  }
}

int perform(const lastref_call* call, lastref_result* result) {
  const int failed = lastref_target_open(LASTREF_TARGET_ABI)->perform(call, result);
  if (call->operation == LASTREF_OP_CONTEXT_NEW) ++contexts_made;
  grow_or_free(*call);
  if (lies && call->operation == LASTREF_OP_GET_TIMEOUT) ++result->value;
  return failed;
}

FeatureCounters counters;

FuzzedTarget& fuzzed() {
  static lastref_target target = *lastref_target_open(LASTREF_TARGET_ABI);
  static FuzzedTarget* const made = [] {
    target.perform = perform;
    auto* const reference = new FuzzedTarget(counters);
    EXPECT_EQ(reference->start(target, {}), "");
    return reference;
  }();
  return *made;
}

std::vector<std::uint8_t> bytes_of(const char* trace) {
  return encode_program(std::get<Program>(parse_trace(trace)));
}

TEST(FuzzedTargetTest, AnyBytesAreALegalProgramOnASoundTarget) {
  std::mt19937_64 random = seeded_random();
  std::size_t operations = 0;
  constexpr std::size_t kInputs = 5000;
  for (std::size_t i = 0; i < kInputs; ++i) {
    const std::vector<std::uint8_t> bytes = random_bytes(random, 3 * kMaxOperations);
    ASSERT_TRUE(fuzzed().run(bytes).empty()) << fuzzed().report();
    const Program& program = fuzzed().program();
    ASSERT_EQ(malformed(program), "");
    operations += program.size;
    // Which damaged bytes decode is the target's choice, which the rule checker is not told.
    if (damages_blobs(program)) continue;
    const Ruling ruling = judge_by_rules(program, fuzzed().contract());
    ASSERT_TRUE(ruling.legal) << ruling.rule << "\n" << print_trace(program);
  }
  // A dozen operations of random bytes have one that is legal and that the target can do.
  EXPECT_GT(operations / kInputs, std::size_t{kMaxOperations} / 12);
}

TEST(FuzzedTargetTest, WhatTheModelAloneRepairsIsWhatIsRun) {
  const Model model(fuzzed().contract());
  std::mt19937_64 random = seeded_random();
  for (int i = 0; i < 1000; ++i) {
    const Program wanted = random_program(random);
    if (damages_blobs(wanted)) continue;
    const std::vector<std::uint8_t> bytes = encode_program(wanted);
    fuzzed().run(bytes);
    EXPECT_EQ(fuzzed().program(),
              repair(model, fuzzed().fitter(), planned(plan_of(bytes), wanted)));
  }
}

TEST(InputPlanTest, FewInputsDoWhatCostsMuchAndAllOthersLeaveItOut) {
  std::mt19937_64 random = seeded_random();
  int loses = 0;
  int fails = 0;
  int contexts_first = 0;
  int crowds = 0;
  constexpr int kInputs = 4000;
  for (int i = 0; i < kInputs; ++i) {
    std::vector<std::uint8_t> bytes = random_bytes(random, 60);
    bytes.insert(bytes.end(), {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)});
    const InputPlan plan = plan_of(bytes);
    loses += plan.loses_contexts ? 1 : 0;
    fails += plan.fails_allocations ? 1 : 0;
    contexts_first += plan.contexts_first ? 1 : 0;
    crowds += plan.crowds ? 1 : 0;
    EXPECT_LE(plan.contexts_first || plan.unflushed, plan.loses_contexts);
  }
  EXPECT_NEAR(loses, kInputs / 32, kInputs / 96);
  EXPECT_NEAR(fails, kInputs / 4, kInputs / 32);
  EXPECT_NEAR(contexts_first, kInputs / 128, kInputs / 160);
  EXPECT_NEAR(crowds, kInputs / 32, kInputs / 96);
  const auto parsed = parse_trace(
      "lastref 1\nc0 = ctx_new\nfail_alloc 1: s0 = new\nfail_alloc 1: n0 = ssl_new c0\n"
      "ctx_free c0\ncrowd\n");
  const Program& program = std::get<Program>(parsed);
  EXPECT_EQ(print_trace(planned({}, program)),
            "lastref 1\nc0 = ctx_new\ns0 = new\nn0 = ssl_new c0\n");
  EXPECT_EQ(print_trace(planned({.fails_allocations = true}, program)),
            "lastref 1\nc0 = ctx_new\nfail_alloc 1: s0 = new\nn0 = ssl_new c0\n");
  EXPECT_EQ(print_trace(planned({.crowds = true}, program)),
            "lastref 1\nc0 = ctx_new\ns0 = new\nn0 = ssl_new c0\ncrowd\n");
  EXPECT_EQ(planned({.loses_contexts = true, .fails_allocations = true, .crowds = true}, program),
            program);
}

// Whether the end lets go of all of the one kind before all of the other.
bool goes_before(TeardownStage first, TeardownStage second, const Program& program) {
  const auto order = stages(program.teardown);
  return std::ranges::find(order, first) < std::ranges::find(order, second);
}

TEST(InputPlanTest, ContextsGoFlushedAndBehindConnectionsWhereTheyAreToBeUsedAgain) {
  constexpr auto kSessions = TeardownStage::kSessions;
  constexpr auto kConnections = TeardownStage::kConnections;
  constexpr auto kContexts = TeardownStage::kContexts;
  for (std::uint8_t order = 0; order < kTeardownOrders; ++order) {
    Program program;
    program.teardown = {.order = order, .falling = 1, .unflushed = 1};
    const Program kept = planned({}, program);
    EXPECT_TRUE(goes_before(kConnections, kContexts, kept));
    EXPECT_EQ(goes_before(kSessions, kContexts, kept), goes_before(kSessions, kContexts, program));
    EXPECT_EQ(kept.teardown.falling, 1);
    EXPECT_EQ(kept.teardown.unflushed, 0);
    EXPECT_EQ(planned({.loses_contexts = true}, program), program);
    const InputPlan last{.loses_contexts = true, .contexts_first = true, .unflushed = true};
    const Program lost = planned(last, kept);
    EXPECT_TRUE(goes_before(kContexts, kConnections, lost));
    EXPECT_EQ(goes_before(kSessions, kConnections, lost),
              goes_before(kSessions, kConnections, kept));
    EXPECT_EQ(lost.teardown.unflushed, 1);
  }
}

// How many contexts are made when it runs more often than there are contexts to be used again.
int contexts_made_by(const char* trace) {
  const Program program = std::get<Program>(parse_trace(trace));
  const int before = contexts_made;
  for (int i = 0; i < 16; ++i) {
    EXPECT_TRUE(fuzzed().run_with_blob(program, {}).empty()) << fuzzed().report();
    EXPECT_EQ(fuzzed().program(), program);
  }
  return contexts_made - before;
}

TEST(FuzzedTargetTest, AContextThatNoFailedAllocationCouldReachIsUsedAgain) {
  EXPECT_GT(contexts_made_by("lastref 1\nc0 = ctx_new\nctx_free c0\n"), 0);
  contexts_made_by("lastref 1\nc0 = ctx_new\n");
  EXPECT_EQ(contexts_made_by("lastref 1\nc0 = ctx_new\nfail_alloc 1: s0 = new\n"), 0);
  EXPECT_GT(contexts_made_by("lastref 1\nc0 = ctx_new\nfail_alloc 1: n0 = ssl_new c0\n"), 0);
  EXPECT_GT(contexts_made_by("lastref 1\nc0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n"
                             "fail_alloc 1: s1 = dup s0\n"),
            0);
}

TEST(FuzzedTargetTest, EachInputMakesItsOwnContextWhereNoneIsToBeUsedAgain) {
  fuzzed().set_reuse_contexts(false);
  EXPECT_EQ(contexts_made_by("lastref 1\nc0 = ctx_new\n"), 16);
  fuzzed().set_reuse_contexts(true);
  EXPECT_LE(contexts_made_by("lastref 1\nc0 = ctx_new\n"), 1);
}

// Else its end in a later program would look like a release too many.
TEST(FuzzedTargetTest, AContextThatKeptMoreThanItWasMadeWithIsFreedAndNoLeak) {
  grows = true;
  EXPECT_GT(contexts_made_by("lastref 1\nc0 = ctx_new\nset_mode c0 server\n"), 0);
  grows = false;
  EXPECT_TRUE(grown.empty());
  EXPECT_GT(contexts_made_by("lastref 1\nc0 = ctx_new\nfail_alloc 1: n0 = ssl_new c0\n"), 0);
}

TEST(FuzzedTargetTest, AMistakeOfTheTargetsIsAVerdictWithATrace) {
  const auto input = bytes_of("lastref 1\ns0 = new\nget_timeout s0\nup_ref s0\n");
  EXPECT_TRUE(fuzzed().run(input).empty());
  lies = true;
  const Symptoms symptoms = fuzzed().run(input);
  lies = false;
  ASSERT_FALSE(symptoms.empty());
  EXPECT_EQ(symptoms.cause().verdict, Verdict::kWrongContent);
  EXPECT_EQ(symptoms.cause().operation, 1);
  const std::string report = fuzzed().report();
  EXPECT_NE(report.find("wrong-content"), std::string::npos) << report;
  // What was not run any more is not part of it.
  EXPECT_NE(report.find("lastref 1\ns0 = new\nget_timeout s0\n"), std::string::npos) << report;
  EXPECT_EQ(report.find("up_ref"), std::string::npos) << report;
}

std::int64_t engines_time = 0;

// An engine that took the program's clock for its own would call inputs slow that are not.
TEST(FuzzedTargetTest, TheEnginesAlarmSeesTheRealClockInsideTheTarget) {
  struct sigaction engine {};
  engine.sa_flags = SA_SIGINFO;
  engine.sa_sigaction = [](int, siginfo_t*, void*) { engines_time = std::time(nullptr); };
  ASSERT_EQ(sigaction(SIGALRM, &engine, nullptr), 0);
  keep_engine_alarm_outside();
  const std::int64_t before = std::time(nullptr);
  {
    const TargetScope inside;
    ASSERT_NE(std::time(nullptr), before) << "the clock of the target is another";
    ASSERT_EQ(std::raise(SIGALRM), 0);
    EXPECT_TRUE(inside_target);
  }
  EXPECT_GE(engines_time, before);
  EXPECT_LE(engines_time, std::time(nullptr));
}

TEST(FuzzedTargetTest, WhatItRanBeforeDoesNotShow) {
  const auto input = bytes_of("lastref 1\nc0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n");
  counters.fill(0);
  fuzzed().run(input);
  const FeatureCounters first = counters;
  EXPECT_LT(std::ranges::count(first, 0), std::ssize(first) - 5);
  fuzzed().run(bytes_of("lastref 1\nc1 = ctx_new\nc0 = ctx_new\nn0 = ssl_new c0\n"));
  EXPECT_NE(counters, first);
  counters.fill(0);
  fuzzed().run(input);
  EXPECT_EQ(counters, first);
}

TEST(FuzzedTargetTest, RunawayMemoryIsReportedAtTheOperationThatRuns) {
  fuzzed().run(bytes_of("lastref 1\ns0 = new\nget_timeout s0\n"));
  const std::string report = fuzzed().report(Discrepancy::kMemoryUsedUp, 123);
  EXPECT_NE(report.find("runaway-memory"), std::string::npos) << report;
  EXPECT_NE(report.find("get_timeout"), std::string::npos) << report;
}

}  // namespace
}  // namespace lastref
