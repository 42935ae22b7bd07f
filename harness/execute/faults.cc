// Operations in which a request of the target fails, for memory mostly, and what becomes of a
// program behind one.
//
// The target may succeed all the same, or fail and say so. Which of the two it was is what it did:
// the same events and result as without the fault, or none and a result that reports a failure.
// Where the contract does not promise that a failure is undone, operations that do several things
// may do some of them. Nobody can say then who holds what but for the application, whose own
// references are counted; so the program ends there, and everything is given back.

#include <algorithm>

#include "harness/execute/lockstep.h"
#include "harness/memory/clock.h"
#include "harness/memory/countdown.h"
#include "harness/memory/heap.h"
#include "harness/model/fault.h"
#include "harness/model/handshake_choice.h"

namespace lastref {
namespace {

// Beyond what any operation asks for: to count without a failure.
constexpr std::uint64_t kNever = std::uint64_t{1} << 40;

// The same events, whatever their order: with less memory a library may do one thing at a time
// where it would else do all of one kind first.
bool same_events(const EventList& expected, const EventList& seen) {
  return !expected.overflowed() && !seen.overflowed() &&
         std::is_permutation(expected.view().begin(), expected.view().end(), seen.view().begin(),
                             seen.view().end());
}

// The place of the blob among the operands of one that decodes; -1 for others.
int decoded_operand(Op code) {
  if (code == Op::D2I || code == Op::D2I_FRESH) return 0;
  return code == Op::D2I_INTO ? 1 : -1;
}

constexpr std::uint32_t kEveryContext = (std::uint32_t{1} << kMaxContexts) - 1;

// A library may come from such a session to a context that the operation does not name.
bool met_contexts(const SessionState& session) {
  return session.cached() || session.connections > 0 || session.in_flight > 0 ||
         session.home != kNobody;
}

// The contexts that the operation may reach, a bit each. From a session that no context or
// connection has had it comes to none: the library has no pointer to one.
std::uint32_t contexts_within(const Operation& operation, const State& before) {
  const OperationRow& of = row(operation.code);
  std::uint32_t contexts = 0;
  if (of.result == Result::CONTEXT) contexts |= 1U << operation.result;
  if (of.result == Result::CONNECTION) contexts = kEveryContext;
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    const std::uint8_t operand = operation.operand[i];
    switch (operand_kind(of, i)) {
      case OperandKind::kContext:
        contexts |= 1U << operand;
        break;
      case OperandKind::kConnection:
        contexts = kEveryContext;
        break;
      case OperandKind::kSession:
      case OperandKind::kSessionOrNull: {
        const std::uint8_t number = operand < kMaxHandles ? before.handles[operand] : kNobody;
        if (before.is_live(number) && met_contexts(before.sessions[number])) {
          contexts = kEveryContext;
        }
        break;
      }
      default:
        break;
    }
  }
  return contexts;
}

Countdown& requests_of(FaultKind kind) {
  return kind == FaultKind::kRandom ? random_requests : lock_requests;
}

// The n-th request of that kind from now on fails, and all behind it if `persistent`; 0 for none.
void fail_after(FaultKind kind, std::uint64_t n, bool persistent) {
  if (kind == FaultKind::kAllocation) return heap().fail_after(n, persistent);
  requests_of(kind).set(n, persistent);
}

// What is left of n, see Countdown.
std::uint64_t left_of(FaultKind kind) {
  return kind == FaultKind::kAllocation ? heap().fails_after() : requests_of(kind).left();
}

// Ends that, and says what was left.
std::uint64_t stop_failing(FaultKind kind) {
  const std::uint64_t left = left_of(kind);
  fail_after(kind, 0, false);
  return left;
}

// Whether a known bug may lose a block where an allocation of the operation fails.
bool may_lose_block(const Operation& operation, const State& before, const Hazards& hazards) {
  if (operation.code != Op::HANDSHAKE || !operation.fault.is_allocation()) return false;
  if (hazards.has(Hazard::FAILED_HELLO_LEAKS)) return true;
  const bool tls13 = before.connections[operation.operand[0]].protocol == kTls13 &&
                     before.connections[operation.operand[1]].protocol == kTls13;
  return tls13 && hazards.has(Hazard::FAILED_SHARE_LOST);
}

bool undoes(const Contract& contract) {
  return contract.is(Switch::FAILED_ALLOCATION, failed_allocation::kUndone);
}

}  // namespace

