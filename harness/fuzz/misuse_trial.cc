#include "harness/fuzz/misuse_trial.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "harness/execute/target_process.h"
#include "harness/fuzz/assembly.h"
#include "harness/generate/misuse.h"
#include "harness/memory/clock.h"
#include "harness/memory/heap.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

const lastref_owner kApplication{LASTREF_OWNER_APPLICATION, nullptr, nullptr, nullptr};

// The adapter's functions take no argument of ours, so that these are the process's.
const lastref_target* sound = nullptr;
// Calls within calls at which one is kept from the library: 1 for the operation that breaks the
// rule, 2 for the body of a callback that it runs, 0 for none.
int intercepted = 0;
int depth = 0;
const void* latest_session = nullptr;

// What the library would tell the ledger first.
void tell_ledger(const lastref_call& call) {
  switch (call.operation) {
    case LASTREF_OP_SESSION_FREE:
      lastref_release(call.session, kApplication);
      return;
    case LASTREF_OP_SESSION_UP_REF:
      lastref_acquire(call.session, kApplication);
      return;
    case LASTREF_OP_CACHE_ADD:
      lastref_acquire(call.session, {LASTREF_OWNER_CACHE, call.context, nullptr, nullptr});
      return;
    case LASTREF_OP_SET_SESSION:
      lastref_acquire(call.session, {LASTREF_OWNER_CONNECTION, call.connection, nullptr, nullptr});
      return;
    default:
      lastref_object_use(call.session);
  }
}

int perform(const lastref_call* call, lastref_result* result) {
  latest_session = call->session;
  if (depth + 1 == intercepted) {
    tell_ledger(*call);
    return 0;
  }
  ++depth;
  const int failed = sound->perform(call, result);
  --depth;
  return failed;
}

lastref_ledger_verdict verdict_of(Misuse misuse) {
  switch (misuse) {
    case Misuse::kDoubleFree:
      return LASTREF_LEDGER_DOUBLE_FREE;
    case Misuse::kBorrowedFree:
      return LASTREF_LEDGER_BORROWED_FREE;
    case Misuse::kUseAfterFree:
      return LASTREF_LEDGER_USE_AFTER_FREE;
    case Misuse::kLeak:
      return LASTREF_LEDGER_LEAK;
    default:
      return LASTREF_LEDGER_OK;
  }
}

// What the leaked session still holds is given back, so that the next program begins with nothing.
void free_leaked(const void* session) {
  lastref_call call{};
  call.size = sizeof call;
  call.operation = LASTREF_OP_SESSION_FREE;
  call.session = const_cast<void*>(session);
  lastref_result result{};
  result.size = sizeof result;
  const TargetScope inside;
  while (lastref_outstanding(session) > 0) sound->perform(&call, &result);
}

void free_all_leaked() {
  std::vector<const void*> sessions;
  lastref_ledger_report(
      [](void* argument, const lastref_ledger_reference* reference) {
        static_cast<std::vector<const void*>*>(argument)->push_back(reference->object);
      },
      &sessions);
  for (const void* session : sessions) free_leaked(session);
}

// The reference with perform() watched, started; throws as the constructor says.
lastref_target started(const lastref_target& reference) {
  sound = &reference;
  lastref_target target = reference;
  std::string error = heap().reserve();
  if (error.empty()) {
    error = start_and_probe(target, [&] {
      char text[256] = "";
      const bool starts = target.start(&Lockstep::host(), text, sizeof text) == 0;
      return starts ? std::string() : std::string("cannot start: ") + text;
    });
  }
  if (!error.empty()) throw std::runtime_error(error);
  target.perform = perform;
  return target;
}

Contract contract_of(const lastref_target& target) {
  Contract contract;
  if (const std::string error = read_contract(target, contract); !error.empty()) {
    throw std::runtime_error(error);
  }
  return contract;
}

}  // namespace

bool leaves_a_choice(const Program& program) {
  const auto stops = [](const Operation& operation) {
    return operation.code == Op::HANDSHAKE && operation.operand[2] != kStopComplete;
  };
  return damages_blobs(program) || std::ranges::any_of(program.view(), stops);
}

std::optional<Program> as_misuse(const Model& model, const Fitter& fitter, const Program& program) {
  if (program.misuse == Misuse::kNone || program.misuse_at + 1 != program.size) return std::nullopt;
  const Operation wrong = program.operations[program.misuse_at];
  Program made = repair(model, fitter, without_faults(without_misuse(program)));
  made.misuse = program.misuse;
  made.misuse_at = made.size;
  if (wrong.is_body != 0 || has_body(wrong) || !made.append(wrong)) return std::nullopt;
  const Judgement judgement = judge(model, made);
  const bool breaks =
      misuse_of(judgement.legality) == made.misuse && judgement.operation == made.misuse_at;
  return breaks ? std::optional(made) : std::nullopt;
}

MisuseTrial::MisuseTrial(const lastref_target& reference)
    : target_(started(reference)), contract_(contract_of(target_)), model_(contract_) {
  lockstep_.emplace(target_, contract_);
}

void MisuseTrial::expect(bool holds, const char* claim) {
  if (!holds && answers_.wrong.empty()) answers_.wrong = claim;
}

Misuse MisuseTrial::rule_broken_by(const Operation& operation) const {
  State state = lockstep_->state();
  Expectation expected;
  return misuse_of(model_.step(state, operation, Operation{}, expected));
}

