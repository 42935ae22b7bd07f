#include "harness/score/rapidcheck_seeker.h"

#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include <algorithm>
#include <cstddef>
#include <ostream>

#include "harness/execute/program_run.h"
#include "harness/execute/replay.h"
#include "harness/generate/generator.h"
#include "harness/generate/mix.h"
#include "harness/generate/random_program.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

// Test cases of a round, and the size of its last one: rapidcheck's defaults.
constexpr int kRound = 100;

// The model and the state that it predicts, which is what rapidcheck hands from command to command.
struct Predicted {
  const Model* model;
  State state;
};

Program program_of(const Draft& draft) {
  Program program;
  program.append(draft.operation);
  if (has_body(draft.operation)) program.append(draft.body);
  return program;
}

using Command = rc::state::Command<Predicted, Lockstep>;

class Step : public Command {
 public:
  explicit Step(const Draft& draft) : draft_(draft) {}

  void checkPreconditions(const Predicted& before) const override {
    RC_PRE(malformed(program_of(draft_)).empty());
    State state = before.state;
    Expectation expected;
    RC_PRE(before.model->step(state, draft_.operation, draft_.body, expected) == Legality::kLegal);
  }

  void apply(Predicted& predicted) const override {
    Expectation expected;
    predicted.model->step(predicted.state, draft_.operation, draft_.body, expected);
  }

  void run(const Predicted&, Lockstep& lockstep) const override {
    // Where the target chose what the model did not, the rest may be illegal: no test case then.
    RC_PRE(lockstep.step(draft_.operation, draft_.body) == Legality::kLegal);
    if (has_body(draft_.operation)) lockstep.skip_body();
    RC_ASSERT(!lockstep.failed());
  }

  void show(std::ostream& out) const override { out << print_trace(program_of(draft_)); }

  // False, and nothing written, when it is full.
  bool write_to(Program& program) const {
    const Program mine = program_of(draft_);
    if (program.size + mine.size > kMaxOperations) return false;
    for (const Operation& operation : mine.view()) program.append(operation);
    return true;
  }

 private:
  Draft draft_;
};

std::uint8_t arbitrary_operand(OperandKind kind) {
  return static_cast<std::uint8_t>(*rc::gen::inRange(0, operand_range(kind)));
}

Operation arbitrary_operation(const std::vector<Op>& codes) {
  Operation operation;
  operation.code = *rc::gen::elementOf(codes);
  const OperationRow& of = row(operation.code);
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    operation.operand[i] = arbitrary_operand(operand_kind(of, i));
  }
  operation.result = static_cast<std::uint8_t>(*rc::gen::inRange(0, result_range(of.result)));
  return operation;
}

std::shared_ptr<const Command> arbitrary_step(const std::vector<Op>& codes) {
  Draft draft;
  draft.operation = arbitrary_operation(codes);
  if (has_body(draft.operation)) {
    draft.body = arbitrary_operation(codes);
    draft.body.is_body = 1;
  }
  return std::make_shared<const Step>(draft);
}

Teardown arbitrary_teardown() {
  Teardown teardown;
  teardown.order = static_cast<std::uint8_t>(*rc::gen::inRange(0, kTeardownOrders));
  teardown.falling = static_cast<std::uint8_t>(*rc::gen::inRange(0, 2));
  teardown.unflushed = static_cast<std::uint8_t>(*rc::gen::inRange(0, 2));
  return teardown;
}

class RapidcheckSearching : public Searching {
 public:
  RapidcheckSearching(TargetProcess& process, Program& program)
      : lockstep_(process.lockstep()), model_(process.contract()), program_(program) {
    const Mix mix(process.target().capabilities, MixKind::kCommon);
    for (const OperationRow& of : operation_table()) {
      const int subject = subject_of(of.code);
      const bool common = subject < 0 || kCommonOdds[static_cast<std::size_t>(subject)] != 0;
      if (of.weight > 0 && common && mix.has(of.code)) codes_.push_back(of.code);
    }
  }

  void search(const SeekRange& range, SharedProgress& progress) override {
    TimeTally time;
    std::uint64_t index = range.first;
    while (index < range.end && !progress.stopping() && !convicted_) {
      rc::detail::TestParams params;
      params.seed = Random(range.seed, index).next();
      params.maxSuccess = static_cast<int>(std::min<std::uint64_t>(kRound, range.end - index));
      params.maxSize = kRound;
      params.disableShrinking = true;
      rc::detail::checkTestable([&] { test_case(index++, progress, time); },
                                rc::detail::TestMetadata{}, params, silent_);
    }
    time.settle(progress);
  }

 private:
  struct Silent : rc::detail::TestListener {
    void onTestCaseFinished(const rc::detail::CaseDescription&) override {}
    void onShrinkTried(const rc::detail::CaseDescription&, bool) override {}
    void onTestFinished(const rc::detail::TestMetadata&, const rc::detail::TestResult&) override {}
  };

  // A test case that rapidcheck gives up, for want of a command or since the target chose
  // otherwise, counts as a program as well.
  void test_case(std::uint64_t index, SharedProgress& progress, TimeTally& time) {
    progress.begin_program(index);
    time.tick(progress);
    Symptoms symptoms;
    try {
      symptoms = symptoms_of_case(index);
    } catch (...) {
      progress.end_program(0);
      throw;
    }
    if (!symptoms.empty()) {
      convict(progress, symptoms);
      convicted_ = true;
      RC_FAIL("the lockstep failed");
    }
    progress.end_program(static_cast<std::uint32_t>(lockstep_.operations()));
  }

  // As search_random_program() does it.
  Symptoms symptoms_of_case(std::uint64_t index) {
    const Predicted start{&model_, {}};
    const auto commands = *rc::state::gen::commands(start, [this](const Predicted&) {
      return rc::gen::exec([this] { return arbitrary_step(codes_); });
    });
    const Teardown teardown = arbitrary_teardown();
    program_ = Program{};
    program_.teardown = teardown;
    // Of more commands than a program holds the first are kept: most fail in those.
    for (const auto& command : commands) {
      if (!static_cast<const Step&>(*command).write_to(program_)) break;
    }
    for (int i = 0; i < kLeakRuns; ++i) {
      lockstep_.begin_program(fast_watch(index));
      try {
        rc::state::runAll(commands, start, lockstep_);
        lockstep_.finish(teardown);
      } catch (const rc::detail::CaseResult& result) {
        if (result.type == rc::detail::CaseResult::Type::Discard) throw;
      }
      if (!only_blocks(lockstep_.symptoms())) break;
    }
    Symptoms symptoms = lockstep_.symptoms();
    symptoms.settle();
    return symptoms;
  }

  Lockstep& lockstep_;
  Model model_;
  Program& program_;
  std::vector<Op> codes_;
  Silent silent_;
  bool convicted_ = false;
};

}  // namespace

Seeker rapidcheck_seeker() {
  return {.name = "rapidcheck",
          .about = "rapidcheck's state-machine testing over the same model and lockstep",
          .warm = [](TargetProcess& process, Program& program) {
            return std::make_unique<RapidcheckSearching>(process, program);
          }};
}

}  // namespace lastref