Legality Lockstep::step_with_fault(const Operation& operation, const Operation& body) {
  const State before = state_;
  // What was short of something before may lack what a sound handshake needs.
  const bool lacking = struck_ && !undoes(model_.contract());
  const Legality legality = model_.step(state_, operation, body, expected_);
  if (legality != Legality::kLegal) {
    state_ = before;
    return legality;
  }
  if (on_requests) {
    count_requests(operation, body, before);
    return legality;
  }
  begin_operation(operation);
  fault_ = operation.fault;
  wrong_body_ = WrongAnswer{};
  holdings_.begin(before);
  holdings_.ask(operation, kNobody);
  const int born_before = witness_.born();
  const std::int64_t result = perform_struck(operation, body);
  hear_answer(operation, kNobody, result);
  // Of a persistent fault 1 is left from the request before on, which may have been the last.
  const bool strikes = operation.fault.any() && !operation.fault.is_flight() && fails_left_ <= 1;
  if (strikes) struck_ = true;
  if (strikes && may_lose_block(operation, before, model_.contract().hazards)) ++losable_blocks_;
  // One that is made under a fault is not one of the pool's, whose number stays as it was.
  if (strikes || operation.code == Op::CONTEXT_NEW) {
    // A body's failure may have been of any.
    harmed_contexts_ |= ran_body() ? kEveryContext : contexts_within(operation, before);
  }
  const bool failed_before = failed();
  if (!operation.fault.is_flight() || (lacking && !performer_.damaged())) {
    judge_struck(operation, body, before, result);
  } else if (performer_.damaged()) {
    judge_damaged(operation, before, result, lacking);
  } else {
    compare_ending(operation, body, &before, result, born_before);
  }
  if (struck_operation_ != nullptr && operation.fault.any()) tell_holders(before);
  if (sure_) holdings_.rest();
  if (failed() && !failed_before && on_failed) on_failed(symptoms_);
  ++operation_;
  return legality;
}

// Whether all that was asked for so far was granted, in this operation and before it. Of a fault
// that stays one is left from the request before on.
bool Lockstep::nothing_failed() const {
  if (struck_ || !fault_.any() || fault_.is_flight()) return false;
  return left_of(fault_.kind()) > (fault_.persistent() ? 1U : 0U);
}

// The operation with its fault, and without one where it only comes behind others.
std::int64_t Lockstep::perform_struck(const Operation& operation, const Operation& body) {
  const Fault fault = operation.fault;
  if (!fault.any() || struck_operation_ == nullptr) return perform_failing(operation, body);
  StruckOperation& struck = *struck_operation_;
  const std::size_t blocks = heap().live_blocks();
  struck.begin(operation_ + 1, fault.kind());
  witness_.tell(&struck);
  refusal_listener = {&struck, [](void* to, std::size_t bytes) {
                        static_cast<StruckOperation*>(to)->refuse(bytes);
                      }};
  const std::int64_t result = perform_failing(operation, body);
  refusal_listener = {};
  witness_.tell(nullptr);
  const std::size_t now = heap().live_blocks();
  struck.end(result, static_cast<std::int64_t>(now) - static_cast<std::int64_t>(blocks));
  if (operation.code == Op::HANDSHAKE) {
    for (const std::uint8_t connection : {operation.operand[0], operation.operand[1]}) {
      struck.connection_has(connection, witness_.number_of(performer_.session_of(connection)));
    }
  }
  return result;
}

std::int64_t Lockstep::perform_failing(const Operation& operation, const Operation& body) {
  const Fault fault = operation.fault;
  if (!fault.any() || fault.is_flight()) return perform(operation, body);
  fail_after(fault.kind(), static_cast<std::uint64_t>(fault.at()), fault.persistent());
  const std::int64_t result = performer_.perform(operation, body);
  fails_left_ = stop_failing(fault.kind());
  if (operation.code == Op::HANDSHAKE) settle_handshake(operation);
  return result;
}

// What the application has behind it that it had not before, of what is known of that.
void Lockstep::tell_holders(const State& before) {
  for (std::uint8_t number = 0; number < state_.born; ++number) {
    const int now = state_.is_live(number) ? state_.sessions[number].application : 0;
    const int then = before.is_live(number) ? before.sessions[number].application : 0;
    if (now != then) struck_operation_->application_has(number, now);
  }
}

void Lockstep::count_requests(const Operation& operation, const Operation& body,
                              const State& before) {
  Requests asked;
  asked.operation = operation_;
  Operation unharmed = operation;
  unharmed.fault = Fault();
  begin_operation(unharmed);
  const int born_before = witness_.born();
  for (int kind = 0; kind < kCountedFaults; ++kind) {
    fail_after(static_cast<FaultKind>(kind), kNever, false);
  }
  const std::int64_t result = performer_.perform(unharmed, body);
  for (int kind = 0; kind < kCountedFaults; ++kind) {
    const std::uint64_t left = stop_failing(static_cast<FaultKind>(kind));
    asked.counts[static_cast<std::size_t>(kind)] = static_cast<std::int32_t>(kNever - left);
  }
  if (operation.code == Op::HANDSHAKE) {
    asked.flights = performer_.flights();
    settle_handshake(unharmed);
  }
  compare_ending(unharmed, body, &before, result, born_before);
  ++operation_;
  on_requests(asked);
}

