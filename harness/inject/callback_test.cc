// The programs of callbacks, and their coverage of the reference, sound and with a fault.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <variant>

#include "harness/inject/callback_coverage.h"
#include "harness/model/model.h"
#include "harness/program/trace.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};
const char* const kFaulty =
    LASTREF_BINARY_DIR "/tests/harness/execute/adapters/lastref-target-faulty.so";

CallbackReport coverage(const char* fault = nullptr) {
  if (fault != nullptr) setenv("LASTREF_TEST_FAULT", fault, 1);
  CallbackOptions options;
  options.target = kFaulty;
  CallbackReport report = cover_callbacks(options);
  unsetenv("LASTREF_TEST_FAULT");
  EXPECT_EQ(report.check.could_not_run, "");
  EXPECT_EQ(report.check.internal_error, "");
  return report;
}

const CallbackProgram* named(const std::vector<CallbackProgram>& programs, std::string_view name) {
  const auto found = std::ranges::find(programs, name, &CallbackProgram::name);
  return found == programs.end() ? nullptr : &*found;
}

const CallbackRow& named(const std::vector<CallbackRow>& rows, std::string_view name) {
  return *std::ranges::find_if(rows, [&](const CallbackRow& row) { return row.made.name == name; });
}

TEST(CallbackPrograms, AreACellForEachAnswerAndModeAndAPairForEachOperation) {
  const auto cells = matrix_programs(Contract(), kAll);
  const std::size_t gets = number_values(OperandKind::kOnGet).size() - 1;
  const std::size_t news = number_values(OperandKind::kOnNew).size() - 1;
  EXPECT_EQ(cells.size(), gets * news * 4);
  EXPECT_EQ(gets, 9U) << "no session, a borrowed and an owned one; untouched, 0 and 1";
  const auto pairs = reentry_programs(Contract(), kAll);
  std::set<std::string> names;
  for (const auto* programs : {&cells, &pairs}) {
    for (const CallbackProgram& made : *programs) EXPECT_TRUE(names.insert(made.name).second);
  }
  for (const OperationRow& of : operation_table()) {
    for (const Callback callback : kCallbacks) {
      const std::string name = "reentry-" + std::string(lastref::name(callback)) + "-";
      EXPECT_EQ(named(pairs, name + std::string(of.name)) != nullptr, !is_local(of.code));
    }
  }
}

TEST(CallbackPrograms, AreLegalAndReadBackFromTheirTraces) {
  for (const auto& programs :
       {matrix_programs(Contract(), kAll), reentry_programs(Contract(), kAll)}) {
    for (const CallbackProgram& made : programs) {
      EXPECT_EQ(made.program.size == 0, !made.missing.empty()) << made.name;
      EXPECT_EQ(malformed(made.program), "") << made.name;
      const bool named = made.verdict == Reentry::ALLOWED;
      const Model model(named ? Contract() : allowing_any_call(Contract()));
      EXPECT_EQ(judge(model, made.program).legality, Legality::kLegal) << made.name;
      const auto read = parse_trace(print_trace(made.program));
      ASSERT_TRUE(std::holds_alternative<Program>(read)) << made.name;
      EXPECT_EQ(std::get<Program>(read), made.program) << made.name;
    }
  }
}

TEST(RemovalPrograms, AreLegalWhereACallbackMayUseItsContextAndHardlyAnyElsewhere) {
  Contract allowed;
  allowed.set("context-calls-in-remove", "allowed");
  const std::vector<Program> programs = removal_programs(allowed, kAll);
  EXPECT_GT(programs.size(), 40U);
  for (const Program& program : programs) {
    EXPECT_EQ(malformed(program), "");
    EXPECT_EQ(judge(Model(allowed), program).legality, Legality::kLegal) << print_trace(program);
  }
  EXPECT_TRUE(removal_programs(allowed, ~row(Op::ON_REMOVE).capability).empty());
  EXPECT_TRUE(removal_programs(Contract(), kAll).empty());
}