// So far the program was legal.
void MisuseTrial::abandon(const Program& program) {
  expect(leaves_a_choice(program), "an operation was not legal though nothing leaves a choice");
  lockstep_->finish(program.teardown);
  expect_no_finding();
}

void MisuseTrial::expect_no_finding() {
  expect(lastref_ledger_teardown() == 0, "the ledger finds a leak in a program without one");
  expect(lastref_ledger_finding_count() == 0, "the ledger accuses a program that keeps the rules");
}

// That of an operation which may not reach the library.
const void* MisuseTrial::session_of(const Operation& operation) {
  Operation look;
  look.code = Op::GET_TIMEOUT;
  look.operand[0] = operation.operand[0];
  expect(lockstep_->step(look, Operation{}) == Legality::kLegal, "a live session has no timeout");
  return latest_session;
}

void MisuseTrial::break_rule(const Operation& wrong) {
  expect(lastref_ledger_finding_count() == 0, "the ledger accuses before the rule is broken");
  in_body_ = is_wrong_in_body(wrong);
  intercepted = wrong.code == Op::SESSION_FORGET ? 0 : in_body_ ? 2 : 1;
  lockstep_->step_unjudged(wrong, Operation{});
  intercepted = 0;
}

// Whether the operation would be right but for the callback that it runs.
bool MisuseTrial::is_wrong_in_body(const Operation& wrong) const {
  const State& state = lockstep_->state();
  if (wrong.code != Op::CACHE_ADD && wrong.code != Op::CACHE_REMOVE) return false;
  return state.is_live(state.handles[wrong.operand[1]]);
}

// A leak is that of the last operation: before it, the teardown would have released everything.
void MisuseTrial::conclude(const Program& program, const void* leaked) {
  const bool leak = program.misuse == Misuse::kLeak;
  if (program.misuse == Misuse::kNone) return expect_no_finding();
  if (leak) {
    expect(answers_.ledger.operation < 0, "the ledger calls a leak before the end");
    expect(lastref_ledger_teardown() == 1, "the ledger does not find one leak");
    answers_.ledger.operation = program.misuse_at;
  } else if (!in_body_) {
    expect(lastref_ledger_teardown() == 0, "the ledger finds a leak in a program without one");
  }
  expect(lastref_ledger_finding_count() == 1, "the ledger has not one finding");
  lastref_ledger_finding finding{};
  lastref_ledger_findings(&finding, 1);
  answers_.ledger.verdict = finding.verdict;
  if (in_body_) free_all_leaked();
  if (!leak) return;
  expect(finding.object == leaked, "the ledger names another session than the one that is leaked");
  expect(finding.owner.kind == LASTREF_OWNER_APPLICATION, "the leak is not the application's");
  free_leaked(leaked);
}

template <typename Visit>
bool MisuseTrial::walk(const Program& program, Visit visit) {
  lastref_ledger_reset();
  lockstep_->begin_program({});
  for (int i = 0; i < program.size; ++i) {
    const Operation& operation = program.operations[static_cast<std::size_t>(i)];
    const bool pair = has_body(operation);
    const Operation body = pair ? program.operations[static_cast<std::size_t>(i) + 1] : Operation{};
    if (!visit(i, operation, body)) return false;
    if (!pair) continue;
    lockstep_->skip_body();
    ++i;
  }
  lockstep_->finish(program.teardown);
  return true;
}

MisuseTrial::Answers MisuseTrial::run(const Program& program) {
  answers_ = Answers();
  const void* leaked = nullptr;
  const bool ended = walk(program, [&](int i, const Operation& operation, const Operation& body) {
    const bool wrong = program.misuse != Misuse::kNone && i == program.misuse_at;
    if (wrong ? rule_broken_by(operation) != program.misuse
              : lockstep_->step(operation, body) != Legality::kLegal) {
      return false;
    }
    if (wrong) {
      answers_.model = {verdict_of(program.misuse), i};
      if (operation.code == Op::SESSION_FORGET) leaked = session_of(operation);
      break_rule(operation);
    }
    if (answers_.ledger.operation < 0 && lastref_ledger_finding_count() > 0) {
      answers_.ledger.operation = i;
    }
    return true;
  });
  ended ? conclude(program, leaked) : abandon(program);
  return answers_;
}

std::size_t MisuseTrial::count_findings(const Program& program) {
  walk(program, [&](int i, const Operation& operation, const Operation& body) {
    if (i == program.misuse_at) {
      lockstep_->step_unjudged(operation, Operation{});
    } else {
      lockstep_->step(operation, body);
    }
    return true;
  });
  lastref_ledger_teardown();
  return lastref_ledger_finding_count();
}

std::string MisuseTrial::complaint(const Program& program) {
  const Answers answers = run(program);
  std::string wrong = answers.wrong;
  if (wrong.empty() && answers.ledger != answers.model) {
    const auto words = [](const Answer& answer) {
      return std::string(lastref_ledger_verdict_name(answer.verdict)) + " at operation " +
             std::to_string(answer.operation + 1);
    };
    wrong = "the ledger says " + words(answers.ledger) + ", the model " + words(answers.model);
  }
  return wrong.empty() ? wrong : wrong + "\n\n" + print_trace(program);
}

}  // namespace lastref