void Lockstep::judge_struck(const Operation& operation, const Operation& body, const State& before,
                            std::int64_t result) {
  // What a handshake has done shows in part only, whatever it comes to.
  const bool shows = operation.code != Op::HANDSHAKE;
  if (shows && take_success(operation, body, before, result)) {
    compare(operation, result);
    return;
  }
  if (ran_body()) {
    // Its allocations count as well: it may be what failed, which the operation need not report.
    lose_track(operation);
    return;
  }
  if (shows && take_failure(operation, before, result)) {
    if (failure_is_whole(operation, before)) {
      compare(operation, result);
      return;
    }
  } else if (shows && (undoes(model_.contract()) || !has_halves(operation.code))) {
    compare(operation, result);
    return;
  }
  lose_track(operation);
}

// Whether the operation did all that it does without a fault; then the state is what follows from
// it. Else the state is that too, but what was seen is not.
bool Lockstep::take_success(const Operation& operation, const Operation& body, const State& before,
                            std::int64_t result) {
  expected_.follow(witness_.events());
  if (expected_.choices > 1) choose_ending(operation, body, before, result);
  if (!same_events(expected_.events, witness_.events())) return false;
  if (expected_.any_result ? reports_failure(operation, result) : result != expected_.result) {
    return false;
  }
  expected_.events = witness_.events();
  if (decoded_operand(operation.code) >= 0 && result >= 0 && !undoes(model_.contract())) {
    // What there was no memory for may be missing in it.
    expected_.adopt = static_cast<std::uint8_t>(result);
    state_.sessions[expected_.adopt].contents.unknown = 1;
  }
  if (expected_.adopt != kNobody) adopt(expected_.adopt);
  if (operation.code == Op::COPY_SESSION) resolve_symbols(0);
  return true;
}

// Whether the operation reported a failure and nothing was seen of it; then the state is as before.
// A decoding into an object has the endings of bytes that do not decode.
bool Lockstep::take_failure(const Operation& operation, const State& before, std::int64_t result) {
  if (!reports_failure(operation, result)) return false;
  State after = before;
  Expectation failure;
  failure.clear();
  if (operation.code == Op::D2I_INTO) {
    BlobState& blob = after.blobs[operation.operand[1]];
    const std::uint8_t damaged = blob.damaged;
    blob.damaged = 1;
    if (model_.step(after, operation, Operation{}, failure) != Legality::kLegal) return false;
    blob.damaged = damaged;
  } else {
    fail(after, operation);
    failure.result = result;
  }
  if (!(failure.events == witness_.events())) return false;
  state_ = after;
  expected_ = failure;
  if (expected_.adopt != kNobody) adopt(expected_.adopt);
  return true;
}

// Whether all that the failure may have left behind is known.
bool Lockstep::failure_is_whole(const Operation& operation, const State& before) {
  if (undoes(model_.contract())) return true;
  if (hides_halves(operation.code, model_.contract())) return false;
  return settle_doubt(doubtful(before, operation)) && contexts_agree();
}

// A session whose change failed has what it says that it has. False when a cache links it, which
// may now have it elsewhere in its order, or under another key.
bool Lockstep::settle_doubt(std::uint8_t session) {
  if (!state_.is_live(session) || witness_.address(session) == nullptr) return true;
  SessionState& doubted = state_.sessions[session];
  const Contents before = doubted.contents;
  adopt(session);
  const bool moved = doubted.contents.time != before.time || doubted.contents.id != before.id ||
                     doubted.contents.timeout != before.timeout ||
                     doubted.contents.version != before.version;
  doubted.contents.unknown = 1;
  doubted.contents.negotiated = 0;
  return !moved || !doubted.cached();
}

bool Lockstep::contexts_agree() const {
  const TargetScope inside;
  for (std::uint8_t number = 0; number < kMaxContexts; ++number) {
    const ContextState& context = state_.contexts[number];
    const void* const address = performer_.context(number);
    if (!context.alive() || address == nullptr) continue;
    lastref_context_view view;
    view.size = LASTREF_CONTEXT_VIEW_CHEAP;
    target_.view_context(address, &view);
    if (view.number != context.count) return false;
  }
  return true;
}

}  // namespace lastref
