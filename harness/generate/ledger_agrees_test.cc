// The ledger and the model, written apart, agree on every misuse program: on the operation that is
// wrong, and on why.
//
// The program runs on the reference, which the ledger watches, up to the operation that breaks the
// rule. That one never reaches the library: the ledger is told what the library would tell it, and
// its answer is taken before any memory is touched. A leak is no event; it shows at the teardown.
//
// What a damaged encoding comes to, or that of a session whose handshake did not finish, is the
// reference's choice, so that the model judges the state that the reference has led to. Where that
// gives no occasion for the misuse that was drawn, the ledger must accuse nobody, and the program
// is not counted.
//
// LASTREF_MISUSE_PROGRAMS sets how many programs are compared; a million take a minute.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "harness/execute/lockstep.h"
#include "harness/execute/target_process.h"
#include "harness/generate/misuse.h"
#include "harness/memory/clock.h"
#include "harness/memory/heap.h"
#include "harness/program/trace.h"
#include "lastref/ownership.h"

namespace lastref {
namespace {

constexpr std::uint64_t kSeed = 7;
constexpr std::uint64_t kKinds = 7;  // of misuse in a mix, see the instances below
// Programs with two contexts; one in some hundred has the occasion.
constexpr std::uint64_t kTwoContexts = 1000;
const lastref_owner kApplication{LASTREF_OWNER_APPLICATION, nullptr, nullptr, nullptr};

std::uint64_t programs_to_compare() {
  const char* asked = std::getenv("LASTREF_MISUSE_PROGRAMS");
  return asked == nullptr ? 20'000 : std::strtoull(asked, nullptr, 10);
}

const lastref_target& reference() { return *lastref_target_open(LASTREF_TARGET_ABI); }

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
  const int failed = reference().perform(call, result);
  --depth;
  return failed;
}

// The reference, with the operation that breaks the rule kept from it. One for the process.
class Watched {
 public:
  Watched() : target_(reference()) {
    EXPECT_EQ(heap().reserve(), "");
    EXPECT_EQ(start_and_probe(target_,
                              [this] {
                                char error[256] = "";
                                const bool started =
                                    target_.start(&Lockstep::host(), error, sizeof error) == 0;
                                return started ? std::string()
                                               : std::string("cannot start: ") + error;
                              }),
              "");
    EXPECT_EQ(read_contract(target_, contract_), "");
    target_.perform = perform;
  }
  const lastref_target& target() const { return target_; }
  const Contract& contract() const { return contract_; }

 private:
  lastref_target target_;
  Contract contract_;
};

const Watched& watched() {
  static const Watched instance;
  return instance;
}

struct Answer {
  lastref_ledger_verdict verdict = LASTREF_LEDGER_OK;
  int operation = -1;

  friend bool operator==(const Answer&, const Answer&) = default;
};

// What the ledger and the model say of one program, by themselves.
struct Answers {
  Answer ledger;  // the operation at which it first accuses
  Answer model;
};

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
  while (lastref_outstanding(session) > 0) reference().perform(&call, &result);
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

struct Drawn {
  Misuse misuse;
  MixKind mix;
};

// Whether something that the program encodes may come to one thing or another.
bool leaves_a_choice(const Program& program) {
  const auto stops = [](const Operation& operation) {
    return operation.code == Op::HANDSHAKE && operation.operand[2] != kStopComplete;
  };
  return damages_blobs(program) || std::ranges::any_of(program.view(), stops);
}

class LedgerAgreesTest : public testing::TestWithParam<Drawn> {
 protected:
  LedgerAgreesTest() : lockstep_(watched().target(), watched().contract()) {}

  static const Model& model() {
    static const Model instance(watched().contract());
    return instance;
  }