TEST(CallbackPrograms, SayWhichSourceAllowsThemOrThatNoneDoes) {
  const auto pairs = reentry_programs(Contract(), kAll);
  EXPECT_EQ(named(pairs, "reentry-new-i2d")->verdict, Reentry::ALLOWED);
  EXPECT_EQ(named(pairs, "reentry-new-set_timeout")->verdict, Reentry::UNDOCUMENTED);
  EXPECT_TRUE(named(pairs, "reentry-new-set_timeout")->program.contract.has(Switch::CALLBACK_CALLS))
      << "it is left out where nobody promises anything";
  EXPECT_EQ(named(pairs, "reentry-servername-set_sid_context")->verdict, Reentry::FORBIDDEN);
  EXPECT_EQ(named(pairs, "reentry-servername-set_sid_context")->program.size, 0);
  Contract any;
  any.set("callback-calls", "any");
  const auto free_ones = reentry_programs(any, kAll);
  EXPECT_EQ(named(free_ones, "reentry-new-set_timeout")->verdict, Reentry::ALLOWED);
  EXPECT_EQ(named(free_ones, "reentry-new-ssl_free")->verdict, Reentry::FORBIDDEN);
}

TEST(CallbackPrograms, DoNotApplyWhereTheTargetHasNoCallbacks) {
  const std::uint64_t without = ~row(Op::ON_NEW).capability;
  for (const auto& programs :
       {matrix_programs(Contract(), without), reentry_programs(Contract(), without)}) {
    EXPECT_TRUE(std::ranges::none_of(programs, &CallbackProgram::applies));
  }
}

TEST(Reentry, NamesOperationsAndGroups) {
  for (const ReentryRow& of : reentry_table()) {
    EXPECT_NE(of.source, "");
    std::string_view words = of.operations;
    while (!words.empty()) {
      const std::size_t space = std::min(words.find(' '), words.size());
      EXPECT_TRUE(is_reentry_word(words.substr(0, space))) << words;
      words.remove_prefix(std::min(space + 1, words.size()));
    }
  }
  EXPECT_FALSE(is_reentry_word("fre"));
  EXPECT_EQ(reentry_of(Callback::kGet, Op::D2I).verdict, Reentry::ALLOWED);
  EXPECT_EQ(reentry_of(Callback::kGet, Op::CONTEXT_FREE).verdict, Reentry::UNDOCUMENTED);
}

TEST(CallbackCoverage, OfTheReferenceIsWholeAndFindsNothing) {
  const CallbackReport report = coverage();
  EXPECT_TRUE(std::ranges::all_of(report.cells, &CallbackRow::run));
  for (const CallbackRow& row : report.pairs) {
    const bool third =
        row.made.name.ends_with("-ssl_new") || row.made.name == "reentry-remove-handshake";
    if (row.made.applies && row.made.verdict != Reentry::FORBIDDEN && !third) {
      EXPECT_TRUE(row.run) << row.made.name << ": " << row.made.missing;
    }
    EXPECT_EQ(row.failed, "") << row.made.name;
  }
  EXPECT_TRUE(report.check.findings.empty());
}

TEST(CallbackCoverage, FindsAReferenceThatACallbackTookInVain) {
  const CallbackReport report = coverage("early-free");
  EXPECT_NE(named(report.pairs, "reentry-remove-keep").failed, "");
  EXPECT_FALSE(report.check.findings.empty());
  EXPECT_EQ(named(report.pairs, "reentry-new-get_id").failed, "");
}

TEST(CallbackCoverage, FindsAWrongReturnInsideACallback) {
  const CallbackReport report = coverage("wrong-return");
  EXPECT_EQ(named(report.pairs, "reentry-new-set_timeout").failed,
            "wrong-return/nested-result/handshake");
  EXPECT_EQ(named(report.pairs, "reentry-remove-set_timeout").failed,
            "wrong-return/nested-result/remove");
}

}  // namespace
}  // namespace lastref
