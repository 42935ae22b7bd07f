// The bodies of callbacks in an operation with a fault: what they did to the application's
// holdings, and whether they answered right.

#include <algorithm>

#include "harness/execute/lockstep.h"
#include "harness/program/reentry.h"

namespace lastref {
namespace {

// The variable that the operation assigns; kNobody for none.
std::uint8_t assigned_by(const Operation& operation) {
  if (row(operation.code).result == Result::SESSION) return operation.result;
  return operation.code == Op::D2I_INTO ? operation.operand[0] : kNobody;
}

bool is_nested(const Event& event) { return event.kind == EventKind::kNestedEnd; }

// The n-th end of a body that the model expects; NULL for none.
const Event* nth_nested(const EventList& events, std::ptrdiff_t n) {
  for (const Event& event : events.view()) {
    if (is_nested(event) && n-- == 0) return &event;
  }
  return nullptr;
}

// Sessions from `first` on were born in the operation, and have one number while it runs and
// another behind it.
bool same_answer(const Event& expected, const Event& seen, int first) {
  if (expected.value == kAnyValue || expected == seen) return true;
  const auto is_new = [first](const Event& event) {
    return event.session != kNobody && event.session >= first;
  };
  return expected.value == seen.value && is_new(expected) && is_new(seen);
}

// The session, or the number, for which the other is 0.
std::int64_t answer_of(const Event& event) {
  return event.session != kNobody && event.session > 0 ? event.session : event.value;
}

bool makes_a_session(Op code) { return may_bear(code) && code != Op::D2I_INTO; }

}  // namespace

bool Lockstep::ran_body() const { return std::ranges::any_of(witness_.events().view(), is_nested); }

// Behind the operation, or a body with `lent` as its argument.
void Lockstep::hear_answer(const Operation& operation, std::uint8_t lent, std::int64_t result) {
  holdings_.follow(witness_.events());
  const std::uint8_t variable = assigned_by(operation);
  const void* const pointer = variable < kMaxHandles ? performer_.session(variable) : nullptr;
  const std::uint8_t named = pointer == nullptr ? kNobody : witness_.number_of(pointer);
  holdings_.answer(operation, lent, result, named);
}

// As long as nothing has failed a body answers as the model says, and behind a failure if it asks
// for what only the application can have changed. Of others what they make is new. `born`: the
// sessions that were born before it.
void Lockstep::judge_body(const Operation& body, std::uint8_t lent, std::int64_t result, int born) {
  if (wrong_body_.given) return;
  const auto seen = witness_.events().view();
  const bool known = is_named_by("getters", body.code) &&
                     holdings_.is_as_before(holdings_.session_of(body.operand[0], lent));
  if (!known && !nothing_failed()) {
    const bool old = makes_a_session(body.code) && result >= 0 && result < born;
    if (old) wrong_body_ = {true, kResultNull, result};
    return;
  }
  const auto before = std::ranges::count_if(seen, is_nested) - 1;
  const Event* const expected = nth_nested(expected_.events, before);
  if (expected == nullptr || same_answer(*expected, seen.back(), witness_.born_before())) return;
  wrong_body_ = {true, answer_of(*expected), answer_of(seen.back())};
}

// The bodies of an operation whose events are not compared.
void Lockstep::report_body(const Operation& operation) {
  if (!wrong_body_.given || !judged_) return;
  report(Discrepancy::kNestedResult, operation, kNoSubject, wrong_body_.expected,
         wrong_body_.found);
}

}  // namespace lastref