  // Runs the program, the operation that breaks the rule included, and counts the ledger's
  // findings.
  std::size_t run_to_the_end(const Program& program) {
    lastref_ledger_reset();
    lockstep_.begin_program({});
    for (int i = 0; i < program.size; ++i) {
      const Operation& operation = program.operations[static_cast<std::size_t>(i)];
      if (i == program.misuse_at) {
        lockstep_.step_unjudged(operation, Operation{});
        continue;
      }
      const bool pair = has_body(operation);
      const Operation body =
          pair ? program.operations[static_cast<std::size_t>(i) + 1] : Operation{};
      EXPECT_EQ(lockstep_.step(operation, body), Legality::kLegal);
      if (!pair) continue;
      lockstep_.skip_body();
      ++i;
    }
    lockstep_.finish(program.teardown);
    lastref_ledger_teardown();
    return lastref_ledger_finding_count();
  }

  // Runs the program. Nothing when the reference took a damaged encoding in another way than was
  // predicted, and the program is none of its misuse then.
  std::optional<Answers> ask(const Program& program) {
    lastref_ledger_reset();
    lockstep_.begin_program({});
    Answers answers;
    for (int i = 0; i < program.size; ++i) {
      const Operation& operation = program.operations[static_cast<std::size_t>(i)];
      const bool pair = has_body(operation);
      const Operation body =
          pair ? program.operations[static_cast<std::size_t>(i) + 1] : Operation{};
      if (i == program.misuse_at) {
        if (rule_broken_by(operation) != program.misuse) return abandon(program);
        answers.model = {verdict_of(program.misuse), i};
        look_at(operation);
        break_rule(operation);
      } else if (lockstep_.step(operation, body) != Legality::kLegal) {
        return abandon(program);
      }
      if (answers.ledger.operation < 0 && lastref_ledger_finding_count() > 0) {
        answers.ledger.operation = i;
      }
      if (!pair) continue;
      lockstep_.skip_body();
      ++i;
    }
    lockstep_.finish(program.teardown);
    conclude(program, answers.ledger);
    return answers;
  }

 private:
  Misuse rule_broken_by(const Operation& operation) const {
    State state = lockstep_.state();
    Expectation expected;
    return misuse_of(model().step(state, operation, Operation{}, expected));
  }

  // So far the program was legal.
  std::optional<Answers> abandon(const Program& program) {
    EXPECT_TRUE(leaves_a_choice(program)) << "nothing else leaves a choice";
    lockstep_.finish(program.teardown);
    EXPECT_EQ(lastref_ledger_teardown(), 0U);
    EXPECT_EQ(lastref_ledger_finding_count(), 0U);
    return std::nullopt;
  }

  // So that latest_session is that of the operation to come, which may not reach the library.
  void look_at(const Operation& wrong) {
    if (wrong.code != Op::SESSION_FORGET) return;
    Operation look;
    look.code = Op::GET_TIMEOUT;
    look.operand[0] = wrong.operand[0];
    EXPECT_EQ(lockstep_.step(look, Operation{}), Legality::kLegal);
    leaked_ = latest_session;
  }

  void break_rule(const Operation& wrong) {
    EXPECT_EQ(lastref_ledger_finding_count(), 0U);
    in_body_ = is_wrong_in_body(wrong);
    intercepted = wrong.code == Op::SESSION_FORGET ? 0 : in_body_ ? 2 : 1;
    lockstep_.step_unjudged(wrong, Operation{});
    intercepted = 0;
  }

  // Whether the operation would be right but for the callback that it runs.
  bool is_wrong_in_body(const Operation& wrong) const {
    const State& state = lockstep_.state();
    if (wrong.code != Op::CACHE_ADD && wrong.code != Op::CACHE_REMOVE) return false;
    return state.is_live(state.handles[wrong.operand[1]]);
  }

  // A leak is that of the last operation: before it, the teardown would have released everything.
  void conclude(const Program& program, Answer& answer) {
    if (program.misuse == Misuse::kLeak) {
      EXPECT_EQ(answer.operation, -1);
      EXPECT_EQ(lastref_ledger_teardown(), 1U);
      answer.operation = program.misuse_at;
    } else if (!in_body_) {
      EXPECT_EQ(lastref_ledger_teardown(), 0U);
    }
    EXPECT_EQ(lastref_ledger_finding_count(), 1U);
    lastref_ledger_finding finding{};
    lastref_ledger_findings(&finding, 1);
    answer.verdict = finding.verdict;
    const bool leak = program.misuse == Misuse::kLeak;
    if (in_body_) free_all_leaked();
    if (!leak) return;
    EXPECT_EQ(finding.object, leaked_);
    EXPECT_EQ(finding.owner.kind, LASTREF_OWNER_APPLICATION);
    free_leaked(finding.object);
  }

  Lockstep lockstep_;
  const void* leaked_ = nullptr;
  // The wrong one is a callback's body. What it would have returned is missing from the
  // application's variables, and with it what was in them before, so that the teardown leaves a
  // session behind.
  bool in_body_ = false;
};

TEST_P(LedgerAgreesTest, WithTheModelOnTheCauseAndTheOperation) {
  const auto [misuse, kind] = GetParam();
  const Mix mix(watched().target().capabilities, kind);
  const std::uint64_t wanted = (programs_to_compare() + kKinds - 1) / kKinds;
  std::uint64_t compared = 0;
  std::uint64_t damaged = 0;
  for (std::uint64_t index = 0; compared < wanted; ++index) {
    const auto program = random_misuse_program(model(), mix, {kSeed, index, 24}, misuse);
    if (!program) continue;
    const auto answers = ask(*program);
    ASSERT_FALSE(HasFailure()) << print_trace(*program);
    if (!answers) continue;
    ++compared;
    ASSERT_EQ(answers->ledger, answers->model) << print_trace(*program);
    if (leaves_a_choice(*program)) {
      ++damaged;
      continue;
    }
    // Where the reference has no choice, the model needs no look at its run.
    const Judgement judgement = judge(model(), *program);
    ASSERT_EQ(misuse_of(judgement.legality), misuse) << print_trace(*program);
    ASSERT_EQ(judgement.operation, answers->ledger.operation) << print_trace(*program);
  }
  EXPECT_GT(damaged, 0U);
  RecordProperty("programs", std::to_string(compared));
  RecordProperty("damaged", std::to_string(damaged));
}

// The rule that a session keeps to one context is no matter of references. The ledger has no
// verdict for it, and must not find another: whatever the second cache acquires it gives back.
TEST_F(LedgerAgreesTest, TwoContextsAreNoMatterOfReferences) {
  const Mix mix(watched().target().capabilities);
  std::uint64_t run = 0;
  for (std::uint64_t index = 0; run < kTwoContexts; ++index) {
    const auto program =
        random_misuse_program(model(), mix, {kSeed, index, 24}, Misuse::kTwoContexts);
    if (!program || damages_blobs(*program)) continue;
    ++run;
    ASSERT_EQ(run_to_the_end(*program), 0U) << print_trace(*program);
  }
}

// A borrowed free has no occasion in the common mix (misuse.h).
INSTANTIATE_TEST_SUITE_P(Kinds, LedgerAgreesTest,
                         testing::Values(Drawn{Misuse::kDoubleFree, MixKind::kCommon},
                                         Drawn{Misuse::kUseAfterFree, MixKind::kCommon},
                                         Drawn{Misuse::kLeak, MixKind::kCommon},
                                         Drawn{Misuse::kDoubleFree, MixKind::kHandshakes},
                                         Drawn{Misuse::kUseAfterFree, MixKind::kHandshakes},
                                         Drawn{Misuse::kLeak, MixKind::kHandshakes},
                                         Drawn{Misuse::kBorrowedFree, MixKind::kHandshakes}),
                         [](const auto& tested) {
                           std::string text(name(tested.param.misuse));
                           for (char& letter : text) {
                             if (letter == '-') letter = '_';
                           }
                           const bool common = tested.param.mix == MixKind::kCommon;
                           return text + (common ? "" : "_with_handshakes");
                         });

}  // namespace
}  // namespace lastref
